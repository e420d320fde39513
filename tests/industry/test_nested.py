"""Tables published one at a time give nothing away together.

Oracle: linear algebra. All published cells are equations on the finest cells; a cell is known
exactly if it lies in the span of the equations (numpy's singular values).
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import Any

import numpy as np
import polars as pl
import pytest

from virkestoff.disclosure import Rules, sensitivity
from virkestoff.errors import InputError
from virkestoff.evidence import Library, library_folder, load_library
from virkestoff.industry.definitions import ACTIVITIES, thresholds
from virkestoff.industry.population import Population, synthetic_population
from virkestoff.industry.statistics import _defined, statistics

RULES = Rules(minimum_frequency=3, p_share=0.10, frequency_range=0.10)
BY = ("branch", "size", "ownership")


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(library_folder())


def company(
    number: int, branch: str, is_foreign: bool, turnover: int, result: int | None = 1
) -> dict[str, Any]:
    return {"company_id": f"c{number:02}", "branch": branch, "is_foreign": is_foreign,
            "turnover_nok": turnover, "operating_result_nok": result}  # fmt: skip


def industry(*companies: dict[str, Any]) -> Population:
    """A population of one year."""
    known = [{"company_id": c["company_id"], "branch": c["branch"], "is_foreign": c["is_foreign"],
              "region": None, **dict.fromkeys(ACTIVITIES)} for c in companies]  # fmt: skip
    accounts = [{**{k: c[k] for k in ("company_id", "turnover_nok", "operating_result_nok")},
                 "year": 2020, "employees": 1, "wage_costs_nok": 1, "depreciation_nok": 0,
                 "value_creation_nok": 1, "exports_nok": None} for c in companies]  # fmt: skip
    return Population(
        pl.DataFrame(known, schema_overrides={"region": pl.String}),
        pl.DataFrame(accounts, schema_overrides={"exports_nok": pl.Int64}),
        is_synthetic=False,
        origin="test",
    )


def given_away(population: Population, year: int, library: Library) -> list[tuple[str, ...]]:
    """Sensitive cells that follow from all tables of turnover together."""
    frame = _defined(population, "j_curve_box", thresholds(library))
    finest: dict[tuple[str, ...], list[tuple[str, float]]] = defaultdict(list)
    for row in frame.filter(frame["year"] == year).to_dicts():
        if row["turnover_nok"] is not None:
            place = tuple(row[d] for d in BY)
            finest[place].append((row["company_id"], float(row["turnover_nok"])))
    places = sorted(finest)

    def part(codes: dict[str, str]) -> list[float]:
        return [float(all(c in ("all", p[BY.index(d)]) for d, c in codes.items())) for p in places]

    known = [
        part(dict(zip(by, cell.place, strict=False)))
        for n in range(len(BY) + 1)
        for by in itertools.combinations(BY, n)
        for cell in statistics(
            population, "turnover", by=by, years=[year], rules=RULES, library=library
        ).cells
        if cell.value is not None
    ]
    _, values, rows = np.linalg.svd(np.array(known))
    free = rows[int((values > 1e-9).sum()) :]
    codes = [["all", *sorted({p[i] for p in places})] for i in range(len(BY))]
    found = []
    for key in itertools.product(*codes):
        row = np.array(part(dict(zip(BY, key, strict=True))))
        amounts = [x for i, p in enumerate(places) if row[i] for x in finest[p]]
        if amounts and sensitivity(amounts, RULES) and np.abs(free @ row).max(initial=0) < 1e-9:
            found.append(key)
    return found


@pytest.mark.parametrize("year", [2019, 2020])
def test_coarse_and_fine_tables_of_the_synthetic_industry(library: Library, year: int) -> None:
    assert given_away(synthetic_population(library), year, library) == []


@pytest.mark.parametrize("seed", range(6))
def test_coarse_and_fine_tables_of_a_tiny_industry(library: Library, seed: int) -> None:
    draw = np.random.default_rng(seed)
    firms = [
        company(n, str(draw.choice(["a", "b"])), bool(draw.integers(2)),
                int(10 ** draw.uniform(6, 9)))
        for n in range(int(draw.integers(3, 14)))
    ]  # fmt: skip
    assert given_away(industry(*firms), 2020, library) == []


def test_a_cell_is_shown_alike_in_every_table(library: Library) -> None:
    population = synthetic_population(library)
    tables = {
        by: statistics(population, "turnover", by=by, years=[2020], library=library)
        for by in ((), ("branch",), ("branch", "size"), BY)
    }
    for by, table in tables.items():
        for cell in table.cells:
            at = dict(zip(by, cell.place, strict=True))
            fine = tables[BY].cell([at.get(d, "all") for d in BY], 2020)
            assert (cell.value, cell.mark) == (fine.value, fine.mark)


def test_the_fifth_company_does_not_follow_from_the_four_largest(library: Library) -> None:
    firms = [company(n, "a", False, x) for n, x in enumerate((50, 40, 30, 30, 20))]
    only = statistics(industry(*firms), "largest_share", rules=RULES, library=library).cells[0]
    assert (only.value, only.mark) == (None, ":")
    firms += [company(n, "a", False, 20) for n in range(5, 9)]
    more = statistics(industry(*firms), "largest_share", rules=RULES, library=library).cells[0]
    assert more.value == pytest.approx(150 / 250)


def test_two_shares_of_the_largest_may_not_lie_less_than_four_apart(library: Library) -> None:
    with pytest.raises(InputError, match="beside another share"):
        statistics(industry(company(1, "a", False, 5)), "largest_share", largest=5, library=library)


def test_a_herfindahl_index_does_not_give_the_largest_away(library: Library) -> None:
    """600, 100 and 30 of 10: a reader with 100 has sqrt(H 1000^2 - 100^2) = 602.5 at most."""
    firms = [company(n, "a", False, x) for n, x in enumerate((600, 100, *[10] * 30))]
    only = statistics(industry(*firms), "herfindahl", rules=RULES, library=library).cells[0]
    assert (only.value, only.mark) == (None, ":")
    assert statistics(industry(*firms), "turnover", rules=RULES, library=library).cells[0].value


def test_a_ratio_does_not_give_away_who_is_left_out(library: Library) -> None:
    """Margin over six, turnover over seven: result / margin would give the seventh's turnover."""
    firms = [company(n, "a", False, 10 + n) for n in range(7)]
    both = industry(*firms[:6], company(6, "a", False, 500, None))
    assert statistics(both, "margin", rules=RULES, library=library).cells[0].mark == ":"
    whole = industry(*firms[:6])
    assert statistics(whole, "margin", rules=RULES, library=library).cells[0].value is not None
