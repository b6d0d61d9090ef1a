"""The element that a stray lacks: text without a `p`, a `cell` without its `row`.

Takes a state of the automaton and what stands there without a wrapper, and gives the
wrapper that was most likely forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.schema.derivative import after, first
from toolkit.schema.nameclass import explicit
from toolkit.schema.outlook import needed, possible
from toolkit.schema.pattern import Element
from toolkit.schema.starttag import judge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toolkit.schema.pattern import Pattern, PatternPool
    from toolkit.schema.states import Automaton, State


def lacking(
    automaton: Automaton, state: State, wanted: tuple[Element, ...] | None
) -> tuple[Element, State] | None:
    """Return an expected element that may hold a stray, and its state after that.

    Args:
        automaton: The grammar's automaton.
        state: What may come where the stray stands.
        wanted: The declarations of the stray element; None for text.

    Returns:
        None if no expected element may hold it.
    """
    pool, patterns = automaton.pool, [pattern for _, pattern in state.hypotheses]
    likely = [one for pattern in patterns for one in _candidates(pool, pattern)]
    fitting = _fitting(automaton, likely, wanted)
    if not fitting and not any(pool.text in first(pattern) for pattern in patterns):
        others = [one for one in possible(patterns) if isinstance(one, Element)]
        fitting = _fitting(automaton, others, wanted)
        if len(fitting) > 1:
            return None  # anything may hold it: no hint which is missing
    if not fitting:
        return None
    # Of several the one that holds most: a paragraph rather than a heading.
    wrapper = max(fitting, key=lambda one: len(first(one.content)))
    return wrapper, fitting[wrapper]


def _fitting(
    automaton: Automaton,
    candidates: Iterable[Element],
    wanted: tuple[Element, ...] | None,
) -> dict[Element, State]:
    """Return those of several elements that may hold a stray, with the state after."""
    return {
        one: inside
        for one in candidates
        if any(explicit(one.name_class))
        and (inside := _inside(automaton, one, wanted)) is not None
    }


def _candidates(pool: PatternPool, pattern: Pattern) -> list[Element]:
    """Return the elements that may be missing around a stray."""
    if pool.text in first(pattern):
        return []
    candidates = needed(pool, pattern) or [
        one for one in possible((pattern,)) if one in first(after(pool, pattern, one))
    ]
    return [one for one in candidates if isinstance(one, Element)]


def _inside(
    automaton: Automaton, wrapper: Element, wanted: tuple[Element, ...] | None
) -> State | None:
    """Return a wrapper's state after a stray, if it may hold it first."""
    opened = judge(automaton.opening((wrapper,)), {}, {}).state
    if opened is None:
        return None
    if wanted is None:
        return opened.after_text()
    return opened.after_children(
        [one for one in wanted if any(one in first(p) for _, p in opened.hypotheses)]
    )
