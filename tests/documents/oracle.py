"""The truth about the sources: the oracle's rows, the sources' text and headers."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

LABELS: Final = ("Citation", "Summary", "Credits", "Original Language", "Contents")

#: How many rows each table of the oracle has.
ROWS: Final = {"brackets": 143, "marginalia": 17, "cuts": 7}


class Cell(NamedTuple):
    """One character of a source file that is no white space."""

    line: int  #: 1-based
    column: int  #: 1-based, in characters
    character: str


@dataclass(frozen=True, slots=True)
class Bracket:
    """A row of ``brackets.tsv``: one item in square or round brackets."""

    source: str
    ident: str
    line: int
    column: int
    end_line: int
    end_column: int
    kind: str  #: the class, two letters
    subclass: str
    item: str  #: its wording, line ends as blanks
    remark: str

    @property
    def inner(self) -> str:
        """The wording without the brackets."""
        return self.item[1:-1].strip()

    @property
    def quoted(self) -> str | None:
        """The first words that the remark puts in quotation marks."""
        found = re.search(r'"([^"]+)"', self.remark)
        return found[1] if found else None


@dataclass(frozen=True, slots=True)
class Margin:
    """A row of ``marginalia.tsv``: one note on marks in the margin."""

    ident: str  #: of the note's row in ``brackets.tsv``
    line: int
    scope: str  #: in the note's words
    side: str


@dataclass(frozen=True, slots=True)
class Cut:
    """A row of ``cuts.tsv``: a paragraph that a page end cuts in two."""

    source: str
    from_line: int
    to_line: int
    before: str  #: the last words before the cut
    after: str  #: the first words after it


@dataclass(frozen=True, slots=True)
class Source:
    """A source file: its lines, and where its catalogue header ends."""

    lines: tuple[str, ...]
    body_line: int  #: 1-based first line of the document itself
    head: tuple[str, ...]  #: date and title, where there is a header
    labels: dict[str, tuple[int, ...]]  #: each label with the lines of its value
    body: list[Cell] = field(repr=False)  #: the document's characters

    def words(self, first: int, last: int | None = None) -> list[str]:
        """Return the words of some lines."""
        return "\n".join(self.lines[first - 1 : last]).split()

    def value(self, label: str) -> list[str]:
        """Return the lines of a label's value, without the marks of Markdown."""
        return [bare(self.lines[line - 1]) for line in self.labels[label]]

    def slice(self, bracket: Bracket) -> str:
        """Return the wording at a bracket's place, white space run together."""
        lines = list(self.lines[bracket.line - 1 : bracket.end_line])
        lines[-1] = lines[-1][: bracket.end_column]
        lines[0] = lines[0][bracket.column - 1 :]
        return " ".join("\n".join(lines).split())


def bare(line: str) -> str:
    """Return a line of a header without ``#``, ``**`` and the brackets of a URL."""
    return re.sub(r"<(https?:[^>]+)>", r"\1", line).strip("#* ")


def cells_of(lines: tuple[str, ...], first: int, last: int | None) -> list[Cell]:
    """Return the characters of some lines with their places, white space left out."""
    return [
        Cell(line, column, character)
        for line, text in enumerate(lines[first - 1 : last], first)
        for column, character in enumerate(text, 1)
        if not character.isspace()
    ]


def read_source(path: Path) -> Source:
    """Read a source; one without ``Citation:`` is all document."""
    lines = tuple(path.read_text(encoding="utf-8").split("\n"))
    labels: dict[str, tuple[int, ...]] = {}
    head: list[str] = []
    label = ""
    for number, line in enumerate(lines, 1):
        text = bare(line)
        if text.endswith(":") and text[:-1] in LABELS:
            label = text[:-1]
            labels[label] = ()
        elif not text and label == "Contents" and labels[label]:
            body = cells_of(lines, number + 1, None)
            return Source(lines, number + 1, tuple(head), labels, body)
        elif text and label:
            labels[label] += (number,)
        elif text:
            head.append(text)
    return Source(lines, 1, (), {}, cells_of(lines, 1, None))


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    path = folder / "oracle" / f"{name}.tsv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def read_brackets(folder: Path) -> list[Bracket]:
    """Read the rows of ``brackets.tsv``; none where the folder is missing."""
    return [
        Bracket(
            row["source"],
            row["id"],
            int(row["line"]),
            int(row["col"]),
            int(row["end_line"]),
            int(row["end_col"]),
            row["class"],
            row["subclass"],
            " ".join(row["item"].replace("⏎", " ").split()),
            row["remark"],
        )
        for row in _rows(folder, "brackets")
    ]


def read_margins(folder: Path) -> list[Margin]:
    """Read the rows of ``marginalia.tsv``; none where the folder is missing."""
    return [
        Margin(row["id"], int(row["line"]), row["scope_wording"], row["margin"])
        for row in _rows(folder, "marginalia")
    ]


def read_cuts(folder: Path) -> list[Cut]:
    """Read the rows of ``cuts.tsv``; none where the folder is missing."""
    return [
        Cut(
            row["source"],
            int(row["from_line"]),
            int(row["to_line"]),
            row["end_of_first"].strip("… "),
            row["start_of_second"].strip("… "),
        )
        for row in _rows(folder, "cuts")
    ]
