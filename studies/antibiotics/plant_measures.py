"""What the report says about a plant: investment, cost, price, staff, use of resources."""

from __future__ import annotations

import numpy as np

from virkestoff.effects import Ledger
from virkestoff.evidence import Parameters
from virkestoff.production import Plant, discounted
from virkestoff.studies import Case
from virkestoff.supply import pack_price, substance_price

from .products import LEAD, PRODUCTS
from .sales import Sales

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
LAST = 5  # constant: years at the end that stand for full operation in measures of a plant
THRESHOLD = "costbenefit.external_quality_assurance_threshold.nok_1_bn"


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
    # Once for each plant: runs that differ in owner or financing have the same cost per pack.
    is_plain = case.choice("funding") == "shown" or case.choice("products") == "narrow"
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
