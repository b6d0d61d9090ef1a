"""Reading the content of a specification: TEI's own content models to particles.

Section TDTAGCONS of the TEI Guidelines; RELAX NG inside ``content``, as ODDs before
2015 have it, is refused with the mend.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

from toolkit.schema.odd.particles import (
    NOT_ALLOWED,
    NOTHING,
    TEXT,
    AnyElement,
    ClassRef,
    DataRef,
    ElementRef,
    MacroRef,
    Particle,
    Value,
    Values,
    choice,
    group,
    interleave,
    repeat,
)
from toolkit.tei import TEI, TEI_NS, local_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.schema.odd.faults import Faults
    from toolkit.tei import Element

EXAMPLES_NS: Final = "http://www.tei-c.org/ns/Examples"
MOST_COPIES: Final = 100  #: bound for ``maxOccurs``: each copy is written out in RNG
_REFERENCES: Final = ("elementRef", "classRef", "macroRef", "dataRef")
_WORDS: Final = frozenset(
    TEI + name
    for name in ("desc", "gloss", "altIdent", "equiv", "remarks", "paramList")
)


def tei_children(element: Element) -> Iterator[Element]:
    """Yield child elements; comments and processing instructions are skipped."""
    return (child for child in element if isinstance(child.tag, str))


def line_of(element: Element) -> int:
    """Return the 1-based line of an element's start tag; 0 if it was not read."""
    line: int | None = element.sourceline  # type: ignore[assignment]  # stubs lag
    return line or 0


def words_of(element: Element, name: str) -> Element | None:
    """Return the ``desc`` or ``gloss`` to show: English or unmarked, else the first."""
    found = element.findall(TEI + name)
    for one in found:
        language = one.get("{http://www.w3.org/XML/1998/namespace}lang", "en")
        if language.split("-")[0] == "en":
            return one
    return found[0] if found else None


def plain_words(element: Element, name: str) -> str:
    """Return the text of a ``desc`` or ``gloss`` on one line; empty if it has none."""
    found = words_of(element, name)
    if found is None:
        return ""
    return " ".join("".join(map(str, found.itertext())).split())


def occurrence(element: Element, faults: Faults) -> tuple[int, int | None]:
    """Read ``@minOccurs`` and ``@maxOccurs`` (R19); absent means once.

    Returns:
        Least and most; most None means without limit.
    """
    low, high = element.get("minOccurs", "1"), element.get("maxOccurs", "1")
    try:
        least, most = int(low), None if high == "unbounded" else int(high)
    except ValueError:
        faults.error(
            line_of(element),
            "ODD105",
            f"minOccurs={low!r} maxOccurs={high!r} are not numbers",
            "give whole numbers; @maxOccurs may be 'unbounded'",
        )
        return 1, 1
    if least < 0 or (most is not None and most < least):
        faults.error(
            line_of(element),
            "ODD105",
            f"minOccurs={low!r} maxOccurs={high!r} allow nothing",
            "the first must not be greater than the second; absent means 1",
        )
        return 1, 1
    if max(least, most or 0) > MOST_COPIES:
        faults.error(
            line_of(element),
            "ODD105",
            f"minOccurs={low!r} maxOccurs={high!r} would be written out that often",
            f"stay below {MOST_COPIES} or write 'unbounded'",
        )
        return least and 1, None
    return least, most


def read_content(element: Element, faults: Faults) -> Particle:
    """Read what a ``content``, ``datatype`` or grouping element contains."""
    return group(_children(element, faults))


def _children(element: Element, faults: Faults) -> Iterator[Particle]:
    for child in tei_children(element):
        if child.tag not in _WORDS:
            yield _particle(child, faults)


def _particle(element: Element, faults: Faults) -> Particle:
    """Read one element of a content model, with its occurrence."""
    if etree.QName(element).namespace != TEI_NS:
        faults.error(
            line_of(element),
            "ODD106",
            f"a content model contains {local_name(element)!r} of another language",
            "write it with sequence, alternate, elementRef, classRef, textNode",
        )
        return NOTHING
    name = local_name(element)
    inner = _inner(name, element, faults)
    if inner is None:
        faults.error(
            line_of(element),
            "ODD107",
            f"<{name}> is not part of a content model",
            "use sequence, alternate, elementRef, classRef, macroRef, dataRef, "
            "textNode, anyElement, valList or empty",
        )
        return NOTHING
    if name in ("textNode", "empty", "dataRef", "valList"):
        return inner
    return repeat(inner, *occurrence(element, faults))


def _inner(name: str, element: Element, faults: Faults) -> Particle | None:
    """Read one element of a content model without its occurrence."""
    match name:
        case "sequence" if element.get("preserveOrder") in ("false", "0"):
            return interleave(_children(element, faults))
        case "interleave":
            return interleave(_children(element, faults))
        case "sequence":
            return group(_children(element, faults))
        case "alternate":
            return choice(_children(element, faults))
        case "textNode":
            return TEXT
        case "empty":
            return NOTHING
        case "anyElement":
            return _any_element(element)
        case "valList":
            return _value_list(element)
        case _:
            return _reference(name, element, faults)


def _reference(name: str, element: Element, faults: Faults) -> Particle | None:
    line, key = line_of(element), element.get("key", "")
    if name not in _REFERENCES:
        return None
    if not key and not (name == "dataRef" and element.get("name")):
        faults.error(line, "ODD108", f"<{name}> has no @key", "name what it refers to")
        return NOTHING
    match name:
        case "elementRef":
            return ElementRef(key, line)
        case "macroRef":
            return MacroRef(key, line)
        case "dataRef":
            return _data_ref(element)
        case _:
            return ClassRef(
                key,
                element.get("expand", "alternation"),
                frozenset(element.get("include", "").split()),
                frozenset(element.get("except", "").split()),
                line,
            )


def _data_ref(element: Element) -> DataRef:
    """Read a ``dataRef`` with its restriction or facets (R23)."""
    facets = [
        (facet.get("name", ""), facet.get("value", ""))
        for facet in element.iterchildren(TEI + "dataFacet")
    ]
    restriction = element.get("restriction")
    if restriction is not None:
        facets.append(("pattern", restriction))
    return DataRef(
        element.get("key", ""),
        element.get("name", ""),
        tuple(facets),
        line_of(element),
    )


def value_items(val_list: Element) -> tuple[Value, ...]:
    """Read the values of a ``valList`` with their words."""
    return tuple(
        Value(_value_name(item), plain_words(item, "gloss"), plain_words(item, "desc"))
        for item in val_list.iterchildren(TEI + "valItem")
    )


def _value_name(item: Element) -> str:
    alternative = item.find(TEI + "altIdent")
    if alternative is not None and alternative.text:
        return str(alternative.text).strip()
    return item.get("ident", "")


def _value_list(element: Element) -> Particle:
    items = value_items(element)
    return Values(items) if items else NOT_ALLOWED


def _any_element(element: Element) -> AnyElement:
    """Read ``anyElement`` (R22): excluded are ``@except``, else what is TEI."""
    stated = element.get("except") or _inherited(element, "defaultExceptions")
    if stated is None:
        return AnyElement((TEI_NS,), ((EXAMPLES_NS, "egXML"),))
    namespaces: list[str] = []
    names: list[tuple[str, str]] = []
    for token in stated.split():
        prefix, colon, local = token.partition(":")
        if colon and "/" not in local and prefix in element.nsmap:
            names.append((element.nsmap[prefix], local))
        else:
            namespaces.append(token)
    return AnyElement(tuple(namespaces), tuple(names))


def _inherited(element: Element, attribute: str) -> str | None:
    for ancestor in element.iterancestors(TEI + "schemaSpec"):
        return ancestor.get(attribute)
    return None
