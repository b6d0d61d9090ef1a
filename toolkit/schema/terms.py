"""What a schema file says, checked and with its shorthands resolved, not yet patterns.

``syntax`` makes these terms from XML (RELAX NG sections 3 and 4.1 to 4.16);
``simplify`` makes patterns from them (sections 4.17 to 4.21).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from toolkit.schema.datatypes import Datatype
    from toolkit.schema.nameclass import NameClass
    from toolkit.schema.pattern import Pattern


@dataclass(slots=True)
class Term:
    """A pattern as written: its kind is the name of the RELAX NG element."""

    kind: str
    file: str
    line: int
    terms: list[Term] = field(default_factory=list)


@dataclass(slots=True)
class ElementTerm(Term):
    """``element``, with the references that its content makes."""

    name_class: NameClass = field(kw_only=True)
    references: list[Reference] = field(default_factory=list)


@dataclass(slots=True)
class AttributeTerm(Term):
    """``attribute``; without a pattern its value is any text."""

    name_class: NameClass = field(kw_only=True)


@dataclass(slots=True)
class DataTerm(Term):
    """``data``; its terms are those of its ``except``."""

    datatype: Datatype = field(kw_only=True)


@dataclass(slots=True)
class ValueTerm(Term):
    """``value``, with the namespaces by prefix at its place."""

    datatype: Datatype = field(kw_only=True)
    text: str = field(kw_only=True)
    prefixes: Mapping[str, str] = field(kw_only=True)


@dataclass(slots=True)
class RefTerm(Term):
    """``ref`` or ``parentRef``."""

    name: str = field(kw_only=True)


@dataclass(slots=True)
class GrammarTerm(Term):
    """``grammar``: its pattern is that of its ``start``."""

    scope: Scope = field(kw_only=True)


Reference = RefTerm | GrammarTerm


@dataclass(slots=True)
class Component:
    """One ``define``, or (with an empty name) one ``start``."""

    name: str
    combine: str  #: ``choice``, ``interleave`` or empty
    body: Term
    references: list[Reference]


@dataclass(slots=True)
class Definition:
    """All components of one name in one grammar, combined (section 4.17)."""

    components: list[Component]
    scope: Scope
    pattern: Pattern | None = None


@dataclass(slots=True)
class Scope:
    """The definitions of one grammar; a nested one can reach its parent's."""

    parent: Scope | None
    definitions: dict[str, Definition] = field(default_factory=dict)
