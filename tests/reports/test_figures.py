"""Figures. Oracle: the SVG holds every label whole, numbers as the locale prints them."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from virkestoff.errors import InputError
from virkestoff.reports import Document, Figure
from virkestoff.reports import figures as f
from virkestoff.reports.drawing import draw_png, draw_svg, on_paper
from virkestoff.reports.fonts import width_of
from virkestoff.reports.rows import phone_spec
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


def boxes(svg: str) -> list[tuple[str, float, float, float, float]]:
    """Every line of text with its left, right, top and foot, in pixels."""
    found = []

    def visit(node: ElementTree.Element, x: float, y: float) -> None:
        moved = re.match(r"translate\(([-\d.]+),([-\d.]+)\)", node.get("transform", ""))
        if moved:
            x, y = x + float(moved[1]), y + float(moved[2])
        if node.tag.endswith("}text") and "rotate" not in node.get("transform", ""):
            size = float(node.get("font-size", "13px")[:-2])
            place = y
            for line in [node, *node]:
                place += float(line.get("dy", 0)) if line is not node else 0.0
                if line.text and line.text.strip():
                    wide = width_of(line.text) * size
                    share = {"end": 1.0, "middle": 0.5}.get(node.get("text-anchor", ""), 0.0)
                    left = x - share * wide
                    found.append((line.text, left, left + wide, place - 0.6 * size, place))
        for child in node:
            visit(child, x, y)

    visit(ElementTree.fromstring(svg), 0.0, 0.0)
    return found


def crowded() -> dict[str, f.Spec]:
    x = (1.0, 10.0, 100.0)
    lines = [f.Line(f"Kurve {i}", x, (3.0, 2.0, 1.0 + i / 50)) for i in range(4)]
    marks = ((8.0, "Norge"), (9.0, "Norden uten Island"), (10.0, "Norden"), (60.0, "Resten av EØS"))
    swings = [
        f.Swing("kort", 43_000, 46_000), f.Swing("begge over", 46_100, 46_200),
        f.Swing("begge under", 44_000, 44_500), f.Swing("lik", 44_900, 44_901),
        f.Swing("lang", 30_000, 60_000), f.Swing("tett", 44_990, 45_010),
    ]  # fmt: skip
    parts = {f"kostnadsdel nummer {i}": 1.0 / (i + 1) for i in range(12)}
    return {
        "marks": f.line_band_chart(lines, "t", "kr", log_x=True, marks=marks),
        "ranking": f.ranking_chart(swings, 45_000, "kr", "nb", low_high=("lav", "høy")),
        "parts": f.parts_chart([f.Parts("a", parts), f.Parts(LONG, parts)], "kr", "nb"),
        "timeline": f.timeline_chart([f.Step(f"{LONG} {i}", i, i + 2, i + 1, i + 5)
                                      for i in range(14)], "år", "nb"),
    }  # fmt: skip


@pytest.mark.parametrize("is_phone", [False, True])
@pytest.mark.parametrize("name", [*charts(), *crowded()])
def test_no_text_stands_on_another(name: str, is_phone: bool) -> None:
    for spec in (charts().get(name), crowded().get(name)):
        if spec is None:
            continue
        drawn = phone_spec(spec) if is_phone else spec
        assert drawn is not None
        found = boxes(draw_svg(drawn, "nb"))
        assert len(found) > 4
        for i, (a, left, right, top, foot) in enumerate(found):
            for b, left_b, right_b, top_b, foot_b in found[i + 1 :]:
                apart = right <= left_b or right_b <= left or foot <= top_b or foot_b <= top
                assert apart, (a, b)


@pytest.mark.parametrize("name", list(charts()))
def test_the_drawing_for_a_telephone_is_narrow_and_whole(name: str) -> None:
    spec = phone_spec(charts()[name])
    assert spec is not None
    svg = draw_svg(spec, "nb")
    assert LONG in texts(svg)
    assert float(re.search(r'width="([\d.]+)"', svg)[1]) < 400  # type: ignore[index]


def test_the_parts_are_told_apart_by_number_too() -> None:
    chart = f.parts_chart([f.Parts("a", {"x": 3.0, "y": 4.0, "z": 0.01})], "kr", "nb")
    shown = texts(draw_svg(chart, "nb"))
    assert [shown.count(no) for no in ("1", "2", "3")] == [2 + 1, 2 + 1, 1 + 1]


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
