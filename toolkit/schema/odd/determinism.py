"""Making content models one-unambiguous, as W3C XML Schema wants them.

XSD's rule of Unique Particle Attribution says that a validator must know from an
element's name alone which particle it matches. :func:`conflict` finds, by Glushkov's
construction, two particles that compete; :func:`deterministic` rewrites a model until
none do: exactly where that is easy, else by giving up order, so that the result
accepts at least what the model accepts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

from toolkit.schema.odd.particles import (
    NOTHING,
    AnyElement,
    Choice,
    ClassRef,
    ElementRef,
    Group,
    Interleave,
    Particle,
    Repeat,
    choice,
    group,
    parts,
    rebuild,
    repeat,
    walk,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ANY: Final = "*"  #: stands for the names of all elements of other namespaces

Leaf: TypeAlias = ElementRef | ClassRef | AnyElement


@dataclass
class Widener:
    """Rewrites content models; remembers where order had to be given up."""

    members: Mapping[str, tuple[str, ...]]  #: model class -> elements and classes in it
    elements_of: Mapping[str, tuple[str, ...]]  #: model class -> all its elements
    widened: list[str] = field(default_factory=list)

    def names(self, leaf: Particle) -> frozenset[str]:
        """Return the element names that a particle without parts matches."""
        match leaf:
            case ElementRef(key):
                return frozenset((key,))
            case ClassRef(key):
                return frozenset(self.elements_of[key])
            case AnyElement():
                return frozenset((ANY,))
            case _:
                return frozenset()

    def disjoint(self, leaves: Iterable[Particle]) -> list[Particle]:
        """Return particles that match the same names, each name by one of them."""
        todo = sorted(dict.fromkeys(leaves), key=lambda leaf: -len(self.names(leaf)))
        return self._uncovered(todo, set())

    def _uncovered(
        self, leaves: Iterable[Particle], covered: set[str]
    ) -> list[Particle]:
        kept: list[Particle] = []
        for leaf in leaves:
            names = self.names(leaf)
            if names.isdisjoint(covered):
                kept.append(leaf)
                covered |= names
            elif isinstance(leaf, ClassRef) and not names <= covered:
                kept += self._uncovered(self.class_leaves(leaf.key), covered)
        return kept

    def class_leaves(self, key: str) -> list[Particle]:
        """Return what stands directly in a model class."""
        return [
            ClassRef(member) if member in self.members else ElementRef(member)
            for member in self.members[key]
        ]

    def deterministic(self, particle: Particle) -> Particle:
        """Return a model without competing particles that accepts at least as much."""
        match particle:
            case Choice(items):
                return self._choice([self.deterministic(item) for item in items])
            case Group(items):
                return self._group([self.deterministic(item) for item in items])
            case Repeat(item, least, most):
                return self._repeat(self.deterministic(item), least, most)
            case Interleave():
                return self._bag([particle])
            case _:
                return particle

    def _choice(self, branches: list[Particle]) -> Particle:
        """Join branches that begin with the same names."""
        leaves = [one for one in branches if isinstance(one, Leaf)]
        rest = [one for one in branches if not isinstance(one, Leaf)]
        branches = [*self.disjoint(leaves), *rest]
        while True:
            found = conflict(choice(branches), self)
            whole = choice(branches)
            if found is None or not isinstance(_inside(whole), Choice):
                return whole
            items = list(parts(_inside(whole)))
            first, second = (_part_of(items, place) for place in found)
            joined = self._joined(items[first], items[second])
            items[first] = joined
            del items[second]
            optional = isinstance(whole, Repeat)
            branches = [*items, NOTHING] if optional else items

    def _joined(self, first: Particle, second: Particle) -> Particle:
        """Return one particle for two branches that compete."""
        head, tail = _head(first)
        other, other_tail = _head(second)
        if head == other:
            return self.deterministic(group((head, choice((tail, other_tail)))))
        self._note((first, second))
        least = min(_shortest(first), _shortest(second))
        longest = (_longest(first), _longest(second))
        most = None if None in longest else max(one for one in longest if one)
        return repeat(choice(self.disjoint(_leaves((first, second)))), least, most)

    def _group(self, items: list[Particle]) -> Particle:
        """Join neighbours that a validator cannot tell apart."""
        while True:
            whole = group(items)
            found = conflict(whole, self)
            if found is None or not isinstance(whole, Group):
                return whole
            items = list(whole.items)
            first, second = (_part_of(items, place) for place in found)
            items[first : second + 1] = [self._bag(items[first : second + 1])]

    def _bag(self, items: Sequence[Particle]) -> Particle:
        """Return particles in any order, as often as they may occur together.

        It is exact, and not noted, where only one leaf is repeated: ``X*, X+``.
        """
        leaves = self.disjoint(_leaves(items))
        plain = all(isinstance(_inside(item), Leaf) for item in items)
        if not (plain and len(set(map(_inside, items))) == 1):
            self._note(items)
        lengths = [_longest(item) for item in items]
        most = None if None in lengths else sum(one for one in lengths if one)
        return repeat(choice(leaves), sum(map(_shortest, items)), most)

    def _repeat(self, item: Particle, least: int, most: int | None) -> Particle:
        """Join what competes when a repetition begins again."""
        inner = _inside(item)
        if most is None and least <= 1 and isinstance(inner, Choice):
            least = 0 if _shortest(item) == 0 else least
            branches = choice(_unrepeated(part) for part in inner.items)
            item = self._choice(list(parts(branches)) or [branches])
        whole = repeat(item, least, most)
        if conflict(whole, self) is None:
            return whole
        self._note((item,))
        shortest, longest = _shortest(item), _longest(item)
        bound = None if most is None or longest is None else most * longest
        return repeat(choice(self.disjoint(_leaves((item,)))), least * shortest, bound)

    def _note(self, items: Iterable[Particle]) -> None:
        named = [getattr(leaf, "key", "any element") for leaf in _leaves(items)]
        self.widened.append(", ".join(dict.fromkeys(named)))


def _inside(item: Particle) -> Particle:
    return item.item if isinstance(item, Repeat) else item


def _unrepeated(part: Particle) -> Particle:
    """Return what repeats in a branch, where the whole choice is repeated anyway."""
    if isinstance(part, Repeat) and part.least <= 1 and part.most in (1, None):
        return part.item
    return part


def _head(particle: Particle) -> tuple[Particle, Particle]:
    """Return the first particle of a sequence and the rest."""
    if isinstance(particle, Group):
        return particle.items[0], group(particle.items[1:])
    return particle, NOTHING


def _leaves(items: Iterable[Particle]) -> list[Particle]:
    return [part for item in items for part in walk(item) if isinstance(part, Leaf)]


def _shortest(particle: Particle) -> int:
    """Return the least number of elements that a particle matches."""
    match particle:
        case Choice(items):
            return min(map(_shortest, items))
        case Group(items) | Interleave(items):
            return sum(map(_shortest, items))
        case Repeat(item, least):
            return least * _shortest(item)
        case _:
            return int(isinstance(particle, Leaf))


def _longest(particle: Particle) -> int | None:
    """Return the greatest number of elements that a particle matches, or None."""
    if isinstance(particle, Repeat):
        inner = _longest(particle.item)
        bounded = particle.most is not None and inner is not None
        return (particle.most or 0) * (inner or 0) if bounded else None
    lengths = [_longest(part) for part in parts(particle)]
    if None in lengths:
        return None
    known = [length for length in lengths if length is not None]
    if isinstance(particle, Choice):
        return max(known)
    return sum(known) if known else int(isinstance(particle, Leaf))


@dataclass(frozen=True, slots=True)
class _Automaton:
    """Glushkov's sets of a particle; positions are numbers of leaves."""

    nullable: bool
    first: frozenset[int]
    last: frozenset[int]


def conflict(particle: Particle, names: Widener) -> tuple[int, int] | None:
    """Return two leaves of a model that compete for the same name.

    Args:
        particle: The model.
        names: Knows the names that each leaf matches.

    Returns:
        The places of the two in the order of leaves, the smaller first; None where
        the model is one-unambiguous.
    """
    leaves: list[Particle] = []
    follow: dict[int, set[int]] = {}
    whole = _glushkov(particle, leaves, follow)
    for together in (whole.first, *follow.values()):
        owner: dict[str, int] = {}
        for place in sorted(together):
            found = names.names(leaves[place])
            shared = found & owner.keys()
            if shared:
                return min(owner[name] for name in shared), place
            owner |= dict.fromkeys(found, place)
    return None


def _glushkov(
    particle: Particle, leaves: list[Particle], follow: dict[int, set[int]]
) -> _Automaton:
    if isinstance(particle, Leaf):
        place = len(leaves)
        leaves.append(particle)
        follow[place] = set()
        return _Automaton(False, frozenset((place,)), frozenset((place,)))
    inner = [_glushkov(part, leaves, follow) for part in parts(particle)]
    if isinstance(particle, Repeat):
        if particle.most is None or particle.most > 1:
            for place in inner[0].last:
                follow[place] |= inner[0].first
        nullable = particle.least == 0 or inner[0].nullable
        return _Automaton(nullable, inner[0].first, inner[0].last)
    if isinstance(particle, Choice):
        return _Automaton(
            any(one.nullable for one in inner),
            frozenset().union(*(one.first for one in inner)),
            frozenset().union(*(one.last for one in inner)),
        )
    result = _Automaton(True, frozenset(), frozenset())
    for one in inner:
        for place in result.last:
            follow[place] |= one.first
        result = _Automaton(
            result.nullable and one.nullable,
            result.first | one.first if result.nullable else result.first,
            result.last | one.last if one.nullable else one.last,
        )
    return result


def _part_of(items: Sequence[Particle], place: int) -> int:
    """Return the number of the item that holds the leaf at a place."""
    for number, item in enumerate(items):
        place -= len(_leaves((item,)))
        if place < 0:
            return number
    raise IndexError(place)


def without_text(particle: Particle) -> Particle:
    """Return a model without text: XSD says ``mixed`` of the whole type."""
    match particle:
        case ElementRef() | ClassRef() | AnyElement():
            return particle
        case Group() | Choice() | Interleave() | Repeat():
            return rebuild(particle, without_text)
        case _:
            return NOTHING
