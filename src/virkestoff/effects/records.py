"""The records of a ledger: who pays and receives, and what is entered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from virkestoff.errors import FaultCollector
from virkestoff.language import Text

__all__ = [
    "EXTENTS",
    "IMPORTANCES",
    "RESOURCES",
    "Actors",
    "Extent",
    "Importance",
    "Payment",
    "PhysicalEffect",
    "UnpricedEffect",
]

Array = npt.NDArray[np.float64]

RESOURCES = "resources"
"""Labour, goods and services drawn from, or released to, other uses. It lies outside society."""

Importance = Literal["small", "medium", "large"]
Extent = Literal[
    "large_negative",
    "medium_negative",
    "small_negative",
    "none",
    "small_positive",
    "medium_positive",
    "large_positive",
]
IMPORTANCES: tuple[Importance, ...] = get_args(Importance)
EXTENTS: tuple[Extent, ...] = get_args(Extent)


@dataclass(frozen=True)
class Actors:
    """Who pays and receives.

    Attributes
    ----------
    public : residents whose budgets are public (state, hospitals); they carry the tax cost
    private : other residents of Norway
    foreign : actors outside Norway; what they gain or lose is no gain or loss of society
    """

    public: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        faults = FaultCollector()
        seen: dict[str, str] = {RESOURCES: "the built-in place outside society"}
        for group in ("public", "private", "foreign"):
            for name in getattr(self, group):
                if name in seen:
                    faults.add(f"actors.{group}: '{name}'", f"is already {seen[name]}")
                seen[name] = f"listed as {group}"
        faults.raise_if_any()

    @property
    def residents(self) -> tuple[str, ...]:
        """Public and private: society."""
        return self.public + self.private

    @property
    def outside(self) -> tuple[str, ...]:
        """Foreign actors and ``resources``: outside society."""
        return (*self.foreign, RESOURCES)

    @property
    def everyone(self) -> tuple[str, ...]:
        """Residents, then those outside."""
        return self.residents + self.outside


@dataclass(frozen=True)
class Payment:
    """One amount from a payer to a receiver.

    ``amount`` is NOK at real prices of the study's price year, shape (n_draws, n_years), never
    negative, read-only.
    """

    effect: str
    payer: str
    receiver: str
    amount: Array


@dataclass(frozen=True)
class PhysicalEffect:
    """An effect in a unit of its own, shape (n_draws, n_years), read-only."""

    name: str
    unit: str
    amount: Array


@dataclass(frozen=True)
class UnpricedEffect:
    """An effect that is described and not priced (plus-minus method)."""

    name: Text
    importance: Importance
    extent: Extent
    reason: Text
