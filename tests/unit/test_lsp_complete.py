"""What may be typed at a cursor, and in which order it is offered."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.desks import HEADER, accepted, grammar, labels, letter, put, suggested
from toolkit.lsp.suggestion import literal, plain, slot
from toolkit.schema import automaton

OPENING = '<TEI xmlns="http://www.tei-c.org/ns/1.0">'


# -- elements ----------------------------------------------------------------


def test_an_empty_document_begins_with_tei() -> None:
    assert labels("<|") == ["TEI", "teiCorpus"]
    assert accepted("<|", "TEI") == ('<TEI xmlns="http://www.tei-c.org/ns/1.0"></TEI>')


def test_only_what_the_grammar_allows_is_offered() -> None:
    offered = labels(letter("<p>a <|</p>"))
    assert {"persName", "hi", "note"} <= set(offered)
    assert not {"p", "div", "teiHeader"} & set(offered)


def test_what_is_offered_is_accepted_by_the_validator() -> None:
    text = letter("<p>a</p>|<closer/>")
    for label in labels(text):
        if not label.startswith("/"):
            faults = automaton.check(accepted(text, label).encode(), grammar())
            kinds = {fault.kind.name for fault in faults}
            assert not {name for name in kinds if name.startswith("ELEMENT")}, label


def test_what_would_spoil_what_follows_is_not_offered() -> None:
    assert "revisionDesc" not in labels(f"{OPENING}{HEADER[:-12]}|<profileDesc/>")
    assert "revisionDesc" in labels(f"{OPENING}{HEADER[:-12]}|</teiHeader>")


def test_what_is_missing_comes_first() -> None:
    text = OPENING + "<teiHeader><fileDesc>|<publicationStmt><p>p</p></publicationStmt>"
    first = suggested(text)[0]
    assert first.label == "titleStmt"
    assert first.required


def test_what_the_edition_uses_most_in_such_a_place_comes_before_the_rest() -> None:
    text = "<p><term>a</term><term>b</term><hi>c</hi></p><p>|</p>"
    offered = labels(letter(text))
    assert offered[:2] == ["term", "hi"]


def test_a_new_element_is_closed_and_has_what_it_must_have() -> None:
    found = {one.label: one for one in suggested(letter("<p>|</p>"))}
    assert found["persName"].insert == "<persName>$0</persName>"
    assert found["lb"].insert == "<lb/>"
    assert found["supplied"].insert.startswith('<supplied reason="${1|')
    body = {one.label: one for one in suggested(letter("|"))}
    assert body["list"].insert == "<list><item>$0</item></list>"


def test_an_element_that_the_edition_has_without_content_is_not_closed() -> None:
    text = letter('<p><gap reason="lost"/>|</p>')
    assert accepted(text, "gap").count('"/></p>') == 1


def test_a_name_that_is_being_typed_gives_way_up_to_the_cursor() -> None:
    assert accepted(letter("<p><per|All had</p>"), "persName") == letter(
        "<p><persName></persName>All had</p>"
    )


def test_a_bracket_that_the_editor_has_closed_gives_way() -> None:
    assert accepted(letter("<p><|></p>"), "lb") == letter("<p><lb/></p>")


def test_a_name_that_is_there_is_only_exchanged() -> None:
    text = letter('<p><pers|Name ref="x">Kim</persName></p>')
    assert accepted(text, "orgName") == letter('<p><orgName ref="x">Kim</persName></p>')


def test_between_tags_elements_come_with_their_bracket() -> None:
    assert accepted(letter("<p>a |b</p>"), "hi") == letter("<p>a <hi></hi>b</p>")


def test_elements_have_the_words_of_the_odd() -> None:
    found = {one.label: one for one in suggested(letter("<p><|</p>"))}
    assert found["persName"].detail == "personal name"
    assert "A name by which a person is called" in found["persName"].documentation


def test_prefixes_are_kept() -> None:
    text = (
        '<t:TEI xmlns:t="http://www.tei-c.org/ns/1.0"><t:text><t:body>'
        "<t:p>|</t:p></t:body></t:text></t:TEI>"
    )
    assert "t:persName" in labels(text)
    assert "<t:lb/>" in accepted(text, "t:lb")


@pytest.mark.parametrize(
    "broken",
    [
        "<p>a <hi>b <|</p><p>c",
        "<p>a & b <|",
        "<p><persName ref='x>Kim</persName> <|",
        "<p></wrong> <|",
        "<p><persname>x</persname> <|",
    ],
    ids=["an end missing", "a bare &", "a quote missing", "an end too many", "a slip"],
)
def test_a_broken_document_is_completed_all_the_same(broken: str) -> None:
    assert "persName" in labels(letter(broken))


def test_inside_a_misspelt_element_its_likely_content_is_offered() -> None:
    assert "item" in labels(letter("<List><|"))


def test_inside_an_unknown_element_only_its_end_is_offered() -> None:
    assert labels(letter("<zzzz><|</zzzz>")) == ["/zzzz"]


# -- end tags ----------------------------------------------------------------


def test_an_end_tag_is_that_of_the_innermost_element() -> None:
    assert labels(letter("<p><hi>x</|")) == ["/hi"]
    assert accepted(letter("<p><hi>x</|"), "/hi").count("</hi>") == 1
    assert accepted(letter("<p><hi>x</h|></p>"), "/hi") == letter("<p><hi>x</hi></p>")


def test_a_missing_end_tag_is_offered_first() -> None:
    assert labels("<TEI><p>x|") == ["/p"]  # no namespace: nothing else is known
    assert labels(letter("<p><hi>x|").partition("</body>")[0])[0] == "/hi"
    assert labels(letter("<p><hi>x|</hi></p>"))[-1] == "/hi"


# -- attributes --------------------------------------------------------------


def test_attributes_that_are_there_are_not_offered_again() -> None:
    offered = labels(letter('<p><persName ref="x" |>Kim</persName></p>'))
    assert "type" in offered
    assert "ref" not in offered


def test_required_attributes_come_first() -> None:
    first = suggested(letter("<p><gap |/></p>"))[0]
    assert first.label == "reason"
    assert first.required
    assert first.insert.startswith('reason="${1|editorial,')


def test_an_attribute_with_a_value_is_only_exchanged() -> None:
    text = letter('<p><persName re|f="x">Kim</persName></p>')
    assert accepted(text, "type") == letter('<p><persName type="x">Kim</persName></p>')


def test_attributes_in_a_namespace_are_written_with_its_prefix() -> None:
    assert {"xml:id", "xml:lang"} <= set(labels(letter("<p |>a</p>")))


def test_prose_is_not_interrupted() -> None:
    assert labels(letter("<p>a |b</p>"), typed=" ") == []
    assert labels(letter('<p>a "|b</p>'), typed='"') == []
    assert "ref" in labels(letter("<p><persName |</p>"), typed=" ")


# -- values ------------------------------------------------------------------


def test_a_closed_list_is_offered_with_its_meanings() -> None:
    found = {o.label: o for o in suggested(letter('<p><gap reason="|"/></p>'))}
    assert "nobody" in found["illegible"].documentation or found["illegible"].detail
    assert "lost" in found


def test_a_value_without_quotation_marks_gets_them() -> None:
    assert accepted(letter("<p><gap reason=|/></p>"), "lost") == letter(
        '<p><gap reason="lost"/></p>'
    )


def test_the_quotation_mark_of_the_next_attribute_is_not_taken() -> None:
    text = letter('<p><gap reason="| unit="word"/></p>')
    assert accepted(text, "lost") == letter('<p><gap reason="lost unit="word"/></p>')


def test_values_that_the_edition_has_are_offered_where_any_will_do() -> None:
    text = letter('<p><seg subtype="aside">a</seg><seg subtype="|">b</seg></p>')
    assert "aside" in labels(text)


def test_of_a_list_of_words_one_is_completed() -> None:
    text = letter('<p><hi rend="bold |">a</hi></p>')
    assert accepted(text, "italic") == letter('<p><hi rend="bold italic">a</hi></p>')
    assert "bold" not in labels(text)


def test_a_pointer_to_a_person_is_offered_the_persons_with_their_names() -> None:
    found = suggested(letter('<p><persName ref="|">Kim</persName></p>'))
    assert [one.label for one in found] == ["persons.xml#kim", "persons.xml#kosygin"]
    assert found[0].detail == "Kim Il Sung"
    assert "Prime minister." in found[0].documentation
    assert found[0].filter == "persons.xml#kim Kim Il Sung"


def test_a_pointer_to_anything_is_offered_the_ids_of_the_document_too() -> None:
    text = '<p xml:id="p1">a</p><p corresp="|">b</p>'
    assert {"#p1", "persons.xml#moscow"} <= set(labels(letter(text)))


def test_what_is_pointed_to_most_comes_first() -> None:
    name = '<persName ref="persons.xml#kosygin">K.</persName>'
    assert labels(letter(f'<p>{name}<persName ref="|"/></p>'))[0] == (
        "persons.xml#kosygin"
    )


def test_a_pointer_leads_from_the_folder_of_the_document() -> None:
    other = {Path("/edition/registers/all.xml"): '<TEI><person xml:id="p q"/></TEI>'}
    desk, offset = put(letter('<p><persName ref="|"/></p>'), other)
    from toolkit.lsp.complete import complete

    assert [one.label for one in complete(desk, offset)] == ["../registers/all.xml#p q"]


def test_the_five_references_of_xml_are_offered() -> None:
    assert labels(letter("<p>a &|</p>"), typed="&") == [
        "&amp;",
        "&lt;",
        "&gt;",
        "&quot;",
        "&apos;",
    ]


@pytest.mark.parametrize("text", ["<a><!-- <| -->", "<a><![CDATA[<|", "<?x <|"])
def test_nothing_is_offered_where_nothing_is_markup(text: str) -> None:
    assert labels(text) == []


# -- snippets ----------------------------------------------------------------


def test_a_snippet_without_its_slots_is_text() -> None:
    snippet = f'<a b="{slot(1, ("x", "y, z"))}">$0{literal("$5}")}</a>'
    assert plain(snippet) == '<a b="x">$5}</a>'
    assert slot(2) == "$2"
    assert slot(1, ("only",)) == "only"
