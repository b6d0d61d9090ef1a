"""The schemas that a document names itself, and those that the user names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.small_odds import write_odd
from toolkit.cache import Cache
from toolkit.catalog import Catalog
from toolkit.config import Edition
from toolkit.errors import SchemaError
from toolkit.schema.odd import compile_odd
from toolkit.tei import TEI_NS
from toolkit.validate import check
from toolkit.validate.how import How
from toolkit.validate.mending.judges import Judges
from toolkit.validate.schemas.compiled import compiled
from toolkit.validate.schemas.kinds import kind_of
from toolkit.validate.schemas.model import Instruction, choose, instructions

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.findings import Finding

CATALOG: Final = (
    '<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">{}</catalog>'
)
RNG_NS: Final = "http://relaxng.org/ns/structure/1.0"
SCH_NS: Final = "http://purl.oclc.org/dsdl/schematron"


def grammar(inner: str) -> str:
    """Return a schema: TEI with one sort of children."""
    return (
        f'<element name="TEI" ns="{TEI_NS}" xmlns="{RNG_NS}"><zeroOrMore>'
        f'<element name="{inner}"><text/></element></zeroOrMore></element>'
    )


SCH: Final = f"""<schema xmlns="{SCH_NS}" queryBinding="xslt2">
<ns prefix="t" uri="{TEI_NS}"/><pattern id="words"><rule context="t:q">
<assert test="text()">a quotation has words</assert></rule></pattern></schema>"""


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the tests' compiled schemas away from the user's; work in the folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("XML_CATALOG_FILES", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    """An edition that knows ``p``, and a schema beside it that knows ``q``."""
    for name, content in {
        "edition.toml": "",
        "schema/edition.rng": grammar("p"),
        "schema/edition.sch": f'<schema xmlns="{SCH_NS}"/>',
        "schema/other.rng": grammar("q"),
        "schema/rules.sch": SCH,
        "schema/broken.rng": f'<element xmlns="{RNG_NS}"/>',
        "schema/note.txt": "no schema",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    for name in ("tei", "elsewhere"):
        (tmp_path / name).mkdir()
    return Edition(tmp_path)


def document(
    path: Path, *hrefs: str, content: str = "<q/>", more: str = "", end: str = "\n"
) -> Path:
    """Write a document that names schemas."""
    asked = "".join(f'<?xml-model href="{href}" {more}?>{end}' for href in hrefs)
    path.write_text(f'{asked}<TEI xmlns="{TEI_NS}">{content}</TEI>', encoding="utf-8")
    return path


def codes(found: list[Finding]) -> list[str]:
    """Return the codes of findings."""
    return [one.code for one in found]


# -- reading the instructions ------------------------------------------------------


def test_instructions_are_found_before_the_outermost_element() -> None:
    source = (
        '\ufeff<?xml version="1.0"?><!-- <?xml-model href="no"?> -->\r\n'
        f"  <?xml-model href='a&amp;b.rng' type=\"application/xml\"\n"
        f'     schematypens="{RNG_NS}"?><!DOCTYPE TEI [<?xml-model href="no"?>]>'
        '<?xml-model href="x.dtd" type="application/xml-dtd"?><?xml-models href="no"?>'
        '<TEI><?xml-model href="no"?></TEI>'
    ).encode()
    assert instructions(source) == [
        Instruction("a&b.rng", "RELAX NG", 2, 3),
        Instruction("x.dtd", "DTD", 3, 98),
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig", "latin-1"])
def test_instructions_are_found_in_other_encodings(encoding: str) -> None:
    text = '<?xml version="1.0"?>\n<?xml-model href="é.rng"?><TEI/>'
    if encoding == "latin-1":
        text = text.replace('"?>', '" encoding="iso-8859-1"?>', 1)
    (found,) = instructions(text.encode(encoding))
    assert (found.href, found.line, found.column) == ("é.rng", 2, 1)


@given(st.binary())
def test_any_bytes_may_come_before_the_document(source: bytes) -> None:
    instructions(b"<?xml-model " + source)
    instructions(source + b"<?xml-model href='x'?>")


# -- whose schemas count -----------------------------------------------------------


def test_a_document_from_elsewhere_is_checked_by_what_it_names(
    edition: Edition, tmp_path: Path
) -> None:
    path = document(tmp_path / "elsewhere" / "a.xml", "../schema/other.rng")
    assert list(check([path], edition)) == []
    assert codes(list(check([path], edition, how=How(model=False)))) == ["TEI101"]
    named = [tmp_path / "schema" / "edition.rng"]
    assert codes(list(check([path], edition, named))) == ["TEI101"]


def test_the_editions_documents_are_checked_by_its_schemas(edition: Edition) -> None:
    path = document(edition.tei / "a.xml", "../schema/other.rng")
    assert codes(list(check([path], edition))) == ["TEI101"]


def test_without_settings_a_folder_is_no_edition(edition: Edition) -> None:
    edition.settings.unlink()
    path = document(edition.tei / "a.xml", "../schema/other.rng")
    assert list(check([path], edition)) == []


def test_a_schema_may_be_named_by_the_address_of_its_file(
    edition: Edition, tmp_path: Path
) -> None:
    address = (tmp_path / "schema" / "other.rng").as_uri()
    for href in (address, address.replace("file:///", "file:/")):
        path = document(tmp_path / "elsewhere" / "a.xml", href)
        assert list(check([path], edition)) == []


def test_grammar_and_rules_are_used_together(edition: Edition, tmp_path: Path) -> None:
    hrefs = "../schema/other.rng", "../schema/rules.sch", "../schema/other.rng"
    path = document(tmp_path / "elsewhere" / "a.xml", *hrefs)
    assert codes(list(check([path], edition))) == ["TEI200"]


PHASED: Final = f"""<schema xmlns="{SCH_NS}" queryBinding="xslt2" defaultPhase="one">
<ns prefix="t" uri="{TEI_NS}"/>
<phase id="one"><active pattern="first"/></phase>
<phase id="two"><active pattern="second"/></phase>
<pattern id="first"><rule context="t:q"><report test="1">first</report></rule></pattern>
<pattern id="second"><rule context="t:q"><report test="1">second</report></rule>
</pattern></schema>"""


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("", ["first [first]"]),
        ('phase="two"', ["second [second]"]),
        ('phase="#ALL"', ["first [first]", "second [second]"]),
    ],
    ids=["the schema's own", "another", "all"],
)
def test_rules_are_run_in_the_phase_that_a_document_asks_for(
    edition: Edition, tmp_path: Path, more: str, said: list[str]
) -> None:
    (tmp_path / "schema" / "phased.sch").write_text(PHASED)
    path = document(tmp_path / "elsewhere" / "a.xml", "../schema/phased.sch", more=more)
    for _ in ("checked", "remembered"):
        assert [one.message for one in check([path], edition)] == said
    judged = Judges(edition).of(path)(path.read_bytes())
    assert [one.message for one in judged] == said


def test_a_phase_is_of_the_schema_it_is_asked_of(
    edition: Edition, tmp_path: Path
) -> None:
    (tmp_path / "schema" / "phased.sch").write_text(PHASED)
    path = tmp_path / "elsewhere" / "a.xml"
    asked = (
        '<?xml-model href="../schema/rules.sch"?>'
        '<?xml-model href="../schema/phased.sch" phase="two"?>'
    )
    path.write_text(f'{asked}<TEI xmlns="{TEI_NS}"><q/></TEI>')
    found = sorted(one.message for one in check([path], edition))
    assert found == ["a quotation has words [words]", "second [second]"]


def test_a_phase_that_the_schema_does_not_have_is_a_finding(
    edition: Edition, tmp_path: Path
) -> None:
    (tmp_path / "schema" / "phased.sch").write_text(PHASED)
    href = "../schema/phased.sch"
    path = document(tmp_path / "elsewhere" / "a.xml", href, more='phase="three"')
    remark, fault = check([path], edition)
    assert (remark.code, fault.code) == ("XML008", "TEI101")
    assert "there is no phase 'three'" in remark.message


def test_documents_of_several_schemas_are_told_one_after_the_other(
    edition: Edition, tmp_path: Path
) -> None:
    folder = tmp_path / "elsewhere"
    document(folder / "a.xml", "../schema/other.rng", content="<p/>")
    document(folder / "b.xml", "http://x.org/b.rng")
    document(folder / "c.xml", content="<p/>")
    document(folder / "d.xml", "http://x.org/d.rng", content="<p/>")
    found = list(check([folder], edition, how=How(jobs=1)))
    assert [(one.path.name, one.code) for one in found] == [
        ("a.xml", "TEI101"),
        ("b.xml", "XML008"),
        ("b.xml", "TEI101"),
        ("d.xml", "XML008"),
    ]


# -- nothing is fetched ------------------------------------------------------------


@pytest.mark.parametrize(
    ("href", "more", "said"),
    [
        ("https://www.tei-c.org/tei_all.rng", "", "is not available offline"),
        ("//x.org/a.rng", "", "is not available offline"),
        ("file:///etc/passwd", "", "lies outside the folder"),
        ("../../outside.rng", "", "lies outside the folder"),
        ("none.rng", "", "is not there"),
        ("", "", "has no href"),
        ("../schema/note.txt", "", "is no schema that this program knows"),
        ("a.dtd", 'type="application/xml-dtd"', "is of a kind that is not read (DTD)"),
        ("http://[", "", "cannot be found: that is no address"),
        ("a%00.rng", "", "cannot be found: that is no address"),
    ],
)
def test_what_cannot_be_had_is_said_and_the_editions_schema_is_used(
    edition: Edition, tmp_path: Path, href: str, more: str, said: str
) -> None:
    path = document(tmp_path / "elsewhere" / "a.xml", href, more=more)
    remark, fault = check([path], edition)
    assert (remark.code, remark.severity, remark.line) == ("XML008", "warning", 1)
    assert said in remark.message
    assert remark.message.endswith("; checked by edition.rng, edition.sch instead")
    assert fault.code == "TEI101"


def test_a_schema_that_is_named_for_its_rules_too_is_missed_once(
    edition: Edition, tmp_path: Path
) -> None:
    address = "https://www.tei-c.org/tei_all.rng"
    path = document(tmp_path / "elsewhere" / "a.xml", address, address, "none.rng")
    found = [one for one in check([path], edition) if one.code == "XML008"]
    assert [(one.line, one.message.split()[2]) for one in found] == [
        (1, address),
        (3, "none.rng"),
    ]


def test_a_schema_that_is_broken_is_a_finding(edition: Edition, tmp_path: Path) -> None:
    path = document(tmp_path / "elsewhere" / "a.xml", "../schema/broken.rng")
    remark, fault = check([path], edition)
    assert (remark.code, remark.severity, fault.code) == ("XML008", "error", "TEI101")
    assert "broken.rng:1" in remark.message
    judge = Judges(edition).of(path)
    assert codes(judge(path.read_bytes())) == ["XML008", "TEI101"]
    assert codes(judge(path.read_bytes())) == ["XML008", "TEI101"]


def test_a_catalog_says_which_file_stands_for_an_address(
    edition: Edition, tmp_path: Path
) -> None:
    catalog = tmp_path / "catalog.xml"
    entry = '<uri name="http://x.org/q.rng" uri="schema/other.rng"/>'
    catalog.write_text(CATALOG.format(entry))
    path = document(tmp_path / "elsewhere" / "a.xml", "http://x.org/q.rng")
    assert list(check([path], edition, how=How(catalog=Catalog([catalog])))) == []
    own = replace(edition, catalogs=("catalog.xml",))
    assert list(check([path], own, how=How(catalog=own.catalog()))) == []


def test_a_file_that_lies_outside_may_be_named_by_a_catalog(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    schema = tmp_path / "b" / "s.rng"
    schema.write_text(grammar("q"))
    (tmp_path / "c.xml").write_text(
        CATALOG.format('<uriSuffix uriSuffix="/s.rng" uri="b/s.rng"/>')
    )
    asked = [Instruction("../b/s.rng", "RELAX NG", 1, 1)]
    here = tmp_path / "a" / "d.xml"
    alone = choose(asked, here, [], Catalog())
    assert alone.schemas == ()
    assert choose(asked, here, [], Catalog([tmp_path / "c.xml"])).schemas == (schema,)
    assert choose(asked, here, [tmp_path], Catalog()).schemas[0].samefile(schema)


def test_schemas_include_by_catalog(edition: Edition, tmp_path: Path) -> None:
    main = tmp_path / "schema" / "main.rng"
    main.write_text(
        f'<grammar xmlns="{RNG_NS}"><include href="http://x.org/part.rng"/></grammar>'
    )
    part = tmp_path / "part.rng"
    rest = f"<start>{grammar('q')}</start>"
    part.write_text(f'<grammar xmlns="{RNG_NS}">{rest}</grammar>')
    catalog = tmp_path / "catalog.xml"
    entry = '<rewriteURI uriStartString="http://x.org/" rewritePrefix=""/>'
    catalog.write_text(CATALOG.format(entry.replace('""', '"./"')))
    path = document(tmp_path / "elsewhere" / "a.xml")
    how = How(catalog=Catalog([catalog]))
    assert list(check([path], edition, [main], how)) == []
    assert list(check([path], edition, [main], how)) == []
    part.write_text(part.read_text().replace('"q"', '"p"'))
    assert codes(list(check([path], edition, [main], how))) == ["TEI101"]
    with pytest.raises(SchemaError, match="never from the network"):
        list(check([path], edition, [main], How(cache=Cache(None))))


def test_w3c_schemas_include_by_catalog(edition: Edition, tmp_path: Path) -> None:
    head = (
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{TEI_NS}" '
        f'targetNamespace="{TEI_NS}" elementFormDefault="qualified">'
    )
    main = tmp_path / "schema" / "main.xsd"
    main.write_text(
        f'{head}<xs:include schemaLocation="http://x.org/q.xsd"/>'
        '<xs:element name="TEI"><xs:complexType><xs:sequence>'
        '<xs:element ref="q"/></xs:sequence></xs:complexType></xs:element></xs:schema>'
    )
    (tmp_path / "q.xsd").write_text(f'{head}<xs:element name="q"/></xs:schema>')
    catalog = tmp_path / "catalog.xml"
    entry = '<system systemId="http://x.org/q.xsd" uri="q.xsd"/>'
    catalog.write_text(CATALOG.format(entry))
    path = document(tmp_path / "elsewhere" / "a.xml")
    how = How(catalog=Catalog([catalog]))
    assert list(check([path], edition, [main], how)) == []
    document(path, content="<p/>")
    assert codes(list(check([path], edition, [main], how))) == ["TEI150"]


# -- kinds of schemas --------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.RNG", "", ".rng"),
        ("a.schematron", "", ".sch"),
        ("a.isosch", "", ".sch"),
        ("a.xml", f'<schema xmlns="{SCH_NS}"/>', ".sch"),
        ("a", f'<grammar xmlns="{RNG_NS}"/>', ".rng"),
        ("a.xml", f'<TEI xmlns="{TEI_NS}"/>', ".odd"),
        ("a.xml", "<schema/>", ""),
        ("a.xml", "", ""),
        ("a.dtd", "", ""),
    ],
)
def test_a_kind_is_known_by_the_name_or_the_outermost_element(
    tmp_path: Path, name: str, content: str, kind: str
) -> None:
    path = tmp_path / name
    path.write_text(content)
    if kind:
        assert kind_of(path) == kind
    else:
        with pytest.raises(SchemaError):
            kind_of(path)


@pytest.mark.parametrize("kept", [True, False], ids=["with a cache", "without"])
def test_an_odd_is_compiled_and_kept(
    edition: Edition, tmp_path: Path, kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    specification = (
        '<elementSpec ident="TEI"><content><empty/></content><constraintSpec ident="c" '
        'scheme="schematron"><constraint><sch:assert test="false()">no</sch:assert>'
        "</constraint></constraintSpec></elementSpec>"
    )
    odd = write_odd(tmp_path, specification, start="TEI")
    folder = tmp_path / "kept" if kept else None
    (tmp_path / "kept").mkdir()
    made = compile_odd(odd)
    rng, sch = compiled([odd], folder)
    assert rng.read_bytes() == made["small.rng"]
    assert sch.read_bytes() == made["small.sch"]
    monkeypatch.setattr("toolkit.schema.odd.compile_odd", pytest.fail)
    assert compiled([odd, rng], folder) == [rng, sch, rng]
    path = document(tmp_path / "elsewhere" / "a.xml", content="")
    how = How(cache=Cache(folder))
    assert codes(list(check([path], edition, [odd], how))) == ["TEI200"]
    odd.rename(tmp_path / "small.xml")
    named = [tmp_path / "small.xml", tmp_path / "schema" / "rules.sch"]
    monkeypatch.undo()
    assert codes(list(check([path], edition, named, how))) == ["TEI200"]


def test_an_odd_with_errors_cannot_be_used(edition: Edition, tmp_path: Path) -> None:
    odd = write_odd(tmp_path, '<elementSpec ident="p"><content><elementRef key="no"/>')
    path = document(tmp_path / "elsewhere" / "a.xml")
    with pytest.raises(SchemaError, match=odd.name):
        list(check([path], edition, [odd]))
