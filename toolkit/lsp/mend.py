"""A quick fix as a value."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toolkit.lsp.places import Edit

_LONGEST = 60  #: characters of a name that something near is looked for


@dataclass(frozen=True, slots=True)
class Mend:
    """One way to mend a finding."""

    title: str  #: what it does, in the imperative
    edits: tuple[Edit, ...]  #: changes of the document
    sure: bool = False  #: whether there is hardly another way


def near(wrong: str, names: Iterable[str], cutoff: float = 0.6) -> list[str]:
    """Return up to three names that were likely meant, the likeliest first."""
    if len(wrong) > _LONGEST:
        return []
    by_lower = {one.lower(): one for one in names if one != wrong}
    found = get_close_matches(wrong.lower(), by_lower, 3, cutoff)
    return [by_lower[one] for one in found]
