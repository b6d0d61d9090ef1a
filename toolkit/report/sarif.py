"""SARIF 2.1.0 (OASIS): what code hosts read to show findings beside the lines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from toolkit import __version__
from toolkit.report.codes import catalogue
from toolkit.report.page import markdown, plain

if TYPE_CHECKING:
    from toolkit.report.codes import Code
    from toolkit.report.report import Entry, Report

SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
    "sarif-schema-2.1.0.json"
)
_BASE: Final = "%SRCROOT%"


def sarif(report: Report) -> dict[str, Any]:
    """Return a report as a SARIF log of one run.

    Columns count characters. Paths are relative to the folder in which the check was
    started, which is not named: the log is the same on every machine.

    SARIF 2.1.0, sections 3.13 (sarifLog), 3.14 (run), 3.27 (result), 3.49
    (reportingDescriptor).
    """
    codes = {code: index for index, code in enumerate(catalogue())}
    driver = {
        "name": "edition",
        "version": __version__,
        "rules": [_rule(code) for code in catalogue().values()],
    }
    run = {
        "tool": {"driver": driver},
        "originalUriBaseIds": {
            _BASE: {
                "description": {"text": "The folder in which the check was started."}
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(entry, codes) for entry in report.entries],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: Code) -> dict[str, Any]:
    return {
        "id": code.code,
        "shortDescription": {"text": code.title},
        "fullDescription": {"text": " ".join(plain(code.what).split())},
        "help": {
            "text": " ".join(plain(code.why).split()),
            "markdown": markdown(code),
        },
        "defaultConfiguration": {"level": str(code.severity)},
    }


def _result(entry: Entry, codes: dict[str, int]) -> dict[str, Any]:
    finding = entry.finding
    place: dict[str, Any] = {
        "artifactLocation": {"uri": _uri(entry.path), "uriBaseId": _BASE}
    }
    if finding.line:
        place["region"] = {"startLine": finding.line}
        if finding.column:
            place["region"]["startColumn"] = finding.column
    result: dict[str, Any] = {"ruleId": finding.code}
    if finding.code in codes:
        result["ruleIndex"] = codes[finding.code]
    return {
        **result,
        "level": str(finding.severity),
        "message": {"text": _message(finding.words)},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"editionFinding/v1": entry.fingerprint},
    }


def _message(text: str) -> str:
    """Write text so that nothing in it is a placeholder or a link.

    SARIF 2.1.0, sections 3.11.5 (braces are doubled) and 3.11.6 (embedded links).
    """
    return text.replace("{", "{{").replace("}", "}}").replace("](", "] (")


def _uri(path: str) -> str:
    """Return the URI of a path: relative, or of a file on another drive."""
    return Path(path).as_uri() if Path(path).is_absolute() else quote(path)
