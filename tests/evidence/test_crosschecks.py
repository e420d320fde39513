"""Statements held against each other. Oracles: sums, powers and products worked out by hand."""

from pathlib import Path

import pytest

from virkestoff.evidence import Conflict, find_conflicts, load_library

HEAD = """
sources:
  s: {title: S, publisher: P}
  other: {title: O, publisher: P}
subjects:
  t.level:
    {name: {nb: n, en: l}, unit: NOK, definition: {nb: a, en: b}, part_of: t.sector}
  t.sector: {name: {nb: n, en: l}, unit: NOK, definition: {nb: a, en: b}}
  t.people: {name: {nb: n, en: l}, unit: person, definition: {nb: a, en: b}}
  t.growth: {name: {nb: n, en: l}, unit: "1", definition: {nb: a, en: b}, growth_of: t.level}
  t.yearly:
    {name: {nb: n, en: l}, unit: 1/year, definition: {nb: a, en: b}, yearly_growth_of: t.level}
  t.share: {name: {nb: n, en: l}, unit: "1", definition: {nb: a, en: b}, share_of: t.level}
  t.staff: {name: {nb: n, en: l}, unit: "1", definition: {nb: a, en: b}, share_of: t.people}
  t.each:
    {name: {nb: n, en: l}, unit: NOK/person, definition: {nb: a, en: b},
     ratio_of: [t.level, t.people]}
  t.bound:
    {name: {nb: n, en: l}, unit: "1", definition: {nb: a, en: b}, reads_as: times, is_limit: true}
statistics:
"""
PARTS = ("pharmaceuticals", "medical_devices", "digital_health")


def _record(name: str, subject: str, value: object, unit: str, **more: object) -> str:
    fields: dict[str, object] = {
        "name": "{nb: a, en: b}", "subject": subject, "value": value, "unit": f'"{unit}"',
        "kind": "observed", "source": "s", "place": "p", "how": "read", "grade": "high", **more,
    }  # fmt: skip
    if unit.startswith("NOK"):
        fields.setdefault("price_year", 2019)
    return f"  {name}: {{" + ", ".join(f"{k}: {v}" for k, v in fields.items()) + "}\n"


def _found(folder: Path, *records: str) -> list[Conflict]:
    (folder / "a.yaml").write_text(HEAD + "".join(records))
    return find_conflicts(load_library(folder))


def _branches(values: tuple[float, float, float], subject: str, unit: str, **more: object):
    return [
        _record(b, subject, v, unit, branch=b, year=2019, **more)
        for b, v in zip(PARTS, values, strict=True)
    ]


def test_branches_add_up_to_the_total(tmp_path: Path) -> None:
    """11 634 + 4 797 + 1 700 is 18 131: 18 132 differs by rounding, 19 600 does not."""
    parts = _branches((11634, 4797, 1705), "t.level", "NOK")
    right = _record("right", "t.level", 18135, "NOK", year=2019)
    assert _found(tmp_path, *parts, right) == []
    wrong = _record("wrong", "t.level", 19600, "NOK", year=2019)
    (found,) = _found(tmp_path, *parts, wrong)
    assert (found.rule, [s.id for s in found.statistics]) == ("sum", ["wrong", *PARTS])
    assert found.implied == pytest.approx((18134.5, 18137.5))


def test_two_branches_are_no_whole(tmp_path: Path) -> None:
    two = _branches((11634, 4797, 1705), "t.level", "NOK")[:2]
    assert _found(tmp_path, *two, _record("total", "t.level", 99000, "NOK", year=2019)) == []


def test_shares_add_up_to_one(tmp_path: Path) -> None:
    """63 + 31 + 6 is 100; 64 + 26 + 9 is 99, which rounding allows; 64 + 26 + 5 is 95."""
    assert _found(tmp_path, *_branches((0.63, 0.31, 0.06), "t.share", '1')) == []
    assert _found(tmp_path, *_branches((0.64, 0.26, 0.09), "t.share", '1')) == []
    (found,) = _found(tmp_path, *_branches((0.64, 0.26, 0.05), "t.share", '1'))
    assert found.rule == "sum"
    assert found.implied == pytest.approx((0.935, 0.965))


def test_yearly_growth_compounds_to_the_total(tmp_path: Path) -> None:
    """1.075^10 is 2.06: 107 per cent; 1.077^10 is 2.10, and 109 per cent is its least."""
    period = "[2009, 2019]"
    total = _record("total", "t.growth", 1.07, "1", period=period)
    right = _record("right", "t.yearly", 0.075, "1/year", period=period)
    assert _found(tmp_path, total, right) == []
    (found,) = _found(tmp_path, total, right.replace("0.075", "0.077"))
    assert found.rule == "compound"
    assert found.implied == pytest.approx((1.0765**10 - 1, 1.0775**10 - 1))
    later = right.replace("0.075", "0.077").replace("[2009", "[2008")
    assert _found(tmp_path, total, later) == []


def test_targets_are_compared_with_targets_alone(tmp_path: Path) -> None:
    """A doubling in four years is 19 per cent a year; 15 per cent gives 75 (1.15^4 is 1.749)."""
    period = "[2021, 2025]"
    doubling = _record("doubling", "t.growth", 1, "1", period=period)
    yearly = _record("yearly", "t.yearly", 0.15, "1/year", period=period, source="other")
    target = doubling.replace("observed", "target")
    assert _found(tmp_path, target, yearly) == []
    (found,) = _found(tmp_path, target, yearly.replace("observed", "target"))
    assert found.rule == "compound"
    assert found.implied == pytest.approx((1.145**4 - 1, 1.155**4 - 1))


def test_a_part_against_the_share_of_another_source(tmp_path: Path) -> None:
    """71 per cent of 22 is 15.6 and not 19; the share of a source that states 27 is 19.2."""
    part = _record("part", "t.level", 19, "NOK", year=2021, branch="pharmaceuticals")
    share = _record("share", "t.share", 0.71, "1", year=2021, branch="pharmaceuticals",
                    source="other")  # fmt: skip
    whole = _record("whole", "t.level", 27, "NOK", year=2021, source="other")
    assert _found(tmp_path, part, share, whole) == []
    (found,) = _found(tmp_path, part, share, whole.replace("27", "22"))
    assert (found.rule, [s.id for s in found.statistics]) == (
        "share_level", ["part", "share", "whole"]
    )  # fmt: skip
    assert found.implied == pytest.approx((0.705 * 21.5, 0.715 * 22.5))


def test_a_part_is_not_above_its_whole(tmp_path: Path) -> None:
    part = _record("part", "t.level", 57, "NOK", year=2017)
    sector = _record("sector", "t.sector", 123, "NOK", year=2017, source="other")
    assert _found(tmp_path, part, sector) == []
    (found,) = _found(tmp_path, part, sector.replace("123", "43"))
    assert (found.rule, found.implied) == ("part_of", pytest.approx((42.5, 43.5)))


def test_a_bound_is_worded_one_way(tmp_path: Path) -> None:
    """At least twice holds exactly twice, more than twice does not."""
    one = _record("one", "t.bound", 2, "1", qualifier="at_least", year=2021, group="{term: j}")
    two = _record("two", "t.bound", 2, "1", qualifier="more_than", year=2020, group="{term: j}")
    (found,) = _found(tmp_path, one, two)
    assert found.rule == "limit"
    assert _found(tmp_path, one, two.replace("more_than", "at_least")) == []
    assert _found(tmp_path, one, two.replace("term: j", "term: k")) == []


def test_growth_starts_from_a_level_that_growth_gave(tmp_path: Path) -> None:
    """54 in 2019 and a fall leave at most 54.5 in 2020: 75 in 2025 needs 37.6 per cent or more."""
    records = [
        _record("start", "t.level", 54e9, "NOK", year=2019),
        _record("fell", "t.growth", 0, "1", qualifier="less_than", period="[2019, 2020]"),
        _record("end", "t.level", 75e9, "NOK", year=2025, qualifier="more_than",
                group="{scenario: hoped}"),
    ]  # fmt: skip
    grown = _record("grown", "t.growth", 0.43, "1", period="[2020, 2025]",
                    group="{scenario: hoped}")  # fmt: skip
    assert _found(tmp_path, *records, grown) == []
    (found,) = _found(tmp_path, *records, grown.replace("0.43", "0.375"))
    assert [s.id for s in found.statistics] == ["grown", "fell", "start", "end"]
    assert found.implied is not None
    assert found.implied[0] == pytest.approx(75 / 54.5 - 1)


def test_a_ratio_uses_the_part_that_a_share_gives(tmp_path: Path) -> None:
    """42 per cent of 11 650 people is 4 893; 12 500 over that is 2.55 each, 11 634 is 2.38."""
    records = [
        _record("people", "t.people", 11650, "person", year=2019),
        _record("share", "t.staff", 0.42, "1", year=2019, branch="pharmaceuticals"),
        _record("each", "t.each", 2.585, "NOK/person", year=2019, branch="pharmaceuticals"),
    ]
    level = _record("level", "t.level", 12600, "NOK", year=2019, branch="pharmaceuticals")
    assert _found(tmp_path, *records, level) == []
    (found,) = _found(tmp_path, *records, level.replace("12600", "11634"))
    assert (found.rule, [s.id for s in found.statistics]) == (
        "ratio", ["each", "level", "share", "people"]
    )  # fmt: skip
    people = (0.415 * 11645, 0.425 * 11655)
    assert found.implied == pytest.approx((11633.5 / people[1], 11634.5 / people[0]))


def test_what_is_said_twice_is_one_conflict(tmp_path: Path) -> None:
    levels = [
        _record("whole", "t.level", 53.6, "NOK", year=2019),
        _record("part", "t.level", 33.7, "NOK", year=2019, branch="pharmaceuticals"),
    ]
    shares = [
        _record(name, "t.share", 0.58, "1", year=2019, branch="pharmaceuticals")
        for name in ("here", "there")
    ]
    (found,) = _found(tmp_path, *levels, *shares)
    assert [s.id for s in found.statistics] == ["here", "there", "part", "whole"]
