"""ODDs among schemas, compiled: each becomes a grammar and rules, kept for next time.

An ODD has to be self-contained (see :mod:`toolkit.schema.odd`). What is made of it is
written into the user's cache, named by its content, or into a folder that goes when
the program ends.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit import cache as kept
from toolkit.errors import ReadError, SchemaError, ToolkitError
from toolkit.tei import read_bytes
from toolkit.validate.schemas.kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable


def compiled(schemas: Iterable[Path], folder: Path | None) -> list[Path]:
    """Return schemas with each ODD replaced by what it is compiled to.

    Args:
        schemas: Schemas of any kind.
        folder: Where compiled ones are kept; None: nowhere.

    Raises:
        SchemaError: An ODD has errors (they are listed with their lines), or is not
            self-contained.
    """
    found: list[Path] = []
    for path in schemas:
        is_odd = path.suffix == ".odd" or (
            path.suffix in {".xml", ".tei"} and kind_of(path) == ".odd"
        )
        found += _made(path, folder) if is_odd else [path]
    return found


def _made(odd: Path, folder: Path | None) -> list[Path]:
    """Return the grammar and the rules of an ODD."""
    try:
        name = f"odd-{kept.key(odd.name, read_bytes(odd))}"
    except ReadError as fault:
        raise SchemaError(fault.message) from None
    stem = re.sub(r"[^\w.-]", "_", odd.stem)
    place = folder or _temporary()
    files = [place / f"{name}-{stem}{suffix}" for suffix in (".rng", ".sch")]
    if not all(file.is_file() for file in files):
        from toolkit.schema.odd import (
            compile_odd,
        )  # takes its time, and is rarely asked

        made = compile_odd(odd)
        for file in files:
            _write(file, made[f"{odd.stem}{file.suffix}"])
    return files


def _write(path: Path, content: bytes) -> None:
    try:
        descriptor, new = tempfile.mkstemp(prefix="new-", dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(new).replace(path)
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise ToolkitError(f"{path}: cannot be written: {reason}") from None


@cache
def _temporary() -> Path:
    """Return a folder of this process; it is removed when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="edition-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
