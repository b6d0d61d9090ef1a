"""SVRL: the report has the structure of the standard and says where each node is."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

import pytest
from lxml import etree

from tests.unit.schemas import loaded, schema
from toolkit.tei import TEI_NS, Document, parse
from toolkit.validate.schematron.svrl import SVRL_NS, svrl

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.tei import Element

NS: Final = {"s": SVRL_NS}
#: The structure of a report: what the editions of 2006 to 2025 have in common.
STRUCTURE: Final = f"""<grammar xmlns="http://relaxng.org/ns/structure/1.0"
 ns="{SVRL_NS}" datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
<start><element name="schematron-output">
 <optional><attribute name="title"/></optional>
 <optional><attribute name="phase"><data type="NMTOKEN"/></attribute></optional>
 <optional><attribute name="schemaVersion"/></optional>
 <zeroOrMore><ref name="text"/></zeroOrMore>
 <zeroOrMore><element name="ns-prefix-in-attribute-values">
  <attribute name="prefix"><data type="NMTOKEN"/></attribute><attribute name="uri"/>
  <empty/></element></zeroOrMore>
 <oneOrMore>
  <element name="active-pattern">
   <optional><attribute name="id"><data type="NCName"/></attribute></optional>
   <optional><attribute name="name"/></optional>
   <optional><attribute name="role"/></optional><empty/></element>
  <zeroOrMore>
   <element name="fired-rule">
    <optional><attribute name="id"><data type="NCName"/></attribute></optional>
    <attribute name="context"/><optional><attribute name="role"/></optional>
    <optional><attribute name="flag"/></optional><empty/></element>
   <zeroOrMore><choice><element name="failed-assert"><ref name="said"/></element>
    <element name="successful-report"><ref name="said"/></element></choice></zeroOrMore>
  </zeroOrMore>
 </oneOrMore></element></start>
<define name="said">
 <optional><attribute name="id"><data type="NCName"/></attribute></optional>
 <attribute name="location"/><attribute name="test"/>
 <optional><attribute name="role"/></optional>
 <optional><attribute name="flag"/></optional>
 <zeroOrMore><element name="diagnostic-reference">
  <attribute name="diagnostic"><data type="NMTOKEN"/></attribute>
  <optional><attribute name="role"/></optional><ref name="text"/></element>
 </zeroOrMore>
 <zeroOrMore><element name="property-reference">
  <attribute name="property"><data type="NMTOKEN"/></attribute>
  <optional><attribute name="role"/></optional>
  <optional><attribute name="scheme"/></optional><ref name="text"/></element>
 </zeroOrMore>
 <ref name="text"/></define>
<define name="text"><element name="text"><text/></element></define>
</grammar>"""

BODY: Final = (
    "<title>Some rules</title>"
    '<pattern id="one"><title>The first</title>'
    '<rule id="r" context="tei:p" role="warning" flag="draft">'
    '<assert id="a" test="@n" diagnostics="d" properties="w" role="error" flag="x">'
    'no n in <name/></assert><report test="tei:q" subject="tei:q">a q</report></rule>'
    '</pattern><pattern id="two"><rule context="tei:none"><assert test="1"/></rule>'
    '</pattern><pattern id="three"><rule context="@n | text()[. = \'!\'] | comment()">'
    '<report test="true()">here</report></rule></pattern>'
    '<pattern><rule context="tei:q/@xml:id"><report test="true()">id</report></rule>'
    '<rule context="/"><assert test="false()">root</assert></rule></pattern>'
    '<diagnostics><diagnostic id="d">add <name/>/@n</diagnostic></diagnostics>'
    '<properties><property id="w" role="weight" scheme="urn:w">'
    '<value-of select="count(//tei:p)"/></property></properties>'
)
CONTENT: Final = (
    '<p n="1"/><x:p xmlns:x="urn:x"/><p>a<q xml:id="i">!</q>b<!-- c -->d<!-- e --></p>'
)


def attributes(element: Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items()}


def reported(tmp_path: Path, body: str, content: str) -> tuple[Element, Element]:
    """Return a document and its report, which has been found to be valid."""
    source = f'<TEI xmlns="{TEI_NS}">{content}</TEI>'.encode()
    document = Document(tmp_path / "a.xml", parse(source, tmp_path / "a.xml"))
    report = etree.fromstring(svrl(document, loaded(tmp_path, body)))
    structure = etree.RelaxNG(etree.fromstring(STRUCTURE))
    assert structure.validate(report), structure.error_log
    return document.root, report


def test_a_report_says_what_was_active_what_fired_and_what_failed(
    tmp_path: Path,
) -> None:
    _, report = reported(tmp_path, BODY, CONTENT)
    assert attributes(report) == {"title": "Some rules"}
    active = report.findall("s:active-pattern", NS)
    assert [one.get("id") for one in active] == ["one", "two", "three", None]
    assert active[0].get("name") == "The first"
    fired = report.findall("s:fired-rule", NS)
    assert attributes(fired[0]) == {
        "id": "r",
        "context": "tei:p",
        "role": "warning",
        "flag": "draft",
    }
    (failed, *_) = report.findall("s:failed-assert", NS)
    assert {key: failed.get(key) for key in ("id", "test", "role", "flag")} == {
        "id": "a",
        "test": "@n",
        "role": "error",
        "flag": "x",
    }
    assert failed.findtext("s:text", "", NS) == "no n in p"
    assert failed.findtext("s:diagnostic-reference/s:text", "", NS) == "add p/@n"
    (property_,) = failed.findall("s:property-reference", NS)
    assert (property_.get("scheme"), property_.findtext("s:text", "", NS)) == (
        "urn:w",
        "2",
    )


def test_every_location_finds_its_node(tmp_path: Path) -> None:
    root, report = reported(tmp_path, BODY, CONTENT)
    told = report.findall("s:failed-assert", NS)
    told += report.findall("s:successful-report", NS)
    found: dict[str | None, list[Any]] = {}
    for one in told:
        if one.get("location") == "/":  # lxml gives no document nodes
            assert one.findtext("s:text", "", NS) == "root"
            continue
        selected = root.getroottree().xpath(one.get("location", ""))
        assert isinstance(selected, list)
        (item,) = selected
        found.setdefault(one.findtext("s:text", "", NS), []).append(item)
    assert [root.index(item) for item in found["no n in p"]] == [2]
    assert found["a q"] == [root[2][0]]
    here = {str(getattr(item, "text", item)) for item in found["here"]}
    assert here == {"1", "!", " c ", " e "}
    assert found["id"] == ["i"]


def test_what_is_not_decided_stands_before_the_patterns(tmp_path: Path) -> None:
    _, report = reported(
        tmp_path,
        '<pattern><rule context="tei:p"><assert test="xs:integer(@n) = 1">m</assert>'
        '<assert test="f(">m</assert></rule></pattern>',
        '<p n="x"/>',
    )
    said = [text.text or "" for text in report.findall("s:text", NS)]
    assert len(said) == 2
    assert said[0].startswith("TEI201 /*[local-name()='TEI'")
    assert "cannot be read" in said[1]


@pytest.mark.parametrize("content", ["", "<p/>", '<p n="1"/>'])
def test_a_report_about_nothing_has_its_structure_too(
    tmp_path: Path, content: str
) -> None:
    _, report = reported(
        tmp_path,
        '<pattern><rule context="tei:p"><assert test="@n">'
        '<value-of select="codepoints-to-string((97, 10))"/></assert></rule>'
        "</pattern>",
        content,
    )
    assert len(report.findall("s:failed-assert", NS)) == (content == "<p/>")


#: What the ISO implementation that lxml carries (for XPath 1 alone) reports alike.
COMMON: Final = (
    "<title>Some rules</title>"
    '<pattern id="one"><title>The first</title>'
    '<rule id="r" context="tei:p" role="warning">'
    '<assert id="a" test="@n" diagnostics="d" role="error" flag="x">no n in <name/>'
    '</assert><report test="tei:q" id="b">a <emph>q</emph></report></rule>'
    '<rule context="tei:q[@type]"/><rule context="tei:q"><assert test="@n">'
    "<value-of select=\"concat(name(), ' ', count(*))\"/></assert></rule></pattern>"
    '<pattern id="two"><rule context="tei:none"><assert test="1">x</assert></rule>'
    '</pattern><pattern id="three"><rule context="tei:p//tei:q"><report test="true()">'
    'below</report></rule></pattern><diagnostics><diagnostic id="d">add n</diagnostic>'
    "</diagnostics>"
)


def told(report: Element, root: Element) -> list[tuple[object, ...]]:
    """Return what a report says, with the nodes that it leads to."""
    found: list[tuple[object, ...]] = []
    for one in report.findall("s:*", NS):
        location = one.get("location")
        nodes = [] if location is None else root.getroottree().xpath(location)
        assert isinstance(nodes, list)
        said = sorted(" ".join(map(str, one.itertext())).split())
        names = ("prefix", "uri", "context", "test", "id", "role")
        keys = tuple(one.get(name) for name in names)
        found.append((etree.QName(one).localname, *keys, *nodes, said))
    return found


def test_a_report_says_what_the_iso_implementation_says(tmp_path: Path) -> None:
    content = '<p n="1"/><p>a<q/><q type="x"/></p><q n="2"/><p><p><q/></p></p>'
    source = f'<TEI xmlns="{TEI_NS}">{content}</TEI>'.encode()
    document = Document(tmp_path / "a.xml", parse(source, tmp_path / "a.xml"))
    ours = etree.fromstring(svrl(document, loaded(tmp_path, COMMON, "xslt")))
    theirs = importlib.import_module("lxml.isoschematron").Schematron(
        etree.fromstring(schema(COMMON, "xslt")),
        store_report=True,
        validate_schema=False,
    )
    assert not theirs.validate(document.root)
    report = theirs.validation_report.getroot()
    assert told(ours, document.root) == told(report, document.root)
