"""Who inside a country pays.

Oracles: each rule by hand on one example; the definition of equal return; all orders of joining in
plain loops; identities between rules; the printed figures behind the facts.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from virkestoff.costsharing import (
    NATIONAL_RULES,
    PAYERS,
    CostPart,
    is_concave,
    is_in_core,
    load_buyers,
    national_split,
    norwegian_use,
    use_by_payer,
)
from virkestoff.costsharing.readable import shapley_by_hand
from virkestoff.errors import InputError
from virkestoff.evidence import CentralParameters, Library, ReplacedParameters, load_library

LIBRARY = Path(__file__).parents[2] / "library"
seeds = st.integers(0, 2**32 - 1)
NAMES = ("health_authorities", "municipalities", "patients", "investors")


def example():
    """Synthetic: substance 200 used 20, 20 and 160; tablets 80 used 10 and 70; vials 60 by one."""
    return national_split(
        NAMES,
        [
            CostPart(
                "substance",
                200.0,
                {"health_authorities": 20.0, "municipalities": 20.0, "patients": 160.0},
                scale=0.0,
            ),
            CostPart("tablets", 80.0, {"municipalities": 10.0, "patients": 70.0}, scale=1.0),
            CostPart("vials", 60.0, {"health_authorities": 5.0}, scale=0.5),
        ],
        benefit={
            "health_authorities": 200.0,
            "municipalities": 100.0,
            "patients": 300.0,
            "investors": 80.0,
        },
        own={"investors": 68.0},
    )


def test_each_rule_by_hand() -> None:
    """The cost is 340 and benefits are 680. Beneficiary: half of each benefit. Equal return: 340 +
    68 over 680 is 0.6 of each benefit, and the investors have already paid 68 of their 48. Cost-
    reflective: a tenth, a tenth and eight tenths of 200, an eighth and seven of 80, the vials.
    Shapley: the substance is needed whole by each of three, tablets in proportion, the vials."""
    found = example()
    assert found.total.tolist() == [340.0]
    by_hand = {
        "beneficiary_pays": [100.0, 50.0, 150.0, 40.0],
        "equal_return": [120.0, 60.0, 180.0, -20.0],
        "cost_reflective": [20.0 + 60.0, 20.0 + 10.0, 160.0 + 70.0, 0.0],
        "shapley": [200 / 3 + 60.0, 200 / 3 + 10.0, 200 / 3 + 70.0, 0.0],
        "equal": [85.0] * 4,
    }
    for rule, amounts in by_hand.items():
        assert list(found.mean(rule).values()) == pytest.approx(amounts, rel=1e-12), rule
    assert found.spread()["patients"] == pytest.approx((200 / 3 + 70.0, 230.0))
    assert found.spread()["investors"] == pytest.approx((-20.0, 40.0))
    assert found.share("beneficiary_pays")["patients"] == pytest.approx(150 / 340)
    assert set(found.payment) == set(NATIONAL_RULES)


def random_case(seed: int, n: int, n_draws: int):
    rng = np.random.default_rng(seed)
    names = list(PAYERS)[:n]
    parts = [
        CostPart(
            f"part {k}",
            rng.uniform(0.0, 100.0, n_draws),
            {name: rng.uniform(0.0, 9.0, n_draws) for name in names if rng.random() < 0.7}
            or {names[0]: 1.0},
            rng.random(),
        )
        for k in range(3)
    ]
    benefit = {name: rng.uniform(0.1, 50.0, n_draws) for name in names}
    own = {name: rng.uniform(0.0, 20.0, n_draws) for name in names}
    return names, parts, benefit, own


@given(seed=seeds, n=st.integers(1, 7))
@settings(max_examples=25, deadline=None)
def test_laws(seed: int, n: int) -> None:
    """All rules add up to the cost; equal return gives everybody the same benefit for a krone; with
    nothing paid already it is that the beneficiary pays; who has no use pays nothing by use; the
    game is concave, so no group objects to the Shapley value; blocks join to the same bits."""
    names, parts, benefit, own = random_case(seed, n, 4)
    found = national_split(names, parts, benefit, own)
    for rule in NATIONAL_RULES:
        paid = sum(found.payment[rule].values())
        assert paid == pytest.approx(found.total, rel=1e-9), rule
    ratios = [benefit[p] / (found.payment["equal_return"][p] + own[p]) for p in names]
    assert np.ptp(np.array(ratios), axis=0) == pytest.approx(np.zeros(4), abs=1e-9)
    plain = national_split(names, parts, benefit)
    for p in names:
        by_benefit = plain.payment["beneficiary_pays"][p]
        assert np.array_equal(plain.payment["equal_return"][p], by_benefit)
        if not any(p in part.use for part in parts):
            assert not found.payment["cost_reflective"][p].any()
            assert found.payment["shapley"][p] == pytest.approx(np.zeros(4), abs=1e-9)
    assert is_concave(found.game).all()
    shares = np.stack([found.payment["shapley"][p] for p in names], axis=1)
    assert is_in_core(found.game, shares).all()
    in_proportion = [CostPart(p.name, p.cost, p.use, 1.0) for p in parts]
    linear = national_split(names, in_proportion, benefit)
    for p in names:
        assert linear.payment["shapley"][p] == pytest.approx(
            linear.payment["cost_reflective"][p], abs=1e-9
        )


@given(seed=seeds, n=st.integers(2, 4))
@settings(max_examples=15, deadline=None)
def test_shapley_is_that_of_all_orders(seed: int, n: int) -> None:
    names, parts, benefit, _ = random_case(seed, n, 1)

    def cost(members: frozenset[str]) -> float:
        total = 0.0
        for part in parts:
            used = sum(float(np.sum(part.use.get(m, 0.0))) for m in members)
            everybody = sum(float(np.sum(v)) for v in part.use.values())
            if used > 0.0:
                total += float(np.sum(part.cost)) * (used / everybody) ** float(part.scale)
        return total

    found = national_split(names, parts, benefit).mean("shapley")
    slow = shapley_by_hand(names, cost)
    assert [found[p] for p in names] == pytest.approx([slow[p] for p in names], abs=1e-9)


def test_equal_users_pay_equally_and_more_use_never_pays_less() -> None:
    use = {"patients": 5.0, "municipalities": 5.0, "health_authorities": 9.0}
    found = national_split(list(use), [CostPart("plant", 30.0, use, 0.4)], use)
    for rule in NATIONAL_RULES:
        paid = found.mean(rule)
        assert paid["patients"] == pytest.approx(paid["municipalities"])
        assert paid["health_authorities"] >= paid["patients"] - 1e-12


def test_a_rule_without_meaning_is_no_number() -> None:
    part = CostPart("plant", [10.0, 10.0], {"patients": 1.0})
    found = national_split(["patients", "state"], [part], {"patients": [5.0, -1.0], "state": 5.0})
    assert np.isnan(found.payment["beneficiary_pays"]["state"]).tolist() == [False, True]
    assert np.isnan(found.mean("equal_return")["state"])
    assert found.spread()["state"] == (0.0, 0.0)  # of the two rules that are defined
    nobody = national_split(["patients"], [part], {})
    assert np.isnan(nobody.mean("beneficiary_pays")["patients"])


def test_all_faults_at_once() -> None:
    with pytest.raises(InputError) as caught:
        national_split(
            ["patients", "state"],
            [
                CostPart("plant", -1.0, {"patient": 1.0}, scale=1.5),
                CostPart("plant", [1.0, 2.0], {"state": -1.0}),
            ],
            benefit={"states": 1.0},
            own={"state": [1.0, 2.0, 3.0]},
        )
    text = str(caught.value)
    for part in (
        "part 'plant', cost: -1 is below zero",
        "part 'plant', use: 'patient' is not among patients, state. Did you mean 'patients'?",
        "part 'plant', scale: 1.5 is above 1",
        "part 'plant', use of state: -1 is below zero",
        "benefit: 'states' is not among",
        "parts: 'plant' stands there twice",
        "draws: inputs differ in their number",
    ):
        assert part in text
    with pytest.raises(InputError, match="costs something and nobody uses it"):
        national_split(["state"], [CostPart("plant", 1.0, {})], {"state": 1.0})
    with pytest.raises(InputError, match="parts: there is none"):
        national_split(["state"], [], {"state": 1.0})


def test_buyers_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        use_by_payer(
            {"hospitals": 1.0, "prescriptions": -1.0, "homes": 1.0},
            {
                "hospitals": {"health_authorities": 0.9},
                "prescriptions": {"patients": 1.2, "state": -0.2},
                "hospital": {"state": 1.0},
            },
        )
    text = str(caught.value)
    for part in (
        "'hospital': is no setting. Did you mean 'hospitals'?",
        "shares of hospitals: miss one by 0.1",
        "volume of prescriptions: -1 is below zero",
        "share of patients in prescriptions: 1.2 is above 1",
        "share of state in prescriptions: -0.2 is below zero",
        "setting 'homes': has no payer",
    ):
        assert part in text


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(LIBRARY)


def test_norwegian_buyers_are_named_and_add_up(library: Library) -> None:
    """Helsedirektoratet: hospitals, municipalities and the National Insurance Scheme finance
    medicines; what is on white prescription the patient pays. NORM 2017 as printed by NTB: around
    82 % of daily doses are prescribed outside institutions, here what the others leave."""
    use = norwegian_use(100.0, CentralParameters(library, 2025))
    assert sum(use.values()) == pytest.approx(np.array([100.0]))
    assert set(use) == {"patients", "national_insurance", "municipalities", "health_authorities"}
    outside = float((use["patients"] + use["national_insurance"])[0])
    printed = library.fact("costsharing.setting.prescribed_outside").central
    assert outside == pytest.approx(100.0 * printed, abs=4.0)
    assert float(use["health_authorities"][0]) == pytest.approx(8.0)
    for key, setting in load_buyers(LIBRARY / "costsharing" / "buyers.yaml").settings.items():
        assert setting.source in library.sources, key
        assert setting.buyer.nb != setting.buyer.en


def test_norwegian_buyers_over_draws(library: Library) -> None:
    """By hand: of 10 a tenth in hospitals and a tenth in homes leave 8, a quarter of it on blue
    prescription, of which the patient pays a fifth: 0.8 x 2 = 1.6 for the scheme, 6.4 for patients.
    """
    parameters = ReplacedParameters(
        CentralParameters(library, 2025),
        {
            "costsharing.setting.hospitals": 0.1,
            "costsharing.setting.nursing_homes": 0.1,
            "costsharing.buyer.blue_prescription": 0.25,
            "costsharing.buyer.blue_copayment": 0.2,
        },
    )
    use = norwegian_use([10.0, 20.0], parameters)
    by_hand = {
        "patients": [6.4, 12.8],
        "national_insurance": [1.6, 3.2],
        "municipalities": [1.0, 2.0],
        "health_authorities": [1.0, 2.0],
    }
    for payer, volumes in by_hand.items():
        assert use[payer] == pytest.approx(volumes)


def test_narrow_spectrum_share_in_hospitals_is_near_the_fact(library: Library) -> None:
    """ESAC-Net series of 2015 in the library: 0.243 of 3.483 DDD is 7 %, beside about 8 %."""
    hospital = library.fact("supply.use.norway.j01ce_hospital").central
    community = library.fact("supply.use.norway.j01ce_community").central
    fact = library.fact("costsharing.setting.hospitals").central
    assert hospital / (hospital + community) == pytest.approx(fact, abs=0.015)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("patients: rest", "patient: rest", "'patient' is no payer"),
        ("volume: rest", "volume: costsharing.setting.hospitals", "exactly one must have"),
        ("health_authorities: rest", "health_authorities: blue", "exactly one payer must have"),
        ("    how: read\n  hospitals", "    how: seen\n  hospitals", "settings.nursing_homes.how"),
    ],
)
def test_a_changed_table_of_buyers_is_checked(tmp_path: Path, old, new, what) -> None:
    text = (LIBRARY / "costsharing" / "buyers.yaml").read_text("utf-8")
    assert old in text
    file = tmp_path / "buyers.yaml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_buyers(file)
    assert what in str(caught.value)
