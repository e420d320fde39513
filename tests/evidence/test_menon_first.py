"""The mapping of 2021 (source_004), lines 1-3130, as statistics.

Oracles: the source's own arithmetic (shares that sum, growth that equals the ratio of its end
points, answers that are parts of one whole), and values read from the text a second time.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from virkestoff.evidence import Library, Statistic, load_library, read_yaml
from virkestoff.quantities import parse_unit

LIBRARY = Path(__file__).parents[2] / "library"
# file, first and last line of the text copy that it covers
FILES = {
    "menon_summary.yaml": (1, 302),
    "menon_industry.yaml": (303, 1004),
    "menon_support.yaml": (1005, 2477),
    "menon_production.yaml": (2478, 3130),
}
# captions of figures that show numbers, in the order of the text; the numbering leaves out
# 1-7, 1-8 and 3-5, and figures 1-1, 2-1, 2-4 and 2-7 are drawings without numbers
LOST_FIGURES = [
    "1-2", "1-2", "1-3", "1-4", "1-5", "1-6", "1-6", "1-7", "1-8", "1-9", "1-10",
    "A", "B", "C", "D", "2-3", "2-5", "2-6",
    "3-1", "3-2", "3-3", "3-4", "3-5", "3-6", "3-7", "3-8", "3-9", "3-10", "3-11",
]  # fmt: skip
# read from the text again, not from the library: id, value, unit, qualifier
READ_AGAIN: list[tuple[str, float | tuple[float, float], str, str]] = [
    ("m4_s_turnover_2019", 54e9, "NOK", "exact"),
    ("m4_s_exports_2020", 26e9, "NOK", "nearly"),
    ("m4_s_exports_devices", 7.8e9, "NOK", "exact"),
    ("m4_s_exports_digital", 115e6, "NOK", "about"),
    ("m4_s_exports_share_digital", 0.4, "percent", "about"),
    ("m4_s_scale_up_support_good", 6, "percent", "exact"),
    ("m4_s_high_growth_rate", 9.8, "percent/year", "exact"),
    ("m4_s_turnover_2030_high", 130e9, "NOK", "about"),
    ("m4_i_trade_deficit", 12, "percent", "exact"),
    ("m4_i_goods_export_cover", 58, "percent", "exact"),
    ("m4_i_world_turnover", 15000e9, "NOK", "more_than"),
    ("m4_i_companies", 1073, "1", "exact"),
    ("m4_i_active_companies", 910, "1", "exact"),
    ("m4_i_invited", 372, "1", "exact"),
    ("m4_i_respondents", 160, "1", "exact"),
    ("m4_i_respondents_devices", 67, "1", "exact"),
    ("m4_i_employees", 11000, "person", "nearly"),
    ("m4_i_value_creation", 18e9, "NOK", "more_than"),
    ("m4_i_margin", (9, 14), "percent", "exact"),
    ("m4_i_margin_devices", (3, 6), "percent", "exact"),
    ("m4_i_vc_per_employee_pharma_2009", 1350e3, "NOK/person", "exact"),
    ("m4_i_vc_per_employee_pharma_2019", 2585e3, "NOK/person", "exact"),
    ("m4_i_companies_share_large", 6.6, "percent", "about"),
    ("m4_i_turnover_share_large", 82, "percent", "exact"),
    ("m4_i_growth_2020_pharma", -3.1, "percent", "exact"),
    ("m4_i_growth_2020_devices", -1.9, "percent", "exact"),
    ("m4_i_growth_2020_digital", 12.6, "percent", "exact"),
    ("m4_i_expected_2021_digital", 22.3, "percent", "exact"),
    ("m4_i_expected_2021_pharma", 3.2, "percent", "exact"),
    ("m4_i_expected_2021_devices", 4.6, "percent", "exact"),
    ("m4_i_doubling_pharma", 39, "percent", "exact"),
    ("m4_i_turnover_2025", 75e9, "NOK", "more_than"),
    ("m4_v_research_2017", 11.3e9, "NOK", "nearly"),
    ("m4_v_research_universities_2017", 7.1e9, "NOK", "exact"),
    ("m4_v_j_curve_share_2018", 12, "percent", "more_than"),
    ("m4_v_innovation_equity_good", 35, "percent", "exact"),
    ("m4_v_export_support_good_exporters", 3, "percent", "less_than"),
    ("m4_v_rcn_health_2020", 1855e6, "NOK", "exact"),
    ("m4_v_ipn_growth", -30, "percent", "exact"),
    ("m4_v_skattefunn_rate", 19, "percent", "exact"),
    ("m4_v_skattefunn_2019", 527e6, "NOK", "exact"),
    ("m4_v_in_grants_2019", 55e6, "NOK", "nearly"),
    ("m4_v_in_loans_2019", 43e6, "NOK", "exact"),
    ("m4_v_in_industry_share_2019", 87, "percent", "exact"),
    ("m4_v_incubators", 33, "1", "exact"),
    ("m4_v_horizon_budget", 95.5e9, "EUR", "exact"),
    ("m4_p_foreign_company_share", 20, "percent", "less_than"),
    ("m4_p_foreign_turnover_share", 86, "percent", "exact"),
    ("m4_p_development_foreign", 52, "percent", "exact"),
    ("m4_p_producers_turnover_2020", 9.6e9, "NOK", "more_than"),
    ("m4_p_three_largest_turnover_share", 75, "percent", "exact"),
    ("m4_p_growth_2020_producers", -4.3, "percent", "exact"),
    ("m4_p_growth_2020_pharma_others", 5.1, "percent", "exact"),
    ("m4_p_expected_2021_others", 0.6, "percent", "exact"),
    ("m4_p_clusters_digital_disagree", 34, "percent", "exact"),
    ("m4_p_infrastructure_pharma_disagree", 69, "percent", "exact"),
    ("m4_p_health_data_digital_agree", 16, "percent", "exact"),
    ("m4_p_central_registers", 18, "1", "exact"),
    ("m4_p_quality_registers", 53, "1", "exact"),
]


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(LIBRARY)


@pytest.fixture(scope="module")
def records(library: Library) -> dict[str, Statistic]:
    ids = [i for name in FILES for i in read_yaml(LIBRARY / "evidence" / name)["statistics"]]
    return {i: library.statistics[i] for i in ids}


def _number(records: dict[str, Statistic], name: str) -> float:
    value = records[f"m4_{name}"].value
    assert isinstance(value, float | int), name
    return float(value)


@pytest.mark.parametrize(("name", "value", "unit", "qualifier"), READ_AGAIN)
def test_values_read_again(
    records: dict[str, Statistic],
    name: str,
    value: float | tuple[float, float],
    unit: str,
    qualifier: str,
) -> None:
    record = records[name]
    scale = (1 * parse_unit(unit)).to(parse_unit(record.unit)).magnitude
    expected = [v * scale for v in (value if isinstance(value, tuple) else (value,))]
    held = list(record.value) if isinstance(record.value, tuple) else [record.value]
    assert held == pytest.approx(expected, rel=1e-12)
    assert record.qualifier == qualifier


@pytest.mark.parametrize("name", FILES)
def test_places_lie_in_the_lines_of_the_file(records: dict[str, Statistic], name: str) -> None:
    first, last = FILES[name]
    for key in read_yaml(LIBRARY / "evidence" / name)["statistics"]:
        record = records[key]
        assert record.source == "source_004"
        found = re.search(r", lines? ([\d, and]+)$", record.place)
        assert found, record.place
        lines = [int(n) for n in re.findall(r"\d+", found.group(1))]
        assert lines == sorted(lines)
        assert first <= lines[0] <= lines[-1] <= last


def test_lost_figures_are_recorded_and_hold_no_value(records: dict[str, Statistic]) -> None:
    lost = [r for r in records.values() if r.missing == "figure_text_lost"]
    named = [re.search(r"(?:figure|number) ([A-D]|\d-\d+)", r.place) for r in lost]
    assert sorted(n.group(1) for n in named if n) == sorted(LOST_FIGURES)
    assert all(r.value is None and r.note for r in lost)
    only_words = {r.id for r in records.values() if r.value is None} - {r.id for r in lost}
    assert only_words == {
        "m4_v_scale_up_support_good", "m4_p_health_data_gain",
        "m4_p_expected_2025_others_highest", "m4_p_expected_2025_producers_higher",
    }  # fmt: skip


def test_money_has_the_price_year_of_its_figure(records: dict[str, Statistic]) -> None:
    for record in records.values():
        if record.value is not None and any(c in record.unit for c in ("NOK", "EUR")):
            year = record.year or (record.period[1] if record.period else None)
            assert record.price_year == year, record.id


def test_exports_of_the_branches_are_parts_of_the_whole(records: dict[str, Statistic]) -> None:
    shares = [_number(records, f"s_exports_share_{b}") for b in ("pharma", "devices", "digital")]
    assert sum(shares) == pytest.approx(1, abs=0.01)  # two of them are rounded to ten percent
    total = _number(records, "s_exports_2020")
    assert _number(records, "s_exports_devices") / total == pytest.approx(shares[1], abs=0.005)
    assert _number(records, "s_exports_digital") / total == pytest.approx(shares[2], abs=0.0005)
    assert total == _number(records, "i_exports_2020")


def test_yearly_growth_gives_the_growth_of_ten_years(records: dict[str, Statistic]) -> None:
    rate, half = _number(records, "i_turnover_growth_yearly"), 0.0005
    assert (1 + rate - half) ** 10 - 1 > _number(records, "i_turnover_growth")
    assert _number(records, "i_turnover_growth") == _number(records, "s_turnover_growth")
    business = _number(records, "i_business_growth_yearly")
    low, high = ((1 + business + d) ** 10 - 1 for d in (-half, half))
    assert low < _number(records, "i_business_growth") < high
    assert rate - business > _number(records, "i_growth_yearly_lead")


def test_growth_of_value_creation_per_employee(records: dict[str, Statistic]) -> None:
    first, last = (_number(records, f"i_vc_per_employee_pharma_{y}") for y in (2009, 2019))
    growth = _number(records, "i_vc_per_employee_growth_pharma")
    assert growth < last / first - 1 < growth + 0.1


def test_answers_over_active_companies(records: dict[str, Statistic]) -> None:
    share = _number(records, "i_respondents") / _number(records, "i_active_companies")
    assert round(share, 2) == _number(records, "i_coverage_companies")
    assert _number(records, "i_respondents") == _number(records, "p_participants")


def test_margin_of_a_j_curve_company_follows_from_its_costs(records: dict[str, Statistic]) -> None:
    ratio = _number(records, "i_j_curve_costs_note")
    assert _number(records, "i_j_curve_margin_note") == 1 - ratio
    others = ("i_j_curve_costs_intro", "v_j_curve_costs_text", "v_j_curve_costs_footnote",
              "v_j_curve_costs_box")  # fmt: skip
    assert {_number(records, name) for name in others} == {ratio}
    definitions = {records[f"m4_{n}"].definition for n in (*others, "i_j_curve_costs_note")}
    assert len([d for d in definitions if d and "more than twice" in d]) == 1  # both wordings kept


def test_yearly_rate_of_the_companies_own_expectations(records: dict[str, Statistic]) -> None:
    rate = (1 + _number(records, "i_expected_2025")) ** (1 / 5) - 1
    assert rate == pytest.approx(_number(records, "i_expected_2025_yearly"), abs=0.0005)


def test_size_classes_leave_room_for_the_medium_companies(records: dict[str, Statistic]) -> None:
    medium = (
        1 - _number(records, "i_turnover_share_small") - _number(records, "i_turnover_share_large")
    )
    assert medium == pytest.approx(0.15, abs=1e-9)
    assert (
        _number(records, "i_companies_share_small") + _number(records, "i_companies_share_large")
        < 1
    )
    assert _number(records, "i_limit_small") == _number(records, "i_limit_medium_low")
    assert _number(records, "i_limit_large") == _number(records, "i_limit_medium_high")


def test_access_to_export_support_is_one_whole(records: dict[str, Statistic]) -> None:
    parts = [_number(records, f"v_export_support_{a}") for a in ("any", "none", "irrelevant")]
    assert sum(parts) == pytest.approx(1, abs=0.03)  # just over, just over, nearly


def test_loans_are_stated_twice_alike(records: dict[str, Statistic]) -> None:
    assert _number(records, "v_in_loans_2019") > _number(records, "v_in_loans_2019_again")


def test_funnel_of_activities(records: dict[str, Statistic]) -> None:
    funnel = [_number(records, n) for n in (
        "p_answers_activities", "p_development", "p_prototype_of_development",
        "p_industrial_of_prototype",
    )]  # fmt: skip
    assert funnel == sorted(funnel, reverse=True)
    assert funnel[0] - funnel[1] >= _number(records, "p_no_activity")


def test_markets_of_the_producers(records: dict[str, Statistic]) -> None:
    home, export = _number(records, "p_domestic"), _number(records, "p_export")
    both = home - _number(records, "p_domestic_only")
    assert both == export - _number(records, "p_export_only")
    share = (home + _number(records, "p_export_only")) / _number(records, "p_answers_figure_3_2")
    assert share == pytest.approx(_number(records, "p_industrial_share"), abs=0.05)


def test_share_of_employment_follows_from_staff_per_company(records: dict[str, Statistic]) -> None:
    share, more = _number(records, "p_producers_share"), 1 + _number(records, "p_employees_gap")
    staff = share * more / (share * more + 1 - share)
    assert staff > _number(records, "p_producers_employees_share")


def test_branch_growth_lies_between_its_parts(records: dict[str, Statistic]) -> None:
    low, high = (_number(records, f"p_growth_2020_pharma_{p}") for p in ("producers", "others"))
    assert low < _number(records, "i_growth_2020_pharma") < high


def test_answers_on_an_argument_do_not_exceed_the_whole(records: dict[str, Statistic]) -> None:
    sums: dict[tuple[str, str], float] = {}
    for record in records.values():
        if record.subject == "survey.production_argument" and isinstance(record.value, float):
            key = (record.branch or "", record.group["argument"])
            sums[key] = sums.get(key, 0) + record.value
    assert sums
    assert max(sums.values()) <= 1


def test_what_the_source_contradicts_is_kept_on_both_sides(records: dict[str, Statistic]) -> None:
    """More than 75 billion in 2025 needs a start above the turnover of 2019, though 2020 fell."""
    start = _number(records, "i_turnover_2025") / (1 + _number(records, "i_expected_2025"))
    assert start > _number(records, "i_turnover_2019")
    assert _number(records, "p_answers_activities") != _number(records, "p_answers_figure_3_2")
    assert _number(records, "p_foreign_subsidiaries") > _number(records, "p_foreign_company_share")
    assert _number(records, "p_industrial_share") > _number(records, "p_producers_share")
