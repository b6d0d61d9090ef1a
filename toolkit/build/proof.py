"""The proof that every word of a document is in what is made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.editions import parity, text
from toolkit.editions.text import texts
from toolkit.errors import ParityError

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.editions.text import Rendering
    from toolkit.tei import Document


def prove(
    document: Document, kind: str, projection: parity.Projection, rendering: Rendering
) -> int:
    """Prove that a rendering holds all words of a document, notes apart.

    Returns:
        How many words were proved.

    Raises:
        ParityError: Words are lost, added or moved.
    """
    words_of = parity.html_words if kind == "html" else parity.text_words
    what = f"{kind}, view {projection.view}"
    expected = [projection.words(one) for one in texts(document.root)]
    body = [word for words in expected for word in words.body]
    parity.prove(document.path, what, body, words_of(rendering.body))
    notes = [note for words in expected for note in words.notes]
    if projection.view == "reading":
        for number, (note, made) in enumerate(
            zip(notes, rendering.notes, strict=True), 1
        ):
            parity.prove(document.path, f"{what}, note {number}", note, words_of(made))
    return len(body) + sum(len(note) for note in notes)


def holds(path: Path, what: str, page: str, rendering: Rendering) -> None:
    """Prove that a page holds the rendering it was given, whole."""
    for part in (rendering.body, *rendering.notes):
        if part not in page:
            raise ParityError(
                f"{path}: {what}: the page does not hold the text and all notes; "
                "help: pages/document.html must print {{ body }} and every note"
            )


def holds_words(path: Path, what: str, page: str, rendering: Rendering) -> None:
    """Prove that a text file holds the words it was given, in order."""
    if not text.holds(page, rendering):
        raise ParityError(
            f"{path}: {what}: the file does not hold the text and all notes; "
            "help: pages/document.txt must print {{ body }} and every note"
        )
