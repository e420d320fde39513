"""The rules side by side: who pays what under each, and who would object."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from virkestoff.costsharing.game import Array, Coalition, CostGame
from virkestoff.costsharing.nucleolus import nucleolus, prenucleolus
from virkestoff.costsharing.properties import closeness
from virkestoff.costsharing.rules import equal, proportional, separable_cost
from virkestoff.costsharing.shapley import shapley
from virkestoff.costsharing.stability import (
    Departure,
    cost_of_stability,
    departures,
    excesses,
    least_core,
)
from virkestoff.errors import FaultCollector, suggest
from virkestoff.language import Text

__all__ = ["RULES", "RULE_NAMES", "Split", "SplitRow", "split"]

RULES: Mapping[str, Callable[[CostGame], Array]] = MappingProxyType(
    {
        "equal": equal,
        "proportional": proportional,
        "separable_cost": separable_cost,
        "shapley": shapley,
        "nucleolus": nucleolus,
        "prenucleolus": prenucleolus,
    }
)
RULE_NAMES: Mapping[str, Text] = MappingProxyType(
    {
        "equal": Text(nb="Likt", en="Equal"),
        "proportional": Text(nb="Etter kostnaden alene", en="In proportion to the cost alone"),
        "separable_cost": Text(
            nb="Særkostnad og gjenværende nytte", en="Separable cost, remaining benefit"
        ),
        "shapley": Text(nb="Shapley-verdi", en="Shapley value"),
        "nucleolus": Text(nb="Nukleolus", en="Nucleolus"),
        "prenucleolus": Text(nb="Prenukleolus", en="Prenucleolus"),
    }
)
_SHOWN = ("equal", "proportional", "separable_cost", "shapley", "nucleolus")


@dataclass(frozen=True, eq=False)
class SplitRow:
    """One rule.

    Attributes
    ----------
    rule : a key of ``RULES``
    cost : player -> NOK, shape (n_draws,); NaN where the rule is not defined
    is_defined : whether the rule is defined in every draw; if not, the fields below are empty
    is_in_core : whether no coalition objects in expected costs
    core_share : the share of draws in which no coalition objects
    largest_objection : the loudest objection in expected costs, NOK; zero or less if in the core
    objector : whose it is
    departures : who would leave, with whom and at what price
    """

    rule: str
    cost: Mapping[str, Array]
    is_defined: bool
    is_in_core: bool
    core_share: float
    largest_objection: float
    objector: Coalition
    departures: tuple[Departure, ...]

    @property
    def mean(self) -> dict[str, float]:
        """Expected cost of each player, NOK."""
        return {player: float(amount.mean()) for player, amount in self.cost.items()}


@dataclass(frozen=True, eq=False)
class Split:
    """The table: rule -> player -> cost, with what can be said of the game in expected costs.

    Attributes
    ----------
    players : in the order of the game
    alone : player -> cost without the others, NOK, shape (n_draws,)
    total : cost of all together, NOK, shape (n_draws,)
    rows : one for each rule, in the order asked for
    has_core : whether some split leaves nobody a reason to object
    epsilon : the loudest objection of the best split, NOK (least core)
    subsidy : what somebody outside must pay so that nobody leaves, NOK; zero if there is a core
    """

    players: tuple[str, ...]
    alone: Mapping[str, Array]
    total: Array
    rows: tuple[SplitRow, ...]
    has_core: bool
    epsilon: float
    subsidy: float

    def row(self, rule: str) -> SplitRow:
        """The row of a rule."""
        faults = FaultCollector()
        known = {row.rule: row for row in self.rows}
        if rule not in known:
            faults.add(f"rule '{rule}'", "is not in the table", next_step=suggest(rule, known))
        faults.raise_if_any()
        return known[rule]


def split(game: CostGame, rules: Sequence[str] = _SHOWN) -> Split:
    """The table of a game.

    Every rule is applied in every draw. Objections, departures, the least core and the subsidy
    are those of expected costs, since who joins decides before the draw is known. Linear programs
    are solved in every draw for the nucleolus; for many draws pass ``game.mean()``.

    Raises
    ------
    InputError
        for unknown rules, all at once; for the nucleolus of a game in which all together cost
        more than all apart.
    """
    faults = FaultCollector()
    for rule in rules:
        if rule not in RULES:
            faults.add(f"rule '{rule}'", "is not known", next_step=suggest(rule, RULES))
    faults.raise_if_any()
    expected = game.mean()
    least = least_core(expected)
    return Split(
        players=game.players,
        alone=_by_player(game, game.alone),
        total=game.total,
        rows=tuple(_row(game, rule) for rule in rules),
        has_core=bool(least.has_core[0]),
        epsilon=float(least.epsilon[0]),
        subsidy=float(cost_of_stability(expected).subsidy[0]),
    )


def _row(game: CostGame, rule: str) -> SplitRow:
    shares = RULES[rule](game)
    cost = _by_player(game, shares)
    if not np.isfinite(shares).all():
        nan = float("nan")
        return SplitRow(rule, cost, False, False, nan, nan, frozenset(), ())
    in_draws = excesses(game, shares)
    proper = slice(1, -1) if game.n_players > 1 else slice(-1, None)
    expected = in_draws.mean(axis=0)[proper]
    loudest = int(expected.argmax()) + 1
    return SplitRow(
        rule=rule,
        cost=cost,
        is_defined=True,
        is_in_core=bool(expected.max() <= closeness(game.mean())[0]),
        core_share=float((in_draws.max(axis=1) <= closeness(game)).mean()),
        largest_objection=float(expected.max()),
        objector=game.coalition(loudest),
        departures=departures(game, shares),
    )


def _by_player(game: CostGame, amounts: Array) -> Mapping[str, Array]:
    columns = {p: np.ascontiguousarray(amounts[:, k]) for k, p in enumerate(game.players)}
    for column in columns.values():
        column.flags.writeable = False
    return MappingProxyType(columns)
