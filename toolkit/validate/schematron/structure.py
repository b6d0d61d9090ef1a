"""What in a schema is not as the standard has it, so that it would do nothing.

A misspelt attribute or a rule in the wrong place changes nothing that one sees: the
rule is simply never asked. So everything that is not known, or stands where it is not
looked for, is named.

ISO/IEC 19757-3, annex A (the grammar of schemas).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toolkit.tei import local_name
from toolkit.validate.schematron.model import SCH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.tei import Element

XSLT: Final = "{http://www.w3.org/1999/XSL/Transform}"
#: What may stand on any element: ids, and attributes for readers.
_ANYWHERE: Final = frozenset("id icon see fpi class role".split())
_CHECK: Final = frozenset("test flag subject diagnostics properties severity".split())
#: The elements of a schema, with the attributes that are understood.
_KNOWN: Final = {
    "schema": frozenset(
        "schemaVersion defaultPhase queryBinding schematronEdition".split()
    ),
    "ns": frozenset({"prefix", "uri"}),
    "let": frozenset({"name", "value"}),
    "phase": frozenset(),
    "active": frozenset({"pattern"}),
    "pattern": frozenset({"abstract", "is-a", "name", "subject", "flag", "severity"}),
    "group": frozenset({"abstract", "is-a", "name", "subject", "flag", "severity"}),
    "rules": frozenset(),
    "rule": frozenset({"context", "abstract", "flag", "subject", "severity"}),
    "assert": _CHECK,
    "report": _CHECK,
    "extends": frozenset({"rule", "href"}),
    "include": frozenset({"href"}),
    "param": frozenset({"name", "value"}),
    "name": frozenset({"path"}),
    "value-of": frozenset({"select"}),
    "dir": frozenset({"value"}),
    "property": frozenset({"scheme"}),
    **dict.fromkeys(
        "title p emph span diagnostics diagnostic properties".split(), frozenset()
    ),
}
#: Where elements have to stand to do something.
_PLACES: Final = {
    "phase": ("schema",),
    "active": ("phase",),
    "pattern": ("schema",),
    "group": ("schema",),
    "rule": ("pattern", "group", "rules"),
    "assert": ("rule",),
    "report": ("rule",),
    "let": ("schema", "phase", "pattern", "group", "rule"),
    "extends": ("rule", "schema", "pattern", "group"),
    "diagnostic": ("diagnostics",),
    "property": ("properties",),
    "param": ("pattern", "group"),
}
#: What is read of XSLT; functions are named with what calls them.
_OF_XSLT: Final = frozenset({"key", "value-of", "text", "function"})


def amiss(root: Element) -> Iterator[tuple[Element, str]]:
    """Yield the elements of a schema that are not understood, each with what is amiss.

    Args:
        root: A ``schema``, with what it includes.
    """
    for element in root.iter(f"{SCH}*"):
        name = local_name(element)
        if name not in _KNOWN:
            yield element, f"<{name}> is not ISO Schematron"
            continue
        if element.get("documents") and name in {"pattern", "group"}:
            yield element, f"{name}/@documents is not run: name the documents"
        for attribute in map(str, element.attrib):
            known = attribute in _KNOWN[name] | _ANYWHERE
            if not (known or attribute.startswith("{") or attribute == "documents"):
                yield element, f"the attribute {attribute} of <{name}> is not run"
        yield from _misplaced(element, name)
    for element in root.iter(f"{XSLT}*"):
        name, parent = local_name(element), element.getparent()
        in_xslt = parent is not None and str(parent.tag).startswith(XSLT)
        if name not in _OF_XSLT and not in_xslt:
            yield element, f"<xsl:{name}> is XSLT, which is not run"


def _misplaced(element: Element, name: str) -> Iterator[tuple[Element, str]]:
    """Yield an element that does nothing where it stands, or is contradicted."""
    parent, places = element.getparent(), _PLACES.get(name, ())
    if parent is None:
        return
    holder = local_name(parent) if str(parent.tag).startswith(SCH) else str(parent.tag)
    if places and holder not in places:
        belongs = " or ".join(f"<{one}>" for one in places)
        yield element, f"<{name}> in <{holder}> is not run: it belongs into {belongs}"
    if name in {"let", "ns"}:
        key = "name" if name == "let" else "prefix"
        before = element.itersiblings(element.tag, preceding=True)
        same = (one for one in before if one.get(key) == element.get(key))
        if any(sorted(one.items()) != sorted(element.items()) for one in same):
            sign = "variable $" if name == "let" else "prefix "
            yield (
                element,
                f"the {sign}{element.get(key)} is declared twice, differently",
            )
