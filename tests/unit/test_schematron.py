"""Schematron, the parts of the standard: each does what it says, or is a lack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lxml import etree

from tests.unit.schemas import SCH_NS, XSL, broken, loaded, messages, schema, tei
from toolkit.cache import Cache
from toolkit.errors import SchemaError
from toolkit.findings import Severity
from toolkit.tei import TEI_NS, Document, line_of
from toolkit.validate.schematron import rules
from toolkit.validate.stages import Stages
from toolkit.validate.xpath.library import Library

if TYPE_CHECKING:
    from pathlib import Path

P_AND_Q = (
    '<phase id="early"><active pattern="p"/></phase>'
    '<phase id="late"><let name="wanted" value="\'2\'"/><active pattern="q"/></phase>'
    '<pattern id="p"><rule context="tei:p"><assert test="@n">p</assert></rule>'
    "</pattern>"
    '<pattern id="q"><rule context="tei:q"><assert test="@n">q</assert></rule>'
    "</pattern>"
)


# -- phases ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phase", "default", "said"),
    [
        (None, "", ["p", "q"]),
        (None, "early", ["p"]),
        ("#DEFAULT", "late", ["q"]),
        ("#ALL", "late", ["p", "q"]),
        ("late", "early", ["q"]),
    ],
)
def test_a_phase_runs_its_patterns(
    tmp_path: Path, phase: str | None, default: str, said: list[str]
) -> None:
    attributes = f'defaultPhase="{default}"' if default else ""
    found = loaded(tmp_path, P_AND_Q, phase=phase, attributes=attributes)
    assert messages(list(rules.check(tei("<p/><q/>"), found))) == said


def test_a_phase_that_is_not_there_is_an_error_that_lists_those_that_are(
    tmp_path: Path,
) -> None:
    with pytest.raises(SchemaError, match="'lat'; known: #ALL, #DEFAULT, early, late"):
        loaded(tmp_path, P_AND_Q, phase="lat")


def test_a_phase_has_variables_of_its_own(tmp_path: Path) -> None:
    body = P_AND_Q.replace('<assert test="@n">q', '<assert test="@n = $wanted">q')
    found = loaded(tmp_path, body, phase="late")
    assert messages(list(rules.check(tei('<q n="1"/><q n="2"/>'), found))) == ["q"]
    (lack,) = loaded(tmp_path, body).lacks
    assert "$wanted, which is declared nowhere" in lack.message


def test_a_phase_that_names_no_pattern_is_a_lack(tmp_path: Path) -> None:
    body = P_AND_Q.replace('pattern="q"', 'pattern="r"')
    (lack,) = loaded(tmp_path, body, phase="late").lacks
    assert lack.message == "there is no pattern 'r' to be active"


# -- abstract patterns and rules ---------------------------------------------------


def test_an_abstract_pattern_is_filled_in_by_its_parameters(tmp_path: Path) -> None:
    found = broken(
        tmp_path,
        '<pattern abstract="true" id="needs"><rule context="$holder">'
        '<let name="own" value="$part"/>'
        '<assert test="$part and $own"><name/> lacks <value-of select="\'$part\'"/>'
        "</assert></rule></pattern>"
        '<pattern is-a="needs" id="a"><param name="holder" value="tei:p"/>'
        '<param name="part" value="@n"/></pattern>'
        '<pattern is-a="needs" id="b"><param name="holder" value="tei:q"/>'
        '<param name="part" value="tei:p"/></pattern>',
        '<p/><p n="1"/><q/>',
    )
    assert [one.message for one in found] == ["p lacks @n [a]", "q lacks tei:p [b]"]


def test_parameters_are_replaced_whole_and_have_defaults(tmp_path: Path) -> None:
    found = broken(
        tmp_path,
        '<let name="ab" value="\'1\'"/>'
        '<pattern abstract="true" id="x"><param name="a" value="@n"/>'
        '<rule context="tei:p"><assert test="$a = $ab">m</assert></rule></pattern>'
        '<pattern is-a="x"/>',
        '<p n="1"/><p n="2"/>',
    )
    assert len(found) == 1


def test_a_rule_takes_over_the_parts_of_those_it_extends(tmp_path: Path) -> None:
    found = broken(
        tmp_path,
        '<pattern id="i"><rule abstract="true" id="base"><let name="all" value="2"/>'
        '<assert test="@n">no n</assert></rule>'
        '<rule abstract="true" id="more"><extends rule="base"/>'
        '<report test="count(*) = $all">two</report></rule>'
        '<rule context="tei:p"><extends rule="more"/>'
        '<assert test="@type">no type</assert></rule></pattern>',
        "<p><q/><q/></p>",
    )
    assert messages(found) == ["no n", "two", "no type"]


def test_rules_that_extend_each_other_are_a_lack(tmp_path: Path) -> None:
    lacks = loaded(
        tmp_path,
        '<pattern><rule abstract="true" id="a"><extends rule="b"/></rule>'
        '<rule abstract="true" id="b"><extends rule="a"/></rule>'
        '<rule context="tei:p"><extends rule="a"/></rule></pattern>',
    ).lacks
    assert len(lacks) == 1
    assert "extends itself" in lacks[0].message


def test_every_rule_of_a_group_fires(tmp_path: Path) -> None:
    one = '<rule context="tei:p"><assert test="@n">n</assert></rule>'
    assert len(broken(tmp_path, f"<pattern>{one}{one}</pattern>", "<p/>")) == 1
    assert len(broken(tmp_path, f"<group>{one}{one}</group>", "<p/>")) == 2


# -- include and extends from other files ------------------------------------------

PART = f'<pattern xmlns="{SCH_NS}" id="part">\n<rule context="tei:p">\n'


def test_a_part_of_another_file_is_included(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "p.sch").write_text(
        f'{PART}<assert test="@n">n</assert></rule></pattern>'
    )
    (tmp_path / "parts" / "all.sch").write_text(
        schema('<pattern id="other"/>' + PART + "</rule></pattern>")
    )
    found = broken(
        tmp_path,
        '<include href="parts/p.sch"/><include href="parts/all.sch#other"/>',
        "<p/>",
    )
    assert messages(found) == ["n"]


def test_a_lack_in_an_included_file_names_that_file(tmp_path: Path) -> None:
    (tmp_path / "p.sch").write_text(f'{PART}<assert test="f("/></rule></pattern>')
    (lack,) = loaded(tmp_path, '\n\n<include href="p.sch"/>').lacks
    assert lack.path is not None
    assert (lack.path.name, lack.line) == ("p.sch", 3)


def test_the_children_of_another_schema_are_taken_over(tmp_path: Path) -> None:
    (tmp_path / "base.sch").write_text(
        schema(
            '<pattern id="x"><rule context="tei:p"><assert test="@n">base</assert>'
        ).replace("</schema>", "")
        + "</rule></pattern></schema>"
    )
    own = '<rule context="tei:q"><assert test="@n">own</assert></rule>'
    own = f"<pattern>{own}</pattern>"
    found = broken(tmp_path, f'<extends href="base.sch"/>{own}', "<p/><q/>")
    assert messages(found) == ["base", "own"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('<include href="rules.sch"/>', "it would include itself"),
        ('<include href="loop.sch#l"/>', "it would include itself"),
        ('<include href="../outside.sch"/>', "outside the folder of the schema"),
        ('<include href="/etc/passwd"/>', "outside the folder of the schema"),
        ('<include href="link.sch"/>', "outside the folder of the schema"),
        ('<include href="http://localhost:9/x.sch"/>', "nothing is fetched"),
        ('<include href="file:///etc/passwd"/>', "nothing is fetched"),
        ('<include href="none.sch"/>', "no such file"),
        ('<include href="loop.sch#none"/>', "nothing in it has the id"),
        ('<include href=""/>', "no file is named"),
        ('<extends href="loop.sch#l"/>', "it is <pattern>, not <schema>"),
        ('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude"/>', "not followed"),
    ],
)
def test_what_is_not_included_is_a_lack(tmp_path: Path, body: str, said: str) -> None:
    folder = tmp_path / "schema"
    folder.mkdir()
    (tmp_path / "outside.sch").write_text(PART + "</rule></pattern>")
    (folder / "link.sch").symlink_to(tmp_path / "outside.sch")
    (folder / "loop.sch").write_text(
        schema('<pattern id="l"><include href="loop.sch#l"/></pattern>')
    )
    lacks = loaded(folder, body).lacks
    assert len(lacks) == 1
    assert said in lacks[0].message


# -- variables ---------------------------------------------------------------------


def test_variables_of_patterns_do_not_meet(tmp_path: Path) -> None:
    one = (
        '<pattern><let name="x" value="{0}"/><rule context="tei:p">'
        '<report test="true()"><value-of select="$x"/></report></rule></pattern>'
    )
    found = broken(tmp_path, one.format(1) + one.format(2), "<p/>")
    assert messages(found) == ["1", "2"]


def test_a_variable_of_a_pattern_is_asked_at_the_document(tmp_path: Path) -> None:
    found = broken(
        tmp_path,
        '<pattern><let name="n" value="tei:TEI/tei:p/@n"/><rule context="tei:q">'
        '<assert test="@n = $n">m</assert></rule></pattern>',
        '<p n="1"/><q n="1"/><q n="2"/>',
    )
    assert len(found) == 1


@pytest.mark.parametrize("binding", ["xslt", "xslt2", "xslt3"])
def test_a_variable_may_hold_elements(tmp_path: Path, binding: str) -> None:
    found = broken(
        tmp_path,
        '<let name="known"><kind xmlns="">a</kind><kind xmlns="">b</kind></let>'
        '<pattern><rule context="tei:p"><assert test="@type = $known/kind">'
        '<value-of select="@type"/> of <value-of select="count($known//kind)"/>'
        "</assert></rule></pattern>",
        '<p type="a"/><p type="c"/>',
        binding,
    )
    assert messages(found) == ["c of 2"]


def test_one_broken_variable_is_one_finding(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        '<let name="n" value="xs:integer(/tei:TEI/@n)"/><let name="m" value="$n + 1"/>'
        '<pattern><rule context="tei:p"><let name="k" value="$m"/>'
        '<assert test="$n = 1">a</assert><assert test="$k = 2">b</assert>'
        '<assert test="@n">c</assert></rule></pattern>',
    )
    root = tei("<p/><p/>")
    root.set("n", "one")
    said = [one.message for one in rules.check(root, found)]
    assert said[0].startswith("the variable $n cannot be decided here")
    assert [one[0] for one in said[1:]] == ["c", "c"]


def test_one_variable_that_cannot_be_read_is_one_lack(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        '<let name="n" value="f("/><let name="m" value="$n + 1"/><pattern>'
        '<rule context="tei:p"><assert test="$m = 1">m</assert><assert test="@n">c'
        '</assert></rule><rule context="tei:q[@n = $n]"/></pattern>',
    )
    assert len(found.lacks) == 1
    assert messages(list(rules.check(tei("<p/>"), found))) == ["c"]


# -- diagnostics, properties, roles, subjects --------------------------------------


def test_a_subject_leads_to_the_one_to_blame(tmp_path: Path) -> None:
    (found,) = broken(
        tmp_path,
        '<pattern><rule context="tei:p" subject="tei:q[2]">'
        '<assert test="count(tei:q) = 1">m</assert></rule></pattern>',
        "<p>\n<q/>\n<q/>\n</p>",
    )
    assert line_of(found.element) == 3


def test_unknown_diagnostics_are_a_lack(tmp_path: Path) -> None:
    (lack,) = loaded(
        tmp_path,
        '<pattern><rule context="tei:p"><assert test="@n" diagnostics="d">m</assert>'
        "</rule></pattern>",
    ).lacks
    assert lack.message == "there is no diagnostic 'd'"


def test_the_role_of_the_nearest_holder_counts_in_an_extended_rule(
    tmp_path: Path,
) -> None:
    (found,) = broken(
        tmp_path,
        '<pattern role="warning"><rule abstract="true" id="r">'
        '<assert test="@n">m</assert></rule>'
        '<rule context="tei:p"><extends rule="r"/></rule></pattern>',
        "<p/>",
    )
    assert found.severity is Severity.WARNING


def test_what_is_to_be_read_about_a_rule_is_part_of_the_help(tmp_path: Path) -> None:
    (found,) = broken(
        tmp_path,
        '<pattern see="urn:pattern"><rule context="tei:p">'
        '<assert test="@n" see="urn:check" diagnostics="d" icon="i" fpi="f">m</assert>'
        "</rule></pattern>"
        '<diagnostics><diagnostic id="d">add n</diagnostic></diagnostics>',
        "<p/>",
    )
    assert found.help == "add n; see urn:check"


def test_a_check_without_a_message_says_its_test(tmp_path: Path) -> None:
    found = broken(
        tmp_path,
        '<pattern id="i"><rule context="tei:p"><assert test="@n"/>'
        '<report test="not(@n)"> </report></rule></pattern>',
        "<p/>",
    )
    assert messages(found) == ["@n does not hold", "not(@n) holds"]


@pytest.mark.parametrize(
    ("context", "names"),
    [
        ("@*", ["n", "xml:id", "x:k"]),
        ("text()", [""]),
        ("comment()", ["", ""]),
        ("processing-instruction()", ["pi"]),
        ("/", [""]),
        ("*", ["TEI", "tei:p"]),
        ("node()", ["TEI", "tei:p", "", "", "pi", ""]),
    ],
)
def test_every_kind_of_node_has_its_name_as_written(
    tmp_path: Path, context: str, names: list[str]
) -> None:
    document = (
        f'<!-- before --><TEI xmlns="{TEI_NS}" xmlns:tei="{TEI_NS}">'
        '<tei:p n="1" xml:id="i" xmlns:x="urn:x" x:k="">t<!-- c --><?pi x?></tei:p>'
        "</TEI>"
    )
    body = (
        f'<pattern><rule context="{context}"><report test="true()">(<name/>)</report>'
        "</rule></pattern>"
    )
    found = rules.check(etree.fromstring(document), loaded(tmp_path, body))
    assert sorted(messages(list(found))) == sorted(f"({name})" for name in names)


# -- what does nothing is said -----------------------------------------------------

CHECK = '<assert test="@n">m</assert>'


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (f"<pattern>{CHECK}</pattern>", "<assert> in <pattern> is not run"),
        (f'<rule context="tei:p">{CHECK}</rule>', "<rule> in <schema> is not run"),
        ('<active pattern="p"/>', "belongs into <phase>"),
        ("<patern/>", "<patern> is not ISO Schematron"),
        ("<pattern documents=\"'x.xml'\"/>", "pattern/@documents is not run"),
        (
            '<pattern><rule context="tei:p" visit-each="@n"/></pattern>',
            "the attribute visit-each of <rule> is not run",
        ),
        ('<let name="a" value="1" as="xs:date"/>', "the attribute as of <let>"),
        (
            '<let name="a" value="1"/><let name="a" value="2"/>',
            "$a is declared twice, diff",
        ),
        ('<ns prefix="tei" uri="urn:x"/>', "the prefix tei is declared twice, diff"),
        (f"<xsl:variable {XSL} name='a'/>", "<xsl:variable> is XSLT"),
        ('<pattern><rule context="document-node()"/></pattern>', "selects no nodes"),
        ('<pattern><rule context="string(.)"/></pattern>', "selects no nodes"),
        ('<pattern><rule context="tei:p = 1"/></pattern>', "selects no nodes"),
        ('<pattern><rule context="tei:p/namespace::*"/></pattern>', "selects no nodes"),
    ],
)
def test_what_would_do_nothing_is_a_lack(tmp_path: Path, body: str, said: str) -> None:
    (lack,) = loaded(tmp_path, body).lacks
    assert said in lack.message


@pytest.mark.parametrize(
    "context",
    [
        "tei:p | tei:q",
        "id('a')",
        "$all",
        "for $p in tei:p return $p",
        "if (true()) then tei:p else tei:q",
        "tei:q except tei:p",
        "(tei:p, tei:q)",
        "tei:q/parent::tei:p",
        "root()",
    ],
)
def test_what_selects_nodes_is_a_context(tmp_path: Path, context: str) -> None:
    body = (
        f'<let name="all" value="//tei:p"/><pattern><rule context="{context}">'
        '<report test="true()">m</report></rule></pattern>'
    )
    assert broken(tmp_path, body, '<p xml:id="a"><q/></p>')


@pytest.mark.parametrize("binding", ["xslt", "xslt2", "xslt3"])
def test_the_place_of_a_node_among_all_is_one(tmp_path: Path, binding: str) -> None:
    body = (
        '<pattern><rule context="tei:p"><assert test="position() = 1">no</assert>'
        '<report test="last() = 1">m</report></rule></pattern>'
    )
    assert messages(broken(tmp_path, body, "<p/><p/>", binding)) == ["m", "m"]


# -- query languages ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("binding", "test", "runs"),
    [
        ("xslt", "number(@n) > 1", True),
        ("xpath", "lower-case(@n) = 'a'", False),
        ("xslt2", "lower-case(@n) = 'a'", True),
        ("xpath2", "let $n := @n return $n = '1'", False),
        ("xslt3", "let $n := @n return $n = '1'", True),
        ("xpath3", "(1 to 3) ! (. + 1) = 2", True),
        ("xpath31", "map { 'a': 1 }?a = 1", True),
        ("XSLT2", "exists(@n)", True),
        (None, "lower-case(@n) = 'a'", True),
        (None, "@n > 1", True),
    ],
)
def test_the_query_language_decides_what_is_understood(
    tmp_path: Path, binding: str | None, test: str, runs: bool
) -> None:
    lacks = loaded(
        tmp_path,
        f'<pattern><rule context="tei:p"><assert test="{test}">m</assert></rule>'
        "</pattern>",
        binding,
    ).lacks
    assert (not lacks) is runs


def test_the_query_language_decides_what_it_means(tmp_path: Path) -> None:
    body = (
        '<pattern><rule context="tei:p"><assert test="@n &lt; @type">m</assert>'
        "</rule></pattern>"
    )
    content = '<p n="9" type="10"/>'
    assert broken(tmp_path, body, content, "xslt") == []  # as numbers
    assert len(broken(tmp_path, body, content, "xslt2")) == 1  # as strings


# -- what XSLT adds ----------------------------------------------------------------

KEY = f'<xsl:key {XSL} name="by-n" match="tei:q[@n] | tei:r" use="@n"/>'


@pytest.mark.parametrize("binding", ["xslt", "xslt2", "xslt3"])
def test_keys_find_nodes(tmp_path: Path, binding: str) -> None:
    found = broken(
        tmp_path,
        KEY + '<pattern><rule context="tei:p"><assert test="key(\'by-n\', @n)">'
        '<value-of select="@n"/></assert></rule></pattern>',
        '<p n="1"/><p n="2"/><p n="3"/><q n="1"/><q/><r n="3"/>',
        binding,
    )
    assert messages(found) == ["2"]


def test_a_key_that_is_not_declared_is_said(tmp_path: Path) -> None:
    body = (
        '<pattern><rule context="tei:p"><assert test="key(\'k\', @n)">m</assert></rule>'
        "</pattern>"
    )
    (lack,) = loaded(tmp_path, body).lacks
    assert lack.message == (
        "assert \"key('k', @n)\" uses the key 'k', which no xsl:key declares"
    )


def test_a_key_whose_name_is_computed_is_missed_where_it_is_used(
    tmp_path: Path,
) -> None:
    (found,) = broken(
        tmp_path,
        '<pattern><rule context="tei:p"><assert test="key(concat(\'k\', @n), 1)">m'
        "</assert></rule></pattern>",
        '<p n="1"/>',
    )
    assert (found.code, "no xsl:key 'k1'" in found.message) == ("TEI201", True)


def test_a_function_of_xslt_is_one_lack_with_the_lines_that_call_it(
    tmp_path: Path,
) -> None:
    found = loaded(
        tmp_path,
        '<ns prefix="f" uri="urn:f"/>\n'
        f'<xsl:function {XSL} name="f:x"><xsl:sequence select="1"/></xsl:function>\n'
        '<pattern><rule context="tei:p">\n<assert test="f:x(.) = 1">m</assert>\n'
        '<assert test="not(f:x(@n))">m</assert><assert test="@n">n</assert></rule>'
        "</pattern>",
    )
    (lack,) = found.lacks
    assert lack.line == 2
    assert lack.message == (
        "<xsl:function> f:x is XSLT, which is not run; "
        "what calls it is not checked: line 4, 5"
    )
    assert messages(list(rules.check(tei("<p/>"), found))) == ["n"]


@pytest.mark.parametrize(
    ("test", "holds"),
    [
        ("doc('people.xml')//tei:person/@xml:id = @n", True),
        ("document('people.xml')//tei:person/@xml:id = @n", True),
        ("document(@source)//tei:person/@xml:id = @n", False),
        ("doc(resolve-uri('people.xml', base-uri(.)))//tei:person", False),
        ("doc-available('people.xml')", True),
        ("doc-available('../outside.xml')", False),
        ("doc-available('http://localhost:9/x')", False),
        ("doc-available('none.xml')", False),
        ("key('p', 'a', doc('people.xml'))", True),
    ],
)
def test_rules_read_the_documents_of_the_edition(
    tmp_path: Path, test: str, holds: bool
) -> None:
    edition = tmp_path / "edition"
    (edition / "schema").mkdir(parents=True)
    (edition / "tei").mkdir()
    people = f'<TEI xmlns="{TEI_NS}"><person xml:id="{{}}"/></TEI>'
    (edition / "schema" / "people.xml").write_text(people.format("a"))
    (edition / "tei" / "people.xml").write_text(people.format("b"))
    (tmp_path / "outside.xml").write_text(people.format("a"))
    found = loaded(
        edition / "schema",
        f'<xsl:key {XSL} name="p" match="tei:person" use="@xml:id"/>'
        f'<pattern><rule context="tei:p"><assert test="{test}">m</assert></rule>'
        "</pattern>",
    )
    assert not found.lacks
    root, path = tei('<p n="a" source="people.xml"/>'), edition / "tei" / "a.xml"
    said = list(rules.check(root, found, path, Library(edition)))
    if "base-uri" in test or "@source" in test:
        holds = "base-uri" in test  # beside the document, not beside the schema
    assert (not said) is holds


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("file:///etc/passwd", "outside the folder"),
        ("../../outside.xml", "outside the folder"),
        ("%2e%2e/%2e%2e/outside.xml", "outside the folder"),
        ("link.xml", "outside the folder"),
        ("http://localhost:9/x", "nothing is fetched"),
        ("//localhost/etc/passwd", "outside the folder"),
        ("none.xml", "cannot be read"),
        ("bad.xml", "cannot be read"),
    ],
)
def test_rules_read_nothing_else(tmp_path: Path, uri: str, said: str) -> None:
    edition = tmp_path / "edition"
    edition.mkdir()
    (tmp_path / "outside.xml").write_text("<x/>")
    (edition / "bad.xml").write_text("<x>")
    (edition / "link.xml").symlink_to(tmp_path / "outside.xml")
    found = loaded(
        edition,
        f'<pattern><rule context="tei:p"><assert test="doc(\'{uri}\')">m</assert>'
        "</rule></pattern>",
    )
    (one,) = rules.check(tei("<p/>"), found, edition / "a.xml", Library(edition))
    assert (one.code, said in one.message) == ("TEI201", True), one.message


@pytest.mark.parametrize(
    "test",
    [
        "unparsed-text('/etc/passwd')",
        "environment-variable('PATH')",
        "json-doc('x.json')",
        "collection('.')",
        "transform(map {})",
        "function-lookup(xs:QName('fn:unparsed-text'), 1)('/etc/passwd')",
    ],
)
def test_what_reads_the_machine_is_not_lent(tmp_path: Path, test: str) -> None:
    found = loaded(
        tmp_path,
        f'<pattern><rule context="tei:p"><report test="{test}">m</report></rule>'
        "</pattern>",
        "xslt3",
    )
    said = [*found.lacks, *rules.check(tei("<p/>"), found)]
    (one,) = [str(getattr(one, "message", "")) for one in said]
    assert "m [" not in one


# -- rules in other schemas --------------------------------------------------------

RNG = "http://relaxng.org/ns/structure/1.0"
EMBEDDED = (
    f'<pattern xmlns="{SCH_NS}" id="{{0}}"><rule context="tei:{{0}}">'
    '<assert test="@n">{0}</assert></rule></pattern>'
)


def test_rules_of_included_grammars_are_found(tmp_path: Path) -> None:
    ns = f'<s:ns xmlns:s="{SCH_NS}" prefix="tei" uri="{TEI_NS}"/>'
    inner = f'<grammar xmlns="{RNG}">{EMBEDDED.format("q")}</grammar>'
    (tmp_path / "inner.rng").write_text(inner)
    main = tmp_path / "main.rng"
    main.write_text(
        f'<grammar xmlns="{RNG}">{ns}<include href="inner.rng"/>'
        f'<include href="inner.rng"/>{EMBEDDED.format("p")}</grammar>'
    )
    assert messages(list(rules.check(tei("<p/><q/>"), rules.load(main)))) == ["p", "q"]


def test_rules_of_a_w3c_schema_and_of_those_it_includes_are_asked(
    tmp_path: Path,
) -> None:
    xsd = (
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'targetNamespace="{TEI_NS}">{{}}<xs:annotation><xs:appinfo>'
        f'<ns xmlns="{SCH_NS}" prefix="tei" uri="{TEI_NS}"/>{{}}'
        "</xs:appinfo></xs:annotation></xs:schema>"
    )
    (tmp_path / "inner.xsd").write_text(xsd.format("", EMBEDDED.format("q")))
    main = tmp_path / "main.xsd"
    links = (
        '<xs:include schemaLocation="inner.xsd"/><xs:include schemaLocation="no.xsd"/>'
        '<xs:import namespace="urn:x" schemaLocation="http://localhost:9/x.xsd"/>'
    )
    main.write_text(xsd.format(links, EMBEDDED.format("p")))
    stages = Stages([main], Cache(None), ["rules"])
    document = Document(tmp_path / "a.xml", tei("<p/><q/>"))
    assert messages(list(stages.violations(document))) == ["p", "q"]
    (lack,) = stages.lacks()
    assert "the rules in 'no.xsd' are not run" in lack.message


def test_parts_are_included_into_rules_of_a_grammar(tmp_path: Path) -> None:
    (tmp_path / "part.sch").write_text(EMBEDDED.format("p"))
    main = tmp_path / "main.rng"
    main.write_text(
        f'<grammar xmlns="{RNG}" xmlns:s="{SCH_NS}"><s:include href="part.sch"/>'
        f'<s:ns prefix="tei" uri="{TEI_NS}"/></grammar>'
    )
    assert messages(list(rules.check(tei("<p/>"), rules.load(main)))) == ["p"]


def test_rules_that_stand_in_no_pattern_are_a_lack(tmp_path: Path) -> None:
    main = tmp_path / "main.rng"
    main.write_text(
        f'<grammar xmlns="{RNG}">\n<s:rule xmlns:s="{SCH_NS}" context="p">'
        '<s:assert test="1"/></s:rule>\n'
        '<o:assert xmlns:o="http://www.ascc.net/xml/schematron" test="1"/></grammar>'
    )
    lacks = rules.load(main).lacks
    assert [(lack.line, lack.message.split(" that")[0]) for lack in lacks] == [
        (2, "a <rule>"),
        (3, "rules in Schematron 1.5 are not run: use ISO Schematron"),
    ]


ODD = f"""<TEI xmlns="{TEI_NS}"><text><body><schemaSpec ident="s" start="p">
<elementSpec ident="p" module="x"><content><textNode/></content>
<constraintSpec ident="p-n" scheme="schematron">
<constraint>
<sch:assert xmlns:sch="{SCH_NS}" test="@n">p needs n</sch:assert>
</constraint></constraintSpec>
<constraintSpec ident="p-x" scheme="schematron"><constraint>
<sch:assert xmlns:sch="{SCH_NS}" test="f(">no</sch:assert>
</constraint></constraintSpec></elementSpec>
</schemaSpec></body></text></TEI>"""


def test_rules_of_an_odd_run_and_their_lacks_have_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "s.odd"
    path.write_text(ODD)
    found = rules.load(path)
    assert [lack.line for lack in found.lacks] == [8]
    assert [one.message for one in rules.check(tei("<p/>"), found)] == [
        "p needs n [p-n]"
    ]


def test_the_rules_of_tei_run_all(shared: Path) -> None:
    found = rules.load(shared / "tei" / "tei_all.sch")
    assert (len(found.rules), found.lacks) == (117, ())
    embedded = rules.load(shared / "tei" / "tei_all.rng")
    assert (len(embedded.rules), embedded.lacks) == (95, ())
