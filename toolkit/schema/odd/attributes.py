"""Reading attribute lists and constraints of a specification."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toolkit.schema.odd.content import (
    line_of,
    occurrence,
    plain_words,
    read_content,
    tei_children,
    value_items,
    words_of,
)
from toolkit.schema.odd.model import (
    AttChoice,
    AttDef,
    AttItem,
    AttRef,
    ConstraintSpec,
    Datatype,
    Prose,
    ValList,
    ValueKind,
)
from toolkit.tei import TEI, local_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.schema.odd.faults import Faults
    from toolkit.tei import Element

_VALUE_KINDS: Final[dict[str, ValueKind]] = {
    "open": "open",
    "semi": "semi",
    "closed": "closed",
}
_MODES: Final = ("add", "change", "replace", "delete")


def read_attributes(spec: Element, faults: Faults) -> tuple[AttItem, ...]:
    """Read the ``attList`` elements of a specification (R10)."""
    items: list[AttItem] = []
    for att_list in spec.iterchildren(TEI + "attList"):
        items += _list_items(att_list, faults)
    return tuple(items)


def _list_items(att_list: Element, faults: Faults) -> Iterator[AttItem]:
    """Yield what a list holds; a list of alternatives is one item."""
    branches = [_branch(child, faults) for child in tei_children(att_list)]
    if att_list.get("org") == "choice":
        yield AttChoice(tuple(branch for branch in branches if branch))
        return
    for branch in branches:
        yield from branch


def _branch(child: Element, faults: Faults) -> tuple[AttItem, ...]:
    match local_name(child):
        case "attDef":
            return (_attribute(child, faults),)
        case "attList":
            return tuple(_list_items(child, faults))
        case "attRef":
            return (_reference(child),)
        case _:
            return ()


def _reference(element: Element) -> AttRef:
    """Read ``attRef``: class and name, or the old ``att.x.attribute.y``."""
    if element.get("class"):
        class_key, ident = element.get("class", ""), element.get("name", "")
    else:
        class_key, _, ident = element.get("key", "").partition(".attribute.")
    return AttRef(class_key, ident, line_of(element))


def _attribute(element: Element, faults: Faults) -> AttDef:
    line, ident = line_of(element), element.get("ident", "")
    mode = element.get("mode", "add")
    if not ident:
        faults.error(line, "ODD108", "<attDef> has no @ident", "name the attribute")
    if mode not in _MODES:
        faults.error(
            line, "ODD109", f"mode={mode!r} is not known", f"use {', '.join(_MODES)}"
        )
    desc = words_of(element, "desc")
    return AttDef(
        ident=ident,
        line=line,
        gloss=plain_words(element, "gloss"),
        desc=None if desc is None else Prose(desc),
        name=plain_words(element, "altIdent") or ident,
        namespace=element.get("ns", ""),
        mode=mode,
        usage=element.get("usage", ""),
        datatype=_datatype(element, faults),
        values=_values(element, faults),
        default=plain_words(element, "defaultVal"),
        constraints=read_constraints(element, faults),
        remarks=tuple(map(Prose, element.iterchildren(TEI + "remarks"))),
    )


def _datatype(element: Element, faults: Faults) -> Datatype | None:
    found = element.find(TEI + "datatype")
    if found is None:
        return None
    return Datatype(read_content(found, faults), *occurrence(found, faults))


def _values(element: Element, faults: Faults) -> ValList | None:
    """Read the attribute's list of values (R11); without a type it is open."""
    found = element.find(TEI + "valList")
    if found is None:
        return None
    kind = _VALUE_KINDS.get(found.get("type", "open"))
    if kind is None:
        faults.error(
            line_of(found),
            "ODD109",
            f"a list of values has type={found.get('type')!r}",
            "use closed, semi or open",
        )
        kind = "open"
    return ValList(kind, value_items(found))


def read_constraints(spec: Element, faults: Faults) -> tuple[ConstraintSpec, ...]:
    """Read the ``constraintSpec`` elements that a specification holds directly."""
    found: list[ConstraintSpec] = []
    for element in spec.iterchildren(TEI + "constraintSpec"):
        ident, scheme = element.get("ident", ""), element.get("scheme", "schematron")
        if scheme not in ("schematron", "isoschematron"):
            faults.warn(
                line_of(element),
                "ODD301",
                f"the constraint {ident!r} is written in {scheme!r} and is left out",
                "write it in Schematron",
            )
            continue
        if not ident:
            faults.error(
                line_of(element), "ODD108", "<constraintSpec> has no @ident", "name it"
            )
        desc = words_of(element, "desc")
        found.append(
            ConstraintSpec(
                ident=ident,
                line=line_of(element),
                gloss=plain_words(element, "gloss"),
                desc=None if desc is None else Prose(desc),
                constraints=tuple(element.iterchildren(TEI + "constraint")),
            )
        )
    return tuple(found)
