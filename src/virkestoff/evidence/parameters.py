"""Facts as arrays of draws, in the unit and price year that a model asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from virkestoff.errors import Fault, MissingFact, suggest
from virkestoff.evidence.fact import Fact
from virkestoff.evidence.library import Library
from virkestoff.quantities import currency_of, factor, with_currency

__all__ = [
    "CentralParameters",
    "FixedParameters",
    "Parameters",
    "ReplacedParameters",
    "SampledParameters",
]

Array = npt.NDArray[np.float64]


@runtime_checkable
class Parameters(Protocol):
    """What a model reads its numbers from; it never sees where they come from."""

    @property
    def n_draws(self) -> int:
        """How many draws each parameter has."""

    @property
    def price_year(self) -> int:
        """The year whose prices money is in."""

    def __call__(self, fact_id: str, unit: str) -> Array:
        """The parameter in ``unit``, shape (n_draws, 1); NOK is NOK of ``price_year``."""

    def series(self, fact_id: str, unit: str, years: Sequence[int]) -> Array:
        """A series in ``unit`` at ``years``, shape (n_years,)."""


def in_unit(library: Library, fact: Fact, unit: str, price_year: int) -> float:
    """What a number of ``fact`` is multiplied with to be in ``unit`` (NOK of ``price_year``)."""
    currency = currency_of(fact.unit)
    if currency is None or currency_of(unit) is None:
        return factor(fact.unit, unit)
    assert fact.price_year is not None  # the fact does not load without it
    money = library.indices.factor(currency, fact.price_year, price_year)
    return money * factor(with_currency(fact.unit, "NOK"), unit)


class _LibraryParameters:
    def __init__(self, library: Library, price_year: int, on: date | None) -> None:
        self.library, self.price_year, self.on = library, price_year, on
        self.read: set[str] = set()

    def series(self, fact_id: str, unit: str, years: Sequence[int]) -> Array:
        """A series in ``unit`` at ``years``, shape (n_years,)."""
        fact = self.library.fact(fact_id)
        self.read.add(fact_id)
        scale = in_unit(self.library, fact, unit, self.price_year)
        return np.array([fact.at(int(year)) for year in years]) * scale


class CentralParameters(_LibraryParameters):
    """The central value of every fact: one draw."""

    n_draws = 1

    def __init__(self, library: Library, price_year: int, on: date | None = None) -> None:
        super().__init__(library, price_year, on)

    def __call__(self, fact_id: str, unit: str) -> Array:
        """The central value in ``unit``, shape (1, 1)."""
        fact = self.library.fact(fact_id, self.on)
        self.read.add(fact_id)
        scale = in_unit(self.library, fact, unit, self.price_year)
        return np.full((1, 1), fact.central * scale)


class SampledParameters(_LibraryParameters):
    """Draws of every fact, from columns that the study's experiment has sampled.

    Parameters
    ----------
    column : gives the draws of a fact in the fact's own unit, shape (n_draws,)
    allowed : the fact ids that the study declares; reading any other is a fault
    converted : what has been converted already, by fact and unit. Whoever evaluates several
        alternatives on the same draws, library, date and declarations passes one to all of them
    """

    def __init__(
        self,
        library: Library,
        price_year: int,
        on: date | None,
        column: ColumnSource,
        n_draws: int,
        allowed: frozenset[str] | None = None,
        converted: dict[tuple[str, str], Array] | None = None,
    ) -> None:
        super().__init__(library, price_year, on)
        self.n_draws = n_draws
        self._column, self._allowed = column, allowed
        self._converted = {} if converted is None else converted

    def __call__(self, fact_id: str, unit: str) -> Array:
        """The draws in ``unit``, shape (n_draws, 1); read-only, since all who ask share them."""
        key = fact_id, unit
        if key not in self._converted:
            self._converted[key] = self._in_unit(fact_id, unit)
        self.read.add(fact_id)
        return self._converted[key]

    def _in_unit(self, fact_id: str, unit: str) -> Array:
        fact = self.library.fact(fact_id, self.on)
        if self._allowed is not None and fact_id not in self._allowed:
            raise MissingFact(
                Fault(
                    f"fact '{fact_id}'",
                    "is read but not declared by the study",
                    next_step="Add it (or a pattern such as production.*) under parameters:",
                )
            )
        scale = in_unit(self.library, fact, unit, self.price_year)
        values: Array = self._column(fact_id)[:, None] * scale
        values.flags.writeable = False
        return values


class ColumnSource(Protocol):
    """Gives the draws of a fact in its own unit."""

    def __call__(self, fact_id: str) -> Array:
        """Shape (n_draws,)."""


class ReplacedParameters:
    """Parameters in which some facts are replaced by a choice of the study.

    Parameters
    ----------
    values : fact id -> value in the unit that is asked for, a number or shape (n_draws, 1)
    """

    def __init__(self, parameters: Parameters, values: Mapping[str, float | Array]) -> None:
        self._parameters, self._values = parameters, dict(values)

    @property
    def n_draws(self) -> int:
        """How many draws each parameter has."""
        return self._parameters.n_draws

    @property
    def price_year(self) -> int:
        """The year whose prices money is in."""
        return self._parameters.price_year

    def __call__(self, fact_id: str, unit: str) -> Array:
        """The replaced value, or the parameter, shape (n_draws, 1)."""
        if fact_id not in self._values:
            return self._parameters(fact_id, unit)
        value = np.asarray(self._values[fact_id], dtype=np.float64)
        return np.array(np.broadcast_to(value, (self.n_draws, 1)))

    def series(self, fact_id: str, unit: str, years: Sequence[int]) -> Array:
        """A series in ``unit`` at ``years``, shape (n_years,)."""
        return self._parameters.series(fact_id, unit, years)


class FixedParameters:
    """Values given by hand, for tests and small calculations: id -> value in the unit asked for."""

    def __init__(
        self,
        values: Mapping[str, float | Array],
        price_year: int = 2025,
        n_draws: int = 1,
        series: Mapping[str, Mapping[int, float]] | None = None,
    ) -> None:
        self._values, self._series = dict(values), dict(series or {})
        self.price_year, self.n_draws = price_year, n_draws

    def __call__(self, fact_id: str, unit: str) -> Array:
        """The value, shape (n_draws, 1); the unit is taken on trust."""
        if fact_id not in self._values:
            step = suggest(fact_id, self._values)
            raise MissingFact(Fault(f"fact '{fact_id}'", "was not given", next_step=step))
        value = np.asarray(self._values[fact_id], dtype=np.float64)
        if value.ndim == 0:
            return np.full((self.n_draws, 1), float(value))
        return value.reshape(-1, 1)

    def series(self, fact_id: str, unit: str, years: Sequence[int]) -> Array:
        """A series at ``years``, shape (n_years,)."""
        if fact_id not in self._series:
            raise MissingFact(Fault(f"series '{fact_id}'", "was not given"))
        return np.array([self._series[fact_id][int(year)] for year in years])
