"""What a common plant costs at the volume of a coalition, between volumes that were costed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from virkestoff.costsharing.game import Array
from virkestoff.errors import FaultCollector

__all__ = ["PlantCost"]


@dataclass(frozen=True, eq=False)
class PlantCost:
    """A plant's cost at a few volumes; straight lines between them on logarithmic scales.

    ``log c(v) = log c_k + (log v - log v_k) / (log v_(k+1) - log v_k) (log c_(k+1) - log c_k)``
    for v between v_k and v_(k+1): a power law with its own exponent of scale in each interval. It
    rises with volume because the costs given must.

    Attributes
    ----------
    volumes : a year, rising, above zero, shape (n_volumes,), at least two
    cost : NOK, present value of all that a plant of that volume costs, above zero and never
        falling with volume, shape (n_volumes,) or (n_draws, n_volumes)

    Examples
    --------
    >>> plant = PlantCost(volumes=[1.0, 100.0], cost=[10.0, 100.0])
    >>> [round(float(c), 9) for c in plant.at(np.array([1.0, 10.0, 100.0]))]
    [10.0, 31.622776602, 100.0]
    """

    volumes: npt.ArrayLike
    cost: npt.ArrayLike

    @cached_property
    def _volumes(self) -> Array:
        return np.atleast_1d(np.asarray(self.volumes, dtype=np.float64))

    @cached_property
    def _cost(self) -> Array:
        return np.atleast_2d(np.asarray(self.cost, dtype=np.float64))

    @property
    def n_draws(self) -> int:
        """How many draws of cost there are; one if it is the same in all."""
        return int(self._cost.shape[0])

    @property
    def lowest(self) -> float:
        """The smallest volume that was costed."""
        return float(self._volumes[0])

    @property
    def highest(self) -> float:
        """The largest volume that was costed."""
        return float(self._volumes[-1])

    def check(self, faults: FaultCollector) -> None:
        """Note what is wrong with volumes and costs."""
        volumes, cost = self._volumes, self._cost
        if volumes.ndim != 1 or volumes.size < 2:
            faults.add("plant.volumes", "are fewer than two", "nothing lies between them")
        elif not np.isfinite(volumes).all() or volumes[0] <= 0.0 or np.any(np.diff(volumes) <= 0.0):
            faults.add("plant.volumes", f"{volumes.tolist()} do not rise from above zero")
        if cost.ndim != 2 or cost.shape[1] != volumes.size:
            faults.add("plant.cost", f"shape {cost.shape} is not (n_draws, {volumes.size})")
        elif not np.isfinite(cost).all() or cost.min() <= 0.0:
            faults.add("plant.cost", "is not a finite number above zero at every volume and draw")
        elif np.any(falls := (np.diff(cost, axis=1) < 0.0).any(axis=1)):
            faults.add(
                "plant.cost",
                f"falls with volume in {int(falls.sum())} of {cost.shape[0]} draws",
                "a larger plant can always make less, so it cannot cost less",
            )

    def outside(self, volume: Array) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Whether a volume lies below the lowest and above the highest that was costed."""
        slack = 1e-9 * np.asarray(volume)  # sums of needs may miss an end by rounding
        return volume < self.lowest - slack, volume > self.highest + slack

    def at(self, volume: Array) -> Array:
        """The cost at a volume of each draw, shape (n_draws,).

        Outside the volumes that were costed it is the cost at the nearest end: ask
        :meth:`outside` first. Below the lowest end that is a plant larger than needed.
        """
        where, cost = np.log(self._volumes), np.log(self._cost)
        point = np.clip(np.log(volume), where[0], where[-1])
        left = np.clip(np.searchsorted(where, point, side="right") - 1, 0, where.size - 2)
        part = (point - where[left]) / (where[left + 1] - where[left])
        rows = np.arange(point.size) if cost.shape[0] > 1 else np.zeros(point.size, dtype=np.int64)
        low, high = cost[rows, left], cost[rows, left + 1]
        return np.asarray(np.exp(low + part * (high - low)))
