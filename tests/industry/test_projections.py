"""Projections and rounds. Oracles: compound growth worked out by hand or in whole fractions, the
published numbers of source 004, and the definition of a root."""

import math
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.evidence import Library, Source, Statistic, Subject, load_library
from virkestoff.industry.projections import Scenario, Target, load_scenarios, load_targets, rebuild
from virkestoff.industry.rebuilt import bounded, compare, what_came
from virkestoff.industry.rounds import Round, dump_round, freeze, load_rounds, revisions
from virkestoff.industry.targets import target_level, ways

LIBRARY = Path(__file__).parents[2] / "library"
TEXT = {"nb": "a", "en": "b"}
MEASURE = "industry.turnover"


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(LIBRARY)


def _statistic(name: str, value: float | None, unit: str = "NOK", **more: object) -> Statistic:
    fields = {
        "id": name, "name": TEXT, "value": value, "unit": unit, "kind": "observed", "source": "s",
        "place": "p", "how": "read", "grade": "high", **more,
    }  # fmt: skip
    if unit == "NOK":
        fields.setdefault("price_year", 2020)
    return Statistic.model_validate(fields)


def _small(*statistics: Statistic) -> Library:
    level = Subject.model_validate({"name": TEXT, "unit": "NOK", "definition": TEXT})
    return Library(
        Path(), {"s": Source(title="S", publisher="P")}, {}, {s.id: s for s in statistics},
        subjects={MEASURE: level},
    )  # fmt: skip


def _scenario(**more: object) -> Scenario:
    fields = {
        "id": "x", "name": TEXT, "measure": MEASURE, "until": 2023, "source": "s", "place": "p",
        "base": {"year": 2020, "terms": [{"level": "base"}]}, **more,
    }  # fmt: skip
    return Scenario.model_validate(fields)


GROWTH = _statistic("g", 0.1, "1/year", kind="projection")


def test_growth_compounds() -> None:
    """100 at 10 % is 110, 121, 133.1."""
    path = rebuild(_small(_statistic("base", 100), GROWTH), _scenario(growth_yearly="g"))
    assert path is not None
    assert path.middle == pytest.approx((100, 110, 121, 133.1))
    # 100 is read to two digits, 10 % to two: 95 x 1.095^3 and 105 x 1.105^3
    assert path.at(2023)[0] == pytest.approx(95 * 1.095**3)
    assert path.at(2023)[2] == pytest.approx(105 * 1.105**3)


@given(
    st.integers(1, 999), st.integers(1, 40), st.integers(1, 12)
)
@settings(max_examples=40, deadline=None)
def test_the_middle_path_is_the_fraction(base: int, percent: int, years: int) -> None:
    growth = _statistic("g", percent / 100, "1/year", kind="projection")
    scenario = _scenario(growth_yearly="g", until=2020 + years)
    path = rebuild(_small(_statistic("base", base), growth), scenario)
    assert path is not None
    exact = base * Fraction(100 + percent, 100) ** years
    low, middle, high = path.at(2020 + years)
    assert middle == pytest.approx(float(exact), rel=1e-12)
    assert low <= middle <= high


def test_terms_grow_each_by_its_own_total() -> None:
    """60 % of 100 grown by half, and 40 grown by a quarter: 90 + 50; 100 x r^2 = 140 between."""
    library = _small(
        _statistic("base", 100.0), _statistic("rest", 40.0), _statistic("part", 0.6, "1"),
        _statistic("half", 0.5, "1"), _statistic("quarter", 0.25, "1"),
    )  # fmt: skip
    base = {"year": 2020, "terms": [{"level": "base", "share": "part"}, {"level": "rest"}]}
    path = rebuild(library, _scenario(base=base, growths=["half", "quarter"], until=2022))
    assert path is not None
    assert path.middle == pytest.approx((100, 100 * math.sqrt(1.4), 140))


def test_a_lost_growth_is_no_path_but_may_have_a_bound() -> None:
    library = _small(_statistic("base", 100), GROWTH)
    scenario = _scenario(bound="g")
    assert rebuild(library, scenario) is None
    assert bounded(library, scenario) == pytest.approx(133.1)


def test_published_and_rebuilt_part_company_beyond_rounding() -> None:
    """133 is what 100 at 10 % gives; 150 takes 112.7 at 10 %, or 14.5 % from 100."""
    fits = _statistic("fits", 133.0, year=2023)
    off = _statistic("off", 150.0, year=2023)
    library = _small(_statistic("base", 100.0), GROWTH, fits, off)
    first, second = compare(library, _scenario(growth_yearly="g", published=["fits", "off"]))
    assert first.is_within and not second.is_within
    assert second.difference == pytest.approx(150 - 133.1)
    assert second.implied_growth is not None and second.implied_base is not None
    assert second.implied_growth[0] < 1.5 ** (1 / 3) - 1 < second.implied_growth[1]
    assert second.implied_base[0] < 150 / 1.1**3 < second.implied_base[1]


def test_what_came_lists_every_later_observation() -> None:
    library = _small(
        _statistic("base", 100, year=2020), GROWTH,
        _statistic("a", 99, year=2021, subject=MEASURE),
        _statistic("b", 121, year=2022, subject=MEASURE),
        _statistic("early", 90, year=2019, subject=MEASURE),
        _statistic("other", 7, year=2021, subject=MEASURE, branch="digital_health"),
        _statistic("aim", 200, year=2022, subject=MEASURE, kind="target"),
    )  # fmt: skip
    came = what_came(library, _scenario(growth_yearly="g"))
    assert [c.observed.id for c in came] == ["a", "b"]
    assert [c.deviation for c in came] == pytest.approx([99 / 110 - 1, 0], abs=1e-12)


def test_the_way_to_a_target_is_a_root() -> None:
    library = _small(
        _statistic("from", 25, year=2020), _statistic("to", 50, year=2030, kind="target"),
        _statistic("late", 60, year=2031), _statistic("twice", 1.0, "1", kind="target"),
    )  # fmt: skip
    target = Target.model_validate(
        {"id": "t", "name": TEXT, "measure": MEASURE, "year": 2030, "level": "to",
         "from_observed": ["late", "from"]}
    )  # fmt: skip
    first, second = ways(library, target)
    assert first.growth == pytest.approx(2 ** (1 / 10) - 1)
    assert first.missing == 25 and second.growth is None
    doubled = target.model_copy(update={"level": None, "base": "from", "growth": "twice"})
    assert target_level(library, doubled) == 50


# Source 004, section 4.5.1: NOK bn in 2030; whether base and growth reach it is arithmetic
@pytest.mark.parametrize(
    ("name", "published", "is_within"),
    [
        ("turnover_2030_base", 100, True),
        ("turnover_2030_world_market", 116, True),
        ("turnover_2030_high", 130, True),
    ],
)
def test_the_published_scenarios(
    library: Library, name: str, published: float, is_within: bool
) -> None:
    """Base 2020 by hand: 33.7 x 0.969 + 53.6 x 0.31 x 0.981 + 53.6 x 0.06 x 1.126 = 52.58.

    The least that rounds to these is 33.65 x 0.9685 + 53.55 x 0.305 x 0.9805 + 53.55 x 0.055 x
    1.1255 = 51.92, and 51.92 x 1.084^10 = 116.3, which is printed 116.
    """
    scenario = load_scenarios(library)[name]
    found = compare(library, scenario)[0]
    rates = {"base": 1.067, "world_market": 1.084, "high": 1.098}
    rate = rates[name.removeprefix("turnover_2030_")]
    by_hand = (33.7 * 0.969 + 53.6 * 0.31 * 0.981 + 53.6 * 0.06 * 1.126) * rate**10
    assert found.rebuilt == pytest.approx(by_hand * 1e9, rel=1e-9)
    assert found.stated == pytest.approx(published * 1e9)
    assert found.is_within is is_within


def test_the_companies_expectations_fit_by_branch_only(library: Library) -> None:
    """29, 31 and 227 per cent by branch give the 75 bn; 37.5 per cent in all does not."""
    scenarios = load_scenarios(library)
    assert compare(library, scenarios["turnover_2025_own_expectations_by_branch"])[0].is_within
    assert not compare(library, scenarios["turnover_2025_own_expectations"])[0].is_within


def test_the_targets_of_the_sources(library: Library) -> None:
    """Twice 21.5 bn by 2025; 50 bn by 2030 from 27 bn in 2021 is 7.1 % a year, from 22 bn 9.6 %."""
    targets = load_targets(library)
    assert target_level(library, targets["exports_doubled_2025"]) == pytest.approx(43e9)
    growths = [w.growth for w in ways(library, targets["exports_50_bn_2030"])]
    expected = [(50 / 25.9) ** (1 / 10) - 1, (50 / 27) ** (1 / 9) - 1, (50 / 22) ** (1 / 9) - 1]
    assert growths == pytest.approx(expected)


def test_faults_of_the_file_come_at_once(library: Library, tmp_path: Path) -> None:
    (tmp_path / "industry").mkdir()
    (tmp_path / "industry" / "projections.yaml").write_text(
        """
projections:
  one: {name: {nb: a, en: b}, measure: industry.turnovr, until: 2019, source: s, place: p,
        base: {year: 2020, terms: [{level: m4_turnover_2019_ap}]}}
  two: {name: {nb: a, en: b}, measure: industry.turnover, until: 2030, source: s, place: p,
        base: no_such_base, colour: red}
"""
    )
    broken = Library(
        tmp_path, library.sources, {}, library.statistics, subjects=library.subjects
    )
    with pytest.raises(InputError) as problem:
        load_scenarios(broken)
    said = str(problem.value)
    for part in ("m4_turnover_2019_ap", "industry.turnovr", "2019 is not after 2020", "colour",
                 "two.base"):  # fmt: skip
        assert part in said


DAY = date(2026, 11, 24)


def _round(library: Library, name: str = "first", **more: object) -> Round:
    return freeze(library, {"x": _scenario(growth_yearly="g")}, name, DAY, **more)


def test_a_round_is_frozen(tmp_path: Path) -> None:
    library = _small(_statistic("base", 100), GROWTH)
    kept = _round(library)
    path = tmp_path / "first.yaml"
    path.write_bytes(dump_round(kept))
    (again,) = load_rounds(tmp_path)
    assert again == kept
    path.write_text(path.read_text().replace("value: 121.0", "value: 122.0"))
    with pytest.raises(InputError, match="changed after it was frozen"):
        load_rounds(tmp_path)


def test_a_revision_needs_a_reason() -> None:
    old = _round(_small(_statistic("base", 100), GROWTH))
    newer = _small(_statistic("base", 200), GROWTH)
    with pytest.raises(InputError, match="Say why"):
        _round(newer, "second", earlier=[old])
    new = _round(newer, "second", earlier=[old], reasons={"x": "base was wrong"})
    moved = revisions(old, new)
    assert [(r.year, r.old, r.new, r.reason) for r in moved][1] == (
        2021, pytest.approx(110), pytest.approx(220), "base was wrong",
    )  # fmt: skip
    assert moved[1].change == pytest.approx(110)
    assert revisions(old, old) == []


def test_a_round_has_a_name_of_its_own_and_follows_the_last() -> None:
    library = _small(_statistic("base", 100), GROWTH)
    old = _round(library)
    with pytest.raises(InputError, match="is there already"):
        _round(library, earlier=[old])
    with pytest.raises(InputError, match="before round 'first'"):
        freeze(library, {}, "second", date(2020, 1, 1), [old])
    with pytest.raises(InputError, match="a-z"):
        _round(library, "Not A Name")
