"""The markup of schema files: what every element of one shares.

Checks attributes and content of an element against the syntax of RELAX NG (section
3), passes over annotations (section 4.1) and hands down what is inherited (sections
4.3 and 4.9).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Never

from toolkit.errors import SchemaError
from toolkit.schema.datatypes import SPACE
from toolkit.schema.lexical import is_name, library_uri
from toolkit.tei import line_of

if TYPE_CHECKING:
    from lxml import etree

    from toolkit.tei import Element

RNG_NS: Final = "http://relaxng.org/ns/structure/1.0"
RNG: Final = f"{{{RNG_NS}}}"
CUT: Final = len(RNG)

_ATTRIBUTES: Final = {
    "element": {"name"},
    "attribute": {"name"},
    "ref": {"name"},
    "parentRef": {"name"},
    "externalRef": {"href"},
    "include": {"href"},
    "data": {"type"},
    "value": {"type"},
    "param": {"name"},
    "define": {"name", "combine"},
    "start": {"combine"},
}
_EVERYWHERE: Final = {"ns", "datatypeLibrary"}
_REQUIRED: Final = {
    "ref": "name",
    "parentRef": "name",
    "externalRef": "href",
    "include": "href",
    "data": "type",
    "param": "name",
    "define": "name",
}


@dataclass(frozen=True, slots=True)
class Place:
    """What an element inherits from the elements around it."""

    file: str  #: as messages name it
    uri: str  #: of the file
    ns: str
    library: str


def where(element: Element, place: Place) -> str:
    """Return file and line of an element, as messages begin."""
    return f"{place.file}:{line_of(element)}"


def fail(element: Element, place: Place, reason: str) -> Never:
    """Report a fault of the schema.

    Raises:
        SchemaError: Always.
    """
    raise SchemaError(f"{where(element, place)}: {reason}")


def _attributes(element: Element) -> list[tuple[str, str]]:
    """Return an element's attributes; the stubs think they may be bytes."""
    found: list[tuple[str, str]] = element.items()  # type: ignore[assignment]
    return found


def enter(element: Element, place: Place) -> tuple[Place, dict[str, str]]:
    """Check an element's attributes; return what holds inside it, and them."""
    kind = element.tag[CUT:]
    found: dict[str, str] = {}
    for key, value in _attributes(element):
        if key[0] != "{":
            found[key] = value
        elif key.startswith(RNG):
            fail(element, place, f"an attribute in the namespace {RNG_NS}")
    if found:
        extra = found.keys() - _EVERYWHERE
        if extra and (wrong := extra - _ATTRIBUTES.get(kind, set())):
            fail(element, place, f"<{kind}> has no attribute {min(wrong)!r}")
        if len(extra) < len(found):
            place = _inherit(element, place, found)
    required = _REQUIRED.get(kind)
    if required and required not in found:
        fail(element, place, f"<{kind}> lacks its attribute {required!r}")
    return place, found


def _inherit(element: Element, place: Place, found: dict[str, str]) -> Place:
    library = found.get("datatypeLibrary", place.library)
    if library != place.library:
        try:
            library_uri(library)
        except ValueError as fault:
            fail(element, place, f"datatypeLibrary is {fault}")
    return Place(place.file, place.uri, found.get("ns", place.ns), library)


def children_of(element: Element, place: Place) -> list[Element]:
    """Return the RELAX NG children; annotations are dropped (section 4.1)."""
    found = []
    text = element.text
    for child in element:
        if text and text.strip(SPACE):
            break
        tag: object = child.tag  # a function for comments and instructions
        if isinstance(tag, str) and tag.startswith(RNG):
            found.append(child)
        text = child.tail
    if text and text.strip(SPACE):
        fail(element, place, f"text in <{element.tag[CUT:]}>")
    return found


def ncname(element: Element, place: Place, value: str) -> str:
    """Return a name without the white space around it (section 4.2)."""
    name = value.strip(SPACE)
    if not is_name(name):
        fail(element, place, f"{value!r} is no name without a colon")
    return name


def string_of(element: Element, place: Place) -> str:
    """Return the text of an element that may hold nothing else."""
    if not len(element):
        return element.text or ""
    if any(map(is_element, element)):
        fail(element, place, f"<{element.tag[CUT:]}> holds text only")
    return (element.text or "") + "".join(child.tail or "" for child in element)


def is_element(child: etree._Element) -> bool:
    """Say whether a child is an element, not a comment or instruction."""
    return isinstance(child.tag, str)


def no_children(element: Element, place: Place) -> None:
    """Check that an element is empty but for annotations."""
    if (len(element) or element.text) and children_of(element, place):
        fail(element, place, f"<{element.tag[CUT:]}> has no content")
