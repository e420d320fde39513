"""Figures as Vega-Lite specifications: intervals, parts, curves, rankings, time lines, thresholds.

Every function returns a plain ``dict`` for :class:`virkestoff.reports.document.Figure`. Numbers
are drawn with their uncertainty, labels stand at what they name and are wrapped, never cut, and
what colour says is also said by a word, a shape or a place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from virkestoff.language import Lang, format_number
from virkestoff.reports.axes import (
    Spec,
    domain_of,
    number_axis,
    row_axis,
    rows_height,
    rule,
    rule_label,
    with_range,
    wrapped,
)
from virkestoff.reports.curves import Line, line_band_chart, threshold_chart
from virkestoff.reports.theme import ACCENT, ACCENT_SOFT, PALETTE, WARM

__all__ = [
    "Interval",
    "Line",
    "Parts",
    "Spec",
    "Step",
    "Swing",
    "interval_chart",
    "line_band_chart",
    "parts_chart",
    "ranking_chart",
    "threshold_chart",
    "timeline_chart",
]

PLOT_WIDTH = 310


@dataclass(frozen=True)
class Interval:
    """A range with its middle value; ``is_reference`` marks today, or the null alternative."""

    label: str
    low: float
    mid: float
    high: float
    is_reference: bool = False


@dataclass(frozen=True)
class Parts:
    """A total in parts, part name to amount; equal names in all rows."""

    label: str
    amounts: dict[str, float]


@dataclass(frozen=True)
class Swing:
    """The outcome when one input stands at its low and at its high value."""

    label: str
    at_low: float
    at_high: float


@dataclass(frozen=True)
class Step:
    """A step in time; ``end_low`` and ``end_high`` bound when it ends."""

    label: str
    start: float
    end: float
    end_low: float
    end_high: float
    is_milestone: bool = False


def interval_chart(
    rows: Sequence[Interval],
    axis_title: str,
    lang: Lang,
    *,
    log: bool = False,
    zero: bool = True,
    line_at: float | None = None,
    line_label: str = "",
) -> Spec:
    """Bars from low to high with a mark at the middle, a row an alternative.

    The row's numbers stand to the right; the reference row has its own colour and a diamond.
    ``line_at`` draws a dashed line with its name above (a price, a limit).
    """
    labels = [wrapped(row.label) for row in rows]
    data = [
        {
            "label": label,
            "low": row.low,
            "mid": row.mid,
            "high": row.high,
            "ref": row.is_reference,
            "text": with_range(row.mid, row.low, row.high, lang),
        }
        for row, label in zip(rows, labels, strict=True)
    ]
    ends = [v for row in rows for v in (row.low, row.high)]
    if line_at is not None:
        ends.append(line_at)
    x = number_axis(axis_title, domain_of(ends, log, zero), log)
    y = row_axis(labels)
    soft = {"condition": {"test": "datum.ref", "value": "#eab48f"}, "value": ACCENT_SOFT}
    dark = {"condition": {"test": "datum.ref", "value": WARM}, "value": ACCENT}
    shape = {"condition": {"test": "datum.ref", "value": "diamond"}, "value": "circle"}
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "height": {"band": 0.55}, "cornerRadius": 2},
            "encoding": {
                "x": x | {"field": "low"}, "x2": {"field": "high"}, "y": y, "color": soft,
            },
        },
        {
            "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
            "encoding": {"x": x | {"field": "mid"}, "y": y, "color": dark, "shape": shape},
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 10, "baseline": "middle"},
            "encoding": {"x": {"value": PLOT_WIDTH}, "y": y, "text": {"field": "text"}},
        },
    ]  # fmt: skip
    if line_at is not None:
        layers.append(rule(line_at, x))
        layers.append(rule_label(line_at, line_label, x))
    return {"data": {"values": data}, "width": PLOT_WIDTH, "height": rows_height(labels),
            "layer": layers}  # fmt: skip


def parts_chart(
    rows: Sequence[Parts], axis_title: str, lang: Lang, *, total_label: bool = True
) -> Spec:
    """Stacked bars: a total and its parts; negative parts stand left of zero."""
    labels = [wrapped(row.label) for row in rows]
    names = list(dict.fromkeys(name for row in rows for name in row.amounts))
    data = [
        {"label": label, "part": name, "order": i, "amount": row.amounts.get(name, 0.0)}
        for row, label in zip(rows, labels, strict=True)
        for i, name in enumerate(names)
    ]
    totals = [
        {"label": label, "text": format_number(sum(row.amounts.values()), lang)}
        for row, label in zip(rows, labels, strict=True)
    ]
    y = row_axis(labels)
    x = {
        "field": "amount",
        "type": "quantitative",
        "stack": "zero",
        "axis": {"title": axis_title, "format": ",.4~r"},
    }
    colour = {
        "field": "part",
        "type": "nominal",
        "sort": names,
        "scale": {"domain": names, "range": [PALETTE[i % len(PALETTE)] for i in range(len(names))]},
        "legend": {"columns": 2 if max(map(len, names)) > 16 else 3},
    }
    layers: list[Spec] = [
        {
            "data": {"values": data},
            "mark": {"type": "bar", "height": {"band": 0.7}, "stroke": "#ffffff"},
            "encoding": {"x": x, "y": y, "color": colour, "order": {"field": "order"}},
        }
    ]
    if total_label:
        layers.append(
            {
                "data": {"values": totals},
                "mark": {"type": "text", "align": "left", "dx": 10, "fontWeight": 600},
                "encoding": {"x": {"value": PLOT_WIDTH}, "y": y, "text": {"field": "text"}},
            }
        )
    return {"width": PLOT_WIDTH, "height": rows_height(labels), "layer": layers}


def ranking_chart(
    rows: Sequence[Swing], base: float, axis_title: str, lang: Lang, *, low_high: tuple[str, str]
) -> Spec:
    """A tornado: what the outcome becomes when one input is low, and when it is high.

    Rows are ranked by how far they swing. ``low_high`` are the words for the two ends.
    """
    ranked = sorted(rows, key=lambda r: (-abs(r.at_high - r.at_low), r.label))
    labels = [wrapped(row.label) for row in ranked]
    data = [
        {"label": label, "base": base, "value": value, "end": low_high[i],
         "text": format_number(value, lang), "left": value < base}
        for row, label in zip(ranked, labels, strict=True)
        for i, value in enumerate((row.at_low, row.at_high))
    ]  # fmt: skip
    values = [base, *(value for row in ranked for value in (row.at_low, row.at_high))]
    span = max(values) - min(values) or 1.0
    room = span * 0.16
    x = number_axis(axis_title, (min(values) - room, max(values) + room), False)
    y = row_axis(labels)
    colour = {
        "field": "end",
        "type": "nominal",
        "sort": list(low_high),
        "scale": {"domain": list(low_high), "range": [ACCENT_SOFT, ACCENT]},
    }
    text = {"type": "text", "baseline": "middle", "fontSize": 12}
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "height": {"band": 0.6}},
            "encoding": {"x": x | {"field": "base"}, "x2": {"field": "value"}, "y": y,
                         "color": colour},
        },
        rule(base, x),
    ]  # fmt: skip
    for test, align, dx in (("datum.left", "right", -5), ("!datum.left", "left", 5)):
        layers.append(
            {
                "transform": [{"filter": test}],
                "mark": text | {"align": align, "dx": dx},
                "encoding": {"x": x | {"field": "value"}, "y": y, "text": {"field": "text"}},
            }
        )
    return {"data": {"values": data}, "width": PLOT_WIDTH + 60, "height": rows_height(labels),
            "layer": layers}  # fmt: skip


def timeline_chart(rows: Sequence[Step], axis_title: str, lang: Lang) -> Spec:
    """Steps along a time axis; a thin line shows when each may end, a diamond is a milestone."""
    labels = [wrapped(row.label) for row in rows]
    data = [
        {"label": label, "start": row.start, "end": row.end, "low": row.end_low,
         "high": row.end_high, "stone": row.is_milestone,
         "text": with_range(row.end, row.end_low, row.end_high, lang)}
        for row, label in zip(rows, labels, strict=True)
    ]  # fmt: skip
    ends = [v for row in rows for v in (row.start, row.end, row.end_high)]
    x = number_axis(axis_title, domain_of(ends, False, True), False)
    y = row_axis(labels)
    layers: list[Spec] = [
        {
            "transform": [{"filter": "!datum.stone"}],
            "mark": {"type": "bar", "height": {"band": 0.5}, "color": ACCENT_SOFT,
                     "cornerRadius": 2},
            "encoding": {"x": x | {"field": "start"}, "x2": {"field": "end"}, "y": y},
        },
        {
            "mark": {"type": "rule", "color": ACCENT, "strokeWidth": 2},
            "encoding": {"x": x | {"field": "low"}, "x2": {"field": "high"}, "y": y},
        },
        {
            "mark": {"type": "point", "filled": True, "opacity": 1, "color": ACCENT},
            "encoding": {
                "x": x | {"field": "end"}, "y": y,
                "shape": {"condition": {"test": "datum.stone", "value": "diamond"},
                          "value": "circle"},
                "size": {"condition": {"test": "datum.stone", "value": 160}, "value": 50},
            },
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 10, "baseline": "middle"},
            "encoding": {"x": {"value": PLOT_WIDTH}, "y": y, "text": {"field": "text"}},
        },
    ]  # fmt: skip
    return {"data": {"values": data}, "width": PLOT_WIDTH, "height": rows_height(labels),
            "layer": layers}  # fmt: skip
