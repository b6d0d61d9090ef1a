"""Content models of an ODD mean in RELAX NG what TEI says they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.small_odds import EMPTY, TEI_NS, compiled, element, elements

if TYPE_CHECKING:
    from pathlib import Path


def model(content: str) -> str:
    """Return an element r with a content model, and the empty elements a, b, c."""
    return element("r", f"<content>{content}</content>") + elements("a", "b", "c")


@pytest.mark.parametrize(
    ("occurs", "good"),
    [
        ("", {1}),
        ('minOccurs="0"', {0, 1}),
        ('minOccurs="0" maxOccurs="2"', {0, 1, 2}),
        ('minOccurs="2" maxOccurs="4"', {2, 3, 4}),
        ('minOccurs="2" maxOccurs="unbounded"', {2, 3, 4, 5}),
        ('minOccurs="0" maxOccurs="unbounded"', {0, 1, 2, 3, 4, 5}),
        ('minOccurs="3" maxOccurs="3"', {3}),
    ],
    ids=["once", "0..1", "0..2", "2..4", "2..n", "any", "3"],
)
@pytest.mark.parametrize(
    "repeated",
    ["<elementRef key='a' {}/>", "<sequence {}><elementRef key='a'/></sequence>"],
    ids=["element", "sequence"],
)
def test_an_element_may_occur_as_often_as_stated(
    tmp_path: Path, occurs: str, good: set[int], repeated: str
) -> None:
    schema = compiled(tmp_path, model(repeated.format(occurs)))
    found = {n for n in range(6) if schema.accepts(f"<r>{'<a/>' * n}</r>")}
    assert found == good


def test_repetition_stands_by_itself_within_a_choice(tmp_path: Path) -> None:
    schema = compiled(
        tmp_path,
        model(
            "<alternate><elementRef key='a' minOccurs='2' maxOccurs='3'/>"
            "<elementRef key='b'/></alternate>"
        ),
    )
    assert schema.accepts("<r><a/><a/></r>")
    assert schema.accepts("<r><b/></r>")
    assert not schema.accepts("<r><a/></r>")
    assert not schema.accepts("<r><a/><b/></r>")


def test_empty_in_an_alternate_makes_it_optional(tmp_path: Path) -> None:
    schema = compiled(
        tmp_path, model("<alternate><empty/><elementRef key='a'/></alternate>")
    )
    assert schema.accepts("<r/>")
    assert schema.accepts("<r><a/></r>")
    assert not schema.accepts("<r><a/><a/></r>")


def test_an_optional_sequence_of_a_sequence_stays_optional(tmp_path: Path) -> None:
    schema = compiled(
        tmp_path,
        model(
            "<sequence minOccurs='0'><sequence><elementRef key='a'/>"
            "<elementRef key='b'/></sequence></sequence>"
        ),
    )
    assert schema.accepts("<r/>")
    assert schema.accepts("<r><a/><b/></r>")
    assert not schema.accepts("<r><a/></r>")


def test_a_sequence_without_order_interleaves(tmp_path: Path) -> None:
    schema = compiled(
        tmp_path,
        model(
            "<sequence preserveOrder='false'><elementRef key='a'/>"
            "<elementRef key='b'/></sequence>"
        ),
    )
    assert schema.accepts("<r><b/><a/></r>")
    assert schema.accepts("<r><a/><b/></r>")
    assert not schema.accepts("<r><a/></r>")


CLASSES = (
    "<classSpec type='model' ident='model.outer'/>"
    "<classSpec type='model' ident='model.inner'>"
    "<classes><memberOf key='model.outer'/></classes></classSpec>"
    "<classSpec type='model' ident='model.nobody'/>"
)


def with_classes(content: str) -> str:
    """Return r with a content model over model.outer: a, b and by a class c."""
    return (
        CLASSES
        + element("r", f"<content>{content}</content>")
        + element("a", EMPTY, "model.outer")
        + element("b", EMPTY, "model.outer")
        + element("c", EMPTY, "model.inner")
    )


@pytest.mark.parametrize(
    ("attributes", "good", "bad"),
    [
        ("", ["<a/>", "<b/>", "<c/>"], ["", "<a/><b/>"]),
        ("expand='sequence'", ["<a/><b/><c/>"], ["<a/>", "<b/><a/><c/>"]),
        ("expand='sequenceOptional'", ["", "<a/><c/>", "<b/>"], ["<c/><a/>"]),
        ("expand='sequenceRepeatable'", ["<a/><a/><b/><c/>"], ["<a/><b/>"]),
        ("expand='sequenceOptionalRepeatable'", ["", "<a/><a/><c/>"], ["<c/><b/>"]),
        ("include='a c'", ["<a/>", "<c/>"], ["<b/>"]),
        ("except='a'", ["<b/>", "<c/>"], ["<a/>"]),
        ("minOccurs='0' maxOccurs='unbounded'", ["", "<c/><a/><b/>"], ["text"]),
    ],
    ids=[
        "alternation",
        "sequence",
        "optional",
        "repeatable",
        "both",
        "include",
        "except",
        "occurs",
    ],
)
def test_a_class_stands_for_its_members(
    tmp_path: Path, attributes: str, good: list[str], bad: list[str]
) -> None:
    schema = compiled(
        tmp_path, with_classes(f"<classRef key='model.outer' {attributes}/>")
    )
    assert [one for one in good if not schema.accepts(f"<r>{one}</r>")] == []
    assert [one for one in bad if schema.accepts(f"<r>{one}</r>")] == []


@pytest.mark.parametrize(
    "content",
    [
        "<classRef key='model.nobody' minOccurs='0'/><elementRef key='a'/>",
        "<alternate><classRef key='model.nobody'/><elementRef key='a'/></alternate>",
    ],
    ids=["optional", "in a choice"],
)
def test_an_empty_class_disappears_from_the_grammar(
    tmp_path: Path, content: str
) -> None:
    schema = compiled(tmp_path, with_classes(content))
    assert schema.accepts("<r><a/></r>")
    assert b"notAllowed" not in schema.files["small.rng"]
    assert b"model.nobody" not in schema.files["small.rng"]


def test_a_macro_holds_content_for_several_elements(tmp_path: Path) -> None:
    schema = compiled(
        tmp_path,
        "<macroSpec ident='macro.mixed'><content>"
        "<alternate minOccurs='0' maxOccurs='unbounded'><textNode/>"
        "<elementRef key='a'/></alternate></content></macroSpec>"
        + model("<macroRef key='macro.mixed'/>"),
    )
    assert schema.accepts("<r>some <a/> words</r>")
    assert not schema.accepts("<r><b/></r>")


def test_any_element_means_those_of_other_namespaces(tmp_path: Path) -> None:
    schema = compiled(
        tmp_path, model("<anyElement minOccurs='1' maxOccurs='unbounded'/>")
    )
    assert schema.accepts("<r><x xmlns='urn:x' y='1'>text<z/></x></r>")
    assert schema.accepts("<r><x xmlns=''/></r>")
    assert not schema.accepts("<r><a/></r>")
    assert not schema.accepts(
        "<r><egXML xmlns='http://www.tei-c.org/ns/Examples'/></r>"
    )
    nested = f"<a xmlns='{TEI_NS}'/>"
    assert not schema.accepts(f"<r><x xmlns='urn:x'>{nested}</x></r>")


def test_any_element_honours_its_exceptions(tmp_path: Path) -> None:
    schema = compiled(
        tmp_path,
        model(
            "<anyElement xmlns:m='urn:m' except='http://www.tei-c.org/ns/1.0 m:math'/>"
        ),
    )
    assert schema.accepts("<r><m:mi xmlns:m='urn:m'/></r>")
    assert not schema.accepts("<r><m:math xmlns:m='urn:m'/></r>")


def test_an_element_may_hold_data(tmp_path: Path) -> None:
    schema = compiled(
        tmp_path,
        element("r", "<content><dataRef name='gYear'/></content>"),
    )
    assert schema.accepts("<r>1961</r>")
    assert not schema.accepts("<r>last year</r>")


def test_white_space_in_an_empty_element_is_nothing(tmp_path: Path) -> None:
    schema = compiled(tmp_path, element("r"))
    assert schema.accepts("<r> \n </r>")
    assert not schema.accepts("<r>x</r>")


def test_other_names_and_namespaces_are_those_of_the_document(tmp_path: Path) -> None:
    schema = compiled(
        tmp_path,
        element("r", "<content><elementRef key='a'/><elementRef key='b'/></content>")
        + "<elementSpec ident='a'><altIdent>alpha</altIdent>"
        + EMPTY
        + "</elementSpec>"
        + "<elementSpec ident='b' ns='urn:b'>"
        + EMPTY
        + "</elementSpec>",
    )
    assert schema.accepts("<r><alpha/><b xmlns='urn:b'/></r>")
    assert not schema.accepts("<r><a/><b xmlns='urn:b'/></r>")
