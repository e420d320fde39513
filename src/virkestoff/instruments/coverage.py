"""Schemes by phase, kind, recipient and market failure: how many, how much, how many reached.

What is counted are schemes, their budgets or the companies they reached, one at a time: that a
scheme exists, that somebody gets it and what it may spend are three things. A scheme that spans two
phases stands in both. Its money cannot be divided, so an amount has bounds: from what belongs there
alone to all that touches the place. An amount that was not read is unknown and never nought.

A place without schemes is a gap in the table. It is no market failure: that needs an argument for
why too little is done without support.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Literal, get_args

from virkestoff.errors import FaultCollector, suggest
from virkestoff.instruments.engine import Engine
from virkestoff.instruments.intervals import Band, Value
from virkestoff.instruments.phases import PhaseRules, Subset, is_in, shares_of
from virkestoff.instruments.scheme import Branch, Kind, Recipient, Scheme
from virkestoff.money import Indices

__all__ = [
    "DIMENSIONS", "UNKNOWN", "Ceiling", "Coverage", "CoverageCell", "Figure", "ceiling_of",
    "chosen_schemes", "coverage", "latest_figure", "status_on",
]  # fmt: skip

Weight = Literal["number", "budget", "reached"]
StandingOn = Literal["existing", "proposed", "ended", "not_begun"]
DIMENSIONS = ("phase", "kind", "recipient", "market_failure", "branch", "status")
UNKNOWN = "unknown"
_COMPANY = "company"
_EURO = "market.nok_per_eur"


@dataclass(frozen=True)
class Figure:
    """A budget or a number reached: the last that was read, up to a date.

    ``is_carried`` is false where the price index does not reach its year: it stands as it was read.
    """

    value: float
    year: int
    is_carried: bool = True


@dataclass(frozen=True)
class CoverageCell:
    """A place in the table.

    Attributes
    ----------
    place : code in each dimension
    n : schemes, divided over phases where the mapping divides them
    schemes : their ids, each once
    low, high : known amounts that belong here alone, and all that touch the place; ``None`` when
        schemes are counted, or when no amount is known
    unknown : ids of the schemes whose amount was not read
    years : first and last year of the amounts
    """

    place: tuple[str, ...]
    n: float
    schemes: tuple[str, ...]
    low: float | None = None
    high: float | None = None
    unknown: tuple[str, ...] = ()
    years: tuple[int, int] | None = None

    @property
    def n_unknown(self) -> int:
        """Schemes whose amount was not read."""
        return len(self.unknown)


@dataclass(frozen=True)
class Coverage:
    """The table. ``price_year`` belongs to budgets; ``n_schemes`` counts each scheme once."""

    by: tuple[str, ...]
    weight: Weight
    on: date
    statuses: tuple[str, ...]
    mapping: str
    cells: tuple[CoverageCell, ...]
    n_schemes: int
    codes: tuple[tuple[str, ...], ...]
    price_year: int | None = None

    def cell(self, *place: str) -> CoverageCell:
        """The cell of a place; empty if no scheme stands there."""
        found = {c.place: c for c in self.cells}
        return found.get(place, CoverageCell(place, 0.0, ()))

    @property
    def empty(self) -> tuple[tuple[str, ...], ...]:
        """The places without a scheme."""
        taken = {c.place for c in self.cells}
        return tuple(p for p in product(*self.codes) if p not in taken and UNKNOWN not in p)


def status_on(scheme: Scheme, on: date) -> StandingOn:
    """Whether a scheme exists on a date; one that has ended exists while its period holds."""
    if scheme.status == "proposed":
        return "proposed"
    period = scheme.period
    if period.from_ is not None and on < period.from_:
        return "not_begun"
    if scheme.status == "ended":
        return "existing" if period.to is not None and on <= period.to else "ended"
    return "existing" if period.to is None or on <= period.to else "ended"


def chosen_schemes(
    schemes: Iterable[Scheme], on: date, statuses: Sequence[str],
    subset: Subset | None = None, as_existing: frozenset[str] = frozenset(),
) -> list[Scheme]:  # fmt: skip
    """The schemes that are counted.

    Parameters
    ----------
    as_existing : proposed or ended schemes that count as existing
    """
    return [
        s for s in schemes
        if ("existing" if s.id in as_existing else status_on(s, on)) in statuses
        and (subset is None or is_in(s, subset))
    ]  # fmt: skip


def latest_figure(
    scheme: Scheme, weight: Weight, on: date, indices: Indices, price_year: int | None
) -> Figure | None:
    """The last budget in NOK of ``price_year``, or the last number of companies, up to a date.

    Projects and awards are not companies: a scheme that only says those is unknown here.
    """
    unit = "NOK" if weight == "budget" else _COMPANY
    records = scheme.budget if weight == "budget" else scheme.reach
    known = [r for r in records if r.unit == unit and r.year <= on.year]
    if not known:
        return None
    last = max(known, key=lambda r: r.year)
    if weight == "reached" or price_year is None:
        return Figure(last.value, last.year)
    written = last.price_year or last.year
    if written not in indices.prices.get("NOK", {}) or price_year < written:
        return Figure(last.value, last.year, is_carried=written == price_year)
    return Figure(indices.to_nok(last.value, "NOK", written, price_year), last.year)


def _codes(rules: PhaseRules) -> dict[str, tuple[str, ...]]:
    return {
        "phase": tuple(rules.phases),
        "kind": get_args(Kind),
        "recipient": get_args(Recipient),
        "market_failure": tuple(rules.market_failures),
        "branch": get_args(Branch),
        "status": ("existing", "proposed", "ended", "not_begun"),
    }


def coverage(
    schemes: Mapping[str, Scheme], rules: PhaseRules, on: date, *,
    by: Sequence[str] = ("phase", "kind"), weight: Weight = "number",
    statuses: Sequence[str] = ("existing",), mapping: str | None = None,
    subset: str | None = None, as_existing: frozenset[str] = frozenset(),
    indices: Indices | None = None,
) -> Coverage:  # fmt: skip
    """Count schemes by any crossing of the dimensions.

    Parameters
    ----------
    by : keys of :data:`DIMENSIONS`
    weight : ``number`` of schemes, ``budget`` (NOK of the last year of the price index), or
        companies ``reached``
    statuses : existing, proposed, ended, not_begun on the date
    mapping, subset : ids in ``rules``
    as_existing : proposed or ended schemes that count as existing

    Raises
    ------
    InputError
        lists everything that is unknown.
    """
    all_codes = _codes(rules)
    _check(by, weight, statuses, mapping, subset, rules, all_codes)
    chosen_mapping = rules.mapping(mapping)
    prices = indices or Indices()
    price_year = max(prices.prices.get("NOK", {}), default=None) if weight == "budget" else None
    counted = chosen_schemes(
        schemes.values(), on, statuses, rules.subsets[subset] if subset else None, as_existing
    )
    if chosen_mapping.how == "listed":  # what a source has not listed is not in its count
        listed = {key for keys in chosen_mapping.listed.values() for key in keys}
        counted = [s for s in counted if s.id in listed]
    look: dict[str, Callable[[Scheme], dict[str, float]]] = {
        "phase": lambda s: shares_of(s, rules, chosen_mapping),
        "kind": lambda s: {s.kind: 1.0},
        "recipient": lambda s: dict.fromkeys(s.recipients, 1.0),
        "market_failure": lambda s: dict.fromkeys((m.id for m in s.market_failures), 1.0),
        "branch": lambda s: dict.fromkeys(s.branches, 1.0),
        "status": lambda s: {"existing" if s.id in as_existing else status_on(s, on): 1.0},
    }
    rows: dict[tuple[str, ...], list[tuple[Scheme, float, bool]]] = {}
    for scheme in counted:
        found = [look[name](scheme) or {UNKNOWN: 1.0} for name in by]
        is_alone = all(len(f) == 1 for f in found)
        for place in product(*found):
            share = 1.0
            for code, places in zip(place, found, strict=True):
                share *= places[code]
            rows.setdefault(place, []).append((scheme, share, is_alone))
    shown = tuple((*all_codes[name], UNKNOWN) for name in by)
    cells = []
    for place in product(*shown):
        if place in rows:
            figures = {
                s.id: latest_figure(s, weight, on, prices, price_year) for s, _, _ in rows[place]
            } if weight != "number" else {}  # fmt: skip
            cells.append(_cell(place, rows[place], figures))
    return Coverage(tuple(by), weight, on, tuple(statuses), mapping or rules.first_mapping,
                    tuple(cells), len(counted), shown, price_year)  # fmt: skip


def _cell(
    place: tuple[str, ...], rows: list[tuple[Scheme, float, bool]],
    figures: Mapping[str, Figure | None],
) -> CoverageCell:  # fmt: skip
    # a third thrice is one: digits beyond the tenth are of the arithmetic
    n = round(math.fsum(share for _, share, _ in rows), 10)
    ids = tuple(s.id for s, _, _ in rows)
    known = {key: f for key, f in figures.items() if f is not None}
    if not known:
        return CoverageCell(place, n, ids, unknown=tuple(figures))
    alone = [known[s.id].value for s, _, is_alone in rows if is_alone and s.id in known]
    years = [f.year for f in known.values()]
    return CoverageCell(
        place, n, ids, sum(alone), sum(f.value for f in known.values()),
        tuple(k for k in figures if k not in known), (min(years), max(years)),
    )  # fmt: skip


def _check(
    by: Sequence[str], weight: str, statuses: Sequence[str], mapping: str | None,
    subset: str | None, rules: PhaseRules, codes: Mapping[str, tuple[str, ...]],
) -> None:  # fmt: skip
    faults = FaultCollector()
    named: list[tuple[str, str, tuple[str, ...]]] = [("--by", name, DIMENSIONS) for name in by]
    named += [("--status", status, codes["status"]) for status in statuses]
    named += [("--weight", weight, get_args(Weight))]
    if mapping is not None:
        named.append(("--mapping", mapping, tuple(rules.mappings)))
    if subset is not None:
        named.append(("--subset", subset, tuple(rules.subsets)))
    for option, given, known in named:
        if given not in known:
            faults.add(f"{option} {given}", "is unknown",
                       next_step=suggest(given, known) or f"Use {', '.join(known)}")  # fmt: skip
    if len(set(by)) != len(by) or not by:
        faults.add("--by", "needs one or more dimensions, each once",
                   next_step=f"Use {', '.join(DIMENSIONS)}")  # fmt: skip
    if not statuses:
        faults.add("--status", "names none", next_step=f"Use {', '.join(codes['status'])}")
    faults.raise_if_any()


@dataclass(frozen=True)
class Ceiling:
    """The most that a scheme gives one applicant by its own rules.

    ``state``: ``known``, ``none`` (a source says that there is no limit) or ``unknown``.
    ``value`` is in NOK as the rule says it, euro at the last yearly mean rate.
    """

    scheme: str
    kind: str
    state: Literal["known", "none", "unknown"]
    value: float | None = None


def ceiling_of(engine: Engine, scheme: str, indices: Indices) -> Ceiling:
    """The most that a scheme gives, read off its rules with nothing known of the applicant.

    Every cost and amount of the applicant lies between nought and no bound; what the rules leave
    is bounded by their own limits or by nothing. Euro is at the last yearly mean rate.
    """
    compiled = engine.schemes[scheme]
    kind = compiled.scheme.kind
    highest = {_most(engine, scheme, indices, top) for top in (1.0, 0.5)}
    if len(highest) == 1 and None not in highest:  # the applicant's own amounts do not move it
        return Ceiling(scheme, kind, "known", highest.pop())
    support = compiled.scheme.support
    is_free = support is not None and support.cap == "none"
    return Ceiling(scheme, kind, "none" if is_free else "unknown")


def _most(engine: Engine, scheme: str, indices: Indices, top: float) -> float | None:
    """The highest amount, the applicant's amounts reaching ``top`` of what can be meant."""
    compiled = engine.schemes[scheme]
    if compiled.amount is None:
        return None
    rates = indices.rates.get("EUR", {})
    facts: dict[str, Value] = {}
    for name in {n for part in compiled.parts.values() for n in part.facts}:
        term = engine.vocabulary.terms[name]
        if name == _EURO and rates:
            facts[name] = rates[max(rates)]
        elif term.type == "number" and term.range is not None:
            facts[name] = Band(0.0, float(term.range[1]) * top)
    amount = compiled.amount(facts)
    return amount.high if amount is not None and amount.unit == "NOK" else None
