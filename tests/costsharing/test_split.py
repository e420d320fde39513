"""The simple rules and the table of rules side by side.

Oracles: printed shares of two water projects; small sums by hand.
"""

from __future__ import annotations

import numpy as np
import pytest

from virkestoff.costsharing import (
    RULE_NAMES,
    RULES,
    CostGame,
    cost_game,
    equal,
    nucleolus,
    proportional,
    separable_cost,
    shapley,
    split,
)
from virkestoff.errors import InputError


def test_tennessee_valley_separable_cost(tennessee) -> None:
    """Straffin and Heaney 1981; Young 1994 (recalled). Separable costs 45 214, 33 763 and 110 977
    are differences of the table, by hand."""
    assert tennessee.separable[0] == pytest.approx([45_214.0, 33_763.0, 110_977.0])
    assert separable_cost(tennessee)[0] == pytest.approx([117_476.0, 99_157.0, 195_951.0], abs=0.5)


def test_swedish_water_young_okada_hashimoto_1979(sweden) -> None:
    """Table 7 of WP-79-77, SCRB, and table 8, costs alone and separable costs (read)."""
    published = [19.54, 13.28, 5.62, 10.90, 16.66, 17.82]
    assert separable_cost(sweden)[0] == pytest.approx(published, abs=0.011)
    assert sweden.alone[0] == pytest.approx([21.95, 17.08, 10.91, 15.88, 20.81, 21.98])
    marginal = [17.36, 9.85, 0.82, 6.40, 12.90, 14.06]
    assert sweden.separable[0] == pytest.approx(marginal, abs=0.011)


def test_equal_and_proportional_by_hand() -> None:
    game = cost_game(["a", "b"], {1: np.array([6.0, 1.0]), 2: np.array([2.0, 3.0]), 3: 4.0})
    assert equal(game).tolist() == [[2.0, 2.0], [2.0, 2.0]]
    assert proportional(game).tolist() == [[3.0, 1.0], [1.0, 3.0]]


def test_who_is_cheaper_alone_than_at_the_margin_has_no_remaining_benefit() -> None:
    """By hand: separable 2, 3, 3 against 1, 6, 6 alone; the rest of 2 falls on b and c."""
    costs = {1: 1.0, 2: 6.0, 4: 6.0, 6: 8.0, 5: 7.0, 3: 7.0, 7: 10.0}
    game = cost_game(["a", "b", "c"], costs)
    assert separable_cost(game)[0] == pytest.approx([2.0, 4.0, 4.0])


def test_where_a_rule_has_no_meaning_it_says_so() -> None:
    """Negative or no costs alone; no benefit to share a rest by; and nothing to share at all."""
    game = CostGame(("a", "b"), [[0, -1, 3, 2], [0, 0, 0, 2], [0, 0, 0, 0], [0, 1, 2, 3]])
    assert np.isnan(proportional(game)).all(axis=1).tolist() == [True, True, False, False]
    assert proportional(game)[2:].tolist() == [[0.0, 0.0], [1.0, 2.0]]
    assert separable_cost(game)[2:].tolist() == [[0.0, 0.0], [1.0, 2.0]]
    assert np.isnan(separable_cost(game))[1].all()
    row = split(game, ["proportional"]).row("proportional")
    assert not row.is_defined
    assert not row.is_in_core
    assert np.isnan(row.largest_objection)


def test_the_table_of_the_tennessee_valley(tennessee) -> None:
    """Every rule but the equal one is in the core: power and navigation pay 275 056 under it and
    flood control 137 528; by hand all below their own costs too, so the equal one is as well."""
    table = split(tennessee)
    assert [row.rule for row in table.rows] == [
        "equal", "proportional", "separable_cost", "shapley", "nucleolus",
    ]  # fmt: skip
    assert table.has_core
    assert table.subsidy == 0.0
    for row in table.rows:
        assert row.is_defined
        assert sum(row.mean.values()) == pytest.approx(412_584.0)
        assert row.is_in_core == (row.largest_objection <= 1e-3)
        assert row.core_share == float(row.is_in_core)
    assert table.row("equal").largest_objection == pytest.approx(137_528.0 - 140_826.0)
    assert table.row("equal").objector == {"flood"}
    assert table.row("nucleolus").largest_objection == pytest.approx(table.epsilon, abs=1e-3)


def test_a_split_outside_the_core_shows_who_leaves() -> None:
    """By hand: equal shares of 8 are 4 each, and b pays 3 alone."""
    table = split(cost_game(["a", "b"], {1: 6.0, 2: 3.0, 3: 8.0}))
    row = table.row("equal")
    assert not row.is_in_core
    assert (row.largest_objection, row.objector) == (1.0, {"b"})
    assert [(d.player, d.gain, d.loss_of_others) for d in row.departures] == [("b", 1.0, 2.0)]
    assert table.row("shapley").is_in_core
    assert table.row("nucleolus").mean == pytest.approx({"a": 5.5, "b": 2.5})


def test_draws_are_kept_and_the_core_is_counted_in_draws() -> None:
    game = CostGame(("a", "b"), [[0, 6, 3, 8], [0, 6, 6, 8]])
    row = split(game).row("equal")
    assert row.cost["a"].tolist() == [4.0, 4.0]
    assert row.core_share == 0.5
    assert row.is_in_core  # on average b pays 4 of 4.5
    assert row.largest_objection == -0.5


def test_rules_agree_with_their_functions(random_game) -> None:
    game = random_game(2, 4, n_draws=3)
    table = split(game)
    for rule, function in (("shapley", shapley), ("nucleolus", nucleolus)):
        found = np.stack(list(table.row(rule).cost.values()), axis=1)
        assert found.tolist() == function(game).tolist()


def test_the_table_cannot_be_changed(tennessee) -> None:
    table = split(tennessee)
    with pytest.raises(AttributeError):
        table.rows = ()
    with pytest.raises(TypeError):
        table.rows[0].cost["power"] = np.zeros(1)
    with pytest.raises(ValueError, match="read-only"):
        table.rows[0].cost["power"][0] = 0.0


def test_unknown_rules_are_named_all_at_once(tennessee) -> None:
    with pytest.raises(InputError) as caught:
        split(tennessee, ["shaply", "fair"])
    assert [f.where for f in caught.value.faults] == ["rule 'shaply'", "rule 'fair'"]
    assert "Did you mean 'shapley'?" in str(caught.value)
    with pytest.raises(InputError, match="is not in the table"):
        split(tennessee).row("prenucleolus")


def test_one_country_alone() -> None:
    table = split(cost_game(["no"], {1: np.array([3.0, 5.0])}))
    assert all(row.mean == {"no": 4.0} and row.is_in_core for row in table.rows)


def test_every_rule_has_a_name_in_both_languages() -> None:
    assert set(RULE_NAMES) == set(RULES)
    assert all(name.nb != name.en for name in RULE_NAMES.values())
