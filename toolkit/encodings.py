"""The encoding of a file: which it claims, its characters, and where a claim is false.

XML 1.0 (Fifth Edition), section 4.3.3 and appendix F.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

#: Byte-order marks, the longer first, and the first two characters without one.
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)
_DECLARED: Final = re.compile(
    rb"""<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([^"'>]{1,40})["']"""
)
#: Names that Python knows and that are no encodings of text in files.
_NONE: Final = {
    "idna",
    "mbcs",
    "oem",
    "palmos",
    "punycode",
    "raw_unicode_escape",
    "undefined",
    "unicode_escape",
}
#: How files begin that are something else than text.
_OTHERS: Final = (
    (b"\x1f\x8b", "a gzip archive"),
    (b"PK\x03\x04", "a ZIP archive, as .docx, .odt and .epub are"),
    (b"%PDF-", "a PDF"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"\x89PNG", "a PNG image"),
    (b"\xd0\xcf\x11\xe0", "an old Word file"),
)
#: What a file that claims to be UTF-8 mostly is, the likelier first.
_LIKELY: Final = ("windows-1252", "iso-8859-1")


def encoding_of(source: bytes) -> str:
    """Return the name of the encoding that a file claims.

    Args:
        source: The file's bytes.

    Returns:
        A name for :func:`codecs.lookup`, or one that it does not know.

    XML 1.0, appendix F: the byte-order mark, then the XML declaration, then UTF-8.
    """
    for mark, name in _MARKS:
        if source.startswith(mark):
            return name
    declared = _DECLARED.match(source)
    return declared[1].decode("ascii", "replace").lower() if declared else "utf-8"


def decoded(source: bytes) -> str:
    """Return a file's characters.

    Raises:
        LookupError: The encoding it claims does not exist.
        UnicodeError: The bytes are not in the encoding it claims.
    """
    return source.decode(encoding_of(source)).removeprefix("\ufeff")


def as_utf8(source: bytes) -> bytes:
    """Return a file in UTF-8, its XML declaration saying so, its lines unchanged.

    Raises:
        LookupError: The encoding it claims does not exist.
        UnicodeError: The bytes are not in the encoding it claims.
    """
    if encoding_of(source) == "utf-8":
        return source
    recoded = decoded(source).encode()
    declared = _DECLARED.match(recoded)
    if declared is None:
        return recoded
    start, end = declared.span(1)
    quote, padding = recoded[end : end + 1], b" " * (end - start - len(b"UTF-8"))
    return recoded[:start] + b"UTF-8" + quote + padding + recoded[end + 1 :]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a file cannot be read, at one place of it."""

    line: int
    column: int
    reason: str
    mend: str = "mend the markup at this place; everything after it is unread"
    code: str = "XML002"


def encoding_fault(source: bytes) -> Fault | None:
    """Say where bytes leave the encoding that the file claims, if they do."""
    for beginning, what in _OTHERS:
        if source.startswith(beginning):
            return Fault(1, 1, f"is {what}, not XML", "name TEI files")
    claimed = encoding_of(source)
    if claimed.startswith("utf-16") and source.startswith(b"<?xml"):
        return Fault(
            1,
            1,
            f"says it is in {claimed.upper()}, but is not",
            'write encoding="UTF-8" in its first line',
            "XML005",
        )
    if b"\0" in source[:4] and claimed == "utf-8":
        return Fault(
            1,
            1,
            "looks like UTF-16, but has neither byte-order mark nor XML declaration",
            "save the file as UTF-8",
            "XML005",
        )
    try:
        if claimed.replace("-", "_") in _NONE:
            raise LookupError
        source.decode(claimed)
    except LookupError:
        return Fault(
            1,
            1,
            f"says it is in the encoding {claimed!r}, which does not exist",
            'save the file as UTF-8 and write encoding="UTF-8" in its first line',
            "XML005",
        )
    except UnicodeDecodeError as fault:
        return _foreign_bytes(source, claimed, fault.start)
    return None


def _foreign_bytes(source: bytes, claimed: str, offset: int) -> Fault:
    """Name the first byte that is not in the claimed encoding, and a likely one."""
    before = source[:offset]
    line = before.count(b"\n") + 1
    column = len(before[before.rfind(b"\n") + 1 :].decode(claimed, "replace")) + 1
    name = claimed.removesuffix("-sig").upper()
    reason = f"has the byte 0x{source[offset]:02X}, which is not {name}"
    if _is_utf8(source):
        mend = 'the file is in UTF-8: write encoding="UTF-8" in its first line'
        return Fault(line, column, reason, mend, "XML005")
    mend = f"save the file as {name}"
    for likely in _LIKELY:
        word = _word_at(source, offset, likely)
        if word:
            mend += f"; as {likely} the word there would read {word!r}"
            break
    return Fault(line, column, reason, mend, "XML005")


def _is_utf8(source: bytes) -> bool:
    try:
        source.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _word_at(source: bytes, offset: int, encoding: str) -> str | None:
    """Return the word around a byte as another encoding reads it."""
    try:
        around = source[max(0, offset - 30) : offset + 30].decode(encoding)
    except UnicodeDecodeError:
        return None
    place = min(offset, 30)
    head = re.search(r"[^\s<>&]*$", around[:place])
    tail = re.match(r"[^\s<>&]*", around[place:])
    word = (head[0] if head else "") + (tail[0] if tail else "")
    return word if word.isprintable() else None
