"""Figures of the assignment, the recommendation, industry's input and the roadmap (000-003).

Oracles: the arithmetic of the texts themselves, and triples of value and unit that were read from
the texts a second time without looking at the library.
"""

import re
from pathlib import Path

import pytest

from virkestoff.evidence import Library, Statistic, load_library
from virkestoff.evidence.yaml_reader import read_yaml

LIBRARY = Path(__file__).parents[2] / "library"
FILES = {
    "assignment_2020": ("a0_", "source_000"),
    "recommendation_2024": ("r1_", "source_001"),
    "input_2018": ("i2_", "source_002"),
    "roadmap_2023": ("v3_", "source_003"),
}


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(LIBRARY)


def number(library: Library, name: str) -> float:
    value = library.statistics[name].value
    assert isinstance(value, float)
    return value


def span(library: Library, name: str) -> tuple[float, ...]:
    value = library.statistics[name].value
    assert isinstance(value, tuple)
    return value


@pytest.mark.parametrize(
    ("name", "value", "unit", "qualifier"),
    [
        # 000, last paragraph
        ("a0_answer_time_minimum", 6, "month", "at_least"),
        # 001: hearing, table 1, chapters 5-7
        ("r1_hearing_participants", 100, "person", "more_than"),
        ("r1_hearing_talks_production", 13, "1", "exact"),
        ("r1_hearing_talks_catapult", 14, "1", "exact"),
        ("r1_sales_keytruda", 25e9, "USD", "exact"),
        ("r1_sales_humira", 14.4e9, "USD", "exact"),
        ("r1_sales_eliquis", 12.9e9, "USD", "exact"),
        ("r1_sales_comirnaty", 11.2e9, "USD", "exact"),
        ("r1_sales_darzalex", 9.7e9, "USD", "exact"),
        ("r1_curida_diotec_batch", 50, "L", "up_to"),
        ("r1_domore_eic_funds", 10e6, "EUR", "up_to"),
        ("r1_skattefunn_rate", 0.19, "1", "exact"),
        ("r1_repayable_advance_forgiven", 1, "1", "up_to"),
        ("r1_fmnc_health_assignments", 30, "1", "more_than"),
        ("r1_catapult_support_years", (3, 5), "year", "about"),
        ("r1_effort_years_minimum", (5, 10), "year", "at_least"),
        ("r1_nordic_inhabitants", 26e6, "person", "exact"),
        # 002: background, companies
        ("i2_sector_growth_2016", 0.12, "1", "exact"),
        ("i2_start_up_share", 0.11, "1", "exact"),
        ("i2_start_ups_growth_all_business", 0.5, "1", "exact"),
        ("i2_production_grant_2017", 45e6, "NOK", "exact"),
        ("i2_production_technology_wish", 50e6, "NOK", "exact"),
        ("i2_takeda_turnover", 2.4e9, "NOK", "about"),
        ("i2_takeda_export_share", 0.7, "1", "more_than"),
        ("i2_ge_world_turnover", 17e9, "USD", "exact"),
        ("i2_ge_world_staff", 47_000, "person", "just_over"),
        ("i2_ge_exports_2015", 6.5e9, "NOK", "more_than"),
        ("i2_ge_contrast_share", 0.36, "1", "exact"),
        ("i2_bayer_staff", 160, "person", "about"),
        ("i2_algeta_price", 2.1e9, "EUR", "exact"),
        ("i2_thermo_fisher_turnover", 1.14e9, "NOK", "exact"),
        ("i2_pharmaq_turnover_2015", 670e6, "NOK", "exact"),
        ("i2_nordic_nanovector_capital", 1.5e9, "NOK", "more_than"),
        # 003: box on value creation and themes 1-12
        ("v3_turnover_2021", 65e9, "NOK", "exact"),
        ("v3_exports_2021_box", 22e9, "NOK", "about"),
        ("v3_catapult_budget_2023", 148.3e6, "NOK", "exact"),
        ("v3_trials_growth_target", 0.15, "1/year", "exact"),
        ("v3_trial_applications_growth", 0.57, "1", "exact"),
        ("v3_nortrials_budget", 30e6, "NOK", "exact"),
        ("v3_national_research_2021", 81.6e9, "NOK", "exact"),
        ("v3_hospital_research_2021", 5.3e9, "NOK", "nearly"),
        ("v3_university_research_2021", 8.4e9, "NOK", "about"),
        ("v3_skattefunn_2022", 603e6, "NOK", "exact"),
        ("v3_skattefunn_projects_2022", 550, "1", "exact"),
        ("v3_health_research_2020", 2.8e9, "NOK", "nearly"),
        ("v3_health_research_rise_2020", 367e6, "NOK", "exact"),
        ("v3_horizon_contribution", 25e9, "NOK", "about"),
        ("v3_horizon_share_2023", 0.0335, "1", "exact"),
        ("v3_horizon_health_share_2023", 0.051, "1", "exact"),
        ("v3_patent_applications", (300_000, 400_000), "1", "exact"),
        ("v3_trademarks", 42_000, "1", "just_over"),
        ("v3_public_procurement", 743e9, "NOK", "about"),
        ("v3_sykehusinnkjop_value", 71e9, "NOK", "about"),
        ("v3_jobs_2021", 11_000, "person", "exact"),
        ("v3_eksfin_outstanding_2022", 129e6, "NOK", "about"),
        ("v3_mainland_export_target", 0.5, "1", "exact"),
    ],
)
def test_a_second_reading_agrees(
    library: Library, name: str, value: float | tuple[float, float], unit: str, qualifier: str
) -> None:
    record = library.statistics[name]
    assert record.value == value
    assert (record.unit, record.qualifier) == (unit, qualifier)


def test_third_alternative_costs_the_first_two_together(library: Library) -> None:
    """Table of 001, section 6.3.2: 30 and 80-90 are 110-120 million."""
    first = number(library, "health_catapult_alternative_1")
    second = span(library, "health_catapult_alternative_2")
    third = span(library, "health_catapult_alternative_3")
    assert tuple(first + x for x in second) == third


def test_export_shares_of_2021_are_the_whole(library: Library) -> None:
    """Theme 12 of 003: 71, 28 and 1 per cent."""
    branches = ("pharmaceuticals", "medical_devices", "digital_health")
    shares = [number(library, f"v3_exports_share_{branch}_2021") for branch in branches]
    assert sum(shares) == pytest.approx(1)
    assert [library.statistics[f"v3_exports_share_{b}_2021"].branch for b in branches] == list(
        branches
    )


def test_export_share_of_medicine_production(library: Library) -> None:
    """001, section 5.1.1: 19 of 47 billion, printed as 40 per cent."""
    share = number(library, "pharma_export_2021") / number(library, "pharma_turnover_2021")
    assert round(share, 2) == number(library, "r1_pharma_export_intensity_2021")


def test_export_target_is_nearly_a_doubling(library: Library) -> None:
    """001, section 5.1.1: 50 billion against 27 is less than twice, and nearly so."""
    rise = (
        number(library, "health_export_target_2030")
        / number(library, "health_export_2021_source_001")
        - 1
    )
    assert 0.8 < rise < number(library, "r1_export_rise_to_2030")


def test_best_sold_medicines_stand_in_order(library: Library) -> None:
    """Table 1 of 001 ranks ten medicines: sales fall, and lines follow each other."""
    sales = [s for name, s in library.statistics.items() if name.startswith("r1_sales_")]
    assert len(sales) == 10
    in_order = sorted(sales, key=lambda s: int(s.place.rsplit(" ", 1)[1]))
    lines = [int(s.place.rsplit(" ", 1)[1]) for s in in_order]
    assert lines == list(range(lines[0], lines[0] + 10))
    values = [number(library, s.id) for s in in_order]
    assert values == sorted(values, reverse=True)
    assert sum(values) == pytest.approx(131.5e9)


def test_parts_stay_below_their_whole(library: Library) -> None:
    """Theme 7 of 003 and the national total: what is a part of something is not larger."""
    parts = sum(
        number(library, f"v3_{part}_research_2021")
        for part in ("hospital", "university", "business")
    )
    assert parts < number(library, "v3_national_research_2021")
    council = number(library, "v3_research_council_total_2022")
    assert number(library, "v3_research_council_companies_2022") < council
    loans = number(library, "v3_innovation_norway_2022")
    assert number(library, "v3_ofu_health_2022") < loans


def test_the_contradictions_of_the_texts_are_kept(library: Library) -> None:
    """002 prints 770 for two sites of 424 and 344; 001 and 003 differ on the Nordic population;
    001 gives alternative 2 one product area in its list and three in its table.
    """
    sites = number(library, "i2_ge_staff_oslo") + number(library, "i2_ge_staff_lindesnes")
    assert number(library, "i2_ge_staff_qualified") - sites == 2
    nordic = (number(library, f"{p}_nordic_inhabitants") for p in ("r1", "v3"))
    assert tuple(nordic) == (26e6, 27e6)
    listed = number(library, "r1_alternative_2_areas_listed")
    assert number(library, "r1_alternative_2_areas_table") - listed == 2
    assert number(library, "i2_makers_named") - number(library, "medicine_makers_2018") == 1


@pytest.mark.parametrize("file", sorted(FILES))
def test_every_record_says_where_it_stands(library: Library, file: str) -> None:
    """Each names its source, section and line; a share lies between nothing and the whole."""
    prefix, source = FILES[file]
    data = read_yaml(LIBRARY / "evidence" / f"{file}.yaml", f"{file}.yaml")
    for name in data["statistics"]:
        record = library.statistics[name]
        assert name.startswith(prefix)
        assert record.source == source
        assert re.fullmatch(r".+, line \d+(, citing .+)?", record.place), record.place
        _check_shape(record)


def _check_shape(record: Statistic) -> None:
    values = record.value if isinstance(record.value, tuple) else (record.value,)
    if record.subject and record.subject.rsplit(".", 1)[1].endswith("share"):
        assert all(v is None or 0 <= v <= 1 for v in values), record.id
    if record.unit in ("NOK", "EUR", "USD") and record.value is not None:
        assert record.price_year == (record.year or (record.period or (0, 0))[1]), record.id
    if record.value is None:
        assert record.missing
    if record.qualifier == "less_than":
        assert record.note, record.id
