"""RELAX NG's compact syntax: reading ``.rnc`` files.

Takes a file's bytes and gives the root element that the same schema has in XML, with
line and column of every construct; :mod:`toolkit.schema.syntax` reads it like any
other. RELAX NG Compact Syntax (OASIS, 21 November 2002); sections named below are
those of its appendix A.1 where no other is.

Annotation elements stay in the tree, as in XML: rules may stand in them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Never, cast

from toolkit.schema.compact.lexer import (
    DOCUMENTATION,
    END,
    IDENTIFIER,
    KEYWORDS,
    LITERAL,
    PREFIXED,
    Token,
)
from toolkit.schema.compact.names import Names, ns_attribute
from toolkit.schema.compact.parts import XML_NS, Located
from toolkit.schema.datatypes import BUILT_IN
from toolkit.schema.markup import RNG

if TYPE_CHECKING:
    from toolkit.tei import Element

_REPEATED: Final = {"*": "zeroOrMore", "+": "oneOrMore", "?": "optional"}
_JOINED: Final = {",": "group", "|": "choice", "&": "interleave"}
_OPERATORS: Final = frozenset((*_JOINED, "-"))
_COMBINED: Final = {
    "=": {},
    "|=": {"combine": "choice"},
    "&=": {"combine": "interleave"},
}
_DECLARATIONS: Final = frozenset(("namespace", "default", "datatypes"))
_DECLARE_FIRST: Final = "declarations stand at the top of the file, before any ##"
_COMMENT: Final = "write a comment that documents nothing with a single #"
_ASSIGNMENT: Final = "'=', '|=' or '&='"


def read(source: bytes, file: str) -> Element:
    """Read a schema in compact syntax.

    Args:
        source: The file's bytes, in UTF-8, or UTF-16 with a byte-order mark.
        file: Its name, for messages.

    Returns:
        The root element of the schema in XML syntax. ``sourceline`` of a pattern,
        name class or definition is a line that is written with its column.

    Raises:
        SchemaError: The file breaks the syntax; says file, line and column, what was
            found and what was expected.
    """
    return _Reader(source, file).schema()


class _Reader(Names):
    """The grammar of the compact syntax; each method reads what it is named after."""

    def __init__(self, source: bytes, file: str) -> None:
        super().__init__(source, file)
        self._prefixes: dict[str | None, str] = {}
        self._readers = {
            "element": self._braced,
            "attribute": self._braced,
            "mixed": self._braced,
            "list": self._braced,
            "empty": self._constant,
            "text": self._constant,
            "notAllowed": self._constant,
            "string": self._datatype,
            "token": self._datatype,
            PREFIXED: self._datatype,
            LITERAL: self._untyped,
            IDENTIFIER: self._reference,
            "parent": self._parent,
            "external": self._external,
            "grammar": self._grammar,
            "(": self._parenthesis,
        }

    def schema(self) -> Element:
        """``topLevel``: declarations, then a pattern or the content of a grammar."""
        while self.token.kind in _DECLARATIONS:
            self.declaration(self.advance())
        self._prefixes = {
            prefix: ns for prefix, ns in self.namespaces.items() if ns and ns != XML_NS
        }
        holder = self.detached()
        annotations = self.annotations()
        if self._begins_grammar():
            grammar = self.make(holder, "grammar", self.token)
            self._members(grammar, annotations)
        else:
            self._pattern(holder, annotations)
        if self.token.kind != END:
            self.unexpected(
                "the end of the file",
                "a file holds one pattern, or else definitions (name = pattern)",
            )
        if len(holder) > 1:
            self.fault(self.previous, "an annotation follows the outermost pattern")
        root = cast("Located", holder[0])
        holder.remove(root)
        root.family = tuple(self.made)
        return root

    def _begins_grammar(self) -> bool:
        kind = self.token.kind
        if kind in (IDENTIFIER, PREFIXED):
            return self.next_kind() in ("=", "|=", "&=", "[")
        if kind in KEYWORDS and self.next_kind() in _COMBINED:
            return True  # or, where the keyword should be escaped, meant to be one
        return kind in ("start", "div", "include", END)

    # -- grammars ------------------------------------------------------------

    def _members(
        self,
        parent: Element,
        annotations: Element | None = None,
        *,
        included: bool = False,
    ) -> None:
        """``grammar`` or ``includeBody``, the latter without ``include``."""
        self.deeper()
        while self.token.kind not in ("}", END) or annotations is not None:
            if annotations is None:
                annotations = self.annotations()
            self._member(parent, annotations, included=included)
            annotations = None
        self.shallower()

    def _member(
        self, parent: Element, annotations: Element | None, *, included: bool
    ) -> None:
        """``member`` or ``includeMember``: a component, or an annotation element."""
        token = self.token
        if token.kind in (IDENTIFIER, PREFIXED) and self.next_kind() == "[":
            if annotations is not None:
                self.unexpected("a definition, which the annotations before it are of")
            self.annotation_element(parent, self.advance())
            return
        if token.kind == IDENTIFIER:
            made = self._component(parent, "define", {"name": token.text})
        elif token.kind == "start":
            made = self._component(parent, "start", {})
        elif token.kind == "div":
            made = self.make(parent, "div", self.advance())
            opened = self.expect("{")
            self._members(made, included=included)
            self.close(opened)
        elif token.kind == "include" and not included:
            made = self._include(parent)
        else:
            self._no_member(included=included)
        self.annotate(made, annotations)

    def _no_member(self, *, included: bool) -> Never:
        last = "start or div" if included else "start, div or include"
        mend = ""
        if self.token.kind in KEYWORDS and self.next_kind() in _COMBINED:
            mend = f"to define a keyword as a name, write \\{self.token.kind}"
        elif self.token.kind in _DECLARATIONS:
            mend = _DECLARE_FIRST
        elif self.previous.kind == DOCUMENTATION:
            mend = _COMMENT
        elif included and self.token.kind == "include":
            mend = "an include has none in it: put it beside this one"
        elif self.token.kind in self._readers:
            mend = "give the pattern a name: name = …"
        self.unexpected(f"a definition (name = pattern), {last}", mend)

    def _component(
        self, parent: Element, kind: str, attributes: dict[str, str]
    ) -> Located:
        """``start`` or ``define``."""
        at = self.advance()
        combined = _COMBINED.get(self.token.kind)
        if combined is None:
            self.unexpected(_ASSIGNMENT)
        self.advance()
        made = self.make(parent, kind, at, {**attributes, **combined})
        self._pattern(made)
        return made

    def _include(self, parent: Element) -> Located:
        """``include``: another grammar, some of its definitions replaced."""
        made = self._reference_to_file(parent, "include", self.advance())
        if self.token.kind == "{":
            opened = self.advance()
            self._members(made, included=True)
            self.close(opened)
        return made

    def _reference_to_file(self, parent: Element, kind: str, at: Token) -> Located:
        """``anyURILiteral`` and ``optInherit``."""
        attributes = {"href": self.literal("the file's name, in quotation marks")}
        ns = self.default
        if self.token.kind == "inherit":
            self.advance()
            self.expect("=")
            prefix = self.name("the prefix of the namespace to inherit")
            ns = self.namespace(prefix.text, prefix)
        return self.make(parent, kind, at, attributes | ns_attribute(ns))

    # -- patterns ------------------------------------------------------------

    def _pattern(self, parent: Element, annotations: Element | None = None) -> Located:
        """``pattern``: particles joined by an operator; a datatype with exceptions."""
        self.deeper()
        made = self._particle(parent, annotations)
        operator = self.token.kind
        if operator == "-":
            self._exception(parent, made)
        elif operator in _JOINED:
            made = self.wrap(made, _JOINED[operator])
            while self.token.kind == operator:
                self.advance()
                self._particle(made)
        if self.token.kind in _OPERATORS:
            self.mixed_operators(operator)
        self.shallower()
        return made

    def _particle(
        self,
        parent: Element,
        annotations: Element | None = None,
        *,
        repeatable: bool = True,
    ) -> Located:
        """``particle``; ``leadAnnotatedPrimary`` where it is not repeatable."""
        if annotations is None:
            annotations = self.annotations()
        reader = self._readers.get(self.token.kind)
        if reader is None:
            self._no_pattern()
        made = reader(parent, self.advance())
        self.annotate(made, annotations)
        if not repeatable:
            return made
        self.following(parent)
        kind = _REPEATED.get(self.token.kind)
        if kind is not None:
            self.advance()
            made = self.wrap(made, kind)
            self.following(parent)
        return made

    def _no_pattern(self) -> Never:
        mend = ""
        kind = self.token.kind
        if kind in _DECLARATIONS:
            mend = _DECLARE_FIRST
        elif kind in KEYWORDS:
            mend = _reference_mend(kind)
        elif self.previous.kind == DOCUMENTATION:
            mend = _COMMENT
        self.unexpected("a pattern", mend)

    def _exception(self, parent: Element, made: Located) -> None:
        """The second half of ``dataExcept``."""
        if made.tag != f"{RNG}data" or self.previous.kind in (")", "]"):
            self.unexpected(
                "the end of the pattern",
                "only the name of a datatype, without parentheses, has an exception",
            )
        excepting = self.make(made, "except", self.advance())
        self._particle(excepting, repeatable=False)
        self.following(parent)

    def _parenthesis(self, parent: Element, opened: Token) -> Located:
        made = self._pattern(parent)
        self.close(opened)
        return made

    def _braced(self, parent: Element, at: Token) -> Located:
        """A keyword and a pattern in braces; a name class first, where one is due."""
        made = self.make(parent, at.kind, at)
        if at.kind == "element":
            self.name_class(made, self.default)
        elif at.kind == "attribute":
            self.name_class(made, "")
        opened = self.expect("{", _reference_mend(at.kind))
        self._pattern(made)
        self.close(opened)
        return made

    def _constant(self, parent: Element, at: Token) -> Located:
        return self.make(parent, at.kind, at)

    def _reference(self, parent: Element, name: Token) -> Located:
        return self.make(parent, "ref", name, {"name": name.text})

    def _parent(self, parent: Element, at: Token) -> Located:
        if self.token.kind != IDENTIFIER:
            mend = ""
            if self.token.kind in KEYWORDS:
                mend = _reference_mend(self.token.kind)
            self.unexpected(
                "the name of a definition in the grammar around this one", mend
            )
        return self.make(parent, "parentRef", at, {"name": self.advance().text})

    def _external(self, parent: Element, at: Token) -> Located:
        return self._reference_to_file(parent, "externalRef", at)

    def _grammar(self, parent: Element, at: Token) -> Located:
        made = self.make(parent, "grammar", at)
        opened = self.expect("{")
        self._members(made)
        self.close(opened)
        return made

    # -- datatypes -----------------------------------------------------------

    def _datatype(self, parent: Element, name: Token) -> Located:
        """``datatypeName``, then a value or parameters."""
        library, local = BUILT_IN, name.text
        if name.kind == PREFIXED:
            prefix, _, local = local.partition(":")
            if prefix not in self.libraries:
                self.fault(
                    name,
                    f"the prefix {prefix!r} of a datatype is not declared",
                    f'write at the top of the file: datatypes {prefix} = "…"',
                )
            library = self.libraries[prefix]
        attributes = {"datatypeLibrary": library, "type": local}
        if self.token.kind == LITERAL:
            return self._value(parent, name, attributes)
        made = self.make(parent, "data", name, attributes)
        if self.token.kind == "{":
            self._parameters(made)
        return made

    def _parameters(self, data: Element) -> None:
        opened = self.advance()
        while self.token.kind != "}":
            if self.token.kind == END:
                self.close(opened)
            annotations = self.annotations()
            name = self.name("the name of a parameter, or '}'")
            self.expect("=")
            made = self.make(data, "param", name, {"name": name.text})
            made.text = self.literal()
            self.annotate(made, annotations)
        self.close(opened)

    def _untyped(self, parent: Element, begun: Token) -> Located:
        return self._value(parent, begun, {}, begun)

    def _value(
        self,
        parent: Element,
        at: Token,
        attributes: dict[str, str],
        begun: Token | None = None,
    ) -> Located:
        # A QName without prefix is in the default namespace, as for jing and trang;
        # the specification's translation leaves that open.
        made = self.make(parent, "value", at, attributes | ns_attribute(self.default))
        made.prefixes = self._prefixes
        made.text = self.literal(begun=begun)
        return made


def _reference_mend(keyword: str) -> str:
    return f"to refer to a definition of that name, write \\{keyword}"
