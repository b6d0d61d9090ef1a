"""How large a document may be: what its tree would take is told before it is made.

A tree takes its memory by the tag and the attribute, not by the byte: a gigabyte of
``<p/>`` would take forty. So the signs of markup are counted in the bytes, which takes
a blink, and too many of them are refused.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from lxml import etree

from toolkit.encodings import as_utf8
from toolkit.errors import ReadError

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.tei import Element

#: Bytes of a document of which a tree is made; a tree takes about ten times as much.
MAX_BYTES: Final = 128 * 1024 * 1024
#: Tags, comments and attributes of such a document: about a gigabyte.
MAX_MARKUP: Final = 4_000_000
#: Bytes, and tags, of a document that is read piece by piece: the work of a minute.
MAX_STREAMED: Final = 2 * 1024**3
MAX_STREAMED_TAGS: Final = 25_000_000
#: Bytes, and tags and attributes, of one file of a schema; TEI's has a tenth of it.
MAX_SCHEMA: Final = 16 * 1024 * 1024
MAX_SCHEMA_MARKUP: Final = 500_000
#: Inclusions of files in a schema; modular ones have some dozens.
MAX_INCLUSIONS: Final = 1_000
#: Elements that are made of a file in compact syntax.
MAX_COMPACT: Final = 200_000
#: Attributes of one element.
MAX_ATTRIBUTES: Final = 1_000

#: A tag with so many attributes has at least so many bytes; few documents have any.
_LONG: Final = re.compile(rb"[^<]{%d}" % (5 * MAX_ATTRIBUTES))
_CROWDED: Final = etree.XPath(f"//*[@*[{MAX_ATTRIBUTES + 1}]]")
#: Bytes of a document whose entities cannot bring in very much.
_SMALL: Final = 1 << 18
_PIECE: Final = 1 << 20


def require_little_markup(source: bytes, path: Path, most: int = MAX_MARKUP) -> None:
    """Let pass bytes whose tree can be held in memory.

    Args:
        source: The file's bytes.
        path: The file's name, for the message.
        most: The tags, comments and attributes that it may have.

    Raises:
        ReadError: XML003, it has too many.
    """
    found = markup_in(source)
    if found <= most and len(source) > _SMALL and b"<!ENTITY" in source:
        found = _expanded(source, most)
    if found > most:
        raise ReadError(
            path,
            0,
            0,
            "XML003",
            f"has more than {most:,} tags and attributes, which is refused: there may "
            "not be memory for all",
            "divide it into several documents, or check it by --only grammar, which "
            "keeps nothing in memory",
        )


def markup_in(source: bytes) -> int:
    """Return about how many tags, comments and attributes there are in a document."""
    quotes = source.count(b'"') + source.count(b"'")
    return source.count(b"<") + min(source.count(b"="), quotes // 2)


def _expanded(source: bytes, most: int) -> int:
    """Return how many tags and attributes there are once entities are replaced.

    Stops as soon as there are more than ``most``.
    """
    reader = expat.ParserCreate()
    reader.ordered_attributes = True
    found = 0

    def start(_name: str, attributes: list[str]) -> None:
        nonlocal found
        found += 2 + len(attributes) // 2
        if found > most:
            raise OverflowError

    reader.StartElementHandler = start
    # What is wrong with it will be said by who reads it.
    with suppress(expat.ExpatError, OverflowError, LookupError, UnicodeError):
        reader.Parse(as_utf8(source), True)
    return found


def require_few_attributes(root: Element, source: bytes, path: Path) -> None:
    """Let pass a document whose elements have a reasonable number of attributes.

    Args:
        root: The document.
        source: Its bytes.
        path: The file's name, for the message.

    Raises:
        ReadError: XML003, one has too many.
    """
    crowded = _CROWDED(root) if _LONG.search(source) else None
    if isinstance(crowded, list) and crowded:
        line = getattr(crowded[0], "sourceline", None) or 1
        raise ReadError(
            path,
            line,
            1,
            "XML003",
            f"an element has more than {MAX_ATTRIBUTES:,} attributes",
            "write what they say as elements",
        )


def require_streamable(path: Path) -> None:
    """Let pass a file that can be read piece by piece in a minute.

    Raises:
        ReadError: XML003, it is larger, or has more tags.
    """
    size, tags = path.stat().st_size, 0
    if size > MAX_STREAMED:
        raise too_large(path, size, MAX_STREAMED)
    if size <= MAX_BYTES:
        return
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            tags += piece.count(b"<")
            if tags > MAX_STREAMED_TAGS:
                raise ReadError(
                    path,
                    0,
                    0,
                    "XML003",
                    f"has more than {MAX_STREAMED_TAGS:,} tags, which is refused",
                    "divide it into several documents",
                )


def too_large(path: Path, size: int, most: int, mend: str = "") -> ReadError:
    """Return the refusal of a file that is too large.

    Args:
        path: The file.
        size: Its bytes.
        most: The bytes that it may have.
        mend: What can be done, if it is more than to divide it.
    """
    return ReadError(
        path,
        0,
        0,
        "XML003",
        f"is {size / 1024**2:,.0f} MiB large; more than {most // 1024**2:,} MiB is "
        "refused",
        mend or "divide it into several documents",
    )
