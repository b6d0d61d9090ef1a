"""The server of the preview: this machine only, reading only, nothing is cached."""

from __future__ import annotations

import json
import os
import socketserver
import sys
from dataclasses import asdict
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any, Final

from toolkit.errors import ToolkitError
from toolkit.serve import files

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.serve.board import Board

HOST: Final = "127.0.0.1"
#: Names under which a browser may ask. Another name that leads here would let a
#: foreign page read the preview.
_NAMES: Final = frozenset({HOST, "localhost"})
_PULSE: Final = 15.0  #: seconds after which a silent page is asked if it is still there


class Server(socketserver.ThreadingTCPServer):
    """Answers each request in a thread of its own."""

    daemon_threads = True
    allow_reuse_address = os.name != "nt"  # where it would let two have one port

    def __init__(self, port: int, site: Path, board: Board) -> None:
        """Take the port.

        Args:
            port: The port; 0: a free one.
            site: The folder to show.
            board: Tells open pages how the preview stands.

        Raises:
            ToolkitError: The port cannot be taken.
        """
        self.site, self.board = site, board
        try:
            super().__init__((HOST, port), Handler)
        except OSError as fault:
            raise ToolkitError(
                f"port {port} of {HOST} cannot be taken: {fault.strerror or fault}\n"
                "  help: --port 0 takes a free one"
            ) from None

    @property
    def address(self) -> str:
        """The address of the front page."""
        return f"http://{HOST}:{self.server_address[1]}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of readers who have gone away."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Answers one reader."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "edition-serve", ""

    def do_GET(self) -> None:
        """Send a file, a page that follows its source, or the events."""
        if self._name() not in _NAMES:
            words = f"The preview is at {self.server.address} only."
            self._say(HTTPStatus.MISDIRECTED_REQUEST, "Not here", words)
        elif self.path == files.EVENTS:
            self._events()
        else:
            self._file()

    def do_HEAD(self) -> None:
        """Send what GET would, without the content."""
        self.do_GET()

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing: the terminal tells of builds."""

    def _name(self) -> str:
        return self.headers.get("Host", HOST).rpartition(":")[0] or self.headers["Host"]

    def _file(self) -> None:
        state = self.server.board.state  # before the file is read: never too new
        file = files.found(self.server.site, self.path)
        try:
            content = file.read_bytes() if file else None
        except OSError:  # it went in this moment
            content = None
        if file is None or content is None:
            words = (
                "There is no such page in the edition. It is shown when it is there."
            )
            self._say(HTTPStatus.NOT_FOUND, "No such page", words)
            return
        kind = files.type_of(file)
        if kind == files.HTML:
            content = files.following(content.decode(), state).encode()
        self._send(HTTPStatus.OK, kind, content)

    def _say(self, status: HTTPStatus, title: str, words: str) -> None:
        page = files.following(files.message(title, words), self.server.board.state)
        self._send(status, files.HTML, page.encode())

    def _send(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        tag = f'"{sha256(content).hexdigest()[:32]}"'
        if status is HTTPStatus.OK and tag in self.headers.get("If-None-Match", ""):
            status, content = HTTPStatus.NOT_MODIFIED, b""
        self.send_response(status)
        self._common()
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
        if status in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}:
            self.send_header("ETag", tag)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _common(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        self.send_header("X-Content-Type-Options", "nosniff")

    def _events(self) -> None:
        """Tell the state, and each new one, as long as the reader stays."""
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self._common()
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command == "HEAD":
            return
        board, told = self.server.board, None
        self.wfile.write(b"retry: 1000\n\n")
        while board.is_open:
            state = board.state if told is None else board.wait(told, _PULSE)
            said = ":" if state == told else f"data: {json.dumps(asdict(state))}"
            self.wfile.write(f"{said}\n\n".encode())
            told = state
