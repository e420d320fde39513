"""The appraisal rules that hold on a date, read from the library (convention 3).

A rule is a fact whose id is ``costbenefit.<slot>.<name>``; several facts may fill one slot at
different times, and the one that holds on the date is used. If none does, the error names the
periods that are known. Code holds no rate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from virkestoff.discounting import Rates
from virkestoff.errors import Fault, FaultCollector, InputError, MissingFact
from virkestoff.evidence import Fact, Library
from virkestoff.quantities import convert

__all__ = ["Rules", "fact_on", "rules_on"]

_SUBJECT = "costbenefit"
_SLOTS: Mapping[str, str] = {
    "discount_rate_first": "1/year",
    "discount_rate_second": "1/year",
    "discount_rate_third": "1/year",
    "discount_switch_first": "year",
    "discount_switch_second": "year",
    "tax_financing_cost": "1",
}


@dataclass(frozen=True)
class Rules:
    """What the state's rules for appraisal say on a date.

    Attributes
    ----------
    as_of : the date
    rates : the falling real discount rate
    tax_financing_cost : NOK per NOK of net public financing
    facts : ids of the facts that were read, for citation
    """

    as_of: date
    rates: Rates
    tax_financing_cost: float
    facts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0.0 <= self.tax_financing_cost < 1.0:
            raise InputError(
                Fault(
                    f"{_SUBJECT}.tax_financing_cost",
                    f"{self.tax_financing_cost:g} is no fraction from 0 to 1",
                    next_step="Write 20 øre per krone as 0.20",
                )
            )


def fact_on(library: Library, slot: str, as_of: date) -> Fact:
    """The one fact that fills ``costbenefit.<slot>`` on a date.

    Raises
    ------
    MissingFact
        if none holds then; the fault lists the periods that are known.
    InputError
        if more than one does.
    """
    where = f"{_SUBJECT}.{slot}"
    candidates = [f for f in library.facts.values() if f.id.startswith(f"{where}.")]
    holding = [f for f in candidates if f.valid.period.holds_on(as_of)]
    if len(holding) > 1:
        names = ", ".join(f.id for f in holding)
        raise InputError(
            Fault(where, f"has {len(holding)} rules on {as_of}", why=names,
                  next_step="End the older one where the newer begins")
        )  # fmt: skip
    if not holding:
        known = "; ".join(f"{f.id}: {f.valid.period}" for f in candidates) or "none"
        raise MissingFact(
            Fault(
                where,
                f"no rule is known to hold on {as_of}",
                why=f"known rules: {known}",
                next_step="Choose another as_of date or add the rule with its source",
            )
        )
    return holding[0]


def rules_on(library: Library, as_of: date) -> Rules:
    """The rules that hold on ``as_of``.

    Raises
    ------
    MissingFact
        lists every rule that is not known to hold on the date.
    """
    faults = FaultCollector()
    found: dict[str, float] = {}
    read: list[str] = []
    for slot, unit in _SLOTS.items():
        try:
            fact = fact_on(library, slot, as_of)
        except InputError as problem:
            faults.extend(problem)
            continue
        found[slot] = float(convert(fact.central, fact.unit, unit))
        read.append(fact.id)
    faults.raise_if_any(MissingFact)
    rates = Rates(
        (
            found["discount_rate_first"],
            found["discount_rate_second"],
            found["discount_rate_third"],
        ),
        (round(found["discount_switch_first"]), round(found["discount_switch_second"])),
    )
    return Rules(as_of, rates, found["tax_financing_cost"], tuple(read))
