"""Passages put in the order of entities, on disk: an edition's do not fit in memory."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import TracebackType

    from toolkit.editions.mentions import Passage
    from toolkit.editions.summary import Neighbour


class Spool:
    """What documents say of entities, to be asked entity by entity."""

    def __init__(
        self,
        gathered: Iterable[tuple[Neighbour, Mapping[str, list[Passage]]]],
    ) -> None:
        """Take in what all documents say.

        Args:
            gathered: The documents by date, each with its passages by entity.
        """
        # Without a name SQLite uses a file of its own, and removes it in the end.
        self._database = sqlite3.connect("")
        self._database.execute("PRAGMA journal_mode=OFF")
        self._database.execute(
            "CREATE TABLE said (entity TEXT, number INTEGER, document TEXT, "
            "passages TEXT, PRIMARY KEY (entity, number)) WITHOUT ROWID"
        )
        self._database.executemany(
            "INSERT INTO said VALUES (?, ?, ?, ?)",
            (
                (entity, number, json.dumps(document), json.dumps(passages))
                for number, (document, said) in enumerate(gathered)
                for entity, passages in said.items()
            ),
        )

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _fault: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._database.close()

    def of(self, entity: str) -> Iterator[tuple[Neighbour, list[Passage]]]:
        """Yield the documents that name an entity, by date, with their passages."""
        rows = self._database.execute(
            "SELECT document, passages FROM said WHERE entity = ? ORDER BY number",
            (entity,),
        )
        for document, passages in rows:
            yield (
                cast("Neighbour", json.loads(document)),
                cast("list[Passage]", json.loads(passages)),
            )
