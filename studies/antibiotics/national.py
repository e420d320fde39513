"""Who in Norway could pay for each alternative: its yearly cost, who uses it and who gains.

The cost to be shared is what the state pays for the alternative in the account, as equal yearly
amounts at the state's rate. How a part of it grows with use follows from its terms: a fixed sum is
needed whole by its first user, a sum per pack grows in proportion.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from virkestoff.costsharing import norwegian_use
from virkestoff.effects import Ledger
from virkestoff.evidence import Parameters
from virkestoff.production import discounted
from virkestoff.studies import Case

__all__ = ["national"]

Array = np.ndarray
SHARED = ("plant_norway", "buffer", "income_guarantee", "capacity_contract")
EFFECTS = {  # what is paid for -> part of the cost that is shared
    "support": "plant",
    "extra stock": "stock",
    "storage": "stock",
    "stock released": "stock",
    "substance stock": "stock",
    "administration": "fixed",
    "standing contract": "fixed",
    "technology transfer": "fixed",
    "guarantee": "fixed",
    "capacity fee": "fixed",
    "security premium": "volume",
    "contract price premium": "volume",
}
GAINERS = {  # part of the loss from shortage -> who gains when it is avoided
    "health": "patients",
    "lost_work": "patients",
    "insurance": "patients",
    "resistance": "patients",
    "state": "national_insurance",  # the fee for doctors
    "municipalities": "municipalities",
    "hospitals": "health_authorities",
    "pharmacies": "buyers",
    "substitutes": "buyers",
}


def national(case: Case, p: Parameters, ledger: Ledger, avoided: Mapping[str, Array]) -> None:
    """Record cost by part, use and gain by payer, of the alternatives that are split.

    Parameters
    ----------
    avoided : part of the loss from shortage -> NOK a year, shape (n_draws,)
    """
    if case.alternative not in SHARED:
        return
    rate = p("supply.stock.public_capital_rate", "1/year")
    cost: dict[str, Array] = {}
    for entry in ledger.entries:
        part = EFFECTS.get(entry.effect)
        if part is None or "state" not in (entry.payer, entry.receiver):
            continue
        sign = 1.0 if entry.payer == "state" else -1.0
        cost[part] = cost.get(part, np.zeros(case.n_draws)) + sign * discounted(entry.amount, rate)
    years = discounted(np.ones(case.shape), rate)
    cost = {part: np.maximum(worth, 0.0) / years for part, worth in cost.items()}
    use = norwegian_use(1.0, p)
    gain = _gains(case, avoided, use)
    shared = p("costsharing.scale.shared", "1")[:, 0]
    scales = {"plant": shared, "stock": 1.0, "fixed": 0.0, "volume": 1.0}
    ledger.part("national_cost", cost)
    ledger.part("national_scale", {n: _full(case, scales[n]) for n in cost})
    ledger.part("national_use", {n: _full(case, share) for n, share in use.items()})
    ledger.part("national_gain", gain)
    ledger.part("national_years", {"annuity": years})


def _gains(case: Case, avoided: Mapping[str, Array], use: Mapping[str, Array]) -> dict[str, Array]:
    """What each payer gains a year; what buyers gain follows what each buys."""
    gain = {name: np.zeros(case.n_draws) for name in use}
    for part, amount in avoided.items():
        who = GAINERS[part]
        if who == "buyers":
            for name, share in use.items():
                gain[name] = gain[name] + share * amount
        else:
            gain[who] = gain[who] + amount
    return gain


def _full(case: Case, values: Array | float) -> Array:
    return np.array(np.broadcast_to(np.asarray(values, dtype=float), (case.n_draws,)))
