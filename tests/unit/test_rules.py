"""Schematron: rules fire where they should, and what cannot be run is said."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from toolkit.errors import SchemaError
from toolkit.findings import Severity
from toolkit.tei import TEI_NS, line_of
from toolkit.validate.schematron import rules
from toolkit.validate.schematron.contexts import Static, context_of
from toolkit.validate.xpath.expression import Expression, Reading, XPathError
from toolkit.validate.xpath.xpath1 import translated

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.tei import Element
    from toolkit.validate.violation import Violation

SCH_NS: Final = "http://purl.oclc.org/dsdl/schematron"
NAMESPACES: Final = {"tei": TEI_NS}
HEAD: Final = (
    f'<schema xmlns="{SCH_NS}" queryBinding="xslt2"><ns prefix="tei" uri="{TEI_NS}"/>'
)


def tei(content: str) -> Element:
    """Return a TEI element with some content."""
    return etree.fromstring(f'<TEI xmlns="{TEI_NS}">{content}</TEI>')


def schema(folder: Path, patterns: str, head: str = HEAD) -> rules.Rules:
    """Return a schema of some patterns."""
    path = folder / "rules.sch"
    path.write_text(f"{head}{patterns}</schema>", encoding="utf-8")
    return rules.load(path)


def broken(folder: Path, patterns: str, content: str) -> list[Violation]:
    """Return what a document breaks."""
    return list(rules.check(tei(content), schema(folder, patterns)))


def test_an_assert_that_fails_says_its_message_and_its_id(tmp_path: Path) -> None:
    (found,) = broken(
        tmp_path,
        '<pattern id="gap-reason"><rule context="tei:gap"><assert test="@reason">'
        "a gap says why it is\n there: give @reason</assert></rule></pattern>",
        '<p><gap reason="lost"/><gap/></p>',
    )
    assert found.code == "TEI200"
    assert found.message == "a gap says why it is there: give @reason [gap-reason]"
    assert found.severity is Severity.ERROR
    assert found.element.getprevious() is not None


def test_a_report_speaks_when_its_test_holds(tmp_path: Path) -> None:
    (found,) = broken(
        tmp_path,
        '<pattern><rule context="tei:p" role="warning">'
        '<report id="nested" test="ancestor::tei:p">p in p</report></rule></pattern>',
        "<p><p/></p>",
    )
    assert (found.message, found.severity) == ("p in p [nested]", Severity.WARNING)


@pytest.mark.parametrize(
    ("role", "severity"),
    [
        ("error", Severity.ERROR),
        ("fatal", Severity.ERROR),
        ("warning", Severity.WARNING),
        ("nonfatal", Severity.WARNING),
        ("info", Severity.WARNING),
    ],
)
def test_the_role_decides_the_weight(
    tmp_path: Path, role: str, severity: Severity
) -> None:
    (found,) = broken(
        tmp_path,
        f'<pattern><rule context="tei:p"><assert test="@n" role="{role}">m</assert>'
        "</rule></pattern>",
        "<p/>",
    )
    assert found.severity is severity


def test_messages_fill_in_names_and_values(tmp_path: Path) -> None:
    (found,) = broken(
        tmp_path,
        '<pattern><let name="all" value="count(//tei:p)"/>'
        '<rule context="tei:p"><let name="here" value="string(@n)"/>'
        '<assert id="i" test="not($here = \'2\')"><name/> <emph>no.</emph> '
        '<value-of select="$here"/> of <value-of select="$all"/> in <name path=".."/>'
        "</assert></rule></pattern>",
        '<p n="1"/><p n="2"/>',
    )
    assert found.message == "p no. 2 of 2 in TEI [i]"


def test_diagnostics_become_the_mend(tmp_path: Path) -> None:
    (found,) = broken(
        tmp_path,
        '<pattern><rule context="tei:p"><assert test="@n" diagnostics="d e">m</assert>'
        '</rule></pattern><diagnostics><diagnostic id="d">add <name/>/@n</diagnostic>'
        '<diagnostic id="e">or leave</diagnostic></diagnostics>',
        "<p/>",
    )
    assert found.help == "add p/@n; or leave"


def test_of_one_pattern_the_first_matching_rule_fires(tmp_path: Path) -> None:
    one = (
        '<rule context="tei:p[@n]"><assert id="a" test="false()">a</assert></rule>'
        '<rule context="tei:p"><assert id="b" test="false()">b</assert></rule>'
    )
    content = '<p n="1"/><p/>'
    together = broken(tmp_path, f"<pattern>{one}</pattern>", content)
    assert [found.message for found in together] == ["a [a]", "b [b]"]
    apart = one.replace("</rule><rule", "</rule></pattern><pattern><rule")
    assert len(broken(tmp_path, f"<pattern>{apart}</pattern>", content)) == 3


@pytest.mark.parametrize(
    ("context", "lines"),
    [
        ("tei:p", [2, 3, 4]),
        ("tei:*[@n]", [2, 4]),
        ("*", [1, 2, 3, 4, 5]),
        ("tei:p/tei:p", [4]),
        ("tei:TEI//tei:p[@n='2']", [4]),
        ("tei:p | tei:q", [2, 3, 4, 5]),
        ("(tei:p | tei:q)/tei:p", [4]),
        ("/tei:TEI", [1]),
        ("/tei:TEI/tei:q", [5]),
        ("//tei:q", [5]),
        ("child::tei:q", [5]),
        ("tei:p[2]", [3]),
        ("tei:p[last()]", [3, 4]),
        ("tei:p[position() = 1]", [2, 4]),
        ("tei:p[count(@n)]", [2, 4]),
        ("tei:p[@n = ('2', '3')]", [4]),
        ("tei:p[matches(@n, '^[12]$')][ancestor::tei:p]", [4]),
        ("tei:p/@n", [2, 4]),
        ("@n", [2, 4]),
        ("tei:q/@*", [5]),
        ("tei:p/@xml:id", [3]),
        ("tei:q/text()", [5]),
        ("text()[. = 'x']", [5]),
        ("comment()", [5]),
        ("tei:p[. = current()]", [2, 3, 4]),
        ("/", [1]),
        ("q", []),
        ("tei:nothing", []),
    ],
)
def test_contexts_match_as_patterns_do(
    tmp_path: Path, context: str, lines: list[int]
) -> None:
    escaped = context.replace("<", "&lt;").replace('"', "&quot;")
    content = (
        '\n<p n="1"/>\n<p xml:id="x">\n<p n="2"/></p>\n<q type="a">x<!-- c --></q>'
    )
    found = broken(
        tmp_path,
        f'<pattern><rule context="{escaped}"><report test="true()">m</report></rule>'
        "</pattern>",
        content,
    )
    assert [line_of(violation.element) for violation in found] == lines


def test_a_test_about_an_attribute_is_asked_at_the_attribute(tmp_path: Path) -> None:
    found = broken(
        tmp_path,
        '<pattern><rule context="tei:p/@n"><assert test=". = \'1\'"><name/> is '
        '<value-of select="."/></assert></rule></pattern>',
        '<p n="1"/><p n="2"/>',
    )
    assert [violation.message.split(" [")[0] for violation in found] == ["n is 2"]


@pytest.mark.parametrize(
    ("patterns", "said"),
    [
        (
            '<pattern><rule context="tei:p"><assert test="f(">m</assert></rule>'
            "</pattern>",
            "assert 'f(' cannot be read",
        ),
        (
            '<pattern><rule context="tei:p"><assert test="regex-group(1)">m</assert>'
            "</rule></pattern>",
            "unknown function 'regex-group'",
        ),
        ('<pattern><rule context="tei:"/></pattern>', "the context 'tei:'"),
        ('<pattern is-a="a"/>', "there is no abstract pattern 'a'"),
        (
            '<pattern><rule context="tei:p"><extends rule="r"/></rule></pattern>',
            "there is no abstract rule 'r'",
        ),
        ('<include href="more.sch"/>', "<include> of 'more.sch' is not possible"),
        ('<pattern><let name="x"/></pattern>', "$x has neither @value nor content"),
        (
            '<xsl:function xmlns:xsl="http://www.w3.org/1999/XSL/Transform"/>',
            "is XSLT, which is not run",
        ),
    ],
    ids=[
        "syntax",
        "function",
        "context",
        "abstract pattern",
        "abstract rule",
        "include",
        "let",
        "function of XSLT",
    ],
)
def test_what_cannot_be_run_is_a_lack_and_never_silence(
    tmp_path: Path, patterns: str, said: str
) -> None:
    lacks = schema(tmp_path, patterns).lacks
    assert len(lacks) == 1
    assert said in lacks[0].message


@pytest.mark.parametrize(
    "test",
    ["tei:q + 1", "xs:integer(@n) gt 1", "matches(., @n)", "doc('file:///etc/passwd')"],
)
def test_what_cannot_be_decided_is_a_finding(tmp_path: Path, test: str) -> None:
    (found,) = broken(
        tmp_path,
        f'<pattern><rule context="tei:p"><assert id="i" test="{test}">m</assert></rule>'
        "</pattern>",
        '<p n="(a"><q>x</q><q/></p>',
    )
    assert found.code == "TEI201"
    assert found.message.startswith("the rule [i] cannot be decided here: ")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<schema/>", "is not ISO Schematron"),
        ("<schema", "</schema>|not finished|no end"),
        ('<sch:schema xmlns:sch="http://purl.oclc.org/dsdl/schematron"', "no end"),
        (HEAD.replace("xslt2", "xquery") + "</schema>", "queryBinding 'xquery'"),
    ],
    ids=["namespace", "broken", "broken too", "binding"],
)
def test_a_schema_that_is_none_is_an_error(
    tmp_path: Path, source: str, said: str
) -> None:
    path = tmp_path / "rules.sch"
    path.write_text(source)
    with pytest.raises(SchemaError, match=said):
        rules.load(path)


def test_rules_inside_a_grammar_are_found(tmp_path: Path) -> None:
    path = tmp_path / "tei.rng"
    path.write_text(
        '<grammar xmlns="http://relaxng.org/ns/structure/1.0">'
        f'<s:ns xmlns:s="{SCH_NS}" prefix="tei" uri="{TEI_NS}"/>'
        f'<define name="p"><element name="p"><pattern id="i" xmlns="{SCH_NS}">'
        '<rule context="tei:p">'
        '<assert test="@n">m</assert></rule></pattern></element></define></grammar>'
    )
    (found,) = rules.check(tei("<p/>"), rules.load(path))
    assert found.message == "m [i]"


# -- XPath 2 and XPath 1 ---------------------------------------------------------

ASKED: Final = [
    "@n",
    "not(@n)",
    "tei:q or @n",
    "count(tei:q) = 1",
    "count(.//tei:q) gt 1",
    "@n = ('1', '2')",
    "@n != '1'",
    "@n eq '1'",
    "tei:q = @n",
    "normalize-space(.)",
    "string-length(normalize-space(@n)) > 1",
    "starts-with(@n, '1')",
    "contains(string(.), 'x')",
    "ancestor::tei:p[@n][1]/@n = '1'",
    "preceding-sibling::*[1][self::tei:q]",
    "empty(tei:q) and exists(@n)",
    "substring(@n, 2) = '2'",
    "substring(string(.), 1, 1) = //tei:q/@n",
    "matches(@n, '^\\d$')",
    "every $t in .//text() satisfies not(matches($t, 'x'))",
    "some $q in tei:q satisfies $q = '1'",
    "every $q in .//tei:q satisfies (string-length($q) = 1 and $q != 'y')",
    "//tei:q/@n = 'x'",
    "..//tei:q[@n]",
    "(tei:q | tei:p)[1]/self::tei:q",
]


@st.composite
def contents(draw: st.DrawFn, depth: int = 3) -> str:
    """Draw mixed content of ``p`` and ``q`` with few values."""
    pieces = draw(
        st.lists(
            st.sampled_from(["", " ", "x", "y", "1", "<!--x-->"])
            if not depth
            else st.one_of(
                st.sampled_from(["", " ", "x", "1"]),
                st.builds(
                    "<{0}{1}>{2}</{0}>".format,
                    st.sampled_from(["p", "q"]),
                    st.sampled_from(["", ' n="1"', ' n="x"', ' n="12"', ' n=""']),
                    contents(depth - 1),
                ),
            ),
            max_size=3,
        )
    )
    return "".join(pieces)


@settings(max_examples=40, deadline=None)
@given(contents())
def test_libxml2_and_elementpath_answer_alike(content: str) -> None:
    root = tei(content)
    reading = Reading(root)
    for source in ASKED:
        quick, slow = Expression(source, NAMESPACES), Expression(source, NAMESPACES)
        assert quick.is_quick, source
        slow._quick = None
        for element in root.iter("*"):
            assert quick.holds(reading, element, {}) == slow.holds(
                reading, element, {}
            ), (source, etree.tostring(element))


def test_words_behind_a_comment_count() -> None:
    root = tei("<p><!-- c -->word<?pi?> more</p>")
    asked = Expression("lower-case(.) = 'word more'", NAMESPACES)
    assert asked.holds(Reading(root), root[0], {})


@pytest.mark.parametrize(
    "source",
    [
        "@n + 1 = 2",
        "@n = 1",
        "@a < @b",
        "current()/@n",
        "$x",
        "tei:p/string() = 'a'",
        "tei:q eq 'a'",
        "tei:p[position() = last()]",
        "if (@n) then @a else @b",
        "tokenize(@n, ' ') = 'a'",
        "some $a in tei:p satisfies $a/@n",
        "some $a in tei:p, $b in tei:q satisfies $a = $b",
        "for $a in tei:p return $a",
        "tei:p intersect tei:q",
        "matches(@n, @pattern)",
        "@n castable as xs:date",
        "@n = 'it''s \"so\"'",
    ],
)
def test_what_could_differ_is_left_to_xpath_2(source: str) -> None:
    assert translated(Expression(source, NAMESPACES).token) is None


def test_every_rule_of_the_edition_is_answered_alike(checkout: Path) -> None:
    schematron = checkout / "schema" / "edition.sch"
    documents = sorted((checkout / "tei").glob("*.xml"))[:3]
    assert documents
    loaded = rules.load(schematron)
    tests = [check.test for rule in loaded.rules for check in rule.checks]
    assert len([test for test in tests if test.is_quick]) > len(tests) // 2
    quick = [list(rules.check(etree.parse(d).getroot(), loaded)) for d in documents]
    for test in tests:
        test._quick = None
    slow = [list(rules.check(etree.parse(d).getroot(), loaded)) for d in documents]
    assert [[v.message for v in one] for one in quick] == [
        [v.message for v in one] for one in slow
    ]


# -- remembered paths ------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "//tei:q/@n",
        "//tei:q[@n = current()/@n]",
        "//tei:q[@n = '1' and not(@x)]/..",
        "/tei:TEI/tei:p",
        "//tei:q[2]",
        "(//tei:q)[2]",
        "count(//tei:q)",
        "for $n in @n return //tei:q[@n = $n]",
        "//tei:p[some $q in tei:q satisfies $q/@n = '1']",
    ],
)
def test_remembered_paths_select_what_they_would_anyway(source: str) -> None:
    root = tei('<p n="1"><q n="1"/><q n="2"/></p><p n="2"><q n="1" x=""/></p>')
    reading = Reading(root)
    remembering = Expression(source, NAMESPACES)
    for element in root.iter("*"):
        plain = reading.context(element, {})
        token = Expression(source, NAMESPACES).token
        del plain.variables["memory()"]
        expected = [getattr(one, "value", one) for one in token.select(plain)]
        found = remembering.items(reading, element, {})
        assert [getattr(one, "value", one) for one in found] == expected


def test_asking_from_the_root_at_every_element_is_not_quadratic(
    tmp_path: Path,
) -> None:
    content = "".join(f'<q xml:id="q{n}"/><p n="#q{n}"/>' for n in range(800))
    found = broken(
        tmp_path,
        '<pattern><rule context="tei:p"><assert test="substring(@n, 2) = '
        '//tei:q/@xml:id">m</assert></rule></pattern>',
        content.replace('n="#q7"', 'n="#none"'),
    )
    assert len(found) == 1


# -- a referee -------------------------------------------------------------------


def test_lxml_finds_the_same(tmp_path: Path) -> None:
    patterns = (
        '<pattern><rule context="tei:p[@n]"><assert test="tei:q">a</assert>'
        '<report test="count(tei:q) &gt; 1">b</report></rule>'
        '<rule context="tei:p"><assert test="normalize-space()">c</assert></rule>'
        '</pattern><pattern><rule context="tei:p/tei:q"><assert '
        "test=\"@n or parent::tei:p/@n = '2'\">d</assert></rule></pattern>"
    )
    content = '<p n="1"/><p n="2"><q/><q/></p><p/><p>x</p><p>x<q/><q n="1"/></p>'
    ours = broken(tmp_path, patterns, content)
    isoschematron = importlib.import_module("lxml.isoschematron")  # has no stubs
    referee = isoschematron.Schematron(
        etree.fromstring(HEAD.replace("xslt2", "xslt") + patterns + "</schema>"),
        store_report=True,
    )
    referee.validate(tei(content))
    report = referee.validation_report
    svrl = {"s": "http://purl.oclc.org/dsdl/svrl"}
    theirs = report.xpath("//s:text", namespaces=svrl)
    assert sorted(v.message.split(" [")[0] for v in ours) == sorted(
        text.text.strip() for text in theirs
    )


def test_a_context_is_matched_by_name_first() -> None:
    context = context_of("tei:div/tei:p[@n] | tei:q", Static(NAMESPACES))
    assert context.tags == frozenset({f"{{{TEI_NS}}}p", f"{{{TEI_NS}}}q"})
    with pytest.raises(XPathError, match=r"\S"):
        context_of("tei:p[", Static(NAMESPACES))
