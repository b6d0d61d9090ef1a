"""From the bytes of a schema in compact syntax to its tokens.

Takes a file's bytes and gives tokens, one when it is asked for: what stands behind a
fault is never read, and a file of any size takes no more memory than its characters.
RELAX NG Compact Syntax (OASIS, 21 November 2002), appendix A.2: encoding, newlines,
escape sequences, tokens.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple, Never

from toolkit.errors import SchemaError
from toolkit.schema.lexical import NCNAME

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYWORDS: Final = frozenset(
    "attribute default datatypes div element empty external grammar include inherit"
    " list mixed namespace notAllowed parent start string text token".split()
)

# Kinds of tokens; a keyword and a sign are each a kind of their own.
IDENTIFIER: Final = "identifier"
PREFIXED: Final = "prefixed"  # p:name
ANY_OF: Final = "anyOf"  # p:*
LITERAL: Final = "literal"
DOCUMENTATION: Final = "documentation"
END: Final = "end"

#: Stands for the character of ``\x{A}``, which unlike a newline ends no line; XML
#: allows no such character, so no file can hold it.
_ESCAPED_NEWLINE: Final = "\0"

_NAME: Final = NCNAME.pattern
_TOKEN: Final = re.compile(
    rf"""
    (?P<space>[ \t\n\0]++|\#(?!\#)[^\n\0]*+)
    |(?P<documentation>\#\#[^\n\0]*+(?:[\n\0][ \t]*+\#\#[^\n\0]*+)*+)
    |(?P<name>{_NAME})(?::(?:(?P<anyOf>\*)|(?P<prefixed>{_NAME})))?
    |\\(?P<identifier>{_NAME})
    |(?P<literal>\"""(?:"{{0,2}}[^"])*+\"""|'''(?:'{{0,2}}[^'])*+'''
        |"[^"\n]*+"|'[^'\n]*+')
    |(?P<sign>\|=|&=|>>|[=|&,{{}}()[\]?*+~-])
    """,
    re.VERBOSE,
)
_LINE: Final = re.compile("[\n\0]")
_ESCAPE: Final = re.compile(r"\\x+\{(?:([0-9A-Fa-f]+)\})?")
_NO_CHARACTER: Final = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)


class Token(NamedTuple):
    """One token."""

    kind: str
    text: str  #: what it says: of a literal what it holds, of ``p:*`` the prefix
    start: int  #: index of its first character

    def __str__(self) -> str:
        """Return how a message names the token."""
        shown = self.text if len(self.text) <= 30 else f"{self.text[:30]}…"
        match self.kind:
            case "end":
                return "the end of the file"
            case "documentation":
                return "a documentation comment (##)"
            case "literal":
                return f"the literal {shown!r}"
            case "anyOf":
                return f"'{shown}:*'"
            case "identifier" | "prefixed":
                return f"the name {shown!r}"
        what = "the keyword " if self.kind in KEYWORDS else ""
        return f"{what}{self.kind!r}"


class Line(int):
    """The number of a line, written together with a column: ``f"{line}"`` is 3:14."""

    column: int  #: 1-based, in characters

    def __new__(cls, line: int, column: int) -> Line:
        """Make the 1-based line of a place in that line."""
        made = super().__new__(cls, line)
        made.column = column
        return made

    def __str__(self) -> str:
        """Return line and column, as messages begin."""
        return f"{int(self)}:{self.column}"


class Text:
    """The characters of a schema, escape sequences read, and where they stood."""

    def __init__(self, source: bytes, file: str) -> None:
        """Read a file's characters.

        Args:
            source: The file's bytes.
            file: Its name, for messages.

        Raises:
            SchemaError: They are not in UTF-8 or UTF-16, hold a character that XML
                does not allow, or an escape sequence that stands for none.
        """
        self._file = file
        self._lines = [0]  # where each line begins, escape sequences not yet read
        self._escaped: list[int] = []  # where in the text each escape sequence stood
        self._shifts = [0]  # how much longer the file is before each of them
        self._text = ""
        raw = _with_newlines(self._decoded(source))
        self._lines += [found.end() for found in re.finditer("\n", raw)]
        wrong = _NO_CHARACTER.search(raw)
        if wrong:
            number = f"U+{ord(wrong[0]):04X}"
            self.fail(wrong.start(), f"found {number}, expected a character of XML")
        self._text = self._unescaped(raw)

    def place(self, index: int) -> Line:
        """Return line and column of the character with an index."""
        index += self._shifts[bisect_left(self._escaped, index)]
        line = bisect_right(self._lines, index)
        return Line(line, index - self._lines[line - 1] + 1)

    def fail(self, index: int, reason: str, mend: str = "") -> Never:
        """Report a fault.

        Args:
            index: Of the character where it is.
            reason: What was found, what was expected.
            mend: What would mend it.

        Raises:
            SchemaError: Always.
        """
        mend = f"\n  help: {mend}" if mend else ""
        raise SchemaError(f"{self._file}:{self.place(index)}: {reason}{mend}")

    def tokens(self) -> Iterator[Token]:
        """Yield the tokens, and after the last :data:`END` for ever.

        Raises:
            SchemaError: What comes next is no token.
        """
        text, index = self._text, 0
        while index < len(text):
            found = _TOKEN.match(text, index)
            if found is None:
                self._refuse(index)
            if found.lastgroup != "space":
                yield _token(found)
            index = found.end()
        while True:
            yield Token(END, "", index)

    def _decoded(self, source: bytes) -> str:
        """Return the characters of bytes (appendix A.2.1 and A.2.2)."""
        marked = source.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        encoding = "utf-16" if marked else "utf-8-sig"
        try:
            return source.decode(encoding)
        except UnicodeDecodeError as fault:
            before = _with_newlines(source[: fault.start].decode(encoding, "replace"))
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            place = f"{self._file}:{line}:{column}"
            name = encoding.removesuffix("-sig").upper()
            raise SchemaError(
                f"{place}: found the byte 0x{source[fault.start]:02X}, which is not"
                f" {name}\n  help: save the file as {name}"
            ) from None

    def _unescaped(self, raw: str) -> str:
        """Put characters in the place of escape sequences (appendix A.2.4)."""
        parts: list[str] = []
        escaped: list[int] = []
        end = length = 0
        for found in _ESCAPE.finditer(raw):
            digits = (found[1] or "").lstrip("0")
            code = int(digits, 16) if digits and len(digits) <= 6 else 0
            character = chr(code) if code <= 0x10FFFF else "\0"
            if _NO_CHARACTER.search(character):
                self.fail(
                    found.start(),
                    f"found {found[0][:20]!r}, which is no escape sequence for a"
                    " character of XML, expected one like \\x{E9}",
                )
            parts += raw[end : found.start()], character.replace("\n", _ESCAPED_NEWLINE)
            length += found.start() - end + 1
            end = found.end()
            escaped.append(length - 1)
            self._shifts.append(end - length)
        parts.append(raw[end:])
        self._escaped = escaped  # no sooner: indices of faults were those of the file
        return "".join(parts)

    def _refuse(self, index: int) -> Never:
        character = self._text[index]
        if character in "\"'":
            self.fail(
                index,
                "found a literal that does not end in its line",
                f"close it with {character}, or write three of them at both ends",
            )
        mend = ""
        if character == "<":
            mend = "a schema in XML is kept in a file whose name ends in .rng"
        elif character == "\\":
            mend = "a backslash stands before a name, or in \\x{…}"
        elif character.isdecimal():
            mend = "a name begins with a letter or _"
        self.fail(index, f"found {character!r}, which means nothing here", mend)


def _with_newlines(characters: str) -> str:
    """Let every line end in one newline (appendix A.2.3)."""
    return characters.replace("\r\n", "\n").replace("\r", "\n")


def _token(found: re.Match[str]) -> Token:
    kind, text, start = found.lastgroup, found[0], found.start()
    if kind == "name":
        return Token(text if text in KEYWORDS else IDENTIFIER, text, start)
    if kind == "sign":
        return Token(text, text, start)
    if kind == PREFIXED:
        return Token(PREFIXED, text, start)
    if kind == LITERAL:
        quotes = 3 if len(text) > 5 and text[0] == text[1] == text[2] else 1
        held = text[quotes:-quotes].replace(_ESCAPED_NEWLINE, "\n")
        return Token(LITERAL, held, start)
    if kind == ANY_OF:
        return Token(ANY_OF, text[:-2], start)
    if kind == IDENTIFIER:
        return Token(IDENTIFIER, text[1:], start)
    lines = [line.lstrip(" \t").lstrip("#") for line in _LINE.split(text)]
    return Token(
        DOCUMENTATION, "\n".join(line.removeprefix(" ") for line in lines), start
    )
