"""The names that the registers know, for the search: every form finds the others."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from toolkit.editions.search.words import words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from toolkit.editions.registers import Register

_Words = tuple[str, ...]
#: An entry as the page's script reads it: key, kind, address, name, two lists of forms.
Entry = list[Any]


def names(
    registers: Iterable[Register], slips: Mapping[str, Collection[str]]
) -> list[Entry]:
    """Return the entries of the registers, by kind, name and id.

    Each is a list: the entry's key (``persons.xml#kim``), its kind, its address, its
    name, then its forms in two lists: those that can be searched for as words, for
    they name nothing else, and the others, such as a family name that several have.

    Args:
        registers: What the registers said.
        slips: By key, forms that documents have by a slip.
    """
    entries: list[Entry] = []
    for register in registers:
        for card in register["entries"].values():
            key = f"{register['name']}.xml#{card['ident']}"
            forms = [card["name"], *card["variants"], *sorted(slips.get(key, ()))]
            entries.append([key, card["kind"], card["href"], card["name"], forms])
    entries.sort(key=lambda entry: (entry[1], entry[3].casefold(), entry[0]))
    owners = _owners(entries)
    for entry in entries:
        forms = list(dict.fromkeys(entry.pop()))
        own = [form for form in forms if owners[_flat(form)] == {entry[0]}]
        entry += [own, [form for form in forms if form not in own]]
    return entries


def _owners(entries: list[Entry]) -> dict[_Words, set[str]]:
    """Return, for every row of words in any name, whose names it stands in."""
    owners: dict[_Words, set[str]] = defaultdict(set)
    for key, *_, forms in entries:
        for form in forms:
            flat = _flat(form)
            for start in range(len(flat)):
                for end in range(start + 1, len(flat) + 1):
                    owners[flat[start:end]].add(key)
    return owners


def _flat(form: str) -> _Words:
    return tuple(part for parts in words(form) for part in parts)
