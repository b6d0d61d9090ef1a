"""Does a string match a pattern: the value of an attribute, the text of an element."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.schema.datatypes import SPACE, tokens
from toolkit.schema.derivative import after, after_any, first
from toolkit.schema.pattern import (
    Data,
    Element,
    List,
    Pattern,
    PatternPool,
    Text,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


def matches(
    pool: PatternPool,
    pattern: Pattern,
    string: str,
    prefixes: Mapping[str, str] | None = None,
) -> bool:
    """Say whether a whole string, of an attribute or an element, matches a pattern.

    RELAX NG section 9.3: white space alone may also be no content.
    """
    if pattern.nullable and not string.strip(SPACE):
        return True
    for symbol in first(pattern):
        if (
            not isinstance(symbol, Element)
            and leaf_matches(pool, symbol, string, prefixes)
            and after(pool, pattern, symbol).nullable
        ):
            return True
    return False


def leaf_matches(
    pool: PatternPool,
    leaf: Pattern,
    string: str,
    prefixes: Mapping[str, str] | None = None,
) -> bool:
    """Say whether a string matches a leaf: text, data, a value or a list."""
    if isinstance(leaf, Text):
        return True
    if isinstance(leaf, Value):
        key = leaf.datatype.value(string, prefixes)
        return key is not None and key == leaf.key
    if isinstance(leaf, Data):
        return leaf.datatype.allows(string, prefixes) and not (
            leaf.excluding is not None
            and matches(pool, leaf.excluding, string, prefixes)
        )
    return isinstance(leaf, List) and _list_matches(pool, leaf.body, string, prefixes)


def _list_matches(
    pool: PatternPool,
    body: Pattern,
    string: str,
    prefixes: Mapping[str, str] | None,
) -> bool:
    pattern = body
    for token in tokens(string):
        pattern = after_any(
            pool,
            pattern,
            [one for one in first(pattern) if leaf_matches(pool, one, token, prefixes)],
        )
        if pattern is pool.not_allowed:
            return False
    return pattern.nullable
