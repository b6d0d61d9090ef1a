"""Names, references, identifiers and dates of the five documents hold together."""

from __future__ import annotations

import calendar
import re
from collections import Counter
from copy import deepcopy
from typing import TYPE_CHECKING, Final

import pytest

from toolkit.tei import TEI, XML_ID, Element, local_name, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Files = dict[str, Element]

#: Each register's file with the element of its entries and of their names.
REGISTERS: Final = {
    "persons.xml": ("person", "persName"),
    "places.xml": ("place", "placeName"),
    "organisations.xml": ("org", "orgName"),
}

#: Which register an element's ``@ref`` must lead to.
REGISTER_OF: Final = {
    "persName": "persons.xml",
    "placeName": "places.xml",
    "settlement": "places.xml",
    "country": "places.xml",
    "orgName": "organisations.xml",
    "repository": "organisations.xml",
    "publisher": "organisations.xml",
}

REGISTER_OF_RS: Final = {
    "person": "persons.xml",
    "place": "places.xml",
    "organisation": "organisations.xml",
}

POINTERS: Final = "ref target resp hand who ana scheme corresp".split()

DATING: Final = "when from to notBefore notAfter".split()

DATE: Final = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
MONTHS: Final = {name: n for n, name in enumerate(calendar.month_name) if name}


def documents_of(files: Files) -> Iterator[tuple[str, Element]]:
    """Yield the files that are documents, not registers."""
    yield from ((name, root) for name, root in files.items() if name not in REGISTERS)


def entries_of(files: Files) -> dict[str, Element]:
    """Return the entries of all registers by the reference that leads to them."""
    return {
        f"{name}#{entry.get(XML_ID)}": entry
        for name, (kind, _) in REGISTERS.items()
        for entry in files[name].iter(f"{TEI}{kind}")
    }


def reading(element: Element, *, left_out: frozenset[str]) -> str:
    """Return an element's text without some elements."""
    parts = [element.text or ""]
    for child in element:
        if local_name(child) not in left_out:
            parts.append(reading(child, left_out=left_out))
        parts.append(child.tail or "")
    return "".join(parts)


def forms_of(name: Element) -> set[str]:
    """Return each form in which a name stands: as printed, corrected, regularised."""
    choices = ({"corr", "reg"}, {"sic", "reg"}, {"corr", "orig"}, {"sic", "orig"})
    return {
        " ".join(reading(name, left_out=frozenset(left_out | also)).split())
        for left_out in choices
        for also in ({"note"}, {"note", "surplus"})
    }


def check_references(files: Files) -> None:
    """Assert that every pointer leads to an element, and every name to its kind."""
    entries = entries_of(files)
    for file, root in files.items():
        ids = {element.get(XML_ID) for element in root.iter()}
        for element in root.iter("*"):
            for attribute in POINTERS:
                for pointer in element.get(attribute, "").split():
                    where, _, ident = pointer.partition("#")
                    if not where:
                        assert ident in ids, f"{file}: {attribute}={pointer!r}"
                    elif not where.startswith("https:"):
                        assert pointer in entries, f"{file}: {attribute}={pointer!r}"
            check_kind(file, element)


def check_kind(file: str, element: Element) -> None:
    """Assert that a name's reference leads to the register of its kind."""
    pointer, kind = element.get("ref"), local_name(element)
    if pointer is None:
        return
    if kind == "rs":
        wanted = REGISTER_OF_RS[element.get("type", "")]
    else:
        wanted = REGISTER_OF[kind]
    assert pointer.startswith(f"{wanted}#"), f"{file}: <{kind} ref={pointer!r}>"


def check_names(files: Files) -> None:
    """Assert that every form of a name in a document stands in its entry."""
    entries = entries_of(files)
    names = {
        pointer: {
            plain(name)
            for name in entry.iterchildren(*(f"{TEI}{kind}" for kind in REGISTER_OF))
        }
        for pointer, entry in entries.items()
    }
    for file, root in documents_of(files):
        for name in root.iter(*(f"{TEI}{kind}" for kind in REGISTER_OF)):
            pointer = name.get("ref")
            if pointer is None:
                continue
            missing = forms_of(name) - names[pointer]
            assert not missing, f"{file}: {pointer} lacks {sorted(missing)}"


def check_text_names(files: Files) -> None:
    """Assert that every name in the text of a document has a reference."""
    for file, root in documents_of(files):
        for text in root.iter(f"{TEI}text"):
            for kind in ("persName", "placeName", "orgName"):
                for name in text.iter(f"{TEI}{kind}"):
                    assert name.get("ref"), f"{file}: {forms_of(name)}"


def check_entries(files: Files) -> None:
    """Assert that entries are sorted, have one usual name and one sentence."""
    for file, (kind, name) in REGISTERS.items():
        entries = list(files[file].iter(f"{TEI}{kind}"))
        ids = [entry.get(XML_ID, "") for entry in entries]
        assert ids == sorted(ids), f"{file} is not sorted"
        for entry in entries:
            types = [child.get("type") for child in entry.iterchildren(f"{TEI}{name}")]
            assert types[0] == "preferred"
            assert set(types[1:]) <= {"variant", "abbreviation"}
            forms = [plain(form) for form in entry.iterchildren(f"{TEI}{name}")]
            assert len(set(forms)) == len(forms), entry.get(XML_ID)
            assert (entry.findtext(f"{TEI}note") or "").endswith(".")


def check_ids(files: Files) -> None:
    """Assert that no identifier stands twice in the edition."""
    counted = Counter(
        element.get(XML_ID)
        for root in files.values()
        for element in root.iter()
        if element.get(XML_ID)
    )
    assert [ident for ident, times in counted.items() if times > 1] == []
    for file, root in files.items():
        own = root.get(XML_ID, "")
        assert file == f"{own}.xml"
        if file not in REGISTERS:
            ids = [element.get(XML_ID, own) for element in root.iter()]
            assert all(ident.startswith(own) for ident in ids), file


def check_dates(files: Files) -> None:
    """Assert that every date of a document says which it is, and says it rightly."""
    for file, root in documents_of(files):
        for date in root.iter(f"{TEI}date"):
            given = {name: date.get(name, "") for name in DATING if date.get(name)}
            wording = " ".join(reading(date, left_out=frozenset({"sic"})).split())
            assert given, f"{file}: the date {wording!r} has no dating attribute"
            assert all(DATE.fullmatch(value) for value in given.values()), given
            if "when" in given:
                check_wording(wording, given["when"])


def check_wording(wording: str, when: str) -> None:
    """Assert that a date's wording, as far as it goes, agrees with ``@when``."""
    year = re.search(r"\b(1[89]|20)\d\d\b", wording)
    if year:
        assert when.startswith(year[0]), f"{wording!r} is not {when}"
    for name, number in MONTHS.items():
        found = re.search(rf"(\d+(?:th)? )?\b{name}\b( \d+,)?", wording)
        if found:
            assert when[5:7] == f"{number:02d}", f"{wording!r} is not {when}"
            day = re.search(r"\d+", (found[1] or "") + (found[2] or ""))
            assert when[8:] == (f"{int(day[0]):02d}" if day else ""), wording


CHECKS: Final[dict[str, Callable[[Files], None]]] = {
    "references": check_references,
    "name forms": check_names,
    "names in the text": check_text_names,
    "entries": check_entries,
    "identifiers": check_ids,
    "dates": check_dates,
}


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_registers(files: Files, check: Callable[[Files], None]) -> None:
    assert len(files) == 8
    check(files)


def test_every_entry_and_every_form_occurs_in_a_document(files: Files) -> None:
    occurring: dict[str, set[str]] = {}
    for _, root in documents_of(files):
        for element in root.iter("*"):
            if pointer := element.get("ref"):
                occurring.setdefault(pointer, set()).update(forms_of(element))
    # A state may be named only as a word in the name of one of its ministries.
    words = {word for forms in occurring.values() for f in forms for word in f.split()}
    for pointer, entry in entries_of(files).items():
        assert pointer in occurring, f"no document refers to {pointer}"
        for name in entry.iterchildren(*(f"{TEI}{kind}" for kind in REGISTER_OF)):
            known = name.get("type") == "preferred" or (
                plain(name) in occurring[pointer] | words
            )
            assert known, f"{pointer}: {plain(name)!r} is nowhere"


def first(files: Files, file: str, name: str, **attributes: str) -> Element:
    """Return the first element of a text with these attributes."""
    return next(
        element
        for element in files[file].iter(f"{TEI}{name}")
        if all(element.get(key) == value for key, value in attributes.items())
    )


def point_nowhere(files: Files) -> None:
    first(files, "d1962-08-27.xml", "placeName").set("ref", "places.xml#atlantis")


def point_to_another_kind(files: Files) -> None:
    name = first(files, "d1962-08-27.xml", "placeName", ref="places.xml#north-korea")
    name.set("ref", "persons.xml#kim-il-sung")


def lose_the_hand(files: Files) -> None:
    note = first(files, "d1969-06-09.xml", "handNote")
    note.attrib.pop(XML_ID)


def lose_a_form(files: Files) -> None:
    slip = first(files, "persons.xml", "persName", subtype="slip")
    entry = slip.getparent()
    assert entry is not None
    entry.remove(slip)


def misspell_a_name(files: Files) -> None:
    first(files, "d1965-01-08.xml", "placeName", ref="places.xml#cuba").text = "Kuba"


def untie_a_name(files: Files) -> None:
    text = first(files, "d1967-06-02.xml", "text")
    next(text.iter(f"{TEI}orgName")).attrib.pop("ref")


def turn_the_entries(files: Files) -> None:
    entries = first(files, "places.xml", "listPlace")
    entries.append(entries[0])


def double_an_id(files: Files) -> None:
    first(files, "places.xml", "place").set(XML_ID, "kim-il-sung")


def lose_a_date(files: Files) -> None:
    first(files, "d1967-11-25.xml", "date", when="1970").attrib.pop("when")


def mistake_a_date(files: Files) -> None:
    first(files, "d1969-06-09.xml", "date", when="1968-04-16").set("when", "1968-04-17")


@pytest.mark.parametrize(
    ("check", "corrupt"),
    [
        ("references", point_nowhere),
        ("references", point_to_another_kind),
        ("references", lose_the_hand),
        ("name forms", lose_a_form),
        ("name forms", misspell_a_name),
        ("names in the text", untie_a_name),
        ("entries", turn_the_entries),
        ("identifiers", double_an_id),
        ("dates", lose_a_date),
        ("dates", mistake_a_date),
    ],
)
def test_corruption_fails_the_check(
    files: Files, check: str, corrupt: Callable[[Files], None]
) -> None:
    copy = {name: deepcopy(root) for name, root in files.items()}
    corrupt(copy)
    with pytest.raises(AssertionError):
        CHECKS[check](copy)
