"""Documents with one fault each: one finding, on the right line.

By rules that use every part of the standard, and by those of TEI itself. The faults
against the edition's rules lie in ``tests/faults/schematron``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from tests.faults import FAULTS as FAULTS_FOLDER
from tests.unit.schemas import XSL, loaded
from toolkit.tei import TEI_NS, parse, positions
from toolkit.validate.document import check_source
from toolkit.validate.pointers.follow import PointerCheck
from toolkit.validate.pointers.ids import Index
from toolkit.validate.schematron import rules
from toolkit.validate.stages import Stages

if TYPE_CHECKING:
    from pathlib import Path

#: A schema as editors write them: every part of the standard, in use.
BODY: Final = f"""
<title>Rules of an edition</title>
<let name="ids" value="//@xml:id"/>
<let name="languages"><code xmlns="">en</code><code xmlns="">ko</code></let>
<xsl:key {XSL} name="by-id" match="tei:*[@xml:id]" use="@xml:id"/>
<pattern id="first-wins">
  <rule context="tei:head[parent::tei:figure]"/>
  <rule context="tei:head"><assert test="normalize-space()">an empty head</assert>
  </rule>
</pattern>
<pattern id="places">
  <rule context="tei:div">
    <let name="depth" value="count(ancestor::tei:div)"/>
    <report test="$depth &gt; 2">a div <value-of select="$depth"/> deep</report>
    <report test="tei:head[preceding-sibling::*]" subject="tei:head">head not first
    </report>
  </rule>
  <rule context="/tei:TEI"><assert test="tei:text">no text</assert></rule>
</pattern>
<pattern id="attributes">
  <rule context="@when"><assert test=". castable as xs:date"><name/> is no date
    </assert></rule>
  <rule context="tei:ref/@target">
    <assert test="every $t in tokenize(., '\\s+')[starts-with(., '#')]
      satisfies key('by-id', substring-after($t, '#'))">dangling</assert></rule>
  <rule context="@xml:lang"><assert test=". = $languages/code">language</assert>
  </rule>
</pattern>
<pattern id="texts"><rule context="text()[contains(., '??')]">
  <report test="true()">doubt in the text</report></rule></pattern>
<pattern id="comments"><rule context="comment()">
  <report test="contains(., 'TODO')">to do</report></rule></pattern>
<pattern abstract="true" id="unique"><rule context="$which">
  <assert test="count(preceding::$which[$by = current()/$by]) = 0">second
    <name/></assert>
</rule></pattern>
<pattern is-a="unique" id="one-note"><param name="which" value="tei:note[@n]"/>
  <param name="by" value="@n"/></pattern>
<pattern is-a="unique" id="one-pb"><param name="which" value="tei:pb"/>
  <param name="by" value="@n"/></pattern>
<pattern id="people">
  <rule abstract="true" id="named">
    <assert test="@ref" diagnostics="how">who is it</assert>
  </rule>
  <rule context="tei:persName[not(ancestor::tei:listPerson)]">
    <extends rule="named"/>
    <assert test="matches(@ref, '^#[a-z][a-z0-9-]*$') or not(@ref)">odd ref</assert>
  </rule>
  <rule context="tei:person"><assert test="count(tei:persName) = 1">names</assert>
  </rule>
</pattern>
<pattern id="sequence">
  <rule context="tei:list[@type = 'ordered']/tei:item"><assert test="@n =
    count(preceding-sibling::tei:item) + 1">number <value-of select="@n"/></assert>
  </rule>
  <rule context="tei:row"><assert test="count(tei:cell) = count(../tei:row[1]/tei:cell)"
    >cells</assert></rule>
  <rule context="tei:p[3]"><report test="@rend">third p</report></rule>
  <rule context="tei:gap"><assert test="@reason" role="warning">why</assert></rule>
  <rule context="tei:choice"><assert test="(tei:sic and tei:corr) or (tei:abbr and
    tei:expan)">halves</assert></rule>
  <rule context="tei:q">
    <assert test="id(substring(@who, 2))/self::tei:person">who</assert>
  </rule>
</pattern>
<diagnostics><diagnostic id="how">give @ref</diagnostic></diagnostics>
"""

RIGHT: Final = """<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="en">
<teiHeader><listPerson><person xml:id="kim"><persName>Kim</persName></person>
<person xml:id="pak"><persName>Pak</persName></person></listPerson></teiHeader>
<text><body>
<div><head>One</head><p>See <ref target="#kim">here</ref>.</p>
<p><date when="1967-11-25">x</date></p>
<div><head>Two</head><div><p><note n="1">a</note></p>
<p><note n="2">b</note><persName ref="#kim">Kim</persName></p>
<p><pb n="1"/><pb n="2"/></p></div></div>
<list type="ordered"><item n="1">a</item><item n="2">b</item>
<item n="3">c</item></list>
<table><row><cell/><cell/></row><row><cell/><cell/></row>
<row><cell/><cell/></row></table>
<p xml:lang="ko"><gap reason="lost"/></p>
<!-- done -->
<figure><head/></figure>
<p><choice><sic>a</sic><corr>b</corr></choice><q who="#pak">x</q></p>
</div>
</body></text></TEI>
"""

FAULTS: Final = [
    ("<head>Two</head>", "<head> </head>", 7, "an empty head [first-wins]"),
    ("<div><p><note", "<div><div><p/></div><p><note", 7, "a div 3 deep [places]"),
    ("<head>One</head><p>See", "<p/>\n<head>One</head><p>See", 6, "head not first"),
    ("<text>", "<txt>", 1, "no text [places]"),
    ("1967-11-25", "1967-11-31", 6, "when is no date [attributes]"),
    ('target="#kim"', 'target="#kim #kin"', 5, "dangling [attributes]"),
    ('xml:lang="ko"', 'xml:lang="jp"', 14, "language [attributes]"),
    ("here", "here??", 5, "doubt in the text [texts]"),
    ("<!-- done -->", "<!-- TODO -->", 5, "to do [comments]"),
    ('<note n="2">', '<note n="1">', 8, "second note [one-note]"),
    ('<pb n="2"/>', '<pb n="1"/>', 9, "second pb [one-pb]"),
    (' ref="#kim">Kim', ">Kim", 8, "who is it [named]"),
    ('ref="#kim">Kim', 'ref="kim">Kim', 8, "odd ref [people]"),
    ("<persName>Pak</persName>", "", 3, "names [people]"),
    ('<item n="3">', '<item n="4">', 11, "number 4 [sequence]"),
    ("\n<row><cell/>", "\n<row>", 13, "cells [sequence]"),
    ("<p><pb", '<p rend="x"><pb', 9, "third p [sequence]"),
    ('<gap reason="lost"/>', "<gap/>", 14, "why [sequence]"),
    ("<corr>b</corr>", "", 17, "halves [sequence]"),
    ('who="#pak"', 'who="#pek"', 17, "who [sequence]"),
]  # fmt: skip


@pytest.fixture(scope="module")
def edition_rules(tmp_path_factory: pytest.TempPathFactory) -> rules.Rules:
    found = loaded(tmp_path_factory.mktemp("schema"), BODY)
    assert found.lacks == ()
    return found


def told(source: str, found: rules.Rules, path: Path) -> list[tuple[int, str]]:
    """Return line and message of what a document breaks."""
    root = parse(source.encode(), path)
    lines = dict(zip(root.iter("*"), positions(source.encode()), strict=True))
    return [(lines[v.element][0], v.message) for v in rules.check(root, found, path)]


def test_the_right_document_breaks_nothing(
    edition_rules: rules.Rules, tmp_path: Path
) -> None:
    assert TEI_NS in RIGHT
    assert told(RIGHT, edition_rules, tmp_path / "a.xml") == []


@pytest.mark.parametrize(
    ("old", "new", "line", "said"), FAULTS, ids=[fault[3] for fault in FAULTS]
)
def test_one_fault_is_one_finding_on_its_line(
    edition_rules: rules.Rules,
    tmp_path: Path,
    old: str,
    new: str,
    line: int,
    said: str,
) -> None:
    assert RIGHT.count(old) >= 1
    divided = RIGHT.rpartition if old.startswith("\n") else RIGHT.partition
    head, _, tail = divided(old)
    source = head + new + tail
    if old == "<text>":
        source = source.replace("</text>", "</txt>")
    ((found, message),) = told(source, edition_rules, tmp_path / "a.xml")
    assert message.startswith(said)
    assert found == line


# -- TEI's own rules, with TEI's own grammar -----------------------------------------

BEFORE_TABLE: Final = "        <table>"
FAULTS_OF_TEI: Final = [
    ('target="#r1-p1">', 'target="#r1-p1" cRef="Mt 5">', 64, "Only one of the attrib"),
    ("asked for <list>", 'asked for <list type="gloss">', 58, "should include a seq"),
    ("", '<span from="#r1-p1" target="#r1-p2"/>', 66, "@target and @from"),
    ("", '<span to="#r1-p1"/>', 66, "@from must be supplied as well"),
    ("", "<addSpan/>", 66, "@spanTo attribute of addSpan is required"),
    ("", '<anchor xml:id="r1-a"/><delSpan spanTo="#r1-a"/>', 66, "must follow"),
    ("", '<link target="#r1-p1"/>', 66, "at least two values"),
    ("", '<join target="#r1-p1"/>', 66, "at least two values"),
    ("", "<lg><desc>x</desc></lg>", 66, "at least one child l, lg, or gap"),
    ("fuel", "<subst><add>fuel</add></subst>", 59, "at least one child add and"),
    ("fuel", '<name subtype="x">fuel</name>', 59, "unless also categorized in"),
    ("fuel", "<catchwords>fuel</catchwords>", 59, "not be used outside of msDesc"),
    ("fuel", "<shift/>fuel", 59, "@new attribute should always be supplied"),
    ("fuel", "<s>the <s>fuel</s></s>", 59, "nest one s element within another"),
    ("2 June<", '<measure unit="t" unitRef="#r1-p1">2</measure><', 56, "unnecessary"),
    ('<date when="1967-06-02">2 June<', '<date from="1967" notBefore="1967">2 June<',
     56, "@from and @notBefore attributes cannot be used together"),
    ('<date when="1967-06-02">2 June<', '<date when="1967" to="1967">2 June<', 56,
     "@when attribute cannot be used with any other"),
    ('<bibl type="citation">', '<bibl type="citation"><relatedItem/>', 31,
     "should have either a @target attribute or a child"),
    ("<editorialDecl>", "<editorialDecl><quotation/>", 35, "@marks attribute should"),
    ("<encodingDesc>", '<encodingDesc><variantEncoding method="parallel-segmentation"'
     ' location="external"/>', 34, "is inconsistent with the parallel-segm"),
]  # fmt: skip


@pytest.fixture(scope="module")
def stages_of_tei(shared: Path) -> Stages:
    return Stages([shared / "tei" / "tei_all.rng", shared / "tei" / "tei_all.sch"])


@pytest.mark.parametrize(
    ("old", "new", "line", "said"), FAULTS_OF_TEI, ids=[one[3] for one in FAULTS_OF_TEI]
)
def test_a_fault_against_a_rule_of_tei_is_one_finding(
    stages_of_tei: Stages, old: str, new: str, line: int, said: str
) -> None:
    base = (FAULTS_FOLDER / "base.xml").read_text()
    if not old:
        old, new = BEFORE_TABLE, f"        {new}\n{BEFORE_TABLE}"
    assert base.count(old) == 1
    source = base.replace(old, new).encode()
    pointers = PointerCheck(Index([FAULTS_FOLDER / "persons.xml"]), FAULTS_FOLDER)
    (found,) = check_source(source, FAULTS_FOLDER / "base.xml", stages_of_tei, pointers)
    assert (found.code, found.line) == ("TEI200", line)
    assert said in found.message
