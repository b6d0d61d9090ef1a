"""How much of a document an expression may walk, read off its parse.

libxml2 is fast and cannot be interrupted, so it is given no expression whose cost may
grow with the square of the document. Takes a parsed expression, gives an exponent:
0 for what stays near its node, 1 for what may walk the document once.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from toolkit.validate.xpath.regex_syntax import PatternError
from toolkit.validate.xpath.regexes import pattern

_SIDEWAYS: Final = {"following", "preceding", "following-sibling", "preceding-sibling"}
_UPWARDS: Final = {"parent", "ancestor", "ancestor-or-self", ".."}
_SINGLE: Final = {".", "..", "self", "parent", "current"}
#: What reads the text of nodes, which above the node at hand may be the document's.
_READING: Final = frozenset(
    "= != < > <= >= eq ne lt gt le ge string number sum data concat contains "
    "starts-with ends-with substring substring-before substring-after translate "
    "normalize-space string-length matches replace tokenize string-join "
    "distinct-values upper-case lower-case + - * div mod idiv || is".split()
)
#: Other functions that give no nodes.
_ATOMIC: Final = frozenset(
    "not boolean exists empty count name local-name namespace-uri lang and or some "
    "every castable instance deep-equal generate-id".split()
)
_TOGETHER: Final = {"some", "every", "for", "=", "!="}


class _Walk(NamedTuple):
    exponent: int
    many: bool  #: whether it may select many nodes
    upwards: bool = False


def breadth(token: Any) -> int:
    """Return the exponent of an expression's cost, never too low.

    Args:
        token: The root of elementpath's parse.
    """
    return _walk(token).exponent


def _walk(token: Any) -> _Walk:
    symbol, parts = str(token.symbol), list(token)
    if symbol in {"/", "//"}:
        return _path(symbol, parts)
    if symbol == "[" and len(parts) == 2:  # else an array of XPath 3.1
        base, test = _walk(parts[0]), _walk(parts[1])
        if base.many:
            exponent = base.exponent + test.exponent
        else:
            exponent = max(base.exponent, test.exponent)
        return _Walk(exponent, base.many, base.upwards)
    if symbol in _SIDEWAYS:
        return _Walk(1, True, True)
    if symbol in _UPWARDS:
        return _Walk(0, symbol not in _SINGLE, True)
    inner = [_walk(part) for part in parts]
    exponents = [one.exponent for one in inner]
    if symbol in _READING:
        exponents = [
            walk.exponent + (walk.upwards and not _is_near(part))
            for walk, part in zip(inner, parts, strict=True)
        ]
    if symbol == "matches":
        exponents.append(_regex(parts))
    together = symbol in _TOGETHER
    exponent = sum(exponents) if together else max(exponents, default=0)
    many = symbol not in _SINGLE and symbol not in {"@", "(string)", "(integer)"}
    gives_nodes = symbol not in _READING | _ATOMIC
    return _Walk(exponent, many, gives_nodes and any(one.upwards for one in inner))


def _path(symbol: str, parts: list[Any]) -> _Walk:
    if not parts:
        return _Walk(0, False, True)
    if len(parts) == 1:
        right = _walk(parts[0])
        return _Walk(max(1, right.exponent + (symbol == "//")), True)
    left, right = _walk(parts[0]), _walk(parts[1])
    exponent = max(left.exponent, right.exponent)
    if left.many and right.exponent:
        exponent = left.exponent + right.exponent
    goes_down = symbol == "//" or not right.upwards
    if left.upwards and goes_down and not _is_near(parts[1]):
        exponent = max(exponent, left.exponent + (1 if left.many else 0), 1)
    return _Walk(exponent, left.many or right.many, left.upwards or right.upwards)


def _is_near(step: Any) -> bool:
    """Return whether a path leads to an attribute or to the node itself."""
    while len(step) == 2 and str(step.symbol) in {"[", "/", "//"}:
        step = step[0] if str(step.symbol) == "[" else step[1]
    return str(step.symbol) in {"@", "attribute", "self", "."}


def _regex(parts: list[Any]) -> int:
    """Return 0 for a pattern whose cost is the text, 1 or more for others."""
    if len(parts) > 1 and str(parts[1].symbol) == "(string)":
        try:
            return pattern(str(parts[1].value)).cost.degree - 1
        except PatternError:
            return 0
    return 2
