"""What an expression gives, read off its parse: a truth, a position, nodes."""

from __future__ import annotations

from typing import Any, Final

#: What a predicate may be so that it asks a question and gives no number.
_TRUTHS: Final = frozenset(
    "and or = != < > <= >= eq ne lt gt le ge is @ : (name) * / // [ | union "
    "intersect except some every not exists empty boolean true false contains "
    "starts-with ends-with matches normalize-space string castable self parent "
    "ancestor ancestor-or-self child descendant descendant-or-self following "
    "following-sibling preceding preceding-sibling attribute . .. text node".split()
)
#: Expressions that give truths, numbers or texts, besides literals and operators.
_VALUES: Final = frozenset(
    "some every instance treat castable cast map array function".split()
)
_TOGETHER: Final = frozenset(", | union intersect except".split())
_OPERATORS: Final = frozenset("/ // [ ! =>".split())
#: Functions that give nodes of the document that is asked.
_OF_NODES: Final = frozenset(
    "id idref key doc document root element-with-id current reverse subsequence head "
    "tail filter for-each innermost outermost insert-before remove exactly-one "
    "one-or-more zero-or-one unordered".split()
)
#: Tests of nodes at which no rule fires; the document is written ``/``.
_NOWHERE: Final = frozenset({"document-node", "namespace-node", "namespace"})


def is_truth(token: Any) -> bool:
    """Return whether a predicate cannot be a number, so is no position.

    Args:
        token: elementpath's parse.
    """
    symbol = str(token.symbol)
    if symbol == "(" and len(token) == 1:
        return is_truth(token[0])
    if symbol in {"/", "//"} and len(token) == 2:
        return is_truth(token[1])
    if symbol == ":" and str(token[1].symbol) not in {"(name)", "*"}:
        return False
    if symbol == "*" and len(token):
        return False
    return symbol in _TRUTHS


def counts_places(token: Any) -> bool:
    """Return whether a predicate asks for the position of its own node.

    Args:
        token: elementpath's parse.
    """
    if str(token.symbol) in {"position", "last"}:
        return True
    inner = list(token)[:1] if str(token.symbol) == "[" else list(token)
    return any(counts_places(part) for part in inner)


def may_select(token: Any) -> bool:
    """Return whether an expression can select nodes that rules fire at.

    Args:
        token: elementpath's parse.
    """
    symbol, parts, label = str(token.symbol), list(token), str(token.label)
    if symbol == "(":
        return bool(parts) and may_select(parts[0])
    if symbol in {"/", "//", "for", "let"} and parts:
        return may_select(parts[-1])
    if symbol == "[" or symbol in _TOGETHER:
        return all(map(may_select, parts[:1] if symbol == "[" else parts))
    if symbol == "if":
        return any(map(may_select, parts[1:]))
    if symbol == ":":
        return str(parts[1].symbol) in {"(name)", "*"}
    if "function" in label:
        return symbol in _OF_NODES
    if symbol in _VALUES | _NOWHERE or label == "literal":
        return False
    return label != "operator" or symbol in _OPERATORS or (symbol == "*" and not parts)
