"""One document as a page that stands alone, or as text; nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.editions.page import Page
from toolkit.editions.site import Inline, Site
from toolkit.editions.text import render_body, text_file
from toolkit.metadata import language_of, metadata
from toolkit.render.engine import Renderer
from toolkit.render.facts import gather
from toolkit.render.library import Library
from toolkit.render.signs import load_key
from toolkit.tei import read

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.config import Edition


def render_file(edition: Edition, path: Path, kind: str, view: str) -> str:
    """Return one document's page, complete in itself, or its text.

    Args:
        edition: The edition it belongs to, for templates and the key of signs.
        path: The TEI file.
        kind: ``"html"`` or ``"text"``.
        view: ``"reading"`` or ``"source"``.

    Raises:
        ReadError: The file cannot be read as TEI.
        TemplateError: A template fails.
    """
    document = read(path)
    renderer = Renderer(
        Library(edition.template_folders(), kind), load_key(edition), view
    )
    facts = gather(document.root)
    page = Page(document, metadata(document), facts, language_of(document))
    rendering = render_body(renderer, document.root, facts)
    if kind == "text":
        return text_file(renderer, page.meta, rendering, facts)
    inline = Inline(_asset(edition, "edition.css"), _asset(edition, "edition.js"))
    return Site(edition, {view: renderer}, inline).document(page, view, rendering, {})


def _asset(edition: Edition, name: str) -> str:
    """Return a style sheet or script, the edition's own or ours."""
    for folder in edition.template_folders():
        path = folder / "html" / "assets" / name
        if path.is_file():
            return path.read_text(encoding="utf-8")
    return ""
