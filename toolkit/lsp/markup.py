"""The tags of a document that may be broken, with the place of every part of them.

A parser stops at the first fault, and a document is faulty at nearly every key that
is pressed. Here a tag ends at the next ``<`` at the latest, an end tag closes the
nearest element of its name, and what closes nothing is passed over. A text is read
once, in time proportional to its length.

XML 1.0 (Fifth Edition), section 2; Namespaces in XML 1.0, section 6.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final

from toolkit.lsp.places import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NAME: Final = re.compile(r"[^\W\d][\w.\-:·]*")
SPACE: Final = " \t\r\n"
_XML_NS: Final = "http://www.w3.org/XML/1998/namespace"

# The groups that never give back (*+) keep hostile input linear.
MARKUP: Final = re.compile(
    r"""
    (?P<passed> <!--(?:.*?-->|.*\Z) | <\?(?:.*?\?>|.*\Z)
              | <!DOCTYPE[^<>\[]*+(?:\[.*?\]\s*+)?>? )
  | (?P<cdata> <!\[CDATA\[(?:.*?\]\]>|.*\Z) )
  | </(?P<end> [^\W\d][\w.\-:·]*+ )? [^<>]*+ >?
  | <(?P<start> [^\W\d][\w.\-:·]*+ )?
     (?P<rest> (?: [^<>"']++ | "[^"<]*+" | '[^'<]*+' | ["'] )*+ ) >?
    """,
    re.VERBOSE | re.DOTALL,
)
_ATTRIBUTE: Final = re.compile(
    r"""
    (?P<name> [^\W\d][\w.\-:·]*+ )
    (?: \s*+ = \s*+
        (?: "(?P<double>[^"<]*+)(?P<end2>"?)
          | '(?P<single>[^'<]*+)(?P<end1>'?)
          | (?P<bare>[^\s"'<>=]*+) ) )?
    """,
    re.VERBOSE,
)
# A value that swallowed the beginning of the next attribute: its quote is missing.
_SWALLOWED: Final = re.compile(r"\s[\w.\-:]+\s*=\s*\Z")


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute as it is written, finished or not."""

    name: str
    start: int  #: offset of the name
    value: str | None  #: with references resolved; None: there is no ``=`` yet
    inside: Span  #: the value without quotation marks
    end: int  #: offset behind it
    quoted: bool = True  #: whether it has its opening quotation mark
    closed: bool = True  #: whether it has its closing one

    @property
    def name_end(self) -> int:
        """Offset behind the name."""
        return self.start + len(self.name)


class TagKind(StrEnum):
    """What a tag does."""

    START = "start"
    EMPTY = "empty"
    END = "end"


@dataclass(frozen=True)
class Tag:
    """A tag as it is written, finished or not."""

    kind: TagKind
    name: str  #: as written, with its prefix; empty right behind ``<``
    start: int  #: offset of the ``<``
    end: int  #: offset behind it
    written: str  #: the whole tag
    closed: bool  #: whether its ``>`` is there

    @property
    def name_span(self) -> Span:
        """Where the name stands."""
        start = self.start + (2 if self.kind is TagKind.END else 1)
        return Span(start, start + len(self.name))

    @property
    def local(self) -> str:
        """The name without its prefix."""
        return self.name.rpartition(":")[2]

    @cached_property
    def attributes(self) -> tuple[Attribute, ...]:
        """The attributes in their order, namespace declarations too."""
        if self.kind is TagKind.END:
            return ()
        return tuple(_attributes(self.written, 1 + len(self.name), self.start))

    @cached_property
    def values(self) -> Mapping[str, str]:
        """The values of the attributes by name as written; of equal names the first."""
        found: dict[str, str] = {}
        for one in self.attributes:
            if one.value is not None:
                found.setdefault(one.name, one.value)
        return found

    def attribute(self, name: str) -> Attribute | None:
        """Return an attribute by its name as written."""
        return next((one for one in self.attributes if one.name == name), None)


def _attributes(written: str, at: int, start: int) -> Iterator[Attribute]:
    """Yield the attributes of a tag.

    Args:
        written: The tag.
        at: Where in it to begin.
        start: Its own offset.
    """
    while found := _ATTRIBUTE.search(written, at):
        at = found.end()
        group = next(
            (g for g in ("double", "single", "bare") if found[g] is not None), ""
        )
        place = start + found.start()
        if not group:
            span = Span(start + at, start + at)
            yield Attribute(found["name"], place, None, span, start + at)
            continue
        inner, outer = found.span(group)
        quoted = group != "bare"
        if not quoted and written[outer - 1 :] == "/>" and inner < outer:
            at = outer = outer - 1  # the slash of an empty element, not of the value
        closed = quoted and not _is_unclosed(written, found, group)
        if quoted and not closed:
            head = re.match(r"[^\s>]*", found[group])
            at = outer = inner + (len(head[0]) if head else 0)
        value = resolved(written[inner:outer])
        span = Span(start + inner, start + outer)
        yield Attribute(found["name"], place, value, span, start + at, quoted, closed)


def _is_unclosed(written: str, found: re.Match[str], group: str) -> bool:
    """Whether a value has no closing quotation mark of its own."""
    if not found["end2" if group == "double" else "end1"]:
        return True
    follows = written[found.end() : found.end() + 1]
    return (
        follows not in ("", ">", "/", "?", *SPACE)
        and _SWALLOWED.search(" " + found[group]) is not None
    )


def resolved(value: str) -> str:
    """Return an attribute's value as a parser gives it."""
    if "&" in value:
        value = html.unescape(value)
    return value.translate(_BLANKS)


_BLANKS: Final = str.maketrans("\t\r\n", "   ")


def tags(text: str, start: int = 0) -> Iterator[Tag | Span]:
    """Yield the tags of a text, and as spans what counts as text between them.

    Args:
        text: A document.
        start: Where to begin: an offset outside any markup.
    """
    at = start
    for found in MARKUP.finditer(text, start):
        place = found.start()
        if at < place and not text[at:place].isspace():
            yield Span(at, place)
        at = found.end()
        if found["passed"] is not None:
            continue
        if found["cdata"] is not None:
            yield Span(place, at)
            continue
        yield tag_of(found, place)
    if at < len(text) and not text[at:].isspace():
        yield Span(at, len(text))


def tag_of(found: re.Match[str], place: int) -> Tag:
    """Return the tag that ``MARKUP`` has found.

    Args:
        found: A match that is a tag.
        place: Where it begins.
    """
    written = found[0]
    closed = written.endswith(">")
    if written.startswith("</"):
        kind, name = TagKind.END, found["end"] or ""
    else:
        name = found["start"] or ""
        kind = TagKind.EMPTY if written.endswith("/>") else TagKind.START
    return Tag(kind, name, place, found.end(), written, closed)


@dataclass(slots=True)
class Open:
    """An open element: its tag, and what it held so far."""

    tag: Tag
    content: list[Tag | None] = field(default_factory=list)  #: None: text


def close(stack: list[Open], tag: Tag) -> Open | None:
    """Close the nearest element of an end tag's name, and those inside it.

    Args:
        stack: The open elements, outermost first; changed.
        tag: An end tag.

    Returns:
        The element closed; None if there was none of that name.
    """
    for depth in range(len(stack) - 1, -1, -1):
        if stack[depth].tag.name == tag.name:
            closed = stack[depth]
            del stack[depth:]
            return closed
    return None


def element_end(text: str, tag: Tag) -> Tag | None:
    """Return the end tag of an element; None if it has none."""
    depth = 0
    for found in MARKUP.finditer(text, tag.end):
        if found["end"] == tag.name:
            depth -= 1
        elif found["start"] == tag.name and not found[0].endswith("/>"):
            depth += 1
        if depth < 0:
            return tag_of(found, found.start())
    return None


def namespaces(elements: tuple[Tag, ...]) -> dict[str, str]:
    """Return the namespaces by prefix inside several elements, outermost first."""
    found = {"xml": _XML_NS}
    for tag in elements:
        if "xmlns" in tag.written:
            for name, value in tag.values.items():
                if name == "xmlns":
                    found[""] = value
                elif name.startswith("xmlns:"):
                    found[name[6:]] = value
    return found


def expanded(name: str, scope: Mapping[str, str], *, attribute: bool = False) -> str:
    """Return a name as written as ``{namespace}local``.

    Args:
        name: The name, perhaps with a prefix.
        scope: Namespaces by prefix.
        attribute: Whether it is an attribute's, which has no default namespace.
    """
    prefix, _, local = name.rpartition(":")
    uri = scope.get(prefix, "") if prefix or not attribute else ""
    return f"{{{uri}}}{local}" if uri else local


def written(name: str, scope: Mapping[str, str], *, attribute: bool = False) -> str:
    """Return how ``{namespace}local`` is written here; empty: there is no prefix."""
    uri, _, local = name[1:].rpartition("}") if name[:1] == "{" else ("", "", name)
    if not uri and (attribute or not scope.get("")):
        return local
    for prefix, bound in scope.items():
        if bound == uri and uri and (prefix or not attribute):
            return f"{prefix}:{local}" if prefix else local
    return ""
