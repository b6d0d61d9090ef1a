"""Reading Schematron: an element tree gives rules.

Abstract patterns are expanded by substitution in the text of attributes, abstract
rules by taking their parts over, as the standard says.

ISO/IEC 19757-3, 5.4 (elements), 6.4 (abstract patterns and rules), annexes C and H
(the query languages).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toolkit.errors import SchemaError
from toolkit.findings import Severity
from toolkit.tei import Element, line_of, local_name, plain
from toolkit.validate.schematron.expressions import Expressions, Scope
from toolkit.validate.schematron.model import (
    SCH,
    Check,
    Let,
    Note,
    Pattern,
    Rule,
    Rules,
)
from toolkit.validate.schematron.structure import XSLT, amiss

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.validate.schematron.keys import Key


ALL, DEFAULT = "#ALL", "#DEFAULT"
_MILD: Final = ("warn", "info", "nonfatal", "hint", "caution")
_CHECKS: Final = (f"{SCH}assert", f"{SCH}report")
_PATTERNS: Final = (f"{SCH}pattern", f"{SCH}group")
_MOST_EXTENSIONS: Final = 50  #: rules that one rule may extend, one through the other


class Reader(Expressions):
    """One reading of one schema."""

    def rules(self, phase: str | None) -> Rules:
        """Return everything that can be run, and what cannot.

        Args:
            phase: A phase's id, ``#ALL``, or ``#DEFAULT`` (which None means too).

        Raises:
            SchemaError: There is no such phase.
        """
        self._foreign()
        chosen, active = self._phase(phase)
        lets = self.lets(self.root, Scope())
        if active is not None:
            lets += self.lets(active, Scope().within(lets))
        scope = Scope().within(lets)
        keys: dict[str, tuple[Key, ...]] = {}
        for key in self.root.iter(f"{XSLT}key"):
            if one := self.key(key):
                keys[one.name] = (*keys.get(one.name, ()), one)
        rules: list[Rule] = []
        patterns: dict[int, Pattern] = {}
        for pattern in self._active(active):
            for number, found, made in self._pattern(pattern, scope, len(patterns)):
                patterns[number] = found
                rules += made
        for element, lines in self.functions.values():
            self._function(element, lines)
        return Rules(
            self.sources.path,
            lets,
            tuple(rules),
            tuple(sorted(self.lacks, key=lambda lack: lack.line)),
            patterns,
            keys,
            self.namespaces,
            _title(self.root),
            self.root.get("schemaVersion", ""),
            chosen,
        )

    # -- the schema ----------------------------------------------------------------

    def _all(self, name: str) -> Iterator[Element]:
        return self.root.iter(f"{SCH}{name}")

    def _foreign(self) -> None:
        """Note what changes the meaning of the schema and is not understood."""
        for element, message in amiss(self.root):
            self.lack(element, message)
        for function in self.root.iter(f"{XSLT}function"):
            written = function.get("name", "")
            self.functions[written.rpartition(":")[2]] = (function, [])
        if "" in self.namespaces:
            self.lack(next(self._all("ns")), "a namespace has no prefix")

    def _function(self, element: Element, lines: list[int]) -> None:
        called = ", ".join(map(str, sorted(set(lines))))
        self.lack(
            element,
            f"<xsl:function> {element.get('name', '')} is XSLT, which is not run"
            + (f"; what calls it is not checked: line {called}" if called else ""),
        )

    def _phase(self, wanted: str | None) -> tuple[str, Element | None]:
        """Return the phase to run, and its element if it is not all."""
        phases = {phase.get("id", ""): phase for phase in self._all("phase")}
        chosen = wanted or DEFAULT
        if chosen == DEFAULT:
            chosen = self.root.get("defaultPhase", ALL)
        if chosen in {ALL, DEFAULT}:
            return ALL, None
        if chosen not in phases:
            known = ", ".join([ALL, DEFAULT, *sorted(phases)])
            raise SchemaError(
                f"{self.sources.path}:{line_of(self.root)}: there is no phase "
                f"{chosen!r}; known: {known}"
            )
        return chosen, phases[chosen]

    def _active(self, phase: Element | None) -> list[Element]:
        """Return the patterns that a phase runs, in the order of the schema."""
        patterns = [p for p in self.root.iter(*_PATTERNS) if not _is_abstract(p)]
        if phase is None:
            return patterns
        named = {}
        for active in phase.iterchildren(f"{SCH}active"):
            named[active.get("pattern", "")] = active
        known = {pattern.get("id", "") for pattern in patterns}
        for ident, active in named.items():
            if ident not in known:
                self.lack(active, f"there is no pattern {ident!r} to be active")
        return [p for p in patterns if p.get("id", "") in named]

    # -- patterns and rules ----------------------------------------------------------

    def _pattern(
        self, pattern: Element, scope: Scope, number: int
    ) -> Iterator[tuple[int, Pattern, list[Rule]]]:
        """Yield a pattern and its rules; a group's rules are patterns each."""
        body = pattern
        if pattern.get("is-a"):
            abstract = self._abstract(pattern)
            if abstract is None:
                self.lack(
                    pattern, f"there is no abstract pattern {pattern.get('is-a')!r}"
                )
                return
            body = abstract
            parameters = _parameters(body) | _parameters(pattern)
            scope = Scope(parameters, scope.variables)
        lets = self.lets(body, scope)
        scope = scope.within(lets)
        found = Pattern(
            pattern.get("id", ""),
            _title(pattern),
            pattern.get("role", ""),
            lets,
        )
        alone = local_name(pattern) == "group"
        made: list[Rule] = []
        for rule in body.iterchildren(f"{SCH}rule"):
            if _is_abstract(rule):
                continue
            if one := self._rule(number, rule, pattern, scope):
                made.append(one)
                if alone:
                    yield number, found, made
                    number, made = number + 1, []
        if not alone:
            yield number, found, made

    def _abstract(self, pattern: Element) -> Element | None:
        """Return the abstract pattern that a pattern is an instance of."""
        for one in self._all("pattern"):
            if one.get("id") == pattern.get("is-a") and _is_abstract(one):
                return one
        return None

    def _rule(
        self, number: int, rule: Element, pattern: Element, scope: Scope
    ) -> Rule | None:
        """Return a rule, or None if it cannot be run."""
        source = rule.get("context")
        if source is None:
            self.lack(rule, "the rule has no @context")
            return None
        context = self.context(rule, scope.filled(source), scope)
        if context is None:
            return None
        lets: tuple[Let, ...] = ()
        checks: list[Check] = []
        for part, _ in self._parts_of(rule):
            if part.tag == f"{SCH}let":
                lets += self.let(part, scope.within(lets))
        inner = scope.within(lets)
        for part, holder in self._parts_of(rule):
            if part.tag in _CHECKS:
                holders = (part, holder, rule, pattern)
                if check := self.check(part, holders, inner):
                    checks.append(check)
        return Rule(
            number,
            context,
            lets,
            tuple(checks),
            rule.get("id", ""),
            rule.get("role", ""),
            rule.get("flag", ""),
        )

    def _parts_of(
        self, rule: Element, within: tuple[Element, ...] = ()
    ) -> Iterator[tuple[Element, Element]]:
        """Yield the children of a rule and of those it extends, with their rule."""
        for child in rule:
            if child.tag != f"{SCH}extends":
                yield child, rule
                continue
            ident = child.get("rule", "")
            found = self._abstract_rule(rule, ident)
            if found is None:
                self.lack(child, f"there is no abstract rule {ident!r}")
            elif found in within or found is rule or len(within) > _MOST_EXTENSIONS:
                self.lack(child, f"the rule {ident!r} extends itself")
            else:
                yield from self._parts_of(found, (*within, rule))

    def _abstract_rule(self, rule: Element, ident: str) -> Element | None:
        """Return an abstract rule, first of the same pattern."""
        places = [rule.getparent(), self.root]
        for place in places:
            if place is not None:
                for one in place.iter(f"{SCH}rule"):
                    if one.get("id") == ident and _is_abstract(one):
                        return one
        return None

    def check(
        self, check: Element, holders: tuple[Element, ...], scope: Scope
    ) -> Check | None:
        """Return one assert or report."""
        test = self.expression(check, check.get("test"), scope)
        if test is None:
            return None
        subject = next((h.get("subject") for h in holders if h.get("subject")), None)
        role = _first(holders, "role") or _first(holders, "severity")
        return Check(
            _first(holders, "id") or f"line-{line_of(check)}",
            test,
            check.tag == f"{SCH}report",
            self.parts(check, scope),
            severity_of(role),
            self._notes(check, "diagnostic", scope),
            self._notes(check, "property", scope),
            self.expression(check, subject, scope) if subject else None,
            check.get("id", ""),
            check.get("role", ""),
            check.get("flag", ""),
            _first(holders, "see"),
        )

    def _notes(self, check: Element, kind: str, scope: Scope) -> tuple[Note, ...]:
        """Return the diagnostics, or the properties, that a check names."""
        plural = "diagnostics" if kind == "diagnostic" else "properties"
        found: list[Note] = []
        for ident in check.get(plural, "").split():
            note = next((n for n in self._all(kind) if n.get("id") == ident), None)
            if note is None:
                self.lack(check, f"there is no {kind} {ident!r}")
                continue
            message = self.parts(note, scope)
            role, scheme = note.get("role", ""), note.get("scheme", "")
            found.append(Note(ident, message, role, scheme))
        return tuple(found)


def _is_abstract(element: Element) -> bool:
    return element.get("abstract") in {"true", "1"}


def _title(element: Element) -> str:
    title = element.find(f"{SCH}title")
    return "" if title is None else plain(title)


def _parameters(pattern: Element) -> dict[str, str]:
    """Return the parameters that a pattern gives, or has by default."""
    return {
        param.get("name", ""): param.get("value", "")
        for param in pattern.iterchildren(f"{SCH}param")
    }


def _first(holders: tuple[Element, ...], attribute: str) -> str:
    """Return the nearest value of an attribute, from the check outwards."""
    return next((found for h in holders if (found := h.get(attribute))), "")


def severity_of(role: str) -> Severity:
    """Return how much a failure weighs, by its role: without one, it is an error."""
    return Severity.WARNING if role.lower().startswith(_MILD) else Severity.ERROR
