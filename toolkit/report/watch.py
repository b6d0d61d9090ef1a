"""``edition validate --watch``: what has changed is validated again, until Ctrl-C.

Files are looked at twice a second (name, size and time), which works on every system
and on network drives; a change counts once nothing has moved for one look, because
editors write a file in several steps.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

import click

from toolkit.errors import ToolkitError
from toolkit.findings import Severity, visible
from toolkit.report.report import FailOn, counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from toolkit.findings import Finding

#: Seconds between two looks.
PAUSE: Final = 0.5
_NAMED: Final = 5  #: changed files that are named

#: What is seen of files: when each was written, and its size.
Look: TypeAlias = "dict[Path, tuple[int, int]]"


def look(paths: Iterable[Path]) -> Look:
    """Return what is seen of files now; those that are not there are left out."""
    seen: Look = {}
    for path in paths:
        with suppress(OSError):
            status = path.stat()
            seen[path] = status.st_mtime_ns, status.st_size
    return seen


def changes(
    see: Callable[[], Look], wait: Callable[[], None]
) -> Iterator[frozenset[Path]]:
    """Return the files that have changed, come or gone, whenever some have.

    The first look is taken at once: what changes while the answer is used counts.

    Args:
        see: Looks at the files.
        wait: Waits until the next look.
    """
    return _changes(see(), see, wait)


def _changes(
    known: Look, see: Callable[[], Look], wait: Callable[[], None]
) -> Iterator[frozenset[Path]]:
    while True:
        wait()
        now = see()
        if now == known:
            continue
        while True:  # until nothing moves any more
            wait()
            later = see()
            if later == now:
                break
            now = later
        moved = {path for path, _ in now.items() ^ known.items()}
        known = now
        if moved:
            yield frozenset(moved)


@dataclass(slots=True)
class Rounds:
    """What several validations of the same documents have found, one after another."""

    known: dict[Path, list[Finding]] = field(default_factory=dict)

    def news(
        self,
        findings: Iterable[Finding],
        changed: frozenset[Path],
    ) -> list[Finding]:
        """Take the findings of a round; return those that are to be shown of it.

        Args:
            findings: All findings of this round.
            changed: The files that have changed.

        Returns:
            Those of files that have changed, or have other findings than before.
        """
        now: dict[Path, list[Finding]] = {}
        for finding in findings:
            now.setdefault(finding.path, []).append(finding)
        concerned = {
            path: None
            for path in (*now, *self.known, *sorted(changed))
            if path in changed or now.get(path) != self.known.get(path)
        }
        self.known = now
        return [one for path in concerned for one in now.get(path, [])]

    @property
    def all(self) -> list[Finding]:
        """Every finding of the last round."""
        return [one for several in self.known.values() for one in several]

    def sum(self, documents: int) -> str:
        """Return what is wrong in all documents, in words that name no time."""
        errors = sum(one.severity is Severity.ERROR for one in self.all)
        warnings = len(self.all) - errors
        return (
            f"{counted(documents, 'file')} checked: {counted(errors, 'error')}, "
            f"{counted(warnings, 'warning')}; waiting for changes, Ctrl-C ends"
        )


@dataclass(frozen=True, slots=True)
class Watched:
    """What is validated again and again."""

    files: Callable[[], Sequence[Path]]  #: to look at: documents, schemas, settings
    documents: Callable[[], Sequence[Path]]  #: to validate
    check: Callable[[Sequence[Path]], list[Finding]]  #: gives what is to be reported
    show: Callable[[Finding], None]  #: prints one finding
    fail_on: FailOn = FailOn.ERROR


def pause() -> None:
    """Wait until the next look."""
    time.sleep(PAUSE)


def watch(watched: Watched, wait: Callable[[], None] = pause) -> bool:
    """Validate, and again whenever a file changes, until Ctrl-C.

    Args:
        watched: What to validate.
        wait: Waits until the next look.

    Returns:
        Whether the last validation fails.
    """
    rounds, fails = Rounds(), False
    changed: frozenset[Path] = frozenset()
    moves = changes(lambda: look(watched.files()), wait)
    try:
        while True:
            documents = watched.documents()
            try:
                shown = rounds.news(watched.check(documents), changed)
            except ToolkitError as fault:  # a schema that is being written, perhaps
                fault.show()
                fails = True
            else:
                for finding in shown:
                    watched.show(finding)
                fails = any(watched.fail_on.weighs(one.severity) for one in rounds.all)
                click.echo(rounds.sum(len(documents)), err=True)
            changed = next(moves)
            names = ", ".join(sorted({visible(path.name) for path in changed})[:_NAMED])
            click.echo(f"changed: {names}", err=True)
    except KeyboardInterrupt:
        return fails
