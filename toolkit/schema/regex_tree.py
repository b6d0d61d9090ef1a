r"""The tree of a regular expression of XML Schema, and its sets of characters.

Takes nothing; gives the parts that an expression is read to (``regex``) and followed
by (``regex_steps``). A set such as ``\p{L}`` is asked for by how far it is to go: for
ASCII only it is a handful of ranges, for all of Unicode the table of general
categories must be gathered.

XML Schema 1.0, part 2, appendix F.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeAlias

LAST: Final = 0x10FFFF
ASCII_LAST: Final = 0x7F

Ranges: TypeAlias = list[tuple[int, int]]

_NAME_START: Final[Ranges] = [
    (0x3A, 0x3A),
    (0x41, 0x5A),
    (0x5F, 0x5F),
    (0x61, 0x7A),
    (0xC0, 0xD6),
    (0xD8, 0xF6),
    (0xF8, 0x2FF),
    (0x370, 0x37D),
    (0x37F, 0x1FFF),
    (0x200C, 0x200D),
    (0x2070, 0x218F),
    (0x2C00, 0x2FEF),
    (0x3001, 0xD7FF),
    (0xF900, 0xFDCF),
    (0xFDF0, 0xFFFD),
    (0x10000, 0xEFFFF),
]
_NAME_MORE: Final[Ranges] = [
    (0x2D, 0x2E),
    (0x30, 0x39),
    (0xB7, 0xB7),
    (0x300, 0x36F),
    (0x203F, 0x2040),
]


class RegexError(ValueError):
    """The text is not a regular expression of XML Schema; says why and where."""


@dataclass(frozen=True, slots=True)
class Characters:
    """One character out of a set."""

    ranges: tuple[tuple[int, int], ...] = ()
    escapes: tuple[str, ...] = ()  #: ``d``, ``D``, ``pL``, ``PL`` …
    negated: bool = False
    minus: Characters | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """An atom a number of times; no greatest number where ``most`` is None."""

    atom: Characters | Branches
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Branches:
    """Alternatives, each a sequence."""

    alternatives: tuple[tuple[Repeat, ...], ...]


def ranges_of(characters: Characters, last: int) -> Ranges:
    """Return the code points of a set up to ``last``, as sorted ranges."""
    found: Ranges = list(characters.ranges)
    for escape in characters.escapes:
        found += _escape_ranges(escape, last)
    found = _merge(found, last)
    if characters.negated:
        found = _complement(found, last)
    if characters.minus is not None:
        taken = ranges_of(characters.minus, last)
        found = _complement(_merge(_complement(found, last) + taken, last), last)
    return found


def _merge(ranges: Ranges, last: int) -> Ranges:
    merged: Ranges = []
    for start, end in sorted(ranges):
        if start > last:
            break
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], min(end, last)))
        else:
            merged.append((start, min(end, last)))
    return merged


def _complement(ranges: Ranges, last: int) -> Ranges:
    found: Ranges = []
    following = 0
    for start, end in ranges:
        if start > following:
            found.append((following, start - 1))
        following = end + 1
    if following <= last:
        found.append((following, last))
    return found


def _escape_ranges(escape: str, last: int) -> Ranges:
    if escape[0] in "SICDWP":
        return _complement(_escape_ranges(escape[0].lower() + escape[1:], last), last)
    match escape[0]:
        case "s":
            ranges = [(0x9, 0xA), (0xD, 0xD), (0x20, 0x20)]
        case "i":
            ranges = _NAME_START
        case "c":
            ranges = _NAME_START + _NAME_MORE
        case "d":
            ranges = _category("Nd", last)
        case "w":
            taken = [r for one in "PZC" for r in _category(one, last)]
            ranges = _complement(_merge(taken, last), last)
        case _:
            ranges = _category(escape[1:], last)
    return _merge(ranges, last)


def _category(name: str, last: int) -> Ranges:
    if name.startswith("Is"):
        return block(name)
    table = _categories(last)
    return [r for one, ranges in table.items() if one.startswith(name) for r in ranges]


@cache
def _categories(last: int) -> dict[str, Ranges]:
    """Gather the general category of every character up to ``last``."""
    table: dict[str, Ranges] = {}
    category = unicodedata.category
    # Between and after these spans nothing is assigned (Cn), or it is private (Co).
    spans = [range(0x33480), range(0xE0000, 0xE0200)]
    for span in spans if last > ASCII_LAST else [range(ASCII_LAST + 1)]:
        start, current = span.start, category(chr(span.start))
        for code in (*span, span.stop):
            one = category(chr(code)) if code < span.stop else ""
            if one != current:
                table.setdefault(current, []).append((start, code - 1))
                start, current = code, one
    if last > ASCII_LAST:
        table["Cn"] += [(0x33480, 0xDFFFF), (0xE0200, 0xEFFFF)]
        table["Cn"] += [(0xFFFFE, 0xFFFFF), (0x10FFFE, 0x10FFFF)]
        table["Co"] += [(0xF0000, 0xFFFFD), (0x100000, 0x10FFFD)]
    return table


def block(name: str) -> Ranges:
    """Return the range of a Unicode block; its table is large and rarely wanted."""
    from elementpath.regex import unicode_subset

    try:
        return [
            (one, one) if isinstance(one, int) else (one[0], one[1] - 1)
            for one in unicode_subset(name)
        ]
    except Exception as fault:
        raise RegexError(f"there is no Unicode block {name[2:]!r}") from fault
