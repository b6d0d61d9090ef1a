"""Texts side by side, where @corresp aligns them: a translation and its original.

A block of text (the innermost one with @corresp) is set beside the blocks that it
points to or that point to it. Both texts have to say what is aligned: what has no
@corresp of its own is not shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypedDict

from toolkit.editions.parity import Projection
from toolkit.render.direction import direction
from toolkit.tei import TEI, XML_ID, XML_LANG

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from toolkit.editions.page import Page
    from toolkit.render.engine import Renderer
    from toolkit.tei import Element

_BLOCKS: Final = [
    TEI + name for name in ("div", "p", "ab", "lg", "l", "head", "item", "sp", "quote")
]


class Block(TypedDict):
    """A block of text that is aligned with others."""

    place: str  #: ``file.xml#id``; without an id nothing can point to it
    to: list[str]  #: the places that it points to
    href: str
    language: str
    direction: str
    words: str


#: The blocks that stand side by side in a row.
Row = tuple[list[Block], list[Block]]


def blocks(page: Page, renderer: Renderer) -> list[Block]:
    """Return the aligned blocks of a document, in the order of the text.

    Args:
        page: The document.
        renderer: Gives the view and the key of signs for the words.
    """
    projection = Projection(renderer.key, renderer.view)
    file = page.document.path.name
    found: list[Block] = []
    for element in _aligned(page):
        ident = element.get(XML_ID, "")
        anchor = ident or page.facts.anchors.get(element, "")
        language = _language(element) or page.language
        found.append(
            {
                "place": f"{file}#{ident}" if ident else "",
                "to": list(_targets(element, file)),
                "href": f"{page.name}.html" + (f"#{anchor}" if anchor else ""),
                "language": "" if language == "und" else language,
                "direction": direction(language),
                "words": " ".join(projection.text(element).split()),
            }
        )
    return found


def _aligned(page: Page) -> Iterator[Element]:
    """Yield the innermost blocks that have @corresp."""
    for text in page.document.root.iterchildren(f"{TEI}text"):
        for element in text.iter(*_BLOCKS):
            if element.get("corresp") and not any(
                inner is not element and inner.get("corresp")
                for inner in element.iter(*_BLOCKS)
            ):
                yield element


def _targets(element: Element, file: str) -> Iterator[str]:
    for pointer in (element.get("corresp") or "").split():
        target, mark, ident = pointer.partition("#")
        if mark and ident and "/" not in target:
            yield f"{target or file}#{ident}"


def _language(element: Element) -> str:
    around = (element, *element.iterancestors())
    return next((e.get(XML_LANG, "") for e in around if e.get(XML_LANG)), "")


def pages_beside(page: Page) -> list[str]:
    """Return the names of the pages that show a document beside another text."""
    file = page.document.path.name
    others = {
        target.partition("#")[0]
        for element in _aligned(page)
        for target in _targets(element, file)
    }
    return sorted({name(file, other) for other in others})


def name(one: str, other: str) -> str:
    """Return the name, without suffix, of the page for two files (or for one)."""
    first, second = sorted(file.removesuffix(".xml") for file in (one, other))
    return f"{first}.with.{second}"


def pairs(texts: Mapping[str, Sequence[Block]]) -> list[tuple[str, str]]:
    """Return the files that are aligned with one another, each pair once.

    Args:
        texts: The aligned blocks of each file.
    """
    found = {
        (min(file, other), max(file, other))
        for file, of in texts.items()
        for block in of
        for other in [target.partition("#")[0] for target in block["to"]]
        if other in texts
    }
    return sorted(found)


def rows(left: Sequence[Block], right: Sequence[Block]) -> list[Row]:
    """Return two texts in rows, each text in its own order and whole.

    Args:
        left: The blocks of the one text.
        right: The blocks of the other; the same object for a text aligned in itself.
    """
    if left is right:
        left, right = _halves(left)
    number_of = {block["place"]: n for n, block in enumerate(left) if block["place"]}
    pointed = {target: n for n, block in enumerate(left) for target in block["to"]}
    made: list[Row] = [([block], []) for block in left]
    alone: dict[int, list[Row]] = {}  # what has no partner, by the row before it
    last = -1
    for block in right:
        named = (number_of[target] for target in block["to"] if target in number_of)
        number = next(named, pointed.get(block["place"], -1))
        # What would stand before its predecessor stands alone: the order is kept.
        if number < max(last, 0):
            alone.setdefault(last, []).append(([], [block]))
        else:
            made[number][1].append(block)
            last = number
    found = list(alone.get(-1, []))
    for number, row in enumerate(made):
        found += [row, *alone.get(number, [])]
    return found


def _halves(blocks: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """Divide a text aligned in itself: what is spoken of first, and its partners."""
    seen: set[str] = set()
    left: list[Block] = []
    right: list[Block] = []
    for block in blocks:
        pointed = any(block["place"] in other["to"] for other in left)
        (right if pointed or seen.intersection(block["to"]) else left).append(block)
        seen.add(block["place"])
    return left, right
