"""Pointers: where the attributes of a document point, within it and across the edition.

TEI: chapter SA (Linking, Segmentation, and Alignment), datatype teidata.pointer;
RFC 3986, section 4 (references).
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urljoin, urlsplit

from lxml import etree

from toolkit.findings import Part, Rewrite
from toolkit.schema.lexical import is_name
from toolkit.tei import TEI, local_name
from toolkit.validate.pointers.ids import Index, Target, id_faults
from toolkit.validate.pointers.orphans import told
from toolkit.validate.pointers.prefixes import Prefixes
from toolkit.validate.pointers.targets import attributes_of, wrong_kind
from toolkit.validate.violation import Violation
from toolkit.validate.words import hints
from toolkit.validate.words.near import only_near

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from toolkit.tei import Document, Element

#: Schemes that lead into the web or name a thing, and are left alone.
_ABROAD: Final = "http https mailto urn tel ftp info doi ark hdl geo tag".split()
_REFUSED: Final = {"javascript", "data", "vbscript"}
_XML: Final = {".xml", ".tei", ".odd"}
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):(.*)", re.DOTALL)
_UNSEEN: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\ufeff]")
_BASES: Final = etree.XPath("boolean(//@xml:base)")
_XML_BASE: Final = "{http://www.w3.org/XML/1998/namespace}base"
_HINTS: Final = 20  #: near names looked for in one document; each takes milliseconds
_COMPARED: Final = 20_000  #: ids of one document among which one is looked for


class PointerCheck:
    """The pointers of an edition, ready to be checked document by document."""

    def __init__(self, index: Index, root: Path) -> None:
        """Take what can be pointed to.

        Args:
            index: The ids of the edition.
            root: The edition's folder; no pointer may leave it.
        """
        self._index, self._root = index, root.resolve()

    def faults(self, document: Document) -> Iterator[Violation]:
        """Yield what is wrong with ids and pointers, in the document's order."""
        path = document.path.resolve()
        self._index.learn(path, document.root)
        folder = self._root if path.is_relative_to(self._root) else path.parent
        walk = _Walk(document.root, path, folder, self._index)
        ids = id_faults(document.root, path, self._index)
        yield from told(ids, walk.faults(), walk.pointed)


class _Walk:
    """One walk over the pointers of one document."""

    def __init__(self, root: Element, path: Path, folder: Path, index: Index) -> None:
        self.root, self.path, self.folder, self.index = root, path, folder, index
        self.prefixes = Prefixes(root)
        self.based = bool(_BASES(root))
        self.hints = self.mends = _HINTS
        self.places: dict[str, Path | None] = {}
        self.pointed: set[str] = set()  #: ids of this document that pointers lead to
        #: what can be said of an id that is not there: the one meant, and a mend
        self.known: dict[tuple[str, str], tuple[str, str | None]] = {}

    def faults(self) -> Iterator[Violation]:
        for element in self.root.iter(f"{TEI}*"):
            for attribute in attributes_of(element):
                value = str(element.get(attribute))
                yield from _Pointer(self, element, attribute).faults(value)

    def may_hint(self) -> bool:
        """Say whether a mend in words may be looked for; that takes time."""
        self.hints -= 1
        return self.hints >= 0

    def only(self, wrong: str, names: Collection[str]) -> str:
        """Return the one id that can have been meant; empty if none can, or several."""
        if self.mends <= 0 or len(names) > _COMPARED:
            return ""
        self.mends -= 1
        return only_near(wrong, names, slips=1)

    def file(self, place: str) -> Path | None:
        """Return the file that a relative reference means; None: it leaves the folder.

        Raises:
            ValueError: It cannot be a path.
        """
        if place not in self.places:
            named = self.path.parent / unquote(place)
            found = named.resolve()
            if os.path.normpath(named) != str(found):
                self.index.uses.unsure = True  # a link may lead elsewhere tomorrow
            self.places[place] = found if found.is_relative_to(self.folder) else None
        return self.places[place]


class _Pointer:
    """One attribute that points."""

    def __init__(self, walk: _Walk, element: Element, attribute: str) -> None:
        self.walk, self.element, self.attribute = walk, element, attribute
        self.written = ""  #: the pointer that is checked, before it is expanded

    def fault(
        self,
        code: str,
        message: str,
        help: str | None = None,
        mend: Rewrite | None = None,
        missing: str = "",
    ) -> Violation:
        where = f"@{self.attribute} of <{local_name(self.element)}>"
        message = f"{where} {message}"
        return Violation(self.element, code, message, help, mend=mend, missing=missing)

    def dangling(
        self, code: str, message: str, ident: str, names: Collection[str], place: str
    ) -> Violation:
        """Return the fault of a pointer to an id that is not there, and its mend.

        Args:
            code: The fault's code.
            message: What is wrong.
            ident: The id that is not there.
            names: The ids that are.
            place: The other file, as it is written; empty: this one.
        """
        if (place, ident) not in self.walk.known:
            self.walk.known[place, ident] = self.near(ident, names, place)
        meant, said = self.walk.known[place, ident]
        mend = None
        if meant and self.written.endswith(ident):
            # Only the id is written anew: the pointer may have a private prefix.
            right = self.written.removesuffix(ident) + meant
            mend = Rewrite(Part.VALUE, self.written, right, self.attribute)
            said = hints.found(right, meant, ident)
        missing = f"{place}#{ident}" if place else ident
        return self.fault(code, message, said, mend, missing)

    def near(
        self, ident: str, names: Collection[str], place: str
    ) -> tuple[str, str | None]:
        """Return the one id that can have been meant, and a mend in words."""
        # An id that another document has is not misspelt: its file is missing.
        elsewhere = not place and self.walk.index.owners(ident)
        meant = "" if elsewhere else self.walk.only(ident, names)
        if meant and self.written.endswith(ident):
            return meant, None
        if not self.walk.may_hint():
            return meant, None
        if place:
            return meant, hints.in_other(ident, list(names), place)
        return meant, hints.inside(ident, list(names), self.walk.path, self.walk.index)

    def without_sign(self, place: str, fragment: str) -> Rewrite | None:
        """Return the mend of a pointer to an id of this document whose # is missing."""
        if fragment or self.written != place or not is_name(place):
            return None
        if self.walk.index.target(self.walk.path, place) is None:
            return None
        return Rewrite(Part.VALUE, place, f"#{place}", self.attribute)

    def faults(self, value: str) -> Iterator[Violation]:
        """Yield what is wrong with the attribute's pointers."""
        # Browsers drop blanks and control characters before they look at the scheme.
        scheme = _SCHEME.match(_UNSEEN.sub("", value))
        if scheme and scheme[1].lower() in _REFUSED:
            yield self.refused(scheme[1].lower())
            return
        pointers = value.split()
        if not pointers:
            yield self.fault("TEI300", "is empty", "give a pointer, or remove it")
        if len(pointers) > 1 and (broken := self.broken(value)):
            yield broken
            return
        lost = False
        for pointer in pointers:
            self.written = pointer
            fault = self.check(pointer)
            # Of words that are no pointers at all the first is enough.
            if fault and not (lost and fault.code == "TEI302"):
                lost = fault.code == "TEI302" and "#" not in pointer
                yield fault

    def broken(self, value: str) -> Violation | None:
        """Find one pointer that a space has broken into several."""
        if gap := re.search(r"#\s+([^\s#]+)", value):
            return self.fault(
                "TEI300", "has a space behind its #", f"write #{gap[1]} without space"
            )
        if broken := self.broken_address(value.split()):
            return broken
        name, sign, fragment = " ".join(value.split()).partition("#")
        if " " not in name or "//" in name:
            return None
        written = name.replace(" ", "%20")
        try:
            path = self.walk.file(written)
            if path is None or not self.walk.index.is_file(path):
                return None
        except (OSError, ValueError, RuntimeError):
            return None
        return self.fault(
            "TEI300",
            "has a space in the name of a file, and spaces divide pointers",
            f"write {written}{sign}{fragment}",
        )

    def broken_address(self, pieces: list[str]) -> Violation | None:
        """Find an address on the web that spaces have broken into several."""
        if not re.match(r"https?://\S", pieces[0]):
            return None
        if any("#" in one or _SCHEME.match(one) for one in pieces[1:]):
            return None
        if not any("/" in one or "." in one for one in pieces[1:]):
            return None
        return self.fault(
            "TEI300",
            "has a space in an address, and spaces divide pointers",
            f"write {'%20'.join(pieces)}",
        )

    def refused(self, scheme: str) -> Violation:
        return self.fault(
            "TEI309",
            f"is a {scheme}: address, which can run a program in a reader's browser",
            "point to a document or to an address on the web",
        )

    def check(self, pointer: str, *, expanded: bool = False) -> Violation | None:
        """Return what is wrong with one pointer, if anything."""
        scheme = _SCHEME.match(pointer)
        if scheme:
            return self.with_scheme(pointer, scheme[1], scheme[2], expanded)
        if pointer == "#":
            return self.fault("TEI300", "is # without an id", "write #, then the id")
        if pointer.startswith("#"):
            return self.inside(pointer)
        if self.walk.based:
            joined = urljoin(self.base(), pointer)
            if _SCHEME.match(joined):
                return self.with_scheme(joined, joined.split(":")[0], "", True)
            pointer = joined
        if pointer.startswith("//"):
            return None  # another host
        return self.across(pointer)

    def with_scheme(
        self, pointer: str, scheme: str, rest: str, expanded: bool
    ) -> Violation | None:
        """Check ``scheme:rest``: a private prefix, the web, or refused."""
        if scheme.lower() in _REFUSED:
            return self.refused(scheme.lower())
        if scheme in self.walk.prefixes and not expanded:
            expansion = self.walk.prefixes.expand(scheme, rest)
            if expansion.uri is None:
                return self.fault(
                    "TEI308", f"is {pointer}, but {expansion.reason}", expansion.help
                )
            return self.check(expansion.uri, expanded=True)
        if scheme.lower() == "file" or (len(scheme) == 1 and rest[:1] in {"\\", "/"}):
            return self.fault(
                "TEI309",
                f"is {pointer}, a file on one machine",
                "point to it relative to this document",
            )
        if scheme.lower() in {"http", "https"} and not _has_host(pointer):
            host = rest.replace("\\", "/").lstrip("/")
            mend = f"write {scheme}://{host}" if host else "give the whole address"
            return self.fault("TEI300", f"is {pointer}, which is no web address", mend)
        if scheme.lower() in _ABROAD or expanded:
            return None
        return self.fault(
            "TEI308",
            f"is {pointer}, but no prefixDef declares the prefix {scheme}:",
            hints.scheme(scheme, self.walk.prefixes.names)
            or f"declare it: <prefixDef ident='{scheme}' …> in the header",
            missing=scheme,
        )

    def base(self) -> str:
        """Return what ``xml:base`` says relative references begin with."""
        base = ""
        chain = [*reversed(list(self.element.iterancestors())), self.element]
        for element in chain:
            base = urljoin(base, element.get(_XML_BASE, ""))
        return base

    def inside(self, pointer: str) -> Violation | None:
        """Check a pointer into this document."""
        ident = unquote(pointer[1:])
        if "(" in ident:
            return None  # an XPointer scheme: points to a range, not to an id
        ids = self.walk.index.ids(self.walk.path) or {}
        target = ids.get(ident)
        if target is None:
            return self.dangling(
                "TEI301",
                f"points to {pointer}, but nothing in this document has that id",
                ident,
                ids,
                "",
            )
        self.walk.pointed.add(ident)
        return self.kind(pointer, target)

    def across(self, pointer: str) -> Violation | None:
        """Check a pointer into another file."""
        place, _, fragment = pointer.partition("#")
        try:
            path = self.walk.file(place.partition("?")[0])
            known = path is not None and self.walk.index.is_file(path)
        except (OSError, ValueError, RuntimeError):
            return self.fault("TEI300", f"is {pointer[:80]}, which is no address")
        if path is None:
            return self.fault(
                "TEI309",
                f"is {pointer}, which leaves the folder of the edition",
                "put what it points to into the edition, or give its web address",
            )
        if not known:
            missing = f"points to {pointer}, but there is no such file"
            said: str | None = None
            if mend := self.without_sign(place, fragment):
                said = f"write {mend.new}: a pointer into this document begins with #"
                return self.fault("TEI302", missing, said, mend)
            if self.walk.may_hint():
                said = hints.file(place, fragment, self.walk.path, self.walk.index)
            return self.fault("TEI302", missing, said, missing=place)
        if not fragment or path.suffix.lower() not in _XML or "(" in fragment:
            return None
        if self.walk.index.ids(path) is None:
            self.walk.index.idents(path)  # note that there were none
            return self.fault(
                "TEI302",
                f"points to {pointer}, but {place} cannot be read",
                missing=place,
            )
        target = self.walk.index.target(path, unquote(fragment))
        if target is None:
            return self.dangling(
                "TEI303",
                f"points to {pointer}, but {place} has no such id",
                unquote(fragment),
                self.walk.index.idents(path),
                place,
            )
        return self.kind(pointer, target)

    def kind(self, pointer: str, target: Target) -> Violation | None:
        """Check that a pointer means the right kind of element."""
        expected = wrong_kind(self.element, self.attribute, target.name)
        if expected is None:
            return None
        return self.fault(
            "TEI307", f"points to {pointer}, which is a <{target.name}>", expected
        )


def _has_host(address: str) -> bool:
    """Return whether a web address names a host."""
    try:
        return bool(urlsplit(address).hostname)
    except ValueError:
        return False
