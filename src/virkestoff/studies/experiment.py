"""The draws of a run: every fact one column, every noise one array, keyed by identity."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from virkestoff.evidence import Library
from virkestoff.randomness import stratified, uniforms

__all__ = ["Draws"]

Array = npt.NDArray[np.float64]


@dataclass
class Draws:
    """Columns of sampled facts and noise for ``n_draws`` draws.

    A column is made when it is first asked for, from the seed and its name alone: neither the
    order of asking nor the size of blocks nor the number of threads changes a value.
    """

    library: Library
    seed: int
    n_draws: int
    _columns: dict[str, Array] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fact(self, fact_id: str) -> Array:
        """The draws of a fact in its own unit, shape (n_draws,)."""
        return self._made(f"fact {fact_id}", lambda: self._sampled(fact_id))

    def _sampled(self, fact_id: str) -> Array:
        fact = self.library.fact(fact_id)
        if not fact.is_uncertain:
            return np.full(self.n_draws, fact.central)
        return fact.quantile(stratified(self.seed, "fact", fact_id, n_draws=self.n_draws))

    def noise(self, purpose: str, shape: tuple[int, ...]) -> Array:
        """Uniform noise of a purpose, shape (n_draws, *shape)."""
        size = (self.n_draws, *shape)
        key = f"noise {purpose} {shape}"
        return self._made(key, lambda: uniforms(self.seed, "noise", purpose, size=size))

    def noise_rows(self, purpose: str, shape: tuple[int, ...], start: int, stop: int) -> Array:
        """The noise of draws ``start`` to ``stop`` (not included), the same as in the whole.

        It is not kept here: a block of draws needs no more than its own, and the noise of all draws
        of a monthly model would fill memory.
        """
        size = (self.n_draws, *shape)
        return uniforms(self.seed, "noise", purpose, size=size, rows=(start, stop))

    def _made(self, key: str, make: Callable[[], Array]) -> Array:
        with self._lock:
            if key not in self._columns:
                column = make()
                column.flags.writeable = False
                self._columns[key] = column
            return self._columns[key]

    def uncertain_facts(self, read: set[str]) -> list[str]:
        """The facts in ``read`` whose draws differ, in order of name."""
        return sorted(f for f in read if self.library.fact(f).is_uncertain)
