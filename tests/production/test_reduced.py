"""The reduced production model against a flowsheet simulator.

Oracle: benchmarks/biosteam/peer_reference.csv, 200 samples computed by BioSTEAM 2.52.12 with
thermosteam 0.52.11 (benchmarks/biosteam/peer.py; the file's first line holds versions and date),
and a cash flow written out year by year here. Tolerance: the 5 % that the comparison promises, and
1e-5 where both sides are known to compute the same equations.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.production.reduced import Reduced, ReducedProcess, evaluate, load_reduced
from virkestoff.production.reduced_finance import plan, required_sales

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks" / "biosteam"
PROCESS = load_reduced(FOLDER / "reduced_penv.yaml")
PAIRS = {
    "price_usd_kg": "price_kg",
    "tci_usd": "total_investment",
    "fermenters": "fermenters",
    "fermenter_m3": "fermenter_m3",
    "purchased_usd": "purchased",
    "installed_usd": "installed",
    "materials_usd_year": "materials_year",
    "utilities_usd_year": "utilities_year",
    "penicillin_kg_h": "product_kg_h",
}


def _reference() -> dict[str, np.ndarray]:
    with (FOLDER / "peer_reference.csv").open(encoding="utf-8") as file:
        header = file.readline()
        assert "biosteam 2.52.12, thermosteam 0.52.11" in header
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


REFERENCE = _reference()


def _evaluated(process: ReducedProcess = PROCESS, **changed: np.ndarray) -> Reduced:
    inputs = {name: changed.get(name, REFERENCE[name]) for name in list(REFERENCE)[:4]}
    return evaluate(
        process,
        inputs["titre_kg_m3"],
        inputs["batch_h"],
        inputs["recovery_share"],
        inputs["glucose_usd_kg"],
    )


def test_the_reference_holds_the_samples() -> None:
    assert {len(column) for column in REFERENCE.values()} == {200}
    for name in list(REFERENCE)[:4]:
        row = PROCESS.parameters[name]
        assert row["low"] <= REFERENCE[name].min() < row["base"] < REFERENCE[name].max()
        assert REFERENCE[name].max() <= row["high"]


@pytest.mark.parametrize("column", list(PAIRS))
def test_every_quantity_is_within_five_percent_of_the_peer(column: str) -> None:
    ours = getattr(_evaluated(), PAIRS[column])
    assert np.all(np.abs(ours / REFERENCE[column] - 1.0) < 0.05)


@pytest.mark.parametrize("column", list(PAIRS))
def test_the_same_equations_give_the_same_numbers(column: str) -> None:
    """The peer solves its price to 100 in net present value, about 1e-6 of sales."""
    ours = getattr(_evaluated(), PAIRS[column])
    np.testing.assert_allclose(ours, REFERENCE[column], rtol=1e-5)


def test_the_number_of_fermenters_is_equal_in_every_sample() -> None:
    assert np.array_equal(_evaluated().fermenters, REFERENCE["fermenters"])
    assert len(set(REFERENCE["fermenters"])) > 3, "the samples would not test the count"


def test_draws_do_not_depend_on_their_neighbours() -> None:
    """Convention 4: equal for any block size, but for the last digits of the price iteration."""
    whole = _evaluated()
    for start in range(0, 200, 64):
        span = slice(start, start + 64)
        part = _evaluated(**{name: REFERENCE[name][span] for name in list(REFERENCE)[:4]})
        assert np.array_equal(part.total_investment, whole.total_investment[span])
        np.testing.assert_allclose(part.price_kg, whole.price_kg[span], rtol=1e-8)


def test_more_titre_makes_more_and_costs_less_per_kg() -> None:
    richer = _evaluated(titre_kg_m3=REFERENCE["titre_kg_m3"] * 1.1)
    assert np.all(richer.product_kg_h > _evaluated().product_kg_h)
    assert np.all(richer.price_kg < _evaluated().price_kg)


def test_longer_batches_never_need_fewer_fermenters() -> None:
    longer = _evaluated(batch_h=REFERENCE["batch_h"] + 12.0)
    assert np.all(longer.fermenters >= _evaluated().fermenters)


def _present_value(sales: float, capital: float, variable: float, fixed: float) -> float:
    """Net present value year by year, with capital all depreciable; losses carried forward."""
    finance = PROCESS.finance
    rate, last = finance["required_return"], int(finance["operating_years"])
    working = finance["working_capital_share"] * capital
    years = range(1 - len(PROCESS.construction_shares), last + 1)
    total, loss = 0.0, 0.0
    for year in years:
        cash = 0.0
        if year < 1:
            cash -= capital * PROCESS.construction_shares[year - years.start]
        if year == 0:
            cash -= working
        if year == last:
            cash += working
        if year >= 1:
            part = finance["startup_months"] / 12.0 if year == 1 else 0.0
            shares = {
                kind: 1.0 - part * (1.0 - finance[f"startup_{kind}_share"])
                for kind in ("sales", "variable", "fixed")
            }
            earned = (
                shares["sales"] * sales - shares["variable"] * variable - shares["fixed"] * fixed
            )
            written = finance["depreciation_years"]
            profit = earned - (capital / written if year <= written else 0.0) - loss
            loss = max(0.0, -profit)
            cash += earned - finance["income_tax"] * max(0.0, profit)
        total += cash / (1.0 + rate) ** year
    return total


@settings(max_examples=60, deadline=None)
@given(
    capital=st.floats(1e5, 1e9),
    variable=st.floats(1e4, 1e9),
    fixed=st.floats(1e4, 1e8),
)
def test_at_the_required_sales_net_present_value_is_zero(
    capital: float, variable: float, fixed: float
) -> None:
    laid = plan(PROCESS.finance, PROCESS.construction_shares)
    one = np.ones(3)
    sales = required_sales(laid, capital * one, capital * one, variable * one, fixed * one)
    assert sales[0] == sales[1] == sales[2]
    value = _present_value(float(sales[0]), capital, variable, fixed)
    assert abs(value) <= 1e-6 * (capital + variable + fixed)


def test_a_file_without_its_sections_lists_them_all(tmp_path: Path) -> None:
    path = tmp_path / "process.yaml"
    path.write_text("parameters: {}\ncosts: {}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_reduced(path)
    assert len(caught.value.faults) == 7
