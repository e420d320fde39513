"""The de minimis ledger. Oracles: cases printed by public bodies, calendar days one by one."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.errors import InputError, MissingFact
from virkestoff.instruments.aid_quantities import DayRates, Range, in_euro, read_day_rates
from virkestoff.instruments.de_minimis import LedgerEntry, room, window
from virkestoff.instruments.intervals import Band
from virkestoff.instruments.sme import SingleUndertaking

NOW = date(2026, 11, 24)


def entry(name, granted, amount, currency="EUR", **more) -> LedgerEntry:
    return LedgerEntry(name, granted, amount, currency, **more)


def test_company_k(library) -> None:
    """Scottish Government, de minimis FAQ: 57,214 euro before leaves 142,786 of 200,000."""
    found = room(library, date(2012, 3, 1), [entry("k", date(2011, 8, 1), 57_214.0)])
    assert (found.status, found.ceiling, found.room.low) == ("known", 200_000, 142_786)


def test_ceilings_by_date(library) -> None:
    """KS and DLA Piper: 200,000 to 2023, none to 10 November 2024, then 300,000 to 2030."""
    for day, expected in ((date(2023, 12, 31), 200_000), (date(2024, 11, 11), 300_000),
                          (date(2030, 12, 31), 300_000)):  # fmt: skip
        assert room(library, day, []).room == Range(expected, expected)
    for day in (date(2024, 1, 1), date(2024, 6, 1), date(2024, 11, 10)):
        found = room(library, day, [entry("a", date(2023, 1, 1), 1.0)])
        assert (found.status, found.room) == ("no_rule", Range(0.0, 0.0))
        assert found.fits(1.0) is False
        assert "no general de minimis rule" in found.notes[0].en
    for day in (date(2031, 1, 1), date(2006, 12, 31)):
        found = room(library, day, [])
        assert found.status == "rule_not_known"
        assert found.fits(1.0) is None
        assert math.isinf(found.room.high)


def test_the_old_window_is_fiscal_years(library) -> None:
    """The ministry: three accounting years; Law Insider: the current one and the two before."""
    found = window(library, date(2023, 5, 10))
    assert (found.first, found.is_by_fiscal_year) == (date(2021, 1, 1), True)
    shifted = window(library, date(2023, 5, 10), fiscal_year_starts=7)
    assert shifted.first == date(2020, 7, 1)
    with pytest.raises(MissingFact, match="rule not known"):
        window(library, date(2024, 5, 10))


@given(st.dates(date(2024, 11, 11), date(2030, 12, 31)))
@settings(max_examples=60, deadline=None)
def test_the_new_window_is_three_years_to_the_day(library, day) -> None:
    """Article 3(2) of 2023/2831: any three years. Oracle: the same date in the calendar."""
    found = window(library, day)
    assert found.last == day
    before = found.first - timedelta(days=1)
    if (day.month, day.day) != (2, 29):
        assert before == date(day.year - 3, day.month, day.day)
    else:
        assert before == date(day.year - 3, 2, 28)


def test_an_award_leaves_the_window_after_three_years(library) -> None:
    awards = [entry("a", date(2023, 11, 24), 100_000.0), entry("b", date(2023, 11, 25), 50_000.0)]
    assert room(library, NOW, awards).room.low == 250_000
    assert room(library, NOW - timedelta(days=1), awards).room.low == 150_000
    assert room(library, date(2026, 11, 26), awards).room.low == 300_000
    counts = {x.entry.id: x.counts for x in room(library, NOW, awards).lines}
    assert counts == {"a": "no", "b": "yes"}


def test_an_award_above_the_ceiling_is_out_whole(library) -> None:
    """Article 3(7): a new award that would exceed the ceiling may not use the rule."""
    found = room(library, NOW, [entry("a", date(2025, 1, 1), 250_000.0)])
    assert found.room.low == 50_000
    assert found.fits(50_000) is True
    assert found.fits(50_000.01) is False


def test_the_rate_of_the_day_or_none(library) -> None:
    """ESA, rates: the official rate of the day of granting. The nearest day is never taken."""
    day = date(2025, 5, 2)
    awards = [entry("a", day, 1.18e6, "NOK"), entry("b", date(2025, 5, 3), 10_000.0)]
    known = room(library, NOW, awards, DayRates({day: 11.8}))
    assert known.used.low == pytest.approx(110_000)
    near = room(library, NOW, awards, DayRates({day - timedelta(days=1): 11.8}))
    assert (near.status, near.missing_rates) == ("unknown", (day,))
    assert near.room == Range(0.0, 290_000)
    assert near.fits(290_001) is False
    assert near.fits(1_000) is None


def test_only_the_single_undertaking_counts(library) -> None:
    """Article 3(2): per single undertaking."""
    awards = [
        entry("a", date(2025, 1, 1), 100_000.0),
        entry("b", date(2025, 1, 1), 80_000.0, undertaking="sister"),
        entry("c", date(2025, 1, 1), 50_000.0, undertaking="partner"),
        entry("d", date(2025, 1, 1), 40_000.0, undertaking="stranger"),
    ]
    members = SingleUndertaking(
        frozenset({"company", "sister"}), frozenset({"company", "sister", "partner"})
    )
    found = room(library, NOW, awards, members=members)
    assert found.room == Range(70_000, 120_000)
    assert {x.entry.id: x.counts for x in found.lines} == {
        "a": "yes", "b": "yes", "c": "possibly", "d": "no"
    }


def test_services_of_general_economic_interest(library) -> None:
    """Europa decentraal, March 2014: up to 500,000, and regular de minimis aid within it."""
    awards = [entry("a", date(2014, 3, 2), 100_000.0),
              entry("s", date(2014, 3, 3), 350_000.0, kind="sgei")]  # fmt: skip
    found = room(library, date(2014, 4, 1), awards, kind="sgei")
    assert (found.ceiling, found.room.low) == (500_000, 50_000)
    assert room(library, date(2014, 4, 1), awards).room.low == 100_000  # under its own ceiling
    now = room(library, NOW, [entry("s", date(2025, 1, 1), 700_000.0, kind="sgei")], kind="sgei")
    assert (now.ceiling, now.room.low) == (750_000, 50_000)


def readable(awards, on) -> float:
    """A twin day by day: walk three years back and sum what was granted on each day."""
    by_day: dict[date, float] = {}
    for a in awards:
        by_day[a.granted] = by_day.get(a.granted, 0.0) + a.amount
    used, day = 0.0, on
    stop = date(on.year - 3, on.month, min(on.day, 28) if on.month == 2 else on.day)
    while day > stop:
        used += by_day.get(day, 0.0)
        day -= timedelta(days=1)
    return max(300_000 - used, 0.0)


ledgers = st.lists(
    st.tuples(st.dates(date(2021, 1, 1), date(2030, 12, 31)), st.integers(0, 200_000)), max_size=8
).map(lambda rows: [entry(f"e{k}", d, float(a)) for k, (d, a) in enumerate(rows)])


@given(ledgers, st.dates(date(2024, 11, 11), date(2030, 12, 31)), st.randoms())
@settings(max_examples=60, deadline=None)
def test_the_twin_and_the_order(library, awards, on, random) -> None:
    found = room(library, on, awards)
    assert found.room.low == found.room.high == pytest.approx(readable(awards, on))
    mixed = list(awards)
    random.shuffle(mixed)
    assert room(library, on, mixed) == found


@given(ledgers, st.integers(0, 200_000), st.dates(date(2024, 11, 11), date(2030, 12, 31)))
@settings(max_examples=60, deadline=None)
def test_more_aid_never_leaves_more(library, awards, amount, on) -> None:
    before = room(library, on, awards)
    after = room(library, on, [*awards, entry("new", on, float(amount))])
    assert after.room.low <= before.room.low
    if before.fits(amount):
        assert after.room.low == pytest.approx(before.room.low - amount)


def test_an_award_of_a_day_without_a_rule_is_pointed_out(library) -> None:
    found = room(library, NOW, [entry("a", date(2024, 5, 1), 10_000.0)])
    assert found.room.low == 290_000
    assert "when no known rule held" in found.notes[0].en


def test_bands_and_faults(library) -> None:
    found = room(library, NOW, [entry("a", date(2025, 1, 1), Band(10_000.0, 20_000.0))])
    assert found.room == Range(280_000, 290_000)
    with pytest.raises(InputError) as problem:
        room(library, NOW, [entry("a", NOW, -1.0), entry("a", NOW, 1.0)])
    assert "stands twice" in str(problem.value)
    assert "no amount" in str(problem.value)


def test_rates_from_a_file(tmp_path) -> None:
    path = tmp_path / "rates.csv"
    path.write_text("date,nok_per_eur\n2025-05-02,11.8\n2025-05-05,11.75\n", encoding="utf-8")
    assert read_day_rates(path).on(date(2025, 5, 5)) == 11.75
    assert read_day_rates(path).on(date(2025, 5, 3)) is None
    assert in_euro(Band(11.8, None), "NOK", 11.8) == Band(1.0, None)
    path.write_text("date,nok_per_eur\n2025-05-02,0\nx,1\n2025-05-03,1\n2025-05-03,2\n",
                    encoding="utf-8")  # fmt: skip
    with pytest.raises(InputError) as problem:
        read_day_rates(path)
    assert "3 faults" in str(problem.value)
    with pytest.raises(InputError, match=r"is 1\.0 and 2\.0"):
        DayRates({NOW: 1.0}).joined(DayRates({NOW: 2.0}))
