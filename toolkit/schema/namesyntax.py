"""Reading name classes from a schema file (RELAX NG sections 4.8 to 4.10 and 4.16)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toolkit.schema.datatypes import SPACE
from toolkit.schema.markup import RNG, children_of, enter, fail, ncname, string_of
from toolkit.schema.nameclass import AnyName, Name, NameChoice, NameClass, NsName

if TYPE_CHECKING:
    from toolkit.schema.markup import Place
    from toolkit.tei import Element

_XMLNS: Final = "http://www.w3.org/2000/xmlns"


def qname(element: Element, place: Place, text: str, ns: str) -> Name:
    """Return the name that a qualified name means where it stands.

    Args:
        element: The element that holds the name, with its namespaces.
        place: What that element inherits.
        text: The qualified name.
        ns: The namespace of a name without prefix.

    Raises:
        SchemaError: It is no name, or its prefix is not declared.
    """
    prefix, colon, local = text.strip(SPACE).rpartition(":")
    local = ncname(element, place, local)
    if not colon:
        return Name(ns, local)
    if prefix == "xml":
        return Name("http://www.w3.org/XML/1998/namespace", local)
    uri = element.nsmap.get(ncname(element, place, prefix))
    if uri is None:
        fail(element, place, f"the prefix {prefix!r} is not declared")
    return Name(uri, local)


def name_class(
    element: Element, place: Place, banned: frozenset[str] = frozenset()
) -> NameClass:
    """Read ``name``, ``anyName``, ``nsName`` or a ``choice`` of them.

    Args:
        element: The name class.
        place: What it inherits.
        banned: Name classes that may not stand here, inside an ``except``.

    Raises:
        SchemaError: It is no name class, or one that may not stand here.
    """
    place, _ = enter(element, place)
    kind = element.tag[len(RNG) :]
    if kind in banned:
        fail(element, place, f"<{kind}> may not be excepted here")
    if kind == "name":
        text = string_of(element, place)
        return qname(element, place, text, place.ns)
    if kind == "choice":
        children = children_of(element, place)
        if not children:
            fail(element, place, "<choice> holds no name class")
        found = tuple(name_class(one, place, banned) for one in children)
        return NameChoice(found) if len(found) > 1 else found[0]
    if kind == "anyName":
        inside = banned | {"anyName"}
        return AnyName(_excluding(element, place, inside))
    if kind == "nsName":
        inside = banned | {"anyName", "nsName"}
        return NsName(place.ns, _excluding(element, place, inside))
    return fail(element, place, f"<{kind}> is no name class")


def _excluding(
    element: Element, place: Place, banned: frozenset[str]
) -> NameClass | None:
    children = children_of(element, place)
    if not children:
        return None
    if len(children) > 1 or children[0].tag != f"{RNG}except":
        fail(children[-1], place, "a name class holds one <except> at most")
    inner, _ = enter(children[0], place)
    excepted = children_of(children[0], inner)
    if not excepted:
        fail(children[0], place, "<except> holds no name class")
    found = tuple(name_class(one, inner, banned) for one in excepted)
    return NameChoice(found) if len(found) > 1 else found[0]


def check_attribute(name_class: NameClass) -> None:
    """Check that a name class of attributes names no namespace declaration.

    Raises:
        ValueError: It does.
    """
    match name_class:
        case Name("", "xmlns"):
            raise ValueError("an attribute is never called xmlns")
        case NameChoice():
            for one in name_class.alternatives:
                check_attribute(one)
        case Name() | NsName() if name_class.ns == _XMLNS:
            raise ValueError(f"an attribute is never in the namespace {_XMLNS}")
        case NsName() | AnyName() if name_class.excluding is not None:
            check_attribute(name_class.excluding)
