"""What each branch of the synthetic population sums to in each year, in whole NOK and persons.

Published totals are met; the years between, for which the sources' figures are lost, are filled in
by the rules below. Nothing here is an observation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from virkestoff.errors import Fault, InputError
from virkestoff.industry.definitions import BRANCHES
from virkestoff.industry.population_plan import Plan

__all__ = ["FIRST", "LAST", "YEARS", "Totals", "branch_totals"]

Whole = npt.NDArray[np.int64]
Array = npt.NDArray[np.float64]
FIRST, LAST = 2009, 2019
"""First and last year of the accounts that source 004 describes."""
YEARS = tuple(range(FIRST, LAST + 1))
_BEST = (2015, 2016)
"""The two years that section 4.5.1 names as those of the highest growth."""
_PHARMA, _DEVICES, _DIGITAL = range(3)


@dataclass(frozen=True)
class Totals:
    """Sums by branch and year, shape (3, 11); for 2020 by branch, shape (3,)."""

    turnover: Whole
    value_creation: Whole
    operating_result: Whole
    depreciation: Whole
    wage_costs: Whole
    employees: Whole
    turnover_2020: Whole
    exports_2020: Whole


def branch_totals(plan: Plan) -> Totals:
    """All totals.

    Raises
    ------
    InputError
        if published figures that are to hold together cannot.
    """
    value = _value_creation(plan)
    turnover = _turnover(plan, value)
    growth = np.array([plan.value(f"turnover_growth_{b}_2020") for b in BRANCHES])
    exports = np.array(
        [0.0, plan.value("exports_medical_devices"), plan.value("exports_digital_health")]
    )
    exports[_PHARMA] = plan.value("exports_all") - exports.sum()
    result = _whole(_margins(plan, turnover) * turnover)
    depreciation = _whole((value - result) * np.float64(plan.assumed("depreciation_share")))
    return Totals(
        _whole(turnover),
        value,
        result,
        depreciation,
        value - result - depreciation,
        _employees(plan, value, result),
        _whole(turnover[:, -1] * (1 + growth)),
        _whole(exports),
    )


def _whole(values: Array) -> Whole:
    return np.rint(values).astype(np.int64)


def _turnover(plan: Plan, value: Whole) -> Array:
    """2019 as published, 2009 by the published growth, between them one course for all branches.

    Growth of the whole is above the limit of section 4.5.1 in 2015 and 2016 only: each year has a
    share of the logarithm of the growth, equal but for those two. Digital health stands between
    this course and that of its value creation, of which yearly rates are published.
    """
    total, pharma = plan.value("turnover_all_2019"), plan.value("turnover_pharmaceuticals_2019")
    devices = plan.value("turnover_share_medical_devices") * total
    last = np.array([pharma, devices, total - pharma - devices])
    first = last / (1 + np.array([plan.value(f"turnover_growth_{b}") for b in BRANCHES]))
    best = np.log1p(plan.value("turnover_best_years") * plan.assumed("best_years_lead"))
    whole = np.log(last.sum() / first.sum())
    other = (whole - len(_BEST) * best) / (len(YEARS) - 1 - len(_BEST))
    steps = [best if year in _BEST else other for year in YEARS[1:]]
    course = np.concatenate([[0.0], np.cumsum(steps)]) / whole
    course[-1] = 1.0
    turnover = np.asarray(first[:, None] * (last / first)[:, None] ** course[None, :])
    ratio = _steady(value[_DIGITAL, 0] / first[_DIGITAL], value[_DIGITAL, -1] / last[_DIGITAL])
    following = value[_DIGITAL] / ratio
    weight = plan.assumed("turnover_digital_health_weight")
    turnover[_DIGITAL] = turnover[_DIGITAL] ** (1 - weight) * following**weight
    return turnover


def _steady(first: float, last: float) -> Array:
    """From the first year's value to the last year's at one rate, shape (11,)."""
    time = np.arange(len(YEARS)) / (len(YEARS) - 1)
    return np.asarray(first * (last / first) ** time)


def _value_creation(plan: Plan) -> Whole:
    """Tabell 0-1 in both end years; 2018 by the published growth from it; digital health's rates.

    The table's branches sum to a million more or less than its total, each figure being rounded.
    The difference is shared by the branches, so that all eight figures round to what is printed.
    """
    first, last = _table(plan, FIRST), _table(plan, LAST)
    low, high = plan.limits("vc_yearly_digital_health")
    values = np.zeros((3, len(YEARS)))
    values[:, 0], values[:, -1] = first, last
    early = first[_DIGITAL] * np.cumprod(1 + np.array([high, low, low, low]))
    n = early.size
    values[_DIGITAL, 1 : n + 1] = early
    rest = len(YEARS) - 1 - n
    rate = (last[_DIGITAL] / early[-1]) ** (1 / rest)
    values[_DIGITAL, n + 1 : -1] = early[-1] * rate ** np.arange(1, rest)
    before = last.sum() / (1 + plan.value("vc_growth_2019")) - values[_DIGITAL, -2]
    share = (len(YEARS) - 2) / (len(YEARS) - 1)
    for branch in (_PHARMA, _DEVICES):
        values[branch, -2] = first[branch] * (last[branch] / first[branch]) ** share
    values[:_DIGITAL, -2] *= before / values[:_DIGITAL, -2].sum()
    time = np.arange(1, len(YEARS) - 2) / (len(YEARS) - 2)
    for branch in (_PHARMA, _DEVICES):
        values[branch, 1:-2] = first[branch] * (values[branch, -2] / first[branch]) ** time
    whole = _whole(values)
    whole[:, 0], whole[:, -1] = _whole(first), _whole(last)
    return whole


def _table(plan: Plan, year: int) -> Array:
    """The branches of Tabell 0-1 in a year, so that they sum to the table's total."""
    parts = np.array([plan.value(f"vc_{b}_{year}") for b in BRANCHES])
    gap = plan.value(f"vc_all_{year}") - parts.sum()
    if abs(gap) / len(BRANCHES) > plan.tolerance(f"vc_all_{year}"):
        raise InputError(
            Fault(f"Tabell 0-1, {year}", "branches and total differ by more than rounding")
        )
    shares = np.full(3, float(int(gap) // 3))
    shares[0] += gap - shares.sum()
    return np.asarray(parts + shares)


def _margins(plan: Plan, turnover: Array) -> Array:
    """Operating margins, shape (3, 11), with pharmaceuticals above the whole by the stated gap.

    Devices and digital health go in straight lines through their published lowest and highest.
    With t the margin of the whole, s the shares of turnover and g the gap,
    ``t = s_p (t + g) + s_d m_d + s_g m_g``. The gap goes in a straight line from the stated one in
    the first year to the one that the margin published for 2019 leaves.
    """
    devices, digital = (_through(plan, BRANCHES[b]) for b in (_DEVICES, _DIGITAL))
    share = turnover / turnover.sum(axis=0)
    others = share[_DEVICES] * devices + share[_DIGITAL] * digital
    last = plan.assumed(f"margin_pharmaceuticals_{LAST}")
    gap_last = last - (share[_PHARMA, -1] * last + others[-1])
    gap = np.linspace(plan.value("margin_gap"), gap_last, len(YEARS))
    whole = (share[_PHARMA] * gap + others) / (1 - share[_PHARMA])
    return np.stack([whole + gap, devices, digital])


def _through(plan: Plan, branch: str) -> Array:
    """Straight lines through the published lowest and highest margin of a branch, shape (11,).

    In which year each stands is an assumption, and so is an end year that is neither of them.
    """
    low, high = plan.limits(f"margin_{branch}")
    known = {y: plan.assumed(f"margin_{branch}_{y}") for y in (FIRST, LAST)
             if plan.assumes(f"margin_{branch}_{y}")}  # fmt: skip
    known[round(plan.assumed(f"margin_{branch}_lowest_year"))] = low
    known[round(plan.assumed(f"margin_{branch}_highest_year"))] = high
    years = sorted(known)
    return np.asarray(np.interp(YEARS, years, [known[y] for y in years]))


def _employees(plan: Plan, value: Whole, result: Whole) -> Whole:
    """Employees in 2009 and 2019 as far as possible from every rounding limit.

    Productivity of pharmaceuticals, growth of productivity, shares and growths of employment are
    linear limits on six numbers; the point with the largest least slack is that of a linear
    programme, each slack measured in the width of its own rounding. Between the ends productivity
    grows at one rate, and employees follow value creation. In digital health, where value creation
    leaps, what is left of it after the operating result grows at one rate per employee instead.
    """
    rows: list[Array] = []
    bounds: list[float] = []

    def between(a: Array, half: float) -> None:
        """``|a x| <= half``, with the slack as a share of ``half``."""
        for sign in (1.0, -1.0):
            rows.append(np.append(sign * a, half))
            bounds.append(half)

    unit = np.eye(6)
    first, last = unit[:3], unit[3:]
    scale = 1000.0  # persons, so that all rows are of one size
    for year, e, k in ((FIRST, first[_PHARMA], 0), (LAST, last[_PHARMA], -1)):
        level = value[_PHARMA, k] / plan.value(f"productivity_{year}") / scale
        spread = plan.tolerance(f"productivity_{year}") / plan.value(f"productivity_{year}")
        _around(rows, bounds, e, level, level * spread)
    for i, branch in enumerate(BRANCHES):
        half = plan.tolerance(f"employees_share_{branch}")
        share = plan.value(f"employees_share_{branch}")
        between(last[i] - share * last.sum(axis=0), half * _size(plan, scale))
        half = plan.tolerance(f"employees_growth_{branch}")
        grown = 1 + plan.value(f"employees_growth_{branch}")
        between(last[i] - grown * first[i], half * _size(plan, scale) * share)
    grown = 1 + plan.value("employees_growth_all")
    half = plan.tolerance("employees_growth_all")
    between(last.sum(axis=0) - grown * first.sum(axis=0), half * _size(plan, scale))
    found = linprog(
        np.append(np.zeros(6), -1.0), A_ub=np.array(rows), b_ub=np.array(bounds),
        bounds=[(0, None)] * 6 + [(0, 1)], method="highs",
    )  # fmt: skip
    if found.status != 0 or found.x is None:
        raise InputError(
            Fault("employees of the synthetic population",
                  "cannot meet productivity, shares and growth at once",
                  next_step="Check the tolerances of these targets")
        )  # fmt: skip
    ends = np.rint(found.x[:6] * scale).reshape(2, 3)
    followed = value.astype(np.float64)
    followed[_DIGITAL] -= result[_DIGITAL]
    level = followed[:, [0, -1]] / ends.T
    return _whole(followed / np.stack([_steady(*pair) for pair in level]))


def _size(plan: Plan, scale: float) -> float:
    """The industry's employees, in the unit of the programme."""
    return plan.value("employees_all") / scale


def _around(rows: list[Array], bounds: list[float], a: Array, level: float, half: float) -> None:
    """``|a x - level| <= half``, with the slack as a share of ``half``."""
    for sign in (1.0, -1.0):
        rows.append(np.append(sign * a, half))
        bounds.append(sign * level + half)
