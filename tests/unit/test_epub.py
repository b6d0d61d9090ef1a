"""The e-book holds every word, leads nowhere in vain, and is the same each time."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from lxml import etree

from toolkit.editions import epub
from toolkit.editions.epub_book import Book, bind, identifier, modified
from toolkit.editions.epub_container import Container, pack, unpacked
from toolkit.editions.epub_markup import adapt, markup, parse, serialise
from toolkit.editions.page import Page
from toolkit.editions.parity import Projection, html_words, tree_words
from toolkit.editions.registers import register
from toolkit.editions.text import render_body
from toolkit.errors import ParityError, TemplateError
from toolkit.metadata import language_of, metadata
from toolkit.render.engine import Renderer
from toolkit.render.facts import gather
from toolkit.render.library import Library
from toolkit.render.signs import load_key
from toolkit.tei import read

if TYPE_CHECKING:
    from toolkit.config import Edition
    from toolkit.editions.epub import Chapter
    from toolkit.editions.registers import Register

    from .conftest import MakeEdition

X = "{http://www.w3.org/1999/xhtml}"
TYPE = "{http://www.idpf.org/2007/ops}type"
OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"


class Made(NamedTuple):
    """A document's chapter and what it was made from."""

    page: Page
    known: Chapter
    text: str

    @property
    def root(self) -> etree._Element:
        """The chapter as a tree."""
        return parse(unpacked(self.text), self.page.name)


def tools(edition: Edition) -> tuple[Renderer, Library]:
    """Return what chapters of an edition are made with."""
    folders = edition.template_folders()
    renderer = Renderer(Library(folders, "html"), load_key(edition), "reading")
    return renderer, Library(folders, "epub")


def chapters(edition: Edition) -> dict[str, Made]:
    """Return all chapters of an edition, proved."""
    renderer, library = tools(edition)
    made = {}
    for path in edition.documents():
        document = read(path)
        if document.is_register:
            continue
        facts = gather(document.root, label=lambda _file, ident: ident)
        page = Page(document, metadata(document), facts, language_of(document))
        rendering = render_body(renderer, document.root, facts)
        known, text = epub.chapter(page, renderer, rendering, edition, library)
        epub.prove(page, Projection(renderer.key, "reading"), text)
        made[page.name] = Made(page, known, text)
    return made


def chapter(edition: Edition) -> Made:
    """Return the chapter of an edition's only document."""
    (made,) = chapters(edition).values()
    return made


def book(edition: Edition, **others: Any) -> dict[str, bytes]:
    """Return the files of an edition's book, by name, in their order."""
    made = chapters(edition)
    renderer, library = tools(edition)
    registers: list[Register] = [
        register(document, renderer)
        for document in map(read, edition.documents())
        if document.is_register
    ]
    into = io.BytesIO()
    known = [each.known for each in made.values()]
    texts = [each.text for each in made.values()]
    values = {"registers": registers, **others}
    bind(Book(edition, library, renderer.key, known, texts, **values), into)
    with zipfile.ZipFile(into) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def package(files: dict[str, bytes]) -> etree._Element:
    """Return a book's package."""
    return etree.fromstring(files["book/package.opf"])


def said(root: etree._Element, name: str) -> list[str]:
    """Return what the package says of a property."""
    return [
        meta.text or ""
        for meta in root.iter(f"{OPF}meta")
        if meta.get("property") == name
    ]


REGISTER = (
    '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt>'
    "<title>Persons</title></titleStmt></fileDesc></teiHeader><standOff><listPerson>"
    '<person xml:id="kim"><persName>Kim</persName><note>Premier.</note></person>'
    "</listPerson></standOff></TEI>"
)


def test_a_note_is_called_and_leads_back(make_edition: MakeEdition) -> None:
    root = chapter(make_edition(one="<p>a<note>b</note></p>")).root
    (call,) = (a for a in root.iter(f"{X}a") if a.get("role") == "doc-noteref")
    (note,) = root.iter(f"{X}aside")
    assert (call.get(TYPE), note.get(TYPE)) == ("noteref", "footnote")
    assert note.get("role") == "doc-footnote"
    assert call.get("href") == f"#{note.get('id')}"
    (back,) = (a for a in note.iter(f"{X}a") if a.get("role") == "doc-backlink")
    assert back.get("href") == f"#{call.get('id')}"


def test_page_breaks_have_a_name_and_a_place_in_the_list_of_pages(
    make_edition: MakeEdition,
) -> None:
    edition = make_edition(one="<p>a <pb n='2'/>b <pb/>c</p>")
    made = chapter(edition)
    assert made.known["pages"] == [("page-1", "2"), ("page-2", "")]
    breaks = [e for e in made.root.iter() if e.get(TYPE) == "pagebreak"]
    assert [each.get("aria-label") for each in breaks] == ["page 2", "page break 2"]
    files = book(edition)
    nav = etree.fromstring(files["book/contents.xhtml"])
    (pages,) = (n for n in nav.iter(f"{X}nav") if n.get(TYPE) == "page-list")
    assert [(a.get("href"), a.text) for a in pages.iter(f"{X}a")] == [
        ("text/one.xhtml#page-1", "A document, page 2"),
        ("text/one.xhtml#page-2", "A document, page break 2"),
    ]
    assert "pageBreakMarkers" in said(package(files), "schema:accessibilityFeature")
    assert said(package(files), "pageBreakSource")


def test_a_book_without_pages_does_not_speak_of_them(make_edition: MakeEdition) -> None:
    files = book(make_edition(one="<p>a</p>"))
    assert b"page-list" not in files["book/contents.xhtml"]
    assert "pageNavigation" not in files["book/package.opf"].decode()


def test_a_passage_that_a_reader_marked_says_how(make_edition: MakeEdition) -> None:
    root = chapter(
        make_edition(
            one="<p><seg xml:id='s'>a</seg><add place='margin'><metamark "
            "rend='double-line' cert='low' target='#s'/></add></p>"
        )
    ).root
    (passage,) = (e for e in root.iter() if e.get("id") == "s")
    classes = (passage.get("class") or "").split()
    assert {"passage", "passage-double-line", "passage-cert-low"} <= set(classes)
    (mark,) = (e for e in root.iter() if "metamark" in (e.get("class") or "").split())
    assert mark.tag == f"{X}span"
    assert "two vertical lines" in "".join(map(str, mark.itertext()))


def test_links_lead_within_the_book(make_edition: MakeEdition) -> None:
    edition = make_edition(
        one="<p>See <ref target='two.xml#p2'>a</ref>, <ref target='two.xml'>b</ref>, "
        "<ref target='gone.xml#x'>c</ref>, <ref target='two.xml#gone'>d</ref>, "
        "<ref target='#nowhere'>e</ref>, <ref target='https://x.org/'>f</ref>, "
        "<persName ref='persons.xml#kim'>g</persName>, "
        "<persName ref='persons.xml#who'>h</persName>.</p>",
        two="<p xml:id='p2'>Two.</p>",
    )
    (edition.tei / "persons.xml").write_text(REGISTER)
    root = etree.fromstring(book(edition)["book/text/one.xhtml"])
    (text,) = (e for e in root.iter(f"{X}div") if e.get("id") == "document-text")
    links = {a.text: a.get("href") for a in text.iter(f"{X}a")}
    assert links == {
        "a": "two.xhtml#p2",
        "b": "two.xhtml",
        "f": "https://x.org/",
        "g": "persons.xhtml#kim",
    }
    assert " ".join(tree_words(text)) == "See a, b, c, d, e, f, g, h."


def test_what_the_view_does_not_show_can_still_be_led_to(
    make_edition: MakeEdition,
) -> None:
    edition = make_edition(
        one="<p><choice><sic xml:id='s'>iz</sic><corr>is</corr></choice></p>",
        two="<p>See <ref target='one.xml#s'>it</ref>.</p>",
    )
    files = book(edition)
    assert b'href="one.xhtml#s"' in files["book/text/two.xhtml"]
    assert b'<span id="s"/>' in files["book/text/one.xhtml"]


def test_languages_are_said_twice_as_books_want_it(make_edition: MakeEdition) -> None:
    root = chapter(make_edition(one="<p><foreign xml:lang='ru'>а</foreign></p>")).root
    (word,) = root.iter(f"{X}i")
    assert word.get("lang") == "ru"
    assert word.get("{http://www.w3.org/XML/1998/namespace}lang") == "ru"


def test_scripts_and_buttons_stay_on_the_web() -> None:
    root = parse(
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>a<button>b</button>c'
        "<script>d</script></p></body></html>",
        "d1",
    )
    adapt(root)
    assert "<p>ac</p>" in serialise(root)


def test_a_template_that_gives_no_xml_is_named(make_edition: MakeEdition) -> None:
    edition = make_edition(one="<p>a<lb/>b</p>")
    own = edition.root / "templates" / "html" / "elements"
    own.mkdir(parents=True)
    (own / "lb.html").write_text("<br>")
    with pytest.raises(TemplateError, match=r"one: the e-book’s page.*not well-formed"):
        chapters(edition)


def test_a_page_that_leaves_out_the_text_is_not_whole(
    make_edition: MakeEdition,
) -> None:
    edition = make_edition(one="<p>a<note>b</note></p>")
    own = edition.root / "templates" / "epub" / "pages"
    own.mkdir(parents=True)
    ours = edition.template_folders()[-1] / "epub" / "pages" / "chapter.xhtml"
    for line, lost in (("{{ body }}\n", "lost: 'a'"), ("{{ note }}\n", "'1' became")):
        (own / "chapter.xhtml").write_text(ours.read_text().replace(line, "\n"))
        with pytest.raises(ParityError, match=lost):
            chapters(edition)


def test_the_words_of_a_tree_are_those_of_its_markup(
    make_edition: MakeEdition,
) -> None:
    edition = make_edition(
        one="<p>a<note>b</note>c <gap reason='lost'/>d<lb/>e</p>"
        "<table><row><cell>f</cell><cell>g</cell></row></table>"
    )
    (body,) = chapter(edition).root.iter(f"{X}body")
    assert tree_words(body) == html_words(markup(body))


def test_the_book_begins_with_what_it_is(make_edition: MakeEdition) -> None:
    edition = make_edition(one="<p>a</p>")
    made = chapter(edition)
    into = io.BytesIO()
    renderer, library = tools(edition)
    bind(Book(edition, library, renderer.key, [made.known], [made.text]), into)
    assert into.getvalue()[30:58] == b"mimetypeapplication/epub+zip"
    with zipfile.ZipFile(into) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert {each.date_time[0] for each in archive.infolist()} == {1980}


def test_a_book_of_very_many_files_can_be_read() -> None:
    into, small = io.BytesIO(), pack(b"x")
    with Container(into) as container:
        for number in range(66_000):
            container.file(f"ä{number}", "text/plain", small)
    with zipfile.ZipFile(into) as archive:
        names = archive.namelist()
        assert len(names) == 66_001
        assert archive.read(names[-1]) == b"x"
        assert names[-1] == "book/ä65999"


def test_the_same_documents_give_the_same_book(make_edition: MakeEdition) -> None:
    edition = make_edition(one="<p>a<note>b</note></p>", two="<p>c</p>")
    assert book(edition) == book(edition)


def test_what_stands_in_the_spine_stands_in_the_book(
    make_edition: MakeEdition,
) -> None:
    edition = make_edition(one="<p>a</p>", two="<p>b</p>")
    (edition.tei / "persons.xml").write_text(REGISTER)
    files = book(edition)
    root = package(files)
    items = {i.get("id"): i.get("href") for i in root.iter(f"{OPF}item")}
    assert [items[r.get("idref")] for r in root.iter(f"{OPF}itemref")] == [
        "title.xhtml",
        "contents.xhtml",
        "about.xhtml",
        "text/one.xhtml",
        "text/two.xhtml",
        "text/persons.xhtml",
        "colophon.xhtml",
    ]
    listed = {f"book/{href}" for href in items.values()}
    assert listed == set(files) - {
        "mimetype",
        "META-INF/container.xml",
        "book/package.opf",
    }


def test_the_package_says_for_whom_the_book_is(make_edition: MakeEdition) -> None:
    root = package(book(make_edition(one="<p>a</p>")))
    assert said(root, "schema:accessMode") == ["textual"]
    assert said(root, "schema:accessModeSufficient") == ["textual"]
    assert said(root, "schema:accessibilityHazard") == ["none"]
    assert said(root, "dcterms:conformsTo") == [
        "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"
    ]
    assert said(root, "schema:accessibilitySummary")
    assert [e.text for e in root.iter(f"{DC}title")] == ["Test edition"]
    assert [e.text for e in root.iter(f"{DC}language")] == ["en"]


def test_a_register_leads_to_the_documents(make_edition: MakeEdition) -> None:
    edition = make_edition(one="<p>a</p>")
    (edition.tei / "persons.xml").write_text(REGISTER)
    document: Any = {"name": "one", "day": "", "title": "A document"}
    passage: Any = {"href": "one.html#name-1", "place": "text"}
    files = book(
        edition,
        named_in=lambda entity: (
            [(document, [passage, passage])] if entity == "persons.xml#kim" else []
        ),
    )
    page = files["book/text/persons.xhtml"].decode()
    assert '<a href="one.xhtml#name-1">A document</a>' in page
    assert "(2 places)" in page
    assert "Premier." in page


def test_an_entry_named_in_many_documents_lists_years(
    make_edition: MakeEdition,
) -> None:
    edition = make_edition(**{f"d{n:02}": "<p>a</p>" for n in range(30)})
    (edition.tei / "persons.xml").write_text(REGISTER)
    named: list[Any] = [
        (
            {"name": f"d{n:02}", "day": "", "title": "A document"},
            [{"href": f"d{n:02}.html#name-1", "place": "text"}],
        )
        for n in range(30)
    ]
    page = book(edition, named_in=lambda _: named)["book/text/persons.xhtml"].decode()
    assert page.count("<li>") == 1
    assert '<a href="d00.xhtml#name-1">undated</a>' in page
    assert "(30 documents)" in page


def test_many_documents_stand_by_year_in_the_contents(
    make_edition: MakeEdition,
) -> None:
    edition = make_edition(**{f"d{n:02}": "<p>a</p>" for n in range(31)})
    contents = book(edition)["book/contents.xhtml"].decode()
    assert '<li><a href="text/d00.xhtml">undated</a>\n<ol>' in contents


def test_an_image_comes_along_and_one_that_is_not_there_is_told(
    make_edition: MakeEdition,
) -> None:
    edition = make_edition(
        one="<figure><graphic url='a.png'/></figure>"
        "<figure><graphic url='b.png'/></figure>"
    )
    assert chapter(edition).known["images"] == ["a.png", "b.png"]
    files = book(edition, image={"a.png": b"\x89PNG"}.get)
    assert files["book/images/a.png"] == b"\x89PNG"
    page = files["book/text/one.xhtml"].decode()
    assert 'src="../images/a.png"' in page
    assert "b.png" not in page
    assert "[image not in this book]" in page
    assert "visual" in said(package(files), "schema:accessMode")


def test_the_cover_is_the_title_or_a_picture_of_the_edition_s_own(
    make_edition: MakeEdition,
) -> None:
    edition = make_edition(one="<p>a</p>")
    files = book(edition)
    assert b">Test edition</text>" in files["book/cover.svg"]
    own = edition.root / "templates" / "epub" / "assets"
    own.mkdir(parents=True)
    (own / "cover.png").write_bytes(b"\x89PNG")
    files = book(edition)
    assert files["book/cover.png"] == b"\x89PNG"
    items = package(files).iter(f"{OPF}item")
    covers = [i.get("href") for i in items if i.get("properties") == "cover-image"]
    assert covers == ["cover.png"]


def test_the_last_change_is_what_the_documents_say(make_edition: MakeEdition) -> None:
    edition = make_edition(one="<p>a</p>", two="<p>b</p>")
    one = edition.tei / "one.xml"
    source = one.read_text().replace(
        "</teiHeader>",
        "<revisionDesc><change when='2026-03-01'/><change when='2026-05-17'/>"
        "</revisionDesc></teiHeader>",
    )
    one.write_text(source)
    known = [made.known for made in chapters(edition).values()]
    assert [each["revised"] for each in known] == ["2026-05-17", ""]
    assert modified(known) == "2026-05-17T00:00:00Z"
    assert modified(known, "86400") == "1970-01-02T00:00:00Z"
    assert modified([]) == "2000-01-01T00:00:00Z"


def test_the_identifier_is_that_of_the_edition(make_edition: MakeEdition) -> None:
    edition = make_edition(one="<p>a</p>")
    assert identifier(edition) == identifier(edition)
    assert identifier(edition).startswith("urn:uuid:")


def test_a_document_may_be_called_like_a_page_of_the_book(
    make_edition: MakeEdition,
) -> None:
    files = book(make_edition(title="<p>a</p>", about="<p>b</p>"))
    assert {"book/title.xhtml", "book/text/title.xhtml"} <= set(files)
