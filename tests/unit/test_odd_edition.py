"""The edition's own ODD: fresh, fast, a part of TEI, and its examples hold."""

from __future__ import annotations

import os
import random
import time
from typing import TYPE_CHECKING

import pytest
import xmlschema
from lxml import etree

from tests.referees import jing
from toolkit.schema import automaton
from toolkit.schema.compare import subset
from toolkit.schema.generate import generate
from toolkit.schema.odd import check_odd, compile_odd, examples, load_odd
from toolkit.schema.relaxng import load
from toolkit.validate.schematron import rules
from toolkit.validate.schematron.loading import load as load_rules

if TYPE_CHECKING:
    from pathlib import Path

RNG = "{http://relaxng.org/ns/structure/1.0}"
#: Processor seconds within which libxml2, jing and xmlschema load our schemas.
#: They need less than one; a schema of the wrong shape makes libxml2 hang.
LOADING_S = 10.0


@pytest.fixture(scope="module")
def schema_folder(checkout: Path) -> Path:
    """The folder of the edition's schema."""
    return checkout / "schema"


@pytest.fixture(scope="module")
def odd(schema_folder: Path) -> Path:
    """The edition's ODD."""
    return schema_folder / "edition.odd"


@pytest.fixture(scope="module")
def compiled(odd: Path) -> dict[str, bytes]:
    """What the ODD compiles to."""
    return compile_odd(odd)


@pytest.fixture(scope="module")
def documents(checkout: Path) -> list[Path]:
    """The documents and registers of the edition."""
    found = sorted((checkout / "tei").glob("*.xml"))
    assert len(found) >= 5
    return found


def with_any_start(schema: Path, target: Path) -> Path:
    """Write a copy of a RELAX NG schema in which every element may be outermost."""
    root = etree.parse(schema).getroot()
    for start in root.findall(RNG + "start"):
        root.remove(start)
    choice = etree.SubElement(etree.SubElement(root, RNG + "start"), RNG + "choice")
    for define in root.findall(RNG + "define"):
        element = define.find(RNG + "element")
        if element is not None and element.get("name"):
            etree.SubElement(choice, RNG + "ref", name=define.get("name", ""))
    target.write_bytes(etree.tostring(root))
    return target


def written_examples(odd: Path, folder: Path) -> list[Path]:
    """Write every example into a file of its own, named after its line."""
    files = []
    for example in examples(odd):
        path = folder / f"line{example.line}-{example.ident}.xml"
        path.write_bytes(etree.tostring(example.element))
        files.append(path)
    return files


def test_the_odd_has_no_findings(odd: Path) -> None:
    assert list(map(str, check_odd(odd))) == []


def test_the_compiled_files_are_those_of_the_odd(
    odd: Path, compiled: dict[str, bytes]
) -> None:
    has_pages = (odd.parent / "reference").is_dir()
    stale = [
        name
        for name, body in compiled.items()
        if (has_pages or "/" not in name) and (odd.parent / name).read_bytes() != body
    ]
    assert stale == [], "run: edition schema"


def test_everything_is_described(odd: Path) -> None:
    schema = load_odd(odd)
    specifications = schema.odd
    lacking = [
        spec.ident
        for table in (
            specifications.elements,
            specifications.classes,
            specifications.macros,
            specifications.datatypes,
        )
        for spec in table.values()
        if spec.desc is None
    ]
    lacking += [
        f"{spec.ident}: example"
        for spec in specifications.elements.values()
        if not spec.exempla
    ]
    lacking += [
        f"{key}/@{name}"
        for key, attributes in schema.attributes.items()
        for name, attribute in attributes.items()
        if attribute.definition.desc is None
    ]
    assert lacking == []


def test_pages_have_names_that_every_file_system_tells_apart(
    compiled: dict[str, bytes],
) -> None:
    names = [name.casefold() for name in compiled]
    assert len(names) == len(set(names))


def test_libxml2_loads_the_relaxng_fast(schema_folder: Path) -> None:
    started = time.process_time()
    etree.RelaxNG(etree.parse(schema_folder / "edition.rng"))
    assert time.process_time() - started < LOADING_S


def test_every_example_is_valid(odd: Path) -> None:
    grammar = load(odd.parent / "edition.rng")
    xsd = etree.XMLSchema(etree.parse(odd.parent / "edition.xsd"))
    constraints = load_rules(odd.parent / "edition.sch")
    wrong: list[str] = []
    for example in examples(odd):
        if not example.valid:
            continue
        where = f"{odd.name}:{example.line}: {example.ident}:"
        fragment = etree.tostring(example.element)
        wrong += [
            f"{where} {fault}" for fault in automaton.check_fragment(fragment, grammar)
        ]
        if not xsd.validate(etree.fromstring(fragment)):
            wrong.append(f"{where} the XSD refuses it: {xsd.error_log}")
        wrong += [
            f"{where} {one.message}"
            for one in rules.check(example.element, constraints)
        ]
    assert wrong == []


def test_the_documents_are_valid(documents: list[Path], schema_folder: Path) -> None:
    grammar = load(schema_folder / "edition.rng")
    xsd = etree.XMLSchema(etree.parse(schema_folder / "edition.xsd"))
    for path in documents:
        source = path.read_bytes()
        assert automaton.check(source, grammar) == [], path.name
        assert xsd.validate(etree.fromstring(source)), f"{path.name}: {xsd.error_log}"


def test_what_the_schema_accepts_tei_accepts(odd: Path, shared: Path) -> None:
    ours = load(odd.parent / "edition.rng")
    teis = load(shared / "tei" / "tei_all.rng")
    assert list(map(str, subset(ours, teis))) == []


@pytest.mark.slow
def test_the_odd_is_valid_tei(odd: Path, shared: Path) -> None:
    assert jing(shared / "tei" / "tei_all.rng", [odd]) == []


@pytest.mark.slow
def test_jing_loads_the_relaxng_fast_and_finds_the_documents_valid(
    schema_folder: Path, documents: list[Path]
) -> None:
    before = os.times()
    assert jing(schema_folder / "edition.rng", documents) == []
    after = os.times()
    used = after.children_user - before.children_user
    assert used < LOADING_S


@pytest.mark.slow
def test_every_example_is_valid_tei(odd: Path, shared: Path, tmp_path: Path) -> None:
    teis = with_any_start(shared / "tei" / "tei_all.rng", tmp_path / "tei.rng")
    ours = with_any_start(odd.parent / "edition.rng", tmp_path / "ours.rng")
    files = written_examples(odd, tmp_path)
    assert jing(teis, files, "-i") == []
    assert jing(ours, files, "-i") == []


@pytest.mark.slow
def test_xmlschema_builds_the_xsd_fast_and_finds_the_documents_valid(
    schema_folder: Path, documents: list[Path]
) -> None:
    started = time.process_time()
    xsd = xmlschema.XMLSchema(str(schema_folder / "edition.xsd"))
    assert time.process_time() - started < LOADING_S
    for path in documents:
        assert list(xsd.iter_errors(str(path))) == [], path.name


@pytest.mark.slow
def test_tei_accepts_a_thousand_generated_documents(
    schema_folder: Path, shared: Path, tmp_path: Path
) -> None:
    grammar = load(schema_folder / "edition.rng")
    files = []
    for seed in range(1000):
        path = tmp_path / f"{seed}.xml"
        path.write_bytes(generate(grammar, seed, 20 + seed % 180))
        files.append(path)
    assert jing(schema_folder / "edition.rng", files) == []
    assert jing(shared / "tei" / "tei_all.rng", files) == []


@pytest.mark.slow
def test_the_xsd_accepts_what_the_relaxng_accepts(
    schema_folder: Path, tmp_path: Path
) -> None:
    grammar = load(schema_folder / "edition.rng")
    libxml2 = etree.XMLSchema(etree.parse(schema_folder / "edition.xsd"))
    files = []
    for seed in range(40):
        path = tmp_path / f"{seed}.xml"
        path.write_bytes(generate(grammar, seed, 150))
        files.append(path)
        assert libxml2.validate(etree.parse(path)), f"{seed}: {libxml2.error_log}"
    assert jing(schema_folder / "edition.xsd", files) == []  # Xerces


@pytest.mark.slow
def test_libxml2_jing_and_we_agree_on_damaged_documents(
    schema_folder: Path, tmp_path: Path
) -> None:
    grammar = load(schema_folder / "edition.rng")
    libxml2 = etree.RelaxNG(etree.parse(schema_folder / "edition.rng"))
    verdicts: dict[str, tuple[bool, bool]] = {}
    for seed in range(60):
        source = damaged(generate(grammar, seed, 60), seed)
        path = tmp_path / f"{seed}.xml"
        path.write_bytes(source)
        verdicts[path.name] = (
            bool(libxml2.validate(etree.fromstring(source))),
            automaton.accepts(source, grammar),
        )
    said = jing(schema_folder / "edition.rng", sorted(tmp_path.iterdir()), "-i")
    refused = {line.split(".xml:")[0].rpartition("/")[2] + ".xml" for line in said}
    for name, (of_libxml2, ours) in verdicts.items():
        assert of_libxml2 == ours == (name not in refused), name
    assert 10 < len(refused) < len(verdicts)


def damaged(source: bytes, seed: int) -> bytes:
    """Return a document in which one element was removed, renamed, moved, changed."""
    chance = random.Random(seed)  # noqa: S311 - a choice that can be repeated
    root = etree.fromstring(source)
    element = chance.choice(list(root.iter())[1:])
    parent = element.getparent()
    assert parent is not None
    match seed % 5:
        case 0:
            parent.remove(element)
        case 1:
            element.tag = "{http://www.tei-c.org/ns/1.0}" + chance.choice(("p", "gap"))
        case 2:
            parent.insert(0, element)
        case 3:
            element.set("reason", "editorial")
        case _:
            element.text = (element.text or "") + "typed"
    return etree.tostring(root)
