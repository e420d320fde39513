"""Tables that a study declares in study.yaml: outcomes over runs, or parts of a run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from virkestoff.errors import Fault, FaultCollector, InputError, suggest
from virkestoff.language import Text, format_number
from virkestoff.reports.document import Cell, Column, Number, Table
from virkestoff.reports.outcome_tables import (
    KEY_OF,
    column_scales,
    how_note,
    spread,
    spread_text,
)
from virkestoff.reports.prose import read_line
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.units import scaled
from virkestoff.studies import DeclaredTable, Statistic

__all__ = ["check_declared", "declared_table", "declared_text", "parts_of"]


def declared_text(context: StudyContext, text: Text, where: str) -> str:
    """A caption, title or note in the report's language, its numbers printed.

    Raises
    ------
    InputError
        if it holds a typed digit or names a number that is unknown.
    """
    faults = FaultCollector()
    shown = read_line(text.in_(context.lang), where, context.book, faults)
    faults.raise_if_any()
    return shown


def check_declared(
    context: StudyContext, engine_tables: Collection[str], faults: FaultCollector
) -> None:
    """The faults of every declared caption, title and note, and names that the engine has."""
    d = context.definition
    texts: list[tuple[str, Text]] = []
    for name, table in d.tables.items():
        texts.append((f"study.yaml: tables.{name}.caption", table.caption))
        if table.note:
            texts.append((f"study.yaml: tables.{name}.note", table.note))
        if name in engine_tables:
            faults.add(f"study.yaml: tables.{name}", "has the name of a table of the engine")
    for name, figure in d.figures.items():
        texts.append((f"study.yaml: figures.{name}.title", figure.title))
        if name.startswith(("outcome_", "parts_", "ranking_", "sweep_", "timeline_")):
            faults.add(f"study.yaml: figures.{name}", "has a name as figures of the engine have")
    for where, text in texts:
        read_line(text.in_(context.lang), f"{where}.{context.lang}", context.book, faults)


def declared_table(context: StudyContext, name: str) -> Table:
    """The declared table ``name``.

    Raises
    ------
    InputError
        if the run recorded no such group of parts.
    """
    declared = context.definition.tables[name]
    where = f"study.yaml: tables.{name}"
    caption = declared_text(context, declared.caption, f"{where}.caption")
    notes = (
        (declared_text(context, declared.note, f"{where}.note"),) if declared.note else ()
    )
    if declared.groups:
        columns, rows, how = _parts(context, declared, where)
    else:
        columns, rows, how = _outcomes(context, declared)
    return Table(name, caption, columns, rows, (*notes, how))


def _outcomes(
    context: StudyContext, declared: DeclaredTable
) -> tuple[tuple[Column, ...], tuple[tuple[Cell, ...], ...], str]:
    runs = declared.rows or tuple(context.definition.alternatives)
    shown = [c for c in declared.outcomes if any(context.summary(r, c.outcome) for r in runs)]
    scales = column_scales(context, [c.outcome for c in shown], runs)
    statistics: list[Statistic] = [c.statistic or declared.statistic for c in shown]
    several = len(set(statistics)) > 1
    columns = [Column(context.say("Alternativ", "Alternative"))]
    for column, (_, words), statistic in zip(shown, scales, statistics, strict=True):
        title = column.title.in_(context.lang) if column.title else None
        title = title or context.outcome_short(column.outcome)
        columns.append(Column(title + (_said(context, statistic) if several else ""), words,
                              "right"))  # fmt: skip
    if declared.sort:
        by = next(c for c in declared.outcomes if c.outcome == declared.sort.by)
        key = KEY_OF[by.statistic or declared.statistic]
        found = {run: context.summary(run, by.outcome) for run in runs}
        values = {run: s[key] if s else None for run, s in found.items()}
        runs = _ordered(values, is_descending=declared.sort.order == "descending")
    rows = tuple(
        (
            context.alternative_name(run),
            *(
                spread(context, run, c.outcome, size, statistic, has_noise=declared.shows_noise)
                for c, (size, _), statistic in zip(shown, scales, statistics, strict=True)
            ),
        )
        for run in runs
    )
    one = statistics[0] if statistics else declared.statistic
    has_money = any("NOK" in context.unit(c.outcome) for c in shown)
    if declared.shows_noise:
        return tuple(columns), rows, _noise_note(context, runs, has_money)
    return tuple(columns), rows, how_note(context, None if several else one, has_money=has_money)


def _noise_note(context: StudyContext, runs: Collection[str], has_money: bool) -> str:
    """What stands in the cells of a table that shows noise, and how many draws it rests on."""
    counts = sorted({context.draws_of(run) for run in runs})
    n, most = (format_number(count, context.lang, 9) for count in (counts[0], counts[-1]))
    year = context.definition.price_year
    prices = context.say(f" Priser fra {year}.", f" Prices of {year}.") if has_money else ""
    same = context.say(
        f"{n} trekk, de samme for alle rader; derfor andre tall enn i tabeller over flere trekk.",
        f"{n} draws, the same for all rows; hence other figures than in tables over more draws.",
    )
    several = context.say(f"{n} til {most} trekk.", f"{n} to {most} draws.")
    draws = same if len(counts) == 1 else several
    return context.say(
        f"Forventningsverdier over {draws} Etter ± står to standardfeil.{prices}",
        f"Expected values over {draws} After ± stand two standard errors.{prices}",
    )


def _said(context: StudyContext, statistic: Statistic) -> str:
    if statistic == "mean":
        return context.say(", forventet", ", expected")
    return context.say(", median", ", median")


def _ordered(
    values: Mapping[str, float | None], *, is_descending: bool
) -> tuple[str, ...]:
    """Names in the order of their values, equal ones as they stood; those without one last."""
    known = [n for n, v in values.items() if v is not None]
    known.sort(key=lambda n: -float(values[n] or 0) if is_descending else float(values[n] or 0))
    return (*known, *(n for n, v in values.items() if v is None))


def parts_of(context: StudyContext, run: str, group: str, where: str) -> Mapping[str, Any]:
    """The parts of a group of a run: name to summary.

    Raises
    ------
    InputError
        if the run recorded no such group; the message names those that it did.
    """
    groups = context.results["parts"].get(run, {})
    if group not in groups:
        known = ", ".join(sorted(groups)) or "none"
        raise InputError(
            Fault(
                where,
                f"'{run}' recorded no group of parts '{group}'",
                why=f"it recorded: {known}",
                next_step=suggest(group, groups) or "Record it in study.py with ledger.part",
            )
        )
    found: Mapping[str, Any] = groups[group]
    return found


def _parts(
    context: StudyContext, declared: DeclaredTable, where: str
) -> tuple[tuple[Column, ...], tuple[tuple[Cell, ...], ...], str]:
    run = declared.rows[0] if declared.rows else context.definition.baseline
    key = KEY_OF[declared.statistic]
    columns = [Column(context.say("Del", "Part"))]
    cells: list[dict[str, Cell]] = []
    names: dict[str, float | None] = {}
    has_noise = declared.shows_noise
    for group in declared.part_groups:
        parts = parts_of(context, run, group.group, where)
        names |= dict.fromkeys([p for p in parts if p not in names])
        unit = group.unit or context.unit(group.group)
        largest = max((abs(p["p90"]) for p in parts.values()), default=0.0)
        size, words = scaled(unit, largest, context.lang)
        title = group.title.in_(context.lang) if group.title else context.part_name(group.group)
        columns.append(Column(title, words, "right"))
        cells.append({
            part: Number(
                "",  # a part is no outcome: its origin is the run, and it is not cited by itself
                spread_text(context, found, size, declared.statistic, has_noise=has_noise),
                context.run_marks[run],
                f"{context.alternative_name(run)}: {context.part_name(part)}",
            )
            for part, found in parts.items()
        })  # fmt: skip
    order = tuple(names)
    if declared.sort:
        found = parts_of(context, run, declared.sort.by, where)
        order = _ordered(
            {n: found[n][key] if n in found else None for n in names},
            is_descending=declared.sort.order == "descending",
        )
    rows = tuple((context.part_name(n), *(c.get(n, "–") for c in cells)) for n in order)
    shown = context.alternative_name(run)
    who = context.say(f"Gjelder «{shown}». ", f"For “{shown}”. ")
    units = [g.unit or context.unit(g.group) for g in declared.part_groups]
    has_money = any("NOK" in unit for unit in units)
    how = how_note(context, declared.statistic, has_money=has_money)
    how = who + (_noise_note(context, (run,), has_money) if declared.shows_noise else how)
    return tuple(columns), rows, how
