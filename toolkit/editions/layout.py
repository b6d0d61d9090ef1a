"""The layout of plain text: wrapped lines, tables in columns, marks in the margin.

Templates print text with control characters between that say what it is; here it
becomes lines. No word is added or moved: what stands beside them is a line under a
heading, a bar between the cells of a table, a sign of a reader in the margin.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from toolkit.render.library import (
    ADDED,
    ADDED_END,
    CELL,
    HANG,
    HEADING,
    INDENT,
    LINE,
    OUTDENT,
    PARAGRAPH,
    PASSAGE,
    PASSED,
    ROW,
    ROW_END,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH: Final = 80
STEP: Final = 4  #: how far a quotation is set in
_LEAST: Final = 24  #: columns that are left to text, however deep it is set in
_MARKS: Final = f"{ADDED}{ADDED_END}{HANG}{HEADING}{INDENT}{OUTDENT}{PASSAGE}{PASSED}"
_TOKEN: Final = re.compile(f"([{_MARKS}{CELL}{ROW}{ROW_END}{LINE}{PARAGRAPH}])")
_ONLY_LAYOUT: Final = re.compile(
    f"[{HANG}{HEADING}{INDENT}{OUTDENT}{CELL}{ROW}{ROW_END}{PASSED}]"
    f"|{PASSAGE}[^{ADDED_END}]*"
)
_WORD: Final = re.compile(r"[^ \t\r\n]+")
_BAR: Final = " | "


def unlaid(text: str) -> str:
    """Take from rendered text the marks that only the layout has a use for."""
    return _ONLY_LAYOUT.sub("", text)


def columns(text: str) -> int:
    """Return how many columns text takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.combining(character)
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )


@dataclass(slots=True)
class _Line:
    """One line of the text, however long, before it is wrapped."""

    indent: int
    text: str = ""
    hang: int = 0  #: how far lines after its first are set in
    heading: bool = False
    #: Where the signs in the margin change: offset, signs from there on.
    signs: list[tuple[int, str]] = field(default_factory=list)
    cells: list[str] | None = None  #: of a row of a table
    parted: bool = True  #: a blank line stands before it

    def says(self) -> bool:
        """Whether there is anything to print."""
        return bool(self.text.strip() or any(c.strip() for c in self.cells or ()))


def laid_out(text: str) -> str:
    """Return rendered text as lines of at most 80 columns.

    Args:
        text: Text with the marks of paragraphs, lines, rows, passages.
    """
    lines = [line for line in _Reader().lines(text) if line.says()]
    margin = max((columns(of) for line in lines for _, of in line.signs), default=0)
    width = WIDTH - (margin + 1 if margin else 0)
    made: list[str] = []
    for block in _blocks(lines):
        if made and block[0].parted:
            made.append("")
        if block[0].cells is not None:
            made += [
                " " * (margin + bool(margin)) + row for row in _table(block, width)
            ]
            continue
        for line in block:
            for signs, words in _wrapped(line, width):
                beside = f"{signs:>{margin}} " if margin else ""
                made.append((beside + words).rstrip())
    return "\n".join(made)


def _blocks(lines: list[_Line]) -> Iterator[list[_Line]]:
    """Yield the lines one by one, but the rows of a table together."""
    table: list[_Line] = []
    for line in lines:
        if line.cells is not None and not (table and line.parted):
            table.append(line)
            continue
        if table:
            yield table
            table = []
        if line.cells is not None:
            table.append(line)
        else:
            yield [line]
    if table:
        yield table


class _Reader:
    """Reads rendered text mark by mark."""

    def __init__(self) -> None:
        self._indents = [0]  #: of what is set in, the innermost last
        self._open: list[str] = []  #: signs of the passages that are open
        self._parted = False
        self._line = _Line(0)
        self._rows = 0  #: rows that are open, one within the other
        self._awaited = False  #: what comes next is the sign of a passage

    def lines(self, text: str) -> Iterator[_Line]:
        """Yield the lines of a text."""
        for token in _TOKEN.split(text):
            if token in (PARAGRAPH, LINE) and not self._rows:
                if not self._labels():
                    yield self._ended(parted=token == PARAGRAPH)
            elif token == ROW:
                self._rows += 1
                if self._rows == 1:
                    yield self._ended(parted=False)
                    self._line.cells = []
            elif token == ROW_END:
                self._rows -= 1
                if not self._rows:
                    yield self._ended(parted=False)
            elif token:
                self._read(token)
        yield self._ended(parted=False)

    def _labels(self) -> bool:
        """Whether the line is so far but a label: what it is for stands beside it."""
        line = self._line
        return line.hang > 0 and columns(line.text.strip()) == line.hang - 1

    def _ended(self, *, parted: bool) -> _Line:
        """Return the line that ends here and begin the next one."""
        line = self._line
        # What says nothing is not printed, but what parts lines around it, does.
        self._parted = parted or (self._parted and not line.says())
        self._line = _Line(self._indents[-1], parted=self._parted)
        if self._open:
            self._line.signs.append((0, "".join(self._open)))
        return line

    def _read(self, token: str) -> None:
        if token == CELL:
            if self._rows == 1 and self._line.cells is not None:
                self._line.cells.append("")
            else:
                self._put(" ")
        elif token in (PARAGRAPH, LINE):
            self._put("\n")
        elif token == PASSAGE:
            self._awaited = True
        elif token == PASSED:
            self._sign(self._open[:-1])
        elif token in _MARKS:
            self._shape(token)
        else:
            self._put(token)

    def _shape(self, token: str) -> None:
        """Give the line that is read its form."""
        line = self._line
        if token == INDENT:
            # Below a label, or a step further in.
            self._indents.append(self._indents[-1] + (line.hang or STEP))
        elif token == OUTDENT and len(self._indents) > 1:
            self._indents.pop()
        if token in (INDENT, OUTDENT) and not line.says():
            line.indent = self._indents[-1]
        elif token == HANG:
            label = line.text.strip()
            line.hang = columns(label) + 1 if label else STEP
        elif token == HEADING:
            line.heading = True

    def _sign(self, signs: list[str]) -> None:
        """Let these be the signs in the margin from here on."""
        self._open = signs
        self._line.signs.append((len(self._line.text), "".join(signs)))

    def _put(self, text: str) -> None:
        line = self._line
        if self._awaited:
            self._sign([*self._open, text])
            self._awaited, text = False, ""
        if line.cells is None:
            line.text += text
        elif line.cells:
            line.cells[-1] += text


def _wrapped(line: _Line, width: int) -> Iterator[tuple[str, str]]:
    """Yield a line as it is printed: the signs in the margin, the words."""
    lead = min(line.indent, width - _LEAST)
    rest = min(lead + line.hang, width - _LEAST)
    words, signs, used, widest = "", "", 0, 0
    for found in _WORD.finditer(line.text):
        wide = columns(found[0])
        if words and used + 1 + wide > width:
            yield signs, words
            words, signs = "", ""
            lead = rest
        used = used + 1 + wide if words else lead + wide
        words = f"{words} {found[0]}" if words else " " * lead + found[0]
        widest = max(widest, used)
        signs = _joined(signs, _beside(line, found.start(), found.end()))
    if words:
        yield signs, words
    if line.heading and words:
        yield "", " " * lead + "-" * (widest - lead)


def _beside(line: _Line, start: int, end: int) -> str:
    """Return the signs of the passages that a word belongs to."""
    signs = ""
    for number, (offset, of) in enumerate(line.signs):
        after = line.signs[number + 1][0] if number + 1 < len(line.signs) else end
        if offset < end and max(after, start) > start:
            signs = _joined(signs, of)
    return signs


def _joined(signs: str, others: str) -> str:
    return signs + "".join(sign for sign in others if sign not in signs)


def _table(rows: list[_Line], width: int) -> Iterator[str]:
    """Yield the lines of a table, its cells one under the other."""
    cells = [[_lines_of(cell) for cell in row.cells or ()] for row in rows]
    count = max(len(row) for row in cells)
    wanted = [
        max(
            (columns(line) for row in cells if at < len(row) for line in row[at]),
            default=0,
        )
        for at in range(count)
    ]
    widths = _shared(wanted, width - len(_BAR) * (count - 1))
    for row in cells:
        folded = [
            [part for line in cell for part in _folded(line, widths[at])]
            for at, cell in enumerate(row)
        ]
        for number in range(max(map(len, folded), default=0)):
            parts = [cell[number] if number < len(cell) else "" for cell in folded]
            yield _BAR.join(
                part + " " * (widths[at] - columns(part))
                for at, part in enumerate(parts)
            ).rstrip()


def _lines_of(cell: str) -> list[str]:
    lines = (" ".join(_WORD.findall(line)) for line in cell.split("\n"))
    return [line for line in lines if line]


def _shared(wanted: list[int], width: int) -> list[int]:
    """Return the widths of columns, the widest made narrower until all fit."""
    widths = list(wanted)
    while sum(widths) > width and max(widths) > 1:
        over, widest = sum(widths) - width, max(widths)
        second = max((w for w in widths if w < widest), default=1)
        many = [at for at, w in enumerate(widths) if w == widest]
        less = max(1, min(widest - second, -(-over // len(many))))
        for at in many:
            widths[at] = widest - less
    return [max(1, w) for w in widths]


def _folded(line: str, width: int) -> Iterator[str]:
    """Yield a line of a cell as lines of a width; a longer word is not cut."""
    words = ""
    for word in line.split(" "):
        if words and columns(words) + 1 + columns(word) > width:
            yield words
            words = word
        else:
            words = f"{words} {word}" if words else word
    if words:
        yield words
