"""How a build grows: an edition of many generated documents, built, edited, rebuilt.

    python tests/bench/scale.py --documents 100 1000 10000

Documents are made from the words and shapes of this repository's five, varied by
their number: same number, same document. Every figure is of a whole process.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

CHECKOUT: Final = Path(__file__).resolve().parents[2]
NS: Final = "http://www.tei-c.org/ns/1.0"
WORDS: Final = (
    "the ambassador said that in view of the Soviet leadership a delegation of our "
    "party would discuss economic aid with comrade and the question of weapons was "
    "not raised at the plenum although coal oil and credit were asked for again"
).split()
HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="{ns}" xml:id="{name}" xml:lang="en">
  <teiHeader><fileDesc><titleStmt><title>Report number {number} on talks in
    {place}</title></titleStmt>
    <publicationStmt><publisher>A bench</publisher></publicationStmt>
    <sourceDesc><p>Generated.</p></sourceDesc></fileDesc>
    <profileDesc><creation><date when="{date}">{date}</date></creation>
    <abstract><p>What was said in {place} on {date}.</p></abstract></profileDesc>
  </teiHeader>
  <text><body><div>
"""
PERSONS: Final = 200


def document(number: int) -> str:
    """Return one document of about a thousand words."""
    chance = random.Random(number)  # noqa: S311 - the same words every time
    year, month, day = 1950 + number % 40, 1 + number % 12, 1 + number % 28
    head = HEAD.format(
        ns=NS,
        name=f"d{number:05}",
        number=number,
        place=chance.choice(("Moscow", "Pyongyang", "Budapest", "Prague")),
        date=f"{year}-{month:02}-{day:02}",
    )
    paragraphs = "".join(_paragraph(chance, place) for place in range(12))
    return f"{head}{paragraphs}  </div></body></text>\n</TEI>\n"


def _paragraph(chance: random.Random, place: int) -> str:
    words = [chance.choice(WORDS) for _ in range(80)]
    words[5] = f"<supplied reason='omitted-in-original'>{words[5]}</supplied>"
    person = chance.randrange(PERSONS)
    words[20] = f"<persName ref='persons.xml#p{person}'>Comrade N{person}</persName>"
    words[40] = "P<ex>olitical</ex> C<ex>ommittee</ex>"
    if place % 4 == 1:
        words[60] += "<note type='translator'>So in the original.</note>"
    if place % 5 == 2:
        words[70] = "<gap reason='editorial'/>"
    return f"    <p>{' '.join(words)}.</p>\n"


def persons() -> str:
    """Return a register of persons."""
    entries = "".join(
        f"<person xml:id='p{n}'><persName type='preferred'>N{n}</persName>"
        f"<persName>Comrade N{n}</persName><note>A person.</note></person>\n"
        for n in range(PERSONS)
    )
    return (
        f'<TEI xmlns="{NS}" xml:id="persons"><teiHeader><fileDesc><titleStmt><title>'
        "Persons</title></titleStmt><publicationStmt><p>x</p></publicationStmt>"
        "<sourceDesc><p>x</p></sourceDesc></fileDesc></teiHeader><standOff>"
        f"<listPerson>\n{entries}</listPerson></standOff></TEI>\n"
    )


def edition(folder: Path, documents: int) -> None:
    """Write an edition."""
    (folder / "tei").mkdir(parents=True)
    (folder / "edition.toml").write_text('title = "A large edition"\n')
    (folder / "tei" / "persons.xml").write_text(persons())
    for number in range(documents):
        (folder / "tei" / f"d{number:05}.xml").write_text(document(number))


def build(folder: Path, *options: str) -> tuple[float, float, str]:
    """Return the wall seconds, the most MiB of a process, and what was said."""
    before = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "toolkit", "--edition", str(folder), "build", *options],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    wall = time.perf_counter() - before
    if done.returncode not in {0, 1}:
        raise SystemExit(done.stderr)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return wall, peak, done.stderr.strip().splitlines()[-1]


def measure(documents: int, jobs: int) -> None:
    """Measure one size and print its row."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "edition"
        edition(folder, documents)
        whole, peak, said = build(folder, "--jobs", str(jobs))
        nothing, _, _ = build(folder)
        file = folder / "tei" / f"d{documents // 2:05}.xml"
        file.write_text(file.read_text().replace("ambassador", "envoy"))
        edited, _, _ = build(folder)
        file.write_text(file.read_text().replace("ref='persons.xml#p", "n='p", 1))
        mention, _, _ = build(folder)
        files = sum(1 for one in (folder / "build" / "site").rglob("*.html"))
        print(
            f"{documents:>9} {jobs:>4} {whole:>9.1f} {whole / documents * 1000:>8.2f} "
            f"{peak:>8.0f} {nothing:>9.2f} {edited:>9.2f} {mention:>9.2f} {files:>7}",
            flush=True,
        )
        shutil.rmtree(folder)
        del said


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--jobs", type=int, nargs="+", default=[2])
    asked = parser.parse_args()
    columns = (
        "documents jobs|whole s|ms each|peak MiB|nothing s|edited s|mention s|pages"
    )
    print(columns.replace("|", "  "))
    for documents in asked.documents:
        for jobs in asked.jobs:
            measure(documents, jobs)


if __name__ == "__main__":
    main()
