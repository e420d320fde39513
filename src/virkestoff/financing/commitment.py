"""Aid is sunk, buyers retender, owners leave: what a plant does, and when protection ends.

An owner operates, mothballs (closed but can restart) or exits (for good) each year. Two rules that
bracket what an owner can know:

``foresight``
    backward induction over the draw's own margins, which the owner then knows to the end. It is the
    best that an owner can do, so it bounds the owner's value from above.
``myopic``
    looks at the year alone: operate if that loses less than a mothballed year; leave after
    ``patience`` mothballed years in a row.

Amounts are real NOK, shape (n_draws, n_years).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from virkestoff.errors import Fault, FaultCollector, InputError
from virkestoff.production.cashflow import discounted

__all__ = [
    "Commitment",
    "Course",
    "StewardshipEffect",
    "clawback",
    "course",
    "stewardship_effect",
    "worst_decile",
]

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Modes = npt.NDArray[np.int8]

OPERATING, MOTHBALLED, GONE = 0, 1, 2
_STATES = 3  # constant: operating, mothballed, gone


@dataclass(frozen=True)
class Commitment:
    """What operation earns and what leaving costs, NOK, each shape (n_draws, n_years).

    Attributes
    ----------
    margin : what the owner earns in a year of operation, with support, after tax
    mothball_cost : of a year in which the plant is kept but does not run
    restart_cost : paid in the year in which a mothballed plant runs again
    exit_value : what the owner gets by leaving as the year begins; negative where closing costs
    exit_payment : what the owner then pays the state: clawback of aid and agreed exit payments
    duty_payment : paid to the state in a year under contract in which the plant does not run, also
        after the owner has left; zero where there is no capacity duty
    state_support : part of ``margin`` that the state pays; it ends with operation
    """

    margin: Array
    mothball_cost: Array
    restart_cost: Array
    exit_value: Array
    exit_payment: Array
    duty_payment: Array
    state_support: Array

    def __post_init__(self) -> None:
        faults = FaultCollector()
        for name in ("mothball_cost", "restart_cost", "exit_payment", "duty_payment"):
            if (getattr(self, name) < 0).any():
                faults.add(f"commitment: {name}", "is negative in some year",
                           next_step="Write what is paid as a positive amount")  # fmt: skip
        shapes = {name: getattr(self, name).shape for name in self.__dataclass_fields__}
        if len(set(shapes.values())) > 1:
            faults.add("commitment", f"arrays differ in shape: {shapes}")
        faults.raise_if_any()


@dataclass(frozen=True)
class Course:
    """What the owner does and what each actor gets.

    Attributes
    ----------
    modes : 0 operating, 1 mothballed, 2 gone, (n_draws, n_years)
    owner, state : yearly cash, NOK, negative while paying
    owner_value : present value, (n_draws,)
    """

    modes: Modes
    owner: Array
    state: Array
    owner_value: Array

    @property
    def operates(self) -> Flags:
        """Years in which there is protection, (n_draws, n_years)."""
        running: Flags = self.modes == OPERATING
        return running

    @property
    def protected_years(self) -> Array:
        """Number of years of operation, (n_draws,)."""
        years: Array = self.operates.sum(axis=1).astype(np.float64)
        return years


def clawback(aid: Array, years: Array, held_from: int = 0) -> Array:
    """What is reclaimed if operation ends as a year begins, NOK, (n_draws, n_years).

    All aid paid so far while ``year < held_from + years``, then nothing: a maintenance condition
    that ends on a day.

    Parameters
    ----------
    aid : paid each year, (n_draws, n_years)
    years : length of the condition, (n_draws, 1), from year ``held_from`` on
    """
    paid = np.cumsum(aid, axis=1) - aid
    is_held = np.arange(aid.shape[1]) < held_from + np.rint(years)
    return np.where(is_held, paid, 0.0)


def course(
    c: Commitment, rate: Array, rule: Literal["foresight", "myopic"], patience: int = 1
) -> Course:
    """What the owner does under a rule; the plant runs before the first year.

    Parameters
    ----------
    rate : the owner's required return, (n_draws, 1)
    patience : mothballed years in a row after which a myopic owner leaves
    """
    if rule == "foresight":
        modes = _foresight(c, rate)
    elif rule == "myopic":
        modes = _myopic(c, patience)
    else:
        raise InputError(
            Fault("commitment rule", f"'{rule}' is not known",
                  next_step="Choose foresight or myopic")
        )  # fmt: skip
    owner, state = _cash(c, modes)
    return Course(modes, owner, state, discounted(owner, rate))


def _earned(c: Commitment, year: int) -> Array:
    """What the owner gets in ``year`` by state before and after, (3, 3, n_draws); -inf: barred."""
    n_draws = c.margin.shape[0]
    gained = np.full((_STATES, _STATES, n_draws), -np.inf)
    idle = -c.mothball_cost[:, year] - c.duty_payment[:, year]
    gone = -c.duty_payment[:, year]
    leave = c.exit_value[:, year] - c.exit_payment[:, year] + gone
    gained[OPERATING, OPERATING] = c.margin[:, year]
    gained[MOTHBALLED, OPERATING] = c.margin[:, year] - c.restart_cost[:, year]
    gained[:GONE, MOTHBALLED] = idle
    gained[:GONE, GONE] = leave
    gained[GONE, GONE] = gone
    return gained


def _foresight(c: Commitment, rate: Array) -> Modes:
    """Backward induction: ``V_t(s) = max_s' earned_t(s, s') + V_(t+1)(s') / (1 + rate)``."""
    n_draws, n_years = c.margin.shape
    step = 1.0 / (1.0 + rate[:, 0])
    worth = np.zeros((_STATES, n_draws))
    best = np.empty((n_years, _STATES, n_draws), dtype=np.int8)
    for year in range(n_years - 1, -1, -1):
        whole = _earned(c, year) + worth * step
        best[year] = np.argmax(whole, axis=1)  # at equal worth the plant runs
        worth = np.max(whole, axis=1)
    modes = np.empty((n_draws, n_years), dtype=np.int8)
    state, draws = np.zeros(n_draws, dtype=np.int8), np.arange(n_draws)
    for year in range(n_years):
        state = best[year, state, draws]
        modes[:, year] = state
    return modes


def _myopic(c: Commitment, patience: int) -> Modes:
    n_draws, n_years = c.margin.shape
    modes = np.empty((n_draws, n_years), dtype=np.int8)
    state = np.zeros(n_draws, dtype=np.int8)
    idle_years = np.zeros(n_draws, dtype=np.int64)
    for year in range(n_years):
        restart = np.where(state == MOTHBALLED, c.restart_cost[:, year], 0.0)
        idle = -c.mothball_cost[:, year] - c.duty_payment[:, year]
        runs = c.margin[:, year] - restart >= idle
        leaves = ~runs & (idle_years >= patience)
        new = np.where(runs, OPERATING, np.where(leaves, GONE, MOTHBALLED))
        state = np.where(state == GONE, GONE, new).astype(np.int8)
        idle_years = np.where(state == MOTHBALLED, idle_years + 1, 0)
        modes[:, year] = state
    return modes


def _cash(c: Commitment, modes: Modes) -> tuple[Array, Array]:
    before = np.zeros_like(modes)
    before[:, 1:] = modes[:, :-1]
    runs, idle = modes == OPERATING, modes == MOTHBALLED
    leaves = (modes == GONE) & (before != GONE)
    paid = np.where(leaves, c.exit_payment, 0.0) + np.where(runs, 0.0, c.duty_payment)
    owner = np.where(runs, c.margin, 0.0) - np.where(idle, c.mothball_cost, 0.0)
    owner = owner - np.where(runs & (before == MOTHBALLED), c.restart_cost, 0.0)
    owner = owner + np.where(leaves, c.exit_value, 0.0) - paid
    return owner, paid - np.where(runs, c.state_support, 0.0)


def worst_decile(result: Array) -> float:
    """The mean of the worst tenth of the draws: the lowest ``ceil(n / 10)`` of ``result``.

    Parameters
    ----------
    result : more is better, (n_draws,); it needs all draws, not a block of them
    """
    if not result.size or np.isnan(result).any():
        raise InputError(
            Fault("worst decile", "needs at least one draw and no missing result",
                  next_step="Choose an outcome that is defined in every draw")
        )  # fmt: skip
    n_worst = -(-result.size // 10)
    return float(np.sort(result)[:n_worst].mean())


@dataclass(frozen=True)
class StewardshipEffect:
    """What the owner loses when less antibiotic is used, NOK present value, (n_draws,).

    Attributes
    ----------
    tied : under support in step with volume
    free : under support of the same present value that does not follow volume
    """

    tied: Array
    free: Array


def stewardship_effect(
    unit_margin: Array, volume: Array, support: Array, rate: Array, fall: float
) -> StewardshipEffect:
    """How the owner's value changes when volume falls by the share ``fall``, by form of support.

    ``unit_margin`` is price less what varies with volume, NOK per unit; ``support`` is the yearly
    support before the fall, all of these (n_draws, n_years). Tied: ``-fall x PV(unit margin x
    volume + support)``. Free: ``-fall x PV(unit margin x volume)``. The difference is what
    volume-tied support pays the owner to sell more.
    """
    if not 0.0 <= fall <= 1.0:
        raise InputError(
            Fault("stewardship: fall", f"{fall:g} is no fraction from 0 to 1",
                  next_step="Write 30 % as 0.3")
        )  # fmt: skip
    sales = -fall * discounted(unit_margin * volume, rate)
    return StewardshipEffect(sales - fall * discounted(support, rate), sales)
