"""The synthetic population against what is published: deviations, conflicts, what is lost."""

from __future__ import annotations

import math
from collections.abc import Sequence

from virkestoff.evidence import Library
from virkestoff.industry.definitions import load_definitions
from virkestoff.industry.population import Population
from virkestoff.industry.population_check import Check, lost_figures
from virkestoff.industry.population_plan import NotReproduced
from virkestoff.language import Lang, Text, format_number
from virkestoff.reports.blocks import Cell
from virkestoff.reports.document import Citation, Column, Runs, Table, Words
from virkestoff.reports.statistic_words import branch_name

__all__ = [
    "conflicts_table", "definitions_table", "lost_table", "named_table", "not_reproduced",
    "targets_table",
]  # fmt: skip

_COLUMNS = {
    "turnover_nok": Text(nb="omsetning", en="turnover"),
    "employees": Text(nb="ansatte", en="employees"),
}


_BOUNDS = {
    "about": Text(nb="om lag ", en="about "),
    "nearly": Text(nb="nær ", en="nearly "),
    "just_over": Text(nb="litt over ", en="just over "),
    "more_than": Text(nb="over ", en="over "),
    "less_than": Text(nb="under ", en="under "),
    "up_to": Text(nb="opptil ", en="up to "),
}
_COUNTED = (
    "companies", "active", "respondents", "step", "market", "years_above", "years_of_decline",
)  # fmt: skip
_SMALL_MONEY = 1e5
"""Sums of money below this are printed whole."""
MOST_DECIMALS = 2
"""Beyond these no digit of a published percentage says anything."""


def _decimals(x: float) -> int:
    """The decimals that a printed value needs, at most two: 9.2 needs one, 64 none."""
    return next((d for d in range(MOST_DECIMALS) if math.isclose(x, round(x, d), abs_tol=1e-9)),
                MOST_DECIMALS)  # fmt: skip


def _number(x: float, unit: str, lang: Lang, decimals: int | None = None) -> str:
    """A value with the digits that it needs, or with ``decimals`` of the unit it is printed in."""
    if unit == "NOK" and (abs(x) >= _SMALL_MONEY or not x):
        n = min(_decimals(x / 1e6), 1) if decimals is None else decimals
        millions = format_number(x / 1e6, lang, decimals=n)
        return f"{millions} mill. kr" if lang == "nb" else f"NOK {millions} m"
    if unit in ("NOK/person", "NOK"):
        whole = format_number(x, lang, decimals=0)
        return f"{whole} kr" if lang == "nb" else f"NOK {whole}"
    if unit in ("1", "1/year"):
        n = _decimals(100 * x) if decimals is None else decimals
        return f"{format_number(100 * x, lang, decimals=n)} %"
    return format_number(x, lang, decimals=0)


def _size(unit: str) -> float:
    return 1e6 if unit == "NOK" else 0.01 if unit in ("1", "1/year") else 1.0  # constant: sizes


def _own_decimals(check: Check) -> int:
    """One more than the published figure has, and enough for the tolerance to be seen."""
    size = _size(check.statistic.unit)
    printed = [x / size for x in (*check.published, check.target.tolerance)]
    most = 1 if check.statistic.unit == "NOK" else MOST_DECIMALS
    return min(max(map(_decimals, printed)) + 1, most)


def _value(check: Check, x: float, lang: Lang, decimals: int | None = None) -> str:
    if check.target.measure in _COUNTED:
        return format_number(x, lang, decimals=0)
    return _number(x, check.statistic.unit, lang, decimals)


def _points(check: Check, x: float, lang: Lang, decimals: int | None = None) -> str:
    """A distance: between percentages it is counted in points."""
    if not x:
        return "0"
    text = _value(check, x, lang, decimals)
    is_share = check.statistic.unit in ("1", "1/year") and check.target.measure not in _COUNTED
    return f"{text[:-2]} {'pp.' if lang == 'nb' else 'pp'}" if is_share else text


def _span(
    check: Check, values: Sequence[float], lang: Lang, decimals: int | None = None
) -> str:
    ordered = sorted(set(values))
    low, high = (_value(check, x, lang, decimals) for x in (ordered[0], ordered[-1]))
    return low if low == high else f"{low} – {high}"


def _published(check: Check, lang: Lang) -> str:
    before = _BOUNDS.get(check.statistic.qualifier)
    return (before.in_(lang) if before else "") + _span(check, check.published, lang)


def _what(check: Check, lang: Lang) -> Runs:
    statistic = check.statistic
    when = str(statistic.year or "–".join(map(str, statistic.period or ())))
    name = statistic.name.in_(lang)
    branch = branch_name(statistic.branch or "all", lang)
    if statistic.branch not in (None, "all") and branch.casefold() not in name.casefold():
        name += f", {branch}"
    text = name if when in name else f"{name}, {when}"
    return (Words(f"{text} "), Citation(statistic.source, statistic.place))


def _heads(lang: Lang, *last: str) -> tuple[Column, ...]:
    nb = lang == "nb"
    heads = ("Publisert", "Populasjonen", "Avvik") if nb else (
        "Published", "Population", "Deviation")  # fmt: skip
    return (
        Column("Tall" if nb else "Figure"),
        *(Column(head, align="right") for head in heads),
        *(Column(head) for head in last),
    )


def _row(check: Check, lang: Lang) -> tuple[Cell, ...]:
    digits = _own_decimals(check)
    deviation = _points(check, check.deviation, lang, digits)
    found = _span(check, check.reproduced, lang, digits)
    return (_what(check, lang), _published(check, lang), found, deviation)


def targets_table(checks: Sequence[Check], lang: Lang, name: str = "targets") -> Table:
    """The published figures that the population meets, with deviation and tolerance."""
    nb = lang == "nb"
    met = [c for c in checks if c.outcome == "met"]
    rows = []
    for check in met:
        tolerance = _points(check, check.target.tolerance, lang)
        basis = f" ({check.target.basis.in_(lang)})" if check.target.basis else ""
        rows.append((*_row(check, lang), tolerance + basis))
    share = f"{len(met)} av {len(checks)}" if nb else f"{len(met)} of {len(checks)}"
    caption = (
        f"Publiserte tall som den syntetiske populasjonen gjengir: {share}" if nb
        else f"Published figures that the synthetic population meets: {share}"
    )  # fmt: skip
    note = (
        "Avviket er avstanden fra det kilden sier: fra tallet, eller fra grensen der kilden gir "
        "en grense. Toleransen er satt på forhånd: et halvt siste siffer om ikke annet står. "
        "pp. er prosentpoeng." if nb
        else "The deviation is the distance from what the source says: from the figure, or from "
        "the bound where it gives a bound. The tolerance was set beforehand: half the last "
        "digit unless something else is said. pp is percentage points."
    )  # fmt: skip
    columns = _heads(lang, "Toleranse" if nb else "Tolerance")
    return Table(name, caption, columns, tuple(rows), (note,))


def conflicts_table(checks: Sequence[Check], lang: Lang, name: str = "conflicts") -> Table:
    """The published figures that it does not meet, with the reason."""
    nb = lang == "nb"
    rows = []
    for check in checks:
        if check.outcome != "met":
            none = Text(nb="Ingen grunn er funnet", en="No reason is found")
            rows.append((*_row(check, lang), (check.reason or none).in_(lang)))
    caption = (
        f"Publiserte tall som den syntetiske populasjonen ikke gjengir: {len(rows)}" if nb
        else f"Published figures that the synthetic population does not meet: {len(rows)}"
    )  # fmt: skip
    note = "pp. er prosentpoeng." if nb else "pp is percentage points."
    return Table(name, caption, _heads(lang, "Hvorfor" if nb else "Why"), tuple(rows), (note,))


def _cited(source: str, place: str) -> Runs:
    return (Citation(source, place),)


def named_table(population: Population, library: Library, lang: Lang) -> Table:
    """What the sources say of the companies they name; all else about them is made."""
    import polars as pl

    nb = lang == "nb"
    columns = (
        Column("Bedrift" if nb else "Company"), Column("Bransje" if nb else "Branch"),
        Column("Oppgitt av kilde" if nb else "Stated by a source"),
    )  # fmt: skip
    rows = []
    for company in population.companies.filter(pl.col("is_named")).to_dicts():
        accounts = population.accounts.filter(
            (pl.col("company_id") == company["company_id"]) & (pl.col("stated") != "")
        )
        said = []
        for row in accounts.to_dicts():
            for column in row["stated"].split(","):
                unit = "NOK" if column.endswith("_nok") else "person"
                amount = _number(float(row[column]), unit, lang)
                said.append(f"{_COLUMNS[column].in_(lang)} {row['year']}: {amount}")
        nothing = "ingen tall" if nb else "no figures"
        rows.append((company["name"], branch_name(company["branch"], lang),
                     "; ".join(said) or nothing))  # fmt: skip
    caption = (
        "Bedrifter som kildene nevner, i en syntetisk populasjon" if nb
        else "Companies that the sources name, in a synthetic population"
    )  # fmt: skip
    note = (
        "Alt annet om dem i populasjonen er syntetisk og sier ingenting om bedriftene." if nb
        else "Everything else about them in the population is synthetic and says nothing of them."
    )  # fmt: skip
    return Table("named", caption, columns, tuple(rows), (note,))


def lost_table(library: Library, lang: Lang) -> Table:
    """Figures whose numbers are lost in the text of the source."""
    nb = lang == "nb"
    columns = (Column("Figur" if nb else "Figure"), Column("Sted" if nb else "Place"))
    rows = tuple((s.name.in_(lang), _cited(s.source, s.place)) for s in lost_figures(library))
    caption = (
        "Figurer i kilden der tallene er tapt" if nb
        else "Figures of the source whose numbers are lost"
    )  # fmt: skip
    return Table("lost", caption, columns, rows)


def not_reproduced(losses: Sequence[NotReproduced], lang: Lang) -> tuple[Runs, ...]:
    """What the population does not hold, each with its reason."""
    return tuple(
        (Words(loss.what.in_(lang) + ". ", strong=True), Words(loss.why.in_(lang) + "."))
        for loss in losses
    )


def definitions_table(lang: Lang) -> Table:
    """The definitions as the sources word them."""
    nb = lang == "nb"
    columns = (
        Column("Begrep" if nb else "Term"), Column("Definisjon" if nb else "Definition"),
        Column("Kilde" if nb else "Source"),
    )  # fmt: skip
    rows = tuple(
        (d.name.in_(lang), d.text.in_(lang), _cited(d.source, d.place))
        for d in load_definitions().values()
    )
    caption = "Definisjoner slik kildene gir dem" if nb else "Definitions as the sources give them"
    return Table("definitions", caption, columns, rows)
