"""Screening: rules that libxml2 alone decides need not be loaded."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from toolkit.cache import Cache
from toolkit.tei import Document, parse, read
from toolkit.validate.schematron import rules
from toolkit.validate.schematron.kept import RuleCheck
from toolkit.validate.schematron.loading import load
from toolkit.validate.schematron.screen import Screen
from toolkit.validate.schematron.screened import drawn

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = """<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2">
<ns prefix="tei" uri="http://www.tei-c.org/ns/1.0"/>
{}</schema>"""
TEI = '<TEI xmlns="http://www.tei-c.org/ns/1.0">{}</TEI>'


def _schema(folder: Path, *patterns: str) -> Path:
    file = folder / "rules.sch"
    written = "".join(f"<pattern>{one}</pattern>" for one in patterns)
    file.write_text(SCHEMA.format(written))
    return file


def _passes(schema: Path, content: str) -> bool:
    screen = drawn(load(schema))
    assert screen is not None
    again = Screen.read(screen.written())
    root = parse(TEI.format(content).encode(), schema)
    assert again.passes(root) is screen.passes(root)
    return screen.passes(root)


DECIDED = {
    "a name": ("tei:p", "@n", "<p n='1'/>", "<p/>"),
    "a predicate": ("tei:p[@n]", "@n = '1'", "<p/><p n='1'/>", "<p n='2'/>"),
    "a path": ("tei:list/tei:item", "@n", "<item/>", "<list><item/></list>"),
    "a path across levels": ("tei:div//tei:p", "@n", "<p/>", "<div><q><p/></q></div>"),
    "several names": ("tei:p|tei:q", "@n", "<ab/><q n='1'/>", "<q/>"),
    "any element": ("tei:*", "not(@z)", "<p/>", "<p z='1'/>"),
    "two attributes": ("*[@n and @z]", "@y", "<p n='1'/>", "<p n='' z=''/>"),
    "the outermost": ("/tei:TEI", "tei:p", "<p/>", "<q/>"),
}


@pytest.mark.parametrize(
    ("context", "test", "good", "bad"), DECIDED.values(), ids=DECIDED
)
def test_what_libxml2_decides_is_screened(
    tmp_path: Path, context: str, test: str, good: str, bad: str
) -> None:
    asks = f'<rule context="{context}"><assert test="{test}">no</assert></rule>'
    schema = _schema(tmp_path, asks)
    assert _passes(schema, good)
    assert not _passes(schema, bad)


OPEN = {
    "a variable": '<rule context="tei:p"><let name="a" value="1"/>'
    '<assert test="$a = 1">no</assert></rule>',
    "a function of XPath 2": '<rule context="tei:p">'
    "<assert test=\"tokenize('a b', ' ') = 'a'\">no</assert></rule>",
    "an attribute": '<rule context="tei:p/@n"><assert test="true()">no</assert></rule>',
}


@pytest.mark.parametrize("asks", OPEN.values(), ids=OPEN)
def test_what_it_does_not_decide_is_left_open(tmp_path: Path, asks: str) -> None:
    schema = _schema(tmp_path, asks)
    assert not _passes(schema, "<p n='1'/>")
    assert _passes(schema, "<q n='1'/>")


def test_of_the_rules_of_a_pattern_the_first_that_matches_counts(
    tmp_path: Path,
) -> None:
    first = '<rule context="tei:p[@n]"><assert test="true()">no</assert></rule>'
    second = '<rule context="tei:p"><assert test="false()">no</assert></rule>'
    assert _passes(_schema(tmp_path, first + second), "<p n='1'/>")
    assert not _passes(_schema(tmp_path, first, second), "<p n='1'/>")


def test_variables_of_a_pattern_are_never_screened(tmp_path: Path) -> None:
    asks = '<rule context="tei:p"><report test="@n">no</report></rule>'
    schema = _schema(tmp_path, f'<let name="a" value="1"/>{asks}')
    assert drawn(load(schema)) is None


def test_what_passes_the_screen_breaks_no_rule(checkout: Path, shared: Path) -> None:
    asked = load(shared / "tei" / "tei_all.rng")
    screen = drawn(asked)
    assert screen is not None
    passed = 0
    for path in (
        *(shared / "corpora" / "gerdracor").glob("*.xml"),
        *(checkout / "tei").glob("*.xml"),
        *(checkout / "tests" / "faults" / "pointer").glob("*.xml"),
    ):
        root = read(path).root
        if screen.passes(root):
            passed += 1
            assert not list(rules.check(root, asked, path))
    assert passed > 20


def test_rules_that_are_screened_are_not_loaded_again(tmp_path: Path) -> None:
    asks = '<rule context="tei:p"><assert test="@n">no</assert></rule>'
    schema = _schema(tmp_path, asks)
    document = tmp_path / "a.xml"
    document.write_text(TEI.format("<p n='1'/>"))
    RuleCheck(schema, Cache(tmp_path))
    program = (
        "import sys; from pathlib import Path; from toolkit.cache import Cache\n"
        "from toolkit.tei import read\n"
        "from toolkit.validate.schematron.kept import RuleCheck\n"
        "check = RuleCheck(Path(sys.argv[1]), Cache(Path(sys.argv[3])))\n"
        "assert not list(check.violations(read(Path(sys.argv[2]))))\n"
        "assert 'elementpath' not in sys.modules\n"
    )
    arguments = [str(schema), str(document), str(tmp_path)]
    subprocess.run([sys.executable, "-c", program, *arguments], check=True)


def test_what_may_break_a_rule_is_asked_in_full(tmp_path: Path) -> None:
    asks = '<rule context="tei:p"><assert test="@n">p has no n</assert></rule>'
    schema = _schema(tmp_path, asks, '<rule context="tei:q"><let name="x"/></rule>')
    for _once_made_once_kept in range(2):
        check = RuleCheck(schema, Cache(tmp_path))
        root = parse(TEI.format("<p/>").encode(), schema)
        (broken,) = check.violations(Document(schema, root))
        assert broken.message.startswith("p has no n")
        assert len(check.lacks) == 1
