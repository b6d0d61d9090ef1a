"""A build makes every format and view, proves them whole, or leaves all as it was."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from toolkit.build.publication import STATE
from toolkit.build.run import Build
from toolkit.config import Edition
from toolkit.errors import ConfigError, ParityError, TemplateError, ToolkitError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.conftest import MakeEdition

BODY = (
    "<head>First</head><p>He said that <supplied reason='omitted-in-original' "
    "resp='#d1'>the</supplied> policy<note type='gloss'>of 1961</note> "
    "<gap reason='editorial'/> of <persName ref='persons.xml#kim'>Kim</persName> "
    "<choice><sic>iz</sic><corr>is</corr></choice> known.</p>"
)


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and STATE not in path.parts
    }


def override(edition: Edition, name: str, template: str) -> None:
    """Give an edition a template of its own."""
    path = edition.root / "templates" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(template, encoding="utf-8")


def test_both_views_are_made_in_both_formats(make_edition: MakeEdition) -> None:
    edition = make_edition(one=BODY)
    built = Build(edition).run()
    made = contents(edition.build)
    assert built.documents == 1
    assert built.words > 0
    source = made["text/one.source.txt"].decode()
    assert source == (
        "First\n\nHe said that [the] policy [of 1961] [...] of Kim iz known.\n"
    )
    reading = made["text/one.txt"].decode()
    assert "He said that the policy[1] […] of Kim is known." in reading
    assert "[1] of 1961" in reading
    assert {"site/index.html", "site/one.html", "site/one.source.html"} <= set(made)


def test_the_same_edition_gives_the_same_bytes(make_edition: MakeEdition) -> None:
    edition = make_edition(one=BODY, two="<p>Two.</p>")
    Build(edition).run()
    first = contents(edition.build)
    Build(edition).run()
    assert contents(edition.build) == first


@pytest.mark.parametrize("kind", ["html", "text"])
@pytest.mark.parametrize(
    ("element", "template", "said"),
    [
        ("persName", "", "lost: 'Kim'"),
        ("persName", "{{ content }}{{ content }}", "became 'KimKim'"),
        ("corr", "{{ content }} too", "not in the TEI"),
        ("supplied", "the", None),
    ],
    ids=["leaves out", "doubles", "adds", "says the same"],
)
def test_a_template_that_changes_words_stops_the_build(
    make_edition: MakeEdition, kind: str, element: str, template: str, said: str | None
) -> None:
    edition = make_edition(one=BODY)
    Build(edition).run()
    before = contents(edition.build)
    suffix = {"html": ".html", "text": ".txt"}[kind]
    override(edition, f"{kind}/elements/{element}{suffix}", template)
    if said is None:  # a template without {{ content }}, whose words happen to be right
        with pytest.raises(ParityError, match="view source"):
            Build(edition).run()
        return
    with pytest.raises(ParityError) as caught:
        Build(edition).run()
    assert said in caught.value.message
    assert "one.xml" in caught.value.message
    assert f"{kind}, view" in caught.value.message
    assert contents(edition.build) == before


def test_a_note_lost_from_the_list_of_notes_stops_the_build(
    make_edition: MakeEdition,
) -> None:
    edition = make_edition(one=BODY)
    override(edition, "html/parts/note.html", "<div>{{ its.number }}</div>")
    with pytest.raises(ParityError, match=r"note 1: word 1 of 2.*'of 1961'"):
        Build(edition).run()


@pytest.mark.parametrize(
    ("kind", "page"), [("html", "document.html"), ("text", "document.txt")]
)
def test_a_page_that_does_not_print_the_body_stops_the_build(
    make_edition: MakeEdition, kind: str, page: str
) -> None:
    edition = make_edition(one=BODY)
    override(edition, f"{kind}/pages/{page}", "<html><body>nothing</body></html>")
    with pytest.raises(ParityError, match="does not hold the text"):
        Build(edition).run()


def test_a_broken_template_is_named_and_nothing_is_written(
    make_edition: MakeEdition,
) -> None:
    edition = make_edition(one=BODY)
    Build(edition).run()
    before = contents(edition.build)
    override(edition, "html/elements/persName.html", "\n{% if at.ref %}{{ content }}")
    with pytest.raises(TemplateError, match=r"persName\.html:2"):
        Build(edition).run()
    assert contents(edition.build) == before


def test_every_unreadable_document_is_named(make_edition: MakeEdition) -> None:
    edition = make_edition(one=BODY)
    (edition.tei / "bad.xml").write_text("<TEI><p></TEI>")
    (edition.tei / "empty.xml").write_text("")
    with pytest.raises(ToolkitError) as caught:
        Build(edition).run()
    assert "bad.xml:1:" in caught.value.message
    assert "empty.xml:1:1: error XML001 is empty" in caught.value.message


def test_an_edition_without_documents_says_so(tmp_path: Path) -> None:
    edition = Edition(root=tmp_path)
    with pytest.raises(ConfigError, match="no documents"):
        Build(edition).run()


def test_a_document_may_not_take_the_name_of_a_page(make_edition: MakeEdition) -> None:
    with pytest.raises(ConfigError, match=r"tei/index\.xml cannot have a page"):
        Build(make_edition(index="<p>x</p>")).run()


@pytest.mark.parametrize(
    ("signs", "source", "reading"),
    [
        ("house", "that [the] policy [of 1961] [...] of", "that the policy[1] […] of"),
        ("leiden", "that ⟨the⟩ policy ((of 1961)) [...]", "that ⟨the⟩ policy[1] [...]"),
        (
            "frus",
            "that [the] policy [of 1961] [Omitted",
            "that [the] policy[1] [Omitted",
        ),
    ],
)
def test_one_setting_changes_the_signs_of_every_output(
    make_edition: MakeEdition, signs: str, source: str, reading: str
) -> None:
    edition = make_edition(one=BODY)
    edition = replace(
        edition, signs=signs, outputs=("site", "text", "markdown", "epub")
    )
    Build(edition).run()
    made = contents(edition.build)
    assert source in made["text/one.source.txt"].decode()
    assert reading in made["text/one.txt"].decode()
    gap = (
        "[Omitted here]" if signs == "frus" else "[…]" if signs == "house" else "[...]"
    )
    assert gap in made["site/one.html"].decode()
    assert gap in made["text/one.md"].decode().replace("\\", "")
