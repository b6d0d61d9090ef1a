"""``edition schema`` and ``edition lsp``: the ODD is compiled, an editor is served."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from toolkit.cli.shared import edition_of


@click.command()
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
    from toolkit.report.report import counted
    from toolkit.schema.odd import compile_odd
    from toolkit.schema.publish import stale, write

    source = odd or edition_of(folder).root / "schema" / "edition.odd"
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
        f"{counted(len(files), 'file')} compiled, {len(changed)} changed", err=True
    )


@click.command()
@click.pass_obj
def lsp(folder: Path | None) -> None:
    """Serve an editor: the language server, on standard input and output.

    An editor starts it; docs/language-server.md says how. Needs the extra lsp.
    """
    from toolkit.errors import ToolkitError

    try:
        from toolkit.lsp.server import serve
    except ModuleNotFoundError as missing:
        raise ToolkitError(
            f"the language server needs {missing.name}, which is not installed\n"
            "  help: pip install 'tei-edition-toolkit[lsp]'"
        ) from None
    if sys.stdin.isatty():
        click.echo("waiting for an editor on standard input; Ctrl-C ends", err=True)
    serve(folder)
