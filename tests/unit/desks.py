"""Documents on a desk, with the cursor written as ``|``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.lsp.complete import complete
from toolkit.lsp.desk import Desk
from toolkit.lsp.facts import EditionFacts, Facts
from toolkit.lsp.glossary import Glossary, read_glossary
from toolkit.lsp.places import edited
from toolkit.resources import share
from toolkit.schema import relaxng

if TYPE_CHECKING:
    from toolkit.lsp.mend import Mend
    from toolkit.lsp.suggestion import Suggestion
    from toolkit.schema.grammar import Grammar

HERE = Path("/edition/tei/letter.xml")
HEADER = (
    "<teiHeader><fileDesc><titleStmt><title>t</title></titleStmt><publicationStmt>"
    "<p>p</p></publicationStmt><sourceDesc><p>s</p></sourceDesc></fileDesc></teiHeader>"
)
REGISTER = (
    '<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="persons"><standOff><listPerson>'
    '<person xml:id="kim"><persName type="preferred">Kim <hi>Il</hi> <hi>Sung</hi>'
    "</persName><persName>Kim</persName><note>Prime minister.</note></person>"
    '<person xml:id="kosygin"><persName>Alexei Kosygin</persName></person>'
    '</listPerson></standOff><standOff><listPlace><place xml:id="moscow">'
    "<placeName>Moscow</placeName></place></listPlace></standOff></TEI>"
)
REGISTERS = {Path("/edition/tei/persons.xml"): REGISTER}


@cache
def grammar() -> Grammar:
    """The grammar of this repository."""
    return relaxng.load(share("schema") / "edition.rng")


@cache
def glossary() -> Glossary:
    """The words of its ODD."""
    return read_glossary(share("schema") / "edition.odd")


def letter(body: str) -> str:
    """Return a document around the content of a body."""
    return (
        f'<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="letter">{HEADER}'
        f"<text><body>{body}</body></text></TEI>"
    )


def put(text: str, others: dict[Path, str] | None = None) -> tuple[Desk, int]:
    """Return a desk with a document and the offset of its ``|``."""
    offset = text.find("|")
    text = text.replace("|", "", 1)
    files = {HERE: text, **(REGISTERS if others is None else others)}
    facts = EditionFacts({path: Facts(one) for path, one in files.items()})
    return Desk(HERE, grammar(), glossary(), facts), offset


def suggested(text: str, typed: str = "") -> list[Suggestion]:
    """Return what is suggested at the ``|`` of a document."""
    return complete(*put(text), typed)


def labels(text: str, typed: str = "") -> list[str]:
    """Return the labels of what is suggested."""
    return [one.label for one in suggested(text, typed)]


def accepted(text: str, label: str) -> str:
    """Return a document once a suggestion has been taken, as plain text."""
    desk, _ = put(text)
    one = next(one for one in suggested(text) if one.label == label)
    return desk.text[: one.start] + one.plain + desk.text[one.end :]


def mended(text: str, mend: Mend) -> str:
    """Return a document with a mend made."""
    return edited(text, list(mend.edits))
