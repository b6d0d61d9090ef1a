"""However a build ends, the former edition is whole or the new one is."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.unit.conftest import tei_document
from tests.unit.test_incremental import contents, whole
from toolkit.build.run import Build

if TYPE_CHECKING:
    from tests.unit.conftest import MakeEdition
    from toolkit.config import Edition

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).resolve().parents[2]
BUILD = [sys.executable, "-m", "toolkit"]
NUMBER = 12


@pytest.fixture
def edition(make_edition: MakeEdition) -> Edition:
    """A dozen documents, built."""
    edition = make_edition(**{f"d{n}": f"<p>Old {n}.</p>" for n in range(NUMBER)})
    Build(edition, jobs=1).run()
    return edition


def rewrite(edition: Edition, word: str) -> None:
    """Change every document."""
    for number in range(NUMBER):
        path = edition.tei / f"d{number}.xml"
        path.write_text(tei_document(f"<p>{word} {number}.</p>", f"d{number}", word))


def started(edition: Edition, *options: str) -> subprocess.Popen[str]:
    """Start a build in a process of its own."""
    return subprocess.Popen(
        [*BUILD, "--edition", str(edition.root), "build", *options],
        cwd=CHECKOUT,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_killed_at_any_moment_it_leaves_a_whole_edition(
    edition: Edition, tmp_path: Path
) -> None:
    chance = random.Random(7)  # noqa: S311 - the same moments every time
    states = [contents(edition)]
    rewrite(edition, "New")
    states.append(whole(edition, tmp_path / "other"))
    begun = time.monotonic()
    started(edition).communicate()
    length = time.monotonic() - begun
    assert contents(edition) == states[1]
    cut = 0
    for turn in range(20):
        now = turn % 2
        rewrite(edition, ("Old", "New")[now])
        process = started(edition, "--jobs", str(1 + turn // 10))
        time.sleep(length * chance.uniform(0.2, 1.0))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        cut += process.returncode != 0
        if turn == 0:  # titles differ from the first state's: take it as it is now
            Build(edition).run()
            states[0] = contents(edition)
            continue
        assert contents(edition) in states
    assert cut > 5, "no build was killed at work"
    started(edition).communicate()
    assert contents(edition) == states[1]
    assert contents(edition) == whole(edition, tmp_path / "other")


def test_two_builds_at_once_wait_for_each_other(edition: Edition) -> None:
    rewrite(edition, "New")
    processes = [started(edition, "--anew") for _ in range(3)]
    said = [process.communicate()[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert sum("another build is at work" in each for each in said) >= 1
    assert b"New 3." in contents(edition)["site/d3.html"]


def test_on_a_full_disk_the_former_edition_stays(edition: Edition) -> None:
    before = contents(edition)
    rewrite(edition, "New" * 3000)

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (12_000, 12_000))

    done = subprocess.run(
        [*BUILD, "--edition", str(edition.root), "build", "--jobs", "1"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=little_room,
    )
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert contents(edition) == before
    assert Build(edition).run().made == NUMBER


def test_where_nothing_can_be_written_it_is_said(make_edition: MakeEdition) -> None:
    edition = make_edition(a="<p>A.</p>")
    edition.build.write_text("a file in the place of the folder")
    process = started(edition)
    _, said = process.communicate()
    assert process.returncode == 2
    assert "cannot be written" in said
    assert "Traceback" not in said
