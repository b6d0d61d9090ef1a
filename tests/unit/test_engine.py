"""The rendering engine: a rule runs once for each reading, and is always right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.bench import plays as bench
from toolkit.editions.parity import Projection, html_words
from toolkit.errors import TemplateError
from toolkit.render.engine import Renderer
from toolkit.render.facts import gather, href
from toolkit.render.library import Library
from toolkit.render.signs import Key, read_key
from toolkit.resources import share

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.tei import Element

TEI = 'xmlns="http://www.tei-c.org/ns/1.0"'
NO_SIGNS = Key("none", {"reading": {}, "source": {}})


def tree(source: str) -> Element:
    """Parse TEI; the first tag gets the namespace."""
    return etree.fromstring(source.replace(">", f" {TEI}>", 1))


class Templates(Protocol):
    """Makes a renderer of templates given by element name."""

    def __call__(self, memoise: bool = True, **templates: str) -> Renderer:
        """Write the templates and return the renderer."""


@pytest.fixture
def templates(tmp_path: Path) -> Templates:
    def make(memoise: bool = True, **given: str) -> Renderer:
        folder = tmp_path / "html" / "elements"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "_default.html").write_text("{{ content }}")
        for name, template in given.items():
            (folder / f"{name.replace('__', '.')}.html").write_text(template)
        return Renderer(
            Library([tmp_path], "html"), NO_SIGNS, "reading", memoise=memoise
        )

    return make


def counted(renderer: Renderer) -> list[str]:
    """Return a list that grows by the template's name whenever one is run."""
    ran: list[str] = []
    run = renderer.library.render

    def counting(template: object, values: object) -> str:
        ran.append(str(getattr(template, "name", "")))
        return run(template, values)  # type: ignore[arg-type]  # passed through

    renderer.library.render = counting  # type: ignore[method-assign]  # a spy
    return ran


P = "<text><p>{}</p></text>"


@pytest.mark.parametrize(
    ("template", "markup", "expected"),
    [
        (
            "<b id='{{ at.n }}'>{{ content }}</b>",
            "<hi n='1'>x</hi><hi n='&lt;'>y</hi>",
            "<b id='1'>x</b><b id='&lt;'>y</b>",
        ),
        (
            "{% if at.n %}<b>{% endif %}{{ content }}",
            "<hi n='1'>x</hi><hi>y</hi>",
            "<b>xy",
        ),
        (
            "{% if at.n == '1' %}!{% endif %}{{ content }}",
            "<hi n='1'>x</hi><hi n='2'>y</hi>",
            "!xy",
        ),
        ("{{ at.n | upper }}{{ content }}", "<hi n='a'>x</hi><hi n='b'>y</hi>", "AxBy"),
        ("{{ at.n ~ '.' }}{{ content }}", "<hi n='a'>x</hi><hi n='b'>y</hi>", "a.xb.y"),
        ("{{ content }}{{ content }}", "<hi>x</hi><hi>y</hi>", "xxyy"),
        ("{{ content | upper }}", "<hi>x<hi>z</hi></hi>", "XZ"),
        (
            "{% if content %}({{ content }}){% else %}-{% endif %}",
            "<hi>x</hi><hi/>",
            "(x)-",
        ),
        ("{% set c = content %}[{{ c }}]", "<hi>x</hi><hi>y</hi>", "[x][y]"),
        (
            "{% macro m() %}{{ at.n }}{% endmacro %}{{ m() }}",
            "<hi n='1'/><hi n='2'/>",
            "12",
        ),
        ("", "a<hi>x</hi>b", "ab"),
        ("100 %s %% {{ at.n }}{{ content }}", "<hi n='1'>x</hi>", "100 %s %% 1x"),
        ("{{ el.parent }}:{{ el.name }} ", "<hi/><seg><hi/></seg>", "p:hi seg:hi "),
    ],
    ids=[
        "slot",
        "presence",
        "compared",
        "filtered",
        "joined",
        "twice",
        "content filtered",
        "content tested",
        "content kept",
        "macro",
        "left out",
        "percent",
        "property",
    ],
)
@pytest.mark.parametrize("memoise", [True, False], ids=["memory", "oracle"])
def test_a_template_is_right_for_every_element(
    templates: Templates, template: str, markup: str, expected: str, memoise: bool
) -> None:
    renderer = templates(memoise, hi=template)
    assert renderer.render(tree(P.format(markup))) == expected


def test_a_rule_runs_once_for_each_reading(templates: Templates) -> None:
    renderer = templates(
        hi="<b title='{{ at.n }}' {{ at.rend == 'i' }}>{{ content }}</b>"
    )
    ran = counted(renderer)
    renderer.render(tree(P.format("<hi n='1' rend='i'>x</hi>" * 9)))
    renderer.render(tree(P.format("<hi n='2' rend='i'>x</hi>" * 9)))
    assert sum(name.endswith("hi.html") for name in ran) == 1
    renderer.render(tree(P.format("<hi n='3' rend='b'>x</hi>" * 9)))
    assert sum(name.endswith("hi.html") for name in ran) == 2


def test_a_type_has_a_template_of_its_own(templates: Templates) -> None:
    renderer = templates(hi="a{{ content }}", hi__bold="b{{ content }}")
    markup = "<hi type='bold'>x</hi><hi type='../p'>y</hi><hi>z</hi>"
    assert renderer.render(tree(P.format(markup))) == "bxayaz"


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("\n{{ nothing.here }}", r"hi\.html:2: .*'nothing' is undefined"),
        ("\n\n{% if %}", r"hi\.html:3"),
        ("\n{{ el.nothing }}", r"hi\.html:2: there is no el\.nothing"),
        ("{{ ''.__class__.__mro__ }}", r"hi\.html:1"),
    ],
    ids=["undefined", "syntax", "property", "out of the sandbox"],
)
def test_a_broken_template_is_named(
    templates: Templates, template: str, said: str
) -> None:
    with pytest.raises(TemplateError, match=said):
        templates(hi=template).render(tree(P.format("<hi>x</hi>")))


def test_all_text_survives_and_is_escaped() -> None:
    markup = (
        "a &amp; &lt;script&gt;<!-- no --><?pi no?> b<x:y xmlns:x='urn:x'>c</x:y>"
        "<unknown n='&quot;&gt;'>d</unknown><hi rend='&quot;&gt;&lt;script&gt;'>e</hi>"
        "<ref target='javascript:alert(1)'>f</ref>"
    )
    renderer = ours()
    root = tree(P.format(markup))
    made = str(renderer.render(root, gather(root)))
    assert "<script" not in made
    assert "javascript" not in made
    assert html_words(made) == ("a", "&", "<script>", "bcdef")


def test_depth_costs_no_stack() -> None:
    root = tree(P.format("<hi>" * 200 + "deep" + "</hi>" * 200))
    assert html_words(ours().render(root)) == ("deep",)


def test_right_to_left_text_says_so() -> None:
    root = tree("<text><p xml:lang='ar'>x</p></text>")
    assert 'lang="ar" dir="rtl"' in ours().render(root)


@pytest.mark.parametrize(
    ("pointer", "address"),
    [
        ("#a", "#a"),
        ("persons.xml#kim", "persons.html#kim"),
        ("https://example.org/x?y#z", "https://example.org/x?y#z"),
        ("javascript:alert(1)", ""),
        (" JavaScript:alert(1)", ""),
        ("java\tscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//example.org/x", ""),
        ("../outside.xml#a", ""),
        ("/etc/passwd", ""),
        ("a/../../b.xml", ""),
        ("..\\b.xml", ""),
    ],
)
def test_only_harmless_pointers_become_links(pointer: str, address: str) -> None:
    assert href(pointer) == address


def ours(view: str = "reading", *, memoise: bool = True) -> Renderer:
    """Return a renderer of the package's own templates."""
    folder = share("templates")
    key = read_key(folder / "signs" / "house.toml")
    return Renderer(Library([folder], "html"), key, view, memoise=memoise)


NAMES = [
    *(
        "p",
        "hi",
        "note",
        "sic",
        "corr",
        "supplied",
        "gap",
        "persName",
        "list",
    ),
    *("item", "label", "stage", "unknown", "add", "pb", "lb", "quote", "date", "seg"),
]
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")))
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["n", "type", "rend", "reason", "ref", "when", "break", "place"]),
    st.sampled_from(["a", "no", "stop", "brackets", "<&>", "p.xml#x", "2000", "%s"]),
    max_size=3,
)
Plan = tuple[str, dict[str, str], list[object], str, str]
ELEMENTS: st.SearchStrategy[Plan] = st.recursive(
    st.tuples(st.sampled_from(NAMES), ATTRIBUTES, st.just([]), WORDS, WORDS),
    lambda inner: st.tuples(
        st.sampled_from(NAMES), ATTRIBUTES, st.lists(inner, max_size=4), WORDS, WORDS
    ),
    max_leaves=8,
)
RENDERERS = {
    (view, memoise): ours(view, memoise=memoise)
    for view in ("reading", "source")
    for memoise in (True, False)
}


def grown(parent: Element, plan: Plan) -> None:
    """Add a planned element to a parent."""
    name, attributes, inside, text, tail = plan
    element = etree.SubElement(
        parent, f"{{http://www.tei-c.org/ns/1.0}}{name}", attributes
    )
    element.text, element.tail = text, tail
    for child in inside:
        grown(element, child)  # type: ignore[arg-type]  # a recursive strategy


@settings(max_examples=20, deadline=None)
@given(st.lists(ELEMENTS, max_size=4))
def test_memory_changes_nothing_and_no_word_is_lost(
    plans: list[Plan],
) -> None:
    root = tree("<text></text>")
    for plan in plans:
        grown(root, plan)
    facts = gather(root)
    for view in ("reading", "source"):
        renderer = RENDERERS[view, True]
        made = renderer.render(root, facts)
        assert made == RENDERERS[view, False].render(root, facts)
        words = Projection(renderer.key, view).words(root)
        assert html_words(made) == words.body


def test_the_peer_of_the_benchmark_gives_the_same_html(
    shared: Path, tmp_path: Path
) -> None:
    folder = shared / "corpora" / "gerdracor"
    files = sorted(folder.glob("*.xml"), key=lambda path: path.stat().st_size)[:3]
    for name in ("ours", "xslt"):
        (tmp_path / name).mkdir()
        getattr(bench, name)(files, tmp_path / name)
    for path in files:
        ours_made = (tmp_path / "ours" / path.name).read_bytes()
        assert ours_made == (tmp_path / "xslt" / path.name).read_bytes(), path.name
