"""A schema to RELAX NG, in XML syntax.

The shape is chosen for libxml2 and jing both: one define for each class with
references nested as the classes are, attribute classes as shared defines, no
``notAllowed``, bounded repetition as nested options. Rules R19 to R24 and R27.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from lxml import etree

from toolkit.schema.odd.inherit import (
    AttUse,
    ChoiceUse,
    ClassUse,
    SingleUse,
    single_uses,
)
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
)
from toolkit.schema.odd.values import attribute_value, bare

if TYPE_CHECKING:
    from toolkit.schema.odd.model import AttDef, Documented
    from toolkit.schema.odd.resolve import Schema
    from toolkit.tei import Element

RNG_NS: Final = "http://relaxng.org/ns/structure/1.0"
ANNOTATION_NS: Final = "http://relaxng.org/ns/compatibility/annotations/1.0"
DATATYPES: Final = "http://www.w3.org/2001/XMLSchema-datatypes"
_RNG: Final = f"{{{RNG_NS}}}"
_DOCUMENTATION: Final = f"{{{ANNOTATION_NS}}}documentation"


def relaxng(schema: Schema) -> bytes:
    """Return the schema as a RELAX NG grammar in XML syntax."""
    return serialised(_Writer(schema).grammar())


def serialised(root: Element) -> bytes:
    """Return a tree without mixed content as an indented UTF-8 file."""
    etree.indent(root, space="  ")
    body = etree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'.encode()


def made_from(schema: Schema) -> str:
    """Return the words of the comment at the head of a compiled file."""
    return f" Made from {schema.odd.path.name} by 'edition schema'; change that file. "


@dataclass
class _Writer:
    """Builds one grammar; patterns are appended to the element that holds them."""

    schema: Schema
    anything: dict[AnyElement, str] = field(default_factory=dict)

    def grammar(self) -> Element:
        """Return the grammar: datatypes, macros, classes, elements (R27)."""
        odd = self.schema.odd
        root = etree.Element(
            _RNG + "grammar",
            nsmap={None: RNG_NS, "a": ANNOTATION_NS},  # type: ignore[dict-item]
        )
        root.set("ns", odd.namespace)
        root.set("datatypeLibrary", DATATYPES)
        root.append(etree.Comment(made_from(self.schema)))
        start = _add(root, "start")
        outermost = start if len(odd.start) == 1 else _add(start, "choice")
        for ident in odd.start:
            _add(outermost, "ref", name=ident)
        for key, spec in odd.datatypes.items():
            self._define(root, key, self.schema.datatypes[key], spec)
        for key, macro in odd.macros.items():
            if self.schema.macros[key] not in (NotAllowed(), Nothing()):
                self._define(root, key, self.schema.macros[key], macro)
        for key, members in self.schema.members.items():
            if members:
                self._model_class(root, key, members)
        for key, uses in self.schema.class_uses.items():
            self._attribute_class(root, key, uses)
        for key in odd.elements:
            self._element(root, key)
        self._any_elements(root)
        return root

    def _define(
        self, root: Element, key: str, content: Particle, spec: Documented
    ) -> None:
        define = _add(root, "define", name=key)
        _document(define, spec.summary)
        self.write(define, content)

    def _model_class(self, root: Element, key: str, members: tuple[str, ...]) -> None:
        define = _add(root, "define", name=key)
        _document(define, self.schema.odd.classes[key].summary)
        holder = define if len(members) == 1 else _add(define, "choice")
        for member in members:
            _add(holder, "ref", name=member)

    def _attribute_class(
        self, root: Element, key: str, uses: tuple[AttUse, ...]
    ) -> None:
        define = _add(root, "define", name=f"{key}.attributes")
        _document(define, self.schema.odd.classes[key].summary)
        for use in uses:
            self._use(define, use, key)
        if not uses:
            _add(define, "empty")
        for single in single_uses(uses):
            if single.key:
                continue
            own = _add(root, "define", name=_attribute_name(key, single.definition))
            self._attribute(own, single.definition)

    def _use(self, holder: Element, use: AttUse, owner: str) -> None:
        """Write a use of attributes.

        Args:
            holder: Takes the pattern.
            use: The attributes.
            owner: The class whose own attributes have defines; empty for an element.
        """
        match use:
            case ClassUse(key):
                _add(holder, "ref", name=f"{key}.attributes")
            case SingleUse("", definition) if not owner:
                self._attribute(holder, definition)
            case SingleUse(key, definition):
                _add(holder, "ref", name=_attribute_name(key or owner, definition))
            case ChoiceUse(branches):
                alternatives = _add(holder, "choice")
                for branch in branches:
                    inner = alternatives
                    if len(branch) > 1:
                        inner = _add(alternatives, "group")
                    for part in branch:
                        self._use(inner, part, owner)

    def _attribute(self, holder: Element, definition: AttDef) -> None:
        if definition.usage != "req":
            holder = _add(holder, "optional")
        attribute = _add(holder, "attribute", name=definition.name)
        if definition.namespace and not definition.name.startswith("xml:"):
            attribute.set("ns", definition.namespace)
        _document(attribute, definition.summary)
        self.write(attribute, attribute_value(definition, self.schema))

    def _element(self, root: Element, key: str) -> None:
        spec = self.schema.odd.elements[key]
        element = _add(_add(root, "define", name=key), "element", name=spec.name)
        if spec.namespace != self.schema.odd.namespace:
            element.set("ns", spec.namespace)
        _document(element, spec.summary)
        self.write(element, self.schema.contents[key])
        for use in self.schema.element_uses[key]:
            self._use(element, use, "")

    def write(self, holder: Element, particle: Particle) -> None:
        """Append the pattern for a particle."""
        match particle:
            case Group(items):
                self._all(_add(holder, "group"), items)
            case Interleave(items):
                self._all(_add(holder, "interleave"), items)
            case Choice(items):
                self._choice(holder, items)
            case ListOf(item):
                self._list(_add(holder, "list"), item)
            case Repeat():
                self._repeat(holder, particle)
            case _:
                self._leaf(holder, particle)

    def _leaf(self, holder: Element, particle: Particle) -> None:
        """Append the pattern for a particle without parts."""
        match particle:
            case NotAllowed():
                _add(holder, "notAllowed")
            case Nothing():
                _add(holder, "empty")
            case Text():
                _add(holder, "text")
            case ElementRef(key) | ClassRef(key) | MacroRef(key):
                _add(holder, "ref", name=key)
            case AnyElement():
                name = self.anything.setdefault(
                    particle, f"anyElement.{len(self.anything) + 1}"
                )
                _add(holder, "ref", name=name)
            case DataRef():
                self._data(holder, particle)
            case Values(items):
                single = len(items) == 1
                _values(holder if single else _add(holder, "choice"), particle)

    def _all(self, holder: Element, items: tuple[Particle, ...]) -> None:
        for item in items:
            self.write(holder, item)

    def _choice(self, holder: Element, items: tuple[Particle, ...]) -> None:
        inner = _add(holder, "choice")
        for item in items:
            if isinstance(item, Values):
                _values(inner, item)
            else:
                self.write(inner, item)

    def _data(self, holder: Element, reference: DataRef) -> None:
        found = bare(reference, self.schema)
        if not isinstance(found, DataRef) or found.key:
            _add(holder, "ref", name=reference.key)
            return
        data = _add(holder, "data", type=found.name)
        for name, value in found.facets:
            _add(data, "param", name=name).text = value

    def _repeat(self, holder: Element, repeat: Repeat) -> None:
        """Write n to m occurrences as copies and nested options (R19)."""
        item, least, most = repeat.item, repeat.least, repeat.most
        if least > 1 or (least and most):
            holder = _sequence(holder)
        if most is None:
            for _ in range(least - 1):
                self.write(holder, item)
            self.write(_add(holder, "oneOrMore" if least else "zeroOrMore"), item)
            return
        for _ in range(least):
            self.write(holder, item)
        for _ in range(most - least):
            holder = _add(holder, "optional")
            self.write(holder, item)

    def _list(self, holder: Element, item: Particle) -> None:
        """Write the tokens of a list; options stand side by side there (R19)."""
        if not isinstance(item, Repeat) or item.most is None:
            self.write(holder, item)
            return
        for _ in range(item.least):
            self.write(holder, item.item)
        for _ in range(item.most - item.least):
            self.write(_add(holder, "optional"), item.item)

    def _any_elements(self, root: Element) -> None:
        """Write the recursive patterns of ``anyElement`` (R22)."""
        for particle, name in self.anything.items():
            element = _add(_add(root, "define", name=name), "element")
            names = _add(element, "anyName")
            if particle.namespaces or particle.names:
                excluded = _add(names, "except")
                for namespace in particle.namespaces:
                    _add(excluded, "nsName", ns=namespace)
                for namespace, local in particle.names:
                    _add(excluded, "name", ns=namespace).text = local
            attributes = _add(_add(element, "zeroOrMore"), "attribute")
            _add(attributes, "anyName")
            inner = _add(_add(element, "zeroOrMore"), "choice")
            _add(inner, "text")
            _add(inner, "ref", name=name)


def _attribute_name(key: str, definition: AttDef) -> str:
    return f"{key}.attribute.{definition.ident.replace(':', '')}"


def _values(holder: Element, values: Values) -> None:
    """Write literal values, each followed by what it means."""
    for value in values.items:
        _add(holder, "value").text = value.text
        words = f"({value.gloss}) {value.desc}" if value.gloss else value.desc
        _document(holder, words.strip())


def _sequence(holder: Element) -> Element:
    """Return where a sequence may be written: a choice needs a group around it."""
    if holder.tag in (_RNG + "choice", _RNG + "interleave"):
        return _add(holder, "group")
    return holder


def _document(holder: Element, words: str) -> None:
    if words:
        etree.SubElement(holder, _DOCUMENTATION).text = words


def _add(holder: Element, tag: str, /, **attributes: str) -> Element:
    return etree.SubElement(holder, _RNG + tag, attributes)
