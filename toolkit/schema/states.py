"""The automaton of a grammar, built as documents ask for it.

A state is what an open element may still hold: one pattern for each declaration the
element may follow (mostly there is one). Three tables lead on, each a dictionary
that fills its gaps from the patterns (``__missing__``), so a document like those
seen before costs look-ups only: by a child's name, by what the child turned out to
be when it ended, and by a start tag's attribute names. Attribute values are judged
once per distinct value. Two more are short cuts through these for the usual case:
from a child without attributes to its own state (``bare``), and from the state in
which a child ended to that of its parent (``Ends``).

Names here are as expat gives them with the separator ``}``: ``namespace}local``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toolkit.schema.derivative import (
    after,
    after_any,
    after_attribute,
    attributes,
    first,
    without_attributes,
)
from toolkit.schema.nameclass import AnyName, contains
from toolkit.schema.pattern import (
    Attribute,
    Choice,
    Data,
    Element,
    Group,
    Interleave,
    Pattern,
    PatternPool,
)
from toolkit.schema.strings import matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from toolkit.schema.grammar import Grammar
    from toolkit.schema.offer import Offer

Hypothesis = tuple[Element, Pattern]
#: Distinct values, and combinations of names, that an automaton remembers. A larger
#: document has values without end, and the rest of it is judged without memory.
_ROOM: Final = 30_000


class Dead(Exception):  # noqa: N818 - a signal, not a fault of the program
    """The automaton has no way on: the document is invalid here."""


def clark(raw: str) -> str:
    """Return a name of expat's as ``{namespace}local``."""
    return "{" + raw if "}" in raw else raw


def raw_name(name: str) -> str:
    """Return ``{namespace}local`` as expat gives it."""
    return name.removeprefix("{")


class Children(dict[str, "Step"]):
    """From a state: where a child of each name leads."""

    __slots__ = ("state",)

    def __init__(self, state: State) -> None:
        self.state = state

    def __missing__(self, raw: str) -> Step:
        step = self.state.find_step(raw)
        if step is None:
            raise Dead
        self[raw] = step
        return step


class Resume(dict[tuple[Element, ...], "State"]):
    """From a state and a child: the state once the child was one of these."""

    __slots__ = ("state",)

    def __init__(self, state: State) -> None:
        self.state = state

    def __missing__(self, accepted: tuple[Element, ...]) -> State:
        state = self.state.after_children(accepted)
        if state is None:
            raise Dead
        self[accepted] = state
        return state


class Ends(dict["State", "State"]):
    """From the state in which a child ended to its parent's; gaps are not filled."""

    __slots__ = ("resume",)

    def __init__(self, resume: Resume) -> None:
        self.resume: Final = resume


class Step:
    """A child that may stand in a state."""

    __slots__ = ("ends", "opening", "resume")

    def __init__(self, opening: Opening, state: State) -> None:
        self.opening: Final = opening
        self.resume: Final = Resume(state)
        self.ends: Final = Ends(self.resume)


class State:
    """What an open element may still hold."""

    __slots__ = (
        "accepted",
        "automaton",
        "bare",
        "children",
        "gather",
        "hypotheses",
        "mixed",
        "offer",
        "texted",
    )

    def __init__(
        self, automaton: Automaton, hypotheses: tuple[Hypothesis, ...]
    ) -> None:
        self.automaton: Final = automaton
        self.hypotheses: Final = hypotheses
        self.children: Final = Children(self)
        #: Of children that need no attributes, and had none: how they end, and begin.
        self.bare: Final[dict[str, tuple[Ends, State]]] = {}
        #: The declarations that are satisfied if the element ends here.
        self.accepted: Final = tuple(d for d, p in hypotheses if p.nullable)
        #: Whether the text must be kept: it may be a value.
        self.gather: Final = any(p.has_string for _, p in hypotheses)
        self.texted: State | None = None
        self.offer: Offer | None = None  #: kept by ``offer.offer``
        #: Whether text changes nothing here.
        self.mixed: Final = not self.gather and all(
            after(automaton.pool, p, automaton.pool.text) is p for _, p in hypotheses
        )

    def step(self, raw: str) -> Step | None:
        """Return where a child of this name leads, or None if it may not stand here."""
        try:
            return self.children[raw]
        except Dead:
            return None

    def find_step(self, raw: str) -> Step | None:
        """Work out what ``step`` remembers."""
        automaton = self.automaton
        declared = automaton.declarations(raw)
        matched: dict[Element, None] = {}
        for _, pattern in self.hypotheses:
            possible = first(pattern)
            for one in declared:
                if one in possible:
                    matched[one] = None
        return Step(automaton.opening(tuple(matched)), self) if matched else None

    def after_children(self, accepted: Iterable[Element]) -> State | None:
        """Return the state after a child that satisfied these declarations."""
        pool = self.automaton.pool
        accepted = tuple(accepted)
        return self.automaton.state(
            (declared, after_any(pool, pattern, accepted))
            for declared, pattern in self.hypotheses
        )

    def after_text(self) -> State | None:
        """Return the state after characters beside which elements may stand."""
        if self.texted is None:
            pool = self.automaton.pool
            self.texted = self.automaton.state(
                (declared, after(pool, pattern, pool.text))
                for declared, pattern in self.hypotheses
            )
        return self.texted

    def after_string(
        self, string: str, prefixes: Mapping[str, str] | None = None
    ) -> State | None:
        """Return the state after the whole text of an element without children."""
        pool = self.automaton.pool
        return self.automaton.state(
            (declared, pool.empty)
            for declared, pattern in self.hypotheses
            if matches(pool, pattern, string, prefixes)
        )


class Opening:
    """Start tags of elements that may follow certain declarations."""

    __slots__ = ("automaton", "declared", "plans", "tags")

    def __init__(self, automaton: Automaton, declared: tuple[Element, ...]) -> None:
        self.automaton: Final = automaton
        self.declared: Final = declared
        self.plans: Final = Plans(self)
        #: Start tags seen before, by names and values in turn: where they lead.
        self.tags: Final[dict[tuple[str, ...], State]] = {}


class Plans(dict[tuple[str, ...], "Plan"]):
    """From a start tag's attribute names to what they ask and where they lead."""

    __slots__ = ("opening",)

    def __init__(self, opening: Opening) -> None:
        self.opening = opening

    def __missing__(self, names: tuple[str, ...]) -> Plan:
        plan = Plan(self.opening, names)
        if self.opening.automaton.has_room():
            self[names] = plan
        return plan


class Plan:
    """How a start tag with certain attribute names is judged."""

    __slots__ = ("identities", "opening", "state", "verdicts")

    def __init__(self, opening: Opening, names: tuple[str, ...]) -> None:
        self.opening: Final = opening
        automaton = opening.automaton
        self.verdicts: Final = tuple(
            automaton.verdict(automaton.candidates(opening.declared, name))
            for name in names
        )
        #: Places of attributes that are ID, IDREF or IDREFS, with which it is.
        self.identities: Final = tuple(
            (place, verdict.identity)
            for place, verdict in enumerate(self.verdicts)
            if verdict.identity
        )
        #: The state if every candidate takes every value; None: not allowed.
        self.state: Final = (
            self.exact([frozenset(one.candidates) for one in self.verdicts])
            if all(one.candidates for one in self.verdicts)
            else None
        )

    def exact(self, matched: list[frozenset[Attribute]]) -> State | None:
        """Return the state after attributes that match these patterns."""
        automaton = self.opening.automaton
        return automaton.state(
            (declared, automaton.opened(declared, matched))
            for declared in self.opening.declared
        )

    def judge(self, values: Iterable[str]) -> State | None:
        """Return the state after a start tag with these values, in their order."""
        found = [
            frozenset(one.candidates) if one[value] else one.matched(value)
            for one, value in zip(self.verdicts, values, strict=True)
        ]
        return self.exact(found)


class Verdict(dict[str, bool]):
    """From an attribute's value to whether all patterns it could match take it."""

    __slots__ = ("automaton", "candidates", "identity", "pool")

    def __init__(self, automaton: Automaton, candidates: tuple[Attribute, ...]) -> None:
        self.automaton: Final = automaton
        self.pool: Final[PatternPool] = automaton.pool
        self.candidates: Final[tuple[Attribute, ...]] = candidates
        self.identity: Final[str] = identity_of(candidates)

    def __missing__(self, value: str) -> bool:
        verdict = len(self.matched(value)) == len(self.candidates) > 0
        if not self.identity and self.automaton.has_room():
            self[value] = verdict
        return verdict

    def matched(
        self, value: str, prefixes: Mapping[str, str] | None = None
    ) -> frozenset[Attribute]:
        """Return the attribute patterns that take a value."""
        return frozenset(
            one
            for one in self.candidates
            if matches(self.pool, one.value, value, prefixes)
        )


def identity_of(candidates: Iterable[Attribute]) -> str:
    """Return ``ID``, ``IDREF`` or ``IDREFS`` if attributes are of that datatype."""
    for one in candidates:
        value = one.value
        for part in value.alternatives if isinstance(value, Choice) else (value,):
            if isinstance(part, Data) and part.datatype.identity:
                return part.datatype.identity
    return ""


class Automaton:
    """The states of a grammar that documents have asked for."""

    def __init__(self, grammar: Grammar) -> None:
        """Begin with the state before the outermost element."""
        self.grammar: Final = grammar
        self.pool: Final = grammar.pool
        self._states: dict[tuple[Hypothesis, ...], State] = {}
        self._openings: dict[tuple[Element, ...], Opening] = {}
        self._declared: dict[str, tuple[Element, ...]] = {}
        self._verdicts: dict[tuple[Attribute, ...], Verdict] = {}
        self._attributes: dict[Element, dict[Attribute, int]] = {}
        self._closed: dict[Pattern, Pattern] = {}
        self._room = _ROOM
        root = Element(AnyName())
        root.content = grammar.start
        self.start: Final = State(self, ((root, grammar.start),))

    def has_room(self) -> bool:
        """Say whether one more thing may be remembered, and count it."""
        self._room -= 1
        return self._room >= 0

    def state(self, hypotheses: Iterable[Hypothesis]) -> State | None:
        """Return the state of these hypotheses, or None if none is possible."""
        gone = self.pool.not_allowed
        key = tuple([one for one in hypotheses if one[1] is not gone])
        if not key:
            return None
        known = self._states.get(key)
        if known is None:
            known = self._states[key] = State(self, key)
        return known

    def opening(self, declared: tuple[Element, ...]) -> Opening:
        """Return how elements that may follow these declarations open."""
        known = self._openings.get(declared)
        if known is None:
            known = self._openings[declared] = Opening(self, declared)
        return known

    def declarations(self, raw: str) -> tuple[Element, ...]:
        """Return the declarations for a name of expat's."""
        known = self._declared.get(raw)
        if known is None:
            known = self.grammar.declarations(clark(raw))
            if self.has_room():
                self._declared[raw] = known
        return known

    def attribute_places(self, declared: Element) -> dict[Attribute, int]:
        """Return an element's attribute patterns with the part they stand in."""
        known = self._attributes.get(declared)
        if known is None:
            known = {
                attribute: place
                for place, part in enumerate(_sequence(declared.content))
                for attribute in attributes(part)
            }
            self._attributes[declared] = known
        return known

    def candidates(
        self, declared: tuple[Element, ...], raw: str
    ) -> tuple[Attribute, ...]:
        """Return the attribute patterns that an attribute of this name could match."""
        ns, _, local = raw.rpartition("}")
        found: dict[Attribute, None] = {}
        for element in declared:
            for one in self.attribute_places(element):
                if contains(one.name_class, ns, local):
                    found[one] = None
        return tuple(found)

    def verdict(self, candidates: tuple[Attribute, ...]) -> Verdict:
        """Return the judgement of values by these patterns."""
        known = self._verdicts.get(candidates)
        if known is None:
            known = self._verdicts[candidates] = Verdict(self, candidates)
        return known

    def opened(
        self, declared: Element, matched: Iterable[frozenset[Attribute]]
    ) -> Pattern:
        """Return an element's content after attributes that match these patterns.

        Attributes of the parts of a sequence have different names (RELAX NG section
        7.3), so each one concerns one part alone.
        """
        pool = self.pool
        places = self.attribute_places(declared)
        parts = list(_sequence(declared.content))
        touched: set[int] = set()
        for several in matched:
            place = next((places[one] for one in several if one in places), None)
            if place is None:
                return pool.not_allowed
            parts[place] = after_attribute(pool, parts[place], several)
            touched.add(place)
        join = pool.interleave
        if not isinstance(declared.content, Interleave):
            join = pool.group
        return join([self.closed(one) for one in parts])

    def closed(self, pattern: Pattern) -> Pattern:
        """Return a pattern with no attribute still to come."""
        if not pattern.has_attribute:
            return pattern
        known = self._closed.get(pattern)
        if known is None:
            known = self._closed[pattern] = without_attributes(self.pool, pattern)
        return known


def _sequence(pattern: Pattern) -> tuple[Pattern, ...]:
    if isinstance(pattern, Group | Interleave):
        return pattern.items
    return (pattern,)
