"""Single lines of documents, as characters, read forwards and never whole."""

from __future__ import annotations

import io
import stat
from typing import IO, TYPE_CHECKING, Final

from toolkit.encodings import encoding_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

#: Characters of the longest line that is given; a longer one is passed over.
LONGEST: Final = 8 * 1024 * 1024


class Sources:
    r"""Lines by file and number.

    Findings come file by file and line by line, so one file is open at a time and is
    read on from where the last question left it. Lines end as XML has them (``\n``,
    ``\r\n`` or ``\r``; XML 1.0, section 2.11) and nowhere else.
    """

    def __init__(self, given: Mapping[Path, bytes] | None = None) -> None:
        """Begin with no file.

        Args:
            given: The content of files that is not to be read from them.
        """
        self._given = given or {}
        self._path: Path | None = None
        self._file: IO[str] | None = None
        self._number = 0  # of the line that was read last
        self._line: str | None = None

    def __enter__(self) -> Sources:
        """Return itself; the file is closed at the end of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file; the next question opens one anew."""
        if self._file is not None:
            self._file.close()
        self._path = self._file = self._line = None
        self._number = 0

    def line(self, path: Path, number: int) -> str | None:
        """Return one line of a file without its end.

        Args:
            path: The file.
            number: 1-based line.

        Returns:
            The line, or None where there is none: no such file or line, or a line
            longer than :data:`LONGEST`. Bytes that are not in the file's encoding
            are U+FFFD.
        """
        if number < 1:
            return None
        if path != self._path or number < self._number:
            self.close()
            self._path = path
            given = self._given.get(path)
            self._file = _opened(path) if given is None else _wrapped(given)
        try:
            while self._file is not None and self._number < number:
                self._line = _next_line(self._file)
                if self._line == "":
                    self._line = None
                    self._file.close()
                    self._file = None
                self._number += 1
        except (OSError, UnicodeError):
            self.close()
            return None
        if self._number != number or self._line is None:
            return None
        return self._line.removesuffix("\n") if len(self._line) <= LONGEST else None


def _next_line(file: IO[str]) -> str:
    """Read to the end of a line; of one that is too long, its beginning is given."""
    line = part = file.readline(LONGEST + 1)
    while len(part) > LONGEST and not part.endswith("\n"):
        part = file.readline(LONGEST + 1)
    return line


def _wrapped(source: bytes) -> IO[str]:
    """Open the content of a file for reading in the encoding that it claims."""
    stream = io.BytesIO(source)
    try:
        return io.TextIOWrapper(
            stream, encoding_of(source[:1024]), errors="replace", newline=None
        )
    except LookupError:
        return io.TextIOWrapper(stream, "utf-8", errors="replace", newline=None)


def _opened(path: Path) -> IO[str] | None:
    """Open a regular file for reading in the encoding that it claims."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return None
        with path.open("rb") as beginning:
            encoding = encoding_of(beginning.read(1024))
        try:
            return path.open(encoding=encoding, errors="replace", newline=None)
        except LookupError:
            return path.open(encoding="utf-8", errors="replace", newline=None)
    except (OSError, ValueError):
        return None
