"""What an edition knows of a document's elements, gathered in one pass.

Templates see it as ``its``: numbers of notes, addresses of what is pointed to,
names of entities, the reader's marks on a passage. It is gathered before the
rendering, so no template ever looks backwards in the tree.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import quote, urlsplit

from lxml import etree

from toolkit.render.editorial import gather_editorial
from toolkit.render.wording import gap_words, mark_sign, mark_words
from toolkit.tei import TEI, XML_ID, XML_LANG, local_name, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from toolkit.tei import Element

NAMES: Final = (
    *("persName", "placeName", "orgName", "geogName", "rs", "name"),
    *("publisher", "repository", "settlement", "country", "region"),
)
_ANCHORED: Final = [TEI + name for name in ("p", "ab", "lg")]
_SAFE_SCHEMES: Final = {"http", "https", "mailto", "ftp", "doi", "urn", "tel", "geo"}
_SCHEME: Final = re.compile(r"[\x00-\x20]*[A-Za-z][A-Za-z0-9+.\x00-\x20-]*:")
_POINTER: Final = re.compile(r"^([^#?]*)(?:#(.+))?$")

#: By way of the attributes: a predicate asked of each element is four times slower.
_with_id: Final = etree.XPath("descendant-or-self::*/@xml:id/..")


#: What HTML does not allow in a paragraph (verse lines stand in groups).
_BLOCKS: Final = [
    TEI + name
    for name in (
        *("list", "table", "figure", "floatingText", "lg", "ab", "sp", "listBibl"),
        *("quote", "cit", "address", "castList"),
    )
]
_KIND_OF: Final = {
    **{TEI + name: "name" for name in NAMES},
    **{TEI + name: "link" for name in ("ref", "ptr", "graphic")},
    f"{TEI}metamark": "mark",
    f"{TEI}gap": "gap",
}
_KINDS: Final = frozenset(_KIND_OF.values())
_LINKS: Final = [TEI + name for name in ("note", "ref", "ptr", "metamark")]
_STRUCTURE: Final = frozenset(
    TEI + name for name in ("div", "body", "front", "back", "lg", "sp", "text", "list")
)


def _elements_with_id(text: Element) -> list[Element]:
    return cast("list[Element]", _with_id(text))


#: From the file and id that a pointer names to the entity's preferred name.
Labels = "Callable[[str, str], str]"


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a document names an entity."""

    element: Element
    anchor: str  #: the id of the place on the document's page
    file: str  #: the register's file name, such as ``persons.xml``
    entity: str  #: the entity's id in it


@dataclass(slots=True)
class Facts:
    """The facts of one document: ``of`` is what templates see as ``its``."""

    of: dict[Element, dict[str, str]] = field(default_factory=dict)
    #: ids that the page gives to elements that have no @xml:id
    anchors: dict[Element, str] = field(default_factory=dict)
    notes: list[Element] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)

    def add(self, element: Element, **values: str) -> None:
        """Add facts about an element."""
        self.of.setdefault(element, {}).update(values)


@lru_cache(maxsize=10_000)  # the same few names, again and again
def href(pointer: str, suffix: str = ".html") -> str:
    """Return the address, in what is built, of what a TEI pointer names.

    Args:
        pointer: One value of @target, @ref …: ``#id``, ``file.xml#id``, a URI.
        suffix: What the file names of pages end with.

    Returns:
        The address; empty where there is none or where following it could harm
        (scripts, paths out of the edition's folder).
    """
    pointer = pointer.strip()
    scheme = urlsplit(pointer).scheme.lower() if _has_scheme(pointer) else ""
    if scheme:
        return pointer if scheme in _SAFE_SCHEMES else ""
    match = _POINTER.match(pointer)
    if match is None or pointer.startswith("//"):
        return ""
    file, ident = match[1], match[2]
    if file:
        file = posixpath.normpath(file)
        if file.startswith(("/", "..")) or "\\" in file:
            return ""
        file = quote(re.sub(r"\.xml$", suffix, file))
    return file + (f"#{quote(ident)}" if ident else "")


def _has_scheme(pointer: str) -> bool:
    return _SCHEME.match(pointer) is not None


def gather(
    text: Element,
    *,
    label: Callable[[str, str], str] = lambda _file, _ident: "",
    suffix: str = ".html",
) -> Facts:
    """Gather the facts of a document.

    Args:
        text: The ``TEI`` element (or any subtree of it).
        label: Gives an entity's preferred name from its register's file and id.
        suffix: What the file names of pages end with.
    """
    facts = Facts()
    ids = {element.get(XML_ID, ""): element for element in _elements_with_id(text)}
    found = _grouped(text)
    body = text.find(f"{TEI}text")
    _notes((text if body is None else body).iter(f"{TEI}note"), facts, ids)
    _names(found["name"], facts, label, suffix)
    _links(found["link"], facts, suffix)
    _marks(found["mark"], facts, ids)
    _gaps(found["gap"], facts, ids)
    gather_editorial(text, facts, ids, lambda element: _who(element, ids))
    _blocky(text.iter(*_BLOCKS), facts)
    _anchors((text if body is None else body).iter(*_ANCHORED), facts, ids)
    return facts


def _grouped(text: Element) -> dict[str, list[Element]]:
    """Return the elements that facts are about, by kind, in one pass."""
    found: dict[str, list[Element]] = {kind: [] for kind in _KINDS}
    for element in text.iter(*_KIND_OF):
        found[_KIND_OF[str(element.tag)]].append(element)
    return found


def _who(element: Element, ids: Mapping[str, Element]) -> str:
    """Return whose statement an element is: the resp of the respStmt it points to."""
    said = []
    for pointer in (element.get("resp") or "").split():
        owner = ids.get(pointer.removeprefix("#"))
        if owner is None:
            continue
        resp = owner.find(f"{TEI}resp")
        words = plain(owner if resp is None else resp)
        said.append(words.split(":")[0])
    return ", ".join(said)


def _notes(notes: Iterable[Element], facts: Facts, ids: Mapping[str, Element]) -> None:
    for number, note in enumerate(notes, 1):
        facts.notes.append(note)
        facts.add(
            note,
            number=str(number),
            id=note.get(XML_ID) or f"note-{number}",
            ref=f"ref-{number}",
            who=_who(note, ids),
        )
        for paragraph in note.iter(f"{TEI}p"):
            facts.add(paragraph, in_note="yes")


def _names(
    names: Iterable[Element],
    facts: Facts,
    label: Callable[[str, str], str],
    suffix: str,
) -> None:
    number = 0
    linked: set[Element] = set()
    for element in names:
        pointer = element.get("ref")
        if not pointer:
            continue
        pointer = pointer.split()[0] if pointer.split() else ""
        address = href(pointer, suffix)
        if not address:
            continue
        match = _POINTER.match(pointer)
        if _has_scheme(pointer) or match is None or not match[1] or not match[2]:
            facts.add(element, href=address, link="yes")
            continue
        number += 1
        anchor = element.get(XML_ID) or f"name-{number}"
        facts.anchors[element] = anchor
        facts.add(element, href=address, label=label(match[1], match[2]))
        if linked.isdisjoint(element.iterancestors()) and not _holds_link(element):
            linked.add(element)
            facts.add(element, link="yes")
        facts.mentions.append(Mention(element, anchor, match[1], match[2]))


def _holds_link(element: Element) -> bool:
    """Whether a name holds what is a link itself; HTML has no links in links."""
    return next(element.iter(*_LINKS), None) is not None


def _links(links: Iterable[Element], facts: Facts, suffix: str) -> None:
    for element in links:
        image = local_name(element) == "graphic"
        pointers = (element.get("url" if image else "target") or "").split()
        address = href(pointers[0], ".xml" if image else suffix) if pointers else ""
        if address:
            facts.add(element, href=address)


def _marks(marks: Iterable[Element], facts: Facts, ids: Mapping[str, Element]) -> None:
    """Tie each mark to the passage it marks and to the note that reports it."""
    notes: dict[str, Element] = {}
    for note in facts.notes:
        for pointer in (note.get("target") or "").split():
            notes.setdefault(pointer.removeprefix("#"), note)
    for number, mark in enumerate(marks, 1):
        report = notes.get(mark.get(XML_ID, ""))
        passage = (mark.get("target") or "").split()[:1]
        target = passage[0].removeprefix("#") if passage else ""
        facts.add(
            mark,
            id=mark.get(XML_ID) or f"mark-{number}",
            passage=target if target in ids else "",
            words=mark_words(mark),
            report="" if report is None else plain(report),
            href="" if report is None else "#" + facts.of[report]["id"],
        )
        if target in ids:
            drawn = facts.of.get(ids[target], {}).get("drawn", "")
            sign = mark_sign(mark)
            drawn += sign if sign not in drawn else ""
            facts.add(ids[target], marked=" marked", drawn=drawn)


def _gaps(gaps: Iterable[Element], facts: Facts, ids: Mapping[str, Element]) -> None:
    for gap in gaps:
        facts.add(gap, words=gap_words(gap, _who(gap, ids), _language(gap)))


def _language(element: Element) -> str:
    """Return the name of the language around an element, if it is not the text's own.

    The name is the header's own: the ``language`` whose @ident is the @xml:lang.
    """
    *inner, root = [element, *element.iterancestors()]
    code = next((e.get(XML_LANG) for e in inner if e.get(XML_LANG)), None)
    if code is None or code == root.get(XML_LANG):
        return ""
    declared = root.iterfind(f"{TEI}teiHeader//{TEI}langUsage/{TEI}language")
    return next((plain(name) for name in declared if name.get("ident") == code), "")


def _blocky(blocks: Iterable[Element], facts: Facts) -> None:
    """Find the paragraphs that hold blocks: HTML must not call them ``p``."""
    structure: Element | None = None
    for block in blocks:
        parent = block.getparent()
        if parent is structure:  # as of the block before: mostly so
            continue
        if parent is None or parent.tag in _STRUCTURE:
            structure = parent
            continue
        for paragraph in block.iterancestors(f"{TEI}p"):
            facts.add(paragraph, blocky="yes")


def _anchors(
    paragraphs: Iterable[Element], facts: Facts, ids: Mapping[str, Element]
) -> None:
    """Give every paragraph a permanent address, by its place in the text."""
    anchors = facts.anchors
    for number, paragraph in enumerate(paragraphs, 1):
        anchor = f"par-{number}"
        if anchor not in ids:
            anchors[paragraph] = anchor
