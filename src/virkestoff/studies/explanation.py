"""Why two alternatives differ in net present cost: parts by effect and by who bears it.

    cost(A) - cost(B) = sum over effects e and residents a of (c_A(e, a) - c_B(e, a))
                        + tax-financing cost of A less that of B

``c(e, a)`` is the present cost of effect e to resident a against the baseline, mean over the draws.
What one resident pays another stands twice, with opposite signs, and is nothing to society. All
parts are whole øre summed over the draws, so they add up exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from virkestoff.errors import Fault, FaultCollector, InputError, suggest

__all__ = ["Explanation", "Part", "explain"]

ORE = 100  # constant: øre in a krone


@dataclass(frozen=True)
class Part:
    """One effect's part of the difference, borne by one resident; NOK, positive is dearer."""

    effect: str
    actor: str
    nok: float


@dataclass(frozen=True)
class Explanation:
    """The difference in net present cost between two runs, A less B, NOK.

    Attributes
    ----------
    parts : the largest first; parts that are zero are left out
    tax_financing : the tax-financing cost of A less that of B
    difference : A less B; parts and tax-financing cost sum to it
    cost_a, cost_b : the two net present costs against the baseline
    """

    a: str
    b: str
    parts: tuple[Part, ...]
    tax_financing: float
    difference: float
    cost_a: float
    cost_b: float

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    def by_effect(self) -> dict[str, float]:
        """What every effect adds for all residents together, the largest first."""
        found: dict[str, float] = {}
        for part in self.parts:
            found[part.effect] = found.get(part.effect, 0.0) + part.nok
        return dict(sorted(found.items(), key=lambda item: (-abs(item[1]), item[0])))


def explain(results: Mapping[str, Any], a: str, b: str) -> Explanation:
    """The difference between alternatives or probes ``a`` and ``b`` of one run.

    Raises
    ------
    InputError
        if a name is unknown, both are the same, or the results were written without effects.
    """
    known = results.get("effects")
    if known is None:
        raise InputError(
            Fault(
                "results.json",
                "holds no effects: it was written by an earlier version",
                next_step="Run the study again",
            )
        )
    faults = FaultCollector()
    for name in dict.fromkeys((a, b)):
        if name not in known:
            step = suggest(name, known) or f"Use one of {', '.join(known)}"
            faults.add(f"'{name}'", "names no alternative of the study", next_step=step)
    if a == b:
        faults.add(f"'{a}'", "is compared with itself")
    faults.raise_if_any()
    one, other = known[a], known[b]
    scale = ORE * int(one["draws"])
    ore: dict[tuple[str, str], int] = {}
    for held, sign in ((one, 1), (other, -1)):
        for effect, actors in held["parts_ore"].items():
            for actor, amount in actors.items():
                ore[effect, actor] = ore.get((effect, actor), 0) + sign * int(amount)
    tax = int(one["tax_financing_ore"]) - int(other["tax_financing_ore"])
    order = sorted((key for key in ore if ore[key]), key=lambda key: (-abs(ore[key]), key))
    return Explanation(
        a,
        b,
        tuple(Part(*key, ore[key] / scale) for key in order),
        tax / scale,
        (sum(ore.values()) + tax) / scale,
        _cost(one) / scale,
        _cost(other) / scale,
    )


def _cost(held: Mapping[str, Any]) -> int:
    parts = sum(int(v) for actors in held["parts_ore"].values() for v in actors.values())
    return parts + int(held["tax_financing_ore"])
