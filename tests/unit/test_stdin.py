"""Documents from standard input: named, checked, mended."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from tests.unit.conftest import tei_document
from toolkit.cli import cli
from toolkit.errors import ReadError
from toolkit.report import ways
from toolkit.report.ways import STDIN, read_stream

if TYPE_CHECKING:
    from click.testing import Result

    from tests.unit.conftest import MakeEdition

WRONG = "<p>R <persname>Kovács</persname></p>"


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what the tests keep away from the user's; work in the folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


def validate(*arguments: str, given: str | bytes) -> Result:
    """Run ``edition validate`` with something on standard input."""
    return CliRunner().invoke(cli, ["validate", *arguments], input=given)


def test_standard_input_is_checked_under_a_name_of_its_own() -> None:
    done = validate("-", given=tei_document(WRONG))
    assert done.exit_code == 1
    found = [line for line in done.stdout.splitlines() if "TEI101" in line]
    assert found[0].startswith("<stdin>:3:")
    assert "1 file checked" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--stdin-name", "a.xml"], "--stdin-name goes with -"),
        (["-", "a.xml"], "- (standard input) stands alone"),
        (["-", "--watch"], "--watch only lists findings"),
        (["-", "--fix", "--format", "json"], "standard output is needed"),
        (["-", "--baseline", "a", "--no-baseline"], "contradict each other"),
    ],
)
def test_what_does_not_go_together_is_refused(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    (tmp_path / "a.xml").write_text(tei_document("<p>x</p>"))
    done = validate(*arguments, given="")
    assert done.exit_code == 2
    assert said in done.stderr


def test_its_line_is_shown() -> None:
    done = validate("-", "--show-source", given=tei_document(WRONG))
    assert f" | {tei_document(WRONG).splitlines()[2]}"[:30] in done.stdout


def test_relative_pointers_are_followed_from_the_name_it_is_given(
    make_edition: MakeEdition,
) -> None:
    edition = make_edition(one='<p xml:id="here">x</p>')
    body = '<p xml:id="there"><ref target="one.xml#here">x</ref></p>'
    given = tei_document(body, "two")
    done = validate("-", "--only", "pointers", given=given)
    assert "<stdin>:3:116: error TEI302" in done.stdout
    name = str(edition.tei / "two.xml")
    done = validate("-", "--only", "pointers", "--stdin-name", name, given=given)
    assert (done.stdout, done.exit_code) == ("", 0)


def test_it_stands_for_the_file_whose_name_it_is_given(
    make_edition: MakeEdition,
) -> None:
    edition = make_edition(one='<p xml:id="old"><ref target="#old">x</ref></p>')
    given = tei_document('<p xml:id="new"><ref target="#new">x</ref></p>', "one")
    name = str(edition.tei / "one.xml")
    done = validate("-", "--only", "pointers", "--stdin-name", name, given=given)
    assert (done.stdout, done.exit_code) == ("", 0)


def test_it_may_name_its_schema(tmp_path: Path) -> None:
    rng = "http://relaxng.org/ns/structure/1.0"
    (tmp_path / "own.rng").write_text(
        f'<element name="x" xmlns="{rng}"><empty/></element>'
    )
    given = '<?xml-model href="own.rng"?>' + tei_document("<p>x</p>")
    assert "TEI200" in validate("-", "--ignore-model", given=given).stdout
    done = validate("-", given=given)
    assert "TEI1" in done.stdout
    assert "TEI200" not in done.stdout


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("", "XML001"),
        ("\ufeff \n", "XML001"),
        ("<TEI/>", "XML004"),
        ("<TEI", "XML002"),
        (b"\xff\xfe<", "XML00"),
    ],
    ids=["empty", "blank", "not TEI", "not well-formed", "cut UTF-16"],
)
def test_what_cannot_be_read_is_a_finding(given: str | bytes, code: str) -> None:
    done = validate("-", given=given)
    assert done.exit_code == 1
    assert f"error {code}" in done.stdout
    assert "Traceback" not in done.output


def test_more_than_a_file_may_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "MAX_BYTES", 10)
    assert read_stream(io.BytesIO(b"x" * 10), STDIN) == b"x" * 10
    with pytest.raises(ReadError, match="XML003"):
        read_stream(io.BytesIO(b"x" * 11), STDIN)


def test_mended_it_goes_to_standard_output() -> None:
    given = tei_document(WRONG.replace("R ", "R & D ")).encode("utf-16")
    done = validate("--fix", "-", given=given)
    right = tei_document(WRONG.replace("R ", "R &amp; D ").replace("persn", "persN"))
    assert done.stdout_bytes == right.encode("utf-16")
    assert "<stdin>:1:" in done.stderr
    assert "made 2 mends in 1 file" in done.stderr


def test_a_diff_of_it_can_be_seen() -> None:
    done = validate("--diff", "-", "--stdin-name", "a.xml", given=tei_document(WRONG))
    assert done.stdout.startswith("--- a.xml\n+++ a.xml\n@@ ")
    assert "\n\\ No newline at end of file\n" in done.stdout
    assert "would make 1 mend in 1 file" in done.stderr
    assert done.exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-", "."], "stands alone"),
        (["-", "--watch"], "--watch only lists findings"),
        (["--watch", "--fix"], "--watch only lists findings"),
        (["--watch", "--format", "json"], "--watch only lists findings"),
        (["-", "--fix", "--format", "json"], "standard output is needed"),
        (["--diff", "-o", "x.txt"], "standard output is needed"),
    ],
)
def test_what_contradicts_itself_is_refused(arguments: list[str], said: str) -> None:
    done = validate(*arguments, given="")
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())
    assert not Path("x.txt").exists()
