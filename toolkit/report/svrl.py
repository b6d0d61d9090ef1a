"""Reports in SVRL: one for each document and each schema with rules.

A report in SVRL is about one document. One goes to standard output or into a file;
several go into a folder, a file each.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from toolkit.errors import ReadError, ToolkitError
from toolkit.report.paths import write_whole
from toolkit.tei import Document, parse, read_bytes, require_tei
from toolkit.validate.document import unread
from toolkit.validate.mending.judges import Judges
from toolkit.validate.stages import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from toolkit.report.run import Scope
    from toolkit.validate.how import How

_ENDING: Final = ".svrl"


def publish(
    scope: Scope, schemas: Sequence[Path], how: How, output: Path | None
) -> None:
    """Write the reports of all documents; each file whole or not at all.

    What cannot be read has no report. Where the reports have standard output to
    themselves, that is said on standard error.

    Args:
        scope: The documents.
        schemas: Schemas in place of the edition's own; may be empty.
        how: The phase, the caches, the catalogs.
        output: A file for one document and one schema with rules, a folder for
            several; None: one goes to standard output.

    Raises:
        ToolkitError: There are no rules, one document has several reports and there
            is no folder for them, or a file cannot be written.
        SchemaError: A schema cannot be used.
    """
    into = _goes_into_folder(scope, output)
    names = _names(scope.documents)
    written = unreadable = 0
    judges = Judges(scope.edition, schemas, replace(how, only=frozenset({RULES})))
    for path, several in _reports(scope, judges, silent=output is not None):
        if len(several) > 1 and not into:
            raise ToolkitError(
                f"{len(several)} schemas have rules, so there are {len(several)} "
                "reports: name a folder that is there with -o FOLDER"
            )
        for schema, report in several:
            name = names[path] + (f".{schema.stem}" if len(several) > 1 else "")
            if output is None:
                click.echo(report, nl=False)
            else:
                _write(output / f"{name}{_ENDING}" if into else output, report)
        written += len(several)
        unreadable += not several
    if not written and not unreadable:
        raise ToolkitError(
            "there are no Schematron rules to report on: name some with --schema"
        )


def require_place(scope: Scope, output: Path | None) -> None:
    """Refuse several reports without a folder for them, before any work is done.

    Args:
        scope: The documents.
        output: As :func:`publish` takes it.

    Raises:
        ToolkitError: There are several documents, and no folder is named.
    """
    if not _goes_into_folder(scope, output):
        return
    if output is None:
        raise ToolkitError(
            "a report in SVRL is about one document: name one, or a folder for the "
            "reports of all with -o FOLDER"
        )
    if output.exists() and not output.is_dir():
        raise ToolkitError(f"{output}: is a file; several reports need a folder")


def _goes_into_folder(scope: Scope, output: Path | None) -> bool:
    return len(scope.documents) > 1 or (output is not None and output.is_dir())


def _reports(
    scope: Scope, judges: Judges, *, silent: bool
) -> Iterator[tuple[Path, list[tuple[Path, bytes]]]]:
    """Yield documents with the schemas that have rules, and what these report.

    A document that cannot be read has none; one without rules is not yielded.
    """
    for path in scope.documents:
        try:
            source = scope.given[path] if path in scope.given else read_bytes(path)
            root = parse(source, path)
            require_tei(root, path)
        except ReadError as fault:
            if not silent:
                click.echo(str(unread(fault, path)), err=True)
            yield path, []
            continue
        stages = judges.stages(path, source)
        if reports := list(stages.reports(Document(path, root))):
            yield path, reports


def _names(documents: Sequence[Path]) -> dict[Path, str]:
    """Return the names of reports: as the documents lie in the folder of all."""
    absolute = {path: Path(os.path.normpath(path.absolute())) for path in documents}
    folder = Path(os.path.commonpath([one.parent for one in absolute.values()]))
    return {
        path: one.relative_to(folder).with_suffix("").as_posix()
        for path, one in absolute.items()
    }


def _write(target: Path, report: bytes) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, report)
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise ToolkitError(f"{target}: cannot be written: {reason}") from None
