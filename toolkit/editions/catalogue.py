"""The catalogue entry of a document: what its header says, in the order to print.

Gives elements, not words, wherever the header tags names, so that a page can link
them; also what the editors changed, as a list that leads to the places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toolkit.tei import TEI, local_name, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from toolkit.metadata import Metadata
    from toolkit.render.facts import Facts
    from toolkit.tei import Document, Element

_MONTHS: Final = (
    "January February March April May June July August September October November "
    "December"
).split()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the entry: a label and what stands beside it."""

    name: str  #: for templates and styles: ``sender``, ``archive`` …
    label: str  #: as printed: ``From``
    elements: tuple[Element, ...] = ()  #: printed one after the other
    whole: bool = True  #: print the elements themselves, not only what they hold
    words: str = ""  #: printed where there are no elements
    known: bool = True  #: False where the header says that it is not known


def rows(document: Document, meta: Metadata) -> list[Row]:
    """Return the rows of a document's catalogue entry that have something to say."""
    header = document.root.find(f"{TEI}teiHeader")
    if header is None:
        return []
    found = [
        Row("date", "Date", words=meta.date_words),
        Row("author", "Author", _all(header, "titleStmt/author"), whole=False),
        *_letters(header),
        Row("original", "Original language", words=meta.original),
        *_responsible(header),
        *_archive(header),
        Row("shelfmark", "Shelfmark", words=meta.shelfmark),
        *_numbers(header),
        Row("subjects", "Subjects", _all(header, "textClass/keywords/term")),
        Row("contents", "Contents", words=", ".join(meta.contents)),
        Row("credits", "Credits", meta.acknowledgements, whole=False),
        Row("address", "Published at", words=meta.address),
        Row("citation", "Citation", _one(meta.citation), whole=False),
        Row("remark", "Remark", _notes(header), whole=False),
    ]
    return [row for row in found if row.elements or row.words]


def descriptions(meta: Metadata) -> tuple[Element, ...]:
    """Return the paragraphs that describe the source and tell its history."""
    return tuple(
        paragraph
        for description in meta.descriptions
        for paragraph in description.iter(f"{TEI}p")
    )


def printed(document: Document, meta: Metadata) -> Iterator[Element]:
    """Yield every element of the header that a document's page prints."""
    for row in rows(document, meta):
        yield from row.elements
    yield from meta.summary
    yield from descriptions(meta)
    yield from meta.declarations


def _all(header: Element, path: str) -> tuple[Element, ...]:
    steps = "/".join(f"{TEI}{step}" for step in path.split("/"))
    return tuple(header.iterfind(f".//{steps}"))


def _one(element: Element | None) -> tuple[Element, ...]:
    return () if element is None else (element,)


def _letters(header: Element) -> Iterator[Row]:
    """Yield the sender and the receiver, with their places; dates stand elsewhere."""
    for kind, name, label in (
        ("sent", "sender", "From"),
        ("received", "receiver", "To"),
    ):
        for action in _all(header, "correspDesc/correspAction"):
            if action.get("type") == kind:
                yield Row(name, label, _but(action, "date"))


def _responsible(header: Element) -> Iterator[Row]:
    """Yield a row for each statement of responsibility, such as the translator."""
    for number, statement in enumerate(_all(header, "titleStmt/respStmt")):
        roles = [plain(resp) for resp in statement.findall(f"{TEI}resp")]
        label = ", ".join(role.split(":")[0] for role in roles)
        names = _but(statement, "resp")
        known = any(local_name(name) != "name" or name.get("ref") for name in names)
        yield Row(f"resp-{number}", _capital(label), names, known=known)


def _archive(header: Element) -> Iterator[Row]:
    """Yield where the original is kept, or that this is not stated."""
    held = [
        element
        for name in ("repository", "settlement", "country")
        for element in _all(header, f"msIdentifier/{name}")
    ]
    known = tuple(element for element in held if element.get("cert") != "unknown")
    if known:
        yield Row("archive", "Archive", known)
    elif held:
        yield Row("archive", "Archive", words=plain(held[0]), known=False)


_NUMBERS: Final = {
    "documentNumber": "Document number",
    "registration": "Registration number",
    "copy": "Copy",
}


def _numbers(header: Element) -> Iterator[Row]:
    """Yield the document's own numbers, beside the shelfmark."""
    numbers = [
        *((n.get("type", ""), n) for n in _all(header, "msIdentifier/idno")),
        *(
            (kind.get("type", ""), number)
            for kind in _all(header, "msIdentifier/altIdentifier")
            for number in kind.findall(f"{TEI}idno")
        ),
    ]
    for kind, number in numbers:
        if kind in _NUMBERS:
            yield Row(kind, _NUMBERS[kind], (number,), whole=False)


def _notes(header: Element) -> tuple[Element, ...]:
    """Return what the editors remark on the catalogue's statements."""
    notes = (*_all(header, "notesStmt/note"), *_all(header, "correspDesc/note"))
    return tuple(note for note in notes if note.get("type") == "editor")


def _but(parent: Element, name: str) -> tuple[Element, ...]:
    """Return the element children of other names."""
    return tuple(
        child
        for child in parent
        if isinstance(child.tag, str) and local_name(child) != name
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def day(iso: str) -> str:
    """Return a date in words, for a list: ``27 August 1962``, ``May 1967``, ``1956``.

    Args:
        iso: ISO 8601 with the precision known; anything else is returned as it is.
    """
    year, _, rest = iso.partition("-")
    month, _, of_month = rest.partition("-")
    if not (month.isdigit() and 1 <= int(month) <= len(_MONTHS)):
        return iso
    words = f"{_MONTHS[int(month) - 1]} {year}"
    return f"{int(of_month)} {words}" if of_month.isdigit() else words


@dataclass(frozen=True, slots=True)
class Change:
    """One thing the editors changed, and every place where they did."""

    source: str  #: the words of the source
    reading: str  #: the words of the reading text; empty where they are left out
    anchors: tuple[str, ...]  #: ids of the places, in order


def changes(facts: Facts) -> list[Change]:
    """Return the editors' corrections and omissions, in the order of the text."""
    found: dict[tuple[str, str], list[str]] = {}
    for element in facts.anchors:
        for words in _changed(element, facts):
            # What stands in a choice may not be shown; the choice always is.
            shown = next(element.iterancestors(f"{TEI}choice"), element)
            found.setdefault(words, []).append(facts.anchors[shown])
    return [Change(*words, tuple(anchors)) for words, anchors in found.items()]


def _changed(element: Element, facts: Facts) -> Iterable[tuple[str, str]]:
    if element.tag == f"{TEI}surplus":
        yield plain(element), ""
    if element.tag == f"{TEI}choice":
        for sic in element.iterchildren(f"{TEI}sic"):
            reading = facts.of.get(sic, {}).get("other")
            if reading is not None:
                yield plain(sic), reading
