"""The least state support of each form at which the owner earns the required return.

Two questions that must not be mixed. *In each draw*: support that is known to be needed in that
draw; it can be computed block by block. *In expectation*: one offer, made before anybody knows the
draw, at which the owner's value is zero on average; it needs all draws at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from virkestoff.errors import Fault, InputError
from virkestoff.financing.stack import (
    Financed,
    Project,
    Stack,
    finance,
    owner_value,
    parts_of,
)
from virkestoff.production.cashflow import discounted

__all__ = [
    "FORMS",
    "AdvanceWorth",
    "Form",
    "LeastSupport",
    "advance_worth",
    "least_state_cost",
    "stack_of",
]

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Form = Literal["grant", "support", "advance", "guarantee", "property"]
FORMS: tuple[Form, ...] = get_args(Form)
MOST_ROUNDS = 60
MOST_DOUBLINGS = 12  # constant: 4,096 times the investment is beyond any support
CLOSE = 1e-9  # of the investment's present value


@dataclass(frozen=True)
class LeastSupport:
    """What one form of support needs and costs.

    Attributes
    ----------
    form : ``grant`` (share of investment), ``support`` (yearly), or ``advance``, ``guarantee`` and
        ``property``, each with yearly support for what is still missing
    lever : grant share, or NOK of support per unit of the profile, (n_draws,)
    is_reached : whether the required return is reached, (n_draws,); where it is not, no support of
        this form reaches it and the cost is NaN
    cost : present value to the state before tax, NOK, (n_draws,)
    cost_with_tax : less the tax that the plant pays
    financed : the payments at ``lever``
    """

    form: Form
    lever: Array
    is_reached: Flags
    cost: Array
    cost_with_tax: Array
    financed: Financed


def stack_of(stack: Stack, form: Form) -> Stack:
    """The part of ``stack`` that a form uses: all others are set to zero.

    ``guarantee`` keeps the loan and its guarantee; the other forms are financed by equity, so that
    what differs in cost is the form and not the loan.
    """
    if form not in FORMS:
        raise InputError(
            Fault("form of support", f"'{form}' is not known", next_step=f"One of {FORMS}")
        )
    off = np.zeros_like(stack.grant_share)
    none = replace(
        stack, grant_share=off, advance_share=off, loan_share=off, guarantee_share=off,
        property_share=off, support=np.zeros_like(stack.support),
    )  # fmt: skip
    if form == "advance":
        return replace(none, advance_share=stack.advance_share)
    if form == "guarantee":
        return replace(none, loan_share=stack.loan_share, guarantee_share=stack.guarantee_share)
    if form == "property":
        return replace(none, property_share=stack.property_share)
    return none


def least_state_cost(
    project: Project,
    stack: Stack,
    form: Form,
    profile: Array,
    state_rate: Array,
    *,
    mode: Literal["each_draw", "expected"] = "each_draw",
) -> LeastSupport:
    """The least support of a form at which the owner earns the required return.

    The root is bracketed and narrowed from both sides; the upper side is returned, where the value
    is not below zero, while just below it is. At a default the value jumps, and the lever found is
    just above the jump. Zero is enough where the owner earns the return without support: support is
    never negative. Where development fails in a draw, no yearly support can help in that draw.

    Parameters
    ----------
    profile : what a krone of yearly support follows, such as kg sold or 1 in each operating year,
        (n_draws, n_years), never negative
    state_rate : real rate of the state's present value, (n_draws, 1)
    mode : ``each_draw``, or ``expected``: one lever for all draws at which the mean value is zero;
        it must be given all draws, not a block
    """
    base = stack_of(stack, form)
    scale = np.maximum(
        discounted(project.outlays.investment + project.development, state_rate), 1.0
    )
    is_common = mode == "expected"

    def at(lever: Array) -> Financed:
        whole = np.broadcast_to(lever[:, None], base.grant_share.shape)
        if form == "grant":
            return finance(project, replace(base, grant_share=whole))
        return finance(project, replace(base, support=whole * profile))

    prepared = parts_of(project, base)

    def value(lever: Array) -> Array:
        whole = np.broadcast_to(lever, scale.shape)[:, None]
        if form == "grant":
            granted = parts_of(project, replace(base, grant_share=whole))
            worth = owner_value(project, granted, base.support)
        else:
            worth = owner_value(project, prepared, whole * profile)
        return np.mean(worth, keepdims=True) if is_common else worth

    start = np.mean(scale, keepdims=True) if is_common else scale
    high = np.ones_like(start)
    if form != "grant":
        volume = discounted(profile, state_rate)
        volume = np.mean(volume, keepdims=True) if is_common else volume
        high = start / np.where(volume > 0, volume, 1.0)
    can_grow = (discounted(profile, state_rate) > 0) & project.succeeds & (form != "grant")
    can_grow = np.any(can_grow, keepdims=True) if is_common else can_grow
    found, is_reached = _least(value, high, start, can_grow)
    lever = np.broadcast_to(found, scale.shape)
    reached = np.broadcast_to(is_reached, scale.shape)
    financed = at(lever)
    return LeastSupport(
        form, np.where(reached, lever, np.nan), reached,
        np.where(reached, financed.state_cost(state_rate), np.nan),
        np.where(reached, financed.state_cost(state_rate, with_tax=True), np.nan), financed,
    )  # fmt: skip


def _least(
    value: Callable[[Array], Array], high: Array, scale: Array, can_grow: Flags
) -> tuple[Array, Flags]:
    """A least lever from zero at which ``value`` is not negative, and whether there is one."""
    low = np.zeros_like(high)
    at_low = value(low)
    is_free = at_low >= 0
    at_high = value(high)
    for _ in range(MOST_DOUBLINGS):
        grows = (at_high < 0) & ~is_free & can_grow
        if not grows.any():
            break
        low, at_low = np.where(grows, high, low), np.where(grows, at_high, at_low)
        high = np.where(grows, 2.0 * high, high)
        at_high = np.where(grows, value(high), at_high)
    is_reached = is_free | (at_high >= 0)
    is_open = ~is_free & is_reached
    low, high = np.where(is_open, low, 0.0), np.where(is_open, high, 0.0)
    weigh_low, weigh_high = at_low, at_high  # Illinois: the end that stays twice counts for half
    for step in range(MOST_ROUNDS):
        is_open = is_open & (at_high > CLOSE * scale) & (high - low > CLOSE * high)
        if not is_open.any():
            break
        rise = np.where(weigh_high > weigh_low, weigh_high - weigh_low, 1.0)
        straight = high - (high - low) * weigh_high / rise
        middle = (low + high) / 2
        # A little above the chord, so that a straight piece is met from above; a third of the steps
        # halve the bracket, since the value may jump.
        chord = np.clip(straight + CLOSE / 4 * high, low, high)
        tried = np.where(is_open, middle if step % 3 == 2 else chord, high)
        found = value(tried)
        up, down = is_open & (found >= 0), is_open & (found < 0)
        weigh_low = np.where(up, weigh_low / 2, np.where(down, found, weigh_low))
        weigh_high = np.where(down, weigh_high / 2, np.where(up, found, weigh_high))
        high, at_high = np.where(up, tried, high), np.where(up, found, at_high)
        low = np.where(down, tried, low)
    return high, is_reached


@dataclass(frozen=True)
class AdvanceWorth:
    """A repayable advance against none, on the same draws; NOK present value, (n_draws,).

    Attributes
    ----------
    owner : what the owner gains at the required return
    state : what it costs the state at its own rate, before tax; negative where it earns on it
    outstanding : paid out, present value at the state's rate
    is_forgiven : draws in which it is forgiven
    """

    owner: Array
    state: Array
    outstanding: Array
    is_forgiven: Flags


def advance_worth(project: Project, stack: Stack, state_rate: Array) -> AdvanceWorth:
    """What a repayable advance is worth to the owner and costs the state, all else alike."""
    without = finance(project, replace(stack, advance_share=np.zeros_like(stack.advance_share)))
    given = finance(project, stack)
    return AdvanceWorth(
        given.owner_value - without.owner_value,
        given.state_cost(state_rate) - without.state_cost(state_rate),
        discounted(given.flows["advance"].amount, state_rate),
        given.is_forgiven,
    )
