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


def stock_duty(case: Case, ledger: Ledger, value: np.ndarray) -> np.ndarray:
    """The wholesalers' duty stock by the rule that holds on the study's date; sold at the end."""
    months = case.parameters(case.current("supply.stock_duty.wholesale_*.stock"), "month")
    rate = case.parameters(case.current("supply.stock_duty.wholesale_*.compensation"), "1")
    stock = hold(months, value, stock_terms("tablet", case.parameters))
    # The duty is adopted law and its stock is there when the study begins: no premium to fill it.
    ledger.pay("duty stock", "wholesalers", "makers", stock.fill + stock.replacement)
    ledger.pay("duty storage", "wholesalers", "resources", stock.storage)
    ledger.pay("duty compensation", "buyers", "wholesalers", value * rate)
    ledger.pay("duty stock released", "buyers", "wholesalers", stock.release)
    return stock.release


def buffer(case: Case, ledger: Ledger, value: np.ndarray) -> np.ndarray:
    """An extra stock of finished medicines that the state owns and sells at the end."""
    months = case.number("buffer")
    stock = hold(months, value, stock_terms("tablet", case.parameters))
    is_held = float(months > 0)
    administration = case.parameters("supply.stock.administration_cost", "NOK/year") * is_held
    ledger.pay("extra stock", "state", "makers", stock.fill + stock.premium + stock.replacement)
    ledger.pay("storage", "state", "resources", stock.storage)
    ledger.pay("administration", "state", "resources", np.broadcast_to(administration, case.shape))
    ledger.pay("stock released", "buyers", "state", stock.release)
    return stock.release


def bulk_stock(case: Case, ledger: Ledger, wanted: Need) -> None:
    """Active substance in stock, and a standing contract to make medicines of it."""
    months = case.number("bulk")
    p = case.parameters
    is_held = float(months > 0)
    value = sum(
        (kg * substance_price(name, p) for name, kg in wanted.kg.items()), np.zeros(case.shape)
    )
    stock = hold(months, value, stock_terms("substance", p))
    ledger.pay("substance stock", "state", "makers", stock.fill + stock.premium + stock.replacement)
    ledger.pay("storage", "state", "resources", stock.storage)
    n_products = len(wanted.kg)
    standing = p("supply.contract.finishing_standing_fee", "NOK/year") * is_held
    standing = standing + p("supply.stock.administration_cost", "NOK/year") * is_held
    ledger.pay("standing contract", "state", "makers", np.broadcast_to(standing, case.shape))
    transfer = np.zeros(case.shape)
    transfer[:, :1] = p("supply.contract.finishing_transfer_cost", "NOK/product") * n_products
    ledger.pay("technology transfer", "state", "makers", transfer * is_held)
    # Substance has no ordinary sale in Norway to rotate through: at the end it is worth nothing.


def guarantee(case: Case, ledger: Ledger, values: dict[str, np.ndarray]) -> None:
    """A tender with several winners whose income does not follow volume."""
    p = case.parameters
    winners = case.number("winners")
    is_held = float(winners > 0)
    paid = income_guarantee(
        values,
        winners,
        p("evidence.procurement.se_pilot_guarantee", "NOK/product/year"),
        p("evidence.procurement.se_buffer_fee", "NOK/product/year"),
        p("evidence.procurement.security_premium", "1"),
    )
    administration = p("evidence.procurement.guarantee_administration", "NOK/year") * is_held
    ledger.pay("guarantee", "state", "makers", paid.top_up + paid.readiness)
    ledger.pay("security premium", "buyers", "makers", paid.premium)
    ledger.pay("administration", "state", "resources", np.broadcast_to(administration, case.shape))


def contract(case: Case, ledger: Ledger, value: np.ndarray) -> None:
    """A European maker keeps capacity for Norway and sells it a share of its need."""
    p = case.parameters
    is_held = float(case.choice("contract") == "yes")
    bought = capacity_contract(
        value,
        case.number("offtake"),
        p("supply.contract.european_capacity_fee", "NOK/year") * is_held,
        p("supply.contract.european_capacity_price_premium", "1") * is_held,
    )
    ledger.pay("capacity fee", "state", "makers", bought.fee)
    ledger.pay("contract price premium", "state", "makers", bought.premium)
