"""Figures as Vega-Lite specifications: intervals, parts, curves, rankings, time lines, thresholds.

Every function returns a plain ``dict`` for :class:`virkestoff.reports.document.Figure`. Numbers
are drawn with their uncertainty, labels stand at what they name and are wrapped, never cut, and
what colour says is also said by a word, a shape or a place.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from virkestoff.language import Lang, format_number
from virkestoff.reports.theme import ACCENT, ACCENT_SOFT, GREY, INK, PALETTE, WARM

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

Spec = dict[str, Any]

PLOT_WIDTH = 310
CURVE_WIDTH = 440
WRAP = 38
ROW_HEIGHT = 32
LINE_HEIGHT = 15


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
class Line:
    """A curve with its band, at rising ``x``; without ``low`` and ``high`` it has no band."""

    label: str
    x: tuple[float, ...]
    mid: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    is_reference: bool = False


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


def _wrap(label: str, width: int = WRAP) -> str:
    return "\n".join(textwrap.wrap(label, width, break_long_words=False)) or " "


def _row_axis(labels: Sequence[str]) -> Spec:
    """The left axis: wrapped labels in the order given."""
    return {
        "field": "label",
        "type": "nominal",
        "sort": list(labels),
        "axis": {
            "title": None,
            "labelExpr": "split(datum.value, '\\n')",
            "labelLineHeight": LINE_HEIGHT,
            "labelAlign": "right",
        },
        "scale": {"paddingInner": 0.3, "paddingOuter": 0.25},
    }


def _height(labels: Sequence[str]) -> int:
    tallest = max(label.count("\n") + 1 for label in labels)
    return len(labels) * max(ROW_HEIGHT, tallest * LINE_HEIGHT + 10)


def _number_axis(title: str, domain: tuple[float, float], log: bool) -> Spec:
    axis: Spec = {"title": title, "format": ",.4~r", "grid": True}
    scale: Spec = {"domain": list(domain), "nice": not log, "zero": False}
    if log:
        scale["type"] = "log"
        axis["values"] = _log_ticks(*domain)
    return {"type": "quantitative", "axis": axis, "scale": scale}


def _log_ticks(low: float, high: float) -> list[float]:
    """1, 2, 5 in each power of ten; powers of ten only when the span is wide."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    steps = (1, 2, 5) if last - first <= 3 else (1,)
    ticks = [s * 10.0**e for e in range(first, last + 1) for s in steps]
    return [t for t in ticks if low * (1 - 1e-9) <= t <= high * (1 + 1e-9)]


def _domain(values: Sequence[float], log: bool, zero: bool) -> tuple[float, float]:
    low, high = min(values), max(values)
    if log:
        return low / 1.15, high * 1.15  # constant: room at both ends
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        return low - 1.0, high + 1.0
    return low, high


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
    labels = [_wrap(row.label) for row in rows]
    data = [
        {
            "label": label,
            "low": row.low,
            "mid": row.mid,
            "high": row.high,
            "ref": row.is_reference,
            "text": f"{format_number(row.mid, lang)}  "
            f"({format_number(row.low, lang)}–{format_number(row.high, lang)})",
        }
        for row, label in zip(rows, labels, strict=True)
    ]
    ends = [v for row in rows for v in (row.low, row.high)]
    if line_at is not None:
        ends.append(line_at)
    x = _number_axis(axis_title, _domain(ends, log, zero), log)
    y = _row_axis(labels)
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
        layers.append(_rule(line_at, x))
        layers.append(_rule_label(line_at, line_label, x))
    return {"data": {"values": data}, "width": PLOT_WIDTH, "height": _height(labels),
            "layer": layers}  # fmt: skip


def _rule(at: float, x: Spec) -> Spec:
    return {
        "data": {"values": [{"at": at}]},
        "mark": {"type": "rule", "color": INK, "strokeDash": [5, 4], "strokeWidth": 1.5},
        "encoding": {"x": x | {"field": "at"}},
    }


def _rule_label(at: float, label: str, x: Spec) -> Spec:
    return {
        "data": {"values": [{"at": at, "text": label}]},
        "mark": {"type": "text", "baseline": "bottom", "dy": -4, "fontWeight": 600},
        "encoding": {"x": x | {"field": "at"}, "y": {"value": 0}, "text": {"field": "text"}},
    }


def parts_chart(
    rows: Sequence[Parts], axis_title: str, lang: Lang, *, total_label: bool = True
) -> Spec:
    """Stacked bars: a total and its parts; negative parts stand left of zero."""
    labels = [_wrap(row.label) for row in rows]
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
    y = _row_axis(labels)
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
    return {"width": PLOT_WIDTH, "height": _height(labels), "layer": layers}


def _place(value: float, domain: tuple[float, float], log: bool) -> float:
    """Where ``value`` lies between the ends of the domain, from 0 to 1."""
    low, high = domain
    if log:
        return math.log(value / low) / math.log(high / low)
    return (value - low) / (high - low)


def _spread(wanted: Sequence[float], heights: Sequence[float], limit: float) -> list[float]:
    """Move label places apart, so that none covers another; kept in order and inside."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = [0.0] * len(wanted)
    floor = -math.inf
    for i in order:
        placed[i] = max(wanted[i], floor + heights[i] / 2)
        floor = placed[i] + heights[i] / 2
    ceiling = max(limit, floor - max(0.0, floor - limit))
    for i in reversed(order):
        placed[i] = min(placed[i], ceiling - heights[i] / 2)
        ceiling = placed[i] - heights[i] / 2
    return placed


def line_band_chart(
    lines: Sequence[Line],
    x_title: str,
    y_title: str,
    *,
    log_x: bool = False,
    log_y: bool = False,
    zero: bool = False,
    marks: Sequence[tuple[float, str]] = (),
    height: int = 300,
) -> Spec:
    """Curves with their bands; each is named at its right end and has its own dash.

    ``marks`` are vertical lines with a name (the need of Norway, of the Nordic countries).
    """
    xs = [v for line in lines for v in line.x] + [at for at, _ in marks]
    ys = [v for line in lines for v in (*line.mid, *line.low, *line.high)]
    y_domain = _domain(ys, log_y, zero)
    x_domain = (min(xs), max(xs))
    x = _number_axis(x_title, x_domain, log_x)
    y = _number_axis(y_title, y_domain, log_y)
    x["scale"]["nice"] = y["scale"]["nice"] = False
    labels = [_wrap(line.label, 22) for line in lines]
    wanted = [(1 - _place(line.mid[-1], y_domain, log_y)) * height for line in lines]
    tall = [(label.count("\n") + 1) * LINE_HEIGHT + 6.0 for label in labels]
    layers: list[Spec] = []
    for at, name in marks:
        layers += [_rule(at, x), _rule_label(at, _wrap(name, 18), x)]
        layers[-1]["mark"] |= {"lineBreak": "\n", "fontWeight": "normal"}
    dashes: tuple[list[int], ...] = ([1, 0], [8, 3], [3, 3], [10, 3, 2, 3])
    curves: list[Spec] = []
    bands: list[Spec] = []
    for i, (line, label, place) in enumerate(
        zip(lines, labels, _spread(wanted, tall, height), strict=True)
    ):
        colour = WARM if line.is_reference else [ACCENT, "#4c78a8", "#7b6a9c", "#2f8f5b"][i % 4]
        points = [{"x": a, "y": b} for a, b in zip(line.x, line.mid, strict=True)]
        if line.low and line.high:
            band = [
                {"x": a, "low": b, "high": c}
                for a, b, c in zip(line.x, line.low, line.high, strict=True)
            ]
            bands.append({
                "data": {"values": band},
                "mark": {"type": "area", "color": colour, "opacity": 0.18},
                "encoding": {
                    "x": x | {"field": "x"}, "y": y | {"field": "low"}, "y2": {"field": "high"},
                },
            })  # fmt: skip
        curves.append({
            "data": {"values": points},
            "mark": {"type": "line", "color": colour, "strokeWidth": 2.5,
                     "strokeDash": dashes[i % len(dashes)]},
            "encoding": {"x": x | {"field": "x"}, "y": y | {"field": "y"}},
        })  # fmt: skip
        curves.append({
            "data": {"values": [{"text": label}]},
            "mark": {"type": "text", "align": "left", "dx": 8, "color": colour, "fontWeight": 600,
                     "lineBreak": "\n", "lineHeight": LINE_HEIGHT, "baseline": "middle",
                     "dy": -(label.count("\n")) * LINE_HEIGHT / 2},
            "encoding": {"x": {"value": CURVE_WIDTH}, "y": {"value": place},
                         "text": {"field": "text"}},
        })  # fmt: skip
    return {"width": CURVE_WIDTH, "height": height, "layer": bands + layers + curves}


def ranking_chart(
    rows: Sequence[Swing], base: float, axis_title: str, lang: Lang, *, low_high: tuple[str, str]
) -> Spec:
    """A tornado: what the outcome becomes when one input is low, and when it is high.

    Rows are ranked by how far they swing. ``low_high`` are the words for the two ends.
    """
    ranked = sorted(rows, key=lambda r: (-abs(r.at_high - r.at_low), r.label))
    labels = [_wrap(row.label) for row in ranked]
    data = [
        {"label": label, "base": base, "value": value, "end": low_high[i],
         "text": format_number(value, lang), "left": value < base}
        for row, label in zip(ranked, labels, strict=True)
        for i, value in enumerate((row.at_low, row.at_high))
    ]  # fmt: skip
    values = [base, *(value for row in ranked for value in (row.at_low, row.at_high))]
    span = max(values) - min(values) or 1.0
    room = span * 0.16
    x = _number_axis(axis_title, (min(values) - room, max(values) + room), False)
    y = _row_axis(labels)
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
        _rule(base, x),
    ]  # fmt: skip
    for test, align, dx in (("datum.left", "right", -5), ("!datum.left", "left", 5)):
        layers.append(
            {
                "transform": [{"filter": test}],
                "mark": text | {"align": align, "dx": dx},
                "encoding": {"x": x | {"field": "value"}, "y": y, "text": {"field": "text"}},
            }
        )
    return {"data": {"values": data}, "width": PLOT_WIDTH + 60, "height": _height(labels),
            "layer": layers}  # fmt: skip


def timeline_chart(rows: Sequence[Step], axis_title: str, lang: Lang) -> Spec:
    """Steps along a time axis; a thin line shows when each may end, a diamond is a milestone."""
    labels = [_wrap(row.label) for row in rows]
    data = [
        {"label": label, "start": row.start, "end": row.end, "low": row.end_low,
         "high": row.end_high, "stone": row.is_milestone,
         "text": f"{format_number(row.end, lang)}  "
         f"({format_number(row.end_low, lang)}–{format_number(row.end_high, lang)})"}
        for row, label in zip(rows, labels, strict=True)
    ]  # fmt: skip
    ends = [v for row in rows for v in (row.start, row.end, row.end_high)]
    x = _number_axis(axis_title, _domain(ends, False, True), False)
    y = _row_axis(labels)
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
    return {"data": {"values": data}, "width": PLOT_WIDTH, "height": _height(labels),
            "layer": layers}  # fmt: skip


def threshold_chart(
    lines: Sequence[Line],
    crossings: Sequence[tuple[float, str]],
    x_title: str,
    y_title: str,
    *,
    height: int = 300,
) -> Spec:
    """Curves around a zero line, with the places named where they cross it.

    ``crossings`` are (x, words) of each threshold, for example where net benefit turns positive.
    """
    spec = line_band_chart(lines, x_title, y_title, zero=True, height=height)
    y = spec["layer"][0]["encoding"]["y"] | {"field": "y"}
    x = spec["layer"][0]["encoding"]["x"] | {"field": "x"}
    points = [{"x": at, "y": 0.0, "text": _wrap(text, 26)} for at, text in crossings]
    x_low, x_high = x["scale"]["domain"]
    layers: list[Spec] = [
        {
            "data": {"values": [{"y": 0.0}]},
            "mark": {"type": "rule", "color": GREY, "strokeWidth": 1.5},
            "encoding": {"y": y},
        },
        {
            "data": {"values": points},
            "mark": {"type": "point", "filled": True, "size": 110, "color": INK, "opacity": 1,
                     "shape": "diamond"},
            "encoding": {"x": x, "y": y},
        },
    ]  # fmt: skip
    for point in points:
        is_left = float(str(point["x"])) <= (x_low + x_high) / 2
        layers.append({
            "data": {"values": [point]},
            "mark": {"type": "text", "align": "left" if is_left else "right",
                     "dx": 9 if is_left else -9, "dy": 10, "baseline": "top", "lineBreak": "\n",
                     "lineHeight": LINE_HEIGHT, "fontWeight": 600},
            "encoding": {"x": x, "y": y, "text": {"field": "text"}},
        })  # fmt: skip
    spec["layer"] += layers
    return spec
