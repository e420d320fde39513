"""A heat map of schemes by phase and kind, with the number in each place."""

from __future__ import annotations

from collections.abc import Sequence

from virkestoff.instruments.coverage import UNKNOWN, Coverage
from virkestoff.instruments.phases import PhaseRules
from virkestoff.language import Lang, format_number
from virkestoff.reports.axes import Spec
from virkestoff.reports.coverage_words import SHORT_PHASES, code_word
from virkestoff.reports.rows import with_phone
from virkestoff.reports.theme import ACCENT, INK, PAPER, RULE

__all__ = ["heat_map", "shown_codes"]

CELL_HEIGHT = 34
WIDTH, PHONE_WIDTH = 84, 52
LIGHT_INK = 0.5
"""Share of the highest number from which letters are printed light on dark."""


def shown_codes(found: Coverage) -> tuple[tuple[str, ...], ...]:
    """The codes of each dimension; unknown only where a scheme stands there."""
    used = [{cell.place[k] for cell in found.cells} for k in range(len(found.by))]
    return tuple(
        tuple(c for c in codes if c != UNKNOWN or UNKNOWN in used[k])
        for k, codes in enumerate(found.codes)
    )


def heat_map(found: Coverage, rules: PhaseRules, lang: Lang) -> Spec:
    """Phases (or another first dimension) across, the second down; the number in each place.

    A place without a scheme is blank with a nought: never colour alone.
    """
    across, down = shown_codes(found)[:2]
    numbers = {(a, d): found.cell(a, d).n for a in across for d in down}
    top = max(numbers.values(), default=0.0) or 1.0

    def name(place: int, code: str) -> str:
        if found.by[place] == "phase" and code in SHORT_PHASES:
            return SHORT_PHASES[code].in_(lang)
        word = code_word(found.by[place], code, rules, lang)
        return word[:1].upper() + word[1:]

    def draw(width: int) -> Spec:
        data = [
            {"across": name(0, a), "down": name(1, d), "n": n,
             "text": format_number(n, lang), "light": n > LIGHT_INK * top}
            for (a, d), n in numbers.items()
        ]  # fmt: skip
        axes = {
            "x": _axis("across", [name(0, a) for a in across], "top"),
            "y": _axis("down", [name(1, d) for d in down], "left"),
        }
        return {
            "data": {"values": data}, "width": width * len(across),
            "height": CELL_HEIGHT * len(down), "encoding": axes,
            "layer": [
                {"mark": {"type": "rect", "stroke": RULE, "strokeWidth": 1},
                 "encoding": {"color": {
                     "field": "n", "type": "quantitative", "legend": None,
                     "scale": {"domain": [0, top], "range": [PAPER, ACCENT],
                               "interpolate": "rgb"}}}},
                {"mark": {"type": "text", "fontWeight": 600},
                 "encoding": {"text": {"field": "text", "type": "nominal"},
                              "color": {"condition": {"test": "datum.light", "value": PAPER},
                                        "value": INK}}},
            ],
        }  # fmt: skip

    return with_phone(draw(WIDTH), draw(PHONE_WIDTH))


def _axis(field: str, order: Sequence[str], side: str) -> Spec:
    """An axis of words without a title; the table's head says what they are."""
    axis: Spec = {"title": None, "orient": side, "labelAngle": 0, "domain": False, "ticks": False}
    if side == "top":
        axis["labelOverlap"] = False
    return {"field": field, "type": "nominal", "sort": list(order), "axis": axis}
