"""Files with one fault each, and what has to be said of them."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FAULTS: Final = Path(__file__).resolve().parent
SCHEMA: Final = FAULTS.parent.parent / "schema" / "edition"
LAYERS: Final = "wellformed namespace grammar datatype id pointer schematron".split()


@dataclass(frozen=True, slots=True)
class Expected:
    """What has to be said of one file."""

    name: str  #: layer and name: ``grammar/p-in-hi``
    code: str
    line: int
    column: int
    culprit: tuple[str, ...]  #: words that name what is wrong
    opened: str  #: ``line 10``, where what was left open begins; empty: nothing was
    mend: tuple[str, ...]  #: words that say what to do

    @property
    def layer(self) -> str:
        """The layer the fault belongs to."""
        return self.name.partition("/")[0]

    @property
    def path(self) -> Path:
        """The file."""
        return FAULTS / f"{self.name}.xml"


def expectations() -> list[Expected]:
    """Return what has to be said of every file, in the order of the layers."""
    with (FAULTS / "expected.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        found = [
            Expected(
                row["file"],
                row["code"],
                int(row["line"]),
                int(row["column"]),
                tuple(one for one in culprit if not one.startswith("line ")),
                "".join(one for one in culprit if one.startswith("line ")),
                tuple(filter(None, row["mend"].split("|"))),
            )
            for row in rows
            for culprit in [list(filter(None, row["culprit"].split("|")))]
        ]
    return sorted(found, key=lambda one: LAYERS.index(one.layer))


def says(text: str, word: str) -> bool:
    """Say whether a text holds a word, not merely its letters in a longer one."""
    before = r"(?<!\w)" if word[:1].isalnum() else ""
    behind = r"(?!\w)" if word[-1:].isalnum() else ""
    return re.search(before + re.escape(word) + behind, text) is not None
