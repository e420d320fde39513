"""Running a study: blocks of draws over alternatives, reduced at once, equal for any block size.

Every alternative meets the same draws and the same noise. A block is a run of draws; it is
evaluated for the baseline first, because appraisal needs the baseline beside each alternative.
Per-draw results are put at their place in one array per outcome, so neither the size of blocks
nor the number of threads can change a sum.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from virkestoff.costbenefit import Appraisal, Rules, appraise
from virkestoff.discounting import discount_factors, level_amount
from virkestoff.effects import Actors, Ledger, UnpricedEffect
from virkestoff.errors import Fault, FaultCollector, InputError, RangeWarning, suggest
from virkestoff.evidence import Library, SampledParameters
from virkestoff.studies.case import Case, Kept
from virkestoff.studies.combinations import COMBINATION_DRAWS
from virkestoff.studies.definition import Definition, Value
from virkestoff.studies.experiment import Draws
from virkestoff.studies.loading import Evaluate
from virkestoff.studies.workers import done as done_by_workers

__all__ = ["Run", "RunResult", "run_one", "run_study"]

Array = npt.NDArray[np.float64]
ORE = 100  # constant: whole øre are summed, so that the order of blocks cannot matter
SWEEP_DRAWS = 512  # constant: draws of a sweep; its band is read off a chart
OnStep = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Job:
    """One line of the experiment: a name, the alternative it belongs to, and its levers."""

    name: str
    alternative: str
    levers: Mapping[str, Value]
    draws: int


@dataclass(frozen=True)
class Run:
    """What one job gives, over all draws.

    Attributes
    ----------
    outcomes : outcome -> (n_draws,); NaN where it is not defined
    parts : outcome -> part -> (n_draws,), parts that sum to the outcome
    yearly : actor -> mean net amount per year, NOK, shape (n_years,)
    effects : effect -> resident -> present cost in whole øre, summed over the draws; together with
        ``tax_ore`` they sum to the net present cost
    """

    job: Job
    outcomes: Mapping[str, Array]
    parts: Mapping[str, Mapping[str, Array]]
    physical: Mapping[str, tuple[str, Array]]
    yearly: Mapping[str, Array]
    unpriced: tuple[UnpricedEffect, ...]
    facts: frozenset[str]
    levers_read: frozenset[str]
    effects: Mapping[str, Mapping[str, int]]
    tax_ore: int


@dataclass(frozen=True)
class RunResult:
    """All jobs of a study."""

    definition: Definition
    library: Library
    seed: int
    n_draws: int
    runs: Mapping[str, Run]
    draws: Draws
    marks: tuple[str, ...]

    @property
    def facts(self) -> frozenset[str]:
        """Every fact that any alternative read."""
        return frozenset().union(*(run.facts for run in self.runs.values()))


@dataclass(frozen=True)
class _Setting:
    definition: Definition
    library: Library
    evaluate: Evaluate
    draws: Draws
    rules: Rules
    actors: Actors
    allowed: frozenset[str]


def jobs_of(definition: Definition, n_draws: int) -> list[Job]:
    """Alternatives (the baseline first), probes, combinations, then the points of the sweeps."""
    names = sorted(definition.alternatives, key=lambda name: name != definition.baseline)
    jobs = [
        Job(name, name, definition.choices_of(definition.alternatives[name].levers), n_draws)
        for name in names
    ]
    for name, probe in definition.probes.items():
        base = definition.alternatives[probe.alternative].levers
        levers = definition.choices_of({**base, **probe.levers})
        jobs.append(Job(name, probe.alternative, levers, n_draws))
    combined = definition.combinations.names if definition.combinations else {}
    for name, parts in combined.items():
        levers = definition.choices_of(definition.named_run(name).levers)
        jobs.append(Job(name, parts[0], levers, min(n_draws, COMBINATION_DRAWS)))
    for name, sweep in definition.sweeps.items():
        base = {**definition.alternatives[sweep.alternative].levers, **sweep.levers}
        for value in sweep.values:
            levers = definition.choices_of({**base, sweep.lever: value})
            few = min(n_draws, SWEEP_DRAWS)
            jobs.append(Job(f"{name}:{value:g}", sweep.alternative, levers, few))
    return jobs


def run_study(
    definition: Definition,
    library: Library,
    evaluate: Evaluate,
    rules: Rules,
    n_draws: int,
    seed: int,
    block: int = 1250,
    threads: int = 2,
    on_step: OnStep | None = None,
) -> RunResult:
    """Evaluate every alternative, probe and sweep of a study.

    Parameters
    ----------
    rules : the appraisal rules that hold on the study's date
    block : draws evaluated at a time; changes no result
    threads : blocks evaluated at the same time; changes no result
    on_step : called with (steps done, steps in all, what) from the calling thread

    Raises
    ------
    InputError
        lists what ``evaluate`` did against the study's declarations, all at once.
    """
    if n_draws < 1 or block < 1 or threads < 1:
        raise InputError(Fault("run", "draws, block and threads must be at least one"))
    draws = Draws(library, seed, n_draws)
    setting = _setting(definition, library, evaluate, rules, draws)
    jobs = jobs_of(definition, n_draws)
    spans = [(a, min(a + block, n_draws)) for a in range(0, n_draws, block)]
    collected: dict[tuple[str, int], _BlockResult] = {}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", RangeWarning)
        for done, key, result in _evaluated(setting, jobs, spans, threads):
            collected[key] = result
            if on_step:
                on_step(done, len(spans) * len(jobs), key[0])
    marks = sorted({str(w.message) for w in caught if issubclass(w.category, RangeWarning)})
    read = frozenset(rules.facts) | (definition.decision.facts if definition.decision else set())
    runs = {job.name: _joined(job, collected, spans, read) for job in jobs}
    _check_use(definition, runs)
    return RunResult(definition, library, seed, n_draws, runs, draws, tuple(marks))


def _setting(
    definition: Definition, library: Library, evaluate: Evaluate, rules: Rules, draws: Draws
) -> _Setting:
    actors = Actors(
        tuple(definition.actors.public),
        tuple(definition.actors.private),
        tuple(definition.actors.foreign),
    )
    allowed = definition.allowed_facts(library)
    return _Setting(definition, library, evaluate, draws, rules, actors, allowed)


def run_one(
    definition: Definition,
    library: Library,
    evaluate: Evaluate,
    rules: Rules,
    draws: Draws,
    name: str,
    block: int = 1250,
    threads: int = 2,
    on_step: OnStep | None = None,
) -> Run:
    """One alternative or probe over given draws, against the baseline on the same draws.

    Raises
    ------
    InputError
        if there is no such run, or ``evaluate`` breaks a declaration of the study.
    """
    n = draws.n_draws
    jobs = jobs_of(definition, n)
    wanted = [job for job in jobs if job.name == name]
    if not wanted or name not in (*definition.alternatives, *definition.probes):
        known = (*definition.alternatives, *definition.probes)
        what = "is neither an alternative nor a probe of the study"
        raise InputError(Fault(f"run '{name}'", what, next_step=suggest(name, known)))
    setting = _setting(definition, library, evaluate, rules, draws)
    pair = [jobs[0], *(job for job in wanted if job.name != jobs[0].name)]
    spans = [(a, min(a + block, n)) for a in range(0, n, block)]
    collected: dict[tuple[str, int], _BlockResult] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RangeWarning)  # the run of the study reports them
        for done, key, result in _evaluated(setting, pair, spans, threads):
            collected[key] = result
            if on_step:
                on_step(done, len(spans) * len(pair), name)
    return _joined(wanted[0], collected, spans, frozenset(rules.facts))


@dataclass(frozen=True)
class _BlockResult:
    """What is kept of a block: the ledger itself is dropped (kept whole it would fill memory)."""

    outcomes: dict[str, Array]
    parts: dict[str, dict[str, Array]]
    physical: dict[str, tuple[str, Array]]
    yearly: Mapping[str, npt.NDArray[np.int64]]  # whole øre, summed over the draws
    unpriced: tuple[UnpricedEffect, ...]
    facts: frozenset[str]
    levers: frozenset[str]
    effects: dict[str, dict[str, int]]  # whole øre, summed over the draws
    tax_ore: int


@dataclass(frozen=True)
class _Memory:
    """What the alternatives of one block share: facts, noise, and what the study keeps."""

    converted: dict[tuple[str, str], Array]
    kept: Kept
    noise: dict[tuple[str, tuple[int, ...]], Array] = field(default_factory=dict)


def _evaluated(
    setting: _Setting,
    jobs: Sequence[Job],
    spans: Sequence[tuple[int, int]],
    threads: int,
) -> Iterator[tuple[int, tuple[str, int], _BlockResult]]:
    def work(index: int) -> list[tuple[str, _BlockResult]]:
        return _one_block(setting, jobs, spans[index])

    done = 0
    for index, results in done_by_workers(work, len(spans), threads):
        for name, result in results:
            done += 1
            yield done, (name, spans[index][0]), result


def _one_block(
    setting: _Setting, jobs: Sequence[Job], span: tuple[int, int]
) -> list[tuple[str, _BlockResult]]:
    results: list[tuple[str, _BlockResult]] = []
    null: Ledger | None = None
    whole = span
    memory = _Memory({}, {})
    declared = setting.definition.combinations
    combined = declared.names if declared else {}
    for job in jobs:
        if span[0] >= job.draws:
            continue
        part = (span[0], min(span[1], job.draws))
        if part != whole:  # a sweep has fewer draws than the block: it needs its own baseline
            memory = _Memory({}, {})
            null, _ = _called(setting, jobs[0], part, memory)
            whole = part
        before = set(memory.kept)
        ledger, case = _called(setting, job, part, memory)
        if job.name in combined:  # nobody asks again for what a combination made
            for key in memory.kept.keys() - before:
                del memory.kept[key]
        null = ledger if null is None else null
        appraisal = appraise(ledger, null, setting.actors, setting.definition.axis, setting.rules)
        results.append((job.name, _reduced(ledger, appraisal, case, setting.rules)))
    return results


def _called(
    setting: _Setting, job: Job, span: tuple[int, int], memory: _Memory
) -> tuple[Ledger, Case]:
    start, stop = span

    def column(fact_id: str) -> Array:
        return setting.draws.fact(fact_id)[start:stop]

    def noise(purpose: str, *shape: int) -> Array:
        key = purpose, shape
        if key not in memory.noise:
            made = setting.draws.noise_rows(purpose, shape, start, stop)
            made.flags.writeable = False
            memory.noise[key] = made
        return memory.noise[key]

    d = setting.definition
    parameters = SampledParameters(
        setting.library, d.price_year, d.as_of, column, stop - start, setting.allowed,
        memory.converted,
    )  # fmt: skip
    case = Case(job.alternative, d, job.levers, parameters, noise, kept=memory.kept)
    ledger = setting.evaluate(case)
    if not isinstance(ledger, Ledger):
        raise InputError(
            Fault(f"study.py: alternative '{job.name}'", "evaluate must return a Ledger")
        )
    ledger.alternative = job.name
    ledger.check(setting.actors, case.n_draws, case.years.size, d.measured)
    return ledger, case


def _account_outcomes(appraisal: Appraisal, rules: Rules) -> dict[str, Array]:
    """The appraisal as outcomes; costs are positive, so that lower is better for all of them.

    A yearly cost is the equal yearly amount with the same present value.
    """
    factors = discount_factors(appraisal.years, rules.rates, appraisal.base_year)
    found = {
        "account_net_present_cost": appraisal.net_present_cost,
        "account_public_net_cost": -appraisal.public_budget_npv,
        "account_tax_financing_cost": appraisal.tax_financing_cost,
        "account_break_even_yearly_benefit": appraisal.break_even_yearly_benefit,
        **{
            f"account_net_{actor}": appraisal.actor_npv[actor]
            for actor in appraisal.actors.everyone
        },
        **{
            f"account_yearly_cost_{actor}": -level_amount(appraisal.actor_npv[actor], factors)
            for actor in appraisal.actors.residents
        },
    }
    # Whole øre: what is left of a difference that should be zero is rounding, not money.
    return {name: np.round(values, 2) + 0.0 for name, values in found.items()}


def _reduced(ledger: Ledger, appraisal: Appraisal, case: Case, rules: Rules) -> _BlockResult:
    return _BlockResult(
        {**ledger.measures, **_account_outcomes(appraisal, rules)},
        ledger.parts,
        {p.name: (p.unit, p.amount.mean(axis=1)) for p in ledger.physicals},
        appraisal.yearly_ore,
        tuple(ledger.unpriced_effects),
        frozenset(case.parameters.read),
        frozenset(case.used_levers),
        {
            effect: {actor: -_in_ore(worth) for actor, worth in value.actors.items()}
            for effect, value in appraisal.effect_npv.items()
        },
        _in_ore(appraisal.tax_financing_cost),
    )


def _in_ore(values: Array) -> int:
    """Whole øre summed over the draws, exact; a Python integer has no largest value."""
    return int(np.sum(np.rint(values * ORE).astype(np.int64)))


def _effects_of(blocks: Sequence[_BlockResult]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for block in blocks:
        for effect, actors in block.effects.items():
            known = found.setdefault(effect, {})
            for actor, ore in actors.items():
                known[actor] = known.get(actor, 0) + ore
    return found


def _joined(
    job: Job,
    collected: Mapping[tuple[str, int], _BlockResult],
    spans: Sequence[tuple[int, int]],
    always_read: frozenset[str],
) -> Run:
    blocks = [collected[job.name, a] for a, _ in spans if (job.name, a) in collected]
    first = blocks[0]
    yearly = {
        actor: np.sum([b.yearly[actor] for b in blocks], axis=0) / (ORE * job.draws)
        for actor in first.yearly
    }
    return Run(
        job,
        {name: np.concatenate([b.outcomes[name] for b in blocks]) for name in first.outcomes},
        {
            outcome: {
                part: np.concatenate([b.parts[outcome][part] for b in blocks]) for part in parts
            }
            for outcome, parts in first.parts.items()
        },
        {
            name: (unit, np.concatenate([b.physical[name][1] for b in blocks]))
            for name, (unit, _) in first.physical.items()
        },
        yearly,
        first.unpriced,
        always_read.union(*(b.facts for b in blocks)),
        frozenset().union(*(b.levers for b in blocks)),
        _effects_of(blocks),
        sum(b.tax_ore for b in blocks),
    )


def _check_use(definition: Definition, runs: Mapping[str, Run]) -> None:
    """What is declared and never read is a fault: the reader would believe that it matters."""
    faults = FaultCollector()
    facts = frozenset().union(*(run.facts for run in runs.values()))
    for name, uncertainty in definition.uncertainties.items():
        if uncertainty.fact in facts:
            continue
        faults.add(f"study.yaml: uncertainties.{name}", "is declared and never read by study.py")
    levers = frozenset().union(*(run.levers_read for run in runs.values()))
    target = definition.decision.target if definition.decision else None
    if target and target.level.lever:
        levers |= {target.level.lever}
    for name in sorted(definition.levers.keys() - levers):
        faults.add(f"study.yaml: levers.{name}", "is declared and never read by study.py")
    faults.raise_if_any()
