"""Ten ways to a safer supply of narrow-spectrum antibiotics, on one set of draws.

Every alternative pays for the same packs. What differs is who makes them, what is kept in stock,
and what is paid for readiness. Payments that no alternative changes cancel in the comparison.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from virkestoff.costbenefit import scrap_value
from virkestoff.effects import Ledger
from virkestoff.evidence import Parameters
from virkestoff.production import Plant, discounted, plan, remember
from virkestoff.studies import Case
from virkestoff.supply import (
    Need,
    capacity_contract,
    hold,
    income_guarantee,
    need,
    pack_price,
    purchase_values,
    share_of_need,
    stock_terms,
    substance_price,
)

LEAD = "phenoxymethylpenicillin_tablet"

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
PLANT_OUTCOMES = (
    "investment",
    "unit_cost_kg",
    "unit_cost_pack",
    "substance_cost_kg",
    "required_price_pack",
    "staff",
    "time_to_first_pack",
    "break_even_share",
    "rate_of_return",
    "above_assurance",
    "output",
    "vessel_use",
    "support",
    "electricity_per_kg",
    "solvent_per_kg",
    "effluent_per_kg",
    "co2e_per_kg",
)


def evaluate(case: Case) -> Ledger:
    """One alternative, one block of draws."""
    ledger = Ledger(shape=case.shape)
    parameters = remember(case.parameters)
    wanted = need("norway", PRODUCTS[case.choice("products")], case.years, parameters)
    values = purchase_values(wanted.packs, parameters)
    value = total(values.values(), case)
    released = stock_duty(case, parameters, ledger, value)
    released = released + buffer(case, parameters, ledger, value)
    bulk_stock(case, parameters, ledger, wanted)
    guarantee(case, parameters, ledger, values)
    contract(case, parameters, ledger, value)
    own = own_production(case, parameters, ledger, values)
    ledger.pay("purchases", "buyers", "makers", np.maximum(value - own - released, 0.0))
    price = pack_price(
        LEAD, parameters(f"production.presentation.{LEAD}.units_per_pack", "1"), parameters
    )
    ledger.measure("import_price_pack", np.broadcast_to(price, (case.n_draws, 1))[:, 0])
    return ledger


def total(amounts: Iterable[np.ndarray], case: Case) -> np.ndarray:
    """The sum, zero if there is nothing."""
    return sum(amounts, np.zeros(case.shape))


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
    stock = hold(months, value, stock_terms("tablet", p))
    is_held = float(months > 0)
    administration = p("supply.stock.administration_cost", "NOK/year") * is_held
    ledger.pay("extra stock", "state", "makers", stock.fill + stock.premium + stock.replacement)
    ledger.pay("storage", "state", "resources", stock.storage)
    ledger.pay("administration", "state", "resources", np.broadcast_to(administration, case.shape))
    ledger.pay("stock released", "buyers", "state", stock.release)
    return stock.release


def bulk_stock(case: Case, p: Parameters, ledger: Ledger, wanted: Need) -> None:
    """Active substance in stock, and a standing contract to make medicines of it."""
    months = case.number("bulk")
    is_held = float(months > 0)
    value = total((kg * substance_price(name, p) for name, kg in wanted.kg.items()), case)
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


def guarantee(case: Case, p: Parameters, ledger: Ledger, values: dict[str, np.ndarray]) -> None:
    """A tender with several winners whose income does not follow volume."""
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


def contract(case: Case, p: Parameters, ledger: Ledger, value: np.ndarray) -> None:
    """A European maker keeps capacity for Norway and sells it a share of its need."""
    is_held = float(case.choice("contract") == "yes")
    bought = capacity_contract(
        value,
        case.number("offtake"),
        p("supply.contract.european_capacity_fee", "NOK/year") * is_held,
        p("supply.contract.european_capacity_price_premium", "1") * is_held,
    )
    ledger.pay("capacity fee", "state", "makers", bought.fee)
    ledger.pay("contract price premium", "state", "makers", bought.premium)


def own_production(
    case: Case, p: Parameters, ledger: Ledger, values: dict[str, np.ndarray]
) -> np.ndarray:
    """A plant in Norway: its payments and measures. Returns the import value that it replaces."""
    if case.choice("steps") == "none":
        for outcome in PLANT_OUTCOMES:
            ledger.measure(outcome, np.full(case.n_draws, np.nan))
        return np.zeros(case.shape)
    reach, scale = case.choice("market"), case.number("scale")
    products = PRODUCTS[case.choice("products")]
    rings = RINGS[: RINGS.index(reach) + 1]
    needs = {ring: need(ring, products, case.years, p).packs for ring in rings}
    wanted = {name: packs * scale for name, packs in needs[reach].items()}
    home, abroad = {}, {}
    for name in wanted:
        by_ring = {ring: packs[name] * scale for ring, packs in needs.items()}
        if case.choice("sold") == "all":
            home[name], abroad[name] = by_ring["norway"], wanted[name] - by_ring["norway"]
        else:
            home[name], abroad[name] = share_of_need(by_ring, reach, p)
    share = {name: (home[name] + abroad[name]) / np.maximum(wanted[name], 1e-9) for name in wanted}
    plant = plan(
        case.choice("steps"), wanted, case.years, p,
        mode=case.choice("site"), holder=case.choice("holder"), sold_share=share,
    )  # fmt: skip
    price = p("supply.market.price_obtained", "1")
    at_home = {
        name: plant.packs[name] * home[name] / np.maximum(home[name] + abroad[name], 1e-9)
        for name in plant.packs
    }
    import_value = purchase_values(plant.packs, p)
    home_value = total(purchase_values(at_home, p).values(), case)
    sales = total(import_value.values(), case) * price
    home_sales = home_value * price
    won = total(share.values(), case).mean(axis=1) / len(share)
    measure_plant(case, p, ledger, plant, sales, won)
    pay_plant(p, ledger, plant, home_sales, np.maximum(sales - home_sales, 0.0))
    # What the plant does not replace at home is still imported; scale beyond today's market is
    # a what-if about the plant, and replaces no more than Norway uses.
    return np.minimum(home_value / scale, total(values.values(), case))


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


def pay_plant(
    p: Parameters, ledger: Ledger, plant: Plant, home_sales: np.ndarray, foreign_sales: np.ndarray
) -> None:
    """The plant's payments, with the support that it needs."""
    sales = home_sales + foreign_sales
    support = support_for(plant, sales)
    flow = plant.cash(sales + support)
    ledger.pay("sales of own packs", "buyers", "plant", home_sales)
    ledger.pay("export of packs", "customers", "plant", foreign_sales)
    ledger.pay("support", "state", "plant", support)
    ledger.pay("investment", "plant", "resources", plant.investment)
    ledger.pay("operation", "plant", "resources", plant.operating)
    outlays, invested = plant.outlays, plant.investment_plan
    ledger.pay("decommissioning", "plant", "resources", np.maximum(-outlays.end_value, 0.0))
    saleable = p("costbenefit.saleable_share.specialised_plant", "1")
    scrap = scrap_value(outlays.machinery, plant.years, invested.machine_life, saleable)
    scrap = scrap + scrap_value(outlays.buildings, plant.years, invested.building_life, saleable)
    ledger.pay("sale of the plant", "resources", "plant", scrap)
    ledger.pay("tax", "plant", "state", np.maximum(flow.tax, 0.0))


def measure_plant(
    case: Case, p: Parameters, ledger: Ledger, plant: Plant, sales: np.ndarray, won: np.ndarray
) -> None:
    """What the report says about the plant itself."""
    sold = plant.packs[LEAD].sum(axis=1) > 0
    mark_up = plant.required_price / plant.unit_cost  # by kg; packs carry it in the same proportion
    ledger.measure("investment", plant.investment_plan.total[:, 0])
    # A standby suite is paid for being ready: a price per pack of it would mean nothing.
    sells = sold & (case.choice("site") != "standby")
    ledger.measure("unit_cost_kg", np.where(sells, plant.unit_cost, np.nan))
    ledger.measure("unit_cost_pack", np.where(sells, plant.pack_cost[LEAD], np.nan))
    substance = plant.substance_cost.get("phenoxymethylpenicillin")
    ledger.measure(
        "substance_cost_kg", np.full(case.n_draws, np.nan) if substance is None else substance
    )
    ledger.measure("required_price_pack", np.where(sells, plant.pack_cost[LEAD] * mark_up, np.nan))
    running = plant.total_staff[:, -5:]  # the plant at full running, after the ramp
    ledger.measure("staff", running.mean(axis=1))
    ledger.measure("time_to_first_pack", plant.first_pack_years)
    ledger.measure("break_even_share", np.where(sells, plant.break_even_share(sales, won), np.nan))
    ledger.measure("rate_of_return", plant.rate_of_return(sales))
    threshold = case.parameters("costbenefit.external_quality_assurance_threshold.nok_1_bn", "NOK")
    ledger.measure("above_assurance", (plant.investment_plan.total > threshold)[:, 0])
    ledger.measure("output", plant.rewarded_kg[:, -5:].mean(axis=1))
    use = plant.utilisation.get("fermentation")
    ledger.measure(
        "vessel_use", np.full(case.n_draws, np.nan) if use is None else use[:, -5:].mean(axis=1)
    )
    support = support_for(plant, sales)
    ledger.measure("support", support[:, -5:].mean(axis=1))
    per_kg = plant.physical_per_kg()
    ledger.measure("electricity_per_kg", per_kg["electricity_kwh"])
    ledger.measure("solvent_per_kg", per_kg["solvent_kg"])
    ledger.measure("effluent_per_kg", per_kg["effluent_m3"])
    ledger.measure("co2e_per_kg", per_kg["co2e_kg"])
    ledger.part("investment", {k: v[:, 0] for k, v in plant.investment_plan.parts.items()})
    rate = plant.investor.required_return
    kg = np.maximum(discounted(plant.rewarded_kg, rate), 1e-9)
    if sells.all() and case.choice("sold") == "won":
        ledger.part("pack_cost", plant.pack_cost)
        units = {n: p(f"production.presentation.{n}.units_per_pack", "1") for n in plant.packs}
        ledger.part(
            "pack_price",
            {n: np.broadcast_to(pack_price(n, u, p), (case.n_draws, 1))[:, 0]
             for n, u in units.items()},
        )  # fmt: skip
    if sells.all():
        parts = {**plant.operating_parts, **capital_parts(plant)}
        ledger.part("unit_cost_kg", {k: discounted(v, rate) / kg for k, v in parts.items()})
    starts, ends = plant.timeline.starts, plant.timeline.ends
    ledger.part("timeline_start", starts)
    ledger.part("timeline_end", ends)


def capital_parts(plant: Plant) -> dict[str, np.ndarray]:
    """Capital in the unit cost: machines, buildings, and closing the plant."""
    return {
        "machinery": plant.outlays.machinery,
        "buildings": plant.outlays.buildings,
        "closing": -plant.outlays.end_value,
    }
