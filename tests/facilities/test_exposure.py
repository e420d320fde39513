"""Fair exposure: equals take turns, and nobody can tell the order beforehand from a name.

Oracle: equal chances, with a bound from the binomial distribution; the log counted by hand.
"""

from __future__ import annotations

from collections import Counter
from math import sqrt

from facility_strategies import ON, SAID, SETTINGS, WORDS

from virkestoff.facilities import Offer, Provider, Register, Request, match_step, offers_of
from virkestoff.facilities.chains import match

EQUAL = Provider.model_validate(
    {"kind": "producer", "country": "NO", "capabilities": [{**SAID, "does": "brewing"}]}
)
N_REQUESTS = 400


def register(*keys: str) -> Register:
    return Register(WORDS, dict.fromkeys(keys, EQUAL), (), SETTINGS)


def request(number: int) -> Request:
    return Request.model_validate({"request": f"r{number}", "steps": [{"does": "brewing"}]})


def order(found: Register, number: int, offers: tuple[Offer, ...] = ()) -> list[str]:
    step = match_step(request(number), 0, found, ON, offers=offers)
    return [c.provider for c in step.candidates]


def test_each_of_four_equals_comes_first_about_as_often() -> None:
    found = register("a", "b", "c", "d")
    first = Counter(order(found, n)[0] for n in range(N_REQUESTS))
    bound = 4 * sqrt(N_REQUESTS * 0.25 * 0.75)  # four standard deviations
    assert all(abs(first[key] - N_REQUESTS / 4) < bound for key in "abcd")


def test_the_same_question_has_the_same_order() -> None:
    assert order(register("a", "b", "c"), 7) == order(register("c", "a", "b"), 7)


def test_a_further_provider_does_not_reorder_the_others() -> None:
    before, after = order(register("a", "b", "c"), 3), order(register("a", "b", "c", "d"), 3)
    assert [key for key in after if key != "d"] == before


def test_who_was_offered_less_comes_first() -> None:
    log = tuple(Offer(f"q{n}", 0, "a", ON, 1, "ask") for n in range(2))
    log += (Offer("q0", 0, "b", ON, 2, "ask"),)
    assert order(register("a", "b", "c"), 1, log) == ["c", "b", "a"]


def test_a_request_counts_once_however_often_it_is_shown() -> None:
    log = tuple(Offer("q", step, "a", ON, 1, "ask") for step in range(5))
    log += (Offer("q", 0, "b", ON, 2, "ask"), Offer("q2", 0, "b", ON, 1, "ask"))
    assert order(register("a", "b"), 1, log) == ["a", "b"]


def test_with_the_log_everybody_is_shown_equally_often() -> None:
    """Two places, four equals, 40 requests: 20 showings each."""
    found, log = register("a", "b", "c", "d"), ()
    for number in range(40):
        log += offers_of(match(request(number), found, ON, offers=log), 2)
    assert Counter(offer.provider for offer in log) == dict.fromkeys("abcd", 20)
