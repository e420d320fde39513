"""The mass balance closes for every step and any yields; ratios agree with hand calculation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.evidence import CentralParameters, SampledParameters
from virkestoff.production import Processes
from virkestoff.production.balance import fermentation_carbon, recipe


@given(seed=st.integers(0, 2**31))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_step_closes_and_loses_no_less_than_nothing(
    seed: int, processes: Processes, sampled: Callable[[int, int], SampledParameters]
) -> None:
    # Oracle: conservation of mass. Product, by-products and losses are computed apart from inputs.
    parameters = sampled(seed, 7)
    for process in processes.processes.values():
        for step in recipe(process, processes, parameters).steps:
            total = sum(step.inputs.values())
            assert np.all(np.abs(step.gap) <= 1e-9 * total), (process.process, step.step)
            assert np.all(step.loss >= -1e-12)
            assert all(np.all(kg >= 0.0) for kg in step.by_products.values())


@given(seed=st.integers(0, 2**31))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_carbon_of_the_fermentation_closes(
    seed: int, processes: Processes, sampled: Callable[[int, int], SampledParameters]
) -> None:
    # Oracle: conservation of carbon; carbon dioxide is the rest and cannot be negative.
    for name in ("phenoxymethylpenicillin", "penicillin_g"):
        flows = fermentation_carbon(processes.processes[name], processes, sampled(seed, 5))
        out = flows["product"] + flows["mycelium"] + flows["carbon_dioxide"]
        np.testing.assert_allclose(out, flows["glucose"], rtol=1e-12)
        assert np.all(flows["carbon_dioxide"] > 0.0)


def test_six_apa_takes_1_80_kg_of_penicillin_g(
    processes: Processes, central: CentralParameters
) -> None:
    # Oracle by hand: 334.39 g acid per mol / (0.86 x 216.26 g) = 1.798; the press figure of
    # 0.50 kg 6-APA per kg potassium salt (372.48/334.39 x 1.798 = 2.00) agrees.
    one = recipe(processes.processes["six_apa"], processes, central)
    assert float(one.feed_kg[0, 0]) == pytest.approx(1.798, abs=1e-3)
    assert 1.0 / (float(one.feed_kg[0, 0]) * 372.48 / 334.39) == pytest.approx(0.50, abs=2e-3)


def test_dicloxacillin_takes_its_side_chain(
    processes: Processes, central: CentralParameters
) -> None:
    # Oracle by hand: 1.05 mol x 290.53 g/mol / (0.85 x 470.33 g/mol) = 0.763 kg per kg acid.
    one = recipe(processes.processes["dicloxacillin"], processes, central)
    side_chain = float(one.materials_kg["dichlorophenyl_isoxazole_chloride"][0, 0])
    assert side_chain == pytest.approx(1.05 * 290.53 / (0.85 * 470.33), rel=1e-4)


def test_a_yield_above_one_is_refused(processes: Processes, central: CentralParameters) -> None:
    class TooGood(CentralParameters):
        def __call__(self, fact_id: str, unit: str) -> np.ndarray:
            values = super().__call__(fact_id, unit)
            return values * 2.0 if fact_id == "production.six_apa.molar_yield" else values

    too_good = TooGood(central.library, 2025)
    with pytest.raises(InputError, match="a yield must lie above 0 and at most at 1"):
        recipe(processes.processes["six_apa"], processes, too_good)


def test_matter_cannot_appear(processes: Processes, central: CentralParameters) -> None:
    class TooLittle(CentralParameters):
        def __call__(self, fact_id: str, unit: str) -> np.ndarray:
            values = super().__call__(fact_id, unit)
            return values * 0.5 if fact_id.endswith("side_chain_charge") else values

    too_little = TooLittle(central.library, 2025)
    with pytest.raises(InputError, match="charged below what the reaction consumes"):
        recipe(processes.processes["amoxicillin"], processes, too_little)
