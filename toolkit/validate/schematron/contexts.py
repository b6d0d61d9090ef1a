"""Contexts of rules: a pattern and an element give «fires here» or not.

A context is matched from its last step up (as XSLT matches patterns), so a rule is
tried only at elements with the right name. Evaluating ``//(context)`` once per
rule took up to eight seconds a rule on 2,333 elements; that is kept for the few
contexts that cannot be matched upwards.

ISO/IEC 19757-3, 5.4.11 (rule); XSLT 2.0, 5.5 (patterns).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from toolkit.validate.schematron.shapes import counts_places, is_truth, may_select
from toolkit.validate.xpath.expression import Dialect, Expression, XPathError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from toolkit.tei import Element
    from toolkit.validate.xpath.expression import Reading

#: Whether a step fits an element; the variables are those of the schema.
Fits: TypeAlias = "Callable[[Reading, Element, Mapping[str, object]], bool]"


@dataclass(frozen=True, slots=True)
class Context:
    """Where a rule fires."""

    expression: Expression
    fits: Fits | None  #: None: has to be evaluated over the whole document
    tags: frozenset[str] | None  #: the elements it can fire at; None: any
    attribute: str | None = None  #: it fires at this attribute of those; ``*``: any
    needs: frozenset[str] = frozenset()  #: attributes without which it cannot fire
    is_brief: bool = False  #: asking whether it fits costs next to nothing

    def may_fire(self, tag: str, attributes: Collection[str]) -> bool:
        """Return whether an element of this name, with these attributes, may match."""
        return (self.tags is None or tag in self.tags) and all(
            need in attributes for need in self.needs
        )


class Static(NamedTuple):
    """What a schema says about its expressions."""

    namespaces: Mapping[str, str]  #: prefixes and their namespaces
    dialect: Dialect = Dialect.XPATH_2

    def expression(self, source: str) -> Expression:
        """Parse an expression.

        Raises:
            XPathError: It is not XPath.
        """
        return Expression(source, self.namespaces, self.dialect)


def context_of(source: str, static: Static) -> Context:
    """Return a rule's context, ready to be matched.

    Args:
        source: ``rule/@context``.
        static: The schema's namespaces and version of XPath.

    Raises:
        XPathError: It is not XPath, or selects no nodes.
    """
    expression = static.expression(source)
    token, attribute = expression.token, None
    if not may_select(token):
        raise XPathError("it selects no nodes of a document")
    if str(token.symbol) in {"/", "@"}:
        last = token[-1] if len(token) else token
        if str(token.symbol) == "@":
            last = token
        if str(last.symbol) == "@" and (attribute := _attribute(last[0], static)):
            if last is token:
                return Context(expression, _anything, None, attribute, is_brief=True)
            token = token[0]
    found = _compiled(token, static)
    if found is None:
        return Context(expression, None, None)
    return Context(
        expression, found.fits, found.tags, attribute, found.needs, found.is_brief
    )


def _attribute(test: Any, static: Static) -> str | None:
    """Return the name of an attribute, ``*`` for any; None for other tests."""
    symbol = str(test.symbol)
    if symbol == "*" and not len(test):
        return "*"
    if symbol == "(name)":
        return str(test.value)
    if symbol == ":" and [str(part.symbol) for part in test] == ["(name)", "(name)"]:
        namespace = static.namespaces.get(str(test[0].value))
        prefix = str(test[0].value)
        if prefix == "xml":
            namespace = "http://www.w3.org/XML/1998/namespace"
        return namespace and f"{{{namespace}}}{test[1].value}"
    return None


def matched(
    reading: Reading, context: Context, variables: Mapping[str, object]
) -> list[Any]:
    """Return all nodes of a document that a context matches, as elementpath's.

    Raises:
        TooLongError: The reading's budget is spent.
    """
    found: dict[int, Any] = {}
    if context.fits is None:
        for start in _starts(reading, context.expression):
            try:
                for item in context.expression.items(reading, start, variables):
                    found[id(item)] = item
            except XPathError:
                continue  # a pattern that fails at a node does not match there
        kinds = ((item, getattr(item, "node_kind", "")) for item in found.values())
        return [item for item, kind in kinds if kind not in {"", "namespace"}]
    for element in reading.root.iter("*"):
        if context.may_fire(str(element.tag), [*map(str, element.attrib)]) and fits(
            reading, context, element, variables
        ):
            owner = reading.item(element)
            if context.attribute is None:
                found[id(owner)] = owner
                continue
            for item in owner.attributes:
                if context.attribute in {"*", item.name}:
                    found[id(item)] = item
    return list(found.values())


def fits(
    reading: Reading,
    context: Context,
    element: Element,
    variables: Mapping[str, object],
) -> bool:
    """Return whether a context that is matched upwards fits an element.

    Raises:
        TooLongError: The reading's budget is spent.
    """
    try:
        return context.fits is not None and context.fits(reading, element, variables)
    except XPathError:
        return False  # a pattern that fails at a node does not match there


#: Where a pattern begins that is found from the elements and the document alone.
_DOWNWARDS: Final = frozenset(
    "(name) : * @ Q{ child attribute text node comment processing-instruction element "
    "schema-element".split()
)


def _starts(reading: Reading, expression: Expression) -> Iterator[Any]:
    """Yield the nodes from which a pattern has to be tried."""
    tree, token = reading.tree, expression.token
    while len(token) and str(token.symbol) in {"/", "//", "["}:
        if len(token) == 1:
            break
        token = token[0]
    if str(token.symbol) in {"/", "//", "id", "key"}:
        yield tree
        return
    everywhere = str(token.symbol) not in _DOWNWARDS
    for node in tree.iter():
        if everywhere or node.node_kind in {"element", "document"}:
            yield node


class _Step(NamedTuple):
    """How one step of a pattern is matched."""

    fits: Fits
    tags: frozenset[str] | None = None
    needs: frozenset[str] = frozenset()
    is_brief: bool = True


def _anything(
    _reading: Reading, _element: Element, _variables: Mapping[str, object]
) -> bool:
    return True


def _compiled(token: Any, static: Static) -> _Step | None:
    """Return how a parsed pattern is matched upwards; None where it cannot be."""
    symbol = str(token.symbol)
    if symbol in {"(", "child"} and len(token) == 1:
        return _compiled(token[0], static)
    if symbol in {"|", "union"}:
        return _either([_compiled(part, static) for part in token])
    if symbol == "[" and len(token) == 2:
        return _with_predicate(token, static)
    if symbol in {"/", "//"} and len(token):
        return _below(token, static)
    tags = _tags(token, static)
    if tags is None:
        return None
    names, namespace = tags
    if names is not None:
        return _Step(lambda _r, element, _v: element.tag in names, names)
    if namespace is None:
        return _Step(_anything)
    return _Step(lambda _r, element, _v: str(element.tag).startswith(namespace))


def _tags(
    token: Any, static: Static
) -> tuple[frozenset[str] | None, str | None] | None:
    """Return the names, or the namespace, that a name test allows."""
    symbol = str(token.symbol)
    if symbol == "(name)":
        return frozenset({str(token.value)}), None
    if symbol == "*" and not len(token):
        return None, None
    if symbol == ":" and str(token[0].symbol) == "(name)":
        namespace = static.namespaces.get(str(token[0].value))
        if namespace is None:
            return None
        if str(token[1].symbol) == "*":
            return None, f"{{{namespace}}}"
        if str(token[1].symbol) == "(name)":
            return frozenset({f"{{{namespace}}}{token[1].value}"}), None
    return None


def _either(found: list[_Step | None]) -> _Step | None:
    steps = [step for step in found if step is not None]
    if len(steps) < len(found):
        return None
    known = [step.tags for step in steps if step.tags is not None]
    return _Step(
        lambda r, element, v: any(step.fits(r, element, v) for step in steps),
        frozenset().union(*known) if len(known) == len(steps) else None,
        frozenset.intersection(*(step.needs for step in steps)),
        all(step.is_brief for step in steps),
    )


def _with_predicate(token: Any, static: Static) -> _Step | None:
    base = _compiled(token[0], static)
    if base is None or not is_truth(token[1]) or counts_places(token[1]):
        return None
    fits, tags, needs, is_brief = base
    predicate = Expression.of(token[1], static.namespaces, static.dialect)
    return _Step(
        lambda r, element, v: fits(r, element, v) and predicate.holds(r, element, v),
        tags,
        needs | _needed(token[1]),
        is_brief and predicate.is_brief,
    )


def _needed(predicate: Any) -> frozenset[str]:
    """Return attributes without which a predicate cannot hold; not always all."""
    symbol, parts = str(predicate.symbol), list(predicate)
    if symbol == "@" and str(parts[0].symbol) == "(name)":
        return frozenset({str(parts[0].value)})
    if symbol == "(" and len(parts) == 1:
        return _needed(parts[0])
    if symbol == "and":
        return _needed(parts[0]) | _needed(parts[1])
    if symbol in {"=", "eq", "ne", "!="}:  # false beside an empty sequence
        return frozenset().union(*(_needed(p) for p in parts if str(p.symbol) == "@"))
    if symbol == "castable" and parts:
        return _needed(parts[0])
    if symbol in {"starts-with", "contains"} and str(parts[1].symbol) == "(string)":
        return _needed(parts[0]) if parts[1].value else frozenset()
    return frozenset()


def _below(token: Any, static: Static) -> _Step | None:
    """Match ``left/right`` and ``left//right``, or one of them from the root."""
    right = _compiled(token[-1], static)
    if right is None:
        return None
    fits, tags, needs, is_brief = right
    direct = str(token.symbol) == "/"
    if len(token) == 1:
        if not direct:
            return right
        return _Step(
            lambda r, e, v: e.getparent() is None and fits(r, e, v),
            tags,
            needs,
            is_brief,
        )
    left = _compiled(token[0], static)
    if left is None:
        return None
    above = left.fits

    def under(
        reading: Reading, element: Element, variables: Mapping[str, object]
    ) -> bool:
        if not fits(reading, element, variables):
            return False
        if direct:
            parent = element.getparent()
            return parent is not None and above(reading, parent, variables)
        return any(above(reading, a, variables) for a in element.iterancestors())

    return _Step(under, tags, needs, is_brief and left.is_brief)
