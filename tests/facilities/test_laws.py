"""Laws that every match obeys, on made registers and requests.

Oracle: the laws themselves; brute force over every litre, batch and day for the smallest change.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import product

from facility_strategies import ON, registers, requests
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.facilities import Amount, Register, apply_changes, match, match_step
from virkestoff.facilities.matching import STATUSES

WISHES = ("modality", "phase", "gmp", "from_", "to", "safety", "analytics", "transfer", "budget",
          "countries")  # fmt: skip
OF_A_STEP = ("batch_size", "quantity")


def matched(found) -> set[str]:
    return {c.provider for c in found.matches}


@given(registers(), requests(), st.sampled_from(("public", "registered", "broker")))
@settings(max_examples=100)
def test_taking_a_wish_away_never_takes_a_match_away(register, request, viewer) -> None:
    before = matched(match_step(request, 0, register, ON, viewer=viewer))
    for wish in WISHES:
        empty = () if isinstance(getattr(request, wish), tuple) else None
        without = request.model_copy(update={wish: empty})
        after = matched(match_step(without, 0, register, ON, viewer=viewer))
        assert before <= after, wish
    for wish in OF_A_STEP:
        step = request.steps[0].model_copy(update={wish: None})
        without = request.model_copy(update={"steps": (step,)})
        assert before <= matched(match_step(without, 0, register, ON, viewer=viewer)), wish


@given(registers(), requests())
@settings(max_examples=150)
def test_a_near_miss_is_one(register, request) -> None:
    found = match_step(request, 0, register, ON)
    for candidate in found.candidates:
        for near in candidate.near_misses:
            changed = apply_changes(request, 0, near)
            again = match_step(changed, 0, register, ON).candidate(candidate.provider)
            assert again is not None and again.is_match
            assert STATUSES.index(again.status) <= STATUSES.index(near.then)


@given(registers(), requests())
@settings(max_examples=100)
def test_a_near_miss_needs_all_its_changes(register, request) -> None:
    """No change is idle: with one of them left out, the provider is ruled out still."""
    found = match_step(request, 0, register, ON)
    for candidate in found.candidates:
        for near in candidate.near_misses:
            for left_out in near.changes:
                rest = tuple(c for c in near.changes if c is not left_out)
                part = type(near)(rest, near.then)
                again = match_step(apply_changes(request, 0, part), 0, register, ON)
                one = again.candidate(candidate.provider)
                assert one is None or not one.is_match


def _alone(register: Register, provider: str) -> Register:
    lines = {k: w for k, w in register.windows.items() if w.provider == provider}
    only = {provider: register.providers[provider]}
    return Register(register.vocabulary, only, register.gaps, register.settings, lines, {})


def _fits_at(request, register, provider, **update) -> bool:
    step = request.steps[0].model_copy(update=update)
    changed = request.model_copy(update={"steps": (step,)})
    one = match_step(changed, 0, register, ON).candidate(provider)
    return one is not None and one.is_match


@given(registers(most=2), requests())
@settings(max_examples=60)
def test_no_smaller_change_of_one_wish_would_do(register, request) -> None:
    """Every batch size between the wished and the proposed one, every quantity, every shift."""
    found = match_step(request, 0, register, ON)
    for candidate in found.candidates:
        alone = _alone(register, candidate.provider)
        for near in candidate.near_misses:
            if len(near.changes) > 1:
                continue
            (change,) = near.changes
            step = found.need
            if change.field == "batch_size":
                ends = sorted((int(step.batch_size.amount), int(change.value.amount)))
                between = range(ends[0] + 1, ends[1])
                assert not any(
                    _fits_at(request, alone, candidate.provider,
                             batch_size=Amount(amount=size, unit="L")) for size in between
                )  # fmt: skip
            elif change.field == "quantity" and step.quantity.unit == "batch":
                between = range(int(change.value.amount) + 1, int(step.quantity.amount))
                assert not any(
                    _fits_at(request, alone, candidate.provider,
                             quantity=Amount(amount=n, unit="batch")) for n in between
                )  # fmt: skip
            elif change.field == "period":
                _no_nearer_period(request, alone, candidate.provider, step, change.value)


def _no_nearer_period(request, register, provider, need, value) -> None:
    first, last = value
    moves = [(a, b) for a, b in ((need.from_, first), (need.to, last)) if a and b and a != b]
    n_days = max(abs((b - a).days) for a, b in moves)
    is_shift = len(moves) == 2
    for days in range(1, n_days):
        for sign in (1, -1) if is_shift else ((1,) if need.to != last else (-1,)):
            delta = timedelta(days=sign * days)
            update = {}
            if is_shift or need.from_ != first:
                update["from_"] = need.from_ + delta
            if is_shift or need.to != last:
                update["to"] = need.to + delta
            assert not _fits_at(request, register, provider, **update), delta


@given(registers(), requests(), st.randoms())
def test_the_order_of_providers_changes_nothing(register, request, random) -> None:
    keys, lines = list(register.providers), list(register.windows)
    random.shuffle(keys)
    random.shuffle(lines)
    other = Register(
        register.vocabulary, {k: register.providers[k] for k in keys}, register.gaps,
        register.settings, {k: register.windows[k] for k in lines}, {},
    )  # fmt: skip
    assert match(request, other, ON) == match(request, register, ON)


@given(registers(), requests())
def test_a_provider_is_judged_alone(register, request) -> None:
    whole = match_step(request, 0, register, ON)
    for key in register.providers:
        one = match_step(request, 0, _alone(register, key), ON)
        assert one.candidate(key) == whole.candidate(key)


@given(registers(), requests())
def test_who_sees_more_lines_learns_but_is_told_nothing_of_hidden_ones(register, request) -> None:
    """Without the lines that a viewer may not see, the answer is the same."""
    public = {
        k: w if w.price is None or w.price.visibility == "public"
        else w.model_copy(update={"price": None})
        for k, w in register.windows.items() if w.visibility == "public"
    }  # fmt: skip
    cut = Register(register.vocabulary, register.providers, register.gaps, register.settings,
                   public, {})  # fmt: skip
    assert match(request, register, ON, viewer="public") == match(request, cut, ON)


@given(registers(), requests(n_steps=2))
@settings(max_examples=60)
def test_chains_are_the_best_of_all_combinations(register, request) -> None:
    found = match(request, register, ON)
    every = []
    for one, two in product(found.steps[0].matches, found.steps[1].matches):
        status = max(one.status, two.status, key=STATUSES.index)
        n_transfers = int(one.provider != two.provider)
        left = one.distance + two.distance + n_transfers
        every.append((STATUSES.index(status), left, n_transfers))
    seen = [(STATUSES.index(c.status), c.distance + c.n_transfers, c.n_transfers)
            for c in found.chains]  # fmt: skip
    assert seen == sorted(every)[:10]
    for chain in found.chains:
        for provider, step in zip(chain.providers, found.steps, strict=True):
            assert step.candidate(provider).is_match


@given(registers(), requests())
def test_every_no_has_a_reason_and_every_match_has_none(register, request) -> None:
    for candidate in match_step(request, 0, register, ON).candidates:
        assert candidate.is_match == (not candidate.why_not)
        assert (candidate.status == "fits") == all(r.verdict == "yes" for r in candidate.reasons)
        assert (candidate.status == "near_miss") == bool(candidate.near_misses)
