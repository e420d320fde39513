"""Ceilings of aid. Oracles: shares and limits that public bodies have printed for whole cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virkestoff.errors import InputError, MissingFact
from virkestoff.instruments import SIZES, adjusted_regional_aid, articles, ceiling

NOW, LAPSED, OLD_MAP = date(2026, 11, 24), date(2027, 1, 1), date(2019, 5, 1)
BLOCK_EXEMPTION = (
    "14", "17", "18", "19", "21", "22", "25_experimental", "25_feasibility", "25_fundamental",
    "25_industrial", "25e", "26", "26a", "27", "28", "29", "31",
)  # fmt: skip
WITHOUT_SHARE = {"25a"}
"""Articles of which only the threshold was read."""


@pytest.mark.parametrize(("size", "share"), [("small", 0.45), ("medium", 0.35), ("large", 0.25)])
def test_experimental_development_as_innovasjon_norge_prints_it(library, size, share) -> None:
    """Innovasjon Norge, environmental technology scheme, table of highest shares."""
    alone = ceiling(library, "25_experimental", NOW, size, 1e6)
    assert alone.share == pytest.approx(share)
    joint = ceiling(library, "25_experimental", NOW, size, 1e6, ["collaboration"])
    assert joint.verified_aid == pytest.approx((share + 0.15) * 1e6)
    assert not joint.unverified


@pytest.mark.parametrize(("size", "share"), [("small", 0.35), ("medium", 0.25), ("large", 0.15)])
def test_regional_aid_before_2022_as_the_ministry_prints_it(library, size, share) -> None:
    """EFTA Surveillance Authority PR(14)10 and the ministry, 26 February 2014: 35, 25, 15 %."""
    assert ceiling(library, "14", OLD_MAP, size, 10e6).verified_aid == pytest.approx(share * 10e6)


def test_a_large_regional_investment_before_2022(library) -> None:
    """Innovasjon Norge, article 14: 15 % to 50, 7.5 % from 50 to 100; above 11.25 notify."""
    found = ceiling(library, "14", OLD_MAP, "large", 100e6)
    assert found.aid == pytest.approx(11.25e6)
    assert found.threshold == pytest.approx(11.25e6)
    assert not found.is_notification_needed
    assert ceiling(library, "14", OLD_MAP, "large", 75e6).aid == pytest.approx(9.375e6)
    # a small undertaking's addition is for projects of up to 50 million
    assert ceiling(library, "14", OLD_MAP, "small", 60e6).share == pytest.approx(0.15)


@pytest.mark.parametrize(
    ("intensity", "limit"),
    [(0.1, 8.25), (0.15, 12.38), (0.2, 16.5), (0.3, 24.75), (0.5, 41.25)],
)
def test_large_regional_investments_meet_the_printed_thresholds(library, intensity, limit) -> None:
    """The public table of thresholds for an investment of 110 million after 2023."""
    aid, unverified = adjusted_regional_aid(library, NOW, intensity, 110e6)
    assert aid / 1e6 == pytest.approx(limit, abs=0.0051)
    assert adjusted_regional_aid(library, NOW, intensity, 200e6)[0] == pytest.approx(aid)
    assert unverified  # the steps themselves were not read


def test_the_regional_map_from_2022_is_not_known(library) -> None:
    with pytest.raises(MissingFact, match=r"14\.intensity: rule not known on 2026-11-24"):
        ceiling(library, "14", NOW, "small", 1e6)


@pytest.mark.parametrize("article", BLOCK_EXEMPTION)
def test_nothing_of_the_block_exemption_holds_after_it_lapses(library, article) -> None:
    """Brussels Times 25.02.2026: the regulation expires on 31 December 2026."""
    with pytest.raises(MissingFact, match="rule not known on 2027-01-01"):
        ceiling(library, article, LAPSED, "small", 1e6)


def test_every_article_is_among_the_cases(library) -> None:
    assert set(articles(library)) == {
        *BLOCK_EXEMPTION, *WITHOUT_SHARE, "de_minimis", "sgei_de_minimis"
    }  # fmt: skip


def test_de_minimis_by_date(library) -> None:
    """DLA Piper and KS: 200,000 to 2023, none to 10 November 2024, then 300,000."""
    assert ceiling(library, "de_minimis", date(2023, 12, 31), "large", 1e6).aid == 200_000
    for day in (date(2024, 1, 1), date(2024, 11, 10)):
        with pytest.raises(MissingFact, match="rule not known"):
            ceiling(library, "de_minimis", day, "large", 1e6)
    assert ceiling(library, "de_minimis", date(2024, 11, 11), "large", 1e6).aid == 300_000
    part = ceiling(library, "de_minimis", LAPSED, "small", 1e6, received=180_000)
    assert part.without_notification == 120_000
    assert ceiling(library, "de_minimis", NOW, "small", 1e6, received=400_000).aid == 0
    assert ceiling(library, "sgei_de_minimis", NOW, "large", 5e6).aid == 750_000


def test_bonuses_that_were_not_read_are_flagged_and_not_counted_on(library) -> None:
    found = ceiling(library, "26a", NOW, "small", 10e6, ["several_states"])
    assert found.share == pytest.approx(0.55)
    assert (found.verified_share, found.verified_aid) == (0.25, 2.5e6)
    assert set(found.unverified) == {
        "instruments.aid.26a.bonus_small.from_2023",
        "instruments.aid.26a.bonus_several_states.from_2023",
    }
    capped = ceiling(library, "26a", NOW, "large", 1e6, ["several_states", "for_small_users"])
    assert capped.share == pytest.approx(0.4)


def test_notification_above_the_threshold(library) -> None:
    """Experimental development, large: 25 % of 120 million is above 25 million."""
    found = ceiling(library, "25_experimental", NOW, "large", 120e6)
    assert found.is_notification_needed
    assert (found.aid, found.without_notification) == (30e6, 25e6)
    assert not ceiling(library, "25_experimental", NOW, "large", 100e6).is_notification_needed


def test_a_repayable_advance_may_reach_further(library) -> None:
    """Slides on the framework: 10 percentage points more, threshold raised by half."""
    found = ceiling(library, "25_experimental", NOW, "large", 100e6, ["repayable_advance"])
    assert found.share == pytest.approx(0.35)
    assert found.threshold == pytest.approx(37.5e6)
    assert any("interest" in note for note in found.notes)
    # an upper factor that was not read raises no threshold
    eureka = ceiling(library, "25_experimental", NOW, "large", 1e6, ["eureka"])
    assert eureka.threshold == pytest.approx(25e6)
    assert eureka.unverified


def test_additions_that_exclude_one_another(library) -> None:
    """Contract clauses on article 25(6) (Law Insider): letters b, c and d are not combined."""
    with pytest.raises(InputError, match="cannot be added together"):
        ceiling(library, "25_industrial", NOW, "large", 1e6, ["c_area", "collaboration"])


def test_an_article_without_a_share_is_not_known(library) -> None:
    with pytest.raises(MissingFact, match=r"25a\.intensity: rule not known"):
        ceiling(library, "25a", NOW, "small", 1e6)


def test_shares_stop_at_the_cap(library) -> None:
    wanted = ["collaboration", "repayable_advance"]
    found = ceiling(library, "25_industrial", NOW, "small", 1e6, wanted)
    assert found.share == pytest.approx(0.8)  # 50 + 20 + 15 + 10
    assert "instruments.aid.25_industrial.cap.from_2014" in {step.fact for step in found.steps}


def test_an_article_for_the_small_gives_the_large_nothing(library) -> None:
    for article in ("17", "28"):
        found = ceiling(library, article, NOW, "large", 1e6)
        assert (found.share, found.aid) == (0.0, 0.0)
    assert ceiling(library, "29", NOW, "large", 1e6).share == pytest.approx(0.15)
    assert ceiling(library, "17", NOW, "medium", 1e6).verified_aid == pytest.approx(1e5)


def test_the_result_says_what_it_rests_on(library) -> None:
    found = ceiling(library, "25_feasibility", NOW, "medium", 2e6)
    assert [step.value for step in found.steps] == pytest.approx([0.5, 0.1, 8.25e6])
    assert set(found.sources) == {"gber_interact_table", "innovasjon_norge_article_25"}
    assert all(source in library.sources for source in found.sources)
    assert any("day it took effect in Norway" in note for note in found.notes)


@given(
    article=st.sampled_from([a for a in BLOCK_EXEMPTION if a != "14"]),
    size=st.sampled_from(SIZES), cost=st.floats(0, 1e9), more=st.floats(0, 1e9),
)  # fmt: skip
def test_laws(library, article, size, cost, more) -> None:
    """Aid rises with cost, never above cost, and what was read is never above the whole."""
    one = ceiling(library, article, NOW, size, cost)
    two = ceiling(library, article, NOW, size, cost + more)
    assert 0 <= one.without_notification <= one.verified_aid <= one.aid <= cost
    assert one.aid <= two.aid + 1e-6


def test_an_unread_base_is_no_rule(library) -> None:
    key = "instruments.aid.27.intensity.from_2023"
    guessed = library.facts[key].model_copy(update={"how": "recalled"})
    changed = replace(library, facts={**library.facts, key: guessed})
    with pytest.raises(MissingFact, match="unverified"):
        ceiling(changed, "27", NOW, "large", 1e6)


def test_faults_are_named_together(library) -> None:
    with pytest.raises(InputError) as problem:
        ceiling(library, "25_industrial", NOW, "tiny", -1.0, ["colaboration", "small"])
    text = str(problem.value)
    assert "4 faults" in text
    assert "Did you mean 'collaboration'?" in text
    with pytest.raises(InputError, match="article '99': is not in the library"):
        ceiling(library, "99", NOW, "small", 1.0)
