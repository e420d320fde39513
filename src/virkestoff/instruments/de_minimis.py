"""The de minimis ledger: what is left under the ceiling on a day, for one single undertaking.

Since 11 November 2024 any three years count, up to the day of the award; before 2024 the fiscal
year of the award and the two before it. Between there was no rule in Norway. An entry counts in
euro at the rate of the day on which it was granted; a day whose rate was not given is unknown.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from virkestoff.errors import Fault, FaultCollector, InputError, MissingFact
from virkestoff.evidence import Fact, Library
from virkestoff.instruments.aid_quantities import (
    Currency,
    DayRates,
    Quantity,
    Range,
    ends,
    in_euro,
    total,
)
from virkestoff.instruments.expression import add_months
from virkestoff.instruments.sme import SingleUndertaking, rule
from virkestoff.language import Text

__all__ = ["LedgerEntry", "LedgerLine", "Room", "Window", "room", "window"]

Kind = Literal["general", "sgei"]
_PREFIX = "instruments.de_minimis."
_CEILING = {"general": "instruments.aid.de_minimis.amount",
            "sgei": "instruments.aid.sgei_de_minimis.amount"}  # fmt: skip


@dataclass(frozen=True)
class LedgerEntry:
    """De minimis aid: its gross grant equivalent on the day on which the right to it arose."""

    id: str
    granted: date
    amount: Quantity
    currency: Currency = "NOK"
    undertaking: str = "company"
    kind: Kind = "general"


@dataclass(frozen=True)
class Window:
    """The days whose awards count for an award on ``last``, both included."""

    first: date
    last: date
    is_by_fiscal_year: bool
    fact: str


@dataclass(frozen=True)
class LedgerLine:
    """An entry with its euro, and whether it counts: for sure, possibly, or not and why."""

    entry: LedgerEntry
    nok_per_eur: float | None
    euro: Range
    counts: Literal["yes", "possibly", "no"]
    reason: Text


@dataclass(frozen=True)
class Room:
    """What is left.

    Attributes
    ----------
    status : ``known``: the room is one amount; ``unknown``: it is a range; ``no_rule``: no de
        minimis rule held on the day, nothing may be given; ``rule_not_known``: none was read
    ceiling, used, room : euro; without a rule the room is zero, with none known it is unknown
    missing_rates : days whose rate was not given
    """

    on: date
    kind: Kind
    status: Literal["known", "unknown", "no_rule", "rule_not_known"]
    window: Window | None
    ceiling: float | None
    used: Range
    room: Range
    lines: tuple[LedgerLine, ...]
    missing_rates: tuple[date, ...]
    facts: tuple[Fact, ...]
    notes: tuple[Text, ...]

    def fits(self, euro: float) -> bool | None:
        """Whether a new award fits whole; an award that does not fit gets nothing of the room.

        ``None`` if it is not known. Article 3(7): an award above the ceiling is no de minimis aid,
        not even in part.
        """
        if not (math.isfinite(euro) and euro >= 0):
            raise InputError(Fault("award", f"{euro:g} is no amount from zero up"))
        if self.status in ("no_rule", "rule_not_known"):
            return False if self.status == "no_rule" and euro > 0 else None
        slack = 0.005  # constant: half a cent is the arithmetic's
        if euro <= self.room.low + slack:
            return True
        return False if euro > self.room.high + slack else None


def window(library: Library, on: date, *, fiscal_year_starts: int = 1) -> Window:
    """The window that ends on a day.

    Rolling: from the day after the same day three years before. By fiscal year: from the first day
    of the fiscal year two before the current one.

    Parameters
    ----------
    fiscal_year_starts : month

    Raises
    ------
    MissingFact
        ``rule not known``.
    """
    if not 1 <= fiscal_year_starts <= 12:
        raise InputError(Fault("fiscal_year_starts", f"{fiscal_year_starts} is no month"))
    try:
        found = rule(library, f"{_PREFIX}window_rolling", on)
    except MissingFact:
        found = rule(library, f"{_PREFIX}window_fiscal", on)
        current = on.year if on.month >= fiscal_year_starts else on.year - 1
        first = date(current - int(found.central) + 1, fiscal_year_starts, 1)
        return Window(first, on, True, found.id)
    first = add_months(on, -12 * int(found.central)) + timedelta(days=1)
    return Window(first, on, False, found.id)


def room(
    library: Library,
    on: date,
    entries: Sequence[LedgerEntry],
    rates: DayRates | None = None,
    *,
    members: SingleUndertaking | None = None,
    kind: Kind = "general",
    fiscal_year_starts: int = 1,
) -> Room:
    """What may still be given on a day: ``max(ceiling - sum of the window, 0)``.

    Parameters
    ----------
    entries : in any order
    members : the single undertaking; entries of others do not count; ``None``: every entry counts
    kind : ``sgei`` asks for services of general economic interest, under whose ceiling general de
        minimis aid counts too

    Raises
    ------
    InputError
        lists entries that stand twice or are no amounts.
    """
    _check(entries)
    given = rates or DayRates()
    try:
        limit = rule(library, _CEILING[kind], on)
        if limit.confidence != "read":
            raise MissingFact(Fault(limit.id, f"rule not known on {on}", why="it was not read"))
        span = window(library, on, fiscal_year_starts=fiscal_year_starts)
    except MissingFact:
        return _without(library, on, kind, entries, given, members)
    kinds: set[str] = {"general"}
    facts = [limit, library.facts[span.fact]]
    notes: list[Text] = []
    if kind == "sgei":
        kinds.add("sgei")
        _sgei(library, on, facts, notes)
    lines = tuple(_line(e, span, given, members, kinds, on) for e in _sorted(entries))
    notes += _outside(library, lines)
    used = total(
        Range(x.euro.low if x.counts == "yes" else 0.0, x.euro.high)
        for x in lines if x.counts != "no"
    )  # fmt: skip
    top = limit.central
    left = Range(max(top - used.high, 0.0), max(top - used.low, 0.0))
    missing = sorted({
        x.entry.granted for x in lines
        if x.counts != "no" and x.entry.currency == "NOK" and x.nok_per_eur is None
        and x.entry.amount != 0
    })  # fmt: skip
    return Room(
        on, kind, "known" if left.is_exact else "unknown", span, top, used, left, lines,
        tuple(missing), tuple(facts), tuple(notes),
    )  # fmt: skip


def _outside(library: Library, lines: Sequence[LedgerLine]) -> list[Text]:
    """A note on every award that counts and was granted on a day without a rule."""
    notes = []
    for x in (x for x in lines if x.counts != "no"):
        try:
            rule(library, _CEILING[x.entry.kind], x.entry.granted)
        except MissingFact:
            day = x.entry.granted.isoformat()
            notes.append(
                Text(nb=f"{x.entry.id} ble gitt {day}, uten kjent regel den dagen; den teller med.",
                     en=f"{x.entry.id} was granted {day}, when no known rule held; it counts.")
            )  # fmt: skip
    return notes


def _check(entries: Sequence[LedgerEntry]) -> None:
    faults = FaultCollector()
    names = [e.id for e in entries]
    for name in sorted({n for n in names if names.count(n) > 1}):
        faults.add(f"entry '{name}'", "stands twice", next_step="Give each award its own id")
    for e in entries:
        try:
            ends(e.amount, f"entry '{e.id}'")
        except InputError as problem:
            faults.extend(problem)
    faults.raise_if_any()


def _sorted(entries: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    return sorted(entries, key=lambda e: (e.granted, e.id))


def _sgei(library: Library, on: date, facts: list[Fact], notes: list[Text]) -> None:
    found = rule(library, f"{_PREFIX}sgei_includes_general", on)
    facts.append(found)
    notes.append(Text(
        nb="At alminnelig bagatellstøtte teller med, er lest for reglene av 2014.",
        en="That general de minimis aid counts too was read for the rules of 2014.",
    ))  # fmt: skip


def _line(
    entry: LedgerEntry,
    span: Window,
    rates: DayRates,
    members: SingleUndertaking | None,
    kinds: Collection[str],
    on: date,
) -> LedgerLine:
    rate = rates.on(entry.granted)
    euro = ends(in_euro(entry.amount, entry.currency, rate), f"entry '{entry.id}'")
    counts: Literal["yes", "possibly", "no"] = "yes"
    reason = Text(nb="i vinduet", en="in the window")
    if members is not None and entry.undertaking not in members.certain:
        counts = "possibly"
        reason = Text(nb="kanskje samme foretak", en="possibly the same undertaking")
    if members is not None and entry.undertaking not in members.possible:
        counts, reason = "no", Text(nb="et annet foretak", en="another undertaking")
    if entry.kind not in kinds:
        counts = "no"
        reason = Text(nb="egen ordning med eget tak", en="a rule of its own with its own ceiling")
    if entry.granted > span.last:
        counts, reason = "no", Text(nb="etter dagen", en="after the day")
    if entry.granted < span.first:
        counts, reason = "no", Text(nb="før vinduet", en="before the window")
    return LedgerLine(entry, rate, euro, counts, reason)


def _without(
    library: Library,
    on: date,
    kind: Kind,
    entries: Sequence[LedgerEntry],
    rates: DayRates,
    members: SingleUndertaking | None,
) -> Room:
    """The answer on a day without a rule that was read."""
    nothing = Window(date.max, date.max, False, "")
    words = Text(nb="ingen regel på datoen det spørres for", en="no rule on the day asked for")
    lines = tuple(
        LedgerLine(x.entry, x.nok_per_eur, x.euro, "no", words)
        for x in (_line(e, nothing, rates, members, (kind,), on) for e in _sorted(entries))
    )
    unknown = Range(0.0, math.inf)
    try:
        gap = rule(library, f"{_PREFIX}no_rule", on) if kind == "general" else None
    except MissingFact:
        gap = None
    if gap is None:
        note = Text(nb=f"Regelen er ikke kjent {on.isoformat()}.",
                    en=f"Rule not known on {on.isoformat()}.")  # fmt: skip
        return Room(on, kind, "rule_not_known", None, None, unknown, unknown, lines, (), (),
                    (note,))  # fmt: skip
    note = Text(
        nb="Norge hadde ingen alminnelig regel om bagatellstøtte 1. januar–10. november 2024.",
        en="Norway had no general de minimis rule from 1 January to 10 November 2024.",
    )
    nothing_left = Range(0.0, 0.0)
    return Room(on, kind, "no_rule", None, None, nothing_left, nothing_left, lines, (), (gap,),
                (note,))  # fmt: skip
