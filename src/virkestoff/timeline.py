"""Years as an axis, and periods in which a rule or value holds (convention 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from virkestoff.errors import Fault, InputError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["Period", "Years"]


@dataclass(frozen=True)
class Years:
    """The whole years from ``first`` to ``last``, both included.

    Examples
    --------
    >>> Years(2027, 2030).size
    4
    """

    first: int
    last: int

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InputError(
                Fault(
                    "years",
                    f"[{self.first}, {self.last}] ends before it starts",
                    next_step="Write the first year first",
                )
            )

    @property
    def size(self) -> int:
        """How many years there are."""
        return self.last - self.first + 1

    @property
    def array(self) -> npt.NDArray[np.int64]:
        """The years, shape (n_years,)."""
        import numpy as np

        return np.arange(self.first, self.last + 1, dtype=np.int64)

    def index(self, year: int) -> int:
        """The column of ``year``."""
        if not self.first <= year <= self.last:
            raise InputError(
                Fault("years", f"{year} lies outside {self.first}-{self.last}")
            )
        return year - self.first


@dataclass(frozen=True)
class Period:
    """From a date to a date, both included; ``None`` means that no end is known."""

    start: date | None = None
    end: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether ``day`` lies in the period."""
        return (self.start is None or self.start <= day) and (
            self.end is None or day <= self.end
        )

    def __str__(self) -> str:
        return f"{self.start or '…'} to {self.end or '…'}"
