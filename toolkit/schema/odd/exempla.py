"""The examples of an ODD: for the reference pages as source, for tests as TEI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lxml import etree

from toolkit.schema.odd.content import EXAMPLES_NS, line_of, tei_children
from toolkit.schema.odd.read import source_root
from toolkit.tei import TEI, TEI_NS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from toolkit.tei import Element

_EXAMPLE: Final = f"{{{EXAMPLES_NS}}}"


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One example of one specification, as a TEI element."""

    ident: str  #: of the specification that it stands in
    line: int  #: 1-based line of the element's start tag in the ODD
    element: Element  #: the example, in the TEI namespace, without a parent
    valid: bool  #: False where the ODD itself says ``egXML/@valid="false"``


def examples(odd: Path) -> Iterator[Example]:
    """Yield every example of an ODD, in order.

    Args:
        odd: An ODD; it need not be self-contained.

    Raises:
        SchemaError: The file is not XML.

    TEI: section TDTAG, ``exemplum`` and ``egXML``.
    """
    for example in source_root(odd).iter(_EXAMPLE + "egXML"):
        specification = next(
            (one for one in example.iterancestors() if one.get("ident")), None
        )
        if specification is None or specification.tag == TEI + "schemaSpec":
            continue
        for element in tei_children(example):
            yield Example(
                ident=_owner(example),
                line=line_of(element),
                element=in_tei_namespace(element),
                valid=example.get("valid") != "false",
            )


def _owner(example: Element) -> str:
    """Return the ident of the top-level specification that an example stands in."""
    idents = [
        one.get("ident", "")
        for one in example.iterancestors()
        if one.get("ident") and one.tag != TEI + "schemaSpec"
    ]
    return idents[-1] if idents else ""


def in_tei_namespace(element: Element) -> Element:
    """Return a copy of an example in which the Examples namespace became TEI's."""
    copy = etree.Element(_tei_name(element.tag), nsmap=_prefixes(element))
    _fill(copy, element)
    return copy


def _fill(copy: Element, element: Element) -> None:
    """Give a copy what an element has; comments leave only what follows them."""
    for name, value in element.attrib.items():
        copy.set(name, value)
    copy.text = element.text
    for child in element:
        tag: object = child.tag
        if isinstance(tag, str):
            part = etree.SubElement(copy, _tei_name(tag), nsmap=_prefixes(child))
            _fill(part, child)
            part.tail = child.tail
        elif len(copy):
            copy[-1].tail = (copy[-1].tail or "") + (child.tail or "")
        else:
            copy.text = (copy.text or "") + (child.tail or "")


def _tei_name(tag: str) -> str:
    return TEI + tag.removeprefix(_EXAMPLE) if tag.startswith(_EXAMPLE) else tag


def _prefixes(element: Element) -> dict[str, str]:
    """Return the namespaces to declare: TEI's alone as the default."""
    namespace = str(etree.QName(element).namespace or "")
    if not namespace:
        return {}
    if namespace == EXAMPLES_NS:
        return {None: TEI_NS}  # type: ignore[dict-item]  # lxml's default namespace
    return {element.prefix: namespace}
