r"""Regular expressions of XML Schema (part 2, appendix F): match, and make examples.

Takes the text of a ``pattern`` facet and gives a :class:`Regex`. The expression is
read to a tree first; Python's ``re`` then does the matching. Two translations are
made, each when it is first needed: one for strings of ASCII only (by far the most
attribute values), where a class such as ``\p{L}`` is a handful of ranges, and one
for all of Unicode, for which the table of general categories must be gathered.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from random import Random

_LAST: Final = 0x10FFFF
_ASCII_LAST: Final = 0x7F
_SINGLE: Final = {"n": "\n", "r": "\r", "t": "\t"} | {c: c for c in r"\|.?*+(){}-[]^"}

Ranges: TypeAlias = list[tuple[int, int]]

_NAME_START: Final[Ranges] = [
    (0x3A, 0x3A),
    (0x41, 0x5A),
    (0x5F, 0x5F),
    (0x61, 0x7A),
    (0xC0, 0xD6),
    (0xD8, 0xF6),
    (0xF8, 0x2FF),
    (0x370, 0x37D),
    (0x37F, 0x1FFF),
    (0x200C, 0x200D),
    (0x2070, 0x218F),
    (0x2C00, 0x2FEF),
    (0x3001, 0xD7FF),
    (0xF900, 0xFDCF),
    (0xFDF0, 0xFFFD),
    (0x10000, 0xEFFFF),
]
_NAME_MORE: Final[Ranges] = [
    (0x2D, 0x2E),
    (0x30, 0x39),
    (0xB7, 0xB7),
    (0x300, 0x36F),
    (0x203F, 0x2040),
]


class RegexError(ValueError):
    """The text is not a regular expression of XML Schema; says why and where."""


@dataclass(frozen=True, slots=True)
class Characters:
    """One character out of a set."""

    ranges: tuple[tuple[int, int], ...] = ()
    escapes: tuple[str, ...] = ()  #: ``d``, ``D``, ``pL``, ``PL`` …
    negated: bool = False
    minus: Characters | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """An atom a number of times; no greatest number where ``most`` is None."""

    atom: Characters | Branches
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Branches:
    """Alternatives, each a sequence."""

    alternatives: tuple[tuple[Repeat, ...], ...]


class Regex:
    """A regular expression that matches whole strings."""

    __slots__ = ("_ascii", "_unicode", "source", "tree")

    def __init__(self, source: str) -> None:
        """Read an expression.

        Raises:
            RegexError: It is not one.
        """
        self.source: Final = source
        self.tree: Final = _Reader(source).read()
        self._ascii: re.Pattern[str] | None = None
        self._unicode: re.Pattern[str] | None = None

    def matches(self, string: str) -> bool:
        """Say whether the whole string matches."""
        if string.isascii():
            if self._ascii is None:
                self._ascii = _compile(self.tree, _ASCII_LAST)
            return self._ascii.fullmatch(string) is not None
        if self._unicode is None:
            self._unicode = _compile(self.tree, _LAST)
        return self._unicode.fullmatch(string) is not None

    def example(self, random: Random) -> str:
        """Return a string that matches, ASCII where the expression lets it."""
        return _example(self.tree, random)


def _compile(tree: Branches, last: int) -> re.Pattern[str]:
    try:
        return re.compile(_translate(tree, last))
    except (re.error, OverflowError, RecursionError) as fault:
        raise RegexError(f"it cannot be used: {fault}") from None


def _translate(tree: Branches, last: int) -> str:
    return "|".join(
        "".join(_translate_repeat(piece, last) for piece in sequence)
        for sequence in tree.alternatives
    )


def _translate_repeat(piece: Repeat, last: int) -> str:
    if isinstance(piece.atom, Branches):
        atom = f"(?:{_translate(piece.atom, last)})"
    else:
        atom = _class(ranges_of(piece.atom, last))
    if (piece.least, piece.most) == (1, 1):
        return atom
    return f"{atom}{{{piece.least},{'' if piece.most is None else piece.most}}}"


def _class(ranges: Ranges) -> str:
    if not ranges:
        return "(?!)"
    return "[" + "".join(f"\\U{a:08x}-\\U{b:08x}" for a, b in ranges) + "]"


def ranges_of(characters: Characters, last: int) -> Ranges:
    """Return the code points of a set up to ``last``, as sorted ranges."""
    found: Ranges = list(characters.ranges)
    for escape in characters.escapes:
        found += _escape_ranges(escape, last)
    found = _merge(found, last)
    if characters.negated:
        found = _complement(found, last)
    if characters.minus is not None:
        taken = ranges_of(characters.minus, last)
        found = _complement(_merge(_complement(found, last) + taken, last), last)
    return found


def _merge(ranges: Ranges, last: int) -> Ranges:
    merged: Ranges = []
    for start, end in sorted(ranges):
        if start > last:
            break
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], min(end, last)))
        else:
            merged.append((start, min(end, last)))
    return merged


def _complement(ranges: Ranges, last: int) -> Ranges:
    found: Ranges = []
    following = 0
    for start, end in ranges:
        if start > following:
            found.append((following, start - 1))
        following = end + 1
    if following <= last:
        found.append((following, last))
    return found


def _escape_ranges(escape: str, last: int) -> Ranges:
    if escape[0] in "SICDWP":
        return _complement(_escape_ranges(escape[0].lower() + escape[1:], last), last)
    match escape[0]:
        case "s":
            ranges = [(0x9, 0xA), (0xD, 0xD), (0x20, 0x20)]
        case "i":
            ranges = _NAME_START
        case "c":
            ranges = _NAME_START + _NAME_MORE
        case "d":
            ranges = _category("Nd", last)
        case "w":
            taken = [r for one in "PZC" for r in _category(one, last)]
            ranges = _complement(_merge(taken, last), last)
        case _:
            ranges = _category(escape[1:], last)
    return _merge(ranges, last)


def _category(name: str, last: int) -> Ranges:
    if name.startswith("Is"):
        return _block(name)
    table = _categories(last)
    return [r for one, ranges in table.items() if one.startswith(name) for r in ranges]


@cache
def _categories(last: int) -> dict[str, Ranges]:
    """Gather the general category of every character up to ``last``."""
    table: dict[str, Ranges] = {}
    category = unicodedata.category
    # Between and after these spans nothing is assigned (Cn), or it is private (Co).
    spans = [range(0x33480), range(0xE0000, 0xE0200)]
    for span in spans if last > _ASCII_LAST else [range(_ASCII_LAST + 1)]:
        start, current = span.start, category(chr(span.start))
        for code in (*span, span.stop):
            one = category(chr(code)) if code < span.stop else ""
            if one != current:
                table.setdefault(current, []).append((start, code - 1))
                start, current = code, one
    if last > _ASCII_LAST:
        table["Cn"] += [(0x33480, 0xDFFFF), (0xE0200, 0xEFFFF)]
        table["Cn"] += [(0xFFFFE, 0xFFFFF), (0x10FFFE, 0x10FFFF)]
        table["Co"] += [(0xF0000, 0xFFFFD), (0x100000, 0x10FFFD)]
    return table


def _block(name: str) -> Ranges:
    """Return the range of a Unicode block; its table is large and rarely wanted."""
    from elementpath.regex import unicode_subset

    try:
        return [
            (one, one) if isinstance(one, int) else (one[0], one[1] - 1)
            for one in unicode_subset(name)
        ]
    except Exception as fault:
        raise RegexError(f"there is no Unicode block {name[2:]!r}") from fault


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
        return RegexError(f"{what} at character {self.place + 1} of {self.source!r}")

    def branches(self) -> Branches:
        self.depth += 1
        if self.depth > 50:
            raise self.fault("parentheses nested more than 50 deep")
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
        least = int(found[1])
        most = least if found[2] is None else int(found[3]) if found[3] else None
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
            _block(found[1])
        elif found[1] not in _KNOWN_CATEGORIES:
            raise self.fault(f"an unknown category {found[1]!r}")
        return character + found[1], True

    def group(self) -> Characters:
        """Read a character class expression after its opening bracket."""
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
    ranges = ranges_of(characters, _ASCII_LAST) or ranges_of(characters, _LAST)
    found = [chr(code) for a, b in ranges for code in range(a, min(b, a + 200) + 1)]
    pleasant = [one for one in found if one in _PLEASANT]
    printable = [one for one in found if one.isprintable()]
    return tuple(pleasant or printable or found)


def _character(characters: Characters, random: Random) -> str:
    found = _choices(characters)
    if not found:
        raise RegexError("it has a class without any character")
    return random.choice(found)
