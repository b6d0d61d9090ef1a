"""The preview: builds the site whenever something it is made from has changed.

It has a folder of its own in ``build/.state/``, so what is published stays as it is.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from toolkit.bar import Bar
from toolkit.build.outputs import Web, names_of
from toolkit.build.publication import STATE
from toolkit.build.run import Build
from toolkit.config import Edition, load
from toolkit.errors import ToolkitError
from toolkit.findings import visible
from toolkit.report.watch import changes, look
from toolkit.serve.board import Board
from toolkit.serve.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from toolkit.report.watch import Look

_PAUSE: Final = 0.1  #: seconds between two looks
_REST: Final = 10  #: at least so many times as long as a look takes
_NAMED: Final = 5  #: changed files that are named


class Preview:
    """The site of one edition as it would be built now, and what stops it."""

    def __init__(self, edition: Edition, board: Board) -> None:
        """Set up; nothing is built yet.

        Args:
            edition: The edition.
            board: Is told of every build.
        """
        self._edition, self._board = edition, board
        self.folder = edition.build / STATE / "preview"
        self._took = 0.0

    @property
    def site(self) -> Path:
        """The folder of the site."""
        return self.folder / Web.name

    def build(self) -> str:
        """Make what is out of date.

        Returns:
            What was made, in words.

        Raises:
            ToolkitError: Something stops the build; the last good site stays.
        """
        try:
            self._edition = _settings(self._edition)
            alone = replace(self._edition, outputs=(Web.name,))
            with Bar("building") as bar:
                built = Build(alone, folder=self.folder, progress=bar.of).run()
        except ToolkitError as fault:
            root = f"{self._edition.root}{os.sep}"
            self._board.stop(fault.message.replace(root, ""))
            raise
        if built.news:
            self._board.renew()
        else:
            self._board.mend()
        return built.news or "nothing has changed"

    def see(self) -> Look:
        """Look at everything that the site is made from."""
        began = time.monotonic()
        seen = look(_sources(self._edition))
        self._took = time.monotonic() - began
        return seen

    def rest(self) -> None:
        """Wait until the next look: longer where there is much to look at."""
        time.sleep(max(_PAUSE, _REST * self._took))


def _settings(edition: Edition) -> Edition:
    """Return the edition with its settings as they are now.

    Raises:
        ConfigError: They cannot be used.
    """
    is_there = edition.settings.is_file()
    now = load(edition.settings) if is_there else Edition(root=edition.root)
    names_of(now)
    return now


def _sources(edition: Edition) -> Iterator[Path]:
    """Yield every file that the site is made from, those that may be there too."""
    yield edition.settings
    yield edition.root / edition.signs
    yield edition.schema_file(".odd")
    for folder in (edition.tei, *edition.template_folders()):
        for at, _, names in os.walk(folder):
            yield from (Path(at, name) for name in names)


@contextmanager
def _answering(server: Server) -> Iterator[None]:
    """Let a server answer, until the work in the ``with`` statement has ended."""
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    try:
        yield
    finally:
        server.board.close()
        server.shutdown()
        server.server_close()


def serve(
    edition: Edition, port: int, ready: Callable[[str], None] = lambda _: None
) -> None:
    """Show the edition and follow what is written, until Ctrl-C.

    Args:
        edition: The edition.
        port: The port; 0: a free one.
        ready: Told the address once the first build has ended, well or not.

    Raises:
        ToolkitError: The port cannot be taken.
    """
    board = Board()
    preview = Preview(edition, board)
    with Server(port, preview.site, board) as server, _answering(server):
        try:
            moves = changes(preview.see, preview.rest)
            _round(preview)
            ready(server.address)
            for changed in moves:
                names = sorted({visible(path.name) for path in changed})
                click.echo(f"changed: {', '.join(names[:_NAMED])}", err=True)
                _round(preview)
        except KeyboardInterrupt:
            return


def _round(preview: Preview) -> None:
    """Build once; say what was made, or what stops it."""
    began = time.monotonic()
    try:
        said = preview.build()
    except ToolkitError as fault:
        fault.show()
        click.echo("the last good pages stay; waiting for changes", err=True)
    else:
        click.echo(f"{said} ({time.monotonic() - began:.1f} s)", err=True)
