"""The line of a finding with a caret under its column."""

from __future__ import annotations

import unicodedata
from typing import Final

from toolkit.findings import visible

TAB: Final = 4  #: columns that a tab stands for
_CUT: Final = "…"


def excerpt(line: str, number: int, column: int, width: int = 100) -> list[str]:
    """Return a line of a document and a caret under one of its columns.

    Tabs become spaces, characters that a terminal would obey one sign each (control
    pictures, U+FFFD); wide characters count as two columns and combining ones as
    none. A line that is too long is cut around the caret.

    Args:
        line: The line, without its end.
        number: Its 1-based number.
        column: 1-based column in characters; 0: no caret. A column behind the line's
            end is its end.
        width: Columns of the whole, at least 20.

    Returns:
        The line; and the line of the caret, where there is one.
    """
    gutter = f"{number:>5} | "
    room = max(20, width) - len(gutter)
    at = min(max(column - 1, 0), len(line))
    # What is out of sight in any case is not even looked at.
    start, end = max(0, at - 2 * room), at + 2 * room
    cells = [_cell(character) for character in line[start:end]]
    fits = room if len(cells) == len(line) else room - 2
    left, right = _window([columns for _, columns in cells], at - start, fits)
    cut_left, cut_right = start + left > 0, start + right < len(line)
    text = "".join(shown for shown, _ in cells[left:right]).rstrip()
    shown = (_CUT if cut_left else "") + text + (_CUT if cut_right else "")
    lines = [f"{gutter}{shown}".rstrip()]
    if column > 0:
        before = sum(columns for _, columns in cells[left : at - start]) + cut_left
        lines.append(" " * (len(gutter) - 2) + "| " + " " * before + "^")
    return lines


def _window(columns: list[int], at: int, room: int) -> tuple[int, int]:
    """Return from where to where characters are shown, so that one is in sight.

    Args:
        columns: The columns of each character.
        at: Index of the character that must be in sight; it may be the end.
        room: Columns that there are; two of them are for the signs of a cut.
    """
    if sum(columns) <= room:
        return 0, len(columns)
    left, taken = at, 0
    while left > 0 and taken + columns[left - 1] <= room // 2:
        left -= 1
        taken += columns[left]
    right = at
    while right < len(columns) and taken + columns[right] <= room - 2:
        taken += columns[right]
        right += 1
    while left > 0 and taken + columns[left - 1] <= room - 2:
        left -= 1
        taken += columns[left]
    return left, right


def _cell(character: str) -> tuple[str, int]:
    """Return how a character is shown, and on how many columns."""
    if " " <= character <= "~":
        return character, 1
    if character == "\t":
        return " " * TAB, TAB
    if character < " ":
        return chr(0x2400 + ord(character)), 1
    if visible(character) != character:
        return ("␡" if character == "\x7f" else "\ufffd"), 1
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return character, 0
    return character, 2 if unicodedata.east_asian_width(character) in "WF" else 1
