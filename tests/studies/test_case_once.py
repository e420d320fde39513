"""What alternatives of a block share. Oracle: calls counted by hand, and facts named by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from virkestoff.costbenefit import rules_on
from virkestoff.effects import Ledger
from virkestoff.evidence import Library
from virkestoff.studies import Case, RunResult, load_definition, run_study
from virkestoff.studies.run import SWEEP_DRAWS

EVERY = ("today", "stock", "double", "size:1", "size:2")
Made = list[int]


def _model(made: Made) -> Callable[[Case], Ledger]:
    """Reads the need by ``once`` only, and the price by itself where there is no stock."""

    def evaluate(case: Case) -> Ledger:
        months = case.number("months")
        price = case["price"] if months == 0 else np.ones((case.n_draws, 1))

        def make() -> np.ndarray:
            made.append(case.n_draws)
            return case.parameters("demo.need", "kg/year") * case.uniforms("luck", 1)

        need = case.once("need", make)
        assert need.shape == (case.n_draws, 1)
        ledger = Ledger()
        cost = np.broadcast_to(need * months * price, case.shape)
        ledger.pay("stock", "state", "makers", cost)
        ledger.measure("cost", cost.mean(axis=1))
        return ledger

    return evaluate


def _run(
    folder: Path,
    library: Library,
    evaluate: Callable[[Case], Ledger],
    draws: int,
    block: int,
) -> RunResult:
    definition, joined = load_definition(folder, library)
    rules = rules_on(joined, definition.as_of)
    return run_study(definition, joined, evaluate, rules, draws, 7, block, threads=1)


def test_it_is_made_once_for_each_block(folder: Path, library: Library) -> None:
    made: Made = []
    result = _run(folder, library, _model(made), draws=25, block=10)
    assert made == [10, 10, 5]
    assert tuple(result.runs) == EVERY


def test_a_sweep_on_fewer_draws_than_the_block_makes_its_own(
    folder: Path, library: Library
) -> None:
    made: Made = []
    n = SWEEP_DRAWS + 8
    _run(folder, library, _model(made), draws=n, block=n)
    assert made == [n, SWEEP_DRAWS]


@pytest.mark.parametrize("block", [1, 7, 40])
def test_what_is_shared_is_what_each_would_have_made(
    folder: Path, library: Library, block: int
) -> None:
    """Twin: the same model in which every alternative makes it for itself."""

    def alone(case: Case) -> Ledger:
        case.kept.clear()
        return _model([])(case)

    shared = _run(folder, library, _model([]), 40, block).runs
    own = _run(folder, library, alone, 40, block).runs
    for name in EVERY:
        np.testing.assert_array_equal(shared[name].outcomes["cost"], own[name].outcomes["cost"])
        assert shared[name].facts == own[name].facts


def test_its_facts_count_for_every_alternative_and_no_others_do(
    folder: Path, library: Library
) -> None:
    """The price was read by the alternative that made it, before and apart from it."""
    runs = _run(folder, library, _model([]), draws=20, block=20).runs
    for name in EVERY:
        assert "demo.need" in runs[name].facts, name
        assert ("demo.price" in runs[name].facts) == (name == "today"), name


def test_one_within_another_counts_for_both(folder: Path, library: Library) -> None:
    """Also where the inner one was made before the outer one."""
    read: list[tuple[str, frozenset[str]]] = []

    def evaluate(case: Case) -> Ledger:
        inner = case.once("inner", lambda: case.parameters("demo.need", "kg/year"))
        before = set(case.parameters.read)
        case.parameters.read.clear()
        outer = case.once(
            "outer",
            lambda: case.once("inner", lambda: np.zeros((1, 1))) * case["price"],
        )
        read.append((case.alternative, frozenset(case.parameters.read)))
        case.parameters.read |= before
        np.testing.assert_array_equal(outer, inner * case["price"])
        ledger = Ledger()
        ledger.pay("x", "state", "makers", np.zeros(case.shape) + case.number("months"))
        ledger.measure("cost", outer[:, 0])
        return ledger

    _run(folder, library, evaluate, draws=5, block=5)
    assert len(read) == len(EVERY)
    assert {facts for _, facts in read} == {frozenset({"demo.need", "demo.price"})}
