"""Where a bracket of a source stands in its document, and who states it there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toolkit.tei import TEI, XML_ID, Element, local_name

if TYPE_CHECKING:
    from .oracle import Bracket, Source
    from .source_view import Alignment, Origin


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bracket of the source stands in the document."""

    bracket: Bracket
    source: Source
    alignment: Alignment
    start: int  #: offset in the view of the item's first character
    end: int  #: offset of its last

    @property
    def in_header(self) -> bool:
        """Whether the item stands in the catalogue's header."""
        return self.bracket.line < self.source.body_line

    @property
    def opening(self) -> Origin:
        """The origin of the opening bracket."""
        return self.alignment.view.origins[self.start]

    @property
    def closing(self) -> Origin:
        """The origin of the closing bracket."""
        return self.alignment.view.origins[self.end]

    @property
    def element(self) -> Element:
        """The innermost element that the opening bracket comes from."""
        return self.opening.element

    @property
    def text(self) -> str:
        """The item's wording in the document."""
        return " ".join(self.alignment.view.text[self.start : self.end + 1].split())

    @property
    def before(self) -> str:
        """What stands before the item in its paragraph."""
        start, _ = self.alignment.view.spans[self.block]
        return self.alignment.view.text[start : self.start].strip()

    @property
    def after(self) -> str:
        """What stands after the item in its paragraph."""
        _, end = self.alignment.view.spans[self.block]
        return self.alignment.view.text[self.end + 1 : end].strip()

    @property
    def block(self) -> Element:
        """The paragraph, or the block like one, that holds the item."""
        return holder(self.element, "p", "head", "opener", "closer", "bibl")

    def content(self, name: str) -> Element:
        """Return the element of a name that holds all between the round brackets."""
        origins = self.alignment.view.origins
        first = holder(origins[self.start + 1].element, name)
        assert first is holder(origins[self.end - 1].element, name)
        assert self.alignment.view.within(first) == self.bracket.inner
        return first


def holder(element: Element, *names: str) -> Element:
    """Return the nearest element of these names, from an element upward."""
    for candidate in (element, *element.iterancestors()):
        if local_name(candidate) in names:
            return candidate
    raise AssertionError(f"<{local_name(element)}> is in no <{'>, <'.join(names)}>")


def locate(bracket: Bracket, source: Source, alignment: Alignment) -> Place:
    """Find a bracket of the source in the document."""
    assert source.slice(bracket) == bracket.item, "the row names another place"
    start = alignment.offset(bracket.line, bracket.column)
    end = alignment.offset(bracket.end_line, bracket.end_column)
    place = Place(bracket, source, alignment, start, end)
    assert place.text == bracket.item
    return place


def signed_by(place: Place, name: str, opens: str = "[", closes: str = "]") -> Element:
    """Assert that both brackets are the signs of one element, and return it."""
    element = place.element
    assert local_name(element) == name
    assert place.opening.sign, f"{opens!r} is a character of the text"
    assert place.closing.sign, f"{closes!r} is a character of the text"
    assert place.closing.element is element
    return element


def responsible(element: Element, role: str = "translator") -> None:
    """Assert that an element is the statement of the translator or the editors."""
    assert element.get("hand") is None, "@hand and @resp are mixed"
    pointer = element.get("resp", "")
    for statement in element.getroottree().iter(f"{TEI}respStmt"):
        if f"#{statement.get(XML_ID)}" == pointer:
            assert (statement.findtext(f"{TEI}resp") or "").startswith(role)
            return
    raise AssertionError(f"@resp={pointer!r} names no respStmt")


def hand_of(element: Element) -> Element:
    """Return the description of an element's hand."""
    assert element.get("resp") is None, "@hand and @resp are mixed"
    pointer = element.get("hand", "")
    for note in element.getroottree().iter(f"{TEI}handNote"):
        if f"#{note.get(XML_ID)}" == pointer:
            return note
    raise AssertionError(f"@hand={pointer!r} names no handNote")


def joined(element: Element) -> None:
    """Assert that no white space of the text stands before an element's sign."""
    previous = element.getprevious()
    parent = element.getparent()
    assert parent is not None
    text = parent.text if previous is None else previous.tail
    assert not text or not text[-1].isspace(), "white space before the note"
