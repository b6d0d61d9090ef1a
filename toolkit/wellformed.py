"""Why a file's bytes are not well-formed XML, in an editor's words.

libxml2 decides (see :mod:`toolkit.tei`); this module is asked only once it has
refused a file. It reads the file again with expat, which keeps the tags that are
still open with their lines, and says what was meant.

XML 1.0 (Fifth Edition), sections 2 (documents), 3.1 (tags) and 4.1 (references).
"""

from __future__ import annotations

import difflib
import html.entities
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from toolkit.encodings import Fault, decoded, encoding_fault
from toolkit.errors import ReadError

if TYPE_CHECKING:
    from pathlib import Path


def explain(source: bytes, path: Path, said: str, line: int, column: int) -> ReadError:
    """Return the error to raise for bytes that libxml2 has refused.

    Args:
        source: The file's bytes.
        path: The file's name, for the message.
        said: libxml2's own complaint.
        line: 1-based line of that complaint.
        column: 1-based column of that complaint.

    Returns:
        XML002 not well-formed, XML003 refused for safety, or XML005 a wrong encoding.
    """
    for pattern, reason, mend in _SAFETY:
        if pattern.search(said):
            return ReadError(path, line, column, "XML003", reason, mend)
    fault = encoding_fault(source)
    if fault is None:
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


_CODES: Final = expat.errors.codes


@dataclass(slots=True)
class _Reading:
    """One reading of a text by expat, and the tags that were open when it stopped."""

    text: bytes
    opened: list[tuple[str, int]] = field(default_factory=list)  #: name, line
    fault: Fault | None = None

    @classmethod
    def of(cls, text: str) -> _Reading:
        """Read a text: first for its tags, then for its namespaces."""
        reading = cls(text.encode())
        reading._read(None)
        if reading.fault is None:
            reading._read("\f")  # a character that no namespace can contain
        return reading

    def _read(self, separator: str | None) -> None:
        reader = expat.ParserCreate("utf-8", separator)
        self.opened.clear()

        def start(name: str, _attributes: dict[str, str]) -> None:
            self.opened.append((name, reader.CurrentLineNumber))

        def end(_name: str) -> None:
            self.opened.pop()

        reader.StartElementHandler, reader.EndElementHandler = start, end
        try:
            reader.Parse(self.text, True)
        except expat.ExpatError as error:
            index = max(0, reader.ErrorByteIndex)
            before = self.text[max(0, index - 4000) : index].decode(errors="ignore")
            at = self.text[index : index + 4000].decode(errors="ignore")
            reason, mend = self._reason(_NAMES.get(error.code, ""), before, at)
            # expat stands behind the < or </ of what it complains about.
            opening = len(before) - len(before.removesuffix("</").removesuffix("<"))
            column = error.offset + 1 - opening
            self.fault = Fault(error.lineno, column, reason, mend, _code(reason))

    def undefined(self, said: str, line: int) -> Fault | None:
        """Word an entity that libxml2 alone misses: one declared outside the file.

        Args:
            said: libxml2's complaint.
            line: Its 1-based line.
        """
        name = re.search(r"Entity '([^']*)' not defined", said)
        if name is None:
            return None
        lines = self.text.decode().splitlines()
        typed = lines[line - 1] if line <= len(lines) else ""
        reason, mend = self._entity(name[1])
        found = re.search(f"[&%]{re.escape(name[1])};", typed)
        column = found.start() + 1 if found else 1
        return Fault(line, column, reason, mend, _code(reason))

    def _reason(self, kind: str, before: str, at: str) -> tuple[str, str]:
        """Word one kind of fault.

        Args:
            kind: The name of expat's error.
            before: The text up to the fault.
            at: The text from the fault on.
        """
        if kind == "TAG_MISMATCH":
            return self._mismatch(_name(at))
        if kind in {"NO_ELEMENTS", "UNCLOSED_TOKEN", "UNCLOSED_CDATA_SECTION"}:
            return self._unfinished(kind)
        if kind == "UNDEFINED_ENTITY":
            return self._entity(_name(at.lstrip("&%")))
        if kind == "INVALID_TOKEN":
            return _invalid(before, at)
        if kind == "DUPLICATE_ATTRIBUTE":
            tag = _name(before[before.rfind("<") + 1 :])
            return f"<{tag}> has the attribute {_name(at)} twice", "keep one of the two"
        if kind == "UNBOUND_PREFIX":
            return _unbound(at)
        return _FIXED.get(
            kind,
            (
                f"is not well-formed: {kind.lower().replace('_', ' ')}",
                "mend the markup at this place; everything after it is unread",
            ),
        )

    def _mismatch(self, closing: str) -> tuple[str, str]:
        name, line = self.opened[-1]
        if closing in (opened for opened, _ in self.opened):
            return (
                f"</{closing}> comes while <{name}> (line {line}) is still open",
                f"close it with </{name}> first",
            )
        if difflib.get_close_matches(closing.lower(), [name.lower()], 1, 0.8):
            mend = f"write </{name}>; names are case-sensitive"
        else:
            mend = f"remove </{closing}>, or open <{closing}> before it"
        return (
            f"</{closing}> closes nothing: the open element is <{name}> (line {line})",
            mend,
        )

    def _unfinished(self, kind: str) -> tuple[str, str]:
        if kind == "UNCLOSED_CDATA_SECTION":
            return "a CDATA section that begins here has no end", "write ]]> at its end"
        if kind == "UNCLOSED_TOKEN":
            return "what begins here has no end", "close the tag or comment with >"
        if not self.opened:
            return (
                "has no element",
                'a TEI document is <TEI xmlns="http://www.tei-c.org/ns/1.0">…</TEI>',
            )
        name, line = self.opened[-1]
        return (
            f"ends while <{name}> (line {line}) is still open",
            "the file may have been cut off; close "
            + "".join(f"</{opened}>" for opened, _ in reversed(self.opened[-6:]))
            + ("…" if len(self.opened) > 6 else ""),
        )

    def _entity(self, name: str) -> tuple[str, str]:
        text = self.text.decode()
        outside = re.search(
            rf"<!ENTITY\s+(?:%\s+)?{re.escape(name)}\s+(?:SYSTEM|PUBLIC)\s", text
        )
        if outside:
            return (
                f"the entity {name} stands for a place outside this file, "
                "which is never read",
                "put what it holds into this file",
            )
        character = html.entities.html5.get(name + ";")
        mend = "type the character itself, or declare the entity in the DOCTYPE"
        if character:
            points = "".join(f"&#x{ord(c):X};" for c in character)
            mend = f"type the character itself, or {points}"
        return f"the entity &{name}; is declared nowhere in this file", mend


_NAMES: Final = {
    _CODES[value]: key.removeprefix("XML_ERROR_")
    for key, value in vars(expat.errors).items()
    if key.startswith("XML_ERROR_")
}
_FIXED: Final = {
    "JUNK_AFTER_DOC_ELEMENT": (
        "there is text or markup after the end of the outermost element",
        "a document has one outermost element; remove what follows it",
    ),
    "MISPLACED_XML_PI": (
        "<?xml …?> is not the first thing in the file",
        "remove what stands before it, blank lines too",
    ),
    "BAD_CHAR_REF": (
        "the character reference names a character that XML does not allow",
        "remove it",
    ),
    "SYNTAX": (
        "text stands where the outermost element should begin",
        'a TEI document begins with <TEI xmlns="http://www.tei-c.org/ns/1.0">',
    ),
}


def _name(text: str) -> str:
    """Return the XML name at the beginning of a text."""
    found = re.match(r"[^\s<>/=&;'\"]*", text)
    return found[0] if found else ""


def _invalid(before: str, at: str) -> tuple[str, str]:
    """Word expat's «invalid token», which covers most slips of typing."""
    first, last = at[:1], before[-1:]
    line = before[before.rfind("\n") + 1 :] + at[:8]
    if line.startswith(("<<<<<<<", "=======", ">>>>>>>")):
        return (
            "a conflict marker of a version control system was left here",
            "settle the conflict and remove its three marker lines",
        )
    if first == "&" or last == "&":
        return "a bare & starts no entity", "write &amp; for the character &"
    if before.endswith("--"):
        return "-- stands inside a comment", "write one hyphen, or a dash"
    if first == "<" or last == "<":
        return "a bare < starts no tag", "write &lt; for the character <"
    if first and not first.isprintable() and first not in "\t\n\r":
        return f"the character U+{ord(first):04X} is not allowed in XML", "remove it"
    if last == "=":
        return "an attribute's value has no quotation marks", 'write name="value"'
    return (
        f"{first!r} cannot stand here",
        'an attribute is written name="value", and a bare < or & as &lt; or &amp;',
    )


def _code(reason: str) -> str:
    """Return the code of a fault: something outside is refused for safety."""
    return "XML003" if "outside this file" in reason else "XML002"


def _unbound(at: str) -> tuple[str, str]:
    """Word a prefix without a namespace."""
    names = re.findall(r"[\s<]([\w.-]+):[\w.-]+", at[: at.find(">") + 1])
    prefix = next((n for n in names if n not in {"xml", "xmlns"}), "?")
    return (
        f"the prefix {prefix}: has no namespace",
        f'declare it on the outermost element: xmlns:{prefix}="…"',
    )
