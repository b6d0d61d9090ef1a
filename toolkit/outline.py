"""The outline of an XML file: what may come first, what last, what must have an end.

Takes the place where a parser stopped and gives what is wrong there and the mend.

XML 1.0 (Fifth Edition), sections 2.1 (documents) and 2.8 (prolog); Namespaces in
XML 1.0, section 3 (declarations).
"""

from __future__ import annotations

import re
from typing import Final

from toolkit import familiar
from toolkit.slips import Slip

ROOT: Final = '<TEI xmlns="http://www.tei-c.org/ns/1.0">'
#: Elements without content, which are often left open.
EMPTY: Final = familiar.EMPTY | {"br", "hr", "img"}
#: What can be left without an end: its beginning, its name, the mend.
TOKENS: Final = (
    ("<!--", "the comment", "write --> where it ends"),
    ("<![CDATA[", "the CDATA section", "write ]]> where it ends"),
    ("<?", "the processing instruction", "write ?> where it ends"),
    ("<!", "the declaration", "write > where it ends"),
    ("</", "the end tag", "write > at its end"),
    ("<", "the tag", "write > at its end, or the quotation mark of its last value"),
    ("&", "the reference", "write &amp; for the character &"),
)
#: What is wrong, and the mend, by the name of expat's error.
FIXED: Final = {
    "SYNTAX": (
        "text stands where the outermost element should begin",
        f"a TEI document begins with {ROOT}",
    ),
    "XML_DECL": (
        "the line <?xml …?> is not as it must be",
        'write <?xml version="1.0" encoding="UTF-8"?>',
    ),
    "RESERVED_PREFIX_XML": (
        "the prefix xml: belongs to XML itself and cannot be given another namespace",
        "remove its declaration xmlns:xml",
    ),
    "RESERVED_PREFIX_XMLNS": (
        "the prefix xmlns: belongs to XML itself and cannot be declared",
        "remove its declaration xmlns:xmlns",
    ),
    "RESERVED_NAMESPACE_URI": (
        "a namespace of XML itself is given to another prefix",
        "remove the declaration; xml: needs none",
    ),
    "PUBLICID": (
        "the public identifier of the DOCTYPE holds a character that is not allowed",
        "remove the DOCTYPE; TEI documents need none",
    ),
    "PARTIAL_CHAR": (
        "the file ends in the middle of a character",
        "it may have been cut off; take it from a backup",
    ),
}


def after_the_end(index: int, at: str, before: str) -> Slip:
    """Word what follows the outermost element.

    Args:
        index: Where it begins, in characters.
        at: The text from there on.
        before: The text before it.
    """
    closing = re.match(r"</([^\s>]+)", at)
    opening = re.match(r"<([^\s/>!?]+)", at)
    if closing:
        return Slip(
            index,
            f"</{closing[1]}> closes nothing: the outermost element has ended",
            "remove it, or the end tag that came too early",
        )
    if opening:
        mend = f"a document has one outermost element; remove <{opening[1]}>"
        ended = re.search(r"</([\w:.-]+)\s*>[^<]*\Z", before)
        if opening[1] in {"TEI", "teiCorpus"}:
            mend += ", or put both into a <teiCorpus>"
        elif ended:
            line = before.count("\n", 0, ended.start()) + 1
            mend += f", or the </{ended[1]}> of line {line} if it came too early"
        said = f"<{opening[1]}> comes after the end of the outermost element"
        return Slip(index, said, mend)
    return Slip(
        index,
        "there is text after the end of the outermost element",
        "a document has one outermost element; remove what follows it",
    )


def undeclared(index: int, at: str) -> Slip:
    """Word a prefix that is declared to have no namespace."""
    found = re.search(r"xmlns:([\w.-]+)\s*=\s*(?:\"\"|'')", at)
    prefix = found[1] if found else "…"
    return Slip(
        index,
        f'the prefix {prefix}: is declared without a namespace: xmlns:{prefix}=""',
        f"give its namespace, or remove xmlns:{prefix}",
    )


def late_declaration(index: int, before: str) -> Slip:
    """Word an XML declaration that something precedes."""
    if "<?xml" in before:
        said, mend = "a second <?xml …?> stands here", "remove it"
    elif before.strip():
        said = "<?xml …?> is not the first thing in the file"
        mend = "remove what stands before it"
    else:
        said = (
            "<?xml …?> is not the first thing in the file: a space or an empty line is"
        )
        mend = "remove it, so that the file begins with <?xml"
    return Slip(index, said, mend)
