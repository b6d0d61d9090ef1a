"""Completion: what may be typed at a cursor, the likeliest first.

Only what the grammar allows is offered. First comes what is required, then what this
edition uses most at such a place, then the rest in the schema's order.

Language Server Protocol 3.17, section Completion Request.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from toolkit.lsp import expect
from toolkit.lsp.markup import Tag, element_end, expanded, namespaces, written
from toolkit.lsp.places import Span
from toolkit.lsp.scanner import Place, PlaceKind, place_at
from toolkit.lsp.suggestion import Suggestion, SuggestionKind, literal, slot
from toolkit.lsp.values import value_suggestions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.lsp.desk import Desk
    from toolkit.lsp.expect import Expectation, ExpectedElement
    from toolkit.lsp.markup import Attribute
    from toolkit.schema.pattern import Element

#: What is likely anywhere, for an edition that has no documents yet.
_COMMON: Final = (
    "teiHeader text body div head p list item note persName placeName orgName date "
    "title ref quote hi supplied gap choice sic corr abbr expan ex unclear lb pb"
).split()
_ENTITIES: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_REFERENCE: Final = re.compile(r"&(\w*)\Z")
_NESTED: Final = 3  #: required children that are opened with their parent


def complete(desk: Desk, offset: int, typed: str = "") -> list[Suggestion]:
    """Return what may be typed at an offset, the likeliest first.

    Args:
        desk: The document.
        offset: The cursor.
        typed: The character whose typing has asked; empty: somebody has asked.
    """
    place = place_at(desk.text, offset)
    if typed and place.kind is PlaceKind.TEXT and typed != "&":
        return []  # a space in the running text begins no attribute
    completion = _Completion(desk, place)
    if place.kind is PlaceKind.NOWHERE:
        return []
    if place.kind is PlaceKind.END_NAME:
        return list(completion.end_name())
    entity = _REFERENCE.search(desk.text, max(0, offset - 10), offset)
    if entity and place.kind in (PlaceKind.TEXT, PlaceKind.VALUE):
        return list(completion.entities(entity.start()))
    if place.kind is PlaceKind.VALUE:
        return completion.values()
    if place.kind is PlaceKind.ATTRIBUTE:
        return list(completion.attributes())
    return list(completion.elements())


def ranked(
    desk: Desk, parent: str, expected: list[ExpectedElement]
) -> list[ExpectedElement]:
    """Return elements with the required first, then those used most in a parent.

    Args:
        desk: The document.
        parent: The parent's local name.
        expected: The elements, in the schema's order.
    """
    used = desk.edition.usage.children

    def rank(one: ExpectedElement) -> tuple[bool, int, int]:
        local = one.name.rpartition("}")[2]
        common = _COMMON.index(local) if local in _COMMON else len(_COMMON)
        return not one.required, -used[parent, local], common

    return sorted(expected, key=rank)


@dataclass
class _Completion:
    desk: Desk
    place: Place

    @cached_property
    def expectation(self) -> Expectation:
        return expect.at(self.place, self.desk.grammar)

    # -- elements ------------------------------------------------------------

    def elements(self) -> Iterator[Suggestion]:
        """Yield the elements that may begin here, and the end tag of the parent."""
        parent = self.place.parent
        expected = ranked(
            self.desk,
            parent.tag.local if parent else "",
            self.expectation.elements(self.place.following),
        )
        closing = list(self._end_tag())
        first = closing and not any(one.required for one in expected)
        if first and closing[0].required:
            yield from closing
        for one in expected:
            yield self._element(one)
        if not (first and closing[0].required):
            yield from closing

    def _element(self, one: ExpectedElement) -> Suggestion:
        words = self.desk.glossary.element(one.name)
        tag = self.place.tag
        name = written(one.name, self.expectation.scope)
        start, end = self._replaced(tag)
        if tag is None or self._is_new(tag):
            insert = _Opening(self.desk, self.expectation).snippet(one)
        else:
            insert = "<" + literal(name or one.name.rpartition("}")[2])
        label = name or one.name.rpartition("}")[2]
        return Suggestion(
            label,
            SuggestionKind.ELEMENT,
            start,
            end,
            insert,
            words.gloss,
            words.desc,
            f"<{label}" if tag else "",
            one.required,
        )

    def _replaced(self, tag: Tag | None) -> Span:
        """Return what of a tag gives way to a name, or to a tag of that name."""
        offset = self.place.offset
        if tag is None:
            return Span(offset, offset)
        if not tag.closed:  # the letters behind the cursor may be the text's
            return Span(tag.start, offset)
        end = tag.name_span.end
        return Span(
            tag.start, end + (tag.written == f"<{tag.name}>" and self._is_new(tag))
        )

    def _is_new(self, tag: Tag) -> bool:
        """Whether a tag is being typed, rather than one that is there being changed."""
        if any(one.value is not None for one in tag.attributes):
            return False
        if not tag.closed:
            return True
        bare = tag.written == f"<{tag.name}>"
        return bare and element_end(self.desk.text, tag) is None

    # -- end tags ------------------------------------------------------------

    def _end_tag(self) -> Iterator[Suggestion]:
        """Yield the end tag of the innermost element, for a place between tags."""
        parent, tag = self.place.parent, self.place.tag
        if parent is None or (tag is not None and (tag.name or tag.closed)):
            return
        missing = element_end(self.desk.text, parent.tag) is None
        yield Suggestion(
            f"/{parent.tag.name}",
            SuggestionKind.END_TAG,
            *self._replaced(tag),
            literal(f"</{parent.tag.name}>"),
            f"ends <{parent.tag.name}> of line {self._line(parent.tag)}",
            filter=f"</{parent.tag.name}" if tag else "",
            required=missing and self._may_end(),
        )

    def _may_end(self) -> bool:
        state = self.expectation.state
        return state is None or bool(state.accepted)

    def end_name(self) -> Iterator[Suggestion]:
        """Yield the name that an end tag must have here."""
        parent, tag = self.place.parent, self.place.tag
        if parent is None or tag is None:
            return
        yield Suggestion(
            f"/{parent.tag.name}",
            SuggestionKind.END_TAG,
            tag.start,
            tag.end if tag.closed else self.place.offset,
            literal(f"</{parent.tag.name}>"),
            f"ends <{parent.tag.name}> of line {self._line(parent.tag)}",
            filter=f"</{parent.tag.name}",
            required=True,
        )

    def _line(self, tag: Tag) -> int:
        return self.desk.facts.lines.line(tag.start)

    # -- attributes ----------------------------------------------------------

    @cached_property
    def _scope(self) -> dict[str, str]:
        tag = self.place.tag
        return {**self.expectation.scope, **namespaces((tag,) if tag else ())}

    @cached_property
    def _name(self) -> str:
        """The name of the element whose tag the cursor is in."""
        assert self.place.tag is not None  # noqa: S101 - asked inside a tag only
        return expanded(self.place.tag.name, self._scope)

    @cached_property
    def _declared(self) -> tuple[Element, ...]:
        return self.expectation.declared(self._name)

    def attributes(self) -> Iterator[Suggestion]:
        """Yield the attributes that the tag may still have."""
        tag, current = self.place.tag, self.place.attribute
        if tag is None or not self._declared:
            return
        present = expect.given(tag, self._scope, current.name if current else "")
        expected = self.expectation.attributes(self._declared, present)
        used = self.desk.edition.usage.attributes
        names = {
            one: written(one.name, self._scope, attribute=True) for one in expected
        }
        expected.sort(key=lambda one: (not one.required, -used[tag.local, names[one]]))
        opening = _Opening(self.desk, self.expectation)
        for one in expected:
            if name := names[one]:
                known = self.desk.glossary.attribute(self._name, one.name)
                value = opening.value(self._declared, one.name, 1)
                given = current is not None and current.value is not None
                yield Suggestion(
                    name,
                    SuggestionKind.ATTRIBUTE,
                    *self._attribute_name(current),
                    literal(name) if given else f'{literal(name)}="{value}"',
                    known.words.gloss or ("required" if one.required else ""),
                    known.words.desc,
                    required=one.required,
                )

    def _attribute_name(self, current: Attribute | None) -> Span:
        """Return what gives way to an attribute's name."""
        offset, tag = self.place.offset, self.place.tag
        if current is None:
            return Span(offset, offset)
        finished = current.value is not None or (tag is not None and tag.closed)
        return Span(current.start, current.name_end if finished else offset)

    def values(self) -> list[Suggestion]:
        """Return what may be the value that the cursor is in."""
        tag, attribute = self.place.tag, self.place.attribute
        if tag is None or attribute is None:
            return []
        name = expanded(attribute.name, self._scope, attribute=True)
        expected = self.expectation.values(self._declared, name)
        listed = self.desk.glossary.attribute(self._name, name).values
        return value_suggestions(
            self.desk, tag, attribute, self.place.offset, expected, listed
        )

    def entities(self, start: int) -> Iterator[Suggestion]:
        """Yield the references that every XML document may have."""
        for name, letter in _ENTITIES.items():
            insert, kind = f"&{name};", SuggestionKind.ENTITY
            end = self.place.offset
            yield Suggestion(insert, kind, start, end, insert, letter)


@dataclass
class _Opening:
    """Writes new elements with what they must have."""

    desk: Desk
    expectation: Expectation
    slots: int = 0

    def snippet(self, one: ExpectedElement, depth: int = 0) -> str:
        """Return an element as a snippet: required attributes and children, the end."""
        scope = self.expectation.scope
        name = written(one.name, scope)
        uri, _, local = one.name[1:].rpartition("}")
        head = f"<{name}" if name else f'<{local} xmlns="{literal(uri)}"'
        for attribute in self.expectation.attributes(one.declared, {}):
            attribute_name = written(attribute.name, scope, attribute=True)
            if attribute.required and attribute_name:
                self.slots += 1
                value = self.value(one.declared, attribute.name, self.slots)
                head += f' {literal(attribute_name)}="{value}"'
        if self.expectation.is_empty(one.declared) or self._is_used_empty(local):
            return f"{head}/>"
        child = self.expectation.first_child(one.declared)
        inner = "$0" if depth == 0 or child is None else ""
        if child is not None and depth < _NESTED and name:
            inner = self.snippet(child, depth + 1)
        elif depth:
            inner = "$0"
        return f"{head}>{inner}</{name or local}>"

    def _is_used_empty(self, local: str) -> bool:
        """Whether this edition mostly has the element without content."""
        used = self.desk.edition.usage.empties
        return used[local, True] > used[local, False]

    def value(self, declared: tuple[Element, ...], attribute: str, number: int) -> str:
        """Return the slot for an attribute's value."""
        expected = self.expectation.values(declared, attribute)
        closed = not expected.datatypes and not expected.is_list
        return slot(number, expected.values if closed else ())
