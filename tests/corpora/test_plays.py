"""Foreign TEI: plays that our schema does not know keep all their words."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from toolkit.build import render_file
from toolkit.config import Edition

if TYPE_CHECKING:
    from pathlib import Path

TEI = "{http://www.tei-c.org/ns/1.0}"
PLAYS = 28


def squeezed(text: str) -> str:
    """Return a text without any white space: word order without word borders."""
    return "".join(text.split())


def streams(text: etree._Element) -> tuple[str, list[str]]:
    """Return the words of a text without its notes, and those of each note."""
    notes = ["".join(note.itertext()) for note in text.iter(f"{TEI}note")]  # type: ignore[arg-type]
    pieces: list[str] = []

    def walk(element: etree._Element) -> None:
        if element.tag != f"{TEI}note":
            pieces.append(element.text or "")
            for child in element:
                if isinstance(child.tag, str):
                    walk(child)
                pieces.append(child.tail or "")

    walk(text)
    return "".join(pieces), notes


def page_text(page: str) -> str:
    """Return what a page says, tags taken away, numbers of notes too."""
    page = re.sub(r"<(script|style|head)\b.*?</\1>", "", page, flags=re.DOTALL)
    page = re.sub(r'<a class="noteref[^>]*>.*?</a>', "", page)
    return html.unescape(re.sub(r"<[^>]*>", "", page))


@pytest.fixture(scope="session")
def plays(shared: Path) -> list[Path]:
    found = sorted((shared / "corpora" / "gerdracor").glob("*.xml"))
    assert len(found) == PLAYS
    return found


@pytest.mark.parametrize("number", range(PLAYS))
@pytest.mark.parametrize("view", ["reading", "source"])
def test_a_play_keeps_every_word_in_order(
    plays: list[Path], number: int, view: str, tmp_path: Path
) -> None:
    play = plays[number]
    edition = Edition(root=tmp_path)
    text = etree.parse(play).getroot().find(f"{TEI}text")
    assert text is not None
    body, notes = streams(text)
    whole = "".join(text.itertext())  # type: ignore[arg-type]
    page = page_text(render_file(edition, play, "html", view))
    plain = render_file(edition, play, "text", view)
    if view == "source" and notes:
        for note in notes:
            assert squeezed(note) in squeezed(page)
            assert squeezed(note) in squeezed(plain)
        return
    plain = re.sub(r"(?<=\S)\[\d+\]", "", plain) if notes else plain
    expected = whole if not notes else body
    assert squeezed(expected) in squeezed(page)
    assert squeezed(expected) in squeezed(plain)
    if view == "reading":
        places = [squeezed(plain).find(squeezed(note)) for note in notes]
        assert places == sorted(places)
        assert -1 not in places
