"""The command ``edition``: it parses, calls, prints and exits; it computes nothing.

What a command needs is imported inside it, so that ``--help`` stays quick.
Results go to standard output, everything else to standard error. Exit codes:
0 clean, 1 findings, 2 usage or failure.
"""

from __future__ import annotations

from pathlib import Path

import click

from toolkit import __version__
from toolkit.cli.editions import build, render, serve
from toolkit.cli.schemas import lsp, schema
from toolkit.cli.validation import explain, validate


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


for _command in (validate, explain, render, build, serve, schema, lsp):
    cli.add_command(_command)


def main() -> None:
    """Run the command line; Ctrl-C and a closed pipe end it quietly."""
    cli(prog_name="edition")
