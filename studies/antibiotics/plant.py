"""A plant in Norway: what it makes and sells, and what it needs to earn its owner's return."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from virkestoff.effects import Ledger
from virkestoff.evidence import Parameters
from virkestoff.production import Plant, discounted
from virkestoff.studies import Case

from .commitment import COMMITMENT_OUTCOMES, measure_commitment
from .funding import FUNDING_OUTCOMES, Funding, measure_funding, pay_financed
from .plans import Steps, pack_plant, substance_plant, terms, with_scrap
from .plant_measures import LAST, PLANT_OUTCOMES, measure_cost, measure_plant
from .sales import Sales
from .staged import STAGED_OUTCOMES, add_substance, measure_staged
from .supply_measures import NEVER, Supplier

MONTHS = 12.0  # constant: months in a year


def own_production(
    case: Case, p: Parameters, ledger: Ledger, value: np.ndarray
) -> tuple[np.ndarray, Supplier | None]:
    """A plant in Norway: its payments and measures.

    Returns the import value that it replaces, and the plant as the chain of supply sees it.
    """
    if case.choice("steps") == "none":
        for outcome in (*PLANT_OUTCOMES, *FUNDING_OUTCOMES, *COMMITMENT_OUTCOMES,
                        *STAGED_OUTCOMES):  # fmt: skip
            ledger.measure(outcome, np.full(case.n_draws, np.nan))
        return np.zeros(case.shape), None
    p = terms(case, p)
    steps = case.choice("steps")
    if steps == "api":
        plant, sales = substance_plant(case, p)
    else:
        plant, sales = pack_plant(case, p, "finished" if steps == "staged" else steps)
    supplier = supplier_of(case, plant, sales)
    if supplier is not None and supplier.is_standby:
        supplier = replace(supplier, full_rate_cost=full_rate_cost(case, p, plant))
    if steps == "staged":
        plant, supplier = measure_staged(case, ledger, add_substance(case, p, plant, supplier))
    else:
        for outcome in STAGED_OUTCOMES:
            ledger.measure(outcome, np.full(case.n_draws, np.nan))
    plant = with_scrap(p, plant)
    support = support_for(plant, sales.total)
    measure_plant(case, ledger, plant, sales, support)
    measure_cost(case, p, ledger, plant)
    carried_by_sales(ledger, plant, sales)
    runs = fund(case, p, ledger, plant, sales, support)
    return np.minimum(sales.replaced * runs, value), supplier


def fund(
    case: Case, p: Parameters, ledger: Ledger, plant: Plant, sales: Sales, support: np.ndarray
) -> np.ndarray:
    """Pay by the form that is chosen, and say what every form would cost.

    Returns whether the plant runs, (n_draws, n_years).
    """
    funding, form = Funding.of(case, p, plant, sales), case.choice("form")
    shown = case.choice("funding")
    if shown == "shown":
        measure_funding(case, ledger, funding)
    if shown in ("shown", "contract"):
        measure_commitment(case, ledger, funding, support)
    missing = {"shown": (), "contract": FUNDING_OUTCOMES}
    for outcome in missing.get(shown, (*FUNDING_OUTCOMES, *COMMITMENT_OUTCOMES)):
        ledger.measure(outcome, np.full(case.n_draws, np.nan))
    if form == "support":
        pay_plant(case, ledger, plant, sales, support)
        return np.ones(case.shape, dtype=np.bool_)
    financed = funding.financed(funding.offer(form))
    pay_financed(case, ledger, plant, sales, financed)
    return financed.operates


def supplier_of(case: Case, plant: Plant, sales: Sales) -> Supplier | None:
    """The plant as the chain of supply sees it; one that sells no packs is not seen."""
    if case.choice("steps") == "api":
        return None
    first = np.nan_to_num(plant.first_pack_years * MONTHS, nan=NEVER)[:, None]
    return Supplier(
        first,
        sales.home_share,
        makes_substance=case.choice("steps") == "api_and_finished",
        market=case.choice("market"),
        scale=case.number("scale"),
        is_standby=case.choice("site") == "standby",
    )


def full_rate_cost(case: Case, p: Parameters, standby: Plant) -> np.ndarray:
    """What a standby suite costs more a year at full rate, NOK/year, shape (n_draws,).

    At full rate it runs as a suite at an existing site that makes the whole need: crew, substance,
    materials and quality control are those of that plan.
    """
    levers = {**case.levers, "site": "brownfield", "sold": "all"}
    steps: Steps = "finished" if case.choice("steps") == "finished" else "api_and_finished"
    full, _ = pack_plant(replace(case, levers=levers), p, steps)
    more = full.operating[:, -LAST:].mean(axis=1) - standby.operating[:, -LAST:].mean(axis=1)
    return np.maximum(more, 0.0)


def support_for(plant: Plant, sales: np.ndarray) -> np.ndarray:
    """Yearly support, in step with kg sold, that earns the owner the required return.

    It is never negative. A plant that sells nothing gets none: nobody can be paid per pack.
    """
    kg = plant.rewarded_kg
    needed = np.nan_to_num(plant.required_price)[:, None] * kg
    gap = discounted(needed - sales, plant.investor.required_return)
    sold = discounted(kg, plant.investor.required_return)
    per_kg = np.maximum(gap, 0.0) / np.maximum(sold, 1e-9)
    return per_kg[:, None] * kg


def carried_by_sales(ledger: Ledger, plant: Plant, sales: Sales) -> None:
    """How much of the investment the plant's own sales can carry before tax, and what is left.

    The share carried is the worth of sales less running cost over that of the investment, both at
    the owner's required return, from none to all.
    """
    outlays, rate = plant.outlays, plant.investor.required_return
    surplus = discounted(sales.total - outlays.operating + outlays.end_value, rate)
    share = np.clip(surplus / discounted(outlays.investment, rate), 0.0, 1.0)
    invested = plant.investment_plan.total[:, 0]
    carried = {"carried": share * invested, "gap": (1.0 - share) * invested}
    ledger.part("national_investment", carried)


def pay_plant(case: Case, ledger: Ledger, plant: Plant, sales: Sales, support: np.ndarray) -> None:
    """The plant's payments, with the support that it needs."""
    flow = plant.cash(sales.total + support)
    ledger.pay("sales of own packs", "buyers", "plant", sales.home)
    ledger.pay("export", "customers", "plant", sales.abroad)
    ledger.pay("support", "state", "plant", support)
    ledger.pay("investment", "plant", "resources", plant.investment)
    ledger.pay("operation", "plant", "resources", plant.operating)
    for effect, amount in (
        ("working capital", flow.working_capital),
        ("closing", -plant.outlays.end_value),
    ):
        ledger.pay(effect, "plant", "resources", np.maximum(amount, 0.0))
        ledger.pay(f"{effect} released", "resources", "plant", np.maximum(-amount, 0.0))
    ledger.pay("tax", "plant", "state", np.maximum(flow.tax, 0.0))
    if case.choice("owner") == "foreign":
        ledger.pay("profit to owner abroad", "plant", "owner_abroad", np.maximum(flow.net, 0.0))
        ledger.pay("capital from abroad", "owner_abroad", "plant", np.maximum(-flow.net, 0.0))
