"""When a cell gives away a company, and by how much it must be blurred.

Contributions to a cell in falling order are ``x1 >= x2 >= ...``, their sum ``X``, all as absolute
values. Contributors that are open to the public are subtracted first: they protect nobody. The
rules and the protection levels are those of the Handbook on Statistical Disclosure Control,
section 4.2 (sdcTools/HandbookSDC).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from virkestoff.errors import FaultCollector

__all__ = ["Loss", "Rules", "Sensitivity", "rules_from", "sensitivity"]

Loss = Literal["value", "count", "cells"]
Rule = Literal["frequency", "p_percent", "dominance", "zero", "given"]


@dataclass(frozen=True)
class Rules:
    """The rules that a published table keeps.

    Attributes
    ----------
    minimum_frequency : a cell with fewer contributors is sensitive
    p_share : a cell is sensitive if ``X - x1 - x2 < p/q x1``: the second largest contributor
        would come within p of the largest. A fraction; None: the rule is not used.
    q_share : how closely the small contributors are known beforehand (prior-posterior rule);
        1 is the plain p-percent rule
    dominance : pairs (n, k): a cell is sensitive if ``x1 + ... + xn > k X``
    frequency_range : protection level of a cell that only has too few contributors, share of X
    sliding : width ``max - min`` that a reader's interval must have, in protection levels; a
        width of up to two is met by the levels on both sides as they are
    has_sensitive_zeros : whether a cell that is zero must be hidden: for a count, an empty cell;
        for a sum, one whose contributors all have zero
    loss : what suppression costs: the ``value`` hidden, the ``count`` of contributors hidden, or
        the number of ``cells``
    facts : ids of the facts that were read, for citation

    Raises
    ------
    InputError
        with all parameters that are out of range.
    """

    minimum_frequency: int
    p_share: float | None
    frequency_range: float
    q_share: float = 1.0
    dominance: tuple[tuple[int, float], ...] = ()
    sliding: float = 0.0
    has_sensitive_zeros: bool = False
    loss: Loss = "value"
    facts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        faults = FaultCollector()
        if self.minimum_frequency < 1 or self.minimum_frequency != int(self.minimum_frequency):
            faults.add("minimum_frequency", f"{self.minimum_frequency} is no whole number from 1")
        if not 0.0 < self.q_share <= 1.0:
            faults.add("q_share", f"{self.q_share:g} is no fraction above 0 and at most 1")
        if self.p_share is not None and not 0.0 < self.p_share <= self.q_share:
            faults.add("p_share", f"{self.p_share:g} is not above 0 and at most q_share",
                       "a prior guess within q cannot be hidden further than q",
                       "Write 10 % as 0.10")  # fmt: skip
        if not 0.0 < self.frequency_range <= 1.0:
            faults.add("frequency_range", f"{self.frequency_range:g} is not above 0 and at most 1")
        for n, k in self.dominance:
            if n < 1 or not 0.0 < k < 1.0:
                faults.add(f"dominance ({n}, {k:g})", "needs n from 1 and k between 0 and 1")
        if not (math.isfinite(self.sliding) and self.sliding >= 0):
            faults.add("sliding", f"{self.sliding:g} is not zero or above")
        if self.loss not in ("value", "count", "cells"):
            faults.add("loss", f"'{self.loss}' is unknown", next_step="Use value, count or cells")
        faults.raise_if_any()

    @property
    def closeness(self) -> float:
        """How near an insider may come to another's amount, as a share of it: ``p / q``.

        Without a p-percent rule it is ``frequency_range``: an insider may then not come nearer
        than an outsider.
        """
        return self.frequency_range if self.p_share is None else self.p_share / self.q_share


class FactSource(Protocol):
    """What has facts by id, each with a ``central`` number: the evidence library."""

    def fact(self, fact_id: str, /) -> Any:
        """The fact of an id; raises if there is none."""


def rules_from(library: FactSource, *, with_dominance: bool = False) -> Rules:
    """The rules of ``library/disclosure/rules.yaml``.

    Parameters
    ----------
    library : `virkestoff.evidence.Library`, or anything with ``fact(id).central``
    with_dominance : also use the (n, k) rule; the Handbook advises the p-percent rule alone

    Raises
    ------
    MissingFact
        if the library lacks one of the facts.
    """
    names = ["minimum_frequency", "p_share", "q_share", "frequency_range"]
    if with_dominance:
        names += ["dominance_n", "dominance_k"]
    ids = [f"disclosure.{name}" for name in names]
    number = {name: float(library.fact(i).central) for name, i in zip(names, ids, strict=True)}
    pairs = ((int(number["dominance_n"]), number["dominance_k"]),) if with_dominance else ()
    return Rules(
        minimum_frequency=int(number["minimum_frequency"]),
        p_share=number["p_share"],
        q_share=number["q_share"],
        frequency_range=number["frequency_range"],
        dominance=pairs,
        facts=tuple(ids),
    )


@dataclass(frozen=True)
class Sensitivity:
    """Why a cell must be hidden.

    Attributes
    ----------
    level : how far the reader's bounds must stay from the true value
    rules : the rules that it breaks
    attacker : the contributor that could come closest to another; empty: an outsider
    target : the contributor that would be given away
    """

    level: float
    rules: tuple[Rule, ...]
    attacker: str = ""
    target: str = ""


def ranked(amounts: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """Contributors with absolute amounts, largest first, equals by name."""
    return sorted(((who, abs(x)) for who, x in amounts), key=lambda item: (-item[1], item[0]))


def sensitivity(
    amounts: Iterable[tuple[str, float]], rules: Rules, smallest: float = 0.0
) -> Sensitivity | None:
    """Whether a sum gives away a contributor.

    Parameters
    ----------
    amounts : (contributor, amount) of those that are not open to the public, each once
    rules : the rules
    smallest : scale of the protection level of a sum of zeros, where zeros are sensitive

    Returns
    -------
    None if the sum is safe. Else its level, the largest of

    - p-percent: ``p/q x1 - (X - x1 - x2)``
    - dominance: ``(x1 + ... + xn) / k - X``
    - frequency: ``frequency_range X``

    Examples
    --------
    >>> rules = Rules(minimum_frequency=3, p_share=0.1, frequency_range=0.1)
    >>> sensitivity([("a", 52_000.0), ("b", 50_000.0), ("c", 8_000.0)], rules) is None
    True
    >>> sensitivity([("a", 52_000.0), ("b", 50_000.0), ("c", 200.0)], rules).level
    5000.0
    """
    order = ranked(amounts)
    if not order:
        return None
    x = [amount for _, amount in order]
    total = math.fsum(x)
    target, attacker = order[0][0], order[1][0] if len(order) > 1 else ""
    if total == 0.0:
        if not rules.has_sensitive_zeros:
            return None
        return Sensitivity(rules.frequency_range * smallest, ("zero",), "", target)
    broken: list[Rule] = []
    levels: list[float] = []
    if len(x) < rules.minimum_frequency:
        broken.append("frequency")
        levels.append(rules.frequency_range * total)
    if rules.p_share is not None:
        need = rules.closeness * x[0] - math.fsum(x[2:])
        if need > 0:
            broken.append("p_percent")
            levels.append(need)
    for n, k in rules.dominance:
        largest = math.fsum(x[:n])
        if largest > k * total:
            broken.append("dominance")
            levels.append(largest / k - total)
    if not broken:
        return None
    return Sensitivity(max(levels), tuple(dict.fromkeys(broken)), attacker, target)
