"""The files of a batch: what they contain, known without reading where possible."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections import defaultdict
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from toolkit.errors import ReadError
from toolkit.tei import require_file
from toolkit.validate.many.results import Seen
from toolkit.validate.pointers.ids import ids_in, names_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: Nanoseconds for which the time of a change proves nothing: a file may change twice
#: within one tick of its clock.
_TICK: Final = 2_000_000_000


class Files:
    """What is known of files, and today's answers to what documents asked."""

    def __init__(
        self, seen: Mapping[str, Seen], documents: Iterable[Path], *, off: bool = False
    ) -> None:
        """Take what earlier runs have seen.

        Args:
            seen: Files by path.
            documents: The edition's documents, without symbolic links.
            off: Whether nothing is kept, so that no checksum is needed.
        """
        self._before = seen
        self._now: dict[str, Seen] = {}
        self._decoded: dict[str, Mapping[str, str] | None] = {}
        self._documents: Final = dict.fromkeys(map(str, documents))
        self._owners: dict[str, list[str]] = {}
        self._folders: dict[str, frozenset[str]] = {}
        self._off = off

    # -- content -------------------------------------------------------------

    def checksum(self, path: Path) -> str:
        """Return what a file's content comes to; empty if it cannot be read."""
        name = str(path)
        if name not in self._now:
            self._now[name] = self._look(name)
        return self._now[name].content

    def _look(self, name: str) -> Seen:
        before, stamp = self._before.get(name), _stamp(name)
        if self._off:
            return Seen(stamp, "")
        if before is not None and stamp and before.stamp == stamp:
            return before
        settled = time.time_ns() - _changed(name) > _TICK
        content = _checksum(Path(name))
        now = Seen(stamp if settled else "", content)
        if before is not None and before.content == content != "":
            now.ids = before.ids
        return now

    def has_changed(self, path: Path) -> bool:
        """Say whether a file is no longer as it was when it was looked at first."""
        seen = self._now[str(path)]
        return bool(seen.stamp) and seen.stamp != _stamp(str(path))

    def changed(self) -> dict[str, Seen]:
        """Return the files of which something is known that was not known before."""
        return {
            name: seen
            for name, seen in self._now.items()
            if seen.content and seen is not self._before.get(name)
        }

    def size(self, path: Path) -> int:
        """Return the size of a file in bytes; 0 if there is none."""
        try:
            return path.stat().st_size
        except (OSError, ValueError):
            return 0

    # -- ids -----------------------------------------------------------------

    def knows_ids(self, path: Path) -> bool:
        """Say whether the ids of a file are known without reading it."""
        return self.checksum(path) != "" and self._now[str(path)].ids is not None

    def learn(self, path: Path, ids: Mapping[str, str] | None) -> None:
        """Take the ids of a file that has been read; None: it cannot be."""
        self.checksum(path)
        written = json.dumps(ids, ensure_ascii=False, separators=(",", ":"))
        self._now[str(path)] = replace(self._now[str(path)], ids=written)
        self._decoded.pop(str(path), None)

    def names_in(self, path: Path) -> Mapping[str, str] | None:
        """Return the local names of a file's elements by id; None: cannot be read."""
        name = str(path)
        if name not in self._decoded:
            self._decoded[name] = self._names(name)
        return self._decoded[name]

    def _names(self, name: str) -> Mapping[str, str] | None:
        self.checksum(Path(name))
        if self._now[name].ids is None:
            found = ids_in(Path(name))
            names = None
            if found is not None:
                names = {ident: target.name for ident, target in found.items()}
            self.learn(Path(name), names)
            return names
        known: dict[str, str] | None = json.loads(self._now[name].ids or "null")
        return known

    # -- answers -------------------------------------------------------------

    def is_file(self, path: Path) -> bool:
        """Say whether there is such a file; looks at each folder once."""
        folder, name = os.path.split(path)
        if folder not in self._folders:
            try:
                self._folders[folder] = frozenset(
                    entry.name for entry in os.scandir(folder) if entry.is_file()
                )
            except OSError:
                self._folders[folder] = frozenset()
        return name in self._folders[folder]

    def names(self) -> str:
        """Return what the names of the edition's documents come to."""
        return names_of(map(Path, self._documents))

    def owners(self, ident: str) -> list[str]:
        """Return the first two documents of the edition that have an id."""
        if ident not in self._owners:
            having = (
                name
                for name in self._documents
                if ident in (self.names_in(Path(name)) or ())
            )
            self._owners[ident] = list(islice(having, 2))
        return self._owners[ident]

    def shared(self, paths: Iterable[Path]) -> Iterator[tuple[Path, dict[str, str]]]:
        """Yield documents with ids that others of the edition have too.

        Args:
            paths: The documents asked about.

        Yields:
            A document; and, for each such id, the first other document that has it.
        """
        single: set[str] = set()
        several: set[str] = set()
        for name in self._documents:
            idents = set(self.names_in(Path(name)) or ())
            several |= single & idents
            single |= idents
        if not several:
            return
        owners: dict[str, list[str]] = defaultdict(list)
        for name in self._documents:
            for ident in several.intersection(self.names_in(Path(name)) or ()):
                if len(owners[ident]) < 2:
                    owners[ident].append(name)
        for path in paths:
            if str(path) not in self._documents:
                continue
            mine = several.intersection(self.names_in(path) or ())
            others = {
                ident: next(one for one in owners[ident] if one != str(path))
                for ident in sorted(mine)
            }
            if others:
                yield path, others


def _checksum(path: Path) -> str:
    """Return what a file's content comes to, read piece by piece."""
    try:
        require_file(path)
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ReadError):
        return ""


def _stamp(name: str) -> str:
    """Return what tells a file from its changes without reading; empty: nothing."""
    try:
        status = os.stat(name)  # noqa: PTH116 - a thousand times, and quicker
    except (OSError, ValueError):
        return ""
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def _changed(name: str) -> int:
    """Return when a file was changed last, in nanoseconds."""
    try:
        status = Path(name).stat()
    except (OSError, ValueError):
        return 0
    return max(status.st_mtime_ns, status.st_ctime_ns)
