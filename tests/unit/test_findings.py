"""Every code is explained, and the examples do what they say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.unit.conftest import HEADER
from tests.unit.small_odds import write_odd
from toolkit.config import Edition
from toolkit.report.codes import catalogue
from toolkit.schema.odd import check_odd
from toolkit.validate import own_schemas
from toolkit.validate.document import check_file
from toolkit.validate.pointers.follow import PointerCheck
from toolkit.validate.pointers.ids import Index
from toolkit.validate.stages import Stages

if TYPE_CHECKING:
    from pathlib import Path

#: Codes whose examples would need a schema of their own, or a whole file.
WITHOUT_EXAMPLES = set(
    "XML007 XML008 TEI107 TEI111 TEI150 TEI201 TEI202 ODD101".split()
)
ODD = [code for code in catalogue() if code.startswith("ODD")]


def raised(checkout: Path) -> set[str]:
    """Return every code that stands in the source of what raises findings."""
    sources = (checkout / "toolkit").rglob("*.py")
    return {
        code
        for source in sources
        for code in re.findall(
            r"\b((?:XML|TEI|ODD|CFG)\d{3})\b", source.read_text(encoding="utf-8")
        )
    }


def test_every_code_is_explained_and_every_explained_code_is_raised(
    checkout: Path,
) -> None:
    assert raised(checkout) == set(catalogue())


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
    stages = Stages(own_schemas(Edition(checkout)))
    for code, entry in catalogue().items():
        if code in WITHOUT_EXAMPLES:
            assert not entry.wrong, code
            assert not entry.right, code
            continue
        if not code.startswith(("XML", "TEI")):
            continue
        assert code in codes_of(tmp_path, entry.wrong, stages), (code, "wrong")
        if entry.right:
            assert code not in codes_of(tmp_path, entry.right, stages), (code, "right")
        else:
            assert code == "TEI200"


@pytest.mark.parametrize("code", [code for code in ODD if code not in WITHOUT_EXAMPLES])
def test_every_example_of_an_odd_does_what_it_says(tmp_path: Path, code: str) -> None:
    entry = catalogue()[code]
    found = {
        one.code: one.severity for one in check_odd(write_odd(tmp_path, entry.wrong))
    }
    assert found.get(code) is entry.severity, found
    assert check_odd(write_odd(tmp_path, entry.right)) == []
