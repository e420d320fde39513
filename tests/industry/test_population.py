"""The synthetic population against figures typed from source 004, and against itself."""

from __future__ import annotations

import hashlib
import io

import numpy as np
import polars as pl
import pytest

from virkestoff.evidence import Library, library_folder, load_library
from virkestoff.industry import population as population_module
from virkestoff.industry.definitions import thresholds
from virkestoff.industry.population import Population, synthetic_population
from virkestoff.industry.population_check import against_population, lost_figures
from virkestoff.industry.population_plan import load_plan

# Tabell 0-1, NOK million, as printed
TABLE_0_1 = {
    (2009, "digital_health"): 740, (2019, "digital_health"): 1_700,
    (2009, "pharmaceuticals"): 5_603, (2019, "pharmaceuticals"): 11_634,
    (2009, "medical_devices"): 3_371, (2019, "medical_devices"): 4_797,
    (2009, "all"): 9_713, (2019, "all"): 18_132,
}  # fmt: skip


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(library_folder())


@pytest.fixture(scope="module")
def population(library: Library) -> Population:
    return synthetic_population(library)


@pytest.fixture(scope="module")
def rows(population: Population) -> pl.DataFrame:
    return population.joined()


def digest(population: Population) -> str:
    found = hashlib.sha256()
    for frame in (population.companies, population.accounts):
        text = io.StringIO()
        frame.write_csv(text)
        found.update(text.getvalue().encode())
    return found.hexdigest()


@pytest.mark.parametrize(("place", "printed"), TABLE_0_1.items())
def test_table_0_1_comes_out_to_the_million(
    rows: pl.DataFrame, place: tuple[int, str], printed: int
) -> None:
    year, branch = place
    part = rows.filter(pl.col("year") == year)
    if branch != "all":
        part = part.filter(pl.col("branch") == branch)
    assert round(sum(part["value_creation_nok"].to_list()) / 1e6) == printed


def test_counts_turnover_and_sizes_as_printed(rows: pl.DataFrame, population: Population) -> None:
    """1,073 companies, 910 active; 53.6 bn; small over 80 % and 3 %, large 6.6 % and 82 %."""
    assert population.companies.height == 1073
    part = rows.filter(pl.col("year") == 2019)
    assert part.height == 1073
    assert (part["wage_costs_nok"] > 0).sum() == 910
    sales = np.array(part["turnover_nok"].to_list())
    assert sales.sum() == 53_600_000_000
    small, large = sales < 20_000_000, sales > 200_000_000
    assert small.mean() > 0.80 and round(sales[small].sum() / sales.sum(), 2) == 0.03
    assert round(large.mean(), 3) == 0.066 and round(sales[large].sum() / sales.sum(), 2) == 0.82


def test_every_target_is_met_or_its_conflict_is_named(
    population: Population, library: Library
) -> None:
    checks = against_population(population, library)
    assert [c.name for c in checks if c.outcome == "missed"] == []
    assert sum(c.outcome == "met" for c in checks) > 100
    for check in checks:
        assert (check.outcome == "conflict") == (check.reason is not None)
    first = [c for c in checks if c.target.priority == 1]
    assert all(c.outcome == "met" for c in first)


def test_another_seed_gives_other_companies_and_the_same_totals(
    population: Population, library: Library
) -> None:
    other = synthetic_population(library, seed=7)
    assert digest(other) != digest(population)
    assert [c.name for c in against_population(other, library) if c.outcome == "missed"] == []


def test_equal_inputs_give_equal_bytes(population: Population, library: Library) -> None:
    again = population_module._made(load_plan(library), None)  # not the one that is kept
    assert digest(again) == digest(population)


def test_value_creation_is_its_parts_in_every_row(rows: pl.DataFrame) -> None:
    known = rows.drop_nulls("value_creation_nok")
    parts = ("operating_result_nok", "depreciation_nok", "wage_costs_nok")
    for row in known.to_dicts():
        assert row["value_creation_nok"] == sum(row[p] for p in parts)
        assert row["wage_costs_nok"] >= 0 and row["depreciation_nok"] >= 0
        assert row["turnover_nok"] >= 0


def test_an_active_company_employs_and_a_dormant_one_does_nothing(rows: pl.DataFrame) -> None:
    for row in rows.filter(pl.col("year") < 2020).to_dicts():
        if row["wage_costs_nok"]:
            assert row["employees"] >= 1
        else:
            assert row["employees"] == row["turnover_nok"] == row["value_creation_nok"] == 0


def test_2020_has_turnover_and_exports_and_nothing_else(rows: pl.DataFrame) -> None:
    last, before = rows.filter(pl.col("year") == 2020), rows.filter(pl.col("year") < 2020)
    assert last["turnover_nok"].null_count() == last["exports_nok"].null_count() == 0
    assert last["employees"].null_count() == last["wage_costs_nok"].null_count() == last.height
    assert before["exports_nok"].null_count() == before.height
    assert (last["exports_nok"] <= last["turnover_nok"]).all()


def test_what_a_source_states_of_a_company_is_kept_and_marked(rows: pl.DataFrame) -> None:
    """Source 002: Pharmaq 670 million in 2015; Vistin 155 employees, 395 million."""

    def row(company: str, year: int) -> dict:
        part = rows.filter((pl.col("company_id") == company) & (pl.col("year") == year))
        return part.to_dicts()[0]

    pharmaq, vistin = row("pharmaq", 2015), row("vistin_pharma", 2018)
    assert pharmaq["turnover_nok"] == 670_000_000 and pharmaq["stated"] == "turnover_nok"
    assert vistin["employees"] == 155 and vistin["turnover_nok"] == 395_000_000
    assert set(vistin["stated"].split(",")) == {"employees", "turnover_nok"}
    assert row("pharmaq", 2016)["stated"] == ""
    assert rows.filter(~pl.col("is_named"))["stated"].unique().to_list() == [""]
    assert rows.filter(pl.col("company_id") == "vistin_pharma")["year"].min() == 2015


def test_names_say_synthetic_unless_a_source_names_the_company(population: Population) -> None:
    made = population.companies.filter(~pl.col("is_named"))
    assert made["name"].str.starts_with("Synthetic company ").all()
    assert population.companies["company_id"].n_unique() == 1073
    assert population.is_synthetic and "synthetic" in population.origin


def test_j_curve_companies_by_a_plain_reading_of_the_box(
    rows: pl.DataFrame, library: Library
) -> None:
    """Over 12 % of the active companies in 2018 (section 2.1.1)."""
    limits = thresholds(library)
    active = [r for r in rows.filter(pl.col("year") == 2018).to_dicts() if r["wage_costs_nok"] > 0]
    found = 0
    for row in active:
        costs = row["turnover_nok"] - row["operating_result_nok"]
        is_dear = row["turnover_nok"] == 0 or costs >= 2 * row["turnover_nok"]
        found += row["wage_costs_nok"] > limits.wage_floor_nok and is_dear
    assert 0.12 < found / len(active) < 0.13


def test_margins_run_straight_and_reach_what_is_published(rows: pl.DataFrame) -> None:
    """Source 004: devices 3 to 6 %, digital health 0 to 13 %, the whole 9 to 14 %,
    pharmaceuticals about four points above it and nearly 20 % in 2019."""
    known = rows.filter(pl.col("year") < 2020)

    def margin(branch: str) -> np.ndarray:
        part = known if branch == "all" else known.filter(pl.col("branch") == branch)
        sums = part.group_by("year").agg(
            pl.col("operating_result_nok").sum(), pl.col("turnover_nok").sum()
        )
        ordered = sums.sort("year")
        return (ordered["operating_result_nok"] / ordered["turnover_nok"]).to_numpy()

    devices, digital, whole = (margin(b) for b in ("medical_devices", "digital_health", "all"))
    pharma = margin("pharmaceuticals")
    assert devices.min() == pytest.approx(0.03) and devices.max() == pytest.approx(0.06)
    assert digital.min() == pytest.approx(0, abs=1e-9) and digital.max() == pytest.approx(0.13)
    assert whole.min() > 0.085 and whole.max() < 0.145
    assert 0.19 <= pharma[-1] < 0.2 and abs(pharma - whole - 0.04).max() < 0.01
    for series in (devices, digital, whole, pharma):  # up and down once at most: no saw-tooth
        turns = np.sign(np.round(np.diff(series), 6))
        assert (np.diff(turns[turns != 0]) != 0).sum() <= 1
    assert (np.diff(whole) > 0).all() and np.diff(pharma).max() < 0.015


def test_j_curve_companies_are_believable(rows: pl.DataFrame) -> None:
    """Small, paid as their branch pays, and sales that are nothing or a part of the costs."""
    part = rows.filter(pl.col("year") < 2020, pl.col("wage_costs_nok") > 0)
    costs = pl.col("turnover_nok") - pl.col("operating_result_nok")
    early = (costs > 2 * pl.col("turnover_nok")) & (pl.col("wage_costs_nok") > 500_000)
    means = part.group_by("branch", "year").agg(
        mean=pl.col("wage_costs_nok").sum() / pl.col("employees").sum()
    )
    found = part.filter(early).join(means, on=["branch", "year"])
    assert found.height > 500
    pay = found["wage_costs_nok"] / found["employees"] / found["mean"]
    assert pay.min() > 0.74 and pay.max() < 1.26
    selling = found.filter(pl.col("turnover_nok") > 0)
    margin = selling["operating_result_nok"] / selling["turnover_nok"]
    assert margin.min() > -4.001 and margin.max() < -1
    assert selling["turnover_nok"].max() < 20_000_000
    assert "pharmaceuticals" not in selling["branch"].unique().to_list()


def test_lost_figures_are_listed_and_hold_no_value(library: Library) -> None:
    lost = lost_figures(library)
    assert len(lost) > 20
    assert all(s.value is None for s in lost)
