"""Ceilings over possible sizes, and the incentive effect. Oracles: the single ceilings, the text of
Article 6, and Innovasjon Norge's printed terms."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.errors import InputError
from virkestoff.instruments.aid import SIZES, articles, ceiling
from virkestoff.instruments.aid_intensity import article_answer, incentive_effect, known_bonuses
from virkestoff.instruments.intervals import Band
from virkestoff.language import format_date

NOW = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("sizes", "low", "high"),
    [({"small"}, 0.45, 0.45), ({"small", "medium"}, 0.35, 0.45), (set(SIZES), 0.25, 0.45)],
)
def test_the_printed_shares_over_possible_sizes(library, sizes, low, high) -> None:
    """Innovasjon Norge, environmental technology scheme: 45, 35 and 25 % by size."""
    found = article_answer(library, "25_experimental", NOW, sizes, 1e6)
    assert (found.share.low, found.share.high) == pytest.approx((low, high))
    assert (found.aid.low, found.aid.high) == pytest.approx((low * 1e6, high * 1e6))


def test_only_rules_that_were_read_count_at_the_low_end(library) -> None:
    found = article_answer(library, "26a", NOW, {"small"}, 1e6)
    assert (found.share.low, found.share.high) == pytest.approx((0.25, 0.45))
    assert found.unverified == ("instruments.aid.26a.bonus_small.from_2023",)


def test_an_unknown_cost_leaves_the_share(library) -> None:
    found = article_answer(library, "25_industrial", NOW, {"small"}, None)
    assert found.share.low == pytest.approx(0.7)
    assert found.aid.low == 0
    assert math.isinf(found.aid.high)
    start_up = article_answer(library, "22", NOW, {"small"}, None)
    assert (start_up.aid.low, start_up.aid.high) == (0, 500_000)


@pytest.mark.parametrize("day", [date(2027, 1, 1), date(2035, 5, 5), date(2006, 1, 1)])
def test_no_article_answers_outside_its_dates(library, day) -> None:
    """Brussels Times 25.02.2026: the block exemption lapses on 31 December 2026."""
    for article in articles(library):
        if "de_minimis" in article:
            continue
        found = article_answer(library, article, day, {"small"}, 1e6)
        assert found.status == "not_known"
        assert format_date(day, "en") in found.reason.en
        assert format_date(day, "nb") in found.reason.nb
        assert "instruments." not in found.reason.en + found.reason.nb
        assert math.isinf(found.aid.high)


def test_articles_that_nobody_read_say_so(library) -> None:
    for article in ("20", "25b", "25c", "25d", "36", "38"):
        found = article_answer(library, article, NOW, {"small"}, 1e6)
        assert (found.status, found.reason.nb) == (
            "not_known", f"Ingen regel for artikkel {article} er lest."
        )  # fmt: skip
    with pytest.raises(InputError, match="is no article"):
        article_answer(library, "25-industrial", NOW, {"small"}, 1e6)
    with pytest.raises(InputError, match="names none or an unknown size"):
        article_answer(library, "17", NOW, set(), 1e6)


@given(
    article=st.sampled_from(["17", "18", "25_industrial", "25_experimental", "26a", "29", "31"]),
    sizes=st.sets(st.sampled_from(SIZES), min_size=1), cost=st.floats(0, 1e8),
    more=st.floats(0, 1e8), at=st.floats(0, 1),
)  # fmt: skip
@settings(max_examples=80, deadline=None)
def test_every_point_lies_within(library, article, sizes, cost, more, at) -> None:
    """The answer of a band and of several sizes holds that of every point and size; aid is never
    above the cost."""
    found = article_answer(library, article, NOW, sizes, Band(cost, cost + more))
    for size in sizes:
        one = ceiling(library, article, NOW, size, cost + at * more)
        assert found.aid.low <= one.verified_aid + 1e-6
        assert one.aid <= found.aid.high + 1e-6
        assert one.aid <= one.eligible_cost
    assert found.share.high <= 1


def test_regional_aid_falls_where_the_addition_for_size_ends(library) -> None:
    """Innovasjon Norge, article 14: 35 % up to 50 million for the small; 15 and 7.5 % above."""
    found = article_answer(library, "14", date(2019, 5, 1), {"small"}, Band(40e6, 60e6))
    assert found.aid.high == pytest.approx(17.5e6)  # 35 % of 50 million
    assert found.aid.low == pytest.approx(7.5e6)  # 15 % just above
    assert (found.share.low, found.share.high) == pytest.approx((0.15, 0.35))


def test_bonuses_that_an_article_has(library) -> None:
    wanted = ["collaboration", "c_area", "several_states"]
    assert known_bonuses(library, "25_industrial", wanted) == ("collaboration", "c_area")
    assert known_bonuses(library, "26", wanted) == ("several_states",)


BEFORE, AFTER = date(2026, 9, 1), date(2026, 10, 1)


@pytest.mark.parametrize(
    ("given_", "status"),
    [
        ({"applied": BEFORE, "start": AFTER}, "met"),
        ({"applied": AFTER, "start": AFTER}, "not_met"),
        ({"applied": AFTER, "start": BEFORE}, "not_met"),
        ({"start": BEFORE}, "not_met"),
        ({"start": date(2027, 1, 1)}, "unknown"),
        ({"applied": BEFORE}, "unknown"),
        ({"applied": BEFORE, "has_started": False}, "met"),
        ({"has_started": True}, "not_met"),
        ({}, "unknown"),
    ],
)  # fmt: skip
def test_a_written_application_before_work_starts(library, given_, status) -> None:
    """Article 6(2): the application is made before work starts."""
    assert incentive_effect(library, "25_industrial", NOW, **given_).status == status


def test_incentive_effect_by_article_size_and_form(library) -> None:
    """Article 6(3): ad hoc aid to large undertakings; Innovasjon Norge: not for article 22 and de
    minimis aid; Article 6(4): tax relief has a test of its own."""
    dates = {"applied": BEFORE, "start": AFTER}

    def found(article, on=NOW, **more):
        return incentive_effect(library, article, on, **dates, **more).status

    assert found("14", is_ad_hoc=True, sizes={"large"}) == "needs_person"
    assert found("14", is_ad_hoc=True, sizes={"small", "large"}) == "unknown"
    assert found("14", is_ad_hoc=True, sizes={"small"}) == "met"
    assert found("22") == found("de_minimis") == "not_needed"
    assert found("25_industrial", form="tax") == "needs_person"
    assert found("25_industrial", on=date(2027, 1, 1)) == "rule_not_known"
    with pytest.raises(InputError, match="Did you mean 'grant'"):
        found("25_industrial", form="grants")
