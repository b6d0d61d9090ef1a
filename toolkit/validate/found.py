"""The findings of one document: the first of every stage, and a count of the rest.

Two bounds: how many are found and kept, and how many of those that are not ignored
or known (see :mod:`toolkit.report.sieve`) are told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby, islice
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from toolkit.findings import Finding, Severity
from toolkit.schema.faults import COUNTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from toolkit.validate.violation import Violation

#: Findings of one file that are kept. A baseline of an old corpus may know thousands.
KEPT: Final = 10_000
#: Findings of one file that are told. A thousand are a day's work, and a schema that
#: does not fit finds something at every element.
TOLD: Final = 1_000
#: The code of the finding that counts the rest; it is never known, nor ignored.
MORE: Final = "XML007"
_NUMBERS: Final = re.compile(r"[0-9][0-9,]*")


@dataclass(slots=True)
class Found:
    """What was found in one document."""

    findings: list[Finding] = field(default_factory=list)
    errors: int = 0  #: errors that were only counted
    warnings: int = 0  #: warnings that were only counted

    def told(self) -> list[Finding]:
        """Return the findings by place, not more than ``KEPT`` and one that counts."""
        ordered = sorted(self.findings)
        return _cut(ordered, KEPT, self.errors, self.warnings)


def shortened(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield not more than ``TOLD`` findings of each file, and one that counts.

    Args:
        findings: Those of one file after the other.
    """
    for _path, several in groupby(findings, attrgetter("path")):
        found = list(several)
        yield from found[:TOLD]
        rest = found[TOLD:]
        if len(rest) == 1 and rest[0].code == MORE:
            yield rest[0]
        elif rest:
            errors = warnings = 0
            for counting in (one for one in rest if one.code == MORE):
                every, wrong = map(_number, _NUMBERS.findall(counting.message))
                errors, warnings = errors + wrong, warnings + every - wrong
            plain = [one for one in rest if one.code != MORE]
            yield from _cut(plain, 0, errors, warnings)


def _number(written: str) -> int:
    return int(written.replace(",", ""))


def _cut(
    findings: list[Finding], most: int, errors: int, warnings: int
) -> list[Finding]:
    """Return the first findings, and one that counts the others with these."""
    told, rest = findings[:most], findings[most:]
    wrong = sum(one.severity is Severity.ERROR for one in rest)
    number = errors + warnings + len(rest)
    if number and findings:
        last = told[-1] if told else rest[0]
        told.append(_more(last, number, errors + wrong))
    return told


def _more(last: Finding, number: int, errors: int) -> Finding:
    """Return the finding that counts what is not told."""
    what = "finding is" if number == 1 else "findings are"
    least = "at least " if number > COUNTED else ""
    return Finding(
        last.path,
        last.line,
        last.column,
        MORE,
        f"{least}{number:,} more {what} counted but not listed, "
        f"{errors:,} of them errors",
        Severity.ERROR if errors else Severity.WARNING,
        "mend the listed ones first; where nearly everything is wrong, the schema may "
        "not be the one the document was written for",
    )


def first(violations: Iterable[Violation], found: Found) -> list[Violation]:
    """Return the first violations of a stage; count the rest in ``found``.

    There may be more of them than anybody wants to count.
    """
    stream = iter(violations)
    kept = list(islice(stream, KEPT))
    for violation in islice(stream, COUNTED + 1):
        if violation.severity is Severity.ERROR:
            found.errors += 1
        else:
            found.warnings += 1
    return kept
