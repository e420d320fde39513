"""``virkestoff industry changes``: what changed in the register between two snapshots."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from virkestoff.cli.screen import console
from virkestoff.errors import Fault, InputError, MissingFact
from virkestoff.language import Lang, format_date, format_number

if TYPE_CHECKING:
    from virkestoff.evidence.snapshots import Held

__all__ = ["add_to"]

_WORDS: dict[str, tuple[str, str]] = {
    "new": ("ny", "new"),
    "gone": ("borte, uten at noe sier hvorfor", "gone, and nothing says why"),
    "deleted": ("slettet", "deleted"),
    "removed": ("fjernet fra registeret", "removed from the register"),
    "name": ("nytt navn", "new name"),
    "form": ("ny organisasjonsform", "new organisation form"),
    "code": ("ny næringskode", "new industry code"),
    "standard_switched": ("koder i annen standard", "codes in another standard"),
    "code_unclear": ("annen kode, ukjent standard", "another code, standard unknown"),
    "moved": ("flyttet til annen kommune", "moved to another municipality"),
    "renumbered": ("kommunen fikk nytt nummer", "municipality renumbered"),
    "municipality_unclear": (
        "annet kommunenummer; uten Klass kan ingen si om det er flytting",
        "another municipality number; without Klass nobody can tell a move",
    ),
    "bankrupt": ("konkurs", "bankrupt"),
    "winding_up": ("under avvikling", "winding up"),
    "from": ("Fra", "From"),
    "to": ("til", "to"),
    "written": ("Skrevet:", "Written:"),
}
_DAY = ["%Y-%m-%d"]


def _word(key: str, lang: Lang) -> str:
    nb, en = _WORDS[key]
    return nb if lang == "nb" else en


def _two(folder: Path, start: datetime | None, end: datetime | None) -> tuple[Held, Held]:
    """The snapshots of two dates, or the two newest."""
    from virkestoff.industry.holdings import held, holdings

    newer = held(folder, "units", end.date() if end else None)
    if start is not None:
        return held(folder, "units", start.date()), newer
    units = [h for h in holdings(folder) if h.manifest.kind == "units"]
    before = [h for h in units if h.manifest.as_of < newer.manifest.as_of]
    if not before:
        raise InputError(
            Fault(
                str(folder),
                f"holds no units from before {newer.manifest.as_of}",
                "a change needs two snapshots of different dates",
                "Import an older or a newer register",
            )
        )
    return max(before, key=lambda h: h.manifest.as_of), newer


def _if_held(folder: Path, kind: str) -> Held | None:
    from virkestoff.industry.holdings import held

    try:
        return held(folder, kind)
    except MissingFact:
        return None


def changes(
    start: Annotated[
        datetime | None, typer.Option("--from", formats=_DAY, help="Date of the older snapshot.")
    ] = None,
    end: Annotated[
        datetime | None, typer.Option("--to", formats=_DAY, help="Date of the newer snapshot.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the list to this CSV file.")] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of imported data.")] = None,
    lang: Annotated[Lang, typer.Option(help="Language of texts: nb or en.")] = "nb",
) -> None:
    """Count what changed in the register between two snapshots, and list it."""
    from virkestoff.evidence.snapshots import safe_cell
    from virkestoff.industry.changes import CHANGES, changes_between
    from virkestoff.industry.holdings import data_folder

    folder = data_folder(data)
    older, newer = _two(folder, start, end)
    found = changes_between(
        older, newer, _if_held(folder, "updates"), _if_held(folder, "municipalities")
    )
    dates = [format_date(h.manifest.as_of, lang) for h in (older, newer)]
    console.print(f"{_word('from', lang)} {dates[0]} {_word('to', lang)} {dates[1]}")
    table = Table(box=None, pad_edge=False, show_header=False)
    counts = dict(found["change"].value_counts().iter_rows())
    for kind in CHANGES:
        if kind in counts:
            table.add_row(format_number(counts[kind], lang, decimals=0), _word(kind, lang))
    console.print(table)
    if out is not None:
        import csv

        try:
            with out.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream, lineterminator="\n")
                writer.writerow(found.columns)
                for row in found.iter_rows():
                    writer.writerow([safe_cell("" if v is None else str(v)) for v in row])
        except OSError as problem:
            raise InputError(Fault(str(out), f"cannot be written: {problem.strerror}")) from None
        console.print(f"{_word('written', lang)} {escape(str(out))}", soft_wrap=True)


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("changes")(changes)
