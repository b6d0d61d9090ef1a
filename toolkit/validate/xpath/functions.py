"""Functions and operators that rules use in place of elementpath's own.

Some XSLT adds to XPath: ``current()``, ``key()``, ``document()``. Some would reach
outside the edition (``doc()``, ``unparsed-text()``) or never end (regular expressions,
comparisons of long sequences, strings that double): these are kept within the folder
and the budget that the context carries.

XSLT 2.0, 16 (additional functions); XPath and XQuery Functions and Operators 3.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from elementpath.datatypes import UntypedAtomic

from toolkit.tei import XML_ID
from toolkit.validate.xpath import regex_functions
from toolkit.validate.xpath.budget import LARGEST, LARGEST_BITS, TooLongError
from toolkit.validate.xpath.comparison import SIGNS, compare, compare_1, pairs
from toolkit.validate.xpath.library import LibraryError
from toolkit.validate.xpath.metering import bound, checked, spend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: What reads files, the network or the machine; nothing of it is lent to rules.
_WITHHELD: Final = (
    "unparsed-text",
    "unparsed-text-lines",
    "unparsed-text-available",
    "json-doc",
    "environment-variable",
    "available-environment-variables",
    "collection",
    "uri-collection",
    "load-xquery-module",
    "transform",
)
CURRENT: Final = "current()"  #: no variable can have this name


def lend(parser: Any) -> None:
    """Give a parser class the functions of rules.

    Args:
        parser: A subclass of one of elementpath's parsers, made for rules alone.
    """
    for symbol in _WITHHELD:
        parser.symbol_table.pop(symbol, None)
    for sign in SIGNS:
        if parser.version == "1.0":
            _replace(parser, sign, evaluate=compare_1)
        else:
            _replace(parser, sign, evaluate=compare, iter_comparison_data=pairs)
    for symbol, changed in _CHANGED.items():
        if symbol in parser.symbol_table:
            _replace(parser, symbol, **changed)
    for name, (arguments, added) in _ADDED.items():
        parser.symbol_table.pop(name, None)
        parser.function(name, nargs=arguments)
        _replace(parser, name, **added)


def _replace(parser: Any, symbol: str, **methods: Callable[..., Any]) -> None:
    """Change methods of a token in this parser only."""
    base = parser.symbol_table[symbol]
    # elementpath shares its token classes between parsers: a class of our own.
    parser.symbol_table[symbol] = type(base)(base.__name__, (base,), methods)


# -- what XSLT adds --------------------------------------------------------------


def _current(_token: Any, context: Any = None) -> Any:
    """Return the node that the rule fired for (XSLT 2.0, 16.6.1)."""
    return context.variables[CURRENT] if context is not None else []


def _generate_id(token: Any, context: Any = None) -> str:
    """Return a name for a node, unique in its document (XSLT 2.0, 16.6.4)."""
    context = bound(token, context)
    nodes = list(token[0].select(context)) if len(token) else [context.item]
    return f"n{nodes[0].position}" if nodes else ""


def _key(token: Any, context: Any = None) -> Iterator[Any]:
    """Select the nodes that a key names (XSLT 2.0, 16.3)."""
    context = bound(token, context)
    name = token.get_argument(context, required=True, cls=str)
    wanted = [token.string_value(one) for one in token[1].atomization(context)]
    inside: Any = None
    if len(token) > 2:
        inside = token.get_argument(context, index=2, required=True)
    try:
        place = context.item if inside is None else inside
        found = context.reading.keyed(name, wanted, place)
    except LookupError:
        raise token.error("FOER0000", f"there is no xsl:key {name!r}") from None
    for node in found:
        if inside is None or _is_within(node, inside):
            yield node


def _is_within(node: Any, holder: Any) -> bool:
    while node is not None:
        if node is holder:
            return True
        node = node.parent
    return False


def _document(token: Any, context: Any = None) -> Iterator[Any]:
    """Select documents of the edition (XSLT 2.0, 16.1)."""
    context = bound(token, context)
    base: str | None = None
    if len(token) > 1:
        base = _base_of(token.get_argument(context, index=1, required=True))
    for item in list(token[0].select(context)):
        if base is None and hasattr(
            item, "parent"
        ):  # relative to the document that it stands in
            found = _opened(token, context, item.string_value, _base_of(item))
        else:
            found = _opened(token, context, token.string_value(item), base)
        if found is not None:
            yield found


def _doc(token: Any, context: Any = None) -> Any:
    """Return a document of the edition."""
    context = bound(token, context)
    uri = token.get_argument(context)
    if uri is None:
        return []
    return _opened(token, context, token.string_value(uri), None) or []


def _doc_available(token: Any, context: Any = None) -> bool:
    context = bound(token, context)
    uri = token.get_argument(context)
    if uri is None:
        return False
    try:
        return context.reading.document(token.string_value(uri), None) is not None
    except LibraryError:
        return False


def _opened(token: Any, context: Any, uri: str, base: str | None) -> Any:
    try:
        return context.reading.document(uri, base)
    except LibraryError as fault:
        raise token.error("FODC0002", str(fault)) from None


def _base_of(node: Any) -> str | None:
    while node.parent is not None:
        node = node.parent
    uri = getattr(node, "uri", None)
    return str(uri) if uri else None


def _id(token: Any, context: Any = None) -> Iterator[Any]:
    """Select the elements with an ``xml:id`` (functions and operators, 14.5.4)."""
    context = bound(token, context)
    wanted = {
        word for item in token[0].select(context) for word in _text(token, item).split()
    }
    spend(context, len(wanted))
    ids = context.reading.remembered("ids", _by_id)
    found = [node for word in wanted for node in ids.get(word, ())]
    yield from sorted(found, key=lambda node: cast("int", node.position))


def _text(token: Any, item: Any) -> str:
    return str(token.string_value(item))


def _by_id(tree: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for node in tree.iter():
        if node.node_kind == "element" and (ident := node.value.get(XML_ID)):
            found.setdefault(ident, []).append(node)
    return found


# -- what would not end ----------------------------------------------------------


def _range(token: Any, context: Any = None) -> Any:
    """Count the numbers of ``1 to 1000000`` before they are made."""
    if context is None:
        raise token.missing_context()
    start, stop = token.get_operands(context, cls=int)
    if start is not None and stop is not None:
        spend(context, max(0, stop - start))
    return super(type(token), token).evaluate(context)


def _variable(token: Any, context: Any = None) -> Any:
    """Count a variable, and its items, each time it is used."""
    value = super(type(token), token).evaluate(context)
    spend(context, 1 + len(value) if isinstance(value, list) else 2)
    return value


def _product(token: Any, context: Any = None) -> Any:
    """Refuse numbers with thousands of digits."""
    value = super(type(token), token).evaluate(context)
    if isinstance(value, int) and value.bit_length() > LARGEST_BITS:
        raise TooLongError("it makes a number of thousands of digits")
    return value


def _power(token: Any, context: Any = None) -> Any:
    """Refuse powers with thousands of digits before they are worked out."""
    context = bound(token, context)
    base, exponent = (token.get_argument(context, place) for place in (0, 1))
    whole = isinstance(base, int) and isinstance(exponent, int)
    if whole and base.bit_length() * exponent > LARGEST_BITS:
        raise TooLongError("it makes a number of thousands of digits")
    return super(type(token), token).evaluate(context)


def _text_made(token: Any, context: Any = None) -> Any:
    """Count the length of a string, and refuse one that grows and grows."""
    value = super(type(token), token).evaluate(context)
    _measured(value, context)
    return value


def _measured(value: Any, context: Any) -> None:
    text = value.value if isinstance(value, UntypedAtomic) else value
    if isinstance(text, str):
        checked(text, context)


def _atoms(token: Any, context: Any = None) -> Iterator[Any]:
    """Count the lengths of what ``data()`` makes of nodes."""
    for value in super(type(token), token).select(context):
        _measured(value, context)
        yield value


def _codepoints(token: Any, context: Any = None) -> Any:
    """Count the numbers that a string is made of."""
    value = super(type(token), token).evaluate(context)
    if isinstance(value, list):
        spend(context, len(value))
    return value


def _string_join(token: Any, context: Any = None) -> str:
    context = bound(token, context)
    items = [token.string_value(one) for one in token[0].atomization(context)]
    between = ""
    if len(token) > 1:
        between = token.get_argument(context, 1, required=True, cls=str)
    if sum(map(len, items)) + len(items) * len(between) > LARGEST:
        raise TooLongError("it makes a text of many megabytes")
    return checked(between.join(items), context)


def _distinct_values(token: Any, context: Any = None) -> Iterator[Any]:
    """Yield values once each, without comparing every one with every other."""
    context = bound(token, context)
    if len(token) > 1:
        values = list(token[0].atomization(context))
        spend(context, len(values) ** 2 // 100)
        yield from super(type(token), token).select(context)
        return
    seen: set[Any] = set()
    for value in token[0].atomization(context):
        # Untyped values are compared as strings; not a number is itself here.
        mark = str(value) if isinstance(value, str | UntypedAtomic) else value
        mark = "NaN" if mark != mark else (isinstance(mark, str), mark)
        if mark not in seen:
            seen.add(mark)
            yield value


def _joined_arrays(token: Any, context: Any = None) -> Any:
    value = super(type(token), token).evaluate(context)
    spend(context, len(value.items(context)))
    return value


#: What gives strings that may be as long as the document, or longer.
_TEXTS: Final = (
    "string untypedAtomic normalizedString token anyURI concat || normalize-space "
    "translate upper-case lower-case substring substring-before substring-after "
    "normalize-unicode encode-for-uri iri-to-uri escape-html-uri serialize "
    "codepoints-to-string"
).split()
#: What is changed, by symbol.
_CHANGED: Final[dict[str, dict[str, Callable[..., Any]]]] = {
    "to": {"evaluate": _range},
    "$": {"evaluate": _variable},
    "*": {"evaluate": _product},
    **{symbol: {"evaluate": _text_made} for symbol in _TEXTS},
    "data": {"select": _atoms},
    "string-to-codepoints": {"evaluate": _codepoints},
    "string-join": {"evaluate": _string_join},
    "distinct-values": {"select": _distinct_values},
    "matches": {"evaluate": regex_functions.matches},
    "tokenize": {"evaluate": regex_functions.tokenize},
    "replace": {"evaluate": regex_functions.replacement},
    "analyze-string": {"evaluate": regex_functions.analyzed},
    "doc": {"evaluate": _doc},
    "doc-available": {"evaluate": _doc_available},
    "id": {"select": _id},
    "element-with-id": {"select": _id},
    "{http://www.w3.org/2005/xpath-functions/math}pow": {"evaluate": _power},
    "{http://www.w3.org/2005/xpath-functions/array}join": {"evaluate": _joined_arrays},
}
#: What is added: how many arguments, and what it does.
_ADDED: Final[dict[str, tuple[Any, dict[str, Callable[..., Any]]]]] = {
    "current": (0, {"evaluate": _current}),
    "generate-id": ((0, 1), {"evaluate": _generate_id}),
    "key": ((2, 3), {"select": _key}),
    "document": ((1, 2), {"select": _document}),
}
