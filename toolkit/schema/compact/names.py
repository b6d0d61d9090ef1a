"""Names in the compact syntax: the declarations of prefixes, and name classes.

Takes tokens; keeps what is declared and gives the elements of RELAX NG's XML syntax for
name classes. RELAX NG Compact Syntax (OASIS, 21 November 2002), appendix A.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Never

from toolkit.schema.compact.lexer import ANY_OF, PREFIXED, Token
from toolkit.schema.compact.parts import XML_NS, Located, Parts
from toolkit.schema.datatypes import XSD
from toolkit.schema.lexical import library_uri

if TYPE_CHECKING:
    from toolkit.tei import Element


class Names(Parts):
    """A schema in compact syntax, and what its prefixes mean."""

    def __init__(self, source: bytes, file: str) -> None:
        """Begin to read a file's bytes; its name is for messages."""
        super().__init__(source, file)
        self.default: str | None = None  #: namespace of elements; None: inherited
        self.libraries = {"xsd": XSD}  #: of datatypes, by prefix
        self._declared: set[tuple[str, str]] = set()

    # -- declarations --------------------------------------------------------

    def declaration(self, keyword: Token) -> None:
        """``decl``: of a namespace, of the default namespace, or of datatypes."""
        if keyword.kind == "default":
            self.expect("namespace")
            prefix = None if self.token.kind == "=" else self.name("a prefix or '='")
            self._once(keyword, "default namespace", "")
        else:
            prefix = self.name("a prefix, which is a name")
        if prefix:
            what = "datatypes" if keyword.kind == "datatypes" else "namespace"
            self._once(prefix, what, prefix.text)
        self.expect("=")
        at = self.token
        if keyword.kind == "datatypes":
            self._library(prefix or at, at, self.literal())
            return
        ns = None
        if at.kind == "inherit":
            self.advance()
        else:
            ns = self.literal("a namespace in quotation marks, or 'inherit'")
        self._bind(prefix, ns, at)
        if keyword.kind == "default":
            self.default = ns

    def _once(self, at: Token, what: str, prefix: str) -> None:
        if (what, prefix) in self._declared:
            self.fault(at, f"{what} {prefix}".rstrip() + " is declared twice")
        self._declared.add((what, prefix))

    def _library(self, prefix: Token, at: Token, uri: str) -> None:
        """Declare the prefix of a datatype library."""
        if prefix.text == "xsd" and uri != XSD:
            self.fault(at, f"found {uri!r}, expected {XSD!r}, which xsd always means")
        try:
            library_uri(uri)
        except ValueError as fault:
            self.fault(at, f"a datatype library is {fault}")
        self.libraries[prefix.text] = uri

    def _bind(self, prefix: Token | None, ns: str | None, at: Token) -> None:
        """Declare a prefix of names; none is that of the default namespace."""
        name = prefix.text if prefix else ""
        if name == "xmlns":
            self.fault(prefix or at, "found 'xmlns', which is never a prefix")
        if (name == "xml") != (ns == XML_NS):
            self.fault(at, f"the prefix xml, and no other, means {XML_NS}")
        if prefix:
            self.namespaces[name] = ns

    # -- name classes --------------------------------------------------------

    def name_class(self, parent: Element, ns: str | None) -> Located:
        """``nameClass``: names joined by ``|``, or a wildcard with exceptions.

        Args:
            parent: Where its element goes.
            ns: The namespace of names without prefix; None if it is inherited.
        """
        self.deeper()
        made = self._simple_name_class(parent, ns)
        operator = self.token.kind
        if operator == "-":
            if self.previous.kind not in ("*", ANY_OF):
                self.unexpected("'{'", "only * and prefix:* have exceptions")
            excepting = self.make(made, "except", self.advance())
            self._simple_name_class(excepting, ns, followed=False)
            self.following(parent)
        elif operator == "|":
            made = self.wrap(made, "choice")
            while self.token.kind == "|":
                self.advance()
                self._simple_name_class(made, ns)
        if operator in ("|", "-") and self.token.kind in ("|", "-"):
            self.mixed_operators(operator)
        self.shallower()
        return made

    def _simple_name_class(
        self, parent: Element, ns: str | None, *, followed: bool = True
    ) -> Located:
        """``annotatedSimpleNameClass``, or without annotations that follow it."""
        annotations = self.annotations()
        token = self.token
        if token.kind == "(":
            self.advance()
            made = self.name_class(parent, ns)
            self.close(token)
        elif token.kind == "*":
            made = self.make(parent, "anyName", self.advance())
        elif token.kind == ANY_OF:
            ns = self.namespace(token.text, token)
            made = self.make(parent, "nsName", self.advance(), ns_attribute(ns))
        else:
            if token.kind == PREFIXED:
                prefix, _, local = self.advance().text.partition(":")
                ns = self.namespace(prefix, token)
            else:
                local = self.name("a name, prefix:*, * or '('").text
            made = self.make(parent, "name", token, ns_attribute(ns))
            made.text = local
        self.annotate(made, annotations)
        if followed:
            self.following(parent)
        return made

    def mixed_operators(self, operator: str) -> Never:
        """Report an operator that follows another (section 2 of the specification).

        Raises:
            SchemaError: Always.
        """
        self.fault(
            self.token,
            f"found {self.token} after {operator!r}, expected one operator throughout",
            "put parentheses around what belongs together",
        )


def ns_attribute(ns: str | None) -> dict[str, str]:
    """Return the attribute that says a namespace; none if it is inherited."""
    return {} if ns is None else {"ns": ns}
