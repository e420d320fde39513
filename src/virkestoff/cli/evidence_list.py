"""``virkestoff evidence list`` and ``subjects``: find statistics and facts, and the vocabulary."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, get_args

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from virkestoff.cli.screen import console, state
from virkestoff.errors import Fault, InputError, suggest
from virkestoff.evidence import Fact, Library, Statistic
from virkestoff.evidence.wording import load_wording
from virkestoff.language import Lang, format_number
from virkestoff.reports.statistic_words import figure, time_text
from virkestoff.workbench import Workbench

__all__ = ["add_to", "unit_text", "value_text"]

LangOption = Annotated[Lang, typer.Option(help="Language of names: nb or en.")]
WIDTH = 120  # constant: columns that an identifier and its figure need
KINDS = get_args(Statistic.model_fields["kind"].annotation)


def value_text(record: Fact | Statistic, lang: Lang, library: Library) -> str:
    """A value, range or series as text; a statistic with its qualifier and unit."""
    if isinstance(record, Statistic):
        return figure(record, lang, library)
    if record.series:
        years = sorted(record.series)
        return f"{years[0]}-{years[-1]}: {len(years)} values"
    shown = [format_number(float(n), lang, 4) for n in record.numbers]
    return shown[0] if len(shown) == 1 else "[" + "; ".join(shown) + "]"


def unit_text(record: Fact | Statistic) -> str:
    """The unit with its price year; a statistic has its unit beside its value."""
    unit = "" if record.unit == "1" or isinstance(record, Statistic) else record.unit
    return f"{unit} ({record.price_year})".strip() if record.price_year else unit


def _print_wide(table: Table) -> None:
    """Print a table as wide as its identifiers need, also where the screen is narrower."""
    Console(highlight=False, width=max(console.width, WIDTH)).print(table)


def _known(name: str, value: str, known: object) -> None:
    assert isinstance(known, tuple | list | set)
    if value and value not in known:
        step = suggest(value, known) or f"Use one of {', '.join(sorted(known))}"
        raise InputError(Fault(f"--{name} '{value}'", "is not known", next_step=step))


def _speaks_of(s: Statistic, year: int) -> bool:
    first, last = s.period or (s.year, s.year)
    return first is not None and last is not None and first <= year <= last


def list_(
    pattern: Annotated[str, typer.Argument(help="Part of an id or name.")] = "",
    confidence: Annotated[
        str, typer.Option(help="Only read, unverified or assumption.")
    ] = "",
    subject: Annotated[
        str, typer.Option(help="Only statistics on subjects that begin so.")
    ] = "",
    source: Annotated[str, typer.Option(help="Only what this source says.")] = "",
    branch: Annotated[str, typer.Option(help="Only statistics on this branch.")] = "",
    year: Annotated[int | None, typer.Option(help="Only statistics on this year.")] = None,
    kind: Annotated[str, typer.Option(help=f"Only {', '.join(KINDS)}.")] = "",
    lang: LangOption = "nb",
) -> None:
    """List facts and statistics."""
    bench = Workbench(state.library)
    library = bench.library
    _known("source", source, list(library.sources))
    _known("kind", kind, KINDS)
    _known("branch", branch, sorted({s.branch for s in library.statistics.values() if s.branch}))
    if subject and not any(name.startswith(subject) for name in library.subjects):
        _known("subject", subject, list(library.subjects))
    found = [
        record
        for record in bench.evidence(pattern, confidence)
        if source in ("", record.source)
        and (not (subject or branch or year or kind) or isinstance(record, Statistic))
        and (
            isinstance(record, Fact)
            or (
                (record.subject or "").startswith(subject)
                and (not branch or (record.branch or "all") == branch)
                and (year is None or _speaks_of(record, year))
                and kind in ("", record.kind)
            )
        )
    ]
    table = Table(box=None, pad_edge=False)
    for head in ("id", "value", "unit", "year", "confidence", "source"):
        table.add_column(head, overflow="fold", no_wrap=head == "id")  # an id is copied whole
    for record in found:
        table.add_row(
            escape(record.id),
            escape(value_text(record, lang, library)),
            escape(unit_text(record)),
            time_text(record) if isinstance(record, Statistic) else "",
            record.confidence,
            escape(record.source),
        )
    _print_wide(table)
    console.print(f"{len(found)} records")


def subjects(
    pattern: Annotated[str, typer.Argument(help="Part of an id or name.")] = "",
    lang: LangOption = "nb",
) -> None:
    """List the subjects of statistics: unit, number of statistics, branches."""
    library = Workbench(state.library).library
    wording = load_wording(library)
    counts = Counter(s.subject for s in library.statistics.values())
    table = Table(box=None, pad_edge=False)
    heads = ("id", "navn", "enhet", "antall", "bransjer") if lang == "nb" else (
        "id", "name", "unit", "number", "branches")  # fmt: skip
    for head in heads:
        table.add_column(head, overflow="fold", no_wrap=head == "id")
    shown = 0
    for name, subject in sorted(library.subjects.items()):
        text = subject.name.in_(lang)
        if pattern.lower() not in f"{name} {text}".lower():
            continue
        branches = sorted(
            {s.branch for s in library.statistics.values() if s.subject == name and s.branch}
            - {"all"}
        )
        words = ", ".join(wording.branch(b, lang) for b in branches)
        unit = "" if subject.unit == "1" else subject.unit
        table.add_row(name, escape(text), escape(unit), str(counts[name]), escape(words))
        shown += 1
    _print_wide(table)
    total = sum(counts[name] for name in library.subjects)
    if lang == "nb":
        console.print(f"{shown} emner; {total} statistikker har et emne fra listen")
    else:
        console.print(f"{shown} subjects; {total} statistics have a subject of the list")


def add_to(app: typer.Typer) -> None:
    """Add the commands to ``virkestoff evidence``."""
    app.command("list")(list_)
    app.command()(subjects)
