"""Why a file's bytes are not well-formed XML, in an editor's words.

libxml2 decides (see :mod:`toolkit.tei`); this module is asked only once it has
refused a file. It reads the file again with expat, which keeps the tags that are
still open with their lines, and says what was meant.

XML 1.0 (Fifth Edition), sections 2 (documents), 3.1 (tags) and 4.1 (references);
Namespaces in XML 1.0, section 3 (declarations).
"""

from __future__ import annotations

import difflib
import html.entities
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple
from xml.parsers import expat

from toolkit.encodings import Fault, decoded, encoding_fault
from toolkit.errors import ReadError
from toolkit.familiar import NAMESPACES
from toolkit.outline import (
    EMPTY,
    FIXED,
    ROOT,
    TOKENS,
    after_the_end,
    late_declaration,
    undeclared,
)
from toolkit.slips import Slip, as_typed, invalid

if TYPE_CHECKING:
    from pathlib import Path


def explain(
    source: bytes | None, path: Path, said: str, line: int, column: int
) -> ReadError:
    """Return the error to raise for bytes that libxml2 has refused.

    Args:
        source: The file's bytes; None: there are too many to look at again.
        path: The file's name, for the message.
        said: libxml2's own complaint.
        line: 1-based line of that complaint.
        column: 1-based column of that complaint.

    Returns:
        XML002 not well-formed, XML003 refused for safety, or XML005 a wrong encoding.
    """
    for pattern, reason, mend in _SAFETY:
        if pattern.search(said):
            if source is not None and "entities" in reason:
                line, column = _first_reference(source) or (line, column)
            return ReadError(path, line, column, "XML003", reason, mend)
    fault = None if source is None else encoding_fault(source)
    if fault is None and source is not None:
        reading = _Reading.of(decoded(source))
        fault = reading.fault or reading.undefined(said, line)
    if fault is None:
        said = re.sub(r", line \d+, column \d+.*$", "", " ".join(said.split()))
        fault = Fault(line, column, f"is not well-formed: {said}")
    return ReadError(
        path, fault.line, fault.column, fault.code, fault.reason, fault.mend
    )


#: Limits of libxml2 that a document runs into: its complaint, ours, the mend.
_SAFETY: Final = (
    (
        re.compile(r"entity amplification|entity.*loop", re.IGNORECASE),
        "its entities expand to far more than was typed, and are refused",
        "remove the entity declarations and type the text itself",
    ),
    (
        re.compile(r"Excessive depth|depth in document", re.IGNORECASE),
        "elements are nested more than 256 deep",
        "close the elements that should have ended earlier",
    ),
    (
        re.compile(r"huge|too long|too big", re.IGNORECASE),
        "one piece of text, or one name, is longer than a parser should accept",
        "divide the text into paragraphs; no piece may exceed 10 MB",
    ),
)


#: The document type declaration, and the first reference behind it.
_REFERENCE: Final = re.compile(
    rb"<!DOCTYPE[^<]*+(?:<[!?][^<]*+)*+<.*?&[\w.:-]", re.DOTALL
)


def _first_reference(source: bytes) -> tuple[int, int] | None:
    """Return the place of the first entity that a document brings in.

    libxml2 complains of a line within the entity, which nobody finds.
    """
    found = _REFERENCE.search(source)
    if found is None:
        return None
    end = found.end() - 2
    begin = source.rfind(b"\n", 0, end) + 1
    column = len(source[begin:end].decode("utf-8", "replace")) + 1
    return source.count(b"\n", 0, end) + 1, column


_CODES: Final = expat.errors.codes
_UNREAD: Final = "mend the markup at this place; everything after it is unread"


class _Tag(NamedTuple):
    """A start tag that has not been closed."""

    name: str
    line: int
    place: int  #: 0-based, in bytes

    def __str__(self) -> str:
        return f"<{self.name}> (opened on line {self.line})"


@dataclass(slots=True)
class _Reading:
    """One reading of a text by expat, and the tags that were open when it stopped."""

    text: str
    source: bytes
    opened: list[_Tag] = field(default_factory=list)
    fault: Fault | None = None

    @classmethod
    def of(cls, text: str) -> _Reading:
        """Read a text: first for its tags, then for its namespaces."""
        reading = cls(text, text.encode())
        reading._read(None)
        if reading.fault is None:
            reading._read("\f")  # a character that no namespace can contain
        return reading

    def _read(self, separator: str | None) -> None:
        reader = expat.ParserCreate("utf-8", separator)
        self.opened.clear()

        def start(name: str, _attributes: dict[str, str]) -> None:
            self.opened.append(
                _Tag(name, reader.CurrentLineNumber, reader.CurrentByteIndex)
            )

        def end(_name: str) -> None:
            self.opened.pop()

        reader.StartElementHandler, reader.EndElementHandler = start, end
        try:
            reader.Parse(self.source, True)
        except expat.ExpatError as error:
            before = self.source[: max(0, reader.ErrorByteIndex)]
            kind = _NAMES.get(error.code, "")
            self.fault = self._placed(self._slip(kind, len(before.decode())))

    def _placed(self, slip: Slip) -> Fault:
        """Return a slip with its line and column."""
        begin = self.text.rfind("\n", 0, slip.index) + 1
        # A line ends with \n, \r\n or \r alone (section 2.11).
        ended = re.findall(r"\r\n?|\n", self.text[: slip.index])
        begin = max(begin, self.text.rfind("\r", 0, slip.index) + 1)
        line, column = len(ended) + 1, slip.index - begin + 1
        # Something outside the file is refused for safety.
        code = "XML003" if "outside this file" in slip.reason else "XML002"
        return Fault(line, column, slip.reason, slip.mend, code)

    def undefined(self, said: str, line: int) -> Fault | None:
        """Word an entity that libxml2 alone misses: one declared outside the file.

        Args:
            said: libxml2's complaint.
            line: Its 1-based line.
        """
        name = re.search(r"Entity '([^']*)' not defined", said)
        if name is None:
            return None
        lines = self.text.splitlines(keepends=True)
        begin = sum(map(len, lines[: line - 1]))
        found = self.text.find(f"{name[1]};", begin)
        return self._placed(self._entity(max(found - 1, begin), name[1]))

    def _slip(self, kind: str, index: int) -> Slip:
        """Word one kind of fault.

        Args:
            kind: The name of expat's error.
            index: Where expat stopped, in characters.
        """
        at = self.text[index : index + 4000]
        # expat stands behind the < or </ of what it complains about.
        tag = self.text.rfind("<", max(0, index - 2), index + 1)
        tag = index if tag < 0 else tag
        if kind == "TAG_MISMATCH":
            return self._mismatch(tag, _name(at.lstrip("</")))
        if kind in {"NO_ELEMENTS", "UNCLOSED_TOKEN", "UNCLOSED_CDATA_SECTION"}:
            return self._unfinished(kind, index)
        if kind in {"UNDEFINED_ENTITY", "ATTRIBUTE_EXTERNAL_ENTITY_REF"}:
            index = max(self.text.find("&", index, index + 4000), index)
            return self._entity(index, _name(self.text[index:][:200].lstrip("&%")))
        if kind == "INVALID_TOKEN":
            return self._token(index, tag)
        if kind == "DUPLICATE_ATTRIBUTE":
            return self._twice(index, _name(at))
        return self._other(kind, index, tag)

    def _token(self, index: int, tag: int) -> Slip:
        """Word an invalid token, within the outermost element or outside it."""
        if not self.opened and self.text.startswith("</", tag):
            return after_the_end(tag, self.text[tag : tag + 200], self.text[:tag])
        before = self.text[:tag].strip()
        if before and "<" not in before:
            return Slip(0, *FIXED["SYNTAX"])
        return invalid(self.text, index)

    def _other(self, kind: str, index: int, tag: int) -> Slip:
        """Word what is wrong with the outline of a file, and what is rare."""
        if kind == "UNBOUND_PREFIX":
            return self._unbound(tag, self.text[tag : tag + 4000])
        if kind == "JUNK_AFTER_DOC_ELEMENT":
            return after_the_end(tag, self.text[tag : tag + 200], self.text[:tag])
        if kind == "MISPLACED_XML_PI":
            return late_declaration(index, self.text[:index])
        if kind == "UNDECLARING_PREFIX":
            return undeclared(tag, self.text[tag : tag + 4000])
        if kind == "BAD_CHAR_REF":
            at = self.text[index : index + 40]
            written = at[: at.find(";") + 1] or _name(at)
            said = f"{written} names a character that XML does not allow"
            return Slip(index, said, "remove it, or type the character that is meant")
        said = kind.lower().replace("_", " ")
        reason, mend = FIXED.get(kind, (f"is not well-formed: {said}", _UNREAD))
        return Slip(tag if kind.startswith("RESERVED") else index, reason, mend)

    def _mismatch(self, index: int, closing: str) -> Slip:
        """Word an end tag that is not the one of the element that is open."""
        here = self.opened[-1]
        if here.name in EMPTY and closing != here.name:
            place = len(self.source[: here.place].decode())
            return Slip(
                place,
                f"<{here.name}> is not closed before </{closing}>",
                f"write <{here.name}/>",
            )
        if closing in (one.name for one in self.opened):
            said = f"</{closing}> comes while {here} is still open"
            outer = self.opened[-2] if len(self.opened) > 1 else here
            behind = self.text[index : index + 200]
            if here.name == outer.name:
                mend = f"close it with </{here.name}>, or write </{here.name}> there: "
                mend += f"the <{outer.name}> of line {outer.line} is open, too"
            elif re.match(rf"</[^>]*>[^<]*</{re.escape(here.name)}\s*>", behind):
                mend = f"the two cross: write </{here.name}></{closing}>"
            else:
                mend = f"close it with </{here.name}> first"
            return Slip(index, said, mend)
        said = f"</{closing}> closes nothing: the open element is {here}"
        if here.name.lower() == closing.lower():
            mend = f"write </{here.name}>: names are case-sensitive"
        elif difflib.get_close_matches(closing.lower(), [here.name.lower()], 1, 0.7):
            mend = f"write </{here.name}>"
        else:
            mend = f"remove </{closing}>, or open <{closing}> before it"
            empty = [
                *re.finditer(rf"<{re.escape(closing)}\b[^<>]*/>", self.text[:index])
            ]
            if empty:
                line = self.text.count("\n", 0, empty[-1].start()) + 1
                mend += f"; the <{closing}/> of line {line} is empty and closed"
        return Slip(index, said, mend)

    def _unfinished(self, kind: str, index: int) -> Slip:
        """Word what has no end: the file, a tag, a comment, a CDATA section."""
        if kind == "UNCLOSED_CDATA_SECTION":
            said = "a CDATA section that begins here has no end"
            return Slip(index, said, "write ]]> at its end")
        if kind == "UNCLOSED_TOKEN":
            for begin, what, end in TOKENS:
                if self.text.startswith(begin, index):
                    return Slip(index, f"{what} that begins here has no end", end)
        if not self.opened:
            return Slip(index, "has no element", f"a TEI document is {ROOT}…</TEI>")
        ends = "".join(f"</{one.name}>" for one in reversed(self.opened[-6:]))
        return Slip(
            index,
            f"the file ends while {self.opened[-1]} is still open",
            f"it may have been cut off; close {ends}"
            + ("…" if len(self.opened) > 6 else ""),
        )

    def _entity(self, index: int, name: str) -> Slip:
        """Word a reference to an entity that nothing declares."""
        outside = re.search(
            rf"<!ENTITY\s+(?:%\s+)?{re.escape(name)}\s+(?:SYSTEM|PUBLIC)\s", self.text
        )
        if outside:
            return Slip(
                index,
                f"the entity {name} stands for a place outside this file, "
                "which is never read",
                "put what it holds into this file",
            )
        if self.text.startswith("%", index):
            said = f"the parameter entity %{name}; is never replaced"
            return Slip(index, said, "write what it stands for in its place")
        said = f"the entity &{name}; is declared nowhere in this file"
        characters = html.entities.html5
        if name.lower() in {"amp", "lt", "gt", "quot", "apos"}:
            mend = f"write &{name.lower()};: names are case-sensitive"
        elif character := characters.get(name + ";") or characters.get(
            name.lower() + ";"
        ):
            mend = as_typed(character)
        else:
            mend = "type the text itself, or declare the entity in the DOCTYPE"
        return Slip(index, said, mend)

    def _twice(self, index: int, name: str) -> Slip:
        """Word an attribute that a tag has twice, perhaps by two prefixes."""
        begin = self.text.rfind("<", 0, index + 1)
        tag = _name(self.text[begin + 1 : begin + 200])
        if begin == index or not name:
            return Slip(
                begin,
                f"<{tag}> has the same attribute twice, by two prefixes of one "
                "namespace",
                "keep one of the two",
            )
        said = f"<{tag}> has the attribute {name} twice"
        return Slip(index, said, "keep one of the two")

    def _unbound(self, index: int, at: str) -> Slip:
        """Word a prefix without a namespace."""
        end = re.search(r"(?<![\"'=])>", at)
        bare = re.sub(r"\"[^\"]*\"|'[^']*'", "", at[: end.end() if end else None])
        names = re.findall(r"[\s<]([\w.-]+):([\w.-]+)", bare)
        declared = set(
            re.findall(r"\sxmlns:([\w.-]+)\s*=", self.text[: index + len(at)])
        )
        near = {"xml", *re.findall(r"xmlns:([\w.-]+)\s*=", at)}
        scope = declared | {"xml", "xmlns"}
        unknown = [one for one in names if one[0] not in scope] or [
            one for one in names if one[0] not in near | {"xmlns"}
        ]
        prefix, local = unknown[0] if unknown else ("?", "")
        said = f"the prefix {prefix}: has no namespace"
        written = at.find(f"{prefix}:{local}")
        if "\n" in at[:written]:  # an attribute on another line than its tag
            index += written
        if prefix.lower() in {"xml", "xlm", "mxl", "xm", "xmlid"}:
            return Slip(index, said, f"write xml:{local}")
        uri = NAMESPACES.get(prefix.lower(), "…")
        mend = f'declare it on the outermost element: xmlns:{prefix}="{uri}"'
        if prefix in declared:
            found = re.search(
                rf"xmlns:{re.escape(prefix)}\s*=\s*[\"']([^\"']*)", self.text
            )
            said += " here: it is declared on another element only"
            if found:
                mend = mend.replace(f'"{uri}"', f'"{found[1]}"')
        elif meant := difflib.get_close_matches(prefix, declared, 1, 0.5):
            mend = f"write {meant[0]}:{local} if that is meant; or {mend}"
        return Slip(index, said, mend)


_NAMES: Final = {
    _CODES[value]: key.removeprefix("XML_ERROR_")
    for key, value in vars(expat.errors).items()
    if key.startswith("XML_ERROR_")
}


def _name(text: str) -> str:
    """Return the XML name at the beginning of a text."""
    found = re.match(r"[^\s<>/=&;'\"]*", text)
    return found[0] if found else ""
