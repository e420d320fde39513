"""The Nordic countries share the cost of protection, or of one plant.

Each coalition's cost is what carries it through one crisis without missing its share of import, as
present value at the state's rate beyond what import of the same packs costs:

    stock      each country holds what a crisis takes away, and administers its stock
    contract   one fee and one administration for the coalition, a price premium on what each
               buys, and stock for a ban on exports from the contract's country
    plant      investment and running of one plant for the coalition's need less the import that
               it replaces, and stock for a ban in the countries without it

Beneath stand choices that favour the plant: nothing is held before it runs, and it never fails.
Stock that duties already ask for is not taken off for anybody. Prices are the same everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from virkestoff.costsharing import (
    CostGame,
    ExportBan,
    PlantCost,
    Protection,
    protection_game,
    shapley,
    subadditive_cover,
)
from virkestoff.effects import Ledger
from virkestoff.evidence import Parameters
from virkestoff.production import discounted, plan, remember
from virkestoff.studies import Case
from virkestoff.supply import (
    Need,
    Stock,
    capacity_contract,
    hold,
    need,
    purchase_values,
    stock_terms,
    substance_price,
)

from .plans import with_scrap
from .products import PRODUCTS, total

__all__ = ["WAY_NAMES", "sharing"]

Array = np.ndarray
WAY_NAMES = ("stock", "contract", "plant")
SIZES = (0.05, 0.2, 0.5, 1.0)  # constant: sizes of plant that are costed, of Nordic need
MONTHS = 12.0  # constant: months in a year
OUTCOMES = ("nordic_gain", "nordic_plant_extra", "nordic_plant_saves")
RATE = "supply.stock.public_capital_rate"


@dataclass(frozen=True)
class _Nordic:
    """Need and import of the Nordic countries together, and each one's share, (n_draws,)."""

    whole: Need
    value: Array
    share: Mapping[str, Array]
    rate: Array
    lost: Array
    ban_months: Array

    def worth(self, amounts: Array) -> Array:
        """Present value at the state's rate."""
        return discounted(amounts, self.rate)

    def each(self, amount: Array) -> dict[str, Array]:
        """An amount for all of them, split by need."""
        return {name: amount * part for name, part in self.share.items()}


def sharing(case: Case, ledger: Ledger) -> None:
    """Record what every Nordic coalition would pay, by way; only where the lever asks for it."""
    if case.choice("sharing") == "no":
        for outcome in OUTCOMES:
            ledger.measure(outcome, np.full(case.n_draws, np.nan))
        return
    p = remember(case.parameters)
    nordic = _nordic(case, p)
    terms = stock_terms("tablet", p)
    crisis = p("supply.crisis.months", "month") * nordic.lost
    months = np.minimum(p("supply.crisis.months", "month"), nordic.ban_months) * nordic.lost
    for_ban = outlay(hold(months, nordic.value, terms))
    ban = ExportBan(
        p("costsharing.ban.probability", "1")[:, 0],
        months[:, 0],
        nordic.each(nordic.worth(for_ban) / np.maximum(months[:, 0], 1e-9)),  # constant: no month
        rule="equal",
    )
    found = {
        "stock": _stock(case, p, nordic, outlay(hold(crisis, nordic.value, terms))),
        "contract": _contract(case, p, nordic, nordic.worth(for_ban)),
        "plant": _plant(case, p, nordic, ban),
    }
    games = {way: beyond_import(nordic, f.game) for way, f in found.items()}
    _record(ledger, nordic, games)
    _record_plant(case, p, ledger, nordic, found["plant"], for_ban)
    held = outlay(hold(crisis, nordic.value, terms))
    ledger.part("sharing_stock_bill", _by_year(case, held))
    administration = p("supply.stock.administration_cost", "NOK/year")[:, 0]
    ledger.part("sharing_administration", {"each_country": administration})


def _nordic(case: Case, p: Parameters) -> _Nordic:
    whole = need("nordic", PRODUCTS["penv"], case.years, p)
    kg = {name: sum(by.values())[:, 0] for name, by in whole.kg_by_country.items()}
    every = sum(kg.values())
    return _Nordic(
        whole,
        total(purchase_values(whole.packs, p).values(), case),
        {name: amount / every for name, amount in kg.items()},
        p(RATE, "1/year"),
        1.0 - p("supply.crisis.supply_left_share", "1"),
        p("costsharing.ban.months", "month"),
    )


def outlay(stock: Stock) -> Array:
    """What a stock costs each year beyond ordinary purchases, sold at the end."""
    spent = stock.fill + stock.premium + stock.replacement + stock.storage
    return np.asarray(spent - stock.release)


def _stock(case: Case, p: Parameters, nordic: _Nordic, held: Array) -> Protection:
    """Import, with each country's own stock for a crisis."""
    administration = np.broadcast_to(p("supply.stock.administration_cost", "NOK/year"), case.shape)
    alone = nordic.worth(administration)
    shared = nordic.each(nordic.worth(nordic.value + held))
    return protection_game(
        list(nordic.share), nordic.share,
        stock={name: amount + alone for name, amount in shared.items()},
    )  # fmt: skip


def _contract(case: Case, p: Parameters, nordic: _Nordic, for_ban: Array) -> Protection:
    """Import with a contract: the fee is one sum for whoever joins, the premium follows need."""
    kg = nordic.whole.kg
    bought = capacity_contract(
        total((amount * substance_price(name, p) for name, amount in kg.items()), case),
        case.number("offtake"),
        p("supply.contract.european_capacity_fee", "NOK/year"),
        p("supply.contract.european_capacity_price_premium", "1"),
    )
    administration = p("evidence.procurement.guarantee_administration", "NOK/year")
    return protection_game(
        list(nordic.share), nordic.share,
        stock={},
        contract=nordic.each(nordic.worth(nordic.value + bought.premium) + for_ban),
        contract_fixed=nordic.worth(bought.fee + administration),
    )  # fmt: skip


def _plant(case: Case, p: Parameters, nordic: _Nordic, ban: ExportBan) -> Protection:
    """One plant for the coalition's need, wherever it stands; import until it delivers."""
    cost = np.stack([nordic.worth(_plant_years(case, p, nordic, f)) for f in SIZES], axis=1)
    # A larger plant can always make less: a smaller one never costs more.
    cost = np.minimum.accumulate(cost[:, ::-1], axis=1)[:, ::-1]
    return protection_game(
        list(nordic.share), nordic.share, stock={}, plant=PlantCost(SIZES, cost), ban=ban,
        outside="mark",
    )  # fmt: skip


def _plant_years(case: Case, p: Parameters, nordic: _Nordic, size: float) -> Array:
    """Outlays of a plant for a share of Nordic need, and the import that it leaves, NOK a year."""

    def make() -> Array:
        wanted = {name: packs * size for name, packs in nordic.whole.packs.items()}
        plant = with_scrap(p, plan("api_and_finished", wanted, case.years, p))
        left = nordic.value * size - total(purchase_values(plant.packs, p).values(), case)
        spent = plant.outlays.operating + plant.outlays.investment - plant.outlays.end_value
        return np.asarray(spent + np.maximum(left, 0.0))

    return case.once(("sharing plant", size), make)


def beyond_import(nordic: _Nordic, game: CostGame) -> CostGame:
    """The game without the import that every way holds alike; no rule of gains is moved by it."""
    costs = np.array(game.costs)
    for name, value in nordic.each(nordic.worth(nordic.value)).items():
        for mask in range(1, costs.shape[1]):
            if name in game.coalition(mask):
                costs[:, mask] -= value
    return CostGame(game.players, costs)


def _record(ledger: Ledger, nordic: _Nordic, games: Mapping[str, CostGame]) -> None:
    """Costs of all coalitions by way, which is cheapest, and what the Shapley value asks."""
    for way, game in games.items():
        ledger.part(f"sharing_way_{way}", by_coalition(game, game.costs))
    every = np.stack([games[way].costs for way in WAY_NAMES])
    cheapest = every.argmin(axis=0)
    some = games["stock"]
    for k, way in enumerate(WAY_NAMES):
        ledger.part(f"sharing_cheapest_{way}", by_coalition(some, (cheapest == k).astype(float)))
    plant = games["plant"]
    ledger.measure("nordic_plant_extra", plant.total - every[:, :, -1].min(axis=0))
    ledger.measure("nordic_plant_saves", _added(plant.alone) - plant.total)
    for name, costs in (("all", every.min(axis=0)), ("plant", games["plant"].costs)):
        game = subadditive_cover(CostGame(some.players, costs))
        shares = shapley(game)
        ledger.part(f"sharing_cost_{name}", by_coalition(game, game.costs))
        found = {player: shares[:, k] for k, player in enumerate(game.players)}
        ledger.part(f"sharing_shapley_{name}", found)
        if name == "all":
            ledger.measure("nordic_gain", game.alone[:, 0] - found["norway"])
    ledger.part("sharing_need", dict(nordic.share))


def _added(columns: Array) -> Array:
    """The sum over countries, one after the other: the same bits in any block of draws."""
    found = np.zeros(columns.shape[0])
    for k in range(columns.shape[1]):
        found = found + columns[:, k]
    return found


def _by_year(case: Case, amounts: Array) -> dict[str, Array]:
    return {str(year): amounts[:, t] for t, year in enumerate(case.years.array)}


def by_coalition(game: CostGame, columns: Array) -> dict[str, Array]:
    """Members joined by + -> their column."""
    return {
        "+".join(name for name in game.players if name in game.coalition(mask)): columns[:, mask]
        for mask in range(1, columns.shape[1])
    }


def _record_plant(
    case: Case, p: Parameters, ledger: Ledger, nordic: _Nordic, found: Protection, for_ban: Array
) -> None:
    """The bill of the plant for all by year, where it stands, and what another place costs."""
    host = found.host[:, -1]
    without = {n: (host != k) * nordic.share[n] for k, n in enumerate(nordic.share)}
    bill = _plant_years(case, p, nordic, SIZES[-1]) - nordic.value
    bill = bill + for_ban * sum(without.values())[:, None]
    ledger.part("sharing_bill", _by_year(case, bill))
    best = np.max(np.stack(list(nordic.share.values())), axis=0)
    worth = nordic.worth(for_ban)
    hosted = {n: (host == k).astype(float) for k, n in enumerate(nordic.share)}
    ledger.part("sharing_host", hosted)
    ledger.part("sharing_host_extra", {n: (best - s) * worth for n, s in nordic.share.items()})
