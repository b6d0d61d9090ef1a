"""What the grammar expects at a place: elements, attributes, values.

Takes the open elements that the scanner found and leads the grammar's automaton down
to the cursor by their tags alone: what is closed already is its parent's child and
nothing more. Where the document is invalid on the way, the likeliest reading is
taken, as the validator does.

RELAX NG (OASIS, 3 December 2001), section 9.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from toolkit.lsp.markup import expanded, namespaces
from toolkit.schema.derivative import (
    after_attribute,
    attributes,
    first,
    parts,
    without_attributes,
)
from toolkit.schema.nameclass import explicit
from toolkit.schema.opened import resembling
from toolkit.schema.outlook import bridge, label, missing_attributes, needed, possible
from toolkit.schema.pattern import Data, Element, List, Value
from toolkit.schema.starttag import judge
from toolkit.schema.states import Dead, State, raw_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from toolkit.lsp.markup import Open, Tag
    from toolkit.lsp.scanner import Place
    from toolkit.schema.grammar import Grammar
    from toolkit.schema.pattern import Attribute, Pattern, PatternPool

_NONE: Final[tuple[Element, ...]] = ()


@dataclass(frozen=True, slots=True)
class ExpectedElement:
    """An element that may stand at a place."""

    name: str  #: ``{namespace}local``
    required: bool  #: whether its parent lacks it
    declared: tuple[Element, ...]  #: what the grammar says of it


@dataclass(frozen=True, slots=True)
class ExpectedAttribute:
    """An attribute that may be added to a tag."""

    name: str
    required: bool


@dataclass(frozen=True, slots=True)
class ExpectedValues:
    """What an attribute's value may be, as far as the grammar names it."""

    values: tuple[str, ...]
    datatypes: tuple[str, ...]  #: names of the datatypes that would do as well
    is_list: bool  #: whether it holds tokens


class Expectation:
    """The grammar at one place."""

    def __init__(self, grammar: Grammar, around: Sequence[Open]) -> None:
        """Go down to a place.

        Args:
            grammar: The schema.
            around: The open elements, outermost first, with what they hold so far.
        """
        self._grammar: Final = grammar
        self._automaton: Final = grammar.automaton
        self.scope: Final = namespaces(tuple(one.tag for one in around))
        state: State | None = self._automaton.start
        for depth, one in enumerate(around):
            scope = namespaces(tuple(o.tag for o in around[: depth + 1]))
            declared = self._declared(state, expanded(one.tag.name, scope))
            state = self._opened(declared, one.tag, scope)
            for child in one.content:
                if state is None:
                    break
                state = self._after(state, self._name(child, scope))
        self.state: Final = state  #: None inside an element that no schema knows

    # -- elements ------------------------------------------------------------

    def elements(self, following: Sequence[Tag | None] = ()) -> list[ExpectedElement]:
        """Return the elements that may stand here, in the schema's order.

        Args:
            following: What comes later in the same element. An element after which
                that could not come any more is left out.
        """
        if self.state is None:
            return []
        state, pool = self.state, self._automaton.pool
        patterns = [pattern for _, pattern in state.hypotheses]
        lacking = {x for pattern in patterns for x in needed(pool, pattern)}
        found: dict[str, ExpectedElement] = {}
        for one in possible(patterns):
            if isinstance(one, Element):
                for name in map(str, explicit(one.name_class)):
                    step = state.step(raw_name(name))
                    if step is not None and name not in found:
                        declared = step.opening.declared
                        required = not lacking.isdisjoint(declared)
                        found[name] = ExpectedElement(name, required, declared)
        return self._fitting(state, list(found.values()), following)

    def _fitting(
        self,
        state: State,
        candidates: list[ExpectedElement],
        following: Sequence[Tag | None],
    ) -> list[ExpectedElement]:
        """Leave out what would spoil what follows; keep all if all would."""
        names = [self._name(one, self.scope) for one in following]
        trace = self._trace(state, names)
        whole = len(trace) > len(names) and trace[-1].accepted != ()
        good = [
            one
            for one in candidates
            if self._allows(state.after_children(one.declared), trace, names, whole)
        ]
        return good or candidates

    def _trace(self, state: State, names: list[str]) -> list[State]:
        """Return the states before, between and after children, until one is wrong."""
        trace = [state]
        for name in names:
            following = self._next(trace[-1], name)
            if following is None:
                break
            trace.append(following)
        return trace

    def _allows(
        self, state: State | None, trace: list[State], names: list[str], whole: bool
    ) -> bool:
        """Whether what follows may come in a state, as far as it may come anyway.

        Args:
            state: The state after a candidate.
            trace: The states without the candidate.
            names: What follows.
            whole: Whether the parent is complete without the candidate.
        """
        for place, name in enumerate(names):
            if state is None:
                return False
            if place < len(trace) and state is trace[place]:
                return True  # from here on the same as without the candidate
            state = self._next(state, name)
            if state is None and place + 1 >= len(trace):
                return True  # it could not come without the candidate either
        return state is not None and (bool(state.accepted) or not whole)

    def _next(self, state: State, name: str) -> State | None:
        """Return the state after a child (an empty name: after text)."""
        if not name:
            return state if state.gather else state.after_text()
        step = state.step(raw_name(name))
        if step is None:
            return None
        try:
            return step.resume[step.opening.declared]
        except Dead:
            return None

    def _after(self, state: State, name: str) -> State:
        """Return the state after a child, whatever it is worth."""
        following = self._next(state, name)
        if following is not None or not name:
            return following or state
        named = self._grammar.named(name) or self._meant(state, name)
        for declared, pattern in state.hypotheses:
            if named and (gap := bridge(self._automaton.pool, pattern, named)):
                repaired = self._automaton.state([(declared, gap[1])])
                following = repaired and repaired.after_children(named)
                return following or state
        return state.after_children(named) or state if named else state

    def _meant(self, state: State, name: str) -> tuple[Element, ...]:
        """Return what an unknown name is probably meant to be here."""
        expected = [
            one
            for one in possible(pattern for _, pattern in state.hypotheses)
            if isinstance(one, Element)
        ]
        near = resembling(name, expected)
        step = state.step(raw_name(near)) if near else None
        return step.opening.declared if step else _NONE

    def _name(self, child: Tag | None, scope: Mapping[str, str]) -> str:
        if child is None:
            return ""
        if "xmlns" in child.written:
            scope = {**scope, **namespaces((child,))}
        return expanded(child.name, scope)

    # -- tags ----------------------------------------------------------------

    def declared(self, name: str) -> tuple[Element, ...]:
        """Return what the grammar says of an element of this name here."""
        return self._declared(self.state, name)

    def _declared(self, state: State | None, name: str) -> tuple[Element, ...]:
        step = state.step(raw_name(name)) if state is not None else None
        if step is not None:
            return step.opening.declared
        named = self._grammar.declarations(name)
        return named or (self._meant(state, name) if state is not None else _NONE)

    def _opened(
        self, declared: tuple[Element, ...], tag: Tag, scope: Mapping[str, str]
    ) -> State | None:
        if not declared:
            return None
        opening = self._automaton.opening(declared)
        return judge(opening, given(tag, scope), scope).state

    def attributes(
        self, declared: Iterable[Element], present: Mapping[str, str]
    ) -> list[ExpectedAttribute]:
        """Return the attributes that may be added to a tag, required ones first.

        Args:
            declared: What the grammar says of the element.
            present: The attributes it has: values by names as expat gives them.
        """
        pool = self._automaton.pool
        found: dict[str, bool] = {}
        for element in declared:
            if not present:
                found.update(_of_new(pool, element))
                continue
            rest = self._rest(element, present)
            for name, required in _allowed(pool, rest).items():
                if raw_name(name) not in present:
                    found[name] = found.get(name, False) or required
        ordered = sorted(found.items(), key=lambda item: not item[1])
        return [ExpectedAttribute(name, required) for name, required in ordered]

    def _rest(self, element: Element, present: Mapping[str, str]) -> Pattern:
        """Return an element's content after attributes, faults forgiven."""
        pattern = element.content
        for raw, value in present.items():
            candidates = self._automaton.candidates((element,), raw)
            verdict = self._automaton.verdict(candidates)
            matched = verdict.matched(value, self.scope) or frozenset(candidates)
            rest = after_attribute(self._automaton.pool, pattern, matched)
            if rest is not self._automaton.pool.not_allowed:
                pattern = rest
        return pattern

    def values(self, declared: tuple[Element, ...], name: str) -> ExpectedValues:
        """Return what the value of an attribute may be.

        Args:
            declared: What the grammar says of the element.
            name: The attribute, ``{namespace}local``.
        """
        values: dict[str, None] = {}
        datatypes: dict[str, None] = {}
        is_list = False
        waiting: list[Pattern] = [
            one.value for one in self._automaton.candidates(declared, raw_name(name))
        ]
        while waiting:
            pattern = waiting.pop(0)
            if isinstance(pattern, Value):
                values[pattern.text] = None
            elif isinstance(pattern, Data):
                datatypes[label(pattern)] = None
            elif isinstance(pattern, List):
                is_list = True
                waiting[:0] = [pattern.body]
            else:
                waiting[:0] = parts(pattern)
        return ExpectedValues(tuple(values), tuple(datatypes), is_list)

    def takes(self, declared: tuple[Element, ...], name: str, value: str) -> bool:
        """Whether an attribute may have a value."""
        candidates = self._automaton.candidates(declared, raw_name(name))
        return bool(self._automaton.verdict(candidates).matched(value, self.scope))

    def is_empty(self, declared: Iterable[Element]) -> bool:
        """Whether an element can hold nothing at all."""
        return not any(first(_content(self._automaton.pool, one)) for one in declared)

    def first_child(self, declared: Sequence[Element]) -> ExpectedElement | None:
        """Return the one element that an element must begin with, if there is one."""
        pool = self._automaton.pool
        if len(declared) != 1:
            return None
        content = _content(pool, declared[0])
        lacking = needed(pool, content)
        names = [
            str(name)
            for one in lacking
            if isinstance(one, Element)
            for name in explicit(one.name_class)
        ]
        if len(lacking) != 1 or len(names) != 1 or lacking[0] not in first(content):
            return None
        return ExpectedElement(names[0], True, (lacking[0],))  # type: ignore[arg-type]


@lru_cache(maxsize=5_000)
def _content(pool: PatternPool, element: Element) -> Pattern:
    """Return what an element holds, attributes apart."""
    return without_attributes(pool, element.content, pool.empty)


@lru_cache(maxsize=5_000)
def _of_new(pool: PatternPool, element: Element) -> dict[str, bool]:
    """Return the attributes of an element, and whether they are required."""
    return _allowed(pool, element.content)


def _allowed(pool: PatternPool, rest: Pattern) -> dict[str, bool]:
    """Return the attributes that may still come, and whether they must."""
    lacking: set[Attribute] = set()
    if without_attributes(pool, rest) is pool.not_allowed:
        lacking = {one for gap in missing_attributes(rest) for one in gap}
    found: dict[str, bool] = {}
    for one in attributes(rest):
        for name in map(str, explicit(one.name_class)):
            found[name] = found.get(name, False) or one in lacking
    return found


def given(tag: Tag, scope: Mapping[str, str], without: str = "") -> dict[str, str]:
    """Return a tag's attributes as expat gives them.

    Args:
        tag: A start tag.
        scope: Namespaces by prefix.
        without: The name, as written, of one to leave out.
    """
    return {
        raw_name(expanded(name, scope, attribute=True)): value
        for name, value in tag.values.items()
        if name not in ("xmlns", without) and not name.startswith("xmlns:")
    }


def at(place: Place, grammar: Grammar) -> Expectation:
    """Return what the grammar expects at a place."""
    return Expectation(grammar, place.around)
