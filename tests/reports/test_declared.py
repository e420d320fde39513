"""Declared tables and figures. Oracles: results made by hand; boxes are checked pair by pair."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.costbenefit import rules_on
from virkestoff.errors import InputError
from virkestoff.evidence import Library, content_root, load_library
from virkestoff.reports.declared_figures import declared_figure
from virkestoff.reports.declared_tables import declared_table
from virkestoff.reports.drawing import draw_svg
from virkestoff.reports.frontier import Box, place_labels
from virkestoff.reports.study_context import StudyContext
from virkestoff.studies import assemble, dump_json, load_definition, load_evaluate, run_study

EXAMPLE = content_root() / "studies" / "example"
OWN = """
tables:
  costs:
    caption: {nb: "Koster {stock.stock_value}", en: "Costs {stock.stock_value}"}
    columns: [stock_value, {outcome: account_net_present_cost, statistic: mean}]
    rows: [today, stock]
    sort: {by: stock_value}
  shares:
    caption: {nb: Deler, en: Parts}
    groups: [{group: made_up, unit: NOK/year}]
    rows: [stock]
    sort: {by: made_up, order: ascending}
figures:
  ways:
    kind: frontier
    title: {nb: Veier, en: Ways}
    x: stock_value
    y: account_net_present_cost
    frontier: [today, stock]
  ranges: {kind: intervals, title: {nb: A, en: A}, outcomes: [stock_value], axis: log}
  beams: {kind: bars, title: {nb: A, en: A}, outcomes: [stock_value], statistic: mean}
  pieces: {kind: parts, title: {nb: A, en: A}, group: made_up, unit: NOK/year, runs: [stock]}
"""


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(content_root() / "library")


@pytest.fixture(scope="module")
def results(library: Library) -> dict[str, Any]:
    definition, joined = load_definition(EXAMPLE, library)
    rules = rules_on(joined, definition.as_of)
    found = json.loads(dump_json(assemble(
        run_study(definition, joined, load_evaluate(EXAMPLE), rules, 32, 1))))  # fmt: skip
    found["parts"]["stock"] = {
        "made_up": {
            "big": {"mean": 5e6, "p10": 3e6, "p50": 4e6, "p90": 6e6},
            "small": {"mean": 2e6, "p10": 1e6, "p50": 2e6, "p90": 3e6},
        }
    }
    return found


def study_with(tmp_path: Path, own: str) -> Path:
    folder = tmp_path / "example"
    shutil.copytree(EXAMPLE, folder)
    with (folder / "study.yaml").open("a", encoding="utf-8") as file:
        file.write(own)
    return folder


@pytest.fixture
def context(tmp_path: Path, library: Library, results: dict[str, Any]) -> StudyContext:
    definition, joined = load_definition(study_with(tmp_path, OWN), library)
    return StudyContext(definition, joined, results, "en")


def test_a_table_of_outcomes_is_sorted_and_says_what_stands_in_it(context: StudyContext) -> None:
    table = declared_table(context, "costs")
    assert [row[0] for row in table.rows] == ["Extra stock", "Today"]
    assert "NOK" in table.caption
    heads = [c.title for c in table.columns]
    assert heads[1].endswith(", median")
    assert heads[2].endswith(", expected")
    mean = context.results["alternatives"]["stock"]["account_net_present_cost"]["mean"] / 1e6
    shown = float(table.rows[0][2].text.split(" (")[0].replace(",", ""))
    assert shown == pytest.approx(mean, rel=0.005)


def test_a_table_of_parts(context: StudyContext) -> None:
    table = declared_table(context, "shares")
    assert [(row[0], row[1].text) for row in table.rows] == [
        ("small", "2 (1\u00a0to\u00a03)"), ("big", "4 (3\u00a0to\u00a06)"),
    ]  # fmt: skip
    assert table.columns[1].unit == "NOK million a year"


@pytest.mark.parametrize("name", ["ways", "ranges", "beams", "pieces"])
def test_figures_are_drawn_with_data_and_alternative_text(
    context: StudyContext, name: str
) -> None:
    figure = declared_figure(context, name)
    assert draw_svg(figure.spec, "en").startswith("<svg")
    assert draw_svg(figure.spec["usermeta"]["phone"], "en").startswith("<svg")
    assert figure.alt
    assert all(len(row) == len(figure.columns) for row in figure.rows)


def test_what_a_logarithmic_axis_cannot_show_is_named(context: StudyContext) -> None:
    assert "without Today (not above zero)" in declared_figure(context, "ranges").subtitle


def test_names_that_lead_nowhere_are_reported_at_once(tmp_path: Path, library: Library) -> None:
    own = OWN.replace("rows: [today, stock]", "rows: [todya]").replace(
        "x: stock_value", "x: stok_value").replace("unit: NOK/year, runs", "runs")  # fmt: skip
    with pytest.raises(InputError) as caught:
        load_definition(study_with(tmp_path, own), library)
    message = str(caught.value)
    for part in ("tables.costs.rows", "Did you mean 'today'", "figures.ways",
                 "Did you mean 'stock_value'", "figures.pieces.unit", "has no unit"):  # fmt: skip
        assert part in message, part


def test_an_unknown_group_names_those_that_are_known(context: StudyContext) -> None:
    parts = context.results["parts"]["stock"]
    parts["other"] = parts.pop("made_up")
    try:
        with pytest.raises(InputError, match="it recorded: other"):
            declared_table(context, "shares")
    finally:
        parts["made_up"] = parts.pop("other")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.floats(40, 520), st.floats(40, 340)), min_size=1, max_size=9))
def test_labels_never_overlap(places: list[tuple[float, float]]) -> None:
    boxes = place_labels(places, ["A plant somewhere"] * len(places), [], (560, 380))
    for i, one in enumerate(boxes):
        assert all(one.shared(other) == 0 for other in boxes[i + 1 :])


def test_a_segment_meets_a_box_it_crosses_and_no_other() -> None:
    box = Box(10, 10, 20, 20)
    assert box.meets((0, 15, 30, 15))
    assert not box.meets((0, 25, 30, 25))
    assert not box.meets((0, 15, 5, 15))
