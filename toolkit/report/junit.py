"""JUnit XML: what nearly every build server reads and shows as tests."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from lxml import etree

from toolkit.findings import one_line

if TYPE_CHECKING:
    from toolkit.report.report import Entry, FailOn, Report


def junit(report: Report) -> str:
    """Return a report as JUnit XML.

    Every document is a test suite. A finding that makes the run fail is a failed
    test, any other a skipped one, and a document without findings one test passed.
    A test is named by code and message, so it keeps its name when lines move.
    """
    by_path: dict[str, list[Entry]] = defaultdict(list)
    for entry in report.entries:
        by_path[entry.path].append(entry)
    suites = etree.Element("testsuites", name="edition validate")
    for path in sorted({*report.documents, *by_path}):
        _suite(suites, path, by_path.get(path, []), report.fail_on)
    _sum(suites)
    etree.indent(suites)
    text = etree.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _suite(
    suites: etree._Element, path: str, entries: list[Entry], fail_on: FailOn
) -> None:
    suite = etree.SubElement(suites, "testsuite", name=path)
    if not entries:
        etree.SubElement(suite, "testcase", classname=path, name="valid", file=path)
    names: Counter[str] = Counter()
    for entry in entries:
        finding = entry.finding
        name = f"{finding.code} {one_line(finding.message)}"
        names[name] += 1
        if names[name] > 1:
            name += f" ({names[name]})"
        case = etree.SubElement(suite, "testcase", classname=path, name=name, file=path)
        if finding.line:
            case.set("line", str(finding.line))
        place = f"{path}:{finding.line}:{finding.column}"
        said = f"{place}: {finding.severity} {finding.code} {finding.words}"
        if fail_on.weighs(finding.severity):
            failure = etree.SubElement(case, "failure", type=finding.code)
            failure.set("message", one_line(finding.message))
            failure.text = said
        else:
            etree.SubElement(case, "skipped", message=said)


def _sum(suites: etree._Element) -> None:
    """Write how many tests there are, in each suite and in all."""
    for suite in (*suites, suites):
        counts = {
            "tests": len(list(suite.iter("testcase"))),
            "failures": len(list(suite.iter("failure"))),
            "errors": 0,
            "skipped": len(list(suite.iter("skipped"))),
        }
        for name, count in counts.items():
            suite.set(name, str(count))
