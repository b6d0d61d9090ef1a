"""How documents are to be checked: by which stages, processes and caches."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TypeAlias

from toolkit.cache import Cache, users
from toolkit.catalog import Catalog
from toolkit.validate.stages import STAGES, Phases

#: Told how many bytes of documents are checked, of how many.
Progress: TypeAlias = Callable[[int, int], None]


def _silent(_done: int, _all: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class How:
    """How documents are to be checked."""

    only: frozenset[str] = frozenset(STAGES)  #: the stages asked for
    jobs: int = 0  #: processes; 0: one for each core if there is enough to do
    cache: Cache = field(default_factory=users)  #: what is kept between runs
    progress: Progress = _silent
    catalog: Catalog = field(default_factory=Catalog)  #: which file an address means
    model: bool = True  #: whether documents from elsewhere may name their schemas
    phase: str | None = None  #: of the rules; None: as each schema has it
    phases: Phases = ()  #: of single schemas, as the documents ask for them


def how(
    only: Collection[str] = (),
    jobs: int | None = None,
    *,
    keep: bool = True,
    progress: Progress = _silent,
) -> How:
    """Return what a user asks for.

    Args:
        only: The stages; none: all.
        jobs: Processes; None: as many as are worth while.
        keep: Whether compiled schemas and results are kept between runs.
        progress: Told how far the check is.
    """
    cache = users() if keep else Cache(None)
    return How(frozenset(only or STAGES), jobs or 0, cache, progress)
