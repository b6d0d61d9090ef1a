"""Generated documents: valid, the same for the same seed, never endless."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

import pytest
from lxml import etree

from toolkit.errors import SchemaError
from toolkit.schema.automaton import check
from toolkit.schema.datatypes import XSD, datatype
from toolkit.schema.generate import generate
from toolkit.schema.relaxng import load
from toolkit.schema.samples import samples

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.schema.grammar import Grammar

RNG: Final = 'xmlns="http://relaxng.org/ns/structure/1.0"'
SMALL: Final = f"""
<grammar {RNG} ns="urn:l" datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
<start><ref name="box"/></start>
<define name="box"><element name="box">
 <optional><attribute name="id"><data type="ID"/></attribute></optional>
 <optional><attribute name="ref"><data type="IDREF"/></attribute></optional>
 <optional><attribute name="x" ns="urn:x"><list><oneOrMore><data type="token">
   <param name="pattern">[a-c]{{2}}\\d</param></data></oneOrMore></list></attribute>
 </optional>
 <interleave><zeroOrMore><ref name="box"/></zeroOrMore>
 <optional><element name="y"><data type="gYear"><except><value>1962</value></except>
 </data></element></optional></interleave>
</element></define></grammar>"""


def _grammar(tmp_path: Path, schema: str) -> Grammar:
    path = tmp_path / "schema.rng"
    path.write_text(schema)
    return load(path)


def test_generated_documents_are_valid(tmp_path: Path) -> None:
    grammar = _grammar(tmp_path, SMALL)
    for seed in range(60):
        assert check(generate(grammar, seed, 20), grammar) == []


def test_equal_seeds_give_equal_documents(tmp_path: Path) -> None:
    grammar = _grammar(tmp_path, SMALL)
    again = _grammar(tmp_path, SMALL)
    made = [generate(grammar, seed, 30) for seed in range(12)]
    assert made == [generate(again, seed, 30) for seed in range(12)]
    assert len(set(made)) > 6


def test_size_is_bounded(tmp_path: Path) -> None:
    grammar = _grammar(tmp_path, SMALL)
    for seed in range(40):
        root = etree.fromstring(generate(grammar, seed, 15))
        assert sum(1 for _ in root.iter()) <= 40


def test_every_branch_and_attribute_has_its_chance(tmp_path: Path) -> None:
    grammar = _grammar(tmp_path, SMALL)
    names: set[str] = set()
    for seed in range(60):
        for element in etree.fromstring(generate(grammar, seed, 20)).iter():
            names |= {str(element.tag), *map(str, element.keys())}
    assert names == {"{urn:l}box", "{urn:l}y", "id", "ref", "{urn:x}x"}


def test_a_schema_without_finite_documents_is_refused(tmp_path: Path) -> None:
    endless = (
        f"<grammar {RNG}><start><ref name='a'/></start><define name='a'>"
        "<element name='a'><ref name='a'/></element></define></grammar>"
    )
    with pytest.raises(SchemaError, match="no document that ends"):
        generate(_grammar(tmp_path, endless), 1, 10)


@pytest.mark.parametrize(
    "name",
    "string token language Name NCName NMTOKEN NMTOKENS anyURI boolean decimal integer"
    " nonNegativeInteger negativeInteger byte unsignedLong float double date dateTime"
    " time gYear gYearMonth gMonthDay gMonth gDay duration hexBinary base64Binary"
    " ID IDREF IDREFS positiveInteger normalizedString".split(),
)
def test_samples_belong_to_their_datatype(name: str) -> None:
    known = datatype(XSD, name)
    source = random.Random(1)  # noqa: S311 - not for secrets
    found = list(samples(known, source, 10))
    assert len(found) == 10
    assert all(map(known.allows, found))


def test_documents_of_tei_all_are_valid(shared: Path) -> None:
    grammar = load(shared / "tei" / "tei_all.rng")
    names: set[str] = set()
    for seed in range(12):
        source = generate(grammar, seed, 150)
        assert check(source, grammar) == []
        names |= {str(one.tag) for one in etree.fromstring(source).iter()}
    assert len(names) > 150
