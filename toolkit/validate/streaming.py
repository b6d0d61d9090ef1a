"""Checking a document by its grammar alone, piece by piece: its tree is never made.

Two parsers read each piece: libxml2 decides whether the document is well-formed and
safe, as for every other use of a document, but builds nothing; expat's events walk
the grammar's automaton. Only where one of them objects is the file read again, with
care. So a valid document of any size takes a few megabytes.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from lxml import etree

from toolkit.encodings import encoding_of
from toolkit.limits import MAX_BYTES, MAX_STREAMED, require_streamable
from toolkit.schema.automaton import TooDeepError
from toolkit.tei import TEI_NS, read_bytes, reader, require_file
from toolkit.wellformed import explain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from toolkit.errors import ReadError
    from toolkit.findings import Finding
    from toolkit.validate.grammar import GrammarCheck

_PIECE: Final = 1 << 16  #: bytes read at a time
_DEEPEST: Final = 256  #: levels of elements that libxml2 builds
_TEXT: Final = 9_900_000  #: bytes; libxml2 builds no text of more than ten million
_MARK: Final = b"\xef\xbb\xbf"  #: the byte-order mark of UTF-8
_ROOTS: Final = {f"{TEI_NS}}}TEI", f"{TEI_NS}}}teiCorpus"}
#: What a document that has to be seen as a whole names.
_XINCLUDE: Final = b"http://www.w3.org/2001/XInclude"


class WholeNeededError(Exception):
    """The document cannot be checked piece by piece."""


def check(
    path: Path, grammars: Sequence[GrammarCheck], most: int
) -> tuple[list[Finding], int]:
    """Return what grammars find wrong in a file, ids within it too.

    Args:
        path: The file, as findings shall name it.
        grammars: The grammars.
        most: How many findings to return.

    Returns:
        The first findings, and how many more there are.

    Raises:
        ReadError: XML0xx, the file is missing, not well-formed or unsafe.
        WholeNeededError: It is not in UTF-8, is not TEI, includes something, or may
            go beyond a limit that libxml2 sets only for trees.
    """
    require_file(path, MAX_STREAMED)
    require_streamable(path)
    proved = False
    found: list[Finding] = []
    beyond = 0
    for grammar in grammars:
        pieces = _Pieces(path, proved=proved)
        try:
            valid = grammar.accepts(pieces, _DEEPEST)
            pieces.prove()
        except TooDeepError:
            raise WholeNeededError from None
        except (etree.XMLSyntaxError, ValueError, LookupError) as fault:
            raise _refused(path, fault) from None
        proved = True
        if not valid:
            again = _Pieces(path, proved=True)
            try:
                more, rest = grammar.faults(path, again, most, _DEEPEST)
            except (TooDeepError, expat.ExpatError):
                # libxml2 looks at depth, and at prefixes, only when it builds.
                raise WholeNeededError from None
            found += more
            beyond += rest
    return found, beyond


class _Pieces:
    """A file's pieces, each shown to libxml2 before it is given on."""

    def __init__(self, path: Path, *, proved: bool) -> None:
        self._path = path
        self._proved = proved
        self._open: Iterator[bytes] | None = None

    def __call__(self) -> Iterator[bytes]:
        """Yield the pieces, once for each parser.

        Raises:
            XMLSyntaxError: What has been read so far is not well-formed, or unsafe.
            WholeNeededError: The document has to be read as a whole.
        """
        self._open = self._read()
        return self._open

    def prove(self) -> None:
        """Read on to the end where a grammar has stopped."""
        for _piece in self._open or self():
            pass

    def _read(self) -> Iterator[bytes]:
        prover = None if self._proved else reader()
        limits = _Limits()
        before = b""
        with self._path.open("rb") as file:
            while piece := file.read(_PIECE):
                if prover is not None:
                    if not before:
                        _require_usual(piece)
                    if _XINCLUDE in before[-len(_XINCLUDE) :] + piece:
                        raise WholeNeededError
                    prover.feed(piece)
                    limits.feed(piece)
                yield piece if before else piece.removeprefix(_MARK)
                before = piece
        if prover is not None:
            prover.close()
        self._proved = True


class _Limits:
    """Sees that a document stays within limits that libxml2 sets for trees."""

    def __init__(self) -> None:
        self._without_tag = 0  # bytes since the last <

    def feed(self, piece: bytes) -> None:
        """Take the next piece.

        Raises:
            WholeNeededError: The document may go beyond a limit.
        """
        last = piece.rfind(b"<")
        self._without_tag = (
            self._without_tag + len(piece) if last < 0 else len(piece) - last
        )
        if self._without_tag > _TEXT:
            raise WholeNeededError


#: A declaration whose entities only one who makes a tree asks for.
_OUTSIDE: Final = re.compile(rb"<!DOCTYPE[^>\[]*\s(?:SYSTEM|PUBLIC)\s|<!ENTITY\s+%")


def _require_usual(beginning: bytes) -> None:
    """Let pass the beginning of a TEI document in UTF-8."""
    if encoding_of(beginning) not in {"utf-8", "utf-8-sig"}:
        raise WholeNeededError
    if _OUTSIDE.search(beginning):
        raise WholeNeededError
    roots: list[str] = []
    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler = lambda name, _attributes: roots.append(name)
    with suppress(expat.ExpatError):  # libxml2 will say what is wrong
        parser.Parse(beginning.removeprefix(_MARK), False)
    if not roots or roots[0] not in _ROOTS:
        raise WholeNeededError


def _refused(path: Path, fault: Exception) -> ReadError:
    """Return why libxml2 refuses a file."""
    line = column = 1
    said = str(fault)
    if isinstance(fault, etree.XMLSyntaxError):
        line, column = max(1, fault.lineno or 1), max(1, fault.offset or 1)
        said = fault.msg or ""
    whole = path.stat().st_size <= MAX_BYTES
    return explain(read_bytes(path) if whole else None, path, said, line, column)
