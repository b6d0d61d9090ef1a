"""The settings of an edition: ``edition.toml``, found from the working folder up."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from toolkit.errors import ConfigError
from toolkit.report.ignore import Ignore, read_ignores
from toolkit.resources import share

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from toolkit.catalog import Catalog

FILE_NAME: Final = "edition.toml"


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition: a folder with ``edition.toml``; every key is a field here."""

    root: Path  #: the folder (not a key)
    title: str = "Untitled edition"  #: the edition's title
    subtitle: str = ""  #: a second line under the title
    description: str = ""  #: what the front page says; blank lines part paragraphs
    language: str = "en"  #: BCP 47 code of the words that the edition itself speaks
    publisher: str = ""  #: who publishes the edition
    address: str = ""  #: where the edition is published: the site's address, https://…
    licence: str = ""  #: the terms of use, in words
    editors: tuple[str, ...] = ()  #: names of the editors, in the order to print
    outputs: tuple[str, ...] = ("site", "text")
    """what is built: site, text, markdown, epub, print"""
    signs: str = "house"  #: the key of editorial signs: a name, or a path to a .toml
    schema: str = ""  #: path of the edition's own ODD's .rng; empty: schema/ or ours
    catalogs: tuple[str, ...] = ()  #: paths of XML catalogs, asked in this order
    baseline: str = ""  #: path of a file of findings known for long; empty: none
    ignore: tuple[Ignore, ...] = ()  #: findings that are not reported, and why

    @property
    def settings(self) -> Path:
        """The file of the settings."""
        return self.root / FILE_NAME

    @property
    def tei(self) -> Path:
        """The folder of the documents."""
        return self.root / "tei"

    @property
    def build(self) -> Path:
        """The folder that ``edition build`` writes."""
        return self.root / "build"

    def documents(self) -> list[Path]:
        """Return every TEI file of the edition, registers too, by name."""
        return sorted(self.tei.glob("*.xml"))

    def catalog(self, named: Sequence[Path] = ()) -> Catalog:
        """Return the XML catalogs to ask: those named, then the edition's own.

        Args:
            named: Catalogs from the command line.

        Raises:
            ConfigError: One of them cannot be used.
        """
        from toolkit.catalog import load as load_catalogs  # which few need

        return load_catalogs(named, [self.root / name for name in self.catalogs])

    def template_folders(self) -> list[Path]:
        """Return the folders of templates: the edition's own first, then ours."""
        own, ours = self.root / "templates", share("templates")
        return [own, ours] if own.is_dir() and own.resolve() != ours else [ours]

    def schema_file(self, suffix: str) -> Path:
        """Return the compiled schema of one kind.

        Args:
            suffix: ``".rng"``, ``".xsd"`` or ``".sch"``.

        Returns:
            The edition's own ``schema/edition.*`` where it has one, else ours.
        """
        if self.schema:
            return (self.root / self.schema).with_suffix(suffix)
        own = self.root / "schema" / f"edition{suffix}"
        return own if own.is_file() else share("schema") / f"edition{suffix}"


_NOT_KEYS: Final = {"root"}
_KEYS: Final = {f.name: f.type for f in fields(Edition) if f.name not in _NOT_KEYS}


def find(start: Path) -> Edition:
    """Return the edition that a folder or file belongs to.

    Looks for ``edition.toml`` there and in every folder above. Without one, the
    starting folder is an edition with every setting at its default.

    Raises:
        ConfigError: ``edition.toml`` cannot be used.
    """
    start = start.resolve()
    folder = start if start.is_dir() else start.parent
    for candidate in (folder, *folder.parents):
        if (candidate / FILE_NAME).is_file():
            return load(candidate / FILE_NAME)
    return Edition(root=folder)


def load(path: Path) -> Edition:
    """Read an ``edition.toml``.

    Raises:
        ConfigError: Not TOML, an unknown key (the known ones are named), or a value
            of the wrong type.
    """
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise ConfigError(f"{path}: cannot be read: {fault}") from None
    ignores = read_ignores(path, table.pop("ignore", []), text)
    return Edition(
        root=path.parent,
        **{k: _value(path, k, v) for k, v in table.items()},
        ignore=ignores,
    )


def _value(path: Path, key: str, value: object) -> Any:
    """Return one setting, checked against its field's type."""
    if key not in _KEYS:
        near = difflib.get_close_matches(key, _KEYS, 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        known = ", ".join(sorted(_KEYS))
        raise ConfigError(f"{path}: unknown key {key!r}{hint} Known keys: {known}")
    if str(_KEYS[key]).startswith("tuple"):
        if isinstance(value, list) and all(isinstance(v, str) for v in value):
            return tuple(value)
        raise ConfigError(f"{path}: {key} must be a list of strings, not {value!r}")
    if not isinstance(value, str):
        raise ConfigError(f"{path}: {key} must be a string, not {value!r}")
    return value
