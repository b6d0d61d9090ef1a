"""An edition while editors have it open: texts as typed, facts, schemas, findings.

The one place of this room that changes and that reads files. Texts that an editor
has open count; the other documents are read again when their files change.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from toolkit.encodings import decoded, encoding_of
from toolkit.errors import ReadError, SchemaError
from toolkit.lsp.desk import Desk
from toolkit.lsp.diagnose import diagnose
from toolkit.lsp.facts import EditionFacts, Facts
from toolkit.lsp.glossary import Glossary, read_glossary
from toolkit.report.paths import relative
from toolkit.tei import read_bytes
from toolkit.validate import own_schemas
from toolkit.validate.how import How
from toolkit.validate.mending.judges import Judges
from toolkit.validate.pointers.follow import PointerCheck
from toolkit.validate.pointers.ids import Index
from toolkit.validate.pointers.ids import Target as IdTarget
from toolkit.validate.schemas.chosen import Chooser
from toolkit.validate.schemas.compiled import compiled
from toolkit.validate.schemas.kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from toolkit.config import Edition
    from toolkit.findings import Finding
    from toolkit.lsp.diagnose import Diagnosis
    from toolkit.schema.grammar import Grammar

_HEAD: Final = 1 << 16  #: characters in which a document names its schemas
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
        self._settings = self._settings_now()
        self._settings_seen = time.monotonic()
        self._grammars: dict[Path, Grammar] = {}

    def _settings_now(self) -> dict[Path, tuple[int, int]]:
        """Return what is seen of the settings and the schemas."""
        schemas = map(self.edition.schema_file, (".rng", ".sch", ".odd"))
        return {path: _stamp(path) for path in (self.edition.settings, *schemas)}

    def is_outdated(self) -> bool:
        """Whether settings or schemas are others than when the edition was taken.

        Not every editor tells of files that change; so they are looked at, now and
        then.
        """
        now = time.monotonic()
        if now < self._settings_seen + _STALE:
            return False
        self._settings_seen = now
        return self._settings_now() != self._settings

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
    def _how(self) -> How:
        return How(catalog=self.edition.catalog())

    @cached_property
    def _chooser(self) -> Chooser:
        own = own_schemas(self.edition)
        return Chooser(self.edition, own, catalog=self._how.catalog)

    def grammar(self, path: Path, text: str) -> Grammar:
        """Return the grammar of a document: the edition's, or the one that it names.

        Args:
            path: The document.
            text: Its text.

        Raises:
            SchemaError: The edition's cannot be used.
        """
        chosen, _ = self._chooser.of(path, text[:_HEAD].encode(errors="replace"))
        own = own_schemas(self.edition)
        if chosen.schemas != tuple(own):
            with suppress(SchemaError):
                if grammar := self._loaded(chosen.schemas):
                    return grammar
        grammar = self._loaded(own)
        assert grammar is not None  # noqa: S101 - an edition's schema is one
        return grammar

    def _loaded(self, schemas: Sequence[Path]) -> Grammar | None:
        """Return the grammar of some schemas, with one load for each file."""
        from toolkit.schema import kept

        how = self._how
        for path in compiled(schemas, how.cache.folder):
            if kind_of(path) in {".rng", ".rnc"}:
                if path not in self._grammars:
                    self._grammars[path] = kept.load(path, how.cache, how.catalog)
                return self._grammars[path]
        return None

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
        grammar = self.grammar(path, facts.files[path].text)
        return Desk(path, grammar, self.glossary, facts)

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
    def _judges(self) -> Judges:
        # With grammars of their own: these are used by another thread.
        return Judges(self.edition, how=self._how)

    def diagnoses(self, desk: Desk) -> list[Diagnosis]:
        """Return the findings of a document, with their places in its text.

        May run in another thread than the answers.

        Raises:
            SchemaError: The edition's schema cannot be used.
        """
        with self._checking:
            pointers = PointerCheck(_LiveIndex(desk.edition, self), self.edition.root)
            found = self._judges.of(desk.path, pointers)(encoded(desk.text))
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
