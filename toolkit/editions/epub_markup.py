"""Pages of HTML made into documents of an e-book: well-formed, linked, without script.

The templates of the elements are those of the web edition. What an e-book needs
besides follows from the roles that they give: a ``doc-noteref`` is a ``noteref``, a
``doc-footnote`` an ``aside`` that a reading system shows where it is called.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from lxml import etree

from toolkit.errors import TemplateError
from toolkit.tei import XML_LANG

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from toolkit.tei import Element

XHTML_NS: Final = "http://www.w3.org/1999/xhtml"
XHTML: Final = f"{{{XHTML_NS}}}"
EPUB_TYPE: Final = "{http://www.idpf.org/2007/ops}type"
SUFFIX: Final = ".xhtml"
IMAGES: Final = "../images/"  #: the folder of the images, from a document of the book
PROLOGUE: Final = '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n'
_TYPES: Final = {
    "doc-noteref": "noteref",
    "doc-footnote": "footnote",
    "doc-backlink": "backlink",
    "doc-pagebreak": "pagebreak",
}
#: Roles that are younger than the ARIA of EPUB 3.3.
_UNKNOWN: Final = frozenset({"paragraph"})
#: What only a page with a script has a use for.
_SCRIPTED: Final = [XHTML + name for name in ("script", "button", "dialog", "template")]
_PAGE: Final = re.compile(r"^([^:/?#]+)\.html(#.*)?$")
_ELSEWHERE: Final = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")


def parse(page: str, name: str) -> Element:
    """Return the tree of a page that templates made.

    Args:
        page: The page, as XML.
        name: Whose page it is, for the message.

    Raises:
        TemplateError: A template does not give XML.
    """
    try:
        # Our own page, so as large and as deep as its document is.
        return etree.fromstring(page.encode(), etree.XMLParser(huge_tree=True))
    except etree.XMLSyntaxError as fault:
        line = page.split("\n")[max(0, (fault.lineno or 1) - 1)]
        near = line[max(0, (fault.offset or 1) - 60) :][:80]
        raise TemplateError(
            f"{name}: the e-book’s page is not well-formed XML: {fault.msg}; "
            f"near {near!r}; a template must close every tag and write <br/>, &#160;"
        ) from None


def serialise(root: Element) -> str:
    """Return a tree as an XHTML document."""
    return f"{PROLOGUE}{markup(root)}\n"


def markup(element: Element) -> str:
    """Return an element as XML, without what stands after it."""
    return etree.tostring(element, encoding="unicode", with_tail=False)


def adapt(root: Element, ids: Collection[str] = ()) -> None:
    """Make a page of HTML a document of an e-book, in place.

    Args:
        root: The ``html`` element.
        ids: Addresses that must be found in it, because others may lead there; those
            of what it does not show lead to its beginning.
    """
    for scripted in list(root.iter(*_SCRIPTED)):
        remove(scripted)
    for element in root.iter(etree.Element):
        role, language = element.get("role", ""), element.get("lang")
        if role in _TYPES:
            element.set(EPUB_TYPE, _TYPES[role])
        if role in _UNKNOWN:
            element.attrib.pop("role", "")
        if role == "doc-footnote":
            element.tag = f"{XHTML}aside"
        if language:
            element.set(XML_LANG, language)
    _page_breaks(root)
    _addresses(root, ids)
    _links(root)
    _marks(root)


def remove(element: Element) -> None:
    """Take an element out of its tree; the text after it stays."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    element.tail = None
    parent.remove(element)


def _page_breaks(root: Element) -> None:
    """Give every page break an address and a name that is said."""
    for number, mark in enumerate(page_breaks(root), 1):
        if not mark.get("id"):
            mark.set("id", f"page-{number}")
        printed = mark.get("data-n")
        mark.set("aria-label", f"page {printed}" if printed else f"page break {number}")
        mark.attrib.pop("title", "")


def page_breaks(root: Element) -> Iterator[Element]:
    """Yield the page breaks of the source in a document of the book."""
    for element in root.iter(f"{XHTML}span"):
        if element.get("role") == "doc-pagebreak":
            yield element


def _addresses(root: Element, ids: Collection[str]) -> None:
    """Let every address be found."""
    shown = addresses(root)
    place = root.find(f"{XHTML}body/*")
    if place is None:
        return
    for number, ident in enumerate(i for i in ids if i not in shown):
        anchor = etree.Element(f"{XHTML}span", {"id": ident})
        if not number:
            anchor.tail, place.text = place.text, None
        place.insert(number, anchor)


def addresses(root: Element) -> set[str]:
    """Return all ids of a document."""
    return {element.get("id", "") for element in root.iter(etree.Element)} - {""}


def _links(root: Element) -> None:
    """Lead links to the book's own documents; drop those within that lead nowhere."""
    shown = addresses(root)
    for link in root.iter(f"{XHTML}a"):
        target = link.get("href", "")
        if _PAGE.match(target):
            link.set("href", within(target))
        elif target.startswith("#") and unquote(target[1:]) not in shown:
            unlink(link)


def within(target: str) -> str:
    """Return the address in the book of a page of the web edition."""
    return _PAGE.sub(lambda page: f"{page[1]}{SUFFIX}{page[2] or ''}", target)


def unlink(link: Element) -> None:
    """Make a link plain words."""
    link.tag = f"{XHTML}span"
    for name in ("href", "role", EPUB_TYPE, "rel"):
        link.attrib.pop(name, "")


def outward(root: Element) -> Iterator[tuple[Element, str]]:
    """Yield the links to other documents of the book, with where they lead."""
    for link in root.iter(f"{XHTML}a"):
        target = link.get("href", "")
        if target and target[0] != "#" and not _ELSEWHERE.match(target):
            yield link, unquote(target)


def images(root: Element) -> Iterator[Element]:
    """Yield the images of a document that are files of the edition."""
    for image in list(root.iter(f"{XHTML}img")):
        if not _ELSEWHERE.match(image.get("src", "")):
            yield image


def image_file(image: Element) -> str:
    """Return the name of an image's file, as it is in the TEI."""
    return image.get("src", "").removeprefix(IMAGES)


def _marks(root: Element) -> None:
    """Say of each passage that a reader marked how; a book has no script to draw it.

    The mark itself becomes words for those who listen: its note stands beside it.
    """
    marks = [each for each in root.iter(f"{XHTML}a") if each.get("data-passage")]
    of: dict[str, list[str]] = {}
    for mark in marks:
        drawn = mark.get("class", "").split()
        tokens = [t.removeprefix("rend-") for t in drawn if t[:5] in ("rend-", "cert-")]
        of.setdefault(mark.get("data-passage", ""), tokens)
        unlink(mark)
    for element in root.iter(etree.Element):
        tokens = of.get(element.get("id", ""), [])
        if element.get("id", "") in of:
            drawn = ["passage", *(f"passage-{token}" for token in tokens)]
            element.set("class", " ".join([element.get("class", ""), *drawn]).strip())
