"""A document is cited the same way in words and in files that other programs read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import bibtexparser
import pytest
import rispy

from toolkit.config import Edition
from toolkit.exchange.citations import (
    Citation,
    Name,
    bibtex,
    chicago,
    csl_json,
    mla,
    of_document,
    ris,
    words,
)
from toolkit.exchange.descriptions import data_block, meta_elements, schema_org
from toolkit.metadata import metadata
from toolkit.tei import Document, read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEADER = """
<teiHeader><fileDesc><titleStmt><title>On “R&amp;D” &amp; $ 5_000 {x}</title>
<author><persName ref="persons.xml#k">József Kovács</persName></author>
<author>Embassy staff</author>
<respStmt><resp>translator</resp><persName>Balázs Szalontai</persName></respStmt>
<respStmt><resp>translator</resp><name>not named</name></respStmt>
</titleStmt><sourceDesc><msDesc><msIdentifier><repository>MOL</repository>
<collection>XIX-J</collection><idno>XIX-J, 5. doboz</idno></msIdentifier></msDesc>
</sourceDesc></fileDesc><profileDesc>
<creation><date when="1962-08-27">August 27, 1962</date></creation></profileDesc>
</teiHeader>
"""
CARDS = {"persons.xml#k": {"filed": "Kovács,József", "kind": "person"}}
EDITION = {"title": "Papers", "publisher": "The Press", "editors": ("Ann Bee",)}


@pytest.fixture
def document(tmp_path: Path) -> Document:
    """A letter with two authors, one of them in a register."""
    path = tmp_path / "d1.xml"
    path.write_text(
        '<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="d1">'
        f"{HEADER}<text><body><p>Text.</p></body></text></TEI>",
        encoding="utf-8",
    )
    return read(path)


@pytest.fixture
def citation(document: Document, tmp_path: Path) -> Citation:
    """The citation of that letter in a published edition."""
    edition = Edition(root=tmp_path, address="https://example.org/papers/", **EDITION)  # type: ignore[arg-type]  # values of one dict
    return of_document(document, metadata(document), edition, CARDS, "en")


def test_chicago_puts_the_filed_name_first_and_the_edition_last(
    citation: Citation,
) -> None:
    assert words(chicago(citation)) == (
        "Kovács, József, and Embassy staff. “On “R&D” & $ 5_000 {x}.” "
        "August 27, 1962. MOL, XIX-J, 5. doboz. Translated by Balázs Szalontai. "
        "In Papers, edited by Ann Bee. The Press. https://example.org/papers/d1.html."
    )


def test_mla_has_the_day_first_and_the_container_in_italics(citation: Citation) -> None:
    assert words(mla(citation)) == (
        "Kovács, József, and Embassy staff. “On “R&D” & $ 5_000 {x}.” 27 Aug. 1962. "
        "Translated by Balázs Szalontai. Papers, edited by Ann Bee, The Press, "
        "https://example.org/papers/d1.html. MOL, XIX-J, 5. doboz."
    )
    assert [run.words for run in mla(citation) if run.is_title] == ["Papers"]


def test_bibtex_is_read_back_by_another_program(citation: Citation) -> None:
    parser = bibtexparser.bparser.BibTexParser(common_strings=True)
    (entry,) = bibtexparser.loads(bibtex(citation), parser).entries
    assert entry["ID"] == "d1"
    assert entry["ENTRYTYPE"] == "misc"
    assert entry["author"] == "Kovács, József and {Embassy staff}"
    assert entry["title"] == r"{On “R\&D” \& \$ 5\_000 \{x\}}"
    assert (entry["year"], entry["month"], entry["date"]) == (
        "1962",
        "August",
        "1962-08-27",
    )
    assert entry["translator"] == "{Balázs Szalontai}"


def test_ris_is_read_back_by_another_program(citation: Citation) -> None:
    (entry,) = rispy.loads(ris(citation))
    assert entry["type_of_reference"] == "GEN"
    assert entry["authors"] == ["Kovács, József", "Embassy staff"]
    assert entry["title"] == "On “R&D” & $ 5_000 {x}"
    assert entry["year"] == "1962"
    assert entry["date"] == "1962/08/27/"
    assert entry["secondary_title"] == "Papers"
    assert entry["urls"] == ["https://example.org/papers/d1.html"]


def test_csl_has_names_in_parts_only_where_the_register_tells_them(
    citation: Citation,
) -> None:
    (item,) = json.loads(csl_json(citation))
    assert item["author"] == [
        {"family": "Kovács", "given": "József"},
        {"literal": "Embassy staff"},
    ]
    assert item["translator"] == [{"literal": "Balázs Szalontai"}]
    assert item["issued"] == {"date-parts": [[1962, 8, 27]]}


@pytest.mark.parametrize(
    ("date", "said", "year"),
    [
        ("1962-08", "August 1962", "1962"),
        ("1962", "1962", "1962"),
        ("1962-13-01", "1962", "1962"),
        ("--08-27", "--08-27", None),
        ("", "", None),
    ],
    ids=["month", "year", "no such month", "no year", "undated"],
)
def test_a_date_is_cited_as_far_as_it_is_known(
    date: str, said: str, year: str | None
) -> None:
    citation = Citation("d1", "A title", date=date, within="Papers")
    assert f"“A title.” {said}".strip() in words(chicago(citation))
    item: dict[str, Any] = json.loads(csl_json(citation))[0]
    issued = item.get("issued", {}).get("date-parts", [[None]])[0][0]
    assert issued == (int(year) if year else None)
    assert ("PY  - " in ris(citation)) == (year is not None)


@pytest.mark.parametrize("make", [bibtex, ris, csl_json], ids=["bib", "ris", "csl"])
def test_what_is_not_known_is_left_out(make: Callable[[Citation], str]) -> None:
    made = make(Citation("d1", "A title"))
    assert "A title" in made
    assert "None" not in made
    assert "author" not in made
    assert "AU" not in made


def test_a_question_needs_no_full_stop() -> None:
    said = words(chicago(Citation("d1", "Who came?", within="Papers")))
    assert said == "“Who came?” In Papers."


def test_a_name_in_braces_survives_lines_and_signs() -> None:
    made = ris(Citation("d1", "Two\n  lines", (Name("A\nB"),)))
    assert "TI  - Two lines\r\n" in made
    assert "AU  - A B\r\n" in made


def test_json_in_a_page_cannot_end_the_script(
    document: Document, tmp_path: Path, citation: Citation
) -> None:
    edition = Edition(root=tmp_path, licence="</script><script>alert(1)</script>&")
    described = schema_org(
        citation, metadata(document), edition, [], [("TEI", "t.xml", "text/xml")]
    )
    block = data_block(described)
    assert "<" not in block
    assert json.loads(block)["license"] == edition.licence
    assert json.loads(block)["author"][0]["name"] == "József Kovács"


def test_zotero_and_dublin_core_say_the_same_as_the_citation(
    document: Document, citation: Citation
) -> None:
    said = meta_elements(citation, metadata(document), "free", "p.pdf")
    assert ("citation_author", "Kovács, József") in said
    assert ("citation_publication_date", "1962/08/27") in said
    assert ("citation_pdf_url", "p.pdf") in said
    assert ("DC.creator", "József Kovács") in said
    assert ("DC.date", "1962-08-27") in said
    assert all(content.strip() for _, content in said)
