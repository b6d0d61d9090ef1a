"""What the names of a schema mean, in the words of its ODD.

TEI: chapter TD, elements gloss, desc, valItem.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toolkit.errors import SchemaError
from toolkit.schema.odd import load_odd

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from toolkit.schema.odd import Schema

_XML = "{http://www.w3.org/XML/1998/namespace}"


@dataclass(frozen=True, slots=True)
class Words:
    """What a name means."""

    gloss: str = ""
    desc: str = ""
    line: int = 0  #: 1-based line in the ODD; 0: not from an ODD

    @property
    def text(self) -> str:
        """Gloss and description in one line."""
        return f"({self.gloss}) {self.desc}".strip() if self.gloss else self.desc


@dataclass(frozen=True, slots=True)
class AttributeWords:
    """What an attribute means on an element."""

    words: Words
    required: bool = False
    kind: str = ""  #: how its list of values is meant: open, semi, closed; empty: none
    values: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ElementWords:
    """What an element means."""

    words: Words
    attributes: Mapping[str, AttributeWords]  #: by ``{namespace}local``


@dataclass(frozen=True, slots=True)
class Glossary:
    """The words of one schema; without an ODD there are none."""

    path: Path | None = None  #: the ODD
    elements: Mapping[str, ElementWords] = field(default_factory=dict)

    def element(self, name: str) -> Words:
        """Return what an element means.

        Args:
            name: ``{namespace}local``.
        """
        known = self.elements.get(name)
        return known.words if known else Words()

    def attribute(self, element: str, name: str) -> AttributeWords:
        """Return what an attribute means on an element."""
        known = self.elements.get(element)
        found = known.attributes.get(name) if known else None
        return found or AttributeWords(Words())


def read_glossary(odd: Path) -> Glossary:
    """Return the words of an ODD; none if it is missing or cannot be used."""
    try:
        return _glossary(load_odd(odd), odd)
    except SchemaError:
        return Glossary()  # the grammar, which can be used, says enough to work with


def _glossary(schema: Schema, odd: Path) -> Glossary:
    elements: dict[str, ElementWords] = {}
    for key, spec in schema.odd.elements.items():
        attributes = {}
        for one in schema.attributes[key].values():
            known = one.definition
            name = known.name.replace("xml:", _XML)
            if known.namespace and not name.startswith("{"):
                name = f"{{{known.namespace}}}{name}"
            listed = known.values.items if known.values else ()
            attributes[name] = AttributeWords(
                Words(known.gloss, known.desc.text if known.desc else "", known.line),
                one.required,
                known.values.kind if known.values else "",
                {value.text: Words(value.gloss, value.desc) for value in listed},
            )
        desc = spec.desc.text if spec.desc else ""
        name = f"{{{spec.namespace}}}{spec.name}" if spec.namespace else spec.name
        elements[name] = ElementWords(Words(spec.gloss, desc, spec.line), attributes)
    return Glossary(odd, elements)
