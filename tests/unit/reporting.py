"""Findings made up for tests of reports, and strategies for hostile ones."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from toolkit.config import Edition
from toolkit.findings import Finding, Severity
from toolkit.report.report import FailOn, Report, Tally, collect
from toolkit.report.run import Options, Scope, run
from toolkit.report.source import Sources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toolkit.report.ignore import Ignore

#: Pieces that have broken reports of other programs, among ordinary ones.
PIECES = [
    "<p>", "word", " ", "\n", "\r", "\r\n", "\t", "::", "::error::", "%", "%0A", "%25",
    ",", ":", "]]>", "&amp;", "<![CDATA[", "\x00", "\x1b[31m", "\x07", "\x7f", "\x85",
    "\u2028", "\u202e", "\ud800", "\ufffe", "\ufeff", "{0}", "{{", "}", "[a](http://x)",
    '"', "'", "\\", "漢", "e\u0301", "\U0001f600", "##[error]", "1", "23",
]  # fmt: skip
hostile = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=40),
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
)
#: Names that a file may have: no byte is 0, and only single bytes are not Unicode.
names = st.lists(
    st.sampled_from(
        [piece for piece in PIECES if not set(piece) & {"/", "\0", "\ud800"}]
        + ["\udcff"]
    ),
    min_size=1,
    max_size=5,
).map("".join)


@st.composite
def findings(draw: st.DrawFn) -> list[Finding]:
    """Findings whose every text is hostile."""
    return [
        Finding(
            Path("tei") / draw(names),
            draw(st.integers(0, 9)),
            draw(st.integers(0, 9)),
            draw(st.sampled_from(["TEI101", "XML002", "TEI999"])),
            draw(hostile),
            draw(st.sampled_from(Severity)),
            draw(st.none() | hostile),
        )
        for _ in range(draw(st.integers(0, 4)))
    ]


def report_of(
    found: Sequence[Finding],
    documents: Sequence[str] = (),
    fail_on: FailOn = FailOn.ERROR,
) -> Report:
    """Return the report of findings in the working folder."""
    tally = Tally(files=len(documents))
    for finding in found:
        tally.count(finding)
    here = Path.cwd()
    with Sources() as sources:
        listed = collect(map(Path, documents), found, (here, here), sources)
    return Report(*listed, tally, fail_on)


def write(folder: Path, **documents: str) -> Path:
    """Write documents by name, ``a`` as ``tei/a.xml``; return the folder."""
    (folder / "tei").mkdir(exist_ok=True)
    for name, text in documents.items():
        (folder / "tei" / f"{name}.xml").write_text(text, encoding="utf-8")
    return folder


def wrong(
    name: str,
    line: int,
    code: str = "TEI101",
    message: str = "<foo> is unknown",
    severity: Severity = Severity.ERROR,
) -> Finding:
    """Return a finding in ``tei/NAME.xml``."""
    return Finding(Path(f"tei/{name}.xml"), line, 1, code, message, severity)


def run_on(
    folder: Path,
    found: Sequence[Finding],
    options: Options | None = None,
    *,
    ignores: tuple[Ignore, ...] = (),
    checked: Sequence[str] | None = None,
    whole: bool = True,
) -> bool:
    """Run a report over findings as if the documents of a folder had been checked."""
    edition = Edition(folder.resolve(), ignore=ignores)
    documents = (
        [Path("tei") / path.name for path in edition.documents()]
        if checked is None
        else [Path(f"tei/{name}.xml") for name in checked]
    )
    with contextlib.chdir(folder):
        return run(iter(found), Scope(edition, documents, whole), options or Options())
