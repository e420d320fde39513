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

from .ages import by_age
from .calibrated import history_of, how_often
from .chain import AMOXICILLIN, COUNTRIES, OURS, PENICILLIN, WINTERS, Chain, demand_of, last_resort
from .crisis import goods_cost, own_from_share, ready_share, worth
from .supply_measures import NEVER, Supplier, adapt, cut_off

__all__ = ["preparedness"]

Array = np.ndarray
DAYS = 365.25 / 12  # constant: days in a month
OPERATION = 20  # constant: years after the decision by which every alternative is in full operation
CRISIS_YEARS = 3  # constant: long enough for the longest crisis and for stocks to fill again
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
class Shortage:
    """What the monthly model says of one way of supply, and what it is worth.

    Attributes
    ----------
    result : before the last resort of the advice
    missing : DDD for which nothing was found, shape (n_draws, n_years, n_forms)
    loss : worth of what was missing or replaced
    """

    result: SupplyResult
    missing: Array
    loss: MissingValue


@dataclass(frozen=True)
class Found:
    """One way of supply in ordinary years and in a crisis.

    In ``crisis`` all antibiotics are short and the sickest suffer; in ``mild`` the same imports
    fail, but antibiotics outside this chain can be had.
    """

    ordinary: Shortage
    crisis: Shortage
    mild: Shortage


def preparedness(case: Case, ledger: Ledger, supplier: Supplier | None) -> dict[str, Array]:
    """Measure shortage with and without the alternative, and enter what shortage costs.

    Returns what is avoided of each part of the loss in ordinary years of full operation, NOK/year.
    """
    today = case.once(("supply", "today"), lambda: _simulated(case, None, is_today=True))
    if supplier is not None and not (supplier.start_month < NEVER).any():
        supplier = None  # a plant that never has a saleable pack helps nobody
    measures = _levers(case, "none")[:N_MEASURES]
    is_today = supplier is None and not any(v not in (0.0, "no") for v in measures)
    found = today
    if case.choice("preparedness") == "counted" and not is_today:
        found = with_supplier(case, supplier)
    for part, amount in found.ordinary.loss.parts().items():
        if amount.any():
            ledger.pay(f"shortage: {part}", *BEARERS[part], amount)
    _measure(case, ledger, today, found)
    _record_forms(case, ledger, found)
    _measure_crisis(case, ledger, today, found, None if found is today else supplier)
    if case.alternative == case.definition.baseline:
        _record_hindcast(case, ledger)
    now = found.ordinary.loss.parts()
    return {
        part: (amount - now[part])[:, OPERATION:].mean(axis=1)
        for part, amount in today.ordinary.loss.parts().items()
    }


def with_supplier(case: Case, supplier: Supplier | None) -> Found:
    """What the monthly model says with the case's measures and a plant, or none.

    Where the plant later makes its own substance, the years before are those of bought substance
    and the years after those of a plant that makes it, in the same noise. Stock at the change is
    that of a plant that always made it.
    """
    if supplier is None or supplier.own_from is None:
        steps = "none"
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
    ever = np.broadcast_to(supplier.own_from < case.years.size, (case.n_draws, CRISIS_YEARS))
    return _found(
        case,
        joined_results(is_own, bought.ordinary.result, made.ordinary.result),
        joined_results(ever, bought.crisis.result, made.crisis.result),
    )


JOINED = (
    "missing_before", "missing", "substituted", "shortage_months_before", "shortage_months", "taken"
)  # fmt: skip


def joined_results(is_second: Array, first: SupplyResult, second: SupplyResult) -> SupplyResult:
    """The first result, and the second in the draws and years of ``is_second``."""
    fields = {}
    for name in JOINED:
        one, other = getattr(first, name), getattr(second, name)
        where = is_second.reshape(is_second.shape + (1,) * (one.ndim - 2))
        fields[name] = np.where(where, other, one)
    return replace(first, **fields)


def observed_days(case: Case, supplier: Supplier | None, n_years: int) -> Array:
    """Shortage days a year that have been seen in the first ``n_years``, (n_draws,)."""
    months = with_supplier(case, supplier).ordinary.result.shortage_months_before
    seen = months[:, :n_years, : len(OURS), 0].sum(axis=2)
    days: Array = seen.mean(axis=1) * DAYS
    return days


def _levers(case: Case, steps: str) -> tuple[str | float, ...]:
    """What the chain of supply rests on: measures first, then the plant."""
    plant: tuple[str | float, ...] = ()
    if steps != "none":
        words = (case.choice(name) for name in ("site", "holder", "market", "sold"))
        plant = (*words, case.number("scale"))
    return (
        *(case.number(name) for name in ("buffer", "bulk", "winners", "offtake")),
        case.choice("contract"),
        case.choice("products"),
        steps,
        *plant,
    )


N_MEASURES = 5  # constant: levers of stock, guarantee and contract, which come first


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
        COUNTRIES,
    )
    result = simulate(chain.network(), demand, _noise(case, ""), n, rules)
    crisis = simulate(calm.network(), short, _noise(case, "crisis."), n, rules)
    return _found(case, result, crisis)


def _found(case: Case, result: SupplyResult, crisis: SupplyResult) -> Found:
    """Both results with what they are worth; in a crisis other antibiotics are short too."""
    p = remember(case.parameters)
    accepted = last_resort(p)
    left = p("supply.crisis.supply_left_share", "1")
    return Found(
        _shortage(case, result, accepted, is_crisis=False),
        _shortage(case, crisis, accepted * left, is_crisis=True),
        _shortage(case, crisis, accepted, is_crisis=False),
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


def _shortage(case: Case, result: SupplyResult, accepted: Array, is_crisis: bool) -> Shortage:
    """What is missing after the last resort, and what the missing and the replaced are worth.

    Parameters
    ----------
    accepted : share of what is still missing that other antibiotics replace, shape (n_draws, 1)
    """
    p = remember(case.parameters)
    n = case.n_draws
    lacking = result.missing[:, :, : len(OURS), 0]
    other = lacking * accepted[:, :, None]
    missing = lacking - other
    same = np.zeros_like(lacking)
    for a, line in enumerate(_chain(case, np.zeros((n, 1))).advice()):
        into = same if line.instead in OURS else other
        into[:, :, OURS.index(line.wanted)] += result.substituted[:, :, a, 0]
    loss = value_of_missing(
        missing, other, same, course_lengths(OURS, p), treatment_loss(p, is_crisis=is_crisis)
    )
    return Shortage(result, missing, loss)


def _measure(case: Case, ledger: Ledger, today: Found, found: Found) -> None:
    """Shortage a year in full operation, against today, and in a crisis."""

    def yearly(amount: Array) -> Array:
        return amount[:, OPERATION:].mean(axis=1)

    def days(f: Found) -> Array:
        months = f.ordinary.result.shortage_months_before[:, :, : len(OURS), 0]
        return yearly(months.sum(axis=2) * DAYS)

    def missing(f: Found) -> Array:
        return yearly(f.ordinary.missing.sum(axis=2))

    def loss(f: Found) -> Array:
        return yearly(f.ordinary.loss.total)

    def crisis_loss(f: Found) -> Array:
        return f.crisis.loss.total.sum(axis=1)

    not_prescribed = found.ordinary.result.missing_before[:, :, : len(OURS), 0].sum(axis=2)
    ledger.measure("missing_ddd", missing(found))
    ledger.measure("not_as_prescribed", yearly(not_prescribed))
    ledger.measure("shortage_days", days(found))
    ledger.measure("shortage_loss", loss(found))
    ledger.measure("avoided_ddd", missing(today) - missing(found))
    ledger.measure("avoided_days", days(today) - days(found))
    ledger.measure("avoided_loss", loss(today) - loss(found))
    ledger.measure("crisis_missing", found.crisis.missing.sum(axis=(1, 2)))
    ledger.measure("crisis_loss", crisis_loss(found))
    ledger.measure("crisis_avoided", crisis_loss(today) - crisis_loss(found))
    ledger.measure("mild_crisis_loss", found.mild.loss.total.sum(axis=1))
    saved = today.mild.loss.total.sum(axis=1) - found.mild.loss.total.sum(axis=1)
    ledger.measure("mild_crisis_avoided", saved)

    def abroad(f: Found) -> Array:
        return yearly(f.ordinary.result.missing_before[:, :, : len(OURS), 1].sum(axis=2))

    ledger.measure("lacking_abroad", abroad(found) - abroad(today))


def _record_forms(case: Case, ledger: Ledger, found: Found) -> None:
    """Shortage a year in full operation by form, and by the age of those who lack it."""
    p, result = remember(case.parameters), found.ordinary.result

    def yearly(amount: Array) -> dict[str, Array]:
        mean = amount[:, OPERATION:].mean(axis=1)
        return {form: mean[:, i] for i, form in enumerate(OURS)}

    months = yearly(result.shortage_months_before[:, :, : len(OURS), 0])
    ledger.part("days_by_form", {form: amount * DAYS for form, amount in months.items()})
    before = yearly(result.missing_before[:, :, : len(OURS), 0])
    missing = yearly(found.ordinary.missing)
    ledger.part("prescribed_by_form", {**before, **by_age(before, p)})
    ledger.part("missing_by_form", {**missing, **by_age(missing, p)})


def _measure_crisis(
    case: Case, ledger: Ledger, today: Found, found: Found, supplier: Supplier | None
) -> None:
    """What a crisis in any year is worth to the alternative, after what its goods cost then."""
    steps, ready = [today, found], [ready_share(case, supplier)]
    if supplier is not None and supplier.own_from is not None:
        steps = [today, with_supplier(case, replace(supplier, own_from=None)), found]
        ready.append(own_from_share(case, supplier))

    def lacking(f: Found) -> Array:
        return f.crisis.result.missing_before[:, :, : len(OURS), 0].sum(axis=(1, 2))

    goods = goods_cost(case, supplier, lacking(today) - lacking(found))
    goods = np.where(ready[0] > 0.0, goods, 0.0)  # a plant without a saleable pack runs for nobody
    ledger.measure("crisis_goods", goods)
    severe = [f.crisis.loss.total.sum(axis=1) for f in steps]
    mild = [f.mild.loss.total.sum(axis=1) for f in steps]
    ledger.measure("crisis_worth", worth(severe, goods, ready))
    ledger.measure("mild_crisis_worth", worth(mild, goods, ready))


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
