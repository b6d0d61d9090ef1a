"""The browser of the tests of the pages shows the pages of a book too."""

from __future__ import annotations

from tests.browser.conftest import browser

__all__ = ["browser"]
