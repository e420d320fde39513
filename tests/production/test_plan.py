"""A whole plant: laws of cost, adding up, choices that must matter, faults.

Oracles: laws stated in docs/subjects/production-economics.md; present values and shares of cost
worked out here in plain loops from published definitions of a levelised cost.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from virkestoff.errors import InputError, RangeWarning
from virkestoff.evidence import CentralParameters, SampledParameters
from virkestoff.production import Plant, Processes, packs_from_kg, plan

pytestmark = pytest.mark.filterwarnings("ignore::virkestoff.errors.RangeWarning")

TABLET, MIXTURE = "phenoxymethylpenicillin_tablet", "phenoxymethylpenicillin_mixture"
PENV = "phenoxymethylpenicillin"
YEARS = range(2027, 2067)
Sampled = Callable[[int, int], SampledParameters]


def demand(parameters, processes: Processes, tonnes: float) -> dict[str, np.ndarray]:
    """85 % as tablets and 15 % as mixture, the same every year; the split is made up."""
    kg = np.full((1, len(YEARS)), 1000.0 * tonnes)
    return {
        TABLET: packs_from_kg(TABLET, 0.85 * kg, processes, parameters),
        MIXTURE: packs_from_kg(MIXTURE, 0.15 * kg, processes, parameters),
    }


def plant(parameters, processes, tonnes=13.0, steps="api_and_finished", **choices) -> Plant:
    wanted = demand(parameters, processes, tonnes)
    return plan(steps, wanted, YEARS, parameters, processes=processes, **choices)


@pytest.mark.parametrize("steps", ["finished", "api_and_finished"])
def test_at_the_required_price_the_owner_gains_nothing(sampled: Sampled, processes, steps) -> None:
    """Net present value at the required price is zero, by definition of that price."""
    found = plant(sampled(3, 24), processes, steps=steps)
    revenue = found.rewarded_kg * found.required_price[:, None]
    value = found.net_present_value(revenue) / found.investment_plan.total[:, 0]
    np.testing.assert_allclose(value, 0.0, atol=1e-6)
    rate = found.rate_of_return(revenue)
    np.testing.assert_allclose(rate, found.investor.required_return[:, 0], atol=1e-5)
    assert np.all(found.required_price >= found.unit_cost)  # tax is never negative


def test_unit_cost_is_present_cost_over_present_kilograms(sampled: Sampled, processes) -> None:
    """Twin: sums in plain loops over years, draw by draw."""
    found = plant(sampled(5, 3), processes)
    paid = found.investment + found.operating
    for draw in range(3):
        rate = float(found.investor.required_return[draw, 0])
        cost = kg = 0.0
        for year in range(len(YEARS)):
            cost += float(paid[draw, year]) / (1.0 + rate) ** year
            kg += float(found.sold_kg[PENV][draw, year]) / (1.0 + rate) ** year
        last = float(found.investment_plan.decommissioning[draw, 0])
        cost += last / (1.0 + rate) ** (len(YEARS) - 1)
        assert found.unit_cost[draw] == pytest.approx(cost / kg, rel=1e-9)
        assert found.product_cost[PENV][draw] == pytest.approx(cost / kg, rel=1e-9)


@pytest.mark.parametrize("steps", ["finished", "api_and_finished"])
def test_packs_together_carry_the_whole_cost(sampled: Sampled, processes, steps) -> None:
    """Cost per pack times packs, in present value, is the cost of the plant: nothing left over."""
    found = plant(sampled(7, 8), processes, steps=steps)
    factors = (1.0 + found.investor.required_return) ** -np.arange(len(YEARS))
    carried = sum(
        cost * (found.packs[name] * factors).sum(axis=1) for name, cost in found.pack_cost.items()
    )
    whole = found.unit_cost * (found.rewarded_kg * factors).sum(axis=1)
    np.testing.assert_allclose(carried, whole, rtol=1e-9)


def present_outlays(found: Plant) -> np.ndarray:
    """Investment and running cost of all years at the required return, NOK per draw."""
    factors = (1.0 + found.investor.required_return) ** -np.arange(len(YEARS))
    outlays = found.outlays.investment + found.outlays.operating
    return np.asarray((outlays * factors).sum(axis=1))


def worst_step(parameters, processes, steps: str, n_points: int) -> tuple[float, float]:
    """Largest fall of present cost and of staff in any year, as shares, over a fine sweep.

    From 1 to 1,000 t a year, in any draw; zero where nothing falls.
    """
    cost_fall = staff_fall = 0.0
    cost = people = np.zeros(1)
    for tonnes in np.geomspace(1.0, 1000.0, n_points):
        found = plant(parameters, processes, float(tonnes), steps)
        now, persons = present_outlays(found), found.total_staff
        cost_fall = max(cost_fall, float((1.0 - now / cost).max()) if cost.all() else 0.0)
        fewer = (people - persons) / np.maximum(persons, 1.0)
        staff_fall = max(staff_fall, float(fewer.max()))
        cost, people = now, persons
    return cost_fall, staff_fall


@pytest.mark.parametrize(("steps", "n_points"), [("finished", 150), ("api_and_finished", 140)])
def test_cost_and_staff_do_not_fall_when_volume_rises(central, processes, steps, n_points) -> None:
    """Law, at the prices of one library, for the present cost of the whole plant."""
    cost, people = worst_step(central, processes, steps, n_points)
    assert cost < 1e-9
    assert people < 1e-9


def test_finished_forms_never_cost_less_for_more_in_any_draw(sampled: Sampled, processes) -> None:
    """The same law, without allowance, in each of 64 draws."""
    cost, people = worst_step(sampled(17, 64), processes, "finished", 100)
    assert cost < 1e-9
    assert people < 1e-9


@given(
    seed=st.integers(0, 2**31),
    log_tonnes=st.floats(0.0, 3.0),
    log_growth=st.floats(0.0, 0.5),
    mode=st.sampled_from(["greenfield", "brownfield"]),
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_more_finished_forms_never_cost_less_nor_need_fewer_people(
    seed, log_tonnes, log_growth, mode, sampled: Sampled, processes
) -> None:
    """The same law for any two sizes and any draws."""
    parameters, tonnes = sampled(seed, 16), 10.0**log_tonnes
    small = plant(parameters, processes, tonnes, "finished", mode=mode)
    large = plant(parameters, processes, tonnes * 10.0**log_growth, "finished", mode=mode)
    assert np.all(present_outlays(large) >= present_outlays(small) * (1.0 - 1e-9))
    assert np.all(large.total_staff >= small.total_staff * (1.0 - 1e-9))


def test_own_substance_and_finished_forms_in_any_draw(sampled: Sampled, processes) -> None:
    """With own substance people never fall; cost may where vessels change, by 3 in a thousand."""
    cost, people = worst_step(sampled(17, 64), processes, "api_and_finished", 60)
    assert cost < 3e-3
    assert people < 1e-9


def test_cost_of_a_substance_works_does_not_fall_in_any_draw(sampled: Sampled, processes) -> None:
    """The same law in each of 64 draws, for a plant that sells substance.

    Vessels are chosen by what they decide, before rooms and utilities: 3 in a thousand is let pass.
    """
    parameters, before = sampled(17, 64), np.zeros(64)
    for tonnes in np.geomspace(1.0, 1000.0, 60):
        bulk = {PENV: np.full((1, len(YEARS)), 1000.0 * tonnes)}
        found = plan("api_and_finished", {}, YEARS, parameters, bulk_kg=bulk, processes=processes)
        now = present_outlays(found)
        assert np.all(now >= before * (1.0 - 3e-3)), tonnes
        before = now


def test_without_a_holder_nobody_is_supplied_and_no_cost_per_kg_is_claimed(
    central, processes
) -> None:
    found = plant(central, processes, steps="finished", holder="none")
    assert all(np.all(number == 0.0) for number in found.packs.values())
    assert np.isnan(found.first_pack_years).all()
    assert np.isnan(found.unit_cost).all()
    assert np.isnan(found.required_price).all()
    assert np.all(found.operating[:, 20] > 0.0)  # the plant stands and costs


def test_a_partner_brings_the_first_pack_earlier_and_reports_on_safety(central, processes) -> None:
    own = plant(central, processes, steps="finished", holder="own")
    partner = plant(central, processes, steps="finished", holder="partner")
    assert partner.first_pack_years[0] < own.first_pack_years[0]
    assert np.all(partner.operating_parts["pharmacovigilance"] == 0.0)


def test_an_existing_site_saves_and_standby_keeps_fewer_people(central, processes) -> None:
    new, old, kept = (
        plant(central, processes, steps="finished", mode=mode)
        for mode in ("greenfield", "brownfield", "standby")
    )
    assert old.investment_plan.total < new.investment_plan.total
    assert old.first_pack_years < new.first_pack_years
    assert kept.total_staff[0, 20] < old.total_staff[0, 20] < new.total_staff[0, 20]
    # The standby suite holds the lines of the whole need, and runs the stated share of it.
    assert kept.investment_plan.purchase.total == old.investment_plan.purchase.total
    share = central("production.operations.standby_batches", "1")
    np.testing.assert_allclose(kept.packs[TABLET], share * old.packs[TABLET])


def test_maintenance_is_not_charged_on_money_that_does_not_wear(central, processes) -> None:
    """Worn: machines, their installation, utilities, laboratory, effluent plant and systems."""
    found = plant(central, processes)
    worn = (
        "equipment", "installation", "hvac_and_clean_utilities", "quality_laboratory",
        "effluent_and_waste", "serialisation_and_it",
    )  # fmt: skip
    base = sum(found.investment_plan.parts[name].item() for name in worn)
    share = central("production.operations.maintenance", "1").item()
    assert found.operating_parts["maintenance"][0, 20] == pytest.approx(base * share)


def test_cost_is_spread_over_rewarded_products_only(central, processes) -> None:
    wanted = demand(central, processes, 13.0)
    wanted["amoxicillin_tablet"] = np.full((1, len(YEARS)), 200_000.0)
    both = plan("finished", wanted, YEARS, central, processes=processes)
    one = plan("finished", wanted, YEARS, central, processes=processes, rewarded=[PENV])
    np.testing.assert_allclose(both.outlays.operating, one.outlays.operating)
    assert one.unit_cost > both.unit_cost
    assert set(both.product_cost) == {PENV, "amoxicillin"}


def test_a_plant_that_sells_half_is_as_large_and_makes_half(central, processes) -> None:
    """The plant is sized for what is wanted; what is not sold is not made."""
    whole = plant(central, processes)
    share = np.full((1, len(YEARS)), 0.5)
    half = plant(central, processes, sold_share={TABLET: share, MIXTURE: share})
    np.testing.assert_allclose(half.investment_plan.total, whole.investment_plan.total)
    np.testing.assert_allclose(half.packs[TABLET], 0.5 * whole.packs[TABLET])
    assert half.unit_cost > whole.unit_cost
    with pytest.raises(InputError, match="between zero and one"):
        plant(central, processes, sold_share={TABLET: 2.0 * np.ones((1, len(YEARS)))})


def test_a_taxed_grant_is_worth_its_value_after_tax(central, processes) -> None:
    """Law: where every year's profit is taxed, a grant adds (1 - tax) of its present value."""
    found = plant(central, processes, steps="finished")
    revenue = found.rewarded_kg * 50.0 * found.required_price[:, None]
    grant = np.zeros_like(revenue)
    grant[:, 25] = 1e7
    flow, more = found.cash(revenue), found.cash(revenue + grant)
    assert np.all(flow.tax[:, 25:] > 0.0)
    tax = float(found.investor.tax_rate[0, 0])
    assert more.tax[0].sum() - flow.tax[0].sum() == pytest.approx(tax * 1e7)


def test_draws_do_not_depend_on_their_block(sampled: Sampled, processes) -> None:
    """Convention 4: a draw gives the same alone and among others."""

    class One:
        """Draw number `row` of other parameters."""

        n_draws, price_year = 1, 2025

        def __init__(self, whole, row: int) -> None:
            self.whole, self.row = whole, row

        def __call__(self, fact_id: str, unit: str) -> np.ndarray:
            return self.whole(fact_id, unit)[self.row : self.row + 1]

        def series(self, fact_id: str, unit: str, years) -> np.ndarray:
            return self.whole.series(fact_id, unit, years)

    whole = sampled(11, 5)
    wanted = demand(CentralParameters(whole.library, 2025), processes, 13.0)
    together = plan("api_and_finished", wanted, YEARS, whole, processes=processes)
    for row in (0, 4):
        alone = plan("api_and_finished", wanted, YEARS, One(whole, row), processes=processes)
        np.testing.assert_allclose(alone.unit_cost, together.unit_cost[row : row + 1], rtol=1e-12)


def test_equipment_outside_its_sources_warns_and_is_marked(central, processes) -> None:
    """All open fermenter series start at 200 m3; Norway needs less."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RangeWarning)
        with pytest.warns(RangeWarning, match="'fermenter'"):
            found = plant(central, processes)
    assert "fermenter" in found.marks


def test_faults_are_named(central, processes) -> None:
    bad = {"penicillin_tablet": np.ones((1, 40)), TABLET: -np.ones((1, 40)), MIXTURE: np.ones(40)}
    with pytest.raises(InputError) as caught:
        plan("finished", bad, YEARS, central, processes=processes)
    assert len(caught.value.faults) == 3
    with pytest.raises(InputError, match="do not hold construction"):
        few = {TABLET: np.ones((1, 3))}
        plan("finished", few, range(2027, 2030), central, processes=processes)
    with pytest.raises(InputError, match="name at least one"):
        plan("finished", {}, YEARS, central, processes=processes)
    with pytest.raises(InputError, match="is not made here"):
        plant(central, processes, rewarded=["amoxicillin"])


def test_marks_are_the_same_for_any_block_of_draws(sampled: Sampled, processes) -> None:
    """Convention 4: warnings become marks in results, so their text cannot depend on the draws."""
    texts = []
    for n_draws in (2, 24):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", RangeWarning)
            plant(sampled(13, n_draws), processes)
        texts.append({str(w.message) for w in caught if "'fermenter'" in str(w.message)})
    assert texts[0] == texts[1]
    assert len(texts[0]) == 1
