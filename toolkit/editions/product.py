"""Pages that concern several documents, in two steps, so that a build can be partial.

First every document is asked for itself what such pages need of it (a gathering);
that is kept. Then the page is made from what all documents said, without reading
them again, and only if something it needs has changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    #: By the name of a gathering: what each document said, in the order of dates.
    Said = Callable[[str], Iterable[tuple[str, Any]]]


@dataclass(frozen=True, slots=True)
class Product:
    """Files that are made for the whole edition."""

    name: str  #: unique; shown to who waits
    needs: tuple[str, ...]  #: names of the gatherings that it is made from
    templates: tuple[str, ...]  #: beginnings of the names of the templates it uses
    files: Callable[[Said], Iterator[tuple[str, str | bytes]]]
    """From what was said to the files: paths below the build's folder, contents."""
    sources: tuple[Path, ...] = ()  #: other files that it is made from
