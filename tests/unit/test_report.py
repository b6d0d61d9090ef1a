"""Findings for people: one line, an excerpt, a caret; the sum; the exit."""

from __future__ import annotations

import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.reporting import findings, hostile, names, run_on, write, wrong
from toolkit.config import Edition
from toolkit.errors import ToolkitError
from toolkit.findings import Finding, Severity, one_line, visible
from toolkit.report import source
from toolkit.report.excerpt import TAB, excerpt
from toolkit.report.ignore import Ignore
from toolkit.report.paths import relative, write_whole
from toolkit.report.report import FailOn, Tally
from toolkit.report.run import Options, Scope, run
from toolkit.report.source import Sources
from toolkit.report.text import Style, colour_wanted, written

# -- one line ------------------------------------------------------------------


@given(hostile)
def test_a_text_on_one_line_holds_nothing_that_a_terminal_obeys(text: str) -> None:
    said = one_line(text)
    said.encode()
    assert len(said.splitlines()) <= 1
    assert not {unicodedata.category(c) for c in said} & {"Cc", "Cs", "Zl", "Zp"}
    assert "\u202e" not in said


@given(findings())
def test_a_finding_is_one_line_whatever_it_says(found: list[Finding]) -> None:
    for finding in found:
        assert len(str(finding).splitlines()) == 1
        assert "\x1b" not in str(finding)


def test_ordinary_text_is_left_as_it_is() -> None:
    text = "Kovács 漢字 e\u0301 \U0001f600 «x» לב ک‌ت"
    assert visible(text) == text


def test_hidden_characters_are_written_out() -> None:
    assert visible("a\x1b\u202e\n") == r"a\x1b\u202e\x0a"


# -- excerpts ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "column", "shown", "under"),
    [
        ("<p>One <b>", 8, "<p>One <b>", "<"),
        ("\t<b>", 2, " " * TAB + "<b>", "<"),
        ("漢字<b>", 3, "漢字<b>", "<"),
        ("e\u0301<b>", 3, "e\u0301<b>", "<"),
        ("\x1b[1m<b>", 5, "␛[1m<b>", "<"),
        ("\u202e<b>", 2, "\ufffd<b>", "<"),
    ],
    ids=["plain", "tab", "wide", "combining", "control", "direction"],
)
def test_the_caret_stands_under_the_column(
    line: str, column: int, shown: str, under: str
) -> None:
    first, second = excerpt(line, 12, column)
    assert first == f"   12 | {shown}"
    assert at_column(first, columns(second) - 1) == under


def columns(text: str) -> int:
    """Return how many columns a text takes."""
    return sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )


def at_column(text: str, column: int) -> str:
    """Return the character that begins at a 0-based column."""
    return next(
        c for i, c in enumerate(text) if columns(c) and columns(text[:i]) == column
    )


def test_an_unknown_column_has_no_caret() -> None:
    assert excerpt("<p>", 1, 0) == ["    1 | <p>"]


def test_a_column_behind_the_line_is_its_end() -> None:
    assert excerpt("abc", 1, 99)[1] == "      |    ^"


@given(
    st.text(st.sampled_from("ab 漢\t\u0301"), max_size=300),
    st.integers(1, 320),
    st.integers(20, 90),
)
def test_a_long_line_is_cut_around_the_caret(
    line: str, column: int, width: int
) -> None:
    first, second = excerpt(line, 7, column, width)
    assert columns(first) <= width + 1  # one for half of a wide character
    assert columns(second) <= width + 1
    assert second.endswith("^")
    if column <= len(line) and line[column - 1] == "a":
        assert at_column(first, columns(second) - 1) == "a"


# -- lines of documents --------------------------------------------------------


def test_lines_end_as_xml_has_them(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes("a\r\nb\rc\nd\u2028e\x0bf\n".encode())
    with Sources() as sources:
        found = [sources.line(path, number) for number in (1, 2, 3, 4, 5, 0, 2)]
    assert found == ["a", "b", "c", "d\u2028e\x0bf", None, None, "b"]


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "utf-8-sig"])
def test_lines_are_read_in_the_encoding_of_the_file(
    tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "a.xml"
    path.write_text(f'<?xml version="1.0" encoding="{encoding}"?>\né', encoding)
    with Sources() as sources:
        assert sources.line(path, 2) == "é"


def test_what_cannot_be_read_has_no_lines(tmp_path: Path) -> None:
    broken = tmp_path / "broken.xml"
    broken.write_bytes(b'<?xml version="1.0" encoding="nonsense-9"?>\n\xff')
    with Sources() as sources:
        assert sources.line(tmp_path / "missing.xml", 1) is None
        assert sources.line(tmp_path, 1) is None
        assert sources.line(Path("/dev/zero"), 1) is None
        assert sources.line(broken, 2) == "\ufffd"


def test_a_line_without_end_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "LONGEST", 10)
    path = tmp_path / "a.xml"
    path.write_text("x" * 35 + "\nshort\n" + "y" * 10 + "\n")
    with Sources() as sources:
        assert sources.line(path, 1) is None
        assert sources.line(path, 2) == "short"
        assert sources.line(path, 4) is None


# -- the listing ---------------------------------------------------------------

KIM = Finding(
    Path("tei/a.xml"), 1, 4, "TEI101", "<x> is unknown", help="write <y>"
)  # fmt: skip


def test_a_finding_with_its_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write(tmp_path, a="<p><x/></p>"))
    with Sources() as sources:
        text = written(KIM, Style(source=True), sources)
        plain = written(KIM, Style(), sources)
        coloured = written(KIM, Style(source=True, colour=True), sources)
    assert text == (
        "tei/a.xml:1:4: error TEI101 <x> is unknown\n"
        "    1 | <p><x/></p>\n"
        "      |    ^\n"
        "  help: write <y>\n"
    )
    assert plain == "tei/a.xml:1:4: error TEI101 <x> is unknown (help: write <y>)"
    assert "\x1b[31m" in coloured
    assert "\x1b[31m" in coloured.splitlines()[2]


@given(findings())
def test_colour_is_ours_and_never_the_documents(found: list[Finding]) -> None:
    with Sources() as sources:
        for finding in found:
            assert "\x1b" not in written(finding, Style(source=True), sources)


@pytest.mark.parametrize(
    ("terminal", "variables", "wanted"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
        (False, {"FORCE_COLOR": "1"}, True),
        (True, {"FORCE_COLOR": "0"}, True),
        (False, {"FORCE_COLOR": ""}, False),
        (False, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
    ids=[
        *("terminal", "pipe", "NO_COLOR", "empty NO_COLOR", "dumb"),
        *("forced", "not forced", "empty FORCE_COLOR", "both"),
    ],
)
def test_colour_only_on_a_terminal_or_if_it_is_forced(
    monkeypatch: pytest.MonkeyPatch,
    terminal: bool,
    variables: dict[str, str],
    wanted: bool,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert colour_wanted(terminal) is wanted


# -- the run -------------------------------------------------------------------

WARNING = wrong("a", 1, "TEI305", "taken", Severity.WARNING)


@pytest.mark.parametrize(
    ("found", "fail_on", "fails"),
    [
        ([wrong("a", 1)], FailOn.ERROR, True),
        ([wrong("a", 1)], FailOn.NEVER, False),
        ([WARNING], FailOn.ERROR, False),
        ([WARNING], FailOn.WARNING, True),
        ([WARNING], FailOn.NEVER, False),
        ([], FailOn.WARNING, False),
    ],
    ids=["error", "never", "warning", "on warning", "never on warning", "nothing"],
)
def test_what_makes_a_run_fail(
    tmp_path: Path, found: list[Finding], fail_on: FailOn, fails: bool
) -> None:
    write(tmp_path, a="<p/>")
    assert run_on(tmp_path, found, Options(fail_on=fail_on)) is fails


def test_quiet_says_the_sum_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, a="<p/>", b="<p/>")
    assert run_on(tmp_path, [wrong("a", 1), WARNING], Options(quiet=True))
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "2 files checked: 1 error, 1 warning\n"


def test_the_sum_says_what_was_kept_back() -> None:
    tally = Tally(files=1, errors=2, ignored=3, known=4)
    assert str(tally) == "1 file checked: 2 errors, 0 warnings (3 ignored, 4 known)"


def test_text_goes_into_a_file_and_nowhere_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "out.txt"
    run_on(write(tmp_path, a="<p/>"), [wrong("a", 1)], Options(output=target))
    assert target.read_text() == "tei/a.xml:1:1: error TEI101 <foo> is unknown\n"
    assert capsys.readouterr().out == ""


def test_a_report_in_a_file_leaves_the_list_on_the_screen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "out.json"
    options = Options(kind="json", output=target)
    run_on(write(tmp_path, a="<p/>"), [wrong("a", 1)], options)
    assert '"TEI101"' in target.read_text()
    assert capsys.readouterr().out == "tei/a.xml:1:1: error TEI101 <foo> is unknown\n"


def test_a_report_that_cannot_be_written_is_said_before_the_work(
    tmp_path: Path,
) -> None:
    check = (pytest.fail("the check has begun") for _ in range(1))
    options = Options(output=tmp_path / "gone" / "out.txt")
    with pytest.raises(ToolkitError, match="there is no folder"):
        run(check, Scope(Edition(write(tmp_path)), [], whole=True), options)


def test_a_terminal_gets_the_source_in_colour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "40")
    write(tmp_path, a="<foo/>" + "x" * 100)
    run_on(tmp_path, [wrong("a", 1)])
    _head, line, caret, *_ = capsys.readouterr().out.splitlines()
    assert line == "    1 | <foo/>" + "x" * 22 + "…"
    assert caret == "      | \x1b[31m\x1b[1m^\x1b[0m"
    run_on(tmp_path, [wrong("a", 1)], Options(show_source=False))
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_colour_that_is_forced_reaches_a_pipe_and_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    write(tmp_path, a="<foo/>")
    run_on(tmp_path, [wrong("a", 1)])
    assert "\x1b[31m" in capsys.readouterr().out
    output = tmp_path / "out.txt"
    run_on(tmp_path, [wrong("a", 1)], Options(output=output))
    assert "\x1b" not in output.read_text()


def test_other_schemas_say_nothing_of_ignores_and_baselines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = tmp_path / "known.json"
    run_on(write(tmp_path, a="<p/>"), [wrong("a", 1)], Options(write_baseline=known))
    edition = Edition(tmp_path.resolve(), ignore=(Ignore("TEI101", "**", "because"),))
    capsys.readouterr()
    run(
        iter([]),
        Scope(edition, edition.documents(), whole=True, own=False),
        Options(baseline=known),
    )
    assert capsys.readouterr().err == "1 file checked: 0 errors, 0 warnings\n"


def test_a_terminal_without_the_letters_gets_escapes() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "toolkit", "explain", "TEI101"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    assert rb"Kov\xe1cs" in done.stdout


def test_a_file_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out.txt"
    write_whole(target, b"first")

    def full(self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(target, b"second")
    assert target.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [target]


def test_a_link_stays_a_link_and_a_device_a_device(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_bytes(b"")
    link = tmp_path / "link.txt"
    link.symlink_to("real.txt")
    write_whole(link, b"x")
    assert link.is_symlink()
    assert (tmp_path / "real.txt").read_bytes() == b"x"
    write_whole(Path("/dev/null"), b"x")
    assert Path("/dev/null").is_char_device()


# -- paths ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "expected"),
    [("tei/a.xml", "tei/a.xml"), ("./tei/../b.xml", "b.xml"), ("../c.xml", "../c.xml")],
    ids=["below", "with dots", "outside"],
)
def test_paths_are_named_from_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, expected: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert relative(Path(path), tmp_path.resolve()) == expected
    assert relative(tmp_path / path, tmp_path.resolve()) == expected


def test_a_linked_document_is_named_where_it_is_linked(tmp_path: Path) -> None:
    (tmp_path / "pool").mkdir()
    (tmp_path / "pool" / "a.xml").write_text("<p/>")
    folder = tmp_path.resolve() / "edition"
    folder.mkdir()
    (folder / "a.xml").symlink_to("../pool/a.xml")
    assert relative(folder / "a.xml", folder) == "a.xml"


@given(names)
def test_any_name_of_a_file_can_be_said(name: str) -> None:
    visible(relative(Path(name), Path("/nowhere"))).encode()
