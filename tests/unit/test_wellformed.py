"""Files that are broken or hostile: one clear finding each, in little time."""

from __future__ import annotations

import codecs
import os
import time
from typing import TYPE_CHECKING

import pytest

from toolkit import tei
from toolkit.encodings import as_utf8, encoding_of
from toolkit.errors import ReadError
from toolkit.limits import MAX_BYTES

if TYPE_CHECKING:
    from pathlib import Path

OPEN = '<TEI xmlns="http://www.tei-c.org/ns/1.0">'


def refused(folder: Path, source: str | bytes) -> ReadError:
    """Write a file, read it, and return why it was refused."""
    path = folder / "letter.xml"
    path.write_bytes(source.encode() if isinstance(source, str) else source)
    started = time.process_time()
    with pytest.raises(ReadError) as caught:
        tei.read(path)
    assert time.process_time() - started < 20
    return caught.value


def read(folder: Path, source: bytes) -> tei.Document:
    """Write a file and read it."""
    path = folder / "letter.xml"
    path.write_bytes(source)
    return tei.read(path)


@pytest.mark.parametrize(
    ("rest", "place", "reason", "mend"),
    [
        (
            "\n<text>\n<p>x</text></TEI>",
            (3, 5),
            "</text> comes while <p> (opened on line 3) is still open",
            "</p> first",
        ),
        (
            "<persName>x</persname></TEI>",
            (1, 53),
            "</persname> closes nothing: the open element is <persName> (opened on",
            "write </persName>",
        ),
        ("<p>x</q></TEI>", (1, 46), "</q> closes nothing", "remove </q>"),
        (
            "\n<text>\n<p>x",
            (3, 5),
            "ends while <p> (opened on line 3)",
            "</p></text></TEI>",
        ),
        ("<p>A & B</p></TEI>", (1, 47), "a bare & starts no entity", "&amp;"),
        ("<p>3 < 4</p></TEI>", (1, 47), "a bare < starts no tag", "&lt;"),
        ("<p n=3/></TEI>", (1, 47), "@n of <p> has no quotation marks", 'n="3"'),
        ("<p n='3' n='4'/></TEI>", (1, 51), "<p> has the attribute n twice", "keep"),
        ("<x:p/></TEI>", (1, 42), "the prefix x: has no namespace", "xmlns:x="),
        ("</TEI>\nmore", (2, 1), "after the end of the outermost", "one outermost"),
        ("<p>a&nbsp;b</p></TEI>", (1, 46), "&nbsp; is declared nowhere", "&#xA0;"),
        ("<p>&#0;</p></TEI>", (1, 45), "character that XML does not allow", "remove"),
        ("<p>a\0b</p></TEI>", (1, 46), "U+0000 is not allowed", "remove"),
        ("<p>a\x0bb</p></TEI>", (1, 46), "U+000B is not allowed", "remove"),
        ("<!-- a -- b --></TEI>", (1, 49), "-- stands inside a comment", "one hyphen"),
        ("<![CDATA[ abc</TEI>", None, "CDATA section", "]]>"),
        ("\n<<<<<<< HEAD\n</TEI>", (2, 1), "conflict marker", "settle"),
    ],
    ids=[
        "closed too early",
        "wrong case",
        "nothing to close",
        "cut off",
        "bare ampersand",
        "bare less-than",
        "no quotes",
        "attribute twice",
        "no namespace",
        "after the end",
        "entity of HTML",
        "character reference",
        "null character",
        "control character",
        "comment",
        "CDATA",
        "conflict marker",
    ],
)
def test_broken_markup_is_named_with_its_place_and_its_mend(
    tmp_path: Path,
    rest: str,
    place: tuple[int, int] | None,
    reason: str,
    mend: str,
) -> None:
    fault = refused(tmp_path, OPEN + rest)
    assert fault.code == "XML002"
    assert reason in fault.reason
    assert mend in (fault.help or "")
    if place:
        assert (fault.line, fault.column) == place


def test_declaration_that_is_not_first_is_named(tmp_path: Path) -> None:
    fault = refused(tmp_path, f'\n<?xml version="1.0"?>{OPEN}</TEI>')
    assert fault.code == "XML002"
    assert "is not the first thing" in fault.reason


@pytest.mark.parametrize(
    ("source", "code", "reason"),
    [
        (b"", "XML001", "is empty"),
        (b" \n\t ", "XML001", "is empty"),
        (b"\xef\xbb\xbf", "XML001", "is empty"),
        (b'<?xml version="1.0"?>', "XML002", "has no element"),
        (b"just words", "XML002", "text stands where"),
        (b"<TEI/>", "XML004", "<TEI> in no namespace"),
        (b"<TEI.2/>", "XML004", "<TEI.2> in no namespace"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "XML004", "<html> in"),
        (OPEN.replace("TEI ", "text ").encode() + b"</text>", "XML004", "<text> in"),
    ],
    ids=[
        "empty",
        "blank",
        "byte-order mark only",
        "declaration only",
        "words",
        "no namespace",
        "P4",
        "HTML",
        "fragment",
    ],
)
def test_what_is_no_document_is_refused(
    tmp_path: Path, source: bytes, code: str, reason: str
) -> None:
    fault = refused(tmp_path, source)
    assert (fault.code, reason in fault.reason) == (code, True)


def test_wrong_bytes_are_named_with_the_word_they_spell(tmp_path: Path) -> None:
    source = f"{OPEN}\n<p>ein Café in Köln</p></TEI>".encode("latin-1")
    fault = refused(tmp_path, source)
    assert (fault.code, fault.line, fault.column) == ("XML005", 2, 11)
    assert fault.reason == "has the byte 0xE9, which is not UTF-8"
    assert "windows-1252 the word there would read 'Café'" in (fault.help or "")


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [("utf-8", "UTF-16"), ("utf-8", "klingon"), ("utf-16-le", None)],
    ids=["claims UTF-16", "claims what is not", "UTF-16 without a mark"],
)
def test_a_false_claim_about_the_encoding_is_said(
    tmp_path: Path, encoding: str, declared: str | None
) -> None:
    head = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    fault = refused(tmp_path, f"{head}{OPEN}<p>é</p></TEI>".encode(encoding))
    assert (fault.code, fault.line) == ("XML005", 1)


@pytest.mark.parametrize(
    "encoding",
    ["utf-8-sig", "utf-16", "utf-32", "iso-8859-1", "windows-1252", "shift_jis"],
)
def test_other_encodings_are_read_with_every_position(
    tmp_path: Path, encoding: str
) -> None:
    words = "日本" if encoding == "shift_jis" else "Café"
    head = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>'
    source = f"{head}\n{OPEN}\n <p>{words}</p></TEI>".encode(encoding)
    document = read(tmp_path, source)
    assert document.root[0].text == words
    assert tei.positions(source) == [(2, 1), (3, 2)]
    assert words in as_utf8(source).decode("utf-8", "strict") or encoding == "utf-8"


def test_recoding_keeps_columns_where_it_can() -> None:
    source = b'<?xml version="1.0" encoding="windows-1252"?><TEI/>'
    recoded = as_utf8(source)
    assert encoding_of(recoded) == "utf-8"
    assert recoded.index(b"<TEI") == source.index(b"<TEI")


def test_a_byte_order_mark_decides_the_encoding() -> None:
    assert encoding_of(codecs.BOM_UTF16_LE + b"<\0") == "utf-16"
    assert encoding_of(codecs.BOM_UTF32_LE + b"<\0\0\0") == "utf-32"
    assert encoding_of(b"<TEI/>") == "utf-8"


def bomb() -> str:
    """Return the «billion laughs»: ten entities, each ten times the one before."""
    entities = "".join(
        f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(10)
    )
    return f'<!DOCTYPE TEI [<!ENTITY a "ha">{entities}]>{OPEN}<p>&k;</p></TEI>'


@pytest.mark.parametrize(
    "source",
    [
        bomb(),
        bomb().replace("<p>&k;</p>", '<p n="&k;"/>'),
        f'<!DOCTYPE TEI [<!ENTITY a "{"x" * 100_000}">]>{OPEN}{"&a;" * 1000}</TEI>',
        f'<!DOCTYPE TEI [<!ENTITY a "&b;"><!ENTITY b "&a;">]>{OPEN}&a;</TEI>',
        OPEN + "<p>" * 10_000 + "</p>" * 10_000 + "</TEI>",
        f"{OPEN}<p>{'x' * 11_000_000}</p></TEI>",
        f'{OPEN}<p n="{"x" * 11_000_000}"/></TEI>',
        f"{OPEN}<{'x' * 60_000}/></TEI>",
    ],
    ids=[
        "billion laughs",
        "in an attribute",
        "quadratic blow-up",
        "entity loop",
        "10,000 levels",
        "one huge text",
        "one huge attribute",
        "one huge name",
    ],
)
def test_what_would_eat_memory_is_refused(tmp_path: Path, source: str) -> None:
    assert refused(tmp_path, source).code == "XML003"


@pytest.mark.parametrize(
    ("doctype", "code"),
    [
        ('[<!ENTITY e SYSTEM "{0}">]', "XML003"),
        ('[<!ENTITY e PUBLIC "p" "{0}">]', "XML003"),
        ('[<!ENTITY % x SYSTEM "{0}"> %x;]', "XML003"),
        ('SYSTEM "{0}"', "XML002"),
        ('SYSTEM "http://127.0.0.1:9/x.dtd"', "XML002"),
    ],
    ids=["entity", "public entity", "parameter entity", "DTD", "DTD on the web"],
)
def test_nothing_outside_the_file_is_read(
    tmp_path: Path, doctype: str, code: str
) -> None:
    secret = tmp_path / "secret.dtd"
    secret.write_text('<!ENTITY e "secret">')
    source = f"<!DOCTYPE TEI {doctype.format(secret)}>{OPEN}<p>&e;</p></TEI>"
    fault = refused(tmp_path, source)
    assert fault.code == code
    assert "entity" in fault.reason


def test_an_external_dtd_that_is_not_needed_does_no_harm(tmp_path: Path) -> None:
    source = f'<!DOCTYPE TEI SYSTEM "http://127.0.0.1:9/x.dtd">{OPEN}<p>a</p></TEI>'
    assert read(tmp_path, source.encode()).root[0].text == "a"


def test_internal_entities_are_expanded_and_counted(tmp_path: Path) -> None:
    source = f'<!DOCTYPE TEI [<!ENTITY e "<hi>x</hi>">]>{OPEN}<p>&e;</p><p/></TEI>'
    document = read(tmp_path, source.encode())
    assert len(tei.positions(source.encode())) == len(list(document.root.iter("*")))
    assert document.root[0][0].text == "x"


def test_folders_devices_and_missing_files_are_said(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xml")
    for name, said in [
        ("", "is a folder"),
        ("pipe.xml", "is not a file"),
        ("none.xml", "no such file"),
    ]:
        with pytest.raises(ReadError, match=said):
            tei.read_bytes(tmp_path / name)


def test_a_file_that_is_too_large_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "large.xml"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(ReadError, match="is 128 MiB large"):
        tei.read_bytes(path)
