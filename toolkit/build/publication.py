"""The published folder: the former edition stays whole until the new one is.

Beside what is published lies a second tree of the same files (hard links, so it
costs no room). A build writes into that; then the two change places. The tree that
was published before lacks only what this build changed, which the next build links
into it first: so an edit of one document in ten thousand costs that document.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from toolkit.build.store import Store

#: What is published: folders, and files by themselves.
PARTS: Final = ("site", "text", "print", "edition.epub")
STATE: Final = ".state"  #: the folder, beside them, of the second tree and the store


class Publication:
    """The published tree of one edition, and the one that is being made."""

    def __init__(self, folder: Path, store: Store) -> None:
        """Take up where the last build has ended, however it ended.

        Args:
            folder: ``build/``.
            store: Remembers which files the second tree lacks.
        """
        self._folder, self._store = folder, store
        self._next = folder / STATE / "next"
        self._lacking: set[str] = set()
        self._settle()

    def _settle(self) -> None:
        """Finish what a build began that was killed while the trees changed places."""
        for part in PARTS:
            away = self._folder / STATE / f"away-{part}"
            if not away.exists():
                continue
            if not (self._folder / part).exists():
                away.rename(self._folder / part)
            elif away.is_dir():
                shutil.rmtree(away, ignore_errors=True)
            else:
                away.unlink()

    def names(self) -> set[str]:
        """Return every file that is published, by its path below the folder."""
        return {name for part in PARTS for name in _files(self._folder, part)}

    def prepare(self, *, anew: bool) -> bool:
        """Make the second tree the same as what is published.

        Args:
            anew: Do not trust it, link every file.

        Returns:
            Whether it was known; else files may lie in it that nobody has made.
        """
        lacking = None if anew else self._store.state("lacking")
        self.begin()
        if lacking is None:
            self._clone()
            return False
        self._catch_up(lacking)
        return True

    def begin(self) -> None:
        """Keep that the second tree is being changed: who finds it so begins anew."""
        self._store.set_state("lacking", None)
        self._store.commit()

    def catch_up(self) -> None:
        """Link into the second tree what was published last, for the next build."""
        self._catch_up(self._store.state("lacking") or ())
        self._store.set_state("lacking", [])

    def _catch_up(self, lacking: Iterable[str]) -> None:
        for name in lacking:
            _link(self._folder / name, self._next / name)

    def _clone(self) -> None:
        shutil.rmtree(self._next, ignore_errors=True)
        self._next.mkdir(parents=True)
        for part in PARTS:
            source = self._folder / part
            if source.is_dir():
                shutil.copytree(source, self._next / part, copy_function=_linked)
            elif source.is_file():
                _linked(source, self._next / part)

    def write(self, name: str, content: bytes) -> None:
        """Write a file of the new edition.

        Args:
            name: Its path below the folder.
            content: Its bytes; nothing is done if the file has them already.
        """
        path = self._next / name
        with suppress(FileNotFoundError):
            if path.stat().st_size == len(content) and path.read_bytes() == content:
                return
            path.unlink()  # not written over: the published file is the same one
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self._lacking.add(name)

    def remove(self, names: Iterable[str]) -> None:
        """Leave files out of the new edition."""
        for name in names:
            (self._next / name).unlink(missing_ok=True)
            self._lacking.add(name)

    def sweep(self, wanted: set[str]) -> None:
        """Leave out every file that nobody has made: a killed build left it."""
        for part in PARTS:
            found = set(_files(self._next, part))
            self.remove(found - wanted)
            for folder, _, _ in os.walk(self._next / part, topdown=False):
                with suppress(OSError):  # not empty
                    Path(folder).rmdir()

    def publish(self) -> None:
        """Let the new edition and the former one change places."""
        for part in PARTS:
            new, place = self._next / part, self._folder / part
            if new.exists() and place.exists():
                if not _exchanged(new, place):
                    away = self._folder / STATE / f"away-{part}"
                    place.rename(away)
                    new.rename(place)
                    away.rename(new)
            elif new.exists():
                new.rename(place)
            elif place.exists():
                new.parent.mkdir(parents=True, exist_ok=True)
                place.rename(new)
        self._store.set_state("lacking", sorted(self._lacking))
        self._lacking = set()


def _files(folder: Path, name: str) -> Iterator[str]:
    """Yield a file, or the files below a folder, by their paths with ``/``."""
    try:
        entries = list(os.scandir(folder / name))
    except FileNotFoundError:
        return
    except NotADirectoryError:
        yield name
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _files(folder, f"{name}/{entry.name}")
        else:
            yield f"{name}/{entry.name}"


def _link(source: Path, target: Path) -> None:
    """Make a file the same as another; where there is no other, remove it."""
    target.unlink(missing_ok=True)
    if source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        _linked(source, target)


def _linked(source: str | Path, target: str | Path) -> None:
    """Link a file, or copy it where the file system knows no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


_EXCHANGE: Final = 2  #: RENAME_EXCHANGE of Linux's renameat2
_HERE: Final = -100  #: AT_FDCWD


def _exchanged(one: Path, other: Path) -> bool:
    """Let two folders change places in one step, where the system can."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    first, second = os.fsencode(one), os.fsencode(other)
    return bool(rename(_HERE, first, _HERE, second, _EXCHANGE) == 0)
