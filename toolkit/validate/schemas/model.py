"""The schemas that a document names itself: ``<?xml-model href="…"?>``.

Nothing is fetched: a schema stands in the folders of the document, or a catalog says
which file on this machine stands for its address.

Associating Schemas with XML documents (W3C and ISO/IEC 19757-11), section 3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urljoin, urlsplit

from toolkit.encodings import encoding_of
from toolkit.errors import SchemaError
from toolkit.findings import Finding, Severity
from toolkit.validate.mending.markup import Markup
from toolkit.validate.schemas.kinds import KINDS, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from toolkit.catalog import Catalog
    from toolkit.validate.stages import Phases

#: The code of what a document asks for and does not get.
CODE: Final = "XML008"
_PROLOG: Final = 1 << 16  #: bytes of a file in which its instructions are looked for
_TYPES: Final = {
    "http://relaxng.org/ns/structure/1.0": "RELAX NG",
    "http://purl.oclc.org/dsdl/schematron": "Schematron",
    "http://www.w3.org/2001/XMLSchema": "W3C XML Schema",
    "http://www.tei-c.org/ns/1.0": "ODD",
    "http://purl.oclc.org/dsdl/nvdl/ns/structure/1.0": "NVDL",
}
_UNKNOWN: Final = {"NVDL", "DTD"}
_PSEUDO: Final = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+:")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One ``xml-model`` instruction."""

    href: str
    kind: str  #: as ``schematypens`` and ``type`` say it; empty: they say nothing
    line: int  #: 1-based
    column: int  #: 1-based
    phase: str = ""  #: of the rules; empty: the schema's own choice


@dataclass(frozen=True, slots=True)
class Choice:
    """What a document's instructions come to."""

    schemas: tuple[Path, ...]  #: empty: none can be used
    phases: Phases  #: in which some of them are run
    lacks: tuple[tuple[Instruction, str, str], ...]  #: what cannot, why, and a mend

    def findings(self, path: Path, instead: Iterable[Path]) -> list[Finding]:
        """Return what the document asks for and does not get.

        Args:
            path: The document, as findings shall name it.
            instead: The schemas it is checked by.
        """
        names = ", ".join(dict.fromkeys(one.name for one in instead))
        checked = f"checked by {names} instead" if names else "no schema is used"
        return [
            Finding(
                path,
                lack.line,
                lack.column,
                CODE,
                f"the schema {lack.href} {reason}; {checked}",
                Severity.WARNING,
                mend,
            )
            for lack, reason, mend in self.lacks
        ]


def instructions(source: bytes) -> list[Instruction]:
    """Return the ``xml-model`` instructions before the outermost element.

    Args:
        source: The document's bytes; the first 64 KiB are enough.
    """
    head = source[:_PROLOG]
    if b"xml-model" not in head.replace(b"\0", b""):
        return []
    try:
        text = head.decode(encoding_of(head), "replace").removeprefix("\ufeff")
    except LookupError:
        return []
    markup = Markup(text)
    end = markup.tags[0].span.start if markup.tags else len(text)
    found = []
    for span in markup.passed:
        written = re.fullmatch(
            r"<\?xml-model\s(.*)\?>", text[span.start : span.end], re.DOTALL
        )
        if written and span.start < end:
            found.append(_instruction(written[1], *markup.place(span.start)))
    return found


def _instruction(written: str, line: int, column: int) -> Instruction:
    said = {
        name: unescape(double or single)
        for name, double, single in _PSEUDO.findall(written)
    }
    kind = _TYPES.get(said.get("schematypens", ""), "")
    if said.get("type") == "application/xml-dtd":
        kind = "DTD"
    phase = said.get("phase", "").strip()
    return Instruction(said.get("href", ""), kind, line, column, phase)


def choose(
    asked: Sequence[Instruction],
    path: Path,
    folders: Iterable[Path],
    catalog: Catalog,
) -> Choice:
    """Find the schemas that a document's instructions mean.

    Args:
        asked: Its instructions.
        path: The document.
        folders: Folders whose files it may name, if it lies in them itself; that of
            the document is always one.
        catalog: Says which file stands for an address.
    """
    here = path.absolute()
    inside = [one.resolve() for one in folders]
    roots = [one for one in inside if here.resolve().is_relative_to(one)]
    roots.append(here.parent.resolve())
    schemas: dict[Path, str] = {}  # with the phases
    lacks: dict[tuple[str, str, str], Instruction] = {}
    for one in asked:
        found = _schema(one, here, roots, catalog)
        if isinstance(found, tuple):  # a file with rules in it is often named twice
            lacks.setdefault((one.href, *found), one)
        else:
            schemas[found] = schemas.get(found) or one.phase
    phases = tuple((path, phase) for path, phase in schemas.items() if phase)
    lacking = tuple((one, why, mend) for (_, why, mend), one in lacks.items())
    return Choice(tuple(schemas), phases, lacking)


def _schema(
    asked: Instruction, here: Path, roots: Sequence[Path], catalog: Catalog
) -> Path | tuple[str, str]:
    """Return the file that an instruction means, or why there is none and a mend."""
    if not asked.href:
        return "has no href", 'write <?xml-model href="…"?>'
    if asked.kind in _UNKNOWN:
        return (
            f"is of a kind that is not read ({asked.kind})",
            "name a schema in RELAX NG, W3C XML Schema, Schematron or ODD",
        )
    try:
        found = _file(asked.href, here, catalog)
        if found is None:
            return (
                "is not available offline",
                "name a copy with --schema, or in a catalog with --catalog",
            )
        path, listed = found
        if not (listed or any(path.resolve().is_relative_to(one) for one in roots)):
            return (
                "lies outside the folder of the document and of the edition",
                "put it there, or name it with --schema",
            )
        if not path.is_file():
            return "is not there", "correct the href, or name a schema with --schema"
        kind_of(path)
    except SchemaError:
        return "is no schema that this program knows", f"known: {', '.join(KINDS)}"
    except (OSError, ValueError, RuntimeError):
        return "cannot be found: that is no address", "correct the href"
    return path


def _file(href: str, here: Path, catalog: Catalog) -> tuple[Path, bool] | None:
    """Return the file of an address, and whether a catalog named it."""
    address = urljoin(here.as_uri(), href)
    if (listed := catalog.file(address)) is not None:
        return listed, True
    if href.startswith("file:/"):  # as some editors write what lies on a disk
        from urllib.request import url2pathname  # loads much, and is seldom needed

        return Path(url2pathname(urlsplit(href).path)), False
    if _SCHEME.match(href) or href.startswith("//"):
        return None
    return here.parent / unquote(urlsplit(href).path), False
