"""In a browser, from a server and from a folder: what the search finds, and shows."""

from __future__ import annotations

import functools
import http.server
import re
import threading
import unicodedata
from itertools import chain
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import pytest

from tests.browser.test_referees import faults, tool
from tests.browser.visits import NARROW, WIDE
from tests.unit.conftest import tei_document
from toolkit.build.run import Build
from toolkit.config import Edition
from toolkit.editions.search.words import terms, whole, words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

pytestmark = pytest.mark.slow

KIM: Final = (
    '<persName ref="persons.xml#kim-il-sung"><choice><sic>Kim II Sung</sic>'
    "<corr>Kim Il Sung</corr></choice></persName>"
)
BODIES: Final = {
    "alpha": f"""<head>Report on the harvest</head>
      <p>The M<ex>inistry</ex> of <supplied>Soviet</supplied> trade and {KIM}.</p>
      <p>Kádár in the Straße of Đakovo saw the diplomats<note>Only the
      footnote speaks of diplomacy.</note>; Ørsted did not.</p>
      <p>A min<pb break="no"/>ister and a sec-<lb break="no"/>retary, in the
      old<pb/>year.</p>
      <p>The <orgName><choice><abbr>KWP</abbr><expan>Workers’ Party</expan></choice>
      </orgName> met.</p>""",
    "beta": """<p>The trade of the harvest, the minister said.</p>
      <p><persName ref="persons.xml#kim-il-sung">The Premier</persName> spoke of
      <placeName ref="places.xml#pyongyang">Pyongyang</placeName>.</p>
      <p>Товарищ Хрущёв сказал.</p><p xml:lang="zh">朝鲜民主主义人民共和国</p>
      <p xml:lang="ko">조선민주주의인민공화국의 수도</p>
      <p xml:lang="ar">وَصَلَ الكِتابُ إلى موسكو</p>""",
    "gamma": """<p>Kim Chang and the harvest of the trade agreement.</p>
      <lg><l>the sea is</l><l>wide and cold</l></lg>""",
}
PERSONS: Final = """<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="{name}">
<teiHeader><fileDesc><titleStmt><title>Register</title></titleStmt>
<publicationStmt><p>Made for a test.</p></publicationStmt>
<sourceDesc><p>Made for a test.</p></sourceDesc></fileDesc></teiHeader>
<standOff>{list}</standOff></TEI>"""
LISTS: Final = {
    "persons": """<listPerson><person xml:id="kim-il-sung">
      <persName type="preferred">Kim Il Sung</persName>
      <persName type="variant">Kim Ir Sen</persName></person>
      <person xml:id="kim-chang"><persName>Kim Chang</persName></person>
      </listPerson>""",
    "places": """<listPlace><place xml:id="pyongyang">
      <placeName>Pyongyang</placeName></place></listPlace>""",
}


#: What the page says when a search has ended.
ENDED: Final = re.compile("^(Found|Nothing|A part)")


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The web edition of three small documents and two registers."""
    root = tmp_path_factory.mktemp("cases")
    folder = root / "tei"
    folder.mkdir()
    for year, (name, body) in enumerate(BODIES.items(), 1962):
        made = tei_document(body, name, f"Document {name}").replace(
            "</fileDesc>",
            f'</fileDesc><profileDesc><creation><date when="{year}-05-01"/>'
            "</creation></profileDesc>",
        )
        (folder / f"{name}.xml").write_text(made, encoding="utf-8")
    for name, entries in LISTS.items():
        register = PERSONS.format(name=name, list=entries)
        (folder / f"{name}.xml").write_text(register, encoding="utf-8")
    edition = Edition(root=root, title="Cases")
    Build(edition).run()
    return edition.build / "site"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module", params=["folder", "server"])
def address(cases: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Where the edition is: in a folder, or on a server."""
    if request.param == "folder":
        yield cases.as_uri()
        return
    handler = functools.partial(_Quiet, directory=str(cases))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def ready(page: Page) -> Page:
    """Wait until a search has ended."""
    status = page.locator("#search-status").filter(has_text=ENDED)
    status.wait_for(timeout=30_000)
    return page


def current(page: Page) -> None:
    """Wait until a found word is shown on a document's page."""
    page.locator("mark.hit.current").first.wait_for()


def searched(context: BrowserContext, address: str, query: str, **fields: str) -> Page:
    """Return the search page for a query, when it has been answered."""
    page = context.new_page()
    page.goto(f"{address}/search.html?{urlencode({'q': query, **fields})}")
    return ready(page)


def documents(page: Page) -> list[str]:
    """Return the documents that are found, by the last word of their titles."""
    titles = page.locator("#search-found h3").all_inner_texts()
    return [title.split()[-1] for title in titles]


def marked(page: Page) -> list[str]:
    """Return what is marked in the passages."""
    return page.locator("#search-found mark").all_inner_texts()


@pytest.mark.parametrize(
    ("query", "found", "marks"),
    [
        ("ministry", ["alpha"], ["Ministry"]),
        ("M[inistry]", ["alpha"], ["Ministry"]),
        ("soviet", ["alpha"], ["Soviet"]),
        ("kadar", ["alpha"], ["Kádár"]),
        ("KÁDÁR", ["alpha"], ["Kádár"]),
        ("strasse", ["alpha"], ["Straße"]),
        ("orsted dakovo", ["alpha"], ["Đakovo", "Ørsted"]),
        ("secretary", ["alpha"], ["sec-retary"]),
        ('"old year"', ["alpha"], ["old year"]),
        ('"workers party"', ["alpha"], ["Workers’ Party"]),
        ("kwp", ["alpha"], ["KWP"]),
        ("diplom*", ["alpha"], ["diplomats", "diplomacy"]),
        ("diplom* -footnote", [], []),
        ("harvest -agreement -report", ["beta"], ["harvest"]),
        ('"trade agreement"', ["gamma"], ["trade agreement"]),
        ('"agreement trade"', [], []),
        ('harvest -"trade agreement" -report', ["beta"], ["harvest"]),
        ('"sea is wide"', ["gamma"], ["sea is wide"]),
        ("хрущев", ["beta"], ["Хрущёв"]),
        ("民主", ["beta"], ["民主"]),
        ("国", ["beta"], ["国"]),
        ("민주주의", ["beta"], ["민주주의"]),
        ("كتاب", ["beta"], ["كِتابُ"]),
        ("nowhere", [], []),
        ("constructor", [], []),
    ],
)
def test_it_finds(
    context: BrowserContext,
    address: str,
    query: str,
    found: list[str],
    marks: list[str],
) -> None:
    page = searched(context, address, query)
    assert documents(page) == found
    assert marked(page) == marks
    page.close()


def test_a_name_finds_its_slips_its_other_forms_and_whom_the_text_means(
    context: BrowserContext, address: str
) -> None:
    for query in ("Kim Il Sung", "kim ii sung", '"Kim Ir Sen"'):
        page = searched(context, address, query)
        assert sorted(documents(page)) == ["alpha", "beta"], query
        assert "The Premier" in marked(page)
        assert "Kim Chang" not in marked(page)
        assert "Kim Ir Sen" in page.inner_text("#search-named")
    slip = searched(context, address, "kim ii sung")
    assert "Kim II Sung" in marked(slip)
    assert "Source text" in slip.inner_text("#search-found")
    slip.click("#search-named >> text=Find only the words as typed")
    slip.wait_for_url("**exact=1")
    assert marked(ready(slip)) == ["Kim II Sung"]


@pytest.mark.parametrize(
    ("query", "fields", "found"),
    [
        ("diplomacy", {"in": "notes"}, ["alpha"]),
        ("harvest", {"in": "notes"}, []),
        ("harvest", {"from": "1963"}, ["beta", "gamma"]),
        ("harvest", {"from": "1962-05-01", "to": "1962-05"}, ["alpha"]),
        ("harvest", {"document": "gamma"}, ["gamma"]),
        ("harvest", {"order": "date"}, ["alpha", "beta", "gamma"]),
        ("harvest", {"person": "Kim Il Sung"}, ["alpha", "beta"]),
        ("harvest", {"person": "kim-il-sung", "place": "pyongyang"}, ["beta"]),
        ("", {"place": "Pyongyang"}, ["beta"]),
        ("", {"to": "1963"}, ["alpha", "beta"]),
        ("", {"person": "Nobody"}, []),
    ],
)
def test_it_is_narrowed(
    context: BrowserContext,
    address: str,
    query: str,
    fields: dict[str, str],
    found: list[str],
) -> None:
    page = searched(context, address, query, **fields)
    assert sorted(documents(page)) == found
    if "order" in fields:
        assert documents(page) == found


def test_a_heading_counts_more_than_the_text(
    context: BrowserContext, address: str
) -> None:
    assert documents(searched(context, address, "harvest"))[0] == "alpha"


@pytest.mark.parametrize(
    ("query", "place", "marks", "page_name"),
    [
        ("ministry", "par-1", "M|inistry", "alpha.html"),
        ("kim ii sung", "par-1", "Kim II Sung", "alpha.source.html"),
        ("footnote", "note-1", "footnote", "alpha.html"),
        ("secretary", "par-3", "sec-retary", "alpha.html"),
        ("كتاب", "par-6", "كِتابُ", "beta.html"),
        ('"sea is wide"', "par-2", "sea is|wide", "gamma.html"),
    ],
)
def test_a_passage_leads_to_its_place_and_marks_the_words(
    context: BrowserContext,
    address: str,
    query: str,
    place: str,
    marks: str,
    page_name: str,
) -> None:
    page = searched(context, address, query)
    page.locator("#search-found .found-passages a").first.click()
    current(page)
    name, _, fragment = page.url.rpartition("/")[2].partition("#")
    assert (name.partition("?")[0], fragment) == (page_name, place)
    of_place = f"[id='{place}'] mark.hit"
    assert "|".join(page.locator(of_place).all_inner_texts()) == marks
    assert page.locator("mark.hit.current").first.is_visible()
    assert re.match(r"Found words: \d+ of \d+", page.inner_text("#hits"))
    words_before = page.inner_text("#document-text")
    page.click("#hits button[aria-label='Remove the marks']")
    assert page.locator("mark.hit").count() == 0
    assert page.inner_text("#document-text") == words_before
    page.go_back()
    assert documents(ready(page))


def test_a_passage_with_all_words_is_shown_first(
    context: BrowserContext, address: str
) -> None:
    page = searched(context, address, "harvest trade", document="alpha")
    shown = page.locator("#search-found .found-passages li").all_inner_texts()
    assert [text.partition(" ")[0] for text in shown] == ["Heading", "The"]
    page = searched(context, address, "premier trade", document="beta")
    shown = page.locator("#search-found .found-passages li").all_inner_texts()
    assert shown[0].startswith("The Premier")
    page = searched(context, address, "spoke pyongyang", document="beta")
    assert marked(page) == ["spoke", "Pyongyang"]


def test_every_page_s_box_leads_to_the_search(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    page.goto(f"{address}/alpha.html")
    page.fill(".search-box input", "secretary")
    page.press(".search-box input", "Enter")
    page.wait_for_url("**/search.html?q=secretary")
    assert documents(ready(page)) == ["alpha"]


def test_the_address_holds_the_query_and_the_way_back_is_open(
    context: BrowserContext, address: str
) -> None:
    page = searched(context, address, "ministry")
    page.fill("#search-q", "trade agreement")
    page.press("#search-q", "Enter")
    page.wait_for_url("**/search.html?q=trade+agreement")
    page.locator("#search-found h3", has_text="gamma").wait_for()
    assert documents(ready(page)) == ["gamma"]
    page.go_back()
    page.locator("#search-found h3", has_text="alpha").wait_for()
    assert page.input_value("#search-q") == "ministry"
    assert documents(page) == ["alpha"]


def test_the_count_is_said_and_results_are_a_list_with_headings(
    context: BrowserContext, address: str
) -> None:
    page = searched(context, address, "harvest", order="date")
    status = page.locator("#search-status[role=status]")
    assert status.inner_text() == "Found: 3 documents, 3 places."
    assert page.locator("ol#search-found > li > h3 > a").count() == 3
    page.focus("#search-q")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('#search-found')"):
            break
    assert page.evaluate("document.activeElement.closest('h3').textContent")


def test_names_and_documents_are_offered(context: BrowserContext, address: str) -> None:
    page = context.new_page()
    page.goto(f"{address}/search.html")
    page.click("#search-narrow summary")
    page.wait_for_selector("#search-document-list option", state="attached")
    offered = page.locator("#search-person-list option").evaluate_all(
        "options => options.map(option => option.value)"
    )
    assert offered == ["Kim Chang", "Kim Il Sung"]
    titles = page.locator("#search-document-list option").evaluate_all(
        "options => options.map(option => option.label)"
    )
    assert titles[0] == "1 May 1962: Document alpha"


def test_only_files_that_can_have_the_word_are_loaded(
    context: BrowserContext, address: str
) -> None:
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    searched(context, address, "secretary", exact="1")
    loaded = [url.partition("/search/")[2] for url in asked if "/search/" in url]
    assert [name for name in loaded if name.startswith("text/")] == ["text/alpha.js"]
    assert len([name for name in loaded if name.startswith("words-")]) == 1


def test_without_scripts_the_page_leads_to_the_registers(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/search.html?q=ministry")
    assert "needs JavaScript" in page.inner_text("main")
    assert page.locator("main a[href='persons.html']").is_visible()
    assert not page.locator("#search-form").is_visible()
    context.close()


def test_nothing_is_said_on_the_console_and_no_other_host_is_asked(
    context: BrowserContext, address: str
) -> None:
    said: list[str] = []
    asked: list[str] = []
    context.on("console", lambda message: said.append(message.text))
    context.on("weberror", lambda error: said.append(str(error.error)))
    context.on("request", lambda request: asked.append(request.url))
    page = searched(context, address, "kim ii sung", person="Kim Il Sung")
    page.locator("#search-found .found-passages a").first.click()
    current(page)
    assert said == []
    assert [url for url in asked if not url.startswith(address)] == []


def test_a_narrow_screen_does_not_scroll_sideways(
    context: BrowserContext, address: str
) -> None:
    page = searched(context, address, "harvest", person="Kim Il Sung")
    page.set_viewport_size(NARROW)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


SAMPLES: Final = (
    *("M[inistry] of Kádár’s U.S. 400,000 tons, (the) Ju-yeon", "naïve ﬁles №5 ½ x²"),
    *(
        "Ἀθῆναι ΛΟΓΟΣ λόγος",
        "Хрущёв, Київ",
        "हिन्दी में",
        "북한대사관 3월",
        "ガンダム金日成",
    ),
    *("وَصَلَ الكِتابُ", "שָׁלוֹם", "ประเทศไทย", "ʻokina pʼyŏng", "\U0001d11e \U00020000字 a"),
    *(
        "[...] – … _under_score_",
        "don't rock-'n'-roll e.g. 3.14",
        "Minis\u00adtry ĳ Ǆ ẞ İ \ufdfa",
    ),
)


def test_the_page_s_script_cuts_words_as_the_index_does(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    page.goto(f"{address}/search.html")
    for sample in SAMPLES:
        expected = [list(parts) for parts in words(sample)]
        flat = [part for parts in expected for part in parts]
        wholes = [joined for parts in words(sample) if (joined := whole(parts))]
        found: list[dict[str, str]] = page.evaluate("editionWords.tokens", sample)
        assert [token["part"] for token in found] == flat, sample
        assert [token["whole"] for token in found if token["whole"]] == wholes, sample
        assert set(terms(words(sample))) >= set(wholes)


def test_every_character_is_compared_as_in_the_index(
    context: BrowserContext, address: str
) -> None:
    known = unicodedata.ucd_3_2_0.category  # which every browser has
    every = [
        chr(code) for code in range(0x20, 0x30000) if known(chr(code))[0] in "LMNPS"
    ]
    page = context.new_page()
    page.goto(f"{address}/search.html")
    found: list[list[str]] = page.evaluate(
        "all => all.map(c => editionWords.tokens(`a${c}b ${c}`).map(t => t.part))",
        every,
    )
    for character, parts in zip(every, found, strict=True):
        expected = words(f"a{character}b {character}")
        assert parts == list(chain.from_iterable(expected)), hex(ord(character))


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_found_bars_nobody(
    browser: Browser, site: Path, theme: Any, size: ViewportSize
) -> None:
    axe = tool("axe-core", "axe.min.js").read_text(encoding="utf-8")
    context = browser.new_context(viewport=size, color_scheme=theme)
    page = searched(context, site.as_uri(), "kim ii sung", person="Kim Il Sung")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert faults(page, axe) == []
    page.locator("#search-found .found-passages a").first.click()
    current(page)
    assert faults(page, axe) == []
    context.close()


def test_the_slip_of_the_five_documents_is_found(
    context: BrowserContext, site: Path
) -> None:
    page = searched(context, site.as_uri(), "Kim Il Sung", order="date")
    assert page.locator("#search-found > li").count() == 5
    page = searched(context, site.as_uri(), '"Kim II Sung"', exact="1")
    assert page.inner_text("#search-status") == "Found: 1 document, 11 places."
