"""Datatypes and lists of values as simple types of W3C XML Schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lxml import etree

from toolkit.schema.odd.particles import (
    Choice,
    DataRef,
    ListOf,
    MacroRef,
    Nothing,
    Particle,
    Repeat,
    Text,
    Values,
    walk,
)
from toolkit.schema.odd.values import bare

if TYPE_CHECKING:
    from toolkit.schema.odd.resolve import Schema
    from toolkit.tei import Element

XSD_NS: Final = "http://www.w3.org/2001/XMLSchema"
XS: Final = f"{{{XSD_NS}}}"


def add(holder: Element, tag: str, /, **attributes: str) -> Element:
    """Append an element of W3C XML Schema and return it."""
    return etree.SubElement(holder, XS + tag, attributes)


@dataclass(frozen=True)
class SimpleTypes:
    """Writes simple types; named ones carry the prefix of the target namespace."""

    schema: Schema
    prefix: str  #: ``"tei:"``, or empty without a target namespace

    def put(self, holder: Element, value: Particle, by: str = "type") -> None:
        """Give an attribute, list, restriction or extension its type.

        Args:
            holder: Takes the type: by name where there is one, else in place.
            value: What the value may be.
            by: The XML attribute that names the type: ``type``, ``itemType``, ``base``.
        """
        name = self.name(value)
        if name:
            holder.set(by, name)
        else:
            self.write(add(holder, "simpleType"), value)

    def name(self, value: Particle) -> str:
        """Return the name of a type, or nothing where it has to be written out."""
        match value:
            case Text():
                return "xs:string"
            case DataRef(key=key, facets=()) if key:
                return self.prefix + key
            case DataRef(name=name, facets=()):
                return f"xs:{name}"
            case Choice(items) if any(self.name(one) == "xs:string" for one in items):
                return "xs:string"
            case MacroRef(key):
                return self.name(self.schema.macros[key])
            case _:
                return ""

    def write(self, simple_type: Element, value: Particle) -> None:
        """Write what a type consists of."""
        match value:
            case DataRef():
                self._restriction(simple_type, value)
            case Values(items):
                base = add(simple_type, "restriction", base="xs:token")
                for item in items:
                    add(base, "enumeration", value=item.text)
            case Nothing():
                base = add(simple_type, "restriction", base="xs:token")
                add(base, "enumeration", value="")
            case Choice(items):
                self._union(simple_type, items)
            case Repeat(item, 0, 1):
                self._union(simple_type, (item, Nothing()))
            case ListOf(item):
                self._list(simple_type, item)
            case MacroRef(key):
                self.write(simple_type, self.schema.macros[key])
            case _:
                base = add(simple_type, "restriction")
                self.put(base, Text() if isinstance(value, Repeat) else value, "base")

    def _union(self, simple_type: Element, items: tuple[Particle, ...]) -> None:
        union = add(simple_type, "union")
        named = [self.name(item) for item in items]
        if any(named):
            union.set("memberTypes", " ".join(filter(None, named)))
        for item, name in zip(items, named, strict=True):
            if not name:
                self.write(add(union, "simpleType"), item)

    def _restriction(self, simple_type: Element, reference: DataRef) -> None:
        """Write a restricted datatype; each pattern is a step of its own.

        Patterns of one step would be alternatives in XSD, where RELAX NG wants all.
        """
        found = bare(reference, self.schema)
        if not isinstance(found, DataRef):
            found = DataRef(reference.key, line=reference.line)
        if self.name(found):
            add(simple_type, "restriction", base=self.name(found))
            return
        patterns = [facet for facet in found.facets if facet[0] == "pattern"]
        if len(patterns) > 1:
            others = tuple(facet for facet in found.facets if facet != patterns[-1])
            base = add(simple_type, "restriction")
            inner = DataRef(found.key, found.name, others)
            self.write(add(base, "simpleType"), inner)
            add(base, "pattern", value=patterns[-1][1])
            return
        plain = DataRef(found.key, found.name)
        base = add(simple_type, "restriction", base=self.name(plain))
        for facet, value in found.facets:
            add(base, facet, value=value)

    def _list(self, simple_type: Element, item: Particle) -> None:
        """Write a list of tokens with its bounds (R19)."""
        least, most = 1, 1
        bound: int | None = most
        if isinstance(item, Repeat):
            least, bound, item = item.least, item.most, item.item
        if not isinstance(item, DataRef | Values | Choice | Text):
            tokens = [one for one in walk(item) if isinstance(one, DataRef | Values)]
            item, least, bound = Choice(tuple(tokens)), 0, None
        holder = simple_type
        if (least, bound) != (0, None):
            restriction = add(simple_type, "restriction")
            holder = add(restriction, "simpleType")
            if least:
                add(restriction, "minLength", value=str(least))
            if bound is not None:
                add(restriction, "maxLength", value=str(bound))
        self.put(add(holder, "list"), item, "itemType")
