"""Conflicts. Oracles: intervals worked out by hand from the printed digits; brute force over pairs
of integers for the meeting of intervals; growth and shares by their definitions."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.evidence import find_conflicts, load_library
from virkestoff.evidence.conflicts import conflicts_touching
from virkestoff.evidence.fact import Statistic
from virkestoff.evidence.intervals import agree, allowed, last_unit, meet

SUBJECTS = """
subjects:
  t.level: {name: {nb: n, en: l}, unit: NOK, definition: {nb: a, en: b}}
  t.people: {name: {nb: n, en: l}, unit: person, definition: {nb: a, en: b}}
  t.growth: {name: {nb: n, en: l}, unit: "1", definition: {nb: a, en: b}, growth_of: t.level}
  t.yearly:
    {name: {nb: n, en: l}, unit: 1/year, definition: {nb: a, en: b}, yearly_growth_of: t.level}
  t.share: {name: {nb: n, en: l}, unit: "1", definition: {nb: a, en: b}, share_of: t.level}
  t.each:
    name: {nb: n, en: l}
    unit: NOK/person
    definition: {nb: a, en: b}
    ratio_of: [t.level, t.people]
"""
SOURCES = """
sources:
  s: {title: S, publisher: P}
  other: {title: O, publisher: P}
"""


def _record(name: str, subject: str, value: float, unit: str, **more: object) -> str:
    fields: dict[str, object] = {
        "name": "{nb: a, en: b}", "subject": subject, "value": value, "unit": f'"{unit}"',
        "kind": "observed", "source": "s", "place": "p", "how": "read", "grade": "high", **more,
    }  # fmt: skip
    if unit.startswith("NOK"):
        fields.setdefault("price_year", 2019)
    return f"  {name}: {{" + ", ".join(f"{k}: {v}" for k, v in fields.items()) + "}\n"


def _conflicts(folder: Path, *records: str, reasons: str = ""):
    (folder / "evidence").mkdir(exist_ok=True)
    text = SOURCES + SUBJECTS + "statistics:\n" + "".join(records)
    (folder / "evidence" / "a.yaml").write_text(text)
    if reasons:
        (folder / "evidence" / "conflicts.yaml").write_text(reasons)
    return find_conflicts(load_library(folder))


def _statistic(value: object, qualifier: str = "exact", unit: str = "kg", **more: object):
    return Statistic.model_validate(
        {
            "id": "x", "name": {"nb": "a", "en": "b"}, "value": value, "unit": unit,
            "kind": "observed", "source": "s", "place": "p", "how": "read", "grade": "high",
            "qualifier": qualifier, **more,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "unit"),
    [  # the third row: one digit, before thousand, million or billion too
        (53.6, 0.1), (18132, 1), (54e9, 1e9), (100, 10), (0.068, 0.001), (20, 1), (0, 1),
        (0.9, 0.1), (6, 1), (9e9, 1e9), (1e6, 1e6), (40e6, 1e6), (5e8, 1e7),
    ],
)
def test_the_last_digit_printed(printed: float, unit: float) -> None:
    assert last_unit(printed) == pytest.approx(unit)


@pytest.mark.parametrize(
    ("value", "qualifier", "interval"),
    [
        (18.1, "exact", (18.05, 18.15)),
        (20, "about", (19, 21)),
        (11000, "nearly", (10000, 11000)),
        (90, "nearly", (85, 90)),
        (40, "just_over", (40, 44)),
        (100, "nearly", (90, 100)),
        (55, "just_over", (55, 56)),
        (90, "more_than", (90, math.inf)),
        (90, "at_least", (90, math.inf)),
        ([5, 10], "at_least", (5, math.inf)),
        (90, "less_than", (-math.inf, 90)),
        ([9, 14], "exact", (9, 14)),
    ],
)
def test_what_a_statement_allows(value: object, qualifier: str, interval: tuple) -> None:
    assert allowed(_statistic(value, qualifier)) == pytest.approx(interval)


@pytest.mark.parametrize(
    ("value", "qualifier", "more", "interval"),
    [
        (0.06, "exact", {}, (0.055, 0.065)),  # printed 6 %
        (0.004, "about", {}, (0.003, 0.005)),  # about 0.4 %
        (0.4, "exact", {}, (0.395, 0.405)),  # 40 %
        (0.098, "nearly", {}, (0.097, 0.098)),  # nearly 9.8 %
        (0.75, "exact", {"is_fraction": True}, (0.73, 0.77)),  # three of four
        (0.5, "about", {"is_fraction": True}, (0.46, 0.54)),
        (0.333, "nearly", {"is_fraction": True}, (0.293, 0.333)),
    ],
)
def test_shares_are_printed_as_percentages(
    value: float, qualifier: str, more: dict, interval: tuple
) -> None:
    assert allowed(_statistic(value, qualifier, "1", **more)) == pytest.approx(interval)


@pytest.mark.parametrize(
    ("value", "qualifier", "interval"),
    [(11, "exact", (11, 11)), (770, "exact", (770, 770)), (11650, "exact", (11645, 11655)),
     (300, "about", (290, 310)), (50, "just_over", (50, 55))],
)  # fmt: skip
def test_counts_are_exact_to_the_last_one(value: float, qualifier: str, interval: tuple) -> None:
    found = allowed(_statistic(value, qualifier, "1"), reads_as="count")
    assert found == pytest.approx(interval)


def test_rounded_figures_that_only_touch_do_not_agree() -> None:
    """No number is both 6.7 and 6.8 per cent; 6.7 and "more than 6.75" may be."""
    first, second = _statistic(0.067, unit="1"), _statistic(0.068, unit="1")
    assert meet(allowed(first), allowed(second))
    assert not agree(first, allowed(first), second, allowed(second))
    above = _statistic(0.0675, "more_than", unit="1")
    assert agree(first, allowed(first), above, allowed(above))


@given(*[st.integers(-20, 20)] * 4)
def test_intervals_meet_as_sets_of_integers_do(a: int, b: int, c: int, d: int) -> None:
    first, second = (min(a, b), max(a, b)), (min(c, d), max(c, d))
    shared = set(range(first[0], first[1] + 1)) & set(range(second[0], second[1] + 1))
    assert meet(first, second) == bool(shared) == meet(second, first)


def test_branch_group_and_year_keep_statements_apart(tmp_path: Path) -> None:
    same = {"subject": "t.level", "unit": "NOK"}
    records = [
        _record("one", value=18.1, year=2019, **same),
        _record("two", value=19.6, year=2019, branch="digital_health", **same),
        _record("three", value=25.0, year=2019, group="{size: large}", **same),
        _record("four", value=30.0, year=2020, **same),
        _record("five", value=99.0, year=2019, kind="target", **same).replace(
            "kind: observed, ", "", 1
        ),
    ]
    assert _conflicts(tmp_path, *records) == []
    records.append(_record("six", value=19.6, year=2019, branch="all", **same))
    (found,) = _conflicts(tmp_path, *records)
    assert [s.id for s in found.statistics] == ["one", "six"]
    assert found.rule == "same_subject"


def test_growth_is_held_against_its_levels(tmp_path: Path) -> None:
    """9 713 to 18 132 is 86.7 %: 87 % holds, 93 % does not; the root over ten years is 6.4 %."""
    levels = [
        _record("start", "t.level", 9713, "NOK", year=2009),
        _record("end", "t.level", 18132, "NOK", year=2019),
    ]
    period = "[2009, 2019]"
    right = _record("right", "t.growth", 0.87, "1", period=period)
    wrong = _record("wrong", "t.growth", 0.93, "1", period=period)
    yearly = _record("yearly", "t.yearly", 0.064, "1/year", period=period)
    steep = _record("steep", "t.yearly", 0.075, "1/year", period=period, group="{a: b}")
    assert _conflicts(tmp_path, *levels, right, yearly, steep) == []
    (found,) = [c for c in _conflicts(tmp_path, *levels, wrong) if c.rule == "growth"]
    assert [s.id for s in found.statistics] == ["wrong", "start", "end"]
    assert found.implied == pytest.approx((18131.5 / 9713.5 - 1, 18132.5 / 9712.5 - 1))


def test_levels_of_another_source_prove_nothing(tmp_path: Path) -> None:
    records = [
        _record("start", "t.level", 9713, "NOK", year=2009),
        _record("end", "t.level", 18132, "NOK", year=2019).replace("source: s", "source: other"),
        _record("wrong", "t.growth", 0.93, "1", period="[2009, 2019]"),
    ]
    assert _conflicts(tmp_path, *records) == []


def test_shares_and_ratios_are_held_against_their_parts(tmp_path: Path) -> None:
    """33.7 of 53.6 is 62.9 %; 18 000 over 11 650 people is 1.545 each."""
    records = [
        _record("whole", "t.level", 53.6, "NOK", year=2019),
        _record("part", "t.level", 33.7, "NOK", year=2019, branch="pharmaceuticals"),
        _record("right", "t.share", 0.63, "1", year=2019, branch="pharmaceuticals"),
        _record("people", "t.people", 50, "person", year=2019),
        _record("each", "t.each", 1.07, "NOK/person", year=2019),
    ]
    assert _conflicts(tmp_path, *records) == []
    wrong = records[2].replace("0.63", "0.58").replace("right", "wrong")
    off = records[4].replace("1.07", "1.25").replace("each:", "off:", 1)
    found = {c.rule: c for c in _conflicts(tmp_path, *records[:2], records[3], wrong, off)}
    assert set(found) == {"share", "ratio"}
    assert found["share"].implied == pytest.approx((33.65 / 53.65, 33.75 / 53.55))


REASONS = """
conflicts:
  why:
    statistics: [one, two]
    kind: definition
    text: {nb: "Ulik avgrensing.", en: "Different delimitation."}
    how: derived
"""


def test_a_reason_is_put_beside_its_conflict_or_declares_one(tmp_path: Path) -> None:
    pair = [
        _record("one", "t.level", 18.1, "NOK", year=2019),
        _record("two", "t.level", 19.6, "NOK", year=2019),
    ]
    (found,) = _conflicts(tmp_path, *pair, reasons=REASONS)
    assert found.reason is not None and found.reason.kind == "definition"
    pair[1] = pair[1].replace("t.level", "t.people").replace('"NOK"', "person")
    pair[1] = pair[1].replace(", price_year: 2019", "")
    (declared,) = _conflicts(tmp_path, *pair, reasons=REASONS)
    assert declared.rule == "declared"


def test_a_reason_names_known_statistics(tmp_path: Path) -> None:
    record = _record("one", "t.level", 18.1, "NOK", year=2019)
    with pytest.raises(InputError) as problem:
        _conflicts(tmp_path, record, reasons=REASONS.replace("kind: definition", "kind: habit"))
    assert "kind" in str(problem.value)
    with pytest.raises(InputError, match="'two' is no statistic"):
        _conflicts(tmp_path, record, reasons=REASONS)


def test_who_uses_a_figure_learns_of_its_conflict(tmp_path: Path) -> None:
    pair = [
        _record("one", "t.level", 18.1, "NOK", year=2019),
        _record("two", "t.level", 19.6, "NOK", year=2019),
    ]
    _conflicts(tmp_path, *pair)
    library = load_library(tmp_path)
    assert [c.year for c in conflicts_touching(library, ["two"])] == [2019]
    assert conflicts_touching(library, ["start"]) == []


def test_a_subject_is_made_from_known_subjects(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SUBJECTS.replace("growth_of: t.level", "growth_of: t.levle"))
    with pytest.raises(InputError, match="made from 't.levle'"):
        load_library(tmp_path)


def test_a_unit_fits_its_subject(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not convert to 'NOK'"):
        _conflicts(tmp_path, _record("one", "t.level", 3, "person", year=2019))
