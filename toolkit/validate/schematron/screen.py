"""Screening: does a document certainly break no rule?

Most documents break none, and reading a schema's rules takes longer than checking a
document by them. So what libxml2 can decide of them is written down as text, kept
between runs and asked first; where that leaves anything open, the rules are loaded
and asked.

What is kept is JSON: expressions of XPath 1, and the names of elements and
attributes at which they are asked.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from toolkit.tei import Element


class Asked(NamedTuple):
    """One check as text, each part where libxml2 can decide it."""

    exactly: str | None  #: is its test
    needs: str | None  #: false: its test does not hold
    enough: str | None  #: true: its test holds
    fails_if: bool  #: the truth of its test that makes a finding


class Screened(NamedTuple):
    """One rule as text."""

    pattern: int  #: of the rules of one pattern, the first that matches fires
    tags: list[str] | None  #: the elements it can fire at; None: any
    needs: list[str]  #: attributes without which it cannot fire
    fires: str | None  #: whether it fires at an element; None: that is left open
    checks: list[Asked] | None  #: None: what they find is left open


class Screen:
    """The rules of a schema as far as libxml2 decides them."""

    def __init__(self, rules: list[Screened], namespaces: Mapping[str, str]) -> None:
        """Take rules that are written down.

        Args:
            rules: In the order of the schema.
            namespaces: By prefix, for their expressions.
        """
        self._rules = rules
        self._namespaces = dict(namespaces)
        self._condition = cache(partial(_condition, self._namespaces))

    def passes(self, root: Element) -> bool:
        """Say whether a document certainly breaks no rule."""
        tried: dict[tuple[str, ...], etree.XPath | None] = {}
        try:
            for element in root.iter("*"):
                kind = (str(element.tag), *map(str, element.attrib))
                if kind not in tried:
                    tried[kind] = self._asked_of(kind)
                may_break = tried[kind]
                if may_break is not None and may_break(element):
                    return False
        except etree.XPathError:
            return False  # more nodes than libxml2 will hold
        return True

    def _asked_of(self, kind: tuple[str, ...]) -> etree.XPath | None:
        """Return whether an element may break a rule; None: none can fire there.

        Args:
            kind: The element's name and the names of its attributes.
        """
        tag, *attributes = kind
        rules = [
            rule
            for rule in self._rules
            if (rule.tags is None or tag in rule.tags)
            and all(need in attributes for need in rule.needs)
        ]
        return self._condition(_any(_broken(rules))) if rules else None

    def written(self) -> dict[str, Any]:
        """Return the screen as JSON has it."""
        return {"rules": self._rules, "namespaces": self._namespaces}

    @classmethod
    def read(cls, form: Mapping[str, Any]) -> Screen:
        """Return a screen that was written.

        Raises:
            TypeError, ValueError, KeyError: It is of another form.
        """
        rules = [
            Screened(
                pattern,
                tags,
                needs,
                fires,
                None if checks is None else [Asked(*one) for one in checks],
            )
            for pattern, tags, needs, fires, checks in form["rules"]
        ]
        return cls(rules, form["namespaces"])


def _broken(rules: list[Screened]) -> Iterator[str]:
    """Yield for each rule the condition that it may be broken at an element."""
    earlier: dict[int, list[str]] = {}
    for rule in rules:
        fires = rule.fires or "true()"
        before = earlier.setdefault(rule.pattern, [])
        breaks = "true()"
        if rule.fires is not None and rule.checks is not None:
            breaks = _any(map(_fails, rule.checks))
        yield _all([fires, *(f"not({one})" for one in before), breaks])
        before.append(fires)


def _fails(asked: Asked) -> str:
    """Return the condition that a check may make a finding."""
    if asked.fails_if:
        return asked.exactly or asked.needs or "true()"
    return f"not({asked.exactly or asked.enough or 'false()'})"


def _any(conditions: Iterable[str]) -> str:
    return " or ".join(f"({one})" for one in conditions) or "false()"


def _all(conditions: Iterable[str]) -> str:
    return " and ".join(f"({one})" for one in conditions)


def _condition(namespaces: dict[str, str], text: str) -> etree.XPath:
    return etree.XPath(f"boolean({text})", namespaces=namespaces)
