"""Markdown says the words of the document to everybody who reads CommonMark."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree
from markdown_it import MarkdownIt
from markupsafe import escape
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from toolkit.build.proof import prove
from toolkit.config import Edition, load
from toolkit.editions.markdown import convert, markdown_file, written
from toolkit.editions.markdown_inline import bare
from toolkit.editions.page import Page
from toolkit.editions.parity import Projection, html_words
from toolkit.editions.text import Rendering, render_body, texts
from toolkit.errors import TemplateError
from toolkit.metadata import language_of, metadata
from toolkit.render.engine import Renderer
from toolkit.render.facts import gather
from toolkit.render.library import Library
from toolkit.render.signs import load_key
from toolkit.tei import Document, read

from .conftest import tei_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.unit.conftest import MakeEdition

DOCUMENTS = "1962-08-27 1965-01-08 1967-06-02 1967-11-25 1969-06-09".split()


class _Text(HTMLParser):
    """What a reader sees of a page, block by block; calls of notes are not words."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._hidden = 0

    def handle_starttag(
        self,
        tag: str,
        attrs: list[tuple[str, str | None]],  # noqa: ARG002 - HTMLParser's signature
    ) -> None:
        if tag not in {"em", "strong", "a", "sup"}:
            self.said.append(" ")
        self._hidden += tag == "sup"

    def handle_endtag(self, tag: str) -> None:
        if tag not in {"em", "strong", "a", "sup"}:
            self.said.append(" ")
        self._hidden -= tag == "sup"

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.said.append(data)


def shown(markdown: str) -> str:
    """Return the HTML that CommonMark, with tables and footnotes, makes of a file."""
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return str(reader.use(footnote_plugin).use(front_matter_plugin).render(markdown))


def words(html: str) -> list[str]:
    """Return the words that a page shows."""
    reader = _Text()
    reader.feed(html)
    return "".join(reader.said).split()


def body(tei: str) -> Document:
    """Return a document of some content."""
    return Document(Path("d1.xml"), etree.fromstring(tei_document(tei)))


def rendered(document: Document, edition: Edition) -> tuple[Page, Renderer, Rendering]:
    """Return a document rendered in HTML, in the reading view."""
    folders = edition.template_folders()
    renderer = Renderer(Library(folders, "html"), load_key(edition), "reading")
    facts = gather(document.root)
    page = Page(document, metadata(document), facts, language_of(document))
    return page, renderer, render_body(renderer, document.root, facts)


def file_of(document: Document, edition: Edition) -> str:
    """Return a document's Markdown file, proved."""
    page, renderer, html = rendered(document, edition)
    made = convert(html, page.name)
    prove(document, "markdown", Projection(renderer.key, "reading"), made)
    library = Library(edition.template_folders(), "markdown")
    return markdown_file(page, renderer, made, edition, library)


def text_of(tei: str) -> str:
    """Return what stands in a file after the rule."""
    made = file_of(body(tei), Edition(root=Path("nowhere"), title="An edition"))
    return made.partition("\n* * *\n\n")[2].strip("\n")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_commonmark_shows_all_words_of_a_document(name: str, checkout: Path) -> None:
    edition = load(checkout / "edition.toml")
    document = read(checkout / "tei" / f"d{name}.xml")
    _, renderer, _ = rendered(document, edition)
    page = iter("".join(words(shown(file_of(document, edition)))))
    expected = Projection(renderer.key, "reading").words(texts(document.root)[0])
    assert expected.notes
    for text in (expected.body, *expected.notes):
        for word in text:  # letter by letter: what is added may stand within a word
            assert all(letter in page for letter in word), word


@pytest.mark.parametrize(
    ("tei", "markdown"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("<p>One<lb/>two</p>", "One\\\ntwo"),
        ("<div><head>Title</head><p>x</p></div>", "## Title\n\nx"),
        ("<p>He <emph>said</emph> so.</p>", "He *said* so."),
        ("<p>He <emph> said </emph>so.</p>", "He *said* so."),
        ("<p>in<emph>“side”</emph>out</p>", "in<em>“side”</em>out"),
        ("<p><emph>a <emph>b</emph></emph></p>", "<em>a <em>b</em></em>"),
        ("<quote><p>a</p><p>b</p></quote>", "> a\n>\n> b"),
        ("<list><item>a</item><item>b</item></list>", "- a\n- b"),
        (
            "<list><label>1.</label><item>a</item><label>2.</label><item>b</item></list>",
            "- 1\\. a\n- 2\\. b",
        ),
        (
            "<list><item><p>a</p><p>b</p></item><item>c</item></list>",
            "- a\n\n  b\n\n- c",
        ),
        ("<list><item>a</item></list><p>b</p>", "- a\n\nb"),
        ("<p>a <add hand='#h'>b</add></p>", "a b (by hand)"),
        ("<p>a <ptr target='https://x.org/'/></p>", "a <https://x.org/>"),
        (
            "<p>a<metamark rend='line'/> b</p>",
            "a [Reader’s mark: one vertical line] b",
        ),
        ("<lg><l>a</l><l>b</l></lg>", "a\\\nb"),
        (
            "<p>See <ref target='https://x.org/a'>this [page]</ref>.</p>",
            "See [this \\[page\\]](<https://x.org/a>).",
        ),
        ("<p>See <ref target='d2.xml#p3'>there</ref>.</p>", "See [there](<d2.md>)."),
        ("<p>See <ref target='javascript:x'>there</ref>.</p>", "See there."),
        ("<p>a <gap reason='redacted' unit='line' quantity='2'/></p>",
         "a [redacted] (2 lines redacted)"),
        ("<p>a<note>b</note> c</p>", "a[^1] c\n\n[^1]: b"),
        (
            "<p>a<note><p>b</p><p>c</p></note></p>",
            "a[^1]\n\n[^1]: b\n\n    c",
        ),
    ],
)  # fmt: skip
def test_markup_becomes_that_of_markdown(tei: str, markdown: str) -> None:
    assert text_of(tei) == markdown


def test_a_table_keeps_its_cells_and_their_signs() -> None:
    made = text_of(
        "<table><head>Trade</head>"
        "<row role='label'><cell role='label'>Year</cell>"
        "<cell role='label'>a|b</cell></row>"
        "<row><cell>1961</cell><cell>one<lb/>two</cell></row></table>"
    )
    assert made == (
        "Trade\n\n| Year | a\\|b |\n| --- | --- |\n| 1961 | one <br/> two |"
    )
    assert "<th>a|b</th>" in shown(made)


def test_a_table_without_headings_has_an_empty_head() -> None:
    made = text_of("<table><row><cell cols='2'>a</cell></row></table>")
    assert made == "|  |  |\n| --- | --- |\n| a |  |"


@pytest.mark.parametrize(
    "text",
    [
        "1. not a list",
        "# not a heading",
        "- not an item",
        "> not a quotation",
        "[^1] not a note",
        "[x](y) no link",
        "[x]: no definition",
        "![x](y) no image",
        "a *b* _c_ `d` ~~e~~ \\f",
        "<b>not a tag</b> &amp; &#65; <http://x.org>",
        "| a | b |",
        "===",
        "* * *",
        "    not code",
        "[ ] no task",
        "^[not a note]",
    ],
)
def test_what_looks_like_markdown_stays_a_word(text: str) -> None:
    made = bare(written(f"<p>{escape(text)}</p>", "d1"))
    assert words(shown(made)) == text.split()


def test_signs_that_mean_nothing_are_not_escaped() -> None:
    said = "the [Soviet] policy […] at 5 p.m. - in 1961! #1 (x) a+b a|b"
    assert bare(written(f"<p>{said}</p>", "d1")) == said


PIECES = st.text(alphabet="ab *_`[](){}<>#+-.!|~^:\\&;1=\"'/$@\u00a0“…", max_size=12)


def _markup(pieces: list[tuple[str, str]]) -> Iterator[str]:
    for tag, text in pieces:
        inner = str(escape(text))
        yield f"<{tag}>{inner}</{tag}>" if tag else inner


@settings(max_examples=400, deadline=None)
@example([[("", "#")]], "p")
@example([[("", "##")]], "h2")
@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(["", "", "em", "b", "span"]), PIECES)),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["p", "h2", "blockquote", "li"]),
)
def test_any_text_is_shown_as_it_was(
    paragraphs: list[list[tuple[str, str]]], block: str
) -> None:
    html = "".join(f"<{block}>{''.join(_markup(p))}</{block}>" for p in paragraphs)
    made = bare(written(html, "d1"))
    assert words(shown(made)) == list(html_words(html))


def test_the_front_matter_is_yaml_that_says_who_and_when(checkout: Path) -> None:
    edition = load(checkout / "edition.toml")
    made = file_of(read(checkout / "tei" / "d1962-08-27.xml"), edition)
    data = yaml.safe_load(made.split("---\n")[1])
    assert data["title"].startswith("Report, Embassy of Hungary")
    assert data["date"] == "1962-08-27"
    assert data["authors"] == ["József Kovács"]
    assert data["translators"] == ["Balazs Szalontai"]
    assert data["archive"]
    assert data["identifier"] == "d1962-08-27"
    assert "MIT" in data["licence"]


def test_who_is_not_named_is_not_called_a_translator(checkout: Path) -> None:
    edition = load(checkout / "edition.toml")
    made = file_of(read(checkout / "tei" / "d1969-06-09.xml"), edition)
    assert "translators" not in yaml.safe_load(made.split("---\n")[1])


def test_markup_that_is_not_well_formed_is_named() -> None:
    with pytest.raises(TemplateError, match="d1: the page’s markup is not well-formed"):
        written("<p>a<br></p>", "d1")


def test_an_edition_s_own_template_counts_in_markdown(
    make_edition: MakeEdition,
) -> None:
    edition = make_edition(one="<p>a <term>b</term></p>")
    own = edition.root / "templates" / "html" / "elements"
    own.mkdir(parents=True)
    (own / "term.html").write_text("<strong>{{ content }}</strong>")
    assert "a **b**" in file_of(read(edition.documents()[0]), edition)
