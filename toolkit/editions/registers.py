"""The registers: persons, places, organisations, each with the passages naming it.

A register's page lists its entries letter by letter. Where an entry is named very
often, its passages have pages of their own, so that no page grows without end.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final, TypedDict

from toolkit.metadata import entities
from toolkit.tei import TEI, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from toolkit.editions.mentions import Passage
    from toolkit.editions.summary import Neighbour
    from toolkit.metadata import Entity
    from toolkit.render.engine import Renderer
    from toolkit.tei import Document


MOST: Final = 500  #: passages of one entry that one page shows


class Card(TypedDict):
    """What a card on a document's page, and its register, say of an entity."""

    ident: str
    href: str  #: the entry in its register
    name: str
    heading: str  #: the name as it is filed: ``Kosygin, Alexei``
    variants: list[str]
    notes: list[str]  #: as markup, without links
    kind: str  #: ``person``, ``place`` or ``org``
    filed: str  #: family name, comma, other names, as the register files it; or empty
    key: str  #: what it is sorted by


class Register(TypedDict):
    """One register: its file's name, its title, its entries by id."""

    name: str
    title: str
    entries: dict[str, Card]


class Heading(TypedDict):
    """What other pages say of a register."""

    name: str
    title: str
    count: int  #: of its entries


def heading(of: Register) -> Heading:
    """Return the part of a register that other pages depend on."""
    return {"name": of["name"], "title": of["title"], "count": len(of["entries"])}


def register(document: Document, renderer: Renderer) -> Register:
    """Return what a register's document says.

    Args:
        document: A register.
        renderer: For HTML, in the reading view.
    """
    title = document.root.find(f".//{TEI}titleStmt/{TEI}title")
    name = document.path.stem
    return {
        "name": name,
        "title": name if title is None else plain(title),
        "entries": {
            each.ident: _card(name, each, renderer) for each in entities(document)
        },
    }


def _card(register: str, entity: Entity, renderer: Renderer) -> Card:
    return {
        "ident": entity.ident,
        "href": f"{register}.html#{entity.ident}",
        "name": entity.name,
        "heading": entity.heading,
        "variants": list(entity.variants),
        "notes": [str(renderer.content(note)) for note in entity.notes],
        "kind": entity.kind,
        "filed": entity.filed,
        "key": entity.sort_key,
    }


def letter(card: Card) -> str:
    """Return the letter an entry is filed under, without accents; ``#`` for none."""
    first = unicodedata.normalize("NFD", card["key"][:1])[:1].upper()
    return first if first.isalpha() else "#"


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the documents that name an entity; more than one where it has many."""

    name: str  #: file name without suffix, where the part has a page of its own
    documents: tuple[tuple[Neighbour, list[Passage]], ...]

    @property
    def count(self) -> int:
        """How many passages it shows."""
        return sum(len(passages) for _, passages in self.documents)

    @property
    def days(self) -> tuple[str, str]:
        """The dates of the first and the last document, in words."""
        first, last = self.documents[0][0], self.documents[-1][0]
        return first["day"] or first["name"], last["day"] or last["name"]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a register as its page shows it."""

    card: Card
    documents: tuple[tuple[Neighbour, list[Passage]], ...]  #: shown with the entry
    pages: tuple[tuple[str, tuple[str, str], int], ...]  #: name, days, count; or none

    @property
    def count(self) -> int:
        """In how many places it is named."""
        shown = sum(len(passages) for _, passages in self.documents)
        return shown + sum(count for _, _, count in self.pages)


def letters(entries: Iterable[Entry]) -> list[tuple[str, list[Entry]]]:
    """Return the entries letter by letter."""
    return [
        (key, list(group))
        for key, group in groupby(entries, lambda entry: letter(entry.card))
    ]


def parts(
    name: str, documents: Iterable[tuple[Neighbour, list[Passage]]]
) -> Iterator[Part]:
    """Divide the documents that name an entity into pages, each document whole.

    Args:
        name: What the file names of the pages begin with.
        documents: The documents with their passages, by date.
    """
    held: list[tuple[Neighbour, list[Passage]]] = []
    count, number = 0, 1
    for document, passages in documents:
        if held and count + len(passages) > MOST:
            yield Part(f"{name}.{number}", tuple(held))
            held, count, number = [], 0, number + 1
        held.append((document, passages))
        count += len(passages)
    if held:
        yield Part(f"{name}.{number}", tuple(held))
