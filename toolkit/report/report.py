"""All that one run found, for those formats that show it at once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from toolkit.findings import Finding, Severity, visible
from toolkit.report.baseline import fingerprint, known
from toolkit.report.paths import relative

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from toolkit.report.source import Sources


class FailOn(StrEnum):
    """What makes a run fail (exit code 1)."""

    ERROR = "error"
    WARNING = "warning"
    NEVER = "never"

    def weighs(self, severity: Severity) -> bool:
        """Whether a finding of this weight makes the run fail."""
        if self is FailOn.NEVER:
            return False
        return severity is Severity.ERROR or self is FailOn.WARNING

    def fails(self, tally: Tally) -> bool:
        """Whether a run with these findings fails."""
        return bool(
            (tally.errors and self.weighs(Severity.ERROR))
            or (tally.warnings and self.weighs(Severity.WARNING))
        )


@dataclass(slots=True)
class Tally:
    """How much was found."""

    files: int = 0
    errors: int = 0
    warnings: int = 0
    ignored: int = 0  #: by ``[[ignore]]``
    known: int = 0  #: by the baseline
    gone: int = 0  #: known, and not found again

    def count(self, finding: Finding) -> None:
        """Count a finding that is reported."""
        if finding.severity is Severity.ERROR:
            self.errors += 1
        else:
            self.warnings += 1

    def __str__(self) -> str:
        """Such as ``8 files checked: 0 errors, 1 warning (2 ignored, 5 known)``."""
        kept_back = ", ".join(
            f"{number} {what}"
            for number, what in ((self.ignored, "ignored"), (self.known, "known"))
            if number
        )
        return (
            f"{counted(self.files, 'file')} checked: {counted(self.errors, 'error')}, "
            f"{counted(self.warnings, 'warning')}"
            + (f" ({kept_back})" if kept_back else "")
        )


def counted(number: int, what: str) -> str:
    """Return a number with its noun."""
    return f"{number} {what}{'' if number == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding as it stands in a report for programs."""

    path: str  #: from the working folder, with ``/``
    finding: Finding
    fingerprint: str  #: the same wherever the line moves; unique in the report


@dataclass(frozen=True, slots=True)
class Report:
    """The findings of a run, sorted by place."""

    documents: tuple[str, ...]  #: what was checked, from the working folder, with ``/``
    entries: tuple[Entry, ...]
    tally: Tally
    fail_on: FailOn = FailOn.ERROR


def collect(
    documents: Iterable[Path],
    findings: Iterable[Finding],
    folders: tuple[Path, Path],
    sources: Sources,
) -> tuple[tuple[str, ...], tuple[Entry, ...]]:
    """Return documents and findings as reports name them, sorted.

    Args:
        documents: What was checked.
        findings: What was found.
        folders: The working folder, from which paths are named, and the edition's,
            from which fingerprints name them.
        sources: Gives the lines that findings stand on.
    """
    here, root = folders
    seen: Counter[str] = Counter()
    entries = []
    for path, finding in sorted((_named(one.path, here), one) for one in findings):
        line = sources.line(finding.path, finding.line)
        print_ = fingerprint(known(finding, _named(finding.path, root), line))
        seen[print_] += 1
        entries.append(Entry(path, finding, f"{print_}:{seen[print_]}"))
    return tuple(sorted({_named(one, here) for one in documents})), tuple(entries)


def _named(path: Path, folder: Path) -> str:
    return visible(relative(path, folder))
