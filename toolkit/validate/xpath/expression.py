"""XPath for rules: an expression and a place in a document give a value.

elementpath does the work. Where libxml2's XPath 1 gives the same answer (most tests
in Schematron ask only whether something is there), it is asked instead, which is
about thirty times as fast; the translation is :mod:`toolkit.validate.xpath.xpath1`.

XPath 1.0, 2.0 and 3.1; the functions that are added are listed in
:mod:`toolkit.validate.xpath.functions`.
"""

from __future__ import annotations

import re
from enum import Enum
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from elementpath import ElementPathError
from lxml import etree

from toolkit.validate.xpath.bounds import necessary, sufficient
from toolkit.validate.xpath.breadth import breadth
from toolkit.validate.xpath.reading import Reading
from toolkit.validate.xpath.remembered import remember
from toolkit.validate.xpath.xpath1 import EXTENSIONS, NAMESPACES, translated

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Dialect", "Expression", "Reading", "XPathError"]


class XPathError(Exception):
    """An expression that cannot be read, or cannot be decided at one place."""


class Dialect(Enum):
    """The versions of XPath, with the modules that parse them."""

    XPATH_1 = "toolkit.validate.xpath.parser1"
    XPATH_2 = "toolkit.validate.xpath.parser2"
    XPATH_3 = "toolkit.validate.xpath.parser31"


#: What elementpath raises besides its own errors, on odd input.
_FAULTS: Final = (
    ElementPathError,
    ValueError,
    TypeError,
    ArithmeticError,
    LookupError,
    RecursionError,
    NotImplementedError,
    AttributeError,
)
#: What libxml2 alone does not have: expressions with it stay with elementpath.
_NOT_OF_LIBXML2: Final = {"$", "current", "key", "document", "generate-id", "id"}


class Expression:
    """One XPath expression, ready to be asked at many places."""

    __slots__ = (
        "_enough",
        "_needed",
        "_quick",
        "_token",
        "dialect",
        "is_brief",
        "source",
        "variables",
        "walks",
    )

    def __init__(
        self,
        source: str,
        namespaces: Mapping[str, str],
        dialect: Dialect = Dialect.XPATH_2,
    ) -> None:
        """Parse an expression.

        Args:
            source: The expression.
            namespaces: Prefixes and their namespaces.
            dialect: The version of XPath that it is written in.

        Raises:
            XPathError: It is not XPath, or uses a function that is not there.
        """
        try:
            parser = import_module(dialect.value).RuleParser
            token = parser(namespaces=dict(namespaces)).parse(source)
        except _FAULTS as fault:
            raise XPathError(_said(fault)) from None
        first = None
        if dialect is Dialect.XPATH_1:
            symbols = {str(part.symbol) for part in token.iter()}
            first = None if symbols & _NOT_OF_LIBXML2 else source
        self._take(source, token, namespaces, dialect, first)
        remember(token)

    @classmethod
    def of(
        cls, token: Any, namespaces: Mapping[str, str], dialect: Dialect
    ) -> Expression:
        """Return a part of a parsed expression as an expression of its own."""
        made = cls.__new__(cls)
        made._take(str(token.source), token, namespaces, dialect, None)
        return made

    def _take(
        self,
        source: str,
        token: Any,
        namespaces: Mapping[str, str],
        dialect: Dialect,
        first: str | None,
    ) -> None:
        self.source, self._token, self._quick = source, token, None
        self.dialect = dialect
        #: the names of the variables it uses and does not bind itself
        self.variables = _free_variables(token)
        walked = breadth(token)
        #: whether one evaluation may walk the whole document
        self.walks = walked > 0
        #: whether at an element it costs next to nothing
        self.is_brief = False
        self._needed = self._enough = None
        first = first or translated(token)
        if first is not None and walked < 2:
            self._quick = _quick(first, namespaces)
            self.is_brief = self._quick is not None and not self.walks
        if self._quick is None:
            self._needed = _quick(necessary(token), namespaces)
            self._enough = _quick(sufficient(token), namespaces)

    @property
    def token(self) -> Any:
        """The parsed expression."""
        return self._token

    @property
    def is_quick(self) -> bool:
        """Whether libxml2 decides this expression."""
        return self._quick is not None

    @property
    def conditions(self) -> tuple[str | None, str | None, str | None]:
        """Conditions of XPath 1 by which libxml2 decides the expression at an element.

        Returns:
            One that is true if and only if the expression is; one without which it
            is not; one with which it is. None: there is none that costs little.
        """
        exact = self._quick if self.is_brief else None
        return _text(exact), _text(self._needed), _text(self._enough)

    def holds(
        self, reading: Reading, place: object, variables: Mapping[str, object]
    ) -> bool:
        """Return the expression's effective boolean value (XPath 2.0, 2.4.3).

        Raises:
            XPathError: It cannot be decided at this place.
            TooLongError: The reading's budget is spent.
        """
        if isinstance(place, etree._Element):
            said = self._said_by_libxml2(reading, place)
            if said is not None:
                return said
        found = self.items(reading, place, variables)
        try:
            return bool(self._token.boolean_value(found))
        except _FAULTS as fault:
            raise XPathError(_said(fault)) from None

    def _said_by_libxml2(self, reading: Reading, place: etree._Element) -> bool | None:
        """Return what libxml2 decides; None: elementpath has to be asked."""
        try:
            if self.is_brief and self._quick is not None:
                return bool(self._quick(place))
            if self._quick is None:
                if self._needed is not None and not self._needed(place):
                    return False
                enough = self._enough is not None and self._enough(place)
                return True if enough else None
            reading.budget.begin()
            try:
                return bool(self._quick(place))
            finally:
                reading.budget.end()
        except etree.XPathError:
            return None  # more nodes than it will hold, or position() of the rule

    def items(
        self, reading: Reading, place: object, variables: Mapping[str, object]
    ) -> list[Any]:
        """Return the sequence that the expression selects.

        Raises:
            XPathError: It cannot be evaluated at this place.
            TooLongError: The reading's budget is spent.
        """
        reading.budget.begin()
        try:
            return list(self._token.select(reading.context(place, variables)))
        except _FAULTS as fault:
            raise XPathError(_said(fault)) from None
        finally:
            reading.budget.end()

    def text(
        self, reading: Reading, place: object, variables: Mapping[str, object]
    ) -> str:
        """Return what ``value-of`` prints: the items' strings, parted by blanks.

        XPath 1 prints the first node only.

        Raises:
            XPathError: It cannot be evaluated at this place.
            TooLongError: The reading's budget is spent.
        """
        found = self.items(reading, place, variables)
        if self.dialect is Dialect.XPATH_1:
            found = found[:1]
        try:
            return " ".join(str(self._token.string_value(item)) for item in found)
        except _FAULTS as fault:
            raise XPathError(_said(fault)) from None


def _quick(first: str | None, namespaces: Mapping[str, str]) -> etree.XPath | None:
    """Return a condition in XPath 1 for libxml2; None: it cannot read it."""
    if first is None:
        return None
    try:
        return etree.XPath(
            f"boolean({first})",
            namespaces={**namespaces, **NAMESPACES},
            extensions=EXTENSIONS,
        )
    except etree.XPathError:  # what libxml2 cannot read, elementpath can
        return None


def _text(condition: etree.XPath | None) -> str | None:
    return None if condition is None else str(condition.path)


_BINDING: Final = {"for", "some", "every", "let"}


def _free_variables(token: Any) -> frozenset[str]:
    """Return the variables that must come from outside."""
    used: set[str] = set()
    bound: set[str] = set()
    for part in token.iter():
        symbol = str(part.symbol)
        if symbol == "$" and len(part):
            used.add(str(part[0].value))
        elif symbol in _BINDING:
            bound |= {str(one[0].value) for one in list(part)[:-1:2] if len(one)}
        elif symbol == "function":
            return frozenset()  # its parameters look like variables
    return frozenset(used - bound)


_LONGEST: Final = 200  #: characters of a complaint, which may quote a whole document
#: A value without a type, as elementpath writes it.
_UNTYPED: Final = re.compile(r"UntypedAtomic\(('[^']*')\)")
#: A type as Python writes it.
_CLASS: Final = re.compile(r"<class '(?:[\w.]*\.)?(\w+)'>")
_TYPES: Final = {
    "str": "xs:string",
    "int": "xs:integer",
    "float": "xs:double",
    "Decimal": "xs:decimal",
    "bool": "xs:boolean",
    "Date": "xs:date",
    "Date10": "xs:date",
    "DateTime": "xs:dateTime",
    "DateTime10": "xs:dateTime",
    "GregorianYear": "xs:gYear",
    "GregorianYear10": "xs:gYear",
    "UntypedAtomic": "untyped text",
    "NoneType": "nothing",
    "list": "a sequence",
}


def _said(fault: Exception) -> str:
    """Return elementpath's complaint without its error code and its token."""
    if isinstance(fault, RecursionError):
        return "it is nested too deep"
    said = str(fault)
    said = said.rpartition("] ")[2] or said or type(fault).__name__
    said = _UNTYPED.sub(r"\1", " ".join(said.split()))
    said = _CLASS.sub(lambda found: _TYPES.get(found[1], found[1]), said)
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
