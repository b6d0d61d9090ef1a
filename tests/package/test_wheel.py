"""The wheel works by itself: templates and schema are inside it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from toolkit.resources import share

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

DOCUMENT = """<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="one">
<teiHeader><fileDesc><titleStmt><title>One</title></titleStmt>
<publicationStmt><p>x</p></publicationStmt><sourceDesc><p>x</p></sourceDesc>
</fileDesc></teiHeader><text xml:lang="en"><body>
<p>From the <supplied reason="translation" resp="#one">wheel</supplied>.</p>
</body></text></TEI>"""


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_checkout_finds_its_own_folders(checkout: Path) -> None:
    assert share("templates") == checkout / "templates"
    assert share("schema") == checkout / "schema"


def test_an_installed_wheel_renders_validates_and_builds(
    checkout: Path, tmp_path: Path
) -> None:
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
    made = run(*pip, "wheel", "--no-deps", "-w", tmp_path, checkout, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "toolkit/share/schema/edition.rng" in names
    assert "toolkit/share/templates/html/elements/p.html" in names
    venv = tmp_path / "venv"
    assert run(sys.executable, "-m", "venv", venv, cwd=tmp_path).returncode == 0
    done = run(venv / "bin" / "python", *pip[1:], "install", wheel, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    edition = tmp_path / "edition"
    (edition / "tei").mkdir(parents=True)
    (edition / "edition.toml").write_text('title = "From the wheel"\n')
    (edition / "tei" / "one.xml").write_text(DOCUMENT)
    command = venv / "bin" / "edition"
    done = run(command, "validate", cwd=edition)
    assert done.returncode in {0, 1}, done.stderr
    assert "Traceback" not in done.stderr
    done = run(command, "render", "tei/one.xml", "--to", "text", cwd=edition)
    assert "From the wheel." in done.stdout
    done = run(command, "build", cwd=edition)
    assert done.returncode == 0, done.stderr
    assert (edition / "build" / "site" / "index.html").is_file()
    assert (edition / "build" / "text" / "one.txt").is_file()
