"""Private prefixes in pointers: ``gnd:118540238`` by its ``prefixDef`` gives a URI.

TEI: chapter SA, Using Abbreviated Pointers; element prefixDef, attributes ident,
matchPattern and replacementPattern.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toolkit.tei import TEI

if TYPE_CHECKING:
    from toolkit.tei import Element

_LONGEST: Final = 500  #: characters of a pointer that a pattern is tried on
_REPEATS: Final = 4  #: open-ended repetitions that a pattern may have


@dataclass(frozen=True, slots=True)
class Expansion:
    """What a private prefix makes of a pointer."""

    uri: str | None  #: None: nothing
    reason: str = ""  #: why nothing
    help: str | None = None


class Prefixes:
    """The prefixes that a document declares."""

    def __init__(self, root: Element) -> None:
        """Read the ``prefixDef`` elements of a document."""
        self._declared: dict[str, list[tuple[str, str]]] = {}
        for declared in root.iter(f"{TEI}prefixDef"):
            pair = (
                declared.get("matchPattern", ""),
                declared.get("replacementPattern", ""),
            )
            self._declared.setdefault(declared.get("ident", ""), []).append(pair)
        self._known: dict[tuple[str, str], Expansion] = {}

    def __contains__(self, prefix: object) -> bool:
        return prefix in self._declared

    @property
    def names(self) -> list[str]:
        """The declared prefixes, by name."""
        return sorted(self._declared)

    def expand(self, prefix: str, rest: str) -> Expansion:
        """Return what a pointer ``prefix:rest`` stands for."""
        if (prefix, rest) not in self._known:
            self._known[prefix, rest] = self._expanded(prefix, rest)
        return self._known[prefix, rest]

    def _expanded(self, prefix: str, rest: str) -> Expansion:
        if len(rest) > _LONGEST:
            return Expansion(None, f"it is longer than {_LONGEST} characters")
        for pattern, replacement in self._declared[prefix]:
            if reason := _unusable(pattern):
                return Expansion(
                    None,
                    f"the matchPattern “{pattern}” of {prefix}: {reason}",
                    "mend the prefixDef",
                )
            match = re.fullmatch(_python(pattern), rest)
            if match:
                return Expansion(_filled(replacement, match))
        patterns = " or ".join(f"“{pattern}”" for pattern, _ in self._declared[prefix])
        return Expansion(
            None,
            f"what follows {prefix}: does not match {patterns}",
            "correct the pointer, or the matchPattern of the prefixDef",
        )


def _filled(replacement: str, match: re.Match[str]) -> str:
    """Return a replacementPattern with ``$1`` and so on filled in."""
    groups = [match[0], *(group or "" for group in match.groups())]

    def group(found: re.Match[str]) -> str:
        number = int(found[1])
        return groups[number] if number < len(groups) else ""

    return re.sub(r"\$(\d)", group, replacement)


def _unusable(pattern: str) -> str:
    """Say why a pattern cannot be tried; empty if it can."""
    try:
        re.compile(_python(pattern))
    except (re.error, ValueError, RecursionError, OverflowError):
        return "is not a regular expression"
    if _may_run_away(pattern):
        return "repeats what repeats, which could take for ever, and is not tried"
    return ""


def _python(pattern: str) -> str:
    """Return a pattern of XPath as Python writes it."""
    if not re.search(r"\\[picPIC]|-\[", pattern):
        return pattern
    from elementpath.regex import translate_pattern  # 0.2 s, and rarely needed

    return str(translate_pattern(pattern))


def _may_run_away(pattern: str) -> bool:
    """Return whether matching could take exponential (or high polynomial) time."""
    bare = re.sub(r"\\.", "x", pattern)
    bare = re.sub(r"\[\^?\]?[^\]]*\]", "x", bare)
    repeats = len(re.findall(r"[*+]|\{\d*,\}", bare))
    group = re.compile(r"\(([^()]*)\)([*+{]?)")
    while found := group.search(bare):
        inner, sign = found.groups()
        loops = bool(re.search(r"[*+{|?]", inner))
        if sign and loops:
            return True
        bare = (
            bare[: found.start()] + ("R*" if loops else "x") + bare[found.end(1) + 1 :]
        )
    return repeats > _REPEATS
