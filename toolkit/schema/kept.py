"""What is made of schemas, from the cache, or made and put there.

An entry is found by the schema's main file, and names every other file that the
schema was read from with its checksum; if one of them differs, it is made anew.
What is kept is JSON (``stored``): nothing in it is ever executed.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from toolkit import cache as kept
from toolkit.errors import ReadError, SchemaError
from toolkit.limits import MAX_SCHEMA
from toolkit.schema import stored
from toolkit.tei import noting_reads, read_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from toolkit.cache import Cache
    from toolkit.catalog import Catalog
    from toolkit.schema.grammar import Grammar


Made = TypeVar("Made")


def load(path: Path, cache: Cache, catalog: Catalog | None = None) -> Grammar:
    """Return a schema's grammar.

    Args:
        path: A ``.rng`` or ``.rnc`` file.
        cache: Where compiled grammars are kept.
        catalog: Says which file stands for an address that the schema names.

    Raises:
        SchemaError: The schema cannot be used; says file, line and what is wrong.
    """

    def compiled() -> tuple[Grammar, bytes]:
        # Most runs find the grammar in the cache, and need not even load this.
        from toolkit.schema import relaxng
        from toolkit.schema.sources import Sources

        sources = Sources(path, catalog.content if catalog else None)
        grammar = relaxng.compiled(sources)
        return grammar, stored.store(grammar) if cache.folder else b""

    name = entry("grammar", path, catalog)
    return kept_or_made(cache, name, stored.restore, compiled)


def entry(kind: str, path: Path, catalog: Catalog | None, *more: str) -> str:
    """Return the name of the entry of what is made of a schema.

    Args:
        kind: What is made of it.
        path: Its main file.
        catalog: Says which file stands for an address that it names.
        more: What else it depends on.
    """
    try:
        source = read_bytes(path, MAX_SCHEMA)
    except ReadError:
        source = b""  # whoever compiles it will say what is wrong
    catalogs = catalog.fingerprint if catalog else ""
    name = kept.key(str(path), str(path.absolute()), catalogs, source, *more)
    return f"{kind}-{name}.json"


def kept_or_made(
    cache: Cache,
    name: str,
    restore: Callable[[bytes], Made],
    make: Callable[[], tuple[Made, bytes]],
) -> Made:
    """Return what is made of a schema: as it was kept, else made and kept.

    Args:
        cache: Where it is kept.
        name: Of its entry.
        restore: Gives it from bytes; raises what a damaged entry brings about.
        make: Gives it, and bytes to keep.
    """
    with kept.unhurried():
        body = _body(cache.read(name))
        if body is not None:
            with suppress(SchemaError, ValueError, TypeError, LookupError):
                return restore(body)
        with noting_reads() as files:  # those that a catalog names, too
            made, content = make()
        cache.write(name, json.dumps(files).encode() + b"\n" + content)
    return made


def _body(content: bytes | None) -> bytes | None:
    """Return what an entry holds; None if a file it was made of has changed."""
    if content is None:
        return None
    head, _, body = content.partition(b"\n")
    try:
        files: dict[str, str] = json.loads(head)
        holds = all(_checksum(file) == checksum for file, checksum in files.items())
    except (ValueError, AttributeError):
        return None  # an entry of another form; it will be written again
    return body if holds else None


def _checksum(file: str) -> str:
    try:
        return hashlib.sha256(read_bytes(Path(file))).hexdigest()
    except ReadError:
        return ""
