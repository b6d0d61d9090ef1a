"""A schema's constraints to one ISO Schematron file (rule R26).

Each ``constraintSpec`` becomes a pattern of its name. An assertion that stands there
without a rule gets the context of its owner: the element, the attribute, or for the
schema itself the document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from lxml import etree

from toolkit.schema.odd.content import line_of, tei_children
from toolkit.schema.odd.model import ClassSpec, ElementSpec, attribute_definitions
from toolkit.schema.odd.relaxng import made_from
from toolkit.tei import TEI_NS, local_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.schema.odd.faults import Faults
    from toolkit.schema.odd.model import ConstraintSpec
    from toolkit.schema.odd.resolve import Schema
    from toolkit.tei import Element

SCHEMATRON_NS: Final = "http://purl.oclc.org/dsdl/schematron"
XSLT_NS: Final = "http://www.w3.org/1999/XSL/Transform"
_SCH: Final = f"{{{SCHEMATRON_NS}}}"
_LITERAL: Final = re.compile(r"'[^']*'|\"[^\"]*\"")
_PREFIX: Final = re.compile(r"(?<![\w.:-])([A-Za-z_][\w.-]*):(?![:=])[\w*]")
_XPATHS: Final = (
    "context",
    "test",
    "select",
    "value",
    "path",
    "subject",
    "match",
    "use",
)
_WELL_KNOWN: Final = {
    "xs": "http://www.w3.org/2001/XMLSchema",
    "xml": "http://www.w3.org/XML/1998/namespace",
    "fn": "http://www.w3.org/2005/xpath-functions",
}
_LOOSE: Final = ("assert", "report")
_WHOLE_SCHEMA: Final = ("let", "phase", "diagnostics", "properties")


def schematron(schema: Schema, faults: Faults) -> bytes:
    """Return the schema's constraints as ISO Schematron with ``queryBinding="xslt2"``.

    Args:
        schema: The schema.
        faults: Takes what is wrong: ODD302 an assertion without a context, ODD303 a
            prefix that is declared nowhere, ODD304 what Schematron does not have.
    """
    return _Writer(schema, faults).file()


def schematron_tree(schema: Schema, faults: Faults) -> Element:
    """Return the same as an element tree whose ``sourceline`` is that of the ODD.

    Args:
        schema: The schema.
        faults: As for :func:`schematron`.
    """
    return _Writer(schema, faults).tree()


@dataclass
class _Writer:
    schema: Schema
    faults: Faults
    prefixes: dict[str, str] = field(default_factory=lambda: {"tei": TEI_NS})
    patterns: list[Element] = field(default_factory=list)
    head: list[Element] = field(default_factory=list)
    idents: set[str] = field(default_factory=set)

    def file(self) -> bytes:
        """Return the whole file."""
        root = self.tree()
        _indent(root, 0)
        body = etree.tostring(root, encoding="unicode")
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'.encode()

    def tree(self) -> Element:
        """Return the whole schema."""
        for spec, context in self._owned():
            self._pattern(spec, context)
        root = etree.Element(
            _SCH + "schema", queryBinding="xslt2", nsmap={"sch": SCHEMATRON_NS}
        )
        root.append(etree.Comment(made_from(self.schema)))
        title = etree.SubElement(root, _SCH + "title")
        title.text = self.schema.odd.title or self.schema.odd.ident
        for prefix, uri in sorted(self.prefixes.items()):
            etree.SubElement(root, _SCH + "ns", prefix=prefix, uri=uri)
        root.extend(self.head)
        root.extend(self.patterns)
        return root

    def _owned(self) -> Iterator[tuple[ConstraintSpec, str]]:
        """Yield each constraint with the context of its owner; empty: it has none."""
        odd = self.schema.odd
        for spec in odd.constraints:
            yield spec, "/"
        owners: list[ElementSpec | ClassSpec] = [*odd.classes.values()]
        owners += odd.elements.values()
        for owner in owners:
            context = self._context(owner) if isinstance(owner, ElementSpec) else ""
            for spec in owner.constraints:
                yield spec, context
            for attribute in attribute_definitions(owner.attributes):
                for spec in attribute.constraints:
                    yield spec, context and f"{context}/@{attribute.name}"
        for other in (*odd.macros.values(), *odd.datatypes.values()):
            for spec in other.constraints:
                yield spec, ""

    def _context(self, spec: ElementSpec) -> str:
        """Return an XPath pattern for an element."""
        if not spec.namespace:
            return spec.name
        for prefix, uri in self.prefixes.items():
            if uri == spec.namespace:
                return f"{prefix}:{spec.name}"
        prefix = f"ns{len(self.prefixes)}"
        self.prefixes[prefix] = spec.namespace
        return f"{prefix}:{spec.name}"

    def _pattern(self, spec: ConstraintSpec, context: str) -> None:
        """Make the pattern, or patterns, of one ``constraintSpec``."""
        pattern = etree.Element(_SCH + "pattern", id=self._free_ident(spec.ident))
        if spec.desc is not None:
            etree.SubElement(pattern, _SCH + "title").text = spec.desc.text
        loose: list[Element] = []
        for constraint in spec.constraints:
            for child in tei_children(constraint):
                self._part(child, context, pattern, loose)
        if loose and any(one.tag != _SCH + "let" for one in loose):
            if not context:
                self.faults.error(
                    spec.line,
                    "ODD302",
                    f"the constraint {spec.ident!r} has an assertion without a context",
                    "put it into a rule with a context: a class has none of its own",
                )
            rule = etree.SubElement(pattern, _SCH + "rule", context=context or "*")
            rule.extend(loose)
        elif loose:
            pattern[1 if spec.desc is not None else 0 : 0] = loose
        if pattern.find(_SCH + "rule") is not None or pattern.get("is-a"):
            self.patterns.append(pattern)

    def _part(
        self, child: Element, context: str, pattern: Element, loose: list[Element]
    ) -> None:
        """Put one child of a ``constraint`` where it belongs."""
        namespace, name = etree.QName(child).namespace, local_name(child)
        if namespace == XSLT_NS and name in ("key", "function"):
            self.head.append(self._copy(child))
        elif namespace != SCHEMATRON_NS or name == "key":
            self.faults.error(
                line_of(child),
                "ODD304",
                f"a constraint holds <{name}>, which Schematron does not have",
                "write sch:rule, sch:assert or sch:report; for a key, xsl:key",
            )
        elif name == "ns":
            self.prefixes[child.get("prefix", "")] = child.get("uri", "")
        elif name == "pattern":
            copy = self._copy(child)
            copy.set("id", self._free_ident(copy.get("id", pattern.get("id", ""))))
            self.patterns.append(copy)
        elif name in _WHOLE_SCHEMA and context == "/":
            self.head.append(self._copy(child))
        elif name in (*_LOOSE, "let"):
            loose.append(self._copy(child))
        else:
            pattern.append(self._copy(child))

    def _free_ident(self, wanted: str) -> str:
        """Return the wanted identifier, numbered where it is taken."""
        ident, number = wanted, 2
        while ident in self.idents:
            ident, number = f"{wanted}-{number}", number + 1
        self.idents.add(ident)
        return ident

    def _copy(self, element: Element) -> Element:
        """Return a copy with its prefixes noted and the white space of prose evened."""
        copy = etree.Element(element.tag, nsmap={"sch": SCHEMATRON_NS})
        copy.sourceline = line_of(element)  # type: ignore[assignment]  # stubs lag
        for attribute, value in element.attrib.items():
            copy.set(attribute, value)
        for name in _XPATHS:
            if name in element.attrib:
                self._note_prefixes(element, str(element.get(name)))
        prose = local_name(element) not in ("pattern", "rule", "diagnostics", "phase")
        copy.text = _even(element.text) if prose else None
        for child in element:
            if isinstance(child.tag, str):
                part = self._copy(child)
                part.tail = _even(child.tail) if prose else None
                copy.append(part)
        if prose:
            _strip(copy)
        return copy

    def _note_prefixes(self, element: Element, xpath: str) -> None:
        for prefix in _PREFIX.findall(_LITERAL.sub("''", xpath)):
            if prefix in self.prefixes or prefix == "xml":
                continue
            uri = element.nsmap.get(prefix) or _WELL_KNOWN.get(prefix)
            if uri is None:
                self.faults.error(
                    line_of(element),
                    "ODD303",
                    f"the prefix {prefix!r} in {xpath!r} is declared nowhere",
                    f'declare it with <sch:ns prefix="{prefix}" uri="…"/>',
                )
            else:
                self.prefixes[prefix] = uri


def _even(text: str | None) -> str:
    """Return text with each run of white space as one space."""
    return re.sub(r"\s+", " ", text or "")


def _strip(element: Element) -> None:
    """Take the white space from both ends of an element's mixed content."""
    element.text = (element.text or "").lstrip() or None
    if len(element):
        element[-1].tail = (element[-1].tail or "").rstrip() or None
    elif element.text:
        element.text = element.text.rstrip()


def _indent(element: Element, depth: int) -> None:
    """Indent what holds elements only; sentences stay as they are."""
    if not len(element) or local_name(element) in (*_LOOSE, "title", "p", "diagnostic"):
        return
    element.text = "\n" + "  " * (depth + 1)
    for child in element:
        if isinstance(child.tag, str):
            _indent(child, depth + 1)
        child.tail = "\n" + "  " * (depth + 1)
    element[-1].tail = "\n" + "  " * depth
