"""W3C XML Schema: a document and a schema give violations, by ``xmlschema``.

A second opinion beside RELAX NG, or the only one where a project has nothing else.
Compiling a schema as large as TEI's takes seconds, so the compiled schema is kept in
the user's cache (:mod:`toolkit.cache`). It is a pickle, which is code: the cache gives
only what nobody but the user can have written.

XML Schema 1.0, part 1 (structures) and part 2 (datatypes).
"""

from __future__ import annotations

import pickle  # read from the user's own folder only, see Cache.read
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from toolkit.cache import key, users
from toolkit.errors import ReadError, SchemaError
from toolkit.tei import TEI, local_name, parse, read_bytes
from toolkit.validate.violation import Violation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from toolkit.cache import Cache
    from toolkit.catalog import Catalog
    from toolkit.tei import Element

_CODE: Final = "TEI150"
_XS: Final = "{http://www.w3.org/2001/XMLSchema}"


class SchemaCheck:
    """A W3C schema, ready to check documents."""

    def __init__(
        self, path: Path, cache: Cache | None = None, catalog: Catalog | None = None
    ) -> None:
        """Load a schema, from the cache where it is there.

        Args:
            path: A ``.xsd`` file.
            cache: Where compiled schemas are kept; None: the user's cache.
            catalog: Says which file stands for an address in the schema.

        Raises:
            SchemaError: It cannot be used.
        """
        self._schema = _compiled(path, cache or users(), catalog)

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


def _compiled(path: Path, cache: Cache, catalog: Catalog | None) -> Any:
    """Return the compiled schema: from the cache, or made and put there."""
    sources, listed = _sources(path, catalog)
    # By its files' content.
    name = f"xsd-{key(str(path.resolve()), str(listed), *sources)}.pickle"
    if (known := _unpickled(cache.read(name))) is not None:
        return known
    import xmlschema  # takes 0.2 s, and most runs need no XSD

    try:
        schema = xmlschema.XMLSchema(
            str(path), allow="local", defuse="always", uri_mapper=listed
        )
    except (
        xmlschema.XMLSchemaException,
        OSError,
        ValueError,
        RecursionError,
    ) as fault:
        said = str(fault).strip() or type(fault).__name__
        raise SchemaError(f"{path}: {said.splitlines()[0]}") from None
    with suppress(pickle.PicklingError, RecursionError, TypeError):
        cache.write(name, pickle.dumps(schema))
    return schema


def _unpickled(entry: bytes | None) -> Any:
    """Return a kept schema; None if there is none, or it cannot be used."""
    if entry is None:
        return None
    try:
        return pickle.loads(entry)  # noqa: S301 - the user's own file, see Cache.read
    except Exception:  # a broken pickle may raise anything; make it anew
        return None


def _sources(path: Path, catalog: Catalog | None) -> tuple[list[bytes], dict[str, str]]:
    """Return the bytes of a schema and of every local file that it includes.

    Returns:
        These; and the addresses that a catalog knows, with those of their files.

    Raises:
        SchemaError: The schema itself cannot be read.
    """
    sources: list[bytes] = []
    listed: dict[str, str] = {}
    waiting: list[Path] = [path]
    seen: set[Path] = set()
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
            elif catalog and (file := catalog.file(place)):
                listed[place] = file.as_uri()
                waiting.append(file)
    return sources, listed
