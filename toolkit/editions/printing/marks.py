"""The lines that readers drew in the margin, drawn again beside the same passage.

They are drawn when the pages are laid out and it is known where each line of a
passage came to stand. A mark is an artifact for those who listen: its note says it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCALE: Final = 0.75  #: points in a pixel of CSS
_AWAY: Final = 14.0  #: pixels from the text to the first line
_LANE: Final = 9.0  #: pixels between the marks of passages that overlap
_APART: Final = 2.6  #: pixels between the two strokes of a double line
_INK: Final = "0.64 0.23 0.17 RG"
_DRAWN: Final = ("rend-line", "rend-double-line", "function-highlight")
#: Widths of the strokes and dashes, by what is known of a mark's extent.
_DASHES: Final = {"cert-low": "[2 1.6] 0 d", "cert-medium": "[2 1.6] 0 d"}


def draw(document: Any, pdf: Any) -> None:
    """Draw the marks of all pages.

    Args:
        document: WeasyPrint's document, laid out.
        pdf: The file as it is about to be written.
    """
    import pydyf

    marks = dict(_marks(document))
    if not marks:
        return
    for number, page in enumerate(document.pages):
        strokes = list(_strokes(page, marks))
        if not strokes:
            continue
        height = page.height * _SCALE
        content = [
            b"/Artifact BMC q",
            f"{_SCALE} 0 0 -{_SCALE} 0 {height:.3f} cm {_INK}".encode(),
            *(stroke.encode() for stroke in strokes),
            b"Q EMC",
        ]
        stream = pydyf.Stream(content)
        pdf.add_object(stream)
        of_page = pdf.objects[_number(pdf, number)]
        # Before the page itself, which leaves its own scale behind.
        of_page["Contents"] = pydyf.Array([stream.reference, of_page["Contents"]])


def _number(pdf: Any, place: int) -> int:
    """Return the number of the object of a page."""
    return int(pdf.page_references[place].split()[0])


def _marks(document: Any) -> Iterator[tuple[str, list[str]]]:
    """Yield each marked passage with the classes of its mark."""
    seen: set[str] = set()
    for page in document.pages:
        for box in page._page_box.descendants():
            element = box.element
            passage = element is not None and element.get("data-passage")
            if passage and passage not in seen:
                seen.add(passage)
                classes = element.get("class", "").split()
                if set(classes).intersection(_DRAWN):
                    yield passage, classes


def _strokes(page: Any, marks: dict[str, list[str]]) -> Iterator[str]:
    """Yield the strokes of one page."""
    extents: dict[str, tuple[float, float]] = {}
    left = None
    for box in page._page_box.descendants():
        element = box.element
        ident = "" if element is None else element.get("id") or ""
        if ident not in marks or not hasattr(box, "position_y"):
            continue
        top, bottom = box.position_y, box.position_y + box.margin_height()
        before = extents.get(ident, (top, bottom))
        extents[ident] = min(before[0], top), max(before[1], bottom)
    left = page._page_box.content_box_x()
    lanes: list[float] = []
    for ident, (top, bottom) in sorted(extents.items(), key=lambda e: (e[1], e[0])):
        lane = next((n for n, end in enumerate(lanes) if end <= top), len(lanes))
        lanes[lane : lane + 1] = [bottom]
        yield _stroke(marks[ident], left - _AWAY - lane * _LANE, top, bottom)


def _stroke(classes: list[str], x: float, top: float, bottom: float) -> str:
    """Return the operators that draw one mark."""
    dash = next((_DASHES[name] for name in classes if name in _DASHES), "[] 0 d")
    if "rend-line" in classes:
        width, places = 1.2, [x]
    elif "rend-double-line" in classes:
        width, places = 1.2, [x - _APART / 2, x + _APART / 2]
    else:  # the source says that it was highlighted, not how
        width, places = 3.2, [x]
    lines = " ".join(
        f"{place:.2f} {top:.2f} m {place:.2f} {bottom:.2f} l S" for place in places
    )
    return f"{width} w {dash} {lines}"
