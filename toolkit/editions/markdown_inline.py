"""What stands in a line of Markdown: signs that mean something, and those that do not.

A sign is escaped only where CommonMark (or one of its usual extensions) would read
it as markup, so that the file can be read as it is.
"""

from __future__ import annotations

import re
import unicodedata
from functools import partial
from typing import Final

from toolkit.render.library import ADDED, ADDED_END

#: Control characters that no text holds: marks that wait until their line is known.
BREAK: Final = "\x01"
OPEN: Final = {"em": "\x02", "strong": "\x03"}
CLOSE: Final = {"em": "\x04", "strong": "\x05"}
_SIGNS: Final = {"em": "*", "strong": "**"}

_SPACE: Final = re.compile(r"[ \t\r\n]+")
_ALWAYS: Final = re.compile(r"[\\`*_<~]")
_ANY: Final = re.compile(r"[\\`*_<~&]")  #: most text has none of these
_REFERENCE: Final = re.compile(r"&(?=#|[A-Za-z])")
#: A bracket is markup only beside another sign: ``](``, ``][``, ``]:``, ``[^``, ``![``;
#: beside one of ours too, but ours are markup.
_BRACKET: Final = re.compile(
    rf"{ADDED}[^{ADDED_END}]*{ADDED_END}"
    rf"|\](?={ADDED}?[(\[:])|\[(?={ADDED}?\^)|[\^!](?={ADDED}?\[)"
)
_EITHER: Final = re.compile(r"[\[\]]")
#: What means something at the beginning of a line: a heading, a quotation, an item
#: of a list, a task, a rule, a line of a table or of a definition.
_START: Final = re.compile(
    r"(?P<sign>#{1,6}(?=\s|$)|>|[-+:](?=\s|$)|[-=+:|](?=[-=+:| ]*$)|\[(?=[ xX]\]))"
    r"|(?P<number>\d{1,9})(?P<stop>[.)])(?=\s|$)"
)
_END: Final = re.compile(r"#+$")
_MARKED: Final = re.compile("[\x02-\x05]")
_PAIRS: Final = tuple((OPEN[kind], CLOSE[kind], sign) for kind, sign in _SIGNS.items())


def added(text: str) -> str:
    """Mark text as added: not a word of the document."""
    return f"{ADDED}{text}{ADDED_END}"


_SLASH: Final = added("\\")


def escaped(text: str, *, linked: bool = False, celled: bool = False) -> str:
    """Escape what would be markup anywhere in a line.

    Args:
        text: Text of the document.
        linked: It stands in a link, where every bracket counts.
        celled: It stands in a cell of a table.
    """
    if _ANY.search(text):
        text = _ALWAYS.sub(lambda m: _SLASH + m[0], text)
        text = _REFERENCE.sub(lambda m: _SLASH + m[0], text)
    if linked:
        text = _EITHER.sub(lambda m: _SLASH + m[0], text)
    if celled:
        text = text.replace("|", f"{_SLASH}|")
    return text


def settled(text: str) -> str:
    """Return a paragraph's lines, parted by :data:`BREAK`, as Markdown.

    Args:
        text: Its escaped text with the marks of breaks and emphasis.
    """
    # A space that does not break belongs to the text and not to its edges.
    lines = (_SPACE.sub(" ", line).strip(" ") for line in text.split(BREAK))
    return BREAK.join(_line(line) for line in lines if line)


def _line(line: str) -> str:
    if _MARKED.search(line):
        line = _emphasised(line)
    if "[" in line or "]" in line:
        line = _bracketed(line)
    # The end first: of a line of nothing but # both are the same signs.
    line = _END.sub(lambda m: _SLASH + m[0], line)
    start = _START.match(line)
    if start and start["number"]:
        cut = start.end("number")
        line = line[:cut] + _SLASH + line[cut:]
    elif start:
        line = _SLASH + line
    return line


def bare(text: str) -> str:
    """Take away the marks around what is added; what they stand around stays."""
    return text.replace(ADDED, "").replace(ADDED_END, "")


def _bracketed(line: str) -> str:
    return _BRACKET.sub(lambda m: m[0] if m[0][0] == ADDED else _SLASH + m[0], line)


def _emphasised(line: str) -> str:
    """Turn the marks of emphasis into signs, or into tags where signs would not do."""
    for opening, closing, _ in _PAIRS:
        line = re.sub(f"{opening}( +)", rf"\1{opening}", line)
        line = re.sub(f"( +){closing}", rf"{closing}\1", line)
        line = line.replace(opening + closing, "")
    for opening, closing, sign in _PAIRS:
        pair = f"{opening}([^\x02-\x05]*){closing}"
        line = re.sub(pair, partial(_emphasis, sign), line)
    tags = {OPEN["em"]: "<em>", CLOSE["em"]: "</em>"}
    tags |= {OPEN["strong"]: "<strong>", CLOSE["strong"]: "</strong>"}
    line = re.sub("[\x02-\x05]", lambda m: added(tags[m[0]]), line)
    return _SPACE.sub(" ", line).strip(" ")


def _emphasis(sign: str, found: re.Match[str]) -> str:
    """Return emphasised words with the signs around them, if they would be read so."""
    line, words = found.string, bare(found[1])
    before = bare(line[max(0, found.start() - _NEAR) : found.start()])[-1:]
    after = bare(line[found.end() :][:_NEAR])[:1]
    if _flanks(before, words[:1]) and _flanks(after, words[-1:]):
        return added(sign) + found[1] + added(sign)
    return found[0]


_NEAR: Final = 8  #: more characters than marks can stand side by side
_UNSURE: Final = frozenset("*\x02\x03\x04\x05")


def _flanks(outer: str, inner: str) -> bool:
    """Whether a sign between two characters belongs to the inner one."""
    if outer in _UNSURE or inner in _UNSURE or inner.isspace():
        return False
    alone = not outer or outer.isspace() or _is_punctuation(outer)
    return alone or not _is_punctuation(inner)


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"
