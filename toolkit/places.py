"""Where files really are, without symbolic links, for many files at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def resolved(paths: Iterable[Path]) -> dict[Path, Path]:
    """Return each path with its absolute one without symbolic links.

    As ``Path.resolve``, but each folder is looked at once: for a thousand files of
    one folder that is ten times as quick.
    """
    folders: dict[Path, Path] = {}
    found: dict[Path, Path] = {}
    for path in paths:
        if path.name in {"", ".."} or path.is_symlink():
            found[path] = path.resolve()
            continue
        parent = path.parent
        if parent not in folders:
            folders[parent] = parent.resolve()
        found[path] = folders[parent] / path.name
    return found
