"""A plant in Norway: what it makes and sells, and what it needs to earn its owner's return."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from virkestoff.costbenefit import scrap_value
from virkestoff.effects import Ledger
from virkestoff.evidence import Parameters, ReplacedParameters
from virkestoff.production import Plant, discounted, levelised_cost, plan
from virkestoff.studies import Case
from virkestoff.supply import need, purchase_values, share_of_need, substance_price

from .plant_measures import LAST, PLANT_OUTCOMES, measure_cost, measure_plant
from .products import PRODUCTS, RINGS, total
from .sales import Sales
from .supply_measures import NEVER, Supplier

MONTHS = 12.0  # constant: months in a year


def own_production(
    case: Case, p: Parameters, ledger: Ledger, value: np.ndarray
) -> tuple[np.ndarray, Supplier | None]:
    """A plant in Norway: its payments and measures.

    Returns the import value that it replaces, and the plant as the chain of supply sees it.
    """
    if case.choice("steps") == "none":
        for outcome in PLANT_OUTCOMES:
            ledger.measure(outcome, np.full(case.n_draws, np.nan))
        return np.zeros(case.shape), None
    p = terms(case, p)
    plant, sales = substance_plant(case, p) if case.choice("steps") == "api" else (
        pack_plant(case, p)
    )  # fmt: skip
    plant = with_scrap(p, plant)
    support = support_for(plant, sales.total)
    measure_plant(case, ledger, plant, sales, support)
    measure_cost(case, p, ledger, plant)
    carried_by_sales(ledger, plant, sales)
    pay_plant(case, ledger, plant, sales, support)
    return np.minimum(sales.replaced, value), supplier_of(case, plant, sales)


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
    )


def terms(case: Case, p: Parameters) -> Parameters:
    """The owner's required return: a private owner's, or the state's own appraisal rate."""
    if case.choice("capital") == "private":
        return p
    rate = p("supply.stock.public_capital_rate", "1/year")
    return ReplacedParameters(p, {"production.finance.required_return": rate})


def pack_plant(case: Case, p: Parameters) -> tuple[Plant, Sales]:
    """A plant that sells packs in Norway, and in the wider market that it is built for."""
    reach, scale = case.choice("market"), case.number("scale")
    products = PRODUCTS[case.choice("products")]
    rings = RINGS[: RINGS.index(reach) + 1]
    needs = {ring: need(ring, products, case.years, p).packs for ring in rings}
    wanted = {name: packs * scale for name, packs in needs[reach].items()}
    home, share = {}, {}
    for name, whole in wanted.items():
        by_ring = {ring: packs[name] * scale for ring, packs in needs.items()}
        abroad = whole - by_ring["norway"]
        home[name] = by_ring["norway"]
        if case.choice("sold") == "won":
            home[name], abroad = share_of_need(by_ring, reach, p)
        share[name] = (home[name] + abroad) / np.maximum(whole, 1e-9)
        # Scale is a what-if about the plant: Norwegians never buy more than they use.
        home[name] = home[name] / max(scale, 1.0) / np.maximum(home[name] + abroad, 1e-9)
    plant = plan(
        case.choice("steps"), wanted, case.years, p,
        mode=case.choice("site"), holder=case.choice("holder"), sold_share=share,
    )  # fmt: skip
    obtained = p("supply.market.price_obtained", "1")
    at_home = {name: packs * home[name] for name, packs in plant.packs.items()}
    replaced = total(purchase_values(at_home, p).values(), case)
    every = total(purchase_values(plant.packs, p).values(), case)
    won = total(share.values(), case).mean(axis=1) / len(share)
    abroad_value = np.maximum(every - replaced, 0.0) * obtained
    ours = sum(at_home.values())[:, -LAST:].sum(axis=1, keepdims=True)
    theirs = sum(needs["norway"].values())[:, -LAST:].sum(axis=1, keepdims=True)
    home_share = np.minimum(ours / np.maximum(theirs, 1e-9), 1.0)
    return plant, Sales(replaced * obtained, abroad_value, replaced, won, home_share)


def substance_plant(case: Case, p: Parameters) -> tuple[Plant, Sales]:
    """A plant that makes substance alone and sells it at the import price times the factor."""
    products = PRODUCTS[case.choice("products")]
    kg = need(case.choice("market"), products, case.years, p).kg
    wanted = {name: amount * case.number("scale") for name, amount in kg.items()}
    plant = plan("api_and_finished", {}, case.years, p, bulk_kg=wanted, mode=case.choice("site"),
                 holder=case.choice("holder"))  # fmt: skip
    value = total((plant.sold_kg[n] * substance_price(n, p) for n in wanted), case)
    nothing = np.zeros(case.shape)
    sold = value * p("supply.market.price_obtained", "1")
    return plant, Sales(nothing, sold, nothing, np.ones(case.n_draws), np.zeros((case.n_draws, 1)))


def with_scrap(p: Parameters, plant: Plant) -> Plant:
    """The plant with what its remains are sold for at the end, which the owner counts on too."""
    outlays, invested = plant.outlays, plant.investment_plan
    saleable = p("costbenefit.saleable_share.specialised_plant", "1")
    scrap = scrap_value(outlays.machinery, plant.years, invested.machine_life, saleable)
    scrap = scrap + scrap_value(outlays.buildings, plant.years, invested.building_life, saleable)
    outlays = replace(outlays, end_value=outlays.end_value + scrap)
    cost = levelised_cost(plant.rewarded_kg, outlays, plant.investor.required_return)
    less = cost / plant.unit_cost  # what is sold at the end lowers every product's cost alike
    return replace(
        plant,
        outlays=outlays,
        unit_cost=cost,
        pack_cost={name: value * less for name, value in plant.pack_cost.items()},
        substance_cost={name: value * less for name, value in plant.substance_cost.items()},
    )


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
