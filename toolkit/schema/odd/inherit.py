"""Attributes: what an element has of its own and what its classes give it.

Rules R10 and R12 to R16: classes are followed to the end, an own attribute overrides
an inherited one of the same ident, and a class whose attributes are partly overridden
is used attribute by attribute.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from toolkit.schema.odd.model import (
    AttChoice,
    AttDef,
    AttItem,
    AttRef,
    ClassSpec,
    ElementSpec,
    attribute_definitions,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from toolkit.schema.odd.faults import Faults


@dataclass(frozen=True, slots=True)
class ClassUse:
    """All attributes of a class, those of its own classes included."""

    key: str


@dataclass(frozen=True, slots=True)
class SingleUse:
    """One attribute: of a class (``key``), or the owner's own (empty ``key``)."""

    key: str
    definition: AttDef


@dataclass(frozen=True, slots=True)
class ChoiceUse:
    """Attributes that exclude each other, in branches."""

    branches: tuple[tuple[AttUse, ...], ...]


AttUse: TypeAlias = ClassUse | SingleUse | ChoiceUse


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute as an element has it, and the class that it comes from."""

    definition: AttDef
    origin: str  #: ident of the attribute class; empty: the element's own

    @property
    def required(self) -> bool:
        """Whether the element must have it."""
        return self.definition.usage == "req"


def single_uses(uses: Iterable[AttUse]) -> Iterator[SingleUse]:
    """Yield the attributes used one by one, those in a choice included."""
    for use in uses:
        if isinstance(use, SingleUse):
            yield use
        elif isinstance(use, ChoiceUse):
            for branch in use.branches:
                yield from single_uses(branch)


@dataclass
class Inheritance:
    """Works out the attributes of classes first, then of elements."""

    classes: Mapping[str, ClassSpec]
    faults: Faults
    uses: dict[str, tuple[AttUse, ...]] = field(default_factory=dict)
    tables: dict[str, dict[str, Attribute]] = field(default_factory=dict)
    closures: dict[str, frozenset[str]] = field(default_factory=dict)

    def attribute_classes(self, owner: ClassSpec | ElementSpec) -> tuple[str, ...]:
        """Return the attribute classes that the owner belongs to directly."""
        return tuple(
            key
            for key in owner.classes
            if key in self.classes and self.classes[key].kind == "atts"
        )

    def closure(self, key: str) -> frozenset[str]:
        """Return a class with all classes that it takes attributes from."""
        if key not in self.closures:
            self.closures[key] = frozenset((key,)).union(
                *map(self.closure, self.attribute_classes(self.classes[key]))
            )
        return self.closures[key]

    def table(self, key: str) -> dict[str, Attribute]:
        """Return every attribute that a class gives, by ident."""
        if key not in self.tables:
            self.tables[key] = self.flat(self.class_uses(key), key)
        return self.tables[key]

    def class_uses(self, key: str) -> tuple[AttUse, ...]:
        """Return what the definition of a class is made of."""
        if key not in self.uses:
            self.uses[key] = self.of(self.classes[key])
        return self.uses[key]

    def flat(self, uses: Iterable[AttUse], owner: str) -> dict[str, Attribute]:
        """Return attributes by ident, the owner's own first.

        Args:
            uses: What the owner's attributes are made of.
            owner: The class that gives the single ones; empty for an element.
        """
        found: dict[str, Attribute] = {}
        inherited: dict[str, Attribute] = {}
        for use in uses:
            if isinstance(use, ClassUse):
                inherited.update(self.table(use.key))
                continue
            for single in single_uses((use,)):
                place = inherited if single.key else found
                place[single.definition.ident] = Attribute(
                    single.definition, single.key or owner
                )
        return found | {
            ident: one for ident, one in inherited.items() if ident not in found
        }

    def of(self, owner: ClassSpec | ElementSpec) -> tuple[AttUse, ...]:
        """Return what the attributes of a class or an element are made of."""
        keys = self.attribute_classes(owner)
        inherited: dict[str, Attribute] = {}
        for key in keys:
            for ident, attribute in self.table(key).items():
                inherited.setdefault(ident, attribute)
        own = list(attribute_definitions(owner.attributes))
        self._check_own(owner, own, inherited)
        planner = _Planner(self, owner)
        blocked = frozenset(definition.ident for definition in own)
        for key in keys:
            planner.add(key, blocked)
        return (*planner.result, *self._own_uses(owner.attributes, inherited))

    def _check_own(
        self,
        owner: ClassSpec | ElementSpec,
        own: list[AttDef],
        inherited: Mapping[str, Attribute],
    ) -> None:
        seen: set[str] = set()
        for one in own:
            where = f"{owner.ident}/@{one.ident}"
            if one.ident in seen:
                self.faults.error(
                    one.line, "ODD104", f"{where} is declared twice", "keep one"
                )
            seen.add(one.ident)
            if one.mode in ("delete", "change") and one.ident not in inherited:
                self.faults.error(
                    one.line,
                    "ODD204",
                    f"{where} has mode={one.mode!r}, but no class gives it",
                    "remove this attDef, or the mode to declare the attribute here",
                )
            elif one.mode == "add" and one.datatype is None and one.ident in inherited:
                self.faults.warn(
                    one.line,
                    "ODD205",
                    f"{where} overrides that of {inherited[one.ident].origin} and "
                    "gives no datatype",
                    'add a datatype, or mode="change" to keep the inherited one',
                )

    def _own_uses(
        self, items: Iterable[AttItem], inherited: Mapping[str, Attribute]
    ) -> Iterator[AttUse]:
        for item in items:
            match item:
                case AttDef(mode="delete"):
                    continue
                case AttDef(mode="change", ident=ident) if ident in inherited:
                    yield SingleUse("", _merged(inherited[ident].definition, item))
                case AttDef():
                    yield SingleUse("", item)
                case AttRef():
                    yield from self._referred(item)
                case AttChoice(branches):
                    uses = (tuple(self._own_uses(one, inherited)) for one in branches)
                    yield ChoiceUse(tuple(use for use in uses if use))

    def _referred(self, reference: AttRef) -> Iterator[AttUse]:
        key, ident = reference.class_key, reference.ident
        if key not in self.classes:
            self.faults.unknown(
                reference.line, "the class", key, "an attRef", self.classes
            )
        elif ident not in self.table(key):
            self.faults.unknown(
                reference.line, "the attribute", ident, "an attRef", self.table(key)
            )
        else:
            yield SingleUse(key, self.table(key)[ident].definition)


@dataclass
class _Planner:
    """Takes over classes whole where it can, attribute by attribute where not."""

    inheritance: Inheritance
    owner: ClassSpec | ElementSpec
    result: list[AttUse] = field(default_factory=list)
    taken: dict[str, str] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)

    def add(self, key: str, blocked: frozenset[str]) -> None:
        """Take the attributes of a class, but for the blocked ones.

        Args:
            key: The class.
            blocked: Idents that the owner or a nearer class declares itself (R15).
        """
        if key in self.done:
            return
        table, closure = self.inheritance.table(key), self.inheritance.closure(key)
        if closure.isdisjoint(self.done) and not any(
            ident in blocked or ident in self.taken for ident in table
        ):
            if table:
                self.result.append(ClassUse(key))
            self.done |= closure
            self.taken |= {ident: one.origin for ident, one in table.items()}
            return
        self.done.add(key)
        spec = self.inheritance.classes[key]
        nearer = frozenset(one.ident for one in attribute_definitions(spec.attributes))
        for parent in self.inheritance.attribute_classes(spec):
            self.add(parent, blocked | nearer)
        uses = (
            use
            for use in self.inheritance.class_uses(key)
            if not isinstance(use, ClassUse) and not getattr(use, "key", "")
        )
        self.result += self._free(uses, key, blocked)

    def _free(
        self, uses: Iterable[AttUse], key: str, blocked: frozenset[str]
    ) -> Iterator[AttUse]:
        """Yield the own attributes of a class that are not yet there (R16)."""
        for use in uses:
            if isinstance(use, ChoiceUse):
                branches = (
                    tuple(self._free(one, key, blocked)) for one in use.branches
                )
                kept = tuple(branch for branch in branches if branch)
                if kept:
                    yield ChoiceUse(kept)
            elif isinstance(use, SingleUse) and use.definition.ident not in blocked:
                ident = use.definition.ident
                if ident not in self.taken:
                    self.taken[ident] = key
                    yield SingleUse(key, use.definition)
                elif self.taken[ident] != key:
                    self.inheritance.faults.warn(
                        self.owner.line,
                        "ODD203",
                        f"{self.owner.ident} has @{ident} from {self.taken[ident]} "
                        f"and from {key}; the first is taken",
                        f"declare @{ident} in {self.owner.ident} itself",
                    )


def _merged(inherited: AttDef, change: AttDef) -> AttDef:
    """Return the inherited attribute with what the change gives (R10)."""
    given = {
        name: value
        for name, value in (
            ("gloss", change.gloss),
            ("desc", change.desc),
            ("usage", change.usage),
            ("datatype", change.datatype),
            ("values", change.values),
            ("default", change.default),
            ("constraints", change.constraints),
            ("remarks", change.remarks),
        )
        if value
    }
    return dataclasses.replace(inherited, line=change.line, mode="change", **given)  # type: ignore[arg-type]  # each value has its field's type
