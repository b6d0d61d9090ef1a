"""RELAX NG's compact syntax: every construct, every slip, and what is hostile."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Final

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.referees import program
from tests.unit.compact_schemas import (
    FILES,
    NAME_CLASSES,
    PATTERNS,
    RNG,
    SLIPS,
    TRANG_LETS_PASS,
    XSD,
)
from toolkit.cli import cli
from toolkit.config import Edition
from toolkit.errors import SchemaError
from toolkit.schema.automaton import accepts
from toolkit.schema.compact import reader as compact
from toolkit.schema.compare import subset
from toolkit.schema.relaxng import load
from toolkit.schema.stored import store
from toolkit.tei import TEI_NS
from toolkit.validate import check

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.schema.grammar import Grammar
    from toolkit.tei import Element

_DOCUMENTATION: Final = (
    "{http://relaxng.org/ns/compatibility/annotations/1.0}documentation"
)


def _compact(folder: Path, schema: str, name: str = "schema.rnc") -> Grammar:
    path = folder / name
    path.write_text(schema, encoding="utf-8")
    return load(path)


def _xml(folder: Path, schema: str, name: str = "schema.rng") -> Grammar:
    """Load a schema in XML; its outermost element is written without namespace."""
    path = folder / name
    head, space, rest = schema.partition(" ") if " " in schema else (schema, "", "")
    path.write_text(f'{head} xmlns="{RNG}" datatypeLibrary="{XSD}"{space}{rest}')
    return load(path)


def _form(grammar: Grammar) -> object:
    """Return a grammar's patterns, without the places they were written at."""
    form = json.loads(store(grammar))
    form["elements"] = [[name, content] for name, content, *_ in form["elements"]]
    return form


def _refused(folder: Path, schema: str) -> str:
    """Return why a schema is refused, from its place on."""
    with pytest.raises(SchemaError) as caught:
        _compact(folder, schema)
    return caught.value.message.removeprefix(f"{folder / 'schema.rnc'}:")


_DEFINITIONS: Final = {
    name: f"<define name='{name}'><element name='{name}'><empty/></element></define>"
    for name in "abc"
}


@pytest.mark.parametrize(("pattern", "xml"), PATTERNS.values(), ids=PATTERNS)
def test_a_pattern_means_what_it_means_in_xml(
    tmp_path: Path, pattern: str, xml: str
) -> None:
    definitions = "".join(f"{one} = element {one} {{ empty }}\n" for one in "abc")
    ours = _compact(tmp_path, f"start = element r {{ {pattern} }}\n{definitions}")
    same = _xml(
        tmp_path,
        f"<grammar ><start><element name='r'>{xml}</element></start>"
        f"{''.join(_DEFINITIONS.values())}</grammar>",
    )
    assert _form(ours) == _form(same)


@pytest.mark.parametrize(("names", "xml"), NAME_CLASSES.values(), ids=NAME_CLASSES)
def test_a_name_class_means_what_it_means_in_xml(
    tmp_path: Path, names: str, xml: str
) -> None:
    ours = _compact(
        tmp_path,
        'namespace p = "urn:p"\nnamespace none = ""\ndefault namespace d = "urn:" ~ "d"'
        f'\nnamespace list = "urn:l"\nelement {names} {{ attribute p:x {{ "y" }}? }}',
    )
    same = _xml(
        tmp_path,
        f"<element >{xml}<optional><attribute><name ns='urn:p'>x</name>"
        "<value>y</value></attribute></optional></element>",
    )
    assert _form(ours) == _form(same)


@pytest.mark.parametrize(("schema", "xml"), FILES.values(), ids=FILES)
def test_a_file_means_what_it_means_in_xml(
    tmp_path: Path, schema: str, xml: str
) -> None:
    assert _form(_compact(tmp_path, schema)) == _form(_xml(tmp_path, xml))


def test_tei_all_is_the_same_in_both_syntaxes(shared: Path) -> None:
    ours = load(shared / "tei" / "tei_all.rnc")
    same = load(shared / "tei" / "tei_all.rng")
    assert subset(ours, same) == []
    assert subset(same, ours) == []
    assert _form(ours) == _form(same)


# -- several files -------------------------------------------------------------


def _write(folder: Path, **files: str) -> None:
    """Write schemas; the name of their file ends in what follows the underscore."""
    for name, content in files.items():
        (folder / name.replace("_", ".")).write_text(content)


def test_an_included_grammar_is_changed(tmp_path: Path) -> None:
    _write(
        tmp_path,
        base_rnc="start = a\na = element a { b }\nb = element b { empty }",
        main_rnc='include "base.rnc" {\n div { b = c }\n start = a | b }\n'
        "c = element c { empty }",
    )
    grammar = load(tmp_path / "main.rnc")
    assert accepts(b"<a><c/></a>", grammar)
    assert accepts(b"<c/>", grammar)
    assert not accepts(b"<a><b/></a>", grammar)


@pytest.mark.parametrize("inner", ["rnc", "rng"])
@pytest.mark.parametrize("outer", ["rnc", "rng"])
def test_files_of_both_syntaxes_refer_to_each_other(
    tmp_path: Path, outer: str, inner: str
) -> None:
    _write(
        tmp_path,
        one_rnc="element a { text }",
        one_rng=f'<element name="a" xmlns="{RNG}"><text/></element>',
        two_rnc="b = element b { empty }",
        two_rng=f'<grammar xmlns="{RNG}"><define name="b"><element name="b"><empty/>'
        "</element></define></grammar>",
        main_rnc=f'start = element r {{ external "one.{inner}", b }}\n'
        f'include "two.{inner}"',
        main_rng=f'<grammar xmlns="{RNG}"><include href="two.{inner}"/><start><element '
        f'name="r"><externalRef href="one.{inner}"/><ref name="b"/></element></start>'
        "</grammar>",
    )
    assert accepts(b"<r><a/><b/></r>", load(tmp_path / f"main.{outer}"))


@pytest.mark.parametrize(
    ("head", "inherit", "ns"),
    [
        ('default namespace = "urn:d"', "", "urn:d"),
        ('namespace p = "urn:p"', "inherit = p", "urn:p"),
        ("", "", ""),
    ],
    ids=["default namespace", "named prefix", "none"],
)
def test_a_namespace_is_inherited_by_the_file_referred_to(
    tmp_path: Path, head: str, inherit: str, ns: str
) -> None:
    _write(
        tmp_path,
        part_rnc="namespace my = inherit\nelement a { element my:b { empty } }",
        main_rnc=f'{head}\nexternal "part.rnc" {inherit}',
    )
    grammar = load(tmp_path / "main.rnc")
    assert accepts(f'<a xmlns="{ns}"><b/></a>'.encode(), grammar)
    assert not accepts(b'<a xmlns="urn:other"><b/></a>', grammar)


def test_a_namespace_of_its_own_is_not_inherited(tmp_path: Path) -> None:
    _write(
        tmp_path,
        part_rnc='default namespace = "urn:own" a = element a { empty }',
        main_rnc='default namespace = "urn:d" include "part.rnc" start = a',
    )
    assert accepts(b'<a xmlns="urn:own"/>', load(tmp_path / "main.rnc"))


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ('start = a\ninclude "schema.rnc"', "2:1"),
        ('element a {\n  external "schema.rnc" }', "2:3"),
        ('include "other.rnc"', "schema.rnc:2:3"),
    ],
    ids=["include", "external", "by way of another file"],
)
def test_files_that_refer_in_a_circle_are_refused(
    tmp_path: Path, schema: str, place: str
) -> None:
    _write(tmp_path, other_rnc='\n  include "schema.rnc"')
    reason = _refused(tmp_path, schema)
    assert "leads back to a file that is being read" in reason
    assert f"{place.removeprefix('schema.rnc:')}: " in reason


def test_a_fault_in_an_included_file_has_the_place_there(tmp_path: Path) -> None:
    _write(tmp_path, part_rnc="a = element a {\n  b, }", main_rnc='include "part.rnc"')
    with pytest.raises(SchemaError) as caught:
        load(tmp_path / "main.rnc")
    assert caught.value.message.startswith(f"{tmp_path / 'part.rnc'}:2:6: found '}}'")


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ('external "none.rnc"', "none.rnc"),
        ('external "../other/a.rnc"', "outside the schema's folder"),
        ('external "http://example.org/a.rnc"', "never from the network"),
        ('include "one.rnc"', "holds no grammar"),
        ('external "one.rnc#a"', "href has a fragment"),
        ('include "two.rnc" { b = empty }', "has not the definition 'b' to replace"),
    ],
    ids=["missing", "another folder", "network", "pattern", "fragment", "override"],
)
def test_a_file_that_is_not_to_be_had_is_named(
    tmp_path: Path, schema: str, reason: str
) -> None:
    _write(tmp_path, one_rnc="element a { text }", two_rnc="start = element a { text }")
    told = _refused(tmp_path, f"\n{schema}")
    assert told.startswith("2:1: ")
    assert reason in told


# -- slips ---------------------------------------------------------------------


@pytest.mark.parametrize(("schema", "expected"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_told_with_its_place(
    tmp_path: Path, schema: str, expected: str
) -> None:
    assert _refused(tmp_path, schema).startswith(expected)


# -- bytes ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "element é { text }".encode(),
        b"\xef\xbb\xbfelement \xc3\xa9 { text }",
        b"\xff\xfe" + "element é { text }".encode("utf-16-le"),
        b"\xfe\xff" + "element é { text }".encode("utf-16-be"),
    ],
    ids=["UTF-8", "UTF-8 with mark", "UTF-16 little", "UTF-16 big"],
)
def test_the_encoding_is_known_by_the_mark(source: bytes) -> None:
    assert compact.read(source, "s.rnc").findtext(f"{{{RNG}}}name") == "é"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"element a\n{ \xe9 }", "s.rnc:2:3: found the byte 0xE9, which is not UTF-8"),
        (b"\xff\xfe\n\0\x00", "s.rnc:2:1: found the byte 0x00, which is not UTF-16"),
    ],
    ids=["UTF-8", "UTF-16"],
)
def test_bytes_of_another_encoding_are_told(source: bytes, expected: str) -> None:
    with pytest.raises(SchemaError) as caught:
        compact.read(source, "s.rnc")
    assert caught.value.message.startswith(expected)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_every_newline_ends_a_line(tmp_path: Path, newline: str) -> None:
    path = tmp_path / "schema.rnc"
    lines = ("# one", "element a {", '  string """x', 'y""", b', "}")
    path.write_bytes(newline.join(lines).encode())
    with pytest.raises(SchemaError, match=":4:7: <ref>"):
        load(path)
    path.write_bytes(newline.join(lines).replace(", b", "").encode())
    assert accepts(b"<a>x\ny</a>", load(path))


def test_an_escaped_newline_ends_no_line(tmp_path: Path) -> None:
    assert accepts(
        b"<a>x\ny</a>", _compact(tmp_path, r'element a { string "x\x{A}y" }')
    )
    assert _refused(tmp_path, "element a \\x{A}{ } ").startswith("1:18: found '}'")


# -- documentation and rules ---------------------------------------------------


def _documented(root: Element) -> list[str]:
    return [one.text or "" for one in root.iter(_DOCUMENTATION)]


def test_documentation_is_kept(shared: Path) -> None:
    root = compact.read(
        b"## one\n   ###  two\n##\n# no more\n## three\nstart = ## four\n a", "s.rnc"
    )
    assert _documented(root) == ["one\n two\n", "three", "four"]
    assert [one.tag for one in root[0]][-1] == f"{{{RNG}}}ref"
    tei = shared / "tei"
    ours = compact.read((tei / "tei_all.rnc").read_bytes(), "tei_all.rnc")
    same = etree.parse(tei / "tei_all.rng").getroot()
    assert sorted(_documented(ours)) == sorted(_documented(same))


def test_what_documents_a_literal_follows_it() -> None:
    root = compact.read(b'element a { ## one\n "x" | ## two\n "y" }', "s.rnc")
    tags = [etree.QName(one).localname for one in root.iter()]
    assert tags[3:] == ["value", "documentation"] * 2


def test_lines_are_known_beyond_what_the_parser_of_xml_can_count(
    tmp_path: Path,
) -> None:
    assert _refused(tmp_path, "\n" * 70_000 + "start = a").startswith("70001:9: ")


RULES: Final = f"""default namespace = "{TEI_NS}"
namespace sch = "http://purl.oclc.org/dsdl/schematron"
start = element TEI {{ anything }}
anything = (element * {{ anything }} | attribute * {{ text }} | text)*
sch:ns [ prefix = "tei" uri = "{TEI_NS}" ]
sch:pattern [
  sch:rule [
    context = "tei:p"
    sch:assert [ test = "normalize-space(.)" "a paragraph " ~ "is empty" ]
  ]
]
"""


@pytest.fixture
def edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Edition:
    """An edition of one document, and a schema in compact syntax beside it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "edition.toml").write_text('title = "Test edition"\n')
    (tmp_path / "tei").mkdir()
    (tmp_path / "tei" / "d.xml").write_text(f'<TEI xmlns="{TEI_NS}">\n<p/></TEI>')
    return Edition(root=tmp_path, title="Test edition")


def test_rules_in_annotations_are_asked(edition: Edition) -> None:
    schema = edition.root / "rules.rnc"
    schema.write_text(RULES)
    found = list(check(edition.documents(), edition, [schema]))
    assert [(one.code, one.line) for one in found] == [("TEI200", 2)]
    assert "a paragraph is empty" in found[0].message


def test_the_command_takes_a_schema_in_compact_syntax(edition: Edition) -> None:
    schema = edition.root / "schema.rnc"
    schema.write_text(f'default namespace = "{TEI_NS}" element TEI {{ empty }}')
    command = ["--edition", str(edition.root), "validate", "--schema", str(schema)]
    done = CliRunner().invoke(cli, command)
    assert "d.xml:2:1: error TEI101" in done.stdout
    assert done.exit_code == 1
    schema.write_text("element TEI { empty")
    done = CliRunner().invoke(cli, command)
    assert f"{schema}:1:20: found the end of the file" in done.stderr
    assert done.exit_code == 2


# -- hostile files -------------------------------------------------------------

_MANY: Final = 100_000
HOSTILE: Final = {
    "parentheses": "element a {" + "(" * _MANY + "text" + ")" * _MANY + "}",
    "elements": "element a {" * _MANY + "text" + "}" * _MANY,
    "lists": "element a {" + "list {" * _MANY,
    "exceptions": "element a {" + "xsd:int - (" * _MANY,
    "name classes": "element " + "(" * _MANY + "a" + ")" * _MANY + "{ text }",
    "exceptions of names": "element " + "* - (" * _MANY,
    "divisions": "div {" * _MANY,
    "grammars": "grammar { start = " * _MANY,
    "annotations": "x [" * _MANY + "]" * _MANY,
    "values of an annotation": "x [" + "".join(f'a{i}="" ' for i in range(_MANY)) + "]",
    "endless literal": 'element a { "' + "x" * 10_000_000,
    "endless long literal": 'element a { """' + "x\n" * 1_000_000,
    "endless escape sequence": 'element a { "\\x{' + "1" * 10_000_000 + '}" }',
    "endless name": "a" * 1_000_000 + ":",
    "quotation marks": "element a { " + '"' * 1_000_001,
}


@pytest.mark.parametrize("schema", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_refused(tmp_path: Path, schema: str) -> None:
    assert _refused(tmp_path, schema)[:2].endswith(":")  # all is wrong in line 1


def test_nesting_is_refused_with_its_place(tmp_path: Path) -> None:
    reason = _refused(tmp_path, "element a {\n" + "(" * _MANY)
    assert reason == "2:200: this is nested more than 200 deep"


def test_long_rows_are_no_danger(tmp_path: Path) -> None:
    row = ' | "x"' * 20_000 + ' ~ "x"' * 20_000
    grammar = _compact(tmp_path, f'element a {{ "y"{row} }}')
    assert accepts(b"<a>x</a>", grammar)


_TOKENS: Final = (
    "element attribute list mixed text empty grammar start div parent namespace"
    " default inherit external include { } ( ) [ ] , & | ? * + - ~ = |= &= >> a \\b p:a"
    ' p:* xsd:int token "x" """y""" "\\x{41}" ##\n #\n'
).split(" ")


@given(st.lists(st.sampled_from(_TOKENS), max_size=30).map(" ".join))
@settings(max_examples=300, deadline=None)
def test_any_tokens_give_a_schema_or_a_place(tokens: str) -> None:
    """Nothing but a SchemaError, which begins with its place, is ever raised."""
    try:
        compact.read(f'namespace p = "urn:p" {tokens}'.encode(), "s.rnc")
    except SchemaError as fault:
        file, line, column, _ = fault.message.split(":", 3)
        assert (file, int(line) > 0, int(column) > 0) == ("s.rnc", True, True)


# -- the referee ---------------------------------------------------------------


def _converted(folder: Path, schema: str) -> Path | None:
    """Return the schema as trang has it in XML; None if trang refuses it."""
    source, made = folder / "schema.rnc", folder / "trang" / "schema.rng"
    source.write_text(schema, encoding="utf-8")
    made.parent.mkdir(exist_ok=True)
    command = [program("trang"), str(source), str(made)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return made if done.returncode == 0 else None


_PARTS: Final = {
    "base.rnc": 'default namespace = "urn:b" start = a a = element a { b? }\n'
    "b = element b { attribute q { text } }",
    "inherits.rnc": "namespace my = inherit\nelement i { element * - my:* { text }* }",
}
REFEREED: Final = {
    **{name: schema for name, (schema, _) in FILES.items() if "b:token" not in schema},
    "patterns": "start = element r { "
    + ",\n".join(
        f"element x{number} {{ {pattern} }}"
        for number, (pattern, _) in enumerate(PATTERNS.values())
    )
    + " }\n"
    + "".join(f"{name} = element {name} {{ empty }}\n" for name in "abc"),
    "name classes": 'namespace p = "urn:p" namespace none = "" default namespace d = '
    '"urn:d" namespace list = "urn:l"\nelement r { '
    + ",\n".join(
        f"element x {{ element {names} {{ empty }} }}"
        for names, _ in NAME_CLASSES.values()
    )
    + " }",
    "files": 'default namespace = "urn:d" namespace x = "urn:x"\ninclude "base.rnc" {'
    '\n b = element b { empty, external "inherits.rnc"?,'
    ' external "inherits.rnc" inherit = x } }',
    "inherited": 'default namespace = inherit\nelement a { external "inherits.rnc" }',
}


@pytest.mark.slow
@pytest.mark.parametrize("schema", REFEREED.values(), ids=REFEREED)
def test_trang_reads_the_same(tmp_path: Path, schema: str) -> None:
    for name, part in _PARTS.items():
        (tmp_path / name).write_text(part)
    made = _converted(tmp_path, schema)
    assert made is not None
    assert _form(load(tmp_path / "schema.rnc")) == _form(load(made))
    root = compact.read(schema.encode(), "schema.rnc")
    same = etree.parse(made).getroot()
    assert sorted(_documented(root)) == sorted(_documented(same))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(SLIPS.keys() - TRANG_LETS_PASS))
def test_trang_refuses_the_same(tmp_path: Path, name: str) -> None:
    assert _converted(tmp_path, SLIPS[name][0]) is None
