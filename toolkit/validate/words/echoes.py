"""One fault, one finding: what two stages say of the same slip is said once.

A grammar, rules and the check of pointers look at a document independently. If the
grammar finds ``@rendd`` on a ``hi``, a rule that asks every ``hi`` for its ``@rend``
says the same again; it is asked anew when the slip is mended. Takes the findings of
all stages and gives those that are to be shown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from toolkit.tei import local_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from toolkit.findings import Finding
    from toolkit.tei import Element

    Places = Mapping[tuple[int, int], Element]

_OPENED: Final = re.compile(r"<([^<>\s]+)> \(opened on line (\d+)\)")
#: Codes of what is wrong in a start tag, and of what stands where it should not.
_IN_TAG: Final = frozenset(("TEI108", "TEI109", "TEI110"))
_MISPLACED: Final = frozenset(("TEI101", "TEI102", "TEI103", "TEI104"))
_CONTENT: Final = frozenset(("TEI105", "TEI106"))
#: Rules of our schema that sum up, for a whole document, what these codes say of the
#: one place; other programs that run them have no such codes.
_SUMS: Final = {
    "teiHeader-prefixes": frozenset(("TEI308", "TEI309")),
    "TEI-id-prefix": frozenset(("TEI304", "TEI306")),
    "langUsage-quoted": frozenset(("TEI112",)),
}
#: What a rule says of pointers and ids while an id of the document is no name.
_OF_IDS: Final = re.compile(r"\bpoint(s|er)?\b|@xml:id|identifier")
_RULE: Final = re.compile(r"\[([\w.-]+)\]$")


def told_once(
    structure: Sequence[Finding],
    pointing: Sequence[Finding],
    broken: Sequence[tuple[Element, Finding]],
    places: Callable[[], Places],
) -> list[Finding]:
    """Return the findings of all stages without what is said twice.

    Args:
        structure: What the grammars and the check of languages find.
        pointing: What the check of ids and pointers finds.
        broken: The rules that are broken, with the element each is about.
        places: Gives the elements of the document by line and column.
    """
    # An attribute that should not be there need not point to anything.
    extra = {_word_of(one) for one in structure if one.code == "TEI108"}
    pointing = [
        one for one in pointing if _word_of(one) not in extra or one.code == "TEI309"
    ]
    told = {_subject(one) for one in pointing}
    heard = [
        one for one in structure if one.code != "TEI109" or _subject(one) not in told
    ]
    hurt = set(_hurt(heard, places())) if heard and broken else set()
    codes = {one.code for one in (*heard, *pointing)}
    if any("xml:lang of" in one.message for one in heard if one.code == "TEI109"):
        codes.add("TEI112")
    words = {_word_of(one) for one in pointing}
    new = [
        one
        for element, one in broken
        if element not in hurt
        and _word_of(one) not in words
        and not _SUMS.get(_rule(one), frozenset()) & codes
        and not ("TEI306" in codes and _OF_IDS.search(one.message))
    ]
    return [*heard, *pointing, *new]


def _hurt(structure: Iterable[Finding], places: Places) -> Iterator[Element]:
    """Yield the elements whose tag or content the grammar finds wrong."""
    by_line: dict[tuple[str, int], Element] = {}
    for one in structure:
        element = places.get((one.line, one.column))
        if one.code in _MISPLACED | _IN_TAG and element is not None:
            yield element
            for above, _ in zip(element.iterancestors(), range(2), strict=False):
                yield above
            if one.code == "TEI102":
                yield from element
        elif one.code in _CONTENT and (opened := _OPENED.search(one.message)):
            if not by_line:
                by_line.update(
                    ((local_name(element), line), element)
                    for (line, _), element in places.items()
                )
            holder = by_line.get((opened[1], int(opened[2])))
            if holder is not None:
                yield holder


def _subject(finding: Finding) -> tuple[int, int, str]:
    """Return the place of a finding and the attribute it is about."""
    return finding.line, finding.column, finding.message.split(">", 1)[0]


def _word_of(finding: Finding) -> tuple[int, int, str]:
    """Return the place of a finding and its first word, mostly an attribute."""
    return finding.line, finding.column, finding.message.split(" ", 1)[0]


def _rule(finding: Finding) -> str:
    found = _RULE.search(finding.message)
    return found[1] if found else ""
