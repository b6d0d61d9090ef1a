"""Language tags: what XML Schema lets pass and no list of languages knows.

``xml:lang="english"`` has the form of a language tag, so the grammar accepts it; but
no program will know it for English. Takes a tag and says what should be written.

BCP 47, section 2.1 (syntax): languages have codes of two or three letters; those of
four letters are reserved, and none of five to eight is registered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from lxml import etree

from toolkit.familiar import CODES, COUNTRIES, LANGUAGES
from toolkit.findings import Severity
from toolkit.tei import TEI, TEI_NS, XML_LANG, local_name
from toolkit.validate.violation import Violation
from toolkit.validate.words.phrases import attribute, quoted, typed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.tei import Element

_WITH_TAG: Final = etree.XPath(
    "//*[@xml:lang] | //t:language[@ident] | //t:textLang[@mainLang]",
    namespaces={"t": TEI_NS},
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
        for name in (XML_LANG, _OTHERS.get(str(element.tag), "")):
            tag = element.get(name) if name else None
            if tag is None or not tag.replace("-", "").isalnum():
                continue
            if tag not in known:
                known[tag] = doubt(tag)
            meant = known[tag]
            if meant is not None:
                yield _violation(element, attribute(name), tag, meant)


def _violation(element: Element, written: str, tag: str, meant: str) -> Violation:
    mend = f"write {typed(written, meant)}" if meant else "look it up in the IANA list"
    return Violation(
        element,
        "TEI112",
        f"{written} of <{local_name(element)}> is {quoted(tag)}, which is the tag "
        "of no language",
        mend,
        Severity.WARNING,
    )
