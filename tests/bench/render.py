"""How fast documents are rendered, beside lxml's XSLT with equal rules.

    python tests/bench/render.py [--shared ../shared] [--runs 9]

Prints a Markdown table. All figures are processor seconds (user and system): whole
processes in turn with their peer (A B A B …), minimum and median of several runs, or
the best of several runs inside this process. Not a test: nothing fails here.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from toolkit import tei
from toolkit.editions.text import Rendering, render_body
from toolkit.render.engine import Renderer
from toolkit.render.facts import gather
from toolkit.render.library import Library
from toolkit.render.signs import read_key
from toolkit.resources import share

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DRIVER = HERE / "plays.py"
PEERS = ("ours", "xslt", "parse")
MEGABYTE = 1_000_000


def renderer(
    kind: str = "html", view: str = "reading", *, memo: bool = True
) -> Renderer:
    """Return a renderer of our own templates."""
    templates = share("templates")
    key = read_key(templates / "signs" / "house.toml")
    return Renderer(Library([templates], kind), key, view, memoise=memo)


def rendered(made_by: Renderer, path: Path) -> Rendering:
    """Read, prepare and render one document, as the build does."""
    root = tei.read(path).root
    return render_body(made_by, root, gather(root))


def cpu_of(command: Sequence[str | Path]) -> float:
    """Return the processor seconds of a whole process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [str(part) for part in command],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime - before.ru_utime
    return used + after.ru_stime - before.ru_stime


def one_megabyte(plays: Sequence[Path], folder: Path) -> Path:
    """Join the bodies of plays to one play of about 1 MB."""
    joined = etree.parse(plays[0]).getroot()
    body = joined.find(f"{tei.TEI}text/{tei.TEI}body")
    assert body is not None
    path = folder / "one-megabyte.xml"
    for play in plays[1:]:
        path.write_bytes(etree.tostring(joined, encoding="utf-8"))
        if path.stat().st_size > MEGABYTE:
            break
        more = etree.parse(play).getroot().find(f"{tei.TEI}text/{tei.TEI}body")
        assert more is not None
        body.extend(more)
    return path


def best(runs: int, path: Path, engine: Renderer) -> float:
    """Return the best processor time of reading and rendering a document."""
    times = []
    for _ in range(runs):
        started = time.process_time()
        rendered(engine, path)
        times.append(time.process_time() - started)
    return min(times)


def whole_processes(folder: Path, runs: int) -> None:
    """Print the whole processes on all plays, in turn."""
    with tempfile.TemporaryDirectory() as out:
        times: dict[str, list[float]] = {name: [] for name in PEERS}
        for number in range(runs + 1):
            for name in PEERS:
                used = cpu_of([sys.executable, DRIVER, name, folder, out])
                if number:  # the first is a warm-up
                    times[name].append(used)
    for name, of in times.items():
        row = f"minimum {min(of):.3f} s, median {statistics.median(of):.3f} s"
        print(f"| {len(list(folder.glob('*.xml')))} plays, process: {name} | {row} |")
    for peer in ("xslt", "parse"):
        pairs = [a / b for a, b in zip(times["ours"], times[peer], strict=True)]
        least = min(times["ours"]) / min(times[peer])
        row = f"median of pairs {statistics.median(pairs):.2f}, of minima {least:.2f}"
        print(f"| ours / {peer} | {row} |")


def in_process(plays: Sequence[Path], runs: int) -> None:
    """Print the cost of an element, and of the path without memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = one_megabyte(plays, Path(folder))
        elements = sum(1 for _ in tei.read(path).root.iter("*"))
        quick, slow = renderer(), renderer(memo=False)
        with_memo = best(runs, path, quick)
        without = best(2, path, slow)
        same = rendered(quick, path) == rendered(slow, path)
        size = path.stat().st_size / MEGABYTE
    each = with_memo / elements * 1e6
    print(f"| {size:.2f} MB, {elements} elements, in process | {each:.2f} µs each |")
    print(f"| the same without memory | {without / with_memo:.1f} times as long |")
    print(f"| same bytes | {'yes' if same else 'NO'} |")


def main() -> None:
    """Measure, and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--runs", type=int, default=9)
    options = parser.parse_args()
    folder = options.shared / "corpora" / "gerdracor"
    plays = sorted(folder.glob("*.xml"), key=lambda path: -path.stat().st_size)
    print("| what | processor time |\n| --- | --- |")
    in_process(plays, options.runs)
    whole_processes(folder, options.runs)
    command = [sys.executable, "-m", "toolkit", "--help"]
    helps = [cpu_of(command) for _ in range(options.runs)]
    row = f"minimum {min(helps):.3f} s, median {statistics.median(helps):.3f} s"
    print(f"| edition --help | {row} |")


if __name__ == "__main__":
    main()
