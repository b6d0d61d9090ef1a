"""Running rules: a document and a Schematron schema give findings.

Rules are tried at the elements that their context names, in one walk over the
document; of the rules of one pattern the first that matches a node fires. A rule that
takes too long is given up, and that is a finding too.

ISO/IEC 19757-3, 5.4 and 6.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from elementpath import get_node_tree
from lxml import etree

from toolkit.tei import Element
from toolkit.validate.schematron.answers import Answer, Fired, Undecided
from toolkit.validate.schematron.asked import sources_of
from toolkit.validate.schematron.contexts import fits, matched
from toolkit.validate.schematron.loading import load
from toolkit.validate.schematron.model import (
    Check,
    Lack,
    Let,
    Rule,
    Rules,
)
from toolkit.validate.schematron.texts import filled
from toolkit.validate.xpath.budget import Allowance, Budget, TooLongError
from toolkit.validate.xpath.expression import Reading, XPathError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from toolkit.validate.violation import Violation
    from toolkit.validate.xpath.library import Library

__all__ = ["Answer", "Fired", "Lack", "Rules", "Undecided", "check", "fired", "load"]

_LACKING: Final = "TEI201"
_ENDLESS: Final = "TEI202"


def check(
    root: Element,
    rules: Rules,
    path: Path | None = None,
    library: Library | None = None,
) -> Iterator[Violation]:
    """Ask every rule at every node that its context matches.

    Args:
        root: The outermost element of a document.
        rules: A Schematron schema.
        path: The document's file, for rules that ask where it is.
        library: The documents that rules may read with ``doc()``; None: no others.

    Yields:
        One violation for each failed assert and each successful report, by element.
    """
    known: dict[int, tuple[str, str]] = {}
    for event in fired(root, rules, path, library):
        if isinstance(event, Undecided):
            yield event.violation()
            continue
        for answer in event.answers:
            key = id(answer.check)
            if key not in known:
                known[key] = sources_of(rules, event.rule, answer.check)
            yield replace(answer.violation(), asks=known[key])


def fired(
    root: Element,
    rules: Rules,
    path: Path | None = None,
    library: Library | None = None,
) -> Iterator[Fired | Undecided]:
    """Yield every rule that fires, with what is broken; arguments as :func:`check`."""
    return _Run(root, rules, path, library).events()


@dataclass(frozen=True, slots=True)
class _Variables:
    """The variables of a pattern, and those of them that could not be had."""

    values: Mapping[str, object]
    broken: frozenset[str] = frozenset()


class _Run:
    """One run of a schema over one document."""

    def __init__(
        self,
        root: Element,
        rules: Rules,
        path: Path | None,
        library: Library | None,
    ) -> None:
        self.rules = rules
        base = rules.path.resolve().as_uri()
        self.reading = Reading(root, path, library, base, rules.keys)
        self._root = root
        self.variables: dict[int, _Variables] = {}
        self.tried: dict[tuple[str, ...], list[Rule]] = {}
        self.of_attributes = [r for r in rules.rules if r.context.attribute]
        #: the nodes of rules whose context was evaluated over the whole document
        self.selected: dict[int, set[int]] = {}
        self.budgets: dict[int, Budget] = {}
        self.given_up: set[int] = set()  #: ids of rules, checks and variables
        self.complaints: list[Undecided] = []

    # -- budgets ---------------------------------------------------------------------

    def _charge(self, what: Rule | Check | Let) -> None:
        """Let what is evaluated next count against something."""
        budget = self.budgets.get(id(what))
        if budget is None:
            budget = self.budgets[id(what)] = self.allowance.budget()
        self.reading.budget = budget

    def _give_up(self, what: object, element: Element, name: str, why: object) -> None:
        if id(what) not in self.given_up:
            self.given_up.add(id(what))
            message = f"{name} is not decided: {why}"
            self.complaints.append(Undecided(element, _ENDLESS, message))

    # -- the walk ----------------------------------------------------------------------

    def events(self) -> Iterator[Fired | Undecided]:
        """Yield what fires, in the order of the document."""
        root = self._root
        self.allowance = Allowance(sum(1 for _ in root.iter("*")))
        shared = self._lets(self.rules.lets, root, self.reading.root, _Variables({}))
        for number, pattern in self.rules.patterns.items():
            self.variables[number] = self._lets(pattern.lets, root, root, shared)
        others = self._select()
        yield from self._complained()
        for element in root.iter("*"):
            done: set[int] = set()
            for rule in self._rules_for(element):
                if rule.pattern not in done and self._fits(rule, element):
                    done.add(rule.pattern)
                    yield from self._fire(rule, element, element)
            if self.of_attributes and element.attrib:
                yield from self._attributes(element)
            if self.complaints:
                yield from self._complained()
        fired_at: dict[int, set[int]] = defaultdict(set)
        for rule, item in others:
            if id(item) not in fired_at[rule.pattern]:
                fired_at[rule.pattern].add(id(item))
                yield from self._fire(rule, self._owner(item), item)
        yield from self._complained()

    def _complained(self) -> Iterator[Undecided]:
        yield from self.complaints
        self.complaints.clear()

    def _lets(
        self,
        lets: Iterable[Let],
        element: Element,
        place: object,
        outer: _Variables,
    ) -> _Variables:
        """Add variables; what cannot be had is noted, and what depends on it is not."""
        values, broken = dict(outer.values), set(outer.broken)
        for let in lets:
            values.pop(let.name, None)
            if isinstance(let.value, Element):
                values[let.name] = get_node_tree(let.value, fragment=True)
                continue
            if let.value.variables & broken:
                broken.add(let.name)
                continue
            broken.discard(let.name)
            self._charge(let)
            at = self.reading.tree if place is self._root else place
            try:
                values[let.name] = let.value.items(self.reading, at, values)
            except XPathError as fault:
                broken.add(let.name)
                self.complaints.append(
                    _undecided(element, f"variable ${let.name}", fault)
                )
            except TooLongError as fault:
                broken.add(let.name)
                self._give_up(let, element, f"the variable ${let.name}", fault)
        return _Variables(values, frozenset(broken))

    def _select(self) -> list[tuple[Rule, Any]]:
        """Evaluate the contexts that cannot be matched upwards.

        Returns:
            The rules that fire at texts, comments and the like, with these.
        """
        others: list[tuple[Rule, Any]] = []
        for rule in self.rules.rules:
            if rule.context.fits is not None:
                continue
            found: list[Any] = []
            known = self.variables[rule.pattern]
            if not rule.context.expression.variables & known.broken:
                self._charge(rule)
                try:
                    found = matched(self.reading, rule.context, known.values)
                except TooLongError as fault:
                    self._give_up_context(rule, self._root, fault)
            self.selected[id(rule)] = {
                id(node.value) if _is_element(node) else id(node) for node in found
            }
            others += [
                (rule, node)
                for node in found
                if node.node_kind not in {"element", "attribute"}
            ]
            if any(node.node_kind == "attribute" for node in found):
                self.of_attributes = [
                    one
                    for one in self.rules.rules
                    if one is rule or one in self.of_attributes
                ]
        return others

    def _rules_for(self, element: Element) -> list[Rule]:
        """Return the rules whose context can match an element of this kind."""
        kind = (str(element.tag), *map(str, element.attrib))
        found = self.tried.get(kind)
        if found is None:
            found = self.tried[kind] = [
                rule
                for rule in self.rules.rules
                if rule.context.attribute is None
                and rule.context.may_fire(kind[0], kind[1:])
            ]
        return found

    def _fits(self, rule: Rule, element: Element) -> bool:
        context = rule.context
        if context.fits is None:
            return id(element) in self.selected[id(rule)]
        if context.is_brief:
            return context.fits(self.reading, element, {})
        known = self.variables[rule.pattern]
        if id(rule) in self.given_up or (
            known.broken and context.expression.variables & known.broken
        ):
            return False
        self._charge(rule)
        try:
            return fits(self.reading, context, element, known.values)
        except TooLongError as fault:
            self._give_up_context(rule, element, fault)
            return False

    def _give_up_context(self, rule: Rule, element: Element, why: object) -> None:
        source = " ".join(rule.context.expression.source.split())
        self._give_up(rule, element, f"the context {source!r}", why)

    def _attributes(self, element: Element) -> Iterator[Fired | Undecided]:
        """Fire the rules whose context is an attribute of this element."""
        done: set[tuple[int, str]] = set()
        owner: Any = None
        for rule in self.of_attributes:
            name = rule.context.attribute
            if name is None:
                owner = owner or self.reading.item(element)
                chosen = self.selected[id(rule)]
                names = {a.name for a in owner.attributes if id(a) in chosen}
            elif not self._fits(rule, element):
                continue
            else:
                names = {name} if name != "*" else {*map(str, element.attrib)}
            for found in map(str, element.attrib):
                if found in names and (rule.pattern, found) not in done:
                    done.add((rule.pattern, found))
                    owner = owner or self.reading.item(element)
                    item = next(a for a in owner.attributes if a.name == found)
                    yield from self._fire(rule, element, item)

    def _owner(self, item: Any) -> Element:
        """Return the element that a text, comment or attribute belongs to."""
        while item is not None:
            if _is_element(item) and isinstance(item.value, etree._Element):
                return item.value
            item = item.parent
        return self._root

    # -- one rule at one node ------------------------------------------------------

    def _fire(
        self, rule: Rule, element: Element, place: object
    ) -> Iterator[Fired | Undecided]:
        """Ask the checks of one rule at one node."""
        known = self.variables[rule.pattern]
        if rule.lets:
            known = self._lets(rule.lets, element, place, known)
        answers: list[Answer] = []
        for asked in rule.checks:
            if id(asked) in self.given_up or (
                known.broken and asked.test.variables & known.broken
            ):
                continue
            if not (asked.test.is_brief and place is element):
                self._charge(asked)
            try:
                if (
                    asked.test.holds(self.reading, place, known.values)
                    == asked.fails_if
                ):
                    self._charge(asked)
                    answers.append(self._answer(asked, element, place, known.values))
            except XPathError as fault:
                self.complaints.append(
                    _undecided(element, f"rule [{asked.ident}]", fault)
                )
            except TooLongError as fault:
                self._give_up(asked, element, f"the rule [{asked.ident}]", fault)
        yield Fired(rule, tuple(answers))
        if self.complaints:
            yield from self._complained()

    def _answer(
        self,
        broken: Check,
        element: Element,
        place: object,
        variables: Mapping[str, object],
    ) -> Answer:
        item: Any = place
        if broken.subject is not None:
            found = broken.subject.items(self.reading, place, variables)
            if found and hasattr(found[0], "node_kind"):
                item, element = found[0], self._owner(found[0])
        diagnostics, properties = (
            tuple(
                (note, filled(note.message, self.reading, place, variables))
                for note in notes
            )
            for notes in (broken.diagnostics, broken.properties)
        )
        return Answer(
            broken,
            element,
            item,
            filled(broken.message, self.reading, place, variables) or _unsaid(broken),
            diagnostics,
            properties,
        )


def _is_element(item: Any) -> bool:
    """Return whether a node of elementpath's tree is an element."""
    return bool(getattr(item, "node_kind", "") == "element")


def _unsaid(check: Check) -> str:
    """Return what is said of a check that has no message."""
    verb = "holds" if check.fails_if else "does not hold"
    return f"{' '.join(check.test.source.split())} {verb}"


def _undecided(element: Element, what: str, fault: XPathError) -> Undecided:
    message = f"the {what} cannot be decided here: {fault}"
    return Undecided(element, _LACKING, message)
