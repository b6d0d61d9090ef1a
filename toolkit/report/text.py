"""Findings for people: one a line; on a terminal with the line of the document."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from toolkit.findings import Severity, one_line
from toolkit.report.excerpt import excerpt

if TYPE_CHECKING:
    from toolkit.findings import Finding
    from toolkit.report.source import Sources

WIDTH = 100  #: columns of an excerpt that is not for a terminal


@dataclass(frozen=True, slots=True)
class Style:
    """How findings are written."""

    source: bool = False  #: with the line of the document, a caret, the mend below
    colour: bool = False
    width: int = WIDTH  #: columns of an excerpt


def colour_wanted(terminal: bool) -> bool:
    """Whether to write in colour: on a terminal, or where ``FORCE_COLOR`` asks for it.

    ``NO_COLOR`` forbids it everywhere.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in {"", "0", "false"}:
        return True  # the log of a server is no terminal and shows colours
    return terminal and os.environ.get("TERM") != "dumb"


def written(finding: Finding, style: Style, sources: Sources) -> str:
    """Return a finding as text, without a line end.

    Args:
        finding: The finding.
        style: How to write it.
        sources: Gives the line of the document, where it is wanted.
    """
    if not style.source:
        return _coloured(finding, finding.words) if style.colour else str(finding)
    said = one_line(finding.message)
    lines = [
        _coloured(finding, said)
        if style.colour
        else f"{finding.place}: {finding.severity} {finding.code} {said}"
    ]
    line = sources.line(finding.path, finding.line)
    if line is not None:
        shown = excerpt(line, finding.line, finding.column, style.width)
        if style.colour and len(shown) > 1:
            shown[1] = shown[1][:-1] + click.style("^", fg=_hue(finding), bold=True)
        lines += shown
    if finding.help:
        label = click.style("help:", fg="cyan") if style.colour else "help:"
        mended = " [--fix]" if finding.mend else ""
        lines.append(f"  {label} {one_line(finding.help)}{mended}")
    return "\n".join([*lines, ""])


def _coloured(finding: Finding, said: str) -> str:
    weight = click.style(str(finding.severity), fg=_hue(finding), bold=True)
    code = click.style(finding.code, bold=True)
    return f"{click.style(finding.place, bold=True)}: {weight} {code} {said}"


def _hue(finding: Finding) -> str:
    return "red" if finding.severity is Severity.ERROR else "yellow"
