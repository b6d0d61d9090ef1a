"""How a test visits a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page, ViewportSize

WIDE: Final[ViewportSize] = {"width": 1280, "height": 900}
NARROW: Final[ViewportSize] = {"width": 390, "height": 844}


def visit(context: BrowserContext, site: Path, name: str, size: ViewportSize) -> Page:
    """Open a page and wait until it is arranged."""
    page = context.new_page()
    page.set_viewport_size(size)
    page.goto((site / f"{name}.html").as_uri())
    page.wait_for_timeout(150)
    return page
