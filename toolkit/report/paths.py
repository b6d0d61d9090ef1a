"""Paths in reports, and files that are written whole or not at all."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def relative(path: Path, folder: Path) -> str:
    """Return a path relative to a folder, with ``/``; it may begin with ``..``.

    Args:
        path: A path from the working folder, or an absolute one.
        folder: An absolute path without symbolic links.
    """
    tidy = Path(os.path.normpath(Path.cwd() / path))  # symbolic links are kept
    if not tidy.is_relative_to(folder):
        tidy = tidy.resolve()
    try:
        return Path(os.path.relpath(tidy, folder)).as_posix()
    except ValueError:  # on another drive
        return tidy.as_posix()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; what is no regular file is written into.

    A file that is replaced keeps its rights.

    Raises:
        OSError: It cannot be written; a former file is as it was.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        target.write_bytes(content)
        return
    new = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        new.write_bytes(content)
        if target.exists():
            shutil.copymode(target, new)
        new.replace(target)
    finally:
        new.unlink(missing_ok=True)
