"""Cheap answers to dear questions: what must hold, and what suffices, in XPath 1.

``ancestor::l[not(.//note//l[. = current()])]`` is beyond libxml2, but where there is
no ``ancestor::l`` the answer is no. Takes a parsed expression and gives conditions
that libxml2 decides; only where they leave the question open is elementpath asked.

Sound because a predicate can only take away, and what is not selected is not tested.
"""

from __future__ import annotations

from typing import Any, Final

from toolkit.validate.xpath.breadth import breadth
from toolkit.validate.xpath.xpath1 import translated

_STEPS: Final = frozenset(
    "child self parent ancestor ancestor-or-self descendant descendant-or-self "
    "following following-sibling preceding preceding-sibling attribute "
    "@ (name) : * . ..".split()
)
_COMPARISONS: Final = {"=", "!=", "<", ">", "<=", ">="}
_QUANTIFIED: Final = {"some", "every"}


def necessary(token: Any) -> str | None:
    """Return a condition without which an expression is false; None: none is known.

    Args:
        token: elementpath's parse.
    """
    symbol, parts = str(token.symbol), list(token)
    if (said := _near(token)) is not None:
        return said
    if symbol == "(" and len(parts) == 1:
        return necessary(parts[0])
    if symbol == "and":
        known = [one for one in map(necessary, parts) if one is not None]
        return _joined("and", known) if known else None
    if symbol == "or":
        both = [one for one in map(necessary, parts) if one is not None]
        return _joined("or", both) if len(both) == len(parts) else None
    if symbol in {"not", "boolean", "exists", "empty"} and len(parts) == 1:
        if symbol in {"boolean", "exists"}:
            return necessary(parts[0]) if symbol == "boolean" else _some(parts[0])
        return _negated(sufficient(parts[0]) if symbol == "not" else None)
    if symbol in _COMPARISONS:
        known = [one for one in map(_some, parts) if one is not None]
        return _joined("and", known) if known else None
    if symbol == "some":
        return _some(parts[1])
    return _some(token)


def sufficient(token: Any) -> str | None:
    """Return a condition with which an expression is true; None: none is known.

    Args:
        token: elementpath's parse.
    """
    symbol, parts = str(token.symbol), list(token)
    if (said := _near(token)) is not None:
        return said
    if symbol == "(" and len(parts) == 1:
        return sufficient(parts[0])
    if symbol in {"and", "or"}:
        known = [one for one in map(sufficient, parts) if one is not None]
        if symbol == "and" and len(known) < len(parts):
            return None
        return _joined(symbol, known) if known else None
    if symbol == "not" and len(parts) == 1:
        return _negated(necessary(parts[0]))
    if symbol == "empty" and len(parts) == 1:
        return _negated(_some(parts[0]))
    if symbol == "every":
        return _negated(_some(parts[1]))
    return None


def _near(token: Any) -> str | None:
    """Return an expression in XPath 1 where that is the same, and costs little."""
    said = translated(token) if breadth(token) == 0 else None
    return None if said is None else f"boolean({said})"


def _joined(word: str, conditions: list[str]) -> str:
    return "(" + f" {word} ".join(conditions) + ")"


def _negated(condition: str | None) -> str | None:
    return None if condition is None else f"not({condition})"


def _some(token: Any) -> str | None:
    """Return a condition without which a path selects nothing."""
    path = _superset(token)
    if path is not None:
        return f"boolean({path})"
    symbol, parts = str(token.symbol), list(token)
    if symbol in {"/", "//", "["} and len(parts) == 2:
        return _some(parts[0])  # from nothing, no step leads anywhere
    return None


def _superset(token: Any) -> str | None:
    """Return a path that selects at least what an expression does; None: none."""
    symbol, parts = str(token.symbol), list(token)
    is_path = symbol in _STEPS or symbol in {"/", "//", "[", "|", "union"}
    if symbol == "*" and len(parts) > 0:
        return None  # a product
    if is_path and breadth(token) == 0 and (said := translated(token)) is not None:
        return said
    if (
        symbol in {"intersect", "except"}
        or (symbol == "[" and len(parts) == 2)
        or (symbol == "(" and len(parts) == 1)
    ):
        return _superset(parts[0])
    if symbol in {"/", "//"} and len(parts) == 2:
        left, right = _superset(parts[0]), _superset(parts[1])
        is_step = str(parts[1].symbol) in {*_STEPS, "["}
        if left is not None and right is not None and is_step:
            return f"{left}{symbol}{right}"
    return None
