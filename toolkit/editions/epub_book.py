"""The e-book of an edition: EPUB 3.3, the reading text, one document after the other.

Every document's chapter is made by itself (:mod:`toolkit.editions.epub`) and kept;
:func:`bind` puts them into one file, without holding their texts.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from markupsafe import Markup

from toolkit.editions.catalogue import day
from toolkit.editions.epub_container import Container, Packed, pack, packed, unpacked
from toolkit.editions.epub_markup import (
    SUFFIX,
    XHTML,
    adapt,
    image_file,
    images,
    outward,
    parse,
    serialise,
    unlink,
    within,
)
from toolkit.editions.registers import letter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import IO

    from toolkit.config import Edition
    from toolkit.editions.epub import Chapter
    from toolkit.editions.mentions import Passage
    from toolkit.editions.principles import Sign
    from toolkit.editions.registers import Card, Register
    from toolkit.editions.summary import Neighbour
    from toolkit.render.library import Library
    from toolkit.render.signs import Key

    #: From an entity (``persons.xml#kim``) to the documents that name it, by date.
    NamedIn = Callable[[str], Iterable[tuple[Neighbour, list[Passage]]]]

#: The folder of the documents and registers, whose names are theirs to choose.
TEXTS: Final = "text/"
GROUPED: Final = 30  #: more documents than these are listed by year in the contents
LISTED: Final = 24  #: more than these are listed by year in an entry of a register
#: The day of the last change where no document names one.
_NEVER: Final = "2000-01-01"


class Link(NamedTuple):
    """An entry of a list: of the contents, of the pages, of an entry's places."""

    href: str
    words: str
    times: int = 1  #: how many places, or documents, it stands for


@dataclass(frozen=True, slots=True)
class Book:
    """All that goes into one book; the texts are taken one by one."""

    edition: Edition
    library: Library  #: the templates of the format ``epub``
    key: Key  #: the key of editorial signs
    chapters: Sequence[Chapter]  #: by date
    texts: Iterable[str]  #: of the chapters, in their order, packed
    registers: Sequence[Register] = ()
    named_in: NamedIn = lambda _entity: ()
    signs: Mapping[str, Sign] = field(default_factory=dict)  #: what occurs of the key
    image: Callable[[str], bytes | None] = lambda _name: None
    epoch: str = ""  #: seconds since 1970 that set the modified date; or empty

    def any(self, what: str) -> bool:
        """Whether a document has any ``notes``, ``marks`` or ``pages``."""
        return any(dict(each)[what] for each in self.chapters)


def identifier(edition: Edition) -> str:
    """Return the book's name for machines: the same for every state of an edition."""
    said = "\n".join((edition.title, edition.publisher, edition.language))
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, edition.address or said)}"


def modified(chapters: Iterable[Chapter], epoch: str = "") -> str:
    """Return when the book was last changed, as its documents say: no clock is read.

    Args:
        chapters: All documents.
        epoch: Seconds since 1970 (``SOURCE_DATE_EPOCH``), which are taken instead.
    """
    if epoch.isdigit():
        return datetime.fromtimestamp(int(epoch), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    last = max((each["revised"] for each in chapters), default="") or _NEVER
    return f"{last}T00:00:00Z"


def bind(book: Book, into: IO[bytes]) -> None:
    """Write the e-book, chapter by chapter.

    Args:
        book: What goes into it.
        into: A file, open for writing.

    Raises:
        TemplateError: A template of the book fails, or gives no XML.
    """
    dead = _dead(book)
    shown = {name for each in book.chapters for name in each["images"]}
    with Container(into) as container:
        lost = {name for name in sorted(shown) if not _image(book, name, container)}
        _front(book, container)
        for each, text in zip(book.chapters, book.texts, strict=True):
            if not (dead.isdisjoint(each["links"]) and lost.isdisjoint(each["images"])):
                mended = _mended(unpacked(text), each["name"], dead, lost)
                container.page(TEXTS + each["name"], mended)
            else:
                container.page(TEXTS + each["name"], packed(text))
        for register in book.registers:
            container.page(TEXTS + register["name"], _register(book, register))
        _back(book, container)


def _image(book: Book, name: str, container: Container) -> bool:
    """Put an image into the book, if there is one of a kind that books can show."""
    content = book.image(name)
    return content is not None and container.image(name, content)


def _dead(book: Book) -> set[str]:
    """Return the links between documents that lead nowhere."""
    wanted = {link for each in book.chapters for link in each["links"]}
    holders: list[tuple[str, Iterable[str]]] = [
        *((each["name"], each["ids"]) for each in book.chapters),
        *((each["name"], each["entries"]) for each in book.registers),
    ]
    for name, idents in holders:
        wanted.discard(name + SUFFIX)
        wanted.difference_update(f"{name}{SUFFIX}#{ident}" for ident in idents)
    return wanted


def _mended(text: str, name: str, dead: set[str], lost: set[str]) -> Packed:
    """Take from a chapter the links and images that the book cannot give."""
    root = parse(text, name)
    for link, target in list(outward(root)):
        if target in dead:
            unlink(link)
    for image in images(root):
        if image_file(image) in lost:
            image.tag = f"{XHTML}span"
            image.attrib.clear()
            image.set("class", "added")
            image.text = "[image not in this book]"
    return pack(serialise(root).encode())


def _make(book: Book, name: str, **values: object) -> str:
    """Return what a template of the book makes."""
    template = book.library.get(f"pages/{name}")
    made = book.library.render(template, {"edition": book.edition, **values})
    return f"{made.strip()}\n"


def _own(book: Book, name: str, **values: object) -> Packed:
    """Return one of the book's own pages."""
    root = parse(_make(book, name, **values), name)
    adapt(root)
    return pack(serialise(root).encode())


# What stands before the documents


def _front(book: Book, container: Container) -> None:
    """Write the pages before the documents; the contents are one of them."""
    paragraphs = [p for p in book.edition.description.split("\n\n") if p.strip()]
    _cover(book, container)
    container.page("title", _own(book, "title.xhtml"))
    container.page("contents", _contents(book), properties="nav")
    about = _own(
        book,
        "about.xhtml",
        paragraphs=paragraphs,
        has={what: book.any(what) for what in ("notes", "marks", "pages")},
    )
    container.page("about", about)
    if book.signs:
        signs = _own(book, "signs.xhtml", key=book.key, signs=book.signs)
        container.page("signs", signs)


def _cover(book: Book, container: Container) -> None:
    """Write the cover: the edition's own picture, or its title."""
    for folder in book.library.folders:
        for suffix in (".jpg", ".png", ".svg"):
            path = folder / "assets" / f"cover{suffix}"
            if path.is_file():
                container.image(path.name, path.read_bytes(), "cover-image")
                return
    lines = wrap(book.edition.title, 18)
    size = min(132, 1000 // max(1, len(lines)))
    drawn = _make(
        book,
        "cover.svg",
        lines=lines,
        size=size,
        foot=560 + len(lines) * size * 1.25,
        subtitle=wrap(book.edition.subtitle, 42),
    )
    container.image("cover.svg", drawn.encode(), "cover-image")


def _contents(book: Book) -> Packed:
    """Return the navigation: contents, landmarks, pages of the sources."""
    front = [_link("title", "Title page"), _link("about", "About this edition")]
    if book.signs:
        front.append(_link("signs", "Editorial signs"))
    back = [_link(TEXTS + each["name"], each["title"]) for each in book.registers]
    return _own(
        book,
        "nav.xhtml",
        front=front,
        groups=_groups(book.chapters),
        back=[*back, _link("colophon", "Colophon")],
        landmarks=list(_landmarks(book)),
        pages=[
            _link(TEXTS + each["name"], _page(each, number, printed), ident)
            for each in book.chapters
            for number, (ident, printed) in enumerate(each["pages"], 1)
        ],
    )


def _groups(chapters: Sequence[Chapter]) -> list[tuple[str, list[Link]]]:
    """Return the documents, by year where they are many."""

    def year(chapter: Chapter) -> str:
        return chapter["date"][:4] or "undated"

    if len(chapters) <= GROUPED:
        return [("", [_document(each) for each in chapters])]
    return [
        (of, [_document(c) for c in group]) for of, group in groupby(chapters, year)
    ]


def _link(name: str, words: str, ident: str = "") -> Link:
    return Link(name + SUFFIX + (f"#{ident}" if ident else ""), words)


def _document(chapter: Chapter) -> Link:
    return _link(TEXTS + chapter["name"], _called(chapter))


def _called(document: Chapter | Neighbour) -> str:
    """Return how a list calls a document."""
    return f"{document['day']}: {document['title']}".removeprefix(": ")


def _page(document: Chapter, number: int, printed: str) -> str:
    """Return how the list of pages calls one: the book holds many sources."""
    said = f"page {printed}" if printed else f"page break {number}"
    return f"{document['day'] or document['title']}, {said}"


def _landmarks(book: Book) -> Iterator[tuple[str, Link]]:
    yield "titlepage", _link("title", "Title page")
    yield "toc", _link("contents", "Contents")
    for each in book.chapters[:1]:
        yield "bodymatter", _link(TEXTS + each["name"], "Documents")
    for register in book.registers[:1]:
        yield "index", _link(TEXTS + register["name"], "Registers")
    yield "colophon", _link("colophon", "Colophon")


# What stands after them


def _register(book: Book, register: Register) -> Packed:
    """Return a register's page."""
    years = {each["name"]: each["date"][:4] or "undated" for each in book.chapters}

    def entry(card: Card) -> dict[str, Any]:
        entity = f"{register['name']}.xml#{card['ident']}"
        notes = [Markup(note) for note in card["notes"]]  # noqa: S704 - made by templates
        return {**card, "notes": notes, **_places(book.named_in(entity), years)}

    cards = sorted(
        register["entries"].values(), key=lambda card: (card["key"], card["ident"])
    )
    letters = [
        (of, [entry(card) for card in some]) for of, some in groupby(cards, letter)
    ]
    return _own(book, "register.xhtml", register=register, letters=letters)


def _places(
    named: Iterable[tuple[Neighbour, list[Passage]]], years: Mapping[str, str]
) -> dict[str, Any]:
    """Return the documents that name an entity, or their years if they are many."""
    documents: list[Link] = []
    of_years: dict[str, Link] = {}
    for document, passages in named:
        places = sum(passage["place"] != "catalogue" for passage in passages)
        link = Link(within(passages[0]["href"]), _called(document), places)
        if len(documents) <= LISTED:
            documents.append(link)
        year = years[document["name"]]
        so_far = of_years.get(year, Link(link.href, year, 0))
        of_years[year] = so_far._replace(times=so_far.times + 1)
    if len(documents) > LISTED:
        return {"places": list(of_years.values()), "counted": "documents"}
    return {"places": documents, "counted": "places"}


def _back(book: Book, container: Container) -> None:
    """Write the colophon, the style sheet and the package."""
    name, when = identifier(book.edition), modified(book.chapters, book.epoch)
    colophon = _own(
        book,
        "colophon.xhtml",
        documents=len(book.chapters),
        identifier=name,
        revised="" if when.startswith(_NEVER) else day(when[:10]),
    )
    container.page("colophon", colophon)
    container.file("book.css", "text/css", pack(_style(book.library)))
    languages = dict.fromkeys(
        [book.edition.language, *(each["language"] for each in book.chapters)]
    )
    package = _make(
        book,
        "package.opf",
        identifier=name,
        modified=when,
        languages=[each for each in languages if each != "und"],
        files=container.files,
        spine=container.spine,
        has_pages=book.any("pages"),
        has_images=any(each["images"] for each in book.chapters),
        has_index=bool(book.registers),
        certifier=book.edition.publisher or book.edition.title,
    )
    container.write("book/package.opf", package.encode())
    container.write("META-INF/container.xml", _make(book, "container.xml").encode())


def _style(library: Library) -> bytes:
    """Return the book's style sheet, the edition's own or ours."""
    found = (folder / "assets" / "book.css" for folder in library.folders)
    return next(path for path in found if path.is_file()).read_bytes()
