"""Text cut into words as the search compares them.

The page's script (``search-words.js``) does the same; a browser test holds the two
against each other. A word that is cut by a hyphen, an apostrophe or an editor's
bracket is kept in its parts and as a whole: ``M[inistry]`` is ``m``, ``inistry`` and
``ministry``. Scripts that set no blanks between words, or bind particles to them,
are cut into their characters; a word there is a row of characters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Arabic, Thai and Lao, Tibetan, Myanmar, Hangul, Khmer, kana, Han.
BY_CHARACTER: Final = (
    "\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\u08a0-\u08c9"
    "\u0e01-\u0edf\u0f40-\u0fbc\u1000-\u109f\u1100-\u11ff\u1780-\u17b3"
    "\u3005-\u3007\u3041-\u30ff\u3131-\u318e\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua960-\ua97c\uac00-\ud7fb\uf900-\ufaff\ufb50-\ufdff\ufe70-\ufefc"
    "\U00020000-\U0003ffff"
)
#: Marks that the search leaves out; those of Indic scripts are letters and stay.
_MARKS: Final = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
#: Letters that have no decomposition, as they are typed by who lacks the key.
_LETTERS: Final = str.maketrans(
    dict(
        zip("ßæœþøđðłħŧŋıĸς", "ss ae oe th o d d l h t n i k σ".split(), strict=True),
        **dict(zip("ىیکة", "ييكه", strict=True)),
        **dict.fromkeys("ـʻʼʽʹʺ", ""),
    )
)
#: What may stand within a word: hyphens, apostrophes, full stops, brackets.
_JOIN: Final = (
    r"[-\u00ad\u2010\u2011'\u2019.\[\](){}<>\u27e8\u27e9\u3008\u3009\u27e6\u27e7]"
)


def fold(word: str) -> str:
    """Return a word without case, diacritics and typographic variants."""
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", word))
    bare = "".join(bare.split())  # some signs stand for several words
    return unicodedata.normalize("NFC", bare.lower().translate(_LETTERS))


@lru_cache(maxsize=64)
def _patterns(marks: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of a word and of its parts.

    Args:
        marks: The combining marks to expect, which Python takes for no part of words.
    """
    letter = rf"(?:[^\W_]|[{marks}])" if marks else r"[^\W_]"
    some = f"[{marks}]*" if marks else ""
    joined = rf"(?:(?:{_JOIN}{{1,2}}|(?<=[0-9]),(?=[0-9])){letter}+)*"
    part = rf"[{BY_CHARACTER}]{some}|(?:(?![{BY_CHARACTER}]){letter})+"
    return re.compile(f"{letter}+{joined}"), re.compile(part)


_by_character: Final = re.compile(f"[{BY_CHARACTER}]").match


@lru_cache(maxsize=200_000)  # the same words, again and again
def _parts(word: str, marks: str) -> tuple[str, ...]:
    """Return the folded parts of a word; none of a word that is folded to nothing."""
    parts: list[str] = []
    for folded in map(fold, _patterns(marks)[1].findall(word)):
        if _by_character(folded):
            parts.extend(folded)
        elif folded:
            parts.append(folded)
    return tuple(parts)


def words(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of a text, each as its folded parts; mostly there is one."""
    marks = ""
    if not text.isascii():
        used = {c for c in set(text) if unicodedata.category(c)[0] == "M"}
        marks = "".join(sorted(used))
    for word in _patterns(marks)[0].findall(text):
        if parts := _parts(word, marks):
            yield parts


def whole(parts: tuple[str, ...]) -> str:
    """Return a word of several parts as one, or nothing where it is none."""
    if len(parts) == 1 or any(map(_by_character, parts)):
        return ""
    return "".join(parts)


def terms(several: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Yield what a text is found by: its words' parts, the words, pairs of characters.

    Args:
        several: The words of the text, in order.
    """
    before = ""  # the character before, where the script has no blanks
    for parts in several:
        if joined := whole(parts):
            yield joined
        for part in parts:
            if _by_character(part):
                if before:
                    yield before + part
                before = part
                continue
            if before:
                yield before
                before = ""
            yield part
    if before:
        yield before
