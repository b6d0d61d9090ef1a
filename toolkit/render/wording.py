"""Editorial phenomena in words: for a title, a screen reader, a list of notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toolkit.tei import TEI, plain

if TYPE_CHECKING:
    from toolkit.tei import Element

_REASON: Final = {
    "editorial": "left out",
    "illegible": "illegible",
    "redacted": "redacted",
    "withheld": "withheld",
    "lost": "lost",
    "untranslated": "not translated",
    "autograph": "signature, not reproduced",
}
_AGENT: Final = {
    "digitization": "in digitisation",
    "damage": "by damage",
    "water": "by water",
    "fire": "by fire",
}
_UNIT: Final = {"char": "character"}
_FUNCTION: Final = {
    "highlight": "highlighted",
    "query": "question mark",
    "exclamation": "exclamation mark",
}
_REND: Final = {
    "line": "one vertical line",
    "double-line": "two vertical lines",
    "question-mark": "question mark",
    "exclamation-mark": "exclamation mark",
}
_SIGN: Final = {
    "line": "|",
    "double-line": "‖",
    "question-mark": "?",
    "exclamation-mark": "!",
}
_PLACE: Final = {
    "margin-left": "in the left margin",
    "margin-right": "in the right margin",
    "margin": "in the margin",
}
_CERT: Final = {
    "low": "extent estimated",
    "medium": "extent found by content",
    "unknown": "extent not known",
}


def gap_words(gap: Element, who: str = "", language: str = "") -> str:
    """Say why text is not here, and how much.

    Args:
        gap: A ``gap``.
        who: Whose statement it is, such as ``translator``.
        language: The name of the text's language, where that is worth saying.

    Returns:
        For instance ``2 lines redacted`` or ``text left out by the translator``.
    """
    reason = gap.get("reason", "")
    what = _amount(gap) or "text"
    if language:
        what = f"{what} of {language} text" if what != "text" else f"{language} text"
    words = f"{what} {_REASON.get(reason, reason or 'not given')}"
    if reason == "autograph":
        words = _REASON[reason]
    if gap.get("agent"):
        agent = gap.get("agent", "")
        words += f" {_AGENT.get(agent, f'({agent})')}"
    if who and reason in {"editorial", "untranslated"}:
        words += f" by the {who}"
    desc = gap.find(f"{TEI}desc")
    if desc is not None:
        said = plain(desc)
        if said.lower() not in words:
            words += f": {said}"
    return words


def _amount(gap: Element) -> str:
    if gap.get("quantity"):
        quantity, unit = gap.get("quantity", ""), gap.get("unit", "")
        unit = _UNIT.get(unit, unit)
        return f"{quantity} {unit}{'' if quantity == '1' else 's'}".strip()
    return gap.get("extent", "").replace("unknown", "")


def mark_sign(mark: Element) -> str:
    """Return what stands in the margin of plain text for a mark of a reader."""
    return "".join(_SIGN.get(t, "") for t in (mark.get("rend") or "").split()) or "|"


def mark_words(mark: Element) -> str:
    """Say what a reader drew beside a passage, where, and how sure its extent is."""
    rend = (mark.get("rend") or "").split()
    drawn = " and ".join(_REND.get(token, token) for token in rend)
    words = [drawn or _FUNCTION.get(mark.get("function", ""), "mark")]
    around = mark.getparent()
    place = mark.get("place") or (around.get("place") if around is not None else None)
    if place:
        words.append(_PLACE.get(place, f"at {place}"))
    text = "Reader’s mark: " + " ".join(words)
    cert = mark.get("cert")
    return f"{text} ({_CERT[cert]})" if cert in _CERT else text
