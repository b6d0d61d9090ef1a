"""RELAX NG schema files in XML syntax to grammars.

Takes a ``.rng`` file and gives a :class:`~toolkit.schema.grammar.Grammar` after every
check that the RELAX NG specification (OASIS, 3 December 2001) demands. The way
through: ``sources`` opens files, ``syntax`` reads terms, ``simplify`` makes patterns,
``restrictions`` checks them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.errors import SchemaError
from toolkit.schema import restrictions
from toolkit.schema.grammar import Grammar
from toolkit.schema.pattern import PatternPool
from toolkit.schema.simplify import check_definitions, simplify
from toolkit.schema.sources import Resolver, Sources
from toolkit.schema.syntax import Reader

if TYPE_CHECKING:
    from pathlib import Path


def load(path: Path, resolver: Resolver | None = None) -> Grammar:
    """Load a RELAX NG schema in XML syntax.

    Args:
        path: The schema. Files it refers to are read from its folder and below.
        resolver: Asked first for every file, the main one too, with an absolute
            URI; gives the bytes, or None to have the file read from the folder.

    Raises:
        SchemaError: A file cannot be read, or the schema breaks a rule of RELAX NG;
            says file, line and what is wrong.
    """
    try:
        reader = Reader(Sources(path, resolver))
        term, references = reader.main()
        check_definitions(reader.scopes, reader.mentions)
        pool = PatternPool()
        start = simplify(pool, term, references)
        reached = restrictions.check(start)
    except RecursionError:
        raise SchemaError(f"{path}: its patterns are nested too deep") from None
    return Grammar(pool, start, reached)
