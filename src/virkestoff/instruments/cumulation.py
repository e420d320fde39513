"""Aid from several hands to the same eligible costs (Article 8 of the block exemption).

Costs stand in categories. Aid to a category from all awards together stays below the highest
ceiling of the articles behind them; de minimis aid to the same costs counts and raises no ceiling;
centrally managed Union funds are no state aid, but everything together stays below the Union's
rate. An award that covers several categories may be placed on them as suits: the excess is what no
placing can hold,

    excess = total aid - largest flow (award -> state aid of a category -> all money of it).

Aid without identifiable costs (articles 21 and 22) stands beside, up to its own amount.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from virkestoff.errors import FaultCollector, InputError, MissingFact, suggest
from virkestoff.evidence import Library
from virkestoff.instruments.aid import REGIONAL, Size
from virkestoff.instruments.aid_intensity import (
    ANY_COST,
    ArticleAnswer,
    article_answer,
    check_article,
)
from virkestoff.instruments.aid_quantities import Currency, Quantity, Range, ends, total
from virkestoff.instruments.aid_titles import article_title
from virkestoff.instruments.intervals import Band
from virkestoff.instruments.sme import rule
from virkestoff.language import Text

__all__ = [
    "UNION",
    "AidAward",
    "CategoryLine",
    "Cost",
    "Cumulation",
    "LimitLine",
    "cumulate",
    "largest_flow",
]

UNION = "union"
"""The "article" of money that the Union manages centrally: it is no state aid."""
_WITHOUT_COSTS = ("21", "22")
_FREE = ("de_minimis", "sgei_de_minimis")
_CENT = 100
_ENDLESS = 10**18  # constant: above any sum of money in cents
_BOUNDLESS = 10**24  # constant: holds any number of awards without end


@dataclass(frozen=True)
class Cost:
    """A category of eligible cost, in euro (or in NOK where ``cumulate`` is told so)."""

    id: str
    amount: Quantity


@dataclass(frozen=True)
class AidAward:
    """An award, given or planned; ``aid`` is its gross grant equivalent in euro.

    Attributes
    ----------
    article : such as ``25_industrial``, ``de_minimis``, ``22``, or ``union``
    costs : ids of the categories it covers; none: it has no identifiable costs
    bonuses : additions of its article
    funding_rate : of Union money: the largest share that all public money may reach; ``None`` if it
        is not known
    """

    id: str
    article: str
    granted: date
    aid: Quantity
    costs: tuple[str, ...] = ()
    bonuses: tuple[str, ...] = ()
    funding_rate: float | None = None


@dataclass(frozen=True)
class CategoryLine:
    """A category: its cost, the ceiling of state aid to it, which article gives it, Union limit."""

    cost: str
    amount: Range
    ceiling: Range
    article: str | None
    union_limit: Range | None
    awards: tuple[str, ...]


@dataclass(frozen=True)
class LimitLine:
    """A limit beside cumulation: an award's own ceiling, or an article's threshold or amount."""

    what: Literal["own_ceiling", "threshold", "amount"]
    subject: str
    aid: Range
    limit: Range
    status: Literal["within", "above", "unknown"]


@dataclass(frozen=True)
class Cumulation:
    """Whether awards fit together.

    Attributes
    ----------
    status : ``allowed`` and ``exceeded`` hold whatever the unknowns are
    excess : euro above what can be held, from the least to the most that is possible
    limits : own ceilings, thresholds of notification, amounts
    missing : what would settle it
    """

    status: Literal["allowed", "exceeded", "unknown"]
    excess: Range
    total: Range
    categories: tuple[CategoryLine, ...]
    limits: tuple[LimitLine, ...]
    missing: tuple[Text, ...]
    facts: tuple[str, ...]
    sources: tuple[str, ...]
    unverified: tuple[str, ...]


def cumulate(
    library: Library,
    costs: Sequence[Cost],
    awards: Sequence[AidAward],
    sizes: Collection[Size],
    *,
    currency: Currency = "EUR",
) -> Cumulation:
    """Whether all aid to the same costs stays below the highest ceiling.

    Each award's article is read on the day of the award.

    Parameters
    ----------
    currency : that of every cost and award. In NOK a ceiling is the article's share of the cost;
        limits that the law states in euro are then unknown

    Raises
    ------
    InputError
        lists awards with unknown costs or articles, names that stand twice, impossible rates.
    """
    _check(library, costs, awards)
    reach = {c.id: ends(c.amount, f"cost '{c.id}'") for c in costs}
    money = {a.id: ends(a.aid, f"award '{a.id}'") for a in awards}
    answers: dict[tuple[str, str], ArticleAnswer] = {}
    for a in awards:
        if a.article == UNION or a.article in _FREE:
            continue
        for c in a.costs:
            answers[a.id, c] = article_answer(
                library, a.article, a.granted, sizes, _quantity(reach[c]), a.bonuses
            )
            if currency == "NOK":
                answers[a.id, c] = _by_share(answers[a.id, c])
    lines = tuple(_category(c.id, reach[c.id], awards, answers) for c in costs)
    placed = [a for a in awards if a.costs]
    high = _excess(placed, lines, {k: r.high for k, r in money.items()}, "low")
    low = _excess(placed, lines, {k: r.low for k, r in money.items()}, "high")
    missing = _missing(awards, answers, reach, money)
    facts, unruled = _law(library, awards)
    if unruled:
        low, high = 0.0, math.inf
        missing = [*unruled, *missing]
    limits = _limits(library, awards, answers, money, sizes)
    if currency == "NOK":
        limits = tuple(
            x if x.what == "own_ceiling"
            else LimitLine(x.what, x.subject, x.aid, Range(0.0, math.inf), "unknown")
            for x in limits
        )  # fmt: skip
    status: Literal["allowed", "exceeded", "unknown"] = "unknown"
    if low > 0:
        status = "exceeded"
    elif high == 0:
        status = "allowed"
    return Cumulation(
        status, Range(low, high), total(money.values()), lines, limits,
        tuple(missing) if status == "unknown" else (), facts,
        tuple(dict.fromkeys(s for x in answers.values() for s in x.sources)),
        tuple(dict.fromkeys(u for x in answers.values() for u in x.unverified)),
    )  # fmt: skip


def _by_share(answer: ArticleAnswer) -> ArticleAnswer:
    """The answer where money is not in euro: the share of the cost, if the article has one."""
    if answer.status == "not_known" or math.isnan(answer.share.low) or answer.article == REGIONAL:
        return replace(answer, aid=Range(0.0, math.inf))
    share, cost = answer.share, answer.cost
    high = share.high * cost.high if share.high else 0.0
    return replace(answer, aid=Range(share.low * cost.low, high))


def _quantity(found: Range) -> Quantity:
    if found.is_exact:
        return found.low
    return Band(found.low, None if math.isinf(found.high) else found.high)


def _check(library: Library, costs: Sequence[Cost], awards: Sequence[AidAward]) -> None:
    faults = FaultCollector()
    known = list(dict.fromkeys(c.id for c in costs))
    for what, names in (("cost", [c.id for c in costs]), ("award", [a.id for a in awards])):
        for name in sorted({n for n in names if names.count(n) > 1}):
            faults.add(f"{what} '{name}'", "stands twice")
    for a in awards:
        where = f"award '{a.id}'"
        for name in a.costs:
            if name not in known:
                faults.add(where, f"cost '{name}' is not in the project",
                           next_step=suggest(name, known) or f"One of {', '.join(known)}"
                )  # fmt: skip
        if a.article in _WITHOUT_COSTS and a.costs:
            faults.add(where, f"article {a.article} has no identifiable costs",
                       next_step="Leave its costs out")  # fmt: skip
        if not a.costs and a.article not in (*_WITHOUT_COSTS, *_FREE):
            faults.add(where, "names no costs", why=f"article {a.article} is aid to costs",
                       next_step="Name the categories of cost that it covers")  # fmt: skip
        if a.funding_rate is not None and not 0 <= a.funding_rate <= 1:
            faults.add(where, f"funding_rate {a.funding_rate:g} is no share")
        if a.article != UNION:
            try:
                check_article(library, a.article)
            except InputError as problem:
                faults.extend(problem)
    faults.raise_if_any()


def _category(
    cost: str,
    reach: Range,
    awards: Sequence[AidAward],
    answers: Mapping[tuple[str, str], ArticleAnswer],
) -> CategoryLine:
    here = [a for a in awards if cost in a.costs]
    found = {a.article: answers[a.id, cost].aid for a in here if (a.id, cost) in answers}
    union = [a for a in here if a.article == UNION]
    if found:
        ceiling = Range(max(r.low for r in found.values()), max(r.high for r in found.values()))
        best = max(found, key=lambda name: (found[name].high, found[name].low, name))
    else:
        # de minimis aid alone has no ceiling by cost; no aid needs none
        ceiling, best = Range(math.inf, math.inf), None
    limit = None
    if union:
        rates = [Range(0.0, 1.0) if a.funding_rate is None
                 else Range(a.funding_rate, a.funding_rate) for a in union]  # fmt: skip
        low, high = max(r.low for r in rates), max(r.high for r in rates)
        limit = Range(low * reach.low, high * reach.high if high else 0.0)
    return CategoryLine(cost, reach, ceiling, best, limit, tuple(a.id for a in here))


def _excess(
    awards: Sequence[AidAward],
    lines: Sequence[CategoryLine],
    money: Mapping[str, float],
    end: Literal["low", "high"],
) -> float:
    """What no placing of the awards can hold, with the limits at one end."""
    edges: dict[str, dict[str, int]] = defaultdict(dict)
    for line in lines:
        state, everything = f"state {line.cost}", f"all {line.cost}"
        edges[state][everything] = _limit(getattr(line.ceiling, end))
        limit = math.inf if line.union_limit is None else getattr(line.union_limit, end)
        edges[everything]["sink"] = _limit(limit)
    for a in awards:
        edges["source"][f"award {a.id}"] = _cents(money[a.id])
        for cost in a.costs:
            to = f"all {cost}" if a.article == UNION else f"state {cost}"
            edges[f"award {a.id}"][to] = _BOUNDLESS
    whole = sum(edges["source"].values())
    if not whole:
        return 0.0
    left = whole - largest_flow(edges, "source", "sink")
    return math.inf if left >= _ENDLESS // 2 else left / _CENT


def _cents(euro: float, to_whole: Callable[[float], int] = math.ceil) -> int:
    """Whole cents; half a millionth of a cent is the arithmetic's, not the money's."""
    if math.isinf(euro):
        return _ENDLESS
    near = round(euro * _CENT)
    dust = 1e-6 * max(1.0, abs(near) * 1e-6)
    return near if abs(euro * _CENT - near) < dust else to_whole(euro * _CENT)


def _limit(euro: float) -> int:
    return _BOUNDLESS if math.isinf(euro) else _cents(euro, math.floor)


def largest_flow(edges: Mapping[str, Mapping[str, int]], source: str, sink: str) -> int:
    """The largest flow from source to sink in whole units (Edmonds and Karp: shortest paths)."""
    left: dict[str, dict[str, int]] = defaultdict(dict)
    for tail, heads in edges.items():
        for head, capacity in heads.items():
            left[tail][head] = left[tail].get(head, 0) + capacity
            left[head].setdefault(tail, 0)
    flow = 0
    while True:
        before: dict[str, str] = {source: source}
        queue = deque([source])
        while queue and sink not in before:
            here = queue.popleft()
            for there, capacity in left[here].items():
                if capacity > 0 and there not in before:
                    before[there] = here
                    queue.append(there)
        if sink not in before:
            return flow
        path = [sink]
        while path[-1] != source:
            path.append(before[path[-1]])
        steps = list(zip(path[1:], path[:-1], strict=True))
        more = min(left[tail][head] for tail, head in steps)
        for tail, head in steps:
            left[tail][head] -= more
            left[head][tail] += more
        flow += more


def _law(library: Library, awards: Sequence[AidAward]) -> tuple[tuple[str, ...], list[Text]]:
    """The rules of Article 8 that are used, and the days on which they are not known."""
    facts: dict[str, None] = {}
    unknown: dict[date, None] = {}
    for a in (a for a in awards if a.costs and a.article not in _FREE):
        names = ("highest_ceiling", "union_funds_apart")
        for name in names if a.article == UNION else names[:1]:
            try:
                facts[rule(library, f"instruments.aid_rules.{name}", a.granted).id] = None
            except MissingFact:
                unknown[a.granted] = None
    words = [
        Text(nb=f"Regelen om sammenlegging (artikkel 8) er ikke kjent {day.isoformat()}",
             en=f"The rule on cumulation (Article 8) is not known on {day.isoformat()}")
        for day in unknown
    ]  # fmt: skip
    return tuple(facts), words


def _missing(
    awards: Sequence[AidAward],
    answers: Mapping[tuple[str, str], ArticleAnswer],
    reach: Mapping[str, Range],
    money: Mapping[str, Range],
) -> list[Text]:
    missing: list[Text] = []
    for a in awards:
        if a.article == UNION and a.funding_rate is None:
            missing.append(Text(nb=f"EU-satsen for {a.id}", en=f"The Union rate of {a.id}"))
        if not money[a.id].is_exact:
            missing.append(Text(nb=f"Støttebeløpet for {a.id}", en=f"The aid of {a.id}"))
    for name, found in reach.items():
        if not found.is_exact:
            missing.append(Text(nb=f"Kostnaden for {name}", en=f"The cost of {name}"))
    for answer in answers.values():
        if answer.reason is not None:
            missing.append(answer.reason)
        elif not answer.aid.is_exact and answer.cost.is_exact:
            title = article_title(answer.article)
            missing.append(Text(nb=f"{title.nb}: størrelse, eller tillegg som ikke er lest",
                                en=f"{title.en}: size, or additions that were not read")
            )  # fmt: skip
    return list({(m.nb, m.en): m for m in missing}.values())


def _limits(
    library: Library,
    awards: Sequence[AidAward],
    answers: Mapping[tuple[str, str], ArticleAnswer],
    money: Mapping[str, Range],
    sizes: Collection[Size],
) -> tuple[LimitLine, ...]:
    lines = []
    for a in awards:
        own = [answers[a.id, c].aid for c in a.costs if (a.id, c) in answers]
        if own:
            lines.append(_line("own_ceiling", a.id, money[a.id], total(own)))
    for article in sorted({a.article for a in awards}):
        mine = [a for a in awards if a.article == article]
        given = total(money[a.id] for a in mine)
        last = max(mine, key=lambda a: a.granted)
        if article in _WITHOUT_COSTS:
            whole = article_answer(library, article, last.granted, sizes, ANY_COST, last.bonuses)
            lines.append(_line("amount", article, given, whole.aid))
            continue
        found = next((answers[a.id, c] for a in mine for c in a.costs if (a.id, c) in answers),
                     None)  # fmt: skip
        if found is not None and found.status == "known" and found.threshold is not None:
            lines.append(
                _line("threshold", article, given, Range(found.threshold, found.threshold))
            )
    return tuple(lines)


def _line(
    what: Literal["own_ceiling", "threshold", "amount"], subject: str, aid: Range, limit: Range
) -> LimitLine:
    status: Literal["within", "above", "unknown"] = "unknown"
    slack = 1 / _CENT  # a cent is the arithmetic's
    if aid.high <= limit.low + slack:
        status = "within"
    elif aid.low > limit.high + slack:
        status = "above"
    return LimitLine(what, subject, aid, limit, status)
