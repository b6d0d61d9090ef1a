"""The web edition: a front page, a page for each document and view, the registers.

Gives file names and contents; whoever builds writes them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from toolkit.editions.parity import Projection
from toolkit.tei import TEI

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from toolkit.config import Edition
    from toolkit.editions.text import Rendering
    from toolkit.metadata import Entity, Metadata
    from toolkit.render.engine import Renderer
    from toolkit.render.facts import Facts, Mention
    from toolkit.tei import Document, Element

CONTEXT: Final = 70  #: characters shown before and after a mention
_BLOCKS: Final = [
    TEI + name for name in ("p", "head", "ab", "item", "opener", "closer")
]


@dataclass(frozen=True, slots=True)
class Page:
    """What the site knows of a document before its page is made."""

    document: Document
    meta: Metadata
    facts: Facts
    language: str

    @property
    def name(self) -> str:
        """The page's file name without suffix: the document's file name."""
        return self.document.path.stem


@dataclass(frozen=True, slots=True)
class Passage:
    """A mention in its context."""

    before: str
    words: str
    after: str
    href: str


@dataclass(slots=True)
class Entry:
    """A register entry with the passages that name it, document by document."""

    entity: Entity
    mentions: list[tuple[Metadata, str, list[Passage]]] = field(default_factory=list)

    @property
    def count(self) -> int:
        """In how many places it is named."""
        return sum(len(passages) for _, _, passages in self.mentions)


@dataclass(frozen=True, slots=True)
class Register:
    """One register: its file's name, title and entries."""

    name: str
    title: str
    entries: list[Entry]


class Site:
    """Makes the pages of one edition."""

    def __init__(
        self,
        edition: Edition,
        pages: Sequence[Page],
        registers: Sequence[Register],
        renderers: Mapping[str, Renderer],
    ) -> None:
        """Set up a site.

        Args:
            edition: The settings.
            pages: The documents, in any order; the site puts them by date.
            registers: The registers, in the order of the navigation.
            renderers: An HTML renderer for each view.
        """
        self.edition, self.renderers = edition, renderers
        self.pages = sorted(pages, key=lambda p: (p.meta.date or "9999", p.name))
        self.registers = registers
        self.library = next(iter(renderers.values())).library
        self.common = {
            "edition": edition,
            "registers": registers,
            "pages": self.pages,
        }

    def front(self) -> str:
        """Return the front page."""
        paragraphs = [p for p in self.edition.description.split("\n\n") if p.strip()]
        summaries = {
            page.name: [
                self._rendered(page, "reading", element)
                for element in page.meta.summary
            ]
            for page in self.pages
        }
        return self._make("index", paragraphs=paragraphs, summaries=summaries)

    def document(self, page: Page, view: str, rendering: Rendering) -> str:
        """Return a document's page in one view."""
        place = self.pages.index(page)
        meta = page.meta

        def rendered(elements: Sequence[Element]) -> list[object]:
            return [self._rendered(page, view, element) for element in elements]

        return self._make(
            "document",
            page=page,
            meta=meta,
            view=view,
            previous=self.pages[place - 1] if place else None,
            following=self.pages[place + 1] if place + 1 < len(self.pages) else None,
            body=self.renderers[view].markup(rendering.body),
            notes=[self.renderers[view].markup(note) for note in rendering.notes],
            summary=rendered(meta.summary),
            citation=rendered([] if meta.citation is None else [meta.citation]),
            acknowledgements=rendered(meta.acknowledgements),
            descriptions=rendered(meta.descriptions),
            declarations=rendered(meta.declarations),
        )

    def register(self, register: Register) -> str:
        """Return a register's page."""
        notes = {
            entry.entity.ident: [
                self.renderers["reading"].content(note) for note in entry.entity.notes
            ]
            for entry in register.entries
        }
        return self._make("register", register=register, notes=notes)

    def _rendered(self, page: Page, view: str, element: Element) -> object:
        return self.renderers[view].content(element, page.facts)

    def _make(self, name: str, **values: object) -> str:
        template = self.library.get(f"pages/{name}.html")
        return self.library.render(template, {**self.common, **values})


class _Marked(Projection):
    """A projection that marks where each mention begins and ends."""

    wanted: Mapping[Element, Mention]

    def _pieces(self, element: Element) -> Iterator[str | Element]:
        if element not in self.wanted:
            yield from super()._pieces(element)
            return
        yield f"\x02{self.wanted[element].anchor}\x03"
        yield from super()._pieces(element)
        yield "\x04"


def passages(page: Page, renderer: Renderer) -> dict[tuple[str, str], list[Passage]]:
    """Return every mention in a document's text, in context, by entity.

    Args:
        page: The document.
        renderer: Gives the view and the key of signs for the context's words.
    """
    mentions = {
        mention.element: mention
        for mention in page.facts.mentions
        if next(mention.element.iterancestors(f"{TEI}text"), None) is not None
    }
    blocks = dict.fromkeys(_block(element) for element in mentions)
    projection = _Marked(renderer.key, renderer.view)
    projection.wanted = mentions
    by_anchor = {mention.anchor: mention for mention in mentions.values()}
    found: dict[tuple[str, str], list[Passage]] = {}
    for block in blocks:
        text = " ".join(projection.text(block).split())
        for anchor, passage in _cut(text, page.name):
            mention = by_anchor[anchor]
            found.setdefault((mention.file, mention.entity), []).append(passage)
    return found


def _block(element: Element) -> Element:
    """Return the block a mention stands in: its innermost paragraph or heading."""
    block = next(element.iterancestors(*_BLOCKS), None)
    if block is not None:
        return block
    parent = element.getparent()
    return element if parent is None else parent


def _cut(text: str, page: str) -> Iterator[tuple[str, Passage]]:
    """Yield the anchor and the context of each mention marked in a block's text."""
    start = text.find("\x02")
    while start >= 0:
        middle = text.index("\x03", start)
        end = _end(text, middle)
        anchor = text[start + 1 : middle]
        before, after = _clean(text[:start]), _clean(text[end + 1 :])
        yield (
            anchor,
            Passage(
                before=_shortened(before[::-1])[::-1],
                words=_clean(text[middle + 1 : end]),
                after=_shortened(after),
                href=f"{page}.html#{anchor}",
            ),
        )
        start = text.find("\x02", middle)


def _end(text: str, start: int) -> int:
    """Return where the mention opened before ``start`` ends; mentions may nest."""
    depth = 1
    for position in range(start, len(text)):
        if text[position] == "\x02":
            depth += 1
        elif text[position] == "\x04":
            depth -= 1
            if depth == 0:
                return position
    return len(text)


def _clean(text: str) -> str:
    pieces = text.split("\x02")
    kept = [pieces[0], *(p.split("\x03", 1)[-1] for p in pieces[1:])]
    return "".join(kept).replace("\x04", "")


def _shortened(text: str) -> str:
    """Return the beginning of a text, cut at a blank, with an ellipsis if cut."""
    if len(text) <= CONTEXT:
        return text
    cut = text.find(" ", CONTEXT)
    return text if cut < 0 else text[:cut] + " …"
