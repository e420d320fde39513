"""Ten ways to a safer supply of narrow-spectrum antibiotics, on one set of draws.

Every alternative pays for the same packs. What differs is who makes them, what is kept in stock,
and what is paid for readiness. Payments that no alternative changes cancel in the comparison.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from virkestoff.costbenefit import scrap_value
from virkestoff.effects import Ledger
from virkestoff.evidence import Parameters, ReplacedParameters
from virkestoff.production import Plant, discounted, levelised_cost, plan, remember
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
    "cash_before_sales",
    "unit_cost_kg",
    "unit_cost_pack",
    "substance_cost_kg",
    "substance_gap",
    "required_price_pack",
    "staff",
    "time_to_first_pack",
    "break_even_share",
    "rate_of_return",
    "owner_value",
    "above_assurance",
    "output",
    "vessel_use",
    "support",
    "electricity_per_kg",
    "solvent_per_kg",
    "effluent_per_kg",
    "co2e_per_kg",
)
RAMPED = 20  # constant: years after the decision by which every plant is in full operation
LAST = 5  # constant: years at the end that stand for full operation in measures of a plant
THRESHOLD = "costbenefit.external_quality_assurance_threshold.nok_1_bn"


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
    own = own_production(case, p, ledger, value)
    ledger.pay("purchases", "buyers", "makers", np.maximum(value - own - released, 0.0))
    price = pack_price(LEAD, p(f"production.presentation.{LEAD}.units_per_pack", "1"), p)
    ledger.measure("import_price_pack", np.broadcast_to(price, (case.n_draws, 1))[:, 0])
    ledger.measure("state_in_operation", net_paid(ledger, "state")[:, RAMPED:-1].mean(axis=1))
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


def guarantee(case: Case, p: Parameters, ledger: Ledger, values: Mapping[str, np.ndarray]) -> None:
    """A tender with several winners whose income does not follow volume; paid by the state."""
    winners = case.number("winners")
    is_held = float(winners > 0)
    by_product = {
        product: total((v for name, v in values.items() if name.startswith(product)), case)
        for product in PRODUCTS[case.choice("products")]
    }
    paid = income_guarantee(
        by_product,
        winners,
        p("evidence.procurement.se_pilot_guarantee", "NOK/product/year"),
        p("evidence.procurement.se_buffer_fee", "NOK/product/year"),
        p("evidence.procurement.security_premium", "1"),
    )
    administration = p("evidence.procurement.guarantee_administration", "NOK/year") * is_held
    ledger.pay("guarantee", "state", "makers", paid.top_up + paid.readiness)
    ledger.pay("security premium", "state", "makers", paid.premium)
    ledger.pay("administration", "state", "resources", np.broadcast_to(administration, case.shape))


def contract(case: Case, p: Parameters, ledger: Ledger, wanted: Need) -> None:
    """A European maker keeps capacity for Norway and makes the substance of a share of its need."""
    is_held = float(case.choice("contract") == "yes")
    value = total((kg * substance_price(name, p) for name, kg in wanted.kg.items()), case)
    bought = capacity_contract(
        value,
        case.number("offtake"),
        p("supply.contract.european_capacity_fee", "NOK/year") * is_held,
        p("supply.contract.european_capacity_price_premium", "1") * is_held,
    )
    ledger.pay("capacity fee", "state", "makers", bought.fee)
    ledger.pay("contract price premium", "state", "makers", bought.premium)


@dataclass(frozen=True)
class Sales:
    """Sales of a plant, NOK (n_draws, n_years): at home, abroad, and the import it replaces."""

    home: np.ndarray
    abroad: np.ndarray
    replaced: np.ndarray
    share: np.ndarray

    @property
    def total(self) -> np.ndarray:
        """At home and abroad."""
        return self.home + self.abroad


def own_production(case: Case, p: Parameters, ledger: Ledger, value: np.ndarray) -> np.ndarray:
    """A plant in Norway: its payments and measures. Returns the import value that it replaces."""
    if case.choice("steps") == "none":
        for outcome in PLANT_OUTCOMES:
            ledger.measure(outcome, np.full(case.n_draws, np.nan))
        return np.zeros(case.shape)
    p = terms(case, p)
    plant, sales = substance_plant(case, p) if case.choice("steps") == "api" else (
        pack_plant(case, p)
    )  # fmt: skip
    plant = with_scrap(p, plant)
    support = support_for(plant, sales.total)
    measure_plant(case, ledger, plant, sales, support)
    measure_cost(case, p, ledger, plant)
    pay_plant(case, ledger, plant, sales, support)
    return np.minimum(sales.replaced, value)


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
    return plant, Sales(replaced * obtained, abroad_value, replaced, won)


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
    return plant, Sales(nothing, sold, nothing, np.ones(case.n_draws))


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


def measure_plant(
    case: Case, ledger: Ledger, plant: Plant, sales: Sales, support: np.ndarray
) -> None:
    """What the report says about the plant itself."""
    invested = plant.investment_plan.total[:, 0]
    ledger.measure("investment", invested)
    ledger.measure("above_assurance", invested > case.nominal(THRESHOLD))
    before = (
        np.arange(case.years.size)
        < np.nan_to_num(np.floor(plant.first_pack_years), nan=float(case.years.size))[:, None]
    )
    spent = (plant.investment + plant.operating) * before
    ledger.measure("cash_before_sales", spent.sum(axis=1))
    ledger.measure("staff", plant.total_staff[:, -LAST:].mean(axis=1))
    ledger.measure("time_to_first_pack", plant.first_pack_years)
    ledger.measure("rate_of_return", plant.rate_of_return(sales.total))
    ledger.measure("owner_value", plant.net_present_value(sales.total))
    ledger.measure("support", support[:, -LAST:].mean(axis=1))
    ledger.measure("output", plant.rewarded_kg[:, -LAST:].mean(axis=1))
    use = plant.utilisation.get("fermentation")
    unknown = np.full(case.n_draws, np.nan)
    ledger.measure("vessel_use", unknown if use is None else use[:, -LAST:].mean(axis=1))
    sells = is_for_sale(case, plant)
    share = plant.break_even_share(sales.total, sales.share)
    ledger.measure("break_even_share", np.where(sells, share, np.nan))
    per_kg = plant.physical_per_kg()
    ledger.measure("electricity_per_kg", per_kg["electricity_kwh"])
    ledger.measure("solvent_per_kg", per_kg["solvent_kg"])
    ledger.measure("effluent_per_kg", per_kg["effluent_m3"])
    ledger.measure("co2e_per_kg", per_kg["co2e_kg"])
    ledger.part("timeline_start", plant.timeline.starts)
    ledger.part("timeline_end", plant.timeline.ends)


def is_for_sale(case: Case, plant: Plant) -> np.ndarray:
    """Draws in which a price per kg means something: a standby suite is paid for being ready."""
    sold = plant.rewarded_kg.sum(axis=1) > 0
    return sold & (case.choice("site") != "standby")


def measure_cost(case: Case, p: Parameters, ledger: Ledger, plant: Plant) -> None:
    """Cost per kg and per pack, and what they are made of."""
    sells, unknown = is_for_sale(case, plant), np.full(case.n_draws, np.nan)
    pack = plant.pack_cost.get(LEAD, unknown)
    # The price that earns the return lies above cost by tax; packs carry it in the same proportion.
    mark_up = plant.required_price / plant.unit_cost
    ledger.measure("unit_cost_kg", np.where(sells, plant.unit_cost, np.nan))
    ledger.measure("unit_cost_pack", np.where(sells, pack, np.nan))
    ledger.measure("required_price_pack", np.where(sells, pack * mark_up, np.nan))
    product = PRODUCTS["penv"][0]
    substance = plant.substance_cost.get(product, unknown)
    gap = (substance - substance_price(product, p)[:, 0]) * plant.sold_kg[product][:, -LAST:].mean(
        axis=1
    )
    ledger.measure("substance_cost_kg", np.where(sells, substance, np.nan))
    ledger.measure("substance_gap", np.where(sells, gap, np.nan))
    ledger.part("investment", {k: v[:, 0] for k, v in plant.investment_plan.parts.items()})
    if not sells.all():
        return
    rate = plant.investor.required_return
    kg = np.maximum(discounted(plant.rewarded_kg, rate), 1e-9)
    parts = {**plant.operating_parts, **capital_parts(plant)}
    ledger.part("unit_cost_kg", {k: discounted(v, rate) / kg for k, v in parts.items()})
    is_plain = case.choice("owner") == "norwegian" and case.choice("capital") == "private"
    if case.choice("sold") == "won" and plant.pack_cost and is_plain:
        ledger.part("pack_cost", plant.pack_cost)
        units = {n: p(f"production.presentation.{n}.units_per_pack", "1") for n in plant.packs}
        prices = {n: pack_price(n, u, p) for n, u in units.items()}
        ledger.part(
            "pack_price",
            {n: np.broadcast_to(v, (case.n_draws, 1))[:, 0] for n, v in prices.items()},
        )


def capital_parts(plant: Plant) -> dict[str, np.ndarray]:
    """Capital in the unit cost: machines, buildings, and closing the plant less its remains."""
    return {
        "machinery": plant.outlays.machinery,
        "buildings": plant.outlays.buildings,
        "closing": -plant.outlays.end_value,
    }
