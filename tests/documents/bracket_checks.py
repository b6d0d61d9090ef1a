"""What each class of bracket must be in TEI: one check for each class."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from toolkit.tei import TEI, XML_ID, XML_LANG, Element, local_name, plain

from .bracket_place import (
    Place,
    hand_of,
    holder,
    joined,
    locate,
    responsible,
    signed_by,
)
from .source_view import comes_from

if TYPE_CHECKING:
    from collections.abc import Callable

    from .oracle import Bracket, Source
    from .source_view import Alignment

#: Elements that say something editorial about the text they hold.
EDITORIAL: Final = frozenset(
    "add choice corr ex expan gap note reg sic stamp supplied surplus".split()
)
SENTENCE_END: Final = (".", "!", "?")


def omission(place: Place) -> None:
    gap = signed_by(place, "gap")
    assert gap.get("reason") == "editorial"
    assert plain(gap) == ""
    assert len(gap) == 0
    responsible(gap)
    before, after = place.before, place.after
    match place.bracket.subclass:
        case "own block":
            assert (before, after) == ("", "")
        case "paragraph start":
            assert before == ""
            assert after
        case "paragraph end":
            assert before
            assert after in {"", "."}
        case "sentence end":
            assert before
            assert after.startswith(".")
        case "between sentences":
            assert before.endswith(".")
            assert after
        case reach:
            assert reach == "mid-sentence"
            assert before
            assert after[0] != "."


def supplied(place: Place) -> None:
    element = signed_by(place, "supplied")
    assert element.get("reason") == "omitted-in-original"
    responsible(element)
    assert place.alignment.view.within(element) == place.bracket.item
    following = place.alignment.view.text[place.end + 1]
    if place.bracket.subclass == "part of word":
        assert following.isalpha()
    elif place.bracket.subclass == "punctuation":
        assert not place.bracket.inner.isalnum()
    else:
        assert not following.isalnum()
        assert not place.alignment.view.text[place.start - 1].isalnum()


def expansion(place: Place) -> None:
    ex = signed_by(place, "ex")
    responsible(ex)
    expan = ex.getparent()
    assert expan is not None
    assert local_name(expan) == "expan"
    initial = expan.text or ""
    assert len(initial) == 1
    assert initial.isupper()
    assert plain(expan) == initial + place.bracket.inner


def variant(place: Place) -> None:
    reg = signed_by(place, "reg")
    assert reg.get("rend") == "brackets"
    responsible(reg)
    choice = reg.getparent()
    assert choice is not None
    assert [local_name(child) for child in choice] == ["orig", "reg"]
    assert place.before.endswith(plain(choice[0]))
    name = choice.getparent()
    assert name is not None
    assert local_name(name) == "persName"
    assert len(name) == 1
    assert name.get("ref", "").startswith("persons.xml#")


def inline_note(place: Place, kind: str) -> Element:
    note = signed_by(place, "note")
    assert note.get("type") == kind
    assert note.get("place") == "inline"
    responsible(note)
    joined(note)
    return note


def gloss(place: Place) -> None:
    note = inline_note(place, "gloss")
    if place.bracket.quoted and place.bracket.subclass != "term":
        assert place.before.endswith(place.bracket.quoted)
    match place.bracket.subclass:
        case "abbreviation":
            assert place.before[-2:].isupper()
        case "term":
            foreign = note.find(f"{TEI}foreign")
            assert foreign is not None
            assert foreign.get(XML_LANG) == "ko-Latn"
            assert plain(note) == f"Kor. {plain(foreign)}"
        case "translation":
            title = note.getprevious()
            assert title is not None
            assert local_name(title) == "title"
            assert title.get(XML_LANG) == "ru-Latn"
        case subclass:
            assert subclass == "referent"


def stop_is_the_brackets_own(place: Place, note: Element) -> None:
    """Assert that a stop after a bracket is the bracket's only where it must be.

    The sentence before has its own stop, or there is none: then the stop after the
    bracket belongs to the note, which says ``rend="stop"``.
    """
    rest = place.source.lines[place.bracket.end_line - 1][place.bracket.end_column :]
    complete = place.before.endswith(SENTENCE_END) or not place.before
    expected = "stop" if rest.startswith(".") and complete else None
    assert note.get("rend") == expected


def comment(place: Place) -> None:
    note = inline_note(place, "comment")
    stop_is_the_brackets_own(place, note)
    if place.bracket.subclass == "emphasis":
        emph = note.getprevious()
        assert emph is not None
        assert local_name(emph) == "emph"
        assert plain(emph) == place.bracket.quoted
    else:
        assert place.bracket.subclass == "description"
        assert place.before == ""
        assert note.getparent() is place.block


def handwriting(place: Place) -> None:
    add = place.element
    assert place.opening.sign
    assert local_name(add) == "add"
    assert add.get("place")
    hand_of(add)
    line = place.source.lines[place.bracket.line - 1]
    assert plain(add) == line[place.bracket.end_column :].strip()


def stamp(place: Place) -> None:
    if place.bracket.subclass == "with content":
        note = inline_note(place, "comment")
        element = note.find(f"{TEI}stamp")
        assert element is not None
        assert element.get("rend") == "worded"
        assert place.bracket.inner.endswith(f"stamp: {plain(element)}")
        lines = place.bracket.end_line - place.bracket.line
    else:
        element = place.element
        assert place.opening.sign
        reach = re.search(r"L(\d+)-L(\d+)", place.bracket.remark)
        assert reach is not None
        first, last = int(reach[1]), int(reach[2])
        inside = {
            cell.line
            for cell, origin in place.alignment.on_lines(first - 2, last + 2)
            if comes_from(origin, element)
        }
        assert inside == set(range(first - 2, last + 1, 2))
        lines = len(inside) - 3  # the sign's, the gloss's, and the last
    assert local_name(element) == "stamp"
    assert element.get("type")
    assert sum(1 for _ in element.iter(f"{TEI}lb")) == lines


def described_gap(place: Place, reason: str) -> Element:
    gap = signed_by(place, "gap")
    assert gap.get("reason") == reason
    assert gap.findtext(f"{TEI}desc") == place.bracket.inner
    responsible(gap)
    return gap


def illegible(place: Place) -> None:
    gap = described_gap(place, "illegible")
    holder(gap, "stamp")
    assert place.before.endswith("Signature:")


def signature(place: Place) -> None:
    gap = described_gap(place, "autograph")
    signed = gap.getparent()
    assert signed is not None
    assert local_name(signed) == "signed"
    described = hand_of(signed).find(f"{TEI}persName")
    name = signed.find(f"{TEI}persName")
    assert name is not None
    assert described is not None
    assert name.get("ref") == described.get("ref")


def marginal_note(place: Place) -> None:
    note = inline_note(place, "translator")
    stop_is_the_brackets_own(place, note)
    closes = "." if note.get("rend") == "stop" else ""
    assert place.alignment.view.within(note) == place.bracket.item + closes
    targets = note.get("target", "").split()
    assert targets, "the note points to no mark"
    marks = {f"#{m.get(XML_ID)}" for m in note.getroottree().iter(f"{TEI}metamark")}
    assert marks.issuperset(targets)


def round_note(place: Place) -> None:
    note = signed_by(place, "note", "(", ")")
    assert (note.get("type"), note.get("rend")) == ("translator", "round")
    assert note.get("place") == "inline"
    responsible(note)
    joined(note)
    assert place.bracket.inner == f"{plain(note)} - translator note"


def plain_brackets(place: Place) -> None:
    """Assert that round brackets are characters of the text, in one element."""
    assert not place.opening.sign
    assert not place.closing.sign
    assert place.closing.element is place.element
    for element in (place.element, *place.element.iterancestors()):
        assert local_name(element) not in EDITORIAL


def aside(place: Place) -> None:
    plain_brackets(place)
    origins = place.alignment.view.origins
    offsets = place.alignment.cells
    outside = [
        origins[offset]
        for offset in (
            max((o for o in offsets if o < place.start), default=place.start),
            min((o for o in offsets if o > place.end), default=place.end),
        )
    ]
    assert any(comes_from(origin, place.element) for origin in outside)


def source_reference(place: Place) -> None:
    plain_brackets(place)
    bibl = place.content("bibl")
    parts = {local_name(child) for child in bibl.iter("*")}
    wanted = "orgName" if place.bracket.inner.startswith("from ") else "title"
    assert wanted in parts
    assert ("date" in parts) == any(glyph.isdigit() for glyph in place.bracket.inner)


def role(place: Place) -> None:
    plain_brackets(place)
    holder(place.content("roleName"), "signed")


def name(place: Place) -> None:
    plain_brackets(place)
    person = place.content("persName")
    holder(person, "signed")
    assert person.get("ref", "").startswith("persons.xml#")


def catalogue(place: Place) -> None:
    plain_brackets(place)
    assert local_name(place.block) == "bibl"
    named = place.alignment.view.origins[place.end - 1].element
    assert (local_name(named), plain(named)) in {
        ("placeName", "Prague"),
        ("orgName", "MOL"),
    }
    assert named.get("ref")


def unreadable(place: Place) -> None:
    plain_brackets(place)
    sic = place.content("sic")
    choice = sic.getparent()
    assert choice is not None
    assert local_name(choice) == "choice"
    corr = choice.find(f"{TEI}corr")
    assert corr is not None
    responsible(corr, "editors")
    gap = corr.find(f"{TEI}gap")
    assert gap is not None
    assert (gap.get("reason"), gap.get("agent")) == ("lost", "digitization")
    assert gap.get("quantity") == str(len(place.bracket.inner))
    holder(holder(choice, "roleName"), "signed")


def document_type(place: Place) -> None:
    plain_brackets(place)
    assert local_name(place.block) == "head"
    assert place.block.get("type") == "sub"
    assert (place.before, place.after) == ("", "")


CHECKS: Final[dict[str, Callable[[Place], None]]] = {
    "OM": omission,
    "SU": supplied,
    "EX": expansion,
    "VA": variant,
    "GL": gloss,
    "CO": comment,
    "HW": handwriting,
    "ST": stamp,
    "IL": illegible,
    "SG": signature,
    "TN": marginal_note,
    "PT": round_note,
    "PA": aside,
    "PS": source_reference,
    "PR": role,
    "PN": name,
    "PM": catalogue,
    "PU": unreadable,
    "PD": document_type,
}


def check(bracket: Bracket, source: Source, alignment: Alignment) -> None:
    """Assert that a bracket is encoded as its class asks for."""
    CHECKS[bracket.kind](locate(bracket, source, alignment))
