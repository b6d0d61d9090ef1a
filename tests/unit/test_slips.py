"""Slips of typing in markup: what is said, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolkit.encodings import Fault
from toolkit.errors import ReadError
from toolkit.tei import parse

OPEN = '<TEI xmlns="http://www.tei-c.org/ns/1.0">'


def refused(content: str) -> ReadError:
    """Return why a document is refused; its content begins on line 2."""
    with pytest.raises(ReadError) as caught:
        parse(f"{OPEN}\n{content}\n</TEI>".encode(), Path("letter.xml"))
    return caught.value


@pytest.mark.parametrize(
    ("content", "column", "reason", "mend"),
    [
        ("<p n='a'>x<hi>y</p></hi>", 16, "</p> comes while <hi>", "</hi></p>"),
        ("<p><s>x<s></p>", 11, "</p> comes while <s>", "write </s> there"),
        ("<p/>x</p>", 6, "</p> closes nothing", "the <p/> of line 2 is empty"),
        ("<p>x<pb></p>", 5, "<pb> is not closed before </p>", "write <pb/>"),
        ("<p>x</", 5, "an end tag has no name", ""),
        ("<p>x</>", 5, "an end tag has no name", "write </"),
        ("<p>x</p n='1'>", 5, "cannot have attributes", "write </p>"),
        ("<p>x</p\n<p/>", 5, "the end tag </p has no >", "write </p>"),
        ("<p>a ]]> b</p>", 6, "]]> stands in the text", "write ]]&gt;"),
        ("<!DOCTYPE TEI><p/>", 1, "a DOCTYPE stands inside the document", "remove it"),
        ("<p><![cdata[x]]></p>", 4, "begins with <![CDATA[, in capitals", "<![CDATA["),
        ("<p><!x></p>", 4, "<! begins a comment or a CDATA section", "write <!--"),
        ("<p n='1'x</p>", 9, "a space is missing before @x", "write a space"),
        ("<p(x)</p>", 1, "the tag <p has no >", "write <p>"),
        ("<p n 'a'>x</p>", 4, "@n of <p> has no equals sign", 'n="a"'),
        ("<p n:'a'>x</p>", 4, "@n of <p> has no equals sign", 'n="a"'),
        ("<p n=='a'>x</p>", 6, "has = twice", "n="),
        ("<p n=>x</p>", 6, "@n of <p> has no value", 'n="…"'),
        ("<p n= m='1'>x</p>", 7, "@n of <p> has no value", 'n="…"'),
        ("<p n>x</p>", 4, "@n of <p> has no value", 'n="…"'),
        ("<p n=”1”>x</p>", 6, "” is no quotation mark of XML", "@n"),
        ('<p n="1 m="2">x</p>', 6, "no closing quotation mark", 'write "'),
        ('<p n="1>x</p>', 6, "no closing quotation mark", 'write "'),
        ('<p n="a<b">x</p>', 8, "a bare < stands in the value of @n", "&lt;"),
        ("<p>a < b</p>", 6, "a bare < starts no tag", "&lt;"),
        ("<p>a</p>< p>b</p>", 9, "a bare < starts no tag", "<p> without space"),
        ("<p>I <3 it</p>", 6, "<3 starts no tag", "&lt;"),
        ("<a:b:p>x</a:b:p>", 1, "<a:b:p> has two colons", "one prefix"),
        ("<p>AT&T</p>", 6, "a bare & starts no entity", "&amp;T"),
        ("<p>A & B</p>", 6, "a bare & starts no entity", "&amp;"),
        ("<p>A &amp B</p>", 6, "&amp has no semicolon", "write &amp;"),
        ("<p>A &hellip B</p>", 6, "&hellip has no semicolon", "…, or &#x2026;"),
        ("<p>A &#233 B</p>", 6, "no character reference", "semicolon"),
        ("<p>A &Amp; B</p>", 6, "&Amp; is declared nowhere", "case-sensitive"),
        ("<p>A &sig; B</p>", 6, "&sig; is declared nowhere", "DOCTYPE"),
        ("<p>A &#x1F; B</p>", 6, "&#x1F; names a character", "remove it"),
        ("<!-- a -- b -->", 8, "-- stands inside a comment", "one hyphen"),
        ("<!-- a >\n<!-- b -->", 1, "no end before the next one (line 3)", "-->"),
        ("<!-- a >", 1, "the comment that begins here has no end", "-->"),
        ("<?pi x", 1, "the processing instruction that begins here", "?>"),
        ("<? pi ?>", 1, "a processing instruction begins with", "correct it"),
        ("<x:p/>", 1, "the prefix x: has no namespace", 'xmlns:x="…"'),
        ("<svg:p/>", 1, "the prefix svg: has no namespace", "w3.org/2000/svg"),
        ("<p xlm:id='a'/>", 1, "the prefix xlm: has no namespace", "write xml:id"),
        ("<p xmlns:t='u'/><t:p/>", 17, "declared on another element", 'xmlns:t="u"'),
        ("<p xmlns:t=''/>", 1, "the prefix t: is declared without", "xmlns:t"),
        ("<p xmlns:xml='u'/>", 1, "belongs to XML itself", "xmlns:xml"),
        ("</TEI><TEI>", 7, "<TEI> comes after the end", "<teiCorpus>"),
        ("</TEI><p/>", 7, "<p> comes after the end", "remove <p>"),
    ],
)
def test_a_slip_is_named_at_its_place_with_its_mend(
    content: str, column: int, reason: str, mend: str
) -> None:
    fault = refused(content)
    assert (fault.code, fault.line, fault.column) == ("XML002", 2, column)
    assert reason in fault.reason
    assert mend in (fault.help or "")


def test_a_prefix_is_named_on_the_line_of_its_attribute() -> None:
    fault = refused("<p\n a='1'\n ti:n='1'/>")
    assert (fault.line, fault.column) == (4, 2)
    assert "the prefix ti: has no namespace" in fault.reason


def test_lines_are_counted_as_xml_ends_them() -> None:
    with pytest.raises(ReadError) as caught:
        parse(f"{OPEN}\r<p>\r\n\n\u2028 &</p></TEI>".encode(), Path("letter.xml"))
    assert (caught.value.line, caught.value.column) == (4, 3)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ('<?xml version="1.0"?><?xml version="1.0"?><TEI/>', "a second <?xml"),
        ('x<?xml version="1.0"?><TEI/>', "text stands where the outermost element"),
        ("<?xml version=1.0?><TEI/>", "<?xml …?> is not as it must be"),
        ("<TEI/></TEI>", "</TEI> closes nothing: the outermost element has ended"),
        ("<TEI/>words", "there is text after the end of the outermost element"),
    ],
)
def test_the_outline_of_a_file_is_said(source: str, reason: str) -> None:
    with pytest.raises(ReadError) as caught:
        parse(source.encode(), Path("letter.xml"))
    assert reason in caught.value.reason


def test_a_fault_has_a_mend_even_if_none_is_known() -> None:
    assert "mend the markup" in Fault(1, 1, "is broken").mend
