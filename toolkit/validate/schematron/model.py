"""Schematron as a value: what a schema asks, ready to run.

:func:`.loading.load` reads a ``.sch`` file, or the rules in a RELAX NG file, a W3C
schema or an ODD. What this engine lacks is kept as a list of lacks,
which become findings: a rule is never left out silently.

ISO/IEC 19757-3 (Schematron).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from toolkit.findings import Severity
    from toolkit.tei import Element
    from toolkit.validate.schematron.contexts import Context
    from toolkit.validate.schematron.keys import Key
    from toolkit.validate.xpath.expression import Expression

SCH: Final = "{http://purl.oclc.org/dsdl/schematron}"

#: Part of a message: text, or what stands at ``name`` or ``value-of``.
Part: TypeAlias = "str | Name | Expression"


@dataclass(frozen=True, slots=True)
class Name:
    """A ``name`` element: prints the name of a node, by default of the one at hand."""

    path: Expression | None


@dataclass(frozen=True, slots=True)
class Let:
    """A variable."""

    name: str
    #: an expression, evaluated at the document or where the rule fires; or elements,
    #: the children of the one that is given
    value: Expression | Element
    line: int = 0  #: 1-based line in the schema


@dataclass(frozen=True, slots=True)
class Note:
    """A ``diagnostic`` or a ``property``: more about a check."""

    ident: str
    message: tuple[Part, ...]
    role: str = ""
    scheme: str = ""  #: of a property: the notation of its value


@dataclass(frozen=True, slots=True)
class Check:
    """One ``assert`` or ``report``."""

    ident: str  #: the constraint's id
    test: Expression
    fails_if: bool  #: the truth value of the test that makes a finding
    message: tuple[Part, ...]
    severity: Severity
    diagnostics: tuple[Note, ...] = ()
    properties: tuple[Note, ...] = ()
    subject: Expression | None = None  #: leads to the node that is to blame
    own_id: str = ""  #: its own ``@id``, if any
    role: str = ""
    flag: str = ""
    see: str = ""  #: where more is said


@dataclass(frozen=True, slots=True)
class Rule:
    """What is asked of every node that a context matches."""

    pattern: int  #: of the rules of one pattern, the first that matches fires
    context: Context
    lets: tuple[Let, ...]
    checks: tuple[Check, ...]
    ident: str = ""
    role: str = ""
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Pattern:
    """What is known of a pattern besides its rules."""

    ident: str
    title: str
    role: str
    lets: tuple[Let, ...]  #: evaluated at the document


@dataclass(frozen=True, slots=True)
class Lack:
    """A rule, or a part of one, that this engine cannot run."""

    line: int  #: 1-based line in the schema
    message: str
    path: Path | None = None  #: the file, where it is one that the schema includes


@dataclass(frozen=True, slots=True)
class Rules:
    """A Schematron schema, ready to run."""

    path: Path
    lets: tuple[Let, ...]  #: of the schema and the phase: evaluated at the document
    rules: tuple[Rule, ...]
    lacks: tuple[Lack, ...]
    patterns: Mapping[int, Pattern]  #: by the number that rules have
    keys: Mapping[str, tuple[Key, ...]]
    namespaces: Mapping[str, str]  #: those that the schema declares, by prefix
    title: str = ""
    version: str = ""
    phase: str = "#ALL"
