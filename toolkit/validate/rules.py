"""Running rules: a document and a Schematron schema give findings.

Rules are tried at the elements that their context names, in one walk over the
document; of the rules of one pattern the first that matches an element fires.

ISO/IEC 19757-3, 5.4 and 6.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from toolkit.validate.schematron import Check, Name, Part, Rule, Rules, load
from toolkit.validate.violation import Violation
from toolkit.validate.xpath import Reading, XPathError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from toolkit.tei import Element

__all__ = ["Rules", "check", "load"]

_FAILED: Final = "TEI200"
_LACKING: Final = "TEI201"


def check(root: Element, rules: Rules) -> Iterator[Violation]:
    """Ask every rule at every node that its context matches.

    Args:
        root: The outermost element of a document.
        rules: A Schematron schema.

    Yields:
        One violation for each failed assert and each successful report, by element.
    """
    return _Run(root, rules).violations()


class _Run:
    """One run of a schema over one document."""

    def __init__(self, root: Element, rules: Rules) -> None:
        self.reading, self.rules = Reading(root), rules
        self.variables: dict[str, object] = {}
        self.tried: dict[tuple[str, ...], list[Rule]] = {}
        self.of_attributes = [r for r in rules.rules if r.context.attribute]
        #: the nodes of rules whose context was evaluated over the whole document
        self.selected: dict[int, set[object]] = {}

    def violations(self) -> Iterator[Violation]:
        """Yield what is broken, in the order of the document."""
        root = self.reading.root
        for let in self.rules.lets:
            try:
                self.variables[let.name] = let.value.items(
                    self.reading, root, self.variables
                )
            except XPathError as fault:
                yield _undecided(root, f"variable ${let.name}", fault)
        others = list(self._select())
        for element in root.iter("*"):
            fired: set[int] = set()
            for rule in self._rules_for(element):
                if rule.pattern not in fired and self._fits(rule, element):
                    fired.add(rule.pattern)
                    yield from self._fire(rule, element, element)
            if self.of_attributes and element.attrib:
                yield from self._attributes(element)
        fired_at: dict[int, set[int]] = defaultdict(set)
        for rule, item in others:
            if id(item) not in fired_at[rule.pattern]:
                fired_at[rule.pattern].add(id(item))
                yield from self._fire(rule, self._owner(item), item)

    def _select(self) -> Iterator[tuple[Rule, Any]]:
        """Evaluate the contexts that cannot be matched upwards."""
        for rule in self.rules.rules:
            if rule.context.fits is not None:
                continue
            found = self._everywhere(rule)
            self.selected[id(rule)] = {
                node.value for node in found if _is_element(node)
            }
            yield from ((rule, node) for node in found if not _is_element(node))

    def _everywhere(self, rule: Rule) -> list[Any]:
        """Return the nodes that a context selects from any node of the document."""
        found: dict[int, Any] = {}
        tree = self.reading.tree
        expression = rule.context.expression
        absolute = expression.source.lstrip().startswith("/")
        for start in [tree] if absolute else tree.iter():
            try:
                for node in expression.items(self.reading, start, self.variables):
                    found[id(node)] = node
            except XPathError:
                continue  # a pattern that fails at a node does not match there
        return list(found.values())

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
        if rule.context.fits is None:
            return element in self.selected[id(rule)]
        try:
            return rule.context.fits(self.reading, element, self.variables)
        except XPathError:
            return False  # as above

    def _attributes(self, element: Element) -> Iterator[Violation]:
        """Fire the rules whose context is an attribute of this element."""
        fired: set[tuple[int, str]] = set()
        for rule in self.of_attributes:
            name = rule.context.attribute or ""
            if not self._fits(rule, element):
                continue
            for found in element.attrib if name == "*" else {name} & {*element.attrib}:
                if (rule.pattern, str(found)) not in fired:
                    fired.add((rule.pattern, str(found)))
                    owner = self.reading.item(element)
                    item = next(a for a in owner.attributes if a.name == found)
                    yield from self._fire(rule, element, item)

    def _owner(self, item: Any) -> Element:
        """Return the element that a text, comment or attribute belongs to."""
        while item is not None:
            if _is_element(item) and isinstance(item.value, etree._Element):
                return item.value
            item = item.parent
        return self.reading.root

    def _fire(self, rule: Rule, element: Element, place: object) -> Iterator[Violation]:
        """Ask the checks of one rule at one node."""
        variables = self.variables
        for let in rule.lets:
            try:
                value = let.value.items(self.reading, place, variables)
            except XPathError as fault:
                yield _undecided(element, f"variable ${let.name}", fault)
                return
            variables = {**variables, let.name: value}
        for asked in rule.checks:
            try:
                if asked.test.holds(self.reading, place, variables) == asked.fails_if:
                    yield self._violation(asked, element, place, variables)
            except XPathError as fault:
                yield _undecided(element, f"rule [{asked.ident}]", fault)

    def _violation(
        self,
        broken: Check,
        element: Element,
        place: object,
        variables: Mapping[str, object],
    ) -> Violation:
        message = self._words(broken.message, place, variables)
        mends = [self._words(m, place, variables) for m in broken.diagnostics]
        return Violation(
            element,
            _FAILED,
            f"{message} [{broken.ident}]",
            "; ".join(mends) or None,
            broken.severity,
        )

    def _words(
        self, parts: Iterable[Part], place: object, variables: Mapping[str, object]
    ) -> str:
        """Return a message with its ``name`` and ``value-of`` filled in."""
        words = ""
        for part in parts:
            if isinstance(part, str):
                words += part
            elif isinstance(part, Name):
                words += self._name(part, place, variables)
            else:
                words += part.text(self.reading, place, variables)
        return " ".join(words.split())

    def _name(self, name: Name, place: object, variables: Mapping[str, object]) -> str:
        """Return a node's name as the document writes it."""
        item = place
        if name.path is not None:
            found = name.path.items(self.reading, place, variables)
            if not found or not hasattr(found[0], "name"):
                return " ".join(str(one) for one in found)
            item = found[0]
        item = getattr(item, "value", item)
        if isinstance(item, etree._Element):
            prefix = f"{item.prefix}:" if item.prefix else ""
            return prefix + etree.QName(item).localname
        return str(getattr(place, "name", ""))


def _is_element(item: Any) -> bool:
    """Return whether a node of elementpath's tree is an element."""
    return bool(getattr(item, "node_kind", "") == "element")


def _undecided(element: Element, what: str, fault: XPathError) -> Violation:
    return Violation(element, _LACKING, f"the {what} cannot be decided here: {fault}")
