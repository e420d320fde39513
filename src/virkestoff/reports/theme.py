"""Colours and the Vega-Lite look that reports share: calm, colour-blind safe, one accent."""

from __future__ import annotations

from typing import Any

from virkestoff.language import Lang
from virkestoff.reports.fonts import FAMILY

__all__ = ["ACCENT", "DARK", "GREY", "INK", "LIGHT", "PALETTE", "PAPER", "RULE", "WARM",
           "config", "format_locale"]  # fmt: skip

INK = "#16232b"
GREY = "#5d6b73"
RULE = "#d5dcdf"
PAPER = "#ffffff"
ACCENT = "#0b6470"
ACCENT_SOFT = "#9cc7cc"
WARM = "#c2571a"

PALETTE: tuple[str, ...] = (
    ACCENT, "#e0a03a", "#4c78a8", "#b5cfd3", WARM, "#7b6a9c", "#93a1a8", "#2f8f5b",
    "#e3a6b8", "#6b4f3a",
)  # fmt: skip
"""Categories in order: neighbours differ in lightness too, so that they part in grey print."""

LIGHT: dict[str, str] = {
    "ink": INK, "grey": GREY, "rule": RULE, "paper": PAPER, "accent": ACCENT,
    "accent-soft": ACCENT_SOFT, "warm": WARM, "panel": "#f3f6f7",
}  # fmt: skip
DARK: dict[str, str] = {
    "ink": "#e8edef", "grey": "#a5b2b9", "rule": "#3a474e", "paper": "#12191d",
    "accent": "#5fc0cc", "accent-soft": "#2b6f78", "warm": "#f08a4b", "panel": "#1c262b",
}  # fmt: skip
"""The same roles in both schemes; a figure's ink, grey, rule, accent and warm follow them."""


def format_locale(lang: Lang) -> dict[str, Any]:
    """The d3 number locale, equal to the one of :mod:`virkestoff.language`."""
    if lang == "nb":
        return {
            "decimal": ",",
            "thousands": "\u202f",
            "grouping": [3],
            "currency": ["", "\u00a0kr"],
            "minus": "\u2212",
        }
    return {
        "decimal": ".",
        "thousands": ",",
        "grouping": [3],
        "currency": ["NOK\u00a0", ""],
        "minus": "\u2212",
    }


def config() -> dict[str, Any]:
    """The Vega-Lite ``config`` of every figure."""
    axis = {
        "labelColor": INK,
        "titleColor": GREY,
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "domainColor": RULE,
        "tickColor": RULE,
        "gridColor": RULE,
        "labelLimit": 0,
        "titleLimit": 0,
        "labelPadding": 6,
        "titlePadding": 10,
    }
    return {
        "font": FAMILY,
        "background": None,
        "padding": 6,
        "view": {"stroke": None},
        "axis": axis,
        "axisX": {"labelFlush": False, "tickCount": 6, "labelOverlap": "greedy"},
        "axisY": {"ticks": False, "domain": False},
        "text": {"fontSize": 13, "color": INK, "font": FAMILY},
        "legend": {
            "labelColor": INK,
            "labelFontSize": 13,
            "labelLimit": 0,
            "title": None,
            "orient": "top",
            "symbolType": "square",
            "columnPadding": 18,
        },
        "range": {"category": list(PALETTE)},
    }
