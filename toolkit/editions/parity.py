"""Parity: the proof that nothing was lost between the TEI and what was made of it.

The words of a TEI text in a view are found by a second way, without templates:
a projection of the tree. They must be, in order, the words of the output. What
templates add of their own is marked as added (class ``added`` in HTML, control
characters in text) and does not count.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from lxml import etree

from toolkit.errors import ParityError
from toolkit.render.library import ADDED, ADDED_END
from toolkit.render.properties import Properties
from toolkit.tei import TEI, local_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from toolkit.render.signs import Key
    from toolkit.tei import Element

#: TEI elements that never part words by themselves.
INLINE: Final = frozenset(
    """
    abbr actor add addName am anchor author biblScope choice collection corr country
    damage date del desc district docAuthor editor ellipsis email emph ex expan
    foreign forename fw gap genName geogName gloss graphic handShift hi idno measure
    mentioned metamark mod name nameLink note num orgName orig persName placeName ptr
    pubPlace publisher q redo ref reg region repository resp restore retrace role
    roleDesc roleName rs said secl seg settlement sic soCalled space span stamp subst
    supplied surname surplus term time title unclear undo addSpan delSpan link linkGrp
    spanGrp listAnnotation handNotes
    """.split()
)
#: Blocks that are inline where their parent holds text; so is every unknown element.
MIXED: Final = frozenset({"stage", "quote", "cit", "bibl"})
_BREAKS: Final = frozenset({"lb", "pb", "cb", "gb", "milestone"})
_HIDDEN: Final = frozenset({"teiHeader", "standOff", "facsimile"})
_LABELS: Final = frozenset({"label"})
_BLOCKS: Final = frozenset(
    """
    TEI ab addrLine address argument back body byline castGroup castItem castList cell
    closer dateline div docDate docImprint docTitle epigraph figDesc figure
    floatingText front group head item l lg list listBibl opener p postscript row
    salute set signed sp speaker table teiCorpus text titlePage titlePart trailer
    """.split()
)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text: its body, and each of its notes that stands apart."""

    body: tuple[str, ...]
    notes: tuple[tuple[str, ...], ...]


class Projection:
    """The words of a TEI text in a view, without templates."""

    def __init__(self, key: Key, view: str) -> None:
        self.key, self.view = key, view
        self.properties = Properties(key, view)

    def text(self, element: Element) -> str:
        """Return the text of an element, with signs, before it is cut into words."""
        return "".join(self._text(element))

    def words(self, text: Element) -> Words:
        """Return the words of a ``text`` (or any element)."""
        body = tuple(self.text(text).split())
        notes = tuple(
            tuple("".join(self._inside(note)).split())
            for note in (text.iter(f"{TEI}note") if self.view == "reading" else ())
        )
        return Words(body, notes)

    def _text(self, element: Element) -> Iterator[str]:
        """Yield an element's text with its signs and word boundaries."""
        stack: list[Iterator[str | Element]] = [iter([element])]
        while stack:
            piece = next(stack[-1], None)
            if piece is None:
                stack.pop()
            elif isinstance(piece, str):
                yield piece
            else:
                stack.append(self._pieces(piece))

    def _inside(self, element: Element) -> Iterator[str]:
        for piece in self._children(element):
            if isinstance(piece, str):
                yield piece
            else:
                yield from self._text(piece)

    def _children(self, element: Element) -> Iterator[str | Element]:
        yield element.text or ""
        for child in element:
            if isinstance(child.tag, str):
                yield child
            yield child.tail or ""

    def _pieces(self, element: Element) -> Iterator[str | Element]:
        """Yield what one element contributes: signs, boundaries, text, children."""
        name = local_name(element) if str(element.tag).startswith(TEI) else ""
        if self._hides(name, element):
            return
        if name in _BREAKS:
            yield "" if element.get("break") == "no" else " "
            return
        before, after = self._around(name, element)
        yield before
        if name != "gap" or not self._wordless(element):
            yield from self._children(element)
        yield after

    def _hides(self, name: str, element: Element) -> bool:
        if name in _HIDDEN:
            return True
        if self.view == "reading" and name in {"note", "surplus", "am"}:
            return True
        return not self.properties.chosen(element)

    def _around(self, name: str, element: Element) -> tuple[str, str]:
        """Return what stands before and after: signs within word boundaries."""
        before, after = self.key.lookup(element, self.view) or ("", "")
        if name == "add" and self._wordless(element):
            before = after = ""
        if name == "gap" and not self._wordless(element):
            before = after = ""
        parts = " " if self._parts_words(name, element) else ""
        return parts + before, after + parts

    def _parts_words(self, name: str, element: Element) -> bool:
        if name in _BLOCKS:
            return True
        if name in INLINE:
            return False
        if name in _LABELS:
            parent = element.getparent()
            return parent is not None and parent.tag == f"{TEI}list"
        return not self.properties.inline(element)

    def _wordless(self, element: Element) -> bool:
        return not any(text.strip() for text in element.itertext())


#: HTML elements that never part words by themselves.
HTML_INLINE: Final = frozenset(
    """
    a abbr b bdi bdo cite code del dfn em i ins kbd mark q s samp small span strong
    sub sup time u var ruby rt rp img
    """.split()
)
_VOID: Final = frozenset("area base br col embed hr img input link meta wbr".split())


class _HtmlText(HTMLParser):
    """Collects what a page says, without what templates added."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._skipped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipped:
            if tag not in _VOID:
                self._skipped.append(tag)
            return
        classes = next((value for name, value in attrs if name == "class"), "") or ""
        if tag not in _VOID and ("added" in classes.split() or tag in _SILENT):
            self._skipped.append(tag)
        elif tag not in HTML_INLINE:
            self.pieces.append(" ")

    def handle_startendtag(
        self,
        tag: str,
        attrs: list[tuple[str, str | None]],  # noqa: ARG002 - HTMLParser's signature
    ) -> None:
        if not self._skipped and tag not in HTML_INLINE:
            self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if self._skipped:
            if tag in self._skipped:
                while self._skipped.pop() != tag:
                    pass
        elif tag not in HTML_INLINE:
            self.pieces.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.pieces.append(data)


_SILENT: Final = frozenset({"script", "style", "template", "head"})


def html_words(markup: str) -> tuple[str, ...]:
    """Return the words of HTML, without what is marked as added."""
    reader = _HtmlText()
    reader.feed(markup)
    reader.close()
    return tuple("".join(reader.pieces).split())


def tree_words(root: Element) -> tuple[str, ...]:
    """Return the words of an element of XHTML, as :func:`html_words` of its markup."""
    pieces: list[str] = []
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        apart = "" if local_name(element) in HTML_INLINE else " "
        if event == "end":
            # The text after what templates added is the document's again.
            pieces += (apart, (element.tail or "") if element is not root else "")
        elif "added" in element.get("class", "").split():
            walker.skip_subtree()
        else:
            pieces += (apart, element.text or "")
    return tuple("".join(pieces).split())


_ADDED: Final = re.compile(f"{ADDED}[^{ADDED_END}]*{ADDED_END}")


def text_words(text: str) -> tuple[str, ...]:
    """Return the words of rendered text, without what is marked as added."""
    return tuple(_ADDED.sub("", text).split())


def prove(path: Path, what: str, expected: Sequence[str], found: Sequence[str]) -> None:
    """Prove that no word was lost, added or moved.

    Args:
        path: The document.
        what: The output meant, for the message: ``html, view reading``.
        expected: The words of the TEI.
        found: The words of the output.

    Raises:
        ParityError: They differ; the first difference is named with its place.
    """
    if list(expected) == list(found):
        return
    start = next(
        (i for i, (a, b) in enumerate(zip(expected, found, strict=False)) if a != b),
        min(len(expected), len(found)),
    )
    window = slice(start, start + 200)
    matcher = difflib.SequenceMatcher(
        None, expected[window], found[window], autojunk=False
    )
    kind, a1, a2, b1, b2 = next(
        (op for op in matcher.get_opcodes() if op[0] != "equal"), ("equal", 0, 0, 0, 0)
    )
    lost = " ".join(expected[start + a1 : start + a2])
    extra = " ".join(found[start + b1 : start + b2])
    said = {
        "delete": f"lost: {lost!r}",
        "insert": f"not in the TEI: {extra!r}",
        "replace": f"{lost!r} became {extra!r}",
    }.get(kind, "the order of words differs")
    before = " ".join(expected[max(0, start + a1 - 6) : start + a1])
    raise ParityError(
        f"{path}: {what}: word {start + a1 + 1} of {len(expected)}, "
        f"after {before!r}: {said}\n"
        "  help: a template that leaves words out must print {{ content }}; words of "
        'its own go into an element of class "added" (text: {{ added }}…{{ end }})'
    )
