"""From files to one Schematron schema: inclusions, and schemas that carry rules.

A path gives the root of a schema whose ``include`` and ``extends/@href`` are filled
in, from files in the schema's own folder and nowhere else. From a RELAX NG file or a
W3C schema (also those it includes) or an ODD the rules in it are gathered.

ISO/IEC 19757-3, 5.4.4 (extends), 5.4.5 (include).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from lxml import etree

from toolkit.errors import ReadError, SchemaError
from toolkit.tei import TEI, XML_ID, Element, line_of, local_name, parse, read_bytes
from toolkit.validate.schematron.model import SCH, Lack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from toolkit.catalog import Catalog

_RNG: Final = "{http://relaxng.org/ns/structure/1.0}"
_XSD: Final = "{http://www.w3.org/2001/XMLSchema}"
_XSLT: Final = "{http://www.w3.org/1999/XSL/Transform}"
_OLD: Final = "{http://www.ascc.net/xml/schematron}"
_XINCLUDE: Final = "{http://www.w3.org/2001/XInclude}include"
_MOST_FILES: Final = 500  #: inclusions of one schema
#: What brings other files into a grammar or a W3C schema.
_INCLUDING: Final = (
    f"{_RNG}include",
    f"{_RNG}externalRef",
    *(f"{_XSD}{name}" for name in ("include", "import", "redefine", "override")),
)
#: What is gathered from schemas that carry rules.
_GATHERED: Final = (
    *(f"{SCH}{name}" for name in "ns let phase pattern group include".split()),
    f"{SCH}diagnostics",
    f"{SCH}properties",
    f"{_XSLT}key",
    f"{_XSLT}function",
)


class Sources:
    """A schema and the files it came from."""

    def __init__(self, path: Path, catalog: Catalog | None = None) -> None:
        """Read a schema with what it includes.

        Args:
            path: Its file.
            catalog: Says which file stands for an address that it includes.

        Raises:
            SchemaError: It cannot be read, or holds no Schematron by its kind.
        """
        self.path = path
        self.lacks: list[Lack] = []
        self._folder = path.resolve().parent
        self._catalog = catalog
        #: the elements that came from other files, with their file and the inclusions
        #: that led to it
        self._from: dict[Element, tuple[Path, tuple[str, ...]]] = {}
        self._files = 0
        try:
            found = _read(path)
        except ReadError as fault:
            raise SchemaError(fault.message) from None
        #: a schema's ``queryBinding``; empty: it says nothing; None: it is TEI's
        self.binding: str | None = None
        self.root = self._schema(found)
        self._include()

    def path_of(self, element: Element) -> Path:
        """Return the file that an element came from."""
        return self._origin(element)[0]

    def _origin(self, element: Element | None) -> tuple[Path, tuple[str, ...]]:
        while element is not None:
            if element in self._from:
                return self._from[element]
            element = element.getparent()
        return self.path, ()

    def _lack(self, element: Element, message: str) -> None:
        self.lacks.append(Lack(line_of(element), message, self.path_of(element)))

    def _schema(self, root: Element) -> Element:
        """Return a schema element, gathered where the file is another schema."""
        tag = str(root.tag)
        if tag == f"{SCH}schema":
            self.binding = root.get("queryBinding", "").lower()
            return root
        if tag.startswith(_RNG):
            gathered = etree.Element(f"{SCH}schema")
            self._gather(root, self.path, gathered, set())
            return gathered
        if tag == f"{_XSD}schema":
            gathered = etree.Element(f"{SCH}schema")
            self._gather(root, self.path, gathered, set())
            return gathered
        if tag.startswith(TEI):
            return _of_odd(self.path)
        raise SchemaError(
            f"{self.path}:{line_of(root)}: is not ISO Schematron: the outermost "
            f"element is {tag}, expected schema in {SCH[1:-1]}"
            + ("; this is Schematron 1.5" if tag.startswith(_OLD) else "")
        )

    # -- rules in other schemas --------------------------------------------------------

    def _gather(
        self, root: Element, path: Path, gathered: Element, seen: set[Path]
    ) -> None:
        """Gather the rules of a grammar, or W3C schema, and of those it includes."""
        seen.add(path.resolve())
        for inclusion in list(root.iter(*_INCLUDING)):
            self._from[inclusion] = (path, ())
            href = inclusion.get("href") or inclusion.get("schemaLocation") or ""
            try:
                other, _ = self._file(href, path)
                if other.resolve() not in seen:
                    self._gather(_read(other), other, gathered, seen)
            except (ReadError, _RefusedError) as fault:
                if inclusion.tag == f"{_XSD}import":
                    continue  # may be of another namespace, and lie anywhere
                self._lack(
                    inclusion, f"the rules in {href!r} are not run: {_reason(fault)}"
                )
        self._take(root, path, gathered)

    def _take(self, root: Element, path: Path, gathered: Element) -> None:
        """Move the rules of a file into the gathered schema."""
        for element in list(root.iter(*_GATHERED, f"{SCH}rule", *_CHECKS)):
            holders = [str(one.tag) for one in element.iterancestors()]
            if any(holder in _GATHERED for holder in holders):
                continue
            self._from[element] = (path, ())
            if element.tag in _GATHERED:
                element.tail = None
                gathered.append(element)
            elif not any(holder.startswith(SCH) for holder in holders):
                self._lack(
                    element,
                    f"a <{local_name(element)}> that stands in no pattern is not run",
                )
        old = next(root.iter(f"{_OLD}rule", f"{_OLD}assert", f"{_OLD}report"), None)
        if old is not None:
            self._from[old] = (path, ())
            self._lack(old, "rules in Schematron 1.5 are not run: use ISO Schematron")

    # -- include and extends -----------------------------------------------------------

    def _include(self) -> None:
        """Fill in what is included, until nothing is left to be."""
        for element in list(self.root.iter(_XINCLUDE)):
            self._lack(element, "<xi:include> is not followed; <include> would be")
        todo = list(self._inclusions(self.root))
        while todo:
            inclusion = todo.pop(0)
            if inclusion.getparent() is None:
                continue
            try:
                for added in self._replaced(inclusion):
                    todo += self._inclusions(added)
            except (ReadError, SchemaError, _RefusedError) as fault:
                href = inclusion.get("href", "")
                self._lack(
                    inclusion,
                    f"<{local_name(inclusion)}> of {href!r} is not possible: "
                    f"{_reason(fault)}",
                )

    def _inclusions(self, element: Element) -> Iterator[Element]:
        for found in element.iter(f"{SCH}include", f"{SCH}extends"):
            if found.tag == f"{SCH}include" or found.get("href") is not None:
                yield found

    def _replaced(self, inclusion: Element) -> list[Element]:
        """Put what an inclusion names in its place; return it."""
        path, chain = self._origin(inclusion)
        href, parent = inclusion.get("href", ""), inclusion.getparent()
        assert parent is not None  # noqa: S101  # the caller looked
        other, fragment = self._file(href, path)
        name = f"{other.resolve()}#{fragment}"
        if name in chain or other.resolve() == self._folder / self.path.name:
            raise _RefusedError("it would include itself")
        self._files += 1
        if self._files > _MOST_FILES:
            raise _RefusedError(f"more than {_MOST_FILES} inclusions")
        target = _read(other)
        if fragment:
            target = _with_id(target, fragment)
        if inclusion.tag == f"{SCH}include":
            if not str(target.tag).startswith(SCH) or target.tag == f"{SCH}schema":
                raise _RefusedError(
                    f"it is <{local_name(target)}>, no part of a schema"
                )
            added = [target]
        else:
            if target.tag != parent.tag:
                raise _RefusedError(
                    f"it is <{local_name(target)}>, not <{local_name(parent)}>"
                )
            added = [child for child in target if isinstance(child.tag, str)]
        place = parent.index(inclusion)
        parent.remove(inclusion)
        for number, one in enumerate(added):
            self._from[one] = (other, (*chain, name))
            one.tail = None
            parent.insert(place + number, one)
        return added

    def _file(self, href: str, base: Path) -> tuple[Path, str]:
        """Return the file, and the id in it, that an address means."""
        address, fragment = urldefrag(href)
        if self._catalog:
            listed = self._catalog.file(urljoin(base.absolute().as_uri(), address))
            if listed is not None:
                return listed, fragment
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            raise _RefusedError("nothing is fetched; name a file beside the schema")
        if not address:
            raise _RefusedError("no file is named")
        path = base.parent / unquote(parts.path)
        try:
            inside = path.resolve().is_relative_to(self._folder)
        except (OSError, ValueError) as fault:
            raise _RefusedError(str(fault)) from None
        if not inside:
            raise _RefusedError("it is outside the folder of the schema")
        return path, fragment


_CHECKS: Final = (f"{SCH}assert", f"{SCH}report")


class _RefusedError(Exception):
    """An inclusion is not made; says why."""


def _read(path: Path) -> Element:
    source = read_bytes(path)
    if path.suffix.lower() == ".rnc":
        from toolkit.schema.compact import reader  # few need it: not at start-up

        return reader.read(source, str(path))
    return parse(source, path)


def _of_odd(path: Path) -> Element:
    """Return the rules of an ODD, with its lines.

    Raises:
        SchemaError: The ODD has errors.
    """
    from toolkit.schema.odd import load_odd  # few need it: not at start-up
    from toolkit.schema.odd.faults import Faults
    from toolkit.schema.odd.schematron import schematron_tree

    faults = Faults(path)
    tree = schematron_tree(load_odd(path), faults)
    faults.stop()
    return tree


def _reason(fault: Exception) -> str:
    return fault.reason if isinstance(fault, ReadError) else str(fault)


def _with_id(root: Element, ident: str) -> Element:
    for element in root.iter("*"):
        if ident in {element.get("id"), element.get(XML_ID)}:
            return element
    raise _RefusedError(f"nothing in it has the id {ident!r}")
