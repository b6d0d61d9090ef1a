"""Facts about what editors, translators and hands did to a text: more of ``its``.

What a part of a ``choice`` stands for, who supplied a word, whose hand wrote one,
and which gaps and notes stand in a block by themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toolkit.render.properties import wordless
from toolkit.tei import TEI, XML_LANG, local_name, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from toolkit.render.facts import Facts
    from toolkit.tei import Element

_CHOICE: Final = f"{TEI}choice"
_GAP: Final = f"{TEI}gap"
#: Which part of a ``choice`` answers which.
_OTHER: Final = {
    "sic": "corr",
    "corr": "sic",
    "orig": "reg",
    "reg": "orig",
    "abbr": "expan",
    "expan": "abbr",
}
_SUPPLIED: Final = frozenset({f"{TEI}supplied", f"{TEI}ex"})
_BY_HAND: Final = frozenset({f"{TEI}add", f"{TEI}signed"})
_ALONE: Final = frozenset({_GAP, f"{TEI}note"})
_DIV: Final = f"{TEI}div"
_SURPLUS: Final = f"{TEI}surplus"
_WANTED: Final = (_CHOICE, _DIV, *_SUPPLIED, *_BY_HAND, *_ALONE)
_BLOCKS: Final = frozenset(
    TEI + name for name in ("p", "ab", "item", "opener", "closer", "head", "salute")
)


def gather_editorial(
    text: Element,
    facts: Facts,
    ids: Mapping[str, Element],
    who: Callable[[Element], str],
) -> None:
    """Add to a document's facts what is known of editorial work in it.

    Args:
        text: The ``TEI`` element (or any subtree of it).
        facts: The facts to add to. A ``choice`` and a ``surplus`` get an anchor,
            so that a list of corrections can lead to them.
        ids: The document's elements by @xml:id, to find hands.
        who: Gives the words for an element's @resp.
    """
    for number, change in enumerate(text.iter(_CHOICE, _SURPLUS), 1):
        facts.anchors.setdefault(change, f"change-{number}")
    for element in text.iter(*_WANTED):
        tag = element.tag
        if tag == _CHOICE:
            _choice(element, facts)
        elif tag == _DIV:
            _translation(element, facts)
        elif tag in _SUPPLIED:
            facts.add(element, who=who(element))
        elif tag in _ALONE:
            if stands_alone(element):
                facts.add(element, alone="yes")
        else:
            _hand(element, facts, ids)


def _hand(element: Element, facts: Facts, ids: Mapping[str, Element]) -> None:
    """Say whose hand wrote something, in the words of the ``handNote``."""
    hand = ids.get((element.get("hand") or "").removeprefix("#"))
    if hand is not None:
        facts.add(element, hand=plain(hand).rstrip("."))


def _translation(division: Element, facts: Facts) -> None:
    """Name the language of a translation that stands beside another one."""
    parent = division.getparent()
    if division.get("type") != "translation" or parent is None:
        return
    beside = [d for d in parent.iterchildren(_DIV) if d.get("type") == "translation"]
    code = division.get(XML_LANG)
    if len(beside) < 2 or not code:
        return
    root = division.getroottree().getroot()
    for language in root.iterfind(f".//{TEI}langUsage/{TEI}language"):
        if language.get("ident") == code:
            facts.add(division, language=plain(language))


def _choice(choice: Element, facts: Facts) -> None:
    """Tell each part of a choice what the other says, or that it tells of a loss."""
    parts = {local_name(part): part for part in choice if isinstance(part.tag, str)}
    for name, part in parts.items():
        other = parts.get(_OTHER.get(name, ""))
        if other is None:
            continue
        loss = next((g for g in other.iter(_GAP) if g.get("reason") == "lost"), None)
        if loss is not None:
            alone = {"alone": "yes"} if stands_alone(choice) else {}
            facts.add(part, lost=facts.of.get(loss, {}).get("words", ""), **alone)
        elif next(part.iter(_GAP), None) is None:
            facts.add(part, other=plain(other))


def stands_alone(element: Element) -> bool:
    """Whether nothing else is said in the block that an element stands in."""
    while True:
        parent = element.getparent()
        if parent is None:
            return False
        if parent.tag != _CHOICE and _says_more(parent, element):
            return False
        if parent.tag in _BLOCKS:
            return True
        element = parent


def _says_more(parent: Element, child: Element) -> bool:
    """Whether a parent says anything outside one of its children."""
    if (parent.text or "").strip():
        return True
    return any(
        (other.tail or "").strip()
        or (other is not child and (other.tag in _ALONE or not wordless(other)))
        for other in parent
    )
