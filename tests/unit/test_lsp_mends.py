"""Quick fixes, held against the validator: what is mended is no longer found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.unit.desks import REGISTER, letter, mended
from toolkit.config import Edition
from toolkit.lsp.edition import OpenEdition, encoded
from toolkit.lsp.mends import mends
from toolkit.report.ignore import Ignore

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.lsp.diagnose import Diagnosis
    from toolkit.lsp.mend import Mend


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> OpenEdition:
    """An edition of a register and of what a test types."""
    folder = tmp_path_factory.mktemp("edition")
    (folder / "tei").mkdir()
    (folder / "tei" / "persons.xml").write_text(REGISTER, encoding="utf-8")
    (folder / "tei" / "letter.xml").write_text("<TEI/>", encoding="utf-8")
    return OpenEdition(Edition(root=folder))


def here(opened: OpenEdition) -> Path:
    """Return the document that is typed."""
    return (opened.edition.tei / "letter.xml").resolve()


def found(opened: OpenEdition, text: str, family: str = "") -> list[Diagnosis]:
    """Return the findings of a text, those of one family of codes."""
    opened.open(here(opened), text)
    diagnoses = opened.diagnoses(opened.desk(here(opened)))
    return [one for one in diagnoses if one.finding.code.startswith(family)]


def fixes(opened: OpenEdition, text: str, code: str) -> list[Mend]:
    """Return the mends of the first finding of a code."""
    diagnosis = next(one for one in found(opened, text) if one.finding.code == code)
    desk = opened.desk(here(opened))
    return mends(desk, code, diagnosis.span.start, diagnosis.finding)


CASES = [
    (
        "TEI101",
        "<p><persname>Kim</persname></p>",
        "<p><persName>Kim</persName></p>",
    ),
    ("TEI101", "<p><lbb/>x</p>", "<p><lb/>x</p>"),
    ("TEI102", "<item>x</item>", "<list><item>x</item></list>"),
    ("TEI105", "<list></list>", "<list><item></item></list>"),
    ("TEI105", "<list/>", "<list><item></item></list>"),
    ("TEI106", "stray text <p>a</p>", "<p>stray text</p> <p>a</p>"),
    ("TEI108", '<p><hi rendd="bold">x</hi></p>', '<p><hi rend="bold">x</hi></p>'),
    ("TEI108", '<p><lb quux="1"/></p>', "<p><lb/></p>"),
    (
        "TEI109",
        '<p><gap reason="ilegible"/></p>',
        '<p><gap reason="illegible"/></p>',
    ),
    ("TEI109", '<p><gap reason="Lost"/></p>', '<p><gap reason="lost"/></p>'),
    (
        "TEI109",
        '<p><date when="2.6.1967">x</date></p>',
        '<p><date when="1967-06-02">x</date></p>',
    ),
    (
        "TEI109",
        '<p><date when="1967-6-2">x</date></p>',
        '<p><date when="1967-06-02">x</date></p>',
    ),
    ("TEI110", "<p><gap/></p>", '<p><gap reason="editorial"/></p>'),
    (
        "TEI301",
        '<p xml:id="letter-p1">a</p><p corresp="#leter-p1">b</p>',
        '<p xml:id="letter-p1">a</p><p corresp="#letter-p1">b</p>',
    ),
    (
        "TEI303",
        '<p><persName ref="persons.xml#kosigyn">x</persName></p>',
        '<p><persName ref="persons.xml#kosygin">x</persName></p>',
    ),
    (
        "TEI301",
        '<p><persName ref="#kim">x</persName></p>',
        '<p><persName ref="persons.xml#kim">x</persName></p>',
    ),
    (
        "TEI304",
        '<p xml:id="letter-a">a</p><p xml:id="letter-a">b</p>',
        '<p xml:id="letter-a">a</p><p xml:id="letter-a-2">b</p>',
    ),
    (
        "TEI306",
        '<p xml:id="1 a">a</p>',
        '<p xml:id="p-1-a">a</p>',
    ),
    ("XML002", "<p>a & b</p>", "<p>a &amp; b</p>"),
    ("XML002", "<p>a < b</p>", "<p>a &lt; b</p>"),
    ("XML002", "<p><hi>a</p>", "<p><hi>a</hi></p>"),
    ("XML002", "<p><persName>a</persname></p>", "<p><persName>a</persName></p>"),
    ("XML002", "<p><lb n=1/>a</p>", '<p><lb n="1"/>a</p>'),
    ("XML002", "<p>a&nbsp;b</p>", "<p>a\xa0b</p>"),
    ("XML002", '<p n="1" n="1">a</p>', '<p n="1" >a</p>'),
]


@pytest.mark.parametrize(
    ("code", "wrong", "right"), CASES, ids=[f"{c} {w[:30]}" for c, w, _ in CASES]
)
def test_the_first_fix_mends_the_finding(
    opened: OpenEdition, code: str, wrong: str, right: str
) -> None:
    text = letter(wrong)
    first = fixes(opened, text, code)[0]
    assert mended(text, first) == letter(right)
    left = {one.finding.code for one in found(opened, letter(right))}
    assert code not in left


def test_every_fix_has_a_title_and_only_the_first_is_preferred(
    opened: OpenEdition,
) -> None:
    for code, wrong, _ in CASES:
        found_fixes = fixes(opened, letter(wrong), code)
        assert all(one.title for one in found_fixes)
        assert sum(one.sure for one in found_fixes) <= 1


def test_a_missing_attribute_is_offered_with_every_value_it_may_have(
    opened: OpenEdition,
) -> None:
    titles = [one.title for one in fixes(opened, letter("<p><gap/></p>"), "TEI110")]
    assert titles[0].startswith('Add reason="editorial": left out by')
    assert len(titles) == 7


def test_a_document_that_was_cut_off_is_closed(opened: OpenEdition) -> None:
    text = letter("<p>a").partition("</body>")[0] + "\n"
    first = fixes(opened, text, "XML002")[0]
    assert mended(text, first).endswith("<p>a</p></body></text></TEI>\n")


def test_an_ambiguous_date_is_left_to_the_editor(opened: OpenEdition) -> None:
    text = letter('<p><date when="2/6/1967">x</date></p>')
    assert fixes(opened, text, "TEI109") == []


def test_an_unknown_code_has_no_fix(opened: OpenEdition) -> None:
    found(opened, letter("<p>a</p>"))
    assert mends(opened.desk(here(opened)), "TEI999", 5) == []


# -- the edition while it is open --------------------------------------------


def test_an_id_counts_as_soon_as_it_is_typed(opened: OpenEdition) -> None:
    body = '<p xml:id="letter-p1">a</p><p corresp="#letter-p1">b</p>'
    assert found(opened, letter(body), "TEI30") == []
    assert found(opened, letter(body.replace("letter-p1", "x", 1)), "TEI301")


def test_a_typed_text_counts_for_the_other_documents(opened: OpenEdition) -> None:
    persons = (opened.edition.tei / "persons.xml").resolve()
    body = letter('<p><persName ref="persons.xml#new">x</persName></p>')
    assert found(opened, body, "TEI303")
    opened.open(persons, REGISTER.replace('xml:id="kim"', 'xml:id="new"'))
    assert not found(opened, body, "TEI303")
    opened.close(persons)
    assert found(opened, body, "TEI303")


def test_a_file_that_changes_is_read_again(opened: OpenEdition) -> None:
    persons = opened.edition.tei / "persons.xml"
    body = letter('<p><persName ref="persons.xml#later">x</persName></p>')
    assert found(opened, body, "TEI303")
    persons.write_text(REGISTER.replace('"kim"', '"later"'), encoding="utf-8")
    opened.look_again()
    assert not found(opened, body, "TEI303")
    persons.write_text(REGISTER, encoding="utf-8")
    opened.look_again()


def test_what_the_settings_ignore_is_not_shown(opened: OpenEdition) -> None:
    text = letter("<p><gap/></p>")
    assert found(opened, text, "TEI110")
    ignore = Ignore("TEI110", "tei/*.xml", "for a test", contains="lacks @reason")
    quiet = OpenEdition(replace(opened.edition, ignore=(ignore,)))
    assert not found(quiet, text, "TEI110")


def test_a_broken_document_has_a_finding_and_keeps_its_ids(
    opened: OpenEdition,
) -> None:
    text = letter('<p xml:id="letter-p1">a <hi> b</p>')
    assert [one.finding.code for one in found(opened, text)] == ["XML002"]
    assert "letter-p1" in opened.desk(here(opened)).facts.ids


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<a>é</a>", "<a>é</a>".encode()),
        (
            '<?xml version="1.0" encoding="iso-8859-1"?><a>é€</a>',
            b'<?xml version="1.0" encoding="iso-8859-1"?><a>\xe9&#8364;</a>',
        ),
        (
            '<?xml version="1.0" encoding="klingon"?><a/>',
            b'<?xml version="1.0" encoding="klingon"?><a/>',
        ),
        ("<a>\ud800</a>", b"<a>?</a>"),
    ],
    ids=["UTF-8", "Latin-1", "unknown", "half a surrogate pair"],
)
def test_a_text_is_checked_as_the_bytes_it_would_be_saved_as(
    text: str, expected: bytes
) -> None:
    assert encoded(text) == expected
