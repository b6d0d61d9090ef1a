"""The functions of XPath that take a regular expression, in bounded time.

XPath and XQuery Functions and Operators 3.1, 5.6 (functions that use patterns).
"""

from __future__ import annotations

from typing import Any, cast

from toolkit.validate.xpath.budget import LARGEST, TooLongError
from toolkit.validate.xpath.metering import bound, checked, spend
from toolkit.validate.xpath.regex_syntax import PatternError
from toolkit.validate.xpath.regexes import Pattern, pattern


def matches(token: Any, context: Any = None) -> bool:
    """Say whether a part of a text matches (5.6.2)."""
    context = bound(token, context)
    text = token.get_argument(context, default="", cls=str)
    found = _pattern(token, context, 1, 2)
    return found.search(text, getattr(context, "budget", None))


def tokenize(token: Any, context: Any = None) -> list[str]:
    """Return what stands between the matches (5.6.4)."""
    context = bound(token, context)
    text = token.get_argument(context, default="", cls=str)
    if len(token) == 1:
        if token.parser.version < "3.1":
            raise token.error("XPST0017", "tokenize() needs a second argument")
        return cast("list[str]", text.split())
    found = _pattern(token, context, 1, 2, matches_something=True)
    if not text:
        return []
    budget, parts, place = getattr(context, "budget", None), [], 0
    for match in found.find(text, budget):
        spend(context, 1)
        parts.append(text[place : match.start])
        place = match.end
    return [*parts, text[place:]]


def replacement(token: Any, context: Any = None) -> str:
    """Return a text with the matches written anew (5.6.3)."""
    context = bound(token, context)
    text = token.get_argument(context, default="", cls=str)
    found = _pattern(token, context, 1, 3, matches_something=True)
    new = token.get_argument(context, 2, required=True, cls=str)
    flags = token.get_argument(context, 3, cls=str) if len(token) > 3 else ""
    parts = [new] if "q" in (flags or "") else _template(token, new, found.groups)
    made, place, length = [], 0, 0
    for match in found.find(text, getattr(context, "budget", None)):
        spend(context, 1)
        groups = (text[match.start : match.end], *match.groups)
        words = [
            part if isinstance(part, str) else groups[part] or "" for part in parts
        ]
        made += [text[place : match.start], *words]
        length += sum(map(len, words))
        if length > LARGEST:
            raise TooLongError("it makes a text of many megabytes")
        place = match.end
    return checked("".join([*made, text[place:]]), context)


def _template(token: Any, new: str, groups: int) -> list[str | int]:
    r"""Read a replacement: text, ``$1``, ``\$`` and ``\\``."""
    parts: list[str | int] = []
    place = 0
    while place < len(new):
        sign, follows = new[place], new[place + 1 : place + 2]
        if sign == "\\" and follows in {"\\", "$"}:
            parts.append(follows)
            place += 2
        elif sign == "$" and follows.isdigit():
            end = place + 2
            # As many digits as make a group that is there.
            while (
                new[end : end + 1].isdigit() and int(new[place + 1 : end + 1]) <= groups
            ):
                end += 1
            number = int(new[place + 1 : end])
            parts.append(number if number <= groups else "")
            place = end
        elif sign in "\\$":
            raise token.error("FORX0004", f"invalid replacement {new!r}")
        else:
            parts.append(sign)
            place += 1
    return parts


def analyzed(token: Any, context: Any = None) -> Any:
    """Analyze a string where that cannot take for ever."""
    context = bound(token, context)
    text = token.get_argument(context, default="", cls=str)
    found = _pattern(token, context, 1, 2)
    if not found.is_harmless(text):
        raise TooLongError("its regular expression may take for ever")
    return super(type(token), token).evaluate(context)


def _pattern(
    token: Any,
    context: Any,
    place: int,
    flags_place: int,
    matches_something: bool = False,
) -> Pattern:
    source = token.get_argument(context, place, required=True, cls=str)
    flags = ""
    if len(token) > flags_place:
        flags = token.get_argument(context, flags_place, required=True, cls=str)
    try:
        found = pattern(source, flags)
    except PatternError as fault:
        raise token.error("FORX0002", f"{source!r} is no pattern: {fault}") from None
    if matches_something and found.search(""):
        raise token.error("FORX0003", f"the pattern {source!r} matches nothing at all")
    return found
