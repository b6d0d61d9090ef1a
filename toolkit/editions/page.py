"""What is known of one document before anything is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toolkit.editions.catalogue import day
from toolkit.tei import TEI

if TYPE_CHECKING:
    from toolkit.metadata import Metadata
    from toolkit.render.facts import Facts
    from toolkit.tei import Document


@dataclass(frozen=True, slots=True)
class Page:
    """A document with what was read of it once: its header, its facts, its language."""

    document: Document
    meta: Metadata
    facts: Facts
    language: str

    @property
    def name(self) -> str:
        """The page's file name without suffix: the document's file name."""
        return self.document.path.stem

    @property
    def day(self) -> str:
        """The document's date in words, one way for all documents."""
        return day(self.meta.date)

    @property
    def archive(self) -> str:
        """Who holds the original, by its name in the register where it has one."""
        held = self.document.root.find(f".//{TEI}msIdentifier/{TEI}repository")
        if held is None or held.get("cert") == "unknown":
            return ""
        return self.facts.of.get(held, {}).get("label") or self.meta.repository
