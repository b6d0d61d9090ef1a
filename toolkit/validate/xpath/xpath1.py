"""XPath 2 in XPath 1, for the expressions that mean the same in both.

Takes a parsed expression of elementpath and gives its text in XPath 1, or None
where the two languages could differ: numbers made from text, sequences, variables.
When in doubt, None. ``matches()`` is lent to XPath 1 as a function of Python.

XPath 2.0, appendix I.2 (incompatibilities with XPath 1.0).
"""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from elementpath.regex import RegexError, translate_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

_MARK: Final = "\ue000"  #: stands around the names of variables
_LENT: Final = "lent"
_LENT_NS: Final = "urn:x-edition:lent"
#: What :class:`lxml.etree.XPath` needs to understand a translation.
NAMESPACES: Final = {_LENT: _LENT_NS}


class _Kind(Enum):
    NODES = auto()
    ONE = auto()  # at most one node
    STRING = auto()
    NUMBER = auto()
    TRUTH = auto()


class _Said(NamedTuple):
    """An expression in XPath 1, and what it gives."""

    text: str
    kind: _Kind


def translated(token: Any) -> str | None:
    """Return a parsed XPath 2 expression in XPath 1.

    Args:
        token: The root of elementpath's parse.

    Returns:
        An expression with the same effective boolean value at every element, or
        None where that is not certain.
    """
    said = _say(token)
    # Variables that no quantifier binds are values of elementpath.
    return said.text if said and _MARK not in said.text else None


_AXES: Final = {
    "child",
    "self",
    "parent",
    "ancestor",
    "ancestor-or-self",
    "descendant",
    "descendant-or-self",
    "following",
    "following-sibling",
    "preceding",
    "preceding-sibling",
    "attribute",
}
_SAME: Final = {"=": "=", "eq": "=", "!=": "!=", "ne": "!="}
_ORDER: Final = {
    "<": "<",
    "lt": "<",
    "<=": "<=",
    "le": "<=",
    ">": ">",
    "gt": ">",
    ">=": ">=",
    "ge": ">=",
}
#: Functions of strings, with what they give; every argument is a string or one node.
_STRINGS: Final = {
    "normalize-space": _Kind.STRING,
    "string": _Kind.STRING,
    "local-name": _Kind.STRING,
    "name": _Kind.STRING,
    "concat": _Kind.STRING,
    "substring": _Kind.STRING,
    "substring-after": _Kind.STRING,
    "substring-before": _Kind.STRING,
    "starts-with": _Kind.TRUTH,
    "contains": _Kind.TRUTH,
    "string-length": _Kind.NUMBER,
}
#: Functions of node sets, with what they are in XPath 1.
_COUNTS: Final = {
    "exists": ("boolean({})", _Kind.TRUTH),
    "empty": ("not({})", _Kind.TRUTH),
    "count": ("count({})", _Kind.NUMBER),
}


def _say(token: Any) -> _Said | None:
    """Translate one token and what is below it."""
    symbol, parts = str(token.symbol), list(token)
    if symbol in _AXES and len(parts) == 1:
        test = _say(parts[0])
        kind = _Kind.ONE if symbol in {"self", "parent"} else _Kind.NODES
        return test and _Said(f"{symbol}::{test.text}", kind)
    if symbol in _SAME:
        return _equality(_SAME[symbol], symbol in {"eq", "ne"}, *parts)
    if symbol in _ORDER:
        return _order(_ORDER[symbol], *parts)
    if symbol in _STRINGS:
        return _string_function(symbol, parts)
    translate = _FORMS.get(symbol)
    return translate(token, parts) if translate else None


def _name(token: Any, _parts: list[Any]) -> _Said | None:
    return _Said(str(token.value), _Kind.NODES)


def _prefixed(_token: Any, parts: list[Any]) -> _Said | None:
    prefix, local = (str(part.symbol) for part in parts)
    if prefix != "(name)" or local not in {"(name)", "*"}:
        return None  # *:name, or a function with a prefix
    return _Said(f"{parts[0].value}:{parts[1].value}", _Kind.NODES)


def _wildcard(_token: Any, parts: list[Any]) -> _Said | None:
    return None if parts else _Said("*", _Kind.NODES)


def _attribute(_token: Any, parts: list[Any]) -> _Said | None:
    test = _say(parts[0])
    if test is None:
        return None
    kind = _Kind.NODES if "*" in test.text else _Kind.ONE
    return _Said(f"@{test.text}", kind)


def _kind_test(token: Any, parts: list[Any]) -> _Said | None:
    return None if parts else _Said(f"{token.symbol}()", _Kind.NODES)


def _here(token: Any, _parts: list[Any]) -> _Said | None:
    return _Said(str(token.symbol), _Kind.ONE)


def _path(token: Any, parts: list[Any]) -> _Said | None:
    said = [_say(part) for part in parts]
    if not said or not all(s and s.kind in (_Kind.NODES, _Kind.ONE) for s in said):
        return None
    # A function or a bracket after a slash is XPath 2 only.
    if len(parts) == 2 and str(parts[1].symbol) in {"(", "|", "union"}:
        return None
    text = str(token.symbol).join(s.text for s in said if s)
    return _Said(text if len(parts) == 2 else token.symbol + text, _Kind.NODES)


def _filtered(_token: Any, parts: list[Any]) -> _Said | None:
    if len(parts) != 2:  # an array of XPath 3.1
        return None
    base, test = _say(parts[0]), _say(parts[1])
    if base is None or test is None:
        return None
    if test.kind is _Kind.NUMBER and str(parts[1].symbol) != "(integer)":
        return None
    return _Said(f"{base.text}[{test.text}]", base.kind)


def _union(_token: Any, parts: list[Any]) -> _Said | None:
    said = [_say(part) for part in parts]
    if not all(s and s.kind in (_Kind.NODES, _Kind.ONE) for s in said):
        return None
    return _Said(" | ".join(s.text for s in said if s), _Kind.NODES)


def _bracket(_token: Any, parts: list[Any]) -> _Said | None:
    inner = _say(parts[0]) if len(parts) == 1 else None
    return inner and _Said(f"({inner.text})", inner.kind)


def _junction(token: Any, parts: list[Any]) -> _Said | None:
    said = [_say(part) for part in parts]
    if any(s is None for s in said):
        return None
    return _Said(
        f" {token.symbol} ".join(f"({s.text})" for s in said if s), _Kind.TRUTH
    )


def _truth_function(token: Any, parts: list[Any]) -> _Said | None:
    said = [_say(part) for part in parts]
    if any(s is None for s in said):
        return None
    arguments = ", ".join(s.text for s in said if s)
    return _Said(f"{token.symbol}({arguments})", _Kind.TRUTH)


def _count_function(token: Any, parts: list[Any]) -> _Said | None:
    argument = _say(parts[0]) if len(parts) == 1 else None
    if argument is None or argument.kind not in (_Kind.NODES, _Kind.ONE):
        return None
    text, kind = _COUNTS[token.symbol]
    return _Said(text.format(argument.text), kind)


def _string_function(symbol: str, parts: list[Any]) -> _Said | None:
    said = [_say(part) for part in parts]
    allowed = {_Kind.STRING, _Kind.ONE}
    for place, one in enumerate(said):
        if place and symbol == "substring" and str(parts[place].symbol) == "(integer)":
            continue
        if one is None or one.kind not in allowed:
            return None
    arguments = ", ".join(s.text for s in said if s)
    return _Said(f"{symbol}({arguments})", _STRINGS[symbol])


def _literal(token: Any, _parts: list[Any]) -> _Said | None:
    value = str(token.value)
    quote = '"' if "'" in value else "'"
    return None if quote in value else _Said(f"{quote}{value}{quote}", _Kind.STRING)


def _integer(token: Any, _parts: list[Any]) -> _Said | None:
    return _Said(str(token.value), _Kind.NUMBER)


def _equality(sign: str, single: bool, left: Any, right: Any) -> _Said | None:
    """Translate a comparison of strings, or of numbers that are no text."""
    choices = _literals(right)
    one = _say(left)
    if one is None:
        return None
    others = choices or [other for other in [_say(right)] if other]
    if not others:
        return None
    kinds = {one.kind, *(other.kind for other in others)}
    if single and _Kind.NODES in kinds:
        return None  # an error in XPath 2 where there are several
    if kinds != {_Kind.NUMBER} and not kinds <= {_Kind.NODES, _Kind.ONE, _Kind.STRING}:
        return None
    text = " or ".join(f"({one.text}) {sign} {other.text}" for other in others)
    return _Said(f"({text})", _Kind.TRUTH)


def _literals(token: Any) -> list[_Said] | None:
    """Return the members of a sequence of string literals: ``('a', 'b')``."""
    if str(token.symbol) == "(" and len(token) == 1:
        token = token[0]
    if str(token.symbol) != ",":
        return None
    said: list[_Said] = []
    for part in token:
        inner = _literals(part) if str(part.symbol) == "," else None
        if inner is not None:
            said += inner
        elif str(part.symbol) == "(string)" and (one := _literal(part, [])):
            said.append(one)
        else:
            return None
    return said


def _order(sign: str, left: Any, right: Any) -> _Said | None:
    one, other = _say(left), _say(right)
    if one is None or other is None or {one.kind, other.kind} != {_Kind.NUMBER}:
        return None
    return _Said(f"{one.text} {sign} {other.text}", _Kind.TRUTH)


def _variable(_token: Any, parts: list[Any]) -> _Said | None:
    return _Said(f"{_MARK}{parts[0].value}{_MARK}", _Kind.ONE) if parts else None


def _quantified(token: Any, parts: list[Any]) -> _Said | None:
    """Translate ``some|every $x in nodes satisfies test`` to a predicate."""
    if len(parts) != 3 or any(str(p.symbol) not in _OF_VALUES for p in parts[2].iter()):
        return None
    variable, nodes, test = (_say(part) for part in parts)
    if variable is None or nodes is None or test is None or _MARK in nodes.text:
        return None
    if nodes.kind not in (_Kind.NODES, _Kind.ONE) or test.kind is _Kind.NUMBER:
        return None
    asked = test.text.replace(variable.text, ".")
    if _MARK in asked:
        return None  # the variable of another quantifier
    if str(token.symbol) == "some":
        return _Said(f"boolean(({nodes.text})[{asked}])", _Kind.TRUTH)
    return _Said(f"not(({nodes.text})[not({asked})])", _Kind.TRUTH)


#: What a quantifier's test may be made of so that it depends on its variable alone.
_OF_VALUES: Final = (
    {"$", "(name)", "(string)", "(integer)", "(", ",", "and", "or", "not", "matches"}
    | set(_SAME)
    | set(_ORDER)
    | set(_STRINGS)
)


def _matches(_token: Any, parts: list[Any]) -> _Said | None:
    """Lend ``matches()`` to XPath 1, where its pattern is known and sound."""
    if len(parts) != 2 or str(parts[1].symbol) != "(string)":
        return None
    text, pattern = _say(parts[0]), _literal(parts[1], [])
    if text is None or pattern is None or text.kind not in (_Kind.STRING, _Kind.ONE):
        return None
    if _regex(str(parts[1].value)) is None:
        return None
    return _Said(f"{_LENT}:matches(string({text.text}), {pattern.text})", _Kind.TRUTH)


@lru_cache(maxsize=512)
def _regex(pattern: str) -> re.Pattern[str] | None:
    """Return a pattern of XPath 2, as elementpath reads it; None if it is not one."""
    try:
        return re.compile(translate_pattern(pattern, 0, "1.0"))
    except (re.error, RegexError, OverflowError):
        return None


def _lent_matches(_context: object, text: str, pattern: str) -> bool:
    regex = _regex(pattern)
    return regex is not None and regex.search(text) is not None


#: The functions lent to XPath 1, for :class:`lxml.etree.XPath`.
EXTENSIONS: Final = {(_LENT_NS, "matches"): _lent_matches}

_FORMS: Final[dict[str, Callable[[Any, list[Any]], _Said | None]]] = {
    "(name)": _name,
    ":": _prefixed,
    "*": _wildcard,
    "@": _attribute,
    "text": _kind_test,
    "node": _kind_test,
    "comment": _kind_test,
    ".": _here,
    "..": _here,
    "/": _path,
    "//": _path,
    "[": _filtered,
    "|": _union,
    "union": _union,
    "(": _bracket,
    "and": _junction,
    "or": _junction,
    "not": _truth_function,
    "boolean": _truth_function,
    "true": _truth_function,
    "false": _truth_function,
    "exists": _count_function,
    "empty": _count_function,
    "count": _count_function,
    "matches": _matches,
    "some": _quantified,
    "every": _quantified,
    "$": _variable,
    "(string)": _literal,
    "(integer)": _integer,
}
