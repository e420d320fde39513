"""Stocks, guarantee and contract: readiness that is kept or bought, and what is paid for it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from virkestoff.effects import Ledger
from virkestoff.evidence import Parameters
from virkestoff.studies import Case
from virkestoff.supply import (
    Need,
    capacity_contract,
    hold,
    income_guarantee,
    stock_terms,
    substance_price,
)

from .products import total


def stock_duty(case: Case, p: Parameters, ledger: Ledger, value: np.ndarray) -> np.ndarray:
    """The wholesalers' duty stock by the rule that holds on the study's date; sold at the end."""
    months = p(case.current("supply.stock_duty.wholesale_*.stock"), "month")
    rate = p(case.current("supply.stock_duty.wholesale_*.compensation"), "1")
    stock = hold(months, value, stock_terms("tablet", p))
    # The duty is adopted law and its stock is there when the study begins: no premium to fill it.
    ledger.pay("duty stock", "wholesalers", "makers", stock.fill + stock.replacement)
    ledger.pay("duty storage", "wholesalers", "resources", stock.storage)
    ledger.pay("duty compensation", "buyers", "wholesalers", value * rate)
    ledger.pay("duty stock released", "buyers", "wholesalers", stock.release)
    return stock.release


def buffer(case: Case, p: Parameters, ledger: Ledger, value: np.ndarray) -> np.ndarray:
    """An extra stock of finished medicines that the state owns and sells at the end."""
    months = case.number("buffer")
    if not months:
        return np.zeros(case.shape)
    stock = hold(months, value, stock_terms("tablet", p))
    administration = p("supply.stock.administration_cost", "NOK/year")
    ledger.pay("extra stock", "state", "makers", stock.fill + stock.premium + stock.replacement)
    ledger.pay("storage", "state", "resources", stock.storage)
    ledger.pay("administration", "state", "resources", np.broadcast_to(administration, case.shape))
    ledger.pay("stock released", "buyers", "state", stock.release)
    return stock.release


def bulk_stock(case: Case, p: Parameters, ledger: Ledger, wanted: Need) -> None:
    """Active substance in stock, and a standing contract to make medicines of it."""
    months = case.number("bulk")
    if not months:
        return
    value = total((kg * substance_price(name, p) for name, kg in wanted.kg.items()), case)
    stock = hold(months, value, stock_terms("substance", p))
    ledger.pay("substance stock", "state", "makers", stock.fill + stock.premium + stock.replacement)
    ledger.pay("storage", "state", "resources", stock.storage)
    n_products = len(wanted.kg)
    standing = p("supply.contract.finishing_standing_fee", "NOK/year")
    standing = standing + p("supply.stock.administration_cost", "NOK/year")
    ledger.pay("standing contract", "state", "makers", np.broadcast_to(standing, case.shape))
    transfer = np.zeros(case.shape)
    transfer[:, :1] = p("supply.contract.finishing_transfer_cost", "NOK/product") * n_products
    ledger.pay("technology transfer", "state", "makers", transfer)
    # Substance has no ordinary sale in Norway to rotate through: at the end it is worth nothing.


def guarantee(case: Case, p: Parameters, ledger: Ledger, values: Mapping[str, np.ndarray]) -> None:
    """A tender with several winners whose income does not follow volume; paid by the state."""
    winners = case.number("winners")
    if not winners:
        return
    # The Swedish terms are per substance, form and strength; here every form is a product.
    paid = income_guarantee(
        values,
        winners,
        p("evidence.procurement.se_pilot_guarantee", "NOK/product/year"),
        p("evidence.procurement.se_buffer_fee", "NOK/product/year"),
        p("evidence.procurement.security_premium", "1"),
    )
    administration = p("evidence.procurement.guarantee_administration", "NOK/year")
    ledger.pay("guarantee", "state", "makers", paid.top_up + paid.readiness)
    ledger.pay("security premium", "state", "makers", paid.premium)
    ledger.pay("administration", "state", "resources", np.broadcast_to(administration, case.shape))


def contract(case: Case, p: Parameters, ledger: Ledger, wanted: Need) -> None:
    """A European maker keeps capacity for Norway and makes the substance of a share of its need."""
    offtake = case.number("offtake")
    if case.choice("contract") == "no":
        return
    value = total((kg * substance_price(name, p) for name, kg in wanted.kg.items()), case)
    bought = capacity_contract(
        value,
        offtake,
        p("supply.contract.european_capacity_fee", "NOK/year"),
        p("supply.contract.european_capacity_price_premium", "1"),
    )
    ledger.pay("capacity fee", "state", "makers", bought.fee)
    ledger.pay("contract price premium", "state", "makers", bought.premium)
    administration = p("evidence.procurement.guarantee_administration", "NOK/year")
    ledger.pay("administration", "state", "resources", np.broadcast_to(administration, case.shape))
