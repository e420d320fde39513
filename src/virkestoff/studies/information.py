"""What it is worth to know before deciding: perfect and partial value of information.

With ``L(a)`` the loss of alternative a (less is better), all in the decision outcome's unit:

    EVPI     = min_a E[L(a)] - E[min_a L(a)]
    EVPPI(x) = min_a E[L(a)] - E_x[min_a E[L(a) | x]]

EVPPI is the worth of knowing x alone. ``E[L(a) | x]`` is estimated by regression on the draws
(Strong, Oakley and Brennan 2014): of the loss less that of the best alternative, on the fact and on
Legendre polynomials of its rank. Taking the least of fitted values would overstate the worth, since
noise in the fits is taken for knowledge. Here one half of the draws chooses (the alternative for
every value of x) and the other half pays (what that choice gains), and then in turn; the mean of
both is free of that bias and errs low, by what is lost in choosing from half the draws. A worth
that cannot be told from noise is zero: it must exceed its standard error by the quantile that the
largest of all facts without worth stays under nineteen times in twenty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.polynomial.legendre import legvander
from scipy.special import ndtri  # scipy.stats would take longer to load than the library

__all__ = ["Worth", "partial", "partial_of_group", "perfect"]

Array = npt.NDArray[np.float64]
DEGREE = 5  # constant: of the polynomial in the rank of a fact
GROUP_DEGREE = 2  # constant: the same where many facts share a regression
GROUP_FACTS = 12  # constant: facts of a group that enter its regression, the strongest first
FEW_VALUES = 20  # constant: a fact with no more different values has a mean for each
CHANCE = 0.05  # constant: chance that any of the facts without worth passes
RIDGE = 1e-9
LEAST_DRAWS = 40  # constant: fewer say nothing


@dataclass(frozen=True)
class Worth:
    """What knowing something is worth, in the unit of the outcome, and its standard error."""

    value: float
    se: float


def perfect(losses: Mapping[str, Array]) -> Worth:
    """EVPI: the worth of knowing everything, noise included. ``losses``: name -> (n_draws,)."""
    gains = _best(losses) - np.minimum.reduce(list(losses.values()))
    n = gains.size
    se = float(gains.std(ddof=1) / np.sqrt(n)) if n > 1 else 0.0
    return Worth(max(0.0, float(gains.mean())), se)


def partial(losses: Mapping[str, Array], fact: Array, n_facts: int = 1) -> Worth:
    """EVPPI of one fact.

    Parameters
    ----------
    losses : alternative -> (n_draws,)
    fact : its draws, shape (n_draws,)
    n_facts : how many facts are looked at together, for the test against noise
    """
    return _worth(losses, [_design(fact, DEGREE)], n_facts)


def partial_of_group(
    losses: Mapping[str, Array], facts: Mapping[str, Array], n_facts: int = 1
) -> Worth:
    """EVPPI of several facts together, by an additive regression on the strongest of them."""
    designs = [_design(facts[name], GROUP_DEGREE) for name in sorted(facts)]
    return _worth(losses, designs, n_facts)


def _best(losses: Mapping[str, Array]) -> Array:
    return losses[min(losses, key=lambda name: float(losses[name].mean()))]


def _design(fact: Array, degree: int) -> Array:
    """Columns for a regression on a fact without the constant, shape (n_draws, n_columns)."""
    different = np.unique(fact)
    if different.size <= FEW_VALUES:
        return np.asarray(fact[:, None] == different[1:], dtype=np.float64)
    ranks = np.empty(fact.size)
    ranks[np.argsort(fact, kind="stable")] = np.arange(fact.size)
    u = 2.0 * (ranks + 0.5) / fact.size - 1.0
    z = (fact - fact.mean()) / fact.std()
    return np.column_stack([z, legvander(u, degree)[:, 1:]])


def _worth(losses: Mapping[str, Array], designs: Sequence[Array], n_facts: int) -> Worth:
    best = _best(losses)
    n = best.size
    # Losses against the best: its own is zero, and what all alternatives share drops out.
    against = np.stack([loss - best for loss in losses.values() if loss is not best], axis=1)
    if n < LEAST_DRAWS or not against.any():
        return Worth(0.0, 0.0)
    halves = np.arange(0, n, 2), np.arange(1, n, 2)
    gains = np.empty(n)
    for chooser, payer in (halves, halves[::-1]):
        kept = _strongest(designs, against, chooser)
        columns = np.column_stack([np.ones(n), *kept])
        weights = _fit(columns[chooser], against[chooser])
        fitted = np.einsum("nk,ka->na", columns[payer], weights, optimize=False)
        choice = np.argmin(fitted, axis=1)
        is_left = np.take_along_axis(fitted, choice[:, None], axis=1)[:, 0] < 0
        paid = np.take_along_axis(against[payer], choice[:, None], axis=1)[:, 0]
        gains[payer] = np.where(is_left, -paid, 0.0)
    value, se = float(gains.mean()), float(gains.std(ddof=1) / np.sqrt(n))
    floor = float(ndtri(1 - CHANCE / max(1, n_facts))) * se
    return Worth(value if value > floor else 0.0, se)


def _strongest(
    designs: Sequence[Array], against: Array, chooser: npt.NDArray[np.intp]
) -> list[Array]:
    """The designs that explain most of the losses in the choosing half, at most a dozen."""
    if len(designs) <= GROUP_FACTS:
        return list(designs)
    losses = against[chooser] - against[chooser].mean(axis=0)
    spread = np.maximum(np.sqrt((losses**2).sum(axis=0)), np.finfo(np.float64).tiny)
    strength = []
    for design in designs:
        x = design[chooser] - design[chooser].mean(axis=0)
        explained = _gram(x, losses) / np.sqrt(np.maximum((x**2).sum(axis=0), RIDGE))[:, None]
        strength.append(float(((explained / spread) ** 2).sum()))
    order = np.argsort(-np.array(strength), kind="stable")[:GROUP_FACTS]
    return [designs[i] for i in sorted(order)]


def _gram(a: Array, b: Array) -> Array:
    """``a' b`` in numpy's own fixed order: BLAS may differ in the last bit between machines."""
    return np.asarray(np.einsum("ni,nj->ij", a, b, optimize=False))


def _fit(columns: Array, losses: Array) -> Array:
    """Least squares; a trace of a ridge keeps columns that say the same from dividing by zero."""
    gram = _gram(columns, columns)
    gram[np.diag_indices_from(gram)] += RIDGE * columns.shape[0]
    return np.asarray(np.linalg.solve(gram, _gram(columns, losses)))
