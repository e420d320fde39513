"""Where the variance of an outcome comes from: Sobol indices over a study's own ``evaluate``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

import virkestoff
from virkestoff.costbenefit import Rules
from virkestoff.errors import Fault, InputError, suggest
from virkestoff.evidence import Library
from virkestoff.studies.assemble import unit_of
from virkestoff.studies.definition import Definition
from virkestoff.studies.experiment import Draws
from virkestoff.studies.loading import Evaluate
from virkestoff.studies.run import OnStep, Run, run_one
from virkestoff.studies.sensitivity import rank
from virkestoff.studies.sobol import NOISE, OTHERS, design_draws, indices

__all__ = ["decompose"]

PILOT = 2048  # constant: draws that choose the facts, at least
DEFINED = 0.9  # constant: share of base rows that must be defined
LEAST_BASE = 16  # constant: fewer base rows say nothing


def decompose(
    definition: Definition,
    library: Library,
    evaluate: Evaluate,
    rules: Rules,
    run: str,
    outcome: str,
    *,
    n_base: int = 256,
    n_facts: int = 8,
    seed: int = 1,
    block: int = 1250,
    threads: int = 2,
    on_step: OnStep | None = None,
) -> dict[str, Any]:
    """First-order and total indices of the facts that matter most, of all others, and of noise.

    Plain draws choose the facts by their first-order index; the design is drawn apart from them, so
    that the choice does not raise what is then estimated. It takes ``n_base x (2 n_facts + 6)``
    evaluations of the run, and as many of the baseline.

    Raises
    ------
    InputError
        if there is no such run or outcome, the outcome does not vary, or it is undefined in more
        than one in ten base rows.
    """
    _check(definition, outcome, n_base, n_facts)
    pilot_draws = Draws(library, seed, max(PILOT, 4 * n_base))

    def evaluated(draws: Draws) -> Run:
        return run_one(
            definition, library, evaluate, rules, draws, run, block, threads, on_step
        )

    pilot = evaluated(pilot_draws)
    where = f"{run}.{outcome}"
    names = pilot_draws.uncertain_facts(set(pilot.facts))
    columns = {name: pilot_draws.fact(name) for name in names}
    influences = rank(columns, pilot.outcomes[outcome])
    if not influences:
        why = "a decomposition needs an outcome that differs between draws"
        raise InputError(Fault(where, "does not vary, or is not defined", why=why))
    alone = [influence.fact for influence in influences[:n_facts]]
    draws = design_draws(library, seed, n_base, alone)
    values = evaluated(draws).outcomes[outcome]
    table = values.reshape(-1, n_base)
    defined = float(np.isfinite(table).all(axis=0).mean())
    if defined < DEFINED:
        what = f"is undefined in {1 - defined:.0%} of the base rows"
        raise InputError(Fault(where, what, why="nine in ten must be defined"))
    found, left_out = indices(values, list(draws.groups), seed)
    kinds = {OTHERS: "others", NOISE: "noise"}
    return {
        "engine": virkestoff.__version__,
        "study": definition.study,
        "library": library.digest,
        "run": run,
        "outcome": outcome,
        "unit": unit_of(definition, outcome),
        "seed": seed,
        "base": n_base,
        "base_left_out": left_out,
        "evaluations": int(values.size),
        "mean": float(np.nanmean(table[:2])),
        "variance": float(np.nanvar(table[:2])),
        "n_other_facts": len(names) - len(alone),
        "first_order_sum": sum(index.first for index in found),
        "groups": [{"kind": kinds.get(i.group, "fact"), **asdict(i)} for i in found],
    }


def _check(definition: Definition, outcome: str, n_base: int, n_facts: int) -> None:
    faults = []
    if n_base < LEAST_BASE:
        faults.append(Fault(f"--base {n_base}", f"is too small: at least {LEAST_BASE}"))
    if n_facts < 1:
        faults.append(Fault(f"--facts {n_facts}", "must be at least one"))
    try:
        definition.better(outcome)
    except KeyError:
        step = suggest(outcome, definition.outcomes)
        faults.append(Fault(f"--outcome '{outcome}'", "is not an outcome", next_step=step))
    if faults:
        raise InputError(faults)
