"""Every paragraph that a page end cuts is one paragraph with a page break in it."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

import pytest

from toolkit.tei import TEI, Element, local_name

from .oracle import ROWS, read_cuts
from .source_view import align_body

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Compared
    from .oracle import Cut, Source
    from .source_view import Alignment

#: The cut that falls within a bracket of the translator.
WITHIN_A_NOTE = ("1965-01-08", 42)


def paragraph_of(element: Element) -> Element:
    """Return the paragraph that holds an element."""
    for candidate in (element, *element.iterancestors()):
        if local_name(candidate) == "p":
            return candidate
    raise AssertionError(f"<{local_name(element)}> is in no <p>")


def check_cut(cut: Cut, source: Source, alignment: Alignment) -> None:
    """Assert that a page break stands at a cut, within one paragraph."""
    last = len(source.lines[cut.from_line - 1].rstrip())
    left = alignment.offset(cut.from_line, last)
    right = alignment.offset(cut.to_line, 1)
    breaks = [pb for offset, pb in alignment.view.breaks if offset == right]
    assert len(breaks) == 1, "no page break at the cut"
    before = " ".join(alignment.view.text[: left + 1].split())
    after = " ".join(alignment.view.text[right:].split())
    assert before.endswith(cut.before)
    assert after.startswith(cut.after)
    origins = alignment.view.origins
    pb = breaks[0]
    around = {paragraph_of(origins[offset].element) for offset in (left, right)}
    assert around == {paragraph_of(pb)}
    parent = pb.getparent()
    assert parent is not None
    if (cut.source, cut.from_line) == WITHIN_A_NOTE:
        assert (local_name(parent), parent.get("type")) == ("note", "gloss")
    assert not list(pb.iterancestors(f"{TEI}supplied"))


def test_every_row_of_the_oracle_is_a_test(shared: Path) -> None:
    assert len(read_cuts(shared)) == ROWS["cuts"]


def test_no_page_break_stands_in_the_documents_that_the_oracle_does_not_know(
    documents: dict[str, Element],
) -> None:
    breaks = [pb for root in documents.values() for pb in root.iter(f"{TEI}pb")]
    assert len(breaks) == ROWS["cuts"]
    assert all(pb.get("n") is None for pb in breaks), "page numbers are not known"


def test_cut(shared: Path, compared: Compared, cut: Cut) -> None:
    check_cut(cut, compared.sources[cut.source], compared.body(cut.source))


def move_one_word_on(pb: Element) -> None:
    previous, parent, tail = pb.getprevious(), pb.getparent(), pb.tail or ""
    assert parent is not None
    word, _, rest = tail.partition(" ")
    if previous is None:
        parent.text = f"{parent.text or ''}{word} "
    else:
        previous.tail = f"{previous.tail or ''}{word} "
    pb.tail = rest


def put_between_paragraphs(pb: Element) -> None:
    tail, previous, parent = pb.tail or "", pb.getprevious(), pb.getparent()
    assert parent is not None
    if previous is None:
        parent.text = (parent.text or "") + tail
    else:
        previous.tail = (previous.tail or "") + tail
    pb.tail = "\n"
    paragraph_of(parent).addnext(pb)


def take_away(pb: Element) -> None:
    pb.tag = f"{TEI}milestone"


@pytest.mark.parametrize(
    "corrupt", [move_one_word_on, put_between_paragraphs, take_away]
)
def test_corruption_fails_the_check_of_its_cut(
    shared: Path, compared: Compared, corrupt: Callable[[Element], None]
) -> None:
    cut = next(row for row in read_cuts(shared) if row.source == "1967-11-25")
    source = compared.sources[cut.source]
    document = deepcopy(compared.documents[cut.source])
    corrupt(next(document.iter(f"{TEI}pb")))
    alignment = align_body(source, document)  # the words are the same
    with pytest.raises(AssertionError, match="no page break at the cut"):
        check_cut(cut, source, alignment)
