"""What RELAX NG forbids of a simplified schema (section 7).

Takes the start pattern of a schema; raises :class:`~toolkit.errors.SchemaError` for
the first fault: patterns where they may not be (7.1), strings beside other content
(7.2), an attribute twice (7.3), an interleaving that cannot be told apart (7.4).
Each distinct pattern is looked at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Never

from toolkit.errors import SchemaError
from toolkit.schema.derivative import attributes, parts
from toolkit.schema.nameclass import (
    Name,
    NameClass,
    NsName,
    contains,
    explicit,
    is_finite,
    overlap,
    representatives,
)
from toolkit.schema.pattern import (
    Attribute,
    Choice,
    Data,
    Element,
    Empty,
    Group,
    Interleave,
    List,
    NotAllowed,
    OneOrMore,
    Pattern,
    Text,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Names of wildcards that are compared with others: the work of some seconds.
_COMPARISONS: Final = 5_000_000
_EMPTY, _COMPLEX, _SIMPLE = range(3)  # the content types of section 7.2


def check(start: Pattern) -> list[Element]:
    """Check a schema and return its elements that can be reached, in order.

    Args:
        start: The schema's pattern.

    Raises:
        SchemaError: A restriction is broken; names the element's file and line.
    """
    if not isinstance(start, NotAllowed):
        _check_start(start)
    checker = _Checker()
    reached: dict[Element, None] = {}
    seen: set[Pattern] = set()
    waiting = elements_in(start, seen)
    while waiting:
        element = waiting.pop()
        if element not in reached:
            reached[element] = None
            checker.element(element)
            waiting += elements_in(element.content, seen)
    return list(reached)


def elements_in(pattern: Pattern, seen: set[Pattern] | None = None) -> list[Element]:
    """Return the elements a pattern refers to, not those within them.

    Args:
        pattern: Any pattern.
        seen: Compound patterns to pass over; those met are added.
    """
    found: dict[Element, None] = {}
    seen = set() if seen is None else seen
    stack = [pattern]
    while stack:
        one = stack.pop()
        if type(one) is Element:
            found[one] = None
        elif one not in seen:
            seen.add(one)
            stack.extend(reversed(parts(one)))
    return list(found)


def _check_start(start: Pattern) -> None:
    for one in start.alternatives if isinstance(start, Choice) else (start,):
        if not isinstance(one, Element):
            raise SchemaError(
                f"the schema's start allows {_NAMES[type(one)]} outside an element"
                " (RELAX NG 7.1.5)"
            )


_NAMES: Final = {
    Attribute: "an attribute",
    Choice: "a choice",
    Data: "data",
    Element: "an element",
    Empty: "nothing",
    Group: "a sequence",
    Interleave: "an interleaving",
    List: "a list",
    NotAllowed: "notAllowed",
    OneOrMore: "a repetition",
    Text: "text",
    Value: "a value",
}
_NOT_IN_LIST: Final = (Element, Attribute, Text, List, Interleave)
_NOT_IN_ATTRIBUTE: Final = (Element, Attribute)
_NOT_IN_EXCEPT: Final = (
    Element,
    Attribute,
    List,
    Text,
    Group,
    Interleave,
    OneOrMore,
    Empty,
)


class _Checker:
    """Checks contents of elements; remembers the patterns it has passed."""

    def __init__(self) -> None:
        self.owner: Element | None = None
        self.types: dict[Pattern, int] = {}
        self.names: dict[Pattern, frozenset[str]] = {}
        self.patience = _COMPARISONS

    def element(self, element: Element) -> None:
        self.owner = element
        self.content_type(element.content)
        for attribute in self.loose(element.content):
            if not is_finite(attribute.name_class):
                self.fail("an attribute of any name must be in <oneOrMore>", "7.3")

    def fail(self, reason: str, section: str) -> Never:
        owner = self.owner
        if owner is None:
            raise SchemaError(f"{reason} (RELAX NG {section})")
        name = next(explicit(owner.name_class), None)
        inside = f"in <{name.local}>" if name else "in an element of any name"
        raise SchemaError(
            f"{owner.file}:{owner.line}: {inside}: {reason} (RELAX NG {section})"
        )

    def loose(self, pattern: Pattern) -> Iterable[Attribute]:
        """Yield attributes that no ``oneOrMore`` surrounds, where any has any name."""
        if not pattern.has_attribute or isinstance(pattern, OneOrMore):
            return
        if isinstance(pattern, Attribute):
            yield pattern
        elif not self.finite(pattern):
            for one in parts(pattern):
                yield from self.loose(one)

    def finite(self, pattern: Pattern) -> bool:
        """Say whether all attributes in a pattern have listed names."""
        return "*" not in self.attribute_names(pattern)

    # -- 7.2 string sequences; on the way there, everything else --------------

    def content_type(self, pattern: Pattern) -> int:
        """Return the content type of a pattern after checking all of it."""
        known = self.types.get(pattern)
        if known is None:
            known = self.types[pattern] = self._content_type(pattern)
        return known

    def _content_type(self, pattern: Pattern) -> int:
        if isinstance(pattern, Attribute):
            self.inside(pattern.value, _NOT_IN_ATTRIBUTE, "an attribute", "7.1.1")
            self.content_type(pattern.value)
            return _EMPTY
        if isinstance(pattern, List):
            self.inside(pattern.body, _NOT_IN_LIST, "a list", "7.1.3")
            return _SIMPLE
        if isinstance(pattern, Data):
            if pattern.excluding is not None:
                self.inside(pattern.excluding, _NOT_IN_EXCEPT, "an except", "7.1.4")
            return _SIMPLE
        if isinstance(pattern, Choice):
            return self.choice(pattern)
        if isinstance(pattern, OneOrMore):
            return self.repetition(pattern)
        if isinstance(pattern, Group | Interleave):
            return self.sequence(pattern)
        if isinstance(pattern, Element | Text):
            return _COMPLEX
        return _SIMPLE if isinstance(pattern, Value) else _EMPTY

    def choice(self, pattern: Choice) -> int:
        kind = _EMPTY
        for one in pattern.alternatives:
            # Most are elements; a call for each would be most of the loading time.
            found = _COMPLEX if type(one) is Element else self.content_type(one)
            if found > kind:
                kind = found
        return kind

    def repetition(self, pattern: OneOrMore) -> int:
        if pattern.has_attribute and self.groups_attribute(pattern.body):
            self.fail("a repeated sequence holds an attribute", "7.1.2")
        kind = self.content_type(pattern.body)
        if kind == _SIMPLE:
            self.fail("a string is repeated outside a list", "7.2")
        return kind

    def groups_attribute(self, pattern: Pattern) -> bool:
        if not pattern.has_attribute:
            return False
        if isinstance(pattern, Group | Interleave):
            return True
        return any(self.groups_attribute(one) for one in parts(pattern))

    def sequence(self, pattern: Group | Interleave) -> int:
        kinds = sorted([self.content_type(one) for one in pattern.items])
        if kinds[-1] == _SIMPLE and kinds[-2] != _EMPTY:
            self.fail("a string stands beside other content", "7.2")
        self.unique_attributes(pattern)
        if isinstance(pattern, Interleave):
            self.unique_elements(pattern)
        return kinds[-1]

    def inside(
        self,
        pattern: Pattern,
        forbidden: tuple[type[Pattern], ...],
        place: str,
        section: str,
    ) -> None:
        """Check that none of some kinds of pattern stand in a place."""
        if isinstance(pattern, forbidden):
            self.fail(f"{_NAMES[type(pattern)]} stands in {place}", section)
        below = parts(pattern)
        if isinstance(pattern, List):
            below = (pattern.body,)
            self.content_type(pattern)
        elif isinstance(pattern, Data):
            self.content_type(pattern)
        for one in below:
            self.inside(one, forbidden, place, section)

    # -- 7.3 attributes ------------------------------------------------------

    def attribute_names(self, pattern: Pattern) -> frozenset[str]:
        """Return the names of a pattern's attributes; ``*`` where some have any."""
        if not pattern.has_attribute:
            return frozenset()
        known = self.names.get(pattern)
        if known is None:
            if isinstance(pattern, Attribute):
                names = {str(one) for one in explicit(pattern.name_class)}
                if not is_finite(pattern.name_class):
                    names.add("*")
                known = frozenset(names)
            else:
                known = frozenset().union(*map(self.attribute_names, parts(pattern)))
            self.names[pattern] = known
        return known

    def unique_attributes(self, pattern: Group | Interleave) -> None:
        if not pattern.has_attribute:
            return
        seen: set[str] = set()
        for one in pattern.items:
            names = self.attribute_names(one)
            if not seen.isdisjoint(names):
                shared = min(seen & names)
                if shared != "*":
                    self.fail(f"the attribute {shared!r} is declared twice", "7.3")
            seen |= names
        if "*" in seen:
            groups = [[a.name_class for a in attributes(x)] for x in pattern.items]
            self.disjoint(groups, "an attribute {} is declared twice", "7.3")

    def disjoint(
        self, groups: list[list[NameClass]], reason: str, section: str
    ) -> None:
        """Check that no name is in the name classes of two groups."""
        shared = self.shared(groups)
        if shared is not None:
            self.fail(reason.format(repr(str(shared))), section)

    def shared(self, groups: list[list[NameClass]]) -> Name | None:
        """Return a name that is in the name classes of two groups."""
        listed: dict[Name, int] = {}  # with the group that lists it
        wild: list[tuple[NameClass, int]] = []
        for place, group in enumerate(groups):
            wild += [(one, place) for one in group if not is_finite(one)]
            for one in filter(is_finite, group):
                for name in explicit(one):
                    if listed.setdefault(name, place) != place:
                        return name
        found = self.shared_by_any_name(wild, listed)
        return next(found, None)

    def shared_by_any_name(
        self, wild: list[tuple[NameClass, int]], listed: dict[Name, int]
    ) -> Iterator[Name]:
        """Yield names that classes with names without end share with other groups."""
        for number, (one, place) in enumerate(wild):
            self.compare(len(listed) * len(representatives((one,))))
            for name, other in listed.items():
                if other != place and contains(one, name.ns, name.local):
                    yield name
            for another, other in wild[:number]:
                if other != place and (both := self.overlap(one, another)):
                    yield both

    def overlap(self, one: NameClass, another: NameClass) -> Name | None:
        """Return a name in both of two classes with names without end."""
        if (
            isinstance(one, NsName)
            and isinstance(another, NsName)
            and one.ns != another.ns
        ):
            return None
        self.compare(len(representatives((one, another))) ** 2)
        return overlap(one, another)

    def compare(self, names: int) -> None:
        """Count comparisons of names.

        Raises:
            SchemaError: There are too many.
        """
        self.patience -= names
        if self.patience < 0:
            self.fail("too many names are excepted from any name to compare all", "7.3")

    # -- 7.4 interleave ------------------------------------------------------

    def unique_elements(self, pattern: Interleave) -> None:
        if sum(1 for one in pattern.items if one.has_text) > 1:
            self.fail("text stands twice in an interleaving", "7.4")
        groups = [[e.name_class for e in elements_in(one)] for one in pattern.items]
        self.disjoint(groups, "the element {} stands twice in an interleaving", "7.4")
