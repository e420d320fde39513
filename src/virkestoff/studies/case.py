"""What one call of ``evaluate`` sees: one alternative, one block of draws."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from virkestoff.errors import Fault, InputError, MissingFact, suggest
from virkestoff.evidence import SampledParameters
from virkestoff.studies.definition import Definition, Uncertainty, Value
from virkestoff.timeline import Years

__all__ = ["Case", "Kept"]

Array = npt.NDArray[np.float64]
T = TypeVar("T")
Kept = dict[Hashable, tuple[Any, frozenset[str]]]
"""What a study keeps for a block of draws, with the facts that were read to make it."""


class NoiseSource(Protocol):
    """Gives the noise of a purpose for the draws of the block."""

    def __call__(self, purpose: str, *shape: int) -> Array:
        """Uniforms, shape (n_draws, *shape)."""


@dataclass
class Case:
    """One alternative and one block of draws.

    ``case["x"]`` is the uncertainty ``x`` in its declared unit, shape (n_draws, 1).
    """

    alternative: str
    definition: Definition
    levers: Mapping[str, Value]
    parameters: SampledParameters
    noise: NoiseSource
    used_levers: set[str] = field(default_factory=set)
    kept: Kept = field(default_factory=dict)

    @property
    def years(self) -> Years:
        """The years of the study."""
        return self.definition.axis

    @property
    def n_draws(self) -> int:
        """How many draws the block has."""
        return self.parameters.n_draws

    @property
    def shape(self) -> tuple[int, int]:
        """(n_draws, n_years), the shape of every payment."""
        return self.n_draws, self.years.size

    def __getitem__(self, name: str) -> Array:
        uncertainty = self._uncertainty(name)
        return self.parameters(uncertainty.fact, uncertainty.unit)

    def _uncertainty(self, name: str) -> Uncertainty:
        known = self.definition.uncertainties
        if name not in known:
            raise InputError(
                Fault(
                    f"study.py: case['{name}']",
                    "is not declared under uncertainties: in study.yaml",
                    next_step=suggest(name, known),
                )
            )
        return known[name]

    def choice(self, lever: str) -> str:
        """What the alternative chooses for a lever with choices."""
        value = self._lever(lever, "choice")
        return str(value)

    def number(self, lever: str) -> float:
        """The number that the alternative sets a lever to, in the lever's unit."""
        value = self._lever(lever, "number")
        return float(value)

    def _lever(self, name: str, kind: str) -> Value:
        levers = self.definition.levers
        if name not in levers:
            raise InputError(
                Fault(
                    f"study.py: case.{kind}('{name}')",
                    "is not a lever in study.yaml",
                    next_step=suggest(name, levers),
                )
            )
        is_choice = levers[name].choices is not None
        if is_choice != (kind == "choice"):
            other = "choice" if is_choice else "number"
            raise InputError(
                Fault(f"study.py: case.{kind}('{name}')", f"read it with case.{other}('{name}')")
            )
        self.used_levers.add(name)
        return self.levers[name]

    def nominal(self, fact_id: str) -> float:
        """The central value of a fact as it stands, without carrying money to the price year.

        For limits that law states in nominal kroner.
        """
        self.parameters.read.add(fact_id)
        return self.parameters.library.fact(fact_id, self.definition.as_of).central

    def current(self, pattern: str) -> str:
        """The id of the one fact that matches ``pattern`` and holds on the study's date.

        Raises
        ------
        MissingFact
            if none does, or more than one; the message lists the periods that are known.
        """
        library = self.parameters.library
        known = [library.facts[name] for name in fnmatch.filter(library.facts, pattern)]
        day = self.definition.as_of
        holding = [fact for fact in known if fact.valid.period.holds_on(day)]
        if len(holding) != 1:
            listed = "; ".join(f"{fact.id}: {fact.valid.period}" for fact in known) or "none"
            raise MissingFact(
                Fault(
                    f"rule '{pattern}'",
                    f"{len(holding)} of {len(known)} rules hold on {day}, and one is needed",
                    why=f"known rules: {listed}",
                    next_step="Choose another as_of, or add the rule that holds then",
                )
            )
        return holding[0].id

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` gives, made once for the block of draws and shared by its alternatives.

        For what is costly and the same under several alternatives. ``make`` may rest on facts,
        noise and the key, and on no lever that is not in the key. Every alternative that uses it
        counts as having read its facts.
        """
        read = self.parameters.read
        if key not in self.kept:
            before = set(read)
            read.clear()
            value = make()
            self.kept[key] = value, frozenset(read)
            read |= before
        value, facts = self.kept[key]
        read |= facts
        found: T = value
        return found

    def uniforms(self, purpose: str, *shape: int) -> Array:
        """Noise for a purpose, shape (n_draws, *shape): equal across alternatives and blocks."""
        return self.noise(purpose, *shape)
