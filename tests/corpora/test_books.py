"""Foreign TEI: plays that our schema does not know are whole in an e-book too."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from toolkit.build.proof import prove
from toolkit.config import Edition
from toolkit.editions import epub, markdown
from toolkit.editions.page import Page
from toolkit.editions.parity import Projection
from toolkit.editions.text import render_body
from toolkit.metadata import language_of, metadata
from toolkit.render.engine import Renderer
from toolkit.render.facts import gather
from toolkit.render.library import Library
from toolkit.render.signs import load_key
from toolkit.tei import read

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow
PLAYS = 28


class Shop(NamedTuple):
    """What books are made with; templates are compiled once."""

    edition: Edition
    renderer: Renderer
    library: Library


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    edition = Edition(root=tmp_path_factory.mktemp("plays"))
    folders = edition.template_folders()
    renderer = Renderer(Library(folders, "html"), load_key(edition), "reading")
    return Shop(edition, renderer, Library(folders, "epub"))


@pytest.mark.parametrize("number", range(PLAYS))
def test_a_play_keeps_every_word_in_the_e_book_and_in_markdown(
    number: int, shop: Shop, shared: Path
) -> None:
    plays = sorted((shared / "corpora" / "gerdracor").glob("*.xml"))
    assert len(plays) == PLAYS
    document = read(plays[number])
    facts = gather(document.root)
    page = Page(document, metadata(document), facts, language_of(document))
    html = render_body(shop.renderer, document.root, facts)
    projection = Projection(shop.renderer.key, "reading")
    _, text = epub.chapter(page, shop.renderer, html, shop.edition, shop.library)
    words = epub.prove(page, projection, text)
    assert words > 1000
    made = markdown.convert(html, page.name)
    assert prove(document, "markdown", projection, made) == words
