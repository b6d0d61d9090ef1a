"""What an edition knows of its documents without reading them: one SQLite file.

Of each document: which content was last seen, what was gathered from it for the
pages that concern several documents, and what was made from it under which key. All
of it can be made anew from the documents; a store that cannot be used is begun anew.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_FORM: Final = 1  #: of the tables; a store of another form is begun anew
_TABLES: Final = """
CREATE TABLE seen (
    file TEXT PRIMARY KEY, size INTEGER, mtime INTEGER, content TEXT
) WITHOUT ROWID;
CREATE TABLE gathered (
    file TEXT, gathering TEXT, digest TEXT, said TEXT,
    PRIMARY KEY (file, gathering)
) WITHOUT ROWID;
CREATE TABLE documents (
    file TEXT PRIMARY KEY, input TEXT, elements TEXT, sorted TEXT
) WITHOUT ROWID;
CREATE TABLE made (
    name TEXT PRIMARY KEY, key TEXT, words INTEGER, outputs TEXT
) WITHOUT ROWID;
CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was last read."""

    size: int
    mtime: int  #: nanoseconds
    content: str  #: digest of its bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """A document when it was asked what others need of it."""

    input: str  #: the key under which what it said holds
    elements: frozenset[str]  #: names of the elements that occur in it


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of a document, or for the whole edition, under one key."""

    key: str
    words: int  #: words proved to be there
    outputs: tuple[str, ...]  #: paths below the build's folder


class Store:
    """One store; nothing is kept before :meth:`commit`."""

    def __init__(self, path: Path) -> None:
        """Open a store, or begin one.

        Args:
            path: Its file; the folder is there.
        """
        self._path = path
        self._connection = self._opened()

    def _opened(self) -> sqlite3.Connection:
        try:
            return self._connected()
        except sqlite3.DatabaseError:  # damaged, or of another form
            for name in (self._path.name, *map(self._path.name.__add__, _BESIDE)):
                with suppress(OSError):
                    self._path.with_name(name).unlink()
            return self._connected()

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level="IMMEDIATE")
        try:
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA journal_mode = WAL")
            (form,) = connection.execute("PRAGMA user_version").fetchone()
            if form == 0:
                connection.executescript(_TABLES)
                connection.execute(f"PRAGMA user_version = {_FORM}")
            elif form != _FORM:
                raise sqlite3.DatabaseError("another form")
            connection.execute("SELECT count(*) FROM state").fetchone()
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection

    def commit(self) -> None:
        """Keep what was said since the last time."""
        self._connection.commit()

    def close(self) -> None:
        """Close the store; what was not committed is forgotten."""
        self._connection.close()

    # -- state -----------------------------------------------------------------------

    def state(self, name: str) -> Any:
        """Return a value that was kept by its name; None if there is none."""
        row = self._connection.execute(
            "SELECT value FROM state WHERE name = ?", (name,)
        ).fetchone()
        return None if row is None else json.loads(row[0])

    def set_state(self, name: str, value: Any) -> None:
        """Keep a value by its name."""
        self._connection.execute(
            "INSERT OR REPLACE INTO state VALUES (?, ?)", (name, json.dumps(value))
        )

    # -- documents -------------------------------------------------------------------

    def seen(self) -> dict[str, Seen]:
        """Return every file as it was last read, by name."""
        rows = self._connection.execute("SELECT file, size, mtime, content FROM seen")
        return {file: Seen(*rest) for file, *rest in rows}

    def see(self, file: str, seen: Seen) -> None:
        """Keep how a file was read."""
        self._connection.execute(
            "INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)",
            (file, seen.size, seen.mtime, seen.content),
        )

    def asked(self) -> dict[str, Asked]:
        """Return every document that was asked what others need of it, by file."""
        rows = self._connection.execute("SELECT file, input, elements FROM documents")
        return {
            file: Asked(input, frozenset(elements.split()))
            for file, input, elements in rows
        }

    def gather(
        self,
        file: str,
        asked: Asked,
        order: str,
        said: Iterable[tuple[str, str, str]],
    ) -> None:
        """Keep what was gathered from a document.

        Args:
            file: The document's file name.
            asked: When that holds.
            order: What documents are put in order by.
            said: For each gathering its name, the digest of what was said, and that.
        """
        answers = list(said)
        self._revise(file, {name: digest for name, digest, _ in answers}, order)
        self._connection.execute(
            "INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?)",
            (file, asked.input, " ".join(sorted(asked.elements)), order),
        )
        self._connection.execute("DELETE FROM gathered WHERE file = ?", (file,))
        self._connection.executemany(
            "INSERT INTO gathered VALUES (?, ?, ?, ?)",
            ((file, *one) for one in answers),
        )

    def _revise(self, file: str, now: Mapping[str, str], order: str) -> None:
        """Note which gatherings have changed: those whose answers or order have."""
        row = self._connection.execute(
            "SELECT sorted FROM documents WHERE file = ?", (file,)
        ).fetchone()
        before = dict(
            self._connection.execute(
                "SELECT gathering, digest FROM gathered WHERE file = ?", (file,)
            )
        )
        moved = row is None or row[0] != order
        for name in {*before, *now}:
            if moved or before.get(name) != now.get(name):
                revision = (
                    f"{self.revision(name)}\n{file}\n{order}\n{now.get(name, '')}"
                )
                digest = hashlib.sha256(revision.encode()).hexdigest()
                self.set_state(f"revision {name}", digest)

    def revision(self, gathering: str) -> str:
        """Return what stands for all that documents have said: another, if it changes."""
        return str(self.state(f"revision {gathering}") or "")

    def forget(self, files: Iterable[str]) -> None:
        """Forget documents that are no longer there."""
        files = list(files)
        for file in files:
            self._revise(file, {}, "")
        for table in ("seen", "documents", "gathered"):
            self._connection.executemany(
                f"DELETE FROM {table} WHERE file = ?",  # noqa: S608 - our own names
                ((file,) for file in files),
            )

    def said(self, gathering: str) -> Iterator[tuple[str, Any]]:
        """Yield what each document said when it was asked, with its file, in order."""
        rows = self._connection.execute(
            "SELECT file, said FROM documents JOIN gathered USING (file) "
            "WHERE gathering = ? ORDER BY sorted, file",
            (gathering,),
        )
        for file, said in rows:
            yield file, json.loads(said)

    def digests(self, gathering: str) -> list[tuple[str, str]]:
        """Return the digest of what each document said, with its file, in order."""
        return self._connection.execute(
            "SELECT file, digest FROM documents JOIN gathered USING (file) "
            "WHERE gathering = ? ORDER BY sorted, file",
            (gathering,),
        ).fetchall()

    # -- what was made ---------------------------------------------------------------

    def made(self) -> dict[str, Made]:
        """Return everything that was made, by name."""
        rows = self._connection.execute("SELECT name, key, words, outputs FROM made")
        return {
            name: Made(key, words, tuple(outputs.split("\n")) if outputs else ())
            for name, key, words, outputs in rows
        }

    def make(self, name: str, made: Made) -> None:
        """Keep what was made."""
        self._connection.execute(
            "INSERT OR REPLACE INTO made VALUES (?, ?, ?, ?)",
            (name, made.key, made.words, "\n".join(made.outputs)),
        )

    def unmake(self, names: Iterable[str]) -> None:
        """Forget what was made."""
        self._connection.executemany(
            "DELETE FROM made WHERE name = ?", ((name,) for name in names)
        )


_BESIDE: Final = ("-wal", "-shm", "-journal")
