"""RELAX NG: a document's bytes and a grammar give findings.

The work is done by :mod:`toolkit.schema.automaton`; here its faults get their codes
and their words. Ids are left to :mod:`toolkit.validate.pointers`, which sees the
whole edition.

RELAX NG (OASIS, 3 December 2001), section 5 (validity).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.encodings import as_utf8
from toolkit.errors import SchemaError
from toolkit.findings import Finding
from toolkit.schema import automaton, relaxng
from toolkit.schema.faults import Fault, FaultKind
from toolkit.tei import XML_ID
from toolkit.validate.explain import CODES, Explainer

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.schema.grammar import Grammar


class GrammarCheck:
    """A RELAX NG grammar, ready to check documents."""

    def __init__(self, path: Path) -> None:
        """Load a schema.

        Args:
            path: A ``.rng`` file.

        Raises:
            SchemaError: It cannot be used.
        """
        if path.suffix == ".rnc":
            raise SchemaError(
                f"{path}: the compact syntax of RELAX NG is not read\n"
                f"  help: convert it: trang {path.name} {path.stem}.rng"
            )
        self._grammar: Grammar = relaxng.load(path)
        self._explainer = Explainer(self._grammar)

    def findings(self, path: Path, source: bytes) -> list[Finding]:
        """Return what the grammar finds wrong, by place.

        Args:
            path: The document, for the findings.
            source: Its bytes, known to be well-formed.
        """
        faults = automaton.check(as_utf8(source), self._grammar)
        return [self._finding(path, fault) for fault in faults if not _is_other(fault)]

    def _finding(self, path: Path, fault: Fault) -> Finding:
        message, mend = self._explainer.explain(fault)
        code = CODES[fault.kind]
        return Finding(path, fault.line, fault.column, code, message, help=mend)


def _is_other(fault: Fault) -> bool:
    """Return whether another stage reports this: ids, and what XML itself forbids."""
    return fault.kind in {FaultKind.DUPLICATE_ID, FaultKind.NOT_WELL_FORMED} or (
        fault.kind is FaultKind.ATTRIBUTE_VALUE and fault.attribute == XML_ID
    )
