"""What is said of single faults, by us and by others: makes docs/messages.md.

Every file of ``tests/faults`` is checked by this program, by jing, by libxml2 (through
lxml) and by xmlschema, with the edition's own schema. One mechanical rule judges all:
the first message counts; it names the culprit if it holds the words that
``expected.tsv`` gives for it, and helps if it holds those of the mend as well.

Run it from the repository's folder: ``python -m tests.bench.messages``.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

import xmlschema
from lxml import etree

from tests.faults import FAULTS, LAYERS, SCHEMA, Expected, expectations, says
from tests.referees import program
from toolkit.validate.document import check_file
from toolkit.validate.pointers.follow import PointerCheck
from toolkit.validate.pointers.ids import Index
from toolkit.validate.stages import Stages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

PAGE: Final = FAULTS.parent.parent / "docs" / "messages.md"
_INTRODUCTION: Final = """\
{count} files with one fault each, of our own making, and what is said of them by
`edition validate`, by jing, by libxml2 {libxml2} (lxml {lxml}, RELAX NG) and by
xmlschema {xmlschema}, all with the schema of this edition. This page is made by
`python -m tests.bench.messages`; the files, and what has to be said of each, are in
[`tests/faults`](../tests/faults).

One mechanical rule judges all four. Only the first message is read, ours with its
help. It has the *right line* if it gives the line of the fault. It *names the culprit*
if it holds every word listed for the fault, mostly the element or attribute and the
value, and *says the mend* if it holds the words of the remedy as well. Where something
was left open, it should also say *where it was opened*. We chose the words, and our
tests demand them of us, so these three rows favour us. Columns are not compared: jing
gives the place behind a start tag, libxml2 and xmlschema give none.

The others do not follow pointers and ask no Schematron rules; their silence there is no
fault of theirs.
"""
_SHOWN: Final = 130  #: characters of another program's message
_OURS: Final = 260  #: characters of our own
_JING: Final = re.compile(r"(.*?):(\d+):(\d+): (?:fatal: |error: |warning: )?(.*)")


@dataclass(frozen=True, slots=True)
class Said:
    """One message."""

    line: int  #: 1-based; 0: none is given
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the first message fares."""

    one: bool  #: there is exactly one message
    line: bool  #: it gives the right line
    names: bool  #: it names the culprit
    opened: bool  #: it says where what was left open begins
    helps: bool  #: it says what to do as well

    @classmethod
    def of(cls, expected: Expected, said: Sequence[Said]) -> Verdict:
        """Judge what is said of a fault."""
        if not said:
            return cls(one=False, line=False, names=False, opened=False, helps=False)
        first = said[0]
        names = all(says(first.text, word) for word in expected.culprit)
        return cls(
            one=len(said) == 1,
            line=first.line == expected.line,
            names=names,
            opened=not expected.opened or says(first.text, expected.opened),
            helps=names and all(says(first.text, word) for word in expected.mend),
        )


def ours(rows: Iterable[Expected]) -> Iterator[list[Said]]:
    """Ask this program: grammar, rules, ids and pointers."""
    stages = Stages([SCHEMA.with_suffix(".rng"), SCHEMA.with_suffix(".sch")])
    pointers = PointerCheck(Index([FAULTS / "persons.xml"]), FAULTS)
    for row in rows:
        yield [
            Said(one.line, f"{one.code} {one.words}")
            for one in check_file(row.path, stages, pointers)
        ]


def jing(rows: Sequence[Expected]) -> Iterator[list[Said]]:
    """Ask jing, all files that it can read at once."""
    said: dict[Path, list[Said]] = {}
    waiting = [row.path for row in rows if _is_read(row.path)]
    for row in rows:
        if row.path not in waiting:
            _ask_jing([row.path], said)
    # It stops at the first file that it cannot read, and at an XInclude.
    while fatal := _ask_jing(waiting, said):
        waiting.remove(fatal)
        for path in waiting:
            said.pop(path, None)
    for row in rows:
        yield said.get(row.path, [])


def _ask_jing(files: Iterable[Path], said: dict[Path, list[Said]]) -> Path | None:
    """Note what jing says of files; return the one at which it stopped."""
    command = [program("jing"), str(SCHEMA.with_suffix(".rng")), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    stopped = None
    for line in (done.stdout + done.stderr).splitlines():
        if found := _JING.match(line):
            path = Path(found[1])
            said.setdefault(path, []).append(Said(int(found[2]), found[4]))
            stopped = path if ": fatal: " in line else stopped
    return stopped


def _is_read(path: Path) -> bool:
    try:
        etree.parse(str(path), etree.XMLParser(collect_ids=False))
    except (etree.XMLSyntaxError, OSError):
        return False
    return True


def libxml2(rows: Iterable[Expected]) -> Iterator[list[Said]]:
    """Ask libxml2 through lxml, as its users do."""
    schema = etree.RelaxNG(etree.parse(str(SCHEMA.with_suffix(".rng"))))
    for row in rows:
        parser = etree.XMLParser()
        try:
            document = etree.fromstring(row.path.read_bytes(), parser)
        except etree.XMLSyntaxError:
            yield [Said(one.line, one.message) for one in parser.error_log]
            continue
        schema.validate(document)
        yield [Said(one.line, one.message) for one in schema.error_log]


def schema_of_w3c(rows: Iterable[Expected]) -> Iterator[list[Said]]:
    """Ask xmlschema, given a tree, because it knows no lines otherwise."""
    schema = xmlschema.XMLSchema(str(SCHEMA.with_suffix(".xsd")))
    for row in rows:
        try:
            document = etree.fromstring(row.path.read_bytes(), etree.XMLParser())
        except etree.XMLSyntaxError as fault:
            yield [Said(fault.lineno or 0, fault.msg or "")]
            continue
        yield [
            Said(int(one.sourceline or 0), one.reason or "")
            for one in schema.iter_errors(document)
        ]


def _cut(text: str, longest: int) -> str:
    """Return a message on one line of a table, not too long, as code."""
    text = " ".join(text.split())
    if len(text) > longest:
        text = text[: longest - 1] + "…"
    text = text.replace("|", "\\|")
    ticks = "``" if "`" in text else "`"
    return f"{ticks}{text}{ticks}" if text else ""


def summary(
    rows: Sequence[Expected], verdicts: Mapping[str, Sequence[Verdict]]
) -> Iterator[str]:
    """Yield the counts, over all faults and layer by layer."""
    yield "| faults | | " + " | ".join(verdicts) + " |"
    yield "| --- | --- | " + " | ".join("---" for _ in verdicts) + " |"
    questions = {
        "one message": "one",
        "right line": "line",
        "names the culprit": "names",
        "and says the mend": "helps",
        "says where it was opened": "opened",
    }
    for layer in ["all", *LAYERS]:
        whole = [n for n, row in enumerate(rows) if layer in {"all", row.layer}]
        for question, attribute in questions.items():
            chosen = whole
            if attribute == "opened":
                chosen = [n for n in whole if rows[n].opened]
                question = f"{question} ({len(chosen)})"
                if not chosen:
                    continue
            counts = (
                sum(getattr(several[n], attribute) for n in chosen)
                for several in verdicts.values()
            )
            first = f"{layer} ({len(whole)})" if attribute == "one" else ""
            yield f"| {first} | {question} | " + " | ".join(map(str, counts)) + " |"


def table(
    row: Expected, said: Mapping[str, Sequence[Said]], verdicts: Mapping[str, Verdict]
) -> Iterator[str]:
    """Yield the table of one fault."""
    yield f"### {row.name.partition('/')[2].replace('-', ' ')}"
    yield ""
    yield (
        f"[`{row.name}.xml`](../tests/faults/{row.name}.xml), line {row.line}; "
        f"to be named: {', '.join(f'`{word}`' for word in row.culprit)}"
        + (f", opened on {row.opened}" if row.opened else "")
    )
    yield ""
    yield "| | messages | line | names | first message |"
    yield "| --- | --- | --- | --- | --- |"
    for who, several in said.items():
        verdict = verdicts[who]
        line = str(several[0].line) if several else ""
        text = several[0].text if several else ""
        cells = (
            who,
            str(len(several)),
            line if verdict.line or not line else f"{line} ✗",
            "✓" if verdict.names else "✗",
            _cut(text, _OURS if who == "edition" else _SHOWN) or "nothing is said",
        )
        yield f"| {' | '.join(cells)} |"
    yield ""


def page(rows: Sequence[Expected]) -> str:
    """Return the page."""
    said = {
        "edition": list(ours(rows)),
        "jing": list(jing(rows)),
        "libxml2": list(libxml2(rows)),
        "xmlschema": list(schema_of_w3c(rows)),
    }
    verdicts = {
        who: [Verdict.of(row, one) for row, one in zip(rows, several, strict=True)]
        for who, several in said.items()
    }
    lines = [
        "# Messages, side by side",
        "",
        _INTRODUCTION.format(
            count=len(rows),
            libxml2=".".join(map(str, etree.LIBXML_VERSION)),
            lxml=version("lxml"),
            xmlschema=version("xmlschema"),
        ),
        *summary(rows, verdicts),
        "",
    ]
    for layer in LAYERS:
        lines += [f"## {layer}", ""]
        for n, row in enumerate(rows):
            if row.layer == layer:
                lines += table(
                    row,
                    {who: several[n] for who, several in said.items()},
                    {who: several[n] for who, several in verdicts.items()},
                )
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Write the page, or say whether it is as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    asked = parser.parse_args()
    made = page(expectations())
    if asked.check:
        sys.exit(made != PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(made, encoding="utf-8")
    print("\n".join(line for line in made.splitlines()[:70] if line.startswith("|")))


if __name__ == "__main__":
    main()
