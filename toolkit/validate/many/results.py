"""The results of earlier runs, kept in the user's cache: one database an edition.

They lie in the cache and not in the edition's folder: what a stranger sends as part
of an edition must not be able to call it valid. A result is kept for a document's
content, the schemas' content and the program; what else it depends on stands beside
it (:mod:`.pointers.uses`). Reading is one query, writing one transaction.
"""

from __future__ import annotations

import json
import sqlite3
import stat
import time
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final

from toolkit.cache import key, private
from toolkit.findings import Finding, Part, Rewrite, Severity
from toolkit.validate.pointers.uses import Uses, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from toolkit.cache import Cache

#: Sets of schemas whose results are kept; those not asked for longest go.
_KEPT: Final = 4
_FORM: Final = """
create table if not exists schemas (key text primary key, inputs text, used real);
create table if not exists documents (
  path text primary key, stamp text, content text, ids text);
create table if not exists results (
  path text, schemas text, content text, findings text, uses text,
  primary key (path, schemas)) without rowid;
"""


@dataclass(slots=True)
class Seen:
    """A file as it was last seen."""

    stamp: str  #: by which it is known without reading; empty: read it
    content: str  #: checksum; empty if it cannot be read
    ids: str | None = None
    """Names of elements by id, as JSON (``null``: it is no XML); None: not known."""


@dataclass(slots=True)
class Result:
    """What the check of one document found."""

    content: str  #: checksum of the document
    findings: list[Finding] = field(default_factory=list)
    errors: int = 0  #: errors that were only counted
    warnings: int = 0  #: warnings that were only counted
    uses: Uses = field(default_factory=Uses)
    shared: list[Finding] = field(default_factory=list)
    """Ids that other documents of the edition have too."""

    shared_for: str = ""  #: what is known of those others, for which this is right


class Results:
    """The results of earlier runs for one edition."""

    def __init__(self, cache: Cache, root: Path) -> None:
        """Look for them.

        Args:
            cache: Where they are kept.
            root: The edition's folder.
        """
        name = f"results-{key(str(root.resolve()))}.sqlite"
        self._cache = cache
        self._file: Final = cache.folder / name if cache.folder else None

    def inputs(self, schemas: str) -> dict[str, Any] | None:
        """Return what was noted of a set of schemas.

        Args:
            schemas: A name for them.
        """
        rows = self._rows("select inputs from schemas where key = ?", schemas)
        return json.loads(rows[0][0]) if rows else None

    def seen(self) -> dict[str, Seen]:
        """Return the files of the last runs by path."""
        rows = self._rows("select path, stamp, content, ids from documents")
        return {path: Seen(stamp, content, ids) for path, stamp, content, ids in rows}

    def results(self, schemas: str) -> dict[str, tuple[str, str, str]]:
        """Return content, findings and uses by path, still as they are written."""
        rows = self._rows(
            "select path, content, findings, uses from results where schemas = ?",
            schemas,
        )
        return {path: (content, found, uses) for path, content, found, uses in rows}

    def _rows(self, query: str, *arguments: str) -> list[tuple[Any, ...]]:
        """Return what a query gives; nothing where there is no sound database."""
        if self._file is None or not _is_ours(self._file):
            return []
        try:
            with closing(sqlite3.connect(self._file, timeout=2)) as database:
                return database.execute(query, arguments).fetchall()
        except sqlite3.DatabaseError as fault:
            if not isinstance(fault, sqlite3.OperationalError):
                self._file.unlink(missing_ok=True)  # it is no database
            return []

    def write(
        self,
        schemas: tuple[str, str, Mapping[str, Any]],
        seen: Mapping[str, Seen],
        results: Mapping[str, Result],
    ) -> None:
        """Keep what a run has found; what cannot be kept is found again next time.

        Args:
            schemas: Their name, the name of their content, what is noted of them.
            seen: Files that have changed.
            results: New results by path.
        """
        if self._file is None:
            return
        name, content, inputs = schemas
        with suppress(sqlite3.Error, OSError):
            with closing(sqlite3.connect(self._file, timeout=2)) as database, database:
                self._file.chmod(stat.S_IRUSR | stat.S_IWUSR)
                database.executescript(_FORM)
                database.execute(
                    "insert or replace into schemas values (?, ?, ?)",
                    (name, json.dumps(inputs), time.time()),
                )
                database.executemany(
                    "insert or replace into documents values (?, ?, ?, ?)",
                    (
                        (path, one.stamp, one.content, one.ids)
                        for path, one in seen.items()
                        if _has_name(path)
                    ),
                )
                database.executemany(
                    "insert or replace into results values (?, ?, ?, ?, ?)",
                    (
                        (path, content, one.content, dumped(one), one.uses.written())
                        for path, one in results.items()
                        if _has_name(path)
                    ),
                )
            self._cache.trim(keep=self._file.name)


def _has_name(path: str) -> bool:
    """Whether a path is Unicode, as those in the database have to be."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_ours(file: Path) -> bool:
    try:
        status = file.lstat()
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and private(status, 0o022)


_FIELDS: Final = [one.name for one in fields(Finding) if one.name != "path"]


def dumped(result: Result) -> str:
    """Return findings as JSON, without their path."""
    parts = (
        result.errors,
        result.warnings,
        _rows_of(result.findings),
        result.shared_for,
        _rows_of(result.shared),
    )
    return json.dumps(parts, separators=(",", ":"))


def _rows_of(findings: Iterable[Finding]) -> list[list[object]]:
    return [[_plain(getattr(one, name)) for name in _FIELDS] for one in findings]


def _plain(value: object) -> object:
    return asdict(value) if isinstance(value, Rewrite) else value


def restored(row: tuple[str, str, str], path: Path) -> Result:
    """Return the result that a row holds.

    Args:
        row: Content, findings and uses.
        path: The document, as findings shall name it.

    Raises:
        ValueError, TypeError, KeyError: The row is of another form.
    """
    content, findings, uses = row
    errors, warnings, rows, shared_for, shared = json.loads(findings)
    return Result(
        content,
        [_finding(path, one) for one in rows],
        errors,
        warnings,
        read(uses),
        [_finding(path, one) for one in shared],
        shared_for,
    )


def _finding(path: Path, row: Iterable[Any]) -> Finding:
    values = dict(zip(_FIELDS, row, strict=True))
    values["severity"] = Severity(values["severity"])
    if values["mend"] is not None:
        mend = values["mend"]
        values["mend"] = Rewrite(**{**mend, "part": Part(mend["part"])})
    return Finding(path=path, **values)
