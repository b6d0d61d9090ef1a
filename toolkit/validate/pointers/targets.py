"""Which attributes point, and to what.

From the specifications of TEI P5: every attribute whose datatype is
teidata.pointer; what an attribute's description says it points to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toolkit.tei import local_name

if TYPE_CHECKING:
    from toolkit.tei import Element

#: Attributes that are pointers wherever they occur.
_ANYWHERE: Final = frozenset(
    "active ana calendar change copyOf corresp datingMethod datingPoint decls domains "
    "edRef exclude facs given hand inst lemmaRef mutual next nymRef passive period "
    "prev ref rendition require resp sameAs scribeRef scriptRef select source spanTo "
    "synch target targetEnd toWhom unitRef url where who wit".split()
)
_TIMED: Final = (
    "annotationBlock binaryObject gap incident kinesic media pause u vocal writing"
)
#: Attributes that are pointers on these elements only; elsewhere dates or names.
_ON: Final = {
    attribute: frozenset(elements.split())
    for attribute, elements in {
        "from": "span app rt arc",
        "to": "span app rt arc",
        "new": "handShift",
        "scheme": "keywords catRef classCode occupation socecStatus locus locusGrp",
        "parts": "nym",
        "class": "msContents msItem msItemStruct",
        "start": _TIMED + " surface zone line path",
        "end": _TIMED,
        "since": "when",
        "origin": "timeline",
        "code": "occupation socecStatus",
        "feats": "fs",
        "fVal": "f",
        "property": "citeData",
    }.items()
}
#: Elements of ODD, where ``@source`` and ``@ref`` name a version or a type of TEI.
_ODD: Final = frozenset(
    "classRef dataRef elementRef macroRef moduleRef schemaSpec specGrpRef".split()
)

_PERSON: Final = frozenset({"person", "personGrp", "persona"})
_PLACE: Final = frozenset({"place"})
_ORGANISATION: Final = frozenset({"org"})
_HAND: Final = frozenset({"handNote"})
#: What ``@ref`` of a name points to.
_NAMED: Final = {
    "persName": _PERSON,
    "orgName": _ORGANISATION,
    "placeName": _PLACE,
    "settlement": _PLACE,
    "country": _PLACE,
    "region": _PLACE,
    "district": _PLACE,
    "geogName": _PLACE,
}
#: What ``@ref`` of ``rs`` and ``name`` points to, by ``@type``.
_TYPED: Final = {
    "person": _PERSON,
    "place": _PLACE,
    "org": _ORGANISATION,
    "organisation": _ORGANISATION,
    "organization": _ORGANISATION,
}
_BY_ATTRIBUTE: Final = {
    "hand": _HAND,
    "new": _HAND,
    "calendar": frozenset({"calendar"}),
    "rendition": frozenset({"rendition"}),
    "change": frozenset({"change", "listChange"}),
}


def points(tag: str, attribute: str) -> bool:
    """Return whether an attribute of an element points.

    Args:
        tag: The element's local name.
        attribute: The attribute's name; one in a namespace never points.
    """
    if tag in _ODD:
        return False
    return attribute in _ANYWHERE or tag in _ON.get(attribute, ())


def attributes_of(element: Element) -> list[str]:
    """Return the names of an element's attributes that point."""
    found = []
    for attribute in element.attrib:
        name = str(attribute)
        if name in _ANYWHERE or name in _ON:
            tag = local_name(element)
            if points(tag, name):
                found.append(name)
    return found


def wrong_kind(element: Element, attribute: str, found: str) -> str | None:
    """Say what a pointer should mean if it means the wrong kind of element.

    Args:
        element: The element that points.
        attribute: The attribute it points with.
        found: The local name of the element pointed to.

    Returns:
        A mend; None if the kind is right, or any will do.
    """
    if attribute == "resp":
        if found in {"handNote", "scriptNote"}:
            return (
                "@resp says who states this (editor, translator); "
                "whose writing it is goes into @hand"
            )
        return None
    expected = expected_kinds(local_name(element), attribute, element.get("type", ""))
    if expected is None or found in expected:
        return None
    if attribute == "hand":
        return "@hand points to a <handNote>; who states this goes into @resp"
    return f"expected is {' or '.join(f'<{name}>' for name in sorted(expected))}"


def expected_kinds(tag: str, attribute: str, kind: str) -> frozenset[str] | None:
    """Return the elements that an attribute may point to; None: any.

    Args:
        tag: The local name of the element that points.
        attribute: The attribute it points with.
        kind: The element's ``@type``.
    """
    if attribute == "ref":
        if tag in {"rs", "name"}:
            return _TYPED.get(kind)
        return _NAMED.get(tag)
    if tag == "catRef":
        wanted = {"target": "category", "scheme": "taxonomy"}.get(attribute)
        return frozenset({wanted}) if wanted else None
    return _BY_ATTRIBUTE.get(attribute)
