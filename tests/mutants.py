"""Documents with one random fault each, and small grammars that stress an engine.

Takes a valid document and gives well-formed documents that differ from it by one
edit: an element or attribute left out, doubled, renamed, moved or added, a value or
text changed. Whether that makes them invalid is for the referee to say.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Final

from lxml import etree

from toolkit.schema.nameclass import explicit
from toolkit.schema.pattern import Attribute

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from toolkit.schema.grammar import Grammar
    from toolkit.tei import Element

XSD: Final = "http://www.w3.org/2001/XMLSchema-datatypes"
#: Values on which engines differ, or are known to have differed. Times of day are
#: left out where we keep to XML Schema and jing does not (see ``datatypes``).
VALUES: Final = (
    "|x|1|-1|0|+5|07|1.5|1.5E3|1e|INF|NaN|true|TRUE|99999999999999999999|0.1.2|"
    "1962|0000|-0001|1962Z|1962-08|1962-08-27|1962-02-30|2000-00-01|--08-27|--12--|"
    "1962-08-27+14:00|1962-08-27+15:00|12:00:00|25:00:00|12:00|2000-01-01T00:00:00|"
    "P1Y|PT|P1M2DT3H|de|de_AT|i1|i2|nope|a:b|:a|a,b|{x}|^|`|\\|é|日|\u0301x|\u00a0|"
    "a\u00a0b|a b| a |a\tb|  |1 2 3|#a|##|x#y#z|http://a b|http://|http://[::1]/|//|"
    "[1967]|a[1]|?[1]|mailto:|unclear:|a:|50%|%zz|%20|aGVsbG8=|ABCD|abc|{}|<|&"
).split("|")
_LETTERS: Final = " x1-:#%.é/\n"
_TRIES: Final = 30

GRAMMARS: Final = {
    "interleave": """start = element r { a? & b+ & (c, d)* & text & e }
        a = element a { attribute n { text }?, (x & y?)+ }
        b = element b { empty }
        c = element c { (x* & (y, z)?) }
        d = element d { mixed { x?, y? } }
        e = element e { (x | y) & (attribute p { "1" } | attribute q { "2" }) }
        x = element x { empty }
        y = element y { text }
        z = element z { y & x & z? }""",
    "lists": """start = element r { (a | b | c | d)+ }
        a = element a { list { xsd:integer, xsd:date?, ("x" | "y")* } }
        b = element b { attribute v { list { (xsd:NCName - "no")+ } }, empty }
        c = element c { list { (xsd:decimal, token)+ } | "none" }
        d = element d { attribute w { list { "a"?, "b"?, xsd:int } | "" }, text }""",
    "names": """default namespace = "http://example.org/a"
        namespace b = "http://example.org/b"
        start = element r { (any | other | few)* }
        any = element * - (b:* | r | k) { attribute * - (n | b:*) { text }*, any* }
        other = element b:* - (b:x | b:y) { attribute b:* - b:z { "1" }*,
            (text & few?) }
        few = element k | b:x { attribute (n | b:z) { xsd:int }?, other* }""",
    "datatypes": """start = element r { (a | b | c | d | e | f | g | h)+ }
        a = element a { attribute u { xsd:anyURI }, attribute l { xsd:language }? }
        b = element b { attribute d { xsd:date | xsd:gYear | xsd:gYearMonth } }
        c = element c { attribute n { xsd:decimal { minInclusive = "0" } }, empty }
        d = element d { xsd:token { pattern = "[a-z]+(-[0-9]{2})?" } }
        e = element e { attribute id { xsd:ID }, attribute to { xsd:IDREFS }? }
        f = element f { xsd:double - ("1" | "2") }
        g = element g { xsd:string { minLength = "2" maxLength = "4" } }
        h = element h { attribute b { xsd:boolean }, attribute x { xsd:byte }?,
            (xsd:base64Binary | xsd:hexBinary | xsd:duration | xsd:NMTOKENS) }""",
}


class Mutator:
    """Makes mutants of documents of one grammar."""

    def __init__(self, grammar: Grammar, random: Random) -> None:
        """Take a grammar, for names, and where choices come from."""
        self._random = random
        names = [str(x) for one in grammar.elements for x in explicit(one.name_class)]
        bearing = [x for x in grammar.pool.patterns() if isinstance(x, Attribute)]
        attributes = [str(x) for one in bearing for x in explicit(one.name_class)]
        unknown = ["zz", "{http://example.org/zz}zz"]
        self._names = [*dict.fromkeys(names), *unknown]
        self._attributes = [*dict.fromkeys(attributes), *unknown]
        self._edits: list[Callable[[Element], bool]] = [
            self._leave_out,
            self._double,
            self._rename,
            self._swap,
            self._wrap,
            self._insert,
            self._move,
            self._drop_attribute,
            self._add_attribute,
            self._change_value,
            self._change_value,
            self._change_value,
            self._add_text,
            self._change_text,
        ]

    def mutant(self, source: bytes) -> bytes:
        """Return a document with one edit."""
        root = etree.fromstring(source, etree.XMLParser(collect_ids=False))
        for _ in range(_TRIES):
            chosen = self._random.choice(list(root.iter("*")))
            if self._random.choice(self._edits)(chosen):
                break
        return etree.tostring(root, encoding="utf-8", xml_declaration=True)

    def _name(self) -> str:
        return self._random.choice(self._names)

    def _leave_out(self, element: Element) -> bool:
        parent = element.getparent()
        if parent is None:
            return False
        self._detach(element, parent)
        return True

    def _detach(self, element: Element, parent: Element) -> None:
        """Take an element out, and leave the text behind it."""
        before, tail = element.getprevious(), element.tail or ""
        element.tail = None
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
        parent.remove(element)

    def _double(self, element: Element) -> bool:
        if element.getparent() is None:
            return False
        element.addnext(deepcopy(element))
        return True

    def _rename(self, element: Element) -> bool:
        element.tag = self._name()
        return True

    def _swap(self, element: Element) -> bool:
        following = element.getnext()
        if following is None:
            return False
        following.addnext(element)
        return True

    def _wrap(self, element: Element) -> bool:
        parent = element.getparent()
        if parent is None:
            return False
        wrapper = etree.Element(self._name())
        wrapper.tail, element.tail = element.tail, None
        parent.replace(element, wrapper)
        wrapper.append(element)
        return True

    def _insert(self, element: Element) -> bool:
        made = etree.Element(self._name())
        element.insert(self._random.randint(0, len(element)), made)
        return True

    def _move(self, element: Element) -> bool:
        parent = element.getparent()
        target = self._random.choice(list(element.getroottree().getroot().iter("*")))
        if parent is None or element in (target, *target.iterancestors()):
            return False
        self._detach(element, parent)
        target.insert(self._random.randint(0, len(target)), element)
        return True

    def _drop_attribute(self, element: Element) -> bool:
        if not element.attrib:
            return False
        del element.attrib[self._random.choice(list(element.attrib))]
        return True

    def _add_attribute(self, element: Element) -> bool:
        name = self._random.choice(self._attributes)
        element.set(name, self._random.choice(VALUES))
        return True

    def _change_value(self, element: Element) -> bool:
        if not element.attrib:
            return False
        name = self._random.choice(list(element.attrib))
        element.set(name, self._changed(str(element.get(name))))
        return True

    def _changed(self, value: str) -> str:
        """Return another value, or this one with a slip of the hand."""
        place = self._random.randint(0, len(value))
        letter = self._random.choice(_LETTERS)
        return self._random.choice(
            (
                self._random.choice(VALUES),
                value[:place] + letter + value[place:],
                value[:place] + value[place + 1 :],
                value + letter,
            )
        )

    def _add_text(self, element: Element) -> bool:
        text = self._random.choice(("x", "  ", "\n", "1", "1962-08-27", "\u00a0"))
        if element.getparent() is None or self._random.random() < 0.5:
            element.text = (element.text or "") + text
        else:
            element.tail = (element.tail or "") + text
        return True

    def _change_text(self, element: Element) -> bool:
        if not element.text:
            return False
        element.text = self._changed(element.text)
        return True
