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
from toolkit.validate.pointers.uses import Uses, summary
from toolkit.validate.violation import Violation
from toolkit.validate.words import hints

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
        ident, target = ident_of(element), Target(name, line_of(element))
        found.setdefault(ident, target)
        if not is_name(ident):  # reported there, and not again by what points to it
            for meant in hints.meant(ident):
                found.setdefault(meant, target)
    return found


def _identified(root: Element) -> Iterator[Element]:
    """Yield the elements with an id; examples in documentation do not count."""
    for element in cast("list[Element]", _WITH_ID(root)):
        if not str(element.tag).startswith(_EXAMPLES):
            yield element


def not_a_name(ident: str, tag: str) -> tuple[str, str]:
    """Return what is wrong with an id that is not a name, and what would mend it."""
    what = f"“{ident}” of <{tag}> is not a name" if ident else f"of <{tag}> is empty"
    return f"xml:id {what}", hints.identifier(ident, tag)


_UNSETTLED: Final = etree.XPath("//*[@xml:id != normalize-space(@xml:id)]")


def settle_ids(root: Element) -> None:
    """Take away the white space around the ids of a document (xml:id 1.0, section 4).

    An XML processor does so; for the rules of a schema it has to be done before.
    """
    for element in cast("list[Element]", _UNSETTLED(root)):
        element.set(XML_ID, ident_of(element))


def ident_of(element: Element) -> str:
    """Return an element's id; white space around it does not count (xml:id, 4)."""
    return " ".join(str(element.get(XML_ID)).split())


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
        #: What the document at hand asks for is noted here.
        self.uses = Uses()
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
            self._ids[path] = ids_in(path)
        return self._ids[path]

    def learn(self, path: Path, root: Element) -> dict[str, Target]:
        """Take the ids of a document that has been read already, and return them."""
        known = self._ids[path] = ids_of(root)
        return known

    def forget(self, path: Path) -> None:
        """Forget the ids of a file, to read them again when they are asked for."""
        self._ids.pop(path, None)

    def target(self, path: Path, ident: str) -> Target | None:
        """Return the element of a file that has an id; note that it was asked for."""
        target = (self.ids(path) or {}).get(ident)
        asked = self.uses.ids.setdefault(str(path), {})
        asked[ident] = target.name if target else None
        return target

    def idents(self, path: Path) -> list[str]:
        """Return all ids of a file; note that they were asked for."""
        ids = self.ids(path)
        names = None if ids is None else {i: one.name for i, one in ids.items()}
        self.uses.whole[str(path)] = summary(names)
        return list(names or ())

    def is_file(self, path: Path) -> bool:
        """Say whether there is such a file; note that it was asked for."""
        there = self.uses.files[str(path)] = path.is_file()
        return there

    def owners(self, ident: str) -> list[Path]:
        """Return the first two documents of the edition that have an id."""
        return self._owners.get(ident, [])

    def others(self, ident: str, path: Path) -> list[Path]:
        """Return documents that have an id of a document too, one at least if any."""
        return [one for one in self.owners(ident) if one != path]

    def names(self) -> list[str]:
        """Return the names of the edition's documents; note that it was asked."""
        names = [path.name for path in self.documents]
        self.uses.names = names_of(self.documents)
        return names


def names_of(documents: Iterable[Path]) -> str:
    """Return what the names of documents come to."""
    return summary({path.name: "" for path in documents})


def ids_in(path: Path) -> dict[str, Target] | None:
    """Return the ids of a file; None if it cannot be read as XML."""
    try:
        source = read_bytes(path)
        # Most of a large corpus may have no ids; UTF-16 hides them from view.
        bare = b"xml:id" not in source and b"\0" not in source[:4]
        return {} if bare else ids_of(parse(source, path))
    except ReadError:
        return None


def id_faults(root: Element, path: Path, index: Index) -> Iterator[Violation]:
    """Yield what is wrong with the ids of one document.

    Args:
        root: Its outermost element.
        path: Its file, absolute.
        index: The ids of the edition.
    """
    seen: dict[str, Element] = {}
    for element in _identified(root):
        ident = ident_of(element)
        tag = local_name(element)
        if not is_name(ident):
            yield Violation(element, "TEI306", *not_a_name(ident, tag))
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
            others = index.others(ident, path)
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
