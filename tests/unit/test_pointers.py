"""Pointers: each kind of fault has its code, its words and its mend."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import pytest

from toolkit import tei
from toolkit.validate.pointers.follow import PointerCheck
from toolkit.validate.pointers.ids import Index, near
from toolkit.validate.pointers.prefixes import Prefixes

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.validate.violation import Violation

PERSONS: Final = (
    '<standOff><listPerson><person xml:id="kim-il-sung"/><person xml:id="kosygin"/>'
    "</listPerson></standOff>"
)


def write(folder: Path, name: str, content: str, ident: str = "") -> Path:
    """Write a document and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    own = f' xml:id="{ident}"' if ident else ""
    path.write_text(f'<TEI xmlns="{tei.TEI_NS}"{own}>{content}</TEI>', encoding="utf-8")
    return path


def faults(folder: Path, content: str, *others: Path) -> list[Violation]:
    """Return what is wrong with the pointers of a document of a small edition."""
    path = write(folder, "tei/letter.xml", content)
    check = PointerCheck(Index([path, *others]), folder)
    return list(check.faults(tei.read(path)))


def codes(folder: Path, content: str, *others: Path) -> list[str]:
    """Return the codes of what is wrong."""
    return [fault.code for fault in faults(folder, content, *others)]


@pytest.mark.parametrize(
    ("content", "code", "message", "mend"),
    [
        ('<ref target="#"/>', "TEI300", "@target of <ref> is # without an id", "then"),
        ('<ref target=" "/>', "TEI300", "@target of <ref> is empty", "give a pointer"),
        ('<ref target="http:///x"/>', "TEI300", "no web address", None),
        (f'<ref target="{"a" * 9000}"/>', "TEI300", "no address", None),
        ('<ref target="a%00b"/>', "TEI300", "no address", None),
        (
            '<p xml:id="m02s"/><note target="#m2s"/>',
            "TEI301",
            "@target of <note> points to #m2s, but nothing in this document has that",
            "write #m02s if",
        ),
        ('<ref target="persns.xml"/>', "TEI302", "there is no such file", None),
        (
            '<persName ref="persns.xml#kosygin"/>',
            "TEI302",
            "there is no such file",
            "write persons.xml#kosygin",
        ),
        (
            '<persName ref="persons.xml#kosigin"/>',
            "TEI303",
            "points to persons.xml#kosigin, but persons.xml has no such id",
            "write persons.xml#kosygin",
        ),
        (
            '<p xml:id="a"/>\n<q xml:id="a"/>',
            "TEI304",
            "xml:id “a” of <q> is taken: <p> in line 1 has it",
            "another id",
        ),
        ('<p xml:id="kosygin"/>', "TEI305", "persons.xml has it", "document's own id"),
        ('<p xml:id="1 a"/>', "TEI306", "“1 a” of <p> is not a name", "letter or _"),
        ('<p xml:id="a:b"/>', "TEI306", "is not a name", "letter or _"),
        (
            '<placeName ref="persons.xml#kosygin"/>',
            "TEI307",
            "points to persons.xml#kosygin, which is a <person>",
            "expected is <place>",
        ),
        (
            '<handNote xml:id="h"/><note resp="#h"/>',
            "TEI307",
            "@resp of <note> points to #h, which is a <handNote>",
            "goes into @hand",
        ),
        (
            '<respStmt xml:id="tr"/><add hand="#tr"/>',
            "TEI307",
            "@hand of <add> points to #tr, which is a <respStmt>",
            "goes into @resp",
        ),
        (
            '<person xml:id="x"/><rs type="place" ref="#x"/>',
            "TEI307",
            "which is a <person>",
            "<place>",
        ),
        ('<p xml:id="x"/><catRef target="#x"/>', "TEI307", "is a <p>", "<category>"),
        ('<persName ref="gnd:118540238"/>', "TEI308", "no prefixDef", "declare it"),
        ('<ref target="javascript:alert(1)"/>', "TEI309", "javascript:", "web"),
        ('<ref target="data:text/html,x"/>', "TEI309", "data:", "web"),
        ('<ref target="../../secret.xml#a"/>', "TEI309", "leaves the folder", "put"),
        ('<graphic url="/etc/passwd"/>', "TEI309", "leaves the folder", "put"),
        ('<ref target="file:///etc/passwd"/>', "TEI309", "one machine", "relative"),
    ],
)
def test_each_fault_is_named_with_its_mend(
    tmp_path: Path, content: str, code: str, message: str, mend: str | None
) -> None:
    persons = write(tmp_path, "tei/persons.xml", PERSONS)
    (fault,) = faults(tmp_path, content, persons)
    assert fault.code == code
    assert message in fault.message
    assert (mend or "") in (fault.help or "")


@pytest.mark.parametrize(
    "content",
    [
        '<p xml:id="a"/><ref target="#a"/>',
        '<p xml:id="ä"/><ref target="#%C3%A4"/>',
        '<p xml:id="a"/><p xml:id="b"/><link target="#a #b"/>',
        '<persName ref="persons.xml#kosygin persons.xml#kim-il-sung"/>',
        '<ref target="persons.xml"/>',
        '<ref target="persons.xml#"/>',
        '<ref target="../tei/persons.xml#kosygin"/>',
        '<ref target="https://example.org/a?b#c"/>',
        '<ref target="mailto:editor@example.org"/>',
        '<ref target="urn:isbn:9780000000000"/>',
        '<ref target="//example.org/x"/>',
        '<ref target="#xpath(//p[1])"/>',
        '<persName ref="https://viaf.org/viaf/1"/>',
        '<date from="1961-04-07" to="1961-05"/>',
        '<shift new="loud"/>',
        '<gap reason="lost" source="#s"/><bibl xml:id="s"/>',
        '<egXML xmlns="http://www.tei-c.org/ns/Examples">'
        '<ref target="#none"/><p xml:id="kosygin"/></egXML>',
        '<other xmlns="urn:x" target="#none"/>',
    ],
)
def test_what_is_right_is_left_alone(tmp_path: Path, content: str) -> None:
    persons = write(tmp_path, "tei/persons.xml", PERSONS)
    assert faults(tmp_path, content, persons) == []


@pytest.mark.parametrize(
    "value",
    [
        "JavaScript:alert(1)",
        " \tjavascript:alert(1)",
        "java&#10;script:alert(1)",
        "java&#9;script&#13;:alert(1)",
        "&#x200B;javascript:alert(1)",
        "vbscript:x",
        "#a javascript:alert(1)",
    ],
)
def test_disguised_programs_are_refused(tmp_path: Path, value: str) -> None:
    content = f'<p xml:id="a"/><ref target="{value}"/>'
    assert codes(tmp_path, content) == ["TEI309"]


def told(folder: Path, content: str) -> list[tuple[str, str]]:
    """Return the code and the mend of what is wrong."""
    return [(one.code, one.help or "") for one in faults(folder, content)]


def test_pointers_to_the_same_missing_thing_are_told_once(tmp_path: Path) -> None:
    several = (
        '<p who="#zzz"/>' * 3 + '<p who="pers:kim"/>' * 2 + '<p ref="no.xml#a"/>' * 2
    )
    found = told(tmp_path, several)
    assert [code for code, _ in found] == ["TEI301", "TEI308", "TEI302"]
    assert "2 more pointers lead there, the last on line 1" in found[0][1]
    assert "1 more pointer leads there" in found[1][1]


def test_an_id_to_which_nothing_points_may_be_what_is_misspelt(tmp_path: Path) -> None:
    person = '<person xml:id="Puzanov"/>'
    [fault] = faults(tmp_path, person + '<p who="#puzanov"/>' * 3)
    assert fault.mend is None
    assert "write #Puzanov: ids are case-sensitive; 2 more" in (fault.help or "")
    pointed = person + '<p who="#Puzanov"/>' + '<p who="#puzanov"/>' * 3
    assert [one.mend is not None for one in faults(tmp_path, pointed)] == [True] * 3


@pytest.mark.parametrize(
    ("ids", "code", "mend"),
    [
        ('<p xml:id="a"/><p xml:id="a"/>', "TEI304", 'perhaps xml:id="camilla"'),
        ('<p xml:id="camilla x"/>', "TEI306", 'write xml:id="camilla": 2 pointers'),
        ('<p xml:id="x:camilla"/>', "TEI306", 'write xml:id="camilla": 2 pointers'),
    ],
)
def test_pointers_that_mean_a_wrong_id_are_told_with_it(
    tmp_path: Path, ids: str, code: str, mend: str
) -> None:
    [(found, said)] = told(tmp_path, ids + '<p who="#camilla"/>' * 2)
    assert found == code
    assert mend in said


def test_an_address_on_the_web_that_a_space_breaks_is_one_fault(tmp_path: Path) -> None:
    [(code, mend)] = told(tmp_path, '<ref target="https://example.org/a b/c.pdf"/>')
    assert (code, mend) == ("TEI300", "write https://example.org/a%20b/c.pdf")
    two = '<p xml:id="b"/><ref target="https://example.org/a #b"/>'
    assert told(tmp_path, two) == []


def test_several_pointers_of_one_attribute_are_all_checked(tmp_path: Path) -> None:
    content = '<p xml:id="a"/><note target="#a #b #c" resp="#d"/>'
    assert codes(tmp_path, content) == ["TEI301"] * 3


DECLARED: Final = (
    '<prefixDef ident="gnd" matchPattern="([0-9X-]+)" '
    'replacementPattern="https://d-nb.info/gnd/$1"/>'
    '<prefixDef ident="psn" matchPattern="([a-z-]+)" '
    'replacementPattern="persons.xml#$1"/>'
    '<prefixDef ident="bad" matchPattern="(.*)" replacementPattern="javascript:$1"/>'
    '<prefixDef ident="loop" matchPattern="(.*)" replacementPattern="loop:$1$1"/>'
)


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("gnd:118540238", []),
        ("psn:kosygin", []),
        ("psn:kosigin", ["TEI303"]),
        ("gnd:kosygin", ["TEI308"]),
        ("bad:alert(1)", ["TEI309"]),
        ("gnt:1", ["TEI308"]),
        ("loop:x", []),
    ],
)
def test_private_prefixes_are_expanded(
    tmp_path: Path, pointer: str, expected: list[str]
) -> None:
    persons = write(tmp_path, "tei/persons.xml", PERSONS)
    content = f'{DECLARED}<persName ref="{pointer}"/>'
    assert codes(tmp_path, content, persons) == expected


@pytest.mark.parametrize(
    ("pattern", "usable"),
    [
        ("([0-9]+)", True),
        (r"(\p{L}+)", True),
        ("([a-z]+)-([a-z]+)-(.*)", True),
        ("(a|b)c*", True),
        ("(a+)+$", False),
        ("(a|a)*b", False),
        ("((a*)b)*", False),
        (".*.*.*.*.*x", False),
        ("(a", False),
        ("[z-a]", False),
    ],
)
def test_patterns_that_could_take_for_ever_are_not_tried(
    tmp_path: Path, pattern: str, usable: bool
) -> None:
    path = write(
        tmp_path,
        "letter.xml",
        f'<prefixDef ident="x" matchPattern="{pattern}" replacementPattern="y"/>',
    )
    started = time.process_time()
    expansion = Prefixes(tei.read(path).root).expand("x", "a" * 400)
    assert time.process_time() - started < 20
    tried = expansion.uri is not None or "does not match" in expansion.reason
    assert tried is usable


def test_relative_pointers_begin_at_xml_base(tmp_path: Path) -> None:
    persons = write(tmp_path, "tei/people/persons.xml", PERSONS)
    content = (
        '<p xml:id="a"><persName xml:base="people/" ref="persons.xml#kosygin"/>'
        '<persName ref="persons.xml#kosygin"/>'
        '<ref xml:base="https://example.org/" target="none.xml"/>'
        '<ref xml:base="people/" target="#a"/></p>'
    )
    assert codes(tmp_path, content, persons) == ["TEI302"]


def test_a_document_outside_the_edition_may_point_around_itself(
    tmp_path: Path,
) -> None:
    path = write(tmp_path, "elsewhere/note.xml", '<ref target="other.xml#a"/>')
    write(tmp_path, "elsewhere/other.xml", '<p xml:id="a"/>')
    edition = tmp_path / "edition"
    edition.mkdir()
    check = PointerCheck(Index([path]), edition)
    assert list(check.faults(tei.read(path))) == []


def test_a_link_in_the_file_system_cannot_leave_the_edition(tmp_path: Path) -> None:
    write(tmp_path, "outside.xml", '<p xml:id="a"/>')
    (tmp_path / "edition" / "tei").mkdir(parents=True)
    (tmp_path / "edition" / "tei" / "link.xml").symlink_to(tmp_path / "outside.xml")
    content = '<ref target="link.xml#a"/>'
    assert codes(tmp_path / "edition", content) == ["TEI309"]


def test_a_file_that_cannot_be_read_is_said_once_per_pointer(tmp_path: Path) -> None:
    broken = tmp_path / "tei" / "broken.xml"
    broken.parent.mkdir()
    broken.write_text('<TEI xml:id="a">')
    (fault,) = faults(tmp_path, '<ref target="broken.xml#a"/>', broken)
    assert (fault.code, "cannot be read" in fault.message) == ("TEI302", True)


def test_ten_thousand_dangling_pointers_take_little_time(tmp_path: Path) -> None:
    content = "".join(
        f'<p xml:id="identifier-{n}"/><ref target="#identifer-{n}"/>'
        for n in range(10_000)
    )
    started = time.process_time()
    assert codes(tmp_path, content) == ["TEI301"] * 10_000
    assert time.process_time() - started < 60


def test_the_near_name_is_the_one_that_was_meant() -> None:
    assert near("kim-il-song", ["kim-il-sung", "kim-il", "kosygin"]) == "kim-il-sung"
    assert near("zzz", ["kim-il-sung"]) == ""
