"""Places in a text: offsets in Python's characters, and lines and columns of others.

Editors count the characters of a line in UTF-16 units unless they have agreed on
something else; findings count characters (code points) from 1; Python counts
characters from the beginning of the text.

Language Server Protocol 3.17, section Position.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final, Literal, NamedTuple

Unit = Literal["utf-8", "utf-16", "utf-32"]

# Only these three end a line; str.splitlines() knows eight others.
_LINE_END: Final = re.compile(r"\r\n|\r|\n")


class Position(NamedTuple):
    """A place as an editor counts: both from 0."""

    line: int
    character: int  #: units of the agreed encoding


class Span(NamedTuple):
    """A piece of a text, as offsets."""

    start: int
    end: int


class Edit(NamedTuple):
    """A piece of a text and what replaces it."""

    start: int
    end: int
    new: str


class Lines:
    """The lines of one text."""

    def __init__(self, text: str, unit: Unit = "utf-16") -> None:
        """Find where the lines begin.

        Args:
            text: The text, without a byte-order mark.
            unit: What the editor counts characters in.
        """
        self.text: Final = text
        self.unit: Final = unit
        self._starts = [0, *(found.end() for found in _LINE_END.finditer(text))]

    def position(self, offset: int) -> Position:
        """Return the place of an offset; one beyond the text is its end."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, offset) - 1
        return Position(line, self._width(self.text[self._starts[line] : offset]))

    def offset(self, line: int, character: int) -> int:
        """Return the offset of a place; one beyond its line is the line's end."""
        if line < 0:
            return 0
        if line >= len(self._starts):
            return len(self.text)
        start, end = self._bounds(line)
        row = self.text[start:end]
        if self.unit == "utf-32" or row.isascii():
            return start + max(0, min(character, len(row)))
        counted = 0
        for place, letter in enumerate(row):
            if counted >= character:
                return start + place
            counted += self._width(letter)
        return end

    def of_finding(self, line: int, column: int) -> int:
        """Return the offset of a finding's place: both from 1, in characters."""
        if not self.has(line):
            return 0 if line < 1 else len(self.text)
        start, end = self._bounds(line - 1)
        return min(start + max(0, column - 1), end)

    def line(self, offset: int) -> int:
        """Return the number of the line of an offset, from 1."""
        return bisect_right(self._starts, offset)

    def row(self, line: int) -> str:
        """Return a line by its number, from 1, without its end; empty if none."""
        return self.text[slice(*self._bounds(line - 1))] if self.has(line) else ""

    def has(self, line: int) -> bool:
        """Whether there is a line of this number, from 1."""
        return 0 < line <= len(self._starts)

    def _bounds(self, line: int) -> tuple[int, int]:
        """Return where a line begins, and where it ends without its line end."""
        start = self._starts[line]
        end = len(self.text)
        if line + 1 < len(self._starts):
            end = self._starts[line + 1] - 1
            if end > start and self.text[end - 1 : end + 1] == "\r\n":
                end -= 1
        return start, end

    def _width(self, text: str) -> int:
        if self.unit == "utf-32" or text.isascii():
            return len(text)
        if self.unit == "utf-8":
            return len(text.encode(errors="surrogatepass"))
        return len(text) + sum(letter > "\uffff" for letter in text)


def edited(text: str, edits: list[Edit]) -> str:
    """Return a text with edits made, which must not overlap."""
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text
