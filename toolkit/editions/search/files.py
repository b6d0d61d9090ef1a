"""The files of the search; each is a script that hands one value to the page's script.

So they can be loaded from a folder without a server. There are

* ``index.js``: the documents with their dates;
* ``names.js``: the entries of the registers with the forms of their names;
* ``titles.js``: the titles of the documents, to choose one;
* ``words-*.js``: which documents have which words, in groups, and where a group is
  large, divided by the words' beginnings;
* ``text/*.js``: the text of each document.

An edited document changes its own text, and the groups of those words that it has
lost or gained.
"""

from __future__ import annotations

import json
import zlib
from array import array
from itertools import groupby
from typing import TYPE_CHECKING, Final

from toolkit.editions.search.document import GROUPS, LEVELS, texts
from toolkit.editions.search.names import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from toolkit.editions.page import Page
    from toolkit.editions.registers import Register
    from toolkit.editions.search.document import Searchable
    from toolkit.render.signs import Key

    #: A file's name below the folder of the search, and what stands in it.
    File = tuple[str, str]

WORDS: Final = 128_000  #: characters of words that a file holds at most
VIEWS: Final = {"reading": ".html", "source": ".source.html"}  #: endings of pages
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def text_files(page: Page, key: Key) -> Iterator[File]:
    """Yield the file of a document's text; several where it is long.

    Args:
        page: The document.
        key: The key of signs, for the texts that are shown.
    """
    for number, text in enumerate(texts(page, key)):
        name = f"text/{page.name}" + (f"~{number}" if number else "")
        yield f"{name}.js", _call(name, text)


def index_files(
    documents: Sequence[Searchable], registers: Iterable[Register]
) -> Iterator[File]:
    """Yield the files that the search always needs.

    Args:
        documents: What every document says of itself, in the order of dates.
        registers: What the registers said.
    """
    slips: dict[str, set[str]] = {}
    for document in documents:
        for entity, forms in document["slips"].items():
            slips.setdefault(entity, set()).update(forms)
    slots = _slots([document["name"] for document in documents])
    listed = [[slots[d["name"]], d["name"], d["date"]] for d in documents]
    titles = [
        [d["name"], ": ".join(filter(None, (d["day"], d["title"])))] for d in documents
    ]
    index = {"groups": GROUPS, "views": VIEWS, "documents": listed}
    for name, value in (
        ("index", index),
        ("names", names(registers, slips)),
        ("titles", titles),
    ):
        yield f"{name}.js", _call(name, _json(value))


def word_files(group: int, documents: Mapping[str, str]) -> Iterator[File]:
    """Yield the files of one group of words.

    Args:
        group: Its number.
        documents: By the name of each document of the edition, its words of this
            group, each with a letter of ``LEVELS`` behind it.
    """
    records = list(_records(documents))
    name = f"words-{group}"
    if sum(len(record) for _, record in records) <= WORDS:
        yield f"{name}.js", _call(name, f'{{"words":{_object(r for _, r in records)}}}')
        return
    shards = dict(_shards(records, 0))
    yield f"{name}.js", _call(name, f'{{"shards":{_json(list(shards))}}}')
    for beginning, some in shards.items():
        shard = f"{name}-{beginning}"
        yield f"{shard}.js", _call(shard, _object(some))


def _call(name: str, value: str) -> str:
    return f"editionSearch({_json(name)},{value});\n"


def _object(records: Iterable[str]) -> str:
    return "{" + ",\n".join(records) + "}"


def _slots(documents: Iterable[str]) -> dict[str, int]:
    """Give every document a number that others hardly change: by its name.

    Args:
        documents: Their names.
    """
    ordered = sorted(documents)
    size = 1
    while size < 2 * len(ordered):
        size *= 2
    taken: set[int] = set()
    slots: dict[str, int] = {}
    for name in ordered:
        slot = zlib.crc32(name.encode()) % size
        while slot in taken:
            slot = (slot + 1) % size
        taken.add(slot)
        slots[name] = slot
    return slots


def _records(documents: Mapping[str, str]) -> Iterator[tuple[bytes, str]]:
    """Yield each word with its record: steps from document to document, levels.

    A step is a number to the base of 36 in small letters (none: one), a level a
    capital letter behind it.
    """
    slots = _slots(documents)
    places: dict[str, array[int]] = {}  # sixteen times the document's, and the level
    levels = {letter: number for number, letter in enumerate(LEVELS)}
    for name in sorted(documents, key=slots.__getitem__):
        place = slots[name] << 4
        for word in documents[name].split():
            known = places.get(word[:-1])
            if known is None:
                known = places[word[:-1]] = array("L")
            known.append(place | levels[word[-1]])
    steps = [_base36(number) for number in range(max(slots.values(), default=0) + 2)]
    steps[1] = ""
    for word in sorted(places, key=str.encode):
        marks = []
        before = -1
        for place in places[word]:
            slot = place >> 4
            marks.append(steps[slot - before] + LEVELS[place & 15])
            before = slot
        yield word.encode(), f'{_json(word)}:"{"".join(marks)}"'


def _shards(
    records: list[tuple[bytes, str]], depth: int
) -> Iterator[tuple[str, list[str]]]:
    """Divide sorted words by their first bytes until no part is too large.

    Yields:
        The bytes that all words of a part begin with, in hexadecimal; the records.
    """
    beginning = records[0][0][:depth].hex()
    if sum(len(record) for _, record in records) <= WORDS or len(records) == 1:
        yield beginning, [record for _, record in records]
        return
    for _, some in groupby(records, lambda record: record[0][depth : depth + 1]):
        part = list(some)
        if len(part[0][0]) == depth:  # the word that is nothing but this beginning
            yield beginning, [part[0][1]]
        else:
            yield from _shards(part, depth + 1)


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
