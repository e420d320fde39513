"""What a reform does to a population: who gains, who loses, what it may cost.

Rows are counted by their status before and after. A gain that is sure goes from not eligible, or
from a scheme that is not there, to eligible; a gain that is possible ends in a status that is
open. The cost of a scheme lies between nothing, if nobody applies, and what everybody who may be
eligible would get once, each with the most that the rules allow; without a ceiling there is no
upper bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from virkestoff.instruments.coverage import ceiling_of
from virkestoff.instruments.coverage_population import as_if_open
from virkestoff.instruments.engine import Engine
from virkestoff.instruments.population_run import check_frame, run_population, statuses
from virkestoff.instruments.reform import Reform
from virkestoff.money import Indices

__all__ = ["Cost", "SchemeEffect", "population_effects"]

OPEN = ("needs_person", "undecided", "rule_not_known")
_ABSENT = "closed"


@dataclass(frozen=True)
class Cost:
    """What a scheme may cost over the population.

    Attributes
    ----------
    n_sure, n_possible : rows that are eligible, and that are or may be
    known_nok : sum of the amounts that are known, over rows that are eligible; whole NOK
    n_known : how many those are
    high_nok : everybody who may be eligible, once, with the most; ``None`` has no bound
    """

    n_sure: int
    n_possible: int
    known_nok: int
    n_known: int
    high_nok: float | None


@dataclass(frozen=True)
class SchemeEffect:
    """A scheme before and after.

    Attributes
    ----------
    moves : (status before, status after) -> rows; ``closed`` stands for a scheme that is not there
    """

    scheme: str
    moves: Mapping[tuple[str, str], int]
    before: Cost
    after: Cost

    def _moved(self, sources: tuple[str, ...], targets: tuple[str, ...]) -> int:
        return sum(n for (a, b), n in self.moves.items() if a in sources and b in targets)

    @property
    def n_gain(self) -> int:
        """Rows that surely gain: not eligible before, eligible after."""
        return self._moved(("not_eligible", _ABSENT), ("eligible",))

    @property
    def n_gain_possible(self) -> int:
        """Rows that may gain: not surely eligible before, and eligible or open after."""
        changed = self._moved(("not_eligible", _ABSENT), ("eligible", *OPEN))
        return changed + self._moved(OPEN, ("eligible",))

    @property
    def n_loss(self) -> int:
        """Rows that surely lose: eligible before, not eligible after."""
        return self._moved(("eligible",), ("not_eligible", _ABSENT))

    @property
    def n_loss_possible(self) -> int:
        """Rows that may lose: eligible or open before, and not surely eligible after."""
        changed = self._moved(("eligible", *OPEN), ("not_eligible", _ABSENT))
        return changed + self._moved(("eligible",), OPEN)


def population_effects(
    reform: Reform, frame: pl.DataFrame, on: date, indices: Indices
) -> tuple[SchemeEffect, ...]:
    """The effect of a reform at every scheme that it touches; openings are left aside.

    Parameters
    ----------
    frame : a row a company, a column a fact of the vocabulary; null is unknown
    """
    engines = [as_if_open(engine) for engine in reform.engines(on)]
    sound = [check_frame(engine, _own(frame, engine)) for engine in engines]
    found = [statuses(e, s, is_checked=True) for e, s in zip(engines, sound, strict=True)]
    runs = [run_population(e, s, is_checked=True) for e, s in zip(engines, sound, strict=True)]
    effects = []
    for key in reform.touched:
        columns = [
            f[key].cast(pl.String).to_list() if key in f.columns else [_ABSENT] * frame.height
            for f in found
        ]
        moves: dict[tuple[str, str], int] = {}
        for pair in zip(*columns, strict=True):
            moves[pair] = moves.get(pair, 0) + 1
        costs = []
        for engine, run, column in zip(engines, runs, columns, strict=True):
            n_sure = column.count("eligible")
            n_possible = n_sure + sum(column.count(status) for status in OPEN)
            limit = ceiling_of(engine, key, indices).value if key in engine.schemes else 0.0
            high = 0.0 if not n_possible else None if limit is None else n_possible * limit
            costs.append(Cost(n_sure, n_possible, run.amount_nok.get(key, 0),
                              run.n_amounts.get(key, 0), high))  # fmt: skip
        effects.append(SchemeEffect(key, moves, *costs))
    return tuple(effects)


def _own(frame: pl.DataFrame, engine: Engine) -> pl.DataFrame:
    """Without columns of facts that only the other side of the reform knows."""
    return frame.select([c for c in frame.columns if c in engine.vocabulary.terms]
                        ) if frame.width else frame  # fmt: skip
