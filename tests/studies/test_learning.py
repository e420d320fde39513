"""Deciding in stages. Oracle: a tree of two draws and two plans, worked by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from virkestoff.errors import InputError
from virkestoff.studies.decision_block import Stages
from virkestoff.studies.learning import learning


def result_of(stop: list[float], go: list[float], signal: list[float]) -> Any:
    runs = {
        "stop": SimpleNamespace(outcomes={"cost": np.array(stop)}),
        "go": SimpleNamespace(outcomes={"cost": np.array(go), "seen": np.array(signal)}),
    }
    return cast(Any, SimpleNamespace(runs=runs))


STAGES = Stages(runs=("stop", "go"), signal="seen")


def test_a_signal_that_tells_is_worth_as_much_as_knowing() -> None:
    """Costs 10 and 10 when stopping, 30 and 0 when going on: 10 fixed, 5 when the signal tells."""
    found = learning(result_of([10, 10], [30, 0], [0, 1]), STAGES, "cost", 1.0)
    assert found["fixed"] == "stop"
    assert (found["no_learning"], found["rule"], found["full_learning"]) == (10.0, 5.0, 5.0)


def test_a_signal_that_says_nothing_is_worth_nothing() -> None:
    found = learning(result_of([10, 10], [30, 0], [1, 1]), STAGES, "cost", 1.0)
    assert (found["no_learning"], found["rule"], found["full_learning"]) == (10.0, 10.0, 5.0)


def test_where_more_is_better_the_order_turns() -> None:
    found = learning(result_of([10, 10], [30, 0], [1, 0]), STAGES, "cost", -1.0)
    assert found["no_learning"] == 15.0  # going on gives 15 in expectation
    assert found["full_learning"] == 20.0


def test_an_undefined_draw_is_a_fault() -> None:
    with pytest.raises(InputError, match="not defined in every draw"):
        learning(result_of([10, np.nan], [30, 0], [0, 1]), STAGES, "cost", 1.0)
