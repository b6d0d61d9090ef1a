"""A schema to W3C XML Schema 1.0: a second opinion, and for tools that know only that.

Classes become groups and attribute groups, elements are global. What XSD cannot say
is widened, never narrowed, and the file says where: order in models that are not
one-unambiguous, attributes that exclude each other, elements and attributes of other
namespaces. So the XSD accepts whatever the RELAX NG accepts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lxml import etree

from toolkit.schema.odd.determinism import Widener, without_text
from toolkit.schema.odd.inherit import AttUse, ChoiceUse, ClassUse, SingleUse
from toolkit.schema.odd.particles import (
    AnyElement,
    Choice,
    ClassRef,
    DataRef,
    ElementRef,
    Group,
    ListOf,
    MacroRef,
    Nothing,
    Particle,
    Repeat,
    Text,
    Values,
    choice,
    rebuild,
    walk,
)
from toolkit.schema.odd.relaxng import made_from, serialised
from toolkit.schema.odd.simpletypes import XS, XSD_NS, SimpleTypes, add
from toolkit.schema.odd.values import attribute_value

if TYPE_CHECKING:
    from toolkit.schema.odd.model import AttDef
    from toolkit.schema.odd.resolve import Schema
    from toolkit.tei import Element

XML_NS: Final = "http://www.w3.org/XML/1998/namespace"
NOTHING_NAME: Final = "_nothing"  #: of the abstract element that can stand nowhere
XML_XSD: Final = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="{XSD_NS}" targetNamespace="{XML_NS}">
  <!-- The attributes of the namespace xml (XML 1.0, XML Base, xml:id). -->
  <xs:attribute name="id" type="xs:ID"/>
  <xs:attribute name="base" type="xs:anyURI"/>
  <xs:attribute name="lang">
    <xs:simpleType>
      <xs:union memberTypes="xs:language">
        <xs:simpleType>
          <xs:restriction base="xs:string">
            <xs:enumeration value=""/>
          </xs:restriction>
        </xs:simpleType>
      </xs:union>
    </xs:simpleType>
  </xs:attribute>
  <xs:attribute name="space">
    <xs:simpleType>
      <xs:restriction base="xs:NCName">
        <xs:enumeration value="default"/>
        <xs:enumeration value="preserve"/>
      </xs:restriction>
    </xs:simpleType>
  </xs:attribute>
</xs:schema>
"""  #: the file ``xml.xsd`` that the schema imports


def xsd(schema: Schema) -> bytes:
    """Return the schema as W3C XML Schema 1.0; it imports ``xml.xsd`` beside it."""
    return serialised(_Writer(schema).file())


@dataclass
class _Writer:
    schema: Schema
    uses_nothing: bool = False

    def __post_init__(self) -> None:
        self.namespace = self.schema.odd.namespace
        self.prefix = "tei:" if self.namespace else ""
        self.types = SimpleTypes(self.schema, self.prefix)

    def file(self) -> Element:
        """Return the schema: datatypes, classes, elements (R27)."""
        odd = self.schema.odd
        nsmap = {"xs": XSD_NS, "tei": self.namespace}
        if not self.namespace:
            del nsmap["tei"]
        root = etree.Element(XS + "schema", nsmap=nsmap)
        if self.namespace:
            root.set("targetNamespace", self.namespace)
        root.set("elementFormDefault", "qualified")
        root.append(etree.Comment(made_from(self.schema)))
        add(root, "import", namespace=XML_NS, schemaLocation="xml.xsd")
        for key, content in self.schema.datatypes.items():
            self.types.write(add(root, "simpleType", name=key), content)
        for key, members in self.schema.members.items():
            if members:
                self._model_class(root, key)
        for key, uses in self.schema.class_uses.items():
            self._uses(add(root, "attributeGroup", name=key), uses)
        for key in odd.elements:
            self._element(root, key)
        if self.uses_nothing:
            add(root, "element", name=NOTHING_NAME, abstract="true")
        return root

    def _is_foreign(self, key: str) -> bool:
        return self.schema.odd.elements[key].namespace != self.namespace

    def _widener(self) -> Widener:
        return Widener(self.schema.members, self.schema.elements_of)

    def _model_class(self, root: Element, key: str) -> None:
        widener = self._widener()
        leaves = [
            self._native(leaf) for leaf in widener.disjoint(widener.class_leaves(key))
        ]
        holder = add(root, "group", name=key)
        if len(leaves) == 1:
            holder = add(holder, "sequence")
        self._particle(holder, choice(leaves))

    def _native(self, particle: Particle) -> Particle:
        """Return a particle in which elements of other namespaces are any element."""
        if isinstance(particle, ElementRef) and self._is_foreign(particle.key):
            return AnyElement((self.namespace,), ())
        return rebuild(particle, self._native)

    def _uses(self, holder: Element, uses: tuple[AttUse, ...]) -> None:
        """Write attributes; those that exclude each other become optional."""
        for use in uses:
            match use:
                case ClassUse(key):
                    add(holder, "attributeGroup", ref=self.prefix + key)
                case SingleUse(definition=definition):
                    self._attribute(holder, definition, definition.usage == "req")
                case ChoiceUse(branches):
                    for branch in branches:
                        self._optional(holder, branch)

    def _optional(self, holder: Element, branch: tuple[AttUse, ...]) -> None:
        for use in branch:
            if isinstance(use, SingleUse):
                self._attribute(holder, use.definition, required=False)
            elif isinstance(use, ChoiceUse):
                for inner in use.branches:
                    self._optional(holder, inner)

    def _attribute(self, holder: Element, definition: AttDef, required: bool) -> None:
        namespace = _namespace(definition)
        if namespace not in ("", XML_NS):
            return  # the element lets in all attributes of that namespace
        if namespace:
            attribute = add(holder, "attribute", ref=definition.name)
        else:
            attribute = add(holder, "attribute", name=definition.name)
        if required:
            attribute.set("use", "required")
        if not namespace:
            _document(attribute, definition.summary)
            value = attribute_value(definition, self.schema)
            self.types.put(attribute, value)

    def _element(self, root: Element, key: str) -> None:
        spec, content = self.schema.odd.elements[key], self.schema.contents[key]
        if self._is_foreign(key):
            return
        content = self._inlined(content)
        element = add(root, "element", name=spec.name)
        _document(element, spec.summary)
        complex_type = add(element, "complexType")
        holder = complex_type
        has_text = any(isinstance(part, Text) for part in walk(content))
        if any(isinstance(part, DataRef | Values | ListOf) for part in walk(content)):
            if not has_text:
                simple = add(complex_type, "simpleContent")
                holder = add(simple, "extension")
                self._simple_base(root, holder, key, content)
        else:
            self._content(element, complex_type, content)
        if has_text:
            complex_type.set("mixed", "true")
        self._uses(holder, self.schema.element_uses[key])
        self._foreign_attributes(holder, key)

    def _simple_base(
        self, root: Element, holder: Element, key: str, content: Particle
    ) -> None:
        """Name the type of an element's data; ``extension`` takes no type in place."""
        name = self.types.name(content)
        if not name:
            name = f"{self.prefix}{key}.content"
            named = etree.Element(XS + "simpleType", name=f"{key}.content")
            root.insert(len(root) - 1, named)
            self.types.write(named, content)
        holder.set("base", name)

    def _foreign_attributes(self, holder: Element, key: str) -> None:
        namespaces = {
            _namespace(one.definition) for one in self.schema.attributes[key].values()
        } - {"", XML_NS}
        if namespaces:
            wildcard = add(holder, "anyAttribute", processContents="skip")
            wildcard.set("namespace", " ".join(sorted(namespaces)))

    def _inlined(self, content: Particle) -> Particle:
        """Return a content model with its macros written out."""
        if isinstance(content, MacroRef):
            return self._inlined(self.schema.macros[content.key])
        return rebuild(content, self._inlined)

    def _content(self, element: Element, holder: Element, content: Particle) -> None:
        """Write a content model that XSD can take."""
        widener = self._widener()
        found = widener.deterministic(self._native(without_text(content)))
        if widener.widened:
            said = "; ".join(widener.widened)
            element.insert(0, etree.Comment(f" In any order here: {said} "))
        if isinstance(found, Nothing):
            self._empty(holder)
        else:
            self._particle(holder, found, top=True)

    def _empty(self, complex_type: Element) -> None:
        """Let an empty element hold white space, as RELAX NG does.

        XSD allows that only where an element might stand: here one that is abstract
        and that nothing substitutes, so that it can stand nowhere.
        """
        self.uses_nothing = True
        holder = add(complex_type, "sequence")
        _occurs(add(holder, "element", ref=self.prefix + NOTHING_NAME), 0, "1")

    def _particle(self, holder: Element, particle: Particle, top: bool = False) -> None:
        """Write a particle; at the top it must be a group of some kind."""
        least, most = 1, "1"
        if isinstance(particle, Repeat):
            least = particle.least
            most = "unbounded" if particle.most is None else str(particle.most)
            particle = particle.item
            if isinstance(particle, Repeat):
                inner = add(holder, "sequence")
                _occurs(inner, least, most)
                self._particle(inner, particle)
                return
        match particle:
            case Group(items):
                written = add(holder, "sequence")
                for item in items:
                    self._particle(written, item)
            case Choice(items):
                written = add(holder, "choice")
                for item in items:
                    self._particle(written, item)
            case ClassRef(key):
                written = add(holder, "group", ref=self.prefix + key)
            case AnyElement():
                written = self._anything(holder)
            case _:
                written = self._reference(
                    add(holder, "sequence") if top else holder, particle
                )
        _occurs(written, least, most)

    def _reference(self, holder: Element, particle: Particle) -> Element:
        """Write a reference to an element of the target namespace."""
        key = particle.key if isinstance(particle, ElementRef) else ""
        name = self.schema.odd.elements[key].name
        return add(holder, "element", ref=self.prefix + name)

    def _anything(self, holder: Element) -> Element:
        """Write what stands for elements of other namespaces, and of none."""
        written = add(holder, "choice")
        for namespace in ("##other", "##local") if self.namespace else ("##other",):
            add(written, "any", namespace=namespace, processContents="skip")
        return written


def _occurs(particle: Element, least: int, most: str) -> None:
    if least != 1:
        particle.set("minOccurs", str(least))
    if most != "1":
        particle.set("maxOccurs", most)


def _namespace(definition: AttDef) -> str:
    if definition.name.startswith("xml:"):
        return XML_NS
    return definition.namespace


def _document(holder: Element, words: str) -> None:
    if words:
        add(add(holder, "annotation"), "documentation").text = words
