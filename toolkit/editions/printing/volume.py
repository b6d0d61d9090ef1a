"""Volumes: one document, or the whole edition with title page, contents and index.

WeasyPrint lays them out. An index needs to know on which pages its names stand, so
a volume that has one is laid out twice; the index comes last and moves nothing.
"""

from __future__ import annotations

import ctypes
import os
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from lxml import etree

from toolkit.editions.epub_markup import XHTML, parse
from toolkit.editions.printing.article import BETWEEN, lead
from toolkit.editions.printing.marks import draw
from toolkit.editions.registers import letter
from toolkit.errors import ToolkitError
from toolkit.tei import local_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from toolkit.config import Edition
    from toolkit.editions.printing.article import Article
    from toolkit.editions.registers import Register
    from toolkit.render.library import Library
    from toolkit.tei import Element

SCHEME: Final = "edition"  #: of the addresses of the edition's own files
MISSING: Final = (
    "print needs WeasyPrint and Pango\n"
    "  help: pip install 'tei-edition-toolkit[print]'; on Debian: apt install "
    "libpango-1.0-0 libpangoft2-1.0-0; or take print out of the key outputs"
)
#: The names of Pango's library on the systems that WeasyPrint knows.
_PANGO: Final = (
    "libpango-1.0.so.0",
    "libpango-1.0.dylib",
    "libpango-1.0-0.dll",
    "pango-1.0-0",
)
_EPOCH: Final = "0"  #: the time that fonts in a PDF are said to be made at


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the index."""

    id: str
    heading: str
    variants: Sequence[str]
    pages: Sequence[tuple[str, str]]  #: page numbers, and an address on each


def is_there() -> bool:
    """Whether WeasyPrint and Pango are on this machine; they are not loaded."""
    return find_spec("weasyprint") is not None and any(map(_opens, _PANGO))


def _opens(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


class Press:
    """Prints volumes of one edition."""

    def __init__(self, edition: Edition, library: Library) -> None:
        """Set up a press.

        Args:
            edition: The settings.
            library: The templates of the format ``print``.

        Raises:
            ToolkitError: WeasyPrint or what it needs is not there.
        """
        if not is_there():
            raise ToolkitError(MISSING)
        self._edition, self._library = edition, library

    def alone(self, article: Article, elsewhere: Mapping[str, str]) -> bytes:
        """Return one document as a PDF.

        Args:
            article: The document.
            elsewhere: Web addresses of the edition's other pages, by file name.
        """
        root = self._volume(article["title"], [article], [], [])
        lead(root, elsewhere)
        return self._printed(self._laid_out(root), article["name"])

    def whole(
        self, articles: Sequence[Article], registers: Sequence[Register]
    ) -> bytes:
        """Return the whole edition as a PDF.

        Args:
            articles: The documents, by date.
            registers: The registers, which become indexes.
        """
        contents = [
            (one["day"], one["title"], f"{one['name']}{BETWEEN}head")
            for one in articles
        ]
        title = self._edition.title
        bare = self._volume(title, articles, contents, [])
        named = _named(bare)
        lead(bare, {})
        pages = _pages(self._laid_out(bare), named)
        indexes = [_index(register, pages) for register in registers]
        root = self._volume(title, articles, contents, [i for i in indexes if i])
        lead(root, {})
        return self._printed(self._laid_out(root), "edition")

    def _volume(
        self,
        title: str,
        articles: Sequence[Article],
        contents: Sequence[tuple[str, str, str]],
        indexes: Sequence[Mapping[str, Any]],
    ) -> Element:
        from markupsafe import Markup

        description = self._edition.description.split("\n\n")
        page = self._library.render(
            self._library.get("pages/volume.xhtml"),
            {
                "edition": self._edition,
                "title": title,
                "articles": [Markup(one["markup"]) for one in articles],  # noqa: S704
                "contents": contents,
                "indexes": indexes,
                "paragraphs": [text for text in description if text.strip()],
            },
        )
        return parse(page, title)

    def _laid_out(self, root: Element) -> Any:
        """Return the volume's pages."""
        import weasyprint

        html = weasyprint.HTML(
            string=_as_html(root),
            base_url=f"{SCHEME}:///",
            url_fetcher=self._fetch,
        )
        style = weasyprint.CSS(string=self._style(), url_fetcher=self._fetch)
        return html.render(stylesheets=[style], pdf_tags=True)

    def _printed(self, document: Any, name: str) -> bytes:
        """Return laid-out pages as PDF: the same pages, the same bytes."""

        def finish(pages: Any, pdf: Any) -> None:
            draw(pages, pdf)

        with _without_clock():
            written = document.write_pdf(
                finisher=finish,
                pdf_variant="pdf/ua-1",
                pdf_tags=True,
                pdf_identifier=name.encode(),
                custom_metadata=False,
            )
        return bytes(written)

    def _style(self) -> str:
        """Return the style sheets, ours and then the edition's own."""
        sheets = []
        for folder in reversed(self._edition.template_folders()):
            path = folder / "print" / "assets" / "print.css"
            if path.is_file():
                sheets.append(path.read_text(encoding="utf-8"))
        return "\n".join(sheets)

    def _fetch(self, url: str, *_: object, **__: object) -> dict[str, Any]:
        """Read a file of the edition; nothing else is read, from anywhere.

        Raises:
            ValueError: The address is not one of the edition's files.
        """
        parts = urlsplit(url)
        tei = self._edition.tei.resolve()
        path = (tei / unquote(parts.path).lstrip("/")).resolve()
        if parts.scheme != SCHEME or not path.is_relative_to(self._edition.root):
            raise ValueError(f"{url} is not a file of the edition: it is not printed")
        return {"string": path.read_bytes(), "redirected_url": url}


def _as_html(root: Element) -> str:
    """Return a volume as HTML, which has no namespace and empty tags of its own."""
    for element in root.iter(etree.Element):
        element.tag = local_name(element)
    return etree.tostring(root, encoding="unicode", method="html")


@contextmanager
def _without_clock() -> Iterator[None]:
    """Let fonts be cut for a PDF without the time at which that is done."""
    known = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = known or _EPOCH
    try:
        yield
    finally:
        if known is None:
            del os.environ["SOURCE_DATE_EPOCH"]


def _named(root: Element) -> dict[str, list[str]]:
    """Return where each entity is named: addresses by ``register--ident``."""
    found: dict[str, list[str]] = {}
    for link in root.iter(f"{XHTML}a"):
        target, ident = link.get("href", ""), link.get("id", "")
        if target.startswith("#") and ident:
            found.setdefault(target[1:], []).append(ident)
    return found


def _pages(
    document: Any, named: Mapping[str, Sequence[str]]
) -> dict[str, list[tuple[str, str]]]:
    """Return on which pages each entity is named: number and address, once a page."""
    place: dict[str, int] = {}
    for number, page in enumerate(document.pages):
        for anchor in page.anchors:
            place.setdefault(anchor, number)
    found = {}
    for entity, idents in named.items():
        numbers: dict[int, str] = {}
        for ident in idents:
            if ident in place:
                numbers.setdefault(place[ident], ident)
        found[entity] = [
            (str(number + 1), numbers[number]) for number in sorted(numbers)
        ]
    return found


def _index(
    register: Register, pages: Mapping[str, list[tuple[str, str]]]
) -> dict[str, Any] | None:
    """Return a register as an index; None if nothing in it is named."""
    cards = sorted(
        register["entries"].values(), key=lambda card: (card["key"], card["ident"])
    )
    entries = [
        (
            letter(card),
            Entry(
                f"{register['name']}{BETWEEN}{card['ident']}",
                card["heading"],
                card["variants"],
                pages.get(f"{register['name']}{BETWEEN}{card['ident']}", ()),
            ),
        )
        for card in cards
    ]
    named = [(key, entry) for key, entry in entries if entry.pages]
    if not named:
        return None
    return {
        "name": register["name"],
        "title": register["title"],
        "letters": [
            (key, [entry for _, entry in group])
            for key, group in groupby(named, lambda each: each[0])
        ],
    }
