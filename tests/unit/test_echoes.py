"""One fault, one finding; and what a pointer was meant to be."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from toolkit.findings import Finding
from toolkit.tei import TEI
from toolkit.validate.pointers.ids import Index
from toolkit.validate.words import hints
from toolkit.validate.words.echoes import told_once

PATH = Path("a.xml")


def finding(line: int, code: str, message: str, column: int = 1) -> Finding:
    """Return a finding of one document."""
    return Finding(PATH, line, column, code, message)


def heard(
    structure: list[Finding], pointing: list[Finding], rules: dict[int, str]
) -> list[str]:
    """Return the codes told of ``<div>``, in it ``<p>``, in that ``<hi>``.

    They stand on the lines 1, 2 and 3; rules are given by line.
    """
    root = etree.fromstring(f'<div xmlns="{TEI[1:-1]}"><p><hi/></p></div>')
    elements = dict(enumerate(root.iter("*"), 1))
    places = {(line, 1): element for line, element in elements.items()}
    broken = [
        (elements[line], finding(line, "TEI200", said)) for line, said in rules.items()
    ]
    told = told_once(structure, pointing, broken, lambda: places)
    return [f"{one.line} {one.code}" for one in told]


def test_a_rule_about_an_element_that_the_grammar_finds_wrong_waits() -> None:
    slip = finding(3, "TEI108", "@rendd is not an attribute of <hi>")
    assert heard([slip], [], {3: "give @rend"}) == ["3 TEI108"]
    assert heard([], [], {3: "give @rend"}) == ["3 TEI200"]


def test_a_rule_about_another_element_is_told() -> None:
    slip = finding(1, "TEI108", "@nn is not an attribute of <div>")
    assert heard([slip], [], {3: "give @rend"}) == ["1 TEI108", "3 TEI200"]


def test_a_rule_about_an_element_that_lacks_something_waits() -> None:
    slip = finding(9, "TEI105", "<p> (opened on line 2) lacks <hi>")
    assert heard([slip], [], {2: "a p has words", 1: "give @n"}) == [
        "9 TEI105",
        "1 TEI200",
    ]


def test_a_pointer_is_told_by_one_stage() -> None:
    value = finding(3, "TEI109", "@target of <ref> cannot be “”")
    empty = finding(3, "TEI300", "@target of <ref> is empty")
    assert heard([value], [empty], {}) == ["3 TEI300"]
    assert heard([], [empty], {3: "@target points to nothing"}) == ["3 TEI300"]


def test_an_attribute_that_may_not_be_there_need_not_point() -> None:
    extra = finding(3, "TEI108", "@target is not an attribute of <hi>")
    lost = finding(3, "TEI301", "@target of <hi> points to #x")
    unsafe = finding(3, "TEI309", "@target of <hi> is a javascript: address")
    assert heard([extra], [lost], {}) == ["3 TEI108"]
    assert heard([extra], [unsafe], {}) == ["3 TEI108", "3 TEI309"]


def test_what_a_rule_sums_up_is_not_told_beside_its_parts() -> None:
    prefix = finding(3, "TEI308", "@ref of <hi> is gnd:1")
    rules = {1: "explain every prefix [teiHeader-prefixes]"}
    assert heard([], [prefix], rules) == ["3 TEI308"]
    assert heard([], [], rules) == ["1 TEI200"]


# -- hints -----------------------------------------------------------------------


@pytest.fixture
def edition(tmp_path: Path) -> Index:
    """Two documents; the first has the ids a1, a2 and talks."""
    for name, idents in {"one": ["a1", "a2", "talks"], "two": ["kovacs"]}.items():
        content = "".join(f'<p xml:id="{ident}"/>' for ident in idents)
        path = tmp_path / f"{name}.xml"
        path.write_text(f'<TEI xmlns="{TEI[1:-1]}">{content}</TEI>')
    return Index([tmp_path / "one.xml", tmp_path / "two.xml"])


@pytest.mark.parametrize(
    ("ident", "said"),
    [
        ("Talks", "write #talks: ids are case-sensitive"),
        ("tlks", "write #talks if that is meant"),
        ("#talks", "write #talks"),
        ("talks,", "write #talks: pointers are divided by spaces"),
        ("a1;#a2", "pointers are divided by spaces"),
        ("kovacs", "two.xml has it: write two.xml#kovacs"),
        ("a9", "there is #a1, #a2"),
        ("xyz", "this document has #a1, #a2, #talks"),
    ],
)
def test_an_id_that_is_not_there_gets_the_likely_one(
    edition: Index, tmp_path: Path, ident: str, said: str
) -> None:
    path = (tmp_path / "one.xml").resolve()
    assert said in (hints.inside(ident, edition.idents(path), path, edition) or "")


@pytest.mark.parametrize(
    ("place", "fragment", "said"),
    [
        ("talks", "", "write #talks: a pointer into this document begins with #"),
        ("tlks", "", "write #talks if that is meant"),
        ("nothing", "", "write # before an id"),
        ("tow.xml", "kovacs", "write two.xml#kovacs if that is meant"),
        ("two", "kovacs", "write two.xml#kovacs"),
        ("../two.xml", "kovacs", "write two.xml#kovacs"),
        ("www.example.org", "", "write https://www.example.org"),
        ("example.org/a", "b", "write https://example.org/a#b"),
        ("https//example.org", "", "write https://example.org"),
        ("x\\two.xml", "kovacs", "write / for \\"),
        ("1.2/3", "", "a pointer is #id, or file.xml#id"),
    ],
)
def test_a_file_that_is_not_there_gets_the_likely_one(
    edition: Index, tmp_path: Path, place: str, fragment: str, said: str
) -> None:
    path = (tmp_path / "one.xml").resolve()
    assert said in (hints.file(place, fragment, path, edition) or "")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("r1 p2", 'write xml:id="r1-p2"'),
        ("1967-p2", 'write xml:id="p-1967-p2"'),
        ("#r1", 'write xml:id="r1"'),
        ("r1:p2", 'write xml:id="r1-p2"'),
        ("§", "begin with a letter"),
        ("", "begin with a letter"),
    ],
)
def test_an_id_that_is_no_name_gets_one(written: str, said: str) -> None:
    assert hints.identifier(written, "p").startswith(said)


def test_what_points_to_the_id_that_was_meant_is_not_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(f'<TEI xmlns="{TEI[1:-1]}"><p xml:id="r1:p 2"/></TEI>')
    ids = Index([]).ids(path.resolve()) or {}
    assert {"r1:p 2", "r1-p-2"} <= set(ids)
