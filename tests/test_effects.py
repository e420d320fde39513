"""The ledger refuses what would later be a silent wrong answer. Oracle: the rules in its text."""

import dataclasses

import numpy as np
import pytest

from virkestoff.effects import Actors, Ledger
from virkestoff.errors import InputError
from virkestoff.language import Text

ACTORS = Actors(public=("state",), private=("plant",), foreign=("world",))
NAME, REASON = Text(nb="Beredskap", en="Preparedness"), Text(nb="Fordi", en="Because")


def test_a_payment_is_kept_whole_and_cannot_be_changed() -> None:
    ledger = Ledger(ACTORS)
    amount = np.array([[1.0, 2.0]])
    ledger.pay("grant", "state", "plant", amount)
    amount[0, 0] = 99.0
    (entry,) = ledger.entries
    assert (entry.effect, entry.payer, entry.receiver) == ("grant", "state", "plant")
    assert entry.amount.tolist() == [[1.0, 2.0]]
    with pytest.raises(ValueError, match="read-only"):
        entry.amount[0, 0] = 5.0
    with pytest.raises(dataclasses.FrozenInstanceError):
        entry.payer = "world"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("payer", "receiver", "amount", "what"),
    [
        ("state", "plant", [[-1.0, 2.0]], "negative amount, -1"),
        ("state", "plant", [[np.nan, 2.0]], "1 of 2 values are not finite"),
        ("state", "plant", [[np.inf, 2.0]], "not finite"),
        ("state", "plant", [1.0, 2.0], r"shape \(2,\)"),
        ("state", "plant", 3.0, r"shape \(\)"),
        ("state", "plants", [[1.0, 2.0]], "Did you mean 'plant'"),
        ("state", "state", [[1.0, 2.0]], "the same"),
        ("resource", "plant", [[1.0, 2.0]], "Did you mean 'resources'"),
    ],
)
def test_a_wrong_payment_names_effect_and_alternative(
    payer: str, receiver: str, amount: object, what: str
) -> None:
    ledger = Ledger(ACTORS, alternative="buffer")
    with pytest.raises(InputError, match=what) as caught:
        ledger.pay("grant", payer, receiver, amount)  # type: ignore[arg-type]
    assert "'grant'" in str(caught.value)
    assert "'buffer'" in str(caught.value)
    assert ledger.entries == []


def test_all_faults_of_a_payment_come_at_once() -> None:
    with pytest.raises(InputError) as caught:
        Ledger(ACTORS).pay("grant", "king", "plant", [[-1.0, np.nan]])
    assert len(caught.value.faults) == 3


def test_the_first_amount_sets_the_shape() -> None:
    ledger = Ledger()
    ledger.pay("a", "state", "plant", np.ones((4, 3)))
    with pytest.raises(InputError, match=r"needs \(4, 3\)"):
        ledger.pay("b", "state", "plant", np.ones((4, 1)))
    with pytest.raises(InputError, match=r"needs \(4,\)"):
        ledger.measure("m", np.ones(3))


def test_measures() -> None:
    ledger = Ledger(alternative="buffer")
    ledger.measure("unit_cost", [1.0, np.nan])
    with pytest.raises(InputError, match="second time"):
        ledger.measure("unit_cost", [1.0, 2.0])
    with pytest.raises(InputError, match="infinite"):
        ledger.measure("other", [np.inf, 2.0])
    with pytest.raises(InputError, match="shape"):
        ledger.measure("third", [[1.0, 2.0]])


def test_physical_effects_may_be_negative_and_need_a_unit() -> None:
    ledger = Ledger()
    ledger.physical("co2e", "t", [[-1.0, 2.0]])
    assert ledger.physicals[0].amount.tolist() == [[-1.0, 2.0]]
    with pytest.raises(InputError, match="no unit"):
        ledger.physical("water", "", [[1.0, 2.0]])


def test_unpriced_effects() -> None:
    ledger = Ledger()
    ledger.unpriced(NAME, "large", "medium_positive", REASON)
    with pytest.raises(InputError, match="second time"):
        ledger.unpriced(NAME, "large", "none", REASON)
    with pytest.raises(InputError) as caught:
        ledger.unpriced(REASON, "larg", "medium_postive", REASON)  # type: ignore[arg-type]
    assert "'large'" in str(caught.value)
    assert "'medium_positive'" in str(caught.value)


def test_check_reports_all_faults_at_once() -> None:
    ledger = Ledger(alternative="buffer")
    ledger.pay("a", "state", "plnt", np.ones((2, 3)))
    ledger.measure("unit_cst", np.ones(2))
    with pytest.raises(InputError) as caught:
        ledger.check(ACTORS, 5, 3, outcomes=["unit_cost"])
    text = str(caught.value)
    assert len(caught.value.faults) == 5
    assert "'plnt' is not an actor" in text
    assert "'unit_cost'): is declared and not measured" in text
    assert "Did you mean 'unit_cost'" in text


def test_every_wrong_entry_of_one_effect_is_found() -> None:
    ledger = Ledger(shape=None)
    ledger.pay("a", "state", "plant", np.ones((2, 3)))
    ledger.shape = None
    ledger.pay("a", "state", "world", np.ones((2, 4)))
    with pytest.raises(InputError, match=r"\(2, 3\)"):
        ledger.check(ACTORS, 2, 4)


def test_actors() -> None:
    assert ACTORS.residents == ("state", "plant")
    assert ACTORS.outside == ("world", "resources")
    with pytest.raises(InputError, match="already listed as public"):
        Actors(public=("state",), private=("state",))
    with pytest.raises(InputError, match="outside society"):
        Actors(public=("resources",))


def test_parts_of_an_outcome() -> None:
    ledger = Ledger()
    ledger.part("unit_cost", {"energy": [1.0, 2.0], "crew": [3.0, 4.0]})
    assert ledger.parts["unit_cost"]["crew"].tolist() == [3.0, 4.0]
    with pytest.raises(InputError, match="second time"):
        ledger.part("unit_cost", {})
    with pytest.raises(InputError, match=r"needs \(n_draws,\)"):
        ledger.part("other", {"energy": [[1.0]]})
