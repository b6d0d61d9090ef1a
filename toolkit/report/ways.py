"""The ways of ``edition validate``: plain, mending, watching, from standard input."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import click

from toolkit.config import load
from toolkit.errors import ReadError
from toolkit.limits import MAX_BYTES
from toolkit.report import baseline
from toolkit.report.fixes import Mended, diff, mended, show, wanted, write
from toolkit.report.report import counted
from toolkit.report.run import SVRL, Options, Scope, run, say, style_of
from toolkit.report.sieve import Sieve
from toolkit.report.source import Sources
from toolkit.report.text import written
from toolkit.report.watch import Watched, pause, watch
from toolkit.validate import check
from toolkit.validate.document import unread
from toolkit.validate.mending.fix import fix
from toolkit.validate.mending.judges import Judges

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from toolkit.findings import Finding
    from toolkit.validate.how import How

#: How findings name what comes from standard input, if the user does not.
STDIN: Final = Path("<stdin>")


@dataclass(frozen=True, slots=True)
class Validation:
    """What ``edition validate`` was asked for."""

    scope: Scope
    schemas: tuple[Path, ...]  #: in place of the edition's own
    options: Options
    how: How

    def plain(self) -> bool:
        """Validate the documents; return whether that fails."""
        documents, edition = self.scope.documents, self.scope.edition
        if self.options.kind == SVRL:
            from toolkit.report.svrl import require_place  # few need it

            require_place(self.scope, self.options.output)
        found = check(documents, edition, self.schemas, self.how)
        return self._told(found, self.scope)

    def _told(self, found: Iterable[Finding], scope: Scope) -> bool:
        """Report findings; return whether the run fails."""
        failed = run(found, scope, self.options)
        if self.options.kind == SVRL:
            from toolkit.report.svrl import publish  # few need it

            publish(scope, self.schemas, self.how, self.options.output)
        return failed

    # -- mending -----------------------------------------------------------------

    def mend(self) -> bool:
        """Make the safe mends of the documents, then validate them."""
        sum_ = Mended()
        edition = self.scope.edition
        judges = Judges(edition, self.schemas, self.how)
        for path, fixed in mended(self.scope.documents, judges.of, edition):
            if fixed.changed:
                write(path, fixed)
            judges.forget(path)
            sum_.count(fixed)
        click.echo(f"made {sum_}", err=True)
        return self.plain()

    def look(self) -> bool:
        """Show the safe mends as a diff and write nothing.

        Returns:
            Whether a mend would be made, or an error be left.
        """
        sum_ = Mended()
        edition = self.scope.edition
        judges = Judges(edition, self.schemas, self.how)
        for path, fixed in mended(self.scope.documents, judges.of, edition):
            show(diff(path, fixed))
            judges.forget(path)
            sum_.count(fixed)
        left = counted(sum_.errors, "error")
        click.echo(f"would make {sum_}; {left} would be left", err=True)
        return bool(sum_.mends or sum_.errors)

    # -- standard input ----------------------------------------------------------

    def stream(
        self, stream: IO[bytes], name: Path, *, fix: bool = False, diff: bool = False
    ) -> bool:
        """Validate what comes from a stream, or mend it; return whether that fails.

        Args:
            stream: Standard input.
            name: How findings name it; relative pointers are followed from there.
            fix: Write it, mended, to standard output.
            diff: Write the mends as a diff instead.
        """
        if fix or diff:
            return self.mend_stream(stream, name, only_look=diff)
        return self.from_stream(stream, name)

    def from_stream(self, stream: IO[bytes], name: Path) -> bool:
        """Validate what comes from a stream; return whether that fails.

        Args:
            stream: Standard input.
            name: How findings name it; relative pointers are followed from there.
        """
        try:
            source = read_stream(stream, name)
        except ReadError as fault:
            found = [unread(fault, name)]
            return run(found, self._scope_of(name, b""), self.options)
        judges = Judges(self.scope.edition, self.schemas, self.how)
        found = judges.of(name)(source)
        return self._told([*judges.lacks(), *found], self._scope_of(name, source))

    def mend_stream(self, stream: IO[bytes], name: Path, *, only_look: bool) -> bool:
        """Write what comes from a stream, mended, to standard output.

        Args:
            stream: Standard input.
            name: How findings name it; they go to standard error.
            only_look: Whether a diff is written instead.
        """
        source = read_stream(stream, name)
        judge = Judges(self.scope.edition, self.schemas, self.how).of(name)
        fixed = fix(source, judge, wanted(self.scope.edition))
        sum_ = Mended()
        sum_.count(fixed)
        if only_look:
            show(diff(name, fixed))
        else:
            click.echo(fixed.after, nl=False)
        for finding in fixed.findings:
            click.echo(str(finding), err=True)
        verb = "would make" if only_look else "made"
        click.echo(f"{verb} {sum_}", err=True)
        return bool(sum_.errors or (only_look and sum_.mends))

    def _scope_of(self, name: Path, source: bytes) -> Scope:
        return replace(self.scope, documents=[name], whole=False, given={name: source})

    # -- watching ----------------------------------------------------------------

    def watch(
        self,
        documents: Callable[[], Sequence[Path]],
        wait: Callable[[], None] = pause,
    ) -> bool:
        """Validate whenever something changes, until Ctrl-C.

        Args:
            documents: Gives the documents as they are now.
            wait: Waits until the next look at the files.

        Returns:
            Whether the last validation failed.
        """
        edition = self.scope.edition  # with the settings as they were read last
        style = style_of(self.options)

        def files() -> list[Path]:
            own = [edition.schema_file(suffix) for suffix in (".rng", ".sch")]
            folders = {one.parent for one in self.schemas or own}
            folders.add(edition.root / "schema")
            around = [path for folder in folders for path in folder.glob("*.*")]
            settings = [edition.settings, *self.how.catalog.files]
            return [*documents(), *edition.documents(), *around, *settings]

        def reported(paths: Sequence[Path]) -> list[Finding]:
            nonlocal edition
            if edition.settings.is_file():
                edition = load(edition.settings)
            known = self.options.baseline
            with Sources() as sources:
                sieve = Sieve(
                    edition.root,
                    sources,
                    edition.ignore,
                    baseline.load(known) if known else None,
                )
                found = check(paths, edition, self.schemas, self.how)
                return list(sieve.reported(found))

        def shown(finding: Finding) -> None:
            with Sources() as sources:
                say(written(finding, style, sources), style.colour)

        watched = Watched(files, documents, reported, shown, self.options.fail_on)
        return watch(watched, wait)


def read_stream(stream: IO[bytes], name: Path) -> bytes:
    """Return the bytes of a stream.

    Raises:
        ReadError: XML001, it is empty; XML003, it is larger than a file may be.
    """
    source = stream.read(MAX_BYTES + 1)
    if len(source) > MAX_BYTES:
        most = MAX_BYTES // 1024**2
        raise ReadError(
            name,
            0,
            0,
            "XML003",
            f"is larger than {most} MiB, and is refused",
            "divide it into several documents",
        )
    if not source.strip(b"\xef\xbb\xbf \t\r\n"):
        raise ReadError(
            name, 1, 1, "XML001", "is empty", "a TEI document begins with <TEI>"
        )
    return source
