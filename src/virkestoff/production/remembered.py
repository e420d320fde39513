"""Parameters that remember: each fact is converted once, however often a model reads it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from virkestoff.evidence import Parameters
from virkestoff.production.activity import Array

__all__ = ["RememberedParameters", "remember"]

T = TypeVar("T")


class RememberedParameters:
    """Passes every question on once and keeps the answer.

    Parameters
    ----------
    parameters : asked, and so the one that records which facts were read
    """

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self._answers: dict[tuple[str, str], Array] = {}
        self._results: dict[tuple[str, int], tuple[object, Any]] = {}

    @property
    def n_draws(self) -> int:
        """How many draws each parameter has."""
        return self._parameters.n_draws

    @property
    def price_year(self) -> int:
        """The year whose prices money is in."""
        return self._parameters.price_year

    def __call__(self, fact_id: str, unit: str) -> Array:
        """The parameter in `unit`, shape (n_draws, 1)."""
        key = (fact_id, unit)
        if key not in self._answers:
            values = self._parameters(fact_id, unit)
            values.flags.writeable = False  # it is shared by all who ask
            self._answers[key] = values
        return self._answers[key]

    def once(self, name: str, subject: object, make: Callable[[], T]) -> T:
        """What ``make`` gives for a subject, made when first asked for.

        Parameters
        ----------
        name : of what is made; it may rest on the subject and these parameters only
        """
        key = name, id(subject)
        if key not in self._results:
            self._results[key] = (
                subject,
                make(),
            )  # the subject is kept, so that its id stays its own
        result: T = self._results[key][1]
        return result

    def series(self, fact_id: str, unit: str, years: Sequence[int]) -> Array:
        """A series in `unit` at `years`, shape (n_years,)."""
        return self._parameters.series(fact_id, unit, years)


def remember(parameters: Parameters) -> RememberedParameters:
    """Wrap `parameters`, unless they remember already.

    A study that designs and operates several plants with the same draws wraps once and passes the
    result to all of them.
    """
    if isinstance(parameters, RememberedParameters):
        return parameters
    return RememberedParameters(parameters)
