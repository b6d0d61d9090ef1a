"""Comparing the attributes of an element in two grammars.

Takes two sequences of patterns that hold attributes and nothing else and gives the
differences. Parts that share no name are independent and are compared on their own,
once for each pair, since most elements bear the same classes of attributes. Within a
part each name in turn is taken to be there or not, in both grammars at once: that
decides inclusion of the sets of attributes exactly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toolkit.schema.derivative import (
    after_attribute,
    attributes,
    rebuild,
    without_attributes,
)
from toolkit.schema.differences import Difference, DifferenceKind
from toolkit.schema.inclusion import Doubt, included
from toolkit.schema.nameclass import (
    Name,
    contains,
    describe,
    explicit,
    is_finite,
    representatives,
)
from toolkit.schema.outlook import labels, missing_attributes
from toolkit.schema.pattern import Attribute, NotAllowed, Pattern, PatternPool

if TYPE_CHECKING:
    from collections.abc import Iterable

_Parts = tuple[Pattern, ...]
_STATES: Final = 20_000  #: pairs of one part looked at before it is called unproved


class AttributeComparison:
    """Compares attributes; remembers parts and values it has compared."""

    def __init__(self, a_pool: PatternPool, b_pool: PatternPool) -> None:
        """Compare patterns of ``a_pool`` with patterns of ``b_pool``."""
        self._a: Final = a_pool
        self._b: Final = b_pool
        self._parts: dict[tuple[_Parts, _Parts], list[Difference]] = {}
        self._values: dict[tuple[Pattern, Pattern], Doubt | None] = {}
        self._names: dict[Pattern, frozenset[str]] = {}

    def compare(self, a: _Parts, b: _Parts) -> list[Difference]:
        """Return what attributes the first allow and the second do not.

        Differences come without the element's name.
        """
        found: list[Difference] = []
        for pair in self._components(a, b):
            known = self._parts.get(pair)
            if known is None:
                known = self._parts[pair] = _Part(self, *pair).differences()
            found += known
        return found

    def names(self, part: Pattern) -> frozenset[str]:
        """Return the names of a part's attributes; ``*`` where some have any name."""
        known = self._names.get(part)
        if known is None:
            found: set[str] = set()
            for one in attributes(part):
                found.update(map(str, explicit(one.name_class)))
                if not is_finite(one.name_class):
                    found.add("*")
            known = self._names[part] = frozenset(found)
        return known

    def value(self, a: Pattern, b: Pattern) -> Doubt | None:
        """Compare two patterns of values."""
        if (a, b) not in self._values:
            self._values[a, b] = included(self._a, a, self._b, b)
        return self._values[a, b]

    @property
    def pools(self) -> tuple[PatternPool, PatternPool]:
        """The pools of both sides."""
        return self._a, self._b

    def _components(self, a: _Parts, b: _Parts) -> Iterable[tuple[_Parts, _Parts]]:
        """Divide both sides into the finest pairs that share no name."""
        names = [self.names(one) for one in (*a, *b)]
        if any("*" in several for several in names):
            return [(a, b)]
        group_of: dict[str, int] = {}
        groups: dict[int, list[int]] = {}
        for place, several in enumerate(names):
            joined = {group_of[name] for name in several if name in group_of}
            members = [place]
            for one in joined:
                members += groups.pop(one)
            groups[place] = members
            for member in members:
                group_of.update(dict.fromkeys(names[member], place))
        return [
            (
                tuple(a[one] for one in sorted(members) if one < len(a)),
                tuple(b[one - len(a)] for one in sorted(members) if one >= len(a)),
            )
            for members in groups.values()
        ]


class _Part:
    """One pair of parts that share their names with no other."""

    def __init__(self, owner: AttributeComparison, a: _Parts, b: _Parts) -> None:
        self.owner = owner
        self.a_pool, self.b_pool = owner.pools
        self.mine = self.a_pool.group(a)
        self.theirs = self.b_pool.group(b)
        classes = [
            x.name_class for x in (*attributes(self.mine), *attributes(self.theirs))
        ]
        self.names = (
            sorted({x for one in classes for x in explicit(one)}, key=str)
            if all(map(is_finite, classes))
            else sorted(representatives(classes), key=str)
        )
        self.found: dict[Difference, None] = {}
        self.seen: set[tuple[int, Pattern, Pattern]] = set()

    def differences(self) -> list[Difference]:
        stack = [(0, self.mine, self.theirs)]
        while stack:
            place, mine, theirs = stack.pop()
            if (place, mine, theirs) in self.seen or isinstance(mine, NotAllowed):
                continue
            self.seen.add((place, mine, theirs))
            if len(self.seen) > _STATES:
                self.add(DifferenceKind.UNPROVED, "", found="too many combinations")
                break
            if place == len(self.names):
                self.finish(mine, theirs)
                continue
            name = self.names[place]
            stack += [(place + 1, *pair) for pair in self.absent(name, mine, theirs)]
            stack += [(place + 1, *pair) for pair in self.present(name, mine, theirs)]
        return sorted(self.found)

    def add(
        self,
        kind: DifferenceKind,
        attribute: str,
        found: str = "",
        expected: tuple[str, ...] = (),
    ) -> None:
        self.found[Difference("", kind, (), found, expected, attribute)] = None

    def finish(self, mine: Pattern, theirs: Pattern) -> None:
        """Both have had every name: may the first end, and the second not?"""
        if isinstance(without_attributes(self.a_pool, mine), NotAllowed):
            return
        if isinstance(without_attributes(self.b_pool, theirs), NotAllowed):
            for gap in missing_attributes(theirs):
                names = tuple(describe(one.name_class) for one in gap)
                self.add(DifferenceKind.ATTRIBUTE_OPTIONAL, names[0], expected=names)

    def absent(
        self, name: Name, mine: Pattern, theirs: Pattern
    ) -> list[tuple[Pattern, Pattern]]:
        """Let an attribute be left out; return what is left of both, if anything."""
        mine = stripped(self.a_pool, mine, name)
        without = stripped(self.b_pool, theirs, name)
        if isinstance(mine, NotAllowed):
            return []
        if not isinstance(without, NotAllowed):
            return [(mine, without)]
        gaps = [
            tuple(describe(one.name_class) for one in gap)
            for gap in missing_attributes(self.theirs)
        ]
        expected = next((gap for gap in gaps if str(name) in gap), (str(name),))
        self.add(DifferenceKind.ATTRIBUTE_OPTIONAL, str(name), expected=expected)
        return []

    def present(
        self, name: Name, mine: Pattern, theirs: Pattern
    ) -> list[tuple[Pattern, Pattern]]:
        """Let an attribute be there; return what is left of both for each value."""
        takers = candidates(theirs, name)
        pairs = []
        for one in candidates(mine, name):
            rest = after_attribute(self.a_pool, mine, frozenset((one,)))
            if isinstance(rest, NotAllowed) or self.cannot_close(rest, name):
                continue
            if not takers:
                self.add(DifferenceKind.ATTRIBUTE, str(name))
                continue
            doubts = {x: self.owner.value(one.value, x.value) for x in takers}
            proved = [x for x, doubt in doubts.items() if doubt is None]
            if not proved:
                self.doubt(name, next(iter(doubts.items())))
            others = after_attribute(self.b_pool, theirs, frozenset(proved or takers))
            if isinstance(others, NotAllowed):
                self.add(DifferenceKind.ATTRIBUTE, str(name))
                continue
            pairs.append(
                (
                    stripped(self.a_pool, rest, name),
                    stripped(self.b_pool, others, name),
                )
            )
        return pairs

    def cannot_close(self, rest: Pattern, name: Name) -> bool:
        """Say whether what is left demands the same attribute a second time."""
        return isinstance(stripped(self.a_pool, rest, name), NotAllowed)

    def doubt(self, name: Name, case: tuple[Attribute, Doubt | None]) -> None:
        taker, doubt = case
        if doubt is None:
            return
        kind = DifferenceKind.VALUE if doubt.refuted else DifferenceKind.UNPROVED
        self.add(kind, str(name), doubt.found, labels((taker.value,)))


def candidates(pattern: Pattern, name: Name) -> list[Attribute]:
    """Return the attribute patterns for a name."""
    return [
        one
        for one in attributes(pattern)
        if contains(one.name_class, name.ns, name.local)
    ]


def stripped(pool: PatternPool, pattern: Pattern, name: Name) -> Pattern:
    """Return ``pattern`` where an attribute of this name is out of the question."""

    def change(one: Pattern) -> Pattern:
        if not one.has_attribute:
            return one
        if isinstance(one, Attribute):
            return pool.not_allowed if one.name_class == name else one
        return rebuild(pool, one, change)

    return change(pattern)
