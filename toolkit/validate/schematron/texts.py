"""The texts of a rule: its parts and a node give what is said.

ISO/IEC 19757-3, 5.4.6 (name), 5.4.14 (value-of).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from toolkit.validate.schematron.model import Name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from toolkit.validate.schematron.model import Part
    from toolkit.validate.xpath.expression import Reading

_XML: Final = "http://www.w3.org/XML/1998/namespace"


def filled(
    parts: Iterable[Part],
    reading: Reading,
    place: object,
    variables: Mapping[str, object],
) -> str:
    """Return a text with its ``name`` and ``value-of`` filled in.

    Args:
        parts: The parts of the text.
        reading: The document.
        place: The node that the rule fired for.
        variables: What the text may use.

    Raises:
        XPathError: A part cannot be had at this place.
        TooLongError: The reading's budget is spent.
    """
    words = ""
    for part in parts:
        if isinstance(part, str):
            words += part
        elif not isinstance(part, Name):
            words += part.text(reading, place, variables)
        elif part.path is None:
            words += name_of(place)
        else:
            found = part.path.items(reading, place, variables)
            if found and not hasattr(found[0], "node_kind"):
                words += " ".join(map(str, found))  # as name(.) gives it
            elif found:
                words += name_of(found[0])
    return " ".join(words.split())


def name_of(item: Any) -> str:
    """Return a node's name as the document writes it; empty: it has none.

    Args:
        item: An element of lxml, or any node of elementpath's tree.
    """
    kind = getattr(item, "node_kind", "element")
    if kind == "element":
        element = item if isinstance(item, etree._Element) else item.value
        prefix = f"{element.prefix}:" if element.prefix else ""
        return prefix + etree.QName(element).localname
    if kind == "attribute":
        name = etree.QName(str(item.name))
        prefix = _prefix_of(name.namespace, item) if name.namespace else ""
        return prefix + name.localname
    return str(item.name or "") if kind.startswith("processing") else ""


def _prefix_of(namespace: str, attribute: Any) -> str:
    if namespace == _XML:
        return "xml:"
    declared = getattr(getattr(attribute.parent, "value", None), "nsmap", {})
    fitting = (prefix for prefix, uri in declared.items() if uri == namespace)
    return next((f"{prefix}:" for prefix in fitting if prefix), "")
