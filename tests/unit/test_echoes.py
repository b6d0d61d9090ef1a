"""One fault, one finding; and what a pointer was meant to be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from toolkit.findings import Finding, Severity
from toolkit.tei import TEI
from toolkit.validate.pointers.ids import Index
from toolkit.validate.violation import Violation
from toolkit.validate.words import hints
from toolkit.validate.words.asks import asked
from toolkit.validate.words.echoes import told_once

PATH = Path("a.xml")


def finding(line: int, code: str, message: str, column: int = 1) -> Finding:
    """Return a finding of one document."""
    return Finding(PATH, line, column, code, message)


def heard(
    structure: list[Finding],
    pointing: list[Finding],
    rules: dict[int, str],
    *tests: str,
    content: str = '<p><hi type="x"/></p>',
) -> list[str]:
    """Return the codes told of ``<div>``, in it ``<p>``, in that ``<hi>``.

    They stand on the lines 1, 2 and 3; rules are given by line, with their tests.
    """
    root = etree.fromstring(f'<div xmlns="{TEI[1:-1]}">{content}</div>')
    elements = dict(enumerate(root.iter("*"), 1))
    places = {(line, 1): element for line, element in elements.items()}
    asks = dict(zip(rules, [*tests, *[""] * len(rules)], strict=False))
    broken = [
        (
            Violation(elements[line], "TEI200", said, asks=("", asks[line])),
            finding(line, "TEI200", said),
        )
        for line, said in rules.items()
    ]
    lost = [
        (Violation(elements[one.line], one.code, "", missing=_missing(one)), one)
        for one in pointing
    ]
    told = told_once(structure, lost, broken, lambda: places)
    return [f"{one.line} {one.code}" for one in told]


def _missing(pointer: Finding) -> str:
    return pointer.message.partition("points to #")[2]


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


def test_a_rule_that_asks_for_what_is_missing_further_down_waits() -> None:
    slip = finding(9, "TEI105", "<p> (opened on line 2) lacks <hi>")
    rule = {1: "a div has something in italics"}
    assert heard([slip], [], rule, "tei:p/tei:hi") == ["9 TEI105"]
    assert heard([slip], [], rule, "tei:head") == ["9 TEI105", "1 TEI200"]


def test_a_rule_that_asks_for_the_parent_waits_if_its_name_is_misspelt() -> None:
    slip = finding(2, "TEI101", "<pp> is not a TEI element; did you mean <p>?")
    assert heard([slip], [], {3: "hi in p"}, "parent::tei:p") == ["2 TEI101"]


def test_a_rule_that_asks_for_the_attribute_elsewhere_waits() -> None:
    slip = finding(3, "TEI109", "@ident of <hi> cannot be “Hungarian”")
    rule = {4: "the language is not declared"}
    two = "<p><hi/></p><p/>"
    assert heard([slip], [], rule, "@a = //tei:hi/@ident", content=two) == ["3 TEI109"]
    for test in ("@a = preceding::tei:p/@ident", "@a = preceding::tei:hi/@n", "@ident"):
        assert heard([slip], [], rule, test, content=two) == ["3 TEI109", "4 TEI200"]


def test_a_warning_weighs_as_much_as_the_rule_it_stands_for() -> None:
    said = "@xml:lang of <hi> is “english”, which is the tag of no language"
    slip = replace(finding(3, "TEI112", said), severity=Severity.WARNING)
    root = etree.fromstring(f'<hi xmlns="{TEI[1:-1]}"/>')
    rule = Violation(root, "TEI200", "", asks=("", "@xml:lang = //tei:hi"))
    broken = [(rule, finding(1, "TEI200", "the language is not declared"))]
    [told] = told_once([slip], [], broken, dict)
    assert (told.code, told.severity) == ("TEI112", Severity.ERROR)


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


def test_a_rule_that_reads_all_pointers_is_not_told_beside_one_of_them() -> None:
    prefix = finding(3, "TEI308", "@ref of <hi> is gnd:1")
    rules = {1: "explain every prefix"}
    assert heard([], [prefix], rules, "for $v in //@ref return $v") == ["3 TEI308"]
    assert heard([], [], rules, "for $v in //@ref return $v") == ["1 TEI200"]


def test_pointers_to_an_id_whose_attribute_is_misspelt_are_right() -> None:
    slip = finding(
        3, "TEI108", "@type is not an attribute of <hi>; did you mean @xml:id?"
    )
    assert heard([slip], [finding(2, "TEI301", "@who points to #x")], {}) == [
        "3 TEI108"
    ]
    assert heard([slip], [finding(2, "TEI301", "@who points to #y")], {}) == [
        "3 TEI108",
        "2 TEI301",
    ]


def test_pointers_into_a_large_part_that_is_missing_wait() -> None:
    slip = finding(9, "TEI105", "<p> (opened on line 2) lacks <hi>")
    assert heard([slip], [finding(3, "TEI301", "@who points to #x")], {}) == [
        "9 TEI105"
    ]


def test_a_rule_that_misses_an_id_explains_pointers_that_lead_nowhere() -> None:
    lost = finding(2, "TEI301", "@who points to #x")
    assert heard([], [lost], {3: "give it an id"}, "@xml:id") == ["3 TEI200"]


def test_of_two_rules_the_one_about_its_own_attribute_is_told() -> None:
    rules = {1: "one is preferred [a]", 3: "give @type [b]"}
    tests = "count(tei:hi[@type = 'preferred']) = 1", "@type"
    assert heard([], [], rules, *tests) == ["3 TEI200"]
    assert heard([], [], rules, "count(tei:p) = 1", "@type") == ["1 TEI200", "3 TEI200"]


def test_two_neighbours_without_the_same_parent_are_told_once() -> None:
    rules = {2: "put it into a choice [a]", 3: "put it into a choice [b]"}
    tests = "parent::tei:choice", "parent::tei:choice"
    assert heard([], [], rules, *tests, content="<sic/><corr/>") == ["2 TEI200"]


@pytest.mark.parametrize(
    ("test", "elements", "attributes"),
    [
        ("@xml:id = 'tei:p'", set(), {"xml:id"}),
        ("ancestor::tei:TEI[1]//tei:language/@ident", {"TEI", "language"}, {"ident"}),
        ("count($common) = 2", set(), set()),
        ("normalize-space(.) != '' or .//tei:gap", {"or", "gap"}, set()),
    ],
)
def test_the_names_in_a_rule_are_read_from_its_xpath(
    test: str, elements: set[str], attributes: set[str]
) -> None:
    names = asked(("tei:p", test))
    assert (set(names.elements), set(names.attributes)) == (elements, attributes)
    assert names.around == {"p"}


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
