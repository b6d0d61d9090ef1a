"""Language tags: what XML Schema lets pass and no list of languages knows.

``xml:lang="english"`` has the form of a language tag, so the grammar accepts it; but
no program will know it for English. Takes a tag and says what should be written.

BCP 47, section 2.1 (syntax): languages have codes of two or three letters; those of
four letters are reserved, and none of five to eight is registered.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import TYPE_CHECKING, Final, cast
from xml.parsers import expat

from lxml import etree

from toolkit.familiar import CODES, COUNTRIES, LANGUAGES
from toolkit.findings import Finding, Severity
from toolkit.schema.nameclass import split
from toolkit.schema.states import clark
from toolkit.tei import TEI, TEI_NS, XML_LANG, local_name
from toolkit.validate.violation import Violation
from toolkit.validate.words.phrases import attribute, quoted, typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from toolkit.tei import Element

_WITH_TAG: Final = etree.XPath(
    "//*[@xml:lang] | //t:language[@ident] | //t:textLang[@mainLang]",
    namespaces={"t": TEI_NS},
)
_PIECE: Final = 1 << 20  #: bytes read at a time
_NEEDLES: Final = (b"xml:lang", b"mainLang", b"ident")
#: A language tag, or what may be one.
_WRITTEN: Final = re.compile(
    rb"(?:xml:lang|mainLang|ident)\s*=\s*[\"']\s*([A-Za-z0-9-]+)"
)
#: Attributes that hold a language tag on one element only.
_OTHERS: Final = {f"{TEI}language": "ident", f"{TEI}textLang": "mainLang"}


def doubt(tag: str) -> str | None:
    """Return what to write for a language tag that no list of languages has.

    Args:
        tag: The tag, known to have the form of one.

    Returns:
        The likely tag, empty if none is likely; None if there is no doubt.
    """
    language, _, rest = tag.strip().partition("-")
    first = language.lower()
    if not first or first in CODES or len(first) == 3 or first in {"i", "x"}:
        return None
    meant = LANGUAGES.get(first) or COUNTRIES.get(first, "")
    return f"{meant}-{rest}" if meant and rest else meant


def language_faults(root: Element) -> Iterator[Violation]:
    """Yield the language tags of a document that no list of languages has.

    Warnings: by the grammar the document is valid.
    """
    known: dict[str, str | None] = {}
    for element in cast("list[Element]", _WITH_TAG(root)):
        given = {str(name): str(value) for name, value in element.attrib.items()}
        for name, tag in _tags(str(element.tag), given, known):
            said, mend = _said(local_name(element), attribute(name), tag, known[tag])
            yield Violation(element, "TEI112", said, mend, Severity.WARNING)


def languages_in(path: Path) -> Iterator[Finding]:
    """Yield the same of a file in UTF-8, piece by piece: its tree is never made.

    Args:
        path: The file, known to be well-formed.
    """
    if not any(map(_is_doubtful, _pieces(path))):
        return
    found: list[Finding] = []
    known: dict[str, str | None] = {}
    reader = expat.ParserCreate(namespace_separator="}")

    def start(raw: str, raw_attributes: dict[str, str]) -> None:
        given = {clark(name): value for name, value in raw_attributes.items()}
        for name, tag in _tags(clark(raw), given, known):
            local = split(clark(raw))[1]
            said, mend = _said(local, attribute(name), tag, known[tag])
            line, column = reader.CurrentLineNumber, reader.CurrentColumnNumber + 1
            found.append(
                Finding(path, line, column, "TEI112", said, Severity.WARNING, mend)
            )

    reader.StartElementHandler = start
    for piece in _pieces(path):
        reader.Parse(piece.removeprefix(BOM_UTF8), False)
        yield from found
        found.clear()


def _tags(
    element: str, given: Mapping[str, str], known: dict[str, str | None]
) -> Iterator[tuple[str, str]]:
    """Yield the attributes of an element whose language tags are in doubt, with these.

    Args:
        element: Its name.
        given: Its attributes.
        known: What to write for a tag, and None where there is no doubt; is filled.
    """
    for name in (XML_LANG, _OTHERS.get(element, "")):
        tag = given.get(name) if name else None
        if tag is None or not tag.replace("-", "").isalnum():
            continue
        if tag not in known:
            known[tag] = doubt(tag)
        if known[tag] is not None:
            yield name, tag


def _said(element: str, written: str, tag: str, meant: str | None) -> tuple[str, str]:
    """Return what is wrong with a language tag, and what would mend it."""
    mend = f"write {typed(written, meant)}" if meant else "look it up in the IANA list"
    said = f"{written} of <{element}> is {quoted(tag)}, which is the tag of no language"
    return said, mend


def _pieces(path: Path) -> Iterator[bytes]:
    """Yield a file in pieces; none cuts a tag in two that is shorter than the rest."""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece + file.readline(_PIECE)


def _is_doubtful(piece: bytes) -> bool:
    """Return whether a language tag in a piece of a file may be in doubt."""
    if not any(one in piece for one in _NEEDLES):
        return False
    written = {one.decode("utf-8", "replace") for one in _WRITTEN.findall(piece)}
    return any(doubt(one) is not None for one in written)
