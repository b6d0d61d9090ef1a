"""What is asked of one document for the pages that concern several; kept as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from toolkit.editions.guide import uses
from toolkit.editions.images import files
from toolkit.editions.marks import marks
from toolkit.editions.mentions import mentions
from toolkit.editions.parallel import blocks
from toolkit.editions.principles import principles, signs
from toolkit.editions.registers import heading, register
from toolkit.editions.search import asked
from toolkit.editions.summary import neighbour, summary

if TYPE_CHECKING:
    from toolkit.editions.page import Page
    from toolkit.render.engine import Renderer
    from toolkit.tei import Document


def of_document(page: Page, renderer: Renderer) -> dict[str, Any]:
    """Return all that a document says for others, by the name of the gathering.

    Args:
        page: The document.
        renderer: For HTML, in the reading view.
    """
    of = summary(page, renderer)
    marked = marks(page, renderer)
    named = {(mention.file, mention.entity) for mention in page.facts.mentions}
    return {
        "named": sorted(named),
        "neighbour": neighbour(of),
        "summary": of,
        "occurs": {"marks": bool(marked)},
        "mentions": mentions(page, renderer),
        "marks": marked,
        "aligned": blocks(page, renderer),
        "images": files(page),
        "encoding": uses(page),
        "signs": signs(page, renderer.key),
        "principles": principles(page, renderer),
        **asked(page, renderer.key),
    }


def of_register(document: Document, renderer: Renderer) -> dict[str, Any]:
    """Return what a register says for others, by the name of the gathering."""
    whole = register(document, renderer)
    return {"register": whole, "catalogue": heading(whole)}
