"""Hover: what the name, value or pointer under the cursor means.

Language Server Protocol 3.17, section Hover Request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from toolkit.lsp import expect
from toolkit.lsp.facts import Target, pointers_in, tokens_in
from toolkit.lsp.markup import Tag, expanded, namespaces
from toolkit.lsp.places import Span
from toolkit.lsp.scanner import Place, PlaceKind, place_at
from toolkit.validate.pointers.targets import points

if TYPE_CHECKING:
    from toolkit.lsp.desk import Desk
    from toolkit.lsp.markup import Attribute


class Hover(NamedTuple):
    """What is shown, and for which piece of the text."""

    markdown: str
    span: Span


def hover(desk: Desk, offset: int) -> Hover | None:
    """Return what stands at an offset means; None where there is nothing to say."""
    place = place_at(desk.text, offset)
    if place.tag is None or not place.tag.name:
        return None
    if place.kind in (PlaceKind.NAME, PlaceKind.END_NAME):
        return _element(desk, place, place.tag)
    if place.attribute is None:
        return None
    if place.kind is PlaceKind.ATTRIBUTE:
        return _attribute(desk, place, place.tag, place.attribute)
    if place.kind is PlaceKind.VALUE:
        return _value(desk, place, place.tag, place.attribute)
    return None


def _scope(place: Place, tag: Tag) -> dict[str, str]:
    return namespaces((*(one.tag for one in place.around), tag))


def _element(desk: Desk, place: Place, tag: Tag) -> Hover | None:
    name = expanded(tag.name, _scope(place, tag))
    words = desk.glossary.element(name)
    text = f"**<{tag.name}>** {words.gloss}".rstrip()
    if words.desc:
        text += f"\n\n{words.desc}"
    declared = desk.grammar.declarations(name)
    if not declared and not words.desc:
        return Hover(f"{text}\n\nNot an element of this schema.", tag.name_span)
    expectation = expect.Expectation(desk.grammar, place.around)
    required = [
        f"@{one.name.rpartition('}')[2]}"
        for one in expectation.attributes(declared, {})
        if one.required
    ]
    if required:
        text += f"\n\nIt must have {' and '.join(required)}."
    return Hover(text, tag.name_span)


def _attribute(
    desk: Desk, place: Place, tag: Tag, attribute: Attribute
) -> Hover | None:
    scope = _scope(place, tag)
    element = expanded(tag.name, scope)
    name = expanded(attribute.name, scope, attribute=True)
    known = desk.glossary.attribute(element, name)
    text = f"**@{attribute.name}** of <{tag.name}>"
    if known.words.text:
        text += f"\n\n{known.words.text}"
    expectation = expect.Expectation(desk.grammar, place.around)
    declared = expectation.declared(element)
    expected = expectation.values(declared, name)
    if known.values:
        text += "\n" + "".join(
            f"\n- `{value}`" + (f": {words.text}" if words.text else "")
            for value, words in known.values.items()
        )
    elif expected.values or expected.datatypes:
        named = [f"`{one}`" for one in expected.values] + list(expected.datatypes)
        text += f"\n\nValue: {', '.join(named)}"
    return Hover(text, Span(attribute.start, attribute.name_end))


def _value(desk: Desk, place: Place, tag: Tag, attribute: Attribute) -> Hover | None:
    if attribute.name == "xml:id":
        return _ident(desk, attribute)
    if points(tag.local, attribute.name):
        return _pointer(desk, place.offset, tag, attribute)
    scope = _scope(place, tag)
    element = expanded(tag.name, scope)
    known = desk.glossary.attribute(
        element, expanded(attribute.name, scope, attribute=True)
    )
    for span in (attribute.inside, *tokens_in(desk.text, attribute.inside)):
        value = desk.text[span.start : span.end]
        if value in known.values and span.start <= place.offset <= span.end:
            said = known.values[value].text
            return Hover(f"`{value}` {said}".rstrip(), span)
    return _attribute(desk, place, tag, attribute)


def _ident(desk: Desk, attribute: Attribute) -> Hover:
    """Say who points to an id."""
    target = Target(desk.path, attribute.value or "")
    pointing = [path for path, _ in desk.edition.pointing_to(target)]
    places = f"{len(pointing)} pointer{'' if len(pointing) == 1 else 's'}"
    files = len(set(pointing))
    where = f" in {files} file{'' if files == 1 else 's'}" if pointing else ""
    return Hover(f"`{attribute.value}`: {places} to it{where}", attribute.inside)


def _pointer(desk: Desk, offset: int, tag: Tag, attribute: Attribute) -> Hover | None:
    for pointer in pointers_in(desk.text, tag, attribute.name):
        if not pointer.span.start <= offset <= pointer.span.end:
            continue
        target = desk.edition.resolve(pointer.text, desk.path)
        found = desk.edition.identified(target) if target else None
        entry = desk.edition.entry(target) if target else None
        if target is None or found is None or entry is None:
            said = "leads out of the edition" if target is None else "points to nothing"
            return Hover(f"`{pointer.text}` {said}", pointer.span)
        line = desk.edition.files[target.path].lines.line(found.tag.start)
        text = f"**{entry.name or target.ident}** `<{entry.element}>`"
        if entry.note:
            text += f"\n\n{entry.note}"
        return Hover(f"{text}\n\n{target.path.name}, line {line}", pointer.span)
    return None
