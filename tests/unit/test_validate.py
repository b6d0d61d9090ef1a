"""Validation as a whole: files in, findings out, and the rest goes on."""

from __future__ import annotations

import pickle
import resource
import time
from typing import TYPE_CHECKING, Final

import pytest
import xmlschema

from toolkit.cache import cache_folder
from toolkit.config import Edition
from toolkit.errors import SchemaError
from toolkit.tei import TEI_NS
from toolkit.validate import check
from toolkit.validate.grammar import GrammarCheck
from toolkit.validate.stages import Stages
from toolkit.validate.words.explain import Explainer
from toolkit.validate.xsd import SchemaCheck

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from toolkit.findings import Finding

RNG: Final = f"""<grammar xmlns="http://relaxng.org/ns/structure/1.0" ns="{TEI_NS}"
  datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
<start><element name="TEI"><ref name="ids"/><oneOrMore><choice><ref name="p"/>
<ref name="list"/></choice></oneOrMore></element></start>
<define name="ids"><optional><attribute name="xml:id" ns=""><data type="ID"/>
</attribute></optional></define>
<define name="p"><element name="p"><ref name="ids"/><optional><attribute name="when">
<data type="date"/></attribute></optional><optional><attribute name="kind"><choice>
<value>open</value><value>secret</value></choice></attribute></optional>
<zeroOrMore><choice><text/><ref name="emph"/><ref name="ref"/></choice></zeroOrMore>
</element></define>
<define name="emph"><element name="emph"><text/></element></define>
<define name="ref"><element name="ref"><attribute name="target"/><text/></element>
</define>
<define name="list"><element name="list"><oneOrMore><element name="item"><text/>
</element></oneOrMore></element></define>
</grammar>"""
XSD: Final = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
  targetNamespace="{TEI_NS}" xmlns="{TEI_NS}" elementFormDefault="qualified">
<xs:include schemaLocation="more.xsd"/>
<xs:element name="TEI"><xs:complexType><xs:sequence>
<xs:element ref="p" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element>
</xs:schema>"""
MORE: Final = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
  targetNamespace="{TEI_NS}" elementFormDefault="qualified"><xs:element name="p">
<xs:complexType mixed="true"><xs:attribute name="when" type="xs:date"/></xs:complexType>
</xs:element></xs:schema>"""
SCH: Final = """<schema xmlns="http://purl.oclc.org/dsdl/schematron"
  queryBinding="xslt2"><ns prefix="tei" uri="http://www.tei-c.org/ns/1.0"/>
<pattern id="p-words"><rule context="tei:p"><assert test="normalize-space(.)"
role="warning">the paragraph is empty</assert></rule></pattern></schema>"""


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the tests' compiled schemas away from the user's."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    """An edition with a small schema of its own."""
    for name, content in {
        "schema/edition.rng": RNG,
        "schema/edition.sch": SCH,
        "schema/edition.xsd": XSD,
        "schema/more.xsd": MORE,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    (tmp_path / "tei").mkdir()
    return Edition(tmp_path)


def document(edition: Edition, content: str, name: str = "a.xml") -> Path:
    """Write a document and return its path."""
    path = edition.tei / name
    path.write_text(f'<TEI xmlns="{TEI_NS}">{content}</TEI>', encoding="utf-8")
    return path


def brief(findings: Iterable[Finding]) -> list[tuple[str, int, int, str]]:
    """Return file, line, column and code of findings."""
    return [(f.path.name, f.line, f.column, f.code) for f in findings]


def test_a_good_document_gives_nothing(edition: Edition) -> None:
    assert list(check([document(edition, "<p>x</p>")], edition)) == []


def test_findings_come_by_place_with_line_and_column(edition: Edition) -> None:
    path = document(
        edition,
        '\n <p><ref target="#x">y</ref></p><p/>\n<q>x</q><p when="1967-02-30">y</p>',
    )
    found = list(check([path], edition))
    assert brief(found) == [
        ("a.xml", 2, 5, "TEI301"),
        ("a.xml", 2, 33, "TEI200"),
        ("a.xml", 3, 1, "TEI101"),
        ("a.xml", 3, 9, "TEI109"),
    ]
    assert str(found[1]).endswith(
        "a.xml:2:33: warning TEI200 the paragraph is empty [p-words]"
    )
    assert found[3].message.endswith("“1967-02-30”: February 1967 has 28 days")


def test_a_file_that_cannot_be_read_does_not_stop_the_others(edition: Edition) -> None:
    document(edition, "<p>x</p><p>", "a.xml")
    document(edition, "<q/>", "b.xml")
    (edition.tei / "c.xml").write_bytes(b"")
    (edition.tei / "d.xml").mkdir()
    found = brief(check(edition.documents(), edition))
    assert found == [
        ("a.xml", 1, 53, "XML002"),
        ("b.xml", 1, 42, "TEI101"),
        ("c.xml", 1, 1, "XML001"),
    ]


def test_a_folder_means_its_files_and_a_file_is_checked_once(
    edition: Edition,
) -> None:
    path = document(edition, "<q/><p>x</p>")
    found = brief(check([edition.tei, path], edition))
    assert found == [("a.xml", 1, 42, "TEI101")]


def test_named_schemas_replace_the_editions_own(edition: Edition) -> None:
    path = document(edition, "<q/><p/>")
    rules = edition.root / "schema" / "edition.sch"
    assert {f.code for f in check([path], edition, [rules])} == {"TEI200"}
    grammar = edition.root / "schema" / "edition.rng"
    assert {f.code for f in check([path], edition, [grammar])} == {"TEI101"}


def test_the_w3c_schema_speaks_where_the_grammar_found_nothing(
    edition: Edition,
) -> None:
    path = document(
        edition,
        '\n<p>x</p>\n<p when="1967-02-30">x</p>\n<list><item>x</item></list>',
    )
    schemas = [edition.root / "schema" / f"edition{s}" for s in (".rng", ".xsd")]
    assert brief(check([path], edition, schemas)) == [
        ("a.xml", 3, 1, "TEI109"),
        ("a.xml", 4, 1, "TEI150"),
    ]
    alone = list(check([path], edition, schemas[1:]))
    assert brief(alone) == [("a.xml", 3, 1, "TEI150"), ("a.xml", 4, 1, "TEI150")]
    assert "<p>: " in alone[0].message
    assert alone[1].message == "<list> is not allowed at this place in <TEI>"


def test_an_inclusion_is_reported_once_and_not_followed(edition: Edition) -> None:
    document(edition, "<p>secret</p>", "b.xml")
    path = document(
        edition,
        '<p>x<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="b.xml"/></p>',
    )
    assert brief(check([path], edition)) == [("a.xml", 1, 46, "XML006")]


def test_pointers_reach_documents_that_are_not_checked(edition: Edition) -> None:
    document(edition, '<p xml:id="here">x</p>', "b.xml")
    path = document(
        edition,
        '<p xml:id="here"><ref target="b.xml#here">x</ref>'
        '<ref target="b.xml#no">x</ref></p>',
    )
    assert [f.code for f in check([path], edition)] == ["TEI305", "TEI303"]


def test_ids_are_reported_by_one_stage_only(edition: Edition) -> None:
    path = document(
        edition, '<p xml:id="a">x</p><p xml:id="a">x</p><p xml:id="1">x</p>'
    )
    assert [f.code for f in check([path], edition)] == ["TEI304", "TEI306"]


def test_other_encodings_are_checked_too(edition: Edition) -> None:
    path = edition.tei / "a.xml"
    path.write_text(
        f'<?xml version="1.0" encoding="Shift_JIS"?>\n<TEI xmlns="{TEI_NS}">\n'
        "<p>日本</p><q/></TEI>",
        encoding="shift_jis",
    )
    assert brief(check([path], edition)) == [("a.xml", 3, 10, "TEI101")]


def test_a_rule_does_not_repeat_what_the_pointers_say(edition: Edition) -> None:
    rules = edition.root / "schema" / "edition.sch"
    echo = (
        '<pattern id="e"><rule context="tei:ref"><assert test="false()">@target points'
        ' to nothing</assert><assert test="false()">a ref has words</assert></rule>'
        "</pattern></schema>"
    )
    rules.write_text(SCH.replace("</schema>", echo))
    path = document(edition, '<p><ref target="#x">y</ref></p>')
    found = list(check([path], edition))
    assert [f.message.partition(" [")[0] for f in found] == [
        "a ref has words",
        "@target of <ref> points to #x, but nothing in this document has that id",
    ]


def test_ids_shared_by_documents_are_a_warning_within_the_edition_only(
    edition: Edition, tmp_path: Path
) -> None:
    for name in ("a.xml", "b.xml", "c.xml"):
        document(edition, '<p xml:id="p1">x</p>', name)
    found = list(check(edition.documents(), edition))
    assert [(f.path.name, f.code, str(f.severity)) for f in found] == [
        ("a.xml", "TEI305", "warning"),
        ("b.xml", "TEI305", "warning"),
        ("c.xml", "TEI305", "warning"),
    ]
    outside = tmp_path / "outside.xml"
    outside.write_bytes((edition.tei / "a.xml").read_bytes())
    assert list(check([outside], edition)) == []


def test_what_a_rule_lacks_is_a_finding_in_the_schema(edition: Edition) -> None:
    rules = edition.root / "schema" / "edition.sch"
    rules.write_text(SCH.replace("normalize-space(.)", "key('k', .)"))
    (found,) = check([document(edition, "<p/>")], edition)
    assert (found.path, found.line, found.code) == (rules, 4, "TEI201")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("s.rng", "<grammar", "s.rng"),
        ("s.rng", '<element xmlns="http://relaxng.org/ns/structure/1.0"/>', "s.rng"),
        ("s.rnc", "element p { text", "s.rnc:1:17: found the end of the file"),
        ("s.sch", "<schema/>", "not ISO Schematron"),
        ("s.xsd", "<schema", "s.xsd"),
        ("s.xsd", "<schema/>", "s.xsd"),
        ("s.dtd", "", "is no schema this program knows"),
        ("none.xsd", None, "none.xsd"),
        ("none.sch", None, "none.sch"),
        ("none.rng", None, "none.rng"),
    ],
)
def test_a_schema_that_cannot_be_used_is_an_error(
    tmp_path: Path, name: str, content: str | None, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(SchemaError, match=said):
        Stages([tmp_path / name])


def test_an_edition_without_its_schema_says_so(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="there is no such schema"):
        list(check([], Edition(tmp_path, schema="none.rng")))


# -- words -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message", "mend"),
    [
        ("<P>x</P>", "<P> is not a TEI element; did you mean <p>?", "write <p>:"),
        ("<p><emp>x</emp></p>", "did you mean <emph>?", "write <emph>"),
        ("<p><q>x</q></p>", "<q> is an element of TEI, but not of this", "<emph>"),
        ("<p><li>x</li></p>", "<li> is not a TEI element", "write <item>"),
        ("<x:p xmlns:x='urn:x'/>", "<p> stands in the namespace urn:x", TEI_NS),
        ("<x:y xmlns:x='urn:x'/><p/>", "which this schema does not", "its namespace"),
        ("<p xmlns=''>x</p>", "<p> stands in no namespace, not in TEI's", 'xmlns=""'),
        (
            "<item>x</item><p>x</p>",
            "<item> cannot stand inside <TEI> (opened on line 1)",
            "put it into <list>",
        ),
        (
            "<p><p>x</p></p>",
            "<p> cannot stand inside <p> (opened on line 1)",
            "close <p> before it",
        ),
        ("<list></list>", "<list> (opened on line 1) lacks <item>", "before </list>"),
        ("x<p>y</p>", "text cannot stand directly in <TEI> (opened on", "into <p>"),
        ("<p whe='1967-01-01'>x</p>", "@whe is not an attribute of <p>", "write when="),
        ("<p target='#x'>x</p>", "@target is not an attribute of <p>", "on <ref>"),
        ("<p color='red'>x</p>", "nor of any other element of this schema", "remove"),
        ("<p x:n='1' xmlns:x='urn:x'>x</p>", "@n of the namespace urn:x", "remove it"),
        ("<p when='1967-13-01'>x</p>", "there is no month 13", ""),
        ("<p when='2.6.1967'>x</p>", "written year-month-day", 'when="1967-06-02"'),
        ("<p kind='secrt'>x</p>", "@kind of <p> cannot be “secrt”", 'kind="secret"'),
        ("<p kind='zzz'>x</p>", "cannot be “zzz”", 'allowed: "open" or "secret"'),
        ("<p kind=''>x</p>", "it is empty", 'allowed: "open" or "secret"'),
        ("<p><ref>x</ref></p>", "<ref> lacks @target", 'add target="…"'),
    ],
)
def test_the_grammars_faults_are_said_in_an_editors_words(
    tmp_path: Path, content: str, message: str, mend: str
) -> None:
    schema = tmp_path / "s.rng"
    schema.write_text(RNG)
    source = f'<TEI xmlns="{TEI_NS}">{content}</TEI>'.encode()
    found = GrammarCheck(schema).findings(tmp_path / "a.xml", source)
    assert message in found[0].message
    assert mend in (found[0].help or "")


def test_every_kind_of_fault_has_words() -> None:
    from toolkit.schema.faults import FaultKind
    from toolkit.validate.words.explain import CODES

    unsaid = {FaultKind.DUPLICATE_ID, FaultKind.NOT_WELL_FORMED}
    assert set(CODES) == set(FaultKind) - unsaid
    assert all(hasattr(Explainer, f"_{kind.name.lower()}") for kind in CODES)


# -- the cache of compiled schemas -------------------------------------------------


def compiled(folder: Path) -> list[Path]:
    """Return the kept schemas."""
    return sorted((folder / "cache" / "edition").glob("xsd-*.pickle"))


def test_a_compiled_schema_is_kept_and_used(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = edition.root / "schema" / "edition.xsd"
    SchemaCheck(schema)
    (kept,) = compiled(edition.root)
    assert kept.parent.stat().st_mode & 0o777 == 0o700
    assert not kept.stat().st_mode & 0o077

    def no_more(*_: object, **__: object) -> None:
        pytest.fail("compiled again")

    for version in ("XMLSchema10", "XMLSchema11"):
        monkeypatch.setattr(xmlschema, version, no_more)
    SchemaCheck(schema)


def test_a_change_in_an_included_schema_is_seen(edition: Edition) -> None:
    schema = edition.root / "schema" / "edition.xsd"
    SchemaCheck(schema)
    (edition.root / "schema" / "more.xsd").write_text(MORE.replace("date", "gYear"))
    SchemaCheck(schema)
    assert len(compiled(edition.root)) == 2


class Trap:
    """A pickle that does something."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return pytest.fail, ("a stranger's pickle was read",)


@pytest.mark.parametrize("way", ["file", "folder", "link", "broken"])
def test_a_strangers_pickle_is_never_read(
    edition: Edition, way: str, tmp_path: Path
) -> None:
    schema = edition.root / "schema" / "edition.xsd"
    SchemaCheck(schema)
    (kept,) = compiled(edition.root)
    kept.write_bytes(b"broken" if way == "broken" else pickle.dumps(Trap()))
    if way == "file":
        kept.chmod(0o666)
    elif way == "folder":
        kept.parent.chmod(0o777)
        assert cache_folder() is None
    elif way == "link":
        kept.rename(tmp_path / "elsewhere")
        kept.symlink_to(tmp_path / "elsewhere")
    path = document(edition, "<p>x</p>")
    assert list(check([path], edition, [schema])) == []


def test_without_a_home_nothing_is_kept_and_all_is_well(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = edition.root / "file"
    blocked.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert cache_folder() is None
    SchemaCheck(edition.root / "schema" / "edition.xsd")


# -- size ------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("good", [True, False], ids=["valid", "cut off"])
def test_a_hundred_megabytes_are_checked_in_bounded_time_and_memory(
    edition: Edition, good: bool
) -> None:
    words = "An ordinary sentence of an ordinary report, number one. " * 20
    paragraph = f"<p>{words}<emph>x</emph></p>\n"
    path = edition.tei / "large.xml"
    with path.open("w", encoding="utf-8") as file:
        file.write(f'<TEI xmlns="{TEI_NS}">')
        for _ in range(100):
            file.write(paragraph * (1_000_000 // len(paragraph)))
        if good:
            file.write("</TEI>")
    started = time.process_time()
    found = list(check([path], edition))
    assert [finding.code for finding in found] == ([] if good else ["XML002"])
    assert time.process_time() - started < 300
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 3 * 1024**2


# -- our own documents -------------------------------------------------------------


def test_the_documents_of_this_edition_are_valid(checkout: Path) -> None:
    edition = Edition(checkout)
    assert edition.documents()
    errors = [f for f in check(edition.documents(), edition) if f.severity == "error"]
    assert [str(finding) for finding in errors] == []
