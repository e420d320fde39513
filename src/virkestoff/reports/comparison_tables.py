"""Tables that set two things beside each other: two alternatives, two runs, groups of facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from virkestoff.errors import InputError
from virkestoff.evidence import Library
from virkestoff.language import Lang, format_number
from virkestoff.reports.decision_tables import rule_text
from virkestoff.reports.document import Cell, Column, Table
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.units import scaled
from virkestoff.studies.explanation import Explanation
from virkestoff.studies.sobol import NOISE, OTHERS

__all__ = ["difference_tables", "explanation_table", "sensitivity_table"]

LISTED = 40
"""Outcomes of a difference that are listed; the rest are counted."""


def explanation_table(context: StudyContext, found: Explanation) -> Table:
    """The difference in net present cost by effect and by who bears it, with its sum."""
    say = context.say
    amounts = [part.nok for part in found.parts]
    largest = max((abs(v) for v in (*amounts, found.tax_financing, found.difference)), default=0.0)
    size, words = scaled("NOK", largest, context.lang)
    columns = (
        Column(say("Virkning", "Effect")),
        Column(say("Hvem", "Who")),
        Column(say("Del av forskjellen", "Part of the difference"), words, "right"),
    )
    rows: list[tuple[Cell, ...]] = [
        (context.part_name(part.effect), context.actor_name(part.actor), part.nok / size)
        for part in found.parts
    ]
    tax = say("Skattefinansieringskostnad", "Tax-financing cost")
    rows.append((tax, say("samfunnet", "society"), found.tax_financing / size))
    rows.append((say("Sum", "Sum"), "", found.difference / size))
    a, b = context.alternative_name(found.a), context.alternative_name(found.b)
    year = context.definition.price_year
    caption = say(f"Netto nåkostnad: {a} minus {b} (kroner fra {year})",
                  f"Net present cost: {a} less {b} (NOK of {year})")  # fmt: skip
    note = say(
        "Pluss er dyrere. Det en aktør betaler en annen i Norge, står to ganger, med motsatt "
        "fortegn.",
        "Plus is dearer. What one actor in Norway pays another stands twice with opposite signs.",
    )
    return Table("explanation", caption, columns, tuple(rows), (note,))


def sensitivity_table(context: StudyContext, found: Mapping[str, Any]) -> Table:
    """First-order and total indices with their intervals."""
    say = context.say
    columns = (
        Column(say("Størrelse", "Quantity")),
        Column(say("Første orden", "First order"), "", "right"),
        Column(say("95 %-intervall", "95% interval"), "", "right"),
        Column(say("Total", "Total"), "", "right"),
        Column(say("95 %-intervall", "95% interval"), "", "right"),
    )
    rows: list[tuple[Cell, ...]] = []
    for index in found["groups"]:
        if index["group"] == OTHERS:
            n = found["n_other_facts"]
            label = say(f"Alle andre ({n} størrelser)", f"All others ({n} quantities)")
        elif index["group"] == NOISE:
            label = say("Tilfeldigheter", "Chance")
        else:
            label = context.library.fact(index["group"]).name.in_(context.lang)
        cells = [
            _share(index["first"], context.lang),
            _span(index["first_low"], index["first_high"], context.lang),
            _share(index["total"], context.lang),
            _span(index["total_low"], index["total_high"], context.lang),
        ]
        rows.append((label, *cells))
    what = context.outcome_name(found["outcome"])
    run = context.alternative_name(found["run"])
    caption = say(f"Hvor usikkerheten kommer fra: {what.lower()} ({run})",
                  f"Where the uncertainty comes from: {what} ({run})")  # fmt: skip
    note = say(
        "Første orden: andelen av variansen som forsvinner om størrelsen blir kjent. Total: "
        f"andelen som blir igjen om alt annet blir kjent. {found['evaluations']} beregninger.",
        "First order: the share of the variance that goes if the quantity becomes known. Total: "
        f"the share that stays if all else becomes known. {found['evaluations']} evaluations.",
    )
    return Table("sensitivity", caption, columns, tuple(rows), (note,))


def _share(value: float, lang: Lang) -> str:
    return format_number(value, lang, decimals=2)


def _span(low: float, high: float, lang: Lang) -> str:
    to = "til" if lang == "nb" else "to"
    return f"{_share(low, lang)} {to} {_share(high, lang)}"


def difference_tables(
    found: Mapping[str, Any], library: Library, lang: Lang, context: StudyContext | None = None
) -> list[Table]:
    """What changed between two runs: a summary, inputs, outcomes.

    Parameters
    ----------
    context : of one of the runs; its names stand in place of ids
    """
    return [
        _summary(found, lang, context),
        _inputs(found, library, lang, context),
        _outcomes(found, lang, context),
    ]


def _run_name(run: str, context: StudyContext | None) -> str:
    """An alternative or probe as readers know it, or its id where no study is at hand."""
    if context is None or run not in {**context.definition.alternatives,
                                      **context.definition.probes}:  # fmt: skip
        return run
    return context.alternative_name(run)


def _say(lang: Lang, nb: str, en: str) -> str:
    return nb if lang == "nb" else en


def _summary(found: Mapping[str, Any], lang: Lang, context: StudyContext | None) -> Table:
    def say(nb: str, en: str) -> str:
        return _say(lang, nb, en)

    def yes(value: bool) -> str:
        return say("ja", "yes") if value else say("nei", "no")

    words = {
        "engine": say("Programversjon", "Engine"),
        "library": say("Bibliotek", "Library"),
        "seed": say("Frø", "Seed"),
        "draws": say("Trekk", "Draws"),
    }
    rows: list[tuple[Cell, ...]] = [
        (words[key], str(v["before"])[:12], str(v["after"])[:12], yes(v["changed"]))
        for key, v in found["origin"].items()
    ]
    for key, v in found["definition"].items():
        rows.append((f"study.yaml: {key}", str(v["before"]), str(v["after"]), yes(True)))
    ranking, advised = found["ranking"], found["recommendation"]
    first = [_run_name((ranking[k] or ["–"])[0], context) for k in ("before", "after")]
    rows.append((say("Rangering (best først)", "Ranking (best first)"), *first,
                 yes(ranking["changed"])))  # fmt: skip
    names = [_run_name(advised[k]["alternative"] or "–", context) for k in ("before", "after")]
    rows.append((say("Anbefaling", "Recommendation"), *names, yes(advised["changed"])))
    rules = sorted({*advised["before"]["picks"], *advised["after"]["picks"]})
    for rule in rules:
        picks = [_run_name(advised[k]["picks"].get(rule) or "–", context)
                 for k in ("before", "after")]  # fmt: skip
        name = rule_text(rule, context).lower() if context else rule
        rows.append((say(f"Valgt av {name}", f"Picked by {name}"), *picks,
                     yes(picks[0] != picks[1])))  # fmt: skip
    columns = _columns(lang, say("Hva", "What"), say("Endret", "Changed"))
    note = (
        say("Samme frø og trekk: enhver forskjell kommer fra inndata.",
            "Equal seed and draws: any difference comes from the inputs.")
        if found["common_draws"]
        else say("Ulikt frø eller antall trekk: forskjeller innenfor støy betyr ingenting.",
                 "Different seed or number of draws: differences within noise mean nothing.")
    )  # fmt: skip
    caption = say(f"To kjøringer av {found['study']}", f"Two runs of {found['study']}")
    return Table("runs", caption, columns, tuple(rows), (note,))


def _columns(lang: Lang, first: str, *last: str) -> tuple[Column, ...]:
    return (
        Column(first),
        Column(_say(lang, "Før", "Before"), align="right"),
        Column(_say(lang, "Etter", "After"), align="right"),
        *(Column(name) for name in last),
    )


def _fact_name(fact: str, library: Library, lang: Lang) -> str:
    try:
        return f"{library.fact(fact).name.in_(lang)} [{fact}]"
    except InputError:  # a fact that one of the two libraries had
        return fact


def _fact_text(fact: Mapping[str, Any], lang: Lang) -> str:
    numbers = " / ".join(format_number(v, lang, 6) for v in fact["numbers"])
    series = len(fact.get("series", {}))
    if not numbers:
        numbers = _say(lang, f"{series} år", f"{series} years")
    unit = "" if fact["unit"] == "1" else f" {fact['unit']}"
    year = f" ({fact['price_year']})" if fact["price_year"] else ""
    return f"{numbers}{unit}{year}, {fact['confidence']}"


def _lever_text(value: str | float | None, lang: Lang) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else format_number(float(value), lang, 6)


def _inputs(
    found: Mapping[str, Any], library: Library, lang: Lang, context: StudyContext | None
) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for change in found["facts"]["changed"]:
        name = _fact_name(change["fact"], library, lang)
        before, after = (_fact_text(change[k], lang) for k in ("before", "after"))
        rows.append((name, before, after))
    used, unused = _say(lang, "brukt", "used"), _say(lang, "ikke brukt", "not used")
    for key, texts in (("added", (unused, used)), ("removed", (used, unused))):
        rows += [(_fact_name(f, library, lang), *texts) for f in found["facts"][key]]
    for change in found["levers"]:
        values = [_lever_text(change[k], lang) for k in ("before", "after")]
        lever = change["lever"]
        if context and lever in context.definition.levers:
            lever = context.definition.levers[lever].name.in_(lang)
        rows.append((f"{_run_name(change['run'], context)}: {lever}", *values))
    for key, texts in (("added", ("–", used)), ("removed", (used, "–"))):
        rows += [(_run_name(run, context), *texts) for run in found["runs"][key]]
    if not rows:
        rows.append((_say(lang, "Ingen", "None"), "", ""))
    caption = _say(lang, "Endrede inndata", "Changed inputs")
    return Table("inputs", caption, _columns(lang, _say(lang, "Inndata", "Input")), tuple(rows))


def _outcomes(found: Mapping[str, Any], lang: Lang, context: StudyContext | None) -> Table:
    outcomes: Sequence[Mapping[str, Any]] = found["outcomes"]
    rows: list[tuple[Cell, ...]] = []
    for o in outcomes[:LISTED]:
        size, words = scaled(o["unit"], max(abs(o["before"]), abs(o["after"])), lang)
        before, after = (format_number(o[k] / size, lang) for k in ("before", "after"))
        noise = _say(lang, "ja", "yes") if o["beyond_noise"] else _say(lang, "nei", "no")
        name = f"{o['run']}.{o['outcome']}"
        if context:
            name = f"{_run_name(o['run'], context)}: {context.outcome_name(o['outcome'])}"
        rows.append((name, before, after, words, noise))
    if not rows:
        rows.append((_say(lang, "Ingen", "None"), "", "", "", ""))
    columns = _columns(
        lang, _say(lang, "Utfall", "Outcome"), _say(lang, "Enhet", "Unit"),
        _say(lang, "Utover støy", "Beyond noise"),
    )  # fmt: skip
    n, n_far = len(outcomes), sum(o["beyond_noise"] for o in outcomes)
    note = _say(
        lang,
        f"{n} av {found['n_compared']} utfall er endret, {n_far} utover støy.",
        f"{n} of {found['n_compared']} outcomes changed, {n_far} beyond noise.",
    )
    caption = _say(lang, "Endrede utfall (gjennomsnitt)", "Changed outcomes (means)")
    return Table("outcomes", caption, columns, tuple(rows), (note,))
