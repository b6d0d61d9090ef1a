"""Values that will not do: why, and what to type instead."""

from __future__ import annotations

import pytest

from toolkit.validate.words.languages import doubt
from toolkit.validate.words.phrases import few, grouped, names, near
from toolkit.validate.words.values import allowed, is_value, remark

DATE = (
    "date",
    "gYear",
    "gMonth",
    "gDay",
    "gYearMonth",
    "gMonthDay",
    "time",
    "dateTime",
)
NUMBER = ("double", r"token (pattern (\-?[\d]+/\-?[\d]+))", "decimal")


@pytest.mark.parametrize(
    ("value", "reason", "mend"),
    [
        ("1967-02-30", "February 1967 has 28 days", "correct the date"),
        ("1967-13-01", "there is no month 13", "correct"),
        ("1967-6-2", "year-month-day", 'when="1967-06-02"'),
        ("2.6.1967", "year-month-day", 'when="1967-06-02"'),
        ("04.08.2017", "year-month-day", 'when="2017-08-04"'),
        ("1967–06–02", "joined by hyphens, not by dashes", 'when="1967-06-02"'),
        ("1967—6", "joined by hyphens, not by dashes", 'when="1967-06"'),
        ("6/2/1967", "year-month-day", '"1967-02-06" or when="1967-06-02"'),
        ("13/2/1967", "year-month-day", 'write when="1967-02-13"'),
        ("2 June 1967", "year-month-day", 'when="1967-06-02"'),
        ("June 2, 1967", "year-month-day", 'when="1967-06-02"'),
        ("Juni 1967", "year-month-day", 'when="1967-06"'),
        ("1967/06/02", "year-month-day", 'when="1967-06-02"'),
        ("1967?", "no sign of doubt", 'write when="1967", and say with cert'),
        ("ca. 1967", "no sign of doubt", "cert"),
        ("[1967]", "no sign of doubt", "cert"),
        ("1967/1969", "it is a range", 'from="1967" to="1969"'),
        ("1967–69", "it is a range", 'from="1967" to="1969"'),
        ("1967-69", "no such month", 'from="1967" to="1969"'),
        ("1960s", "it is a decade", 'notBefore="1960" notAfter="1969"'),
        ("19th century", "it is a century", "notBefore"),
        ("67", "four figures", "1967"),
        ("800", "four figures", 'when="0800"'),
        ("", "it is empty", "1967-06-02"),
        ("1967-06-02T25:00:00", "there is no hour 25", "correct"),
        ("1967-06-02T12:61:00", "there is no minute 61", "correct"),
        ("1967-06-02T12:30", "hours, minutes and seconds", "1967-06-02T12:30:00"),
        ("9.30", "hours, minutes and seconds", 'when="09:30:00"'),
        ("soon", "", "allowed: a date such as 1967-06-02, 1967, 1967-06"),
    ],
)
def test_dates_are_understood_as_people_write_them(
    value: str, reason: str, mend: str
) -> None:
    said = remark(value, DATE, "@when")
    assert reason in said.reason
    assert mend in said.mend


@pytest.mark.parametrize(
    ("value", "expected", "reason", "mend"),
    [
        ("two", NUMBER, "not a number in figures", 'n="2"'),
        ("zwei", NUMBER, "not a number in figures", 'n="2"'),
        ("2,5", NUMBER, "not a number", 'n="2.5"'),
        ("90%", NUMBER, "not a number", 'n="0.9"'),
        ("2 lines", NUMBER, "not a number", 'n="2"'),
        ("some", NUMBER, "not a number", "allowed: a number or a fraction such as"),
        ("2.5", ("nonNegativeInteger",), "not a whole number", "a whole number from"),
        ("-1", ("nonNegativeInteger",), "less than 0", "a whole number from 0"),
        ("7", ("double (minInclusive 0, maxInclusive 1)",), "out of bounds", "to 1"),
        ("yes", ("boolean",), "true or false", 'n="true"'),
        ("nein", ("boolean",), "true or false", 'n="false"'),
        ("perhaps", ("boolean", "unknown"), "", 'true or false or "unknown"'),
        ("en_US", ("language", ""), "joined by hyphens", 'n="en-US"'),
        ("en fr", ("language", ""), "one language is wanted", "en or fr"),
        ("Ελλ", ("language",), "not a language tag", "a language tag such as"),
        ("Open", ("open", "secret"), "case-sensitive", 'n="open"'),
        ("opem", ("open", "secret"), "not in the list", 'n="open" if that is meant'),
        ("blue", ("open", "secret"), "", 'allowed: "open" or "secret"'),
        ("a b", (r"token (pattern [^\p{C}\p{Z}]+)",), "one word", 'n="a-b"'),
        ("a b", (r"anyURI (pattern \S+)",), "one word", 'n="a%20b"'),
        ("50%", (r"anyURI (pattern \S+)",), "a % in an address", 'n="50%25"'),
        ("x", (r"token (pattern q+)",), "", r"allowed: token (pattern q+)"),
    ],
)
def test_other_values_get_a_reason_and_a_mend(
    value: str, expected: tuple[str, ...], reason: str, mend: str
) -> None:
    said = remark(value, expected, "@n")
    assert reason in said.reason
    assert mend in said.mend


def test_a_unit_in_a_quantity_is_put_where_it_belongs() -> None:
    assert remark("2 lines", NUMBER, "@quantity").mend == (
        'write quantity="2" unit="line"'
    )


def test_many_values_are_counted_and_datatypes_said_in_words() -> None:
    assert allowed([f"v{n}" for n in range(20)]).endswith('"v11" or 8 others')
    assert allowed(["boolean", "unknown"]) == 'allowed: true or false or "unknown"'
    assert not is_value("date")
    assert is_value("dateline")


@pytest.mark.parametrize(
    ("tag", "meant"),
    [
        ("en", None),
        ("EN-us", None),
        ("grc", None),
        ("x-klingon", None),
        ("", None),
        ("english", "en"),
        ("German-AT", "de-AT"),
        ("cz", "cs"),
        ("qq", ""),
        ("elvish", ""),
    ],
)
def test_a_tag_that_no_language_has_is_doubted(tag: str, meant: str | None) -> None:
    assert doubt(tag) == meant


def test_elements_are_grouped_by_kind_the_likely_first_and_the_rest_counted() -> None:
    several = "{u}zone {u}p {u}date {u}hi text {u}a {u}b {u}c {u}persName {u}d".split()
    assert grouped(several) == "text; <p>; <persName>, <date>; <hi>; and 5 others"
    assert grouped(several, 1) == "text; <p>; and 8 others"
    assert grouped(["{u}b", "{u}p"]) == "<p> or <b>"
    assert grouped([]) == ""
    assert names([f"{{u}}e{n}" for n in range(9)]).endswith("<e5> or 3 others")
    assert few(["@facs", "@n"]) == "@n or @facs"


def test_the_near_name_is_found_in_any_case_and_with_other_signs() -> None:
    assert near("persname", ["place", "persName"]) == "persName"
    assert near("pers_name", ["persName"]) == "persName"
    assert near("suplied", ["supplied", "add"]) == "supplied"
    assert near("x" * 80, ["x" * 79]) == ""
    assert near("", ["a"]) == ""
