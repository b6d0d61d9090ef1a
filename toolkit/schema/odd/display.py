"""Words, content models and examples as pieces that a template can mark up.

A piece is a kind, a text and perhaps a link; the templates decide what becomes of it,
so that no HTML is written here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from lxml import etree

from toolkit.schema.odd.content import EXAMPLES_NS
from toolkit.schema.odd.particles import (
    Choice,
    ClassRef,
    DataRef,
    ElementRef,
    Group,
    Interleave,
    ListOf,
    MacroRef,
    Nothing,
    Particle,
    Repeat,
    Text,
    Values,
)
from toolkit.tei import local_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeAlias

    from toolkit.tei import Element

    PageOf: TypeAlias = Callable[[str, str], str]  #: kind and ident to a file name

WIDTH: Final = 76  #: characters that a content model may fill before it is broken


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text of one kind, such as ``gi``, ``att``, ``text``, ``sign``."""

    kind: str
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (``p``) or an item of a list (``item``)."""

    kind: str
    pieces: tuple[Piece, ...]


_PROSE_KINDS: Final = {"gi": "element", "att": "", "val": "", "ident": "class"}


def prose(element: Element | None, link: PageOf) -> tuple[Piece, ...]:
    """Return words of documentation as pieces; names of elements are linked.

    Args:
        element: A ``desc``, ``p`` or the like; None gives nothing.
        link: Gives the page for a kind (``element``, ``class`` …) and an ident.
    """
    if element is None:
        return ()
    pieces = [one for one in _prose(element, link) if one.text]
    if pieces and pieces[0].kind == "text":
        pieces[0] = replace(pieces[0], text=pieces[0].text.lstrip())
    if pieces and pieces[-1].kind == "text":
        pieces[-1] = replace(pieces[-1], text=pieces[-1].text.rstrip())
    return tuple(pieces)


def _prose(element: Element, link: PageOf) -> Iterator[Piece]:
    yield Piece("text", _even(element.text))
    for child in element:
        tag: object = child.tag
        if isinstance(tag, str):
            name, words = local_name(child), _words(child)
            if name in _PROSE_KINDS:
                yield Piece(name, words, link(_PROSE_KINDS[name], words))
            elif name in ("code", "tag", "emph", "term", "foreign", "title"):
                yield Piece(name, words)
            elif name in ("ref", "ptr"):
                target = child.get("target", "")
                yield Piece("ref", words or target, target)
            else:
                yield from _prose(child, link)
        yield Piece("text", _even(child.tail))


def _even(text: str | None) -> str:
    """Return text with each run of white space as one space."""
    return re.sub(r"\s+", " ", text or "")


def _text(text: str | None) -> Iterator[Piece]:
    if text:
        yield Piece("text", text)


def _words(element: Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def blocks(element: Element, link: PageOf) -> tuple[Block, ...]:
    """Return ``remarks`` or an ``exemplum``'s words as paragraphs and items."""
    found: list[Block] = []
    for part in element.iter("{*}p", "{*}item"):
        if etree.QName(part).namespace != EXAMPLES_NS:
            kind = "item" if local_name(part) == "item" else "p"
            found.append(Block(kind, prose(part, link)))
    return tuple(found) or (Block("p", prose(element, link)),)


def model(particle: Particle, link: PageOf) -> tuple[Piece, ...]:
    """Return a content model or datatype as an expression with links.

    The notation is that of DTDs and RELAX NG's compact syntax: ``,`` then, ``|`` or,
    ``&`` in any order, ``?`` perhaps, ``*`` any number, ``+`` at least one.
    """
    return tuple(_model(particle, link, 0))


def _model(particle: Particle, link: PageOf, depth: int) -> Iterator[Piece]:
    match particle:
        case Group(items):
            yield from _bracketed(items, ", ", link, depth)
        case Choice(items):
            yield from _bracketed(items, " | ", link, depth)
        case Interleave(items):
            yield from _bracketed(items, " & ", link, depth)
        case Repeat(item, least, most):
            yield from _model(item, link, depth)
            yield Piece("sign", _times(least, most))
        case ListOf(item):
            yield Piece("word", "list of ")
            yield from _model(item, link, depth)
        case _:
            yield from _leaf(particle, link)


def _bracketed(
    items: Iterable[Particle],
    sign: str,
    link: PageOf,
    depth: int,
) -> Iterator[Piece]:
    """Yield several particles in brackets, on lines of their own if they are long."""
    inside = [tuple(_model(item, link, depth + 1)) for item in items]
    length = sum(len(piece.text) + len(sign) for one in inside for piece in one)
    broken = length + 2 * depth > WIDTH
    lead = "\n" + "  " * (depth + 1) if broken else ""
    yield Piece("sign", "(" + lead)
    for number, one in enumerate(inside):
        if number:
            yield Piece("sign", sign.rstrip() + lead if broken else sign)
        yield from one
    yield Piece("sign", ("\n" + "  " * depth if broken else "") + ")")


def _times(least: int, most: int | None) -> str:
    usual = {(0, 1): "?", (0, None): "*", (1, None): "+"}
    stated = f"{{{least},{'' if most is None else most}}}"
    return usual.get((least, most), stated)


def _leaf(particle: Particle, link: PageOf) -> Iterator[Piece]:
    match particle:
        case ElementRef(key):
            yield Piece("gi", key, link("element", key))
        case ClassRef(key):
            yield Piece("class", key, link("class", key))
        case MacroRef(key):
            yield Piece("macro", key, link("macro", key))
        case DataRef(key, name, facets):
            yield Piece("data", key or name, link("datatype", key) if key else "")
            for facet, value in facets:
                word = "matching" if facet == "pattern" else facet
                yield Piece("word", f" {word} ")
                yield Piece("code", value)
        case Values(items):
            for number, literal in enumerate(items):
                yield Piece("sign", " | " if number else "")
                yield Piece("val", literal.text)
        case Text():
            yield Piece("word", "text")
        case Nothing():
            yield Piece("word", "empty")
        case _:
            yield Piece("word", "any element of another namespace")


def source(element: Element) -> tuple[Piece, ...]:
    """Return an example's source as pieces: ``tag``, ``att``, ``val``, ``text``."""
    return tuple(_trimmed(list(_source(element, top=True))))


def _source(element: Element, top: bool) -> Iterator[Piece]:
    name, declared = _displayed_name(element, top)
    yield Piece("tag", f"<{name}")
    for attribute, value in (*declared, *element.attrib.items()):
        yield Piece("text", " ")
        yield Piece("att", str(attribute).replace(_XML, "xml:"))
        yield Piece("sign", "=")
        yield Piece("val", f'"{_escaped(str(value)).replace(chr(34), "&quot;")}"')
    if not len(element) and not element.text:
        yield Piece("tag", "/>")
        return
    yield Piece("tag", ">")
    yield from _text(_escaped(element.text))
    for child in element:
        tag: object = child.tag
        if isinstance(tag, str):
            yield from _source(child, top=False)
        elif tag is etree.Comment:
            yield Piece("comment", f"<!--{child.text}-->")
        yield from _text(_escaped(child.tail))
    yield Piece("tag", f"</{name}>")


_XML: Final = "{http://www.w3.org/XML/1998/namespace}"


def _displayed_name(element: Element, top: bool) -> tuple[str, list[tuple[str, str]]]:
    """Return an element's name as written, and the namespace it has to declare."""
    namespace, name = etree.QName(element).namespace, local_name(element)
    if namespace in (EXAMPLES_NS, None):
        return name, []
    parent = element.getparent()
    outer = None if parent is None or top else etree.QName(parent).namespace
    prefix = element.prefix
    shown = f"{prefix}:{name}" if prefix else name
    if outer == namespace:
        return shown, []
    return shown, [(f"xmlns:{prefix}" if prefix else "xmlns", str(namespace))]


def _escaped(text: str | None) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _trimmed(pieces: list[Piece]) -> Iterator[Piece]:
    """Yield pieces with the indentation of the ODD taken off."""
    lines = "".join(piece.text for piece in pieces).split("\n")[1:]
    indents = [len(line) - len(line.lstrip(" ")) for line in lines if line.strip()]
    lead = "\n" + " " * min(indents, default=0)
    for piece in pieces:
        yield Piece(piece.kind, piece.text.replace(lead, "\n"), piece.href)
