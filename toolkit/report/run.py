"""One run of ``edition validate``: findings in; listing, report, baseline, verdict."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from toolkit.errors import ToolkitError
from toolkit.report import baseline
from toolkit.report.paths import write_whole
from toolkit.report.report import FailOn, Report, Tally, collect, counted
from toolkit.report.sieve import Sieve
from toolkit.report.source import Sources
from toolkit.report.text import WIDTH, Style, colour_wanted, written
from toolkit.validate.found import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from toolkit.config import Edition
    from toolkit.findings import Finding

#: The format that has a file for each document; :mod:`toolkit.report.svrl`.
SVRL: Final = "svrl"
_NAMED: Final = 5  #: vanished findings that are named


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the user asked for."""

    kind: str = "text"  #: ``text``, ``svrl`` or a name in ``formats.FORMATS``
    fail_on: FailOn = FailOn.ERROR
    quiet: bool = False  #: list nothing
    output: Path | None = None  #: where the report goes, if not to standard output
    show_source: bool | None = None  #: None: on a terminal
    baseline: Path | None = None  #: the known findings
    write_baseline: Path | None = None  #: where to write all findings as known


@dataclass(frozen=True, slots=True)
class Scope:
    """What was checked."""

    edition: Edition
    documents: Sequence[Path]
    whole: bool  #: every document of the edition
    own: bool = True  #: against the edition's own schemas
    #: the content of documents that are not read from their files
    given: Mapping[Path, bytes] = field(default_factory=dict)

    @property
    def whole_and_own(self) -> bool:
        """Whether all was checked that ignores and baselines speak of."""
        return self.whole and self.own


def run(findings: Iterable[Finding], scope: Scope, options: Options) -> bool:
    """Show findings as they come, write what was asked for, say the sum.

    Args:
        findings: What was found, as it is found.
        scope: What was checked.
        options: What the user asked for.

    Returns:
        Whether the run fails.

    Raises:
        ConfigError: The baseline cannot be used.
        ToolkitError: A file cannot be written.
    """
    # A report that cannot be written is said before the work, not after it.
    for target in (options.output, options.write_baseline):
        if target is not None and not target.resolve().parent.is_dir():
            raise ToolkitError(f"{target}: there is no folder {target.parent}")
    with Sources(scope.given) as sources:
        sieve = _sieve(scope, options, sources)
        tally = Tally(files=len(scope.documents))
        kept, lines = _listed(_all(sieve, findings, scope), options, sources, tally)
        # Other schemas find other things: that says nothing of what is known.
        gone = sieve.gone(scope.documents if scope.own else (), scope.whole_and_own)
        tally.ignored, tally.known = sieve.ignored, sieve.known
        tally.gone = gone.total()
        if options.kind not in {"text", SVRL}:
            folders = (Path.cwd(), scope.edition.root)
            listed = collect(scope.documents, kept, folders, sources)
            _publish(Report(*listed, tally, options.fail_on), options)
        elif options.kind == "text" and options.output is not None:
            _write(options.output, "".join(lines))
    _record(sieve, scope, options)
    _conclude(tally, gone, options)
    return options.fail_on.fails(tally)


def _sieve(scope: Scope, options: Options, sources: Sources) -> Sieve:
    recording = options.write_baseline is not None
    known = (
        baseline.load(options.baseline)
        if options.baseline is not None and not recording
        else None
    )
    return Sieve(
        scope.edition.root, sources, scope.edition.ignore, known, recording=recording
    )


def _all(sieve: Sieve, findings: Iterable[Finding], scope: Scope) -> Iterator[Finding]:
    """Yield what is reported of the findings, then what the settings have too much."""
    yield from shortened(sieve.reported(findings))
    if scope.whole_and_own:
        settings = scope.edition.settings
        here = Path.cwd()
        if settings.is_relative_to(here):
            settings = settings.relative_to(here)
        yield from sieve.unused(settings)


def _listed(
    findings: Iterable[Finding], options: Options, sources: Sources, tally: Tally
) -> tuple[list[Finding], list[str]]:
    """Count the findings and list them, each as soon as it is there.

    Returns:
        The findings, if a report for programs needs them; and the lines, if they go
        into a file.
    """
    kept: list[Finding] = []
    lines: list[str] = []
    style = style_of(options)
    to_file = options.kind == "text" and options.output is not None
    # A report for programs on standard output has it to itself.
    to_screen = not options.quiet and not to_file
    if options.kind != "text" and options.output is None:
        to_screen = False
    for finding in findings:
        tally.count(finding)
        if options.kind not in {"text", SVRL}:
            kept.append(finding)
        if to_file:
            lines.append(written(finding, style, sources) + "\n")
        elif to_screen:
            say(written(finding, style, sources), style.colour)
    return kept, lines


def style_of(options: Options) -> Style:
    """Return how findings are written: as asked for, else as the terminal allows."""
    to_file = options.kind == "text" and options.output is not None
    terminal = not to_file and sys.stdout.isatty()
    source = terminal if options.show_source is None else options.show_source
    width = shutil.get_terminal_size((WIDTH, 24)).columns if terminal else WIDTH
    colour = not to_file and colour_wanted(terminal)
    return Style(source=source, colour=colour, width=width)


def say(text: str, colour: bool | None = None) -> None:
    """Print a line; what the terminal's encoding does not have becomes an escape.

    Args:
        text: The line.
        colour: Whether it may be in colour; None: on a terminal.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    shown = text.encode(encoding, "backslashreplace").decode(encoding)
    click.echo(shown, color=colour)


def _publish(report: Report, options: Options) -> None:
    """Write a report for programs, in UTF-8 whatever the terminal has."""
    from toolkit.report.formats import FORMATS

    text = FORMATS[options.kind](report)
    if options.output is not None:
        _write(options.output, text)
    elif not options.quiet:
        click.echo(text.encode(), nl=False)


def _write(path: Path, text: str) -> None:
    try:
        write_whole(path, text.encode())
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise ToolkitError(f"{path}: cannot be written: {reason}") from None


def _record(sieve: Sieve, scope: Scope, options: Options) -> None:
    """Write the baseline, if that was asked for."""
    target = options.write_baseline
    if target is None:
        return
    old = baseline.load(target) if target.is_file() else Counter()
    new = sieve.renewed(old, scope.documents, scope.whole)
    _write(target, baseline.dumped(new))
    click.echo(f"{counted(new.total(), 'finding')} written to {target}", err=True)


def _conclude(tally: Tally, gone: Counter[baseline.Known], options: Options) -> None:
    """Say the sum, and what has vanished, on standard error."""
    click.echo(str(tally), err=True)
    if not gone:
        return
    for one in sorted(gone)[:_NAMED]:
        often = f" ({gone[one]} times)" if gone[one] > 1 else ""
        click.echo(f"  gone: {one.path}: {one.code} {one.message}{often}", err=True)
    if len(gone) > _NAMED:
        click.echo(f"  gone: and {len(gone) - _NAMED} more", err=True)
    click.echo(
        f"{counted(tally.gone, 'known finding')} gone since the baseline was written; "
        f"write it anew with: edition validate --write-baseline {options.baseline}",
        err=True,
    )
