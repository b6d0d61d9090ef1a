"""A baseline: findings known for long, recognised wherever their lines move."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.conftest import MakeEdition, tei_document
from tests.unit.reporting import findings, hostile, run_on, write, wrong
from toolkit.cli import cli
from toolkit.errors import ConfigError
from toolkit.findings import Finding
from toolkit.report.baseline import Known, dumped, fingerprint, known, load
from toolkit.report.run import Options

LINES = "one\n  <foo/> in line two\nthree\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An edition of two documents, which is the working folder."""
    monkeypatch.chdir(write(tmp_path, a=LINES, b=LINES))
    return tmp_path


def listed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return the places that were reported."""
    return [one.split(": ")[0] for one in capsys.readouterr().out.splitlines()]


FILE = Path("known.json")
WRITE, READ = Options(write_baseline=FILE), Options(baseline=FILE)


def test_known_findings_are_counted_and_not_reported(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = [wrong("a", 2), wrong("b", 2)]
    assert not run_on(here, found, WRITE)
    said = capsys.readouterr()
    assert said.out == ""
    assert "2 findings written to known.json" in said.err
    assert not run_on(here, found, READ)
    assert "0 errors, 0 warnings (2 known)" in capsys.readouterr().err
    assert run_on(here, [*found, wrong("a", 3)], READ)
    assert listed(capsys) == ["tei/a.xml:3:1"]


def test_a_moved_line_is_known_again(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_on(here, [wrong("a", 2, message="<foo> is open since line 2")], WRITE)
    write(here, a="new\n\n\n" + LINES.replace("  <foo/>", "\t<foo/>"))
    assert not run_on(here, [wrong("a", 5, message="<foo> is open since line 5")], READ)
    write(here, a=LINES.replace("line two", "another line"))
    assert run_on(here, [wrong("a", 2, message="<foo> is open since line 2")], READ)


def test_one_more_of_a_kind_is_reported(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_on(here, [wrong("a", 2)], WRITE)
    assert run_on(here, [wrong("a", 2), wrong("a", 2)], READ)


def test_vanished_findings_are_said(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_on(here, [wrong("a", n) for n in (1, 2, 3)] + [wrong("b", 2)] * 2, WRITE)
    capsys.readouterr()
    run_on(here, [wrong("a", 1)], READ)
    said = capsys.readouterr().err
    assert said.count("  gone: tei/a.xml: TEI101 <foo> is unknown\n") == 2
    assert "  gone: tei/b.xml: TEI101 <foo> is unknown (2 times)\n" in said
    assert "4 known findings gone since the baseline was written" in said


def test_only_what_was_looked_at_can_vanish(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_on(here, [wrong("a", 2), wrong("b", 2)], WRITE)
    capsys.readouterr()
    run_on(here, [], READ, checked=["a"], whole=False)
    said = capsys.readouterr().err
    assert "tei/a.xml" in said
    assert "tei/b.xml" not in said
    run_on(here, [wrong("a", 1, "XML002", "broken")], READ, checked=["a"], whole=False)
    assert "gone" not in capsys.readouterr().err


def test_a_document_that_is_gone_takes_its_findings_along(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_on(here, [wrong("b", 2)], WRITE)
    (here / "tei" / "b.xml").unlink()
    capsys.readouterr()
    run_on(here, [], READ)
    assert "1 known finding gone" in capsys.readouterr().err


def test_a_baseline_of_a_part_keeps_the_rest(here: Path) -> None:
    run_on(here, [wrong("a", 2), wrong("b", 2)], WRITE)
    run_on(here, [wrong("a", 1)], WRITE, checked=["a"], whole=False)
    paths = Counter(one.path for one in load(FILE).elements())
    assert paths == {"tei/a.xml": 1, "tei/b.xml": 1}
    run_on(here, [], WRITE)
    assert load(FILE) == Counter()


def test_what_cannot_be_read_is_never_known(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_on(here, [wrong("a", 2)], WRITE)
    assert run_on(here, [wrong("a", 1, "XML002", "broken")], WRITE)
    assert listed(capsys) == ["tei/a.xml:1:1"]
    assert {one.code for one in load(FILE)} == {"TEI101"}


def test_a_baseline_is_sorted_and_one_entry_is_one_line(here: Path) -> None:
    run_on(here, [wrong("b", 2), wrong("a", 2), wrong("a", 2)], WRITE)
    text = FILE.read_text()
    entries = [json.loads(one.strip(" ,")) for one in text.splitlines() if "TEI" in one]
    assert [(one["path"], one["count"]) for one in entries] == [
        ("tei/a.xml", 2),
        ("tei/b.xml", 1),
    ]
    before = text
    run_on(here, [wrong("a", 2), wrong("b", 2), wrong("a", 2)], WRITE)
    assert FILE.read_text() == before


@given(found=findings(), line=hostile)
def test_a_baseline_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, found: list[Finding], line: str
) -> None:
    counts = Counter(known(one, "tei/a.xml", line) for one in found)
    path = tmp_path_factory.mktemp("b") / "known.json"
    path.write_text(dumped(counts), encoding="utf-8")
    assert load(path) == counts


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.text("ab \t", max_size=30))
def test_numbers_and_white_space_do_not_count(one: int, two: int, line: str) -> None:
    def at(number: int, text: str) -> Known:
        return known(wrong("a", number, message=f"line {number} <p>"), "a", text)

    assert at(one, line) == at(two, f"  {line.replace(' ', '  ')}\t")
    assert len(fingerprint(at(one, line))) == 32


def test_in_a_long_line_only_the_neighbourhood_counts() -> None:
    def at(line: str) -> Known:
        finding = Finding(Path("a"), 1, line.index("<foo/>") + 1, "TEI101", "m")
        return known(finding, "a", line)

    middle = "y" * 300 + "<foo/>" + "y" * 300
    assert at("x" * 500 + middle) == at("z" * 9000 + middle)
    assert at("x" * 500 + middle) != at("x" * 500 + middle.replace("/>y", "/>z"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "there is no such baseline\n  help: write it with"),
        ("{", "cannot be read"),
        ("[" * 100_000, "cannot be read"),
        ("\udcff", "cannot be read"),
        ("[]", "is no baseline"),
        ('{"version": 2, "findings": []}', "is of version 2"),
        ('{"version": 1, "findings": [{}]}', "write it anew"),
        ('{"version": 1, "findings": 3}', "write it anew"),
        (
            '{"version": 1, "findings": [{"path": [], "code": "", "message": "", '
            '"line": "", "count": 1}]}',
            "write it anew",
        ),
        (
            '{"version": 1, "findings": [{"path": "", "code": "", "message": "", '
            '"line": "", "count": 0}]}',
            "write it anew",
        ),
    ],
    ids=[
        "missing",
        "cut",
        "deep",
        "not UTF-8",
        "list",
        "version",
        "empty entry",
        "no list",
        "no word",
        "no count",
    ],
)
def test_what_is_no_baseline_is_refused(
    tmp_path: Path, content: str | None, said: str
) -> None:
    path = tmp_path / "known.json"
    if content is not None:
        path.write_text(content, errors="surrogateescape")
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert said in caught.value.message
    assert str(path) in caught.value.message


def test_the_command_writes_and_obeys_a_baseline(make_edition: MakeEdition) -> None:
    body = "\n<p>One <persname>Kim</persname>.</p>\n"
    edition = make_edition(one=body)
    validate = ["--edition", str(edition.root), "validate"]
    known_path = edition.root / "known.json"
    done = CliRunner().invoke(cli, [*validate, "--write-baseline", str(known_path)])
    assert done.exit_code == 0, done.output
    (edition.tei / "one.xml").write_text(
        tei_document(f"\n<p>1</p>\n{body}", "one"), encoding="utf-8"
    )
    done = CliRunner().invoke(cli, [*validate, "--baseline", str(known_path)])
    assert (done.exit_code, done.stdout) == (0, ""), done.output


def test_the_settings_name_a_baseline(make_edition: MakeEdition) -> None:
    edition = make_edition(one="<p>One <persname>Kim</persname>.</p>")
    settings = edition.settings
    settings.write_text(settings.read_text() + 'baseline = "known.json"\n')
    validate = ["--edition", str(edition.root), "validate"]
    done = CliRunner().invoke(cli, validate)
    assert done.exit_code == 2
    assert "there is no such baseline" in done.stderr
    target = str(edition.root / "known.json")
    CliRunner().invoke(cli, [*validate, "--write-baseline", target])
    done = CliRunner().invoke(cli, validate)
    assert done.exit_code == 0
    assert " known)" in done.stderr
    done = CliRunner().invoke(cli, [*validate, "--no-baseline"])
    assert done.exit_code == 1
