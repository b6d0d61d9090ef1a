"""The ids of an edition: which element of which document has which ``xml:id``.

xml:id 1.0, section 4 (an id is an NCName and unique in its document); that ids are
unique across an edition, too, is this toolkit's demand, so that documents can be
put together and cited by id.
"""

from __future__ import annotations

import difflib
import sys
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from lxml import etree

from toolkit.errors import ReadError
from toolkit.findings import Severity
from toolkit.schema.lexical import is_name
from toolkit.tei import XML_ID, line_of, local_name, parse, read_bytes
from toolkit.validate.violation import Violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from toolkit.tei import Element

_EXAMPLES: Final = "{http://www.tei-c.org/ns/Examples}"
_WITH_ID: Final = etree.XPath("//*[@xml:id]")


class Target(NamedTuple):
    """An element that can be pointed to."""

    name: str  #: its local name
    line: int  #: 1-based line of its start tag


def ids_of(root: Element) -> dict[str, Target]:
    """Return the elements of a document by id; of several with one id, the first."""
    found: dict[str, Target] = {}
    for element in _identified(root):
        name = sys.intern(local_name(element))
        found.setdefault(str(element.get(XML_ID)), Target(name, line_of(element)))
    return found


def _identified(root: Element) -> Iterator[Element]:
    """Yield the elements with an id; examples in documentation do not count."""
    for element in cast("list[Element]", _WITH_ID(root)):
        if not str(element.tag).startswith(_EXAMPLES):
            yield element


class Index:
    """The ids of every document of an edition, and of files that they point to."""

    def __init__(self, documents: Iterable[Path]) -> None:
        """Read the ids of documents; what cannot be read has none.

        Args:
            documents: Every document of the edition. Other files are read when
                something points into them.
        """
        self._ids: dict[Path, dict[str, Target] | None] = {}
        self._owners: dict[str, list[Path]] = {}
        self.documents: Final = dict.fromkeys(path.resolve() for path in documents)
        for path in self.documents:
            for ident in self.ids(path) or ():
                owners = self._owners.setdefault(ident, [])
                if len(owners) < 2:  # enough to say who else has it
                    owners.append(path)

    def ids(self, path: Path) -> dict[str, Target] | None:
        """Return the ids of a file; None if it cannot be read as XML.

        Args:
            path: Absolute, without symbolic links.
        """
        if path not in self._ids:
            try:
                source = read_bytes(path)
                # Most of a large corpus may have no ids; UTF-16 hides them from view.
                bare = b"xml:id" not in source and b"\0" not in source[:4]
                self._ids[path] = {} if bare else ids_of(parse(source, path))
            except ReadError:
                self._ids[path] = None
        return self._ids[path]

    def owners(self, ident: str) -> list[Path]:
        """Return the first two documents of the edition that have an id."""
        return self._owners.get(ident, [])

    @property
    def files(self) -> list[Path]:
        """The files whose ids are known."""
        return [path for path, ids in self._ids.items() if ids is not None]


def id_faults(root: Element, path: Path, index: Index) -> Iterator[Violation]:
    """Yield what is wrong with the ids of one document.

    Args:
        root: Its outermost element.
        path: Its file, absolute.
        index: The ids of the edition.
    """
    seen: dict[str, Element] = {}
    for element in _identified(root):
        ident = str(element.get(XML_ID))
        tag = local_name(element)
        if not is_name(ident):
            yield Violation(
                element,
                "TEI306",
                f"xml:id “{ident}” of <{tag}> is not a name",
                "begin with a letter or _, then letters, digits, . - _; no spaces",
            )
        elif ident in seen:
            first = seen[ident]
            yield Violation(
                element,
                "TEI304",
                f"xml:id “{ident}” of <{tag}> is taken: <{local_name(first)}> "
                f"in line {line_of(first)} has it",
                "give one of the two another id, and change what points to it",
            )
        else:
            seen[ident] = element
            owners = index.owners(ident)
            others = [one for one in owners if one != path]
            if others and path in index.documents:
                yield Violation(
                    element,
                    "TEI305",
                    f"xml:id “{ident}” of <{tag}> is taken: {others[0].name} has it",
                    "begin ids with the document's own id, so that they are unique "
                    "across the edition",
                    Severity.WARNING,
                )


def near(wrong: str, names: Sequence[str]) -> str:
    """Return the name that was most likely meant; empty if none is near."""
    fitting = [name for name in names if abs(len(name) - len(wrong)) < 4]
    found = difflib.get_close_matches(wrong, fitting[:5_000], 1, 0.75)
    return found[0] if found else ""
