"""What lists say of a document, gathered once: its name, date, people, abstract."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from toolkit.tei import TEI

if TYPE_CHECKING:
    from toolkit.editions.page import Page
    from toolkit.render.engine import Renderer


class Neighbour(TypedDict):
    """What a document's page says of the one before it or after it."""

    name: str  #: the page's file name without suffix
    day: str  #: its date in words; empty for an undated document
    title: str


class Summary(Neighbour):
    """What the list of documents says of one."""

    date: str  #: ISO 8601 with the precision known
    sender: str
    receiver: str
    original: str  #: the language of the original
    archive: str
    archive_entity: str  #: its entry in a register, ``organisations.xml#mol``; or empty
    abstract: list[str]  #: paragraphs, as markup


def summary(page: Page, renderer: Renderer) -> Summary:
    """Return what lists say of a document.

    Args:
        page: The document.
        renderer: For HTML, in the reading view.
    """
    meta = page.meta
    return {
        "name": page.name,
        "day": page.day,
        "title": meta.title,
        "date": meta.date,
        "sender": meta.sender,
        "receiver": meta.receiver,
        "original": meta.original,
        "archive": page.archive,
        "archive_entity": _archive_entity(page),
        # Without facts: no links and no ids, which would be doubled on one page.
        "abstract": [str(renderer.content(element)) for element in meta.summary],
    }


def _archive_entity(page: Page) -> str:
    """Return the register entry of who holds the original, as the header says."""
    held = page.document.root.find(f".//{TEI}msIdentifier/{TEI}repository")
    return "" if held is None else held.get("ref", "")


def neighbour(of: Neighbour) -> Neighbour:
    """Return the part of a summary that a neighbour's page depends on."""
    return {"name": of["name"], "day": of["day"], "title": of["title"]}
