"""One ledger reduced to present values: who gains and loses what.

Everything here is a sum over payments, so an account of an alternative minus that of the null
alternative is the account of the change. Per-draw results are arrays (n_draws,), which blocks
concatenate exactly; yearly totals are whole øre, which add exactly in any order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from virkestoff.discounting import present_value
from virkestoff.effects import Actors, Ledger
from virkestoff.errors import Fault, FaultCollector, InputError, suggest

__all__ = ["Account", "EffectValue", "PrivateValue", "account"]

Array = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

_ORE_PER_KRONE = 100
_EXACT = 2.0**53  # above this a float64 no longer holds every whole number


@dataclass(frozen=True)
class EffectValue:
    """What one effect is worth: to all residents, to the public budgets, and to each resident.

    ``actors`` holds the residents whom the effect touches; they sum to ``residents``.
    """

    residents: Array
    public: Array
    actors: Mapping[str, Array] = field(default_factory=dict)

    def minus(self, other: EffectValue) -> EffectValue:
        """The change from ``other`` to this; whom one of them leaves out has zero there."""
        zero = np.zeros(self.residents.shape)
        touched = dict.fromkeys((*self.actors, *other.actors))
        return EffectValue(
            self.residents - other.residents,
            self.public - other.public,
            {n: self.actors.get(n, zero) - other.actors.get(n, zero) for n in touched},
        )


@dataclass(frozen=True)
class PrivateValue:
    """A private actor's own view, at the return it requires, each shape (n_draws,).

    ``net`` is everything received less everything paid; the two others are the part of it that
    comes from, and goes to, public actors (purchases as well as support).
    """

    net: Array
    from_public: Array
    to_public: Array


@dataclass(frozen=True)
class Account:
    """Present values in NOK, shape (n_draws,), and yearly totals of one ledger.

    Attributes
    ----------
    actors : present value of received less paid, for each actor and ``resources``
    effects : the same, for each effect
    private : private actors at their required return; empty if none was given
    yearly_ore : received less paid in each year, summed over draws, whole øre, shape (n_years,)
    """

    n_draws: int
    actors: Mapping[str, Array]
    effects: Mapping[str, EffectValue]
    private: Mapping[str, PrivateValue]
    yearly_ore: Mapping[str, Counts]

    def minus(self, other: Account) -> Account:
        """The account of the change from ``other`` to this."""
        if self.n_draws != other.n_draws:
            raise InputError(
                Fault(
                    "null alternative",
                    f"has {other.n_draws} draws where the alternative has {self.n_draws}",
                    why="alternatives are compared on the same draws",
                )
            )
        zero = np.zeros(self.n_draws)
        nothing = EffectValue(zero, zero)
        names = (*self.effects, *(e for e in other.effects if e not in self.effects))
        effects = {
            name: self.effects.get(name, nothing).minus(other.effects.get(name, nothing))
            for name in names
        }
        private = {}
        for name, a_private in self.private.items():
            b_private = other.private[name]
            private[name] = PrivateValue(
                a_private.net - b_private.net,
                a_private.from_public - b_private.from_public,
                a_private.to_public - b_private.to_public,
            )
        return Account(
            self.n_draws,
            {name: value - other.actors[name] for name, value in self.actors.items()},
            effects,
            private,
            {name: value - other.yearly_ore[name] for name, value in self.yearly_ore.items()},
        )


@dataclass
class _Sums:
    """Running sums while the entries are read."""

    actors: dict[str, Array]
    residents: dict[str, Array]
    public: dict[str, Array]
    touched: dict[str, dict[str, Array]]
    private: dict[str, tuple[Array, Array, Array]]
    yearly: dict[str, Counts]


def account(
    ledger: Ledger,
    actors: Actors,
    factors: Array,
    required: Array | None = None,
    price_index: Mapping[str, Array] | None = None,
    n_draws: int | None = None,
) -> Account:
    """Reduce a ledger.

    Parameters
    ----------
    factors : discount factors of society, shape (n_years,)
    required : discount factors at the private actors' required return, shape (n_years,) or
        (n_draws, n_years)
    price_index : effect -> real price index, shape (n_years,), for effects whose real price
        grows; all others keep their real price
    n_draws : needed where the ledger is empty

    Raises
    ------
    InputError
        on an unknown actor, a shape that does not fit, or an amount too large to add exactly.
    """
    index = price_index or {}
    draws = n_draws if ledger.n_draws is None else ledger.n_draws
    if draws is None:
        raise InputError(Fault("ledger", "is empty, so the number of draws is not known"))
    ledger.check(actors, draws, factors.shape[-1])
    everyone, private = actors.everyone, actors.private
    sums = _Sums(
        {name: np.zeros(draws) for name in everyone},
        {},
        {},
        {},
        {name: (np.zeros(draws), np.zeros(draws), np.zeros(draws)) for name in private},
        {name: np.zeros(factors.shape[-1], dtype=np.int64) for name in everyone},
    )
    flows: dict[tuple[str, str], list[Array]] = {}
    residents, public = frozenset(actors.residents), frozenset(actors.public)
    for entry in ledger.entries:
        amount = entry.amount
        if entry.effect in index:
            amount = amount * index[entry.effect]
        value = present_value(amount, factors)
        for name, sign in ((entry.receiver, 1.0), (entry.payer, -1.0)):
            sums.actors[name] += sign * value
            if name in residents:
                _add(sums.residents, entry.effect, sign * value)
                _add(sums.touched.setdefault(entry.effect, {}), name, sign * value)
            if name in public:
                _add(sums.public, entry.effect, sign * value)
        flows.setdefault((entry.payer, entry.receiver), []).append(amount)
        if required is not None and not sums.private.keys().isdisjoint(
            (entry.payer, entry.receiver)
        ):
            _add_private(sums, entry.payer, entry.receiver, present_value(amount, required), public)
    room = np.empty((draws, factors.shape[-1]))
    for (payer, receiver), flow in flows.items():
        _add_yearly(sums, payer, receiver, flow, room)
    return _finished(sums, draws, ledger, required is not None)


def check_price_index(
    price_index: Mapping[str, Array], n_years: int, ledgers: tuple[Ledger, ...]
) -> None:
    """Every adjusted effect must exist, and its index must have one positive value a year."""
    faults = FaultCollector()
    known = {entry.effect for ledger in ledgers for entry in ledger.entries}
    for effect, values in price_index.items():
        where = f"price_index['{effect}']"
        if effect not in known:
            faults.add(where, "is no effect of the ledger", next_step=suggest(effect, known))
        if np.shape(values) != (n_years,):
            faults.add(where, f"has shape {np.shape(values)}", why=f"needs ({n_years},)")
        elif not np.all(np.isfinite(values) & (values > 0)):
            faults.add(where, "holds a value that is not positive")
    faults.raise_if_any()


def _add(table: dict[str, Array], name: str, value: Array) -> None:
    table[name] = table[name] + value if name in table else value


def _add_yearly(
    sums: _Sums, payer: str, receiver: str, amounts: list[Array], room: Array
) -> None:
    """Whole øre are exact in float64 below 2^53, so their sum does not depend on blocks.

    ``room`` is scratch space, shape (n_draws, n_years); a fresh array for each pair costs more
    than the arithmetic.
    """
    np.copyto(room, amounts[0])
    for amount in amounts[1:]:
        np.add(room, amount, out=room)
    np.multiply(room, _ORE_PER_KRONE, out=room)
    total = np.rint(room, out=room).sum(axis=0)
    if total.size and float(total.max()) >= _EXACT:
        raise InputError(
            Fault(
                f"payments from '{payer}' to '{receiver}'",
                "are too large to add exactly",
                why=f"{float(total.max()) / _ORE_PER_KRONE:g} NOK in one year, over all draws",
                next_step="Check that amounts are in NOK",
            )
        )
    counts = total.astype(np.int64)
    sums.yearly[receiver] += counts
    sums.yearly[payer] -= counts


def _add_private(
    sums: _Sums, payer: str, receiver: str, value: Array, public: frozenset[str]
) -> None:
    if receiver in sums.private:
        net, from_public, _ = sums.private[receiver]
        net += value
        if payer in public:
            from_public += value
    if payer in sums.private:
        net, _, to_public = sums.private[payer]
        net -= value
        if receiver in public:
            to_public += value


def _finished(sums: _Sums, draws: int, ledger: Ledger, with_private: bool) -> Account:
    zero = np.zeros(draws)
    names = dict.fromkeys(entry.effect for entry in ledger.entries)
    return Account(
        draws,
        sums.actors,
        {
            name: EffectValue(
                sums.residents.get(name, zero),
                sums.public.get(name, zero),
                sums.touched.get(name, {}),
            )
            for name in names
        },
        {name: PrivateValue(*v) for name, v in sums.private.items()} if with_private else {},
        sums.yearly,
    )
