"""The plain-text edition of a document: catalogue entry, text, notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toolkit.editions.catalogue import day
from toolkit.editions.layout import columns, laid_out, unlaid
from toolkit.render.engine import finish
from toolkit.render.library import ADDED, ADDED_END, HANG, PASSAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.metadata import Metadata
    from toolkit.render.engine import Renderer
    from toolkit.render.facts import Facts
    from toolkit.tei import Element


@dataclass(frozen=True, slots=True)
class Rendering:
    """A document's rendering before it becomes a page or file."""

    body: str
    notes: tuple[str, ...]


def render_body(renderer: Renderer, root: Element, facts: Facts) -> Rendering:
    """Render a document's text and, in the reading view, its notes.

    Args:
        renderer: For HTML or text, in one view.
        root: The ``TEI`` element.
        facts: The document's facts.
    """
    body = "".join(renderer.render(text, facts) for text in texts(root))
    if renderer.view != "reading":
        return Rendering(body, ())
    notes = tuple(renderer.render(note, facts, part="note") for note in facts.notes)
    return Rendering(body, notes)


def texts(root: Element) -> list[Element]:
    """Return the ``text`` elements of a document (several in a ``teiCorpus``)."""
    namespace = root.tag[: root.tag.rfind("}") + 1]
    return [
        text
        for text in root.iter(f"{namespace}text")
        if next(text.iterancestors(f"{namespace}text"), None) is None
    ]


def text_file(
    renderer: Renderer, meta: Metadata, rendering: Rendering, facts: Facts
) -> str:
    """Return the document's plain-text file.

    In the source view the catalogue entry stands before the text as in the source,
    and lines are as long as the paragraphs; the reading view is laid out.

    Args:
        renderer: For text, in one view.
        meta: What the header says.
        rendering: The document rendered by it.
        facts: The document's facts.
    """
    make = _reading if renderer.view == "reading" else _source
    return make(renderer, meta, rendering, facts)


def _source(
    renderer: Renderer, meta: Metadata, rendering: Rendering, facts: Facts
) -> str:
    def line(element: Element) -> str:
        return " ".join(bare(renderer.content(element, facts)).split())

    page = renderer.library.render(
        renderer.library.get(f"pages/source{renderer.library.suffix}"),
        {
            "meta": meta,
            "citation": "" if meta.citation is None else line(meta.citation),
            "summary": [line(paragraph) for paragraph in meta.summary],
            "acknowledgements": [line(note) for note in meta.acknowledgements],
            "body": bare(rendering.body),
        },
    )
    return finish(page)


def _reading(
    renderer: Renderer, meta: Metadata, rendering: Rendering, facts: Facts
) -> str:
    def paragraph(element: Element) -> str:
        return laid_out(renderer.content(element, facts))

    page = renderer.library.render(
        renderer.library.get(f"pages/document{renderer.library.suffix}"),
        {
            "title": (title := laid_out(meta.title)),
            "rule": "=" * max(map(columns, title.split("\n"))),
            "date": meta.date_words or day(meta.date),
            "summary": [paragraph(each) for each in meta.summary],
            "entry": [
                laid_out(f"{label}: {HANG}{words}")
                for label, words in _entry(renderer, meta, facts)
            ],
            "marks": PASSAGE in rendering.body,
            "body": laid_out(rendering.body),
            "notes": [laid_out(note) for note in rendering.notes],
        },
    )
    return page.strip("\n") + "\n"


def _entry(
    renderer: Renderer, meta: Metadata, facts: Facts
) -> Iterator[tuple[str, str]]:
    """Yield the lines of the catalogue entry: labels and what stands beside them."""
    if meta.original:
        yield "Original language", meta.original
    for credit in meta.credits:
        yield credit.role.capitalize(), credit.name
    for note in meta.acknowledgements:
        yield "Credits", renderer.content(note, facts)
    if meta.citation is not None:
        yield "Source", renderer.content(meta.citation, facts)


def bare(text: str) -> str:
    """Take from rendered text all marks but those of paragraphs and lines.

    What templates added of their own stays; its marks go.
    """
    return unlaid(text).replace(ADDED, "").replace(ADDED_END, "")


def holds(page: str, rendering: Rendering) -> bool:
    """Whether a text file, in whichever view, holds a rendering whole."""
    words = " ".join(page.split())
    return all(
        laid_out(part) in page or " ".join(finish(bare(part)).split()) in words
        for part in (rendering.body, *rendering.notes)
    )
