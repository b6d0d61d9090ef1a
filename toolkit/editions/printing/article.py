"""A document as a part of something printed: its notes where they are called.

Takes the page that the templates of the elements give and makes of it what a
printed page needs: notes become footnotes, addresses become those of the volume.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypedDict
from urllib.parse import unquote

from lxml import etree

from toolkit.editions import parity
from toolkit.editions.contents import contents
from toolkit.editions.epub_markup import XHTML, markup, parse, remove
from toolkit.editions.text import texts
from toolkit.tei import local_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toolkit.config import Edition
    from toolkit.editions.page import Page
    from toolkit.editions.text import Rendering
    from toolkit.render.engine import Renderer
    from toolkit.render.library import Library
    from toolkit.tei import Element

BETWEEN: Final = "--"  #: between a document's name and an id of its own
_PAGE: Final = re.compile(r"^([^:/?#]+)\.html(?:#(.*))?$")
_SPACE: Final = re.compile(r"[ \t\r\n]+")
#: What may stand in a footnote that is called within a paragraph, and what for it.
_BLOCKS: Final = frozenset(("div", "p", "ul", "ol", "li", "blockquote", "aside"))


class Article(TypedDict):
    """A document, ready to be put into a volume."""

    name: str
    title: str
    day: str
    markup: str  #: an ``article``, as XHTML


def article(
    page: Page,
    renderer: Renderer,
    rendering: Rendering,
    edition: Edition,
    library: Library,
) -> Article:
    """Return a document as a part of something printed.

    Args:
        page: The document.
        renderer: For HTML, in the reading view.
        rendering: The document rendered by it.
        edition: The settings.
        library: The templates of the format ``print``.

    Raises:
        TemplateError: A template fails, or gives no XML.
    """
    root = parse(_page(page, renderer, rendering, edition, library), page.name)
    _one_blank(root)
    _footnotes(root)
    _addresses(root, page.name)
    return {
        "name": page.name,
        "title": page.meta.title,
        "day": page.day,
        "markup": markup(root),
    }


def _page(
    page: Page,
    renderer: Renderer,
    rendering: Rendering,
    edition: Edition,
    library: Library,
) -> str:
    """Return a document's page before it is made fit for a book."""
    return library.render(
        library.get("pages/article.xhtml"),
        {
            **contents(page, renderer, rendering),
            "edition": edition,
        },
    )


def _one_blank(root: Element) -> None:
    """Leave one blank of each white space: a line of the source is none in print."""
    for element in root.iter(etree.Element):
        if element.text:
            element.text = _SPACE.sub(" ", element.text)
        if element.tail:
            element.tail = _SPACE.sub(" ", element.tail)


def _footnotes(root: Element) -> None:
    """Put every note where it is called; the page's foot is its place in print."""
    notes = {e.get("id", ""): e for e in root.iter(f"{XHTML}div") if _is_note(e)}
    for call in [e for e in root.iter(f"{XHTML}a") if e.get("role") == "doc-noteref"]:
        note = notes.pop(call.get("href", "")[1:], None)
        if note is None:
            continue
        for back in list(note.iter(f"{XHTML}a")):
            if back.get("role") == "doc-backlink":
                remove(back)
        _inline(note)
        note.set("class", f"footnote {note.get('class', '')}")
        note.attrib.pop("role", "")
        parent, tail = call.getparent(), call.tail
        if parent is None:
            continue
        parent.replace(call, note)
        note.tail = tail
    for holder in list(root.iter(f"{XHTML}section")):
        if holder.get("class") == "notes" and not any(map(_is_note, holder.iter())):
            remove(holder)


def _is_note(element: Element) -> bool:
    return element.get("role") == "doc-footnote"


def _inline(note: Element) -> None:
    """Let a note stand within a paragraph: its blocks are blocks by style alone."""
    for element in note.iter(*(XHTML + name for name in _BLOCKS)):
        name = local_name(element)
        element.tag = f"{XHTML}span"
        if element is not note:
            element.set("class", f"block {name} {element.get('class', '')}".strip())
    note.text = (note.text or "").lstrip(" ")


def _addresses(root: Element, name: str) -> None:
    """Give every address the document's name, so that a volume can hold several."""
    for element in root.iter(f"{XHTML}*"):
        for attribute in ("id", "data-passage", "aria-labelledby"):
            if element.get(attribute):
                element.set(attribute, f"{name}{BETWEEN}{element.get(attribute)}")
    for link in root.iter(f"{XHTML}a"):
        target = link.get("href", "")
        page = _PAGE.match(target)
        if target.startswith("#"):
            link.set("href", f"#{name}{BETWEEN}{unquote(target[1:])}")
        elif page:
            ident = f"{BETWEEN}{unquote(page[2])}" if page[2] else ""
            link.set("href", f"#{unquote(page[1])}{ident}")


def lead(root: Element, elsewhere: Mapping[str, str]) -> None:
    """Let links that lead out of a volume lead to the web, or nowhere.

    Args:
        root: The volume.
        elsewhere: The web addresses of what it does not hold, by file name.
    """
    here = {element.get("id", "") for element in root.iter(f"{XHTML}*")}
    for link in list(root.iter(f"{XHTML}a")):
        target = link.get("href", "")
        if not target.startswith("#") or target[1:] in here:
            continue
        file, _, ident = target[1:].partition(BETWEEN)
        if file in elsewhere:
            link.set("href", f"{elsewhere[file]}{'#' if ident else ''}{ident}")
        else:
            link.tag = f"{XHTML}span"
            del link.attrib["href"]


def prove(page: Page, projection: parity.Projection, made: Article) -> int:
    """Prove that an article holds all words of its document, each note apart.

    Args:
        page: The document.
        projection: In the reading view.
        made: The article.

    Returns:
        How many words were proved.

    Raises:
        ParityError: Words are lost, added or moved.
    """
    root = parse(made["markup"], page.name)
    notes = [e for e in root.iter(f"{XHTML}span") if _classes(e)[:1] == ["footnote"]]
    words_of_notes = [parity.html_words(markup(note)) for note in notes]
    for note in notes:
        remove(note)
    body = [e for e in root.iter(f"{XHTML}div") if "document-text" in _classes(e)]
    expected = [projection.words(each) for each in texts(page.document.root)]
    words = [word for each in expected for word in each.body]
    apart = [words for each in expected for words in each.notes]
    path = page.document.path
    found = [word for each in body for word in parity.html_words(markup(each))]
    parity.prove(path, "print", words, found)
    parity.prove(path, "print, notes", [str(len(apart))], [str(len(notes))])
    for number, (expect, has) in enumerate(zip(apart, words_of_notes, strict=True), 1):
        parity.prove(path, f"print, note {number}", expect, has)
    return len(words) + sum(map(len, apart))


def _classes(element: Element) -> list[str]:
    return element.get("class", "").split()
