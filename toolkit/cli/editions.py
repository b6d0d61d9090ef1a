"""``edition render``, ``build``, ``serve``: documents become editions."""

from __future__ import annotations

import sys
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
    from toolkit.build.single import render_file

    edition = edition_of(folder, file if file.exists() else None)
    click.echo(render_file(edition, file, kind, view), nl=False)


@click.command()
@click.option(
    "--check",
    is_flag=True,
    help="Make nothing; list what is stale (exit code 1).",
)
@click.option("--anew", is_flag=True, help="Make everything, also what is up to date.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    help="Processes to use. Without it: one for each core if there is much to do.",
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    default="",
    help="Give the work to a Dask cluster, whose scheduler is at this address and "
    "whose workers see the edition's folder by the same path. Needs the extra cluster.",
)
@click.pass_obj
def build(
    folder: Path | None, check: bool, anew: bool, jobs: int | None, cluster: str
) -> None:
    """Make the edition: what has changed since the last time, and nothing else.

    Every document is proved whole in every format and view; a lost word stops the
    build, and the former edition stays as it was.
    """
    from toolkit.bar import Bar
    from toolkit.build.run import Build

    edition = edition_of(folder)
    with Bar("building") as bar:
        work = Build(edition, jobs=jobs, cluster=cluster, progress=bar.of)
        if check:
            stale = work.stale()
        else:
            built = work.run(anew=anew)
    if check:
        for one in stale:
            click.echo(one)
        click.echo("run: edition build" if stale else "nothing is stale", err=True)
        sys.exit(1 if stale else 0)
    click.echo(built.summary(relative([edition.build])[0]), err=True)


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="The port; 0 takes a free one.",
)
@click.option("--open", "opened", is_flag=True, help="Open it in the browser.")
@click.pass_obj
def serve(folder: Path | None, port: int, opened: bool) -> None:
    """Show the web edition in the browser, and follow what is written.

    A page is loaded anew when its document or a template is saved. What stops the
    build is shown in the page and here; the last good page stays. Nothing is
    published: build/site/ stays as it is. Only this machine is answered.
    Ctrl-C ends it.
    """
    from toolkit.serve.preview import serve as serving

    def ready(address: str) -> None:
        """Tell the address."""
        click.echo(address)
        click.echo("waiting for changes, Ctrl-C ends", err=True)
        if opened:
            click.launch(address)

    serving(edition_of(folder), port, ready)
