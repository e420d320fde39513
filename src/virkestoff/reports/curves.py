"""Curves with bands, named at their ends, and thresholds where they cross zero."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
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
from virkestoff.reports.rows import pixels, with_phone
from virkestoff.reports.theme import ACCENT, GREY, INK, WARM

__all__ = ["Line", "line_band_chart", "threshold_chart"]

LOW = 0.25
"""Share of the height below which there is no room for words under the zero line."""
FLAG_GAP = 6.0
"""Pixels between an upright line and its name, and between two names."""


@dataclass(frozen=True)
class _Size:
    """Width of the plot in pixels, and letters in a line of a name and of a threshold."""

    width: int
    name: int
    threshold: int
    is_phone: bool


_WIDE = _Size(440, 22, 26, False)
_PHONE = _Size(172, 13, 16, True)
_COLOURS = (ACCENT, "#4c78a8", "#7b6a9c", "#2f8f5b", "#6b4f3a")
_DASHES: tuple[list[int], ...] = ([1, 0], [8, 3], [3, 3], [10, 3, 2, 3], [2, 2])


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
    room: tuple[Sequence[float], Sequence[float]] = ((), ()),
) -> Spec:
    """Curves with their bands; each is named at its right end and has its own dash.

    ``marks`` are vertical lines with a name (the need of Norway, of the Nordic countries); ``room``
    holds further x and y that the axes must reach, for what a caller draws on top.
    """
    ys = [v for line in lines for v in (*line.mid, *line.low, *line.high)] + [*room[1]]
    xs = [v for line in lines for v in line.x] + [at for at, _ in marks] + [*room[0]]
    domains = (min(xs), max(xs)), domain_of(ys, log_y, zero)

    def draw(size: _Size) -> Spec:
        x = number_axis(x_title, domains[0], log_x, few=size.is_phone, nice=False)
        y = number_axis(y_title, domains[1], log_y, nice=False)
        labels = [wrapped(line.label, size.name) for line in lines]
        wanted = [(1 - _place(line.mid[-1], domains[1], log_y)) * height for line in lines]
        tall = [(label.count("\n") + 1) * LINE_HEIGHT + 6.0 for label in labels]
        bands: list[Spec] = []
        curves: list[Spec] = []
        for i, (line, place) in enumerate(zip(lines, _spread(wanted, tall, height), strict=True)):
            colour = WARM if line.is_reference else _COLOURS[i % len(_COLOURS)]
            if line.low and line.high:
                bands.append(_band(line, x, y, colour))
            curves.append(_curve(line, x, y, colour, _DASHES[i % len(_DASHES)]))
            curves.append(_name(labels[i], place, colour, size.width))
        at = {mark: _place(mark, domains[0], log_x) * size.width for mark, _ in marks}
        named = _named_marks(marks, at, x)
        return {"width": size.width, "height": height, "layer": bands + named + curves}

    return with_phone(draw(_WIDE), draw(_PHONE))


def _named_marks(
    marks: Sequence[tuple[float, str]], places: Mapping[float, float], x: Spec
) -> list[Spec]:
    """Upright lines with their names as flags above the plot, right of the line.

    A line reaches up to its own flag. A flag that would run into the line of a mark to the right
    stands above that mark's flag, so that no name is covered and none is crossed.
    """
    layers: list[Spec] = []
    right: list[tuple[float, int]] = []
    for value, name in sorted(marks, reverse=True):
        end = places[value] + 2 * FLAG_GAP + pixels(name)
        level = max((above + 1 for place, above in right if place < end), default=0)
        right.append((places[value], level))
        line, label = rule(value, x), rule_label(value, name, x)
        line["encoding"] |= {
            "y": {"value": -(level + 1) * LINE_HEIGHT - 2},
            "y2": {"value": "height"},
        }
        label["mark"] |= {
            "fontWeight": "normal", "align": "left", "dx": FLAG_GAP - 2,
            "dy": -3 - level * LINE_HEIGHT,
        }  # fmt: skip
        layers += [line, label]
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


def _name(label: str, place: float, colour: str, width: float) -> Spec:
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
            "x": {"value": width},
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
    _add_crossings(spec, crossings, _WIDE)
    _add_crossings(spec["usermeta"]["phone"], crossings, _PHONE)
    return spec


def _add_crossings(spec: Spec, crossings: Sequence[tuple[float, str]], size: _Size) -> None:
    y = spec["layer"][0]["encoding"]["y"] | {"field": "y"}
    x = spec["layer"][0]["encoding"]["x"] | {"field": "x"}
    points: list[Spec] = [
        {"x": at, "y": 0.0, "text": wrapped(text, size.threshold)} for at, text in crossings
    ]
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
