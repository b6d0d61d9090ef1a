"""Example literals of datatypes, for generated documents and for refutations."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final

from toolkit.schema.datatypes import XSD, Datatype
from toolkit.schema.regex import Regex
from toolkit.schema.regex_tree import RegexError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from random import Random

_WORDS: Final = (
    "Moskau Berlin Brief Akte Seite Herr Frau am im den 27. August Rat über Größe"
    " œuvre Прага 北京 e\u0301"
).split()
_TRIES: Final = 60  #: before a datatype is given up


def words(random: Random, most: int = 6) -> str:
    """Return a few words."""
    return " ".join(random.choices(_WORDS, k=random.randint(1, most)))


def samples(datatype: Datatype, random: Random, count: int) -> Iterator[str]:
    """Yield up to ``count`` literals of a datatype; fewer where none are found.

    Args:
        datatype: With its parameters.
        random: Where the choices come from; equal states give equal literals.
        count: How many.
    """
    patterns = [Regex(limit) for name, limit in datatype.params if name == "pattern"]
    for _ in range(_TRIES + count):
        if count <= 0:
            return
        try:
            literal = patterns[0].example(random) if patterns else None
        except RegexError:
            return
        # A pattern on a date says little about dates: draw both ways in turn.
        if literal is None or random.random() < 0.4:
            literal = _plain(datatype, random)
        if datatype.allows(literal):
            count -= 1
            yield literal


def _plain(datatype: Datatype, random: Random) -> str:
    name = datatype.name
    if datatype.library != XSD or name in ("string", "token", "normalizedString"):
        return _of_length(datatype, random)
    if datatype.least is not None or datatype.most is not None or name == "integer":
        return str(_whole(datatype, random))
    bounds = [limit for facet, limit in datatype.params if facet[3:5] in ("In", "Ex")]
    if bounds and random.random() < 0.7:
        return _near(bounds, random)
    maker = _MAKERS.get(name)
    return maker(random) if maker else _of_length(datatype, random)


def _of_length(datatype: Datatype, random: Random) -> str:
    """Return a string whose length fits the parameters, if any speaks of it."""
    limits = {name: int(limit) for name, limit in datatype.params if "ength" in name}
    if not limits:
        return words(random)
    least = limits.get("length", limits.get("minLength", 0))
    most = limits.get("length", limits.get("maxLength", least + 8))
    return "".join(random.choices("abcdexyz", k=random.randint(least, most)))


def _near(bounds: list[str], random: Random) -> str:
    """Return a bound (one of inclusive bounds will do) or a number by or between."""
    try:
        numbers = [float(one) for one in bounds]
    except ValueError:
        return random.choice(bounds)
    least, most = min(numbers), max(numbers)
    if least == most:
        most += 10 * random.choice((1, -1))
    return random.choice((*bounds, f"{random.uniform(least, most):.3f}"))


def _whole(datatype: Datatype, random: Random) -> int:
    limits = dict(datatype.params)
    least = datatype.least if datatype.least is not None else -100
    most = datatype.most if datatype.most is not None else max(least, 0) + 1000
    try:
        least = int(limits.get("minInclusive", least))
        most = int(limits.get("maxInclusive", max(most, least)))
    except ValueError:
        pass
    least = min(least, most)
    # Small numbers are the likely ones; the ends of the range find mistakes.
    return random.choice((least, most, random.randint(least, min(most, least + 50))))


def _date(random: Random) -> str:
    year = random.choice((random.randint(1000, 2100), random.randint(1970, 2030)))
    month, day = random.randint(1, 12), random.randint(1, 28)
    return f"{year:04}-{month:02}-{day:02}"


def _time(random: Random) -> str:
    hour, minute = random.randint(0, 23), random.randint(0, 59)
    return f"{hour:02}:{minute:02}:00"


def _name(random: Random) -> str:
    return random.choice("abcxyzÄ_") + "".join(random.choices("abc-._019", k=5))


def _uri(random: Random) -> str:
    return random.choice(("#a1", "http://example.org/a?b#c", "b.xml", "urn:x:y", ""))


def _number(random: Random) -> str:
    return f"{random.uniform(-100, 1000):.{random.randint(0, 3)}f}"


_MAKERS: Final[Mapping[str, Callable[[Random], str]]] = {
    "language": lambda random: random.choice(("de", "de-AT", "grc", "zh-Hant")),
    "Name": _name,
    "NCName": _name,
    "ID": _name,
    "IDREF": _name,
    "ENTITY": _name,
    "NMTOKEN": lambda random: random.choice(("1a", "-x", "a.b:c")),
    "NMTOKENS": lambda random: random.choice(("1a", "a b", "x y z")),
    "IDREFS": _name,
    "ENTITIES": _name,
    "QName": _name,
    "NOTATION": _name,
    "anyURI": _uri,
    "boolean": lambda random: random.choice(("true", "false", "0", "1")),
    "decimal": _number,
    "float": _number,
    "double": lambda random: random.choice((_number(random), "1.5E3", "INF", "NaN")),
    "dateTime": lambda random: f"{_date(random)}T{_time(random)}Z",
    "date": _date,
    "time": _time,
    "gYearMonth": lambda random: _date(random)[:7],
    "gYear": lambda random: _date(random)[:4],
    "gMonthDay": lambda random: f"-{_date(random)[4:]}",
    "gDay": lambda random: f"---{random.randint(1, 31):02}",
    "gMonth": lambda random: f"--{random.randint(1, 12):02}",
    "duration": lambda random: random.choice(("P1Y2M", "PT30M", "-P3D")),
    "hexBinary": lambda random: random.randbytes(random.randint(0, 4)).hex(),
    "base64Binary": lambda random: base64.b64encode(
        random.randbytes(random.randint(0, 6))
    ).decode("ascii"),
}
