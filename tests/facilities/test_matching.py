"""One constraint at a time: what is stated, what is asked for, and the verdict by hand.

Oracle: verdicts written down from the rule "no only where something is stated against, unknown
where nothing is said, yes where it is stated", and from the demonstration windows, which are
synthetic.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from facility_strategies import ON, SAID, SETTINGS, WORDS

from virkestoff.facilities import (
    Gap,
    Match,
    Provider,
    Register,
    Request,
    Window,
    apply_changes,
    load_register,
    load_request,
    match,
    match_step,
    offers_of,
)

HERE = Path(__file__).parent / "demonstration"
DAY = date(2026, 11, 25)


def one(capability=None, window=None, gaps=(), **provider) -> Register:
    stated = {**SAID, "does": "brewing", **(capability or {})}
    made = {"kind": "producer", "country": "NO", "capabilities": [stated], **provider}
    lines = {}
    if window is not None:
        line = {
            "provider": "p", "does": stated["does"], "unit": "batch", "confidence": "firm",
            "verified": date(2026, 12, 1), "visibility": "public",
            "periods": [{"from": date(2027, 3, 1), "to": date(2027, 3, 31), "offerable": 31}],
        }  # fmt: skip
        lines["w"] = Window.model_validate({**line, **window})
    return Register(WORDS, {"p": Provider.model_validate(made)}, gaps, SETTINGS, lines, {})


def verdict(register: Register, constraint: str, step=None, **request) -> str | None:
    wanted = {"request": "r", "steps": [{"does": "brewing", **(step or {})}], **request}
    found = match_step(Request.model_validate(wanted), 0, register, ON)
    if not found.candidates:
        return "not stated"
    reasons = {r.constraint: r.verdict for r in found.candidates[0].reasons}
    return reasons.get(constraint)


@pytest.mark.parametrize(
    ("stated", "wanted", "expected"),
    [
        ("brewing", "brewing", "yes"),
        ("bacteria", "brewing", "yes"),
        ("making", "brewing", "unknown"),
        ("filling", "brewing", "not stated"),
    ],
)
def test_the_narrower_is_the_broader_and_not_the_other_way(stated, wanted, expected) -> None:
    register = one({"does": stated})
    assert verdict(register, "process", {"does": wanted}) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [("exists", "yes"), ("planned", "unknown"), ("possible", "unknown"),
     ("activity", "unknown"), ("ended", "no")],
)  # fmt: skip
def test_a_plan_is_no_facility(status, expected) -> None:
    assert verdict(one({"status": status}), "exists") == expected


@pytest.mark.parametrize(
    ("to", "expected"), [(None, "unknown"), ("others", "yes"), ("own_use", "no")]
)
def test_whether_it_works_for_others(to, expected) -> None:
    access = {**SAID, "to": to} if to else None
    assert verdict(one(access=access), "access") == expected


@pytest.mark.parametrize(
    ("products", "wanted", "expected"),
    [
        (["protein"], "protein", "yes"),
        (["antibody"], "protein", "yes"),
        (["protein"], "antibody", "unknown"),
        (["penicillin"], "protein", "unknown"),
        ([], "protein", "unknown"),
    ],
)
def test_products(products, wanted, expected) -> None:
    assert verdict(one({"products": products}), "product", modality=wanted) == expected


def test_an_excluded_product_is_ruled_out_with_its_kinds() -> None:
    register = one({"excludes": ["protein"]})
    assert verdict(register, "class", modality="antibody") == "no"
    assert verdict(register, "class", modality="penicillin") is None
    assert verdict(register, "class", modality="medicine") is None


def test_what_a_source_says_nobody_in_the_country_makes() -> None:
    text = {"nb": "finnes ikke", "en": "there is none"}
    gap = {**SAID, "country": "NO", "does": "making", "products": ["protein"], "text": text}
    none = (Gap.model_validate({**gap, "extent": "none"}),)
    partial = (Gap.model_validate({**gap, "extent": "partial"}),)
    assert verdict(one(gaps=none), "product", modality="antibody") == "no"
    assert verdict(one(gaps=partial), "product", modality="antibody") == "unknown"
    stated = one({"products": ["protein"]}, gaps=none)
    assert verdict(stated, "product", modality="protein") == "yes"
    assert verdict(stated, "product", modality="antibody") == "unknown"
    general = one({"products": ["medicine"]}, gaps=none)
    assert verdict(general, "product", modality="protein") == "no"
    assert verdict(one(gaps=none, country="SE"), "product", modality="protein") == "unknown"


@pytest.mark.parametrize(
    ("stated", "wanted", "expected"),
    [
        ({"gmp": ["gmp_trial"]}, "gmp", "yes"),
        ({"gmp": ["gmp"]}, "gmp_trial", "unknown"),
        ({"gmp": ["gmp_market"]}, "gmp_trial", "unknown"),
        ({}, "gmp", "unknown"),
        ({"is_without_gmp": True}, "gmp", "no"),
        ({"is_without_gmp": True}, "not_needed", None),
    ],
)
def test_gmp(stated, wanted, expected) -> None:
    assert verdict(one(stated), "gmp", gmp=wanted) == expected


@pytest.mark.parametrize(
    ("scale", "size", "expected"),
    [
        ({"to": 200, "unit": "L"}, (200, "L"), "yes"),
        ({"to": 200, "unit": "L"}, (300, "L"), "no"),
        ({"to": 200, "unit": "L"}, (200000, "mL"), "yes"),
        ({"to": 200, "unit": "L"}, (200001, "mL"), "no"),
        ({"from": 50, "to": 200, "unit": "L"}, (10, "L"), "no"),
        ({"from": 50, "unit": "L"}, (100, "L"), "unknown"),
        ({"to": 200, "unit": "L"}, (5, "kg"), "unknown"),
        (None, (5, "L"), "unknown"),
    ],
)
def test_scale(scale, size, expected) -> None:
    step = {"batch_size": {"amount": size[0], "unit": size[1]}}
    assert verdict(one({"scale": scale}), "scale", step) == expected


@pytest.mark.parametrize(
    ("quantity", "dates", "expected"),
    [
        ((31, "batch"), {}, "yes"),
        ((32, "batch"), {}, "no"),
        ((10, "batch"), {"from": date(2027, 3, 22)}, "yes"),
        ((11, "batch"), {"from": date(2027, 3, 22)}, "no"),
        ((1, "batch"), {"to": date(2027, 2, 28)}, "no"),
        ((1, "GBq"), {}, "unknown"),
        (None, {"from": date(2027, 3, 31)}, "yes"),
        (None, {"from": date(2027, 4, 1)}, "no"),
    ],
)
def test_capacity(quantity, dates, expected) -> None:
    step = {"quantity": {"amount": quantity[0], "unit": quantity[1]}} if quantity else {}
    assert verdict(one(window={}), "capacity", step, **dates) == expected


def test_without_a_window_capacity_is_unknown() -> None:
    assert verdict(one(), "capacity", {"quantity": {"amount": 1, "unit": "batch"}}) == "unknown"


def test_batches_become_litres_by_the_batch_size() -> None:
    step = {"batch_size": {"amount": 10, "unit": "L"}, "quantity": {"amount": 3, "unit": "batch"}}
    assert verdict(one(window={"unit": "L"}), "capacity", step) == "yes"
    step["quantity"] = {"amount": 4, "unit": "batch"}
    assert verdict(one(window={"unit": "L"}), "capacity", step) == "no"


def test_no_gmp_day_after_the_certificate_counts() -> None:
    held = {"certificate": {"scope": ["gmp"], "expires": date(2027, 3, 10)}}
    step = {"quantity": {"amount": 11, "unit": "batch"}}
    assert verdict(one(window=held), "capacity", step) == "yes"
    assert verdict(one(window=held), "capacity", step, gmp="gmp") == "no"
    assert verdict(one(window=held), "certificate", step, gmp="gmp") == "yes"
    other = {"certificate": {"scope": ["gmp_market"], "expires": date(2028, 1, 1)}}
    assert verdict(one(window=other), "certificate", gmp="gmp_trial") == "no"


@pytest.mark.parametrize(
    ("verified", "confidence", "expected"),
    [
        (date(2026, 12, 1), "firm", "yes"),
        (date(2026, 1, 1), "firm", "yes"),  # 365 days old
        (date(2025, 12, 31), "firm", "unknown"),  # 366
        (date(2027, 1, 2), "firm", "unknown"),  # tomorrow
        (date(2026, 12, 1), "indicative", "unknown"),
    ],
)
def test_an_old_confirmation_is_asked_again(verified, confidence, expected) -> None:
    register = one(window={"verified": verified, "confidence": confidence})
    assert verdict(register, "freshness") == expected


@pytest.mark.parametrize(
    ("budget", "expected"),
    [((300, 2026), "yes"), ((299, 2026), "no"), ((300, 2025), "unknown"), (None, None)],
)
def test_three_batches_at_a_hundred(budget, expected) -> None:
    price = {"basis": "market", "low": 100, "unit": "NOK/batch", "price_year": 2026,
             "visibility": "public"}  # fmt: skip
    step = {"quantity": {"amount": 3, "unit": "batch"}}
    money = {"budget": {"high": budget[0], "price_year": budget[1]}} if budget else {}
    assert verdict(one(window={"price": price}), "price", step, **money) == expected


def test_a_price_is_for_brokers_unless_the_provider_opens_it() -> None:
    price = {"basis": "market", "low": 100, "unit": "NOK/batch", "price_year": 2026}
    register = one(window={"price": price})
    step = {"does": "brewing", "quantity": {"amount": 3, "unit": "batch"}}
    wanted = {"request": "r", "budget": {"high": 1, "price_year": 2026}, "steps": [step]}
    request = Request.model_validate(wanted)
    for viewer, expected in (("public", "unknown"), ("registered", "unknown"), ("broker", "no")):
        (candidate,) = match_step(request, 0, register, ON, viewer=viewer).candidates
        reason = next(r for r in candidate.reasons if r.constraint == "price")
        assert reason.verdict == expected
        assert ("300" in reason.text.en) == (viewer == "broker")


def test_everything_stated_fits() -> None:
    register = one(
        {"products": ["protein"], "scale": {"to": 500, "unit": "L"}, "gmp": ["gmp_trial"],
         "phases": ["phase_1"]},
        {"certificate": {"scope": ["gmp_trial"], "expires": date(2028, 1, 1)}},
    )  # fmt: skip
    request = Request.model_validate(
        {"request": "r", "modality": "protein", "gmp": "gmp_trial", "phase": "phase_1",
         "steps": [{"does": "brewing", "batch_size": {"amount": 300, "unit": "L"},
                    "quantity": {"amount": 3, "unit": "batch"}}]}
    )  # fmt: skip
    found = match(request, register, ON)
    assert found.status == "fits"
    assert [c.providers for c in found.chains] == [("p",)]
    assert found.suggested_outcome() is None


@pytest.fixture(scope="module")
def demonstration(library) -> Register:
    return load_register(library, HERE / "windows.yaml")


@pytest.fixture(scope="module")
def answer(demonstration) -> Match:
    request = load_request(HERE / "request.yaml", demonstration.vocabulary)
    return match(request, demonstration, DAY)


def test_it_fits_at_50_litres_and_from_may(answer, demonstration) -> None:
    """By hand: nothing is free before May; 6 batches over 123 days are 3 in 62 days, so that a
    period of 61 days has 2 and ends too early unless it is longer."""
    candidate = answer.steps[0].candidate("curida_diotec")
    assert candidate.status == "near_miss"
    assert {r.constraint for r in candidate.why_not} == {"scale", "capacity"}
    near = candidate.near_misses[0]
    assert {c.field for c in near.changes} == {"batch_size", "period"}
    assert "50 L" in near.text.en
    changes = {c.field: c.value for n in candidate.near_misses for c in n.changes
               if c.field == "period"}  # fmt: skip
    assert changes["period"] == (date(2027, 3, 1), date(2027, 7, 1))
    again = match(apply_changes(answer.request, 0, near), demonstration, DAY)
    assert again.steps[0].candidate("curida_diotec").is_match


def test_what_is_synthetic_says_so(answer, register) -> None:
    assert answer.is_synthetic
    assert not register.is_synthetic and not register.windows


def test_a_registered_line_is_unknown_to_the_public(answer, demonstration) -> None:
    public = answer.steps[0].candidate("celleterapi_ous")
    assert public.window is None
    seen = match(answer.request, demonstration, DAY, viewer="registered")
    assert seen.steps[0].candidate("celleterapi_ous").window == "demo_cell_rooms"


def test_the_outcome_follows_what_the_near_misses_need() -> None:
    def outcome(register: Register, step=None, **request) -> str:
        wanted = {"request": "r", "steps": [{"does": "brewing", **(step or {})}], **request}
        return match(Request.model_validate(wanted), register, ON).suggested_outcome()

    many = {"quantity": {"amount": 99, "unit": "batch"}}
    price = {"basis": "market", "low": 100, "unit": "NOK/batch", "price_year": 2026,
             "visibility": "public"}  # fmt: skip
    budget = {"high": 100, "price_year": 2026}
    three = {"quantity": {"amount": 3, "unit": "batch"}}
    assert outcome(one({"does": "filling"})) == "no_capability"
    assert outcome(one(window={}), many) == "no_capacity_in_window"
    assert outcome(one(window={"price": price}), three, budget=budget) == "price"
    assert outcome(one({"excludes": ["protein"]}), modality="protein") == "class"
    assert outcome(one()) is None


def test_offers_say_who_stood_where(answer) -> None:
    offers = offers_of(answer)
    assert [o.position for o in offers] == list(range(1, len(offers) + 1))
    assert [o.provider for o in offers] == [c.provider for c in answer.steps[0].shortlist()]
