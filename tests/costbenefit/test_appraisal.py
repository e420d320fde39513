"""Society's account.

Oracles: the rules of the appraisal as identities (a transfer cancels, a payment abroad is lost,
double entry sums to zero), a twin in plain loops, and sums done by hand in the test.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.costbenefit import Appraisal, Rules, appraise, joined
from virkestoff.costbenefit.readable import HandPayment, appraise_by_hand, ladder_by_hand
from virkestoff.discounting import Rates, discount_factors
from virkestoff.effects import Actors, Ledger
from virkestoff.errors import InputError
from virkestoff.timeline import Years

ACTORS = Actors(
    public=("state", "hospitals"), private=("plant", "patients"), foreign=("world", "owner")
)
YEARS = Years(2027, 2076)
RULES = Rules(date(2026, 11, 1), Rates((0.04, 0.03, 0.02), (40, 75)), 0.20)
EFFECTS = ("investment", "operations", "grant", "sales", "rent")
SCALE = 1e12  # NOK: present values of the random ledgers are below it
TINY = SCALE * 1e-9


def random_ledger(seed: int, n_entries: int, n_draws: int = 3) -> Ledger:
    """A synthetic ledger whose payments run between random actors."""
    rng = np.random.default_rng(seed)
    ledger = Ledger(ACTORS, (n_draws, YEARS.size), f"random {seed}")
    for _ in range(n_entries):
        payer, receiver = rng.choice(ACTORS.everyone, size=2, replace=False)
        amount = rng.uniform(0.0, 1e9, size=(n_draws, YEARS.size))
        ledger.pay(str(rng.choice(EFFECTS)), str(payer), str(receiver), amount)
    return ledger


def with_payment(
    ledger: Ledger, payer: str, receiver: str, amount: float, effect: str = "added"
) -> Ledger:
    """A copy of the ledger with one more payment of the same amount in each year."""
    more = Ledger(ledger.actors, ledger.shape, ledger.alternative, list(ledger.entries))
    assert ledger.shape is not None
    more.pay(effect, payer, receiver, np.full(ledger.shape, amount))
    return more


seeds = st.integers(0, 2**32 - 1)
amounts = st.floats(0.0, 1e9)


@given(seed=seeds, amount=amounts, payer=st.sampled_from(ACTORS.public),
       receiver=st.sampled_from(ACTORS.private))  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_a_pure_transfer_from_state_to_resident_costs_exactly_its_tax_cost(
    seed: int, amount: float, payer: str, receiver: str
) -> None:
    null, ledger = random_ledger(seed, 6), random_ledger(seed + 1, 6)
    before = appraise(ledger, null, ACTORS, YEARS, RULES)
    after = appraise(with_payment(ledger, payer, receiver, amount), null, ACTORS, YEARS, RULES)
    transfer = amount * discount_factors(YEARS, RULES.rates, 2026).sum()
    change = after.society_net_present_value - before.society_net_present_value
    np.testing.assert_allclose(change, -0.20 * transfer, rtol=1e-9, atol=TINY)
    cost = after.tax_financing_cost - before.tax_financing_cost
    np.testing.assert_allclose(change, -cost, rtol=1e-9, atol=TINY)


@given(seed=seeds, amount=amounts)
@settings(max_examples=20, deadline=None)
def test_transfers_inside_one_sector_change_nothing(seed: int, amount: float) -> None:
    ledger = random_ledger(seed, 6)
    before = appraise(ledger, None, ACTORS, YEARS, RULES).society_net_present_value
    for payer, receiver in (ACTORS.private, ACTORS.public):
        more = with_payment(ledger, payer, receiver, amount)
        after = appraise(more, None, ACTORS, YEARS, RULES).society_net_present_value
        np.testing.assert_allclose(after, before, rtol=1e-9, atol=TINY)


@given(seed=seeds, amount=amounts, receiver=st.sampled_from(ACTORS.outside))
@settings(max_examples=20, deadline=None)
def test_a_payment_out_of_society_is_a_cost_of_its_full_amount(
    seed: int, amount: float, receiver: str
) -> None:
    ledger = random_ledger(seed, 6)
    present = amount * discount_factors(YEARS, RULES.rates, 2026).sum()
    before = appraise(ledger, None, ACTORS, YEARS, RULES).society_net_present_value
    for payer, weight in (("plant", 1.0), ("state", 1.2)):
        more = with_payment(ledger, payer, receiver, amount)
        after = appraise(more, None, ACTORS, YEARS, RULES).society_net_present_value
        np.testing.assert_allclose(after - before, -weight * present, rtol=1e-9, atol=TINY)


@given(seed=seeds)
@settings(max_examples=20, deadline=None)
def test_payments_between_those_outside_do_not_matter(seed: int) -> None:
    ledger = random_ledger(seed, 6)
    before = appraise(ledger, None, ACTORS, YEARS, RULES).society_net_present_value
    more = with_payment(ledger, "world", "resources", 1e9)
    after = appraise(more, None, ACTORS, YEARS, RULES).society_net_present_value
    np.testing.assert_array_equal(after, before)


@given(seed=seeds)
@settings(max_examples=20, deadline=None)
def test_double_entry_sums_to_zero(seed: int) -> None:
    found = appraise(random_ledger(seed, 12), random_ledger(seed + 1, 9), ACTORS, YEARS, RULES)
    np.testing.assert_allclose(sum(found.actor_npv.values()), 0.0, atol=TINY)
    assert np.all(np.sum(list(found.yearly_ore.values()), axis=0) == 0)


@given(seed=seeds, factor=st.floats(0.0, 10.0))
@settings(max_examples=20, deadline=None)
def test_the_account_is_linear(seed: int, factor: float) -> None:
    ledger, scaled = random_ledger(seed, 8), random_ledger(seed, 0)
    for entry in ledger.entries:
        scaled.pay(entry.effect, entry.payer, entry.receiver, entry.amount * factor)
    one = appraise(ledger, None, ACTORS, YEARS, RULES)
    other = appraise(scaled, None, ACTORS, YEARS, RULES)
    for name in ("society_net_present_value", "tax_financing_cost", "break_even_yearly_benefit"):
        expected = factor * getattr(one, name)
        np.testing.assert_allclose(getattr(other, name), expected, rtol=1e-9, atol=TINY)


@given(seed=seeds)
@settings(max_examples=20, deadline=None)
def test_the_order_of_entries_does_not_matter(seed: int) -> None:
    ledger = random_ledger(seed, 15)
    turned = Ledger(ACTORS, ledger.shape, entries=list(reversed(ledger.entries)))
    one = appraise(ledger, None, ACTORS, YEARS, RULES)
    other = appraise(turned, None, ACTORS, YEARS, RULES)
    np.testing.assert_allclose(
        other.society_net_present_value, one.society_net_present_value, rtol=1e-9, atol=1e-3
    )


@given(seed=seeds, base=st.integers(2020, 2030), start=st.integers(2020, 2040))
@settings(max_examples=20, deadline=None)
def test_appraise_equals_its_twin_in_plain_loops(seed: int, base: int, start: int) -> None:
    ledger, null = random_ledger(seed, 10, n_draws=2), random_ledger(seed + 1, 7, n_draws=2)
    found = appraise(ledger, null, ACTORS, YEARS, RULES, base_year=base, ladder_start=start)
    ladder = ladder_by_hand(2027, 2076, base, start, RULES.rates.steps, RULES.rates.switches)
    factors = tuple(ladder[year] for year in range(2027, 2077))
    for draw in range(2):
        by_hand = appraise_by_hand(
            [HandPayment(e.payer, e.receiver, tuple(e.amount[draw])) for e in ledger.entries],
            [HandPayment(e.payer, e.receiver, tuple(e.amount[draw])) for e in null.entries],
            ACTORS.public,
            ACTORS.private,
            factors,
            0.20,
        )
        pairs = {
            "society_net_present_value": by_hand.society,
            "public_budget_npv": by_hand.public_budgets,
            "tax_financing_cost": by_hand.tax_cost,
            "break_even_yearly_benefit": by_hand.break_even,
        }
        for name, expected in pairs.items():
            assert getattr(found, name)[draw] == pytest.approx(expected, rel=1e-9, abs=TINY)
        for actor in ACTORS.everyone:
            expected = by_hand.actors.get(actor, 0.0)
            assert found.actor_npv[actor][draw] == pytest.approx(expected, rel=1e-9, abs=TINY)


def assert_same(a: Appraisal, b: Appraisal) -> None:
    for name in ("society_net_present_value", "break_even_yearly_benefit", "tax_financing_cost"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name))
    for actor in ACTORS.everyone:
        np.testing.assert_array_equal(a.actor_npv[actor], b.actor_npv[actor])
        np.testing.assert_array_equal(a.yearly_ore[actor], b.yearly_ore[actor])
    for name, value in a.effect_npv.items():
        np.testing.assert_array_equal(value.residents, b.effect_npv[name].residents)
    for actor, private in a.industry_account.items():
        np.testing.assert_array_equal(private.net, b.industry_account[actor].net)


@pytest.mark.parametrize("block", [1, 3, 64, 100])
def test_blocks_join_to_the_same_bits(block: int) -> None:
    n = 100
    ledger, null = random_ledger(1, 20, n_draws=n), random_ledger(2, 15, n_draws=n)
    required = np.linspace(0.06, 0.16, n)[:, None]

    def part(whole: Ledger, a: int, b: int) -> Ledger:
        cut = Ledger(ACTORS)
        for entry in whole.entries:
            cut.pay(entry.effect, entry.payer, entry.receiver, entry.amount[a:b])
        return cut

    def run(a: int, b: int) -> Appraisal:
        return appraise(part(ledger, a, b), part(null, a, b), ACTORS, YEARS, RULES,
                        required_return=required[a:b])  # fmt: skip

    blocks = [run(a, min(a + block, n)) for a in range(0, n, block)]
    assert_same(joined(blocks), run(0, n))


def test_an_example_by_hand() -> None:
    """State pays a grant of 100 to the plant, which spends 250 on building; patients gain 50.

    One year, at the base year, so factors are 1. Society: -250 + 50 - 0.2 x 100 = -220.
    """
    years = Years(2026, 2026)
    ledger = Ledger()
    ledger.pay("grant", "state", "plant", [[100.0]])
    ledger.pay("investment", "plant", "resources", [[250.0]])
    ledger.pay("health", "resources", "patients", [[50.0]])
    found = appraise(ledger, None, ACTORS, years, RULES)
    assert found.tax_financing_cost.tolist() == [20.0]
    assert found.society_net_present_value.tolist() == [-220.0]
    assert found.net_present_cost.tolist() == [220.0]
    assert found.break_even_yearly_benefit.tolist() == [220.0]
    assert found.actor_npv["plant"].tolist() == [-150.0]
    assert found.yearly_mean("plant").tolist() == [-150.0]


def test_a_net_saving_of_public_budgets_is_a_tax_gain() -> None:
    """The tax cost stands on the net of all public budgets: +70 and -50 give -0.2 x 20."""
    years = Years(2026, 2026)
    ledger = Ledger()
    ledger.pay("saved", "resources", "hospitals", [[70.0]])
    ledger.pay("grant", "state", "plant", [[50.0]])
    found = appraise(ledger, None, ACTORS, years, RULES)
    assert found.tax_financing_cost[0] == pytest.approx(-4.0)
    assert found.society_net_present_value[0] == pytest.approx(70.0 + 4.0)


def test_the_null_against_itself_is_zero() -> None:
    ledger = random_ledger(3, 10)
    found = appraise(ledger, ledger, ACTORS, YEARS, RULES, required_return=0.1)
    assert not found.society_net_present_value.any()
    assert not found.industry_account["plant"].net.any()


def test_the_break_even_benefit_closes_the_account() -> None:
    ledger = random_ledger(4, 10)
    found = appraise(ledger, None, ACTORS, YEARS, RULES, benefits_from=2031)
    more = random_ledger(4, 10)
    start = YEARS.index(2031)
    yearly = np.zeros((3, YEARS.size))
    yearly[:, start:] = found.break_even_yearly_benefit[:, None]
    more.pay("benefit", "resources", "patients", np.clip(yearly, 0, None))
    more.pay("benefit", "patients", "resources", np.clip(-yearly, 0, None))
    closed = appraise(more, None, ACTORS, YEARS, RULES)
    np.testing.assert_allclose(closed.society_net_present_value, 0.0, atol=TINY)


def test_the_industry_account_is_another_account() -> None:
    """Grant 100 now, 110 earned from abroad in a year at 10 percent: 200; society sees no 10 %."""
    years = Years(2026, 2027)
    ledger = Ledger()
    ledger.pay("grant", "state", "plant", [[100.0, 0.0]])
    ledger.pay("sales", "world", "plant", [[0.0, 110.0]])
    ledger.pay("duty", "plant", "state", [[0.0, 0.0]])
    plain = appraise(ledger, None, ACTORS, years, RULES)
    assert plain.industry_account == {}
    found = appraise(ledger, None, ACTORS, years, RULES, required_return=0.10)
    plant = found.industry_account["plant"]
    assert plant.net[0] == pytest.approx(200.0)
    assert plant.from_public[0] == pytest.approx(100.0)
    assert plant.to_public[0] == 0.0
    np.testing.assert_array_equal(
        found.society_net_present_value, plain.society_net_present_value
    )
    assert found.actor_npv["plant"][0] == pytest.approx(100.0 + 110.0 / 1.04)


def test_the_industry_account_is_the_change_from_the_null() -> None:
    """Grant 100 instead of 30, duty 12 instead of 5, sales to patients 40: by hand 103, 70, 7."""
    years = Years(2026, 2026)

    def of(grant: float, duty: float, sales: float) -> Ledger:
        ledger = Ledger()
        ledger.pay("grant", "state", "plant", [[grant]])
        ledger.pay("duty", "plant", "hospitals", [[duty]])
        ledger.pay("sales", "patients", "plant", [[sales]])
        return ledger

    found = appraise(
        of(100.0, 12.0, 40.0), of(30.0, 5.0, 0.0), ACTORS, years, RULES, required_return=0.1
    )
    plant = found.industry_account["plant"]
    assert (plant.net[0], plant.from_public[0], plant.to_public[0]) == (103.0, 70.0, 7.0)


def test_real_price_growth_touches_only_its_effect() -> None:
    years = Years(2026, 2027)
    ledger = Ledger()
    ledger.pay("time", "resources", "patients", [[10.0, 10.0]])
    ledger.pay("goods", "patients", "resources", [[1.0, 1.0]])
    index = {"time": np.array([1.0, 1.04])}
    found = appraise(ledger, None, ACTORS, years, RULES, price_index=index)
    assert found.effect_npv["time"].residents[0] == pytest.approx(20.0)
    assert found.effect_npv["goods"].residents[0] == pytest.approx(-1.0 - 1.0 / 1.04)


def test_an_empty_alternative_against_a_null_is_the_null_undone() -> None:
    null = random_ledger(5, 5)
    found = appraise(Ledger(), null, ACTORS, YEARS, RULES)
    plain = appraise(null, None, ACTORS, YEARS, RULES)
    np.testing.assert_allclose(
        found.society_net_present_value, -plain.society_net_present_value, rtol=1e-12
    )


def test_a_null_that_only_measures_has_no_cost() -> None:
    null = Ledger()
    null.measure("months_of_cover", [1.0, 2.0])
    found = appraise(null, null, ACTORS, YEARS, RULES)
    assert found.society_net_present_value.tolist() == [0.0, 0.0]


def test_faults_of_an_appraisal() -> None:
    ledger = Ledger(alternative="buffer")
    ledger.pay("a", "state", "plnt", np.ones((2, YEARS.size)))
    with pytest.raises(InputError, match="alternative 'buffer'.*'plnt'"):
        appraise(ledger, None, ACTORS, YEARS, RULES)
    good = random_ledger(1, 3)
    with pytest.raises(InputError, match="same draws"):
        appraise(good, random_ledger(2, 3, n_draws=5), ACTORS, YEARS, RULES)
    with pytest.raises(InputError, match="shape"):
        appraise(good, None, ACTORS, Years(2027, 2030), RULES)
    with pytest.raises(InputError, match="is empty"):
        appraise(Ledger(), None, ACTORS, YEARS, RULES)
    with pytest.raises(InputError, match="no effect of the ledger"):
        appraise(good, None, ACTORS, YEARS, RULES, price_index={"tme": np.ones(YEARS.size)})
    with pytest.raises(InputError, match="yearly fraction"):
        appraise(good, None, ACTORS, YEARS, RULES, required_return=10.0)
    with pytest.raises(InputError, match="lies outside"):
        appraise(good, None, ACTORS, YEARS, RULES, benefits_from=2020)
    with pytest.raises(InputError, match="no block"):
        joined([])
    big = Ledger()
    big.pay("a", "state", "plant", np.full((2, YEARS.size), 1e15))
    with pytest.raises(InputError, match="too large to add exactly"):
        appraise(big, None, ACTORS, YEARS, RULES)
    with pytest.raises(InputError, match="no fraction"):
        replace(RULES, tax_financing_cost=20.0)
