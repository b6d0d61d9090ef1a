"""The five documents, their sources and the oracle's rows, for every test here.

A test that asks for ``bracket``, ``margin`` or ``cut`` runs once for each row of the
oracle's table. Without the folder of foreign data it is one test, which skips (or
fails in CI) by the fixture ``shared``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from toolkit.tei import Element, read

from .oracle import Source, read_brackets, read_cuts, read_margins, read_source
from .source_view import Alignment, align_body, align_citation

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHARED: Final = Path(__file__).resolve().parents[3] / "shared"


@dataclass(frozen=True, slots=True)
class Compared:
    """The documents beside their sources, each aligned when first asked for."""

    documents: dict[str, Element]  #: by the source's name, such as ``1962-08-27``
    sources: dict[str, Source]
    _bodies: dict[str, Alignment] = field(default_factory=dict)

    def body(self, name: str) -> Alignment:
        """Return the alignment of a document's body."""
        if name not in self._bodies:
            self._bodies[name] = align_body(self.sources[name], self.documents[name])
        return self._bodies[name]

    def citation(self, name: str) -> Alignment:
        """Return the alignment of the citation in a document's header."""
        return align_citation(self.sources[name], self.documents[name])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test of each row of the oracle."""
    if "bracket" in metafunc.fixturenames:
        brackets = read_brackets(_SHARED)
        _each_row(metafunc, "bracket", brackets, [row.ident for row in brackets])
    if "margin" in metafunc.fixturenames:
        margins = read_margins(_SHARED)
        _each_row(metafunc, "margin", margins, [row.ident for row in margins])
    if "cut" in metafunc.fixturenames:
        cuts = read_cuts(_SHARED)
        ids = [f"{row.source}-L{row.from_line}" for row in cuts]
        _each_row(metafunc, "cut", cuts, ids)


def _each_row(
    metafunc: pytest.Metafunc, name: str, rows: Sequence[object], ids: list[str]
) -> None:
    if rows:
        metafunc.parametrize(name, rows, ids=ids)
    else:
        # The fixture ``shared`` skips or fails before this is looked at.
        metafunc.parametrize(name, [None], ids=["without-data"])


@pytest.fixture(scope="session")
def files(checkout: Path) -> dict[str, Element]:
    """Every file of the edition by its name, such as ``persons.xml``."""
    return {
        path.name: read(path).root for path in sorted((checkout / "tei").glob("*.xml"))
    }


@pytest.fixture(scope="session")
def documents(files: dict[str, Element]) -> dict[str, Element]:
    """The five documents by their date, such as ``1962-08-27``."""
    return {
        name[1:].removesuffix(".xml"): root
        for name, root in files.items()
        if name[1].isdigit()
    }


@pytest.fixture(scope="session")
def sources(shared: Path) -> dict[str, Source]:
    """The five sources by their date."""
    paths = sorted((shared / "sources").glob("*.txt"))
    return {path.stem: read_source(path) for path in paths}


@pytest.fixture(scope="session")
def compared(documents: dict[str, Element], sources: dict[str, Source]) -> Compared:
    """The documents beside their sources."""
    return Compared(documents, sources)
