"""What is wrong in an ODD is said with file, line and mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.small_odds import EMPTY, element, elements, write_odd
from toolkit.errors import SchemaError
from toolkit.findings import Severity
from toolkit.schema.odd import check_odd, compile_odd

if TYPE_CHECKING:
    from pathlib import Path

R = element("r")
CLASS_R = "<classes><memberOf key='model.r'/></classes>"


def content(inside: str) -> str:
    """Return the element r, on line 3, with a content model on line 4."""
    return f"\n<elementSpec ident='r'><content>\n{inside}</content></elementSpec>"


def sch(inside: str) -> str:
    """Return a constraint."""
    return (
        "<constraintSpec ident='c' scheme='schematron'><constraint>"
        f"{inside}</constraint></constraintSpec>"
    )


WRONG = {
    "unknown element": (content("<elementRef key='q'/>"), "4: error ODD201", "'q'"),
    "near miss": (
        content("<elementRef key='gapp'/>") + elements("gap"),
        "4: error ODD201",
        "did you mean 'gap'?",
    ),
    "unknown class": (
        content("<classRef key='model.x'/>"),
        "4: error ODD201",
        "model class",
    ),
    "unknown macro": (content("<macroRef key='macro.x'/>"), "4: error ODD201", "macro"),
    "unknown datatype": (
        content("<dataRef key='x'/>"),
        "4: error ODD201",
        "the datatype 'x'",
    ),
    "unknown W3C datatype": (
        content("<dataRef name='number'/>"),
        "4: error ODD201",
        "W3C datatype",
    ),
    "unknown membership": (
        "\n" + element("r", EMPTY, "att.x"),
        "3: error ODD201",
        "'att.x'",
    ),
    "unknown datatype of an attribute": (
        "\n"
        + element(
            "r",
            more="<attList><attDef ident='a'><datatype>\n<dataRef key='x'/>"
            "</datatype></attDef></attList>",
        ),
        "4: error ODD201",
        "r/@a",
    ),
    "class in itself": (
        "<classSpec type='model' ident='model.r'><classes><memberOf key='model.s'/>"
        "</classes></classSpec>\n<classSpec type='model' ident='model.s'>"
        f"{CLASS_R}</classSpec>" + R,
        "2: error ODD202",
        "member of itself",
    ),
    "macro in itself": (
        "<macroSpec ident='m'><content><macroRef key='n'/></content></macroSpec>"
        "<macroSpec ident='n'><content><macroRef key='m'/></content></macroSpec>" + R,
        "2: error ODD202",
        "m > n > m",
    ),
    "datatype in itself": (
        "<dataSpec ident='d'><content><dataRef key='d'/></content></dataSpec>" + R,
        "2: error ODD202",
        "d > d",
    ),
    "declared twice": (R + "\n" + R, "3: error ODD104", "first stands in line 2"),
    "customisation": (R + "\n<moduleRef key='core'/>", "3: error ODD102", "moduleRef"),
    "mode": (
        "<elementSpec ident='r' mode='change'/>",
        "2: error ODD102",
        "not self-contained",
    ),
    "other file": (
        R + "<specGrpRef target='more.odd#x'/>",
        "2: error ODD102",
        "another file",
    ),
    "wrong numbers": (
        content("<empty/><elementRef key='r' minOccurs='2' maxOccurs='1'/>"),
        "4: error ODD105",
        "maxOccurs='1'",
    ),
    "no numbers": (
        content("<elementRef key='r' minOccurs='some'/>"),
        "4: error ODD105",
        "'some'",
    ),
    "too many copies": (
        content("<elementRef key='r' maxOccurs='5000'/>"),
        "4: error ODD105",
        "'unbounded'",
    ),
    "RELAX NG": (
        content("<text xmlns='http://relaxng.org/ns/structure/1.0'/>"),
        "4: error ODD106",
        "textNode",
    ),
    "no part of a model": (content("<p>words</p>"), "4: error ODD107", "<p>"),
    "no key": (content("<elementRef/>"), "4: error ODD108", "@key"),
    "no ident": ("<elementSpec/>" + R, "2: error ODD108", "@ident"),
    "unknown expansion": (
        "<classSpec type='model' ident='model.r'/>"
        + content("<classRef key='model.r' expand='all'/>"),
        "4: error ODD109",
        "sequenceOptional",
    ),
    "interleaved twice": (
        "<classSpec type='model' ident='model.a'/>"
        + element("a", EMPTY, "model.a")
        + content(
            "<interleave><classRef key='model.a'/><elementRef key='a'/></interleave>"
        ),
        "3: error ODD207",
        "<a> in two parts",
    ),
    "data among elements": (
        content("<dataRef name='date'/><elementRef key='r'/>"),
        "3: error ODD208",
        "<r> has a datatype beside",
    ),
    "list of text": (
        element(
            "r",
            more="<attList>\n<attDef ident='a'><datatype maxOccurs='unbounded'>"
            "<textNode/></datatype></attDef></attList>",
        ),
        "3: error ODD208",
        "no single token",
    ),
    "element in a value": (
        element(
            "r",
            more="<attList>\n<attDef ident='a'><datatype><elementRef key='r'/>"
            "</datatype></attDef></attList>",
        ),
        "3: error ODD208",
        "lets elements into a value",
    ),
    "restricted union": (
        "<dataSpec ident='d'><content><alternate><dataRef name='date'/>"
        "<dataRef name='gYear'/></alternate></content></dataSpec>"
        + content("<dataRef key='d' restriction='1.*'/>"),
        "4: error ODD209",
        "restricts d",
    ),
    "deletes what is not there": (
        element("r", more="<attList>\n<attDef ident='a' mode='delete'/></attList>"),
        "3: error ODD204",
        "r/@a",
    ),
    "attribute twice": (
        element(
            "r", more="<attList><attDef ident='a'/>\n<attDef ident='a'/></attList>"
        ),
        "3: error ODD104",
        "declared twice",
    ),
    "assertion without context": (
        "<classSpec type='atts' ident='att.a'>\n"
        + sch("<sch:assert test='1'>x</sch:assert>")
        + "</classSpec>"
        + R,
        "3: error ODD302",
        "'c'",
    ),
    "undeclared prefix": (
        R + "\n" + sch('<sch:rule context="q:r"><sch:assert test="1"/></sch:rule>'),
        "3: error ODD303",
        "'q'",
    ),
    "Schematron key": (
        R + "\n" + sch("<sch:key name='k'/>"),
        "3: error ODD304",
        "xsl:key",
    ),
}


@pytest.mark.parametrize(
    ("specifications", "place", "words"), WRONG.values(), ids=WRONG.keys()
)
def test_an_error_names_file_line_and_mend(
    tmp_path: Path, specifications: str, place: str, words: str
) -> None:
    odd = write_odd(tmp_path, specifications)
    with pytest.raises(SchemaError) as caught:
        compile_odd(odd)
    assert f"{odd}:{place}" in caught.value.message
    assert words in caught.value.message
    assert "\n  help: " in caught.value.message
    assert any(
        finding.severity is Severity.ERROR and f"{finding.line}: error" in place + ":"
        for finding in check_odd(odd)
        if finding.code in place
    )


def test_all_errors_are_told_at_once(tmp_path: Path) -> None:
    odd = write_odd(tmp_path, content("<elementRef key='x'/><elementRef key='y'/>"))
    with pytest.raises(SchemaError) as caught:
        compile_odd(odd)
    assert caught.value.message.count("error ODD201") == 2


def test_an_unknown_outermost_element_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="@start refers to the element 'q'"):
        compile_odd(write_odd(tmp_path, R, start="q"))


WORTH_A_LOOK = {
    "dangling group": (R + "\n<specGrpRef target='#gone'/>", 3, "ODD103"),
    "class without members": (
        "<classSpec type='model' ident='model.none'/>"
        + content("<classRef key='model.none'/>"),
        3,
        "ODD206",
    ),
    "same attribute twice": (
        "".join(
            f"<classSpec type='atts' ident='att.{name}'><attList><attDef ident='a'>"
            "<datatype><dataRef name='token'/></datatype></attDef></attList>"
            "</classSpec>"
            for name in "pq"
        )
        + "\n"
        + element("r", EMPTY, "att.p att.q"),
        3,
        "ODD203",
    ),
    "override without datatype": (
        "<classSpec type='atts' ident='att.p'><attList><attDef ident='a'/></attList>"
        "</classSpec>"
        + element("r", EMPTY, "att.p", "<attList>\n<attDef ident='a'/></attList>"),
        3,
        "ODD205",
    ),
    "unreachable": (R + "\n" + element("lost"), 3, "ODD210"),
    "other language": (
        R + "\n<constraintSpec ident='c' scheme='private'/>",
        3,
        "ODD301",
    ),
}


@pytest.mark.parametrize(
    ("specifications", "line", "code"), WORTH_A_LOOK.values(), ids=WORTH_A_LOOK.keys()
)
def test_a_warning_stops_nothing(
    tmp_path: Path, specifications: str, line: int, code: str
) -> None:
    odd = write_odd(tmp_path, specifications)
    assert [(one.line, one.code, one.severity) for one in check_odd(odd)] == [
        (line, code, Severity.WARNING)
    ]
    assert compile_odd(odd)


def test_a_good_odd_has_no_findings(tmp_path: Path) -> None:
    assert check_odd(write_odd(tmp_path, R)) == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (None, "cannot be read"),
        ("<TEI", "XML002"),
        ("<TEI xmlns='http://www.tei-c.org/ns/1.0'/>", "ODD101 the file has no"),
    ],
    ids=["missing", "not XML", "no schemaSpec"],
)
def test_a_file_that_is_no_odd_is_refused(
    tmp_path: Path, source: str | None, said: str
) -> None:
    odd = tmp_path / "no.odd"
    if source is not None:
        odd.write_text(source)
    with pytest.raises(SchemaError, match=said):
        compile_odd(odd)


def test_groups_of_specifications_are_followed_once(tmp_path: Path) -> None:
    group = (
        "<div><head>First things</head><specGrp xml:id='g'>"
        + element("r").replace(" ident", " module='m' ident")
        + "<specGrpRef target='#g'/></specGrp></div>"
    )
    odd = write_odd(tmp_path, "<specGrpRef target='#g'/>", more=group)
    index = compile_odd(odd)["reference/index.html"].decode()
    assert "<h3>First things</h3>" in index


def test_nothing_of_this_machine_or_day_is_in_the_files(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    first = compile_odd(write_odd(tmp_path / "one", R))
    second = compile_odd(write_odd(tmp_path / "two", R))
    assert first == second
    assert not any(str(tmp_path).encode() in body for body in first.values())
