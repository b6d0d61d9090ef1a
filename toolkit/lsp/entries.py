"""What an element that is pointed to is called, and what is said of it.

An entry of a register gives its first name and its note; any other element the
beginning of its words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toolkit.lsp.markup import Open, Tag, TagKind, close, resolved, tags
from toolkit.lsp.places import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Elements that name what they stand in, and those that say something of it.
_NAMES: Final = frozenset(
    "persName orgName placeName objectName name label head title catDesc settlement "
    "geogName country region resp eventName".split()
)
_NOTES: Final = frozenset("note desc p ab".split())
_FAR: Final = 20_000  #: characters of an element that are looked at
_SHOWN: Final = 300
_MARKUP: Final = re.compile(r"<!--.*?-->|<!\[CDATA\[|\]\]>|<[^>]*>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """An element as it is shown where it is pointed to."""

    element: str  #: its local name
    name: str  #: what it is called
    note: str  #: what is said of it


def entry_of(text: str, tag: Tag) -> Entry:
    """Return how an element is shown.

    Args:
        text: The document.
        tag: The element's start tag.
    """
    if tag.kind is TagKind.EMPTY:
        return Entry(tag.local, "", "")
    content = text[tag.end : tag.end + _FAR]
    names: list[str] = []
    notes: list[str] = []
    end = len(content)
    for child, words in _children(content):
        if child is None:
            end = words.end
        elif child.local in _NOTES:
            notes.append(_words(content[words.start : words.end]))
        elif child.local in _NAMES:
            names.append(_words(content[words.start : words.end]))
    if names:
        return Entry(tag.local, names[0], _cut(notes[0]) if notes else "")
    return Entry(tag.local, _cut(_words(content[:end]), 80), "")


def _children(content: str) -> Iterator[tuple[Tag | None, Span]]:
    """Yield the children of an element with their content; last its own end.

    Args:
        content: The text from behind its start tag, as far as it is looked at.
    """
    stack: list[Open] = []
    for one in tags(content):
        if isinstance(one, Span) or not one.name:
            continue
        if one.kind is TagKind.START:
            stack.append(Open(one))
        elif one.kind is TagKind.END:
            child = stack[0].tag if stack else None
            if child is None or close(stack, one) is None:
                yield None, Span(0, one.start)
                return
            if not stack:
                yield child, Span(child.end, one.start)


def _words(content: str) -> str:
    """Return the words of a content on one line."""
    return " ".join(resolved(_MARKUP.sub("", content)).split())


def _cut(text: str, shown: int = _SHOWN) -> str:
    return text if len(text) <= shown else text[: shown - 1].rstrip() + "…"
