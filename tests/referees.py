"""Outside referees: programs whose verdict we hold ours against."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def program(*names: str) -> str:
    """Return the first of some programs that is installed; skip if none (not in CI)."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        _missing(f"needs the program {names[0]}")
    return found


def installed(path: Path, how: str) -> Path:
    """Return the file of a referee; skip if it is not installed (not in CI).

    Args:
        path: The file.
        how: The command that installs it.
    """
    if not path.is_file():
        _missing(f"needs {path.name}: {how}")
    return path


def _missing(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def jing(schema: Path, files: Iterable[Path], *options: str) -> list[str]:
    """Return what jing says of several files, line by line; nothing if all are valid.

    jing stops the whole batch at a file that is not well-formed: give it none.
    """
    command = [program("jing"), *options, str(schema), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not done.stderr, done.stderr
    return done.stdout.splitlines()
