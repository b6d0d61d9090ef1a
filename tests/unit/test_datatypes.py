"""Datatypes: which strings belong to them, and which mean the same."""

from __future__ import annotations

import re

import pytest
from elementpath.regex import translate_pattern

from toolkit.schema.datatypes import BUILT_IN, XSD, DatatypeError, datatype
from toolkit.schema.regex import Regex
from toolkit.schema.regex_tree import RegexError

CASES = [
    ("string", " any\nthing ", True),
    ("token", "  a  b ", True),
    ("boolean", " true ", True),
    ("boolean", "yes", False),
    ("decimal", "-12.50", True),
    ("decimal", ".5", True),
    ("decimal", "1e3", False),
    ("decimal", "", False),
    ("integer", "+007", True),
    ("integer", "1.0", False),
    ("nonNegativeInteger", "-1", False),
    ("nonNegativeInteger", "-0", True),
    ("positiveInteger", "0", False),
    ("byte", "128", False),
    ("unsignedByte", "255", True),
    ("double", "-INF", True),
    ("double", "1.5E", False),
    ("float", "NaN", True),
    ("date", "1962-08-27", True),
    ("date", "1962-02-30", False),
    ("date", "1900-02-29", False),
    ("date", "2000-02-29", True),
    ("date", "-0044-03-15", True),
    ("date", "0000-01-01", False),
    ("date", "1962-8-27", False),
    ("date", "1962-08-27+14:00", True),
    ("date", "1962-08-27+14:01", False),
    ("dateTime", "1962-08-27T24:00:00", True),
    ("dateTime", "1962-08-27T24:00:01", False),
    ("time", "23:59:60", False),
    ("time", "12:00:00.", False),
    ("time", "12:00:00.5Z", True),
    ("gYear", "1962", True),
    ("gYear", "62", False),
    ("gYear", "12345", True),
    ("gYearMonth", "1962-13", False),
    ("gMonthDay", "--02-29", True),
    ("gMonthDay", "--02-30", False),
    ("gMonth", "--08", True),
    ("gDay", "---32", False),
    ("duration", "P1Y2MT3.5S", True),
    ("duration", "P", False),
    ("duration", "P1YT", False),
    ("language", "de-AT-1996", True),
    ("language", "deutsch-für", False),
    ("Name", "a:b", True),
    ("NCName", "a:b", False),
    ("NCName", "1a", False),
    ("NCName", "Größe", True),
    ("ID", "\u0e35", False),
    ("ID", "٣", False),
    ("NMTOKEN", "-1", True),
    ("NMTOKENS", "a b", True),
    ("NMTOKENS", " ", False),
    ("IDREFS", "a 1", False),
    ("anyURI", "#a", True),
    ("anyURI", "a b ü", True),
    ("anyURI", "", True),
    ("anyURI", "unclear:", False),
    ("anyURI", ":a", False),
    ("anyURI", "a#b#c", False),
    ("anyURI", "http://x/%zz", False),
    ("anyURI", "#xpath(//a:b)", True),
    ("anyURI", "[1967]", False),
    ("anyURI", "a?b[1]#c[2]", True),
    ("anyURI", "mailto:[a]", True),
    ("anyURI", "http://", False),
    ("anyURI", "http:///a", True),
    ("anyURI", "http://[::1]:8080/a", True),
    ("anyURI", "http://[1967]/a", False),
    ("hexBinary", "0aF", False),
    ("hexBinary", "0aFF", True),
    ("base64Binary", "YQ==", True),
    ("base64Binary", "YQ=", False),
]


@pytest.mark.parametrize(
    ("name", "string", "expected"),
    CASES,
    ids=[f"{name} {string!r}" for name, string, _ in CASES],
)
def test_a_string_belongs_to_a_datatype(name: str, string: str, expected: bool) -> None:
    assert datatype(XSD, name).allows(string) is expected


@pytest.mark.parametrize(
    ("name", "param", "limit", "good", "bad"),
    [
        ("token", "pattern", r"[^\p{C}\p{Z}]+", "wört", "zwei wörter"),
        ("string", "length", "3", "äöü", "ab"),
        ("string", "minLength", "2", "ab", "a"),
        ("NMTOKENS", "maxLength", "2", "a b", "a b c"),
        ("decimal", "minInclusive", "1.5", "1.50", "1.4"),
        ("integer", "maxExclusive", "10", "9", "10"),
        ("double", "maxInclusive", "1", "1.0", "1.1"),
        ("decimal", "totalDigits", "3", "12.30", "12.34"),
        ("decimal", "fractionDigits", "1", "12.30", "12.34"),
        ("date", "minInclusive", "1962-01-01", "1962-01-02", "1961-12-31"),
        ("duration", "maxInclusive", "P1M", "P27D", "P31D"),
        ("hexBinary", "length", "2", "0a0b", "0a"),
    ],
)
def test_a_parameter_narrows_a_datatype(
    name: str, param: str, limit: str, good: str, bad: str
) -> None:
    narrowed = datatype(XSD, name, ((param, limit),))
    assert narrowed.allows(good)
    assert not narrowed.allows(bad)


@pytest.mark.parametrize(
    ("library", "name", "params"),
    [
        ("http://example.org/", "token", ()),
        (XSD, "dat", ()),
        (BUILT_IN, "integer", ()),
        (BUILT_IN, "token", (("length", "1"),)),
        (XSD, "token", (("enumeration", "a"),)),
        (XSD, "boolean", (("length", "1"),)),
        (XSD, "token", (("length", "-1"),)),
        (XSD, "token", (("pattern", "[a"),)),
        (XSD, "date", (("minInclusive", "soon"),)),
    ],
)
def test_what_is_no_datatype_is_refused(
    library: str, name: str, params: tuple[tuple[str, str], ...]
) -> None:
    with pytest.raises(DatatypeError):
        datatype(library, name, params)


@pytest.mark.parametrize(
    ("library", "name", "one", "other", "equal"),
    [
        (BUILT_IN, "token", " a  b", "a b", True),
        (BUILT_IN, "string", " a", "a", False),
        (XSD, "decimal", "1.0", "01", True),
        (XSD, "boolean", "1", "true", True),
        (XSD, "hexBinary", "0a", "0A", True),
        (XSD, "dateTime", "2000-01-01T00:00:00+01:00", "1999-12-31T23:00:00Z", True),
        (XSD, "dateTime", "2000-01-01T00:00:00", "2000-01-01T00:00:00Z", False),
        (XSD, "double", "1E2", "100", True),
        (XSD, "duration", "P1Y", "P12M", True),
        (XSD, "token", "A", "a", False),
    ],
)
def test_values_are_compared_by_their_meaning(
    library: str, name: str, one: str, other: str, equal: bool
) -> None:
    known = datatype(library, name)
    assert (known.value(one) == known.value(other)) is equal


def test_a_qualified_name_means_its_namespace() -> None:
    known = datatype(XSD, "QName")
    assert known.value("p:a", {"p": "u"}) == known.value("q:a", {"q": "u"})
    assert not known.allows("r:a", {"p": "u"})


def test_the_reason_is_said_in_words() -> None:
    reason = datatype(XSD, "date").why_not("1962-02-30")
    assert reason == "there is no day 30 in month 02 of 1962"


PATTERNS = [
    r"[^\p{C}\p{Z}]+",
    r"[\-+]?\d+(\.\d+)?(%|cm|mm)",
    r"(\-?[\d]+/\-?[\d]+)",
    r"[a-z-[aeiou]]{2,3}",
    r"[^a-c]|\i\c*",
    r".+:.+",
    r"[\p{Lu}\p{Nd}-]*",
    r"a{0}b{2,}",
    r"\p{IsBasicLatin}\P{L}",
]
STRINGS = ["", "a", "ab", "bc", "x:y", "12cm", "-1/2", "Ä1", "b c", "bbb", "a1", "\\d."]
STRINGS += ["é\u0301", "a\u00a0b", "٣", "😀", "a\n", "1.5%", "bcd", "A-1"]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_regular_expressions_agree_with_another_translator(pattern: str) -> None:

    theirs = re.compile(
        translate_pattern(
            pattern, back_references=False, lazy_quantifiers=False, anchors=False
        )
    )
    ours = Regex(pattern)
    for string in STRINGS:
        assert ours.matches(string) is bool(theirs.match(string)), string


@pytest.mark.parametrize(
    ("pattern", "string", "expected"),
    [
        (r"\S+", "a\u00a0b", True),  # only the four spaces of XML are \s
        (r"\w+", "😀", True),  # a symbol is no punctuation
        (r"\w+", "a-b", False),
        (r"[\\d]+", r"\d", True),  # a backslash and a d
        (r"[\\d]+", "1", False),
        ("a.b", "a\rb", False),
        ("a|", "", True),
        ("[a-]+", "a-", True),
        (r"\p{Lu}\p{Ll}*", "Österreich", True),
    ],
)
def test_regular_expressions_are_those_of_xml_schema(
    pattern: str, string: str, expected: bool
) -> None:
    assert Regex(pattern).matches(string) is expected


@pytest.mark.parametrize(
    "pattern",
    ["(a", "a)", "[a", "a{2,1}", "[b-a]", r"\p{Xx}", r"\q", "*", "a{,2}", "]"],
)
def test_what_is_no_regular_expression_is_refused(pattern: str) -> None:
    with pytest.raises(RegexError):
        Regex(pattern)
