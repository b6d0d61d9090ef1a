"""Plain text is laid out in lines that a person can read, and no word is touched."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from toolkit.build.single import render_file
from toolkit.config import Edition, load
from toolkit.editions.layout import WIDTH, columns, laid_out, unlaid
from toolkit.editions.text import Rendering, bare, holds, render_body
from toolkit.render.engine import Renderer
from toolkit.render.facts import gather
from toolkit.render.library import (
    ADDED,
    ADDED_END,
    CELL,
    HANG,
    HEADING,
    INDENT,
    LINE,
    MARKS,
    OUTDENT,
    PARAGRAPH,
    PASSAGE,
    PASSED,
    ROW,
    ROW_END,
    Library,
)
from toolkit.render.signs import load_key

from .conftest import tei_document

if TYPE_CHECKING:
    from tests.unit.conftest import MakeEdition

LONG = "A sentence of some words that goes on until it needs a second line to end on."


def lines(tei: str) -> list[str]:
    """Return a document's text in the reading view, line by line."""
    edition = Edition(root=Path("nowhere"), title="An edition")
    library = Library(edition.template_folders(), "text")
    root = etree.fromstring(tei_document(tei))
    renderer = Renderer(library, load_key(edition), "reading")
    rendering = render_body(renderer, root, gather(root))
    made = [rendering.body, *rendering.notes]
    return "\n\n".join(map(laid_out, made)).split("\n")


@pytest.mark.parametrize(
    ("tei", "laid"),
    [
        ("<p>One.</p><p>Two.</p>", ["One.", "", "Two."]),
        ("<p>One<lb/>two</p>", ["One", "two"]),
        ("<div><head>Title</head><p>x</p></div>", ["Title", "-----", "", "x"]),
        ("<div><head type='sub'>Title</head><p>x</p></div>", ["Title", "", "x"]),
        ("<list><item>a</item><item>b</item></list>", ["– a", "– b"]),
        (
            "<list><label>1.</label><item>a</item></list>",
            ["1. a"],
        ),
        (
            "<list><item>a<list><item>b</item></list></item><item>c</item></list>",
            ["– a", "  – b", "– c"],
        ),
        ("<p>x</p><quote><p>a</p></quote><p>y</p>", ["x", "", "    a", "", "y"]),
        ("<p>x <quote>a</quote> y</p>", ["x a y"]),
        ("<p>a<note>b</note></p>", ["a[1]", "", "[1] b"]),
        (
            "<p>a<note><p>b</p><p>c</p></note></p>",
            ["a[1]", "", "[1] b", "", "    c"],
        ),
        (
            "<list><item><p>a</p><p>b</p></item><item>c</item></list>",
            ["– a", "", "  b", "", "– c"],
        ),
        ("<p>a <add hand='#h'>b</add></p>", ["a b (by hand)"]),
    ],
)
def test_each_kind_of_block_has_its_place(tei: str, laid: list[str]) -> None:
    assert lines(tei) == laid


def test_no_line_is_longer_than_eighty_columns() -> None:
    made = lines(f"<p>{LONG} {LONG}</p><quote><p>{LONG} {LONG}</p></quote>")
    assert max(map(columns, made)) <= WIDTH
    assert made[3].startswith("    A sentence")
    assert made[4].startswith("    ")


def test_the_second_line_of_a_note_and_of_an_item_stands_under_the_first() -> None:
    made = lines(f"<p>a<note>{LONG} {LONG}</note></p>")
    assert made[2].startswith("[1] A sentence")
    assert made[3].startswith("    ")
    made = lines(f"<list><item>{LONG} {LONG}</item></list>")
    assert made[1].startswith("  ")
    assert not made[1].startswith("   ")


def test_a_paragraph_that_begins_with_a_gap_is_no_note() -> None:
    made = lines(f"<p><gap reason='editorial'/> {LONG} {LONG}</p>")
    assert made[0].startswith("[…] A sentence")
    assert not made[1].startswith(" ")


def test_the_cells_of_a_table_stand_under_one_another() -> None:
    made = lines(
        "<table><row><cell>Year</cell><cell>Goods</cell></row>"
        "<row><cell>1961</cell><cell>tobacco<lb/>cigarettes</cell></row></table>"
    )
    assert made == [
        "Year | Goods",
        "1961 | tobacco",
        "     | cigarettes",
    ]


def test_a_wide_table_is_folded_to_the_width_of_the_page() -> None:
    made = lines(f"<table><row><cell>a</cell><cell>{LONG} {LONG}</cell></row></table>")
    assert len(made) == 3
    assert max(map(columns, made)) <= WIDTH
    assert made[1].startswith("  | ")


def test_the_marks_of_a_reader_stand_in_the_margin_beside_their_words() -> None:
    made = lines(
        "<p>Before. <seg xml:id='s'>Marked.</seg>"
        "<add place='margin'><metamark rend='double-line' target='#s'/></add></p>"
        "<p>After.</p>"
    )
    assert made == ["‖ Before. Marked.", "", "  After."]


def test_a_mark_of_which_nothing_else_tells_is_told_in_words() -> None:
    assert lines("<p>a<metamark rend='line'/> b</p>") == [
        "a [Reader’s mark: one vertical line] b"
    ]


def test_a_mark_beside_another_mark_shows_both() -> None:
    made = lines(
        "<p xml:id='p'>One. <seg xml:id='s'>Two.</seg><metamark rend='line' "
        "target='#p'/><metamark rend='question-mark' target='#s'/></p>"
    )
    assert made == ["|? One. Two."]


def test_wide_characters_take_two_columns_and_accents_none() -> None:
    assert columns("平壤") == 4
    assert columns("e\u0301") == 1


MARKED = st.lists(
    st.one_of(
        st.text("ab \n平", min_size=1, max_size=30),
        st.sampled_from([PARAGRAPH, LINE, HANG, HEADING, INDENT, OUTDENT]),
        st.sampled_from([ROW + CELL, CELL, ROW_END, PASSED]),
        st.just(f"{ADDED}{PASSAGE}|{ADDED_END}"),
    )
)


@given(MARKED)
def test_layout_moves_no_word(pieces: list[str]) -> None:
    text = "".join(pieces)
    balanced = text.count(ROW) == text.count(ROW_END) == 0
    if not balanced:
        text = text.replace(ROW, LINE).replace(ROW_END, LINE).replace(CELL, " ")
    laid = laid_out(text)
    # A cell that stands in no row is a word by itself, too.
    words = bare(text.replace(CELL, " "))
    said = words.replace(PARAGRAPH, " ").replace(LINE, " ").split()
    found = [word for word in laid.split() if set(word) - set("|-")]
    assert found == said
    assert max(map(columns, laid.split("\n"))) <= WIDTH


def test_the_marks_of_the_layout_are_no_text() -> None:
    template = "".join(MARKS[name] for name in ("hang", "heading", "indent", "row"))
    assert unlaid(template).replace(ADDED, "").replace(ADDED_END, "") == ""
    assert bare(f"a{ADDED}{PASSAGE}‖{ADDED_END}b{MARKS['passed']}") == "ab"


def test_a_file_without_a_note_does_not_hold_its_rendering() -> None:
    rendering = Rendering(f"{PARAGRAPH}a b{PARAGRAPH}", (f"{PARAGRAPH}c{PARAGRAPH}",))
    assert holds("Title\n\na b\n\nc\n", rendering)
    assert not holds("Title\n\na b\n", rendering)


def test_the_file_begins_with_its_title_and_what_the_catalogue_says(
    checkout: Path,
) -> None:
    edition = load(checkout / "edition.toml")
    made = render_file(edition, checkout / "tei/d1962-08-27.xml", "text", "reading")
    first, rule, blank, date = made.split("\n")[:4]
    assert first.startswith("Report, Embassy of Hungary")
    assert (rule, blank, date) == ("=" * len(first), "", "August 27, 1962")
    assert "Translator: Balazs Szalontai\n" in made
    assert "\n[5] Puzanov (translator)\n" in made
    assert "In the margin" not in made


def test_an_edition_s_own_template_may_use_the_marks(make_edition: MakeEdition) -> None:
    edition = make_edition(one="<p>a</p><p><term>b</term></p>")
    own = edition.root / "templates" / "text" / "elements"
    own.mkdir(parents=True)
    (own / "term.txt").write_text("{{ indent }}{{ content }}{{ outdent }}")
    made = render_file(edition, edition.documents()[0], "text", "reading")
    assert made.endswith("a\n\n    b\n")
    source = render_file(edition, edition.documents()[0], "text", "source")
    assert source == "a\n\nb\n"
