"""Tables of who pays inside a country, made from cost, use and gain that runs recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from virkestoff.costsharing import (
    NATIONAL_RULES,
    PAYERS,
    CostPart,
    NationalSplit,
    load_buyers,
    national_split,
)
from virkestoff.language import format_number, format_range
from virkestoff.reports.document import Cell, Citation, Column, Table, Words
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.units import amount_text, scaled

__all__ = [
    "NATIONAL_TABLES",
    "investment_split",
    "own_gain_first",
    "yearly_split",
]

MILLION = 1e6
ROUNDING = 1e-9  # constant: recorded parts hold nine digits
Parts = Mapping[str, Mapping[str, Mapping[str, float]]]


def yearly_split(parts: Parts) -> NationalSplit:
    """The yearly cost of an alternative between payers, from expected cost, use and gain."""
    use, scale = _means(parts, "national_use"), _means(parts, "national_scale")
    costs = [
        CostPart(name, cost, use, scale[name])
        for name, cost in _means(parts, "national_cost").items()
    ]
    return national_split(list(PAYERS), costs, _means(parts, "national_gain"))


def investment_split(parts: Parts) -> NationalSplit:
    """The investment: investors gain what sales carry of it, the others what shortage costs less.

    Gains a year are worth their present value over the years of the study.
    """
    use, scale = _means(parts, "national_use"), _means(parts, "national_scale")
    invested = _means(parts, "national_investment")
    years = _means(parts, "national_years")["annuity"]
    gain = {name: amount * years for name, amount in _means(parts, "national_gain").items()}
    costs = [CostPart("gap", invested["gap"], use, scale["plant"])]
    if invested["carried"] > 0.0:
        costs.append(CostPart("carried", invested["carried"], {"investors": 1.0}))
    return national_split(list(PAYERS), costs, {**gain, "investors": invested["carried"]})


def own_gain_first(total: float, gain: Mapping[str, float], rest: str) -> dict[str, float]:
    """Each pays at most its own gain, in proportion to it; ``rest`` pays what is left.

    Examples
    --------
    >>> own_gain_first(100.0, {"patients": 30.0, "hospitals": 10.0}, "state")
    {'patients': 30.0, 'hospitals': 10.0, 'state': 60.0}
    >>> own_gain_first(20.0, {"patients": 30.0, "hospitals": 10.0}, "state")
    {'patients': 15.0, 'hospitals': 5.0, 'state': 0.0}
    """
    able = {name: max(amount, 0.0) for name, amount in gain.items()}
    gains = sum(able.values())
    part = min(total / gains, 1.0) if gains > 0.0 else 0.0
    pays = {name: amount * part for name, amount in able.items()}
    pays[rest] = pays.get(rest, 0.0) + total - sum(pays.values())
    return pays


def _national_split_table(context: StudyContext) -> Table:
    """The yearly cost of each alternative that is split, by payer and rule."""
    rows: list[tuple[Cell, ...]] = []
    for run in _runs(context, "national_cost"):
        parts = context.results["parts"][run]
        rows += _rows(context, run, yearly_split(parts), _means(parts, "national_gain"))
    caption = context.say(
        "Hvem som kan betale for hvert alternativ, per år", "Who could pay for each alternative, "
        "a year")  # fmt: skip
    return Table("national_split", caption, _columns(context, "NOK/year"), tuple(rows),
                 _notes(context))  # fmt: skip


def _national_investment_table(context: StudyContext) -> Table:
    """The investment of each plant that is split, by payer and rule."""
    rows: list[tuple[Cell, ...]] = []
    carried: list[str] = []
    for run in _runs(context, "national_investment"):
        parts = context.results["parts"][run]
        if "national_cost" not in parts:
            continue
        found = investment_split(parts)
        years = _means(parts, "national_years")["annuity"]
        gain = {name: amount * years for name, amount in _means(parts, "national_gain").items()}
        gain["investors"] = _means(parts, "national_investment")["carried"]
        rows += _rows(context, run, found, gain)
        share = gain["investors"] / float(found.total.mean())
        carried.append(f"{context.alternative_name(run)} "
                       f"{amount_text(share, '1', context.lang)}")  # fmt: skip
    caption = context.say(
        "Investeringen fordelt mellom aktørene", "The investment split between the actors"
    )
    first = context.say(
        "Det salget alene kan bære av investeringen ved eierens avkastningskrav: ",
        "What sales alone can carry of the investment at the owner's required return: ",
    )
    notes = (first + "; ".join(carried) + ".", *_notes(context))
    notes = (
        *notes,
        context.say(
            "Eieren legger ut investeringen og får den tilbake med avkastning gjennom støtten; "
            "tabellen viser hvem som til slutt bærer den. Den årlige kostnaden inneholder "
            "tilbakebetalingen, så de to tabellene legges ikke sammen.",
            "The owner pays the investment first and gets it back with a return through the "
            "support; the table shows who bears it in the end. The yearly cost holds the "
            "repayment, so the two tables are not added.",
        ),
    )
    return Table("national_investment", caption, _columns(context, "NOK"), tuple(rows), notes)


def _buyers_table(context: StudyContext) -> Table:
    """Who buys and who pays in each setting, with the source."""
    columns = (
        Column(context.say("Hvor det brukes", "Where it is used")),
        Column(context.say("Hvem som kjøper og betaler", "Who buys and who pays")),
        Column(context.say("Kilde", "Source")),
    )
    derived = context.say(" (utledet)", " (derived)")
    rows: list[tuple[Cell, ...]] = [
        (
            s.name.in_(context.lang),
            s.buyer.in_(context.lang),
            (Citation(s.source, s.place), Words("" if s.how == "read" else derived)),
        )
        for s in load_buyers().settings.values()
    ]
    caption = context.say("Kjøpere av penicilliner i Norge", "Buyers of penicillins in Norway")
    note = context.say(
        "Andelene gjelder alle antibiotika; penicillin V brukes mindre i sykehus enn de andre.",
        "The shares are those of all antibiotics; penicillin V is used less in hospitals than the "
        "others.",
    )
    return Table("buyers", caption, columns, tuple(rows), (note,))


def _runs(context: StudyContext, group: str) -> list[str]:
    """Alternatives, not probes, that recorded a group of parts."""
    parts = context.results["parts"]
    return [run for run in context.definition.alternatives if group in parts.get(run, {})]


def _means(parts: Parts, group: str) -> dict[str, float]:
    return {name: float(cell["mean"]) for name, cell in parts[group].items()}


def _columns(context: StudyContext, unit: str) -> tuple[Column, ...]:
    words = scaled(unit, MILLION, context.lang)[1]
    rest = context.say("Egen nytte, staten resten", "Own gain, the state the rest")
    names = [rule.in_(context.lang) for rule in NATIONAL_RULES.values()]
    last = context.say("Minst til mest", "Least to most")
    return (
        Column(context.say("Alternativ: betaler", "Alternative: payer")),
        *(Column(name, words, "right") for name in (*names, rest, last)),
    )


def _rows(
    context: StudyContext, run: str, found: NationalSplit, gain: Mapping[str, float]
) -> list[tuple[Cell, ...]]:
    """A row a payer: amount and share under each rule, and how far the rules lie apart."""
    total = float(found.total.mean())
    pays: dict[str, dict[str, float]] = {rule: found.mean(rule) for rule in NATIONAL_RULES}
    pays["rest"] = own_gain_first(total, gain, "state")
    rows: list[tuple[Cell, ...]] = []
    for payer, name in PAYERS.items():
        amounts = [_clean(pays[rule].get(payer, 0.0), total) for rule in pays]
        if not any(amounts):
            continue
        cells = [_cell(context, amount, total) for amount in amounts]
        known = [a for rule, a in zip(pays, amounts, strict=True) if rule != "equal" and a == a]
        spread = "–"
        if known:
            low, high = min(known) / MILLION, max(known) / MILLION
            spread = format_range(low, high, context.lang)
        # One cell, since a table that is too wide repeats its first column only.
        who = f"{context.alternative_name(run)}: {name.in_(context.lang)}"
        rows.append((who, *cells, spread))
    return rows


def _clean(amount: float, total: float) -> float:
    """The amount, nothing where it is only rounding of the whole."""
    return 0.0 if abs(amount) <= ROUNDING * total else amount


def _cell(context: StudyContext, amount: float, total: float) -> str:
    if amount != amount or total <= 0.0:
        return "–"
    share = format_number(100 * amount / total, context.lang, 2)
    sign = context.say(" %", "%")
    return f"{format_number(amount / MILLION, context.lang)} ({share}{sign})"


def _notes(context: StudyContext) -> tuple[str, ...]:
    return (
        context.say(
            "Forventede beløp, andel i parentes. Ingen kilde gir en formel; reglene står side om "
            "side. Nytten er spart tap ved vanlig mangel, ikke i en krise: den kan ikke regnes per "
            "år uten å anta hvor ofte kriser kommer. «Egen nytte, staten resten» lar ingen betale "
            "mer enn den sparer, og lar staten bære det som bare kriseberedskapen kan begrunne. De "
            "andre reglene deler hele kostnaden, også der den er større enn all nytten.",
            "Expected amounts, share in brackets. No source gives a formula; the rules stand side "
            "by side. The gain is the avoided loss from ordinary shortage, not from a crisis: that "
            "cannot be stated a year without assuming how often crises come. “Own gain, the "
            "state the rest” lets nobody pay more than it saves, and lets the state bear what only "
            "protection in a crisis can justify. The other rules share the whole cost, also where "
            "it is larger than all the gain.",
        ),
        context.say(
            "Lik avkastning faller sammen med at den som har nytte, betaler, når ingen betaler noe "
            "i alle tilfeller. Pasientene er de som henter på resept og betaler selv. Den som ikke "
            "står i tabellen, har verken nytte eller bruk, og betaler ikke etter noen regel.",
            "Equal return is the same as beneficiary pays when nobody pays anything in any case. "
            "Patients are those who collect on prescription and pay themselves. Whoever is not in "
            "the table has neither gain nor use, and pays under no rule.",
        ),
    )


NATIONAL_TABLES: Mapping[str, Callable[[StudyContext], Table]] = {
    "national_split": _national_split_table,
    "national_investment": _national_investment_table,
    "buyers": _buyers_table,
}
