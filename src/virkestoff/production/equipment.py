"""Purchased and installed cost of an equipment list.

    one unit:  cost(S) = cost(S0) x material x (S / S0)^n
    a line:    count x k x cost(S / k),     k = ceil(S / largest single unit)

Where several sources price an item, the spread between the cheapest and the dearest is its
uncertainty, with one weight for the whole list, since textbooks err in the same direction:

    cost = cheapest^(1 - w) x dearest^w,     w = production.equipment.source_weight

A size outside what the sources cover is priced with the same curve, warned of and marked. Law: cost
never falls with size or count (for exponents from zero to one).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np

from virkestoff.errors import Fault, FaultCollector, InputError, RangeWarning, suggest
from virkestoff.evidence import Parameters
from virkestoff.production.activity import Area, Array, Duty
from virkestoff.production.equipment_files import Catalogue, Item, load_catalogue
from virkestoff.production.remembered import remember
from virkestoff.production.vessels import ROUNDING
from virkestoff.quantities import factor

__all__ = ["Purchase", "PurchaseLine", "purchase"]

_WEIGHT = "production.equipment.source_weight"


@dataclass(frozen=True)
class PurchaseLine:
    """One line of the equipment list with its cost.

    Attributes
    ----------
    duty : the line
    units : units bought, numbering up included, shape (n_draws, 1)
    purchased, installed : all units together, NOK, shape (n_draws, 1)
    is_extrapolated : whether any draw lies outside the sizes that the sources cover
    """

    duty: Duty
    units: Array
    purchased: Array
    installed: Array
    is_extrapolated: bool


@dataclass(frozen=True)
class Purchase:
    """A priced equipment list.

    Attributes
    ----------
    lines : in the order of the list
    extrapolated : items priced outside what their sources cover, in the order of the list
    """

    lines: tuple[PurchaseLine, ...]
    n_draws: int
    extrapolated: tuple[str, ...]

    @property
    def by_area(self) -> dict[Area, Array]:
        """Purchased cost per area, NOK, shape (n_draws, 1)."""
        return {area: self.cost(area=area) for area in dict.fromkeys(self._areas())}

    @property
    def total(self) -> Array:
        """Purchased cost of the list, NOK, shape (n_draws, 1)."""
        return self.cost()

    @property
    def installed(self) -> Array:
        """Installed cost of the list, NOK, shape (n_draws, 1)."""
        return self.cost(installed=True)

    def cost(
        self,
        items: Iterable[str] | None = None,
        area: Area | None = None,
        installed: bool = False,
    ) -> Array:
        """Cost of the lines with one of `items`, or in `area`; zero where there is none."""
        wanted = None if items is None else set(items)
        total = np.zeros((self.n_draws, 1))
        for line in self.lines:
            if wanted is not None and line.duty.item not in wanted:
                continue
            if area is not None and line.duty.area != area:
                continue
            total = total + (line.installed if installed else line.purchased)
        return total

    def without(self, *items: str) -> Purchase:
        """The same list without the lines of `items`."""
        kept = tuple(line for line in self.lines if line.duty.item not in items)
        return Purchase(kept, self.n_draws, self.extrapolated)

    def _areas(self) -> list[Area]:
        return [line.duty.area for line in self.lines]


def purchase(
    duties: Iterable[Duty], parameters: Parameters, catalogue: Catalogue | None = None
) -> Purchase:
    """Price an equipment list.

    Parameters
    ----------
    duties : sizes and counts of shape (n_draws, 1); or (n_draws, n_lists), where a column is one
        of several lists that are compared and not bought, so that nothing is warned of
    catalogue : default that of the library

    Returns
    -------
    Purchase in NOK of ``parameters.price_year``.

    Raises
    ------
    InputError
        names every item that the catalogue lacks and every size in a unit that does not fit.

    Warns
    -----
    RangeWarning
        once per item that is priced outside the sizes that its sources cover.
    """
    known = load_catalogue() if catalogue is None else catalogue
    parameters = remember(parameters)
    lines = _lines(duties, known, parameters)
    outside = tuple(dict.fromkeys(line.duty.item for line in lines if line.is_extrapolated))
    is_compared = any(line.units.shape[1] > 1 for line in lines)
    for name in () if is_compared else outside:
        _warn(name, known.items[name])
    return Purchase(lines, parameters.n_draws, outside)


def _lines(
    duties: Iterable[Duty], known: Catalogue, parameters: Parameters
) -> tuple[PurchaseLine, ...]:
    duties = tuple(duties)
    scales = _scales(duties, known.items)
    return tuple(
        _line(duty, known.items[duty.item], scale, parameters)
        for duty, scale in zip(duties, scales, strict=True)
    )


def _scales(duties: tuple[Duty, ...], items: Mapping[str, Item]) -> list[float]:
    """What the size of each line is multiplied by to be in the unit of its item."""
    faults = FaultCollector()
    scales: list[float] = []
    for duty in duties:
        if duty.item not in items:
            where, next_step = f"equipment '{duty.item}'", suggest(duty.item, items)
            faults.add(where, "has no price in the catalogue", next_step=next_step)
            continue
        try:
            scales.append(factor(duty.size_unit, items[duty.item].size_unit))
        except InputError as problem:
            first = problem.faults[0]
            fault = Fault(f"size of equipment '{duty.item}'", first.what, first.why)
            faults.extend(InputError(fault))
    faults.raise_if_any()
    return scales


def _split(duty: Duty, item: Item, scale: float) -> tuple[Array, Array]:
    """Size of one unit in the unit of the item, and number of units."""
    whole = duty.size * scale
    parts = np.maximum(np.ceil(whole / item.largest - ROUNDING), 1.0)
    return whole / parts, duty.count * parts


def _line(duty: Duty, item: Item, scale: float, parameters: Parameters) -> PurchaseLine:
    size, units = _split(duty, item, scale)
    bought = (units > 0.0) & (size > 0.0)
    costs = []
    for estimate in item.estimates:
        cost = parameters(estimate.cost, "NOK")
        if estimate.material is not None:
            cost = cost * parameters(estimate.material, "1")
        exponent = parameters(estimate.exponent, "1")
        costs.append(cost * (size / estimate.base_size) ** exponent)
    each = costs[0]
    if len(costs) > 1:
        weight = parameters(_WEIGHT, "1")
        each = reduce(np.minimum, costs) ** (1.0 - weight) * reduce(np.maximum, costs) ** weight
    one = np.ones((parameters.n_draws, 1))
    purchased = np.where(bought, each * units, 0.0) * one
    low, high = item.bounds
    outside = bought & ((size < low * (1.0 - ROUNDING)) | (size > high * (1.0 + ROUNDING)))
    installed = purchased * parameters(item.installation, "1")
    units = np.where(bought, units, 0.0) * one
    return PurchaseLine(duty, units, purchased, installed, bool(outside.any()))


def _warn(name: str, item: Item) -> None:
    """One text per item, whatever the draws, so that a run lists each item once."""
    unit = "" if item.size_unit == "1" else f" {item.size_unit}"
    low, high = item.bounds
    warnings.warn(
        f"equipment '{name}' ({item.name.en.lower()}) is needed outside the sizes for which its "
        f"sources give prices, {low:g} to {high:g}{unit}: the price is an extrapolation",
        RangeWarning,
        stacklevel=3,
    )
