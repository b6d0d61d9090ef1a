"""One session with an editor: the documents it has open, and their findings.

Texts are kept here, not by pygls, because pygls takes more characters for line ends
than the protocol does. Findings are worked out in another thread a moment after the
last key, so that completion never waits for them.

Language Server Protocol 3.17.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer

from toolkit import __version__, config
from toolkit.errors import ToolkitError
from toolkit.lsp import protocol
from toolkit.lsp.edition import OpenEdition
from toolkit.lsp.mends import mends
from toolkit.lsp.places import Lines

if TYPE_CHECKING:
    from toolkit.lsp.desk import Desk
    from toolkit.lsp.diagnose import Diagnosis
    from toolkit.lsp.navigate import Location
    from toolkit.lsp.places import Unit

_LOG: Final = logging.getLogger(__name__)
_PAUSE: Final = 0.3  #: seconds without a key after which findings are worked out
_SETTINGS: Final = {".toml", ".rng", ".rnc", ".sch", ".odd"}


@dataclass
class _Opened:
    """A document that an editor has open."""

    uri: str
    path: Path
    lines: Lines
    version: int | None
    diagnoses: list[Diagnosis]
    checked: Lines | None = None  #: the text that the diagnoses are of
    timer: asyncio.TimerHandle | None = None
    busy: bool = False  #: whether findings are being worked out


class EditionServer(LanguageServer):
    """A server for the editions that the open documents belong to."""

    def __init__(self, folder: Path | None) -> None:
        """Make a server.

        Args:
            folder: The edition; None: each document's own.
        """
        super().__init__("edition", __version__)
        self._folder: Final = folder
        self._editions: dict[Path, OpenEdition] = {}  # by their folder
        self._homes: dict[Path, OpenEdition] = {}  # by a document's folder
        self._opened: dict[str, _Opened] = {}
        self._told: set[str] = set()
        self.abilities = protocol.Abilities()
        self._tasks: set[asyncio.Task[None]] = set()

    # -- documents -------------------------------------------------------------

    @property
    def unit(self) -> Unit:
        """What the editor counts characters in."""
        agreed = self.workspace.position_encoding
        found = str(getattr(agreed, "value", agreed))
        return found if found in ("utf-8", "utf-32") else "utf-16"  # type: ignore[return-value]

    def edition(self, path: Path) -> OpenEdition:
        """Return the edition of a document."""
        home = self._homes.get(path.parent)
        if home is not None and home.is_outdated():
            self._begin_anew()
            home = self._homes.get(path.parent)
        if home is not None:
            return home
        try:
            found = config.find(self._folder or path.parent)
        except ToolkitError as fault:
            self.tell(fault.message)
            found = config.Edition(root=path.parent)
        known = self._editions.get(found.root)
        if known is None:
            known = self._editions[found.root] = OpenEdition(found)
        self._homes[path.parent] = known
        return known

    def tell(self, message: str) -> None:
        """Show a message, once."""
        if message not in self._told:
            self._told.add(message)
            kind = types.MessageType.Error
            self.window_show_message(types.ShowMessageParams(kind, message))

    def begin(self, uri: str, text: str, version: int | None) -> None:
        """Take a document that was opened."""
        lines = Lines(text.removeprefix("\ufeff"), self.unit)
        opened = _Opened(uri, path_of(uri), lines, version, [])
        self._opened[uri] = opened
        self._take(opened)
        asyncio.get_running_loop().call_soon(self._prepare, opened)

    def _prepare(self, opened: _Opened) -> None:
        try:
            self.edition(opened.path).prepare(opened.path)
        except ToolkitError as fault:
            self.tell(fault.message)

    def change(
        self,
        uri: str,
        changes: list[types.TextDocumentContentChangeEvent],
        version: int,
    ) -> None:
        """Take changes of a document, one after the other."""
        opened = self._opened.get(uri)
        if opened is None:
            return
        for one in changes:
            text = one.text
            if isinstance(one, types.TextDocumentContentChangePartial):
                start = protocol.offset_of(one.range.start, opened.lines)
                end = protocol.offset_of(one.range.end, opened.lines)
                text = opened.lines.text[:start] + one.text + opened.lines.text[end:]
            opened.lines = Lines(text, self.unit)
        opened.version = version
        self._take(opened)

    def _take(self, opened: _Opened) -> None:
        self.edition(opened.path).open(opened.path, opened.lines.text)
        self._check_soon(opened)

    def finish(self, uri: str) -> None:
        """Forget a document that was closed."""
        opened = self._opened.pop(uri, None)
        if opened is None:
            return
        if opened.timer is not None:
            opened.timer.cancel()
        self.edition(opened.path).close(opened.path)
        self._publish(opened, [])

    def files_changed(self, paths: list[Path]) -> None:
        """Take it that files were changed, by whomever."""
        if any(path.suffix in _SETTINGS for path in paths):
            self._begin_anew()
        for edition in self._editions.values():
            edition.look_again()
        for opened in self._opened.values():
            self._check_soon(opened)

    def _begin_anew(self) -> None:
        """Read settings and schemas again."""
        self._editions.clear()
        self._homes.clear()
        self._told.clear()
        for opened in self._opened.values():
            self.edition(opened.path).open(opened.path, opened.lines.text)

    # -- findings --------------------------------------------------------------

    def _check_soon(self, opened: _Opened) -> None:
        """Check a document after a pause in typing."""
        if opened.timer is not None:
            opened.timer.cancel()
        loop = asyncio.get_running_loop()
        opened.timer = loop.call_later(_PAUSE, self._start_check, opened)

    def _start_check(self, opened: _Opened) -> None:
        task = asyncio.get_running_loop().create_task(self._check(opened))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _check(self, opened: _Opened) -> None:
        """Work out the findings of a document; those of an older text are dropped."""
        if opened.busy:
            self._check_soon(opened)  # one check at a time, however slow it is
            return
        lines = opened.lines
        opened.busy = True
        try:
            found = await self._found(opened)
        finally:
            opened.busy = False
        known = self._opened.get(opened.uri) is opened
        if found is not None and opened.lines is lines and known:
            opened.diagnoses, opened.checked = found, lines
            self._publish(opened, [protocol.diagnostic(one, lines) for one in found])

    async def _found(self, opened: _Opened) -> list[Diagnosis] | None:
        """Return the findings of a document; None if they cannot be worked out."""
        edition = self.edition(opened.path)
        try:
            desk = edition.desk(opened.path)
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(None, edition.diagnoses, desk)
        except ToolkitError as fault:
            self.tell(fault.message)
        except Exception as fault:
            # A fault of the program: editing goes on without findings.
            _LOG.exception("%s could not be checked", opened.path)
            self.tell(f"{opened.path.name} could not be checked: {fault!r}")
        return None

    def _publish(self, opened: _Opened, found: list[types.Diagnostic]) -> None:
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(opened.uri, found, opened.version)
        )

    # -- answers ---------------------------------------------------------------

    def at(self, uri: str, position: types.Position) -> tuple[Desk, int, Lines] | None:
        """Return what an answer about a place is given from."""
        opened = self._opened.get(uri)
        if opened is None:
            return None
        try:
            desk = self.edition(opened.path).desk(opened.path)
        except ToolkitError as fault:
            self.tell(fault.message)
            return None
        return desk, protocol.offset_of(position, opened.lines), opened.lines

    def location(self, desk: Desk, found: Location) -> types.Location:
        """Return a place in a file of the edition."""
        lines = Lines(desk.edition.files[found.path].text, self.unit)
        return types.Location(
            self.uri(found.path), protocol.range_of(found.span, lines)
        )

    def uri(self, path: Path) -> str:
        """Return the address of a file, as the editor wrote it if it has it open."""
        known = (one.uri for one in self._opened.values() if one.path == path)
        return next(known, None) or str(uris.from_fs_path(str(path)))

    def actions(
        self, uri: str, wanted: list[types.Diagnostic]
    ) -> list[types.CodeAction]:
        """Return the mends of diagnostics."""
        found: list[types.CodeAction] = []
        for one in wanted:
            place = self.at(uri, one.range.start)
            if one.source != protocol.SOURCE or place is None:
                continue
            desk, offset, lines = place
            finding = next(
                (
                    known.finding
                    for known in self._opened[uri].diagnoses
                    if self._opened[uri].checked is lines
                    and protocol.diagnostic(known, lines) == one
                ),
                None,
            )
            found += [
                protocol.code_action(mend, uri, lines, one)
                for mend in mends(desk, str(one.code), offset, finding)
            ]
        return found


def path_of(uri: str) -> Path:
    """Return the file that a document is, or would be, saved as."""
    path = uris.to_fs_path(uri) if uri.startswith("file:") else None
    return Path(path).resolve() if path else Path.cwd() / Path(uri).name
