"""General comparisons as rules need them: counted, and without looking at every pair.

XPath 1.0, 3.4 (booleans); XPath 2.0, 3.5.2 (general comparisons).
"""

from __future__ import annotations

import math
import operator
import re
from copy import copy
from typing import TYPE_CHECKING, Any, Final

from elementpath.datatypes import UntypedAtomic

from toolkit.validate.xpath.metering import spend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SIGNS: Final = ("=", "!=", "<", ">", "<=", ">=")
_NUMBER: Final = re.compile(r"[ \t\r\n]*-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[ \t\r\n]*")
_DOES: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


def number_of(text: str) -> float:
    """Return the number that a text is in XPath 1 (4.4)."""
    return float(text) if _NUMBER.fullmatch(text) else math.nan


def compare(token: Any, context: Any = None) -> Any:
    """Compare two sequences (XPath 2.0, 3.5.2)."""
    if context is None:
        raise token.missing_context()
    left = list(token[0].atomization(copy(context)))
    right = list(token[1].atomization(copy(context)))
    spend(context, len(left) + len(right))
    if _are_texts(left, right):  # untyped values are compared as strings
        return _texts(str(token.symbol), [*map(str, left)], [*map(str, right)])
    return super(type(token), token).evaluate(context)


def pairs(token: Any, context: Any) -> Iterator[Any]:
    """Yield what is compared with what, counted."""
    base: Any = super(type(token), token)  # elementpath's own
    for pair in base.iter_comparison_data(context):
        spend(context, 1)
        yield pair


def compare_1(token: Any, context: Any = None) -> bool:
    """Compare two values of XPath 1 (3.4)."""
    if context is None:
        raise token.missing_context()
    sign = str(token.symbol)
    left, right = (_value(part, context) for part in token)
    if isinstance(left, bool) or isinstance(right, bool):
        return _compare(sign, float(bool(left)), float(bool(right)))
    lefts = left if isinstance(left, list) else [left]
    rights = right if isinstance(right, list) else [right]
    spend(context, len(lefts) + len(rights))
    equality = sign in {"=", "!="}
    numbers = not equality or not all(isinstance(x, str) for x in (*lefts, *rights))
    if equality and not numbers:
        return _texts(sign, lefts, rights)
    ones, others = [*map(_number, lefts)], [*map(_number, rights)]
    if sign in {"=", "!="}:
        spend(context, len(ones) * len(others))
        return any(_compare(sign, one, other) for one in ones for other in others)
    # Where only order counts, the extremes decide.
    ones, others = _without_nan(ones), _without_nan(others)
    if not ones or not others:
        return False
    if sign in {"<", "<="}:
        return _compare(sign, min(ones), max(others))
    return _compare(sign, max(ones), min(others))


def _value(token: Any, context: Any) -> Any:
    """Return a list of strings for nodes, else a truth value, number or string."""
    found = list(token.select(copy(context)))
    if len(found) == 1 and not hasattr(found[0], "string_value"):
        return found[0]
    return [str(one.string_value) for one in found]


def _number(value: Any) -> float:
    return number_of(value) if isinstance(value, str) else float(value)


def _without_nan(numbers: list[float]) -> list[float]:
    return [one for one in numbers if not math.isnan(one)]


def _compare(sign: str, one: float, other: float) -> bool:
    return bool(_DOES[sign](one, other))


def _texts(sign: str, left: list[str], right: list[str]) -> bool:
    if not left or not right:
        return False
    if sign in {"=", "!="}:
        ones, others = set(left), set(right)
        if sign == "=":
            return not ones.isdisjoint(others)
        return len(ones | others) > 1
    # Where only order counts, the extremes decide.
    low_first = sign in {"<", "<="}
    one = min(left) if low_first else max(left)
    other = max(right) if low_first else min(right)
    return bool(_DOES[sign](one, other))


def _are_texts(*sequences: list[Any]) -> bool:
    return all(
        isinstance(one, str | UntypedAtomic)
        for sequence in sequences
        for one in sequence
    )
