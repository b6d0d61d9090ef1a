"""Pointers to what is not there: each missing thing is told once.

Takes the faults of ids and of pointers of one document. A person whose id is misspelt
has no pointer that is wrong, but eighty that lead nowhere: that is one fault, told at
the id if it can be seen there, else at the first pointer with a count of the others.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from toolkit.schema.lexical import is_name
from toolkit.tei import line_of
from toolkit.validate.pointers.ids import ident_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from toolkit.validate.violation import Violation

_OTHERWISE: Final = "correct it, or give this id to the element that is meant"
_LIKE: Final = 0.7  #: how alike an id that is no name has to be to a missing one


@dataclass(slots=True)
class _Orphans:
    """The pointers of one document to one thing that is not there."""

    first: Violation
    last: Violation
    number: int = 0
    mends: list[Violation] = field(default_factory=list)  #: each has a certain one

    def add(self, pointer: Violation) -> None:
        self.number += 1
        self.last = pointer
        if pointer.mend is not None:
            self.mends.append(pointer)

    def told(self, pointed: Collection[str]) -> Iterator[Violation]:
        """Yield what is to be told of them.

        Args:
            pointed: The ids that other pointers of the document lead to.
        """
        mend = self.first.mend
        if mend and (
            self.number == 1
            or self.first.code != "TEI301"
            or mend.new.removeprefix("#") in pointed
        ):
            yield from self.mends
            return
        # Where several agree and nothing has the near id, the id may be the slip.
        others = self.number - 1
        help = self.first.help or _OTHERWISE
        if others:
            pointers = "pointer leads" if others == 1 else "pointers lead"
            help += f"; {others} more {pointers} there, "
            help += f"the last on line {line_of(self.last.element)}"
        yield replace(self.first, help=help, mend=None)


def told(
    ids: Iterable[Violation], pointing: Iterable[Violation], pointed: Collection[str]
) -> Iterator[Violation]:
    """Yield the faults of ids and pointers, what has one cause only once.

    Args:
        ids: What is wrong with the ids of a document.
        pointing: What is wrong with its pointers.
        pointed: The ids that pointers lead to, known when ``pointing`` has ended.
    """
    lost: dict[tuple[str, str], _Orphans] = {}
    others: list[Violation] = []
    for one in pointing:
        if one.missing:
            key = one.code, one.missing
            if key not in lost:
                lost[key] = _Orphans(one, one)
            lost[key].add(one)
        else:
            others.append(one)
    for fault in ids:
        yield _with_orphans(fault, lost)
    for orphans in lost.values():
        yield from orphans.told(pointed)
    yield from others


def _with_orphans(fault: Violation, lost: dict[tuple[str, str], _Orphans]) -> Violation:
    """Return the fault of an id with the pointers that probably mean its element."""
    missing = [ident for code, ident in lost if code == "TEI301"]
    if fault.code == "TEI306":
        written = ident_of(fault.element)
        meant = next((one for one in missing if _alike(one, written)), "")
        help = f'write xml:id="{meant}"'
    elif fault.code == "TEI304":
        meant = next((one for one in missing if not lost["TEI301", one].mends), "")
        help = f'give one of the two another id, perhaps xml:id="{meant}"'
    else:
        return fault
    if not meant or not is_name(meant):
        return fault
    number = lost.pop(("TEI301", meant)).number
    pointers = "a pointer means" if number == 1 else f"{number} pointers mean"
    return replace(fault, help=f"{help}: {pointers} it, and nothing has it")


def _alike(missing: str, written: str) -> bool:
    one, other = (re.sub(r"[\W_]", "", each).lower() for each in (missing, written))
    if not one or not other:
        return False
    return (
        one in other
        or other in one
        or difflib.SequenceMatcher(None, one, other).ratio() >= _LIKE
    )
