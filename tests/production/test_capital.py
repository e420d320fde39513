"""The investment: parts, modes, laws, a slow twin by hand, and the published plants beside it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.evidence import CentralParameters, Library, Parameters, SampledParameters
from virkestoff.production import (
    Processes,
    design_finishing,
    design_substance,
    packs_from_kg,
    remember,
)
from virkestoff.production.activity import Area, Duty
from virkestoff.production.capital import DIRECT, PARTS, Investment, Mode, invest
from virkestoff.production.rooms import EFFLUENT

pytestmark = pytest.mark.filterwarnings("ignore::virkestoff.errors.RangeWarning")
C = "production.capital."
PENV = "phenoxymethylpenicillin"
SUITES: tuple[Area, ...] = ("oral_solids", "powder_mixture", "aseptic", "substance")
MODES: tuple[Mode, ...] = ("greenfield", "brownfield", "standby")


def penv(
    kg: float,
    processes: Processes,
    parameters: Parameters,
    vessel_m3: float | None = None,
    substance: bool = True,
) -> tuple[tuple[Duty, ...], tuple[Area, ...]]:
    """Equipment and suites of penicillin V, tablets and mixture."""
    packs = {
        f"{PENV}_{form}": packs_from_kg(
            f"{PENV}_{form}", np.full((parameters.n_draws, 1), kg * share), processes, parameters
        )
        for form, share in (("tablet", 0.85), ("mixture", 0.15))
    }
    duties = design_finishing(packs, processes, parameters).duties
    if not substance:
        return duties, ("oral_solids", "powder_mixture")
    peak = {PENV: np.full((parameters.n_draws, 1), kg)}
    plant = design_substance(processes, peak, parameters, vessel_m3=vessel_m3)
    return (*duties, *plant.duties), ("oral_solids", "powder_mixture", "substance")


def random_duties(rng: np.random.Generator, n_draws: int) -> list[Duty]:
    """A small plant with something in every suite."""

    def one(item: str, low: float, high: float, unit: str, area: Area) -> Duty:
        size = rng.uniform(low, high, (n_draws, 1))
        return Duty(item, size, unit, rng.integers(0, 4, (n_draws, 1)).astype(float), area)

    return [
        one("fermenter", 10, 200, "m^3", "substance"),
        one("seed_fermenter", 1, 20, "m^3", "substance"),
        one("medium_steriliser", 1, 20, "m^3/hour", "substance"),
        one("enzyme_reactor", 1, 20, "m^3", "substance"),
        one("filter_dryer", 0.5, 20, "m^2", "substance"),
        one("solvent_recovery", 10, 3000, "kg/hour", "substance"),
        one("crystalliser_sterile", 0.2, 5, "m^3", "aseptic"),
        one("filter_dryer", 0.2, 6, "m^2", "aseptic"),
        one("powder_vial_line", 6e3, 18e3, "vial/hour", "aseptic"),
        one("tablet_press", 1e5, 3e5, "tablet/hour", "oral_solids"),
        one("blister_line", 12e3, 24e3, "unit/hour", "oral_solids"),
        one("serialisation_line", 1, 1, "1", "oral_solids"),
        one("powder_bottle_line", 1200, 4800, "bottle/hour", "powder_mixture"),
    ]


# Structure ------------------------------------------------------------------------------------


def test_parts_are_named_and_sum_to_the_whole(
    processes: Processes, central: CentralParameters
) -> None:
    duties, areas = penv(13.1e3, processes, central, 20.0)
    plant = invest(duties, areas, "greenfield", central)
    assert tuple(plant.parts) == PARTS
    assert all(part.item() > 0.0 for part in plant.parts.values())
    assert plant.total.item() == pytest.approx(sum(p.item() for p in plant.parts.values()))
    assert (plant.buildings + plant.machinery).item() == pytest.approx(plant.total.item())
    assert plant.aace_class == 5
    assert [a.item() for a in plant.accuracy] == [-0.5, 1.0]  # AACE 18R-97, class 5


def test_finished_forms_alone_need_no_licence(
    processes: Processes, central: CentralParameters
) -> None:
    duties, areas = penv(13.1e3, processes, central, substance=False)
    plant = invest(duties, areas, "greenfield", central)
    assert plant.parts["licence"].item() == 0.0
    assert plant.extrapolated == ()


def test_small_fermenters_are_marked(processes: Processes, central: CentralParameters) -> None:
    duties, areas = penv(13.1e3, processes, central, 20.0)
    assert "fermenter" in invest(duties, areas, "greenfield", central).extrapolated


def test_a_standby_suite_has_its_own_air_rooms_and_lines(
    processes: Processes, central: CentralParameters
) -> None:
    duties, areas = penv(13.1e3, processes, central, substance=False)
    new, standby = (invest(duties, areas, mode, central) for mode in ("greenfield", "standby"))
    assert standby.parts["equipment"] == new.parts["equipment"]
    assert standby.parts["installation"] == new.parts["installation"]
    assert standby.parts["site"].item() == 0.0
    # laboratory: only the share that production.brownfield.qc leaves, 0.3
    shared = standby.parts["quality_laboratory"] / new.parts["quality_laboratory"]
    assert shared.item() == pytest.approx(0.3)


def test_process_installation_stands_beside_published_factors(
    processes: Processes, central: CentralParameters
) -> None:
    # Oracle: installed over purchased 2.3 (Humbird 2017) and 2.6 (Genomatica, NREL 2017) for
    # fermentation. Here 1.7 for the vessel + piping 0.31 + instruments 0.26 + electrical 0.10;
    # the addition for sterile valves is left out of the comparison.
    vessel = Duty("fermenter", np.full((1, 1), 200.0), "m^3", np.ones((1, 1)), "substance")
    plant = invest([vessel], ("substance",), "greenfield", central)
    sterile = plant.parts["equipment"] * central(C + "sterile_piping", "1")
    whole = plant.parts["equipment"] + plant.parts["installation"] - sterile
    assert 2.3 <= (whole / plant.parts["equipment"]).item() <= 2.6


def test_engineering_stands_beside_another_source(
    processes: Processes, central: CentralParameters
) -> None:
    # Oracle: Towler and Sinnott, 25 % of installed cost for design, construction and contractor;
    # here built from shares of two other sources. Within a third of it.
    duties, areas = penv(62e3, processes, central)
    plant = invest(duties, areas, "greenfield", central)
    share = plant.parts["engineering"] / (plant.direct + plant.parts["location_norway"])
    assert share.item() == pytest.approx(0.25, rel=1 / 3)


def test_faults(central: CentralParameters) -> None:
    press = Duty(
        "tablet_press", np.full((1, 1), 1e5), "tablet/hour", np.ones((1, 1)), "oral_solids"
    )
    with pytest.raises(InputError, match="Did you mean 'greenfield'"):
        invest([press], ("oral_solids",), "greenfeld", central)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="not in use"):
        invest([press], ("substance",), "greenfield", central)


# Published plants -----------------------------------------------------------------------------


def million(library: Library, fact: str, year: int) -> tuple[float, float]:
    """Lowest and highest value of a published investment, NOK million of `year`."""
    found = library.fact(fact)
    values = found.quantile(np.array([0.0, 1.0]))
    assert found.price_year is not None
    currency = found.unit[:3]
    scale = library.indices.factor(currency, found.price_year, year) / 1e6
    return float(values[0] * scale), float(values[1] * scale)


def test_class_5_range_reaches_published_plants(
    processes: Processes, central: CentralParameters, library: Library
) -> None:
    # Oracle: Kundl, EUR 50 million for finished penicillins at an existing site, and EUR 50-180
    # million per substance in Europe. Never fitted to; a class 5 estimate (-50 % to +100 %) must
    # not exclude them.
    duties, areas = penv(62e3, processes, central, substance=False)
    finished = invest(duties, areas, "brownfield", central).total.item() / 1e6
    kundl, _ = million(library, "evidence.benchmark.kundl_finished_investment", 2025)
    assert 0.5 * finished <= kundl <= 2.0 * finished
    both, suites = penv(62e3, processes, central)
    substance = invest(both, suites, "brownfield", central).total.item() / 1e6 - finished
    low, high = million(library, "evidence.benchmark.eu_substance_investment", 2025)
    assert 0.5 * substance <= high
    assert 2.0 * substance >= low


# Laws -----------------------------------------------------------------------------------------


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), factor=st.floats(1.0, 3.0), more=st.integers(0, 2))
def test_laws(
    seed: int, factor: float, more: int, sampled: Callable[[int, int], SampledParameters]
) -> None:
    rng, parameters = np.random.default_rng(seed), remember(sampled(seed, 6))
    duties = random_duties(rng, 6)
    plants = {mode: invest(duties, SUITES, mode, parameters) for mode in MODES}
    for plant in plants.values():
        np.testing.assert_allclose(plant.total, sum(plant.parts.values()), rtol=1e-12)
        np.testing.assert_allclose(plant.buildings + plant.machinery, plant.total, rtol=1e-12)
        assert plant.total.shape == (6, 1)
        assert all(np.all(part >= 0.0) for part in plant.parts.values())
    # never dearer where a site is there, at equal draws, part by part
    for part in PARTS:
        for mode in ("brownfield", "standby"):
            assert np.all(
                plants[mode].parts[part] <= plants["greenfield"].parts[part] * (1 + 1e-12)
            )
    larger = [Duty(d.item, d.size * factor, d.size_unit, d.count + more, d.area) for d in duties]
    for mode in MODES:
        grown = invest(larger, SUITES, mode, parameters).total
        assert np.all(grown >= plants[mode].total * (1.0 - 1e-12))


# Slow twin ------------------------------------------------------------------------------------


def slow_invest(
    plant: Investment, duties: list[Duty], draw: int, parameters: Parameters
) -> dict[str, float]:
    """One draw of the investment in plain arithmetic, from priced equipment and floor area."""

    def fact(name: str, unit: str = "1") -> float:
        return float(parameters(C + name, unit)[draw, 0])

    def needed(name: str) -> float:
        if plant.mode == "greenfield":
            return 1.0
        return float(parameters(f"production.brownfield.{name}", "1")[draw, 0])

    def m2(area: np.ndarray) -> float:
        return float(area[draw, 0])

    parts = dict.fromkeys(PARTS, 0.0)
    freight = labour = purchased = 0.0
    for line in plant.purchase.lines:
        cost, set_up = float(line.purchased[draw, 0]), float(line.installed[draw, 0])
        work = set_up - cost
        purchased += cost
        freight += cost
        if line.duty.item == "serialisation_line":
            parts["serialisation_and_it"] += set_up
            labour += work
            continue
        sterile_substance = line.duty.area == "aseptic" and line.duty.item in (
            "crystalliser_sterile",
            "filter_dryer",
        )
        process = line.duty.area == "substance" or sterile_substance
        if process:
            work += cost * (fact("instrumentation") + fact("piping") + fact("electrical"))
        else:
            work += cost * fact("line_integration")
        vessels = ("fermenter", "seed_fermenter", "medium_steriliser")
        if line.duty.item in vessels or sterile_substance:
            work += cost * fact("sterile_piping")
        parts["equipment"] += cost
        parts["installation"] += work
        labour += work
    parts["hvac_and_clean_utilities"] += (
        parts["equipment"] * fact("other_services") * needed("utilities")
    )
    for line in plant.utilities.lines:
        effluent = line.duty.item == EFFLUENT
        share = needed("effluent") if effluent else needed("utilities")
        cost, set_up = float(line.purchased[draw, 0]), float(line.installed[draw, 0])
        parts["effluent_and_waste" if effluent else "hvac_and_clean_utilities"] += set_up * share
        purchased += cost
        freight += cost * share
        if not effluent:
            labour += (set_up - cost) * share
    fermented = any(d.item == "fermenter" and d.count[draw, 0] > 0 for d in duties)
    treatment = fact("inactivation", "NOK") + fermented * fact("mycelium_kill", "NOK")
    parts["effluent_and_waste"] += treatment * needed("effluent")
    parts["serialisation_and_it"] += fact("site_systems", "NOK") * needed("systems")
    rooms, shell = plant.rooms, fact("shell", "NOK/m^2")
    fit_out = sum(
        m2(area) * fact(f"grade_{grade}", "NOK/m^2") * fact("containment")
        for areas in rooms.clean.values()
        for grade, area in areas.items()
    )
    plain = (m2(rooms.hall) + m2(rooms.support)) * fact("plain", "NOK/m^2")
    own = 1.0 if plant.mode == "standby" else needed("building")
    parts["hvac_and_clean_utilities"] += fit_out * fact("hvac_share")
    parts["rooms"] = fit_out * (1.0 - fact("hvac_share")) + plain
    parts["rooms"] += (m2(rooms.production) + m2(rooms.technical)) * shell * own
    parts["rooms"] += (m2(rooms.warehouse) + m2(rooms.offices)) * shell * needed("building")
    laboratory = m2(rooms.laboratory) * fact("grade_d", "NOK/m^2") * needed("qc")
    parts["quality_laboratory"] = laboratory + needed("qc") * (
        fact("qc_instruments", "NOK") + m2(rooms.laboratory) * shell
    )
    if plant.mode != "standby":
        land = m2(rooms.total) * fact("plot_ratio") * fact("land_price", "NOK/m^2")
        parts["site"] = (parts["equipment"] * fact("yard") + land) * needed("building")
    parts["location_norway"] = freight * (fact("import") - 1.0)
    parts["location_norway"] += labour * fact("labour_share") * (fact("local_labour") - 1.0)
    parts["location_norway"] += (fit_out + plain + laboratory) * (fact("over_germany") - 1.0)
    installed = sum(parts[p] for p in DIRECT) + parts["location_norway"]
    management = fact("construction") + fact("contractor_fee")
    parts["engineering"] = installed * fact("design") + purchased * management
    parts["validation"] = installed * fact("validation")
    base = installed + parts["engineering"] + parts["validation"]
    parts["contingency"] = base * fact("contingency")
    parts["owners_cost"] = (base + parts["contingency"]) * (fact("owner") + fact("spares"))
    parts["licence"] = fermented * fact("licence", "NOK")
    # one factor of the estimate's class on all but the licence, which is a price
    accuracy = float(parameters("production.estimate.accuracy", "1")[draw, 0])
    return {k: v if k == "licence" else v * accuracy for k, v in parts.items()}


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), mode=st.sampled_from(MODES))
def test_equals_the_slow_twin(
    seed: int, mode: Mode, sampled: Callable[[int, int], SampledParameters]
) -> None:
    rng, parameters = np.random.default_rng(seed), remember(sampled(seed, 4))
    duties = random_duties(rng, 4)
    plant = invest(duties, SUITES, mode, parameters)
    for draw in range(4):
        slow = slow_invest(plant, duties, draw, parameters)
        for part, amount in slow.items():
            assert plant.parts[part][draw, 0] == pytest.approx(amount, rel=1e-9), part
        assert plant.total[draw, 0] == pytest.approx(sum(slow.values()))


def test_blocks_of_draws_equal_single_draws(
    sampled: Callable[[int, int], SampledParameters],
) -> None:
    # Oracle: a draw does not know its neighbours.
    parameters = remember(sampled(3, 8))
    duties = random_duties(np.random.default_rng(3), 8)
    whole = invest(duties, SUITES, "greenfield", parameters).total

    class Row:
        """One draw of the parameters."""

        n_draws, price_year = 1, parameters.price_year

        def __init__(self, row: int) -> None:
            self.row = row

        def __call__(self, fact_id: str, unit: str) -> np.ndarray:
            return parameters(fact_id, unit)[self.row : self.row + 1].copy()

        def series(self, fact_id: str, unit: str, years: object) -> np.ndarray:
            raise NotImplementedError

    for row in range(8):
        cut = slice(row, row + 1)
        own = [Duty(d.item, d.size[cut], d.size_unit, d.count[cut], d.area) for d in duties]
        assert invest(own, SUITES, "greenfield", Row(row)).total == whole[cut]
