"""One document as expressions see it, with what they may remember and may cost.

elementpath's own tree is made when an expression first needs it; a budget counts what
an expression does.
"""

from __future__ import annotations

import datetime
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from elementpath import XPathContext, get_node_tree, xpath_nodes
from lxml import etree

from toolkit.validate.xpath.budget import Budget, unlimited
from toolkit.validate.xpath.functions import CURRENT
from toolkit.validate.xpath.library import LibraryError
from toolkit.validate.xpath.remembered import MEMORY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from toolkit.tei import Element
    from toolkit.validate.schematron.keys import Key
    from toolkit.validate.xpath.library import Library

_elementpath_strings: Final[Any] = getattr(xpath_nodes, "etree_iter_strings", None)
_STRING: Final = etree.XPath("string()")


def _strings(element: Any, *arguments: Any, **options: Any) -> Any:
    """Return the text of an element, whole.

    elementpath (5.1) leaves out what follows a comment or processing instruction
    inside an element, so that ``<p><!-- c -->word</p>`` would have no text.
    """
    if isinstance(element, etree._Element) and not arguments and not options:
        return iter([str(_STRING(element))])
    return _elementpath_strings(element, *arguments, **options)


if _elementpath_strings is not None:
    xpath_nodes.etree_iter_strings = _strings


class MeteredContext(XPathContext):  # type: ignore[misc]  # elementpath is not typed
    """elementpath's context, which counts what is walked."""

    budget: Budget
    reading: Reading
    item: Any
    axis: Any

    def __copy__(self) -> MeteredContext:
        """Count one step: elementpath copies the context for each inner expression."""
        self.budget.spend()
        copied: MeteredContext = super().__copy__()
        return copied

    def iter_attributes(self) -> Iterator[Any]:
        """Yield attributes; an attribute has none, which elementpath forgets."""
        if self.axis is None and getattr(self.item, "node_kind", "") == "attribute":
            return iter(())
        self.budget.spend()
        found: Iterator[Any] = super().iter_attributes()
        return found

    def iter_descendants(self, axis: str | None = None) -> Iterator[Any]:
        """Count every node below."""
        budget = self.budget
        for found in super().iter_descendants(axis):
            budget.spend()
            yield found

    def iter_followings(self) -> Iterator[Any]:
        """Yield the nodes after the one at hand; elementpath has only elements'."""
        item, tree = self.item, _root_of(self.item)
        if tree is None:
            return
        status, self.axis = self.axis, "following"
        # What follows an attribute includes what its element holds.
        inner: set[Any] = set()
        if getattr(item, "children", None):
            inner = set(item.iter_descendants())
        for found in tree.iter_descendants():
            self.budget.spend()
            if found.position > item.position and found not in inner:
                self.item = found
                yield found
        self.item, self.axis = item, status

    def iter_preceding(self) -> Iterator[Any]:
        """Yield the nodes before the one at hand that do not hold it."""
        item, tree = self.item, _root_of(self.item)
        if tree is None:
            return
        status, self.axis = self.axis, "preceding"
        holders, holder = set(), item.parent
        while holder is not None:
            holders.add(holder)
            holder = holder.parent
        for found in tree.iter_descendants():
            self.budget.spend()
            if found.position >= item.position:
                break
            if found not in holders:
                self.item = found
                yield found
        self.item, self.axis = item, status

    def iter_siblings(self, axis: str | None = None) -> Iterator[Any]:
        """Count the sisters: all of them are walked; an attribute has none."""
        if getattr(self.item, "node_kind", "") == "attribute":
            return iter(())
        parent = getattr(self.item, "parent", None)
        if parent is not None:
            self.budget.spend(len(parent.children or ()))
        found: Iterator[Any] = super().iter_siblings(axis)
        return found

    def iter_matching_nodes(
        self, name: str, default_namespace: str | None = None
    ) -> Iterator[Any]:
        """Count the children: each is compared with the name."""
        if self.axis is None:
            self.budget.spend(1 + len(getattr(self.item, "children", None) or ()))
        found: Iterator[Any] = super().iter_matching_nodes(name, default_namespace)
        return found

    def iter_children_or_self(self) -> Iterator[Any]:
        """Count the children."""
        if self.axis is None:
            self.budget.spend(1 + len(getattr(self.item, "children", None) or ()))
        found: Iterator[Any] = super().iter_children_or_self()
        return found

    def iter_product(
        self, selectors: Sequence[Callable[[Any], Any]], varnames: Any = None
    ) -> Iterator[Any]:
        """Count every combination of values."""
        budget = self.budget
        for found in super().iter_product(selectors, varnames):
            budget.spend()
            yield found


def _root_of(item: Any) -> Any:
    """Return the uppermost node above one; None for what is no node."""
    while getattr(item, "parent", None) is not None:
        item = item.parent
    return item if hasattr(item, "iter_descendants") else None


class Reading:
    """A document as expressions see it."""

    def __init__(
        self,
        root: Element,
        path: Path | None = None,
        library: Library | None = None,
        base: str = "",
        keys: Mapping[str, Sequence[Key]] | None = None,
    ) -> None:
        """Take the outermost element of a document.

        Args:
            root: The element.
            path: The document's file, for ``base-uri()`` and ``document(@ref)``.
            library: The documents that may be read; None: no others.
            base: The address of the schema, to which addresses are relative.
            keys: The schema's keys, by name.
        """
        self.root = root
        self.budget: Budget = unlimited()
        self._uri = path.resolve().as_uri() if path else None
        self._library, self._base, self._keys = library, base, keys or {}
        self._memory: dict[object, Any] = {}

    @cached_property
    def tree(self) -> Any:
        """The document node of elementpath's tree."""
        return get_node_tree(self.root.getroottree(), uri=self._uri)

    @cached_property
    def _pristine(self) -> MeteredContext:
        now = datetime.datetime.now(tz=datetime.UTC)
        return MeteredContext(self.tree, current_dt=now)

    def item(self, place: object) -> Any:
        """Return elementpath's node for an element; other items are themselves."""
        return self.tree.tree.elements.get(place, place)

    def context(self, place: object, variables: Mapping[str, object]) -> Any:
        """Return the context to evaluate an expression in."""
        pristine = self._pristine
        pristine.budget = self.budget
        context = copy(pristine)
        context.reading = self
        context.item = item = self.item(place)
        context.variables = {**variables, CURRENT: item, MEMORY: self._memory}
        return context

    def remembered(self, name: str, made: Callable[[Any], Any]) -> Any:
        """Return something that is made of the tree once."""
        if name not in self._memory:
            self._memory[name] = made(self.tree)
        return self._memory[name]

    def document(self, uri: str, base: str | None) -> Any:
        """Return another document of the edition.

        Args:
            uri: Its address.
            base: What that is relative to; None: the schema.

        Raises:
            LibraryError: It is not in the edition, or cannot be read.
        """
        if self._library is None:
            raise LibraryError("no folder is known to read documents from")
        return self._library.open(uri, base or self._base)

    def keyed(self, name: str, wanted: Sequence[str], place: Any) -> list[Any]:
        """Return the nodes that a key finds in the document of a node, in order.

        Args:
            name: The key's name.
            wanted: Values; a node is found by any of them.
            place: A node of the document meant.

        Raises:
            KeyError: There is no such key.
        """
        keys = self._keys[name]
        tree = place
        while getattr(tree, "parent", None) is not None:
            tree = tree.parent
        mark = ("key", name, id(tree))
        if mark not in self._memory:
            reading = self if tree is self.tree else self._other(tree)
            index: dict[str, dict[int, Any]] = {}
            for key in keys:
                for value, node in key.pairs(reading):
                    index.setdefault(value, {})[id(node)] = node
            self._memory[mark] = index
        index = self._memory[mark]
        found = {mark: n for one in wanted for mark, n in index.get(one, {}).items()}
        return sorted(found.values(), key=lambda node: int(node.position))

    def _other(self, tree: Any) -> Reading:
        """Return the reading of another document, with the same budget."""
        other = Reading(tree.value.getroot(), None, self._library, self._base)
        other._keys, other.budget = self._keys, self.budget
        other.__dict__["tree"] = tree
        return other
