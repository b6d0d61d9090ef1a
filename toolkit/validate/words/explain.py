"""A fault of the grammar in an editor's words: what is wrong, and what would mend it.

Takes a :class:`toolkit.schema.faults.Fault` and gives a message that names the markup
and where it was opened, and a mend that names the likeliest remedy first, not the
alphabet's.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from toolkit.familiar import ATTRIBUTES, ELEMENTS, TEI_ELEMENTS
from toolkit.schema.derivative import parts
from toolkit.schema.faults import Fault, FaultKind
from toolkit.schema.nameclass import explicit, split
from toolkit.schema.outlook import labels
from toolkit.schema.pattern import Attribute, Element
from toolkit.tei import TEI, TEI_NS, XML_ID
from toolkit.validate.words.phrases import (
    attribute,
    few,
    grouped,
    joined,
    listed,
    name,
    names,
    near,
    quoted,
    ranked,
    tag,
    typed,
)
from toolkit.validate.words.values import allowed, is_value, remark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.schema.grammar import Grammar
    from toolkit.schema.pattern import Pattern
    from toolkit.validate.words.dates import Remark

#: The code of each kind of fault. Codes are never reused.
CODES: Final = {
    FaultKind.UNKNOWN_ELEMENT: "TEI101",
    FaultKind.ELEMENT_NOT_ALLOWED: "TEI102",
    FaultKind.ELEMENT_TOO_EARLY: "TEI103",
    FaultKind.ELEMENT_TOO_LATE: "TEI104",
    FaultKind.CONTENT_INCOMPLETE: "TEI105",
    FaultKind.TEXT_NOT_ALLOWED: "TEI106",
    FaultKind.TEXT_VALUE: "TEI107",
    FaultKind.ATTRIBUTE_NOT_ALLOWED: "TEI108",
    FaultKind.ATTRIBUTE_VALUE: "TEI109",
    FaultKind.ATTRIBUTE_MISSING: "TEI110",
    FaultKind.DANGLING_IDREF: "TEI111",
}

#: Elements that something is commonly lost without: put it into one of these.
_WRAPPERS: Final = {"item": "list", "row": "table", "cell": "row", "l": "lg"}
#: Elements that come in pairs.
_PARTNERS: Final = {
    "sic": "corr",
    "corr": "sic",
    "orig": "reg",
    "reg": "orig",
    "abbr": "expan",
    "expan": "abbr",
    "del": "add",
    "add": "del",
}
#: Elements that text without one is put into.
_TEXT_WRAPPERS: Final = ("p", "l", "item", "cell", "ab", "head")
#: Where editors mostly need an attribute that many elements can bear.
_BEARERS: Final = {
    "when": "date time event persName",
    "from": "date event span",
    "to": "date event span",
    "notBefore": "date event",
    "notAfter": "date event",
    "quantity": "measure gap space height width",
    "unit": "measure gap space",
    "target": "ref ptr note",
    "ref": "persName placeName orgName rs",
    "place": "note add head",
    "hand": "add del note",
    "reason": "gap supplied unclear",
}
_SHOWN: Final = 6  #: attributes that a message lists
_ALTERNATIVES: Final = 4  #: more that may be missing are no hint what is
_CLOSE: Final = 0.85  #: how near a name has to be to stand for one that exists too

_XML_NS: Final = split(XML_ID)[0]
Said = tuple[str, str | None]


class Explainer:
    """What there is to say about the faults of documents of one grammar."""

    def __init__(self, grammar: Grammar) -> None:
        """Take the grammar that the faults come from."""
        self._grammar = grammar

    def explain(self, fault: Fault) -> Said:
        """Return what is wrong, one lower-case clause, and what would mend it."""
        message, mend = getattr(self, "_" + fault.kind.name.lower())(fault)
        return message, mend or None

    @cached_property
    def _holders(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """Which elements hold an element, and which bear an attribute."""
        children: dict[str, list[str]] = {}
        attributes: dict[str, list[str]] = {}
        for holder in self._grammar.elements:
            several = [str(one) for one in explicit(holder.name_class)]
            for part in _inside(holder.content):
                if isinstance(part, Element | Attribute):
                    into = children if isinstance(part, Element) else attributes
                    for held in explicit(part.name_class):
                        into.setdefault(str(held), []).extend(several)
        return children, attributes

    # -- elements ------------------------------------------------------------

    def _unknown_element(self, fault: Fault) -> Said:
        ns, local = split(fault.element)
        home = split(fault.parent)[0] or TEI_NS
        expected = [split(one)[1] for one in fault.expected if one.startswith("{")]
        known = [split(one)[1] for one in self._grammar.names]
        if ns not in self._grammar.namespaces and self._grammar.names:
            return self._foreign(ns, local, home)
        message = f"<{local}> is not {self._kind}"
        if local in TEI_ELEMENTS and ns == TEI_NS:
            message = f"<{local}> is an element of TEI, but not of this schema"
        elif local not in ELEMENTS or any(
            one.lower() == local.lower() for one in known
        ):
            meant = near(local, expected) or near(local, known)
            if meant:
                return self._misspelt(fault, message, local, meant, expected)
        if local in ELEMENTS and ELEMENTS[local][0] in known:
            return message, f"write {ELEMENTS[local][1]}"
        return message, listed(f"allowed in {tag(fault.parent)}", fault.expected)

    @property
    def _kind(self) -> str:
        if TEI_NS in self._grammar.namespaces:
            return "a TEI element"
        return "an element of this schema"

    def _misspelt(
        self, fault: Fault, message: str, wrong: str, meant: str, expected: list[str]
    ) -> Said:
        """Name the element that was meant, if it has a place here."""
        message += f"; did you mean <{meant}>?"
        mend = f"write <{meant}>"
        if meant.lower() == wrong.lower():
            mend += ": names are case-sensitive"
        if expected and meant not in expected and fault.parent:
            mend += f", but not in {tag(fault.parent)}; "
            holders = self._holders[0].get(f"{{{split(fault.parent)[0]}}}{meant}", [])
            mend += listed("it may stand in", holders, 2) or "it cannot stand there"
        return message, mend

    def _foreign(self, ns: str, local: str, home: str) -> Said:
        """Word an element of no namespace, or of one the schema does not know."""
        place = f"in the namespace {ns}" if ns else "in no namespace"
        known = {split(one)[1] for one in self._grammar.names}
        if local in known and ns == _XML_NS:
            said = f"<{local}> has the prefix xml:, which belongs to XML itself"
            return said, f"write <{local}>"
        if local in known:
            whose = "TEI's" if home == TEI_NS else "the schema's"
            undo = f'remove xmlns="{ns}"'
            return (
                f"<{local}> stands {place}, not in {whose}",
                f'write xmlns="{home}"; or {undo}, here or further out',
            )
        message = f"<{local}> stands {place}, which this schema does not allow here"
        if local in ELEMENTS and ELEMENTS[local][0] in known:
            return message, f'write {ELEMENTS[local][1]}, and no xmlns="{ns}"'
        if meant := near(local, known, _CLOSE):
            return message, f'write <{meant}>, and no xmlns="{ns}"'
        return message, "remove it, or extend the schema for its namespace"

    def _element_not_allowed(self, fault: Fault) -> Said:
        wrong = name(fault.element)
        if not fault.parent:
            return (
                f"<{wrong}> cannot be the outermost element",
                listed("it is", fault.expected),
            )
        message = f"<{wrong}> cannot stand inside {_opened(fault.parent, fault)}"
        expected = [name(one) for one in fault.expected]
        if meant := near(wrong, expected, _CLOSE):
            return message, f"write <{meant}> if that is meant"
        holders = [name(one) for one in self._holders[0].get(fault.element, [])]
        holders = [one for one in holders if one != name(fault.parent)]
        between = [one for one in expected if one in holders]
        usual = [_WRAPPERS.get(wrong, ""), name(fault.before)]
        usual += [*between[: len(between) < 3], "p"]
        for wrapper in usual:
            if wrapper in between:
                return message, f"put it into <{wrapper}>"
        close = f"close <{name(fault.parent)}> before it"
        where = listed("it may stand in", holders, 2)
        if wrong == name(fault.parent) or not where:
            return message, close
        return message, f"{close}, or move it: {where}"

    def _element_too_early(self, fault: Fault) -> Said:
        missing = names(fault.expected)
        where = _opened(fault.parent, fault)
        if len(fault.expected) > _ALTERNATIVES:
            message = f"<{name(fault.element)}> cannot stand here in {where}"
            expected = [name(one) for one in fault.expected]
            for wrapper in ("p", "ab", "head"):
                if wrapper in expected and self._may_hold(wrapper, fault.element):
                    return message, f"put it into <{wrapper}>"
            phrase = grouped(fault.expected, 2)
            return message, f"it can come only behind another element: {phrase}"
        return (
            f"<{name(fault.element)}> comes too early in {where}: {missing} must come "
            "before it",
            f"put {missing} before it",
        )

    def _element_too_late(self, fault: Fault) -> Said:
        wrong, parent = name(fault.element), name(fault.parent)
        where = _opened(fault.parent, fault)
        sibling = f"<{name(fault.before)}>" if fault.before else ""
        line = f"line {fault.before_line}"
        if fault.before == fault.element:
            return (
                f"<{wrong}> may stand only once in {where}; the first is on {line}",
                "remove one of the two, or join them",
            )
        if fault.first:
            message = f"<{wrong}> must come first in {where}, before {sibling}"
        elif sibling:
            message = f"<{wrong}> must come before {sibling} in {where}"
        else:
            message = f"<{wrong}> comes too late in {where}"
        mend = f"move it further up, to where <{parent}> allows it"
        if sibling:
            mend = f"move it before the {sibling} on {line}"
        allowed_here = [name(one) for one in fault.expected]
        inner = [d for d in ("div", "p") if d in allowed_here and d != parent]
        if inner and self._may_hold(inner[0], fault.element):
            mend += f", or put it into <{inner[0]}>"
        return message, mend

    def _may_hold(self, holder: str, held: str) -> bool:
        return TEI + holder in self._holders[0].get(held, [])

    def _content_incomplete(self, fault: Fault) -> Said:
        opened = _opened(fault.element, fault)
        end = f"</{name(fault.element)}>"
        if not fault.expected:
            return f"{opened} ends too early", None
        if fault.expected == ("text",):
            return f"{opened} must hold text, and is empty", f"add text before {end}"
        if partner := _partner(fault):
            said = f"{opened} lacks <{partner}> beside <{name(fault.before)}>"
            return said, f"add <{partner}> before {end}"
        if len(fault.expected) > _ALTERNATIVES:
            usual = joined([tag(one) for one in ranked(fault.expected)[:3]], "or")
            several = f"{usual}, or another of {len(fault.expected)} elements"
            return f"{opened} lacks {several}", f"add one of them before {end}"
        missing = names(fault.expected)
        return f"{opened} lacks {missing}", f"add {missing} before {end}"

    # -- text ----------------------------------------------------------------

    def _text_not_allowed(self, fault: Fault) -> Said:
        holder = name(fault.element)
        where = _opened(fault.element, fault)
        if not fault.expected and not fault.wrapper:
            return (
                f"text cannot stand in {where}: {quoted(fault.found)}",
                f"move it out of <{holder}>, before or behind",
            )
        expected = [name(one) for one in fault.expected]
        wrapper = next((one for one in _TEXT_WRAPPERS if one in expected), "")
        if not wrapper and len(expected) < 3:
            wrapper = name(fault.wrapper)
        mend = f"put it into <{wrapper}>"
        if not wrapper:
            mend = listed("remove it, or put it into", fault.expected) or "remove it"
        return f"text cannot stand directly in {where}: {quoted(fault.found)}", mend

    def _text_value(self, fault: Fault) -> Said:
        said = remark(fault.found, fault.expected, "", fault.reason)
        return _with(
            f"the text of <{name(fault.element)}> cannot be {quoted(fault.found)}", said
        )

    # -- attributes ----------------------------------------------------------

    def _attribute_not_allowed(self, fault: Fault) -> Said:
        wrong, holder = attribute(fault.attribute), name(fault.element)
        ns, local = split(fault.attribute)
        can = [attribute(one) for one in fault.expected if not one.startswith("any ")]
        if wrong.startswith("@{") or ns == TEI_NS:
            return self._foreign_attribute(ns, local, holder, can)
        message = f"{wrong} is not an attribute of <{holder}>"
        if meant := self._meant(wrong, can):
            said = f"{message}; did you mean {meant}?"
            return said, f"write {typed(meant, fault.found) if fault.found else meant}"
        holders = self._holders[1].get(fault.attribute, [])
        if fault.element in holders:
            return (
                f"{wrong} cannot stand on <{holder}> beside its other attributes",
                "remove it, or the one that says the same",
            )
        if not holders:
            return (
                f"{message}, nor of any other element of this schema",
                f"remove it; <{holder}> can have {few(can)}" if can else "remove it",
            )
        first = [TEI + one for one in _BEARERS.get(wrong[1:], "").split()]
        holders = [one for one in first if one in holders] or holders
        return message, f"remove it; it may stand on {grouped(holders, 2)}"

    def _meant(self, wrong: str, can: list[str]) -> str:
        """Return the attribute that was probably meant; empty if none was."""
        for successor in ATTRIBUTES.get(wrong[1:], ()):
            if f"@{successor}" in can:
                return f"@{successor}"
        return near(wrong, can, 0.7)

    def _foreign_attribute(
        self, ns: str, local: str, holder: str, can: list[str]
    ) -> Said:
        """Word an attribute of another namespace, or of TEI's, which has none."""
        if ns == TEI_NS:
            return (
                f"@{local} has a prefix on <{holder}>; TEI's attributes have none",
                f"write {local} without prefix",
            )
        message = f"@{local} of the namespace {ns} is not an attribute of <{holder}>"
        if meant := self._meant(f"@{local}", can):
            return message, f"write {meant[1:]} if that is meant, or remove it"
        return message, "remove it, or extend the schema for its namespace"

    def _attribute_value(self, fault: Fault) -> Said:
        written = attribute(fault.attribute)
        said = remark(fault.found, fault.expected, written, fault.reason)
        return _with(
            f"{written} of <{name(fault.element)}> cannot be {quoted(fault.found)}",
            said,
        )

    def _attribute_missing(self, fault: Fault) -> Said:
        several = fault.expected or (fault.attribute,)
        missing = joined([attribute(one) for one in several[:_SHOWN]])
        message = f"<{name(fault.element)}> lacks {missing}"
        if len(several) > 1:
            return message, f"add {missing}"
        values = self._values(fault.element, several[0])
        mend = "add " + typed(missing, "…")
        return message, f"{mend}; {allowed(values)}" if values else mend

    def _values(self, element: str, wanted: str) -> list[str]:
        """Return the values that an attribute can have, if they can be listed."""
        found: list[str] = []
        for declared in self._grammar.named(element):
            for part in _inside(declared.content):
                if isinstance(part, Attribute) and wanted in map(
                    str, explicit(part.name_class)
                ):
                    found += labels([part.value])
        return [one for one in dict.fromkeys(found) if is_value(one)]

    def _dangling_idref(self, fault: Fault) -> Said:
        where = f"{attribute(fault.attribute)} of " if fault.attribute else ""
        return (
            f"{where}<{name(fault.element)}> points to {quoted(fault.found)}, "
            "which is no id of this document",
            "correct it, or give the element that is meant this id",
        )


def _inside(content: Pattern) -> Iterator[Pattern]:
    """Yield the patterns of a content model, elements not entered, each once."""
    seen: set[Pattern] = set()
    waiting = [content]
    while waiting:
        pattern = waiting.pop()
        if pattern in seen:
            continue
        seen.add(pattern)
        yield pattern
        if not isinstance(pattern, Element | Attribute):
            waiting += parts(pattern)


def _opened(expanded: str, fault: Fault) -> str:
    """Return an element with the line of its start tag."""
    return f"<{name(expanded)}> (opened on line {fault.parent_line})"


def _partner(fault: Fault) -> str:
    """Return the element that goes with the last child of one that is incomplete."""
    wanted = _PARTNERS.get(name(fault.before), "")
    return wanted if wanted in map(name, fault.expected) else ""


def _with(message: str, said: Remark) -> Said:
    """Add to a message why a value will not do, and what would."""
    return f"{message}: {said.reason}" if said.reason else message, said.mend
