"""The careful pass: every fault of an invalid document, each reported once.

Takes the events of a document with their places and gives its faults. After each
fault it goes on in the state in which the rest makes most sense, so that one slip
does not drag a trail of reports behind it:

- an unknown element whose name is close to one expected here is taken for that one;
  any other is taken for anything, and only what is known inside it is checked;
- an element before which something required is missing is accepted as if it had
  been there, and if that comes later its place is not reported again;
- an element or text that lacks the wrapper it needs is taken to stand in it, with
  the siblings that would stand there too;
- any other misplaced element is checked on its own and otherwise passed over.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from toolkit.familiar import EMPTY, TEI_ELEMENTS
from toolkit.schema.datatypes import SPACE, tokens
from toolkit.schema.derivative import after, first
from toolkit.schema.faults import Fault, FaultKind, Faults, FirstFaults
from toolkit.schema.nameclass import explicit, split
from toolkit.schema.outlook import bridge, labels, needed, possible
from toolkit.schema.pattern import Element, Pattern
from toolkit.schema.starttag import judge
from toolkit.schema.states import Dead, State, Step, clark, raw_name

if TYPE_CHECKING:
    from toolkit.schema.grammar import Grammar

_TEI: Final = "http://www.tei-c.org/ns/1.0"
_EXCERPT: Final = 40  #: characters of a text that a fault quotes


@dataclass(slots=True)
class _Open:
    """An open element."""

    name: str
    line: int
    column: int
    state: State | None  #: None inside an unknown element
    first_state: State | None
    step: Step | None = None  #: how its parent goes on; None: as if it had not been
    string: list[str] = field(default_factory=list)
    string_place: tuple[int, int] = (0, 0)
    text_reported: bool = False
    childless: bool = True
    stuck: State | None = None  #: where something was reported and passed over
    missing: set[str] = field(default_factory=set)  #: names reported as missing
    inside: State | None = None  #: the state of a wrapper that is not there
    doors: dict[State, tuple[str, int]] = field(default_factory=dict)
    """From which state which child led on for good: what was allowed ends there."""
    mistaken: tuple[str, str] | None = None
    """A namespace that is written here for the schema's own, and that one."""
    shut: State | None = None
    """In which state the last child, which came too late, could have come."""
    also: State | None = None  #: the state of its parent if it had not been
    stray: bool = False  #: whether it stands where it may not: what it holds, too
    guessed: bool = False  #: whether its name stands for one that only looks like it


class Recovery:
    """The faults of one document or fragment."""

    def __init__(
        self, grammar: Grammar, *, fragment: bool = False, most: int | None = None
    ) -> None:
        """Begin before the outermost element.

        Args:
            grammar: The schema.
            fragment: Whether the outermost element may be any that is declared.
            most: How many faults to keep; the rest are counted. None: all.
        """
        self._grammar = grammar
        self._automaton = grammar.automaton
        self._faults = FirstFaults(most)
        state = None if fragment else self._automaton.start
        self._stack = [_Open("", 0, 0, state, state)]
        self._fragment = fragment
        self._prefixes: dict[str, list[str]] = {}
        self._identities: dict[str, int] = {}
        self._references: list[Fault] = []

    # -- events --------------------------------------------------------------

    def declare(self, prefix: str | None, uri: str | None) -> None:
        """Note a namespace declaration; it comes before its start tag."""
        self._prefixes.setdefault(prefix or "", []).append(uri or "")

    def withdraw(self, prefix: str | None) -> None:
        """Forget a namespace declaration after its end tag."""
        self._prefixes[prefix or ""].pop()

    def inherit(self, prefixes: dict[str, str]) -> None:
        """Note the declarations around a fragment."""
        for prefix, uri in prefixes.items():
            self.declare(prefix, uri)

    @property
    def _in_scope(self) -> dict[str, str]:
        return {prefix: uris[-1] for prefix, uris in self._prefixes.items() if uris}

    def start(
        self, raw: str, attributes: dict[str, str], line: int, column: int
    ) -> None:
        """Take a start tag; names as expat gives them."""
        parent = self._stack[-1]
        self._settle(parent)
        parent.childless = False
        raw = _meant(raw, parent.mistaken)
        opened = _Open(clark(raw), line, column, None, None)
        opened.mistaken = parent.mistaken
        declared = self._declared(parent, opened, raw)
        if declared:
            judged = judge(
                self._automaton.opening(declared), attributes, self._in_scope
            )
            opened.state = opened.first_state = judged.state
            if not opened.guessed:
                self._faults += [
                    self._about(opened, parent, one) for one in judged.faults
                ]
            self._identify(opened, judged.identities)
        self._stack.append(opened)

    def text(self, piece: str, line: int, column: int) -> None:
        """Take a piece of text."""
        here = self._stack[-1]
        if here.state is None or here.state.mixed:
            return
        if here.state.gather and here.childless:
            if not here.string and piece.strip(SPACE):
                here.string_place = line, column
            here.string.append(piece)
        elif piece.strip(SPACE):
            self._text(here, piece, line, column)

    def end(self, line: int, column: int) -> None:
        """Take an end tag."""
        closed = self._stack.pop()
        parent = self._stack[-1]
        accepted: tuple[Element, ...] = ()
        if closed.state is not None:
            accepted = self._finish(closed, closed.state, line, column)
        if closed.step is not None and parent.state is not None:
            resumed = self._resumed(closed.step, parent.state, accepted)
            if closed.also is not None:
                resumed = self._either(closed.also, resumed)
            if resumed is not parent.state:
                parent.doors.pop(parent.state, None)  # the last one counts
                parent.doors[parent.state] = closed.name, closed.line
                parent.state = resumed

    def _resumed(
        self, step: Step, state: State, accepted: tuple[Element, ...]
    ) -> State:
        """Return the parent's state after a child; a faulty child counts as right."""
        declared = tuple(one for one in step.opening.declared if one in accepted)
        try:
            return step.resume[declared or step.opening.declared]
        except Dead:
            return step.resume.state.after_children(step.opening.declared) or state

    def broken(self, reason: str, line: int, column: int) -> None:
        """Take it that the document is not well-formed from here on."""
        element = self._stack[-1].name
        kind = FaultKind.NOT_WELL_FORMED
        self._faults.append(Fault(line, column, kind, element, reason=reason))

    def faults(self, *, complete: bool = True) -> Faults:
        """Return the faults by place.

        Args:
            complete: Whether all was read, so that an IDREF can be called dangling.
        """
        if complete:
            for one in self._references:
                if one.found not in self._identities:
                    self._faults.append(one)
            self._references.clear()
        return self._faults.sorted()

    # -- elements ------------------------------------------------------------

    def _declared(self, parent: _Open, opened: _Open, raw: str) -> tuple[Element, ...]:
        """Return the declarations to check a child by; none: it is unknown."""
        if parent.state is None:
            return self._alone(parent, opened)
        step = parent.state.step(raw)
        if step is not None:
            parent.inside = None
            if split(opened.name)[1] not in EMPTY:
                parent.shut = None
            opened.step = step
            return step.opening.declared
        named = self._grammar.named(opened.name)
        if not named:
            return self._unknown(parent, parent.state, opened)
        if parent.inside is not None and (inner := parent.inside.step(raw)):
            parent.inside = parent.inside.after_children(inner.opening.declared)
            return inner.opening.declared
        self._misplaced(parent, parent.state, opened, named)
        return opened.step.opening.declared if opened.step else named

    def _alone(self, parent: _Open, opened: _Open) -> tuple[Element, ...]:
        """Judge an element whose parent says nothing about it."""
        named = self._grammar.declarations(opened.name)
        ns = split(opened.name)[0]
        if not named and (
            (ns in self._grammar.namespaces) or (self._fragment and not parent.name)
        ):
            kind = FaultKind.UNKNOWN_ELEMENT
            self._report(opened, parent, kind, self._grammar.names)
        return named

    def _unknown(
        self, parent: _Open, state: State, opened: _Open
    ) -> tuple[Element, ...]:
        """Report an unknown element; take it for the expected one it resembles."""
        patterns = [pattern for _, pattern in state.hypotheses]
        self._report(opened, parent, FaultKind.UNKNOWN_ELEMENT, labels(patterns))
        expected = [one for one in possible(patterns) if isinstance(one, Element)]
        meant = resembling(opened.name, expected)
        if meant is not None:
            (ns, local), (right, other) = split(opened.name), split(meant)
            opened.guessed = local.lower() != other.lower()
            if ns != right and local == other:
                opened.mistaken = ns, right
            opened.step = state.step(raw_name(meant))
            if opened.step is not None:
                return opened.step.opening.declared
        beyond = state.after_children(expected)
        if beyond is not None and not state.accepted:
            # It may stand for something required: forgive both readings.
            parent.state = self._either(state, beyond)
        return ()

    def _either(self, one: State, other: State) -> State:
        """Return the state of an element that may be in either of two."""
        several = dict.fromkeys((*one.hypotheses, *other.hypotheses))
        return self._automaton.state(several) or one

    def _misplaced(
        self, parent: _Open, state: State, opened: _Open, named: tuple[Element, ...]
    ) -> None:
        """Report a known element that may not stand here; repair the parent."""
        pool = self._automaton.pool
        patterns = [pattern for _, pattern in state.hypotheses]
        expected = labels(patterns)
        for declared, pattern in state.hypotheses:
            found = bridge(pool, pattern, named)
            if found is None:
                continue
            missing, before = found
            repaired = self._automaton.state([(declared, before)])
            names = labels(missing)
            self._report(opened, parent, FaultKind.ELEMENT_TOO_EARLY, names)
            parent.missing.update(names)
            if repaired is not None:
                parent.state = repaired
                opened.step = repaired.step(raw_name(opened.name))
            return
        if opened.name in parent.missing or parent.stray:
            return
        kind, wrapper = FaultKind.ELEMENT_TOO_LATE, ""
        if not (parent.first_state and parent.first_state.step(raw_name(opened.name))):
            kind = FaultKind.ELEMENT_NOT_ALLOWED
            wrapper = self._wrapper(parent, state, named)
        elif self._reopened(parent, state, opened):
            return
        opened.stray = kind is FaultKind.ELEMENT_NOT_ALLOWED and not wrapper
        self._report(opened, parent, kind, expected, wrapper=wrapper)
        parent.stuck = parent.state if wrapper == "" else parent.stuck

    def _reopened(self, parent: _Open, state: State, opened: _Open) -> bool:
        """Take a second child in a row that comes too late: it is the sibling before.

        What closed the door to both is then what stands wrongly, and has been named.
        """
        raw = raw_name(opened.name)
        door = next((one for one in reversed(parent.doors) if one.step(raw)), None)
        if door is None or door is not parent.shut:
            parent.shut = door
            return False
        opened.step, opened.also = door.step(raw), state
        return True

    def _wrapper(
        self, parent: _Open, state: State, wanted: tuple[Element, ...] | None
    ) -> str:
        """Find an expected element that may hold what stands without it; enter it.

        Args:
            parent: The element that holds the stray.
            state: What may come there.
            wanted: The declarations of the stray element; None for text.

        Returns:
            The wrapper's name, empty if there is none: then nothing is changed.
        """
        fitting = {
            one: inside
            for _, pattern in state.hypotheses
            for one in self._wrappers(pattern)
            if (inside := self._inside(one, wanted)) is not None
        }
        if not fitting:
            return ""
        # Of several the one that holds most: a paragraph rather than a heading.
        wrapper = max(fitting, key=lambda one: len(first(one.content)))
        parent.inside = fitting[wrapper]
        beyond = state.after_children((wrapper,))
        if beyond is not None:
            # It may as well have stood in something else: forgive both readings.
            parent.state = self._either(state, beyond)
        return str(next(explicit(wrapper.name_class)))

    def _wrappers(self, pattern: Pattern) -> list[Element]:
        """Return the elements that may be missing around a stray."""
        pool = self._automaton.pool
        if pool.text in first(pattern):
            return []
        candidates = needed(pool, pattern) or [
            one
            for one in possible((pattern,))
            if one in first(after(pool, pattern, one))
        ]
        return [
            one
            for one in candidates
            if isinstance(one, Element) and any(explicit(one.name_class))
        ]

    def _inside(
        self, wrapper: Element, wanted: tuple[Element, ...] | None
    ) -> State | None:
        """Return a wrapper's state after a stray, if it may hold it first."""
        opened = judge(self._automaton.opening((wrapper,)), {}, {}).state
        if opened is None:
            return None
        if wanted is None:
            return opened.after_text()
        return opened.after_children(
            [
                one
                for one in wanted
                if any(one in first(p) for _, p in opened.hypotheses)
            ]
        )

    def _finish(
        self, closed: _Open, state: State, line: int, column: int
    ) -> tuple[Element, ...]:
        """Judge an element at its end; return the declarations it satisfies."""
        if state.gather and closed.childless:
            string = "".join(closed.string)
            following = state.after_string(string, self._in_scope)
            if following is None:
                self._value(closed, state, string)
                return tuple(declared for declared, _ in state.hypotheses)
            state = following
        if state.accepted:
            return state.accepted
        if closed.stuck is not state and not closed.stray:
            expected = self._needed(state)
            parent = self._stack[-1]
            fault = Fault(
                line,
                column,
                FaultKind.CONTENT_INCOMPLETE,
                closed.name,
                parent.name,
                closed.line,
                expected=expected,
            )
            self._faults.append(fault)
        return tuple(declared for declared, _ in state.hypotheses)

    def _needed(self, state: State) -> tuple[str, ...]:
        pool = self._automaton.pool
        found = [labels(needed(pool, p)) for _, p in state.hypotheses]
        return tuple(dict.fromkeys(name for several in found for name in several))

    # -- text ----------------------------------------------------------------

    def _settle(self, here: _Open) -> None:
        """Take kept text for text beside elements, now that an element comes."""
        if not here.string:
            return
        string = "".join(here.string)
        if string.strip(SPACE) and here.state is not None:
            self._text(here, string, *here.string_place)
        here.string.clear()

    def _text(self, here: _Open, piece: str, line: int, column: int) -> None:
        state = here.state
        if state is None:
            return
        following = state.after_text()
        if following is not None:
            here.state = following
            return
        if (
            here.stray
            or here.text_reported
            or (here.inside and here.inside.after_text())
        ):
            return
        here.text_reported = True
        patterns = [pattern for _, pattern in state.hypotheses]
        expected = labels(patterns)
        wrapper = self._wrapper(here, state, None)
        lead = len(piece) - len(piece.lstrip(SPACE))
        fault = Fault(
            line,
            column + lead if column else 0,
            FaultKind.TEXT_NOT_ALLOWED,
            here.name,
            self._stack[-2].name,
            here.line,
            found=piece.strip(SPACE)[:_EXCERPT],
            expected=expected,
            wrapper=wrapper,
        )
        self._faults.append(fault)

    def _value(self, closed: _Open, state: State, string: str) -> None:
        line, column = closed.string_place
        patterns = [pattern for _, pattern in state.hypotheses]
        fault = Fault(
            line or closed.line,
            column or closed.column,
            FaultKind.TEXT_VALUE,
            closed.name,
            self._stack[-1].name,
            closed.line,
            found=string,
            expected=labels(patterns),
        )
        self._faults.append(fault)

    # -- reports -------------------------------------------------------------

    def _report(
        self,
        opened: _Open,
        parent: _Open,
        kind: FaultKind,
        expected: tuple[str, ...],
        wrapper: str = "",
    ) -> None:
        fault = Fault(opened.line, opened.column, kind, opened.name)
        fault = replace(fault, expected=expected, wrapper=wrapper)
        fault = self._about(opened, parent, fault)
        if kind is FaultKind.ELEMENT_TOO_LATE:
            fault = _shut_out(fault, parent)
        self._faults.append(fault)

    def _about(self, opened: _Open, parent: _Open, fault: Fault) -> Fault:
        """Complete a fault of a start tag with its place."""
        return replace(
            fault,
            line=opened.line,
            column=opened.column,
            element=opened.name,
            parent=parent.name,
            parent_line=parent.line,
        )

    def _identify(self, opened: _Open, identities: list[tuple[str, str, str]]) -> None:
        """Note IDs and IDREFs: which kind, attribute and value."""
        for kind, attribute, value in identities:
            for one in tokens(value):
                fault = Fault(
                    opened.line,
                    opened.column,
                    FaultKind.DANGLING_IDREF,
                    opened.name,
                    attribute=attribute,
                    found=one,
                )
                if kind != "ID":
                    self._references.append(fault)
                elif one in self._identities:
                    line = self._identities[one]
                    kind_ = FaultKind.DUPLICATE_ID
                    self._faults.append(replace(fault, kind=kind_, parent_line=line))
                else:
                    self._identities[one] = opened.line


def _meant(raw: str, mistaken: tuple[str, str] | None) -> str:
    """Return a name of expat's, a namespace that is written by mistake corrected."""
    if mistaken is None or split(clark(raw))[0] != mistaken[0]:
        return raw
    return f"{mistaken[1]}}}{split(clark(raw))[1]}"


def _shut_out(fault: Fault, parent: _Open) -> Fault:
    """Say of an element that comes too late which sibling it had to come before."""
    for state, (sibling, line) in reversed(parent.doors.items()):
        if state.step(raw_name(fault.element)):
            first = state is parent.first_state
            return replace(fault, before=sibling, before_line=line, first=first)
    return fault


def resembling(name: str, expected: list[Element]) -> str | None:
    """Return the expected name that an unknown one is probably meant to be."""
    ns, local = split(name)
    if ns == _TEI and local in TEI_ELEMENTS:
        return None  # no slip: this schema leaves it out
    names = {
        one.local.lower(): str(one)
        for element in reversed(expected)
        for one in explicit(element.name_class)
    }
    close = get_close_matches(local.lower(), names, n=1, cutoff=0.75)
    return names[close[0]] if close else None
