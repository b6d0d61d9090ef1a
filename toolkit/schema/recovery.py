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

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final, TypeAlias

from toolkit.familiar import EMPTY
from toolkit.schema.datatypes import SPACE
from toolkit.schema.faults import Fault, FaultKind, Faults, FirstFaults
from toolkit.schema.identities import Identities
from toolkit.schema.nameclass import explicit, split
from toolkit.schema.offer import offer
from toolkit.schema.opened import (
    Open,
    could_come,
    excused,
    in_content,
    last_child,
    meant,
    shut_out,
    without_gaps,
)
from toolkit.schema.outlook import bridge, labels, needed, pairing
from toolkit.schema.starttag import judge
from toolkit.schema.states import Dead, State, Step, clark, raw_name
from toolkit.schema.wrappers import lacking

if TYPE_CHECKING:
    from collections.abc import Callable

    from toolkit.schema.grammar import Grammar
    from toolkit.schema.pattern import Element, Pattern, PatternPool, Symbol

    #: Gives what is missing in a pattern before an element, and the pattern after that.
    Bridge: TypeAlias = Callable[
        [PatternPool, Pattern], tuple[tuple[Symbol, ...], Pattern] | None
    ]

_EXCERPT: Final = 40  #: characters of a text that a fault quotes


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
        self._stack = [Open("", 0, 0, state, state)]
        self._fragment = fragment
        self._prefixes: dict[str, list[str]] = {}
        self._identities = Identities()

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
        raw = meant(raw, parent.mistaken)
        opened = Open(clark(raw), line, column, None, None)
        opened.mistaken = parent.mistaken
        declared = self._declared(parent, opened, raw)
        if declared:
            judged = judge(
                self._automaton.opening(declared), attributes, self._in_scope
            )
            opened.state = opened.first_state = judged.state
            if not opened.guessed:
                self._faults += [
                    self._about(opened, parent, one)
                    for one in without_gaps(judged.faults)
                ]
            self._faults += self._identities.taken(opened, judged.identities)
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
            self._faults += self._identities.dangling()
        return self._faults.sorted()

    # -- elements ------------------------------------------------------------

    def _declared(self, parent: Open, opened: Open, raw: str) -> tuple[Element, ...]:
        """Return the declarations to check a child by; none: it is unknown."""
        if parent.state is None:
            return self._alone(parent, opened)
        step = parent.state.step(raw)
        if step is not None:
            parent.inside = self._still_inside(parent, raw)
            if split(opened.name)[1] not in EMPTY:
                parent.shut = None
            opened.step = step
            return step.opening.declared
        named = self._grammar.named(opened.name)
        if not named:
            return self._unknown(parent, parent.state, opened)
        if parent.inside is not None and (inner := parent.inside.step(raw)):
            parent.inside = self._still_inside(parent, raw)
            return inner.opening.declared
        self._misplaced(parent, parent.state, opened, named)
        return opened.step.opening.declared if opened.step else named

    def _still_inside(self, parent: Open, raw: str) -> State | None:
        """Return the state of a wrapper that is not there, after one more element."""
        inner = parent.inside.step(raw) if parent.inside is not None else None
        if parent.inside is None or inner is None:
            return None
        return parent.inside.after_children(inner.opening.declared)

    def _alone(self, parent: Open, opened: Open) -> tuple[Element, ...]:
        """Judge an element whose parent says nothing about it."""
        named = self._grammar.declarations(opened.name)
        ns = split(opened.name)[0]
        if not named and (
            (ns in self._grammar.namespaces) or (self._fragment and not parent.name)
        ):
            kind = FaultKind.UNKNOWN_ELEMENT
            self._report(opened, parent, kind, self._grammar.names)
        return named

    def _unknown(self, parent: Open, state: State, opened: Open) -> tuple[Element, ...]:
        """Report an unknown element; take it for the expected one it resembles."""
        offered = offer(state)
        self._report(opened, parent, FaultKind.UNKNOWN_ELEMENT, offered.labels)
        likely = offered.resembling(opened.name)
        if likely is not None:
            (ns, local), (right, other) = split(opened.name), split(likely)
            opened.guessed = local.lower() != other.lower()
            if ns != right and local == other:
                opened.mistaken = ns, right
            opened.step = state.step(raw_name(likely))
            if opened.step is not None:
                return opened.step.opening.declared
        self._forgive(parent, state)
        return ()

    def _forgive(self, parent: Open, state: State) -> None:
        """Take what stands wrongly for something required, or for nothing."""
        beyond = offer(state).beyond
        if beyond is not None and not state.accepted:
            parent.state = self._either(state, beyond)

    def _either(self, one: State, other: State) -> State:
        """Return the state of an element that may be in either of two."""
        several = dict.fromkeys((*one.hypotheses, *other.hypotheses))
        return self._automaton.state(several) or one

    def _misplaced(
        self, parent: Open, state: State, opened: Open, named: tuple[Element, ...]
    ) -> None:
        """Report a known element that may not stand here; repair the parent."""
        if self._bridged(parent, state, opened, partial(bridge, targets=named)):
            return
        opened.stray = True
        if opened.name in parent.missing or parent.stray:
            return
        expected = offer(state).labels
        kind, wrapper = FaultKind.ELEMENT_TOO_LATE, ""
        if not could_come(parent, raw_name(opened.name)):
            kind = FaultKind.ELEMENT_NOT_ALLOWED
            wrapper = self._wrapper(parent, state, named)
            opened.guessed = True
            if not wrapper:
                self._forgive(parent, state)
        elif self._reopened(parent, state, opened):
            return
        elif self._bridged(parent, state, opened, partial(pairing, targets=named)):
            opened.stray = False
            return
        self._report(opened, parent, kind, expected, wrapper=wrapper)
        parent.stuck = parent.state if wrapper == "" else parent.stuck

    def _bridged(
        self, parent: Open, state: State, opened: Open, missing_before: Bridge
    ) -> bool:
        """Go on as if what is missing before an element had been there.

        Args:
            parent: The element that holds it.
            state: What may come where it stands.
            opened: The element that comes too early.
            missing_before: Gives what a pattern lacks, and how it goes on then.

        Returns:
            Whether something was missing; it has been reported.
        """
        for declared, pattern in state.hypotheses:
            found = missing_before(self._automaton.pool, pattern)
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
            return True
        return False

    def _reopened(self, parent: Open, state: State, opened: Open) -> bool:
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
        self, parent: Open, state: State, wanted: tuple[Element, ...] | None
    ) -> str:
        """Take a stray to stand in the element that it lacks; return its name.

        Args:
            parent: The element that holds the stray.
            state: What may come there.
            wanted: The declarations of the stray element; None for text.

        Returns:
            The wrapper's name, empty if there is none: then nothing is changed.
        """
        found = lacking(self._automaton, state, wanted)
        if found is None:
            return ""
        wrapper, parent.inside = found
        beyond = state.after_children((wrapper,))
        if beyond is not None:
            # It may as well have stood in something else: forgive both readings.
            parent.state = self._either(state, beyond)
        return str(next(explicit(wrapper.name_class)))

    def _finish(
        self, closed: Open, state: State, line: int, column: int
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
        if closed.stuck is not state and not closed.stray and not excused(closed):
            fault = in_content(FaultKind.CONTENT_INCOMPLETE, closed, line, column)
            fault = replace(fault, parent=self._stack[-1].name)
            lacking_here, last = self._needed(state), last_child(closed)
            self._faults.append(replace(fault, expected=lacking_here, before=last))
        return tuple(declared for declared, _ in state.hypotheses)

    def _needed(self, state: State) -> tuple[str, ...]:
        pool = self._automaton.pool
        found = [labels(needed(pool, p)) for _, p in state.hypotheses]
        return tuple(dict.fromkeys(name for several in found for name in several))

    # -- text ----------------------------------------------------------------

    def _settle(self, here: Open) -> None:
        """Take kept text for text beside elements, now that an element comes."""
        if not here.string:
            return
        string = "".join(here.string)
        if string.strip(SPACE) and here.state is not None:
            self._text(here, string, *here.string_place)
        here.string.clear()

    def _text(self, here: Open, piece: str, line: int, column: int) -> None:
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
        lead = len(piece) - len(piece.lstrip(SPACE))
        column = column + lead if column else 0
        fault = in_content(FaultKind.TEXT_NOT_ALLOWED, here, line, column)
        fault = replace(fault, parent=self._stack[-2].name)
        expected = labels([pattern for _, pattern in state.hypotheses])
        wrapper = self._wrapper(here, state, None)
        found = piece.strip(SPACE)[:_EXCERPT]
        self._faults.append(
            replace(fault, found=found, expected=expected, wrapper=wrapper)
        )

    def _value(self, closed: Open, state: State, string: str) -> None:
        line, column = closed.string_place
        place = line or closed.line, column or closed.column
        fault = in_content(FaultKind.TEXT_VALUE, closed, *place)
        fault = replace(fault, parent=self._stack[-1].name)
        expected = labels([pattern for _, pattern in state.hypotheses])
        self._faults.append(replace(fault, found=string, expected=expected))

    # -- reports -------------------------------------------------------------

    def _report(
        self,
        opened: Open,
        parent: Open,
        kind: FaultKind,
        expected: tuple[str, ...],
        wrapper: str = "",
    ) -> None:
        fault = Fault(opened.line, opened.column, kind, opened.name)
        fault = replace(fault, expected=expected, wrapper=wrapper)
        fault = self._about(opened, parent, fault)
        if kind is FaultKind.ELEMENT_TOO_LATE:
            fault = shut_out(fault, parent)
        elif kind is FaultKind.ELEMENT_NOT_ALLOWED:
            fault = replace(fault, before=last_child(parent))
        self._faults.append(fault)

    def _about(self, opened: Open, parent: Open, fault: Fault) -> Fault:
        """Complete a fault of a start tag with its place."""
        return replace(
            fault,
            line=opened.line,
            column=opened.column,
            element=opened.name,
            parent=parent.name,
            parent_line=parent.line,
        )
