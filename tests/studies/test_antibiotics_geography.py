"""The antibiotics study country by country: laws and sums on a few draws.

Oracles: the need of the whole EEA; countries that behave alike can be added up (the chain of two
places gives Norway the same shortage); equal bits where a ban cannot come, where vials are added,
and for any block; nothing crosses a border while a ban is certain. No number of the study is
repeated here.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from virkestoff.effects import Ledger
from virkestoff.errors import RangeWarning
from virkestoff.evidence import (
    Library,
    ReplacedParameters,
    SampledParameters,
    content_root,
    load_library,
)
from virkestoff.studies import Case, Definition, load_definition, load_evaluate
from virkestoff.studies.experiment import Draws
from virkestoff.supply import SupplyResult, need, simulate

FOLDER = content_root() / "studies" / "antibiotics"
N_DRAWS = 24
BANS = ("supply.crisis.export_ban_europe", "supply.crisis.export_ban_asia")
MONTHS = "supply.crisis.months"
LEVERS: Mapping[str, Mapping[str, Any]] = {
    "today": {},
    "buffer": {"buffer": 6},
    "bulk": {"bulk": 12},
    "contract": {"contract": "yes", "offtake": 0.5},
}


@dataclass(frozen=True)
class Study:
    """The study's modules by name, and cases for some of the draws."""

    definition: Definition
    library: Library
    draws: Draws
    modules: Mapping[str, ModuleType]

    def case(self, name: str, start: int = 0, stop: int = N_DRAWS) -> Case:
        d, span = self.definition, slice(start, stop)
        parameters = SampledParameters(
            self.library, d.price_year, d.as_of, lambda fact: self.draws.fact(fact)[span],
            stop - start, d.allowed_facts(self.library),
        )  # fmt: skip
        levers = d.choices_of({**LEVERS[name], "geography": "countries"})
        return Case(
            "today", d, levers, parameters,
            lambda purpose, *shape: self.draws.noise(purpose, shape)[span],
        )  # fmt: skip

    def world(self, name: str, supplier: Any = None, **replaced: float) -> Any:
        case = self.case(name)
        values = {key.replace("__", "."): value for key, value in replaced.items()}
        return self.modules["geography"].World(
            case, ReplacedParameters(case.parameters, values), supplier
        )

    def measured(self, name: str, start: int = 0, stop: int = N_DRAWS) -> Ledger:
        case = self.case(name, start, stop)
        ledger = Ledger(shape=case.shape)
        self.modules["geography"].by_country(case, ledger, None)
        return ledger

    @property
    def plant(self) -> Any:
        """A plant in Norway for the Nordic need, at work from the first month."""
        supplier = self.modules["supply_measures"].Supplier
        return supplier(np.zeros((N_DRAWS, 1)), np.full((N_DRAWS, 1), 0.5), True, "nordic", 1.0)


@pytest.fixture(scope="module")
def study() -> Iterator[Study]:
    definition, library = load_definition(FOLDER, load_library(content_root() / "library"))
    load_evaluate(FOLDER)
    modules = {
        name.rpartition(".")[2]: module
        for name, module in sys.modules.items()
        if name.startswith("virkestoff_study_antibiotics_") and "." in name
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RangeWarning)
        yield Study(definition, library, Draws(library, 1, N_DRAWS), modules)


def certain(months: float = 24.0) -> dict[str, float]:
    """Every ban comes, in a crisis that covers the whole second year."""
    return {**{fact.replace(".", "__"): 1.0 for fact in BANS}, MONTHS.replace(".", "__"): months}


def never() -> dict[str, float]:
    return {fact.replace(".", "__"): 0.0 for fact in BANS}


def bits(result: SupplyResult) -> dict[str, np.ndarray]:
    found = {f.name: getattr(result, f.name) for f in fields(result)}
    return {name: value for name, value in found.items() if isinstance(value, np.ndarray)}


def test_the_countries_sum_to_the_need_of_the_eea(study: Study) -> None:
    world, chain = study.world("today"), study.modules["chain"]
    years = [2050, 2051]
    places = study.modules["geography"].need_by_place(world.p, years, has_vials=True)
    products = [chain.PENICILLIN, chain.AMOXICILLIN, study.modules["vials"].PENICILLIN_G]
    whole = need("eea", products, years, world.p).ddd
    home = need("norway", products, years, world.p).ddd
    for product in products:
        total = sum(places[product].values())
        np.testing.assert_allclose(total, np.broadcast_to(whole[product], total.shape), rtol=1e-12)
        norway = places[product]["norway"]
        np.testing.assert_allclose(norway, np.broadcast_to(home[product], norway.shape), rtol=1e-12)
    assert not places[products[-1]]["iceland"].any(), "Iceland reports no hospital use"


@pytest.mark.parametrize("name", ["today", "buffer", "contract"])
def test_countries_that_behave_alike_can_be_added_up(study: Study, name: str) -> None:
    """Neighbours differ in size alone: Norway is as short as with all of them in one place."""
    world, geography = study.world(name), study.modules["geography"]
    chain_module, case = study.modules["chain"], study.case(name)
    rules = replace(world.rules(), builder=None)
    often = study.modules["calibrated"].how_often(case)
    demand = world.demand(6, has_shocks=True, has_vials=False)
    six = world.chain(often, is_running=False, has_vials=False)
    noise = partial(world.noise, "")
    by_place = simulate(six.network(), demand, noise, N_DRAWS, rules)
    p = world.p
    duty = p(case.current("supply.stock_duty.wholesale_*.stock"), "month")
    two = chain_module.Chain(
        p, often, p("supply.source.penv_common_site_share", "1"),
        p("supply.source.penv_largest_share", "1"), duty,
    )  # fmt: skip
    study.modules["supply_measures"].adapt(case, p, two, None, is_running=False)
    others = {
        form: sum(demand.yearly[place][form] for place in geography.PLACES[1:])
        for form in demand.yearly["norway"]
    }
    joined = replace(demand, yearly={"norway": demand.yearly["norway"], "others": others})
    in_two = simulate(two.network(), joined, noise, N_DRAWS, rules)
    forms = slice(0, len(chain_module.OURS))
    assert in_two.missing_before[:, :, forms, 0].any()
    scale = in_two.demand[:, :, forms].max()
    np.testing.assert_allclose(
        by_place.missing_before[:, :, forms, 0], in_two.missing_before[:, :, forms, 0],
        rtol=0, atol=1e-9 * scale,
    )  # fmt: skip
    np.testing.assert_allclose(
        by_place.missing_before[:, :, forms, 1:].sum(axis=3), in_two.missing_before[:, :, forms, 1],
        rtol=0, atol=1e-9 * scale,
    )  # fmt: skip


def test_vials_change_no_bit_of_the_other_forms(study: Study) -> None:
    world = study.world("buffer")
    often = study.modules["calibrated"].how_often(study.case("buffer"))
    found = []
    for has_vials in (False, True):
        chain = world.chain(often, is_running=False, has_vials=has_vials)
        demand = world.demand(4, has_shocks=True, has_vials=has_vials)
        noise = partial(world.noise, "")
        found.append(simulate(chain.network(), demand, noise, N_DRAWS, world.rules()))
    without, with_vials = found
    forms = without.demand.shape[2]
    assert with_vials.demand.shape[2] == forms + 1
    for name in ("demand", "missing_before", "missing", "shortage_months_before", "taken"):
        kept = getattr(with_vials, name)[:, :, :forms]
        np.testing.assert_array_equal(kept, getattr(without, name), name)


@pytest.mark.parametrize("name", ["today", "contract", "bulk"])
def test_bans_that_cannot_come_change_no_bit(study: Study, name: str) -> None:
    world = study.world(name, study.plant if name == "today" else None, **never())
    none, ban = (bits(world.crisis(has_bans=b)) for b in (False, True))
    for key, values in none.items():
        np.testing.assert_array_equal(ban[key], values, key)


@pytest.mark.parametrize("name", ["today", "contract"])
def test_nothing_crosses_a_border_while_every_ban_holds(study: Study, name: str) -> None:
    """The second year lies within the crisis: deliveries over a border are nothing in it."""
    world = study.world(name, study.plant, **certain())
    chain = world.chain(np.zeros((N_DRAWS, 1)), is_running=True)
    sources, places = [s.country for s in chain.sources], study.modules["geography"].PLACES
    second = world.crisis(has_bans=True).delivered[:, 1]
    free = world.crisis(has_bans=False).delivered[:, 1]
    abroad = np.array([[home != place for place in places] for home in sources])
    assert not second.swapaxes(2, 3)[:, abroad].any()
    assert free.swapaxes(2, 3)[:, abroad].any()
    if name == "contract":  # priority abroad gives way
        at = [s.name for s in chain.sources].index("contract")
        assert free[:, at, :, 0].any() and not second[:, at, :, 0].any()
    at = [s.name for s in chain.sources].index("plant")
    assert second[:, at, :, 0].any(), "what is made at home stays at home"


@pytest.mark.parametrize("name", list(LEVERS))
def test_bans_never_help_a_country_that_makes_nothing(study: Study, name: str) -> None:
    measures = study.measured(name).measures
    for place in ("norway", "nordic"):
        scale = 1e-9 * measures[f"ban_{place}"].max()
        assert (measures[f"ban_{place}_more"] >= -scale).all(), place
    assert measures["ban_nordic_more"].any()


def test_a_crisis_takes_no_more_vials_than_it_keeps_from_coming(study: Study) -> None:
    """Bound: need of the crisis' months, less the share that arrives where nothing is banned."""
    ledger, case = study.measured("today"), study.case("today")
    p = case.parameters
    months = p(MONTHS, "month")[:, 0]
    lost = 1.0 - p("supply.crisis.supply_left_share", "1")[:, 0]
    for place, missing in ledger.parts["vials_crisis"].items():
        most = ledger.parts["vials_need"][place] / 12.0 * months
        growth = 1.2  # constant: need differs between the years compared, by far less than this
        assert (missing <= most * lost * growth + 1e-9).all(), place
        assert (ledger.parts["vials_crisis_ban"][place] <= most * growth + 1e-9).all(), place
    for group in ("vials_missing", "vials_crisis"):
        of = {k: v / ledger.parts["vials_need"][k] for k, v in ledger.parts[group].items()}
        assert (of["finland"] <= of["norway"] + 1e-12).all(), "Finland alone holds a duty stock"
    assert "iceland" not in ledger.parts["vials_need"], "unknown is not zero"


def test_blocks_of_draws_change_nothing(study: Study) -> None:
    whole, cut = study.measured("buffer"), 7
    parts = [study.measured("buffer", 0, cut), study.measured("buffer", cut, N_DRAWS)]
    for outcome, values in whole.measures.items():
        joined = np.concatenate([part.measures[outcome] for part in parts])
        np.testing.assert_array_equal(joined, values, outcome)
    for group, by_place in whole.parts.items():
        for place, values in by_place.items():
            joined = np.concatenate([part.parts[group][place] for part in parts])
            np.testing.assert_array_equal(joined, values, f"{group} {place}")


def test_the_other_runs_do_not_follow_countries(study: Study) -> None:
    case = study.case("today")
    plain = replace(case, levers={**case.levers, "geography": "ring"})
    ledger = Ledger(shape=case.shape)
    study.modules["geography"].by_country(plain, ledger, None)
    assert all(np.isnan(values).all() for values in ledger.measures.values())
    assert not ledger.parts


def test_a_staged_plant_is_one_of_its_two_in_every_draw(study) -> None:
    """The draws that never add the substance are bought substance, the others a plant with it."""
    geography = study.modules["geography"]
    never_own = study.case("today").years.size
    goes = np.arange(N_DRAWS) % 3 == 0
    bought = replace(study.plant, makes_substance=False)
    made = replace(bought, makes_substance=True, later_substance=True)
    staged = replace(bought, own_from=np.where(goes, 10, never_own)[:, None])
    first, second, both = (
        geography._simulated(study.world("today", one), one) for one in (bought, made, staged)
    )
    assert not np.array_equal(first[1].missing, second[1].missing)
    for one, other, joined in zip(first, second, both, strict=True):
        for name in ("missing", "shortage_months_before", "taken"):
            assert np.array_equal(getattr(joined, name)[goes], getattr(other, name)[goes])
            assert np.array_equal(getattr(joined, name)[~goes], getattr(one, name)[~goes])
