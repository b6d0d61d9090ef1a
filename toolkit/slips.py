"""Slips of typing in markup: from where a parser stopped to what was meant.

Takes the text of a file and the place where expat found an «invalid token», which
covers most slips, and gives the place of the slip itself and what to type instead.

XML 1.0 (Fifth Edition), sections 2.2 (characters), 2.4 (character data), 2.5
(comments), 3.1 (tags) and 4.1 (references).
"""

from __future__ import annotations

import html.entities
import re
from dataclasses import dataclass
from typing import Final

_REACH: Final = 8_000  #: characters looked at before and after the place
_CURLY: Final = "“”„‟«»‘’‚‹›″"
_NAME: Final = r"[^\W\d][\w.:-]*"
#: A start tag up to the place: its name, then its attributes.
_TAG: Final = re.compile(rf"<(/?)({_NAME})?([^<]*)\Z", re.DOTALL)
_FIVE: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


@dataclass(frozen=True, slots=True)
class Slip:
    """What is wrong at one place of a text."""

    index: int  #: 0-based, in characters: where it is wrong
    reason: str
    mend: str


def as_typed(character: str) -> str:
    """Return how to type a character that XML has no name for."""
    points = "".join(f"&#x{ord(one):X};" for one in character)
    shown = f", {character}" if character.isprintable() else ""
    return f"type the character itself{shown}, or {points}"


def invalid(text: str, index: int) -> Slip:
    """Word what a parser calls an invalid token.

    Args:
        text: The whole file.
        index: 0-based, in characters: where the parser stopped.
    """
    first = text[index : index + 1]
    if slip := _conflict(text, index) or _control(first, index):
        return slip
    if slip := _reference(text, index) or _comment(text, index):
        return slip
    if slip := _declaration(text, index) or _section_end(text, index):
        return slip
    start = max(0, index - _REACH)
    # The parser may stand behind the < of what it complains about.
    opened = _TAG.search(text, start, index)
    if opened and not _ended(opened[3]):
        return _in_tag(text, index, opened)
    if first == "<" or text[index - 1 : index] == "<":
        return _bare_less_than(text, index - (first != "<"))
    return Slip(
        index,
        f"{first!r} cannot stand here",
        'an attribute is written name="value", and a bare < or & as &lt; or &amp;',
    )


def _ended(inner: str) -> bool:
    """Return whether a tag has its > already: one outside quotation marks."""
    return ">" in re.sub(r"\"[^\"]*\"|'[^']*'", "", _last_open(inner)[0])


def _last_open(inner: str) -> tuple[str, str]:
    """Divide the inside of a tag where a quotation mark opens that none closes."""
    quote = ""
    for place, character in enumerate(inner):
        if not quote and character in "\"'":
            quote, begun = character, place
        elif character == quote:
            quote = ""
    return (inner[:begun], inner[begun:]) if quote else (inner, "")


def _conflict(text: str, index: int) -> Slip | None:
    """Find the marker of a version control system on this line."""
    begin = text.rfind("\n", 0, index) + 1
    if text.startswith(("<<<<<<<", "=======", ">>>>>>>"), begin):
        return Slip(
            begin,
            "a conflict marker of a version control system was left here",
            "settle the conflict and remove its three marker lines",
        )
    return None


def _control(first: str, index: int) -> Slip | None:
    if not first or first in "\t\n\r":
        return None
    if ord(first) < 0x20 or 0xFFFE <= ord(first) <= 0xFFFF:
        said = f"the character U+{ord(first):04X} is not allowed in XML"
        return Slip(index, said, "remove it; it cannot be seen in most editors")
    return None


def _reference(text: str, index: int) -> Slip | None:
    """Word a bare ampersand, or a reference that its semicolon is missing from."""
    begun = re.search(r"&(#?[\w.-]*)\Z", text[max(0, index - 60) : index])
    if begun is None and text[index : index + 1] != "&":
        return None
    place = index if begun is None else index - len(begun[0])
    written = re.match(r"&(#?[\w.-]*)", text[place : place + 60])
    name = written[1] if written else ""
    if name.startswith("#"):
        return Slip(
            place,
            f"&{name} is no character reference: it is written &#225; or &#xE1;",
            "correct its number and its semicolon, or type the character itself",
        )
    said = f"the reference &{name} has no semicolon"
    if name in _FIVE:
        return Slip(place, said, f"write &{name};")
    if character := html.entities.html5.get(name + ";"):
        return Slip(place, said, f"XML has no such reference: {as_typed(character)}")
    return Slip(
        place, "a bare & starts no entity", f"write &amp;{name} for the character &"
    )


def _comment(text: str, index: int) -> Slip | None:
    """Word two hyphens within a comment."""
    opened, ended = text.find("<!--", 0, index), 0
    while opened >= 0 and (ended := text.find("-->", opened + 4, index)) >= 0:
        opened = text.find("<!--", ended, index)
    if opened < 0:
        return None
    hyphens = text.rfind("--", opened + 4, index + 2)
    if hyphens < 0 or hyphens < index - 3:
        return None
    if text.startswith("<!", hyphens - 2):
        line = text.count("\n", 0, hyphens) + 1
        return Slip(
            opened,
            "the comment that begins here has no end before the next one "
            f"(line {line})",
            "write --> where it ends",
        )
    return Slip(hyphens, "-- stands inside a comment", "write one hyphen, or a dash")


def _declaration(text: str, index: int) -> Slip | None:
    """Word a DOCTYPE, or a part of one, within the document."""
    place = text.rfind("<!", max(0, index - 12), index + 2)
    if place < 0 or ">" in text[place:index]:
        return None
    written = re.match(r"<!\s*\[?\s*([A-Za-z]+)", text[place : place + 40])
    if written and written[1].upper() == "DOCTYPE":
        said = "a DOCTYPE stands inside the document"
        return Slip(place, said, "remove it; a TEI document needs none")
    if written and written[1].upper().startswith("CD"):
        said = "a CDATA section begins with <![CDATA[, in capitals"
        return Slip(place, said, "write <![CDATA[, or &lt; for the character <")
    said = "<! begins a comment or a CDATA section, and none follows"
    return Slip(place, said, "write <!--, or &lt; for the character <")


def _section_end(text: str, index: int) -> Slip | None:
    """Word the end of a CDATA section that was never begun."""
    begin = text.rfind("]]>", max(0, index - 2), index + 3)
    if begin < 0:
        return None
    said = "]]> stands in the text, and no CDATA section is open"
    return Slip(begin, said, "write ]]&gt;, or remove it")


def _bare_less_than(text: str, index: int) -> Slip:
    meant = re.match(rf"<\s+(/?\s*{_NAME})", text[index : index + 80])
    mend = "write &lt; for the character <"
    if meant and re.match(r"[^<]*>", text[index + 1 : index + 400]):
        mend += f"; or, if a tag is meant, <{meant[1].replace(' ', '')}> without space"
    return Slip(index, "a bare < starts no tag", mend)


# -- in a tag ----------------------------------------------------------------


def _in_tag(text: str, index: int, opened: re.Match[str]) -> Slip:
    """Word what is wrong in a tag: its name, an attribute, its end."""
    slash, name, inner = opened[1], opened[2] or "", opened[3]
    start, first = opened.start(), text[index : index + 1]
    if text.startswith("<?", start):
        said = "a processing instruction begins with <? and a name, and ends with ?>"
        return Slip(start, said, "correct it, or write &lt; for the character <")
    if slash:
        return _end_tag(text, index, opened)
    if not name:
        if text[start + 1 : start + 2].isspace() or not first.strip():
            return _bare_less_than(text, start)
        return Slip(
            start,
            f"<{text[start + 1 : index + 1]} starts no tag: a name begins with a "
            "letter",
            "correct the name, or write &lt; for the character <",
        )
    before, value = _last_open(inner)
    if value:
        return _open_value(index, name, before, value)
    if first in _CURLY and first:
        return Slip(
            index,
            f"{first} is no quotation mark of XML, in <{name}>",
            'write the straight one, ", around the value' + _of(before),
        )
    return _attribute(text, index, opened, before)


def _end_tag(text: str, index: int, opened: re.Match[str]) -> Slip:
    """Word what is wrong in an end tag."""
    name, start = opened[2], opened.start()
    if not name:
        return Slip(start, "an end tag has no name", "write </ and the element's name")
    if re.match(rf"{_NAME}\s*=", text[index : index + 80]):
        said = f"the end tag </{name}> cannot have attributes"
        return Slip(start, said, f"write </{name}>")
    return Slip(start, f"the end tag </{name} has no >", f"write </{name}>")


def _of(before: str) -> str:
    """Return which attribute a value belongs to, for a message."""
    found = re.search(rf"({_NAME})\s*=\s*\Z", before)
    return f" of @{found[1]}" if found else ""


def _open_value(index: int, tag: str, before: str, value: str) -> Slip:
    """Word a < in a value: one too many, or a quotation mark too few."""
    place = index - len(value)
    if ">" in value or "\n" in value:
        return Slip(
            place,
            f"the value{_of(before) or ' here'} of <{tag}> has no closing "
            "quotation mark",
            f"write {value[0]} where it ends",
        )
    return Slip(
        index,
        f"a bare < stands in the value{_of(before)} of <{tag}>",
        "write &lt; for the character <, or remove it",
    )


def _attribute(text: str, index: int, opened: re.Match[str], before: str) -> Slip:
    """Word an attribute without quotation marks, equals sign, value or space."""
    tag, start, first = opened[2], opened.start(), text[index : index + 1]
    rest = text[index : index + _REACH]
    if found := re.search(rf"({_NAME})\s*=\s*\Z", before):
        return _value(index, tag, found[1], rest)
    # A quotation mark too few shifts what is in and what is out.
    if found := re.search(rf"({_NAME})=([\"'])([^\"']*\s{_NAME}\s*=)\s*\2\Z", before):
        return Slip(
            start + len(text[start:index]) - len(found[0]) + len(found[1]) + 1,
            f"the value of @{found[1]} of <{tag}> has no closing quotation mark",
            f"write {found[2]} where it ends",
        )
    if before[-1:] in "\"'" and before and (following := re.match(_NAME, rest)):
        said = f"a space is missing before @{following[0]} of <{tag}>"
        return Slip(index, said, "write a space between two attributes")
    if before.rstrip().endswith("/"):
        return Slip(index, f"<{tag}/> is not closed by />", "write /> at its end")
    if first == ":" and not before:
        said = f"<{tag}:{_word(rest[1:])}> has two colons, and a name has one at most"
        return Slip(start, said, "write one prefix, or none")
    if found := re.search(rf"({_NAME})\s*\Z", before):
        return _lone_word(text, index, opened, found)
    bracket = re.search(r"[<>]", rest)
    if bracket is None or bracket[0] == "<":
        said = f"the tag <{tag} has no >"
        return Slip(start, said, f"write <{tag}> and then its text")
    return Slip(
        index,
        f"{first!r} cannot stand in the tag <{tag}>",
        'an attribute is written name="value"; behind the last one comes >',
    )


def _word(text: str) -> str:
    found = re.match(r"[\w.-]*", text)
    return found[0] if found else ""


def _value(index: int, tag: str, name: str, rest: str) -> Slip:
    """Word a value without quotation marks, or none."""
    value = re.match(r"[^\s>\"'<=]*", rest)
    typed = value[0].removesuffix("/") if value else ""
    if rest.startswith("="):
        return Slip(index, f"@{name} of <{tag}> has = twice", f'write {name}="…"')
    if not typed or rest[len(typed) : len(typed) + 1] == "=":
        return Slip(index, f"@{name} of <{tag}> has no value", f'write {name}="…"')
    return Slip(
        index,
        f"the value of @{name} of <{tag}> has no quotation marks",
        f'write {name}="{typed}"',
    )


def _lone_word(
    text: str, index: int, opened: re.Match[str], word: re.Match[str]
) -> Slip:
    """Word a name in a tag that is no attribute: its value is missing, or the >."""
    tag, rest = opened[2], text[index : index + _REACH]
    place = index - len(word[0])
    if (quote := rest[:1]) and (quote in "\"'" or quote in _CURLY):
        name = word[1].rstrip(":")
        value = re.match(r".([^\"'“”<>]{0,60})[\"'“”]", rest)
        said = f"@{name} of <{tag}> has no equals sign"
        return Slip(place, said, f'write {name}="{value[1] if value else "…"}"')
    bracket = re.search(r"[<>]", rest)
    if bracket is None or bracket[0] == "<":
        begin = opened.start()
        return Slip(
            begin, f"the tag <{tag} has no >", f"write <{tag}> and then its text"
        )
    return Slip(place, f"@{word[1]} of <{tag}> has no value", f'write {word[1]}="…"')
