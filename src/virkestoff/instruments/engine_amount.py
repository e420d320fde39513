"""How much a scheme gives: a value or a range, with each step and what it rests on.

    amount = min(rate x base, (1 - own share) x base, cap), or what the formula says

A part that is not known leaves the amount unknown; what is known still bounds it: a share lies
between nought and one, and an amount is at least nought. A result below the minimum is not given.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from virkestoff.instruments.expression import facts_of
from virkestoff.instruments.intervals import Band, Value, compile_band, compile_interval, times
from virkestoff.instruments.scheme import Reference, UnknownTerm
from virkestoff.instruments.scheme_rules import (
    AMOUNTS_OF_SUPPORT,
    AmountNode,
    DatedScheme,
    ReadParameter,
)
from virkestoff.language import Text

__all__ = ["Amount", "AmountPart", "AmountStep", "compile_amount", "compile_parts"]

PartName = Literal[
    "base", "rate", "formula", "cap", "exceptional_cap", "minimum", "own_share"
]
Facts = Mapping[str, Value]
Range = tuple[float, float]
Choices = Mapping[str, Collection[str | bool]]
_WORDS: dict[str, Text] = {
    "base": Text(nb="Kostnad som teller", en="Cost that counts"),
    "rate": Text(nb="Støtteandel", en="Share of support"),
    "share": Text(nb="Andel av kostnaden", en="Share of the cost"),
    "own_share": Text(nb="Egenandel", en="Own share"),
    "after_own": Text(nb="Høyst det som egenandelen levner",
                      en="At most what the own share leaves"),
    "formula": Text(nb="Beløp etter regelen", en="Amount by the rule"),
    "cap": Text(nb="Øvre grense", en="Upper limit"),
    "after_cap": Text(nb="Høyst den øvre grensen", en="At most the upper limit"),
    "exceptional_cap": Text(nb="Øvre grense unntaksvis", en="Upper limit by exception"),
    "minimum": Text(nb="Nedre grense", en="Lower limit"),
    "after_minimum": Text(nb="Under den nedre grensen gis ingenting",
                          en="Below the lower limit nothing is given"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AmountStep:
    """One step of the derivation.

    ``value`` is ``None`` while it is not known; ``low`` and ``high`` then say what is, and an end
    that is ``None`` has no bound.
    """

    part: str
    name: Text
    expression: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    reads: tuple[tuple[str, Value], ...] = ()
    parameters: tuple[ReadParameter, ...] = ()
    reference: Reference | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """What a scheme gives.

    Attributes
    ----------
    value : the amount, or ``None`` if a part of it is not known
    low, high : what is known of it; ``None`` is no bound
    exceptional : what it may come to by exception alone, where that is more
    per, of : project, year, ...; grant, loan, ...
    missing : facts that would tell more
    unknown_terms : terms of the scheme that were not found
    """

    value: float | None
    low: float | None
    high: float | None
    unit: str
    per: str | None
    of: str | None
    steps: tuple[AmountStep, ...]
    missing: tuple[str, ...]
    unknown_terms: tuple[UnknownTerm, ...]
    exceptional: float | None = None


@dataclass(frozen=True)
class AmountPart:
    """A part of an amount on a date: its cases, or why it is not known."""

    name: PartName
    cases: AmountNode | None
    parameters: tuple[ReadParameter, ...]
    unit: str
    expression: str
    unknown: tuple[UnknownTerm, ...]
    facts: tuple[str, ...]


def compile_parts(dated: DatedScheme) -> dict[str, AmountPart]:
    """The parts that the scheme writes or says are unknown, bound to the date."""
    scheme, found = dated.typed.scheme, dict[str, AmountPart]()
    texts: dict[str, Any] = {"base": scheme.costs.base if scheme.costs else None}
    if scheme.support is not None:
        for name in AMOUNTS_OF_SUPPORT:
            texts[name] = getattr(scheme.support, name)
    if scheme.costs is not None and scheme.costs.unknown is not None and texts["base"] is None:
        texts["base"] = scheme.costs.unknown
    for name, text in texts.items():
        if isinstance(text, UnknownTerm):
            found[name] = AmountPart(name, None, (), "", "", (text,), ())  # type: ignore[arg-type]
        elif name in dated.typed.amounts:
            cases, read = dated.bound_amount(name)
            unknown = tuple(
                p.record.unknown for p in read if p.record is not None and p.record.unknown
            )
            nodes = [n for case in dated.typed.amounts[name] for n in case if n is not None]
            facts = tuple(sorted({f for n in nodes for f in facts_of(n)}))
            shown = text if isinstance(text, str) else "; ".join(
                f"{c.then} ({c.when})" for c in text)  # fmt: skip
            found[name] = AmountPart(
                name, cases, read, dated.typed.units.get(name, "1"), shown, unknown, facts  # type: ignore[arg-type]
            )  # fmt: skip
    return found


def _is_for_all(part: AmountPart, choices: Choices) -> bool:
    """Whether the cases ask for one choice only and one of them holds whatever it is."""
    whens = [when for when, _ in part.cases or () if when is not None]
    names = {name for when in whens for name in facts_of(when)}
    if len(names) != 1 or not names <= choices.keys():
        return False
    (name,) = names
    tests = [compile_band(when) for when in whens]
    return all(any(test({name: choice}) for test in tests) for choice in choices[name])


def _part(
    part: AmountPart | None, widest: Range, choices: Choices, spans: Facts
) -> Callable[[Facts], tuple[Range, bool]]:
    """What a part is, within ``widest``, and whether it is known to a point.

    ``spans`` stands for facts that are missing: how far they can go.
    """
    if part is None or part.cases is None:
        return lambda facts: (widest, False)
    cases = [
        (None if when is None else compile_band(when), compile_interval(then))
        for when, then in part.cases
    ]
    is_for_all = _is_for_all(part, choices)

    def evaluate(facts: Facts) -> tuple[Range, bool]:
        ranges: list[Range] = []
        is_sure = True
        for when, then in cases:
            holds = True if when is None else when(facts)
            if holds is False:
                continue
            found = then(facts)
            is_sure = is_sure and holds is True and found is not None
            if found is None and spans:
                found = then({**spans, **{k: v for k, v in facts.items() if v is not None}})
            ranges.append(widest if found is None else (
                max(found[0], widest[0]), min(found[1], widest[1])))  # fmt: skip
            if holds:
                break
        else:
            is_sure = False
            if not (is_for_all and ranges):
                ranges.append(widest)
        whole = (min(r[0] for r in ranges), max(r[1] for r in ranges))
        return whole, is_sure and whole[0] == whole[1]

    return evaluate


def compile_amount(
    dated: DatedScheme, parts: Mapping[str, AmountPart], choices: Choices, spans: Facts,
    unbounded: frozenset[str] = frozenset(),
) -> Callable[[Facts], Amount | None] | None:
    """The amount of a profile; ``None`` where the scheme writes no part of one.

    Parameters
    ----------
    choices : the values of every choice, and of every yes or no: cases for all of them leave
        nothing over
    spans : how far numbers can go, for a share that rests on one that is missing
    unbounded : those of which the upper end of what can be meant is no bound of an amount
    """
    if not {"rate", "formula", "cap", "base"} & parts.keys():
        return None
    return _Derivation(dated, parts, choices, spans, unbounded).amount


class _Derivation:
    """The steps from cost to amount."""

    def __init__(
        self, dated: DatedScheme, parts: Mapping[str, AmountPart], choices: Choices, spans: Facts,
        unbounded: frozenset[str],
    ) -> None:  # fmt: skip
        self.dated, self.parts = dated, parts
        read = {f for part in parts.values() for f in part.facts} & unbounded
        self.farthest = {n: s.high for n, s in spans.items() if n in read and isinstance(s, Band)}
        money, share = (0.0, math.inf), (0.0, 1.0)
        ranges = {"rate": share, "own_share": share}
        open_spans = {n: Band(s.low, None) if n in unbounded else s
                      for n, s in spans.items() if isinstance(s, Band)}  # fmt: skip
        self.run = {
            name: _part(parts.get(name), ranges.get(name, money), choices,
                        spans if name in ranges else open_spans)
            for name in ("base", *AMOUNTS_OF_SUPPORT)
        }
        self.unit = next((parts[n].unit for n in ("formula", "base", "cap")
                          if n in parts and parts[n].unit), "NOK")  # fmt: skip
        support = dated.typed.scheme.support
        self.per, self.of = (support.per, support.of) if support else (None, None)
        self.reference = support.reference if support else None
        self.is_uncapped = support is not None and support.cap == "none"

    def amount(self, given: Facts) -> Amount:
        """The amount; a band that reaches as far as can be meant has no upper end."""
        opened = {
            n: Band(v.low, None) for n, far in self.farthest.items()
            if isinstance(v := given.get(n), Band) and v.high == far
        }  # fmt: skip
        facts = {**given, **opened} if opened else given
        steps: list[AmountStep] = []
        if "formula" in self.parts:
            now, is_sure = self._read("formula", facts, steps)
        else:
            base, is_base = self._read("base", facts, steps)
            rate, is_rate = self._read("rate", facts, steps)
            now = (times(base[0], rate[0]), times(base[1], rate[1]))
            is_sure = is_base and is_rate
            self._derived("share", now, is_sure, steps)
            if "own_share" in self.parts:
                own, is_own = self._read("own_share", facts, steps)
                left = (times(base[0], 1 - own[1]), times(base[1], 1 - own[0]))
                now = (min(now[0], left[0]), min(now[1], left[1]))
                is_sure = is_sure and is_base and is_own
                self._derived("after_own", now, is_sure, steps)
        before_cap = now
        if not self.is_uncapped and not ("formula" in self.parts and "cap" not in self.parts):
            cap, is_cap = self._read("cap", facts, steps)
            is_below = is_cap and now[1] <= cap[0]
            now = (min(now[0], cap[0]), min(now[1], cap[1]))
            is_sure = (is_sure and (is_cap or is_below)) or (is_cap and now[0] == now[1])
            self._derived("after_cap", now, is_sure, steps)
        if "minimum" in self.parts:
            least, is_least = self._read("minimum", facts, steps)
            now, is_sure = _above(now, is_sure, least, is_least)
            self._derived("after_minimum", now, is_sure, steps)
        exceptional = self._exceptional(before_cap[1], now[1], facts, steps)
        unknown = tuple(t for p in self.parts.values() for t in p.unknown)
        support = self.dated.typed.scheme.support
        unknown += support.unknown if support else ()
        names = (f for p in self.parts.values() for f in p.facts)
        missing = tuple(dict.fromkeys(
            f for f in names if not isinstance(facts.get(f), bool | float | str)))  # fmt: skip
        low, high = now
        return Amount(
            low if is_sure else None, low, None if math.isinf(high) else high, self.unit, self.per,
            self.of, tuple(steps), () if is_sure else missing, unknown, exceptional,
        )  # fmt: skip

    def _exceptional(
        self, uncapped: float, ordinary: float, facts: Facts, steps: list[AmountStep]
    ) -> float | None:
        """The most by exception, where the ordinary limit is what holds the amount down."""
        if "exceptional_cap" not in self.parts:
            return None
        (_, high), _ = self._read("exceptional_cap", facts, steps)
        most = min(uncapped, high)
        return most if ordinary < most < math.inf else None

    def _read(
        self, name: PartName, facts: Facts, steps: list[AmountStep]
    ) -> tuple[Range, bool]:
        (low, high), is_sure = self.run[name](facts)
        part = self.parts.get(name)
        reads = tuple((f, facts.get(f)) for f in part.facts) if part else ()
        steps.append(AmountStep(
            name, _WORDS[name], part.expression if part else "", low if is_sure else None, low,
            None if math.isinf(high) else high, part.unit if part and part.unit else
            ("1" if name in ("rate", "own_share") else self.unit),
            reads, part.parameters if part else (), self.reference,
        ))  # fmt: skip
        return (low, high), is_sure

    def _derived(
        self, name: str, now: Range, is_sure: bool, steps: list[AmountStep]
    ) -> None:
        steps.append(AmountStep(
            name, _WORDS[name], _FORMS[name], now[0] if is_sure else None, now[0],
            None if math.isinf(now[1]) else now[1], self.unit,
        ))  # fmt: skip


_FORMS = {
    "share": "rate * base", "after_own": "min(rate * base, (1 - own_share) * base)",
    "after_cap": "min(amount, cap)", "after_minimum": "0 below minimum",
}  # fmt: skip


def _above(now: Range, is_sure: bool, least: Range, is_least: bool) -> tuple[Range, bool]:
    """Nothing below the minimum; what may lie on either side of it may be nothing."""
    if now[0] >= least[1]:
        return now, is_sure
    if now[1] < least[0]:
        return (0.0, 0.0), True
    return (0.0, now[1]), False


