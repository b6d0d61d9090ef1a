"""No fault found by axe (accessibility) and by the Nu checker (HTML), on any page."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.browser.visits import NARROW, WIDE, visit
from tests.referees import installed, program

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, ViewportSize

pytestmark = pytest.mark.slow

TOOLS: Final = Path(__file__).parent / "node_modules"
MARKED: Final = "d1969-06-09"
#: WCAG 2.2 A and AA, and what is good practice besides.
RULES: Final = {
    "runOnly": {
        "type": "tag",
        "values": [
            *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"),
            "best-practice",
        ],
    },
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
#: The checker reads files, for which a policy's 'self' names nothing; the browser
#: tests hold the pages to their policy.
NOT_MEANT: Final = ".*Content Security Policy.*blocked.*"


def tool(*names: str) -> Path:
    """Return a referee's file, which ``npm install`` puts into this folder."""
    path = TOOLS.joinpath(*names)
    return installed(path, "npm install --prefix tests/browser --ignore-scripts")


def faults(page: Page, axe: str) -> list[tuple[str, str]]:
    """Return what axe finds on a page as it is shown now: rule and element."""
    page.evaluate(axe)
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, rules)", RULES)
    return [
        (each["id"], node["html"])
        for each in found["violations"]
        for node in each["nodes"]
    ]


@pytest.fixture(scope="module")
def axe() -> str:
    """axe-core, as a script."""
    return tool("axe-core", "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_bars_anybody(
    browser: Browser, site: Path, axe: str, theme: Any, size: ViewportSize
) -> None:
    context = browser.new_context(viewport=size, color_scheme=theme)
    found = {}
    for path in sorted(site.glob("*.html")):
        page = visit(context, site, path.stem, size)
        page.evaluate(
            "document.querySelectorAll('details').forEach(d => d.open = true)"
        )
        found[path.stem] = faults(page, axe)
        page.close()
    context.close()
    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "opener",
    [".text-body a[aria-haspopup]", ".text-body a.noteref", "a.metamark[href]"],
    ids=["card", "note", "mark"],
)
def test_what_opens_bars_nobody(
    browser: Browser, site: Path, axe: str, opener: str, theme: Any, size: ViewportSize
) -> None:
    context = browser.new_context(viewport=size, color_scheme=theme)
    page = visit(context, site, MARKED, size)
    page.focus(opener)
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert page.evaluate("document.activeElement.matches('.card, .note-body')")
    found = faults(page, axe)
    context.close()
    assert found == []


def test_the_html_checker_has_nothing_to_say(site: Path) -> None:
    jar, java = tool("vnu-jar", "build", "dist", "vnu.jar"), program("java")
    files = sorted(str(path) for path in site.glob("*.html"))
    options = ["--skip-info-messages", "--format", "json", "--exit-zero-always"]
    result = subprocess.run(
        [java, "-jar", str(jar), "--filterpattern", NOT_MEANT, *options, *files],
        capture_output=True,
        text=True,
        check=True,
    )
    messages = json.loads(result.stderr)["messages"]
    said = {(m["message"], m.get("url", "").rpartition("/")[2]) for m in messages}
    assert said == set()
