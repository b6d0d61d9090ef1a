"""XPath 2 for rules: an expression and a place in a document give a value.

elementpath does the work. Where XPath 1 gives the same answer to an expression
(most tests in Schematron ask only whether something is there), libxml2 is asked
instead, which is about thirty times as fast; the translation is at the end of
this module's neighbour, :mod:`toolkit.validate.xpath1`.

XPath 2.0; of the functions that XSLT adds, ``current()`` and ``generate-id()``.
"""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from elementpath import (
    ElementPathError,
    XPath2Parser,
    XPathContext,
    get_node_tree,
    xpath_nodes,
)
from lxml import etree

from toolkit.validate.remembered import MEMORY, remember
from toolkit.validate.xpath1 import EXTENSIONS, NAMESPACES, translated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toolkit.tei import Element


class XPathError(Exception):
    """An expression that cannot be read, or cannot be decided at one place."""


#: What elementpath raises besides its own errors, on odd input.
_FAULTS: Final = (
    ElementPathError,
    ValueError,
    TypeError,
    ArithmeticError,
    LookupError,
    RecursionError,
    NotImplementedError,
)


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


class RuleParser(XPath2Parser):  # type: ignore[misc]  # elementpath is not typed here
    """XPath 2 with ``current()`` and ``generate-id()``."""


_current = RuleParser.function("current", nargs=0)


@RuleParser.method(_current)  # type: ignore[untyped-decorator]
def evaluate_current(_token: object, context: Any = None) -> Any:
    """Return the node that the rule fired for (XSLT 2.0, section 16.6.1)."""
    return context.variables[_CURRENT] if context is not None else []


_generate_id = RuleParser.function("generate-id", nargs=(0, 1))


@RuleParser.method(_generate_id)  # type: ignore[untyped-decorator]
def evaluate_generate_id(token: Any, context: Any = None) -> Any:
    """Return a name for a node, unique in its document (XSLT 2.0, section 16.6.4)."""
    if context is None:
        return ""
    nodes = list(token[0].select(context)) if len(token) else [context.item]
    return f"n{nodes[0].position}" if nodes else ""


_CURRENT: Final = "current()"  # no variable can have this name


class Reading:
    """A document as expressions see it; elementpath's own tree is made when needed."""

    def __init__(self, root: Element) -> None:
        """Take the outermost element of a document."""
        self.root = root
        self._memory: dict[object, Any] = {}
        self._now = datetime.datetime.now(tz=datetime.UTC)

    @cached_property
    def tree(self) -> Any:
        """The document node of elementpath's tree."""
        return get_node_tree(self.root.getroottree())

    def item(self, place: object) -> Any:
        """Return elementpath's node for an element; other items are themselves."""
        return self.tree.tree.elements.get(place, place)

    def context(self, place: object, variables: Mapping[str, object]) -> Any:
        """Return the context to evaluate an expression in."""
        item = self.item(place)
        context = XPathContext(self.tree, item=item, current_dt=self._now)
        context.variables.update(variables)
        context.variables[_CURRENT] = item
        context.variables[MEMORY] = self._memory
        return context


class Expression:
    """One XPath expression, ready to be asked at many places."""

    __slots__ = ("_quick", "_token", "source")

    def __init__(self, source: str, namespaces: Mapping[str, str]) -> None:
        """Parse an expression.

        Args:
            source: The expression.
            namespaces: Prefixes and their namespaces.

        Raises:
            XPathError: It is not XPath 2, or uses a function that is not there.
        """
        try:
            token = RuleParser(namespaces=dict(namespaces)).parse(source)
        except _FAULTS as fault:
            raise XPathError(_said(fault)) from None
        self._take(source, token, namespaces)
        remember(token)

    @classmethod
    def of(cls, token: Any, namespaces: Mapping[str, str]) -> Expression:
        """Return a part of a parsed expression as an expression of its own."""
        made = cls.__new__(cls)
        made._take(str(token.source), token, namespaces)
        return made

    def _take(self, source: str, token: Any, namespaces: Mapping[str, str]) -> None:
        self.source, self._token, self._quick = source, token, None
        first = translated(token)
        if first is None:
            return
        try:
            self._quick = etree.XPath(
                f"boolean({first})",
                namespaces={**namespaces, **NAMESPACES},
                extensions=EXTENSIONS,
            )
        except etree.XPathError:  # what libxml2 cannot read, elementpath can
            self._quick = None

    @property
    def token(self) -> Any:
        """The parsed expression."""
        return self._token

    @property
    def is_quick(self) -> bool:
        """Whether libxml2 decides this expression."""
        return self._quick is not None

    def holds(
        self, reading: Reading, place: object, variables: Mapping[str, object]
    ) -> bool:
        """Return the expression's effective boolean value (XPath 2.0, 2.4.3).

        Raises:
            XPathError: It cannot be decided at this place.
        """
        if self._quick is not None and isinstance(place, etree._Element):
            return bool(self._quick(place))
        found = self.items(reading, place, variables)
        try:
            return bool(self._token.boolean_value(found))
        except _FAULTS as fault:
            raise XPathError(_said(fault)) from None

    def items(
        self, reading: Reading, place: object, variables: Mapping[str, object]
    ) -> list[Any]:
        """Return the sequence that the expression selects.

        Raises:
            XPathError: It cannot be evaluated at this place.
        """
        try:
            return list(self._token.select(reading.context(place, variables)))
        except _FAULTS as fault:
            raise XPathError(_said(fault)) from None

    def text(
        self, reading: Reading, place: object, variables: Mapping[str, object]
    ) -> str:
        """Return what ``value-of`` prints: the items' strings, parted by blanks.

        Raises:
            XPathError: It cannot be evaluated at this place.
        """
        found = self.items(reading, place, variables)
        try:
            return " ".join(str(self._token.string_value(item)) for item in found)
        except _FAULTS as fault:
            raise XPathError(_said(fault)) from None


def _said(fault: Exception) -> str:
    """Return elementpath's complaint without its error code and its token."""
    if isinstance(fault, RecursionError):
        return "it is nested too deep"
    said = str(fault)
    return said.rpartition("] ")[2] or said or type(fault).__name__
