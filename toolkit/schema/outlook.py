"""What a pattern still needs and offers: for messages, completion and repair."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.schema.derivative import after, after_any, first, parts
from toolkit.schema.nameclass import describe
from toolkit.schema.pattern import (
    Attribute,
    Choice,
    Data,
    Element,
    Group,
    Interleave,
    List,
    NotAllowed,
    OneOrMore,
    Pattern,
    PatternPool,
    Symbol,
    Text,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: More things than any content model can demand.
NEVER = 1 << 60
#: More elements that could have come first are no hint that one is missing.
_PAIRED = 2


def least(pattern: Pattern) -> int:
    """Return how many children (or strings) the shortest content has."""
    known = pattern.outlook
    if known is None:
        known = pattern.outlook = _least(pattern)
    return known


def _least(pattern: Pattern) -> int:
    if pattern.nullable:
        return 0
    if isinstance(pattern, NotAllowed):
        return NEVER
    if isinstance(pattern, Choice):
        return min([least(one) for one in pattern.alternatives])
    if isinstance(pattern, OneOrMore):
        return least(pattern.body)
    below = parts(pattern)
    return min(sum([least(one) for one in below]), NEVER) if below else 1


def possible(patterns: Iterable[Pattern]) -> tuple[Symbol, ...]:
    """Return what may come next in any of several patterns, in the schema's order."""
    several = [_ordered(pattern) for pattern in patterns]
    if len(several) == 1:
        return several[0]
    return tuple(dict.fromkeys(one for ordered in several for one in ordered))


def _ordered(pattern: Pattern) -> tuple[Symbol, ...]:
    """Return the symbols of ``first`` in the order of the schema, each once."""
    known = pattern.ordered
    if known is None:
        known = pattern.ordered = tuple(dict.fromkeys(_in_order(pattern)))
    return known


def _in_order(pattern: Pattern) -> Iterator[Symbol]:
    allowed = first(pattern)
    stack = [pattern]
    while stack:
        one = stack.pop()
        if isinstance(one, Element | Text | Data | Value | List):
            if one in allowed:
                yield one
        else:
            stack.extend(reversed(parts(one)))


def needed(pool: PatternPool, pattern: Pattern) -> tuple[Symbol, ...]:
    """Return what of ``possible`` brings a pattern nearer to its end."""
    distance = least(pattern)
    if distance == 0:
        return ()
    known = pattern.lacking
    if known is None:
        known = pattern.lacking = tuple(
            one
            for one in possible((pattern,))
            if least(after(pool, pattern, one)) < distance
        )
    return known


def bridge(
    pool: PatternPool, pattern: Pattern, targets: Iterable[Symbol]
) -> tuple[tuple[Symbol, ...], Pattern] | None:
    """Return what is missing before any of ``targets`` could come.

    Only what the pattern needs is tried, so an answer means that something required
    has been left out.

    Returns:
        The alternatives of the last missing step, and the pattern before the
        target; None if nothing required is missing.
    """
    wanted = frozenset(targets)
    before = pattern
    for _ in range(4):
        steps = needed(pool, before)
        fitting = tuple(
            one for one in steps if first(after(pool, before, one)) & wanted
        )
        if fitting:
            return fitting, after_any(pool, before, fitting)
        if not steps:
            return None
        before = after_any(pool, before, steps)
    return None


def pairing(
    pool: PatternPool, pattern: Pattern, targets: Iterable[Symbol]
) -> tuple[tuple[Symbol, ...], Pattern] | None:
    """Return what could come, but need not, before any of ``targets``.

    Of elements that come in pairs, as ``label`` and ``item``, the first is missing.

    Returns:
        The alternatives, if they are few, and the pattern before the target; None
        if nothing of the kind would help.
    """
    wanted = frozenset(targets)
    fitting = tuple(
        one
        for one in possible((pattern,))
        if isinstance(one, Element) and first(after(pool, pattern, one)) & wanted
    )
    if not 0 < len(fitting) <= _PAIRED:
        return None
    return fitting, after_any(pool, pattern, fitting)


def label(symbol: Symbol) -> str:
    """Return how messages name something that may come: a name, value or datatype."""
    if isinstance(symbol, Element):
        return describe(symbol.name_class)
    if isinstance(symbol, Value):
        return symbol.text
    if isinstance(symbol, Data):
        return str(symbol.datatype)
    if isinstance(symbol, List):
        return " ".join(labels((symbol.body,)))
    return "text"


def labels(patterns: Iterable[Pattern]) -> tuple[str, ...]:
    """Return the names of what may come next, each once, in the schema's order."""
    return tuple(dict.fromkeys(label(one) for one in possible(patterns)))


def missing_attributes(pattern: Pattern) -> list[tuple[Attribute, ...]]:
    """Return what a start tag lacks: for each gap, the attributes that would do.

    Args:
        pattern: An element's content after the attributes that are there.
    """
    if not pattern.has_attribute:
        return []
    if isinstance(pattern, Attribute):
        return [(pattern,)]
    if isinstance(pattern, Choice):
        found: dict[Attribute, None] = {}
        for one in pattern.alternatives:
            gaps = missing_attributes(one)
            if not gaps:
                return []
            found.update(dict.fromkeys(gaps[0]))
        return [tuple(found)]
    return [gap for one in parts(pattern) for gap in missing_attributes(one)]


def smallest(elements: Iterable[Element]) -> dict[Element, int]:
    """Return how many elements the smallest instance of each element has.

    Elements that can never end are left out.
    """
    several = tuple(elements)
    found: dict[Element, int] = {}
    changed = True
    while changed:
        changed = False
        for element in several:
            weight = 1 + weigh(element.content, found)
            if weight < found.get(element, NEVER):
                found[element] = weight
                changed = True
    return found


def weigh(pattern: Pattern, known: dict[Element, int]) -> int:
    """Return how many elements the smallest content of a pattern has."""
    if isinstance(pattern, Element):
        return known.get(pattern, NEVER)
    if pattern.nullable or isinstance(pattern, Attribute | Data | Value | List):
        return 0
    if isinstance(pattern, Choice):
        return min([weigh(one, known) for one in pattern.alternatives])
    if isinstance(pattern, OneOrMore):
        return weigh(pattern.body, known)
    if isinstance(pattern, Group | Interleave):
        return min(sum([weigh(one, known) for one in pattern.items]), NEVER)
    return NEVER
