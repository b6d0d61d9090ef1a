"""Reading a schema file: from XML to terms, every rule of its syntax checked.

Takes the root element of a ``.rng`` file; gives a :class:`~toolkit.schema.terms.Term`
(RELAX NG sections 3, 4.1 to 4.16). Annotations are passed over; namespaces,
datatype libraries and names are resolved at the place where they are written;
``externalRef`` and ``include`` are followed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toolkit.schema import namesyntax
from toolkit.schema.datatypes import (
    BUILT_IN,
    SPACE,
    DatatypeError,
    datatype,
)
from toolkit.schema.lexical import any_uri
from toolkit.schema.markup import (
    CUT,
    RNG,
    RNG_NS,
    Place,
    children_of,
    enter,
    fail,
    ncname,
    no_children,
    string_of,
    where,
)
from toolkit.schema.sources import Sources, base_of, resolve
from toolkit.schema.terms import (
    AttributeTerm,
    Component,
    DataTerm,
    Definition,
    ElementTerm,
    GrammarTerm,
    Reference,
    RefTerm,
    Scope,
    Term,
    ValueTerm,
)
from toolkit.tei import line_of

if TYPE_CHECKING:
    from toolkit.schema.nameclass import NameClass
    from toolkit.tei import Element

_CONTAINERS: Final = frozenset(
    "group interleave choice optional zeroOrMore oneOrMore list mixed".split()
)
_CONSTANTS: Final = frozenset(("empty", "text", "notAllowed"))


class Reader:
    """Reads the files of one schema to terms."""

    def __init__(self, sources: Sources) -> None:
        """Read from ``sources``."""
        self._sources = sources
        self._open: list[str] = []  # files being read, outermost first
        self._references: list[Reference] = []  # of the definition being read
        self._names: set[str] = set()  # known to be names
        self._readers = {
            "element": self.element,
            "attribute": self.attribute,
            "data": self.data,
            "value": self.value,
            "externalRef": self.external,
            "grammar": self.grammar,
        }
        #: Every reference and scope of the schema, reached or not.
        self.mentions: list[tuple[RefTerm, Scope | None]] = []
        self.scopes: list[Scope] = []

    def main(self) -> tuple[Term, list[Reference]]:
        """Return the schema's pattern and the references it makes.

        Raises:
            SchemaError: The schema breaks a rule; names file, line and rule.
        """
        return self._document(self._sources.uri, str(self._sources.main), "", None)

    def _document(
        self, uri: str, asked_by: str, ns: str, scope: Scope | None
    ) -> tuple[Term, list[Reference]]:
        root = self._sources.root(uri, asked_by)
        place = Place(self._sources.name(uri), uri, ns, BUILT_IN)
        outer, self._references = self._references, []
        self._open.append(uri)
        if root.tag[:CUT] != RNG:
            fail(
                root,
                place,
                f"a schema's outermost element is in the namespace {RNG_NS}",
            )
        term = self.pattern(root, place, scope)
        self._open.pop()
        references, self._references = self._references, outer
        return term, references

    # -- patterns ------------------------------------------------------------

    def pattern(self, element: Element, place: Place, scope: Scope | None) -> Term:
        """Read one pattern."""
        kind = element.tag[CUT:]
        if kind in ("ref", "parentRef"):  # by far the most frequent
            return self.reference(element, place, scope)
        place, attributes = enter(element, place)
        line = line_of(element)
        if kind in _CONTAINERS:
            terms = self.patterns(element, place, scope)
            return Term(kind, place.file, line, terms)
        if kind in _CONSTANTS:
            no_children(element, place)
            return Term(kind, place.file, line)
        reader = self._readers.get(kind)
        if reader is not None:
            return reader(element, place, attributes, scope)
        return fail(element, place, f"<{kind}> is no pattern")

    def reference(self, element: Element, place: Place, scope: Scope | None) -> Term:
        """Read ``ref`` or ``parentRef``."""
        given = element.items()
        name = given[0][1] if given and given[0][0] == "name" else ""
        if len(given) != 1 or name not in self._names:
            place, attributes = enter(element, place)
            name = ncname(element, place, attributes["name"])
            self._names.add(name)
        no_children(element, place)
        kind = element.tag[CUT:]
        reference = RefTerm(kind, place.file, line_of(element), name=name)
        self._references.append(reference)
        self.mentions.append((reference, scope))
        return reference

    def patterns(
        self, element: Element, place: Place, scope: Scope | None
    ) -> list[Term]:
        """Read the patterns in an element; there must be one at least."""
        children = children_of(element, place)
        if not children:
            fail(element, place, f"<{element.tag[CUT:]}> holds no pattern")
        return [self.pattern(child, place, scope) for child in children]

    def element(
        self,
        element: Element,
        place: Place,
        attributes: dict[str, str],
        scope: Scope | None,
    ) -> Term:
        """Read ``element``: a name class and a sequence of patterns."""
        children = children_of(element, place)
        name_class = self.name_class(element, place, attributes, children, place.ns)
        if not children:
            fail(element, place, "<element> holds no pattern; <empty/> says so")
        outer, self._references = self._references, []
        terms = [self.pattern(child, place, scope) for child in children]
        references, self._references = self._references, outer
        return ElementTerm(
            "element",
            place.file,
            line_of(element),
            terms,
            name_class=name_class,
            references=references,
        )

    def attribute(
        self,
        element: Element,
        place: Place,
        attributes: dict[str, str],
        scope: Scope | None,
    ) -> Term:
        """Read ``attribute``: a name class and at most one pattern."""
        children = children_of(element, place)
        ns = attributes.get("ns", "") if "name" in attributes else place.ns
        name_class = self.name_class(element, place, attributes, children, ns)
        if len(children) > 1:
            fail(children[1], place, "<attribute> holds one pattern at most")
        try:
            namesyntax.check_attribute(name_class)
        except ValueError as fault:
            fail(element, place, str(fault))
        terms = [self.pattern(child, place, scope) for child in children]
        line = line_of(element)
        return AttributeTerm(
            "attribute", place.file, line, terms, name_class=name_class
        )

    def name_class(
        self,
        element: Element,
        place: Place,
        attributes: dict[str, str],
        children: list[Element],
        ns: str,
    ) -> NameClass:
        """Read the ``name`` attribute, or take the name class off the children."""
        if "name" in attributes:
            return namesyntax.qname(element, place, attributes["name"], ns)
        if not children:
            fail(element, place, f"<{element.tag[CUT:]}> has no name")
        return namesyntax.name_class(children.pop(0), place)

    def data(
        self,
        element: Element,
        place: Place,
        attributes: dict[str, str],
        scope: Scope | None,
    ) -> Term:
        """Read ``data``: parameters, then exceptions."""
        children = children_of(element, place)
        terms: list[Term] = []
        if children and children[-1].tag == f"{RNG}except":
            inner, _ = enter(children[-1], place)
            terms = self.patterns(children.pop(), inner, scope)
        params = []
        for child in children:
            if child.tag != f"{RNG}param":
                fail(child, place, "<data> holds <param>s, then one <except> at most")
            inner, given = enter(child, place)
            name = ncname(child, place, given["name"])
            params.append((name, string_of(child, inner)))
        name = ncname(element, place, attributes["type"])
        try:
            known = datatype(place.library, name, tuple(params))
        except DatatypeError as fault:
            fail(element, place, str(fault))
        line = line_of(element)
        return DataTerm("data", place.file, line, terms, datatype=known)

    def value(
        self,
        element: Element,
        place: Place,
        attributes: dict[str, str],
        _scope: Scope | None,
    ) -> Term:
        """Read ``value``; without a type it is a built-in token (section 4.4)."""
        name, library = "token", BUILT_IN
        if "type" in attributes:
            name = ncname(element, place, attributes["type"])
            library = place.library
        try:
            known = datatype(library, name)
        except DatatypeError as fault:
            fail(element, place, str(fault))
        text = string_of(element, place)
        prefixes: dict[str, str] = {}
        if known.needs_prefixes:
            prefixes = {prefix or "": uri for prefix, uri in element.nsmap.items()}
            prefixes[""] = place.ns
        reason = known.why_not(text, prefixes)
        if reason:
            fail(element, place, f"{text!r} is no value of the type {name}: {reason}")
        return ValueTerm(
            "value",
            place.file,
            line_of(element),
            datatype=known,
            text=text,
            prefixes=prefixes,
        )

    # -- other files, grammars -----------------------------------------------

    def target(self, element: Element, place: Place, attributes: dict[str, str]) -> str:
        """Return the absolute URI a reference to another file means."""
        href = attributes["href"].strip(SPACE)
        try:
            any_uri(href)
        except ValueError as fault:
            fail(element, place, f"href is {fault}")
        if "#" in href:
            fail(element, place, "href has a fragment: a whole file is meant")
        uri = resolve(base_of(element, place.uri), href)
        if uri in self._open:
            fail(element, place, f"{href!r} leads back to a file that is being read")
        return uri

    def external(
        self,
        element: Element,
        place: Place,
        attributes: dict[str, str],
        scope: Scope | None,
    ) -> Term:
        """Read ``externalRef``: the pattern of another file (section 4.6)."""
        no_children(element, place)
        uri = self.target(element, place, attributes)
        asked_by = where(element, place)
        term, references = self._document(uri, asked_by, place.ns, scope)
        self._references += references
        return term

    def grammar(
        self,
        element: Element,
        place: Place,
        _attributes: dict[str, str],
        parent: Scope | None,
    ) -> Term:
        """Read ``grammar``; its definitions are its own."""
        scope = Scope(parent)
        self.scopes.append(scope)
        for component in self.components(element, place, scope):
            definition = scope.definitions.get(component.name)
            if definition is None:
                definition = Definition([], scope)
                scope.definitions[component.name] = definition
            definition.components.append(component)
        line = line_of(element)
        if "" not in scope.definitions:
            fail(element, place, "<grammar> has no <start>")
        term = GrammarTerm("grammar", place.file, line, scope=scope)
        self._references.append(term)
        return term

    def components(
        self, element: Element, place: Place, scope: Scope, *, included: bool = False
    ) -> list[Component]:
        """Read the content of ``grammar``, ``div`` or ``include``."""
        found: list[Component] = []
        for child in children_of(element, place):
            inner, attributes = enter(child, place)
            kind = child.tag[CUT:]
            if kind in ("define", "start"):
                found.append(self.component(child, inner, attributes, scope))
            elif kind == "div":
                found += self.components(child, inner, scope, included=included)
            elif kind == "include" and not included:
                found += self.include(child, inner, attributes, scope)
            else:
                fail(child, place, f"<{kind}> is not allowed in a grammar here")
        return found

    def component(
        self, element: Element, place: Place, attributes: dict[str, str], scope: Scope
    ) -> Component:
        """Read ``define`` or ``start``."""
        kind = element.tag[CUT:]
        name = ""
        if kind == "define":
            name = ncname(element, place, attributes["name"])
        combine = attributes.get("combine", "").strip(SPACE)
        if "combine" in attributes and combine not in ("choice", "interleave"):
            fail(element, place, f"combine is choice or interleave, not {combine!r}")
        outer, self._references = self._references, []
        terms = self.patterns(element, place, scope)
        references, self._references = self._references, outer
        if kind == "start" and len(terms) > 1:
            fail(element, place, "<start> holds one pattern")
        body = terms[0]
        if len(terms) > 1:
            body = Term("group", place.file, line_of(element), terms)
        return Component(name, combine, body, references)

    def include(
        self, element: Element, place: Place, attributes: dict[str, str], scope: Scope
    ) -> list[Component]:
        """Read ``include``: another grammar, some definitions replaced (4.7)."""
        uri = self.target(element, place, attributes)
        replacing = self.components(element, place, scope, included=True)
        root = self._sources.root(uri, where(element, place))
        if root.tag != f"{RNG}grammar":
            fail(element, place, f"{attributes['href']!r} holds no grammar")
        self._open.append(uri)
        inner = Place(self._sources.name(uri), uri, place.ns, BUILT_IN)
        inner, _ = enter(root, inner)
        theirs = self.components(root, inner, scope)
        self._open.pop()
        known = {one.name for one in theirs}
        replaced = {one.name for one in replacing}
        for name in sorted(replaced - known):
            what = f"the definition {name!r}" if name else "a <start>"
            fail(element, place, f"the included grammar has not {what} to replace")
        return [one for one in theirs if one.name not in replaced] + replacing
