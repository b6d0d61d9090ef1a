"""Patterns: one object for each meaning, and what is left after reading a symbol."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.schema.derivative import after, attributes, first, without_attributes
from toolkit.schema.nameclass import (
    AnyName,
    Name,
    NameChoice,
    NameClass,
    NsName,
    contains,
    overlap,
)
from toolkit.schema.outlook import bridge, least, needed, possible
from toolkit.schema.pattern import Element, Pattern, PatternPool

if TYPE_CHECKING:
    from collections.abc import Callable


def _element(name: str) -> Element:
    return Element(Name("", name))


A, B, C = _element("a"), _element("b"), _element("c")
LETTERS = {"a": A, "b": B, "c": C}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (lambda p: p.choice((A, B, A)), lambda p: p.choice((B, A))),
        (lambda p: p.choice((A, p.choice((B, C)))), lambda p: p.choice((A, B, C))),
        (lambda p: p.choice((p.not_allowed, A)), lambda _: A),
        (lambda p: p.choice((p.empty, p.text)), lambda p: p.text),
        (
            lambda p: p.group((A, p.empty, p.group((B, C)))),
            lambda p: p.group((A, B, C)),
        ),
        (lambda p: p.group((A, p.not_allowed)), lambda p: p.not_allowed),
        (lambda p: p.interleave((p.empty, A)), lambda _: A),
        (lambda p: p.one_or_more(p.one_or_more(A)), lambda p: p.one_or_more(A)),
        (lambda p: p.one_or_more(p.empty), lambda p: p.empty),
        (lambda p: p.zero_or_more(A), lambda p: p.optional(p.one_or_more(A))),
    ],
    ids=[
        "a choice is a set",
        "choices do not nest",
        "notAllowed is no choice",
        "text may be nothing",
        "sequences do not nest",
        "notAllowed spoils a sequence",
        "empty is nothing to mingle",
        "repetition of repetition",
        "repetition of nothing",
        "any number is optional one or more",
    ],
)
def test_equal_patterns_are_one_object(
    one: Callable[[PatternPool], Pattern], other: Callable[[PatternPool], Pattern]
) -> None:
    pool = PatternPool()
    assert one(pool) is other(pool)


def _read(pool: PatternPool, pattern: Pattern, word: str) -> bool:
    for letter in word:
        pattern = after(pool, pattern, LETTERS[letter])
    return pattern.nullable


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("", False),
        ("ab", True),
        ("b", True),
        ("aab", True),
        ("abc", True),
        ("cb", False),
    ],
    ids=lambda x: str(x) or "nothing",
)
def test_derivatives_read_a_content_model(word: str, expected: bool) -> None:
    pool = PatternPool()
    model = pool.group((pool.zero_or_more(A), B, pool.optional(C)))
    assert _read(pool, model, word) is expected


@given(st.text("abc", max_size=6))
def test_interleave_takes_any_order(word: str) -> None:
    pool = PatternPool()
    model = pool.interleave((A, pool.group((B, C))))
    expected = sorted(word) == ["a", "b", "c"] and word.index("b") < word.index("c")
    assert _read(pool, model, word) is expected


def test_the_derivatives_of_a_model_are_few() -> None:
    pool = PatternPool()
    model = pool.zero_or_more(pool.group((A, pool.optional(B), pool.zero_or_more(C))))
    found = {model}
    for _ in range(10):
        found |= {after(pool, p, x) for p in found for x in first(p)}
    assert len(found) <= 5


def test_text_leaves_mixed_content_as_it_is() -> None:
    pool = PatternPool()
    mixed = pool.zero_or_more(pool.choice((pool.text, A)))
    assert after(pool, mixed, pool.text) is mixed


def test_attributes_are_found_and_closed() -> None:
    pool = PatternPool()
    x = pool.attribute(Name("", "x"), pool.text)
    y = pool.attribute(Name("", "y"), pool.text)
    model = pool.group((x, pool.optional(y), A))
    assert attributes(model) == (x, y)
    assert without_attributes(pool, model) is pool.not_allowed
    assert without_attributes(pool, pool.group((pool.optional(y), A))) is A


def test_what_is_needed_and_what_is_missing() -> None:
    pool = PatternPool()
    model = pool.group((pool.zero_or_more(A), B, C))
    assert least(model) == 2
    assert possible((model,)) == (A, B)
    assert needed(pool, model) == (B,)
    assert bridge(pool, model, (C,)) == ((B,), C)
    assert bridge(pool, model, (A,)) is None or first(model) >= {A}


_CLASSES: list[tuple[NameClass, NameClass, bool]] = [
    (Name("u", "a"), Name("u", "b"), False),
    (Name("u", "a"), NsName("u"), True),
    (NsName("u", Name("u", "a")), Name("u", "a"), False),
    (NsName("u"), NsName("v"), False),
    (AnyName(NsName("u")), NsName("u"), False),
    (AnyName(NsName("u")), AnyName(NsName("v")), True),
    (NameChoice((Name("u", "a"), Name("v", "b"))), Name("v", "b"), True),
    (NsName("u", Name("u", "a")), NsName("u", Name("u", "b")), True),
]


@pytest.mark.parametrize(("one", "other", "expected"), _CLASSES, ids=range(8))
def test_overlapping_name_classes(
    one: NameClass, other: NameClass, expected: bool
) -> None:
    found = overlap(one, other)
    assert (found is not None) is expected
    assert overlap(other, one) == found
    if found:
        assert contains(one, found.ns, found.local)
        assert contains(other, found.ns, found.local)
