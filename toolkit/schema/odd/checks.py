"""What RELAX NG forbids or an editor would regret, said of the ODD itself.

A processor would complain of the compiled grammar, where nobody wrote anything; here
the place is the line of the ODD.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from toolkit.schema.odd.inherit import single_uses
from toolkit.schema.odd.particles import (
    AnyElement,
    Choice,
    ClassRef,
    DataRef,
    ElementRef,
    Group,
    Interleave,
    ListOf,
    MacroRef,
    NotAllowed,
    Nothing,
    Particle,
    Repeat,
    Text,
    Values,
    parts,
    walk,
)
from toolkit.schema.odd.values import attribute_value, can_restrict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.schema.odd.faults import Faults
    from toolkit.schema.odd.model import Documented
    from toolkit.schema.odd.resolve import Schema

W3C_DATATYPES: Final = frozenset(
    "string normalizedString token language NMTOKEN NMTOKENS Name NCName ID IDREF "
    "IDREFS ENTITY ENTITIES boolean decimal integer nonPositiveInteger "
    "negativeInteger long int short byte nonNegativeInteger unsignedLong "
    "unsignedInt unsignedShort unsignedByte positiveInteger float double dateTime "
    "time date gYear gMonth gDay gYearMonth gMonthDay duration hexBinary "
    "base64Binary anyURI QName NOTATION".split()
)  #: the types of XML Schema Part 2 that a ``dataRef`` may name


def check(schema: Schema, faults: Faults) -> None:
    """Note what is wrong in a resolved schema, and what is declared in vain.

    Args:
        schema: The schema.
        faults: Takes ODD201 and ODD207 to ODD209 as errors, ODD210 as warnings.
    """
    _Checker(schema, faults).everything()


class _Kind(IntEnum):
    """RELAX NG's content types (section 7.2 of the specification)."""

    EMPTY = 0
    COMPLEX = 1
    SIMPLE = 2


class _MixedError(Exception):
    """Data stands beside elements, text or more data."""


@dataclass
class _Checker:
    schema: Schema
    faults: Faults

    def everything(self) -> None:
        """Check the start, all contents, all attribute values, and who is needed."""
        odd = self.schema.odd
        for key in odd.start:
            if key not in odd.elements:
                self.faults.unknown(
                    odd.line, "the element", key, "@start", odd.elements
                )
        for key, content in self.schema.contents.items():
            self._content(content, odd.elements[key], f"<{key}>")
        for key, content in self.schema.macros.items():
            self._interleaves(content, odd.macros[key], f"macro {key}")
        for key, content in self.schema.datatypes.items():
            self._value(content, odd.datatypes[key], f"datatype {key}")
        self._attributes()
        self._unused()

    def _attributes(self) -> None:
        uses = [
            *self.schema.class_uses.items(),
            *self.schema.element_uses.items(),
        ]
        for owner, used in uses:
            for single in single_uses(used):
                if not single.key:
                    definition = single.definition
                    value = attribute_value(definition, self.schema)
                    self._value(value, definition, f"{owner}/@{definition.ident}")

    def _content(self, content: Particle, spec: Documented, where: str) -> None:
        self._interleaves(content, spec, where)
        self._data(content, where)
        try:
            self._kind(content)
        except _MixedError:
            self.faults.error(
                spec.line,
                "ODD208",
                f"{where} has a datatype beside elements, text or another datatype",
                "use textNode for text among elements",
            )

    def _kind(self, content: Particle) -> _Kind:
        """Return the content type of a model (RELAX NG, section 7.2).

        Raises:
            _MixedError: The model groups data with something else.
        """
        match content:
            case NotAllowed() | Nothing():
                return _Kind.EMPTY
            case DataRef() | Values() | ListOf():
                return _Kind.SIMPLE
            case MacroRef(key):
                return self._kind(self.schema.macros[key])
            case Choice(items):
                return max(map(self._kind, items))
            case Group(items) | Interleave(items):
                return self._together([self._kind(item) for item in items])
            case Repeat(item, _, most):
                kind = self._kind(item)
                return self._together([kind] * (1 if most == 1 else 2))
            case _:
                return _Kind.COMPLEX

    def _together(self, kinds: list[_Kind]) -> _Kind:
        filled = [kind for kind in kinds if kind is not _Kind.EMPTY]
        if len(filled) > 1 and _Kind.SIMPLE in filled:
            raise _MixedError
        return max(filled, default=_Kind.EMPTY)

    def _interleaves(self, content: Particle, spec: Documented, where: str) -> None:
        """Note an element, or text, in two parts of an interleave (R20)."""
        for part in walk(content):
            if not isinstance(part, Interleave):
                continue
            counted = Counter(
                name for item in part.items for name in set(self._names(item))
            )
            for name, times in counted.items():
                if times > 1:
                    self.faults.error(
                        spec.line,
                        "ODD207",
                        f"{where} has {name} in two parts of one interleave",
                        "let each element occur in one part only",
                    )

    def _names(self, content: Particle) -> Iterator[str]:
        match content:
            case ElementRef(key):
                yield f"<{key}>"
            case ClassRef(key):
                yield from (f"<{name}>" for name in self.schema.elements_of[key])
            case MacroRef(key):
                yield from self._names(self.schema.macros[key])
            case Text():
                yield "text"
            case AnyElement():
                yield "any element"
            case _:
                for part in parts(content):
                    yield from self._names(part)

    def _value(self, value: Particle, spec: Documented, where: str) -> None:
        """Note what cannot be the value of an attribute, or a token of a list."""
        self._data(value, where)
        for part in walk(value):
            if isinstance(part, ElementRef | ClassRef | AnyElement | MacroRef):
                self.faults.error(
                    spec.line,
                    "ODD208",
                    f"{where} lets elements into a value",
                    "use dataRef, valList, textNode, alternate and sequence only",
                )
                return
            if isinstance(part, ListOf) and self._is_unlisted(part.item):
                self.faults.error(
                    spec.line,
                    "ODD208",
                    f"{where} is a list of something that is no single token",
                    "give the tokens a datatype such as teidata.word",
                )

    def _is_unlisted(self, item: Particle) -> bool:
        """Whether a list's item is, through datatypes, free text or a list again."""
        for part in walk(item):
            if isinstance(part, Text | ListOf):
                return True
            key = part.key if isinstance(part, DataRef) else ""
            if key and self._is_unlisted(self.schema.datatypes.get(key, NotAllowed())):
                return True
        return False

    def _data(self, content: Particle, where: str) -> None:
        """Note W3C datatypes that do not exist and restrictions of compound ones."""
        for part in walk(content):
            if not isinstance(part, DataRef):
                continue
            if part.name and part.name not in W3C_DATATYPES:
                self.faults.unknown(
                    part.line, "the W3C datatype", part.name, where, W3C_DATATYPES
                )
            elif part.key and part.key not in self.schema.datatypes:
                known = self.schema.datatypes
                self.faults.unknown(part.line, "the datatype", part.key, where, known)
            elif not can_restrict(part, self.schema):
                self.faults.error(
                    part.line,
                    "ODD209",
                    f"{where} restricts {part.key}, which is not one W3C datatype",
                    "restrict a datatype that is declared by one dataRef with @name",
                )

    def _unused(self) -> None:
        """Note elements that no document can hold, and names used nowhere (R18)."""
        odd = self.schema.odd
        reached = set()
        todo = [key for key in odd.start if key in odd.elements]
        while todo:
            key = todo.pop()
            if key not in reached:
                reached.add(key)
                todo += self.schema.children[key]
        for key, spec in odd.elements.items():
            if key not in reached:
                self._needless(spec, f"no document can hold <{key}>")
        used = {
            getattr(part, "key", "")
            for content in (
                *self.schema.contents.values(),
                *self.schema.macros.values(),
            )
            for part in walk(content)
        }
        for macro in odd.macros.values():
            if macro.ident not in used:
                self._needless(macro, f"no content model uses {macro.ident}")

    def _needless(self, spec: Documented, what: str) -> None:
        self.faults.warn(spec.line, "ODD210", what, "refer to it, or remove it")
