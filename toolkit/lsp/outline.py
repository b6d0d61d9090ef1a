"""The outline of a document: its parts and divisions with their headings.

Language Server Protocol 3.17, section Document Symbols Request.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from toolkit.lsp.entries import entry_of
from toolkit.lsp.markup import Open, Tag, TagKind, close
from toolkit.lsp.places import Span

if TYPE_CHECKING:
    from toolkit.lsp.facts import Facts

_PARTS: Final = frozenset(
    "TEI teiCorpus teiHeader fileDesc encodingDesc profileDesc revisionDesc standOff "
    "text front body back group div div1 div2 div3 div4 div5 div6 div7 facsimile "
    "sourceDoc listPerson listPlace listOrg listObject listEvent listBibl".split()
)
_ENTRIES: Final = frozenset("person personGrp place org object event".split())


@dataclass
class Symbol:
    """One part of a document."""

    name: str
    detail: str
    tag: Tag
    end: int  #: offset behind its end tag
    children: list[Symbol] = field(default_factory=list)

    @property
    def span(self) -> Span:
        """The whole element."""
        return Span(self.tag.start, self.end)


def outline(facts: Facts) -> list[Symbol]:
    """Return the parts of a document, each with those inside it."""
    top: list[Symbol] = []
    parts: list[Symbol] = []
    stack: list[Open] = []
    for tag in facts.tags:
        if tag.kind is TagKind.END:
            close(stack, tag)
            while parts and not any(one.tag is parts[-1].tag for one in stack):
                parts.pop().end = tag.end
            continue
        if tag.kind is TagKind.START and tag.name:
            stack.append(Open(tag))
        if tag.local in _PARTS or tag.local in _ENTRIES:
            symbol = _symbol(facts, tag)
            (parts[-1].children if parts else top).append(symbol)
            if tag.kind is TagKind.START:
                parts.append(symbol)
    return top


def _symbol(facts: Facts, tag: Tag) -> Symbol:
    named = tag.local.startswith("div") or tag.local in _ENTRIES
    entry = entry_of(facts.text, tag) if named else None
    kind = " ".join(v for v in map(tag.values.get, ("type", "n")) if v)
    ident = tag.values.get("xml:id", "")
    detail = ident or kind
    name = (entry.name if entry else "") or " ".join(filter(None, (tag.local, kind)))
    # An element that is not finished yet reaches to the end of the text.
    end = len(facts.text) if tag.kind is TagKind.START else tag.end
    return Symbol(name, detail, tag, end)
