"""Whether a user's accounts are in the unit that is stated: NOK, NOK 1,000 or NOK million.

A wrong unit makes every figure wrong by a factor of a thousand, and nothing else in the file tells.
What a person costs or sells does: it lies within a factor of thirty of what is published.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from virkestoff.errors import FaultCollector
from virkestoff.evidence import Library
from virkestoff.industry.definitions import thresholds
from virkestoff.language import format_number

__all__ = ["UNITS", "check_unit"]

UNITS = (1, 1_000, 1_000_000)
"""NOK of one unit of the amounts."""
STEP = 1000.0
"""From a unit to the next."""
Record = Mapping[str, Any]


@dataclass(frozen=True)
class _Yardstick:
    """An amount in the middle of the file, what it should be near to, and how near either way."""

    what: str
    seen: float
    n: int
    expected: float
    why: str
    below: float
    above: float

    def is_off(self, factor: float = 1.0) -> bool:
        ratio = self.seen * factor / self.expected
        return not 1 / self.below <= ratio <= self.above


def check_unit(
    records: Sequence[Record], unit: int, name: str, library: Library, faults: FaultCollector
) -> None:
    """Report a unit that cannot be, with what was seen and which unit would fit.

    The first of these that the file holds decides: wage costs per employee, within the square root
    of a thousand of a modest year's pay; turnover per employee, within the same of the industry's;
    turnover alone, from a thousandth of that of the industry's mean company (most are far smaller
    than the mean) to the square root of a thousand times it. Each is a median over the rows that
    have it, so that a few odd companies decide nothing.

    Parameters
    ----------
    records : rows with amounts in NOK, by the stated unit
    unit : NOK of one unit, as stated
    name : the file
    library : published figures
    faults : where the fault goes
    """
    yard = _yardstick(records, library)
    if yard is None or not yard.is_off():
        return
    fitting = [other for other in UNITS if not yard.is_off(other / unit)]
    seen = f"NOK {format_number(yard.seen, 'en', decimals=0)}"
    right = "or say --unit-is-right (is_unit_right: true in the mapping) if it holds"
    step = f"Check the unit and the columns of the mapping; {right}"
    if fitting:
        best = min(fitting, key=lambda u: abs(math.log(yard.seen * u / unit / yard.expected)))
        step = f"Try --unit {best}; {right}"
    faults.add(f"{name}: unit {unit}", f"gives {yard.what} of {seen} in the middle of "
               f"{yard.n} row{'s' if yard.n > 1 else ''}", yard.why, step)  # fmt: skip


def _yardstick(records: Sequence[Record], library: Library) -> _Yardstick | None:
    def median(above: str, below: str = "") -> tuple[float, int]:
        values = [
            r[above] / (r[below] if below else 1)
            for r in records
            if (r.get(above) or 0) > 0 and (not below or (r.get(below) or 0) > 0)
        ]
        return (statistics.median(values) if values else 0.0), len(values)

    near = math.sqrt(STEP)
    pay = thresholds(library).wage_floor_nok
    turnover, staff, companies = (
        _published(library, name)
        for name in ("m4_turnover_2019_app", "m4_i_employees", "m4_i_companies")
    )
    each, mean = turnover / staff, turnover / companies
    seen, n = median("wage_costs_nok", "employees")
    if n:
        why = f"a modest year's pay is about NOK {format_number(pay, 'en', decimals=0)}"
        return _Yardstick("wage costs per employee", seen, n, pay, why, near, near)
    seen, n = median("turnover_nok", "employees")
    if n:
        why = f"the industry has about NOK {each / 1e6:.1f} million of turnover per employee"
        return _Yardstick("turnover per employee", seen, n, each, why, near, near)
    seen, n = median("turnover_nok")
    if n:
        why = f"a company of the industry has NOK {mean / 1e6:.0f} million of turnover in the mean"
        return _Yardstick("turnover per company", seen, n, mean, why, STEP, near)
    return None


def _published(library: Library, name: str) -> float:
    value = library.statistics[name].value
    assert isinstance(value, int | float)
    return float(value)
