"""Who a plant employs: shift crews follow the lines, the rest follows the crews down to a minimum.

    operators = sum over areas of positions x shifts
    group     = max(share x crews, minimum x s)
    s         = 1 (greenfield), share that an existing site must add (brownfield), less in standby

Minima do not shrink with output: quality control, release by a qualified person, maintenance and
management are what any licensed site needs. An existing site shares them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from virkestoff.errors import FaultCollector, suggest
from virkestoff.evidence import Parameters
from virkestoff.production.activity import Activity, Array

__all__ = ["GROUPS", "Staff", "staff"]

Mode = Literal["greenfield", "brownfield", "standby"]
MODES = ("greenfield", "brownfield", "standby")
GROUPS = (
    "operators",
    "utilities",
    "supervision",
    "quality",
    "release",
    "pharmacovigilance",
    "maintenance",
    "engineering",
    "warehouse",
    "management",
)
_FACTS = "production.operations."


@dataclass(frozen=True)
class Staff:
    """Full-time positions.

    Attributes
    ----------
    groups : positions per group, each (n_draws, n_years): operators, utilities (round-the-clock
        watch of energy and effluent), supervision, quality (control and assurance), release
        (qualified persons, regulatory affairs), pharmacovigilance, maintenance, engineering,
        warehouse, management
    """

    groups: Mapping[str, Array]

    @property
    def total(self) -> Array:
        """All positions, shape (n_draws, n_years)."""
        total: Array = np.zeros((1, 1))
        for positions in self.groups.values():
            total = total + positions
        return total


def staff(
    activity: Activity, areas_in_use: Collection[str], mode: Mode, parameters: Parameters
) -> Staff:
    """Positions per group.

    Parameters
    ----------
    activity : gives persons on duty and shifts per area
    areas_in_use : areas whose crews are employed; ``shared`` is understood and has no crew
    mode : greenfield carries every minimum alone; brownfield adds the share of them that an
        existing site lacks; standby keeps a part of one shift and of that fixed staff

    Raises
    ------
    InputError
        for an unknown mode, no area, or areas without positions and shifts in the activity.
    """
    areas = _areas(activity, areas_in_use, mode)
    shape = np.broadcast_shapes(
        (parameters.n_draws, 1),
        *(activity.shift_positions[area].shape for area in areas),
        *(activity.shifts[area].shape for area in areas),
    )
    site = _site_share(mode, parameters)
    operators, shifts = np.zeros(shape), np.zeros(shape)
    for area in areas:
        crews = activity.shifts[area]
        if mode == "standby":
            crews = np.minimum(crews, 1.0) * parameters(_FACTS + "standby_crew", "1")
        operators = operators + activity.shift_positions[area] * crews
        shifts = np.maximum(shifts, crews)
    watch = parameters(_FACTS + "utilities_positions", "1") * shifts * site
    groups = _groups(operators, watch, site, parameters)
    return Staff({name: np.broadcast_to(groups[name], shape) for name in GROUPS})


def _areas(activity: Activity, areas_in_use: Collection[str], mode: str) -> list[str]:
    faults = FaultCollector()
    if mode not in MODES:
        faults.add(f"mode '{mode}'", "is not known", next_step=f"Use {', '.join(MODES)}")
    areas = sorted(set(areas_in_use) - {"shared"})
    if not areas:
        faults.add("areas_in_use", "names no area with a crew")
    known = activity.shift_positions.keys() & activity.shifts.keys()
    for area in areas:
        if area not in known:
            next_step = suggest(area, known)
            faults.add(f"area '{area}'", "has no positions and shifts", next_step=next_step)
    faults.raise_if_any()
    return areas


def _site_share(mode: Mode, parameters: Parameters) -> Array:
    """Share of the fixed staff that the plant pays for, shape (n_draws, 1)."""
    if mode == "greenfield":
        return np.ones((parameters.n_draws, 1))
    share = parameters("production.brownfield.staff", "1")
    if mode == "standby":
        share = share * parameters(_FACTS + "standby_fixed", "1")
    return share


def _groups(
    operators: Array, watch: Array, site: Array, parameters: Parameters
) -> dict[str, Array]:
    def share(name: str) -> Array:
        return parameters(_FACTS + name, "1")

    def minimum(name: str) -> Array:
        return parameters(_FACTS + name, "fte") * site

    crews = operators + watch
    groups = {
        "operators": operators,
        "utilities": watch,
        "supervision": share("supervision") * crews,
        "maintenance": np.maximum(
            share("maintenance_staff") * crews, minimum("maintenance_minimum")
        ),
        "engineering": np.maximum(share("engineering_share") * crews, minimum("engineering_staff")),
        "warehouse": np.maximum(share("warehouse_share") * crews, minimum("warehouse_staff")),
        "release": minimum("release_staff"),
        "pharmacovigilance": minimum("pharmacovigilance_staff"),
        "management": minimum("management_staff"),
    }
    others: Array = np.zeros_like(crews)
    for positions in groups.values():
        others = others + positions
    # The share is of the whole headcount, quality itself included, so it is grossed up.
    part = share("quality_share")
    groups["quality"] = np.maximum(part / (1.0 - part) * others, minimum("quality_minimum"))
    return groups
