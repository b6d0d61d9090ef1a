"""What a grammar finds wrong in a document: one value for each fault."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Iterable


class FaultKind(StrEnum):
    """What sort of thing is wrong."""

    UNKNOWN_ELEMENT = "unknown element"
    """No element of the schema has this name."""

    ELEMENT_NOT_ALLOWED = "element not allowed here"
    """The element exists, but not at this place of this parent."""

    ELEMENT_TOO_EARLY = "element too early"
    """It may stand here only after the elements in ``expected``, which are missing
    (or, if they come later in the same parent, stand too late)."""

    ELEMENT_TOO_LATE = "element too late"
    """It may stand in this parent, but earlier."""

    CONTENT_INCOMPLETE = "content incomplete"
    """The element ends before what it must hold; ``expected`` could come next."""

    TEXT_NOT_ALLOWED = "text not allowed"
    """Characters stand where only elements (or nothing) may."""

    TEXT_VALUE = "text value"
    """The element's text is not one of the values or of the datatype it must be."""

    ATTRIBUTE_NOT_ALLOWED = "attribute not allowed"
    """The element has no such attribute, or not beside the others it bears."""

    ATTRIBUTE_VALUE = "attribute value"
    """The attribute's value is not one of those, or of the datatype, it must be."""

    ATTRIBUTE_MISSING = "attribute missing"
    """A required attribute is not there; ``expected`` names it (or alternatives)."""

    DUPLICATE_ID = "duplicate id"
    """Two elements have the same ID; ``parent_line`` is the line of the first."""

    DANGLING_IDREF = "dangling idref"
    """An IDREF means no ID of the document."""

    NOT_WELL_FORMED = "not well-formed"
    """XML itself is broken here; nothing behind this place has been read."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault; sorts by place. Names are written ``{namespace}local``."""

    line: int  #: 1-based; of the start tag, of the text, or of the end tag (incomplete)
    column: int  #: 1-based; 0 where unknown
    kind: FaultKind
    element: str  #: the element in question: unknown, misplaced, bearing, incomplete
    parent: str = ""  #: the element around it, empty at the root
    parent_line: int = 0  #: where ``parent`` (for content faults, ``element``) opens
    attribute: str = ""  #: the attribute in question
    found: str = ""  #: the value or the beginning of the text in question
    expected: tuple[str, ...] = ()  #: names, values or datatypes that would do here
    reason: str = ""  #: why a value will not do, in words
    wrapper: str = ""  #: an element expected here that may hold what was found
    before: str = ""
    """Of what comes too late the sibling it has to come before; of what is not allowed
    the one before it; of what is incomplete its last child."""
    before_line: int = 0  #: where that sibling opens
    first: bool = False  #: of what comes too late: it has to come first in ``parent``


class Faults(list[Fault]):
    """Faults in document order; if there are too many, the first and a count."""

    def __init__(self, faults: Iterable[Fault] = (), beyond: int = 0) -> None:
        """Take faults, and how many more were only counted."""
        super().__init__(faults)
        self.beyond = beyond
        self.complete = True  #: whether the document was read to its end


#: Faults that are counted after the ones that are kept; then a document is given up.
COUNTED: Final = 20_000


class EnoughError(Exception):
    """A document has so many faults that the rest of it is not looked at."""


class FirstFaults(list[Fault]):
    """Takes faults without end and keeps the first, and always the newest one."""

    def __init__(self, most: int | None) -> None:
        """Keep as many as ``most`` and the newest; None: all."""
        super().__init__()
        self._most = most
        self._passed = 0

    def append(self, fault: Fault) -> None:
        """Take one more.

        Raises:
            EnoughError: There are more than anybody wants to count.
        """
        if self._most is not None and len(self) > self._most:
            self._passed += 1
            self[-1] = fault
            if self._passed > COUNTED:
                raise EnoughError
        else:
            super().append(fault)

    def __iadd__(self, faults: Iterable[Fault]) -> Self:  # type: ignore[override,misc]
        for fault in faults:
            self.append(fault)
        return self

    def sorted(self) -> Faults:
        """Return the kept ones by place."""
        most = len(self) if self._most is None else self._most
        found = sorted(self[:most], key=lambda fault: (fault.line, fault.column))
        return Faults(found, self._passed + len(self) - len(found))
