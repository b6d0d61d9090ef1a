"""Quick fixes for ids and pointers.

xml:id 1.0; TEI: chapter SA.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from toolkit.lsp.facts import Target
from toolkit.lsp.mend import Mend, near
from toolkit.lsp.places import Edit
from toolkit.lsp.values import pointer_to
from toolkit.schema.lexical import is_name
from toolkit.validate.pointers.targets import expected_kinds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.lsp.desk import Desk
    from toolkit.lsp.facts import Pointer
    from toolkit.lsp.markup import Tag


def pointer_mends(desk: Desk, tag: Tag) -> Iterator[Mend]:
    """Yield what the pointers of a tag that mean nothing may have meant."""
    for pointer in desk.facts.pointers:
        if pointer.tag is not tag:
            continue
        target = desk.edition.resolve(pointer.text, desk.path)
        if target is None or (target.ident and desk.edition.identified(target)):
            continue
        yield from _meant(desk, pointer, target)


def _meant(desk: Desk, pointer: Pointer, target: Target) -> Iterator[Mend]:
    """Yield near ids: in the file that is named first, then in the edition."""
    kinds = expected_kinds(
        pointer.tag.local, pointer.attribute, pointer.tag.values.get("type", "")
    )
    facts = desk.edition.files.get(target.path)
    found = [
        Target(target.path, ident)
        for ident in near(target.ident, facts.ids if facts else ())
    ]
    elsewhere = {
        ident: Target(path, ident)
        for path, other in desk.edition.files.items()
        for ident, one in other.ids.items()
        if path != target.path and (kinds is None or one.name in kinds)
    }
    same = elsewhere.get(target.ident)
    found += [same] if same else []
    found += [elsewhere[ident] for ident in near(target.ident, elsewhere, 0.75)]
    for place, one in enumerate(dict.fromkeys(found)):
        new = pointer_to(one, desk.path)
        entry = desk.edition.entry(one)
        name = f" ({entry.name})" if entry and entry.name else ""
        edit = Edit(*pointer.span, new)
        yield Mend(f"Point to {new}{name}", (edit,), place == 0)


def id_mends(desk: Desk, tag: Tag) -> Iterator[Mend]:
    """Yield another id for an element whose id is taken, or is no name."""
    attribute = tag.attribute("xml:id")
    if attribute is None or not attribute.value:
        return
    stem = re.sub(r"[^\w.\-]+", "-", attribute.value).strip("-")
    if not is_name(stem):
        stem = f"{tag.local}-{stem}".rstrip("-")
    number, ident = 2, stem
    while desk.edition.owners(ident):
        ident, number = f"{stem}-{number}", number + 1
    edit = Edit(*attribute.inside, ident)
    yield Mend(f"Give this element the id {ident}", (edit,), True)
