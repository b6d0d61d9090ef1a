"""RELAX NG schema files, in either syntax, to grammars.

Takes a ``.rng`` or ``.rnc`` file and gives a
:class:`~toolkit.schema.grammar.Grammar` after every check that the RELAX NG
specification (OASIS, 3 December 2001) demands. The way through: ``sources`` opens
files, ``compact`` turns the compact syntax into XML, ``syntax`` reads terms,
``simplify`` makes patterns, ``restrictions`` checks them.
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
    """Load a RELAX NG schema.

    Args:
        path: The schema. Files it refers to are read from its folder and below. A
            file whose name ends in ``.rnc`` is in the compact syntax, any other XML.
        resolver: Asked first for every file, the main one too, with an absolute
            URI; gives the bytes, or None to have the file read from the folder.

    Raises:
        SchemaError: A file cannot be read, or the schema breaks a rule of RELAX NG;
            says file, line (in the compact syntax column too) and what is wrong.
    """
    return compiled(Sources(path, resolver))


def compiled(sources: Sources) -> Grammar:
    """Load a schema from its sources, which then know every file it is made of.

    Raises:
        SchemaError: As for :func:`load`.
    """
    try:
        reader = Reader(sources)
        term, references = reader.main()
        check_definitions(reader.scopes, reader.mentions)
        pool = PatternPool(str(sources.main))
        start = simplify(pool, term, references)
        reached = restrictions.check(start)
    except RecursionError:
        raise SchemaError(f"{sources.main}: its patterns are nested too deep") from None
    return Grammar(pool, start, reached)
