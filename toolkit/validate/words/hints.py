"""What a pointer that leads nowhere, or an id that is none, was probably meant to be.

Takes what is written and what there is, and gives a mend in words; None if there is
nothing to say. Everything that a hint looks at outside its document is noted, so that
a finding is not kept longer than its hint holds.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from toolkit.schema.lexical import is_name
from toolkit.validate.words.phrases import near

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from toolkit.validate.pointers.ids import Index

_SCHEMES: Final = ("https", "http", "mailto", "urn", "doi", "ftp")
#: What an address on the web begins with if its scheme is forgotten.
_WEB: Final = re.compile(
    r"(?:www\.|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|edu|eu|info|de|uk|fr|at|ch|nl|it|"
    r"gov)(?:[/#?:]|$))"
)
_NUMBERS: Final = re.compile(r"\d+")
_SHOWN: Final = 6  #: ids that a hint lists
_MOST: Final = 5_000  #: names that one is compared with


def inside(ident: str, names: Sequence[str], path: Path, index: Index) -> str | None:
    """Return what a pointer into its own document should be.

    Args:
        ident: What follows the ``#``.
        names: The ids of the document.
        path: The document.
        index: The ids of the edition.
    """
    bare = ident.strip("#,;.")
    if bare in names and bare != ident:
        if ident.endswith((",", ";")):
            return f"write #{bare}: pointers are divided by spaces, not by commas"
        return f"write #{bare}"
    if divided := _divided(ident):
        return divided
    owners = [one for one in index.owners(ident) if one != path]
    if owners:
        return f"{owners[0].name} has it: write {_way(path, owners[0])}#{ident}"
    return _meant(ident, names, "#{}") or _some(names)


def found(pointer: str, meant: str, ident: str) -> str:
    """Return the mend of a pointer where only one id can have been meant.

    Args:
        pointer: How the pointer has to be written.
        meant: The id that is meant.
        ident: The id that is written.
    """
    if meant.lower() == ident.lower():
        return f"write {pointer}: ids are case-sensitive"
    if ident.endswith((",", ";")):
        return f"write {pointer}: pointers are divided by spaces, not by commas"
    return f"write {pointer} if that is meant"


def in_other(ident: str, names: Sequence[str], place: str) -> str | None:
    """Return what a pointer into another file should be.

    Args:
        ident: What follows the ``#``.
        names: The ids of that file.
        place: That file, as it is written.
    """
    return _divided(ident) or _meant(ident, names, place + "#{}")


def file(place: str, fragment: str, path: Path, index: Index) -> str | None:
    """Return what a pointer to a file that is not there should be.

    Args:
        place: The file, as it is written.
        fragment: What follows the ``#``.
        path: The document.
        index: The ids of the edition.
    """
    end = f"#{fragment}" if fragment else ""
    if _WEB.match(place):
        return f"write https://{place}{end} if it is an address on the web"
    if web := re.match(r"(https?|ftp)(?:;|//?|\\\\)(\w.*)", place):
        return f"write {web[1]}://{web[2]}{end}"
    if "\\" in place:
        return f"write / for \\: {place.replace(chr(92), '/')}{end}"
    if not fragment and is_name(place):
        names = index.idents(path)
        if place in names:
            return f"write #{place}: a pointer into this document begins with #"
        if likely := near(place, names[:_MOST]):
            return f"write #{likely} if that is meant"
        if "." not in place:
            return "write # before an id of this document; else give the file's name"
    index.names()  # notes that they were asked for
    name = unquote(place.rpartition("/")[2])
    by_name = {one.name: one for one in index.documents}
    likely = name if name in by_name else near(name, by_name)
    if not likely and f"{name}.xml" in by_name:
        likely = f"{name}.xml"
    if likely:
        return f"write {_way(path, by_name[likely])}{end} if that is meant"
    return "a pointer is #id, or file.xml#id from this document's folder, or an address"


def scheme(written: str, declared: Iterable[str]) -> str | None:
    """Return the prefix or scheme that was meant.

    Args:
        written: What stands before the colon.
        declared: The prefixes that the document declares.
    """
    likely = near(written, [*declared, *_SCHEMES])
    return f"write {likely}: if that is meant" if likely else None


def meant(written: str) -> list[str]:
    """Return the names that an xml:id which is none can stand for.

    What points to one of them is not reported beside the id.
    """
    parts = re.findall(r"[\w.-]+", unquote(written))
    joined = re.sub(r"-{2,}", "-", "-".join(parts)).strip("-.")
    several = (joined, joined.lstrip("0123456789.-"), "".join(parts))
    return [one for one in dict.fromkeys(several) if is_name(one)]


def identifier(written: str, tag: str) -> str:
    """Return what an xml:id that is no name should be.

    Args:
        written: What is written.
        tag: The local name of its element.
    """
    rule = "begin with a letter or _, then letters, digits, . - _; no spaces"
    digits = re.match(r"\d[\w.-]*$", unquote(written))
    names = [f"{tag}-{digits[0]}"] if digits else meant(written)
    return f'write xml:id="{names[0]}"; {rule}' if names else rule


def _divided(ident: str) -> str | None:
    """Return the mend of several pointers that something other than a space divides."""
    if re.search(r"[,;]\S*#", ident):
        return "pointers are divided by spaces, not by commas or semicolons"
    return None


def _meant(ident: str, names: Sequence[str], form: str) -> str | None:
    """Return the id that was probably meant, in the form of a pointer."""
    fitting = [one for one in names if abs(len(one) - len(ident)) < 4][:_MOST]
    likely = near(ident, fitting) or next(
        (one for one in names[:_MOST] if one.endswith(f"-{ident}")), ""
    )
    if likely.lower() == ident.lower() and likely:
        return f"write {form.format(likely)}: ids are case-sensitive"
    shape = _NUMBERS.sub("0", ident)
    series = [one for one in fitting if _NUMBERS.sub("0", one) == shape]
    if series:  # a number is seldom mistyped
        shown = [form.format(one) for one in series[-_SHOWN:]]
        return f"there is {'…, ' * (len(series) > _SHOWN)}{', '.join(shown)}"
    return f"write {form.format(likely)} if that is meant" if likely else None


def _some(names: Sequence[str]) -> str | None:
    """Return the ids of a document, if they are few."""
    names = [one for one in names if is_name(one)]
    if not names:
        return "no element of this document has an xml:id; give the one that is meant"
    if len(names) <= _SHOWN:
        return "this document has " + ", ".join(f"#{one}" for one in names)
    return None


def _way(path: Path, other: Path) -> str:
    """Return how one file names another."""
    return os.path.relpath(other, path.parent).replace(os.sep, "/").replace(" ", "%20")
