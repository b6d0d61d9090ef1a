"""The published folder changes at once, and only where something has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from toolkit.build.publication import STATE, Publication
from toolkit.build.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store in the folder of the state."""
    (tmp_path / STATE).mkdir()
    store = Store(tmp_path / STATE / "store.sqlite")
    yield store
    store.close()


def published(folder: Path) -> dict[str, bytes]:
    """Return what is published."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and STATE not in path.parts
    }


def build(
    folder: Path, store: Store, *, remove: tuple[str, ...] = (), **files: str
) -> Publication:
    """Publish some files; ``_`` in a name stands for ``/``."""
    publication = Publication(folder, store)
    publication.prepare(anew=False)
    for name, content in files.items():
        publication.write(name.replace("_", "/"), content.encode())
    publication.remove(remove)
    publication.publish()
    publication.catch_up()
    store.commit()
    return publication


def test_what_is_written_is_seen_only_when_it_is_published(
    tmp_path: Path, store: Store
) -> None:
    publication = Publication(tmp_path, store)
    publication.prepare(anew=False)
    publication.write("site/a.html", b"a")
    assert published(tmp_path) == {}
    publication.publish()
    assert published(tmp_path) == {"site/a.html": b"a"}


def test_later_builds_keep_what_they_do_not_write(tmp_path: Path, store: Store) -> None:
    build(tmp_path, store, site_a="1", site_b="1", text_a="1")
    build(tmp_path, store, site_a="2")
    assert published(tmp_path) == {"site/a": b"2", "site/b": b"1", "text/a": b"1"}
    build(tmp_path, store, site_b="3", text_c="3", remove=("text/a",))
    assert published(tmp_path) == {"site/a": b"2", "site/b": b"3", "text/c": b"3"}
    build(tmp_path, store, site_c="4")
    assert published(tmp_path) == {
        "site/a": b"2",
        "site/b": b"3",
        "site/c": b"4",
        "text/c": b"3",
    }


def test_a_file_of_the_same_content_is_left_alone(tmp_path: Path, store: Store) -> None:
    build(tmp_path, store, site_a="1", site_b="1")
    before = (tmp_path / "site" / "a").stat()
    build(tmp_path, store, site_a="1", site_b="2")
    after = (tmp_path / "site" / "a").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_file_that_is_open_keeps_its_content(tmp_path: Path, store: Store) -> None:
    build(tmp_path, store, site_a="old")
    with (tmp_path / "site" / "a").open() as reader:
        build(tmp_path, store, site_a="new")
        assert reader.read() == "old"


def test_a_build_that_ends_before_publishing_changes_nothing(
    tmp_path: Path, store: Store
) -> None:
    build(tmp_path, store, site_a="1", site_b="1")
    publication = Publication(tmp_path, store)
    publication.prepare(anew=False)
    publication.write("site/a", b"2")
    publication.remove(["site/b"])
    assert published(tmp_path) == {"site/a": b"1", "site/b": b"1"}
    build(tmp_path, store, site_c="3")
    assert published(tmp_path) == {"site/a": b"1", "site/b": b"1", "site/c": b"3"}


def test_what_a_killed_build_left_is_swept_away(tmp_path: Path, store: Store) -> None:
    build(tmp_path, store, site_a="1")
    publication = Publication(tmp_path, store)
    publication.prepare(anew=False)
    publication.write("site/deep/lost", b"2")
    publication.publish()  # and killed before the store knew of it
    publication = Publication(tmp_path, store)
    assert publication.prepare(anew=True) is False
    publication.sweep({"site/a"})
    publication.publish()
    assert published(tmp_path) == {"site/a": b"1"}
    assert not (tmp_path / "site" / "deep").exists()


@pytest.mark.parametrize("at", ["away", "new"])
def test_a_build_killed_while_folders_change_places_is_mended(
    tmp_path: Path, store: Store, at: str
) -> None:
    build(tmp_path, store, site_a="1")
    away = tmp_path / STATE / "away-site"
    if at == "away":  # the former edition has gone, the new one has not come
        (tmp_path / "site").rename(away)
    else:  # the new one has come, the former one lies about
        away.mkdir()
        (away / "a").write_text("0")
    Publication(tmp_path, store)
    assert published(tmp_path) == {"site/a": b"1"}
    assert not away.exists()


def test_without_an_exchange_in_one_step_folders_change_places_in_three(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toolkit.build.publication._exchanged", lambda *_: False)
    build(tmp_path, store, site_a="1", site_b="1")
    build(tmp_path, store, site_a="2")
    assert published(tmp_path) == {"site/a": b"2", "site/b": b"1"}
    build(tmp_path, store, site_b="3")
    assert published(tmp_path) == {"site/a": b"2", "site/b": b"3"}


def test_where_links_are_not_to_be_had_files_are_copied(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr("os.link", refused)
    build(tmp_path, store, site_a="1", site_b="1")
    build(tmp_path, store, site_a="2")
    assert published(tmp_path) == {"site/a": b"2", "site/b": b"1"}
