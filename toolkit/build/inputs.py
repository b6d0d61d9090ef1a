"""What a build depends on: documents, templates, settings, the program; as digests."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from dataclasses import dataclass, field, fields
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from toolkit.build.store import Seen
from toolkit.render.signs import load_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from toolkit.build.store import Store
    from toolkit.config import Edition

_LIBRARIES: Final = ("lxml", "jinja2", "markupsafe")
_SETTLED: Final = 2_000_000_000  #: nanoseconds after which a file's time can be trusted
#: Settings that nothing which is built depends on.
_NOT_BUILT: Final = frozenset({"root", "schema", "catalogs", "baseline", "ignore"})


def digest(*parts: str | bytes) -> str:
    """Return a digest of some parts, each whole."""
    found = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        found.update(b"%d:" % len(content))
        found.update(content)
    return found.hexdigest()


def digest_of(value: Any) -> str:
    """Return a digest of what JSON can say."""
    return digest(json.dumps(value, ensure_ascii=False, sort_keys=True))


def contents(files: Iterable[Path], store: Store) -> dict[Path, str]:
    """Return the digest of each file's content, reading only what may have changed.

    A file of the size and time at which it was last read is the same, unless it was
    read so soon after that time that it could have changed within it.

    Args:
        files: Files, each with another name.
        store: Knows how they were last read, and is told.

    Raises:
        OSError: One cannot be read.
    """
    seen, found = store.seen(), {}
    for file in files:
        status = file.stat()
        known = seen.get(file.name)
        if known and (known.size, known.mtime) == (status.st_size, status.st_mtime_ns):
            found[file] = known.content
            continue
        found[file] = digest(file.read_bytes())
        if _now() - status.st_mtime_ns > _SETTLED:
            now = Seen(status.st_size, status.st_mtime_ns, found[file])
            store.see(file.name, now)
    return found


def _now() -> int:
    """Return the time, which decides only what has to be read again."""
    return time.time_ns()


def program() -> str:
    """Return what stands for the program: another version, another string."""
    package = Path(__file__).resolve().parent.parent
    stamps = [
        f"{file.relative_to(package)} {file.stat().st_size} {file.stat().st_mtime_ns}"
        for file in sorted(package.rglob("*.py"))
    ]
    return digest(sys.version, *map(_version, _LIBRARIES), *stamps)


def _version(library: str) -> str:
    try:
        return f"{library} {version(library)}"
    except PackageNotFoundError:
        return library


@dataclass(frozen=True, slots=True)
class Templates:
    """The templates of an edition by their names, ``html/elements/p.html``."""

    digests: Mapping[str, str]
    _known: dict[object, str] = field(default_factory=dict, compare=False)

    def of(
        self, kinds: Iterable[str], pages: Iterable[str], names: frozenset[str]
    ) -> str:
        """Return what a document's files depend on.

        Args:
            kinds: The formats: ``html``, ``text``.
            pages: The page templates that print it: ``document``.
            names: The elements that occur in it; templates of others do not matter.
        """
        asked = frozenset(kinds), tuple(pages), names
        if asked not in self._known:  # many documents have the same elements
            self._known[asked] = self._of(*asked)
        return self._known[asked]

    def _of(
        self, kinds: frozenset[str], pages: tuple[str, ...], names: frozenset[str]
    ) -> str:
        wanted = []
        for name, content in self.digests.items():
            kind, _, rest = name.partition("/")
            folder, _, file = rest.partition("/")
            if kind not in kinds:
                continue
            first = file.partition(".")[0]
            if folder == "elements":
                matters = first in names or first.startswith("_")
            elif folder == "pages":
                matters = first in pages or first == "base"
            else:  # what styles a page on the screen is no part of it; in print it is
                matters = folder != "assets" or kind == "print"
            if matters:
                wanted.append(f"{name} {content}")
        return digest(*wanted)


def templates(edition: Edition) -> Templates:
    """Return the digests of all templates, the edition's own before ours."""
    found: dict[str, str] = {}
    for folder in reversed(edition.template_folders()):
        for path in _below(folder):
            found[path.relative_to(folder).as_posix()] = digest(path.read_bytes())
    return Templates(dict(sorted(found.items())))


def _below(folder: Path) -> list[Path]:
    return [
        Path(at) / name for at, _, names in os.walk(folder) for name in sorted(names)
    ]


def settings(edition: Edition) -> str:
    """Return a digest of the settings that what is built depends on."""
    said = {
        one.name: getattr(edition, one.name)
        for one in fields(edition)
        if one.name not in _NOT_BUILT
    }
    return digest(digest_of(said), repr(load_key(edition)))
