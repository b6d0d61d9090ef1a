"""Contexts of rules: a pattern and an element give «fires here» or not.

A context is matched from its last step up (as XSLT matches patterns), so a rule is
tried only at elements with the right name. Evaluating ``//(context)`` once per
rule took up to eight seconds a rule on 2,333 elements; that is kept for the few
contexts that cannot be matched upwards.

ISO/IEC 19757-3, 5.4.11 (rule); XSLT 2.0, 5.5 (patterns).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

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
    needs: frozenset[str] = frozenset()  #: attributes without which it cannot fire

    def may_fire(self, tag: str, attributes: Collection[str]) -> bool:
        """Return whether an element of this name, with these attributes, may match."""
        return (self.tags is None or tag in self.tags) and all(
            need in attributes for need in self.needs
        )


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
    return Context(expression, found.fits, found.tags, attribute, found.needs)


class _Step(NamedTuple):
    """How one step of a pattern is matched."""

    fits: Fits
    tags: frozenset[str] | None = None
    needs: frozenset[str] = frozenset()


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
        return _Step(lambda _r, element, _v: element.tag in names, names)
    if namespace is None:
        return _Step(_anything)
    return _Step(lambda _r, element, _v: str(element.tag).startswith(namespace))


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


def _either(found: list[_Step | None]) -> _Step | None:
    steps = [step for step in found if step is not None]
    if len(steps) < len(found):
        return None
    known = [step.tags for step in steps if step.tags is not None]
    return _Step(
        lambda r, element, v: any(step.fits(r, element, v) for step in steps),
        frozenset().union(*known) if len(known) == len(steps) else None,
        frozenset.intersection(*(step.needs for step in steps)),
    )


def _with_predicate(token: Any, namespaces: Mapping[str, str]) -> _Step | None:
    base = _compiled(token[0], namespaces)
    if base is None or not _is_truth(token[1]) or _counts_places(token[1]):
        return None
    fits, tags, needs = base
    predicate = Expression.of(token[1], namespaces)
    return _Step(
        lambda r, element, v: fits(r, element, v) and predicate.holds(r, element, v),
        tags,
        needs | _needed(token[1]),
    )


def _needed(predicate: Any) -> frozenset[str]:
    """Return attributes without which a predicate cannot hold; not always all."""
    symbol, parts = str(predicate.symbol), list(predicate)
    if symbol == "@" and str(parts[0].symbol) == "(name)":
        return frozenset({str(parts[0].value)})
    if symbol == "(" and len(parts) == 1:
        return _needed(parts[0])
    if symbol == "and":
        return _needed(parts[0]) | _needed(parts[1])
    if symbol in {"=", "eq", "ne", "!="}:  # false beside an empty sequence
        return frozenset().union(*(_needed(p) for p in parts if str(p.symbol) == "@"))
    if symbol == "castable" and parts:
        return _needed(parts[0])
    if symbol in {"starts-with", "contains"} and str(parts[1].symbol) == "(string)":
        return _needed(parts[0]) if parts[1].value else frozenset()
    return frozenset()


def _below(token: Any, namespaces: Mapping[str, str]) -> _Step | None:
    """Match ``left/right`` and ``left//right``, or one of them from the root."""
    right = _compiled(token[-1], namespaces)
    if right is None:
        return None
    fits, tags, needs = right
    direct = str(token.symbol) == "/"
    if len(token) == 1:
        if not direct:
            return right
        return _Step(
            lambda r, e, v: e.getparent() is None and fits(r, e, v), tags, needs
        )
    left = _compiled(token[0], namespaces)
    if left is None:
        return None
    above = left.fits

    def under(
        reading: Reading, element: Element, variables: Mapping[str, object]
    ) -> bool:
        if not fits(reading, element, variables):
            return False
        if direct:
            parent = element.getparent()
            return parent is not None and above(reading, parent, variables)
        return any(above(reading, a, variables) for a in element.iterancestors())

    return _Step(under, tags, needs)


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
