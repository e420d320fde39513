"""The synthetic population against what is published: deviations, conflicts, what is lost."""

from __future__ import annotations

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


def _number(x: float, unit: str, lang: Lang) -> str:
    """A value with the digits that its rounding needs."""
    if unit == "NOK" and (abs(x) >= _SMALL_MONEY or not x):
        millions = format_number(x / 1e6, lang, decimals=1)
        return f"{millions} mill. kr" if lang == "nb" else f"NOK {millions} m"
    if unit in ("NOK/person", "NOK"):
        whole = format_number(x, lang, decimals=0)
        return f"{whole} kr" if lang == "nb" else f"NOK {whole}"
    if unit in ("1", "1/year"):
        return f"{format_number(100 * x, lang, decimals=1 if abs(x) > 1 else 2)} %"
    return format_number(x, lang, decimals=0)


def _value(check: Check, x: float, lang: Lang) -> str:
    if check.target.measure in _COUNTED:
        return format_number(x, lang, decimals=0)
    return _number(x, check.statistic.unit, lang)


def _span(check: Check, values: Sequence[float], lang: Lang) -> str:
    ordered = sorted(set(values))
    low, high = _value(check, ordered[0], lang), _value(check, ordered[-1], lang)
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
    deviation = _value(check, check.deviation, lang) if check.deviation else "0"
    return (_what(check, lang), _published(check, lang), _span(check, check.reproduced, lang),
            deviation)  # fmt: skip


def targets_table(checks: Sequence[Check], lang: Lang, name: str = "targets") -> Table:
    """The published figures that the population meets, with deviation and tolerance."""
    nb = lang == "nb"
    met = [c for c in checks if c.outcome == "met"]
    rows = []
    for check in met:
        tolerance = _value(check, check.target.tolerance, lang) if check.target.tolerance else "0"
        basis = f" ({check.target.basis.in_(lang)})" if check.target.basis else ""
        rows.append((*_row(check, lang), tolerance + basis))
    share = f"{len(met)} av {len(checks)}" if nb else f"{len(met)} of {len(checks)}"
    caption = (
        f"Publiserte tall som den syntetiske populasjonen gjengir: {share}" if nb
        else f"Published figures that the synthetic population meets: {share}"
    )  # fmt: skip
    note = (
        "Avviket er avstanden fra det kilden sier: fra tallet, eller fra grensen der kilden gir "
        "en grense. Toleransen er satt på forhånd: et halvt siste siffer om ikke annet står." if nb
        else "The deviation is the distance from what the source says: from the figure, or from "
        "the bound where it gives a bound. The tolerance was set beforehand: half the last "
        "digit unless something else is said."
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
    return Table(name, caption, _heads(lang, "Hvorfor" if nb else "Why"), tuple(rows))


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
