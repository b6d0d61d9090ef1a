"""The Markdown edition of a document: metadata, text, notes as footnotes.

It is written from the rendering in HTML, so that an edition's own templates count
here too. What Markdown adds of its own (``#``, ``*``, the backslash before a sign)
stands between the marks of what is added, like a label in plain text, so that the
words can be proved. Paragraphs are not wrapped: one line each.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from lxml import etree

from toolkit.editions.catalogue import day, rows
from toolkit.editions.markdown_inline import (
    BREAK,
    CLOSE,
    OPEN,
    added,
    bare,
    escaped,
    settled,
)
from toolkit.editions.parity import HTML_INLINE
from toolkit.editions.text import Rendering
from toolkit.errors import TemplateError
from toolkit.tei import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from toolkit.config import Edition
    from toolkit.editions.page import Page
    from toolkit.render.engine import Renderer
    from toolkit.render.library import Library
    from toolkit.tei import Element

_EMPHASIS: Final = {"em": "em", "i": "em", "strong": "strong", "b": "strong"}
_RENDERED: Final = {"rend-italic": "em", "rend-bold": "strong"}
#: Blocks that are lines of one paragraph.
_LINES: Final = frozenset({"l", "addrLine", "castItem"})
#: Gaps that are told in words, because they are more than an omission.
_TOLD: Final = frozenset(f"gap-{reason}" for reason in ("lost", "redacted", "withheld"))
_ELSEWHERE: Final = re.compile(r"^(https?|mailto|doi|urn):", re.IGNORECASE)


def convert(rendering: Rendering, name: str) -> Rendering:
    """Return a document's rendering as Markdown, with the marks of what is added.

    Args:
        rendering: The document in HTML, in the reading view.
        name: The document's name, for messages.

    Raises:
        TemplateError: A template does not give well-formed markup.
    """
    notes = tuple(
        written(note, name, prefix=added(f"[^{number}]: "), indent="    ")
        for number, note in enumerate(rendering.notes, 1)
    )
    return Rendering(written(rendering.body, name), notes)


def written(html: str, name: str, *, prefix: str = "", indent: str = "") -> str:
    """Return a piece of HTML as Markdown, with the marks of what is added.

    Args:
        html: Well-formed markup.
        name: Whose it is, for messages.
        prefix: What the first line begins with.
        indent: What every other line begins with.

    Raises:
        TemplateError: It is not well-formed.
    """
    try:
        root = etree.fromstring(
            f"<div>{html}</div>".encode(), etree.XMLParser(huge_tree=True)
        )
    except etree.XMLSyntaxError as fault:
        raise TemplateError(
            f"{name}: the page’s markup is not well-formed: {fault.msg}; "
            "a template must close every tag and write <br/>"
        ) from None
    writer = _Writer(prefix, indent)
    writer.inside(root)
    writer.end_paragraph()
    return "\n".join(writer.lines)


def markdown_file(
    page: Page, renderer: Renderer, rendering: Rendering, edition: Edition, of: Library
) -> str:
    """Return a document's Markdown file.

    Args:
        page: The document.
        renderer: For HTML, in the reading view.
        rendering: The document as :func:`convert` gives it.
        edition: The settings.
        of: The templates of the format ``markdown``.
    """
    meta = page.meta

    def words(element: Element) -> str:
        markup = str(renderer.content(element, page.facts))
        return bare(written(markup, page.name))

    made = of.render(
        of.get("pages/document.md"),
        {
            "front": list(_front_matter(page, edition)),
            "meta": meta,
            "title": bare(settled(escaped(meta.title))),
            "day": day(meta.date),
            "summary": [words(each) for each in meta.summary],
            "citation": "" if meta.citation is None else words(meta.citation),
            "body": bare(rendering.body),
            "notes": [bare(note) for note in rendering.notes],
        },
    )
    return made.strip("\n") + "\n"


def _front_matter(page: Page, edition: Edition) -> Iterator[str]:
    """Yield the lines of the YAML that stands before the text; JSON is YAML too."""
    meta = page.meta
    translators, others = _responsible(page)
    values: dict[str, str | list[str]] = {
        "title": meta.title,
        "date": meta.date,
        "authors": list(meta.authors),
        "translators": translators,
        "editors": others,
        "language": page.language.replace("und", ""),
        "original_language": meta.original,
        "archive": page.archive or meta.repository,
        "collection": meta.collection,
        "shelfmark": meta.shelfmark,
        "source": meta.address,
        "identifier": meta.ident,
        "edition": edition.title,
        "publisher": edition.publisher,
        "address": edition.address,
        "licence": edition.licence,
    }
    for key, value in values.items():
        if value:
            yield f"{key}: {json.dumps(value, ensure_ascii=False)}"


def _responsible(page: Page) -> tuple[list[str], list[str]]:
    """Return the translators, and the others who are responsible; known ones only."""
    translators: list[str] = []
    others: list[str] = []
    for row in rows(page.document, page.meta):
        if row.name.startswith("resp-") and row.known:
            translates = "translat" in row.label.casefold()
            (translators if translates else others).extend(map(plain, row.elements))
    return translators, others


class _Writer:
    """Writes blocks line by line; what is inline waits until its paragraph ends."""

    def __init__(self, prefix: str, indent: str) -> None:
        self.lines: list[str] = []
        self._inline: list[str] = []
        self._prefix, self._indent = prefix, indent
        self._tight = True  #: no blank line before the next block
        self._short = False  #: a short item of a list ends here
        self._linked = self._celled = False

    # Blocks

    def inside(self, element: Element) -> None:
        """Write what an element holds."""
        self.put(element.text)
        for child in element:
            if isinstance(child.tag, str):
                self._element(child)
            self.put(child.tail)

    def put(self, text: str | None) -> None:
        """Add text of the document to the paragraph."""
        if text:
            self._inline.append(escaped(text, linked=self._linked, celled=self._celled))

    def end_paragraph(self, before: str = "") -> None:
        """Write the paragraph that waits, if it says anything.

        Args:
            before: What makes it a heading.
        """
        text = settled("".join(self._inline))
        self._inline.clear()
        if self._celled:
            self._inline.append(text + BREAK)
        elif text:
            lines = [text.replace(BREAK, " ")] if before else text.split(BREAK)
            self._block([before + line for line in lines if line])

    def _block(self, lines: list[str]) -> None:
        self._part()
        for number, line in enumerate(lines, 1):
            end = "" if number == len(lines) or line[0] == _ROW else added("\\")
            self.lines.append(self._prefix + line.removeprefix(_ROW) + end)
            self._prefix = self._indent
        self._tight = False

    def _part(self, *, item: bool = False) -> None:
        """Part what comes from what was written; short items stand close together."""
        if not (self._tight or (self._short and item)):
            self.lines.append(_blank(self._indent))
        self._short = False

    def _element(self, element: Element) -> None:
        classes = (element.get("class") or "").split()
        tag = str(element.tag)
        if "added" in classes:
            self._of_templates(element, classes)
        elif tag in HTML_INLINE:
            self._span(element, tag, classes)
        elif tag == "br":
            self._inline.append(BREAK)
        elif tag == "wbr":
            self._inline.append(" ")
        elif tag == "table" and not self._celled:
            self._table(element)
        elif not _LINES.isdisjoint(classes):
            self._inline.append(BREAK)
            self.inside(element)
            self._inline.append(BREAK)
        elif "label" in classes:
            self.end_paragraph()
            self.inside(element)
            self._inline.append(" ")
        elif element.get("role") == "listitem" or tag == "li":
            self._item(element)
        else:
            self.end_paragraph()
            self._division(element, tag)

    def _division(self, element: Element, tag: str) -> None:
        """Write an element that is a block of its own."""
        heading = re.fullmatch("h([1-6])", tag)
        if heading:
            self.inside(element)
            self.end_paragraph(added("#" * int(heading[1]) + " "))
        elif tag == "blockquote":
            self._within(element, added("> "), added("> "))
        else:
            self.inside(element)
            self.end_paragraph()

    def _item(self, element: Element) -> None:
        """Write an item of a list, after its label if it has one."""
        label = element.getprevious()
        labelled = label is not None and "label" in (label.get("class") or "").split()
        waiting: list[str] = []
        if labelled:
            waiting, self._inline = self._inline, []
        self.end_paragraph()
        self._within(element, _ITEM, "  ", waiting)

    def _within(
        self, element: Element, first: str, rest: str, waiting: Sequence[str] = ()
    ) -> None:
        """Write a block that holds blocks, each line with what begins it."""
        item = first == _ITEM
        self._part(item=item)
        prefix, indent, before = self._prefix, self._indent, len(self.lines)
        self._prefix, self._indent = prefix + first, indent + rest
        self._tight, self._inline = True, list(waiting)
        self.inside(element)
        self.end_paragraph()
        wrote = len(self.lines) - before
        self._prefix, self._indent = (indent if wrote else prefix), indent
        self._tight, self._short = not wrote, item and wrote == 1

    # Tables

    def _table(self, table: Element) -> None:
        """Write a table: the first row is its head if its cells are headings."""
        self.end_paragraph()
        for caption in table.iterchildren("caption"):
            self.inside(caption)
            self.end_paragraph()
        rows = [list(row.iterchildren("th", "td")) for row in table.iter("tr")]
        rows = [row for row in rows if row]
        if not rows:
            return
        width = max(sum(map(_columns, row)) for row in rows)
        headed = all(cell.tag == "th" for cell in rows[0])
        head, body = (rows[0], rows[1:]) if headed else ([], rows)
        rule = added("|" + " --- |" * width)
        lines = [self._row(head, width), rule, *(self._row(r, width) for r in body)]
        self._block([_ROW + line for line in lines])

    def _row(self, cells: list[Element], width: int) -> str:
        said: list[str] = []
        for cell in cells:
            said += [self._cell(cell), *[""] * (_columns(cell) - 1)]
        said += [""] * (width - len(said))
        return "".join(f"{added('|')} {text} " for text in said) + added("|")

    def _cell(self, cell: Element) -> str:
        waiting, self._inline, self._celled = self._inline, [], True
        self.inside(cell)
        text = settled("".join(self._inline)).replace(BREAK, f" {added('<br/>')} ")
        self._inline, self._celled = waiting, False
        return text

    # What stands in a line

    def _span(self, element: Element, tag: str, classes: list[str]) -> None:
        emphasis = _EMPHASIS.get(tag) or next(
            (_RENDERED[name] for name in classes if name in _RENDERED), ""
        )
        target = element.get("href", "")
        if tag == "a" and "ref" in classes and not self._linked:
            self._link(element, target)
        elif emphasis:
            self._inline.append(OPEN[emphasis])
            self.inside(element)
            self._inline.append(CLOSE[emphasis])
        else:
            self.inside(element)
            if tag == "ins":
                self._inline.append(added(" (by hand)"))

    def _link(self, element: Element, target: str) -> None:
        """Write a reference: to elsewhere, or to another document in Markdown."""
        page = re.fullmatch(r"([^:/?#]+)\.html(?:#.*)?", target)
        address = f"{page[1]}.md" if page else target
        if not page and not _ELSEWHERE.match(target):
            self.inside(element)
            return
        address = re.sub(r"[\s<>\\]", lambda m: f"%{ord(m[0]):02X}", address)
        self._linked = True
        self._inline.append(added("["))
        self.inside(element)
        self._inline.append(added(f"](<{address}>)"))
        self._linked = False

    def _of_templates(self, element: Element, classes: list[str]) -> None:
        """Write what templates added, as far as a text without a screen needs it."""
        words = " ".join("".join(map(str, element.itertext())).split())
        parent = element.getparent()
        around = "" if parent is None else parent.get("class", "")
        if "noteref" in classes:
            self._inline.append(added(f"[^{words}]"))
        elif "ptr" in classes:
            address = element.get("href", "")
            outside = _ELSEWHERE.match(address)
            self._inline.append(
                added(f"<{address}>" if outside else bare(escaped(words)))
            )
        elif "who" in classes:
            self._inline.append(added(bare(escaped(words))))
        elif "words" in classes and "metamark" in around.split():
            if parent is not None and not parent.get("href"):  # no note tells of it
                self._inline.append(added(f" [{bare(escaped(words))}]"))
        elif "words" in classes and not _TOLD.isdisjoint(around.split()):
            self._inline.append(added(f" ({bare(escaped(words.strip('()')))})"))


_ITEM: Final = added("- ")
_ROW: Final = "\x07"  #: at the beginning of a line that is a row of a table


def _blank(indent: str) -> str:
    """Return an empty line of a block, without a blank at its end."""
    return added(bare(indent).rstrip())


def _columns(cell: Element) -> int:
    """Return how many columns a cell takes."""
    columns = cell.get("colspan", "")
    return max(1, int(columns)) if columns.isdigit() else 1
