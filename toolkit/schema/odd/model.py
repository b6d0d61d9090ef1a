"""An ODD in memory: the specifications of a self-contained schema, as values.

Each class is one TEI element of chapter TD. Words of documentation stay TEI
(:class:`Prose`), because the reference pages want their markup and the schemas only
their text. Every specification knows the line where it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from toolkit.schema.odd.particles import NOTHING, Particle, Value
from toolkit.tei import local_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from toolkit.tei import Element

_SIGNS = {"gi": "<{}>", "att": "@{}", "tag": "<{}>", "val": "“{}”"}


@dataclass(frozen=True, slots=True, eq=False)
class Prose:
    """Words of documentation: a ``desc``, ``gloss``, ``p`` or ``remarks``."""

    element: Element

    @property
    def text(self) -> str:
        """The words alone, on one line: ``gi`` as ``<gi>``, ``att`` as ``@att``."""
        return " ".join("".join(_plain(self.element)).split())


def _plain(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            words = "".join(_plain(child))
            yield _SIGNS.get(local_name(child), "{}").format(words)
        yield child.tail or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Documented:
    """What every specification has: a name, a place and words."""

    ident: str
    line: int  #: 1-based line of the start tag
    gloss: str = ""  #: what the name stands for
    desc: Prose | None = None

    @property
    def summary(self) -> str:
        """Gloss and description on one line, for hover help."""
        desc = self.desc.text if self.desc is not None else ""
        return f"({self.gloss}) {desc}".rstrip() if self.gloss else desc


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstraintSpec(Documented):
    """Schematron that belongs to a specification."""

    constraints: tuple[Element, ...]  #: the ``constraint`` elements


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec(Documented):
    """A specification of the ODD's top level."""

    module: str = ""
    constraints: tuple[ConstraintSpec, ...] = ()
    exempla: tuple[Element, ...] = ()  #: the ``exemplum`` elements
    remarks: tuple[Prose, ...] = ()


ValueKind = Literal["open", "semi", "closed"]


@dataclass(frozen=True, slots=True)
class ValList:
    """The values of an attribute: all of them (closed), or some."""

    kind: ValueKind
    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Datatype:
    """What one value of an attribute is, and how many of them may stand there."""

    item: Particle
    least: int = 1
    most: int | None = 1

    @property
    def is_list(self) -> bool:
        """Whether the attribute holds tokens divided by white space."""
        return (self.least, self.most) != (1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttDef(Documented):
    """An attribute, or a change to one that a class gives."""

    name: str  #: ``altIdent``, else the ident; may carry the prefix ``xml:``
    namespace: str = ""
    mode: str = "add"
    usage: str = ""  #: ``req``, ``rec``, ``opt``; empty: not said
    datatype: Datatype | None = None
    values: ValList | None = None
    default: str = ""
    constraints: tuple[ConstraintSpec, ...] = ()
    remarks: tuple[Prose, ...] = ()


@dataclass(frozen=True, slots=True)
class AttRef:
    """One attribute of a class, named singly (TEI ``attRef``)."""

    class_key: str
    ident: str
    line: int


@dataclass(frozen=True, slots=True)
class AttChoice:
    """Attributes of which an element has one branch (``attList org="choice"``)."""

    items: tuple[tuple[AttItem, ...], ...]  #: branches, each with its attributes


AttItem: TypeAlias = AttDef | AttRef | AttChoice


def attribute_definitions(items: tuple[AttItem, ...]) -> Iterator[AttDef]:
    """Yield the attributes that a specification defines itself, in order."""
    for item in items:
        if isinstance(item, AttDef):
            yield item
        elif isinstance(item, AttChoice):
            for branch in item.items:
                yield from attribute_definitions(branch)


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementSpec(Spec):
    """An element: its names, classes, content and attributes."""

    name: str
    namespace: str
    classes: tuple[str, ...] = ()
    content: Particle = NOTHING
    attributes: tuple[AttItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassSpec(Spec):
    """A class of elements that stand in the same places, or share attributes."""

    kind: Literal["model", "atts"]
    classes: tuple[str, ...] = ()
    attributes: tuple[AttItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroSpec(Spec):
    """A piece of content with a name."""

    content: Particle


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSpec(Spec):
    """A datatype with a name."""

    content: Particle


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd:
    """A self-contained ODD: one ``schemaSpec`` with everything it refers to."""

    path: Path
    ident: str
    line: int
    title: str
    start: tuple[str, ...]  #: idents of the elements that may be outermost
    namespace: str
    elements: Mapping[str, ElementSpec]
    classes: Mapping[str, ClassSpec]
    macros: Mapping[str, MacroSpec]
    datatypes: Mapping[str, DataSpec]
    constraints: tuple[ConstraintSpec, ...]
    modules: Mapping[str, str]  #: module -> heading of its group, where it has one

    def classes_of_kind(self, kind: Literal["model", "atts"]) -> Iterator[ClassSpec]:
        """Yield the model classes or the attribute classes, in the ODD's order."""
        return (spec for spec in self.classes.values() if spec.kind == kind)
