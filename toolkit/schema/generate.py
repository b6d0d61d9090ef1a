"""Random documents that a grammar allows, for tests of everything that reads them.

Takes a grammar and a seed and gives the bytes of a valid document. Every branch and
attribute has its chance; when the size that was asked for is reached, only the
shortest way to the end of each content model is taken, so the document ends.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final

from toolkit.errors import SchemaError
from toolkit.schema.datatypes import tokens
from toolkit.schema.derivative import parts
from toolkit.schema.nameclass import (
    Name,
    NameChoice,
    NameClass,
    NsName,
    contains,
    describe,
)
from toolkit.schema.outlook import NEVER, weigh
from toolkit.schema.pattern import (
    Attribute,
    Choice,
    Data,
    Element,
    Empty,
    Group,
    Interleave,
    List,
    OneOrMore,
    Pattern,
    Text,
    Value,
)
from toolkit.schema.samples import samples, words
from toolkit.schema.serial import Written, serialise
from toolkit.schema.strings import leaf_matches

if TYPE_CHECKING:
    from toolkit.schema.grammar import Grammar

_DEPTH: Final = 60  #: open elements, beyond which only shortest ways are taken


def generate(grammar: Grammar, seed: int, size: int) -> bytes:
    """Return a random valid document.

    Args:
        grammar: The schema.
        seed: Equal seeds give equal documents.
        size: About how many elements; required ones come on top.

    Raises:
        SchemaError: The grammar allows no document, or none could be made because
            a datatype's parameters leave no literal that could be found.
    """
    return serialise(_Generator(grammar, seed, size).document())


class _Impossible(Exception):  # noqa: N818 - a signal to try another way
    """No literal could be found for a datatype."""


class _Generator:
    def __init__(self, grammar: Grammar, seed: int, size: int) -> None:
        self.random: Final = Random(seed)  # noqa: S311 - not for secrets
        self.grammar: Final = grammar
        self.left: int = size
        self.smallest: Final = grammar.smallest
        self.identities: list[str] = []
        self.references: list[tuple[Written, str]] = []

    def document(self) -> Written:
        found: list[Written | str] = []
        if self.weight(self.grammar.start) >= NEVER:
            raise SchemaError("the schema allows no document that ends")
        try:
            self.write(self.grammar.start, found, Written("", {}), 0)
        except _Impossible as fault:
            raise SchemaError(f"no document can be made: {fault}") from None
        except RecursionError:
            raise SchemaError("the schema demands elements nested too deep") from None
        root = next(one for one in found if isinstance(one, Written))
        for owner, name in self.references:
            if self.identities:
                owner.attributes[name] = self.random.choice(self.identities)
            else:
                del owner.attributes[name]  # there is nothing it could mean
        return root

    def weight(self, pattern: Pattern) -> int:
        return weigh(pattern, self.smallest)

    # -- content -------------------------------------------------------------

    def write(
        self, pattern: Pattern, out: list[Written | str], owner: Written, depth: int
    ) -> None:
        """Append one content of a pattern, and its attributes to ``owner``."""
        if isinstance(pattern, Element):
            out.append(self.element(pattern, depth))
        elif isinstance(pattern, Text):
            if self.left > 0 and self.random.random() < 0.7:
                out.append(words(self.random))
        elif isinstance(pattern, Attribute):
            self.attribute(pattern, owner)
        elif isinstance(pattern, Choice):
            self.write(self.chosen(pattern, depth), out, owner, depth)
        elif isinstance(pattern, OneOrMore):
            self.repeated(pattern, out, owner, depth)
        elif isinstance(pattern, Interleave):
            self.mingled(pattern, out, owner, depth)
        elif isinstance(pattern, Data | Value | List):
            out.append(self.string(pattern))
        else:
            for one in parts(pattern):
                self.write(one, out, owner, depth)

    def element(self, declared: Element, depth: int) -> Written:
        self.left -= 1
        element = Written(self.name(declared.name_class, set()), {})
        self.write(declared.content, element.content, element, depth + 1)
        return element

    def frugal(self, depth: int) -> bool:
        return self.left <= 0 or depth > _DEPTH

    def chosen(self, pattern: Choice, depth: int) -> Pattern:
        weights = {one: self.weight(one) for one in pattern.alternatives}
        least = min(weights.values())
        limit = least if self.frugal(depth) else NEVER - 1
        possible = [one for one, weight in weights.items() if weight <= limit]
        if len(possible) > 1 and self.frugal(depth):
            # Of equal weight: leaving out is shorter than an optional attribute.
            possible = [x for x in possible if not x.has_attribute] or possible
        chosen = self.random.choice(possible)
        if chosen.has_attribute and self.random.random() < 0.6:
            # Elements of TEI have dozens of optional attributes: take some.
            chosen = next((x for x in possible if isinstance(x, Empty)), chosen)
        return chosen

    def repeated(
        self, pattern: OneOrMore, out: list[Written | str], owner: Written, depth: int
    ) -> None:
        count = 1 if self.frugal(depth) else self.random.randint(1, 4)
        for turn in range(count):
            if turn and self.frugal(depth):
                break
            self.write(pattern.body, out, owner, depth)

    def mingled(
        self, pattern: Interleave, out: list[Written | str], owner: Written, depth: int
    ) -> None:
        queues = []
        for one in pattern.items:
            part: list[Written | str] = []
            self.write(one, part, owner, depth)
            queues.append(part[::-1])
        while any(queues):
            out.append(self.random.choice([one for one in queues if one]).pop())

    # -- names, strings ------------------------------------------------------

    def name(self, name_class: NameClass, taken: set[str]) -> str:
        """Return a name of a class that is not taken."""
        if isinstance(name_class, Name):
            return str(name_class)
        if isinstance(name_class, NameChoice):
            chosen = self.random.choice(name_class.alternatives)
            return self.name(chosen, taken)
        spaces = ["", "http://example.org/ns"]
        if isinstance(name_class, NsName):
            spaces = [name_class.ns]
        for number in range(1000):
            for ns in spaces:
                name = Name(ns, self.random.choice("abcdefgh") + str(number))
                if contains(name_class, ns, name.local) and str(name) not in taken:
                    return str(name)
        raise _Impossible(f"no name found for {describe(name_class)}")

    def attribute(self, pattern: Attribute, owner: Written) -> None:
        name = self.name(pattern.name_class, set(owner.attributes))
        if name in owner.attributes:
            return
        owner.attributes[name] = self.string(pattern.value)
        kind = _identity(pattern.value)
        if kind == "ID":
            identity = f"i{len(self.identities) + 1}"
            owner.attributes[name] = identity
            self.identities.append(identity)
        elif kind:
            self.references.append((owner, name))

    def string(self, pattern: Pattern) -> str:
        """Return a string that a pattern of strings takes."""
        if isinstance(pattern, Value):
            return pattern.text
        if isinstance(pattern, Data):
            return self.literal(pattern)
        if isinstance(pattern, Text):
            return words(self.random, 3)
        if isinstance(pattern, Choice):
            return self.any_of(pattern)
        if isinstance(pattern, List):
            return " ".join(self.items(pattern.body))
        return ""

    def any_of(self, pattern: Choice) -> str:
        several = list(pattern.alternatives)
        self.random.shuffle(several)
        for one in several:
            try:
                return self.string(one)
            except _Impossible:
                continue
        raise _Impossible("no alternative of a value could be made")

    def literal(self, pattern: Data) -> str:
        for one in samples(pattern.datatype, self.random, 20):
            if leaf_matches(self.grammar.pool, pattern, one):
                return one
        raise _Impossible(f"no literal found for {pattern.datatype}")

    def items(self, pattern: Pattern) -> list[str]:
        """Return the tokens of a list."""
        if isinstance(pattern, Group):
            return [x for one in pattern.items for x in self.items(one)]
        if isinstance(pattern, OneOrMore):
            times = self.random.randint(1, 3)
            return [x for _ in range(times) for x in self.items(pattern.body)]
        if isinstance(pattern, Choice):
            return self.items(self.random.choice(pattern.alternatives))
        if isinstance(pattern, Empty):
            return []
        for _ in range(20):
            for one in tokens(self.string(pattern)):
                if leaf_matches(self.grammar.pool, pattern, one):
                    return [one]
        raise _Impossible("no single token found for an item of a list")


def _identity(value: Pattern) -> str:
    """Return whether a value is ID, IDREF or IDREFS."""
    for part in value.alternatives if isinstance(value, Choice) else (value,):
        if isinstance(part, Data) and part.datatype.identity:
            return part.datatype.identity
    return ""
