"""Constraints of an ODD as one Schematron file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from tests.unit.small_odds import SCH_NS, Compiled, compiled, element
from toolkit.validate.schematron.loading import load
from toolkit.validate.schematron.rules import check

if TYPE_CHECKING:
    from pathlib import Path

SCH = {"sch": SCH_NS}


def rule(inside: str, ident: str = "r-rule", desc: str = "") -> str:
    """Return a ``constraintSpec``."""
    return (
        f"<constraintSpec ident='{ident}' scheme='schematron'>{desc}"
        f"<constraint>{inside}</constraint></constraintSpec>"
    )


def schematron(schema: Compiled) -> etree._Element:
    """Return the compiled Schematron."""
    return etree.fromstring(schema.files["small.sch"])


def texts(schema: Compiled, path: str) -> list[str]:
    """Return what an XPath finds in the compiled Schematron, as strings."""
    found = schematron(schema).xpath(path, namespaces=SCH)
    assert isinstance(found, list)
    return [str(one) for one in found]


LOOSE = "<sch:assert test='@n'>give @n</sch:assert>"


def test_the_file_stands_alone(tmp_path: Path) -> None:
    schema = compiled(tmp_path, element("r", more=rule(LOOSE)))
    root = schematron(schema)
    assert root.get("queryBinding") == "xslt2"
    assert texts(schema, "sch:ns/@prefix") == ["tei"]


def test_a_loose_assertion_gets_the_context_of_its_owner(tmp_path: Path) -> None:
    of_attribute = (
        "<attList><attDef ident='a'><datatype><dataRef name='token'/></datatype>"
        + rule("<sch:assert test='. ne 1'>no</sch:assert>", "r-a")
        + "</attDef></attList>"
    )
    schema = compiled(
        tmp_path,
        element("r", more=rule(LOOSE) + of_attribute)
        + rule("<sch:report test='//comment()'>a comment</sch:report>", "whole"),
    )
    assert texts(schema, "//sch:pattern/@id") == ["whole", "r-rule", "r-a"]
    assert texts(schema, "//sch:rule/@context") == ["/", "tei:r", "tei:r/@a"]


def test_rules_and_patterns_are_taken_as_they_are(tmp_path: Path) -> None:
    inside = (
        "<sch:rule context='tei:r[1]'><sch:let name='n' value='1'/>"
        "<sch:assert test='$n' role='warning'>one\n  clause, "
        "<sch:value-of select='@n'/> </sch:assert></sch:rule>"
        "<sch:pattern><sch:rule context='tei:r'><sch:report test='@x'/></sch:rule>"
        "</sch:pattern>"
    )
    schema = compiled(
        tmp_path, element("r", more=rule(inside, desc="<desc>Because.</desc>"))
    )
    assert texts(schema, "//sch:pattern/@id") == ["r-rule-2", "r-rule"]
    assert texts(schema, "//sch:pattern[@id='r-rule']/sch:title/text()") == ["Because."]
    assert texts(schema, "//sch:assert/@role") == ["warning"]
    assert texts(schema, "//sch:assert/text()") == ["one clause, "]
    assert texts(schema, "//sch:rule/sch:let/@name") == ["n"]


def test_prefixes_are_declared_once_and_only_where_used(tmp_path: Path) -> None:
    inside = (
        "<sch:ns prefix='m' uri='urn:m'/><sch:rule context='m:r'>"
        "<sch:assert test='xs:date(@when) and \"q:no\" and self::m:x'/></sch:rule>"
    )
    schema = compiled(tmp_path, element("r", more=rule(inside)))
    assert texts(schema, "sch:ns/@prefix") == ["m", "tei", "xs"]
    assert "http://www.w3.org/2001/XMLSchema" in texts(schema, "sch:ns/@uri")


def test_two_constraints_of_one_name_stay_apart(tmp_path: Path) -> None:
    schema = compiled(tmp_path, element("r", more=rule(LOOSE) + rule(LOOSE)))
    assert texts(schema, "//sch:pattern/@id") == ["r-rule", "r-rule-2"]


def test_an_element_of_another_namespace_gets_a_prefix(tmp_path: Path) -> None:
    foreign = element("r", more=rule(LOOSE)).replace(" ident", " ns='urn:r' ident", 1)
    schema = compiled(tmp_path, foreign)
    assert texts(schema, "//sch:rule/@context") == ["ns1:r"]
    assert texts(schema, "sch:ns[@uri='urn:r']/@prefix") == ["ns1"]


def test_the_rules_engine_can_use_the_file(tmp_path: Path) -> None:
    schema = compiled(tmp_path, element("r", more=rule(LOOSE)))
    assert schema
    rules = load(tmp_path / "small.sch")
    bad = etree.fromstring('<r xmlns="http://www.tei-c.org/ns/1.0"/>')
    assert ["give @n" in one.message for one in check(bad, rules)] == [True]
