"""RELAX NG schemas: the specification's own test suite, and what users get wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

import pytest
from lxml import etree

from toolkit.errors import SchemaError
from toolkit.schema.automaton import check
from toolkit.schema.compare import subset
from toolkit.schema.generate import generate
from toolkit.schema.relaxng import load
from toolkit.schema.stored import restore, store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from toolkit.tei import Element

RNG: Final = 'xmlns="http://relaxng.org/ns/structure/1.0"'
_SUITE: Final = Path(__file__).parents[3] / "shared" / "relaxng" / "spectest.xml"
_MAIN: Final = Path("/schema/main.rng")  # never read: the resolver has it


def _cases() -> list[Element]:
    if not _SUITE.is_file():
        return []
    return list(etree.parse(_SUITE).getroot().iter("testCase"))


_CASES: Final = _cases()


def _bytes(element: Element) -> bytes:
    return etree.tostring(element, with_tail=False, encoding="UTF-8")


def _resources(parent: Element, base: str) -> Iterator[tuple[str, bytes]]:
    for child in parent:
        name = urljoin(base, child.get("name") or "")
        if child.tag == "resource":
            text = (child.text or "").encode()
            yield name, _bytes(child[0]) if len(child) else text
        elif child.tag == "dir":
            yield from _resources(child, name + "/")


def _ident(case: Element) -> str:
    section = case.findtext("section") or "further"
    return f"{section}-line{case.sourceline}"


@pytest.mark.parametrize("case", _CASES, ids=_ident)
def test_specification(shared: Path, case: Element) -> None:
    files = dict(_resources(case, _MAIN.as_uri()))
    for schema in case.findall("incorrect"):
        files[_MAIN.as_uri()] = _bytes(schema[0])
        with pytest.raises(SchemaError):
            load(_MAIN, files.get)
    for schema in case.findall("correct"):
        files[_MAIN.as_uri()] = _bytes(schema[0])
        grammar = load(_MAIN, files.get)
        for document in case.findall("valid"):
            assert check(_bytes(document[0]), grammar) == []
        for document in case.findall("invalid"):
            assert check(_bytes(document[0]), grammar) != []


def test_the_specification_suite_is_whole(shared: Path) -> None:
    assert len(_CASES) == 385


@pytest.mark.parametrize(
    ("schema", "line", "reason"),
    [
        (f"<element {RNG} name='a'>\n<ref name='b'/></element>", 2, "no grammar"),
        (
            f"<grammar {RNG}><start>\n<ref name='b'/></start></grammar>",
            2,
            "nothing defines 'b'",
        ),
        (f"<element {RNG} name='a'>\n\n<emtpy/></element>", 3, "<emtpy> is no pattern"),
        (
            f"<element {RNG} name='a'>\n<attribute name='x'/><attribute name='x'/>"
            "<empty/></element>",
            1,
            "the attribute 'x' is declared twice",
        ),
        (
            f"<element {RNG} name='a'\n datatypeLibrary='http://www.w3.org/2001/"
            "XMLSchema-datatypes'>\n<data type='dat'/></element>",
            3,
            "no datatype 'dat'",
        ),
        (
            f"<element {RNG} name='a' datatypeLibrary='http://www.w3.org/2001/"
            "XMLSchema-datatypes'>\n<data type='token'><param name='pattern'>(a"
            "</param></data></element>",
            2,
            "a '(' that is not closed",
        ),
        (
            f"<grammar {RNG}><start><ref name='b'/></start>"
            "\n<define name='b'><choice><empty/>\n<ref name='b'/></choice></define>"
            "</grammar>",
            3,
            "'b' leads back to itself",
        ),
        (
            f"<grammar {RNG}><start><ref name='b'/></start><define name='b'><empty/>"
            "</define>\n<define name='b'><text/></define></grammar>",
            2,
            "'b' is defined twice without combine",
        ),
    ],
    ids=[
        "reference outside a grammar",
        "dangling reference",
        "misspelt pattern",
        "attribute twice",
        "unknown datatype",
        "bad regular expression",
        "recursion without element",
        "no combine",
    ],
)
def test_a_faulty_schema_is_refused_with_its_place(
    tmp_path: Path, schema: str, line: int, reason: str
) -> None:
    path = tmp_path / "bad.rng"
    path.write_text(schema)
    with pytest.raises(SchemaError) as caught:
        load(path)
    assert caught.value.message.startswith(f"{path}:{line}: ")
    assert reason in caught.value.message


def test_an_included_definition_can_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "base.rng").write_text(
        f"<grammar {RNG}><start><element name='a'><ref name='c'/></element></start>"
        "<define name='c'><empty/></define></grammar>"
    )
    (tmp_path / "main.rng").write_text(
        f"<grammar {RNG}><include href='sub/base.rng'>"
        "<define name='c'><text/></define></include></grammar>"
    )
    assert check(b"<a>x</a>", load(tmp_path / "main.rng")) == []


@pytest.mark.parametrize(
    ("href", "reason"),
    [
        ("../outside.rng", "lies outside the schema's folder"),
        ("http://example.org/x.rng", "never from the network"),
        ("missing.rng", "missing.rng"),
    ],
    ids=["another folder", "the network", "missing"],
)
def test_only_files_of_the_schema_folder_are_read(
    tmp_path: Path, href: str, reason: str
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "outside.rng").write_text(f"<element {RNG} name='a'><empty/></element>")
    main = tmp_path / "in" / "main.rng"
    main.write_text(f"<externalRef {RNG} href='{href}'/>")
    with pytest.raises(SchemaError) as caught:
        load(main)
    assert caught.value.message.startswith(f"{main}:1: ")
    assert reason in caught.value.message


def test_a_schema_that_is_not_xml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.rng"
    path.write_text("element a { empty }")
    with pytest.raises(SchemaError, match=r"bad\.rng:1: "):
        load(path)


def test_a_long_chain_of_definitions_is_no_danger(tmp_path: Path) -> None:
    chain = "".join(
        f"<define name='d{n}'><ref name='d{n + 1}'/></define>" for n in range(5000)
    )
    path = tmp_path / "long.rng"
    path.write_text(
        f"<grammar {RNG}><start><element name='a'><ref name='d0'/></element></start>"
        f"{chain}<define name='d5000'><text/></define></grammar>"
    )
    assert check(b"<a>x</a>", load(path)) == []


def test_patterns_nested_too_deep_are_refused(tmp_path: Path) -> None:
    chain = "".join(
        f"<define name='d{n}'><optional><element name='b{n}'><empty/></element>"
        f"<ref name='d{n + 1}'/></optional></define>"
        for n in range(5000)
    )
    path = tmp_path / "deep.rng"
    path.write_text(
        f"<grammar {RNG}><start><element name='a'><ref name='d0'/></element></start>"
        f"{chain}<define name='d5000'><text/></define></grammar>"
    )
    with pytest.raises(SchemaError, match="nested more than"):
        load(path)


def test_tei_all_has_its_elements(shared: Path) -> None:
    grammar = load(shared / "tei" / "tei_all.rng")
    assert len(grammar.names) == 587
    assert grammar.named("{http://www.tei-c.org/ns/1.0}persName")


def test_a_grammar_can_be_stored_and_restored(shared: Path) -> None:
    grammar = load(shared / "tei" / "tei_all.rng")
    again = restore(store(grammar))
    assert store(again) == store(grammar)
    assert [generate(again, seed, 60) for seed in range(3)] == [
        generate(grammar, seed, 60) for seed in range(3)
    ]
    wrong = b'<TEI xmlns="http://www.tei-c.org/ns/1.0"><p n=""/></TEI>'
    assert check(wrong, again) == check(wrong, grammar) != []


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"{}",
        b'{"version":0}',
        b'{"version":1,"start":9,"patterns":[],"elements":[]}',
    ],
    ids=["empty", "other", "old", "cut"],
)
def test_what_is_no_stored_grammar_is_refused(stored: bytes) -> None:
    with pytest.raises(SchemaError, match="stored grammar"):
        restore(stored)


def test_a_model_nested_as_deep_as_is_allowed_works(tmp_path: Path) -> None:
    model = "<empty/>"
    for number in range(70):  # as n copies of an element become nested options
        model = f"<optional><element name='b'><text/></element>{model}</optional>"
        if number % 60 == 59:
            model = f"<oneOrMore>{model}</oneOrMore>"
    path = tmp_path / "deep.rng"
    path.write_text(f"<element {RNG} name='a'>{model}</element>")
    grammar = load(path)
    assert check(b"<a>" + b"<b/>" * 65 + b"</a>", grammar) == []
    assert check(b"<a><b/><c/></a>", grammar) != []
    assert check(generate(grammar, 1, 300), grammar) == []
    assert subset(grammar, grammar) == []
