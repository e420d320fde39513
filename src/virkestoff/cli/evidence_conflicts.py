"""``virkestoff evidence conflicts``: published figures that disagree, and why."""

from __future__ import annotations

import csv
import io
import textwrap
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from virkestoff.cli.screen import console, state
from virkestoff.errors import Fault, InputError
from virkestoff.evidence import Conflict, Library
from virkestoff.evidence.snapshots import safe_cell
from virkestoff.evidence.wording import load_wording
from virkestoff.language import Lang
from virkestoff.reports.conflict_words import RULES, implied_words, why
from virkestoff.reports.output import write_whole
from virkestoff.reports.statistic_words import figure, title
from virkestoff.workbench import Workbench

__all__ = ["add_to", "conflict_lines", "summary"]

WIDTH = 100  # constant: columns of a page of text
FIGURE = 28  # constant: columns for a figure; what is longer has a line of its own


def _wrapped(text: str, indent: str, first: str | None = None) -> list[str]:
    return textwrap.wrap(
        text, min(WIDTH, max(console.width, 2 * FIGURE)), break_long_words=False,
        break_on_hyphens=False, initial_indent=indent if first is None else first,
        subsequent_indent=indent,
    )  # fmt: skip


def conflict_lines(
    conflict: Conflict, library: Library, lang: Lang, notes: bool = False
) -> list[str]:
    """A conflict as lines of text: what it is about, the figures with their places, the reason."""
    wording = load_wording(library)
    rule = RULES[conflict.rule].in_(lang)
    lines = _wrapped(f"{title(conflict, library, lang)} ({rule})", "  ", "")
    for s in conflict.statistics:
        said = figure(s, lang, library)
        place = f"{s.source}, {wording.place(s.place, lang)} [{s.id}]"
        if len(said) > FIGURE:
            lines += [*_wrapped(said, "    ", "  ")]
            said = ""
        lines += _wrapped(place, " " * (FIGURE + 4), f"  {said:<{FIGURE}}  ")
        if notes and s.note:
            lines += _wrapped(s.note, " " * (FIGURE + 4))
    if implied := implied_words(conflict, library, lang):
        lines += _wrapped(implied, "    ", "  ")
    head = "grunn" if lang == "nb" else "reason"
    return lines + _wrapped(f"{head}: {why(conflict, lang)}", "    ", "  ")


def summary(found: list[Conflict], lang: Lang) -> str:
    """How many conflicts there are, how many have a reason, and by which rule they were found."""
    explained = [c for c in found if c.reason and c.reason.kind != "unknown"]
    commented = sum(c.reason is not None for c in found)
    by_rule = Counter(c.rule for c in found)
    rules = ", ".join(f"{RULES[r].in_(lang)} {by_rule[r]}" for r in by_rule if by_rule[r])
    if lang == "nb":
        text = f"{len(found)} konflikter, {len(explained)} med kjent eller antatt grunn, "
        text += f"{commented - len(explained)} omtalt uten at grunnen er kjent"
    else:
        text = f"{len(found)} conflicts, {len(explained)} with a known or assumed reason, "
        text += f"{commented - len(explained)} described without a known reason"
    return f"{text}. {rules}" if rules else text


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
                number, title(c, library, lang), c.rule, s.id, figure(s, lang, library), s.value,
                s.unit, s.source, s.place, low, high, c.reason.kind if c.reason else "",
                why(c, lang),
            )  # fmt: skip
            writer.writerow([safe_cell(v) if isinstance(v, str) else v for v in row])
    return file.getvalue()


def conflicts(
    pattern: Annotated[str, typer.Argument(help="Part of a subject, id or source.")] = "",
    rule: Annotated[str, typer.Option(help=f"Only found by: {', '.join(RULES)}.")] = "",
    unexplained: Annotated[bool, typer.Option(help="Only those without a known reason.")] = False,
    notes: Annotated[bool, typer.Option(help="Show the notes of the figures (English).")] = False,
    out: Annotated[Path | None, typer.Option(help="Write the list to this CSV file.")] = None,
    lang: Annotated[Lang, typer.Option(help="Language of names: nb or en.")] = "nb",
) -> None:
    """List published figures that disagree, with both sources and the reason where it is known."""
    if rule and rule not in RULES:
        step = f"Use one of {', '.join(RULES)}"
        raise InputError(Fault(f"--rule '{rule}'", "is not known", next_step=step))
    bench = Workbench(state.library)
    wanted = pattern.lower()
    found = [
        c
        for c in bench.conflicts()
        if rule in ("", c.rule)
        and not (unexplained and c.reason and c.reason.kind != "unknown")
        and wanted
        in " ".join((title(c, bench.library, lang), c.subject,
                     *(f"{s.id} {s.source}" for s in c.statistics))).lower()
    ]  # fmt: skip
    if out is not None:
        write_whole(out, _table(found, bench.library, lang).encode("utf-8-sig"))
    for conflict in found:
        head, *rest = conflict_lines(conflict, bench.library, lang, notes)
        console.print(f"[bold]{escape(head)}[/]", soft_wrap=True)
        for line in rest:
            console.print(escape(line), soft_wrap=True)
        console.print()
    for line in _wrapped(summary(found, lang), "", ""):
        console.print(escape(line), soft_wrap=True)


def add_to(app: typer.Typer) -> None:
    """Add the command to ``virkestoff evidence``."""
    app.command()(conflicts)
