"""How an edition was made: the signs that occur, and what its headers declare."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypedDict

from toolkit.editions.parity import Projection
from toolkit.render.signs import VIEWS, entry_names
from toolkit.tei import TEI, local_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toolkit.editions.page import Page
    from toolkit.editions.summary import Neighbour
    from toolkit.render.engine import Renderer
    from toolkit.render.signs import Key
    from toolkit.tei import Element

LONGEST: Final = 90  #: characters of an example


class Sign(TypedDict):
    """Where and how often a document has what an entry of the key is for."""

    count: int
    source: str  #: an example as the source shows it
    reading: str  #: the same in the reading text
    href: str


class Principle(TypedDict):
    """One declaration of a header, such as ``correction``."""

    kind: str
    words: str  #: as markup, without links


def signs(page: Page, key: Key) -> dict[str, Sign]:
    """Return what occurs of the key's entries in a document, by the entry's name."""
    known = {name for view in VIEWS for name in key.views[view]}
    found: dict[str, Sign] = {}
    projections = {view: Projection(key, view) for view in VIEWS}
    for text in page.document.root.iter(f"{TEI}text"):
        for element in text.iter(f"{TEI}*"):
            name = next((n for n in entry_names(element) if n in known), None)
            if name is None:
                continue
            if name in found:
                found[name]["count"] += 1
                continue
            shown = {
                view: _example(projections[view], _word(element)) for view in VIEWS
            }
            found[name] = {
                "count": 1,
                "source": shown["source"],
                "reading": shown["reading"],
                "href": _href(page, element),
            }
    return found


def _word(element: Element) -> Element:
    """Return what an example has to show: of letters written out, the whole word."""
    around = element.getparent()
    within = (f"{TEI}expan", f"{TEI}choice")
    if around is None or around.tag not in within:
        return element
    return _word(around)


def _example(projection: Projection, element: Element) -> str:
    """Return an element's words in a view, cut where they are too many."""
    words = " ".join(projection.text(element).split())
    return words if len(words) <= LONGEST else words[:LONGEST].rsplit(" ", 1)[0] + " …"


def _href(page: Page, element: Element) -> str:
    anchors = page.facts.anchors
    around = (each for each in (element, *element.iterancestors()) if each in anchors)
    held = next(around, None)
    return f"{page.name}.html" + ("" if held is None else f"#{anchors[held]}")


def principles(page: Page, renderer: Renderer) -> list[Principle]:
    """Return what a document's header declares of how it was edited.

    Args:
        page: The document.
        renderer: For HTML, in the reading view.
    """
    return [
        {"kind": local_name(each), "words": str(renderer.content(each))}
        for each in page.meta.declarations
    ]


def common(
    gathered: Iterable[tuple[Neighbour, list[Principle]]],
) -> list[tuple[str, list[tuple[str, list[Neighbour]]]]]:
    """Return the declarations of an edition, each once with the documents it is of.

    Args:
        gathered: The documents by date, each with its declarations.

    Returns:
        By kind, in the order in which the kinds are met.
    """
    found: dict[str, dict[str, list[Neighbour]]] = {}
    for document, declared in gathered:
        for each in declared:
            of = found.setdefault(each["kind"], {}).setdefault(each["words"], [])
            of.append(document)
    return [(kind, list(of.items())) for kind, of in found.items()]
