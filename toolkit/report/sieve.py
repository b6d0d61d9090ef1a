"""Which findings are reported: not what is ignored, not what is known."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from toolkit.findings import UNREAD, visible
from toolkit.report.baseline import Known, known
from toolkit.report.ignore import unused
from toolkit.report.paths import relative
from toolkit.validate.found import MORE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from toolkit.findings import Finding
    from toolkit.report.ignore import Ignore
    from toolkit.report.source import Sources


class Sieve:
    """Lets findings pass one by one, and counts those that it keeps back."""

    def __init__(
        self,
        root: Path,
        sources: Sources,
        ignores: Sequence[Ignore] = (),
        baseline: Counter[Known] | None = None,
        recording: bool = False,
    ) -> None:
        """Begin with nothing seen.

        Args:
            root: The edition's folder.
            sources: Gives the lines that findings stand on.
            ignores: The edition's ``[[ignore]]`` tables.
            baseline: The known findings, and how often each is known.
            recording: Keep back every finding that a baseline can hold, to write it.
        """
        self._root, self._sources = root, sources
        self._ignores = ignores
        self._left = Counter(baseline or {})
        self._recording = recording
        self._used: set[Ignore] = set()
        self.recorded: Counter[Known] = Counter()  #: what a new baseline holds
        self.unread: set[str] = set()  #: files that could not be read
        self.ignored = 0  #: how many findings were ignored
        self.known = 0  #: how many findings were known

    def reported(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield the findings that are to be reported, as they come."""
        for finding in findings:
            path = self.named(finding.path)
            if finding.code in UNREAD:
                self.unread.add(path)
            elif finding.code == MORE:
                pass  # what it counts may be new
            elif self._is_ignored(finding, path):
                self.ignored += 1
                continue
            elif self._is_known(finding, path):
                self.known += 1
                continue
            yield finding

    def _is_ignored(self, finding: Finding, path: str) -> bool:
        fitting = [
            ignore
            for ignore in self._ignores
            if ignore.code == finding.code
            and ignore.fits(
                finding,
                path,
                self._line(finding) if ignore.contains else None,
            )
        ]
        self._used.update(fitting)
        return bool(fitting)

    def _is_known(self, finding: Finding, path: str) -> bool:
        if not (self._recording or self._left):
            return False
        this = known(finding, path, self._line(finding))
        if self._recording:
            self.recorded[this] += 1
            return True
        if self._left[this] < 1:
            return False
        self._left[this] -= 1
        return True

    def _line(self, finding: Finding) -> str | None:
        return self._sources.line(finding.path, finding.line)

    def gone(self, checked: Iterable[Path], whole: bool) -> Counter[Known]:
        """Return the known findings that were not found again.

        Args:
            checked: The files that were checked; one that could not be read was not.
            whole: Whether that was the whole edition: then a file that is there no
                more has taken its findings with it.
        """
        looked = set(map(self.named, checked))
        return Counter(
            {
                one: count
                for one, count in self._left.items()
                if count > 0 and self._looked_at(one.path, looked, whole)
            }
        )

    def renewed(
        self, old: Counter[Known], checked: Iterable[Path], whole: bool
    ) -> Counter[Known]:
        """Return the new baseline: what was recorded, and of the old one the rest.

        Args:
            old: The baseline that is replaced.
            checked: The files that were checked.
            whole: Whether that was the whole edition.
        """
        looked = set(map(self.named, checked))
        kept = {
            one: count
            for one, count in old.items()
            if not self._looked_at(one.path, looked, whole)
        }
        return self.recorded + Counter(kept)

    def _looked_at(self, path: str, checked: set[str], whole: bool) -> bool:
        return path not in self.unread and (whole or path in checked)

    def named(self, path: Path) -> str:
        """Return a path as ignores and baselines name it: from the edition."""
        return visible(relative(path, self._root))

    def unused(self, settings: Path) -> list[Finding]:
        """Return a finding for each table that ignored nothing (CFG101)."""
        return unused(self._ignores, self._used, settings, self.unread)
