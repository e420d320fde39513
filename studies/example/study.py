"""An extra stock of penicillin V, rotated through ordinary sales."""

import numpy as np

from virkestoff.effects import Ledger
from virkestoff.studies import Case
from virkestoff.supply import hold, need, purchase_values, stock_terms


def evaluate(case: Case) -> Ledger:
    """One alternative, one block of draws."""
    ledger = Ledger(shape=case.shape)
    packs = need("norway", ["phenoxymethylpenicillin"], case.years, case.parameters).packs
    value = sum(purchase_values(packs, case.parameters).values(), np.zeros(case.shape))
    months = case.number("months")
    stock = hold(months, value, stock_terms("tablet", case.parameters))
    ledger.pay("purchases", "buyers", "makers", value - np.minimum(stock.release, value))
    ledger.pay("stock released", "buyers", "state", np.minimum(stock.release, value))
    ledger.pay("filling the stock", "state", "makers", stock.fill + stock.premium)
    ledger.pay("replacing what is lost", "state", "makers", stock.replacement)
    ledger.pay("storage", "state", "resources", stock.storage)
    is_held = float(months > 0)
    ledger.pay(
        "administration", "state", "resources",
        np.broadcast_to(case["administration"] * is_held, case.shape),
    )  # fmt: skip
    ledger.measure("stock_value", stock.value.mean(axis=1))
    return ledger
