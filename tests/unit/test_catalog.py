"""OASIS catalogs: what stands for a name or an address, and what never hangs."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.referees import program
from toolkit.catalog import Catalog, load, local_file
from toolkit.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

PREFER_SYSTEM = 'prefer="system"><public publicId="P" uri="p"/'
NS = "urn:oasis:names:tc:entity:xmlns:xml:catalog"


def write(
    folder: Path, entries: str, name: str = "catalog.xml", more: str = ""
) -> Path:
    """Write a catalog file."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'<catalog xmlns="{NS}"{more}>{entries}</catalog>')
    return path


def found(folder: Path, address: str | None) -> str | None:
    """Return an address without the folder's own."""
    return address and address.removeprefix(folder.as_uri() + "/")


@pytest.mark.parametrize(
    ("entries", "name", "expected"),
    [
        ('<uri name="http://x.org/a.rng" uri="a.rng"/>', "http://x.org/a.rng", "a.rng"),
        ('<uri name="http://x.org/a.rng" uri="a.rng"/>', "http://x.org/b.rng", None),
        (
            '<uri name="http://x.org/a b" uri="c d.rng"/>',
            "http://x.org/a%20b",
            "c%20d.rng",
        ),
        (
            '<rewriteURI uriStartString="http://x.org/" rewritePrefix="s/"/>'
            '<rewriteURI uriStartString="http://x.org/tei/" rewritePrefix="t/"/>',
            "http://x.org/tei/a.rng",
            "t/a.rng",
        ),
        (
            '<uriSuffix uriSuffix="a.rng" uri="1"/>'
            '<uriSuffix uriSuffix="/a.rng" uri="2"/>',
            "http://y.org/a.rng",
            "2",
        ),
        (
            '<rewriteURI uriStartString="http://x.org/" rewritePrefix="s/"/>'
            '<uri name="http://x.org/a.rng" uri="exact.rng"/>',
            "http://x.org/a.rng",
            "exact.rng",
        ),
        (
            '<group xml:base="deep/"><uri name="n:a" uri="a.rng"/></group>',
            "n:a",
            "deep/a.rng",
        ),
        ('<uri xml:base="deep/" name="n:a" uri="a.rng"/>', "n:a", "deep/a.rng"),
        ('<x:uri xmlns:x="urn:x" name="n:a" uri="a.rng"/>', "n:a", None),
        ('<uri name="n:a"/><uri uri="a.rng"/><what/>', "n:a", None),
        ('<system systemId="n:a" uri="a.rng"/>', "n:a", None),
    ],
    ids=[
        "uri", "another uri", "written in percent", "longest beginning", "longest end",
        "exact before rewritten", "base of a group", "base of an entry",
        "another namespace", "half an entry", "system is not uri",
    ],
)  # fmt: skip
def test_a_uri_is_looked_up(
    tmp_path: Path, entries: str, name: str, expected: str | None
) -> None:
    catalog = Catalog([write(tmp_path, entries)])
    assert found(tmp_path, catalog.uri(name)) == expected


@pytest.mark.parametrize(
    ("entries", "system", "public", "expected"),
    [
        ('<system systemId="http://x/t" uri="t.dtd"/>', "http://x/t", "", "t.dtd"),
        (
            '<rewriteSystem systemIdStartString="http://x/" rewritePrefix="s/"/>',
            "http://x/t.dtd",
            "",
            "s/t.dtd",
        ),
        (
            '<systemSuffix systemIdSuffix="/t.dtd" uri="t.dtd"/>',
            "http://y/t.dtd",
            "",
            "t.dtd",
        ),
        ('<public publicId="-//T  P//E" uri="p"/>', "http://x/t", " -//T\nP//E", "p"),
        (f"<group {PREFER_SYSTEM}></group>", "s", "P", None),
        (f"<group {PREFER_SYSTEM}></group>", "", "P", "p"),
        ('<public publicId="-//A//B:C" uri="p"/>', "urn:publicid:-:A:B%3AC", "", "p"),
        (
            '<public publicId="P" uri="p"/><system systemId="s" uri="q"/>',
            "s",
            "P",
            "q",
        ),
    ],
    ids=[
        "system", "rewritten", "suffix", "public, white space", "system preferred",
        "no system to prefer", "a public identifier as URN", "system before public",
    ],
)  # fmt: skip
def test_an_external_identifier_is_looked_up(
    tmp_path: Path, entries: str, system: str, public: str, expected: str | None
) -> None:
    catalog = Catalog([write(tmp_path, entries)])
    assert found(tmp_path, catalog.system(system, public)) == expected


def test_the_next_catalog_is_asked_where_this_one_is_silent(tmp_path: Path) -> None:
    write(tmp_path, '<uri name="n:a" uri="a"/><uri name="n:b" uri="b"/>', "more/c.xml")
    first = write(
        tmp_path,
        '<uri name="n:a" uri="mine"/><nextCatalog catalog="gone.xml"/>'
        '<nextCatalog catalog="more/c.xml"/>',
    )
    catalog = Catalog([first])
    assert found(tmp_path, catalog.uri("n:a")) == "mine"
    assert found(tmp_path, catalog.uri("n:b")) == "more/b"


def test_a_delegate_has_the_last_word(tmp_path: Path) -> None:
    write(tmp_path, '<uri name="http://x/tei/a" uri="tei-a"/>', "tei.xml")
    write(tmp_path, '<uri name="http://x/tei/b" uri="x-b"/>', "x.xml")
    write(tmp_path, '<uri name="http://x/tei/c" uri="next-c"/>', "next.xml")
    catalog = Catalog(
        [
            write(
                tmp_path,
                '<delegateURI uriStartString="http://x/" catalog="x.xml"/>'
                '<delegateURI uriStartString="http://x/tei/" catalog="tei.xml"/>'
                '<nextCatalog catalog="next.xml"/>',
            )
        ]
    )
    assert found(tmp_path, catalog.uri("http://x/tei/a")) == "tei-a"
    assert found(tmp_path, catalog.uri("http://x/tei/b")) == "x-b"
    assert catalog.uri("http://x/tei/c") is None


def test_system_and_public_identifiers_are_delegated(tmp_path: Path) -> None:
    write(tmp_path, '<public publicId="-//T//A" uri="a"/>', "public.xml")
    write(tmp_path, '<system systemId="http://x/a" uri="b"/>', "system.xml")
    catalog = Catalog(
        [
            write(
                tmp_path,
                '<delegatePublic publicIdStartString="-//T//" catalog="public.xml"/>'
                '<delegateSystem systemIdStartString="http://x/"'
                ' catalog="system.xml"/>',
            )
        ]
    )
    assert found(tmp_path, catalog.system("", "-//T//A")) == "a"
    assert found(tmp_path, catalog.system("http://x/a", "-//T//A")) == "b"
    assert catalog.system("http://x/z", "-//T//A") is None


def test_an_address_is_looked_up_as_uri_and_as_system_identifier(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.rng").write_text("<x/>")
    catalog = Catalog(
        [
            write(
                tmp_path,
                '<system systemId="http://x/a" uri="a.rng"/>'
                '<uri name="http://x/b" uri="http://y/b"/>'
                '<uri name="http://x/c" uri="gone.rng"/>',
            )
        ]
    )
    assert catalog.file("http://x/a") == tmp_path / "a.rng"
    assert catalog.content("http://x/a") == b"<x/>"
    assert catalog.file("http://x/b") is None
    assert catalog.content("http://x/c") is None
    assert catalog.content("http://x/d") is None


@pytest.mark.parametrize(
    "entries",
    [
        '<nextCatalog catalog="catalog.xml"/>',
        '<nextCatalog catalog="b.xml"/>',
        '<delegateURI uriStartString="n:" catalog="catalog.xml"/>',
        '<delegateURI uriStartString="n:" catalog="b.xml"/>',
        "<group>" * 200 + '<uri name="n:z" uri="a"/>' + "</group>" * 200,
        "".join(f'<nextCatalog catalog="{n}.xml"/>' for n in range(5_000)),
        '<uri name="n:a" xml:base="http://[" uri="http://["/>',
        '<nextCatalog catalog="http://x.org/catalog.xml"/>',
    ],
    ids=[
        "next of itself", "a ring", "delegate of itself", "a ring of delegates",
        "deep groups", "thousands", "no addresses", "on the web",
    ],
)  # fmt: skip
def test_loops_and_rubbish_come_to_an_end(tmp_path: Path, entries: str) -> None:
    back = (
        '<nextCatalog catalog="catalog.xml"/>'
        '<delegateURI uriStartString="n:" catalog="catalog.xml"/>'
    )
    write(tmp_path, back, "b.xml")
    catalog = Catalog([write(tmp_path, entries)])
    assert catalog.uri("n:a") in {None, "http://["}
    assert catalog.uri("n:z") is None


@given(st.text(), st.text(), st.text())
def test_no_name_breaks_a_lookup(uri: str, system: str, public: str) -> None:
    catalog = Catalog()
    assert catalog.uri(uri) is None
    assert catalog.system(system, public) is None
    assert not catalog
    local_file(uri)
    local_file("file://" + system)


@pytest.mark.parametrize(
    "content",
    [None, "", "<catalog", "<catalog/>", f'<group xmlns="{NS}"/>'],
    ids=["missing", "empty", "not well-formed", "no namespace", "another element"],
)
def test_a_catalog_that_is_named_must_be_one(
    tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "catalog.xml"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ConfigError, match=r"catalog\.xml: cannot be used as a catalog"):
        load([path])


def test_the_environment_is_asked_last_and_may_name_what_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = write(tmp_path, '<uri name="n:a" uri="mine"/>', "mine.xml")
    other = write(
        tmp_path, '<uri name="n:a" uri="1"/><uri name="n:b" uri="2"/>', "o.xml"
    )
    names = f"{tmp_path}/gone.xml  http://x.org/c.xml {other.as_uri()}"
    monkeypatch.setenv("XML_CATALOG_FILES", names)
    catalog = load([mine], [mine])
    assert found(tmp_path, catalog.uri("n:a")) == "mine"
    assert found(tmp_path, catalog.uri("n:b")) == "2"
    assert catalog.files == (mine,)


@pytest.mark.slow
def test_the_answers_are_those_of_libxml2(tmp_path: Path) -> None:
    xmlcatalog = program("xmlcatalog")
    write(tmp_path, '<uri name="http://x/t/b" uri="b"/>', "t.xml")
    path = write(
        tmp_path,
        '<uri name="n:a" uri="a"/><system systemId="http://y/e.dtd" uri="e.dtd"/>'
        '<delegateURI uriStartString="http://x/t/" catalog="t.xml"/>'
        '<rewriteURI uriStartString="http://x/" rewritePrefix="web/"/>',
    )
    catalog = Catalog([path])
    for name in ("n:a", "http://x/t/b", "http://x/z", "http://y/e.dtd", "http://z/"):
        done = subprocess.run(
            [xmlcatalog, str(path), name], capture_output=True, text=True, check=False
        )
        lines = done.stdout.splitlines()
        theirs = [one for one in lines if not one.startswith("No entry")]
        ours = catalog.system(name) or catalog.uri(name) or ""
        assert ours.removeprefix("file://") == "".join(theirs).removeprefix("file://")
