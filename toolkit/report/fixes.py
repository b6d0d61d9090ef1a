"""``edition validate --fix``: the safe mends of files, shown as a diff or written."""

from __future__ import annotations

import difflib
import os
import re
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import click

from toolkit.encodings import decoded, encoding_of
from toolkit.errors import ReadError, ToolkitError
from toolkit.findings import UNREAD, Severity, visible
from toolkit.report.paths import write_whole
from toolkit.report.report import counted
from toolkit.report.sieve import Sieve
from toolkit.report.source import Sources
from toolkit.tei import read_bytes
from toolkit.validate.mending.fix import Fixed, fix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from toolkit.config import Edition
    from toolkit.findings import Finding
    from toolkit.validate.mending.fix import Judge

_WRITABLE: Final = 0o222  #: who may write a file; an administrator always may
_WIDE: Final = ("utf-16", "utf-32")  #: encodings whose bytes no diff can show


@dataclass(slots=True)
class Mended:
    """What came of mending several files."""

    files: int = 0  #: how many were changed
    mends: int = 0
    refused: int = 0  #: mends left out, because another finding would have come
    errors: int = 0  #: that are left

    def count(self, fixed: Fixed) -> None:
        """Count one file."""
        self.files += fixed.changed
        self.mends += fixed.mended
        self.refused += fixed.refused
        self.errors += sum(one.severity is Severity.ERROR for one in fixed.findings)

    def __str__(self) -> str:
        """Such as ``3 mends in 2 files``, and how many were left out."""
        text = f"{counted(self.mends, 'mend')} in {counted(self.files, 'file')}"
        if self.refused:
            what = "it" if self.refused == 1 else "them"
            text += f" ({self.refused} left out: another finding would come of {what})"
        return text


def wanted(edition: Edition) -> Callable[[Finding], bool]:
    """Return a test whether an edition wants a finding mended: not if it ignores it."""
    sources = Sources()
    sieve = Sieve(edition.root, sources, edition.ignore)

    def is_wanted(finding: Finding) -> bool:
        asked = finding.code in UNREAD or any(sieve.reported([finding]))
        sources.close()  # a file that is about to be written must not be open
        return asked

    return is_wanted if edition.ignore else lambda _: True


def mended(
    paths: Iterable[Path],
    judge: Callable[[Path], Judge],
    edition: Edition,
) -> Iterator[tuple[Path, Fixed]]:
    """Yield files with their mends made; nothing is written. Unreadable ones are not.

    Args:
        paths: The files.
        judge: Gives what validates bytes in the place of a file.
        edition: The edition that they belong to.
    """
    for path in paths:
        with suppress(ReadError):  # validation will say why
            yield path, fix(read_bytes(path), judge(path), wanted(edition))


def write(path: Path, fixed: Fixed) -> None:
    """Write a mended file, whole or not at all, with the rights it had.

    Raises:
        ToolkitError: It is write-protected, has been changed in the meantime, or
            cannot be written.
    """
    try:
        if not path.stat().st_mode & _WRITABLE or not os.access(path, os.W_OK):
            raise ToolkitError(
                f"{path}: is write-protected; it was left as it is\n"
                "  help: allow writing, or look at the mends with --diff"
            )
        if path.read_bytes() != fixed.before:
            raise ToolkitError(
                f"{path}: was changed while it was being mended; it was left as it is\n"
                "  help: run the command again"
            )
        write_whole(path, fixed.after)
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise ToolkitError(f"{path}: cannot be written: {reason}") from None


def diff(path: Path, fixed: Fixed) -> bytes:
    """Return what the mends of a file change, as a unified diff.

    The lines are the file's own bytes, so that the diff can be applied; of a file in
    UTF-16 or UTF-32 they are in UTF-8, to be read only.
    """
    before, after = fixed.before, fixed.after
    if encoding_of(before).startswith(_WIDE):
        before, after = decoded(before).encode(), decoded(after).encode()
    name = visible(str(path)).encode()
    lines: Iterator[bytes] = difflib.diff_bytes(
        difflib.unified_diff,
        _lines(before),
        _lines(after),
        name,
        name,
        lineterm=b"\n",
    )
    return b"".join(
        one if one.endswith(b"\n") else one + b"\n\\ No newline at end of file\n"
        for one in lines
    )


def _lines(source: bytes) -> list[bytes]:
    return re.findall(rb"[^\n]*\n|[^\n]+", source)


def show(text: bytes) -> None:
    """Print a diff: as it is into a file or a pipe, harmless on a terminal."""
    if sys.stdout.isatty():
        lines = text.decode("utf-8", "replace").splitlines()
        text = "".join(visible(line) + "\n" for line in lines).encode()
    click.echo(text, nl=False)
