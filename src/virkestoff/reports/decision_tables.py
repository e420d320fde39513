"""Tables and figure on the decision: rules side by side, regret, information, conditions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from virkestoff.errors import Fault, InputError
from virkestoff.language import Text, format_number
from virkestoff.reports.document import Cell, Column, Figure, Number, Table
from virkestoff.reports.figures import Interval, interval_chart
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.units import amount_text, scaled, unit_words
from virkestoff.studies.decision import recommendation_of

__all__ = [
    "DECISION_FIGURES",
    "DECISION_TABLES",
    "conditions_table",
    "information_figure",
    "information_table",
    "learning_table",
    "regret_table",
    "rule_text",
    "rules_table",
]

DECISION_FIGURES = ("information",)
SHOWN_FACTS = 8
ERRORS = 2.0
_RULES: dict[str, Text] = {
    "expected_value": Text(nb="Best forventet verdi", en="Best expected value"),
    "regret": Text(nb="Minste største anger", en="Smallest largest regret"),
    "regret_p90": Text(nb="Minste anger, P90", en="Smallest regret, P90"),
    "most_often_best": Text(nb="Oftest best", en="Best most often"),
    "target_at_least_cost": Text(nb="Når målet billigst", en="Meets the target at least cost"),
    "most_often_meets": Text(nb="Når målet oftest", en="Meets the target most often"),
}


def rule_text(rule: str, context: StudyContext) -> str:
    """A rule's name for readers."""
    return _RULES[rule].in_(context.lang)


def _held(context: StudyContext, key: str) -> Mapping[str, Any]:
    found = context.results.get(key)
    if found is None:
        raise InputError(
            Fault(
                "study.yaml",
                f"has no decision, and the report places a table or figure of its {key}",
                next_step="Write decision: in study.yaml and run the study, or take it out",
            )
        )
    return dict(found)


def _in_hundred(share: float, context: StudyContext) -> str:
    return format_number(100 * share, context.lang, 2)


def rules_table(context: StudyContext) -> Table:
    """What every rule says of every candidate, and which it picks."""
    found = _held(context, "decision")
    say, target = context.say, found["target"]
    expected = found["expected"]
    largest = max(abs(e["mean"]) for e in expected.values())
    size, words = scaled(found["unit"], largest, context.lang)
    percent = say("prosent", "per cent")
    columns = [
        Column(say("Alternativ", "Alternative")),
        Column(say("Gjennomsnitt", "Mean"), words, "right"),
        Column(say("Dårligere enn det beste", "Worse than the best"), words, "right"),
        Column(say("Best i", "Best in"), say("prosent av trekkene", "per cent of draws"), "right"),
    ]
    if target:
        columns.append(Column(say("Når målet i", "Meets the target in"), percent, "right"))
    columns.append(Column(say("Valgt av regelen", "Picked by the rule")))
    rows: list[tuple[Cell, ...]] = []
    for name in found["candidates"]:
        e = expected[name]
        behind = format_number(e["behind"] / size, context.lang)
        if e["se"]:
            behind += f" (± {format_number(ERRORS * e['se'] / size, context.lang, 2)})"
        label = context.alternative_name(name)
        origin = f"{label}: {context.outcome_name(found['outcome'])}"
        mean = Number(f"{name}.{found['outcome']}", format_number(e["mean"] / size, context.lang),
                      context.run_marks[name], origin)  # fmt: skip
        cells: list[Cell] = [label, mean, behind]
        cells.append(_in_hundred(e["best_share"], context))
        if target:
            meeting = target["alternatives"][name]
            word = say("ja", "yes") if meeting["is_met"] else say("nei", "no")
            cells.append(f"{_in_hundred(meeting['share'], context)} ({word})")
        picked = [rule_text(rule, context) for rule in found["picked_by"].get(name, ())]
        cells.append("; ".join(picked) or "–")
        rows.append(tuple(cells))
    what = context.outcome_name(found["outcome"])
    caption = say(f"Hva reglene sier: {what.lower()}", f"What the rules say: {what}")
    notes = _rule_notes(context, found)
    return Table("decision_rules", caption, tuple(columns), tuple(rows), notes)


def _rule_notes(context: StudyContext, found: Mapping[str, Any]) -> tuple[str, ...]:
    say, target = context.say, found["target"]
    notes = [
        say(
            "Alle alternativer møter de samme trekkene. Tallet etter ± er to standardfeil av "
            "forskjellen.",
            "All alternatives meet the same draws. The number after ± is two standard errors of "
            "the difference.",
        )
    ]
    if target:
        means = dict.fromkeys(target["level_mean"].values())
        level = " / ".join(amount_text(v, target["unit"], context.lang) for v in means)
        is_upper = target["meets"] == "at_most"
        bound = say("høyst", "at most") if is_upper else say("minst", "at least")
        what = context.outcome_name(target["outcome"])
        notes.append(say(f"Målet er {what.lower()}: {bound} {level} i snitt.",
                         f"The target is {what}: {bound} {level} on average."))  # fmt: skip
        if found["picks"]["target_at_least_cost"] is None:
            notes.append(say("Ingen av alternativene når målet.",
                             "None of the alternatives meets the target."))  # fmt: skip
    agree = found["rules_agree"]
    notes.append(
        say("Reglene er enige.", "The rules agree.")
        if agree
        else say("Reglene er ikke enige.", "The rules do not agree.")
    )
    decision = context.definition.decision
    advised = decision.recommendation if decision else None
    if advised:
        held = recommendation_of(advised, found)
        name, rule = context.alternative_name(advised.alternative), rule_text(advised.rule, context)
        notes.append(say(f"Anbefalt: {name}, etter regelen «{rule}».",
                         f"Recommended: {name}, by the rule “{rule}”."))  # fmt: skip
        if held["contradicts"] and advised.departs:
            picked = held["rule_picks"]
            other = context.alternative_name(picked) if picked else say("ingen", "none")
            why = advised.departs.in_(context.lang)
            notes.append(
                say(
                    f"Regelen velger {other}; anbefalingen fraviker den: {why}",
                    f"The rule picks {other}; the advice departs from it: {why}",
                )
            )
    return tuple(notes)


def regret_table(context: StudyContext) -> Table:
    """What is lost against the best alternative of each draw."""
    found, say = _held(context, "decision"), context.say
    largest = max(r["max"] for r in found["regret"].values())
    size, words = scaled(found["unit"], largest, context.lang)
    columns = (
        Column(say("Alternativ", "Alternative")),
        Column(say("Snitt", "Mean"), words, "right"),
        Column("P90", words, "right"),
        Column(say("Største", "Largest"), words, "right"),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (context.alternative_name(name), *(found["regret"][name][k] / size
                                           for k in ("mean", "p90", "max")))
        for name in found["candidates"]
    )  # fmt: skip
    caption = say("Anger: tap mot det beste alternativet i hvert trekk",
                  "Regret: loss against the best alternative of each draw")  # fmt: skip
    note = say(
        "Den største angeren vokser med antall trekk.", "The largest regret grows with the draws."
    )
    return Table("regret", caption, columns, rows, (note,))


def _worths(context: StudyContext, found: Mapping[str, Any]) -> list[tuple[str, float, float, str]]:
    """Label, worth, standard error and confidence of everything that could be found out."""
    say = context.say
    rows = [
        (say("Alt, også tilfeldigheter", "Everything, chance included"),
         found["perfect"]["value"], found["perfect"]["se"], "–"),
        (say("Alle usikre størrelser", "All uncertain quantities"),
         found["all_facts"]["value"], found["all_facts"]["se"], "–"),
    ]  # fmt: skip
    for name, worth in found["groups"].items():
        text = context.definition.groups[name].text.in_(context.lang)
        rows.append((text, worth["value"], worth["se"], "–"))
    kinds = {
        "read": say("lest", "read"),
        "unverified": say("ubekreftet", "unverified"),
        "assumption": say("antakelse", "assumption"),
    }
    for worth in found["facts"][:SHOWN_FACTS]:
        fact = context.library.fact(worth["fact"])
        kind = kinds[fact.confidence]
        rows.append((fact.name.in_(context.lang), worth["value"], worth["se"], kind))
    return rows


def information_table(context: StudyContext) -> Table:
    """What it is worth to find something out before deciding."""
    found, say = _held(context, "information"), context.say
    rows = _worths(context, found)
    unit = _held(context, "decision")["unit"]
    size, words = scaled(unit, max(value for _, value, _, _ in rows), context.lang)
    columns = (
        Column(say("Hva som blir kjent", "What becomes known")),
        Column(say("Verdt", "Worth"), words, "right"),
        Column(say("Standardfeil", "Standard error"), words, "right"),
        Column(say("Sikkerhet i dag", "Confidence today")),
    )
    cells: tuple[tuple[Cell, ...], ...] = tuple(
        (label, value / size, se / size, kind) for label, value, se, kind in rows
    )
    n, n_left = found["n_facts"], found["n_facts"] - found["n_worth_something"]
    note = say(
        f"Verdien er hva avgjørelsen i snitt blir bedre av å vite dette først. {n_left} av {n} "
        "usikre størrelser er hver for seg ikke verdt noe som kan skilles fra tilfeldigheter.",
        "The worth is how much better the decision becomes on average by knowing it first. "
        f"{n_left} of {n} uncertain quantities are each worth nothing that can be told from "
        "chance.",
    )
    caption = say("Hva det er verdt å vite før avgjørelsen", "What it is worth to know first")
    return Table("information", caption, columns, cells, (note,))


def information_figure(context: StudyContext) -> Figure:
    """The worth of finding things out, with two standard errors each way."""
    found, say, lang = _held(context, "information"), context.say, context.lang
    rows = _worths(context, found)
    unit = _held(context, "decision")["unit"]
    size, words = scaled(unit, max(value for _, value, _, _ in rows), lang)
    bars, cells = [], []
    for i, (label, value, se, _) in enumerate(rows):
        low = max(0.0, value - ERRORS * se) if value else 0.0
        high = value + ERRORS * se if value else 0.0
        bars.append(Interval(label, low / size, value / size, high / size, i == 0))
        cells.append((label, low / size, value / size, high / size))
    most = amount_text(rows[0][1], unit, lang)
    title = say(f"Å vite alt før avgjørelsen er verdt {most}",
                f"Knowing everything before the decision is worth {most}")  # fmt: skip
    if found["facts"]:
        best = context.library.fact(found["facts"][0]["fact"]).name.in_(lang)
        worth = amount_text(found["facts"][0]["value"], unit, lang)
        title += say(f"; «{best}» alene er verdt {worth}", f"; “{best}” alone is worth {worth}")
    year = context.definition.price_year
    subtitle = f"{words} ({year}), " + say(
        "anslag og to standardfeil hver vei", "estimate and two standard errors each way"
    )
    alt = say(f"Vannrette søyler. {title}.", f"Horizontal bars. {title}.")
    columns = (
        Column(say("Hva som blir kjent", "What becomes known")),
        Column(say("Lav", "Low"), words, "right"),
        Column(say("Verdt", "Worth"), words, "right"),
        Column(say("Høy", "High"), words, "right"),
    )
    made = say(
        f"studiens beregning, {format_number(context.results['draws'], lang, 9)} trekk",
        f"the study's calculation, {format_number(context.results['draws'], lang, 9)} draws",
    )
    spec = interval_chart(bars, words, lang)
    return Figure("figure_information", title, subtitle, alt, spec, columns, tuple(cells), made)


def conditions_table(context: StudyContext) -> Table:
    """Under which conditions each alternative is best, meets the target, or something happens."""
    found, say = _held(context, "conditions"), context.say
    percent = say("prosent", "per cent")
    columns = (
        Column(say("Hva", "What")),
        Column(say("I alt", "Overall"), percent, "right"),
        Column(say("Vilkår", "Conditions")),
        Column(say("Treff der", "Share there"), percent, "right"),
        Column(say("Dekning", "Coverage"), percent, "right"),
    )
    rows: list[tuple[Cell, ...]] = []
    for key, nb, en in (("best", "er best", "is best"),
                        ("meets_target", "når målet", "meets the target")):  # fmt: skip
        for name, answer in found.get(key, {}).items():
            rows.append(_condition_row(context, f"{context.alternative_name(name)} {say(nb, en)}",
                                       answer))  # fmt: skip
    for answer in found["occurs"]:
        run, what = answer["run"], answer["outcome"]
        label = f"{context.alternative_name(run)}: {context.outcome_name(what)}"
        rows.append(_condition_row(context, label, answer))
    caption = say("Vilkår for utfallene", "Conditions of the outcomes")
    notes = (
        say(
            "«Treff der» er andelen av trekkene innenfor vilkårene der det skjer; «dekning» er "
            "andelen av trekkene der det skjer, som ligger innenfor. Begge er regnet på den "
            "halvdelen av trekkene som ikke ble brukt til å finne vilkårene.",
            "“Share there” is the share of draws within the conditions in which it happens; "
            "“coverage” is the share of the draws in which it happens that lie within. Both are "
            "counted on the half of the draws that did not find the conditions.",
        ),
    )
    return Table("conditions", caption, columns, tuple(rows), notes)


def _condition_row(
    context: StudyContext, label: str, answer: Mapping[str, Any]
) -> tuple[Cell, ...]:
    share, box = answer["share"], answer["box"]
    if box is None:
        if share in (0.0, 1.0):
            text = context.say("alltid", "always") if share else context.say("aldri", "never")
        else:
            text = context.say("ingen vilkår skiller", "no conditions tell it apart")
        return label, _in_hundred(share, context), text, "–", "–"
    text = "; ".join(_condition_text(context, c) for c in box["conditions"])
    density, coverage = _in_hundred(box["density"], context), _in_hundred(box["coverage"], context)
    return label, _in_hundred(share, context), text, density, coverage


def _condition_text(context: StudyContext, condition: Mapping[str, Any]) -> str:
    fact = context.library.fact(condition["fact"])
    unit = unit_words(fact.unit, context.lang)
    if fact.price_year:
        unit += f" ({fact.price_year})"
    low, high = (
        None if v is None else format_number(v, context.lang)
        for v in (condition["low"], condition["high"])
    )
    if low is None:
        span = context.say(f"høyst {high}", f"at most {high}")
    elif high is None:
        span = context.say(f"minst {low}", f"at least {low}")
    else:
        span = context.say(f"{low} til {high}", f"{low} to {high}")
    return f"{fact.name.in_(context.lang)}: {span} {unit}".strip()


def learning_table(context: StudyContext) -> Table:
    """What it is worth to decide in stages: nothing learned, a signal seen, everything known."""
    found = context.results.get("learning")
    caption = context.say("Hva det er verdt å vente og lære", "What it is worth to wait and learn")
    if not found:
        return Table("learning", caption, (Column(""),), ())
    outcome = context.definition.decision.outcome if context.definition.decision else ""
    amounts = [found[key] for key in ("no_learning", "rule", "full_learning")]
    size, words = scaled(context.unit(outcome), max(abs(a) for a in amounts), context.lang)
    fixed = context.alternative_name(found["fixed"])
    labels = (
        context.say(f"Uten læring: {fixed}", f"Without learning: {fixed}"),
        context.say("Beste regel på signalet", "Best rule on the signal"),
        context.say("Alt kjent på forhånd", "Everything known beforehand"),
    )
    columns = (
        Column(context.say("Beslutning", "Decision")),
        Column(context.outcome_short(outcome), words, "right"),
    )
    rows = tuple(
        (label, format_number(a / size, context.lang))
        for label, a in zip(labels, amounts, strict=True)
    )
    runs = ", ".join(context.alternative_name(run) for run in found["runs"])
    signal = context.outcome_name(found["signal"])
    note = context.say(
        f"Forventningsverdier. Trinnene: {runs}. Signalet: {signal}. Nederste rad er en grense som "
        "ingen kan nå.",
        f"Expected values. The steps: {runs}. The signal: {signal}. The last row is a bound that "
        "nobody can reach.",
    )
    return Table("learning", caption, columns, rows, (note,))


DECISION_TABLES: dict[str, Callable[[StudyContext], Table]] = {
    "decision_rules": rules_table,
    "regret": regret_table,
    "information": information_table,
    "conditions": conditions_table,
    "learning": learning_table,
}
