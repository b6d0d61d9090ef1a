"""The web edition: a front page, a page for each document and view, the registers.

Gives file names and contents; whoever builds writes them.
"""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Final

from toolkit.editions.catalogue import (
    Row,
    changes,
    day,
    descriptions,
    printed,
    rows,
)
from toolkit.editions.parity import Projection
from toolkit.render.facts import NAMES
from toolkit.tei import TEI, local_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from toolkit.config import Edition
    from toolkit.editions.text import Rendering
    from toolkit.metadata import Entity, Metadata
    from toolkit.render.engine import Renderer
    from toolkit.render.facts import Facts, Mention
    from toolkit.tei import Document, Element

CONTEXT: Final = 70  #: characters shown before and after a mention
_NAMES: Final = [TEI + name for name in NAMES]
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

    @property
    def day(self) -> str:
        """The document's date in words, one way for all documents."""
        return day(self.meta.date)

    @property
    def archive(self) -> str:
        """Who holds the original, by its name in the register where it has one."""
        held = self.document.root.find(f".//{TEI}msIdentifier/{TEI}repository")
        if held is None or held.get("cert") == "unknown":
            return ""
        return self.facts.of.get(held, {}).get("label") or self.meta.repository


@dataclass(frozen=True, slots=True)
class Passage:
    """A mention in its context."""

    before: str
    words: str
    after: str
    href: str
    place: str = "text"  #: ``text``, ``note`` or ``catalogue`` (then without words)


@dataclass(slots=True)
class Entry:
    """A register entry with the passages that name it, document by document."""

    entity: Entity
    mentions: list[tuple[Page, list[Passage]]] = field(default_factory=list)

    @property
    def count(self) -> int:
        """In how many places it is named."""
        return sum(len(passages) for _, passages in self.mentions)

    @property
    def letter(self) -> str:
        """The letter it is filed under, without accents; ``#`` where it is none."""
        first = unicodedata.normalize("NFD", self.entity.sort_key[:1])[:1].upper()
        return first if first.isalpha() else "#"


@dataclass(frozen=True, slots=True)
class Register:
    """One register: its file's name, title and entries."""

    name: str
    title: str
    entries: list[Entry]

    @property
    def letters(self) -> list[tuple[str, list[Entry]]]:
        """The entries letter by letter."""
        return [
            (letter, list(group))
            for letter, group in groupby(self.entries, lambda entry: entry.letter)
        ]


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
        pages: Sequence[Page],
        registers: Sequence[Register],
        renderers: Mapping[str, Renderer],
        inline: Inline | None = None,
    ) -> None:
        """Set up a site.

        Args:
            edition: The settings.
            pages: The documents, in any order; the site puts them by date.
            registers: The registers, in the order of the navigation.
            renderers: An HTML renderer for each view.
            inline: Style and script to put into the pages instead of linking them.
        """
        self.edition, self.renderers = edition, renderers
        self.pages = sorted(pages, key=lambda p: (p.meta.date or "9999", p.name))
        self.registers = registers
        self.library = next(iter(renderers.values())).library
        self.common = {
            "edition": edition,
            "registers": registers,
            "pages": self.pages,
            "inline": inline,
        }

    def front(self) -> str:
        """Return the front page."""
        paragraphs = [p for p in self.edition.description.split("\n\n") if p.strip()]
        renderer = self.renderers["reading"]
        # Without facts: no links and no ids, which would be doubled on one page.
        summaries = {
            page.name: [renderer.content(element) for element in page.meta.summary]
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
            rows=[
                (row, self._values(page, view, row))
                for row in rows(page.document, meta)
            ],
            descriptions=rendered(descriptions(meta)),
            declarations=[
                (local_name(element), self._rendered(page, view, element))
                for element in meta.declarations
            ],
            changes=changes(page.facts),
            marks=_marks(page),
        )

    def _values(self, page: Page, view: str, row: Row) -> list[object]:
        """Return what stands beside a row's label, rendered."""
        renderer = self.renderers[view]
        render = renderer.render if row.whole else renderer.content
        return [render(e, page.facts) for e in row.elements] or [row.words]

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


def _marks(page: Page) -> frozenset[str]:
    """Return what a key to the marks in the margin must explain.

    The drawn forms (@rend, or ``unstated``), functions and certainties that occur.
    """
    found: set[str] = set()
    for mark in page.document.root.iter(f"{TEI}metamark"):
        found.add(mark.get("function", ""))
        found.update((mark.get("rend") or "unstated").split())
        found.add(f"cert-{mark.get('cert', 'stated')}")
    return frozenset(found)


class _Marked(Projection):
    """A projection that marks where each mention begins and ends."""

    wanted: Mapping[Element, Mention]
    note: Element | None = None  #: the one note to show, in its place

    def _pieces(self, element: Element) -> Iterator[str | Element]:
        if element is self.note:
            yield " ["
            yield from self._children(element)
            yield "]"
        elif element not in self.wanted:
            yield from super()._pieces(element)
        else:
            yield f"\x02{self.wanted[element].anchor}\x03"
            yield from super()._pieces(element)
            yield "\x04"


def passages(page: Page, renderer: Renderer) -> dict[tuple[str, str], list[Passage]]:
    """Return every mention in a document, in context, by entity.

    Mentions in the catalogue entry come last, one for each entity, without context.

    Args:
        page: The document.
        renderer: Gives the view and the key of signs for the context's words.
    """
    mentions = {
        mention.element: mention
        for mention in page.facts.mentions
        if next(mention.element.iterancestors(f"{TEI}text"), None) is not None
    }
    projection = _Marked(renderer.key, renderer.view)
    projection.wanted = mentions
    places = {m.anchor: (m, _place(element)) for element, m in mentions.items()}
    found: dict[tuple[str, str], list[Passage]] = {}
    for block, note in dict.fromkeys(place for _, place in places.values()):
        projection.note = note
        kind = "text" if note is None else "note"
        text = " ".join(projection.text(block).split())
        for anchor, passage in _cut(text, page.name, kind):
            mention, place = places[anchor]
            if place == (block, note):
                found.setdefault((mention.file, mention.entity), []).append(passage)
    for mention in _catalogued(page):
        passage = Passage("", "", "", f"{page.name}.html#{mention.anchor}", "catalogue")
        found.setdefault((mention.file, mention.entity), []).append(passage)
    return found


def _catalogued(page: Page) -> Iterator[Mention]:
    """Yield the first mention of each entity in the part of the header we print."""
    mentions = {mention.element: mention for mention in page.facts.mentions}
    seen: set[tuple[str, str]] = set()
    for element in printed(page.document, page.meta):
        for named in element.iter(*_NAMES):
            mention = mentions.get(named)
            if mention and (mention.file, mention.entity) not in seen:
                seen.add((mention.file, mention.entity))
                yield mention


def _place(element: Element) -> tuple[Element, Element | None]:
    """Return the block a mention stands in, and the note in that block, if any.

    The innermost paragraph or heading around the mention, or around its note.
    """
    note = next(element.iterancestors(f"{TEI}note"), None)
    inner = element if note is None else note
    block = next(inner.iterancestors(*_BLOCKS), None)
    if block is not None:
        return block, note
    parent = inner.getparent()
    return inner if parent is None else parent, note


def _cut(text: str, page: str, place: str) -> Iterator[tuple[str, Passage]]:
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
                place=place,
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
    return text if cut < 0 else text[:cut] + "\u00a0…"
