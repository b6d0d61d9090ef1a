"""Reports for programs: JSON and workflow commands; the table of all formats."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from toolkit import __version__
from toolkit.report.codes import catalogue
from toolkit.report.junit import junit
from toolkit.report.sarif import sarif

if TYPE_CHECKING:
    from collections.abc import Callable

    from toolkit.report.report import Report

#: Version of the JSON report; a new key does not change it, another meaning does.
VERSION: Final = 1


def as_json(report: Report) -> str:
    """Return a report as JSON: version, tool, findings, summary.

    A line or column that is not known is null.
    """
    content = {
        "version": VERSION,
        "tool": {"name": "edition", "version": __version__},
        "findings": [
            {
                "path": entry.path,
                "line": entry.finding.line or None,
                "column": entry.finding.column or None,
                "severity": str(entry.finding.severity),
                "code": entry.finding.code,
                "message": entry.finding.message,
                "help": entry.finding.help,
                "mendable": entry.finding.mend is not None,
                "fingerprint": entry.fingerprint,
            }
            for entry in report.entries
        ],
        "summary": asdict(report.tally),
    }
    return printed(content)


def printed(content: object) -> str:
    """Return JSON, readable; what UTF-8 cannot hold is written as an escape."""
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        text = json.dumps(content, indent=2) + "\n"
    return text


def github(report: Report) -> str:
    """Return workflow commands, which GitHub shows as annotations; a line each."""
    lines = []
    for entry in report.entries:
        finding = entry.finding
        known = catalogue().get(finding.code)
        title = f"{finding.code} {known.title}" if known else finding.code
        properties = {
            "file": entry.path,
            "line": str(finding.line or ""),
            "col": str(finding.column or "") if finding.line else "",
            "title": title,
        }
        said = ",".join(f"{k}={_property(v)}" for k, v in properties.items() if v)
        lines.append(f"::{finding.severity} {said}::{_command(finding.words)}\n")
    return "".join(lines)


def _command(text: str) -> str:
    """Write text so that it cannot end a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Write text so that it cannot end a property of a workflow command."""
    return _command(text).replace(":", "%3A").replace(",", "%2C")


#: Formats for programs; ``text`` is written finding by finding (``report.text``).
FORMATS: Final[dict[str, Callable[[Report], str]]] = {
    "json": as_json,
    "sarif": lambda report: printed(sarif(report)),
    "junit": junit,
    "github": github,
}
