"""Validation: documents in, findings out.

A document is read (XML0xx), checked by its grammar (TEI1xx), asked the rules
(TEI2xx), and its ids and pointers are followed through the edition (TEI3xx). Being
wrong is a finding; an exception means that a schema cannot be used.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from toolkit.errors import SchemaError
from toolkit.places import resolved
from toolkit.validate.how import How
from toolkit.validate.many.batch import Batch
from toolkit.validate.schemas.chosen import Chooser

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from toolkit.config import Edition
    from toolkit.findings import Finding

__all__ = ["check", "files_in", "own_schemas"]


def check(
    paths: Sequence[Path],
    edition: Edition,
    schemas: Sequence[Path] = (),
    how: How | None = None,
) -> Iterator[Finding]:
    """Check documents by every stage.

    Args:
        paths: Files, and folders whose ``*.xml`` files are meant.
        edition: The edition they belong to; pointers are followed through it.
        schemas: ``.rng``, ``.rnc``, ``.xsd`` and ``.sch`` files in place of the
            edition's own.
        how: The stages asked for, the number of processes, the caches, the catalogs.

    Yields:
        The findings of one file after the other, each file's by place; first what
        the schemas themselves ask for and this program cannot do.

    Raises:
        SchemaError: A schema cannot be used.
    """
    how, own = how or How(), [] if schemas else own_schemas(edition)
    chooser = Chooser(edition, own, schemas, how.catalog, follow=how.model)
    for group in chooser.groups(files_in(paths)):
        try:
            asked = replace(how, phases=group.chosen.phases)
            batch = Batch(group.files, edition, group.chosen.schemas, asked)
            yield from group.told(batch.findings())
        except SchemaError as fault:
            if not group.by_model:
                raise
            yield from group.unusable(fault.message, own)
            yield from Batch(group.files, edition, own, how).findings()


def own_schemas(edition: Edition) -> list[Path]:
    """Return an edition's grammar and rules.

    Its W3C schema says the same as its grammar, sixty times as slowly, and is left
    to those who name it.

    Raises:
        SchemaError: The edition names a schema that is not there.
    """
    grammar, rules_file = edition.schema_file(".rng"), edition.schema_file(".sch")
    if not grammar.is_file():
        raise SchemaError(
            f"{grammar}: there is no such schema\n"
            "  help: compile the ODD, or correct the key schema in edition.toml"
        )
    return [grammar, rules_file] if rules_file.is_file() else [grammar]


def files_in(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files named, and for a folder the .xml files in it; each once."""
    named = [
        file
        for path in paths
        for file in (sorted(path.glob("*.xml")) if path.is_dir() else [path])
    ]
    once: dict[Path, Path] = {}
    for file, real in resolved(named).items():
        once.setdefault(real, file)
    yield from once.values()
