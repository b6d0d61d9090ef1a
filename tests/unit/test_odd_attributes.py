"""Attributes: inherited from classes, overridden, and what their values may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.small_odds import EMPTY, Compiled, compiled, element
from toolkit.schema.odd import load_odd

if TYPE_CHECKING:
    from pathlib import Path

NUMBER = "<datatype><dataRef name='integer'/></datatype>"
WORD = "<datatype><dataRef name='NCName'/></datatype>"


def attribute(ident: str, inside: str = WORD, more: str = "") -> str:
    """Return an ``attDef``."""
    return f"<attDef ident='{ident}' {more}>{inside}</attDef>"


def attributes(*definitions: str) -> str:
    """Return an ``attList``."""
    return f"<attList>{''.join(definitions)}</attList>"


def att_class(ident: str, *definitions: str, classes: str = "") -> str:
    """Return an attribute class."""
    members = "".join(f"<memberOf key='{key}'/>" for key in classes.split())
    return (
        f"<classSpec type='atts' ident='{ident}'>"
        + (f"<classes>{members}</classes>" if members else "")
        + attributes(*definitions)
        + "</classSpec>"
    )


BASE = att_class("att.base", attribute("x", NUMBER), attribute("y", NUMBER))


def owner(*definitions: str, classes: str = "att.base") -> str:
    """Return the element r with classes and attributes of its own."""
    return element("r", EMPTY, classes, attributes(*definitions) if definitions else "")


def verdicts(schema: Compiled, *starts: str) -> list[bool]:
    """Return the verdict on r with each of several attributes."""
    return [schema.accepts(f"<r {one}/>") for one in starts]


def test_an_element_has_the_attributes_of_its_classes_and_theirs(
    tmp_path: Path,
) -> None:
    schema = compiled(
        tmp_path,
        BASE
        + att_class("att.more", attribute("z"), classes="att.base")
        + owner(classes="att.more"),
    )
    assert verdicts(schema, "x='1'", "y='2' z='a'", "") == [True, True, True]
    assert verdicts(schema, "x='one'", "w='1'") == [False, False]


def test_an_attribute_reached_on_two_ways_is_there_once(tmp_path: Path) -> None:
    schema = compiled(
        tmp_path,
        BASE
        + att_class("att.left", attribute("a"), classes="att.base")
        + att_class("att.right", attribute("b"), classes="att.base")
        + owner(classes="att.left att.right att.base"),
    )
    assert verdicts(schema, "x='1' y='2' a='a' b='b'") == [True]


def test_an_own_attribute_overrides_an_inherited_one(tmp_path: Path) -> None:
    schema = compiled(tmp_path, BASE + owner(attribute("x", WORD)))
    assert verdicts(schema, "x='word'", "y='1'") == [True, True]
    assert verdicts(schema, "x='1'", "y='word'") == [False, False]


def test_a_deleted_attribute_is_gone_and_its_sisters_stay(tmp_path: Path) -> None:
    schema = compiled(tmp_path, BASE + owner("<attDef ident='x' mode='delete'/>"))
    assert verdicts(schema, "x='1'", "y='1'") == [False, True]


def test_a_change_keeps_what_it_does_not_give(tmp_path: Path) -> None:
    change = attribute("x", "<desc>Now needed.</desc>", "mode='change' usage='req'")
    schema = compiled(tmp_path, BASE + owner(change))
    assert verdicts(schema, "x='1'") == [True]
    assert verdicts(schema, "", "x='word'") == [False, False]


def test_a_class_overrides_what_it_inherits_before_the_element_does(
    tmp_path: Path,
) -> None:
    schema = compiled(
        tmp_path,
        BASE
        + att_class("att.near", attribute("x", WORD), classes="att.base")
        + owner("<attDef ident='y' mode='delete'/>", classes="att.near"),
    )
    assert verdicts(schema, "x='word'", "x='1'", "y='1'") == [True, False, False]


def test_the_origin_of_each_attribute_is_known(tmp_path: Path) -> None:
    schema = compiled(tmp_path, BASE + owner(attribute("x", WORD), attribute("z")))
    assert schema.files
    found = load_odd(tmp_path / "small.odd").attributes["r"]
    assert {name: one.origin for name, one in found.items()} == {
        "x": "",
        "z": "",
        "y": "att.base",
    }


def test_a_choice_of_attributes_lets_in_one(tmp_path: Path) -> None:
    choice = f"<attList org='choice'>{attribute('a')}{attribute('b')}</attList>"
    schema = compiled(tmp_path, element("r", EMPTY, more=attributes(choice)))
    assert verdicts(schema, "a='x'", "b='x'", "a='x' b='x'") == [True, True, False]


def test_a_branch_of_a_choice_may_have_several_attributes(tmp_path: Path) -> None:
    req = "usage='req'"
    choice = (
        "<attList org='choice'><attList>"
        + attribute("a", more=req)
        + attribute("b", more=req)
        + f"</attList>{attribute('c', more=req)}</attList>"
    )
    schema = compiled(tmp_path, element("r", EMPTY, more=attributes(choice)))
    assert verdicts(schema, "a='x' b='x'", "c='x'") == [True, True]
    assert verdicts(schema, "a='x'", "a='x' b='x' c='x'", "") == [False, False, False]


def test_a_choice_within_a_class_survives_a_deletion(tmp_path: Path) -> None:
    choice = f"<attList org='choice'>{attribute('a')}{attribute('b')}</attList>"
    schema = compiled(
        tmp_path,
        att_class("att.pair", choice, attribute("c"))
        + owner("<attDef ident='c' mode='delete'/>", classes="att.pair"),
    )
    assert verdicts(schema, "a='x'", "b='x'") == [True, True]
    assert verdicts(schema, "a='x' b='x'", "c='x'") == [False, False]


@pytest.mark.parametrize(
    "reference",
    ["class='att.base' name='x'", "key='att.base.attribute.x'"],
    ids=["class and name", "old form"],
)
def test_one_attribute_of_a_class_may_be_named(tmp_path: Path, reference: str) -> None:
    schema = compiled(tmp_path, BASE + owner(f"<attRef {reference}/>", classes=""))
    assert verdicts(schema, "x='1'", "x='word'", "y='1'") == [True, False, False]


LISTED = (
    "<valList type='{}'><valItem ident='Yes'/><valItem ident='two words'/></valList>"
)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("closed", ["Yes", " two  words "], ["no", "yes"]),
        ("semi", ["Yes", "two words", "no"], ["not a name"]),
        ("open", ["Yes", "no"], ["two words"]),
    ],
    ids=["closed", "semi", "open"],
)
def test_a_list_of_values_closes_what_it_says(
    tmp_path: Path, kind: str, good: list[str], bad: list[str]
) -> None:
    schema = compiled(
        tmp_path,
        element(
            "r", EMPTY, more=attributes(attribute("a", WORD + LISTED.format(kind)))
        ),
    )
    assert [one for one in good if not schema.accepts(f"<r a='{one}'/>")] == []
    assert [one for one in bad if schema.accepts(f"<r a='{one}'/>")] == []


@pytest.mark.parametrize(
    ("occurs", "good", "bad"),
    [
        ("maxOccurs='unbounded'", ["1", "1  2 3"], ["", "1 a"]),
        ("minOccurs='0' maxOccurs='unbounded'", ["", "1 2"], ["a"]),
        ("minOccurs='2' maxOccurs='3'", ["1 2", "1 2 3"], ["1", "1 2 3 4"]),
        ("minOccurs='2' maxOccurs='2'", ["1 2"], ["1", "1 2 3"]),
        ("minOccurs='0'", ["", "1"], ["1 2"]),
    ],
    ids=["1..n", "0..n", "2..3", "2", "0..1"],
)
def test_an_attribute_may_hold_several_tokens(
    tmp_path: Path, occurs: str, good: list[str], bad: list[str]
) -> None:
    several = f"<datatype {occurs}><dataRef name='integer'/></datatype>"
    schema = compiled(
        tmp_path, element("r", EMPTY, more=attributes(attribute("a", several)))
    )
    assert [one for one in good if not schema.accepts(f"<r a='{one}'/>")] == []
    assert [one for one in bad if schema.accepts(f"<r a='{one}'/>")] == []


DATATYPES = """
<dataSpec ident='d.letters'><content>
 <dataRef name='token' restriction='[a-z]+'/></content></dataSpec>
<dataSpec ident='d.alias'><content><dataRef key='d.letters'/></content></dataSpec>
<dataSpec ident='d.share'><content><dataRef name='double'>
 <dataFacet name='minInclusive' value='0'/><dataFacet name='maxInclusive' value='1'/>
</dataRef></content></dataSpec>
<dataSpec ident='d.either'><content><alternate><dataRef key='d.share'/>
 <valList><valItem ident='unknown'/></valList></alternate></content></dataSpec>
<dataSpec ident='d.free'><content><textNode/></content></dataSpec>
"""


@pytest.mark.parametrize(
    ("datatype", "good", "bad"),
    [
        ("<dataRef key='d.letters'/>", ["abc"], ["ABC", "a c"]),
        ("<dataRef key='d.letters' restriction='.{2}'/>", ["ab"], ["a", "AB"]),
        ("<dataRef key='d.alias' restriction='.{2}'/>", ["ab"], ["a", "AB"]),
        ("<dataRef key='d.share'/>", ["0.5", "1"], ["1.5", "half"]),
        ("<dataRef key='d.either'/>", ["0.5", "unknown"], ["2", "known"]),
        ("<dataRef key='d.free'/>", ["", "any words at all"], []),
    ],
    ids=["pattern", "restricted", "restricted alias", "facets", "union", "text"],
)
def test_a_datatype_may_be_named_and_restricted(
    tmp_path: Path, datatype: str, good: list[str], bad: list[str]
) -> None:
    definition = attribute("a", f"<datatype>{datatype}</datatype>")
    schema = compiled(
        tmp_path, DATATYPES + element("r", EMPTY, more=attributes(definition))
    )
    assert [one for one in good if not schema.accepts(f"<r a='{one}'/>")] == []
    assert [one for one in bad if schema.accepts(f"<r a='{one}'/>")] == []


def test_xml_attributes_and_foreign_ones_keep_their_namespaces(tmp_path: Path) -> None:
    schema = compiled(
        tmp_path,
        element(
            "r",
            EMPTY,
            more=attributes(
                attribute("xml:id", "<datatype><dataRef name='ID'/></datatype>"),
                attribute("href", more="ns='urn:link' usage='req'"),
            ),
        ),
    )
    assert verdicts(schema, "xml:id='i' l:href='a' xmlns:l='urn:link'") == [True]
    assert verdicts(schema, "xml:id='i'", "href='a'") == [False, False]


def test_words_of_an_attribute_become_hover_help(tmp_path: Path) -> None:
    definition = attribute(
        "a",
        "<gloss>answer</gloss><desc>Whether <gi>r</gi> has <att>a</att>.</desc>"
        + WORD
        + "<valList type='closed'><valItem ident='yes'><desc>it has</desc></valItem>"
        "</valList>",
    )
    schema = compiled(tmp_path, element("r", EMPTY, more=attributes(definition)))
    grammar = schema.files["small.rng"].decode()
    assert ">(answer) Whether &lt;r&gt; has @a.</a:documentation>" in grammar
    assert "<value>yes</value>\n" in grammar
    assert ">it has</a:documentation>" in grammar
