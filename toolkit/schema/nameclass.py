"""Name classes: which names an element or attribute pattern stands for.

Takes a name in its two parts and says whether a class holds it; takes two classes
and says whether they share a name (RELAX NG sections 4.16, 7.3 and 7.4). Names
travel through the toolkit in one string, ``{namespace}local``, as lxml writes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Name:
    """Exactly one name."""

    ns: str  #: namespace, empty for none
    local: str

    def __str__(self) -> str:
        """``{namespace}local``, or the local name alone in no namespace."""
        return f"{{{self.ns}}}{self.local}" if self.ns else self.local


@dataclass(frozen=True, slots=True)
class NsName:
    """Every name of one namespace, with exceptions."""

    ns: str
    excluding: NameClass | None = None


@dataclass(frozen=True, slots=True)
class AnyName:
    """Every name at all, with exceptions."""

    excluding: NameClass | None = None


@dataclass(frozen=True, slots=True)
class NameChoice:
    """The names of any of several classes."""

    alternatives: tuple[NameClass, ...]


NameClass: TypeAlias = Name | NsName | AnyName | NameChoice

# A name no schema can mention: it stands for "every other name" (a space is
# allowed in neither part).
OTHER: Final = "other name"


def split(name: str) -> tuple[str, str]:
    """Return the namespace and the local part of ``{namespace}local``."""
    if name.startswith("{"):
        ns, _, local = name[1:].rpartition("}")
        return ns, local
    return "", name


def contains(name_class: NameClass, ns: str, local: str) -> bool:
    """Say whether a name class holds a name (RELAX NG section 9.3, ``contains``)."""
    match name_class:
        case Name():
            return name_class.local == local and name_class.ns == ns
        case NameChoice():
            return any(contains(one, ns, local) for one in name_class.alternatives)
        case NsName() if name_class.ns != ns:
            return False
        case _:
            excluding = name_class.excluding
            return excluding is None or not contains(excluding, ns, local)


def explicit(name_class: NameClass) -> Iterator[Name]:
    """Yield the names that a class lists, outside its exceptions, in its order."""
    if isinstance(name_class, Name):
        yield name_class
    elif isinstance(name_class, NameChoice):
        for one in name_class.alternatives:
            yield from explicit(one)


def is_finite(name_class: NameClass) -> bool:
    """Say whether a class is nothing but a list of names."""
    if isinstance(name_class, NameChoice):
        return all(map(is_finite, name_class.alternatives))
    return isinstance(name_class, Name)


def representatives(classes: Iterable[NameClass]) -> set[Name]:
    """Return names on which the classes differ if they differ anywhere.

    Two classes are equal (disjoint, nested) exactly when they are so on these: the
    names mentioned, one other name of each namespace mentioned, and one name of
    another namespace.
    """
    found: set[Name] = {Name(OTHER, OTHER)}
    for one in classes:
        found.update(_mentioned(one))
    return found


def _mentioned(name_class: NameClass) -> Iterator[Name]:
    if isinstance(name_class, Name):
        yield name_class
    elif isinstance(name_class, NameChoice):
        for one in name_class.alternatives:
            yield from _mentioned(one)
    else:
        if isinstance(name_class, NsName):
            yield Name(name_class.ns, OTHER)
        if name_class.excluding is not None:
            yield from _mentioned(name_class.excluding)


def overlap(a: NameClass, b: NameClass) -> Name | None:
    """Return a name that two classes share, or None (RELAX NG section 7.3)."""
    if isinstance(a, Name):
        return a if contains(b, a.ns, a.local) else None
    if isinstance(b, Name):
        return b if contains(a, b.ns, b.local) else None
    shared = (
        name
        for name in representatives((a, b))
        if contains(a, name.ns, name.local) and contains(b, name.ns, name.local)
    )
    return min(shared, key=str, default=None)


def describe(name_class: NameClass) -> str:
    """Say a name class in words, as messages use it."""
    match name_class:
        case Name():
            return str(name_class)
        case NameChoice():
            return " | ".join(describe(one) for one in name_class.alternatives)
        case NsName():
            text = f"any name of {name_class.ns or 'no namespace'}"
        case _:
            text = "any name"
    if name_class.excluding is not None:
        text += f" except {describe(name_class.excluding)}"
    return text
