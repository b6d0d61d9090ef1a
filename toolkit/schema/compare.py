"""Is every document of one grammar a document of another? A proof, or witnesses.

Takes two grammars and gives their differences, element by element: content models by
walking the derivatives of both side by side, attributes by ``compare_attributes``,
strings by ``inclusion``. The walk is exact where a name means one declaration at
each place, as in every schema made from an ODD; what cannot be decided is reported
as not proved.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, Final

from toolkit.schema.compare_attributes import AttributeComparison
from toolkit.schema.derivative import after, after_any, first, parts
from toolkit.schema.differences import Difference, DifferenceKind
from toolkit.schema.inclusion import included
from toolkit.schema.nameclass import Name, contains, explicit, representatives
from toolkit.schema.outlook import labels, needed, possible
from toolkit.schema.pattern import (
    Attribute,
    Choice,
    Element,
    Empty,
    Group,
    Interleave,
    NotAllowed,
    Pattern,
    PatternPool,
    Symbol,
)

if TYPE_CHECKING:
    from toolkit.schema.grammar import Grammar

__all__ = ["Difference", "DifferenceKind", "subset"]

_PRODUCTS: Final = 32  #: alternatives of one element that are told apart


def subset(a: Grammar, b: Grammar) -> list[Difference]:
    """Compare two grammars.

    Args:
        a: The grammar that should allow less, a customisation.
        b: The grammar that should allow all that ``a`` allows.

    Returns:
        What ``a`` allows and ``b`` does not, or may not; empty if inclusion is
        proved. One difference for each place where they part, sorted by element.
    """
    return _Comparison(a, b).run()


@dataclass(frozen=True, slots=True)
class _Product:
    """Attributes and content that are independent of each other."""

    attributes: tuple[Pattern, ...]
    content: Pattern


class _Comparison:
    """The pairs of declarations still to compare, and what was found."""

    def __init__(self, a: Grammar, b: Grammar) -> None:
        self.a: Final = a
        self.b: Final = b
        self.found: dict[Difference, None] = {}
        self.waiting: deque[tuple[Element, tuple[Element, ...], str]] = deque()
        self.compared: set[tuple[Element, tuple[Element, ...]]] = set()
        self.attributes: Final = AttributeComparison(a.pool, b.pool)
        self._wild = [one.name_class for one in (*a.elements, *b.elements)]
        self._names: dict[Element, tuple[Name, ...]] = {}
        self._declared: dict[Name, tuple[Element, ...]] = {}

    def run(self) -> list[Difference]:
        self.roots()
        self.work()
        seen = {one for one, _ in self.compared}
        for element in self.a.elements:
            if element not in seen:
                for name in explicit(element.name_class):
                    others = self.b.named(str(name))
                    if others:
                        self.meet(element, others, str(name))
        self.work()
        return sorted(self.found)

    def report(self, difference: Difference) -> None:
        self.found[difference] = None

    def meet(self, element: Element, others: tuple[Element, ...], name: str) -> None:
        """Have an element compared with those it may be in the other grammar."""
        if (element, others) not in self.compared:
            self.compared.add((element, others))
            self.waiting.append((element, others, name))

    def work(self) -> None:
        while self.waiting:
            element, others, name = self.waiting.popleft()
            theirs = self.b.pool.choice([one.content for one in others])
            self.contents(name, element.content, theirs)

    def names(self, element: Element) -> tuple[Name, ...]:
        """Return names that stand for all an element may have."""
        known = self._names.get(element)
        if known is None:
            if isinstance(element.name_class, Name):
                known = (element.name_class,)
            else:
                all_names = sorted(representatives(self._wild), key=str)
                known = tuple(
                    one
                    for one in all_names
                    if contains(element.name_class, one.ns, one.local)
                )
            self._names[element] = known
        return known

    def takers(self, pattern: Pattern, name: Name) -> tuple[Element, ...]:
        """Return the elements of that name with which ``pattern`` may begin."""
        declared = self._declared.get(name)
        if declared is None:
            declared = self._declared[name] = self.b.declarations(str(name))
        begins = first(pattern)
        return tuple([one for one in declared if one in begins])

    def roots(self) -> None:
        for element in possible((self.a.start,)):
            if not isinstance(element, Element):
                continue
            for name in self.names(element):
                others = self.takers(self.b.start, name)
                if others:
                    self.meet(element, others, str(name))
                else:
                    self.report(
                        Difference(
                            str(name),
                            DifferenceKind.ROOT,
                            found=str(name),
                            expected=labels((self.b.start,)),
                        )
                    )

    # -- one element ---------------------------------------------------------

    def contents(self, name: str, mine: Pattern, theirs: Pattern) -> None:
        """Compare the attributes and content of an element."""
        a_products = products(self.a.pool, mine)
        b_products = products(self.b.pool, theirs)
        if a_products is None or b_products is None:
            what = "attributes and content depend on each other"
            self.report(Difference(name, DifferenceKind.UNPROVED, found=what))
            return
        for one in a_products:
            tried = [self.product(name, one, other) for other in b_products]
            if not tried:
                tried = [[Difference(name, DifferenceKind.UNPROVED, found="element")]]
            best = min(tried, key=len)
            if len(b_products) > 1:
                best = [replace(x, kind=DifferenceKind.UNPROVED) for x in best]
            for difference in best:
                self.report(difference)

    def product(self, name: str, a: _Product, b: _Product) -> list[Difference]:
        found = [
            replace(one, element=name)
            for one in self.attributes.compare(a.attributes, b.attributes)
        ]
        return found + self.models(name, a.content, b.content)

    def models(self, name: str, a: Pattern, b: Pattern) -> list[Difference]:
        """Walk two content models side by side, shortest ways first."""
        found: list[Difference] = []
        if a.has_string:
            doubt = included(self.a.pool, a, self.b.pool, b)
            if doubt:
                kind = (
                    DifferenceKind.VALUE if doubt.refuted else DifferenceKind.UNPROVED
                )
                expected = labels((b,))
                found.append(
                    Difference(name, kind, found=doubt.found, expected=expected)
                )
        seen = {(a, b)}
        queue: deque[tuple[Pattern, Pattern, tuple[str, ...]]] = deque([(a, b, ())])
        while queue:
            mine, theirs, path = queue.popleft()
            if mine.nullable and not (
                theirs.nullable or mine.has_string or self.is_text(mine, theirs)
            ):
                expected = labels(needed(self.b.pool, theirs))
                kind = DifferenceKind.INCOMPLETE
                found.append(Difference(name, kind, path, expected=expected))
            for symbol in possible((mine,)):
                for label, after_b in self.move(name, symbol, theirs, path, found):
                    pair = (after(self.a.pool, mine, symbol), after_b)
                    if pair not in seen and not isinstance(after_b, NotAllowed):
                        seen.add(pair)
                        queue.append((*pair, (*path, label)))
        return one_each(found)

    def is_text(self, mine: Pattern, theirs: Pattern) -> bool:
        """Say whether any text here meets strings there: reported as one thing."""
        return theirs.has_string and self.a.pool.text in first(mine)

    def move(
        self,
        name: str,
        symbol: Symbol,
        theirs: Pattern,
        path: tuple[str, ...],
        found: list[Difference],
    ) -> list[tuple[str, Pattern]]:
        """Follow one symbol of the first grammar in the second."""
        pool = self.b.pool
        if symbol is self.a.pool.text:
            if pool.text in first(theirs):
                return [("text", after(pool, theirs, pool.text))]
            expected = labels((theirs,))
            found.append(Difference(name, DifferenceKind.TEXT, path, "text", expected))
            return []
        if not isinstance(symbol, Element):
            return []
        ways: dict[Pattern, str] = {}
        for child in self.names(symbol):
            takers = self.takers(theirs, child)
            if not takers:
                expected = labels((theirs,))
                kind = DifferenceKind.CHILD
                found.append(Difference(name, kind, path, str(child), expected))
                continue
            self.meet(symbol, takers, str(child))
            # Which of several the child is decides how its parent goes on, unless
            # they hold the same.
            onward = {after(pool, theirs, one) for one in takers}
            if len(onward) > 1 and len({one.content for one in takers}) > 1:
                kind = DifferenceKind.UNPROVED
                found.append(Difference(name, kind, path, str(child)))
            ways.setdefault(after_any(pool, theirs, takers), str(child))
        return [(child, onward) for onward, child in ways.items()]


def one_each(found: list[Difference]) -> list[Difference]:
    """Keep the first (shortest) difference of each kind and cause."""
    kept: dict[tuple[DifferenceKind, str, tuple[str, ...]], Difference] = {}
    for one in found:
        expected = one.expected if one.kind is DifferenceKind.INCOMPLETE else ()
        kept.setdefault((one.kind, one.found, expected), one)
    return list(kept.values())


def products(pool: PatternPool, pattern: Pattern) -> list[_Product] | None:
    """Divide a pattern into alternatives whose attributes and content are independent.

    Returns:
        Alternatives; None where there are too many, or a repetition mixes both.
    """
    if isinstance(pattern, NotAllowed):
        return []
    if not pattern.has_attribute:
        return [_Product((), pattern)]
    if _only_attributes(pattern):
        # The parts of a sequence are independent (RELAX NG section 7.3).
        sequence = isinstance(pattern, Group | Interleave)
        return [_Product(parts(pattern) if sequence else (pattern,), pool.empty)]
    if isinstance(pattern, Choice):
        found: list[_Product] = []
        for one in pattern.alternatives:
            several = products(pool, one)
            if several is None or len(found) + len(several) > _PRODUCTS:
                return None
            found += several
        return found
    if isinstance(pattern, Group | Interleave):
        join = pool.group if isinstance(pattern, Group) else pool.interleave
        several_each = [products(pool, one) for one in pattern.items]
        total = 1
        for part in several_each:
            total *= _PRODUCTS + 1 if part is None else len(part)
        if total > _PRODUCTS:
            return None
        known = [part for part in several_each if part is not None]
        return [
            _Product(
                tuple(x for one in combined for x in one.attributes),
                join([one.content for one in combined]),
            )
            for combined in product(*known)
        ]
    return None


def _only_attributes(pattern: Pattern) -> bool:
    """Say whether a pattern holds attributes and nothing else."""
    if isinstance(pattern, Attribute | Empty):
        return True
    if not pattern.has_attribute:
        return False
    return all(map(_only_attributes, parts(pattern)))
