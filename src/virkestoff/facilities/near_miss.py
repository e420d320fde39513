"""Near misses: the smallest change of a request that makes a provider fit.

A change is proposed for one wish at a time, then for two and three together. Each proposal is put
into the request and judged again in full, so that what is told as a near miss is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any, Literal

from virkestoff.facilities.amounts import Amount, exact, in_unit, rounded_down
from virkestoff.facilities.capability_check import Stated
from virkestoff.facilities.countries import in_country
from virkestoff.facilities.near_dates import period_changes
from virkestoff.facilities.reason import Reason
from virkestoff.facilities.request import NOT_NEEDED, Budget, Need, Request
from virkestoff.facilities.window import available
from virkestoff.facilities.window_check import capacity_days, price_of
from virkestoff.language import LANGUAGES, Lang, Text, format_date, format_number

__all__ = ["Change", "NearMiss", "apply_changes", "near_misses", "smallest"]

Field = Literal["countries", "gmp", "batch_size", "quantity", "period", "budget"]
FIELDS: tuple[Field, ...] = ("countries", "gmp", "batch_size", "period", "quantity", "budget")
"""In the order in which one change may depend on another."""
_CURED_BY: dict[str, tuple[Field, ...]] = {
    "country": ("countries",), "gmp": ("gmp",), "certificate": ("gmp",), "scale": ("batch_size",),
    "capacity": ("gmp", "batch_size", "period", "quantity"), "price": ("quantity", "budget"),
}  # fmt: skip
MOST_CHANGES = 3
MOST_SHOWN = 6
_DIGITS = 12
_PERIOD_WORDS = {
    "shift": ("fra {0} til {1}", "from {0} to {1}"),
    "later_end": ("med frist til {1}", "with time until {1}"),
    "earlier_start": ("alt fra {0}", "from as early as {0}"),
}
Judge = Callable[[Need], list[Reason]]


@dataclass(frozen=True)
class Change:
    """One wish as it would have to be.

    ``value`` is what stands in the request instead: an amount, a term, a budget, countries, or for
    ``period`` the pair of first and last day.
    """

    field: Field
    value: Any
    text: Text


@dataclass(frozen=True)
class NearMiss:
    """Changes that together make the provider fit (``fits``) or leave only questions (``ask``).

    ``record`` and ``window`` say by which of the provider's capabilities and lines.
    """

    changes: tuple[Change, ...]
    then: Literal["fits", "ask"]
    record: int = 0
    window: str | None = None

    @property
    def text(self) -> Text:
        """All changes in one line."""
        return Text(
            nb="; ".join(c.text.nb for c in self.changes),
            en="; ".join(c.text.en for c in self.changes),
        )


def _changed(need: Need, change: Change) -> Need:
    if change.field == "period":
        return need.model_copy(update={"from_": change.value[0], "to": change.value[1]})
    return need.model_copy(update={change.field: change.value})


def apply_changes(request: Request, step: int, near_miss: NearMiss) -> Request:
    """The request as it would have to be, with the changes written into one of its steps."""
    steps = list(request.steps)
    for change in near_miss.changes:
        if change.field == "countries":
            request = request.model_copy(update={"countries": change.value})
        elif change.field == "period":
            dates = {"from_": change.value[0], "to": change.value[1]}
            steps[step] = steps[step].model_copy(update=dates)
        else:
            steps[step] = steps[step].model_copy(update={change.field: change.value})
    return request.model_copy(update={"steps": tuple(steps)})


def _decimal(number: Fraction, is_up: bool) -> float:
    """A number with few digits that is not above (below if ``is_up``) the exact one."""
    rounding = ROUND_CEILING if is_up else ROUND_FLOOR
    context = Context(prec=_DIGITS, rounding=rounding)
    return float(context.divide(Decimal(number.numerator), Decimal(number.denominator)))


def _amount_text(nb: str, en: str, amount: Amount) -> Text:
    shown: dict[Lang, str] = {
        lang: f"{format_number(amount.amount, lang, digits=4)} {amount.unit}"
        for lang in ("nb", "en")
    }  # fmt: skip
    return Text(nb=nb.format(shown["nb"]), en=en.format(shown["en"]))


def _countries(need: Need, at: Stated, on: date) -> Iterator[Change]:
    country = at.provider.country
    if need.countries and country not in need.countries:
        yield Change("countries", (*need.countries, country), in_country(country))


def _gmp(need: Need, at: Stated, on: date) -> Iterator[Change]:
    if need.gmp in (None, NOT_NEEDED):
        return
    window = at.window
    stated = window.certificate.scope if window and window.certificate else at.capability.gmp
    for term in stated:
        if not at.capability.is_without_gmp:
            yield Change("gmp", term, Text(nb=f"med {at.name(term, 'nb')}",
                                           en=f"with {at.name(term, 'en')}"))  # fmt: skip
    yield Change("gmp", NOT_NEEDED, Text(nb="uten GMP", en="without GMP"))


def _batch_size(need: Need, at: Stated, on: date) -> Iterator[Change]:
    scale = (at.window.batch if at.window else None) or at.capability.scale
    if need.batch_size is None or scale is None:
        return
    unit = need.batch_size.unit
    low, high = scale.ends(unit) or (None, None)
    if high is not None and need.batch_size.exact > high:
        amount = Amount(amount=_decimal(high, is_up=False), unit=unit)
        yield Change("batch_size", amount, _amount_text("ved {}", "at {}", amount))
    if low is not None and need.batch_size.exact < low:
        amount = Amount(amount=_decimal(low, is_up=True), unit=unit)
        yield Change("batch_size", amount, _amount_text("ved {}", "at {}", amount))


def _largest_quantity(need: Need, at: Stated, on: date) -> Fraction | None:
    """The most that is free and can be paid, in the unit of the request."""
    window, quantity, size = at.window, need.quantity, need.batch_size
    if window is None or quantity is None:
        return None
    free = available(window, *capacity_days(need, window, on)).amount
    most = in_unit(free, window.unit, quantity.unit)
    if most is None and size is not None and quantity.unit == "batch":
        volume = in_unit(free, window.unit, size.unit)
        most = None if volume is None else volume / size.exact
    elif most is None and size is not None and window.unit == "batch":
        most = in_unit(free * size.exact, size.unit, quantity.unit)
    price = price_of(need, window)
    if most is not None and price and need.budget and price > exact(need.budget.high):
        most = min(most, quantity.exact * exact(need.budget.high) / price)
    return None if most is None else rounded_down(most, quantity.unit)


def _quantity(need: Need, at: Stated, on: date) -> Iterator[Change]:
    most = _largest_quantity(need, at, on)
    if most and need.quantity is not None and most < need.quantity.exact:
        amount = Amount(amount=_decimal(most, is_up=False), unit=need.quantity.unit)
        yield Change("quantity", amount, _amount_text("for {}", "for {}", amount))


def _period(need: Need, at: Stated, on: date) -> Iterator[Change]:
    if at.window is None:
        return
    for kind, first, last in period_changes(need, at.window, on):
        dates = {lang: (format_date(first, lang) if first else "",
                        format_date(last, lang) if last else "")
                 for lang in LANGUAGES}  # fmt: skip
        nb, en = _PERIOD_WORDS[kind]
        text = Text(nb=nb.format(*dates["nb"]), en=en.format(*dates["en"]))
        yield Change("period", (first, last), text)


def _budget(need: Need, at: Stated, on: date) -> Iterator[Change]:
    if need.budget is None or at.window is None:
        return
    cost = price_of(need, at.window)
    if cost is not None and cost > exact(need.budget.high):
        high = _decimal(cost, is_up=True)
        shown = {lang: format_number(high, lang, digits=4) for lang in ("nb", "en")}
        budget = Budget(low=need.budget.low, high=high, price_year=need.budget.price_year)
        yield Change("budget", budget, Text(nb=f"for {shown['nb']} kroner",
                                            en=f"for NOK {shown['en']}"))  # fmt: skip


_PROPOSE: dict[Field, Callable[[Need, Stated, date], Iterator[Change]]] = {
    "countries": _countries, "gmp": _gmp, "batch_size": _batch_size, "period": _period,
    "quantity": _quantity, "budget": _budget,
}  # fmt: skip


def _applied(
    need: Need, fields: tuple[Field, ...], at: Stated, on: date
) -> Iterator[tuple[Need, tuple[Change, ...]]]:
    """Every way to change just these wishes, one after the other."""
    if not fields:
        yield need, ()
        return
    for change in _PROPOSE[fields[0]](need, at, on):
        for final, rest in _applied(_changed(need, change), fields[1:], at, on):
            yield final, (change, *rest)


def near_misses(
    need: Need, reasons: list[Reason], at: Stated, on: date, judge: Judge
) -> tuple[NearMiss, ...]:
    """The near misses of one record: no set of wishes that holds a smaller one that suffices.

    Parameters
    ----------
    reasons : the reasons of the need as it is, with at least one ``no``
    judge : all reasons of a changed need

    Returns
    -------
    Fewest changes first, at most ``MOST_SHOWN``; empty if something that no wish can change rules
    the provider out.
    """
    failing = [r.constraint for r in reasons if r.verdict == "no"]
    if any(constraint not in _CURED_BY for constraint in failing):
        return ()
    found: list[NearMiss] = []
    enough: list[set[Field]] = []
    for n_changes in range(1, MOST_CHANGES + 1):
        for fields in combinations(FIELDS, n_changes):
            if any(done <= set(fields) for done in enough):
                continue
            if any(not set(_CURED_BY[c]) & set(fields) for c in failing):
                continue
            for final, changes in _applied(need, fields, at, on):
                judged = judge(final)
                if any(r.verdict == "no" for r in judged):
                    continue
                is_sure = all(r.verdict == "yes" for r in judged)
                found.append(NearMiss(changes, "fits" if is_sure else "ask"))
                enough.append(set(fields))
                if fields == ("gmp",):
                    break  # a class that is stated is the smaller change than none
    return tuple(found[:MOST_SHOWN])


def _way_and_size(need: Need, change: Change) -> tuple[tuple[Any, ...], float]:
    """In which way a wish is changed, and by how much; sizes of one way compare."""
    value = change.value
    if change.field == "batch_size" and need.batch_size is not None:
        larger = value.amount - need.batch_size.amount
        return ("batch_size", larger > 0), abs(larger)
    if change.field == "quantity":
        return ("quantity",), -value.amount
    if change.field == "budget":
        return ("budget",), value.high
    if change.field == "period":
        pairs = ((need.from_, value[0]), (need.to, value[1]))
        moved = [abs((new - old).days) if old and new else 0 for old, new in pairs]
        return ("period", *(bool(m) for m in moved)), max(moved)
    return (change.field,), float(value == NOT_NEEDED)


def smallest(need: Need, found: list[NearMiss]) -> tuple[NearMiss, ...]:
    """Of the near misses of all records of one provider, those that no other makes needless.

    A set of wishes that holds a smaller one is left out, and of the same way to change the same
    wishes the smallest stays.
    """
    sets = [frozenset(c.field for c in near.changes) for near in found]
    best: dict[tuple[Any, ...], tuple[tuple[float, ...], NearMiss]] = {}
    for near, fields in zip(found, sets, strict=True):
        if any(other < fields for other in sets):
            continue
        parts = [_way_and_size(need, change) for change in near.changes]
        way = tuple(w for w, _ in parts)
        sizes = tuple(size for _, size in parts)
        if way not in best or sizes < best[way][0]:
            best[way] = sizes, near
    ordered = sorted((near for _, near in best.values()), key=lambda n: len(n.changes))
    return tuple(ordered[:MOST_SHOWN])
