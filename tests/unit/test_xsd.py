"""W3C XML Schema by xmlschema: versions 1.0 and 1.1, and faults of schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from toolkit.cache import Cache
from toolkit.errors import SchemaError
from toolkit.tei import TEI_NS, parse
from toolkit.validate.xsd import SchemaCheck

if TYPE_CHECKING:
    from pathlib import Path

HEAD = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{TEI_NS}"
  xmlns:vc="http://www.w3.org/2007/XMLSchema-versioning"
  targetNamespace="{TEI_NS}" elementFormDefault="qualified" """
#: As many paragraphs as the document says: only XML Schema 1.1 can ask for that.
COUNTED = """>
<xs:element name="TEI"><xs:complexType>
<xs:sequence><xs:element name="p" type="xs:string" maxOccurs="9"/></xs:sequence>
<xs:attribute name="n" type="xs:int"/>
<xs:assert test="count(*) = @n"/>
</xs:complexType></xs:element></xs:schema>"""


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    folder = tmp_path / "cache"
    folder.mkdir(mode=0o700)
    return Cache(folder)


def said(schema: Path, cache: Cache, content: str) -> list[str]:
    root = parse(f'<TEI xmlns="{TEI_NS}" {content}</TEI>'.encode(), schema)
    return [one.message for one in SchemaCheck(schema, cache).violations(root)]


@pytest.mark.parametrize(
    "version",
    ["", 'vc:minVersion="1.1"', 'xpathDefaultNamespace="##targetNamespace"'],
    ids=["unsaid", "said", "an attribute of 1.1"],
)
def test_assertions_of_xml_schema_1_1_are_checked(
    tmp_path: Path, cache: Cache, version: str
) -> None:
    schema = tmp_path / "s.xsd"
    schema.write_text(HEAD + version + COUNTED)
    for _ in ("compiled", "from the cache"):
        assert said(schema, cache, 'n="2"><p>a</p><p>b</p>') == []
        assert said(schema, cache, 'n="2"><p>a</p>') == [
            "<TEI>: this does not hold: count(*) = @n"
        ]
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_a_fault_of_a_schema_has_its_file_and_line(
    tmp_path: Path, cache: Cache
) -> None:
    broken, outer = tmp_path / "broken.xsd", tmp_path / "outer.xsd"
    broken.write_text(f'{HEAD}>\n\n<xs:element name="p" type="xs:strin"/></xs:schema>')
    outer.write_text(f'{HEAD}><xs:include schemaLocation="broken.xsd"/></xs:schema>')
    for schema in (broken, outer):
        with pytest.raises(SchemaError) as caught:
            SchemaCheck(schema, cache)
        assert caught.value.message == f"{broken}:5: unknown type 'xs:strin'"
