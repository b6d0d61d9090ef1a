"""Which schemas each document is checked by.

Schemas that the user names decide for every document. Else the edition's own decide
for its documents, and ``xml-model`` instructions for any other: a file from elsewhere
says itself what it is to be. Where it says nothing, or nothing that can be had without
the network, the edition's schemas are used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from toolkit.catalog import Catalog
from toolkit.findings import Finding
from toolkit.places import resolved
from toolkit.validate.schemas.model import CODE, choose, instructions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from toolkit.config import Edition
    from toolkit.validate.stages import Phases

_HEAD: Final = 1 << 16  #: bytes in which instructions are looked for


class Chosen(NamedTuple):
    """The schemas that a document is checked by."""

    schemas: tuple[Path, ...]
    phases: Phases = ()  #: in which some of them are run


@dataclass(frozen=True, slots=True)
class Group:
    """Documents that are checked by the same schemas."""

    chosen: Chosen
    by_model: bool = False  #: whether the documents themselves have named them
    files: list[Path] = field(default_factory=list)
    #: what a document asks for and does not get
    remarks: dict[Path, list[Finding]] = field(default_factory=dict)

    def unusable(self, reason: str, own: Sequence[Path]) -> Iterator[Finding]:
        """Yield a finding for each document whose schemas cannot be used.

        Args:
            reason: Why.
            own: The schemas that are used instead.
        """
        names = ", ".join(one.name for one in own)
        for path in self.files:
            yield Finding(
                path,
                1,
                1,
                CODE,
                f"the schema that it names cannot be used: {reason}; "
                f"checked by {names} instead",
                help="mend the schema, or name another with --schema",
            )

    def told(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Yield the remarks on each document before its findings.

        Args:
            findings: Those of all documents, one after the other.
        """
        waiting = dict(self.remarks)
        places = {path: place for place, path in enumerate(self.files)}
        for finding in findings:
            if waiting:
                here = places.get(finding.path, -1)
                for path in [one for one in waiting if places[one] <= here]:
                    yield from waiting.pop(path)
            yield finding
        for remarks in waiting.values():
            yield from remarks


class Chooser:
    """Decides by which schemas a document is checked."""

    def __init__(
        self,
        edition: Edition,
        own: Sequence[Path],
        named: Sequence[Path] = (),
        catalog: Catalog | None = None,
        *,
        follow: bool = True,
    ) -> None:
        """Take what there is to choose from.

        Args:
            edition: The edition.
            own: Its schemas.
            named: Schemas to use in place of all others; may be empty.
            catalog: Says which file stands for an address.
            follow: Whether a document may name its schemas itself.
        """
        self._edition, self._own = edition, tuple(own)
        self._named, self._follow = tuple(named), follow
        self._catalog = catalog or Catalog()
        # Without settings there is no edition, only a folder of documents.
        is_edition = edition.settings.is_file()
        documents = edition.documents() if is_edition and not named else ()
        self._documents = set(resolved(documents).values())
        self._tei = edition.tei.resolve() if is_edition else None

    def of(self, path: Path, head: bytes | None = None) -> tuple[Chosen, list[Finding]]:
        """Return the schemas of a document, and what it asks for and does not get.

        Args:
            path: The document.
            head: Its beginning; None: it is read from the file.
        """
        if self._named:
            return Chosen(self._named), []
        if not self._follow or self._is_ours(path):
            return Chosen(self._own), []
        asked = instructions(_head(path) if head is None else head)
        if not asked:
            return Chosen(self._own), []
        folders = (self._edition.root, Path.cwd())
        choice = choose(asked, path, folders, self._catalog)
        chosen = Chosen(choice.schemas or self._own, choice.phases)
        return chosen, choice.findings(path, chosen.schemas)

    def _is_ours(self, path: Path) -> bool:
        """Whether a file is a document of the edition, or will be when it is saved."""
        real = path.resolve()
        saved = real.parent == self._tei and real.suffix == ".xml"
        return saved or real in self._documents

    def groups(self, files: Iterable[Path]) -> list[Group]:
        """Return documents by the schemas they are checked by, in their order."""
        groups: dict[Chosen, Group] = {}
        for path, real in resolved(files).items():
            ours = real in self._documents
            chosen, remarks = (Chosen(self._own), []) if ours else self.of(path)
            asked = chosen not in (Chosen(self._own), Chosen(self._named))
            group = groups.setdefault(chosen, Group(chosen, asked))
            group.files.append(path)
            if remarks:
                group.remarks[path] = remarks
        return list(groups.values()) or [Group(Chosen(self._named or self._own))]


def _head(path: Path) -> bytes:
    try:
        if not path.is_file():
            return b""
        with path.open("rb") as file:
            return file.read(_HEAD)
    except (OSError, ValueError):
        return b""
