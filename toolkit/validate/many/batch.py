"""Many documents at once: by several processes, and not twice if nothing has changed.

What a document's check asked of other documents is known (:mod:`.pointers.uses`), so
one is checked again only if it has changed itself, or an answer has. Ids that several
documents share need the ids of all, and are looked for last.
"""

from __future__ import annotations

import datetime
import gc
import re
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from toolkit.cache import key, unhurried
from toolkit.errors import ReadError, ToolkitError
from toolkit.findings import Finding
from toolkit.places import resolved
from toolkit.tei import noting_reads, read_bytes
from toolkit.validate.found import Found
from toolkit.validate.how import How
from toolkit.validate.many.files import Files
from toolkit.validate.many.results import Result, Results, restored
from toolkit.validate.many.worker import (
    Check,
    Checked,
    FindShared,
    Plan,
    ReadIds,
    Worker,
)
from toolkit.validate.stages import GRAMMAR, POINTERS, Stages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from toolkit.config import Edition
    from toolkit.jobs.crew import Crew

#: A document's check may depend on who has an id, and be right only the second time.
_ROUNDS: Final = 4
#: Bytes of documents that are checked in about a second, by the grammar alone or by
#: every stage; starting a second process takes a third of that.
_FAST, _SLOW = 6_000_000, 1_500_000
#: Functions of rules whose answers are not in the document.
_OUTSIDE: Final = re.compile(
    rb"\b(?:doc|doc-available|document|collection|uri-collection|unparsed-text[\w-]*|"
    rb"environment-variable|current-time|current-dateTime)\s*\("
)
_TODAY: Final = re.compile(rb"\bcurrent-date\s*\(")


class Batch:
    """The check of several documents of an edition."""

    def __init__(
        self,
        files: Sequence[Path],
        edition: Edition,
        schemas: Sequence[Path],
        how: How | None = None,
    ) -> None:
        """Prepare a check.

        Args:
            files: The documents, as findings shall name them.
            edition: The edition they belong to.
            schemas: The schemas.
            how: Stages, processes and caches.
        """
        self._how = how or How()
        self._names = {real: path for path, real in resolved(files).items()}
        self._real = {path: real for real, path in self._names.items()}
        self._documents: tuple[Path, ...] = ()
        if POINTERS in self._how.only:
            self._documents = tuple(resolved(edition.documents()).values())
        self._schemas = schemas
        self._plan = Plan(
            tuple(schemas),
            self._how.only,
            self._how.cache.folder,
            edition.root,
            self._documents,
            self._how.catalog,
            self._how.phase,
            self._how.phases,
        )
        self._store = Results(self._how.cache, edition.root)
        self._files = Files(
            self._store.seen(),
            self._documents,
            off=self._how.cache.folder is None,
        )
        self._results: dict[Path, Result] = {}
        self._fresh: set[Path] = set()  # results that were not known before
        self._stages: Stages | None = None

    def findings(self) -> Iterator[Finding]:
        """Yield what the schemas lack, then each file's findings in turn.

        Raises:
            SchemaError: A schema cannot be used.
        """
        about = self._about_schemas()
        for path, line, message in about["lacks"]:
            yield Finding(Path(path), line, 1, "TEI201", message)
        content = key(str(about))
        self._recall(content)
        with ExitStack() as stack:
            try:
                self._work(stack)
            finally:
                if self._how.cache.folder is not None:
                    self._store.write(
                        (self._schemas_key(), content, about),
                        self._files.changed(),
                        {str(p): self._results[p] for p in self._fresh}
                        if about["kept"]
                        else {},
                    )
        for path in self._names:
            yield from _told(self._results[path])

    # -- schemas -------------------------------------------------------------

    def _schemas_key(self) -> str:
        catalogs = self._how.catalog.fingerprint
        parts: list[str | bytes] = [*self._asked(), catalogs]
        for path in self._schemas:
            parts += [str(path), str(path.absolute()), _content(path)]
        return key(*parts)

    def _about_schemas(self) -> dict[str, Any]:
        """Return the files the schemas are made of, what they lack, if results hold."""
        known = self._store.inputs(self._schemas_key())
        if known is not None and all(
            self._files.checksum(Path(path)) == checksum
            for path, checksum in known["files"].items()
        ):
            about = known
        else:
            with noting_reads() as noted:
                self._stages = self._load()
            rules = [_content(Path(path)) for path in noted]
            about = {
                "files": noted,
                "lacks": [
                    [str(one.path), one.line, one.message]
                    for one in self._stages.lacks()
                ],
                "kept": not any(map(_OUTSIDE.search, rules)),
                "daily": any(map(_TODAY.search, rules)),
            }
        today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
        # The same schemas find other things if they are asked other things.
        return {
            **about,
            "day": today if about["daily"] else "",
            "asked": self._asked(),
        }

    def _asked(self) -> list[str]:
        """Return what of the schemas is asked: the stages, and a phase."""
        single = [f"{path} {phase}" for path, phase in self._how.phases]
        return [*sorted(self._how.only), self._how.phase or "", *single]

    def _load(self) -> Stages:
        how = self._how
        return Stages(
            self._schemas,
            how.cache,
            how.only,
            how.catalog,
            folder=self._plan.root,
            phase=how.phase,
            phases=how.phases,
        )

    # -- documents -----------------------------------------------------------

    def _recall(self, content: str) -> None:
        """Take the results of earlier runs that are about the same documents."""
        rows = self._store.results(content)
        for real, path in self._names.items():
            row = rows.get(str(real))
            if row is not None and row[0] == self._files.checksum(real) != "":
                try:
                    self._results[real] = restored(row, path)
                except (ValueError, TypeError, KeyError):
                    continue  # of another form: it is checked again

    def _work(self, stack: ExitStack) -> None:
        """Check what has to be checked."""
        run = _Run(self, stack)
        todo = [path for path in self._names if path not in self._results]
        unread = [
            path
            for path in self._documents
            if path not in self._names and not self._files.knows_ids(path)
        ]
        for _round in range(_ROUNDS):
            tasks: list[Any] = [self._check(path) for path in todo]
            tasks += map(ReadIds, unread)
            for task, result in run.results(tasks):
                self._take(task, result)
            todo, unread = self._stale(), []
            if not todo:
                break
        self._share(run)

    def _check(self, path: Path) -> Check:
        asked = self._results[path].uses.owners if path in self._results else {}
        owners = {ident: list(map(Path, self._files.owners(ident))) for ident in asked}
        return Check(self._names[path], owners)

    def _stale(self) -> list[Path]:
        """Return the documents whose results do not hold."""
        files = self._files
        return [
            path
            for path, result in self._results.items()
            if not (
                result.uses.owners_hold(files)
                if path in self._fresh
                else result.uses.still_hold(files)
            )
        ]

    def _take(self, task: Check | ReadIds, result: Any) -> None:
        path = self._real.get(task.path, task.path)
        if isinstance(result, Checked):
            if POINTERS in self._how.only:
                self._files.learn(path, result.ids)
            old = self._results.get(path, Result(""))
            self._results[path] = Result(
                self._files.checksum(path),
                result.found.findings,
                result.found.errors,
                result.found.warnings,
                result.uses,
                old.shared,
                old.shared_for,
            )
            self._fresh.add(path)
            if self._files.has_changed(path):  # while it was checked
                result.uses.unsure = True
        elif isinstance(task, ReadIds):
            self._files.learn(path, result)
        else:
            self._results[path] = Result("", [_lost(task.path)])

    def _share(self, run: _Run) -> None:
        """Find the ids that documents share."""
        tasks: dict[Path, FindShared] = {}
        answers: dict[Path, str] = {}
        for path, owners in self._files.shared(self._names):
            result = self._results[path]
            answers[path] = key(str(owners))
            if result.shared_for != answers[path]:
                told = {ident: [Path(one)] for ident, one in owners.items()}
                tasks[path] = FindShared(self._names[path], told)
        for path, result in self._results.items():
            if path not in answers and result.shared_for:
                result.shared, result.shared_for = [], ""
                self._fresh.add(path)
        for task, shared in run.results(list(tasks.values())):
            path = self._real[task.path]
            self._results[path].shared = shared if isinstance(shared, list) else []
            self._results[path].shared_for = answers[path]
            self._fresh.add(path)

    # -- processes -----------------------------------------------------------

    def worker(self) -> Worker:
        """Return a worker of this process."""
        with unhurried():
            return Worker(self._plan, self._stages)

    def crew(self, number: int) -> Crew[Any, Any]:
        """Return workers in processes of their own."""
        from toolkit.jobs.crew import Crew, may_fork

        if not may_fork():
            return Crew(number, Worker, self._plan)
        with unhurried():
            self._stages = self._stages or self._load()
        gc.freeze()  # what is shared with a copy must not be touched to be collected
        return Crew(number, Worker, self._plan, self._stages)

    def processes(self, tasks: Sequence[Any]) -> int:
        """Return how many processes are worth while for tasks."""
        if self._how.jobs:
            return min(self._how.jobs, len(tasks))
        rate = _FAST if self._how.only == {GRAMMAR} else _SLOW
        if len(tasks) < 2 or sum(map(self.size, tasks)) < rate:
            return 1
        from toolkit.jobs.crew import (
            cores,  # loads what one process can do without
        )

        return min(cores(), len(tasks))

    def size(self, task: Any) -> int:
        """Return the size of a task's document, in bytes."""
        return self._files.size(task.path)

    @property
    def how(self) -> How:
        """Stages, processes and caches."""
        return self._how


class _Run:
    """Does tasks in this process, or in others as soon as there are many."""

    def __init__(self, batch: Batch, stack: ExitStack) -> None:
        self._batch, self._stack = batch, stack
        self._worker: Callable[[Any], Any] | None = None
        self._crew: Crew[Any, Any] | None = None
        self._done = self._all = 0

    def results(self, tasks: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
        """Yield tasks with their results, the largest first."""
        size = self._batch.size
        self._all += sum(map(size, tasks))
        for task, result in self._results(sorted(tasks, key=size, reverse=True)):
            if isinstance(result, ToolkitError | RuntimeError):
                raise result
            self._done += size(task)
            self._batch.how.progress(self._done, self._all)
            yield task, result

    def _results(self, tasks: Sequence[Any]) -> Iterable[tuple[Any, Any]]:
        if not tasks:
            return ()
        number = self._batch.processes(tasks)
        if self._crew is None and number > 1:
            self._crew = self._stack.enter_context(self._batch.crew(number))
        if self._crew is not None:
            return self._crew.results(tasks)
        if self._worker is None:
            self._worker = self._batch.worker()
        work = self._worker
        return ((task, work(task)) for task in tasks)


def _told(result: Result) -> list[Finding]:
    """Return the findings of a document with those of ids that others have too."""
    # A rule that says the same of the same element adds nothing.
    said = {
        (one.line, one.column, one.message.split(" ", 1)[0]) for one in result.shared
    }
    kept = [
        one
        for one in result.findings
        if not one.code.startswith("TEI2")
        or (one.line, one.column, one.message.split(" ", 1)[0]) not in said
    ]
    return Found([*kept, *result.shared], result.errors, result.warnings).told()


def _content(path: Path) -> bytes:
    try:
        return read_bytes(path)
    except ReadError:
        return b""  # whoever needs it will say what is wrong


def _lost(path: Path) -> Finding:
    """Return the finding of a document whose process has died."""
    return Finding(
        path,
        0,
        0,
        "XML003",
        "could not be checked: the process that checked it was ended, "
        "probably because there was no memory left",
        help="divide the document, or check it alone with --jobs 1",
    )
