"""Ten ways to a safer supply of narrow-spectrum antibiotics, on one set of draws.

Every alternative pays for the same packs. What differs is who makes them, what is kept in stock,
and what is paid for readiness. Payments that no alternative changes cancel in the comparison.
"""

from __future__ import annotations

import numpy as np

from virkestoff.effects import Ledger
from virkestoff.studies import Case
from virkestoff.supply import (
    Need,
    capacity_contract,
    hold,
    income_guarantee,
    need,
    purchase_values,
    stock_terms,
    substance_price,
)

PRODUCTS = {
    "penv": ["phenoxymethylpenicillin"],
    "narrow": [
        "phenoxymethylpenicillin",
        "benzylpenicillin",
        "dicloxacillin",
        "cloxacillin",
        "pivmecillinam",
    ],
}
RINGS = ("norway", "nordic", "eea")


def evaluate(case: Case) -> Ledger:
    """One alternative, one block of draws."""
    ledger = Ledger(shape=case.shape)
    wanted = home_need(case)
    values = purchase_values(wanted.packs, case.parameters)
    value = sum(values.values(), np.zeros(case.shape))
    imported = np.ones(case.shape)
    released = np.zeros(case.shape)
    released = released + stock_duty(case, ledger, value)
    released = released + buffer(case, ledger, value)
    bulk_stock(case, ledger, wanted)
    guarantee(case, ledger, values)
    contract(case, ledger, value)
    ledger.pay("purchases", "buyers", "makers", np.maximum(value * imported - released, 0.0))
    return ledger


def home_need(case: Case) -> Need:
    """Norway's need of the study's products."""
    products = PRODUCTS[case.choice("products")]
    return need("norway", products, case.years, case.parameters)
