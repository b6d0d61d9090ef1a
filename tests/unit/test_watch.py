"""Watching: what has changed is told again, and nothing else."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.unit.conftest import tei_document
from toolkit.cache import Cache
from toolkit.config import load
from toolkit.errors import SchemaError
from toolkit.findings import Finding
from toolkit.report.run import Options, Scope
from toolkit.report.watch import Rounds, Watched, changes, look, watch
from toolkit.report.ways import Validation
from toolkit.resources import share
from toolkit.validate.how import How

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.unit.conftest import MakeEdition
    from toolkit.report.watch import Look

A, B = Path("a.xml"), Path("b.xml")


def finding(path: Path, line: int = 1) -> Finding:
    """Return a finding."""
    return Finding(path, line, 1, "TEI101", "x")


def looks(*several: dict[str, int]) -> Callable[[], Look]:
    """Return a look at files that are so one after the other, then end."""
    waiting: Iterator[dict[str, int]] = iter(several)

    def see() -> Look:
        try:
            return {Path(name): (size, size) for name, size in next(waiting).items()}
        except StopIteration:
            raise KeyboardInterrupt from None

    return see


def test_files_are_seen_by_size_and_time(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text("x")
    before = look([path, tmp_path / "none.xml"])
    assert list(before) == [path]
    os.utime(path, ns=(1, 1))
    assert look([path]) != before


def test_a_change_counts_when_nothing_moves_any_more() -> None:
    see = looks(
        {"a": 1, "b": 1},
        {"a": 1, "b": 1},
        {"a": 2, "b": 1},
        {"a": 3, "b": 1},
        {"a": 3, "b": 1},
        {"a": 3},
        {"a": 3},
        {"a": 3, "c": 1},
        {"a": 3},
        {"a": 3},
    )
    found = []
    with suppress(KeyboardInterrupt):
        for moved in changes(see, lambda: None):
            found.append(sorted(map(str, moved)))  # noqa: PERF401  # it never ends
    assert found == [["a"], ["b"]]


def test_a_round_shows_what_is_new() -> None:
    rounds = Rounds()
    assert rounds.news([finding(A), finding(B)], frozenset()) == [
        finding(A),
        finding(B),
    ]
    assert rounds.news([finding(A), finding(B)], frozenset({B})) == [finding(B)]
    assert rounds.news([finding(A, 2), finding(B)], frozenset({B})) == [
        finding(A, 2),
        finding(B),
    ]
    assert rounds.news([finding(B)], frozenset({A})) == []
    assert rounds.sum(2).startswith("2 files checked: 1 error, 0 warnings; waiting")


def test_watching_goes_on_after_a_broken_schema_and_ends_with_the_last_result(
    capsys: pytest.CaptureFixture[str],
) -> None:
    broken = SchemaError("s.rng:1: broken")
    answers: Iterator[list[Finding] | SchemaError] = iter([[finding(A)], broken, []])
    sizes = iter([2, 2, 3, 3])
    shown: list[Finding] = []

    def check(_paths: Sequence[Path]) -> list[Finding]:
        answer = next(answers)
        if isinstance(answer, SchemaError):
            raise answer
        return answer

    def wait() -> None:
        size = next(sizes, None)
        if size is None:
            raise KeyboardInterrupt
        if Path("a.xml").stat().st_size != size:
            Path("a.xml").write_text("x" * size)

    Path("a.xml").write_text("x")
    watched = Watched(lambda: [A], lambda: [A], check, shown.append)
    assert watch(watched, wait) is False
    assert shown == [finding(A)]
    said = capsys.readouterr().err
    assert said.count("changed: a.xml") == 2
    assert "s.rng:1: broken" in said
    assert said.endswith("1 file checked: 0 errors, 0 warnings; "
                         "waiting for changes, Ctrl-C ends\n")  # fmt: skip


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder of its own."""
    monkeypatch.chdir(tmp_path)


def test_settings_and_schemas_may_change_and_break_while_they_are_watched(
    make_edition: MakeEdition, capsys: pytest.CaptureFixture[str]
) -> None:
    edition = make_edition(one="<p><persname>x</persname></p>")
    schema, settings = edition.root / "schema" / "own.rng", edition.settings
    schema.parent.mkdir()
    text = share("schema").joinpath("edition.rng").read_text()
    schema.write_text(text)
    right = 'schema = "schema/own.rng"\n'
    settings.write_text(right)
    ignored = '[[ignore]]\ncode = "TEI101"\npath = "**"\nreason = "a joke"\n'
    turns: Iterator[Callable[[], object]] = iter(
        [
            schema.unlink,
            lambda: schema.write_text(text),
            lambda: settings.write_text("title ="),
            lambda: settings.write_text(right + ignored),
        ]
    )

    def wait() -> None:
        if next(pauses):
            turn = next(turns, None)
            if turn is None:
                raise KeyboardInterrupt
            turn()

    pauses = itertools.cycle([True, False])
    scope = Scope(load(settings), edition.documents(), whole=True)
    how = How(frozenset({"grammar"}), cache=Cache(None))
    validation = Validation(scope, (), Options(), how)
    assert validation.watch(edition.documents, wait) is False
    done = capsys.readouterr()
    assert done.out.count("TEI101") == 1
    assert [line for line in done.err.splitlines() if "checked" not in line] == [
        "changed: own.rng",
        f"{schema}: there is no such schema",
        "  help: compile the ODD, or correct the key schema in edition.toml",
        "changed: own.rng",
        "changed: edition.toml",
        f"{settings}: cannot be read: Invalid value (at end of document)",
        "changed: edition.toml",
    ]
    assert done.err.rstrip().splitlines()[-1].startswith("1 file checked: 0 errors")


@pytest.mark.slow
def test_the_command_watches_until_it_is_interrupted(tmp_path: Path) -> None:
    folder = tmp_path / "tei"
    folder.mkdir()
    (tmp_path / "edition.toml").write_text("")
    path = folder / "one.xml"
    path.write_text(tei_document("<p><persname>x</persname></p>"))
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    log = (tmp_path / "log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "toolkit", "validate", "--only", "grammar", "--watch"],
        stdout=log,
        stderr=log,
        env={**environment, "PYTHONPATH": str(Path(__file__).parents[2])},
    )

    def until(said: str) -> str:
        for _ in range(200):
            text = (tmp_path / "log").read_text()
            if said in text:
                return text
            time.sleep(0.1)
        pytest.fail(f"{said!r} was not said: {text}")

    try:
        assert "error TEI101" in until("1 file checked: 1 error")
        path.write_text(tei_document("<p>mended now</p>"))
        assert "changed: one.xml\n" in until("1 file checked: 0 errors")
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
        log.close()
    assert "Traceback" not in (tmp_path / "log").read_text()
