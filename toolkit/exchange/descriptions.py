"""What a document's page says of itself to programs: schema.org, Dublin Core, Zotero.

Projections of the same citation that people read, so they never differ from it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from toolkit.exchange.citations import address
from toolkit.tei import TEI, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from toolkit.config import Edition
    from toolkit.exchange.citations import Citation
    from toolkit.metadata import Metadata

_TYPES: Final = {"person": "Person", "place": "Place", "org": "Organization"}


def schema_org(
    citation: Citation,
    meta: Metadata,
    edition: Edition,
    entities: Iterable[Mapping[str, Any]],
    files: Sequence[tuple[str, str, str]],
) -> dict[str, Any]:
    """Return a document as schema.org has it, ready to be written as JSON-LD.

    Args:
        citation: The document's citation.
        meta: Its metadata.
        edition: The edition it stands in.
        entities: Whom and what it names: each with ``kind``, ``name`` and ``href``.
        files: Its other forms: label, address, media type.
    """
    whole = {
        "@type": "CreativeWork",
        "name": citation.within,
        "url": address(edition, ""),
    }
    described = {
        "@context": "https://schema.org",
        "@type": "Message" if meta.sender and meta.receiver else "DigitalDocument",
        "@id": citation.address,
        "url": citation.address,
        "identifier": citation.ident,
        "name": citation.title,
        "author": [_person(name.printed) for name in citation.authors],
        "translator": [_person(name.printed) for name in citation.translators],
        "editor": [_person(name.printed) for name in citation.editors],
        "sender": _agent(meta.sender),
        "recipient": _agent(meta.receiver),
        "dateCreated": citation.date,
        "inLanguage": citation.language,
        "translationOfWork": _kept("CreativeWork", inLanguage=meta.original),
        "abstract": " ".join(plain(paragraph) for paragraph in meta.summary),
        "holdingArchive": _kept("ArchiveOrganization", name=citation.archive),
        "isPartOf": {key: value for key, value in whole.items() if value},
        "publisher": _kept("Organization", name=citation.publisher),
        "license": edition.licence,
        "mentions": list(_mentioned(entities)),
        "encoding": [
            {"@type": "MediaObject", "contentUrl": href, "encodingFormat": kind}
            for _, href, kind in files
        ],
    }
    return {key: value for key, value in described.items() if value}


def data_block(described: Mapping[str, Any]) -> str:
    """Return JSON that may stand in a ``script`` element: nothing in it ends one."""
    text = json.dumps(described, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _person(name: str) -> dict[str, str]:
    return {"@type": "Person", "name": name}


def _agent(words: str) -> dict[str, str]:
    """Return a sender or receiver; the header may name persons, offices and places."""
    return {"@type": "Organization", "name": words} if words else {}


def _kept(kind: str, **values: str) -> dict[str, str]:
    """Return a thing of a kind, or nothing if nothing is known of it."""
    return {"@type": kind, **values} if all(values.values()) else {}


def _mentioned(entities: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, str]]:
    for entity in entities:
        kind = _TYPES.get(entity["kind"], "Thing")
        yield {"@type": kind, "name": entity["name"], "url": entity["href"]}


def meta_elements(
    citation: Citation, meta: Metadata, licence: str, pdf: str
) -> list[tuple[str, str]]:
    """Return names and contents of a page's ``meta``: Dublin Core, then Highwire.

    Args:
        citation: The document's citation.
        meta: Its metadata.
        licence: The terms of use, in words.
        pdf: The address of its PDF; empty if there is none.
    """
    held = ", ".join(part for part in (citation.archive, citation.shelfmark) if part)
    subjects = [
        plain(term)
        for root in _headers(meta)
        for term in root.iterfind(f".//{TEI}textClass/{TEI}keywords/{TEI}term")
    ]
    said = [
        ("DC.title", citation.title),
        *(("DC.creator", name.printed) for name in citation.authors),
        *(("DC.contributor", name.printed) for name in citation.translators),
        ("DC.date", citation.date),
        ("DC.language", citation.language),
        ("DC.type", "Text"),
        ("DC.identifier", citation.address or citation.ident),
        ("DC.source", held),
        ("DC.publisher", citation.publisher),
        ("DC.rights", licence),
        *(("DC.subject", subject) for subject in subjects),
        ("DCTERMS.isPartOf", citation.within),
        ("citation_title", citation.title),
        *(("citation_author", name.inverted) for name in citation.authors),
        ("citation_publication_date", citation.date.replace("-", "/")),
        ("citation_inbook_title", citation.within),
        *(("citation_editor", name.printed) for name in citation.editors),
        ("citation_publisher", citation.publisher),
        ("citation_language", citation.language),
        ("citation_public_url", citation.address),
        ("citation_pdf_url", pdf),
    ]
    return [(name, " ".join(content.split())) for name, content in said if content]


def _headers(meta: Metadata) -> Iterator[Any]:
    """Yield the header that the metadata was read from, by way of its title."""
    if meta.title_element is not None:
        yield from meta.title_element.iterancestors(f"{TEI}teiHeader")
