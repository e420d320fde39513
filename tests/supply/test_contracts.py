"""Contracts. Oracle: the stated formulas by hand."""

import numpy as np
import pytest

from virkestoff.errors import InputError
from virkestoff.supply.contracts import capacity_contract, income_guarantee


def _one(value: float) -> np.ndarray:
    return np.array([[value]])


def test_a_guarantee_pays_only_what_sales_leave() -> None:
    sales = {"small": np.array([[1.0, 3.0]]), "large": np.array([[100.0, 100.0]])}
    paid = income_guarantee(sales, 2, _one(4.0), _one(0.5), _one(0.1))
    assert paid.top_up.tolist() == [[2 * 3.5, 2 * 2.5]]  # the large product needs none
    assert paid.readiness.tolist() == [[2.0, 2.0]]
    assert paid.premium == pytest.approx(np.array([[10.1, 10.1]]))  # fixed by the first year


def test_more_winners_never_cost_less() -> None:
    sales = {"a": np.array([[7.0]])}
    costs = [
        income_guarantee(sales, n, _one(4.0), _one(0.5), _one(0.1)).top_up[0, 0] for n in range(6)
    ]
    assert costs == sorted(costs)


def test_a_capacity_contract_by_hand() -> None:
    contract = capacity_contract(np.array([[100.0, 50.0]]), 0.5, _one(7.0), _one(0.4))
    assert contract.fee.tolist() == [[7.0, 7.0]]
    assert contract.premium.tolist() == [[20.0, 10.0]]


def test_bad_input_is_named() -> None:
    with pytest.raises(InputError, match="0 to 1"):
        capacity_contract(np.ones((1, 1)), 1.5, _one(1.0), _one(0.1))
    with pytest.raises(InputError, match="products"):
        income_guarantee({}, 2, _one(1.0), _one(1.0), _one(0.1))
