"""How often sites fail: calibrated to the shortages that patients met from 2016 to 2024.

The expected number of shortages comes from the same chain as the study's, with the stock duties of
those years and the other facts drawn anew for each history. Each shortage is also predicted without
itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from virkestoff.evidence import SampledParameters
from virkestoff.randomness import uniforms
from virkestoff.studies import Case, Draws
from virkestoff.supply import (
    HindcastRow,
    Posterior,
    Rules,
    calibrate,
    hindcast,
    lognormal_prior,
    need,
    season_shares,
    simulate,
)

from .chain import (
    AMOXICILLIN,
    COUNTRIES,
    MIXTURE,
    OURS,
    PENICILLIN,
    TABLET,
    WINTERS,
    Chain,
    demand_of,
)

__all__ = ["History", "history_of", "how_often"]

Array = np.ndarray
FIRST, LAST = 2016, 2024  # constant: the years whose shortages are listed in the library
GRID = np.geomspace(0.1, 10.0, 9)  # constant: multipliers that are simulated
N_HISTORIES = 800  # constant: simulated histories for each of them
NOMINAL = frozenset(
    (
        "supply.site.rate_multiplier",
        "supply.demand_shock.months",
        "supply.rule.shortage_threshold",
        "supply.event.mixture_2022.months",
        "supply.event.tablet_2023.months",
    )
)
SEEN = {"mixture_2022": MIXTURE, "tablet_2023": TABLET}
MONTHS = 12  # constant: months in a year


@dataclass(frozen=True)
class History:
    """The calibration, and each shortage predicted by the others."""

    posterior: Posterior
    rows: list[HindcastRow]
    facts: frozenset[str]


_KNOWN: dict[tuple[str, str], History] = {}


def how_often(case: Case) -> Array:
    """Multiplier on how often sites abroad fail, a draw of the calibrated one, (n_draws, 1)."""
    return history_of(case).posterior.sample(case.uniforms("supply.calibration", 1))


def history_of(case: Case) -> History:
    """The calibration for the library at hand, made once."""
    library = case.parameters.library
    key = library.digest, str(case.definition.as_of)
    if key not in _KNOWN:
        _KNOWN.clear()
        _KNOWN[key] = _made(case)
    case.parameters.read |= _KNOWN[key].facts
    return _KNOWN[key]


def _made(case: Case) -> History:
    n = GRID.size * N_HISTORIES
    p = _parameters(case, n)
    years = list(range(FIRST, LAST + 1))
    often = np.repeat(GRID, N_HISTORIES)[:, None]
    products = [PENICILLIN, AMOXICILLIN]
    home, whole = (need(m, products, years, p).ddd for m in ("norway", "eea"))
    by_country = {
        name: dict(zip(COUNTRIES, (home[name], whole[name] - home[name]), strict=True))
        for name in products
    }
    winter = round(case.nominal("supply.demand_shock.months"))
    demand = demand_of(p, by_country[PENICILLIN], by_country[AMOXICILLIN], season_shares(p), winter)
    chain = Chain(
        p,
        often,
        p("supply.source.penv_common_site_share", "1"),
        p("supply.source.penv_largest_share", "1"),
        _duty_then(p),
    )
    threshold = case.nominal("supply.rule.shortage_threshold")
    rules = Rules(threshold, p("supply.allocation.movable_share", "1"), ("norway",))

    def noise(purpose: str, *shape: int) -> Array:
        """The same histories for every multiplier, so that only the multiplier differs."""
        name = purpose.replace(WINTERS[1], WINTERS[0])
        return np.tile(
            uniforms(0, "calibration", name, size=(N_HISTORIES, *shape)),
            (GRID.size, *(1 for _ in shape)),
        )

    found = simulate(chain.network(), demand, noise, n, rules)
    cells = [OURS.index(form) for form in SEEN.values()]
    shape = (GRID.size, N_HISTORIES, len(cells))
    episodes = found.episodes_before[:, :, cells, 0].sum(axis=1).reshape(shape)
    months = found.shortage_months_before[:, :, cells, 0].sum(axis=1).reshape(shape)
    counts = [
        int(case.parameters.library.statistics[f"no_episodes_{form}_2016_2024"].value)
        for form in ("mixture", "tablet")
    ]
    prior = lognormal_prior(*(float(x) for x in _ends(case, "supply.site.rate_multiplier")))
    expected = episodes.mean(axis=1)
    seen = [case.nominal(f"supply.event.{event}.months") for event in SEEN]
    return History(
        calibrate(GRID, expected, counts, prior),
        hindcast(list(SEEN), GRID, expected, counts, prior, months, seen),
        frozenset(p.read | NOMINAL),
    )


def _parameters(case: Case, n: int) -> SampledParameters:
    """Facts drawn anew for each history, and equal for every multiplier."""
    library = case.parameters.library
    draws = Draws(library, 0, N_HISTORIES)

    def column(fact_id: str) -> Array:
        return np.tile(draws.fact(fact_id), GRID.size)

    return SampledParameters(
        library, case.definition.price_year, None, column, n, case.definition.allowed_facts(library)
    )


def _duty_then(p: SampledParameters) -> Array:
    """The wholesalers' duty by the rule of each month of the history, shape (n, n_months)."""
    months = np.empty((p.n_draws, MONTHS * (LAST - FIRST + 1)))
    change = MONTHS * (2023 - FIRST) + MONTHS - 1  # constant: the rule of 15 December 2023
    months[:, :change] = p("supply.stock_duty.wholesale_2016.stock", "month")
    months[:, change:] = p("supply.stock_duty.wholesale_2023.stock", "month")
    return months


def _ends(case: Case, fact_id: str) -> tuple[float, float]:
    """Low and high of a fact."""
    numbers = case.parameters.library.fact(fact_id).numbers
    return numbers[0], numbers[-1]
