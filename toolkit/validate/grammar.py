"""RELAX NG: a document's bytes and a grammar give findings.

The work is done by :mod:`toolkit.schema.automaton`; here its faults get their codes
and their words. Ids are left to :mod:`toolkit.validate.pointers.follow`, which sees the
whole edition.

RELAX NG (OASIS, 3 December 2001), section 5 (validity).
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar
from xml.parsers.expat import ExpatError

from toolkit.cache import users
from toolkit.encodings import as_utf8
from toolkit.errors import CrowdedError
from toolkit.findings import Finding
from toolkit.schema import automaton, kept, stored
from toolkit.schema.faults import Fault, FaultKind
from toolkit.tei import XML_ID

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from toolkit.cache import Cache
    from toolkit.catalog import Catalog
    from toolkit.findings import Rewrite
    from toolkit.schema.automaton import Source
    from toolkit.schema.grammar import Grammar
    from toolkit.validate.words.explain import Explainer
    from toolkit.validate.words.meant import Meant

    #: Message, help and mend.
    _Said: TypeAlias = tuple[str, str | None, Rewrite | None]

Answer = TypeVar("Answer")

_REMEMBERED: Final = 1_000  #: faults of which it is remembered what is said


class GrammarCheck:
    """A RELAX NG grammar, ready to check documents."""

    def __init__(
        self, path: Path, cache: Cache | None = None, catalog: Catalog | None = None
    ) -> None:
        """Load a schema.

        Args:
            path: A ``.rng`` or ``.rnc`` file.
            cache: Where compiled grammars are kept; None: the user's cache.
            catalog: Says which file stands for an address in the schema.

        Raises:
            SchemaError: It cannot be used.
        """
        self._grammar: Grammar = kept.load(path, cache or users(), catalog)
        self._said: dict[Fault, _Said] = {}

    @cached_property
    def _explainer(self) -> Explainer:
        from toolkit.validate.words.explain import Explainer  # not for valid documents

        return Explainer(self._grammar)

    @cached_property
    def _meant(self) -> Meant:
        from toolkit.validate.words.meant import Meant

        return Meant(self._grammar)

    def findings(self, path: Path, source: bytes) -> list[Finding]:
        """Return what the grammar finds wrong, by place.

        Args:
            path: The document, for the findings.
            source: Its bytes, known to be well-formed.
        """
        return self.first_findings(path, source, None)[0]

    def first_findings(
        self, path: Path, source: bytes, most: int | None
    ) -> tuple[list[Finding], int]:
        """Return the first findings, and how many more there are.

        Args:
            path: The document, for the findings.
            source: Its bytes, known to be well-formed.
            most: How many to return; None: all.
        """
        text = as_utf8(source)
        faults = self._asked(lambda grammar: automaton.check(text, grammar, most))
        told = [one for one in faults if not _is_other(one)]
        return [self._finding(path, fault) for fault in told], faults.beyond

    def accepts(self, source: Source, deepest: int) -> bool:
        """Say whether a document in UTF-8 is valid, ids within it too.

        Raises:
            TooDeepError: Its elements are nested deeper than ``deepest``.
        """
        return self._asked(lambda grammar: automaton.accepts(source, grammar, deepest))

    def faults(
        self, path: Path, source: Source, most: int | None, deepest: int
    ) -> tuple[list[Finding], int]:
        """Return what is wrong with a document that is not valid, ids too.

        Args:
            path: The document, for the findings.
            source: The document in UTF-8, known to be well-formed.
            most: How many findings to return; None: all.
            deepest: How deep its elements may be nested.

        Returns:
            The first findings, and how many more there are.

        Raises:
            ExpatError: expat cannot read it to its end.
            TooDeepError: Its elements are nested deeper.
        """
        faults = self._asked(
            lambda grammar: automaton.faults(source, grammar, most, deepest)
        )
        if not faults.complete:
            raise ExpatError
        return [
            _of_id(path, one) if _is_other(one) else self._finding(path, one)
            for one in faults
        ], faults.beyond

    def _asked(self, question: Callable[[Grammar], Answer]) -> Answer:
        """Ask the grammar; where it remembers too much, once more with an empty head.

        Raises:
            CrowdedError: This one document is too much.
        """
        try:
            return question(self._grammar)
        except CrowdedError:
            self._grammar = stored.restore(
                stored.store(self._grammar), self._grammar.pool.schema
            )
            for made_of_it in ("_explainer", "_meant"):
                self.__dict__.pop(made_of_it, None)
            return question(self._grammar)

    def _finding(self, path: Path, fault: Fault) -> Finding:
        from toolkit.validate.words.explain import CODES

        message, help, mend = self._said_of(fault)
        code = CODES[fault.kind]
        return Finding(
            path, fault.line, fault.column, code, message, help=help, mend=mend
        )

    def _said_of(self, fault: Fault) -> _Said:
        """Return what is said of a fault, which is worked out once for all like it."""
        alike = replace(fault, line=0, column=0)
        anywhere = replace(alike, parent_line=min(fault.parent_line, 1))
        said = self._said.get(anywhere) or self._said.get(alike)
        if said is None:
            if len(self._said) > _REMEMBERED:
                self._said.clear()
            said = self._worded(fault)
            named = str(fault.parent_line) in f"{said[0]} {said[1]}"
            self._said[alike if named else anywhere] = said
        return said

    def _worded(self, fault: Fault) -> _Said:
        from toolkit.validate.mending.mends import label

        message, help = self._explainer.explain(fault)
        mend = self._meant.rewrite(fault)
        if mend is not None and mend.new.rpartition("}")[2] not in (help or ""):
            help = label(mend)
        return message, help, mend


def _of_id(path: Path, fault: Fault) -> Finding:
    """Return the finding of an id that no name is, or that another element has."""
    from toolkit.validate.pointers.ids import not_a_name
    from toolkit.validate.words.phrases import name

    tag, attribute = name(fault.element), name(fault.attribute)
    if fault.kind is FaultKind.DUPLICATE_ID:
        message = (
            f"{attribute} “{fault.found}” of <{tag}> is taken: "
            f"an element in line {fault.parent_line} has it"
        )
        mend = "give one of the two another id, and change what points to it"
        return Finding(path, fault.line, fault.column, "TEI304", message, help=mend)
    message, mend = not_a_name(fault.found, tag)
    return Finding(path, fault.line, fault.column, "TEI306", message, help=mend)


def _is_other(fault: Fault) -> bool:
    """Return whether another stage reports this: ids, and what XML itself forbids."""
    return fault.kind in {FaultKind.DUPLICATE_ID, FaultKind.NOT_WELL_FORMED} or (
        fault.kind is FaultKind.ATTRIBUTE_VALUE and fault.attribute == XML_ID
    )
