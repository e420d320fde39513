"""``virkestoff evidence conflicts``: published figures that disagree, and why."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from virkestoff.cli.screen import console, state
from virkestoff.errors import Fault, InputError
from virkestoff.evidence import Conflict, Library
from virkestoff.language import Lang, Text, format_number
from virkestoff.reports.output import write_whole
from virkestoff.reports.statistic_words import amount, figure, title, unit_word
from virkestoff.workbench import Workbench

__all__ = ["add_to"]

_RULES: dict[str, Text] = {
    "same_subject": Text(nb="samme størrelse", en="same quantity"),
    "growth": Text(nb="vekst mot nivåer", en="growth against levels"),
    "yearly_growth": Text(nb="årlig vekst mot nivåer", en="yearly growth against levels"),
    "share": Text(nb="andel mot nivåer", en="share against levels"),
    "ratio": Text(nb="forholdstall mot nivåer", en="ratio against levels"),
    "declared": Text(nb="ført opp for hånd", en="entered by hand"),
}
_HINTS: dict[str, Text] = {
    "definition": Text(nb="ulik definisjon", en="different definition"),
    "population": Text(nb="ulik populasjon", en="different population"),
    "n": Text(nb="ulikt antall svar", en="different number of answers"),
    "same_source": Text(nb="samme kilde to steder", en="one source in two places"),
}
_KINDS: dict[str, Text] = {
    "definition": Text(nb="definisjon", en="definition"),
    "population": Text(nb="populasjon", en="population"),
    "year": Text(nb="år", en="year"),
    "rounding": Text(nb="avrunding", en="rounding"),
    "base": Text(nb="grunnlag", en="base"),
    "price_year": Text(nb="prisår", en="price year"),
    "misprint": Text(nb="trykkfeil", en="misprint"),
    "unknown": Text(nb="ukjent", en="unknown"),
}
_HOW: dict[str, Text] = {
    "read": Text(nb="lest", en="read"),
    "derived": Text(nb="regnet ut", en="derived"),
    "assumption": Text(nb="antatt", en="assumption"),
}
def _why(conflict: Conflict, lang: Lang) -> str:
    if conflict.reason:
        reason = conflict.reason
        said = f"{_KINDS[reason.kind].in_(lang)}: {reason.text.in_(lang)}"
        return f"{said} ({_HOW[reason.how].in_(lang)})"
    hints = ", ".join(_HINTS[h].in_(lang) for h in conflict.hints)
    unknown = "ikke kjent" if lang == "nb" else "not known"
    return f"{unknown}; {hints}" if hints else unknown


def _implied(conflict: Conflict, lang: Lang) -> str:
    if conflict.implied is None:
        return ""
    low, high = conflict.implied
    first = conflict.statistics[0]
    if first.unit in ("1", "1/year"):
        low_text, high_text = (format_number(100 * x, lang, 3) for x in (low, high))
        both = f"{low_text} %" if low_text == high_text else f"{low_text}–{high_text} %"
    else:
        both = f"{amount(low, lang)}–{amount(high, lang)} {unit_word(first.unit, lang)}"
    says = "nivåene gir" if lang == "nb" else "the levels give"
    return f"{says} {both}"


def _show(conflict: Conflict, library: Library, lang: Lang) -> None:
    rule = _RULES[conflict.rule].in_(lang)
    console.print(
        f"[bold]{escape(title(conflict, library, lang))}[/]  [dim]{escape(rule)}[/]",
        soft_wrap=True,
    )
    for s in conflict.statistics:
        line = f"  {figure(s, lang)}  {s.source}, {s.place}  {s.id}"
        console.print(escape(line), soft_wrap=True)
        if s.note:
            console.print(f"    [dim]{escape(s.note)}[/]", soft_wrap=True)
    if implied := _implied(conflict, lang):
        console.print(f"  {escape(implied)}", soft_wrap=True)
    head = "grunn" if lang == "nb" else "reason"
    console.print(f"  {head}: {escape(_why(conflict, lang))}", soft_wrap=True)


def _safe(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula."""
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def _table(found: list[Conflict], library: Library, lang: Lang) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(
        ("conflict", "about", "rule", "statistic", "figure", "value", "unit", "source", "place",
         "implied_low", "implied_high", "reason_kind", "reason")
    )  # fmt: skip
    for number, c in enumerate(found, 1):
        low, high = c.implied or ("", "")
        for s in c.statistics:
            row = (
                number, title(c, library, lang), c.rule, s.id, figure(s, lang), s.value, s.unit,
                s.source, s.place, low, high, c.reason.kind if c.reason else "", _why(c, lang),
            )  # fmt: skip
            writer.writerow([_safe(v) if isinstance(v, str) else v for v in row])
    return file.getvalue()


def conflicts(
    pattern: Annotated[str, typer.Argument(help="Part of a subject, id or source.")] = "",
    rule: Annotated[str, typer.Option(help=f"Only found by: {', '.join(_RULES)}.")] = "",
    unexplained: Annotated[bool, typer.Option(help="Only those without a known reason.")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the list to this CSV file.")] = None,
    lang: Annotated[Lang, typer.Option(help="Language of names: nb or en.")] = "nb",
) -> None:
    """List published figures that disagree, with both sources and the reason where it is known."""
    if rule and rule not in _RULES:
        step = f"Use one of {', '.join(_RULES)}"
        raise InputError(Fault(f"--rule '{rule}'", "is not known", next_step=step))
    bench = Workbench(state.library)
    wanted = pattern.lower()
    found = [
        c
        for c in bench.conflicts()
        if rule in ("", c.rule)
        and not (unexplained and c.reason)
        and wanted
        in " ".join((title(c, bench.library, lang), c.subject,
                     *(f"{s.id} {s.source}" for s in c.statistics))).lower()
    ]  # fmt: skip
    if out is not None:
        write_whole(out, _table(found, bench.library, lang).encode("utf-8-sig"))
    for conflict in found:
        _show(conflict, bench.library, lang)
    known = sum(c.reason is not None for c in found)
    if lang == "nb":
        console.print(f"{len(found)} konflikter, {known} med kjent grunn")
    else:
        console.print(f"{len(found)} conflicts, {known} with a known reason")


def add_to(app: typer.Typer) -> None:
    """Add the command to ``virkestoff evidence``."""
    app.command()(conflicts)
