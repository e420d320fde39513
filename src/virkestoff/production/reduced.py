"""The production model reduced to what a flowsheet simulator computes, for comparison with one.

One fermented product, no recycle: batch fermenters, vacuum filter, mixing tank, centrifugal
extraction with fixed splits, batch crystalliser, solids centrifuge, dryer. Mass balance, number
and size of vessels, purchased and installed cost by published correlations, materials, utilities,
and the price at which an investor earns the required return. No study uses it: the full model
adds what decides a small plant (calendar, campaigns, fixed blocks, quality control, time line).

Every number comes in with :class:`ReducedProcess`; arrays have shape (n_draws,) and money is in
the currency and price year of the coefficients, since nothing here converts it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from virkestoff.errors import Fault, InputError
from virkestoff.evidence import read_yaml
from virkestoff.production.reduced_finance import plan, required_sales

__all__ = ["Reduced", "ReducedProcess", "evaluate", "load_reduced"]

Array = NDArray[np.float64]
Values = Mapping[str, float]
Streams = dict[str, Array]

_SECTIONS = (
    "parameters",
    "operation",
    "splits",
    "moisture_shares",
    "properties",
    "vessels",
    "costs",
    "prices",
    "finance",
)


@dataclass(frozen=True)
class ReducedProcess:
    """All numbers of a reduced process; the file that holds them says what each one is.

    Attributes
    ----------
    parameters : sampled quantities, each with ``base``, ``low`` and ``high``
    operation, moisture_shares, prices, finance : name -> number
    splits : separator -> substance -> share to its first outlet
    properties : density in kg/m3, warm and cold, and heat of cooling in kJ/kg, by substance
    vessels : unit -> its given sizes
    costs : item -> coefficients of its cost correlation
    index : price index that costs are brought to
    heat_kj_kg : heat to remove per kg of glucose consumed
    construction_shares : share of fixed capital spent in each year before the start
    """

    parameters: Mapping[str, Values]
    operation: Values
    splits: Mapping[str, Values]
    moisture_shares: Values
    properties: Mapping[str, Values]
    vessels: Mapping[str, Values]
    costs: Mapping[str, Values]
    prices: Values
    finance: Values
    index: float
    heat_kj_kg: float
    construction_shares: tuple[float, ...]


@dataclass(frozen=True)
class Reduced:
    """What is computed for each draw, shape (n_draws,); money in the currency of the inputs."""

    fermenters: Array
    fermenter_m3: Array
    purchased: Array
    installed: Array
    total_investment: Array
    materials_year: Array
    utilities_year: Array
    product_kg_h: Array
    price_kg: Array


def load_reduced(path: Path) -> ReducedProcess:
    """Read a reduced process.

    Raises
    ------
    InputError
        lists every section that is missing.
    """
    data: Any = read_yaml(path)
    missing = [name for name in _SECTIONS if name not in data]
    if missing:
        raise InputError(Fault(str(path), f"section {name} is missing") for name in missing)
    costs = dict(data["costs"])
    index, heat = costs.pop("index"), costs.pop("fermentation_heat_kj_kg")
    finance = dict(data["finance"])
    shares = tuple(finance.pop("construction_shares"))
    return ReducedProcess(
        parameters=_frozen(data["parameters"]),
        operation=MappingProxyType(dict(data["operation"])),
        splits=_frozen(data["splits"]),
        moisture_shares=MappingProxyType(dict(data["moisture_shares"])),
        properties=_frozen(data["properties"]),
        vessels=_frozen(data["vessels"]),
        costs=_frozen(costs),
        prices=MappingProxyType(dict(data["prices"])),
        finance=MappingProxyType(finance),
        index=index,
        heat_kj_kg=heat,
        construction_shares=shares,
    )


def _frozen(section: Mapping[str, Mapping[str, float]]) -> Mapping[str, Values]:
    return MappingProxyType({key: MappingProxyType(dict(row)) for key, row in section.items()})


def evaluate(
    process: ReducedProcess,
    titre_kg_m3: Array,
    batch_h: Array,
    recovery_share: Array,
    glucose_price: Array,
) -> Reduced:
    """Compute the reduced process for every draw.

    Parameters
    ----------
    titre_kg_m3 : product per m3 of nominal broth, shape (n_draws,)
    batch_h : fermentation time of a batch, shape (n_draws,)
    recovery_share : share of the product that goes into the solvent, shape (n_draws,)
    glucose_price : money per kg, shape (n_draws,)

    Notes
    -----
    Broth flow F with N vessels of working share w and time t + t0 between harvests needs, with one
    vessel loading at a time,

        N = max(N_min, ceil(F (t + t0) / (V w) + 1)),  V_used = F (t + t0) / ((N - 1) w).

    Item cost is I / I_0 C_0 (S / S_0)^n times the number of items, with the exceptions that the
    functions state.
    """
    feed = _feed(process, titre_kg_m3)
    flows = _streams(process, feed, recovery_share)
    items = _Items(process)
    fermenters, fermenter_m3 = _fermentation(process, items, flows, feed, batch_h)
    _recovery(process, items, flows)
    materials = _materials(process, feed, flows, glucose_price)
    hours = process.operation["hours_year"]
    utilities = hours * (
        items.power_kw * process.prices["electricity_usd_kwh"] + items.cooling_cost_h
    )
    finance = process.finance
    depreciable = items.installed * (
        finance["direct_over_installed"] * finance["depreciable_over_direct"]
    )
    fixed_capital = depreciable * finance["fixed_capital_over_depreciable"]
    fixed_cost = finance["labour_usd_year"] + finance["upkeep_share_year"] * fixed_capital
    sales = required_sales(
        plan(finance, process.construction_shares),
        depreciable,
        fixed_capital,
        materials * hours + utilities,
        fixed_cost,
    )
    product = flows["product"]["penicillin"]
    return Reduced(
        fermenters=fermenters,
        fermenter_m3=fermenter_m3,
        purchased=items.purchased,
        installed=items.installed,
        total_investment=fixed_capital * (1.0 + finance["working_capital_share"]),
        materials_year=materials * hours,
        utilities_year=utilities,
        product_kg_h=product,
        price_kg=sales / (product * hours),
    )


def _feed(process: ReducedProcess, titre: Array) -> Streams:
    """What is charged to the fermenters, kg/h."""
    made = process.operation["broth_m3_h"] * titre
    steady = np.full_like(made, process.operation["broth_m3_h"])
    return {
        "glucose": made / process.operation["glucose_yield_kg_kg"],
        "precursor": made * process.operation["precursor_kg_kg"],
        "nutrients": steady * process.operation["nutrients_kg_m3"],
        "water": steady * process.operation["water_kg_m3"],
    }


def _streams(process: ReducedProcess, feed: Streams, recovery: Array) -> dict[str, Streams]:
    """Mass flows in kg/h of every stream that sizes a unit."""
    operation, splits, moisture = process.operation, process.splits, process.moisture_shares
    taken = operation["precursor_conversion_share"]
    yield_made = operation["glucose_yield_kg_kg"] * (1.0 - operation["precursor_kg_kg"] * taken)
    grown = operation["nutrient_conversion_share"]
    broth = {
        "penicillin": feed["glucose"] * yield_made + feed["precursor"] * taken,
        "biomass": feed["glucose"] * operation["biomass_yield_kg_kg"] + feed["nutrients"] * grown,
        "glucose": feed["glucose"] * operation["glucose_residual_share"],
        "precursor": feed["precursor"] * (1.0 - taken),
        "nutrients": feed["nutrients"] * (1.0 - grown),
        "water": feed["water"],
    }
    wash = operation["wash_kg_kg"] * _total(broth)
    cake = {name: broth[name] * share for name, share in splits["filter"].items()}
    cake_water = _total(cake) * (moisture["filter"] / (1.0 - moisture["filter"]))
    filtrate = {name: broth[name] * (1.0 - share) for name, share in splits["filter"].items()}
    filtrate["water"] = broth["water"] + wash - cake_water
    solvent = operation["solvent_kg_kg"] * _total(filtrate)
    mixed = filtrate | {"solvent": solvent}
    rich = {name: mixed[name] * share for name, share in splits["extraction"].items() if share}
    rich["penicillin"] = mixed["penicillin"] * recovery
    wet = {name: rich[name] * s for name, s in splits["centrifuge"].items() if name in rich}
    held = _total(wet) * (moisture["centrifuge"] / (1.0 - moisture["centrifuge"]))
    crystals = wet | {"solvent": held}
    product = {name: kg * splits["dryer"][name] for name, kg in crystals.items()}
    return {
        "broth": broth,
        "wash": {"water": wash},
        "cake": cake | {"water": cake_water},
        "filtrate": filtrate,
        "solvent": {"solvent": solvent},
        "mixed": mixed,
        "rich": rich,
        "product": product,
    }


def _total(stream: Streams) -> Array:
    return reduce(np.add, stream.values())


def _volume(stream: Streams, density: Values) -> Array:
    """Volume flow in m3/h of an ideal mixture, shape (n_draws,)."""
    return reduce(np.add, (kg * (1.0 / density[name]) for name, kg in stream.items()))


class _Items:
    """Sums over equipment items: purchased, installed, power, cooling."""

    def __init__(self, process: ReducedProcess) -> None:
        self.process = process
        self.purchased: Array = np.zeros(1)
        self.installed: Array = np.zeros(1)
        self.power_kw: Array = np.zeros(1)
        self.cooling_cost_h: Array = np.zeros(1)

    def add(self, item: str, cost: Array) -> None:
        """Add an item whose cost is stated at its own index."""
        given = self.process.costs[item]
        now = cost * (self.process.index / given["index"])
        self.purchased = self.purchased + now
        self.installed = self.installed + now * given["installed"]

    def power_law(self, item: str, size: Array, number: Array | float = 1.0) -> None:
        """Add `number` items of one size: C_0 (S / S_0)^n each."""
        given = self.process.costs[item]
        share = size * (1.0 / given["base_size"])
        self.add(item, number * (given["base_usd"] * share ** given["exponent"]))
        if "power_kw" in given:
            self.power_kw = self.power_kw + number * share * given["power_kw"]

    def use_power(self, kw: Array) -> None:
        """Add electric power in kW."""
        self.power_kw = self.power_kw + kw

    def cool(self, kj_h: Array, price: str) -> None:
        """Add heat removed at the price of one cooling agent."""
        self.cooling_cost_h = self.cooling_cost_h + kj_h * self.process.prices[price]


def _fermentation(
    process: ReducedProcess,
    items: _Items,
    flows: dict[str, Streams],
    feed: Streams,
    batch_h: Array,
) -> tuple[Array, Array]:
    given = process.vessels["fermenter"]
    flow = _volume(flows["broth"], process.properties["density_kg_m3"])
    in_process = flow * (batch_h + given["turnaround_h"]) / given["working_share"]
    needed = np.ceil(in_process / given["volume_m3"] + 1.0)
    number = np.maximum(needed, given["fewest"])
    size = in_process / (number - 1.0)
    heat = process.heat_kj_kg * (feed["glucose"] - flows["broth"]["glucose"])
    items.power_law("fermenter", size, number)
    items.power_law("agitator", size, number)
    items.power_law("cleaning", size)
    items.power_law("recirculation", flow / number, number)
    items.power_law("heat_exchanger", heat, number)
    items.cool(heat, "cooling_warm_usd_kj")
    return number, size


def _recovery(process: ReducedProcess, items: _Items, flows: dict[str, Streams]) -> None:
    """Filter with vacuum pump, mixing tank, extraction, crystalliser, solids centrifuge."""
    warm, cold = (process.properties[f"density_{t}kg_m3"] for t in ("", "cold_"))
    costs, vessels = process.costs, process.vessels
    filtrate = flows["filtrate"]
    _filter(process, items, _total(flows["cake"]) + _total(filtrate), _volume(filtrate, warm))

    flow = _volume(flows["mixed"], warm)
    tank = vessels["mix_tank"]
    volume = flow * (tank["residence_h"] / tank["working_share"])
    number = np.ceil(volume / tank["largest_m3"])
    items.power_law("mix_tank", volume / number, number)
    items.use_power(volume * costs["mix_tank"]["power_kw_m3"])
    number = np.ceil(flow / vessels["liquids_centrifuge"]["largest_m3_h"])
    items.power_law("liquids_centrifuge", flow / number, number)

    rich, given, form = flows["rich"], vessels["crystalliser"], costs["crystalliser"]
    flow = _volume(rich, cold)
    hours = given["batch_h"] + given["turnaround_h"]
    volume = flow * (hours / ((given["number"] - 1.0) * given["working_share"]))
    each = form["base_usd"] * (volume / form["base_size"]) ** form["exponent"]
    items.add("crystalliser", given["number"] * (each + form["constant_usd"]))
    items.use_power(volume * (form["power_kw_m3"] * given["working_share"] * given["number"]))
    cooling = process.properties["cooling_kj_kg"]
    heat = reduce(np.add, (kg * cooling[name] for name, kg in rich.items()))
    items.cool(heat, "cooling_cold_usd_kj")

    items.power_law("solids_centrifuge", rich["penicillin"])
    items.use_power(flow * costs["solids_centrifuge"]["power_kwh_m3"])


def _filter(process: ReducedProcess, items: _Items, load_kg_h: Array, air_m3_h: Array) -> None:
    """Rotary vacuum filter: exp(a + b ln A + c (ln A)^2), and its vacuum pump."""
    given, form = process.vessels["filter"], process.costs["filter"]
    area = load_kg_h * given["area_ft2_h_kg"]
    number = np.ceil(area / given["largest_ft2"])
    log = np.log(area / number)
    each = np.exp(form["constant"] + log * (form["linear"] + form["square"] * log))
    items.add("filter", number * each)

    vacuum, pump = process.vessels["vacuum"], process.costs["vacuum"]
    volume = area * given["vessel_ft3_ft2"]
    leak = vacuum["leak_lb_h"] + vacuum["leak_factor"] * volume ** vacuum["leak_exponent"]
    items.power_law("vacuum", vacuum["cfm_h_m3"] * air_m3_h + vacuum["cfm_h_lb"] * leak)
    air = vacuum["air_kg_m3"] * air_m3_h + vacuum["kg_lb"] * leak
    load = np.clip(air / vacuum["suction_torr"], pump["least_load"], pump["most_load"])
    brake = pump["power_factor"] * load ** pump["power_exponent"]
    log = np.log(brake)
    motor = pump["motor_constant"] + log * (pump["motor_linear"] + pump["motor_square"] * log)
    items.use_power(brake / motor)


def _materials(
    process: ReducedProcess, feed: Streams, flows: dict[str, Streams], glucose_price: Array
) -> Array:
    """Cost of purchased materials per hour."""
    prices = process.prices
    water = feed["water"] + flows["wash"]["water"]
    return (
        feed["glucose"] * glucose_price
        + feed["precursor"] * prices["precursor_usd_kg"]
        + feed["nutrients"] * prices["nutrients_usd_kg"]
        + water * prices["water_usd_kg"]
        + flows["solvent"]["solvent"] * prices["solvent_usd_kg"]
    )
