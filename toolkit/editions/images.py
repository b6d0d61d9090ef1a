"""Images of the source, where the encoding names them: @facs, surface, graphic.

Files of the edition are shown; an image on another host is only linked, because no
page of ours asks anything of another host.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from toolkit.render.facts import href
from toolkit.tei import TEI, XML_ID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.editions.page import Page
    from toolkit.tei import Element


@dataclass(frozen=True, slots=True)
class Image:
    """One image of the source."""

    href: str  #: the file, or the address on another host
    label: str  #: ``Page 3``
    host: str  #: the other host; empty for a file of the edition
    place: str  #: id of the page break in the text; may be empty


def images(page: Page) -> list[Image]:
    """Return the images of a document's source, in the order of its pages."""
    root = page.document.root
    breaks: dict[str, Element] = {}
    for pb in root.iter(f"{TEI}pb"):
        for pointer in (pb.get("facs") or "").split():
            breaks.setdefault(pointer, pb)
    found: dict[str, Image] = {}
    for surface, address in _stated(root):
        place = breaks.get(f"#{surface.get(XML_ID)}")
        _add(found, address, surface.get("n") or "", place)
    for pointer, pb in breaks.items():
        if not pointer.startswith("#"):
            _add(found, pointer, "", pb)
    return list(found.values())


def _stated(root: Element) -> Iterator[tuple[Element, str]]:
    """Yield the first image of each surface, and images that have no surface."""
    for facsimile in root.iterchildren(f"{TEI}facsimile"):
        for each in facsimile:
            if each.tag == f"{TEI}graphic":
                yield each, each.get("url", "")
            elif each.tag == f"{TEI}surface":
                graphic = each.find(f"{TEI}graphic")
                if graphic is not None:
                    yield each, graphic.get("url", "")


def _add(
    found: dict[str, Image], pointer: str, number: str, pb: Element | None
) -> None:
    address = href(pointer, ".xml")
    parts = urlsplit(address)
    if not address or address in found or parts.scheme not in ("", "http", "https"):
        return
    if pb is not None:
        number = pb.get("n") or number
    label = f"Page {number}" if number else f"Image {len(found) + 1}"
    place = "" if pb is None else pb.get(XML_ID, "")
    found[address] = Image(address, label, parts.netloc, place)


def files(page: Page) -> list[str]:
    """Return the image files that a document's page shows, below the folder tei/."""
    pictures = [image.href for image in images(page) if not image.host]
    for graphic in page.document.root.iter(f"{TEI}graphic"):
        address = page.facts.of.get(graphic, {}).get("href", "")
        if address and not urlsplit(address).scheme:
            pictures.append(address)
    return sorted({unquote(address.partition("#")[0]) for address in pictures})
