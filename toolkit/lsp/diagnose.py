"""Findings as an editor shows them: each with the piece of text that it is about.

A finding has the place where a start tag begins; what is underlined is the name of
the element, or the attribute that the finding names.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

from toolkit.lsp.facts import tokens_in, unescaped
from toolkit.lsp.markup import NAME, TagKind
from toolkit.lsp.places import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toolkit.findings import Finding
    from toolkit.lsp.facts import Facts
    from toolkit.lsp.markup import Tag

_ATTRIBUTE: Final = re.compile(r"@([\w.\-:]+)|(xml:id)\b")


class Diagnosis(NamedTuple):
    """A finding and the piece of text it is about."""

    finding: Finding
    span: Span


def diagnose(findings: Iterable[Finding], facts: Facts) -> list[Diagnosis]:
    """Return findings with their places in a text."""
    return [Diagnosis(one, _span(one, facts)) for one in findings]


def tag_at(facts: Facts, offset: int) -> Tag | None:
    """Return the tag that an offset lies in, or at the beginning of."""
    place = bisect_right(facts.tags, offset, key=lambda tag: tag.start) - 1
    if place < 0:
        return None
    tag = facts.tags[place]
    return tag if tag.name and offset < max(tag.end, tag.start + 1) else None


def _span(finding: Finding, facts: Facts) -> Span:
    offset = facts.lines.of_finding(finding.line, finding.column)
    tag = tag_at(facts, offset)
    if finding.code == "TEI105" and not _ends(tag, finding):
        tag = tag_at(facts, offset - 1) or tag  # an empty element ends behind its tag
    if tag is None or tag.kind is TagKind.END or finding.code.startswith("XML"):
        return _word(facts.text, offset)
    named = _ATTRIBUTE.match(finding.message)
    attribute = tag.attribute((named[1] or named[2]).rstrip(":")) if named else None
    if attribute is not None:
        for span in tokens_in(facts.text, attribute.inside):
            if f" {unescaped(facts.text[span.start : span.end])}," in finding.message:
                return span
        return Span(attribute.start, attribute.end)
    return Span(tag.start, tag.name_span.end)


def _ends(tag: Tag | None, finding: Finding) -> bool:
    """Whether an end tag is that of the element that a finding begins with."""
    return tag is not None and finding.message.startswith(f"<{tag.local}> ")


def _word(text: str, offset: int) -> Span:
    """Return the tag's name, word or sign at an offset."""
    start = offset
    while text[offset : offset + 1] in ("<", "/", "&"):
        offset += 1
    found = NAME.match(text, offset)
    end = found.end() if found else offset
    return Span(start, max(end, min(start + 1, len(text))))
