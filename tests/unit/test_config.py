"""``edition.toml``: found from below, checked key by key."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import pytest

from toolkit.config import Edition, find, load
from toolkit.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


def test_settings_are_found_from_a_folder_below(tmp_path: Path) -> None:
    (tmp_path / "edition.toml").write_text('title = "Letters"\n')
    below = tmp_path / "tei" / "deep"
    below.mkdir(parents=True)
    assert find(below).title == "Letters"
    assert find(below).root == tmp_path


def test_a_folder_without_settings_is_an_edition_with_defaults(tmp_path: Path) -> None:
    assert find(tmp_path) == Edition(root=tmp_path.resolve())


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("titel = 'x'", "unknown key 'titel'; did you mean 'title'?"),
        ("title = 3", "title must be a string, not 3"),
        ("editors = 'A. Nun'", "editors must be a list of strings, not 'A. Nun'"),
        ("title = ", "cannot be read"),
    ],
    ids=["unknown key", "number", "string for a list", "not TOML"],
)
def test_a_wrong_setting_is_named(tmp_path: Path, written: str, said: str) -> None:
    path = tmp_path / "edition.toml"
    path.write_text(written)
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert said in caught.value.message
    assert str(path) in caught.value.message


def test_an_editions_own_schema_and_templates_come_first(tmp_path: Path) -> None:
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema" / "edition.rng").write_text("<grammar/>")
    (tmp_path / "templates").mkdir()
    edition = Edition(root=tmp_path)
    assert edition.schema_file(".rng") == tmp_path / "schema" / "edition.rng"
    assert edition.schema_file(".sch").parent != tmp_path / "schema"
    assert edition.template_folders()[0] == tmp_path / "templates"


def test_every_setting_is_documented(checkout: Path) -> None:
    page = (checkout / "docs" / "settings.md").read_text(encoding="utf-8")
    for key in fields(Edition):
        if key.name != "root":
            assert f"`{key.name}`" in page
