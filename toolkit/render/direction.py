"""Which way a language is written, by its BCP 47 code."""

from __future__ import annotations

from typing import Final

_LANGUAGES: Final = frozenset(
    "ar arc ckb dv fa he iw ji nqo pnb ps sd syr ug ur yi".split()
)
_SCRIPTS: Final = frozenset("adlm arab hebr mand nkoo rohg samr syrc thaa yezi".split())
_SCRIPT: Final = 4  #: letters of a subtag that names a script


def direction(language: str) -> str:
    """Return ``rtl`` for a language written from right to left, else nothing.

    The script decides where the code names one: ``ar-Latn`` is Arabic in Latin
    letters, ``az-Arab`` is Azerbaijani in Arabic ones.
    """
    first, *rest = language.lower().split("-")
    for subtag in rest:
        if len(subtag) == 1:  # what follows is private or an extension
            break
        if len(subtag) == _SCRIPT and subtag.isalpha():
            return "rtl" if subtag in _SCRIPTS else ""
    return "rtl" if first in _LANGUAGES else ""
