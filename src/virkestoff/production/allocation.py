"""Joint cost shared out to products and packs by stated keys.

    bought substance   to its own product
    substance suite    by vessel volume x hours of each product, hours of its feeds included
    packing suites     by line hours of each presentation, changeovers included

What belongs to no suite (laboratory, fixed staff, utilities) follows the weight of the suites:
yearly charge of their equipment plus the positions of their crews at the wage of the industry.
Shared cost adds up to the whole: nothing is counted twice and nothing is left over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from virkestoff.evidence import Parameters
from virkestoff.production.activity import Activity, Array
from virkestoff.production.balance import molar_masses
from virkestoff.production.capital import Investment
from virkestoff.production.cashflow import Outlays, discounted
from virkestoff.production.finishing import SUITES, changeovers, hours_of_lines
from virkestoff.production.operations import Operations
from virkestoff.production.packs import substance_for
from virkestoff.production.process import Processes
from virkestoff.production.substance import SubstanceDesign, feed_need

__all__ = ["SharedCost", "share_out", "shares_of"]

_BOUGHT = "substance_"


@dataclass(frozen=True)
class SharedCost:
    """Levelised cost, each (n_draws,).

    Attributes
    ----------
    product_cost : substance and packs of a product, NOK per sold kg
    pack_cost : NOK per pack with the substance in it
    substance_cost : NOK per kg of the substance alone, made or bought
    """

    product_cost: Mapping[str, Array]
    pack_cost: Mapping[str, Array]
    substance_cost: Mapping[str, Array]


def shares_of(amounts: Mapping[str, Array]) -> dict[str, Array]:
    """Each amount over their sum; equal shares where the sum is zero."""
    total = np.asarray(sum(amounts.values(), np.zeros((1, 1))))
    equal = 1.0 / max(len(amounts), 1)
    return {
        name: np.divide(amount, total, out=np.full(total.shape, equal), where=total > 0.0)
        for name, amount in amounts.items()
    }


def share_out(
    outlays: Outlays,
    running: Operations,
    activity: Activity,
    sold_kg: Mapping[str, Array],
    design: SubstanceDesign | None,
    investment: Investment,
    book: Processes,
    parameters: Parameters,
) -> SharedCost:
    """Levelised cost per product, pack and kg of substance, before tax at the required return."""
    rate = parameters("production.finance.required_return", "1/year")

    def worth(amount: Array) -> Array:
        return discounted(amount, rate)[:, None]

    spent = outlays.operating + outlays.investment - outlays.end_value
    bought = {
        name.removeprefix(_BOUGHT): worth(cost)
        for name, cost in running.materials.items()
        if name.startswith(_BOUGHT)
    }
    joint = worth(spent) - sum(bought.values(), np.zeros_like(rate))
    weight = _suite_weights(activity, investment, parameters)
    substance = dict(bought)
    if design is not None:
        keys = shares_of(_vessel_hours(design, activity, parameters))
        for name, share in keys.items():
            made = joint * weight["substance"] * share
            substance[name] = substance[name] + made if name in substance else made
    per_kg = {name: _over(cost, worth(sold_kg[name])) for name, cost in substance.items()}
    product, packs = dict(substance), {}
    for suite, hours in _line_hours(activity.packs, book, parameters).items():
        for name, share in shares_of(hours).items():
            finishing = joint * weight[suite] * share
            maker = book.presentations[name].substance
            product[maker] = product[maker] + finishing if maker in product else finishing
            within = per_kg[maker] * _kg_per_pack(name, book, parameters)
            packs[name] = (_over(finishing, worth(activity.packs[name])) + within)[:, 0]
    return SharedCost(
        {name: _over(cost, worth(sold_kg[name]))[:, 0] for name, cost in product.items()},
        packs,
        {name: cost[:, 0] for name, cost in per_kg.items()},
    )


def _suite_weights(
    activity: Activity, investment: Investment, parameters: Parameters
) -> dict[str, Array]:
    wage = parameters("evidence.labour.pharma", "NOK/fte/year")
    weights = {}
    for area, positions in activity.shift_positions.items():
        crew = (positions * activity.shifts[area]).max(axis=1, keepdims=True)
        machines = investment.purchase.cost(area=area, installed=True)  # type: ignore[arg-type]
        weights[area] = machines / investment.machine_life + crew * wage
    return shares_of(weights)


def _vessel_hours(
    design: SubstanceDesign, activity: Activity, parameters: Parameters
) -> dict[str, Array]:
    """Vessel m3-hours that each product takes in a mean year, feeds included, (n_draws, 1)."""
    per_kg: dict[str, Array] = {}
    for name in design.order:  # feeds come first
        process = design.processes.processes[name]
        group = design.groups[process.train]
        good = group.batch_kg[name] * (1.0 - group.failure[name])
        taken = group.cycle_h[name] * group.vessel_m3
        own = np.divide(taken, good, out=np.zeros_like(good), where=good > 0.0)
        if process.feed in per_kg:
            need = feed_need(process, design.recipes[name], parameters)
            own = own + need * per_kg[process.feed]
        per_kg[name] = own
    return {
        name: per_kg[name] * kg.mean(axis=1, keepdims=True)
        for name, kg in activity.output_kg.items()
    }


def _line_hours(
    packs: Mapping[str, Array], book: Processes, parameters: Parameters
) -> dict[str, dict[str, Array]]:
    """Line hours by suite and presentation in a mean year, (n_draws, 1)."""
    masses = molar_masses(book, parameters)
    found: dict[str, dict[str, Array]] = {}
    for name, number in packs.items():
        mean = number.mean(axis=1, keepdims=True)
        form = book.presentations[name].form
        used = hours_of_lines(name, mean, book, parameters, masses)
        _, lost = changeovers(form, mean, parameters)
        hours = sum((each + lost for each in used.values()), np.zeros_like(mean))
        found.setdefault(SUITES[form], {})[name] = np.asarray(hours)
    return found


def _kg_per_pack(name: str, book: Processes, parameters: Parameters) -> Array:
    """Substance that one pack takes, losses included, kg of the basis, (n_draws, 1)."""
    one = np.ones((parameters.n_draws, 1))
    found = substance_for({name: one}, book, parameters)
    kg: Array = found[book.presentations[name].substance]
    return kg


def _over(amount: Array, quantity: Array) -> Array:
    out: Array = np.full(np.broadcast_shapes(amount.shape, quantity.shape), np.nan)
    np.divide(amount, quantity, out=out, where=quantity > 0.0)
    return out
