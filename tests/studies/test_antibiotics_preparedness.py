"""What the antibiotics study says of shortage: its laws on a few draws.

Oracles: laws (more stock is never worse, today avoids nothing, double entry), equal bits for any
block and order of alternatives, and the records of the library. The study's numbers are never
repeated here. Years are cut to the shortest in which every alternative is in full operation.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from virkestoff.effects import Ledger
from virkestoff.errors import RangeWarning
from virkestoff.evidence import Library, SampledParameters, content_root, load_library
from virkestoff.studies import Case, Definition, Evaluate, load_definition, load_evaluate
from virkestoff.studies.experiment import Draws
from virkestoff.supply.readiness import load_shortage_events
from virkestoff.supply.value import MissingValue

FOLDER = content_root() / "studies" / "antibiotics"
N_DRAWS = 32
TODAY = ("supply", "today")
LEVERS: Mapping[str, Mapping[str, Any]] = {
    "today": {},
    "buffer_1": {"buffer": 1},
    "buffer_6": {"buffer": 6},
    "bulk_12": {"bulk": 12},
    "contract": {"contract": "yes", "offtake": 0.5},
    "no_holder": {"steps": "api_and_finished", "market": "norway", "holder": "none"},
}


@dataclass
class Block:
    """Some of the draws, in which alternatives share what they keep."""

    definition: Definition
    library: Library
    evaluate: Evaluate
    draws: Draws
    span: slice

    def __post_init__(self) -> None:
        self.kept: dict[Any, Any] = {}
        self.converted: dict[tuple[str, str], np.ndarray] = {}
        self.ledgers: dict[str, Ledger] = {}
        self.read: dict[str, set[str]] = {}
        self.cases: dict[str, Case] = {}

    def add(self, name: str) -> None:
        """Evaluate an alternative."""
        d, span = self.definition, self.span
        parameters = SampledParameters(
            self.library, d.price_year, d.as_of, lambda fact: self.draws.fact(fact)[span],
            span.stop - span.start, d.allowed_facts(self.library), self.converted,
        )  # fmt: skip
        self.cases[name] = case = Case(
            d.baseline if name == "today" else name, d, d.choices_of(LEVERS[name]), parameters,
            lambda purpose, *shape: self.draws.noise(purpose, shape)[span], kept=self.kept,
        )  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RangeWarning)
            self.ledgers[name] = self.evaluate(case)
        self.read[name] = set(parameters.read)

    def measured(self, name: str, outcome: str) -> np.ndarray:
        """An outcome of an alternative, shape (n_draws,)."""
        return self.ledgers[name].measures[outcome]

    def paid(self, name: str) -> dict[tuple[str, str, str], np.ndarray]:
        """All payments of an alternative by effect, payer and receiver."""
        found: dict[tuple[str, str, str], np.ndarray] = {}
        for entry in self.ledgers[name].entries:
            key = entry.effect, entry.payer, entry.receiver
            found[key] = found.get(key, 0.0) + entry.amount
        return found


def losses_in(value: Any) -> Iterator[MissingValue]:
    """Every valued shortage in what the study keeps."""
    if isinstance(value, MissingValue):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from losses_in(getattr(value, field.name))


@dataclass(frozen=True)
class World:
    """The study on few draws, and its modules by name."""

    definition: Definition
    library: Library
    evaluate: Evaluate
    draws: Draws
    modules: Mapping[str, ModuleType]
    whole: Block

    def block(self, start: int, stop: int) -> Block:
        """Some of the draws, nothing evaluated yet."""
        span = slice(start, stop)
        return Block(self.definition, self.library, self.evaluate, self.draws, span)


@pytest.fixture(scope="module")
def world() -> World:
    loaded, library = load_definition(FOLDER, load_library(content_root() / "library"))
    evaluate = load_evaluate(FOLDER)
    modules = {
        name.rpartition(".")[2]: module
        for name, module in sys.modules.items()
        if name.startswith("virkestoff_study_antibiotics_") and "." in name
    }
    model = modules["preparedness"]
    first = loaded.years[0]
    definition = loaded.model_copy(
        update={"years": (first, first + model.OPERATION + model.CRISIS_YEARS)}
    )
    draws = Draws(library, 1, N_DRAWS)
    whole = Block(definition, library, evaluate, draws, slice(0, N_DRAWS))
    for name in LEVERS:
        whole.add(name)
    return World(definition, library, evaluate, draws, modules, whole)


def test_there_is_shortage_to_avoid(world: World) -> None:
    """Else every law below would hold of nothing."""
    for outcome in ("missing_ddd", "not_as_prescribed", "shortage_days", "crisis_missing"):
        assert world.whole.measured("today", outcome).any(), outcome


@pytest.mark.parametrize(
    "outcome", ["missing_ddd", "not_as_prescribed", "shortage_days", "crisis_missing"]
)
def test_more_stock_never_means_more_missing(world: World, outcome: str) -> None:
    none, some, more = (world.whole.measured(n, outcome) for n in ("today", "buffer_1", "buffer_6"))
    assert (some <= none + 1e-6).all()
    assert (more <= some + 1e-6).all()
    assert more.mean() < none.mean()


def test_today_avoids_nothing(world: World) -> None:
    for outcome in ("avoided_ddd", "avoided_days", "avoided_loss", "crisis_avoided"):
        assert not world.whole.measured("today", outcome).any(), outcome


@pytest.mark.parametrize("name", ["buffer_1", "buffer_6", "bulk_12"])
def test_a_crisis_costs_no_more_with_a_stock(world: World, name: str) -> None:
    none, stocked = (world.whole.measured(n, "crisis_loss") for n in ("today", name))
    assert (stocked <= none * (1 + 1e-9)).all()
    assert stocked.mean() < none.mean()


def test_avoided_is_the_difference_from_today(world: World) -> None:
    pairs = (("avoided_ddd", "missing_ddd"), ("avoided_days", "shortage_days"),
             ("avoided_loss", "shortage_loss"), ("crisis_avoided", "crisis_loss"))  # fmt: skip
    for name in LEVERS:
        for avoided, outcome in pairs:
            gone = world.whole.measured("today", outcome) - world.whole.measured(name, outcome)
            found = world.whole.measured(name, avoided)
            np.testing.assert_allclose(
                found, gone, rtol=1e-9, atol=1e-6, err_msg=f"{name} {avoided}"
            )


def test_a_plant_that_never_has_a_saleable_pack_helps_nobody(world: World) -> None:
    """Equal bits; in the study, and in the chain itself, where it stands and never opens."""
    whole = world.whole
    for outcome in (
        "missing_ddd", "not_as_prescribed", "shortage_days", "shortage_loss", "crisis_missing",
        "crisis_loss",
    ):  # fmt: skip
        np.testing.assert_array_equal(
            whole.measured("no_holder", outcome), whole.measured("today", outcome), outcome
        )
    never = np.full((N_DRAWS, 1), world.modules["supply_measures"].NEVER)
    plant = world.modules["supply_measures"].Supplier(
        never, np.full((N_DRAWS, 1), 0.5), makes_substance=True, market="norway", scale=1.0
    )
    found = world.modules["preparedness"].with_supplier(whole.cases["no_holder"], plant)
    pairs = zip(losses_in(found), losses_in(whole.kept[TODAY][0]), strict=True)
    for with_plant, today in pairs:
        np.testing.assert_array_equal(with_plant.total, today.total)


@pytest.mark.parametrize("name", list(LEVERS))
def test_the_loss_is_paid_once_by_those_who_bear_it(world: World, name: str) -> None:
    """In the years of full operation it is the loss that is measured; for today in all years."""
    model = world.modules["preparedness"]
    paid = np.zeros((N_DRAWS, world.definition.axis.size))
    for (effect, *actors), amount in world.whole.paid(name).items():
        prefix, _, part = effect.partition(": ")
        if prefix == "shortage":
            assert tuple(actors) == model.BEARERS[part]
            paid = paid + amount
    measured = world.whole.measured(name, "shortage_loss")
    np.testing.assert_allclose(paid[:, model.OPERATION :].mean(axis=1), measured, rtol=1e-12)
    if name == "today":
        losses = losses_in(world.whole.kept[TODAY][0])
        (loss,) = [found for found in losses if found.total.shape == paid.shape]
        np.testing.assert_allclose(paid, loss.total, rtol=1e-12)
        assert paid.any()


def test_facts_of_what_is_kept_count_for_every_alternative(world: World) -> None:
    """The first alternative makes what is kept; the others read its facts by using it."""
    _, facts = world.whole.kept[TODAY]
    calibration = world.modules["calibrated"]._KNOWN
    (history,) = calibration.values()
    assert "supply.site.substance.failures_per_year" in facts
    assert "supply.site.rate_multiplier" in history.facts
    for name, read in world.whole.read.items():
        assert facts <= read, name
        assert history.facts <= read, name


def test_blocks_and_order_change_nothing(world: World) -> None:
    """Two blocks, with the alternatives in the other order: equal bits and the same facts read."""
    names, cut = ("today", "buffer_1"), 11
    parts = [world.block(0, cut), world.block(cut, N_DRAWS)]
    for part in parts:
        for name in reversed(names):
            part.add(name)
    for name in names:
        whole = world.whole.ledgers[name]
        for outcome, values in whole.measures.items():
            joined = np.concatenate([part.measured(name, outcome) for part in parts])
            np.testing.assert_array_equal(joined, values, f"{name} {outcome}")
        halves = [part.paid(name) for part in parts]
        for key, amount in world.whole.paid(name).items():
            none = [np.zeros((part.span.stop - part.span.start, 1)) for part in parts]
            rows = [half.get(key, zero) for half, zero in zip(halves, none, strict=True)]
            rows = [np.broadcast_to(row, (len(row), amount.shape[1])) for row in rows]
            np.testing.assert_array_equal(np.concatenate(rows), amount, str(key))
        for part in parts:
            assert part.read[name] == world.whole.read[name]


def test_the_hindcast_has_the_events_of_the_library(world: World) -> None:
    parts = world.whole.ledgers["today"].parts
    events = {
        f"{event.presentation.rpartition('_')[2]}_{event.year}": event
        for event in load_shortage_events()
    }
    groups = {name for name in parts if name.startswith("hindcast_")}
    assert groups
    for group in groups:
        assert set(parts[group]) == set(events)
    for name, event in events.items():
        seen = world.library.statistics[event.episodes].value
        assert (parts["hindcast_observed"][name] == seen).all()
        months = world.library.fact(event.months).central
        np.testing.assert_allclose(parts["hindcast_months_observed"][name], months, rtol=1e-12)
        low, mean, high = (parts[f"hindcast_{g}"][name] for g in ("low", "mean", "high"))
        assert (low <= high).all()
        assert (mean >= 0).all()
    others = [name for name in LEVERS if name != "today"]
    assert not any(p.startswith("hindcast_") for n in others for p in world.whole.ledgers[n].parts)


def test_the_calibrated_multiplier_stays_within_its_prior(world: World) -> None:
    numbers = world.library.fact("supply.site.rate_multiplier").numbers
    (history,) = world.modules["calibrated"]._KNOWN.values()
    assert numbers[0] < history.posterior.mean() < numbers[-1]
    grid = world.modules["calibrated"].GRID
    drawn = history.posterior.sample(np.linspace(0.0, 1.0, 101))
    assert ((drawn >= grid[0] - 1e-12) & (drawn <= grid[-1] + 1e-12)).all()


def test_a_crisis_is_worth_what_is_avoided_after_its_goods_while_protection_is_there(
    world: World,
) -> None:
    """Oracle: arithmetic by hand, and a loop over months and years."""
    crisis = world.modules["crisis"]
    lost = [np.array([100.0]), np.array([60.0]), np.array([10.0])]
    found = crisis.worth(lost, np.array([5.0]), [np.array([0.8]), np.array([0.5])])
    assert found.tolist() == pytest.approx([40 * 0.8 + 50 * 0.5 - 5 * 0.8])
    for name in ("buffer_6", "bulk_12"):
        case, measured = world.whole.cases[name], world.whole.ledgers[name].measures
        build_up = case.parameters("supply.stock.build_up_time", "month")[:, 0]
        rate = float(case.parameters("supply.stock.public_capital_rate", "1/year").ravel()[0])
        n = case.years.size
        for draw in (0, 1):
            years = [
                sum(min(1.0, (12 * y + m) / build_up[draw]) for m in range(1, 13)) / 12
                for y in range(n)
            ]
            share = sum(v / (1 + rate) ** y for y, v in enumerate(years))
            share /= sum(1 / (1 + rate) ** y for y in range(n))
            gone = measured["crisis_avoided"][draw] - measured["crisis_goods"][draw]
            assert measured["crisis_worth"][draw] == pytest.approx(gone * share, rel=1e-9)
        assert (measured["crisis_goods"] >= 0).all() and measured["crisis_goods"].any()
    assert not world.whole.measured("today", "crisis_worth").any()


@pytest.mark.parametrize("years", [0, 1, 8, 20])
def test_a_plant_protects_from_its_first_pack_on(world: World, years: int) -> None:
    """Oracle: the geometric series of the years from the first pack to the last."""
    crisis, measures = world.modules["crisis"], world.modules["supply_measures"]
    case = world.whole.cases["today"]
    one = np.ones((N_DRAWS, 1))
    plant = measures.Supplier(12.0 * years * one, 0.5 * one, False, "norway", 1.0)
    rate = float(case.parameters("supply.stock.public_capital_rate", "1/year").ravel()[0])
    last = (1 + rate) ** -case.years.size
    expected = ((1 + rate) ** -years - last) / (1 - last)
    np.testing.assert_allclose(crisis.ready_share(case, plant), expected, rtol=1e-12)
    np.testing.assert_allclose(crisis.ready_share(case, None), 1.0, rtol=1e-12)
    never = measures.Supplier(measures.NEVER * one, 0.5 * one, False, "norway", 1.0)
    assert not crisis.ready_share(case, never).any()


def test_a_standby_suite_at_full_rate_costs_what_a_suite_in_operation_costs(world: World) -> None:
    """Oracle: the two plans made apart, by levers that a reader can set."""
    plans, plant = world.modules["plans"], world.modules["plant"]
    base, d = world.whole.cases["today"], world.definition

    def planned(**levers: str) -> tuple[Case, Any]:
        case = Case("today", d, d.choices_of(levers), base.parameters, base.noise)
        return case, plans.pack_plant(case, base.parameters, "finished")[0]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RangeWarning)
        case, standby = planned(steps="finished", site="standby")
        _, full = planned(steps="finished", site="brownfield", sold="all")
        found = plant.full_rate_cost(case, base.parameters, standby)
    more = (full.operating - standby.operating)[:, -5:].mean(axis=1)
    np.testing.assert_allclose(found, np.maximum(more, 0.0), rtol=1e-12)
    assert found.mean() > 0
    assert case.choice("site") == "standby"


def test_forms_and_ages_add_up_to_the_whole(world: World) -> None:
    """Oracles: the measured totals; the share of all doses that children are said to use."""
    ages, chain = world.modules["ages"], world.modules["chain"]
    for name in ("today", "buffer_6"):
        ledger = world.whole.ledgers[name]
        pairs = (("days_by_form", "shortage_days"), ("prescribed_by_form", "not_as_prescribed"),
                 ("missing_by_form", "missing_ddd"))  # fmt: skip
        for group, outcome in pairs:
            parts = ledger.parts[group]
            whole = sum(parts[form] for form in chain.OURS)
            np.testing.assert_allclose(whole, ledger.measures[outcome], rtol=1e-9, atol=1e-9)
            if "children" in parts:
                split = parts["children"] + parts["older"]
                np.testing.assert_allclose(split, whole, rtol=1e-9, atol=1e-9)
                assert (parts["children"] >= 0).all() and (parts["older"] >= -1e-9).all()
    p = world.whole.cases["today"].parameters
    form, share = chain.form_shares(p), ages.children_of_form(p)
    used = sum(form[name] * share[name] for name in chain.OURS)
    np.testing.assert_allclose(used, p("supply.presentation.penv_children_share", "1"), rtol=1e-9)
