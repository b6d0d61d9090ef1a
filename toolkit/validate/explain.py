"""A fault of the grammar in an editor's words: what is wrong, and what would mend it.

Takes a :class:`toolkit.schema.faults.Fault` and gives a message that names the markup
and a mend that names the likeliest remedy first, not the alphabet's.
"""

from __future__ import annotations

import calendar
import difflib
import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from toolkit.schema.derivative import parts
from toolkit.schema.faults import Fault, FaultKind
from toolkit.schema.nameclass import explicit
from toolkit.schema.pattern import Attribute, Element
from toolkit.tei import TEI

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from toolkit.schema.grammar import Grammar
    from toolkit.schema.pattern import Pattern

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

#: What editors reach for first, in about that order; names a schema lacks are no harm.
_USUAL: Final = (
    "p head div list item label note opener closer dateline signed salute "
    "persName placeName orgName date title ref q quote foreign term hi emph "
    "supplied gap choice sic corr orig reg abbr expan ex add del unclear seg "
    "lb pb figure table row cell lg l sp speaker stage bibl author editor "
    "titleStmt publicationStmt sourceDesc msDesc profileDesc encodingDesc"
).split()
#: Elements that something is commonly lost without: put it into one of these.
_WRAPPERS: Final = {"item": "list", "row": "table", "cell": "row", "l": "lg"}
_SHOWN: Final = 6  #: names that a message lists


def name(expanded: str) -> str:
    """Return how an element or attribute is written: TEI and XML names without URI."""
    if expanded.startswith(TEI):
        return expanded[len(TEI) :]
    return expanded.replace("{http://www.w3.org/XML/1998/namespace}", "xml:")


class Explainer:
    """What there is to say about the faults of documents of one grammar."""

    def __init__(self, grammar: Grammar) -> None:
        """Take the grammar that the faults come from."""
        self._grammar = grammar

    def explain(self, fault: Fault) -> tuple[str, str | None]:
        """Return what is wrong, one lower-case clause, and what would mend it."""
        said = getattr(self, "_" + fault.kind.name.lower())(fault)
        return said if isinstance(said, tuple) else (said, None)

    @cached_property
    def _holders(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """Which elements hold an element, and which bear an attribute."""
        children: dict[str, list[str]] = {}
        attributes: dict[str, list[str]] = {}
        for holder in self._grammar.elements:
            names = [str(one) for one in explicit(holder.name_class)]
            for part in _inside(holder.content):
                if isinstance(part, Element | Attribute):
                    into = children if isinstance(part, Element) else attributes
                    for held in explicit(part.name_class):
                        into.setdefault(str(held), []).extend(names)
        return children, attributes

    # -- elements ------------------------------------------------------------

    def _unknown_element(self, fault: Fault) -> tuple[str, str | None]:
        wrong = name(fault.element)
        near = _near(wrong, map(name, fault.expected)) or _near(
            wrong, map(name, self._grammar.names)
        )
        message = f"<{wrong}> is not an element of this schema"
        if fault.parent:
            message += f", in <{name(fault.parent)}>"
        if near and near.lower() == wrong.lower():
            return message, f"write <{near}>; names are case-sensitive"
        if wrong.startswith("{"):
            return message, "remove it, or extend the schema for its namespace"
        if near:
            return message, f"write <{near}> if that is meant"
        return message, _listed("allowed here", fault.expected)

    def _element_not_allowed(self, fault: Fault) -> tuple[str, str | None]:
        wrong = name(fault.element)
        if not fault.parent:
            return (
                f"<{wrong}> cannot be the outermost element",
                _listed("it is", fault.expected),
            )
        message = f"<{wrong}> is not allowed in <{name(fault.parent)}>"
        expected = [name(one) for one in fault.expected]
        if _near(wrong, expected, 0.85):
            return message, f"write <{_near(wrong, expected, 0.85)}> if that is meant"
        holders = self._holders[0].get(fault.element, [])
        for wrapper in (_WRAPPERS.get(wrong, ""), "p"):
            if TEI + wrapper in holders and wrapper in expected:
                return message, f"put it into <{wrapper}>"
        return message, _listed("it may stand in", holders)

    def _element_too_early(self, fault: Fault) -> tuple[str, str | None]:
        missing = _names(fault.expected, "or")
        wrong, parent = name(fault.element), name(fault.parent)
        return (
            f"<{wrong}> comes too early in <{parent}>: {missing} has to come first",
            f"put {missing} before it",
        )

    def _element_too_late(self, fault: Fault) -> tuple[str, str | None]:
        wrong, parent = name(fault.element), name(fault.parent)
        message = f"<{wrong}> comes too late in <{parent}>"
        mend = f"move it further up, to where <{parent}> allows it"
        allowed = [name(one) for one in fault.expected]
        inner = [d for d in ("div", "p") if d in allowed and d != parent]
        if inner and self._may_hold(inner[0], fault.element):
            mend += f", or put it into <{inner[0]}>"
        return message, mend

    def _may_hold(self, holder: str, held: str) -> bool:
        return TEI + holder in self._holders[0].get(held, [])

    def _content_incomplete(self, fault: Fault) -> tuple[str, str | None]:
        opened = f"<{name(fault.element)}> (line {fault.parent_line})"
        if not fault.expected:
            return f"{opened} ends too early", None
        if fault.expected == ("text",):
            return f"{opened} ends without text", None
        return (
            f"{opened} ends without {_names(fault.expected, 'or')}",
            "add it before the end of the element",
        )

    # -- text ----------------------------------------------------------------

    def _text_not_allowed(self, fault: Fault) -> tuple[str, str | None]:
        holder = name(fault.element)
        message = f"text is not allowed directly in <{holder}>: {_cut(fault.found)}"
        expected = [name(one) for one in fault.expected]
        usual = next(
            (one for one in ("p", "item", "cell", "ab") if one in expected), ""
        )
        wrapper = usual or name(fault.wrapper)
        return message, f"put it into <{wrapper}>" if wrapper else "remove it"

    def _text_value(self, fault: Fault) -> tuple[str, str | None]:
        message = f"the text of <{name(fault.element)}> cannot be {_cut(fault.found)}"
        return _value(message, fault)

    # -- attributes ----------------------------------------------------------

    def _attribute_not_allowed(self, fault: Fault) -> tuple[str, str | None]:
        wrong, holder = name(fault.attribute), name(fault.element)
        message = f"@{wrong} is not allowed on <{holder}>"
        near = _near(wrong, map(name, fault.expected), 0.7)
        if near:
            return message, f"write @{near} if that is meant"
        holders = self._holders[1].get(fault.attribute, [])
        if not holders:
            return f"{message}: no element of this schema has it", "remove it"
        if len(holders) > len(self._grammar.elements) // 2:
            return f"{message} beside the others it has", None
        return message, _listed("it may stand on", holders)

    def _attribute_value(self, fault: Fault) -> tuple[str, str | None]:
        return _value(
            f"@{name(fault.attribute)} of <{name(fault.element)}> cannot be "
            f"{_cut(fault.found)}",
            fault,
        )

    def _attribute_missing(self, fault: Fault) -> tuple[str, str | None]:
        names = [f"@{name(one)}" for one in fault.expected] or [
            f"@{name(fault.attribute)}"
        ]
        missing = _joined(names[:_SHOWN], "or")
        return f"<{name(fault.element)}> lacks {missing}", f"add {missing}"

    def _dangling_idref(self, fault: Fault) -> tuple[str, str | None]:
        where = f"@{name(fault.attribute)} of " if fault.attribute else ""
        return (
            f"{where}<{name(fault.element)}> points to {fault.found!r}, "
            "which is no id of this document",
            None,
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


def _near(wrong: str, names: Iterable[str], cutoff: float = 0.75) -> str:
    """Return the name that was most likely meant; empty if none is near."""
    by_lower = {one.lower(): one for one in names if one != "text"}
    if len(wrong) > 60:  # difflib takes its time, and nobody mistypes so much
        return ""
    found = difflib.get_close_matches(wrong.lower(), by_lower, 1, cutoff)
    return by_lower[found[0]] if found else ""


def _ranked(expanded: Iterable[str]) -> list[str]:
    """Return names, the commonest first, then in the schema's order."""
    names = list(dict.fromkeys(name(one) for one in expanded))
    usual = [one for one in _USUAL if one in names]
    return usual + [one for one in names if one not in usual]


def _tag(written: str) -> str:
    return "text" if written == "text" else f"<{written}>"


def _names(expanded: Iterable[str], conjunction: str) -> str:
    """Return elements as a phrase: ``<a>, <b> or <c>``."""
    ranked = _ranked(expanded)
    tags = [_tag(one) for one in ranked[:_SHOWN]]
    if len(ranked) > _SHOWN:
        return ", ".join(tags) + f" {conjunction} {len(ranked) - _SHOWN} others"
    return _joined(tags, conjunction)


def _joined(words: list[str], conjunction: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def _listed(lead: str, expanded: Iterable[str]) -> str | None:
    """Return ``lead: names``; None if there are none."""
    phrase = _names(expanded, "or")
    return f"{lead} {phrase}" if phrase else None


def _cut(text: str) -> str:
    """Return a text in quotation marks, not longer than a message can bear."""
    text = " ".join(text.split())
    return f"“{text if len(text) <= 40 else text[:39] + '…'}”"


def _value(message: str, fault: Fault) -> tuple[str, str | None]:
    """Add to a message why a value will not do, and what would."""
    if impossible := _impossible_date(fault.found):
        return f"{message}: {impossible}", None
    reason = fault.reason
    if reason:
        message += f": {reason}"
    if len(fault.expected) == 1 and reason:
        return message, None
    near = _near(fault.found, fault.expected, 0.6)
    if near and near != fault.found:
        return message, f"write “{near}” if that is meant"
    shown = [f"“{one}”" if _is_value(one) else one for one in fault.expected]
    if not shown:
        return message, None
    more = f" or {len(shown) - 12} others" if len(shown) > 12 else ""
    return message, "allowed: " + (
        ", ".join(shown[:12]) + more if more else _joined(shown, "or")
    )


#: Names of XML Schema's datatypes, which are no values.
_DATATYPES: Final = re.compile(
    r"(string|token|date|dateTime|time|g(Year|Month|Day)+|gYearMonth|gMonthDay|anyURI|"
    r"boolean|decimal|double|float|\w*[iI]nteger|N?C?Name|ID|IDREFS?|NMTOKENS?|language|"
    r"duration|QName|text)\b.*"
)


def _is_value(expected: str) -> bool:
    return not _DATATYPES.fullmatch(expected)


def _impossible_date(value: str) -> str:
    """Say why a date that looks right does not exist; empty if it may."""
    written = re.fullmatch(r"-?(\d{4})-(\d\d)(?:-(\d\d))?", value)
    if not written:
        typed = re.fullmatch(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", value)
        return "a date is written year-month-day, such as 1967-06-02" if typed else ""
    year, month = int(written[1]), int(written[2])
    if not 1 <= month <= 12:
        return f"there is no month {month}"
    days = calendar.monthrange(max(year, 1), month)[1]
    if written[3] and not 1 <= int(written[3]) <= days:
        return f"{calendar.month_name[month]} {year} has {days} days"
    return ""
