"""From the rules of a schema to a screen: what libxml2 decides of them, as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from toolkit.validate.schematron.screen import Asked, Screen, Screened
from toolkit.validate.xpath.xpath1 import NAMESPACES, translated

if TYPE_CHECKING:
    from toolkit.validate.schematron.model import Check, Rule, Rules

#: A test of a name in XPath 1.
_NAME: Final = re.compile(r"[\w.-]+(?::(?:[\w.-]+|\*))?")


def drawn(rules: Rules) -> Screen | None:
    """Return what libxml2 decides of rules; None: nothing that helps.

    Args:
        rules: A schema, ready to run.
    """
    if rules.lets or any(pattern.lets for pattern in rules.patterns.values()):
        return None  # variables are worked out for every document, and may fail
    namespaces = {name: uri for name, uri in rules.namespaces.items() if name}
    return Screen([_screened(rule) for rule in rules.rules], namespaces)


def _screened(rule: Rule) -> Screened:
    context, checks = rule.context, None
    fires = None
    if context.fits is not None and context.is_brief and context.attribute is None:
        fires = _shown(_matches(context.expression.token))
    if not rule.lets:
        checks = [_asked(one) for one in rule.checks]
    needs = set(context.needs)
    if context.attribute not in {None, "*"}:
        needs.add(str(context.attribute))
    tags = None if context.tags is None else sorted(context.tags)
    return Screened(rule.pattern, tags, sorted(needs), fires, checks)


def _asked(check: Check) -> Asked:
    exactly, needs, enough = map(_shown, check.test.conditions)
    return Asked(exactly, needs, enough, check.fails_if)


def _shown(condition: str | None) -> str | None:
    """Return a condition if it needs no function of Python."""
    if condition is None or any(f"{prefix}:" in condition for prefix in NAMESPACES):
        return None
    return condition


def _matches(token: Any) -> str | None:
    """Return the condition that an element matches a pattern (XSLT 2.0, 5.5).

    Args:
        token: The pattern, parsed; one that can be matched upwards.
    """
    symbol, parts = str(token.symbol), list(token)
    if symbol in {"(", "child"} and len(parts) == 1:
        return _matches(parts[0])
    if symbol in {"|", "union"}:
        found = [_matches(part) for part in parts]
        return " or ".join(f"({one})" for one in found) if all(found) else None
    if symbol == "[" and len(parts) == 2:
        base, predicate = _matches(parts[0]), translated(parts[1])
        return base and predicate and f"({base}) and boolean({predicate})"
    if symbol in {"/", "//"} and parts:
        return _below(symbol, parts)
    if symbol == "*" and not parts:
        return "true()"
    test = translated(token)  # of a name: a child of that name
    return f"self::{test}" if test and _NAME.fullmatch(test) else None


def _below(symbol: str, parts: list[Any]) -> str | None:
    """Return the condition of ``left/right``, ``left//right``, ``/right``."""
    right = _matches(parts[-1])
    if len(parts) == 1:
        at_root = "not(parent::*) and " if symbol == "/" else ""
        return right and f"{at_root}({right})"
    left = _matches(parts[0])
    axis = "parent" if symbol == "/" else "ancestor"
    return left and right and f"({right}) and {axis}::*[{left}]"
