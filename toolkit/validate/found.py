"""The findings of one document: the first of every stage, and a count of the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final

from toolkit.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toolkit.validate.violation import Violation

#: Findings of one file that are told; the rest are counted. A thousand are a day's
#: work, and a schema that does not fit finds something at every element.
MOST: Final = 1_000
#: The code of the finding that counts the rest.
MORE: Final = "XML007"


@dataclass(slots=True)
class Found:
    """What was found in one document."""

    findings: list[Finding] = field(default_factory=list)
    errors: int = 0  #: errors that were only counted
    warnings: int = 0  #: warnings that were only counted

    def told(self) -> list[Finding]:
        """Return the findings by place, not more than ``MOST`` and one that counts."""
        ordered = sorted(self.findings)
        told, rest = ordered[:MOST], ordered[MOST:]
        errors = self.errors + sum(one.severity is Severity.ERROR for one in rest)
        number = self.errors + self.warnings + len(rest)
        if number and told:
            told.append(_more(told[-1], number, errors))
        return told


def _more(last: Finding, number: int, errors: int) -> Finding:
    """Return the finding that counts what is not told."""
    what = "finding is" if number == 1 else "findings are"
    return Finding(
        last.path,
        last.line,
        last.column,
        MORE,
        f"{number:,} more {what} counted but not listed, {errors:,} of them errors",
        Severity.ERROR if errors else Severity.WARNING,
        "mend the listed ones first; where nearly everything is wrong, the schema may "
        "not be the one the document was written for",
    )


def first(violations: Iterable[Violation], found: Found) -> list[Violation]:
    """Return the first violations of a stage; count the rest in ``found``."""
    stream = iter(violations)
    kept = list(islice(stream, MOST))
    for violation in stream:
        if violation.severity is Severity.ERROR:
            found.errors += 1
        else:
            found.warnings += 1
    return kept
