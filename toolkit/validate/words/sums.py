"""Rules that say the same: one asks for an attribute, another sums up what it gives.

Takes the broken rules of a document and gives those that are to be shown. Of a document
without its id one rule says just that; another, that its number is not that id.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from toolkit.findings import Severity
from toolkit.tei import local_name
from toolkit.validate.words.asks import asked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from toolkit.findings import Finding
    from toolkit.tei import Element
    from toolkit.validate.violation import Violation

    Broken = tuple[Violation, Finding]

_RULE: Final = re.compile(r"\[([\w.-]+)\]$")
_MOST: Final = 50  #: broken rules that are compared each with each


def without_sums(broken: Sequence[Broken]) -> Iterator[Finding]:
    """Yield broken rules without those that another of them explains.

    Args:
        broken: The rules, with the elements that break them.
    """
    explained: set[int] = set()
    for one, other in _pairs(broken):
        if id(other[1]) not in explained and _sums_up(one, other):
            explained.add(id(one[1]))
        elif id(one[1]) not in explained and _sums_up(other, one):
            explained.add(id(other[1]))
    yield from (one for _, one in broken if id(one) not in explained)


def _pairs(broken: Sequence[Broken]) -> Iterator[tuple[Broken, Broken]]:
    """Yield pairs that may have to do with each other."""
    by_element: dict[Element, list[Broken]] = defaultdict(list)
    for one in broken:
        by_element[one[0].element].append(one)
    if len(broken) <= _MOST:
        for place, one in enumerate(broken):
            yield from ((one, other) for other in broken[:place])
        return
    for one in broken:
        for element in (one[0].element, *one[0].element.iterancestors()):
            yield from ((one, other) for other in by_element.get(element, ()))


def _sums_up(one: Broken, cause: Broken) -> bool:
    """Return whether a rule asks again for what another asks of its own element.

    Or of its neighbour: that the same parent is missing.
    """
    (violation, finding), (other, reason) = one, cause
    if _rule(finding) == _rule(reason) or _is_heavier(finding, reason):
        return False
    names, own = asked(violation.asks), asked(other.asks).own
    if names.parents & asked(other.asks).parents:
        return violation.element.getprevious() is other.element
    shared = names.attributes & own
    if not shared:
        return False
    if violation.element is other.element:
        return finding > reason
    if "xml:id" in shared and names.wide:
        return True
    if local_name(other.element) not in names.elements:
        return False
    return "xml:id" in shared or _belong(violation.element, other.element)


def _belong(one: Element, other: Element) -> bool:
    """Return whether an element is above another, or all that can be meant."""
    if other in one.iterancestors() or one in other.iterancestors():
        return True
    same = other.getroottree().getroot().iter(str(other.tag))
    return next(same, None) is other and next(same, None) is None


def _is_heavier(one: Finding, other: Finding) -> bool:
    return one.severity is Severity.ERROR and other.severity is not Severity.ERROR


def _rule(finding: Finding) -> str:
    found = _RULE.search(finding.message)
    return found[1] if found else ""
