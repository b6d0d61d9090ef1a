"""``[[ignore]]`` in edition.toml: what is not reported, why, and whether still."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from tests.unit.reporting import run_on, write, wrong
from toolkit.cli import cli
from toolkit.config import load
from toolkit.errors import ConfigError
from toolkit.report.ignore import Ignore, pattern

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.conftest import MakeEdition

ANY = Ignore("TEI101", "tei/*.xml", "because")


@pytest.mark.parametrize(
    ("glob", "path", "fits"),
    [
        ("tei/a.xml", "tei/a.xml", True),
        ("./tei/a.xml", "tei/a.xml", True),
        ("tei/a.xml", "tei/axxml", False),
        ("tei/*.xml", "tei/a.xml", True),
        ("tei/*.xml", "tei/b/a.xml", False),
        ("tei/**/a.xml", "tei/a.xml", True),
        ("tei/**/a.xml", "tei/b/c/a.xml", True),
        ("tei/**", "tei/b/c/a.xml", True),
        ("**/a.xml", "a.xml", True),
        ("tei/d196?.xml", "tei/d1969.xml", True),
        ("tei/d196?.xml", "tei/d196/.xml", False),
        ("tei/[ab].xml", "tei/b.xml", True),
        ("tei/[!ab].xml", "tei/b.xml", False),
        ("tei/[a-c].xml", "tei/b.xml", True),
        ("tei/a[", "tei/a[", True),
        ("tei/A.xml", "tei/a.xml", False),
    ],
)
def test_patterns_for_paths(glob: str, path: str, fits: bool) -> None:
    assert bool(pattern(glob).fullmatch(path)) is fits


def test_an_ignored_finding_is_counted_and_not_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, a="<foo/>", b="<foo/>")
    found = [wrong("a", 1), wrong("b", 1, "TEI102")]
    run_on(tmp_path, found, ignores=(ANY,))
    said = capsys.readouterr()
    assert said.out.splitlines() == ["tei/b.xml:1:1: error TEI102 <foo> is unknown"]
    assert "1 error, 0 warnings (1 ignored)" in said.err


@pytest.mark.parametrize(
    ("contains", "kept"),
    [("<foo> is", [2]), ("second", [1]), ("of  this", [1]), ("nowhere", [1, 2])],
    ids=["message", "line", "white space", "nothing"],
)
def test_contains_asks_the_message_and_the_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    contains: str,
    kept: list[int],
) -> None:
    monkeypatch.chdir(write(tmp_path, a="first\nthe second of   this\n"))
    found = [wrong("a", 1), wrong("a", 2, message="<bar> is unknown")]
    ignore = Ignore("TEI101", "**", "because", contains)
    run_on(tmp_path, found, ignores=(ignore,), whole=False)
    lines = [int(one.split(":")[1]) for one in capsys.readouterr().out.splitlines()]
    assert lines == kept


def test_an_unused_ignore_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(write(tmp_path, a="<foo/>"))
    unused = Ignore("TEI301", "tei/*", "because", "#x", line=7)
    assert not run_on(tmp_path, [wrong("a", 1)], ignores=(ANY, unused))
    (line,) = capsys.readouterr().out.splitlines()
    assert line == (
        "edition.toml:7:1: warning CFG101 this [[ignore]] fits no finding "
        "(code TEI301, path 'tei/*', contains '#x') "
        "(help: remove the table, or correct its code, path or contains)"
    )


def test_a_check_of_a_part_does_not_judge_ignores(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_on(write(tmp_path, a="<p/>"), [], ignores=(ANY,), whole=False)
    assert capsys.readouterr().out == ""


def test_a_file_that_cannot_be_read_uses_no_ignore_and_blames_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(write(tmp_path, a="<p>"))
    run_on(tmp_path, [wrong("a", 1, "XML002", "broken")], ignores=(ANY,))
    (line,) = capsys.readouterr().out.splitlines()
    assert "XML002" in line


GOOD = 'code = "TEI101"\npath = "tei/*.xml"\nreason = "printed so"\n'


def test_ignores_are_read_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "edition.toml"
    path.write_text(f'title = "x"\n\n[[ignore]]\n{GOOD}\n[[ ignore ]]\n{GOOD}')
    first, second = load(path).ignore
    assert (first.line, second.line) == (3, 8)
    assert first.reason == "printed so"


def test_a_table_quoted_in_a_string_confuses_nobody(tmp_path: Path) -> None:
    path = tmp_path / "edition.toml"
    path.write_text(f"title = '''\n[[ignore]]\n'''\n[[ignore]]\n{GOOD}")
    assert [one.line for one in load(path).ignore] == [1]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('code = "TEI101"\npath = "*"\n', "needs reason; say why"),
        ('code = "TEI101"\npath = "*"\nreason = " "\n', "reason of [[ignore]] must be"),
        ('code = "TEI101"\nreason = "x"\n', "needs path"),
        (GOOD + 'line = "3"\n', "unknown key 'line'"),
        (GOOD.replace("TEI101", "TEI911"), "there is no code 'TEI911'; did you mean"),
        (GOOD.replace("TEI101", "XML002"), "cannot be ignored: the file was not"),
        (GOOD.replace("TEI101", "CFG101"), "cannot be ignored: it is about settings"),
        (GOOD.replace("tei/*.xml", "/tei"), "relative to the edition"),
        (GOOD.replace("tei/*.xml", "[z-a]"), "cannot be used"),
        (GOOD.replace('"TEI101"', "101"), "code of [[ignore]] must be words, not 101"),
    ],
    ids=[
        "no reason",
        "empty reason",
        "no path",
        "unknown key",
        "unknown code",
        "unreadable",
        "itself",
        "absolute",
        "bad pattern",
        "number",
    ],
)
def test_a_wrong_ignore_is_refused_with_its_line(
    tmp_path: Path, table: str, said: str
) -> None:
    path = tmp_path / "edition.toml"
    path.write_text(f"[[ignore]]\n{table}")
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert said in caught.value.message
    assert f"{path}:1: " in caught.value.message


def test_ignore_must_be_tables(tmp_path: Path) -> None:
    path = tmp_path / "edition.toml"
    path.write_text('ignore = "TEI101"\n')
    with pytest.raises(ConfigError, match=r"written \[\[ignore\]\]"):
        load(path)


def test_the_command_obeys_the_settings(make_edition: MakeEdition) -> None:
    edition = make_edition(one="<p>One <persname>Kim</persname>.</p>")
    settings = edition.settings
    settings.write_text(
        settings.read_text() + '[[ignore]]\ncode = "TEI101"\npath = "tei/one.xml"\n'
        'contains = "Kim"\nreason = "kept as the donor wrote it"\n'
    )
    arguments = ["--edition", str(edition.root), "validate"]
    done = CliRunner().invoke(cli, arguments)
    assert "TEI101" not in done.stdout
    assert "CFG101" not in done.stdout
    assert "(1 ignored)" in done.stderr
