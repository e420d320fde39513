"""Citing. Oracle: the synthetic library and study of this folder, as written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from virkestoff.costbenefit import rules_on
from virkestoff.errors import InputError, MissingFact
from virkestoff.evidence import Library
from virkestoff.studies import (
    Definition,
    assemble,
    citation,
    dump_json,
    load_definition,
    load_evaluate,
    outcome_of,
    run_study,
)


@pytest.fixture
def ran(folder: Path, library: Library) -> tuple[Definition, Library, dict[str, Any]]:
    definition, joined = load_definition(folder, library)
    rules = rules_on(joined, definition.as_of)
    result = run_study(definition, joined, load_evaluate(folder), rules, 64, 5)
    return definition, joined, json.loads(dump_json(assemble(result)))


def test_an_outcome_with_all_that_leads_to_it(ran) -> None:
    definition, library, results = ran
    lines = citation.cite_outcome(definition, library, results, "stock.cost", "en")
    assert lines[0].startswith("Cost: ")
    assert "NOK/year (2025)" in lines[0]
    assert lines[1] == "alternative: Stock [stock] months=6"
    assert lines[2] == "method: docs/x.md"
    assert lines[3].startswith("seed: 5, 64 draws, as_of 2026-11-01, library ")
    assert lines[3].endswith(library.digest[:12])
    assert "  demo.price: 5 / 10 / 20 NOK/kg (2025) [unverified; s, p]" in lines
    assert "  demo.need: 90 / 100 / 110 kg/year [read; s, p]" in lines
    assert not any("demo.unused" in line for line in lines)


def test_in_norwegian(ran) -> None:
    lines = citation.cite_outcome(*ran, "stock.cost", "nb")
    assert [line.split(":")[0] for line in lines[:4]] == ["Kostnad", "alternativ", "metode", "frø"]
    assert lines[4].endswith("fakta er lest:")


def test_a_probe_shows_the_levers_of_its_alternative_with_its_own(ran) -> None:
    lines = citation.cite_outcome(*ran, "double.cost", "en")
    assert lines[1] == "alternative: D [double] months=12"


def test_a_name_of_readers_for_an_outcome_of_the_engine(ran) -> None:
    name = "stock.account_net_present_cost"
    assert citation.cite_outcome(*ran, name, "en")[0].startswith("account_net_present_cost: ")
    assert citation.cite_outcome(*ran, name, "en", "Net cost")[0].startswith("Net cost: ")
    assert citation.cite_outcome(*ran, name, "en")[2].startswith("method: docs/subjects/")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("stok.cost", "Did you mean 'stock'"),
        ("stock.cots", "Did you mean 'cost'"),
        ("stock", "Write stock.OUTCOME"),
        ("", "Write alternative.outcome"),
    ],
)
def test_unknown_outcomes(ran, name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        outcome_of(ran[2], name)


def test_a_fact_a_source_and_what_is_neither(library: Library) -> None:
    value, source = citation.cite_record(library, "demo.price", "en")
    assert value == "Price: 5 / 10 / 20 NOK/kg (2025) – unverified (recalled)"
    assert source == "Tests (2025): Synthetic source for tests [s], p"
    assert citation.cite_record(library, "s", "en") == [source.removesuffix(", p")]
    with pytest.raises(MissingFact, match=r"demo\.price"):
        citation.cite_record(library, "demo.prise", "en")


def test_describing_a_fact_and_a_source(library: Library) -> None:
    described = dict(citation.describe(library, "demo.price", "nb"))
    assert described["navn"] == "Pris"
    assert described["prisnivå"] == "2025"
    assert described["fil"] == "demo/x.yaml"
    # 20 is four times 5, all above zero: a factor either way, drawn on a logarithmic scale
    assert described["fordeling"] == "log_triangular"
    assert dict(citation.describe(library, "s", "en"))["publisher"] == "Tests"


def test_results_of_another_study_yaml_are_refused_and_changed_words_are_not(ran) -> None:
    definition, library, results = ran
    citation.check_same_origin(definition, library, results, "out")
    reworded = definition.model_copy(update={"title": definition.question})
    citation.check_same_origin(reworded, library, results, "out")
    for change in ({"price_year": 2024}, {"rankings": ()}, {"probes": {}}):
        changed = definition.model_copy(update=change)
        with pytest.raises(InputError, match=f"{next(iter(change))} differ"):
            citation.check_same_origin(changed, library, results, "out")


def test_the_facts_of_a_study_are_part_of_the_librarys_mark(
    folder: Path, library: Library
) -> None:
    own = folder / "facts" / "own.yaml"
    own.parent.mkdir()
    origin = "name: {nb: a, en: b}, source: s, place: p, how: read, grade: low"
    marks = set()
    for value in (1, 2):
        own.write_text(f"facts:\n  demo.own: {{{origin}, value: {value}, unit: kg}}\n")
        marks.add(load_definition(folder, library)[1].digest)
    assert len(marks | {library.digest}) == 3
