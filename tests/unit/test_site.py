"""The web edition is whole: links lead somewhere, ids are unique, all is its own."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POLICY: Final = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
    "base-uri 'none'; form-action 'self'"
)
VOID: Final = frozenset("br col hr img input link meta source wbr".split())
#: What may not stand in a paragraph: its start tag would end the paragraph.
BLOCKS: Final = frozenset(
    """
    address article aside blockquote details div dl fieldset figure footer form h1 h2 h3
    h4 h5 h6 header hr main nav ol p pre section table ul
    """.split()
)
LINKS: Final = {"alternate", "canonical", "describedby", "prev", "next"}
LOADS: Final = {
    "img": "src",
    "script": "src",
    "iframe": "src",
    "source": "src",
    "object": "data",
    "link": "href",
}
DOCUMENTS: Final = (
    *("d1962-08-27", "d1965-01-08", "d1967-06-02"),
    *("d1967-11-25", "d1969-06-09"),
)
REGISTERS: Final = ("persons", "places", "organisations")
NAMES: Final = tuple(f"{name}.html#" for name in REGISTERS)


@dataclass(slots=True)
class Tag:
    """A start tag: its name, attributes and the names of the tags around it."""

    name: str
    attributes: dict[str, str]
    around: tuple[str, ...]

    @property
    def classes(self) -> list[str]:
        """Its class names."""
        return self.attributes.get("class", "").split()


@dataclass(slots=True)
class Page:
    """One page as read: its tags, in order, and what is wrong with their nesting."""

    tags: list[Tag] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def having(self, attribute: str) -> Iterator[tuple[Tag, str]]:
        """Yield the tags with an attribute, and its value."""
        for tag in self.tags:
            if attribute in tag.attributes:
                yield tag, tag.attributes[attribute]

    @property
    def by_id(self) -> dict[str, Tag]:
        """The tags that have an id."""
        return {ident: tag for tag, ident in self.having("id")}


class PageReader(HTMLParser):
    """Reads a page and keeps a strict account of what is open."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page, self.open = Page(), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.see(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.see(tag, attrs)
        if tag not in VOID:
            self.page.faults.append(f"<{tag}/> at {self.getpos()} is not void")

    def see(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if len(dict(attrs)) < len(attrs):
            self.page.faults.append(f"<{tag}> at {self.getpos()}: attribute twice")
        if tag in BLOCKS and "p" in self.open:
            self.page.faults.append(f"<{tag}> at {self.getpos()} stands in a <p>")
        if tag == "a" and "a" in self.open:
            self.page.faults.append(f"<a> at {self.getpos()} stands in an <a>")
        attributes = {name: value or "" for name, value in attrs}
        self.page.tags.append(Tag(tag, attributes, tuple(self.open)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.page.faults.append(f"</{tag}> at {self.getpos()} ends nothing")


def read_page(markup: str) -> Page:
    """Return a page with its tags and faults."""
    reader = PageReader()
    reader.feed(markup)
    reader.close()
    if reader.open:
        reader.page.faults.append(f"never ended: {', '.join(reader.open)}")
    return reader.page


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    """Every page of the site by its file name."""
    return {
        path.name: read_page(path.read_text(encoding="utf-8"))
        for path in sorted(site.glob("*.html"))
    }


def test_the_site_has_a_page_for_every_document_view_and_register(
    pages: dict[str, Page],
) -> None:
    views = {f"{name}{view}.html" for name in DOCUMENTS for view in ("", ".source")}
    common = {f"{n}.html" for n in ("index", "about", "marks", "signs", "guide")}
    assert common | views | {f"{n}.html" for n in REGISTERS} <= set(pages)


def test_tags_are_closed_and_nested_as_html_allows(pages: dict[str, Page]) -> None:
    assert {name: page.faults for name, page in pages.items() if page.faults} == {}


def test_ids_are_unique_on_every_page(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        counted = Counter(ident for _, ident in page.having("id"))
        assert [i for i, count in counted.items() if count > 1] == [], name


def test_every_link_within_the_site_leads_somewhere(
    pages: dict[str, Page], site: Path
) -> None:
    dangling = []
    for name, page in pages.items():
        for tag, href in page.having("href"):
            address = urlsplit(href)
            if address.scheme:
                continue
            file = unquote(address.path) or name
            fragment = unquote(address.fragment)
            if not (site / file).is_file() or (
                fragment and fragment not in pages[file].by_id
            ):
                dangling.append((name, tag.name, href))
    assert dangling == []


def test_nothing_is_loaded_from_another_host(pages: dict[str, Page]) -> None:
    foreign = [
        (name, tag.name, tag.attributes[LOADS[tag.name]])
        for name, page in pages.items()
        for tag in page.tags
        if LOADS.get(tag.name) in tag.attributes
        and tag.attributes.get("rel") not in LINKS
        and re.match(r"(?i)[a-z+.-]+:|//", tag.attributes[LOADS[tag.name]])
    ]
    assert foreign == []


def test_styles_and_scripts_ask_for_nothing(site: Path) -> None:
    for path in (site / "assets").iterdir():
        text = path.read_text(encoding="utf-8").replace(
            "http://www.w3.org/2000/svg", ""
        )
        assert not re.search(r"(?i)https?:|url\(|@import|fetch\(|XMLHttp", text), path


def test_nothing_stands_inline_that_the_policy_forbids(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        for tag in page.tags:
            assert tag.name != "style", name
            data = tag.attributes.get("type") == "application/ld+json"
            assert tag.name != "script" or data or "src" in tag.attributes, name
            inline = [a for a in tag.attributes if a == "style" or a.startswith("on")]
            assert inline == [], (name, tag)


def test_every_page_says_its_language_policy_width_and_title(
    pages: dict[str, Page], site: Path
) -> None:
    titles = set()
    for name, page in pages.items():
        assert page.tags[0].name == "html"
        assert page.tags[0].attributes.get("lang") == "en"
        metas = [tag.attributes for tag in page.tags if tag.name == "meta"]
        assert {"http-equiv": "Content-Security-Policy", "content": POLICY} in metas
        assert any(meta.get("name") == "viewport" for meta in metas), name
        assert sum(tag.name == "h1" for tag in page.tags) == 1, name
        text = (site / name).read_text(encoding="utf-8")
        titles.add(text.partition("<title>")[2].partition("</title>")[0])
    assert len(titles) == len(pages)


def test_every_passage_of_a_register_lands_on_the_name(pages: dict[str, Page]) -> None:
    for register in REGISTERS:
        entry, landed = "", 0
        for tag in pages[f"{register}.html"].tags:
            if "entry" in tag.classes:
                entry = tag.attributes["id"]
            if tag.name != "a" or not tag.attributes.get("href", "").startswith("d19"):
                continue
            file, _, fragment = tag.attributes["href"].partition("#")
            name = pages[file].by_id[fragment]
            if name.name == "a":
                assert name.attributes["href"] == f"{register}.html#{entry}"
            landed += 1
        assert landed > 10, register


def test_every_name_in_a_reading_text_is_listed_in_its_register(
    pages: dict[str, Page],
) -> None:
    listed = {
        href
        for register in REGISTERS
        for _, href in pages[f"{register}.html"].having("href")
    }
    for name in DOCUMENTS:
        tags = pages[f"{name}.html"].tags
        start = next(i for i, t in enumerate(tags) if "document-text" in t.classes)
        end = next(i for i, t in enumerate(tags) if "apparatus" in t.classes)
        named = [
            f"{name}.html#{tag.attributes['id']}"
            for tag in tags[start:end]
            if tag.attributes.get("href", "").startswith(NAMES)
        ]
        assert len(named) > 50
        assert set(named) <= listed


def test_every_register_entry_is_reached(pages: dict[str, Page]) -> None:
    reached = {
        href for name in DOCUMENTS for _, href in pages[f"{name}.html"].having("href")
    }
    for register in REGISTERS:
        entries = [
            f"{register}.html#{tag.attributes['id']}"
            for tag in pages[f"{register}.html"].tags
            if "entry" in tag.classes
        ]
        assert len(entries) > 10
        assert set(entries) <= reached


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_note_stands_once_and_is_tied_to_its_number(
    pages: dict[str, Page], name: str
) -> None:
    page = pages[f"{name}.html"]
    numbers = [tag for tag in page.tags if "noteref" in tag.classes]
    notes = [tag for tag in page.tags if "note-body" in tag.classes]
    backs = [tag for tag in page.tags if "noteback" in tag.classes]
    leads = [tag.attributes["href"] for tag in numbers]
    assert leads == [f"#{note.attributes['id']}" for note in notes]
    assert [back.attributes["href"] for back in backs] == [
        f"#{number.attributes['id']}" for number in numbers
    ]


@pytest.mark.parametrize("view", ["", ".source"], ids=["reading", "source"])
def test_every_mark_names_its_passage_and_leads_to_its_note(
    pages: dict[str, Page], view: str
) -> None:
    page = pages[f"d1969-06-09{view}.html"]
    marks = [t for t in page.tags if "metamark" in t.classes and "id" in t.attributes]
    assert len(marks) == 21
    for mark in marks:
        assert "marked" in page.by_id[mark.attributes["data-passage"]].classes
        note = page.by_id[mark.attributes["href"].removeprefix("#")]
        assert {"note", "note-body"} & set(note.classes)
        assert mark.attributes["title"].startswith("Reader’s mark: ")


def test_the_lost_text_is_named_in_both_views(site: Path) -> None:
    words = "7 lines of Korean text lost in digitisation"
    for view in ("", ".source"):
        assert words in (site / f"d1967-11-25{view}.html").read_text(encoding="utf-8")


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, ``#rrggbb``, by WCAG 2."""

    def luminance(colour: str) -> float:
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
            for c in channels
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "panel", "lit"])
@pytest.mark.parametrize("ink", ["ink", "quiet", "link", "pencil", "hand"])
def test_colours_can_be_told_apart(
    site: Path, scheme: int, ground: str, ink: str
) -> None:
    css = (site / "assets" / "edition.css").read_text(encoding="utf-8")
    pair = r"--(\w+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);"
    palette = {name: each for name, *each in re.findall(pair, css)}
    assert contrast(palette[ink][scheme], palette[ground][scheme]) >= 4.5
