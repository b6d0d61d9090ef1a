"""The encoding guide: which elements an edition uses, how often, and an example.

Examples are real: the shortest telling use in the documents, as written there.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final, TypedDict

from toolkit.tei import TEI, XML_ID, local_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from toolkit.editions.page import Page
    from toolkit.editions.summary import Neighbour
    from toolkit.tei import Element

CANDIDATES: Final = 40  #: uses of an element that are looked at for an example
LENGTH: Final = 240  #: characters of text that an example shows at most
_XML: Final = "{http://www.w3.org/XML/1998/namespace}"

#: A run of an example: its kind (``tag``, ``name``, ``value``, ``text``), its words.
Piece = list[str]


class Use(TypedDict):
    """How a document, or an edition, uses an element."""

    count: int
    score: int  #: how telling the example is; less is better
    example: list[Piece]
    href: str  #: where the example stands on the document's page; may be empty


class Usage(Use):
    """How an edition uses an element."""

    documents: int
    source: Neighbour | None  #: the document of the example


def uses(page: Page) -> dict[str, Use]:
    """Return how a document uses each TEI element, by the element's name."""
    best: dict[str, tuple[int, Element]] = {}
    counts: dict[str, int] = {}
    for element in page.document.root.iter(f"{TEI}*"):
        name = local_name(element)
        counts[name] = counts.get(name, 0) + 1
        # Among the first there is a good example; the rest is only counted.
        if counts[name] <= CANDIDATES:
            score = _score(element)
            if name not in best or score < best[name][0]:
                best[name] = score, element
    return {
        name: {
            "count": counts[name],
            "score": score,
            "example": _pieces(element),
            "href": _href(page, element),
        }
        for name, (score, element) in sorted(best.items())
    }


def _score(element: Element) -> int:
    """Return how far an element is from a good example: some words, attributes."""
    words = _length(element)
    told = 12 * min(len(element.attrib), 4) + 6 * min(len(element), 4)
    empty = 40 if not words and not element.attrib else 0
    return abs(words - 40) + empty - told


def _length(element: Element) -> int:
    """Return how much text an element holds, as far as that matters."""
    found = 0
    for text in element.itertext():
        found += len(text)
        if found > LENGTH:
            break
    return found


def _beginning(element: Element) -> str:
    """Return the first words of an element."""
    words: list[str] = []
    for text in element.itertext():
        words += str(text).split()
        if len(words) > _WORDS:
            break
    return escape(" ".join(words[:_WORDS]), quote=False)


def _href(page: Page, element: Element) -> str:
    """Return the address of an element, or of what holds it, on its page."""
    if next(element.iterancestors(f"{TEI}text"), None) is None:
        return f"{page.name}.html"
    for each in (element, *element.iterancestors()):
        if page.facts.anchors.get(each):
            return f"{page.name}.html#{page.facts.anchors[each]}"
        if each.tag in (f"{TEI}p", f"{TEI}seg") and each.get(XML_ID):
            return f"{page.name}.html#{each.get(XML_ID)}"
    return f"{page.name}.html"


def _pieces(element: Element) -> list[Piece]:
    """Return an element as XML, in runs of one kind, long content cut short."""
    made: list[Piece] = []
    left = LENGTH
    for kind, words in _runs(element):
        if kind == "text":
            words = " ".join(words.split(" "))
            if left <= 0:
                words = ""
            elif len(words) > left:
                words = words[:left].rsplit(" ", 1)[0] + "…"
            left -= len(words)
        if words and made and made[-1][0] == kind:
            made[-1][1] += words
        elif words:
            made.append([kind, words])
    return made


def _runs(element: Element) -> Iterator[tuple[str, str]]:
    """Yield what an element is written with; children of children are left out."""
    yield from _start(element, empty=not len(element) and not element.text)
    if not len(element) and not element.text:
        return
    yield "text", _flat(element.text)
    shown = [child for child in element if isinstance(child.tag, str)]
    for number, child in enumerate(shown):
        if number == _CHILDREN:
            yield "text", " … "
            break
        if len(child) and _length(child) > _LONG:
            yield from _start(child, empty=False)
            yield "text", f"{_beginning(child)} …"
            yield from _end(child)
        else:
            yield from _runs(child)
        yield "text", _flat(child.tail)
    yield from _end(element)


_CHILDREN: Final = 6
_LONG: Final = 120
_WORDS: Final = 8


def _flat(text: str | None) -> str:
    """Return text with each run of white space as one blank."""
    if not text:
        return ""
    words = escape(" ".join(text.split()), quote=False)
    before = " " if text[0].isspace() else ""
    after = " " if words and text[-1].isspace() else ""
    return before + words + after


def _start(element: Element, *, empty: bool) -> Iterator[tuple[str, str]]:
    yield "tag", f"<{_name(element)}"
    for name, value in element.attrib.items():
        yield "name", f" {str(name).replace(_XML, 'xml:')}="
        yield "value", f'"{escape(str(value))}"'
    yield "tag", "/>" if empty else ">"


def _end(element: Element) -> Iterator[tuple[str, str]]:
    yield "tag", f"</{_name(element)}>"


def _name(element: Element) -> str:
    return (
        f"{element.prefix}:{local_name(element)}"
        if element.prefix
        else local_name(element)
    )


def total(
    gathered: Iterable[tuple[Neighbour, Mapping[str, Use]]],
) -> dict[str, Usage]:
    """Return how an edition uses each element, with the best of the examples."""
    found: dict[str, Usage] = {}
    for document, of in gathered:
        for name, use in of.items():
            so_far = found.get(name)
            if so_far is None:
                found[name] = {**use, "documents": 1, "source": document}
                continue
            so_far["count"] += use["count"]
            so_far["documents"] += 1
            if use["score"] < so_far["score"]:
                so_far["score"], so_far["href"] = use["score"], use["href"]
                so_far["example"], so_far["source"] = use["example"], document
    return dict(sorted(found.items(), key=lambda each: each[0].casefold()))
