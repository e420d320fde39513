"""Curves with bands, named at their ends, and thresholds where they cross zero."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from virkestoff.reports.axes import (
    LINE_HEIGHT,
    Spec,
    domain_of,
    number_axis,
    rule,
    rule_label,
    wrapped,
)
from virkestoff.reports.theme import ACCENT, GREY, INK, WARM

__all__ = ["Line", "line_band_chart", "threshold_chart"]

CURVE_WIDTH = 440
LOW = 0.25
"""Share of the height below which there is no room for words under the zero line."""
NEAR = 90.0
"""Pixels within which two names above the plot would touch."""
_COLOURS = (ACCENT, "#4c78a8", "#7b6a9c", "#2f8f5b")
_DASHES: tuple[list[int], ...] = ([1, 0], [8, 3], [3, 3], [10, 3, 2, 3])


@dataclass(frozen=True)
class Line:
    """A curve with its band, at rising ``x``; without ``low`` and ``high`` it has no band."""

    label: str
    x: tuple[float, ...]
    mid: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    is_reference: bool = False


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
    y_domain = domain_of(ys, log_y, zero)
    x_domain = (min(xs), max(xs))
    x = number_axis(x_title, x_domain, log_x)
    y = number_axis(y_title, y_domain, log_y)
    x["scale"]["nice"] = y["scale"]["nice"] = False
    labels = [wrapped(line.label, 22) for line in lines]
    wanted = [(1 - _place(line.mid[-1], y_domain, log_y)) * height for line in lines]
    tall = [(label.count("\n") + 1) * LINE_HEIGHT + 6.0 for label in labels]
    places = _spread(wanted, tall, height)
    bands: list[Spec] = []
    curves: list[Spec] = []
    for i, (line, label, place) in enumerate(zip(lines, labels, places, strict=True)):
        colour = WARM if line.is_reference else _COLOURS[i % len(_COLOURS)]
        if line.low and line.high:
            bands.append(_band(line, x, y, colour))
        curves.append(_curve(line, x, y, colour, _DASHES[i % len(_DASHES)]))
        curves.append(_name(label, place, colour))
    named = _named_marks(marks, x, x_domain, log_x)
    return {"width": CURVE_WIDTH, "height": height, "layer": bands + named + curves}


def _named_marks(
    marks: Sequence[tuple[float, str]], x: Spec, domain: tuple[float, float], log: bool
) -> list[Spec]:
    """Upright lines with their names above; a name that stands close to the last one moves up."""
    layers: list[Spec] = []
    last, level = -math.inf, 0
    for at, name in sorted(marks):
        place = _place(at, domain, log) * CURVE_WIDTH
        level = (level + 1) % 3 if place - last < NEAR else 0
        last = place
        label = rule_label(at, name, x)
        label["mark"] |= {"fontWeight": "normal", "dy": -4 - level * LINE_HEIGHT}
        layers += [rule(at, x), label]
    return layers


def _band(line: Line, x: Spec, y: Spec, colour: str) -> Spec:
    points = [
        {"x": a, "low": b, "high": c} for a, b, c in zip(line.x, line.low, line.high, strict=True)
    ]
    return {
        "data": {"values": points},
        "mark": {"type": "area", "color": colour, "opacity": 0.18},
        "encoding": {"x": x | {"field": "x"}, "y": y | {"field": "low"}, "y2": {"field": "high"}},
    }


def _curve(line: Line, x: Spec, y: Spec, colour: str, dash: list[int]) -> Spec:
    points = [{"x": a, "y": b} for a, b in zip(line.x, line.mid, strict=True)]
    return {
        "data": {"values": points},
        "mark": {"type": "line", "color": colour, "strokeWidth": 2.5, "strokeDash": dash},
        "encoding": {"x": x | {"field": "x"}, "y": y | {"field": "y"}},
    }


def _name(label: str, place: float, colour: str) -> Spec:
    """The name of a curve, right of its end."""
    mark = {
        "type": "text",
        "align": "left",
        "baseline": "middle",
        "dx": 8,
        "color": colour,
        "fontWeight": 600,
        "lineBreak": "\n",
        "lineHeight": LINE_HEIGHT,
    }
    return {
        "data": {"values": [{"text": label}]},
        "mark": mark,
        "encoding": {
            "x": {"value": CURVE_WIDTH},
            "y": {"value": place - label.count("\n") * LINE_HEIGHT / 2},
            "text": {"field": "text"},
        },
    }


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
    points: list[Spec] = [{"x": at, "y": 0.0, "text": wrapped(text, 26)} for at, text in crossings]
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
    is_low = _place(0.0, tuple(y["scale"]["domain"]), False) < LOW
    middle = sum(x["scale"]["domain"]) / 2
    layers += [_crossing(point, x, y, point["x"] <= middle, is_low) for point in points]
    spec["layer"] += layers
    return spec


def _crossing(point: Spec, x: Spec, y: Spec, is_left: bool, is_low: bool) -> Spec:
    """The words at a threshold: inside the plot, and above the axis where zero lies low."""
    mark = {
        "type": "text",
        "align": "left" if is_left else "right",
        "dx": 9 if is_left else -9,
        "dy": -10 - point["text"].count("\n") * LINE_HEIGHT if is_low else 10,
        "baseline": "bottom" if is_low else "top",
        "lineBreak": "\n",
        "lineHeight": LINE_HEIGHT,
        "fontWeight": 600,
    }
    return {
        "data": {"values": [point]},
        "mark": mark,
        "encoding": {"x": x, "y": y, "text": {"field": "text"}},
    }
