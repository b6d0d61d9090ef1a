"""Rules that would never end: a finding within seconds, and nothing else suffers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.unit.schemas import broken, loaded, tei
from toolkit.validate.schematron import rules
from toolkit.validate.xpath.breadth import breadth
from toolkit.validate.xpath.budget import Allowance, TooLongError
from toolkit.validate.xpath.expression import Expression
from toolkit.validate.xpath.regex_syntax import PatternError
from toolkit.validate.xpath.regexes import Cost, Pattern

if TYPE_CHECKING:
    from pathlib import Path

MANY = "<p n='1'>" + "<q n='2'>x</q>" * 2000 + "</p>"
#: Processor time within which a rule has to be given up.
SECONDS = 12.0

ENDLESS = [
    ("xslt2", "some $a in //*, $b in //*, $c in //* satisfies $a/@n + $b/@n = 77"),
    ("xslt2", "for $a in //*, $b in //* return ($a, $b)"),
    ("xslt2", "count(1 to 100000000000) = 1"),
    ("xslt2", "some $i in 1 to 1000000000 satisfies $i = -1"),
    ("xslt2", "(for $i in 1 to 100000 return $i)[last()] = 1"),
    ("xslt2", "//*[//*[//*[//*/@x]]]"),
    ("xslt", "//*[//*[//*[//*/@x]]]"),
    ("xslt", "//*[count(preceding::*[count(following::*) = 7]) = 7]"),
    ("xslt2", "count(//*[preceding::*/following::*/@x])"),
    ("xslt2", "matches(string-join(//text(), ''), '(x*)*(\\1)+y')"),
    ("xslt2", "count(distinct-values(for $i in 1 to 900000 return string($i))) = 1"),
    ("xslt2", "for $a in //*/@n, $b in 1 to 100 return index-of(//*/@n, $a)"),
    ("xslt3", "fold-left(1 to 60, 'x', function($a, $b) { concat($a, $a) }) = ''"),
    ("xslt3", "fold-left(1 to 60, 'x', function($a, $b) { $a || $a }) = ''"),
    ("xslt3", "fold-left(1 to 60, 10, function($a, $b) { $a * $a }) = 1"),
    ("xslt3", "count(fold-left(1 to 60, //*, function($a, $b) { ($a, $a) })) = 1"),
    ("xslt3", "array:size(fold-left(1 to 60, [1], function($a, $b) "
     "{ array:join(($a, $a)) })) = 1"),
    ("xslt3", "string-length(string-join(for $i in 1 to 90000 return string(/))) = 1"),
    ("xslt3", "for-each(1 to 100000, function($a) "
     "{ for-each(1 to 100000, function($b) { $b }) }) = 0"),
    ("xslt3", "let $f := function($g) { $g($g) } return $f($f)"),
    ("xslt2", "count(for $a in 1 to 100000 return string(/)) = 1"),
    ("xslt2", "count(for $a in 1 to 100000 return data(/)) = 1"),
    ("xslt2", "count(for $a in 1 to 99999 return string-to-codepoints(/)) = 1"),
    ("xslt3", "let $f := function($g, $s) { $g($g, concat($s, $s)) } "
     "return $f($f, 'x') = ''"),
    ("xslt3", "count((//*) ! (//*) ! (//*)) = 1"),
    ("xslt3", "Q{http://www.w3.org/2005/xpath-functions/math}pow(10, 10000000) = 1"),
    ("xslt2", "//*" + "[//*" * 40 + "]" * 40),
    ("xslt3", "fold-left(1 to 60, 'ab', function($a, $b) "
     "{ replace($a, '.', '$0$0$0$0') }) = ''"),
    ("xslt3", "count(sort(for $a in //*, $b in //* return $a/@n)) = 1"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("binding", "test"), ENDLESS)
def test_a_test_that_explodes_is_a_finding_within_seconds(
    tmp_path: Path, binding: str, test: str
) -> None:
    written = test.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    found = loaded(
        tmp_path,
        f'<pattern id="i"><rule context="tei:p"><assert test="{written}">no</assert>'
        '<assert test="@x">other</assert></rule></pattern>',
        binding,
    )
    assert not found.lacks
    started = time.process_time()
    said = [one.message for one in rules.check(tei(MANY), found)]
    assert time.process_time() - started < SECONDS
    assert said[-1] == "other [i]" or said[0] == "other [i]"
    assert len(said) == 2, said
    (other,) = [one for one in said if one != "other [i]"]
    assert other.startswith(("the rule [i] is not decided: ", "the rule [i] cannot be"))


@pytest.mark.parametrize(
    "test",
    [
        "matches(., '^(x+x+)+y$')",
        "tokenize(., '(x|x)*y') = ''",
        "replace(., '(x+)+y', 'z') = ''",
        "matches(., '^(((x*)*)*)*y')",
    ],
)
def test_regular_expressions_that_explode_elsewhere_are_decided(
    tmp_path: Path, test: str
) -> None:
    started = time.process_time()
    (said,) = broken(
        tmp_path,
        f'<pattern><rule context="tei:p"><assert test="{test}">m</assert></rule>'
        "</pattern>",
        f"<p>{'x' * 2000}</p>",
    )
    assert (said.code, time.process_time() - started < 2) == ("TEI200", True)


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        '<let name="x" value="for $a in //*, $b in //*, $c in //* return 1"/>{}',
        '<pattern><let name="x" value="count(//*[//*[//*]])"/></pattern>{}',
        '<pattern><rule context="tei:q[some $a in //*, $b in //* satisfies '
        '$a/@x = $b]"><assert test="@n">m</assert></rule></pattern>{}',
        '<pattern><rule context="tei:q[//*[//*/@n = current()/@x]][3]">'
        '<assert test="@n"/></rule></pattern>{}',
        '<let name="a" value="string-join(//text(), \'\')"/>'
        + "".join(
            f'<let name="a{n}" value="concat($a{n - 1 or ""}, $a{n - 1 or ""})"/>'
            for n in range(1, 60)
        )
        + "{}",
    ],
    ids=["variable", "pattern's variable", "context", "place", "doubling"],
)
def test_what_explodes_elsewhere_is_one_finding_too(tmp_path: Path, body: str) -> None:
    other = '<rule context="tei:p"><assert test="@x">other</assert></rule>'
    other = f"<pattern>{other}</pattern>"
    started = time.process_time()
    said = broken(tmp_path, body.format(other), MANY)
    assert time.process_time() - started < SECONDS
    assert sorted(one.code for one in said) == ["TEI200", "TEI202"]


@pytest.mark.slow
def test_many_exploding_rules_share_what_they_may_take(tmp_path: Path) -> None:
    test = "some $a in //*, $b in //* satisfies $a/@x = $b/@n + {}"
    one = f'<assert test="{test}">m</assert>'
    body = "".join(map(one.format, range(60)))
    started = time.process_time()
    said = broken(
        tmp_path, f'<pattern><rule context="tei:p">{body}</rule></pattern>', MANY
    )
    assert time.process_time() - started < 3 * SECONDS
    assert {one.code for one in said} == {"TEI202"}
    assert len(said) == 60


def test_steps_decide_so_that_every_machine_finds_the_same(tmp_path: Path) -> None:
    body = (
        '<pattern><rule context="tei:q"><assert test="every $q in //tei:q, $r in '
        '//tei:q satisfies $q/@n = $r/@n">m</assert></rule></pattern>'
    )
    content = "<q n='1'>x</q>\n" * 60
    lines = {
        one.element.sourceline
        for _ in range(3)
        for one in broken(tmp_path, body, content)
    }
    assert len(lines) <= 1


@pytest.mark.parametrize(
    ("source", "exponent"),
    [
        ("@n = ../@n", 0),
        ("not(ancestor::p)", 0),
        ("name(..) = 'p'", 0),
        ("ancestor::p/@n = 'x'", 0),
        ("contains(.., 'x')", 1),
        ("string(ancestor::p[1]) = 'x'", 1),
        ("//*[contains(., 'x')]", 1),
        ("//*[.. = 'x']", 2),
        ("//*[contains(string(/), 'x')]", 2),
    ],
)
def test_reading_the_text_above_costs_the_document(source: str, exponent: int) -> None:
    assert breadth(Expression(source, {}).token) == exponent


def test_an_allowance_leaves_every_rule_something() -> None:
    allowance = Allowance(0)
    for _ in range(5):
        budget = allowance.budget()
        with pytest.raises(TooLongError):
            budget.spend(allowance.steps + 1)
    last = allowance.budget()
    last.spend(allowance.steps // 100)
    with pytest.raises(TooLongError):
        last.spend(allowance.steps // 10)


# -- regular expressions -----------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "harmless"),
    [
        ("^[A-Z][a-z]+$", True),
        (r"\s+$", True),
        (r"(^|\s)0{4,}(\s|$)", True),
        (r"\d{4}-\d{2}-\d{2}", True),
        (r"^(\w+\s?)+$", False),
        ("(a|a)*b", False),
        ("(a?){30}a{30}", False),
        ("(.*)(.*)(.*)(.*)(.*)x", False),
    ],
)
def test_the_worst_case_is_known_before(source: str, harmless: bool) -> None:
    assert Pattern(source).is_harmless("a" * 1000) is harmless


@pytest.mark.parametrize(
    ("source", "text", "spans"),
    [
        ("(x+x+)+", "xx yxxx", [(0, 2), (4, 7)]),
        ("(a|ab)(c|bcd)", "abcd", [(0, 4)]),
        ("(a|ab)*?c", "ababc", [(0, 5)]),
        ("a{2,3}", "aaaaa", [(0, 3), (3, 5)]),
        ("[a-z-[aeiou]]+", "banana", [(0, 1), (2, 3), (4, 5)]),
        (r"\p{Lu}+", "aÄB", [(1, 3)]),
        ("^a|b$", "aab", [(0, 1), (2, 3)]),
    ],
)
def test_both_matchers_find_the_same(
    source: str, text: str, spans: list[tuple[int, int]]
) -> None:
    quick, slow = Pattern(source), Pattern(source)
    slow.cost = Cost(99, 1)  # which no text makes harmless
    assert [one[:2] for one in quick.find(text)] == spans
    assert list(slow.find(text)) == list(quick.find(text))
    assert slow.search(text) is quick.search(text)


@pytest.mark.parametrize(
    ("flags", "text", "matches"),
    [("i", "AB", True), ("", "AB", False), ("x", "ab", True), ("q", "a b", True)],
)
def test_flags_are_those_of_xpath(flags: str, text: str, matches: bool) -> None:
    assert Pattern("a b", flags).search(text) is (matches and flags != "i")
    assert Pattern("ab", flags).search(text) is (matches and flags != "q")


@pytest.mark.parametrize("source", ["(", "a{2,1}", "[", "\\", "a**", "(?=a)", "\\k"])
def test_what_is_no_pattern_is_said(source: str) -> None:
    with pytest.raises(PatternError):
        Pattern(source)
