"""Bytes in the place of a file: validated as if they stood there.

For what is not on the disk, or not yet: standard input, and mends that are tried.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from toolkit.errors import SchemaError
from toolkit.validate import own_schemas
from toolkit.validate.document import check_source
from toolkit.validate.how import How
from toolkit.validate.pointers.follow import PointerCheck
from toolkit.validate.pointers.ids import Index
from toolkit.validate.schemas.chosen import Chooser, Chosen, Group
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
        self._how, self._root = how or How(), edition.root
        self._own = () if schemas else tuple(own_schemas(edition))
        self._chooser = Chooser(
            edition, self._own, schemas, self._how.catalog, follow=self._how.model
        )
        self._edition = edition
        self._stages: dict[Chosen, Stages] = {}
        self._broken: dict[Chosen, str] = {}

    @cached_property
    def _index(self) -> Index:
        with_pointers = POINTERS in self._how.only
        return Index(self._edition.documents() if with_pointers else ())

    def of(self, path: Path, pointers: PointerCheck | None = None) -> Judge:
        """Return what validates bytes as the content of a file.

        Its calls raise :class:`toolkit.errors.SchemaError` where a schema that the
        user or the edition names cannot be used; of one that the document names, that
        is a finding.

        Args:
            path: The file, as findings shall name it.
            pointers: What can be pointed to; None: what the files have.
        """
        follow = pointers or PointerCheck(self._index, self._root)

        def judge(source: bytes) -> list[Finding]:
            chosen, remarks = self._chooser.of(path, source)
            stages, more = self._loaded(chosen, path)
            found = check_source(source, path, stages, follow)
            return sorted([*remarks, *more, *found])

        return judge

    def stages(self, path: Path, source: bytes) -> Stages:
        """Return the schemas that bytes are judged by as the content of a file.

        Args:
            path: The file.
            source: The bytes.

        Raises:
            SchemaError: They cannot be used.
        """
        chosen, _ = self._chooser.of(path, source)
        return self._loaded(chosen, path)[0]

    def forget(self, path: Path) -> None:
        """Forget the ids of bytes judged in the place of a file, for those it has."""
        self._index.forget(path.resolve())

    def lacks(self) -> list[Finding]:
        """Return what the rules loaded so far ask for and this program cannot do."""
        return [one for stages in self._stages.values() for one in stages.lacks()]

    def _loaded(self, chosen: Chosen, path: Path) -> tuple[Stages, list[Finding]]:
        """Return the stages of schemas; if a document's own are broken, others."""
        how = self._how
        try:
            if chosen in self._broken:
                raise SchemaError(self._broken[chosen])
            if chosen not in self._stages:
                self._stages[chosen] = Stages(
                    chosen.schemas,
                    how.cache,
                    how.only,
                    how.catalog,
                    folder=self._root,
                    phase=how.phase,
                    phases=chosen.phases,
                )
            return self._stages[chosen], []
        except SchemaError as fault:
            own = Chosen(self._own)
            if not self._own or chosen == own:
                raise
            self._broken[chosen] = fault.message
            remarks = Group(chosen, files=[path]).unusable(fault.message, self._own)
            return self._loaded(own, path)[0], list(remarks)
