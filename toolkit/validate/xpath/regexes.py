r"""Regular expressions of XPath, matched in bounded time.

Python's ``re`` tries one way after the other: ``^(\w+\s?)+$`` takes longer than the
age of the universe on a sentence of sixty letters and an exclamation mark. Here an
expression is first read to a tree and its worst case is estimated; where that is
harmless ``re`` matches, else all ways are followed at once (Thompson, Pike), which
takes time proportional to the text.

XPath and XQuery Functions and Operators, 5.6.1 (regular expression syntax).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from elementpath.regex import RegexError, translate_pattern

from toolkit.validate.xpath.budget import TooLongError
from toolkit.validate.xpath.regex_program import compiled
from toolkit.validate.xpath.regex_syntax import (
    Anchor,
    BackReference,
    Character,
    Group,
    PatternError,
    Repeat,
    read,
)
from toolkit.validate.xpath.simulation import run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.validate.xpath.budget import Budget
    from toolkit.validate.xpath.regex_syntax import Part
    from toolkit.validate.xpath.simulation import Program

_FLAGS: Final = {"s": re.DOTALL, "m": re.MULTILINE, "i": re.IGNORECASE}
_FOR_EVER: Final = 99  #: the degree of an expression that may never end
_HARMLESS: Final = 50_000_000  #: steps that ``re`` takes in about a second


class Cost(NamedTuple):
    """The worst that ``re`` may need: ``factor * len(text) ** degree`` steps."""

    degree: int
    factor: int


class Found(NamedTuple):
    """One match."""

    start: int
    end: int
    groups: tuple[str | None, ...]


class Pattern:
    """A regular expression of XPath."""

    def __init__(self, source: str, flags: str = "") -> None:
        """Read an expression.

        Args:
            source: The expression.
            flags: Letters out of ``s m i x q``.

        Raises:
            PatternError: It is not one.
        """
        if unknown := set(flags) - set("smixq"):
            raise PatternError(f"unknown flag {sorted(unknown)[0]!r}")
        self._flags = 0
        for letter, flag in _FLAGS.items():
            self._flags |= flag if letter in flags else 0
        try:
            syntax = read(re.escape(source) if "q" in flags else source, "x" in flags)
            self._tree = syntax.tree
            plain = translate_pattern(syntax.plain, self._flags, "1.0")
            self._re = re.compile(plain, self._flags)
        except (re.error, RegexError, OverflowError, RecursionError) as fault:
            raise PatternError(str(fault)) from None
        self.groups: Final = self._re.groups
        self._refers = syntax.refers
        worst = _worst(self._tree)
        anchored = all(
            branch and branch[0] == Anchor("^") for branch in self._tree.branches
        )
        # A search begins anew at every character.
        self.cost = Cost(worst.degree + (0 if anchored else 1), worst.factor)
        if not worst.degree and worst.factor <= 1:
            self.cost = Cost(1, 1)
        self._program: Program | None = None

    def search(self, text: str, budget: Budget | None = None) -> bool:
        """Say whether a part of the text matches.

        Raises:
            TooLongError: The budget is spent, or only ``re`` could decide, too late.
        """
        if self.is_harmless(text):
            return self._re.search(text) is not None
        program = self._simulated()
        return run(program, text, 0, budget, wants_groups=False) is not None

    def find(self, text: str, budget: Budget | None = None) -> Iterator[Found]:
        """Yield the matches, from the left, none overlapping another.

        Raises:
            TooLongError: As :meth:`search`.
        """
        if self.is_harmless(text):
            for match in self._re.finditer(text):
                yield Found(match.start(), match.end(), match.groups())
            return
        program, place = self._simulated(), 0
        while place <= len(text):
            saved = run(program, text, place, budget, wants_groups=True)
            if saved is None:
                return
            start, end = saved.get(0, place), saved.get(1, place)
            groups = tuple(
                text[saved[2 * n] : saved[2 * n + 1]] if 2 * n + 1 in saved else None
                for n in range(1, self.groups + 1)
            )
            yield Found(start, end, groups)
            place = end if end > start else end + 1

    def is_harmless(self, text: str) -> bool:
        """Return whether ``re`` decides about a text soon, whatever is in it."""
        degree, factor = self.cost
        return degree < _FOR_EVER and factor * len(text) ** degree <= _HARMLESS

    def _simulated(self) -> Program:
        if self._refers:
            raise TooLongError("its regular expression refers back to its own groups")
        if self._program is None:
            self._program = compiled(self._tree, self._flags)
        return self._program


@lru_cache(maxsize=512)
def pattern(source: str, flags: str = "") -> Pattern:
    """Return an expression, read once.

    Raises:
        PatternError: It is not one.
    """
    return Pattern(source, flags)


def _worst(part: Part) -> Cost:
    """Estimate what ``re`` may need for a part, never too low."""
    match part:
        case Character() | Anchor():
            return Cost(0, 1)
        case BackReference():
            return Cost(1, 1)
        case Group(branches):
            degree, factor = 0, 0
            for branch in branches:
                one = _in_sequence(branch)
                degree, factor = max(degree, one.degree), factor + one.factor
            return Cost(degree, factor)
        case Repeat(atom, least, most):
            return _worst_of_repeat(_worst(atom), least, most)


def _worst_of_repeat(inner: Cost, least: int, most: int | None) -> Cost:
    is_plain = inner == Cost(0, 1)
    if most is not None and most <= 1:
        return Cost(inner.degree, inner.factor + (0 if least else 1))
    if is_plain:
        return Cost(0, 1) if least == most else Cost(1, 1)
    if most is not None and inner.degree == 0 and most <= _LARGEST_FACTOR:
        factor = min(inner.factor**most * (most - least + 1), _HARMLESS + 1)
        return Cost(0, factor)
    return Cost(_FOR_EVER, 1)


_LARGEST_FACTOR: Final = 30


def _in_sequence(parts: tuple[Part, ...]) -> Cost:
    degree, factor = 0, 1
    for one in map(_worst, parts):
        degree = min(degree + one.degree, _FOR_EVER)
        factor = min(factor * one.factor, _HARMLESS + 1)
    return Cost(degree, factor)
