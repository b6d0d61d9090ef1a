"""Citing a document or an edition: Chicago, MLA, BibTeX, RIS and CSL-JSON.

All five are projections of one :class:`Citation`, and that is a projection of a
document's metadata. What the header does not say is left out, never guessed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from toolkit.tei import TEI, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from toolkit.config import Edition
    from toolkit.metadata import Metadata
    from toolkit.tei import Document, Element

_MONTHS: Final = (
    "January February March April May June July August September October November "
    "December"
).split()
#: MLA shortens the months that have more than four letters.
_SHORT: Final = "Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.".split()
_DAY: Final = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?$")


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name, in parts where the register tells them, else as printed."""

    printed: str
    family: str = ""
    given: str = ""

    @property
    def inverted(self) -> str:
        """The name with the part first that it is filed under."""
        return f"{self.family}, {self.given}" if self.given else self.printed


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation names; empty where nothing is known."""

    ident: str
    title: str
    authors: tuple[Name, ...] = ()
    translators: tuple[Name, ...] = ()
    date: str = ""  #: ISO 8601, with the precision known
    language: str = ""  #: BCP 47 code of the text
    archive: str = ""
    shelfmark: str = ""
    within: str = ""  #: the edition's title; empty for a citation of the edition
    editors: tuple[Name, ...] = ()
    publisher: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a formatted citation."""

    words: str
    is_title: bool = False  #: the title of a whole work: set in italics


def of_document(
    document: Document,
    meta: Metadata,
    edition: Edition,
    entities: Mapping[str, Mapping[str, Any]],
    language: str,
) -> Citation:
    """Return the citation of one document.

    Args:
        document: The document.
        meta: Its metadata.
        edition: The edition that it stands in.
        entities: What the registers say, by ``persons.xml#id``: ``filed`` is the
            family name and the rest, with a comma between.
        language: BCP 47 code of its text.
    """
    header = document.root.find(f"{TEI}teiHeader")
    page = f"{document.path.stem}.html"
    return Citation(
        ident=meta.ident,
        title=meta.title,
        authors=tuple(_authors(header, entities)),
        translators=tuple(_translators(header, entities)),
        date=meta.date,
        language="" if language == "und" else language,
        archive=meta.repository,
        shelfmark=_shelfmark(meta),
        within=_whole(edition),
        editors=tuple(Name(name) for name in edition.editors),
        publisher=edition.publisher,
        address=address(edition, page),
    )


def _shelfmark(meta: Metadata) -> str:
    """Return where in the archive it is; a shelfmark may name the collection."""
    if meta.shelfmark.startswith(meta.collection):
        return meta.shelfmark
    return ", ".join(part for part in (meta.collection, meta.shelfmark) if part)


def of_edition(edition: Edition) -> Citation:
    """Return the citation of a whole edition."""
    return Citation(
        ident="edition",
        title=_whole(edition),
        language=edition.language,
        editors=tuple(Name(name) for name in edition.editors),
        publisher=edition.publisher,
        address=address(edition, ""),
    )


def address(edition: Edition, page: str) -> str:
    """Return the public address of a page; empty where the edition states none."""
    base = edition.address.strip()
    return f"{base.rstrip('/')}/{page}" if base else ""


def _whole(edition: Edition) -> str:
    """Return an edition's title with its subtitle."""
    return ": ".join(part for part in (edition.title, edition.subtitle) if part)


def _authors(
    header: Element | None, entities: Mapping[str, Mapping[str, Any]]
) -> Iterator[Name]:
    if header is None:
        return
    for author in header.iterfind(f".//{TEI}titleStmt/{TEI}author"):
        yield _name(author, entities)


def _translators(
    header: Element | None, entities: Mapping[str, Mapping[str, Any]]
) -> Iterator[Name]:
    """Yield those whose responsibility is a translation, if they are named."""
    if header is None:
        return
    for statement in header.iterfind(f".//{TEI}titleStmt/{TEI}respStmt"):
        roles = " ".join(plain(role) for role in statement.findall(f"{TEI}resp"))
        if "translat" not in roles.lower():
            continue
        for child in statement:
            if child.tag == f"{TEI}persName" or (
                child.tag in (f"{TEI}name", f"{TEI}orgName") and child.get("ref")
            ):
                yield _name(child, entities)


def _name(element: Element, entities: Mapping[str, Mapping[str, Any]]) -> Name:
    """Return a name in the parts that its entry in the register tells."""
    printed = plain(element)
    for each in element.iter("*"):
        filed = entities.get(each.get("ref", ""), {}).get("filed", "")
        family, comma, _ = filed.partition(",")
        if not comma:
            continue
        if printed.endswith(f" {family}"):
            return Name(printed, family, printed.removesuffix(family).strip())
        if printed.startswith(f"{family} "):
            return Name(printed, family, printed.removeprefix(family).strip())
    return Name(printed)


# Words


def _parts(iso: str) -> tuple[int, ...]:
    """Return year, month and day as far as a date states them."""
    match = _DAY.match(iso)
    if match is None:
        return ()
    parts = [int(part) for part in match.groups() if part is not None]
    months = range(1, len(_MONTHS) + 1)
    return tuple(parts[:1] if len(parts) > 1 and parts[1] not in months else parts)


def _american(iso: str) -> str:
    """``June 9, 1969``, as Chicago has it."""
    year, month, day = (*_parts(iso), 0, 0, 0)[:3]
    if not year:
        return iso
    words = f"{_MONTHS[month - 1]} " if month else ""
    return f"{words}{day}, {year}" if day else f"{words}{year}"


def _british(iso: str) -> str:
    """``9 June 1969``, as MLA has it."""
    year, month, day = (*_parts(iso), 0, 0, 0)[:3]
    if not year:
        return iso
    words = f"{_SHORT[month - 1]} {year}" if month else str(year)
    return f"{day} {words}" if day else words


def _listed(names: tuple[Name, ...], *, first_inverted: bool) -> str:
    """Return names in a row; of more than three, Chicago and MLA name them all or one.

    The first may have its family name first, because the entry is filed under it.
    """
    words = [name.printed for name in names]
    if first_inverted:
        words[:1] = [names[0].inverted]
    if len(words) == 1:
        return words[0]
    comma = "," if len(words) > 2 or first_inverted else ""
    return f"{', '.join(words[:-1])}{comma} and {words[-1]}"


def _stopped(words: str) -> str:
    """Return words that end with a full stop, and only one."""
    return words if words.endswith((".", "?", "!")) else f"{words}."


def chicago(citation: Citation) -> list[Run]:
    """Return a citation in the style of a Chicago bibliography."""
    runs = []
    if citation.authors:
        runs.append(Run(f"{_stopped(_listed(citation.authors, first_inverted=True))} "))
    if not citation.within:
        runs += [Run(citation.title, is_title=True), Run(".")]
    else:
        runs.append(Run(f"“{_stopped(citation.title)}”"))
    more = []
    if citation.date:
        more.append(_american(citation.date))
    held = ", ".join(part for part in (citation.archive, citation.shelfmark) if part)
    if held:
        more.append(held)
    if citation.translators:
        names = _listed(citation.translators, first_inverted=False)
        more.append(f"Translated by {names}")
    runs += [Run(f" {_stopped(words)}") for words in more]
    if citation.within:
        runs += [Run(" In "), Run(citation.within, is_title=True)]
    if citation.editors:
        names = _listed(citation.editors, first_inverted=False)
        by = ", edited by " if citation.within else " Edited by "
        runs.append(Run(_stopped(by + names)))
    elif citation.within:
        runs.append(Run("."))
    runs += [
        Run(f" {_stopped(words)}")
        for words in (citation.publisher, citation.address)
        if words
    ]
    return runs


def mla(citation: Citation) -> list[Run]:
    """Return a citation in the style of the MLA's works cited."""
    runs = []
    if citation.authors:
        runs.append(Run(f"{_stopped(_listed(citation.authors, first_inverted=True))} "))
    if citation.within:
        runs.append(Run(f"“{_stopped(citation.title)}” "))
    if citation.date:
        runs.append(Run(f"{_stopped(_british(citation.date))} "))
    if citation.translators:
        names = _listed(citation.translators, first_inverted=False)
        runs.append(Run(f"Translated by {_stopped(names)} "))
    runs.append(Run(citation.within or citation.title, is_title=True))
    rest = []
    if citation.editors:
        names = _listed(citation.editors, first_inverted=False)
        rest.append(f"edited by {names}")
    rest += [words for words in (citation.publisher, citation.address) if words]
    ending = "".join(f", {words}" for words in rest)
    runs.append(Run(_stopped(ending) if ending else "."))
    if citation.archive:
        held = (citation.archive, citation.shelfmark)
        runs.append(Run(f" {_stopped(', '.join(part for part in held if part))}"))
    return runs


def words(runs: list[Run]) -> str:
    """Return a formatted citation without its formatting."""
    return "".join(run.words for run in runs)


# Formats of programs


def csl(citation: Citation) -> dict[str, Any]:
    """Return a citation as an item of CSL-JSON."""

    def names(of: tuple[Name, ...]) -> list[dict[str, str]]:
        return [
            {"family": name.family, "given": name.given}
            if name.given
            else {"literal": name.printed}
            for name in of
        ]

    item = {
        "id": citation.ident,
        "type": "document" if citation.within else "webpage",
        "title": citation.title,
        "author": names(citation.authors),
        "translator": names(citation.translators),
        "editor": names(citation.editors),
        "issued": {"date-parts": [list(_parts(citation.date))]}
        if _parts(citation.date)
        else None,
        "container-title": citation.within,
        "publisher": citation.publisher,
        "archive": citation.archive,
        "archive_location": citation.shelfmark,
        "language": citation.language,
        "URL": citation.address,
    }
    return {key: value for key, value in item.items() if value}


def csl_json(citation: Citation) -> str:
    """Return a citation as a file of CSL-JSON."""
    return json.dumps([csl(citation)], ensure_ascii=False, indent=2) + "\n"


_TEX: Final = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in text)


def bibtex(citation: Citation) -> str:
    """Return a citation as a BibTeX entry; ``date`` and ``translator`` are BibLaTeX."""

    def names(of: tuple[Name, ...]) -> str:
        # Braces keep a name whole that has no parts: "TEI Edition Toolkit".
        return " and ".join(
            _tex(name.inverted) if name.given else f"{{{_tex(name.printed)}}}"
            for name in of
        )

    year, month, _ = (*_parts(citation.date), 0, 0, 0)[:3]
    held = ", ".join(part for part in (citation.archive, citation.shelfmark) if part)
    entries = {
        "author": names(citation.authors),
        "title": f"{{{_tex(citation.title)}}}",
        "date": citation.date if year else "",
        "year": str(year) if year else "",
        "month": _MONTHS[month - 1][:3].lower() if month else "",
        "howpublished": _tex(citation.within),
        "translator": names(citation.translators),
        "editor": names(citation.editors),
        "publisher": _tex(citation.publisher),
        "note": _tex(held),
        "langid": citation.language,
        "url": citation.address,
    }
    # A month is written as BibTeX's own abbreviation, without braces.
    lines = [
        f"  {name} = {value if name == 'month' else f'{{{value}}}'},"
        for name, value in entries.items()
        if value
    ]
    ident = re.sub(r"[^\w:.-]", "-", citation.ident)
    return "\n".join([f"@misc{{{ident},", *lines, "}", ""])


def ris(citation: Citation) -> str:
    """Return a citation as RIS; lines end as the format demands, CR LF."""
    year, month, day = (*_parts(citation.date), 0, 0, 0)[:3]
    stated = [f"{number:02}" if number else "" for number in (month, day)]
    lines = [
        ("TY", "GEN" if citation.within else "ELEC"),
        ("ID", citation.ident),
        *(("AU", name.inverted) for name in citation.authors),
        ("TI", citation.title),
        ("PY", f"{year:04}" if year else ""),
        ("DA", f"{year:04}/{stated[0]}/{stated[1]}/" if year else ""),
        ("T2", citation.within),
        *(("A3", name.inverted) for name in citation.editors),
        *(("A4", name.inverted) for name in citation.translators),
        ("PB", citation.publisher),
        ("AN", citation.archive),
        ("CN", citation.shelfmark),
        ("LA", citation.language),
        ("UR", citation.address),
    ]
    made = [f"{tag}  - {' '.join(text.split())}" for tag, text in lines if text]
    return "\r\n".join([*made, "ER  - ", ""])


#: Formats that programs import: ending of the file, name, media type, what makes it.
FORMATS: Final = (
    ("bib", "BibTeX", "application/x-bibtex", bibtex),
    ("ris", "RIS", "application/x-research-info-systems", ris),
    ("json", "CSL-JSON", "application/vnd.citationstyles.csl+json", csl_json),
)
