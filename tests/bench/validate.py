"""Compares ``edition validate`` with jing: whole processes, run in turn.

    python tests/bench/validate.py --shared ../shared [--runs 5] [--case 100]

Prints for each case the medians of wall and processor time, the median of the ratios
of neighbouring runs, and the most memory that the process and its children took
together. Results of former runs never count: only compiled schemas are kept, and in
the way called «cold» not even those.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKOUT: Final = Path(__file__).resolve().parents[2]
_PIECE: Final = 0.02  #: seconds between two looks at the memory
_TEI: Final = 'xmlns="http://www.tei-c.org/ns/1.0"'
HEAD: Final = (
    f"<teiHeader {_TEI}><fileDesc><titleStmt><title>Plays</title></titleStmt>"
    "<publicationStmt><p>Not published.</p></publicationStmt>"
    "<sourceDesc><p>Plays.</p></sourceDesc></fileDesc></teiHeader>"
)
#: Ways of asking, with their options.
WAYS: Final = {
    "all stages": (),
    "all stages, cold": ("--no-cache",),
    "grammar": ("--only", "grammar"),
    "grammar, cold": ("--only", "grammar", "--no-cache"),
}


@dataclass(frozen=True, slots=True)
class Run:
    """What one run took."""

    wall: float  #: seconds
    cpu: float  #: seconds, user and system, children too


class Bench:
    """A folder to work in, with the material and a cache of our own."""

    def __init__(self, shared: Path, folder: Path) -> None:
        """Make the material.

        Args:
            shared: The folder of foreign data.
            folder: An empty folder.
        """
        self.schema = shared / "tei" / "tei_all.rng"
        plays = sorted((shared / "corpora" / "gerdracor").glob("*.xml"))
        self.folder, self._cache = folder, folder / "cache"
        self._environment = {
            **os.environ,
            "XDG_CACHE_HOME": str(self._cache),
            "PYTHONPATH": str(CHECKOUT),
            # As if installed: pip compiles what it installs.
            "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
        }
        self._environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self._cache.mkdir()
        small = min(plays, key=lambda one: one.stat().st_size)
        self.cases = {
            "own document": [CHECKOUT / "tei" / "d1962-08-27.xml"],
            "5 own documents": sorted((CHECKOUT / "tei").glob("d*.xml")),
            "play, 8 kB": [self._shortened(small, 7_600)],
            "play, 1 MB": [self._corpus("1mb", plays[:1], 1_000_000)],
            "100 plays": self._copies(plays, 100),
            "corpus, 10 MB": [self._corpus("10mb", plays, 10_000_000)],
            "corpus, 50 MB": [self._corpus("50mb", plays, 50_000_000)],
        }

    # -- material ------------------------------------------------------------

    def _copies(self, plays: list[Path], number: int) -> list[Path]:
        """Copy plays under other names until there are so many."""
        made = [self.folder / f"play-{n}.xml" for n in range(number)]
        for n, file in enumerate(made):
            shutil.copy(plays[n % len(plays)], file)
        return made

    def _shortened(self, play: Path, size: int) -> Path:
        """Leave speeches out of a play until it has about this size."""
        text = play.read_text(encoding="utf-8")
        for speech in reversed(list(re.finditer(r"<sp\b.*?</sp>", text, re.DOTALL))):
            if len(text.encode()) <= size:
                break
            shorter = text[: speech.start()] + text[speech.end() :]
            if re.search(r"<sp\b", shorter):
                text = shorter
        file = self.folder / "small.xml"
        file.write_text(text, encoding="utf-8")
        return file

    def _corpus(self, name: str, plays: list[Path], size: int) -> Path:
        """Put plays into one document, each with ids of its own."""
        file = self.folder / f"{name}.xml"
        with file.open("w", encoding="utf-8") as out:
            out.write(f"<teiCorpus {_TEI}>{HEAD}\n")
            for number, text in enumerate(self._endless(plays)):
                out.write(_prefixed(text, f"n{number}-"))
                if out.tell() >= size:
                    break
            out.write("</teiCorpus>\n")
        return file

    @staticmethod
    def _endless(plays: list[Path]) -> Iterator[str]:
        texts = [play.read_text(encoding="utf-8") for play in plays]
        while True:
            yield from (text[text.index("<TEI") :] for text in texts)

    # -- runs ----------------------------------------------------------------

    def command(self, way: str, files: list[Path]) -> list[str]:
        """Return the command of a way of asking, jing's if it is ``jing``."""
        names = list(map(str, files))
        if way == "jing":
            return ["jing", str(self.schema), *names]
        ours = [sys.executable, "-m", "toolkit", "validate"]
        return [*ours, "--schema", str(self.schema), *WAYS[way], *names]

    def run(self, command: list[str]) -> Run:
        """Run a command that knows no results; return what it took."""
        started, process = time.perf_counter(), self._started(command)
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
        wall = time.perf_counter() - started
        return Run(wall, used.ru_utime + used.ru_stime)

    def memory(self, command: list[str]) -> float:
        """Return the most memory that a command takes with its children, in MiB."""
        process, most = self._started(command), 0
        while process.poll() is None:
            most = max(most, sum(map(_resident, _family(process.pid))))
            time.sleep(_PIECE)
        return most / 1024

    def _started(self, command: list[str]) -> subprocess.Popen[bytes]:
        for results in self._cache.glob("edition/results-*"):
            results.unlink()
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def _prefixed(text: str, prefix: str) -> str:
    """Return a play with other ids, and its pointers to them."""
    text = re.sub(r'xml:id="', f'xml:id="{prefix}', text)
    return re.sub(
        r'\b(who|corresp|target|ref|active|passive|mutual|ana|next|prev)="([^"]*)"',
        lambda found: f'{found[1]}="{re.sub("#", "#" + prefix, found[2])}"',
        text,
    )


def _family(process: int) -> Iterator[int]:
    """Yield a process and its descendants."""
    yield process
    try:
        tasks = Path(f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return
    for child in map(int, tasks.split()):
        yield from _family(child)


def _resident(process: int) -> int:
    """Return a process's memory in KiB; what several share counts once in all."""
    try:
        rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    found = re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)
    return int(found[1]) if found else 0


def table(bench: Bench, name: str, runs: int) -> Iterator[str]:
    """Yield the rows of one case."""
    commands = {way: bench.command(way, bench.cases[name]) for way in ("jing", *WAYS)}
    taken: dict[str, list[Run]] = {way: [] for way in commands}
    for command in commands.values():
        bench.run(command)  # compiles what is kept, and fills the system's cache
    for _ in range(runs):
        for way, command in commands.items():
            taken[way].append(bench.run(command))
    for way, several in taken.items():
        pairs = list(zip(several, taken["jing"], strict=True))
        figures = (
            median(one.wall for one in several),
            median(one.wall / other.wall for one, other in pairs),
            median(one.cpu for one in several),
            median(one.cpu / other.cpu for one, other in pairs),
        )
        measured = " | ".join(f"{figure:.2f}" for figure in figures)
        yield f"| {name} | {way} | {measured} | {bench.memory(commands[way]):.0f} |"


def main() -> None:
    """Run the cases and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--case", action="append", help="only cases that hold this")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(chosen.shared.resolve(), Path(folder))
        print("| case | way | wall s | to jing | CPU s | to jing | MiB |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        for name in bench.cases:
            if not chosen.case or any(one in name for one in chosen.case):
                for row in table(bench, name, chosen.runs):
                    print(row, flush=True)


if __name__ == "__main__":
    main()
