"""The capital stack of an investment: who pays in, who is paid, and who loses when it fails.

Grant, repayable advance, loan, guarantee, state-owned property let to the plant, yearly support;
what is left is equity. All amounts are real NOK of one price year, shape (n_draws, n_years). What
the owner, the state and the lender receive sums to what the project itself gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from virkestoff.errors import FaultCollector
from virkestoff.financing.loan import LoanTerms, Schedule, schedule
from virkestoff.production.cashflow import (
    Investor,
    Outlays,
    discounted,
    tax_depreciation,
    tax_due,
)
from virkestoff.production.returns import internal_rate_of_return

__all__ = ["Financed", "Flow", "Project", "Stack", "finance"]

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
CLOSE = 1e-9  # of the debt service: less is rounding, not default


@dataclass(frozen=True)
class Project:
    """An investment before it is financed.

    Attributes
    ----------
    revenue : sales, (n_draws, n_years)
    outlays, investor : as of :mod:`virkestoff.production`; ``outlays`` without development
    development : development costs that an advance may cover, in addition to ``outlays``,
        (n_draws, n_years); deducted from profit in the year they are spent
    succeeds : whether development succeeds, (n_draws,)
    sunk_share : of investment and operation to the end of the year of the first sale, spent before
        a failure is known, (n_draws, 1)
    """

    revenue: Array
    outlays: Outlays
    investor: Investor
    development: Array
    succeeds: Flags
    sunk_share: Array

    @property
    def is_building(self) -> Flags:
        """Years up to and with the first in which the plant would sell, (n_draws, n_years)."""
        return _before(np.cumsum(self.revenue, axis=1)) <= 0

    def after_development(self) -> tuple[Array, Outlays]:
        """Revenue and outlays; where development fails, only what is sunk is left of them.

        A failed plant sells nothing, renews nothing, and what was built is worth nothing.
        """
        works = self.succeeds[:, None]
        spent = np.where(works, 1.0, self.sunk_share * self.is_building)
        outlays = Outlays(
            self.outlays.operating * spent,
            self.outlays.machinery * spent,
            self.outlays.buildings * spent,
            np.where(works, self.outlays.end_value, 0.0),
        )
        return np.where(works, self.revenue, 0.0), outlays


@dataclass(frozen=True)
class Stack:
    """How an investment is financed; shares are fractions, every array has shape (n_draws, 1).

    Attributes
    ----------
    grant_share : of the investment that the owner makes
    advance_share : of development costs, as a repayable advance
    advance : how the advance is repaid if development succeeds
    forgiven_share : of the advance, not repaid if development fails
    loan_share : of the owner's investment after grant, to the year of the first sale
    loan : its terms
    recovery_share : of the balance, that collateral gives at default
    guarantee_share : of the lender's loss, that the state pays
    guarantee_premium : a year, of the guaranteed balance, paid to the state
    property_share : of buildings, bought by the state and let to the plant
    rent_rate : a year, of what the state paid for them
    support : paid by the state while the plant operates, (n_draws, n_years)
    is_state_lender : whether the lender's cash is the state's
    """

    grant_share: Array
    advance_share: Array
    advance: LoanTerms
    forgiven_share: Array
    loan_share: Array
    loan: LoanTerms
    recovery_share: Array
    guarantee_share: Array
    guarantee_premium: Array
    property_share: Array
    rent_rate: Array
    support: Array
    is_state_lender: bool = False

    def __post_init__(self) -> None:
        faults = FaultCollector()
        for name in (
            "grant_share", "advance_share", "forgiven_share", "loan_share", "recovery_share",
            "guarantee_share", "property_share",
        ):  # fmt: skip
            values = getattr(self, name)
            if not ((values >= 0.0) & (values <= 1.0)).all():
                faults.add(f"stack: {name}", "is no fraction from 0 to 1 in some draw",
                           next_step="Write 25 % as 0.25")  # fmt: skip
        for name in ("guarantee_premium", "rent_rate", "support"):
            if not (getattr(self, name) >= 0.0).all():
                faults.add(f"stack: {name}", "is negative or not a number in some draw")
        faults.raise_if_any()


@dataclass(frozen=True)
class Flow:
    """A yearly payment between two actors, NOK, never negative, (n_draws, n_years)."""

    payer: str
    receiver: str
    amount: Array


@dataclass(frozen=True)
class Financed:
    """What each actor receives a year, negative while paying, NOK (n_draws, n_years).

    Attributes
    ----------
    project : before financing and tax, after what default stops: ``investor + state + lender``
    tax : part of ``state``
    flows : every payment between the actors, by name; ``plant`` is the owner's company, which pays
        and is paid by everybody else, so that ``project`` is what it trades with the outside
    operates : whether the plant still runs (it closes at default)
    is_default : (n_draws,)
    is_forgiven : whether an advance was paid out and (part of) it forgiven, (n_draws,)
    """

    required_return: Array
    project: Array
    investor: Array
    state: Array
    lender: Array
    tax: Array
    flows: Mapping[str, Flow]
    operates: Flags
    is_default: Flags
    is_forgiven: Flags

    @property
    def owner_value(self) -> Array:
        """The owner's net present value at the required return, (n_draws,)."""
        return discounted(self.investor, self.required_return)

    @property
    def rate_of_return(self) -> Array:
        """The owner's internal rate of return, (n_draws,); NaN where it is not defined."""
        return internal_rate_of_return(self.investor)

    def state_cost(self, rate: Array, with_tax: bool = False) -> Array:
        """Present value of what the state pays less what it is paid, (n_draws,).

        Tax is left out unless ``with_tax``: it would be paid in part by what the capital would
        otherwise have been used for.
        """
        received = self.state if with_tax else self.state - self.tax
        return -discounted(received, rate)

    @property
    def probability_of_default(self) -> float:
        """Share of draws; it needs all draws, not a block of them."""
        return float(self.is_default.mean())

    @property
    def probability_of_forgiveness(self) -> float:
        """Share of draws; it needs all draws, not a block of them."""
        return float(self.is_forgiven.mean())


@dataclass(frozen=True)
class Parts:
    """Yearly amounts before default is looked at, NOK (n_draws, n_years)."""

    revenue: Array
    outlays: Outlays
    working_capital: Array
    bought: Array
    grant: Array
    own: Array  # investment that the owner pays, after grant
    drawn: Array
    loan: Schedule
    advance_drawn: Array
    advance_paid: Array
    rent: Array
    premium: Array
    state_end: Array
    profit: Array  # before support and losses
    support: Array
    tax: Array

    @property
    def available(self) -> Array:
        """What the year's operation leaves for debt service."""
        paid = self.outlays.operating + self.working_capital + self.tax + self.rent + self.premium
        return self.revenue + self.support - paid + self.outlays.end_value - self.state_end


def finance(project: Project, stack: Stack) -> Financed:
    """Lay a stack under a project, draw by draw.

    Tax is on profit after interest, premium and rent; grants lower the depreciation base; support
    is taxed. The owner defaults in the first year in which principal is due, the year's operation
    cannot pay the service, and carrying on is worth less than nothing at the required return;
    where it is worth more, the owner pays what is missing. The plant closes as that year begins and
    the owner owes nothing more. The lender takes ``recovery_share`` of the balance from the
    collateral, the state pays ``guarantee_share`` of the rest, and clears up if closing costs
    money. Nobody then receives the plant's end value or what is bound in stock and claims.
    """
    parts = with_support(project, parts_of(project, stack), stack.support)
    alive = _alive(project, parts)
    first = ~alive
    first[:, 1:] &= alive[:, :-1]
    return _settle(project, stack, parts, alive, first)


def owner_value(project: Project, parts: Parts, support: Array) -> Array:
    """The owner's value under yearly support, all else as prepared by ``parts_of``, (n_draws,).

    At default the owner neither gets nor owes anything from that year on.
    """
    parts = with_support(project, parts, support)
    cash = np.where(_alive(project, parts), _owner_cash(project, parts), 0.0)
    return discounted(cash, project.investor.required_return)


def _alive(project: Project, parts: Parts) -> Flags:
    """Years before default, (n_draws, n_years)."""
    short = parts.available < parts.loan.service * (1.0 - CLOSE)
    is_due = (parts.loan.principal > CLOSE * parts.loan.owed) & (parts.loan.owed > 0)
    is_at_risk = is_due & short
    if not is_at_risk.any():
        return np.ones(is_at_risk.shape, dtype=np.bool_)
    going_on = _worth_of_going_on(_owner_cash(project, parts), project.investor.required_return)
    return ~np.logical_or.accumulate(is_at_risk & (going_on < 0), axis=1)


def _owner_cash(project: Project, p: Parts) -> Array:
    """What the owner receives each year if nothing defaults."""
    paid = p.own + p.loan.service + project.development + p.advance_paid
    return p.available + p.drawn + p.advance_drawn - paid


def _worth_of_going_on(cash: Array, rate: Array) -> Array:
    """Present value in each year of that year's and all later cash."""
    worth = cash.copy()
    step = 1.0 / (1.0 + rate[:, 0])
    for year in range(cash.shape[1] - 2, -1, -1):
        worth[:, year] += worth[:, year + 1] * step
    return worth


def parts_of(project: Project, stack: Stack) -> Parts:
    """Everything but support and tax, which are zero."""
    revenue, outlays = project.after_development()
    investor, works = project.investor, project.succeeds[:, None]
    bought = outlays.buildings * stack.property_share
    kept = 1.0 - stack.grant_share
    machinery, buildings = outlays.machinery * kept, (outlays.buildings - bought) * kept
    own = machinery + buildings
    drawn = own * stack.loan_share * project.is_building
    drawn[:, -1] = 0.0  # nothing is lent for a year
    loan = schedule(drawn, stack.loan)
    advance_drawn = project.development * stack.advance_share
    advance_drawn[:, -1] = 0.0
    advance = schedule(advance_drawn, stack.advance)
    repaid = np.where(works, 1.0, 1.0 - stack.forgiven_share)
    advance_interest = advance.interest * repaid
    rent = _before(np.cumsum(bought, axis=1)) * stack.rent_rate * works
    premium = loan.owed * stack.guarantee_share * stack.guarantee_premium
    whole = outlays.investment.sum(axis=1, keepdims=True)
    share = bought.sum(axis=1, keepdims=True) / np.where(whole > 0, whole, 1.0)
    state_end = outlays.end_value * share
    written = tax_depreciation(machinery, investor.machinery_rate, investor.inflation)
    written = written + tax_depreciation(buildings, investor.building_rate, investor.inflation)
    costs = outlays.operating + written + project.development + rent + premium
    profit = revenue - costs - loan.interest - advance_interest
    profit = profit + outlays.end_value - state_end
    none = np.zeros_like(profit)
    return Parts(
        revenue, outlays, _working_capital(revenue * investor.working_capital_share), bought,
        (outlays.investment - bought) * stack.grant_share, own, drawn, loan, advance_drawn,
        advance.service * repaid, rent, premium, state_end, profit, none, none,
    )  # fmt: skip


def with_support(project: Project, parts: Parts, support: Array) -> Parts:
    """The same with yearly support, which a failed project does not get, and tax after it."""
    paid = np.where(project.succeeds[:, None], support, 0.0)
    terms = project.investor
    tax = tax_due(parts.profit + paid, terms.tax_rate, terms.inflation)
    return replace(parts, support=paid, tax=tax)


def _before(amounts: Array) -> Array:
    """Last year's amounts, zero in the first."""
    shifted = np.zeros_like(amounts)
    shifted[:, 1:] = amounts[:, :-1]
    return shifted


def _working_capital(bound: Array) -> Array:
    """What is newly bound each year; all is released in the last."""
    change = bound - _before(bound)
    change[:, -1] -= bound[:, -1]
    return change


def _settle(project: Project, stack: Stack, p: Parts, alive: Flags, first: Flags) -> Financed:
    owed = p.loan.owed * first
    recovered = owed * stack.recovery_share
    call = (owed - recovered) * stack.guarantee_share
    closing = np.maximum(-p.outlays.end_value.sum(axis=1, keepdims=True), 0.0) * first
    named = {
        "grant": ("state", "plant", p.grant * alive),
        "advance": ("state", "plant", p.advance_drawn * alive),
        "advance repaid": ("plant", "state", p.advance_paid * alive),
        "loan": ("lender", "plant", p.drawn * alive),
        "debt service": ("plant", "lender", p.loan.service * alive),
        "guarantee premium": ("plant", "state", p.premium * alive),
        "guarantee called": ("state", "lender", call),
        "rent": ("plant", "state", p.rent * alive),
        "support": ("state", "plant", p.support * alive),
        "tax": ("plant", "state", p.tax * alive),
        "property": ("state", "plant", p.bought * alive),
        "property sold": ("plant", "state", np.maximum(p.state_end, 0.0) * alive),
        "property cleared": ("state", "plant", np.maximum(-p.state_end, 0.0) * alive),
        "collateral": ("plant", "lender", recovered),
        "closing": ("state", "plant", closing),
    }
    flows = {name: Flow(*flow) for name, flow in named.items()}
    operation = p.revenue - p.outlays.operating - p.working_capital + p.outlays.end_value
    operation = operation - p.outlays.investment - project.development
    whole = operation * alive + recovered - closing
    balance = {"state": np.zeros_like(whole), "lender": np.zeros_like(whole), "plant": whole}
    for flow in flows.values():
        balance[flow.receiver] = balance[flow.receiver] + flow.amount
        balance[flow.payer] = balance[flow.payer] - flow.amount
    state, lender = balance["state"], balance["lender"]
    if stack.is_state_lender:
        state, lender = state + lender, np.zeros_like(lender)
    advanced = p.advance_drawn.sum(axis=1) > 0
    forgiven = advanced & ~project.succeeds & (stack.forgiven_share[:, 0] > 0)
    return Financed(
        project.investor.required_return, whole, balance["plant"], state, lender, p.tax * alive,
        flows, alive, np.any(first, axis=1), forgiven,
    )  # fmt: skip
