"""IDs and IDREFs of one document: which is taken twice, which means nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from toolkit.schema.datatypes import tokens
from toolkit.schema.faults import Fault, FaultKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from toolkit.schema.opened import Open


class Identities:
    """The IDs of a document so far, and the IDREFs that wait for theirs."""

    def __init__(self) -> None:
        """Begin without any."""
        self._lines: dict[str, int] = {}
        self._references: list[Fault] = []

    def taken(
        self, opened: Open, identities: Iterable[tuple[str, str, str]]
    ) -> Iterator[Fault]:
        """Note those of a start tag; yield a fault for each ID that is taken.

        Args:
            opened: The element.
            identities: Which kind each is (ID, IDREF or IDREFS), attribute and value.
        """
        for kind, attribute, value in identities:
            for one in tokens(value):
                fault = Fault(
                    opened.line,
                    opened.column,
                    FaultKind.DANGLING_IDREF,
                    opened.name,
                    attribute=attribute,
                    found=one,
                )
                if kind != "ID":
                    self._references.append(fault)
                elif one in self._lines:
                    kind_ = FaultKind.DUPLICATE_ID
                    yield replace(fault, kind=kind_, parent_line=self._lines[one])
                else:
                    self._lines[one] = opened.line

    def dangling(self) -> Iterator[Fault]:
        """Yield a fault for each IDREF that means no ID, once all has been read."""
        for one in self._references:
            if one.found not in self._lines:
                yield one
        self._references.clear()
