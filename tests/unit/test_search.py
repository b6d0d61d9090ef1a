"""The search: which words a document is found by, and what its files say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.conftest import tei_document
from toolkit.config import Edition
from toolkit.editions.page import Page
from toolkit.editions.search import files as made
from toolkit.editions.search import passages as read
from toolkit.editions.search.document import (
    PIECE,
    Searchable,
    group_of,
    searchable,
    texts,
)
from toolkit.editions.search.names import names
from toolkit.editions.search.words import fold, terms, words
from toolkit.metadata import language_of, metadata
from toolkit.render.facts import gather
from toolkit.render.signs import load_key
from toolkit.tei import Document, parse

if TYPE_CHECKING:
    from toolkit.editions.registers import Card, Register
    from toolkit.render.signs import Key

KIM = (
    '<persName ref="persons.xml#kim"><choice><sic>Kim II Sung</sic>'
    "<corr>Kim Il Sung</corr></choice></persName>"
)


@pytest.fixture(scope="module")
def key() -> Key:
    """The house's key of signs."""
    return load_key(Edition(root=Path("none")))


def page(body: str, name: str = "d1") -> Page:
    """Return a document as the build knows it."""
    path = Path(f"{name}.xml")
    document = Document(path, parse(tei_document(body, name).encode(), path))
    facts = gather(document.root)
    return Page(document, metadata(document), facts, language_of(document))


def passages(body: str, key: Key) -> list[read.Passage]:
    """Return the passages of a text, without the header's."""
    kinds = (read.TEXT, read.NOTE, read.HEAD)
    found = list(read.passages(page(body), key))
    return [p for p in found if p.kind in kinds and p.reading.text != "A document"]


def found_by(body: str, key: Key) -> dict[str, str]:
    """Return what a text is found by, with the letter behind each word."""
    _, groups = searchable(page(body), key)
    every = [word for group in groups for word in group.split()]
    return {word[:-1]: word[-1] for word in every}


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Kádár", "kadar"),
        ("Ka\u0301da\u0301r", "kadar"),
        ("Straße", "strasse"),
        ("Ørsted", "orsted"),
        ("Đilas", "dilas"),
        ("Łódź", "lodz"),
        ("Ἀθῆναι", "αθηναι"),
        ("ΛΟΓΟΣ", "λογοσ"),
        ("Ёлка", "елка"),
        ("p’yŏng", "p’yong"),
        ("ﬁle", "file"),
        ("조선", "조선"),
        ("ガンダム", "ガンダム"),
        ("كِتَابٌ", "كتاب"),
        ("\ufdfa", "صلياللهعليهوسلم"),
    ],
)
def test_a_word_is_compared_without_case_and_diacritics(word: str, folded: str) -> None:
    assert fold(word) == folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("M[inistry]", ["ministry", "m", "inistry"]),
        ("Ju-yeon", ["juyeon", "ju", "yeon"]),
        ("400,000", ["400000", "400", "000"]),
        ("yes,no", ["yes", "no"]),
        ("U.S.", ["us", "u", "s"]),
        ("end. Next", ["end", "next"]),
        ("북한 대사", ["북한", "한대", "대사", "사"]),
        ("金日成 and 主席", ["金日", "日成", "成", "and", "主席", "席"]),
        ("हिन्दी", ["हिन्दी"]),
        ("[...] – …", []),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_text_is_found_by_parts_wholes_and_pairs_of_characters(
    text: str, expected: list[str]
) -> None:
    assert list(terms(words(text))) == expected


def test_a_word_filled_by_the_editors_is_found_whole(key: Key) -> None:
    found = found_by("<p>M<ex>inistry</ex> of <supplied>Soviet</supplied></p>", key)
    assert {"ministry", "soviet"} <= found.keys()


@pytest.mark.parametrize(
    "cut",
    ['minis<pb break="no"/>try', 'minis-<lb break="no"/>try', "mi<hi>nis</hi>try"],
)
def test_a_word_cut_by_a_break_or_a_tag_is_found_whole(cut: str, key: Key) -> None:
    assert "ministry" in found_by(f"<p>the {cut} of</p>", key)


def test_a_break_that_parts_words_parts_them(key: Key) -> None:
    found = found_by("<p>the old<pb/>year</p>", key)
    assert "oldyear" not in found
    assert {"old", "year"} <= found.keys()


def test_both_parts_of_a_choice_are_found(key: Key) -> None:
    (passage,) = passages(f"<p>Said of {KIM}.</p>", key)
    assert passage.reading.text == "Said of Kim Il Sung."
    assert passage.source is not None
    assert passage.source.text == "Said of Kim II Sung."
    assert {"il", "ii", "@persons.xml#kim"} <= found_by(f"<p>{KIM}</p>", key).keys()


def test_a_source_that_differs_by_signs_only_is_not_kept(key: Key) -> None:
    (passage,) = passages("<p>M<ex>inistry</ex> <supplied>of</supplied> War</p>", key)
    assert passage.reading.text == "Ministry of War"
    assert passage.source is None


def test_words_of_signs_are_nobody_s_words(key: Key) -> None:
    body = '<p>He left<gap reason="redacted"/> <add>soon</add>.</p>'
    assert found_by(body, key).keys().isdisjoint({"redacted", "handwritten"})


def test_a_note_is_a_passage_of_its_own_and_parts_no_word(key: Key) -> None:
    text, note = passages("<p>the min<note>a <p>note</p></note>istry</p>", key)[:2]
    assert (text.kind, text.reading.text) == (read.TEXT, "the ministry")
    assert (note.kind, note.anchor) == (read.NOTE, "note-1")


def test_a_word_tells_whether_it_stands_in_notes(key: Key) -> None:
    found = found_by("<p>out both<note>both in</note></p>", key)
    assert [found[word] for word in ("out", "both", "in")] == ["A", "E", "C"]


def test_passages_have_the_addresses_of_the_page(key: Key) -> None:
    body = "<head>One</head><p>two</p><list><item>three</item></list><p>four</p>"
    found = passages(body, key)
    assert [p.kind for p in found] == ["h", "t", "t", "t"]
    assert [p.anchor for p in found] == ["", "par-1", "par-1", "par-2"]


def test_what_stands_around_a_block_stays_together(key: Key) -> None:
    outer, inner = passages("<p>before <list><item>in</item></list> after</p>", key)
    assert (outer.reading.text, inner.reading.text) == ("before after", "in")


def test_mentions_are_places_in_the_text_as_scripts_count(key: Key) -> None:
    body = '<p>\U0001d11e by <persName ref="persons.xml#kim"> Kim </persName>.</p>'
    (text,) = texts(page(body), key)
    name, title, day, named, more, found = json.loads(text)
    assert (name, title, day, named, more) == (
        *("d1", "A document", ""),
        ["persons.xml#kim"],
        0,
    )
    assert found[-1] == ["t", "par-1", "\U0001d11e by Kim .", [0, 6, 9]]


def test_slips_in_names_are_kept_and_signs_in_them_are_not(key: Key) -> None:
    ministry = '<orgName ref="o.xml#m">M<ex>inistry</ex></orgName>'
    document, _ = searchable(page(f"<p>{KIM} {ministry}</p>"), key)
    assert document["slips"] == {"persons.xml#kim": ["Kim II Sung"]}


def test_a_long_text_comes_in_pieces(key: Key) -> None:
    body = "<p>" + "word " * (PIECE // 10) + "</p>"
    pieces = texts(page(body * 5), key)
    assert len(pieces) > 1
    assert json.loads(pieces[0])[4] == len(pieces) - 1
    assert all(len(piece) < 2 * PIECE for piece in pieces)
    assert len(dict(made.text_files(page(body * 5), key))) == len(pieces)


def value_of(content: str) -> Any:
    """Return the value that a file hands over."""
    prefix, _, value = content.partition(",")
    assert prefix.startswith('editionSearch("')
    return json.loads(value.removesuffix(");\n"))


def test_a_group_says_which_documents_have_a_word() -> None:
    documents = {"a": "kingA kindD", "b": "kindB", "c": ""}
    ((name, content),) = made.word_files(3, documents)
    assert name == "words-3.js"
    slots = {each[1]: each[0] for each in _index(documents)["documents"]}
    places = _decoded(value_of(content)["words"]["kind"])
    assert places == {slots["a"]: "D", slots["b"]: "B"}


def _index(names_of: dict[str, str]) -> Any:
    documents = [
        Searchable(name=name, date="", day="", title="", slips={}) for name in names_of
    ]
    return value_of(dict(made.index_files(documents, []))["index.js"])


def _decoded(record: str) -> dict[int, str]:
    slot, step, found = -1, "", {}
    for letter in record:
        if letter.isupper():
            slot += int(step, 36) if step else 1
            found[slot] = letter
            step = ""
        else:
            step += letter
    return found


def test_a_large_group_is_divided_and_nothing_is_lost() -> None:
    every = {f"k{number:05}{'x' * 20}" for number in range(9_000)} | {"k", "k0"}
    files = dict(made.word_files(0, {"a": " ".join(f"{word}A" for word in every)}))
    shards = value_of(files["words-0.js"])["shards"]
    assert len(shards) > 1
    assert all(len(content) < 2 * made.WORDS for content in files.values())
    found: set[str] = set()
    for shard in shards:
        some = value_of(files[f"words-0-{shard}.js"])
        assert all(word.encode().hex().startswith(shard) for word in some)
        found |= some.keys()
    assert found == every


def test_another_document_hardly_moves_the_others() -> None:
    before = {f"d{number}": "" for number in range(300)}
    old = {each[1]: each[0] for each in _index(before)["documents"]}
    new = {each[1]: each[0] for each in _index({**before, "e1": ""})["documents"]}
    assert sum(old[name] != new[name] for name in old) <= 3
    assert len(set(new.values())) == len(new)


def test_an_edited_word_changes_its_own_group_only(key: Key) -> None:
    _, before = searchable(page("<p>an old road</p>"), key)
    _, after = searchable(page("<p>an old house</p>"), key)
    changed = {
        n
        for n, pair in enumerate(zip(before, after, strict=True))
        if len(set(pair)) > 1
    }
    assert changed == {group_of("road"), group_of("house")}


def card(ident: str, name: str, *variants: str) -> Card:
    """Return a register's entry."""
    return {
        "ident": ident,
        "href": f"persons.html#{ident}",
        "name": name,
        "heading": name,
        "variants": list(variants),
        "notes": [],
        "kind": "person",
        "filed": "",
        "key": name,
    }


def register(*cards: Card) -> Register:
    """Return a register of persons."""
    return {
        "name": "persons",
        "title": "Persons",
        "entries": {each["ident"]: each for each in cards},
    }


def test_a_form_that_others_have_too_is_not_searched_for_as_words() -> None:
    persons = register(
        card("il", "Kim Il Sung", "Kim", "Comrade Kim"), card("chang", "Kim Chang")
    )
    chang, il = names([persons], {"persons.xml#il": {"Kim II Sung"}})
    assert il[:4] == ["persons.xml#il", "person", "persons.html#il", "Kim Il Sung"]
    assert il[4:] == [["Kim Il Sung", "Comrade Kim", "Kim II Sung"], ["Kim"]]
    assert chang[4:] == [["Kim Chang"], []]


def test_the_same_documents_give_the_same_files(key: Key) -> None:
    pages = [page(f"<p>{KIM} word{number}</p>", f"d{number}") for number in range(9)]
    for several in (pages, pages[::-1]):
        words_of = {p.name: searchable(p, key)[1][group_of("@p")] for p in several}
        files = list(made.word_files(group_of("@p"), words_of))
        assert files == list(
            made.word_files(group_of("@p"), dict(sorted(words_of.items())))
        )
