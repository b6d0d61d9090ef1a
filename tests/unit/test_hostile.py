"""Input made to stop a program: a finding or a refusal, soon, in bounded memory.

Each of the small ones here would take hours, or all memory, if its cost were not
bounded; the large ones run as processes of their own, as a stranger would start them.
"""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
import time
from random import Random
from typing import TYPE_CHECKING

import pytest

from toolkit import limits, tei
from toolkit.config import Edition
from toolkit.errors import CrowdedError, ReadError, SchemaError
from toolkit.limits import markup_in, require_streamable
from toolkit.schema import automaton, relaxng
from toolkit.schema.faults import COUNTED
from toolkit.schema.odd import compile_odd
from toolkit.schema.pattern import PatternPool
from toolkit.schema.regex import Regex
from toolkit.schema.regex_tree import RegexError
from toolkit.tei import TEI_NS, parse
from toolkit.validate import check
from toolkit.validate.how import How
from toolkit.validate.xsd import SchemaCheck

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

RNG = "http://relaxng.org/ns/structure/1.0"
XSD = "http://www.w3.org/2001/XMLSchema"
TYPES = "http://www.w3.org/2001/XMLSchema-datatypes"
OPEN = f'<TEI xmlns="{TEI_NS}">'


def put(folder: Path, name: str, content: str | bytes) -> Path:
    """Write a file."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def grammar(folder: Path, body: str, name: str = "s.rng") -> Path:
    """Write a RELAX NG grammar."""
    head = f'<grammar xmlns="{RNG}" datatypeLibrary="{TYPES}">'
    return put(folder, name, f"{head}{body}</grammar>")


def root(content: str) -> str:
    """Return the start of a grammar: an element r."""
    return f'<start><element name="r">{content}</element></start>'


def found(folder: Path, content: str | bytes, *schemas: Path) -> list[str]:
    """Return the findings of a document, as they are written."""
    path = put(folder, "d.xml", content)
    edition = Edition(root=folder)
    return [str(one) for one in check([path], edition, schemas, How())]


# -- regular expressions -------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    ["(a+)+b", "(a|a)*b", "(.*)*x", "(a|aa)+b", "([a-z]+)*[0-9]", r"(\w+\s?)+!"],
)
def test_a_pattern_takes_time_by_the_length_of_the_value(source: str) -> None:
    assert not Regex(source).matches("a" * 50_000)


@pytest.mark.parametrize(
    "source",
    [
        "((a{1,1000}){1,1000}){1,1000}",
        "(a{0,60000}){0,60000}b",
        "a{99999999999999999999}",
        "(" * 51 + "a" + ")" * 51,
        "[a-z-[" * 51 + "a" + "]" * 102,
        "a" * 100_001,
    ],
)
def test_a_pattern_that_is_too_large_is_refused(source: str) -> None:
    with pytest.raises(RegexError) as refused:
        Regex(source)
    assert len(str(refused.value)) < 300


def test_repetitions_count_exactly_and_beyond_any_length_are_endless() -> None:
    assert Regex("a{0,5000}").matches("a" * 5_000)
    assert not Regex("a{0,5000}").matches("a" * 5_001)
    assert Regex("a{0,1000000000}").matches("a" * 100_000)
    assert Regex("(ab{2,3}){2}").matches("abbabbb")
    assert not Regex("(ab{2,3}){2}").matches("abbab")
    assert Regex("(|a|)(a?)*").matches("")


def test_a_pattern_that_cannot_be_decided_says_so() -> None:
    with pytest.raises(RegexError, match="too many ways"):
        Regex("(a?){3000}(b|a?){3000}c").matches("a" * 10_000)


def test_classes_of_unicode_are_right_in_the_bounded_matcher() -> None:
    assert Regex(r"\p{Lu}\p{Ll}*").matches("Élan")
    assert not Regex(r"\p{Lu}\p{Ll}*").matches("élan")
    assert Regex(r"\p{IsCyrillic}+").matches("Москва")
    assert not Regex(r"[a-z-[aeiou]]+").matches("bcad")
    assert Regex(r"[^\p{C}\p{Z}]+").matches("平壤")


def test_a_catastrophic_pattern_gives_a_finding_in_each_kind_of_schema(
    tmp_path: Path,
) -> None:
    facet = '<data type="string"><param name="pattern">(a+)+b</param></data>'
    rng = put(
        tmp_path,
        "s.rng",
        f'<element name="TEI" ns="{TEI_NS}" xmlns="{RNG}" datatypeLibrary="{TYPES}">'
        f"{facet}</element>",
    )
    xsd = put(
        tmp_path,
        "s.xsd",
        f'<xs:schema xmlns:xs="{XSD}" targetNamespace="{TEI_NS}"><xs:element '
        'name="TEI"><xs:simpleType><xs:restriction base="xs:string"><xs:pattern '
        'value="(a+)+b"/></xs:restriction></xs:simpleType></xs:element></xs:schema>',
    )
    document = f"{OPEN}{'a' * 5_000}</TEI>"
    assert any("TEI107" in one for one in found(tmp_path, document, rng))
    assert any("TEI150" in one for one in found(tmp_path, document, xsd))


def test_a_pattern_of_an_xsd_that_is_too_large_is_refused_with_its_line(
    tmp_path: Path,
) -> None:
    path = put(
        tmp_path,
        "s.xsd",
        f'<xs:schema xmlns:xs="{XSD}">\n<xs:simpleType name="t"><xs:restriction '
        'base="xs:string"><xs:pattern value="((a{1,999}){1,999}){1,999}"/>'
        "</xs:restriction></xs:simpleType></xs:schema>",
    )
    with pytest.raises(SchemaError, match=r"s\.xsd:2: the pattern cannot be used"):
        SchemaCheck(path)


# -- schemas -------------------------------------------------------------------


def test_definitions_that_double_are_refused(tmp_path: Path) -> None:
    doubled = "".join(
        f'<define name="d{n}"><group><ref name="d{n + 1}"/><ref name="d{n + 1}"/>'
        "</group></define>"
        for n in range(40)
    )
    last = '<define name="d40"><element name="a"><empty/></element></define>'
    path = grammar(tmp_path, root('<ref name="d0"/>') + doubled + last)
    with pytest.raises(SchemaError, match="more patterns than can be remembered"):
        relaxng.load(path)


def test_a_grammar_with_endless_states_is_refused_and_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toolkit.schema.pattern.MOST_PARTS", 100_000)
    either = '<choice><ref name="a"/><ref name="b"/></choice>'
    names = "".join(
        f'<define name="{n}"><element name="{n}"><empty/></element></define>'
        for n in "ab"
    )
    path = grammar(
        tmp_path,
        root(f'<zeroOrMore>{either}</zeroOrMore><ref name="a"/>{either * 20}') + names,
    )
    loaded = relaxng.load(path)
    # Every run of a and b has a state of its own.
    chance = Random(1)  # noqa: S311 - nothing secret
    mixed = "".join(chance.choice(("<a/>", "<b/>")) for _ in range(20_000))
    with pytest.raises(CrowdedError, match=r"s\.rng: its content models"):
        automaton.check(f"<r>{mixed}</r>".encode(), loaded)


def test_patterns_that_are_made_again_cost_nothing() -> None:
    pool = PatternPool()
    one = pool.list_of(pool.text)
    for _ in range(200_000):
        assert pool.choice((one, pool.empty)) is pool.choice((pool.empty, one))


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"s.rng": '<include href="s.rng"/>'}, "leads back"),
        ({"s.rng": '<include href="x/../s.rng"/>'}, "leads back"),
        (
            {"s.rng": '<include href="t.rng"/>', "t.rng": '<include href="%73.rng"/>'},
            "leads back",
        ),
        (
            {
                "s.rng": '<include href="0.rng"/>',
                "30.rng": root("<empty/>"),
                **{f"{n}.rng": f'<include href="{n + 1}.rng"/>' * 2 for n in range(30)},
            },
            "more than 1,000 inclusions",
        ),
    ],
    ids=["itself", "by another spelling", "in a circle", "doubling"],
)
def test_inclusions_end(tmp_path: Path, files: dict[str, str], said: str) -> None:
    for name, body in files.items():
        grammar(tmp_path, body, name)
    with pytest.raises(SchemaError, match=said):
        relaxng.load(tmp_path / "s.rng")


def test_an_interleaving_of_many_is_compared_by_names_and_not_in_pairs(
    tmp_path: Path,
) -> None:
    several = "".join(
        f'<optional><element name="e{n}"><empty/></element></optional>'
        for n in range(1_500)
    )
    start = time.process_time()
    relaxng.load(grammar(tmp_path, root(f"<interleave>{several}</interleave>")))
    assert time.process_time() - start < 5


def test_a_wildcard_with_many_exceptions_beside_as_many_names_is_refused(
    tmp_path: Path,
) -> None:
    names = [f"<name>x{n}</name>" for n in range(3_000)]
    listed = f"<element><choice>{''.join(names)}</choice><empty/></element>"
    wild = f"<element><anyName><except>{''.join(names)}</except></anyName><empty/>"
    path = grammar(tmp_path, root(f"<interleave>{listed}{wild}</element></interleave>"))
    with pytest.raises(SchemaError, match="too many names are excepted"):
        relaxng.load(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("start = element r { " + "(" * 100_000, "nested more than"),
        ("start = " + "element a { " * 100_000, "nested more than"),
        ("start = element r { x" + "\\x{41}" * 10_000 + " }", "nothing defines"),
        ("\0" * 1_000, r"U\+0000"),
    ],
)
def test_the_compact_syntax_has_the_same_bounds(
    tmp_path: Path, content: str, said: str
) -> None:
    with pytest.raises(SchemaError, match=said) as refused:
        relaxng.load(put(tmp_path, "s.rnc", content))
    assert len(refused.value.message) < 500


def test_a_schema_of_too_many_parts_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("toolkit.schema.compact.parts.MAX_COMPACT", 1_000)
    many = "start = element r { empty }\n" + "".join(
        f"d{n} = empty\n" for n in range(2_000)
    )
    with pytest.raises(SchemaError, match="more than 1,000 parts"):
        relaxng.load(put(tmp_path, "s.rnc", many))
    large = grammar(tmp_path, root("<empty/>") + '<div a="b"/>' * 260_000)
    with pytest.raises(SchemaError, match="more than 500,000 tags"):
        relaxng.load(large)


def test_an_xsd_that_is_nested_too_deep_or_links_in_a_circle_is_refused(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.xsd").symlink_to("b.xsd")
    (tmp_path / "b.xsd").symlink_to("a.xsd")
    deep = "<xs:sequence>" * 240 + "</xs:sequence>" * 240
    path = put(
        tmp_path,
        "s.xsd",
        f'<xs:schema xmlns:xs="{XSD}"><xs:include schemaLocation="a.xsd"/><xs:element '
        f'name="r"><xs:complexType>{deep}</xs:complexType></xs:element></xs:schema>',
    )
    with pytest.raises(SchemaError) as refused:
        SchemaCheck(path)
    assert "recursion" not in refused.value.message


def test_an_odd_that_is_nested_too_deep_is_refused(tmp_path: Path) -> None:
    deep = "<sequence>" * 245 + "<textNode/>" + "</sequence>" * 245
    path = put(
        tmp_path,
        "s.odd",
        f'{OPEN}<text><body><schemaSpec ident="x" start="TEI"><elementSpec ident="TEI">'
        f"<content>{deep}</content></elementSpec></schemaSpec></body></text></TEI>",
    )
    with pytest.raises(SchemaError, match=r"s\.odd"):
        compile_odd(path)


# -- documents -----------------------------------------------------------------


BOMB = '<!ENTITY a "lol">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(10)
)


@pytest.mark.parametrize(
    ("dtd", "body", "said"),
    [
        (BOMB, "<p>&k;</p>", "far more than was typed"),
        (BOMB, '<p n="&k;"/>', "far more than was typed"),
        (f'<!ENTITY a "{"a" * 100_000}">', "&a;" * 2_000, "far more than was typed"),
        ('<!ENTITY a "&b;"><!ENTITY b "&a;">', "&a;", "far more than was typed"),
        ('<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;", "outside this file"),
        ('<!ENTITY a SYSTEM "file:///etc/passwd">', '<p n="&a;"/>', "outside this"),
        ('<!ENTITY a SYSTEM "http://example.org/">', "&a;", "outside this file"),
        ('<!ENTITY % a "x">%a;', "x", "parameter entity %a;"),
    ],
)
def test_entities_are_refused_where_they_are_used(
    tmp_path: Path, dtd: str, body: str, said: str
) -> None:
    source = f"<!DOCTYPE TEI [{dtd}]>\n{OPEN}{body}</TEI>".encode()
    with pytest.raises(ReadError, match=re.escape(said)) as refused:
        parse(source, tmp_path / "d.xml")
    assert refused.value.line == (1 if "%" in said else 2)


def test_the_grammar_alone_refuses_the_entities_that_all_stages_refuse(
    tmp_path: Path,
) -> None:
    own = Edition(root=tmp_path).schema_file(".rng")
    path = put(
        tmp_path,
        "d.xml",
        f'<!DOCTYPE TEI SYSTEM "x.dtd">\n{OPEN}<text>&b;</text></TEI>',
    )
    how = How(only=frozenset(("grammar",)))
    codes = [one.code for one in check([path], Edition(root=tmp_path), [own], how)]
    assert codes == ["XML002"]


def test_markup_is_counted_before_a_tree_is_made(tmp_path: Path) -> None:
    assert markup_in(b'<a b="c" d="e"><!-- x = y --></a>') == 5
    source = f"{OPEN}{'<p/>' * 2_000}</TEI>".encode()
    with pytest.raises(ReadError, match="more than 1,000 tags and attributes"):
        parse(source, tmp_path / "d.xml", 1_000)


def test_tags_that_entities_bring_in_are_counted_too(tmp_path: Path) -> None:
    entity = f'<!ENTITY a "{"<p/>" * 80_000}">'
    source = f"<!DOCTYPE TEI [{entity}]>\n{OPEN}{'&a;' * 4}</TEI>".encode()
    assert markup_in(source) < 100_000
    with pytest.raises(ReadError, match="more than 100,000 tags and attributes"):
        parse(source, tmp_path / "d.xml", 100_000)


def test_an_element_with_a_thousand_attributes_is_the_last_to_pass(
    tmp_path: Path,
) -> None:
    def attributes(number: int) -> bytes:
        many = " ".join(f'a{n}=""' for n in range(number))
        return f"{OPEN}<p {many}/></TEI>".encode()

    parse(attributes(limits.MAX_ATTRIBUTES), tmp_path / "d.xml")
    with pytest.raises(ReadError, match="more than 1,000 attributes"):
        parse(attributes(limits.MAX_ATTRIBUTES + 1), tmp_path / "d.xml")


def test_a_file_that_is_streamed_has_limits_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, "d.xml", "<p/>" * 100)
    require_streamable(path)
    monkeypatch.setattr(limits, "MAX_BYTES", 100)
    require_streamable(path)
    monkeypatch.setattr(limits, "MAX_STREAMED_TAGS", 99)
    with pytest.raises(ReadError, match="more than 99 tags"):
        require_streamable(path)
    monkeypatch.setattr(limits, "MAX_STREAMED", 399)
    with pytest.raises(ReadError, match="is refused"):
        require_streamable(path)


def test_faults_without_end_are_not_all_counted(tmp_path: Path) -> None:
    loaded = relaxng.load(grammar(tmp_path, root("<empty/>")))
    document = f"<r>{'<x/>' * (2 * COUNTED + 2_000)}</r>".encode()
    faults = automaton.check(document, loaded, 10)
    assert len(faults) == 10
    assert COUNTED < faults.beyond < COUNTED + 10


@pytest.mark.parametrize("opened", ["<div>", "<hi>", '<p xml:id="a">', "<TEI>"])
def test_a_hundred_thousand_levels_are_refused(tmp_path: Path, opened: str) -> None:
    with pytest.raises(ReadError, match="nested more than 256 deep"):
        parse(f"{OPEN}{opened * 100_000}".encode(), tmp_path / "d.xml")


@pytest.mark.parametrize(
    "encoding", ["idna", "undefined", "punycode", "unicode_escape", "klingon", "zlib"]
)
def test_names_of_no_encoding_are_said(tmp_path: Path, encoding: str) -> None:
    source = f'<?xml version="1.0" encoding="{encoding}"?>{OPEN}é</TEI>'.encode()
    with pytest.raises(ReadError, match="which does not exist"):
        parse(source, tmp_path / "d.xml")


@pytest.mark.parametrize("encoding", ["utf-32-le", "utf-32-be", "utf-16", "utf-32"])
def test_wide_encodings_are_read_by_every_stage(tmp_path: Path, encoding: str) -> None:
    lines = found(tmp_path, f"{OPEN}<text/></TEI>".encode(encoding))
    assert any("TEI10" in one for one in lines)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (gzip.compress(b"<TEI/>", mtime=0), "is a gzip archive"),
        (b"PK\x03\x04\x14\0", "is a ZIP archive"),
        (b"%PDF-1.7\n%\xe2\xe3", "is a PDF"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "is a JPEG image"),
    ],
)
def test_other_kinds_of_file_are_called_by_name(
    tmp_path: Path, source: bytes, said: str
) -> None:
    with pytest.raises(ReadError, match=said):
        parse(source, tmp_path / "d.xml")


def test_a_file_that_grows_while_it_is_read_is_read_to_the_limit(
    tmp_path: Path,
) -> None:
    path = put(tmp_path, "d.xml", "x" * 100)
    with pytest.raises(ReadError, match="is refused"):
        tei.read_bytes(path, 50)


# -- whole processes -----------------------------------------------------------


def edition(*arguments: str, folder: Path, source: Iterable[bytes] = ()) -> str:
    """Run the command; return all that it says.

    It may take 20 seconds of the processor and 1.5 GiB of memory, or it is ended.
    """
    command = [sys.executable, "-m", "toolkit", "validate", *arguments]
    bounds = 'ulimit -t 20; ulimit -v 1572864; exec "$@"'
    with subprocess.Popen(
        ["sh", "-c", bounds, "sh", *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            for piece in source:
                process.stdin.write(piece)
            process.stdin.close()
        except BrokenPipeError:
            pass
        said = process.stdout.read().decode()
    assert process.returncode in {1, 2}, said
    assert "Traceback" not in said
    return said


def large(folder: Path, head: str, unit: str, tail: str, size: int) -> Path:
    """Write a document of a size, mostly one thing again and again."""
    path, block = folder / "d.xml", unit.encode() * (1_000_000 // len(unit))
    with path.open("wb") as file:
        file.write(head.encode())
        for _ in range(size // len(block)):
            file.write(block)
        file.write(tail.encode())
    return path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("head", "unit", "size", "said"),
    [
        (f"{OPEN}<text>", "a", 1 << 30, "MiB large"),
        (f"{OPEN}<text>", "a", 120_000_000, "longer than a parser should accept"),
        (f'{OPEN}<p n="', "a", 120_000_000, "longer than a parser should accept"),
        (f"{OPEN}<", "a", 120_000_000, "longer than a parser should accept"),
        (OPEN, "<p/>", 120_000_000, "more than 4,000,000 tags"),
        (OPEN, "<p n=''/>", 30_000_000, "more than 4,000,000 tags"),
    ],
)
def test_a_huge_document_is_refused_by_a_process_of_its_own(
    tmp_path: Path, head: str, unit: str, size: int, said: str
) -> None:
    large(tmp_path, head, unit, "</TEI>", size)
    assert said in edition("d.xml", folder=tmp_path)
    (tmp_path / "d.xml").unlink()


@pytest.mark.slow
def test_a_pipe_that_never_ends_is_read_to_the_limit(tmp_path: Path) -> None:
    def for_ever() -> Iterable[bytes]:
        while True:
            yield b"<p/>" * 250_000

    said = edition("-", folder=tmp_path, source=for_ever())
    assert "is larger than 128 MiB" in said
