"""What the findings of one document depend on besides the document itself.

A check notes here which ids of which files it asked for and which files it looked
for, with the answers. Findings of an earlier run still hold if every answer is the
same today.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Answers(Protocol):
    """Gives today's answers."""

    def names(self) -> str:
        """Return what the names of the edition's documents come to."""

    def owners(self, ident: str) -> list[str]:
        """Return the first two documents of the edition that have an id."""

    def names_in(self, path: Path) -> Mapping[str, str] | None:
        """Return the local names of a file's elements by id; None: cannot be read."""

    def is_file(self, path: Path) -> bool:
        """Say whether there is such a file."""

    def checksum(self, path: Path) -> str:
        """Return what a file's content comes to; empty if it cannot be read."""


@dataclass(slots=True)
class Uses:
    """What the check of one document asked, and what it was told."""

    ids: dict[str, dict[str, str | None]] = field(default_factory=dict)
    """By file, the ids asked for and the names of their elements (None: no such id)."""

    whole: dict[str, str] = field(default_factory=dict)
    """By file whose ids were all looked at, what they came to."""

    files: dict[str, bool] = field(default_factory=dict)  #: whether a file is there
    contents: dict[str, str] = field(default_factory=dict)  #: checksums by file
    owners: dict[str, list[str]] = field(default_factory=dict)
    """By id, the documents of the edition that have it, as far as was asked."""

    names: str = ""  #: what the names of the edition's documents come to
    unsure: bool = False  #: whether there is more that is not noted: ask anew next time

    def __bool__(self) -> bool:
        return any(getattr(self, one.name) for one in fields(self))

    def still_hold(self, now: Answers) -> bool:
        """Say whether every answer is still the same."""
        return not self.unsure and all(self._compared(now))

    def owners_hold(self, now: Answers) -> bool:
        """Say whether what was assumed of other documents' ids is true."""
        return all(now.owners(ident) == said for ident, said in self.owners.items())

    def _compared(self, now: Answers) -> Iterator[bool]:
        yield not self.names or self.names == now.names()
        yield self.owners_hold(now)
        for file, there in self.files.items():
            yield now.is_file(Path(file)) == there
        for file, checksum in self.contents.items():
            yield now.checksum(Path(file)) == checksum
        for file, said in self.whole.items():
            yield summary(now.names_in(Path(file))) == said
        for file, asked in self.ids.items():
            names = now.names_in(Path(file)) or {}
            yield all(names.get(ident) == name for ident, name in asked.items())

    def written(self) -> str:
        """Return this as JSON."""
        parts = [getattr(self, one.name) for one in fields(self)]
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def read(written: str) -> Uses:
    """Return what ``Uses.written`` wrote."""
    parts: list[Any] = json.loads(written)
    return Uses(*parts)


def summary(names: Mapping[str, str] | None) -> str:
    """Return what the ids of a file come to."""
    if names is None:
        return ""
    digest = hashlib.sha256()
    for ident, name in names.items():
        digest.update(f"{ident}\t{name}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
