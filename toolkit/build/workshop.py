"""What work on documents needs, made once for each process: templates and the key."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from toolkit.build.proof import prove
from toolkit.editions import parity
from toolkit.editions.page import Page
from toolkit.editions.site import Site
from toolkit.editions.text import render_body
from toolkit.metadata import language_of, metadata
from toolkit.render.engine import Renderer
from toolkit.render.facts import gather
from toolkit.render.library import Library
from toolkit.render.signs import VIEWS, load_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from toolkit.config import Edition
    from toolkit.editions.text import Rendering
    from toolkit.tei import Document


class Workshop:
    """The templates, the key of signs and the proofs of one edition."""

    def __init__(self, edition: Edition) -> None:
        """Load the key of signs; templates are loaded when they are met.

        Raises:
            ConfigError: The key of signs cannot be used.
        """
        self.edition = edition
        self.key = load_key(edition)
        self.projections = {view: parity.Projection(self.key, view) for view in VIEWS}
        self._libraries: dict[str, Library] = {}
        self._renderers: dict[tuple[str, str], Renderer] = {}
        self._rendered: dict[tuple[str, str], Rendering] = {}
        self._of: Page | None = None

    def library(self, kind: str) -> Library:
        """Return the templates of a format."""
        if kind not in self._libraries:
            folders = self.edition.template_folders()
            self._libraries[kind] = Library(folders, kind)
        return self._libraries[kind]

    def renderer(self, kind: str, view: str) -> Renderer:
        """Return the renderer of a format and view."""
        if (kind, view) not in self._renderers:
            renderer = Renderer(self.library(kind), self.key, view)
            self._renderers[kind, view] = renderer
        return self._renderers[kind, view]

    @cached_property
    def site(self) -> Site:
        """What makes the pages of the web edition."""
        return Site(self.edition, {view: self.renderer("html", view) for view in VIEWS})

    def rendering(self, page: Page, kind: str, view: str) -> tuple[Rendering, int]:
        """Render a document, once, and prove that all its words are there.

        Args:
            page: The document.
            kind: ``"html"`` or ``"text"``.
            view: ``"reading"`` or ``"source"``.

        Returns:
            The rendering, and how many words were proved now.

        Raises:
            TemplateError: A template fails.
            ParityError: Words are lost, added or moved.
        """
        if page is not self._of:
            self._of, self._rendered = page, {}
        if (kind, view) in self._rendered:
            return self._rendered[kind, view], 0
        renderer = self.renderer(kind, view)
        made = render_body(renderer, page.document.root, page.facts)
        words = prove(page.document, kind, self.projections[view], made)
        self._rendered[kind, view] = made
        return made, words


def page_of(document: Document, cards: Mapping[str, Any]) -> Page:
    """Read a document's header and facts.

    Args:
        document: The document.
        cards: What the registers say of the entities it names, by ``file#id``.
    """

    def label(file: str, ident: str) -> str:
        return str(cards.get(f"{file}#{ident}", {}).get("name", ""))

    facts = gather(document.root, label=label)
    return Page(document, metadata(document), facts, language_of(document))
