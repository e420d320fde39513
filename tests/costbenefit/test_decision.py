"""Switching values, residual value, effects without a price, distribution.

Oracles: closing the account again with the value found, sums by hand, and the rules of an ordinal
scale (symmetric, rising, from ---- to ++++).
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.costbenefit import (
    EXTENT_NAMES,
    IMPORTANCE_NAMES,
    Appraisal,
    ConsequenceTable,
    Rules,
    appraise,
    consequence_table,
    distribution,
    effect_share,
    remaining_benefit,
    scrap_value,
    switching_factor,
    switching_value,
    unpriced_rows,
)
from virkestoff.discounting import Rates
from virkestoff.effects import EXTENTS, IMPORTANCES, Actors, Ledger
from virkestoff.errors import InputError, MissingFact
from virkestoff.evidence import Library
from virkestoff.language import Text
from virkestoff.timeline import Years

ACTORS = Actors(public=("state",), private=("plant",), foreign=("world",))
RULES = Rules(date(2026, 11, 1), Rates((0.04, 0.03, 0.02), (40, 75)), 0.20)
YEARS = Years(2027, 2056)


def ledger_with(sales: float, investment: float = 300.0) -> Ledger:
    """A plant built in the first year with a grant, selling abroad; synthetic."""
    ones = np.ones((2, YEARS.size))
    first = np.zeros((2, YEARS.size))
    first[:, 0] = [1.0, 1.5]
    ledger = Ledger()
    ledger.pay("investment", "plant", "resources", first * investment)
    ledger.pay("grant", "state", "plant", first * 100.0)
    ledger.pay("sales", "world", "plant", ones * sales)
    ledger.pay("operations", "plant", "resources", ones * 10.0)
    return ledger


def appraised(sales: float, investment: float = 300.0) -> Appraisal:
    return appraise(ledger_with(sales, investment), None, ACTORS, YEARS, RULES)


@given(sales=st.floats(12.0, 60.0))
@settings(max_examples=25, deadline=None)
def test_a_switching_factor_closes_the_account(sales: float) -> None:
    factor = switching_factor(appraised(sales), "sales", RULES)
    for draw in range(2):
        closed = appraised(sales * factor[draw]).society_net_present_value[draw]
        assert closed == pytest.approx(0.0, abs=1e-8)


def test_effect_shares_add_up_and_carry_their_tax_cost() -> None:
    found = appraised(30.0)
    names = ("investment", "grant", "sales", "operations")
    total = sum(effect_share(found, name, RULES) for name in names)
    np.testing.assert_allclose(total, found.society_net_present_value, rtol=1e-12)
    grant = effect_share(found, "grant", RULES)
    np.testing.assert_allclose(grant, -found.tax_financing_cost, rtol=1e-12)


def test_no_factor_is_claimed_where_none_helps() -> None:
    """At a loss, more of a cost never helps: the factor would be negative, so it is undefined."""
    poor = appraised(0.0)
    assert np.isnan(switching_factor(poor, "grant", RULES)).all()
    assert np.isnan(switching_factor(poor, "sales", RULES)).all()
    with pytest.raises(InputError, match="Did you mean 'sales'"):
        effect_share(poor, "sale", RULES)


def test_the_switching_value_of_an_input() -> None:
    def mean_npv(sales: float) -> float:
        return float(appraised(sales).society_net_present_value.mean())

    found = switching_value(mean_npv, 10.0, 60.0)
    assert found is not None
    assert mean_npv(found) == pytest.approx(0.0, abs=1e-6)
    assert switching_value(mean_npv, 50.0, 60.0) is None
    assert switching_value(lambda x: x - 2.0, 2.0, 3.0) == 2.0
    assert switching_value(lambda x: x - 3.0, 2.0, 3.0) == 3.0
    with pytest.raises(InputError, match="does not rise"):
        switching_value(mean_npv, 3.0, 2.0)
    with pytest.raises(InputError, match="not finite"):
        switching_value(lambda x: float("nan"), 1.0, 2.0)


def test_scrap_value_by_hand() -> None:
    """100 used 4 of 10 years has a book value of 60; of 50 used 1 year 45; a fifth is saleable."""
    years = Years(2027, 2030)
    investment = np.array([[100.0, 0.0, 0.0, 50.0]])
    found = scrap_value(investment, years, 10, 0.2)
    np.testing.assert_allclose(found, [[0.0, 0.0, 0.0, 21.0]])
    assert not scrap_value(investment, years, 1, 0.2).any()
    with pytest.raises(InputError) as caught:
        scrap_value(investment[:, :2], years, 0, 1.5)
    assert len(caught.value.faults) == 3


def test_remaining_benefit_is_the_rest_of_a_longer_analysis() -> None:
    """Forty years with a residual value equal seventy-five years without."""
    long, short = Years(2027, 2101), Years(2027, 2066)

    def npv(years: Years, last: float) -> float:
        amount = np.full((1, years.size), 7.0)
        amount[0, -1] += last
        ledger = Ledger()
        ledger.pay("benefit", "world", "plant", amount)
        return float(appraise(ledger, None, ACTORS, years, RULES).society_net_present_value[0])

    rest = remaining_benefit(np.array([7.0]), short, 2101, RULES.rates, 2026)
    assert npv(short, float(rest[0])) == pytest.approx(npv(long, 0.0), rel=1e-12)
    ended = remaining_benefit(np.array([7.0]), short, 2066, RULES.rates, 2026)
    assert ended.tolist() == [0.0]
    with pytest.raises(InputError, match="before the last year"):
        remaining_benefit(np.array([7.0]), short, 2060, RULES.rates, 2026)


def test_the_consequence_table_keeps_the_order_of_its_scale(library: Library) -> None:
    table = consequence_table(library)
    assert table.confidence == "assumption"  # no document read confirms a cell
    assert len(table.facts) == 9
    for importance in IMPORTANCES:
        steps = [table.step(importance, extent) for extent in EXTENTS]
        assert steps == sorted(steps)
        assert steps == [-step for step in reversed(steps)]
    for extent in EXTENTS:
        sizes = [abs(table.step(importance, extent)) for importance in IMPORTANCES]
        assert sizes == sorted(sizes)
    assert table.step("large", "large_positive") == 4
    assert table.step("large", "large_negative") == -4


def test_rows_of_unpriced_effects(library: Library) -> None:
    ledger = Ledger()
    name, reason = Text(nb="Beredskap", en="Preparedness"), Text(nb="Fordi", en="Because")
    other = Text(nb="Lukt", en="Smell")
    ledger.unpriced(name, "large", "large_positive", reason)
    ledger.unpriced(other, "large", "large_negative", reason)
    ledger.unpriced(reason, "small", "none", reason)
    rows = unpriced_rows(ledger.unpriced_effects, consequence_table(library))
    assert [row.symbol for row in rows] == ["++++", "\u2212" * 4, "0"]


def test_a_table_can_be_replaced_and_must_be_whole(library: Library) -> None:
    with pytest.raises(InputError, match="not a step"):
        ConsequenceTable({("small", "small"): 5}, "read")
    empty = Library(library.root, {}, {}, {})
    with pytest.raises(MissingFact) as caught:
        consequence_table(empty)
    assert len(caught.value.faults) == 9


def test_every_level_has_a_name_in_both_languages() -> None:
    assert set(EXTENT_NAMES) == set(EXTENTS)
    assert set(IMPORTANCE_NAMES) == set(IMPORTANCES)


def test_the_distribution_adds_up() -> None:
    found = appraised(30.0)
    rows = distribution(found, {"plant": Text(nb="Anlegget", en="The plant")})
    kinds = [row.kind for row in rows]
    assert kinds == ["public", "private", "taxpayers", "society", "foreign", "resources"]
    inside = sum(row.net_present_value for row in rows[:3])
    np.testing.assert_allclose(inside, rows[3].net_present_value, rtol=1e-12)
    parts = [row.net_present_value for row in rows if row.kind not in ("taxpayers", "society")]
    np.testing.assert_allclose(np.sum(parts, axis=0), 0.0, atol=1e-9)
    assert rows[1].name.en == "The plant"
    assert rows[0].name.nb == "state"
    assert rows[3].mean == pytest.approx(float(found.society_net_present_value.mean()))
    low, high = rows[3].quantiles(0.0, 1.0)
    assert low <= rows[3].mean <= high
