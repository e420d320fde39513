"""Axes, wrapped labels and named lines that figures share."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import Any

from virkestoff.language import Lang, format_number
from virkestoff.reports.theme import INK

__all__ = [
    "LINE_HEIGHT",
    "ROW_HEIGHT",
    "Spec",
    "domain_of",
    "number_axis",
    "rule",
    "rule_label",
    "with_range",
    "wrapped",
]

Spec = dict[str, Any]

WRAP = 38
ROW_HEIGHT = 32
LINE_HEIGHT = 15


def wrapped(label: str, width: int = WRAP) -> str:
    """The label in lines of at most so many letters; words stay whole."""
    return "\n".join(textwrap.wrap(label, width, break_long_words=False)) or " "


def with_range(mid: float, low: float, high: float, lang: Lang) -> str:
    """``41 (25–70)``; the number alone where it has no range."""
    shown = format_number(mid, lang)
    if low == high:
        return shown
    return f"{shown}  ({format_number(low, lang)}–{format_number(high, lang)})"


def number_axis(
    title: str,
    domain: tuple[float, float],
    log: bool,
    *,
    few: bool = False,
    nice: bool = True,
    grid: bool = True,
) -> Spec:
    """An axis of numbers in the reader's locale, linear or logarithmic; ``few`` if it is narrow."""
    axis: Spec = {"title": title, "format": ",.4~r", "grid": grid}
    if few:
        axis["tickCount"] = 4
    scale: Spec = {"domain": list(domain), "nice": nice and not log, "zero": False}
    if log:
        scale["type"] = "log"
        axis["values"] = _log_ticks(*domain, few)
    return {"type": "quantitative", "axis": axis, "scale": scale}


def _log_ticks(low: float, high: float, few: bool) -> list[float]:
    """1, 2, 5 in each power of ten; powers of ten only when the span is wide."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    steps = (1, 2, 5) if last - first <= (1 if few else 3) else (1,)
    ticks = [s * 10.0**e for e in range(first, last + 1) for s in steps]
    return [t for t in ticks if low * (1 - 1e-9) <= t <= high * (1 + 1e-9)]


def domain_of(values: Sequence[float], log: bool, zero: bool) -> tuple[float, float]:
    """The ends of an axis that holds ``values``; with ``zero`` it starts there."""
    low, high = min(values), max(values)
    if log:
        return low / 1.15, high * 1.15  # constant: room at both ends
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        return low - 1.0, high + 1.0
    return low, high


def rule(at: float, x: Spec) -> Spec:
    """A dashed upright line."""
    return {
        "data": {"values": [{"at": at}]},
        "mark": {"type": "rule", "color": INK, "strokeDash": [5, 4], "strokeWidth": 1.5},
        "encoding": {"x": x | {"field": "at"}},
    }


def rule_label(at: float, label: str, x: Spec) -> Spec:
    """The name of an upright line, above it."""
    return {
        "data": {"values": [{"at": at, "text": label}]},
        "mark": {"type": "text", "baseline": "bottom", "dy": -4, "fontWeight": 600},
        "encoding": {"x": x | {"field": "at"}, "y": {"value": 0}, "text": {"field": "text"}},
    }
