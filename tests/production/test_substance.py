"""The substance plant as a whole: scale, energy, materials, intermediates, faults."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.errors import InputError, RangeWarning
from virkestoff.evidence import CentralParameters, Library, SampledParameters
from virkestoff.production import (
    Processes,
    design_finishing,
    design_substance,
    operate_finishing,
    operate_substance,
)
from virkestoff.production.equipment import purchase
from virkestoff.production.substance import SubstanceDesign
from virkestoff.production.substance_choice import batches_of, equipment_a_year
from virkestoff.production.substance_duties import fermenter_power

PENV = "phenoxymethylpenicillin"
ALL = {
    PENV: 62e3,
    "amoxicillin": 10e3,
    "pivmecillinam": 7e3,
    "dicloxacillin": 12e3,
    "cloxacillin": 12e3,
    "benzylpenicillin": 7e3,
}


def peak(amounts: dict[str, float], n_draws: int = 1) -> dict[str, np.ndarray]:
    return {name: np.full((n_draws, 1), kg) for name, kg in amounts.items()}


def test_a_batch_of_100_m3(processes: Processes, central: CentralParameters) -> None:
    # Oracle: 100 m3 x 0.80 x 45 g/L x 0.91 = 3,276 kg acid (reference notes: 3.3 t).
    design = design_substance(processes, peak({PENV: 62e3}), central, vessel_m3=100.0)
    batch = design.groups["fermentation"].batch_kg[PENV]
    assert float(batch[0, 0]) == pytest.approx(3276.0, rel=1e-9)


def test_a_vessel_of_20_m3_serves_norway_at_about_half_use(
    processes: Processes, central: CentralParameters
) -> None:
    # Oracle: 20 batches and 49 % without failures; 5 % failures make it 21 and 52 %.
    design = design_substance(processes, peak({PENV: 13.1e3}), central, vessel_m3=20.0)
    year = operate_substance(design, {PENV: np.full((1, 20), 13.1e3)}, central)
    starts = year.batches[PENV].mean()
    assert starts == pytest.approx(13.1e3 / 655.2 / 0.95, abs=0.06)
    group = design.groups["fermentation"]
    assert group.n_vessels[0, 0] == 1
    assert year.hours["fermentation"].mean() / group.use[0, 0] == pytest.approx(0.52, abs=0.01)


def test_energy_of_fermentation(central: CentralParameters) -> None:
    # Oracle: plant-costs ut_fermentation_power: 5.71 kW/m3, 1,140 kWh/m3 in 200 h,
    # 25.4 kWh/kg at 45 g/L.
    power = float(fermenter_power(central)[0, 0])
    assert power == pytest.approx(5.71, abs=0.02)
    assert power * 200 == pytest.approx(1140, rel=0.005)
    assert power * 200 / 45 == pytest.approx(25.4, rel=0.005)


def test_precursor_for_norway_is_about_one_container(
    processes: Processes, central: CentralParameters
) -> None:
    # Oracle: production-supply-notes, about 6.5 t phenoxyacetic acid a year (0.50 kg per kg, before
    # losses in recovery and failed batches, which add 1/0.91/0.95).
    design = design_substance(processes, peak({PENV: 13.1e3}), central)
    year = operate_substance(design, {PENV: np.full((1, 40), 13.1e3)}, central)
    tonnes = year.materials_kg["phenoxyacetic_acid"].mean() / 1000
    assert tonnes == pytest.approx(6.55 / 0.91 / 0.95, rel=0.01)


def test_material_balance_of_the_year(processes: Processes, central: CentralParameters) -> None:
    # Oracle: hand calculation from the chain; glucose = broth substance / 0.10.
    design = design_substance(processes, peak({PENV: 62e3}), central)
    year = operate_substance(design, {PENV: np.full((1, 3), 62e3)}, central)
    broth_kg = year.batches[PENV] * design.groups["fermentation"].batch_kg[PENV] / 0.91
    np.testing.assert_allclose(year.materials_kg["glucose"], broth_kg / 0.10, rtol=1e-9)
    np.testing.assert_allclose(
        year.mycelium_kg, broth_kg / 45.0 * 40.0 / 0.28, rtol=1e-9
    )  # m3 of broth x dry mycelium / solids of the cake
    np.testing.assert_allclose(
        year.materials_kg["acetone"] + year.materials_kg["butyl_acetate"],
        year.solvent_waste_kg,
        rtol=1e-12,
    )


def test_intermediates_are_designed_for_and_made(
    processes: Processes, central: CentralParameters
) -> None:
    # Oracle by hand: amoxicillin 0.677 kg 6-APA, 6-APA 1.798 kg penicillin G, failures 1 % each.
    design = design_substance(processes, peak({"amoxicillin": 10e3}), central)
    six_apa = 10e3 * 216.26 / (365.40 * 0.93 * 0.94) / 0.99
    assert float(design.peak_kg["six_apa"][0, 0]) == pytest.approx(six_apa, rel=1e-4)
    assert float(design.peak_kg["penicillin_g"][0, 0]) == pytest.approx(
        six_apa * 334.39 / (0.86 * 216.26) / 0.99, rel=1e-4
    )
    year = operate_substance(design, {"amoxicillin": np.full((1, 5), 10e3)}, central)
    assert np.all(year.batches["penicillin_g"] > 0) and np.all(year.batches["six_apa"] > 0)
    assert np.all(year.shortfall_kg["amoxicillin"] == 0)
    assert set(year.output_kg) == {"amoxicillin"}


def test_bought_6_apa_replaces_the_fermentation(
    processes: Processes, central: CentralParameters
) -> None:
    design = design_substance(processes, peak({"dicloxacillin": 5e3}), central, bought=("six_apa",))
    assert set(design.groups) == {"synthesis"}
    year = operate_substance(design, {"dicloxacillin": np.full((1, 40), 5e3)}, central)
    # Oracle by hand: 216.26 / (470.33 x 0.85) kg per kg, 2 % failed batches.
    expected = 5e3 * 216.26 / (470.33 * 0.85) / 0.98
    assert year.materials_kg["six_apa"].mean() == pytest.approx(expected, rel=0.005)
    assert year.mycelium_kg.sum() == 0


def test_products_that_share_vessels_pay_for_changeovers(
    processes: Processes, central: CentralParameters
) -> None:
    alone = design_substance(processes, peak({PENV: 62e3}), central)
    shared = design_substance(processes, peak(ALL), central)
    assert alone.groups["fermentation"].changeover_h[0, 0] == 0
    # Oracle: two products x two campaigns x five days.
    assert shared.groups["fermentation"].changeover_h[0, 0] == pytest.approx(2 * 2 * 5 * 24)
    assert shared.groups["fermentation"].campaigns[0, 0] == 4


def test_hours_stay_in_the_calendar_and_demand_is_met_for_any_draw(
    processes: Processes, sampled: Callable[[int, int], SampledParameters]
) -> None:
    parameters = sampled(3, 64)
    design = design_substance(processes, peak(ALL, 64), parameters)
    wanted = {name: np.full((64, 12), kg) for name, kg in ALL.items()}
    year = operate_substance(design, wanted, parameters)
    for train, group in design.groups.items():
        assert np.all(year.hours[train] <= group.n_vessels * 8760)
    uptime = parameters("production.fermentation.uptime", "1") * 8760
    assert np.all(year.hours["downstream"] <= design.downstream_lines * uptime + 1e-6)
    for name, kg in wanted.items():
        made = np.cumsum(year.output_kg[name], axis=1)
        assert np.all(made >= np.cumsum(kg, axis=1) * (1 - 1e-9))
        assert np.all(year.shortfall_kg[name] == 0)
    for starts in year.batches.values():
        assert np.array_equal(starts, np.round(starts))
    assert all(np.all(kg >= 0) for kg in year.materials_kg.values())


def test_given_size_or_number_leaves_the_other_to_be_found(
    processes: Processes, central: CentralParameters
) -> None:
    # Oracle: 40 batches a vessel and year (0.90 x 8760 / 194), 5 % fail: 62 t need 20 starts of
    # 100 m3 and 40 of 50 m3, which one vessel makes; 40 m3 would need 50.
    only_size = design_substance(processes, peak({PENV: 62e3}), central, vessel_m3=100.0)
    assert only_size.groups["fermentation"].n_vessels[0, 0] == 1
    only_number = design_substance(processes, peak({PENV: 62e3}), central, n_vessels=1.0)
    assert only_number.groups["fermentation"].vessel_m3[0, 0] == 50
    with pytest.raises(InputError, match="too few"):
        design_substance(processes, peak({PENV: 62e6}), central, n_vessels=1.0)
    with pytest.raises(InputError, match="whole"):
        design_substance(processes, peak({PENV: 62e3}), central, n_vessels=1.5)


def test_every_material_has_a_price(processes: Processes, central: CentralParameters) -> None:
    design = design_substance(processes, peak(ALL), central)
    year = operate_substance(design, {n: np.full((1, 1), kg) for n, kg in ALL.items()}, central)
    packs = {name: np.full((1, 1), 1e5) for name in processes.presentations}
    finished = operate_finishing(design_finishing(packs, processes, central), packs, central)
    bought = {*year.materials_kg, *finished.materials_kg, "six_apa", "penicillin_g"}
    for material in bought:
        if not material.startswith("substance_"):
            unit = "NOK/unit" if material.endswith("_pieces") else "NOK/kg"
            assert central(f"production.material.{material}.price", unit)[0, 0] > 0


def test_too_small_a_plant_falls_short_and_says_so(
    processes: Processes, central: CentralParameters
) -> None:
    design = design_substance(processes, peak({PENV: 62e3}), central, n_vessels=1.0, vessel_m3=20.0)
    year = operate_substance(design, {PENV: np.full((1, 4), 62e3)}, central)
    # Oracle: floor(0.90 x 8760 / 194) = 40 batches of 655.2 kg, 5 % of them lost.
    assert np.all(year.batches[PENV] == 40)
    np.testing.assert_allclose(year.shortfall_kg[PENV], 62e3 - 40 * 655.2 * 0.95, rtol=1e-9)


def test_scarce_feed_limits_what_is_made_from_it(
    processes: Processes, central: CentralParameters
) -> None:
    design = design_substance(
        processes, peak({"amoxicillin": 60e3}), central, n_vessels=1.0, vessel_m3=10.0
    )
    year = operate_substance(design, {"amoxicillin": np.full((1, 6), 60e3)}, central)
    delivered = 60e3 - year.shortfall_kg["amoxicillin"]
    fed = year.batches["penicillin_g"] * 327.6 * 0.95  # kg of good penicillin G in 10 m3 batches
    per_kg = 216.26 / (365.40 * 0.93 * 0.94) / 0.99 * 334.39 / (0.86 * 216.26) / 0.99
    np.testing.assert_allclose(delivered * per_kg, fed, rtol=1e-3)


def test_random_failures_use_the_noise_of_their_process(
    processes: Processes, central: CentralParameters
) -> None:
    design = design_substance(processes, peak({PENV: 62e3}), central)
    wanted = {PENV: np.full((1, 8), 62e3)}
    lucky = operate_substance(design, wanted, central, {PENV: np.full((1, 8), 1e-6)})
    unlucky = operate_substance(design, wanted, central, {PENV: np.full((1, 8), 1 - 1e-6)})
    assert lucky.shortfall_kg[PENV].sum() == 0
    assert unlucky.shortfall_kg[PENV].sum() > 0
    assert unlucky.output_kg[PENV].sum() < lucky.output_kg[PENV].sum()


def test_draws_are_independent_of_each_other(
    processes: Processes, sampled: Callable[[int, int], SampledParameters]
) -> None:
    parameters = sampled(11, 6)
    whole = design_substance(processes, peak(ALL, 6), parameters)
    assert whole.groups["fermentation"].vessel_m3.shape == (6, 1)
    for duty in whole.duties:
        assert duty.size.shape == duty.count.shape == (6, 1)
        assert np.all(duty.size >= 0) and np.array_equal(duty.count, np.round(duty.count))


@pytest.mark.parametrize("kg", [-1.0, float("nan")])
def test_amounts_that_make_no_sense_are_faults(
    kg: float, processes: Processes, central: CentralParameters
) -> None:
    with pytest.raises(InputError) as caught:
        design_substance(
            processes, {PENV: np.full((1, 1), kg), "penicilin": np.ones((1, 1))}, central
        )
    assert len(caught.value.faults) == 2
    design = design_substance(processes, peak({PENV: 13e3}), central)
    with pytest.raises(InputError, match="zero or more"):
        operate_substance(design, {PENV: np.full((1, 2), kg)}, central)
    with pytest.raises(InputError, match="not designed for it"):
        operate_substance(design, {"cloxacillin": np.ones((1, 2))}, central)


class OneDraw(CentralParameters):
    """The values of one draw of a block."""

    def __init__(self, block: SampledParameters, draw: int) -> None:
        super().__init__(block.library, 2025)
        self._block, self._draw = block, draw

    def __call__(self, fact_id: str, unit: str) -> np.ndarray:
        return self._block(fact_id, unit)[self._draw : self._draw + 1]


def test_a_block_of_draws_equals_the_draws_one_by_one(
    processes: Processes, sampled: Callable[[int, int], SampledParameters]
) -> None:
    # Oracle: the same plant, designed and run for each draw alone.
    n, years = 5, 7
    block = sampled(23, n)
    generator = np.random.default_rng(23)
    amounts = {name: generator.uniform(0.0, 2.0, (n, years)) * kg for name, kg in ALL.items()}
    largest = {name: kg.max(axis=1, keepdims=True) for name, kg in amounts.items()}
    noise = {name: generator.random((n, years)) for name in (PENV, "penicillin_g", "six_apa")}
    whole = operate_substance(design_substance(processes, largest, block), amounts, block, noise)
    for draw in range(n):
        rows = slice(draw, draw + 1)
        one = OneDraw(block, draw)
        design = design_substance(processes, {k: v[rows] for k, v in largest.items()}, one)
        alone = operate_substance(
            design,
            {k: v[rows] for k, v in amounts.items()},
            one,
            {k: v[rows] for k, v in noise.items()},
        )
        for field in ("output_kg", "shortfall_kg", "batches", "materials_kg", "hours"):
            for name, values in getattr(whole, field).items():
                np.testing.assert_allclose(
                    values[rows], getattr(alone, field)[name], rtol=1e-9, atol=1e-6, err_msg=name
                )
        for field in ("electricity_kwh", "steam_kg", "effluent_m3", "mycelium_kg", "campaigns"):
            np.testing.assert_allclose(getattr(whole, field)[rows], getattr(alone, field))


def test_more_titre_never_needs_more_vessels_of_any_size(
    processes: Processes, central: CentralParameters
) -> None:
    # Law, over the whole design: all products, titres from an unlicensed strain to the best read.
    # Cost of equipment has no such law: a batch that holds more needs larger dryers.
    class Titre(CentralParameters):
        titre = 0.0

        def __call__(self, fact_id: str, unit: str) -> np.ndarray:
            if fact_id == "production.penicillin.titre":
                return np.full((1, 1), self.titre)
            return super().__call__(fact_id, unit)

    parameters = Titre(central.library, 2025)
    for size in processes.trains["fermentation"].catalogue_m3:
        numbers = []
        for titre in (5.0, 12.0, 20.0, 28.0, 35.0, 40.0, 45.0, 55.0):
            parameters.titre = titre
            fixed = design_substance(processes, peak(ALL), parameters, vessel_m3=size)
            numbers.append(float(fixed.groups["fermentation"].n_vessels[0, 0]))
        assert numbers == sorted(numbers, reverse=True)
        assert numbers[0] > numbers[-1]


def cost_of(design: SubstanceDesign, parameters: SampledParameters) -> np.ndarray:
    """What a year costs as far as vessels decide it, NOK, shape (n_draws,)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RangeWarning)
        cost = equipment_a_year(purchase(design.duties, parameters), parameters)
    test = parameters("production.operations.qc_substance_batch", "NOK/batch")
    for group in design.groups.values():
        cost = cost + test * batches_of(group, design.peak_kg)
    vessels = design.groups["fermentation"].n_vessels
    crews = np.ceil(vessels / 4.0) * parameters("production.fermentation.crew", "1")
    crews = crews + design.downstream_lines * parameters("production.downstream.crew", "1")
    pay = parameters("evidence.labour.pharma", "NOK/fte/year")
    pay = pay * (1.0 + parameters("production.operations.overhead", "1"))
    persons = crews * parameters("production.substance.crews_per_position", "1")
    return (cost + persons * pay)[:, 0]


@pytest.mark.parametrize("tonnes", [3.0, 13.0, 48.0, 60.0, 98.0, 125.0, 183.0, 245.0, 500.0, 900.0])
def test_no_vessels_of_the_catalogue_make_a_cheaper_plant(
    processes: Processes, sampled: Callable[[int, int], SampledParameters], tonnes: float
) -> None:
    # Oracle: every size of the catalogue given by hand, and one vessel more than suffices.
    n = 24
    parameters, wanted = sampled(29, n), peak({PENV: tonnes * 1e3}, n)
    found = design_substance(processes, wanted, parameters)
    train = processes.trains["fermentation"]
    least = np.full(n, np.inf)
    for size in train.catalogue_m3:
        one = design_substance(processes, wanted, parameters, vessel_m3=size)
        number = one.groups["fermentation"].n_vessels
        more = design_substance(processes, wanted, parameters, number + 1.0, size)
        assert np.all(cost_of(more, parameters) >= cost_of(one, parameters))
        assert train.most_vessels is not None
        allowed = (number[:, 0] <= train.most_vessels) | (size == max(train.catalogue_m3))
        least = np.where(allowed, np.minimum(least, cost_of(one, parameters)), least)
    np.testing.assert_allclose(cost_of(found, parameters), least, rtol=1e-9)


@given(
    less=st.lists(st.floats(0.0, 4.0), min_size=len(ALL), max_size=len(ALL)),
    more=st.lists(st.floats(0.0, 4.0), min_size=len(ALL), max_size=len(ALL)),
)
@settings(max_examples=25, deadline=None)
def test_a_larger_need_never_costs_less(
    processes: Processes, library: Library, less: list[float], more: list[float]
) -> None:
    # Law: the plants that suffice for a need suffice for every smaller one. Any products, any draw.
    n = 48
    generator = np.random.default_rng(31)
    uniform = generator.random(n)
    parameters = SampledParameters(
        library,
        2025,
        None,
        lambda name: library.facts[name].quantile(np.roll(uniform, len(name))),
        n,
    )
    small = {name: kg * share for (name, kg), share in zip(ALL.items(), less, strict=True)}
    large = {name: small[name] + kg * m for (name, kg), m in zip(ALL.items(), more, strict=True)}
    before = cost_of(design_substance(processes, peak(small, n), parameters), parameters)
    after = cost_of(design_substance(processes, peak(large, n), parameters), parameters)
    assert np.all(after >= before * (1.0 - 1e-9))


def test_a_choice_that_is_not_made_warns_of_nothing(
    processes: Processes, sampled: Callable[[int, int], SampledParameters]
) -> None:
    """Warnings are errors here: the sizes that are only compared lie far outside the sources."""
    design_substance(processes, peak(ALL, 16), sampled(37, 16))


def test_each_draw_chooses_its_vessels_alone(
    processes: Processes, sampled: Callable[[int, int], SampledParameters]
) -> None:
    # Oracle: the draw designed alone. Draws differ in how many sizes are worth pricing.
    block = sampled(41, 12)
    for tonnes in (13.0, 125.0, 700.0):
        whole = design_substance(processes, peak({PENV: tonnes * 1e3}, 12), block)
        vessels = whole.groups["fermentation"]
        assert len({*vessels.vessel_m3[:, 0]}) > 1 or len({*vessels.n_vessels[:, 0]}) > 1
        for draw in range(12):
            one = OneDraw(block, draw)
            alone = design_substance(processes, peak({PENV: tonnes * 1e3}), one)
            group = alone.groups["fermentation"]
            assert group.vessel_m3[0, 0] == vessels.vessel_m3[draw, 0]
            assert group.n_vessels[0, 0] == vessels.n_vessels[draw, 0]
