"""Is every string that one pattern takes also taken by another?

Takes two patterns without elements (values of attributes, texts of elements), of the
same or of different pools. The answer is proved, refuted by an example, or open:
datatypes are compared by what XML Schema says of them, and regular expressions by
being the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Final

from toolkit.schema import lexical
from toolkit.schema.datatypes import BUILT_IN, XSD, Datatype, derives_from
from toolkit.schema.derivative import after, after_any, first
from toolkit.schema.outlook import label, possible
from toolkit.schema.pattern import (
    Data,
    Element,
    List,
    Pattern,
    PatternPool,
    Symbol,
    Text,
    Value,
)
from toolkit.schema.regex import Regex
from toolkit.schema.regex_tree import Branches, ranges_of
from toolkit.schema.samples import samples
from toolkit.schema.strings import leaf_matches, matches

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why an inclusion is not proved."""

    found: str  #: an example the other does not take, or the datatype in question
    refuted: bool  #: whether ``found`` is an example


_BOOLEANS: Final = ("true", "false", "1", "0")


def included(
    a_pool: PatternPool, a: Pattern, b_pool: PatternPool, b: Pattern
) -> Doubt | None:
    """Return None if every string of ``a`` is proved to be one of ``b``.

    Args:
        a_pool: The pool of ``a``.
        a: The pattern that should take less.
        b_pool: The pool of ``b``.
        b: The pattern that should take more.
    """
    takers = strings(b_pool, b)
    if any(_takes_all(one) for one in takers):
        return None
    if a.nullable and not matches(b_pool, b, ""):
        return Doubt("", refuted=True)
    for leaf in strings(a_pool, a):
        doubt = _leaf_included(a_pool, leaf, b_pool, b, takers)
        if doubt:
            return doubt
    return None


def strings(pool: PatternPool, pattern: Pattern) -> list[Symbol]:
    """Return the leaves that may be the whole of a string."""
    return [
        one
        for one in possible((pattern,))
        if not isinstance(one, Element) and after(pool, pattern, one).nullable
    ]


def _takes_all(leaf: Pattern) -> bool:
    """Say whether a leaf takes every string."""
    return isinstance(leaf, Text) or (
        isinstance(leaf, Data)
        and leaf.excluding is None
        and not leaf.datatype.params
        and leaf.datatype.name in ("string", "token", "normalizedString")
    )


def _leaf_included(
    a_pool: PatternPool,
    leaf: Pattern,
    b_pool: PatternPool,
    b: Pattern,
    takers: list[Symbol],
) -> Doubt | None:
    if isinstance(leaf, Value):
        return _value_included(leaf, b_pool, b)
    if isinstance(leaf, Data):
        if leaf.datatype.library == XSD and leaf.datatype.name == "boolean":
            return _all_taken(_BOOLEANS, b_pool, b)
        if any(isinstance(x, Data) and _data_in_data(leaf, x) for x in takers):
            return None
        if is_token(leaf.datatype) and any(
            isinstance(x, List) and _token_in_list(leaf, b_pool, x) for x in takers
        ):
            return None
        return _refute(leaf, b_pool, b)
    if isinstance(leaf, List):
        doubts = [
            list_included(a_pool, leaf.body, b_pool, one.body)
            for one in takers
            if isinstance(one, List)
        ]
        if None in doubts:
            return None
        return doubts[0] if doubts else Doubt(label(leaf), refuted=False)
    return Doubt("any text", refuted=True)


def _value_included(leaf: Value, b_pool: PatternPool, b: Pattern) -> Doubt | None:
    """A value is a few strings: as written, and with the white space it ignores."""
    written = [leaf.text]
    if leaf.datatype.white_space == "collapse":
        written.append(f" {leaf.text} ")
    return _all_taken(written, b_pool, b)


def _all_taken(written: Iterable[str], b_pool: PatternPool, b: Pattern) -> Doubt | None:
    for one in written:
        if not matches(b_pool, b, one):
            return Doubt(one, refuted=True)
    return None


def _refute(leaf: Data, b_pool: PatternPool, b: Pattern) -> Doubt:
    """Look for an example that ``b`` does not take."""
    for one in samples(leaf.datatype, Random(0), 12):  # noqa: S311 - not for secrets
        if leaf_matches(b_pool, leaf, one) and not matches(b_pool, b, one):
            return Doubt(one, refuted=True)
    return Doubt(str(leaf.datatype), refuted=False)


def is_token(datatype: Datatype) -> bool:
    """Say whether every literal is one token: not empty, no space within."""
    if datatype.library != XSD:
        return False
    name = datatype.name
    if derives_from(XSD, name, "double") or derives_from(XSD, name, "NMTOKEN"):
        return name not in ("NMTOKENS", "IDREFS", "ENTITIES")
    if name == "language" or name.startswith("g") or name in _ONE_TOKEN:
        return True
    return datatype.white_space == "collapse" and any(
        _matches_tokens_only(limit)
        for facet, limit in datatype.params
        if facet == "pattern"
    )


_ONE_TOKEN: Final = frozenset(("date", "dateTime", "time", "duration", "boolean"))


def _matches_tokens_only(source: str) -> bool:
    tree = Regex(source).tree
    return not Regex(source).matches("") and not _has_space(tree)


def _has_space(tree: Branches) -> bool:
    for sequence in tree.alternatives:
        for piece in sequence:
            atom = piece.atom
            if isinstance(atom, Branches):
                if _has_space(atom):
                    return True
            elif any(start <= 0x20 <= end for start, end in ranges_of(atom, 0x7F)):
                return True
    return False


def _token_in_list(leaf: Data, pool: PatternPool, taker: List) -> bool:
    return any(
        isinstance(one, Data)
        and _data_in_data(leaf, one)
        and after(pool, taker.body, one).nullable
        for one in first(taker.body)
    )


def list_included(
    a_pool: PatternPool, a: Pattern, b_pool: PatternPool, b: Pattern
) -> Doubt | None:
    """Return None if every sequence of tokens of one list is proved one of another."""
    seen = {(a, b)}
    stack = [(a, b)]
    while stack:
        left, right = stack.pop()
        if left.nullable and not right.nullable:
            return Doubt("fewer items", refuted=True)
        for leaf in possible((left,)):
            takers = [one for one in first(right) if _token_in(leaf, b_pool, one)]
            if not takers:
                return Doubt(label(leaf), refuted=not first(right))
            pair = (after(a_pool, left, leaf), after_any(b_pool, right, takers))
            if pair not in seen:
                seen.add(pair)
                stack.append(pair)
    return None


def _token_in(leaf: Symbol, pool: PatternPool, taker: Symbol) -> bool:
    if isinstance(leaf, Value):
        return leaf_matches(pool, taker, leaf.text)
    if isinstance(leaf, Data) and isinstance(taker, Data):
        return _takes_all(taker) or _data_in_data(leaf, taker)
    return False


def _data_in_data(a: Data, b: Data) -> bool:
    """Say whether one datatype with its parameters is known to lie in another."""
    if b.excluding is not None and not _same(a.excluding, b.excluding):
        return False
    mine, theirs = a.datatype, b.datatype
    if _is_integer(mine) and _is_integer(theirs):
        return _integers_in(mine, theirs)
    if (mine.name, _library(mine)) != (theirs.name, _library(theirs)) and not (
        mine.library == theirs.library == XSD
        and derives_from(XSD, mine.name, theirs.name)
    ):
        return False
    if not theirs.params:
        return True
    if mine.white_space != theirs.white_space:
        return False
    return all(_implied(mine, theirs, name, limit) for name, limit in theirs.params)


def _is_integer(datatype: Datatype) -> bool:
    return derives_from(datatype.library, datatype.name, "integer")


def _integers_in(mine: Datatype, theirs: Datatype) -> bool:
    """Compare whole numbers by their bounds; other parameters must be the same."""
    least, most = _bounds(mine)
    lower, upper = _bounds(theirs)
    return (
        (lower is None or (least is not None and least >= lower))
        and (upper is None or (most is not None and most <= upper))
        and all(one in mine.params for one in theirs.params if one[0] not in _STEPS)
    )


#: How far a bound of integers lies from the last integer that keeps to it.
_STEPS: Final = {
    "minInclusive": 0,
    "minExclusive": 1,
    "maxInclusive": 0,
    "maxExclusive": -1,
}


def _bounds(datatype: Datatype) -> tuple[int | None, int | None]:
    lower = [] if datatype.least is None else [datatype.least]
    upper = [] if datatype.most is None else [datatype.most]
    for name, limit in datatype.params:
        if name in _STEPS:
            side = lower if name.startswith("min") else upper
            side.append(int(limit) + _STEPS[name])
    return max(lower, default=None), min(upper, default=None)


def _library(datatype: Datatype) -> str:
    """The built-in string and token are those of XML Schema."""
    return XSD if datatype.library == BUILT_IN else datatype.library


def _same(a: Pattern | None, b: Pattern) -> bool:
    if isinstance(a, Value) and isinstance(b, Value):
        return a.datatype == b.datatype and a.key == b.key
    return a is b


def _implied(mine: Datatype, theirs: Datatype, name: str, limit: str) -> bool:
    """Say whether ``mine`` keeps to a parameter of ``theirs``."""
    if (name, limit) in mine.params:
        return True
    if name in ("pattern", "length"):
        return False
    bounds = [value for facet, value in mine.params if facet == name]
    if name in ("minLength", "maxLength"):
        bounds += [value for facet, value in mine.params if facet == "length"]
    side = 1 if name.startswith("min") else -1
    return any(_order(theirs, one, limit) in (0, side) for one in bounds)


def _order(datatype: Datatype, a: str, b: str) -> int | None:
    if a.strip().isdigit() and b.strip().isdigit():
        return (int(a) > int(b)) - (int(a) < int(b))
    bare = Datatype(datatype.library, datatype.name)
    return lexical.compare(bare.value(a), bare.value(b))
