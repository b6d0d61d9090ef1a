"""Reference pages: complete, linked among themselves, readable as they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from lxml import etree

from tests.unit.small_odds import EMPTY, compiled, element, write_odd
from toolkit.schema.odd import compile_odd, examples

if TYPE_CHECKING:
    from pathlib import Path

SPECIFICATIONS = """
<classSpec type="model" ident="model.parts"><desc>What stands in r.</desc></classSpec>
<classSpec type="atts" ident="att.base"><desc>Shared.</desc><attList>
  <attDef ident="n"><desc>A number, as in <gi>r</gi>.</desc>
    <datatype><dataRef key="d.word"/></datatype></attDef></attList></classSpec>
<macroSpec ident="macro.mixed"><content><alternate minOccurs="0" maxOccurs="unbounded">
  <textNode/><classRef key="model.parts"/></alternate></content></macroSpec>
<dataSpec ident="d.word"><desc>A word.</desc><content>
  <dataRef name="token" restriction="\\S+"/></content></dataSpec>
<elementSpec ident="r" module="core"><gloss>root</gloss>
  <desc>Holds <gi>a</gi>, &lt;b&gt; and <att>n</att>.</desc>
  <classes><memberOf key="att.base"/></classes>
  <content><macroRef key="macro.mixed"/></content>
  <constraintSpec ident="r-n" scheme="schematron"><desc>Why.</desc><constraint>
    <sch:assert test="@n &lt; 5" role="warning">the number <sch:value-of select="@n"/>
      is large</sch:assert></constraint></constraintSpec>
  <attList><attDef ident="kind" usage="req">
    <datatype><dataRef name="NCName"/></datatype>
    <valList type="semi"><valItem ident="good"><desc>as it should be</desc></valItem>
    </valList></attDef></attList>
  <exemplum><p>In words.</p><egXML xmlns="http://www.tei-c.org/ns/Examples">
      <r kind="good" n="&quot;1&quot;"><!-- told -->
        text &amp; <a xml:id="i"/><x:y xmlns:x="urn:x"/>
      </r></egXML></exemplum>
  <remarks><p>Mind <val>good</val>.</p></remarks></elementSpec>
<elementSpec ident="a" module="core"><classes><memberOf key="model.parts"/></classes>
  <content><empty/></content></elementSpec>
"""


@pytest.fixture
def pages(tmp_path: Path) -> dict[str, str]:
    """The pages of one small schema."""
    files = compile_odd(write_odd(tmp_path, SPECIFICATIONS))
    return {
        name.removeprefix("reference/"): body.decode()
        for name, body in files.items()
        if name.startswith("reference/")
    }


def tree(page: str | bytes) -> etree._Element:
    """Return a page's tree."""
    return etree.fromstring(page, etree.HTMLParser(encoding="utf-8"))


def strings(page: str, path: str) -> list[str]:
    """Return what an XPath finds in a page, as strings."""
    found = tree(page.encode()).xpath(path)
    assert isinstance(found, list)
    return [str(one) for one in found]


def content_of(page: str, path: str) -> str:
    """Return the characters of the one element that a path finds."""
    (found,) = tree(page.encode()).iterfind(path)
    return "".join(map(str, found.itertext()))


def text_of(page: str) -> str:
    """Return the words of a page's body on one line."""
    return " ".join(content_of(page, "body").split())


def test_every_specification_has_its_page(pages: dict[str, str]) -> None:
    assert sorted(pages) == [
        "class-att.base.html",
        "class-model.parts.html",
        "datatype-d.word.html",
        "element-a.html",
        "element-r.html",
        "index.html",
        "macro-macro.mixed.html",
        "reference.css",
    ]


def test_every_link_arrives_and_nothing_is_loaded(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        if not name.endswith(".html"):
            continue
        idents = strings(page, "//@id")
        for target in strings(page, "//@href"):
            if target.startswith("#"):
                assert target[1:] in idents, f"{name}: {target}"
            elif not target.startswith("https://www.tei-c.org/"):
                assert target.split("#")[0] in pages, f"{name}: {target}"
        assert strings(page, "//@src | //script | //style") == []


def test_a_page_is_accessible_html(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        if not name.endswith(".html"):
            continue
        assert page.startswith('<!DOCTYPE html>\n<html lang="en">'), name
        assert len(strings(page, "//main")) == 1, name
        assert len(strings(page, "//h1")) == 1, name
        assert strings(page, "//title/text()"), name
        assert strings(page, "//table//th[not(@scope)]") == [], name
        idents = strings(page, "//@id")
        assert len(idents) == len(set(idents)), name


def test_an_element_page_says_everything(pages: dict[str, str]) -> None:
    words = text_of(pages["element-r.html"])
    for expected in (
        "<r> root",
        "Holds a, <b> and @n.",
        "@kind required",
        "good as it should be These values, or others of the type given above.",
        "@n optional A number, as in r. Type: d.word att.base",
        "Text, and: core a",
        "Content model macro.mixed",
        "It may be the outermost element of a file.",
        "r-n Why.",
        "warning the number … is large Test @n < 5",
        "In words.",
        "Mind good.",
    ):
        assert expected in words
    assert "/ref-r.html" in pages["element-r.html"]


def test_an_example_is_shown_as_it_was_written(pages: dict[str, str]) -> None:
    assert content_of(pages["element-r.html"], ".//pre[@class='xml']") == (
        '<r kind="good" n="&quot;1&quot;"><!-- told -->\n'
        '  text &amp; <a xml:id="i"/><x:y xmlns:x="urn:x"/>\n'
        "</r>"
    )


def test_class_macro_and_datatype_pages_say_who_uses_them(
    pages: dict[str, str],
) -> None:
    assert "Elements in it core a" in text_of(pages["class-model.parts.html"])
    assert "Macros: macro.mixed" in text_of(pages["class-model.parts.html"])
    assert "Members core r" in text_of(pages["class-att.base.html"])
    assert "(text | model.parts)*" in text_of(pages["macro-macro.mixed.html"])
    assert "Used by core r" in text_of(pages["macro-macro.mixed.html"])
    assert "token matching \\S+" in text_of(pages["datatype-d.word.html"])
    assert "att.base/@n" in text_of(pages["datatype-d.word.html"])


def test_the_index_lists_all_by_kind(pages: dict[str, str]) -> None:
    words = text_of(pages["index.html"])
    for expected in ("2 elements", "r root", "att.base Shared.", "d.word A word."):
        assert expected in words


def test_the_style_sheet_knows_light_and_dark(pages: dict[str, str]) -> None:
    assert "prefers-color-scheme: dark" in pages["reference.css"]
    assert not re.search(r"url\(|@import", pages["reference.css"])


def test_a_long_model_is_broken_into_lines(tmp_path: Path) -> None:
    names = [f"element{number}" for number in range(12)]
    refs = "".join(f"<elementRef key='{name}' minOccurs='0'/>" for name in names)
    schema = compiled(
        tmp_path,
        element("r", f"<content>{refs}</content>")
        + "".join(element(name, EMPTY) for name in names),
    )
    page = schema.files["reference/element-r.html"].decode()
    lines = content_of(page, ".//pre[@class='model']").splitlines()
    assert lines[:2] == ["(", "  element0?,"]
    assert lines[-1] == ")"


def test_examples_come_as_tei_elements_with_their_lines(tmp_path: Path) -> None:
    odd = write_odd(tmp_path, SPECIFICATIONS)
    (example,) = examples(odd)
    assert (example.ident, example.valid) == ("r", True)
    assert "<r kind" in odd.read_text().splitlines()[example.line - 1]
    assert example.element.tag == "{http://www.tei-c.org/ns/1.0}r"
    assert [one.tag for one in example.element] == [
        "{http://www.tei-c.org/ns/1.0}a",
        "{urn:x}y",
    ]
    assert example.element.text == "\n        text & "
    assert "Examples" not in str(example.element.nsmap)
