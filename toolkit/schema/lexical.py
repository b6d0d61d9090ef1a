"""The values of XML Schema's datatypes: from a literal to what it means.

Each function takes a literal after white space processing and returns the value, on
which equality and order of the datatype can be tested, or raises ``ValueError`` with
the reason in an editor's words (XML Schema part 2, section 3.2 and 3.3).
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_START: Final = (
    ":A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff"
    "\u200c-\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd"
    "\U00010000-\U000effff"
)
_MORE: Final = _START + "\\-.0-9\u00b7\u0300-\u036f\u203f-\u2040"


class _Expression:
    """A regular expression, compiled when it is first asked.

    Compiling all of them takes as long as checking a small document.
    """

    def __init__(self, pattern: str) -> None:
        self.pattern: Final = pattern

    @cached_property
    def fullmatch(self) -> Callable[[str], re.Match[str] | None]:
        """Match a whole literal."""
        return re.compile(self.pattern).fullmatch


class _Names:
    """A regular expression for names; what is beyond ASCII only if a name is."""

    def __init__(self, pattern: str) -> None:
        self.pattern: Final = pattern
        self._ascii = _Expression(re.sub("[\x80-\U0010ffff]-?", "", pattern))
        self._all = _Expression(pattern)

    def fullmatch(self, literal: str) -> re.Match[str] | None:
        """Match a whole literal."""
        return (self._ascii if literal.isascii() else self._all).fullmatch(literal)


NAME: Final = _Names(f"[{_START}][{_MORE}]*")
NMTOKEN: Final = _Names(f"[{_MORE}]+")
NCNAME: Final = _Names(f"[{_START[1:]}][{_MORE.replace(':', '', 1)}]*")
LANGUAGE: Final = _Expression(r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*")
_LETTERS: Final = frozenset(("Lu", "Ll", "Lt", "Lo", "Nl"))
_DECIMAL: Final = _Expression(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_INTEGER: Final = _Expression(r"[+-]?[0-9]+")
_DOUBLE: Final = _Expression(
    r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|-?INF|NaN"
)
_ZONE: Final = r"(Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_YEAR: Final = r"(-?(?:[1-9][0-9]{4,}|[0-9]{4}))"
_TIME: Final = r"([0-9]{2}):([0-9]{2}):([0-9]{2}(?:\.[0-9]+)?)"
_DURATION: Final = _Expression(
    r"(-)?P(?=[0-9T])(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)D)?"
    r"(?:T(?=[0-9.])(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+(?:\.[0-9]+)?)S)?)?"
)
_ESCAPED: Final = _Expression(r"[^%]*(?:%[0-9A-Fa-f]{2}[^%]*)*")
_NUMBER_OF_HOST: Final = _Expression(r"(?:[^@\[\]]*@)?\[([0-9A-Fa-f.:]+)\](?::[0-9]*)?")
_SCHEME: Final = _Expression(r"[A-Za-z][A-Za-z0-9+.\-]*")
_ABSOLUTE: Final = _Expression(r"[A-Za-z][A-Za-z0-9+.\-]*:(?s:.*)")
_BASE64: Final = _Expression(r"(?:[A-Za-z0-9+/] ?)*(?:= ?){0,2}")

_MOMENTS: Final = {
    "dateTime": (
        _Expression(f"{_YEAR}-([0-9]{{2}})-([0-9]{{2}})T{_TIME}{_ZONE}"),
        "YMDhms",
    ),
    "date": (_Expression(f"{_YEAR}-([0-9]{{2}})-([0-9]{{2}}){_ZONE}"), "YMD"),
    "time": (_Expression(f"{_TIME}{_ZONE}"), "hms"),
    "gYearMonth": (_Expression(f"{_YEAR}-([0-9]{{2}}){_ZONE}"), "YM"),
    "gYear": (_Expression(f"{_YEAR}{_ZONE}"), "Y"),
    "gMonthDay": (_Expression(f"--([0-9]{{2}})-([0-9]{{2}}){_ZONE}"), "MD"),
    "gDay": (_Expression(f"---([0-9]{{2}}){_ZONE}"), "D"),
    "gMonth": (_Expression(f"--([0-9]{{2}}){_ZONE}"), "M"),
}
_SHAPES: Final = {
    "dateTime": "1962-08-27T14:30:00",
    "date": "1962-08-27",
    "time": "14:30:00",
    "gYearMonth": "1962-08",
    "gYear": "1962",
    "gMonthDay": "--08-27",
    "gDay": "---27",
    "gMonth": "--08",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or time on a line of seconds."""

    seconds: Decimal  #: since the year 1 (proleptic), in UTC where ``zoned``
    zoned: bool


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time; months and seconds do not convert."""

    months: int
    seconds: Decimal


def is_name(literal: str, expression: _Names = NCNAME) -> bool:
    """Say whether a literal is a name (by default one without a colon).

    RELAX NG and XML Schema cite XML 1.0 before its fifth edition, where a name
    begins with a letter (appendix B), not with any mark, digit or symbol.
    """
    return expression.fullmatch(literal) is not None and (
        literal[0].isascii() or unicodedata.category(literal[0]) in _LETTERS
    )


def boolean(literal: str) -> object:
    """``true``, ``false``, ``1`` or ``0``."""
    values = {"true": True, "1": True, "false": False, "0": False}
    if literal not in values:
        raise ValueError("not true or false")
    return values[literal]


def decimal(literal: str) -> object:
    """A number in digits with or without a point."""
    if not _DECIMAL.fullmatch(literal):
        raise ValueError("not a decimal number, such as 12.5")
    return Decimal(literal)


def integer(literal: str) -> object:
    """A number in digits alone."""
    if not _INTEGER.fullmatch(literal):
        raise ValueError("not a whole number")
    return Decimal(literal)


def double(literal: str) -> object:
    """A floating-point number."""
    if not _DOUBLE.fullmatch(literal):
        raise ValueError("not a number, such as 12.5 or 1.2E3")
    return literal if literal == "NaN" else float(literal.replace("INF", "inf"))


def name(literal: str) -> object:
    """An XML name, colons allowed."""
    if not is_name(literal, NAME):
        raise ValueError("not an XML name (a letter or _ first, no spaces)")
    return literal


def ncname(literal: str) -> object:
    """An XML name without a colon."""
    if not is_name(literal):
        raise ValueError("not a name (a letter or _ first, no spaces, no colon)")
    return literal


def nmtoken(literal: str) -> object:
    """One token of name characters."""
    return _matching(NMTOKEN, literal, "not a name token (letters, digits, . - _ :)")


def language(literal: str) -> object:
    """A language tag."""
    return _matching(LANGUAGE, literal, "not a language tag, such as de or de-AT")


def _matching(expression: _Expression | _Names, literal: str, reason: str) -> str:
    if not expression.fullmatch(literal):
        raise ValueError(reason)
    return literal


def any_uri(literal: str) -> object:
    """A URI reference of RFC 2396 and 2732, before its other characters are escaped.

    By those ``http://`` is one. It is refused here, as by jing: who wrote it has
    forgotten the rest.
    """
    if not _ESCAPED.fullmatch(literal):
        raise ValueError("not a URI: a % that two hexadecimal digits do not follow")
    address, sharp, fragment = literal.partition("#")
    if "#" in fragment:
        raise ValueError("not a URI: more than one #")
    before, colon, rest = address.partition(":")
    if colon and not set(before) & set("/?"):
        if not _SCHEME.fullmatch(before):
            raise ValueError(f"not a URI: {before!r} before the colon is no scheme")
        if not rest:
            raise ValueError("not a URI: nothing follows the colon")
        if not rest.startswith("/"):
            return literal  # such as mailto:, of which no more is known
        address = rest
    if address == "//" and not sharp:
        raise ValueError("not a URI: nothing follows the two slashes")
    _require_path(address)
    return literal


def _require_path(address: str) -> None:
    """Let pass what may stand between the scheme and the fragment of a URI."""
    path = address.partition("?")[0]
    if path.startswith("//"):
        host, _, path = path[2:].partition("/")
        if ("[" in host or "]" in host) and not _is_number_of_host(host):
            raise ValueError(
                "not a URI: square brackets hold the number of a host, such as [::1]"
            )
    if "[" in path or "]" in path:
        raise ValueError("not a URI: square brackets are written %5B and %5D")


def _is_number_of_host(host: str) -> bool:
    """Say whether a host is a number in brackets (IPv6), perhaps with a port."""
    from ipaddress import AddressValueError, IPv6Address  # nearly never needed

    found = _NUMBER_OF_HOST.fullmatch(host)
    if found is None:
        return False
    try:
        IPv6Address(found[1])
    except AddressValueError:
        return False
    return True


def library_uri(literal: str) -> str:
    """Return the URI of a datatype library: absolute, or empty (RELAX NG section 3).

    Raises:
        ValueError: It is none; says why.
    """
    any_uri(literal)
    if literal and ("#" in literal or not _ABSOLUTE.fullmatch(literal)):
        raise ValueError("no absolute URI without '#'")
    return literal


def hex_binary(literal: str) -> object:
    """Pairs of hexadecimal digits."""
    if not re.fullmatch("(?:[0-9A-Fa-f]{2})*", literal):
        raise ValueError("not pairs of hexadecimal digits")
    return bytes.fromhex(literal)


def base64_binary(literal: str) -> object:
    """Base64 text."""
    if not _BASE64.fullmatch(literal):
        raise ValueError("not base64")
    try:
        return base64.b64decode(literal.replace(" ", ""), validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None


def duration(literal: str) -> object:
    """A duration such as ``P1Y2M3DT4H5M6S``."""
    found = _DURATION.fullmatch(literal)
    if not found:
        raise ValueError("not a duration, such as P1Y2M or PT30M")
    years, months, days, hours, minutes = (int(found[i] or 0) for i in range(2, 7))
    seconds = Decimal(found[7] or 0)
    sign = -1 if found[1] else 1
    total = seconds + 60 * (minutes + 60 * (hours + 24 * days))
    return Duration(sign * (12 * years + months), sign * total)


def moment(kind: str, literal: str) -> Moment:
    """A date, time, or part of a date.

    Args:
        kind: ``dateTime``, ``date``, ``time``, ``gYearMonth``, ``gYear``,
            ``gMonthDay``, ``gDay`` or ``gMonth``.
        literal: The literal.

    Raises:
        ValueError: It does not have the shape, or there is no such day or hour.
    """
    expression, parts = _MOMENTS[kind]
    found = expression.fullmatch(literal)
    if not found:
        raise ValueError(f"not of the form {_SHAPES[kind]}")
    given = dict(zip(parts, found.groups(), strict=False))
    year, month = int(given.get("Y", 2000)), int(given.get("M", 1))
    days = _days(year, month, int(given.get("D", 1)), "Y" in parts)
    hour, minute = int(given.get("h", 0)), int(given.get("m", 0))
    second = Decimal(given.get("s", 0))
    midnight = hour == 24 and minute == second == 0
    if not midnight and (hour > 23 or minute > 59 or second >= 60):
        raise ValueError(f"there is no time {given['h']}:{given['m']}:{given['s']}")
    if midnight and kind == "time":
        hour = 0
    zone = found.groups()[-1]
    seconds = Decimal(((days * 24 + hour) * 60 + minute - _offset(zone)) * 60) + second
    return Moment(seconds, zone is not None)


def _days(year: int, month: int, day: int, with_year: bool) -> int:
    """Return the days from the year 1 to a date of the proleptic calendar."""
    if with_year and year == 0:
        raise ValueError("there is no year 0000")
    if not 1 <= month <= 12:
        raise ValueError(f"there is no month {month:02}")
    # Years repeat every 400; the year before 1 is -1.
    count = year + 1 if year < 0 else year
    if not 1 <= day <= monthrange(2000 + count % 400, month)[1]:
        raise ValueError(
            f"there is no day {day} in month {month:02}"
            + (f" of {year:04}" if with_year else "")
        )
    past = count - 1
    lengths = sum(monthrange(2000 + count % 400, m)[1] for m in range(1, month))
    return past * 365 + past // 4 - past // 100 + past // 400 + lengths + day - 1


def _offset(zone: str | None) -> int:
    if zone is None or zone == "Z":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[4:])
    return -minutes if zone[0] == "-" else minutes


_HALF_DAY_AND_MORE: Final = 14 * 3600


def compare(a: object, b: object) -> int | None:
    """Compare two values of one datatype.

    Returns:
        -1, 0 or 1; None where the datatype's order leaves it open.
    """
    if isinstance(a, Moment) and isinstance(b, Moment):
        gap = a.seconds - b.seconds
        if a.zoned != b.zoned and abs(gap) <= _HALF_DAY_AND_MORE:
            return None
        return (gap > 0) - (gap < 0)
    if isinstance(a, Duration) and isinstance(b, Duration):
        return _compare_durations(a, b)
    if isinstance(a, Decimal | float) and isinstance(b, Decimal | float):
        return (a > b) - (a < b)
    return 0 if a == b else None


def _compare_durations(a: Duration, b: Duration) -> int | None:
    """Add both to the four dates of section 3.2.6.2; they must agree."""
    signs = set()
    for year, month in ((1696, 9), (1697, 2), (1903, 3), (1903, 7)):
        gap = _added(a, year, month) - _added(b, year, month)
        signs.add((gap > 0) - (gap < 0))
    return signs.pop() if len(signs) == 1 else None


def _added(length: Duration, year: int, month: int) -> Decimal:
    months = year * 12 + month - 1 + length.months
    days = _days(max(months // 12, 1), months % 12 + 1, 1, False)
    return days * 86400 + length.seconds
