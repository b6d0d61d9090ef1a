"""What one process does for a batch: check a document, read ids, find shared ids.

Tasks and results are small values that can be sent to and from other processes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from toolkit.cache import Cache
from toolkit.errors import ReadError
from toolkit.tei import Document, parse, read_bytes
from toolkit.validate import stages
from toolkit.validate.document import Places, found_in
from toolkit.validate.found import Found, first
from toolkit.validate.pointers.follow import PointerCheck
from toolkit.validate.pointers.ids import Index, id_faults, ids_in
from toolkit.validate.pointers.uses import Uses

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from toolkit.catalog import Catalog
    from toolkit.findings import Finding
    from toolkit.validate.pointers.ids import Target

#: The code of an id that another document has too.
SHARED: Final = "TEI305"


class Plan(NamedTuple):
    """What a worker needs to know; can be sent to another process."""

    schemas: tuple[Path, ...]
    only: frozenset[str]
    cache: Path | None  #: the folder
    root: Path  #: the edition's folder
    documents: tuple[Path, ...]  #: the edition's, without symbolic links
    catalog: Catalog | None = None  #: which file stands for an address
    phase: str | None = None  #: of the rules; None: as each schema has it
    phases: stages.Phases = ()  #: of single schemas


@dataclass(frozen=True, slots=True)
class Check:
    """Check a document by every stage."""

    path: Path  #: as findings shall name it
    owners: Mapping[str, list[Path]] = field(default_factory=dict)
    """The documents of the edition with these ids; of others it is not known yet."""


@dataclass(frozen=True, slots=True)
class ReadIds:
    """Read the ids of a file."""

    path: Path


@dataclass(frozen=True, slots=True)
class FindShared:
    """Find where the ids of a document are that others have too."""

    path: Path  #: as findings shall name it
    owners: Mapping[str, list[Path]]  #: who has them, too


@dataclass(frozen=True, slots=True)
class Checked:
    """What ``Check`` gives."""

    found: Found
    ids: dict[str, str] | None  #: as ``ReadIds`` gives
    uses: Uses


_REMEMBERED: Final = 100  #: files whose ids a process remembers

#: Names of elements by id; None: the file cannot be read.
Ids = dict[str, str] | None


class Worker:
    """Does the tasks of one process."""

    def __init__(self, plan: Plan, loaded: stages.Stages | None = None) -> None:
        """Load the schemas.

        Args:
            plan: What there is to know.
            loaded: The schemas, where they have been loaded.

        Raises:
            SchemaError: A schema cannot be used.
        """
        cache = Cache(plan.cache)
        self._stages = loaded or stages.Stages(
            plan.schemas,
            cache,
            plan.only,
            plan.catalog,
            folder=plan.root,
            phase=plan.phase,
            phases=plan.phases,
        )
        self._index = _Unsure(plan.documents)
        self._pointers = PointerCheck(self._index, plan.root)

    def __call__(
        self, task: Check | ReadIds | FindShared
    ) -> Checked | Ids | list[Finding]:
        """Do a task."""
        if isinstance(task, ReadIds):
            return _names(ids_in(task.path))
        if isinstance(task, FindShared):
            return self._shared(task)
        index, path = self._index, task.path.resolve()
        index.uses, index.known = Uses(), task.owners
        found = found_in(task.path, self._stages, self._pointers)
        ids = _names(index.ids(path)) if stages.POINTERS in self._stages.only else None
        return Checked(found, ids, index.uses)

    def _shared(self, task: FindShared) -> list[Finding]:
        try:
            source = read_bytes(task.path)
            document = Document(task.path, parse(source, task.path))
        except ReadError:
            return []  # which has been reported
        path = task.path.resolve()
        faults = id_faults(document.root, path, _Shared(path, task.owners))
        shared = first((one for one in faults if one.code == SHARED), Found())
        place = Places(document, source, shared)
        return [place.finding(one) for one in shared]


def _names(ids: Mapping[str, Target] | None) -> Ids:
    if ids is None:
        return None
    return {ident: target.name for ident, target in ids.items()}


class _Unsure(Index):
    """An index before all documents are read: who owns an id is noted as a question."""

    def __init__(self, documents: tuple[Path, ...]) -> None:
        super().__init__(())
        self.documents.update(dict.fromkeys(documents))
        self.known: Mapping[str, list[Path]] = {}

    def owners(self, ident: str) -> list[Path]:
        """Return the owners of an id, if they are known by now; note the answer."""
        owners = self.known.get(ident, [])
        self.uses.owners[ident] = list(map(str, owners))
        return owners

    def others(self, _ident: str, _path: Path) -> list[Path]:
        """Return nothing: shared ids are looked for when all documents are read."""
        return []

    def ids(self, path: Path) -> dict[str, Target] | None:
        """Return the ids of a file, which are remembered for the last files."""
        ids = super().ids(path)
        if len(self._ids) > _REMEMBERED:
            for old in islice(list(self._ids), _REMEMBERED // 2):
                self.forget(old)
        return ids


class _Shared(Index):
    """The index of one document whose ids others have."""

    def __init__(self, path: Path, owners: Mapping[str, list[Path]]) -> None:
        super().__init__(())
        self.documents[path] = None
        self._known = owners

    def owners(self, ident: str) -> list[Path]:
        """Return who else has an id."""
        return list(self._known.get(ident, ()))
