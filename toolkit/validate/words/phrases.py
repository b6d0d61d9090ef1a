"""The phrases that messages are made of: names as they are written, lists, quotations.

Takes expanded names (``{namespace}local``) and texts and gives words for an editor:
what is likeliest comes first, what is of one kind stands together, and what would be
too much is counted.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Final

from toolkit.schema.nameclass import split
from toolkit.schema.opened import swapped
from toolkit.tei import TEI

if TYPE_CHECKING:
    from collections.abc import Iterable

_XML: Final = "{http://www.w3.org/XML/1998/namespace}"
_SHOWN: Final = 6  #: names in a plain list
_TOGETHER: Final = 3  #: names shown of one group
_GROUPS_SHOWN: Final = 4
_QUOTED: Final = 40  #: characters of a text that a message quotes
_LONGEST: Final = 60  #: difflib takes its time, and nobody mistypes a longer name

#: What editors reach for, by kind, the likelier first; what a schema lacks is no harm.
_GROUPS: Final = tuple(
    kind.split()
    for kind in (
        "p div body head list item table row cell lg l sp speaker stage figure quote "
        "opener closer dateline signed salute trailer ab floatingText",
        "persName placeName orgName date name rs num measure time",
        "hi q quote term foreign title emph",
        "note ref ptr bibl cit",
        "choice supplied gap sic corr orig reg abbr expan ex am add del unclear seg "
        "subst surplus damage",
        "lb pb cb gb milestone anchor",
        "titleStmt publicationStmt sourceDesc title author editor respStmt publisher "
        "idno availability msDesc msIdentifier profileDesc encodingDesc revisionDesc",
    )
)
#: Attributes that every element has: the less interesting for any.
_EVERYWHERE: Final = frozenset(
    "ana facs change corresp synch sameAs copyOf next prev exclude select rendition "
    "style xml:base xml:space cert source decls xml:id xml:lang".split()
)
_RANK: Final = {
    one: place
    for place, one in enumerate(dict.fromkeys(n for kind in _GROUPS for n in kind))
}


def name(expanded: str) -> str:
    """Return how an element is written: the local name, whatever its namespace."""
    return split(expanded)[1] if expanded.startswith("{") else expanded


def attribute(expanded: str) -> str:
    """Return how an attribute is written: ``@n``, ``@xml:id``."""
    return "@" + expanded.replace(_XML, "xml:").removeprefix(TEI)


def tag(expanded: str) -> str:
    """Return how messages name something that an element may hold."""
    if expanded == "text":
        return "text"
    return "any element" if expanded.startswith("any name") else f"<{name(expanded)}>"


def ranked(expanded: Iterable[str]) -> list[str]:
    """Return names, each once, the commonest first, then in the schema's order."""
    return sorted(dict.fromkeys(expanded), key=lambda one: _RANK.get(name(one), 999))


def names(expanded: Iterable[str], conjunction: str = "or") -> str:
    """Return elements as a phrase: ``<a>, <b> or <c>``; what is too much is counted."""
    tags = [tag(one) for one in ranked(expanded)]
    if len(tags) > _SHOWN + 1:
        tags[_SHOWN:] = [f"{len(tags) - _SHOWN} others"]
    return joined(tags, conjunction)


def grouped(expanded: Iterable[str], most: int = _GROUPS_SHOWN) -> str:
    """Return elements by kind: ``<p>, <list>; <persName>, <date>; and 80 others``.

    A few are given as a plain list.

    Args:
        expanded: The elements.
        most: How many kinds are shown.
    """
    several = ranked(expanded)
    elements = [one for one in several if one != "text"]
    if len(elements) <= _SHOWN + 1:
        return names(several)
    by_name = {name(one): one for one in reversed(elements)}
    shown: list[str] = []
    groups: list[str] = []
    for kind in _GROUPS:
        members = [one for one in kind if one in by_name and one not in shown]
        if members and len(groups) < most:
            shown += members[:_TOGETHER]
            groups.append(", ".join(f"<{one}>" for one in members[:_TOGETHER]))
    if not groups:
        return names(several)
    rest = len(elements) - len(shown)
    first = ["text"] if "text" in several else []
    last = [f"and {rest} others"] if rest > 1 else []
    return "; ".join(first + groups + last)


def listed(lead: str, expanded: Iterable[str], most: int = _GROUPS_SHOWN) -> str:
    """Return ``lead: elements``, by kind; empty if there are none.

    Args:
        lead: What the elements are.
        expanded: The elements.
        most: How many kinds of them are shown.
    """
    phrase = grouped(expanded, most)
    if not phrase:
        return ""
    return f"{lead}: {phrase}" if ";" in phrase else f"{lead} {phrase}"


def few(written: Iterable[str]) -> str:
    """Return some attributes, those that few elements have first, the rest counted."""
    ordered = sorted(written, key=lambda one: one[1:] in _EVERYWHERE)
    shown = ordered[:_SHOWN]
    rest = len(ordered) - len(shown)
    return joined([*shown, f"{rest} others"] if rest else shown)


def joined(words: list[str], conjunction: str = "or") -> str:
    """Return words with commas, and a conjunction before the last."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def quoted(text: str) -> str:
    """Return a text in quotation marks, not longer than a message can bear."""
    text = " ".join(text.split())
    return f"“{text if len(text) <= _QUOTED else text[: _QUOTED - 1] + '…'}”"


def typed(attribute_written: str, value: str) -> str:
    """Return an attribute as it has to be typed: ``when="1967"``."""
    return f'{attribute_written.removeprefix("@")}="{value}"'


def near(wrong: str, names: Iterable[str], cutoff: float = 0.75) -> str:
    """Return the name that was most likely meant; empty if none is near.

    Args:
        wrong: What is written.
        names: What could have been meant; of two as near the first is taken.
        cutoff: How alike they have to be, up to 1.
    """
    if not wrong or len(wrong) > _LONGEST:
        return ""
    by_form: dict[str, str] = {}
    for one in names:
        by_form.setdefault(one.lower(), one)
    lower = wrong.lower()
    forms = lower, re.sub(r"[-_.\s]", "", lower), re.sub(r"(.)\1", r"\1", lower)
    for form in forms:
        if form in by_form:
            return by_form[form]
    if found := next((one for one in swapped(lower) if one in by_form), ""):
        return by_form[found]
    alike = difflib.get_close_matches(lower, by_form, 1, cutoff)
    return by_form[alike[0]] if alike else ""
