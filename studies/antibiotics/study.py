"""Eleven ways to a safer supply of narrow-spectrum antibiotics, on one set of draws.

Every alternative pays for the same packs. What differs is who makes them, what is kept in stock,
and what is paid for readiness. Payments that no alternative changes cancel in the comparison.
"""

from __future__ import annotations

import numpy as np

from virkestoff.effects import Ledger
from virkestoff.evidence import Parameters
from virkestoff.production import remember
from virkestoff.studies import Case
from virkestoff.supply import need, pack_price, purchase_values

from .geography import by_country
from .national import national
from .plant import own_production
from .preparedness import preparedness
from .products import LEAD, PRODUCTS, RINGS, total
from .readiness import buffer, bulk_stock, contract, guarantee, stock_duty
from .sharing import sharing

RAMPED = 20  # constant: years after the decision by which every plant is in full operation


def evaluate(case: Case) -> Ledger:
    """One alternative, one block of draws."""
    ledger = Ledger(shape=case.shape)
    p = remember(case.parameters)
    wanted = need("norway", PRODUCTS[case.choice("products")], case.years, p)
    values = purchase_values(wanted.packs, p)
    value = total(values.values(), case)
    released = stock_duty(case, p, ledger, value)
    released = released + buffer(case, p, ledger, value)
    bulk_stock(case, p, ledger, wanted)
    guarantee(case, p, ledger, values)
    contract(case, p, ledger, wanted)
    own, supplier = own_production(case, p, ledger, value)
    ledger.pay("purchases", "buyers", "makers", np.maximum(value - own - released, 0.0))
    # The outlay is that of the measure; what shortage itself costs the state comes after.
    ledger.measure("state_in_operation", net_paid(ledger, "state")[:, RAMPED:-1].mean(axis=1))
    avoided = preparedness(case, ledger, supplier)
    national(case, p, ledger, avoided)
    sharing(case, ledger)
    by_country(case, ledger, supplier)
    price = pack_price(LEAD, p(f"production.presentation.{LEAD}.units_per_pack", "1"), p)
    ledger.measure("import_price_pack", np.broadcast_to(price, (case.n_draws, 1))[:, 0])
    if case.alternative == case.definition.baseline:
        record_need(case, p, ledger)
    return ledger


def net_paid(ledger: Ledger, actor: str) -> np.ndarray:
    """What an actor pays on balance each year."""
    net = np.zeros(ledger.entries[0].amount.shape)
    for entry in ledger.entries:
        if entry.payer == actor:
            net = net + entry.amount
        elif entry.receiver == actor:
            net = net - entry.amount
    return net


def record_need(case: Case, p: Parameters, ledger: Ledger) -> None:
    """Tonnes of each substance in the first year, for the table of need."""
    for ring in RINGS:
        found = need(ring, PRODUCTS["narrow"], case.years, p)
        ledger.part(f"need_{ring}", {name: kg[:, 0] for name, kg in found.kg.items()})
