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
from virkestoff.evidence.intervals import allowed, last_unit, meet

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


def _statistic(value: object, qualifier: str = "exact") -> Statistic:
    return Statistic.model_validate(
        {
            "id": "x", "name": {"nb": "a", "en": "b"}, "value": value, "unit": "1",
            "kind": "observed", "source": "s", "place": "p", "how": "read", "grade": "high",
            "qualifier": qualifier,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "unit"),
    [(53.6, 0.1), (18132, 1), (54e9, 1e9), (100, 10), (0.068, 0.001), (20, 1), (0.9, 0.01), (0, 1)],
)
def test_the_last_digit_printed(printed: float, unit: float) -> None:
    assert last_unit(printed) == pytest.approx(unit)


@pytest.mark.parametrize(
    ("value", "qualifier", "interval"),
    [
        (18.1, "exact", (18.05, 18.15)),
        (20, "about", (19, 21)),
        (11000, "nearly", (10000, 11000)),
        (0.9, "just_over", (0.9, 0.91)),
        (90, "more_than", (90, math.inf)),
        (90, "less_than", (-math.inf, 90)),
        ([9, 14], "exact", (9, 14)),
    ],
)
def test_what_a_statement_allows(value: object, qualifier: str, interval: tuple) -> None:
    assert allowed(_statistic(value, qualifier)) == pytest.approx(interval)


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
