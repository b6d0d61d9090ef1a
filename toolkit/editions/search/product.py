"""The search as the build sees it: what it asks of a document, what it makes."""

from __future__ import annotations

from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

from toolkit.editions.product import Product
from toolkit.editions.products import FRAME, frame
from toolkit.editions.search.document import GROUPS, searchable
from toolkit.editions.search.files import index_files, word_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.editions.page import Page
    from toolkit.editions.product import Said
    from toolkit.editions.site import Site
    from toolkit.render.signs import Key

FOLDER: Final = "site/search"
_DOCUMENT: Final = "search"
_WORDS: Final = [f"search words {group}" for group in range(GROUPS)]


def asked(page: Page, key: Key) -> dict[str, Any]:
    """Return what a document says for the search, by the name of the gathering.

    Args:
        page: The document.
        key: The key of signs.
    """
    document, words = searchable(page, key)
    return {_DOCUMENT: document, **dict(zip(_WORDS, words, strict=True))}


def search_products(site: Site) -> list[Product]:
    """Return the search page and the files that its script reads.

    The words are divided into several products: a change of a few words leaves most
    of them as they are.

    Args:
        site: Makes the page.
    """

    def page(said: Said) -> Iterator[tuple[str, str | bytes]]:
        yield "site/search.html", site.make("search", frame(said, search=True))

    templates = ("html/pages/base", "html/parts/", "html/pages/search")
    return [
        Product("search page", FRAME, templates, page),
        Product("search", (_DOCUMENT, "register"), (), _index),
        *(
            Product(name, (name,), (), partial(_words, group))
            for group, name in enumerate(_WORDS)
        ),
    ]


def _index(said: Said) -> Iterator[tuple[str, str | bytes]]:
    documents = [document for _, document in said(_DOCUMENT)]
    registers = (register for _, register in said("register"))
    for name, content in index_files(documents, registers):
        yield f"{FOLDER}/{name}", content


def _words(group: int, said: Said) -> Iterator[tuple[str, str | bytes]]:
    words = {PurePath(file).stem: words for file, words in said(_WORDS[group])}
    for name, content in word_files(group, words):
        yield f"{FOLDER}/{name}", content
