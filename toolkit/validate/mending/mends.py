"""Safe mends: a document's bytes and its findings give the bytes to write anew.

A finding whose mend is certain says what is to be written for what
(:class:`toolkit.findings.Rewrite`); here its place in the file is found. Nothing is
serialised: outside its few bytes a file stays as it is, encoding, byte-order mark and
line ends too. A mend that cannot be placed without doubt is left out.
"""

from __future__ import annotations

import codecs
import html.entities
import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

from toolkit.encodings import encoding_of
from toolkit.findings import Part, Rewrite
from toolkit.validate.mending.markup import Attribute, Markup, Span, StartTag

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from toolkit.findings import Finding

_XML: Final = "{http://www.w3.org/XML/1998/namespace}"
_TYPED: Final = re.compile(r"&([\w.:-]*)$")
_REFERENCE: Final = re.compile(r"(?:#[0-9]+|#x[0-9A-Fa-f]+|[\w.:-]+);")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Some bytes of a file, to be replaced by others."""

    start: int  #: the first byte, counted from 0
    end: int  #: behind the last byte
    replacement: bytes


@dataclass(frozen=True, slots=True)
class Mend:
    """What to write in a file so that one finding is mended."""

    finding: Finding
    edits: tuple[Edit, ...]  #: by place, none touching another

    @property
    def label(self) -> str:
        """What is done, for a list to choose from: ``write <persName>``."""
        rewrite = self.finding.mend
        return label(rewrite) if rewrite else ""


def label(rewrite: Rewrite) -> str:
    """Return what a rewrite does, in the words of a mend."""
    if rewrite.part is Part.ELEMENT:
        return f"write <{rewrite.new}>"
    if rewrite.part is Part.ATTRIBUTE:
        return f"write @{rewrite.new.replace(_XML, 'xml:')}"
    if rewrite.part is Part.AMPERSAND:
        return "write &amp;"
    return f"write “{rewrite.new}”"


def mends(source: bytes, findings: Iterable[Finding]) -> list[Mend]:
    """Return the mends of a file's findings, in the order of the findings.

    Args:
        source: The file's bytes.
        findings: What is wrong in exactly these bytes; those of other files, and
            those without a mend, are passed over.
    """
    mendable = [one for one in findings if one.mend is not None]
    text = Text.of(source) if mendable else None
    if text is None:
        return []
    found = []
    for finding in mendable:
        spans = text.spans(finding)
        if edits := text.edits(spans):
            found.append(Mend(finding, edits))
    return found


def apply(source: bytes, edits: Iterable[Edit]) -> bytes:
    """Return a file's bytes with edits made; those that touch another are left out.

    Args:
        source: The bytes that the edits were made for.
        edits: In any order; equal ones count once.
    """
    pieces: list[bytes] = []
    place = 0
    for edit in sorted(set(edits)):
        if edit.start >= place:
            pieces += [source[place : edit.start], edit.replacement]
            place = edit.end
    return b"".join([*pieces, source[place:]])


def bare_ampersand(source: bytes, line: int, column: int) -> Rewrite | None:
    """Return the mend of a fault of XML if a bare ``&`` is the reason.

    It is one if no name follows it, or a name without a semicolon that no entity has:
    ``AT&T``, but not ``&nbsp``, where the semicolon may have been forgotten.

    Args:
        source: The file's bytes.
        line: 1-based line of the fault.
        column: 1-based column of the fault: at the ``&``, or behind what follows it.
    """
    text = Text.of(source)
    if text is None or text.ampersand(line, column) is None:
        return None
    return Rewrite(Part.AMPERSAND, "&", "&amp;")


def ampersands(source: bytes, before_line: int = 0) -> list[Edit]:
    """Return an edit for every bare ``&`` in the text and the values of a file.

    Args:
        source: The file's bytes.
        before_line: 1-based line from which on none are wanted; 0: all are.
    """
    text = Text.of(source)
    if text is None:
        return []
    spans = text.ampersands()
    if before_line:
        end = text.markup.offset(before_line, 1)
        spans = [(span, written) for span, written in spans if span.end <= end]
    return list(text.edits(spans))


class Text:
    """The characters of a file, and where its bytes have them."""

    def __init__(self, source: bytes, mark: int, encoding: str, text: str) -> None:
        """Take a file that is known to be decoded rightly; see :meth:`of`."""
        self._source, self._mark, self._encoding = source, mark, encoding
        self.markup: Final = Markup(text)

    @classmethod
    def of(cls, source: bytes) -> Text | None:
        """Decode a file; None if its bytes could not be written again as they are."""
        mark, encoding = next(
            ((len(mark), name) for mark, name in _MARKS if source.startswith(mark)),
            (0, encoding_of(source)),
        )
        try:
            text = source[mark:].decode(encoding)
            if text.encode(encoding) != source[mark:]:
                return None
        except (LookupError, UnicodeError):
            return None
        return cls(source, mark, encoding, text)

    # -- places ----------------------------------------------------------------

    def spans(self, finding: Finding) -> list[tuple[Span, str]]:
        """Return which characters mend a finding, and what to write for them."""
        rewrite = finding.mend
        if rewrite is None:
            return []
        if rewrite.part is Part.AMPERSAND:
            bare = self.ampersand(finding.line, finding.column)
            return [(Span(bare, bare + 1), "&amp;")] if bare is not None else []
        offset = self.markup.offset(finding.line, finding.column)
        tag = self.markup.start_tag(offset)
        if tag is None and finding.line == 1:
            # Some parsers count a byte-order mark as the first column.
            tag = self.markup.start_tag(max(0, offset - 1))
        if tag is None:
            return []
        if rewrite.part is Part.ELEMENT:
            return self._element(tag, rewrite)
        if rewrite.part is Part.ATTRIBUTE:
            return _attribute(tag, rewrite)
        return _value(tag, rewrite)

    def _element(self, tag: StartTag, rewrite: Rewrite) -> list[tuple[Span, str]]:
        end = self.markup.end_tag(tag)
        if _local(tag.name) != rewrite.old or (end is None and not tag.empty):
            return []
        names = [tag.name_span] if end is None else [tag.name_span, end.name_span]
        length = len(rewrite.old)
        return [(Span(one.end - length, one.end), rewrite.new) for one in names]

    def ampersand(self, line: int, column: int) -> int | None:
        """Return where the bare ``&`` is that broke the reading at a place."""
        text, offset = self.markup.text, self.markup.offset(line, column)
        for end in (offset + 1, offset):
            typed = _TYPED.search(text, max(0, end - 80), end)
            if typed and _is_bare(text, typed.start()):
                return typed.start()
        return None

    def ampersands(self) -> list[tuple[Span, str]]:
        """Return every bare ``&`` outside comments and the like."""
        text, place, found = self.markup.text, 0, []
        for passed in [*self.markup.passed, Span(len(text), len(text))]:
            while (place := text.find("&", place, passed.start)) >= 0:
                if _is_bare(text, place):
                    found.append((Span(place, place + 1), "&amp;"))
                place += 1
            place = passed.end
        return found

    # -- bytes -----------------------------------------------------------------

    def edits(self, spans: Sequence[tuple[Span, str]]) -> tuple[Edit, ...]:
        """Return characters to replace as bytes to replace, by place.

        None are returned if the file's encoding cannot say it.
        """
        text = self.markup.text
        edits: list[Edit] = []
        place, count = 0, self._mark
        try:
            for span, replacement in sorted(set(spans)):
                start = count + len(text[place : span.start].encode(self._encoding))
                place = span.end
                count = start + len(text[span.start : place].encode(self._encoding))
                edits.append(Edit(start, count, replacement.encode(self._encoding)))
            mended = apply(self._source, edits)[self._mark :].decode(self._encoding)
        except UnicodeError:
            return ()
        # In an encoding with states (ISO-2022-JP) bytes cannot be counted so.
        return tuple(edits) if mended == _replaced(text, spans) else ()


def _replaced(text: str, spans: Iterable[tuple[Span, str]]) -> str:
    for span, replacement in sorted(set(spans), reverse=True):
        text = text[: span.start] + replacement + text[span.end :]
    return text


def _is_bare(text: str, place: int) -> bool:
    """Return whether the ``&`` at a place begins no reference and was not meant to."""
    following = text[place + 1 : place + 80]
    if following.startswith("#") or _REFERENCE.match(following):
        return False
    name = re.match(r"\w*", following, re.ASCII)
    return name is None or not name[0] or not _begins_entity(name[0])


def _begins_entity(name: str) -> bool:
    """Return whether a name is that of an entity with its semicolon forgotten."""
    return f"{name};" in html.entities.html5


def _attribute(tag: StartTag, rewrite: Rewrite) -> list[tuple[Span, str]]:
    found = _named(tag, rewrite.old)
    if found is None or _named(tag, rewrite.new) is not None:
        return []
    return [(found.name_span, rewrite.new.replace(_XML, "xml:"))]


def _value(tag: StartTag, rewrite: Rewrite) -> list[tuple[Span, str]]:
    """Replace words of a value wherever they stand in it, one by one if they can be."""
    found = _named(tag, rewrite.attribute)
    old, new = rewrite.old.split(), rewrite.new.split()
    if found is None or not old:
        return []
    start = found.value_span.start
    words = [
        (word[0], Span(start + word.start(), start + word.end()))
        for word in re.finditer(r"[^ \t\r\n]+", found.value)
    ]
    spans: list[tuple[Span, str]] = []
    for first in range(len(words) - len(old) + 1):
        held = words[first : first + len(old)]
        if [word for word, _ in held] != old:
            continue
        if len(old) == len(new):
            spans += [
                (span, _quoted(meant))
                for (word, span), meant in zip(held, new, strict=True)
                if word != meant
            ]
        else:
            spans.append(
                (Span(held[0][1].start, held[-1][1].end), _quoted(rewrite.new))
            )
    return spans


def _quoted(value: str) -> str:
    return escape(value).replace("&#x27;", "&apos;")


def _named(tag: StartTag, name: str) -> Attribute | None:
    """Return the attribute of a tag that has a name ``{namespace}local``.

    A prefix other than xml is not looked up: such an attribute is not found.
    """
    written = name.replace(_XML, "xml:")
    return next((one for one in tag.attributes if one.name == written), None)


def _local(name: str) -> str:
    return name.rpartition(":")[2]
