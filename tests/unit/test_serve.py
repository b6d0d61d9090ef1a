"""The preview: what it sends, to whom, and what it tells of a build."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import closing
from http.client import HTTPConnection
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from tests.unit.conftest import tei_document
from toolkit.build.publication import STATE
from toolkit.cli import cli
from toolkit.errors import ToolkitError
from toolkit.serve.board import Board, State
from toolkit.serve.files import EVENTS, OWN, following, found, message, type_of
from toolkit.serve.preview import Preview
from toolkit.serve.server import HOST, Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.client import HTTPResponse
    from pathlib import Path

    from tests.unit.conftest import MakeEdition

PAGE = "<!DOCTYPE html><html><head><title>A</title></head><body>Ä</body></html>"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder of a site, with a secret beside it."""
    folder = tmp_path / "site"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(PAGE, encoding="utf-8")
    (folder / "assets" / "a.css").write_text("p {}")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "way-out.txt").symlink_to(tmp_path / "secret.txt")
    return folder


@pytest.fixture
def server(site: Path) -> Iterator[Server]:
    """A server that answers."""
    made = Server(0, site, Board())
    threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
    yield made
    made.board.close()
    made.shutdown()
    made.server_close()


def ask(
    server: Server, path: str, method: str = "GET", **headers: str
) -> tuple[HTTPResponse, bytes]:
    """Return an answer and its content."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    port = int(server.server_address[1])
    with closing(HTTPConnection(HOST, port, timeout=10)) as connection:
        connection.request(method, path, headers=named)
        answer = connection.getresponse()
        return answer, answer.read()


# -- files ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["/", "/index.html", "/index.html?q=x", "/assets/../%69ndex.html"]
)
def test_an_address_means_a_file(site: Path, address: str) -> None:
    assert found(site, address) == site.resolve() / "index.html"


@pytest.mark.parametrize(
    "address",
    [
        *("/../secret.txt", "/%2e%2e/secret.txt", "/assets/../../secret.txt"),
        *("/..%5csecret.txt", "//etc/passwd", "/way-out.txt", "/%00", "/none.html"),
        *("/assets", "/assets/", f"{OWN}server.py", f"{OWN}../../secret.txt", "x"),
        "/" + "x" * 5000,
    ],
)
def test_nothing_outside_the_site_is_found(site: Path, address: str) -> None:
    assert found(site, address) is None


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.html", "text/html; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.css", "text/css; charset=utf-8"),
        ("a.XML", "application/xml"),
        ("a.source.txt", "text/plain; charset=utf-8"),
        ("a.svg", "image/svg+xml"),
        ("a.ris", "application/x-research-info-systems"),
        ("a.unheard-of", "application/octet-stream"),
    ],
)
def test_a_file_has_the_type_of_its_name(site: Path, name: str, kind: str) -> None:
    assert type_of(site / name) == kind


def test_a_page_gets_a_script_that_its_policy_lets_listen() -> None:
    policy = '<meta http-equiv="Content-Security-Policy" content="default-src x"/>'
    page = PAGE.replace("<title>", f"{policy}<title>")
    made = following(page, State("7"))
    assert "content=\"connect-src 'self'; default-src x\"" in made
    assert made.index('data-version="7"') < made.index("</head>")
    assert made.endswith("<body>Ä</body></html>")


def test_a_page_without_a_head_keeps_its_words() -> None:
    assert following("<p>Ä", State("7")).startswith("<p>Ä<link")


def test_a_message_is_text_and_no_markup() -> None:
    assert "&lt;b&gt;" in message("<b>", "x")


# -- the server ----------------------------------------------------------------------


def test_a_page_is_sent_whole_and_not_kept(server: Server) -> None:
    answer, content = ask(server, "/")
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-cache")
    assert "<body>Ä</body>" in content.decode()
    assert int(answer.headers["Content-Length"]) == len(content)


def test_a_head_has_no_content(server: Server) -> None:
    answer, content = ask(server, "/assets/a.css", "HEAD")
    assert (answer.status, answer.headers["Content-Length"]) == (200, "4")
    assert content == b""


def test_what_the_browser_has_is_not_sent_again(server: Server, site: Path) -> None:
    tag = ask(server, "/assets/a.css")[0].headers["ETag"]
    assert ask(server, "/assets/a.css", If_None_Match=tag)[0].status == 304
    (site / "assets" / "a.css").write_text("q {}")
    answer, content = ask(server, "/assets/a.css", If_None_Match=tag)
    assert (answer.status, content) == (200, b"q {}")


def test_a_page_that_is_not_there_waits_for_its_coming(server: Server) -> None:
    answer, content = ask(server, "/none.html")
    assert answer.status == 404
    assert b"preview.js" in content


def test_nothing_can_be_written(server: Server) -> None:
    assert ask(server, "/index.html", "PUT")[0].status == 501
    assert ask(server, "/index.html", "POST")[0].status == 501


def test_a_foreign_name_for_this_machine_is_refused(server: Server) -> None:
    assert ask(server, "/", Host="evil.example:80")[0].status == 421
    assert ask(server, "/", Host="localhost")[0].status == 200
    assert ask(server, "/", Host="localhost:9")[0].status == 200


@pytest.mark.parametrize("name", ["preview.js", "preview.css"])
def test_the_script_and_style_of_the_preview_are_sent(
    server: Server, name: str
) -> None:
    answer, content = ask(server, f"{OWN}{name}")
    assert answer.status == 200
    assert b"preview-fault" in content


def test_the_server_listens_on_this_machine_only(server: Server) -> None:
    assert server.server_address[0] == "127.0.0.1"


def test_events_tell_the_state_and_each_new_one(server: Server) -> None:
    port = int(server.server_address[1])
    with closing(HTTPConnection(HOST, port, timeout=10)) as connection:
        connection.request("GET", EVENTS)
        answer = connection.getresponse()
        assert answer.headers["Content-Type"] == "text/event-stream"

        def told() -> dict[str, str]:
            """Return the next state."""
            while not (line := answer.readline()).startswith(b"data: "):
                pass
            return dict(json.loads(line.removeprefix(b"data: ")))

        first = told()
        server.board.stop("a.xml:1:1:\n<b>")
        assert told() == {**first, "fault": "a.xml:1:1:\n<b>"}
        server.board.mend()
        assert told() == first
        server.board.renew()
        assert told()["version"] != first["version"]
        answer.close()


def test_a_taken_port_is_an_error_that_says_what_to_do(
    make_edition: MakeEdition,
) -> None:
    edition = make_edition(a="<p>A.</p>")
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        done = CliRunner().invoke(
            cli, ["--edition", str(edition.root), "serve", "--port", str(port)]
        )
    assert done.exit_code == 2
    assert f"port {port} of 127.0.0.1 cannot be taken" in done.stderr
    assert "--port 0" in done.stderr


# -- builds --------------------------------------------------------------------------


def test_a_version_is_another_one_in_another_run() -> None:
    assert Board().state != Board().state


def test_a_preview_publishes_nothing(make_edition: MakeEdition) -> None:
    edition = make_edition(a="<p>A.</p>")
    preview = Preview(edition, Board())
    preview.build()
    assert "A." in (preview.site / "a.html").read_text()
    assert [path.name for path in edition.build.iterdir()] == [STATE]


def test_an_edit_gives_another_version_and_a_fault_keeps_the_page(
    make_edition: MakeEdition,
) -> None:
    board = Board()
    preview = Preview(make_edition(a="<p>A.</p>"), board)
    preview.build()
    first = board.state
    assert preview.build() == "nothing has changed"
    assert board.state == first
    make_edition(a="<p>B.</q>")
    with pytest.raises(ToolkitError):
        preview.build()
    assert board.state.version == first.version
    assert board.state.fault.startswith("tei/a.xml:3:")
    assert "A." in (preview.site / "a.html").read_text()
    make_edition(a="<p>B.</p>")
    preview.build()
    assert board.state.version != first.version
    assert board.state.fault == ""


def test_what_is_mended_as_it_was_loads_no_page_anew(make_edition: MakeEdition) -> None:
    board = Board()
    edition = make_edition(a="<p>A.</p>")
    preview = Preview(edition, board)
    preview.build()
    first = board.state
    edition.settings.write_text("titel = 'x'\n")
    with pytest.raises(ToolkitError, match="did you mean 'title'"):
        preview.build()
    edition.settings.write_text('title = "Test edition"\n')
    preview.build()
    assert board.state == first


def test_settings_are_read_anew(make_edition: MakeEdition) -> None:
    edition = make_edition(a="<p>A.</p>")
    preview = Preview(edition, Board())
    edition.settings.write_text('title = "Renamed"\noutputs = ["text"]\n')
    preview.build()
    assert "Renamed" in (preview.site / "index.html").read_text()
    edition.settings.write_text('outputs = ["sight"]\n')
    with pytest.raises(ToolkitError, match="no output 'sight'"):
        preview.build()


def test_documents_templates_and_settings_are_seen(make_edition: MakeEdition) -> None:
    edition = make_edition(a="<p>A.</p>")
    preview = Preview(edition, Board())
    before = preview.see()
    own = edition.root / "templates" / "html" / "elements" / "p.html"
    own.parent.mkdir(parents=True)
    own.write_text("x")
    (edition.tei / "b.xml").write_text("x")
    edition.settings.write_text("")
    changed = {path for path, _ in before.items() ^ preview.see().items()}
    assert changed == {own, edition.tei / "b.xml", edition.settings}


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGINT to send")
def test_ctrl_c_ends_the_preview_quietly(make_edition: MakeEdition) -> None:
    edition = make_edition(a="<p>A.</p>")
    (edition.tei / "a.xml").write_text(tei_document("<p>A.</q>"))
    command = [sys.executable, "-m", "toolkit", "--edition", str(edition.root)]
    with subprocess.Popen(
        [*command, "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("http://127.0.0.1:")
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "tei/a.xml:3:" in told
    assert "Traceback" not in told
