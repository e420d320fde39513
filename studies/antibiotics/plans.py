"""Plans of plants in Norway: what is built, made and sold, and what remains of it at the end."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from virkestoff.costbenefit import scrap_value
from virkestoff.evidence import Parameters, ReplacedParameters
from virkestoff.production import Plant, levelised_cost, plan
from virkestoff.studies import Case
from virkestoff.supply import need, purchase_values, share_of_need, substance_price

from .plant_measures import LAST
from .products import PRODUCTS, RINGS, total
from .sales import Sales

__all__ = ["Steps", "pack_plant", "substance_plant", "terms", "with_scrap"]

Steps = Literal["finished", "api_and_finished"]


def terms(case: Case, p: Parameters) -> Parameters:
    """The owner's required return: a private owner's, or the state's own appraisal rate."""
    if case.choice("capital") == "private":
        return p
    rate = p("supply.stock.public_capital_rate", "1/year")
    return ReplacedParameters(p, {"production.finance.required_return": rate})


def pack_plant(case: Case, p: Parameters, steps: Steps) -> tuple[Plant, Sales]:
    """A plant that sells packs in Norway, and in the wider market that it is built for."""
    reach, scale = case.choice("market"), case.number("scale")
    products = PRODUCTS[case.choice("products")]
    rings = RINGS[: RINGS.index(reach) + 1]
    needs = {ring: need(ring, products, case.years, p).packs for ring in rings}
    wanted = {name: packs * scale for name, packs in needs[reach].items()}
    home, share = {}, {}
    for name, whole in wanted.items():
        by_ring = {ring: packs[name] * scale for ring, packs in needs.items()}
        abroad = whole - by_ring["norway"]
        home[name] = by_ring["norway"]
        if case.choice("sold") == "won":
            home[name], abroad = share_of_need(by_ring, reach, p)
        share[name] = (home[name] + abroad) / np.maximum(whole, 1e-9)
        # Scale is a what-if about the plant: Norwegians never buy more than they use.
        home[name] = home[name] / max(scale, 1.0) / np.maximum(home[name] + abroad, 1e-9)
    plant = plan(
        steps, wanted, case.years, p,
        mode=case.choice("site"), holder=case.choice("holder"), sold_share=share,
    )  # fmt: skip
    obtained = p("supply.market.price_obtained", "1")
    at_home = {name: packs * home[name] for name, packs in plant.packs.items()}
    replaced = total(purchase_values(at_home, p).values(), case)
    every = total(purchase_values(plant.packs, p).values(), case)
    won = total(share.values(), case).mean(axis=1) / len(share)
    abroad_value = np.maximum(every - replaced, 0.0) * obtained
    ours = sum(at_home.values())[:, -LAST:].sum(axis=1, keepdims=True)
    theirs = sum(needs["norway"].values())[:, -LAST:].sum(axis=1, keepdims=True)
    home_share = np.minimum(ours / np.maximum(theirs, 1e-9), 1.0)
    return plant, Sales(replaced * obtained, abroad_value, replaced, won, home_share)


def substance_plant(case: Case, p: Parameters) -> tuple[Plant, Sales]:
    """A plant that makes substance alone and sells it at the import price times the factor."""
    products = PRODUCTS[case.choice("products")]
    kg = need(case.choice("market"), products, case.years, p).kg
    wanted = {name: amount * case.number("scale") for name, amount in kg.items()}
    plant = plan("api_and_finished", {}, case.years, p, bulk_kg=wanted, mode=case.choice("site"),
                 holder=case.choice("holder"))  # fmt: skip
    value = total((plant.sold_kg[n] * substance_price(n, p) for n in wanted), case)
    nothing = np.zeros(case.shape)
    sold = value * p("supply.market.price_obtained", "1")
    return plant, Sales(nothing, sold, nothing, np.ones(case.n_draws), np.zeros((case.n_draws, 1)))


def with_scrap(p: Parameters, plant: Plant) -> Plant:
    """The plant with what its remains are sold for at the end, which the owner counts on too."""
    outlays, invested = plant.outlays, plant.investment_plan
    saleable = p("costbenefit.saleable_share.specialised_plant", "1")
    scrap = scrap_value(outlays.machinery, plant.years, invested.machine_life, saleable)
    scrap = scrap + scrap_value(outlays.buildings, plant.years, invested.building_life, saleable)
    outlays = replace(outlays, end_value=outlays.end_value + scrap)
    cost = levelised_cost(plant.rewarded_kg, outlays, plant.investor.required_return)
    less = cost / plant.unit_cost  # what is sold at the end lowers every product's cost alike
    return replace(
        plant,
        outlays=outlays,
        unit_cost=cost,
        pack_cost={name: value * less for name, value in plant.pack_cost.items()},
        substance_cost={name: value * less for name, value in plant.substance_cost.items()},
    )
