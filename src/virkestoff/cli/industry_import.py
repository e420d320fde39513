"""``virkestoff industry import`` and ``snapshots``: public registers in, and what there is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from virkestoff.cli.screen import console
from virkestoff.language import Lang, format_date, format_number

if TYPE_CHECKING:
    from virkestoff.evidence.snapshots import Manifest
    from virkestoff.industry.register import Imported, Watch

__all__ = ["add_to"]

LangOption = Annotated[Lang, typer.Option(help="Language of texts: nb or en.")]
DataOption = Annotated[
    Path | None,
    typer.Option(help="Folder of imported data (default: VIRKESTOFF_DATA, else your data folder)."),
]
_WORDS: dict[str, tuple[str, str]] = {  # what is read: bokmål, English
    "hash": ("Kjenner igjen filen", "Recognising the file"),
    "check": ("Kontrollerer at filen er hel", "Checking that the file is whole"),
    "read": ("Leser", "Reading"),
    "there": ("er importert før, som", "was imported before, as"),
    "of": ("datert", "dated"),
    "records": ("poster i filen", "records in the file"),
    "persons": (
        "personer (enkeltpersonforetak): talt og utelatt",
        "persons (sole proprietors): counted and left out",
    ),
    "apart": ("satt til side", "set apart"),
    "list": ("Liste over det som er satt til side", "List of what is set apart"),
    "rows": ("rader", "rows"),
    "kind": ("register", "register"),
    "date": ("dato", "date"),
    "licence": ("lisens", "licence"),
    "source": ("kilde", "source"),
    "none": ("Ingen øyeblikksbilder i", "No snapshots in"),
    "no_organisation_number": ("uten organisasjonsnummer", "no organisation number"),
    "invalid_organisation_number": ("ugyldig organisasjonsnummer", "invalid organisation number"),
    "duplicate_organisation_number": ("organisasjonsnummer to ganger", "number given twice"),
    "invalid_parent_number": ("ugyldig nummer på overordnet enhet", "invalid parent number"),
    "no_organisation_form": ("uten organisasjonsform", "no organisation form"),
    "wrong_number_of_fields": ("feil antall felt", "wrong number of fields"),
    "wrong_type": ("feil type", "wrong type"),
    "wrong_code": ("feil kode", "wrong code"),
    "impossible_date": ("umulig dato", "impossible date"),
    "field_too_long": ("for langt felt", "field too long"),
    "not_a_record": ("ikke en post", "not a record"),
    "no_currency": ("uten valuta", "no currency"),
    "no_period": ("uten regnskapsperiode", "no accounting period"),
    "wrong_account_type": ("ukjent regnskapstype", "unknown type of accounts"),
    "duplicate_account": ("samme regnskap to ganger", "accounts given twice"),
    "duplicate_award": ("samme tildeling to ganger", "award given twice"),
    "duplicate_project": ("samme prosjekt to ganger", "project given twice"),
    "duplicate_update": ("samme oppdatering to ganger", "update given twice"),
    "duplicate_change": ("samme endring to ganger", "change given twice"),
    "several_organisations": ("flere i samme rolle", "several in one role"),
    "negative_amount": ("negativt beløp", "negative amount"),
    "no_amount_or_date": ("uten beløp eller dato", "no amount or date"),
    "no_project_number": ("uten prosjektnummer", "no project number"),
    "wrong_phase": ("ukjent prosjektfase", "unknown phase"),
    "wrong_verdict": ("ukjent vedtak", "unknown decision"),
    "wrong_change": ("ukjent endringstype", "unknown kind of change"),
}


def _word(key: str, lang: Lang) -> str:
    nb, en = _WORDS[key]
    return nb if lang == "nb" else en


def _count(n: int, lang: Lang) -> str:
    return format_number(n, lang, decimals=0)


def import_(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Files, or folders of saved responses.")
    ],
    kind: Annotated[
        str | None,
        typer.Option(help="Which register (default: recognised by the file's fields)."),
    ] = None,
    day: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="The date of the data, YYYY-MM-DD."),
    ] = None,
    standard: Annotated[
        str | None, typer.Option(help="Standard of the industry codes: SN2007 or SN2025.")
    ] = None,
    data: DataOption = None,
    lang: LangOption = "nb",
) -> None:
    """Import files of public registers as snapshots with hash and date."""
    from virkestoff.industry.holdings import data_folder
    from virkestoff.industry.register import import_files

    as_of: date | None = day.date() if day else None
    with _watched(lang) as watch:
        done = import_files(files, data_folder(data), kind, as_of, standard, watch)
    for one in done:
        _print_import(one, lang)


@contextmanager
def _watched(lang: Lang) -> Iterator[Watch]:
    """A bar for each stage, on the error stream, gone when the work is done."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        tasks: dict[tuple[str, int], int] = {}

        def watch(stage: str, done: int, total: int) -> None:
            key = (stage, total)
            if key not in tasks:
                tasks[key] = progress.add_task(_word(stage, lang), total=total or None)
            progress.advance(tasks[key], done)  # type: ignore[arg-type]

        yield watch


def _print_import(one: Imported, lang: Lang) -> None:
    manifest = one.held.manifest
    name = _name(manifest, lang)
    said = f"{_word('of', lang)} {format_date(manifest.as_of, lang)}"
    if not one.is_new:
        console.print(
            f"[bold]{escape(manifest.file_name)}[/] {_word('there', lang)} {escape(name)} {said}",
            soft_wrap=True,
        )
        console.print(f"  {escape(str(one.held.folder))}", soft_wrap=True)
        return
    console.print(f"[bold]{escape(name)}[/] {said}", soft_wrap=True)
    console.print(f"  {_count(manifest.n_records, lang)} {_word('records', lang)}")
    for table, n in manifest.tables.items():
        if table != "persons":
            console.print(f"  {_count(n, lang)} {_word('rows', lang)}: {table}")
    if manifest.n_persons:
        console.print(f"  {_count(manifest.n_persons, lang)} {_word('persons', lang)}")
    console.print(f"  {_count(manifest.n_set_apart, lang)} {_word('apart', lang)}")
    for reason, n in manifest.set_apart_reasons.items():
        console.print(f"    {_count(n, lang)} {_word(reason, lang)}")
    if manifest.n_set_apart:
        place = one.held.folder / "set_apart.csv"
        console.print(f"  {_word('list', lang)}: {escape(str(place))}", soft_wrap=True)
    for note in manifest.notes:
        console.print(f"  {escape(note.in_(lang))}", soft_wrap=True)
    console.print(f"  {_word('licence', lang)}: {escape(_licence(manifest, lang))}", soft_wrap=True)
    console.print(f"  sha256 {manifest.snapshot.sha256}", soft_wrap=True)
    console.print(f"  {escape(str(one.held.folder))}", soft_wrap=True)


def _name(manifest: Manifest, lang: Lang) -> str:
    from virkestoff.industry.register_kinds import register_rules

    register = register_rules().registers.get(manifest.kind)
    return register.name.in_(lang) if register else manifest.kind


def _licence(manifest: Manifest, lang: Lang) -> str:
    """As the library knows it today: what was read of a licence holds for older imports too."""
    from virkestoff.industry.register_kinds import register_rules

    register = register_rules().registers.get(manifest.kind)
    return register.licence.in_(lang) if register else manifest.snapshot.licence


def snapshots(data: DataOption = None, lang: LangOption = "nb") -> None:
    """List the snapshots there are: date, rows, records set apart, licence, source, hash."""
    from virkestoff.industry.holdings import data_folder, holdings

    folder = data_folder(data)
    found = holdings(folder)
    if not found:
        console.print(f"{_word('none', lang)} {escape(str(folder))}", soft_wrap=True)
        return
    table = Table(box=None, pad_edge=False)
    for key in ("kind", "date", "rows", "apart", "licence", "source"):
        table.add_column(_word(key, lang), overflow="fold")
    table.add_column("sha256", no_wrap=True)
    for one in found:
        manifest = one.manifest
        rows = sum(n for name, n in manifest.tables.items() if name != "persons")
        table.add_row(
            escape(manifest.kind),
            str(manifest.as_of),
            _count(rows, lang),
            _count(manifest.n_set_apart, lang),
            escape(_licence(manifest, lang)),
            escape(manifest.snapshot.source),
            manifest.snapshot.sha256[:12],
        )
    console.print(table)
    console.print(escape(str(folder)), soft_wrap=True)


def add_to(app: typer.Typer) -> None:
    """Add both commands."""
    app.command("import")(import_)
    app.command("snapshots")(snapshots)
