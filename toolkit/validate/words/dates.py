"""Why something is no date or time, and how it has to be written.

Takes what an editor typed and gives a reason and a mend: figures in another order,
names of months, ranges, decades, signs of doubt and missing seconds are understood.

XML Schema part 2, sections 3.2.7 to 3.2.14 (dates and times); ISO 8601.
"""

from __future__ import annotations

import calendar
import re
from typing import Final, NamedTuple

from toolkit.validate.words.phrases import joined, typed

_MONTHS: Final = {
    month.lower(): number
    for several in (
        " ".join(calendar.month_name),
        " ".join(calendar.month_abbr),
        "Januar Februar März April Mai Juni Juli August September Oktober November "
        "Dezember",
        "janvier février mars avril mai juin juillet août septembre octobre novembre "
        "décembre",
    )
    for number, month in enumerate(several.split(), 1)
} | {"jänner": 1, "sept": 9}
_TIME: Final = re.compile(r"\d[T ]\d|^\d\d?[:.]\d\d")
#: A date with signs that look like hyphens: ``1962–08–22``.
_DASHED: Final = re.compile(r"(\d{4})[‐‑‒–—−](0?[1-9]|1[0-2])(?:[‐‑‒–—−](\d\d?))?")
_CENTURY: Final = re.compile(r"\d\d?(st|nd|rd|th|\.)\s*(c\b|cent|Jh|Jahrh)|[XVI]+e? ")


class Remark(NamedTuple):
    """What can be said of a value."""

    reason: str = ""  #: why it will not do
    mend: str = ""


def date_remark(value: str, attribute: str, *, times: bool) -> Remark:
    """Say why something is no date, and how it is written.

    Args:
        value: What is written.
        attribute: Where, as ``@when``.
        times: Whether a time would do as well.
    """
    if reason := impossible_date(value):
        return Remark(reason, "correct the date")
    if times and _TIME.search(value) and not _written(value):
        return time_remark(value, attribute)
    if dashed := _dashed(value):
        return Remark(
            "the parts of a date are joined by hyphens, not by dashes",
            "write " + typed(attribute, dashed),
        )
    if several := _several(value):
        return several
    doubt = re.sub(r"^(ca?\.?|circa|um|about|vers)\s+|[?\[\]()~]", "", value).strip()
    if doubt != value and (found := _written(doubt)):
        mend = f"write {typed(attribute, found[0])}, and say with cert that it is not "
        return Remark("a date has no sign of doubt", mend + "certain")
    if found := _written(value):
        return Remark(
            "a date is written year-month-day, in figures",
            "write " + joined([typed(attribute, one) for one in found]),
        )
    if re.fullmatch(r"\d{2}", value):
        mend = "write " + typed(attribute, f"19{value}") + ", or the right century"
        return Remark("a year has four figures", mend)
    if re.fullmatch(r"\d{3}", value):
        return Remark(
            "a year has four figures", f"write {typed(attribute, '0' + value)}"
        )
    return Remark()


def _several(value: str) -> Remark | None:
    """Word a range, a decade or a century where one date is wanted."""
    span = re.fullmatch(r"(\d{4})-(\d\d)", value)
    if span and int(span[2]) > 12:
        mend = f'write from="{span[1]}" to="{span[1][:2]}{span[2]}"'
        return Remark("there is no such month", mend)
    if _written(value):
        return None
    if span := re.fullmatch(r"(\d{4}\S*)\s*(?:/|–|—| - | to | bis )\s*(\S+)", value):
        first, last = span[1], span[2]
        if "-" not in last and len(last) < 4:
            last = first[: -len(last)] + last
        mend = f'write from="{first}" to="{last}", or notBefore and notAfter'
        return Remark("it is a range, and one date is wanted", mend)
    if decade := re.fullmatch(r"(\d{3})0'?s", value):
        mend = f'write notBefore="{decade[1]}0" notAfter="{decade[1]}9"'
        return Remark("it is a decade, and one date is wanted", mend)
    if _CENTURY.match(value):
        mend = 'write notBefore="1801" notAfter="1900", or what is meant'
        return Remark("it is a century, and one date is wanted", mend)
    return None


def _dashed(value: str) -> str:
    """Return a date whose parts are joined by dashes; empty if it is none."""
    found = _DASHED.fullmatch(value)
    return "".join(_iso(found[1], found[2], found[3])) if found else ""


def _written(value: str) -> list[str]:
    """Return the dates that a date in words or in another order can mean."""
    if re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", value):
        return [value]
    if found := re.fullmatch(r"(\d{4})[-./ ](\d{1,2})(?:[-./ ](\d{1,2}))?\.?", value):
        return _iso(found[1], found[2], found[3])
    if found := re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", value):
        return _iso(found[3], found[2], found[1])
    if found := re.fullmatch(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})", value):
        return list(
            dict.fromkeys(
                _iso(found[3], found[2], found[1]) + _iso(found[3], found[1], found[2])
            )
        )
    words = re.findall(r"[^\W\d_]+|\d+", value.lower())
    months = [_MONTHS[word] for word in words if word in _MONTHS]
    years = [word for word in words if re.fullmatch(r"\d{4}", word)]
    days = [word for word in words if re.fullmatch(r"\d{1,2}", word)]
    if len(months) == 1 and len(years) == 1 and len(days) < 2:
        return _iso(years[0], str(months[0]), days[0] if days else None)
    return []


def _iso(year: str, month: str, day: str | None) -> list[str]:
    """Return a date in ISO's form if it exists."""
    written = f"{year}-{int(month):02}" + (f"-{int(day):02}" if day else "")
    return [] if impossible_date(written) else [written]


def impossible_date(value: str) -> str:
    """Say why a date that looks right does not exist; empty if it may."""
    written = re.fullmatch(r"(-?\d{4})-(\d\d)(?:-(\d\d))?(?:T.*)?", value)
    if not written:
        return ""
    year, month = int(written[1]), int(written[2])
    if not 1 <= month <= 12:
        if not written[3] and int(written[1][-2:]) < month:
            return ""  # a range such as 1967-69
        return f"there is no month {month}"
    days = calendar.monthrange(max(year, 1), month)[1]
    if written[3] and not 1 <= int(written[3]) <= days:
        return f"{calendar.month_name[month]} {written[1]} has {days} days"
    return ""


def time_remark(value: str, attribute: str) -> Remark:
    """Say why something is no time, and how it is written.

    Args:
        value: What is written, with its date if it has one.
        attribute: Where, as ``@when``.
    """
    found = re.fullmatch(
        r"(\d{4}-\d\d-\d\d)?[T ]?(\d{1,2})[:.](\d\d)(?:[:.](\d\d(?:\.\d+)?))?(\S*)",
        value,
    )
    if not found:
        return Remark()
    day, hour, minute, second, zone = found.groups(default="")
    if int(hour) > 24 or (int(hour) == 24 and (minute, second or "00") != ("00", "00")):
        return Remark(f"there is no hour {int(hour)}", "correct the time")
    if int(minute) > 59:
        return Remark(f"there is no minute {int(minute)}", "correct the time")
    if float(second or 0) >= 60:
        return Remark(f"there is no second {second}", "correct the time")
    whole = f"{int(hour):02}:{minute}:{second or '00'}{zone}"
    written = f"{day}T{whole}" if day else whole
    if written == value:
        return Remark("its time zone is none", "write Z, or +01:00")
    return Remark(
        "a time has hours, minutes and seconds", "write " + typed(attribute, written)
    )
