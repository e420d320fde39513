"""Charts with a row for each thing compared: where labels, bars and numbers of a row stand.

A chart is drawn for paper and wide screens, labels left of the bars, and for telephones, labels
above the bars. Places are counted in pixels, so that both have the same layers.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from virkestoff.reports.axes import LINE_HEIGHT, ROW_HEIGHT, Spec, rule, wrapped
from virkestoff.reports.fonts import width_of

__all__ = ["PHONE_WIDTH", "Rows", "at", "phone_spec", "pixels", "place_rows", "with_phone"]

PHONE_WIDTH = 312
"""Pixels of a figure on a telephone, so that its letters keep their size."""
DENSE = 10
"""Rows above which they stand closer, to leave the page room for text."""
DENSE_HEIGHT = 26
LABEL_SIZE = 13


def pixels(text: str, size: float = LABEL_SIZE) -> float:
    """How wide the widest line of ``text`` is drawn."""
    return max(width_of(line) for line in text.split("\n")) * size


@dataclass(frozen=True)
class Rows:
    """Places of the rows of a chart, in pixels.

    Attributes
    ----------
    labels : wrapped label of each row
    centres : where the middle of each bar stands
    label_places : where the middle of the first line of each label stands
    bar : height of a bar
    width, height : of the plot
    is_phone : labels above the bars
    """

    labels: tuple[str, ...]
    centres: tuple[float, ...]
    label_places: tuple[float, ...]
    bar: float
    width: float
    height: float
    is_phone: bool

    def bars(self) -> list[tuple[float, float]]:
        """Upper and lower edge of every bar."""
        return [(c - self.bar / 2, c + self.bar / 2) for c in self.centres]

    def rule(self, at_value: float, x: Spec) -> Spec:
        """A dashed upright line; on a telephone across the bars alone, not across the labels."""
        line = rule(at_value, x)
        if self.is_phone:
            data = [{"at": at_value, "top": a - 2, "foot": b + 2} for a, b in self.bars()]
            line["data"] = {"values": data}
            line["encoding"] |= {"y": at("top"), "y2": {"field": "foot"}}
        return line

    def names(self) -> Spec:
        """The layer of the labels."""
        data = [
            {"text": label, "y": place}
            for label, place in zip(self.labels, self.label_places, strict=True)
        ]
        return {
            "data": {"values": data},
            "mark": {
                "type": "text",
                "align": "left" if self.is_phone else "right",
                "baseline": "middle",
                "lineBreak": "\n",
                "lineHeight": LINE_HEIGHT,
            },
            "encoding": {
                "x": {"value": 0 if self.is_phone else -8},
                "y": at("y"),
                "text": {"field": "text"},
            },
        }

    def numbers(self, texts: Sequence[str]) -> Spec:
        """The layer of the numbers: right of the plot, on a telephone right above the bar."""
        places = self.centres
        if self.is_phone:
            places = tuple(c - self.bar / 2 - LINE_HEIGHT / 2 - 2 for c in self.centres)
        data = [{"text": t, "y": place} for t, place in zip(texts, places, strict=True)]
        return {
            "data": {"values": data},
            "mark": {
                "type": "text",
                "align": "right" if self.is_phone else "left",
                "baseline": "middle",
                "fontWeight": 600 if self.is_phone else 400,
            },
            "encoding": {
                "x": {"value": self.width + (0 if self.is_phone else 10)},
                "y": at("y"),
                "text": {"field": "text"},
            },
        }


def at(field: str) -> Spec:
    """A place from the top in pixels, as it stands in the data."""
    return {"field": field, "type": "quantitative", "scale": None, "axis": None}


def place_rows(
    labels: Sequence[str], width: float, *, is_phone: bool, beside: Sequence[str] = ()
) -> Rows:
    """Places for rows with these labels; on a telephone ``beside`` stand right of the labels."""
    if is_phone:
        return _stacked(labels, beside)
    shown = tuple(wrapped(label) for label in labels)
    tallest = max(label.count("\n") + 1 for label in shown)
    least = DENSE_HEIGHT if len(shown) > DENSE else ROW_HEIGHT
    step = max(least, tallest * LINE_HEIGHT + (2 if len(shown) > DENSE else 6))
    centres = tuple((i + 0.5) * step for i in range(len(shown)))
    starts = tuple(
        centre - label.count("\n") * LINE_HEIGHT / 2
        for label, centre in zip(shown, centres, strict=True)
    )
    bar = round(min(step, ROW_HEIGHT) * 0.55)
    return Rows(shown, centres, starts, bar, width, len(shown) * step, False)


def _stacked(labels: Sequence[str], beside: Sequence[str]) -> Rows:
    taken = max((pixels(text) for text in beside), default=0.0)
    room = max(8, int((PHONE_WIDTH - taken - 14) / (0.5 * LABEL_SIZE)))
    shown = tuple(
        "\n".join(textwrap.wrap(label, room, break_long_words=False)) or " " for label in labels
    )
    bar, top = 14.0, 0.0
    centres, starts = [], []
    for label in shown:
        lines = label.count("\n") + 1
        starts.append(top + 4 + LINE_HEIGHT / 2)
        centres.append(top + 4 + lines * LINE_HEIGHT + 3 + bar / 2)
        top = centres[-1] + bar / 2 + 8
    return Rows(shown, tuple(centres), tuple(starts), bar, PHONE_WIDTH, top, True)


def with_phone(wide: Spec, phone: Spec) -> Spec:
    """The chart for paper, which carries the one for telephones with it."""
    return wide | {"usermeta": {"phone": phone}}


def phone_spec(spec: Mapping[str, Any]) -> Spec | None:
    """The chart for telephones that a specification carries, if it has one."""
    found: Spec | None = spec.get("usermeta", {}).get("phone")
    return found
