"""Every bracket of the sources is encoded as what it is.

For each of the 143 rows of the oracle: the item's place in the source is found in
the document, and the element that stands there is what the item's class asks for.
"""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from typing import TYPE_CHECKING, Final

import pytest
from lxml import etree

from toolkit.tei import TEI, Element, local_name

from .bracket_checks import CHECKS, EDITORIAL, check
from .bracket_place import holder, locate
from .oracle import ROWS, read_brackets
from .source_view import DifferenceError, align_body, align_citation, twin

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Compared
    from .oracle import Bracket
    from .source_view import Alignment

#: The classes whose brackets are signs and not characters of the text; the stamp
#: with its content is one, by the comment that it stands in.
SIGNED: Final = frozenset("OM SU EX VA GL CO HW ST IL SG TN PT".split())


def alignment_of(bracket: Bracket, compared: Compared) -> Alignment:
    """Return the alignment of the part of a document that holds a bracket."""
    in_header = bracket.line < compared.sources[bracket.source].body_line
    return (compared.citation if in_header else compared.body)(bracket.source)


def test_the_source_view_gives_back_the_words_of_the_source(
    shared: Path, compared: Compared
) -> None:
    for name, source in compared.sources.items():
        assert compared.body(name).view.text.split() == source.words(source.body_line)


def test_every_row_of_the_oracle_is_a_test(shared: Path) -> None:
    brackets = read_brackets(shared)
    assert len({bracket.ident for bracket in brackets}) == ROWS["brackets"]
    assert {bracket.kind for bracket in brackets} == set(CHECKS)


def test_no_sign_stands_in_the_documents_that_the_oracle_does_not_know(
    shared: Path, compared: Compared
) -> None:
    counted = Counter(
        local_name(element)
        for name in compared.sources
        for element in compared.body(name).view.spans
        if local_name(element) in EDITORIAL - {"choice", "expan", "sic", "surplus"}
        and not element.findall(f"{TEI}metamark")
        and element.get("rend") != "worded"
    )
    brackets = read_brackets(shared)
    assert counted.total() == sum(bracket.kind in SIGNED for bracket in brackets)


def test_bracket(shared: Path, compared: Compared, bracket: Bracket) -> None:
    source = compared.sources[bracket.source]
    check(bracket, source, alignment_of(bracket, compared))


def unwrap(element: Element) -> None:
    """Make an element's signs characters of the text, and take the element away."""
    root = element.getroottree().getroot()
    element.text = f"[{element.text}]"
    element.tag = "unwrapped"
    etree.strip_tags(root, "unwrapped")


def put(**attributes: str) -> Callable[[Element], None]:
    """Return a corruption that sets attributes; an empty one is taken away."""

    def corrupt(element: Element) -> None:
        for name, value in attributes.items():
            element.set(name, value)
            if not value:
                del element.attrib[name]

    return corrupt


def rename(old: str, new: str) -> Callable[[Element], None]:
    """Return a corruption that renames the nearest element within or around."""

    def corrupt(element: Element) -> None:
        found = next(element.iter(f"{TEI}{old}"), None)
        (holder(element, old) if found is None else found).tag = f"{TEI}{new}"

    return corrupt


def within(
    name: str, corrupt_part: Callable[[Element], None]
) -> Callable[[Element], None]:
    """Return a corruption of the first element of a name within, or else around."""

    def corrupt(element: Element) -> None:
        found = next(element.iter(f"{TEI}{name}"), None)
        corrupt_part(holder(element, name) if found is None else found)

    return corrupt


#: What is done to the element at a row's place; the row's check must see it.
CORRUPTIONS: Final[list[tuple[str, Callable[[Element], None]]]] = [
    ("1967-11-25-B01", unwrap),
    ("1967-11-25-B02", put(reason="illegible")),
    ("1967-11-25-B09", put(reason="illegible")),
    ("1967-11-25-B12", put(resp="#d1967-11-25-ed")),
    ("1967-11-25-B21", rename("supplied", "ex")),
    ("1967-11-25-B06", rename("ex", "supplied")),
    ("1967-11-25-B23", put(resp="")),
    ("1967-11-25-B31", put(type="comment")),
    ("1965-01-08-B14", rename("foreign", "seg")),
    ("1962-08-27-B03", put(type="gloss")),
    ("1967-06-02-B01", put(hand="#nobody")),
    ("1967-06-02-B02", put(type="")),
    ("1969-06-09-B01", within("stamp", put(type=""))),
    ("1967-06-02-B04", put(reason="editorial")),
    ("1969-06-09-B34", within("signed", put(hand="#d1969-06-09-yakovlev"))),
    ("1969-06-09-B08", put(target="")),
    ("1967-06-02-P02", put(place="")),
    ("1969-06-09-P02", rename("date", "surplus")),
    ("1969-06-09-P04", rename("bibl", "seg")),
    ("1967-11-25-P02", rename("roleName", "seg")),
    ("1969-06-09-P16", rename("persName", "name")),
    ("1967-06-02-P01", within("placeName", put(ref=""))),
    ("1967-11-25-P03", within("gap", put(reason="editorial"))),
    ("1969-06-09-P01", put(type="")),
]


@pytest.mark.parametrize(
    ("ident", "corrupt"), CORRUPTIONS, ids=[ident for ident, _ in CORRUPTIONS]
)
def test_corruption_fails_the_check_of_its_bracket(
    shared: Path,
    compared: Compared,
    ident: str,
    corrupt: Callable[[Element], None],
) -> None:
    (bracket,) = (row for row in read_brackets(shared) if row.ident == ident)
    source = compared.sources[bracket.source]
    document = deepcopy(compared.documents[bracket.source])
    place = locate(bracket, source, alignment_of(bracket, compared))
    corrupt(twin(place.element, document))
    align = align_citation if place.in_header else align_body
    with pytest.raises(AssertionError) as fault:
        check(bracket, source, align(source, document))
    assert not isinstance(fault.value, DifferenceError), "only the words tell"


def test_corruption_of_every_class_is_tried(shared: Path) -> None:
    tried = {ident for ident, _ in CORRUPTIONS}
    brackets = read_brackets(shared)
    assert {row.kind for row in brackets if row.ident in tried} == set(CHECKS)


@pytest.mark.parametrize(
    ("name", "attributes"),
    [("supplied", {}), ("note", {"type": "gloss"}), ("expan", {}), ("sic", {})],
    ids=["supplied", "gloss", "expan", "sic"],
)
def test_corruption_of_the_words_is_seen(
    shared: Path, compared: Compared, name: str, attributes: dict[str, str]
) -> None:
    document = deepcopy(compared.documents["1967-11-25"])
    element = next(
        element
        for element in document.iter(f"{TEI}{name}")
        if all(element.get(key) == value for key, value in attributes.items())
    )
    element.tag = "unwrapped"
    etree.strip_elements(document, "unwrapped", with_tail=False)
    with pytest.raises(DifferenceError, match=r"the source has .*, the document "):
        align_body(compared.sources["1967-11-25"], document)
