"""What a plant does each year, and the equipment list that lets it do so.

These are the frozen values that pass between the physical side (process, calendar, finished forms)
and the money side (capital, operations, cash flow) of ``production``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["Activity", "Area", "Array", "Duty", "combine"]

Array = NDArray[np.float64]
Area = Literal["substance", "oral_solids", "powder_mixture", "aseptic", "shared"]


@dataclass(frozen=True)
class Duty:
    """One line of the equipment list.

    Attributes
    ----------
    item : key into ``library/production/equipment.yaml``
    size : size of one unit in `size_unit`, shape (n_draws, 1)
    size_unit : pint unit in which the size is stated
    count : number of equal units, whole, zero where the draw needs none, shape (n_draws, 1)
    area : the suite that houses it
    purpose : what it does there, for the equipment list in the report
    """

    item: str
    size: Array
    size_unit: str
    count: Array
    area: Area
    purpose: str = ""


@dataclass(frozen=True)
class Activity:
    """What a plant does each year; every array has shape (n_draws, n_years).

    Attributes
    ----------
    output_kg : active substance made available per product, kg counted as the free acid or base
        (amoxicillin anhydrous), never as salt or hydrate; includes what rounding up to whole
        batches adds
    shortfall_kg : part of the wanted output that the plant could not make, same basis
    packs : saleable packs per presentation
    batches : batches started per step, whole numbers
    campaigns : campaigns started, all equipment groups together
    materials_kg : purchased per material, kg; solvents are the make-up after recovery; what is
        counted in pieces (bottles, vials) is entered in pieces, and its name ends in ``_pieces``
    electricity_kwh, steam_kg, water_m3 : utilities bought or raised on site
    effluent_m3 : water to treatment
    mycelium_kg : wet mycelium cake to destruction
    solvent_waste_kg : spent solvent to destruction (equals the solvent make-up)
    shift_positions : persons on duty in a running shift, per area; those of a standing plant in
        every year, so years before the start are for the cash flow to leave out
    shifts : crews that fill those positions over the year, per area (5 is round the clock); persons
        employed are positions times shifts
    hours : hours in use per group of equipment: fermentation, downstream, enzyme, synthesis,
        sterile_substance, granulation, press, coating, blister, bottle, vial; with changeovers
    """

    output_kg: Mapping[str, Array] = field(default_factory=dict)
    shortfall_kg: Mapping[str, Array] = field(default_factory=dict)
    packs: Mapping[str, Array] = field(default_factory=dict)
    batches: Mapping[str, Array] = field(default_factory=dict)
    campaigns: Array = field(default_factory=lambda: np.zeros((1, 1)))
    materials_kg: Mapping[str, Array] = field(default_factory=dict)
    electricity_kwh: Array = field(default_factory=lambda: np.zeros((1, 1)))
    steam_kg: Array = field(default_factory=lambda: np.zeros((1, 1)))
    water_m3: Array = field(default_factory=lambda: np.zeros((1, 1)))
    effluent_m3: Array = field(default_factory=lambda: np.zeros((1, 1)))
    mycelium_kg: Array = field(default_factory=lambda: np.zeros((1, 1)))
    solvent_waste_kg: Array = field(default_factory=lambda: np.zeros((1, 1)))
    shift_positions: Mapping[str, Array] = field(default_factory=dict)
    shifts: Mapping[str, Array] = field(default_factory=dict)
    hours: Mapping[str, Array] = field(default_factory=dict)

    @property
    def press_hours(self) -> Array:
        """Hours that the tablet press is taken, changeovers included."""
        return self._hours("press")

    @property
    def filling_hours(self) -> Array:
        """Hours that bottle and vial lines are taken together, changeovers included."""
        return self._hours("bottle") + self._hours("vial")

    def _hours(self, group: str) -> Array:
        return self.hours.get(group, np.zeros_like(self.campaigns))


_MAPPINGS = (
    "output_kg",
    "shortfall_kg",
    "packs",
    "batches",
    "materials_kg",
    "shift_positions",
    "hours",
)
_ARRAYS = (
    "campaigns",
    "electricity_kwh",
    "steam_kg",
    "water_m3",
    "effluent_m3",
    "mycelium_kg",
    "solvent_waste_kg",
)


def _merged(parts: Iterable[Mapping[str, Array]]) -> dict[str, Array]:
    total: dict[str, Array] = {}
    for part in parts:
        for name, amount in part.items():
            total[name] = total[name] + amount if name in total else amount
    return total


def combine(*activities: Activity) -> Activity:
    """Return the activity of several sections together.

    Amounts are added. The number of shifts of an area that several sections share is the larger
    one, since a crew that is on duty serves both.

    Parameters
    ----------
    activities : one or more activities with equal (or broadcastable) shapes

    Examples
    --------
    >>> one = Activity(output_kg={"a": np.ones((1, 2))})
    >>> combine(one, one).output_kg["a"]
    array([[2., 2.]])
    """
    if not activities:
        return Activity()
    if len(activities) == 1:
        return activities[0]
    values: dict[str, object] = {
        name: _merged(getattr(a, name) for a in activities) for name in _MAPPINGS
    }
    for name in _ARRAYS:
        total: Array = getattr(activities[0], name)
        for activity in activities[1:]:
            total = total + getattr(activity, name)
        values[name] = total
    shifts: dict[str, Array] = {}
    for activity in activities:
        for area, crews in activity.shifts.items():
            shifts[area] = np.maximum(shifts[area], crews) if area in shifts else crews
    return Activity(**values, shifts=shifts)  # type: ignore[arg-type]
