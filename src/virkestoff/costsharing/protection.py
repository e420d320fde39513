"""The game of the cheapest way to equal protection: stock, contract or a common plant.

Every coalition S chooses between three ways to the same protection, draw by draw:

    stock      sum over i in S of stock_i
    contract   contract_fixed + sum over i in S of contract_i
    plant      plant(need of S) + host_cost_h + sum over i in S without h of extra_i

``extra_i = months x stock_month_i`` is the stock that a member without the plant on its soil holds
because a crisis may come with a ban on exports (:class:`ExportBan` says how many months). The host
h is the member for whom ``host_cost_h - extra_h`` is least, among those that may host.

All amounts are NOK as present value at real prices and hold **everything** that the way costs: a
plant's cost and a stock's cost are alike only if the purchase of what is used is in both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from virkestoff.costsharing.draws import Draws, countries_draws, one_draws, same_draws
from virkestoff.costsharing.game import Array, CostGame, check_players, named
from virkestoff.costsharing.plant_cost import PlantCost
from virkestoff.errors import FaultCollector, suggest

__all__ = ["WAYS", "ExportBan", "Protection", "ban_months", "protection_game"]

WAYS = ("stock", "contract", "plant")
_LISTED = 20


@dataclass(frozen=True, eq=False)
class ExportBan:
    """What a ban on exports in a crisis means for members without the plant on their soil.

    Attributes
    ----------
    probability : that a crisis comes with a ban, ``b``; a number or shape (n_draws,)
    months : how long the ban lasts, ``x``; a number or shape (n_draws,)
    stock_month : country -> NOK, present value of holding one month of its need; a number or shape
        (n_draws,)
    rule : ``expected``: the extra stock is ``b x`` months, the months that are lost on average. It
        leaves on average ``b (1 - b) x`` months uncovered, since a stock is held or not held before
        the ban is known. ``equal``: the extra stock leaves exactly ``tolerated`` months uncovered
        on average, ``max(x - tolerated / b, 0)``; with none tolerated it is x for any b above zero.
    tolerated : months that the other ways leave uncovered on average; only for ``equal``
    """

    probability: npt.ArrayLike
    months: npt.ArrayLike
    stock_month: Mapping[str, npt.ArrayLike]
    rule: Literal["expected", "equal"]
    tolerated: npt.ArrayLike = 0.0


@dataclass(frozen=True, eq=False)
class Protection:
    """The game, and which way and which host each coalition takes.

    Attributes
    ----------
    game : cost of each coalition's cheapest way, NOK, over draws. A coalition goes one way with all
        its members; ``subadditive_cover(protection.game)`` lets it also act in parts.
    chosen : index in ``WAYS``, shape (n_draws, 2^n_countries); -1 for nobody
    host : where the plant of each coalition would stand, index of the country, same shape; -1 where
        the plant is closed to it
    need : volume of each coalition a year, same shape
    smallest_built : share of draws in which the coalition needs less than the smallest plant whose
        cost is known, so that this one is priced, shape (2^n_countries,)
    beyond_largest : share of draws in which it needs more than the largest whose cost is known, so
        that the plant is closed to it, same shape
    """

    game: CostGame
    chosen: npt.NDArray[np.int64]
    host: npt.NDArray[np.int64]
    need: Array
    smallest_built: Array
    beyond_largest: Array

    def shares(self, members: Sequence[str] | frozenset[str]) -> dict[str, float]:
        """The share of draws in which each way is a coalition's cheapest."""
        column = self.chosen[:, self.game.mask(members)]
        return {way: float((column == k).mean()) for k, way in enumerate(WAYS)}

    def hosts(self, members: Sequence[str] | frozenset[str]) -> dict[str, float]:
        """The share of draws in which a coalition takes the plant, by the country where it is."""
        mask = self.game.mask(members)
        is_plant = self.chosen[:, mask] == WAYS.index("plant")
        return {
            player: float((is_plant & (self.host[:, mask] == k)).mean())
            for k, player in enumerate(self.game.players)
            if mask >> k & 1
        }


def ban_months(
    probability: npt.ArrayLike,
    months: npt.ArrayLike,
    rule: Literal["expected", "equal"],
    tolerated: npt.ArrayLike = 0.0,
) -> Array:
    """Months of extra stock of a member without the plant, as :class:`ExportBan` says.

    Examples
    --------
    >>> float(ban_months(0.2, 6.0, "expected")), float(ban_months(0.2, 6.0, "equal"))
    (1.2000000000000002, 6.0)
    >>> float(ban_months(0.2, 6.0, "equal", tolerated=1.0))
    1.0
    """
    chance, length = np.asarray(probability, float), np.asarray(months, float)
    if rule == "expected":
        return np.asarray(chance * length)
    allowed = np.asarray(tolerated, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.where(chance > 0.0, length - allowed / np.where(chance > 0.0, chance, 1.0), 0.0)
    return np.asarray(np.maximum(left, 0.0))


@dataclass(eq=False)
class _Inputs:
    """All inputs as arrays of draws; NaN columns where a way is closed to a country."""

    countries: tuple[str, ...]
    need: Array
    stock: Array
    contract: Array
    fixed: Array
    extra: Array
    host_cost: Array
    may_host: npt.NDArray[np.bool_]
    n_draws: int = field(default=1)


def protection_game(
    countries: Sequence[str],
    need: Mapping[str, npt.ArrayLike],
    *,
    stock: Mapping[str, npt.ArrayLike],
    contract: Mapping[str, npt.ArrayLike] | None = None,
    contract_fixed: npt.ArrayLike = 0.0,
    plant: PlantCost | None = None,
    ban: ExportBan | None = None,
    hosts: Sequence[str] | None = None,
    host_cost: Mapping[str, npt.ArrayLike] | None = None,
    outside: Literal["fault", "mark"] = "fault",
    decided: Literal["in_each_draw", "beforehand"] = "in_each_draw",
) -> Protection:
    """The game of the cheapest way to equal protection.

    Parameters
    ----------
    countries : names
    need : country -> volume a year, above zero, in the unit of ``plant.volumes``; every value here
        and below is a number or of shape (n_draws,)
    stock : country -> NOK for import and the stock that gives the protection. A country left out
        cannot go that way, and closes it to every coalition it is in.
    contract : country -> NOK for a contract on capacity, likewise; None: nobody has that way
    contract_fixed : NOK once for each coalition with a contract
    plant : cost of a plant by volume; None: nobody has that way
    ban : the risk of an export ban; None: there is none
    hosts : countries in which the plant may stand; None: in any. Name one to fix the host: the
        plant is then closed to coalitions without it.
    host_cost : country -> NOK more if the plant stands there; zero where left out
    outside : what to do where a coalition's volume lies outside the plant's known volumes. Nothing
        is extrapolated. ``fault`` refuses; ``mark`` prices the smallest plant below them, closes
        the plant above them, and counts both in the result.
    decided : ``in_each_draw``: each coalition knows its draw and takes what is cheapest in it.
        ``beforehand``: it takes the way and the host that are cheapest on average, and pays what
        they cost in each draw. The first is never dearer. The second needs all draws in one call,
        and closes the plant to a coalition that it is closed to in any of them.

    Raises
    ------
    InputError
        with all faults at once: a coalition to which no way is open, a country in no coalition that
        has a cost, unknown names, negative or undefined amounts, probabilities outside zero to one,
        volumes outside the plant's, draws that differ in number.

    Examples
    --------
    Synthetic: two countries share a plant; the one without it holds 0.1 x 12 months more.

    >>> found = protection_game(
    ...     ["norway", "sweden"], {"norway": 10.0, "sweden": 20.0},
    ...     stock={"norway": 60.0, "sweden": 110.0},
    ...     plant=PlantCost(volumes=[10.0, 30.0], cost=[100.0, 140.0]),
    ...     ban=ExportBan(0.1, 12.0, {"norway": 5.0, "sweden": 10.0}, rule="expected"),
    ... )
    >>> [round(float(found.game.cost(s)[0]), 6) for s in (["norway"], ["sweden"])]
    [60.0, 110.0]
    >>> round(float(found.game.cost(["norway", "sweden"])[0]), 6)
    146.0
    >>> found.hosts(["norway", "sweden"])
    {'norway': 0.0, 'sweden': 1.0}
    """
    names = tuple(countries)
    faults = FaultCollector()
    check_players(countries, faults)
    _check_choices(outside, decided, ban, faults)
    faults.raise_if_any()
    given = Draws()
    inputs = _inputs(
        names, need, stock, contract, contract_fixed, ban, hosts, host_cost, given, faults
    )
    if plant is not None:
        plant.check(faults)
        given.note("plant.cost", plant.n_draws)
    inputs.n_draws = same_draws(given, faults)
    if faults.faults and plant is None:
        # The costs will not be computed, so a country with no way open is told of here.
        known = {*stock, *(contract or {})}
        alone = [1 << k for k, name in enumerate(names) if name not in known]
        everyone_else = sum(1 << k for k, name in enumerate(names) if name in known)
        _note_closed(names, alone, everyone_else, faults)
    faults.raise_if_any()
    return _game(inputs, plant, outside, decided, faults)


def _check_choices(
    outside: str, decided: str, ban: ExportBan | None, faults: FaultCollector
) -> None:
    known = (
        ("outside", outside, ("fault", "mark")),
        ("decided", decided, ("in_each_draw", "beforehand")),
        ("ban.rule", ban.rule if ban is not None else "equal", ("expected", "equal")),
    )
    for where, word, words in known:
        if word not in words:
            faults.add(where, f"'{word}' is not known", next_step=f"Take {' or '.join(words)}")


def _inputs(
    names: tuple[str, ...],
    need: Mapping[str, npt.ArrayLike],
    stock: Mapping[str, npt.ArrayLike],
    contract: Mapping[str, npt.ArrayLike] | None,
    contract_fixed: npt.ArrayLike,
    ban: ExportBan | None,
    hosts: Sequence[str] | None,
    host_cost: Mapping[str, npt.ArrayLike] | None,
    given: Draws,
    faults: FaultCollector,
) -> _Inputs:
    volumes = countries_draws("need", names, need, given, faults, is_needed=True, above_zero=True)
    may_host = np.ones(len(names), dtype=np.bool_)
    if hosts is not None:
        may_host = np.array([name in hosts for name in names])
        for host in hosts:
            if host not in names:
                faults.add("hosts", f"'{host}' is no country", next_step=suggest(host, names))
    return _Inputs(
        countries=names,
        need=volumes,
        stock=countries_draws("stock", names, stock, given, faults),
        contract=countries_draws("contract", names, contract or {}, given, faults),
        fixed=one_draws("contract_fixed", contract_fixed, given, faults),
        extra=_extra(names, ban, given, faults),
        host_cost=countries_draws(
            "host_cost", names, host_cost or {}, given, faults, is_signed=True, missing=0.0
        ),
        may_host=may_host,
    )


def _extra(
    names: tuple[str, ...], ban: ExportBan | None, given: Draws, faults: FaultCollector
) -> Array:
    """NOK of extra stock of each country if the plant is elsewhere, shape (n_draws or 1, n)."""
    if ban is None:
        return np.zeros((1, len(names)))
    chance = one_draws("ban.probability", ban.probability, given, faults, at_most=1.0)
    months = one_draws("ban.months", ban.months, given, faults)
    tolerated = one_draws("ban.tolerated", ban.tolerated, given, faults)
    month = countries_draws(
        "ban.stock_month", names, ban.stock_month, given, faults, is_needed=True
    )
    if len({a.shape[0] for a in (chance, months, tolerated, month)} - {1}) > 1:
        return np.zeros((1, len(names)))  # reported as draws that differ in number
    return np.asarray(ban_months(chance, months, ban.rule, tolerated)[:, None] * month)


def _game(
    inputs: _Inputs,
    plant: PlantCost | None,
    outside: str,
    decided: str,
    faults: FaultCollector,
) -> Protection:
    names, d = inputs.countries, inputs.n_draws
    n_masks = 2 ** len(names)
    costs, need = np.zeros((d, n_masks)), np.zeros((d, n_masks))
    chosen, host = np.full((d, n_masks), -1), np.full((d, n_masks), -1)
    low, high = np.zeros(n_masks), np.zeros(n_masks)
    covered = 0
    closed: list[int] = []
    for mask in range(1, n_masks):
        inside = np.array([k for k in range(len(names)) if mask >> k & 1])
        need[:, mask] = _added(inputs.need, inside)
        columns = np.full((d, len(WAYS)), np.inf)
        columns[:, 0] = _open(_added(inputs.stock, inside))
        columns[:, 1] = _open(_added(inputs.contract, inside) + inputs.fixed)
        if plant is not None and inputs.may_host[inside].any():
            below, above = plant.outside(need[:, mask])
            low[mask], high[mask] = below.mean(), above.mean()
            if outside == "fault" and (low[mask] or high[mask]):
                _note_outside(named(names, mask), low[mask] + high[mask], plant, faults)
            where, added = _host(inputs, inside, decided)
            columns[:, 2] = np.where(above, np.inf, plant.at(need[:, mask]) + added)
            host[:, mask] = np.where(above, -1, where)
        best = _chosen(columns, decided)
        costs[:, mask] = np.take_along_axis(columns, best[:, None], axis=1)[:, 0]
        chosen[:, mask] = best
        if np.isfinite(costs[:, mask]).all():
            covered |= mask
        else:
            closed.append(mask)
    _note_closed(names, closed, covered, faults)
    faults.raise_if_any()
    return Protection(CostGame(names, costs), chosen, host, need, low, high)


def _added(columns: Array, inside: npt.NDArray[np.int64]) -> Array:
    """The sum over some countries, one after the other: the same bits in any block of draws."""
    total = np.zeros(columns.shape[0])
    for k in inside:
        total = total + columns[:, k]
    return total


def _open(cost: Array) -> Array:
    """Infinite where a way is closed."""
    return np.where(np.isnan(cost), np.inf, cost)


def _host(
    inputs: _Inputs, inside: npt.NDArray[np.int64], decided: str
) -> tuple[npt.NDArray[np.int64], Array]:
    """Which member hosts, and what comes to the plant's cost; shape (n_draws or 1,)."""
    able = inside[inputs.may_host[inside]]
    advantage = inputs.host_cost[:, able] - inputs.extra[:, able]
    if decided == "beforehand":
        first = np.full(advantage.shape[0], int(advantage.mean(axis=0).argmin()))
    else:
        first = advantage.argmin(axis=1)
    own = np.take_along_axis(advantage, first[:, None], axis=1)[:, 0]
    return able[first], _added(inputs.extra, inside) + own


def _chosen(columns: Array, decided: str) -> npt.NDArray[np.int64]:
    """Index of the way that is taken in each draw; the first of equals."""
    if decided == "beforehand":
        return np.full(columns.shape[0], int(columns.mean(axis=0).argmin()))
    return np.asarray(columns.argmin(axis=1))


def _note_outside(name: str, share: float, plant: PlantCost, faults: FaultCollector) -> None:
    faults.add(
        f"plant of {name}",
        f"its volume lies outside {plant.lowest:g} to {plant.highest:g} in {share:.0%} of draws",
        "a plant's cost is not extrapolated",
        "Cost the plant at more volumes, or pass outside='mark'",
    )


def _note_closed(
    names: tuple[str, ...], closed: list[int], covered: int, faults: FaultCollector
) -> None:
    for k, name in enumerate(names):
        if not covered >> k & 1:
            faults.add(f"country '{name}'", "is in no coalition that has a cost")
    for mask in closed[:_LISTED]:
        faults.add(
            f"cost of {named(names, mask)}",
            "is not defined in every draw: no way is open",
            next_step="Give every country a stock cost, which is what it can do without the others",
        )
    if len(closed) > _LISTED:
        faults.add("costs", f"{len(closed) - _LISTED} more coalitions have no open way")
