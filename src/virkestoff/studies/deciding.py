"""From a run to its decision: rules, worth of information and conditions, for results.json."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from virkestoff.errors import Fault, FaultCollector, InputError
from virkestoff.evidence import SampledParameters
from virkestoff.quantities import factor
from virkestoff.studies.conditions import Box, find_box
from virkestoff.studies.decision import (
    Meeting,
    choose,
    defined_draws,
    expected_of,
    meeting_of,
    recommendation_of,
    regret_of,
    ties_of,
)
from virkestoff.studies.decision_block import Decision, Target, unit_of_outcome
from virkestoff.studies.information import Worth, partial, partial_of_group, perfect
from virkestoff.studies.learning import learning

if TYPE_CHECKING:
    from virkestoff.studies.run import RunResult

__all__ = ["decided"]

Array = npt.NDArray[np.float64]
LISTED = 12  # constant: facts listed by worth; the rest are counted


def decided(result: RunResult) -> dict[str, Any]:
    """``decision``, ``information`` and ``conditions`` of results.json; empty without a decision.

    Raises
    ------
    InputError
        if the outcome is not defined often enough, or an outcome in ``occurs`` is not 0 or 1.
    """
    d = result.definition
    if d.decision is None:
        return {}
    values = {name: result.runs[name].outcomes[d.decision.outcome] for name in d.candidates}
    is_defined = defined_draws(values, d.decision.outcome)
    better: Literal["lower", "higher"] = (
        "higher" if d.better(d.decision.outcome) == "higher" else "lower"
    )
    sign = -1.0 if better == "higher" else 1.0
    losses = {name: sign * column[is_defined] for name, column in values.items()}
    read = set().union(*(result.runs[name].facts for name in d.candidates))
    facts = {name: result.draws.fact(name) for name in result.draws.uncertain_facts(read)}
    meets = _Meets(result, d.decision.target) if d.decision.target else None
    information = _information(result, losses, {n: c[is_defined] for n, c in facts.items()})
    return {
        "decision": {
            "outcome": d.decision.outcome,
            "unit": unit_of_outcome(d.outcomes, d.decision.outcome),
            "better": better,
            "candidates": list(d.candidates),
            "draws_left_out": int(is_defined.size - is_defined.sum()),
            **_rules(d.decision, losses, better, meets),
        },
        "information": information,
        "conditions": _conditions(result, losses, facts, is_defined, meets),
        **_staged(result, d.decision, sign),
    }


def _staged(result: RunResult, decision: Decision, sign: float) -> dict[str, Any]:
    if decision.stages is None:
        return {}
    return {"learning": learning(result, decision.stages, decision.outcome, sign)}


class _Meets:
    """The target of a study over the draws: each candidate's outcome and the level asked for."""

    def __init__(self, result: RunResult, target: Target) -> None:
        d = result.definition
        self.target, self.unit = target, unit_of_outcome(d.outcomes, target.outcome)
        self.meets: Literal["at_most", "at_least"] = target.meets or (
            "at_least" if d.better(target.outcome) == "higher" else "at_most"
        )
        self.values = {n: result.runs[n].outcomes[target.outcome] for n in d.candidates}
        if target.level.fact is not None:
            parameters = SampledParameters(
                result.library, d.price_year, d.as_of, result.draws.fact, result.n_draws
            )
            column = parameters(target.level.fact, self.unit)[:, 0]
            self.levels = dict.fromkeys(d.candidates, column)
        else:
            assert target.level.lever is not None
            scale = factor(d.levers[target.level.lever].unit or "1", self.unit)
            self.levels = {
                name: np.full(
                    result.n_draws,
                    scale * float(d.choices_of(d.alternatives[name].levers)[target.level.lever]),
                )
                for name in d.candidates
            }

    def of(self) -> dict[str, Meeting]:
        """How every candidate stands."""
        reliability = self.target.reliability
        return {
            name: meeting_of(values, self.levels[name], self.meets, reliability)
            for name, values in self.values.items()
        }

    def flags(self, name: str) -> npt.NDArray[np.bool_]:
        """The draws in which a candidate meets the target."""
        values, level = self.values[name], self.levels[name]
        is_met = values <= level if self.meets == "at_most" else values >= level
        return np.asarray(is_met & np.isfinite(values))

    def as_dict(
        self, found: Mapping[str, Meeting], losses: Mapping[str, Array], picked: str | None
    ) -> dict[str, Any]:
        """For results.json."""
        ties = ties_of(losses, picked, found) if picked else dict.fromkeys(found, False)
        return {
            "outcome": self.target.outcome,
            "unit": self.unit,
            "meets": self.meets,
            "reliability": self.target.reliability,
            "level": self.target.level.model_dump(exclude_none=True),
            "level_mean": {name: float(level.mean()) for name, level in self.levels.items()},
            "alternatives": {
                name: {**asdict(meeting), "is_within_noise": ties[name]}
                for name, meeting in found.items()
            },
        }


def _rules(
    decision: Decision,
    losses: Mapping[str, Array],
    better: Literal["lower", "higher"],
    meets: _Meets | None,
) -> dict[str, Any]:
    expected, regret = expected_of(losses, better), regret_of(losses)
    meeting = meets.of() if meets else None
    choice = choose(expected, regret, meeting)
    picked = choice.picks.get("target_at_least_cost")
    found: dict[str, Any] = {
        "expected": {name: asdict(e) for name, e in expected.items()},
        "regret": {name: asdict(r) for name, r in regret.items()},
        "target": meets.as_dict(meeting, losses, picked) if meets and meeting else None,
        "picks": dict(choice.picks),
        "picked_by": choice.by_alternative,
        "rules_agree": choice.do_agree,
    }
    advised = decision.recommendation
    found["recommendation"] = recommendation_of(advised, found) if advised else None
    return found


def _information(
    result: RunResult, losses: Mapping[str, Array], facts: Mapping[str, Array]
) -> dict[str, Any]:
    n = len(facts)
    worth = {name: partial(losses, column, n) for name, column in facts.items()}
    order = sorted(worth, key=lambda name: (-worth[name].value, name))
    groups: dict[str, Any] = {}
    for name, group in result.definition.groups.items():
        members = {f for pattern in group.facts for f in fnmatch.filter(facts, pattern)}
        if members:
            columns = {f: facts[f] for f in members}
            together = partial_of_group(losses, columns, len(result.definition.groups))
            groups[name] = {**_plain(together), "n_facts": len(members)}
    return {
        "perfect": _plain(perfect(losses)),
        "all_facts": _plain(partial_of_group(losses, facts) if facts else Worth(0.0, 0.0)),
        "n_facts": n,
        "n_worth_something": sum(w.value > 0 for w in worth.values()),
        "facts": [
            {"fact": name, **_plain(worth[name])}
            for name in order[:LISTED]
            if worth[name].value > 0
        ],
        "groups": groups,
    }


def _plain(worth: Worth) -> dict[str, float]:
    return {"value": worth.value, "se": worth.se}


def _conditions(
    result: RunResult,
    losses: Mapping[str, Array],
    facts: Mapping[str, Array],
    is_defined: npt.NDArray[np.bool_],
    meets: _Meets | None,
) -> dict[str, Any]:
    """Boxes by question and alternative; a search is made only where both answers occur."""
    least = np.minimum.reduce(list(losses.values()))
    kept = {name: column[is_defined] for name, column in facts.items()}
    found: dict[str, Any] = {
        "best": {name: _searched(kept, loss == least) for name, loss in losses.items()}
    }
    if meets:
        found["meets_target"] = {
            name: _searched(facts, meets.flags(name)) for name in meets.values
        }
    occurs = result.definition.decision.occurs if result.definition.decision else ()
    found["occurs"] = [
        {"run": run, "outcome": outcome, **_searched(*_binary(result, run, outcome))}
        for run, outcome in _checked(result, occurs)
    ]
    return found


def _searched(facts: Mapping[str, Array], happens: npt.NDArray[np.bool_]) -> dict[str, Any]:
    box = find_box(facts, happens)
    return {"share": float(happens.mean()), "box": _box(box) if box else None}


def _box(box: Box) -> dict[str, Any]:
    return {
        "coverage": box.coverage,
        "density": box.density,
        "base_rate": box.base_rate,
        "conditions": [asdict(condition) for condition in box.conditions],
    }


def _checked(
    result: RunResult, occurs: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    faults = FaultCollector()
    for run, outcome in occurs:
        values = result.runs[run].outcomes[outcome]
        if not np.isin(values, (0.0, 1.0)).all():
            faults.faults.append(
                Fault(
                    f"study.yaml: decision.occurs: [{run}, {outcome}]",
                    "is not 0 or 1 in every draw",
                    next_step="Measure an outcome that says whether it happens",
                )
            )
    if faults.faults:
        raise InputError(faults.faults)
    return occurs


def _binary(
    result: RunResult, run: str, outcome: str
) -> tuple[dict[str, Array], npt.NDArray[np.bool_]]:
    read = result.draws.uncertain_facts(set(result.runs[run].facts))
    facts = {name: result.draws.fact(name) for name in read}
    return facts, result.runs[run].outcomes[outcome] > 0
