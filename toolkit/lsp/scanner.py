"""What stands at a cursor: the open elements around it, the tag and attribute it is in.

Language Server Protocol 3.17 asks everything at a position; this is what is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from toolkit.lsp.markup import (
    MARKUP,
    SPACE,
    Attribute,
    Open,
    Tag,
    TagKind,
    close,
    element_end,
    tag_of,
    tags,
)
from toolkit.lsp.places import Span

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

_FAR: Final = 200_000  #: characters behind a cursor that are looked at


class PlaceKind(StrEnum):
    """Where a cursor stands."""

    TEXT = "text"  #: between tags
    NAME = "name"  #: in the name of a start tag, or right behind ``<``
    END_NAME = "end name"  #: in an end tag
    ATTRIBUTE = "attribute"  #: in an attribute's name, or where one may begin
    VALUE = "value"  #: in an attribute's value
    NOWHERE = "nowhere"  #: in a comment, an instruction, a CDATA section


@dataclass(frozen=True, slots=True)
class Place:
    """What stands at a cursor."""

    offset: int
    kind: PlaceKind
    around: tuple[Open, ...]  #: the open elements, outermost first
    following: tuple[Tag | None, ...]  #: what comes later in the innermost of them
    tag: Tag | None = None  #: the tag the cursor stands in
    attribute: Attribute | None = None  #: the attribute it stands in

    @property
    def parent(self) -> Open | None:
        """The innermost open element."""
        return self.around[-1] if self.around else None


def place_at(text: str, offset: int) -> Place:
    """Return what stands at an offset of a document."""
    stack: list[Open] = []
    at = 0
    for found in MARKUP.finditer(text):
        start, end = found.span()
        if start >= offset:
            break
        if stack and at < start and not text[at:start].isspace():
            stack[-1].content.append(None)
        at = end
        if _within(found, offset):
            if found["passed"] is not None or found["cdata"] is not None:
                return Place(offset, PlaceKind.NOWHERE, tuple(stack), ())
            return _in_tag(text, offset, tag_of(found, start), stack)
        if found["passed"] is None:
            _take(stack, found, start)
    if stack and not text[at:offset].isspace() and at < offset:
        stack[-1].content.append(None)
    after = _following(text, min(max(at, offset), len(text)), stack)
    return Place(offset, PlaceKind.TEXT, tuple(stack), after)


def _within(found: re.Match[str], offset: int) -> bool:
    """Whether an offset lies inside markup (right behind it is outside)."""
    if offset < found.end():
        return True
    return offset == found.end() and not found[0].endswith(">")


def _take(stack: list[Open], found: re.Match[str], start: int) -> None:
    if found["cdata"] is not None:
        if stack:
            stack[-1].content.append(None)
        return
    tag = tag_of(found, start)
    if tag.kind is TagKind.END:
        close(stack, tag)
    elif tag.name:
        if stack:
            stack[-1].content.append(tag)
        if tag.kind is TagKind.START:
            stack.append(Open(tag))


def _in_tag(text: str, offset: int, tag: Tag, stack: list[Open]) -> Place:
    """Return the place of a cursor inside a tag."""
    if tag.kind is TagKind.END:
        return Place(offset, PlaceKind.END_NAME, tuple(stack), (), tag)
    # Only a finished element has content that is not its parent's.
    inner = tag.kind is TagKind.START and tag.closed and _ends(text, tag)
    after = _following(text, tag.end, stack, inside=tag.name if inner else "")
    around = tuple(stack)
    if offset <= tag.name_span.end:
        return Place(offset, PlaceKind.NAME, around, after, tag)
    for one in tag.attributes:
        if one.value is not None and one.name_end < offset:
            if one.inside.start <= offset <= one.inside.end:
                return Place(offset, PlaceKind.VALUE, around, after, tag, one)
            if offset < one.inside.start:
                return Place(offset, PlaceKind.NOWHERE, around, after, tag, one)
        if one.start <= offset <= one.name_end:
            return Place(offset, PlaceKind.ATTRIBUTE, around, after, tag, one)
    before = text[offset - 1]
    if before in SPACE:
        return Place(offset, PlaceKind.ATTRIBUTE, around, after, tag)
    return Place(offset, PlaceKind.NOWHERE, around, after, tag)


def _ends(text: str, tag: Tag) -> bool:
    """Whether a start tag has an end tag of its own."""
    return element_end(text, tag) is not None


def _following(
    text: str, start: int, around: Sequence[Open], inside: str = ""
) -> tuple[Tag | None, ...]:
    """Return what comes later in the element that is open at an offset.

    Args:
        text: The document.
        start: The offset, outside markup.
        around: The elements that are open there; without one nothing follows.
        inside: The element whose content comes first and is left out.
    """
    if not around:
        return ()
    outer = {one.tag.name for one in around}
    found: list[Tag | None] = []
    inner = [inside] if inside else []
    for one in tags(text, start):
        is_end = isinstance(one, Tag) and one.kind is TagKind.END
        if one.start > start + _FAR or (is_end and _leaves(one, inner, outer)):
            break
        if not inner and not is_end and (isinstance(one, Span) or one.name):
            found.append(one if isinstance(one, Tag) else None)
        if isinstance(one, Tag):
            _enter_or_leave(one, inner)
    return tuple(found)


def _leaves(tag: Tag | Span, inner: list[str], outer: set[str]) -> bool:
    """Whether an end tag ends what the cursor stands in."""
    return isinstance(tag, Tag) and tag.name not in inner and tag.name in outer


def _enter_or_leave(tag: Tag, inner: list[str]) -> None:
    if tag.kind is TagKind.START and tag.name:
        inner.append(tag.name)
    elif tag.kind is TagKind.END and tag.name in inner:
        while inner.pop() != tag.name:
            pass
