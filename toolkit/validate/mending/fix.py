"""Mending a file: its bytes and a judge of bytes give the bytes with its mends made.

Every mend is tried: it stays only if its finding is gone and no other has come. So a
file is never worse than before, and mending it again changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from toolkit.findings import UNREAD
from toolkit.validate.mending.mends import Mend, ampersands, apply, mends

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from toolkit.findings import Finding

#: Gives the findings of bytes, as if they stood in the file.
Judge: TypeAlias = Callable[[bytes], "list[Finding]"]

_RULES: Final = "TEI2"  #: how the codes of rules begin
_GAIN: Final = len("&amp;") - len("&")


@dataclass(frozen=True, slots=True)
class Fixed:
    """A file after its mends."""

    before: bytes
    after: bytes
    mended: int  #: how many mends were made
    refused: int  #: how many were left out, because another finding would have come
    findings: tuple[Finding, ...]  #: what is still wrong

    @property
    def changed(self) -> bool:
        """Whether any byte is another."""
        return self.after != self.before


def fix(
    source: bytes, judge: Judge, wanted: Callable[[Finding], bool] = lambda _: True
) -> Fixed:
    """Make the mends of a file that are safe.

    Args:
        source: The file's bytes.
        judge: Validates bytes in the file's place.
        wanted: Whether a finding is to be mended; not, for instance, one that the
            edition has decided to live with.
    """
    now, found, made, refused = source, judge(source), 0, 0
    while True:
        if any(one.code in UNREAD for one in found):
            step = _readable(now, found, judge)
        else:
            offered = [one for one in mends(now, found) if wanted(one.finding)]
            step = _Trial(now, found, judge).settled(offered)
            refused = len(offered) - step.mended if step else 0
        if step is None or not step.mended:
            return Fixed(source, now, made, refused, tuple(found))
        now, found, made = step.text, step.findings, made + step.mended


@dataclass(frozen=True, slots=True)
class _Step:
    text: bytes
    findings: list[Finding]
    mended: int


class _Trial:
    """The mends of one reading of a file, tried together and, if need be, in parts."""

    def __init__(self, text: bytes, found: list[Finding], judge: Judge) -> None:
        self._text, self._found, self._judge = text, found, judge
        self._kept: list[Mend] = []
        self._best = _Step(text, found, 0)

    def settled(self, offered: Sequence[Mend]) -> _Step:
        """Return the file with those mends that make nothing worse."""
        if offered:
            self._try(list(offered))
        return self._best

    def _try(self, group: list[Mend]) -> None:
        together = [*self._kept, *group]
        edits = [edit for mend in together for edit in mend.edits]
        text = apply(self._text, edits)
        after = self._judge(text)
        if _is_better(self._found, after, together):
            self._kept = together
            self._best = _Step(text, after, len(together))
        elif len(group) > 1:
            half = len(group) // 2
            self._try(group[:half])
            self._try(group[half:])


def _is_better(
    before: Iterable[Finding], after: Iterable[Finding], made: Iterable[Mend]
) -> bool:
    """Return whether mends removed their findings and brought no other.

    Mends move what follows on their line, never to another line. A rule may speak up
    at a mended element: it is not asked of one that the grammar has faulted.
    """
    allowed = Counter((one.line, one.code) for one in before)
    allowed.subtract((one.finding.line, one.finding.code) for one in made)
    lines = {one.finding.line for one in made}
    return all(
        count <= allowed[line, code] or (code.startswith(_RULES) and line in lines)
        for (line, code), count in Counter((o.line, o.code) for o in after).items()
    )


def _readable(text: bytes, found: list[Finding], judge: Judge) -> _Step | None:
    """Mend bare ampersands: all of them at once, or those up to the next fault."""
    first = found[0]
    if first.mend is None:
        return None
    several = ampersands(text)
    while several:
        mended = apply(text, several)
        after = judge(mended)
        unread = [one.line for one in after if one.code in UNREAD]
        if not unread or min(unread) > first.line:
            return _Step(mended, after, len(several))
        # Something else is broken: what stands before it has been read.
        fewer = ampersands(text, before_line=min(unread))
        several = fewer if len(fewer) < len(several) else []
    return _one_ampersand(text, first, judge)


def _one_ampersand(text: bytes, first: Finding, judge: Judge) -> _Step | None:
    for mend in mends(text, [first]):
        mended = apply(text, mend.edits)
        after = judge(mended)
        last = (first.line, first.column + _GAIN)
        if all((o.line, o.column) > last for o in after if o.code in UNREAD):
            return _Step(mended, after, 1)
    return None
