"""What of the schemes is stale on a date, or rests on what nobody can open.

None of it is a fault of a file: the rules say so themselves, and answer "rule not known" where they
must. Whether a page still answers is not looked up here; there is no network in the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from virkestoff.errors import FaultCollector, suggest
from virkestoff.instruments.coverage import status_on
from virkestoff.instruments.phases import PhaseRules
from virkestoff.instruments.scheme import Scheme
from virkestoff.instruments.scheme_files import Schemes
from virkestoff.language import Text, format_date

__all__ = ["Finding", "check_market_failures", "findings"]

Sort = Literal["not_checked", "rules_ended", "call_closed", "no_address", "no_document"]


@dataclass(frozen=True)
class Finding:
    """Something to look after; ``subject`` is a scheme, or a source."""

    subject: str
    sort: Sort
    text: Text


def _year_before(on: date) -> date:
    """The same day a year before; 29 February becomes 28 February."""
    day = 28 if (on.month, on.day) == (2, 29) else on.day  # constant: calendar
    return date(on.year - 1, on.month, day)


def findings(
    schemes: Schemes, on: date, addresses: Mapping[str, str | None]
) -> tuple[Finding, ...]:
    """What needs a look, scheme by scheme, then source by source.

    Parameters
    ----------
    addresses : source -> its address; ``None`` where it has none
    """
    found: list[Finding] = []
    without: dict[str, int] = {}
    for key, scheme in schemes.schemes.items():
        sources = dict(addresses)
        for name, record in scheme.sources.items():
            sources[name] = record.get("url") if isinstance(record, Mapping) else None
        found += [Finding(key, *row) for row in _of_scheme(scheme, on)]
        for name in dict.fromkeys(r.source for r in scheme.references if r.source is not None):
            if sources.get(name) is None:
                without[name] = without.get(name, 0) + 1
    found += [
        Finding(name, "no_address", Text(
            nb=f"{n} {'ordning' if n == 1 else 'ordninger'} hviler på kilden",
            en=f"{n} {'scheme rests' if n == 1 else 'schemes rest'} on the source"))
        for name, n in sorted(without.items())
    ]
    return tuple(found)


def _of_scheme(scheme: Scheme, on: date) -> list[tuple[Sort, Text]]:
    found: list[tuple[Sort, Text]] = []
    checked = scheme.last_checked
    if checked < _year_before(on) and status_on(scheme, on) != "ended":
        found.append(("not_checked", Text(
            nb=f"sist sett på {format_date(checked, 'nb')}",
            en=f"last checked on {format_date(checked, 'en')}")))  # fmt: skip
    ends = scheme.valid.to
    if ends is not None and ends < on and status_on(scheme, on) == "existing":
        found.append(("rules_ended", Text(
            nb=f"reglene er kjent til {format_date(ends, 'nb')}",
            en=f"the rules are known to {format_date(ends, 'en')}")))  # fmt: skip
    closing = [c.closes for c in scheme.opening.calls if c.closes is not None]
    if closing and len(closing) == len(scheme.opening.calls) and max(closing) < on:
        found.append(("call_closed", Text(
            nb=f"siste kjente utlysning lukket {format_date(max(closing), 'nb')}",
            en=f"the last call that is known closed on {format_date(max(closing), 'en')}")))
    if any(r.unknown_document for r in scheme.references):
        found.append(("no_document", Text(nb="ingen dokumenter om ordningen er funnet",
                                          en="no document on the scheme was found")))  # fmt: skip
    return found


def check_market_failures(schemes: Schemes, rules: PhaseRules, faults: FaultCollector) -> None:
    """Every market failure that a scheme names, and every scheme that the rules list, is known."""
    for key, scheme in schemes.schemes.items():
        for failure in scheme.market_failures:
            if failure.id not in rules.market_failures:
                faults.add(f"{key}.yaml: market_failures",
                           f"'{failure.id}' is not a market failure",
                           next_step=suggest(failure.id, rules.market_failures))  # fmt: skip
    named: list[tuple[str, Any]] = [
        (f"mappings.{m}.listed", keys)
        for m, mapping in rules.mappings.items() for keys in mapping.listed.values()
    ]  # fmt: skip
    named += [("awards", award.schemes) for award in rules.awards]
    for where, keys in named:
        for scheme_id in (k for k in keys if k not in schemes.schemes):
            faults.add(f"market_failures.yaml: {where}", f"'{scheme_id}' is not a scheme",
                       next_step=suggest(scheme_id, schemes.schemes))  # fmt: skip
