"""Reading the expressions of a Schematron schema, with what they may refer to.

What cannot be run becomes a lack with its line, and the check that needs it is left
out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from toolkit.tei import Element, line_of, local_name
from toolkit.validate.schematron.contexts import Context, Static, context_of
from toolkit.validate.schematron.keys import Key
from toolkit.validate.schematron.model import SCH, Lack, Let, Name, Part
from toolkit.validate.schematron.structure import XSLT
from toolkit.validate.xpath.expression import Dialect, Expression, XPathError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toolkit.validate.schematron.sources import Sources


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands: what is substituted in it, and what it may use."""

    parameters: Mapping[str, str] = field(default_factory=dict)
    variables: frozenset[str] = frozenset()

    def filled(self, source: str) -> str:
        """Return an attribute with its parameters written out (6.4)."""
        if not self.parameters or "$" not in source:
            return source
        longest = sorted(self.parameters, key=len, reverse=True)
        names = "|".join(map(re.escape, longest))
        return re.sub(
            rf"\$({names})(?![\w.-])", lambda m: self.parameters[m[1]], source
        )

    def within(self, lets: tuple[Let, ...]) -> Scope:
        """Return the scope in which these variables are there too."""
        return Scope(self.parameters, self.variables | {let.name for let in lets})


class Expressions:
    """The expressions of one schema."""

    def __init__(self, sources: Sources, dialect: Dialect) -> None:
        """Take a schema whose inclusions are there.

        Args:
            sources: The schema.
            dialect: The version of XPath that its expressions are written in.
        """
        self.sources, self.root = sources, sources.root
        self.lacks: list[Lack] = list(sources.lacks)
        #: the namespaces that the schema declares, by prefix
        self.namespaces = {
            ns.get("prefix", ""): ns.get("uri", "") for ns in self.root.iter(f"{SCH}ns")
        }
        known = {
            "xs": "http://www.w3.org/2001/XMLSchema",
            **{name: uri for name, uri in self.namespaces.items() if name},
        }
        self.static = Static(known, dialect)
        #: functions of XSLT by local name, with the lines of what calls them
        self.functions: dict[str, tuple[Element, list[int]]] = {}
        self._keys = {key.get("name", "") for key in self.root.iter(f"{XSLT}key")}
        self._unread: set[str] = set()  # variables that have been complained of
        self._noted: set[tuple[int, str]] = set()

    def lack(self, element: Element, message: str) -> None:
        """Note once something that cannot be run."""
        line, path = line_of(element), self.sources.path_of(element)
        if (line, message) not in self._noted:
            self._noted.add((line, message))
            self.lacks.append(Lack(line, message, path))

    def lets(self, parent: Element, scope: Scope) -> tuple[Let, ...]:
        """Return the variables declared directly in an element."""
        found: tuple[Let, ...] = ()
        for let in parent.iterchildren(f"{SCH}let"):
            found += self.let(let, scope.within(found))
        return found

    def let(self, let: Element, scope: Scope) -> tuple[Let, ...]:
        """Return a variable, in a tuple of one, or none if it cannot be read."""
        name, value = let.get("name", ""), let.get("value")
        if value is not None:
            expression = self.expression(let, value, scope)
            if expression is not None:
                return (Let(name, expression, line_of(let)),)
        elif not len(let) and not (let.text or "").strip():
            self.lack(let, f"the variable ${name} has neither @value nor content")
        elif next(let.iter(f"{XSLT}*"), None) is None:
            return (Let(name, let, line_of(let)),)
        # It has been noted; what uses it is not noted once more.
        self._unread.add(name)
        return ()

    def expression(
        self, element: Element, source: str | None, scope: Scope
    ) -> Expression | None:
        """Return an expression, or None (and a lack) if it cannot be run."""
        name = local_name(element)
        if source is None:
            self.lack(element, f"<{name}> has no expression to evaluate")
            return None
        source = scope.filled(source)
        what = f"{name} {' '.join(source.split())!r}"
        try:
            found = self.static.expression(source)
        except XPathError as fault:
            self._unreadable(element, source, f"{what} cannot be read: {fault}")
            return None
        return found if self._knows(element, what, found, scope) else None

    def _knows(
        self, element: Element, what: str, expression: Expression, scope: Scope
    ) -> bool:
        """Return whether all variables and keys are declared; else this is noted."""
        unknown = sorted(expression.variables - scope.variables)
        if unknown and not self._unread.intersection(unknown):
            self.lack(element, f"{what} uses ${unknown[0]}, which is declared nowhere")
        strange = sorted(_keys_of(expression.token) - self._keys)
        if strange:
            self.lack(
                element,
                f"{what} uses the key {strange[0]!r}, which no xsl:key declares",
            )
        return not unknown and not strange

    def context(self, rule: Element, source: str, scope: Scope) -> Context | None:
        """Return a context, or None (and a lack) if it cannot be matched."""
        what = f"the context {' '.join(source.split())!r}"
        try:
            context = context_of(source, self.static)
        except XPathError as fault:
            self._unreadable(rule, source, f"{what} cannot be read: {fault}")
            return None
        return context if self._knows(rule, what, context.expression, scope) else None

    def _unreadable(self, element: Element, source: str, message: str) -> None:
        """Note an expression that cannot be read; one that calls XSLT, with that."""
        for name, (_, lines) in self.functions.items():
            if re.search(rf":{re.escape(name)}\s*[(#]", source):
                lines.append(line_of(element))
                return
        self.lack(element, message)

    def key(self, key: Element) -> Key | None:
        """Return a key, or None (and a lack) if it cannot be used."""
        match, use = key.get("match"), key.get("use")
        if match is None or use is None:
            self.lack(key, "an <xsl:key> without @match or @use is not run")
            return None
        context = self.context(key, match, Scope())
        expression = self.expression(key, use, Scope())
        if context is None or expression is None:
            return None
        return Key(key.get("name", ""), context, expression)

    def parts(self, element: Element, scope: Scope) -> tuple[Part, ...]:
        """Return the parts of a message in order."""
        parts: list[Part] = [element.text or ""]
        for child in element:
            if child.tag in {f"{SCH}value-of", f"{XSLT}value-of"}:
                source = child.get("select")
                select = self.expression(child, source, scope)
                parts.append(select or f"⟨{source or ''}⟩")
            elif child.tag == f"{SCH}name":
                path = child.get("path")
                parts.append(
                    Name(self.expression(child, path, scope) if path else None)
                )
            elif isinstance(child.tag, str):
                parts += self.parts(child, scope)
            parts.append(child.tail or "")
        return tuple(part for part in parts if part != "")


def _keys_of(token: Any) -> set[str]:
    """Return the names of the keys that a parsed expression names outright."""
    calls = (part for part in token.iter("key") if len(part))
    return {str(call[0].value) for call in calls if call[0].symbol == "(string)"}
