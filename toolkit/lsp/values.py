"""Values of attributes: what a list allows or suggests, what the edition uses.

TEI: chapter TD, element valList; chapter SA for pointers.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote
from xml.sax.saxutils import escape

from toolkit.lsp.facts import Target, tokens_in
from toolkit.lsp.places import Span
from toolkit.lsp.suggestion import Suggestion, SuggestionKind, literal
from toolkit.validate.pointers.targets import expected_kinds, points

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from toolkit.lsp.desk import Desk
    from toolkit.lsp.expect import ExpectedValues
    from toolkit.lsp.glossary import Words
    from toolkit.lsp.markup import Attribute, Tag

#: References that one list may hold; of more, those that go with what is typed.
MOST: Final = 500
_REGISTERED: Final = frozenset("person personGrp place org object event nym".split())


@dataclass(frozen=True, slots=True)
class Value:
    """A value that an attribute may have."""

    text: str
    words: str  #: what it means
    used: int  #: how often the edition has it


def known_values(
    expected: ExpectedValues,
    listed: Mapping[str, Words],
    used: Mapping[str, int],
) -> list[Value]:
    """Return the values that can be named: the used ones first, then in their order.

    Args:
        expected: What the grammar says.
        listed: What the ODD lists, suggestions too.
        used: How often the edition has which value.
    """
    names = dict.fromkeys((*listed, *expected.values))
    if expected.datatypes:
        names.update(dict.fromkeys(one for one in used if not re.search(r"\d", one)))
        if not names and any(one.startswith("boolean") for one in expected.datatypes):
            names = dict.fromkeys(("true", "false"))
    if not expected.datatypes and expected.values:  # a closed list
        names = {one: None for one in names if one in expected.values}
    found = [
        Value(one, listed[one].text if one in listed else "", used.get(one, 0))
        for one in names
        if one
    ]
    return sorted(found, key=lambda value: (-value.used, value.text not in listed))


def used_values(desk: Desk, tag: Tag, attribute: str) -> Mapping[str, int]:
    """Return how often the edition has which value of an attribute."""
    found: Counter[str] = Counter()
    for (element, name, value), times in desk.edition.usage.values.items():
        if element == tag.local and name == attribute:
            found[value] = times
    return found


def value_suggestions(
    desk: Desk,
    tag: Tag,
    attribute: Attribute,
    offset: int,
    expected: ExpectedValues,
    listed: Mapping[str, Words],
) -> list[Suggestion]:
    """Return what may be typed in an attribute's value.

    Args:
        desk: The document.
        tag: The start tag.
        attribute: The attribute.
        offset: The cursor.
        expected: What the grammar says of its value.
        listed: What the ODD lists.
    """
    pointing = points(tag.local, attribute.name)
    span, others = _token(
        desk.text, attribute, offset, several=expected.is_list or pointing
    )
    quote_sign = "" if attribute.quoted else '"'
    if pointing:
        return [
            one
            for one in references(desk, tag, attribute.name, span, quote_sign)
            if one.label not in others
        ]
    used = used_values(desk, tag, attribute.name)
    return [
        Suggestion(
            value.text,
            SuggestionKind.VALUE,
            *span,
            quote_sign + literal(_written(value.text)) + quote_sign,
            value.words or (f"used {value.used} times" if value.used else ""),
            _about(value),
        )
        for value in known_values(expected, listed, used)
        if value.text not in others
    ]


def _about(value: Value) -> str:
    used = f"Used {value.used} times in this edition." if value.used else ""
    return "\n\n".join(one for one in (value.words, used) if one)


def _written(value: str) -> str:
    return escape(value, {'"': "&quot;"})


def _token(
    text: str, attribute: Attribute, offset: int, *, several: bool
) -> tuple[Span, set[str]]:
    """Return the part of a value that the cursor is in, and the other tokens."""
    if not attribute.closed:  # what follows the cursor may be something else
        head = text[attribute.inside.start : offset].rpartition(" ")[2]
        return Span(offset - len(head), offset), set()
    if not several:
        return attribute.inside, set()
    here = Span(offset, offset)
    others = set()
    for span in tokens_in(text, attribute.inside):
        if span.start <= offset <= span.end:
            here = span
        else:
            others.add(text[span.start : span.end])
    return here, others


def references(
    desk: Desk, tag: Tag, attribute: str, span: Span, quote_sign: str
) -> Iterator[Suggestion]:
    """Yield what a pointer may point to, the likeliest first.

    Args:
        desk: The document.
        tag: The start tag that points.
        attribute: The attribute that points.
        span: What is replaced.
        quote_sign: A missing quotation mark.
    """
    kinds = expected_kinds(tag.local, attribute, tag.values.get("type", ""))
    used = _uses(desk, tag.local, attribute)
    found = [
        (Target(path, ident), one.name)
        for path, facts in desk.edition.files.items()
        for ident, one in facts.ids.items()
        if kinds is None or one.name in kinds
    ]
    found.sort(key=lambda item: (-used[item[0]], _distance(desk, *item)))
    typed = desk.text[span.start : span.end].casefold()
    for target, element in _fitting(desk, found, typed):
        label = pointer_to(target, desk.path)
        entry = desk.edition.entry(target)
        name, note = (entry.name, entry.note) if entry else ("", "")
        yield Suggestion(
            label,
            SuggestionKind.REFERENCE,
            *span,
            quote_sign + literal(_written(label)) + quote_sign,
            name or f"<{element}>",
            f"**{name or target.ident}** `<{element}>`"
            + (f"\n\n{note}" if note else ""),
            f"{label} {name}" if name else "",
        )


def _distance(desk: Desk, target: Target, element: str) -> int:
    """Return how unlikely a target is for a pointer that may point to anything."""
    if target.path == desk.path:
        return 0
    return 1 if element in _REGISTERED else 2


def _fitting(
    desk: Desk, found: list[tuple[Target, str]], typed: str
) -> list[tuple[Target, str]]:
    """Return the first of many targets; if typing has begun, those that go with it."""
    if len(found) <= MOST:
        return found
    near = [
        (target, element)
        for target, element in found
        if typed in pointer_to(target, desk.path).casefold()
    ]
    return (near or found)[:MOST]


def _uses(desk: Desk, element: str, attribute: str) -> Counter[Target]:
    """Count what the edition points to with an attribute of an element."""
    found: Counter[Target] = Counter()
    sample = {id(one) for one in (*desk.edition.sample(), desk.facts)}
    for path, facts in desk.edition.files.items():
        if id(facts) not in sample:
            continue
        for (tag, name, text), times in facts.pointing.items():
            if tag == element and name == attribute:
                target = desk.edition.resolve(text, path)
                if target is not None:
                    found[target] += times
    return found


def pointer_to(target: Target, path: Path) -> str:
    """Return how a document points to a target."""
    fragment = f"#{target.ident}" if target.ident else ""
    if target.path == path:
        return fragment
    place = posixpath.relpath(target.path.as_posix(), path.parent.as_posix())
    return quote(place) + fragment
