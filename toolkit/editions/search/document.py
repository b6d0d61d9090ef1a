"""What one document gives to the search, as plain values that can be kept as JSON."""

from __future__ import annotations

import json
import re
from collections import Counter
from operator import add
from typing import TYPE_CHECKING, Any, Final, TypedDict

from toolkit.editions.search.passages import HEAD, NOTE, SUMMARY, Reading, passages
from toolkit.editions.search.words import terms, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.editions.page import Page
    from toolkit.editions.search.passages import Passage
    from toolkit.render.signs import Key

#: Characters of one piece of a text; a longer text comes in several.
PIECE: Final = 200_000
#: How a word counts where it stands; elsewhere once.
_COUNTS: Final = {HEAD: 4, SUMMARY: 2}
#: What stands behind a word: how often it occurs (four steps), and if in notes (no,
#: also, only).
LEVELS: Final = "ABCDEFGHIJKL"
_ALSO, _ONLY = 1, 2
GROUPS: Final = 16  #: groups of words; each is made anew only if a word of it changes
_LONGEST: Final = 8  #: words of a slip that is taken for another form of a name
_WIDE: Final = re.compile("[\U00010000-\U0010ffff]")


class Searchable(TypedDict):
    """What the search needs of one document besides its words and its text."""

    name: str  #: the page's file name without suffix
    date: str  #: ISO 8601 with the precision known
    day: str  #: its date in words; empty for an undated document
    title: str
    slips: dict[str, list[str]]  #: by entity, forms of its name that only slips made


def searchable(page: Page, key: Key) -> tuple[Searchable, list[str]]:
    """Return what a document gives to the search, and its words.

    Args:
        page: The document.
        key: The key of signs, for what a slip looks like.

    Returns:
        The document, and for each group of words those that it is found by, each with
        a letter of ``LEVELS`` behind it.
    """
    found = list(passages(page, key))
    groups: list[list[str]] = [[] for _ in range(GROUPS)]
    for term, level in _levels(found):
        groups[group_of(term)].append(term + level)
    return {
        "name": page.name,
        "date": page.meta.date,
        "day": page.day,
        "title": page.meta.title,
        "slips": _slips(found),
    }, [" ".join(group) for group in groups]


def group_of(term: str) -> int:
    """Return the group a word belongs to: by its first two characters."""
    return sum(ord(character) for character in term[:2]) % GROUPS


def texts(page: Page, key: Key) -> list[str]:
    """Return a document's passages as JSON for the page's script, in pieces.

    Args:
        page: The document.
        key: The key of signs, for the texts that are shown.
    """
    found = list(passages(page, key))
    readings = [r for p in found for r in (p.reading, p.source) if r is not None]
    named = sorted({entity for r in readings for entity, _, _ in r.mentions})
    numbers = {entity: number for number, entity in enumerate(named)}
    pieces: list[list[str]] = [[]]
    length = 0
    for passage in found:
        text = _json(_plain(passage, numbers))
        if length and length + len(text) > PIECE:
            pieces.append([])
            length = 0
        pieces[-1].append(text)
        length += len(text)
    first, *more = ["[" + ",".join(piece) + "]" for piece in pieces]
    head = _json([page.name, page.meta.title, page.day, named, len(more)])
    return [f"{head[:-1]},{first}]", *more]


def _plain(passage: Passage, numbers: dict[str, int]) -> list[Any]:
    """Return a passage as a list: kind, anchor, text, mentions; so the source's."""
    values: list[Any] = [passage.kind, passage.anchor]
    for reading in (passage.reading, passage.source):
        if reading is not None:
            values += [reading.text, _places(reading, numbers)]
    return values


def _places(reading: Reading, numbers: dict[str, int]) -> list[int]:
    """Return the mentions as numbers, three for each; places as scripts count them."""
    places: list[int] = []
    for entity, *edges in reading.mentions:
        wide = (len(_WIDE.findall(reading.text, 0, edge)) for edge in edges)
        places += (numbers[entity], *map(add, edges, wide))
    return places


def _levels(found: list[Passage]) -> Iterator[tuple[str, str]]:
    """Yield what a document is found by, each with how often and where it occurs."""
    counts: Counter[str] = Counter()
    inside: set[str] = set()
    outside: set[str] = set()
    for passage in found:
        here = _counted(passage.reading)
        if passage.source is not None:
            here |= _counted(passage.source)
        (inside if passage.kind == NOTE else outside).update(here)
        times = _COUNTS.get(passage.kind, 1)
        for term, count in here.items():
            counts[term] += count * times
    for term in sorted(counts):
        level = min(counts[term].bit_length() - 1, 3)
        place = (_ALSO if term in outside else _ONLY) if term in inside else 0
        yield term, LEVELS[3 * level + place]


def _counted(reading: Reading) -> Counter[str]:
    named = (f"@{entity}" for entity, _, _ in reading.mentions)
    return Counter([*terms(words(reading.text)), *named])


def _slips(found: list[Passage]) -> dict[str, list[str]]:
    """Return, by entity, the forms of its name whose words stand only in the source."""
    forms: dict[str, set[str]] = {}
    for passage in found:
        if passage.source is None:
            continue
        read = {(entity, *form.words) for entity, form in _forms(passage.reading)}
        for entity, form in _forms(passage.source):
            if (entity, *form.words) not in read and len(form.words) <= _LONGEST:
                forms.setdefault(entity, set()).add(form.text)
    return {entity: sorted(forms[entity]) for entity in sorted(forms)}


def _forms(reading: Reading) -> Iterator[tuple[str, Reading]]:
    """Yield the entities that are mentioned, each with the words that name it."""
    for entity, start, end in reading.mentions:
        yield entity, Reading(reading.text[start:end])


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
