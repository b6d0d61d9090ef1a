"""The other documents that rules may read: those in the edition's folder, no others.

Nothing is ever fetched from the network, and no path leads out of the folder: not by
``..``, not by a link.

XSLT 2.0, 16.1 (document); XPath and XQuery Functions and Operators, 14.6 (doc).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

from elementpath import get_node_tree

from toolkit.errors import ReadError
from toolkit.tei import parse, read_bytes

if TYPE_CHECKING:
    from toolkit.tei import Element


class LibraryError(Exception):
    """A document cannot be had; says why."""


class Library:
    """The documents of one folder, each read once."""

    def __init__(self, folder: Path) -> None:
        """Take a folder: the edition's."""
        self.folder = folder.resolve()
        self._trees: dict[Path, Any] = {}
        self._faults: dict[Path, str] = {}

    def open(self, uri: str, base: str) -> Any:
        """Return a document as elementpath sees it.

        Args:
            uri: An address, absolute or relative.
            base: What it is relative to: the address of a file.

        Raises:
            LibraryError: It is elsewhere, is not there, or cannot be read.
        """
        path = self._path(uri, base)
        if path in self._faults:
            raise LibraryError(self._faults[path])
        if path not in self._trees:
            try:
                root = self._read(path)
            except LibraryError as fault:
                self._faults[path] = str(fault)
                raise
            self._trees[path] = get_node_tree(root.getroottree(), uri=path.as_uri())
        return self._trees[path]

    def _path(self, uri: str, base: str) -> Path:
        from urllib.request import url2pathname  # loads much, and is seldom needed

        address = urlsplit(urljoin(base, uri.strip()))
        if address.scheme != "file" or address.netloc not in {"", "localhost"}:
            raise LibraryError(f"{uri!r} is no file of the edition: nothing is fetched")
        try:
            path = Path(url2pathname(unquote(address.path))).resolve()
            inside = path.is_relative_to(self.folder)
        except (OSError, ValueError) as fault:
            raise LibraryError(f"{uri!r} is no file: {fault}") from None
        if not inside:
            raise LibraryError(f"{uri!r} is outside the folder of the edition")
        return path

    def _read(self, path: Path) -> Element:
        try:
            return parse(read_bytes(path), path)
        except ReadError as fault:
            name = path.relative_to(self.folder)
            raise LibraryError(f"{name} cannot be read: {fault.reason}") from None
