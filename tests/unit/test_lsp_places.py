"""Offsets, lines and columns as editors, findings and Python count them."""

from __future__ import annotations

import pytest

from toolkit.lsp.places import Edit, Lines, Unit, edited

ASTRAL = "a\U0001d504é<b/>\nlast"


@pytest.mark.parametrize(
    ("unit", "character"), [("utf-8", 7), ("utf-16", 4), ("utf-32", 3)]
)
def test_an_astral_character_counts_as_the_editor_counts(
    unit: Unit, character: int
) -> None:
    lines = Lines(ASTRAL, unit)
    offset = ASTRAL.index("<")
    assert lines.position(offset) == (0, character)
    assert lines.offset(0, character) == offset


@pytest.mark.parametrize("unit", ["utf-8", "utf-16", "utf-32"])
def test_every_offset_survives_the_way_to_a_position_and_back(unit: Unit) -> None:
    text = "\U0001d504\r\né\rx\U0001f600y\n\n"
    lines = Lines(text, unit)
    inside = text.index("\r\n") + 1  # between the two signs of one line end
    for offset in range(len(text) + 1):
        back = lines.offset(*lines.position(offset))
        assert back == (offset if offset != inside else offset - 1)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_three_signs_end_a_line(end: str) -> None:
    assert Lines(f"one{end}two").position(3 + len(end)) == (1, 0)


@pytest.mark.parametrize("sign", ["\u2028", "\x85", "\x0b", "\x0c", "\x1c"])
def test_no_other_sign_ends_a_line(sign: str) -> None:
    assert Lines(f"one{sign}two").position(5) == (0, 5)


def test_a_place_beyond_a_line_is_its_end() -> None:
    lines = Lines("one\r\ntwo")
    assert lines.offset(0, 99) == 3
    assert lines.offset(99, 0) == 8
    assert lines.offset(-1, 5) == 0


def test_a_finding_counts_characters_from_one() -> None:
    lines = Lines(ASTRAL)
    assert lines.of_finding(1, 4) == ASTRAL.index("<")
    assert lines.of_finding(2, 1) == ASTRAL.index("last")
    assert lines.of_finding(0, 0) == 0


def test_edits_are_made_from_the_end() -> None:
    assert edited("abc", [Edit(0, 1, "xx"), Edit(2, 3, "")]) == "xxb"
