"""The container of an e-book: a zip file that is the same for the same contents.

Chapters come packed: they were compressed when they were made, so that a book of ten
thousand documents of which one has changed is written as fast as it can be copied.
"""

from __future__ import annotations

import base64
import struct
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final, NamedTuple

from toolkit.errors import ToolkitError

if TYPE_CHECKING:
    from types import TracebackType
    from typing import IO, Self

#: What books can show, by the ends of file names.
IMAGES: Final = {
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
_STORED, _DEFLATED = 0, 8
_VERSION: Final = 20
_UTF8: Final = 0x800  #: the flag that names are in UTF-8
_LONG_AGO: Final = 0x21  #: 1 January 1980, the first day that a zip file can name
_RIGHTS: Final = 0o100644 << 16
_MANY: Final = 0xFFFF  #: more files than these are counted in 64 bits
_LARGE: Final = 0xFFFFFFFF


class Packed(NamedTuple):
    """A file as it stands in a zip file."""

    crc: int
    size: int  #: before it was compressed
    data: bytes
    method: int = _DEFLATED

    def __str__(self) -> str:
        data = base64.b64encode(self.data).decode("ascii")
        return f"{self.crc:08x}{self.size:08x}{data}"


def pack(content: bytes) -> Packed:
    """Compress a file."""
    deflate = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    data = deflate.compress(content) + deflate.flush()
    return Packed(zlib.crc32(content), len(content), data)


def packed(text: str) -> Packed:
    """Read what :class:`Packed` says of itself as a string."""
    return Packed(int(text[:8], 16), int(text[8:16], 16), base64.b64decode(text[16:]))


def unpacked(text: str) -> str:
    """Return the document that was packed into a string."""
    return zlib.decompress(packed(text).data, -zlib.MAX_WBITS).decode()


@dataclass(frozen=True, slots=True)
class File:
    """One file of a book, as its package lists it."""

    id: str
    href: str
    media: str
    properties: str = ""


class Container:
    """Writes a book's files one after the other and notes what the package lists."""

    def __init__(self, into: IO[bytes]) -> None:
        self.files: list[File] = []
        self.spine: list[str] = []
        self._into = into
        self._offset = 0
        self._listed: list[bytes] = []  #: the central directory

    def __enter__(self) -> Self:
        # A reading system knows the book by these bytes: first and not compressed.
        kind = b"application/epub+zip"
        self._add("mimetype", Packed(zlib.crc32(kind), len(kind), kind, _STORED))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _fault: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._finish()

    def _put(self, data: bytes) -> None:
        self._into.write(data)
        self._offset += len(data)

    def _add(self, name: str, file: Packed) -> None:
        """Write a file; no time, no owner."""
        encoded, start = name.encode(), self._offset
        what = (
            *(_VERSION, 0 if name.isascii() else _UTF8, file.method, 0, _LONG_AGO),
            *(file.crc, len(file.data), file.size, len(encoded), 0),
        )
        if start + len(file.data) > _LARGE:
            raise ToolkitError("the e-book would be larger than 4 GiB")
        self._put(struct.pack("<4s5H3L2H", b"PK\3\4", *what) + encoded)
        self._put(file.data)
        made_by = _VERSION | 3 << 8  # as on Unix, which has rights
        listed = struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", made_by, *what, 0, 0, 0, _RIGHTS, start
        )
        self._listed.append(listed + encoded)

    def _finish(self) -> None:
        """Write the list of all files."""
        start, count = self._offset, len(self._listed)
        for listed in self._listed:
            self._put(listed)
        size, end = self._offset - start, self._offset
        if count > _MANY:
            wide = (44, _VERSION, 45, 0, 0, count, count, size, start)
            self._put(struct.pack("<4sQ2H2L4Q", b"PK\6\6", *wide))
            self._put(struct.pack("<4sLQL", b"PK\6\7", 0, end, 1))
        few = min(count, _MANY)
        self._put(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, few, few, size, start, 0))

    def write(self, name: str, content: bytes) -> None:
        """Write a file that the package does not list."""
        self._add(name, pack(content))

    def file(
        self, href: str, media: str, content: Packed, properties: str = ""
    ) -> File:
        """Write a file of the book."""
        listed = File(f"f{len(self.files) + 1}", href, media, properties)
        self.files.append(listed)
        self._add(f"book/{href}", content)
        return listed

    def page(self, name: str, text: Packed, properties: str = "") -> None:
        """Write a document of the book; it is read after those before it."""
        file = self.file(f"{name}.xhtml", "application/xhtml+xml", text, properties)
        self.spine.append(file.id)

    def image(self, name: str, content: bytes, properties: str = "") -> bool:
        """Write an image; False if it is of a kind that books cannot show.

        Args:
            name: Its name in the folder of the images, or in that of the book if it
                has properties of its own, as a cover has.
            content: The image.
            properties: What the package says of it.
        """
        media = IMAGES.get(PurePosixPath(name).suffix.lower())
        if media is not None:
            folder = "" if properties else "images/"
            self.file(folder + name, media, pack(content), properties)
        return media is not None
