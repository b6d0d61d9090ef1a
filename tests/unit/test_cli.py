"""The command line: what goes where, and with which exit code."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from toolkit.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.conftest import MakeEdition

COMMANDS = sorted(cli.commands)


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from toolkit.cli import cli\n"
        "assert CliRunner().invoke(cli, ['--help']).exit_code == 0\n"
        "heavy = {'lxml', 'jinja2', 'xmlschema', 'elementpath', 'multiprocessing'}\n"
        "print(*(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == ""
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_has_help(command: str) -> None:
    found = cli.commands[command]
    assert found.help
    for option in found.params:
        if option.param_type_name == "option":
            assert getattr(option, "help", None), option.name
    assert CliRunner().invoke(cli, [command, "--help"]).exit_code == 0


def test_render_writes_text_to_standard_output(make_edition: MakeEdition) -> None:
    edition = make_edition(one="<p>One <supplied>more</supplied> word.</p>")
    arguments = ["render", str(edition.tei / "one.xml"), "--to", "text"]
    done = CliRunner().invoke(cli, [*arguments, "--view", "source"])
    assert done.exit_code == 0
    assert done.stdout == "One [more] word.\n"
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "XML001 is empty"),
        (b"<TEI><p></TEI>", "XML002 </TEI> comes while <p> (opened on line 1)"),
        (b"<html/>", "XML004 is not a TEI document"),
        (b"\xff\xfe<\x00", "XML00"),
        (b"PK\x03\x04 not XML at all", "XML00"),
    ],
    ids=["empty", "not well-formed", "not TEI", "cut UTF-16", "a zip file"],
)
def test_render_says_what_is_wrong_with_a_file(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "letter.xml"
    path.write_bytes(content)
    done = CliRunner().invoke(cli, ["render", str(path)])
    assert done.exit_code == 2
    assert said in done.stderr
    assert f"{path}:" in done.stderr
    assert "Traceback" not in done.output
    assert done.stdout == ""


@pytest.mark.parametrize("name", ["missing.xml", "."], ids=["missing", "a folder"])
def test_render_refuses_what_is_no_file(tmp_path: Path, name: str) -> None:
    done = CliRunner().invoke(cli, ["render", str(tmp_path / name)])
    assert done.exit_code == 2
    assert "XML001" in done.stderr


def test_build_reports_what_it_made(make_edition: MakeEdition) -> None:
    edition = make_edition(one="<p>One.</p>")
    done = CliRunner().invoke(cli, ["--edition", str(edition.root), "build"])
    assert done.exit_code == 0
    assert "1 document and 0 registers" in done.stderr
    assert "words proved" in done.stderr
    assert done.stdout == ""


def test_build_fails_with_the_place_of_a_lost_word(make_edition: MakeEdition) -> None:
    edition = make_edition(one="<p>One <hi>lost</hi> word.</p>")
    own = edition.root / "templates" / "html" / "elements"
    own.mkdir(parents=True)
    (own / "hi.html").write_text("")
    done = CliRunner().invoke(cli, ["--edition", str(edition.root), "build"])
    assert done.exit_code == 2
    assert "one.xml: html, view reading: word 2 of 3, after 'One': lost: 'lost'" in (
        done.stderr
    )
    assert not edition.build.exists() or not list(edition.build.rglob("*.html"))


def test_validate_exits_with_1_on_errors(make_edition: MakeEdition) -> None:
    edition = make_edition(one="<p>One <persname>Kim</persname>.</p>")
    done = CliRunner().invoke(cli, ["validate", str(edition.tei / "one.xml")])
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert any(": error TEI1" in line and "persname" in line for line in lines)
    assert all(line.startswith(str(edition.tei / "one.xml")) for line in lines)
    assert "1 file checked" in done.stderr


def test_schema_check_names_what_is_stale(checkout: Path, tmp_path: Path) -> None:
    odd = checkout / "schema" / "edition.odd"
    arguments = ["schema", "--odd", str(odd), "-o", str(tmp_path)]
    done = CliRunner().invoke(cli, [*arguments, "--check"])
    assert done.exit_code == 1
    assert "edition.rng: stale" in done.stdout
    assert CliRunner().invoke(cli, arguments).exit_code == 0
    assert CliRunner().invoke(cli, [*arguments, "--check"]).exit_code == 0
    (tmp_path / "edition.rng").write_text("<grammar/>")
    done = CliRunner().invoke(cli, [*arguments, "--check"])
    assert "edition.rng: stale" in done.stdout


def test_a_file_that_is_named_twice_is_checked_once(make_edition: MakeEdition) -> None:
    edition = make_edition(one="<p>x</p>")
    named = [str(edition.tei), str(edition.tei / "one.xml")]
    done = CliRunner().invoke(cli, ["validate", "--only", "grammar", *named])
    assert done.stderr == "1 file checked: 0 errors, 0 warnings\n"
