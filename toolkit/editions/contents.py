"""What a document prints besides its text, for the templates of books."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toolkit.editions.catalogue import descriptions, rows
from toolkit.tei import local_name

if TYPE_CHECKING:
    from toolkit.editions.catalogue import Row
    from toolkit.editions.page import Page
    from toolkit.editions.text import Rendering
    from toolkit.render.engine import Renderer
    from toolkit.tei import Element


def contents(page: Page, renderer: Renderer, rendering: Rendering) -> dict[str, Any]:
    """Return what the template of a chapter or an article sees of a document.

    Args:
        page: The document.
        renderer: For HTML, in the reading view.
        rendering: The document rendered by it.
    """
    meta = page.meta

    def content(element: Element) -> object:
        return renderer.content(element, page.facts)

    def values(row: Row) -> list[object]:
        render = renderer.render if row.whole else renderer.content
        return [render(e, page.facts) for e in row.elements] or [row.words]

    return {
        "page": page,
        "meta": meta,
        "rows": [(row, values(row)) for row in rows(page.document, meta)],
        "summary": [content(e) for e in meta.summary],
        "body": renderer.markup(rendering.body),
        "notes": [renderer.markup(note) for note in rendering.notes],
        "descriptions": [content(e) for e in descriptions(meta)],
        "declarations": [(local_name(e), content(e)) for e in meta.declarations],
    }
