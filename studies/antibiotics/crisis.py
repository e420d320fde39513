"""What protection is worth in a crisis that may come in any year, after what it costs then.

A crisis is as likely before a plant has its first pack as after, and while a stock is filled as
when it is full. What is avoided therefore counts for the share of the study's years, in present
value, in which protection is there. Goods that come because of it are paid for: at today's purchase
price, and those of a standby suite at what it costs to run at full rate.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from virkestoff.production import discounted, remember
from virkestoff.studies import Case
from virkestoff.supply import need, purchase_values

from .chain import PENICILLIN
from .supply_measures import Supplier

__all__ = ["goods_cost", "own_from_share", "ready_share", "worth"]

Array = np.ndarray
MONTHS = 12  # constant: months in a year
OPERATION = 20  # constant: years after the decision by which every alternative is in full operation


def ready_share(case: Case, supplier: Supplier | None) -> Array:
    """Share of the study's years, in present value, in which protection is there, (n_draws,).

    Of several measures the last one to be ready counts; a stock counts as far as it is filled.
    """
    p = remember(case.parameters)
    month = np.arange(1, MONTHS * case.years.size + 1)
    there = np.ones((case.n_draws, month.size))
    if any(case.number(name) for name in ("buffer", "bulk", "winners")):
        filled = month / np.maximum(p("supply.stock.build_up_time", "month"), 1.0)
        there = np.minimum(there, filled)
    if supplier is not None:
        there = there * (month > supplier.start_month)
    return _present(case, there)


def own_from_share(case: Case, supplier: Supplier) -> Array:
    """The same for the own substance of a plant that adds it later."""
    years = np.arange(case.years.size)
    assert supplier.own_from is not None
    return _present(case, np.repeat(years >= supplier.own_from, MONTHS, axis=1) * 1.0)


def _present(case: Case, there: Array) -> Array:
    """The present value of what is there over that of all years, at the state's rate."""
    rate = remember(case.parameters)("supply.stock.public_capital_rate", "1/year")
    yearly = np.broadcast_to(there, (case.n_draws, there.shape[1]))
    yearly = yearly.reshape(case.n_draws, -1, MONTHS).mean(axis=2)
    share: Array = discounted(yearly, rate) / discounted(np.ones(case.shape), rate)
    return share


def goods_cost(case: Case, supplier: Supplier | None, more: Array) -> Array:
    """What the goods cost that come in a crisis beyond those that come today, NOK, (n_draws,).

    Parameters
    ----------
    more : DDD that come as prescribed beyond today, (n_draws,)
    """
    p = remember(case.parameters)
    if supplier is not None and supplier.full_rate_cost is not None:
        months = p("supply.crisis.months", "month") - p("supply.surge.lead_time", "month")
        run: Array = supplier.full_rate_cost / MONTHS * np.maximum(months, 0.0)[:, 0]
        return run
    wanted = need("norway", [PENICILLIN], case.years, p)
    value = sum(purchase_values(wanted.packs, p).values())
    price = (value / wanted.ddd[PENICILLIN])[:, OPERATION:].mean(axis=1)
    cost: Array = np.maximum(more, 0.0) * price
    return cost


def worth(losses: Sequence[Array], goods: Array, ready: Sequence[Array]) -> Array:
    """What is avoided in one crisis, less the goods, for the share of time that it is there.

    Parameters
    ----------
    losses : in one crisis, today and then at each step of the alternative, each (n_draws,)
    goods : what the goods cost, counted from the first step on, (n_draws,)
    ready : for each step, the share of time in which it is there, (n_draws,)
    """
    steps = zip(losses[:-1], losses[1:], ready, strict=True)
    avoided = sum((before - after) * there for before, after, there in steps)
    found: Array = avoided - goods * ready[0]
    return found
