"""What a stage finds wrong at an element, before its line and column are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toolkit.findings import Severity

if TYPE_CHECKING:
    from toolkit.findings import Rewrite
    from toolkit.tei import Element


@dataclass(frozen=True, slots=True)
class Violation:
    """Something wrong at one element; becomes a :class:`toolkit.findings.Finding`."""

    element: Element  #: where; for an attribute or a text, the element it belongs to
    code: str  #: the rule's stable name
    message: str  #: what is wrong: one lower-case clause that names the markup
    help: str | None = None  #: what would mend it
    severity: Severity = Severity.ERROR
    mend: Rewrite | None = None  #: what certainly mends it
    missing: str = ""  #: of a pointer: the id, file or prefix that is not there
    #: of a broken rule: its context, and its test with the variables, as XPath
    asks: tuple[str, str] = ("", "")
