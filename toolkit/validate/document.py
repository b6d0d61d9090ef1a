"""One document: every stage is asked, and each fault is said once."""

from __future__ import annotations

import io
import re
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final

from toolkit.encodings import decoded
from toolkit.errors import ReadError
from toolkit.findings import Finding
from toolkit.tei import Document, parse, positions_of, read_bytes, require_tei
from toolkit.validate import streaming
from toolkit.validate.attribute_lines import at_attributes
from toolkit.validate.found import KEPT, Found, first
from toolkit.validate.mending.mends import bare_ampersand
from toolkit.validate.pointers.ids import settle_ids
from toolkit.validate.stages import GRAMMAR, POINTERS, Stages
from toolkit.validate.violation import Violation
from toolkit.validate.words.echoes import told_once
from toolkit.validate.words.languages import language_faults, languages_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from toolkit.tei import Element
    from toolkit.validate.pointers.follow import PointerCheck

_SMALL: Final = 1 << 24  #: bytes of a file that is read again for a mend
_XINCLUDE: Final = "{http://www.w3.org/2001/XInclude}include"
_LINE: Final = re.compile(r"\bline (\d+)")


def check_file(path: Path, stages: Stages, pointers: PointerCheck) -> list[Finding]:
    """Return the findings of one file, by place; of very many the first.

    Args:
        path: The file, as findings shall name it.
        stages: The schemas.
        pointers: What can be pointed to.
    """
    return found_in(path, stages, pointers).told()


def check_source(
    source: bytes, path: Path, stages: Stages, pointers: PointerCheck
) -> list[Finding]:
    """Return the findings of one document, by place; of very many the first.

    Args:
        source: Its bytes, which need not be those of the file.
        path: The file it is to be, as findings shall name it.
        stages: The schemas.
        pointers: What can be pointed to.
    """
    return _found(source, path, stages, pointers).told()


def found_in(path: Path, stages: Stages, pointers: PointerCheck) -> Found:
    """Return the findings of one file before they are put in order and cut short."""
    try:
        if stages.is_streamable:
            try:
                return _streamed(path, stages)
            except streaming.WholeNeededError:
                pass
        source = read_bytes(path)
    except ReadError as fault:
        again = _small(path) if fault.code == "XML002" else b""
        return Found([unread(fault, path, again)])
    return _found(source, path, stages, pointers)


def _streamed(path: Path, stages: Stages) -> Found:
    """Ask the grammars alone, of a file of any size."""
    structure, more = streaming.check(path, stages.grammars, KEPT)
    languages = list(islice(languages_in(path), KEPT))
    told = told_once([*structure, *languages], [], [], dict)
    if told:
        with path.open(encoding="utf-8-sig", newline=None) as lines:
            told = at_attributes(told, lines)
    return Found(told, more)


def _found(source: bytes, path: Path, stages: Stages, pointers: PointerCheck) -> Found:
    """Ask every stage."""
    try:
        root = parse(source, path)
        require_tei(root, path)
        settle_ids(root)
    except ReadError as fault:
        return Found([unread(fault, path, source)])
    document, found = Document(path, root), Found()
    included = first(_includes(document), found)
    opinions = first(stages.second_opinions(document), found)
    languages = first(language_faults(root) if GRAMMAR in stages.only else (), found)
    pointed = pointers.faults(document) if POINTERS in stages.only else ()
    pointing = first(pointed, found)
    broken = first(stages.violations(document), found)
    said = (*included, *opinions, *languages, *pointing, *broken)
    place = Places(document, source, said)
    structure = list(map(place.finding, included))
    # The grammar knows no xi:include either: one report is enough.
    taken = {(finding.line, finding.column) for finding in structure}
    faults, more = stages.findings(document, source, KEPT)
    found.errors += more
    structure += [one for one in faults if (one.line, one.column) not in taken]
    known = {finding.line for finding in structure}
    second = map(place.finding, opinions)
    structure += [finding for finding in second if finding.line not in known]
    structure += map(place.finding, languages)
    told = told_once(
        structure,
        [(one, place.finding(one)) for one in pointing],
        [(one, place.finding(one)) for one in broken],
        partial(place.elements, structure),
    )
    found.findings = at_attributes(told, _lines(source) if told else ())
    return found


def _lines(source: bytes) -> Iterable[str]:
    """Return the lines of a document that could be read, as XML counts them."""
    return io.StringIO(decoded(source), newline=None)


def _small(path: Path) -> bytes:
    """Return the bytes of a file of moderate size, to look for a mend in them."""
    try:
        return path.read_bytes() if 0 < path.stat().st_size < _SMALL else b""
    except (OSError, ValueError):
        return b""


def unread(fault: ReadError, path: Path, source: bytes = b"") -> Finding:
    """Return the finding of a document that cannot be read."""
    mend = None
    if fault.code == "XML002" and "&" in fault.reason:
        mend = bare_ampersand(source, fault.line, fault.column)
    return Finding(
        path,
        fault.line,
        fault.column,
        fault.code,
        fault.reason,
        help=fault.help,
        mend=mend,
    )


def _includes(document: Document) -> Iterator[Violation]:
    """Yield the inclusions of a document, which are never followed."""
    for element in document.root.iter(_XINCLUDE):
        yield Violation(
            element,
            "XML006",
            f"<xi:include> of {element.get('href', '')!r} is not followed: "
            "what it would bring in is missing from every output",
            "put the text into this document, or point to it with ref",
        )


class Places:
    """Line and column of the elements that something is said of.

    Only of those: a large document has millions of elements.
    """

    def __init__(
        self, document: Document, source: bytes, violations: Iterable[Violation]
    ) -> None:
        self._document, self._source = document, source
        self._known: dict[Element, tuple[int, int]] = {}
        wanted = {violation.element for violation in violations}
        if not wanted:
            return
        elements = enumerate(document.root.iter("*"))
        numbers = {one: number for number, one in elements if one in wanted}
        places = positions_of(source, set(numbers.values()))
        # A parser that expands entities differently must not stop us.
        self._known = {
            one: places[number] for one, number in numbers.items() if number in places
        }

    def elements(self, findings: Iterable[Finding]) -> dict[tuple[int, int], Element]:
        """Return the elements on lines that findings name, by line and column."""
        lines = {one.line for one in findings}
        for one in findings:
            lines.update(map(int, _LINE.findall(one.message)))
        places = positions_of(self._source, lines=lines)
        elements = enumerate(self._document.root.iter("*"))
        return {places[number]: one for number, one in elements if number in places}

    def finding(self, violation: Violation) -> Finding:
        """Return a violation with its place."""
        line, column = self._known.get(violation.element, (1, 1))
        return Finding(
            self._document.path,
            line,
            column,
            violation.code,
            violation.message,
            violation.severity,
            violation.help,
            violation.mend,
        )
