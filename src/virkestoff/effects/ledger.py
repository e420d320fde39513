"""The ledger: entries of one alternative for one block of draws, checked as they are made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from virkestoff.effects.records import (
    EXTENTS,
    IMPORTANCES,
    Actors,
    Extent,
    Importance,
    Payment,
    PhysicalEffect,
    UnpricedEffect,
)
from virkestoff.errors import FaultCollector, suggest
from virkestoff.language import Text

__all__ = ["Ledger"]

Array = npt.NDArray[np.float64]


@dataclass
class Ledger:
    """All effects of one alternative for one block of draws.

    Parameters
    ----------
    actors : who may pay and receive; without it names are first checked by :meth:`check`
    shape : (n_draws, n_years) of every amount; without it the first amount sets it
    alternative : named in faults

    Examples
    --------
    >>> ledger = Ledger()
    >>> ledger.pay("investment", "plant", "resources", np.array([[10.0, 0.0]]))
    >>> ledger.shape
    (1, 2)
    """

    actors: Actors | None = None
    shape: tuple[int, int] | None = None
    alternative: str = ""
    entries: list[Payment] = field(default_factory=list)
    measures: dict[str, Array] = field(default_factory=dict)
    physicals: list[PhysicalEffect] = field(default_factory=list)
    unpriced_effects: list[UnpricedEffect] = field(default_factory=list)
    parts: dict[str, dict[str, Array]] = field(default_factory=dict)

    @property
    def n_draws(self) -> int | None:
        """How many draws the entries hold; ``None`` while the ledger is empty."""
        if self.shape:
            return self.shape[0]
        return next((values.size for values in self.measures.values()), None)

    def pay(self, effect: str, payer: str, receiver: str, amount: npt.ArrayLike) -> None:
        """Enter a payment.

        Parameters
        ----------
        effect : what is paid for; several payments may share it
        payer, receiver : actors, or ``resources``
        amount : NOK at real prices, shape (n_draws, n_years), finite, not negative

        Raises
        ------
        InputError
            names the effect and the alternative.
        """
        where = self._where(f"pay('{effect}', '{payer}', '{receiver}')")
        faults = FaultCollector()
        if payer == receiver:
            faults.add(where, "payer and receiver are the same")
        self._check_actors(where, (payer, receiver), self.actors, faults)
        values = _frozen_array(amount, where, faults)
        self._check_shape(values, where, faults)
        if values.size and float(values.min()) < 0:
            faults.add(
                where,
                f"holds a negative amount, {float(values.min()):g}",
                next_step="Swap payer and receiver for the amounts that run the other way",
            )
        faults.raise_if_any()
        self._keep_shape(values)
        self.entries.append(Payment(effect, payer, receiver, values))

    def measure(self, outcome: str, values: npt.ArrayLike) -> None:
        """Enter a measured outcome, shape (n_draws,); NaN where it is not defined.

        Raises
        ------
        InputError
            if the shape is another, a value is infinite, or the outcome is measured twice.
        """
        where = self._where(f"measure('{outcome}')")
        faults = FaultCollector()
        if outcome in self.measures:
            faults.add(where, "is measured a second time")
        array = _frozen_array(values, where, faults, allow_nan=True)
        expected = self.shape[0] if self.shape else None
        if array.ndim != 1 or (expected is not None and array.size != expected):
            faults.add(where, f"has shape {array.shape}", why=f"needs ({expected or 'n_draws'},)")
        faults.raise_if_any()
        self.measures[outcome] = array

    def part(self, whole: str, parts: Mapping[str, npt.ArrayLike]) -> None:
        """Enter what an outcome is made of: part -> (n_draws,), in the outcome's unit.

        Raises
        ------
        InputError
            if a part has another shape or is not finite, or the outcome is taken apart twice.
        """
        where = self._where(f"part('{whole}')")
        faults = FaultCollector()
        if whole in self.parts:
            faults.add(where, "is taken apart a second time")
        kept = {name: _frozen_array(values, where, faults) for name, values in parts.items()}
        for name, values in kept.items():
            if values.ndim != 1 or (self.shape is not None and values.size != self.shape[0]):
                faults.add(f"{where}: {name}", f"has shape {values.shape}", why="needs (n_draws,)")
        faults.raise_if_any()
        self.parts[whole] = kept

    def physical(self, name: str, unit: str, amount: npt.ArrayLike) -> None:
        """Enter an effect in its own unit, shape (n_draws, n_years); it may be negative.

        Raises
        ------
        InputError
            names the effect and the alternative.
        """
        where = self._where(f"physical('{name}')")
        faults = FaultCollector()
        if not unit:
            faults.add(where, "has no unit", next_step="Write 1 for a pure number")
        values = _frozen_array(amount, where, faults)
        self._check_shape(values, where, faults)
        faults.raise_if_any()
        self._keep_shape(values)
        self.physicals.append(PhysicalEffect(name, unit, values))

    def unpriced(self, name: Text, importance: Importance, extent: Extent, reason: Text) -> None:
        """Enter an effect without a price, judged against the null alternative.

        Parameters
        ----------
        importance : how much the affected matter means to society: small, medium or large
        extent : how far the alternative moves it, from large_negative to large_positive
        reason : why it is judged so; a judgement without a reason is refused
        """
        where = self._where(f"unpriced('{name.en}')")
        faults = FaultCollector()
        if importance not in IMPORTANCES:
            step = suggest(importance, IMPORTANCES) or f"Use one of {', '.join(IMPORTANCES)}"
            faults.add(where, f"importance '{importance}' is not known", next_step=step)
        if extent not in EXTENTS:
            step = suggest(extent, EXTENTS) or f"Use one of {', '.join(EXTENTS)}"
            faults.add(where, f"extent '{extent}' is not known", next_step=step)
        if any(effect.name == name for effect in self.unpriced_effects):
            faults.add(where, "is judged a second time")
        faults.raise_if_any()
        self.unpriced_effects.append(UnpricedEffect(name, importance, extent, reason))

    def check(
        self, actors: Actors, n_draws: int, n_years: int, outcomes: Iterable[str] | None = None
    ) -> None:
        """Check the whole ledger against what the study declares; all faults at once.

        Parameters
        ----------
        outcomes : names that must each be measured, and no others; ``None`` skips this
        """
        faults = FaultCollector()
        for entry in self.entries:
            where = self._where(f"pay('{entry.effect}', '{entry.payer}', '{entry.receiver}')")
            self._check_actors(where, (entry.payer, entry.receiver), actors, faults)
        whole, column = (n_draws, n_years), (n_draws,)
        shapes: list[tuple[str, tuple[int, ...], tuple[int, ...]]] = [
            *((f"pay('{e.effect}')", e.amount.shape, whole) for e in self.entries),
            *((f"physical('{p.name}')", p.amount.shape, whole) for p in self.physicals),
            *((f"measure('{o}')", v.shape, column) for o, v in self.measures.items()),
        ]
        for call, found, needed in shapes:
            if found != needed:
                faults.add(self._where(call), f"has shape {found}", why=f"needs {needed}")
        if outcomes is not None:
            self._check_outcomes(tuple(outcomes), faults)
        faults.raise_if_any()

    def _check_outcomes(self, declared: tuple[str, ...], faults: FaultCollector) -> None:
        for name in sorted(set(declared) - self.measures.keys()):
            faults.add(self._where(f"measure('{name}')"), "is declared and not measured")
        for name in sorted(self.measures.keys() - set(declared)):
            where = self._where(f"measure('{name}')")
            faults.add(where, "is not declared", next_step=suggest(name, declared))

    def _where(self, call: str) -> str:
        return f"alternative '{self.alternative}': {call}" if self.alternative else call

    def _check_actors(
        self, where: str, names: tuple[str, ...], actors: Actors | None, faults: FaultCollector
    ) -> None:
        for name in names if actors is not None else ():
            assert actors is not None
            if name not in actors.everyone:
                known = ", ".join(actors.everyone)
                step = suggest(name, actors.everyone) or f"Use one of {known}"
                faults.add(where, f"'{name}' is not an actor of the study", next_step=step)

    def _check_shape(self, values: Array, where: str, faults: FaultCollector) -> None:
        if values.ndim != 2 or (self.shape is not None and values.shape != self.shape):
            needed = str(self.shape) if self.shape else "(n_draws, n_years)"
            faults.add(where, f"has shape {values.shape}", why=f"needs {needed}")

    def _keep_shape(self, values: Array) -> None:
        if self.shape is None:
            self.shape = (values.shape[0], values.shape[1])


def _frozen_array(
    values: npt.ArrayLike, where: str, faults: FaultCollector, allow_nan: bool = False
) -> Array:
    """A read-only copy in C order, so that sums are taken in one and the same order."""
    array = np.array(values, dtype=np.float64, order="C")
    finite = ~np.isinf(array) if allow_nan else np.isfinite(array)
    if not finite.all():
        n_bad = int(array.size - np.count_nonzero(finite))
        what = "are infinite" if allow_nan else "are not finite"
        faults.add(where, f"{n_bad} of {array.size} values {what}")
        array = np.where(finite, array, 0.0)
    array.flags.writeable = False
    return array

