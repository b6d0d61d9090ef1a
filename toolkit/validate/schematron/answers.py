"""What rules answer: which fired, what failed, what could not be decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from toolkit.validate.violation import Violation

if TYPE_CHECKING:
    from toolkit.tei import Element
    from toolkit.validate.schematron.model import Check, Note, Rule

_FAILED: Final = "TEI200"


@dataclass(frozen=True, slots=True)
class Undecided:
    """Something that could not be decided at an element."""

    element: Element
    code: str
    message: str

    def violation(self) -> Violation:
        """Return it as a violation: it was not checked, so it is an error."""
        return Violation(self.element, self.code, self.message)


@dataclass(frozen=True, slots=True)
class Answer:
    """A check that a node does not pass."""

    check: Check
    element: Element  #: the element to blame
    item: Any  #: the node to blame: an element of lxml, or elementpath's other nodes
    message: str
    diagnostics: tuple[tuple[Note, str], ...]
    properties: tuple[tuple[Note, str], ...]

    def violation(self) -> Violation:
        """Return it as a violation; the diagnostics are what would mend it."""
        helps = [text for _, text in self.diagnostics]
        if self.check.see:
            helps.append(f"see {self.check.see}")
        return Violation(
            self.element,
            _FAILED,
            f"{self.message} [{self.check.ident}]",
            "; ".join(helps) or None,
            self.check.severity,
        )


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule at a node."""

    rule: Rule
    answers: tuple[Answer, ...]
