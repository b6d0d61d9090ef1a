"""What readers marked: every mark in a document with the words it marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from toolkit.editions.parity import Projection
from toolkit.render.wording import mark_words
from toolkit.tei import TEI, XML_ID

if TYPE_CHECKING:
    from toolkit.editions.page import Page
    from toolkit.render.engine import Renderer
    from toolkit.tei import Element


class Mark(TypedDict):
    """One mark of a reader."""

    href: str  #: the passage on the document's page, or the mark itself
    rend: list[str]  #: how it is drawn: ``double-line`` …
    function: str
    cert: str
    kind: str  #: what it is, in words
    passage: str  #: the words it marks; empty where the encoding names no passage
    report: str  #: the note that tells of it, word for word


def marks(page: Page, renderer: Renderer) -> list[Mark]:
    """Return the marks of readers in a document, in the order of the text.

    Args:
        page: The document.
        renderer: Gives the view and the key of signs for the words.
    """
    found = list(page.document.root.iter(f"{TEI}metamark"))
    wanted = {(mark.get("target") or "").split("#")[-1] for mark in found}
    passages = {
        element.get(XML_ID, ""): element
        for element in page.document.root.iter("*")
        if element.get(XML_ID) in wanted
    }
    projection = Projection(renderer.key, renderer.view)
    return [
        _mark(page, mark, passages.get(_target(mark)), projection) for mark in found
    ]


def _target(mark: Element) -> str:
    first = (mark.get("target") or "").split()[:1]
    return first[0].removeprefix("#") if first else ""


def _mark(
    page: Page, mark: Element, passage: Element | None, projection: Projection
) -> Mark:
    facts = page.facts.of.get(mark, {})
    place = _target(mark) if passage is not None else facts.get("id", "")
    words = "" if passage is None else " ".join(projection.text(passage).split())
    return {
        "href": f"{page.name}.html#{place}",
        "rend": (mark.get("rend") or "").split(),
        "function": mark.get("function", ""),
        "cert": mark.get("cert", ""),
        "kind": facts.get("words") or mark_words(mark),
        "passage": words,
        "report": facts.get("report", ""),
    }


def legend(page: Page) -> frozenset[str]:
    """Return what a key to the marks in the margin must explain.

    The drawn forms (@rend, or ``unstated``), functions and certainties that occur.
    """
    found: set[str] = set()
    for mark in page.document.root.iter(f"{TEI}metamark"):
        found.add(mark.get("function", ""))
        found.update((mark.get("rend") or "unstated").split())
        found.add(f"cert-{mark.get('cert', 'stated')}")
    return frozenset(found)
