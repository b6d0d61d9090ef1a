"""Findings that an old corpus has had for long: known, counted, not reported.

A finding is known again by its file, its code, its message without numbers and the
text of its line, so lines may move. The file is JSON, one entry a line, sorted, so
that a change of it can be read in a diff.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from toolkit.errors import ConfigError
from toolkit.findings import one_line, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from toolkit.findings import Finding

VERSION: Final = 1
#: Characters of a line that count; of a longer one, those around the column.
_LINE: Final = 400


@dataclass(frozen=True, slots=True, order=True)
class Known:
    """What is remembered of a finding; equal ones are counted."""

    path: str  #: relative to the edition, with ``/``
    code: str
    message: str  #: without numbers
    line: str  #: 16 hexadecimal digits standing for the text of the line


def known(finding: Finding, path: str, line: str | None) -> Known:
    """Return what is remembered of a finding.

    Args:
        finding: The finding.
        path: Its file, relative to the edition, with ``/``.
        line: The text of its line, if there is one.
    """
    text = line or ""
    if len(text) > _LINE:
        at = max(finding.column - 1, 0)
        text = text[max(0, at - _LINE // 4) : at + _LINE // 4]
    text = " ".join(text.split())
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Known(
        visible(path),
        finding.code,
        re.sub(r"\d+", "#", one_line(finding.message)),
        digest[:16],
    )


def fingerprint(one: Known) -> str:
    """Return 32 hexadecimal digits that stand for a finding wherever it moves."""
    whole = "\0".join((one.path, one.code, one.message, one.line))
    return hashlib.sha256(whole.encode()).hexdigest()[:32]


def dumped(counts: Mapping[Known, int]) -> str:
    """Return the file of known findings."""
    entries = [
        json.dumps(
            {
                "path": one.path,
                "code": one.code,
                "message": one.message,
                "line": one.line,
                "count": counts[one],
            },
            ensure_ascii=False,
        )
        for one in sorted(counts)
        if counts[one] > 0
    ]
    inside = ",\n".join(f"    {entry}" for entry in entries)
    listed = f"[\n{inside}\n  ]" if entries else "[]"
    return f'{{\n  "version": {VERSION},\n  "findings": {listed}\n}}\n'


def load(path: Path) -> Counter[Known]:
    """Read a file of known findings.

    Raises:
        ConfigError: There is no such file, or it is none that this program wrote.
    """
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(
            f"{path}: there is no such baseline\n"
            f"  help: write it with: edition validate --write-baseline {path}"
        ) from None
    except (OSError, ValueError, RecursionError) as fault:
        raise ConfigError(f"{path}: the baseline cannot be read: {fault}") from None
    if not isinstance(content, dict) or "findings" not in content:
        raise ConfigError(f"{path}: is no baseline: it has no findings")
    if content.get("version") != VERSION:
        raise ConfigError(
            f"{path}: the baseline is of version {content.get('version')!r}, "
            f"this program knows {VERSION}; write it anew with --write-baseline"
        )
    try:
        return _counted(content["findings"])
    except (TypeError, KeyError, ValueError) as fault:
        raise ConfigError(
            f"{path}: an entry of the baseline cannot be used: {fault!r}; "
            "write it anew with --write-baseline"
        ) from None


def _counted(entries: Iterable[Mapping[str, Any]]) -> Counter[Known]:
    counts: Counter[Known] = Counter()
    for entry in entries:
        texts = [entry[key] for key in ("path", "code", "message", "line")]
        count = entry["count"]
        if not all(isinstance(text, str) for text in texts):
            raise TypeError(f"not words: {texts!r}")
        if not isinstance(count, int) or count < 1:
            raise ValueError(f"count {count!r}")
        counts[Known(*texts)] += count
    return counts
