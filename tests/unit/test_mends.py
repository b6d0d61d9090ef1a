"""Mends: what is certain is written, and no other byte is touched."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.findings import Finding, Part, Rewrite
from toolkit.tei import TEI_NS
from toolkit.validate.document import check_source
from toolkit.validate.mending.fix import Fixed, fix
from toolkit.validate.mending.markup import Markup, StartTag
from toolkit.validate.mending.mends import (
    Edit,
    ampersands,
    apply,
    bare_ampersand,
    mends,
)
from toolkit.validate.pointers.follow import PointerCheck
from toolkit.validate.pointers.ids import Index
from toolkit.validate.stages import Stages
from toolkit.validate.words.near import only_near, slips_between

if TYPE_CHECKING:
    from collections.abc import Callable

RNG: Final = f"""<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="{TEI_NS}"
  datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
<start><element name="TEI"><ref name="ids"/><oneOrMore><ref name="p"/></oneOrMore>
</element></start>
<define name="ids"><optional><attribute name="xml:id" ns=""><data type="ID"/>
</attribute></optional></define>
<define name="p"><element name="p"><ref name="ids"/>
<optional><attribute name="kind"><choice><value>open</value><value>secret</value>
<value>in-progress</value></choice></attribute></optional>
<optional><attribute name="rend"><list><oneOrMore><choice><value>bold</value>
<value>italic</value></choice></oneOrMore></list></attribute></optional>
<optional><attribute name="reason"><choice><value>lost</value><data type="token"/>
</choice></attribute></optional>
<optional><attribute name="when"><data type="date"/></attribute></optional>
<ref name="inline"/></element></define>
<define name="inline"><zeroOrMore><choice><text/>
<element name="persName"><ref name="ids"/><optional><attribute name="ref"/></optional>
<ref name="inline"/></element>
<element name="stage"><text/></element>
<element name="ref"><attribute name="target"/><text/></element>
<element name="note"><ref name="inline"/></element>
<element name="nota"><text/></element>
</choice></zeroOrMore></define>
</grammar>"""


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small schema."""
    path = tmp_path_factory.mktemp("schema") / "small.rng"
    path.write_text(RNG, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def mend(schema: Path) -> Callable[[bytes], Fixed]:
    """A function that mends the bytes of a document."""
    stages = Stages([schema])
    path = schema.parent / "tei" / "a.xml"

    def mended(source: bytes) -> Fixed:
        pointers = PointerCheck(Index([]), schema.parent)

        def judge(candidate: bytes) -> list[Finding]:
            return check_source(candidate, path, stages, pointers)

        return fix(source, judge)

    return mended


def tei(content: str) -> str:
    """Return a document."""
    return f'<TEI xmlns="{TEI_NS}">{content}</TEI>'


# -- what was meant ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "names", "meant"),
    [
        ("persname", "persName placeName orgName", "persName"),
        ("PERSNAME", "persName persname", ""),
        ("persNane", "persName placeName", "persName"),
        ("perName", "persName", "persName"),
        ("presName", "persName", "persName"),
        ("parsNane", "persName", "persName"),
        ("parNane", "persName", ""),
        ("nota", "note", "note"),
        ("not", "note", ""),
        ("hi", "h1", ""),
        ("i", "hi", ""),
        ("div1", "div", ""),
        ("p12", "p1 p2 p13", ""),
        ("p1", "p01", "p01"),
        ("in_progress", "in-progress open", "in-progress"),
        ("nate", "note nave", ""),
        ("", "note", ""),
        ("x" * 100, "x" * 99, ""),
        ("note", "note", ""),
    ],
)
def test_a_name_is_meant_only_if_no_other_is_near(
    wrong: str, names: str, meant: str
) -> None:
    assert only_near(wrong, names.split()) == meant


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("", "", 0), ("abcd", "abdc", 1), ("abcd", "acd", 1), ("abcd", "xbcd", 1),
     ("abcd", "badc", 2), ("abcd", "wxyz", 3)],
)  # fmt: skip
def test_slips_are_counted_up_to_a_limit(one: str, other: str, slips: int) -> None:
    assert min(slips_between(one, other, 2), 3) == slips
    assert min(slips_between(other, one, 2), 3) == slips


# -- where it is written -------------------------------------------------------------


def test_tags_are_found_with_their_places() -> None:
    text = (
        "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x '<b>'><!-- ]> -->]>\r"
        "<a n='1>2'\n m = \"\"><!-- <b> --><![CDATA[<b>]]><x:b/>\r\n</a >"
    )
    markup = Markup(text)
    assert [tag.name for tag in markup.tags] == ["a", "x:b", "a"]
    outer = markup.start_tag(markup.offset(2, 1))
    assert isinstance(outer, StartTag)
    assert [(one.name, one.value) for one in outer.attributes] == [
        ("n", "1>2"),
        ("m", ""),
    ]
    end = markup.end_tag(outer)
    assert end is not None
    assert text[end.span.start :] == "</a >"
    assert markup.start_tag(markup.offset(3, 2)) == outer
    assert markup.start_tag(0) is None
    assert markup.start_tag(len(text)) is None
    assert markup.offset(99, 1) == len(text)


@given(st.text("<>!-[]CDATOYPE?/='\" abx\n\r&;"))
def test_markup_of_any_text_is_read(text: str) -> None:
    markup = Markup(text)
    for tag in markup.tags:
        assert text[tag.name_span.start : tag.name_span.end] == tag.name
        if isinstance(tag, StartTag):
            markup.end_tag(tag)
    assert markup.passed == tuple(sorted(markup.passed))


def test_many_beginnings_without_an_end_take_no_longer() -> None:
    text = "<!--" * 200_000 + "<![CDATA[" * 100_000
    assert Markup(text).tags == ()
    assert ampersands(b"<a>" + b"<?" * 200_000 + b"&") == []


@pytest.mark.parametrize(
    ("source", "mended"),
    [
        ("<p>AT&T</p>", "<p>AT&amp;T</p>"),
        ("<p>R & D && so</p>", "<p>R &amp; D &amp;&amp; so</p>"),
        ("<p n='a&b=c'/>", "<p n='a&amp;b=c'/>"),
        ("<p>&amp; &lt; &#38; &#x26; &own;</p>", None),
        ("<p>&nbsp &copy &#12 &#xg</p>", None),
        ("<p><!-- & --><![CDATA[ & ]]><?x & ?></p>", None),
        ("<p>é&é</p>", "<p>é&amp;é</p>"),
    ],
)
def test_every_bare_ampersand_is_found(source: str, mended: str | None) -> None:
    written = source.encode()
    assert apply(written, ampersands(written)).decode() == (mended or source)


@pytest.mark.parametrize(
    ("source", "line", "column", "bare"),
    [
        (b"<p>AT&T x</p>", 1, 6, True),
        (b"<p>AT&T x</p>", 1, 8, True),
        (b"<p>A & B</p>", 1, 7, True),
        (b"<p>A & B</p>", 1, 9, False),
        (b"<p>&nbsp x</p>", 1, 4, False),
        (b"\xff\xff", 1, 1, False),
        (b"", 9, 9, False),
    ],
)
def test_a_fault_is_a_bare_ampersand_or_not(
    source: bytes, line: int, column: int, bare: bool
) -> None:
    assert (bare_ampersand(source, line, column) is not None) == bare


def test_edits_that_touch_another_are_left_out() -> None:
    edits = [Edit(1, 3, b"X"), Edit(2, 4, b"Y"), Edit(1, 3, b"X"), Edit(3, 3, b"-")]
    assert apply(b"abcdef", edits) == b"aX-def"


def finding(rewrite: Rewrite, column: int = 1) -> Finding:
    """Return a finding on line 1."""
    return Finding(Path("a.xml"), 1, column, "TEI101", "x", mend=rewrite)


@pytest.mark.parametrize(
    ("source", "rewrite"),
    [
        ("<a><b></a>", Rewrite(Part.ELEMENT, "b", "c")),
        ("<a/>", Rewrite(Part.ELEMENT, "b", "c")),
        ("&x;", Rewrite(Part.ELEMENT, "b", "c")),
        ("<a n='1' m='2'/>", Rewrite(Part.ATTRIBUTE, "n", "m")),
        ("<a n='1'/>", Rewrite(Part.ATTRIBUTE, "m", "l")),
        ("<a n='1'/>", Rewrite(Part.VALUE, "2", "3", "n")),
        ("<a x:n='1'/>", Rewrite(Part.VALUE, "1", "2", "{urn:x}n")),
        ("<a n='&#x31;'/>", Rewrite(Part.VALUE, "1", "2", "n")),
        ("<a n='1'/>", Rewrite(Part.VALUE, "", "2", "n")),
    ],
    ids=[
        "no end tag", "another element", "an entity", "both are there",
        "no such attribute", "another value", "a foreign prefix", "a reference",
        "no value",
    ],
)  # fmt: skip
def test_what_cannot_be_placed_without_doubt_is_left_out(
    source: str, rewrite: Rewrite
) -> None:
    place = 4 if source.startswith("<a><b") else 1
    assert mends(source.encode(), [finding(rewrite, place)]) == []


def test_a_mend_has_a_label() -> None:
    labels = [
        one.label
        for rewrite in (
            Rewrite(Part.ELEMENT, "a", "b"),
            Rewrite(Part.ATTRIBUTE, "n", "m"),
            Rewrite(Part.VALUE, "x", "y", "n"),
        )
        for one in mends(b"<a n='x'/>", [finding(rewrite)])
    ]
    assert labels == ["write <b>", "write @m", "write “y”"]
    assert mends(b"<a/>", [Finding(Path("a.xml"), 1, 1, "TEI101", "x")]) == []


# -- a whole document ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("<p><persname\n >x</persname ></p>", "<p><persName\n >x</persName ></p>"),
        ("<p><persname/>a<PERSNAME/></p>", "<p><persName/>a<persName/></p>"),
        (
            "<p><persname><persname>x</persname></persname></p>",
            "<p><persName><persName>x</persName></persName></p>",
        ),
        ("<p><persNane>x</persNane></p>", "<p><persName>x</persName></p>"),
        ("<p  Kind = 'open'>x</p>", "<p  kind = 'open'>x</p>"),
        ("<p id='a'>x</p>", "<p xml:id='a'>x</p>"),
        ("<p resaon='x'>x</p>", "<p reason='x'>x</p>"),
        ("<p kind=' Open '>x</p>", "<p kind=' open '>x</p>"),
        ('<p kind="secrte">x</p>', '<p kind="secret">x</p>'),
        ("<p rend='bold\n  Italic'>x</p>", "<p rend='bold\n  italic'>x</p>"),
        (
            "<p xml:id='kovacs'><ref target='#kovaks  #kovacs'>x</ref></p>",
            "<p xml:id='kovacs'><ref target='#kovacs  #kovacs'>x</ref></p>",
        ),
        (
            "<p xml:id='kovacs'><ref target='kovacs'>x</ref></p>",
            "<p xml:id='kovacs'><ref target='#kovacs'>x</ref></p>",
        ),
        (
            "<p>R & D, AT&T &amp; <persname/></p>",
            "<p>R &amp; D, AT&amp;T &amp; <persName/></p>",
        ),
    ],
    ids=[
        "case, both tags", "empty elements", "nested", "a slip", "attribute's case",
        "id of P4", "attribute", "value's case", "value", "one of several values",
        "pointer", "pointer without #", "ampersands, then the rest",
    ],
)  # fmt: skip
def test_what_is_certain_is_mended(
    mend: Callable[[bytes], Fixed], wrong: str, right: str
) -> None:
    fixed = mend(tei(wrong).encode())
    assert fixed.after.decode() == tei(right)
    assert fixed.findings == ()
    assert fixed.mended >= 1
    assert mend(fixed.after).after == fixed.after


@pytest.mark.parametrize(
    "content",
    [
        "<p><state>x</state></p>",
        "<p><strong>x</strong></p>",
        "<p><nots>x</nots></p>",
        "<p from='x'>x</p>",
        "<p form='x'>x</p>",
        "<p reason='Lost'>x</p>",
        "<p when='1967-2-3'>x</p>",
        "<p><ref>x</ref></p>",
        "<p xml:id='a'>x</p><p xml:id='a'>y</p>",
        "<p xml:id='n1'><ref target='#n2'>x</ref></p>",
        "<p xml:id='anna'/><p xml:id='anne'><ref target='#anno'>x</ref></p>",
        "<p xml:id='kovacs'><persName ref='#kovaks'>x</persName></p>",
        "<p>a &nbsp b</p>",
        "<p>a < b</p>",
        "<p kind='open' Kind='open'>x</p>",
        "<x:persname xmlns:x='urn:x'/>",
    ],
    ids=[
        "an element of TEI", "of HTML", "two are near", "an attribute of TEI",
        "another", "an open list", "a date", "a missing attribute", "a duplicate id",
        "another number", "two ids are near", "no person", "a forgotten semicolon",
        "a bare <",
        "both attributes", "another namespace",
    ],
)  # fmt: skip
def test_what_is_not_certain_is_left(
    mend: Callable[[bytes], Fixed], content: str
) -> None:
    source = tei(content).encode()
    fixed = mend(source)
    assert fixed.after == source
    assert fixed.mended == 0


def test_a_mend_that_would_bring_another_finding_is_refused(
    mend: Callable[[bytes], Fixed],
) -> None:
    source = tei("<p id='a'>x</p>\n<p xml:id='a'><persname/></p>").encode()
    fixed = mend(source)
    assert fixed.after == source.replace(b"persname", b"persName")
    assert (fixed.mended, fixed.refused) == (1, 1)
    assert [one.code for one in fixed.findings] == ["TEI108"]


def test_a_prefix_stays(mend: Callable[[bytes], Fixed]) -> None:
    source = f'<t:TEI xmlns:t="{TEI_NS}"><t:p><t:persname>x</t:persname></t:p></t:TEI>'
    fixed = mend(source.encode())
    assert fixed.after.decode() == source.replace("persname", "persName")


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("iso-8859-1", b""),
        ("windows-1252", b""),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_encoding_mark_and_line_ends_stay(
    mend: Callable[[bytes], Fixed], encoding: str, mark: bytes, end: str
) -> None:
    name = "utf-16" if encoding.startswith("utf-16") else encoding
    text = end.join(
        [
            f"<?xml version='1.0'  encoding='{name}' ?>",
            f"<TEI xmlns='{TEI_NS}' >",
            "<p>é<persname>é</persname >",
            "<persname  />",
            "</p>",
            "</TEI>",
            "",
        ]
    )
    fixed = mend(mark + text.encode(encoding))
    expected = mark + text.replace("persname", "persName").encode(encoding)
    assert fixed.after == expected
    assert fixed.findings == ()


def test_in_an_encoding_with_states_nothing_is_mended_by_guess(
    mend: Callable[[bytes], Fixed],
) -> None:
    text = (
        f"<?xml version='1.0' encoding='iso-2022-jp'?>\n{tei('<p>日本<persname/></p>')}"
    )
    source = text.encode("iso-2022-jp")
    fixed = mend(source)
    assert fixed.after in {source, source.replace(b"persname", b"persName")}


NAMES = st.sampled_from(
    ["p", "persName", "persname", "PersName", "presName", "note", "nate", "state", "x"]
)
ATTRIBUTES = st.sampled_from(
    ["", " kind='open'", " kind='Open'", " Kind='secrt'", " ref='#a'", " ref='a'",
     " xml:id='a'", " id='b'", " rend='Bold bold'", " n='&'", " n='a&amp;b'"]
)  # fmt: skip
NESTED = st.booleans()
TEXTS = st.sampled_from(["", "a", " & ", "&amp;", "AT&T", "é\r\n", "<!-- & -->"])


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """Documents with slips of all sorts."""
    parts = []
    opened: list[str] = []
    for _ in range(draw(st.integers(0, 12))):
        if opened and not draw(NESTED):
            parts.append(f"</{opened.pop()}>")
        else:
            opened.append(draw(NAMES))
            parts.append(f"<{opened[-1]}{draw(ATTRIBUTES)}>")
        parts.append(draw(TEXTS))
    parts += [f"</{name}>" for name in reversed(opened)]
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
    return tei("<p>x</p>\n" + "".join(parts)).encode(encoding)


@given(source=documents())
@settings(max_examples=150, deadline=None)
def test_mending_twice_is_mending_once_and_touches_nothing_else(
    mend: Callable[[bytes], Fixed], source: bytes
) -> None:
    fixed = mend(source)
    assert mend(fixed.after).after == fixed.after
    # What is no name, no value and no ampersand is as it was.
    encoding = "utf-16" if source.startswith(b"\xff\xfe") else "utf-8"

    def rest(text: bytes) -> str:
        decoded = text.decode(encoding).replace("&amp;", "&")
        return re.sub(r"#?(xml:)?\w+", "w", decoded)

    assert rest(fixed.after) == rest(source)
    assert fixed.changed == (fixed.mended > 0)


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_bytes_can_be_given(mend: Callable[[bytes], Fixed], source: bytes) -> None:
    fixed = mend(source)
    assert fixed.changed == (fixed.mended > 0)
