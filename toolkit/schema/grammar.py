"""A grammar in memory: one schema, ready for many uses."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from toolkit.schema.nameclass import contains, explicit, is_finite, split
from toolkit.schema.outlook import smallest
from toolkit.schema.pattern import Data, Value

if TYPE_CHECKING:
    from toolkit.schema.pattern import Element, Pattern, PatternPool
    from toolkit.schema.states import Automaton


class Grammar:
    """A schema's patterns: where a document starts, and what each element holds.

    Immutable but for what it remembers, so one grammar serves many documents.
    """

    def __init__(
        self, pool: PatternPool, start: Pattern, elements: list[Element]
    ) -> None:
        """Make a grammar of finished patterns.

        Args:
            pool: The pool all its patterns come from.
            start: What a document's outermost element may be.
            elements: The declarations that can be reached from ``start``.
        """
        self.pool: Final = pool
        self.start: Final = start
        self.elements: Final = tuple(elements)

    @cached_property
    def _named(self) -> dict[str, tuple[Element, ...]]:
        found: dict[str, list[Element]] = {}
        for element in self.elements:
            for name in explicit(element.name_class):
                found.setdefault(str(name), []).append(element)
        return {name: tuple(several) for name, several in found.items()}

    @cached_property
    def _wild(self) -> tuple[Element, ...]:
        return tuple(one for one in self.elements if not is_finite(one.name_class))

    @property
    def names(self) -> tuple[str, ...]:
        """The element names that the schema mentions, ``{namespace}local``."""
        return tuple(self._named)

    def named(self, name: str) -> tuple[Element, ...]:
        """Return the declarations that mention a name, without those of any name."""
        return self._named.get(name, ())

    def declarations(self, name: str) -> tuple[Element, ...]:
        """Return every declaration an element of this name may follow.

        Args:
            name: ``{namespace}local``, or the local name alone.
        """
        found = self._named.get(name, ())
        if self._wild:
            ns, local = split(name)
            found += tuple(
                one
                for one in self._wild
                if one not in found and contains(one.name_class, ns, local)
            )
        return found

    @cached_property
    def namespaces(self) -> frozenset[str]:
        """The namespaces of the element names that the schema mentions."""
        return frozenset(split(name)[0] for name in self._named)

    @cached_property
    def needs_prefixes(self) -> bool:
        """Whether a value may be a name whose prefix the document declares."""
        return any(
            isinstance(one, Data | Value) and one.datatype.needs_prefixes
            for one in self.pool.patterns()
        )

    @cached_property
    def smallest(self) -> dict[Element, int]:
        """How many elements the smallest instance of each element has."""
        return smallest(self.elements)

    @cached_property
    def automaton(self) -> Automaton:
        """The automaton of the grammar, built as documents ask for it."""
        from toolkit.schema.states import Automaton

        return Automaton(self)
