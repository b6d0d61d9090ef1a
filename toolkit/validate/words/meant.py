"""What a fault of the grammar certainly means: the one name or value that fits.

Takes a fault and its grammar and gives what is to be written for what, or nothing.
A name that TEI has is never taken for a slip, though this schema may not have it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from toolkit.familiar import TEI_ELEMENTS
from toolkit.findings import Part, Rewrite
from toolkit.schema.derivative import parts
from toolkit.schema.faults import Fault, FaultKind
from toolkit.schema.nameclass import explicit, split
from toolkit.schema.pattern import (
    Attribute,
    Choice,
    Element,
    Empty,
    Group,
    List,
    OneOrMore,
    Value,
)
from toolkit.tei import TEI_NS
from toolkit.validate.words.near import only_near
from toolkit.validate.words.vocabulary import TEI_ATTRIBUTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.schema.grammar import Grammar
    from toolkit.schema.pattern import Pattern

_XML_NS: Final = "http://www.w3.org/XML/1998/namespace"


class Meant:
    """What is meant by the faults of documents of one grammar."""

    def __init__(self, grammar: Grammar) -> None:
        """Take the grammar that the faults come from."""
        self._grammar = grammar
        self._lists: dict[tuple[str, str], tuple[frozenset[str], bool] | None] = {}

    def rewrite(self, fault: Fault) -> Rewrite | None:
        """Return what certainly mends a fault; None if nothing is certain."""
        if fault.kind is FaultKind.UNKNOWN_ELEMENT:
            return self._element(fault)
        if fault.kind is FaultKind.ATTRIBUTE_NOT_ALLOWED:
            return self._attribute(fault)
        if fault.kind is FaultKind.ATTRIBUTE_VALUE:
            return self._value(fault)
        return None

    def _element(self, fault: Fault) -> Rewrite | None:
        ns, wrong = split(fault.element)
        here = [local for uri, local in map(split, fault.expected) if uri == ns]
        meant = only_near(wrong, here)
        if not meant or (_differ(wrong, meant) and self._is_name(ns, wrong, meant)):
            return None
        return Rewrite(Part.ELEMENT, wrong, meant)

    def _is_name(self, ns: str, wrong: str, meant: str) -> bool:
        """Whether an unknown name is TEI's own, or as near to one not allowed here."""
        if ns == TEI_NS and wrong in TEI_ELEMENTS:
            return True
        known = [local for uri, local in map(split, self._grammar.names) if uri == ns]
        return only_near(wrong, known) != meant

    def _attribute(self, fault: Fault) -> Rewrite | None:
        ns, wrong = split(fault.attribute)
        if ns not in {"", _XML_NS}:
            return None  # its prefix would have to be looked up
        here = [one for one in map(split, fault.expected) if one[0] in {"", _XML_NS}]
        homonym = (_XML_NS, wrong.lower())
        if not ns and homonym in here:  # @id is what TEI P4 called @xml:id
            return Rewrite(Part.ATTRIBUTE, wrong, f"{{{_XML_NS}}}{homonym[1]}")
        meant = only_near(wrong, [local for uri, local in here if uri == ns])
        if not meant or (_differ(wrong, meant) and self._is_attribute(ns, wrong)):
            return None
        return Rewrite(
            Part.ATTRIBUTE, fault.attribute, f"{{{ns}}}{meant}" * bool(ns) or meant
        )

    def _is_attribute(self, ns: str, wrong: str) -> bool:
        """Whether a name is that of an attribute elsewhere."""
        if not ns and wrong in TEI_ATTRIBUTES:
            return True
        return (ns, wrong) in self._attributes

    @cached_property
    def _attributes(self) -> frozenset[tuple[str, str]]:
        return frozenset(
            (name.ns, name.local)
            for element in self._grammar.elements
            for attribute in _attributes_of(element)
            for name in explicit(attribute.name_class)
        )

    def _value(self, fault: Fault) -> Rewrite | None:
        allowed = self._allowed(fault.element, fault.attribute)
        words = fault.found.split()
        if allowed is None or not words:
            return None
        values, several = allowed
        wrong = words if several else [" ".join(words)]
        right = [
            one if one in values else only_near(one, sorted(values)) for one in wrong
        ]
        if not all(right) or right == wrong:
            return None
        return Rewrite(
            Part.VALUE, " ".join(words), " ".join(right), attribute=fault.attribute
        )

    def _allowed(
        self, element: str, attribute: str
    ) -> tuple[frozenset[str], bool] | None:
        """Return the closed list of an attribute's values, and if it takes several.

        Returns:
            None if any other value can be right, too.
        """
        asked = element, attribute
        if asked not in self._lists:
            self._lists[asked] = self._closed(element, attribute)
        return self._lists[asked]

    def _closed(
        self, element: str, attribute: str
    ) -> tuple[frozenset[str], bool] | None:
        found: set[str] = set()
        several = False
        for declared in self._grammar.named(element):
            for one in _attributes_of(declared):
                if attribute not in map(str, explicit(one.name_class)):
                    continue
                listed = one.value.body if isinstance(one.value, List) else one.value
                values = _values(listed)
                if values is None:
                    return None
                several |= listed is not one.value
                found |= values
        return (frozenset(found), several) if found else None


def _differ(wrong: str, meant: str) -> bool:
    """Whether two names differ in more than the case of their letters."""
    return wrong.casefold() != meant.casefold()


def _attributes_of(element: Element) -> Iterator[Attribute]:
    """Yield the attributes that an element can bear, each once."""
    seen: set[Pattern] = set()
    waiting = [element.content]
    while waiting:
        pattern = waiting.pop()
        if pattern in seen:
            continue
        seen.add(pattern)
        if isinstance(pattern, Attribute):
            yield pattern
        elif not isinstance(pattern, Element):
            waiting += parts(pattern)


def _values(pattern: Pattern) -> set[str] | None:
    """Return the values that a pattern is made of; None if of more than values."""
    found: set[str] = set()
    waiting = [pattern]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Value):
            found.add(one.text)
        elif isinstance(one, Choice | Group | OneOrMore):
            waiting += parts(one)
        elif not isinstance(one, Empty):
            return None
    return found
