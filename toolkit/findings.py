"""What is wrong, or worth a look, at one place of one document."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

#: Codes of a file that could not be read: it was checked no further.
UNREAD: Final = frozenset({"XML001", "XML002", "XML003", "XML004", "XML005"})

# What a terminal, a log or a parser of lines might obey or hide instead of show:
# control characters, line ends, what turns the direction of writing, halves of a
# surrogate pair (a file name that is not Unicode).
_HIDDEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufeff\ufffe\uffff]"
)


class Severity(StrEnum):
    """How much a finding weighs: an error makes a document invalid."""

    ERROR = "error"
    WARNING = "warning"


class Part(StrEnum):
    """Which part of a document a mend writes anew."""

    ELEMENT = "element"  #: the name of an element, in both its tags
    ATTRIBUTE = "attribute"  #: the name of an attribute
    VALUE = "value"  #: one or more words of an attribute's value
    AMPERSAND = "ampersand"  #: a bare ``&``


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What certainly mends a finding: one thing is written for another.

    Where its bytes are is found by :func:`toolkit.validate.mending.mends.mends`.
    """

    part: Part
    old: str  #: the name without prefix, or the words, as they stand
    new: str  #: what is to be written
    attribute: str = ""  #: the attribute whose value it is, ``{namespace}local``


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing wrong at one place; sorts by place, then code."""

    path: Path  #: the document, as the user named it
    line: int  #: 1-based line of the start tag or of the fault; 0: the whole file
    column: int  #: 1-based column, in characters; 0: unknown
    code: str  #: the rule's stable name, such as ``TEI301``; never reused
    message: str  #: what is wrong: one lower-case clause that names the markup
    severity: Severity = field(default=Severity.ERROR, compare=False)
    help: str | None = field(default=None, compare=False)  #: what would mend it
    mend: Rewrite | None = field(default=None, compare=False)  #: what --fix would do

    @property
    def place(self) -> str:
        """``PATH:LINE:COLUMN``, without characters that a terminal obeys."""
        return f"{visible(str(self.path))}:{self.line}:{self.column}"

    @property
    def words(self) -> str:
        """The message and in brackets the mend, on one line, and if --fix does it."""
        text = one_line(self.message)
        if self.help:
            text += f" (help: {one_line(self.help)})"
        return f"{text} [--fix]" if self.mend else text

    def __str__(self) -> str:
        """``PATH:LINE:COLUMN: error CODE message``, on one line."""
        return f"{self.place}: {self.severity} {self.code} {self.words}"


def visible(text: str) -> str:
    r"""Return text with what cannot be seen written out, as ``\x1b`` or ``\u202e``."""
    return _HIDDEN.sub(_written_out, text)


def one_line(text: str) -> str:
    """Return text on one line, white space run together, nothing in it hidden."""
    return visible(" ".join(text.split()))


def _written_out(hidden: re.Match[str]) -> str:
    number = ord(hidden[0])
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"
