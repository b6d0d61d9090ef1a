"""Checking documents against a grammar, in one pass over the parser's events.

Takes the bytes of a document and gives its faults. A first pass only looks up the
automaton's tables (``states``) and stops at the first thing that is not right; only
then a second, careful pass (``recovery``) finds every fault and its place. So a
valid document, the usual one, pays for nothing but look-ups.
"""

from __future__ import annotations

import sys
from array import array
from typing import TYPE_CHECKING, Final, TypeAlias
from xml.parsers import expat

from lxml import etree

from toolkit.schema.datatypes import SPACE, tokens
from toolkit.schema.faults import EnoughError, Fault, FaultKind, Faults
from toolkit.schema.states import Dead, State, raw_name
from toolkit.tei import line_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from toolkit.schema.grammar import Grammar
    from toolkit.schema.recovery import Recovery
    from toolkit.schema.states import Ends, Opening, Plan

__all__ = [
    "Fault",
    "FaultKind",
    "Source",
    "accepts",
    "check",
    "check_fragment",
    "faults",
]

_PARTS: Final = 251  #: parts that the hashes of ids are divided into

#: A document: its bytes, or what gives them piece by piece (and can do so again).
Source: TypeAlias = "bytes | Callable[[], Iterable[bytes]]"


def check(source: Source, grammar: Grammar, most: int | None = None) -> Faults:
    """Return the faults of a document, in document order; none if it is valid.

    Args:
        source: The document. Nothing outside it is read.
        grammar: The schema.
        most: How many faults to return; the rest are counted. None: all.

    IDs are checked as RELAX NG DTD Compatibility (section 5) has it: unique, and
    every IDREF means one.
    """
    if accepts(source, grammar):
        return Faults()
    return faults(source, grammar, most)


def faults(
    source: Source,
    grammar: Grammar,
    most: int | None = None,
    deepest: int = sys.maxsize,
) -> Faults:
    """Return what ``check`` returns, for a document that is known to be faulty.

    Args:
        source: The document. Nothing outside it is read.
        grammar: The schema.
        most: How many faults to return; the rest are counted. None: all.
        deepest: How deep elements may be nested.

    Raises:
        TooDeepError: They are nested deeper.
    """
    from toolkit.schema.recovery import Recovery  # not for valid documents

    recovery = Recovery(grammar, most=most)
    try:
        complete = _read(source, recovery, deepest)
    except EnoughError:
        return recovery.faults(complete=False)
    found = recovery.faults(complete=complete)
    found.complete = complete
    return found


def _pieces(source: Source) -> Iterable[bytes]:
    return (source,) if isinstance(source, bytes) else source()


def _read(source: Source, recovery: Recovery, deepest: int = sys.maxsize) -> bool:
    """Give a document's events with their places; say whether it is well-formed."""
    parser = expat.ParserCreate(namespace_separator="}")

    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > deepest:
            raise TooDeepError
        line, column = parser.CurrentLineNumber, parser.CurrentColumnNumber + 1
        recovery.start(name, attributes, line, column)

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1
        recovery.end(parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)

    def text(piece: str) -> None:
        recovery.text(piece, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartNamespaceDeclHandler = recovery.declare
    parser.EndNamespaceDeclHandler = recovery.withdraw
    try:
        for piece in _pieces(source):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as fault:
        said = expat.ErrorString(fault.code)
        recovery.broken(said, fault.lineno, fault.offset + 1)
        return False
    return True


class TooDeepError(Exception):
    """A document's elements are nested deeper than was asked for."""


def accepts(source: Source, grammar: Grammar, deepest: int = sys.maxsize) -> bool:
    """Say whether a document is well-formed and valid; the fast half of ``check``.

    Args:
        source: The document.
        grammar: The schema.
        deepest: How deep elements may be nested.

    Raises:
        TooDeepError: They are nested deeper.
    """
    if grammar.needs_prefixes:
        return False  # only the careful pass knows the prefixes at each place
    walk = _Walk(grammar.automaton.start, deepest)
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = parser.ordered_attributes = True
    parser.StartElementHandler, parser.EndElementHandler, text = walk.handlers()
    parser.CharacterDataHandler = text
    try:
        for piece in _pieces(source):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (Dead, expat.ExpatError):
        return False
    return walk.identities.agree_with(walk.references)


class _Hashes:
    """Many strings in little memory: eight bytes each, by their hashes."""

    def __init__(self) -> None:
        # Divided, so that only a small part has to be looked at at once.
        self._parts = [array("q") for _ in range(_PARTS)]

    def add(self, string: str) -> None:
        """Take a string."""
        number = hash(string)
        self._parts[number % _PARTS].append(number)

    def agree_with(self, references: _Hashes) -> bool:
        """Say whether these are all different, and every reference is one of them.

        Two strings with one hash count as equal: a document with such ids is then
        read with care, which is all that this decides.
        """
        for mine, theirs in zip(self._parts, references._parts, strict=True):
            different = set(mine)
            if len(different) < len(mine) or not different.issuperset(theirs):
                return False
        return True


class _Walk:
    """The fast pass over one document."""

    def __init__(self, state: State, deepest: int) -> None:
        self.state, self.deepest = state, deepest
        self.identities = _Hashes()
        self.references = _Hashes()

    def identify(self, plan: Plan, values: list[str]) -> None:
        """Note the IDs and IDREFs of a start tag."""
        for place, kind in plan.identities:
            for one in tokens(values[place]):
                (self.identities if kind == "ID" else self.references).add(one)

    def judge(self, opening: Opening, attributes: list[str]) -> State:
        """Return where a start tag leads that was not seen before.

        Args:
            opening: What its element may be.
            attributes: Names and values in turn.
        """
        values = attributes[1::2]
        plan = opening.plans[tuple(attributes[::2])]
        following = plan.state
        for verdict, value in zip(plan.verdicts, values, strict=True):
            if not verdict[value]:
                following = plan.judge(values)
                break
        if plan.identities:
            self.identify(plan, values)
        if following is None:
            raise Dead
        if not plan.identities and opening.automaton.has_room():
            opening.tags[tuple(attributes)] = following
        return following

    def handlers(  # noqa: C901 - three small closures over one state
        self,
    ) -> tuple[
        Callable[[str, list[str]], None],
        Callable[[str], None],
        Callable[[str], None],
    ]:
        """Return the handlers; closures, because cells are faster than fields."""
        state = self.state
        stack: list[Ends] = []
        push, pop = stack.append, stack.pop
        gathered: list[str] = []
        judge, deepest = self.judge, self.deepest

        def alive(found: State | None) -> State:
            if found is None:
                raise Dead
            return found

        def start(name: str, attributes: list[str]) -> None:
            nonlocal state
            if gathered:
                if "".join(gathered).strip(SPACE):
                    state = alive(state.after_text())
                gathered.clear()
            if not attributes:
                try:
                    ends, state = state.bare[name]
                except KeyError:
                    bare, step = state.bare, state.children[name]
                    ends, state = step.ends, judge(step.opening, attributes)
                    bare[name] = ends, state
            else:
                step = state.children[name]
                ends = step.ends
                try:
                    state = step.opening.tags[tuple(attributes)]
                except KeyError:
                    state = judge(step.opening, attributes)
            push(ends)
            if len(stack) > deepest:
                raise TooDeepError

        def end(_name: str) -> None:
            nonlocal state
            ends = pop()
            try:
                state = ends[state]  # a state that gathers text is never there
            except KeyError:
                if state.gather:
                    state = alive(state.after_string("".join(gathered)))
                    gathered.clear()
                    state = ends.resume[state.accepted]
                else:
                    following = ends.resume[state.accepted]
                    ends[state] = following
                    state = following

        def text(piece: str) -> None:
            nonlocal state
            if state.mixed:
                return
            if state.gather:
                gathered.append(piece)
            elif piece.strip(SPACE):
                state = alive(state.after_text())

        return start, end, text


def check_fragment(fragment: etree._Element | bytes, grammar: Grammar) -> list[Fault]:
    """Return the faults of one element, checked as what its name declares.

    Args:
        fragment: An element, wherever it stands, or the bytes of one.
        grammar: The schema.

    Returns:
        Its faults in document order, those of its descendants too. An element of a
        tree has the lines of its file and no columns. IDREFs may mean what lies
        outside the fragment.
    """
    from toolkit.schema.recovery import Recovery

    recovery = Recovery(grammar, fragment=True)
    if isinstance(fragment, bytes):
        _read(fragment, recovery)
    else:
        _walk_tree(fragment, recovery)
    return recovery.faults(complete=False)


def _walk_tree(root: etree._Element, recovery: Recovery) -> None:
    """Give the events of an element of a tree."""
    recovery.inherit({prefix or "": uri for prefix, uri in root.nsmap.items()})
    for event, element in etree.iterwalk(
        root, events=("start", "end", "comment", "pi")
    ):
        line = line_of(element)
        if event == "start":
            named = {raw_name(str(key)): value for key, value in element.items()}
            recovery.start(raw_name(str(element.tag)), named, line, 0)
            if element.text:
                recovery.text(element.text, line, 0)
            continue
        if event == "end":
            recovery.end(line, 0)
        if element is not root and element.tail:
            recovery.text(element.tail, line, 0)
