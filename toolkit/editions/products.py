"""The web edition's pages that concern several documents, and what each needs."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from toolkit.editions import parallel
from toolkit.editions.chronology import LISTED, years
from toolkit.editions.guide import total
from toolkit.editions.principles import common
from toolkit.editions.product import Product
from toolkit.editions.registers import Entry, letters, parts
from toolkit.editions.site import cited, edition_citation_files
from toolkit.editions.spool import Spool
from toolkit.exchange.citations import of_edition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from toolkit.editions.glosses import Glosses
    from toolkit.editions.product import Said
    from toolkit.editions.registers import Card, Register
    from toolkit.editions.site import Site
    from toolkit.editions.summary import Summary
    from toolkit.render.signs import Key

    #: A page's file name below the site's folder, and what stands in it.
    File = tuple[str, str]
    Files = Callable[["Said"], Iterator[tuple[str, str | bytes]]]

#: What the navigation of every page is made from.
FRAME: Final = ("catalogue", "occurs")


def frame(said: Said, *, search: bool = False) -> dict[str, Any]:
    """Return what every page shows of the edition: its registers and common pages.

    Args:
        said: What documents and registers said.
        search: Whether the edition has a page to search it.
    """
    registers = [
        {"name": each["name"], "title": each["title"]} for _, each in said("catalogue")
    ]
    return {
        "registers": registers,
        "marks": any(each["marks"] for _, each in said("occurs")),
        "search": search,
    }


def products(
    site: Site, key: Key, glosses: Glosses, *, search: bool = False
) -> list[Product]:
    """Return the pages of a site that concern several documents.

    Args:
        site: Makes the pages.
        key: The key of editorial signs.
        glosses: What each element means, by its name.
        search: Whether the edition has a page to search it.
    """
    pages: list[tuple[str, tuple[str, ...], tuple[str, ...], Any]] = [
        ("front page", ("summary", "signs"), ("index", "year"), _front),
        (
            "registers",
            ("neighbour", "mentions", "register"),
            ("register", "named"),
            _registers,
        ),
        ("readers’ marks", ("neighbour", "marks"), ("marks",), _marks),
        ("key of signs", ("neighbour", "signs", "principles"), ("signs",), _signs(key)),
        ("encoding guide", ("neighbour", "encoding"), ("guide",), _guide(glosses)),
        ("side by side", ("neighbour", "aligned"), ("parallel",), _parallel),
        ("about", ("neighbour",), ("about",), _about),
    ]

    def bound(make: Callable[[Site, dict[str, Any], Said], Iterator[File]]) -> Files:
        def files(said: Said) -> Iterator[tuple[str, str | bytes]]:
            for name, content in make(site, frame(said, search=search), said):
                yield f"site/{name}", content

        return files

    return [
        Product(
            name,
            (*FRAME, *needs),
            ("html/pages/base", "html/parts/", *(f"html/pages/{t}" for t in templates)),
            bound(make),
            (glosses.path,) if "encoding" in needs else (),
        )
        for name, needs, templates, make in pages
    ]


def _front(site: Site, frame: dict[str, Any], said: Said) -> Iterator[File]:
    """Make the front page and, where there are many documents, one for each year."""
    renderer = site.renderers["reading"]
    names = _names(said)
    summaries: list[Summary] = [each for _, each in said("summary")]
    for each in summaries:
        each["abstract"] = [renderer.markup(text) for text in each["abstract"]]
        each["archive"] = names.get(each["archive_entity"], each["archive"])
    found = years(summaries)
    count = sum(len(year.documents) for year in found)
    description = site.edition.description.split("\n\n")
    yield (
        "index.html",
        site.make(
            "index",
            frame,
            years=found,
            count=count,
            lists=count <= LISTED,
            counts=_counts(said),
            paragraphs=[text for text in description if text.strip()],
        ),
    )
    if count > LISTED:
        for year in found:
            if year.documents:
                yield f"{year.file}.html", site.make("year", frame, year=year)


def _names(said: Said) -> dict[str, str]:
    """Return what every entity is called, by register file and id."""
    return {
        f"{file}#{ident}": card["name"]
        for file, register in said("register")
        for ident, card in register["entries"].items()
    }


def _counts(said: Said) -> dict[str, int]:
    """Return how many entries each register has, by its name."""
    return {each["name"]: each["count"] for _, each in said("catalogue")}


def _registers(site: Site, frame: dict[str, Any], said: Said) -> Iterator[File]:
    """Make the registers, and pages for the passages of what is named very often."""
    documents = (each for _, each in said("neighbour"))
    mentions = (each for _, each in said("mentions"))
    with Spool(zip(documents, mentions, strict=True)) as spool:
        for file, register in said("register"):
            yield from _register(site, frame, spool, file, register)


def _register(
    site: Site, frame: dict[str, Any], spool: Spool, file: str, register: Register
) -> Iterator[File]:
    entries = []
    cards = register["entries"].values()
    for card in sorted(cards, key=lambda card: (card["key"], card["ident"])):
        notes = [site.renderers["reading"].markup(note) for note in card["notes"]]
        shown: Card = {**card, "notes": notes}
        of = parts(
            f"{register['name']}.{card['ident']}", spool.of(f"{file}#{card['ident']}")
        )
        first, second = next(of, None), next(of, None)
        if first is None or second is None:
            documents = () if first is None else first.documents
            entries.append(Entry(shown, documents, ()))
            continue
        pages = []
        for part in chain((first, second), of):
            pages.append((part.name, part.days, part.count))
            page = site.make("named", frame, register=register, card=shown, part=part)
            yield f"{part.name}.html", page
        entries.append(Entry(shown, (), tuple(pages)))
    yield (
        f"{register['name']}.html",
        site.make("register", frame, register=register, letters=letters(entries)),
    )


def _marks(site: Site, frame: dict[str, Any], said: Said) -> Iterator[File]:
    """Make the page of what readers marked, if they marked anything."""
    if not frame["marks"]:
        return
    documents = [
        (document, marks)
        for (_, document), (_, marks) in zip(
            said("neighbour"), said("marks"), strict=True
        )
        if marks
    ]
    every = [mark for _, marks in documents for mark in marks]
    kinds: dict[str, list[Any]] = {}
    for mark in every:
        kinds.setdefault(mark["kind"].split(" (")[0], []).append(mark)
    yield (
        "marks.html",
        site.make("marks", frame, documents=documents, kinds=kinds, count=len(every)),
    )


def _parallel(site: Site, frame: dict[str, Any], said: Said) -> Iterator[File]:
    """Make a page for every two texts that are aligned with one another."""
    texts = {file: blocks for file, blocks in said("aligned") if blocks}
    documents = {file: each for file, each in said("neighbour") if file in texts}
    for one, other in parallel.pairs(texts):
        name = parallel.name(one, other)
        page = site.make(
            "parallel",
            frame,
            left=documents[one],
            right=documents[other],
            rows=parallel.rows(texts[one], texts[other]),
        )
        yield f"{name}.html", page


def images(site: Site) -> Product:
    """Return what copies the images of the sources, one after the other.

    Args:
        site: Tells the edition's folders.
    """

    def copied(said: Said) -> Iterator[tuple[str, str | bytes]]:
        names = {name for _, each in said("images") for name in each}
        folder = site.edition.tei.resolve()
        for name in sorted(names):
            path = (folder / name).resolve()
            # A link in the folder could lead out of it.
            if path.is_relative_to(folder) and path.is_file():
                yield f"site/{name}", path.read_bytes()

    return Product("images", ("images",), (), copied)


def _signs(key: Key) -> Callable[[Site, dict[str, Any], Said], Iterator[File]]:
    def make(site: Site, frame: dict[str, Any], said: Said) -> Iterator[File]:
        """Make the key of signs: each entry of the key, where it occurs."""
        found: dict[str, Any] = {}
        for _, signs in said("signs"):
            for name, sign in signs.items():
                if name in found:
                    found[name]["count"] += sign["count"]
                else:
                    found[name] = dict(sign)
        renderer = site.renderers["reading"]
        documents = (each for _, each in said("neighbour"))
        declared = (each for _, each in said("principles"))
        principles = [
            (kind, [(renderer.markup(words), of) for words, of in each])
            for kind, each in common(zip(documents, declared, strict=True))
        ]
        yield (
            "signs.html",
            site.make("signs", frame, key=key, signs=found, principles=principles),
        )

    return make


def _guide(
    glosses: Glosses,
) -> Callable[[Site, dict[str, Any], Said], Iterator[File]]:
    def make(site: Site, frame: dict[str, Any], said: Said) -> Iterator[File]:
        """Make the encoding guide."""
        documents = (each for _, each in said("neighbour"))
        gathered = (each for _, each in said("encoding"))
        found = total(zip(documents, gathered, strict=True))
        yield (
            "guide.html",
            site.make("guide", frame, uses=found, glosses=dict(glosses())),
        )

    return make


def _about(site: Site, frame: dict[str, Any], said: Said) -> Iterator[File]:
    """Make the page about the edition, and the files of its citation."""
    documents = [each for _, each in said("neighbour")]
    yield (
        "about.html",
        site.make(
            "about",
            frame,
            documents=len(documents),
            first=documents[0] if documents else None,
            citation=cited("edition", of_edition(site.edition)),
            paragraphs=[
                text for text in site.edition.description.split("\n\n") if text.strip()
            ],
        ),
    )
    yield from edition_citation_files(site.edition).items()
