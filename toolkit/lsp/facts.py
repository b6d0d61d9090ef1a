"""What the documents of an edition say of themselves: ids, pointers, usage.

Facts are read by the tolerant scanner, so a document that is broken at the moment
still has its ids. They are values: when a file changes, it gets new ones.
"""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote, unquote

from lxml import etree

from toolkit.lsp.entries import Entry, entry_of
from toolkit.lsp.markup import MARKUP, Open, Tag, TagKind, close, tag_of, tags
from toolkit.lsp.places import Lines, Span
from toolkit.tei import TEI
from toolkit.validate.pointers.prefixes import Prefixes
from toolkit.validate.pointers.targets import points

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_LONGEST: Final = 40  #: characters of a value that counts as one of several usual
_WIDEST: Final = 20_000  #: characters of a tag before its id
_SAMPLED: Final = 50  #: documents of which usage is counted
_ID: Final = re.compile(r"""\bxml:id\s*=\s*["']""")
_PASSED: Final = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>", re.DOTALL)


class Identified(NamedTuple):
    """An element that has an id."""

    ident: str
    tag: Tag
    span: Span  #: the id, without quotation marks

    @property
    def name(self) -> str:
        """The element's local name."""
        return self.tag.local


class Pointer(NamedTuple):
    """One pointer of an attribute."""

    text: str  #: as written, references resolved
    span: Span
    tag: Tag
    attribute: str


class Target(NamedTuple):
    """What a pointer means: an element of a file, or (without id) the file."""

    path: Path
    ident: str


@dataclass
class Usage:
    """What is used how often."""

    children: Counter[tuple[str, str]] = field(
        default_factory=Counter
    )  #: parent, child
    attributes: Counter[tuple[str, str]] = field(default_factory=Counter)
    values: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    empties: Counter[tuple[str, bool]] = field(default_factory=Counter)

    def update(self, other: Usage) -> None:
        """Add what another one counted."""
        self.children.update(other.children)
        self.attributes.update(other.attributes)
        self.values.update(other.values)
        self.empties.update(other.empties)


class Facts:
    """What one text says; worked out when first asked for. Immutable but for that."""

    def __init__(self, text: str, before: Facts | None = None) -> None:
        """Take a document's text.

        Args:
            text: The text.
            before: What an earlier text said: where it has counted what is pointed to
                most, that is not counted again at every key.
        """
        self.text: Final = text
        self._entries: dict[str, Entry] = {}
        if before is not None and "pointing" in vars(before):
            self.pointing = before.pointing

    @cached_property
    def tags(self) -> tuple[Tag, ...]:
        """The tags of the text."""
        return tuple(one for one in tags(self.text) if isinstance(one, Tag))

    @cached_property
    def lines(self) -> Lines:
        """The lines of the text, in characters."""
        return Lines(self.text, "utf-32")

    @cached_property
    def ids(self) -> Mapping[str, Identified]:
        """The elements by id; of several with one id, the first.

        Looks for the attribute and not at every tag: an edition may have thousands
        of documents, of which few are ever looked at otherwise.
        """
        found: dict[str, Identified] = {}
        for match in _ID.finditer(self.text):
            tag = self._tag_around(match.start())
            attribute = tag.attribute("xml:id") if tag else None
            if tag is not None and attribute is not None and attribute.value:
                one = Identified(attribute.value, tag, attribute.inside)
                found.setdefault(attribute.value, one)
        return found

    def pointers_with(self, ident: str) -> Iterator[Pointer]:
        """Yield the pointers in which an id is written, in the text's order."""
        forms = "|".join(map(re.escape, sorted({ident, quote(ident)})))
        last = -1
        for match in re.finditer(forms, self.text) if ident else ():
            tag = self._tag_around(match.start())
            for one in tag.attributes if tag else ():
                if tag is None or not points(tag.local, one.name):
                    continue
                for pointer in pointers_in(self.text, tag, one.name):
                    start, end = pointer.span
                    if last < start <= match.start() < end:
                        last = start
                        yield pointer

    def _tag_around(self, offset: int) -> Tag | None:
        """Return the start tag around an offset; None in a comment and the like."""
        place = bisect_right(self._passed, offset, key=lambda span: span.start) - 1
        if place >= 0 and offset < self._passed[place].end:
            return None
        start = self.text.rfind("<", max(0, offset - _WIDEST), offset)
        found = MARKUP.match(self.text, start) if start >= 0 else None
        if found is None or not found["start"] or found.end() <= offset:
            return None
        return tag_of(found, start)

    @cached_property
    def _passed(self) -> list[Span]:
        """Comments, CDATA sections and instructions."""
        return [Span(*one.span()) for one in _PASSED.finditer(self.text)]

    @cached_property
    def pointers(self) -> tuple[Pointer, ...]:
        """Every pointer, in the text's order."""
        return tuple(
            pointer
            for tag in self._starts("=")
            for attribute in tag.attributes
            if attribute.value and points(tag.local, attribute.name)
            for pointer in pointers_in(self.text, tag, attribute.name)
        )

    @cached_property
    def pointing(self) -> Counter[tuple[str, str, str]]:
        """How often an element's attribute holds which pointer."""
        return Counter(
            (one.tag.local, one.attribute, one.text) for one in self.pointers
        )

    @cached_property
    def prefixes(self) -> Prefixes:
        """The private prefixes that the document declares."""
        root = etree.Element(f"{TEI}TEI")
        for tag in self._starts("matchPattern"):
            if tag.local == "prefixDef":
                etree.SubElement(root, f"{TEI}prefixDef", dict(tag.values))
        return Prefixes(root)

    @cached_property
    def usage(self) -> Usage:
        """How often which element stands where, with which attributes and values."""
        usage = Usage()
        stack: list[Open] = []
        for tag in self.tags:
            if tag.kind is TagKind.END:
                close(stack, tag)
                continue
            if stack and tag.name:
                usage.children[stack[-1].tag.local, tag.local] += 1
            usage.empties[tag.local, tag.kind is TagKind.EMPTY] += 1
            for attribute in tag.attributes:
                usage.attributes[tag.local, attribute.name] += 1
                value = attribute.value or ""
                if len(value) <= _LONGEST and not points(tag.local, attribute.name):
                    usage.values[tag.local, attribute.name, value] += 1
            if tag.kind is TagKind.START and tag.name:
                stack.append(Open(tag))
        return usage

    def entry(self, ident: str) -> Entry:
        """Return what an element with an id is called, and what is said of it."""
        known = self._entries.get(ident)
        if known is None:
            known = self._entries[ident] = entry_of(self.text, self.ids[ident].tag)
        return known

    def _starts(self, sign: str) -> Iterator[Tag]:
        """Yield the start tags in which something is written."""
        for tag in self.tags if sign in self.text else ():
            if tag.kind is not TagKind.END and sign in tag.written:
                yield tag


def pointers_in(text: str, tag: Tag, name: str) -> list[Pointer]:
    """Return the single pointers of an attribute, with their places."""
    attribute = tag.attribute(name)
    if attribute is None:
        return []
    return [
        Pointer(unescaped(text[span.start : span.end]), span, tag, name)
        for span in tokens_in(text, attribute.inside)
    ]


def tokens_in(text: str, inside: Span) -> Iterator[Span]:
    """Yield where the tokens of an attribute's value stand."""
    start = inside.start
    for place in range(inside.start, inside.end + 1):
        if place == inside.end or text[place] in " \t\r\n":
            if start < place:
                yield Span(start, place)
            start = place + 1


def unescaped(text: str) -> str:
    """Return a piece of a value with the reference that pointers need resolved."""
    return text.replace("&amp;", "&")


@dataclass(frozen=True)
class EditionFacts:
    """What all the documents of an edition say."""

    files: Mapping[Path, Facts]  #: by absolute path
    usual: Usage | None = None  #: what was used how often, as counted before

    def having(self, path: Path, text: str) -> EditionFacts:
        """Return these facts with one file's text exchanged."""
        known = self.files.get(path)
        if known is not None and known.text == text:
            return self
        facts = Facts(text, known)
        return EditionFacts({**self.files, path: facts}, self.usage)

    @cached_property
    def usage(self) -> Usage:
        """What is used how often in the edition; not counted again while one types."""
        if self.usual is not None:
            return self.usual
        usage = Usage()
        for facts in self.sample():
            usage.update(facts.usage)
        return usage

    def sample(self) -> list[Facts]:
        """Return the documents that stand for the others where things are counted."""
        return list(self.files.values())[:_SAMPLED]

    def identified(self, target: Target) -> Identified | None:
        """Return the element that a target means."""
        facts = self.files.get(target.path)
        return facts.ids.get(target.ident) if facts else None

    def entry(self, target: Target) -> Entry | None:
        """Return what a target is called, and what is said of it."""
        if self.identified(target) is None:
            return None
        return self.files[target.path].entry(target.ident)

    def resolve(self, pointer: str, path: Path) -> Target | None:
        """Return what a pointer means.

        Args:
            pointer: As written.
            path: The file that it stands in.

        Returns:
            None if it leads out of the files, or nowhere.
        """
        head, _, rest = pointer.partition(":")
        facts = self.files.get(path)
        if facts is not None and head in facts.prefixes:
            pointer = facts.prefixes.expand(head, rest).uri or ""
        place, _, fragment = pointer.partition("#")
        if not pointer or ":" in place or "(" in fragment:
            return None
        if not place:
            return Target(path, unquote(fragment)) if fragment else None
        joined = posixpath.normpath(
            posixpath.join(path.parent.as_posix(), unquote(place))
        )
        return Target(type(path)(joined), unquote(fragment))

    def pointing_to(self, target: Target) -> Iterator[tuple[Path, Pointer]]:
        """Yield every pointer of the edition that means a target."""
        for path, facts in self.files.items():
            for pointer in facts.pointers_with(target.ident):
                if self.resolve(pointer.text, path) == target:
                    yield path, pointer

    def owners(self, ident: str) -> list[Path]:
        """Return the files that have an id."""
        return [path for path, facts in self.files.items() if ident in facts.ids]
