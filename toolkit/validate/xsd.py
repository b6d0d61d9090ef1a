"""W3C XML Schema: a document and a schema give violations, by ``xmlschema``.

A second opinion beside RELAX NG, or the only one where a project has nothing else.
Compiling a schema as large as TEI's takes seconds, so the compiled schema is kept in
the user's cache folder. That file is a pickle, which is code: it is read only where
nobody but the user can have written it.

XML Schema 1.0, part 1 (structures) and part 2 (datatypes).
"""

from __future__ import annotations

import hashlib
import os
import pickle  # read from the user's own folder only, see _unpickled
import re
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from toolkit import __version__
from toolkit.errors import ReadError, SchemaError
from toolkit.tei import TEI, local_name, parse, read_bytes
from toolkit.validate.violation import Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.tei import Element

_CODE: Final = "TEI150"
_XS: Final = "{http://www.w3.org/2001/XMLSchema}"


class SchemaCheck:
    """A W3C schema, ready to check documents."""

    def __init__(self, path: Path) -> None:
        """Load a schema, from the cache where it is there.

        Raises:
            SchemaError: It cannot be used.
        """
        self._schema = _compiled(path)

    def violations(self, root: Element) -> Iterator[Violation]:
        """Yield what the schema finds wrong, in the order it is found."""
        for error in self._schema.iter_errors(root):
            child = getattr(error, "invalid_child", None)
            places = (child, error.elem, error.obj, root)
            element = next(one for one in places if isinstance(one, etree._Element))
            yield Violation(element, _CODE, _words(error, element))


def _words(error: Any, element: Element) -> str:
    """Return an error of xmlschema as one lower-case clause that names the markup."""
    parent = element.getparent()
    if element is getattr(error, "invalid_child", None) and parent is not None:
        tag, holder = local_name(element), local_name(parent)
        return f"<{tag}> is not allowed at this place in <{holder}>"
    reason = " ".join(str(error.reason or error.message).split()).rstrip(".")
    reason = reason.replace(TEI, "")
    reason = re.sub(r"\b(?:[Tt]ag|element) '([^']+)'", r"<\1>", reason)
    reason = re.sub(r"\battribute '?([\w:.-]+)'?", r"@\1", reason)
    return f"<{local_name(element)}>: {reason[:1].lower()}{reason[1:]}"


def _compiled(path: Path) -> Any:
    """Return the compiled schema: from the cache, or made and put there."""
    import xmlschema  # takes 0.2 s, and most runs need no XSD

    kept = _cache_file(path, xmlschema.__version__)
    if kept is not None and (known := _unpickled(kept)) is not None:
        return known
    try:
        schema = xmlschema.XMLSchema(str(path), allow="local", defuse="always")
    except (
        xmlschema.XMLSchemaException,
        OSError,
        ValueError,
        RecursionError,
    ) as fault:
        said = str(fault).strip() or type(fault).__name__
        raise SchemaError(f"{path}: {said.splitlines()[0]}") from None
    if kept is not None:
        _keep(kept, schema)
    return schema


def _cache_file(path: Path, version: str) -> Path | None:
    """Return where a compiled schema is kept; None where nothing safe can be kept."""
    digest = hashlib.sha256(
        f"{__version__} {version} {sys.version} {path.resolve()}".encode()
    )
    for source in _sources(path):
        digest.update(hashlib.sha256(source).digest())
    folder = cache_folder()
    return folder and folder / f"xsd-{digest.hexdigest()}.pickle"


def _sources(path: Path) -> list[bytes]:
    """Return the bytes of a schema and of every local file that it includes.

    Raises:
        SchemaError: The schema itself cannot be read.
    """
    sources: list[bytes] = []
    waiting, seen = [path], set[Path]()
    while waiting:
        here = waiting.pop()
        if here.resolve() in seen:
            continue
        seen.add(here.resolve())
        try:
            source = read_bytes(here)
            root = parse(source, here)
        except ReadError as fault:
            if here is path:
                raise SchemaError(fault.message) from None
            continue  # xmlschema will say what it lacks
        sources.append(source)
        for link in root.iter(f"{_XS}include", f"{_XS}import", f"{_XS}redefine"):
            place = link.get("schemaLocation", "")
            if place and "://" not in place:
                waiting.append(here.parent / place)
    return sources


def cache_folder() -> Path | None:
    """Return the user's cache folder of the toolkit, made if it was not there.

    Returns:
        ``$XDG_CACHE_HOME/edition`` or ``~/.cache/edition``; None where it cannot be
        made, or where somebody else could write into it.
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
    return folder if stat.S_ISDIR(status.st_mode) and _private(status, 0o077) else None


def _private(status: os.stat_result, others: int) -> bool:
    """Return whether a file is the user's own and closed to others."""
    if not hasattr(os, "getuid"):
        return True  # Windows keeps a user's profile private by itself
    return status.st_uid == os.getuid() and not status.st_mode & others


def _unpickled(path: Path) -> Any:
    """Return a kept schema; None if there is none, or none that can be trusted."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            status = os.fstat(file.fileno())
            if not (stat.S_ISREG(status.st_mode) and _private(status, 0o022)):
                return None
            return pickle.load(file)  # noqa: S301 - the user's own file, see above
    except Exception:  # a broken pickle may raise anything; make it anew
        return None


def _keep(path: Path, schema: Any) -> None:
    """Write a compiled schema in one move, so that no reader sees half of it."""
    with suppress(OSError, pickle.PicklingError, RecursionError, TypeError):
        written = pickle.dumps(schema)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(written)
            Path(temporary).replace(path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
