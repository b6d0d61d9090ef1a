"""From terms to patterns: definitions combined, references followed.

Takes the term of a whole schema and gives its pattern, with an
:class:`~toolkit.schema.pattern.Element` for every element it declares (RELAX NG
sections 4.12 to 4.15 and 4.17 to 4.21). Nothing recurses through references: a
definition is made only after those it needs, so a chain of any length is safe.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Never

from toolkit.errors import SchemaError
from toolkit.schema.pattern import MAX_DEPTH, Element, Pattern, PatternPool
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

if TYPE_CHECKING:
    from collections.abc import Iterable


_SHOWN: Final = 80  #: characters of a name that a message shows


def simplify(pool: PatternPool, term: Term, references: list[Reference]) -> Pattern:
    """Return the pattern of a schema; the content of its elements is filled in.

    Args:
        pool: Where the patterns are made.
        term: The schema as read.
        references: Those the term makes outside elements.

    Raises:
        SchemaError: A reference leads back to itself without an element between,
            or patterns are nested too deep.
    """
    return _Simplifier(pool).schema(term, references)


def check_definitions(
    scopes: Iterable[Scope], mentions: Iterable[tuple[RefTerm, Scope | None]]
) -> None:
    """Check what holds for every definition, whether it is ever needed or not.

    Raises:
        SchemaError: A reference leads nowhere (section 4.18), or components of a
            name are combined in no way or in two (section 4.17).
    """
    for scope in scopes:
        for definition in scope.definitions.values():
            if len(definition.components) > 1:
                _check_combining(definition.components)
    for reference, scope_of_it in mentions:
        definition_of(reference, scope_of_it)


def _check_combining(components: list[Component]) -> None:
    name = repr(components[0].name) if components[0].name else "the start"
    plain = [one for one in components if not one.combine]
    if len(plain) > 1:
        fail(plain[1].body, f"{name} is defined twice without combine")
    if len({one.combine for one in components} - {""}) > 1:
        last = components[-1].body
        fail(last, f"{name} is combined by choice here and by interleave elsewhere")


def definition_of(reference: Reference, scope: Scope | None) -> Definition:
    """Return the definition that a reference means (section 4.18).

    Raises:
        SchemaError: There is none.
    """
    if isinstance(reference, GrammarTerm):
        return reference.scope.definitions[""]
    up = reference.kind == "parentRef"
    inside = scope.parent if up and scope else scope
    if inside is None:
        fail(reference, f"<{reference.kind}> stands in no grammar it could mean")
    found = inside.definitions.get(reference.name)
    if found is None:
        name = reference.name
        shown = name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…"
        fail(reference, f"nothing defines {shown!r}")
    return found


class _Simplifier:
    def __init__(self, pool: PatternPool) -> None:
        self.pool: Final = pool
        self.waiting: list[tuple[Element, ElementTerm, Scope | None]] = []

    def schema(self, term: Term, references: list[Reference]) -> Pattern:
        self.resolve(references, None)
        start = self.pattern(term, None)
        while self.waiting:
            element, declared, scope = self.waiting.pop()
            self.resolve(declared.references, scope)
            content = self.pool.group(self.patterns(declared.terms, scope))
            if content.depth > MAX_DEPTH:
                fail(declared, f"patterns are nested more than {MAX_DEPTH} deep")
            element.content = content
        return start

    # -- definitions ---------------------------------------------------------

    def resolve(self, references: list[Reference], scope: Scope | None) -> None:
        """Make every definition that a pattern needs before the pattern is made."""
        for one in references:
            definition = definition_of(one, scope)
            if definition.pattern is None:
                self.define(definition)

    def define(self, wanted: Definition) -> None:
        """Make the pattern of a definition, first those it needs."""
        stack = [(wanted, needs_of(wanted))]
        open_: set[int] = {id(wanted)}
        while stack:
            definition, needs = stack[-1]
            if needs:
                reference = needs.pop()
                needed = definition_of(reference, definition.scope)
                if id(needed) in open_:
                    name = needed.components[0].name or "start"
                    fail(reference, f"{name!r} leads back to itself without an element")
                if needed.pattern is None:
                    stack.append((needed, needs_of(needed)))
                    open_.add(id(needed))
                continue
            definition.pattern = self.combined(definition)
            if definition.pattern.depth > MAX_DEPTH:
                body = definition.components[0].body
                fail(body, f"patterns are nested more than {MAX_DEPTH} deep")
            open_.discard(id(definition))
            stack.pop()

    def combined(self, definition: Definition) -> Pattern:
        """Combine the components of one name (section 4.17)."""
        components = definition.components
        patterns = [self.pattern(one.body, definition.scope) for one in components]
        if len(patterns) == 1:
            return patterns[0]
        if any(one.combine == "choice" for one in components):
            return self.pool.choice(patterns)
        return self.pool.interleave(patterns)

    # -- patterns ------------------------------------------------------------

    def patterns(self, terms: list[Term], scope: Scope | None) -> list[Pattern]:
        return [self.pattern(one, scope) for one in terms]

    def pattern(self, term: Term, scope: Scope | None) -> Pattern:
        """Make the pattern of a term whose references are defined."""
        if isinstance(term, RefTerm | GrammarTerm):
            found = definition_of(term, scope).pattern
            if found is None:
                fail(term, "a reference leads back to itself without an element")
            return found
        if isinstance(term, ElementTerm):
            element = Element(term.name_class, term.file, term.line)
            self.waiting.append((element, term, scope))
            return element
        if isinstance(term, ValueTerm):
            key = term.datatype.value(term.text, term.prefixes)
            return self.pool.value(term.datatype, key, term.text)
        return self.compound(term, self.patterns(term.terms, scope))

    def compound(self, term: Term, parts: list[Pattern]) -> Pattern:
        """Join the patterns of a term's parts as its kind says."""
        pool = self.pool
        if isinstance(term, AttributeTerm):
            return pool.attribute(term.name_class, parts[0] if parts else pool.text)
        if isinstance(term, DataTerm):
            return pool.data(term.datatype, pool.choice(parts) if parts else None)
        constants = {
            "empty": pool.empty,
            "text": pool.text,
            "notAllowed": pool.not_allowed,
        }
        if term.kind in constants:
            return constants[term.kind]
        if term.kind in ("choice", "interleave"):
            join = pool.choice if term.kind == "choice" else pool.interleave
            return join(parts)
        body = pool.group(parts)
        match term.kind:
            case "mixed":
                return pool.interleave((body, pool.text))
            case "optional":
                return pool.optional(body)
            case "zeroOrMore":
                return pool.zero_or_more(body)
            case "oneOrMore":
                return pool.one_or_more(body)
            case "list":
                return pool.list_of(body)
        return body


def needs_of(definition: Definition) -> list[Reference]:
    """Return the references a definition makes outside elements."""
    return [one for part in definition.components for one in part.references]


def fail(term: Term, reason: str) -> Never:
    """Report a fault at a term.

    Raises:
        SchemaError: Always.
    """
    raise SchemaError(f"{term.file}:{term.line}: {reason}")
