"""Stacked bars: a total in parts, each part with a number beside its colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from virkestoff.language import Lang, format_number
from virkestoff.reports.axes import LINE_HEIGHT, Spec, domain_of, number_axis, wrapped
from virkestoff.reports.rows import Rows, at, pixels, place_rows, with_phone
from virkestoff.reports.theme import LIGHT, PALETTE, PAPER

__all__ = ["Parts", "parts_chart"]

PLOT_WIDTH = 360
TOTAL_WIDTH = 70
"""Pixels right of the plot, where the totals stand."""
NUMBER_SIZE = 11
LEGEND_STEP = 19
SQUARE = 15
ON_DARK, ON_LIGHT = "#fefefe", "#17242c"
"""Ink of a number in a segment; the segments keep their colours in a dark scheme, so this does."""


@dataclass(frozen=True)
class Parts:
    """A total in parts, part name to amount; equal names in all rows."""

    label: str
    amounts: dict[str, float]


def parts_chart(
    rows: Sequence[Parts], axis_title: str, lang: Lang, *, total_label: bool = True
) -> Spec:
    """Stacked bars: a total and its parts; negative parts stand left of zero.

    The parts are numbered in the order of the legend and of the bars, and a segment shows its
    number where it is wide enough, so that colour is not all that tells them apart.
    """
    names = list(dict.fromkeys(name for row in rows for name in row.amounts))
    totals = [format_number(sum(row.amounts.values()), lang) for row in rows]
    labels = [row.label for row in rows]

    def draw(is_phone: bool) -> Spec:
        beside = totals if total_label else ()
        places = place_rows(labels, PLOT_WIDTH, is_phone=is_phone, beside=beside)
        data = _stacked(rows, names, places)
        ends = [v for piece in data for v in (piece["start"], piece["end"])] or [0.0, 1.0]
        domain = domain_of(ends, False, True)
        x = number_axis(axis_title, domain, False, few=is_phone, grid=not is_phone)
        layers = [_segments(data, names, x), _numbers(data, domain, x, places), places.names()]
        if total_label:
            layers.append(places.numbers(totals))
        layers += _legend(names, places)
        return {"width": places.width, "height": places.height, "layer": layers}

    return with_phone(draw(False), draw(True))


def _colour(i: int) -> str:
    return PALETTE[i % len(PALETTE)]


def _stacked(rows: Sequence[Parts], names: Sequence[str], places: Rows) -> list[Spec]:
    """Where every segment starts and ends; negative ones are stacked to the left."""
    data: list[Spec] = []
    for row, (top, foot) in zip(rows, places.bars(), strict=True):
        right = left = 0.0
        for i, name in enumerate(names):
            amount = row.amounts.get(name, 0.0)
            start = right if amount >= 0 else left
            if amount >= 0:
                right += amount
            else:
                left += amount
            data.append({"part": name, "no": str(i + 1), "start": start, "end": start + amount,
                         "mid": start + amount / 2, "y": (top + foot) / 2, "top": top,
                         "foot": foot, "ink": _ink(_colour(i))})  # fmt: skip
    return data


def _ink(colour: str) -> str:
    """What is read on a segment; where the colour follows the scheme, the ink follows it too."""
    if colour in LIGHT.values():
        return PAPER
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return ON_LIGHT if 0.3 * red + 0.59 * green + 0.11 * blue > 0.55 else ON_DARK


def _segments(data: list[Spec], names: Sequence[str], x: Spec) -> Spec:
    scale = {"domain": list(names), "range": [_colour(i) for i in range(len(names))]}
    return {
        "data": {"values": data},
        "mark": {"type": "rect", "stroke": PAPER, "strokeWidth": 1},
        "encoding": {
            "x": x | {"field": "start"}, "x2": {"field": "end"},
            "y": at("top"), "y2": {"field": "foot"},
            "color": {"field": "part", "type": "nominal", "scale": scale, "legend": None},
        },
    }  # fmt: skip


def _numbers(data: list[Spec], domain: tuple[float, float], x: Spec, places: Rows) -> Spec:
    """The number of each part, in the segments that have room for it."""
    per_pixel = (domain[1] - domain[0]) / places.width
    shown = [
        piece
        for piece in data
        if abs(piece["end"] - piece["start"]) / per_pixel >= pixels(piece["no"], NUMBER_SIZE) + 5
    ]
    return {
        "data": {"values": shown},
        "mark": {"type": "text", "baseline": "middle", "fontSize": NUMBER_SIZE},
        "encoding": {
            "x": x | {"field": "mid"}, "y": at("y"), "text": {"field": "no"},
            "color": {"field": "ink", "type": "nominal", "scale": None},
        },
    }  # fmt: skip


def _legend(names: Sequence[str], places: Rows) -> list[Spec]:
    """Squares with the number inside and the name beside, above the plot, row by row."""
    start = 0.0 if places.is_phone else -8 - max(map(pixels, places.labels))
    room = places.width - start + (0 if places.is_phone else TOTAL_WIDTH)
    shown = [wrapped(name) for name in names]
    step = max(map(pixels, shown)) + SQUARE + 24
    columns = max(1, min(int(room / step), len(names)))
    lines = [shown[i : i + columns] for i in range(0, len(names), columns)]
    tall = [max(name.count("\n") for name in line) * LINE_HEIGHT + LEGEND_STEP for line in lines]
    data = []
    for i, name in enumerate(shown):
        x, y = start + (i % columns) * step, -float(sum(tall[i // columns :]))
        data.append({"no": str(i + 1), "name": name, "fill": _colour(i), "ink": _ink(_colour(i)),
                     "x": x, "x2": x + SQUARE, "mid": x + SQUARE / 2, "text": x + SQUARE + 6,
                     "top": y - SQUARE / 2, "foot": y + SQUARE / 2, "y": y})  # fmt: skip
    no_scale = {"type": "nominal", "scale": None}
    text = {"type": "text", "baseline": "middle"}
    return [
        {
            "data": {"values": data},
            "mark": {"type": "rect"},
            "encoding": {"x": at("x"), "x2": {"field": "x2"}, "y": at("top"),
                         "y2": {"field": "foot"}, "color": {"field": "fill", **no_scale}},
        },
        {
            "data": {"values": data},
            "mark": text | {"fontSize": NUMBER_SIZE},
            "encoding": {"x": at("mid"), "y": at("y"), "text": {"field": "no"},
                         "color": {"field": "ink", **no_scale}},
        },
        {
            "data": {"values": data},
            "mark": text | {"align": "left", "lineBreak": "\n", "lineHeight": LINE_HEIGHT},
            "encoding": {"x": at("text"), "y": at("y"), "text": {"field": "name"}},
        },
    ]  # fmt: skip
