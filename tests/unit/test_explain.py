"""``edition explain``: what a code means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from toolkit.cli import cli
from toolkit.report.codes import catalogue, families, near
from toolkit.report.page import explained, page

if TYPE_CHECKING:
    from pathlib import Path


def test_a_code_is_explained_in_any_case() -> None:
    done = CliRunner().invoke(cli, ["explain", "tei101"])
    assert done.exit_code == 0
    head, *rest = done.stdout.split("\n\n")
    assert head == "TEI101 unknown element (error)"
    labels = [part.split(":")[0] for part in rest[1:]]
    assert labels == ["Why it matters", "Wrong", "Right", "See"]
    assert "    <p>signed by <persname>Kovács</persname></p>" in done.stdout


def test_without_a_code_all_are_listed() -> None:
    done = CliRunner().invoke(cli, ["explain"])
    assert done.exit_code == 0
    for code in catalogue().values():
        assert f"  {code.code}  {code.title}\n" in done.stdout


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("TEI399", "TEI309"),
        ("TEI30", "TEI300, TEI301"),
        ("encoding", "XML005"),
        ("qqq", "list: edition explain"),
    ],
    ids=["near", "family", "words", "nothing near"],
)
def test_an_unknown_code_names_near_ones(written: str, said: str) -> None:
    done = CliRunner().invoke(cli, ["explain", written])
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stdout == ""


def test_nothing_is_near_to_nothing() -> None:
    assert near("") == []


def test_the_page_is_made_from_the_codes(checkout: Path) -> None:
    stored = (checkout / "docs" / "findings.md").read_text(encoding="utf-8")
    assert stored == page(), "run: edition explain --markdown > docs/findings.md"
    assert CliRunner().invoke(cli, ["explain", "--markdown"]).stdout == stored


@pytest.mark.parametrize("code", catalogue().values(), ids=catalogue())
def test_every_code_says_what_why_and_where(code: object) -> None:
    entry = catalogue()[str(getattr(code, "code", ""))]
    for text in (entry.title, entry.what, entry.why, entry.see):
        assert text.strip() == text
        assert text
    assert not entry.title.endswith(".")
    assert entry.what.endswith(".")
    assert entry.why.endswith(".")
    assert max(map(len, entry.what.splitlines())) <= 96


def test_every_code_belongs_to_one_family() -> None:
    told = [code.code for family in families() for code in family.codes]
    assert len(told) == len(set(told)) == len(catalogue())


def test_words_are_filled_and_examples_left_alone() -> None:
    lines = explained(catalogue()["XML003"], 40).splitlines()
    assert any(len(line) > 40 and line.startswith("    <TEI") for line in lines)
    assert all(len(line) <= 40 for line in lines if not line.startswith("    "))
