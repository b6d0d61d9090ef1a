"""Where schema files come from: the folder of the schema, or a resolver; no network.

Takes a reference as ``externalRef`` and ``include`` write it and gives the root
element of that file (RELAX NG section 4.5).
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import unquote, urljoin, urlsplit

from toolkit.errors import ReadError, SchemaError
from toolkit.limits import MAX_INCLUSIONS, MAX_SCHEMA, MAX_SCHEMA_MARKUP
from toolkit.tei import parse, read_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from toolkit.tei import Element

#: Gives the bytes of the schema file with this URI, or None where it has none.
Resolver: TypeAlias = "Callable[[str], bytes | None]"

XML_BASE: Final = "{http://www.w3.org/XML/1998/namespace}base"


class Sources:
    """The files one schema may be made of."""

    def __init__(self, path: Path, resolver: Resolver | None = None) -> None:
        """Confine reading to the folder of ``path`` and to ``resolver``.

        Args:
            path: The schema's main file.
            resolver: Asked first, with an absolute URI.
        """
        self.main: Final = path
        self.uri: Final = path.absolute().as_uri()
        self._folder = path.absolute().parent.resolve()
        self._resolver = resolver
        self._roots: dict[str, Element] = {}
        self._elements: dict[str, int] = {}  # how many each file has
        self._asked, self._room = 0, MAX_SCHEMA_MARKUP
        #: The checksum (SHA-256) of every file read so far.
        self.read: Final[dict[Path, str]] = {}

    def name(self, uri: str) -> str:
        """Return how messages name a file: relative to the main file's folder."""
        if uri == self.uri:
            return str(self.main)
        folder = self.main.absolute().parent.as_uri() + "/"
        if uri.startswith(folder):
            return str(self.main.parent / unquote(uri.removeprefix(folder)))
        return uri

    def root(self, uri: str, asked_by: str) -> Element:
        """Return the root element of a schema file.

        Args:
            uri: Absolute URI of the file.
            asked_by: File and line of the reference, for messages.

        Raises:
            SchemaError: The file may not be read, is missing, or breaks the rules of
                its syntax: the compact one if its name ends in ``.rnc``, else XML;
                or too much is included, perhaps the same again and again.
        """
        self._asked += 1
        if self._asked > MAX_INCLUSIONS:
            raise SchemaError(
                f"{asked_by}: there are more than {MAX_INCLUSIONS:,} inclusions"
            )
        known = self._roots.get(uri)
        if known is None:
            known = self._parsed(self._bytes(uri, asked_by), self.name(uri))
            self._roots[uri] = known
            self._elements[uri] = sum(1 for _ in known.iter())
        self._room -= self._elements[uri]
        if self._room < 0:
            raise SchemaError(
                f"{asked_by}: with all its inclusions the schema has more than "
                f"{MAX_SCHEMA_MARKUP:,} elements"
            )
        return known

    def _parsed(self, source: bytes, file: str) -> Element:
        if file.lower().endswith(".rnc"):
            from toolkit.schema.compact import reader  # few need it: not at start-up

            return reader.read(source, file)
        try:
            return parse(source, Path(file), MAX_SCHEMA_MARKUP)
        except ReadError as fault:
            place = f"{file}:{fault.line}" if fault.line else file
            raise SchemaError(f"{place}: {fault.reason}") from None

    def _bytes(self, uri: str, asked_by: str) -> bytes:
        if self._resolver is not None:
            source = self._resolver(uri)
            if source is not None:
                return source
        parts = urlsplit(uri)
        if parts.scheme != "file":
            raise SchemaError(
                f"{asked_by}: {uri} is not read: schemas come from the schema's own"
                " folder, never from the network; save a copy beside the schema"
            )
        path = Path(unquote(parts.path))
        if not path.resolve().is_relative_to(self._folder):
            raise SchemaError(
                f"{asked_by}: {path} is not read: it lies outside the schema's"
                f" folder {self._folder}"
            )
        try:
            source = read_bytes(path, MAX_SCHEMA)
        except ReadError as fault:
            raise SchemaError(f"{asked_by}: {fault.path} {fault.reason}") from None
        self.read[path] = hashlib.sha256(source).hexdigest()
        return source


def resolve(base: str, href: str) -> str:
    """Return ``href`` as an absolute URI (RELAX NG section 4.5)."""
    return urljoin(base, href)


def base_of(element: Element, document: str) -> str:
    """Return the base URI at an element, obeying ``xml:base``."""
    bases = [
        base
        for one in (element, *element.iterancestors())
        if (base := one.get(XML_BASE)) is not None
    ]
    base = document
    for one in reversed(bases):
        base = urljoin(base, one)
    return base
