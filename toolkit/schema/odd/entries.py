"""What the templates of the reference pages are given: plain values to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toolkit.tei import local_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.schema.odd.display import Block, Piece
    from toolkit.schema.odd.model import AttDef, ConstraintSpec
    from toolkit.schema.odd.particles import Value
    from toolkit.tei import Element


@dataclass(frozen=True, slots=True)
class Link:
    """A name and its page."""

    text: str
    href: str
    gloss: str = ""


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """Names under one heading."""

    heading: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class AttributeRow:
    """One attribute as a page shows it."""

    name: str
    usage: str
    gloss: str
    desc: tuple[Piece, ...]
    value: tuple[Piece, ...]
    values: tuple[Value, ...]
    more_values: str  #: what the list leaves open; empty for a closed one
    origin: Link | None


@dataclass(frozen=True, slots=True)
class Assertion:
    """One sentence of a rule."""

    role: str
    words: str
    context: str
    test: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One constraint in words."""

    ident: str
    desc: tuple[Piece, ...]
    assertions: tuple[Assertion, ...]


@dataclass(frozen=True, slots=True)
class ShownExample:
    """An example: words and source."""

    words: tuple[Block, ...]
    source: tuple[Piece, ...]


def more_values(definition: AttDef) -> str:
    """Return what a list of values leaves open, in a sentence."""
    if definition.values is None or definition.values.kind == "closed":
        return ""
    if definition.values.kind == "semi":
        return "These values, or others of the type given above."
    return "These are suggestions; other values are allowed."


def assertions(spec: ConstraintSpec) -> Iterator[Assertion]:
    """Yield the asserts and reports of a constraint with their contexts."""
    for constraint in spec.constraints:
        for one in constraint.iter("{*}assert", "{*}report"):
            rule = one.getparent()
            context = "" if rule is None else rule.get("context", "")
            yield Assertion(
                role=one.get("role", "error"),
                words=_message(one),
                context=context,
                test=one.get("test", ""),
            )


def _message(element: Element) -> str:
    """Return a message on one line; what is computed shows as an ellipsis."""
    words = [element.text or ""]
    for child in element:
        computed = local_name(child) in ("value-of", "name")
        words.append("…" if computed else _message(child))
        words.append(child.tail or "")
    return " ".join("".join(words).split())
