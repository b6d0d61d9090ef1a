"""Going from a pointer to what it means and back, and renaming what is pointed to.

Language Server Protocol 3.17, sections Goto Definition, Find References, Rename.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from toolkit.lsp.facts import Pointer, Target, pointers_in
from toolkit.lsp.markup import expanded, namespaces
from toolkit.lsp.places import Edit, Span
from toolkit.lsp.scanner import PlaceKind, place_at
from toolkit.schema.lexical import is_name
from toolkit.validate.pointers.targets import points

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.lsp.desk import Desk
    from toolkit.lsp.markup import Tag


class Location(NamedTuple):
    """A piece of a file of the edition."""

    path: Path
    span: Span


class Subject(NamedTuple):
    """What the cursor is on: something with an id, or a pointer to it."""

    target: Target
    span: Span  #: the pointer, the id, or the name of the element that has one


@dataclass(frozen=True, slots=True)
class Renaming:
    """What a rename changes, or why it is refused."""

    edits: dict[Path, list[Edit]] = field(default_factory=dict)
    refusal: str = ""


def subject(desk: Desk, offset: int) -> Subject | None:
    """Return what the cursor is on; None if nothing that can be pointed to."""
    place = place_at(desk.text, offset)
    tag, attribute = place.tag, place.attribute
    if tag is None:
        return None
    if place.kind is PlaceKind.VALUE and attribute is not None:
        if attribute.name == "xml:id":
            return Subject(Target(desk.path, attribute.value or ""), attribute.inside)
        if points(tag.local, attribute.name):
            return _pointed(desk, tag, attribute.name, offset)
    if place.kind is PlaceKind.NAME and "xml:id" in tag.values:
        return Subject(Target(desk.path, tag.values["xml:id"]), tag.name_span)
    return None


def _pointed(desk: Desk, tag: Tag, attribute: str, offset: int) -> Subject | None:
    for pointer in pointers_in(desk.text, tag, attribute):
        if pointer.span.start <= offset <= pointer.span.end:
            target = desk.edition.resolve(pointer.text, desk.path)
            return Subject(target, pointer.span) if target else None
    return None


def definition(desk: Desk, offset: int) -> Location | None:
    """Return where the element stands that a pointer means."""
    found = subject(desk, offset)
    return _place(desk, found.target) if found else None


def _place(desk: Desk, target: Target) -> Location | None:
    identified = desk.edition.identified(target)
    if identified is not None:
        return Location(target.path, identified.tag.name_span)
    if not target.ident and target.path in desk.edition.files:
        return Location(target.path, Span(0, 0))
    return None


def specification(desk: Desk, offset: int) -> tuple[Path, int] | None:
    """Return the ODD and the line in it that specifies the element at an offset."""
    place = place_at(desk.text, offset)
    if place.kind not in (PlaceKind.NAME, PlaceKind.END_NAME) or place.tag is None:
        return None
    scope = namespaces((*(one.tag for one in place.around), place.tag))
    words = desk.glossary.element(expanded(place.tag.name, scope))
    if desk.glossary.path is None or not words.line:
        return None
    return desk.glossary.path, words.line


def find_references(
    desk: Desk, offset: int, *, declaration: bool = True
) -> list[Location]:
    """Return every pointer of the edition to what the cursor is on.

    Args:
        desk: The document.
        offset: The cursor.
        declaration: Whether the element itself counts.
    """
    found = subject(desk, offset)
    if found is None or not found.target.ident:
        return []
    places = [
        Location(path, pointer.span)
        for path, pointer in desk.edition.pointing_to(found.target)
    ]
    place = _place(desk, found.target) if declaration else None
    return [place, *places] if place else places


def renamable(desk: Desk, offset: int) -> Span | None:
    """Return the id at an offset; None if there is none that the edition has."""
    found = subject(desk, offset)
    if found is None or desk.edition.identified(found.target) is None:
        return None
    written = desk.text[found.span.start : found.span.end]
    ident = found.target.ident
    if not unquote(written).endswith(ident):
        return None  # the name of an element, or a prefix that turns into an id
    width = len(ident) if written.endswith(ident) else len(written.rpartition("#")[2])
    return Span(found.span.end - width, found.span.end)


def rename(desk: Desk, offset: int, new: str) -> Renaming:
    """Return what changes when the id at an offset becomes another one.

    Args:
        desk: The document.
        offset: The cursor.
        new: The new id.
    """
    found = subject(desk, offset)
    identified = desk.edition.identified(found.target) if found else None
    if found is None or identified is None:
        return Renaming(refusal="there is no id here that the edition has")
    old = found.target.ident
    if new == old:
        return Renaming()
    if not is_name(new):
        return Renaming(
            refusal=f"“{new}” is not a name: begin with a letter or _, "
            "then letters, digits, . - _; no spaces"
        )
    if owners := desk.edition.owners(new):
        return Renaming(refusal=f"“{new}” is taken: {owners[0].name} has it")
    edits = {found.target.path: [Edit(*identified.span, new)]}
    for path, pointer in desk.edition.pointing_to(found.target):
        edit = _repointed(pointer, old, new)
        if edit is None:
            return Renaming(refusal=_odd_pointer(desk, path, pointer, old))
        text = pointer.text[: edit.start - edit.end] + new
        if desk.edition.resolve(text, path) != Target(found.target.path, new):
            return Renaming(refusal=_no_pointer(desk, path, pointer, text))
        edits.setdefault(path, []).append(edit)
    return Renaming({path: sorted(several) for path, several in edits.items()})


def _repointed(pointer: Pointer, old: str, new: str) -> Edit | None:
    """Return the change to a pointer; None if it does not end in the id."""
    _, sign, fragment = pointer.text.rpartition("#")
    end = pointer.span.end
    if sign and unquote(fragment) == old:
        return Edit(end - len(fragment), end, new)
    if not sign and pointer.text.endswith(old):  # a private prefix: person:name
        return Edit(end - len(old), end, new)
    return None


def _no_pointer(desk: Desk, path: Path, pointer: Pointer, text: str) -> str:
    line = desk.edition.files[path].lines.line(pointer.span.start)
    return (
        f"{path.name}:{line}: “{pointer.text}” would become “{text}”, which its "
        "prefixDef does not take; choose another id"
    )


def _odd_pointer(desk: Desk, path: Path, pointer: Pointer, old: str) -> str:
    line = desk.edition.files[path].lines.line(pointer.span.start)
    return (
        f"{path.name}:{line}: “{pointer.text}” means “{old}” in a way that cannot be "
        "rewritten; change it by hand first"
    )
