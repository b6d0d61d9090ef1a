"""Following all ways through a regular expression at once (Thompson, Pike).

A program and a text give the leftmost match that a backtracking matcher would find
first, in time proportional to the text times the program, whatever both are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from toolkit.validate.xpath.budget import TooLongError

if TYPE_CHECKING:
    import re

    from toolkit.validate.xpath.budget import Budget

#: Where groups begin (even) and end (odd); 0 and 1: the whole match.
Saved: TypeAlias = "dict[int, int]"


class Step(NamedTuple):
    """One step of a program."""

    name: str  #: one, split, jump, save, begin, end, match
    places: tuple[int, ...]  #: steps to go on at, the first first; for save: what
    one: re.Pattern[str] | None  #: what matches one character


class Program(NamedTuple):
    """A regular expression as steps."""

    steps: tuple[Step, ...]
    by_line: bool  #: whether ``^`` and ``$`` stand for ends of lines


#: Texts that are searched without a budget may cost this many steps.
_FREE: int = 5_000_000


def run(
    program: Program, text: str, start: int, budget: Budget | None, wants_groups: bool
) -> Saved | None:
    """Find the leftmost match at or after a place.

    Args:
        program: The expression.
        text: What to search.
        start: The first place where a match may begin.
        budget: What the search may cost.
        wants_groups: Whether more is asked than whether there is a match.

    Returns:
        Where the groups are, or None if there is no match.

    Raises:
        TooLongError: The budget is spent.
    """
    return _Run(program, text, budget, wants_groups).from_place(start)


class _Run:
    """One run of a program over a text."""

    def __init__(
        self, program: Program, text: str, budget: Budget | None, wants_groups: bool
    ) -> None:
        self.program, self.text, self.budget = program, text, budget
        self.wants_groups = wants_groups
        self.free = _FREE
        self.known: dict[tuple[int, str], bool] = {}
        self.found: Saved | None = None

    def from_place(self, start: int) -> Saved | None:
        """Return the leftmost match at or after a place."""
        ways: dict[int, Saved] = {}
        for place in range(start, len(self.text) + 1):
            if self.found is None:
                _add(self.program, self.text, place, 0, {}, ways)
            self.spend(len(ways) + 1)
            ways = self.further(ways, place)
            if self.found is not None and not (ways and self.wants_groups):
                break
        return self.found

    def spend(self, steps: int) -> None:
        if self.budget is not None:
            self.budget.spend(steps)
            return
        self.free -= steps
        if self.free < 0:
            raise TooLongError

    def further(self, ways: dict[int, Saved], place: int) -> dict[int, Saved]:
        """Return where the ways lead with one more character, the preferred first."""
        following: dict[int, Saved] = {}
        for number, saved in ways.items():
            step = self.program.steps[number]
            if step.name == "match":
                self.found = saved
                break  # what comes after is less preferred
            if place < len(self.text) and self.fits(number, step, self.text[place]):
                _add(self.program, self.text, place + 1, number + 1, saved, following)
        return following

    def fits(self, number: int, step: Step, character: str) -> bool:
        found = self.known.get((number, character))
        if found is None:
            found = step.one is not None and step.one.match(character) is not None
            self.known[(number, character)] = found
        return found


def _add(
    program: Program,
    text: str,
    place: int,
    first: int,
    saved: Saved,
    ways: dict[int, Saved],
) -> None:
    """Add the ways from a step on that end at a character, the preferred first."""
    todo = [(first, saved)]
    seen: set[int] = set()
    while todo:
        number, saved = todo.pop()
        if number in ways or number in seen:
            continue
        step = program.steps[number]
        if step.name in {"one", "match"}:
            ways[number] = saved
            continue
        seen.add(number)
        match step.name:
            case "split":
                todo += [(one, saved) for one in reversed(step.places)]
            case "jump":
                todo.append((step.places[0], saved))
            case "save":
                todo.append((number + 1, {**saved, step.places[0]: place}))
            case _:
                if _holds(step.name, program.by_line, text, place):
                    todo.append((number + 1, saved))


def _holds(name: str, by_line: bool, text: str, place: int) -> bool:
    """Return whether an anchor holds at a place."""
    if name == "begin":
        if place == 0:
            return True
        return by_line and text[place - 1] == "\n" and place < len(text)
    if place == len(text):
        return True
    return by_line and text[place] == "\n"
