"""What each form of state support would cost, and the payments of the form that is chosen.

The levels of all forms are those at which the owner earns the required return in the draw, if
development succeeds. What the state then loses where it fails is shown beside them: a grant, an
advance or a building is paid before anybody knows, yearly support is not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from virkestoff.effects import Ledger
from virkestoff.evidence import Parameters
from virkestoff.financing import (
    FORMS,
    Financed,
    Form,
    Project,
    Stack,
    advance_worth,
    development_succeeds,
    finance,
    least_state_cost,
    library_stack,
    project_of,
    stack_of,
)
from virkestoff.production import Plant
from virkestoff.studies import Case

from .sales import Sales

__all__ = ["FUNDING_OUTCOMES", "Funding", "Offer", "measure_funding", "pay_financed"]

Array = np.ndarray
FUNDING_OUTCOMES = (
    *(f"state_cost_{form}" for form in FORMS),
    *(f"state_lost_{form}" for form in FORMS),
    "grant_enough",
    "default_guarantee",
    "forgiven_advance",
    "advance_worth_owner",
    "advance_cost_state",
    "development_cost",
)


@dataclass(frozen=True)
class Offer:
    """The least offer of one form in each draw.

    Attributes
    ----------
    stack : what the form pays for, with the yearly support that is still needed
    is_reached : whether the owner earns the required return, (n_draws,)
    has_no_support : whether the form alone is enough, (n_draws,)
    """

    stack: Stack
    is_reached: Array
    has_no_support: Array


@dataclass(frozen=True)
class Funding:
    """A plant that somebody has to pay for.

    Attributes
    ----------
    revenue : sales without support, (n_draws, n_years)
    state_rate : real rate of the state's present value, (n_draws, 1)
    """

    case: Case
    parameters: Parameters
    plant: Plant
    revenue: Array
    state_rate: Array

    @classmethod
    def of(cls, case: Case, p: Parameters, plant: Plant, sales: Sales) -> Funding:
        """The funding of a plant with these sales."""
        rate = p("supply.stock.public_capital_rate", "1/year")
        return cls(case, p, plant, sales.total, np.broadcast_to(rate, (case.n_draws, 1)))

    @cached_property
    def project(self) -> Project:
        """The plant if development succeeds.

        Running cost before the first saleable pack (technology transfer, trial and validation
        batches, stability) is development; it leaves the running cost, so nothing counts twice.
        """
        plant, years = self.plant, np.arange(self.case.years.size)
        before = years < np.nan_to_num(np.floor(plant.first_pack_years), nan=0.0)[:, None]
        outlays = plant.outlays
        rest = replace(plant, outlays=replace(outlays, operating=outlays.operating * ~before))
        return project_of(
            rest, self.revenue, self.parameters, development=outlays.operating * before
        )

    @cached_property
    def stack(self) -> Stack:
        """All forms on the library's terms."""
        return library_stack(self.parameters, self.case.years.size)

    def offer(self, form: Form) -> Offer:
        """The least offer; a grant of the whole investment is topped up with yearly support."""
        profile = self.plant.rewarded_kg
        if form != "grant":
            found = least_state_cost(self.project, self.stack, form, profile, self.state_rate)
            support = found.financed.flows["support"].amount
            base = replace(stack_of(self.stack, form), support=support)
            return Offer(base, found.is_reached, ~(support > 0).any(axis=1))
        alone = least_state_cost(self.project, self.stack, form, profile, self.state_rate)
        share = np.where(alone.is_reached, alone.lever, 1.0)[:, None]
        outlays = self.project.outlays
        left = replace(
            outlays, machinery=outlays.machinery * (1.0 - share),
            buildings=outlays.buildings * (1.0 - share),
        )  # fmt: skip
        rest = replace(self.project, outlays=left)
        added = least_state_cost(rest, self.stack, "support", profile, self.state_rate)
        base = replace(
            stack_of(self.stack, form), grant_share=share,
            support=added.financed.flows["support"].amount,
        )  # fmt: skip
        return Offer(base, added.is_reached, alone.is_reached)

    def financed(self, offer: Offer, succeeds: Array | None = None) -> Financed:
        """The payments of an offer (default: development succeeds in every draw)."""
        if succeeds is None:
            return finance(self.project, offer.stack)
        return finance(replace(self.project, succeeds=succeeds), offer.stack)


def measure_funding(case: Case, ledger: Ledger, funding: Funding) -> None:
    """Cost of each form to the state, what failure loses it, and what an advance is worth."""
    luck = case.uniforms("development", 1)
    succeeds = development_succeeds(funding.parameters, luck)
    fails = np.zeros(case.n_draws, dtype=np.bool_)
    ledger.measure("development_cost", funding.project.development.sum(axis=1))
    for form in FORMS:
        offer = funding.offer(form)
        known = offer.is_reached

        def shown(amount: Array, known: Array = known) -> Array:
            return np.where(known, amount, np.nan)

        cost = funding.financed(offer).state_cost(funding.state_rate)
        lost = funding.financed(offer, fails).state_cost(funding.state_rate) + 0.0
        ledger.measure(f"state_cost_{form}", shown(cost))
        ledger.measure(f"state_lost_{form}", shown(lost))
        if form == "grant":
            ledger.measure("grant_enough", shown(offer.has_no_support * 1.0))
        elif form == "guarantee":
            ended = funding.financed(offer, succeeds).is_default
            ledger.measure("default_guarantee", shown(ended * 1.0))
        elif form == "advance":
            project = replace(funding.project, succeeds=succeeds)
            worth = advance_worth(project, offer.stack, funding.state_rate)
            ledger.measure("forgiven_advance", shown(worth.is_forgiven * 1.0))
            ledger.measure("advance_worth_owner", shown(worth.owner))
            ledger.measure("advance_cost_state", shown(worth.state))


def pay_financed(
    case: Case, ledger: Ledger, plant: Plant, sales: Sales, financed: Financed
) -> None:
    """The plant's payments under a form of support other than yearly support alone."""
    runs = financed.operates
    ledger.pay("sales of own packs", "buyers", "plant", sales.home * runs)
    ledger.pay("export", "customers", "plant", sales.abroad * runs)
    ledger.pay("investment", "plant", "resources", plant.outlays.investment * runs)
    ledger.pay("operation", "plant", "resources", plant.outlays.operating * runs)
    flow = plant.cash(sales.total)
    for effect, amount in (
        ("working capital", flow.working_capital * runs),
        ("closing", -plant.outlays.end_value * runs),
    ):
        ledger.pay(effect, "plant", "resources", np.maximum(amount, 0.0))
        ledger.pay(f"{effect} released", "resources", "plant", np.maximum(-amount, 0.0))
    ledger.pay("collateral sold", "resources", "plant", financed.flows["collateral"].amount)
    cleared = financed.flows["closing"].amount
    ledger.pay("closing after default", "plant", "resources", cleared)
    names = {"plant": "plant", "state": "state", "lender": "lenders"}
    for effect, paid in financed.flows.items():
        if paid.amount.any():
            ledger.pay(f"funding: {effect}", names[paid.payer], names[paid.receiver], paid.amount)
    if case.choice("owner") == "foreign":
        net = financed.investor
        ledger.pay("profit to owner abroad", "plant", "owner_abroad", np.maximum(net, 0.0))
        ledger.pay("capital from abroad", "owner_abroad", "plant", np.maximum(-net, 0.0))
