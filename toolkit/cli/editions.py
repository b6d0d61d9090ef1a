"""``edition render`` and ``edition build``: documents become editions."""

from __future__ import annotations

from pathlib import Path

import click

from toolkit.cli.shared import edition_of, relative


@click.command()
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

    edition = edition_of(folder, file if file.exists() else None)
    click.echo(render_file(edition, file, kind, view), nl=False)


@click.command()
@click.pass_obj
def build(folder: Path | None) -> None:
    """Make the edition: build/site (web pages) and build/text (plain text).

    Every document is proved whole in every format and view; a lost word stops the
    build, and the former edition stays as it was.
    """
    from toolkit.bar import Bar
    from toolkit.build import Build
    from toolkit.report.report import counted

    edition = edition_of(folder)
    with Bar("building") as bar:
        built = Build(edition).run(bar.over)
    click.echo(
        f"{counted(built.documents, 'document')} and "
        f"{counted(built.registers, 'register')} made into "
        f"{counted(built.files, 'file')} in {relative([edition.build])[0]}; "
        f"{built.words:,} words proved to be there",
        err=True,
    )
