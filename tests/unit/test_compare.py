"""Is one schema a subset of another? Proofs and witnesses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from toolkit.schema.compare import DifferenceKind, subset
from toolkit.schema.relaxng import load

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.schema.grammar import Grammar

RNG: Final = 'xmlns="http://relaxng.org/ns/structure/1.0"'
XSD: Final = 'datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes"'


def _element(name: str, content: str = "<empty/>") -> str:
    return f'<element name="{name}">{content}</element>'


A, B, C = _element("a"), _element("b"), _element("c")


def _grammar(tmp_path: Path, name: str, content: str) -> Grammar:
    path = tmp_path / f"{name}.rng"
    path.write_text(f'<element name="r" {RNG} {XSD}>{content}</element>')
    return load(path)


def _some(content: str) -> str:
    return f"<zeroOrMore>{content}</zeroOrMore>"


def _maybe(content: str) -> str:
    return f"<optional>{content}</optional>"


def _attribute(name: str, value: str = "<text/>") -> str:
    return f'<attribute name="{name}">{value}</attribute>'


def _token(pattern: str) -> str:
    return f'<data type="token"><param name="pattern">{pattern}</param></data>'


def _either(*parts: str) -> str:
    return f"<choice>{''.join(parts)}</choice>"


VALUES: Final = _either("<value>x</value>", "<value>y</value>")
PROVED = {
    "the same": (A + B, A + B),
    "a sequence in a repetition": (A + B, _some(_either(A, B))),
    "no text in mixed content": (A, f"<mixed>{_some(A)}</mixed>"),
    "one order of an interleaving": (A + B, f"<interleave>{A}{B}</interleave>"),
    "a lost option": (A, A + _maybe(B)),
    "a required attribute": (_attribute("x"), _maybe(_attribute("x"))),
    "a lost attribute": ("<empty/>", _maybe(_attribute("x"))),
    "fewer values": (_attribute("x", "<value>x</value>"), _attribute("x", VALUES)),
    "values of a datatype": (
        _attribute("x", "<value>1</value>"),
        _attribute("x", '<data type="integer"/>'),
    ),
    "a derived datatype": (
        _attribute("x", '<data type="positiveInteger"/>'),
        _attribute("x", '<data type="decimal"/>'),
    ),
    "narrower bounds": (
        _attribute(
            "x", '<data type="integer"><param name="minInclusive">5</param></data>'
        ),
        _attribute("x", '<data type="nonNegativeInteger"/>'),
    ),
    "a boolean among values": (
        _attribute("x", '<data type="boolean"/>'),
        _attribute(
            "x", _either(*(f"<value>{x}</value>" for x in ("true", "false", "0", "1")))
        ),
    ),
    "a token in a list": (
        _attribute("x", _token(r"\S+")),
        _attribute(
            "x", f"<list><oneOrMore>{_token(chr(92) + 'S+')}</oneOrMore></list>"
        ),
    ),
    "a shorter list": (
        _attribute("x", f"<list>{_token('a+')}{_token('a+')}</list>"),
        _attribute("x", f"<list><oneOrMore>{_token('a+')}</oneOrMore></list>"),
    ),
    "one attribute or another": (
        _either(_attribute("x"), _attribute("y")),
        _maybe(_attribute("x")) + _maybe(_attribute("y")),
    ),
    "content that depends on an attribute": (
        _either(f"<group>{_attribute('x')}{A}</group>", B),
        _maybe(_attribute("x")) + _either(A, B),
    ),
    "a named attribute among any": (
        _attribute("x"),
        "<zeroOrMore><attribute><anyName/></attribute></zeroOrMore>",
    ),
    "text of a datatype": ('<data type="date"/>', "<text/>"),
}


@pytest.mark.parametrize(("mine", "theirs"), PROVED.values(), ids=PROVED)
def test_a_subset_is_proved(tmp_path: Path, mine: str, theirs: str) -> None:
    a, b = _grammar(tmp_path, "a", mine), _grammar(tmp_path, "b", theirs)
    assert list(map(str, subset(a, b))) == []


REFUTED = {
    "may be empty": (_maybe(A), A, "r: may be empty here, there it needs a"),
    "may end early": (A, A + B, "r: may end after a here, there it needs b"),
    "another child": (A + _maybe(C), A, "r: c may stand after a here, there nothing"),
    "a repetition": (_some(A), _maybe(A), "r: a may stand after a here, there nothing"),
    "text": ("<text/>", "<empty/>", "r: text may stand here, there nothing"),
    "another attribute": (
        _maybe(_attribute("x")),
        "<empty/>",
        "r/@x: is allowed here, not there",
    ),
    "an attribute left out": (
        _maybe(_attribute("x")),
        _attribute("x"),
        "r/@x: may be left out here, there x is required",
    ),
    "both attributes": (
        _maybe(_attribute("x")) + _maybe(_attribute("y")),
        _maybe(_either(_attribute("x"), _attribute("y"))),
        "r/@y: is allowed here, not there",
    ),
    "another value": (
        _attribute("x", VALUES),
        _attribute("x", "<value>x</value>"),
        "r/@x: 'y' is allowed here, there x",
    ),
    "a wider datatype": (
        _attribute("x", '<data type="integer"/>'),
        _attribute("x", '<data type="positiveInteger"/>'),
        "r/@x: '-100' is allowed here, there positiveInteger",
    ),
    "within a child": (
        _element("a", "<text/>"),
        A,
        "a: text may stand here, there nothing",
    ),
    "text of another datatype": (
        "<text/>",
        '<data type="date"/>',
        "r: text may stand here, there date",
    ),
}


@pytest.mark.parametrize(("mine", "theirs", "said"), REFUTED.values(), ids=REFUTED)
def test_a_difference_has_a_witness(
    tmp_path: Path, mine: str, theirs: str, said: str
) -> None:
    a, b = _grammar(tmp_path, "a", mine), _grammar(tmp_path, "b", theirs)
    assert list(map(str, subset(a, b))) == [said]


def test_what_cannot_be_decided_is_not_called_proved(tmp_path: Path) -> None:
    a = _grammar(tmp_path, "a", _attribute("x", _token("a{3}")))
    b = _grammar(tmp_path, "b", _attribute("x", _token("aaa")))
    (difference,) = subset(a, b)
    assert difference.kind is DifferenceKind.UNPROVED


def test_another_root_is_a_difference(tmp_path: Path) -> None:
    (tmp_path / "a.rng").write_text(f'<element name="q" {RNG}><empty/></element>')
    b = _grammar(tmp_path, "b", "<empty/>")
    (difference,) = subset(load(tmp_path / "a.rng"), b)
    assert difference.kind is DifferenceKind.ROOT


def test_tei_all_is_a_subset_of_itself(shared: Path) -> None:
    path = shared / "tei" / "tei_all.rng"
    assert subset(load(path), load(path)) == []


def test_our_schema_is_a_subset_of_tei_all(shared: Path, checkout: Path) -> None:
    ours = load(checkout / "schema" / "edition.rng")
    theirs = load(shared / "tei" / "tei_all.rng")
    assert list(map(str, subset(ours, theirs))) == []
