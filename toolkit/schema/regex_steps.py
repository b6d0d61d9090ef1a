"""Regular expressions of XML Schema, matched in bounded time.

Takes the tree of an expression (:mod:`toolkit.schema.regex_tree`) and says whether a
whole string matches. Python's ``re`` tries one way after the other: ``(a+)+b`` takes
longer than the age of the universe on fifty letters ``a``. Here all ways are followed
at once (Thompson), and the sets of places that they reach are remembered as the states
of an automaton, so that a character costs one look-up once its like has been seen.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from toolkit.schema.regex_tree import ASCII_LAST, LAST, Branches, ranges_of

if TYPE_CHECKING:
    from toolkit.schema.regex_tree import Characters, Ranges, Repeat

#: Steps of an expression with its repetitions written out.
MOST_STEPS: Final = 100_000
#: Repetitions that count as "any number": no string has so many characters.
ENDLESS: Final = 10_000_000
#: Steps that one expression may take where nothing is remembered: some seconds.
_PATIENCE: Final = 3_000_000
#: Steps of remembered states; beyond, memory is emptied and filled anew.
_ROOM: Final = 500_000

#: The steps that may come next.
State: TypeAlias = frozenset[int]


class TooCostlyError(Exception):
    """It takes too long to decide whether strings match."""


class Step(NamedTuple):
    """One step: a character is read, or the way divides."""

    characters: Characters | None  #: what is read before the next step
    ways: tuple[int, ...] = ()  #: where it goes on if nothing is read


class Steps:
    """An expression as steps."""

    def __init__(self, tree: Branches) -> None:
        """Write an expression out, of which ``size_of`` has said that it is small."""
        self._patience = _PATIENCE
        self._steps: list[Step] = []
        self._branches(tree)
        self._end: Final = self._emit(None)
        self._start: Final = self._closed([0])
        #: Of each character met: the steps' classes that have it, as one value.
        self._kinds: dict[str, frozenset[Characters]] = {}
        self._classes: Final = {
            one.characters for one in self._steps if one.characters is not None
        }
        self._known: dict[tuple[State, frozenset[Characters]], State] = {}
        self._kept = 0

    def match(self, string: str) -> bool:
        """Say whether a whole string matches.

        Raises:
            TooCostlyError: This has taken too long, for this string and others.
        """
        state, known, kinds = self._start, self._known, self._kinds
        for character in string:
            kind = kinds.get(character)
            if kind is None:
                kind = self._kind(character)
            following = known.get((state, kind))
            if following is None:
                following = self._follow(state, kind)
            if not following:
                return False
            state = following
        return self._end in state

    # -- following -------------------------------------------------------------

    def _kind(self, character: str) -> frozenset[Characters]:
        code = ord(character)
        kind = frozenset(one for one in self._classes if _holds(one, code))
        self._kinds[character] = kind
        return kind

    def _follow(self, state: State, kind: frozenset[Characters]) -> State:
        """Return where all ways lead with one more character."""
        steps = self._steps
        following = self._closed(
            [one + 1 for one in state if steps[one].characters in kind]
        )
        self._spend(len(state))
        self._kept += len(following) + 1
        if self._kept > _ROOM:
            self._known.clear()
            self._kept = len(following) + 1
        self._known[state, kind] = following
        return following

    def _closed(self, places: list[int]) -> State:
        """Return the reading steps, and perhaps the end, that places lead to."""
        steps, found, seen = self._steps, set[int](), set[int]()
        while places:
            place = places.pop()
            if place in seen:
                continue
            seen.add(place)
            step = steps[place]
            if step.ways:
                places.extend(step.ways)
            else:
                found.add(place)
        self._spend(len(seen))
        return frozenset(found)

    def _spend(self, steps: int) -> None:
        self._patience -= steps
        if self._patience < 0:
            raise TooCostlyError

    # -- writing out -----------------------------------------------------------

    def _emit(self, characters: Characters | None, *ways: int) -> int:
        self._steps.append(Step(characters, ways))
        return len(self._steps) - 1

    def _branches(self, tree: Branches) -> None:
        ends: list[int] = []
        for sequence in tree.alternatives[:-1]:
            split = self._emit(None)
            self._sequence(sequence)
            ends.append(self._emit(None))
            self._lead(split, split + 1, len(self._steps))
        self._sequence(tree.alternatives[-1])
        for end in ends:
            self._lead(end, len(self._steps))

    def _sequence(self, sequence: tuple[Repeat, ...]) -> None:
        for piece in sequence:
            most = piece.most
            for _ in range(piece.least):
                self._atom(piece.atom)
            if most is None or most >= ENDLESS:
                split = self._emit(None)
                self._atom(piece.atom)
                self._emit(None, split)
                self._lead(split, split + 1, len(self._steps))
                continue
            splits: list[int] = []
            for _ in range(most - piece.least):
                splits.append(self._emit(None))
                self._atom(piece.atom)
            for split in splits:
                self._lead(split, split + 1, len(self._steps))

    def _atom(self, atom: Characters | Branches) -> None:
        if isinstance(atom, Branches):
            self._branches(atom)
        else:
            self._emit(atom)

    def _lead(self, step: int, *ways: int) -> None:
        """Let a step lead to others."""
        self._steps[step] = Step(None, ways)


def size_of(tree: Branches) -> int:
    """Return how many steps an expression has, written out."""
    size = 2 * len(tree.alternatives)
    for sequence in tree.alternatives:
        for piece in sequence:
            one = size_of(piece.atom) if isinstance(piece.atom, Branches) else 1
            most = piece.most
            endless = most is None or most >= ENDLESS
            times = piece.least if endless else most or 0
            size += times * (one + 1) + (one + 2 if endless else 0)
    return size


def _holds(characters: Characters, code: int) -> bool:
    """Return whether a character is in a class."""
    ranges, starts = _ranges(characters, ascii_only=code < 0x80)
    place = bisect_right(starts, code) - 1
    return place >= 0 and code <= ranges[place][1]


@cache
def _ranges(characters: Characters, *, ascii_only: bool) -> tuple[Ranges, list[int]]:
    """Return the ranges of a class, and where each begins.

    The table of all of Unicode is gathered only for those who need it.
    """
    ranges = ranges_of(characters, ASCII_LAST if ascii_only else LAST)
    return ranges, [start for start, _ in ranges]
