"""What all constructs of the compact syntax share: names, literals, annotations.

Takes tokens one after the other and makes the elements that RELAX NG's XML syntax has
for them, so that from there on a schema goes the same way in both syntaxes. RELAX NG
Compact Syntax (OASIS, 21 November 2002), appendix A.1.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Never, cast

from lxml import etree

from toolkit.limits import MAX_COMPACT
from toolkit.schema.compact.lexer import (
    DOCUMENTATION,
    END,
    IDENTIFIER,
    KEYWORDS,
    LITERAL,
    PREFIXED,
    Text,
    Token,
)
from toolkit.schema.markup import RNG, RNG_NS
from toolkit.schema.pattern import MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toolkit.tei import Element

_DOCUMENTATION: Final = (
    "{http://relaxng.org/ns/compatibility/annotations/1.0}documentation"
)
XML_NS: Final = "http://www.w3.org/XML/1998/namespace"
_XMLNS: Final = "http://www.w3.org/2000/xmlns"
#: They hold text and nothing else: what annotates them follows them (section 5.1).
_ONLY_TEXT: Final = frozenset(f"{RNG}{kind}" for kind in ("name", "param", "value"))
#: In lxml the time for attributes grows with the square of their number.
_MOST_ATTRIBUTES: Final = 1000
_NAMES: Final = KEYWORDS | {IDENTIFIER}


class Located(etree.ElementBase):
    """An element that knows where the compact syntax has it.

    lxml would keep no column, and no line above 65,535. What it knows is lost with
    the last reference to it, as with every element of lxml; the root therefore
    refers to them all.
    """

    line: int = 1  #: of a pattern or definition a :class:`Line`, with its column
    prefixes: Mapping[str | None, str] = MappingProxyType({})
    family: tuple[Element, ...] = ()

    @property
    def sourceline(self) -> int:  # type: ignore[override]  # lxml's can be set
        """The 1-based line where the construct begins."""
        return self.line

    @property
    def nsmap(self) -> dict[str | None, str]:
        """The namespaces declared at the top of the file, by prefix."""
        return dict(self.prefixes)


class Parts:
    """A schema in compact syntax, read token by token."""

    def __init__(self, source: bytes, file: str) -> None:
        """Begin to read.

        Args:
            source: The file's bytes.
            file: Its name, for messages.
        """
        self.text: Final = Text(source, file)
        self._tokens = self.text.tokens()
        self._ahead: Token | None = None
        self.token = self.previous = next(self._tokens)
        #: Namespaces by prefix; None where the file inherits it from its reader's.
        self.namespaces: dict[str, str | None] = {"xml": XML_NS}
        self.made: list[Element] = []
        self._depth = 0
        self._parser = etree.XMLParser()
        self._parser.set_element_class_lookup(
            etree.ElementDefaultClassLookup(element=Located)
        )

    # -- tokens --------------------------------------------------------------

    def advance(self) -> Token:
        """Go on to the next token; return the one passed."""
        self.previous = self.token
        self.token = self._ahead or next(self._tokens)
        self._ahead = None
        return self.previous

    def next_kind(self) -> str:
        """Return the kind of the token after this one."""
        self._ahead = self._ahead or next(self._tokens)
        return self._ahead.kind

    def expect(self, kind: str, mend: str = "") -> Token:
        """Go past a token of a kind; return it.

        Args:
            kind: What is expected.
            mend: What would mend a file that has another token here.

        Raises:
            SchemaError: Another stands here.
        """
        if self.token.kind != kind:
            self.unexpected(repr(kind), mend)
        return self.advance()

    def close(self, opened: Token) -> None:
        """Go past the sign that closes an opened one.

        Raises:
            SchemaError: Another token stands here.
        """
        sign = {"{": "}", "[": "]", "(": ")"}[opened.kind]
        if self.token.kind != sign:
            line = self.text.place(opened.start)
            choice = "" if self.token.kind == END else "an operator, or "
            self.unexpected(f"{choice}{sign!r} to close the {opened.kind!r} of {line}")
        self.advance()

    def unexpected(self, expected: str, mend: str = "") -> Never:
        """Report the token that stands here.

        Raises:
            SchemaError: Always.
        """
        self.fault(self.token, f"found {self.token}, expected {expected}", mend)

    def fault(self, at: Token, reason: str, mend: str = "") -> Never:
        """Report a fault at a token.

        Raises:
            SchemaError: Always.
        """
        self.text.fail(at.start, reason, mend)

    def deeper(self) -> None:
        """Count one more level of nesting; whoever calls counts it off again.

        Raises:
            SchemaError: There are too many.
        """
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self.fault(self.token, f"this is nested more than {MAX_DEPTH} deep")

    def shallower(self) -> None:
        """Count one level of nesting less."""
        self._depth -= 1

    def name(self, what: str) -> Token:
        """Go past a name without prefix, be it a keyword or not; return it."""
        if self.token.kind not in _NAMES:
            self.unexpected(what)
        return self.advance()

    def literal(
        self,
        what: str = "a literal, in quotation marks",
        begun: Token | None = None,
    ) -> str:
        """Go past a literal, which may be made of several joined by ``~``.

        Args:
            what: What is expected here, for messages.
            begun: Its first part, if that has been passed.
        """
        segments = [] if begun is None else [begun.text]
        while begun is None or self.token.kind == "~":
            if begun is not None:
                self.advance()
            if self.token.kind != LITERAL:
                self.unexpected(what)
            begun = self.advance()
            segments.append(begun.text)
        return "".join(segments)

    def namespace(self, prefix: str, at: Token) -> str | None:
        """Return the namespace of a prefix; None if it is inherited.

        Raises:
            SchemaError: It is not declared.
        """
        if prefix not in self.namespaces:
            self.fault(
                at,
                f"the prefix {prefix!r} is not declared",
                f'write at the top of the file: namespace {prefix} = "…"',
            )
        return self.namespaces[prefix]

    # -- elements ------------------------------------------------------------

    def detached(self) -> Element:
        """Return an element that stands nowhere, to hold others."""
        return self._parser.makeelement("detached")

    def make(
        self,
        parent: Element,
        kind: str,
        at: Token,
        attributes: dict[str, str] | None = None,
    ) -> Located:
        """Make an element of RELAX NG, the last in ``parent``."""
        return self._append(
            parent, f"{RNG}{kind}", self.text.place(at.start), attributes
        )

    def wrap(self, first: Located, kind: str) -> Located:
        """Make an element around one and all that follow it."""
        parent = cast("Element", first.getparent())  # at the least a detached one
        moved = [first, *first.itersiblings()]
        made = self._append(parent, f"{RNG}{kind}", first.line)
        made.extend(moved)
        return made

    def _append(
        self,
        parent: Element,
        tag: str,
        line: int,
        attributes: dict[str, str] | None = None,
    ) -> Located:
        made = cast("Located", etree.SubElement(parent, tag, attributes))
        made.line = line
        self.made.append(made)
        if len(self.made) > MAX_COMPACT:
            self.fault(self.token, f"these are more than {MAX_COMPACT:,} parts")
        return made

    # -- annotations (section 5) ---------------------------------------------

    def annotations(self) -> Element | None:
        """Read what annotates the construct that begins here.

        Returns:
            An element that holds the annotations; None if there are none. Those
            written as attributes are checked and dropped.
        """
        if self.token.kind not in (DOCUMENTATION, "["):
            return None
        found = self.detached()
        while self.token.kind == DOCUMENTATION:
            line = int(self.text.place(self.token.start))
            made = self._append(found, _DOCUMENTATION, line)
            made.text = self.advance().text
        if self.token.kind == "[":
            self._annotation_content(found, nested=False)
        return found

    def annotate(self, made: Element, annotations: Element | None) -> None:
        """Put annotations into the element made for what they annotate."""
        if annotations is None:
            return
        for one in reversed(list(annotations)):
            if made.tag in _ONLY_TEXT:
                made.addnext(one)
            else:
                made.insert(0, one)

    def following(self, parent: Element) -> None:
        """Read annotations that follow a pattern or name class (section 5.3)."""
        while self.token.kind == ">>":
            self.advance()
            self.annotation_element(parent, self._annotation_name())

    def annotation_element(
        self, parent: Element, name: Token, *, nested: bool = False
    ) -> None:
        """Read an annotation element whose name has been passed."""
        ns, tag = self._expanded(name)
        if ns == RNG_NS and not nested:
            self.fault(name, f"an annotation in the namespace {RNG_NS}")
        line = int(self.text.place(name.start))
        try:
            made: Element = self._append(parent, tag, line)
        except ValueError:  # a namespace that is no URI: lxml has no such element
            made = self.detached()
        self._annotation_content(made, nested=True)

    def _annotation_content(self, parent: Element, *, nested: bool) -> None:
        """Read from ``[`` to ``]``: attributes first, then elements and literals."""
        opened = self.expect("[")
        self.deeper()
        attributes: set[str] | None = set()  # None once there may be no more
        words: list[str] = []
        while self.token.kind != "]":
            if nested and self.token.kind == LITERAL:
                words.append(self.literal())
                attributes = None
                continue
            if self.token.kind == END:
                self.close(opened)
            name = self._annotation_name()
            if self.token.kind == "[":
                _add_text(parent, words)
                self.annotation_element(parent, name, nested=nested)
                attributes = None
            elif attributes is None:
                self.unexpected("'[', since attributes stand before elements and text")
            else:
                self._annotation_attribute(parent, name, attributes, nested=nested)
        _add_text(parent, words)
        self.close(opened)
        self.shallower()

    def _annotation_attribute(
        self, parent: Element, name: Token, others: set[str], *, nested: bool
    ) -> None:
        if self.token.kind != "=":
            self.unexpected("'=' or '['")
        self.advance()
        ns, key = self._expanded(name)
        if key in others:
            self.fault(name, f"the annotation {name.text!r} stands here twice")
        others.add(key)
        if len(others) > _MOST_ATTRIBUTES:
            self.fault(name, f"one annotation has more than {_MOST_ATTRIBUTES} values")
        if ns == _XMLNS:
            self.fault(name, f"an annotation in the namespace {_XMLNS}")
        value = self.literal()
        if nested:
            _set(parent, key, value)
        elif not ns:
            self.fault(name, f"the annotation {name.text!r} is in no namespace")
        elif ns == RNG_NS:
            self.fault(name, f"an annotation in the namespace {RNG_NS}")

    def _annotation_name(self) -> Token:
        if self.token.kind != PREFIXED:
            return self.name("the name of an annotation")
        return self.advance()

    def _expanded(self, name: Token) -> tuple[str, str]:
        """Return the namespace of an annotation's name, and the name with it."""
        if name.kind != PREFIXED:
            return "", name.text
        prefix, _, local = name.text.partition(":")
        ns = self.namespace(prefix, name)
        if ns is None:
            self.fault(name, f"an annotation's prefix {prefix!r} means 'inherit'")
        return ns, f"{{{ns}}}{local}" if ns else local


def _add_text(parent: Element, words: list[str]) -> None:
    """Put words behind the last child; empty the list."""
    if words and len(parent):
        parent[-1].tail = "".join(words)
    elif words:
        parent.text = "".join(words)
    words.clear()


def _set(element: Element, key: str, value: str) -> None:
    """Set an annotation's attribute, unless lxml has no such name."""
    try:
        element.set(key, value)
    except ValueError:
        return
