"""The tables of a study's report, each made from results, library and definition."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from virkestoff.costbenefit import (
    EXTENT_NAMES,
    IMPORTANCE_NAMES,
    UnpricedRow,
    consequence_table,
)
from virkestoff.effects import UnpricedEffect
from virkestoff.errors import Fault, InputError
from virkestoff.evidence import Statistic
from virkestoff.language import Text, format_number, format_range
from virkestoff.production.equipment_files import load_catalogue
from virkestoff.reports.actor_tables import actors_table
from virkestoff.reports.aid_cases import aid_cases_table, aid_ceilings_table
from virkestoff.reports.combination_tables import combination_table
from virkestoff.reports.decision_tables import DECISION_TABLES
from virkestoff.reports.declared_tables import declared_table
from virkestoff.reports.document import (
    Cell,
    Citation,
    Column,
    CrossReference,
    Number,
    Table,
    Words,
)
from virkestoff.reports.evidence_tables import (
    conflicts_table,
    duties_table,
    glossary_table,
    sites_table,
)
from virkestoff.reports.funding_tables import routes_table
from virkestoff.reports.national_tables import NATIONAL_TABLES
from virkestoff.reports.outcome_tables import (
    alternatives_table,
    industry_table,
    payers_table,
    probes_table,
    society_table,
    sustainability_table,
)
from virkestoff.reports.roadmap_tables import (
    cooperation_table,
    disagreements_table,
    measures_table,
    positions_table,
    schemes_table,
)
from virkestoff.reports.sharing_tables import SHARING_TABLES
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.supply_tables import bill_table, dependence_table
from virkestoff.reports.units import amount_text, range_text, unit_words
from virkestoff.studies import in_study_money, read_expected

__all__ = ["TABLES", "build_table", "table_builders"]

KG = 1000.0  # constant: kg in a tonne


def _need(context: StudyContext) -> Table:
    """Need of each substance in each market, tonnes in the first year."""
    parts = context.results["parts"][context.definition.baseline]
    rings = [("norway", "Norge", "Norway"), ("nordic", "Norden", "Nordic countries"),
             ("eea", "EU, Norge og Island", "EU, Norway and Iceland")]  # fmt: skip
    tonnes = unit_words("t/year", context.lang)
    columns = (
        Column(context.say("Virkestoff", "Substance")),
        *(Column(context.say(nb, en), tonnes, "right") for _, nb, en in rings),
    )
    rows: list[tuple[Cell, ...]] = []
    for product in parts.get("need_norway", {}):
        cells = []
        for ring, _, _ in rings:
            found = {k: v / KG for k, v in parts[f"need_{ring}"][product].items()}
            spread = format_range(found["p10"], found["p90"], context.lang)
            cells.append(f"{format_number(found['p50'], context.lang)} ({spread})")
        rows.append((context.part_name(product), *cells))
    caption = context.say(
        "Behov per virkestoff og marked, ubekreftet", "Need per substance and market, unverified"
    )
    note = context.say(
        "Forbruket er fra en åpen kilde der året er utledet; fordelingen på stoffer er antatt. "
        "Median, P10 til P90 i parentes. Sykehusbruk mangler for flere land, så benzylpenicillin "
        "er for lavt for EU.",
        "Use is from an open source whose year is inferred; the split into substances is assumed. "
        "Median, P10 to P90 in brackets. Hospital use is missing for several countries, so "
        "benzylpenicillin is too low for the EU.",
    )
    return Table("need", caption, columns, tuple(rows), (note,))


def _demands(context: StudyContext) -> Table:
    columns = (
        Column(context.say("Oppdraget ber om", "The commission asks for")),
        Column(context.say("Sted i oppdraget", "Place in the commission")),
        Column(context.say("Svar", "Answer")),
    )
    rows: list[tuple[Cell, ...]] = []
    for demand in context.definition.demands:
        answer: Cell
        if demand.section:
            answer = (CrossReference(demand.section),)
            if demand.note:
                answer = (*answer, Words(f". {demand.note.in_(context.lang)}"))
        else:
            is_open = context.say("Åpent", "Open")
            note = demand.note.in_(context.lang) if demand.note else ""
            answer = (Words(is_open, strong=True), Words(f". {note}" if note else ""))
        place = demand.place
        shown = place if isinstance(place, str) else place.in_(context.lang)
        rows.append((demand.text.in_(context.lang), shown, answer))
    caption = context.say("Oppdragets krav og hvor de er besvart", "Demands and their answers")
    return Table("demands", caption, columns, tuple(rows))


def _weak_facts(context: StudyContext) -> Table:
    words = {
        "assumption": context.say("antakelse", "assumption"),
        "unverified": context.say("ubekreftet", "unverified"),
    }
    columns = (
        Column(context.say("Størrelse", "Quantity")),
        Column(context.say("Lav", "Low"), align="right"),
        Column(context.say("Midt", "Central"), align="right"),
        Column(context.say("Høy", "High"), align="right"),
        Column(context.say("Enhet", "Unit")),
        Column(context.say("Sikkerhet", "Confidence")),
    )
    deciding = {
        influence["fact"]
        for ranking in context.results["rankings"]
        for influence in ranking["influences"]
        if influence["first_order"] > 0  # the rest cannot be told from chance
    }
    rows: list[tuple[Cell, ...]] = []
    for fact_id in sorted(deciding):
        fact = context.library.fact(fact_id)
        if fact.confidence == "read" or not fact.numbers:
            continue
        unit = unit_words(fact.unit, context.lang)
        rows.append(
            (
                fact.name.in_(context.lang),
                fact.numbers[0],
                _of_fact(context, fact_id, format_number(fact.central, context.lang)),
                fact.numbers[-1],
                f"{unit} ({fact.price_year})" if fact.price_year else unit,
                words[fact.confidence],
            )
        )
    caption = context.say(
        "Antakelser og ubekreftede opplysninger som avgjør mest",
        "Assumptions and unverified information that decide most",
    )
    return Table("weak_facts", caption, columns, tuple(rows))


def _of_fact(context: StudyContext, name: str, shown: str) -> Number:
    """What is shown of a fact, with the way to its place in its source."""
    fact = context.library.fact(name)
    return Number(f"fact:{name}", shown, fact.confidence, fact.name.in_(context.lang))


def ranking_table(context: StudyContext, ranking: dict[str, Any], name: str) -> Table:
    """Which facts decide an outcome, in order."""
    columns = (
        Column(context.say("Størrelse", "Quantity")),
        Column(context.say("Andel av variansen", "Share of variance"), align="right"),
        Column(context.say("Retning", "Direction")),
        Column(context.say("Sikkerhet", "Confidence")),
    )
    rows: list[tuple[Cell, ...]] = []
    for influence in ranking["influences"]:
        fact = context.library.fact(influence["fact"])
        up = context.say("øker", "raises it") if influence["direction"] > 0 else (
            context.say("senker", "lowers it")
        )
        share = format_number(influence["first_order"], context.lang)
        number = _of_fact(context, influence["fact"], share)
        rows.append((fact.name.in_(context.lang), number, up, fact.confidence))
    what = context.outcome_name(ranking["outcome"])
    run = context.alternative_name(ranking["run"])
    caption = context.say(f"Hva som avgjør {what.lower()}: {run}", f"What decides {what}: {run}")
    return Table(name, caption, columns, tuple(rows))


def _packs(context: StudyContext) -> Table:
    """Cost of every pack of the runs that record it, beside today's purchase price."""
    columns = (
        Column(context.say("Pakning", "Pack")),
        Column(context.say("Anlegg", "Plant")),
        Column(context.say("Kostnad", "Cost"), unit_words("NOK/pack", context.lang), "right"),
        Column(context.say("Dagens innkjøpspris", "Purchase price today"),
               unit_words("NOK/pack", context.lang), "right"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for run, parts in context.results["parts"].items():
        prices = parts.get("pack_price", {})
        for pack, cost in sorted(parts.get("pack_cost", {}).items()):
            cells = []
            for found in (cost, prices[pack]):
                mid = format_number(found["p50"], context.lang)
                spread = format_range(found["p10"], found["p90"], context.lang)
                cells.append(f"{mid} ({spread})")
            rows.append((context.part_name(pack), context.alternative_name(run), *cells))
    caption = context.say(
        "Kostnad per pakning, felles kostnader fordelt", "Cost per pack, common cost shared out"
    )
    note = context.say(
        "Felles kostnad er delt etter avdelingens kapital og lønn, og innen avdelingen etter tid "
        "på tanker og linjer. Ingen av prisene er lest i en norsk kilde.",
        "Joint cost is shared by the capital and pay of each suite, and within it by hours of "
        "vessels and lines. None of the prices was read in a Norwegian source.",
    )
    return Table("packs", caption, columns, tuple(rows), (note,))


_OUTSIDE = re.compile(
    r"equipment '(?P<id>\w+)' \(.*\) is needed outside the sizes for which its sources give "
    r"prices, (?P<low>\S+) to (?P<high>\S+)(?: (?P<unit>\S+))?: the price is an extrapolation"
)
"""What :func:`virkestoff.production.purchase` warns of."""


def _marks(context: StudyContext) -> Table:
    """What the run warned of: values used outside the range that their source covers."""
    say = context.say
    columns = (
        Column(say("Hva", "What")),
        Column(say("Kildene dekker", "The sources cover")),
        Column(say("Derfor", "Hence")),
    )
    known = load_catalogue().items
    rows: list[tuple[Cell, ...]] = []
    for mark in context.results["marks"]:
        found = _OUTSIDE.fullmatch(mark)
        if found is None or found["id"] not in known:
            rows.append((mark, "–", "–"))
            continue
        ends = (float(found["low"]), float(found["high"]))
        size = format_range(*ends, context.lang)
        unit = unit_words(found["unit"] or "1", context.lang)
        hence = say("prisen er forlenget utover dem", "the price is an extrapolation")
        rows.append((known[found["id"]].name.in_(context.lang), f"{size} {unit}".strip(), hence))
    caption = say(
        "Verdier brukt utenfor området som kilden dekker",
        "Values used outside the range that their source covers",
    )
    return Table("marks", caption, columns, tuple(sorted(rows, key=lambda row: str(row[0]))))


def _rankings(context: StudyContext) -> Table:
    """For each ranked outcome the three facts that decide most, side by side."""
    columns = (
        Column(context.say("Utfall", "Outcome")),
        *(Column(context.say(f"Nr. {i}", f"No. {i}")) for i in range(1, 4)),
        Column(context.say("Forklart av enkeltstørrelser", "Explained by single quantities"),
               context.say("prosent", "per cent"), "right"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for ranking in context.results["rankings"]:
        what = f"{context.alternative_name(ranking['run'])}: "
        what += context.outcome_name(ranking["outcome"])
        top: list[Cell] = []
        for influence in ranking["influences"][:3]:
            name = context.library.fact(influence["fact"]).name.in_(context.lang)
            share = format_number(100 * influence["first_order"], context.lang, 2)
            top.append(_of_fact(context, influence["fact"], f"{name} ({share} %)"))
        top += ["–"] * (3 - len(top))
        rows.append((what, *top, 100 * ranking["first_order_sum"]))
    caption = context.say("Hva som avgjør, per utfall", "What decides, per outcome")
    note = context.say(
        "Prosenten er andelen av variansen som ville forsvinne om størrelsen var kjent. "
        "Størrelser som ikke kan skilles fra tilfeldigheter i trekkene, er satt til null.",
        "The percentage is the share of the variance that would go if the quantity were known. "
        "Quantities that cannot be told from chance in the draws are set to zero.",
    )
    return Table("rankings", caption, columns, tuple(rows), (note,))


def _comparisons(context: StudyContext) -> Table:
    """Published figures beside the study's own, with what explains the difference."""
    columns = (
        Column(context.say("Publisert", "Published")),
        Column(context.say("Tall", "Figure")),
        Column(context.say("Studien", "The study")),
        Column(context.say("Studiens tall", "The study's figure")),
        Column(context.say("Hvorfor de er ulike", "Why they differ")),
    )
    d = context.definition
    rows: list[tuple[Cell, ...]] = []
    expected = read_expected(context.folder, d, context.library) if context.folder else ()
    for row in expected:
        summary = context.summary(row.alternative, row.outcome)
        if summary is None:
            continue
        unit = summary["unit"]
        found = in_study_money(row.statistic, unit, d.price_year, context.library)
        published = _raw(context, row.statistic)
        if found is not None:
            published = range_text(*found, unit, context.lang)
        if row.statistic.qualifier == "more_than":  # words of the source: not carried to our prices
            value = row.statistic.value
            low = value[0] if isinstance(value, tuple) else value
            year = row.statistic.price_year or row.statistic.year
            plain = "–" if low is None else amount_text(float(low), unit, context.lang)
            published = context.say(f"mer enn {plain} ({year})", f"more than {plain} ({year})")
        own = range_text(summary["p10"], summary["p90"], unit, context.lang)
        key = f"{row.alternative}.{row.outcome}"
        name = f"{context.alternative_name(row.alternative)}: {context.outcome_name(row.outcome)}"
        source: Cell = (
            Words(row.statistic.name.in_(context.lang) + " "),
            Citation(row.statistic.source, row.statistic.place),
        )
        number = Number(key, own, context.run_marks[row.alternative], name)
        rows.append((source, published, name, number, row.why.in_(context.lang)))
    caption = context.say("Publiserte tall og studiens egne", "Published figures and the study's")
    note = context.say(
        "Studiens tall er P10 til P90. Ingenting i modellen er tilpasset de publiserte tallene.",
        "The study's figures are P10 to P90. Nothing in the model is fitted to the published ones.",
    )
    return Table("comparisons", caption, columns, tuple(rows), (note,))


def _raw(context: StudyContext, statistic: Statistic) -> str:
    """A figure whose price year is not known, as it was published."""
    value = statistic.value
    if value is None:
        return "–"
    middle = value[0] if isinstance(value, tuple) else value
    text = amount_text(float(middle), statistic.unit, context.lang)
    return text + context.say(" (prisår ukjent)", " (price year unknown)")


def _unpriced(context: StudyContext) -> Table:
    """Effects without a price by the plus-minus method."""
    table = consequence_table(context.library)
    columns = (
        Column(context.say("Virkning", "Effect")),
        Column(context.say("Alternativ", "Alternative")),
        Column(context.say("Betydning", "Importance")),
        Column(context.say("Omfang", "Extent")),
        Column(context.say("Konsekvens", "Consequence")),
        Column(context.say("Begrunnelse", "Reason")),
    )
    rows: list[tuple[Cell, ...]] = []
    for run, effects in context.results["unpriced"].items():
        for effect in effects:
            symbol = UnpricedRow(
                UnpricedEffect(
                    Text(**effect["name"]),
                    effect["importance"],
                    effect["extent"],
                    Text(**effect["reason"]),
                ),
                table.step(effect["importance"], effect["extent"]),
            ).symbol
            rows.append(
                (
                    effect["name"][context.lang],
                    context.alternative_name(run),
                    IMPORTANCE_NAMES[effect["importance"]].in_(context.lang),
                    EXTENT_NAMES[effect["extent"]].in_(context.lang),
                    symbol,
                    effect["reason"][context.lang],
                )
            )
    rows.sort(key=lambda r: str(r[0]))
    caption = context.say("Virkninger uten pris (pluss-minusmetoden)", "Effects without a price "
                          "(plus-minus method)")  # fmt: skip
    note = context.say(
        "Cellene i matrisen er en antakelse: ingen kilde som er lest, bekrefter dem.",
        "The cells of the matrix are an assumption: no source that was read confirms them.",
    )
    return Table("unpriced", caption, columns, tuple(rows), (note,))


TABLES: dict[str, Callable[[StudyContext], Table]] = {
    "alternatives": alternatives_table,
    "payers": payers_table,
    "society": society_table,
    "industry": industry_table,
    "need": _need,
    "demands": _demands,
    "weak_facts": _weak_facts,
    "rankings": _rankings,
    "probes": probes_table,
    "packs": _packs,
    "marks": _marks,
    "comparisons": _comparisons,
    "unpriced": _unpriced,
    "sustainability": sustainability_table,
    "sites": sites_table,
    "duties": duties_table,
    "conflicts": conflicts_table,
    "glossary": glossary_table,
    "positions": positions_table,
    "disagreements": disagreements_table,
    "measures": measures_table,
    "cooperation": cooperation_table,
    "schemes": schemes_table,
    "bill": bill_table,
    "dependence": dependence_table,
    "actors": actors_table,
    "combinations": combination_table,
    **SHARING_TABLES,
    **NATIONAL_TABLES,
    "routes": routes_table,
    "aid_cases": aid_cases_table,
    "aid_ceilings": aid_ceilings_table,
    **DECISION_TABLES,
}


SPECIAL = {
    **dict.fromkeys(
        ("need", "packs", "industry", "sustainability"), "what a study of production measures"
    ),
    **dict.fromkeys(("bill", "dependence"), "what a study rests on that declares supply facts"),
}


def build_table(context: StudyContext, name: str) -> Table:
    """The table with this name: the study's own, else one of the engine.

    Raises
    ------
    KeyError
        if there is none.
    InputError
        if it is a table of what only some studies measure, and this one does not.
    """
    table = TABLES[name](context)
    if name in SPECIAL and (not table.rows or len(table.columns) < 2):
        raise InputError(
            Fault(
                f"table '{name}'",
                "has nothing to show in this study",
                why=f"it shows {SPECIAL[name]}",
                next_step="Declare a table of your own under tables: in study.yaml",
            )
        )
    return table


def table_builders(context: StudyContext) -> dict[str, Callable[[StudyContext], Table]]:
    """Every table that prose may place: the engine's, and those that the study declares."""
    own: dict[str, Callable[[StudyContext], Table]] = {
        name: (lambda c, n=name: declared_table(c, n))  # type: ignore[misc]
        for name in context.definition.tables
    }
    engine: dict[str, Callable[[StudyContext], Table]] = {
        name: (lambda c, n=name: build_table(c, n))  # type: ignore[misc]
        for name in TABLES
    }
    return {**engine, **own}
