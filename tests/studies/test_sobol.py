"""Sobol indices. Oracles: closed forms of Ishigami, the g-function and a sum with noise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from virkestoff.costbenefit import rules_on
from virkestoff.errors import InputError
from virkestoff.evidence import Library, load_library
from virkestoff.studies import decompose, load_definition, load_evaluate
from virkestoff.studies.sobol import NOISE, OTHERS, design_draws, indices

NAMES = tuple(f"demo.x{i}" for i in range(6))


@pytest.fixture
def units(tmp_path: Path) -> Library:
    """Six facts, each uniform from 0 to 1."""
    text = ["sources:", "  s: {title: Synthetic, publisher: Tests, year: 2025}", "facts:"]
    text += [
        f'  {n}: {{name: {{nb: a, en: a}}, value: [0, 1], unit: "1", source: s, place: p, '
        "how: recalled, grade: low}"
        for n in NAMES
    ]
    (tmp_path / "units" / "demo").mkdir(parents=True)
    (tmp_path / "units" / "demo" / "x.yaml").write_text("\n".join(text) + "\n")
    return load_library(tmp_path / "units")


def _by_group(outcome, draws, seed=1):
    found, left_out = indices(outcome, list(draws.groups), seed)
    assert left_out == 0
    return {index.group: index for index in found}


def test_ishigami(units: Library) -> None:
    """Ishigami and Homma 1990 with a = 7, b = 0.1."""
    draws = design_draws(units, 3, 8192, NAMES[:3])
    x1, x2, x3 = (np.pi * (2 * draws.fact(name) - 1) for name in NAMES[:3])
    a, b = 7.0, 0.1
    found = _by_group(np.sin(x1) + a * np.sin(x2) ** 2 + b * x3**4 * np.sin(x1), draws)
    v1, v2 = 0.5 * (1 + b * np.pi**4 / 5) ** 2, a**2 / 8
    v13 = b**2 * np.pi**8 * (1 / 18 - 1 / 50)
    whole = v1 + v2 + v13
    expected = {NAMES[0]: (v1, v1 + v13), NAMES[1]: (v2, v2), NAMES[2]: (0.0, v13)}
    for name, (first, total) in expected.items():
        assert found[name].first == pytest.approx(first / whole, abs=0.02)
        assert found[name].total == pytest.approx(total / whole, abs=0.02)
    for group in (OTHERS, NOISE):
        assert found[group].first == found[group].total == 0.0


def test_g_function_with_the_weak_ones_as_one_group(units: Library) -> None:
    """Sobol's g-function: V_i = 1 / (3 (1 + a_i)^2), V = prod(1 + V_i) - 1."""
    weights = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0])
    draws = design_draws(units, 4, 8192, NAMES[:2])
    factors = [
        (np.abs(4 * draws.fact(n) - 2) + a) / (1 + a) for n, a in zip(NAMES, weights, strict=True)
    ]
    found = _by_group(np.prod(factors, axis=0), draws)
    parts = 1 / (3 * (1 + weights) ** 2)
    whole = np.prod(1 + parts) - 1
    for i in (0, 1):
        rest = np.prod(np.delete(1 + parts, i))
        assert found[NAMES[i]].first == pytest.approx(parts[i] / whole, abs=0.02)
        assert found[NAMES[i]].total == pytest.approx(parts[i] * rest / whole, abs=0.02)
    group = np.prod(1 + parts[2:]) - 1
    assert found[OTHERS].first == pytest.approx(group / whole, abs=0.02)
    assert found[OTHERS].total == pytest.approx(
        group * np.prod(1 + parts[:2]) / whole, abs=0.02
    )


def test_noise_is_a_group_of_its_own_and_blames_no_fact(units: Library) -> None:
    """A fact that does nothing has a total of zero, however large the noise."""
    draws = design_draws(units, 5, 4096, NAMES[:2])
    noise = draws.noise("luck", (3,)).sum(axis=1)  # variance 3/12
    outcome = 2 * draws.fact(NAMES[0]) + noise  # variance 4/12
    found = _by_group(outcome, draws)
    assert found[NAMES[1]].total == 0.0
    assert found[NAMES[0]].first == pytest.approx(4 / 7, abs=0.02)
    assert found[NOISE].first == pytest.approx(3 / 7, abs=0.02)
    assert found[NOISE].total == pytest.approx(3 / 7, abs=0.02)


def test_the_interval_covers_the_closed_form_about_as_often_as_it_says(units: Library) -> None:
    inside = 0
    for seed in range(40):
        draws = design_draws(units, seed, 128, NAMES[:2])
        found = _by_group(3 * draws.fact(NAMES[0]) + draws.fact(NAMES[1]) ** 2, draws, seed)
        variance = 9 / 12, 4 / 45
        index = found[NAMES[0]]
        inside += index.first_low <= variance[0] / sum(variance) <= index.first_high
    assert inside >= 34  # binomial(40, 0.95) falls below with probability 0.003


def test_undefined_base_rows_are_left_out_and_counted(units: Library) -> None:
    draws = design_draws(units, 6, 64, NAMES[:1])
    outcome = draws.fact(NAMES[0]).copy()
    outcome[5] = np.nan
    found, left_out = indices(outcome, list(draws.groups))
    assert left_out == 1
    assert found[0].first == pytest.approx(1.0)


def test_a_study_is_decomposed_through_its_own_evaluate(folder: Path, library: Library) -> None:
    """cost = need/2 x price x mean of five uniforms: variances of a product in closed form."""
    definition, joined = load_definition(folder, library)
    rules = rules_on(joined, definition.as_of)
    evaluate = load_evaluate(folder)
    found = decompose(
        definition, joined, evaluate, rules, "stock", "cost", n_base=1024, n_facts=1, threads=1
    )
    by_group = {g["group"]: g for g in found["groups"]}
    u = (np.arange(200_000) + 0.5) / 200_000
    ratios = {}
    for name in ("demo.price", "demo.need"):
        x = joined.fact(name).quantile(u)
        ratios[name] = x.var() / x.mean() ** 2
    luck = (1 / 12 / 5) / 0.25
    whole = (1 + ratios["demo.price"]) * (1 + ratios["demo.need"]) * (1 + luck) - 1
    assert found["evaluations"] == 1024 * (2 * 3 + 2)
    assert by_group["demo.price"]["first"] == pytest.approx(ratios["demo.price"] / whole, abs=0.04)
    assert by_group[OTHERS]["first"] == pytest.approx(ratios["demo.need"] / whole, abs=0.03)
    assert by_group[NOISE]["first"] == pytest.approx(luck / whole, abs=0.04)
    again = decompose(
        definition, joined, evaluate, rules, "stock", "cost",
        n_base=1024, n_facts=1, block=333, threads=2,
    )  # fmt: skip
    assert again == found


@pytest.mark.parametrize(
    ("run", "outcome", "message"),
    [("stok", "cost", "Did you mean 'stock'"), ("stock", "kost", "Did you mean 'cost'"),
     ("today", "cost", "does not vary")],
)  # fmt: skip
def test_faults_name_what_is_wrong(
    folder: Path, library: Library, run: str, outcome: str, message: str
) -> None:
    definition, joined = load_definition(folder, library)
    rules = rules_on(joined, definition.as_of)
    with pytest.raises(InputError, match=message):
        decompose(definition, joined, load_evaluate(folder), rules, run, outcome, n_base=32)
