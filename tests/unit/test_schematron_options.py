"""``--phase`` and ``--format svrl``: what a user asks of the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from click.testing import CliRunner
from lxml import etree

from tests.unit.conftest import tei_document
from tests.unit.schemas import loaded
from tests.unit.test_svrl import STRUCTURE
from toolkit.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

BODY: Final = (
    '<phase id="early"><active pattern="p"/></phase>'
    '<phase id="late"><active pattern="q"/></phase>'
    '<pattern id="p"><rule context="tei:ab"><assert test="@n">no n</assert></rule>'
    '</pattern><pattern id="q"><rule context="tei:q"><assert test="@n">no n</assert>'
    "</rule></pattern>"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with two documents and rules, which is the working folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    loaded(tmp_path, BODY)  # writes rules.sch
    (tmp_path / "parts").mkdir()
    for name in ("a.xml", "parts/a.xml"):
        (tmp_path / name).write_text(tei_document("<ab>x <q>y</q></ab>"))


def validate(*arguments: str, given: str | None = None) -> Result:
    asked = ["validate", "--schema", "rules.sch", "--only", "rules", *arguments]
    return CliRunner().invoke(cli, asked, input=given)


def rules_in(said: str) -> list[str]:
    return [line.rpartition(" ")[2] for line in said.splitlines() if "TEI200" in line]


# -- phases ------------------------------------------------------------------------


def test_every_phase_has_findings_of_its_own_also_from_the_cache() -> None:
    expected = {
        "early": ["[p]"],
        "late": ["[q]"],
        "#ALL": ["[p]", "[q]"],
        "#DEFAULT": ["[p]", "[q]"],
    }
    for _ in range(3):
        for phase, found in expected.items():
            done = validate("--phase", phase, "a.xml")
            assert (done.exit_code, rules_in(done.stdout)) == (1, found)


def test_every_stage_has_findings_of_its_own_also_from_the_cache(
    tmp_path: Path,
) -> None:
    (tmp_path / "grammar.rng").write_text(
        '<grammar xmlns="http://relaxng.org/ns/structure/1.0" '
        'xmlns:s="http://purl.oclc.org/dsdl/schematron">'
        '<s:ns prefix="t" uri="http://www.tei-c.org/ns/1.0"/><s:pattern id="p">'
        '<s:rule context="t:ab"><s:assert test="@n">no n</s:assert></s:rule>'
        "</s:pattern><start><element><anyName/><zeroOrMore><choice><attribute>"
        '<anyName/></attribute><text/><ref name="any"/></choice></zeroOrMore>'
        '</element></start><define name="any"><element><anyName/><zeroOrMore><choice>'
        '<attribute><anyName/></attribute><text/><ref name="any"/></choice>'
        "</zeroOrMore></element></define></grammar>"
    )
    for _ in range(2):
        for stage, found in {"grammar": [], "rules": ["[p]"]}.items():
            done = CliRunner().invoke(
                cli,
                ["validate", "--schema", "grammar.rng", "--only", stage, "a.xml"],
            )
            assert rules_in(done.stdout) == found, done.output


def test_a_phase_holds_for_standard_input_too() -> None:
    done = validate("--phase", "late", "-", given=tei_document("<ab/><q/>"))
    assert rules_in(done.stdout) == ["[q]"]


def test_an_unknown_phase_ends_with_those_that_are_known() -> None:
    done = validate("--phase", "lat", "a.xml")
    assert done.exit_code == 2
    assert "no phase 'lat'; known: #ALL, #DEFAULT, early, late" in done.output


@pytest.mark.parametrize("option", [["--phase", "late"], ["--format", "svrl"]])
def test_what_is_about_rules_needs_that_they_are_asked(option: list[str]) -> None:
    done = CliRunner().invoke(cli, ["validate", "--only", "grammar", *option, "a.xml"])
    assert done.exit_code == 2
    assert f"{option[0]}" in done.output
    assert "is about the rules" in done.output


# -- documents of the edition ------------------------------------------------------


def test_rules_read_the_edition_also_for_standard_input_and_mends(
    tmp_path: Path,
) -> None:
    (tmp_path / "edition.toml").write_text('title = "An edition"\n')
    loaded(
        tmp_path,
        '<pattern id="d"><rule context="tei:ab"><assert test="doc-available('
        "'parts/a.xml')\">none</assert></rule></pattern>",
    )
    for arguments, given in ((["a.xml"], None), (["-"], tei_document("<ab/>"))):
        done = validate(*arguments, given=given)
        assert (done.exit_code, done.stdout) == (0, ""), done.output


# -- SVRL --------------------------------------------------------------------------


def reports(path: Path) -> etree._Element:
    """Return a report, which has the structure of the standard."""
    report = etree.fromstring(path.read_bytes())
    assert etree.RelaxNG(etree.fromstring(STRUCTURE)).validate(report)
    return report


def failed(report: etree._Element) -> list[str | None]:
    found = report.iter("{*}failed-assert")
    return [one.get("test") for one in found]


def test_the_report_of_one_document_has_standard_output_to_itself() -> None:
    done = validate("--format", "svrl", "--phase", "late", "a.xml")
    assert done.exit_code == 1
    report = etree.fromstring(done.stdout_bytes)
    assert (report.get("phase"), failed(report)) == ("late", ["@n"])
    assert done.stderr == "1 file checked: 1 error, 0 warnings\n"


def test_the_report_of_standard_input_is_one_too() -> None:
    done = validate("--format", "svrl", "-", given=tei_document('<ab n="1"/><q/>'))
    assert len(failed(etree.fromstring(done.stdout_bytes))) == 1


def test_the_report_of_one_document_goes_into_a_file(tmp_path: Path) -> None:
    done = validate("--format", "svrl", "-o", "a.svrl", "a.xml")
    assert rules_in(done.stdout) == ["[p]", "[q]"]
    assert failed(reports(tmp_path / "a.svrl")) == ["@n", "@n"]


def test_several_reports_lie_in_a_folder_as_the_documents_do(tmp_path: Path) -> None:
    (tmp_path / "bad.xml").write_text("<TEI>")
    done = validate("--format", "svrl", "-o", "out", "a.xml", "parts/a.xml", "bad.xml")
    assert done.exit_code == 1
    assert done.output.count("bad.xml:") == 1
    made = {
        path.relative_to(tmp_path / "out"): path
        for path in (tmp_path / "out").rglob("*")
        if path.is_file()
    }
    assert sorted(map(str, made)) == ["a.svrl", "parts/a.svrl"]
    assert all(failed(reports(path)) for path in made.values())


def test_several_schemas_have_several_reports(tmp_path: Path) -> None:
    (tmp_path / "more.sch").write_text((tmp_path / "rules.sch").read_text())
    both = ("--schema", "more.sch", "--format", "svrl", "a.xml")
    done = validate(*both)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "2 schemas have rules" in done.output
    (tmp_path / "out").mkdir()
    assert validate(*both, "-o", "out").exit_code == 1
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["a.more.svrl", "a.rules.svrl"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["a.xml", "parts/a.xml"], "name one, or a folder"),
        (["-o", "rules.sch", "a.xml", "parts/a.xml"], "need a folder"),
        (["-o", "none/a.svrl", "a.xml"], "there is no folder none"),
        (["-q", "a.xml"], "--quiet leaves nothing"),
    ],
)
def test_reports_without_a_place_are_refused(arguments: list[str], said: str) -> None:
    done = validate("--format", "svrl", *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.output


def test_a_document_that_cannot_be_read_has_no_report(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<TEI>")
    done = validate("--format", "svrl", "a.xml")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "a.xml:1:" in done.stderr


def test_a_report_without_rules_is_refused(tmp_path: Path) -> None:
    loaded(tmp_path, "")
    done = validate("--format", "svrl", "a.xml")
    assert done.exit_code == 2
    assert "there are no Schematron rules" in done.output


def test_other_formats_go_into_no_folder() -> None:
    done = validate("--format", "json", "-o", "parts", "a.xml")
    assert done.exit_code == 2
    assert "parts is a folder" in done.output
