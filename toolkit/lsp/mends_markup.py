"""Quick fixes for markup that is not well-formed.

XML 1.0 (Fifth Edition), sections 2.4 (character data) and 3.1 (tags).
"""

from __future__ import annotations

import html.entities
import re
from typing import TYPE_CHECKING, Final

from toolkit.lsp.diagnose import tag_at
from toolkit.lsp.markup import TagKind
from toolkit.lsp.mend import Mend
from toolkit.lsp.places import Edit
from toolkit.lsp.scanner import place_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.lsp.desk import Desk
    from toolkit.lsp.markup import Tag

_ENTITY: Final = re.compile(r"&(\w+);")


def markup_mends(desk: Desk, offset: int) -> Iterator[Mend]:
    """Yield what would make the markup at an offset well-formed."""
    text = desk.text
    found = _ENTITY.match(text, offset)
    if found:
        yield from _entity(found)
        return
    for sign, reference in (("&", "&amp;"), ("<", "&lt;")):
        for place in (offset, offset - 1):
            if text[place : place + 1] == sign and _is_bare(text, place):
                edit = Edit(place, place + 1, reference)
                yield Mend(f"Write {reference} for the character {sign}", (edit,), True)
                return
    tag = tag_at(desk.facts, offset)
    if tag is not None and tag.kind is TagKind.END:
        yield from _end_tag(desk, tag)
    elif tag is not None:
        yield from _quotes(tag)
        yield from _twice(tag)
    elif not text[offset:].strip():
        yield from _unfinished(desk)


def _is_bare(text: str, place: int) -> bool:
    follows = text[place + 1 : place + 2]
    return not (follows.isalpha() or follows in ("_", "#", "/", "!", "?"))


def _entity(found: re.Match[str]) -> Iterator[Mend]:
    letters = html.entities.html5.get(found[1] + ";")
    if letters and found[1] not in ("amp", "lt", "gt", "quot", "apos"):
        edit = Edit(found.start(), found.end(), letters)
        yield Mend(f"Type the character “{letters}” itself", (edit,), True)
    edit = Edit(found.start(), found.start() + 1, "&amp;")
    yield Mend("Write &amp; for the character &", (edit,))


def _end_tag(desk: Desk, tag: Tag) -> Iterator[Mend]:
    """Yield what an end tag may have meant."""
    around = place_at(desk.text, tag.start).around
    opened = [one.tag.name for one in around]
    if not opened:
        return
    inner = opened[-1]
    rename = Edit(*tag.name_span, inner)
    if tag.name in opened:
        unclosed = opened[len(opened) - opened[::-1].index(tag.name) :]
        ends = "".join(f"</{name}>" for name in reversed(unclosed))
        yield Mend(f"Write {ends} first", (Edit(tag.start, tag.start, ends),), True)
        yield Mend(f"Write </{inner}> instead", (rename,))
    else:
        yield Mend(f"Write </{inner}>", (rename,), tag.local.lower() == inner.lower())
        yield Mend(f"Remove </{tag.name}>", (Edit(tag.start, tag.end, ""),))


def _quotes(tag: Tag) -> Iterator[Mend]:
    for one in tag.attributes:
        if one.value and not one.quoted:
            edits = (
                Edit(one.inside.start, one.inside.start, '"'),
                Edit(one.inside.end, one.inside.end, '"'),
            )
            yield Mend(
                f"Put the value of @{one.name} into quotation marks", edits, True
            )


def _twice(tag: Tag) -> Iterator[Mend]:
    seen: set[str] = set()
    for one in tag.attributes:
        if one.name in seen:
            edit = Edit(one.start, one.end, "")
            yield Mend(f"Remove the second @{one.name}", (edit,))
        seen.add(one.name)


def _unfinished(desk: Desk) -> Iterator[Mend]:
    """Yield the end tags that are missing at the end of the text."""
    text = desk.text.rstrip()
    opened = [one.tag.name for one in place_at(desk.text, len(text)).around]
    if opened:
        ends = "".join(f"</{name}>" for name in reversed(opened))
        shown = ends if len(opened) < 5 else f"{len(opened)} elements"
        yield Mend(f"Close {shown}", (Edit(len(text), len(text), ends),), True)
