"""First-order and total indices from a Saltelli design, with bootstrap intervals.

A design holds base rows A, base rows B drawn apart from A, and for every group g the rows ``AB_g``
(A with the columns of g from B) and ``BA_g`` (B with those from A), as Saltelli (2002) lays it out.
With f the outcome and sums over the base rows,

    S_g = 2 sum (f_BAg - f_B)(f_A - f_ABg) / sum((f_A - f_B)^2 + (f_BAg - f_ABg)^2)
    T_g = sum((f_A - f_ABg)^2 + (f_B - f_BAg)^2) / the same

S (Azzini, Mara and Rosati 2021) is the share of the variance that would go if the group were known,
T (Jansen 1999, over both halves) the share that would stay if all else were. Where f adds up its
groups S and T are equal row by row, so a first-order index above the total is rare; the estimator
of Saltelli et al. (2010), with half the rows, gives many at a few hundred base rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from virkestoff.evidence import Library
from virkestoff.randomness import stratified, stream, uniforms
from virkestoff.studies.experiment import Draws

__all__ = ["NOISE", "OTHERS", "DesignDraws", "Index", "design_draws", "indices"]

Array = npt.NDArray[np.float64]
NOISE, OTHERS = "noise", "others"
RESAMPLES = 500  # constant: bootstrap resamples
TAIL = 0.025  # constant: a 95 per cent interval


@dataclass(frozen=True)
class Index:
    """First-order and total index of a group, each with the ends of its 95 per cent interval."""

    group: str
    first: float
    first_low: float
    first_high: float
    total: float
    total_low: float
    total_high: float


@dataclass
class DesignDraws(Draws):
    """The draws of a design: rows A, then B, then ``AB_g`` and then ``BA_g`` for each group.

    A column depends on the seed, the base and its own name alone. Noise is a group of its own: the
    rows that share a base row share its noise, save those of the noise group.
    """

    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def n_base(self) -> int:
        """Rows of A."""
        return self.n_draws // (2 * len(self.groups) + 2)

    def _sampled(self, fact_id: str) -> Array:
        fact = self.library.fact(fact_id)
        if not fact.is_uncertain:
            return np.full(self.n_draws, fact.central)
        first, second = (
            fact.quantile(stratified(self.seed, "design", half, fact_id, n_draws=self.n_base))
            for half in ("first", "second")
        )
        named = {f for facts in self.groups.values() for f in facts}
        is_other = fact_id not in named
        return self._laid(
            first, second, lambda g, facts: fact_id in facts or (g == OTHERS and is_other)
        )

    def noise_rows(self, purpose: str, shape: tuple[int, ...], start: int, stop: int) -> Array:
        """The rows of the design's own noise."""
        return self.noise(purpose, shape)[start:stop]

    def noise(self, purpose: str, shape: tuple[int, ...]) -> Array:
        """Uniform noise of a purpose, shape (n_draws, *shape)."""

        def make() -> Array:
            size = (self.n_base, *shape)
            first, second = (
                uniforms(self.seed, "design", half, "noise", purpose, size=size)
                for half in ("first", "second")
            )
            return self._laid(first, second, lambda g, _: g == NOISE)

        return self._made(f"noise {purpose} {shape}", make)

    def _laid(
        self, first: Array, second: Array, moves: Callable[[str, Sequence[str]], bool]
    ) -> Array:
        is_moved = [moves(g, facts) for g, facts in self.groups.items()]
        forth = [second if moved else first for moved in is_moved]
        back = [first if moved else second for moved in is_moved]
        return np.concatenate([first, second, *forth, *back])


def design_draws(
    library: Library, seed: int, n_base: int, alone: Sequence[str]
) -> DesignDraws:
    """The design in which each fact of ``alone`` is a group, all others are one, and noise is one.

    It has ``n_base x (2 len(alone) + 6)`` rows.
    """
    groups = {**{fact: (fact,) for fact in alone}, OTHERS: (), NOISE: ()}
    return DesignDraws(library, seed, n_base * (2 * len(groups) + 2), groups=groups)


def indices(outcome: Array, groups: Sequence[str], seed: int = 1) -> tuple[list[Index], int]:
    """The indices of every group, and how many base rows were left out as undefined.

    Parameters
    ----------
    outcome : shape (n_base x (2 n_groups + 2),), in the order of :class:`DesignDraws`
    seed : of the bootstrap
    """
    table = outcome.reshape(2 * len(groups) + 2, -1)
    is_defined = np.isfinite(table).all(axis=0)
    table = table[:, is_defined]
    n = table.shape[1]
    left_out = int(is_defined.size - n)
    every = np.arange(n)[None, :]
    point = _estimates(table, every)
    chosen = stream(seed, "design", "bootstrap").integers(0, n, size=(RESAMPLES, n))
    spread = np.quantile(_estimates(table, chosen), [TAIL, 1 - TAIL], axis=1)
    found = [
        Index(
            group,
            *(float(v) for v in (point[0, 0, i], *spread[:, 0, i])),
            *(float(v) for v in (point[1, 0, i], *spread[:, 1, i])),
        )
        for i, group in enumerate(groups)
    ]
    return found, left_out


def _estimates(table: Array, rows: npt.NDArray[np.intp]) -> Array:
    """First-order and total indices, shape (2, n_resamples, n_groups)."""
    a, b = table[0], table[1]
    forth, back = np.split(table[2:], 2)
    tiny = np.finfo(np.float64).tiny
    first, total = [], []
    for ab, ba in zip(forth, back, strict=True):
        whole = ((a - b) ** 2 + (ba - ab) ** 2)[rows].sum(axis=1)
        whole = np.maximum(whole, tiny)
        first.append(2 * ((ba - b) * (a - ab))[rows].sum(axis=1) / whole)
        total.append(((a - ab) ** 2 + (b - ba) ** 2)[rows].sum(axis=1) / whole)
    return np.stack([np.stack(first, axis=1), np.stack(total, axis=1)])
