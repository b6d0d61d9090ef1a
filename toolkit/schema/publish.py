"""Putting compiled schema files where they belong, and seeing what is stale."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

REFERENCE = "reference"


def stale(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """Return the names that differ from what is in a folder, or should go.

    Args:
        folder: Where the compiled files stand.
        files: What they should be, by name relative to the folder.
    """
    wrong = [
        name for name, content in files.items() if not _same(folder / name, content)
    ]
    left = (
        path.relative_to(folder).as_posix()
        for path in (folder / REFERENCE).rglob("*")
        if path.is_file()
    )
    return sorted([*wrong, *(name for name in left if name not in files)])


def _same(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def write(folder: Path, files: Mapping[str, bytes], changed: Iterable[str]) -> None:
    """Write the changed files, each whole or not at all; remove what should go."""
    for name in changed:
        path = folder / name
        if name not in files:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".{path.name}.new")
        new.write_bytes(files[name])
        new.replace(path)
