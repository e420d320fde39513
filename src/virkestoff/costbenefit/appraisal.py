"""Society's account of an alternative against the null alternative, and the actors' own.

    NPV(society) = sum of NPV(a) over residents a  -  tax_financing_cost
    tax_financing_cost = rate x  -(sum of NPV(a) over public residents a)

Both against the null alternative. The tax-financing cost stands on the net change of all public
budgets together, so what one public body pays another carries none, and a net saving counts as a
gain. Jobs, turnover and exports do not appear: labour and capital have other uses, and are paid
for out of ``resources``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from virkestoff.costbenefit.account import (
    Account,
    EffectValue,
    PrivateValue,
    account,
    check_price_index,
)
from virkestoff.costbenefit.rules import Rules
from virkestoff.discounting import discount_factors, level_amount
from virkestoff.effects import Actors, Ledger
from virkestoff.errors import Fault, InputError
from virkestoff.timeline import Years

__all__ = ["Appraisal", "appraise", "joined", "required_factors"]

Array = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Appraisal:
    """One alternative against the null, NOK at the base year, arrays of shape (n_draws,).

    Attributes
    ----------
    society_net_present_value : residents' net less the tax-financing cost
    public_budget_npv : net of all public actors; negative where they pay
    tax_financing_cost : negative where public budgets gain
    actor_npv : net of every actor and of ``resources``; the sum over all is zero
    effect_npv : society's, the public budgets' and each resident's net of each effect, before
        tax cost
    break_even_yearly_benefit : the equal yearly benefit, not priced here, that brings society's
        net present value to zero; negative where it is already above
    industry_account : private actors at the return that they require, a different account that
        is never added to society's; empty if no required return was given
    yearly_ore : net of each actor a year, summed over draws, whole øre, shape (n_years,)
    """

    actors: Actors
    years: Years
    base_year: int
    society_net_present_value: Array
    public_budget_npv: Array
    tax_financing_cost: Array
    actor_npv: Mapping[str, Array]
    effect_npv: Mapping[str, EffectValue]
    break_even_yearly_benefit: Array
    industry_account: Mapping[str, PrivateValue]
    yearly_ore: Mapping[str, Counts]

    @property
    def n_draws(self) -> int:
        """How many draws it holds."""
        return int(self.society_net_present_value.size)

    @property
    def net_present_cost(self) -> Array:
        """What society pays on balance: minus the net present value."""
        return -self.society_net_present_value

    def yearly_mean(self, actor: str) -> Array:
        """The mean over draws of an actor's net in each year, NOK, shape (n_years,)."""
        return self.yearly_ore[actor] / (100 * self.n_draws)


def required_factors(years: Years, base_year: int, required_return: float | Array) -> Array:
    """Discount factors at a constant required return.

    Parameters
    ----------
    required_return : real fraction a year; a number, or shape (n_draws, 1)

    Returns
    -------
    Shape (n_years,) or (n_draws, n_years).
    """
    rate = np.asarray(required_return, dtype=np.float64)
    if not np.all(np.isfinite(rate) & (rate > -1.0) & (rate < 1.0)):
        raise InputError(
            Fault("required_return", "is no yearly fraction", next_step="Write 10 percent as 0.10")
        )
    if rate.ndim not in (0, 2) or (rate.ndim == 2 and rate.shape[1] != 1):
        raise InputError(Fault("required_return", f"has shape {rate.shape}", why="(n_draws, 1)"))
    column = rate[..., 0] if rate.ndim else rate
    factors = np.empty((*column.shape, years.size))
    # Single divisions are correctly rounded, so a draw's factor is the same in any block; a power
    # of an array may differ in its last bit with the length of the array.
    factor = np.ones_like(column)
    for _ in range(years.first - base_year):
        factor = factor / (1.0 + column)
    for _ in range(base_year - years.first):
        factor = factor * (1.0 + column)
    for t in range(years.size):
        factors[..., t] = factor
        factor = factor / (1.0 + column)
    return factors


def appraise(
    ledger: Ledger,
    null: Ledger | None,
    actors: Actors,
    years: Years,
    rules: Rules,
    *,
    base_year: int | None = None,
    ladder_start: int | None = None,
    required_return: float | Array | None = None,
    price_index: Mapping[str, Array] | None = None,
    benefits_from: int | None = None,
) -> Appraisal:
    """Appraise one alternative on one block of draws.

    Parameters
    ----------
    ledger, null : the alternative and the null alternative on the same draws; without ``null``
        amounts are taken as they stand
    actors : who is public, private, foreign
    years : the years of the amounts
    rules : the rules that hold on the study's date
    base_year : the year amounts are discounted to; default the year of ``rules.as_of``
    ladder_start : see :func:`virkestoff.discounting.discount_factors`
    required_return : the private actors' real required return, a number or shape (n_draws, 1)
    price_index : effect -> real price index (n_years,), for effects whose real price grows
    benefits_from : first year in which the break-even benefit is had; default the first year

    Raises
    ------
    InputError
        on an unknown actor or effect, a shape that does not fit, or different numbers of draws.
    """
    base = rules.as_of.year if base_year is None else base_year
    factors = discount_factors(years, rules.rates, base, ladder_start)
    required = None if required_return is None else required_factors(years, base, required_return)
    ledgers = (ledger,) if null is None else (ledger, null)
    check_price_index(price_index or {}, years.size, ledgers)
    draws = next((one.n_draws for one in ledgers if one.n_draws is not None), None)
    change = account(ledger, actors, factors, required, price_index, draws)
    if null is not None:
        change = change.minus(account(null, actors, factors, required, price_index, draws))
    start = 0 if benefits_from is None else years.index(benefits_from)
    return _appraisal(change, actors, years, base, rules, factors[start:])


def _appraisal(
    change: Account, actors: Actors, years: Years, base: int, rules: Rules, benefit_factors: Array
) -> Appraisal:
    zero = np.zeros(change.n_draws)
    public = sum((change.actors[name] for name in actors.public), zero)
    private = sum((change.actors[name] for name in actors.private), zero)
    tax_cost = 0.0 - rules.tax_financing_cost * public
    society = public + private - tax_cost
    return Appraisal(
        actors=actors,
        years=years,
        base_year=base,
        society_net_present_value=society,
        public_budget_npv=public,
        tax_financing_cost=tax_cost,
        actor_npv=change.actors,
        effect_npv=change.effects,
        break_even_yearly_benefit=level_amount(0.0 - society, benefit_factors),
        industry_account=change.private,
        yearly_ore=change.yearly_ore,
    )


def joined(blocks: Sequence[Appraisal]) -> Appraisal:
    """The appraisal of all draws from those of its blocks, in order; exact, bit for bit.

    Raises
    ------
    InputError
        if there is no block, or blocks differ in actors, years or base year.
    """
    if not blocks:
        raise InputError(Fault("appraisal", "there is no block to join"))
    first = blocks[0]
    frame = (first.actors, first.years, first.base_year, first.industry_account.keys())
    for block in blocks:
        if (block.actors, block.years, block.base_year, block.industry_account.keys()) != frame:
            raise InputError(Fault("appraisal", "blocks differ in actors, years or base year"))
    effects = dict.fromkeys(name for block in blocks for name in block.effect_npv)
    return Appraisal(
        *frame[:3],
        society_net_present_value=_all(b.society_net_present_value for b in blocks),
        public_budget_npv=_all(b.public_budget_npv for b in blocks),
        tax_financing_cost=_all(b.tax_financing_cost for b in blocks),
        actor_npv={n: _all(b.actor_npv[n] for b in blocks) for n in first.actor_npv},
        effect_npv={name: _joined_effect(blocks, name) for name in effects},
        break_even_yearly_benefit=_all(b.break_even_yearly_benefit for b in blocks),
        industry_account={n: _joined_private(blocks, n) for n in first.industry_account},
        yearly_ore={
            n: np.sum([b.yearly_ore[n] for b in blocks], axis=0, dtype=np.int64)
            for n in first.yearly_ore
        },
    )


def _all(arrays: Iterable[Array]) -> Array:
    return np.concatenate(tuple(arrays))


def _joined_effect(blocks: Sequence[Appraisal], name: str) -> EffectValue:
    values = []
    for block in blocks:
        zero = np.zeros(block.n_draws)  # a block in which the effect does not occur
        values.append(block.effect_npv.get(name, EffectValue(zero, zero)))
    touched = dict.fromkeys(actor for v in values for actor in v.actors)
    return EffectValue(
        _all(v.residents for v in values),
        _all(v.public for v in values),
        {n: _all(v.actors.get(n, np.zeros(v.residents.size)) for v in values) for n in touched},
    )


def _joined_private(blocks: Sequence[Appraisal], name: str) -> PrivateValue:
    values = [block.industry_account[name] for block in blocks]
    return PrivateValue(
        _all(v.net for v in values),
        _all(v.from_public for v in values),
        _all(v.to_public for v in values),
    )
