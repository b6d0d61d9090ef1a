"""Loading Schematron: a path gives rules, in the query language it asks for.

ISO/IEC 19757-3, 5.4.13 (schema), annexes C, H, J and K (query language bindings).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toolkit.errors import SchemaError
from toolkit.tei import line_of
from toolkit.validate.schematron.reader import Reader
from toolkit.validate.schematron.sources import Sources
from toolkit.validate.xpath.expression import Dialect

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.catalog import Catalog
    from toolkit.validate.schematron.model import Rules

#: The version of XPath of each query language binding.
BINDINGS: Final = {
    "xslt": Dialect.XPATH_1,
    "xslt1": Dialect.XPATH_1,
    "xpath": Dialect.XPATH_1,
    "xpath1": Dialect.XPATH_1,
    "xslt2": Dialect.XPATH_2,
    "xpath2": Dialect.XPATH_2,
    "xslt3": Dialect.XPATH_3,
    "xpath3": Dialect.XPATH_3,
    "xpath31": Dialect.XPATH_3,
}


def load(path: Path, phase: str | None = None, catalog: Catalog | None = None) -> Rules:
    """Read the rules of a Schematron file, or those in RELAX NG, a W3C schema, an ODD.

    A schema that names no query language is read as XPath 1, which the standard
    means, or as XPath 2 where it is no XPath 1. Rules in other schemas are XPath 2.

    Args:
        path: The file.
        phase: Its patterns alone are run: a phase's id, ``#ALL``, or ``#DEFAULT``
            (which None means too): the schema's ``defaultPhase``, else all.
        catalog: Says which file stands for an address that the schema includes.

    Raises:
        SchemaError: It cannot be read, is not ISO Schematron, has no such phase, or
            asks for a query language that is not known.
    """
    sources = Sources(path, catalog)
    if sources.binding is None:
        return Reader(sources, Dialect.XPATH_2).rules(phase)
    if sources.binding:
        if sources.binding not in BINDINGS:
            raise SchemaError(
                f"{path}:{line_of(sources.root)}: queryBinding {sources.binding!r} is "
                f"not known; known: {', '.join(sorted(BINDINGS))}"
            )
        return Reader(sources, BINDINGS[sources.binding]).rules(phase)
    first = Reader(sources, Dialect.XPATH_1).rules(phase)
    if not first.lacks:
        return first
    second = Reader(sources, Dialect.XPATH_2).rules(phase)
    return second if len(second.lacks) < len(first.lacks) else first
