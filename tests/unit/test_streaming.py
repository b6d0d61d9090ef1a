"""Checking piece by piece: the verdict of the whole, in a few megabytes."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from toolkit.cache import Cache
from toolkit.config import Edition
from toolkit.tei import TEI_NS
from toolkit.validate import check, streaming
from toolkit.validate.found import shortened
from toolkit.validate.how import How

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.findings import Finding

RNG = f"""<element name="TEI" ns="{TEI_NS}" xmlns="http://relaxng.org/ns/structure/1.0"
  datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes"><zeroOrMore>
<element name="p"><optional><attribute name="xml:id" ns=""><data type="ID"/></attribute>
</optional><optional><attribute name="xml:lang" ns=""/>
</optional><optional><attribute name="to" ns=""><data type="IDREFS"/></attribute>
</optional><text/></element></zeroOrMore></element>"""


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    path = tmp_path / "s.rng"
    path.write_text(RNG)
    return path


def streamed(schema: Path, source: str | bytes) -> list[Finding]:
    """Return what the grammar alone finds in a document."""
    path = schema.with_name("d.xml")
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    how = How(only=frozenset({"grammar"}), cache=Cache(None))
    return list(check([path], Edition(schema.parent), [schema], how))


def document(body: str) -> str:
    return f'<TEI xmlns="{TEI_NS}">\n{body}\n</TEI>'


LONG = "<p>" + "word " * 30_000 + "</p>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>x</p>", []),
        (LONG + "<p/>" + LONG, []),
        ('<p xml:id="a"/><p to="a"/>', []),
        ("<q/>", [(2, 1, "TEI101")]),
        (LONG + "\n<p b='1'/>" + LONG, [(3, 1, "TEI108")]),
        (LONG + "\n<p/>x", [(3, 5, "TEI106")]),
        ('<p xml:id="a"/>\n<p xml:id="a"/>', [(3, 1, "TEI304")]),
        ('<p xml:id="1 a"/>', [(2, 1, "TEI306")]),
        ('<p to="b a"/><p xml:id="a"/>', [(2, 1, "TEI111")]),
        (LONG + "\n<p\n b='1'/>" + LONG, [(4, 2, "TEI108")]),
        ('<p\n  xml:lang="english"/>', [(3, 3, "TEI112")]),
        (LONG + "\n<p>" + LONG, [(4, 1, "XML002")]),
        ("<q/>" + LONG + "\n<p>", [(4, 1, "XML002")]),
        ("<p>&nbsp;</p>", [(2, 4, "XML002")]),
    ],
)
def test_findings_are_those_of_the_whole(
    schema: Path, body: str, expected: list[tuple[int, int, str]]
) -> None:
    found = streamed(schema, document(body))
    assert [(one.line, one.column, one.code) for one in found] == expected


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"\xef\xbb\xbf" + document("<p/>").encode(),
        b"\xef\xbb\xbf" + document("<q/>").encode(),
        b'<?xml version="1.0" encoding="windows-1252"?>'
        + document("<p>\x96 \x85</p>").encode("latin-1"),
        document("<p>\xe9</p>").encode("latin-1"),
        document("<p>é</p>").encode("utf-16"),
        b"<q/>",
        b'<!DOCTYPE TEI [<!ENTITY e "x">]>' + document("<p>&e;</p>").encode(),
        b'<!DOCTYPE TEI [<!ENTITY e SYSTEM "/etc/hostname">]>'
        + document("<p>&e;</p>").encode(),
        document("<p>" * 300 + "</p>" * 300).encode(),
        document("<p>" + "a" * 11_000_000 + "</p>").encode(),
        document('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude"/>').encode(),
        document(LONG + '<xi:p xmlns:xi="http://www.w3.org/2001/XInclude"/>').encode(),
        document("<a:p/>").encode(),
        document('<p a="1" a="2"/>').encode(),
    ],
    ids=range(15),
)
def test_streaming_or_not_the_findings_are_the_same(
    schema: Path, source: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = streamed(schema, source)

    def whole(*_: object) -> None:
        raise streaming.WholeNeededError

    monkeypatch.setattr(streaming, "check", whole)
    assert found == streamed(schema, source)


def test_of_very_many_faults_the_first_are_told(schema: Path) -> None:
    found = list(shortened(streamed(schema, document("<q/>\n" * 3_000))))
    assert [one.code for one in found] == ["TEI101"] * 1_000 + ["XML007"]
    assert found[-1].message.startswith("2,000 more findings")


@pytest.mark.slow
@pytest.mark.parametrize("every", [1, 1_000], ids=["ids everywhere", "few ids"])
def test_fifty_megabytes_pass_in_sixty(
    schema: Path, every: int, checkout: Path
) -> None:
    path = schema.with_name("large.xml")
    with path.open("w") as file:
        file.write(f'<TEI xmlns="{TEI_NS}">')
        size = number = 0
        while size < 50_000_000:
            ident = f' xml:id="p{number}"' if number % every == 0 else ""
            size += file.write(f"<p{ident}>{'An ordinary sentence. ' * 6}</p>\n")
            number += 1
        file.write("</TEI>")
    done = subprocess.run(
        [sys.executable, "-c", _PEAK, "validate", "--no-cache", "--only", "grammar",
         "--schema", str(schema), str(path)],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    peak = int(done.stdout.splitlines()[-1]) / 1024
    assert "1 file checked: 0 errors" in done.stderr
    assert peak < 60


_PEAK = """
import re
from pathlib import Path
from toolkit.cli import cli
try:
    cli(prog_name="edition")
finally:
    # Not from getrusage, which remembers whoever started this process.
    print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""
