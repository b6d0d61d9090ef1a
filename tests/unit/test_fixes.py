"""``edition validate --fix`` and ``--diff``: what is written, what is only shown."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from tests.referees import program
from toolkit.cli import cli
from toolkit.config import load
from toolkit.errors import ToolkitError
from toolkit.findings import Finding
from toolkit.report.fixes import Mended, diff, show, wanted, write
from toolkit.report.paths import write_whole
from toolkit.validate.mending.fix import Fixed

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from tests.unit.conftest import MakeEdition

WRONG = "<p>R & D <persname>Kovács</persname></p>"


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what the tests keep away from the user's; work in the folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


def validate(*arguments: str) -> Result:
    """Run ``edition validate``."""
    return CliRunner().invoke(cli, ["validate", *arguments])


def fixed(before: bytes, after: bytes) -> Fixed:
    """Return a file and what it becomes."""
    return Fixed(before, after, 1, 0, ())


def test_mends_are_written_and_the_rest_is_reported(make_edition: MakeEdition) -> None:
    edition = make_edition(one=WRONG, two="<p>x</p>")
    one, two = edition.tei / "one.xml", edition.tei / "two.xml"
    before, other = one.read_bytes(), two.stat().st_mtime_ns
    one.chmod(0o640)
    done = validate("--fix")
    right = before.replace(b"&", b"&amp;").replace(b"persname", b"persName")
    assert one.read_bytes() == right
    assert one.stat().st_mode & 0o777 == 0o640
    assert two.stat().st_mtime_ns == other
    assert done.stderr.startswith("made 2 mends in 1 file\n2 files checked: ")
    assert "TEI101" not in done.stdout
    assert sorted(path.name for path in edition.tei.iterdir()) == ["one.xml", "two.xml"]
    again = validate("--fix")
    assert "made 0 mends in 0 files" in again.stderr
    assert one.read_bytes() == right


def test_what_can_be_mended_says_so(make_edition: MakeEdition) -> None:
    make_edition(one="<p><persname>Kovács</persname> <em>x</em></p>")
    lines = validate().stdout.splitlines()
    assert [line.endswith(" [--fix]") for line in lines if "TEI101" in line] == [
        True,
        False,
    ]


@pytest.mark.parametrize("arguments", [["--diff"], ["--fix", "--diff"]])
def test_a_diff_writes_nothing(make_edition: MakeEdition, arguments: list[str]) -> None:
    edition = make_edition(one=WRONG)
    before = (edition.tei / "one.xml").read_bytes()
    done = validate(*arguments)
    assert (edition.tei / "one.xml").read_bytes() == before
    lines = done.stdout.splitlines()
    assert lines[:2] == ["--- tei/one.xml", "+++ tei/one.xml"]
    assert [line[0] for line in lines if "Kovács" in line] == ["-", "+"]
    assert "would make 2 mends in 1 file; " in done.stderr
    assert done.exit_code == 1


@pytest.mark.parametrize("end", ["\n", "\r\n", ""], ids=["LF", "CRLF", "no end"])
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_diff_can_be_applied(tmp_path: Path, end: str, encoding: str) -> None:
    path = tmp_path / "a.xml"
    text = (
        f"<?xml version='1.0' encoding='{encoding}'?>{end}<a>{end}é\x85{end}</a>{end}"
    )
    before = text.encode(encoding)
    change = fixed(before, before.replace(b"<a>", b"<b>"))
    path.write_bytes(before)
    patch = diff(path, change)
    subprocess.run(
        [program("patch"), "-s", "--binary", path.name], input=patch, check=True
    )
    assert path.read_bytes() == change.after


def test_a_diff_of_wide_characters_can_be_read(tmp_path: Path) -> None:
    change = fixed("<a>é</a>\n".encode("utf-16"), "<b>é</b>\n".encode("utf-16"))
    shown = diff(tmp_path / "a.xml", change).decode()
    assert shown.endswith("-<a>é</a>\n+<b>é</b>\n")


def test_a_diff_on_a_terminal_does_nothing_to_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    show("+a\u009b31m\n".encode())
    assert capfd.readouterr().out == "+a\\x9b31m\n"


def test_a_file_that_was_changed_meanwhile_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(b"<new/>")
    with pytest.raises(ToolkitError, match="was changed while it was being mended"):
        write(path, fixed(b"<a/>", b"<b/>"))
    assert path.read_bytes() == b"<new/>"


def test_a_file_that_is_write_protected_is_left(make_edition: MakeEdition) -> None:
    path = make_edition(one=WRONG).tei / "one.xml"
    before = path.read_bytes()
    path.chmod(0o444)
    done = validate("--fix")
    assert done.exit_code == 2
    assert "tei/one.xml: is write-protected; it was left as it is" in done.stderr
    assert path.read_bytes() == before
    assert "would make 2 mends" in validate("--diff").stderr


def test_a_file_that_cannot_be_written_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(b"<a/>")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("toolkit.report.fixes.write_whole", full)
    with pytest.raises(ToolkitError, match=r"a\.xml: cannot be written: No space left"):
        write(path, fixed(b"<a/>", b"<b/>"))
    assert path.read_bytes() == b"<a/>"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.xml").write_bytes(b"<a/>")
    (tmp_path / "link.xml").symlink_to("real.xml")
    write_whole(tmp_path / "link.xml", b"<b/>")
    assert (tmp_path / "link.xml").is_symlink()
    assert (tmp_path / "real.xml").read_bytes() == b"<b/>"
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["link.xml", "real.xml"]


def test_what_the_edition_lives_with_is_not_mended(make_edition: MakeEdition) -> None:
    edition = make_edition(one="<p><persname>Kovács</persname></p>")
    (edition.root / "edition.toml").write_text(
        '[[ignore]]\ncode = "TEI101"\npath = "tei/*.xml"\nreason = "a joke"\n'
    )
    before = (edition.tei / "one.xml").read_bytes()
    assert "made 0 mends" in validate("--fix").stderr
    assert (edition.tei / "one.xml").read_bytes() == before
    is_wanted = wanted(load(edition.settings))
    finding = Finding(edition.tei / "one.xml", 3, 1, "TEI102", "x")
    assert is_wanted(finding)


def test_a_file_that_cannot_be_read_is_left_to_validation(
    make_edition: MakeEdition,
) -> None:
    edition = make_edition(one=WRONG)
    (edition.tei / "bad.xml").write_bytes(b"")
    done = validate("--fix")
    assert "made 2 mends in 1 file" in done.stderr
    assert "bad.xml:1:1: error XML001" in done.stdout


def test_the_sum_is_said_in_words() -> None:
    assert str(Mended(1, 1)) == "1 mend in 1 file"
    refused = "2 left out: another finding would come of them"
    assert str(Mended(2, 3, refused=2)) == f"3 mends in 2 files ({refused})"
