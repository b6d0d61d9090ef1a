"""The schemas of a check, loaded once: which stages there are, and what each needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from toolkit.cache import unhurried, users
from toolkit.findings import Finding
from toolkit.validate.grammar import GrammarCheck
from toolkit.validate.schemas.compiled import compiled
from toolkit.validate.schemas.kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from toolkit.cache import Cache
    from toolkit.catalog import Catalog
    from toolkit.tei import Document
    from toolkit.validate.schematron.rules import Rules
    from toolkit.validate.violation import Violation
    from toolkit.validate.xpath.library import Library
    from toolkit.validate.xsd import SchemaCheck

GRAMMAR: Final = "grammar"
RULES: Final = "rules"
POINTERS: Final = "pointers"
#: What is asked of a document that could be read, in this order.
STAGES: Final = (GRAMMAR, RULES, POINTERS)


class Stages:
    """The schemas of a check, loaded once."""

    def __init__(
        self,
        schemas: Sequence[Path],
        cache: Cache | None = None,
        only: Collection[str] = STAGES,
        catalog: Catalog | None = None,
        folder: Path | None = None,
        phase: str | None = None,
    ) -> None:
        """Load schemas by their kind.

        Rules that a RELAX NG file carries are used where no ``.sch`` is given.

        Args:
            schemas: ``.rng``, ``.rnc``, ``.xsd``, ``.sch`` and ``.odd`` files.
            cache: Where compiled schemas are kept; None: the user's cache.
            only: The stages asked for; schemas of others are not loaded.
            catalog: Says which file stands for an address in a schema.
            folder: The edition's: rules may read its documents; None: no others.
            phase: The phase of the rules that is run; None: the schema's own choice.

        Raises:
            SchemaError: One of them cannot be used.
        """
        self._cache: Final = cache or users()
        self.only: Final = frozenset(only)
        self.grammars: Final[list[GrammarCheck]] = []
        self._rules: list[Rules] = []
        self._xsds: list[SchemaCheck] = []
        self._catalog = catalog
        self._folder, self._phase = folder, phase
        self._library: Library | None = None
        schemas = compiled(schemas, self._cache.folder)
        kinds = [kind_of(path) for path in schemas]
        self._separate = ".sch" in kinds
        with unhurried():
            for path, kind in zip(schemas, kinds, strict=True):
                self._load(path, kind)

    def _load(self, path: Path, kind: str) -> None:
        if kind in {".rng", ".rnc"}:
            if GRAMMAR in self.only:
                self.grammars.append(GrammarCheck(path, self._cache, self._catalog))
            if not self._separate:
                self._load_rules(path)
        elif kind == ".sch":
            self._load_rules(path)
        elif GRAMMAR in self.only:
            from toolkit.validate.xsd import SchemaCheck

            self._xsds.append(SchemaCheck(path, self._cache, self._catalog))

    def _load_rules(self, path: Path) -> None:
        if RULES in self.only:
            from toolkit.validate.schematron import (
                rules,  # takes 0.1 s, and not all runs need it
            )

            self._rules.append(rules.load(path, self._phase, self._catalog))

    @property
    def is_streamable(self) -> bool:
        """Whether no stage needs a document as a whole."""
        return self.only == {GRAMMAR} and not self._xsds and bool(self.grammars)

    def lacks(self) -> Iterator[Finding]:
        """Yield what the rules ask for and this program cannot do."""
        for loaded in self._rules:
            for lack in loaded.lacks:
                path = lack.path or loaded.path
                yield Finding(path, lack.line, 1, "TEI201", lack.message)

    def findings(
        self, document: Document, source: bytes, most: int | None = None
    ) -> tuple[list[Finding], int]:
        """Return what the grammars find wrong in a document, and how much more."""
        found: list[Finding] = []
        beyond = 0
        for grammar in self.grammars:
            some, more = grammar.first_findings(document.path, source, most)
            found += some
            beyond += more
        return found, beyond

    def violations(self, document: Document) -> Iterator[Violation]:
        """Yield which rules a document breaks."""
        for loaded in self._rules:
            from toolkit.validate.schematron import rules
            from toolkit.validate.xpath.library import Library

            if self._library is None and self._folder is not None:
                self._library = Library(self._folder)
            yield from rules.check(document.root, loaded, document.path, self._library)

    def second_opinions(self, document: Document) -> Iterator[Violation]:
        """Yield what W3C schemas find wrong."""
        for schema in self._xsds:
            yield from schema.violations(document.root)
