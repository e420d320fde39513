"""Choosing between alternatives that met the same draws: expected value, regret, target.

Everything is computed from one array per alternative over common draws, so a difference between two
alternatives is a difference within each draw. ``loss`` is the decision outcome with its sign set so
that less is better. The rules, with ``L(a, i)`` the loss of alternative a in draw i:

    expected value        argmin_a  mean_i L(a, i)
    regret                argmin_a  max_i R(a, i),   R(a, i) = L(a, i) - min_b L(b, i)
    target at least cost  argmin_a  mean_i L(a, i)  among the alternatives that meet the target

The second is Savage's (1951).
The largest regret over draws grows with the number of draws, so its ninetieth percentile stands
beside it. The mean regret is smallest for the alternative with the best mean, whatever the draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from virkestoff.errors import Fault, InputError
from virkestoff.studies.decision_block import Recommendation, Rule

__all__ = [
    "Choice",
    "Expected",
    "Meeting",
    "Regret",
    "choose",
    "contradiction",
    "defined_draws",
    "expected_of",
    "meeting_of",
    "recommendation_of",
    "regret_of",
    "ties_of",
]

Array = npt.NDArray[np.float64]
NOISE = 2.0  # constant: standard errors within which two means are not told apart
DEFINED = 0.9  # constant: share of draws in which an outcome must be defined to be compared


@dataclass(frozen=True)
class Expected:
    """An alternative's mean against the best one's.

    Attributes
    ----------
    mean : of the outcome, in its unit
    behind : how much worse the mean is than the best one's, never negative
    se : standard error of that difference, over draws in pairs; zero for the best itself
    is_within_noise : the difference is smaller than twice its standard error
    best_share : share of draws in which it is the best; draws with several best ones are shared
    """

    mean: float
    behind: float
    se: float
    is_within_noise: bool
    best_share: float


@dataclass(frozen=True)
class Regret:
    """What is lost against the best alternative of each draw: mean, P90 and largest."""

    mean: float
    p90: float
    max: float


@dataclass(frozen=True)
class Meeting:
    """How an alternative stands to the target: share of draws, mean, and whether it is met."""

    share: float
    mean: float | None
    is_met: bool


@dataclass(frozen=True)
class Choice:
    """What every rule picks; ``None`` where no alternative meets the target, or there is none."""

    picks: Mapping[str, str | None]

    @property
    def do_agree(self) -> bool:
        """Whether the three rules pick one alternative; a rule without a target is left out."""
        named = {pick for rule, pick in self.picks.items() if rule in _MAIN}
        return len(named) == 1

    @property
    def by_alternative(self) -> dict[str, list[str]]:
        """Which rules pick each alternative that any picks."""
        found: dict[str, list[str]] = {}
        for rule, pick in self.picks.items():
            if pick is not None:
                found.setdefault(pick, []).append(rule)
        return found


_MAIN = ("expected_value", "regret", "target_at_least_cost")


def defined_draws(values: Mapping[str, Array], what: str) -> npt.NDArray[np.bool_]:
    """The draws in which the outcome is defined for every candidate.

    Raises
    ------
    InputError
        if they are fewer than nine in ten: what is left would describe only the good draws.
    """
    is_defined = np.logical_and.reduce([np.isfinite(v) for v in values.values()])
    if is_defined.mean() < DEFINED:
        worst = min(values, key=lambda a: float(np.isfinite(values[a]).mean()))
        raise InputError(
            Fault(
                "study.yaml: decision.outcome",
                f"'{what}' is defined for all candidates in {is_defined.mean():.0%} of the draws",
                why=f"least often for '{worst}'; nine in ten are needed",
                next_step="Choose another outcome, or leave that alternative out of candidates",
            )
        )
    return np.asarray(is_defined)


def expected_of(
    losses: Mapping[str, Array], better: Literal["lower", "higher"]
) -> dict[str, Expected]:
    """The means against the best mean. ``losses``: alternative -> (n_draws,), less is better."""
    names = list(losses)
    table = np.stack([losses[name] for name in names])
    n = table.shape[1]
    is_best = table == table.min(axis=0)
    shares = (is_best / is_best.sum(axis=0)).mean(axis=1)
    best = losses[min(names, key=lambda name: float(losses[name].mean()))]
    found = {}
    for i, name in enumerate(names):
        behind = losses[name] - best
        se = float(behind.std(ddof=1) / np.sqrt(n)) if n > 1 else 0.0
        gap = max(0.0, float(behind.mean()))
        mean = float(losses[name].mean()) * (1.0 if better == "lower" else -1.0)
        found[name] = Expected(mean, gap, se, gap <= NOISE * se, float(shares[i]))
    return found


def regret_of(losses: Mapping[str, Array]) -> dict[str, Regret]:
    """Regret of every alternative over the draws."""
    least = np.minimum.reduce(list(losses.values()))
    found = {}
    for name, loss in losses.items():
        regret = loss - least
        p90 = float(np.quantile(regret, 0.9))
        found[name] = Regret(float(regret.mean()), p90, float(regret.max()))
    return found


def meeting_of(
    values: Array,
    level: Array | float,
    meets: Literal["at_most", "at_least"],
    reliability: float | None,
) -> Meeting:
    """Whether an outcome reaches a level.

    A draw in which the outcome is undefined does not meet the target. Without ``reliability`` the
    mean decides, over the defined draws, which must be nine in ten.
    """
    sign = 1.0 if meets == "at_most" else -1.0
    beyond = sign * (values - level)
    is_defined = np.isfinite(beyond)
    share = float(np.mean(np.where(is_defined, beyond, np.inf) <= 0))
    if is_defined.mean() < DEFINED:
        return Meeting(share, None, False)
    mean = float(values[is_defined].mean())
    if reliability is not None:
        return Meeting(share, mean, share >= reliability)
    return Meeting(share, mean, bool(beyond[is_defined].mean() <= 0))


def choose(
    expected: Mapping[str, Expected],
    regret: Mapping[str, Regret],
    meeting: Mapping[str, Meeting] | None,
) -> Choice:
    """What every rule picks; of equals the one that study.yaml names first."""
    names = list(expected)

    def least(key: Mapping[str, float]) -> str:
        return min(key, key=lambda name: key[name])

    picks: dict[str, str | None] = {
        "expected_value": least({n: expected[n].behind for n in names}),
        "regret": least({n: regret[n].max for n in names}),
        "regret_p90": least({n: regret[n].p90 for n in names}),
        "most_often_best": least({n: -expected[n].best_share for n in names}),
    }
    if meeting is not None:
        met = {n: expected[n].behind for n in names if meeting[n].is_met}
        picks["target_at_least_cost"] = least(met) if met else None
        often = least({n: -meeting[n].share for n in names})
        picks["most_often_meets"] = often if meeting[often].share > 0 else None
    return Choice(picks)


def ties_of(
    losses: Mapping[str, Array], picked: str, meeting: Mapping[str, Meeting]
) -> dict[str, bool]:
    """Which alternatives meet the target at a mean that cannot be told from the picked one's."""
    found = {}
    for name, loss in losses.items():
        behind = loss - losses[picked]
        se = float(behind.std(ddof=1) / np.sqrt(behind.size)) if behind.size > 1 else 0.0
        found[name] = meeting[name].is_met and float(behind.mean()) <= NOISE * se
    return found


def recommendation_of(advised: Recommendation, found: Mapping[str, Any]) -> dict[str, Any]:
    """The recommendation of study.yaml beside what its rule picks in results.

    For the two rules that compare means, another alternative than the picked one is no
    contradiction where the means differ by less than twice the standard error of the difference.

    Parameters
    ----------
    found : ``decision`` of results.json
    """
    picked = found["picks"].get(advised.rule)
    is_tied = False
    if picked is not None and picked != advised.alternative:
        if advised.rule == "expected_value":
            is_tied = found["expected"][advised.alternative]["is_within_noise"]
        elif advised.rule == "target_at_least_cost":
            is_tied = found["target"]["alternatives"][advised.alternative]["is_within_noise"]
    return {
        "alternative": advised.alternative,
        "rule": advised.rule,
        "rule_picks": picked,
        "is_within_noise": is_tied,
        "contradicts": picked != advised.alternative and not is_tied,
        "departs": advised.departs.model_dump() if advised.departs else None,
        "reason": advised.reason.model_dump(),
    }


def rule_name(rule: Rule) -> str:
    """The rule in English words, for messages."""
    return {
        "expected_value": "best expected value",
        "regret": "smallest largest regret",
        "target_at_least_cost": "the target at least cost",
    }[rule]


def contradiction(advised: Recommendation | None, found: Mapping[str, Any] | None) -> Fault | None:
    """The fault of a recommendation that its own rule contradicts without a reason, or ``None``.

    Parameters
    ----------
    found : ``decision`` of results.json
    """
    if advised is None or found is None or advised.departs:
        return None
    held = recommendation_of(advised, found)
    if not held["contradicts"]:
        return None
    picked = held["rule_picks"]
    if picked is None:
        return Fault(
            "study.yaml: decision.recommendation",
            f"recommends '{advised.alternative}' by the rule {advised.rule}, "
            "and no candidate meets the target",
            next_step="Change the target or the rule, or say why it is advised under departs:",
        )
    return Fault(
        "study.yaml: decision.recommendation",
        f"recommends '{advised.alternative}', and its rule {advised.rule} "
        f"({rule_name(advised.rule)}) picks '{picked}'",
        why="a recommendation must follow from the results, or say why it does not",
        next_step=f"Recommend '{picked}', choose another rule, or say why under departs:",
    )
