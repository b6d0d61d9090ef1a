"""What lies on the desk while one document is edited: all that an answer consults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.lsp.facts import EditionFacts, Facts
    from toolkit.lsp.glossary import Glossary
    from toolkit.schema.grammar import Grammar


@dataclass(frozen=True, slots=True)
class Desk:
    """One document, as it is at the moment, with its grammar and its edition."""

    path: Path  #: absolute
    grammar: Grammar
    glossary: Glossary
    edition: EditionFacts

    @property
    def facts(self) -> Facts:
        """What the document says."""
        return self.edition.files[self.path]

    @property
    def text(self) -> str:
        """The document's text."""
        return self.facts.text
