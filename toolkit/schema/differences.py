"""What one grammar allows and another does not: one value for each difference."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from toolkit.schema.nameclass import split


class DifferenceKind(StrEnum):
    """In what two grammars differ."""

    ROOT = "root"
    """A document may begin with the element here, not there."""

    CHILD = "child"
    """The child in ``found`` may stand here after ``path``, not there."""

    TEXT = "text"
    """Text may stand here after ``path``, not there."""

    INCOMPLETE = "incomplete"
    """The element may end here after ``path``; there it needs ``expected``."""

    VALUE = "value"
    """The string in ``found`` is allowed here, not there."""

    ATTRIBUTE = "attribute"
    """The attribute is allowed here, not there (or not beside others)."""

    ATTRIBUTE_OPTIONAL = "attribute optional"
    """The attribute may be left out here; there one of ``expected`` is required."""

    UNPROVED = "not proved"
    """Nothing wrong is known, but inclusion could not be proved either."""


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """One thing that a grammar A allows and a grammar B does not.

    Names are written ``{namespace}local``.
    """

    element: str  #: the element in which they differ
    kind: DifferenceKind
    path: tuple[str, ...] = ()  #: children that bring both to the place
    found: str = ""  #: what A allows there: a name, a string, a datatype
    expected: tuple[str, ...] = ()  #: what B allows or demands there
    attribute: str = ""

    def __str__(self) -> str:
        """Say the difference in words: here is A, there is B."""
        subject = _short(self.element)
        if self.attribute:
            subject += f"/@{_short(self.attribute)}"
        after = f" after {', '.join(map(_short, self.path))}" if self.path else ""
        return f"{subject}: {self._what(after)}"

    def _what(self, after: str) -> str:
        found = _short(self.found)
        there = ", ".join(map(_short, self.expected[:6])) or "nothing"
        if len(self.expected) > 6:
            there += f" and {len(self.expected) - 6} more"
        match self.kind:
            case DifferenceKind.ROOT:
                return f"may be the outermost element here, there only {there}"
            case DifferenceKind.CHILD | DifferenceKind.TEXT:
                return f"{found} may stand{after} here, there {there}"
            case DifferenceKind.INCOMPLETE if self.path:
                return f"may end{after} here, there it needs {there}"
            case DifferenceKind.INCOMPLETE:
                return f"may be empty here, there it needs {there}"
            case DifferenceKind.VALUE:
                return f"{self.found!r} is allowed here, there {there}"
            case DifferenceKind.ATTRIBUTE:
                return "is allowed here, not there"
            case DifferenceKind.ATTRIBUTE_OPTIONAL:
                return f"may be left out here, there {there} is required"
        return f"inclusion is not proved{after} ({found or 'undecided'}; there {there})"


def _short(name: str) -> str:
    return split(name)[1] if name.startswith("{") else name
