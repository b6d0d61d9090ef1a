"""The schemas of a check, loaded once: which stages there are, and what each needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from toolkit.cache import unhurried, users
from toolkit.validate.grammar import GrammarCheck
from toolkit.validate.schemas.compiled import compiled
from toolkit.validate.schemas.kinds import kind_of
from toolkit.validate.schematron.kept import RuleCheck

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from toolkit.cache import Cache
    from toolkit.catalog import Catalog
    from toolkit.findings import Finding
    from toolkit.tei import Document
    from toolkit.validate.violation import Violation
    from toolkit.validate.xsd import SchemaCheck

GRAMMAR: Final = "grammar"
RULES: Final = "rules"
POINTERS: Final = "pointers"
#: The phases in which single schemas are run.
Phases: TypeAlias = "tuple[tuple[Path, str], ...]"
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
        phases: Phases = (),
    ) -> None:
        """Load schemas by their kind.

        Rules that another schema carries are used where no ``.sch`` is given.

        Args:
            schemas: ``.rng``, ``.rnc``, ``.xsd``, ``.sch`` and ``.odd`` files.
            cache: Where compiled schemas are kept; None: the user's cache.
            only: The stages asked for; schemas of others are not loaded.
            catalog: Says which file stands for an address in a schema.
            folder: The edition's: rules may read its documents; None: no others.
            phase: The phase of the rules that is run; None: the schema's own choice.
            phases: Where ``phase`` is None, those of single schemas.

        Raises:
            SchemaError: One of them cannot be used.
        """
        self._cache: Final = cache or users()
        self.only: Final = frozenset(only)
        self.grammars: Final[list[GrammarCheck]] = []
        self._rules: list[RuleCheck] = []
        self._xsds: list[SchemaCheck] = []
        self._catalog = catalog
        self._folder, self._phase, self._phases = folder, phase, dict(phases)
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
        else:
            if GRAMMAR in self.only:
                from toolkit.validate.xsd import SchemaCheck

                self._xsds.append(SchemaCheck(path, self._cache, self._catalog))
            if not self._separate:
                self._load_rules(path)

    def _load_rules(self, path: Path) -> None:
        if RULES in self.only:
            phase = self._phase or self._phases.get(path)
            self._rules.append(
                RuleCheck(path, self._cache, self._catalog, phase, self._folder)
            )

    @property
    def is_streamable(self) -> bool:
        """Whether no stage needs a document as a whole."""
        return self.only == {GRAMMAR} and not self._xsds and bool(self.grammars)

    def lacks(self) -> Iterator[Finding]:
        """Yield what the rules ask for and this program cannot do."""
        for rules in self._rules:
            yield from rules.lacks

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
        for rules in self._rules:
            yield from rules.violations(document)

    def reports(self, document: Document) -> Iterator[tuple[Path, bytes]]:
        """Yield the schemas that have rules, with their report of a document.

        The reports are in SVRL; see :mod:`.schematron.svrl`.
        """
        for rules in self._rules:
            report = rules.report(document)
            if report is not None:
                yield rules.path, report

    def second_opinions(self, document: Document) -> Iterator[Violation]:
        """Yield what W3C schemas find wrong."""
        for schema in self._xsds:
            yield from schema.violations(document.root)
