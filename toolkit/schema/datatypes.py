"""Datatypes of patterns: does a string belong to one, and which value does it mean.

Takes the name of a datatype library, a datatype and its parameters and gives a
:class:`Datatype` (RELAX NG sections 4.16, 9.3.8 and 9.3.9). Two libraries are known:
the built-in one (``string`` and ``token``) and that of XML Schema part 2.

Where jing departs from XML Schema 1.0 we keep to the text: ``24:00:00`` is a time,
``23:59:60``, ``12:00:00.`` and the duration ``PT.5S`` are none, and a year may be of
any length. Otherwise both agree, impossible days and unfinished addresses included.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Final

from toolkit.schema import lexical
from toolkit.schema.regex import Regex
from toolkit.schema.regex_tree import RegexError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

XSD: Final = "http://www.w3.org/2001/XMLSchema-datatypes"
BUILT_IN: Final = ""

#: XML's white space, which is less than ``str.split`` divides at.
SPACE: Final = " \t\r\n"
_TO_SPACES: Final = str.maketrans("\t\r\n", "   ")


class DatatypeError(ValueError):
    """A datatype that is not there, or a parameter it cannot take."""


def tokens(string: str) -> list[str]:
    """Divide a string at XML's white space."""
    return [one for one in string.translate(_TO_SPACES).split(" ") if one]


@dataclass(frozen=True, slots=True)
class _Kind:
    """One datatype without parameters."""

    value: Callable[[str], object] = str
    white_space: str = "collapse"  #: ``preserve``, ``replace`` or ``collapse``
    facets: frozenset[str] = frozenset()
    least: int | None = None  #: of an integer
    most: int | None = None
    item: bool = False  #: whether it is a list of what ``value`` reads
    base: str = ""  #: the datatype of which every literal of this is one


_LENGTHS: Final = frozenset(("length", "minLength", "maxLength"))
_BOUNDS: Final = frozenset(
    ("minInclusive", "minExclusive", "maxInclusive", "maxExclusive")
)
_DIGITS: Final = frozenset(("totalDigits", "fractionDigits"))


def _string(base: str, value: Callable[[str], object] = str) -> _Kind:
    return _Kind(value, facets=_LENGTHS, base=base)


def _strings(base: str, value: Callable[[str], object]) -> _Kind:
    return _Kind(value, facets=_LENGTHS, item=True, base=base)


def _integer(base: str, least: int | None = None, most: int | None = None) -> _Kind:
    return _Kind(
        lexical.integer, facets=_BOUNDS | _DIGITS, least=least, most=most, base=base
    )


def _signed(base: str, bits: int) -> _Kind:
    return _integer(base, -(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def _unsigned(base: str, bits: int) -> _Kind:
    return _integer(base, 0, 2**bits - 1)


def _moment(kind: str) -> _Kind:
    return _Kind(partial(lexical.moment, kind), facets=_BOUNDS, base="token")


_KINDS: Final[Mapping[str, _Kind]] = {
    "string": _Kind(white_space="preserve", facets=_LENGTHS),
    "normalizedString": _Kind(white_space="replace", facets=_LENGTHS, base="string"),
    "token": _string("normalizedString"),
    "language": _string("token", lexical.language),
    "Name": _string("NMTOKEN", lexical.name),
    "NCName": _string("Name", lexical.ncname),
    "ID": _string("NCName", lexical.ncname),
    "IDREF": _string("NCName", lexical.ncname),
    "ENTITY": _string("NCName", lexical.ncname),
    "NMTOKEN": _string("token", lexical.nmtoken),
    "NMTOKENS": _strings("token", lexical.nmtoken),
    "IDREFS": _strings("NMTOKENS", lexical.ncname),
    "ENTITIES": _strings("NMTOKENS", lexical.ncname),
    "QName": _Kind(facets=_LENGTHS, base="Name"),
    "NOTATION": _Kind(facets=_LENGTHS, base="Name"),
    "anyURI": _string("token", lexical.any_uri),
    "boolean": _Kind(lexical.boolean, base="token"),
    "decimal": _Kind(lexical.decimal, facets=_BOUNDS | _DIGITS, base="double"),
    "integer": _integer("decimal"),
    "nonPositiveInteger": _integer("integer", None, 0),
    "negativeInteger": _integer("nonPositiveInteger", None, -1),
    "nonNegativeInteger": _integer("integer", 0),
    "positiveInteger": _integer("nonNegativeInteger", 1),
    "long": _signed("integer", 64),
    "int": _signed("long", 32),
    "short": _signed("int", 16),
    "byte": _signed("short", 8),
    "unsignedLong": _unsigned("nonNegativeInteger", 64),
    "unsignedInt": _unsigned("unsignedLong", 32),
    "unsignedShort": _unsigned("unsignedInt", 16),
    "unsignedByte": _unsigned("unsignedShort", 8),
    "float": _Kind(lexical.double, facets=_BOUNDS, base="double"),
    "double": _Kind(lexical.double, facets=_BOUNDS, base="token"),
    "dateTime": _moment("dateTime"),
    "date": _moment("date"),
    "time": _moment("time"),
    "gYearMonth": _moment("gYearMonth"),
    "gYear": _moment("gYear"),
    "gMonthDay": _moment("gMonthDay"),
    "gDay": _moment("gDay"),
    "gMonth": _moment("gMonth"),
    "duration": _Kind(lexical.duration, facets=_BOUNDS, base="token"),
    "hexBinary": _Kind(lexical.hex_binary, facets=_LENGTHS, base="token"),
    "base64Binary": _Kind(lexical.base64_binary, facets=_LENGTHS, base="token"),
}
_BUILT_IN_KINDS: Final[Mapping[str, _Kind]] = {
    "string": _Kind(white_space="preserve"),
    "token": _Kind(),
}


@dataclass(frozen=True)
class Datatype:
    """A datatype with its parameters; make it with :func:`datatype`."""

    library: str  #: URI of the datatype library, empty for the built-in one
    name: str
    params: tuple[tuple[str, str], ...] = ()  #: name and value, in the schema's order
    _hash: int = field(default=0, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Remember the hash: datatypes are keys of the pool of patterns."""
        object.__setattr__(self, "_hash", hash((self.library, self.name, self.params)))

    def __hash__(self) -> int:
        """Return the remembered hash."""
        return self._hash

    @cached_property
    def _kind(self) -> _Kind:
        kinds = _KINDS if self.library == XSD else _BUILT_IN_KINDS
        return kinds[self.name]

    @property
    def white_space(self) -> str:
        """What happens to white space first: preserve, replace or collapse."""
        return self._kind.white_space

    @property
    def least(self) -> int | None:
        """The least integer of an integer datatype that has one."""
        return self._kind.least

    @property
    def most(self) -> int | None:
        """The greatest integer of an integer datatype that has one."""
        return self._kind.most

    @property
    def identity(self) -> str:
        """``ID``, ``IDREF`` or ``IDREFS`` for these datatypes, else empty."""
        if self.library == XSD and self.name in ("ID", "IDREF", "IDREFS"):
            return self.name
        return ""

    @property
    def needs_prefixes(self) -> bool:
        """Whether a literal means something only where its prefix is declared."""
        return self.library == XSD and self.name in ("QName", "NOTATION")

    def normal(self, string: str) -> str:
        """Return the string after white space processing."""
        if self._kind.white_space == "collapse":
            return " ".join(tokens(string))
        if self._kind.white_space == "replace":
            return string.translate(_TO_SPACES)
        return string

    def allows(self, string: str, prefixes: Mapping[str, str] | None = None) -> bool:
        """Say whether a string belongs to the datatype.

        Args:
            string: Text or attribute value as the document has it.
            prefixes: Namespaces by prefix there (``""`` for the default).
        """
        return self.why_not(string, prefixes) is None

    def why_not(
        self, string: str, prefixes: Mapping[str, str] | None = None
    ) -> str | None:
        """Return why a string does not belong to the datatype, or None if it does."""
        literal = self.normal(string)
        try:
            value = self._value(literal, prefixes)
        except ValueError as fault:
            return str(fault)
        for facet in self._facets:
            reason = facet(literal, value)
            if reason:
                return reason
        return None

    def value(
        self, string: str, prefixes: Mapping[str, str] | None = None
    ) -> object | None:
        """Return the value a string means: equal values mean the same; None: none."""
        literal = self.normal(string)
        try:
            value = self._value(literal, prefixes)
        except ValueError:
            return None
        return None if any(facet(literal, value) for facet in self._facets) else value

    def _value(self, literal: str, prefixes: Mapping[str, str] | None) -> object:
        kind = self._kind
        if self.needs_prefixes:
            return _qname(literal, prefixes or {})
        if kind.item:
            if not literal:
                raise ValueError("empty, where at least one name is needed")
            return tuple(kind.value(one) for one in literal.split(" "))
        value = kind.value(literal)
        if kind.least is not None and isinstance(value, Decimal) and value < kind.least:
            raise ValueError(f"less than {kind.least}")
        if kind.most is not None and isinstance(value, Decimal) and value > kind.most:
            raise ValueError(f"more than {kind.most}")
        return value

    @cached_property
    def _facets(self) -> tuple[Callable[[str, object], str | None], ...]:
        bare = Datatype(self.library, self.name)
        return tuple(_facet(bare, name, limit) for name, limit in self.params)

    def __str__(self) -> str:
        """The datatype as messages name it: its name and its parameters."""
        params = ", ".join(f"{name} {_cut(limit)}" for name, limit in self.params)
        return f"{self.name} ({params})" if params else self.name


@lru_cache(maxsize=1024)
def datatype(
    library: str, name: str, params: tuple[tuple[str, str], ...] = ()
) -> Datatype:
    """Return a datatype after checking that it exists and takes these parameters.

    Args:
        library: URI of the library; empty for the built-in one.
        name: Name of the datatype.
        params: Names and values of its parameters.

    Raises:
        DatatypeError: There is no such library, datatype or parameter, or a value
            of a parameter is not one.

    RELAX NG section 4.16; parameters of XML Schema are its facets without
    ``enumeration`` and ``whiteSpace``.
    """
    kinds = {XSD: _KINDS, BUILT_IN: _BUILT_IN_KINDS}.get(library)
    if kinds is None:
        raise DatatypeError(f"there is no datatype library {library!r}")
    kind = kinds.get(name)
    if kind is None:
        raise DatatypeError(f"there is no datatype {name!r} in the library")
    allowed = kind.facets | {"pattern"} if library == XSD else frozenset()
    for param, _ in params:
        if param not in allowed:
            raise DatatypeError(f"the datatype {name!r} has no parameter {param!r}")
    made = Datatype(library, name, params)
    try:
        _ = made._facets
    except RegexError as fault:
        raise DatatypeError(f"the pattern cannot be used: {fault}") from None
    except ValueError as fault:
        raise DatatypeError(f"a parameter's value cannot be used: {fault}") from None
    return made


def derives_from(library: str, name: str, base: str) -> bool:
    """Say whether every literal of one XML Schema datatype is one of another."""
    if library != XSD or base not in _KINDS:
        return False
    while name and name != base:
        name = _KINDS[name].base
    return name == base


_SHOWN: Final = 300  #: characters of a parameter that a message shows


def _qname(literal: str, prefixes: Mapping[str, str]) -> object:
    prefix, colon, local = literal.rpartition(":")
    if not lexical.is_name(local) or (colon and not lexical.is_name(prefix)):
        raise ValueError("not a qualified name")
    if colon and prefix not in prefixes:
        raise ValueError(f"the prefix {prefix!r} is not declared")
    return prefixes.get(prefix, ""), local


def _facet(
    bare: Datatype, name: str, limit: str
) -> Callable[[str, object], str | None]:
    """Return the test of one parameter: it gives a reason, or None if all is well."""
    if name == "pattern":
        return partial(_pattern, Regex(limit))
    if name in _LENGTHS or name in _DIGITS:
        return partial(_COUNTS[name], _count(limit))
    bound = bare._value(bare.normal(limit), None)
    return partial(_bound, name, bound, limit)


def _count(limit: str) -> int:
    number = limit.strip(SPACE)
    if not number.isascii() or not number.isdigit():
        raise ValueError(f"{limit!r} is not a count")
    return int(number)


def _cut(limit: str) -> str:
    """Return a parameter as a message shows it."""
    return limit if len(limit) <= _SHOWN else f"{limit[:_SHOWN]}…"


def _pattern(expression: Regex, literal: str, _value: object) -> str | None:
    try:
        if expression.matches(literal):
            return None
    except RegexError as fault:
        return f"cannot be compared with the pattern {_cut(expression.source)}: {fault}"
    return f"does not match the pattern {_cut(expression.source)}"


def _bound(name: str, bound: object, limit: str, _: str, value: object) -> str | None:
    order = lexical.compare(value, bound)
    allowed = {
        "minInclusive": (0, 1),
        "minExclusive": (1,),
        "maxInclusive": (-1, 0),
        "maxExclusive": (-1,),
    }[name]
    if order in allowed:
        return None
    return f"out of bounds ({name} {limit})"


def _size(value: object) -> int:
    """Count what the length of a value counts: characters, octets or items."""
    return len(value) if isinstance(value, str | bytes | tuple) else 0


def _length(count: int, _: str, value: object) -> str | None:
    return None if _size(value) == count else f"not {count} long"


def _min_length(count: int, _: str, value: object) -> str | None:
    return None if _size(value) >= count else f"shorter than {count}"


def _max_length(count: int, _: str, value: object) -> str | None:
    return None if _size(value) <= count else f"longer than {count}"


def _total_digits(count: int, _: str, value: object) -> str | None:
    whole, fraction = _digits(value)
    used = len(whole) + len(fraction)
    return None if used <= count else f"more than {count} digits"


def _fraction_digits(count: int, _: str, value: object) -> str | None:
    if len(_digits(value)[1]) <= count:
        return None
    return f"more than {count} digits after the point"


def _digits(value: object) -> tuple[str, str]:
    """Return the digits of a number that count, before and after the point."""
    whole, _, fraction = f"{value:f}".lstrip("-").partition(".")
    return whole.lstrip("0"), fraction.rstrip("0")


_COUNTS: Final = {
    "length": _length,
    "minLength": _min_length,
    "maxLength": _max_length,
    "totalDigits": _total_digits,
    "fractionDigits": _fraction_digits,
}
