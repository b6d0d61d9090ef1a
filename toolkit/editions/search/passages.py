"""The passages of a document as the search knows them: its text, block by block.

A block is a paragraph, a heading, a note …: what a reader sees as one. Each is given
as it is read and, where its words differ there, as it stands in the source. Signs of
the key stay where they are brackets and dots; signs that are words are left out, for
they are nobody's words. Notes are blocks of their own, wherever they stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from toolkit.editions.catalogue import rows
from toolkit.editions.parity import Projection
from toolkit.editions.search.words import whole, words
from toolkit.editions.text import texts
from toolkit.render.signs import VIEWS
from toolkit.tei import TEI, XML_ID

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from toolkit.editions.page import Page
    from toolkit.render.signs import Key
    from toolkit.tei import Element

#: Kinds of blocks, as they stand in the files of the search.
TEXT, HEAD, NOTE, SUMMARY, CATALOGUE = "t", "h", "n", "s", "c"
_NOTE: Final = f"{TEI}note"
_HEADS: Final = frozenset({f"{TEI}head", f"{TEI}titlePart"})
_BLOCKS: Final = frozenset(
    TEI + name
    for name in """
    ab argument back body byline castGroup castItem castList closer div div1 div2 div3
    div4 div5 div6 div7 docImprint epigraph figDesc figure floatingText front group
    head item label lg list listBibl note opener p postscript row sp speaker stage
    table text titlePage titlePart trailer
    """.split()
)
#: Said in the catalogue entry, but said elsewhere too.
_REPEATED: Final = frozenset({"citation", "date"})
_MARKS: Final = re.compile("(\x02[0-9]+\x03|\x04)")
_BLANKS: Final = re.compile(r"\s+")

#: A mention: which entity, by register file and id, and where it begins and ends.
Mention = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of a block in one view, with the mentions in it."""

    text: str
    mentions: tuple[Mention, ...] = ()

    @property
    def words(self) -> list[str]:
        """Its words as they are compared, signs within them apart."""
        return [whole(parts) or "".join(parts) for parts in words(self.text)]


@dataclass(frozen=True, slots=True)
class Passage:
    """One block: its kind, where the page shows it, and its text."""

    kind: str
    anchor: str  #: an id on the document's page; empty for the page's head
    reading: Reading
    source: Reading | None = None  #: where its words differ from the reading's


@dataclass(slots=True)
class _Run:
    """The text of a block as it is put together."""

    pieces: list[str] = field(default_factory=list)
    length: int = 0
    mentions: list[Mention] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Add text; white space is run together, none stands at the beginning."""
        text = _BLANKS.sub(" ", text)
        if text.startswith(" ") and (not self.pieces or self.pieces[-1].endswith(" ")):
            text = text[1:]
        if text:
            self.pieces.append(text)
            self.length += len(text)

    def reading(self) -> Reading:
        """Return what was put together."""
        text = "".join(self.pieces).rstrip()
        mentions = []
        for entity, start, end in self.mentions:
            end = min(end, len(text))
            start += len(text[start:end]) - len(text[start:end].lstrip())
            end -= len(text[start:end]) - len(text[start:end].rstrip())
            if start < end:
                mentions.append((entity, start, end))
        return Reading(text, tuple(sorted(mentions, key=lambda m: (m[1], -m[2]))))


class _Blocks(Projection):
    """A projection that marks where blocks and mentions begin and end."""

    def __init__(self, key: Key, view: str, entities: Mapping[Element, str]) -> None:
        super().__init__(key, view)
        self.entities = entities
        self.opened: list[Element] = []

    def _pieces(self, element: Element) -> Iterator[str | Element]:
        if element.tag not in _BLOCKS and element not in self.entities:
            yield from super()._pieces(element)
            return
        yield f"\x02{len(self.opened)}\x03"
        self.opened.append(element)
        yield from super()._pieces(element)
        yield "\x04"

    def _hides(self, name: str, element: Element) -> bool:
        if name == "note":  # in the reading view too, notes are to be found
            return not self.properties.chosen(element)
        return super()._hides(name, element)

    def _around(self, name: str, element: Element) -> tuple[str, str]:
        if name == "note":
            return "", ""
        before, after = super()._around(name, element)
        return _wordless(before), _wordless(after)

    def runs(self, element: Element) -> dict[Element, _Run]:
        """Return the text of each block within an element, itself included."""
        self.opened.clear()
        runs = {element: _Run()}
        blocks = [element]
        starts: list[int] = []  # of the mentions that are open
        around: list[Element] = []
        for piece in _MARKS.split(self.text(element)):
            if piece == "\x04":
                closed = around.pop()
                if closed.tag in _BLOCKS:
                    blocks.pop()
                    continue
                run = runs[blocks[-1]]
                run.mentions.append((self.entities[closed], starts.pop(), run.length))
            elif piece.startswith("\x02"):
                opened = self.opened[int(piece[1:-1])]
                around.append(opened)
                if opened.tag in _BLOCKS:
                    if opened.tag != _NOTE:  # a note does not part words
                        runs[blocks[-1]].add(" ")
                    blocks.append(opened)
                    runs.setdefault(opened, _Run())
                else:
                    starts.append(runs[blocks[-1]].length)
            else:
                runs[blocks[-1]].add(piece)
        return runs


def _wordless(sign: str) -> str:
    """Return a sign without its words; the blanks around it still part words."""
    if not any(map(str.isalnum, sign)):
        return sign
    return " " if sign[0].isspace() or sign[-1].isspace() else ""


def passages(page: Page, key: Key) -> Iterator[Passage]:
    """Yield the passages of a document that have words, in the order of its page.

    Args:
        page: The document.
        key: The key of signs, for the texts that are shown.
    """
    entities = {m.element: f"{m.file}#{m.entity}" for m in page.facts.mentions}
    views = [_Blocks(key, view, entities) for view in VIEWS]
    if page.meta.title_element is not None:
        yield from _of_header(views, page.meta.title_element, HEAD)
    said = list(_catalogue(page, views))
    yield from {passage.reading.text: passage for passage in said}.values()
    for element in page.meta.summary:
        yield from _of_header(views, element, SUMMARY)
    for text in texts(page.document.root):
        yield from _of_text(page, views, text)


def _catalogue(page: Page, views: list[_Blocks]) -> Iterator[Passage]:
    """Yield what the catalogue entry says, one passage for each value."""
    for row in rows(page.document, page.meta):
        if row.name in _REPEATED:
            continue
        if row.words:
            yield Passage(CATALOGUE, "", Reading(row.words))
        for element in row.elements:
            yield from _of_header(views, element, CATALOGUE)


def _of_header(views: list[_Blocks], element: Element, kind: str) -> Iterator[Passage]:
    """Yield what an element of the header says; the page gives it no address."""
    for _, reading, source in _both(views, element):
        yield Passage(kind, "", reading, source)


def _of_text(page: Page, views: list[_Blocks], text: Element) -> Iterator[Passage]:
    """Yield the passages of a text, each with the nearest address before it."""
    anchor = ""
    for block, reading, source in _both(views, text):
        note = block if block.tag == _NOTE else next(block.iterancestors(_NOTE), None)
        own = _anchor(page, block if note is None else note)
        anchor = own or anchor
        kind = TEXT if note is None else NOTE
        yield Passage(HEAD if block.tag in _HEADS else kind, anchor, reading, source)


def _anchor(page: Page, block: Element) -> str:
    """Return the id that the page gives to a block, or to a block around it."""
    facts = page.facts
    for element in (block, *block.iterancestors()):
        if element.tag not in _BLOCKS:
            continue
        anchor = facts.of.get(element, {}).get("id") or facts.anchors.get(element, "")
        if anchor := anchor or element.get(XML_ID, ""):
            return anchor
    return ""


def _both(
    views: list[_Blocks], element: Element
) -> Iterator[tuple[Element, Reading, Reading | None]]:
    """Yield each block with words, as it is read and, if it differs, in the source."""
    read, stands = (view.runs(element) for view in views)
    for block in dict.fromkeys((*read, *stands)):
        reading, source = (
            runs[block].reading() if block in runs else Reading("")
            for runs in (read, stands)
        )
        if not any(map(str.isalnum, reading.text + source.text)):
            continue
        same = reading.text == source.text or reading.words == source.words
        yield block, reading, None if same else source
