"""Derivatives: what is left of a pattern after one thing has been read.

A content model is derived by a *symbol*, the leaf pattern that the thing matched:
an element of the grammar, text, or (inside a list) the pattern of a token. So a
content model never meets the names or strings of a document, its derivatives are
remembered by identity, and the patterns become the states of an automaton that is
built as documents ask for it. This is the derivative algorithm of James Clark's
"An algorithm for RELAX NG validation" with the element's content taken out: whoever
walks the document decides which elements of the grammar a child may be.

Attributes are derived by the set of attribute patterns that a name and value match.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.schema.pattern import (
    Attribute,
    Choice,
    Data,
    Element,
    Group,
    Interleave,
    List,
    OneOrMore,
    Pattern,
    PatternPool,
    Symbol,
    Text,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_LEAVES = (Element, Text, Data, Value, List)
_NONE: frozenset[Symbol] = frozenset()


def first(pattern: Pattern) -> frozenset[Symbol]:
    """Return every symbol with which some content of ``pattern`` may begin."""
    known = pattern.first
    if known is None:
        known = pattern.first = _first(pattern)
    return known


def _first(pattern: Pattern) -> frozenset[Symbol]:
    if isinstance(pattern, _LEAVES):
        return frozenset((pattern,))
    if isinstance(pattern, OneOrMore):
        return first(pattern.body)
    found: set[Symbol] = set()
    for one in parts(pattern):
        if type(one) is Element:
            found.add(one)
        else:
            found |= first(one)
        if isinstance(pattern, Group) and not one.nullable:
            break
    return frozenset(found) if found else _NONE


def after(pool: PatternPool, pattern: Pattern, symbol: Symbol) -> Pattern:
    """Return what may follow in ``pattern`` once ``symbol`` has been read.

    Args:
        pool: The pool the pattern comes from.
        pattern: A pattern without attributes.
        symbol: A leaf of that pool.
    """
    if pattern is symbol:
        return symbol if isinstance(symbol, Text) else pool.empty
    if symbol not in first(pattern):
        return pool.not_allowed
    known = pattern.after
    if known is None:
        known = pattern.after = {}
    result = known.get(symbol)
    if result is None:
        result = known[symbol] = _after(pool, pattern, symbol)
    return result


def _after(pool: PatternPool, pattern: Pattern, symbol: Symbol) -> Pattern:
    if isinstance(pattern, Choice):
        return _after_choice(pool, pattern, symbol)
    if isinstance(pattern, OneOrMore):
        rest = after(pool, pattern.body, symbol)
        again = pool.optional(pattern)
        # (text | a)* after text is itself again, not "text, (text | a)*".
        if rest is pool.text and _offers_text(pattern.body):
            return again
        return pool.group((rest, again))
    if isinstance(pattern, Group):
        return _after_group(pool, pattern.items, symbol)
    found: list[Pattern] = []
    items = parts(pattern)  # of an interleave
    for place, one in enumerate(items):
        rest = after(pool, one, symbol)
        if rest is not pool.not_allowed:
            found.append(pool.interleave((*items[:place], rest, *items[place + 1 :])))
    return pool.choice(found)


def _after_group(
    pool: PatternPool, items: tuple[Pattern, ...], symbol: Symbol
) -> Pattern:
    found: list[Pattern] = []
    for place, one in enumerate(items):
        rest = after(pool, one, symbol)
        if rest is not pool.not_allowed:
            found.append(pool.group((rest, *items[place + 1 :])))
        if not one.nullable:
            break
    return pool.choice(found)


def _offers_text(body: Pattern) -> bool:
    return isinstance(body, Text) or (
        isinstance(body, Choice)
        and any(isinstance(one, Text) for one in body.alternatives)
    )


def _after_choice(pool: PatternPool, pattern: Choice, symbol: Symbol) -> Pattern:
    """Derive a choice; most alternatives of a TEI class are plain elements."""
    if pattern.leaves is None:
        leaves = frozenset(x for x in pattern.alternatives if isinstance(x, _LEAVES))
        pattern.others = tuple(x for x in pattern.alternatives if x not in leaves)
        pattern.leaves = leaves
    found: list[Pattern] = []
    if symbol in pattern.leaves:
        found.append(symbol if isinstance(symbol, Text) else pool.empty)
    found += [after(pool, x, symbol) for x in pattern.others if symbol in first(x)]
    return pool.choice(found)


def after_any(
    pool: PatternPool, pattern: Pattern, symbols: Iterable[Symbol]
) -> Pattern:
    """Return what may follow once one of several symbols has been read."""
    found = [after(pool, pattern, symbol) for symbol in symbols]
    return found[0] if len(found) == 1 else pool.choice(found)


def attributes(pattern: Pattern) -> tuple[Attribute, ...]:
    """Return the attribute patterns in ``pattern``, elements not entered, in order."""
    found: dict[Attribute, None] = {}
    _collect_attributes(pattern, found)
    return tuple(found)


def _collect_attributes(pattern: Pattern, found: dict[Attribute, None]) -> None:
    if not pattern.has_attribute:
        return
    if isinstance(pattern, Attribute):
        found[pattern] = None
        return
    for one in parts(pattern):
        _collect_attributes(one, found)


def parts(pattern: Pattern) -> tuple[Pattern, ...]:
    """Return the patterns of which a compound pattern is made; none for leaves."""
    if isinstance(pattern, Choice):
        return pattern.alternatives
    if isinstance(pattern, Group | Interleave):
        return pattern.items
    if isinstance(pattern, OneOrMore):
        return (pattern.body,)
    return ()


def rebuild(
    pool: PatternPool, pattern: Pattern, change: Callable[[Pattern], Pattern]
) -> Pattern:
    """Return a compound pattern with ``change`` applied to each of its parts."""
    if isinstance(pattern, Choice):
        return pool.choice(map(change, pattern.alternatives))
    if isinstance(pattern, Group):
        return pool.group(map(change, pattern.items))
    if isinstance(pattern, Interleave):
        return pool.interleave(map(change, pattern.items))
    if isinstance(pattern, OneOrMore):
        return pool.one_or_more(change(pattern.body))
    return pattern


def after_attribute(
    pool: PatternPool, pattern: Pattern, matched: frozenset[Attribute]
) -> Pattern:
    """Return what is left of ``pattern`` after an attribute.

    Args:
        pool: The pool the pattern comes from.
        pattern: Any pattern.
        matched: The attribute patterns that its name and value match.
    """
    if not pattern.has_attribute:
        return pool.not_allowed
    if isinstance(pattern, Attribute):
        return pool.empty if pattern in matched else pool.not_allowed
    if isinstance(pattern, OneOrMore):
        rest = after_attribute(pool, pattern.body, matched)
        return pool.group((rest, pool.optional(pattern)))
    found: list[Pattern] = []
    if isinstance(pattern, Choice):
        found += [after_attribute(pool, one, matched) for one in pattern.alternatives]
    elif isinstance(pattern, Group | Interleave):
        join = pool.group if isinstance(pattern, Group) else pool.interleave
        for place, one in enumerate(pattern.items):
            rest = after_attribute(pool, one, matched)
            if rest is not pool.not_allowed:
                items = pattern.items
                found.append(join((*items[:place], rest, *items[place + 1 :])))
    return pool.choice(found)


def without_attributes(
    pool: PatternPool, pattern: Pattern, leaf: Pattern | None = None
) -> Pattern:
    """Return ``pattern`` with every attribute in it replaced by ``leaf``.

    Args:
        pool: The pool the pattern comes from.
        pattern: What is left after the attributes that are there.
        leaf: ``notAllowed`` (the default) asks that no required one is missing;
            ``empty`` forgives it.
    """
    replacement = pool.not_allowed if leaf is None else leaf

    def change(one: Pattern) -> Pattern:
        if not one.has_attribute:
            return one
        if isinstance(one, Attribute):
            return replacement
        return rebuild(pool, one, change)

    return change(pattern)
