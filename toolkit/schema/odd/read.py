"""Reading an ODD: the file to specifications in memory, with what is wrong in it.

Takes a self-contained ODD: one whose ``schemaSpec`` holds, directly or through
``specGrp`` and ``specGrpRef``, everything it refers to (rules R1 and R2). An ODD
that customises another one is refused with the place where it does so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypedDict

from toolkit.errors import ReadError, SchemaError
from toolkit.schema.odd.attributes import read_attributes, read_constraints
from toolkit.schema.odd.content import (
    line_of,
    plain_words,
    read_content,
    tei_children,
    words_of,
)
from toolkit.schema.odd.faults import Faults
from toolkit.schema.odd.model import (
    ClassSpec,
    ConstraintSpec,
    DataSpec,
    ElementSpec,
    MacroSpec,
    Odd,
    Prose,
    Spec,
)
from toolkit.schema.odd.particles import NOTHING, Particle
from toolkit.tei import TEI, TEI_NS, XML_ID, local_name, parse, read_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from toolkit.tei import Element

_CUSTOMISING: Final = ("moduleRef", "elementRef", "classRef", "macroRef", "dataRef")


class _Words(TypedDict):
    """What every specification is made with."""

    ident: str
    line: int
    gloss: str
    desc: Prose | None
    module: str
    constraints: tuple[ConstraintSpec, ...]
    exempla: tuple[Element, ...]
    remarks: tuple[Prose, ...]


def read_odd(path: Path) -> tuple[Odd, Faults]:
    """Read an ODD.

    Args:
        path: The ODD file; its name is used in messages only.

    Returns:
        The specifications, and what was found wrong in them so far.

    Raises:
        SchemaError: The file is not XML, or there is no ``schemaSpec`` in it.

    TEI: chapter TD, section TDbuild.
    """
    try:
        root = parse(read_bytes(path), path)
    except ReadError as fault:
        raise SchemaError(fault.message) from None
    schema = next(root.iter(TEI + "schemaSpec"), None)
    if schema is None:
        raise SchemaError(
            f"{path}:1: error ODD101 the file has no <schemaSpec>\n"
            "  help: an ODD is a TEI file whose text holds a schemaSpec"
        )
    collector = _Collector(Faults(path), root)
    collector.collect(schema)
    return collector.odd(schema), collector.faults


def source_root(path: Path) -> Element:
    """Return the ODD's outermost element.

    Raises:
        SchemaError: The file is not XML.
    """
    try:
        return parse(read_bytes(path), path)
    except ReadError as fault:
        raise SchemaError(fault.message) from None


@dataclass
class _Collector:
    """Gathers the specifications that a ``schemaSpec`` holds or points at."""

    faults: Faults
    root: Element
    elements: dict[str, ElementSpec] = field(default_factory=dict)
    classes: dict[str, ClassSpec] = field(default_factory=dict)
    macros: dict[str, MacroSpec] = field(default_factory=dict)
    datatypes: dict[str, DataSpec] = field(default_factory=dict)
    constraints: list[ConstraintSpec] = field(default_factory=list)
    modules: dict[str, str] = field(default_factory=dict)
    groups_seen: set[str] = field(default_factory=set)
    default_namespace: str = TEI_NS

    def collect(self, holder: Element, heading: str = "") -> None:
        """Take what a ``schemaSpec`` or ``specGrp`` holds (R2)."""
        if holder.tag == TEI + "schemaSpec":
            self.default_namespace = holder.get("ns", TEI_NS)
            self.constraints += read_constraints(holder, self.faults)
        for child in tei_children(holder):
            name = local_name(child)
            if name == "specGrp":
                self.collect(child, plain_words(child, "head") or heading)
            elif name == "specGrpRef":
                self._follow(child)
            elif name in _CUSTOMISING:
                self._refuse(child, f"<{name}> takes specifications from elsewhere")
            elif name.endswith("Spec") and name != "constraintSpec":
                self._take(child, heading)

    def _follow(self, reference: Element) -> None:
        target = reference.get("target", "")
        if not target.startswith("#"):
            self._refuse(reference, f"<specGrpRef> points to another file, {target!r}")
            return
        if target in self.groups_seen:
            return
        self.groups_seen.add(target)
        for group in self.root.iter(TEI + "specGrp"):
            if group.get(XML_ID) == target[1:]:
                self.collect(group, _heading(group))
                return
        self.faults.warn(
            line_of(reference),
            "ODD103",
            f"<specGrpRef> points to {target!r}, which is not in this file",
            "give the specGrp that xml:id, or remove the reference",
        )

    def _refuse(self, element: Element, what: str) -> None:
        self.faults.error(
            line_of(element),
            "ODD102",
            f"{what}: this ODD is not self-contained",
            "write the specifications themselves into this file",
        )

    def _take(self, element: Element, heading: str) -> None:
        """Read one specification into its table."""
        name, mode = local_name(element), element.get("mode", "add")
        if mode != "add":
            self._refuse(element, f"<{name}> has mode={mode!r}")
            return
        match name:
            case "elementSpec":
                self._take_element(self._element(element), heading)
            case "classSpec":
                of_class = self._class(element)
                if self._is_new(name, of_class, self.classes):
                    self.classes[of_class.ident] = of_class
            case "macroSpec":
                macro = MacroSpec(
                    **self._words(element), content=self._content(element)
                )
                if self._is_new(name, macro, self.macros):
                    self.macros[macro.ident] = macro
            case "dataSpec":
                data = DataSpec(**self._words(element), content=self._content(element))
                if self._is_new(name, data, self.datatypes):
                    self.datatypes[data.ident] = data

    def _take_element(self, spec: ElementSpec, heading: str) -> None:
        if self._is_new("elementSpec", spec, self.elements):
            self.elements[spec.ident] = spec
            if heading or spec.module not in self.modules:
                self.modules[spec.module] = heading

    def _is_new(self, name: str, spec: Spec, table: Mapping[str, Spec]) -> bool:
        if not spec.ident:
            self.faults.error(
                spec.line, "ODD108", f"<{name}> has no @ident", "give it a name"
            )
            return False
        if spec.ident in table:
            self.faults.error(
                spec.line,
                "ODD104",
                f"<{name}> {spec.ident!r} is declared a second time",
                f"the first stands in line {table[spec.ident].line}; keep one",
            )
            return False
        return True

    def _words(self, element: Element) -> _Words:
        desc = words_of(element, "desc")
        return {
            "ident": element.get("ident", ""),
            "line": line_of(element),
            "gloss": plain_words(element, "gloss"),
            "desc": None if desc is None else Prose(desc),
            "module": element.get("module", ""),
            "constraints": read_constraints(element, self.faults),
            "exempla": tuple(element.iterchildren(TEI + "exemplum")),
            "remarks": tuple(map(Prose, element.iterchildren(TEI + "remarks"))),
        }

    def _content(self, element: Element) -> Particle:
        content = element.find(TEI + "content")
        return NOTHING if content is None else read_content(content, self.faults)

    def _element(self, element: Element) -> ElementSpec:
        alternative = plain_words(element, "altIdent")
        return ElementSpec(
            **self._words(element),
            name=alternative or element.get("ident", ""),
            namespace=element.get("ns", self.default_namespace),
            classes=_memberships(element),
            content=self._content(element),
            attributes=read_attributes(element, self.faults),
        )

    def _class(self, element: Element) -> ClassSpec:
        kind: Literal["model", "atts"] = (
            "atts" if element.get("type") == "atts" else "model"
        )
        return ClassSpec(
            **self._words(element),
            kind=kind,
            classes=_memberships(element),
            attributes=read_attributes(element, self.faults),
        )

    def odd(self, schema: Element) -> Odd:
        """Return everything gathered, under the names of the ``schemaSpec``."""
        title = next(self.root.iter(TEI + "title"), None)
        return Odd(
            path=self.faults.path,
            ident=schema.get("ident", ""),
            line=line_of(schema),
            title="" if title is None else Prose(title).text,
            start=self._start(schema),
            namespace=self.default_namespace,
            elements=self.elements,
            classes=self.classes,
            macros=self.macros,
            datatypes=self.datatypes,
            constraints=tuple(self.constraints),
            modules=self.modules,
        )

    def _start(self, schema: Element) -> tuple[str, ...]:
        """Return the elements that may be outermost (R1)."""
        stated = schema.get("start", "").split()
        if stated:
            return tuple(token.rpartition(":")[2] for token in stated)
        usual = [name for name in ("TEI", "teiCorpus") if name in self.elements]
        return tuple(usual) or ("TEI",)


def _heading(group: Element) -> str:
    """Return the heading of a group of specifications, or of the division it is in."""
    parent = group.getparent()
    own = plain_words(group, "head")
    return own if own or parent is None else plain_words(parent, "head")


def _memberships(element: Element) -> tuple[str, ...]:
    """Return the classes that a specification belongs to."""
    return tuple(
        member.get("key", "")
        for member in element.iterfind(f"{TEI}classes/{TEI}memberOf")
    )
