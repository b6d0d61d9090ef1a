"""What every code of a finding means: ``codes.toml``, read once."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from toolkit.findings import Severity

_SOURCE: Final = Path(__file__).with_name("codes.toml")


@dataclass(frozen=True, slots=True)
class Code:
    """One code: what it says, why it matters, wrong and right."""

    code: str  #: such as ``TEI301``
    title: str  #: a few words
    what: str  #: when it is raised, Markdown
    why: str  #: why it matters to an edition, Markdown
    see: str  #: where the guidelines or a standard say so
    severity: Severity = Severity.ERROR  #: what it weighs unless a rule says otherwise
    wrong: str = ""  #: an example that has the finding
    wrong_note: str = ""  #: words before it
    right: str = ""  #: the same example mended
    right_note: str = ""  #: words before it
    language: str = "xml"  #: of the examples


@dataclass(frozen=True, slots=True)
class Family:
    """The codes of one stage."""

    title: str  #: the heading
    label: str  #: such as ``TEI3xx``
    stage: str  #: what was checked, one line
    about: str  #: what holds for all of them, Markdown
    codes: tuple[Code, ...]


@cache
def families() -> tuple[Family, ...]:
    """Return all codes by family, in the order of the page."""
    table: dict[str, Any] = tomllib.loads(_SOURCE.read_text(encoding="utf-8"))
    kinds: dict[str, dict[str, str]] = table.pop("family")
    codes = [_code(name, entry) for name, entry in table.items()]
    return tuple(
        Family(
            title=kind["title"],
            label=kind.get("label", f"{prefix}xx"),
            stage=kind["stage"],
            about=kind.get("about", "").strip(),
            codes=tuple(code for code in codes if code.code.startswith(prefix)),
        )
        for prefix, kind in kinds.items()
    )


def _code(name: str, entry: dict[str, str]) -> Code:
    weight = Severity(entry.pop("severity", "error"))
    texts = {key: text.strip("\n") for key, text in entry.items()}
    return Code(code=name, severity=weight, **texts)


@cache
def catalogue() -> dict[str, Code]:
    """Return every code by its name, in the order of the page."""
    return {code.code: code for family in families() for code in family.codes}


def near(wrong: str, most: int = 5) -> list[str]:
    """Return the codes that may have been meant, the likeliest first.

    Args:
        wrong: What somebody wrote.
        most: How many to return at most.
    """
    known = catalogue()
    written = wrong.upper().strip()
    begins = [code for code in known if written and code.startswith(written)]
    alike = difflib.get_close_matches(written, known, most, 0.6)
    words = [
        code.code for code in known.values() if wrong.strip().lower() in code.title
    ]
    return list(dict.fromkeys([*begins, *alike, *(words if written else [])]))[:most]
