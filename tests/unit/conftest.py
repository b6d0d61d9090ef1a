"""Small editions to work on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from toolkit.config import Edition

if TYPE_CHECKING:
    from pathlib import Path

HEADER = """<teiHeader><fileDesc><titleStmt><title>{title}</title></titleStmt>
<publicationStmt><p>Made for a test.</p></publicationStmt>
<sourceDesc><p>Made for a test.</p></sourceDesc></fileDesc></teiHeader>"""


class MakeEdition(Protocol):
    """Makes an edition of documents given by name and body."""

    def __call__(self, **bodies: str) -> Edition:
        """Write the documents and return the edition."""


def tei_document(body: str, ident: str = "d1", title: str = "A document") -> str:
    """Return a small TEI document around a body's content."""
    return (
        f'<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="{ident}">'
        f"{HEADER.format(title=title)}"
        f'<text xml:lang="en"><body>{body}</body></text></TEI>'
    )


@pytest.fixture
def make_edition(tmp_path: Path) -> MakeEdition:
    """A function that writes a small edition."""

    def make(**bodies: str) -> Edition:
        folder = tmp_path / "tei"
        folder.mkdir(exist_ok=True)
        (tmp_path / "edition.toml").write_text('title = "Test edition"\n')
        for name, body in bodies.items():
            (folder / f"{name}.xml").write_text(
                tei_document(body, name), encoding="utf-8"
            )
        return Edition(root=tmp_path, title="Test edition")

    return make
