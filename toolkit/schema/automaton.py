"""Checking documents against a grammar, in one pass over the parser's events.

Takes the bytes of a document and gives its faults. A first pass only looks up the
automaton's tables (``states``) and stops at the first thing that is not right; only
then a second, careful pass (``recovery``) finds every fault and its place. So a
valid document, the usual one, pays for nothing but look-ups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers import expat

from lxml import etree

from toolkit.schema.datatypes import SPACE, tokens
from toolkit.schema.faults import Fault, FaultKind
from toolkit.schema.recovery import Recovery
from toolkit.schema.states import Dead, State, raw_name
from toolkit.tei import line_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from toolkit.schema.grammar import Grammar
    from toolkit.schema.states import Plan, Resume

__all__ = ["Fault", "FaultKind", "accepts", "check", "check_fragment"]


def check(source: bytes, grammar: Grammar) -> list[Fault]:
    """Return every fault of a document, in document order; none if it is valid.

    Args:
        source: The document. Nothing outside it is read.
        grammar: The schema.

    IDs are checked as RELAX NG DTD Compatibility (section 5) has it: unique, and
    every IDREF means one.
    """
    if accepts(source, grammar):
        return []
    recovery = Recovery(grammar)
    return recovery.faults(complete=_read(source, recovery))


def _read(source: bytes, recovery: Recovery) -> bool:
    """Give a document's events with their places; say whether it is well-formed."""
    parser = expat.ParserCreate(namespace_separator="}")

    def place() -> tuple[int, int]:
        return parser.CurrentLineNumber, parser.CurrentColumnNumber + 1

    def start(name: str, attributes: dict[str, str]) -> None:
        recovery.start(name, attributes, *place())

    def end(_name: str) -> None:
        recovery.end(*place())

    def text(piece: str) -> None:
        recovery.text(piece, *place())

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartNamespaceDeclHandler = recovery.declare
    parser.EndNamespaceDeclHandler = recovery.withdraw
    try:
        parser.Parse(source, True)
    except expat.ExpatError as fault:
        said = expat.ErrorString(fault.code)
        recovery.broken(said, fault.lineno, fault.offset + 1)
        return False
    return True


def accepts(source: bytes, grammar: Grammar) -> bool:
    """Say whether a document is well-formed and valid; the fast half of ``check``."""
    if grammar.needs_prefixes:
        return False  # only the careful pass knows the prefixes at each place
    walk = _Walk(grammar.automaton.start)
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, text = walk.handlers()
    parser.CharacterDataHandler = text
    try:
        parser.Parse(source, True)
    except (Dead, expat.ExpatError):
        return False
    return walk.references <= walk.identities


class _Walk:
    """The fast pass over one document."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.identities: set[str] = set()
        self.references: set[str] = set()

    def identify(self, plan: Plan, values: list[str]) -> None:
        """Note the IDs and IDREFs of a start tag."""
        for place, kind in plan.identities:
            for one in tokens(values[place]):
                if kind != "ID":
                    self.references.add(one)
                elif one in self.identities:
                    raise Dead
                else:
                    self.identities.add(one)

    def handlers(  # noqa: C901 - three small closures over one state
        self,
    ) -> tuple[
        Callable[[str, dict[str, str]], None],
        Callable[[str], None],
        Callable[[str], None],
    ]:
        """Return the handlers; closures, because cells are faster than fields."""
        state = self.state
        stack: list[Resume] = []
        push, pop = stack.append, stack.pop
        gathered: list[str] = []
        identify = self.identify

        def alive(found: State | None) -> State:
            if found is None:
                raise Dead
            return found

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal state
            if gathered:
                if "".join(gathered).strip(SPACE):
                    state = alive(state.after_text())
                gathered.clear()
            step = state.children[name]
            push(step.resume)
            plan = step.opening.plans[tuple(attributes)]
            following = plan.state
            for verdict, value in zip(plan.verdicts, attributes.values(), strict=True):
                if not verdict[value]:
                    following = plan.judge(attributes.values())
                    break
            if plan.identities:
                identify(plan, list(attributes.values()))
            if following is None:
                raise Dead
            state = following

        def end(_name: str) -> None:
            nonlocal state
            if state.gather:
                state = alive(state.after_string("".join(gathered)))
                gathered.clear()
            state = pop()[state.accepted]

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
