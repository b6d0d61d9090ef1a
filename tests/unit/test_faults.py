"""Single faults that editors make: each gives one finding that says what it must.

The files lie in ``tests/faults/LAYER/NAME.xml``: each is ``base.xml``, which is valid,
with one fault. ``expected.tsv`` says for each which code it has to give, where, which
words must be said to name the culprit, and which to help with the mend.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.faults import FAULTS, LAYERS, SCHEMA, Expected, expectations, says
from toolkit.validate.document import check_file
from toolkit.validate.pointers.follow import PointerCheck
from toolkit.validate.pointers.ids import Index
from toolkit.validate.stages import Stages

if TYPE_CHECKING:
    from pathlib import Path

    from toolkit.findings import Finding

ROWS = expectations()
#: What TEI itself allows and the edition's schema does not.
ALLOWED_BY_TEI = {
    "grammar/element-left-out",
    "datatype/value-misspelt",
    "datatype/value-wrong-case",
    "datatype/value-not-in-list",
}


@pytest.fixture(scope="session")
def stages() -> Stages:
    """The edition's own schemas."""
    return Stages([SCHEMA.with_suffix(".rng"), SCHEMA.with_suffix(".sch")])


@pytest.fixture(scope="session")
def pointers() -> PointerCheck:
    """The folder of faults as an edition of one register."""
    return PointerCheck(Index([FAULTS / "persons.xml"]), FAULTS)


def unsaid(expected: Expected, findings: list[Finding]) -> list[str]:
    """Return what is wrong with what is said of a fault."""
    said = " ".join(f"{one.message} {one.help}" for one in findings)
    found = [
        f"{word!r} is not said"
        for word in (*expected.culprit, expected.opened, *expected.mend)
        if not says(said, word)
    ]
    if len(findings) != 1:
        return [f"{len(findings)} findings", *found]
    (one,) = findings
    if one.code != expected.code:
        found.append(f"{one.code}, not {expected.code}")
    if (one.line, one.column) != (expected.line, expected.column):
        found.append(f"at {one.line}:{one.column}")
    return found


def test_the_base_of_all_faults_is_valid(
    stages: Stages, pointers: PointerCheck
) -> None:
    assert check_file(FAULTS / "base.xml", stages, pointers) == []
    assert check_file(FAULTS / "persons.xml", stages, pointers) == []


def test_every_file_is_expected_and_every_layer_has_twenty() -> None:
    files = {f"{path.parent.name}/{path.stem}" for path in FAULTS.glob("*/*.xml")}
    assert files == {row.name for row in ROWS}
    count = Counter(row.layer for row in ROWS)
    assert list(count) == LAYERS
    assert min(count.values()) >= 20


@pytest.mark.parametrize("expected", ROWS, ids=lambda row: row.name)
def test_one_fault_gives_one_finding_that_helps(
    expected: Expected, stages: Stages, pointers: PointerCheck
) -> None:
    findings = check_file(expected.path, stages, pointers)
    assert not unsaid(expected, findings), list(map(str, findings))


def test_the_same_is_said_by_the_schema_of_all_tei(
    shared: Path, pointers: PointerCheck
) -> None:
    stages = Stages([shared / "tei" / "tei_all.rng"])
    poor = {}
    for expected in ROWS:
        if expected.layer == "schematron":
            continue  # the edition's own rules
        findings = check_file(expected.path, stages, pointers)
        if expected.name in ALLOWED_BY_TEI:
            assert findings == []
        elif wrong := unsaid(expected, findings):
            poor[expected.name] = [*wrong, *map(str, findings)]
    assert poor == {}
