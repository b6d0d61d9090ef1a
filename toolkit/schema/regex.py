r"""Regular expressions of XML Schema (part 2, appendix F): match, and make examples.

Takes the text of a ``pattern`` facet and gives a :class:`Regex`. The expression is
read to a tree (``regex_tree``), and followed in bounded time (``regex_steps``).
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final

from toolkit.schema.regex_steps import (
    ENDLESS,
    MOST_STEPS,
    Steps,
    TooCostlyError,
    size_of,
)
from toolkit.schema.regex_tree import (
    ASCII_LAST,
    LAST,
    Branches,
    Characters,
    RegexError,
    Repeat,
    block,
    ranges_of,
)

if TYPE_CHECKING:
    from random import Random

_SINGLE: Final = {"n": "\n", "r": "\r", "t": "\t"} | {c: c for c in r"\|.?*+(){}-[]^"}
_LONGEST: Final = 100_000  #: characters of an expression
_DEEPEST: Final = 50  #: parentheses, or sets taken from sets, within each other
_SHOWN: Final = 60  #: characters of an expression that a message shows


class Regex:
    """A regular expression that matches whole strings."""

    def __init__(self, source: str) -> None:
        """Read an expression.

        Raises:
            RegexError: It is not one, or is too large.
        """
        if len(source) > _LONGEST:
            raise RegexError(f"it has more than {_LONGEST:,} characters")
        self.source: Final = source
        self.tree: Final = _Reader(source).read()
        if size_of(self.tree) > MOST_STEPS:
            raise RegexError(
                f"written out it has more than {MOST_STEPS:,} steps: make its "
                "repetitions smaller, or limit the length in another way"
            )

    def __reduce__(self) -> tuple[type[Regex], tuple[str]]:
        """Keep and restore an expression by its text."""
        return Regex, (self.source,)

    @cached_property
    def _steps(self) -> Steps:
        return Steps(self.tree)

    def matches(self, string: str) -> bool:
        """Say whether the whole string matches.

        Raises:
            RegexError: That cannot be found out in reasonable time.
        """
        try:
            return self._steps.match(string)
        except TooCostlyError:
            raise RegexError("it has too many ways to match") from None

    def example(self, random: Random) -> str:
        """Return a string that matches, ASCII where the expression lets it."""
        return _example(self.tree, random)


_KNOWN_CATEGORIES: Final = frozenset(
    "L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po "
    "Z Zs Zl Zp S Sm Sc Sk So C Cc Cf Co Cn Cs".split()
)


class _Reader:
    """A recursive-descent reader of the grammar in appendix F."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.place = 0
        self.depth = 0

    def read(self) -> Branches:
        tree = self.branches()
        if self.place < len(self.source):
            raise self.fault(f"a {self.peek()!r} that closes nothing")
        return tree

    def peek(self) -> str:
        return self.source[self.place : self.place + 1]

    def take(self) -> str:
        character = self.peek()
        if not character:
            raise self.fault("the end where more is needed")
        self.place += 1
        return character

    def fault(self, what: str) -> RegexError:
        shown = self.source[:_SHOWN] + "…" * (len(self.source) > _SHOWN)
        return RegexError(f"{what} at character {self.place + 1} of {shown!r}")

    def deeper(self, what: str) -> None:
        """Count one more level; whoever calls counts it off again."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.fault(f"{what} nested more than {_DEEPEST} deep")

    def branches(self) -> Branches:
        self.deeper("parentheses")
        alternatives = [self.sequence()]
        while self.peek() == "|":
            self.take()
            alternatives.append(self.sequence())
        self.depth -= 1
        return Branches(tuple(alternatives))

    def sequence(self) -> tuple[Repeat, ...]:
        pieces = []
        while (character := self.peek()) and character not in "|)":
            pieces.append(self.piece())
        return tuple(pieces)

    def piece(self) -> Repeat:
        atom = self.atom()
        match self.peek():
            case "?":
                bounds: tuple[int, int | None] = (0, 1)
            case "*":
                bounds = (0, None)
            case "+":
                bounds = (1, None)
            case "{":
                return Repeat(atom, *self.quantity())
            case _:
                return Repeat(atom, 1, 1)
        self.take()
        return Repeat(atom, *bounds)

    def quantity(self) -> tuple[int, int | None]:
        found = re.compile(r"\{([0-9]+)(,([0-9]*))?\}").match(self.source, self.place)
        if not found:
            raise self.fault("a '{' that begins no quantity")
        self.place = found.end()
        least = _count(found[1])
        most = least if found[2] is None else _count(found[3]) if found[3] else None
        if most is not None and most < least:
            raise self.fault("a quantity whose end is below its beginning")
        return least, most

    def atom(self) -> Characters | Branches:
        character = self.take()
        if character == "(":
            tree = self.branches()
            if self.peek() != ")":
                raise self.fault("a '(' that is not closed")
            self.take()
            return tree
        if character == "[":
            return self.group()
        if character == ".":
            return Characters(((0xA, 0xA), (0xD, 0xD)), negated=True)
        if character == "\\":
            one, is_class = self.escape()
            if is_class:
                return Characters(escapes=(one,))
            return Characters(((ord(one), ord(one)),))
        if character in "?*+{}]":
            self.place -= 1
            raise self.fault(f"an unescaped {character!r}")
        return Characters(((ord(character), ord(character)),))

    def escape(self) -> tuple[str, bool]:
        """Read what follows a backslash: a character, or (True) a class's name."""
        character = self.take()
        if character in _SINGLE:
            return _SINGLE[character], False
        if character in "sSiIcCdDwW":
            return character, True
        if character not in "pP":
            raise self.fault(f"an unknown escape '\\{character}'")
        found = re.compile(r"\{([A-Za-z0-9-]+)\}").match(self.source, self.place)
        if not found:
            raise self.fault("a category without a name in braces")
        self.place = found.end()
        if found[1].startswith("Is"):
            block(found[1])
        elif found[1] not in _KNOWN_CATEGORIES:
            raise self.fault(f"an unknown category {found[1]!r}")
        return character + found[1], True

    def group(self) -> Characters:
        """Read a character class expression after its opening bracket."""
        self.deeper("sets")
        negated = self.peek() == "^"
        if negated:
            self.take()
        ranges: list[tuple[int, int]] = []
        escapes: list[str] = []
        minus: Characters | None = None
        while self.peek() != "]" or not (ranges or escapes):
            if self.source.startswith("-[", self.place) and (ranges or escapes):
                self.place += 2
                minus = self.group()
                break
            self.member(ranges, escapes)
        if self.take() != "]":
            raise self.fault("a '[' that is not closed")
        self.depth -= 1
        return Characters(tuple(ranges), tuple(escapes), negated, minus)

    def member(self, ranges: list[tuple[int, int]], escapes: list[str]) -> None:
        """Read one character, range or escape of a class expression."""
        start, is_class = self.end_of_range()
        if is_class:
            escapes.append(start)
            return
        follows = self.source[self.place : self.place + 2]
        end = start
        if follows[:1] == "-" and follows[1:] not in ("]", "[", ""):
            self.take()
            end, is_class = self.end_of_range()
            if is_class:
                raise self.fault("a range that ends in a class")
        if end < start:
            raise self.fault(f"the range {start}-{end}, which runs backwards")
        ranges.append((ord(start), ord(end)))

    def end_of_range(self) -> tuple[str, bool]:
        character = self.take()
        if character == "\\":
            return self.escape()
        if character in "[]":
            self.place -= 1
            raise self.fault(f"an unescaped {character!r} in a class")
        return character, False


def _count(digits: str) -> int:
    """Return a number of repetitions; beyond any length, numbers are the same."""
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) < 10 else ENDLESS


_PLEASANT: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def _example(tree: Branches, random: Random) -> str:
    made = []
    for piece in random.choice(tree.alternatives):
        most = piece.least + 3 if piece.most is None else piece.most
        for _ in range(random.randint(piece.least, min(most, piece.least + 3))):
            if isinstance(piece.atom, Branches):
                made.append(_example(piece.atom, random))
            else:
                made.append(_character(piece.atom, random))
    return "".join(made)


@cache
def _choices(characters: Characters) -> tuple[str, ...]:
    """Return some characters of a set: pleasant ones if there are any."""
    ranges = ranges_of(characters, ASCII_LAST) or ranges_of(characters, LAST)
    found = [chr(code) for a, b in ranges for code in range(a, min(b, a + 200) + 1)]
    pleasant = [one for one in found if one in _PLEASANT]
    printable = [one for one in found if one.isprintable()]
    return tuple(pleasant or printable or found)


def _character(characters: Characters, random: Random) -> str:
    found = _choices(characters)
    if not found:
        raise RegexError("it has a class without any character")
    return random.choice(found)
