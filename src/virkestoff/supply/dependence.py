"""What a product rests on: origins by tier, what is bought, and how long stocks last.

A plant makes some *steps* at home (``finishing``, ``fermentation_v`` ...); an item is made at home
if its step is one of them, whatever it rests on. Nothing is *domestic* that rests on an import
without a second source, such as 6-APA: an origin that is not known counts as one source.

Time to survive after the loss of an item x, in months of supply of the product p:

    T(x) = stock of x          T(y) = stock of y + min over needs n of y of T(n)

with T infinite for what does not rest on x; a stock is at most what can be stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from virkestoff.errors import FaultCollector, suggest
from virkestoff.evidence import Parameters
from virkestoff.supply.bill import UNKNOWN, Bill, Kind, Need

__all__ = [
    "HOME",
    "Dependence",
    "Domesticity",
    "TierRow",
    "dependence",
    "held_months",
    "is_domestic",
    "time_to_survive",
]

Array = npt.NDArray[np.float64]
HOME = "norway"


@dataclass(frozen=True)
class TierRow:
    """One item that a product rests on.

    Attributes
    ----------
    is_home : made at home by a step of the plant
    places : origin; ``("norway",)`` if made at home, ``("unknown",)`` if not known
    is_single : no second source is known
    is_bought : goes straight into a step at home without being made there
    """

    item: str
    tier: int
    kind: Kind
    is_home: bool
    places: tuple[str, ...]
    is_single: bool
    is_bought: bool


@dataclass(frozen=True)
class Dependence:
    """What a product made with some steps at home rests on.

    Attributes
    ----------
    rows : all items, near before far
    items_by_place : tier -> place -> share of the items of that tier; an item of several places
        is shared equally among them
    value_by_place : place -> share of the worth of what is bought for a kg of product, shape
        (n_draws, 1); empty if nothing bought has amount and price
    unpriced : bought items without amount or price, which the shares of worth leave out
    """

    rows: tuple[TierRow, ...]
    items_by_place: Mapping[int, Mapping[str, float]]
    value_by_place: Mapping[str, Array]
    unpriced: tuple[str, ...]


@dataclass(frozen=True)
class Domesticity:
    """Whether a product may be called domestic.

    Attributes
    ----------
    is_domestic : the product is made at home and all single imports are gone
    domestic_steps : steps made at home on the way to the product
    first_imported_tier : nearest tier that holds an import; None if there is none
    single_imports : imports without a second known source, near before far
    """

    is_domestic: bool
    domestic_steps: tuple[str, ...]
    first_imported_tier: int | None
    single_imports: tuple[str, ...]


def dependence(
    bill: Bill, product: str, home_steps: Iterable[str], parameters: Parameters | None = None
) -> Dependence:
    """What ``product`` rests on when ``home_steps`` are made at home.

    Parameters
    ----------
    home_steps : steps of the plant alternative; none is import of finished packs
    parameters : for the shares of worth; without it they are empty

    Raises
    ------
    InputError
        if the product or a step is unknown.
    """
    rows = _rows(bill, product, _known_steps(bill, home_steps))
    counted: dict[int, dict[str, float]] = {}
    for row in rows:
        places = counted.setdefault(row.tier, {})
        for place in row.places:
            places[place] = places.get(place, 0.0) + 1.0 / len(row.places)
    shares = {
        tier: {place: n / sum(places.values()) for place, n in sorted(places.items())}
        for tier, places in counted.items()
    }
    values, unpriced = _bought_values(bill, product, rows, parameters)
    total = sum(values.values(), np.zeros(()))
    worth = {place: value / total for place, value in sorted(values.items())}
    return Dependence(rows, shares, worth, unpriced)


def is_domestic(bill: Bill, product: str, home_steps: Iterable[str]) -> Domesticity:
    """Whether a product made with ``home_steps`` may be called domestic, and why not."""
    rows = _rows(bill, product, _known_steps(bill, home_steps))
    imports = [row for row in rows if not row.is_home]
    singles = tuple(row.item for row in imports if row.is_single)
    steps = (bill.items[row.item].step for row in rows if row.is_home)
    return Domesticity(
        is_domestic=rows[0].is_home and not singles,
        domestic_steps=tuple(dict.fromkeys(step for step in steps if step)),
        first_imported_tier=min((row.tier for row in imports), default=None),
        single_imports=singles,
    )


def held_months(bill: Bill, product: str, parameters: Parameters) -> dict[str, Array]:
    """Stock of all that ``product`` rests on, months, shape (n_draws, 1), at most storable."""
    return {
        name: np.minimum(
            parameters(bill.items[name].held, "month"),
            parameters(bill.items[name].storable, "month"),
        )
        for name in bill.tiers(product)
    }


def time_to_survive(
    bill: Bill, product: str, held: Mapping[str, Array], with_input_stock: bool = True
) -> dict[str, Array]:
    """Months of supply of ``product`` after the loss of each item that it rests on.

    The least over the items is the time to survive if any one of them may be lost.

    Parameters
    ----------
    held : stock of each item in months, shape (n_draws, 1); what is not named has none
    with_input_stock : if not, only the stock of the product itself counts

    Returns
    -------
    item -> months, shape (n_draws, 1), the product first
    """
    names = list(bill.tiers(product))
    shape = np.broadcast_shapes((1, 1), *(np.shape(months) for months in held.values()))
    none = np.zeros(shape)
    stock = {
        name: held.get(name, none) + none if name == product or with_input_stock else none
        for name in names
    }
    return {lost: _survival(bill, product, lost, stock, {}) for lost in names}


def _survival(
    bill: Bill, name: str, lost: str, stock: Mapping[str, Array], known: dict[str, Array]
) -> Array:
    if name not in known:
        if name == lost:
            known[name] = stock[name]
        else:
            least = np.full(stock[name].shape, np.inf)
            for need in bill.items[name].needs:
                least = np.minimum(least, _survival(bill, need.item, lost, stock, known))
            known[name] = stock[name] + least
    return known[name]


def _rows(bill: Bill, product: str, home: frozenset[str]) -> tuple[TierRow, ...]:
    tiers = bill.tiers(product)
    made = {name for name in tiers if bill.items[name].step in home}
    into_home = {need.item for name in made for need in bill.items[name].needs} | {product}
    rows = []
    for name, tier in tiers.items():
        item, is_home = bill.items[name], name in made
        places = item.origin.places
        if is_home:
            places = (HOME,)
        rows.append(
            TierRow(
                item=name,
                tier=tier,
                kind=item.kind,
                is_home=is_home,
                places=(UNKNOWN,) if isinstance(places, str) else places,
                is_single=not is_home and item.origin.sources != "several",
                is_bought=not is_home and name in into_home,
            )
        )
    return tuple(sorted(rows, key=lambda row: row.tier))


def _bought_values(
    bill: Bill, product: str, rows: tuple[TierRow, ...], parameters: Parameters | None
) -> tuple[dict[str, Array], tuple[str, ...]]:
    """Worth by place of what is bought for a kg of the substance in the product, NOK/kg."""
    if parameters is None:
        return {}, ()
    bought = {row.item: row for row in rows if row.is_bought and row.item != product}
    home = {row.item for row in rows if row.is_home}
    values: dict[str, Array] = {}
    priced: set[str] = set()

    def walk(name: str, kg: Array) -> None:
        for need in bill.items[name].needs:
            amount = _amount(bill, name, need, kg, parameters)
            if amount is None:
                continue
            item = bill.items[need.item]
            if need.item in home:
                walk(need.item, amount)
            elif item.price is not None:
                priced.add(need.item)
                row = bought[need.item]
                worth = amount * parameters(item.price, "NOK/kg") / len(row.places)
                for place in row.places:
                    values[place] = values.get(place, np.zeros(())) + worth

    if product in home:
        walk(product, np.ones((1, 1)))
    return values, tuple(name for name in bought if name not in priced)


def _amount(
    bill: Bill, name: str, need: Need, kg: Array, parameters: Parameters
) -> Array | None:
    """Kg of what is needed; a kg of substance goes into the packs that hold a kg of it."""
    if need.amount is not None:
        return np.asarray(kg * parameters(need.amount, "kg/kg"))
    is_pack = bill.items[name].kind == "presentation"
    return kg if is_pack and bill.items[need.item].kind == "substance" else None


def _known_steps(bill: Bill, home_steps: Iterable[str]) -> frozenset[str]:
    steps, faults = frozenset(home_steps), FaultCollector()
    for step in sorted(steps - bill.steps()):
        faults.add(f"step '{step}'", "makes nothing in the bill", "", suggest(step, bill.steps()))
    faults.raise_if_any()
    return steps
