"""What several commands need: the edition that is meant, paths as they are named."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toolkit.config import Edition


def edition_of(folder: Path | None, near: Path | None = None) -> Edition:
    """Find the edition: named, or around a file, or around the working folder."""
    from toolkit.config import find

    if folder is not None:
        return find(folder)
    return find(near if near is not None else Path.cwd())


def relative(paths: Iterable[Path]) -> list[Path]:
    """Name paths from the working folder where they lie below it."""
    here = Path.cwd()
    return [p.relative_to(here) if p.is_relative_to(here) else p for p in paths]
