"""Small ODDs written inside a test, compiled, and asked for verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from toolkit.schema import automaton
from toolkit.schema.odd import compile_odd
from toolkit.schema.relaxng import load

if TYPE_CHECKING:
    from pathlib import Path

TEI_NS = "http://www.tei-c.org/ns/1.0"
SCH_NS = "http://purl.oclc.org/dsdl/schematron"
EMPTY = "<content><empty/></content>"


def write_odd(
    folder: Path, specifications: str, start: str = "r", more: str = ""
) -> Path:
    """Write an ODD; line 1 is the TEI element, line 2 the first specification.

    Args:
        folder: Where it goes.
        specifications: What its ``schemaSpec`` holds.
        start: The elements that may be outermost.
        more: What stands in the body before the ``schemaSpec``, on line 1.
    """
    path = folder / "small.odd"
    path.write_text(
        f'<TEI xmlns="{TEI_NS}" xmlns:sch="{SCH_NS}"><text><body>{more}'
        f'<schemaSpec ident="small" start="{start}">\n{specifications}\n'
        "</schemaSpec></body></text></TEI>",
        encoding="utf-8",
    )
    return path


def element(ident: str, inside: str = EMPTY, classes: str = "", more: str = "") -> str:
    """Return an ``elementSpec`` on one line."""
    members = "".join(f'<memberOf key="{key}"/>' for key in classes.split())
    member_of = f"<classes>{members}</classes>" if members else ""
    return f'<elementSpec ident="{ident}">{member_of}{inside}{more}</elementSpec>'


def elements(*idents: str) -> str:
    """Return empty elements."""
    return "".join(element(ident) for ident in idents)


class Compiled:
    """An ODD compiled into a folder, ready for verdicts."""

    def __init__(self, odd: Path) -> None:
        """Compile an ODD and write what comes of it beside it."""
        self.files = compile_odd(odd)
        for name in ("small.rng", "small.xsd", "xml.xsd", "small.sch"):
            (odd.parent / name).write_bytes(self.files[name])
        self.relaxng = etree.RelaxNG(etree.parse(odd.parent / "small.rng"))
        self.grammar = load(odd.parent / "small.rng")
        self.xsd = etree.XMLSchema(etree.parse(odd.parent / "small.xsd"))

    def accepts(self, fragment: str) -> bool:
        """Return the verdict on which libxml2 and our engine agree."""
        source = fragment.replace(">", f' xmlns="{TEI_NS}">', 1).replace(
            f'/ xmlns="{TEI_NS}">', f' xmlns="{TEI_NS}"/>', 1
        )
        tree = etree.fromstring(source)
        verdict = bool(self.relaxng.validate(tree))
        assert automaton.accepts(source.encode(), self.grammar) == verdict, source
        if verdict:
            assert self.xsd.validate(tree), f"the XSD is narrower: {source}"
        return verdict


def compiled(folder: Path, specifications: str, start: str = "r") -> Compiled:
    """Compile specifications."""
    return Compiled(write_odd(folder, specifications, start))
