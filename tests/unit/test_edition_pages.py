"""Pages that concern several documents are made from what each said of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from toolkit.editions import chronology, images, parallel, registers
from toolkit.editions.chronology import years
from toolkit.editions.guide import total, uses
from toolkit.editions.marks import marks
from toolkit.editions.page import Page
from toolkit.editions.principles import common, signs
from toolkit.editions.registers import parts
from toolkit.editions.spool import Spool
from toolkit.metadata import language_of, metadata
from toolkit.render.direction import direction
from toolkit.render.engine import Renderer
from toolkit.render.facts import gather
from toolkit.render.library import Library
from toolkit.render.signs import Key, read_key
from toolkit.resources import share
from toolkit.tei import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from toolkit.editions.mentions import Passage
    from toolkit.editions.principles import Principle
    from toolkit.editions.summary import Neighbour, Summary

    Make = Callable[[str], Page]


@pytest.fixture(scope="module")
def key() -> Key:
    """The house style."""
    return read_key(share("templates") / "signs" / "house.toml")


@pytest.fixture(scope="module")
def renderer(key: Key) -> Renderer:
    """The HTML reading view."""
    return Renderer(Library([share("templates")], "html"), key, "reading")


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """A function that makes the page of a body."""

    def page(body: str) -> Page:
        path = tmp_path / "d1.xml"
        path.write_text(
            '<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="d1"><teiHeader/>'
            f"<text><body>{body}</body></text></TEI>",
            encoding="utf-8",
        )
        document = read(path)
        facts = gather(document.root)
        return Page(document, metadata(document), facts, language_of(document))

    return page


def neighbour(name: str) -> Neighbour:
    return {"name": name, "day": f"day of {name}", "title": name}


def summary(date: str) -> Summary:
    return {
        **neighbour(date),
        "date": date,
        "sender": "",
        "receiver": "",
        "original": "",
        "archive": "",
        "archive_entity": "",
        "abstract": [],
    }


def passages(count: int) -> list[Passage]:
    return [
        {"before": "", "words": str(n), "after": "", "href": "", "place": "text"}
        for n in range(count)
    ]


def test_years_without_documents_stand_in_the_timeline_too() -> None:
    found = years([summary("1962-08-27"), summary("1964"), summary("1964-02")])
    assert [(year.name, len(year.documents), year.step) for year in found] == [
        ("1962", 1, 5),
        ("1963", 0, 0),
        ("1964", 2, 10),
    ]


def test_undated_documents_stand_last_and_long_times_have_no_empty_years() -> None:
    found = years([summary("1200"), summary("1969"), summary("")])
    assert [year.name for year in found] == ["1200", "1969", ""]
    assert found[-1].file == "documents-undated"


def test_no_documents_have_no_years() -> None:
    assert years([]) == []


def test_an_entry_named_often_is_divided_between_documents(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(registers, "MOST", 5)
    named = [(neighbour(name), passages(3)) for name in "abc"]
    named.append((neighbour("d"), passages(9)))
    found = list(parts("persons.kim", named))
    assert [(part.name, part.count) for part in found] == [
        ("persons.kim.1", 3),
        ("persons.kim.2", 3),
        ("persons.kim.3", 3),
        ("persons.kim.4", 9),
    ]
    assert found[0].days == ("day of a", "day of a")


def test_passages_come_back_by_entity_in_the_order_of_documents() -> None:
    said = [
        (neighbour("a"), {"p.xml#k": passages(1), "p.xml#l": passages(1)}),
        (neighbour("b"), {"p.xml#k": passages(2)}),
    ]
    with Spool(said) as spool:
        found = [(each["name"], len(of)) for each, of in spool.of("p.xml#k")]
        assert found == [("a", 1), ("b", 2)]
        assert list(spool.of("p.xml#m")) == []


def test_a_mark_is_listed_with_its_words_kind_and_note(
    make: Make, renderer: Renderer
) -> None:
    page = make(
        "<p><seg xml:id='s'>What <supplied>he</supplied> said</seg>"
        "<add place='margin-left'><metamark xml:id='m' rend='double-line' target='#s' "
        "cert='low'/></add><note target='#m'>two lines</note></p>"
        "<p><metamark function='query' target='#nowhere'/></p>"
    )
    first, second = marks(page, renderer)
    assert first["passage"] == "What he said"
    assert first["href"] == "d1.html#s"
    assert first["rend"] == ["double-line"]
    assert "two vertical lines in the left margin" in first["kind"]
    assert first["report"] == "two lines"
    assert second["passage"] == ""
    assert second["href"] == "d1.html#mark-2"


def test_the_guide_counts_and_takes_a_telling_example(make: Make) -> None:
    found = uses(make("<p>x</p><p rend='a&amp;b'>A <hi>fine</hi> example &lt; so</p>"))
    assert found["p"]["count"] == 2
    written = "".join(words for _, words in found["p"]["example"])
    assert written == '<p rend="a&amp;b">A <hi>fine</hi> example &lt; so</p>'
    assert found["p"]["href"] == "d1.html#par-2"
    assert [kind for kind, _ in found["hi"]["example"]] == ["tag", "text", "tag"]


def test_a_long_example_is_cut_at_a_word(make: Make) -> None:
    found = uses(make(f"<p>{'word ' * 200}</p>"))
    text = "".join(words for kind, words in found["p"]["example"] if kind == "text")
    assert text.endswith("word…")
    assert len(text) < 260


def test_the_edition_has_the_best_example_and_all_counts() -> None:
    def said(count: int, score: int) -> dict[str, Any]:
        return {
            "p": {"count": count, "score": score, "example": [], "href": str(score)}
        }

    found = total([(neighbour("a"), said(2, 9)), (neighbour("b"), said(3, 4))])
    assert found["p"]["count"] == 5
    assert found["p"]["documents"] == 2
    assert found["p"]["href"] == "4"
    assert found["p"]["source"] == neighbour("b")


def test_signs_are_counted_by_the_entry_of_the_key(make: Make, key: Key) -> None:
    page = make(
        "<p><expan>M<ex>inistry</ex></expan> <supplied>the</supplied> "
        "<supplied>a</supplied> <gap reason='lost'/></p>"
    )
    found = signs(page, key)
    assert {name: sign["count"] for name, sign in found.items()} == {
        "ex": 1,
        "supplied": 2,
        "gap.lost": 1,
    }
    assert (found["ex"]["source"], found["ex"]["reading"]) == ("M[inistry]", "Ministry")
    assert found["supplied"]["source"] == "[the]"


def test_a_principle_that_documents_share_stands_once() -> None:
    none: list[Principle] = [{"kind": "correction", "words": "None."}]
    some: list[Principle] = [{"kind": "correction", "words": "Some."}]
    found = common(
        [(neighbour("a"), none), (neighbour("b"), some), (neighbour("c"), none)]
    )
    assert found == [
        (
            "correction",
            [("None.", [neighbour("a"), neighbour("c")]), ("Some.", [neighbour("b")])],
        )
    ]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ar", "rtl"),
        ("fa-IR", "rtl"),
        ("ar-Latn", ""),
        ("az-Arab", "rtl"),
        ("en-x-arab", ""),
        ("ko-Hang", ""),
        ("und", ""),
        ("", ""),
    ],
)
def test_the_script_decides_the_direction(language: str, expected: str) -> None:
    assert direction(language) == expected


def test_many_documents_are_listed_by_year(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from toolkit.build.run import Build
    from toolkit.config import find
    from toolkit.editions import products

    monkeypatch.setattr(products, "LISTED", 1)
    assert chronology.LISTED > 1
    tei = tmp_path / "tei"
    tei.mkdir()
    (tmp_path / "edition.toml").write_text('title = "Test"\n')
    for year in (1961, 1963):
        (tei / f"d{year}.xml").write_text(
            '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><profileDesc>'
            f"<creation><date when='{year}'>{year}</date></creation></profileDesc>"
            "</teiHeader><text><body><p>Text.</p></body></text></TEI>"
        )
    Build(find(tmp_path)).run()
    site = tmp_path / "build" / "site"
    front = (site / "index.html").read_text(encoding="utf-8")
    assert 'href="documents-1961.html"' in front
    assert 'href="d1961.html"' not in front
    assert 'href="d1961.html"' in (site / "documents-1961.html").read_text(
        encoding="utf-8"
    )
    assert not (site / "documents-1962.html").exists()


def test_texts_that_point_to_each_other_stand_side_by_side(tmp_path: Path) -> None:
    from toolkit.build.run import Build
    from toolkit.config import find

    tei = tmp_path / "tei"
    tei.mkdir()
    (tmp_path / "edition.toml").write_text('title = "Test"\n')
    texts = {
        ("a", "he"): "<p xml:id='p1' corresp='b.xml#q1'>שלום</p>"
        "<p xml:id='p2' corresp='b.xml#q2'>two</p>",
        ("b", "en"): "<p xml:id='q0' corresp='a.xml#none'>Alone</p>"
        "<p xml:id='q1' corresp='a.xml#p1'>Peace<note>n</note></p>"
        "<p xml:id='q2' corresp='a.xml#p2'>Two</p>",
    }
    for (name, language), body in texts.items():
        (tei / f"{name}.xml").write_text(
            f'<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="{language}">'
            f"<teiHeader/><text><body>{body}</body></text></TEI>",
            encoding="utf-8",
        )
    Build(find(tmp_path)).run()
    site = tmp_path / "build" / "site"
    page = (site / "a.with.b.html").read_text(encoding="utf-8")
    row = (
        '<div class="side"><p lang="he" dir="rtl"><a href="a.html#p1">שלום</a>'
        "</p></div>"
        '\n<div class="side"><p lang="en"><a href="b.html#q1">Peace</a></p></div>'
    )
    assert row in page
    assert page.index("Alone") < page.index("Peace") < page.index("Two")
    for name in ("a", "b"):
        assert 'href="a.with.b.html"' in (site / f"{name}.html").read_text()


def test_a_text_aligned_in_itself_is_divided_in_two(make: Make, renderer: Any) -> None:
    found = parallel.blocks(
        make(
            "<div xml:lang='ko'><p xml:id='k1' corresp='#e1'>하나</p></div>"
            "<div xml:lang='en'><p xml:id='e1' corresp='#k1'>One</p>"
            "<p xml:id='e2' corresp='#k9'>More</p></div>"
        ),
        renderer,
    )
    assert parallel.pairs({"d1.xml": found}) == [("d1.xml", "d1.xml")]
    shown = [
        [[block["words"] for block in side] for side in row]
        for row in parallel.rows(found, found)
    ]
    assert shown == [[["하나"], ["One"]], [["More"], []]]


def test_images_come_from_surfaces_and_page_breaks(tmp_path: Path) -> None:
    path = tmp_path / "d1.xml"
    path.write_text(
        '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader/><facsimile>'
        "<surface xml:id='s1'><graphic url='images/1.png'/></surface>"
        "<surface n='2v'><graphic url='https://example.org/2.jpg'/></surface>"
        "<surface><graphic url='../../secret.png'/></surface>"
        "<surface><graphic url='javascript:alert(1)'/></surface></facsimile>"
        "<text><body><p><pb xml:id='b1' n='1' facs='#s1'/>Text "
        "<pb facs='images/3.png'/>"
        "<figure><graphic url='plan.svg'/></figure></p></body></text></TEI>",
        encoding="utf-8",
    )
    document = read(path)
    page = Page(document, metadata(document), gather(document.root), "en")
    assert images.images(page) == [
        images.Image("images/1.png", "Page 1", "", "b1"),
        images.Image("https://example.org/2.jpg", "Page 2v", "example.org", ""),
        images.Image("images/3.png", "Image 3", "", ""),
    ]
    assert images.files(page) == ["images/1.png", "images/3.png", "plan.svg"]


def test_images_are_copied_but_none_from_outside_the_folder(tmp_path: Path) -> None:
    from toolkit.build.run import Build
    from toolkit.config import find

    (tmp_path / "tei" / "images").mkdir(parents=True)
    (tmp_path / "edition.toml").write_text('title = "Test"\n')
    (tmp_path / "secret.png").write_bytes(b"secret")
    (tmp_path / "tei" / "images" / "1.png").write_bytes(b"first")
    (tmp_path / "tei" / "images" / "2.png").symlink_to(tmp_path / "secret.png")
    (tmp_path / "tei" / "d1.xml").write_text(
        '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader/>'
        "<text><body><p><pb facs='images/1.png'/>Text <pb facs='images/2.png'/></p>"
        "</body></text></TEI>"
    )
    Build(find(tmp_path)).run()
    site = tmp_path / "build" / "site"
    assert (site / "images" / "1.png").read_bytes() == b"first"
    assert not (site / "images" / "2.png").exists()
    assert 'src="images/1.png"' in (site / "d1.html").read_text(encoding="utf-8")
