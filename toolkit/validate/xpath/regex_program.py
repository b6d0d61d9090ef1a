"""From the tree of a regular expression to a program that can be followed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from elementpath.regex import translate_pattern

from toolkit.validate.xpath.budget import TooLongError
from toolkit.validate.xpath.regex_syntax import (
    Anchor,
    BackReference,
    Character,
    Group,
    Repeat,
)
from toolkit.validate.xpath.simulation import Program, Step

if TYPE_CHECKING:
    from toolkit.validate.xpath.regex_syntax import Part

_LARGEST_PROGRAM: Final = 20_000


def compiled(tree: Group, flags: int) -> Program:
    """Return a regular expression as a program.

    Args:
        tree: The expression.
        flags: Flags of Python's ``re``.

    Raises:
        TooLongError: It refers back to its groups, or is too large.
    """
    return _Compiler(flags).program(tree)


class _Compiler:
    """Makes a program of a tree."""

    def __init__(self, flags: int) -> None:
        self.flags = flags
        self.steps: list[Step] = []

    def program(self, tree: Group) -> Program:
        self.emit("save", 0)
        self.part(tree)
        self.emit("save", 1)
        self.emit("match")
        return Program(tuple(self.steps), bool(self.flags & re.MULTILINE))

    def emit(self, name: str, *places: int, one: re.Pattern[str] | None = None) -> int:
        if len(self.steps) >= _LARGEST_PROGRAM:
            raise TooLongError("its regular expression is too large")
        self.steps.append(Step(name, places, one))
        return len(self.steps) - 1

    def part(self, part: Part) -> None:
        match part:
            case Character(source):
                plain = translate_pattern(source, self.flags, "1.0")
                self.emit("one", one=re.compile(plain, self.flags))
            case Anchor(sign):
                self.emit("begin" if sign == "^" else "end")
            case Group(branches, number):
                if number:
                    self.emit("save", 2 * number)
                self.choice(branches)
                if number:
                    self.emit("save", 2 * number + 1)
            case Repeat():
                self.repeat(part)
            case BackReference():
                raise TooLongError("its regular expression refers back")

    def choice(self, branches: tuple[tuple[Part, ...], ...]) -> None:
        ends = []
        for branch in branches[:-1]:
            split = self.emit("split")
            self.sequence(branch)
            ends.append(self.emit("jump"))
            self.steps[split] = Step("split", (split + 1, len(self.steps)), None)
        self.sequence(branches[-1])
        for end in ends:
            self.steps[end] = Step("jump", (len(self.steps),), None)

    def sequence(self, parts: tuple[Part, ...]) -> None:
        for part in parts:
            self.part(part)

    def repeat(self, repeat: Repeat) -> None:
        for _ in range(repeat.least):
            self.part(repeat.atom)
        if repeat.most is None:
            split = self.emit("split")
            self.part(repeat.atom)
            self.emit("jump", split)
            self.leave(split, repeat.lazy)
            return
        splits = []
        for _ in range(repeat.most - repeat.least):
            splits.append(self.emit("split"))
            self.part(repeat.atom)
        for split in splits:
            self.leave(split, repeat.lazy)

    def leave(self, split: int, lazy: bool) -> None:
        """Let a split go on inside, or out to here."""
        inside, out = split + 1, len(self.steps)
        self.steps[split] = Step(
            "split", (out, inside) if lazy else (inside, out), None
        )
