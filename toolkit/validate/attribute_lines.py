"""The line of an attribute: where its start tag goes over several.

Parsers tell where a start tag begins; an editor has to go to the line of the attribute.
Takes the lines of a document and its findings and gives the findings with those of
attributes moved to them. One on the line of its tag stays at the tag.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from toolkit.validate.mending.markup import Markup

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from toolkit.findings import Finding

#: Findings about one attribute begin with it.
_SUBJECT: Final = re.compile(r"(?:@([\w.-]+(?::[\w.-]+)?)|(xml:id)) ")
_CODES: Final = ("TEI1", "TEI3")
_LONGEST: Final = 40  #: lines of a start tag that are looked at


def at_attributes(findings: Sequence[Finding], lines: Iterable[str]) -> list[Finding]:
    """Return findings, those of attributes on the lines where these stand.

    Args:
        findings: The findings of one document; those of other lines are left alone.
        lines: The lines of the document, with their ends.
    """
    wanted = {one.line for one in findings if _subject(one)}
    tags = _from_each(wanted, lines) if wanted else {}
    return [_moved(one, tags.get(one.line, "")) for one in findings]


def _subject(finding: Finding) -> str:
    found = _SUBJECT.match(finding.message)
    if found is None or not finding.code.startswith(_CODES):
        return ""
    return found[1] or found[2]


def _from_each(wanted: set[int], lines: Iterable[str]) -> dict[int, str]:
    """Return the text that begins with each wanted line."""
    found: dict[int, list[str]] = {}
    growing: list[list[str]] = []
    for number, line in enumerate(lines, 1):
        if number in wanted:
            growing.append(found.setdefault(number, []))
        for one in growing:
            one.append(line)
        growing = [one for one in growing if len(one) < _LONGEST]
    return {number: "".join(several) for number, several in found.items()}


def _moved(finding: Finding, text: str) -> Finding:
    attribute = _subject(finding)
    if not attribute or not text:
        return finding
    start = finding.column - 1
    if text.find("\n", start, text.find(">", start)) < 0:
        return finding  # all on one line, which may be long
    markup = Markup(text[start:])
    tag = markup.start_tag(0)
    for one in tag.attributes if tag else ():
        if one.name in {attribute, attribute.rpartition(":")[2]}:
            line, column = markup.place(one.name_span.start)
            if line > 1:
                return replace(finding, line=finding.line + line - 1, column=column)
    return finding
