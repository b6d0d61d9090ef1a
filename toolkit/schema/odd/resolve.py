"""An ODD's specifications to one schema: references followed, classes filled.

Rules R12 to R18 and R21: members of classes, attributes of elements, content models
without what cannot occur, and who may stand in whom. What does not fit together is
noted in the ODD's :class:`~toolkit.schema.odd.faults.Faults`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from toolkit.schema.odd.inherit import Attribute, AttUse, Inheritance
from toolkit.schema.odd.particles import (
    NOT_ALLOWED,
    NOTHING,
    AnyElement,
    ClassRef,
    DataRef,
    ElementRef,
    MacroRef,
    NotAllowed,
    Particle,
    choice,
    group,
    rebuild,
    repeat,
    walk,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from toolkit.schema.odd.faults import Faults
    from toolkit.schema.odd.model import (
        ClassSpec,
        DataSpec,
        ElementSpec,
        MacroSpec,
        Odd,
    )


@dataclass(frozen=True, kw_only=True)
class Schema:
    """A self-contained ODD with every reference followed."""

    odd: Odd
    members: Mapping[str, tuple[str, ...]]  #: model class -> elements and classes in it
    elements_of: Mapping[str, tuple[str, ...]]  #: model class -> all its elements
    contents: Mapping[str, Particle]  #: element -> content that can occur
    macros: Mapping[str, Particle]
    datatypes: Mapping[str, Particle]
    element_uses: Mapping[str, tuple[AttUse, ...]]
    class_uses: Mapping[str, tuple[AttUse, ...]]
    attributes: Mapping[str, Mapping[str, Attribute]]  #: element -> ident -> attribute
    children: Mapping[str, tuple[str, ...]]  #: element -> elements it may contain
    parents: Mapping[str, tuple[str, ...]]  #: element -> elements that may contain it


def resolve(odd: Odd, faults: Faults) -> Schema:
    """Follow every reference of an ODD.

    Args:
        odd: The specifications as read.
        faults: Takes what is wrong; the schema is usable only if that has no errors.
    """
    check_memberships(odd, faults)
    faults.stop()  # cycles of classes would not end below
    classes = _Classes(odd)
    contents = _Contents(odd, classes, faults)
    inheritance = Inheritance(odd.classes, faults)
    element_uses = {key: inheritance.of(spec) for key, spec in odd.elements.items()}
    resolved = {
        key: contents.resolved(spec.content, f"<{key}>", spec.line)
        for key, spec in odd.elements.items()
    }
    children = {
        key: tuple(_children(content, contents, classes))
        for key, content in resolved.items()
    }
    return Schema(
        odd=odd,
        members={key: classes.members(key) for key in classes.model_keys},
        elements_of={key: classes.elements_of(key) for key in classes.model_keys},
        contents=resolved,
        macros={key: contents.macro(key) for key in odd.macros},
        datatypes={key: contents.datatype(key) for key in odd.datatypes},
        element_uses=element_uses,
        class_uses={
            spec.ident: inheritance.class_uses(spec.ident)
            for spec in odd.classes_of_kind("atts")
        },
        attributes={
            key: inheritance.flat(uses, "") for key, uses in element_uses.items()
        },
        children=children,
        parents=_inverse(children),
    )


def check_memberships(odd: Odd, faults: Faults) -> None:
    """Note memberships in unknown classes and classes that contain themselves."""
    owners: list[ElementSpec | ClassSpec] = [*odd.elements.values()]
    owners += odd.classes.values()
    for owner in owners:
        for key in owner.classes:
            if key not in odd.classes:
                faults.unknown(owner.line, "the class", key, owner.ident, odd.classes)
    for spec in odd.classes.values():
        if spec.ident in _ancestors(odd, spec):
            faults.error(
                spec.line,
                "ODD202",
                f"the class {spec.ident!r} is a member of itself",
                "remove one memberOf on the way from the class to itself",
            )


def _ancestors(odd: Odd, spec: ClassSpec) -> set[str]:
    found: set[str] = set()
    todo = list(spec.classes)
    while todo:
        key = todo.pop()
        if key not in found and key in odd.classes:
            found.add(key)
            todo += odd.classes[key].classes
    return found


@dataclass
class _Classes:
    """Who belongs to which model class (R12)."""

    odd: Odd
    found: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.model_keys = [spec.ident for spec in self.odd.classes_of_kind("model")]
        self.elements_in: dict[str, list[str]] = {key: [] for key in self.model_keys}
        self.classes_in: dict[str, list[str]] = {key: [] for key in self.model_keys}
        for element in self.odd.elements.values():
            self._enter(element.ident, element.classes, self.elements_in)
        for key in self.model_keys:
            self._enter(key, self.odd.classes[key].classes, self.classes_in)
        self.order = {key: place for place, key in enumerate(self.odd.elements)}

    def _enter(
        self, ident: str, classes: tuple[str, ...], members: dict[str, list[str]]
    ) -> None:
        for key in dict.fromkeys(classes):
            if key in members:
                members[key].append(ident)

    def elements_of(self, key: str) -> tuple[str, ...]:
        """Return all elements of a class, in the ODD's order."""
        if key not in self.found:
            elements = set(self.elements_in[key]).union(
                *map(self.elements_of, self.classes_in[key])
            )
            self.found[key] = tuple(sorted(elements, key=self.order.__getitem__))
        return self.found[key]

    def members(self, key: str) -> tuple[str, ...]:
        """Return the elements of a class and its classes that are not empty."""
        return (
            *self.elements_in[key],
            *(one for one in self.classes_in[key] if self.elements_of(one)),
        )


@dataclass
class _Contents:
    """Rewrites content models to what can occur (R17, R21)."""

    odd: Odd
    classes: _Classes
    faults: Faults
    done: dict[tuple[str, str], Particle] = field(default_factory=dict)
    open: list[tuple[str, str]] = field(default_factory=list)

    def resolved(self, content: Particle, where: str, line: int) -> Particle:
        """Return a content model whose references are all good."""
        result = self._resolve(content, where)
        if isinstance(result, NotAllowed):
            self.faults.warn(
                line,
                "ODD206",
                f"{where} requires members of an empty class: it can never occur",
                "make the classRef optional, or give the class a member",
            )
        return result

    def macro(self, key: str) -> Particle:
        """Return the content of a macro."""
        return self._named(self.odd.macros[key], "macro")

    def datatype(self, key: str) -> Particle:
        """Return the content of a datatype."""
        return self._named(self.odd.datatypes[key], "datatype")

    def _named(self, spec: MacroSpec | DataSpec, what: str) -> Particle:
        key = (what, spec.ident)
        if key in self.open:
            way = " > ".join(ident for _, ident in (*self.open, key))
            self.faults.error(
                spec.line,
                "ODD202",
                f"the {what} {spec.ident!r} contains itself: {way}",
                "only elements may be nested without end",
            )
            return NOTHING
        if key not in self.done:
            self.open.append(key)
            self.done[key] = self.resolved(
                spec.content, f"{what} {spec.ident}", spec.line
            )
            self.open.pop()
        return self.done[key]

    def _resolve(self, content: Particle, where: str) -> Particle:
        match content:
            case ElementRef(key, line) if key not in self.odd.elements:
                self.faults.unknown(line, "the element", key, where, self.odd.elements)
                return NOT_ALLOWED
            case ClassRef():
                return self._class(content, where)
            case MacroRef(key, line):
                if key not in self.odd.macros:
                    self.faults.unknown(line, "the macro", key, where, self.odd.macros)
                    return NOT_ALLOWED
                macro = self.macro(key)
                return macro if macro in (NOT_ALLOWED, NOTHING) else content
            case DataRef(key=key, line=line) if key:
                if key not in self.odd.datatypes:
                    known = self.odd.datatypes
                    self.faults.unknown(line, "the datatype", key, where, known)
                    return NOT_ALLOWED
                return content if self.datatype(key) != NOTHING else NOTHING
            case _:
                return rebuild(content, partial(self._resolve, where=where))

    def _class(self, reference: ClassRef, where: str) -> Particle:
        """Expand a reference to a model class where its name alone will not do."""
        if reference.key not in self.classes.elements_in:
            self.faults.unknown(
                reference.line,
                "the model class",
                reference.key,
                where,
                self.classes.elements_in,
            )
            return NOT_ALLOWED
        names = [
            name
            for name in self.classes.elements_of(reference.key)
            if name not in reference.exclude
            and (name in reference.include or not reference.include)
        ]
        if reference.expand not in EXPANSIONS:
            self.faults.error(
                reference.line,
                "ODD109",
                f"expand={reference.expand!r} is not known",
                f"use {', '.join(EXPANSIONS)}",
            )
        if not names:
            return NOT_ALLOWED
        if reference.expand == "alternation" and not (
            reference.include or reference.exclude
        ):
            return ClassRef(reference.key, line=reference.line)
        expand = EXPANSIONS.get(reference.expand, choice)
        return expand([ElementRef(name, reference.line) for name in names])


EXPANSIONS: Mapping[str, Callable[[Iterable[Particle]], Particle]] = {
    "alternation": choice,
    "sequence": group,
    "sequenceOptional": lambda items: group(repeat(one, 0, 1) for one in items),
    "sequenceRepeatable": lambda items: group(repeat(one, 1, None) for one in items),
    "sequenceOptionalRepeatable": lambda items: group(
        repeat(one, 0, None) for one in items
    ),
}  #: what ``classRef/@expand`` makes of the members of a class


def _children(
    content: Particle, contents: _Contents, classes: _Classes
) -> Iterator[str]:
    """Yield the elements that a content model admits, in the ODD's order."""
    found: set[str] = set()
    for part in walk(content):
        match part:
            case ElementRef(key):
                found.add(key)
            case ClassRef(key):
                found.update(classes.elements_of(key))
            case MacroRef(key):
                found.update(_children(contents.macro(key), contents, classes))
            case AnyElement():
                continue
    yield from sorted(found, key=classes.order.__getitem__)


def _inverse(children: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    parents: dict[str, list[str]] = {key: [] for key in children}
    for parent, names in children.items():
        for name in names:
            parents[name].append(parent)
    return {key: tuple(names) for key, names in parents.items()}
