"""The plain-text edition of a document: catalogue entry, text, notes."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toolkit.render.engine import finish
from toolkit.render.library import ADDED, ADDED_END

if TYPE_CHECKING:
    from toolkit.metadata import Metadata
    from toolkit.render.engine import Renderer
    from toolkit.render.facts import Facts
    from toolkit.tei import Element

WIDTH: Final = 80


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
    and lines are as long as the paragraphs; the reading view is wrapped.
    """
    template = renderer.library.get(f"pages/document{renderer.library.suffix}")

    def plain_text(element: Element) -> str:
        return " ".join(_bare(renderer.content(element, facts)).split())

    page = renderer.library.render(
        template,
        {
            "view": renderer.view,
            "meta": meta,
            "citation": "" if meta.citation is None else plain_text(meta.citation),
            "summary": [plain_text(paragraph) for paragraph in meta.summary],
            "acknowledgements": [plain_text(note) for note in meta.acknowledgements],
            "body": _bare(rendering.body),
            "notes": [_bare(note) for note in rendering.notes],
        },
    )
    text = finish(page)
    return wrapped(text) if renderer.view == "reading" else text


def _bare(text: str) -> str:
    """Take away the marks around what templates added; its words stay."""
    return text.replace(ADDED, "").replace(ADDED_END, "")


def wrapped(text: str) -> str:
    """Wrap paragraphs to lines of at most 80 characters; lines in them stay lines."""
    lines = []
    for line in text.split("\n"):
        hanging = "    " if line.startswith("[") and "] " in line[:6] else ""
        lines.append(
            textwrap.fill(
                line,
                WIDTH,
                subsequent_indent=hanging,
                break_long_words=False,
                break_on_hyphens=False,
            )
        )
    return "\n".join(lines)
