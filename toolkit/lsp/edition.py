"""An edition while editors have it open: texts as typed, facts, schemas, findings.

The one place of this room that changes and that reads files. Texts that an editor
has open count; the other documents are read again when their files change.
"""

from __future__ import annotations

import threading
import time
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from toolkit.encodings import decoded, encoding_of
from toolkit.errors import ReadError
from toolkit.lsp.desk import Desk
from toolkit.lsp.diagnose import diagnose
from toolkit.lsp.facts import EditionFacts, Facts
from toolkit.lsp.glossary import Glossary, read_glossary
from toolkit.report.paths import relative
from toolkit.tei import read_bytes
from toolkit.validate import own_schemas
from toolkit.validate.document import check_source
from toolkit.validate.pointers.follow import PointerCheck
from toolkit.validate.pointers.ids import Index
from toolkit.validate.pointers.ids import Target as IdTarget
from toolkit.validate.stages import Stages

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.config import Edition
    from toolkit.findings import Finding
    from toolkit.lsp.diagnose import Diagnosis
    from toolkit.schema.grammar import Grammar

_STALE: Final = 2.0  #: seconds after which the files are looked at again …
_SHARE: Final = 20  #: … but they are left alone this many times as long as it took


class OpenEdition:
    """One edition with the documents that are being edited."""

    def __init__(self, edition: Edition) -> None:
        """Take an edition; nothing is read before it is asked for."""
        self.edition: Final = edition
        self._open: set[Path] = set()
        self._facts: EditionFacts | None = None
        self._stamps: dict[Path, tuple[int, int]] = {}
        self._next_look = 0.0
        self._checking = threading.Lock()

    # -- texts -----------------------------------------------------------------

    def open(self, path: Path, text: str) -> None:
        """Take the text of a document as an editor has it.

        Args:
            path: Absolute.
            text: The whole text.
        """
        self._open.add(path)
        self._facts = self._current().having(path, text)

    def close(self, path: Path) -> None:
        """Forget the text of a document; its file counts again."""
        self._open.discard(path)
        self._stamps.pop(path, None)
        if self._facts is not None:
            files = {p: one for p, one in self._facts.files.items() if p != path}
            self._facts = EditionFacts(files, self._facts.usual)
        self._next_look = 0.0

    def look_again(self) -> None:
        """Look at the files the next time, however short ago it was done."""
        self._next_look = 0.0

    def _current(self) -> EditionFacts:
        """Return the facts, with files read again that have changed."""
        facts = self._facts or EditionFacts({})
        started = time.monotonic()
        if started < self._next_look:
            return facts
        files: dict[Path, Facts] = {}
        changed = False
        for path in (one.resolve() for one in self.edition.documents()):
            known = facts.files.get(path)
            if path in self._open and known is not None:
                files[path] = known
                continue
            stamp = _stamp(path)
            if known is None or self._stamps.get(path) != stamp:
                known, changed = Facts(_read(path)), True
            self._stamps[path] = stamp
            files[path] = known
        for path in self._open & facts.files.keys():
            files[path] = facts.files[path]
        changed = changed or files.keys() != facts.files.keys()
        if changed or self._facts is None:
            self._facts = EditionFacts(files)
        now = time.monotonic()
        self._next_look = now + max(_STALE, _SHARE * (now - started))
        return self._facts

    # -- answers ---------------------------------------------------------------

    @cached_property
    def grammar(self) -> Grammar:
        """The edition's grammar.

        Raises:
            SchemaError: It cannot be used.
        """
        from toolkit.cache import users
        from toolkit.schema import kept

        return kept.load(own_schemas(self.edition)[0], users())

    @cached_property
    def glossary(self) -> Glossary:
        """What the names of the grammar mean; nothing where there is no ODD."""
        return read_glossary(self.edition.schema_file(".odd"))

    def desk(self, path: Path) -> Desk:
        """Return what answers about a document are given from.

        Args:
            path: A document that has been opened.

        Raises:
            SchemaError: The edition's schema cannot be used.
        """
        facts = self._current()
        if path not in facts.files:
            facts = facts.having(path, _read(path))
        return Desk(path, self.grammar, self.glossary, facts)

    def prepare(self, path: Path) -> None:
        """Work out what the first answers about a document need.

        Raises:
            SchemaError: The edition's schema cannot be used.
        """
        desk = self.desk(path)
        for facts in desk.edition.sample():
            facts.pointing  # noqa: B018 - counted here, kept there
        desk.edition.usage  # noqa: B018

    # -- findings --------------------------------------------------------------

    @cached_property
    def _stages(self) -> Stages:
        # With a grammar of its own: this one is used by another thread.
        return Stages(own_schemas(self.edition))

    def diagnoses(self, desk: Desk) -> list[Diagnosis]:
        """Return the findings of a document, with their places in its text.

        May run in another thread than the answers.

        Raises:
            SchemaError: The edition's schema cannot be used.
        """
        with self._checking:
            pointers = PointerCheck(_LiveIndex(desk.edition, self), self.edition.root)
            found = check_source(encoded(desk.text), desk.path, self._stages, pointers)
        return diagnose(filter(partial(self._is_reported, desk), found), desk.facts)

    def _is_reported(self, desk: Desk, finding: Finding) -> bool:
        """Whether the edition's settings do not ignore a finding."""
        if not self.edition.ignore:
            return True
        path = relative(finding.path, self.edition.root.resolve())
        row = desk.facts.lines.row(finding.line)
        return not any(one.fits(finding, path, row) for one in self.edition.ignore)

    def documents(self) -> list[Path]:
        """Return the edition's documents."""
        return [path.resolve() for path in self.edition.documents()]


class _LiveIndex(Index):
    """The ids of an edition as it is being edited."""

    def __init__(self, facts: EditionFacts, opened: OpenEdition) -> None:
        super().__init__(())
        self.documents.update(dict.fromkeys(opened.documents()))
        self._facts = facts
        self._live: dict[Path, dict[str, IdTarget]] = {}

    def ids(self, path: Path) -> dict[str, IdTarget] | None:
        """Return the ids of a file; of an open one, of its text."""
        facts = self._facts.files.get(path)
        if facts is None:
            return super().ids(path)
        if path not in self._live:
            self._live[path] = {
                ident: IdTarget(one.name, facts.lines.line(one.tag.start))
                for ident, one in facts.ids.items()
            }
        return self._live[path]

    def owners(self, ident: str) -> list[Path]:
        """Return the documents of the edition that have an id."""
        return [p for p in self._facts.owners(ident) if p in self.documents]


def encoded(text: str) -> bytes:
    """Return the bytes that an editor would save a text as.

    A character that the declared encoding lacks becomes a reference.
    """
    plain = text.encode(errors="replace")
    name = encoding_of(plain)
    if name == "utf-8":
        return plain
    try:
        return text.encode(name, errors="xmlcharrefreplace")
    except LookupError:
        return plain  # the declaration is at fault, and will be reported


def _read(path: Path) -> str:
    """Return the text of a file; nothing if it cannot be read."""
    try:
        return decoded(read_bytes(path))
    except (ReadError, LookupError, UnicodeError):
        return ""


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size
