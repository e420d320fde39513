"""What each alternative does for supply: missing treatment, what it costs, and a crisis."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from virkestoff.effects import Ledger
from virkestoff.production import remember
from virkestoff.studies import Case
from virkestoff.supply import (
    Demand,
    MissingValue,
    Rules,
    SupplyResult,
    course_lengths,
    need,
    season_shares,
    simulate,
    treatment_loss,
    value_of_missing,
)

from .calibrated import history_of, how_often
from .chain import AMOXICILLIN, COUNTRIES, OURS, PENICILLIN, WINTERS, Chain, demand_of
from .supply_measures import Supplier, adapt, cut_off

__all__ = ["observed_days", "preparedness", "with_supplier"]

Array = np.ndarray
DAYS = 365.25 / 12  # constant: days in a month
OPERATION = 20  # constant: years after the decision by which every alternative is in full operation
CRISIS_YEARS = 4  # constant: long enough for the longest crisis and for stocks to fill again
BEARERS = {  # who pays each part of the loss, and to whom
    "health": ("patients", "resources"),
    "lost_work": ("patients", "resources"),
    "insurance": ("patients", "resources"),
    "state": ("state", "resources"),
    "municipalities": ("municipalities", "resources"),
    "hospitals": ("hospitals", "resources"),
    "pharmacies": ("buyers", "resources"),
    "substitutes": ("buyers", "makers"),
    "resistance": ("patients", "resources"),
}


@dataclass(frozen=True)
class Found:
    """What the monthly model says of one way of supply, in ordinary years and in a crisis."""

    result: SupplyResult
    loss: MissingValue
    crisis: SupplyResult
    crisis_loss: MissingValue


def preparedness(case: Case, ledger: Ledger, supplier: Supplier | None) -> None:
    """Measure shortage with and without the alternative, and enter what shortage costs."""
    today = case.once(("supply", "today"), lambda: _simulated(case, None, is_today=True))
    levers = _levers(case, case.choice("steps"))
    is_today = supplier is None and not any(v not in (0.0, "no", "none") for v in levers[:5])
    found = today
    if case.choice("preparedness") == "counted" and not is_today:
        found = with_supplier(case, supplier)
    for part, amount in found.loss.parts().items():
        if amount.any():
            ledger.pay(f"shortage: {part}", *BEARERS[part], amount)
    _measure(case, ledger, today, found)
    if case.alternative == case.definition.baseline:
        _record_hindcast(case, ledger)


def with_supplier(case: Case, supplier: Supplier | None) -> Found:
    """What the monthly model says with the case's measures and a plant, or none.

    Where the plant later makes its own substance, the years before are those of bought substance
    and the years after those of a plant that makes it, in the same noise. Stock at the change is
    that of a plant that always made it.
    """
    if supplier is None or supplier.own_from is None:
        steps = case.choice("steps")
        if supplier is not None:
            steps = "api_and_finished" if supplier.makes_substance else "finished"
            steps = f"{steps} from {case.choice('steps')}" if supplier.later_substance else steps
        key = ("supply", *_levers(case, steps))
        return case.once(key, lambda: _simulated(case, supplier, is_today=False))
    bought = with_supplier(case, replace(supplier, own_from=None))
    made = with_supplier(
        case, replace(supplier, own_from=None, makes_substance=True, later_substance=True)
    )
    is_own = np.arange(case.years.size) >= supplier.own_from
    ever = np.broadcast_to(
        supplier.own_from < case.years.size, (case.n_draws, bought.crisis.missing.shape[1])
    )
    result = _joined(is_own, bought.result, made.result)
    crisis = _joined(ever, bought.crisis, made.crisis)
    return Found(
        result,
        _value(case, result, is_crisis=False),
        crisis,
        _value(case, crisis, is_crisis=True),
    )


JOINED = (
    "missing_before", "missing", "substituted", "shortage_months_before", "shortage_months", "taken"
)  # fmt: skip


def _joined(is_second: Array, first: SupplyResult, second: SupplyResult) -> SupplyResult:
    """The first result, and the second in the draws and years of ``is_second``."""
    fields = {}
    for name in JOINED:
        one, other = getattr(first, name), getattr(second, name)
        where = is_second.reshape(is_second.shape + (1,) * (one.ndim - 2))
        fields[name] = np.where(where, other, one)
    return replace(first, **fields)


def observed_days(case: Case, supplier: Supplier | None, n_years: int) -> Array:
    """Shortage days a year that have been seen in the first ``n_years``, (n_draws,)."""
    months = with_supplier(case, supplier).result.shortage_months_before
    seen = months[:, :n_years, : len(OURS), 0].sum(axis=2)
    days: Array = seen.mean(axis=1) * DAYS
    return days


def _levers(case: Case, steps: str) -> tuple[str | float, ...]:
    """What the chain of supply rests on."""
    return tuple(
        steps if name == "steps"
        else case.choice(name) if name in ("contract", "site", "holder", "market", "sold")
        else case.number(name)
        for name in ("buffer", "bulk", "winners", "contract", "offtake", *_PLANT_LEVERS)
    )  # fmt: skip


_PLANT_LEVERS = ("steps", "site", "holder", "market", "sold", "scale")


def _simulated(case: Case, supplier: Supplier | None, is_today: bool) -> Found:
    """The monthly model over all years, and over one crisis that begins in full operation."""
    p = remember(case.parameters)
    often, n = how_often(case), case.n_draws
    demand = case.once(("demand", "all"), lambda: _demand(case, case.years.size, has_shocks=True))
    short = case.once(("demand", "crisis"), lambda: _demand(case, CRISIS_YEARS, has_shocks=False))
    chain = _chain(case, often)
    calm = _chain(case, np.zeros((n, 1)))
    if not is_today:
        adapt(case, p, chain, supplier, is_running=False)
        adapt(case, p, calm, supplier, is_running=True)
    cut_off(case, p, calm)
    rules = Rules(
        case.nominal("supply.rule.shortage_threshold"),
        p("supply.allocation.movable_share", "1"),
        ("norway",),
        "norway",
    )
    result = simulate(chain.network(), demand, _noise(case, ""), n, rules)
    crisis = simulate(calm.network(), short, _noise(case, "crisis."), n, rules)
    return Found(
        result,
        _value(case, result, is_crisis=False),
        crisis,
        _value(case, crisis, is_crisis=True),
    )


def _noise(case: Case, prefix: str) -> Callable[..., Array]:
    """The study's noise; both kinds of winter shock come in the same winters."""

    def noise(purpose: str, *shape: int) -> Array:
        same = purpose.replace(WINTERS[1], WINTERS[0])
        return case.uniforms(prefix + same, *shape)

    return noise


def _chain(case: Case, often: Array) -> Chain:
    p = remember(case.parameters)
    duty = p(case.current("supply.stock_duty.wholesale_*.stock"), "month")
    return Chain(
        p,
        often,
        p("supply.source.penv_common_site_share", "1"),
        p("supply.source.penv_largest_share", "1"),
        duty,
    )


def _demand(case: Case, n_years: int, has_shocks: bool) -> Demand:
    p = remember(case.parameters)
    every = [int(year) for year in case.years.array]
    years = every[:n_years] if has_shocks else every[OPERATION:][:n_years]
    products = [PENICILLIN, AMOXICILLIN]
    home = need("norway", products, years, p).ddd
    whole = need("eea", products, years, p).ddd
    by_country: dict[str, Mapping[str, Array]] = {
        name: dict(zip(COUNTRIES, (home[name], whole[name] - home[name]), strict=True))
        for name in products
    }
    demand = demand_of(
        p,
        by_country[PENICILLIN],
        by_country[AMOXICILLIN],
        season_shares(p),
        round(case.nominal("supply.demand_shock.months")),
    )
    return demand if has_shocks else Demand(demand.yearly, demand.season)


def _value(case: Case, result: SupplyResult, is_crisis: bool) -> MissingValue:
    """What the missing and the replaced doses are worth."""
    p = remember(case.parameters)
    n, years = result.missing.shape[:2]
    untreated = result.missing[:, :, : len(OURS), 0]
    same = np.zeros((n, years, len(OURS)))
    other = np.zeros_like(same)
    chain_advice = case.once("advice", lambda: _chain(case, np.zeros((n, 1))).advice())
    for a, line in enumerate(chain_advice):
        into = same if line.instead in OURS else other
        into[:, :, OURS.index(line.wanted)] += result.substituted[:, :, a, 0]
    return value_of_missing(
        untreated, other, same, course_lengths(OURS, p), treatment_loss(p, is_crisis=is_crisis)
    )


def _measure(case: Case, ledger: Ledger, today: Found, found: Found) -> None:
    """Shortage a year in full operation, against today, and in a crisis."""

    def yearly(amount: Array) -> Array:
        return amount[:, OPERATION:].mean(axis=1)

    def missing(f: Found) -> Array:
        return f.result.missing[:, :, : len(OURS), 0].sum(axis=2)

    def days(f: Found) -> Array:
        return f.result.shortage_months_before[:, :, : len(OURS), 0].sum(axis=2) * DAYS

    def crisis_missing(f: Found) -> Array:
        return f.crisis.missing[:, :, : len(OURS), 0].sum(axis=(1, 2))

    replaced = found.result.missing_before[:, :, : len(OURS), 0].sum(axis=2)
    ledger.measure("missing_ddd", yearly(missing(found)))
    ledger.measure("not_as_prescribed", yearly(replaced))
    ledger.measure("shortage_days", yearly(days(found)))
    ledger.measure("shortage_loss", yearly(found.loss.total))
    ledger.measure("avoided_ddd", yearly(missing(today) - missing(found)))
    ledger.measure("avoided_days", yearly(days(today) - days(found)))
    ledger.measure("avoided_loss", yearly(today.loss.total - found.loss.total))
    ledger.measure("crisis_missing", crisis_missing(found))
    ledger.measure("crisis_loss", found.crisis_loss.total.sum(axis=1))
    saved = today.crisis_loss.total.sum(axis=1) - found.crisis_loss.total.sum(axis=1)
    ledger.measure("crisis_avoided", saved)
    ledger.measure("taken_ddd", found.result.taken.sum(axis=(1, 2, 3)))


def _record_hindcast(case: Case, ledger: Ledger) -> None:
    """How each shortage seen is predicted by the others; the same in every draw."""
    rows = history_of(case).rows
    columns = {
        "observed": "observed",
        "mean": "mean",
        "low": "p10",
        "high": "p90",
        "months_observed": "months_observed",
        "months_mean": "months_mean",
        "months_high": "months_p90",
    }
    for group, field in columns.items():
        values = {row.name: np.full(case.n_draws, float(getattr(row, field))) for row in rows}
        ledger.part(f"hindcast_{group}", values)
