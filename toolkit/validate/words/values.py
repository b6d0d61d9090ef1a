"""Why a value will not do, in an editor's words, and what to type instead.

Takes an attribute's value with what the schema expects and gives a reason and a mend.
Dates, numbers, languages and yes or no are understood as people write them.

XML Schema part 2, section 3 (datatypes); BCP 47 (language tags).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from toolkit.familiar import LANGUAGES
from toolkit.validate.words.dates import Remark, date_remark, time_remark
from toolkit.validate.words.phrases import joined, near, typed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SHOWN: Final = 12  #: values that a message lists

#: Datatypes as the grammar names them, and in words.
_IN_WORDS: Final = {
    "boolean": "true or false",
    "language": 'a language tag such as "en" or "grc"',
    "nonNegativeInteger": "a whole number from 0 on",
    "positiveInteger": "a whole number from 1 on",
    "integer": "a whole number",
    "double": "a number",
    "decimal": "a number",
    "float": "a number",
    "double (minInclusive 0, maxInclusive 1)": "a number from 0 to 1",
    r"token (pattern (\-?[\d]+/\-?[\d]+))": "a fraction such as 1/2",
    r"token (pattern [^\p{C}\p{Z}]+)": "one word without spaces",
    r"anyURI (pattern \S+)": "an address or a pointer such as #id, without spaces",
    "anyURI": "an address",
    "ID": "a name that no other element has",
    "IDREF": "an id of this document",
    "NCName": "a name without colon",
    "Name": "a name: letters first, no spaces",
    "NMTOKEN": "one word of letters, digits, . - _",
    "duration": "a duration such as P3Y6M, PT45M",
    "string (pattern .+)": "some text",
    "token": "text",
    "string": "text",
    r"token (pattern [\d]+(\.[\d]+){0,2})": "a version such as 4.9.0",
    r"token (pattern [a-z][a-z0-9\+\.\-]*)": "a prefix: small letters, digits, + . -",
    r"token (pattern [0-9.,DHMPRSTWYZ/:+\-]+)": "a date or time of ISO 8601",
    r"token (pattern (-?[0-9]+(\.[0-9]+)?,-?[0-9]+(\.[0-9]+)?))": (
        "points such as 10,20 30,40"
    ),
    r"token (pattern [\-+]?\d+(\.\d+)?(%|cm|mm|in|pt|pc|px|em|ex|ch|rem|vw|vh|"
    r"vmin|vmax))": "a size with its unit such as 12cm or 80%",
}
_DATES: Final = frozenset("date gYear gMonth gDay gYearMonth gMonthDay".split())
_TIMES: Final = frozenset(("time", "dateTime"))
_NUMBERS: Final = frozenset(
    "double decimal float integer nonNegativeInteger positiveInteger".split()
)
#: How the grammar names datatypes of XML Schema: these are no values to be typed.
_DATATYPE: Final = re.compile(
    r"(string|token|date|dateTime|time|g(Year|Month|Day)+|anyURI|boolean|decimal|"
    r"double|float|\w*[iI]nteger|N?C?Name|ID|IDREFS?|NMTOKENS?|language|duration|"
    r"QName|text)( \(.*\))?"
)

_DIGITS: Final = {
    word: number
    for words in (
        "zero one two three four five six seven eight nine ten eleven twelve",
        "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
        "zéro un deux trois quatre cinq six sept huit neuf dix onze douze",
    )
    for number, word in enumerate(words.split())
}


def remark(
    value: str, expected: Sequence[str], attribute: str, reason: str = ""
) -> Remark:
    """Say why a value will not do, and what would.

    Args:
        value: The value.
        expected: What the schema allows: values, and datatypes as it names them.
        attribute: The attribute as it is written, ``@when``; empty for a text.
        reason: What the datatype itself says, if it is only one.
    """
    kinds = frozenset(expected)
    if not value.strip():
        return Remark("it is empty", allowed(expected) or "give a value, or remove it")
    found = Remark()
    if kinds & _DATES:
        found = date_remark(value.strip(), attribute, times=bool(kinds & _TIMES))
    elif kinds & _TIMES:
        found = time_remark(value.strip(), attribute)
    if not found.reason and (choices := [one for one in expected if is_value(one)]):
        found = _choice(value, choices, attribute)
    if not found.reason and any(one.partition(" ")[0] in _NUMBERS for one in kinds):
        found = _number(value.strip(), expected, attribute)
    if not found.reason and "boolean" in kinds:
        found = _truth(value.strip(), attribute)
    if not found.reason and "language" in kinds:
        found = _language(value.strip(), attribute)
    if not found.reason:
        found = _word(value.strip(), expected, attribute)
    mend = found.mend or allowed(expected)
    return Remark(found.reason or _in_words(reason), mend)


def allowed(expected: Iterable[str]) -> str:
    """Return what the schema allows as a phrase; empty if nothing is known."""
    shown = [
        f'"{one}"' if is_value(one) else word
        for one in expected
        if (word := _describe(one, expected))
    ]
    shown = list(dict.fromkeys(shown))
    if not shown:
        return ""
    if len(shown) > _SHOWN:
        shown[_SHOWN:] = [f"{len(shown) - _SHOWN} others"]
    return "allowed: " + joined(shown)


def is_value(expected: str) -> bool:
    """Return whether an expectation is a value to be typed, and no datatype."""
    return bool(expected) and not _DATATYPE.fullmatch(expected) and " (" not in expected


def _describe(one: str, several: Iterable[str]) -> str:
    """Return a datatype in words; what another says better is left out."""
    if one in _TIMES and "date" in several and one == "dateTime":
        return "1967-06-02T14:30:00"
    if one in _DATES or one in _TIMES:
        return {
            "date": "a date such as 1967-06-02",
            "gYearMonth": "1967-06",
            "gYear": "1967",
            "time": "14:30:00",
            "dateTime": "a date with time such as 1967-06-02T14:30:00",
        }.get(one, "")
    if one in _IN_WORDS:
        return _IN_WORDS[one]
    words = one.split(" ", 1)[0]
    if words == "any" or not one:
        return ""
    return one


def _in_words(reason: str) -> str:
    """Return what a datatype says; a bare pattern says nothing to an editor."""
    if "matches no" in reason or "pattern" in reason or "\\" in reason:
        return ""
    return reason


# -- other datatypes ---------------------------------------------------------


def _choice(value: str, choices: list[str], attribute: str) -> Remark:
    """Find the value of a list that was meant."""
    meant = near(value.strip(), choices, 0.6)
    if not meant or meant == value:
        return Remark()
    same = meant.lower() == value.strip().lower()
    reason = "values are case-sensitive" if same else "it is not in the list of values"
    others = [one for one in choices if one != meant]
    mend = f"write {typed(attribute, meant)}"
    if others and not same:
        mend += f" if that is meant; {allowed(others).replace('allowed:', 'or')}"
    return Remark(reason, mend)


def _number(value: str, expected: Sequence[str], attribute: str) -> Remark:
    """Say why something is no number, and how it is written."""
    whole = not {"double", "decimal", "float"} & {one.split(" ")[0] for one in expected}
    reason = "it is not a whole number" if whole else "it is not a number"
    if found := re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", value):
        return Remark(reason, "write " + typed(attribute, f"{float(found[1]) / 100:g}"))
    if found := re.fullmatch(r"(-?\d+),(\d+)", value):
        written = found[1] if whole else f"{found[1]}.{found[2]}"
        return Remark(reason, "write " + typed(attribute, written))
    if value.lower() in _DIGITS:
        written = str(_DIGITS[value.lower()])
        return Remark(f"{reason} in figures", "write " + typed(attribute, written))
    if found := re.fullmatch(
        r"(?:ca?\.?\s*)?(\d+(?:\.\d+)?)\s*([^\W\d_]+|\?)\.?", value
    ):
        mend = "write " + typed(attribute, found[1])
        if attribute == "@quantity" and found[2] != "?":
            unit = found[2].removesuffix("s") if len(found[2]) > 2 else found[2]
            mend += f' unit="{unit}"'
        return Remark(reason, mend)
    if re.fullmatch(r"-\d+", value) and whole:
        return Remark("it is less than 0", "")
    if re.fullmatch(r"-?\d+(\.\d+)?", value):
        return Remark("it is out of bounds" if not whole else reason, "")
    return Remark(reason, "")


def _truth(value: str, attribute: str) -> Remark:
    """Find yes or no."""
    word = value.lower()
    for written, words in {
        "true": "true yes y ja oui si t on wahr".split(),
        "false": "false no n nein non f off falsch".split(),
    }.items():
        if word in words:
            return Remark(
                "it is written true or false", "write " + typed(attribute, written)
            )
    return Remark()


def _language(value: str, attribute: str) -> Remark:
    """Say why something is no language tag."""
    if value.lower() in LANGUAGES:
        mend = "write " + typed(attribute, LANGUAGES[value.lower()])
        return Remark("it is not a language tag", mend)
    parts = re.split(r"[_\s/.,;+]+", value)
    if len(parts) > 1 and all(
        re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{1,7}", one) for one in parts
    ):
        if re.search(r"[\s/,;+]", value):
            return Remark("one language is wanted", "name one: " + joined(parts))
        mend = "write " + typed(attribute, "-".join(parts))
        return Remark("the parts of a language tag are joined by hyphens", mend)
    return Remark("it is not a language tag", "")


def _word(value: str, expected: Sequence[str], attribute: str) -> Remark:
    """Say of a word or pointer that it has spaces."""
    simple = [one.partition(" ")[0] for one in expected if not is_value(one)]
    if simple and set(simple) <= {"token", "Name", "NCName", "NMTOKEN", "anyURI"}:
        if re.search(r"\s", value):
            written = re.sub(r"\s+", "%20" if "anyURI" in simple else "-", value)
            mend = f"write {typed(attribute, written)}" if attribute else ""
            return Remark("it is one word, and spaces divide words", mend)
        if "anyURI" in simple and re.search("%(?![0-9A-Fa-f]{2})", value):
            written = re.sub("%(?![0-9A-Fa-f]{2})", "%25", value)
            mend = f"write {typed(attribute, written)}" if attribute else ""
            return Remark("a % in an address begins a code of two figures", mend)
    return Remark()
