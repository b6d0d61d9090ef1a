"""Paths from the root of a document, walked once and not at every element.

Rules like to ask ``//tei:handNote/@xml:id`` at every element, which makes a check
quadratic: one such test of TEI's own took half a second at each of 800 elements.
Takes a parsed expression and replaces the selection of its absolute paths by one
that remembers, where nothing in the path depends on the place it is asked at; else
``//name[…]``, ``path//name[…]``, ``following::name`` and ``preceding::name`` look only
at the elements of that name.
"""

from __future__ import annotations

from bisect import bisect_left
from copy import copy
from operator import le
from typing import TYPE_CHECKING, Any, Final

from toolkit.validate.xpath.metering import spend

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The variable that holds what is remembered of one document; no other can be so named.
MEMORY: Final = "memory()"


def remember(token: Any) -> None:
    """Let a parsed expression remember what its absolute paths select.

    Args:
        token: The root of elementpath's parse; changed in place.
    """
    if _is_path(token):
        token.select = _Sorted(token.select)
    _remember(token)


def _is_path(token: Any) -> bool:
    return str(token.symbol) in {"/", "//"} and len(token) == 2


def _remember(token: Any) -> None:
    if _is_absolute(token) and not _depends(token):
        token.select = _Once(token.select)
        return
    if str(token.symbol) == "//" and len(token) == 1:
        name, predicates = _step(token[0])
        if name and not any(_counts(predicate) for predicate in predicates):
            token.select = _Indexed(token, name, predicates)
    if str(token.symbol) == "//" and len(token) == 2:
        name, predicates = _step(token[1])
        if name and not any(_counts(predicate) for predicate in predicates):
            token.select = _Below(token, name, predicates)
    if str(token.symbol) in {"following", "preceding"} and len(token) == 1:
        name, predicates = _step(token[0])
        if name and not predicates:
            token.select = _Sideways(token, name)
    for part in token:
        if _is_path(part) and str(token.symbol) not in _UNORDERED:
            part.select = _Sorted(part.select)
        _remember(part)


#: What does not mind in which order nodes come.
_UNORDERED: Final = frozenset(
    "[ and or not exists empty boolean count = != < > <= >= / //".split()
)


class _Sorted:
    """A path whose nodes come in the order of the document.

    elementpath (5.1) gives them in the order it meets them, which differs where the
    nodes that a step starts from stand one in the other.
    """

    def __init__(self, select: Any) -> None:
        self.original = select

    def __call__(self, context: Any = None) -> Iterator[Any]:
        """Select, and sort where there is need."""
        found = list(self.original(context))
        places: list[Any] = [getattr(one, "position", None) for one in found]
        if None in places or all(map(le, places, places[1:])):
            return iter(found)
        roots: dict[int, int] = {}
        for one in found:
            root = one
            while root.parent is not None:
                root = root.parent
            roots[id(one)] = id(root)
        return iter(sorted(found, key=lambda one: (roots[id(one)], one.position)))


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
        spend(context, len(memory[id(self)]))
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
            spend(context, 1)
            if _passes(self.token, self.predicates, element, context):
                yield element


class _Below:
    """``path//name[…]``, by the index in document order."""

    def __init__(self, token: Any, name: str, predicates: list[Any]) -> None:
        self.original, self.token = token.select, token
        self.name, self.predicates = name, predicates

    def __call__(self, context: Any = None) -> Iterator[Any]:
        """Select the elements of the name for which every predicate holds."""
        if context is None or MEMORY not in context.variables:
            yield from self.original(context)
            return
        order = _order(context)
        holders = list(self.token[0].select(copy(context)))
        spans = [order.places.get(id(holder)) for holder in holders]
        if any(span is None for span in spans):  # the document, attributes, others
            yield from self.original(context)
            return
        ranks, elements = order.named.get(self.name, ([], []))
        # Spans are apart, or one within the other: what an earlier one held is done.
        done = 0
        for start, end in sorted(span for span in spans if span is not None):
            first = bisect_left(ranks, max(start + 1, done))
            for element in elements[first : bisect_left(ranks, end)]:
                spend(context, 1)
                if _passes(self.token, self.predicates, element, context):
                    yield element
            done = max(done, end)


def _passes(token: Any, predicates: list[Any], element: Any, context: Any) -> bool:
    """Return whether all predicates hold at an element."""
    inner = copy(context)
    inner.item = element
    return all(
        token.boolean_value(list(predicate.select(copy(inner))))
        for predicate in predicates
    )


class _Sideways:
    """``following::name`` and ``preceding::name``, by an index in document order."""

    def __init__(self, token: Any, name: str) -> None:
        self.original, self.name = token.select, name
        self.forwards = str(token.symbol) == "following"

    def __call__(self, context: Any = None) -> Iterator[Any]:
        """Select the elements of the name after, or before, the one at hand."""
        if context is None or MEMORY not in context.variables:
            yield from self.original(context)
            return
        order = _order(context)
        place = order.places.get(id(context.item))
        if place is None:  # no element, or one of another document
            yield from self.original(context)
            return
        start, end = place
        ranks, elements = order.named.get(self.name, ([], []))
        if self.forwards:
            found = elements[bisect_left(ranks, end) :]
        else:
            before = elements[: bisect_left(ranks, start)]
            # What ends after this one began holds it.
            found = [one for one in before if order.places[id(one)][1] <= start]
        spend(context, len(found))
        yield from found


class _Order:
    """Where each element of a tree begins and ends, counted in elements."""

    def __init__(self, root: Any) -> None:
        elements = [node for node in root.iter() if node.node_kind == "element"]
        sizes = {id(element): 1 for element in elements}
        for element in reversed(elements):
            holder = id(element.parent)
            if holder in sizes:
                sizes[holder] += sizes[id(element)]
        #: rank, and rank of what follows, by the id of elementpath's element
        self.places: dict[int, tuple[int, int]] = {}
        #: ranks and elements of a name
        self.named: dict[str, tuple[list[int], list[Any]]] = {}
        for rank, element in enumerate(elements):
            self.places[id(element)] = (rank, rank + sizes[id(element)])
            ranks, named = self.named.setdefault(element.name, ([], []))
            ranks.append(rank)
            named.append(element)


def _order(context: Any) -> _Order:
    memory = context.variables[MEMORY]
    if "order" not in memory:
        memory["order"] = _Order(context.root)
    found: _Order = memory["order"]
    return found


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
    while str(token.symbol) == "[" and len(token) == 2:
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
