"""Small Schematron schemas and documents for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

from toolkit.tei import TEI_NS
from toolkit.validate.schematron import rules

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.tei import Element
    from toolkit.validate.violation import Violation

SCH_NS: Final = "http://purl.oclc.org/dsdl/schematron"
XSL: Final = 'xmlns:xsl="http://www.w3.org/1999/XSL/Transform"'


def tei(content: str) -> Element:
    """Return a TEI element with some content."""
    return etree.fromstring(f'<TEI xmlns="{TEI_NS}">{content}</TEI>')


def schema(body: str, binding: str | None = "xslt2", attributes: str = "") -> str:
    """Return the text of a schema that knows the prefix tei."""
    asked = "" if binding is None else f'queryBinding="{binding}"'
    return (
        f'<schema xmlns="{SCH_NS}" {asked} {attributes}>'
        f'<ns prefix="tei" uri="{TEI_NS}"/>{body}</schema>'
    )


def loaded(
    folder: Path,
    body: str,
    binding: str | None = "xslt2",
    phase: str | None = None,
    attributes: str = "",
) -> rules.Rules:
    """Write a schema into a folder and load it."""
    path = folder / "rules.sch"
    path.write_text(schema(body, binding, attributes), encoding="utf-8")
    return rules.load(path, phase)


def broken(
    folder: Path, body: str, content: str, binding: str | None = "xslt2"
) -> list[Violation]:
    """Return what a document breaks of a schema that lacks nothing."""
    found = loaded(folder, body, binding)
    assert not found.lacks
    return list(rules.check(tei(content), found))


def messages(found: list[Violation]) -> list[str]:
    """Return what violations say, without the names of the rules."""
    return [one.message.rsplit(" [", 1)[0] for one in found]
