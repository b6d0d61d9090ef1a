"""Rules that are loaded only if a document may break one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from toolkit.cache import unhurried
from toolkit.findings import Finding
from toolkit.schema import kept
from toolkit.validate.schematron.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.cache import Cache
    from toolkit.catalog import Catalog
    from toolkit.tei import Document
    from toolkit.validate.schematron.model import Rules
    from toolkit.validate.violation import Violation
    from toolkit.validate.xpath.library import Library

#: File, line and message of what cannot be done.
_Lacks: TypeAlias = "list[tuple[str, int, str]]"


class RuleCheck:
    """The rules of a schema, ready to be asked of documents."""

    def __init__(
        self,
        path: Path,
        cache: Cache,
        catalog: Catalog | None = None,
        phase: str | None = None,
        folder: Path | None = None,
    ) -> None:
        """Take a schema.

        Args:
            path: A Schematron file, or a grammar that carries rules.
            cache: Where it is kept what a schema asks.
            catalog: Says which file stands for an address in the schema.
            phase: The phase that is run; None: the schema's own choice.
            folder: The edition's: rules may read its documents; None: no others.

        Raises:
            SchemaError: It cannot be used.
        """
        self.path, self._catalog = path, catalog
        self._phase, self._folder = phase, folder
        self._rules: Rules | None = None
        self._library: Library | None = None
        name = kept.entry("rules", path, catalog, str(phase))
        self._screen, found = kept.kept_or_made(cache, name, _read, self._made)
        #: what the rules ask for and this program cannot do
        self.lacks = [Finding(Path(a), b, 1, "TEI201", c) for a, b, c in found]

    def violations(self, document: Document) -> Iterator[Violation]:
        """Yield which rules a document breaks."""
        if self._screen is not None and self._screen.passes(document.root):
            return
        from toolkit.validate.schematron import rules

        loaded, others = self._loaded(), self._others()
        yield from rules.check(document.root, loaded, document.path, others)

    def report(self, document: Document) -> bytes | None:
        """Return the report of a document in SVRL; None: the schema has no rules."""
        loaded = self._loaded()
        if not loaded.patterns:
            return None
        from toolkit.validate.schematron.svrl import svrl

        return svrl(document, loaded, self._others())

    def _others(self) -> Library | None:
        """Return the documents that rules may read; None: no others."""
        if self._library is None and self._folder is not None:
            from toolkit.validate.xpath.library import Library

            self._library = Library(self._folder)
        return self._library

    def _loaded(self) -> Rules:
        if self._rules is None:
            from toolkit.validate.schematron.loading import load

            with unhurried():
                self._rules = load(self.path, self._phase, self._catalog)
        return self._rules

    def _made(self) -> tuple[tuple[Screen | None, _Lacks], bytes]:
        from toolkit.validate.schematron.screened import drawn

        rules = self._loaded()
        screen = drawn(rules)
        lacks = [(str(x.path or rules.path), x.line, x.message) for x in rules.lacks]
        form = {"screen": screen and screen.written(), "lacks": lacks}
        return (screen, lacks), json.dumps(form).encode()


def _read(content: bytes) -> tuple[Screen | None, _Lacks]:
    form = json.loads(content)
    screen = None if form["screen"] is None else Screen.read(form["screen"])
    return screen, [(path, line, message) for path, line, message in form["lacks"]]
