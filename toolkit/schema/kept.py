"""Compiled grammars from the cache, or compiled and put there.

An entry is found by the schema's main file, and names every other file that the
schema was read from with its checksum; if one of them differs, it is made anew.
What is kept is JSON (``stored``): nothing in it is ever executed.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit import cache as kept
from toolkit.errors import ReadError, SchemaError
from toolkit.schema import stored
from toolkit.tei import noting_reads, read_bytes

if TYPE_CHECKING:
    from toolkit.cache import Cache
    from toolkit.catalog import Catalog
    from toolkit.schema.grammar import Grammar


def load(path: Path, cache: Cache, catalog: Catalog | None = None) -> Grammar:
    """Return a schema's grammar.

    Args:
        path: A ``.rng`` or ``.rnc`` file.
        cache: Where compiled grammars are kept.
        catalog: Says which file stands for an address that the schema names.

    Raises:
        SchemaError: The schema cannot be used; says file, line and what is wrong.
    """
    with kept.unhurried():
        name = _entry(path, catalog.fingerprint if catalog else "")
        entry = cache.read(name)
        if entry is not None and (known := _restored(entry)) is not None:
            return known
        # Most runs find the grammar in the cache, and need not even load this.
        from toolkit.schema import relaxng
        from toolkit.schema.sources import Sources

        with noting_reads() as files:  # those that a catalog names, too
            sources = Sources(path, catalog.content if catalog else None)
            grammar = relaxng.compiled(sources)
        head = json.dumps(files).encode()
        cache.write(name, head + b"\n" + stored.store(grammar))
    return grammar


def _entry(path: Path, catalogs: str) -> str:
    """Return the name of a schema's entry."""
    try:
        source = read_bytes(path)
    except ReadError:
        source = b""  # whoever compiles it will say what is wrong
    parts = (str(path), str(path.absolute()), catalogs, source)
    return f"grammar-{kept.key(*parts)}.json"


def _restored(entry: bytes) -> Grammar | None:
    """Return a kept grammar; None if a file it was made of has changed."""
    head, _, body = entry.partition(b"\n")
    try:
        files: dict[str, str] = json.loads(head)
        if all(_checksum(file) == checksum for file, checksum in files.items()):
            return stored.restore(body)
    except (SchemaError, ValueError, AttributeError):
        pass  # an entry of another form; it will be written again
    return None


def _checksum(file: str) -> str:
    try:
        return hashlib.sha256(read_bytes(Path(file))).hexdigest()
    except ReadError:
        return ""
