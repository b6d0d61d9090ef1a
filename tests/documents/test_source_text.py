"""The source view of the five documents gives back their sources, word for word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from toolkit.build.single import render_file
from toolkit.config import load

if TYPE_CHECKING:
    from pathlib import Path

SOURCES = ("1962-08-27", "1965-01-08", "1967-06-02", "1967-11-25", "1969-06-09")


@pytest.mark.parametrize("name", SOURCES)
def test_the_source_view_is_the_source(name: str, shared: Path, checkout: Path) -> None:
    source = (shared / "sources" / f"{name}.txt").read_text(encoding="utf-8")
    # The catalogue entry's Markdown signs are not part of its words.
    words = source.replace("*", "").replace("#", "").replace("<http", "http")
    words = words.replace(">", "")
    made = render_file(
        load(checkout / "edition.toml"),
        checkout / "tei" / f"d{name}.xml",
        "text",
        "source",
    )
    assert made.split() == words.split()
