"""Numbers given by name become arrays of draws; whatever is wrong with them is noted by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from virkestoff.costsharing.game import Array
from virkestoff.errors import FaultCollector, suggest

__all__ = ["Draws", "countries_draws", "one_draws", "same_draws"]


class Draws:
    """How many draws each input has; one fits all."""

    def __init__(self) -> None:
        self.sizes: dict[str, int] = {}

    def note(self, where: str, size: int) -> None:
        """Remember the size of an input."""
        self.sizes[where] = size


def same_draws(given: Draws, faults: FaultCollector) -> int:
    """The common number of draws; a fault if inputs differ."""
    many = {where: size for where, size in given.sizes.items() if size != 1}
    if len(set(many.values())) > 1:
        listed = ", ".join(f"{where} {size}" for where, size in many.items())
        faults.add("draws", f"inputs differ in their number: {listed}")
    return max(given.sizes.values(), default=1)


def one_draws(
    where: str,
    value: npt.ArrayLike,
    given: Draws,
    faults: FaultCollector,
    *,
    at_most: float = np.inf,
    is_signed: bool = False,
    above_zero: bool = False,
) -> Array:
    """One input, shape (n_draws,) or (1,); zeros and a fault where it is wrong."""
    try:
        found = np.atleast_1d(np.asarray(value, dtype=np.float64))
    except (TypeError, ValueError):
        faults.add(where, f"{value!r} is no number")
        return np.zeros(1)
    if found.ndim != 1 or found.size == 0:
        faults.add(where, f"shape {found.shape} is not (n_draws,)")
        return np.zeros(1)
    given.note(where, found.size)
    if not np.isfinite(found).all():
        n_bad = int((~np.isfinite(found)).sum())
        faults.add(where, f"is not a finite number in {n_bad} of {found.size} draws")
        return np.zeros(1)
    if above_zero and found.min() <= 0.0:
        faults.add(where, f"{found.min():g} is not above zero")
    elif not is_signed and found.min() < 0.0:
        faults.add(where, f"{found.min():g} is below zero")
    if found.max() > at_most:
        faults.add(where, f"{found.max():g} is above {at_most:g}")
    return found


def countries_draws(
    where: str,
    names: Sequence[str],
    values: Mapping[str, npt.ArrayLike],
    given: Draws,
    faults: FaultCollector,
    *,
    is_needed: bool = False,
    above_zero: bool = False,
    is_signed: bool = False,
    missing: float = np.nan,
) -> Array:
    """One input by name, shape (n_draws or 1, n_names); ``missing`` where a name is left out."""
    for name in values:
        if name not in names:
            hint = suggest(str(name), names)
            faults.add(where, f"'{name}' is not among {', '.join(names)}", next_step=hint)
    columns: list[Array] = []
    for name in names:
        if name in values:
            here = f"{where} of {name}"
            columns.append(
                one_draws(
                    here, values[name], given, faults, is_signed=is_signed, above_zero=above_zero
                )
            )
        else:
            columns.append(np.full(1, missing))
            if is_needed:
                faults.add(f"{where} of {name}", "is not given")
    sizes = {column.size for column in columns} - {1}
    if len(sizes) > 1:
        return np.zeros((1, len(names)))  # reported as draws that differ in number
    return np.stack(np.broadcast_arrays(*columns), axis=1)
