"""The conflicts that the issue and the readers of the texts name are all listed.

Oracle: the pairs of figures as they were read in the texts, and whether a rule can find them.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from virkestoff.errors import InputError
from virkestoff.evidence import Conflict, Library, find_conflicts, load_library
from virkestoff.evidence.wording import Wording, load_wording
from virkestoff.reports.statistic_words import about, figure

LIBRARY = Path(__file__).parents[2] / "library"
SOURCES = tuple(f"source_00{n}" for n in range(5))

BY_RULE = [
    ("m4_table_0_1_total_2019_app", "m4_value_creation_2019_app"),  # 18.1 or 19.6 bn
    ("m4_expected_growth_all_app", "m4_i_expected_2025"),  # 43 or 37.5 per cent
    ("m4_i_expected_2025", "m4_i_turnover_2025"),  # 37.5 per cent and 75 bn
    ("m4_employees_2019_app", "m4_i_employees"),  # 11 650 or nearly 11 000
    ("health_export_2021_source_001", "v3_exports_2021"),  # 27 or 22 bn
    ("pharma_export_2021", "v3_exports_share_pharmaceuticals_2021"),  # 19 bn or 71 % of 22
    ("m4_p_foreign_company_share", "m4_p_foreign_subsidiaries"),  # under 20 % or a quarter
    ("m4_p_answers_activities", "m4_p_answers_figure_3_2"),  # 138 or 136
    ("m4_p_industrial_share", "m4_p_producers_share"),  # about half or barely 40 %
    ("m4_i_j_curve_costs_note", "m4_v_j_curve_costs_box"),  # more than or at least twice
    ("m4_i_j_curve_payroll_note", "m4_v_j_curve_payroll_box"),  # at least or above 500 000
    ("m4_i_turnover_growth_yearly", "m4_turnover_growth_451"),  # 6.8 or 6.7 %
    ("m4_turnover_growth_yearly_pharma_app", "m4_turnover_growth_pharma_app"),  # 7.7 % and 107 %
    ("m4_value_creation_growth_yearly_digital_app", "m4_table_0_1_digital_2019_app"),
    ("i2_ge_staff_norway", "i2_ge_staff_qualified"),  # 1 400 or 770
    ("medicine_makers_2018", "i2_makers_named"),  # eleven or twelve
    ("r1_alternative_2_areas_listed", "r1_alternative_2_areas_table"),  # one or three
    ("r1_nordic_inhabitants", "v3_nordic_inhabitants"),  # 26 or 27 million
    ("v3_trials_growth_target", "m4_trials_target_521"),  # 15 % a year or a doubling
    ("m4_measures_asked_a3", "m4_survey_instruments_app"),  # twelve or eleven
]
DECLARED = [
    ("m4_p_producers", "m4_p_domestic"),  # 60, or 58 and 8
    ("m4_p_expected_2025_others_highest", "m4_p_expected_2025_producers_higher"),
    ("m4_p_producers_turnover_2020", "m4_i_coverage_turnover"),
    ("m4_s_scale_up_support_good", "m4_v_scale_up_support_good"),
    ("m4_v_ipn_growth", "m4_v_figure_2_5"),  # industry or sector
    ("m4_i_respondents_devices", "m4_respondent_share_medtech_app"),
    ("medicine_makers_staff_2018", "i2_ge_staff_norway"),
    ("v3_industry_trials_fall", "v3_trial_applications_growth"),
    ("v3_clusters_named", "v3_clusters_merging"),
    ("r1_export_rise_to_2030", "health_export_target_2030"),
]
AGREE = [
    ("m4_i_turnover_2019", "m4_turnover_2019_app"),  # 54 is 53.6 rounded
    ("m4_i_turnover_growth_digital", "m4_turnover_growth_digital_app"),  # nearly 130 and 128 %
    ("m4_value_creation_growth_app", "m4_table_0_1_total_growth_app"),  # nearly 90 and 87 %
    ("m4_i_exports_2020", "m4_exports_2020_42"),  # close to 26 and 25.9
    ("m4_p_quality_registers", "m4_quality_registers_521"),  # 53 and just over 50
    ("m4_cancer_export_intensity_422", "m4_cancer_export_intensity_words_422"),  # 34 %, a third
    ("m4_exports_share_digital_42", "m4_exports_digital_42"),  # 0.4 % and 115 million of 26 bn
]


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(LIBRARY)


@pytest.fixture(scope="module")
def conflicts(library: Library) -> list[Conflict]:
    return find_conflicts(library)


def _holding(conflicts: list[Conflict], *names: str) -> list[Conflict]:
    return [c for c in conflicts if {s.id for s in c.statistics}.issuperset(names)]


@pytest.mark.parametrize("pair", BY_RULE)
def test_a_rule_finds_it(conflicts: list[Conflict], pair: tuple[str, str]) -> None:
    assert any(c.rule != "declared" for c in _holding(conflicts, *pair))


@pytest.mark.parametrize("pair", DECLARED)
def test_it_is_declared(conflicts: list[Conflict], pair: tuple[str, str]) -> None:
    assert any(c.rule == "declared" and c.reason for c in _holding(conflicts, *pair))


@pytest.mark.parametrize("pair", AGREE)
def test_a_figure_and_its_rounding_agree(
    library: Library, conflicts: list[Conflict], pair: tuple[str, str]
) -> None:
    assert set(pair) <= library.statistics.keys()
    assert _holding(conflicts, *pair) == []


def test_every_conflict_of_the_five_sources_says_what_is_known(conflicts: list[Conflict]) -> None:
    own = [c for c in conflicts if {s.source for s in c.statistics} & set(SOURCES)]
    assert len(own) > 40
    assert [c.subject for c in own if c.reason is None] == []
    for conflict in own:
        assert conflict.reason is not None
        assert conflict.reason.place, conflict.reason.id


def test_the_price_of_algeta_is_one_price(library: Library) -> None:
    """EUR 2.1 bn at the mean rate of 2014 is NOK 17.5 bn; both figures are rounded."""
    euros = library.statistics["i2_algeta_price"].value
    assert isinstance(euros, float)
    assert library.indices.to_nok(euros, "EUR", 2014, 2014) == pytest.approx(18e9, abs=0.5e9)


def test_groups_and_answers_have_words_in_both_languages(library: Library) -> None:
    """What is no name (of a company, a place, a product) is in ``words.yaml``."""
    wording = load_wording(library)
    names = {"company", "site", "product", "fund", "cluster", "alternative", "scenario"}
    missing = set()
    for s in library.statistics.values():
        if s.branch and s.branch not in wording.branches:
            missing.add(s.branch)
        if s.answer and s.answer not in wording.answers:
            missing.add(s.answer)
        for key, value in s.group.items():
            if key not in wording.keys:
                missing.add(key)
            if "_" in value or (key not in names and value.islower()):
                missing |= {value} - wording.values.keys()
    assert missing == set()


def test_no_word_of_the_code_reaches_a_reader(library: Library) -> None:
    for lang in ("nb", "en"):
        for s in library.statistics.values():
            if s.source in SOURCES:
                assert "_" not in about(s, library, lang), s.id


@pytest.mark.parametrize(
    ("name", "nb", "en"),
    [
        ("r1_alternative_2_areas_listed", "1", "1"),
        ("m4_p_industrial_share", "om lag halvparten", "about half"),
        ("m4_largest_exporter_share_422", "nær en tredel", "nearly a third"),
        ("m4_i_j_curve_costs_intro", "minst 2 ganger", "at least 2 times"),
        ("m4_i_expected_2025", "37,5 %", "37.5 %"),
        ("m4_cancer_cases_2020_46", "19 mill. per år", "19 million a year"),
        ("m4_p_growth_gap", "16 prosentpoeng", "16 percentage points"),
        ("m4_s_growth_gap", "over null", "above zero"),
        ("m4_margin_range_pharma_app", "−73 til 515 %", "−73 to 515 %"),
        ("m4_i_vc_per_employee_devices", "0,75–1 mill. kr per person",
         "0.75–1 million NOK per person"),
        ("m4_i_employees", "nær 11 000 personer", "nearly 11,000 persons"),
        ("m4_i_figure_1_5", "tallene i figuren er tapt", "the chart's numbers are lost"),
    ],
)
def test_figures_read_as_the_source_says_them(
    library: Library, name: str, nb: str, en: str
) -> None:
    s = library.statistics[name]
    assert re.sub(r"\s", " ", figure(s, "nb", library)) == nb
    assert figure(s, "en", library) == en


def test_a_word_needs_both_languages(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "words.yaml").write_text("answers:\n  good: {nb: god}\nhabits: {}\n")
    with pytest.raises(InputError) as problem:
        load_wording(load_library(tmp_path))
    text = str(problem.value)
    assert "answers.good.en" in text and "habits" in text


def test_an_identifier_without_a_word_loses_its_underscores() -> None:
    assert Wording().group({"some_key": "a_value"}, "nb") == ["some key: a value"]
    assert Wording().fraction(0.5, "en") is None
    assert Wording().place("section 1, line 2", "nb") == "section 1, line 2"
