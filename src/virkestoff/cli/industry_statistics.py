"""``virkestoff industry statistics`` and ``virkestoff industry population``."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from virkestoff.cli.screen import console, print_table, state
from virkestoff.errors import Fault, FaultCollector, InputError
from virkestoff.language import Lang
from virkestoff.workbench import Workbench

__all__ = ["add_to"]


class Kind(StrEnum):
    """Which companies."""

    SYNTHETIC = "synthetic"
    OWN = "own"


class Form(StrEnum):
    """How a table is written."""

    TABLE = "table"
    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"
    DTA = "dta"
    SAV = "sav"


class Wording(StrEnum):
    """The two wordings of the J-curve company."""

    BOX = "j_curve_box"
    FOOTNOTE = "j_curve_footnote"


CHARTS = (".svg", ".png")
TABLES = tuple(f".{form.value}" for form in Form if form is not Form.TABLE)
LangOption = Annotated[Lang, typer.Option(help="Language: nb or en.")]
DataOption = Annotated[Path | None, typer.Option(help="Folder of your own data.")]
AsOf = Annotated[str, typer.Option("--as-of", metavar="DATE", help="Date of the files (today).")]


def _years(text: str) -> list[int] | None:
    if not text:
        return None
    first, _, last = text.partition("-")
    try:
        years = list(range(int(first), int(last or first) + 1))
    except ValueError:
        years = []
    if not years:
        raise InputError(
            Fault(f"--year {text}", "is no year or span", next_step="Write 2019 or 2009-2019")
        )
    return years


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError:
        raise InputError(
            Fault(f"--as-of {text}", "is no date", next_step="Write it as 2026-11-24")
        ) from None


def _check_suffix(path: Path | None, option: str, known: tuple[str, ...]) -> None:
    """Said before anything is read, so that a wrong name costs no time."""
    if path is not None and path.suffix.lower() not in known:
        raise InputError(
            Fault(f"{option} {path}", "is of no known kind", next_step=f"End it {', '.join(known)}")
        )


def _target(form: Form, out: Path | None) -> Path | None:
    """The file to write, whose name ends as the format says."""
    if form is Form.TABLE:
        return out
    if out is None:
        raise InputError(
            Fault(f"--format {form.value}", "needs a file", next_step="Name it with --out FILE")
        )
    if out.suffix.lower() != f".{form.value}":
        raise InputError(
            Fault(f"--out {out}", f"does not end in .{form.value}",
                  next_step="Leave --format out, or rename the file")
        )  # fmt: skip
    return out


def statistics(
    by: Annotated[
        str, typer.Option(help="Divide by branch, size, ownership, region; with commas between.")
    ] = "branch",
    measure: Annotated[
        str, typer.Option(help="What: turnover, employees, margin, largest_share, …")
    ] = "turnover",
    year: Annotated[str, typer.Option(help="A year or a span, 2009-2019; else the last.")] = "",
    population: Annotated[Kind, typer.Option(help="Which companies.")] = Kind.SYNTHETIC,
    format_: Annotated[Form, typer.Option("--format", help="Format of --out.")] = Form.TABLE,
    out: Annotated[Path | None, typer.Option(help="Write the table to this file.")] = None,
    chart: Annotated[Path | None, typer.Option(help="Draw it: FILE.svg or FILE.png.")] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write the whole report (HTML, PDF, Word) to this folder.")
    ] = None,
    wording: Annotated[
        Wording, typer.Option(help="Which wording of the J-curve company counts.")
    ] = Wording.BOX,
    largest: Annotated[int, typer.Option(help="Companies in the share of the largest.")] = 4,
    data: DataOption = None,
    as_of: AsOf = "",
    lang: LangOption = "nb",
) -> None:
    """The industry by branch, size, ownership, region and year; no figure gives a company away."""
    target, day, years = _target(format_, out), _day(as_of), _years(year)
    _check_suffix(target, "--out", TABLES)
    _check_suffix(chart, "--chart", CHARTS)
    bench = Workbench(state.library)
    companies, missing = bench.population(population.value, data)
    if report is not None:
        files = bench.write_industry_report(companies, report, lang, day, missing)
        for file in files:
            console.print(str(file), soft_wrap=True)
        if target is None and chart is None:
            return
    parts = tuple(part.strip() for part in by.split(",") if part.strip())
    found = bench.industry_statistics(companies, measure, parts, years, wording.value, largest)
    if target is not None:
        for file in bench.write_statistics(found, target, day, lang):
            console.print(str(file), soft_wrap=True)
    if chart is not None:
        bench.draw_statistics(found, chart, lang)
        console.print(str(chart), soft_wrap=True)
    if target is None and chart is None:
        print_table(bench.statistics_table(found, lang))
    _print_missing(missing, lang)


def _print_missing(missing: tuple[str, ...], lang: Lang) -> None:
    if missing:
        console.print("År uten regnskap:" if lang == "nb" else "Years without accounts:")
    for line in missing:
        console.print(f"  {line}", soft_wrap=True)


def _pairs(items: list[str] | None, option: str, faults: FaultCollector) -> dict[str, str]:
    found = {}
    for item in items or []:
        left, mark, right = item.partition("=")
        if not mark or not left.strip() or not right.strip():
            faults.add(f"{option} '{item}'", "is not LEFT=RIGHT",
                       next_step='As in --column turnover_nok="Sum inntekter"')  # fmt: skip
        found[left.strip()] = right.strip()
    return found


def population(
    check: Annotated[
        bool, typer.Option("--check", help="Every published figure against the population.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Write companies and accounts: .csv, .parquet, .xlsx, …")
    ] = None,
    own: Annotated[
        Path | None, typer.Option(help="Your own accounts (CSV or XLSX): check and remember them.")
    ] = None,
    column: Annotated[
        list[str] | None, typer.Option(metavar="FIELD=COLUMN", help="What a column of --own holds.")
    ] = None,
    branch: Annotated[
        list[str] | None, typer.Option(metavar="WORD=BRANCH", help="A branch in words of --own.")
    ] = None,
    unit: Annotated[int, typer.Option(help="NOK of one unit of --own: 1, 1000, 1000000.")] = 1,
    is_unit_right: Annotated[
        bool, typer.Option("--unit-is-right", help="The unit holds although it looks wrong.")
    ] = False,
    year: Annotated[int | None, typer.Option(help="Year of all rows of --own.")] = None,
    delimiter: Annotated[str, typer.Option(help="Between the columns of a CSV file.")] = ";",
    decimal: Annotated[str, typer.Option(help="Decimal mark of a CSV file.")] = ",",
    encoding: Annotated[str, typer.Option(help="utf-8 or cp1252.")] = "utf-8",
    data: DataOption = None,
    as_of: AsOf = "",
    lang: LangOption = "nb",
) -> None:
    """The synthetic population and its deviations, or your own accounts instead of it."""
    bench, day = Workbench(state.library), _day(as_of)
    if own is not None:
        fields: dict[str, Any] = {
            "file": str(own.expanduser().resolve()), "unit": unit, "year": year,
            "is_unit_right": is_unit_right,
            "delimiter": delimiter, "decimal": decimal, "encoding": encoding,
        }  # fmt: skip
        _keep_own(bench, fields, column, branch, data, lang)
        return
    companies, _ = bench.population("synthetic")
    if out is not None:
        for file in bench.write_population(companies, out, day, lang):
            console.print(str(file), soft_wrap=True)
        return
    if not check:
        for measure in ("companies", "active", "turnover", "value_creation", "employees"):
            found = bench.industry_statistics(
                companies, measure, ("branch",), None, "j_curve_box", 4
            )
            print_table(bench.statistics_table(found, lang))
        return
    title, conflicts = bench.population_conflicts(companies, lang)
    console.print(f"\n[bold]{escape(title)}[/]")
    for what, published, ours, deviation, why in conflicts:
        console.print(f"[bold]{escape(what)}[/]", soft_wrap=True)
        console.print(f"  {escape(published)} | {escape(ours)} | {escape(deviation)}")
        console.print(f"  {escape(why)}", soft_wrap=True)
    for table in bench.population_tables(companies, lang):
        print_table(table)
    if any(c.outcome == "missed" for c in bench.population_check(companies)):
        raise typer.Exit(1)


def _keep_own(
    bench: Workbench,
    fields: dict[str, Any],
    column: list[str] | None,
    branch: list[str] | None,
    data: Path | None,
    lang: Lang,
) -> None:
    from pydantic import ValidationError

    from virkestoff.industry.own_accounts import FIELDS, ColumnMapping

    faults = FaultCollector()
    columns, branches = _pairs(column, "--column", faults), _pairs(branch, "--branch", faults)
    faults.raise_if_any()
    try:
        mapping = ColumnMapping(**fields, columns=columns, branches=branches)
    except ValidationError as problem:
        for error in problem.errors():
            place = ".".join(str(part) for part in error["loc"])
            option = {"columns": "column", "branches": "branch", "file": "own"}.get(place, place)
            step = f"The fields are {', '.join(FIELDS)}" if option == "column" else ""
            what = error["msg"].removeprefix("Value error, ")
            faults.add(f"--{option}", what, next_step=step)
        raise InputError(faults.faults) from None
    path, held = bench.keep_mapping(mapping, data)
    years = held.population.years
    span = str(years[0]) if years[0] == years[-1] else f"{years[0]}–{years[-1]}"
    said = (
        f"{held.n_companies} bedrifter, {span}; koblingen er lagret i {path}"
        if lang == "nb"
        else f"{held.n_companies} companies, {span}; mapping saved in {path}"
    )
    console.print(said, soft_wrap=True)
    gaps = [f"{y}: {n} / {held.n_companies}" for y, n in held.n_missing.items()]
    gaps += [f"{c}: {', '.join(map(str, ys))}" for c, ys in held.missing_years.items()]
    _print_missing(tuple(gaps), lang)


def add_to(app: typer.Typer) -> None:
    """Add the commands to ``virkestoff industry``."""
    app.command()(statistics)
    app.command()(population)
