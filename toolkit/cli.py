"""The command ``edition``: it parses, calls, prints and exits; it computes nothing.

What a command needs is imported inside it, so that ``--help`` stays quick.
Results go to standard output, everything else to standard error. Exit codes:
0 clean, 1 findings, 2 usage or failure.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from toolkit import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from toolkit.config import Edition

T = TypeVar("T")
EXISTING = click.Path(exists=True, path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="edition")
@click.option(
    "--edition",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The edition's folder, if it is not the working folder or one above it.",
)
@click.pass_context
def cli(context: click.Context, folder: Path | None) -> None:
    """Validate a scholarly edition in TEI-XML and publish it, with nothing lost.

    An edition is a folder with edition.toml, its documents in tei/, and what it
    has of its own in schema/ and templates/.
    """
    context.obj = folder


def _edition(folder: Path | None, near: Path | None = None) -> Edition:
    """Find the edition: named, or around a file, or around the working folder."""
    from toolkit.config import find

    if folder is not None:
        return find(folder)
    return find(near if near is not None else Path.cwd())


@cli.command()
@click.argument("paths", nargs=-1, type=EXISTING)
@click.option(
    "--schema",
    "schemas",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Use this schema (.rng, .xsd or .sch) in place of the edition's own. "
    "May be given more than once.",
)
@click.pass_obj
def validate(
    folder: Path | None, paths: tuple[Path, ...], schemas: tuple[Path, ...]
) -> None:
    """Check documents: well-formed, valid, by the rules, pointers resolved.

    With no PATHS, every document of the edition is checked. One finding a line:
    PATH:LINE:COLUMN: error CODE message. Exit code 1 means errors were found.
    """
    from toolkit.findings import Severity
    from toolkit.validate import check

    edition = _edition(folder, paths[0] if paths else None)
    documents = list(_files(paths)) if paths else _relative(edition.documents())
    if not documents:
        raise click.UsageError("there is nothing to check: tei/ holds no .xml file")
    errors = warnings = 0
    for finding in check(documents, edition, schemas):
        click.echo(str(finding))
        errors += finding.severity is Severity.ERROR
        warnings += finding.severity is Severity.WARNING
    click.echo(
        f"{_count(len(documents), 'file')} checked: "
        f"{_count(errors, 'error')}, {_count(warnings, 'warning')}",
        err=True,
    )
    sys.exit(1 if errors else 0)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files named, and for a folder the .xml files in it."""
    for path in paths:
        if path.is_dir():
            yield from sorted(path.glob("*.xml"))
        else:
            yield path


def _relative(paths: Iterable[Path]) -> list[Path]:
    """Name paths from the working folder where they lie below it."""
    here = Path.cwd()
    return [p.relative_to(here) if p.is_relative_to(here) else p for p in paths]


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--to",
    "kind",
    type=click.Choice(["html", "text"]),
    default="html",
    show_default=True,
    help="The format.",
)
@click.option(
    "--view",
    type=click.Choice(["reading", "source"]),
    default="reading",
    show_default=True,
    help="A clean text, or the words and signs of the source exactly.",
)
@click.pass_obj
def render(folder: Path | None, file: Path, kind: str, view: str) -> None:
    """Write one document to standard output."""
    from toolkit.build import render_file

    edition = _edition(folder, file if file.exists() else None)
    click.echo(render_file(edition, file, kind, view), nl=False)


@cli.command()
@click.pass_obj
def build(folder: Path | None) -> None:
    """Make the edition: build/site (web pages) and build/text (plain text).

    Every document is proved whole in every format and view; a lost word stops the
    build, and the former edition stays as it was.
    """
    from toolkit.build import Build

    edition = _edition(folder)
    with _progress("building") as progress:
        built = Build(edition).run(progress)
    click.echo(
        f"{_count(built.documents, 'document')} and "
        f"{_count(built.registers, 'register')} made into "
        f"{_count(built.files, 'file')} in {_relative([edition.build])[0]}; "
        f"{built.words:,} words proved to be there",
        err=True,
    )


@contextmanager
def _progress(label: str) -> Iterator[_Progress]:
    yield _Progress(label)


class _Progress:
    """Wraps what is worked through in a bar on standard error."""

    def __init__(self, label: str) -> None:
        self.label = label

    def __call__(self, items: Iterable[T]) -> Iterator[T]:
        hidden = not sys.stderr.isatty()
        with click.progressbar(
            list(items), label=self.label, file=sys.stderr, hidden=hidden
        ) as bar:
            yield from bar


@cli.command()
@click.option(
    "--check", is_flag=True, help="Write nothing; say what is stale (exit code 1)."
)
@click.option(
    "--odd",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The ODD to compile, if it is not the edition's schema/edition.odd.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write, if not beside the ODD.",
)
@click.pass_obj
def schema(
    folder: Path | None, check: bool, odd: Path | None, output: Path | None
) -> None:
    """Compile the ODD to RELAX NG, W3C Schema, Schematron and reference pages."""
    from toolkit.schema.odd import compile_odd
    from toolkit.schema.publish import stale, write

    source = odd or _edition(folder).root / "schema" / "edition.odd"
    if not source.is_file():
        raise click.UsageError(f"there is no {source}; name an ODD with --odd")
    target = output or source.parent
    files = compile_odd(source)
    changed = stale(target, files)
    if check:
        for name in changed:
            click.echo(f"{target / name}: stale; run: edition schema")
        sys.exit(1 if changed else 0)
    write(target, files, changed)
    click.echo(
        f"{_count(len(files), 'file')} compiled, {len(changed)} changed", err=True
    )


def main() -> None:
    """Run the command line; Ctrl-C and a closed pipe end it quietly."""
    cli(prog_name="edition")
