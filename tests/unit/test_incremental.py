"""A build makes what has changed and nothing else; it ends as a first build does."""

from __future__ import annotations

import os
import random
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.unit.conftest import HEADER, tei_document
from toolkit.build.publication import STATE
from toolkit.build.run import Build
from toolkit.errors import ToolkitError
from toolkit.tei import TEI_NS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.conftest import MakeEdition
    from toolkit.build.run import Built
    from toolkit.config import Edition

KIM = '<p>To <persName ref="persons.xml#kim">Kim</persName>.</p>'
PERSONS = f"""<TEI xmlns="{TEI_NS}" xml:id="persons">{HEADER.format(title="Persons")}
<standOff><listPerson>
<person xml:id="kim"><persName type="preferred">Kim Il Sung</persName></person>
<person xml:id="pak"><persName type="preferred">Pak Song Chol</persName></person>
</listPerson></standOff></TEI>"""
#: Pages that depend on what documents say, but not on all that they say.
LISTS = {"front page", "registers", "readers’ marks", "about"}


def contents(edition: Edition) -> dict[str, bytes]:
    """Return every published file."""
    return {
        path.relative_to(edition.build).as_posix(): path.read_bytes()
        for path in sorted(edition.build.rglob("*"))
        if path.is_file() and STATE not in path.parts
    }


def whole(edition: Edition, folder: Path) -> dict[str, bytes]:
    """Return what a first build of the same edition elsewhere publishes."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(edition.root, folder, ignore=shutil.ignore_patterns("build"))
    elsewhere = replace(edition, root=folder)
    Build(elsewhere).run()
    return contents(elsewhere)


@pytest.fixture
def edition(make_edition: MakeEdition) -> Edition:
    """Three documents and a register; the second names Kim."""
    edition = make_edition(a="<p>A.</p>", b=KIM, c="<p>C.</p>")
    (edition.tei / "persons.xml").write_text(PERSONS)
    Build(edition).run()
    return edition


def write(edition: Edition, name: str, body: str, title: str = "A document") -> None:
    """Write a document anew."""
    (edition.tei / f"{name}.xml").write_text(tei_document(body, name, title))


def template(edition: Edition, name: str, text: str) -> None:
    """Give the edition a template of its own."""
    path = edition.root / "templates" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def made(built: Built) -> tuple[int, set[str]]:
    """Return how many documents were made, and which lists besides."""
    return built.made, set(built.pages) & LISTS


def test_nothing_is_made_where_nothing_has_changed(edition: Edition) -> None:
    before = {path: path.stat() for path in edition.build.rglob("*.html")}
    built = Build(edition).run()
    assert (built.made, built.pages, built.removed) == (0, (), 0)
    assert {path: path.stat().st_ino for path in edition.build.rglob("*.html")} == {
        path: status.st_ino for path, status in before.items()
    }


def test_a_document_that_is_only_touched_is_not_made(edition: Edition) -> None:
    os.utime(edition.tei / "a.xml", (1, 1))
    assert made(Build(edition).run()) == (0, set())


def test_an_edited_document_is_made_alone(edition: Edition) -> None:
    write(edition, "a", "<p>Another.</p>")
    assert made(Build(edition).run()) == (1, set())
    assert b"Another." in contents(edition)["site/a.html"]


def test_a_new_title_is_told_to_the_neighbours_and_to_the_lists(
    edition: Edition,
) -> None:
    write(edition, "a", "<p>A.</p>", title="Renamed")
    count, pages = made(Build(edition).run())
    assert count == 2  # itself and the one after it
    assert "front page" in pages


def test_a_new_name_in_a_register_is_told_to_those_who_bear_it(
    edition: Edition,
) -> None:
    path = edition.tei / "persons.xml"
    path.write_text(PERSONS.replace("Kim Il Sung", "Kim Song Ju"))
    assert made(Build(edition).run()) == (1, {"registers"})
    assert b"Kim Song Ju" in contents(edition)["site/b.html"]
    path.write_text(path.read_text().replace("Pak", "Bak"))
    assert made(Build(edition).run()) == (0, {"registers"})


def test_a_template_is_for_the_documents_that_have_its_element(
    edition: Edition,
) -> None:
    template(edition, "html/elements/persName.html", "<b>{{ content }}</b>")
    assert made(Build(edition).run())[0] == 1
    assert b"<b>Kim</b>" in contents(edition)["site/b.html"]


def test_a_page_template_is_for_its_pages(edition: Edition) -> None:
    template(edition, "html/pages/about.html", "<p>About us.</p>")
    assert made(Build(edition).run()) == (0, {"about"})


def test_a_setting_that_is_printed_is_for_everything(edition: Edition) -> None:
    count, pages = made(Build(replace(edition, title="Another title")).run())
    assert count == 3
    assert pages == LISTS


def test_a_setting_of_validation_is_for_nothing(edition: Edition) -> None:
    assert made(Build(replace(edition, baseline="known.json")).run()) == (0, set())


def test_a_document_that_has_gone_takes_its_files_along(
    edition: Edition, tmp_path: Path
) -> None:
    (edition.tei / "b.xml").unlink()
    built = Build(edition).run()
    assert built.made == 2  # those that had it for a neighbour
    assert built.removed > 0
    assert not any("/b." in name for name in contents(edition))
    assert contents(edition) == whole(edition, tmp_path / "other")


def test_a_file_that_somebody_removed_is_made_again(edition: Edition) -> None:
    before = contents(edition)
    (edition.build / "site" / "b.html").unlink()
    (edition.build / "site" / "index.html").unlink()
    assert made(Build(edition).run()) == (1, {"front page"})
    assert contents(edition) == before


@pytest.mark.parametrize("damage", [b"", b"no database at all", None])
def test_without_its_memory_a_build_makes_everything(
    edition: Edition, damage: bytes | None
) -> None:
    before = contents(edition)
    store = edition.build / STATE / "store.sqlite"
    for path in store.parent.glob("store.sqlite*"):
        path.unlink()
    if damage is not None:
        store.write_bytes(damage)
    assert Build(edition).run().made == 3
    assert contents(edition) == before


def test_what_is_stale_is_listed_and_left(edition: Edition) -> None:
    before = contents(edition)
    write(edition, "a", "<p>Another.</p>", title="Renamed")
    stale = set(Build(edition).stale())
    assert stale >= {"a.xml: its files", "b.xml: its files", "front page"}
    assert "c.xml: its files" not in stale
    assert contents(edition) == before
    Build(edition).run()
    assert Build(edition).stale() == []


def test_a_build_that_fails_is_taken_up_by_the_next(
    edition: Edition, tmp_path: Path
) -> None:
    before = contents(edition)
    write(edition, "a", "<p>Another.</p>")
    write(edition, "b", "<p>Not well-formed.")
    with pytest.raises(ToolkitError, match=r"b\.xml"):
        Build(edition).run()
    assert contents(edition) == before
    write(edition, "b", KIM)
    Build(edition).run()
    assert contents(edition) == whole(edition, tmp_path / "other")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_any_history_ends_in_what_a_first_build_makes(
    edition: Edition, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same history every time

    def persons() -> None:
        name = f"Kim {chance.randrange(9)}"
        (edition.tei / "persons.xml").write_text(PERSONS.replace("Kim Il Sung", name))

    steps: list[Callable[[], None]] = [
        lambda: write(edition, chance.choice("abcd"), f"<p>{chance.random()}</p>"),
        lambda: write(edition, chance.choice("abcd"), KIM, title=f"{chance.random()}"),
        lambda: (edition.tei / f"{chance.choice('bcd')}.xml").unlink(missing_ok=True),
        lambda: template(
            edition, "html/elements/persName.html", f"{{{{ content }}}}<!--{seed}-->"
        ),
        lambda: shutil.rmtree(edition.build / "site", ignore_errors=True),
        persons,
    ]
    for _ in range(8):
        for _ in range(chance.randrange(3)):
            chance.choice(steps)()
        Build(edition).run()
    assert contents(edition) == whole(edition, tmp_path / "other")


@pytest.mark.parametrize("jobs", [1, 2])
def test_any_number_of_processes_makes_the_same(
    edition: Edition, tmp_path: Path, jobs: int
) -> None:
    before = contents(edition)
    Build(edition, jobs=jobs).run(anew=True)
    assert contents(edition) == before
