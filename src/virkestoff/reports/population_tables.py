"""The synthetic population against what is published: deviations, conflicts, what is lost."""

from __future__ import annotations

from collections.abc import Sequence

from virkestoff.evidence import Library
from virkestoff.industry.definitions import load_definitions
from virkestoff.industry.population import Population
from virkestoff.industry.population_check import Check, lost_figures
from virkestoff.industry.population_plan import NotReproduced
from virkestoff.language import Lang, Text, format_number
from virkestoff.reports.document import Citation, Column, Runs, Table, Words
from virkestoff.reports.statistic_words import branch_name, figure

__all__ = ["definitions_table", "lost_table", "named_table", "not_reproduced", "targets_table"]

_OUTCOMES = {
    "met": Text(nb="ja", en="yes"),
    "conflict": Text(nb="nei, i strid med et annet tall", en="no, conflicts with another figure"),
    "missed": Text(nb="nei", en="no"),
}
_COLUMNS = {
    "turnover_nok": Text(nb="omsetning", en="turnover"),
    "employees": Text(nb="ansatte", en="employees"),
}


def _number(x: float, unit: str, lang: Lang) -> str:
    """A value with the digits that its rounding needs."""
    if unit == "NOK" and abs(x) >= 1e5:  # constant: below this a sum is no longer millions
        return f"{format_number(x / 1e6, lang, decimals=1)} {'mill. kr' if lang == 'nb' else 'm NOK'}"
    if unit in ("NOK/person", "NOK"):
        return f"{format_number(x, lang, decimals=0)} kr" if lang == "nb" else f"NOK {format_number(x, lang, decimals=0)}"  # fmt: skip  # noqa: E501
    if unit in ("1", "1/year") and abs(x) <= 10:
        return f"{format_number(100 * x, lang, decimals=2)} %"
    return format_number(x, lang, decimals=0)


def _value(check: Check, x: float, lang: Lang) -> str:
    is_count = check.statistic.unit == "1" and abs(check.published[0]) >= 1 and check.target.measure in (
        "companies", "active", "respondents", "step", "market", "years_above", "years_of_decline"
    )  # fmt: skip
    is_count = is_count or check.target.measure in ("step", "market")
    return format_number(x, lang, decimals=0) if is_count else _number(x, check.statistic.unit, lang)


def _reproduced(check: Check, lang: Lang) -> str:
    values = sorted(set(check.reproduced))
    low, high = _value(check, values[0], lang), _value(check, values[-1], lang)
    return low if low == high else f"{low} – {high}"


def targets_table(checks: Sequence[Check], lang: Lang, name: str = "targets") -> Table:
    """Each published figure, what the population gives, deviation, tolerance, whether it is met."""
    nb = lang == "nb"
    heads = ("Publisert", "Sted", "Populasjonen", "Avvik", "Toleranse", "Oppfylt") if nb else (
        "Published", "Place", "Population", "Deviation", "Tolerance", "Met")  # fmt: skip
    columns = (
        Column("Tall" if nb else "Figure"),
        *(Column(head, align="left" if head in ("Sted", "Place", heads[5]) else "right")
          for head in heads),
    )  # fmt: skip
    rows = []
    for check in sorted(checks, key=lambda c: c.outcome == "met"):
        statistic = check.statistic
        basis = check.target.basis.in_(lang) + ". " if check.target.basis else ""
        why = basis + (check.reason.in_(lang) if check.reason else "")
        outcome = _OUTCOMES[check.outcome].in_(lang) + (f". {why}" if why else "")
        what = statistic.name.in_(lang)
        if statistic.branch and statistic.branch != "all":
            what += f", {branch_name(statistic.branch, lang)}"
        when = str(statistic.year or "–".join(map(str, statistic.period or ())))
        rows.append((
            f"{what}, {when}",
            figure(statistic, lang),
            _cited(statistic.source, statistic.place),
            _reproduced(check, lang),
            _value(check, check.deviation, lang) if check.deviation else "0",
            _value(check, check.target.tolerance, lang),
            outcome,
        ))  # fmt: skip
    n_met = sum(c.outcome == "met" for c in checks)
    caption = (
        f"Publiserte tall mot syntetisk populasjon: {n_met} av {len(checks)} oppfylt" if nb
        else f"Published figures against the synthetic population: {n_met} of {len(checks)} met"
    )  # fmt: skip
    note = (
        "Avviket er avstanden fra det kilden sier: fra tallet, fra nærmeste grense der kilden gir "
        "en grense. Toleransen er satt på forhånd: et halvt siste siffer om ikke annet står." if nb
        else "The deviation is the distance from what the source says: from the figure, or from "
        "the nearest bound where it gives a bound. The tolerance was set beforehand: half the last "
        "digit unless something else is said."
    )  # fmt: skip
    return Table(name, caption, columns, tuple(rows), (note,))


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
    rows = tuple(
        (s.name.in_(lang), _cited(s.source, s.place)) for s in lost_figures(library)
    )
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
