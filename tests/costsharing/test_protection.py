"""The game of the cheapest way to equal protection.

Oracles: an example calculated by hand; every way and host of every coalition in plain loops;
simulated bans for the months of extra stock; power laws for the plant's cost; laws.
"""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.costsharing import (
    ExportBan,
    PlantCost,
    ban_months,
    is_subadditive,
    nucleolus,
    protection_game,
    shapley,
    subadditive_cover,
)
from virkestoff.errors import FaultCollector, InputError

NORDIC = ["norway", "sweden", "denmark", "finland", "iceland"]
seeds = st.integers(0, 2**32 - 1)


def hand_example(**more):
    """Three countries of need 10, 20 and 5; a plant costs 100, 150 and 200 at 10, 20 and 40."""
    return protection_game(
        ["a", "b", "c"],
        {"a": 10.0, "b": 20.0, "c": 5.0},
        stock={"a": 90.0, "b": 170.0, "c": 45.0},
        contract={"a": 75.0, "b": 150.0, "c": 38.0},
        contract_fixed=20.0,
        plant=PlantCost([10.0, 20.0, 40.0], [100.0, 150.0, 200.0]),
        ban=ExportBan(0.25, 8.0, {"a": 4.0, "b": 9.0, "c": 2.0}, rule="expected"),
        outside="mark",
        **more,
    )


def test_example_by_hand() -> None:
    """Extra stock is 0.25 x 8 = 2 months: 8 for a, 18 for b, 4 for c. The plant stands where that
    saves most. At 30 = 20 x 1.5 it costs 150 x (4/3)^(log2 1.5); at 15, 100 x 1.5^(log2 1.5)."""
    found = hand_example()
    at_30 = 150.0 * (4 / 3) ** math.log2(1.5)
    at_35 = 150.0 * (4 / 3) ** math.log2(1.75)
    expected = {
        "a": ("stock", 90.0),  # contract 95, plant 100
        "b": ("plant", 150.0),  # stock 170, contract 170
        "c": ("stock", 45.0),  # contract 58, plant 100 (the smallest that was costed)
        "ab": ("plant", at_30 + 8.0),  # in b; stock 260, contract 245
        "ac": ("plant", 100.0 * 1.5 ** math.log2(1.5) + 4.0),  # in a; stock 135, contract 133
        "bc": ("plant", 150.0 * (4 / 3) ** math.log2(1.25) + 4.0),  # in b; stock 215, contract 208
        "abc": ("plant", at_35 + 12.0),  # in b; stock 305, contract 283
    }
    for members, (way, cost) in expected.items():
        assert found.game.cost(members)[0] == pytest.approx(cost, rel=1e-12), members
        assert found.shares(list(members))[way] == 1.0, members
    assert found.hosts(["a", "b", "c"]) == {"a": 0.0, "b": 1.0, "c": 0.0}
    assert found.hosts(["a", "c"]) == {"a": 1.0, "c": 0.0}
    assert found.smallest_built.tolist() == [0, 0, 0, 0, 1, 0, 0, 0]
    assert found.beyond_largest.tolist() == [0] * 8
    assert found.need[0].tolist() == [0, 10, 20, 30, 5, 15, 25, 35]


def test_a_host_that_is_given_closes_the_plant_to_those_without_it() -> None:
    found = hand_example(hosts=["a"])
    assert found.shares("b") == {"stock": 1.0, "contract": 0.0, "plant": 0.0}  # 170 before 170
    assert found.host[0].tolist() == [-1, 0, -1, 0, -1, 0, -1, 0]
    assert found.game.cost("abc")[0] == pytest.approx(
        150.0 * (4 / 3) ** math.log2(1.75) + 18.0 + 4.0, rel=1e-12
    )


def test_cost_of_a_site_moves_the_host() -> None:
    """b hosts until it costs more than the 18 - 8 that it saves against a."""
    assert hand_example(host_cost={"b": 9.9}).hosts("abc")["b"] == 1.0
    assert hand_example(host_cost={"b": 10.1}).hosts("abc")["a"] == 1.0


def random_case(seed: int, n: int, n_draws: int) -> dict:
    rng = np.random.default_rng(seed)
    names = NORDIC[:n]
    size = {name: rng.uniform(1.0, 20.0) * rng.lognormal(0.0, 0.2, n_draws) for name in names}
    return {
        "countries": names,
        "need": size,
        "stock": {k: v * rng.uniform(4.0, 9.0, n_draws) for k, v in size.items()},
        "contract": {k: size[k] * rng.uniform(3.0, 8.0) for k in names if rng.random() < 0.8},
        "contract_fixed": rng.uniform(0.0, 30.0, n_draws),
        "plant": PlantCost([4.0, 15.0, 40.0], np.sort(rng.uniform(20.0, 200.0, (n_draws, 3)))),
        "ban": ExportBan(
            rng.random(n_draws),
            rng.uniform(0.0, 6.0, n_draws),
            {k: v * 0.4 for k, v in size.items()},
            rule="equal" if rng.random() < 0.5 else "expected",
            tolerated=rng.uniform(0.0, 1.0),
        ),
        "hosts": None if rng.random() < 0.5 else names[: max(1, n - 1)],
        "host_cost": {names[0]: rng.uniform(-20.0, 20.0, n_draws)},
        "outside": "mark",
    }


def in_plain_loops(case: dict, members: tuple[str, ...], d: int) -> float:
    """The cheapest of every way and host, one coalition in one draw."""

    def at(value) -> float:
        values = np.atleast_1d(value)
        return float(values[d if values.size > 1 else 0])

    options = [sum(at(case["stock"][m]) for m in members)]
    if all(m in case["contract"] for m in members):
        fixed = at(case["contract_fixed"])
        options.append(fixed + sum(at(case["contract"][m]) for m in members))
    volume = sum(at(case["need"][m]) for m in members)
    volumes, costs = case["plant"].volumes, case["plant"].cost[d]
    if volume <= volumes[-1]:
        plant = math.exp(np.interp(math.log(volume), np.log(volumes), np.log(costs)))
        ban = case["ban"]
        b, x = at(ban.probability), at(ban.months)
        months = b * x if ban.rule == "expected" else max(x - at(ban.tolerated) / b, 0.0)
        for host in members:
            if case["hosts"] is None or host in case["hosts"]:
                extra = sum(months * at(ban.stock_month[m]) for m in members if m != host)
                options.append(plant + at(case["host_cost"].get(host, 0.0)) + extra)
    return min(options)


@given(seed=seeds, n=st.integers(1, 4))
@settings(max_examples=20, deadline=None)
def test_every_way_and_host_in_plain_loops(seed: int, n: int) -> None:
    case = random_case(seed, n, 3)
    found = protection_game(**case)
    for size in range(1, n + 1):
        for members in combinations(case["countries"], size):
            for d in range(3):
                slow = in_plain_loops(case, members, d)
                assert found.game.cost(members)[d] == pytest.approx(slow, rel=1e-12)
            assert sum(found.shares(members).values()) == pytest.approx(1.0)
            assert sum(found.hosts(members).values()) == found.shares(members)["plant"]


@given(seed=seeds, n=st.integers(2, 4))
@settings(max_examples=15, deadline=None)
def test_laws(seed: int, n: int) -> None:
    """Blocks join to the same bits; a likelier ban is never cheaper; one more way is never dearer;
    deciding beforehand is never cheaper; acting in parts is subadditive and has a nucleolus."""
    case = random_case(seed, n, 8)
    costs = protection_game(**case).game.costs
    halves = []
    for part in (slice(0, 3), slice(3, 8)):
        block = {
            **case,
            **{k: {m: np.atleast_1d(v)[part] if np.size(v) > 1 else v for m, v in case[k].items()}
               for k in ("need", "stock", "contract", "host_cost")},
            "contract_fixed": case["contract_fixed"][part],
            "plant": PlantCost(case["plant"].volumes, case["plant"].cost[part]),
            "ban": ExportBan(
                case["ban"].probability[part],
                case["ban"].months[part],
                {m: v[part] for m, v in case["ban"].stock_month.items()},
                case["ban"].rule,
                case["ban"].tolerated,
            ),
        }  # fmt: skip
        halves.append(protection_game(**block).game.costs)
    assert np.array_equal(np.vstack(halves), costs)

    ban = case["ban"]
    likelier = ExportBan(
        np.minimum(ban.probability + 0.1, 1.0), ban.months, ban.stock_month, ban.rule, ban.tolerated
    )
    assert (protection_game(**{**case, "ban": likelier}).game.costs >= costs - 1e-9).all()
    assert (protection_game(**{**case, "plant": None}).game.costs >= costs - 1e-9).all()
    beforehand = protection_game(**{**case, "decided": "beforehand"})
    assert (beforehand.game.costs >= costs - 1e-9).all()
    assert all(max(beforehand.shares(NORDIC[:k]).values()) == 1.0 for k in range(1, n + 1))

    covered = subadditive_cover(protection_game(**case).game)
    assert is_subadditive(covered).all()
    assert nucleolus(covered).sum(axis=1) == pytest.approx(covered.total, rel=1e-9)


def test_equal_countries_pay_equally() -> None:
    """Symmetry, whoever hosts: the host's advantage belongs to all."""
    game = protection_game(
        NORDIC,
        dict.fromkeys(NORDIC, 10.0),
        stock=dict.fromkeys(NORDIC, 80.0),
        plant=PlantCost([10.0, 50.0], [100.0, 300.0]),
        ban=ExportBan(0.1, 6.0, dict.fromkeys(NORDIC, 5.0), rule="equal", tolerated=0.3),
    ).game
    assert game.total[0] == pytest.approx(300.0 + 4 * 3.0 * 5.0)
    assert shapley(game)[0] == pytest.approx([72.0] * 5)
    assert nucleolus(game)[0] == pytest.approx([72.0] * 5)


@given(b=st.floats(0.05, 1.0), x=st.floats(0.5, 12.0), part=st.floats(0.0, 1.0))
@settings(max_examples=30, deadline=None)
def test_extra_stock_leaves_what_its_rule_says(b: float, x: float, part: float) -> None:
    """Months uncovered on average are ``b (x - s)``: b (1 - b) x by the first rule, and what is
    tolerated by the second, unless no stock at all leaves less."""
    tolerated = part * b * x
    expected = float(ban_months(b, x, "expected"))
    assert b * (x - expected) == pytest.approx(b * (1 - b) * x, abs=1e-12)
    equal = float(ban_months(b, x, "equal", tolerated))
    assert b * (x - equal) == pytest.approx(tolerated, abs=1e-9)
    assert float(ban_months(b, x, "equal", 2.0 * b * x)) == 0.0
    assert float(ban_months(0.0, x, "equal")) == 0.0


def test_plant_cost_is_a_power_law_between_volumes_and_exact_at_them() -> None:
    volumes = np.array([1.0, 3.0, 30.0])
    plant = PlantCost(volumes, 5.0 * volumes**0.6)
    points = np.geomspace(1.0, 30.0, 50)
    assert plant.at(points) == pytest.approx(5.0 * points**0.6, rel=1e-12)
    draws = PlantCost(volumes, [[1.0, 2.0, 2.0], [4.0, 8.0, 9.0]])
    for k, volume in enumerate(volumes):
        assert draws.at(np.full(2, volume)) == pytest.approx(np.array(draws.cost)[:, k], rel=1e-12)


@given(costs=st.lists(st.floats(1.0, 1e3), min_size=4, max_size=4))
@settings(max_examples=30, deadline=None)
def test_plant_cost_never_falls(costs: list[float]) -> None:
    plant = PlantCost([1.0, 2.0, 5.0, 50.0], sorted(costs))
    found = plant.at(np.geomspace(0.5, 80.0, 200))
    assert (np.diff(found) >= -1e-9 * max(costs)).all()
    assert found[0] == pytest.approx(min(costs)) and found[-1] == pytest.approx(max(costs))


def test_nothing_is_extrapolated_without_saying_so() -> None:
    case = {
        "countries": ["a", "b"],
        "need": {"a": [5.0, 10.0], "b": 20.0},
        "stock": {"a": 50.0, "b": 100.0},
        "plant": PlantCost([8.0, 25.0], [10.0, 20.0]),
    }
    with pytest.raises(InputError, match="outside 8 to 25 in 50% of draws") as caught:
        protection_game(**case)
    assert len(caught.value.faults) == 2
    found = protection_game(**case, outside="mark")
    assert found.smallest_built.tolist() == [0, 0.5, 0, 0]
    assert found.beyond_largest.tolist() == [0, 0, 0, 0.5]
    assert found.game.cost("a").tolist() == pytest.approx([10.0, 10.0 * 1.25 ** 0.6083], rel=1e-4)
    assert found.game.cost("ab").tolist() == pytest.approx([20.0, 150.0])


def test_all_faults_at_once() -> None:
    with pytest.raises(InputError) as caught:
        protection_game(
            ["norway", "sweden"],
            {"norway": 0.0, "swden": 1.0},
            stock={"norway": [1.0, 2.0], "sweden": [1.0, 2.0, float("nan")]},
            contract={"norway": -1.0},
            plant=PlantCost([2.0, 1.0], [[3.0, 2.0, 1.0]]),
            ban=ExportBan([0.5, 1.5], -1.0, {"norway": "much"}, rule="expected"),
            hosts=["norwy"],
        )
    text = str(caught.value)
    for part in (
        "need of norway: 0 is not above zero",
        "need: 'swden' is not among norway, sweden. Did you mean 'sweden'?",
        "need of sweden: is not given",
        "stock of sweden: is not a finite number in 1 of 3 draws",
        "contract of norway: -1 is below zero",
        "ban.probability: 1.5 is above 1",
        "ban.months: -1 is below zero",
        "ban.stock_month of norway: 'much' is no number",
        "ban.stock_month of sweden: is not given",
        "hosts: 'norwy' is no country. Did you mean 'norway'?",
        "plant.volumes: [2.0, 1.0] do not rise from above zero",
        "plant.cost: shape (1, 3) is not (n_draws, 2)",
        "draws: inputs differ in their number",
    ):
        assert part in text
    for probability in (-0.1, 1.01, float("nan")):
        with pytest.raises(InputError, match=r"ban\.probability"):
            protection_game(
                ["a"], {"a": 1.0}, stock={"a": 1.0},
                ban=ExportBan(probability, 1.0, {"a": 1.0}, rule="equal"),
            )  # fmt: skip


def test_coalitions_without_a_way_and_countries_without_a_coalition_are_named() -> None:
    with pytest.raises(InputError) as caught:
        protection_game(["a", "b", "c"], dict.fromkeys("abc", 1.0), stock={"a": 1.0, "b": 2.0})
    text = str(caught.value)
    assert "country 'c': is in no coalition that has a cost" in text
    for members in ("c", "a + c", "b + c", "a + b + c"):
        assert f"cost of {members}: is not defined" in text
    assert len(caught.value.faults) == 5


def test_unknown_words_are_refused() -> None:
    ban = ExportBan(0.1, 1.0, {"a": 1.0}, rule="maybe")  # type: ignore[arg-type]
    with pytest.raises(InputError) as caught:
        protection_game(
            ["a"], {"a": 1.0}, stock={"a": 1.0}, ban=ban, outside="ignore", decided="later"
        )
    assert [f.where for f in caught.value.faults] == ["outside", "decided", "ban.rule"]


def test_plant_cost_that_falls_or_has_one_volume_is_refused() -> None:
    for plant, what in (
        (PlantCost([1.0, 2.0], [[3.0, 4.0], [3.0, 2.0]]), "falls with volume in 1 of 2 draws"),
        (PlantCost([1.0], [3.0]), "are fewer than two"),
        (PlantCost([1.0, 2.0], [0.0, 2.0]), "not a finite number above zero"),
    ):
        faults = FaultCollector()
        plant.check(faults)
        assert any(what in fault.what for fault in faults.faults)


def test_a_bad_probability_hides_no_country_without_a_way() -> None:
    """Oracle: both faults are put in by hand, and both must be named in one message."""
    ban = ExportBan(1.4, 6.0, {"norway": 1.0, "sweden": 1.0}, "equal")
    with pytest.raises(InputError) as problem:
        protection_game(
            ["norway", "sweden"], {"norway": 1.0, "sweden": 2.0}, stock={"norway": 1.0}, ban=ban
        )
    text = str(problem.value)
    assert "ban.probability: 1.4 is above 1" in text
    assert "country 'sweden': is in no coalition that has a cost" in text
    assert "cost of sweden: is not defined" in text
