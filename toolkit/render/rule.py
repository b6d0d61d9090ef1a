"""One template as a rule: what it reads, and the skeletons it has given so far.

What a rule reads of an element is its *reading*: the names of the attributes, whether
there are an anchor and facts, and the values that the template compares. Elements of
one reading share one *skeleton*: what the template gave for the first of them, with
slots for what it only prints.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toolkit.errors import TemplateError
from toolkit.render.library import MARKS
from toolkit.render.reads import printed
from toolkit.tei import XML_ID, XML_LANG

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from toolkit.render.engine import Renderer
    from toolkit.render.library import ElementTemplate
    from toolkit.tei import Element

    Filler = Callable[[Element], str]
    Reader = Callable[[Element], object]
    Reading = tuple[object, ...]
    Cut = tuple[list[str], list[Filler]]  #: texts, and what fills the slots between

HOLE: Final = "\x00"
_SLOT: Final = re.compile("\x01([0-9]+)\x02")
_MEMO_LIMIT: Final = 50_000

#: ``at`` names that are not the attribute's own name -> attributes they are made of.
MADE_OF: Final = {
    "common": (XML_ID, XML_LANG),
    "id": (XML_ID,),
    "lang": (XML_LANG,),
    "rendered": ("rend",),
}
#: Stand in a reading for: it has an anchor; it has facts.
_ANCHORED: Final = object()
_KNOWN: Final = object()


@dataclass(slots=True)
class Skeleton:
    """What a template gave for one reading."""

    text: tuple[str, str]  #: before and after the content
    fill: Callable[[Element], tuple[str, str]] | None = None  #: gives it, if it varies
    skips: bool = False  #: the template does not print the content


class Rule:
    """One template, and the skeletons it has given so far."""

    def __init__(self, renderer: Renderer, template: ElementTemplate) -> None:
        """Find out what the template reads.

        Raises:
            TemplateError: It reads a property (``el.x``) that does not exist.
        """
        self.renderer, self.template = renderer, template
        self._memo: dict[Reading, Skeleton] = {}
        table = renderer.properties.table
        reads = template.reads
        for prop, line in reads.properties.items():
            if prop not in table:
                raise TemplateError(
                    f"{template.file}:{line}: there is no el.{prop}; "
                    f"a template may read {', '.join(sorted(table))}"
                )
        self.dynamic = reads.dynamic or not renderer.memoise
        self.slots = sorted(reads.slots - reads.keys)
        self.marks = {slot: f"\x01{i}\x02" for i, slot in enumerate(self.slots)}
        self.tested = reads.tested - reads.keys
        sources = {source for source, _ in reads.keys | reads.slots | reads.tested}
        self._reads_attributes, self._reads_facts = "at" in sources, "its" in sources
        #: What it compares, by what must be there for the answer to be anything else
        #: than nothing: attributes, facts, or (its place in the tree) nothing.
        readers: dict[str, list[Reader]] = {"at": [], "its": [], "el": []}
        for source, name in sorted(reads.keys | self.tested):
            read: Reader = renderer.value(source, name)
            if (source, name) in self.tested:
                read = _presence(read)
            # An anchor makes at.common, even where there is no attribute.
            readers["el" if name == "common" else source].append(read)
        readers["el"] += [table[name] for name in sorted(reads.properties)]
        names = {name: MARKS[name] for name in MARKS.keys() - renderer.settings.keys()}
        #: What a template gives that does nothing but print; it need not even run.
        self._printed = printed(template.tree, {**names, "content": HOLE}, self.marks)
        self._of_attributes = _all(readers["at"])
        self._of_facts = _all(readers["its"])
        self._of_place = _all(readers["el"])

    def skeleton(self, element: Element) -> Skeleton:
        """Return the skeleton for an element, kept or made."""
        if self.dynamic:
            return self._alone(element)
        # A fresh list; the stubs call it a sequence.
        reading: list[object] = element.keys() if self._reads_attributes else []  # type: ignore[assignment]
        if reading and self._of_attributes is not None:
            reading.append(self._of_attributes(element))
        if element in self.renderer.anchors:
            reading.append(_ANCHORED)
        if self._of_place is not None:
            reading.append(self._of_place(element))
        if self._reads_facts and element in self.renderer.facts:
            reading.append(_KNOWN)
            if self._of_facts is not None:
                reading.append(self._of_facts(element))
        return self._memo.get(tuple(reading)) or self._make(element, tuple(reading))

    def _alone(self, element: Element) -> Skeleton:
        """Run the template for this one element, with its real content."""
        renderer = self.renderer
        content = renderer.markup(renderer.inside(element))
        text = renderer.run(self, element, content, kept=False)
        return Skeleton((text, ""), skips=True)

    def _make(self, element: Element, reading: Reading) -> Skeleton:
        """Run the template for an element and keep what it gives, within bounds."""
        text = self._printed
        if text is None:
            text = self.renderer.run(self, element, self.renderer.hole, kept=True)
        before, hole, after = text.partition(HOLE)
        if HOLE in after:  # the content is printed twice: only running it is right
            self.dynamic = True
            return self.skeleton(element)
        made = _skeleton(
            self._cut(before, element), self._cut(after, element), skips=not hole
        )
        if len(self._memo) >= _MEMO_LIMIT:
            self._memo.clear()
        self._memo[reading] = made
        return made

    def _cut(self, part: str, element: Element) -> Cut:
        """Cut a template's text at its slots.

        A slot that is empty for every element of this reading is left out.
        """
        texts: list[str] = [""]
        fillers: list[Filler] = []
        for place, piece in enumerate(_SLOT.split(part)):
            if place % 2 == 0:
                texts[-1] += piece
                continue
            source, name = self.slots[int(piece)]
            if self.renderer.may_have(element, source, name):
                before, filler, after = self.renderer.filler(source, name, element)
                texts[-1] += before
                fillers.append(filler)
                texts.append(after)
        return texts, fillers


def _skeleton(before: Cut, after: Cut, *, skips: bool) -> Skeleton:
    """Return the skeleton of the texts around a content."""
    opening, closing = before[0][0], after[0][0]
    if not before[1] and not after[1]:
        return Skeleton((opening, closing), skips=skips)
    if len(before[1]) == 1 and not after[1]:  # such as an id: most often
        rest, filler = before[0][1], before[1][0]

        def fill(element: Element) -> tuple[str, str]:
            return f"{opening}{filler(element)}{rest}", closing

    else:
        opening_of, closing_of = _filled(*before), _filled(*after)

        def fill(element: Element) -> tuple[str, str]:
            return opening_of(element), closing_of(element)

    return Skeleton((opening, closing), fill, skips)


def _filled(texts: Sequence[str], fillers: Sequence[Filler]) -> Filler:
    """Return the function that gives texts with the slots between them filled."""
    form = "%s".join([text.replace("%", "%%") for text in texts])
    return lambda element: form % tuple([filler(element) for filler in fillers])


def _presence(value: Reader) -> Reader:
    return lambda element: bool(value(element))


def _all(readers: Sequence[Reader]) -> Reader | None:
    """Return the function that reads all of several things, if there are any."""
    if not readers:
        return None
    if len(readers) == 1:
        return readers[0]
    if len(readers) == 2:
        one, two = readers
        return lambda element: (one(element), two(element))
    return lambda element: tuple([reader(element) for reader in readers])
