"""One fault, one finding: what two stages say of the same slip is said once.

A grammar, rules and the check of pointers look at a document independently. If the
grammar finds ``@rendd`` on a ``hi``, a rule that asks every ``hi`` for its ``@rend``
says the same again; it is asked anew when the slip is mended. Takes the findings of
all stages and gives those that are to be shown.

Which rules a schema has does not matter: what a rule asks about is read from its XPath.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from toolkit.findings import Severity
from toolkit.tei import XML_ID, local_name
from toolkit.validate.words.asks import ANY_ID, About, Asked, about, asked, wrapper
from toolkit.validate.words.sums import without_sums

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from toolkit.findings import Finding
    from toolkit.tei import Element
    from toolkit.validate.violation import Violation

    Places = Mapping[tuple[int, int], Element]
    Broken = tuple[Violation, Finding]

_OPENED: Final = re.compile(r"<([^<>\s]+)> \(opened on line (\d+)\)")
#: Codes of what is wrong in a start tag, and of what stands where it should not.
_IN_TAG: Final = frozenset(("TEI108", "TEI109", "TEI110"))
_MISPLACED: Final = frozenset(("TEI101", "TEI102", "TEI103", "TEI104"))
_CONTENT: Final = frozenset(("TEI105", "TEI106"))
_LACKING: Final = frozenset(("TEI103", "TEI105"))
_LARGE: Final = 3  #: levels above an element that holds large parts of a document


@dataclass(slots=True)
class _Fault:
    """A finding that rules may repeat."""

    finding: Finding
    element: Element | None  #: where it is; None: not known
    about: list[About] = field(init=False)

    def __post_init__(self) -> None:
        self.about = about(self.finding)

    @property
    def is_high(self) -> bool:
        """Whether a part of the header, say, is taken for none: rules pass it by."""
        if self.element is None or self.finding.code != "TEI101":
            return False
        return len([*self.element.iterancestors()]) <= _LARGE

    @property
    def around(self) -> set[str]:
        """What rules below the element's parent may miss: that, or a wrapper."""
        parent = None if self.element is None else self.element.getparent()
        return {wrapper(self.finding), "" if parent is None else local_name(parent)}

    def weigh(self, other: Finding) -> None:
        """Let it weigh as much as what it stands for."""
        if other.severity is Severity.ERROR:
            self.finding = replace(self.finding, severity=Severity.ERROR)


def told_once(
    structure: Sequence[Finding],
    pointing: Sequence[Broken],
    broken: Sequence[Broken],
    places: Callable[[], Places],
) -> list[Finding]:
    """Return the findings of all stages without what is said twice.

    Args:
        structure: What the grammars and the check of languages find.
        pointing: What the check of ids and pointers finds.
        broken: The rules that are broken.
        places: Gives the elements of the document by line and column.
    """
    document = _Places(places() if structure and (pointing or broken) else {})
    # An attribute that should not be there need not point to anything.
    extra = {_word_of(one) for one in structure if one.code == "TEI108"}
    lost = document.ids_lost(structure)
    unnamed = _unnamed(broken)
    several = [
        (violation, one)
        for violation, one in pointing
        if (_word_of(one) not in extra or one.code == "TEI309")
        and not lost(violation, one)
        and not (unnamed and one.code == "TEI301")
    ]
    told = {_subject(one) for _, one in several}
    values = {_subject(one) for one in structure if one.code == "TEI109"}
    heard = [
        one
        for one in structure
        if not (one.code == "TEI109" and _subject(one) in told)
        and not (one.code == "TEI112" and _subject(one) in values)
        and not (one.code == "TEI112" and _word_of(one) in extra)
    ]
    faults = [_Fault(one, document.holder(one)) for one in heard]
    for fault in faults:
        if document.is_large(fault.finding) or fault.is_high:
            fault.about.append(ANY_ID)
    faults += [_Fault(one, violation.element) for violation, one in several]
    if not broken:
        return [fault.finding for fault in faults]
    hurt = {element for one in heard for element in document.hurt(one)}
    words = {_word_of(one) for _, one in pointing}
    echoes = _Echoes(faults)
    new = [
        (violation, one)
        for violation, one in broken
        if violation.element not in hurt
        and _word_of(one) not in words
        and not echoes.has(violation, one)
    ]
    return [*(fault.finding for fault in faults), *without_sums(new)]


def _unnamed(broken: Iterable[Broken]) -> bool:
    """Return whether a rule misses the id of an element: pointers may mean that one."""
    return any(
        XML_ID not in violation.element.attrib and "xml:id" in asked(violation.asks).own
        for violation, _ in broken
    )


class _Places:
    """The elements that the findings of grammars are about."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._by_line = {
            (local_name(element), line): element
            for (line, _), element in places.items()
        }

    def holder(self, finding: Finding) -> Element | None:
        """Return the element that is wrong, or has wrong content."""
        opened = _OPENED.search(finding.message)
        if finding.code in _CONTENT and opened:
            return self._by_line.get((opened[1], int(opened[2])))
        return self._places.get((finding.line, finding.column))

    def is_large(self, finding: Finding) -> bool:
        """Return whether a large part of the document is missing."""
        opened = _OPENED.search(finding.message)
        if finding.code not in _LACKING or opened is None:
            return False
        holder = self._by_line.get((opened[1], int(opened[2])))
        return holder is not None and len([*holder.iterancestors()]) <= _LARGE

    def hurt(self, finding: Finding) -> Iterator[Element]:
        """Yield the elements whose tag or content a finding says is wrong."""
        element = self.holder(finding)
        if element is None:
            return
        if finding.code in _CONTENT:
            yield element
        elif finding.code in _MISPLACED | _IN_TAG:
            yield element
            for above, _ in zip(element.iterancestors(), range(2), strict=False):
                yield above
            if finding.code == "TEI102":
                yield from element

    def ids_lost(
        self, structure: Iterable[Finding]
    ) -> Callable[[Violation, Finding], bool]:
        """Return what says whether an id is missing because of a fault of structure.

        The attribute ``xml:id`` is misspelt, or the part that held the id is not there.
        """
        idents: set[str] = set()
        large = any(map(self.is_large, structure))
        for one in structure:
            if one.code == "TEI108" and "@xml:id?" in one.message:
                element = self._places.get((one.line, one.column))
                idents |= set() if element is None else set(map(str, element.values()))

        def is_lost(violation: Violation, finding: Finding) -> bool:
            place, sign, ident = violation.missing.rpartition("#")
            ours = finding.code == "TEI301" or (
                bool(sign) and place.rpartition("/")[2] == finding.path.name
            )
            return ours and (large or ident in idents)

        return is_lost


class _Echoes:
    """The faults of a document, by what a rule may have to do with them."""

    def __init__(self, faults: Iterable[_Fault]) -> None:
        self._by_names: dict[About, list[_Fault]] = defaultdict(list)
        self._at: dict[Element, list[_Fault]] = defaultdict(list)
        self._below: dict[Element, list[_Fault]] = defaultdict(list)
        self._beside: dict[Element, list[_Fault]] = defaultdict(list)
        for fault in faults:
            for names in fault.about:
                self._by_names[names].append(fault)
            if fault.element is None or fault.finding.code not in _MISPLACED | _CONTENT:
                continue
            self._at[fault.element].append(fault)
            for above in fault.element.iterancestors():
                self._below[above].append(fault)
            parent = fault.element.getparent()
            if parent is not None and fault.finding.code in _MISPLACED:
                self._beside[parent].append(fault)

    def has(self, violation: Violation, finding: Finding) -> bool:
        """Return whether a rule only repeats a fault; the fault then weighs as much."""
        names = asked(violation.asks)
        cause = self._of_attribute(violation.element, names) or self._of_element(
            violation.element, names
        )
        if cause is not None:
            cause.weigh(finding)
        return cause is not None

    def _of_attribute(self, element: Element, names: Asked) -> _Fault | None:
        """Find an attribute that is wrong on an element which a rule asks for it."""
        for (elements, attributes), faults in self._by_names.items():
            if not attributes & names.attributes:
                continue
            if names.wide or "*" in elements or elements & names.elements:
                return faults[0]
            for fault in faults:
                if fault.element is element:
                    return fault
        return None

    def _of_element(self, element: Element, names: Asked) -> _Fault | None:
        """Find an element that is wrong, above or below one whose rule asks for it."""
        asks = (names.elements | names.around) - {local_name(element)}
        chain = (element, *element.iterancestors())
        near = list(self._below.get(element, ()))
        near += [fault for one in chain for fault in self._at.get(one, ())]
        for fault in near:
            if fault.about[0].elements & asks:
                return fault
        for one in chain[1:3]:
            for fault in self._beside.get(one, ()):
                if fault.around & names.elements:
                    return fault
        for (elements, attributes), faults in self._by_names.items():
            if not attributes and len(elements & names.elements) > 1:
                return faults[0]
        return None


def _subject(finding: Finding) -> tuple[int, int, str]:
    """Return the place of a finding and the attribute it is about."""
    return finding.line, finding.column, finding.message.split(">", 1)[0]


def _word_of(finding: Finding) -> tuple[int, int, str]:
    """Return the place of a finding and its first word, mostly an attribute."""
    return finding.line, finding.column, finding.message.split(" ", 1)[0]
