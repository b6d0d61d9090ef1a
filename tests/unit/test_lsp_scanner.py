"""What stands at a cursor of a document that is being typed."""

from __future__ import annotations

import time

import pytest

from toolkit.lsp.markup import Tag, TagKind, namespaces, tags, written
from toolkit.lsp.scanner import Place, PlaceKind, place_at


def at(text: str) -> Place:
    """Return what stands at the ``|`` of a text."""
    offset = text.index("|")
    return place_at(text.replace("|", "", 1), offset)


def names(place: Place) -> list[str]:
    """Return the open elements."""
    return [one.tag.name for one in place.around]


@pytest.mark.parametrize(
    ("text", "kind", "around"),
    [
        ("<a><b>|</b></a>", PlaceKind.TEXT, ["a", "b"]),
        ("<a><b/>|", PlaceKind.TEXT, ["a"]),
        ("<a><|", PlaceKind.NAME, ["a"]),
        ("<a><pers|", PlaceKind.NAME, ["a"]),
        ("<a><pe|rs>x</pers></a>", PlaceKind.NAME, ["a"]),
        ("<a><b |", PlaceKind.ATTRIBUTE, ["a"]),
        ("<a><b re|", PlaceKind.ATTRIBUTE, ["a"]),
        ("<a><b ref=|", PlaceKind.VALUE, ["a"]),
        ('<a><b ref="|', PlaceKind.VALUE, ["a"]),
        ('<a><b ref="|"/></a>', PlaceKind.VALUE, ["a"]),
        ('<a><b ref="x"|/></a>', PlaceKind.NOWHERE, ["a"]),
        ('<a><b ref="x" |/></a>', PlaceKind.ATTRIBUTE, ["a"]),
        ("<a><b>x</|", PlaceKind.END_NAME, ["a", "b"]),
        ("<a><b>x</b|>", PlaceKind.END_NAME, ["a", "b"]),
        ("<a><!-- | --></a>", PlaceKind.NOWHERE, ["a"]),
        ("<a><!-- |", PlaceKind.NOWHERE, ["a"]),
        ("<a><![CDATA[ <b> | ]]></a>", PlaceKind.NOWHERE, ["a"]),
        ("<?xml version='1.0'?|><a/>", PlaceKind.NOWHERE, []),
        ("<!DOCTYPE a [<!ENTITY b '<c>'>]><a>|", PlaceKind.TEXT, ["a"]),
        ("|<a/>", PlaceKind.TEXT, []),
    ],
)
def test_the_cursor_stands_in(text: str, kind: PlaceKind, around: list[str]) -> None:
    place = at(text)
    assert place.kind is kind
    assert names(place) == around


@pytest.mark.parametrize(
    ("text", "around"),
    [
        ("<a><b><c>|</a>", ["a", "b", "c"]),
        ("<a><b><c></b>|</a>", ["a"]),
        ("<a></x>|</a>", ["a"]),
        ("<a><b <c>|", ["a", "b", "c"]),
        ("<a>1 < 2 |</a>", ["a"]),
        ("<a>x <5 y |</a>", ["a"]),
        ("<a>&broken <b>|", ["a", "b"]),
    ],
    ids=[
        "ends missing",
        "an inner end missing",
        "an end too many",
        "a tag without >",
        "a bare <",
        "a < before a digit",
        "a bare &",
    ],
)
def test_broken_markup_leaves_the_likely_elements_open(
    text: str, around: list[str]
) -> None:
    assert names(at(text)) == around


def test_what_came_before_is_known_by_element() -> None:
    place = at("<a>x<b>inner <c/></b> <d/> y|</a>")
    content = place.around[-1].content
    assert [one and one.name for one in content] == [None, "b", "d", None]


@pytest.mark.parametrize(
    ("text", "following"),
    [
        ("<a>|<b><c/></b>x<d/></a><e/>", ["b", None, "d"]),
        ("<a><|<b/></a>", ["b"]),
        ("<a><|b><c/></b><d/></a>", ["d"]),
        ("<a><b>|<c></b><d/></a>", ["c"]),
        ("|<a/>", []),
    ],
    ids=["between", "unfinished tag", "in a finished tag", "no end tag", "no parent"],
)
def test_what_comes_later_is_known_by_element(
    text: str, following: list[str | None]
) -> None:
    assert [one and one.name for one in at(text).following] == following


def attributes(tag: str) -> list[tuple[str, str | None]]:
    """Return the attributes of a start tag."""
    found = next(iter(tags(tag)))
    assert isinstance(found, Tag)
    return [(one.name, one.value) for one in found.attributes]


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("""<a b="1" c='2 "x"'/>""", [("b", "1"), ("c", '2 "x"')]),
        ("<a b = '&amp;&#x41;'>", [("b", "&A")]),
        ('<a b="1\n2">', [("b", "1 2")]),
        ("<a b c=1>", [("b", None), ("c", "1")]),
        ('<a b="x c="y">', [("b", "x"), ("c", "y")]),
        ('<a b="x>text', [("b", "x")]),
        ('<a b="">', [("b", "")]),
        ('<a b="x > y">', [("b", "x > y")]),
        ('<a xml:id="ü.1">', [("xml:id", "ü.1")]),
    ],
)
def test_attributes_are_read_as_far_as_they_are_typed(
    tag: str, expected: list[tuple[str, str | None]]
) -> None:
    assert attributes(tag) == expected


def test_the_places_of_an_attribute_are_its_own() -> None:
    text = '<a>\U0001d504<b  ref = "x y"/>'
    tag = next(one for one in tags(text) if isinstance(one, Tag) and one.name == "b")
    (one,) = tag.attributes
    assert text[one.start : one.name_end] == "ref"
    assert text[one.inside.start : one.inside.end] == "x y"
    assert text[one.start : one.end] == 'ref = "x y"'
    assert text[tag.name_span.start : tag.name_span.end] == "b"
    assert tag.kind is TagKind.EMPTY


def test_names_are_written_with_the_prefixes_of_the_place() -> None:
    first = next(iter(tags('<t:a xmlns:t="u" xmlns="v">')))
    assert isinstance(first, Tag)
    scope = namespaces((first,))
    assert written("{u}b", scope) == "t:b"
    assert written("{v}b", scope) == "b"
    assert written("{w}b", scope) == ""
    assert written("b", scope, attribute=True) == "b"


@pytest.mark.parametrize(
    "hostile",
    [
        "<a " + "'\"" * 30_000,
        "<" * 60_000,
        '<a b="' + "x" * 60_000,
        "<!DOCTYPE a [" + "[" * 60_000,
        "<!-- " * 12_000,
        "</a " * 15_000,
        "<a>" * 20_000,
        "<a " + "b= " * 20_000,
    ],
    ids=["quotes", "<", "open value", "DOCTYPE", "comments", "ends", "deep", "names"],
)
def test_hostile_text_is_read_in_time(hostile: str) -> None:
    started = time.process_time()
    place_at(hostile, len(hostile))
    place_at(hostile, 1)
    assert time.process_time() - started < 3
