"""Checking documents: every fault once, at its place, with what would do there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest
from lxml import etree

from tests.referees import jing
from toolkit.schema.automaton import Fault, FaultKind, accepts, check, check_fragment
from toolkit.schema.relaxng import load

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.schema.grammar import Grammar

RNG: Final = 'xmlns="http://relaxng.org/ns/structure/1.0"'
LETTER: Final = f"""
<grammar {RNG} ns="urn:l" datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
<start><element name="letter">
  <attribute name="kind"><choice><value>card</value><value>letter</value></choice>
  </attribute>
  <optional><attribute name="xml:id"><data type="ID"/></attribute></optional>
  <optional><attribute name="answers"><data type="IDREF"/></attribute></optional>
  <element name="head"><ref name="from"/><ref name="to"/><ref name="date"/></element>
  <element name="body"><oneOrMore><ref name="p"/></oneOrMore></element>
  <optional><element name="close"><ref name="mixed"/></element></optional>
</element></start>
<define name="from"><element name="from"><text/></element></define>
<define name="to"><element name="to"><text/></element></define>
<define name="date"><element name="date"><data type="date"/></element></define>
<define name="p"><element name="p">
  <optional><attribute name="xml:id"><data type="ID"/></attribute></optional>
  <ref name="mixed"/></element></define>
<define name="mixed"><zeroOrMore><choice><text/><ref name="hi"/></choice></zeroOrMore>
</define>
<define name="hi"><element name="hi"><ref name="mixed"/></element></define>
</grammar>"""
HEAD: Final = "<head><from>A</from><to>B</to><date>1962-08-27</date></head>"
BODY: Final = "<body><p>x</p></body>"


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> Grammar:
    path = tmp_path_factory.mktemp("schema") / "letter.rng"
    path.write_text(LETTER)
    return load(path)


def _document(content: str, attributes: str = 'kind="card"') -> bytes:
    return f'<letter xmlns="urn:l" {attributes}>\n{content}\n</letter>'.encode()


def _brief(fault: Fault) -> tuple[FaultKind, str, tuple[str, ...]]:
    names = tuple(one.replace("{urn:l}", "") for one in fault.expected)
    return fault.kind, fault.element.replace("{urn:l}", ""), names


def test_a_valid_document_has_no_faults(letter: Grammar) -> None:
    assert check(_document(HEAD + BODY), letter) == []
    assert accepts(_document(HEAD + BODY), letter)


ONE_FAULT = {
    "unknown element": (
        HEAD + "<body><p>a <foo>b</foo></p></body>",
        (FaultKind.UNKNOWN_ELEMENT, "foo", ("text", "hi")),
    ),
    "a misspelt name is taken for the right one": (
        HEAD + "<bodi><p>a <hi>b</hi></p></bodi>",
        (FaultKind.UNKNOWN_ELEMENT, "bodi", ("body",)),
    ),
    "an unknown element may stand for a required one": (
        HEAD + "<xyz><p>a</p></xyz>",
        (FaultKind.UNKNOWN_ELEMENT, "xyz", ("body",)),
    ),
    "a missing element": (
        HEAD.replace("<to>B</to>", "") + BODY,
        (FaultKind.ELEMENT_TOO_EARLY, "date", ("to",)),
    ),
    "two elements in the wrong order": (
        HEAD.replace("<from>A</from><to>B</to>", "<to>B</to><from>A</from>") + BODY,
        (FaultKind.ELEMENT_TOO_EARLY, "to", ("from",)),
    ),
    "an element too late": (
        HEAD + BODY + HEAD,
        (FaultKind.ELEMENT_TOO_LATE, "head", ("close",)),
    ),
    "a misplaced element": (
        HEAD + "<body><p>a <from>b</from> c</p></body>",
        (FaultKind.ELEMENT_NOT_ALLOWED, "from", ("text", "hi")),
    ),
    "a missing wrapper": (
        HEAD + "<p>a</p><p>b</p>",
        (FaultKind.ELEMENT_NOT_ALLOWED, "p", ("body",)),
    ),
    "text and elements without their wrapper": (
        HEAD + "<body>a <hi>b</hi> c <hi>d</hi></body>",
        (FaultKind.TEXT_NOT_ALLOWED, "body", ("p",)),
    ),
    "incomplete content": (
        HEAD + "<body/>",
        (FaultKind.CONTENT_INCOMPLETE, "body", ("p",)),
    ),
    "a bad value of an element": (
        HEAD.replace("08-27", "02-30") + BODY,
        (FaultKind.TEXT_VALUE, "date", ("date",)),
    ),
    "an element in a value": (
        HEAD.replace("1962-08-27", "<hi>x</hi>") + BODY,
        (FaultKind.ELEMENT_NOT_ALLOWED, "hi", ("date",)),
    ),
}


@pytest.mark.parametrize(("content", "expected"), ONE_FAULT.values(), ids=ONE_FAULT)
def test_one_slip_is_one_fault(
    letter: Grammar,
    content: str,
    expected: tuple[FaultKind, str, tuple[str, ...]],
) -> None:
    assert list(map(_brief, check(_document(content), letter))) == [expected]


@pytest.mark.parametrize(
    ("attributes", "kind", "attribute", "found", "expected"),
    [
        ("", "ATTRIBUTE_MISSING", "kind", "", ("kind",)),
        ('kind="cart"', "ATTRIBUTE_VALUE", "kind", "cart", ("card", "letter")),
    ],
    ids=["missing", "value"],
)
def test_attributes_are_judged(
    letter: Grammar,
    attributes: str,
    kind: str,
    attribute: str,
    found: str,
    expected: tuple[str, ...],
) -> None:
    (fault,) = check(_document(HEAD + BODY, attributes), letter)
    assert fault.kind is FaultKind[kind]
    assert (fault.attribute, fault.found, fault.expected) == (
        attribute,
        found,
        expected,
    )


def test_an_unknown_attribute_is_named_with_those_that_could_be(
    letter: Grammar,
) -> None:
    (fault,) = check(_document(HEAD + BODY, 'kind="card" sort="x"'), letter)
    assert fault.kind is FaultKind.ATTRIBUTE_NOT_ALLOWED
    assert fault.attribute == "sort"
    assert "answers" in fault.expected


def test_all_faults_are_found_with_line_and_column(letter: Grammar) -> None:
    source = _document(
        HEAD + "\n<body>\n <p>a\n  <foo/></p>\n  text\n <from>b</from>\n</body>\n",
        'kind="x"',
    )
    found = [(one.line, one.column, one.kind.name) for one in check(source, letter)]
    assert found == [
        (1, 1, "ATTRIBUTE_VALUE"),
        (5, 3, "UNKNOWN_ELEMENT"),
        (6, 3, "TEXT_NOT_ALLOWED"),
        (7, 2, "ELEMENT_NOT_ALLOWED"),
    ]


def test_a_fault_knows_its_parent_and_where_that_opens(letter: Grammar) -> None:
    source = _document(HEAD + "\n<body>\n<p>\n<foo/></p></body>")
    (fault,) = check(source, letter)
    assert (fault.parent, fault.parent_line) == ("{urn:l}p", 4)


def test_incomplete_content_is_reported_at_the_end_tag(letter: Grammar) -> None:
    (fault,) = check(_document(HEAD + "<body>\n\n</body>"), letter)
    assert (fault.line, fault.column, fault.parent_line) == (4, 1, 2)


def test_ids_are_unique_and_references_mean_one(letter: Grammar) -> None:
    body = '<body><p xml:id="a"/><p xml:id="b"/><p xml:id="a"/></body>'
    source = _document(HEAD + body, 'kind="card" xml:id="l" answers="m"')
    faults = check(source, letter)
    assert [(one.kind, one.found) for one in faults] == [
        (FaultKind.DANGLING_IDREF, "m"),
        (FaultKind.DUPLICATE_ID, "a"),
    ]
    assert check(source.replace(b'"m"', b'"b"'), letter)[0].parent_line == 2


def test_foreign_markup_is_one_fault_but_what_is_ours_in_it_is_checked(
    letter: Grammar,
) -> None:
    foreign = '<x:a xmlns:x="urn:x"><x:b/><p>a<from/></p></x:a>'
    faults = check(_document(HEAD + f"<body><p/>{foreign}</body>"), letter)
    assert [one.element for one in faults] == ["{urn:x}a", "{urn:l}from"]


@pytest.mark.parametrize(
    "source",
    [b"<letter", b"", b"<letter xmlns='urn:l' kind='card'><head></letter>"],
    ids=["cut off", "empty", "mismatched"],
)
def test_what_is_not_well_formed_is_a_fault(letter: Grammar, source: bytes) -> None:
    faults = check(source, letter)
    assert faults[-1].kind is FaultKind.NOT_WELL_FORMED
    assert faults[-1].line == 1


def test_entities_and_comments_do_not_divide_a_value(letter: Grammar) -> None:
    head = HEAD.replace("1962-08", "1962<!-- x -->-<?y?>0&#56;")
    assert check(_document(head + BODY), letter) == []


def test_other_encodings_are_read(letter: Grammar) -> None:
    text = '<?xml version="1.0" encoding="{}"?>' + _document(HEAD + BODY).decode()
    for encoding in ("utf-16", "iso-8859-1"):
        source = text.format(encoding).encode(encoding)
        assert check(source, letter) == []


@pytest.mark.parametrize("as_bytes", [True, False], ids=["bytes", "tree"])
def test_a_fragment_is_checked_as_what_its_name_declares(
    letter: Grammar, as_bytes: bool
) -> None:
    def faults(xml: bytes) -> list[FaultKind]:
        fragment = xml if as_bytes else etree.fromstring(xml)
        return [one.kind for one in check_fragment(fragment, letter)]

    assert faults(b'<p xmlns="urn:l">a <hi>b</hi></p>') == []
    assert faults(b'<p xmlns="urn:l">a <from>b</from></p>') == [
        FaultKind.ELEMENT_NOT_ALLOWED
    ]
    assert faults(b'<q xmlns="urn:l"/>') == [FaultKind.UNKNOWN_ELEMENT]
    assert faults(b'<date xmlns="urn:l">today</date>') == [FaultKind.TEXT_VALUE]


def test_an_element_of_a_tree_keeps_its_lines(letter: Grammar) -> None:
    tree = etree.fromstring(_document(HEAD + "\n<body><p>a</p>\n<hi/></body>"))
    (fault,) = check_fragment(tree[1], letter)
    assert (fault.line, fault.column) == (4, 0)


AMBIGUOUS: Final = f"""
<grammar {RNG}><start><element name="r"><choice>
 <group><element name="x"><attribute name="k"><value>1</value></attribute>
   <element name="a"><empty/></element></element>
   <element name="end1"><empty/></element></group>
 <group><element name="x"><attribute name="k"/>
   <choice><element name="a"><empty/></element><element name="b"><empty/></element>
   </choice></element>
   <element name="end2"><empty/></element></group>
</choice></element></start></grammar>"""


@pytest.mark.parametrize(
    ("content", "valid"),
    [
        ('<x k="1"><a/></x><end1/>', True),
        ('<x k="1"><a/></x><end2/>', True),
        ('<x k="1"><b/></x><end2/>', True),
        ('<x k="1"><b/></x><end1/>', False),
        ('<x k="2"><a/></x><end1/>', False),
        ('<x k="2"><a/></x><end2/>', True),
    ],
)
def test_a_name_may_have_several_declarations_at_one_place(
    tmp_path: Path, content: str, valid: bool
) -> None:
    path = tmp_path / "ambiguous.rng"
    path.write_text(AMBIGUOUS)
    assert (check(f"<r>{content}</r>".encode(), load(path)) == []) is valid


def test_values_that_are_names_use_the_prefixes_of_their_place(tmp_path: Path) -> None:
    path = tmp_path / "qname.rng"
    path.write_text(
        f'<element {RNG} name="a" xmlns:p="urn:p" datatypeLibrary='
        '"http://www.w3.org/2001/XMLSchema-datatypes"><attribute name="x">'
        '<value type="QName">p:y</value></attribute><empty/></element>'
    )
    grammar = load(path)
    assert check(b'<a xmlns:q="urn:p" x="q:y"/>', grammar) == []
    assert len(check(b'<a xmlns:q="urn:q" x="q:y"/>', grammar)) == 1


@pytest.fixture(scope="module")
def tei_all(shared: Path) -> Grammar:
    return load(shared / "tei" / "tei_all.rng")


def test_the_plays_are_valid(shared: Path, tei_all: Grammar) -> None:
    plays = sorted((shared / "corpora" / "gerdracor").glob("*.xml"))
    assert [path.name for path in plays if check(path.read_bytes(), tei_all)] == []


@pytest.mark.slow
@pytest.mark.parametrize("spoil", [False, True], ids=["as they are", "spoilt"])
def test_jing_gives_the_same_verdict_and_first_line(
    shared: Path, tei_all: Grammar, tmp_path: Path, spoil: bool
) -> None:
    ours: dict[str, int] = {}
    files = []
    for number, path in enumerate(sorted((shared / "corpora/gerdracor").glob("*.xml"))):
        source = path.read_bytes()
        if spoil:
            source = _spoilt(source, number)
        (tmp_path / path.name).write_bytes(source)
        files.append(tmp_path / path.name)
        faults = check(source, tei_all)
        if faults:
            ours[path.name] = faults[0].line
    schema = shared / "tei" / "tei_all.rng"
    said = "\n".join(jing(schema, files))
    theirs: dict[str, int] = {}
    for name, line in re.findall(r"^(?:.*/)?([^/:]+\.xml):(\d+):\d+: ", said, re.M):
        theirs.setdefault(name, int(line))
    assert ours == theirs
    assert len(ours) == (len(files) if spoil else 0)


def _spoilt(source: bytes, number: int) -> bytes:
    """Make one fault in the middle of a play, by turns of five kinds."""
    middle = len(source) // 3
    at = source.index(b"<sp", middle)
    found, put = [
        (b"<sp", b"<spp/><sp"),
        (b"<sp", b"<teiHeader/><sp"),
        (b"<sp", b"stray text <sp"),
        (b"<sp ", b'<sp bad="1" '),
        (b"<sp", b"<sp/><sp"),
    ][number % 5]
    return source[:at] + source[at:].replace(found, put, 1)
