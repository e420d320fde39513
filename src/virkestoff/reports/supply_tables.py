"""Tables of what penicillins rest on: the bill of materials, and dependence on imports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from virkestoff.evidence import CentralParameters, Fact, Parameters, ReplacedParameters
from virkestoff.language import Text, format_number, format_range
from virkestoff.quantities import factor
from virkestoff.reports.document import Cell, Citation, Column, Table, Words
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.units import unit_words
from virkestoff.supply import (
    Bill,
    held_months,
    is_domestic,
    load_bill,
    time_to_survive,
)

__all__ = ["bill_table", "dependence_table"]

LEAD = "phenoxymethylpenicillin_tablet"
CONFIGURATIONS: tuple[tuple[str, Text, tuple[str, ...]], ...] = (
    ("none", Text(nb="alt importert", en="all imported"), (LEAD,)),
    ("finished", Text(nb="ferdigvare", en="finished forms"), (LEAD,)),
    (
        "substance",
        Text(nb="virkestoff og ferdigvare", en="substance and finished forms"),
        (LEAD, "amoxicillin_tablet", "dicloxacillin_tablet", "cloxacillin_tablet",
         "pivmecillinam_tablet"),
    ),
)  # fmt: skip
STEPS: Mapping[str, Text] = {
    "finishing": Text(nb="ferdigvare", en="finished forms"),
    "fermentation_v": Text(nb="gjæring, penicillin V", en="fermentation, penicillin V"),
    "fermentation_g": Text(nb="gjæring, penicillin G", en="fermentation, penicillin G"),
    "sterile_salt": Text(nb="sterilt salt", en="sterile salt"),
    "enzyme_six_apa": Text(nb="6-APA med enzym", en="6-APA by enzyme"),
    "coupling_enzyme": Text(nb="kobling med enzym", en="coupling by enzyme"),
    "synthesis_solvent": Text(nb="syntese i løsemiddel", en="synthesis in solvent"),
}
PLACES: Mapping[str, Text] = {
    "norway": Text(nb="Norge", en="Norway"),
    "europe": Text(nb="Europa", en="Europe"),
    "asia": Text(nb="Asia", en="Asia"),
    "china": Text(nb="Kina", en="China"),
    "india": Text(nb="India", en="India"),
    "north_america": Text(nb="Nord-Amerika", en="North America"),
    "unknown": Text(nb="ukjent", en="unknown"),
}
_CONFIDENCE: Mapping[str, Text] = {
    "read": Text(nb="lest", en="read"),
    "unverified": Text(nb="ubekreftet", en="unverified"),
    "assumption": Text(nb="antakelse", en="assumption"),
}
_MAKERS: Mapping[str, Text] = {
    "one": Text(nb="én produsent", en="one maker"),
    "several": Text(nb="flere produsenter", en="several makers"),
    "unknown": Text(nb="ukjent antall", en="unknown number"),
}


def _declared_bill(context: StudyContext, products: Iterable[str]) -> Bill | None:
    """The bill, if the study declares every time and stock of what the products rest on."""
    declared = context.definition.allowed_facts(context.library)
    if not any(fact.startswith("supply.bill.") for fact in declared):
        return None
    bill = load_bill()
    items = [bill.items[name] for product in products for name in bill.tiers(product)]
    needed = {fact for item in items for fact in (item.lead_time, item.storable, item.held)}
    return bill if needed <= declared else None


def bill_table(context: StudyContext) -> Table:
    """What a tablet of penicillin V is made of, tier by tier; no rows without supply facts."""
    say, lang = context.say, context.lang
    months = unit_words("month", lang)
    columns = (
        Column(say("Vare", "Item")),
        Column(say("Ledd", "Tier"), align="right"),
        Column(say("Opphav og produsenter (sikkerhet)", "Origin and makers (confidence)")),
        Column(say("Leveringstid", "Lead time"), months, "right"),
        Column(say("Kan lagres", "Can be stored"), months, "right"),
        Column(say("På lager i dag", "In stock today"), months, "right"),
        Column(say("Kilde", "Source")),
    )
    caption = say(
        "Hva en tablett med penicillin V er laget av", "What a tablet of penicillin V is made of"
    )
    bill = _declared_bill(context, (LEAD,))
    if bill is None:
        return Table("bill", caption, columns, ())
    rows: list[tuple[Cell, ...]] = []
    for name, tier in bill.tiers(LEAD).items():
        item = bill.items[name]
        origin = item.origin
        places = (origin.places,) if isinstance(origin.places, str) else origin.places
        shown = ", ".join(_word(PLACES, place, context) for place in places)
        facts = [context.library.fact(f) for f in (item.lead_time, item.storable, item.held)]
        rows.append(
            (
                item.name.in_(lang),
                str(tier),
                f"{shown}; {_MAKERS[origin.sources].in_(lang)} "
                f"({_CONFIDENCE[origin.confidence].in_(lang)})",
                *(_months(fact, context) for fact in facts),
                _sources(origin.source, facts),
            )
        )
    notes = (
        say(
            "Ledd 1 er pakningen, ledd 2 det den lages av, og så videre. Midtverdi, lav til høy i "
            "parentes. «Ukjent» betyr at ingen kilde som er lest, navngir opphav eller antall "
            "produsenter. Det som er ukjent, regnes som én produsent.",
            "Tier 1 is the pack, tier 2 what it is made of, and so on. Central value, low to high "
            'in brackets. "Unknown" means that no source that was read names the origin or the '
            "number of makers. What is unknown counts as one maker.",
        ),
        say(
            "Kildene gjelder opphavet, der det er lest, og tidene; antakelser er studiens egne.",
            "The sources are of the origin, where it was read, and of the times; assumptions are "
            "the study's own.",
        ),
    )
    return Table("bill", caption, columns, tuple(rows), notes)


def dependence_table(context: StudyContext) -> Table:
    """What is made at home, what is imported, and how long stocks last if an import is lost."""
    say, lang = context.say, context.lang
    months = unit_words("month", lang)
    columns = (
        Column(say("Legemiddel: hva som lages i Norge", "Medicine: what is made at home")),
        Column(say("Norske trinn", "Domestic steps")),
        Column(say("Kan kalles norsk", "May be called domestic")),
        Column(say("Første importerte ledd", "First imported tier"), align="right"),
        Column(say("Import uten kjent alternativ", "Imports without a known second maker")),
        Column(say("Holder med innsatslager", "Lasts with stock of inputs"), months,
               "right"),
        Column(say("Holder uten", "Lasts without"), months, "right"),
    )  # fmt: skip
    caption = say(
        "Avhengighet av import, og hvor lenge lagrene holder",
        "Dependence on imports, and how long stocks last",
    )
    bill = _declared_bill(context, {p for _, _, products in CONFIGURATIONS for p in products})
    if bill is None:
        return Table("dependence", caption, columns, ())
    rows: list[tuple[Cell, ...]] = []
    for steps, name, products in CONFIGURATIONS:
        for product in products:
            home = _home_steps(bill, product, steps)
            found = is_domestic(bill, product, home)
            made = [_word(STEPS, step, context) for step in found.domestic_steps]
            single = [bill.items[item].name.in_(lang) for item in found.single_imports]
            rows.append(
                (
                    f"{bill.items[product].name.in_(lang)}: {name.in_(lang)}",
                    "; ".join(made) or "–",
                    say("ja", "yes") if found.is_domestic else say("nei", "no"),
                    str(found.first_imported_tier or "–"),
                    "; ".join(single) or "–",
                    _lasts(context, bill, product, found.single_imports, True),
                    _lasts(context, bill, product, found.single_imports, False),
                )
            )
    return Table("dependence", caption, columns, tuple(rows), _dependence_notes(context))


def _dependence_notes(context: StudyContext) -> tuple[str, ...]:
    say = context.say
    return (
        say(
            "Et legemiddel kalles norsk bare når det lages i Norge og ingen import mangler en "
            "kjent annen produsent. Det som hviler på importert 6-APA, kalles derfor ikke norsk. "
            "Ukjent antall produsenter regnes som én.",
            "A medicine is called domestic only if it is made at home and no import lacks a known "
            "second maker. What rests on imported 6-APA is therefore not called domestic. An "
            "unknown number of makers counts as one.",
        ),
        say(
            "«Holder» er måneder med forsyning etter at den av disse importene som merkes først, "
            "faller bort. Det som har flere kjente produsenter, som emballasje, er regnet som "
            "mulig å erstatte i tide. Midtverdi, lav til høy i parentes. Av ferdige pakninger er "
            "bare grossistenes vanlige lager regnet med; lagringsplikt, apotek og ekstra lager "
            "kommer i tillegg.",
            '"Lasts" is months of supply after the loss of the one of these imports that is felt '
            "first. What has several known makers, such as packaging, is taken to be replaced in "
            "time. Central value, low to high in brackets. Of finished packs only the "
            "wholesalers' ordinary stock is counted; stock duty, pharmacies and extra stock come "
            "on top.",
        ),
    )


def _home_steps(bill: Bill, product: str, made: str) -> tuple[str, ...]:
    """The steps at home: none, those of the pack, or those of the pack and of its substance."""
    if made == "none":
        return ()
    items = [product]
    if made == "substance":
        needs = (need.item for need in bill.items[product].needs)
        items += [name for name in needs if bill.items[name].kind == "substance"]
    return tuple(step for name in items if (step := bill.items[name].step))


def _lasts(
    context: StudyContext, bill: Bill, product: str, lost: tuple[str, ...], with_input_stock: bool
) -> str:
    """Months until packs run out, the least over what may be lost, with low and high stocks.

    Months never fall with any stock, so all stocks at their low (high) end give the low (high) end.
    """
    if not lost:
        return "–"
    year, on = context.definition.price_year, context.definition.as_of
    central = CentralParameters(context.library, year, on)
    items = [bill.items[name] for name in bill.tiers(product)]
    facts = [context.library.fact(fact) for item in items for fact in (item.held, item.storable)]

    def least(parameters: Parameters) -> float:
        held = held_months(bill, product, parameters)
        found = time_to_survive(bill, product, held, with_input_stock)
        return float(np.min([found[item] for item in lost]))

    low, high = (
        least(ReplacedParameters(central, {fact.id: _ends(fact)[end] for fact in facts}))
        for end in (0, -1)
    )
    return _with_range(low, least(central), high, context)


def _ends(fact: Fact) -> tuple[float, float, float]:
    """Low, central and high in months."""
    scale = factor(fact.unit, "month")
    return fact.numbers[0] * scale, fact.central * scale, fact.numbers[-1] * scale


def _months(fact: Fact, context: StudyContext) -> str:
    return _with_range(*_ends(fact), context)


def _with_range(low: float, central: float, high: float, context: StudyContext) -> str:
    middle = format_number(central, context.lang)
    if low == high:
        return middle
    return f"{middle} ({format_range(low, high, context.lang)})"


def _sources(origin: str, facts: Iterable[Fact]) -> tuple[Words | Citation, ...]:
    """The sources of the origin and the times, each once."""
    runs: list[Words | Citation] = []
    for source in dict.fromkeys([*([origin] if origin else []), *(fact.source for fact in facts)]):
        runs += [*([Words(" ")] if runs else []), Citation(source)]
    return tuple(runs)


def _word(words: Mapping[str, Text], name: str, context: StudyContext) -> str:
    return words[name].in_(context.lang) if name in words else name.replace("_", " ")
