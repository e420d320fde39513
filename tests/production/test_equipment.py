"""Equipment: prices at base size, scaling, numbering up, marks, laws and a slow twin."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from virkestoff.errors import InputError, RangeWarning
from virkestoff.evidence import CentralParameters, Library, Parameters, SampledParameters
from virkestoff.production import Processes, design_finishing, design_substance
from virkestoff.production.activity import Duty
from virkestoff.production.equipment import purchase
from virkestoff.production.equipment_files import Catalogue, load_catalogue

E = "production.equipment."
quiet = pytest.mark.filterwarnings("ignore::virkestoff.errors.RangeWarning")


def duty(item: str, size: float, unit: str, count: float = 1.0, n_draws: int = 1) -> Duty:
    one = np.ones((n_draws, 1))
    return Duty(item, size * one, unit, count * one, "substance")


def slope(a: float, b: float, n: float, size: float) -> float:
    """Local exponent of a + b S^n."""
    return n * b * size**n / (a + b * size**n)


# Oracle: the correlations as their sources print them, worked by hand at the base size.
PRINTED = [
    ("agitator_turbine", 4105 * 40**0.57, 0.57),
    ("compressor_screw", math.exp(8.2496 + 0.7243 * math.log(400)), 0.7243),
    ("compressor_turbo", math.exp(9.1553 + 0.63 * math.log(1000)), 0.63),
    (
        "filter_seider",
        math.exp(11.796 - 0.1905 * math.log(215) + 0.0554 * math.log(215) ** 2),
        -0.1905 + 2 * 0.0554 * math.log(215),
    ),
    ("filter_towler", -73_000 + 93_000 * 20**0.3, slope(-73_000, 93_000, 0.3, 20)),
    ("centrifuge_liquids", 28_100 * 20**0.574, 0.574),
    ("crystalliser_evaporative", 46_380 * 200**0.41, 0.41),
    ("crystalliser_cooling", 35_150 + 222.4 * 1500**0.71, slope(35_150, 222.4, 0.71, 1500)),
    ("glass_lined_towler", 12_800 + 88_200 * 6.3**0.4, slope(12_800, 88_200, 0.4, 6.3)),
    ("glass_lined_seider", 2085 * 1664**0.54, 0.54),
    ("autoclave_steel", 2245 * 1000**0.58, 0.58),
    ("reactor_jacketed", 61_500 + 32_500 * 50**0.8, slope(61_500, 32_500, 0.8, 50)),
    ("refrigeration", 24_000 + 3_500 * 500**0.9, slope(24_000, 3_500, 0.9, 500)),
    ("cooling_tower", 170_000 + 1_500 * 150**0.9, slope(170_000, 1_500, 0.9, 150)),
    ("boiler", 124_000 + 10 * 10_000, slope(124_000, 10, 1.0, 10_000)),
    ("waste_water", 48_760 * 100**0.64, 0.64),
]


@pytest.mark.parametrize(("curve", "dollars", "exponent"), PRINTED, ids=[p[0] for p in PRINTED])
def test_prices_and_slopes_are_those_of_the_sources(
    curve: str, dollars: float, exponent: float, library: Library
) -> None:
    assert library.fact(f"{E}{curve}.cost").central == pytest.approx(dollars, rel=0.01)
    assert library.fact(f"{E}{curve}.exponent").central == pytest.approx(exponent, abs=0.01)


def test_base_sizes_are_those_of_the_sources() -> None:
    # Oracle: 1 hp = 0.7457 kW, 1 ft2 = 0.0929 m2, 1 gal = 3.785 L, 1 ft3 = 0.02832 m3.
    items = load_catalogue().items
    sizes = {e.cost: e.base_size for item in items.values() for e in item.estimates}
    assert sizes[f"{E}agitator_turbine.cost"] == pytest.approx(40 * 0.7457, rel=1e-3)
    assert sizes[f"{E}agitator_fermenter.cost"] == pytest.approx(800 * 0.7457, rel=1e-3)
    assert sizes[f"{E}compressor_screw.cost"] == pytest.approx(400 * 0.7457, rel=1e-3)
    assert sizes[f"{E}filter_seider.cost"] == pytest.approx(215 * 0.0929, rel=1e-3)
    assert sizes[f"{E}glass_lined_seider.cost"] == pytest.approx(1664 * 3.785e-3, rel=1e-3)
    assert sizes[f"{E}crystalliser_evaporative.cost"] == pytest.approx(200 * 0.02832, rel=1e-3)
    assert sizes[f"{E}waste_water.cost"] == pytest.approx(100 * 3.785e-3 * 60, rel=1e-3)


def test_one_unit_of_base_size_costs_what_the_source_says(central: CentralParameters) -> None:
    # Oracle: the definition; a separator has one estimate and no other material.
    bought = purchase([duty("centrifuge", 20.0, "m^3/hour", 3.0)], central)
    assert bought.total == pytest.approx(3 * central(f"{E}centrifuge_liquids.cost", "NOK"))
    assert bought.installed == pytest.approx(1.54 * bought.total)  # Garrett 1989, centrifuge
    assert bought.extrapolated == ()


def test_six_tenths_rule(central: CentralParameters) -> None:
    # Oracle: three times the size costs 3^0.6 = 1.933 times as much.
    prices = [
        purchase([duty("tablet_press", rate, "tablet/hour")], central).total.item()
        for rate in (100_000.0, 300_000.0)
    ]
    assert prices[1] / prices[0] == pytest.approx(1.9332, rel=1e-4)


def test_two_sources_give_their_geometric_mean_at_half_weight(central: CentralParameters) -> None:
    # Oracle: glass-lined reactor of 6.3 m3, USD 197,000 (2010) and 114,000 (2013).
    price = purchase([duty("reactor_glass_lined", 6.3, "m^3")], central).total.item()
    one = central(f"{E}glass_lined_towler.cost", "NOK").item()
    other = central(f"{E}glass_lined_seider.cost", "NOK").item()
    assert price == pytest.approx(math.sqrt(one * other))


def test_beyond_the_largest_unit_several_are_bought(central: CentralParameters) -> None:
    # Oracle: 15 m2 of filter-dryer at 6 m2 at most are three of 5 m2.
    many = purchase([duty("filter_dryer", 15.0, "m^2")], central)
    three = purchase([duty("filter_dryer", 5.0, "m^2", 3.0)], central)
    assert many.total == pytest.approx(three.total)
    assert many.lines[0].units.item() == 3.0
    exactly = purchase([duty("filter_dryer", 12.0, "m^2")], central)
    assert exactly.lines[0].units.item() == 2.0


def test_outside_its_sources_an_item_is_warned_of_once(central: CentralParameters) -> None:
    lines = [duty("fermenter", 20.0, "m^3"), duty("fermenter", 50.0, "m^3")]
    with pytest.warns(RangeWarning) as caught:
        bought = purchase([*lines, duty("tablet_press", 150_000.0, "tablet/hour")], central)
    assert bought.extrapolated == ("fermenter",)
    assert [str(w.message) for w in caught] == [
        "equipment 'fermenter' (fermenter) is needed outside the sizes for which its sources give "
        "prices, 200 to 1000 m^3: the price is an extrapolation"
    ]


def test_what_is_not_bought_costs_nothing_and_is_not_marked(central: CentralParameters) -> None:
    bought = purchase([duty("fermenter", 20.0, "m^3", 0.0), duty("fermenter", 0.0, "m^3")], central)
    assert bought.total.item() == 0.0
    assert bought.extrapolated == ()
    assert purchase([], central).total.item() == 0.0


def test_sizes_may_be_stated_in_another_unit(central: CentralParameters) -> None:
    litres = purchase([duty("reactor_glass_lined", 6300.0, "L")], central).total
    assert litres == pytest.approx(
        purchase([duty("reactor_glass_lined", 6.3, "m^3")], central).total
    )


def test_all_faults_of_a_list_are_named_at_once(central: CentralParameters) -> None:
    with pytest.raises(InputError) as caught:
        purchase([duty("fermentor", 20.0, "m^3"), duty("fermenter", 20.0, "kW")], central)
    text = str(caught.value)
    assert "fermentor" in text
    assert "Did you mean 'fermenter'" in text
    assert len(caught.value.faults) == 2


def test_every_duty_of_the_designs_has_a_price(
    processes: Processes, central: CentralParameters, library: Library
) -> None:
    known = load_catalogue(library=library).items
    peak = {n: np.full((1, 1), 8e3) for n in processes.processes if n not in ("six_apa",)}
    packs = {name: np.full((1, 1), 1e5) for name in processes.presentations}
    duties = (
        *design_substance(processes, peak, central).duties,
        *design_finishing(packs, processes, central).duties,
    )
    assert {d.item for d in duties} <= set(known)
    assert {processes.trains[t].item for t in processes.trains} <= set(known)


def test_all_faults_of_the_file_are_named_at_once(tmp_path: Path, library: Library) -> None:
    file = tmp_path / "equipment.yaml"
    file.write_text(
        "curves: {}\nitems:\n  press:\n    name: {nb: a, en: b}\n    size_unit: furlongs_x\n"
        "    bounds: [3, 1]\n    largest: 2\n    installation: x\n    why: w\n    colour: red\n"
        "    estimates: [{cost: c, base_size: 0, exponent: e}]\n"
        "  pan:\n    name: {nb: a, en: b}\n    size_unit: kg\n    bounds: [1, 3]\n    largest: 3\n"
        "    installation: no.such.fact\n    why: w\n"
        "    estimates: [{cost: no.cost, base_size: 1, exponent: no.exponent}]\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as caught:
        load_catalogue(file, library)
    text = str(caught.value)
    for part in ("curves", "colour", "base_size", "no.such.fact", "no.cost", "no.exponent"):
        assert part in text


# Laws -----------------------------------------------------------------------------------------

ITEMS = sorted(load_catalogue().items)


@quiet
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    item=st.sampled_from(ITEMS),
    share=st.floats(0.05, 6.0),
    growth=st.floats(1.0, 4.0),
    count=st.integers(0, 5),
    more=st.integers(0, 3),
    seed=st.integers(0, 20),
)
def test_cost_never_falls_with_size_or_count(
    item: str,
    share: float,
    growth: float,
    count: int,
    more: int,
    seed: int,
    sampled: Callable[[int, int], SampledParameters],
) -> None:
    known = load_catalogue().items[item]
    parameters = sampled(seed, 4)
    size = share * known.largest

    def cost(size: float, count: int) -> np.ndarray:
        return purchase([duty(item, size, known.size_unit, count, 4)], parameters).total

    small = cost(size, count)
    assert np.all(cost(size * growth, count) >= small * (1.0 - 1e-12))
    assert np.all(cost(size, count + more) >= small * (1.0 - 1e-12))


# Slow twin ------------------------------------------------------------------------------------


def slow_price(line: Duty, draw: int, catalogue: Catalogue, parameters: Parameters) -> float:
    """What one line costs in one draw, written as a person would reckon it."""
    item = catalogue.items[line.item]

    def read(fact_id: str, unit: str) -> float:
        return float(parameters(fact_id, unit)[draw, 0])

    size, count = float(line.size[draw, 0]), float(line.count[draw, 0])
    if size == 0.0 or count == 0.0:
        return 0.0
    parts = 1
    while size / parts > item.largest * (1.0 + 1e-9):
        parts += 1
    prices = []
    for estimate in item.estimates:
        price = read(estimate.cost, "NOK")
        if estimate.material:
            price *= read(estimate.material, "1")
        prices.append(price * (size / parts / estimate.base_size) ** read(estimate.exponent, "1"))
    each = prices[0]
    if len(prices) > 1:
        weight = read(f"{E}source_weight", "1")
        each = min(prices) ** (1.0 - weight) * max(prices) ** weight
    return each * parts * count


@quiet
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
def test_equals_the_slow_twin(seed: int, sampled: Callable[[int, int], SampledParameters]) -> None:
    n_draws, rng = 5, np.random.default_rng(seed)
    catalogue, parameters = load_catalogue(), sampled(seed, 5)
    duties = []
    for item in rng.choice(ITEMS, 6):
        known = catalogue.items[item]
        size = known.largest * rng.uniform(0.0, 3.0, (n_draws, 1))
        count = rng.integers(0, 4, (n_draws, 1)).astype(float)
        duties.append(Duty(item, size, known.size_unit, count, "substance"))
    bought = purchase(duties, parameters, catalogue)
    for draw in range(n_draws):
        slow = [slow_price(line, draw, catalogue, parameters) for line in duties]
        fast = [line.purchased[draw, 0] for line in bought.lines]
        np.testing.assert_allclose(fast, slow, rtol=1e-12)
        assert bought.total[draw, 0] == pytest.approx(sum(slow))
