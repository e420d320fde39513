"""``virkestoff evidence conflicts``: published figures that disagree, and why."""

from __future__ import annotations

import csv
import io
import math
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
from virkestoff.language import Lang, Text
from virkestoff.reports.output import write_whole
from virkestoff.reports.statistic_words import amounts, figure, title, with_unit
from virkestoff.workbench import Workbench

__all__ = ["add_to", "conflict_lines", "summary"]

WIDTH = 100  # constant: columns of a page of text
FIGURE = 28  # constant: columns for a figure; what is longer has a line of its own
_RULES: dict[str, Text] = {
    "same_subject": Text(nb="samme størrelse", en="same quantity"),
    "growth": Text(nb="vekst mot nivåer", en="growth against levels"),
    "yearly_growth": Text(nb="årlig vekst mot nivåer", en="yearly growth against levels"),
    "share": Text(nb="andel mot nivåer", en="share against levels"),
    "ratio": Text(nb="forholdstall mot nivåer", en="ratio against levels"),
    "sum": Text(nb="sum av bransjene", en="sum of the branches"),
    "compound": Text(nb="årlig vekst mot samlet vekst", en="yearly growth against total growth"),
    "share_level": Text(nb="andel av annen kilde", en="share by another source"),
    "part_of": Text(nb="del større enn helheten", en="part above its whole"),
    "limit": Text(nb="ordlyd i definisjon", en="wording of a definition"),
    "declared": Text(nb="ført opp for hånd", en="entered by hand"),
}
_GIVES: dict[str, Text] = {
    "sum": Text(nb="bransjene gir", en="the branches give"),
    "compound": Text(nb="den årlige veksten gir", en="the yearly growth gives"),
    "share_level": Text(nb="andel av helheten gir", en="share of the whole gives"),
    "part_of": Text(nb="helheten er", en="the whole is"),
}
_LEVELS_GIVE = Text(nb="nivåene gir", en="the levels give")
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
    "revision": Text(nb="revisjon", en="revision"),
    "misprint": Text(nb="trykkfeil", en="misprint"),
    "unknown": Text(nb="ikke forklart", en="not explained"),
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


def _implied(conflict: Conflict, library: Library, lang: Lang) -> str:
    if conflict.implied is None:
        return ""
    first = conflict.statistics[0]
    subject = library.subjects.get(first.subject or "")
    unit = subject.unit if subject else first.unit
    is_share = unit in ("1", "1/year") and (subject is None or subject.reads_as == "share")
    unit = "%" if is_share else unit
    low, high = (x * (100 if is_share else 1) for x in conflict.implied)  # constant: per cent
    if math.isinf(high):
        both = ("mer enn " if lang == "nb" else "more than ") + amounts(low, low, lang)
    elif math.isinf(low):
        both = ("under " if lang == "nb" else "less than ") + amounts(high, high, lang)
    else:
        both = amounts(low, high, lang)
    says = _GIVES.get(conflict.rule, _LEVELS_GIVE).in_(lang)
    return f"{says} {with_unit(both, unit, lang)}".rstrip()


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
    rule = _RULES[conflict.rule].in_(lang)
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
    if implied := _implied(conflict, library, lang):
        lines += _wrapped(implied, "    ", "  ")
    head = "grunn" if lang == "nb" else "reason"
    return lines + _wrapped(f"{head}: {_why(conflict, lang)}", "    ", "  ")


def summary(found: list[Conflict], lang: Lang) -> str:
    """How many conflicts there are, how many have a reason, and by which rule they were found."""
    explained = [c for c in found if c.reason and c.reason.kind != "unknown"]
    commented = sum(c.reason is not None for c in found)
    by_rule = Counter(c.rule for c in found)
    rules = ", ".join(f"{_RULES[r].in_(lang)} {by_rule[r]}" for r in by_rule if by_rule[r])
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
                _why(c, lang),
            )  # fmt: skip
            writer.writerow([safe_cell(v) if isinstance(v, str) else v for v in row])
    return file.getvalue()


def conflicts(
    pattern: Annotated[str, typer.Argument(help="Part of a subject, id or source.")] = "",
    rule: Annotated[str, typer.Option(help=f"Only found by: {', '.join(_RULES)}.")] = "",
    unexplained: Annotated[bool, typer.Option(help="Only those without a known reason.")] = False,
    notes: Annotated[bool, typer.Option(help="Show the notes of the figures (English).")] = False,
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
