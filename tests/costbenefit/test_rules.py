"""The rules in the library, and that they are dated.

Oracles: rates and tax cost as read in FRAM (Kystverket, 2024), which cites R-109; the table of
the value of a statistical life as published by DFØ.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from virkestoff.costbenefit import (
    SIX_QUESTIONS,
    SOCIETY_HEADING,
    RealGrowth,
    adjusted_life_value,
    exceeds_assurance_threshold,
    fact_on,
    life_value,
    real_growth_on,
    rules_on,
)
from virkestoff.errors import InputError, MissingFact
from virkestoff.evidence import Library
from virkestoff.evidence.fact import Fact
from virkestoff.timeline import Years

TODAY = date(2026, 11, 1)

# DFØ, Verdien av et statistisk liv: year -> (GDP per capita NOK, VSL NOK million), current prices;
# the last two rows are preliminary in the source. Held to one unit of the last printed digit:
# eleven rows are rounded, 2023 is cut off (54.895 is printed as 54.89).
VSL_TABLE = {
    2012: (594_408, 30.00),
    2013: (608_314, 30.70),
    2014: (615_439, 31.06),
    2015: (603_130, 30.44),
    2016: (595_100, 30.04),
    2017: (629_737, 31.78),
    2018: (673_313, 33.98),
    2019: (672_589, 33.95),
    2020: (643_478, 32.48),
    2021: (799_497, 40.35),
    2022: (1_043_668, 52.67),
    2023: (1_087_672, 54.89),
}


def test_the_rules_of_today(library: Library) -> None:
    rules = rules_on(library, TODAY)
    assert rules.rates.steps == (0.04, 0.03, 0.02)
    assert rules.rates.switches == (40, 75)
    assert rules.tax_financing_cost == 0.20
    assert len(rules.facts) == 6
    assert {library.fact(f).confidence for f in rules.facts} == {"read"}


def test_outside_validity_the_error_names_the_gap(library: Library) -> None:
    with pytest.raises(MissingFact) as caught:
        rules_on(library, date(2010, 1, 1))
    text = str(caught.value)
    assert "costbenefit.tax_financing_cost: no rule is known to hold on 2010-01-01" in text
    assert "2014-04-30 to" in text
    assert "discount_rate_first:" not in text  # 4 percent is known for 2010
    with pytest.raises(MissingFact, match="1998-01-01"):
        fact_on(library, "discount_rate_first", date(1998, 1, 1))


def test_the_first_and_the_last_day_of_a_rule_count(library: Library) -> None:
    assert fact_on(library, "discount_rate_first", date(2014, 4, 29)).id.endswith("from_2005")
    assert fact_on(library, "discount_rate_first", date(2014, 4, 30)).id.endswith("from_2014")


def test_two_rules_on_one_day_are_a_fault(library: Library) -> None:
    old = library.fact("costbenefit.tax_financing_cost.from_2014")
    newer: Fact = old.model_copy(update={"id": "costbenefit.tax_financing_cost.from_2026"})
    both = replace(library, facts={**library.facts, newer.id: newer})
    with pytest.raises(InputError, match="has 2 rules"):
        rules_on(both, TODAY)


@pytest.mark.parametrize(("year", "row"), VSL_TABLE.items())
def test_the_published_value_of_a_statistical_life(
    year: int, row: tuple[int, float], library: Library
) -> None:
    gdp, published = row
    assert adjusted_life_value(30e6, gdp, 594_408) / 1e6 == pytest.approx(published, abs=0.01)
    assert life_value(library, year, TODAY) / 1e6 == pytest.approx(published, abs=0.01)


def test_the_value_of_a_life_is_never_extrapolated(library: Library) -> None:
    with pytest.raises(MissingFact, match="known: 2012-2023"):
        life_value(library, 2024, TODAY)
    with pytest.raises(InputError, match="above zero"):
        adjusted_life_value(30e6, 0.0, 594_408)


def test_real_growth(library: Library) -> None:
    """Full growth to 2060 is a closed form; half of it in 2080; none from 2100."""
    growth = real_growth_on(library, TODAY)
    assert (growth.rate, growth.last_year, growth.end_year) == (0.009, 2060, 2100)
    index = growth.index(Years(2025, 2060), 2025)
    np.testing.assert_allclose(index, 1.009 ** np.arange(36.0), rtol=1e-12)
    years = np.array([2060, 2080, 2100, 2101])
    np.testing.assert_allclose(growth.rates(years), [0.009, 0.0045, 0.0, 0.0], atol=1e-15)
    flat = growth.index(Years(2100, 2110), 2025)
    np.testing.assert_allclose(flat, flat[0], rtol=1e-12)


def test_a_price_year_inside_or_after_the_years_has_index_one() -> None:
    growth = RealGrowth(0.01, 2060, 2100)
    assert growth.index(Years(2020, 2030), 2025)[5] == 1.0
    assert growth.index(Years(2020, 2021), 2022)[-1] == pytest.approx(1 / 1.01)
    with pytest.raises(InputError, match="not after"):
        RealGrowth(0.01, 2060, 2060)


def test_growth_before_it_was_read_is_a_gap(library: Library) -> None:
    with pytest.raises(MissingFact, match="real_growth_rate"):
        real_growth_on(library, date(2019, 1, 1))


def test_words_exist_in_both_languages() -> None:
    assert SOCIETY_HEADING.en == "Net present cost, preparedness not valued"
    assert len(SIX_QUESTIONS) == 6
    assert all(question.nb.endswith("?") for question in SIX_QUESTIONS)


def test_large_investments_are_flagged(library: Library) -> None:
    """The threshold is NOK 1 bn, recalled; the share of draws above it is counted by hand."""
    flag = exceeds_assurance_threshold(library, np.array([0.9e9, 1.0e9, 1.1e9, 5e9]), TODAY)
    assert flag.share_of_draws == 0.5
    assert flag.threshold_nok == 1e9
    assert library.fact(flag.fact).confidence == "unverified"
