"""The codes explained: for a terminal, and as the page ``docs/findings.md``."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Final

from toolkit.findings import Severity
from toolkit.report.codes import families

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.report.codes import Code

_HEAD: Final = """\
<!-- Made from toolkit/report/codes.toml by: edition explain --markdown -->

# Findings

`edition validate` prints one line for each finding:

    tei/d1962-08-27.xml:41:9: error TEI101 <persname> is not a TEI \
element; did you mean <persName>? (help: write <persName>: names are case-sensitive)

the file, the line and the column of the start tag (or of the broken place), how much
it weighs, a code, what is wrong, and what would mend it. An error makes the document
invalid and the exit code 1; a warning does not (`--fail-on` sets that, see
[reports](reports.md)). A code keeps its meaning for ever. `edition explain CODE` says
on the spot what this page says.

"""
_MIDDLE: Final = """
Every example on this page is run by the tests: the wrong one gives the finding, the
right one does not. An example without a root element stands in `body`.
"""
_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def page() -> str:
    """Return the page of all codes, in Markdown."""
    rows = [f"| {one.label} | {one.stage} |" for one in families()]
    parts = [_HEAD + "\n".join(["| codes | stage |", "| --- | --- |", *rows]), _MIDDLE]
    for family in families():
        parts.append(f"\n## {family.title}\n")
        if family.about:
            parts.append(f"\n{family.about}\n")
        parts += [f"\n{section(code)}\n" for code in family.codes]
    return parts[0] + "\n" + "".join(parts[1:])


def section(code: Code) -> str:
    """Return the page's section about one code."""
    return "\n\n".join([f"### {code.code} {code.title}", *_blocks(code)])


def markdown(code: Code) -> str:
    """Return what there is to say about a code, without its heading."""
    return "\n\n".join([code.what, *_blocks(code)[1:]])


def _blocks(code: Code) -> list[str]:
    warning = " (A warning.)" if code.severity is Severity.WARNING else ""
    blocks = [code.what + warning, _filled(f"Why it matters: {code.why}", 88)]
    for label, note, example in _examples(code):
        blocks.append(f"{label}: {note}" if note else f"{label}:")
        if example:
            blocks.append(f"```{code.language}\n{example}\n```")
    return [*blocks, f"See: {code.see}"]


def _examples(code: Code) -> Iterator[tuple[str, str, str]]:
    """Yield label, note and example, where there is something to show."""
    if code.wrong or code.wrong_note:
        yield "Wrong", code.wrong_note, code.wrong
    if code.right or code.right_note:
        yield "Right", code.right_note, code.right


def explained(code: Code, width: int = 80) -> str:
    """Return a code explained for a terminal.

    Args:
        code: The code.
        width: Columns to fill; examples are left as they are.
    """
    parts = [
        f"{code.code} {code.title} ({code.severity})",
        _filled(plain(code.what), width),
        _filled(plain(f"Why it matters: {code.why}"), width),
    ]
    for label, note, example in _examples(code):
        parts.append(f"{label}: {note}".rstrip() if note else f"{label}:")
        if example.strip():
            parts[-1] += "\n" + textwrap.indent(example, "    ")
    return "\n\n".join([*parts, _filled(plain(f"See: {code.see}"), width)])


def listed() -> str:
    """Return all codes with their titles, a line each, by family."""
    parts = []
    for family in families():
        lines = [f"  {code.code}  {code.title}" for code in family.codes]
        parts.append("\n".join([family.title, *lines]))
    return "\n\n".join(parts)


def _filled(text: str, width: int) -> str:
    """Fill paragraphs; a word is never broken."""
    return textwrap.fill(
        " ".join(text.split()),
        width,
        break_long_words=False,
        break_on_hyphens=False,
    )


def plain(text: str) -> str:
    """Return text without those signs of Markdown that a terminal does not need."""
    return _LINK.sub(r"\1", text).replace("`", "")
