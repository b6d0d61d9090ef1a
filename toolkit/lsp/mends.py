"""Quick fixes: what would mend a finding, as edits of the text.

A mend is worked out from the finding's code and place and from what the grammar and
the edition know, not from the finding's words. What an editor would have to decide
(which reading, which paragraph) is offered, the likeliest first, never done.

Language Server Protocol 3.17, section Code Action Request.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from toolkit.lsp.complete import ranked
from toolkit.lsp.diagnose import tag_at
from toolkit.lsp.expect import Expectation, given
from toolkit.lsp.markup import (
    Open,
    Tag,
    TagKind,
    element_end,
    expanded,
    namespaces,
    written,
)
from toolkit.lsp.mend import Mend, near
from toolkit.lsp.mends_ids import id_mends, pointer_mends
from toolkit.lsp.mends_markup import markup_mends
from toolkit.lsp.places import Edit
from toolkit.lsp.scanner import Place, place_at
from toolkit.lsp.values import known_values, used_values
from toolkit.validate.mending.mends import Text, label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from toolkit.findings import Finding
    from toolkit.lsp.desk import Desk
    from toolkit.schema.pattern import Element

_OFFERED: Final = 7  #: ways to mend one finding
_DATE: Final = re.compile(
    r"(\d{1,2})[./](\d{1,2})[./](\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})"
)


def mends(
    desk: Desk, code: str, offset: int, finding: Finding | None = None
) -> list[Mend]:
    """Return what would mend a finding, the likeliest first.

    Args:
        desk: The document.
        code: The finding's code.
        offset: Where it stands: in the tag, or at the text, that it is about.
        finding: The finding itself, if the text is still the one it was found in.
    """
    found = list(_mends(desk, code, offset))[:_OFFERED]
    sure = _certain(desk, finding) if finding is not None else None
    if sure is None:
        return found
    rest = [replace(one, sure=False) for one in found if one.edits != sure.edits]
    same = next((one.title for one in found if one.edits == sure.edits), sure.title)
    return [replace(sure, title=same), *rest]


def _mends(desk: Desk, code: str, offset: int) -> Iterator[Mend]:
    if code == "XML002":
        yield from markup_mends(desk, offset)
    tag = tag_at(desk.facts, offset)
    if code in _OF_TAGS and tag is not None and tag.kind is not TagKind.END:
        yield from _OF_TAGS[code](_Tag(desk, tag))
    if code == "TEI105" and tag is not None:
        yield from _incomplete(desk, tag)
    if code == "TEI106":
        yield from _stray_text(desk, offset)
    if code in _OF_POINTERS and tag is not None:
        yield from _OF_POINTERS[code](desk, tag)


def _certain(desk: Desk, finding: Finding) -> Mend | None:
    """Return what ``edition validate --fix`` would do about a finding."""
    text = Text.of(desk.text.encode(errors="replace"))
    if finding.mend is None or text is None:
        return None
    edits = [Edit(*span, new) for span, new in text.spans(finding)]
    words = label(finding.mend)
    return Mend(words[:1].upper() + words[1:], tuple(edits), True) if edits else None


@dataclass
class _Tag:
    """A start tag that a finding is about, and the grammar before it."""

    desk: Desk
    tag: Tag

    @cached_property
    def place(self) -> Place:
        return place_at(self.desk.text, self.tag.start)

    @cached_property
    def expectation(self) -> Expectation:
        return Expectation(self.desk.grammar, self.place.around)

    @cached_property
    def scope(self) -> dict[str, str]:
        return {**self.expectation.scope, **namespaces((self.tag,))}

    @cached_property
    def name(self) -> str:
        return expanded(self.tag.name, self.scope)

    @cached_property
    def declared(self) -> tuple[Element, ...]:
        return self.expectation.declared(self.name)

    @cached_property
    def expected(self) -> list[str]:
        """The elements that may stand here, as they are written, likeliest first."""
        parent = self.place.parent.tag.local if self.place.parent else ""
        found = ranked(self.desk, parent, self.expectation.elements())
        return [name for one in found if (name := written(one.name, self.scope))]

    # -- elements ------------------------------------------------------------

    def near_names(self) -> Iterator[Mend]:
        """Yield the element that was likely meant."""
        names = near(self.tag.name, self.expected)
        names += near(
            self.tag.name,
            [written(one, self.scope) for one in self.desk.grammar.names],
            0.75,
        )
        for place, name in enumerate(dict.fromkeys(names)):
            yield Mend(f"Write <{name}>", self._renamed(name), place == 0)

    def _renamed(self, name: str) -> tuple[Edit, ...]:
        end = self._end
        edits = [Edit(*self.tag.name_span, name)]
        if end is not None and end is not self.tag:
            edits.append(Edit(*end.name_span, name))
        return tuple(edits)

    @cached_property
    def _end(self) -> Tag | None:
        """The element's end tag; the tag itself if it is an empty one."""
        if self.tag.kind is TagKind.EMPTY:
            return self.tag
        return element_end(self.desk.text, self.tag)

    def misplaced(self) -> Iterator[Mend]:
        """Yield near names that may stand here, and wrappers that may hold it."""
        for name in near(self.tag.name, self.expected, 0.75):
            yield Mend(f"Write <{name}>", self._renamed(name))
        if self._end is None:
            return
        for wrapper in self.expected:
            inside = _inside(self.desk, self.place, wrapper)
            if inside.state and self.name in {one.name for one in inside.elements()}:
                edits = _wrapped(self.tag.start, self._end.end, wrapper)
                yield Mend(f"Put it into <{wrapper}>", edits)

    def too_early(self) -> Iterator[Mend]:
        """Yield the elements that have to come before this one."""
        later = {one.name for one in self.place.following if one is not None}
        for one in self.expectation.elements():
            name = written(one.name, self.scope)
            if one.required and name and name not in later:
                edit = Edit(self.tag.start, self.tag.start, f"<{name}></{name}>")
                yield Mend(f"Insert <{name}> before it", (edit,))

    # -- attributes ----------------------------------------------------------

    def wrong_attributes(self) -> Iterator[Mend]:
        """Yield near names for attributes that the element has not, or remove them."""
        allowed = [one.name for one in self.expectation.attributes(self.declared, {})]
        free = [
            one.name
            for one in self.expectation.attributes(
                self.declared, given(self.tag, self.scope)
            )
        ]
        for one in self.tag.attributes:
            name = expanded(one.name, self.scope, attribute=True)
            if name in allowed or one.name.startswith("xmlns"):
                continue
            names = [written(other, self.scope, attribute=True) for other in free]
            for place, other in enumerate(near(one.name, filter(None, names))):
                edit = Edit(one.start, one.name_end, other)
                yield Mend(f"Write @{other}", (edit,), place == 0)
            start = (
                one.start - 1 if self.desk.text[one.start - 1] in " \n" else one.start
            )
            yield Mend(f"Remove @{one.name}", (Edit(start, one.end, ""),))

    def wrong_values(self) -> Iterator[Mend]:
        """Yield the nearest values for attributes that may not have theirs."""
        for one in self.tag.attributes:
            name = expanded(one.name, self.scope, attribute=True)
            if one.value is None or one.name.startswith("xmlns"):
                continue
            if self.expectation.takes(self.declared, name, one.value):
                continue
            for place, value in enumerate(self._values_near(name, one.value)):
                edit = Edit(*one.inside, value)
                yield Mend(f'Write {one.name}="{value}"', (edit,), place == 0)

    def _values_near(self, name: str, wrong: str) -> list[str]:
        dated = _iso(wrong)
        if dated and self.expectation.takes(self.declared, name, dated):
            return [dated]
        stripped = " ".join(wrong.split())
        if stripped != wrong and self.expectation.takes(self.declared, name, stripped):
            return [stripped]
        values = self._known_values(name)
        return near(wrong, values, 0.5) or (values if len(values) <= _OFFERED else [])

    def _known_values(self, name: str) -> list[str]:
        expected = self.expectation.values(self.declared, name)
        listed = self.desk.glossary.attribute(self.name, name).values
        used = used_values(
            self.desk, self.tag, written(name, self.scope, attribute=True)
        )
        return [
            one.text
            for one in known_values(expected, listed, used)
            if self.expectation.takes(self.declared, name, one.text)
        ]

    def missing_attributes(self) -> Iterator[Mend]:
        """Yield the attributes that are missing, with each value they may have."""
        present = given(self.tag, self.scope)
        at = self.tag.name_span.end
        for one in self.expectation.attributes(self.declared, present):
            name = written(one.name, self.scope, attribute=True)
            if not one.required or not name:
                continue
            closed = not self.expectation.values(self.declared, one.name).datatypes
            for value in (self._known_values(one.name) if closed else []) or [""]:
                said = self.desk.glossary.attribute(self.name, one.name).values.get(
                    value
                )
                why = f": {said.text}" if said and said.text else ""
                edit = Edit(at, at, f' {name}="{value}"')
                yield Mend(f'Add {name}="{value}"{why}', (edit,))


def _inside(desk: Desk, place: Place, wrapper: str) -> Expectation:
    """Return what the grammar expects in an element that is not there yet."""
    tag = Tag(TagKind.START, wrapper, place.offset, place.offset, f"<{wrapper}>", True)
    return Expectation(desk.grammar, (*place.around, Open(tag)))


def _wrapped(start: int, end: int, wrapper: str) -> tuple[Edit, Edit]:
    return Edit(start, start, f"<{wrapper}>"), Edit(end, end, f"</{wrapper}>")


def _incomplete(desk: Desk, tag: Tag) -> Iterator[Mend]:
    """Yield the children that an element lacks at its end."""
    around = place_at(desk.text, tag.start).around
    if tag.kind is TagKind.EMPTY:
        around = (*around, Open(tag))
    expectation = Expectation(desk.grammar, around)
    owner = around[-1].tag.name if around else ""
    for one in ranked(desk, owner, expectation.elements())[:_OFFERED]:
        name = written(one.name, expectation.scope)
        if not one.required or not name:
            continue
        child = f"<{name}></{name}>"
        edit = Edit(tag.start, tag.start, child)
        if tag.kind is TagKind.EMPTY:
            edit = Edit(tag.end - 2, tag.end, f">{child}</{tag.name}>")
        yield Mend(f"Add <{name}> to <{owner}>", (edit,))


def _stray_text(desk: Desk, offset: int) -> Iterator[Mend]:
    """Yield the elements that may hold text which cannot stand where it does."""
    place = place_at(desk.text, offset)
    expectation = Expectation(desk.grammar, place.around)
    end = desk.text.find("<", offset)
    end = offset + len(desk.text[offset : None if end < 0 else end].rstrip())
    parent = place.parent.tag.local if place.parent else ""
    offered = 0
    for one in ranked(desk, parent, expectation.elements()):
        name = written(one.name, expectation.scope)
        state = _inside(desk, place, name).state if name else None
        if offered < 3 and state is not None and (state.gather or state.after_text()):
            offered += 1
            edits = _wrapped(offset, end, name)
            yield Mend(f"Put the text into <{name}>", edits, offered == 1)


def _iso(value: str) -> str:
    """Return a date as ISO 8601 writes it; empty if the value is none."""
    found = _DATE.fullmatch(value.strip())
    if found is None:
        return ""
    day, month, year, iso_year, iso_month, iso_day = found.groups()
    if "/" in value and int(month) <= 12 and int(day) <= 12:
        return ""  # 2/6/1967 is June in one country and February in another
    if year:
        return f"{year}-{int(month):02}-{int(day):02}"
    return f"{iso_year}-{int(iso_month):02}-{int(iso_day):02}"


_OF_TAGS: Final[dict[str, Callable[[_Tag], Iterator[Mend]]]] = {
    "TEI101": _Tag.near_names,
    "TEI102": _Tag.misplaced,
    "TEI103": _Tag.too_early,
    "TEI104": _Tag.misplaced,
    "TEI108": _Tag.wrong_attributes,
    "TEI109": _Tag.wrong_values,
    "TEI110": _Tag.missing_attributes,
}
_OF_POINTERS: Final[dict[str, Callable[[Desk, Tag], Iterator[Mend]]]] = {
    "TEI301": pointer_mends,
    "TEI302": pointer_mends,
    "TEI303": pointer_mends,
    "TEI304": id_mends,
    "TEI305": id_mends,
    "TEI306": id_mends,
}
