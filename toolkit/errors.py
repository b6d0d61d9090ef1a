"""The errors the toolkit raises on purpose: its work could not be done.

Being wrong is not an error: what is wrong in a document is a
:class:`toolkit.findings.Finding`. Each error knows its message and exit code, so
the command line needs no table of its own.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, ClassVar

import click

if TYPE_CHECKING:
    from pathlib import Path


class ToolkitError(click.ClickException):
    """Base of every error raised on purpose; the command line exits with 2."""

    exit_code: ClassVar[int] = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message to standard error, as it is: it begins with its place."""
        click.echo(self.message, file=file, err=file is None)


class ConfigError(ToolkitError):
    """``edition.toml`` cannot be used: where, what was found, what would do."""


class ReadError(ToolkitError):
    """A file cannot be read as XML: missing, refused for safety, not well-formed."""

    def __init__(
        self,
        path: Path,
        line: int,
        column: int,
        code: str,
        reason: str,
        help: str | None = None,
    ) -> None:
        """Say what is wrong at a place.

        Args:
            path: The file.
            line: 1-based line; 0 where the whole file is meant.
            column: 1-based column; 0 where unknown.
            code: Stable code of the rule, such as ``XML001``.
            reason: What is wrong, one lower-case clause.
            help: What would mend it.
        """
        super().__init__(
            f"{path}:{line}:{column}: error {code} {reason}"
            + (f"\n  help: {help}" if help else "")
        )
        self.path, self.line, self.column = path, line, column
        self.code, self.reason, self.help = code, reason, help


class TemplateError(ToolkitError):
    """A template cannot be used: its file and line, and what is wrong in it."""


class ParityError(ToolkitError):
    """Words of a document are missing in what was made from it."""


class SchemaError(ToolkitError):
    """A schema or an ODD cannot be used: file, line, what is wrong."""


class CrowdedError(SchemaError):
    """A schema's content models have come to more patterns than can be remembered."""
