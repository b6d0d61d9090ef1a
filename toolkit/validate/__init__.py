"""Validation: documents in, findings out.

A document is read (XML0xx), checked by its grammar (TEI1xx), asked the rules
(TEI2xx), and its ids and pointers are followed through the edition (TEI3xx). Being
wrong is a finding; an exception means that a schema cannot be used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.errors import ReadError, SchemaError
from toolkit.findings import Finding
from toolkit.tei import Document, parse, positions, read_bytes, require_tei
from toolkit.validate import rules
from toolkit.validate.grammar import GrammarCheck
from toolkit.validate.ids import Index
from toolkit.validate.pointers import PointerCheck
from toolkit.validate.violation import Violation
from toolkit.validate.xsd import SchemaCheck

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from toolkit.config import Edition

__all__ = ["Stages", "check", "check_file", "own_schemas"]

_XINCLUDE = "{http://www.w3.org/2001/XInclude}include"


def check(
    paths: Sequence[Path], edition: Edition, schemas: Sequence[Path] = ()
) -> Iterator[Finding]:
    """Check documents by every stage.

    Args:
        paths: Files, and folders whose ``*.xml`` files are meant.
        edition: The edition they belong to; pointers are followed through it.
        schemas: ``.rng``, ``.xsd`` and ``.sch`` files in place of the edition's own.

    Yields:
        The findings of one file after the other, each file's by place; first what
        the schemas themselves ask for and this program cannot do.

    Raises:
        SchemaError: A schema cannot be used.
    """
    files = list(_files(paths))
    stages = Stages(schemas or own_schemas(edition))
    yield from stages.lacks()
    pointers = PointerCheck(Index(edition.documents()), edition.root)
    for path in files:
        yield from check_file(path, stages, pointers)


def own_schemas(edition: Edition) -> list[Path]:
    """Return an edition's grammar and rules.

    Its W3C schema says the same as its grammar, sixty times as slowly, and is left
    to those who name it.

    Raises:
        SchemaError: The edition names a schema that is not there.
    """
    grammar, rules_file = edition.schema_file(".rng"), edition.schema_file(".sch")
    if not grammar.is_file():
        raise SchemaError(
            f"{grammar}: there is no such schema\n"
            "  help: compile the ODD, or correct the key schema in edition.toml"
        )
    return [grammar, rules_file] if rules_file.is_file() else [grammar]


class Stages:
    """The schemas of a check, loaded once."""

    def __init__(self, schemas: Sequence[Path]) -> None:
        """Load schemas by their suffix.

        Rules that a RELAX NG file carries are used where no ``.sch`` is given.

        Raises:
            SchemaError: One of them cannot be used.
        """
        self._grammars: list[GrammarCheck] = []
        self._rules: list[rules.Rules] = []
        self._xsds: list[SchemaCheck] = []
        separate = any(path.suffix == ".sch" for path in schemas)
        for path in schemas:
            if path.suffix in {".rng", ".rnc"}:
                self._grammars.append(GrammarCheck(path))
                if not separate:
                    self._rules.append(rules.load(path))
            elif path.suffix == ".sch":
                self._rules.append(rules.load(path))
            elif path.suffix == ".xsd":
                self._xsds.append(SchemaCheck(path))
            else:
                raise SchemaError(
                    f"{path}: {path.suffix or 'no suffix'} is no schema this program "
                    "knows; known: .rng, .xsd, .sch"
                )

    def lacks(self) -> Iterator[Finding]:
        """Yield what the rules ask for and this program cannot do."""
        for loaded in self._rules:
            for lack in loaded.lacks:
                yield Finding(loaded.path, lack.line, 1, "TEI201", lack.message)

    def findings(self, document: Document, source: bytes) -> list[Finding]:
        """Return what the grammars find wrong in a document."""
        return [
            finding
            for grammar in self._grammars
            for finding in grammar.findings(document.path, source)
        ]

    def violations(self, document: Document) -> Iterator[Violation]:
        """Yield which rules a document breaks."""
        for loaded in self._rules:
            yield from rules.check(document.root, loaded)

    def second_opinions(self, document: Document) -> Iterator[Violation]:
        """Yield what W3C schemas find wrong."""
        for schema in self._xsds:
            yield from schema.violations(document.root)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files meant, each once."""
    seen: set[Path] = set()
    for path in paths:
        for file in sorted(path.glob("*.xml")) if path.is_dir() else [path]:
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield file


def check_file(path: Path, stages: Stages, pointers: PointerCheck) -> list[Finding]:
    """Return the findings of one file, by place.

    Args:
        path: The file, as findings shall name it.
        stages: The schemas.
        pointers: What can be pointed to.
    """
    try:
        source = read_bytes(path)
        root = parse(source, path)
        require_tei(root, path)
    except ReadError as fault:
        return [
            Finding(
                path,
                fault.line,
                fault.column,
                fault.code,
                fault.reason,
                help=fault.help,
            )
        ]
    document = Document(path, root)
    place = _Places(document, source)
    included = [place.finding(one) for one in _includes(document)]
    # The grammar knows no xi:include either: one report is enough.
    taken = {(finding.line, finding.column) for finding in included}
    found = included + [
        finding
        for finding in stages.findings(document, source)
        if (finding.line, finding.column) not in taken
    ]
    told = {finding.line for finding in found}
    second = map(place.finding, stages.second_opinions(document))
    found += [finding for finding in second if finding.line not in told]
    pointing = list(map(place.finding, pointers.faults(document)))
    broken = map(place.finding, stages.violations(document))
    found += pointing + _without_echoes(broken, pointing)
    return sorted(found)


def _without_echoes(
    broken: Iterable[Finding], pointing: Iterable[Finding]
) -> list[Finding]:
    """Leave out rules that say of a pointer what has been said already.

    A schema for single files has rules such as «@resp points to nobody»; where the
    pointer itself is reported, they add nothing.
    """
    told = {(one.line, one.column, one.message.split(" ", 1)[0]) for one in pointing}
    return [
        one
        for one in broken
        if (one.line, one.column, one.message.split(" ", 1)[0]) not in told
    ]


def _includes(document: Document) -> Iterator[Violation]:
    """Yield the inclusions of a document, which are never followed."""
    for element in document.root.iter(_XINCLUDE):
        yield Violation(
            element,
            "XML006",
            f"<xi:include> of {element.get('href', '')!r} is not followed: "
            "what it would bring in is missing from every output",
            "put the text into this document, or point to it with ref",
        )


class _Places:
    """Line and column of the elements of one document, found when first asked for."""

    def __init__(self, document: Document, source: bytes) -> None:
        self._document, self._source = document, source
        self._known: dict[object, tuple[int, int]] = {}

    def finding(self, violation: Violation) -> Finding:
        """Return a violation with its place."""
        if not self._known:
            elements = self._document.root.iter("*")
            # Not strict: a parser that expands entities differently must not stop us.
            self._known = dict(zip(elements, positions(self._source), strict=False))
        line, column = self._known.get(violation.element, (1, 1))
        return Finding(
            self._document.path,
            line,
            column,
            violation.code,
            violation.message,
            violation.severity,
            violation.help,
        )
