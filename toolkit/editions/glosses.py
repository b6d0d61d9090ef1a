"""What the elements of an edition's schema mean, read from its ODD when needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.tei import TEI, plain, read

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Glosses:
    """What each element means, by its name, in the words of the edition's ODD."""

    def __init__(self, odd: Path) -> None:
        """Take an ODD, which is read only if it is needed.

        Args:
            odd: The file; without it nothing is known.
        """
        self.path = odd

    def __call__(self) -> Mapping[str, str]:
        """Return the descriptions, by name.

        Raises:
            ReadError: The ODD cannot be read.
        """
        if not self.path.is_file():
            return {}
        found = {}
        for spec in read(self.path).root.iter(f"{TEI}elementSpec"):
            desc = spec.find(f"{TEI}desc")
            found[spec.get("ident", "")] = "" if desc is None else plain(desc)
        return found
