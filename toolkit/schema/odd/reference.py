"""A schema's reference as HTML pages: one for each specification, and an index.

The pages are static, link only to each other and to TEI's Guidelines, load nothing
and read well without a style sheet. Templates: ``templates/reference``.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import jinja2

from toolkit.resources import share
from toolkit.schema.odd import display
from toolkit.schema.odd.entries import (
    AttributeRow,
    Link,
    LinkGroup,
    Rule,
    ShownExample,
    assertions,
    more_values,
)
from toolkit.schema.odd.inherit import Attribute, ClassUse, single_uses
from toolkit.schema.odd.model import Prose, attribute_definitions
from toolkit.schema.odd.particles import (
    ClassRef,
    DataRef,
    MacroRef,
    Particle,
    Text,
    walk,
)
from toolkit.schema.odd.values import attribute_value
from toolkit.tei import TEI, TEI_NS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from toolkit.schema.odd.display import Block, Piece
    from toolkit.schema.odd.model import AttDef, ClassSpec, ConstraintSpec, Spec
    from toolkit.schema.odd.resolve import Schema
    from toolkit.tei import Element

GUIDELINES: Final = "https://www.tei-c.org/release/doc/tei-p5-doc/en/html/"
_USAGE: Final = {"req": "required", "rec": "recommended"}
_EXAMPLES: Final = "{http://www.tei-c.org/ns/Examples}egXML"


def reference(schema: Schema) -> dict[str, bytes]:
    """Return the reference pages of a schema.

    Returns:
        File names, all in one folder, and their bytes.
    """
    folder = share("templates") / "reference"
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    pages = _Pages(schema)
    result = {"reference.css": (folder / "reference.css").read_bytes()}
    for name, template, context in pages.all():
        text = environment.get_template(template).render(schema=schema.odd, **context)
        result[name] = text.encode()
    return result


@dataclass(frozen=True)
class _Pages:
    schema: Schema

    def all(self) -> Iterator[tuple[str, str, dict[str, object]]]:
        """Yield name, template and context of every page."""
        odd = self.schema.odd
        yield "index.html", "index.html", self.index()
        for key in odd.elements:
            yield self.page("element", key), "element.html", self.element(key)
        for spec in odd.classes.values():
            template = f"class-{spec.kind}.html"
            context = (
                self.model_class(spec)
                if spec.kind == "model"
                else self.attribute_class(spec)
            )
            yield self.page("class", spec.ident), template, context
        for key, macro in odd.macros.items():
            yield self.page("macro", key), "macro.html", self.macro(macro)
        for key, datatype in odd.datatypes.items():
            yield self.page("datatype", key), "datatype.html", self.datatype(datatype)

    def page(self, kind: str, key: str) -> str:
        """Return the file name of a page, or nothing where there is none."""
        odd = self.schema.odd
        tables: Mapping[str, Mapping[str, object]] = {
            "element": odd.elements,
            "class": odd.classes,
            "macro": odd.macros,
            "datatype": odd.datatypes,
        }
        return f"{kind}-{key}.html" if key in tables.get(kind, ()) else ""

    def link(self, kind: str, key: str) -> Link:
        """Return a name with its page and its gloss."""
        odd = self.schema.odd
        spec: Spec | None = (
            odd.elements.get(key) if kind == "element" else odd.classes.get(key)
        )
        return Link(key, self.page(kind, key), spec.gloss if spec else "")

    def links(self, kind: str, keys: Iterable[str]) -> tuple[Link, ...]:
        """Return names with their pages."""
        return tuple(self.link(kind, key) for key in keys)

    def by_module(self, keys: Iterable[str]) -> tuple[LinkGroup, ...]:
        """Return elements in groups by module, sorted by name."""
        odd = self.schema.odd
        groups: dict[str, list[str]] = {module: [] for module in odd.modules}
        for key in sorted(keys, key=str.casefold):
            groups[odd.elements[key].module].append(key)
        return tuple(
            LinkGroup(odd.modules[module] or module, self.links("element", names))
            for module, names in groups.items()
            if names
        )

    def index(self) -> dict[str, object]:
        """Return the context of the index."""
        odd = self.schema.odd
        return {
            "elements": self.by_module(odd.elements),
            "attribute_classes": self.summaries(odd.classes_of_kind("atts"), "class"),
            "model_classes": self.summaries(odd.classes_of_kind("model"), "class"),
            "macros": self.summaries(odd.macros.values(), "macro"),
            "datatypes": self.summaries(odd.datatypes.values(), "datatype"),
            "count": len(odd.elements),
        }

    def summaries(
        self, specs: Iterable[Spec], kind: str
    ) -> list[tuple[Link, tuple[Piece, ...]]]:
        """Return names with their descriptions."""
        return [
            (Link(spec.ident, self.page(kind, spec.ident)), self.words(spec.desc))
            for spec in sorted(specs, key=lambda one: one.ident.casefold())
        ]

    def words(self, desc: Prose | None) -> tuple[Piece, ...]:
        """Return words of documentation with links."""
        return display.prose(None if desc is None else desc.element, self.page)

    def common(self, spec: Spec) -> dict[str, object]:
        """Return what the page of every specification shows."""
        return {
            "spec": spec,
            "desc": self.words(spec.desc),
            "rules": tuple(map(self.rule, spec.constraints)),
            "examples": tuple(
                shown for one in spec.exempla for shown in self.example(one)
            ),
            "remarks": tuple(
                block
                for remark in spec.remarks
                for block in display.blocks(remark.element, self.page)
            ),
        }

    def element(self, key: str) -> dict[str, object]:
        """Return the context of an element's page."""
        odd, schema = self.schema.odd, self.schema
        spec = odd.elements[key]
        rules = [*spec.constraints]
        for definition in attribute_definitions(spec.attributes):
            rules += definition.constraints
        attributes = schema.attributes[key]
        required = sorted(attributes.values(), key=lambda one: not one.required)
        return self.common(spec) | {
            "rules": tuple(map(self.rule, rules)),
            "module": odd.modules[spec.module] or spec.module,
            "classes": self.links("class", spec.classes),
            "attributes": tuple(map(self.attribute, required)),
            "model": display.model(schema.contents[key], self.page),
            "children": self.by_module(schema.children[key]),
            "has_text": self.has_text(schema.contents[key]),
            "parents": self.by_module(schema.parents[key]),
            "is_start": key in odd.start,
            "guidelines": (
                f"{GUIDELINES}ref-{key}.html" if spec.namespace == TEI_NS else ""
            ),
        }

    def has_text(self, content: Particle) -> bool:
        """Whether text may stand in a content model."""
        for part in walk(content):
            if isinstance(part, MacroRef):
                if self.has_text(self.schema.macros[part.key]):
                    return True
            elif isinstance(part, Text):
                return True
        return False

    def attribute(self, attribute: Attribute) -> AttributeRow:
        """Return one attribute as the page shows it."""
        definition = attribute.definition
        listed = definition.values
        return AttributeRow(
            name=definition.name,
            usage=_USAGE.get(definition.usage, "optional"),
            gloss=definition.gloss,
            desc=self.words(definition.desc),
            value=self.value(definition),
            values=listed.items if listed else (),
            more_values=more_values(definition),
            origin=self.link("class", attribute.origin) if attribute.origin else None,
        )

    def value(self, definition: AttDef) -> tuple[Piece, ...]:
        """Return what a value may be; a list of values is shown by itself."""
        if definition.values is not None:
            if definition.datatype is None:
                return ()
            definition = dataclasses.replace(definition, values=None)
        return display.model(attribute_value(definition, self.schema), self.page)

    def model_class(self, spec: ClassSpec) -> dict[str, object]:
        """Return the context of a model class's page."""
        members = self.schema.members[spec.ident]
        classes = [one for one in members if one in self.schema.odd.classes]
        users = [
            key
            for key, content in self.schema.contents.items()
            if any(
                isinstance(part, ClassRef) and part.key == spec.ident
                for part in walk(content)
            )
        ]
        return self.common(spec) | {
            "classes": self.links("class", spec.classes),
            "members": self.by_module(one for one in members if one not in classes),
            "member_classes": self.links("class", classes),
            "all_elements": self.by_module(self.schema.elements_of[spec.ident]),
            "users": self.by_module(users),
            "macros": self.links("macro", self.macros_with(spec.ident)),
        }

    def macros_with(self, key: str) -> Iterator[str]:
        """Yield the macros that refer to a class or a macro."""
        for name, content in self.schema.macros.items():
            if any(getattr(part, "key", "") == key for part in walk(content)):
                yield name

    def attribute_class(self, spec: ClassSpec) -> dict[str, object]:
        """Return the context of an attribute class's page."""
        uses = self.schema.class_uses[spec.ident]
        own = [Attribute(one.definition, one.key) for one in single_uses(uses)]
        return self.common(spec) | {
            "classes": self.links("class", spec.classes),
            "attributes": tuple(map(self.attribute, own)),
            "inherited": self.links(
                "class", (use.key for use in uses if isinstance(use, ClassUse))
            ),
            "members": self.by_module(
                key
                for key, element in self.schema.odd.elements.items()
                if spec.ident in element.classes
            ),
            "member_classes": self.links(
                "class",
                (
                    other.ident
                    for other in self.schema.odd.classes.values()
                    if spec.ident in other.classes
                ),
            ),
        }

    def macro(self, spec: Spec) -> dict[str, object]:
        """Return the context of a macro's page."""
        users = (
            key
            for key, content in self.schema.contents.items()
            if any(getattr(part, "key", "") == spec.ident for part in walk(content))
        )
        return self.common(spec) | {
            "model": display.model(self.schema.macros[spec.ident], self.page),
            "users": self.by_module(users),
        }

    def datatype(self, spec: Spec) -> dict[str, object]:
        """Return the context of a datatype's page."""
        return self.common(spec) | {
            "model": display.model(self.schema.datatypes[spec.ident], self.page),
            "users": tuple(self.users_of_datatype(spec.ident)),
        }

    def users_of_datatype(self, key: str) -> Iterator[Link]:
        """Yield the attributes that are declared with a datatype."""
        owners: list[tuple[str, Spec]] = [
            *(("class", spec) for spec in self.schema.odd.classes.values()),
            *(("element", spec) for spec in self.schema.odd.elements.values()),
        ]
        for kind, owner in owners:
            for definition in attribute_definitions(getattr(owner, "attributes", ())):
                datatype = definition.datatype
                if datatype is not None and any(
                    isinstance(part, DataRef) and part.key == key
                    for part in walk(datatype.item)
                ):
                    text = f"{owner.ident}/@{definition.name}"
                    yield Link(text, self.page(kind, owner.ident))

    def rule(self, spec: ConstraintSpec) -> Rule:
        """Return a constraint in words."""
        return Rule(spec.ident, self.words(spec.desc), tuple(assertions(spec)))

    def example(self, exemplum: Element) -> Iterator[ShownExample]:
        """Yield the examples that an ``exemplum`` holds."""
        words: tuple[Block, ...] = ()
        if exemplum.find(TEI + "p") is not None:
            words = display.blocks(exemplum, self.page)
        for example in exemplum.iter(_EXAMPLES):
            for element in example:
                tag: object = element.tag
                if isinstance(tag, str):
                    yield ShownExample(words, display.source(element))
