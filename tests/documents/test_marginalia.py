"""Every mark in the margin of the memorandum of 1969 marks what its note says.

For each of the 17 notes: the marks before it, their number and kind, the hand and
the margin, and the passage that each of them points to. What the passages are was
read in the source by the notes' own words.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from toolkit.tei import TEI, XML_ID, Element, local_name

from .oracle import ROWS, read_brackets, read_margins
from .source_view import DifferenceError, align_body, comes_from, twin

if TYPE_CHECKING:
    from collections.abc import Callable

    from .conftest import Compared
    from .oracle import Bracket, Margin, Source
    from .source_view import Alignment

SOURCE: Final = "1969-06-09"

#: A sentence ends at a stop, with its closing marks, before a new beginning.
SENTENCE_END: Final = re.compile(r"(?<=[.!?])[”)\]]*\.? +(?=[A-Z“\[(])")


@dataclass(frozen=True, slots=True)
class Mark:
    """What one mark must be."""

    function: str
    rend: str | None  #: None where the note does not state the form
    first: str  #: the first words of the passage, in the source's wording
    last: str  #: its last words


@dataclass(frozen=True, slots=True)
class Scope:
    """What the wording of a note asks of one passage."""

    certainty: str | None  #: ``metamark/@cert``
    whole: bool = False  #: the whole paragraph up to the note
    sentences: int = 0  #: the last so many sentences before the note
    opens: bool = False  #: begins with the paragraph
    closes: bool = False  #: runs up to the note
    half: bool = False  #: about half of the paragraph


SENTENCE: Final = Scope(None, sentences=1, closes=True)
PARAGRAPH: Final = Scope(None, whole=True)
UNDERLINED: Final = Scope("unknown", whole=True)  # the underlining is lost

SCOPES: Final[dict[str, tuple[Scope, ...]]] = {
    "the end of the paragraph": (Scope("low", closes=True),),
    "the previous sentence": (SENTENCE,),
    "the previous two sentences": (Scope(None, sentences=2, closes=True),),
    "the second half of this paragraph": (Scope("low", closes=True, half=True),),
    # Its last sentence is the quotation with its source, two by their full stops.
    "the previous paragraph + the last sentence": (
        PARAGRAPH,
        Scope(None, sentences=2, closes=True),
    ),
    "the previous paragraph + the portion underlined above": (PARAGRAPH, UNDERLINED),
    "the last quote": (Scope(None),),
    "the previous paragraph + the first half": (
        PARAGRAPH,
        Scope("low", opens=True, half=True),
    ),
    "the underlined portion": (UNDERLINED,),
    "the portion describing Soviet aid": (Scope("medium"),),
}


def read_marks() -> dict[str, tuple[Mark, ...]]:
    """Read what the marks of each note must be, from the table beside this file."""
    marks: dict[str, tuple[Mark, ...]] = {}
    with Path(__file__).with_name("marks.tsv").open(encoding="utf-8") as file:
        next(file)
        for row in file:
            note, function, rend, first, last = row.rstrip("\n").split("\t")
            mark = Mark(function, rend or None, first, last)
            marks[note] = (*marks.get(note, ()), mark)
    return marks


MARKS: Final = read_marks()


@dataclass(frozen=True, slots=True)
class Passage:
    """A marked passage: its wording, and where it lies in the line of the source."""

    wording: str
    line: int
    start: int  #: 0-based offset in the line
    end: int


def marks_before(note: Element) -> list[Element]:
    """Return the marks that a note describes, in their order before it."""
    add = note.getprevious()
    assert add is not None
    assert local_name(add) == "add"
    assert not add.tail, "text stands between the marks and their note"
    assert {local_name(child) for child in add} == {"metamark"}
    return list(add)


def passage_of(mark: Element, alignment: Alignment) -> Passage:
    """Return the passage that a mark points to, without the note on the mark."""
    pointer = mark.get("target", "")
    (target,) = (
        element
        for element in alignment.view.spans
        if f"#{element.get(XML_ID)}" == pointer
    )
    assert local_name(target) in {"seg", "p"}
    add = mark.getparent()
    assert add is not None
    note = add.getnext()
    assert note is not None
    start, end = alignment.view.spans[target]
    cells = [
        cell
        for offset, cell in alignment.cells.items()
        if start <= offset < end
        and not comes_from(alignment.view.origins[offset], note)
    ]
    (line,) = {cell.line for cell in cells}
    wording = "".join(cell.character for cell in cells)
    return Passage(wording, line, cells[0].column - 1, cells[-1].column)


def check_extent(scope: Scope, passage: Passage, before: str) -> None:
    """Assert that a passage reaches as far as the note's wording says.

    Args:
        scope: What the wording asks for.
        passage: The marked passage.
        before: The source's paragraph up to the note.
    """
    before = before.rstrip()
    if scope.whole or scope.opens:
        assert passage.start == 0
    if scope.whole or scope.closes:
        assert passage.end == len(before)
    if scope.sentences:
        ends = [found.end() for found in SENTENCE_END.finditer(before)]
        assert passage.start == ([0, *ends])[-scope.sentences]
    if scope.half:
        assert 1 / 3 < (passage.end - passage.start) / len(before) < 2 / 3


def check_margin(
    margin: Margin, bracket: Bracket, source: Source, alignment: Alignment
) -> None:
    """Assert that the marks that a note describes are encoded as it describes them."""
    note = alignment.origin(bracket.line, bracket.column).element
    marks = marks_before(note)
    ids = [f"#{mark.get(XML_ID)}" for mark in marks]
    assert note.get("target", "").split() == ids
    add = note.getprevious()
    assert add is not None
    assert add.get("place") == f"margin-{margin.side}"
    assert add.get("hand") == "#d1969-06-09-reader"
    assert add.get("resp") is None, "@hand and @resp are mixed"
    line = source.lines[margin.line - 1]
    for mark, wanted, scope in zip(
        marks, MARKS[margin.ident], scopes_of(margin), strict=True
    ):
        assert len(mark) == 0
        assert not mark.text
        assert mark.get("function") == wanted.function
        assert mark.get("rend") == wanted.rend
        assert mark.get("cert") == scope.certainty
        passage = passage_of(mark, alignment)
        assert passage.line == margin.line
        wording = line[passage.start : passage.end]
        assert "".join(wording.split()) == passage.wording
        assert wording.startswith(wanted.first)
        assert wording.endswith(wanted.last)
        check_extent(scope, passage, line[: bracket.column - 1])


def scopes_of(margin: Margin) -> tuple[Scope, ...]:
    """Return what a note's wording asks for, once for each of its marks.

    Two kinds of mark beside one passage (lines and an exclamation point) are two
    marks with one scope.
    """
    scopes = SCOPES[margin.scope]
    return scopes if len(scopes) > 1 else scopes * len(MARKS[margin.ident])


def bracket_of(margin: Margin, folder: Path) -> Bracket:
    """Return the row of the note that speaks of a mark."""
    (bracket,) = (row for row in read_brackets(folder) if row.ident == margin.ident)
    return bracket


def test_every_row_of_the_oracle_is_a_test(shared: Path) -> None:
    margins = read_margins(shared)
    assert len(margins) == ROWS["marginalia"]
    assert {margin.ident for margin in margins} == set(MARKS)
    assert {margin.scope for margin in margins} == set(SCOPES)


def test_no_mark_stands_in_the_documents_that_the_oracle_does_not_know(
    documents: dict[str, Element],
) -> None:
    counted = {
        name: sum(1 for _ in root.iter(f"{TEI}metamark"))
        for name, root in documents.items()
    }
    assert counted.pop(SOURCE) == sum(len(marks) for marks in MARKS.values())
    assert set(counted.values()) == {0}


def test_the_reader_is_described(documents: dict[str, Element]) -> None:
    hands = documents[SOURCE].iter(f"{TEI}handNote")
    assert "d1969-06-09-reader" in {hand.get(XML_ID) for hand in hands}


def test_marginal_marks(shared: Path, compared: Compared, margin: Margin) -> None:
    source, alignment = compared.sources[SOURCE], compared.body(SOURCE)
    check_margin(margin, bracket_of(margin, shared), source, alignment)


def drop_mark(mark: Element) -> None:
    parent = mark.getparent()
    assert parent is not None
    parent.remove(mark)


def set_attribute(name: str, value: str) -> Callable[[Element], None]:
    def corrupt(mark: Element) -> None:
        mark.set(name, value)

    return corrupt


def move_to_right_margin(mark: Element) -> None:
    add = mark.getparent()
    assert add is not None
    add.set("place", "margin-right")


def change_the_hand(mark: Element) -> None:
    add = mark.getparent()
    assert add is not None
    add.set("hand", "#d1969-06-09-fadeyev")


def lose_the_note(mark: Element) -> None:
    add = mark.getparent()
    assert add is not None
    note = add.getnext()
    assert note is not None
    note.set("target", "#d1969-06-09-m01")


def shorten_the_passage(mark: Element) -> None:
    """Move the first word of the marked passage out of it."""
    root = mark.getroottree().getroot()
    pointer = mark.get("target", "")
    (seg,) = (s for s in root.iter(f"{TEI}seg") if f"#{s.get(XML_ID)}" == pointer)
    word, rest = (seg.text or "").split(maxsplit=1)
    previous, parent = seg.getprevious(), seg.getparent()
    assert parent is not None
    if previous is None:
        parent.text = f"{parent.text or ''}{word} "
    else:
        previous.tail = f"{previous.tail or ''}{word} "
    seg.text = rest


#: What is done to the first mark of a note; the note's check must see it.
CORRUPTIONS: Final[list[tuple[str, Callable[[Element], None]]]] = [
    ("1969-06-09-B08", set_attribute("cert", "high")),
    ("1969-06-09-B11", shorten_the_passage),
    ("1969-06-09-B12", move_to_right_margin),
    ("1969-06-09-B14", change_the_hand),
    ("1969-06-09-B15", lose_the_note),
    ("1969-06-09-B17", set_attribute("target", "#d1969-06-09-m08s")),
    ("1969-06-09-B19", set_attribute("function", "highlight")),
    ("1969-06-09-B23", drop_mark),
    ("1969-06-09-B24", set_attribute("rend", "line")),
    ("1969-06-09-B26", shorten_the_passage),
    ("1969-06-09-B27", set_attribute("target", "#d1969-06-09-m13s")),
    ("1969-06-09-B33", shorten_the_passage),
]


@pytest.mark.parametrize(
    ("ident", "corrupt"), CORRUPTIONS, ids=[ident for ident, _ in CORRUPTIONS]
)
def test_corruption_fails_the_check_of_its_marks(
    shared: Path,
    compared: Compared,
    ident: str,
    corrupt: Callable[[Element], None],
) -> None:
    (margin,) = (row for row in read_margins(shared) if row.ident == ident)
    bracket, source = bracket_of(margin, shared), compared.sources[SOURCE]
    document = deepcopy(compared.documents[SOURCE])
    note = compared.body(SOURCE).origin(bracket.line, bracket.column).element
    corrupt(twin(marks_before(note)[0], document))
    with pytest.raises(AssertionError) as fault:
        check_margin(margin, bracket, source, align_body(source, document))
    assert not isinstance(fault.value, DifferenceError), "only the words tell"
