"""The commands that the README and the pages of docs/ print: they work as printed."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from click.testing import CliRunner
from lxml import etree

from tests.unit.conftest import tei_document
from toolkit.cli import cli
from toolkit.report.ways import Validation

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = ("README.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md")))
#: A command in an example, in a recipe for make or for a server, or in a table.
COMMAND: Final = re.compile(
    r"(?:^\s*\$ |^\t|^\s+- (?:run: )?|^\| `)(edition [a-z][^`\n]*)", re.MULTILINE
)
#: They take their time, and have tests of their own.
LONG: Final = {"build", "serve", "schema", "lsp"}


#: Rules that have the phase of the examples.
RULES: Final = """<schema xmlns="http://purl.oclc.org/dsdl/schematron">
<phase id="proofread"><active pattern="words"/></phase><pattern id="words">
<rule context="*"><report test="false()">no</report></rule></pattern></schema>"""


@cache
def commands() -> tuple[tuple[str, str], ...]:
    """Return every page with each of its commands."""
    return tuple(
        (page, found[1].partition(" # ")[0].strip())
        for page in PAGES
        for found in COMMAND.finditer((ROOT / page).read_text(encoding="utf-8"))
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An edition that has the files of the examples."""
    wrong = '<p xml:id="letter-p1">R & D, <persname>Kovács</persname></p>'
    for name, content in {
        "edition.toml": 'title = "Letters"\n',
        "tei/letter.xml": tei_document(wrong, "letter"),
        "letter.xml": tei_document(wrong, "letter"),
        "schema/edition.sch": RULES,
        "FILE": (ROOT / "schema" / "edition.rng").read_text(encoding="utf-8"),
        "other/received.xml": tei_document("<p>x</p>", "received"),
        "tei/d1967-11-25.xml": tei_document("<p>x</p>", "d1967-11-25"),
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def test_there_are_commands_to_run() -> None:
    assert {page for page, _ in commands()} >= {
        *("README.md", "docs/ci.md", "docs/reports.md", "docs/validation.md"),
    }
    assert len(commands()) > 20


@pytest.mark.parametrize("command", sorted({command for _, command in commands()}))
def test_a_documented_command_works_as_printed(
    folder: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Validation, "watch", lambda *_: False)
    words = shlex.split(command)[1:]
    given = b""
    if ">" in words:
        words = words[: words.index(">")]
    if "<" in words:
        given = Path(words[words.index("<") + 1]).read_bytes()
        words = words[: words.index("<")]
    if words[0] in LONG:
        cli.commands[words[0]].make_context(words[0], words[1:])
        return
    done = CliRunner().invoke(cli, words, input=given)
    assert done.exit_code in {0, 1}, done.output


@pytest.mark.parametrize("kind", ["sarif", "junit"])
def test_the_recipes_for_servers_write_what_they_upload(
    folder: Path, kind: str
) -> None:
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    found = re.search(rf"edition (validate --format {kind} --output (\S+))", page)
    assert found
    assert page.count(found[2]) == 2  # written, and taken up
    CliRunner().invoke(cli, shlex.split(found[1]))
    written = (folder / found[2]).read_bytes()
    if kind == "sarif":
        assert json.loads(written)["runs"][0]["results"]
    else:
        assert etree.fromstring(written).tag == "testsuites"


def hooks() -> Iterator[dict[str, str]]:
    """Yield the hooks for pre-commit: the plain keys of each."""
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    for one in re.split(r"^- ", text, flags=re.MULTILINE)[1:]:
        yield dict(re.findall(r"^ *(\w+): (.*)$", one, re.MULTILINE))


def test_the_hooks_start_the_command_for_the_files_of_an_edition(folder: Path) -> None:
    whole, changed = hooks()
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    for hook in (whole, changed):
        assert hook["id"] in page
        assert hook["language"] == "python"
        given = ["tei/letter.xml"] if hook is changed else []
        words = [*shlex.split(hook["entry"])[1:], *given]
        done = CliRunner().invoke(cli, words)
        assert done.exit_code == 1
        assert f"{1 if given else 2} file" in done.stderr
        assert re.search(hook["files"], "letters/tei/a.xml")
        assert not re.search(hook["files"], "notes/a.xml")
    assert {"pass_filenames": "false"}.items() <= whole.items()
    assert all(
        re.search(whole["files"], name)
        for name in ("edition.toml", "schema/edition.odd", "tei/a.xml")
    )


def test_the_finding_of_the_examples_is_the_real_one(folder: Path) -> None:
    for name in ("tei", "schema"):
        shutil.rmtree(folder / name)
        shutil.copytree(ROOT / name, folder / name)
    path = folder / "tei" / "d1962-08-27.xml"
    lines = path.read_text(encoding="utf-8").split("\n")
    lines[146] = lines[146].replace("persName", "persname")
    path.write_text("\n".join(lines), encoding="utf-8")
    done = CliRunner().invoke(cli, ["validate", str(path.relative_to(folder))])
    (finding,) = done.stdout.splitlines()
    for page in ("README.md", "docs/validation.md"):
        assert finding in (ROOT / page).read_text(encoding="utf-8")
