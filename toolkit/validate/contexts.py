"""Contexts of rules: a pattern and an element give «fires here» or not.

A context is matched from its last step up (as XSLT matches patterns), so a rule is
tried only at elements with the right name. Evaluating ``//(context)`` once per
rule took up to eight seconds a rule on 2,333 elements; that is kept for the few
contexts that cannot be matched upwards.

ISO/IEC 19757-3, 5.4.11 (rule); XSLT 2.0, 5.5 (patterns).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from toolkit.validate.xpath import Expression, Reading

if TYPE_CHECKING:
    from toolkit.tei import Element

#: Whether a step fits an element; the variables are those of the schema.
Fits: TypeAlias = Callable[[Reading, "Element", Mapping[str, object]], bool]


@dataclass(frozen=True, slots=True)
class Context:
    """Where a rule fires."""

    expression: Expression
    fits: Fits | None  #: None: has to be evaluated over the whole document
    tags: frozenset[str] | None  #: the elements it can fire at; None: any
    attribute: str | None = None  #: it fires at this attribute of those; ``*``: any


def context_of(source: str, namespaces: Mapping[str, str]) -> Context:
    """Return a rule's context, ready to be matched.

    Args:
        source: ``rule/@context``.
        namespaces: Prefixes and their namespaces.

    Raises:
        XPathError: It is not XPath 2.
    """
    expression = Expression(source, namespaces)
    token, attribute = expression.token, None
    if str(token.symbol) in {"/", "@"}:
        last = token[-1] if len(token) else token
        if str(token.symbol) == "@":
            last = token
        if str(last.symbol) == "@" and str(last[0].symbol) in {"(name)", "*"}:
            attribute = "*" if str(last[0].symbol) == "*" else str(last[0].value)
            if last is token:
                return Context(expression, _anything, None, attribute)
            token = token[0]
    found = _compiled(token, namespaces)
    if found is None:
        return Context(expression, None, None)
    return Context(expression, found[0], found[1], attribute)


_Step: TypeAlias = tuple[Fits, "frozenset[str] | None"]


def _anything(
    _reading: Reading, _element: Element, _variables: Mapping[str, object]
) -> bool:
    return True


def _compiled(token: Any, namespaces: Mapping[str, str]) -> _Step | None:
    """Return how a parsed pattern is matched upwards; None where it cannot be."""
    symbol = str(token.symbol)
    if symbol in {"(", "child"} and len(token) == 1:
        return _compiled(token[0], namespaces)
    if symbol in {"|", "union"}:
        return _either([_compiled(part, namespaces) for part in token])
    if symbol == "[":
        return _with_predicate(token, namespaces)
    if symbol in {"/", "//"} and len(token):
        return _below(token, namespaces)
    tags = _tags(token, namespaces)
    if tags is None:
        return None
    names, namespace = tags
    if names is not None:
        return (lambda _r, element, _v: element.tag in names), names
    if namespace is None:
        return _anything, None
    return (lambda _r, element, _v: str(element.tag).startswith(namespace)), None


def _tags(
    token: Any, namespaces: Mapping[str, str]
) -> tuple[frozenset[str] | None, str | None] | None:
    """Return the names, or the namespace, that a name test allows."""
    symbol = str(token.symbol)
    if symbol == "(name)":
        return frozenset({str(token.value)}), None
    if symbol == "*" and not len(token):
        return None, None
    if symbol == ":" and str(token[0].symbol) == "(name)":
        namespace = namespaces.get(str(token[0].value))
        if namespace is None:
            return None
        if str(token[1].symbol) == "*":
            return None, f"{{{namespace}}}"
        if str(token[1].symbol) == "(name)":
            return frozenset({f"{{{namespace}}}{token[1].value}"}), None
    return None


def _either(steps: list[_Step | None]) -> _Step | None:
    if any(step is None for step in steps):
        return None
    fits = [step[0] for step in steps if step]
    tags = [step[1] for step in steps if step]
    known = [names for names in tags if names is not None]
    merged = frozenset().union(*known) if len(known) == len(tags) else None
    return (lambda r, element, v: any(fit(r, element, v) for fit in fits)), merged


def _with_predicate(token: Any, namespaces: Mapping[str, str]) -> _Step | None:
    base = _compiled(token[0], namespaces)
    if base is None or not _is_truth(token[1]) or _counts_places(token[1]):
        return None
    fits, tags = base
    predicate = Expression.of(token[1], namespaces)
    return (
        lambda r, element, v: fits(r, element, v) and predicate.holds(r, element, v),
        tags,
    )


def _below(token: Any, namespaces: Mapping[str, str]) -> _Step | None:
    """Match ``left/right`` and ``left//right``, or one of them from the root."""
    right = _compiled(token[-1], namespaces)
    if right is None:
        return None
    fits, tags = right
    direct = str(token.symbol) == "/"
    if len(token) == 1:
        if not direct:
            return right
        return (lambda r, e, v: e.getparent() is None and fits(r, e, v)), tags
    left = _compiled(token[0], namespaces)
    if left is None:
        return None
    above = left[0]

    def under(
        reading: Reading, element: Element, variables: Mapping[str, object]
    ) -> bool:
        if not fits(reading, element, variables):
            return False
        if direct:
            parent = element.getparent()
            return parent is not None and above(reading, parent, variables)
        return any(above(reading, a, variables) for a in element.iterancestors())

    return under, tags


#: What a predicate may be so that it asks a question and gives no number.
_TRUTHS: Final = {
    "and",
    "or",
    "=",
    "!=",
    "<",
    ">",
    "<=",
    ">=",
    "eq",
    "ne",
    "lt",
    "gt",
    "le",
    "ge",
    "is",
    "@",
    ":",
    "(name)",
    "*",
    "/",
    "//",
    "[",
    "|",
    "union",
    "intersect",
    "except",
    "some",
    "every",
    "not",
    "exists",
    "empty",
    "boolean",
    "true",
    "false",
    "contains",
    "starts-with",
    "ends-with",
    "matches",
    "normalize-space",
    "string",
    "castable",
    "self",
    "parent",
    "ancestor",
    "ancestor-or-self",
    "child",
    "descendant",
    "descendant-or-self",
    "following",
    "following-sibling",
    "preceding",
    "preceding-sibling",
    "attribute",
    ".",
    "..",
    "text",
    "node",
}


def _is_truth(token: Any) -> bool:
    """Return whether a predicate cannot be a number, so is no position."""
    symbol = str(token.symbol)
    if symbol == "(" and len(token) == 1:
        return _is_truth(token[0])
    if symbol in {"/", "//"} and len(token) == 2:
        return _is_truth(token[1])
    if symbol == ":" and str(token[1].symbol) not in {"(name)", "*"}:
        return False
    if symbol == "*" and len(token):
        return False
    return symbol in _TRUTHS


def _counts_places(token: Any) -> bool:
    """Return whether a predicate asks for the position of its own node."""
    if str(token.symbol) in {"position", "last"}:
        return True
    inner = [token[0]] if str(token.symbol) == "[" else list(token)
    return any(_counts_places(part) for part in inner)
