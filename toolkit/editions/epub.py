"""A document's part of an e-book: its chapter, and the proof that it is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from toolkit.editions import parity
from toolkit.editions.catalogue import changes
from toolkit.editions.contents import contents
from toolkit.editions.epub_container import pack, unpacked
from toolkit.editions.epub_markup import (
    IMAGES,
    XHTML,
    adapt,
    image_file,
    images,
    outward,
    page_breaks,
    parse,
    serialise,
)
from toolkit.editions.text import texts
from toolkit.tei import TEI, XML_ID

if TYPE_CHECKING:
    from toolkit.config import Edition
    from toolkit.editions.page import Page
    from toolkit.editions.text import Rendering
    from toolkit.render.engine import Renderer
    from toolkit.render.library import Library
    from toolkit.tei import Element


class Chapter(TypedDict):
    """What the book must know of a document, beside its text."""

    name: str  #: the file name without suffix
    title: str
    day: str  #: its date in words
    date: str  #: ISO 8601 with the precision known
    language: str
    revised: str  #: the day of the last change that its header names; or empty
    ids: list[str]  #: where other documents can lead
    links: list[str]  #: where it leads in other documents
    pages: list[tuple[str, str]]  #: page breaks of the source: address, number
    images: list[str]  #: files that it shows, as named in the TEI
    notes: bool
    marks: bool


def chapter(
    page: Page,
    renderer: Renderer,
    rendering: Rendering,
    edition: Edition,
    library: Library,
) -> tuple[Chapter, str]:
    """Return a document's part of the book: what is known of it, its text packed.

    Args:
        page: The document.
        renderer: For HTML, in the reading view.
        rendering: The document rendered by it.
        edition: The settings.
        library: The templates of the format ``epub``.

    Raises:
        TemplateError: A template fails, or gives no XML.
    """
    root = parse(_page(page, renderer, rendering, edition, library), page.name)
    ids = _ids(page)
    adapt(root, [*ids, *_named(page)])
    for image in images(root):
        image.set("src", f"{IMAGES}{image.get('src')}")
    known: Chapter = {
        "name": page.name,
        "title": page.meta.title,
        "day": page.day,
        "date": page.meta.date,
        "language": page.language,
        "revised": _revised(page.document.root),
        "ids": ids,
        "links": sorted({target for _, target in outward(root)}),
        "pages": [(p.get("id", ""), p.get("data-n", "")) for p in page_breaks(root)],
        "images": sorted({image_file(image) for image in images(root)}),
        "notes": bool(rendering.notes),
        "marks": next(page.document.root.iter(f"{TEI}metamark"), None) is not None,
    }
    return known, str(pack(serialise(root).encode()))


def _page(
    page: Page,
    renderer: Renderer,
    rendering: Rendering,
    edition: Edition,
    library: Library,
) -> str:
    """Return a document's page before it is made fit for a book."""
    return library.render(
        library.get("pages/chapter.xhtml"),
        {
            **contents(page, renderer, rendering),
            "edition": edition,
            "changes": changes(page.facts),
        },
    )


def _ids(page: Page) -> list[str]:
    """Return the addresses that a pointer in another document can name."""
    return [e.get(XML_ID, "") for e in page.document.root.iter("*") if e.get(XML_ID)]


def _named(page: Page) -> list[str]:
    """Return the places in the text that a register can lead to."""
    return [
        mention.anchor
        for mention in page.facts.mentions
        if next(mention.element.iterancestors(f"{TEI}text"), None) is not None
    ]


def _revised(root: Element) -> str:
    """Return the last day that a header says it was changed on or published."""
    header = f"{TEI}teiHeader"
    dated = [
        *root.iterfind(f"{header}/{TEI}revisionDesc//{TEI}change"),
        *root.iterfind(f"{header}/{TEI}fileDesc/{TEI}publicationStmt//{TEI}date"),
    ]
    days = (date.get("when", "")[:10] for date in dated)
    return max((day for day in days if len(day) == 10), default="")


def prove(page: Page, projection: parity.Projection, text: str) -> int:
    """Prove that a chapter holds all words of its document, each note apart.

    Args:
        page: The document.
        projection: In the reading view.
        text: The chapter's text, packed.

    Returns:
        How many words were proved.

    Raises:
        ParityError: Words are lost, added or moved.
    """
    root = parse(unpacked(text), page.name)
    body = [e for e in root.iter(f"{XHTML}div") if e.get("id") == "document-text"]
    notes = [e for e in root.iter(f"{XHTML}aside") if e.get("role") == "doc-footnote"]
    expected = [projection.words(each) for each in texts(page.document.root)]
    words = [word for each in expected for word in each.body]
    apart = [note for each in expected for note in each.notes]
    path = page.document.path
    parity.prove(path, "e-book", words, _words(*body))
    parity.prove(path, "e-book, notes", [str(len(apart))], [str(len(notes))])
    for number, (note, made) in enumerate(zip(apart, notes, strict=True), 1):
        parity.prove(path, f"e-book, note {number}", note, _words(made))
    return len(words) + sum(map(len, apart))


def _words(*elements: Element) -> list[str]:
    return [word for element in elements for word in parity.tree_words(element)]
