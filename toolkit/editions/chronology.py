"""The documents of an edition in time: year by year, for lists and the timeline."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toolkit.editions.summary import Summary

LISTED: Final = 200  #: documents that one page lists
_STEPS: Final = 10  #: heights of a year's bar in the timeline
_SPAN: Final = (
    120  #: years a timeline shows; of a longer time only those with documents
)


@dataclass(frozen=True, slots=True)
class Year:
    """A year with its documents."""

    name: str  #: ``1956``; empty for undated documents
    documents: tuple[Summary, ...]
    step: int  #: 0 to 10: how many documents it has, beside the fullest year

    @property
    def file(self) -> str:
        """The name of its page, where it has one, without suffix."""
        return f"documents-{self.name or 'undated'}"


def years(summaries: Iterable[Summary]) -> list[Year]:
    """Return the years from the first to the last document, empty ones too.

    Args:
        summaries: The documents by date; undated ones stand last.
    """
    by_year = {
        year: tuple(of)
        for year, of in groupby(summaries, lambda each: each["date"][:4])
    }
    dated = [int(year) for year in by_year if year.isdigit()]
    names = list(by_year)
    if dated and max(dated) - min(dated) < _SPAN:
        between = [f"{year:04}" for year in range(min(dated), max(dated) + 1)]
        names = between + [name for name in by_year if name not in between]
    most = max((len(of) for of in by_year.values()), default=1)
    return [
        Year(name, of, -(-len(of) * _STEPS // most))
        for name in names
        for of in [by_year.get(name, ())]
    ]
