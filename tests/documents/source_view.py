"""A second, small renderer of the source view, and the alignment with the source.

It takes a TEI element and gives its text with the house signs, and for every
character the element that it comes from. It shares no code with the toolkit's
renderer, so that one can prove the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from toolkit.tei import TEI, Element, local_name

from .oracle import Cell, Source, cells_of

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Elements that begin and end a line of their own.
BLOCKS = frozenset("closer div head item label list opener p".split())


class Origin(NamedTuple):
    """Where one character of the source view comes from."""

    element: Element  #: the innermost element
    sign: bool  #: whether it is a sign of that element, not a character of its text


def comes_from(origin: Origin, element: Element) -> bool:
    """Whether a character comes from an element or from within it."""
    return origin.element is element or element in origin.element.iterancestors()


class DifferenceError(AssertionError):
    """Words of the document and of its source are not the same."""


def twin(element: Element, copy: Element) -> Element:
    """Return the element of a copied document that an element of the first became."""
    found = copy.getroottree().find(element.getroottree().getelementpath(element))
    assert found is not None
    return found


@dataclass(slots=True)
class View:
    """The source view of an element."""

    root: Element
    text: str = ""
    origins: list[Origin] = field(default_factory=list)  #: one for each character
    spans: dict[Element, tuple[int, int]] = field(default_factory=dict)
    breaks: list[tuple[int, Element]] = field(default_factory=list)

    def within(self, element: Element) -> str:
        """Return the text of an element with its signs, white space run together."""
        start, end = self.spans[element]
        return " ".join(self.text[start:end].split())


def signs(element: Element) -> tuple[str, str]:
    """Return what the house style prints before and after an element's content."""
    stop = "." if element.get("rend") == "stop" else ""
    match local_name(element), element.get("type"), element.get("rend"):
        case "supplied" | "ex" | "gap", _, _:
            return "[", "]"
        case "reg", _, "brackets":
            return " [", "]"
        case "note", "gloss" | "comment", _:
            return " [", "]" + stop
        case "note", "translator", "round":
            return " (", " - translator note)"
        case "note", "translator", _:
            return " [Translator’s note: ", "]" + stop
        case "add", _, _ if element.find(f"{TEI}metamark") is None:
            return "[handwritten] ", ""
        case "stamp", _, rend if rend != "worded":
            return "[stamp] ", ""
        case name, _, _:
            return ("\n", "\n") if name in BLOCKS else ("", "")


def is_shown(element: Element) -> bool:
    """Whether the source has this reading: not a correction or a silent regular form.

    A comment and a processing instruction are not shown either.
    """
    if local_name(element) == "reg":
        return element.get("rend") == "brackets"
    return str(element.tag).startswith(TEI) and local_name(element) != "corr"


def view_of(root: Element) -> View:
    """Return the source view of an element."""
    view = View(root)
    parts: list[str] = []
    offset = 0

    def put(text: str | None, element: Element, *, sign: bool) -> None:
        nonlocal offset
        if text:
            parts.append(text)
            view.origins.extend([Origin(element, sign)] * len(text))
            offset += len(text)

    def walk(element: Element) -> None:
        start, (before, after) = offset, signs(element)
        put(before, element, sign=True)
        put(element.text, element, sign=False)
        if local_name(element) == "lb":
            put("\n", element, sign=True)
        elif local_name(element) == "pb":
            view.breaks.append((offset, element))
        elif local_name(element) == "gap" and len(element) == 0:
            put("...", element, sign=True)
        for child in element:
            if is_shown(child):
                walk(child)
            put(child.tail, element, sign=False)
        put(after, element, sign=True)
        view.spans[element] = (start, offset)

    walk(root)
    view.text = "".join(parts)
    return view


@dataclass(frozen=True, slots=True)
class Alignment:
    """Each character of a source, white space apart, and its place in the view."""

    view: View
    offsets: dict[tuple[int, int], int]  #: (line, column) to offset in the view
    cells: dict[int, Cell]  #: offset in the view to the place in the source

    def offset(self, line: int, column: int) -> int:
        """Return the offset in the view of a character of the source."""
        return self.offsets[line, column]

    def origin(self, line: int, column: int) -> Origin:
        """Return the origin of a character of the source."""
        return self.view.origins[self.offsets[line, column]]

    def on_lines(self, first: int, last: int) -> Iterator[tuple[Cell, Origin]]:
        """Yield the characters of some lines of the source with their origins."""
        for offset, cell in self.cells.items():
            if first <= cell.line <= last:
                yield cell, self.view.origins[offset]


def align(words: list[str], cells: list[Cell], view: View) -> Alignment:
    """Lay a source beside the view of its document.

    Args:
        words: The words of the source.
        cells: The same characters with their places.
        view: The source view of the document.

    Raises:
        DifferenceError: The words are not the same; says which word is the first.
    """
    found = view.text.split()
    for number, (wanted, word) in enumerate(zip_longest(words, found)):
        if wanted != word:
            context = " ".join(words[max(0, number - 8) : number])
            raise DifferenceError(
                f"word {number}, after {context!r}: "
                f"the source has {wanted!r}, the document {word!r}"
            )
    offsets = [n for n, glyph in enumerate(view.text) if not glyph.isspace()]
    return Alignment(
        view,
        {cell[:2]: offset for cell, offset in zip(cells, offsets, strict=True)},
        dict(zip(offsets, cells, strict=True)),
    )


def align_body(source: Source, document: Element) -> Alignment:
    """Lay the body of a source beside the body of its document."""
    body = document.find(f"{TEI}text/{TEI}body")
    assert body is not None, "the document has no text/body"
    return align(source.words(source.body_line), source.body, view_of(body))


def align_citation(source: Source, document: Element) -> Alignment:
    """Lay the catalogue's citation beside the citation of the document's header."""
    bibl = document.find(f".//{TEI}sourceDesc/{TEI}bibl[@type='citation']")
    assert bibl is not None, "the header has no bibl of type citation"
    lines = source.labels["Citation"]
    cells = cells_of(source.lines, lines[0], lines[-1])
    cells = [cell for cell in cells if cell.character not in "<>"]  # of the address
    words = " ".join(source.value("Citation")).split()
    return align(words, cells, view_of(bibl))
