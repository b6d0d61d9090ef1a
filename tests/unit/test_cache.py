"""What is kept between runs: only in the user's own folder, and only while it holds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from toolkit import cache
from toolkit.cache import Cache, cache_folder, key, users
from toolkit.schema import kept, relaxng
from toolkit.schema.automaton import accepts

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """<grammar xmlns="http://relaxng.org/ns/structure/1.0">
<include href="more.rng"/><start><element name="a"><ref name="b"/></element></start>
</grammar>"""
MORE = """<grammar xmlns="http://relaxng.org/ns/structure/1.0"><define name="b">
<element name="b"><text/></element></define></grammar>"""


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    """A schema of two files."""
    (tmp_path / "main.rng").write_text(SCHEMA)
    (tmp_path / "more.rng").write_text(MORE)
    return tmp_path / "main.rng"


def entries(pattern: str = "*") -> list[Path]:
    folder = cache_folder()
    assert folder is not None
    return sorted(folder.glob(pattern))


# -- entries -----------------------------------------------------------------------


def test_an_entry_is_given_back_as_it_was_written() -> None:
    users().write("x", b"\0content")
    assert users().read("x") == b"\0content"
    assert users().read("y") is None


def test_an_entry_is_the_users_alone() -> None:
    users().write("x", b"content")
    (kept_file,) = entries()
    assert kept_file.stat().st_mode & 0o777 == 0o600
    assert kept_file.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("damage", ["cut", "changed", "emptied", "open", "link"])
def test_an_entry_that_is_not_whole_or_not_the_users_is_none(
    damage: str, tmp_path: Path
) -> None:
    users().write("x", b"content")
    (file,) = entries()
    written = file.read_bytes()
    if damage == "cut":
        file.write_bytes(written[:-1])
    elif damage == "changed":
        file.write_bytes(written[:-1] + b"?")
    elif damage == "emptied":
        file.write_bytes(b"")
    elif damage == "open":
        file.chmod(0o666)
    else:
        file.rename(tmp_path / "elsewhere")
        file.symlink_to(tmp_path / "elsewhere")
    assert users().read("x") is None
    if damage not in {"open", "link"}:
        users().write("x", b"content")
        assert users().read("x") == b"content"


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o777], ids=oct)
def test_a_folder_that_others_may_enter_is_not_used(mode: int) -> None:
    users().write("x", b"content")
    (file,) = entries()
    file.parent.chmod(mode)
    assert cache_folder() is None
    assert users().read("x") is None
    users().write("y", b"content")
    file.parent.chmod(0o700)
    assert [one.name for one in entries()] == ["x"]


def test_a_folder_that_is_a_link_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "cache" / "edition").symlink_to(tmp_path / "elsewhere")
    assert cache_folder() is None


def test_without_a_folder_nothing_is_kept() -> None:
    off = Cache(None)
    off.write("x", b"content")
    assert off.read("x") is None


def test_what_was_not_used_for_longest_goes_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cache, "BOUND", 400)
    mine = users()
    for number in range(4):
        mine.write(f"e{number}", b"c" * 60)
        folder = cache_folder()
        assert folder is not None
        os.utime(folder / f"e{number}", (number, number))
    assert mine.read("e0") is not None  # and so used now
    mine.write("large", b"c" * 120)
    assert [one.name for one in entries()] == ["e0", "e3", "large"]


def test_half_written_entries_of_the_past_go() -> None:
    folder = cache_folder()
    assert folder is not None
    (folder / "new-abandoned").write_bytes(b"half")
    (folder / "new-under-way").write_bytes(b"half")
    os.utime(folder / "new-abandoned", (0, 0))
    users().write("x", b"content")
    assert [one.name for one in entries()] == ["new-under-way", "x"]


def test_keys_tell_parts_apart() -> None:
    assert key("a", "b") == key("a", b"b")
    assert len({key("a", "b"), key("ab"), key("b", "a"), key("a", "b", "")}) == 4


def test_another_program_has_other_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key("a")
    monkeypatch.setattr(cache, "program", lambda: "another")
    assert key("a") != before


# -- grammars ----------------------------------------------------------------------


def never(*_: object) -> None:
    pytest.fail("compiled again")


def test_a_grammar_is_compiled_once(
    schema: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.load(schema, users())
    monkeypatch.setattr(relaxng, "compiled", never)
    grammar = kept.load(schema, users())
    assert accepts(b"<a><b>x</b></a>", grammar)
    assert not accepts(b"<a><c/></a>", grammar)


def test_a_grammar_is_kept_as_data_not_as_code(schema: Path) -> None:
    kept.load(schema, users())
    (file,) = entries("grammar-*")
    assert file.suffix == ".json"
    assert b'{"version":' in file.read_bytes()


@pytest.mark.parametrize("name", ["main.rng", "more.rng"])
def test_a_change_in_any_file_of_a_schema_is_seen(schema: Path, name: str) -> None:
    kept.load(schema, users())
    changed = schema.with_name(name)
    changed.write_text(changed.read_text().replace('name="b"', 'name="c"'))
    other = schema.with_name({"main.rng": "more.rng"}.get(name, "main.rng"))
    other.write_text(other.read_text().replace('name="b"', 'name="c"'))
    assert accepts(b"<a><c>x</c></a>", kept.load(schema, users()))


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]\n{}", b'{"/x":"0"}\n{}', b"\xff\n"], ids=repr
)
def test_an_entry_of_another_form_is_written_anew(schema: Path, content: bytes) -> None:
    kept.load(schema, users())
    (file,) = entries("grammar-*")
    good = file.read_bytes()
    users().write(file.name, content)
    assert accepts(b"<a><b/></a>", kept.load(schema, users()))
    assert file.read_bytes() == good
