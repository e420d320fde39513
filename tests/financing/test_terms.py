"""The library's terms under a plant of the library."""

from __future__ import annotations

import numpy as np
import pytest

from virkestoff.evidence import SampledParameters, content_root, load_library
from virkestoff.financing import (
    FORMS,
    development_succeeds,
    finance,
    least_state_cost,
    library_stack,
    project_of,
    stack_of,
)
from virkestoff.production import plan
from virkestoff.timeline import Years

LEAD = "phenoxymethylpenicillin_tablet"
DRAWS, YEARS = 6, Years(2027, 2066)
pytestmark = pytest.mark.filterwarnings("ignore::virkestoff.errors.RangeWarning")


@pytest.fixture(scope="module")
def p() -> SampledParameters:
    library = load_library(content_root() / "library")
    rng = np.random.default_rng(7)
    columns: dict[str, np.ndarray] = {}

    def column(fact_id: str) -> np.ndarray:
        if fact_id not in columns:
            columns[fact_id] = library.facts[fact_id].quantile(rng.random(DRAWS))
        return columns[fact_id]

    return SampledParameters(library, 2025, None, column, DRAWS)


def test_a_plant_of_the_library_under_every_form(p) -> None:
    packs = {LEAD: np.full((DRAWS, YEARS.size), 1e6)}
    plant = plan("finished", packs, YEARS, p)
    revenue = plant.rewarded_kg * 200.0
    project = project_of(plant, revenue, p)
    equity = finance(project, library_stack(p, YEARS.size))
    whole = equity.investor + equity.state + equity.lender
    assert whole == pytest.approx(equity.project, abs=1e-3)  # of amounts around 1e8
    rate = np.full((DRAWS, 1), 0.04)
    for form in FORMS:
        stack = library_stack(p, YEARS.size)
        found = least_state_cost(project, stack, form, plant.rewarded_kg, rate)
        value = found.financed.owner_value
        assert (np.abs(value[found.is_reached & (found.lever > 0)]) < 10.0).all(), (
            form
        )  # NOK, of amounts around 1e9
        assert form == "grant" or found.is_reached.all()


def test_equity_alone_agrees_with_the_required_price(p) -> None:
    """Oracle: virkestoff.production.required_price, found by another method.

    At the price that earns the return, the owner's value under equity alone is zero.
    """
    packs = {LEAD: np.full((DRAWS, YEARS.size), 1e6)}
    plant = plan("finished", packs, YEARS, p)
    kg = plant.rewarded_kg
    project = project_of(plant, plant.required_price[:, None] * kg, p)
    assert finance(project, library_stack_without(p)).owner_value == pytest.approx(0, abs=10.0)


def library_stack_without(p):
    """Equity alone."""
    return stack_of(library_stack(p, YEARS.size), "support")


def test_success_follows_the_probability(p) -> None:
    likely = p("financing.project.success_probability", "1")
    assert development_succeeds(p, likely - 1e-9).all()
    assert not development_succeeds(p, likely + 1e-9).any()
