"""Print: notes where they are called, marks in the margin, an index with its pages."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from toolkit.build.run import Build
from toolkit.build.workshop import Workshop, page_of
from toolkit.config import find
from toolkit.editions import parity
from toolkit.editions.printing.article import article, lead, prove
from toolkit.editions.printing.volume import Press, is_there
from toolkit.editions.registers import register
from toolkit.errors import ParityError
from toolkit.tei import read

if TYPE_CHECKING:
    from tests.unit.conftest import MakeEdition
    from toolkit.editions.page import Page
    from toolkit.editions.printing.article import Article

CHECKOUT = Path(__file__).resolve().parents[2]
BODY = (
    "<head>One</head><p>He said<note type='gloss'>that is, <stamp>Kim</stamp></note> "
    "it, <ref target='#p2'>below</ref> and <ref target='other.xml#x'>there</ref>.</p>"
    "<p xml:id='p2'>So <persName ref='persons.xml#kim'>Kim</persName>.</p>"
)


def made(shop: Workshop, page: Page) -> Article:
    """Return a document as an article."""
    rendering, _ = shop.rendering(page, "html", "reading")
    html, of_print = shop.renderer("html", "reading"), shop.library("print")
    return article(page, html, rendering, shop.edition, of_print)


@pytest.fixture
def shop(make_edition: MakeEdition) -> Workshop:
    """A workshop for an edition of one document."""
    return Workshop(make_edition(one=BODY))


@pytest.fixture
def page(shop: Workshop) -> Page:
    """The document."""
    return page_of(read(shop.edition.tei / "one.xml"), {})


def test_a_note_stands_where_it_is_called(shop: Workshop, page: Page) -> None:
    markup = made(shop, page)["markup"]
    text = " ".join("".join(map(str, etree.fromstring(markup).itertext())).split())
    assert "He saidthat is, Kim it, below and there." in text
    assert "doc-noteref" not in markup


def test_addresses_bear_the_name_of_their_document(shop: Workshop, page: Page) -> None:
    markup = made(shop, page)["markup"]
    assert 'href="#one--p2"' in markup
    assert 'id="one--p2"' in markup
    assert 'href="#other--x"' in markup
    assert 'href="#persons--kim"' in markup


def test_every_word_is_proved_and_a_lost_one_is_named(
    shop: Workshop, page: Page
) -> None:
    whole = made(shop, page)
    projection = parity.Projection(shop.key, "reading")
    assert prove(page, projection, whole) > 10
    body: Article = {**whole, "markup": whole["markup"].replace("He said", "He")}
    with pytest.raises(ParityError, match="'said'"):
        prove(page, projection, body)
    note: Article = {**whole, "markup": whole["markup"].replace("that is", "that")}
    with pytest.raises(ParityError, match="print, note 1"):
        prove(page, projection, note)


def test_without_pango_print_is_left_out_and_that_is_said(
    make_edition: MakeEdition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toolkit.build.run.is_there", lambda: False)
    edition = replace(make_edition(one=BODY), outputs=("text", "print"))
    built = Build(edition).run()
    assert "print was left out: print needs WeasyPrint and Pango" in built.left_out
    assert not (edition.build / "print").exists()
    assert (edition.build / "text" / "one.txt").is_file()


# -- pages as they are printed -------------------------------------------------------


@pytest.fixture(scope="module")
def printed() -> dict[str, Any]:
    """The marked document of this repository alone, and a volume of two, as PDF."""
    import pikepdf
    import pypdfium2

    assert is_there(), "print needs Pango here; .ci/run installs it"
    edition = find(CHECKOUT)
    shop = Workshop(edition)
    pages = [
        page_of(read(edition.tei / f"{name}.xml"), {})
        for name in ("d1962-08-27", "d1969-06-09")
    ]
    articles = [made(shop, page) for page in pages]
    persons = register(
        read(edition.tei / "persons.xml"), shop.renderer("html", "reading")
    )
    press = Press(edition, shop.library("print"))
    alone, whole = press.alone(articles[1], {}), press.whole(articles, [persons])
    return {
        "page": pages[1],
        "key": shop.key,
        "again": press.alone(articles[1], {}) == alone,
        "alone": pypdfium2.PdfDocument(alone),
        "whole": pypdfium2.PdfDocument(whole),
        "inside": pikepdf.open(io.BytesIO(whole)),
    }


def lines(pdf: Any, number: int) -> list[str]:
    """Return the lines of a page as text programs read them."""
    text = pdf[number].get_textpage().get_text_bounded()
    return [line.strip() for line in text.replace("\r", "").split("\n")]


def words(pdf: Any) -> list[str]:
    """Return all words of a PDF in order, those joined that a line end has cut."""
    text = "\n".join(line for n in range(len(pdf)) for line in lines(pdf, n))
    text = text.replace("\x02", "")  # a hyphen with the line's end behind it
    joined = re.sub("[-\u2010\ufffe\x02]\\s*\n(?=[^\\W\\d])", "", text)
    return re.sub("[-\u2010\ufffe\x02]\\s*\n", "\n", joined).split()


def squeezed(text: str) -> str:
    """Return a text without hyphens, which may be the line's or the word's own."""
    return re.sub("[-\u2010]", "", text)


def holds(found: str, word: str) -> bool:
    """Whether a word is there; the number of a note may stand within it."""
    letters = re.sub(r"\d", "", word)
    return word in found or (letters != "" and letters in re.sub(r"\d", "", found))


def lost(expected: list[str], found: list[str]) -> list[str]:
    """Return the words that do not follow in order; notes may stand between them.

    A word that the end of a page cuts has the page's foot and head within it.
    """
    missing, place = [], 0
    for word in expected:
        near = found[place : place + 300]
        here = next((n for n, one in enumerate(near) if holds(one, word)), None)
        if here is None:
            cut = [
                n for n, one in enumerate(near) if len(one) > 1 and word.startswith(one)
            ]
            ends = [
                m
                for n in cut
                for m, one in enumerate(near[n:], n)
                if one == word[len(near[n]) :]
            ]
            here = min(ends, default=None)
        if here is None:
            missing.append(word)
        else:
            place += here + (near[here] == word)
    return missing


@pytest.mark.slow
def test_the_same_document_gives_the_same_bytes(printed: dict[str, Any]) -> None:
    assert printed["again"]


@pytest.mark.slow
def test_every_word_can_be_read_out_of_the_pdf_in_order(
    printed: dict[str, Any],
) -> None:
    projection = parity.Projection(printed["key"], "reading")
    root = printed["page"].document.root
    text = root.find("{http://www.tei-c.org/ns/1.0}text")
    found = [squeezed(word) for word in words(printed["alone"])]
    expected = [squeezed(word) for word in projection.words(text).body]
    assert len(expected) > 4_000
    assert lost(expected, found) == []


@pytest.mark.slow
def test_a_note_is_at_the_foot_of_the_page_that_calls_it(
    printed: dict[str, Any],
) -> None:
    pdf = printed["alone"]
    called = next(
        n
        for n in range(len(pdf))
        if "increasingly lesser degree" in " ".join(lines(pdf, n))
    )
    foot = " ".join(lines(pdf, called)[-4:])
    assert "4. the end of the paragraph was highlighted in the left margin" in foot


@pytest.mark.slow
def test_it_is_tagged_and_says_its_language_and_its_parts(
    printed: dict[str, Any],
) -> None:
    root = printed["inside"].Root
    assert str(root.Lang) == "en"
    assert bool(root.MarkInfo.Marked)
    assert "/StructTreeRoot" in root
    with printed["inside"].open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
    with printed["inside"].open_outline() as outline:
        titles = [item.title for item in outline.root]
    assert "Report, Embassy of Hungary in North Korea" in " ".join(titles)
    assert titles[-1] == "Register of persons"
    fonts = [
        font
        for page in printed["inside"].pages
        for font in page.Resources.Font.values()
    ]
    descriptors = [f.DescendantFonts[0].FontDescriptor for f in fonts]
    assert all("/FontFile2" in d or "/FontFile3" in d for d in descriptors)


@pytest.mark.slow
def test_the_index_names_the_pages_where_a_person_is_named(
    printed: dict[str, Any],
) -> None:
    pdf = printed["whole"]
    index = " ".join(" ".join(lines(pdf, n)) for n in range(len(pdf) - 2, len(pdf)))
    (pages,) = re.findall(r"Yakovlev, P\. (\d+)", index) or [""]
    assert pages, index
    assert "Yakovlev" in " ".join(lines(pdf, int(pages) - 1))


@pytest.mark.slow
def test_a_mark_is_drawn_beside_the_lines_of_its_passage(
    printed: dict[str, Any],
) -> None:
    pdf = printed["alone"]
    number = next(
        n
        for n in range(len(pdf))
        if "there remained a certain ideological closeness" in " ".join(lines(pdf, n))
    )
    page = pdf[number]
    image = page.render(scale=2).to_pil().convert("RGB")
    reds, blues = (image.getchannel(name).tobytes() for name in "RB")
    rows = sorted(
        {
            place // image.width
            for place, (red, blue) in enumerate(zip(reds, blues, strict=True))
            if red - blue > 60
        }
    )
    place, _ = page.get_textpage().search("ideological closeness").get_next()
    _, bottom, _, top = page.get_textpage().get_charbox(place)
    first, last = (page.get_height() - top) * 2, (page.get_height() - bottom) * 2
    assert rows[0] <= last
    assert rows[-1] >= first
    assert rows[-1] - rows[0] < image.height / 5


def test_links_out_of_a_volume_lead_to_the_web_or_nowhere(
    shop: Workshop, page: Page
) -> None:
    root = etree.fromstring(made(shop, page)["markup"])
    lead(root, {"other": "https://example.org/other.html"})
    shown = etree.tostring(root, encoding="unicode")
    assert 'href="#one--p2"' in shown
    assert 'href="https://example.org/other.html#x"' in shown
    assert "persons--kim" not in shown
