"""Every mention of a person, place or organisation in a document, in context."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypedDict

from toolkit.editions.catalogue import printed
from toolkit.editions.parity import Projection
from toolkit.render.facts import NAMES
from toolkit.tei import TEI

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from toolkit.editions.page import Page
    from toolkit.render.engine import Renderer
    from toolkit.render.facts import Mention
    from toolkit.tei import Element

CONTEXT: Final = 70  #: characters shown before and after a mention
_NAMES: Final = [TEI + name for name in NAMES]
_BLOCKS: Final = [
    TEI + name for name in ("p", "head", "ab", "item", "opener", "closer")
]


class Passage(TypedDict):
    """A mention in its context."""

    before: str
    words: str
    after: str
    href: str
    place: str  #: ``text``, ``note`` or ``catalogue`` (then without words)


#: What a document says of each entity; by register file and id: ``persons.xml#kim``.
Mentions = dict[str, list[Passage]]


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


def mentions(page: Page, renderer: Renderer) -> Mentions:
    """Return every mention in a document, in context, by entity.

    Mentions in the catalogue entry come last, one for each entity, without context.

    Args:
        page: The document.
        renderer: Gives the view and the key of signs for the context's words.
    """
    wanted = {
        mention.element: mention
        for mention in page.facts.mentions
        if next(mention.element.iterancestors(f"{TEI}text"), None) is not None
    }
    projection = _Marked(renderer.key, renderer.view)
    projection.wanted = wanted
    places = {m.anchor: (m, _place(element)) for element, m in wanted.items()}
    found: Mentions = {}
    for block, note in dict.fromkeys(place for _, place in places.values()):
        projection.note = note
        kind = "text" if note is None else "note"
        text = " ".join(projection.text(block).split())
        for anchor, passage in _cut(text, page.name, kind):
            mention, place = places[anchor]
            if place == (block, note):
                found.setdefault(_entity(mention), []).append(passage)
    for mention in _catalogued(page):
        found.setdefault(_entity(mention), []).append(
            {
                "before": "",
                "words": "",
                "after": "",
                "href": f"{page.name}.html#{mention.anchor}",
                "place": "catalogue",
            }
        )
    return found


def _entity(mention: Mention) -> str:
    return f"{mention.file}#{mention.entity}"


def _catalogued(page: Page) -> Iterator[Mention]:
    """Yield the first mention of each entity in the part of the header we print."""
    of = {mention.element: mention for mention in page.facts.mentions}
    seen: set[str] = set()
    for element in printed(page.document, page.meta):
        for named in element.iter(*_NAMES):
            mention = of.get(named)
            if mention and _entity(mention) not in seen:
                seen.add(_entity(mention))
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
            {
                "before": _shortened(before[::-1])[::-1],
                "words": _clean(text[middle + 1 : end]),
                "after": _shortened(after),
                "href": f"{page}.html#{anchor}",
                "place": place,
            },
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
