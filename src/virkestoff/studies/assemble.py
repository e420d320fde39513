"""From a run to the results that are written: outcomes, accounts, rankings, facts, origin."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

import virkestoff
from virkestoff.evidence import Library
from virkestoff.financing import worst_decile
from virkestoff.studies.combinations import COMBINATION_DRAWS, combinations_of
from virkestoff.studies.deciding import decided
from virkestoff.studies.decision_block import unit_of_outcome
from virkestoff.studies.definition import Definition
from virkestoff.studies.results import Summary, ratio_of_means, summarise
from virkestoff.studies.run import Run, RunResult
from virkestoff.studies.sensitivity import Order, orders_of, rank

__all__ = ["assemble", "facts_shown", "unit_of"]

SCHEMA = 1
LONGEST_RANKING = 12


def unit_of(definition: Definition, outcome: str) -> str:
    """The unit of an outcome of the study or of the engine."""
    return unit_of_outcome(definition.outcomes, outcome)


def assemble(result: RunResult) -> dict[str, Any]:
    """Everything that results.json holds; floats are rounded when it is written."""
    d = result.definition
    alternatives = {name: _outcomes(d, result.runs[name]) for name in d.alternatives}
    orders: dict[str, Order] = {}
    whole = (*d.alternatives, *d.probes)
    return {
        "schema": SCHEMA,
        "engine": virkestoff.__version__,
        "study": d.study,
        "title": d.title.model_dump(),
        "as_of": d.as_of.isoformat(),
        "price_year": d.price_year,
        "years": list(d.years),
        "baseline": d.baseline,
        "seed": result.seed,
        "draws": result.n_draws,
        "library": result.library.digest,
        "alternatives": alternatives,
        "probes": {name: _outcomes(d, result.runs[name]) for name in d.probes},
        "sweeps": {name: _sweep(result, name) for name in d.sweeps},
        **_combinations(result),
        "parts": {name: _parts(result.runs[name]) for name in whole},
        "physical": {name: _physical(result.runs[name]) for name in d.alternatives},
        "yearly": {
            name: {actor: list(values) for actor, values in result.runs[name].yearly.items()}
            for name in d.alternatives
        },
        "worst_decile": {name: _worst(d, result.runs[name]) for name in d.alternatives},
        "unpriced": {name: _unpriced(d, result.runs[name]) for name in d.alternatives},
        "rankings": [_ranking(result, run, outcome, orders) for run, outcome in d.rankings],
        "facts": {name: sorted(result.runs[name].facts) for name in whole},
        "levers": {name: dict(result.runs[name].job.levers) for name in whole},
        "effects": {name: _effects(result.runs[name]) for name in whole},
        "facts_used": _facts_used(result),
        "marks": list(result.marks),
        **decided(result),
    }


def _combinations(result: RunResult) -> dict[str, Any]:
    """Alternatives and combinations side by side on the draws of the combinations."""
    d = result.definition
    if d.combinations is None:
        return {}
    found = {name: run.outcomes for name, run in result.runs.items()}
    units = {outcome: unit_of(d, outcome) for outcome in d.combinations.outcomes}
    draws = min(result.n_draws, COMBINATION_DRAWS)
    return combinations_of(d.combinations, d.alternatives, found, d.outcomes, units, draws)


def _worst(d: Definition, run: Run) -> dict[str, float]:
    """Each resident's mean present value over the tenth of the draws that is worst for it."""
    return {
        actor: worst_decile(run.outcomes[f"account_net_{actor}"])
        for actor in (*d.actors.public, *d.actors.private)
    }


def _effects(run: Run) -> dict[str, Any]:
    """Present costs to society by effect and resident, whole øre summed over the draws.

    Whole numbers, so that parts sum to the net present cost without rounding.
    """
    return {
        "draws": run.job.draws,
        "parts_ore": {
            effect: {actor: ore for actor, ore in actors.items() if ore}
            for effect, actors in run.effects.items()
            if any(actors.values())
        },
        "tax_financing_ore": run.tax_ore,
    }


def _facts_used(result: RunResult) -> dict[str, Any]:
    """The numbers of every fact that was read, so that two runs can be told apart by them."""
    found: dict[str, Any] = {}
    for name in sorted(result.facts):
        fact = result.library.fact(name)
        found[name] = {
            "numbers": list(fact.numbers),
            "unit": fact.unit,
            "price_year": fact.price_year,
            "confidence": fact.confidence,
            "source": fact.source,
        }
        if fact.numbers:
            found[name]["distribution"] = fact.shape
        if fact.series:
            found[name]["series"] = {str(year): v for year, v in sorted(fact.series.items())}
    return found


def _outcomes(d: Definition, run: Run) -> dict[str, Any]:
    """Summaries by outcome; one that is defined in no draw does not apply and is left out."""
    names = [*d.outcomes, *sorted(run.outcomes.keys() - d.outcomes.keys())]
    found = {name: summary.as_dict() for name in names if (summary := _summary(d, run, name))}
    return {name: found[name] for name in sorted(found, key=lambda n: (n not in d.outcomes, n))}


def _summary(d: Definition, run: Run, name: str) -> Summary | None:
    declared = d.outcomes.get(name)
    if declared is None or declared.ratio is None:
        return summarise(run.outcomes[name], unit_of(d, name))
    above, below = (run.outcomes[part] for part in declared.ratio)
    return ratio_of_means(above, below, declared.unit)


def _parts(run: Run) -> dict[str, dict[str, dict[str, float]]]:
    """Mean and spread of every part; outcomes with a part that is not defined are left out."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for outcome, parts in run.parts.items():
        if all(np.isfinite(values).all() for values in parts.values()):
            found[outcome] = {part: _spread(values) for part, values in parts.items()}
    return found


def _spread(values: npt.NDArray[np.float64]) -> dict[str, float]:
    low, mid, high = np.quantile(values, [0.1, 0.5, 0.9])
    return {
        "mean": float(values.mean()),
        "p10": float(low),
        "p50": float(mid),
        "p90": float(high),
    }


def _physical(run: Run) -> dict[str, Any]:
    found = {}
    for name, (unit, values) in run.physical.items():
        summary = summarise(values, unit)
        if summary is not None:
            found[name] = summary.as_dict()
    return found


def _unpriced(d: Definition, run: Run) -> list[dict[str, Any]]:
    """What the study judges, and what the model recorded."""
    judged = [
        {
            "name": effect.name.model_dump(),
            "importance": effect.importance,
            "extent": effect.extents[run.job.name],
            "reason": effect.reason.model_dump(),
        }
        for effect in d.unpriced
        if run.job.name in effect.extents
    ]
    return judged + [
        {
            "name": effect.name.model_dump(),
            "importance": effect.importance,
            "extent": effect.extent,
            "reason": effect.reason.model_dump(),
        }
        for effect in run.unpriced
    ]


def _sweep(result: RunResult, name: str) -> dict[str, Any]:
    d, sweep = result.definition, result.definition.sweeps[name]
    points = []
    for value in sweep.values:
        run = result.runs[f"{name}:{value:g}"]
        points.append({"value": value, "outcomes": _outcomes(d, run)})
    unit = d.levers[sweep.lever].unit
    return {"lever": sweep.lever, "unit": unit, "alternative": sweep.alternative, "points": points}


def _ranking(
    result: RunResult, run_name: str, outcome: str, orders: dict[str, Order]
) -> dict[str, Any]:
    run = result.runs[run_name]
    names = result.draws.uncertain_facts(set(run.facts))
    columns = {name: result.draws.fact(name) for name in names}
    orders.update(orders_of({n: c for n, c in columns.items() if n not in orders}))
    influences = rank(columns, run.outcomes[outcome], orders)
    return {
        "run": run_name,
        "outcome": outcome,
        "mean": float(np.nanmean(run.outcomes[outcome])) if influences else 0.0,
        "n_facts": len(names),
        "first_order_sum": sum(i.first_order for i in influences),
        "positions": {
            name: 1 + [i.fact for i in influences].index(u.fact)
            for name, u in result.definition.uncertainties.items()
            if u.fact in names and influences
        },
        "influences": [
            {
                "fact": i.fact,
                "first_order": i.first_order,
                "direction": i.direction,
                "at_low": i.at_low,
                "at_high": i.at_high,
            }
            for i in influences[:LONGEST_RANKING]
        ],
    }


def facts_shown(library: Library, results: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The facts that the alternatives read, with origin, for the annex of the report."""
    read = sorted({fact for facts in results["facts"].values() for fact in facts})
    shown = []
    for fact_id in read:
        fact = library.fact(fact_id)
        shown.append(
            {
                "id": fact_id,
                "name": fact.name,
                "numbers": fact.numbers,
                "unit": fact.unit,
                "price_year": fact.price_year,
                "confidence": fact.confidence,
                "how": fact.how,
                "grade": fact.grade,
                "source": library.source(fact.source),
                "source_id": fact.source,
                "place": fact.place,
            }
        )
    return shown
