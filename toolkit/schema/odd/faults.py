"""What is wrong in an ODD, gathered with its place until somebody asks.

Codes: ODD1xx the ODD's own markup, ODD2xx what its specifications say of each other,
ODD3xx its Schematron.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toolkit.errors import SchemaError
from toolkit.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass
class Faults:
    """The findings about one ODD; errors stop its compilation, warnings do not."""

    path: Path
    findings: list[Finding] = field(default_factory=list)

    def error(
        self, line: int, code: str, message: str, mend: str | None = None
    ) -> None:
        """Note what makes the ODD unusable."""
        self.findings.append(
            Finding(self.path, line, 0, code, message, Severity.ERROR, mend)
        )

    def warn(self, line: int, code: str, message: str, mend: str | None = None) -> None:
        """Note what is worth a look."""
        self.findings.append(
            Finding(self.path, line, 0, code, message, Severity.WARNING, mend)
        )

    def unknown(
        self, line: int, what: str, key: str, where: str, known: Iterable[str]
    ) -> None:
        """Note a reference to something that the ODD does not have (ODD201)."""
        near = difflib.get_close_matches(key, list(known), n=1)
        mend = f"did you mean {near[0]!r}?" if near else f"declare {key!r} in this ODD"
        self.error(
            line, "ODD201", f"{where} refers to {what} {key!r}, which is unknown", mend
        )

    def stop(self) -> None:
        """Raise what makes the ODD unusable.

        Raises:
            SchemaError: There is an error; its message lists all of them.
        """
        errors = sorted(
            {one for one in self.findings if one.severity is Severity.ERROR}
        )
        if errors:
            raise SchemaError("\n".join(map(_line, errors)))


def _line(finding: Finding) -> str:
    """Say a finding as ``FILE:LINE: error CODE message``; an ODD has no columns."""
    said = f"{finding.path}:{finding.line}: error {finding.code} {finding.message}"
    return f"{said}\n  help: {finding.help}" if finding.help else said
