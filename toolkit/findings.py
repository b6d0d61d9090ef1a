"""What is wrong, or worth a look, at one place of one document."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Severity(StrEnum):
    """How much a finding weighs: an error makes a document invalid."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing wrong at one place; sorts by place, then code."""

    path: Path  #: the document, as the user named it
    line: int  #: 1-based line of the start tag or of the fault; 0: the whole file
    column: int  #: 1-based column; 0: unknown
    code: str  #: the rule's stable name, such as ``TEI301``; never reused
    message: str  #: what is wrong: one lower-case clause that names the markup
    severity: Severity = field(default=Severity.ERROR, compare=False)
    help: str | None = field(default=None, compare=False)  #: what would mend it

    def __str__(self) -> str:
        """``PATH:LINE:COLUMN: error CODE message``, on one line."""
        text = " ".join(self.message.split())
        if self.help:
            text += f" (help: {' '.join(self.help.split())})"
        return (
            f"{self.path}:{self.line}:{self.column}: {self.severity} {self.code} {text}"
        )
