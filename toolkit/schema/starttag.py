"""Judging a start tag in detail: which attributes are wrong, missing, or too many."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from toolkit.schema.derivative import (
    after_attribute,
    attributes,
    without_attributes,
)
from toolkit.schema.faults import Fault, FaultKind
from toolkit.schema.nameclass import describe
from toolkit.schema.outlook import labels, missing_attributes
from toolkit.schema.pattern import Attribute, Choice, Data, Element, Pattern
from toolkit.schema.states import clark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from toolkit.schema.states import Opening, State


@dataclass(slots=True)
class Judgement:
    """What a start tag turns out to be."""

    state: State | None  #: what its element may hold, faults forgiven
    faults: list[Fault] = field(default_factory=list)  #: without their place
    identities: list[tuple[str, str, str]] = field(default_factory=list)
    """ID, IDREF or IDREFS; the attribute; its value."""


def judge(
    opening: Opening, given: Mapping[str, str], prefixes: Mapping[str, str]
) -> Judgement:
    """Judge the attributes of a start tag.

    Args:
        opening: What its element may be.
        given: Values by names, these as expat gives them.
        prefixes: Namespaces by prefix at this place.
    """
    plan = opening.plans[tuple(given)]
    identities = [
        (one.identity, clark(name), value)
        for one, (name, value) in zip(plan.verdicts, given.items(), strict=True)
        if one.identity
    ]
    plain = not opening.automaton.grammar.needs_prefixes
    verdicts = list(zip(plan.verdicts, given.values(), strict=True))
    if plain and plan.state is not None and all(one[value] for one, value in verdicts):
        return Judgement(plan.state, [], identities)
    matched = [one.matched(value, prefixes) for one, value in verdicts]
    state = plan.exact(matched) if all(matched) else None
    if state is not None:
        return Judgement(state, [], identities)
    judged = [
        (declared, *_judge(opening, declared, given, matched))
        for declared in opening.declared
    ]
    fewest = min((len(faults) for _, _, faults in judged), default=0)
    best = [one for one in judged if len(one[2]) == fewest]
    state = opening.automaton.state(
        (declared, pattern) for declared, pattern, _ in best
    )
    return Judgement(state, best[0][2] if best else [], identities)


def _judge(
    opening: Opening,
    declared: Element,
    given: Mapping[str, str],
    matched: list[frozenset[Attribute]],
) -> tuple[Pattern, list[Fault]]:
    """Judge by one declaration; return its content with the faults forgiven."""
    automaton = opening.automaton
    pool = automaton.pool
    faults: list[Fault] = []
    pattern = declared.content
    for (raw, value), good in zip(given.items(), matched, strict=True):
        candidates = automaton.candidates((declared,), raw)
        fitting = good & frozenset(candidates)
        if candidates and not fitting:
            faults.append(_bad_value(clark(raw), value, candidates))
        rest = after_attribute(pool, pattern, fitting or frozenset(candidates))
        if rest is not pool.not_allowed:
            pattern = rest
        elif fitting or not candidates:
            faults.append(
                Fault(
                    0,
                    0,
                    FaultKind.ATTRIBUTE_NOT_ALLOWED,
                    "",
                    attribute=clark(raw),
                    found=value,
                    expected=_names(attributes(pattern)),
                )
            )
    closed = without_attributes(pool, pattern)
    if closed is pool.not_allowed:
        for gap in missing_attributes(pattern):
            kind = FaultKind.ATTRIBUTE_MISSING
            names = _names(gap)
            faults.append(Fault(0, 0, kind, "", attribute=names[0], expected=names))
        closed = without_attributes(pool, pattern, pool.empty)
    return closed, faults


def _bad_value(name: str, value: str, candidates: tuple[Attribute, ...]) -> Fault:
    patterns = [one.value for one in candidates]
    return Fault(
        0,
        0,
        FaultKind.ATTRIBUTE_VALUE,
        "",
        attribute=name,
        found=value,
        expected=labels(patterns),
        reason=why_not(patterns, value),
    )


def why_not(patterns: Iterable[Pattern], value: str) -> str:
    """Say why a value is not of the one datatype it must be of, if it is only one."""
    found = set()
    for pattern in patterns:
        for one in pattern.alternatives if isinstance(pattern, Choice) else (pattern,):
            if not isinstance(one, Data):
                return ""
            found.add(one.datatype.why_not(value) or "")
    return found.pop() if len(found) == 1 else ""


def _names(several: Iterable[Attribute]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(describe(one.name_class) for one in several))
