"""Running a study. Oracle: the same sums by plain numpy over all draws at once."""

from pathlib import Path

import numpy as np
import pytest

from virkestoff.costbenefit import rules_on
from virkestoff.errors import InputError
from virkestoff.evidence import Library
from virkestoff.randomness import stratified, uniforms
from virkestoff.studies import (
    RunResult,
    assemble,
    dump_json,
    load_definition,
    load_evaluate,
    run_study,
)
from virkestoff.studies.results import ratio_of_means


def _run(
    folder: Path, library: Library, draws: int = 600, block: int = 512, threads: int = 1
) -> RunResult:
    definition, joined = load_definition(folder, library)
    rules = rules_on(joined, definition.as_of)
    evaluate = load_evaluate(folder)
    return run_study(definition, joined, evaluate, rules, draws, 7, block, threads)


def test_outcomes_equal_plain_numpy(folder: Path, library: Library) -> None:
    result = _run(folder, library)
    price = library.fact("demo.price").quantile(stratified(7, "fact", "demo.price", n_draws=600))
    need = library.fact("demo.need").quantile(stratified(7, "fact", "demo.need", n_draws=600))
    luck = uniforms(7, "noise", "luck", size=(600, 5))
    expected = need / 2 * price * luck.mean(axis=1)
    np.testing.assert_allclose(result.runs["stock"].outcomes["cost"], expected, rtol=1e-12)
    double = result.runs["double"].outcomes["cost"]
    np.testing.assert_allclose(double, 2 * expected, rtol=1e-12)


@pytest.mark.parametrize(("block", "threads"), [(1, 1), (7, 2), (64, 2), (600, 1), (10_000, 3)])
def test_results_are_equal_bytes_for_any_block_and_threads(
    folder: Path, library: Library, block: int, threads: int
) -> None:
    draws = 130
    expected = dump_json(assemble(_run(folder, library, draws)))
    assert dump_json(assemble(_run(folder, library, draws, block, threads))) == expected


def test_the_baseline_against_itself_costs_nothing(folder: Path, library: Library) -> None:
    outcomes = _run(folder, library, 20).runs["today"].outcomes
    assert not outcomes["account_net_present_cost"].any()


def test_a_payment_to_a_foreign_maker_costs_society_its_amount_and_the_tax(
    folder: Path, library: Library
) -> None:
    outcomes = _run(folder, library, 20).runs["stock"].outcomes
    paid = outcomes["account_public_net_cost"]
    np.testing.assert_allclose(outcomes["account_net_present_cost"], 1.2 * paid, atol=0.02)
    np.testing.assert_allclose(outcomes["account_net_makers"], paid, atol=0.02)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('case["price"]', 'case["prise"]', "Did you mean 'price'"),
        ('case["price"]', "1.0", "declared and never read"),
        ('case.number("months")', 'case.choice("months")', "case.number"),
        ('"demo.need", "kg/year"', '"demo.unused", "1"', "not declared by the study"),
        ('ledger.measure("cost",', 'ledger.measure("kost",', "declared and not measured"),
        ('"makers", cost', '"martians", cost', "not an actor"),
        ("(cost * luck).mean(axis=1))", "(cost * luck))", "shape"),
        ("return ledger", "return None", "must return a Ledger"),
        ("cost * luck)\n", "-1 - cost * luck)\n", "negative"),
    ],
)
def test_what_study_py_does_against_its_declarations_is_named(
    folder: Path, library: Library, old: str, new: str, message: str
) -> None:
    path = folder / "study.py"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(InputError, match=message):
        _run(folder, library, 16)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("def evaluate(case:", "cannot be loaded"),
        ("x = 1", "defines no function"),
        ("def evaluate(a, b): ...", "one argument"),
    ],
)
def test_study_py_that_is_no_model(folder: Path, text: str, message: str) -> None:
    (folder / "study.py").write_text(text)
    with pytest.raises(InputError, match=message):
        load_evaluate(folder)


def test_a_ratio_is_that_of_expected_values() -> None:
    """Oracle: by hand. Costs 10 and 30, avoided 0 and 4: 20 over 2; the mean of ratios has none."""
    found = ratio_of_means(np.array([10.0, 30.0]), np.array([0.0, 4.0]), "NOK/DDD")
    assert found is not None
    assert (found.mean, found.p10, found.p90) == (10.0, 10.0, 10.0)
    # rest: 10 - 0 and 30 - 40: standard deviation 10 sqrt 2, over sqrt 2 and over 2
    assert found.se == pytest.approx(5.0)
    assert ratio_of_means(np.array([1.0]), np.array([0.0]), "1") is None
    assert ratio_of_means(np.array([1.0, np.nan]), np.array([1.0, 1.0]), "1") is None


def test_the_worst_tenth_of_each_resident(folder: Path, library: Library) -> None:
    """Oracle: sorting by hand, with Python's own sort and sum."""
    result = _run(folder, library, draws=100)
    found = assemble(result)["worst_decile"]
    for name in result.definition.alternatives:
        for actor in ("state", "buyers"):
            values = sorted(result.runs[name].outcomes[f"account_net_{actor}"])
            assert found[name][actor] == pytest.approx(sum(values[:10]) / 10)
