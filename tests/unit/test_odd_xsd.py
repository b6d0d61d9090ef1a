"""W3C Schema: content models become one-unambiguous and never narrower."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.small_odds import EMPTY, Compiled, compiled, element, elements
from toolkit.schema.odd.determinism import Widener, conflict
from toolkit.schema.odd.particles import (
    ClassRef,
    ElementRef,
    Particle,
    choice,
    group,
    repeat,
)

if TYPE_CHECKING:
    from pathlib import Path

A, B, C = ElementRef("a"), ElementRef("b"), ElementRef("c")
AB, BC = ClassRef("model.ab"), ClassRef("model.bc")
MEMBERS = {"model.ab": ("a", "b"), "model.bc": ("b", "c")}


def star(item: Particle) -> Particle:
    return repeat(item, 0, None)


def plus(item: Particle) -> Particle:
    return repeat(item, 1, None)


def maybe(item: Particle) -> Particle:
    return repeat(item, 0, 1)


MODELS: dict[str, tuple[Particle, Particle, bool]] = {
    "already": (group((star(A), B)), group((star(A), B)), True),
    "same twice": (group((star(A), plus(A))), plus(A), True),
    "bounded": (group((maybe(A), A)), repeat(A, 1, 2), True),
    "common head": (
        choice((group((A, B)), group((A, C)))),
        group((A, choice((B, C)))),
        True,
    ),
    "head alone": (choice((A, group((A, B)))), group((A, maybe(B))), True),
    "overlapping classes": (choice((AB, BC)), choice((AB, C)), True),
    "element of a class": (choice((A, AB)), AB, True),
    "star of stars": (star(choice((star(A), plus(B)))), star(choice((A, B))), True),
    "order given up": (
        group((star(choice((A, B))), maybe(A), C)),
        group((star(choice((A, B))), C)),
        False,
    ),
    "loop": (star(group((A, maybe(B), maybe(A)))), star(choice((A, B))), False),
    "different heads": (
        choice((group((plus(A), B)), group((A, C)))),
        repeat(choice((A, B, C)), 2, None),
        False,
    ),
    "loop in a choice": (
        star(choice((group((A, maybe(B))), B))),
        star(choice((B, A))),
        False,
    ),
}


@pytest.mark.parametrize(
    ("model", "expected", "exact"), MODELS.values(), ids=MODELS.keys()
)
def test_a_model_is_made_deterministic(
    model: Particle, expected: Particle, exact: bool
) -> None:
    widener = Widener(MEMBERS, MEMBERS)
    found = widener.deterministic(model)
    assert found == expected
    assert conflict(found, widener) is None
    assert (widener.widened == []) == exact


def test_two_particles_that_compete_are_named_by_place() -> None:
    widener = Widener(MEMBERS, MEMBERS)
    assert conflict(group((maybe(A), B, star(C))), widener) is None
    assert conflict(group((maybe(AB), C, maybe(B), BC)), widener) == (2, 3)


def xsd(schema: Compiled) -> str:
    """Return the compiled W3C Schema."""
    return schema.files["small.xsd"].decode()


def test_the_file_says_where_order_was_given_up(tmp_path: Path) -> None:
    schema = compiled(
        tmp_path,
        element(
            "r",
            "<content><elementRef key='a' minOccurs='0'/><elementRef key='b' "
            "minOccurs='0'/><elementRef key='a'/></content>",
        )
        + elements("a", "b"),
    )
    assert "<!-- In any order here: a, b -->" in xsd(schema)
    assert schema.accepts("<r><a/><b/><a/></r>")
    assert schema.accepts("<r><a/></r>")


def test_a_class_within_two_classes_is_no_conflict(tmp_path: Path) -> None:
    classes = (
        "<classSpec type='model' ident='model.all'/>"
        + "".join(
            f"<classSpec type='model' ident='model.{name}'><classes>"
            "<memberOf key='model.all'/></classes></classSpec>"
            for name in "pq"
        )
        + element("a", EMPTY, "model.p model.q model.all")
        + element("b", EMPTY, "model.q")
    )
    schema = compiled(
        tmp_path,
        classes
        + element(
            "r",
            "<content><classRef key='model.all' minOccurs='0' maxOccurs='unbounded'/>"
            "</content>",
        ),
    )
    assert schema.accepts("<r><b/><a/><b/></r>")


def test_attributes_that_exclude_each_other_are_optional(tmp_path: Path) -> None:
    word = "<datatype><dataRef name='NCName'/></datatype>"
    choice_of_two = "".join(
        f"<attDef ident='{name}' usage='req'>{word}</attDef>" for name in "ab"
    )
    schema = compiled(
        tmp_path,
        element(
            "r",
            more=f"<attList><attList org='choice'>{choice_of_two}</attList></attList>",
        ),
    )
    assert schema.accepts("<r a='x'/>")
    assert 'use="required"' not in xsd(schema)


def test_only_short_words_and_no_path_are_in_the_file(tmp_path: Path) -> None:
    schema = compiled(
        tmp_path,
        "<elementSpec ident='r'><desc>What it is.</desc>" + EMPTY + "</elementSpec>",
    )
    assert "<xs:documentation>What it is.</xs:documentation>" in xsd(schema)
    assert 'schemaLocation="xml.xsd"' in xsd(schema)
