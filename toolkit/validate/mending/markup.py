"""The tags of a document with their places: its characters give spans.

Parsers give names and values; who mends a file must know which characters they are
written in. Reads well-formed documents and, as far as it makes sense, others.

XML 1.0 (Fifth Edition), sections 2.4 to 2.8 and 3.1.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME: Final = r"[^\s<>/=&'\"]+"
_VALUE: Final = r"\"[^\"<]*\"|'[^'<]*'"
_TAG: Final = re.compile(
    rf"</(?P<end>{_NAME})\s*>"
    rf"|<(?P<start>{_NAME})(?P<attributes>(?:\s+{_NAME}\s*=\s*(?:{_VALUE}))*)"
    r"\s*(?P<empty>/?)>"
)
_ATTRIBUTE: Final = re.compile(rf"({_NAME})\s*=\s*({_VALUE})")
_SUBSET: Final = re.compile(r"<!--|<\?|[\"'\[\]>]")
#: What has an end of its own and no tags in it.
_PASSED: Final = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>", "'": "'", '"': '"'}
_BEGINS: Final = re.compile(r"<(?:!--|!\[CDATA\[|\?|!DOCTYPE\b)?")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")


class Span(NamedTuple):
    """Characters of a document: from the first to behind the last, counted from 0."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute as it is written."""

    name: str  #: with its prefix
    name_span: Span
    value: str  #: between the quotation marks, references not replaced
    value_span: Span


@dataclass(frozen=True, slots=True)
class StartTag:
    """One start tag, or the tag of an empty element."""

    name: str  #: with its prefix
    span: Span
    name_span: Span
    attributes: tuple[Attribute, ...]
    empty: bool


@dataclass(frozen=True, slots=True)
class EndTag:
    """One end tag."""

    name: str  #: with its prefix
    span: Span
    name_span: Span


class Markup:
    """The tags of one document."""

    def __init__(self, text: str) -> None:
        """Take the document's characters, a byte-order mark not among them."""
        self.text: Final = text

    @cached_property
    def _lines(self) -> list[int]:
        """Where each line begins, as XML counts lines (section 2.11)."""
        return [0, *(found.end() for found in _LINE_END.finditer(self.text))]

    def offset(self, line: int, column: int) -> int:
        """Return which character stands at a place, at most the end of the text.

        Args:
            line: 1-based.
            column: 1-based, in characters.
        """
        if line < 1 or line > len(self._lines):
            return len(self.text)
        return min(self._lines[line - 1] + max(column, 1) - 1, len(self.text))

    def place(self, offset: int) -> tuple[int, int]:
        """Return 1-based line and column of a character."""
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    @cached_property
    def tags(self) -> tuple[StartTag | EndTag, ...]:
        """Every tag outside comments, CDATA sections and the document type."""
        return tuple(self._tag(found) for found in self._scanned[0])

    @cached_property
    def passed(self) -> tuple[Span, ...]:
        """Comments, CDATA sections, instructions and the document type."""
        return tuple(self._scanned[1])

    @cached_property
    def _scanned(self) -> tuple[list[re.Match[str]], list[Span]]:
        tags: list[re.Match[str]] = []
        passed: list[Span] = []
        place = 0
        while begins := _BEGINS.search(self.text, place):
            kind, start, place = begins[0], begins.start(), begins.end()
            if kind == "<":
                found = _TAG.match(self.text, start)
                if found:
                    tags.append(found)
                    place = found.end()
                continue
            known = kind in _PASSED
            place = self._behind(kind, place) if known else self._doctype(place)
            passed.append(Span(start, place))
        return tags, passed

    def _behind(self, kind: str, place: int) -> int:
        """Return where ends what has begun; without an end, that of the text."""
        end = _PASSED[kind]
        found = self.text.find(end, place)
        return len(self.text) if found < 0 else found + len(end)

    def _doctype(self, place: int) -> int:
        """Return where a document type declaration ends."""
        inside = False
        while found := _SUBSET.search(self.text, place):
            place = found.end()
            if found[0] in _PASSED:
                place = self._behind(found[0], place)
            elif found[0] == ">" and not inside:
                return place
            else:
                inside = found[0] == "[" or (inside and found[0] == ">")
        return len(self.text)

    def _tag(self, found: re.Match[str]) -> StartTag | EndTag:
        span = Span(*found.span())
        if found["end"]:
            return EndTag(found["end"], span, Span(*found.span("end")))
        return StartTag(
            found["start"],
            span,
            Span(*found.span("start")),
            tuple(_attributes(self.text, *found.span("attributes"))),
            bool(found["empty"]),
        )

    @cached_property
    def _starts(self) -> list[int]:
        return [tag.span.start for tag in self.tags]

    def start_tag(self, offset: int) -> StartTag | None:
        """Return the start tag that begins at, or contains, a character."""
        place = bisect_right(self._starts, offset) - 1
        if place < 0:
            return None
        tag = self.tags[place]
        inside = tag.span.start <= offset < tag.span.end
        return tag if inside and isinstance(tag, StartTag) else None

    @cached_property
    def _ends(self) -> dict[StartTag, EndTag]:
        pairs: dict[StartTag, EndTag] = {}
        opened: list[StartTag] = []
        for tag in self.tags:
            if isinstance(tag, StartTag):
                if not tag.empty:
                    opened.append(tag)
            elif opened and opened[-1].name == tag.name:
                pairs[opened.pop()] = tag
        return pairs

    def end_tag(self, tag: StartTag) -> EndTag | None:
        """Return the end tag that belongs to a start tag, if it has one."""
        return self._ends.get(tag)


def _attributes(text: str, start: int, end: int) -> Iterator[Attribute]:
    for found in _ATTRIBUTE.finditer(text, start, end):
        first, last = found.span(2)
        span = Span(first + 1, last - 1)
        yield Attribute(
            found[1], Span(*found.span(1)), text[span.start : span.end], span
        )
