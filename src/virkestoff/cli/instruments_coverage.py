"""``virkestoff instruments coverage``, ``reform`` and ``population``."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from virkestoff.cli.instruments_options import day_of, faults_in
from virkestoff.cli.instruments_screen import print_fitting
from virkestoff.cli.screen import console, state
from virkestoff.language import Lang
from virkestoff.workbench.instruments_coverage import CoverageBench

__all__ = ["add_to"]


class Weight(StrEnum):
    """What is counted."""

    NUMBER = "number"
    BUDGET = "budget"
    REACHED = "reached"


LangOption = Annotated[Lang, typer.Option(help="Language: nb or en.")]
DataOption = Annotated[Path | None, typer.Option(help="Folder of your own data.")]
DateOption = Annotated[
    str, typer.Option("--date", metavar="DATE", help="The date asked for (default: today).")
]
PopulationOption = Annotated[
    str, typer.Option(help="Which companies: synthetic, own, or FILE.parquet (a column a fact).")
]
FactsOption = Annotated[
    Path | None,
    typer.Option(help="YAML file of facts held equal for all companies, as project.is_rd: true."),
]


def _day(text: str) -> date:
    return day_of(text) or date.today()


def _bench() -> CoverageBench:
    """The workbench with its schemes read, so that faults of the library stay as they are."""
    bench = CoverageBench(state.library)
    bench.schemes  # noqa: B018
    return bench


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def coverage(
    by: Annotated[
        str, typer.Option(help="phase, kind, recipient, market_failure, branch, status.")
    ] = "phase,kind",
    weight: Annotated[Weight, typer.Option(help="What is counted.")] = Weight.NUMBER,
    status: Annotated[
        str, typer.Option(help="existing, proposed, ended, not_begun; with commas between.")
    ] = "existing",
    add: Annotated[
        str, typer.Option("--with", help="Proposed or ended schemes that count as existing.")
    ] = "",
    mapping: Annotated[
        str, typer.Option(help="How words become phases: named, first, divided, late, early, …")
    ] = "named",
    subset: Annotated[
        str, typer.Option(help="Which schemes: all, direct, money, not_repaid, source_004, …")
    ] = "all",
    test: Annotated[
        bool, typer.Option("--test", help="Test the sources' claims; gaps and proposals too.")
    ] = False,
    population: Annotated[
        str, typer.Option(help="Companies without a scheme: synthetic, own or FILE.parquet.")
    ] = "",
    facts: FactsOption = None,
    chart: Annotated[Path | None, typer.Option(help="Draw it: FILE.svg or FILE.png.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write it: FILE.csv or FILE.xlsx.")] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write the whole report (HTML, PDF, Word) to this folder.")
    ] = None,
    data: DataOption = None,
    on: DateOption = "",
    lang: LangOption = "nb",
) -> None:
    """Schemes by phase, kind, recipient and market failure: where there are many, few, none."""
    bench, added = _bench(), frozenset(_parts(add))
    companies, files = None, list[Path]()
    with faults_in(lang):
        day = _day(on)
        found = bench.coverage(
            day, by=_parts(by), weight=weight.value, statuses=_parts(status), mapping=mapping,
            subset=subset, as_existing=bench.known_schemes(added),
        )  # fmt: skip
        if population:
            companies = bench.company_coverage(
                day, population, data, facts=bench.facts_from(facts) if facts is not None else {},
                mapping=mapping, subset=subset if subset != "all" else "money", as_existing=added,
            )  # fmt: skip
        if report is not None:
            files += bench.write_coverage_report(
                bench.coverage_findings(day, companies, mapping), report, lang, day)
        files += bench.write_coverage(found, out, day, lang) if out is not None else ()
        files += bench.draw_coverage(found, chart, lang) if chart is not None else ()
    if files:
        return console.print("\n".join(map(str, files)), soft_wrap=True)
    tables = [bench.coverage_table(found, lang)]
    tables += bench.tested_tables(day, mapping, lang) if test else ()
    tables += bench.company_tables(companies, lang) if companies is not None else ()
    for table in tables:
        print_fitting(table)


def reform(
    patch: Annotated[Path, typer.Argument(metavar="PATCH", help="YAML file of what changes.")],
    profile: Annotated[
        list[Path] | None,
        typer.Option(help="A profile, or YAML of facts as project.trl: 5; repeatable."),
    ] = None,
    population: PopulationOption = "synthetic",
    facts: FactsOption = None,
    data: DataOption = None,
    on: DateOption = "",
    lang: LangOption = "nb",
) -> None:
    """A changed or new scheme: who gains, who loses, by how much, and bounds of the cost."""
    bench = _bench()
    with faults_in(lang):
        found = bench.read_reform(patch)
        day = _day(on) if on else found.on or date.today()
        profiles = {path.stem: bench.facts_from(path) for path in profile or []}
        given = bench.facts_from(facts) if facts is not None else {}
        tables = bench.reform_tables(found, day, population, data, profiles, given, lang)
    for table in tables:
        print_fitting(table)


def population(
    population: PopulationOption = "synthetic",
    facts: FactsOption = None,
    data: DataOption = None,
    on: DateOption = "",
    lang: LangOption = "nb",
) -> None:
    """How many companies of a population meet the conditions of each scheme, or may."""
    bench = _bench()
    with faults_in(lang):
        given = bench.facts_from(facts) if facts is not None else {}
        tables = bench.population_statuses(_day(on), population, data, given, lang)
    for table in tables:
        print_fitting(table)


def add_to(app: typer.Typer) -> None:
    """Add the commands to ``virkestoff instruments``."""
    app.command()(coverage)
    app.command()(reform)
    app.command()(population)
