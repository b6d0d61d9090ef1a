"""Generated documents and their mutants are judged as jing judges them.

Another run with other documents: ``MUTANT_SEED=7 python -m pytest -m slow …``.
"""

from __future__ import annotations

import os
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.mutants import GRAMMARS, Mutator
from tests.referees import jing
from toolkit.cache import Cache
from toolkit.schema import kept
from toolkit.schema.automaton import accepts, check
from toolkit.schema.generate import generate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from toolkit.schema.grammar import Grammar

SEED = int(os.environ.get("MUTANT_SEED", "1"))
#: Schemas with the number of documents, and of mutants of each: 10,000 in all.
SIZES = {
    "tei_all.rng": (80, 50),
    "edition.rng": (40, 50),
    **dict.fromkeys(GRAMMARS, (20, 50)),
}


def _schema(name: str, folder: Path, checkout: Path, shared: Path) -> Path:
    if name == "tei_all.rng":
        return shared / "tei" / name
    if name == "edition.rng":
        return checkout / "schema" / name
    schema = folder / f"{name}.rnc"
    schema.write_text(GRAMMARS[name], encoding="utf-8")
    return schema


def _documents(grammar: Grammar, name: str) -> Iterator[tuple[bytes, bool]]:
    """Yield generated documents and, after each, its mutants; and whether it is one."""
    documents, mutants = SIZES[name]
    mutator = Mutator(grammar, Random(f"{SEED} {name}"))  # noqa: S311 - no secret
    for number in range(documents):
        source = generate(grammar, 1_000 * SEED + number, 25)
        yield source, False
        for _ in range(mutants):
            yield mutator.mutant(source), True


@pytest.mark.slow
@pytest.mark.parametrize("name", SIZES)
def test_mutants_are_judged_as_jing_judges_them(
    name: str, tmp_path: Path, checkout: Path, shared: Path
) -> None:
    schema = _schema(name, tmp_path, checkout, shared)
    grammar = kept.load(schema, Cache(None))
    ours: dict[str, bool] = {}
    generated: set[str] = set()
    for number, (source, is_mutant) in enumerate(_documents(grammar, name)):
        file = tmp_path / f"{number}.xml"
        file.write_bytes(source)
        ours[str(file)] = not check(source, grammar)
        if grammar.needs_prefixes is False:
            assert accepts(source, grammar) is ours[str(file)], source.decode()
        if not is_mutant:
            generated.add(str(file))
    options = ("-c",) if schema.suffix == ".rnc" else ()
    said = jing(schema, (tmp_path / one for one in ours), *options)
    refused = {line.split(":", 1)[0]: line for line in reversed(said)}
    assert set(refused) <= set(ours), said[:3]  # else it is the schema
    wrong = [
        refused.get(one, f"{one}: jing has no fault to find")
        for one, valid in ours.items()
        if valid is (one in refused)
    ]
    assert not wrong, f"{len(wrong)} of {len(ours)}: " + "\n".join(wrong[:5])
    assert generated.isdisjoint(refused)
    # A test of what is invalid needs invalid documents, and of what is valid, valid.
    mutants = len(ours) - len(generated)
    assert 0.2 * mutants < len(refused) < 0.9 * mutants
