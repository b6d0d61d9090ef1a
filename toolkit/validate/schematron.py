"""Reading Schematron: a ``.sch`` file (or a RELAX NG with rules in it) gives rules.

What this engine lacks is kept as a list of lacks, which become findings: a rule is
never left out silently.

ISO/IEC 19757-3 (Schematron): schema, ns, let, pattern, rule, assert, report, name,
value-of, diagnostic. Not yet: phases, abstract patterns and rules, include.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from lxml import etree

from toolkit.errors import ReadError, SchemaError
from toolkit.findings import Severity
from toolkit.tei import Element, line_of, parse, read_bytes
from toolkit.validate.contexts import Context, context_of
from toolkit.validate.xpath import Expression, XPathError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCH: Final = "{http://purl.oclc.org/dsdl/schematron}"
_XSLT: Final = "{http://www.w3.org/1999/XSL/Transform}"
_BINDINGS: Final = {
    "",
    "xslt",
    "xslt1",
    "xslt2",
    "xslt3",
    "xpath",
    "xpath2",
    "xpath3",
    "xpath31",
}
_MILD: Final = ("warn", "info", "nonfatal", "hint", "caution")

#: Part of a message: text, or what stands at ``name`` or ``value-of``.
Part: TypeAlias = "str | Name | Expression"


@dataclass(frozen=True, slots=True)
class Name:
    """A ``name`` element: prints the name of a node, by default of the one at hand."""

    path: Expression | None


@dataclass(frozen=True, slots=True)
class Let:
    """A variable: its value is an expression, evaluated where the rule fires."""

    name: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Check:
    """One ``assert`` or ``report``."""

    ident: str  #: the constraint's id
    test: Expression
    fails_if: bool  #: the truth value of the test that makes a finding
    message: tuple[Part, ...]
    severity: Severity
    diagnostics: tuple[tuple[Part, ...], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """What is asked of every node that a context matches."""

    pattern: int  #: of the rules of one pattern, the first that matches fires
    context: Context
    lets: tuple[Let, ...]
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Lack:
    """A rule, or a part of one, that this engine cannot run."""

    line: int  #: 1-based line in the schema
    message: str


@dataclass(frozen=True, slots=True)
class Rules:
    """A Schematron schema, ready to run."""

    path: Path
    lets: tuple[Let, ...]  #: of the schema and its patterns: evaluated at the root
    rules: tuple[Rule, ...]
    lacks: tuple[Lack, ...]


def load(path: Path) -> Rules:
    """Read the rules of a Schematron file, or those in a RELAX NG file.

    Raises:
        SchemaError: It cannot be read, or is not ISO Schematron.
    """
    try:
        root = parse(read_bytes(path), path)
    except ReadError as fault:
        raise SchemaError(fault.message) from None
    if root.tag == f"{SCH}schema":
        binding = root.get("queryBinding", "").lower()
        if binding not in _BINDINGS:
            raise SchemaError(
                f"{path}:{line_of(root)}: queryBinding {binding!r} is not known; "
                f"known: {', '.join(sorted(_BINDINGS - {''}))}"
            )
    elif not str(root.tag).startswith("{http://relaxng.org/ns/structure/1.0}"):
        raise SchemaError(
            f"{path}:{line_of(root)}: is not ISO Schematron: the outermost element is "
            f"{root.tag}, expected schema in {SCH[1:-1]}"
        )
    return _Reader(path, root).rules()


class _Reader:
    """One reading of one schema."""

    def __init__(self, path: Path, root: Element) -> None:
        self.path, self.root = path, root
        self.lacks: list[Lack] = []
        self.namespaces = {
            ns.get("prefix", ""): ns.get("uri", "") for ns in root.iter(f"{SCH}ns")
        }
        self.namespaces.setdefault("xs", "http://www.w3.org/2001/XMLSchema")
        self.diagnostics = {
            found.get("id", ""): self.parts(found)
            for found in root.iter(f"{SCH}diagnostic")
        }

    def rules(self) -> Rules:
        """Return everything that can be run, and what cannot."""
        self._foreign()
        lets = self.lets(self.root) if self.root.tag == f"{SCH}schema" else ()
        rules: list[Rule] = []
        for number, pattern in enumerate(self.root.iter(f"{SCH}pattern")):
            if pattern.get("abstract") == "true" or pattern.get("is-a"):
                self.lack(pattern, "abstract patterns are not run yet")
                continue
            lets += self.lets(pattern)
            for rule in pattern.iterchildren(f"{SCH}rule"):
                rules += self.rule(number, rule)
        return Rules(self.path, lets, tuple(rules), tuple(self.lacks))

    def _foreign(self) -> None:
        """Note what changes the meaning of the schema and is not understood."""
        for element in self.root.iter(f"{SCH}include", f"{SCH}extends"):
            self.lack(element, f"<{etree.QName(element).localname}> is not run yet")
        for element in self.root.iter(f"{_XSLT}function", f"{_XSLT}key"):
            self.lack(element, f"<xsl:{etree.QName(element).localname}> is not run")
        if self.root.get("defaultPhase", "#ALL") != "#ALL":
            self.lack(self.root, "phases are not run yet; every pattern is")

    def lack(self, element: Element, message: str) -> None:
        """Note something that cannot be run."""
        self.lacks.append(Lack(line_of(element), message))

    def rule(self, number: int, rule: Element) -> Iterator[Rule]:
        """Return a rule, in a list of one, or none if it cannot be run."""
        if rule.get("abstract") == "true":
            self.lack(rule, "abstract rules are not run yet")
            return
        try:
            context = context_of(rule.get("context", ""), self.namespaces)
        except XPathError as fault:
            self.lack(
                rule, f"the context {rule.get('context', '')!r} cannot be read: {fault}"
            )
            return
        checks = (
            self.check(check)
            for check in rule.iterchildren(f"{SCH}assert", f"{SCH}report")
        )
        yield Rule(
            number,
            context,
            self.lets(rule),
            tuple(check for check in checks if check),
        )

    def lets(self, parent: Element) -> tuple[Let, ...]:
        """Return the variables declared directly in an element."""
        found: list[Let] = []
        for let in parent.iterchildren(f"{SCH}let"):
            name, value = let.get("name", ""), let.get("value")
            if value is None:
                self.lack(let, f"the variable ${name} has no @value")
            elif expression := self.expression(let, value):
                found.append(Let(name, expression))
        return tuple(found)

    def expression(self, element: Element, source: str) -> Expression | None:
        """Return an expression, or None (and a lack) if it cannot be read."""
        try:
            return Expression(source, self.namespaces)
        except XPathError as fault:
            name = etree.QName(element).localname
            self.lack(element, f"{name} {source!r} cannot be read: {fault}")
            return None

    def check(self, check: Element) -> Check | None:
        """Return one assert or report."""
        test = self.expression(check, check.get("test", ""))
        if test is None:
            return None
        diagnostics = (check.get("diagnostics") or "").split()
        return Check(
            ident_of(check),
            test,
            check.tag == f"{SCH}report",
            self.parts(check),
            severity_of(check),
            tuple(self.diagnostics[d] for d in diagnostics if d in self.diagnostics),
        )

    def parts(self, element: Element) -> tuple[Part, ...]:
        """Return the parts of a message in order."""
        parts: list[Part] = [element.text or ""]
        for child in element:
            if child.tag == f"{SCH}value-of":
                select = self.expression(child, child.get("select", ""))
                parts.append(select or f"⟨{child.get('select', '')}⟩")
            elif child.tag == f"{SCH}name":
                path = child.get("path")
                parts.append(Name(self.expression(child, path) if path else None))
            elif isinstance(child.tag, str):
                parts += self.parts(child)
            parts.append(child.tail or "")
        return tuple(part for part in parts if part != "")


def ident_of(check: Element) -> str:
    """Return the constraint's stable name: the nearest id, from the test outwards."""
    for holder in (check, *check.iterancestors(f"{SCH}rule", f"{SCH}pattern")):
        ident = holder.get("id")
        if ident:
            return ident
    return f"line-{line_of(check)}"


def severity_of(check: Element) -> Severity:
    """Return how much a failure weighs: the nearest ``@role``, else an error."""
    for holder in (check, *check.iterancestors(f"{SCH}rule", f"{SCH}pattern")):
        role = (holder.get("role") or "").lower()
        if role:
            return Severity.WARNING if role.startswith(_MILD) else Severity.ERROR
    return Severity.ERROR
