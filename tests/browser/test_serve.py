"""In a browser: the preview follows what is written, and shows what stops it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect

from tests.unit.conftest import tei_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.slow

PATIENCE: Final = 20_000  #: milliseconds that a busy machine may take
BAR: Final = "#preview-fault"


class Desk:
    """An edition that is written and shown."""

    def __init__(self, root: Path, page: Page, address: str) -> None:
        """Take an edition that is served, and a page."""
        self.root, self.page, self.address = root, page, address
        self.errors: list[str] = []
        page.on("console", lambda told: self.errors.append(told.text))
        page.on("pageerror", lambda told: self.errors.append(str(told)))

    def open(self, name: str) -> None:
        """Open a page."""
        self.page.goto(f"{self.address}{name}")

    def save(self, name: str, text: str) -> None:
        """Save a file of the edition."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def write(self, words: str, name: str = "a") -> None:
        """Save a long document that begins with these words."""
        paragraphs = f"<p>{words}</p>" + "<p>More.</p>" * 200
        self.save(f"tei/{name}.xml", tei_document(paragraphs, name))

    def shows(self, words: str) -> None:
        """Wait until the page shows these words."""
        main = self.page.locator("main")
        expect(main).to_contain_text(words, timeout=PATIENCE)


@pytest.fixture
def desk(tmp_path: Path, context: BrowserContext) -> Iterator[Desk]:
    """An edition of one document, served."""
    (tmp_path / "edition.toml").write_text('title = "Test edition"\n')
    command = [sys.executable, "-m", "toolkit", "--edition", str(tmp_path), "serve"]
    made = Desk(tmp_path, context.new_page(), "")
    made.write("First.")
    with subprocess.Popen(
        [*command, "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        made.address = process.stdout.readline().strip()
        made.open("a.html")
        yield made
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


def test_a_saved_document_is_shown_at_the_same_place(desk: Desk) -> None:
    desk.shows("First.")
    desk.page.evaluate("scrollTo(0, 1500)")
    desk.write("Second.")
    desk.shows("Second.")
    desk.page.wait_for_function("() => scrollY === 1500", timeout=PATIENCE)
    assert desk.errors == []


def test_the_place_is_kept_where_the_address_names_another(desk: Desk) -> None:
    desk.open("a.html#main")
    desk.page.evaluate("scrollTo(0, 1500)")
    desk.write("Second.")
    desk.shows("Second.")
    desk.page.wait_for_function("() => scrollY === 1500", timeout=PATIENCE)


def test_a_saved_template_is_shown(desk: Desk) -> None:
    template = '<p class="of-ours"{{ at.common }}>{{ content }}</p>'
    desk.save("templates/html/elements/p.html", template)
    expect(desk.page.locator("p.of-ours").first).to_be_attached(timeout=PATIENCE)
    desk.save("templates/html/assets/theme.css", "p { color: rgb(1, 2, 3) }")
    colour = "() => getComputedStyle(document.querySelector('.of-ours')).color"
    desk.page.wait_for_function(f"{colour} === 'rgb(1, 2, 3)'", timeout=PATIENCE)


def test_what_stops_the_build_stands_over_the_last_good_page(desk: Desk) -> None:
    bar = desk.page.locator(BAR)
    desk.write("Second <b>&lt;i>here</b>.</hi>")
    expect(bar).to_contain_text("tei/a.xml:3:", timeout=PATIENCE)
    expect(bar).to_contain_text("</hi>")
    expect(bar).to_have_attribute("role", "alert")
    desk.shows("First.")
    desk.page.reload()
    expect(bar).to_contain_text("tei/a.xml:3:", timeout=PATIENCE)
    desk.shows("First.")
    desk.write("First.")
    expect(bar).to_have_count(0, timeout=PATIENCE)
    assert desk.errors == []


def test_the_bar_can_be_put_away_until_something_else_is_wrong(desk: Desk) -> None:
    bar = desk.page.locator(BAR)
    desk.save("templates/html/elements/p.html", "{% if %}")
    expect(bar).to_contain_text(re.compile(r"p\.html:1: "), timeout=PATIENCE)
    bar.get_by_role("button", name="Hide").click()
    expect(bar).to_have_count(0)
    desk.save("edition.toml", "titel = 'x'\n")
    expect(bar).to_contain_text("did you mean 'title'", timeout=PATIENCE)


def test_a_new_document_is_shown_when_it_is_there(desk: Desk) -> None:
    desk.open("b.html")
    expect(desk.page.get_by_role("heading", name="No such page")).to_be_visible()
    desk.write("New here.", name="b")
    desk.shows("New here.")
