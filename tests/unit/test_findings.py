"""The page of findings: every code is there, and its examples do what they say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.unit.conftest import HEADER
from toolkit.config import Edition
from toolkit.validate import Stages, check_file, own_schemas
from toolkit.validate.ids import Index
from toolkit.validate.pointers import PointerCheck

if TYPE_CHECKING:
    from pathlib import Path

#: Codes whose examples would need a schema of their own.
WITHOUT_EXAMPLES = {"TEI107", "TEI111", "TEI150", "TEI201"}


def sections(checkout: Path) -> dict[str, str]:
    """Return the sections of the page by code."""
    page = (checkout / "docs" / "findings.md").read_text(encoding="utf-8")
    parts = re.split(r"^### ((?:XML|TEI)\d{3}) .*$", page, flags=re.MULTILINE)
    codes, bodies = parts[1::2], parts[2::2]
    assert len(codes) == len(set(codes))
    return dict(zip(codes, bodies, strict=True))


def raised(checkout: Path) -> set[str]:
    """Return every code that stands in the source as a string of its own."""
    sources = (checkout / "toolkit").rglob("*.py")
    return {
        code
        for source in sources
        for code in re.findall(
            r'"((?:XML|TEI)\d{3})"', source.read_text(encoding="utf-8")
        )
    }


def test_every_code_is_documented_and_every_documented_code_is_raised(
    checkout: Path,
) -> None:
    assert raised(checkout) == set(sections(checkout))


def codes_of(folder: Path, example: str, stages: Stages) -> set[str]:
    """Check an example as a document of a small edition; return the codes found."""
    tei = folder / "tei"
    tei.mkdir(exist_ok=True)
    (tei / "persons.xml").write_text(
        f'<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="persons">'
        f"{HEADER.format(title='Persons')}<standOff><listPerson>"
        '<person xml:id="kovacs"><persName>Kovács</persName></person>'
        "</listPerson></standOff></TEI>",
        encoding="utf-8",
    )
    whole = example.lstrip().startswith(("<?xml", "<!DOCTYPE", "<TEI"))
    if example.strip() and not whole:
        example = (
            '<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="letter">'
            f"{HEADER.format(title='A letter')}"
            f'<text xml:lang="en"><body>{example}</body></text></TEI>'
        )
    path = tei / "letter.xml"
    path.write_text(example, encoding="utf-8")
    pointers = PointerCheck(Index(Edition(folder).documents()), folder)
    return {finding.code for finding in check_file(path, stages, pointers)}


def test_every_example_does_what_it_says(checkout: Path, tmp_path: Path) -> None:
    if not (checkout / "schema" / "edition.rng").is_file():
        pytest.skip("the edition's schema is not compiled yet")
    stages = Stages(own_schemas(Edition(checkout)))
    for code, section in sections(checkout).items():
        examples = re.findall(r"^```xml\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
        if code in WITHOUT_EXAMPLES:
            assert not examples, code
            continue
        assert code in codes_of(tmp_path, examples[0], stages), (code, "wrong")
        if len(examples) == 2:
            assert code not in codes_of(tmp_path, examples[1], stages), (code, "right")
        else:
            assert code == "TEI200"
