"""One template as a rule: what it reads, and the skeletons it has given so far."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from toolkit.errors import TemplateError
from toolkit.render.reads import reads_of
from toolkit.tei import XML_ID, XML_LANG

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2.environment import Template

    from toolkit.render.engine import Renderer
    from toolkit.tei import Element

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

Filler = "Callable[[Element], str]"


@dataclass(slots=True)
class Skeleton:
    """What a template gave for one reading: text before and after the content."""

    before: str
    after: str
    before_slots: tuple[Callable[[Element], str], ...]
    after_slots: tuple[Callable[[Element], str], ...]
    skips: bool  #: the template does not print its content


class Rule:
    """One template, and the skeletons it has given so far.

    ``bare`` holds those for elements without attributes, facts and anchor, by what
    else they read; ``memo`` those for all others, by that and the names of their
    attributes: what an attribute that is not there leaves empty, is filled once.
    """

    def __init__(self, renderer: Renderer, template: Template) -> None:
        self.renderer, self.template = renderer, template
        self.by_type: dict[str | None, Rule] = {}
        self.memo: dict[object, Skeleton] = {}
        self.bare: dict[object, Skeleton] = {}
        library, table = renderer.library, renderer.properties.table
        reads = reads_of(library.environment.parse(library.source(template)))
        for prop, line in reads.properties.items():
            if prop not in table:
                raise TemplateError(
                    f"{template.filename}:{line}: there is no el.{prop}; "
                    f"a template may read {', '.join(sorted(table))}"
                )
        self.dynamic = reads.dynamic or not renderer.memoise
        self.slots = sorted(reads.slots - reads.keys)
        self.tested = reads.tested - reads.keys
        names = reads.keys | reads.slots | reads.tested
        self.reads_facts = any(source == "its" for source, _ in names)
        self.reads_attributes = any(source == "at" for source, _ in names)
        self.reads_anchor = ("at", "common") in names
        readers: list[tuple[str, Callable[[Element], object]]] = [
            *((s, renderer.value(s, n)) for s, n in sorted(reads.keys)),
            *((s, _presence(renderer.value(s, n))) for s, n in sorted(self.tested)),
            *(("el", table[name]) for name in sorted(reads.properties)),
        ]
        self.reading = _reading([read for source, read in readers if source != "its"])
        #: What it reads of facts: nothing to ask where an element has none.
        self.facts_reading = _reading([r for source, r in readers if source == "its"])

    def skeleton(self, element: Element) -> Skeleton | None:
        """Run the template for an element; None if it prints its content twice."""
        text = self.renderer.run(self, element, self.renderer.hole, kept=True)
        before, *rest = text.split(HOLE)
        if len(rest) > 1:
            self.dynamic = True
            return None
        before, before_slots = self._cut(before, element)
        after, after_slots = self._cut(rest[0] if rest else "", element)
        return Skeleton(before, after, before_slots, after_slots, not rest)

    def keep(self, memo: dict[object, Skeleton], key: object, kept: Skeleton) -> None:
        """Keep a skeleton, within bounds."""
        if len(memo) >= _MEMO_LIMIT:
            memo.clear()
        memo[key] = kept

    def _cut(
        self, part: str, element: Element
    ) -> tuple[str, tuple[Callable[[Element], str], ...]]:
        """Turn slot marks into ``%s``; return the text and what fills its slots.

        A slot that must be empty for every element of this shape (same attribute
        names, facts or none, anchor or none) is left out.
        """
        fillers: list[Callable[[Element], str]] = []

        def slot(match: re.Match[str]) -> str:
            name = self.slots[int(match[1])]
            if not self.renderer.may_have(element, *name):
                return ""
            fillers.append(self.renderer.filler(*name, element))
            return "%s"

        cut = _SLOT.sub(slot, part.replace("%", "%%"))
        return (cut, tuple(fillers)) if fillers else (cut.replace("%%", "%"), ())


def _presence(value: Callable[[Element], object]) -> Callable[[Element], object]:
    return lambda element: bool(value(element))


def _reading(
    readers: list[Callable[[Element], Any]],
) -> Callable[[Element], object] | None:
    """Return the function that reads an element for a rule, if it reads anything."""
    if not readers:
        return None
    if len(readers) == 1:
        return readers[0]
    if len(readers) == 2:
        one, two = readers
        return lambda element: (one(element), two(element))
    return lambda element: tuple([reader(element) for reader in readers])
