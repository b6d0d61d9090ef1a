"""Foreign TEI: plays that our schema does not know keep all their words."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from toolkit import tei
from toolkit.build.single import render_file
from toolkit.config import Edition
from toolkit.editions.text import Rendering, bare, render_body
from toolkit.render.engine import Renderer, finish
from toolkit.render.facts import gather
from toolkit.render.library import Library
from toolkit.render.signs import load_key

if TYPE_CHECKING:
    from collections.abc import Callable

    Render = Callable[[Path, str, str], Rendering]

TEI = "{http://www.tei-c.org/ns/1.0}"
PLAYS = 28


def squeezed(text: str) -> str:
    """Return a text without any white space: word order without word borders."""
    return "".join(text.split())


def streams(text: etree._Element, *, notes_in_place: bool) -> tuple[str, list[str]]:
    """Return the words of a text and of each of its notes.

    Args:
        text: The play's text.
        notes_in_place: Notes stand in the text, in square brackets, as in the source
            view; else they are left out of it.
    """
    notes = ["".join(note.itertext()) for note in text.iter(f"{TEI}note")]  # type: ignore[arg-type]
    pieces: list[str] = []

    def walk(element: etree._Element) -> None:
        note = element.tag == f"{TEI}note"
        if note and not notes_in_place:
            return
        pieces.append("[" if note else "")
        pieces.append(element.text or "")
        for child in element:
            if isinstance(child.tag, str):
                walk(child)
            pieces.append(child.tail or "")
        pieces.append("]" if note else "")

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


@pytest.fixture(scope="session")
def render() -> Render:
    """A function that renders a play; templates are compiled once."""
    edition = Edition(root=Path.cwd())
    key = load_key(edition)
    renderers = {
        (kind, view): Renderer(Library(edition.template_folders(), kind), key, view)
        for kind in ("html", "text")
        for view in ("reading", "source")
    }

    def rendered(play: Path, kind: str, view: str) -> Rendering:
        root = tei.read(play).root
        return render_body(renderers[kind, view], root, gather(root))

    return rendered


@pytest.mark.parametrize("number", range(PLAYS))
@pytest.mark.parametrize("view", ["reading", "source"])
def test_a_play_keeps_every_word_in_order(
    plays: list[Path], number: int, view: str, render: Render
) -> None:
    text = etree.parse(plays[number]).getroot().find(f"{TEI}text")
    assert text is not None
    body, notes = streams(text, notes_in_place=view == "source")
    page = render(plays[number], "html", view)
    plain = render(plays[number], "text", view)
    in_text = finish(bare(plain.body))
    if view == "reading":
        in_text = re.sub(r"\[\d+\]", "", in_text)
    assert squeezed(page_text(page.body)) == squeezed(body)
    assert squeezed(in_text) == squeezed(body)
    if view == "reading":
        listed = [squeezed(page_text(note)) for note in page.notes]
        assert [note.lstrip("0123456789") for note in listed] == [
            squeezed(note) for note in notes
        ]
        assert len(plain.notes) == len(notes)


def test_a_page_and_a_file_hold_the_whole_play(
    plays: list[Path], tmp_path: Path
) -> None:
    play = min(plays, key=lambda path: path.stat().st_size)
    text = etree.parse(play).getroot().find(f"{TEI}text")
    assert text is not None
    body, notes = streams(text, notes_in_place=False)
    assert not notes
    edition = Edition(root=tmp_path)
    page = page_text(render_file(edition, play, "html", "reading"))
    assert squeezed(body) in squeezed(page)
    assert squeezed(body) in squeezed(render_file(edition, play, "text", "source"))
