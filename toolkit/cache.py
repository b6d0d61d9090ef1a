"""What is kept between runs: compiled schemas and results, in the user's own folder.

The folder is ``$XDG_CACHE_HOME/edition`` or ``~/.cache/edition``. It is used only if
it belongs to the user and nobody else may enter it: a stranger who could write there
could have a faulty edition called valid. Entries are named by what they depend on, so
nothing in it is ever out of date; all of it may be removed at any time.
"""

from __future__ import annotations

import gc
import hashlib
import os
import stat
import sys
import tempfile
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Bytes that the folder may hold; the entries not used for longest go first.
BOUND: Final = 256 * 1024 * 1024
_DIGEST: Final = 32  #: bytes of a checksum, which come before an entry's content
_ABANDONED: Final = 3600  #: seconds after which a half-written entry goes
#: The rooms whose code results depend on, with all below them; and loose modules.
_CODE: Final = ("schema", "validate")


class Cache:
    """Entries by name; one without a folder keeps nothing and finds nothing."""

    def __init__(self, folder: Path | None) -> None:
        """Keep entries in a folder.

        Args:
            folder: One that :func:`cache_folder` gave; None: keep nothing.
        """
        self.folder: Final = folder

    def read(self, name: str) -> bytes | None:
        """Return an entry; None if there is none, none that is whole and the user's."""
        if self.folder is None:
            return None
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        path = self.folder / name
        try:
            with os.fdopen(os.open(path, flags), "rb") as file:
                status = os.fstat(file.fileno())
                if not (stat.S_ISREG(status.st_mode) and private(status, 0o022)):
                    return None
                checksum, content = file.read(_DIGEST), file.read()
            if hashlib.sha256(content).digest() != checksum:
                return None
            os.utime(path)  # used now: others go first when room is needed
        except OSError:
            return None
        return content

    def write(self, name: str, content: bytes) -> None:
        """Keep an entry, written in one move so that no reader sees half of it."""
        if self.folder is None:
            return
        with suppress(OSError):
            descriptor, temporary = tempfile.mkstemp(dir=self.folder, prefix="new-")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(hashlib.sha256(content).digest())
                    file.write(content)
                Path(temporary).replace(self.folder / name)
            except OSError:
                Path(temporary).unlink(missing_ok=True)
            self.trim(keep=name)

    def trim(self, keep: str = "") -> None:
        """Remove what was not used for longest until the rest is within the bound.

        Args:
            keep: An entry that stays.
        """
        if self.folder is None:
            return
        found: list[tuple[float, int, Path]] = []
        with suppress(OSError):
            for entry in os.scandir(self.folder):
                status = entry.stat(follow_symlinks=False)
                found.append((status.st_mtime, status.st_size, Path(entry.path)))
        total = sum(size for _, size, _ in found)
        newest = max((used for used, _, _ in found), default=0.0)
        for used, size, path in sorted(found):
            left = path.name.startswith("new-") and used < newest - _ABANDONED
            if path.name == keep or not (left or total > BOUND):
                continue
            with suppress(OSError):
                path.unlink()
                total -= size


def users() -> Cache:
    """Return the user's cache."""
    return Cache(cache_folder())


def cache_folder() -> Path | None:
    """Return the user's cache folder of the toolkit, made if it was not there.

    Returns:
        ``$XDG_CACHE_HOME/edition`` or ``~/.cache/edition``; None where it cannot be
        made, or where somebody else could read or write in it.
    """
    base = os.environ.get("XDG_CACHE_HOME", "")
    try:
        parent = Path(base) if Path(base).is_absolute() else Path.home() / ".cache"
        folder = parent / "edition"
        parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
    except (OSError, RuntimeError):
        return None
    return folder if stat.S_ISDIR(status.st_mode) and private(status, 0o077) else None


def private(status: os.stat_result, others: int) -> bool:
    """Return whether a file is the user's own and closed to others.

    Args:
        status: What the system says of it.
        others: Bits of the mode that may not be set.
    """
    if not hasattr(os, "getuid"):
        return True  # Windows keeps a user's profile private by itself
    return status.st_uid == os.getuid() and not status.st_mode & others


def key(*parts: str | bytes) -> str:
    """Return a name for what depends on these parts and on the program itself."""
    digest = hashlib.sha256(program().encode())
    for part in parts:
        content = os.fsencode(part) if isinstance(part, str) else part
        digest.update(b"%d:" % len(content))
        digest.update(content)
    return digest.hexdigest()


@cache
def program() -> str:
    """Return what stands for the program: another version, another string.

    The files of the code are looked at, not only the version's number: a program
    under development, or patched by its user, must not repeat what it said before.
    """
    package = Path(__file__).resolve().parent
    libraries = [_library(name) for name in ("elementpath", "xmlschema")]
    stamps = [
        f"{file.name} {file.stat().st_size} {file.stat().st_mtime_ns}"
        for file in (
            *sorted(package.glob("*.py")),
            *(
                file
                for name in _CODE
                for file in sorted((package / name).rglob("*.py"))
            ),
            *(file for folder in libraries for file in _code(folder)),
        )
    ]
    versions = f"{sys.version} {etree.LXML_VERSION} {etree.LIBXML_VERSION}"
    return hashlib.sha256("\n".join([versions, *stamps]).encode()).hexdigest()


def _code(folder: Path | None) -> Iterable[Path]:
    return sorted(folder.glob("*.py")) if folder is not None else ()


def _library(name: str) -> Path | None:
    """Return where a library lies, without loading it."""
    from importlib.util import find_spec

    found = find_spec(name)
    return Path(found.origin).parent if found and found.origin else None


@contextmanager
def unhurried() -> Iterator[None]:
    """Do without garbage collection while much is made that stays.

    Compiling a schema makes a hundred thousand objects and no garbage; looking for
    some took a third of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
