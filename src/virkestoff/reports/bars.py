"""Bars from zero with a thin line from P10 to P90, a row a run."""

from __future__ import annotations

from collections.abc import Sequence

from virkestoff.language import Lang
from virkestoff.reports.axes import Spec, domain_of, number_axis, with_range
from virkestoff.reports.figures import BAR, Interval
from virkestoff.reports.rows import at, place_rows, with_phone
from virkestoff.reports.theme import ACCENT, INK, WARM

__all__ = ["bar_chart"]

PLOT_WIDTH = 310
WIDE_NUMBER = 1e4
"""From here on numbers are so wide that an axis has room for a few only."""


def bar_chart(rows: Sequence[Interval], axis_title: str, lang: Lang) -> Spec:
    """Bars from zero to the middle value, with the range across the end of each.

    The row's numbers stand to the right; the reference row has its own colour, and its name says
    what it is.
    """
    texts = [with_range(row.mid, row.low, row.high, lang) for row in rows]
    ends = [v for row in rows for v in (row.low, row.mid, row.high)]

    def draw(is_phone: bool) -> Spec:
        labels = [row.label for row in rows]
        places = place_rows(labels, PLOT_WIDTH, is_phone=is_phone, beside=texts)
        data = [
            {"zero": 0.0, "low": row.low, "mid": row.mid, "high": row.high,
             "ref": row.is_reference, "y": (top + foot) / 2, "top": top, "foot": foot}
            for row, (top, foot) in zip(rows, places.bars(), strict=True)
        ]  # fmt: skip
        few = is_phone or max(map(abs, ends)) >= WIDE_NUMBER
        x = number_axis(axis_title, domain_of(ends, False, True), False, few=few,
                        grid=not is_phone)  # fmt: skip
        colour = {"condition": {"test": "datum.ref", "value": WARM}, "value": ACCENT}
        layers: list[Spec] = [
            {
                "mark": {"type": "rect", "opacity": 0.75},
                "encoding": {"x": x | {"field": "zero"}, "x2": {"field": "mid"}, **BAR,
                             "color": colour},
            },
            {
                "mark": {"type": "rule", "color": INK, "strokeWidth": 1.8},
                "encoding": {"x": x | {"field": "low"}, "x2": {"field": "high"}, "y": at("y")},
            },
            places.names(),
            places.numbers(texts),
        ]  # fmt: skip
        return {"data": {"values": data}, "width": places.width, "height": places.height,
                "layer": layers}  # fmt: skip

    return with_phone(draw(False), draw(True))
