"""Statistics by hand on a small industry, and against polars and duckdb on the synthetic one."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from virkestoff.disclosure import Rules
from virkestoff.errors import InputError
from virkestoff.evidence import Library, library_folder, load_library
from virkestoff.industry.definitions import ACTIVITIES
from virkestoff.industry.measures import MEASURES
from virkestoff.industry.population import Population, synthetic_population
from virkestoff.industry.statistics import Statistics, known_years, statistics
from virkestoff.reports.industry_parts import IndustryParts

OPEN = Rules(minimum_frequency=1, p_share=None, frequency_range=0.1)
"""Rules that hide nothing, so that the sums themselves can be looked at."""


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(library_folder())


@pytest.fixture(scope="module")
def synthetic(library: Library) -> Population:
    return synthetic_population(library)


def industry(*companies: dict[str, Any]) -> Population:
    """A population of rows: id, branch, foreign, and per year turnover, result, staff, wages."""
    known = [
        {"company_id": c["id"], "branch": c.get("branch"), "is_foreign": c.get("foreign"),
         "region": c.get("region"), **dict.fromkeys(ACTIVITIES)}
        for c in companies
    ]  # fmt: skip
    accounts = [
        {"company_id": c["id"], "year": year, "turnover_nok": a[0], "operating_result_nok": a[1],
         "employees": a[2], "wage_costs_nok": a[3], "depreciation_nok": 0,
         "value_creation_nok": None if None in (a[1], a[3]) else a[1] + a[3],
         "exports_nok": None}
        for c in companies for year, a in c["years"].items()
    ]  # fmt: skip
    kinds = {"region": pl.String, "branch": pl.String, "is_foreign": pl.Boolean}
    amounts = {"exports_nok": pl.Int64, "employees": pl.Int64, "turnover_nok": pl.Int64}
    return Population(
        pl.DataFrame(known, schema_overrides=kinds),
        pl.DataFrame(accounts, schema_overrides=amounts),
        is_synthetic=False,
        origin="test",
    )


FOUR = (
    {"id": "a", "branch": "pharmaceuticals", "foreign": True, "years": {
        2018: (300_000_000, 30_000_000, 100, 60_000_000),
        2019: (400_000_000, 50_000_000, 110, 70_000_000)}},
    {"id": "b", "branch": "pharmaceuticals", "foreign": False, "years": {
        2018: (10_000_000, -1_000_000, 8, 5_000_000),
        2019: (20_000_000, 2_000_000, None, 6_000_000)}},
    {"id": "c", "branch": "medical_devices", "foreign": None, "years": {
        2018: (90_000_000, 9_000_000, 40, 30_000_000),
        2019: (80_000_000, 4_000_000, 41, 31_000_000)}},
    {"id": "d", "branch": "medical_devices", "foreign": False, "years": {
        2019: (0, -2_000_000, None, 600_000)}},
)  # fmt: skip


def value(stats: Statistics, *place: str, year: int = 2019) -> float | None:
    return stats.cell(place, year).value


def count(population: Population, measure: str, library: Library, **choices: Any) -> Statistics:
    return statistics(population, measure, library=library, rules=OPEN, **choices)


def test_sums_ratios_and_growth_by_hand(library: Library) -> None:
    four = industry(*FOUR)
    sums = count(four, "turnover", library, by=["branch"], years=[2018, 2019])
    assert value(sums, "pharmaceuticals") == 420e6
    assert value(sums, "all") == 500e6 and value(sums, "all", year=2018) == 400e6
    margin = count(four, "margin", library, by=["branch"], years=[2019])
    assert value(margin, "all") == pytest.approx(54 / 500)
    assert value(margin, "medical_devices") == pytest.approx(2 / 80)
    grown = count(four, "turnover_growth", library, by=["branch"], years=[2018, 2019])
    assert value(grown, "pharmaceuticals") == pytest.approx(420 / 310 - 1)
    share = count(four, "turnover_share", library, by=["branch"], years=[2019])
    assert value(share, "medical_devices") == pytest.approx(80 / 500)


def test_a_margin_on_almost_no_sales_is_not_meaningful(library: Library) -> None:
    """By hand: −2 million on sales of nothing, of 1 million, of 2 million, and of 3 million."""
    for sales, mark, margin in ((0, "m", None), (1, "m", None), (2, "", -1.0), (3, "", -2 / 3)):
        one = industry({"id": "a", "branch": "pharmaceuticals", "years": {
            2019: (sales * 1_000_000, -2_000_000, 3, 2_000_000)}})  # fmt: skip
        cell = count(one, "margin", library, by=["branch"], years=[2019]).cell(("all",), 2019)
        assert (cell.mark, cell.value) == (mark, margin), sales
    rich = industry({"id": "a", "branch": "pharmaceuticals", "years": {
        2019: (1_000_000, 1_000_001, 3, 2_000_000)}})  # fmt: skip
    assert count(rich, "margin", library, years=[2019]).cells[0].mark == "m"


def test_a_place_without_companies_is_empty_and_not_unknown(library: Library) -> None:
    four = industry(*FOUR)
    found = count(four, "margin", library, by=["branch", "ownership"], years=[2019])
    assert found.cell(("medical_devices", "foreign"), 2019).mark == "e"
    table = IndustryParts(library, "nb").table(found)
    assert any(note == "– ingen bedrifter." for note in table.notes)


def test_an_unknown_headcount_is_counted_and_bounded_and_never_zero(library: Library) -> None:
    """b and d are withheld in 2019: from 0 to 4 persons each."""
    staff = count(industry(*FOUR), "employees", library, by=["branch"], years=[2019])
    whole = staff.cell(("all",), 2019)
    assert (whole.value, whole.low, whole.high, whole.n_unknown, whole.mark) == (
        151, 151, 159, 2, "i"
    )  # fmt: skip
    assert staff.missing_years == {2019: 2}


def test_productivity_counts_those_of_which_both_are_known(library: Library) -> None:
    """a and c: (50 + 70 + 4 + 31) million over 151; b and d have no headcount."""
    found = count(industry(*FOUR), "productivity", library, by=["branch"], years=[2019])
    whole = found.cell(("all",), 2019)
    assert whole.value == pytest.approx(155e6 / 151)
    assert whole.n_unknown == 2 and whole.mark == "i" and whole.low is None


def test_nothing_known_is_unknown_and_not_zero(library: Library) -> None:
    exports = count(industry(*FOUR), "exports", library, by=["branch"], years=[2019])
    cell = exports.cell(("all",), 2019)
    assert (cell.value, cell.mark, cell.n_unknown, cell.high) == (None, "u", 4, None)


def test_an_unknown_owner_is_a_group_of_its_own(library: Library) -> None:
    found = count(industry(*FOUR), "turnover", library, by=["ownership"], years=[2019])
    assert value(found, "unknown") == 80e6
    assert value(found, "norwegian") == 20e6 and value(found, "foreign") == 400e6


def test_sizes_active_and_j_curve_by_both_wordings(library: Library) -> None:
    """d has no sales and wages of 600,000; a is large, c medium, b on the bound, d small."""
    four = industry(*FOUR)
    sizes = count(four, "companies", library, by=["size"], years=[2019])
    assert [value(sizes, s) for s in ("small", "medium", "large")] == [1, 2, 1]
    assert value(count(four, "active", library, years=[2019])) == 4
    for wording in ("j_curve_box", "j_curve_footnote"):
        found = count(four, "j_curve", library, years=[2019], wording=wording)
        assert value(found) == 1
        assert wording in found.definitions


def test_a_health_share_counts_in_part_and_unknown_share_is_unknown(library: Library) -> None:
    four = industry(*FOUR)
    shares = pl.DataFrame({"company_id": list("abcd"), "health_share": [0.5, 1.0, None, 1.0]})
    part = Population(
        four.companies.join(shares, on="company_id"), four.accounts, is_synthetic=False, origin="t"
    )
    found = count(part, "turnover", library, years=[2019])
    assert value(found) == 220e6 and found.cells[0].n_unknown == 1
    staff = count(part, "employees", library, years=[2019])
    assert value(staff) == 55 and staff.cells[0].n_unknown == 3
    sizes = count(part, "companies", library, by=["size"], years=[2019])
    assert value(sizes, "large") == 1  # by the turnover of the whole company


@pytest.mark.parametrize("by", [["branch"], ["size"], ["branch", "size"], ["branch", "ownership"]])
def test_parts_sum_to_their_totals(synthetic: Population, library: Library, by: list[str]) -> None:
    found = count(synthetic, "value_creation", library, by=by, years=[2019])
    cells = {c.place: c.value for c in found.cells}
    for place in cells:
        for k in range(len(by)):
            if place[k] == "all":
                parts = [
                    v
                    for p, v in cells.items()
                    if p[:k] == place[:k] and p[k + 1 :] == place[k + 1 :] and p[k] != "all"
                ]
                assert sum(v for v in parts if v is not None) == cells[place]


@pytest.mark.parametrize("measure", ["turnover", "employees", "operating_result"])
def test_the_sums_of_polars_and_duckdb(
    synthetic: Population, library: Library, measure: str, tmp_path: Path
) -> None:
    """Twins that share no code: group_by of polars, GROUP BY of duckdb over whole numbers."""
    found = count(synthetic, measure, library, by=["branch", "ownership"], years=[2019])
    field = MEASURES[measure].fields[0]
    rows = synthetic.joined().filter(pl.col("year") == 2019)
    twin = {
        (r["branch"], "foreign" if r["is_foreign"] else "norwegian"): r[field]
        for r in rows.group_by("branch", "is_foreign").agg(pl.col(field).sum()).to_dicts()
    }
    rows.write_csv(tmp_path / "rows.csv")
    sql = duckdb.sql(
        f"select branch, is_foreign, sum({field})::bigint from '{tmp_path}/rows.csv' group by all"
    )
    third = {(b, "foreign" if f else "norwegian"): s for b, f, s in sql.fetchall()}
    inner = {c.place: c.value for c in found.cells if "all" not in c.place}
    assert inner == twin == third


def test_order_of_rows_and_columns_changes_nothing(synthetic: Population, library: Library) -> None:
    mixed = Population(
        synthetic.companies.sample(fraction=1.0, shuffle=True, seed=3),
        synthetic.accounts.sample(fraction=1.0, shuffle=True, seed=4),
        synthetic.is_synthetic,
        synthetic.origin,
    )
    for measure in ("margin", "gini", "employees"):
        one = statistics(synthetic, measure, by=["branch", "size"], years=[2019], library=library)
        two = statistics(mixed, measure, by=["branch", "size"], years=[2019], library=library)
        assert one.cells == two.cells


def test_a_thin_cell_is_hidden_and_so_is_what_would_give_it_away(library: Library) -> None:
    """Two devices companies among many: their cell, and one more that the total would open."""
    many = [
        {"id": f"p{i}", "branch": b, "foreign": False,
         "years": {2019: (5_000_000 + i, 100_000, 5, 900_000)}}
        for i, b in enumerate(["pharmaceuticals"] * 9 + ["digital_health"] * 8)
    ]  # fmt: skip
    few = [{**c, "id": f"m{i}", "branch": "medical_devices"} for i, c in enumerate(many[:2])]
    found = statistics(
        industry(*many, *few), "turnover", by=["branch"], years=[2019], library=library
    )
    marks = {c.place[0]: c.mark for c in found.cells}
    assert marks["medical_devices"] == ":"
    assert sum(mark == ":" for mark in marks.values()) == 2
    assert value(found, "medical_devices") is None and value(found, "all") is not None
    ratio = statistics(
        industry(*many, *few), "margin", by=["branch"], years=[2019], library=library
    )
    assert {c.place for c in ratio.cells if c.mark == ":"} >= {("medical_devices",)}


def test_the_largest_are_never_so_few_that_they_show(
    synthetic: Population, library: Library
) -> None:
    with pytest.raises(InputError, match="gives companies away"):
        statistics(synthetic, "largest_share", years=[2019], largest=1, library=library)
    found = statistics(synthetic, "largest_share", years=[2019], largest=4, library=library)
    part = synthetic.accounts.filter(pl.col("year") == 2019)
    sales = sorted(part["turnover_nok"].to_list(), reverse=True)
    assert found.cells[0].value == pytest.approx(sum(sales[:4]) / sum(sales))


def test_all_that_is_wrong_is_said_at_once(synthetic: Population, library: Library) -> None:
    with pytest.raises(InputError) as caught:
        statistics(synthetic, "turnovr", by=["brnch", "brnch"], years=[1999], library=library)
    text = str(caught.value)
    assert all(part in text for part in ("turnovr", "brnch", "1999", "name one twice", "turnover"))
    with pytest.raises(InputError, match="compares two years"):
        statistics(synthetic, "turnover_growth", years=[2019], library=library)


def test_every_measure_has_a_last_known_year(synthetic: Population, library: Library) -> None:
    """Exports are known in 2020 alone, wages until 2019, turnover in both."""
    assert known_years(synthetic, "exports") == (2020,)
    assert known_years(synthetic, "margin") == (2019,)
    assert known_years(synthetic, "companies") == (2019,)
    assert known_years(synthetic, "turnover_growth") == (2009, 2020)
    assert known_years(synthetic, "nothing") == ()


def test_every_measure_can_be_counted(library: Library) -> None:
    four = industry(*FOUR)
    for measure, by in itertools.product(MEASURES, ([], ["branch"])):
        years = [2018, 2019] if MEASURES[measure].needs_period else [2019]
        found = count(four, measure, library, by=by, years=years)
        assert len(found.cells) == (3 if by else 1)
