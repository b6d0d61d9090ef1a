"""Paths from the root of a document, walked once and not at every element.

Rules like to ask ``//tei:handNote/@xml:id`` at every element, which makes a check
quadratic: one such test of TEI's own took half a second at each of 800 elements.
Takes a parsed expression and replaces the selection of its absolute paths by one
that remembers, where nothing in the path depends on the place it is asked at; else
``//name[…]`` looks only at the elements of that name.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The variable that holds what is remembered of one document; no other can be so named.
MEMORY: Final = "memory()"


def remember(token: Any) -> None:
    """Let a parsed expression remember what its absolute paths select.

    Args:
        token: The root of elementpath's parse; changed in place.
    """
    if _is_absolute(token) and not _depends(token):
        token.select = _Once(token.select)
        return
    if str(token.symbol) == "//" and len(token) == 1:
        name, predicates = _step(token[0])
        if name and not any(_counts(predicate) for predicate in predicates):
            token.select = _Indexed(token, name, predicates)
    for part in token:
        remember(part)


class _Once:
    """A path that selects the same wherever it is asked."""

    def __init__(self, select: Any) -> None:
        self.original = select

    def __call__(self, context: Any = None) -> Iterator[Any]:
        """Select, the first time in a document; else repeat."""
        if context is None or MEMORY not in context.variables:
            return iter(self.original(context))
        memory = context.variables[MEMORY]
        if id(self) not in memory:
            memory[id(self)] = list(self.original(copy(context)))
        return iter(memory[id(self)])


class _Indexed:
    """``//name[…]``, by an index of the document's elements."""

    def __init__(self, token: Any, name: str, predicates: list[Any]) -> None:
        self.original, self.token = token.select, token
        self.name, self.predicates = name, predicates

    def __call__(self, context: Any = None) -> Iterator[Any]:
        """Select the elements of the name for which every predicate holds."""
        if context is None or MEMORY not in context.variables:
            yield from self.original(context)
            return
        memory = context.variables[MEMORY]
        if "names" not in memory:
            memory["names"] = _by_name(context.root)
        for element in memory["names"].get(self.name, ()):
            inner = copy(context)
            inner.item = element
            if all(
                self.token.boolean_value(list(predicate.select(copy(inner))))
                for predicate in self.predicates
            ):
                yield element


def _by_name(root: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for node in root.iter():
        if node.node_kind == "element":
            found.setdefault(node.name, []).append(node)
    return found


def _is_absolute(token: Any) -> bool:
    """Return whether a path begins at the root."""
    while str(token.symbol) in {"/", "//", "["} and len(token) == 2:
        token = token[0]
    return str(token.symbol) in {"/", "//"} and len(token) < 2


def _depends(token: Any) -> bool:
    """Return whether an expression uses a variable or the place of the rule."""
    return any(
        str(part.symbol) in {"$", "current", "position", "last", "for", "some", "every"}
        for part in token.iter()
    )


def _step(token: Any) -> tuple[str, list[Any]]:
    """Return the expanded name and the predicates of a step; no name: another step."""
    predicates: list[Any] = []
    while str(token.symbol) == "[":
        predicates.insert(0, token[1])
        token = token[0]
    if str(token.symbol) == ":" and str(token[1].symbol) == "(name)":
        namespace = token.parser.namespaces.get(token[0].value)
        if namespace and str(token[0].symbol) == "(name)":
            return f"{{{namespace}}}{token[1].value}", predicates
    return "", predicates


def _counts(predicate: Any) -> bool:
    """Return whether a predicate may be a position."""
    symbols = {str(part.symbol) for part in predicate.iter()}
    if symbols & {"position", "last"}:
        return True
    return str(predicate.symbol) not in {
        "=", "!=", "and", "or", "not", "@", "eq", "ne", "[", "/", ":", "some", "every",
    }  # fmt: skip
