"""OASIS XML catalogs: names and addresses of schemas give files on this machine.

Nothing is fetched: a catalog says which local file stands for an address on the web.
Entries of other namespaces, unknown elements and what is broken in a catalog that
another one names are passed over, as the standard asks; a catalog that the user names
must be readable.

OASIS XML Catalogs V1.1 (7 October 2005), sections 4 (entries), 6 (normalisation) and 7
(resolution).
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote, urljoin, urlsplit

from toolkit.errors import ConfigError, ReadError
from toolkit.limits import MAX_SCHEMA
from toolkit.tei import parse, read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from toolkit.tei import Element

_NS: Final = "{urn:oasis:names:tc:entity:xmlns:xml:catalog}"
_BASE: Final = "{http://www.w3.org/XML/1998/namespace}base"
_MARKUP: Final = 100_000  #: tags and attributes of a catalog file
_FILES: Final = 200  #: catalog files that one resolution looks into at most
_DEPTH: Final = 32  #: groups, or delegated catalogs, within each other

#: The attribute that says what an entry is for, and where its answer stands.
_ENTRIES: Final = {
    "uri": ("name", "uri"),
    "system": ("systemId", "uri"),
    "public": ("publicId", "uri"),
    "rewriteURI": ("uriStartString", "rewritePrefix"),
    "rewriteSystem": ("systemIdStartString", "rewritePrefix"),
    "uriSuffix": ("uriSuffix", "uri"),
    "systemSuffix": ("systemIdSuffix", "uri"),
    "delegateURI": ("uriStartString", "catalog"),
    "delegateSystem": ("systemIdStartString", "catalog"),
    "delegatePublic": ("publicIdStartString", "catalog"),
}


@dataclass(frozen=True, slots=True)
class _Kind:
    """The entries that serve one sort of name, in the order they are asked."""

    exact: str
    rewrite: str
    suffix: str
    delegate: str


_URI: Final = _Kind("uri", "rewriteURI", "uriSuffix", "delegateURI")
_SYSTEM: Final = _Kind("system", "rewriteSystem", "systemSuffix", "delegateSystem")


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str  #: what is compared: whole, its beginning or its end
    answer: str  #: absolute
    prefers_public: bool = True


@dataclass(slots=True)
class _File:
    """The entries of one catalog file, by element name, and those it goes on to."""

    entries: dict[str, list[_Entry]] = field(default_factory=dict)
    following: list[str] = field(default_factory=list)

    def of(self, kind: str) -> list[_Entry]:
        return self.entries.get(kind, [])


@dataclass(frozen=True, slots=True)
class _Answer:
    """The end of a resolution."""

    address: str | None  #: None: a delegate had to know, and does not


class Catalog:
    """Catalog files, asked one after the other."""

    def __init__(self, files: Sequence[Path] = (), *, lenient: Sequence[str] = ()):
        """Read catalogs.

        Args:
            files: Catalogs that must be there.
            lenient: Addresses of further ones, passed over where they are not.

        Raises:
            ConfigError: One of ``files`` cannot be read or is no catalog.
        """
        self.files: Final = tuple(files)
        self._known: dict[str, _File] = {}
        self._start = [path.absolute().as_uri() for path in files]
        for path, address in zip(files, self._start, strict=True):
            try:
                self._known[address] = _read(path, address)
            except (ReadError, ValueError) as fault:
                reason = getattr(fault, "reason", str(fault))
                raise ConfigError(
                    f"{path}: cannot be used as a catalog: {reason}"
                ) from None
        self._start += lenient

    def __bool__(self) -> bool:
        return bool(self._start)

    @property
    def fingerprint(self) -> str:
        """What the answers depend on: the catalogs asked first, and what they hold."""
        if not self:
            return ""
        known = [(one, repr(self.entries(one))) for one in self._start]
        return hashlib.sha256(repr(known).encode("utf-8", "replace")).hexdigest()

    def uri(self, name: str) -> str | None:
        """Return the address for a URI (section 7.2); None if no catalog knows it."""
        return self._resolved(name, "", "", self._start)

    def system(self, system: str, public: str = "") -> str | None:
        """Return the address for an external identifier (section 7.1).

        Args:
            system: The system identifier, absolute; may be empty.
            public: The public identifier, if there is one.
        """
        return self._resolved("", system, public, self._start)

    def file(self, address: str) -> Path | None:
        """Return the file that stands for an address; None if there is none here.

        The address is looked up as a URI, then as a system identifier, because
        catalogs for schemas are written in both ways.
        """
        found = self.uri(address) or self.system(address)
        return local_file(found) if found else None

    def content(self, address: str) -> bytes | None:
        """Return the bytes of that file; serves as a resolver of schemas."""
        path = self.file(address)
        try:
            return read_bytes(path, MAX_SCHEMA) if path is not None else None
        except ReadError:
            return None

    # -- resolution --------------------------------------------------------------

    def _resolved(
        self, uri: str, system: str, public: str, start: Sequence[str]
    ) -> str | None:
        public = _public(public)
        if uri.lower().startswith("urn:publicid:"):
            uri, public = "", _unwrapped(uri)
        if system.lower().startswith("urn:publicid:"):
            system, public = "", public or _unwrapped(system)
        asked = _Asked(self, _uri(uri), _uri(system), public)
        answer = asked.resolve(start)
        return answer.address if answer else None

    def entries(self, address: str) -> _File:
        """Return a catalog file's entries; without entries where it is unreadable."""
        if address not in self._known:
            path = local_file(address)
            try:
                self._known[address] = _read(path, address) if path else _File()
            except (ReadError, ValueError):
                self._known[address] = _File()
        return self._known[address]


class _Asked:
    """One resolution."""

    def __init__(self, catalog: Catalog, uri: str, system: str, public: str) -> None:
        self.catalog = catalog
        self.uri, self.system, self.public = uri, system, public
        self.files = 0
        self.depth = 0

    def resolve(self, start: Sequence[str]) -> _Answer | None:
        """Ask catalogs, and the ones they name next, until one answers."""
        waiting, seen = list(start), set[str]()
        while waiting and self.files < _FILES:
            address = waiting.pop(0)
            if address in seen:
                continue
            seen.add(address)
            self.files += 1
            file = self.catalog.entries(address)
            if answer := self._ask(file):
                return answer
            waiting[:0] = file.following
        return None

    def _ask(self, file: _File) -> _Answer | None:
        return (
            (self._by_name(file, _URI, self.uri) if self.uri else None)
            or (self._by_name(file, _SYSTEM, self.system) if self.system else None)
            or (self._by_public(file) if self.public else None)
        )

    def _by_name(self, file: _File, kind: _Kind, name: str) -> _Answer | None:
        for entry in file.of(kind.exact):
            if entry.name == name:
                return _Answer(entry.answer)
        begun = [one for one in file.of(kind.rewrite) if name.startswith(one.name)]
        if begun:
            longest = max(begun, key=lambda one: len(one.name))
            return _Answer(longest.answer + name.removeprefix(longest.name))
        ended = [one for one in file.of(kind.suffix) if name.endswith(one.name)]
        if ended:
            return _Answer(max(ended, key=lambda one: len(one.name)).answer)
        delegates = [one for one in file.of(kind.delegate) if name.startswith(one.name)]
        return self._delegate(delegates, self.uri, self.system, "")

    def _by_public(self, file: _File) -> _Answer | None:
        """Ask by the public identifier: with a system one only if that is preferred."""
        for entry in file.of("public"):
            if entry.name == self.public and (entry.prefers_public or not self.system):
                return _Answer(entry.answer)
        delegates = [
            one
            for one in file.of("delegatePublic")
            if self.public.startswith(one.name)
            and (one.prefers_public or not self.system)
        ]
        return self._delegate(delegates, "", "", self.public)

    def _delegate(
        self, entries: list[_Entry], uri: str, system: str, public: str
    ) -> _Answer | None:
        """Leave the answer to the catalogs named for this beginning, longest first."""
        if not entries:
            return None
        if self.depth >= _DEPTH:
            return _Answer(None)
        entries.sort(key=lambda one: len(one.name), reverse=True)
        inner = _Asked(self.catalog, uri, system, public)
        inner.files, inner.depth = self.files, self.depth + 1
        addresses = list(dict.fromkeys(one.answer for one in entries))
        return inner.resolve(addresses) or _Answer(None)


# -- reading -----------------------------------------------------------------------


def _read(path: Path, address: str) -> _File:
    """Read a catalog file.

    Raises:
        ReadError: It cannot be read as XML.
        ValueError: It is another kind of document.
    """
    root = parse(read_bytes(path, MAX_SCHEMA), path, _MARKUP)
    if root.tag != f"{_NS}catalog":
        raise ValueError(f"its outermost element is not catalog in {_NS[1:-1]}")
    file = _File()
    prefers = root.get("prefer", "public") != "system"
    _collect(root, file, _base(root, address), prefers, 0)
    return file


def _collect(
    parent: Element, file: _File, base: str, prefers_public: bool, depth: int
) -> None:
    for element in parent:
        tag: object = element.tag
        if not isinstance(tag, str) or not tag.startswith(_NS):
            continue
        kind, here = tag.removeprefix(_NS), _base(element, base)
        if kind == "group" and depth < _DEPTH:
            prefer = element.get("prefer")
            prefers = prefers_public if prefer is None else prefer != "system"
            _collect(element, file, here, prefers, depth + 1)
        elif kind == "nextCatalog":
            if catalog := element.get("catalog"):
                file.following.append(_joined(here, catalog))
        elif kind in _ENTRIES:
            name, answer = (element.get(one, "") for one in _ENTRIES[kind])
            if name and answer:
                name = _public(name) if "ublic" in kind else _uri(name)
                entry = _Entry(name, _joined(here, answer), prefers_public)
                file.entries.setdefault(kind, []).append(entry)


def _base(element: Element, base: str) -> str:
    return _joined(base, element.get(_BASE, ""))


def _joined(base: str, reference: str) -> str:
    try:
        return urljoin(base, _uri(reference))
    except ValueError:  # no address at all, such as http://[
        return reference


# -- names -------------------------------------------------------------------------


def local_file(address: str) -> Path | None:
    """Return the path that a ``file:`` address means; None for another address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"}:
        return None
    name = unquote(parts.path)
    if os.name == "nt":
        name = name.lstrip("/")
    return Path(name) if name and "\0" not in name else None


def _uri(name: str) -> str:
    """Return a URI with what may not stand in it written in percent (section 6.3)."""
    return re.sub(
        r"[^\x21-\x7e]|[\"<>\\^`{|}]",
        lambda found: quote(found[0], errors="replace"),
        name.strip(),
    )


def _public(name: str) -> str:
    """Return a public identifier, white space run together (section 6.2)."""
    return " ".join(name.split())


#: How a public identifier is written as a URN (RFC 3151).
_URN: Final[Mapping[str, str]] = {
    "+": " ", ":": "//", ";": "::", "%2B": "+", "%3A": ":", "%2F": "/", "%3B": ";",
    "%27": "'", "%3F": "?", "%23": "#", "%25": "%",
}  # fmt: skip


def _unwrapped(urn: str) -> str:
    """Return the public identifier of a ``urn:publicid:`` (section 6.4)."""
    coded = urn[len("urn:publicid:") :]
    return _public(
        re.sub(
            r"[+:;]|%[0-9A-Fa-f]{2}",
            lambda found: _URN.get(found[0].upper(), found[0]),
            coded,
        )
    )


# -- which catalogs ----------------------------------------------------------------


def load(named: Iterable[Path] = (), settings: Iterable[Path] = ()) -> Catalog:
    """Return the catalogs to ask: named ones, those of the settings, the environment.

    Args:
        named: From the command line; asked first.
        settings: From ``edition.toml``.

    Raises:
        ConfigError: One of these cannot be used. What ``XML_CATALOG_FILES`` names
            and is not there is passed over.
    """
    files = list(dict.fromkeys([*named, *settings]))
    return Catalog(files, lenient=list(_of_environment()))


def _of_environment() -> Iterator[str]:
    """Yield the addresses in ``XML_CATALOG_FILES``: paths or URIs parted by spaces."""
    for name in os.environ.get("XML_CATALOG_FILES", "").split():
        if local_file(name) is not None:
            yield name
        elif not re.match(r"[A-Za-z][A-Za-z0-9+.\-]+:", name):
            yield Path(name).absolute().as_uri()
