"""Content models as values: what may stand inside an element or an attribute.

One small algebra serves the ODD's own ``content`` (TEI chapter TD, section
TDTAGCONS), the RELAX NG and XSD writers and the reference pages. The functions
:func:`group`, :func:`choice` and :func:`repeat` keep expressions free of what no
schema needs to say: ``NotAllowed`` and ``Nothing`` never stay inside another particle
where the language would be the same without them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """Nothing can match here: the language without a word."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No content: the language of the empty word (TEI ``empty``)."""


@dataclass(frozen=True, slots=True)
class Text:
    """Any characters (TEI ``textNode``)."""


@dataclass(frozen=True, slots=True)
class ElementRef:
    """One element, by its ident."""

    key: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ClassRef:
    """The members of a model class (TEI ``classRef``)."""

    key: str
    expand: str = "alternation"
    include: frozenset[str] = frozenset()  #: only these members; empty: all
    exclude: frozenset[str] = frozenset()  #: TEI ``@except``
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class MacroRef:
    """A named piece of content (TEI ``macroRef``)."""

    key: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class AnyElement:
    """Any element but those excluded, with any content (TEI ``anyElement``)."""

    namespaces: tuple[str, ...]  #: namespaces left out as a whole
    names: tuple[tuple[str, str], ...]  #: single names left out: namespace, local name


@dataclass(frozen=True, slots=True)
class DataRef:
    """A datatype: of the ODD (``key``) or of W3C XML Schema (``name``)."""

    key: str = ""
    name: str = ""
    facets: tuple[tuple[str, str], ...] = ()  #: facet and value; ``pattern`` may recur
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Value:
    """One literal value of an attribute, and what it means."""

    text: str
    gloss: str = ""
    desc: str = ""


@dataclass(frozen=True, slots=True)
class Values:
    """A closed list of values (TEI ``valList``)."""

    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """Tokens divided by white space (RELAX NG ``list``)."""

    item: Particle


@dataclass(frozen=True, slots=True)
class Group:
    """One after the other (TEI ``sequence``)."""

    items: tuple[Particle, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several (TEI ``alternate``)."""

    items: tuple[Particle, ...]


@dataclass(frozen=True, slots=True)
class Interleave:
    """All of them in any order (TEI ``sequence`` with ``preserveOrder="false"``)."""

    items: tuple[Particle, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A particle from ``least`` to ``most`` times; ``most`` None: without limit."""

    item: Particle
    least: int
    most: int | None


Particle: TypeAlias = (
    NotAllowed
    | Nothing
    | Text
    | ElementRef
    | ClassRef
    | MacroRef
    | AnyElement
    | DataRef
    | Values
    | ListOf
    | Group
    | Choice
    | Interleave
    | Repeat
)

NOT_ALLOWED: Final = NotAllowed()
NOTHING: Final = Nothing()
TEXT: Final = Text()


def group(items: Iterable[Particle]) -> Particle:
    """Return the sequence of several particles."""
    return _joined(items, Group)


def interleave(items: Iterable[Particle]) -> Particle:
    """Return several particles in any order."""
    return _joined(items, Interleave)


def _joined(
    items: Iterable[Particle], kind: type[Group] | type[Interleave]
) -> Particle:
    flat: list[Particle] = []
    for item in items:
        if isinstance(item, NotAllowed):
            return NOT_ALLOWED
        if isinstance(item, kind):
            flat += item.items
        elif not isinstance(item, Nothing):
            flat.append(item)
    if len(flat) < 2:
        return flat[0] if flat else NOTHING
    return kind(tuple(flat))


def choice(items: Iterable[Particle]) -> Particle:
    """Return the choice between several particles.

    An empty branch makes the whole optional; a branch that cannot match vanishes.
    """
    flat: dict[Particle, None] = {}
    optional = False
    for item in items:
        if isinstance(item, Nothing):
            optional = True
        elif isinstance(item, Choice):
            flat.update(dict.fromkeys(item.items))
        elif not isinstance(item, NotAllowed):
            flat[item] = None
    if not flat:
        return NOTHING if optional else NOT_ALLOWED
    one = next(iter(flat)) if len(flat) == 1 else Choice(tuple(flat))
    return repeat(one, 0, 1) if optional else one


def repeat(item: Particle, least: int, most: int | None) -> Particle:
    """Return a particle that occurs from ``least`` to ``most`` times."""
    if most == 0 or isinstance(item, Nothing):
        return NOTHING
    if isinstance(item, NotAllowed):
        return NOTHING if least == 0 else NOT_ALLOWED
    if (least, most) == (1, 1):
        return item
    if isinstance(item, Repeat):
        inner = (item.least, item.most)
        if inner == (0, 1):
            return Repeat(item.item, 0, most)
        if inner == (0, None) or (inner == (1, None) and least <= 1):
            return Repeat(item.item, min(least, inner[0]), None)
    return Repeat(item, least, most)


def parts(particle: Particle) -> tuple[Particle, ...]:
    """Return the particles directly inside a particle."""
    match particle:
        case Group(items) | Choice(items) | Interleave(items):
            return items
        case Repeat(item) | ListOf(item):
            return (item,)
        case _:
            return ()


def walk(particle: Particle) -> Iterator[Particle]:
    """Yield a particle and everything inside it, in order."""
    yield particle
    for part in parts(particle):
        yield from walk(part)


def rebuild(particle: Particle, change: Callable[[Particle], Particle]) -> Particle:
    """Return a particle whose parts are changed, simplified again.

    Args:
        particle: The particle; one without parts is returned as it is.
        change: Gives the new part for each direct part.
    """
    changed = [change(part) for part in parts(particle)]
    match particle:
        case Group():
            return group(changed)
        case Choice():
            return choice(changed)
        case Interleave():
            return interleave(changed)
        case Repeat(_, least, most):
            return repeat(changed[0], least, most)
        case ListOf():
            return ListOf(changed[0])
        case _:
            return particle
