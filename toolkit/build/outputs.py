"""The outputs of an edition: what each asks of a document, makes of it, and of all."""

from __future__ import annotations

import difflib
import os
import tempfile
from typing import TYPE_CHECKING, Any, ClassVar, Final

from toolkit.build.proof import holds, holds_words, prove
from toolkit.editions import epub, markdown
from toolkit.editions.epub_book import Book, bind
from toolkit.editions.glosses import Glosses
from toolkit.editions.printing import article as printed
from toolkit.editions.printing.volume import Press
from toolkit.editions.product import Product
from toolkit.editions.products import images, products
from toolkit.editions.search import text_files
from toolkit.editions.search.product import asked, search_products
from toolkit.editions.spool import Spool
from toolkit.editions.text import text_file
from toolkit.errors import ConfigError
from toolkit.render.signs import VIEWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from toolkit.build.workshop import Workshop
    from toolkit.config import Edition
    from toolkit.editions.page import Page
    from toolkit.editions.product import Said

    #: Paths below the build's folder and contents; words proved to be there.
    Files = tuple[dict[str, str | bytes], int]

PDF: Final = "application/pdf"
EPUB: Final = "application/epub+zip"


class Output:
    """One kind of output; by itself it makes nothing."""

    name: ClassVar[str]
    kinds: ClassVar[tuple[str, ...]]  #: the formats of templates that it uses

    def __init__(self, shop: Workshop) -> None:
        """Set up.

        Args:
            shop: What work on documents needs.
        """
        self.shop = shop

    def gathered(self, page: Page) -> dict[str, Any]:
        """Return what a document says for others, by the name of the gathering."""
        del page
        return {}

    def document(self, page: Page, context: Mapping[str, Any]) -> Files:
        """Return the files of one document."""
        del page, context
        return {}, 0

    def products(self) -> list[Product]:
        """Return what is made for the whole edition."""
        return []

    def also_in_site(self, files: dict[str, str | bytes]) -> dict[str, str | bytes]:
        """Return files, and the same for readers of the web edition, if there is one.

        The folder of the web edition is all that a web server is given.
        """
        if Web.name not in self.shop.edition.outputs:
            return files
        return {**files, **{f"site/{name}": made for name, made in files.items()}}


class Web(Output):
    """The web edition."""

    name, kinds = "site", ("html", "text")

    def gathered(self, page: Page) -> dict[str, Any]:
        """Return what the search needs of a document."""
        return asked(page, self.shop.key)

    def document(self, page: Page, context: Mapping[str, Any]) -> Files:
        """Return a document's page in each view, its citation, TEI and text."""
        shop, name, proved = self.shop, page.name, 0
        files: dict[str, str | bytes] = {}
        for view in VIEWS:
            html, words = shop.rendering(page, "html", view)
            made = shop.site.document(page, view, html, context)
            holds(page.document.path, f"html, view {view}", made, html)
            files[f"site/{name}{_ending(view)}.html"] = made
            proved += words
        text, words = _text(shop, page, "reading")
        files[f"site/text/{name}.txt"] = text
        files[f"site/tei/{name}.xml"] = page.document.path.read_bytes()
        for file, content in text_files(page, shop.key):
            files[f"site/search/{file}"] = content
        cited = shop.site.citation_files(page, context)
        files.update({f"site/{file}": content for file, content in cited.items()})
        return files, proved + words

    def products(self) -> list[Product]:
        """Return the pages that concern several documents, and the assets."""
        glosses = Glosses(self.shop.edition.schema_file(".odd"))
        return [
            *products(self.shop.site, self.shop.key, glosses, search=True),
            *search_products(self.shop.site),
            images(self.shop.site),
            Product("assets", (), ("html/assets/",), self._assets),
        ]

    def _assets(self, _said: Said) -> Iterator[tuple[str, str | bytes]]:
        """Yield the site's style sheets and scripts, the edition's own first."""
        names: set[str] = set()
        for folder in self.shop.edition.template_folders():
            for path in sorted((folder / "html" / "assets").glob("*")):
                if path.is_file() and path.name not in names:
                    names.add(path.name)
                    yield f"site/assets/{path.name}", path.read_bytes()


class PlainText(Output):
    """Plain text in both views."""

    name, kinds = "text", ("text",)

    def document(self, page: Page, context: Mapping[str, Any]) -> Files:
        """Return a document's text in each view."""
        del context
        files: dict[str, str | bytes] = {}
        proved = 0
        for view in VIEWS:
            text, words = _text(self.shop, page, view)
            files[f"text/{page.name}{_ending(view)}.txt"] = text
            proved += words
        return files, proved


class Markdown(Output):
    """Markdown, for archives that want it."""

    name, kinds = "markdown", ("html", "markdown")

    def document(self, page: Page, context: Mapping[str, Any]) -> Files:
        """Return a document's Markdown."""
        del context
        shop = self.shop
        html, _ = shop.rendering(page, "html", "reading")
        rendering = markdown.convert(html, page.name)
        projection = shop.projections["reading"]
        words = prove(page.document, "markdown", projection, rendering)
        made = markdown.markdown_file(
            page,
            shop.renderer("html", "reading"),
            rendering,
            shop.edition,
            shop.library("markdown"),
        )
        return self.also_in_site({f"text/{page.name}.md": made}), words


class Ebook(Output):
    """The e-book."""

    name, kinds = "epub", ("html", "epub")

    def gathered(self, page: Page) -> dict[str, Any]:
        """Return a document's chapter."""
        shop = self.shop
        rendering, _ = shop.rendering(page, "html", "reading")
        known, text = epub.chapter(
            page,
            shop.renderer("html", "reading"),
            rendering,
            shop.edition,
            shop.library("epub"),
        )
        epub.prove(page, shop.projections["reading"], text)
        return {"chapter": known, "chapter text": text}

    def products(self) -> list[Product]:
        """Return the book."""
        needs = (
            *("chapter", "chapter text", "register", "neighbour", "mentions"),
            "signs",
        )
        templates = ("epub/", "html/parts/")
        return [Product("e-book", needs, templates, self._book)]

    def _book(self, said: Said) -> Iterator[tuple[str, str | bytes]]:
        shop = self.shop
        documents = (each for _, each in said("neighbour"))
        mentions = (each for _, each in said("mentions"))
        with Spool(zip(documents, mentions, strict=True)) as spool:
            book = Book(
                shop.edition,
                shop.library("epub"),
                shop.key,
                [chapter for _, chapter in said("chapter")],
                (text for _, text in said("chapter text")),
                [register for _, register in said("register")],
                spool.of,
                _signs(said),
                self._image,
                os.environ.get("SOURCE_DATE_EPOCH", ""),
            )
            with tempfile.TemporaryFile() as file:
                bind(book, file)
                file.seek(0)
                bound = file.read()
        yield from self.also_in_site({"edition.epub": bound}).items()

    def _image(self, name: str) -> bytes | None:
        """Return an image of the edition by its name in the TEI; None: none there."""
        root = self.shop.edition.root.resolve()
        path = (self.shop.edition.tei / name).resolve()
        return (
            path.read_bytes() if path.is_relative_to(root) and path.is_file() else None
        )


class Print(Output):
    """PDF: each document by itself, and the whole edition."""

    name, kinds = "print", ("html", "print")

    def _article(self, page: Page) -> tuple[printed.Article, int]:
        shop = self.shop
        rendering, words = shop.rendering(page, "html", "reading")
        made = printed.article(
            page,
            shop.renderer("html", "reading"),
            rendering,
            shop.edition,
            shop.library("print"),
        )
        return made, words + printed.prove(page, shop.projections["reading"], made)

    def gathered(self, page: Page) -> dict[str, Any]:
        """Return a document as a part of a volume."""
        return {"article": self._article(page)[0]}

    def document(self, page: Page, context: Mapping[str, Any]) -> Files:
        """Return a document's PDF."""
        made, words = self._article(page)
        press = Press(self.shop.edition, self.shop.library("print"))
        web = self.shop.edition.address.rstrip("/")
        elsewhere = _addresses(page, context, web) if web else {}
        pdf = press.alone(made, elsewhere)
        return self.also_in_site({f"print/{page.name}.pdf": pdf}), words

    def products(self) -> list[Product]:
        """Return the edition as one volume."""
        return [Product("volume", ("article", "register"), ("print/",), self._volume)]

    def _volume(self, said: Said) -> Iterator[tuple[str, str | bytes]]:
        press = Press(self.shop.edition, self.shop.library("print"))
        articles = [article for _, article in said("article")]
        registers = [register for _, register in said("register")]
        pdf = press.whole(articles, registers)
        yield from self.also_in_site({"print/edition.pdf": pdf}).items()


OUTPUTS: Final = {each.name: each for each in (Web, PlainText, Markdown, Ebook, Print)}


def outputs_of(shop: Workshop) -> list[Output]:
    """Return the outputs of an edition, those that its settings name.

    Raises:
        ConfigError: A name is not that of an output.
    """
    return [OUTPUTS[name](shop) for name in names_of(shop.edition)]


def names_of(edition: Edition) -> tuple[str, ...]:
    """Return the names of an edition's outputs, the web edition first.

    Raises:
        ConfigError: A name is not that of an output.
    """
    for name in edition.outputs:
        if name not in OUTPUTS:
            near = difflib.get_close_matches(name, OUTPUTS, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ConfigError(
                f"{edition.settings}: there is no output {name!r}{hint} "
                f"Known: {', '.join(OUTPUTS)}"
            )
    return tuple(name for name in OUTPUTS if name in edition.outputs)


def forms_of(name: str, outputs: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return a document's other forms: label, address from its page, media type.

    Args:
        name: The document's file name without suffix.
        outputs: The names of the edition's outputs.
    """
    forms = []
    if "markdown" in outputs:
        forms.append(("Markdown", f"text/{name}.md", "text/markdown"))
    if "print" in outputs:
        forms.append(("PDF", f"print/{name}.pdf", PDF))
    if "epub" in outputs:
        forms.append(("EPUB of the edition", "edition.epub", EPUB))
    return forms


def _signs(said: Said) -> dict[str, Any]:
    """Return what occurs of the key of signs, summed over all documents."""
    found: dict[str, Any] = {}
    for _, signs in said("signs"):
        for name, sign in signs.items():
            if name in found:
                found[name]["count"] += sign["count"]
            else:
                found[name] = dict(sign)
    return found


def _addresses(page: Page, context: Mapping[str, Any], web: str) -> dict[str, str]:
    """Return the web addresses of the pages that a document leads to."""
    names = {page.name, *(key.split(".xml#")[0] for key in context["cards"])}
    return {name: f"{web}/{name}.html" for name in names}


def _text(shop: Workshop, page: Page, view: str) -> tuple[str, int]:
    """Return a document's text file in one view, proved, and the words in it."""
    rendering, words = shop.rendering(page, "text", view)
    made = text_file(shop.renderer("text", view), page.meta, rendering, page.facts)
    holds_words(page.document.path, f"text, view {view}", made, rendering)
    return made, words


def _ending(view: str) -> str:
    return "" if view == "reading" else ".source"
