"""Tables of cost sharing between countries, made from the costs of coalitions that a run recorded.

A study records parts with members joined by ``+``; expected costs are split here, since a split
beforehand rests on expected costs and no block of draws knows them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from virkestoff.costsharing import (
    RULE_NAMES,
    CostGame,
    Departure,
    agreement,
    cost_game,
    departures,
    split,
)
from virkestoff.discounting import Rates, discount_factors, level_amount
from virkestoff.errors import Fault, InputError
from virkestoff.language import format_number, format_range
from virkestoff.reports.document import Cell, Column, Table
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.units import scaled

__all__ = [
    "SHARING_TABLES",
    "recorded_game",
]

Parts = Mapping[str, Mapping[str, Mapping[str, float]]]
MILLION = 1e6
RULES = ("equal", "proportional", "separable_cost", "shapley", "nucleolus")
WAYS = ("stock", "contract", "plant")
PERIOD = 5  # constant: years that a column of the agreement holds
RATE = "supply.stock.public_capital_rate"


def _sharing_table(context: StudyContext) -> Table:
    """What each country pays under each rule when each coalition takes its cheapest way."""
    parts = _parts(context)
    game = recorded_game(parts["sharing_cost_all"])
    found = split(game, RULES)
    pays = {rule: found.row(rule).mean for rule in RULES}
    chosen = pays["shapley"]
    columns = (
        Column(context.say("Land", "Country")),
        _money(context, context.say("Alene", "Alone")),
        *(_money(context, RULE_NAMES[rule].in_(context.lang)) for rule in RULES),
        _money(context, context.say("Shapley, P10 til P90", "Shapley, P10 to P90")),
        _money(context, context.say("Gevinst, Shapley", "Gain, Shapley")),
        _money(context, context.say("Per år, Shapley", "A year, Shapley"), "NOK/year"),
    )
    alone = {name: float(cost.mean()) for name, cost in found.alone.items()}
    yearly = _yearly(context, chosen)
    rows: list[tuple[Cell, ...]] = []
    for name in (*game.players, ""):
        cells = [_of(context, alone, name)]
        cells += [_of(context, pays[rule], name) for rule in RULES]
        spread = "–"
        if name:
            s = parts["sharing_shapley_all"][name]
            spread = format_range(s["p10"] / MILLION, s["p90"] / MILLION, context.lang)
        gain = {n: alone[n] - chosen[n] for n in chosen}
        cells += [spread, _of(context, gain, name), _of(context, yearly, name)]
        rows.append((_name(context, name), *cells))
    caption = context.say(
        "Hva hvert land betaler når alle fem tar den billigste veien sammen",
        "What each country pays when all five take the cheapest way together",
    )
    notes = (
        context.say(
            "Nåverdi av det lik beskyttelse koster ut over import, delt etter forventede "
            "kostnader. Hver gruppe av land kjenner tilbudene før den velger.",
            "Present value of what equal protection costs beyond import, split by expected costs. "
            "Each group of countries knows the offers before it chooses.",
        ),
        _beforehand(context, parts),
        context.say(
            "Nytten for andre land er vist og ikke regnet med i samfunnets regnskap.",
            "The benefit to other countries is shown and not counted in society's account.",
        ),
    )
    return Table("sharing", caption, columns, tuple(rows), notes)


def _sharing_plant_table(context: StudyContext) -> Table:
    """How the cost of one plant for all is split, beside what each pays for stock instead."""
    parts = _parts(context)
    found = split(recorded_game(parts["sharing_cost_plant"]), RULES)
    rules = ("equal", "separable_cost", "shapley", "nucleolus")
    pays = {rule: found.row(rule).mean for rule in rules}
    total = float(found.total.mean())
    by_need = {n: _mean(parts, "sharing_need", n) * total for n in found.players}
    stock = {n: _mean(parts, "sharing_way_stock", n) for n in found.players}
    own = {name: float(cost.mean()) for name, cost in found.alone.items()}
    extra = {n: by_need[n] - stock[n] for n in found.players}
    need = {n: _mean(parts, "sharing_need", n) for n in found.players}
    columns = (
        Column(context.say("Land", "Country")),
        Column(context.say("Andel av behovet", "Share of need"),
               context.say("prosent", "per cent"), "right"),
        _money(context, context.say("Eget anlegg", "Own plant")),
        _money(context, context.say("Etter behov", "By need")),
        *(_money(context, RULE_NAMES[rule].in_(context.lang)) for rule in rules),
        _money(context, context.say("Eget lager i stedet", "Own stock instead")),
        _money(context, context.say("Mer enn lager, etter behov", "Above stock, by need")),
        _money(context, context.say("Per år, etter behov", "A year, by need"), "NOK/year"),
    )
    yearly = _yearly(context, by_need)
    rows: list[tuple[Cell, ...]] = []
    for name in (*found.players, ""):
        amounts = [own, by_need, *(pays[rule] for rule in rules), stock, extra, yearly]
        part = need[name] if name else sum(need.values())
        cells = [_of(context, amount, name) for amount in amounts]
        rows.append((_name(context, name), format_number(100 * part, context.lang), *cells))
    caption = context.say(
        "Hva hvert land ville betale for ett felles anlegg", "What each country would pay for one "
        "common plant")  # fmt: skip
    notes = _plant_notes(context, parts, total, sum(own.values()))
    return Table("sharing_plant", caption, columns, tuple(rows), notes)


def _plant_notes(
    context: StudyContext, parts: Parts, together: float, apart: float
) -> tuple[str, ...]:
    """What one plant costs against one in each country, what the rules mean, and the place."""
    return (
        context.say(
            "Nåverdi ut over import. Ett anlegg for alle koster "
            f"{format_number(together / MILLION, 'nb')} mill. kr; ett i hvert land koster "
            f"{format_number(apart / MILLION, 'nb')} mill. kr.",
            "Present value beyond import. One plant for all costs "
            f"NOK {format_number(together / MILLION, 'en')} million; one in each country costs "
            f"NOK {format_number(apart / MILLION, 'en')} million.",
        ),
        context.say(
            "Shapley-verdien og nukleolus regner med at hvert land ellers bygger selv. Da utløser "
            "et lite land like mye fast kostnad som et stort, og betaler deretter. Etter behov er "
            "derfor delingen som en avtale kan bygge på, og siste kolonne før årsbeløpet viser hva "
            "landet måtte få for å foretrekke anlegget framfor eget lager.",
            "The Shapley value and the nucleolus take it that each country would otherwise build "
            "its own. A small country then causes as much fixed cost as a large one, and pays "
            "accordingly. A split by need is therefore what an agreement can rest on, and the last "
            "column before the yearly amount shows what a country would have to be given to prefer "
            "the plant to its own stock.",
        ),
        _place(context, parts),
    )


def _coalitions_table(context: StudyContext) -> Table:
    """What some coalitions pay by each way, and how often each way is their cheapest."""
    parts = _parts(context)
    names = list(parts["sharing_need"])
    by_need = sorted(names, key=lambda n: -_mean(parts, "sharing_need", n))
    shown = [[name] for name in names]
    shown += [by_need[:k] for k in range(2, len(names) + 1)]
    ways = {
        "stock": context.say("Lager", "Stock"),
        "contract": context.say("Avtale", "Contract"),
        "plant": context.say("Anlegg", "Plant"),
    }
    percent = context.say("prosent av trekkene", "per cent of draws")
    columns = (
        Column(context.say("Land sammen", "Countries together")),
        *(_money(context, name) for name in ways.values()),
        *(Column(context.say(f"{name} billigst", f"{name} cheapest"), percent, "right")
          for name in ways.values()),
        Column(context.say("Billigst i forventning", "Cheapest on average")),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for members in shown:
        key = "+".join(n for n in names if n in members)
        cost = {way: _mean(parts, f"sharing_way_{way}", key) for way in WAYS}
        often = [100 * _mean(parts, f"sharing_cheapest_{way}", key) for way in WAYS]
        who = ", ".join(context.part_name(n) for n in members)
        if len(members) == len(names):
            who = context.say("alle", "all")
        cells = [format_number(cost[way] / MILLION, context.lang) for way in WAYS]
        cells += [format_number(share, context.lang) for share in often]
        rows.append((who, *cells, ways[min(cost, key=lambda way: cost[way])]))
    caption = context.say(
        "Lik beskyttelse for ett land eller flere sammen, på tre veier",
        "Equal protection for one country or several together, by three ways",
    )
    note = context.say(
        "Nåverdi ut over import. Lik beskyttelse er å bære en krise uten import i den lengden og "
        "med det bortfallet som krisen har; avtale og anlegg holder i tillegg lager mot "
        "eksportforbud. Vederlaget for en avtale er én sum for gruppen, uansett størrelse, lik "
        "den som er antatt for Norge. Lager som plikter alt krever, er ikke trukket fra, og før "
        "anlegget går, holder det ikke lager: begge deler taler for anlegget.",
        "Present value beyond import. Equal protection is to carry a crisis of the length and loss "
        "of import that it has; contract and plant also hold stock against a ban on exports. The "
        "fee of a contract is one sum for the group, however many they are, the one assumed for "
        "Norway. Stock that duties already ask for is not taken off, and before the plant runs it "
        "holds none: both speak for the plant.",
    )
    return Table("coalitions", caption, columns, tuple(rows), (note,))


def _leaving_table(context: StudyContext) -> Table:
    """Who would leave, with whom, and what keeps it; of each rule in both games."""
    parts = _parts(context)
    columns = (
        Column(context.say("Det som deles", "What is shared")),
        Column(context.say("Regel", "Rule")),
        Column(context.say("Hvem går", "Who leaves")),
        Column(context.say("Sammen med", "With")),
        _money(context, context.say("Prisen som holder dem", "Price that keeps them")),
        _money(context, context.say("Tapet for de andre", "Loss of the others")),
    )
    rows: list[tuple[Cell, ...]] = []
    settled: list[str] = []
    for what, rule, players, total, leaving in _departures(context, parts):
        small = 1e-6 * total  # constant: parts are rounded to nine digits
        going = {d.partners | {d.player}: d for d in leaving if d.gain > small}
        if not going:
            settled.append(f"{what}: {rule}")
        for d in going.values():
            ordered = [context.part_name(n) for n in players if n in d.partners]
            rows.append((
                what, rule, context.part_name(d.player), ", ".join(ordered) or "–",
                format_number(d.gain / MILLION, context.lang),
                format_number(d.loss_of_others / MILLION, context.lang),
            ))  # fmt: skip
    caption = context.say(
        "Hvem som ville gå ut, og hva som holder dem", "Who would leave, and what keeps them"
    )
    note = context.say("Ingen går ut under: ", "Nobody leaves under: ") + "; ".join(settled) + "."
    none = context.say("Ingen går ut under noen regel.", "Nobody leaves under any rule.")
    how = context.say(
        "Forventede kostnader. Den som går ut av ett anlegg, bygger uten de andre; i siste del kan "
        "den velge lager eller avtale i stedet. Er tapet for de andre under null, sparer de også.",
        "Expected costs. Who leaves one plant builds without the others; in the last part it may "
        "choose stock or a contract instead. A loss of the others below zero is a saving.",
    )
    return Table("leaving", caption, columns, tuple(rows), (note if rows else none, how))


def _departures(
    context: StudyContext, parts: Parts
) -> Iterator[tuple[str, str, tuple[str, ...], float, tuple[Departure, ...]]]:
    """What is shared, the rule, the countries, the cost of all, and who would leave."""
    cheapest = recorded_game(parts["sharing_cost_all"])
    plant = recorded_game(parts["sharing_cost_plant"])
    whole = float(plant.total[0])
    by_need = np.array([[_mean(parts, "sharing_need", n) for n in plant.players]]) * whole
    rule = context.say("Etter behov", "By need")
    for game, nb, en in (
        (cheapest, "Billigste vei", "Cheapest way"),
        (plant, "Ett anlegg", "One plant"),
    ):
        what, total = context.say(nb, en), float(game.total[0])
        for row in split(game, RULES).rows:
            shown = RULE_NAMES[row.rule].in_(context.lang)
            yield what, shown, game.players, total, row.departures
    yield context.say("Ett anlegg", "One plant"), rule, plant.players, whole, departures(
        plant, by_need
    )
    free = context.say("Ett anlegg, fritt valg", "One plant, free choice")
    costs = np.array(cheapest.costs)
    costs[:, -1] = whole  # all build together; whoever leaves takes its cheapest way
    open_to_all = CostGame(cheapest.players, costs)
    yield free, rule, plant.players, whole, departures(open_to_all, by_need)


def _agreement_table(context: StudyContext) -> Table:
    """Payments for the common plant by need, mean of each five years, and the deposit."""
    parts = _parts(context)
    need = np.array([m["mean"] for m in parts["sharing_need"].values()])
    need = need / need.sum()
    years = [int(year) for year in parts["sharing_bill"]]
    bill = np.array([m["mean"] for m in parts["sharing_bill"].values()])
    held = np.array([m["mean"] for m in parts["sharing_stock_bill"].values()])
    alone = need[:, None] * held + _mean(parts, "sharing_administration", "each_country")
    factors = _factors(context)
    names = list(parts["sharing_need"])
    deal = agreement(names, need * float(bill @ factors), bill, factors, alone=alone)
    columns = [Column(context.say("Land", "Country"))]
    spans = [range(a, min(a + PERIOD, len(years))) for a in range(0, len(years), PERIOD)]
    for span in spans:
        columns.append(_money(context, f"{years[span[0]]}–{years[span[-1]]}", "NOK/year"))
    columns.append(_money(context, context.say("Nåverdi", "Present value")))
    keeps = context.say("Innskudd som holder landet", "Deposit that keeps it")
    columns.append(_money(context, keeps))
    rows: list[tuple[Cell, ...]] = []
    for k, name in enumerate(names):
        paid = [float(deal.payment[0, k, list(span)].mean()) for span in spans]
        paid += [float(deal.present_value[0, k]), float(deal.deposit[0, k])]
        cells = [format_number(amount / MILLION, context.lang) for amount in paid]
        rows.append((context.part_name(name), *cells))
    caption = context.say(
        "Årlige betalinger for ett felles anlegg, delt etter behov",
        "Yearly payments for one common plant, split by need",
    )
    note = context.say(
        "Ut over import, forventet; hvert års regning deles etter behov, medregnet lageret mot "
        "eksportforbud. Innskuddet går tapt om landet går ut; det måles mot å holde eget lager "
        "fra første år, som overdriver gevinsten ved å gå ut senere.",
        "Beyond import, expected; each year's bill is split by need, with the stock against a ban "
        "on exports. The deposit is lost on leaving; it is measured against own stock from the "
        "first year, which overstates the gain of leaving later.",
    )
    return Table("agreement", caption, tuple(columns), tuple(rows), (note,))


def recorded_game(costs: Mapping[str, Mapping[str, float]]) -> CostGame:
    """The game of expected costs, from parts whose names are members joined by ``+``."""
    players = [name for name in costs if "+" not in name]
    expected = {frozenset(key.split("+")): cell["mean"] for key, cell in costs.items()}
    return cost_game(players, expected)


def _parts(context: StudyContext) -> Parts:
    """The parts of the first run that recorded coalitions."""
    runs: Mapping[str, Any] = context.results["parts"]
    for parts in runs.values():
        if "sharing_cost_all" in parts:
            found: Parts = parts
            return found
    raise InputError(
        Fault(
            "report: table of cost sharing",
            "no run recorded what coalitions of countries pay",
            next_step="Record sharing_cost_all in study.py with ledger.part",
        )
    )


def _mean(parts: Parts, group: str, name: str) -> float:
    return float(parts[group][name]["mean"])


def _factors(context: StudyContext) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The state's discount factors from the first year of the study on."""
    rate = context.library.fact(RATE, context.definition.as_of).central
    years = context.definition.axis
    return discount_factors(years, Rates((rate,)), years.first)


def _yearly(context: StudyContext, amounts: Mapping[str, float]) -> dict[str, float]:
    values = np.array(list(amounts.values()))
    return dict(zip(amounts, level_amount(values, _factors(context)).tolist(), strict=True))


def _money(context: StudyContext, title: str, unit: str = "NOK") -> Column:
    return Column(title, scaled(unit, MILLION, context.lang)[1], "right")


def _name(context: StudyContext, name: str) -> str:
    return context.part_name(name) if name else context.say("Sum", "Sum")


def _of(context: StudyContext, amounts: Mapping[str, float], name: str) -> str:
    """An amount of one country, or of all, in millions."""
    amount = amounts[name] if name else sum(amounts.values())
    return format_number(amount / MILLION + 0.0, context.lang)


def _beforehand(context: StudyContext, parts: Parts) -> str:
    """What there is to gain if the way is chosen before any offer is known."""
    costs = {
        key: min(_mean(parts, f"sharing_way_{way}", key) for way in WAYS)
        for key in parts["sharing_way_stock"]
    }
    names: Sequence[str] = list(parts["sharing_need"])
    gain = sum(costs[n] for n in names) - costs["+".join(names)]
    shown = format_number(max(gain, 0.0) / MILLION, context.lang)
    return context.say(
        f"Velges veien før tilbudene er kjent, er gevinsten ved samarbeid {shown} mill. kr.",
        f"If the way is chosen before offers are known, cooperation gains NOK {shown} million.",
    )


def _place(context: StudyContext, parts: Parts) -> str:
    """Where the plant is cheapest, and what each other place costs more."""
    host = parts["sharing_host"]
    best = max(host, key=lambda n: host[n]["mean"])
    rest = "; ".join(
        f"{context.part_name(n)} {format_number(cell['mean'] / MILLION, context.lang)}"
        for n, cell in parts["sharing_host_extra"].items()
        if n != best
    )
    name = context.part_name(best)
    return context.say(
        f"Med lik byggekostnad overalt er {name} det billigste stedet, fordi landene uten anlegget "
        f"holder lager mot eksportforbud. Andre steder koster mer, i mill. kr: {rest}.",
        f"With equal building cost everywhere {name} is the cheapest place, because countries "
        f"without the plant hold stock against a ban on exports. Other places cost more, in NOK "
        f"million: {rest}.",
    )


SHARING_TABLES: Mapping[str, Callable[[StudyContext], Table]] = {
    "sharing": _sharing_table,
    "sharing_plant": _sharing_plant_table,
    "coalitions": _coalitions_table,
    "leaving": _leaving_table,
    "agreement": _agreement_table,
}
