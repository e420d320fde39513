"""Figures that a study declares in study.yaml: intervals, bars, parts and frontiers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from virkestoff.errors import Fault, InputError
from virkestoff.reports.bars import bar_chart
from virkestoff.reports.declared_tables import declared_text, parts_of
from virkestoff.reports.document import Cell, Column, Figure
from virkestoff.reports.figures import Interval, Parts, interval_chart, parts_chart
from virkestoff.reports.figures_shared import largest_parts, made_by, range_columns
from virkestoff.reports.frontier import Point, frontier_chart
from virkestoff.reports.outcome_tables import KEY_OF
from virkestoff.reports.study_context import StudyContext
from virkestoff.reports.units import scaled
from virkestoff.studies import DeclaredFigure

__all__ = ["declared_figure"]


@dataclass(frozen=True)
class _Frame:
    """What every kind needs of a declared figure."""

    context: StudyContext
    name: str
    declared: DeclaredFigure
    title: str

    @property
    def where(self) -> str:
        return f"study.yaml: figures.{self.name}"

    @property
    def runs(self) -> tuple[str, ...]:
        return self.declared.runs or tuple(self.context.definition.alternatives)

    @property
    def middle(self) -> str:
        """What the middle of a range is, in words."""
        say = self.context.say
        if self.declared.statistic == "mean":
            return say("forventningsverdi og P10–P90", "expected value and P10–P90")
        return say("median og P10–P90", "median and P10–P90")

    def money(self, *units: str) -> str:
        """The price year, where a unit is money."""
        year = self.context.definition.price_year
        return f" ({year})" if any("NOK" in unit for unit in units) else ""

    def kept(self, outcomes: Mapping[str, bool]) -> tuple[list[str], str]:
        """The runs that can be drawn on these axes (outcome to whether it is logarithmic).

        Returns the runs, and words that name those left out and why.

        Raises
        ------
        InputError
            if no run can be drawn.
        """
        runs, without, below = [], [], []
        for run in self.runs:
            found = {o: self.context.summary(run, o) for o in outcomes}
            if any(s is None for s in found.values()):
                without.append(self.context.alternative_name(run))
            elif any(s is not None and outcomes[o] and s["p10"] <= 0 for o, s in found.items()):
                below.append(self.context.alternative_name(run))
            else:
                runs.append(run)
        say = self.context.say
        words = ""
        if without:
            words += "; " + say("gjelder ikke ", "does not apply to ") + ", ".join(without)
        if below:
            words += "; " + say("uten ", "without ") + ", ".join(below)
            words += say(" (ikke over null)", " (not above zero)")
        if not runs:
            raise InputError(Fault(self.where, "has no run to draw", why=words.lstrip("; ")))
        return runs, words

    def made(
        self, subtitle: str, spec: Mapping[str, object], columns: tuple[Column, ...],
        rows: tuple[tuple[Cell, ...], ...], picture: str,
    ) -> Figure:  # fmt: skip
        alt = f"{picture} {self.title}."
        return Figure(
            self.name, self.title, subtitle, alt, spec, columns, rows, made_by(self.context)
        )


def declared_figure(context: StudyContext, name: str) -> Figure:
    """The declared figure ``name``.

    Raises
    ------
    InputError
        if the results hold nothing of what it shows.
    """
    declared = context.definition.figures[name]
    title = declared_text(context, declared.title, f"study.yaml: figures.{name}.title")
    frame = _Frame(context, name, declared, title)
    match declared.kind:
        case "parts":
            return _parts(frame)
        case "frontier":
            return _frontier(frame)
        case _:
            return _ranges(frame)


def _ranges(frame: _Frame) -> Figure:
    """Intervals or bars: a row a run, or a row a run and outcome."""
    context, declared = frame.context, frame.declared
    outcomes, is_log = declared.outcomes, declared.axis == "log"
    runs, words_out = frame.kept(dict.fromkeys(outcomes, is_log))
    unit, key = context.unit(outcomes[0]), KEY_OF[declared.statistic]
    found = [(run, o, s) for run in runs for o in outcomes
             if (s := context.summary(run, o)) is not None]  # fmt: skip
    largest = max(max(abs(s["p50"]), abs(s["p90"]) / 2) for _, _, s in found)
    size, words = scaled(unit, largest, context.lang)
    rows = []
    cells: list[tuple[Cell, ...]] = []
    for run, outcome, summary in found:
        label = context.alternative_name(run)
        if len(outcomes) > 1:
            label = f"{label}: {context.outcome_short(outcome)}"
        low, mid, high = (summary[k] / size for k in ("p10", key, "p90"))
        rows.append(Interval(label, low, mid, high, run == context.definition.baseline))
        cells.append((label, low, mid, high))
    log_words = context.say(", logaritmisk akse", ", logarithmic axis") if is_log else ""
    subtitle = f"{words}{frame.money(unit)}, {frame.middle}{log_words}{words_out}"
    if len(outcomes) == 1:
        subtitle = f"{context.outcome_name(outcomes[0])}, {subtitle}"
    if declared.kind == "bars":
        spec = bar_chart(rows, words, context.lang)
    else:
        spec = interval_chart(rows, words, context.lang, log=is_log, zero=not is_log)
    columns = range_columns(
        context, context.say("Alternativ", "Alternative"), words, declared.statistic
    )
    n = len(rows)
    picture = context.say(f"Vannrette søyler i {n} rader.", f"Horizontal bars in {n} rows.")
    return frame.made(subtitle, spec, columns, tuple(cells), picture)


def _parts(frame: _Frame) -> Figure:
    """Stacked bars of a group of parts over runs, means."""
    context, declared = frame.context, frame.declared
    group = declared.group or ""
    for run in frame.runs:
        parts_of(context, run, group, frame.where)
    names, amounts = largest_parts(context, list(frame.runs), group)
    unit = declared.unit or context.unit(group)
    largest = max(abs(v) for a in amounts.values() for v in (*a.values(), sum(a.values())))
    size, words = scaled(unit, largest, context.lang)
    label = {part: context.part_name(part) for part in names}
    rows = [
        Parts(context.alternative_name(r), {label[p]: v / size for p, v in amounts[r].items()})
        for r in frame.runs
    ]
    cells: tuple[tuple[Cell, ...], ...] = tuple(
        (row.label, *(row.amounts[label[p]] for p in names)) for row in rows
    )
    columns = (
        Column(context.say("Alternativ", "Alternative")),
        *(Column(label[p], words, "right") for p in names),
    )
    subtitle = f"{words}{frame.money(unit)}, " + context.say("gjennomsnitt", "mean")
    spec = parts_chart(rows, words, context.lang)
    n = len(rows)
    picture = context.say(f"Stablede søyler i {n} rader.", f"Stacked bars in {n} rows.")
    return frame.made(subtitle, spec, columns, cells, picture)


def _frontier(frame: _Frame) -> Figure:
    """Points at two outcomes, with a line through those named."""
    context, declared = frame.context, frame.declared
    x, y = declared.x or "", declared.y or ""
    log_x, log_y = declared.x_axis == "log", declared.y_axis == "log"
    runs, words_out = frame.kept({x: log_x, y: log_y})
    scales = [context.column_scale(o, runs) for o in (x, y)]
    key = KEY_OF[declared.statistic]
    points = []
    cells: list[tuple[Cell, ...]] = []
    for run in runs:
        found = [
            [summary[k] / size for k in ("p10", key, "p90")]
            for o, (size, _) in zip((x, y), scales, strict=True)
            if (summary := context.summary(run, o)) is not None
        ]
        (x_low, x_mid, x_high), (y_low, y_mid, y_high) = found
        name = context.alternative_name(run)
        points.append(
            Point(name, x_mid, y_mid, x_low, x_high, y_low, y_high,
                  run == context.definition.baseline)
        )  # fmt: skip
        cells.append((name, *found[0], *found[1]))
    titles = [f"{context.outcome_name(o)} ({words})" if words else context.outcome_name(o)
              for o, (_, words) in zip((x, y), scales, strict=True)]  # fmt: skip
    joined = [context.alternative_name(run) for run in declared.frontier]
    spec = frontier_chart(points, joined, *titles, log_x=log_x, log_y=log_y)
    columns = (
        Column(context.say("Alternativ", "Alternative")),
        *(
            replace(column, title=f"{context.outcome_short(o)}, {column.title}")
            for o, (_, words) in zip((x, y), scales, strict=True)
            for column in range_columns(context, "", words, declared.statistic)[1:]
        ),
    )
    line = context.say("; linjen går gjennom ", "; the line joins ") + ", ".join(joined)
    price = frame.money(context.unit(x), context.unit(y)).strip(" ()")
    prices = context.say(f", priser fra {price}", f", prices of {price}") if price else ""
    log_words = context.say(", logaritmisk akse", ", logarithmic axis") if log_x or log_y else ""
    subtitle = f"{frame.middle[:1].upper()}{frame.middle[1:]}{prices}{log_words}"
    subtitle += f"{line if joined else ''}{words_out}"
    n = len(points)
    picture = context.say(f"{n} punkter med kryss.", f"{n} points with crosses.")
    return frame.made(subtitle, spec, columns, tuple(cells), picture)
