"""A grammar as bytes and back, so that a compiled schema can be kept on disk.

The form is JSON: a list of patterns, each referring to earlier ones by number, and a
list of elements, to which patterns may refer before they are filled in. Nothing in it
can be executed, so a file from a stranger can do no more than be refused.
"""

from __future__ import annotations

import json
from typing import Any, Final

from toolkit.errors import SchemaError
from toolkit.schema.datatypes import Datatype, datatype
from toolkit.schema.grammar import Grammar
from toolkit.schema.nameclass import AnyName, Name, NameChoice, NameClass, NsName
from toolkit.schema.pattern import (
    Attribute,
    Choice,
    Data,
    Element,
    Group,
    Interleave,
    List,
    OneOrMore,
    Pattern,
    PatternPool,
    Value,
)

#: Changed whenever the form is: older bytes are refused.
VERSION: Final = 1
_COMPOUND: Final = {Choice: "choice", Group: "group", Interleave: "interleave"}
_CONSTANTS: Final = 3  # empty, notAllowed and text have the numbers 0, 1 and 2

_Row = list[Any]  # a row of the form; its first member says what the others are


def store(grammar: Grammar) -> bytes:
    """Return a grammar as bytes; equal grammars give equal bytes."""
    return _Writer(grammar).document()


def restore(stored: bytes, schema: str = "the schema") -> Grammar:
    """Return the grammar that ``store`` wrote.

    Args:
        stored: The bytes.
        schema: The schema's name, for messages.

    Raises:
        SchemaError: The bytes are of another version, or not a stored grammar.
    """
    try:
        form = json.loads(stored)
        if form["version"] != VERSION:
            raise SchemaError("the stored grammar is of another version")
        return _Reader(form, schema).grammar()
    except (KeyError, IndexError, TypeError, ValueError, RecursionError):
        raise SchemaError("the stored grammar is damaged") from None


class _Writer:
    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        pool = grammar.pool
        self.numbers: dict[Pattern, int] = {
            pool.empty: 0,
            pool.not_allowed: 1,
            pool.text: 2,
        }
        self.rows: list[_Row] = []
        self.places = {one: place for place, one in enumerate(grammar.elements)}

    def document(self) -> bytes:
        start = self.number(self.grammar.start)
        elements = [
            [_written(one.name_class), self.number(one.content), one.file, one.line]
            for one in self.grammar.elements
        ]
        form = {
            "version": VERSION,
            "start": start,
            "patterns": self.rows,
            "elements": elements,
        }
        return json.dumps(form, separators=(",", ":"), ensure_ascii=False).encode()

    def number(self, pattern: Pattern) -> int:
        """Return a pattern's number after writing it and what it is made of."""
        known = self.numbers.get(pattern)
        if known is None:
            self.rows.append(self.row(pattern))
            known = self.numbers[pattern] = len(self.rows) + _CONSTANTS - 1
        return known

    def row(self, pattern: Pattern) -> _Row:
        if isinstance(pattern, Element):
            return ["element", self.places[pattern]]
        if isinstance(pattern, Choice):
            return ["choice", *map(self.number, pattern.alternatives)]
        if isinstance(pattern, Group | Interleave):
            return [_COMPOUND[type(pattern)], *map(self.number, pattern.items)]
        if isinstance(pattern, OneOrMore):
            return ["oneOrMore", self.number(pattern.body)]
        if isinstance(pattern, List):
            return ["list", self.number(pattern.body)]
        if isinstance(pattern, Attribute):
            name_class = _written(pattern.name_class)
            return ["attribute", name_class, self.number(pattern.value)]
        if isinstance(pattern, Value):
            known = pattern.datatype
            qualified = pattern.key if known.needs_prefixes else None
            return ["value", _datatype_row(known), pattern.text, qualified]
        if isinstance(pattern, Data):
            excluding = pattern.excluding
            number = None if excluding is None else self.number(excluding)
            return ["data", _datatype_row(pattern.datatype), number]
        raise TypeError(type(pattern))


def _datatype_row(known: Datatype) -> _Row:
    return [known.library, known.name, *map(list, known.params)]


def _written(name_class: NameClass | None) -> _Row | None:
    match name_class:
        case None:
            return None
        case Name():
            return ["name", name_class.ns, name_class.local]
        case NsName():
            return ["nsName", name_class.ns, _written(name_class.excluding)]
        case AnyName():
            return ["anyName", _written(name_class.excluding)]
        case NameChoice():
            return ["choice", *map(_written, name_class.alternatives)]


def _read(row: _Row) -> NameClass:
    match row:
        case ["name", str(ns), str(local)]:
            return Name(ns, local)
        case ["nsName", str(ns), excluding]:
            return NsName(ns, None if excluding is None else _read(excluding))
        case ["anyName", excluding]:
            return AnyName(None if excluding is None else _read(excluding))
        case ["choice", *alternatives]:
            return NameChoice(tuple(map(_read, alternatives)))
    raise ValueError(row)


class _Reader:
    def __init__(self, form: dict[str, Any], schema: str) -> None:
        self.form = form
        self.pool = PatternPool(schema)
        pool = self.pool
        self.patterns: list[Pattern] = [pool.empty, pool.not_allowed, pool.text]
        self.elements = [
            Element(_read(name_class), str(file), int(line))
            for name_class, _, file, line in form["elements"]
        ]

    def grammar(self) -> Grammar:
        for row in self.form["patterns"]:
            self.patterns.append(self.pattern(row))
        for element, row in zip(self.elements, self.form["elements"], strict=True):
            element.content = self.patterns[row[1]]
        start = self.patterns[self.form["start"]]
        return Grammar(self.pool, start, self.elements)

    def pattern(self, row: _Row) -> Pattern:
        kind, *rest = row
        joins = {
            "choice": self.pool.choice,
            "group": self.pool.group,
            "interleave": self.pool.interleave,
        }
        if kind in joins:
            return joins[kind]([self.patterns[one] for one in rest])
        match row:
            case ["element", int(place)]:
                return self.elements[place]
            case ["oneOrMore", int(body)]:
                return self.pool.one_or_more(self.patterns[body])
            case ["list", int(body)]:
                return self.pool.list_of(self.patterns[body])
            case ["attribute", name_class, int(value)]:
                return self.pool.attribute(_read(name_class), self.patterns[value])
            case ["data", known, excluding]:
                but = None if excluding is None else self.patterns[excluding]
                return self.pool.data(_datatype(known), but)
            case ["value", known, str(text), qualified]:
                made = _datatype(known)
                key = made.value(text) if qualified is None else tuple(qualified)
                return self.pool.value(made, key, text)
        raise ValueError(kind)


def _datatype(row: _Row) -> Datatype:
    library, name, *params = row
    return datatype(library, name, tuple((str(a), str(b)) for a, b in params))
