"""One thing that may be typed, and the little language in which editors fill it in.

Language Server Protocol 3.17, section Snippet Syntax.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_CHOICE: Final = r"\$\{\d+\|(?P<first>(?:\\.|[^\\,|])*)(?:\\.|[^\\|])*\|\}"
_SPECIAL: Final = re.compile(_CHOICE + r"|\$\d+|\\(?P<letter>[\\$},|])")
_ESCAPED: Final = re.compile(r"\\([\\$},|])")
_MOST: Final = 30  #: values that a slot lets one choose from


class SuggestionKind(StrEnum):
    """What is suggested."""

    ELEMENT = "element"
    END_TAG = "end tag"
    ATTRIBUTE = "attribute"
    VALUE = "value"
    REFERENCE = "reference"
    ENTITY = "entity"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing that may be typed at a place."""

    label: str  #: how a list shows it
    kind: SuggestionKind
    start: int  #: offset of what it replaces
    end: int  #: offset behind that
    insert: str  #: a snippet: ``$1`` and so on are where one goes on typing
    detail: str = ""  #: a few words beside the label
    documentation: str = ""  #: Markdown
    filter: str = ""  #: what typing is compared with; empty: the label
    required: bool = False  #: whether the document lacks it

    @property
    def plain(self) -> str:
        """What is inserted by an editor that knows no snippets."""
        return plain(self.insert)


def literal(text: str) -> str:
    """Return text as a snippet writes it."""
    return re.sub(r"([\\$}])", r"\\\1", text)


def slot(number: int, choices: tuple[str, ...] = ()) -> str:
    """Return a place to type at, with what one may choose from."""
    if not 1 < len(choices) <= _MOST:
        return literal(choices[0]) if len(choices) == 1 else f"${number}"
    listed = ",".join(re.sub(r"([\\$},|])", r"\\\1", one) for one in choices)
    return f"${{{number}|{listed}|}}"


def plain(snippet: str) -> str:
    """Return a snippet as text: of choices the first, of other slots nothing."""

    def filled(found: re.Match[str]) -> str:
        return found["letter"] or _ESCAPED.sub(r"\1", found["first"] or "")

    return _SPECIAL.sub(filled, snippet)
