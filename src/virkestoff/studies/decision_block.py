"""What a study decides by: the ``decision:`` and ``groups:`` blocks of study.yaml."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from typing import Annotated, Literal, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from virkestoff.errors import FaultCollector, InputError, suggest
from virkestoff.evidence import Library
from virkestoff.language import Text
from virkestoff.quantities import currency_of, parse_unit, with_currency

__all__ = [
    "RULES",
    "Better",
    "Decision",
    "FactGroup",
    "Level",
    "Recommendation",
    "Rule",
    "Stages",
    "Target",
    "check_decision",
    "check_groups",
    "engine_outcomes",
    "unit_of_outcome",
]

Rule = Literal["expected_value", "regret", "target_at_least_cost"]
Better = Literal["lower", "higher", "neither"]
RULES: tuple[Rule, ...] = ("expected_value", "regret", "target_at_least_cost")
NET_COST = "account_net_present_cost"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Level(_Frozen):
    """How much is asked for: a fact of the library, or a lever of the study, never a number."""

    fact: str | None = None
    lever: str | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.fact is None) == (self.lever is None):
            raise ValueError("needs either fact or lever")
        return self


class Target(_Frozen):
    """An outcome and the level that it is to reach.

    ``meets`` is needed only where the outcome has no better direction. Without ``reliability`` an
    alternative meets the target if its mean does; with it, if at least that share of draws does.
    """

    outcome: str
    level: Level
    meets: Literal["at_most", "at_least"] | None = None
    reliability: Annotated[float, Field(gt=0, le=1)] | None = None


class Recommendation(_Frozen):
    """What the study advises, by which rule, and why; ``departs`` says why not what it picks."""

    alternative: str
    rule: Rule
    reason: Text
    departs: Text | None = None


class Stages(_Frozen):
    """A decision that may be taken in steps: runs with ever more of them, and what is observed.

    ``signal`` is an outcome of the last run that is known when the step is decided.
    """

    runs: tuple[str, ...] = Field(min_length=2)
    signal: str


class Decision(_Frozen):
    """How the alternatives are compared and what is recommended.

    ``occurs`` are outcomes of runs that are 0 or 1 in every draw and whose conditions are sought.
    """

    outcome: str = NET_COST
    target: Target | None = None
    candidates: tuple[str, ...] = ()
    recommendation: Recommendation | None = None
    occurs: tuple[tuple[str, str], ...] = ()
    stages: Stages | None = None

    @property
    def facts(self) -> frozenset[str]:
        """The facts that the decision itself reads: the level of the target."""
        named = self.target.level.fact if self.target else None
        return frozenset({named} if named else ())


class FactGroup(_Frozen):
    """Facts that would be found out together; ``facts`` are ids or patterns."""

    text: Text
    facts: tuple[str, ...] = Field(min_length=1)


class _Measured(Protocol):
    @property
    def unit(self) -> str: ...

    @property
    def better(self) -> Better: ...


class _Chosen(Protocol):
    @property
    def unit(self) -> str | None: ...


def engine_outcomes(residents: tuple[str, ...], foreign: tuple[str, ...]) -> dict[str, Better]:
    """The outcomes that the engine derives from the ledger, and which way is better."""
    found: dict[str, Better] = {
        NET_COST: "lower",
        "account_public_net_cost": "lower",
        "account_tax_financing_cost": "lower",
        "account_break_even_yearly_benefit": "lower",
    }
    for actor in residents:
        found[f"account_yearly_cost_{actor}"] = "lower"
    for actor in (*residents, *foreign):
        found[f"account_net_{actor}"] = "higher"
    return found


def unit_of_outcome(outcomes: Mapping[str, _Measured], outcome: str) -> str:
    """The unit of an outcome of the study or of the engine."""
    if outcome in outcomes:
        return outcomes[outcome].unit
    return "NOK/year" if "_yearly_" in outcome else "NOK"


def check_decision(
    decision: Decision,
    file: str,
    library: Library,
    faults: FaultCollector,
    *,
    alternatives: tuple[str, ...],
    probes: tuple[str, ...],
    outcomes: Mapping[str, _Measured],
    engine: Mapping[str, Better],
    levers: Mapping[str, _Chosen],
) -> None:
    """Every name of the block must be known, and the rule must have what it needs."""
    where = f"{file}: decision"
    known = {**{name: o.better for name, o in outcomes.items()}, **engine}
    _check_outcome(f"{where}.outcome", decision.outcome, known, faults)
    if known.get(decision.outcome) == "neither":
        faults.add(f"{where}.outcome", f"'{decision.outcome}' has no better direction")
    for name in decision.candidates:
        if name not in alternatives:
            step = suggest(name, alternatives)
            faults.add(f"{where}.candidates", f"'{name}' is not an alternative", next_step=step)
    candidates = decision.candidates or alternatives
    if len(set(candidates)) < 2:
        faults.add(f"{where}.candidates", "fewer than two different alternatives to choose from")
    if len(set(candidates)) < len(candidates):
        faults.add(f"{where}.candidates", "names an alternative twice")
    advised = decision.recommendation
    if advised and advised.alternative not in candidates:
        step = suggest(advised.alternative, candidates)
        at = f"{where}.recommendation.alternative"
        faults.add(at, f"'{advised.alternative}' is not a candidate", next_step=step)
    if advised and advised.rule == "target_at_least_cost" and decision.target is None:
        step = "Write a target, or another rule"
        faults.add(f"{where}.recommendation.rule", "needs a target", next_step=step)
    for run, outcome in decision.occurs:
        if run not in (*alternatives, *probes):
            faults.add(f"{where}.occurs", f"'{run}' is neither an alternative nor a probe")
        _check_outcome(f"{where}.occurs", outcome, known, faults)
    if decision.stages:
        for run in decision.stages.runs:
            if run not in (*alternatives, *probes):
                step = suggest(run, (*alternatives, *probes))
                faults.add(f"{where}.stages", f"'{run}' is not a run", next_step=step)
        _check_outcome(f"{where}.stages.signal", decision.stages.signal, known, faults)
    if decision.target:
        unit = unit_of_outcome(outcomes, decision.target.outcome)
        _check_target(decision.target, f"{where}.target", library, known, unit, levers, faults)


def _check_outcome(
    where: str, outcome: str, known: Mapping[str, Better], faults: FaultCollector
) -> None:
    if outcome not in known:
        step = suggest(outcome, known)
        faults.add(where, f"'{outcome}' is not an outcome", next_step=step)


def _check_target(
    target: Target,
    where: str,
    library: Library,
    known: Mapping[str, Better],
    unit: str,
    levers: Mapping[str, _Chosen],
    faults: FaultCollector,
) -> None:
    _check_outcome(f"{where}.outcome", target.outcome, known, faults)
    if known.get(target.outcome) == "neither" and target.meets is None:
        step = "Write meets: at_most or at_least"
        faults.add(where, f"'{target.outcome}' has no better direction", next_step=step)
    stated: str | None = None
    if target.level.fact is not None:
        try:
            fact = library.fact(target.level.fact)
            stated = fact.unit
            if not fact.numbers:
                faults.add(f"{where}.level.fact", "is a series of years and no level")
        except InputError as problem:
            faults.add(f"{where}.level.fact", str(problem))
    elif target.level.lever is not None:
        if target.level.lever not in levers:
            step = suggest(target.level.lever, levers)
            name = target.level.lever
            faults.add(f"{where}.level.lever", f"'{name}' is not a lever", next_step=step)
        else:
            stated = levers[target.level.lever].unit
            if stated is None:
                faults.add(f"{where}.level.lever", "is a choice and no number")
    if stated is None or target.outcome not in known:
        return
    if currency_of(stated) and currency_of(unit) == "NOK":
        stated = with_currency(stated, "NOK")
    try:
        is_fitting = parse_unit(stated).dimensionality == parse_unit(unit).dimensionality
    except InputError:
        return  # the unit of the outcome or lever is reported where it stands
    if not is_fitting:
        faults.add(f"{where}.level", f"is in '{stated}', which does not fit '{unit}'")


def check_groups(
    groups: Mapping[str, FactGroup], file: str, allowed: frozenset[str], faults: FaultCollector
) -> None:
    """Every pattern of a group must match a fact that the study may read."""
    for name, group in groups.items():
        for pattern in group.facts:
            if not fnmatch.filter(allowed, pattern):
                step = suggest(pattern, allowed)
                where = f"{file}: groups.{name}.facts"
                faults.add(where, f"'{pattern}' matches no declared fact", next_step=step)
