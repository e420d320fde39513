"""A cost game: what every coalition of countries would pay for its own protection.

``c(S)`` is the cost at which the members of S reach the same protection without the others, NOK as
present value at real prices. ``c`` of nobody is zero. A coalition is a set of names at the public
face and a bitmask inside: player k is bit k, so the costs of one draw are one row of ``2^n``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from virkestoff.errors import FaultCollector, suggest

__all__ = [
    "MAX_PLAYERS",
    "Array",
    "Coalition",
    "CostFunction",
    "CostGame",
    "Costs",
    "cost_game",
    "membership",
]

Array = npt.NDArray[np.float64]
Coalition = frozenset[str]
CostFunction = Callable[[Coalition], float | Array]
Costs = Mapping[Coalition, float | Array] | Mapping[int, float | Array] | CostFunction

# constant: a table of 2^12 coalitions is the size up to which every result here is exact
MAX_PLAYERS = 12
_LISTED = 20


def membership(n_players: int) -> Array:
    """One where player k is in coalition S, else zero, shape (2^n_players, n_players)."""
    masks = np.arange(2**n_players)[:, None]
    return np.asarray((masks >> np.arange(n_players)) & 1, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class CostGame:
    """The cost of every coalition in every draw.

    Attributes
    ----------
    players : names, each once; at most ``MAX_PLAYERS``
    costs : NOK, shape (n_draws, 2^n_players); column ``mask`` is the coalition whose members are
        the set bits, column 0 is nobody and costs nothing. Read-only. Costs may be negative: a
        game of gains v is the cost game ``c = -v``.

    Raises
    ------
    InputError
        with all faults of names, shape and values at once.
    """

    players: tuple[str, ...]
    costs: Array

    def __post_init__(self) -> None:
        faults = FaultCollector()
        check_players(self.players, faults)
        faults.raise_if_any()
        costs = np.atleast_2d(np.array(self.costs, dtype=np.float64))
        wanted = 2 ** len(self.players)
        if costs.ndim != 2 or costs.shape[1] != wanted or costs.shape[0] == 0:
            faults.add("costs", f"shape {costs.shape} is not (n_draws, {wanted})")
            faults.raise_if_any()
        object.__setattr__(self, "costs", costs)
        for mask in np.flatnonzero(~np.isfinite(costs).all(axis=0)):
            faults.add(f"cost of {self.name(int(mask))}", "is not a finite number in every draw")
        if np.any(costs[:, 0] != 0.0):
            faults.add("cost of nobody", "is not zero", "a coalition without members buys nothing")
        faults.raise_if_any()
        costs.flags.writeable = False

    @property
    def n_players(self) -> int:
        """How many players there are."""
        return len(self.players)

    @property
    def n_draws(self) -> int:
        """How many draws there are."""
        return int(self.costs.shape[0])

    @property
    def total(self) -> Array:
        """The cost of all together, ``c(N)``, NOK, shape (n_draws,)."""
        return self.costs[:, -1]

    @property
    def alone(self) -> Array:
        """What each player pays alone, NOK, shape (n_draws, n_players)."""
        return self.costs[:, [1 << k for k in range(self.n_players)]]

    @property
    def separable(self) -> Array:
        """What each player adds to the others, ``c(N) - c(N without i)``, (n_draws, n_players)."""
        without = [self.costs.shape[1] - 1 - (1 << k) for k in range(self.n_players)]
        return np.asarray(self.total[:, None] - self.costs[:, without])

    def coalition(self, mask: int) -> Coalition:
        """The members of a bitmask."""
        return frozenset(p for k, p in enumerate(self.players) if mask >> k & 1)

    def mask(self, members: Iterable[str]) -> int:
        """The bitmask of some members."""
        faults = FaultCollector()
        mask = _mask_of(members, self.players, "coalition", faults)
        faults.raise_if_any()
        return mask

    def cost(self, members: Iterable[str]) -> Array:
        """The cost of a coalition, NOK, shape (n_draws,)."""
        return self.costs[:, self.mask(members)]

    def name(self, mask: int) -> str:
        """The members in the order of the players, for messages and tables."""
        return named(self.players, mask)

    def mean(self) -> CostGame:
        """The game of expected costs, one draw: what an agreement made beforehand rests on."""
        return CostGame(self.players, self.costs.mean(axis=0, keepdims=True))


def cost_game(players: Sequence[str], costs: Costs) -> CostGame:
    """The game of some players, from a table or a function of coalitions.

    Parameters
    ----------
    players : names
    costs : a mapping from coalition (frozenset of names, or bitmask with player k as bit k) to NOK,
        or a function that is called once with each coalition that is not empty. A cost is a number
        or an array of shape (n_draws,).

    Raises
    ------
    InputError
        with all faults at once: a coalition without a cost, a player in no coalition, an unknown
        member, a cost that is not finite, draws that differ in number.

    Examples
    --------
    >>> game = cost_game(["a", "b"], {0b01: 6.0, 0b10: 4.0, 0b11: 8.0})
    >>> float(game.cost(["a", "b"])[0])
    8.0
    """
    names = tuple(players)
    faults = FaultCollector()
    check_players(players, faults)
    faults.raise_if_any()
    found: dict[int, Array] = {}
    entries = _called(names, costs) if callable(costs) else _read(names, costs, faults)
    for mask, value in entries:
        if mask in found:
            faults.add(f"cost of {named(names, mask)}", "is given twice")
        elif (cost := _checked(f"cost of {named(names, mask)}", value, faults)) is not None:
            found[mask] = cost
        else:
            found[mask] = np.zeros(1)  # its fault is noted; it is not missing
    _note_missing(names, found, faults)
    sizes = {value.size for value in found.values()} - {1}
    if len(sizes) > 1:
        faults.add("costs", f"coalitions differ in their number of draws: {sorted(sizes)}")
    faults.raise_if_any()
    table = np.zeros((max(sizes, default=1), 2 ** len(names)))
    for mask, value in found.items():
        table[:, mask] = value
    return CostGame(names, table)


def named(players: Sequence[str], mask: int) -> str:
    """The members of a bitmask in words."""
    return " + ".join(p for k, p in enumerate(players) if mask >> k & 1) or "nobody"


def check_players(players: Sequence[str], faults: FaultCollector, limit: int = MAX_PLAYERS) -> None:
    """Note what is wrong with the list of players."""
    if isinstance(players, str) or not all(isinstance(p, str) and p for p in players):
        faults.add("players", f"{players!r} is not a list of names")
        return
    if not players:
        faults.add("players", "there is none", next_step="Name at least one")
    for name in sorted({p for p in players if list(players).count(p) > 1}):
        faults.add("players", f"'{name}' stands there twice")
    if len(players) > limit:
        faults.add(
            "players",
            f"{len(players)} are more than {limit}",
            f"a table would need the cost of 2^{len(players)} coalitions",
            "Join countries into groups, or estimate with shapley_sampled",
        )


def _called(
    players: tuple[str, ...], function: CostFunction
) -> Iterator[tuple[int, float | Array | None]]:
    """The value of the function for each coalition; a lookup that fails is a missing cost."""
    for mask in range(1, 2 ** len(players)):
        members = frozenset(p for k, p in enumerate(players) if mask >> k & 1)
        try:
            value = function(members)
        except LookupError:
            continue
        yield mask, value


def _read(
    players: tuple[str, ...],
    costs: Mapping[Coalition, float | Array] | Mapping[int, float | Array],
    faults: FaultCollector,
) -> Iterator[tuple[int, float | Array | None]]:
    """The entries of a table by bitmask; keys that name no coalition are noted."""
    for key, value in costs.items():
        if isinstance(key, frozenset):
            before = len(faults.faults)
            mask = _mask_of(key, players, f"coalition {sorted(map(str, key))}", faults)
            if len(faults.faults) > before:
                continue
        elif isinstance(key, int) and not isinstance(key, bool) and 0 <= key < 2 ** len(players):
            mask = key
        else:
            faults.add(
                f"coalition {key!r}",
                f"is neither a frozenset of names nor a bitmask below {2 ** len(players)}",
            )
            continue
        yield mask, value


def _mask_of(
    members: Iterable[str], players: tuple[str, ...], where: str, faults: FaultCollector
) -> int:
    mask = 0
    for member in members:
        if member in players:
            mask |= 1 << players.index(member)
        else:
            hint = suggest(str(member), players)
            faults.add(where, f"'{member}' is no player", next_step=hint)
    return mask


def _checked(where: str, value: object, faults: FaultCollector) -> Array | None:
    """A cost as an array of draws, or nothing and a fault."""
    try:
        cost = np.atleast_1d(np.asarray(value, dtype=np.float64))
    except (TypeError, ValueError):
        faults.add(where, f"{value!r} is no number")
        return None
    if cost.ndim != 1 or cost.size == 0:
        faults.add(where, f"shape {cost.shape} is not (n_draws,)")
        return None
    if not np.isfinite(cost).all():
        n_bad = int((~np.isfinite(cost)).sum())
        faults.add(where, f"is not a finite number in {n_bad} of {cost.size} draws")
        return None
    return cost


def _note_missing(
    players: tuple[str, ...], found: dict[int, Array], faults: FaultCollector
) -> None:
    """Note players without any coalition, and coalitions of the others without a cost."""
    covered = 0
    for mask in found:
        covered |= mask
    for k, player in enumerate(players):
        if not covered >> k & 1:
            faults.add(f"player '{player}'", "is in no coalition that has a cost")
    missing = [m for m in range(1, covered + 1) if not m & ~covered and m not in found]
    for mask in missing[:_LISTED]:
        faults.add(f"cost of {named(players, mask)}", "is not given")
    if len(missing) > _LISTED:
        faults.add("costs", f"{len(missing) - _LISTED} more coalitions have no cost")
    if 0 in found and np.any(found[0] != 0.0):
        faults.add("cost of nobody", "is not zero", "a coalition without members buys nothing")
