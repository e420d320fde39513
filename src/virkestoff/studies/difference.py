"""What changed between two runs of one study: inputs, outcomes beyond noise, the recommendation.

An outcome moved beyond noise if its means differ by more than ``z sqrt(se_a^2 + se_b^2)``, where z
is the level that the largest of all differences that are only noise stays under nineteen times in
twenty. With equal seed and number of draws both runs met the same draws: then any difference comes
from the inputs, and the test, which takes the runs as drawn apart, is on the strict side.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from scipy.special import ndtri

from virkestoff.errors import Fault, InputError

__all__ = ["difference"]

CHANCE = 0.05  # constant: chance that any of the outcomes that did not move passes
NET_COST = "account_net_present_cost"
SAME = 1e-8  # relative; results are rounded to nine digits
CHOICES = ("as_of", "price_year", "years", "baseline")


def difference(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, Any]:
    """From results ``a`` to results ``b``.

    Raises
    ------
    InputError
        if they are of different studies, or were written without the facts that were used.
    """
    if a["study"] != b["study"]:
        raise InputError(
            Fault(
                "results",
                f"are of two studies, '{a['study']}' and '{b['study']}'",
                next_step="Compare two runs of one study",
            )
        )
    for name, results in (("first", a), ("second", b)):
        if "facts_used" not in results or "levers" not in results:
            raise InputError(
                Fault(
                    f"the {name} results",
                    "do not hold the facts that were used: they are of an earlier version",
                    next_step="Run the study again",
                )
            )
    is_common = (a["seed"], a["draws"]) == (b["seed"], b["draws"])
    moved = _outcomes(a, b)
    return {
        "study": a["study"],
        "origin": {
            key: {"before": a[key], "after": b[key], "changed": a[key] != b[key]}
            for key in ("engine", "library", "seed", "draws")
        },
        "common_draws": is_common,
        "facts": _facts(a["facts_used"], b["facts_used"]),
        "definition": {
            key: {"before": a[key], "after": b[key]} for key in CHOICES if a[key] != b[key]
        },
        "levers": list(_levers(a["levers"], b["levers"])),
        "runs": {
            "added": sorted(b["levers"].keys() - a["levers"].keys()),
            "removed": sorted(a["levers"].keys() - b["levers"].keys()),
        },
        "outcomes": moved,
        "n_compared": sum(1 for _ in _pairs(a, b)),
        "ranking": _ranking(a, b),
        "recommendation": _recommendation(a, b),
    }


def _facts(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "changed": [
            {
                "fact": name,
                "keys": sorted(
                    k for k in a[name].keys() | b[name].keys() if a[name].get(k) != b[name].get(k)
                ),
                "before": a[name],
                "after": b[name],
            }
            for name in sorted(a.keys() & b.keys())
            if a[name] != b[name]
        ],
        "added": sorted(b.keys() - a.keys()),
        "removed": sorted(a.keys() - b.keys()),
    }


def _levers(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for run in (name for name in a if name in b):
        for lever in sorted(a[run].keys() | b[run].keys()):
            before, after = a[run].get(lever), b[run].get(lever)
            if before != after:
                yield {"run": run, "lever": lever, "before": before, "after": after}


def _pairs(
    a: Mapping[str, Any], b: Mapping[str, Any]
) -> Iterator[tuple[str, str, Mapping[str, Any], Mapping[str, Any]]]:
    for kind in ("alternatives", "probes"):
        for run in (name for name in a[kind] if name in b[kind]):
            for outcome in (o for o in a[kind][run] if o in b[kind][run]):
                yield run, outcome, a[kind][run][outcome], b[kind][run][outcome]


def _outcomes(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The outcomes whose mean changed, those beyond noise first."""
    pairs = list(_pairs(a, b))
    z = float(ndtri(1 - CHANCE / (2 * max(1, len(pairs)))))
    found = []
    for run, outcome, before, after in pairs:
        change = after["mean"] - before["mean"]
        if abs(change) <= SAME * max(abs(after["mean"]), abs(before["mean"])):
            continue
        se = math.hypot(before.get("se", 0.0), after.get("se", 0.0))
        found.append(
            {
                "run": run,
                "outcome": outcome,
                "unit": after["unit"],
                "before": before["mean"],
                "after": after["mean"],
                "change": change,
                "se": se,
                "beyond_noise": before["unit"] != after["unit"] or abs(change) > z * se,
            }
        )
    return sorted(
        found,
        key=lambda o: (not o["beyond_noise"], -abs(o["change"]) / (o["se"] or math.inf)),
    )


def _order(results: Mapping[str, Any]) -> list[str]:
    """Alternatives from best to worst by the decision outcome, else by net present cost."""
    held = results.get("decision")
    if held:
        return sorted(held["expected"], key=lambda name: held["expected"][name]["behind"])
    costs = {
        name: outcomes[NET_COST]["mean"]
        for name, outcomes in results["alternatives"].items()
        if NET_COST in outcomes
    }
    return sorted(costs, key=lambda name: costs[name])


def _ranking(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, Any]:
    before, after = _order(a), _order(b)
    return {"before": before, "after": after, "changed": before != after}


def _recommendation(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, results in (("before", a), ("after", b)):
        held = results.get("decision") or {}
        advised = held.get("recommendation")
        found[key] = {
            "alternative": advised["alternative"] if advised else None,
            "contradicts": advised["contradicts"] if advised else None,
            "picks": held.get("picks", {}),
        }
    is_other = found["before"]["alternative"] != found["after"]["alternative"]
    return {
        **found,
        "changed": is_other,
        "picks_changed": found["before"]["picks"] != found["after"]["picks"],
    }
