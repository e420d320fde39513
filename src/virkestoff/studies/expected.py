"""Outside values beside which a study's outcomes are put: ``expected.csv`` of a study's folder."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from virkestoff.errors import Fault, FaultCollector, InputError, suggest
from virkestoff.evidence import Library, Statistic
from virkestoff.language import Text
from virkestoff.quantities import currency_of, factor, with_currency
from virkestoff.studies.definition import Definition

__all__ = ["Expected", "in_study_money", "read_expected"]

COLUMNS = ("outcome", "statistic", "why_nb", "why_en")


@dataclass(frozen=True)
class Expected:
    """A published figure, the outcome it is put beside, and why they differ.

    Nothing in the model is fitted to these figures.
    """

    alternative: str
    outcome: str
    statistic: Statistic
    why: Text


def read_expected(
    folder: Path, definition: Definition, library: Library
) -> tuple[Expected, ...]:
    """The rows of ``expected.csv``; none if the study has no such file.

    Raises
    ------
    InputError
        lists every row that names an unknown outcome or statistic, or has no explanation.
    """
    path = folder / "expected.csv"
    if not path.is_file():
        return ()
    name = f"{folder.name}/expected.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            header = tuple(reader.fieldnames or ())
            lines = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise InputError(Fault(name, "cannot be read", why=str(problem))) from None
    if header != COLUMNS:
        raise InputError(
            Fault(f"{name}:1", f"has columns {list(header)}", next_step=f"Write {list(COLUMNS)}")
        )
    faults = FaultCollector()
    runs = {**definition.alternatives, **definition.probes}
    rows = []
    for number, line in enumerate(lines, 2):
        where = f"{name}:{number}"
        alternative, _, outcome = (line["outcome"] or "").partition(".")
        if alternative not in runs or outcome not in definition.outcomes:
            faults.add(where, f"'{line['outcome']}' is no outcome of the study")
        elif line["statistic"] not in library.statistics:
            step = suggest(line["statistic"] or "", library.statistics)
            faults.add(where, f"'{line['statistic']}' is no statistic", next_step=step)
        elif not (line["why_nb"] and line["why_en"]):
            faults.add(where, "does not say in both languages why the figures differ")
        else:
            statistic = library.statistics[line["statistic"]]
            why = Text(nb=line["why_nb"], en=line["why_en"])
            rows.append(Expected(alternative, outcome, statistic, why))
    faults.raise_if_any()
    return tuple(rows)


def in_study_money(
    statistic: Statistic, unit: str, price_year: int, library: Library
) -> tuple[float, float] | None:
    """A published figure as (low, high) in ``unit`` and the study's price year.

    ``None`` where the figure has no value, or nothing carries it. A currency without a price index
    is exchanged in its own year and carried by Norwegian prices.
    """
    value = statistic.value
    if value is None:
        return None
    low, high = (value[0], value[-1]) if isinstance(value, tuple) else (value, value)
    currency = currency_of(statistic.unit)
    if currency is None:
        scale = factor(statistic.unit, unit)
    else:
        year = statistic.price_year or statistic.year
        if year is None:
            return None
        try:
            money = _carried(currency, year, price_year, library)
        except InputError:
            return None
        stated = with_currency(statistic.unit, "NOK").replace("/product", "")
        scale = money * factor(stated, unit)
    return float(low) * scale, float(high) * scale


def _carried(currency: str, year: int, price_year: int, library: Library) -> float:
    if currency in library.indices.prices or currency == "NOK":
        return library.indices.factor(currency, year, price_year)
    exchanged = library.indices.factor(currency, year, year)
    return exchanged * library.indices.factor("NOK", year, price_year)
