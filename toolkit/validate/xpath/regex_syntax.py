"""The syntax of XPath's regular expressions: a text gives a tree.

XPath and XQuery Functions and Operators, 5.6.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

_QUANTITY: Final = re.compile(r"\{([0-9]+)(,([0-9]*))?\}")


class PatternError(ValueError):
    """The text is no regular expression, or its flags are none; says why."""


@dataclass(frozen=True, slots=True)
class Character:
    """What matches one character, as it was written: ``a``, ``.``, ``[a-z]``."""

    source: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place: the beginning or the end."""

    sign: str  #: ``^`` or ``$``


@dataclass(frozen=True, slots=True)
class BackReference:
    """What a group has matched, once more."""

    number: int


@dataclass(frozen=True, slots=True)
class Group:
    """Alternatives in parentheses, or the whole expression."""

    branches: tuple[tuple[Part, ...], ...]
    number: int  #: 0: it captures nothing


@dataclass(frozen=True, slots=True)
class Repeat:
    """Something a number of times; no greatest number where ``most`` is None."""

    atom: Part
    least: int
    most: int | None
    lazy: bool


Part: TypeAlias = "Character | Anchor | BackReference | Group | Repeat"


class Syntax(NamedTuple):
    """A regular expression, read."""

    tree: Group
    plain: str  #: the expression without the white space that is ignored
    refers: bool  #: whether it refers back to what a group has matched


def read(source: str, ignores_space: bool) -> Syntax:
    """Read a regular expression.

    Args:
        source: The expression.
        ignores_space: Whether white space outside classes means nothing (flag x).

    Raises:
        PatternError: It is none.
    """
    reader = _Reader(source, ignores_space)
    tree = reader.read()
    return Syntax(tree, reader.plain, reader.refers)


class _Reader:
    """Reads the structure; what single characters match is left to elementpath."""

    def __init__(self, source: str, ignores_space: bool) -> None:
        self.source, self.ignores_space = source, ignores_space
        self.place = self.numbered = self.depth = 0
        self.refers = False
        self.plain = ""  #: the expression without the white space that is ignored

    def read(self) -> Group:
        tree = Group(self.branches(), 0)
        if self.place < len(self.source):
            raise PatternError("a ')' that closes nothing")
        return tree

    def peek(self) -> str:
        while (
            self.ignores_space
            and self.place < len(self.source)
            and self.source[self.place] in " \t\r\n"
        ):
            self.place += 1
        return self.source[self.place : self.place + 1]

    def take(self, length: int = 1) -> str:
        taken = self.source[self.place : self.place + length]
        if len(taken) < length:
            raise PatternError("the end where more is needed")
        self.place += length
        self.plain += taken
        return taken

    def branches(self) -> tuple[tuple[Part, ...], ...]:
        self.depth += 1
        if self.depth > 50:
            raise PatternError("parentheses nested more than 50 deep")
        found = [self.sequence()]
        while self.peek() == "|":
            self.take()
            found.append(self.sequence())
        self.depth -= 1
        return tuple(found)

    def sequence(self) -> tuple[Part, ...]:
        parts: list[Part] = []
        while (sign := self.peek()) and sign not in "|)":
            parts.append(self.piece())
        return tuple(parts)

    def piece(self) -> Part:
        atom = self.atom()
        sign = self.peek()
        if not sign or sign not in "?*+{":
            return atom
        if sign == "{":
            found = _QUANTITY.match(self.source, self.place)
            if not found:
                raise PatternError("a '{' that begins no quantity")
            self.take(found.end() - found.start())
            least = int(found[1])
            most = least if found[2] is None else int(found[3]) if found[3] else None
        else:
            self.take()
            least, most = int(sign == "+"), 1 if sign == "?" else None
        lazy = self.peek() == "?"
        if lazy:
            self.take()
        return Repeat(atom, least, most, lazy)

    def atom(self) -> Part:
        sign = self.peek()
        if sign in "^$":
            return Anchor(self.take())
        if sign == "(":
            return self.group()
        start = len(self.plain)
        self.take()
        if sign == "[":
            self.class_rest()
        elif sign == "\\":
            escaped = self.take()
            if escaped in "123456789":
                self.refers = True
                while self.peek() in set("0123456789"):
                    self.take()
                return BackReference(int(self.plain[start + 1 :]))
            if escaped in "pP":
                while self.take() != "}":
                    pass
        return Character(self.plain[start:])

    def group(self) -> Group:
        self.take()
        number = 0
        if self.source.startswith("?:", self.place):
            self.take(2)
        else:
            self.numbered += 1
            number = self.numbered
        branches = self.branches()
        if self.peek() != ")":
            raise PatternError("a '(' that is not closed")
        self.take()
        return Group(branches, number)

    def class_rest(self) -> None:
        """Read a character class after its bracket, with what is taken away from it."""
        first = True
        while True:
            sign = self.take()
            if sign == "\\":
                self.take()
            elif sign == "[":
                self.class_rest()
            elif sign == "]" and not first:
                return
            first = first and sign == "^"
