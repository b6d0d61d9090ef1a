"""What an edition has decided to live with: the ``[[ignore]]`` tables of its settings.

Each names a code, a file (or a pattern for files) and a reason; one that fits no
finding any more is a finding itself (CFG101).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from toolkit.errors import ConfigError
from toolkit.findings import UNREAD, Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_HEADER: Final = re.compile(r"^[ \t]*\[\[[ \t]*ignore[ \t]*\]\]", re.MULTILINE)
_REQUIRED: Final = ("code", "path", "reason")
_KEYS: Final = (*_REQUIRED, "contains")


@dataclass(frozen=True, slots=True)
class Ignore:
    """One ``[[ignore]]`` table: findings that are not reported, and why."""

    code: str  #: exactly this code
    path: str  #: pattern for paths relative to the edition, with ``/``
    reason: str  #: why; never empty
    contains: str = ""  #: the message or the line of the document has these words
    line: int = 1  #: 1-based line of the table in ``edition.toml``

    def fits(self, finding: Finding, path: str, line: str | None) -> bool:
        """Whether this table means a finding.

        Args:
            finding: The finding.
            path: Its file, relative to the edition, with ``/``.
            line: The line of the document that it stands on, if there is one.
        """
        return (
            self.code == finding.code
            and pattern(self.path).fullmatch(path) is not None
            and (
                not self.contains
                or _words(self.contains) in _words(finding.message)
                or _words(self.contains) in _words(line or "")
            )
        )

    def unused(self, settings: Path) -> Finding:
        """Return the finding that this table fits nothing (CFG101).

        Args:
            settings: ``edition.toml``, as findings shall name it.
        """
        where = f"code {self.code}, path {self.path!r}"
        if self.contains:
            where += f", contains {self.contains!r}"
        return Finding(
            settings,
            self.line,
            1,
            "CFG101",
            f"this [[ignore]] fits no finding ({where})",
            Severity.WARNING,
            "remove the table, or correct its code, path or contains",
        )


def _words(text: str) -> str:
    return " ".join(text.split())


@cache
def pattern(glob: str) -> re.Pattern[str]:
    """Return the regular expression of a pattern for paths.

    Args:
        glob: ``*`` and ``?`` stand for characters within one name, ``**`` for any
            number of folders, ``[ab]`` for one of several characters.
    """
    parts = re.split(r"((?:\*\*/)+|\*+|\?|\[!?[^\]/]+\])", glob.removeprefix("./"))
    parts[::2] = map(re.escape, parts[::2])
    parts[1::2] = map(_expression, parts[1::2])
    return re.compile("".join(parts), re.DOTALL)


def _expression(part: str) -> str:
    if part.startswith("**/"):
        return "(?:[^/]+/)*"
    if part.startswith("**"):
        return ".*"
    if part in {"*", "?"}:
        return "[^/]" + part.replace("?", "")
    negated = part.startswith("[!") and len(part) > 3
    inside = re.escape(part[2:-1] if negated else part[1:-1]).replace(r"\-", "-")
    return f"[{'^/' if negated else ''}{inside}]"


def read_ignores(settings: Path, tables: object, text: str) -> tuple[Ignore, ...]:
    """Check the ``[[ignore]]`` tables.

    Args:
        settings: ``edition.toml``, for messages.
        tables: The value of its key ``ignore``.
        text: The whole file, for lines.

    Raises:
        ConfigError: No list of tables, an unknown or missing key, an empty reason, a
            code that does not exist or that cannot be ignored.
    """
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
        raise ConfigError(f"{settings}: ignore must be tables, written [[ignore]]")
    lines = [1 + text.count("\n", 0, m.start()) for m in _HEADER.finditer(text)]
    if len(lines) != len(tables):  # written in another way, or quoted in a string
        lines = [1] * len(tables)
    return tuple(
        _ignore(f"{settings}:{line}", table, line)
        for table, line in zip(tables, lines, strict=True)
    )


def _ignore(place: str, table: dict[str, object], line: int) -> Ignore:
    for key, value in table.items():
        if key not in _KEYS:
            known = ", ".join(_KEYS)
            raise ConfigError(
                f"{place}: unknown key {key!r} in [[ignore]]; known keys: {known}"
            )
        if not isinstance(value, str) or not value.strip():
            raise ConfigError(
                f"{place}: {key} of [[ignore]] must be words, not {value!r}"
            )
    missing = [key for key in _REQUIRED if key not in table]
    if missing:
        raise ConfigError(
            f"{place}: [[ignore]] needs {' and '.join(missing)}"
            + ("; say why, for those who come after you" * ("reason" in missing))
        )
    texts = {key: str(value) for key, value in table.items()}
    _check_code(place, texts["code"])
    _check_pattern(place, texts["path"])
    return Ignore(line=line, **texts)


def _check_code(place: str, code: str) -> None:
    from toolkit.report.codes import catalogue, near

    if code in UNREAD or code.startswith("CFG"):
        why = "the file was not checked" if code in UNREAD else "it is about settings"
        raise ConfigError(f"{place}: {code} cannot be ignored: {why}")
    if code not in catalogue():
        meant = near(code)
        hint = f"; did you mean {', '.join(meant)}?" if meant else ""
        raise ConfigError(f"{place}: there is no code {code!r}{hint}")


def _check_pattern(place: str, glob: str) -> None:
    if "\\" in glob or glob.startswith("/"):
        raise ConfigError(
            f"{place}: path of [[ignore]] is relative to the edition and has /, "
            f"not {glob!r}"
        )
    try:
        pattern(glob)
    except re.error as fault:
        raise ConfigError(
            f"{place}: path of [[ignore]] cannot be used: {glob!r}: {fault}"
        ) from None


def unused(
    ignores: Iterable[Ignore],
    used: set[Ignore],
    settings: Path,
    unread: Iterable[str],
) -> list[Finding]:
    """Return the findings about tables that fitted nothing.

    Args:
        ignores: All tables.
        used: Those that fitted.
        settings: ``edition.toml``, as findings shall name it.
        unread: Paths of files that could not be read: what is in them is unknown.
    """
    missing = list(unread)
    return [
        ignore.unused(settings)
        for ignore in ignores
        if ignore not in used
        and not any(pattern(ignore.path).fullmatch(path) for path in missing)
    ]
