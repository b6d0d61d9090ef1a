"""Bytes in the place of a file: validated as if they stood there.

For what is not on the disk, or not yet: standard input, and mends that are tried.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.errors import SchemaError
from toolkit.validate import own_schemas
from toolkit.validate.document import check_source
from toolkit.validate.how import How
from toolkit.validate.pointers.follow import PointerCheck
from toolkit.validate.pointers.ids import Index
from toolkit.validate.schemas.chosen import Chooser, Group
from toolkit.validate.stages import POINTERS, Stages

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from toolkit.config import Edition
    from toolkit.findings import Finding
    from toolkit.validate.mending.fix import Judge


class Judges:
    """Gives judges of files; schemas are loaded once."""

    def __init__(
        self, edition: Edition, schemas: Sequence[Path] = (), how: How | None = None
    ) -> None:
        """Take what documents are judged by.

        Args:
            edition: The edition they belong to.
            schemas: Schemas in place of the edition's own.
            how: The stages asked for, the caches, the catalogs.

        Raises:
            SchemaError: The edition names a schema that is not there.
        """
        self._how = how or How()
        self._own = () if schemas else tuple(own_schemas(edition))
        self._chooser = Chooser(
            edition, self._own, schemas, self._how.catalog, follow=self._how.model
        )
        with_pointers = POINTERS in self._how.only
        self._index = Index(edition.documents() if with_pointers else ())
        self._pointers = PointerCheck(self._index, edition.root)
        self._stages: dict[tuple[Path, ...], Stages] = {}
        self._broken: dict[tuple[Path, ...], str] = {}

    def of(self, path: Path) -> Judge:
        """Return what validates bytes as the content of a file.

        Its calls raise :class:`toolkit.errors.SchemaError` where a schema that the
        user or the edition names cannot be used; of one that the document names, that
        is a finding.

        Args:
            path: The file, as findings shall name it.
        """

        def judge(source: bytes) -> list[Finding]:
            schemas, remarks = self._chooser.of(path, source)
            stages, more = self._loaded(schemas, path)
            found = check_source(source, path, stages, self._pointers)
            return sorted([*remarks, *more, *found])

        return judge

    def forget(self, path: Path) -> None:
        """Forget the ids of bytes judged in the place of a file, for those it has."""
        self._index.forget(path.resolve())

    def lacks(self) -> list[Finding]:
        """Return what the rules loaded so far ask for and this program cannot do."""
        return [one for stages in self._stages.values() for one in stages.lacks()]

    def _loaded(
        self, schemas: tuple[Path, ...], path: Path
    ) -> tuple[Stages, list[Finding]]:
        """Return the stages of schemas; if a document's own are broken, others."""
        how = self._how
        try:
            if schemas in self._broken:
                raise SchemaError(self._broken[schemas])
            if schemas not in self._stages:
                self._stages[schemas] = Stages(
                    schemas, how.cache, how.only, how.catalog
                )
            return self._stages[schemas], []
        except SchemaError as fault:
            if not self._own or schemas == self._own:
                raise
            self._broken[schemas] = fault.message
            remarks = Group(schemas, files=[path]).unusable(fault.message, self._own)
            return self._loaded(self._own, path)[0], list(remarks)
