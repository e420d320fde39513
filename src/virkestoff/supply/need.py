"""Demand per country, product and year, from consumption statistics.

    kg = use (DDD per inhabitant and day) x inhabitants x days x share of product x g per DDD
         x level x (1 + growth)^(year - base year)

Use is published for groups of substances; the split into products, and of products into tablets,
mixtures and vials, are assumptions. Kilograms are counted as the defined daily dose counts them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from virkestoff.errors import Fault, FaultCollector, InputError, suggest
from virkestoff.evidence import (
    Library,
    Parameters,
    kept_per_library,
    library_folder,
    read_yaml,
    validation_faults,
)
from virkestoff.production.activity import Array
from virkestoff.production.packs import packs_from_kg
from virkestoff.production.process import Processes
from virkestoff.production.process_files import load_processes
from virkestoff.production.remembered import remember
from virkestoff.timeline import Years

__all__ = ["Markets", "Need", "demand_faults", "load_markets", "need"]

_GROUPS = {
    "phenoxymethylpenicillin": "j01ce_community",
    "benzylpenicillin": "j01ce_hospital",
    "amoxicillin": "j01ca",
    "pivmecillinam": "j01ca",
    "dicloxacillin": "j01cf",
    "cloxacillin": "j01cf",
}


_NEVER_NEGATIVE = ("need.level", "use.", "population.", "ddd.", "split.")


def demand_faults(library: Library, used: Collection[str]) -> list[Fault]:
    """The facts among ``used`` that would make a demand below zero, with file and key."""
    prefixes = tuple(f"supply.{part}" for part in _NEVER_NEGATIVE)
    return [
        Fault(
            f"{library.files[fact_id]}: facts.{fact_id}.value",
            f"{min(library.facts[fact_id].numbers):g} is below zero",
            why="a demand cannot be negative",
            next_step="Correct the value",
        )
        for fact_id in sorted(used)
        if fact_id.startswith(prefixes) and min(library.facts[fact_id].numbers, default=0.0) < 0.0
    ]


class Markets(BaseModel):
    """Which countries a market holds.

    ``base_year`` is the year of the populations; ``nordic`` are the countries whose splits are
    those of the Nordic countries; ``not_reported`` lists countries without a figure, per group.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_year: int = Field(ge=1990, le=2100)
    markets: dict[str, tuple[str, ...]]
    nordic: tuple[str, ...]
    not_reported: dict[str, tuple[str, ...]] = {}


@dataclass(frozen=True)
class Need:
    """Demand of a market.

    Attributes
    ----------
    kg, ddd : per product, shape (n_draws, n_years); kg as the defined daily dose counts them
    packs : per presentation, shape (n_draws, n_years), not rounded
    kg_by_country : in the base year per country and product, shape (n_draws, 1)
    not_covered : (country, group) for which no figure is published; counted as nothing, so that
        the sum is too low there
    """

    market: str
    years: tuple[int, ...]
    kg: Mapping[str, Array]
    ddd: Mapping[str, Array]
    packs: Mapping[str, Array]
    kg_by_country: Mapping[str, Mapping[str, Array]]
    not_covered: tuple[tuple[str, str], ...]

    def peak_kg(self) -> dict[str, Array]:
        """The largest year per product, shape (n_draws, 1)."""
        return {name: kg.max(axis=1, keepdims=True) for name, kg in self.kg.items()}

    def peak_packs(self) -> dict[str, Array]:
        """The largest year per presentation, shape (n_draws, 1)."""
        return {name: number.max(axis=1, keepdims=True) for name, number in self.packs.items()}


def load_markets(path: Path | None = None) -> Markets:
    """Read ``library/supply/markets.yaml``.

    Raises
    ------
    InputError
        lists all faults of the file.
    """
    place = path or library_folder() / "supply" / "markets.yaml"
    try:
        return Markets.model_validate(read_yaml(place, place.name))
    except ValidationError as problem:
        raise InputError(validation_faults(place, place.name, (), problem)) from None


@kept_per_library
def _markets() -> Markets:
    return load_markets()


@kept_per_library
def _processes() -> Processes:
    return load_processes()


def need(
    market: str,
    products: Collection[str],
    years: Years | Iterable[int],
    parameters: Parameters,
    processes: Processes | None = None,
    markets: Markets | None = None,
) -> Need:
    """Demand of `market` for `products` in `years`.

    Parameters
    ----------
    market : ``norway``, ``nordic`` or ``eea``
    products : process names such as ``phenoxymethylpenicillin``
    processes, markets : default those of the library

    Raises
    ------
    InputError
        for an unknown market or product, or a demand below zero.
    """
    parameters = remember(parameters)
    geography = markets or _markets()
    _check(market, products, geography)
    chemistry = processes or _processes()
    calendar = np.asarray(
        years.array if isinstance(years, Years) else list(years), dtype=np.float64
    )
    growth = parameters("supply.need.growth", "1")
    path = parameters("supply.need.level", "1") * (1.0 + growth) ** (calendar - geography.base_year)
    by_country: dict[str, dict[str, Array]] = {}
    missing: set[tuple[str, str]] = set()
    total = {name: np.zeros((parameters.n_draws, 1)) for name in products}
    shares = {
        (name, region): _share(name, region, parameters)
        for name in products
        for region in ("nordic", "other")
    }
    for country in geography.markets[market]:
        people = parameters(f"supply.population.{country}", "inhabitant")
        region = "nordic" if country in geography.nordic else "other"
        by_country[country] = {}
        for name in products:
            group = _GROUPS[name]
            if country in geography.not_reported.get(group, ()):
                missing.add((country, group))
                continue
            use = parameters(f"supply.use.{country}.{group}", "DDD/inhabitant/year")
            doses = use * people * shares[name, region]
            by_country[country][name] = doses
            total[name] = total[name] + doses
    grams = {name: parameters(f"supply.ddd.{name}", "kg/DDD") for name in products}
    ddd = {name: doses * path for name, doses in total.items()}
    kg = {name: doses * grams[name] for name, doses in ddd.items()}
    _refuse_negative(kg)
    return Need(
        market,
        tuple(int(year) for year in calendar),
        kg,
        ddd,
        _packs(kg, chemistry, parameters),
        {c: {n: doses * grams[n] for n, doses in ns.items()} for c, ns in by_country.items()},
        tuple(sorted(missing)),
    )


def _check(market: str, products: Collection[str], geography: Markets) -> None:
    faults = FaultCollector()
    if market not in geography.markets:
        known = ", ".join(geography.markets)
        step = suggest(market, geography.markets) or f"Known markets: {known}"
        faults.add(f"market '{market}'", "is not known", next_step=step)
    for name in products:
        if name not in _GROUPS:
            step = suggest(name, _GROUPS) or f"Known products: {', '.join(_GROUPS)}"
            faults.add(f"product '{name}'", "has no consumption figures", next_step=step)
    faults.raise_if_any()


def _share(product: str, region: str, parameters: Parameters) -> Array:
    """Share of a product in the DDD of its group, shape (n_draws, 1)."""
    if product == "pivmecillinam":
        return parameters(f"supply.split.pivmecillinam.{region}", "1")
    if product == "amoxicillin":
        rest = 1.0 - parameters(f"supply.split.pivmecillinam.{region}", "1")
        return rest * parameters(f"supply.split.amoxicillin.{region}", "1")
    if product == "dicloxacillin":
        return parameters(f"supply.split.dicloxacillin.{region}", "1")
    if product == "cloxacillin":
        return 1.0 - parameters(f"supply.split.dicloxacillin.{region}", "1")
    return np.ones((parameters.n_draws, 1))


def _refuse_negative(kg: Mapping[str, Array]) -> None:
    faults = [
        Fault(
            f"demand for {name}",
            "is below zero",
            why="a use, population, split or level below zero makes no sense",
            next_step="Correct the fact or the study's own value",
        )
        for name, amount in kg.items()
        if np.any(amount < 0.0)
    ]
    if faults:
        raise InputError(faults)


def _packs(
    kg: Mapping[str, Array], processes: Processes, parameters: Parameters
) -> dict[str, Array]:
    """Packs per presentation: the stated shares go to mixture or vials, the rest to tablets."""
    packs: dict[str, Array] = {}
    for product, amount in kg.items():
        forms = [n for n, p in processes.presentations.items() if p.substance == product]
        tablets = [n for n in forms if processes.presentations[n].form == "tablet"]
        rest = np.ones((parameters.n_draws, 1))
        for name in forms:
            if name in tablets:
                continue
            share = parameters(f"supply.split.{name}", "1") if tablets else rest
            packs[name] = packs_from_kg(name, amount * share, processes, parameters)
            rest = rest - share
        for name in tablets:
            packs[name] = packs_from_kg(name, amount * rest, processes, parameters)
    return packs
