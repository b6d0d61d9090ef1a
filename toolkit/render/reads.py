"""What a template reads from its element, told from its syntax tree.

A rule's result may be kept and used again for every element that reads the same.
So the engine must know, before it runs a template, which attributes it compares
(these make the *reading*, the memo's key) and which it only prints or tests for
being there (these are *slots*, filled for each element). Jinja's syntax tree tells
them apart. What cannot be told is *dynamic*: run for each element, always right.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jinja2 import nodes

if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCES = frozenset({"at", "its", "el", "content"})
_OPAQUE = (
    nodes.Include,
    nodes.Extends,
    nodes.Block,
    nodes.Macro,
    nodes.CallBlock,
    nodes.FilterBlock,
    nodes.AssignBlock,
)


@dataclass
class Reads:
    """What one template reads.

    Names are pairs: ``("at", "n")`` an attribute, ``("its", "number")`` a fact.
    """

    keys: set[tuple[str, str]] = field(
        default_factory=set
    )  #: compared or computed with
    slots: set[tuple[str, str]] = field(default_factory=set)  #: only printed
    tested: set[tuple[str, str]] = field(default_factory=set)  #: tested for being there
    properties: dict[str, int] = field(default_factory=dict)  #: ``el.x`` -> line
    dynamic: bool = False  #: must be run for each element


def reads_of(tree: nodes.Template) -> Reads:
    """Return what a template reads.

    Args:
        tree: The template's syntax tree (``Environment.parse``).
    """
    reads = Reads()
    for statement in tree.body:
        _statement(statement, reads)
    return reads


def printed(
    tree: nodes.Template, names: Mapping[str, str], slots: Mapping[tuple[str, str], str]
) -> str | None:
    """Return what a template gives that does nothing but print; None for all others.

    Most templates of elements are of this kind. They need not be compiled.

    Args:
        tree: The template's syntax tree.
        names: What stands for a name: ``content``, ``paragraph`` …
        slots: What stands for what is read of the element.
    """
    pieces = []
    for statement in tree.body:
        if not isinstance(statement, nodes.Output):
            return None
        for part in statement.nodes:
            piece: str | None = None
            if isinstance(part, nodes.TemplateData):
                piece = part.data
            elif isinstance(part, nodes.Name):
                piece = names.get(part.name)
            elif (name := _source_read(part)) is not None:
                piece = slots.get(name)
            if piece is None:
                return None
            pieces.append(piece)
    return "".join(pieces)


def _statement(node: nodes.Node, reads: Reads) -> None:
    if isinstance(node, _OPAQUE):
        reads.dynamic = True
    elif isinstance(node, nodes.Output):
        for part in node.nodes:
            _expression(part, reads, "print")
    elif isinstance(node, nodes.If):
        _expression(node.test, reads, "test")
        for statement in (*node.body, *node.elif_, *node.else_):
            _statement(statement, reads)
    else:
        for child in node.iter_child_nodes():
            if isinstance(child, nodes.Expr):
                _expression(child, reads, "value")
            else:
                _statement(child, reads)


def _expression(node: nodes.Node, reads: Reads, use: str) -> None:
    """Record the reads of an expression that is printed, tested or computed with."""
    name = _source_read(node)
    if name is not None:
        _record(name, node.lineno, reads, use)
    elif isinstance(node, nodes.Name):
        if node.name == "content" and use == "print":
            return
        if node.name in SOURCES:
            reads.dynamic = True
    elif isinstance(node, nodes.CondExpr):
        _expression(node.test, reads, "test")
        _expression(node.expr1, reads, use)
        if node.expr2 is not None:
            _expression(node.expr2, reads, use)
    else:
        passed = _use_of_parts(node, use)
        for child in node.iter_child_nodes():
            _expression(child, reads, passed)


def _use_of_parts(node: nodes.Node, use: str) -> str:
    if isinstance(node, nodes.Concat) and use == "print":
        return "print"
    if isinstance(node, nodes.Not):
        return "test"
    if isinstance(node, nodes.And | nodes.Or) and use == "test":
        return "test"
    return "value"


def _source_read(node: nodes.Node) -> tuple[str, str] | None:
    """Return ``("at", "n")`` for ``at.n`` and ``at["n"]``, None for anything else."""
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        source, name = node.node.name, node.attr
    elif (
        isinstance(node, nodes.Getitem)
        and isinstance(node.node, nodes.Name)
        and isinstance(node.arg, nodes.Const)
    ):
        source, name = node.node.name, str(node.arg.value)
    else:
        return None
    return (source, name) if source in {"at", "its", "el"} else None


def _record(name: tuple[str, str], line: int, reads: Reads, use: str) -> None:
    if name[0] == "el":
        reads.properties.setdefault(name[1], line)
    elif use == "print":
        reads.slots.add(name)
    elif use == "test":
        reads.tested.add(name)
    else:
        reads.keys.add(name)
