"""What a teiHeader says of a document, read once: the one model of metadata.

Pages, lists and (later) every format of exchange are projections of it. Elements
are kept where their names are tagged, so that a page can render them with links.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toolkit.tei import TEI, XML_ID, XML_LANG, Document, local_name, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.tei import Element

_DATING: Final = ("when", "from", "notBefore", "to", "notAfter")


@dataclass(frozen=True, slots=True)
class Credit:
    """Somebody who had a part in the document, and which."""

    role: str
    name: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """The metadata of one document; empty strings where the header says nothing."""

    ident: str  #: ``TEI/@xml:id``
    title: str
    date: str  #: the document's date for machines: ISO 8601, with the precision given
    date_words: str  #: its date as the catalogue words it
    languages: tuple[str, ...]  #: names of the languages of the text
    original: str  #: name of the language of the original
    repository: str
    collection: str
    shelfmark: str
    authors: tuple[str, ...]
    credits: tuple[Credit, ...]  #: translators and others responsible
    funders: tuple[str, ...]
    sender: str
    receiver: str
    address: str  #: where the translation was published
    title_element: Element | None
    citation: Element | None  #: the catalogue's citation, word for word
    summary: tuple[Element, ...]  #: the catalogue's summary: its paragraphs
    acknowledgements: tuple[Element, ...]  #: the catalogue's credits
    contents: tuple[str, ...]  #: the catalogue's list of contents
    descriptions: tuple[Element, ...]  #: msDesc
    declarations: tuple[Element, ...]  #: the paragraphs of editorialDecl

    @property
    def year(self) -> str:
        """The year, or an empty string."""
        return self.date[:4]


def metadata(document: Document) -> Metadata:
    """Read a document's metadata from its header."""
    header = document.root.find(f"{TEI}teiHeader")
    if header is None:
        header = document.root.makeelement(f"{TEI}teiHeader")
    created = _first(header, "creation//date")
    citation = _first(header, "sourceDesc//bibl[@type='citation']")
    notes = list(_all(header, "notesStmt/note"))
    return Metadata(
        ident=document.ident,
        title=_text(header, "titleStmt/title") or document.ident,
        date=_iso(created),
        date_words="" if created is None else plain(created),
        languages=tuple(
            dict.fromkeys(
                _tail_word(note) for note in notes if note.get("subtype") == "contents"
            )
        )
        or _languages(header, original=False),
        original=", ".join(_languages(header, original=True))
        or _text(header, "msContents/textLang"),
        repository=_known(header, "msIdentifier/repository"),
        collection=_known(header, "msIdentifier/collection"),
        shelfmark=_known(header, "msIdentifier/idno"),
        authors=tuple(plain(author) for author in _all(header, "titleStmt/author")),
        credits=tuple(_credits(header)),
        funders=tuple(plain(funder) for funder in _all(header, "titleStmt/funder")),
        sender=_correspondent(header, "sent"),
        receiver=_correspondent(header, "received"),
        address=_address(citation),
        title_element=_first(header, "titleStmt/title"),
        citation=citation,
        summary=tuple(_all(header, "profileDesc/abstract/p")),
        acknowledgements=tuple(n for n in notes if n.get("subtype") == "credits"),
        contents=tuple(plain(n) for n in notes if n.get("subtype") == "contents"),
        descriptions=tuple(_all(header, "sourceDesc/msDesc")),
        declarations=tuple(_all(header, "editorialDecl/*")),
    )


def _path(words: str) -> str:
    """Turn ``a/b//c[@x]`` into ElementPath in the TEI namespace."""
    steps = (f"{TEI}{s}" if s and s != "*" else s for s in words.split("/"))
    return ".//" + "/".join(steps)


def _all(header: Element, words: str) -> Iterator[Element]:
    return header.iterfind(_path(words))


def _first(header: Element, words: str) -> Element | None:
    return header.find(_path(words))


def _text(header: Element, words: str) -> str:
    found = _first(header, words)
    return "" if found is None else plain(found)


def _known(header: Element, words: str) -> str:
    """Return a value unless the encoding says that it is not known."""
    found = _first(header, words)
    return "" if found is None or found.get("cert") == "unknown" else plain(found)


def _iso(date: Element | None) -> str:
    if date is None:
        return ""
    return next((date.get(a, "") for a in _DATING if date.get(a)), "")


def _languages(header: Element, *, original: bool) -> tuple[str, ...]:
    return tuple(
        plain(language)
        for language in _all(header, "langUsage/language")
        if language.get("n") in ({"original"} if original else {"translation", None})
    )


def _tail_word(note: Element) -> str:
    """Return ``English`` of ``Translation - English``."""
    return plain(note).rsplit(" - ", 1)[-1]


def _credits(header: Element) -> Iterator[Credit]:
    for statement in _all(header, "titleStmt/respStmt"):
        role = "; ".join(plain(r) for r in statement.findall(f"{TEI}resp"))
        for child in statement:
            if isinstance(child.tag, str) and local_name(child) != "resp":
                yield Credit(role.split(":")[0], plain(child))
    for editor in _all(header, "titleStmt/editor"):
        yield Credit(editor.get("role", "editor"), plain(editor))


def _correspondent(header: Element, kind: str) -> str:
    action = _first(header, f"correspDesc/correspAction[@type='{kind}']")
    if action is None:
        return ""
    names = [c for c in action if isinstance(c.tag, str) and local_name(c) != "date"]
    return ", ".join(plain(name) for name in names)


def _address(citation: Element | None) -> str:
    if citation is None:
        return ""
    for element in citation.iter(f"{TEI}ref", f"{TEI}ptr"):
        return element.get("target", "")
    for element in citation.iter(f"{TEI}idno"):
        if element.get("type") == "URI":
            return plain(element)
    return ""


@dataclass(frozen=True, slots=True)
class Entity:
    """One entry of a register: a person, a place or an organisation."""

    kind: str  #: ``person``, ``place`` or ``org``
    file: str  #: the register's file name
    ident: str
    name: str  #: the preferred form
    variants: tuple[str, ...]  #: the other forms, as they occur in the documents
    notes: tuple[Element, ...]
    filed: str = ""  #: what it is sorted by, without blanks: @sortKey

    @property
    def heading(self) -> str:
        """The name with the part first that it is sorted by: ``Kosygin, Alexei``."""
        first, comma, _ = self.filed.partition(",")
        if comma and self.name.endswith(f" {first}"):
            return f"{first}, {self.name.removesuffix(first).strip()}"
        return self.name

    @property
    def sort_key(self) -> str:
        """The name for the alphabet: the filed form if it has one, without case."""
        return (self.filed or self.name).casefold()


_NAME_OF: Final = {"person": "persName", "place": "placeName", "org": "orgName"}


def entities(register: Document) -> list[Entity]:
    """Return the entries of a register, by name."""
    found = [
        _entity(register, entry)
        for kind in _NAME_OF
        for entry in register.root.iter(f"{TEI}{kind}")
        if entry.get(XML_ID)
    ]
    return sorted(found, key=lambda entity: (entity.sort_key, entity.ident))


def _entity(register: Document, entry: Element) -> Entity:
    kind = local_name(entry)
    forms = entry.findall(f"{TEI}{_NAME_OF[kind]}")
    preferred = next((f for f in forms if f.get("type") == "preferred"), None)
    ident = entry.get(XML_ID, "")
    name = plain(preferred if preferred is not None else forms[0]) if forms else ident
    others = dict.fromkeys(plain(form) for form in forms)
    return Entity(
        kind=kind,
        file=register.path.name,
        ident=ident,
        name=name,
        variants=tuple(form for form in others if form != name),
        notes=tuple(entry.findall(f"{TEI}note")),
        filed=entry.get("sortKey", ""),
    )


def language_of(document: Document) -> str:
    """Return the BCP 47 code of a document's text, ``und`` where it says none."""
    text = document.root.find(f"{TEI}text")
    for element in (text, document.root):
        if element is not None and element.get(XML_LANG):
            return element.get(XML_LANG, "und")
    return "und"
