"""RELAX NG patterns, hash-consed: equal patterns of one pool are one object.

Takes the parts of a pattern and gives the pattern in a simple normal form (RELAX NG
sections 4.20 and 4.21 and the laws of choice and sequence). Because equal patterns
are identical, the derivatives of a content model are finitely many, and whoever
remembers them by identity has an automaton (see ``derivative``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from toolkit.errors import CrowdedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from toolkit.schema.datatypes import Datatype
    from toolkit.schema.nameclass import NameClass

#: Patterns nested deeper than this are refused: functions over patterns recurse.
MAX_DEPTH: Final = 200
#: Parts that all sequences, choices and interleavings of a schema may have together,
#: those that documents lead to included. TEI's own schemas come to 160,000.
MOST_PARTS: Final = 1_000_000
_OVERHEAD: Final = 25  #: parts for which a pattern itself counts


class Pattern:
    """A set of contents. Compare patterns of one pool with ``is``."""

    __slots__ = (
        "after",
        "depth",
        "first",
        "has_attribute",
        "has_string",
        "has_text",
        "lacking",
        "nullable",
        "ordered",
        "outlook",
    )

    nullable: bool  #: whether no content at all will do
    depth: int  #: levels of patterns within patterns, elements not entered
    has_attribute: bool  #: whether attributes occur, elements not entered
    has_string: bool  #: whether data, value or list occur, elements not entered
    has_text: bool  #: whether text occurs, elements not entered
    first: frozenset[Symbol] | None  #: kept by ``derivative.first``
    after: dict[Symbol, Pattern] | None  #: kept by ``derivative.after``
    lacking: tuple[Symbol, ...] | None  #: kept by ``outlook.needed``
    ordered: tuple[Symbol, ...] | None  #: kept by ``outlook.possible``
    outlook: int | None  #: kept by ``outlook.least``

    def __init__(
        self, parts: Iterable[Pattern] = (), *, nullable: bool = False
    ) -> None:
        """Make a pattern; only pools do."""
        self.nullable = nullable
        self.depth = 0
        self.has_attribute = self.has_string = self.has_text = False
        for part in parts:
            if part.depth >= self.depth:
                self.depth = part.depth + 1
            if part.has_attribute:
                self.has_attribute = True
            if part.has_string:
                self.has_string = True
            if part.has_text:
                self.has_text = True
        self.first = self.after = self.lacking = self.ordered = self.outlook = None


class Empty(Pattern):
    """No content."""

    __slots__ = ()


class NotAllowed(Pattern):
    """Nothing: no content will do."""

    __slots__ = ()


class Text(Pattern):
    """Any character data, also none."""

    __slots__ = ()


class Choice(Pattern):
    """One of several; never nested, never holding ``NotAllowed``."""

    __slots__ = ("alternatives", "leaves", "others")

    def __init__(self, alternatives: tuple[Pattern, ...]) -> None:
        """Make a choice; only pools do."""
        super().__init__(
            alternatives, nullable=any(one.nullable for one in alternatives)
        )
        self.alternatives: Final = alternatives
        self.leaves: frozenset[Pattern] | None = None  # kept by ``derivative``
        self.others: tuple[Pattern, ...] = ()


class Group(Pattern):
    """One after the other (attributes: in any order)."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[Pattern, ...]) -> None:
        """Make a sequence; only pools do."""
        super().__init__(items, nullable=all(one.nullable for one in items))
        self.items: Final = items


class Interleave(Pattern):
    """All of them, in any order, mingled."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[Pattern, ...]) -> None:
        """Make an interleaving; only pools do."""
        super().__init__(items, nullable=all(one.nullable for one in items))
        self.items: Final = items


class OneOrMore(Pattern):
    """The same once or more often."""

    __slots__ = ("body",)

    def __init__(self, body: Pattern) -> None:
        """Make a repetition; only pools do."""
        super().__init__((body,), nullable=body.nullable)
        self.body: Final = body


class List(Pattern):
    """A string whose tokens, divided at white space, match the body."""

    __slots__ = ("body",)

    def __init__(self, body: Pattern) -> None:
        """Make a list; only pools do."""
        super().__init__((body,))
        self.body: Final = body
        self.has_string = True


class Data(Pattern):
    """A string of a datatype, other than those of ``excluding``."""

    __slots__ = ("datatype", "excluding")

    def __init__(self, datatype: Datatype, excluding: Pattern | None) -> None:
        """Make a data pattern; only pools do."""
        super().__init__((excluding,) if excluding else ())
        self.datatype: Final = datatype
        self.excluding: Final = excluding
        self.has_string = True


class Value(Pattern):
    """A string that means one value of a datatype."""

    __slots__ = ("datatype", "key", "text")

    def __init__(self, datatype: Datatype, key: object, text: str) -> None:
        """Make a value pattern; only pools do."""
        super().__init__()
        self.datatype: Final = datatype
        self.key: Final = key  #: the value as ``Datatype.value`` gives it
        self.text: Final = text  #: as the schema writes it
        self.has_string = True


class Attribute(Pattern):
    """An attribute whose value, as one string, matches ``value``."""

    __slots__ = ("name_class", "value")

    def __init__(self, name_class: NameClass, value: Pattern) -> None:
        """Make an attribute pattern; only pools do."""
        super().__init__()
        self.name_class: Final = name_class
        self.value: Final = value
        self.depth = value.depth + 1
        self.has_attribute = True


class Element(Pattern):
    """An element of the grammar: identical only with itself, as ``define`` is.

    ``content`` is set once, after the elements it refers to exist (RELAX NG section
    4.19 gives every element its own definition; recursion goes through elements).
    """

    __slots__ = ("content", "file", "line", "name_class")

    def __init__(self, name_class: NameClass, file: str = "", line: int = 0) -> None:
        """Make an element whose content is not known yet."""
        super().__init__()
        self.name_class: Final = name_class
        self.file: Final = file  #: schema file it is written in
        self.line: Final = line  #: 1-based line there, 0 where unknown
        self.content: Pattern = _UNKNOWN


_UNKNOWN: Final[Pattern] = NotAllowed()

#: What a content model is derived by: a child, a piece of text, a token's pattern.
Symbol: TypeAlias = Element | Text | Data | Value | List


class PatternPool:
    """Where patterns are made; patterns of two pools are never compared by identity."""

    def __init__(self, schema: str = "the schema") -> None:
        """Make an empty pool with its three constants.

        Args:
            schema: The schema's name, for messages.
        """
        self.schema: Final = schema
        self._known: dict[object, Pattern] = {}
        self._room = MOST_PARTS
        self.empty: Final = Empty(nullable=True)
        self.not_allowed: Final = NotAllowed()
        self.text: Final = Text(nullable=True)
        self.text.has_text = True

    def patterns(self) -> Iterator[Pattern]:
        """Yield every pattern made so far but constants and elements."""
        yield from self._known.values()

    def _take(self, parts: int) -> None:
        """Count the parts of a new pattern.

        Raises:
            CrowdedError: There are more than any schema for people needs.
        """
        self._room -= parts + _OVERHEAD
        if self._room < 0:
            raise CrowdedError(
                f"{self.schema}: its content models come to more patterns than can be "
                "remembered\n  help: some repeat or leave open too much: make them "
                "simpler, so that each element is expected by one part of them"
            )

    def _flat(
        self, kind: type[Group | Interleave], items: Iterable[Pattern]
    ) -> Pattern:
        """Return the pattern of items joined, those of the same kind taken apart."""
        flat: list[Pattern] = []
        for one in items:
            if type(one) is kind:
                flat += one.items
                if len(flat) > MOST_PARTS:
                    self._take(len(flat))
            elif one is self.not_allowed:
                return one
            elif one is not self.empty:
                flat.append(one)
        if len(flat) < 2:
            return flat[0] if flat else self.empty
        key = (kind, *flat)
        known = self._known.get(key)
        if known is None:
            self._take(len(flat))
            known = self._known[key] = kind(tuple(flat))
        return known

    def choice(self, alternatives: Iterable[Pattern]) -> Pattern:
        """Return the pattern of what matches any of ``alternatives``."""
        found: dict[Pattern, None] = {}
        for one in alternatives:
            if type(one) is Choice:
                found.update(dict.fromkeys(one.alternatives))
            else:
                found[one] = None
        found.pop(self.not_allowed, None)
        if self.empty in found and any(
            one.nullable for one in found if one is not self.empty
        ):
            del found[self.empty]
        if len(found) < 2:
            return next(iter(found), self.not_allowed)
        key = frozenset(found)
        known = self._known.get(key)
        if known is None:
            self._take(len(found))
            known = self._known[key] = Choice(tuple(found))
        return known

    def group(self, items: Iterable[Pattern]) -> Pattern:
        """Return the pattern of ``items`` one after the other."""
        return self._flat(Group, items)

    def interleave(self, items: Iterable[Pattern]) -> Pattern:
        """Return the pattern of ``items`` mingled in any order."""
        return self._flat(Interleave, items)

    def one_or_more(self, body: Pattern) -> Pattern:
        """Return the pattern of ``body`` once or more often."""
        if body is self.not_allowed or body is self.empty or type(body) is OneOrMore:
            return body
        key = (OneOrMore, body)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = OneOrMore(body)
        return known

    def optional(self, body: Pattern) -> Pattern:
        """Return the pattern of ``body`` or nothing (RELAX NG section 4.14)."""
        return body if body.nullable else self.choice((self.empty, body))

    def zero_or_more(self, body: Pattern) -> Pattern:
        """Return the pattern of ``body`` any number of times (section 4.15)."""
        return self.optional(self.one_or_more(body))

    def list_of(self, body: Pattern) -> Pattern:
        """Return the pattern of a string whose tokens match ``body``."""
        if body is self.not_allowed:
            return body
        key = (List, body)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = List(body)
        return known

    def data(self, datatype: Datatype, excluding: Pattern | None = None) -> Pattern:
        """Return the pattern of strings of a datatype, with exceptions."""
        if excluding is self.not_allowed:
            excluding = None
        key = (Data, datatype, excluding)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = Data(datatype, excluding)
        return known

    def value(self, datatype: Datatype, key: object, text: str) -> Pattern:
        """Return the pattern of strings that mean the value ``key``."""
        entry = (Value, datatype, key)
        known = self._known.get(entry)
        if known is None:
            known = self._known[entry] = Value(datatype, key, text)
        return known

    def attribute(self, name_class: NameClass, value: Pattern) -> Pattern:
        """Return the pattern of one attribute."""
        if value is self.not_allowed:
            return value
        key = (Attribute, name_class, value)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = Attribute(name_class, value)
        return known
