"""``edition validate`` and ``edition explain``: findings, and what they mean."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from toolkit.cli.shared import edition_of, relative

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from toolkit.config import Edition

EXISTING_OR_STDIN = click.Path(exists=True, allow_dash=True, path_type=Path)


#: ``\b`` keeps click from filling the lines.
_EXAMPLES = """\b
Examples:
  edition validate                        all documents
  edition validate tei/letter.xml         one of them
  edition validate --diff                 what --fix would mend
  edition validate --schema tei_all.rng   by another schema
"""


@click.command(epilog=_EXAMPLES)
@click.argument("paths", nargs=-1, type=EXISTING_OR_STDIN)
@click.option(
    "--schema",
    "schemas",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Use this schema (.rng, .rnc, .xsd, .sch or .odd) in place of the edition's "
    "own. May be given more than once.",
)
@click.option(
    "--catalog",
    "catalogs",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Ask this XML catalog (OASIS) which file stands for the address of a schema. "
    "May be given more than once; nothing is ever fetched.",
)
@click.option(
    "--ignore-model",
    is_flag=True,
    help="Pass over <?xml-model?>, by which files outside the edition name schemas.",
)
@click.option(
    "--fix",
    is_flag=True,
    help="First write the safe mends, those that --diff shows, into the files.",
)
@click.option(
    "--diff",
    is_flag=True,
    help="Show what --fix would change, as a unified diff, and change nothing.",
)
@click.option(
    "--watch",
    is_flag=True,
    help="Stay, and check again whenever a document or a schema changes.",
)
@click.option(
    "--stdin-name",
    type=click.Path(path_type=Path),
    help="What the document from standard input (-) is called: findings name it so, "
    "and its relative pointers are followed from there.",
)
@click.option(
    "--format",
    "kind",
    type=click.Choice(["text", "json", "sarif", "junit", "github", "svrl"]),
    default="text",
    show_default=True,
    help="How findings are reported: for people, or for programs. svrl is what the "
    "rules report of one document; of several with -o FOLDER.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write the report to this file, whole or not at all. A report for programs "
    "leaves standard output to the list of findings.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "never"]),
    default="error",
    show_default=True,
    help="The weight of a finding that makes the exit code 1.",
)
@click.option("-q", "--quiet", is_flag=True, help="List no findings, only the sum.")
@click.option(
    "--show-source/--no-show-source",
    default=None,
    help="Show the line of each finding and a caret. Without either: on a terminal.",
)
@click.option(
    "--baseline",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Count the findings in this file and do not report them.",
)
@click.option("--no-baseline", is_flag=True, help="Report known findings too.")
@click.option(
    "--write-baseline",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write all present findings to this file, to be known from now on.",
)
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(["grammar", "rules", "pointers"]),
    help="Ask only this stage (after reading); may be given more than once. Files of "
    "up to 2 GiB are checked by --only grammar in a few megabytes of memory.",
)
@click.option(
    "--phase",
    help="Run this phase of the Schematron rules: its id, #ALL or #DEFAULT. Without "
    "it: the schema's defaultPhase, else all.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    help="Processes to use. Without it: one for each core if there is much to do.",
)
@click.option(
    "--no-cache",
    is_flag=True,
    help="Compile the schemas and check every document anew; keep nothing.",
)
@click.pass_obj
def validate(
    folder: Path | None,
    /,
    paths: tuple[Path, ...],
    schemas: tuple[Path, ...],
    kind: str,
    fail_on: str,
    baseline: Path | None,
    no_baseline: bool,
    only: tuple[str, ...],
    phase: str | None,
    jobs: int | None,
    no_cache: bool,
    catalogs: tuple[Path, ...],
    ignore_model: bool,
    fix: bool,
    diff: bool,
    watch: bool,
    stdin_name: Path | None,
    **options: Any,
) -> None:
    """Check documents: well-formed, valid, by the rules, pointers resolved.

    PATHS are files, or folders whose .xml files are meant; with none, every document
    of the edition is checked; - stands for standard input. One finding a line:
    PATH:LINE:COLUMN: error CODE message; `edition explain CODE` says more about it.
    Exit codes: 0 no errors, 1 errors, 2 the work could not be done.
    """
    from toolkit.bar import Bar
    from toolkit.report.report import FailOn
    from toolkit.report.run import Options, Scope
    from toolkit.report.ways import STDIN, Validation
    from toolkit.validate import files_in
    from toolkit.validate.how import how

    if options["quiet"] and kind != "text" and not options["output"]:
        raise click.UsageError(
            f"--quiet leaves nothing of --format {kind}: add -o FILE"
        )
    from_stdin = Path("-") in paths
    if stdin_name and not from_stdin:
        raise click.UsageError("--stdin-name goes with -, which is standard input")
    if baseline and no_baseline:
        raise click.UsageError("--baseline and --no-baseline contradict each other")
    name = (stdin_name or STDIN) if from_stdin else None
    _check_ways(paths, name, kind, fix=fix, diff=diff, watch=watch, options=options)
    _check_stages(only, phase, kind)
    edition = edition_of(folder, stdin_name if from_stdin else next(iter(paths), None))

    def documents_now() -> list[Path]:
        return list(files_in(paths)) if paths else relative(edition.documents())

    documents = [name] if name else documents_now()
    if not documents:
        where = " and ".join(map(str, relative(paths or [edition.tei])))
        raise click.UsageError(f"there is nothing to check: no .xml file in {where}")
    if baseline is None and edition.baseline:
        baseline = relative([edition.root / edition.baseline])[0]
    whole = _is_whole(documents, edition)
    scope = Scope(edition, documents, whole, own=not (schemas or only or phase))
    asked = Options(
        kind=kind,
        fail_on=FailOn(fail_on),
        baseline=None if no_baseline else baseline,
        **options,
    )
    with Bar("checking") as bar:
        asking = replace(
            how(only, jobs, keep=not no_cache, progress=bar),
            catalog=edition.catalog(catalogs),
            model=not ignore_model,
            phase=phase,
        )
        validation = Validation(scope, schemas, asked, asking)
        if name:
            failed = validation.stream(sys.stdin.buffer, name, fix=fix, diff=diff)
        elif watch:
            failed = validation.watch(documents_now)
        elif diff:
            failed = validation.look()
        else:
            failed = validation.mend() if fix else validation.plain()
    sys.exit(int(failed))


def _check_ways(
    paths: Sequence[Path],
    name: Path | None,
    kind: str,
    *,
    fix: bool,
    diff: bool,
    watch: bool,
    options: Mapping[str, Any],
) -> None:
    """Refuse what cannot be asked for together.

    Raises:
        click.UsageError: Something contradicts something else.
    """
    report = kind != "text" or options["output"] or options["write_baseline"]
    output = options["output"]
    if output is not None and output.is_dir() and kind != "svrl":
        raise click.UsageError(f"--output {output} is a folder: name a file")
    if name and len(paths) > 1:
        raise click.UsageError("- (standard input) stands alone, without other PATHS")
    if watch and (name or fix or diff or report):
        raise click.UsageError(
            "--watch only lists findings: it goes with no -, --fix, --diff, "
            "--format, --output or --write-baseline"
        )
    if report and (diff or (fix and name)):
        raise click.UsageError(
            "standard output is needed for the mended text: --diff, and --fix with -, "
            "go with no --format, --output or --write-baseline"
        )


def _check_stages(only: Sequence[str], phase: str | None, kind: str) -> None:
    """Refuse what is about rules where they are not asked.

    Raises:
        click.UsageError: They are not.
    """
    if only and "rules" not in only and (phase is not None or kind == "svrl"):
        option = "--phase" if phase is not None else "--format svrl"
        raise click.UsageError(f"{option} is about the rules: add --only rules")


def _is_whole(documents: Iterable[Path], edition: Edition) -> bool:
    """Whether these are all documents of the edition."""
    from toolkit.places import resolved

    named = set(resolved(documents).values())
    return named.issuperset(resolved(edition.documents()).values())


@click.command()
@click.argument("codes", metavar="[CODE]...", nargs=-1)
@click.option(
    "--markdown", is_flag=True, help="Print the page of all codes (docs/findings.md)."
)
def explain(codes: tuple[str, ...], markdown: bool) -> None:
    """Say what a code means: why it matters, wrong, right, where it is written.

    Without CODE, all codes are listed.
    """
    from toolkit.report.codes import catalogue, near
    from toolkit.report.page import explained, listed, page
    from toolkit.report.run import say

    if markdown or not codes:
        say((page() if markdown else listed()).removesuffix("\n"))
        return
    known = catalogue()
    for code in codes:
        if code.upper() not in known:
            meant = near(code)
            hint = (
                f"near ones: {', '.join(meant)}" if meant else "list: edition explain"
            )
            raise click.UsageError(f"there is no code {code!r}; {hint}")
    width = min(shutil.get_terminal_size().columns, 88)
    say("\n\n\n".join(explained(known[code.upper()], width) for code in codes))
