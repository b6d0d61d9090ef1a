"""The catalogue entry: rows in order, dates in words, what the editors changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from toolkit.build.run import Build
from toolkit.config import find
from toolkit.editions.catalogue import Change, Row, changes, day, printed, rows
from toolkit.metadata import metadata
from toolkit.render.facts import gather
from toolkit.tei import Document, plain, read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEADER = """<teiHeader><fileDesc><titleStmt><title>Report</title>
<author><persName ref="persons.xml#kovacs">Kovács</persName></author>
<respStmt><resp>translator</resp><name>not named</name></respStmt></titleStmt>
<publicationStmt><p>Test.</p></publicationStmt>
<notesStmt><note type="editor">It is <date when="1967-05">undated</date>.</note>
</notesStmt>
<sourceDesc><msDesc><msIdentifier>{held}</msIdentifier>
<physDesc><p>Typescript.</p></physDesc></msDesc></sourceDesc></fileDesc>
<profileDesc><creation><date when="1962-08-27">August 27, 1962</date></creation>
<correspDesc><correspAction type="sent"><persName ref="persons.xml#kovacs">Kovács
</persName><placeName>Pyongyang</placeName><date when="1962-08-27"/></correspAction>
</correspDesc></profileDesc></teiHeader>"""
HELD = (
    "<repository ref='organisations.xml#mol'>MOL</repository>"
    "<settlement>Budapest</settlement>"
)
NOT_STATED = (
    "<repository cert='unknown'>not stated</repository>"
    "<settlement cert='unknown'>not stated</settlement>"
)


@pytest.fixture
def make_document(tmp_path: Path) -> Callable[[str, str], Document]:
    """A function that writes a document of a msIdentifier and a body, and reads it."""

    def make(held: str = HELD, body: str = "<p>Text.</p>") -> Document:
        path = tmp_path / "d1.xml"
        path.write_text(
            '<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="d1">'
            f"{HEADER.format(held=held)}<text><body>{body}</body></text></TEI>",
            encoding="utf-8",
        )
        return read(path)

    return make


def words(row: Row) -> str:
    """Return what a row says, without markup."""
    return ", ".join(plain(element) for element in row.elements) or row.words


def test_rows_come_in_order_and_only_where_there_is_something_to_say(
    make_document: Callable[..., Document],
) -> None:
    document = make_document()
    found = [(row.label, words(row)) for row in rows(document, metadata(document))]
    assert found == [
        ("Date", "August 27, 1962"),
        ("Author", "Kovács"),
        ("From", "Kovács, Pyongyang"),
        ("Translator", "not named"),
        ("Archive", "MOL, Budapest"),
        ("Remark", "It is undated."),
    ]


def test_what_is_not_known_says_so_once(
    make_document: Callable[..., Document],
) -> None:
    document = make_document(NOT_STATED)
    unknown = [row for row in rows(document, metadata(document)) if not row.known]
    assert [(row.label, words(row)) for row in unknown] == [
        ("Translator", "not named"),
        ("Archive", "not stated"),
    ]


def test_a_document_without_header_has_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "bare.xml"
    path.write_text('<TEI xmlns="http://www.tei-c.org/ns/1.0"><text/></TEI>')
    document = read(path)
    assert rows(document, metadata(document)) == []


def test_descriptions_are_among_what_a_page_prints(
    make_document: Callable[..., Document],
) -> None:
    document = make_document()
    said = [plain(element) for element in printed(document, metadata(document))]
    assert "Typescript." in said


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("1962-08-27", "27 August 1962"),
        ("1967-05", "May 1967"),
        ("1956", "1956"),
        ("", ""),
        ("1962-13-01", "1962-13-01"),
        ("--05-01", "--05-01"),
    ],
    ids=["day", "month", "year", "none", "no such month", "no year"],
)
def test_a_date_is_said_as_precisely_as_it_is_known(iso: str, words: str) -> None:
    assert day(iso) == words


def test_changes_are_listed_once_with_all_their_places(
    make_document: Callable[..., Document],
) -> None:
    slip = "<choice><sic>iz</sic><corr>is</corr></choice>"
    document = make_document(
        HELD,
        f"<p>It {slip} and {slip} <surplus>the</surplus> "
        "<choice><orig>a <surplus>b</surplus></orig><reg>a</reg></choice> "
        "<choice><sic>00</sic><corr><gap reason='lost'/></corr></choice></p>",
    )
    assert changes(gather(document.root)) == [
        Change("iz", "is", ("change-1", "change-2")),
        Change("the", "", ("change-3",)),
        Change("b", "", ("change-4",)),
    ]


@pytest.mark.parametrize(
    ("body", "alone"),
    [
        ("<p><gap reason='editorial'/></p>", "yes"),
        ("<p>Text <gap reason='editorial'/></p>", ""),
        ("<p><gap reason='editorial'/> text</p>", ""),
        ("<p><emph>Text</emph><gap reason='editorial'/></p>", ""),
        ("<p><choice><sic>0</sic><corr><gap/></corr></choice></p>", "yes"),
        ("<p>x<choice><sic>0</sic><corr><gap/></corr></choice></p>", ""),
    ],
    ids=["alone", "after", "before", "beside", "in a choice", "choice after"],
)
def test_a_gap_knows_whether_it_stands_alone(
    make_document: Callable[..., Document], body: str, alone: str
) -> None:
    root = make_document(HELD, body).root
    (gap,) = root.iter("{*}gap")
    assert gather(root).of[gap].get("alone", "") == alone


def test_names_in_names_and_around_notes_are_no_links_in_links(
    make_document: Callable[..., Document],
) -> None:
    root = make_document(
        HELD,
        "<p><rs ref='p.xml#a'>head of the <orgName ref='o.xml#b'>Party</orgName></rs> "
        "<persName ref='p.xml#c'>Kim<note>him</note></persName> "
        "<placeName ref='l.xml#d'>Korea</placeName></p>",
    ).root
    facts = gather(root)
    linked = {
        mention.entity: facts.of[mention.element].get("link", "")
        for mention in facts.mentions
        if mention.file in {"p.xml", "o.xml", "l.xml"}
    }
    assert linked == {"a": "yes", "b": "", "c": "", "d": "yes"}


def test_an_entry_is_filed_under_its_sort_key_and_passages_show_their_note(
    tmp_path: Path,
) -> None:
    tei = tmp_path / "tei"
    tei.mkdir()
    (tmp_path / "edition.toml").write_text('title = "Test"\n')
    opening = '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader/>'
    (tei / "persons.xml").write_text(
        f"{opening}<standOff><listPerson>"
        "<person xml:id='adam'><persName>Adam Zed</persName></person>"
        "<person xml:id='alexei' sortKey='Kosygin, Alexei'>"
        "<persName>Alexei Kosygin</persName></person>"
        "</listPerson></standOff></TEI>",
        encoding="utf-8",
    )
    (tei / "one.xml").write_text(
        f"{opening}<text><body><p>Our official<note>that is "
        "<persName ref='persons.xml#adam'>Zed</persName></note> came.</p></body>"
        "</text></TEI>",
        encoding="utf-8",
    )
    edition = find(tmp_path)
    Build(edition).run()
    register = (edition.build / "site" / "persons.html").read_text(encoding="utf-8")
    assert register.index("Adam Zed") < register.index("Kosygin, Alexei")
    assert "Our official [that is <strong>Zed</strong>] came." in register
    assert '<h2 class="letter-head" id="letter-K">K</h2>' in register
