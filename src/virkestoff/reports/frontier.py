"""A scatter of points with ranges both ways, some joined by a line; labels never overlap.

Places are computed here in pixels, so that labels can be set where nothing stands: each is tried
in eight directions at growing distance, and moved until none is better placed elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from virkestoff.reports.axes import LINE_HEIGHT, Spec, number_axis, wrapped
from virkestoff.reports.rows import PHONE_WIDTH, pixels, with_phone
from virkestoff.reports.theme import ACCENT, GREY, INK, PAPER, WARM

__all__ = ["Box", "Point", "frontier_chart", "place_labels"]

WIDTH, HEIGHT, PHONE_HEIGHT = 560, 380, 330
WRAP, PHONE_WRAP = 22, 16
REACHES = (9.0, 16.0, 26.0, 40.0, 58.0, 80.0, 106.0)
"""Pixels from a point at which its label is tried."""
DIRECTIONS = ((1, 0), (1, -1), (1, 1), (-1, 0), (-1, -1), (-1, 1), (0, -1), (0, 1))
LEADER = 20.0
"""Pixels above which a thin line leads from the label to its point."""
SWEEPS = 6
ROOM = 0.06
"""Share of an axis that is kept empty at both ends."""

Segment = tuple[float, float, float, float]


@dataclass(frozen=True)
class Point:
    """A point with its range both ways; ``is_reference`` marks today, or the null alternative."""

    label: str
    x: float
    y: float
    x_low: float
    x_high: float
    y_low: float
    y_high: float
    is_reference: bool = False


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels, from the upper left corner."""

    left: float
    top: float
    right: float
    foot: float

    def shared(self, other: Box) -> float:
        """The area that two boxes share."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.foot, other.foot) - max(self.top, other.top)
        return wide * high if wide > 0 and high > 0 else 0.0

    def meets(self, line: Segment) -> bool:
        """Whether a segment runs through the box (Liang-Barsky clipping)."""
        x1, y1, x2, y2 = line
        start, end = 0.0, 1.0
        for step, room in (
            (x1 - x2, x1 - self.left), (x2 - x1, self.right - x1),
            (y1 - y2, y1 - self.top), (y2 - y1, self.foot - y1),
        ):  # fmt: skip
            if step == 0:
                if room < 0:
                    return False
            elif step < 0:
                start = max(start, room / step)
            else:
                end = min(end, room / step)
        return start <= end


@dataclass(frozen=True)
class _Axis:
    low: float
    high: float
    length: float
    is_log: bool

    @classmethod
    def over(cls, values: Sequence[float], length: float, *, is_log: bool) -> _Axis:
        """An axis that holds ``values`` with room at both ends."""
        scaled = [math.log10(v) for v in values] if is_log else list(values)
        low, high = min(scaled), max(scaled)
        room = (high - low or 1.0) * ROOM
        low, high = low - room, high + room
        return cls(10**low, 10**high, length, True) if is_log else cls(low, high, length, False)

    def at(self, value: float) -> float:
        """Pixels from the start of the axis."""
        low, high, v = self.low, self.high, value
        if self.is_log:
            low, high, v = math.log10(low), math.log10(high), math.log10(v)
        return (v - low) / (high - low) * self.length


def frontier_chart(
    points: Sequence[Point],
    joined: Sequence[str],
    x_title: str,
    y_title: str,
    *,
    log_x: bool = False,
    log_y: bool = False,
) -> Spec:
    """Points with crosses from P10 to P90, and a line through the points named in ``joined``.

    Joined points are filled and others hollow; the reference is a diamond in its own colour.
    """

    def draw(is_phone: bool) -> Spec:
        width, height = (PHONE_WIDTH - 40, PHONE_HEIGHT) if is_phone else (WIDTH, HEIGHT)
        x = _Axis.over([v for p in points for v in (p.x, p.x_low, p.x_high)], width, is_log=log_x)
        y = _Axis.over([v for p in points for v in (p.y, p.y_low, p.y_high)], height, is_log=log_y)
        texts = [wrapped(p.label, PHONE_WRAP if is_phone else WRAP) for p in points]
        places = [(x.at(p.x), height - y.at(p.y)) for p in points]
        crosses = [
            line
            for p, (px, py) in zip(points, places, strict=True)
            for line in (
                (x.at(p.x_low), py, x.at(p.x_high), py),
                (px, height - y.at(p.y_low), px, height - y.at(p.y_high)),
            )
        ]
        by_name = {p.label: place for p, place in zip(points, places, strict=True)}
        path = [by_name[name] for name in joined if name in by_name]
        lines = [(*a, *b) for a, b in zip(path, path[1:], strict=False)]
        boxes = place_labels(places, texts, [*crosses, *lines], (width, height))
        axes = (
            number_axis(x_title, (x.low, x.high), log_x, few=is_phone, nice=False),
            number_axis(y_title, (y.low, y.high), log_y, few=is_phone, nice=False),
        )
        axes[1]["axis"] |= {"titleAngle": 0, "titleAlign": "left", "titleBaseline": "bottom",
                            "titleX": -30, "titleY": -8}  # fmt: skip
        layers = [_frame(points, axes), *_lines(crosses, lines)]
        layers += _marks(points, places, set(joined) if joined else {p.label for p in points})
        layers += _labels(texts, boxes, places)
        return {"width": width, "height": height, "layer": layers}

    return with_phone(draw(False), draw(True))


def _box(place: tuple[float, float], text: str, direction: tuple[int, int], reach: float) -> Box:
    wide, high = pixels(text) + 2, (text.count("\n") + 1) * LINE_HEIGHT
    (px, py), (dx, dy) = place, direction
    # A slanting step is as long as a straight one.
    step = reach / math.hypot(dx, dy)
    x, y = px + dx * step, py + dy * step
    left = x if dx > 0 else x - wide if dx < 0 else x - wide / 2
    top = y - high / 2 if dy == 0 else y if dy > 0 else y - high
    return Box(left, top, left + wide, top + high)


def place_labels(
    places: Sequence[tuple[float, float]],
    texts: Sequence[str],
    lines: Sequence[Segment],
    size: tuple[float, float],
) -> list[Box]:
    """Boxes for the labels of points, none on another where there is room.

    Parameters
    ----------
    places : of the points, in pixels from the upper left corner
    texts : labels, lines parted by line feeds
    lines : what labels should not stand on
    size : width and height of the plot
    """
    dots = [Box(x - 6, y - 6, x + 6, y + 6) for x, y in places]
    tried = [
        [(_box(place, text, d, reach), reach) for reach in REACHES for d in DIRECTIONS]
        for place, text in zip(places, texts, strict=True)
    ]
    own = [[_own_cost(box, reach, dots, lines, size) for box, reach in boxes] for boxes in tried]
    chosen = [min(range(len(costs)), key=costs.__getitem__) for costs in own]

    def cost(i: int, k: int) -> float:
        box = tried[i][k][0]
        others = (tried[j][chosen[j]][0] for j in range(len(tried)) if j != i)
        return own[i][k] + 50 * sum(1 + box.shared(o) for o in others if box.shared(o) > 0)

    for _ in range(SWEEPS):
        before = list(chosen)
        for i in range(len(tried)):
            chosen[i] = min(range(len(tried[i])), key=lambda k, i=i: (cost(i, k), k))  # type: ignore[misc]
        if chosen == before:
            break
    return [boxes[k][0] for boxes, k in zip(tried, chosen, strict=True)]


def _own_cost(
    box: Box, reach: float, dots: Sequence[Box], lines: Sequence[Segment], size: tuple[float, float]
) -> float:
    """How badly a label stands by itself: on points, on lines, outside the plot, far away."""
    width, height = size
    inside = Box(0, 0, width, height).shared(box)
    area = (box.right - box.left) * (box.foot - box.top)
    on_dots = sum(box.shared(dot) for dot in dots)
    on_lines = sum(box.meets(line) for line in lines)
    return 20 * on_dots + 12 * on_lines + 2 * (area - inside) + reach / 2


def _frame(points: Sequence[Point], axes: tuple[Spec, Spec]) -> Spec:
    """The axes, and a description of each point for those who point at it."""
    data = [{"name": p.label, "x": p.x, "y": p.y} for p in points]
    return {
        "data": {"values": data},
        "mark": {"type": "point", "opacity": 0},
        "encoding": {"x": axes[0] | {"field": "x"}, "y": axes[1] | {"field": "y"}},
    }


def _pixel(field: str) -> Spec:
    return {"field": field, "type": "quantitative", "scale": None, "axis": None}


def _rules(lines: Sequence[Segment], colour: str, width: float) -> Spec:
    data = [{"x": a, "y": b, "x2": c, "y2": d} for a, b, c, d in lines]
    return {
        "data": {"values": data},
        "mark": {"type": "rule", "color": colour, "strokeWidth": width, "strokeCap": "round"},
        "encoding": {"x": _pixel("x"), "y": _pixel("y"), "x2": {"field": "x2"},
                     "y2": {"field": "y2"}},
    }  # fmt: skip


def _lines(crosses: Sequence[Segment], lines: Sequence[Segment]) -> list[Spec]:
    drawn = [_rules(crosses, "#9cc7cc", 1.5)]
    return [*drawn, _rules(lines, ACCENT, 2)] if lines else drawn


def _marks(
    points: Sequence[Point], places: Sequence[tuple[float, float]], filled: set[str]
) -> list[Spec]:
    data = [
        {"x": x, "y": y, "ref": p.is_reference, "fill": p.label in filled}
        for p, (x, y) in zip(points, places, strict=True)
    ]
    colour = {"condition": {"test": "datum.ref", "value": WARM}, "value": ACCENT}
    shape = {"condition": {"test": "datum.ref", "value": "diamond"}, "value": "circle"}
    layers: list[Spec] = []
    for is_filled in (False, True):
        shown = [d for d in data if (d["fill"] or d["ref"]) == is_filled]
        mark: Spec = {"type": "point", "filled": is_filled, "size": 80, "opacity": 1}
        if not is_filled:
            mark |= {"fill": PAPER, "strokeWidth": 2}
        if shown:
            layers.append({
                "data": {"values": shown},
                "mark": mark,
                "encoding": {"x": _pixel("x"), "y": _pixel("y"), "color": colour, "shape": shape},
            })  # fmt: skip
    return layers


def _labels(
    texts: Sequence[str], boxes: Sequence[Box], places: Sequence[tuple[float, float]]
) -> list[Spec]:
    data, leaders = [], []
    for text, box, (x, y) in zip(texts, boxes, places, strict=True):
        is_left = box.right <= x
        is_above = box.left < x < box.right
        align = "right" if is_left else "center" if is_above else "left"
        at_x = box.right if is_left else (box.left + box.right) / 2 if is_above else box.left
        data.append({"text": text, "x": at_x, "y": box.top + LINE_HEIGHT / 2, "align": align})
        near = (min(max(x, box.left), box.right), min(max(y, box.top), box.foot))
        if math.dist(near, (x, y)) > LEADER:
            leaders.append((*near, x, y))
    layers = [_rules(leaders, GREY, 0.8)] if leaders else []
    for align in ("left", "right", "center"):
        shown = [d for d in data if d["align"] == align]
        mark: Spec = {"type": "text", "align": align, "baseline": "middle", "lineBreak": "\n",
                      "lineHeight": LINE_HEIGHT}  # fmt: skip
        encoding = {"x": _pixel("x"), "y": _pixel("y"), "text": {"field": "text"}}
        for over in ({"stroke": PAPER, "strokeWidth": 3, "color": PAPER}, {"color": INK}):
            if shown:
                layers.append({"data": {"values": shown}, "mark": mark | over,
                               "encoding": encoding})  # fmt: skip
    return layers
