"""Figures as Vega-Lite specifications: intervals, parts, curves, rankings, time lines, thresholds.

Every function returns a plain ``dict`` for :class:`virkestoff.reports.document.Figure`. Numbers
are drawn with their uncertainty, labels stand at what they name and are wrapped, never cut, and
what colour says is also said by a word, a shape or a place. A specification carries the drawing
for telephones in its ``usermeta``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from virkestoff.language import Lang, format_number
from virkestoff.reports.axes import (
    Spec,
    domain_of,
    number_axis,
    rule_label,
    with_range,
)
from virkestoff.reports.curves import Line, line_band_chart, threshold_chart
from virkestoff.reports.parts import Parts, parts_chart
from virkestoff.reports.rows import at, pixels, place_rows, with_phone
from virkestoff.reports.theme import ACCENT, ACCENT_SOFT, WARM

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
END_SIZE, END_GAP = 12, 5
BAR: Spec = {"y": at("top"), "y2": {"field": "foot"}}


@dataclass(frozen=True)
class Interval:
    """A range with its middle value; ``is_reference`` marks today, or the null alternative."""

    label: str
    low: float
    mid: float
    high: float
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
    texts = [with_range(row.mid, row.low, row.high, lang) for row in rows]
    ends = [v for row in rows for v in (row.low, row.high)]
    if line_at is not None:
        ends.append(line_at)

    def draw(is_phone: bool) -> Spec:
        labels = [row.label for row in rows]
        places = place_rows(labels, PLOT_WIDTH, is_phone=is_phone, beside=texts)
        data = [
            {"low": row.low, "mid": row.mid, "high": row.high, "ref": row.is_reference,
             "y": (top + foot) / 2, "top": top, "foot": foot}
            for row, (top, foot) in zip(rows, places.bars(), strict=True)
        ]  # fmt: skip
        x = number_axis(
            axis_title, domain_of(ends, log, zero), log, few=is_phone, grid=not is_phone
        )
        layers = [*_interval_layers(x), places.names(), places.numbers(texts)]
        if line_at is not None:
            layers.append(places.rule(line_at, x))
            layers.append(rule_label(line_at, line_label, x))
        return {"data": {"values": data}, "width": places.width, "height": places.height,
                "layer": layers}  # fmt: skip

    return with_phone(draw(False), draw(True))


def _interval_layers(x: Spec) -> list[Spec]:
    soft = {"condition": {"test": "datum.ref", "value": "#eab48f"}, "value": ACCENT_SOFT}
    dark = {"condition": {"test": "datum.ref", "value": WARM}, "value": ACCENT}
    shape = {"condition": {"test": "datum.ref", "value": "diamond"}, "value": "circle"}
    return [
        {
            "mark": {"type": "rect", "cornerRadius": 2},
            "encoding": {"x": x | {"field": "low"}, "x2": {"field": "high"}, **BAR, "color": soft},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
            "encoding": {"x": x | {"field": "mid"}, "y": at("y"), "color": dark, "shape": shape},
        },
    ]


def ranking_chart(
    rows: Sequence[Swing], base: float, axis_title: str, lang: Lang, *, low_high: tuple[str, str]
) -> Spec:
    """A tornado: what the outcome becomes when one input is low, and when it is high.

    Rows are ranked by how far they swing. ``low_high`` are the words for the two ends. A bar spans
    the two values, in two colours that meet at ``base``, or in the middle where base lies outside;
    the values stand outside its ends.
    """
    ranked = sorted(rows, key=lambda r: (-abs(r.at_high - r.at_low), r.label))
    values = [base, *(value for row in ranked for value in (row.at_low, row.at_high))]
    low, high = min(values), max(values)
    widest = 2 * END_GAP + max(pixels(format_number(v, lang), END_SIZE) for v in values)

    def draw(is_phone: bool) -> Spec:
        labels = [row.label for row in ranked]
        places = place_rows(labels, PLOT_WIDTH + 60, is_phone=is_phone)
        room = (high - low or 1.0) * widest / (places.width - 2 * widest)
        domain = (low - room, high + room)
        x = number_axis(axis_title, domain, False, few=is_phone, grid=not is_phone, nice=False)
        data = [
            {"label": row.label, "from": _meeting(row, base), "value": value, "end": low_high[i],
             "y": (top + foot) / 2, "top": top, "foot": foot}
            for row, (top, foot) in zip(ranked, places.bars(), strict=True)
            for i, value in enumerate((row.at_low, row.at_high))
        ]  # fmt: skip
        colour = {
            "field": "end",
            "type": "nominal",
            "sort": list(low_high),
            "scale": {"domain": list(low_high), "range": [ACCENT_SOFT, ACCENT]},
        }
        bars: Spec = {
            "mark": {"type": "rect"},
            "encoding": {"x": x | {"field": "from"}, "x2": {"field": "value"}, **BAR,
                         "color": colour},
        }  # fmt: skip
        per_pixel = (domain[1] - domain[0]) / places.width
        ends = _end_values(ranked, places.centres, base, per_pixel, lang)
        layers = [bars, places.rule(base, x), *_end_layers(ends, x), places.names()]
        return {"data": {"values": data}, "width": places.width, "height": places.height,
                "layer": layers}  # fmt: skip

    return with_phone(draw(False), draw(True))


def _meeting(row: Swing, base: float) -> float:
    """Where the two colours of a bar meet."""
    low, high = sorted((row.at_low, row.at_high))
    return base if low <= base <= high else (low + high) / 2


def _end_values(
    rows: Sequence[Swing], centres: Sequence[float], base: float, per_pixel: float, lang: Lang
) -> list[Spec]:
    """The two values of every row outside its bar, and on one side where base would cross one."""
    found: list[Spec] = []
    for row, y in zip(rows, centres, strict=True):
        low, high = sorted((row.at_low, row.at_high))
        left, right = format_number(low, lang), format_number(high, lang)
        both = left if left == right else f"{left}–{right}"
        reach = [(pixels(text, END_SIZE) + END_GAP) * per_pixel for text in (left, right)]
        if left == right or low - reach[0] < base < low or high < base < high + reach[1]:
            is_left = high < base
            found.append({"at": low if is_left else high, "y": y, "text": both, "left": is_left})
        else:
            found.append({"at": low, "y": y, "text": left, "left": True})
            found.append({"at": high, "y": y, "text": right, "left": False})
    return found


def _end_layers(ends: Sequence[Spec], x: Spec) -> list[Spec]:
    return [
        {
            "data": {"values": [end for end in ends if end["left"] == is_left]},
            "mark": {"type": "text", "baseline": "middle", "fontSize": END_SIZE, "align": align,
                     "dx": dx},
            "encoding": {"x": x | {"field": "at"}, "y": at("y"), "text": {"field": "text"}},
        }
        for is_left, align, dx in ((True, "right", -END_GAP), (False, "left", END_GAP))
    ]  # fmt: skip


def timeline_chart(rows: Sequence[Step], axis_title: str, lang: Lang) -> Spec:
    """Steps along a time axis; a thin line shows when each may end, a diamond is a milestone."""
    texts = [with_range(row.end, row.end_low, row.end_high, lang) for row in rows]
    ends = [v for row in rows for v in (row.start, row.end, row.end_high)]

    def draw(is_phone: bool) -> Spec:
        labels = [row.label for row in rows]
        places = place_rows(labels, PLOT_WIDTH, is_phone=is_phone, beside=texts)
        data = [
            {"start": row.start, "end": row.end, "low": row.end_low, "high": row.end_high,
             "stone": row.is_milestone, "y": (top + foot) / 2, "top": top, "foot": foot}
            for row, (top, foot) in zip(rows, places.bars(), strict=True)
        ]  # fmt: skip
        x = number_axis(
            axis_title, domain_of(ends, False, True), False, few=is_phone, grid=not is_phone
        )
        layers = [*_step_layers(x), places.names(), places.numbers(texts)]
        return {"data": {"values": data}, "width": places.width, "height": places.height,
                "layer": layers}  # fmt: skip

    return with_phone(draw(False), draw(True))


def _step_layers(x: Spec) -> list[Spec]:
    return [
        {
            "transform": [{"filter": "!datum.stone"}],
            "mark": {"type": "rect", "color": ACCENT_SOFT, "cornerRadius": 2},
            "encoding": {"x": x | {"field": "start"}, "x2": {"field": "end"}, **BAR},
        },
        {
            "mark": {"type": "rule", "color": ACCENT, "strokeWidth": 2},
            "encoding": {"x": x | {"field": "low"}, "x2": {"field": "high"}, "y": at("y")},
        },
        {
            "mark": {"type": "point", "filled": True, "opacity": 1, "color": ACCENT},
            "encoding": {
                "x": x | {"field": "end"}, "y": at("y"),
                "shape": {"condition": {"test": "datum.stone", "value": "diamond"},
                          "value": "circle"},
                "size": {"condition": {"test": "datum.stone", "value": 160}, "value": 50},
            },
        },
    ]  # fmt: skip
