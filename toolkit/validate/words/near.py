"""The one name that can have been meant: a slip of typing and possible names give it.

Stricter than the guesses of messages («if that is meant»), because what is found here
is written into files: one candidate must fit, and no other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHORTEST: Final = 4  #: letters that a name needs before one of them may be wrong
_LONG: Final = 8  #: letters from which on two may be wrong
_LONGEST: Final = 80  #: nobody mistypes a longer one, and comparing takes its square
_NUMBERS: Final = re.compile(r"\d+")


def only_near(wrong: str, names: Iterable[str], slips: int = 2) -> str:
    """Return the one name that can have been meant; empty if none or several can.

    Looks first for the name in another case; then for one with other hyphens,
    underscores, points or leading zeros; then for one that a slip or two make of it
    (a letter too many, too few, another, or two exchanged). Numbers are never slips:
    ``p12`` is not ``p13``.

    Args:
        wrong: What is written.
        names: What could be.
        slips: How many letters of a long name may be wrong at most.
    """
    if not wrong or len(wrong) > _LONGEST:
        return ""
    candidates = [one for one in dict.fromkeys(names) if one and one != wrong]
    for form in (str.casefold, _loose):
        meant = form(wrong)
        found = [one for one in candidates if form(one) == meant]
        if found:
            return found[0] if len(found) == 1 else ""
    return _slipped(wrong, candidates, slips)


def _slipped(wrong: str, candidates: list[str], slips: int) -> str:
    if len(wrong) < _SHORTEST:
        return ""
    limit = min(slips, 2 if len(wrong) >= _LONG else 1)
    numbers = _numbers(wrong)
    found = [
        one
        for one in candidates
        if len(one) >= _SHORTEST
        and abs(len(one) - len(wrong)) <= limit
        and _numbers(one) == numbers
        and slips_between(wrong.casefold(), one.casefold(), limit) <= limit
    ]
    return found[0] if len(found) == 1 else ""


def _numbers(name: str) -> list[str]:
    return [one.lstrip("0") for one in _NUMBERS.findall(name)]


def _loose(name: str) -> str:
    """Return a name without what is commonly confused in it."""
    bare = re.sub(r"[-_.]+", "-", name.casefold())
    return _NUMBERS.sub(lambda number: number[0].lstrip("0") or "0", bare)


def slips_between(one: str, other: str, limit: int) -> int:
    """Return how many slips of typing lie between two words.

    Counts a letter too many, too few, another one, or two neighbours exchanged
    (the distance of Damerau, no place touched twice).

    Args:
        one: A word.
        other: Another.
        limit: More than this many are not counted out: the answer is then larger.
    """
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for place, wanted in enumerate(other, 1):
            cost = min(
                last[place] + 1,
                line[place - 1] + 1,
                last[place - 1] + (letter != wanted),
            )
            exchanged = (
                row > 1
                and place > 1
                and letter == other[place - 2]
                and one[row - 2] == wanted
            )
            line.append(min(cost, before[place - 2] + 1) if exchanged else cost)
        if min(line) > limit:
            return limit + 1
        before, last = last, line
    return last[-1]
