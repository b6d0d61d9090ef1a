"""What an attribute's value may be: its datatype and list of values as one particle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.schema.odd.particles import (
    TEXT,
    Choice,
    DataRef,
    ListOf,
    NotAllowed,
    Particle,
    Values,
    rebuild,
    repeat,
)

if TYPE_CHECKING:
    from toolkit.schema.odd.model import AttDef
    from toolkit.schema.odd.resolve import Schema


def attribute_value(definition: AttDef, schema: Schema) -> Particle:
    """Return what the value of an attribute may be (R11, R19, R23).

    A closed list admits its values only, a half-open one its values or the datatype,
    an open one is documentation.
    """
    datatype, values = definition.datatype, definition.values
    item = TEXT if datatype is None else bare(datatype.item, schema)
    if values is not None and values.items and values.kind != "open":
        listed = Values(values.items)
        item = listed if values.kind == "closed" else Choice((listed, item))
    if datatype is None or not datatype.is_list:
        return item
    return ListOf(repeat(item, datatype.least, datatype.most))


def bare(value: Particle, schema: Schema) -> Particle:
    """Return a value in which a restricted datatype of the ODD is written out (R23).

    A restriction passes into the W3C datatype that the named one stands for.
    """
    if not isinstance(value, DataRef):
        return rebuild(value, lambda part: bare(part, schema))
    if not (value.key and value.facets):
        return value
    meant = bare(schema.datatypes.get(value.key, NotAllowed()), schema)
    while isinstance(meant, DataRef) and meant.key:
        meant = bare(schema.datatypes[meant.key], schema)
    if isinstance(meant, DataRef):
        return DataRef(name=meant.name, facets=(*meant.facets, *value.facets))
    return value


def can_restrict(reference: DataRef, schema: Schema) -> bool:
    """Whether the restriction of a datatype of the ODD can be expressed."""
    found = bare(reference, schema)
    return not (isinstance(found, DataRef) and found.key and found.facets)
