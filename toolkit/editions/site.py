"""The web edition's pages: a page for each document and view, and what all share.

Gives file names and contents; whoever builds writes them. The pages that concern
several documents are made in :mod:`toolkit.editions.products`.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from toolkit.editions.catalogue import changes, descriptions, rows
from toolkit.editions.images import images
from toolkit.editions.marks import legend
from toolkit.editions.parallel import pages_beside
from toolkit.exchange import citations
from toolkit.exchange.descriptions import data_block, meta_elements, schema_org
from toolkit.render.direction import direction
from toolkit.tei import local_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from toolkit.config import Edition
    from toolkit.editions.catalogue import Row
    from toolkit.editions.page import Page
    from toolkit.editions.text import Rendering
    from toolkit.exchange.citations import Citation
    from toolkit.render.engine import Renderer
    from toolkit.tei import Element

    #: Another form of a document: label, address, media type.
    Form = tuple[str, str, str]

#: What a page shows of an edition of which nothing else is known.
ALONE: Final[Mapping[str, Any]] = {"registers": [], "marks": False, "search": False}


@dataclass(frozen=True, slots=True)
class Inline:
    """Style and script that stand in a page of its own, and the policy for them."""

    style: str
    script: str

    @property
    def policy(self) -> str:
        """The Content-Security-Policy that allows these two and nothing else."""
        style, script = (
            base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            for text in (self.style, self.script)
        )
        return (
            "default-src 'none'; img-src 'self' data:; "
            f"style-src 'sha256-{style}'; script-src 'sha256-{script}'"
        )


class Site:
    """Makes the pages of one edition."""

    def __init__(
        self,
        edition: Edition,
        renderers: Mapping[str, Renderer],
        inline: Inline | None = None,
    ) -> None:
        """Set up a site.

        Args:
            edition: The settings.
            renderers: An HTML renderer for each view.
            inline: Style and script to put into the pages instead of linking them.
        """
        self.edition, self.renderers = edition, renderers
        self.library = next(iter(renderers.values())).library
        self.common = {"edition": edition, "inline": inline}

    def make(self, name: str, frame: Mapping[str, Any], **values: object) -> str:
        """Return a page.

        Args:
            name: Its template in ``pages/``, without suffix.
            frame: What every page shows of the edition: see ``products.frame``.
            values: What the template sees besides.
        """
        template = self.library.get(f"pages/{name}.html")
        shared = {**self.common, "frame": frame, "registers": frame["registers"]}
        return self.library.render(template, {**shared, **values})

    def document(
        self, page: Page, view: str, rendering: Rendering, context: Mapping[str, Any]
    ) -> str:
        """Return a document's page in one view.

        Args:
            page: The document.
            view: ``"reading"`` or ``"source"``.
            rendering: Its text and notes in that view.
            context: What it says of others: ``previous`` and ``following`` (or
                None), ``cards`` (register entries by ``file#id``), ``frame``, and
                ``forms``, its other forms besides TEI and text.
        """
        renderer, meta = self.renderers[view], page.meta

        def rendered(elements: Sequence[Element]) -> list[object]:
            return [renderer.content(element, page.facts) for element in elements]

        return self.make(
            "document",
            context.get("frame", ALONE),
            page=page,
            meta=meta,
            view=view,
            language=page.language if page.language != "und" else "",
            direction=direction(page.language),
            previous=context.get("previous"),
            following=context.get("following"),
            body=renderer.markup(rendering.body),
            notes=[renderer.markup(note) for note in rendering.notes],
            summary=rendered(meta.summary),
            rows=[
                (row, self._values(page, view, row))
                for row in rows(page.document, meta)
            ],
            descriptions=rendered(descriptions(meta)),
            declarations=[
                (local_name(element), renderer.content(element, page.facts))
                for element in meta.declarations
            ],
            changes=changes(page.facts),
            marks=legend(page),
            cards=self._cards(page, context),
            beside=pages_beside(page),
            images=images(page),
            **self._identity(page, context),
        )

    def citation(self, page: Page, context: Mapping[str, Any]) -> Citation:
        """Return how a document is cited."""
        cards = context.get("cards", {})
        return citations.of_document(
            page.document, page.meta, self.edition, cards, page.language
        )

    def citation_files(self, page: Page, context: Mapping[str, Any]) -> dict[str, str]:
        """Return a document's citation in the formats that programs import, by file."""
        return _citation_files(page.name, self.citation(page, context))

    def _identity(self, page: Page, context: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a page says of which document it is, to people and programs."""
        citation = self.citation(page, context)
        forms = [*own_forms(page.name), *context.get("forms", ())]
        pdf = next((href for _, href, kind in forms if kind == "application/pdf"), "")
        described = schema_org(
            citation,
            page.meta,
            self.edition,
            context.get("cards", {}).values(),
            forms,
        )
        public = citations.address(self.edition, pdf) if pdf else ""
        return {
            "forms": forms,
            "citation": cited(page.name, citation),
            "address": citation.address,
            "metas": meta_elements(
                citation, page.meta, self.edition.licence, public or pdf
            ),
            "described": self.renderers["reading"].markup(data_block(described))
            if "reading" in self.renderers
            else "",
        }

    def _cards(self, page: Page, context: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the register entries that a page refers to, once each, in order."""
        cards, markup = context.get("cards", {}), next(iter(self.renderers.values()))
        named = dict.fromkeys(f"{m.file}#{m.entity}" for m in page.facts.mentions)
        return [
            {**cards[key], "notes": [markup.markup(n) for n in cards[key]["notes"]]}
            for key in named
            if key in cards
        ]

    def _values(self, page: Page, view: str, row: Row) -> list[object]:
        """Return what stands beside a row's label, rendered."""
        renderer = self.renderers[view]
        render = renderer.render if row.whole else renderer.content
        return [render(e, page.facts) for e in row.elements] or [row.words]


def own_forms(name: str) -> list[Form]:
    """Return the forms of a document that the site itself holds."""
    return [
        ("TEI-XML", f"tei/{name}.xml", "application/tei+xml"),
        ("Plain text", f"text/{name}.txt", "text/plain"),
    ]


def cited(name: str, citation: Citation) -> dict[str, Any]:
    """Return a citation as pages show it.

    Args:
        name: What the names of its files begin with.
        citation: The citation.
    """
    return {
        "styles": [
            ("Chicago", citations.chicago(citation)),
            ("MLA", citations.mla(citation)),
        ],
        "formats": [
            (title, f"cite/{name}.{ending}", kind, make(citation).replace("\r\n", "\n"))
            for ending, title, kind, make in citations.FORMATS
        ],
    }


def _citation_files(name: str, citation: Citation) -> dict[str, str]:
    return {
        f"cite/{name}.{ending}": make(citation)
        for ending, _, _, make in citations.FORMATS
    }


def edition_citation_files(edition: Edition) -> dict[str, str]:
    """Return the edition's citation in the formats that programs import, by file."""
    return _citation_files("edition", citations.of_edition(edition))
