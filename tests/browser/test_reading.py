"""In a browser: cards, addresses of paragraphs, citing, colours, the chosen view."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from tests.browser.visits import NARROW, WIDE, visit
from toolkit.build.run import Build
from toolkit.config import find

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, ViewportSize

pytestmark = pytest.mark.slow

MARKED: Final = "d1969-06-09"
NAME: Final = ".text-body a.orgName"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing of it."""

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    """The site's address on a server of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_a_name_opens_its_card_by_keyboard_and_gives_the_focus_back(
    context: BrowserContext, site: Path, size: ViewportSize
) -> None:
    page = visit(context, site, MARKED, size)
    name = page.locator(NAME).first
    name.focus()
    page.keyboard.press("Enter")
    card = page.locator(".card:popover-open")
    assert card.count() == 1
    assert page.evaluate("document.activeElement.matches('.card')")
    entry = name.get_attribute("href")
    assert card.locator("a", has_text="All mentions").get_attribute("href") == entry
    box = card.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "All mentions"
    page.keyboard.press("Escape")
    assert page.locator(".card:popover-open").count() == 0
    assert name.evaluate("element => element === document.activeElement")


def test_a_click_elsewhere_closes_a_card_and_a_second_name_takes_its_place(
    context: BrowserContext, site: Path
) -> None:
    page = visit(context, site, MARKED, WIDE)
    page.locator(NAME).first.click()
    assert page.locator(".card:popover-open").count() == 1
    page.evaluate(f"document.querySelectorAll('{NAME}')[3].click()")
    assert page.locator(".card:popover-open").count() == 1
    page.mouse.click(5, 5)
    assert page.locator(".card:popover-open").count() == 0


def test_without_the_script_a_name_leads_to_its_register(
    browser: Browser, site: Path
) -> None:
    context = browser.new_context(viewport=WIDE, java_script_enabled=False)
    page = visit(context, site, MARKED, WIDE)
    assert not page.locator(".card").first.is_visible()
    page.locator(NAME).first.click()
    page.wait_for_url("**/organisations.html#*")
    context.close()


def test_every_paragraph_shows_and_copies_its_address(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(
        viewport=WIDE, permissions=["clipboard-read", "clipboard-write"]
    )
    page = context.new_page()
    page.goto(f"{address}/{MARKED}.html")
    link = page.locator("#par-3 > .pilcrow")
    assert link.evaluate("element => getComputedStyle(element).opacity") == "0"
    link.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert link.evaluate("element => getComputedStyle(element).opacity") == "1"
    page.keyboard.press("Enter")
    page.locator(".said", has_text="copied").wait_for()
    assert page.url.endswith("#par-3")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{address}/{MARKED}.html#par-3"
    context.close()


def test_a_citation_is_there_without_the_script_and_copied_with_it(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(
        viewport=WIDE, permissions=["clipboard-read", "clipboard-write"]
    )
    page = context.new_page()
    page.goto(f"{address}/{MARKED}.html#cite")
    citation = page.locator("#cite-chicago")
    assert citation.is_visible()  # the address unfolds it
    page.locator("#cite-chicago + .copy").click()
    page.locator(".said", has_text="copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == citation.inner_text()
    assert copied.startswith("Fadeyev, Yu., and P. Yakovlev. “Concerning Changes")
    with page.expect_download() as download:
        page.evaluate("document.querySelectorAll('.format').forEach(d => d.open = 1)")
        page.locator("a[href$='.ris']").click()
    assert download.value.suggested_filename == f"{MARKED}.ris"
    context.close()


@pytest.mark.parametrize("where", ["file", "http"])
def test_colours_are_chosen_and_kept(
    context: BrowserContext, site: Path, address: str, where: str
) -> None:
    base = site.as_uri() if where == "file" else address
    page = context.new_page()
    page.goto(f"{base}/index.html")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(paper)
    page.get_by_label("dark", exact=True).check()
    dark = page.evaluate(paper)
    assert dark != light
    page.goto(f"{base}/{MARKED}.html")
    assert page.evaluate(paper) == dark
    page.get_by_label("as the system").check()
    assert page.evaluate(paper) == light


def test_the_view_chosen_last_is_the_one_that_lists_lead_to(
    context: BrowserContext, site: Path
) -> None:
    page = visit(context, site, MARKED, WIDE)
    page.locator("a[data-chooses=source]").click()
    page.wait_for_url("**/*.source.html*")
    assert (
        page.locator(".neighbours .previous")
        .evaluate("a => a.href")
        .endswith(".source.html")
    )
    page.goto((site / "index.html").as_uri())
    page.locator(".listed h3 a").first.click()
    page.wait_for_url("**/d1962-08-27.source.html")
    page.locator("a[data-chooses=reading]").click()
    page.wait_for_url("**/d1962-08-27.html*")
    page.goto((site / "index.html").as_uri())
    link = page.locator(".listed h3 a").first
    assert link.get_attribute("href") == "d1962-08-27.html"


def test_nothing_breaks_the_policy_on_a_server(
    context: BrowserContext, site: Path, address: str
) -> None:
    said: list[str] = []
    asked: list[str] = []
    context.on("console", lambda message: said.append(message.text))
    context.on("weberror", lambda error: said.append(str(error.error)))
    context.on("request", lambda request: asked.append(request.url))
    for path in sorted(site.glob("*.html")):
        page = context.new_page()
        page.goto(f"{address}/{path.name}")
        page.close()
    assert said == []
    assert [url for url in asked if not url.startswith((address, "data:"))] == []


def test_the_text_reads_in_order_without_styles(browser: Browser, site: Path) -> None:
    context = browser.new_context(viewport=WIDE, java_script_enabled=False)
    page = visit(context, site, MARKED, WIDE)
    page.evaluate(
        "document.querySelectorAll('link[rel=stylesheet]').forEach(l => l.remove())"
    )
    text = page.locator("main").inner_text()
    order = ["9 June 1969", "Summary", "Catalogue entry", "Cite this document"]
    order += [
        "Reading text",
        "The foreign policy orientation",
        "Notes",
        "CPSU CC stamp",
    ]
    places = [text.find(words) for words in order]
    assert -1 not in places
    assert places == sorted(places)
    assert "All mentions" not in text
    context.close()


PAGE_IMAGE: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="800">'
    '<rect width="600" height="800" fill="#ccc"/></svg>'
)


def test_images_of_the_source_are_moved_and_enlarged_by_keyboard(
    context: BrowserContext, tmp_path: Path
) -> None:
    (tmp_path / "tei").mkdir()
    (tmp_path / "edition.toml").write_text('title = "Test"\n')
    for number in (1, 2):
        (tmp_path / "tei" / f"{number}.svg").write_text(PAGE_IMAGE)
    (tmp_path / "tei" / "d1.xml").write_text(
        '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader/><text><body>'
        "<p><pb xml:id='b1' n='1' facs='1.svg'/>One <pb n='2' facs='2.svg'/>two</p>"
        "</body></text></TEI>"
    )
    Build(find(tmp_path)).run()
    page = visit(context, tmp_path / "build" / "site", "d1", WIDE)
    assert page.locator("#b1 + a.pb-image").get_attribute("href") == "#image-1"
    page.focus("#image-1 a[data-image]")
    page.keyboard.press("Enter")
    viewer, frame = page.locator(".viewer[open]"), page.locator(".viewer-frame")
    assert viewer.count() == 1
    width = "document.querySelector('.viewer-frame img').offsetWidth"
    before = page.evaluate(width)
    page.keyboard.press("+")
    assert page.evaluate(width) > before
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(400)
    assert frame.evaluate("element => element.scrollTop") > 0
    page.get_by_role("button", name="Next").click()
    assert frame.locator("img").get_attribute("src") == "2.svg"
    page.keyboard.press("Escape")
    assert viewer.count() == 0
    expect(page.locator("#image-2 a").first).to_be_focused()
