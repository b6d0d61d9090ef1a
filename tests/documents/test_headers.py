"""The header of each document holds what the catalogue says, word for word."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING, Final

import pytest

from toolkit.tei import TEI, Element, plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Compared
    from .oracle import Source

#: The document that came without a catalogue page.
WITHOUT_CATALOGUE: Final = "1969-06-09"
CATALOGUED: Final = ("1962-08-27", "1965-01-08", "1967-06-02", "1967-11-25")

SUPPORT: Final = "This document was made possible with support from "
TRANSLATOR: Final = re.compile(r"ranslated(?: for .+)? by ([^.]+?)\.? https:")


def texts(document: Element, path: str) -> list[str]:
    """Return the text of the elements at a path below the header."""
    steps = "/".join(f"{TEI}{step}" for step in path.split("/"))
    return [plain(found) for found in document.findall(f"{TEI}teiHeader/{steps}")]


def joined(source: Source, label: str) -> str:
    """Return a label's value on one line; empty where the label is missing."""
    if label not in source.labels:
        return ""
    return " ".join(" ".join(source.value(label)).split())


def check_title_and_date(source: Source, document: Element) -> None:
    date, *title = source.head
    creation = "profileDesc/creation/date"
    assert texts(document, "fileDesc/titleStmt/title") == [
        " ".join(" ".join(title).split())
    ]
    assert texts(document, creation) == [date]


def check_citation(source: Source, document: Element) -> None:
    citation = joined(source, "Citation")
    assert texts(document, "fileDesc/sourceDesc/bibl[@type='citation']") == [citation]
    bibl = "fileDesc/sourceDesc/bibl"
    (address,) = document.iterfind(
        "/".join(f"{TEI}{step}" for step in f"teiHeader/{bibl}/ref".split("/"))
    )
    assert address.get("target") == plain(address) == citation.split()[-1]
    named = TRANSLATOR.search(citation)
    assert named is not None
    assert texts(document, "fileDesc/titleStmt/respStmt/persName") == [named[1]]


def check_archive(source: Source, document: Element) -> None:
    citation = joined(source, "Citation")
    kept = "fileDesc/sourceDesc/msDesc/msIdentifier"
    cited = "fileDesc/sourceDesc/bibl"
    for part, of_citation in (
        ("repository", "orgName[@role='repository']"),
        ("idno[@type='shelfmark']", "idno[@type='shelfmark']"),
    ):
        (value,) = texts(document, f"{kept}/{part}")
        assert value in citation
        assert value == texts(document, f"{cited}/{of_citation}")[0]
    for collection in texts(document, f"{kept}/collection"):
        assert collection in citation
    assert texts(document, f"{kept}/settlement")
    assert texts(document, f"{kept}/country")


def check_summary(source: Source, document: Element) -> None:
    assert texts(document, "profileDesc/abstract/p") == [joined(source, "Summary")]


def check_credits(source: Source, document: Element) -> None:
    credit = joined(source, "Credits")
    wanted = [credit] if credit else []
    assert archive_notes(document, "credits") == wanted
    assert texts(document, "fileDesc/titleStmt/funder") == [
        line.removeprefix(SUPPORT) for line in wanted
    ]


def check_language(source: Source, document: Element) -> None:
    (language,) = source.value("Original Language")
    assert texts(document, "fileDesc/sourceDesc/msDesc/msContents/textLang") == [
        language
    ]
    usage = "profileDesc/langUsage/language"
    assert texts(document, f"{usage}[@n='original']") == [language]
    translations = [
        line.removeprefix("Translation - ") for line in source.value("Contents")
    ]
    assert texts(document, f"{usage}[@n='translation']") == translations


def check_contents(source: Source, document: Element) -> None:
    assert archive_notes(document, "contents") == source.value("Contents")


def archive_notes(document: Element, subtype: str) -> list[str]:
    """Return the catalogue's notes of a kind."""
    notes = document.iterfind(f"{TEI}teiHeader//{TEI}notesStmt/{TEI}note")
    return [
        plain(note)
        for note in notes
        if (note.get("type"), note.get("subtype")) == ("archive", subtype)
    ]


CHECKS: Final[dict[str, Callable[[Source, Element], None]]] = {
    "title and date": check_title_and_date,
    "citation": check_citation,
    "archive": check_archive,
    "summary": check_summary,
    "credits": check_credits,
    "language": check_language,
    "contents": check_contents,
}


@pytest.mark.parametrize("name", CATALOGUED)
@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_header(
    shared: Path,
    compared: Compared,
    name: str,
    check: Callable[[Source, Element], None],
) -> None:
    check(compared.sources[name], compared.documents[name])


def test_five_documents_have_five_sources(shared: Path, compared: Compared) -> None:
    assert compared.documents.keys() == compared.sources.keys()
    without = [n for n, source in compared.sources.items() if not source.labels]
    assert without == [WITHOUT_CATALOGUE]


def test_header_without_catalogue_states_what_the_document_states(
    shared: Path, compared: Compared
) -> None:
    document = compared.documents[WITHOUT_CATALOGUE]
    (title,) = texts(document, "fileDesc/titleStmt/title")
    head = document.find(f".//{TEI}body/{TEI}head")
    assert head is not None
    assert title.casefold() == plain(head).casefold()
    assert texts(document, "profileDesc/creation/date") == ["9 June 1969"]
    kept = "fileDesc/sourceDesc/msDesc/msIdentifier"
    assert texts(document, f"{kept}/repository[@cert='unknown']") == ["not stated"]
    assert texts(document, "fileDesc/titleStmt/respStmt/name") == ["not named"]
    assert texts(document, f"{kept}/altIdentifier[@type='copy']/idno")


@pytest.mark.parametrize("name", [*CATALOGUED, WITHOUT_CATALOGUE])
def test_every_document_is_dated_and_in_english(
    documents: dict[str, Element], name: str
) -> None:
    document = documents[name]
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    text = document.find(f"{TEI}text")
    date = document.find(f".//{TEI}creation/{TEI}date")
    assert text is not None
    assert date is not None
    assert (document.get(lang), text.get(lang)) == ("en", "en")
    assert date.get("when") == name
    assert texts(document, "fileDesc/publicationStmt/idno") == [f"d{name}"]


#: For each check, a part of the header of 1965-01-08 that is changed.
CORRUPTIONS: Final = {
    "title and date": "creation/date",
    "citation": "bibl/idno",
    "archive": "msIdentifier/idno",
    "summary": "abstract/p",
    "credits": "titleStmt/funder",
    "language": "msContents/textLang",
    "contents": "notesStmt/note[@subtype='contents']",
}


@pytest.mark.parametrize(("check", "path"), CORRUPTIONS.items(), ids=CORRUPTIONS)
def test_corruption_fails_the_check(
    shared: Path, compared: Compared, check: str, path: str
) -> None:
    document = deepcopy(compared.documents["1965-01-08"])
    parent, child = path.split("/")
    element = document.find(f"{TEI}teiHeader//{TEI}{parent}/{TEI}{child}")
    assert element is not None
    element.text = "Another value"
    with pytest.raises(AssertionError):
        CHECKS[check](compared.sources["1965-01-08"], document)


def test_corruption_of_every_part_is_tried() -> None:
    assert CORRUPTIONS.keys() == CHECKS.keys()
