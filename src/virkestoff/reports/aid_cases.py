"""Results with and without aid where the rule of the award year is open, and aid over the ceilings.

An alternative is open where one of its measures takes a route that shows both cases
(:func:`virkestoff.financing.aid_decision`). Without aid it is not carried out, and is as today.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from virkestoff.errors import MissingFact
from virkestoff.financing import Route, load_routes
from virkestoff.instruments import Ceiling, ceiling
from virkestoff.language import format_date, format_number
from virkestoff.reports.document import Cell, Column, Number, Table
from virkestoff.reports.funding_tables import Measure, cases_of, study_routes
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.units import amount_text, scaled

__all__ = ["aid_cases_table", "aid_ceilings_table", "pick_without"]

COST, DAYS = "account_net_present_cost", "shortage_days"
OWNER = "owner_value"
MILLION = 1e6


def _award(context: StudyContext) -> date:
    """The first day of the study, on which aid is granted."""
    return date(context.definition.years[0], 1, 1)


def _open(context: StudyContext) -> dict[str, Mapping[str, Measure]]:
    """The alternatives of which a measure is counted both with and without, with its measures."""
    known, award = load_routes(), _award(context)
    found: dict[str, Mapping[str, Measure]] = {}
    for name, measures in study_routes(context).routes.items():
        both = {
            key: measure
            for key, measure in measures.items()
            if len(cases_of(context.library, known[measure.route], award)[0]) > 1
        }
        if both:
            found[name] = both
    return found


def pick_without(decision: Mapping[str, Any], rule: str, removed: Collection[str]) -> str | None:
    """What a rule picks among the candidates when some are as the baseline, or ``None``.

    ``expected_value`` takes the least expected cost of those left, ``target_at_least_cost`` the
    least of those left that meet the target. Other rules compare draw by draw: their pick stands
    if it is left and nothing that was removed is best in any draw, and is else unknown.

    Raises
    ------
    ValueError
        if the rule's pick cannot be told from the results.
    """
    expected, target = decision["expected"], decision["target"]
    left = {name: e["behind"] for name, e in expected.items() if name not in removed}
    if rule == "target_at_least_cost" and target:
        left = {n: v for n, v in left.items() if target["alternatives"][n]["is_met"]}
    elif rule != "expected_value":
        pick: str | None = decision["picks"][rule]
        if pick in removed or any(expected[name]["best_share"] > 0 for name in removed):
            raise ValueError(f"'{rule}' compares draw by draw")
        return pick
    return min(left, key=lambda name: left[name]) if left else None


def _picked(context: StudyContext, removed: Collection[str]) -> str:
    """The recommendation under its own rule, and what best expected value picks."""
    say, decision = context.say, context.results["decision"]
    held = context.definition.decision
    rule = held.recommendation.rule if held and held.recommendation else "expected_value"
    try:
        pick = pick_without(decision, rule, removed)
    except ValueError:
        return say("må regnes på nytt", "needs another run")
    if pick is None:
        return say("ingen når målet", "none meets the target")
    is_same = pick == decision["picks"][rule]
    word = say("uendret", "unchanged") if is_same else say("endret", "changed")
    return f"{context.alternative_name(pick)} ({word})"


def _mean(context: StudyContext, run: str, outcome: str, size: float) -> Cell:
    summary = context.summary(run, outcome)
    if summary is None:
        return "–"
    text = format_number(summary["mean"] / size, context.lang)
    origin = f"{context.alternative_name(run)}: {context.outcome_name(outcome)}"
    return Number(f"{run}.{outcome}", text, context.run_marks[run], origin)


def aid_cases_table(context: StudyContext) -> Table:
    """Two rows an alternative whose rule is open: with aid, and without."""
    say, opened = context.say, _open(context)
    largest = max(
        (s["mean"] for run in opened if (s := context.summary(run, COST)) is not None),
        default=0.0,
    )
    size, words = scaled("NOK", largest, context.lang)
    days = scaled(context.unit(DAYS), 0.0, context.lang)[1]
    columns = (
        Column(say("Alternativ", "Alternative")),
        Column(say("Statens nåkostnad for tiltaket", "The state's present cost"), words, "right"),
        Column(say("Eierens nåverdi ved avkastningskravet",
                   "Owner's present value at the required return"), words, "right"),
        Column(say("Samfunnets netto nåkostnad", "Society's net present cost"), words, "right"),
        Column(context.outcome_short(DAYS), days, "right"),
        Column(say("Anbefalingen", "The recommendation")),
    )  # fmt: skip
    now, rows = context.definition.baseline, []
    for run, measures in opened.items():
        name = context.alternative_name(run)
        cost = next((m.cost for m in measures.values() if m.cost), None)
        paid = _mean(context, run, cost, size) if cost else "–"
        own = context.summary(run, OWNER)
        lost = format_number(own["mean"] / size, context.lang) if own else "–"
        rows += [
            (say(f"{name}: med støtte", f"{name}: with aid"), paid, "0",
             _mean(context, run, COST, size), _mean(context, run, DAYS, 1.0), _picked(context, ())),
            (say(f"{name}: uten støtte", f"{name}: without aid"), "0",
             say(f"bygges ikke ({lost} om den ble bygd)", f"not built ({lost} if it were)"), "0",
             _mean(context, now, DAYS, 1.0), _picked(context, (run,))),
        ]  # fmt: skip
    rows.append(
        (say("Alle: uten støtte", "All of them: without aid"), "0", "–", "0",
         _mean(context, now, DAYS, 1.0), _picked(context, tuple(opened)))
    )  # fmt: skip
    caption = say(
        "Med og uten støtte, der regelen for tildelingsåret ikke er kjent eller utfallet ikke gitt",
        "With and without aid, where the rule of the award year is not known or the outcome open",
    )
    year = context.definition.price_year
    notes = (
        say(
            "Med støtte får eieren avkastningskravet, så nåverdien er null; statens kostnad er "
            "den som skal til i middel. Uten støtte bygges anlegget ikke, og alternativet er som "
            "i dag. "
            f"Forventningsverdier, priser fra {year}.",
            "With aid the owner earns the required return, so present value is zero; the state's "
            "cost is what that takes on average. Without aid the plant is not built, and the "
            f"alternative is as today. Expected values, prices of {year}.",
        ),
    )
    return Table("aid_cases", caption, columns, tuple(rows), notes)


@dataclass(frozen=True)
class _Allowed:
    """The largest aid by one rule on one day, euro."""

    found: Ceiling
    day: date

    @property
    def euro(self) -> float:
        return self.found.without_notification


def _allowed(
    context: StudyContext, measure: Measure, route: Route, euro: float, eligible: float
) -> tuple[_Allowed | None, _Allowed | None]:
    """The largest aid on the award day, and by rules that hold no longer then."""
    award = _award(context)
    now: list[_Allowed] = []
    before: list[_Allowed] = []
    last = route.valid.to if route.valid.to and route.valid.to < award else None
    for bound in measure.ceilings:
        base = eligible if bound.needs_eligible else euro
        for day, kept in ((award, now), (last, before)):
            if day is None:
                continue
            try:
                found = ceiling(context.library, bound.article, day, bound.size, base,
                                bound.bonuses)  # fmt: skip
            except MissingFact:
                continue
            kept.append(_Allowed(found, day))
    most = [max(kept, key=lambda a: a.euro) if kept else None for kept in (now, before)]
    return most[0], most[1]


def aid_ceilings_table(context: StudyContext) -> Table:
    """What the state would pay by each measure, and how much lies above what rules allow."""
    say, lang, year = context.say, context.lang, context.definition.price_year
    rate = context.library.indices.factor("EUR", year, year)
    words = say("mill. euro", "EUR million")
    columns = (
        Column(say("Alternativ: tiltak", "Alternative: measure")),
        Column(say("Statens nåkostnad", "The state's present cost"), words, "right"),
        Column(say("Tillatt uten melding på tildelingsdagen",
                   "Allowed without notification on the award day"), words, "right"),
        Column(say("Over taket", "Above the ceiling"), words, "right"),
        Column(say("Tillatt etter siste leste regel", "Allowed by the last rule read"), words,
               "right"),
        Column(say("Over det", "Above that"), words, "right"),
    )  # fmt: skip
    known, rows = load_routes(), []
    for run, measures in _open(context).items():
        for measure in measures.values():
            summary = context.summary(run, measure.cost) if measure.cost else None
            if summary is None:
                continue
            eligible = context.summary(run, measure.eligible) if measure.eligible else None
            euro = max(summary["mean"], 0.0) / rate
            base = max(eligible["mean"], 0.0) / rate if eligible else 0.0
            now, before = _allowed(context, measure, known[measure.route], euro, base)
            cells: list[Cell] = []
            for allowed in (now, before):
                if allowed is None:
                    cells += ["–", "–"]
                    continue
                over = max(euro - allowed.euro, 0.0)
                cells += [format_number(allowed.euro / MILLION, lang),
                          format_number(over / MILLION, lang)]  # fmt: skip
            label = f"{context.alternative_name(run)}: {measure.name.in_(lang)}"
            rows.append((label, format_number(euro / MILLION, lang), *cells))
    caption = say(
        "Støtte over takene: hva staten ville betale, og hva som er tillatt uten melding",
        "Aid above the ceilings: what the state would pay, and what needs no notification",
    )
    notes = _ceiling_notes(context, rate)
    return Table("aid_ceilings", caption, columns, tuple(rows), notes)

def _ceiling_notes(context: StudyContext, rate: float) -> tuple[str, ...]:
    """What the amounts are, which rules are used, and one euro in kroner."""
    say, lang, year = context.say, context.lang, context.definition.price_year
    known = load_routes()
    last = max((r.valid.to for r in known.values() if r.valid.to and r.valid.to < _award(context)),
               default=None)  # fmt: skip
    day = format_date(last, lang) if last else "–"
    kroner = amount_text(rate, "NOK", lang)
    return (
        say(
            "Forventet nåkostnad for hele formen, med årlig støtte der den trengs, mot det "
            "største beløpet etter regler som er lest og gjelder på tildelingsdagen "
            "(bagatellstøtte). De to siste kolonnene bruker gruppeunntaket slik det gjaldt til "
            f"{day}, med dets andel av utviklingskostnadene.",
            "Expected present cost of the whole form, with yearly support where it is needed, "
            "against the largest amount under rules that were read and hold on the award day (de "
            f"minimis). The last two columns use the block exemption as it held until {day}, with "
            "its share of development costs.",
        ),
        say(
            "Det som ligger over taket, må meldes og godkjennes, eller rommes i regler som ikke er "
            "lest. Taket for regionalstøtte er ikke lest. Streken betyr at ingen lest regel gir et "
            f"tak. En euro er regnet som {kroner} ({year}).",
            "What lies above the ceiling must be notified and approved, or fit in rules that were "
            "not read. The ceiling of regional aid was not read. A dash: no rule that was read "
            f"gives a ceiling. A euro counts as {kroner} ({year}).",
        ),
        say(
            "Betaling på markedsvilkår eller for en tjeneste av allmenn økonomisk betydning er "
            "ikke støtte når vilkårene er oppfylt. At de er det, er ikke avgjort; takene gjelder "
            "ellers.",
            "Payment on market terms or for a service of general economic interest is not aid "
            "where the conditions are met. That they are is not settled; else the ceilings "
            "apply.",
        ),
    )
