"""The key of editorial signs: how a meaning is shown, as data.

The signs (``[Soviet]``, ``[...]``) are not in the text, the meaning is
(``supplied``, ``gap``). A key is a TOML file with one table per view; an entry's
name says which elements it is for, from the most to the least particular::

    "gap/desc"             a desc inside a gap
    "note.translator.stop" a note with @type translator and a @rend token stop
    "note.translator"      a note with @type (else @reason) translator
    "reg.brackets"         a reg with a @rend token brackets
    "note"                 any note

Its value is a pair (opening and closing sign) or one string (a sign that stands
alone).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from toolkit.errors import ConfigError
from toolkit.tei import TEI, local_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from toolkit.config import Edition
    from toolkit.tei import Element

VIEWS: Final = ("reading", "source")

Sign = tuple[str, str]  #: what stands before and after the content
NO_SIGN: Final[Sign] = ("", "")


@dataclass(frozen=True, slots=True)
class Key:
    """One key of signs: for each view, entry name -> sign."""

    title: str
    views: Mapping[str, Mapping[str, Sign]]

    def lookup(self, element: Element, view: str) -> Sign | None:
        """Return the sign for an element, or None where the key has no entry.

        Reads the element's name, @type (else @reason), @rend and its parent's name.
        """
        table = self.views[view]
        for name in entry_names(element):
            if name in table:
                return table[name]
        return None


def entry_names(element: Element) -> list[str]:
    """Return the names under which a key may hold an element's sign, best first."""
    name = local_name(element)
    kind = element.get("type") or element.get("reason")
    rend = (element.get("rend") or "").split()
    names = [f"{name}.{kind}.{token}" for token in rend] if kind else []
    names += [f"{name}.{token}" for token in rend]
    if kind:
        names.append(f"{name}.{kind}")
    parent = element.getparent()
    if parent is not None and isinstance(parent.tag, str):
        names.append(f"{local_name(parent)}/{name}")
    names.append(name)
    return names if str(element.tag).startswith(TEI) else []


def load_key(edition: Edition) -> Key:
    """Return the edition's key of signs.

    Raises:
        ConfigError: There is no such key, or it is not of the described form.
    """
    wanted = edition.signs
    places = [
        folder / "signs" / f"{wanted}.toml" for folder in edition.template_folders()
    ]
    if wanted.endswith(".toml"):
        places = [edition.root / wanted]
    for place in places:
        if place.is_file():
            return read_key(place)
    shipped = sorted(
        path.stem
        for folder in edition.template_folders()
        for path in (folder / "signs").glob("*.toml")
    )
    raise ConfigError(
        f"there is no key of signs {wanted!r}; "
        f"name one of {', '.join(shipped)} or a .toml file of the edition"
    )


def read_key(path: Path) -> Key:
    """Read a key of signs from a TOML file.

    Raises:
        ConfigError: Not TOML, a table that is no view, a value that is no sign.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise ConfigError(f"{path}: cannot be read: {fault}") from None
    title = table.pop("title", path.stem)
    for name in table:
        if name not in VIEWS:
            raise ConfigError(
                f"{path}: [{name}] is no view; the views are {', '.join(VIEWS)}"
            )
    views = {
        view: {k: _sign(path, k, v) for k, v in table.get(view, {}).items()}
        for view in VIEWS
    }
    return Key(str(title), views)


def _sign(path: Path, name: str, value: object) -> Sign:
    if isinstance(value, str):
        return value, ""
    if isinstance(value, list) and [type(v) for v in value] == [str, str]:
        return value[0], value[1]
    raise ConfigError(
        f"{path}: {name} must be one sign or a pair [before, after], not {value!r}"
    )
