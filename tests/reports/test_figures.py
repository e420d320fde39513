"""Figures. Oracle: the SVG holds every label whole, numbers as the locale prints them."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from virkestoff.errors import InputError
from virkestoff.reports import Document, Figure
from virkestoff.reports import figures as f
from virkestoff.reports.drawing import draw_png, draw_svg, on_paper
from virkestoff.reports.theme import PAPER

LONG = "Ferdigproduksjon av importert virkestoff i nytt anlegg med egen tørrpulverlinje"


def texts(svg: str) -> list[str]:
    """The text of every text element, lines joined by a space."""
    root = ElementTree.fromstring(svg)
    found = []
    for node in root.iter():
        if node.tag.endswith("}text"):
            found.append(" ".join(piece.strip() for piece in node.itertext() if piece.strip()))
    return found


def charts() -> dict[str, f.Spec]:
    x = (1.0, 10.0, 100.0)
    line = f.Line(LONG, x, (3.0, 2.0, 1.0), (2.0, 1.0, 0.5), (4.0, 3.0, 2.0))
    return {
        "interval": f.interval_chart([f.Interval(LONG, 1.0, 1234.5, 3000.0)], "kr", "nb"),
        "parts": f.parts_chart([f.Parts(LONG, {"a": 1.0, LONG + " del": 2.0})], "kr", "nb"),
        "line": f.line_band_chart([line], "t", "kr", log_x=True, marks=((13.0, "Norge"),)),
        "ranking": f.ranking_chart([f.Swing(LONG, 1, 2)], 1.5, "kr", "nb", low_high=("l", "h")),
        "timeline": f.timeline_chart([f.Step(LONG, 0, 5, 4, 7)], "år", "nb"),
        "threshold": f.threshold_chart([line], [(3.0, LONG)], "kr", "kr"),
    }


@pytest.mark.parametrize("name", list(charts()))
def test_labels_are_whole_and_inside(name: str) -> None:
    svg = draw_svg(charts()[name], "nb")
    shown = texts(svg)
    assert LONG in shown
    assert not any("…" in t for t in shown)
    width, height = (float(re.search(rf'{a}="([\d.]+)"', svg)[1]) for a in ("width", "height"))  # type: ignore[index]
    assert width < 900
    assert height < 500


@pytest.mark.parametrize("name", list(charts()))
def test_a_page_put_behind_equals_drawing_with_a_background(name: str) -> None:
    spec = charts()[name]
    assert on_paper(draw_svg(spec, "nb")) == draw_svg({**spec, "background": PAPER}, "nb")


def test_numbers_follow_the_locale() -> None:
    chart = f.interval_chart([f.Interval("a", 0.0, 1234.5, 3000.0)], "kr", "nb")
    assert "1\u202f230  (0–3\u202f000)" in texts(draw_svg(chart, "nb"))
    assert "2\u202f000" in texts(draw_svg(chart, "nb"))
    assert "2,000" in texts(draw_svg(chart, "en"))


def test_a_value_without_range_stands_alone() -> None:
    chart = f.interval_chart([f.Interval("a", 2.0, 2.0, 2.0)], "kr", "nb")
    assert "2" in texts(draw_svg(chart, "nb"))
    assert not any("(" in t for t in texts(draw_svg(chart, "nb")))


def test_the_ranking_is_by_swing() -> None:
    swings = [f.Swing("liten", 9, 11), f.Swing("stor", 5, 15), f.Swing("omvendt", 14, 6)]
    chart = f.ranking_chart(swings, 10, "kr", "nb", low_high=("lav", "høy"))
    assert [d["label"] for d in chart["data"]["values"][::2]] == ["stor", "omvendt", "liten"]


def test_today_differs_in_shape_and_not_only_in_colour() -> None:
    rows = [f.Interval("i dag", 1, 2, 3, True), f.Interval("ny", 1, 2, 3)]
    shape = f.interval_chart(rows, "kr", "nb")["layer"][1]["encoding"]["shape"]
    assert shape == {"condition": {"test": "datum.ref", "value": "diamond"}, "value": "circle"}


def test_equal_charts_are_equal_bytes(norwegian: Document) -> None:
    for section in norwegian.sections:
        for block in section.blocks:
            if isinstance(block, Figure):
                draw_svg.__globals__["_svg"].cache_clear()
                first = draw_svg(block.spec, "nb")
                draw_svg.__globals__["_svg"].cache_clear()
                assert draw_svg(block.spec, "nb") == first
                assert draw_png(block.spec, "nb") == draw_png(block.spec, "nb")


def test_a_broken_chart_is_a_fault() -> None:
    with pytest.raises(InputError, match="cannot be drawn"):
        draw_svg({"mark": "no such mark", "data": {"values": [{"a": 1}]}, "encoding": {}}, "nb")


def test_no_data_is_fetched() -> None:
    chart = {
        "data": {"url": "https://example.org/a.csv"}, "mark": "bar",
        "encoding": {"x": {"field": "a", "type": "quantitative"}},
    }  # fmt: skip
    with pytest.raises(InputError, match="cannot be drawn"):
        draw_svg(chart, "nb")
