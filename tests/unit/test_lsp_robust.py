"""Whatever is typed, every question gets an answer."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.desks import HERE, glossary, grammar, letter, put
from toolkit.lsp.complete import complete
from toolkit.lsp.desk import Desk
from toolkit.lsp.facts import EditionFacts, Facts
from toolkit.lsp.hover import hover
from toolkit.lsp.mends import mends
from toolkit.lsp.navigate import (
    definition,
    find_references,
    renamable,
    rename,
    specification,
)
from toolkit.lsp.outline import outline

if TYPE_CHECKING:
    from pathlib import Path

CODES = (
    "XML002 TEI101 TEI102 TEI103 TEI104 TEI105 TEI106 TEI108 TEI109 TEI110 TEI301 "
    "TEI302 TEI303 TEI304 TEI306"
).split()
MARKUP = (
    "p persName ref </p> <p> <!-- --> xml:id #kim x:y <? ?> <![CDATA[ ]]> <gap reason="
).split()
BODY = (
    '<div xml:id="d" type="x"><head>A &amp; B</head><!-- c --><p>\U0001d504 <persName '
    'ref=\'persons.xml#kim #d\' cert="high">Kim</persName><gap reason="lost"/>'
    "<![CDATA[ <x> ]]><list><item n='1'>a</item></list></p></div>"
)


def ask_everything(desk: Desk, offset: int) -> None:
    """Ask every question at one place."""
    for one in complete(desk, offset):
        assert 0 <= one.start <= one.end <= len(desk.text)
        assert one.start <= offset <= one.end
        assert "\n" not in desk.text[one.start : one.end]
        assert one.label
    hover(desk, offset)
    definition(desk, offset)
    specification(desk, offset)
    find_references(desk, offset)
    renamable(desk, offset)
    rename(desk, offset, "new")
    outline(desk.facts)
    for code in CODES:
        for mend in mends(desk, code, offset):
            assert all(0 <= e.start <= e.end <= len(desk.text) for e in mend.edits)


@pytest.mark.parametrize("cut", [True, False], ids=["cut off", "whole"])
def test_every_place_of_a_document_can_be_asked_about(cut: bool) -> None:
    text = letter(BODY)
    start = text.index("<body>")
    for offset in range(start, len(text) + 1, 7 if cut else 11):
        desk, _ = put(text[:offset] if cut else text)
        ask_everything(desk, offset)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from([*"<>/='\"&;![]- \n", "\U0001d504", *MARKUP]),
        max_size=30,
    ),
    st.integers(0, 100),
)
def test_every_broken_text_can_be_asked_about(pieces: list[str], place: int) -> None:
    typed = "".join(pieces)
    text = letter("|").replace("|", typed)
    desk, _ = put(text)
    offset = text.index("<body>") + 6 + min(place, len(typed))
    ask_everything(desk, offset)


def test_completion_in_a_long_document_is_quick(checkout: Path) -> None:
    path = checkout / "tei" / "d1969-06-09.xml"
    text = path.read_text(encoding="utf-8")
    files = {
        one.resolve(): Facts(one.read_text(encoding="utf-8"))
        for one in path.parent.glob("*.xml")
    }
    offset = text.rindex("</p>")
    edition = EditionFacts(files)
    spent = []
    for typed in ("<", "<p", "<pe", "<per", '<persName ref="', "<gap reason="):
        now = text[:offset] + typed + text[offset:]
        desk = Desk(HERE, grammar(), glossary(), edition.having(HERE, now))
        started = time.process_time()
        assert complete(desk, offset + len(typed))
        spent.append(time.process_time() - started)
    # Measured at 5 to 25 milliseconds; the first pays for the grammar's tables.
    assert sorted(spent)[len(spent) // 2] < 0.1
