"""Combinations of alternatives. Oracles: the same run declared as an alternative, and by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from virkestoff.costbenefit import rules_on
from virkestoff.errors import InputError
from virkestoff.evidence import Library, content_root, read_yaml
from virkestoff.language import Text
from virkestoff.reports.combination_tables import combination_figure, combination_table
from virkestoff.reports.study_context import StudyContext
from virkestoff.studies import Definition, RunResult, assemble, dump_json, load_evaluate, run_study
from virkestoff.studies.combinations import COMBINATION_DRAWS, combination_name, joined_levers
from virkestoff.studies.definition import load_definition

MODEL = """\
import numpy as np
from virkestoff.effects import Ledger


def evaluate(case):
    ledger = Ledger()
    need = case.parameters("demo.need", "kg/year")
    luck = case.uniforms("luck", case.years.size)
    cost = need * (case.number("months") + 3 * case.number("plant")) * case["price"] * luck
    ledger.pay("stock", "state", "makers", np.broadcast_to(cost, case.shape))
    ledger.measure("cost", cost.mean(axis=1))
    left = 30 / (1 + case.number("months")) / (1 + case.number("plant")) * luck.mean(axis=1)
    ledger.measure("short", left)
    return ledger
"""
EXTRA = """\
  plant: {name: {nb: P, en: P}, unit: "1", range: [0, 1], default: 0}
parameters:"""
SHORT = """\
outcomes:
  short: {name: {nb: Mangel, en: Shortage}, unit: day/year, better: lower, method: docs/x.md}
  each: {name: {nb: E, en: E}, unit: NOK/day, better: lower, method: d.md, ratio: [cost, short]}
"""
COMBINED = """\
  built: {name: {nb: EØS-anlegg, en: EEA plant}, text: {nb: x, en: x}, levers: {plant: 1}}
  both: {name: {nb: B, en: B}, text: {nb: x, en: x}, levers: {plant: 1, months: 6}}
combinations:
  sets: [[stock, built]]
  cost: cost
  shortage: short
  columns: [cost, short, each]
probes:"""


def _study(folder: Path, combined: str = COMBINED) -> None:
    path = folder / "study.yaml"
    text = path.read_text()
    text = text.replace("parameters:", EXTRA).replace("outcomes:\n", SHORT)
    path.write_text(text.replace("probes:", combined))
    (folder / "study.py").write_text(MODEL)


def _run(folder: Path, library: Library, draws: int, block: int = 512) -> RunResult:
    definition, joined = load_definition(folder, library)
    rules = rules_on(joined, definition.as_of)
    return run_study(definition, joined, load_evaluate(folder), rules, draws, 7, block, 1)


def test_a_combination_is_the_alternative_that_sets_the_same_levers(
    folder: Path, library: Library
) -> None:
    """Oracle: the same levers declared by hand as an alternative of their own."""
    _study(folder)
    result = _run(folder, library, 40)
    found = result.runs["stock+built"]
    assert found.job.levers == result.runs["both"].job.levers
    for name, values in result.runs["both"].outcomes.items():
        np.testing.assert_array_equal(found.outcomes[name], values)


def test_alternatives_stand_beside_it_on_the_same_draws(folder: Path, library: Library) -> None:
    """Oracle: numpy over the first draws of the whole run."""
    _study(folder)
    draws = COMBINATION_DRAWS + 30
    result = _run(folder, library, draws)
    held: dict[str, Any] = assemble(result)["combinations"]
    assert held["draws"] == COMBINATION_DRAWS
    assert list(held["runs"]) == ["today", "stock", "built", "both", "stock+built"]
    assert held["runs"]["both"] == held["runs"]["stock+built"]
    whole = {name: result.runs["built"].outcomes[name] for name in ("cost", "short")}
    first = {name: values[:COMBINATION_DRAWS] for name, values in whole.items()}
    assert whole["cost"].size == draws
    assert held["runs"]["built"]["cost"]["mean"] == first["cost"].mean()
    ratio = first["cost"].mean() / first["short"].mean()
    assert held["runs"]["built"]["each"]["mean"] == pytest.approx(ratio, rel=1e-14)
    se = first["short"].std(ddof=1) / np.sqrt(COMBINATION_DRAWS)
    assert held["runs"]["built"]["short"]["se"] == pytest.approx(se, rel=1e-12)


@pytest.mark.parametrize("block", [100, 512, 2000])
def test_equal_bytes_for_any_block(folder: Path, library: Library, block: int) -> None:
    _study(folder)
    draws = COMBINATION_DRAWS + 30
    expected = dump_json(assemble(_run(folder, library, draws, 1250)))
    assert dump_json(assemble(_run(folder, library, draws, block))) == expected


def test_no_alternative_moves_when_combinations_are_added(folder: Path, library: Library) -> None:
    _study(folder)
    after = assemble(_run(folder, library, 60))
    text = (folder / "study.yaml").read_text()
    start, end = text.index("combinations:"), text.index("probes:")
    (folder / "study.yaml").write_text(text[:start] + text[end:])
    before = assemble(_run(folder, library, 60))
    assert "combinations" not in before
    assert after.pop("combinations")["runs"].keys() > before["alternatives"].keys()
    assert dump_json(after) == dump_json(before)


def test_faults_are_named_all_at_once(folder: Path, library: Library) -> None:
    _study(
        folder,
        COMBINED.replace(
            "[[stock, built]]",
            "[[stock, built], [built, stock], [stock], [stock, stock], [today, stock], "
            "[stock, bilt], [stock, less]]",
        )
        .replace("columns: [cost,", "columns: [kost,")
        .replace("cost: cost", "levers: {months: 99, mnths: 1}\n  cost: cost")
        .replace("combinations:", "  less: {name: {nb: L, en: L}, text: {nb: x, en: x}, "
                 "levers: {months: 1}}\ncombinations:"),
    )  # fmt: skip
    with pytest.raises(InputError) as caught:
        load_definition(folder, library)
    said = [f"{f.where}: {f.what}" for f in caught.value.faults]
    for expected in (
        "sets[1]: combines the same alternatives as sets[0]",
        "sets[2]: needs two or more different alternatives",
        "sets[3]: needs two or more different alternatives",
        "sets[4]: 'today' is the baseline and adds nothing",
        "sets[5]: 'bilt' is not an alternative",
        "sets[6]: 'stock' sets months to 6 and 'less' to 1",
        "combinations.levers.months: 99 lies outside",
        "combinations.levers.mnths: is not a lever",
        "combinations: 'kost' is not an outcome",
    ):
        assert any(expected in line for line in said), (expected, said)


def test_names_keep_abbreviations_and_levers_join() -> None:
    parts = [Text(nb="Lager", en="Stock"), Text(nb="EØS-anlegg", en="EEA plant"),
             Text(nb="Avtale", en="Contract")]  # fmt: skip
    assert combination_name(parts) == Text(
        nb="Lager + EØS-anlegg + avtale", en="Stock + EEA plant + contract"
    )
    joined = joined_levers([{"a": 1.0}, {"b": "x", "a": 1.0}], {"c": 0.0})
    assert joined == {"a": 1.0, "b": "x", "c": 0.0}


def test_the_table_and_figure_say_where_each_stands(folder: Path, library: Library) -> None:
    """Oracle: the means, ranked by hand."""
    _study(folder)
    result = _run(folder, library, 400)
    found = assemble(result)
    context = StudyContext(result.definition, result.library, found, "en")
    table = combination_table(context)
    assert [row[0] for row in table.rows] == [
        "Today", "Stock", "EEA plant", "B", "Stock + EEA plant",
    ]  # fmt: skip
    mean = {r: (h["cost"]["mean"], h["short"]["mean"]) for r, h in
            found["combinations"]["runs"].items()}  # fmt: skip
    # Cost 0, 6, 3 and 9 times a unit; shortage 1, 1/7, 1/2 and 1/14 of the largest. The plant saves
    # 1/2 for 3, the stock 5/14 more for 3, both together 1/14 more for 3: a step costs ever more.
    unit, most = mean["built"][0] / 3, mean["today"][1]
    np.testing.assert_allclose(mean["stock"], (6 * unit, most / 7), rtol=1e-9)
    np.testing.assert_allclose(mean["stock+built"], (9 * unit, most / 14), rtol=1e-9)
    stands = [row[-2] for row in table.rows]
    line = "on the frontier"
    assert stands == [line, line, line, line, line]
    steps = [row[-1] for row in table.rows]
    assert steps[0] == "–"
    np.testing.assert_allclose(steps[2], 3 * unit / (most / 2), rtol=1e-9)
    np.testing.assert_allclose(steps[1], 3 * unit / (most / 2 - most / 7), rtol=1e-9)
    np.testing.assert_allclose(steps[3], 3 * unit / (most / 14), rtol=1e-9)
    assert steps[4] == "–"  # the same as the one before
    figure = combination_figure(context)
    assert figure.title == "Four ways are cheapest for their protection"
    assert [row[0] for row in figure.rows] == ["Today", "Stock", "EEA plant", "B"]


def test_the_antibiotics_study_combines_what_does_not_clash() -> None:
    """Every set holds a stock; none joins a tender or a contract with a plant."""
    folder = content_root() / "studies" / "antibiotics"
    data = read_yaml(folder / "study.yaml", "study.yaml")
    definition = Definition.model_validate(data)
    assert definition.combinations is not None
    for parts in definition.combinations.sets:
        levers = [definition.alternatives[name].levers for name in parts]
        steps = [part for part in levers if "steps" in part]
        deals = [part for part in levers if "winners" in part or "contract" in part]
        assert len(steps) + len(deals) <= 1, parts
