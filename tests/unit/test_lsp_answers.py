"""Hover, navigation, renaming, the outline, and where findings are shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.desks import HEADER, HERE, REGISTER, REGISTERS, letter, put
from toolkit.findings import Finding
from toolkit.lsp.complete import complete
from toolkit.lsp.diagnose import diagnose
from toolkit.lsp.facts import Facts, Target
from toolkit.lsp.hover import hover
from toolkit.lsp.navigate import (
    definition,
    find_references,
    renamable,
    rename,
    specification,
    subject,
)
from toolkit.lsp.outline import Symbol, outline
from toolkit.lsp.places import edited

PERSONS = next(iter(REGISTERS))
NAMED = '<p><persName ref="persons.xml#k|im">Kim</persName></p>'


def said(text: str) -> str:
    """Return what hovering over the ``|`` of a document shows."""
    found = hover(*put(text))
    return found.markdown if found else ""


# -- hover -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<p><pers|Name>x</persName></p>", "personal name"),
        ("<p><persName>x</pers|Name></p>", "personal name"),
        ('<p><ga|p reason="lost"/></p>', "It must have @reason."),
        ("<p><persname|>x</persname></p>", "Not an element of this schema."),
        ('<p><gap rea|son="lost"/></p>', "Why the text is not here."),
        ('<p><gap rea|son="lost"/></p>', "- `illegible`: present on the page"),
        ('<p><gap reason="lo|st"/></p>', "`lost` no longer there"),
        ('<p><hi rend="bold ital|ic">x</hi></p>', "`italic` in italic type"),
        (NAMED, "**Kim Il Sung** `<person>`\n\nPrime minister.\n\npersons.xml, line 1"),
        ('<p><persName ref="persons.xml#nob|ody"/></p>', "points to nothing"),
        ('<p><ref target="https://ex|ample.org"/></p>', "leads out of the edition"),
        ('<p xml:id="p|1"/><p corresp="#p1"/>', "`p1`: 1 pointer to it in 1 file"),
        ('<p xml:id="p|1"/>', "`p1`: 0 pointers to it"),
    ],
)
def test_hover_says_what_is_meant(body: str, words: str) -> None:
    assert words in said(letter(body))


@pytest.mark.parametrize("body", ["<p>a|b</p>", "<!-- <p|> -->", "<p> | </p>"])
def test_hover_over_prose_says_nothing(body: str) -> None:
    assert said(letter(body)) == ""


# -- definition and references -----------------------------------------------


def test_a_pointer_leads_to_its_element() -> None:
    found = definition(*put(letter(NAMED)))
    assert found is not None
    assert found.path == PERSONS
    assert REGISTER[found.span.start : found.span.end] == "person"
    assert REGISTER[found.span.start :].startswith('person xml:id="kim"')


def test_a_pointer_to_a_file_leads_to_its_beginning() -> None:
    found = definition(*put(letter('<p><ref target="persons|.xml">x</ref></p>')))
    assert found == (PERSONS, (0, 0))


def test_a_private_prefix_is_followed() -> None:
    declared = HEADER.replace(
        "</fileDesc>",
        '</fileDesc><encodingDesc><listPrefixDef><prefixDef ident="per" '
        'matchPattern="(.+)" replacementPattern="persons.xml#$1"/></listPrefixDef>'
        "</encodingDesc>",
    )
    text = letter('<p><persName ref="per:k|im"/></p>').replace(HEADER, declared)
    found = subject(*put(text))
    assert found is not None
    assert found.target == Target(PERSONS, "kim")
    renaming = rename(*put(text), "kim-il-sung")
    assert edited(text.replace("|", ""), renaming.edits[HERE]).count("per:kim-il-sung")


@pytest.mark.parametrize("pointer", ["https://x.org/#a", "#", "x.xml#string-range(a)"])
def test_what_leads_elsewhere_has_no_definition(pointer: str) -> None:
    text = letter(f'<p><ref target="|{pointer}">x</ref></p>')
    assert definition(*put(text)) is None


def test_references_are_found_in_every_document() -> None:
    other = Path("/edition/tei/other.xml")
    files = {**REGISTERS, other: letter('<p ana="#x persons.xml#kim">a</p>')}
    desk, offset = put(letter(NAMED), files)
    found = find_references(desk, offset)
    assert [place.path for place in found] == [PERSONS, HERE, other]
    text = files[other]
    assert text[found[2].span.start : found[2].span.end] == "persons.xml#kim"
    assert len(find_references(desk, offset, declaration=False)) == 2


def test_an_element_with_an_id_has_references_too() -> None:
    desk, offset = put(letter('<|p xml:id="p1">a</p><p corresp="#p1">b</p>'))
    assert len(find_references(desk, offset)) == 2


def test_an_element_leads_to_its_specification() -> None:
    found = specification(*put(letter("<p><gap| reason='lost'/></p>")))
    assert found is not None
    odd, line = found
    assert 'ident="gap"' in odd.read_text(encoding="utf-8").splitlines()[line - 1]


# -- rename ------------------------------------------------------------------


def renamed(text: str, new: str) -> dict[str, str]:
    """Return the files of an edition after a rename at the ``|`` of one."""
    desk, offset = put(text)
    renaming = rename(desk, offset, new)
    assert renaming.refusal == ""
    return {
        path.name: edited(desk.edition.files[path].text, edits)
        for path, edits in renaming.edits.items()
    }


def test_an_id_is_renamed_in_every_file() -> None:
    body = NAMED + '<p ana="#x persons.xml#kim &#35;kim">b</p>'
    files = renamed(letter(body), "kim-il-sung")
    assert 'xml:id="kim-il-sung"' in files["persons.xml"]
    assert files["letter.xml"].count("persons.xml#kim-il-sung") == 2
    assert files["letter.xml"].count("#kim") == 2


def test_an_id_is_renamed_from_where_it_is_given() -> None:
    text = letter('<p xml:id="p|1">a</p><p corresp="#p1 #p10">b</p>')
    assert 'corresp="#first #p10"' in renamed(text, "first")["letter.xml"]


@pytest.mark.parametrize(
    ("new", "refusal"),
    [
        ("kosygin", "“kosygin” is taken: persons.xml has it"),
        ("1a", "“1a” is not a name"),
        ("a b", "“a b” is not a name"),
        ("", "“” is not a name"),
    ],
)
def test_a_rename_that_would_break_something_is_refused(new: str, refusal: str) -> None:
    assert refusal in rename(*put(letter(NAMED)), new).refusal


def test_a_rename_that_a_prefix_does_not_take_is_refused() -> None:
    prefix = (
        '<prefixDef ident="per" matchPattern="([a-z]+)" '
        'replacementPattern="persons.xml#$1"/>'
    )
    text = letter(f'{prefix}<p><persName ref="per:k|im">Kim</persName></p>')
    assert 'ref="per:other"' in renamed(text, "other")["letter.xml"]
    refusal = rename(*put(text), "kim2").refusal
    assert refusal.startswith("letter.xml:1: “per:kim” would become “per:kim2”, which")


def test_what_can_be_renamed_is_the_id_alone() -> None:
    desk, offset = put(letter(NAMED))
    span = renamable(desk, offset)
    assert span is not None
    assert desk.text[span.start : span.end] == "kim"
    assert renamable(*put(letter("<p>a|b</p>"))) is None
    assert renamable(*put(letter('<p ana="#no|body">b</p>'))) is None


# -- outline -----------------------------------------------------------------


def shape(symbols: list[Symbol]) -> list[object]:
    """Return the names of an outline, nested."""
    return [
        one.name if not one.children else [one.name, *shape(one.children)]
        for one in symbols
    ]


def test_the_outline_shows_divisions_by_their_heads() -> None:
    text = "<text><body><div><head>I. <hi>One</hi></head><p/></div><div n='2'/></body>"
    assert shape(outline(Facts(text))) == [["text", ["body", "I. One", "div 2"]]]


def test_the_outline_shows_the_entries_of_a_register() -> None:
    assert shape(outline(Facts(REGISTER))) == [
        [
            "TEI",
            ["standOff", ["listPerson", "Kim Il Sung", "Alexei Kosygin"]],
            ["standOff", ["listPlace", "Moscow"]],
        ]
    ]


def test_the_outline_of_a_broken_document_goes_to_its_end() -> None:
    text = "<text><body><div><p>a"
    (symbol,) = outline(Facts(text))
    assert symbol.span == (0, len(text))


# -- findings ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "column", "code", "message", "shown"),
    [
        ("<p><gap x='1'/></p>", 4, "TEI110", "<gap> lacks @reason", "<gap"),
        (
            "<p><gap a='' reason='x y'/>",
            4,
            "TEI109",
            "@reason of <gap> cannot be “x y”",
            "reason='x y'",
        ),
        (
            "<p><ref target='#a #b'/>",
            4,
            "TEI301",
            "@target of <ref> points to #b, but nothing in this document has that id",
            "#b",
        ),
        ("<p xml:id='a'>", 1, "TEI304", "xml:id “a” of <p> is taken", "xml:id='a'"),
        ("<p>a <hi>b</p>", 11, "XML002", "</p> comes while …", "</p"),
        ("<p>a & b</p>", 6, "XML002", "a bare & starts no entity", "&"),
        ("<p>\U0001d504 text</p>", 6, "TEI106", "text is not allowed", "text"),
        ("", 1, "XML001", "is empty", ""),
    ],
)
def test_a_finding_is_shown_at_what_it_is_about(
    text: str, column: int, code: str, message: str, shown: str
) -> None:
    finding = Finding(HERE, 1, column, code, message)
    (found,) = diagnose([finding], Facts(text))
    assert text[found.span.start : found.span.end] == shown


# -- facts -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("<a xml:id='x'/>", ["x"]),
        ('<a n="1"\n  xml:id = "x"><b xml:id="y"', ["x", "y"]),
        ('<!-- <a xml:id="x"/> --><b xml:id="y"/>', ["y"]),
        ('<a><![CDATA[<a xml:id="x"/>]]></a>', []),
        ('<a>write xml:id="x"</a>', []),
        ('<a xml:id=""/><a xml:id=x/>', []),
        ('<a><b <c xml:id="x"/>', ["x"]),
    ],
    ids=["one", "two", "comment", "CDATA", "text", "empty or bare", "broken"],
)
def test_ids_are_those_of_tags(text: str, ids: list[str]) -> None:
    assert list(Facts(text).ids) == ids


def test_of_thousands_of_targets_those_are_shown_that_go_with_what_is_typed() -> None:
    people = "".join(f'<person xml:id="p{n}"/>' for n in range(2_000))
    files = {PERSONS: f"<TEI>{people}</TEI>"}
    desk, offset = put(letter('<p><persName ref="p1999|"/></p>'), files)
    assert [one.label for one in complete(desk, offset)] == ["persons.xml#p1999"]
    desk, offset = put(letter('<p><persName ref="|"/></p>'), files)
    assert len(complete(desk, offset)) == 500
