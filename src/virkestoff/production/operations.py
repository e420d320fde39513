"""What a plant costs to run in a year, and what it takes from its surroundings.

    cost = what follows output (materials, energy, water, waste, tests, pack codes, royalty)
         + r x what does not (labour, premises, maintenance, insurance, authorisations)

with ``r`` the share of the year in which the plant is in use. The first group is priced as the
activity states it: in a year without output the activity is zero. All amounts are NOK of the price
year of the parameters. Energy and upkeep of ventilated rooms are contained in the cost of premises;
their electricity is counted in kWh and CO2e, never priced twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from virkestoff.errors import FaultCollector, InputError
from virkestoff.evidence import (
    Parameters,
    kept_per_library,
    library_folder,
    read_yaml,
    validation_faults,
)
from virkestoff.production.activity import Activity, Array
from virkestoff.production.balance import molar_masses
from virkestoff.production.calendar import HOURS_A_YEAR
from virkestoff.production.process import Processes
from virkestoff.production.process_files import load_processes
from virkestoff.production.remembered import remember
from virkestoff.production.staffing import Mode, Staff

__all__ = [
    "NOT_WORN",
    "VARIABLE_PARTS",
    "Operations",
    "material_prices",
    "operating_cost",
    "premises_m2",
    "purchased",
]

VARIABLE_PARTS = frozenset(
    {
        "substance",
        "materials",
        "electricity",
        "steam",
        "water",
        "effluent",
        "waste",
        "quality_control",
        "serialisation",
        "royalty",
    }
)
NOT_WORN = frozenset(
    {
        "buildings",
        "construction_management",
        "contingency",
        "decommissioning",
        "engineering",
        "hvac",
        "land",
        "licence",
        "owner",
        "rooms",
        "validation",
        "working_capital",
    }
)
"""Parts of an investment without a share of maintenance; rooms and their ventilation are kept up
with the premises."""
NOT_INSURED = frozenset({"decommissioning", "land", "licence", "working_capital"})

_FACTS = "production.operations."
_BOUGHT = "substance_"
_PIECES = "_pieces"


@dataclass(frozen=True)
class Operations:
    """A year's running; every array has shape (n_draws, n_years).

    Attributes
    ----------
    parts : NOK per kind of cost; those in :data:`VARIABLE_PARTS` follow output
    materials : NOK per purchased material, contained in the parts ``materials`` and ``substance``
    co2e_kg : electricity, steam, materials, solvents, purchased substance; all by assumed factors
    electricity_kwh : process, steam raised by electricity, ventilation
    effluent_m3 : water to treatment
    solvent_kg : solvent made up, which equals what is destroyed
    """

    parts: Mapping[str, Array]
    materials: Mapping[str, Array]
    co2e_kg: Array
    electricity_kwh: Array
    effluent_m3: Array
    solvent_kg: Array

    @property
    def variable(self) -> Array:
        """Cost that follows output."""
        return _sum(part for name, part in self.parts.items() if name in VARIABLE_PARTS)

    @property
    def fixed(self) -> Array:
        """Cost that stands whatever the output."""
        return _sum(part for name, part in self.parts.items() if name not in VARIABLE_PARTS)

    @property
    def total(self) -> Array:
        """Fixed and variable cost."""
        return self.fixed + self.variable


def _sum(parts: Iterable[Array]) -> Array:
    total: Array = np.zeros((1, 1))
    for part in parts:
        total = total + part
    return total


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    substance_prices: dict[str, str]


@kept_per_library
def _substance_prices(path: Path | None = None) -> Mapping[str, str]:
    """Product -> fact, from ``library/production/operations.yaml``."""
    file = path or library_folder() / "production" / "operations.yaml"
    data = read_yaml(file)
    table = {key: value for key, value in data.items() if key not in ("sources", "facts")}
    try:
        return _Table.model_validate(table).substance_prices
    except ValidationError as problem:
        raise InputError(validation_faults(file, file.name, (), problem)) from None


@kept_per_library
def _library_processes() -> Processes:
    return load_processes()


def purchased(activity: Activity, processes: Processes, parameters: Parameters) -> dict[str, Array]:
    """What is bought, kg as sold (pieces as pieces): substance made on site is not bought.

    Whole batches leave stock for later years, so only what output up to the year has never covered
    is bought:  bought up to t = max over s <= t of (used - made up to s), and never below zero.

    ``substance_<product>`` is counted in the activity as the free acid or base; it is bought as the
    salt or hydrate, so it is multiplied by the ratio of the molar masses.
    """
    bought: dict[str, Array] = {}
    masses: Mapping[str, float] = {}
    for name, amount in activity.materials_kg.items():
        product = name.removeprefix(_BOUGHT)
        if name == product:
            bought[name] = amount
            continue
        if product in activity.output_kg:
            amount = _never_covered(amount, activity.output_kg[product])
        if product in processes.processes:
            masses = masses or molar_masses(processes, parameters)
            process = processes.processes[product]
            amount = amount * (masses[process.sold_as] / masses[process.basis])
        bought[name] = amount
    return bought


def _never_covered(used: Array, made: Array) -> Array:
    lacking = np.maximum.accumulate(np.maximum(np.cumsum(used - made, axis=-1), 0.0), axis=-1)
    return np.diff(lacking, axis=-1, prepend=0.0)


def material_prices(names: Iterable[str], parameters: Parameters) -> dict[str, Array]:
    """NOK per kg (per piece for ``..._pieces``), each (n_draws, 1).

    Raises
    ------
    InputError
        lists every material without a price.
    """
    faults = FaultCollector()
    prices: dict[str, Array] = {}
    for name in names:
        fact = f"production.material.{name}.price"
        if name.startswith(_BOUGHT):
            product = name.removeprefix(_BOUGHT)
            fact = _substance_prices().get(product, f"evidence.price.{product}_substance")
        try:
            prices[name] = parameters(fact, "NOK/unit" if name.endswith(_PIECES) else "NOK/kg")
        except InputError as problem:
            why = "; ".join(str(fault) for fault in problem.faults)
            faults.add(f"material '{name}'", "has no price", why, f"Give the fact {fact}")
    faults.raise_if_any()
    return prices


def premises_m2(activity: Activity, mode: Mode, parameters: Parameters) -> dict[str, Array]:
    """Floor by grade (``a``-``d`` and ``plain``), m2, shape (n_draws, 1).

    Lines per suite follow from the crews: positions over the crew of one line. The hall that
    large vessels add is left out, since an activity does not say how large they are; whoever knows
    the premises passes their areas to :func:`operating_cost`.
    """

    def area(name: str) -> Array:
        return parameters(f"production.area.{name}", "m^2")

    one = np.ones((parameters.n_draws, 1))
    floor: dict[str, Array] = dict.fromkeys(("a", "b", "c", "d", "plain"), 0.0 * one)
    for suite, positions in activity.shift_positions.items():
        if suite == "substance":
            floor["d"] = floor["d"] + area("substance_d")
            floor["plain"] = floor["plain"] + area("process_hall")
            continue
        crew = parameters(f"production.finishing.{suite}_crew", "1")
        lines = positions.max(axis=-1, keepdims=True) / crew
        for grade in ("a", "b", "c", "d") if suite == "aseptic" else ("d",):
            floor[grade] = floor[grade] + lines * area(f"{suite}_{grade}")
    clean = floor["a"] + floor["b"] + floor["c"] + floor["d"]
    support = parameters("production.area.support", "1") + parameters(
        "production.area.technical", "1"
    )
    store = parameters("production.area.warehouse", "1") * (clean + floor["plain"])
    shared = one if mode == "greenfield" else parameters("production.brownfield.building", "1")
    tests = one if mode == "greenfield" else parameters("production.brownfield.qc", "1")
    floor["plain"] = floor["plain"] + clean * support + store * shared + area("qc") * tests
    return floor


def operating_cost(
    activity: Activity,
    staff: Staff,
    investment_parts: Mapping[str, Array],
    mode: Mode,
    parameters: Parameters,
    is_running: Array,
    *,
    crew_share: Array | None = None,
    areas_m2: Mapping[str, Array] | None = None,
    processes: Processes | None = None,
) -> Operations:
    """Cost of running in every year, by part.

    Parameters
    ----------
    activity : what the plant does in each year; what it buys and makes is priced as it stands
    staff : positions of the plant in full operation (or in standby)
    investment_parts : NOK per part, shape (n_draws, 1); maintenance is a share of those not in
        :data:`NOT_WORN`
    mode : an existing site shares floor and laboratory
    is_running : share of the year in which the plant is in use, 0 to 1
    crew_share : share of the payroll in the year, default `is_running`; lower before the first pack
    areas_m2 : floor by grade ``a``-``d`` and ``plain``, default :func:`premises_m2`
    processes : default the library's; gives the weight of the salt that is bought

    Raises
    ------
    InputError
        for shares outside 0 to 1, and for materials without a price, all at once.
    """
    parameters = remember(parameters)
    _check_shares({"is_running": is_running, "crew_share": crew_share})
    bought = purchased(activity, processes or _library_processes(), parameters)
    prices = material_prices(bought, parameters)
    materials = {name: amount * prices[name] for name, amount in bought.items()}
    floor = areas_m2 if areas_m2 is not None else premises_m2(activity, mode, parameters)
    parts = _variable(activity, materials, parameters)
    pay = staff.total * parameters("evidence.labour.pharma", "NOK/fte/year")
    payroll = pay * (is_running if crew_share is None else crew_share)
    parts["labour"] = payroll
    parts["services"] = payroll * parameters(_FACTS + "overhead", "1")
    for name, amount in _standing(activity, investment_parts, floor, parameters).items():
        parts[name] = amount * is_running
    shape = np.broadcast_shapes(
        (parameters.n_draws, 1), is_running.shape, *(part.shape for part in parts.values())
    )
    electricity = _electricity(activity, floor, parameters, is_running)
    return Operations(
        parts={name: np.broadcast_to(part, shape) for name, part in parts.items()},
        materials={name: np.broadcast_to(cost, shape) for name, cost in materials.items()},
        co2e_kg=np.broadcast_to(_emissions(activity, bought, electricity, parameters), shape),
        electricity_kwh=np.broadcast_to(electricity, shape),
        effluent_m3=np.broadcast_to(activity.effluent_m3, shape),
        solvent_kg=np.broadcast_to(activity.solvent_waste_kg, shape),
    )


def _check_shares(shares: Mapping[str, Array | None]) -> None:
    faults = FaultCollector()
    for name, share in shares.items():
        if share is not None and not np.all((share >= 0.0) & (share <= 1.0)):
            faults.add(name, "must be a share of the year between 0 and 1")
    faults.raise_if_any()


def _variable(
    activity: Activity, materials: Mapping[str, Array], parameters: Parameters
) -> dict[str, Array]:
    """Parts that follow output, NOK."""

    def price(name: str, unit: str) -> Array:
        return parameters(_FACTS + name, unit)

    power = price("power_price", "NOK/kWh")
    return {
        "substance": _sum(c for name, c in materials.items() if name.startswith(_BOUGHT)),
        "materials": _sum(c for name, c in materials.items() if not name.startswith(_BOUGHT)),
        "electricity": activity.electricity_kwh * power,
        "steam": activity.steam_kg * (price("steam_energy", "kWh/kg") * power),
        "water": activity.water_m3 * price("water_price", "NOK/m^3"),
        "effluent": activity.effluent_m3 * price("effluent_price", "NOK/m^3"),
        "waste": activity.mycelium_kg * price("mycelium_price", "NOK/kg")
        + activity.solvent_waste_kg * price("solvent_waste_price", "NOK/kg"),
        "quality_control": _sum(activity.batches.values())
        * price("qc_substance_batch", "NOK/batch")
        + finished_batches(activity, parameters) * price("qc_finished_batch", "NOK/batch"),
        "serialisation": _sum(activity.packs.values()) * price("serialisation", "NOK/pack"),
        "royalty": _sum(activity.output_kg.values()) * price("royalty", "NOK/kg"),
    }


def finished_batches(activity: Activity, parameters: Parameters) -> Array:
    """Batches of finished product to test: blends of tablets, runs of the filling lines.

    A blend weighs substance and excipients, that is the excipients times ``(1 + e) / e`` with ``e``
    the excipients per kg of substance.
    """
    total: Array = activity.filling_hours / parameters(_FACTS + "filling_batch_hours", "hour/batch")
    if "tablet_excipients" in activity.materials_kg:
        excipients = activity.materials_kg["tablet_excipients"]
        per_kg = parameters("production.finishing.tablet_excipients", "kg/kg")
        blend = parameters("production.finishing.granulation_batch", "kg")
        total = total + excipients * (1.0 + per_kg) / (per_kg * blend)
    return total


def _standing(
    activity: Activity,
    investment_parts: Mapping[str, Array],
    floor: Mapping[str, Array],
    parameters: Parameters,
) -> dict[str, Array]:
    """Parts that stand whatever the output, NOK for a whole year."""

    def price(name: str, unit: str = "NOK/year") -> Array:
        return parameters(_FACTS + name, unit)

    per_m2 = {
        "a": "premises_b",
        "b": "premises_b",
        "c": "premises_c",
        "d": "premises_d",
        "plain": "premises_plain",
    }
    worn = _sum(a for name, a in investment_parts.items() if name not in NOT_WORN)
    insured = _sum(a for name, a in investment_parts.items() if name not in NOT_INSURED)
    kinds = float(len(activity.packs))
    holds = np.minimum(kinds, 1.0)
    products = float(len(activity.output_kg)) + kinds
    # Purified water always; an aseptic suite adds water for injections and clean steam.
    systems = 1.0 + 2.0 * ("aseptic" in activity.shift_positions)
    return {
        "premises": _sum(
            area * price(per_m2[grade], "NOK/m^2/year") for grade, area in floor.items()
        ),
        "clean_utilities": systems * price("water_system_upkeep"),
        "maintenance": worn * price("maintenance", "1"),
        "insurance": insured * price("insurance", "1"),
        "stability": products * price("stability"),
        "pharmacovigilance": holds * price("pharmacovigilance"),
        "authorities": price("site_fees") + kinds * price("authorisation_upkeep"),
        "nordic_packs": kinds * price("nordic_pack"),
    }


def _electricity(
    activity: Activity, floor: Mapping[str, Array], parameters: Parameters, is_running: Array
) -> Array:
    """Process, steam and ventilation, kWh."""
    installed = _sum(
        area * parameters(f"{_FACTS}power_{grade}", "kW/m^2") for grade, area in floor.items()
    )
    ventilation = installed * parameters(_FACTS + "hvac_load", "1") * HOURS_A_YEAR * is_running
    steam = activity.steam_kg * parameters(_FACTS + "steam_energy", "kWh/kg")
    return activity.electricity_kwh + steam + ventilation


def _emissions(
    activity: Activity, bought: Mapping[str, Array], electricity: Array, parameters: Parameters
) -> Array:
    """Kilograms of CO2e; purchased substance, solvents and pieces have their own factors."""

    def factor(name: str, unit: str = "kg/kg") -> Array:
        return parameters(f"production.emission.{name}", unit)

    substance = _sum(kg for name, kg in bought.items() if name.startswith(_BOUGHT))
    pieces = _sum(number for name, number in bought.items() if name.endswith(_PIECES))
    solvents = activity.solvent_waste_kg
    weighed = _sum(
        kg for n, kg in bought.items() if not n.startswith(_BOUGHT) and not n.endswith(_PIECES)
    )
    return (
        electricity * factor("electricity", "kg/kWh")
        + np.maximum(weighed - solvents, 0.0) * factor("material")
        + solvents * factor("solvent")
        + substance * factor("substance")
        + pieces * factor("piece", "kg/unit")
    )
