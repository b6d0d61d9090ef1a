"""An open element of an invalid document: how far it has come, and what went wrong.

What :mod:`toolkit.schema.recovery` knows of each element between its two tags, and
what its name or its place was probably meant to be.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from toolkit.familiar import ATTRIBUTES, TEI_ELEMENTS
from toolkit.schema.faults import Fault, FaultKind
from toolkit.schema.nameclass import explicit, split
from toolkit.schema.states import clark, raw_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from toolkit.schema.pattern import Element
    from toolkit.schema.states import State, Step

_TEI: Final = "http://www.tei-c.org/ns/1.0"


@dataclass(slots=True)
class Open:
    """An element whose end tag has not come yet."""

    name: str
    line: int
    column: int
    state: State | None  #: None inside an unknown element
    first_state: State | None
    step: Step | None = None  #: how its parent goes on; None: as if it had not been
    string: list[str] = field(default_factory=list)
    string_place: tuple[int, int] = (0, 0)
    text_reported: bool = False
    childless: bool = True
    stuck: State | None = None  #: where something was reported and passed over
    missing: set[str] = field(default_factory=set)  #: names reported as missing
    inside: State | None = None  #: the state of a wrapper that is not there
    doors: dict[State, tuple[str, int]] = field(default_factory=dict)
    """From which state which child led on for good: what was allowed ends there."""
    mistaken: tuple[str, str] | None = None
    """A namespace that is written here for the schema's own, and that one."""
    shut: State | None = None
    """In which state the last child, which came too late, could have come."""
    also: State | None = None  #: the state of its parent if it had not been
    stray: bool = False  #: whether it stands where it may not: what it holds, too
    guessed: bool = False  #: whether another name may be meant: attributes do not count


def meant(raw: str, mistaken: tuple[str, str] | None) -> str:
    """Return a name of expat's, a namespace that is written by mistake corrected."""
    if mistaken is None or split(clark(raw))[0] != mistaken[0]:
        return raw
    return f"{mistaken[1]}}}{split(clark(raw))[1]}"


def shut_out(fault: Fault, parent: Open) -> Fault:
    """Say of an element that comes too late which sibling it had to come before."""
    for state, (sibling, line) in reversed(parent.doors.items()):
        if state.step(raw_name(fault.element)):
            first = state is parent.first_state
            return replace(fault, before=sibling, before_line=line, first=first)
    return fault


def in_content(kind: FaultKind, here: Open, line: int, column: int) -> Fault:
    """Return a fault of what an element holds."""
    return Fault(line, column, kind, here.name, parent_line=here.line)


def without_gaps(faults: Sequence[Fault]) -> list[Fault]:
    """Return the faults of a start tag without gaps that a misspelt attribute fills."""
    typed = [
        split(one.attribute)[1]
        for one in faults
        if one.kind is FaultKind.ATTRIBUTE_NOT_ALLOWED
    ]
    return [
        one
        for one in faults
        if one.kind is not FaultKind.ATTRIBUTE_MISSING
        or not any(_may_mean(word, one.expected) for word in typed)
    ]


def _may_mean(typed: str, missing: Iterable[str]) -> bool:
    names = [split(one)[1].lower() for one in missing]
    if get_close_matches(typed.lower(), names, n=1, cutoff=0.7):
        return True
    return any(one in names for one in ATTRIBUTES.get(typed, ()))


def could_come(parent: Open, raw: str) -> bool:
    """Return whether an element could have come earlier in its parent.

    Args:
        parent: Its parent.
        raw: Its name as expat gives it.
    """
    first = parent.first_state
    return bool(first and first.step(raw)) or any(one.step(raw) for one in parent.doors)


def last_child(closed: Open) -> str:
    """Return the last child that led on; empty if none did."""
    return next(reversed(closed.doors.values()), ("", 0))[0]


def excused(closed: Open) -> bool:
    """Return whether what an element lacks has been reported in another way.

    Text that should stand in the missing element; a child that was missed before a
    sibling and comes at the end.
    """
    if closed.text_reported and not closed.doors:
        return True
    return last_child(closed) in closed.missing


def swapped(name: str) -> Iterator[str]:
    """Yield what a name may be with two neighbouring letters in the other order."""
    if len(name) > 2:
        for place in range(len(name) - 1):
            two = name[place : place + 2]
            yield name[:place] + two[::-1] + name[place + 2 :]


def resembling(name: str, expected: list[Element]) -> str | None:
    """Return the expected name that an unknown one is probably meant to be."""
    ns, local = split(name)
    if ns == _TEI and local in TEI_ELEMENTS:
        return None  # no slip: this schema leaves it out
    names = {
        one.local.lower(): str(one)
        for element in reversed(expected)
        for one in explicit(element.name_class)
    }
    if (single := re.sub(r"(.)\1", r"\1", local.lower())) in names:
        return names[single]  # a letter typed twice
    if found := next((one for one in swapped(local.lower()) if one in names), ""):
        return names[found]
    close = get_close_matches(local.lower(), names, n=1, cutoff=0.75)
    return names[close[0]] if close else None
