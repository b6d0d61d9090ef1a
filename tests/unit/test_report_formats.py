"""Reports for programs: what they say, and that nothing in a finding breaks them."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from lxml import etree

from tests.unit.reporting import findings, report_of, run_on, write, wrong
from toolkit.findings import Finding, Severity
from toolkit.report.codes import catalogue
from toolkit.report.formats import FORMATS
from toolkit.report.report import FailOn
from toolkit.report.run import Options

TWO = [
    Finding(
        Path("tei/b.xml"), 3, 7, "TEI101", "<x> is unknown, in <p>", help="write <y>"
    ),
    Finding(Path("tei/a.xml"), 0, 0, "TEI305", "taken", Severity.WARNING),
]
FILES = ["tei/b.xml", "tei/a.xml", "tei/c.xml"]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_report_is_the_same_in_any_order(kind: str) -> None:
    made = FORMATS[kind](report_of(TWO, FILES))
    assert made == FORMATS[kind](report_of(TWO[::-1], FILES[::-1]))
    assert str(Path.cwd()) not in made


@pytest.mark.parametrize("kind", FORMATS)
@given(found=findings())
def test_every_report_is_utf8(kind: str, found: list[Finding]) -> None:
    FORMATS[kind](report_of(found)).encode()


def test_a_report_alone_has_standard_output_to_itself(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    write(tmp_path, a="<p/>")
    run_on(tmp_path, [wrong("a", 1, message="漢")], Options(kind="json"))
    said = capsysbinary.readouterr()
    assert json.loads(said.out)["findings"][0]["message"] == "漢"
    assert said.err == b"1 file checked: 1 error, 0 warnings\n"


# -- JSON ----------------------------------------------------------------------


def test_json_has_every_finding_and_the_sum() -> None:
    content = json.loads(FORMATS["json"](report_of(TWO, FILES)))
    assert content["version"] == 1
    first, second = content["findings"]
    assert (first["path"], first["line"], first["column"]) == ("tei/a.xml", None, None)
    del second["fingerprint"]
    assert second == {
        "path": "tei/b.xml",
        "line": 3,
        "column": 7,
        "severity": "error",
        "code": "TEI101",
        "message": "<x> is unknown, in <p>",
        "help": "write <y>",
        "mendable": False,
    }
    assert content["summary"] == {
        "files": 3,
        "errors": 1,
        "warnings": 1,
        "ignored": 0,
        "known": 0,
        "gone": 0,
    }


@given(findings())
def test_json_gives_back_every_message(found: list[Finding]) -> None:
    content = json.loads(FORMATS["json"](report_of(found)))
    said = [(one["code"], one["message"], one["help"]) for one in content["findings"]]
    assert Counter(said) == Counter((one.code, one.message, one.help) for one in found)


def test_equal_findings_have_different_fingerprints() -> None:
    same = [wrong("a", 1), wrong("a", 2), wrong("a", 2)]
    content = json.loads(FORMATS["json"](report_of(same)))
    prints = [one["fingerprint"] for one in content["findings"]]
    assert [one.partition(":")[2] for one in prints] == ["1", "2", "3"]
    assert len({one.partition(":")[0] for one in prints}) == 1


# -- SARIF ---------------------------------------------------------------------


def sarif_of(found: list[Finding]) -> dict[str, Any]:
    """Return the one run of a SARIF log."""
    log = json.loads(FORMATS["sarif"](report_of(found, FILES)))
    assert set(log) == {"$schema", "version", "runs"}
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    return dict(run)


def test_sarif_explains_every_code() -> None:
    rules = sarif_of([])["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(catalogue())
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"]
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in {"error", "warning"}


def test_sarif_places_a_finding() -> None:
    first, second = sarif_of(TWO)["results"]
    place = second["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "tei/b.xml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3, "startColumn": 7},
    }
    assert "region" not in first["locations"][0]["physicalLocation"]
    assert (first["level"], second["level"]) == ("warning", "error")


def test_in_sarif_no_message_is_a_placeholder_or_a_link() -> None:
    (result,) = sarif_of([wrong("a", 1, message="{0} {urn:x}p [click](http://x)")])[
        "results"
    ]
    assert result["message"]["text"] == "{{0}} {{urn:x}}p [click] (http://x)"


@given(findings())
def test_sarif_keeps_to_its_schema(found: list[Finding]) -> None:
    """Hold what SARIF's schema and prose ask of the parts that are written."""
    run = sarif_of(found)
    rules = run["tool"]["driver"]["rules"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert len(run["results"]) == len(found)
    for result in run["results"]:
        if result["ruleId"] in catalogue():
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        else:
            assert "ruleIndex" not in result
        text = result["message"]["text"]
        assert not re.search(r"\{\d|\]\(|[\n\r\x1b]", text.replace("{{", ""))
        place = result["locations"][0]["physicalLocation"]
        uri = place["artifactLocation"]["uri"]
        assert re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+", uri)
        assert unquote(uri).startswith("tei/")
        for number in place.get("region", {"startLine": 1}).values():
            assert number >= 1


# -- JUnit ---------------------------------------------------------------------


def test_junit_has_a_suite_for_every_document() -> None:
    root = etree.fromstring(FORMATS["junit"](report_of(TWO, FILES)).encode())
    told = [
        (suite.get("name"), *(suite.get(k) for k in ("tests", "failures", "skipped")))
        for suite in root
    ]
    assert told == [
        ("tei/a.xml", "1", "0", "1"),
        ("tei/b.xml", "1", "1", "0"),
        ("tei/c.xml", "1", "0", "0"),
    ]
    assert (root.get("tests"), root.get("failures")) == ("3", "1")
    failure = next(root.iter("failure"))
    assert failure.get("type") == "TEI101"
    assert failure.text == (
        "tei/b.xml:3:7: error TEI101 <x> is unknown, in <p> (help: write <y>)"
    )


@pytest.mark.parametrize(
    ("fail_on", "failures"),
    [(FailOn.ERROR, "1"), (FailOn.WARNING, "2"), (FailOn.NEVER, "0")],
    ids=str,
)
def test_junit_fails_what_makes_the_run_fail(fail_on: FailOn, failures: str) -> None:
    made = FORMATS["junit"](report_of(TWO, FILES, fail_on))
    assert etree.fromstring(made.encode()).get("failures") == failures


@given(findings())
def test_junit_is_xml_and_names_each_test_once(found: list[Finding]) -> None:
    root = etree.fromstring(FORMATS["junit"](report_of(found)).encode())
    cases = [(c.get("classname"), c.get("name")) for c in root.iter("testcase")]
    assert len(cases) == len(set(cases)) == len(found)


# -- GitHub --------------------------------------------------------------------

_COMMAND = re.compile(
    r"::(?P<kind>error|warning) (?P<properties>[^\n]*?)::(?P<message>[^\n]*)\n"
)


def unescaped(text: str, wide: bool = False) -> str:
    """Undo the escapes as GitHub's runner does."""
    for escape, character in [("%0D", "\r"), ("%0A", "\n")] + (
        [("%3A", ":"), ("%2C", ",")] if wide else []
    ):
        text = text.replace(escape, character)
    return text.replace("%25", "%")


def test_github_gets_one_command_for_each_finding() -> None:
    assert FORMATS["github"](report_of(TWO, FILES)) == (
        "::warning file=tei/a.xml,title=TEI305 id used in another document::taken\n"
        "::error file=tei/b.xml,line=3,col=7,title=TEI101 unknown element"
        "::<x> is unknown, in <p> (help: write <y>)\n"
    )


@given(findings())
def test_no_finding_ends_a_workflow_command_early(found: list[Finding]) -> None:
    report = report_of(found)
    lines = FORMATS["github"](report).splitlines(keepends=True)
    assert len(lines) == len(found)
    for line, entry in zip(lines, report.entries, strict=True):
        command = _COMMAND.fullmatch(line)
        assert command is not None
        assert command["kind"] == str(entry.finding.severity)
        assert unescaped(command["message"]) == entry.finding.words
        properties = dict(
            part.split("=", 1) for part in command["properties"].split(",")
        )
        assert unescaped(properties["file"], wide=True) == entry.path
        assert set(properties) <= {"file", "line", "col", "title"}
