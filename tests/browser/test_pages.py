"""In a browser: quiet pages, lines beside what they mark, notes by keyboard, 390 px."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.browser.visits import NARROW, WIDE, visit

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, ViewportSize

pytestmark = pytest.mark.slow

MARKED: Final = "d1969-06-09"
MOST: Final = 2.0  #: pixels that a line may miss its passage by

#: Where each mark is, and the lines it should cover. Measured otherwise than the page
#: does: a passage by its own boxes, a paragraph by its words up to the mark.
MARKS: Final = """() => [...document.querySelectorAll('a.metamark[data-passage]')].map(
  mark => {
  const passage = document.getElementById(mark.dataset.passage);
  let rects = [...passage.getClientRects()];
  if (getComputedStyle(passage).display === 'block') {
    const range = document.createRange();
    range.setStart(passage, 0);
    range.setEndBefore(mark.closest('.add-mark'));
    rects = [...range.getClientRects()].filter(r => r.width > 1 && r.height > 1);
  }
  const box = mark.getBoundingClientRect();
  return {
    id: mark.id, left: box.left, right: box.right, top: box.top, bottom: box.bottom,
    from: Math.min(...rects.map(r => r.top)), to: Math.max(...rects.map(r => r.bottom)),
    column: document.querySelector('.document-text').getBoundingClientRect().left,
  };
})"""


def test_pages_load_from_a_folder_without_error_or_request(
    context: BrowserContext, site: Path
) -> None:
    said: list[str] = []
    asked: list[str] = []
    context.on("console", lambda message: said.append(message.text))
    context.on("weberror", lambda error: said.append(str(error.error)))
    context.on("request", lambda request: asked.append(request.url))
    for path in sorted(site.glob("*.html")):
        visit(context, site, path.stem, WIDE).close()
    assert said == []
    foreign = [url for url in asked if not url.startswith((site.as_uri(), "data:"))]
    assert foreign == []
    assert any(url.endswith("edition.css") for url in asked)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("view", ["", ".source"], ids=["reading", "source"])
def test_lines_stand_beside_the_lines_they_mark(
    context: BrowserContext, site: Path, view: str, size: ViewportSize
) -> None:
    page = visit(context, site, MARKED + view, size)
    marks: list[dict[str, Any]] = page.evaluate(MARKS)
    assert len(marks) == 21
    for mark in marks:
        assert abs(mark["top"] - mark["from"]) <= MOST, mark
        assert abs(mark["bottom"] - mark["to"]) <= MOST, mark
        assert 0 <= mark["left"] < mark["right"] <= mark["column"], mark


def test_lines_follow_when_the_window_changes(
    context: BrowserContext, site: Path
) -> None:
    page = visit(context, site, MARKED, WIDE)
    page.set_viewport_size({"width": 700, "height": 900})
    page.wait_for_timeout(300)
    for mark in page.evaluate(MARKS):
        assert abs(mark["top"] - mark["from"]) <= MOST, mark
        assert abs(mark["bottom"] - mark["to"]) <= MOST, mark


def test_marks_side_by_side_do_not_cover_each_other(
    context: BrowserContext, site: Path
) -> None:
    marks = visit(context, site, MARKED, WIDE).evaluate(MARKS)
    for one in marks:
        for other in marks:
            if one["id"] < other["id"]:
                apart = (
                    one["bottom"] <= other["top"] + MOST
                    or other["bottom"] <= one["top"] + MOST
                    or one["right"] <= other["left"]
                    or other["right"] <= one["left"]
                )
                assert apart, (one, other)


def test_no_page_scrolls_sideways_on_a_narrow_screen(
    context: BrowserContext, site: Path
) -> None:
    for path in sorted(site.glob("*.html")):
        page = visit(context, site, path.stem, NARROW)
        page.evaluate(
            "document.querySelectorAll('details').forEach(d => d.open = true)"
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path.stem
        page.close()


def test_notes_stand_beside_their_numbers_and_not_over_each_other(
    context: BrowserContext, site: Path
) -> None:
    page = visit(context, site, MARKED, WIDE)
    edge = page.evaluate(
        "document.querySelector('.document-text').getBoundingClientRect().right"
    )
    notes = page.evaluate("""() => [...document.querySelectorAll('.note-body')].map(
      note => {
        const box = note.getBoundingClientRect();
        const back = note.querySelector('.noteback').getAttribute('href').slice(1);
        const number = document.getElementById(back).getBoundingClientRect().top;
        return {top: box.top, bottom: box.bottom, left: box.left, number};
      })""")
    assert len(notes) == 21
    free = 0.0
    for note in notes:
        assert note["left"] >= edge
        assert note["top"] >= free
        assert note["top"] == pytest.approx(max(note["number"], free), abs=12)
        free = note["bottom"]


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("kind", ["noteref", "metamark"])
def test_the_keyboard_reaches_notes_and_marks_and_comes_back(
    context: BrowserContext, site: Path, kind: str, size: ViewportSize
) -> None:
    page = visit(context, site, MARKED, size)
    page.focus("#document-text")
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement.matches('a.{kind}')"):
            break
    here: str = page.evaluate("document.activeElement.id")
    note: str = page.evaluate("document.activeElement.hash.slice(1)")
    assert here
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == note
    assert page.evaluate("""() => {
      const box = document.activeElement.getBoundingClientRect();
      return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight;
    }""")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == here


def test_a_mark_in_focus_lights_its_passage_and_its_note(
    context: BrowserContext, site: Path
) -> None:
    page = visit(context, site, MARKED, WIDE)
    page.focus("#d1969-06-09-m10b")
    lit = page.evaluate("[...document.querySelectorAll('.lit')].map(e => e.id)")
    assert "d1969-06-09-m10s" in lit
    assert "d1969-06-09-m10p" not in lit
    assert any(ident.startswith("note-") for ident in lit)


def test_the_other_view_opens_at_the_same_paragraph(
    context: BrowserContext, site: Path
) -> None:
    page = visit(context, site, MARKED, WIDE)
    page.evaluate("document.getElementById('par-30').scrollIntoView()")
    page.evaluate("document.querySelector('.views a[data-keep-place]').click()")
    page.wait_for_timeout(200)
    assert page.url.endswith(f"{MARKED}.source.html#par-30")
    top = page.evaluate("document.getElementById('par-30').getBoundingClientRect().top")
    bar = page.evaluate("document.querySelector('.bar').getBoundingClientRect().bottom")
    assert bar <= top < bar + 60


def test_without_the_script_everything_is_there(browser: Browser, site: Path) -> None:
    context = browser.new_context(viewport=WIDE, java_script_enabled=False)
    page = visit(context, site, MARKED, WIDE)
    for kind in ("metamark", "noteref", "note-body"):
        for found in page.locator(f".document-text .{kind}, .notes .{kind}").all():
            assert found.is_visible()
    tint = page.locator(".seg.marked").first.evaluate(
        "element => getComputedStyle(element).backgroundColor"
    )
    assert tint not in {"rgba(0, 0, 0, 0)", "transparent"}
    context.close()
