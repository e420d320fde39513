"""Paths over years with their bands, published points beside them and targets as level lines."""

from __future__ import annotations

from collections.abc import Sequence

from virkestoff.reports.axes import Spec
from virkestoff.reports.curves import Line, line_band_chart
from virkestoff.reports.theme import INK, PAPER, WARM

__all__ = ["year_chart"]

PLAIN_YEARS = "d"
"""A year is written without a separator of thousands."""


def year_chart(
    lines: Sequence[Line],
    y_title: str,
    *,
    points: Sequence[tuple[float, float]] = (),
    observed: Sequence[tuple[float, float]] = (),
    levels: Sequence[tuple[float, float, str]] = (),
    height: int = 320,
) -> Spec:
    """Curves over years.

    ``points`` are published figures (hollow diamonds), ``observed`` what was seen (filled circles),
    ``levels`` targets as (year, value, name): a dashed line up to the year, with its name above.
    """
    xs = [x for x, _ in (*points, *observed)]
    ys = [y for _, y in (*points, *observed)] + [value for _, value, _ in levels]
    top = max([v for line in lines for v in (*line.mid, *line.high)] + ys)
    room = (xs, [top * 1.08])  # constant: room above
    spec = line_band_chart(lines, "", y_title, zero=True, height=height, room=room)
    for chart, few in ((spec, False), (spec["usermeta"]["phone"], True)):
        _over_years(chart, few)
        chart["layer"] += _levels(chart, levels)
        chart["layer"] += _points(chart, points, shape="diamond", filled=False)
        chart["layer"] += _points(chart, observed, shape="circle", filled=True)
    return spec


def _axes(chart: Spec) -> tuple[Spec, Spec]:
    for layer in chart["layer"]:
        encoding = layer["encoding"]
        if "scale" in encoding.get("x", {}) and "scale" in encoding.get("y", {}):
            return encoding["x"], encoding["y"]
    raise AssertionError("a chart of lines has a layer with both axes")


def _over_years(chart: Spec, few: bool) -> None:
    """Plain years, a few of them."""
    for layer in chart["layer"]:
        x = layer["encoding"].get("x", {})
        if "axis" in x:
            first, last = x["scale"]["domain"]
            step = 5 if few or last - first > 12 else 2  # constant: years between ticks
            ticks = [year for year in range(int(first), int(last) + 1) if year % step == 0]
            x["axis"] = x["axis"] | {"format": PLAIN_YEARS, "values": ticks, "grid": False}


def _points(
    chart: Spec, points: Sequence[tuple[float, float]], *, shape: str, filled: bool
) -> list[Spec]:
    if not points:
        return []
    x, y = _axes(chart)
    mark: Spec = {"type": "point", "shape": shape, "size": 90, "opacity": 1, "strokeWidth": 2}
    mark |= {"filled": True, "color": INK} if filled else {"fill": PAPER, "stroke": INK}
    return [
        {
            "data": {"values": [{"x": a, "y": b} for a, b in points]},
            "mark": mark,
            "encoding": {"x": x | {"field": "x"}, "y": y | {"field": "y"}},
        }
    ]


def _levels(chart: Spec, levels: Sequence[tuple[float, float, str]]) -> list[Spec]:
    if not levels:
        return []
    x, y = _axes(chart)
    start = x["scale"]["domain"][0]
    rows = [{"from": start, "to": year, "y": value, "text": name} for year, value, name in levels]
    line = {
        "data": {"values": rows},
        "mark": {"type": "rule", "color": WARM, "strokeDash": [6, 4], "strokeWidth": 1.5},
        "encoding": {"x": x | {"field": "from"}, "x2": {"field": "to"}, "y": y | {"field": "y"}},
    }
    name = {
        "data": {"values": rows},
        "mark": {"type": "text", "align": "left", "baseline": "bottom", "dx": 4, "dy": -3,
                 "color": WARM, "fontWeight": 600},
        "encoding": {
            "x": x | {"field": "from"}, "y": y | {"field": "y"}, "text": {"field": "text"},
        },
    }  # fmt: skip
    return [line, name]
