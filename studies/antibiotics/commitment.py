"""What keeps the owner: years with a plant in operation, by length of contract."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from virkestoff.effects import Ledger
from virkestoff.financing import (
    Commitment,
    Course,
    Project,
    clawback,
    course,
    least_state_cost,
    stewardship_effect,
)
from virkestoff.production import discounted
from virkestoff.studies import Case

from .funding import Funding

__all__ = ["COMMITMENT_OUTCOMES", "Contract", "measure_commitment"]

Array = np.ndarray
COMMITMENT_OUTCOMES = (
    "protected_years",
    "protected_years_grant",
    "kept_after_contract",
    "state_cost_contract",
    "state_cost_protected_year",
    "owner_value_contract",
    "stewardship_tied",
    "stewardship_free",
)


@dataclass(frozen=True)
class Contract:
    """A contract on yearly support that ends, after which the owner is free.

    Attributes
    ----------
    first : year of the first saleable pack, counted from the first, (n_draws, 1)
    end : the year in which the owner becomes free, (n_draws, 1)
    leaving : what the owner gets by leaving as a year begins, (n_draws, n_years + 1)
    """

    funding: Funding
    first: Array
    end: Array
    leaving: Array

    @classmethod
    def of(cls, funding: Funding, years: float) -> Contract:
        """A contract for ``years`` of sales."""
        case, n = funding.case, funding.case.years.size
        first = np.nan_to_num(np.floor(funding.plant.first_pack_years), nan=float(n))[:, None]
        first = np.minimum(first, float(n))
        return cls(funding, first, np.minimum(first + years, n), worth_at_exit(case, funding))

    @property
    def is_under(self) -> Array:
        """Years of the contract, with those of building, (n_draws, n_years)."""
        return np.arange(self.funding.case.years.size) < self.end

    def support(self) -> tuple[Array, Array]:
        """Yearly support at which leaving at the end earns the return, and whether it does."""
        funding, under = self.funding, self.is_under
        profile = funding.plant.rewarded_kg * under
        if not profile.any():
            return np.zeros(under.shape), np.zeros(under.shape[0], dtype=np.bool_)
        found = least_state_cost(
            self.project, funding.stack, "support", profile, funding.state_rate
        )
        return found.financed.flows["support"].amount, found.is_reached

    @property
    def project(self) -> Project:
        """The plant to the end of the contract, then sold or cleared."""
        whole, under = self.funding.project, self.is_under
        n = under.shape[1]
        last = np.minimum(self.end, n - 1).astype(np.int64)
        value = np.take_along_axis(self.leaving, self.end.astype(np.int64), axis=1)
        outlays = replace(
            whole.outlays,
            operating=whole.outlays.operating * under,
            machinery=whole.outlays.machinery * under,
            buildings=whole.outlays.buildings * under,
            end_value=np.where(np.arange(n) == last, value, 0.0),
        )
        return replace(
            whole,
            outlays=outlays,
            revenue=whole.revenue * under,
            development=whole.development * under,
        )

    def followed(self, support: Array, grant: Array) -> Course:
        """What the owner does, with support to the end of the contract and a grant that is held.

        A grant is repaid if the plant stops, for good or for a time, within the years that the
        grant's condition lasts from the first sale. Support pays for what is delivered and is not.
        """
        funding, under = self.funding, self.is_under
        case, p, plant = funding.case, funding.parameters, funding.plant
        fixed = np.maximum(plant.outlays.operating - plant.variable, 0.0)
        cash, alone = plant.cash(funding.revenue + support), plant.cash(funding.revenue)
        bound = funding.revenue * plant.investor.working_capital_share  # support binds nothing
        released = np.zeros_like(bound)
        released[:, 1:] = bound[:, :-1]
        invested = plant.investment_plan.total[:, :1]
        reclaimed = clawback(grant, self.first + p("financing.commitment.clawback_years", "year"))
        return course(
            Commitment(
                margin=cash.net + cash.working_capital - alone.working_capital,
                mothball_cost=fixed * p("financing.commitment.mothball_cost_share", "1")
                + reclaimed,
                restart_cost=fixed * p("financing.commitment.restart_cost_share", "1"),
                exit_value=self.leaving[:, :-1] + released,
                exit_payment=reclaimed,
                duty_payment=np.where(under, case.number("duty") * invested, 0.0),
                state_support=support,
            ),
            plant.investor.required_return,
            "foresight",
        )

    def protected(self, found: Course) -> Array:
        """Years in which packs are made, (n_draws,)."""
        running = found.operates & (np.arange(self.funding.case.years.size) >= self.first)
        return running.sum(axis=1).astype(np.float64)


def worth_at_exit(case: Case, funding: Funding) -> Array:
    """What remains of the plant is sold for, less closing it, as each year begins.

    The last column is the end of the last year, as of :func:`virkestoff.costbenefit.scrap_value`.
    """
    plant = funding.plant
    saleable = funding.parameters("costbenefit.saleable_share.specialised_plant", "1")
    plan, n = plant.investment_plan, case.years.size
    years = np.arange(n)
    worth = np.zeros((case.n_draws, n + 1))
    for kind, life in (
        (plant.outlays.machinery, plan.machine_life),
        (plant.outlays.buildings, plan.building_life),
    ):
        for t in range(1, n + 1):
            left = np.clip(1.0 - (t - years[:t]) / np.asarray(life, dtype=np.float64), 0.0, 1.0)
            worth[:, t] += (kind[:, :t] * left).sum(axis=1)
    built = plant.outlays.investment.cumsum(axis=1) > 0
    closing = np.broadcast_to(plan.decommissioning, (case.n_draws, 1))
    worth = worth * saleable
    worth[:, 1:] -= closing * built
    return worth


def measure_commitment(case: Case, ledger: Ledger, funding: Funding, support: Array) -> None:
    """Years of protection with and without a contract, what they cost, and stewardship."""
    contract = Contract.of(funding, case.number("contract_years"))
    paid, is_reached = contract.support()
    none = np.zeros(case.shape)
    found = contract.followed(paid, none)
    n = case.years.size
    after = np.minimum(contract.end, n - 1).astype(np.int64)
    kept = np.take_along_axis(found.operates, after, axis=1)[:, 0] * 1.0
    protected = contract.protected(found)
    cost = -discounted(found.state, funding.state_rate)

    def shown(amount: Array) -> Array:
        return np.where(is_reached, amount, np.nan)

    ledger.measure("protected_years", shown(protected))
    ledger.measure("kept_after_contract", shown(np.where(contract.end[:, 0] < n, kept, np.nan)))
    ledger.measure("state_cost_contract", shown(cost))
    ledger.measure("state_cost_protected_year", shown(cost / np.maximum(protected, 1.0)))
    ledger.measure("owner_value_contract", shown(found.owner_value))
    free = Contract.of(funding, 0.0)
    alone = free.followed(none, np.where(free.is_under, funding.plant.outlays.investment, 0.0))
    ledger.measure("protected_years_grant", shown(free.protected(alone)))
    measure_stewardship(case, ledger, funding, support)


def measure_stewardship(case: Case, ledger: Ledger, funding: Funding, support: Array) -> None:
    """What the owner loses when less antibiotic is used, before tax."""
    plant, p = funding.plant, funding.parameters
    kg = plant.rewarded_kg
    margin = np.where(kg > 0, funding.revenue - plant.variable, 0.0) / np.where(kg > 0, kg, 1.0)
    whole = stewardship_effect(margin, kg, support, plant.investor.required_return, 1.0)
    fall = p("financing.stewardship.fall_in_use", "1")[:, 0]
    has_sales = kg.any(axis=1)
    ledger.measure("stewardship_tied", np.where(has_sales, whole.tied * fall, np.nan))
    ledger.measure("stewardship_free", np.where(has_sales, whole.free * fall, np.nan))
