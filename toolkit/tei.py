"""Reading TEI: one parser with one policy, and the names everybody needs.

The tree is TEI itself (lxml) and is read-only after reading. Nothing outside the
file is ever fetched: no external entity, no external DTD, no XInclude.
"""

from __future__ import annotations

import hashlib
import stat
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Final, cast
from xml.parsers import expat

from lxml import etree

from toolkit.encodings import as_utf8, encoding_of
from toolkit.errors import ReadError
from toolkit.limits import (
    MAX_BYTES,
    MAX_MARKUP,
    require_few_attributes,
    require_little_markup,
    too_large,
)
from toolkit.wellformed import explain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

TEI_NS: Final = "http://www.tei-c.org/ns/1.0"
TEI: Final = f"{{{TEI_NS}}}"
XML_ID: Final = "{http://www.w3.org/XML/1998/namespace}id"
XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"

Element = etree._Element


@dataclass(frozen=True, slots=True)
class Document:
    """One TEI file, read."""

    path: Path  #: as the caller named it
    root: Element  #: the ``TEI`` or ``teiCorpus`` element

    @property
    def ident(self) -> str:
        """The document's name: ``TEI/@xml:id``, else the file's name without suffix."""
        return self.root.get(XML_ID) or self.path.stem

    @property
    def is_register(self) -> bool:
        """Whether the file holds only stand-off lists: no text, no facsimile."""
        return (
            self.root.find(f"{TEI}standOff") is not None
            and self.root.find(f"{TEI}text") is None
        )


def local_name(element: Element) -> str:
    """Return an element's name without its namespace."""
    tag = str(element.tag)
    return tag[tag.rfind("}") + 1 :]


def line_of(element: Element) -> int:
    """Return the 1-based line of an element's start tag as libxml2 counts it."""
    line: object = element.sourceline
    return line if isinstance(line, int) else 1


class _Nothing(etree.Resolver):
    """Answers every request for something outside the file with nothing."""

    # The stubs know neither the context nor a string without a base.
    def resolve(  # type: ignore[override]
        self, _system_url: str | None, _public_id: str | None, context: object
    ) -> object:
        """Return an empty DTD in place of the one asked for."""
        # libxml2 reads a local external DTD even without load_dtd as soon as
        # entities are expanded; resolve_empty() falls back to that file.
        return self.resolve_string("<!-- -->", context)  # type: ignore[call-arg]


def plain(element: Element) -> str:
    """Return all text within an element, white space run together."""
    return " ".join("".join(cast("list[str]", list(element.itertext()))).split())


def parser() -> etree.XMLParser:
    """Return a fresh parser that reads nothing but the bytes it is given.

    Internal entities are expanded within libxml2's amplification limits; ids are
    not collected, because libxml2 would refuse a document with a duplicate one,
    which for us is a finding (TEI3xx).
    """
    return _configured()


def _configured(target: object = None) -> etree.XMLParser:
    made = etree.XMLParser(
        resolve_entities="internal",  # type: ignore[arg-type]  # stubs lag lxml 5
        load_dtd=False,
        no_network=True,
        collect_ids=False,
        huge_tree=False,
        target=target,  # type: ignore[arg-type]  # stubs want every method
    )
    made.resolvers.add(_Nothing())
    return made


class _NoTree:
    """What a parser makes that only reads: nothing."""

    def close(self) -> None:
        """Give nothing."""


def reader() -> etree.XMLParser:
    """Return a parser with the same policy that takes pieces and builds no tree.

    Feed it a document; what it raises, ``parser`` would have raised.
    """
    return _configured(target=_NoTree())


#: Who wants to know of every file that is read, while it wants to.
_WATCHERS: Final[list[dict[str, str]]] = []


@contextmanager
def noting_reads() -> Iterator[dict[str, str]]:
    """Note the checksum (SHA-256) of every file that :func:`read_bytes` reads."""
    noted: dict[str, str] = {}
    _WATCHERS.append(noted)
    try:
        yield noted
    finally:
        # By identity: two who note at once may have noted the same.
        _WATCHERS[:] = [one for one in _WATCHERS if one is not noted]


def read_bytes(path: Path, most: int = MAX_BYTES) -> bytes:
    """Return a file's bytes.

    Args:
        path: The file.
        most: How many there may be.

    Raises:
        ReadError: As :func:`require_file`; XML001, it is empty.
    """
    require_file(path, most)
    try:
        with path.open("rb") as file:
            source = file.read(most + 1)  # it may have grown
    except OSError as fault:
        reason = (fault.strerror or str(fault)).lower()
        raise ReadError(path, 0, 0, "XML001", f"cannot be read: {reason}") from None
    if not source.strip(b"\xef\xbb\xbf \t\r\n"):
        raise ReadError(
            path, 1, 1, "XML001", "is empty", "a TEI document begins with <TEI>"
        )
    for noted in _WATCHERS:
        noted[str(path.absolute())] = hashlib.sha256(source).hexdigest()
    return source


def require_file(path: Path, most: int = MAX_BYTES) -> None:
    """Let pass what can be read and is not too large.

    Args:
        path: The file.
        most: How many bytes it may have.

    Raises:
        ReadError: XML001, there is no such file, or it is a folder or a device;
            XML003, it is larger than ``most``.
    """
    try:
        status = path.stat()
    except OSError as fault:
        reason = (fault.strerror or str(fault)).lower()
        raise ReadError(path, 0, 0, "XML001", f"cannot be read: {reason}") from None
    except ValueError as fault:  # a null byte in the path
        raise ReadError(path, 0, 0, "XML001", f"cannot be read: {fault}") from None
    if not stat.S_ISREG(status.st_mode):
        what = "a folder" if stat.S_ISDIR(status.st_mode) else "not a file"
        raise ReadError(path, 0, 0, "XML001", f"is {what}", "name TEI files")
    if status.st_size > most:
        mend = "divide it into several documents"
        if most == MAX_BYTES:
            mend += ", or check it by --only grammar, which reads it piece by piece"
        raise too_large(path, status.st_size, most, mend)


def read(path: Path) -> Document:
    """Read a TEI document.

    Raises:
        ReadError: XML0xx, the file is missing, not well-formed, unsafe or not TEI.
    """
    root = parse(read_bytes(path), path)
    require_tei(root, path)
    return Document(path, root)


def require_tei(root: Element, path: Path) -> None:
    """Let pass what is TEI.

    Raises:
        ReadError: XML004, the outermost element is neither TEI nor teiCorpus.
    """
    if root.tag not in (f"{TEI}TEI", f"{TEI}teiCorpus"):
        raise _not_tei(path, root)


def parse(source: bytes, path: Path, most: int = MAX_MARKUP) -> Element:
    """Parse bytes to a tree.

    Args:
        source: The file's bytes.
        path: The file's name, for messages.
        most: The tags and attributes that it may have.

    Raises:
        ReadError: XML002 not well-formed, XML003 refused for safety, XML005 not in
            the encoding it claims.
    """
    require_little_markup(source, path, most)
    try:
        root = etree.fromstring(source, parser())
    except etree.XMLSyntaxError as fault:
        line, column = max(1, fault.lineno or 1), max(1, fault.offset or 1)
        raise explain(source, path, fault.msg or "", line, column) from None
    except (ValueError, LookupError) as fault:
        raise explain(source, path, str(fault), 1, 1) from None
    require_few_attributes(root, source, path)
    return root


def _not_tei(path: Path, root: Element) -> ReadError:
    """Say what a document is that is not TEI."""
    name = etree.QName(root)
    found = f"<{name.localname}> in " + (
        f"the namespace {name.namespace}" if name.namespace else "no namespace"
    )
    mend = f'the outermost element of a TEI document is <TEI xmlns="{TEI_NS}">'
    if name.localname == "TEI.2":
        mend = f"this is TEI P4, which has to be converted to P5; {mend}"
    elif name.localname in {"TEI", "teiCorpus"}:
        mend = f'write <{name.localname} xmlns="{TEI_NS}">'
    return ReadError(
        path,
        line_of(root),
        1,
        "XML004",
        f"is not a TEI document: its outermost element is {found}",
        mend,
    )


def positions(source: bytes) -> list[tuple[int, int]]:
    """Return line and column of every start tag, in document order.

    Args:
        source: Bytes of a well-formed document.

    Returns:
        1-based line and column of the ``<`` of each start tag.
    """
    return list(positions_of(source).values())


def positions_of(
    source: bytes,
    wanted: Collection[int] | None = None,
    lines: Collection[int] | None = None,
) -> dict[int, tuple[int, int]]:
    """Return line and column of some start tags by their number in document order.

    lxml keeps no columns; this second, cheap pass is made only for a document
    that has findings.

    Args:
        source: Bytes of a well-formed document.
        wanted: Numbers of start tags, the outermost is 0; None: all.
        lines: Lines on which they stand, the first is 1; None: all.
    """
    found: dict[int, tuple[int, int]] = {}
    # expat knows four encodings; what else Python can decode is given as UTF-8.
    known = encoding_of(source) in _EXPAT_KNOWS
    reader = expat.ParserCreate()
    numbers = count()

    def start(_name: str, _attributes: list[str]) -> None:
        number = next(numbers)
        if wanted is None or number in wanted:
            line = reader.CurrentLineNumber
            if lines is None or line in lines:
                found[number] = line, reader.CurrentColumnNumber + 1

    reader.ordered_attributes = True
    reader.StartElementHandler = start
    try:
        reader.Parse(source if known else as_utf8(source), True)
    except (expat.ExpatError, LookupError, UnicodeError):
        # What libxml2 alone can read has lines only.
        tree = etree.fromstring(source, parser())
        return {number: (line_of(one), 1) for number, one in enumerate(tree.iter("*"))}
    return found


_EXPAT_KNOWS: Final = {
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "us-ascii",
    "iso-8859-1",
}
